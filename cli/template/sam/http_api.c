/* AWS::Serverless::HttpApi and ::WebSocketApi. AWS SAM developer guide, "AWS::Serverless::HttpApi", "AWS::Serverless::WebSocketApi". */
#include "template/sam/domain.h"

#define AUTHORIZER "x-amazon-apigateway-authorizer"

void sam_s3_body(sam *s, draft *made, const sam_api *api) {
    const doc_node *uri = sam_prop(s, "DefinitionUri");
    const doc_entry *e = doc_entry_of(s->now->props, api->body != NULL && sam_truth(sam_prop(s, "DefinitionBody")) ? SLICE("DefinitionBody") : SLICE("DefinitionUri"));
    if (api->body != NULL) {
        pos at = e == NULL ? sam_at(s) : e->key_at;
        draft_put_at(&s->drafts, made, SLICE("Body"), at, e == NULL ? at : e->key_end, api->body);
    } else if (uri != NULL && uri->kind == DOC_MAP) {
        sam_copy(s, made, s->now->props, "DefinitionUri>BodyS3Location");
    } else if (uri != NULL) {
        sam_put(s, made, "BodyS3Location", sam_s3_location(s, uri, "Bucket", "Key", "Version"));
    }
}

/* ---- authorizers of HTTP APIs ---- */

static draft *identity_source(sam *s, const doc_node *identity) {
    static const char *const parts[][2] = { { "$request.header.", "Headers" }, { "$request.querystring.", "QueryStrings" },
                                            { "$stageVariables.", "StageVariables" }, { "$context.", "Context" } };
    draft *list = draft_list(&s->drafts, identity->at);
    for (size_t i = 0; i < COUNT(parts); i++) {
        const doc_node *given = sam_get(identity, parts[i][1]);
        if (given != NULL && given->kind != DOC_LIST)
            sam_refuse(s, given, "%s of Identity must be a list", parts[i][1]);
        for (size_t k = 0; given != NULL && given->kind == DOC_LIST && k < given->list.len; k++)
            draft_push(&s->drafts, list, sam_string(s, sam_print(s, "%s%.*s", parts[i][0], SLICE_ARG(sam_text_of(s, given->list.at[k])))));
    }
    return list;
}

static void add_scheme(sam *s, const sam_api *api, const doc_entry *e, slice name, draft *scheme) {
    draft *components = draft_map_in(&s->drafts, api->body, SLICE("components"), sam_at(s));
    draft *schemes = draft_map_in(&s->drafts, components, SLICE("securitySchemes"), sam_at(s));
    if (e == NULL)
        draft_put(&s->drafts, schemes, name, scheme);
    else
        draft_put_at(&s->drafts, schemes, name, e->key_at, e->key_end, scheme);
}

static void check_kind(sam *s, const doc_entry *e, bool jwt) {
    static const struct { const char *name; bool jwt; } fields[] = {
        { "AuthorizationScopes", true }, { "JwtConfiguration", true }, { "IdentitySource", true }, { "FunctionArn", false }, { "FunctionInvokeRole", false },
        { "Identity", false }, { "AuthorizerPayloadFormatVersion", false }, { "EnableSimpleResponses", false }, { "EnableFunctionDefaultPermissions", false },
    };
    for (size_t i = 0; i < COUNT(fields); i++) {
        const doc_entry *f = doc_entry_of(e->value, slice_from(fields[i].name));
        if (f != NULL && !sam_none(f->value) && fields[i].jwt != jwt)
            sam_refuse_at(s, f->key_at, f->key_end, "%s is for %s authorizers only, and %.*s is not one", fields[i].name, fields[i].jwt ? "JWT" : "Lambda", SLICE_ARG(e->key));
    }
    static const char *const needed[][2] = { { "FunctionArn", "AuthorizerPayloadFormatVersion" }, { "IdentitySource", "IdentitySource" } };
    for (size_t i = 0; i < 2 && (i == 0 || !jwt); i++)
        if (!sam_truth(sam_get(e->value, needed[jwt][i])))
            sam_refuse_at(s, e->key_at, e->key_end, "the %s authorizer %.*s needs %s", jwt ? "JWT" : "Lambda", SLICE_ARG(e->key), needed[jwt][i]);
    const doc_node *scopes = sam_get(e->value, "AuthorizationScopes"), *permit = sam_get(e->value, "EnableFunctionDefaultPermissions");
    if (scopes != NULL && scopes->kind != DOC_LIST)
        sam_refuse(s, scopes, "AuthorizationScopes must be a list");
    if (permit != NULL && permit->kind != DOC_BOOL)
        sam_refuse(s, permit, "EnableFunctionDefaultPermissions must be true or false");
    if (sam_get(e->value, "OpenIdConnectUrl") != NULL)
        sam_refuse(s, sam_get(e->value, "OpenIdConnectUrl"), "OpenIdConnectUrl is no longer taken: use JwtConfiguration");
}

static draft *lower_keys(sam *s, const doc_node *map) {
    draft *m = draft_map(&s->drafts, map->at);
    for (size_t i = 0; map->kind == DOC_MAP && i < map->map.len; i++)
        draft_put_at(&s->drafts, m, body_lower(s, map->map.at[i].key), map->map.at[i].key_at, map->map.at[i].key_end, draft_of(&s->drafts, map->map.at[i].value));
    return m;
}

static void add_authorizer(sam *s, const sam_api *api, const doc_entry *e) {
    const doc_node *jwt = sam_get(e->value, "JwtConfiguration"), *function = sam_get(e->value, "FunctionArn"), *identity = sam_get(e->value, "Identity");
    const doc_node *invoke = sam_get(e->value, "FunctionInvokeRole");
    check_kind(s, e, sam_truth(jwt));
    draft *authorizer = sam_pair(s, "type", sam_word(s, sam_truth(jwt) ? "jwt" : "request"));
    draft *scheme;
    if (sam_truth(jwt)) {
        if (jwt->kind != DOC_MAP)
            sam_refuse(s, jwt, "JwtConfiguration must be a map");
        sam_put(s, authorizer, "jwtConfiguration", lower_keys(s, jwt));
        sam_copy(s, authorizer, e->value, "IdentitySource>identitySource");
        scheme = sam_pair(s, "type", sam_word(s, "oauth2"));
    } else {
        scheme = sam_api_key_scheme(s, "Unused", NULL);
        if (function != NULL)
            sam_put(s, authorizer, "authorizerUri", sam_authorizer_uri(s, function));
        if (sam_truth(invoke) && !sam_is(s, invoke, "NONE"))
            sam_put(s, authorizer, "authorizerCredentials", sam_draft(s, invoke));
        if (sam_truth(identity) && identity->kind == DOC_MAP) {
            sam_copy(s, authorizer, identity, "ReauthorizeEvery>authorizerResultTtlInSeconds");
            sam_put(s, authorizer, "identitySource", identity_source(s, identity));
        }
        sam_copy(s, authorizer, e->value, "AuthorizerPayloadFormatVersion>authorizerPayloadFormatVersion EnableSimpleResponses>enableSimpleResponses");
        if (function != NULL && sam_truth(sam_get(e->value, "EnableFunctionDefaultPermissions")))
            sam_authorizer_permission(s, sam_print(s, "%.*s%.*sAuthorizerPermission", SLICE_ARG(s->now->id), SLICE_ARG(e->key)), function);
    }
    sam_put(s, scheme, AUTHORIZER, authorizer);
    add_scheme(s, api, e, e->key, scheme);
}

typedef struct {
    slice name;
    draft *scopes;
} default_auth;

static void default_authorizer(sam *s, const sam_api *api, slice method, draft *definition, void *self) {
    const default_auth *d = self;
    (void)api;
    draft *old = draft_get(&s->drafts, definition, SLICE("security"));
    bool has = draft_is_list(old) && draft_open(&s->drafts, old) && old->entries.len > 0;
    if (!slice_is(method, "options") && !has) {
        if (draft_is_list(old))
            draft_remove(&s->drafts, definition, SLICE("security"));
        body_secure(s, definition, d->name, d->scopes);
    }
}

static void add_auth(sam *s, const sam_api *api) {
    const doc_node *auth = sam_prop(s, "Auth");
    if (!sam_truth(auth) || auth->kind != DOC_MAP || sam_is_intrinsic(auth))
        return;
    for (size_t i = 0; i < auth->map.len; i++) {
        slice key = auth->map.at[i].key;
        if (!slice_is(key, "Authorizers") && !slice_is(key, "DefaultAuthorizer") && !slice_is(key, "EnableIamAuthorizer"))
            sam_refuse_at(s, auth->map.at[i].key_at, auth->map.at[i].key_end, "Auth of an HTTP API has no property %.*s", SLICE_ARG(key));
    }
    const doc_node *authorizers = sam_get(auth, "Authorizers"), *named = sam_get(auth, "DefaultAuthorizer");
    bool iam = sam_is_true(s, sam_get(auth, "EnableIamAuthorizer"));
    if (iam)
        add_scheme(s, api, NULL, SLICE("AWS_IAM"), sam_api_key_scheme(s, "Authorization", "awsSigv4"));
    if (authorizers != NULL && authorizers->kind != DOC_MAP) {
        sam_refuse(s, authorizers, "Authorizers in Auth of %.*s must be a map", SLICE_ARG(s->now->id));
        authorizers = NULL;
    }
    for (size_t i = 0; authorizers != NULL && i < authorizers->map.len; i++) {
        if (authorizers->map.at[i].value->kind == DOC_MAP)
            add_authorizer(s, api, &authorizers->map.at[i]);
        else
            sam_refuse(s, authorizers->map.at[i].value, "the authorizer %.*s must be a map", SLICE_ARG(authorizers->map.at[i].key));
    }
    if (!sam_truth(named) || sam_is_no_value(named))
        return;
    if (named->kind != DOC_STRING) {
        sam_refuse(s, named, "DefaultAuthorizer must be the name of one of the Authorizers");
        return;
    }
    if (doc_get(authorizers, named->text) == NULL && !(iam && slice_is(named->text, "AWS_IAM"))) {
        sam_refuse(s, named, "the DefaultAuthorizer %.*s is not among the Authorizers", SLICE_ARG(named->text));
        return;
    }
    const doc_node *scopes = sam_get(doc_get(authorizers, named->text), "AuthorizationScopes");
    default_auth d = { named->text, scopes == NULL ? NULL : sam_draft(s, scopes) };
    body_methods(s, api, NULL, default_authorizer, &d);
}

/* ---- HTTP APIs ---- */

static void check_http(sam *s, const sam_api *api) {
    static const char *const cors_fields[] = { "AllowMethods", "AllowHeaders", "AllowOrigins", "MaxAge", "ExposeHeaders", "AllowCredentials" };
    static const char *const edits[] = { "Auth", "CorsConfiguration", "Tags", "Description", "Name", "DisableExecuteApiEndpoint" };
    const doc_node *uri = sam_prop(s, "DefinitionUri"), *body = sam_prop(s, "DefinitionBody"), *cors = sam_prop(s, "CorsConfiguration");
    if (sam_truth(uri) && sam_truth(body))
        sam_refuse(s, uri, "DefinitionUri and DefinitionBody can't be set together");
    for (size_t i = 0; i < COUNT(edits); i++) {
        const doc_node *edit = sam_prop(s, edits[i]);
        bool wants = i == 5 ? edit != NULL : sam_truth(edit);
        if (wants && sam_truth(uri) && !sam_truth(body))
            sam_refuse(s, edit, "%s works with a body in the template (DefinitionBody, or events) only, not with DefinitionUri", edits[i]);
        else if (wants && sam_truth(body) && i != 3 && i != 4 && !body_valid(s, api->body, false))
            sam_refuse(s, edit, "%s can't be added: DefinitionBody is no OpenAPI 3 document (openapi: 3.x and paths)", edits[i]);
    }
    for (size_t i = 0; cors != NULL && cors->kind == DOC_MAP && !sam_is_intrinsic(cors) && i < cors->map.len; i++) {
        size_t f = 0;
        while (f < COUNT(cors_fields) && !slice_is(cors->map.at[i].key, cors_fields[f]))
            f++;
        if (f == COUNT(cors_fields))
            sam_refuse_at(s, cors->map.at[i].key_at, cors->map.at[i].key_end, "CorsConfiguration has no property %.*s", SLICE_ARG(cors->map.at[i].key));
    }
}

void sam_lower_http_api(sam *s, sam_resource *r) {
    sam_api *api = r->api;
    draft *made = sam_main(s, "AWS::ApiGatewayV2::Api");
    check_http(s, api);
    bool valid = body_valid(s, api->body, false);
    if (valid) {
        body_check(s, api);
        add_auth(s, api);
        const doc_node *cors = sam_prop(s, "CorsConfiguration");
        if (sam_truth(cors)) {
            draft *m = draft_map(&s->drafts, cors->at);
            if (cors->kind == DOC_MAP && !sam_is_intrinsic(cors))
                sam_copy(s, m, cors, "AllowOrigins>allowOrigins AllowHeaders>allowHeaders AllowMethods>allowMethods ExposeHeaders>exposeHeaders MaxAge>maxAge "
                                     "AllowCredentials>allowCredentials");
            else
                sam_put(s, m, "allowOrigins", sam_is_intrinsic(cors) ? sam_draft(s, cors) : sam_list_of(s, sam_word(s, "*")));
            sam_put(s, api->body, "x-amazon-apigateway-cors", m);
        }
        draft *info = draft_get(&s->drafts, api->body, SLICE("info"));
        if (draft_is_map(info))
            sam_copy(s, info, r->props, "Name>title Description>description");
        draft *paths = body_paths(s, api);
        draft_entry *by_default = sam_truth(sam_prop(s, "FailOnWarnings")) ? draft_entry_of(&s->drafts, paths, SLICE("$default")) : NULL;
        if (by_default != NULL)
            by_default->key = SLICE("/$default");
    }
    sam_copy(s, made, r->props, "FailOnWarnings DisableExecuteApiEndpoint");
    sam_s3_body(s, made, api);
    const doc_node *stage_name = sam_prop(s, "StageName");
    bool by_default = !sam_truth(stage_name) || sam_is(s, stage_name, "$default");
    slice stage = by_default ? sam_join(s, r->id, "ApiGatewayDefaultStage") : sam_stage_id(s, stage_name);
    sam_v2_domain(s, stage);
    draft *st = sam_add(s, stage, "AWS::ApiGatewayV2::Stage");
    sam_put(s, st, "ApiId", sam_ref(s, r->id));
    if (by_default)
        sam_put_word(s, st, "StageName", "$default");
    if (st != NULL)
        sam_copy(s, st, r->props, "StageName StageVariables AccessLogSettings DefaultRouteSettings");
    sam_put(s, st, "AutoDeploy", draft_bool(&s->drafts, sam_at(s), true));
    sam_put(s, st, "RouteSettings", api->route_settings);
    strmap_put(s->a, &r->refers, SLICE("Stage"), sam_string(s, stage));
}

/* ---- WebSocket APIs ---- */

/* sendMessage -> Sendmessage, $connect -> Connect */
static bool route_name(sam *s, const doc_entry *e, slice *name) {
    slice key = e->key;
    if (slice_is(key, "$connect") || slice_is(key, "$disconnect") || slice_is(key, "$default"))
        key = slice_after(key, 1);
    if (!sam_alphanumeric(key)) {
        sam_refuse_at(s, e->key_at, e->key_end, "the route key %.*s must be letters and digits, or one of $connect, $disconnect, $default", SLICE_ARG(e->key));
        return false;
    }
    slice lower = body_lower(s, key);
    char *text = ARENA_ARRAY(s->a, char, lower.len);
    memcpy(text, lower.at, lower.len);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    *name = (slice){ text, lower.len };
    return true;
}

static bool check_ws_auth(sam *s, const doc_node *auth, const doc_node *routes) {
    if (!sam_truth(auth) || auth->kind != DOC_MAP)
        return false;
    const doc_node *type = sam_get(auth, "AuthType");
    bool custom = sam_is(s, type, "CUSTOM"), iam = sam_is(s, type, "AWS_IAM"), none = sam_is(s, type, "NONE");
    if (doc_get(routes, SLICE("$connect")) == NULL)
        sam_refuse(s, auth, "Auth of a WebSocket API is asked for when a client connects: it needs a $connect route");
    if (!custom && !iam && !none)
        sam_refuse(s, type == NULL ? auth : type, "Auth of a WebSocket API needs AuthType: AWS_IAM, CUSTOM or NONE");
    else if (custom && sam_get(auth, "AuthArn") == NULL)
        sam_refuse(s, auth, "AuthType CUSTOM needs AuthArn: the ARN of the authorizer function");
    else if (!custom && auth->map.len > 1)
        sam_refuse(s, auth, "AuthType %s takes no other settings", iam ? "AWS_IAM" : "NONE");
    return custom && sam_get(auth, "AuthArn") != NULL;
}

static draft *function_uri(sam *s, const char *name, const doc_node *arn) {
    slice uri = sam_print(s, "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s}/invocations", name);
    return sam_sub_with(s, uri, name, sam_draft(s, arn));
}

static void route(sam *s, const doc_entry *e, slice name, const doc_node *auth, bool custom) {
    const doc_node *function = sam_get(e->value, "FunctionArn"), *stage = sam_prop(s, "StageName");
    bool connects = slice_is(e->key, "$connect");
    slice head = sam_print(s, "%.*s%.*s", SLICE_ARG(s->now->id), SLICE_ARG(name)), integration = sam_join(s, head, "Integration");
    draft *made = sam_add(s, sam_join(s, head, "Route"), "AWS::ApiGatewayV2::Route");
    sam_put(s, made, "ApiId", sam_ref(s, s->now->id));
    if (made != NULL)
        draft_put(&s->drafts, made, SLICE("RouteKey"), draft_string(&s->drafts, e->key_at, e->key));
    sam_copy(s, made, e->value, "ApiKeyRequired ModelSelectionExpression OperationName RequestModels RequestParameters RouteResponseSelectionExpression");
    if (sam_get(e->value, "RequestParameters") != NULL && !connects)
        sam_refuse(s, sam_get(e->value, "RequestParameters"), "RequestParameters are for the $connect route only");
    draft *parts = sam_list_of(s, sam_word(s, "integrations")), *join = sam_list_of(s, sam_word(s, "/"));
    draft_push(&s->drafts, parts, sam_ref(s, integration));
    draft_push(&s->drafts, join, parts);
    sam_put(s, made, "Target", sam_pair(s, "Fn::Join", join));
    if (connects && sam_truth(auth)) {
        sam_copy(s, made, auth, "AuthType>AuthorizationType");
        if (custom)
            sam_put(s, made, "AuthorizerId", sam_ref(s, sam_join(s, s->now->id, "ConnectAuthorizer")));
    }
    if (function == NULL) {
        sam_refuse_at(s, e->key_at, e->key_end, "the route %.*s needs FunctionArn", SLICE_ARG(e->key));
        return;
    }
    draft *i = sam_add(s, integration, "AWS::ApiGatewayV2::Integration");
    sam_put(s, i, "ApiId", sam_ref(s, s->now->id));
    sam_put_word(s, i, "IntegrationType", "AWS_PROXY");
    sam_put(s, i, "IntegrationUri", function_uri(s, "FunctionArn", function));
    sam_copy(s, i, e->value, "IntegrationTimeout>TimeoutInMillis");
    draft *p = sam_add(s, sam_join(s, head, "Permission"), "AWS::Lambda::Permission");
    bool open = stage != NULL && stage->kind != DOC_STRING;
    slice name_of_stage = stage == NULL ? SLICE("default") : open ? SLICE("${__StageName__}") : stage->text;
    slice arn = sam_print(s, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${%.*s.ApiId}/%.*s/%.*s", SLICE_ARG(s->now->id),
                          SLICE_ARG(name_of_stage), SLICE_ARG(e->key));
    sam_put_word(s, p, "Action", "lambda:InvokeFunction");
    sam_put(s, p, "FunctionName", sam_draft(s, function));
    sam_put_word(s, p, "Principal", "apigateway.amazonaws.com");
    sam_put(s, p, "SourceArn", open ? sam_sub_with(s, arn, "__StageName__", sam_draft(s, stage)) : sam_pair(s, "Fn::Sub", sam_string(s, arn)));
}

static void ws_authorizer(sam *s, const doc_node *auth) {
    slice id = sam_join(s, s->now->id, "ConnectAuthorizer");
    draft *a = sam_add(s, id, "AWS::ApiGatewayV2::Authorizer");
    const doc_node *arn = sam_get(auth, "AuthArn");
    sam_put(s, a, "ApiId", sam_ref(s, s->now->id));
    sam_put_word(s, a, "AuthorizerType", "REQUEST");
    sam_put(s, a, "AuthorizerUri", function_uri(s, "AuthArn", arn));
    sam_put(s, a, "Name", sam_string(s, id));
    if (a != NULL)
        sam_copy(s, a, auth, "InvokeRole>AuthorizerCredentialsArn IdentitySource Name");
    if (!sam_truth(sam_get(auth, "InvokeRole")))
        sam_authorizer_permission(s, sam_join(s, s->now->id, "AuthorizerPermission"), arn);
}

void sam_lower_websocket_api(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::ApiGatewayV2::Api");
    sam_put(s, made, "Name", sam_string(s, r->id));
    sam_copy(s, made, r->props, "ApiKeySelectionExpression Description DisableExecuteApiEndpoint DisableSchemaValidation IpAddressType Name RouteSelectionExpression Tags");
    sam_put_word(s, made, "ProtocolType", "WEBSOCKET");
    const doc_node *routes = sam_prop(s, "Routes"), *auth = sam_resolved(s, sam_prop(s, "Auth")), *stage_name = sam_prop(s, "StageName");
    const doc_node *ip = sam_prop(s, "IpAddressType");
    if (ip != NULL && ip->kind == DOC_STRING && !slice_is(ip->text, "ipv4") && !slice_is(ip->text, "dualstack"))
        sam_refuse(s, ip, "IpAddressType must be ipv4 or dualstack");
    if (routes != NULL && routes->kind == DOC_MAP && routes->map.len == 0)
        sam_refuse(s, routes, "a WebSocket API needs a route");
    if (sam_is(s, stage_name, "$default"))
        sam_refuse(s, stage_name, "the stage of a WebSocket API can't be $default");
    if (sam_truth(sam_get(sam_prop(s, "Domain"), "MutualTlsAuthentication")))
        sam_refuse(s, sam_get(sam_prop(s, "Domain"), "MutualTlsAuthentication"), "WebSocket APIs have no MutualTlsAuthentication");
    bool custom = check_ws_auth(s, auth, routes);
    s->no_event = true;
    for (size_t i = 0; routes != NULL && routes->kind == DOC_MAP && i < routes->map.len; i++) {
        slice name;
        s->event_name = routes->map.at[i].key;
        s->event_at = routes->map.at[i].key_at;
        s->event_end = routes->map.at[i].key_end;
        if (routes->map.at[i].value->kind == DOC_MAP && route_name(s, &routes->map.at[i], &name))
            route(s, &routes->map.at[i], name, auth, custom);
    }
    s->event_name = (slice){ "", 0 };
    s->no_event = false;
    slice named = stage_name != NULL && stage_name->kind == DOC_STRING ? stage_name->text : (slice){ "", 0 };
    bool by_default = stage_name == NULL || slice_is(named, "default");
    slice stage = sam_print(s, "%.*s%.*sStage", SLICE_ARG(r->id), SLICE_ARG(by_default ? SLICE("Default") : named));
    sam_v2_domain(s, stage);
    draft *st = sam_add(s, stage, "AWS::ApiGatewayV2::Stage");
    sam_put(s, st, "ApiId", sam_ref(s, r->id));
    if (stage_name == NULL)
        sam_put_word(s, st, "StageName", "default");
    if (st != NULL)
        sam_copy(s, st, r->props, "StageName StageVariables AccessLogSettings DefaultRouteSettings RouteSettings");
    sam_put(s, st, "AutoDeploy", draft_bool(&s->drafts, sam_at(s), true));
    strmap_put(s->a, &r->refers, SLICE("Stage"), sam_string(s, stage));
    if (custom)
        ws_authorizer(s, auth);
}
