/* AppSync. AppSync developer guide, "Direct Lambda resolvers", "AWS_LAMBDA authorization", "Configuring batching". */
#include "smoke/event/parts.h"

static const doc_node *context(direct *d, slice type, slice field, const doc_node *arguments) {
    return SHAPE(d->maker, d->arena,
        "{'arguments':'$arguments','identity':null,'source':'$source','request':{'headers':{'host':'sflint.appsync-api.${region}.amazonaws.com','x-forwarded-for':'127.0.0.1',"
        "'content-type':'application/json','user-agent':'sflint-smoke'},'domainName':null},'prev':null,'info':{'selectionSetList':['id'],"
        "'selectionSetGraphQL':'{\\n  id\\n}','parentTypeName':'$type','fieldName':'$field','variables':{}},'stash':{}}",
        { "arguments", arguments }, { "type", js_string(d->arena, type) }, { "field", js_string(d->arena, field) },
        { "source", slice_is(type, "Query") || slice_is(type, "Mutation") || slice_is(type, "Subscription") ? js_null()
                  : SHAPE_PLAIN(d->maker, d->arena, "{'id':'sflint-smoke'}") });
}

/* The schema that a template has for the API: Definition of AWS::AppSync::GraphQLSchema. */
static slice schema_of(direct *d) {
    const resource *api = d->edge->from->resource;
    for (size_t i = 0; api != NULL && i < api->in->resources.len; i++) {
        const resource *r = api->in->resources.at[i];
        if (!is_type(r, "AWS::AppSync::GraphQLSchema")) continue;
        const value *of = resource_written(d->maker->world->arena, r, SLICE("ApiId"));
        if (of->kind == VAL_REF && of->ref.to == api) return property_text(d->maker, r, "Definition", d->edge->when);
    }
    return SLICE("");
}

typedef enum { SENDS_CONTEXT, SENDS_ARGUMENTS, SENDS_UNKNOWN } sends;

/* What a request mapping template sends: the plain forms are known, the rest is a program. */
static sends template_sends(slice template_text) {
    static const struct { const char *form; sends is; } forms[] = {
        { "$util.toJson($context.arguments)", SENDS_ARGUMENTS }, { "$util.toJson($context.args)", SENDS_ARGUMENTS }, { "$util.toJson($ctx.args)", SENDS_ARGUMENTS },
        { "$util.toJson($ctx.arguments)", SENDS_ARGUMENTS },     { "$util.toJson($context)", SENDS_CONTEXT },        { "$util.toJson($ctx)", SENDS_CONTEXT },
        { "$utils.toJson($context.arguments)", SENDS_ARGUMENTS }, { "$utils.toJson($context)", SENDS_CONTEXT },
    };
    size_t payload = slice_find_slice(template_text, SLICE("\"payload\""));
    if (payload == (size_t)-1) return SENDS_UNKNOWN;
    slice rest = slice_trim(slice_after(template_text, payload + 9));
    if (rest.len == 0 || rest.at[0] != ':') return SENDS_UNKNOWN;
    rest = slice_trim(slice_after(rest, 1));
    for (size_t i = 0; i < COUNT(forms); i++)
        if (slice_starts(rest, slice_from(forms[i].form))) return forms[i].is;
    return SENDS_UNKNOWN;
}

void direct_appsync(direct *d) {
    arena *a = d->arena;
    slice type = edge_filter_text(d->maker, d->edge, "type"), field = edge_filter_text(d->maker, d->edge, "field");
    const resource *resolver = d->edge->via;
    if (d->edge->to->role != ROLE_COMPUTE) {
        d->cannot = SLICE("sflint resolves GraphQL fields with functions only");
        return;
    }
    if (field.len == 0) {
        d->cannot = SLICE("no resolver of the templates names this data source");
        return;
    }
    const doc_node *pipeline = property(d->maker, resolver, "PipelineConfig", d->edge->when);
    slice mapping = property_text(d->maker, resolver, "RequestMappingTemplate", d->edge->when);
    bool code = pipeline != NULL || property(d->maker, resolver, "Code", d->edge->when) != NULL || property(d->maker, resolver, "CodeS3Location", d->edge->when) != NULL ||
                property(d->maker, resolver, "RequestMappingTemplateS3Location", d->edge->when) != NULL;
    sends what = code ? SENDS_UNKNOWN : mapping.len == 0 ? SENDS_CONTEXT : template_sends(mapping);
    if (what == SENDS_UNKNOWN) {
        d->cannot = code ? SLICE("resolver code is not run here: what it sends to the function is not known")
                         : SLICE("VTL mapping template: what it sends to the function is not known");
        return;
    }
    const doc_node *arguments = graphql_arguments(a, schema_of(d), type, field);
    const doc_node *event = what == SENDS_ARGUMENTS ? arguments : context(d, type, field, arguments);
    const doc_node *batch = property(d->maker, resolver, "MaxBatchSize", d->edge->when);
    if (js_is_number(batch) && js_double_of(batch) > 0) {
        js_list list = { 0 };
        js_push(a, &list, event);
        js_push(a, &list, event);
        event = js_list_end(a, &list);
    }
    direct_add(d, SLICE(""), event);
}

void direct_appsync_authorizer(direct *d) {
    direct_add(d, SLICE("with a token"), SHAPE(d->maker, d->arena,
        "{'authorizationToken':'sflint-smoke','requestContext':{'apiId':'$api','accountId':'$account','requestId':'$uuid','queryString':'query Smoke { __typename }',"
        "'operationName':'Smoke','variables':{}},'requestHeaders':{'host':'sflint.appsync-api.${region}.amazonaws.com','content-type':'application/json'}}",
        { "api", js_string(d->arena, d->edge->from->resource != NULL ? world_name(d->maker->world, d->edge->from->resource) : SLICE("sflint")) }));
}
