/* HTTP and WebSocket APIs: AWS::ApiGatewayV2::*. API Gateway developer guide, "HTTP APIs", "WebSocket APIs". */
#include "service/openapi.h"
#include "service/services.h"
#include "service/text.h"

static const slice api_type = SLICE_INIT("AWS::ApiGatewayV2::Api");

static slice http(void) { return SLICE("http"); }
static slice websocket(void) { return SLICE("websocket"); }

/* Of an API of the templates by its ProtocolType; of one outside "" . */
static slice protocol_of(builder *b, const node *api) {
    if (api->resource == NULL)
        return SLICE("");
    slice protocol = declare_text(b, api->resource->properties, "ProtocolType", NULL);
    return slice_is(protocol, "WEBSOCKET") ? websocket() : http();
}

static slice protocol_or(builder *b, const node *api, slice guess) {
    slice s = protocol_of(b, api);
    return s.len > 0 ? s : guess;
}

/* "METHOD /path" of an HTTP route key; one without a method stands for all. */
static void split_route_key(builder *b, const value *key, api_integration *i) {
    arena *a = build_arena(b);
    open_text t = text_of(a, key);
    size_t blank = slice_find(t.flat, ' ');
    if (blank < t.flat.len) {
        i->method = text_piece(&t, 0, blank);
        i->path = text_piece(&t, blank + 1, t.flat.len);
    } else {
        bool open = key->kind != VAL_STRING;
        i->method = open ? value_new_unknown(a, key->at, UNKNOWN_COMPUTED, SLICE("RouteKey")) : value_new_string(a, key->at, SLICE("ANY"));
        i->path = key;
    }
}

static void set_route(builder *b, const value *key, api_integration *i) {
    if (slice_is(i->protocol, "websocket")) {
        i->path = key;
        i->method = &value_absent;
    } else {
        split_route_key(b, key, i);
    }
}

/* ---- the API itself ---- */

static void one_api(builder *b, const resource *r, const value *stage) {
    arena *a = build_arena(b);
    node *n = build_node(b, r);
    if (n == NULL)
        return;
    slice protocol = protocol_of(b, n);
    api_caller(b, r, protocol);
    openapi_edges(b, r, protocol, stage, resource_written(a, r, SLICE("Body")));
    const value *target = resource_written(a, r, SLICE("Target"));
    if (value_is_absent(target))
        return;
    /* Quick create: one route to a function or a URL (CloudFormation user guide, AWS::ApiGatewayV2::Api, Target). */
    const value *key = resource_written(a, r, SLICE("RouteKey"));
    api_integration i = api_integration_of(n, declare_attribute(b, r, "Ref"), protocol);
    i.stage = stage;
    i.uri = target;
    i.at = target->at;
    i.end = target->end;
    i.when = r->exists;
    i.credentials = resource_written(a, r, SLICE("CredentialsArn"));
    open_text t = text_of(a, target);
    i.payload = value_new_string(a, target->at, SLICE("2.0"));
    i.type = value_new_string(a, target->at, slice_starts(t.flat, SLICE("http")) ? SLICE("HTTP_PROXY") : SLICE("AWS_PROXY"));
    set_route(b, value_is_absent(key) ? value_new_string(a, target->at, SLICE("$default")) : key, &i);
    api_integration_edges(b, &i);
}

/* All APIs, and all routes, are done at the first one: stages are gathered once. */
void apigatewayv2_api_edges(builder *b, const resource *r) {
    const resource *const *all = build_all(b, r->type);
    api_stages stages = { { 0 } };
    if (r != all[0])
        return;
    api_stages_add(b, &stages, "AWS::ApiGatewayV2::Stage", "ApiId", "StageName");
    for (; *all != NULL; all++)
        one_api(b, *all, api_stage_of(&stages, declare_attribute(b, *all, "Ref")));
}

/* ---- routes and integrations ---- */

/* The integration that `integrations/ID` names; NULL when it is outside or not known. */
static const resource *integration_of(builder *b, const value *target) {
    arena *a = build_arena(b);
    open_text t = text_of(a, target);
    size_t at[2], to[2];
    const value *id = text_cut(&t, '/', 2, at, to) == 2 ? text_piece(&t, at[1], to[1]) : target;
    if (id->kind == VAL_REF && slice_is(id->ref.to->type, "AWS::ApiGatewayV2::Integration"))
        return id->ref.to;
    return NULL;
}

static void add_integration(builder *b, const resource *r, api_integration *i) {
    const struct { const char *key; const value **to; } fields[] = {
        { "IntegrationType", &i->type },           { "IntegrationUri", &i->uri },          { "CredentialsArn", &i->credentials },
        { "RequestParameters", &i->parameters },   { "RequestTemplates", &i->templates },  { "IntegrationMethod", &i->http_method },
        { "TimeoutInMillis", &i->timeout_ms },     { "ConnectionType", &i->connection_type }, { "ConnectionId", &i->connection },
        { "IntegrationSubtype", &i->subtype },       { "PayloadFormatVersion", &i->payload },
    };
    for (size_t f = 0; f < COUNT(fields); f++)
        *fields[f].to = resource_written(build_arena(b), r, slice_from(fields[f].key));
}

typedef struct {
    const resource *route;
    const value *stage, *key, *target;
    when when;
} route_target;

/* A route of one API to one alternative of its target. */
static void route_edges(builder *b, end api, void *self) {
    const route_target *k = self;
    arena *a = build_arena(b);
    slice key = { "", 0 };
    bool plain = value_text(a, k->key, &key) && slice_find(key, '/') == key.len && !slice_is(key, "$default");
    api_integration i = api_integration_of(api.node, resource_written(a, k->route, SLICE("ApiId")), protocol_or(b, api.node, plain ? websocket() : http()));
    i.via = k->route;
    i.stage = k->stage;
    i.at = k->key->at;
    i.end = k->key->end;
    i.auth = resource_written(a, k->route, SLICE("AuthorizationType"));
    i.api_key = resource_written(a, k->route, SLICE("ApiKeyRequired"));
    const value *authorizer = value_under(resource_written(a, k->route, SLICE("AuthorizerId")), k->when);
    if (authorizer->kind == VAL_REF)
        i.authorizer = value_new_string(a, authorizer->at, authorizer->ref.to->id);
    set_route(b, k->key, &i);
    if (!when_and(a, api.when, k->when, &i.when))
        return;
    const resource *integration = integration_of(b, k->target);
    if (integration != NULL) {
        if (!when_and(a, i.when, integration->exists, &i.when))
            return;
        add_integration(b, integration, &i);
    } else if (value_is_open(k->target)) {
        i.uri = k->target;                  /* an integration made elsewhere */
    }
    api_integration_edges(b, &i);
}

typedef struct {
    builder *b;
    const resource *r;
    const value *stage;
} route_choice;

static void route_alternative(void *self, const value *target, when w) {
    const route_choice *k = self;
    arena *a = build_arena(k->b);
    route_target one = { k->r, k->stage, resource_written(a, k->r, SLICE("RouteKey")), target, w };
    if (!value_is_absent(target) && !value_is_absent(one.key))
        build_each_end(k->b, resource_written(a, k->r, SLICE("ApiId")), api_type, k->r->exists, route_edges, &one);
}

void apigatewayv2_route_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const resource *const *all = build_all(b, r->type);
    api_stages stages = { { 0 } };
    if (r != all[0])
        return;
    api_stages_add(b, &stages, "AWS::ApiGatewayV2::Stage", "ApiId", "StageName");
    for (; *all != NULL; all++) {
        route_choice k = { b, *all, api_stage_of(&stages, resource_written(a, *all, SLICE("ApiId"))) };
        value_each(a, resource_written(a, *all, SLICE("Target")), (*all)->exists, route_alternative, &k);
    }
}

typedef struct {
    builder *b;
    strmap routed;           /* ids of integrations that a route names */
} routing;

static void note_routed(void *self, const value *target, when w) {
    routing *k = self;
    (void)w;
    const resource *r = integration_of(k->b, target);
    if (r != NULL)
        strmap_put(build_arena(k->b), &k->routed, r->id, k);
}

static void bare_integration(builder *b, end api, void *self) {
    const resource *r = self;
    api_integration i = api_integration_of(api.node, resource_written(build_arena(b), r, SLICE("ApiId")), protocol_or(b, api.node, http()));
    i.via = r;
    i.when = api.when;
    add_integration(b, r, &i);
    api_integration_edges(b, &i);
}

/* Integrations that no route of the template names may be used by routes made elsewhere: they are edges without a route. All are done at the
 * first one, so that the routes are gone through once. */
void apigatewayv2_integration_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const resource *const *all = build_all(b, r->type);
    if (r != all[0])
        return;
    routing k = { .b = b };
    for (const resource *const *route = build_all(b, SLICE("AWS::ApiGatewayV2::Route")); *route != NULL; route++)
        value_each(a, resource_written(a, *route, SLICE("Target")), (*route)->exists, note_routed, &k);
    for (; *all != NULL; all++)
        if (!strmap_has(&k.routed, (*all)->id))
            build_each_end(b, resource_written(a, *all, SLICE("ApiId")), api_type, (*all)->exists, bare_integration, (void *)(uintptr_t)*all);
}

/* ---- authorizers, stages ---- */

static void authorizer_of_api(builder *b, end api, void *self) {
    api_authorizer x = *(const api_authorizer *)self;
    x.api = api.node;
    x.when = api.when;
    x.protocol = protocol_or(b, api.node, http());
    api_authorizer_edges(b, &x);
}

void apigatewayv2_authorizer_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    api_authorizer x = {
        .api_id = resource_written(a, r, SLICE("ApiId")), .uri = resource_written(a, r, SLICE("AuthorizerUri")),
        .credentials = resource_written(a, r, SLICE("AuthorizerCredentialsArn")), .id = declare_attribute(b, r, "AuthorizerId"), .via = r,
        .name = value_new_string(a, r->at, r->id), .type = resource_written(a, r, SLICE("AuthorizerType")),
        .payload = resource_written(a, r, SLICE("AuthorizerPayloadFormatVersion")), .identity = resource_written(a, r, SLICE("IdentitySource")),
        .simple = resource_written(a, r, SLICE("EnableSimpleResponses")),
    };
    build_each_end(b, x.api_id, api_type, r->exists, authorizer_of_api, &x);
}

void apigatewayv2_stage_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    end api = build_end(b, resource_written(a, r, SLICE("ApiId")), api_type, r->exists);
    if (api.node != NULL)
        api_access_log(b, r, api.node, protocol_or(b, api.node, http()), resource_written(a, r, SLICE("AccessLogSettings.DestinationArn")), api.when);
}
