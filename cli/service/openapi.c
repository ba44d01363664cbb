#include "service/openapi.h"

#include "service/text.h"

static const struct { slice key, method; } methods[] = {
    { SLICE_INIT("get"), SLICE_INIT("GET") },         { SLICE_INIT("put"), SLICE_INIT("PUT") },
    { SLICE_INIT("post"), SLICE_INIT("POST") },       { SLICE_INIT("delete"), SLICE_INIT("DELETE") },
    { SLICE_INIT("options"), SLICE_INIT("OPTIONS") }, { SLICE_INIT("head"), SLICE_INIT("HEAD") },
    { SLICE_INIT("patch"), SLICE_INIT("PATCH") },     { SLICE_INIT("x-amazon-apigateway-any-method"), SLICE_INIT("ANY") },
};

typedef struct {
    const resource *api;
    node *node;
    slice protocol;
    const value *stage, *body, *schemes, *path;
    unsigned left;
} reading;

static slice known_text(builder *b, const value *v) {
    slice s = { "", 0 };
    return !value_is_absent(v) && value_text(build_arena(b), v, &s) ? s : (slice){ "", 0 };
}

/* What a security requirement `{NAME: []}` asks for, as AuthorizationType has it; "" when the scheme is not known. */
static slice scheme_auth(builder *b, const reading *o, slice name, bool *api_key) {
    arena *a = build_arena(b);
    if (slice_is(name, "NONE"))
        return SLICE("NONE");
    const value *scheme = value_get(a, o->schemes, name);
    if (value_is_absent(scheme))
        return slice_is(name, "AWS_IAM") ? name : SLICE("");
    const value *authorizer = value_get(a, scheme, SLICE("x-amazon-apigateway-authorizer"));
    if (!value_is_absent(authorizer)) {
        slice kind = known_text(b, value_get(a, authorizer, SLICE("type")));
        if (slice_same_letters(kind, SLICE("jwt")))
            return SLICE("JWT");
        return slice_same_letters(kind, SLICE("cognito_user_pools")) ? SLICE("COGNITO_USER_POOLS") : SLICE("CUSTOM");
    }
    slice auth = known_text(b, value_get(a, scheme, SLICE("x-amazon-apigateway-authtype")));
    if (slice_same_letters(auth, SLICE("awsSigv4")))
        return SLICE("AWS_IAM");
    if (slice_is(known_text(b, value_get(a, scheme, SLICE("type"))), "apiKey")) {
        *api_key = true;
        return SLICE("NONE");
    }
    return SLICE("");
}

/* The first requirement that authorizes decides; an operation's own list replaces the document's. */
static void security(builder *b, const reading *o, const value *operation, api_integration *i) {
    arena *a = build_arena(b);
    const value *asked = value_get(a, operation, SLICE("security"));
    if (asked->kind == VAL_ABSENT)
        asked = value_get(a, o->body, SLICE("security"));
    const value *own = value_get(a, value_get(a, operation, SLICE("x-amazon-apigateway-auth")), SLICE("type"));
    slice auth = { "", 0 };
    bool api_key = false, not_known = asked->kind != VAL_LIST && asked->kind != VAL_ABSENT;
    for (size_t n = 0; asked->kind == VAL_LIST && n < asked->list.len && n < 64; n++) {
        const value *one = asked->list.at[n];
        not_known = not_known || one->kind != VAL_MAP;
        for (size_t k = 0; one->kind == VAL_MAP && k < one->map.len && k < 64; k++) {
            slice found = scheme_auth(b, o, one->map.at[k].key, &api_key);
            not_known = not_known || found.len == 0;
            if (found.len > 0 && (auth.len == 0 || slice_is(auth, "NONE"))) {
                auth = found;
                i->authorizer = value_new_string(a, operation->at, one->map.at[k].key);
            }
        }
    }
    if (!value_is_absent(own))
        i->auth = own;
    else if (auth.len > 0 && !(slice_is(auth, "NONE") && not_known))
        i->auth = value_new_string(a, operation->at, auth);
    else if (not_known)
        i->auth = value_new_unknown(a, operation->at, UNKNOWN_COMPUTED, SLICE("security"));
    if (api_key)
        i->api_key = value_new_bool(a, operation->at, true);
}

/* {$ref: '#/components/x-amazon-apigateway-integrations/NAME'} */
static const value *shared_integration(builder *b, const reading *o, const value *v) {
    arena *a = build_arena(b);
    slice to = known_text(b, value_get(a, v, SLICE("$ref"))), head = SLICE("#/components/x-amazon-apigateway-integrations/");
    if (v->kind != VAL_MAP || !slice_starts(to, head))
        return v;
    const value *shared = value_get(a, value_get(a, o->body, SLICE("components")), SLICE("x-amazon-apigateway-integrations"));
    return value_get(a, shared, slice_after(to, head.len));
}

static void operation_edges(builder *b, reading *o, const value_entry *entry, slice method, when w) {
    arena *a = build_arena(b);
    const value *operation = value_under(entry->value, w);
    const value *v = shared_integration(b, o, value_under(value_get(a, operation, SLICE("x-amazon-apigateway-integration")), w));
    if (value_is_absent(v))
        return;
    api_integration i = api_integration_of(o->node, declare_attribute(b, o->api, "Ref"), o->protocol);
    i.stage = o->stage;
    i.when = w;
    i.at = entry->key_at;
    i.end = entry->key_end;
    i.method = value_new_string(a, entry->key_at, method);
    i.path = o->path;
    const struct { const char *key; const value **to; } fields[] = {
        { "type", &i.type },                     { "uri", &i.uri },                 { "credentials", &i.credentials },
        { "requestParameters", &i.parameters },  { "requestTemplates", &i.templates }, { "httpMethod", &i.http_method },
        { "timeoutInMillis", &i.timeout_ms },    { "connectionType", &i.connection_type }, { "connectionId", &i.connection },
        { "integrationSubtype", &i.subtype },    { "payloadFormatVersion", &i.payload },
        { "responseTransferMode", &i.transfer },
    };
    for (size_t f = 0; f < COUNT(fields); f++)
        *fields[f].to = value_get(a, v, slice_from(fields[f].key));
    security(b, o, operation, &i);
    api_integration_edges(b, &i);
}

static void path_edges(builder *b, const leaf *l, void *self) {
    reading *o = self;
    if (l->value->kind != VAL_MAP)
        return;
    o->path = value_new_string(build_arena(b), l->key_at, l->key);
    for (size_t e = 0; e < l->value->map.len && e < 256; e++)
        for (size_t m = 0; m < COUNT(methods); m++)
            if (slice_same_letters(l->value->map.at[e].key, methods[m].key) && o->left > 0) {
                o->left--;
                operation_edges(b, o, &l->value->map.at[e], methods[m].method, l->when);
            }
}

static void scheme_edges(builder *b, const leaf *l, void *self) {
    const reading *o = self;
    arena *a = build_arena(b);
    const value *v = value_get(a, l->value, SLICE("x-amazon-apigateway-authorizer"));
    if (value_is_absent(v))
        return;
    api_authorizer x = {
        .api = o->node, .api_id = declare_attribute(b, o->api, "Ref"), .protocol = o->protocol, .when = l->when, .id = &value_absent,
        .uri = value_get(a, v, SLICE("authorizerUri")), .credentials = value_get(a, v, SLICE("authorizerCredentials")),
        .name = value_new_string(a, l->key_at, l->key), .type = value_get(a, v, SLICE("type")), .payload = value_get(a, v, SLICE("authorizerPayloadFormatVersion")),
        .identity = value_get(a, v, SLICE("identitySource")), .validation = value_get(a, v, SLICE("identityValidationExpression")),
        .simple = value_get(a, v, SLICE("enableSimpleResponses")),
    };
    api_authorizer_edges(b, &x);
}

typedef struct {
    builder *b;
    const resource *api;
    slice protocol;
    const value *stage;
} body_of;

static void body_edges(void *self, const value *body, when w) {
    const body_of *k = self;
    arena *a = build_arena(k->b);
    const value *schemes = value_at(a, body, SLICE("components.securitySchemes"));
    if (value_is_absent(schemes))
        schemes = value_get(a, body, SLICE("securityDefinitions"));
    reading o = { .api = k->api, .node = build_node(k->b, k->api), .protocol = k->protocol, .stage = k->stage, .body = body, .schemes = schemes,
                  .left = OPENAPI_MAX_OPERATIONS };
    if (body->kind != VAL_MAP || o.node == NULL)
        return;
    declare_walk(k->b, body, w, "paths{}", path_edges, &o);
    declare_walk(k->b, schemes, w, "{}", scheme_edges, &o);
}

void openapi_edges(builder *b, const resource *api, slice protocol, const value *stage, const value *body) {
    body_of k = { b, api, protocol, stage };
    if (!value_is_absent(body))
        value_each(build_arena(b), body, api->exists, body_edges, &k);
}
