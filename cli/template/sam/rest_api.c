/* AWS::Serverless::Api: a REST API, its stage and deployment, authorizers, CORS. AWS SAM developer guide, "AWS::Serverless::Api". */
#include "template/sam/body.h"
#include "template/sam/domain.h"

#define AUTHORIZER "x-amazon-apigateway-authorizer"

/* ---- CORS ---- */

static slice allowed_methods(sam *s, draft *item) {
    static const char *const methods[] = { "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT" };
    bool any = draft_get(&s->drafts, item, SLICE(BODY_ANY)) != NULL;
    slice list = { "", 0 };
    for (size_t i = 0; i < COUNT(methods); i++)
        if (any || i == 3 || draft_get(&s->drafts, item, body_lower(s, slice_from(methods[i]))) != NULL)
            list = sam_print(s, "%.*s%s%s", SLICE_ARG(list), list.len > 0 ? "," : "", methods[i]);
    return sam_print(s, "'%.*s'", SLICE_ARG(list));
}

/* An OPTIONS method that API Gateway answers itself. */
static draft *preflight(sam *s, const doc_node *cors, draft *item) {
    static const char *const headers[][2] = { { "AllowHeaders", "Headers" }, { "AllowMethods", "Methods" }, { "MaxAge", "Max-Age" } };
    bool map = cors->kind == DOC_MAP && !sam_is_intrinsic(cors);
    draft *parameters = draft_map(&s->drafts, cors->at);
    draft *origin = !map ? draft_of(&s->drafts, cors) : sam_get(cors, "AllowOrigin") != NULL ? sam_draft(s, sam_get(cors, "AllowOrigin")) : sam_word(s, "'*'");
    sam_put(s, parameters, "method.response.header.Access-Control-Allow-Origin", origin);
    for (size_t i = 0; i < COUNT(headers); i++) {
        const doc_node *given = map ? sam_get(cors, headers[i][0]) : NULL;
        draft *v = given != NULL ? sam_draft(s, given) : i == 1 ? sam_string(s, allowed_methods(s, item)) : NULL;
        sam_put(s, parameters, sam_print(s, "method.response.header.Access-Control-%s%s", i == 2 ? "" : "Allow-", headers[i][1]).at, v);
    }
    if (map && sam_is_true(s, sam_get(cors, "AllowCredentials")))
        sam_put_word(s, parameters, "method.response.header.Access-Control-Allow-Credentials", "'true'");
    draft *answer = sam_pair(s, "statusCode", sam_word(s, "200")), *integration = sam_pair(s, "type", sam_word(s, "mock"));
    sam_put(s, answer, "responseParameters", parameters);
    sam_put(s, integration, "responses", sam_pair(s, "default", answer));
    draft *method = sam_pair(s, "summary", sam_word(s, "CORS support"));
    sam_put(s, method, BODY_INTEGRATION, integration);
    return method;
}

static void add_cors(sam *s, const sam_api *api) {
    static const char *const fields[] = { "AllowMethods", "AllowHeaders", "AllowOrigin", "MaxAge", "AllowCredentials" };
    const doc_node *cors = sam_prop(s, "Cors");
    if (!sam_truth(cors))
        return;
    if (cors->kind == DOC_MAP && !sam_is_intrinsic(cors)) {
        for (size_t i = 0; i < cors->map.len; i++) {
            size_t f = 0;
            while (f < COUNT(fields) && !slice_is(cors->map.at[i].key, fields[f]))
                f++;
            if (f == COUNT(fields)) {
                sam_refuse_at(s, cors->map.at[i].key_at, cors->map.at[i].key_end, "Cors has no property %.*s", SLICE_ARG(cors->map.at[i].key));
                return;
            }
        }
        const doc_node *origin = sam_get(cors, "AllowOrigin");
        if (sam_is_true(s, sam_get(cors, "AllowCredentials")) && (origin == NULL || sam_is(s, origin, "'*'")))
            sam_refuse(s, sam_get(cors, "AllowCredentials"), "AllowCredentials needs an AllowOrigin that is not '*'");
    }
    draft *paths = body_paths(s, api);
    for (size_t i = 0; paths != NULL && draft_open(&s->drafts, paths) && i < paths->entries.len; i++) {
        draft *items[2];
        size_t len = body_branches(s, draft_at(&s->drafts, paths, i), items);
        for (size_t k = 0; k < len; k++)
            if (items[k]->kind == DOC_MAP && draft_get(&s->drafts, items[k], SLICE("options")) == NULL)
                draft_put_at(&s->drafts, items[k], SLICE("options"), cors->at, cors->at, preflight(s, cors, items[k]));
    }
}

/* ---- authorizers ---- */

static draft *identity_source(sam *s, const doc_node *identity) {
    static const char *const parts[][2] = { { "Headers", "method.request.header." }, { "QueryStrings", "method.request.querystring." },
                                            { "StageVariables", "stageVariables." }, { "Context", "context." } };
    buf b = { .arena = s->a };
    for (size_t i = 0; i < COUNT(parts); i++) {
        const doc_node *list = sam_get(identity, parts[i][0]);
        if (list != NULL && list->kind != DOC_LIST)
            sam_refuse(s, list, "%s of Identity must be a list", parts[i][0]);
        for (size_t k = 0; list != NULL && list->kind == DOC_LIST && k < list->list.len; k++) {
            if (b.bytes.len > 0) buf_text(&b, ", ");
            buf_text(&b, parts[i][1]);
            buf_slice(&b, sam_text_of(s, list->list.at[k]));
        }
    }
    return b.bytes.len > 0 ? sam_string(s, buf_as_slice(&b)) : NULL;
}

static bool has_identity(sam *s, const doc_node *identity) {
    static const char *const fields[] = { "Headers", "QueryStrings", "StageVariables", "Context" };
    for (size_t i = 0; i < COUNT(fields); i++)
        if (sam_truth(sam_get(identity, fields[i])))
            return true;
    const doc_node *ttl = sam_resolved(s, sam_get(identity, "ReauthorizeEvery"));
    return ttl != NULL && ((ttl->kind == DOC_INT && ttl->integer <= 0) || (ttl->kind == DOC_STRING && slice_is(ttl->text, "0")));
}

/* Lambda authorizers call their function: {uri, credentials}. */
draft *sam_authorizer_uri(sam *s, const doc_node *function_arn) {
    slice uri = SLICE("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations");
    return sam_sub_with(s, uri, "__FunctionArn__", sam_draft(s, function_arn));
}

void sam_authorizer_permission(sam *s, slice id, const doc_node *function_arn) {
    draft *p = sam_add(s, id, "AWS::Lambda::Permission");
    slice arn = SLICE("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*");
    sam_put_word(s, p, "Action", "lambda:InvokeFunction");
    sam_put(s, p, "FunctionName", sam_draft(s, function_arn));
    sam_put_word(s, p, "Principal", "apigateway.amazonaws.com");
    sam_put(s, p, "SourceArn", sam_sub_with(s, arn, "__ApiId__", sam_ref(s, s->now->id)));
}

static void add_authorizer(sam *s, const sam_api *api, const doc_entry *e) {
    const doc_node *pool = sam_get(e->value, "UserPoolArn"), *function = sam_get(e->value, "FunctionArn"), *identity = sam_get(e->value, "Identity");
    const doc_node *type = sam_get(e->value, "FunctionPayloadType"), *scopes = sam_get(e->value, "AuthorizationScopes");
    const doc_node *off = sam_get(e->value, "DisableFunctionDefaultPermissions"), *invoke = sam_get(e->value, "FunctionInvokeRole");
    bool request = sam_is(s, type, "REQUEST");
    if (type != NULL && type->kind == DOC_STRING && !request && !slice_is(type->text, "TOKEN"))
        sam_refuse(s, type, "FunctionPayloadType must be TOKEN or REQUEST");
    if (identity != NULL && identity->kind != DOC_MAP) {
        sam_refuse(s, identity, "Identity of the authorizer %.*s must be a map", SLICE_ARG(e->key));
        identity = NULL;
    } else if (request && !has_identity(s, identity)) {
        sam_refuse(s, identity == NULL ? e->value : identity, "the authorizer %.*s of type REQUEST needs Identity with Headers, QueryStrings, StageVariables or Context",
                   SLICE_ARG(e->key));
    }
    if (scopes != NULL && scopes->kind != DOC_LIST)
        sam_refuse(s, scopes, "AuthorizationScopes of the authorizer %.*s must be a list", SLICE_ARG(e->key));
    if (off != NULL && off->kind != DOC_BOOL)
        sam_refuse(s, off, "DisableFunctionDefaultPermissions must be true or false");
    draft *scheme = sam_api_key_scheme(s, pool == NULL && request ? "Unused" : "Authorization", pool != NULL ? "cognito_user_pools" : "custom");
    if (!request && sam_get(identity, "Header") != NULL)
        sam_put(s, scheme, "name", sam_draft(s, sam_get(identity, "Header")));
    draft *authorizer = sam_pair(s, "type", sam_word(s, pool != NULL ? "cognito_user_pools" : request ? "request" : "token"));
    if (pool != NULL) {
        sam_put(s, authorizer, "providerARNs", pool->kind == DOC_LIST ? sam_draft(s, pool) : sam_list_of(s, sam_draft(s, pool)));
    } else if (function != NULL) {
        sam_put(s, authorizer, "authorizerUri", sam_authorizer_uri(s, function));
        sam_copy(s, authorizer, identity, "ReauthorizeEvery>authorizerResultTtlInSeconds");
        if (sam_truth(invoke) && !sam_is(s, invoke, "NONE"))
            sam_put(s, authorizer, "authorizerCredentials", sam_draft(s, invoke));
        if (request && identity != NULL)
            sam_put(s, authorizer, "identitySource", identity_source(s, identity));
    }
    sam_put(s, scheme, AUTHORIZER, authorizer);
    draft *schemes = draft_map_in(&s->drafts, api->body, SLICE("securityDefinitions"), sam_at(s));
    draft_put_at(&s->drafts, schemes, e->key, e->key_at, e->key_end, scheme);
    if (pool == NULL && function != NULL && !sam_truth(off))
        sam_authorizer_permission(s, sam_print(s, "%.*s%.*sAuthorizerPermission", SLICE_ARG(s->now->id), SLICE_ARG(e->key)), function);
}

typedef struct {
    const doc_node *authorizers;
    slice by_default;
    draft *scopes;
    bool on_options, seen_iam;
} defaults;

static bool good_requirement(sam *s, const draft *one) {
    if (one->kind == DOC_MAP)
        return true;
    sam_refuse_at(s, one->at, one->end, "each of a method's security must be a map");
    return false;
}

/* The default authorizer holds for methods that name none; NONE takes it away. */
static void default_authorizer(sam *s, const sam_api *api, slice method, draft *definition, void *self) {
    defaults *d = self;
    (void)api;
    if (slice_is(method, "options") && !d->on_options)
        return;
    draft *old = draft_get(&s->drafts, definition, SLICE("security")), *kept = draft_list(&s->drafts, sam_at(s)), *named = NULL;
    bool none = false;
    if (old != NULL && old->kind != DOC_LIST) {
        sam_refuse_at(s, old->at, old->end, "security of a method must be a list");
        return;
    }
    for (size_t i = 0; old != NULL && draft_open(&s->drafts, old) && i < old->entries.len; i++) {
        draft *one = draft_at(&s->drafts, old, i);
        if (!good_requirement(s, one))
            return;
        bool authorizes = draft_get(&s->drafts, one, SLICE("AWS_IAM")) != NULL;
        for (size_t k = 0; !authorizes && d->authorizers != NULL && k < d->authorizers->map.len; k++)
            authorizes = draft_get(&s->drafts, one, d->authorizers->map.at[k].key) != NULL;
        if (authorizes) {
            if (named == NULL)
                named = draft_list(&s->drafts, sam_at(s));
            draft_push(&s->drafts, named, one);
        } else if (!none && draft_get(&s->drafts, one, SLICE("NONE")) != NULL) {
            none = true;
        } else {
            draft_push(&s->drafts, kept, one);
        }
    }
    if (!none && named != NULL) {
        for (size_t i = 0; i < named->entries.len; i++)
            draft_push(&s->drafts, kept, draft_at(&s->drafts, named, i));
    } else if (!none) {
        draft *one = draft_map(&s->drafts, sam_at(s));
        draft_put(&s->drafts, one, d->by_default, d->scopes == NULL ? draft_list(&s->drafts, sam_at(s)) : d->scopes);
        draft_push(&s->drafts, kept, one);
    }
    if (kept->entries.len > 0) {
        sam_put(s, definition, "security", kept);
        d->seen_iam = d->seen_iam || draft_get(&s->drafts, draft_at(&s->drafts, kept, 0), SLICE("AWS_IAM")) != NULL;
    }
}

static void default_key(sam *s, const sam_api *api, slice method, draft *definition, void *self) {
    const defaults *d = self;
    (void)api;
    draft *old = draft_get(&s->drafts, definition, SLICE("security")), *kept = draft_list(&s->drafts, sam_at(s));
    bool off = false;
    for (size_t i = 0; draft_is_list(old) && draft_open(&s->drafts, old) && i < old->entries.len; i++) {
        draft *one = draft_at(&s->drafts, old, i);
        if (!good_requirement(s, one))
            return;
        bool is_off = draft_get(&s->drafts, one, SLICE("api_key_false")) != NULL;
        off = off || is_off;
        if (!is_off && draft_get(&s->drafts, one, SLICE("api_key")) == NULL)
            draft_push(&s->drafts, kept, one);
    }
    if (!off && !(slice_is(method, "options") && !d->on_options))
        draft_push(&s->drafts, kept, sam_pair(s, "api_key", draft_list(&s->drafts, sam_at(s))));
    if (kept->entries.len > 0 || old != NULL)
        sam_put(s, definition, "security", kept);
}

static void add_auth(sam *s, const sam_api *api) {
    static const char *const fields[] = { "Authorizers", "DefaultAuthorizer", "InvokeRole", "AddDefaultAuthorizerToCorsPreflight",
                                          "AddApiKeyRequiredToCorsPreflight", "ApiKeyRequired", "ResourcePolicy", "UsagePlan" };
    const doc_node *auth = sam_resolved(s, sam_prop(s, "Auth"));
    if (!sam_truth(auth) || auth->kind != DOC_MAP)
        return;
    for (size_t i = 0; i < auth->map.len; i++) {
        size_t f = 0;
        while (f < COUNT(fields) && !slice_is(auth->map.at[i].key, fields[f]))
            f++;
        if (f == COUNT(fields))
            sam_refuse_at(s, auth->map.at[i].key_at, auth->map.at[i].key_end, "Auth has no property %.*s", SLICE_ARG(auth->map.at[i].key));
    }
    const doc_node *authorizers = sam_resolved(s, sam_get(auth, "Authorizers")), *named = sam_resolved(s, sam_get(auth, "DefaultAuthorizer"));
    const doc_node *policy = sam_get(auth, "ResourcePolicy");
    if (authorizers != NULL && authorizers->kind != DOC_MAP) {
        sam_refuse(s, authorizers, "Authorizers in Auth of %.*s must be a map", SLICE_ARG(s->now->id));
        authorizers = NULL;
    }
    for (size_t i = 0; authorizers != NULL && i < authorizers->map.len; i++) {
        const doc_entry *e = &authorizers->map.at[i];
        if (e->value->kind == DOC_MAP)
            add_authorizer(s, api, e);
        else
            sam_refuse(s, e->value, "the authorizer %.*s must be a map", SLICE_ARG(e->key));
    }
    defaults d = { .authorizers = authorizers, .on_options = true };
    const doc_node *flag = sam_get(auth, "AddDefaultAuthorizerToCorsPreflight");
    d.on_options = doc_get(auth, SLICE("AddDefaultAuthorizerToCorsPreflight")) == NULL || sam_truth(flag);
    if (named != NULL && named->kind != DOC_STRING) {
        sam_refuse(s, named, "DefaultAuthorizer must be the name of one of the Authorizers, or AWS_IAM");
    } else if (named != NULL && named->text.len > 0) {
        bool iam = slice_is(named->text, "AWS_IAM");
        if (!iam && doc_get(authorizers, named->text) == NULL) {
            sam_refuse(s, named, "the DefaultAuthorizer %.*s is not among the Authorizers", SLICE_ARG(named->text));
        } else {
            const doc_node *scopes = sam_get(doc_get(authorizers, named->text), "AuthorizationScopes");
            d.by_default = named->text;
            d.scopes = scopes == NULL ? NULL : sam_draft(s, scopes);
            body_methods(s, api, NULL, default_authorizer, &d);
            if (iam || d.seen_iam)
                sam_scheme(s, api, SLICE("AWS_IAM"), sam_api_key_scheme(s, "Authorization", "awsSigv4"));
        }
    }
    if (sam_truth(sam_get(auth, "ApiKeyRequired"))) {
        d.on_options = doc_get(auth, SLICE("AddApiKeyRequiredToCorsPreflight")) == NULL || sam_truth(sam_get(auth, "AddApiKeyRequiredToCorsPreflight"));
        sam_scheme(s, api, SLICE("api_key"), sam_api_key_scheme(s, "x-api-key", NULL));
        body_methods(s, api, NULL, default_key, &d);
    }
    if (policy != NULL && policy->kind != DOC_MAP)
        sam_refuse(s, policy, "ResourcePolicy must be a map");
    static const char *const vpcs[] = { "SourceVpcBlacklist", "SourceVpcWhitelist" };
    for (size_t i = 0; i < COUNT(vpcs); i++) {
        const doc_node *list = policy != NULL && policy->kind == DOC_MAP ? sam_get(policy, vpcs[i]) : NULL;
        for (size_t k = 0; list != NULL && list->kind == DOC_LIST && k < list->list.len; k++)
            if (sam_resolved(s, list->list.at[k])->kind != DOC_STRING)
                sam_refuse(s, list->list.at[k], "%s takes strings; %s takes intrinsic functions", vpcs[i],
                           i == 0 ? "IntrinsicVpcBlacklist" : "IntrinsicVpcWhitelist");
    }
}

/* ---- what else is checked ---- */

static void check_gateway_responses(sam *s) {
    const doc_node *responses = sam_prop(s, "GatewayResponses");
    if (responses == NULL || responses->kind != DOC_MAP)
        return;
    for (size_t i = 0; i < responses->map.len; i++) {
        const doc_node *one = responses->map.at[i].value, *parameters = sam_get(one, "ResponseParameters"), *status = sam_get(one, "StatusCode");
        if (one->kind != DOC_MAP || sam_is_intrinsic(one)) {
            sam_refuse(s, one, "a gateway response must be a map of ResponseParameters, ResponseTemplates and StatusCode");
            continue;
        }
        for (size_t k = 0; k < one->map.len; k++) {
            slice key = one->map.at[k].key;
            if (!slice_is(key, "ResponseParameters") && !slice_is(key, "ResponseTemplates") && !slice_is(key, "StatusCode"))
                sam_refuse_at(s, one->map.at[k].key_at, one->map.at[k].key_end, "a gateway response has no property %.*s", SLICE_ARG(key));
        }
        for (size_t k = 0; parameters != NULL && parameters->kind == DOC_MAP && k < parameters->map.len; k++) {
            slice key = parameters->map.at[k].key;
            if (!slice_is(key, "Headers") && !slice_is(key, "Paths") && !slice_is(key, "QueryStrings"))
                sam_refuse_at(s, parameters->map.at[k].key_at, parameters->map.at[k].key_end, "ResponseParameters of a gateway response has no property %.*s",
                              SLICE_ARG(key));
        }
        if (parameters != NULL && parameters->kind != DOC_MAP)
            sam_refuse(s, parameters, "ResponseParameters must be a map");
        long long number;
        if (status != NULL && status->kind == DOC_STRING && (status->text.len > 3 || !slice_int(status->text, &number) || number < 0))
            sam_refuse(s, status, "StatusCode must be a number of up to three digits");
    }
}

static void check_models(sam *s) {
    const doc_node *models = sam_prop(s, "Models");
    for (size_t i = 0; models != NULL && models->kind == DOC_MAP && i < models->map.len; i++) {
        const doc_node *one = models->map.at[i].value;
        if (one->kind != DOC_MAP)
            sam_refuse(s, one, "the model %.*s must be a map: a JSON schema", SLICE_ARG(models->map.at[i].key));
        else if (!sam_truth(sam_get(one, "type")))
            sam_refuse(s, one, "the model %.*s needs type", SLICE_ARG(models->map.at[i].key));
    }
}

static void check_definition(sam *s, const sam_api *api) {
    const doc_node *uri = sam_prop(s, "DefinitionUri"), *body = sam_prop(s, "DefinitionBody"), *version = sam_prop(s, "OpenApiVersion");
    if (sam_truth(uri) && sam_truth(body))
        sam_refuse(s, uri, "DefinitionUri and DefinitionBody can't be set together");
    if (sam_truth(uri) && sam_truth(sam_prop(s, "MergeDefinitions")))
        sam_refuse(s, sam_prop(s, "MergeDefinitions"), "MergeDefinitions does not work with DefinitionUri");
    /* A number (3.0) is taken as text where SAM writes the body. */
    if (version != NULL && version->kind != DOC_STRING && !sam_is_intrinsic(version) && !(api->managed && version->kind == DOC_DOUBLE))
        sam_refuse(s, version, "OpenApiVersion must be a string: '3.0.1'");
    if (version != NULL && version->kind == DOC_STRING && !body_is_3(version->text) && !(version->text.len >= 3 && version->text.at[0] == '2' && version->text.at[1] == '.'))
        sam_refuse(s, version, "OpenApiVersion must be of the form 3.0.0");
    if (uri != NULL && uri->kind == DOC_MAP && !sam_is_intrinsic(uri) && (!sam_truth(sam_get(uri, "Bucket")) || !sam_truth(sam_get(uri, "Key"))))
        sam_refuse(s, uri, "DefinitionUri as a map needs Bucket and Key");
    slice text = sam_text_of(s, uri);
    if (slice_starts(text, SLICE("s3://")) && sam_s3_location(s, uri, "Bucket", "Key", "Version") == NULL)
        sam_refuse(s, uri, "this is no S3 URI of the form s3://bucket/key");
    /* What changes the body works on one that is written in the template. */
    static const char *const edits[] = { "Auth", "Cors", "GatewayResponses", "Models", "DisableExecuteApiEndpoint" };
    for (size_t i = 0; i < COUNT(edits); i++) {
        const doc_node *edit = sam_prop(s, edits[i]);
        bool wants = i == 4 ? edit != NULL : sam_truth(edit);
        if (wants && sam_truth(uri) && !sam_truth(body))
            sam_refuse(s, edit, "%s works with a body in the template (DefinitionBody, or events) only, not with DefinitionUri", edits[i]);
        else if (wants && sam_truth(body) && !body_valid(s, api->body, true))
            sam_refuse(s, edit, "%s can't be added: DefinitionBody is no OpenAPI document in the template (swagger or openapi: 3.x, and paths)", edits[i]);
    }
}

static void disable_endpoint(sam *s, const sam_api *api) {
    const char *extension = "x-amazon-apigateway-endpoint-configuration";
    if (sam_prop(s, "DisableExecuteApiEndpoint") == NULL)
        return;
    draft *holder = api->body;
    if (body_is_3(body_version(s, api->body, "openapi"))) {
        draft *servers = draft_get(&s->drafts, api->body, SLICE("servers"));
        if (!draft_is_list(servers)) {
            servers = sam_list_of(s, draft_map(&s->drafts, sam_at(s)));
            sam_put(s, api->body, "servers", servers);
        }
        holder = draft_open(&s->drafts, servers) && servers->entries.len > 0 ? draft_at(&s->drafts, servers, 0) : NULL;
    }
    draft *old = draft_get(&s->drafts, holder, slice_from(extension));
    if (old != NULL && old->kind != DOC_MAP)
        sam_refuse_at(s, old->at, old->end, "%s must be a map", extension);
    else if (draft_is_map(holder))
        sam_copy(s, draft_map_in(&s->drafts, holder, slice_from(extension), sam_at(s)), s->now->props, "DisableExecuteApiEndpoint>disableExecuteApiEndpoint");
}

/* For OpenAPI 3 the headers of OPTIONS responses are written anew. */
static void check_options(sam *s, const sam_api *api) {
    draft *paths = body_paths(s, api);
    for (size_t i = 0; paths != NULL && draft_open(&s->drafts, paths) && i < paths->entries.len; i++) {
        draft *options = draft_get(&s->drafts, draft_at(&s->drafts, paths, i), SLICE("options"));
        draft *answer = draft_get(&s->drafts, draft_get(&s->drafts, options, SLICE("responses")), SLICE("200"));
        draft *headers = draft_get(&s->drafts, answer, SLICE("headers"));
        if (headers != NULL && headers->kind != DOC_MAP && headers->kind != DOC_NULL)
            sam_refuse_at(s, headers->at, headers->end, "headers of a response must be a map");
    }
}

/* OpenAPI 3 has security schemes below components. */
static void move_schemes(sam *s, const sam_api *api) {
    slice own = body_version(s, api->body, "openapi");
    draft *schemes = draft_get(&s->drafts, api->body, SLICE("securityDefinitions"));
    if (schemes != NULL && schemes->kind != DOC_MAP) {
        sam_refuse_at(s, schemes->at, schemes->end, "securityDefinitions must be a map");
        return;
    }
    slice asked = sam_text_of(s, sam_prop(s, "OpenApiVersion"));
    if (body_version(s, api->body, "swagger").len > 0 || !body_is_3(asked.len > 0 ? asked : own))
        return;
    check_options(s, api);
    if (schemes == NULL)
        return;
    draft *components = draft_map_in(&s->drafts, api->body, SLICE("components"), sam_at(s));
    sam_put(s, components, "securitySchemes", schemes);
    draft_remove(&s->drafts, api->body, SLICE("securityDefinitions"));
}

/* ---- usage plans ---- */

static draft *stage_key(sam *s, const char *api, const char *stage, slice stage_id) {
    draft *one = sam_pair(s, api, sam_ref(s, s->now->id));
    sam_put(s, one, stage, sam_ref(s, stage_id));
    return one;
}

static void usage_plan(sam *s, slice stage_id) {
    static const char *const fields[] = { "CreateUsagePlan", "Description", "Quota", "Tags", "Throttle", "UsagePlanName" };
    const doc_node *auth = sam_resolved(s, sam_prop(s, "Auth")), *plan = auth != NULL && auth->kind == DOC_MAP ? sam_get(auth, "UsagePlan") : NULL;
    if (plan == NULL)
        return;
    if (plan->kind != DOC_MAP) {
        sam_refuse(s, plan, "UsagePlan must be a map");
        return;
    }
    for (size_t i = 0; i < plan->map.len; i++) {
        size_t f = 0;
        while (f < COUNT(fields) && !slice_is(plan->map.at[i].key, fields[f]))
            f++;
        if (f == COUNT(fields))
            sam_refuse_at(s, plan->map.at[i].key_at, plan->map.at[i].key_end, "UsagePlan has no property %.*s", SLICE_ARG(plan->map.at[i].key));
    }
    const doc_node *create = sam_resolved(s, sam_get(plan, "CreateUsagePlan"));
    bool shared = sam_is(s, create, "SHARED"), own = sam_is(s, create, "PER_API");
    if (create == NULL || (!shared && !own && !sam_is(s, create, "NONE")))
        sam_refuse(s, create == NULL ? plan : create, "UsagePlan needs CreateUsagePlan: PER_API, SHARED or NONE");
    if (!shared && !own)
        return;
    if (s->shared_stages == NULL) {
        s->shared_stages = draft_list(&s->drafts, sam_at(s));
        s->shared_keys = draft_list(&s->drafts, sam_at(s));
    }
    draft *stages = shared ? s->shared_stages : draft_list(&s->drafts, sam_at(s)), *keys = shared ? s->shared_keys : draft_list(&s->drafts, sam_at(s));
    draft_push(&s->drafts, stages, stage_key(s, "ApiId", "Stage", stage_id));
    draft_push(&s->drafts, keys, stage_key(s, "RestApiId", "StageName", stage_id));
    slice head = shared ? SLICE("Serverless") : s->now->id;
    slice plan_id = sam_join(s, head, "UsagePlan"), key_id = sam_join(s, head, "ApiKey"), both_id = sam_join(s, head, "UsagePlanKey");
    draft *p = sam_add(s, plan_id, "AWS::ApiGateway::UsagePlan"), *k = sam_add(s, key_id, "AWS::ApiGateway::ApiKey");
    draft *b = sam_add(s, both_id, "AWS::ApiGateway::UsagePlanKey");
    if (p == NULL || k == NULL || b == NULL)
        return;
    if (shared) {
        sam_set_condition(s, plan_id, (slice){ "", 0 });
        sam_set_condition(s, key_id, (slice){ "", 0 });
        sam_set_condition(s, both_id, (slice){ "", 0 });
    }
    sam_put(s, p, "ApiStages", stages);
    sam_copy(s, p, plan, "UsagePlanName Description Quota Tags Throttle");
    sam_put(s, k, "Enabled", draft_bool(&s->drafts, sam_at(s), true));
    sam_put(s, k, "StageKeys", keys);
    sam_put(s, b, "KeyId", sam_ref(s, key_id));
    sam_put_word(s, b, "KeyType", "API_KEY");
    sam_put(s, b, "UsagePlanId", sam_ref(s, plan_id));
    strmap_put(s->a, &s->now->refers, SLICE("UsagePlan"), sam_string(s, plan_id));
    strmap_put(s->a, &s->now->refers, SLICE("UsagePlanKey"), sam_string(s, both_id));
    strmap_put(s->a, &s->now->refers, SLICE("ApiKey"), sam_string(s, key_id));
}

/* ---- the API ---- */

slice sam_stage_id(sam *s, const doc_node *name) {
    slice text = name != NULL && name->kind == DOC_STRING ? name->text : (slice){ "", 0 };
    if (sam_alphanumeric(text))
        return sam_print(s, "%.*s%.*sStage", SLICE_ARG(s->now->id), SLICE_ARG(text));
    return sam_print(s, "%.*sStage%.*s", SLICE_ARG(s->now->id), SLICE_ARG(sam_hash_text(s, text)));
}

static void endpoint_configuration(sam *s, draft *made) {
    const doc_node *given = sam_prop(s, "EndpointConfiguration");
    if (!sam_truth(given))
        return;
    draft *m = draft_map(&s->drafts, given->at);
    if (given->kind == DOC_MAP && sam_get(given, "Type") != NULL) {
        sam_put(s, m, "Types", sam_list_of(s, sam_draft(s, sam_get(given, "Type"))));
        sam_copy(s, m, given, "VPCEndpointIds>VpcEndpointIds VpcEndpointIds IpAddressType");
        if (sam_get(given, "VPCEndpointIds") != NULL && sam_get(given, "VpcEndpointIds") != NULL)
            sam_refuse(s, given, "VPCEndpointIds and VpcEndpointIds are the same: set one of them");
    } else {
        sam_put(s, m, "Types", sam_list_of(s, sam_draft(s, given)));
    }
    sam_put(s, made, "EndpointConfiguration", m);
}

void sam_lower_api(sam *s, sam_resource *r) {
    sam_api *api = r->api;
    draft *made = sam_main(s, "AWS::ApiGateway::RestApi");
    const doc_node *stage_name = sam_prop(s, "StageName");
    if (stage_name != NULL && stage_name->kind == DOC_STRING && stage_name->text.len == 0)
        sam_refuse(s, stage_name, "StageName can't be empty");
    check_definition(s, api);
    check_gateway_responses(s);
    check_models(s);
    bool valid = body_valid(s, api->body, true);
    bool edited = sam_truth(sam_prop(s, "Auth")) || sam_truth(sam_prop(s, "Cors")) || sam_truth(sam_prop(s, "GatewayResponses")) || sam_truth(sam_prop(s, "Models"));
    draft *paths = draft_get(&s->drafts, api->body, SLICE("paths"));
    if ((edited && valid) || draft_is_map(paths))
        body_check(s, api);
    draft *schemes = draft_get(&s->drafts, api->body, SLICE("securityDefinitions"));
    if (valid && schemes != NULL && schemes->kind != DOC_MAP && schemes->kind != DOC_NULL && sam_truth(sam_prop(s, "Auth")))
        sam_refuse_at(s, schemes->at, schemes->end, "securityDefinitions must be a map");
    if (valid) {
        add_cors(s, api);
        add_auth(s, api);
        disable_endpoint(s, api);
        move_schemes(s, api);
        sam_copy(s, api->body, r->props, "BinaryMediaTypes>x-amazon-apigateway-binary-media-types");
    }
    sam_copy(s, made, r->props, "Name Description Mode ApiKeySourceType Policy BinaryMediaTypes MinimumCompressionSize FailOnWarnings SecurityPolicy EndpointAccessMode");
    endpoint_configuration(s, made);
    sam_s3_body(s, made, api);
    slice deployment = sam_print(s, "%.*sDeployment%.*s", SLICE_ARG(r->id), SLICE_ARG(sam_hash_text(s, r->id))), stage = sam_stage_id(s, stage_name);
    draft *d = sam_add(s, deployment, "AWS::ApiGateway::Deployment"), *st = sam_add(s, stage, "AWS::ApiGateway::Stage");
    sam_put(s, d, "RestApiId", sam_ref(s, r->id));
    sam_put(s, st, "RestApiId", sam_ref(s, r->id));
    sam_put(s, st, "DeploymentId", sam_ref(s, deployment));
    if (st != NULL)
        sam_copy(s, st, r->props, "StageName CacheClusterEnabled CacheClusterSize Variables MethodSettings AccessLogSetting CanarySetting TracingEnabled");
    strmap_put(s->a, &r->refers, SLICE("Stage"), sam_string(s, stage));
    strmap_put(s->a, &r->refers, SLICE("Deployment"), sam_string(s, deployment));
    sam_rest_domain(s, stage);
    usage_plan(s, stage);
}
