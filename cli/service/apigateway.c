/* REST APIs: AWS::ApiGateway::*. API Gateway developer guide, "REST APIs". */
#include "service/openapi.h"
#include "service/services.h"
#include "service/text.h"

static slice rest(void) { return SLICE("rest"); }

static void add_stages(builder *b, api_stages *stages) {
    api_stages_add(b, stages, "AWS::ApiGateway::Stage", "RestApiId", "StageName");
    api_stages_add(b, stages, "AWS::ApiGateway::Deployment", "RestApiId", "StageName");
}

/* All APIs of the template are done at the first one, and all methods at the first one: stages are gathered once, the path of a resource is put
 * together once. */
void apigateway_rest_api_edges(builder *b, const resource *r) {
    const resource *const *all = build_all(b, r->type);
    api_stages stages = { { 0 } };
    if (r != all[0])
        return;
    add_stages(b, &stages);
    for (; *all != NULL; all++) {
        const value *stage = api_stage_of(&stages, declare_attribute(b, *all, "Ref"));
        api_caller(b, *all, rest());
        openapi_edges(b, *all, rest(), stage, resource_written(build_arena(b), *all, SLICE("Body")));
    }
}

/* ---- paths of resources ---- */

typedef struct {
    builder *b;
    strmap paths;            /* id of an AWS::ApiGateway::Resource -> its path */
    api_stages stages;
} routes;

static const value *joined_path(builder *b, const value *above, const value *part) {
    arena *a = build_arena(b);
    open_text head = text_of(a, above), tail = text_of(a, part);
    if (head.flat.len + tail.flat.len > API_PATH_MAX)
        return value_new_unknown(a, part->at, UNKNOWN_TOO_LARGE, SLICE("path"));
    VEC(const value *) parts = { 0 };
    if (!slice_is(head.flat, "/"))
        VEC_PUSH(a, &parts, above);
    VEC_PUSH(a, &parts, value_new_string(a, part->at, SLICE("/")));
    VEC_PUSH(a, &parts, part);
    return value_new_joined(a, part->at, parts.at, parts.len);
}

/* The resource that a ParentId or ResourceId names; NULL with the path set where it is the root or not known. */
static const resource *path_step(builder *b, const value *id, const value **path) {
    *path = value_new_unknown(build_arena(b), id->at, UNKNOWN_COMPUTED, SLICE("path"));
    if (id->kind != VAL_REF)
        return NULL;
    if (slice_is(id->ref.to->type, "AWS::ApiGateway::Resource"))
        return id->ref.to;
    if (slice_is(id->ref.attr, "RootResourceId"))
        *path = value_new_string(build_arena(b), id->at, SLICE("/"));
    return NULL;
}

/* Up to the root or to a resource whose path is known already, then down again: each resource is met once over all methods. */
static const value *path_of(routes *k, const value *id) {
    arena *a = build_arena(k->b);
    static const value climbing = { .kind = VAL_ABSENT };
    VEC(const resource *) chain = { 0 };
    const value *path;
    const resource *r = path_step(k->b, id, &path);
    while (r != NULL) {
        const value *known = strmap_get(&k->paths, r->id);
        if (known != NULL) {
            path = known == &climbing ? value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("path")) : known;    /* a circle of parents */
            break;
        }
        strmap_put(a, &k->paths, r->id, (void *)(uintptr_t)&climbing);
        VEC_PUSH(a, &chain, r);
        r = path_step(k->b, value_under(resource_written(a, r, SLICE("ParentId")), r->exists), &path);
    }
    for (size_t i = chain.len; i-- > 0;) {
        const value *part = resource_written(a, chain.at[i], SLICE("PathPart"));
        path = joined_path(k->b, path, value_under(part, chain.at[i]->exists));
        strmap_put(a, &k->paths, chain.at[i]->id, (void *)(uintptr_t)path);
    }
    return path;
}

/* ---- methods ---- */

static void method_of_api(builder *b, end api, void *self) {
    api_integration one = *(const api_integration *)self;
    one.api = api.node;
    one.when = api.when;
    api_integration_edges(b, &one);
}

static void one_method(routes *k, const resource *r) {
    arena *a = build_arena(k->b);
    const value *api = resource_written(a, r, SLICE("RestApiId")), *integration = resource_written(a, r, SLICE("Integration"));
    if (value_is_absent(integration))
        return;
    api_integration i = api_integration_of(NULL, api, rest());
    i.via = r;
    i.stage = api_stage_of(&k->stages, api);
    i.method = resource_written(a, r, SLICE("HttpMethod"));
    i.path = path_of(k, value_under(resource_written(a, r, SLICE("ResourceId")), r->exists));
    i.auth = resource_written(a, r, SLICE("AuthorizationType"));
    i.api_key = resource_written(a, r, SLICE("ApiKeyRequired"));
    const struct { const char *key; const value **to; } fields[] = {
        { "Type", &i.type },                    { "Uri", &i.uri },                  { "Credentials", &i.credentials },
        { "RequestParameters", &i.parameters }, { "RequestTemplates", &i.templates }, { "IntegrationHttpMethod", &i.http_method },
        { "TimeoutInMillis", &i.timeout_ms },   { "ConnectionType", &i.connection_type }, { "ConnectionId", &i.connection },
        { "ResponseTransferMode", &i.transfer },
    };
    for (size_t f = 0; f < COUNT(fields); f++)
        *fields[f].to = value_get(a, integration, slice_from(fields[f].key));
    const value *authorizer = value_under(resource_written(a, r, SLICE("AuthorizerId")), r->exists);
    if (authorizer->kind == VAL_REF)
        i.authorizer = value_new_string(a, authorizer->at, authorizer->ref.to->id);
    build_each_end(k->b, api, SLICE("AWS::ApiGateway::RestApi"), r->exists, method_of_api, &i);
}

void apigateway_method_edges(builder *b, const resource *r) {
    const resource *const *all = build_all(b, r->type);
    if (r != all[0])
        return;
    routes k = { .b = b };
    add_stages(b, &k.stages);
    for (; *all != NULL; all++)
        one_method(&k, *all);
}

/* ---- authorizers, stages ---- */

static void authorizer_of_api(builder *b, end api, void *self) {
    api_authorizer x = *(const api_authorizer *)self;
    x.api = api.node;
    x.when = api.when;
    api_authorizer_edges(b, &x);
}

void apigateway_authorizer_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    api_authorizer x = {
        .api_id = resource_written(a, r, SLICE("RestApiId")), .uri = resource_written(a, r, SLICE("AuthorizerUri")),
        .credentials = resource_written(a, r, SLICE("AuthorizerCredentials")), .id = declare_attribute(b, r, "AuthorizerId"),
        .protocol = rest(), .via = r, .name = value_new_string(a, r->at, r->id), .type = resource_written(a, r, SLICE("Type")),
        .identity = resource_written(a, r, SLICE("IdentitySource")), .validation = resource_written(a, r, SLICE("IdentityValidationExpression")),
    };
    build_each_end(b, x.api_id, SLICE("AWS::ApiGateway::RestApi"), r->exists, authorizer_of_api, &x);
}

void apigateway_stage_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    end api = build_end(b, resource_written(a, r, SLICE("RestApiId")), SLICE("AWS::ApiGateway::RestApi"), r->exists);
    if (api.node != NULL)
        api_access_log(b, r, api.node, rest(), resource_written(a, r, SLICE("AccessLogSetting.DestinationArn")), api.when);
}
