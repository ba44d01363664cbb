/* Which route of an API takes a request, and what stops it before. */
#include "flow_fixture.h"

#include "smoke/event/route.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define HTTP_ROUTE(n, key, more) \
    "  R" n ": {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: '" key "', Target: !Sub 'integrations/${I" n "}'" more "}}\n" \
    "  I" n ": {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, PayloadFormatVersion: '2.0', IntegrationUri: !GetAtt F" n ".Arn}}\n" FUNCTION("F" n)

static const char *const http_api =
    "Resources:\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['https://*.example.com'], AllowMethods: [GET, POST], MaxAge: 60}}}\n"
    HTTP_ROUTE("1", "GET /pets/dog/1", "") HTTP_ROUTE("2", "GET /pets/dog/{id}", "") HTTP_ROUTE("3", "GET /pets/{proxy+}", "") HTTP_ROUTE("4", "ANY /{proxy+}", "")
    HTTP_ROUTE("5", "$default", "") HTTP_ROUTE("6", "GET /{kind}/b", "") HTTP_ROUTE("7", "GET /a/{proxy+}", "") HTTP_ROUTE("8", "ANY /pets/dog/{id}", "");

static const char *const rest_api =
    "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    "  One: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: app.handler, InlineCode: x, Events: {A: {Type: Api, Properties: {Method: get, Path: /pets}}}}}\n"
    "  Two: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: app.handler, InlineCode: x, Events: {A: {Type: Api, Properties: {Method: get, Path: '/pets/{id}'}}}}}\n"
    "  Three: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: app.handler, InlineCode: x, Events: {A: {Type: Api, Properties: {Method: post, Path: /pets/dog}}}}}\n"
    "  Four: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: app.handler, InlineCode: x, Events: {A: {Type: Api, Properties: {Method: any, Path: '/files/{proxy+}'}}}}}\n";

static const char *const socket_api =
    "Resources:\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: WEBSOCKET, RouteSelectionExpression: '$request.body.do.what'}}\n"
    HTTP_ROUTE("1", "$connect", "") HTTP_ROUTE("2", "send", "") HTTP_ROUTE("3", "$default", "") HTTP_ROUTE("4", "$disconnect", "");

#define RULE(n, priority, conditions) \
    "  R" n ": {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref Listener, Priority: " priority ", Conditions: " conditions ", Actions: [{Type: forward, TargetGroupArn: !Ref G" n "}]}}\n" \
    "  G" n ": {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F" n ".Arn}]}}\n" FUNCTION("F" n)
static const char *const balancer =
    "Resources:\n  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: application, Subnets: [a, b]}}\n"
    "  Listener: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, Protocol: HTTP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref G0}]}}\n"
    "  G0: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F0.Arn}]}}\n" FUNCTION("F0")
    RULE("1", "30", "[{Field: path-pattern, Values: ['/a/*']}]") RULE("2", "20", "[{Field: path-pattern, Values: ['/a/b']}, {Field: http-request-method, HttpRequestMethodConfig: {Values: [POST]}}]")
    RULE("3", "10", "[{Field: host-header, HostHeaderConfig: {Values: ['*.Example.com']}}, {Field: query-string, QueryStringConfig: {Values: [{Key: v, Value: '2*'}]}}]");

static const struct {
    const char *const *api;
    const char *id, *method, *path, *query, *host, *body, *to;
} routed[] = {
    /* API Gateway developer guide, "Routing API requests": its own example */
    { &http_api, "Api", "GET", "/pets/dog/1", "", "", "", "F1" },
    { &http_api, "Api", "GET", "/pets/dog/2", "", "", "", "F2" },
    { &http_api, "Api", "GET", "/pets/cat/1", "", "", "", "F3" },
    { &http_api, "Api", "POST", "/test/5", "", "", "", "F4" },
    { &http_api, "Api", "POST", "/pets/dog/2", "", "", "", "F8" },
    { &http_api, "Api", "GET", "/", "", "", "", "F5" },
    /* what matches whole goes before a greedy path, literal or not */
    { &http_api, "Api", "GET", "/a/b", "", "", "", "F6" },
    { &http_api, "Api", "GET", "/a/c", "", "", "", "F7" },
    { &http_api, "Api", "GET", "/pets/dog/1/", "", "", "", "F3" },     /* a slash at the end counts */
    { &http_api, "Api", "GET", "/pets", "", "", "", "F4" },
    { &rest_api, "ServerlessRestApi", "GET", "/pets", "", "", "", "One" },
    { &rest_api, "ServerlessRestApi", "GET", "/pets/", "", "", "", "One" },
    { &rest_api, "ServerlessRestApi", "GET", "/pets/1", "", "", "", "Two" },
    { &rest_api, "ServerlessRestApi", "POST", "/pets/dog", "", "", "", "Three" },
    { &rest_api, "ServerlessRestApi", "GET", "/pets/dog", "", "", "", "" },      /* the resource is there, the method is not */
    { &rest_api, "ServerlessRestApi", "DELETE", "/files/a/b", "", "", "", "Four" },
    { &rest_api, "ServerlessRestApi", "GET", "/files", "", "", "", "" },
    { &rest_api, "ServerlessRestApi", "GET", "/files/", "", "", "", "" },
    { &rest_api, "ServerlessRestApi", "GET", "/", "", "", "", "" },
    { &socket_api, "Api", "CONNECT", "", "", "", "", "F1" },
    { &socket_api, "Api", "MESSAGE", "", "", "", "{\"do\":{\"what\":\"send\"}}", "F2" },
    { &socket_api, "Api", "MESSAGE", "", "", "", "{\"action\":\"send\"}", "F3" },
    { &socket_api, "Api", "MESSAGE", "", "", "", "no JSON", "F3" },
    { &socket_api, "Api", "DISCONNECT", "", "", "", "", "F4" },
    { &balancer, "Balancer", "GET", "/a/b", "", "", "", "F1" },
    { &balancer, "Balancer", "POST", "/a/b", "", "", "", "F2" },
    { &balancer, "Balancer", "POST", "/a/b", "v=2026", "www.example.COM:8080", "", "F3" },
    { &balancer, "Balancer", "POST", "/a/b", "v=1", "www.example.com", "", "F2" },
    { &balancer, "Balancer", "GET", "/A/b", "", "", "", "F0" },
};

static happening_request request(arena *a, const char *method, const char *path, const char *query, const char *host, const char *body) {
    happening_request q = { .method = slice_from(method), .path = slice_from(path), .query = slice_from(query), .body = slice_from(body) };
    if (host[0] != '\0') q.headers = js_with(a, NULL, SLICE("Host"), js_cstr(a, host));
    return q;
}

static void a_request_goes_to_its_route(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(routed); i++) {
        flows t;
        flows_start(&t, *routed[i].api, NULL);
        const node *api = graph_node(t.graph.graph, slice_from(routed[i].id));
        if (api == NULL) fail_msg("row %zu: there is no %s in\n%.*s", i, routed[i].id, SLICE_ARG(buf_as_slice(&t.graph.lines)));
        happening_request q = request(t.graph.arena, routed[i].method, routed[i].path, routed[i].query, routed[i].host, routed[i].body);
        const edge *e = route_of(&t.run->maker, t.graph.arena, api, &q);
        slice to = e == NULL ? SLICE("") : e->to->id;
        if (!slice_is(to, routed[i].to)) fail_msg("%s %s %s: want %s, got %.*s", routed[i].method, routed[i].path, routed[i].query, routed[i].to, SLICE_ARG(to));
        flows_end(&t);
    }
}

static const struct { const char *path, *parameters; } parameters[] = {
    { "/pets/dog/a%20b", "{\"id\":\"a b\"}" }, { "/pets/x/y/z", "{\"proxy\":\"x/y/z\"}" }, { "/pets/x/", "{\"proxy\":\"x/\"}" },
};

static void path_parameters_are_decoded(void **state) {
    (void)state;
    flows t;
    flows_start(&t, http_api, NULL);
    for (size_t i = 0; i < COUNT(parameters); i++) {
        happening_request q = request(t.graph.arena, "GET", parameters[i].path, "", "", "");
        const edge *e = route_of(&t.run->maker, t.graph.arena, graph_node(t.graph.graph, SLICE("Api")), &q);
        const doc_node *got;
        assert_true(route_takes(&t.run->maker, t.graph.arena, e, &q, &got));
        assert_string_equal(js_text(t.graph.arena, got).at, parameters[i].parameters);
    }
    flows_end(&t);
}

static void a_greedy_path_keeps_more_segments_than_routes_may_have(void **state) {
    (void)state;
    flows t;
    flows_start(&t, http_api, NULL);
    buf path = { .arena = t.graph.arena };
    buf_text(&path, "/pets");
    for (int i = 0; i < 200; i++) buf_text(&path, "/x");
    happening_request q = { .method = SLICE_INIT("GET"), .path = buf_as_slice(&path) };
    const edge *e = route_of(&t.run->maker, t.graph.arena, graph_node(t.graph.graph, SLICE("Api")), &q);
    const doc_node *got;
    assert_true(slice_is(e->to->id, "F3"));
    assert_true(route_takes(&t.run->maker, t.graph.arena, e, &q, &got));
    assert_int_equal(js_str_of(got, "proxy").len, 399);
    flows_end(&t);
}

static const struct { const char *auth; bool key; const char *version, *header, *query; unsigned status; } refused[] = {
    { "NONE", false, "rest", "", "", 0 }, { "NONE", true, "rest", "", "", 403 }, { "NONE", true, "rest", "X-API-Key", "", 0 },
    { "AWS_IAM", false, "rest", "", "", 403 }, { "AWS_IAM", false, "rest", "authorization", "", 0 }, { "AWS_IAM", false, "url", "", "X-Amz-Signature=0", 0 },
    { "JWT", false, "2.0", "", "", 401 }, { "JWT", false, "2.0", "Authorization", "", 0 }, { "COGNITO_USER_POOLS", false, "rest", "", "", 401 },
    { "CUSTOM", false, "rest", "", "", 0 },
};

static void what_a_route_asks_for_must_be_there(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(refused); i++) {
        route r = { .auth = slice_from(refused[i].auth), .api_key = refused[i].key, .version = slice_from(refused[i].version) };
        happening_request q = { .method = SLICE_INIT("GET"), .path = SLICE_INIT("/"), .query = slice_from(refused[i].query) };
        slice message, why;
        if (refused[i].header[0] != '\0') q.headers = js_with(a, NULL, slice_from(refused[i].header), js_cstr(a, "x"));
        unsigned got = route_refuses(&r, &q, &message, &why);
        if (got != refused[i].status || (got != 0) != (why.len > 0)) fail_msg("row %zu: want %u, got %u", i, refused[i].status, got);
    }
    arena_free(a);
}

static void an_http_api_answers_preflights_by_itself(void **state) {
    (void)state;
    flows t;
    flows_start(&t, http_api, NULL);
    arena *a = t.graph.arena;
    const node *api = graph_node(t.graph.graph, SLICE("Api"));
    happening_request q = { .method = SLICE_INIT("OPTIONS"), .path = SLICE_INIT("/pets") };
    assert_null(route_preflight(&t.run->maker, a, api, &q));
    q.headers = js_with(a, js_with(a, NULL, SLICE("origin"), js_cstr(a, "https://www.example.com")), SLICE("access-control-request-method"), js_cstr(a, "GET"));
    const doc_node *h = route_preflight(&t.run->maker, a, api, &q);
    assert_string_equal(js_text(a, h).at, "{\"access-control-allow-origin\":\"https://www.example.com\",\"access-control-allow-methods\":\"GET,POST\",\"access-control-max-age\":\"60\"}");
    q.headers = js_with(a, q.headers, SLICE("origin"), js_cstr(a, "https://evil.test"));
    assert_int_equal(js_len(route_preflight(&t.run->maker, a, api, &q)), 0);
    flows_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_goes_to_its_route),
        cmocka_unit_test(path_parameters_are_decoded),
        cmocka_unit_test(a_greedy_path_keeps_more_segments_than_routes_may_have),
        cmocka_unit_test(what_a_route_asks_for_must_be_there),
        cmocka_unit_test(an_http_api_answers_preflights_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
