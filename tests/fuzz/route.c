/* Routes and requests: lines of route keys of one API (up to an empty line), then a request's method, path, query, a header's name, its value, and a
 * body. A route that gets a request takes it; what takes it has a place among the others; events of it can be made. */
#include <stdint.h>
#include <stdlib.h>

#include "smoke/event/route.h"
#include "smoke/flow/parts.h"

#define ROUTES_MOST 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The API as JSON: `kind` HTTP, WEBSOCKET; 2 makes listener rules with the lines as path patterns. */
static slice api_of(arena *a, const slice *keys, size_t len, unsigned kind) {
    buf b = { .arena = a };
    buf_text(&b, "{\"Resources\":{\"F\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Runtime\":\"python3.12\",\"Handler\":\"a.b\",\"Role\":\"r\",\"Code\":{\"ZipFile\":\"x\"}}},");
    buf_printf(&b, "\"I\":{\"Type\":\"AWS::ApiGatewayV2::Integration\",\"Properties\":{\"ApiId\":{\"Ref\":\"Api\"},\"IntegrationType\":\"AWS_PROXY\",\"PayloadFormatVersion\":\"2.0\","
                   "\"IntegrationUri\":{\"Fn::GetAtt\":[\"F\",\"Arn\"]}}},"
                   "\"B\":{\"Type\":\"AWS::ElasticLoadBalancingV2::LoadBalancer\",\"Properties\":{}},\"L\":{\"Type\":\"AWS::ElasticLoadBalancingV2::Listener\","
                   "\"Properties\":{\"LoadBalancerArn\":{\"Ref\":\"B\"}}},\"G\":{\"Type\":\"AWS::ElasticLoadBalancingV2::TargetGroup\",\"Properties\":{\"TargetType\":\"lambda\","
                   "\"Targets\":[{\"Id\":{\"Fn::GetAtt\":[\"F\",\"Arn\"]}}]}},"
                   "\"Api\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Properties\":{\"Name\":\"a\",\"ProtocolType\":\"%s\",\"RouteSelectionExpression\":\"$request.body.a.b\","
                   "\"CorsConfiguration\":{\"AllowOrigins\":[\"*\"]}}}", kind == 1 ? "WEBSOCKET" : "HTTP");
    for (size_t i = 0; i < len; i++) {
        slice key = js_text(a, js_string(a, keys[i]));
        if (kind == 2)
            buf_printf(&b, ",\"R%zu\":{\"Type\":\"AWS::ElasticLoadBalancingV2::ListenerRule\",\"Properties\":{\"ListenerArn\":{\"Ref\":\"L\"},\"Priority\":%zu,\"Conditions\":"
                           "[{\"Field\":\"path-pattern\",\"Values\":[%.*s]},{\"Field\":\"query-string\",\"QueryStringConfig\":{\"Values\":[{\"Value\":%.*s},{\"Key\":\"k\",\"Value\":\"*\"}]}}],"
                           "\"Actions\":[{\"Type\":\"forward\",\"TargetGroupArn\":{\"Ref\":\"G\"}}]}}", i, i * 7 % 5, SLICE_ARG(key), SLICE_ARG(key));
        else
            buf_printf(&b, ",\"R%zu\":{\"Type\":\"AWS::ApiGatewayV2::Route\",\"Properties\":{\"ApiId\":{\"Ref\":\"Api\"},\"RouteKey\":%.*s,"
                           "\"Target\":{\"Fn::Join\":[\"/\",[\"integrations\",{\"Ref\":\"I\"}]]}}}", i, SLICE_ARG(key));
    }
    buf_text(&b, "}}");
    return buf_as_slice(&b);
}

static graph *graph_of(arena *a, slice text) {
    static const template_options options = { .defaults_hold = true };
    diags d = { .arena = a };
    templates *set = ARENA_NEW(a, templates);
    set->options = &options;
    VEC_PUSH(a, &set->files, SLICE("t.json"));
    const doc_node *doc = doc_parse(a, text, SLICE("t.json"), 0, &d);
    template *t = doc == NULL ? NULL : template_read(set, a, SLICE("t.json"), 0, text, doc, SLICE(""), &d);
    if (t == NULL) return NULL;
    bool listed = false;
    for (size_t i = 0; i < set->list.len; i++) listed = listed || set->list.at[i] == t;
    if (!listed) VEC_PUSH(a, &set->list, t);
    templates_join(set, a, &d);
    return graph_build(set, &a, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    slice rest = { (const char *)data, size }, line = SLICE(""), keys[ROUTES_MOST], said[5] = { SLICE_INIT("GET"), SLICE_INIT("/"), SLICE_INIT(""), SLICE_INIT("h"), SLICE_INIT("") };
    size_t len = 0;
    unsigned kind = size == 0 ? 0 : data[0] % 3;
    if (size > 0) rest = slice_after(rest, 1);
    while (len < ROUTES_MOST && slice_cut(&rest, '\n', &line) && line.len > 0) keys[len++] = line;
    for (size_t i = 0; i < COUNT(said) && rest.at != NULL && slice_cut(&rest, '\n', &line); i++) said[i] = line;
    slice body = rest.at != NULL ? rest : SLICE("");

    graph *g = graph_of(a, api_of(a, keys, len, kind));
    const node *api = g == NULL ? NULL : graph_node(g, kind == 2 ? SLICE("B") : SLICE("Api"));
    if (api != NULL) {
        maker m = { .world = world_new(a, g, SLICE(""), SLICE("")), .next = 1, .now_ms = 1764066600000 };
        happening_request q = { .method = said[0], .path = said[1], .query = said[2], .headers = js_with(a, NULL, said[3], js_string(a, said[4])), .body = body,
                                .no_body = body.len == 0, .connection = SLICE_INIT("c"), .stage = SLICE_INIT("") };
        const doc_node *parameters;
        const edge *e = route_of(&m, a, api, &q);
        if (e != NULL && !route_takes(&m, a, e, &q, &parameters)) abort();
        for (size_t i = 0; e == NULL && i < api->out_len; i++)
            if (route_is(api->out[i]) && api->out[i]->enabled != NO && route_takes(&m, a, api->out[i], &q, &parameters)) abort();
        if (e != NULL) {
            route r;
            slice message, why;
            route_read(&m, a, e, &q, &r);
            if (route_refuses(&r, &q, &message, &why) != 0 && why.len == 0) abort();
            if (route_event(&m, a, e, &r, &q) == NULL) abort();
        }
        route_preflight(&m, a, api, &q);
    }
    /* A path into whatever the body is. */
    const doc_node *n = js_read(a, body);
    if (n != NULL) flow_path(n, said[2]);
    arena_free(a);
    return 0;
}
