/* Amazon API Gateway Management API: API reference, @connections. */
#include "smoke/aws/services.h"

#include "smoke/aws/permission.h"
#include "smoke/aws/protocol.h"

#define PAYLOAD_MOST 131072u     /* bytes (developer guide, "Amazon API Gateway quotas": WebSocket message payload) */

/* Does an event of the run carry the connection? The stack is as large as there are firings at most. */
static bool in_some_event(aws_call *c, slice id) {
    VEC(const firing *) left = { 0 };
    for (size_t i = 0; i < c->run->fired.len; i++) VEC_PUSH(c->arena, &left, c->run->fired.at[i]);
    while (left.len > 0) {
        const firing *f = left.at[--left.len];
        if (id.len > 0 && slice_eq(js_str(js_at(f->event, "requestContext.connectionId")), id)) return true;
        for (size_t i = 0; i < f->then.len; i++) VEC_PUSH(c->arena, &left, f->then.at[i]);
    }
    return false;
}

/* The path does not say which API it is for: any that is one of WebSockets. Developer guide, "Use @connections commands", "IAM permissions". */
static bool may_manage(aws_call *c, const char *method) {
    arena *a = c->arena;
    const templates *set = c->run->graph->set;
    slice head = aws_arn(c, "execute-api", SLICE("")), stage = js_str_of(c->in, "Stage"), arn = SLICE("");
    slice tail = arena_printf(a, "/%s/@connections/%.*s", method, SLICE_ARG(js_str_of(c->in, "ConnectionId")));
    for (size_t t = 0; t < set->list.len; t++)
        for (size_t i = 0; i < set->list.at[t]->resources.len; i++) {
            const resource *r = set->list.at[t]->resources.at[i];
            if (!slice_is(r->type, "AWS::ApiGatewayV2::Api") ||
                !slice_is(world_text(c->run->world, resource_written(a, r, SLICE("ProtocolType")), r->exists, NULL), "WEBSOCKET"))
                continue;
            const value *parts[] = { value_new_string(a, r->at, head), value_new_ref(a, r->at, r, SLICE("Ref")), value_new_string(a, r->at, SLICE("/")),
                                     stage.len > 0 ? value_new_string(a, r->at, stage) : value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("stage")),
                                     value_new_string(a, r->at, tail) };
            if (permission_on_value(c->run, a, c->caller, SLICE("execute-api:ManageConnections"), value_new_joined(a, r->at, parts, COUNT(parts))) != NO) return true;
            arn = arena_printf(a, "%.*s%.*s/%.*s%.*s", SLICE_ARG(head), SLICE_ARG(world_name(c->run->world, r)), SLICE_ARG(stage.len > 0 ? stage : SLICE("*")), SLICE_ARG(tail));
        }
    return arn.len == 0 || aws_denied(c, "execute-api:ManageConnections", arn);
}

/* False: answered. */
static bool find_connection(aws_call *c, const char *method) {
    slice id = js_str_of(c->in, "ConnectionId");
    if (!may_manage(c, method)) return false;
    tri open = endpoint_connected(c->of, id);
    if (open == YES || (open == UNKNOWN && in_some_event(c, id))) return true;
    aws_fail(c, 410, "GoneException", "the connection %.*s is gone, or was never there", SLICE_ARG(id));
    return false;
}

static void post_to_connection(aws_call *c) {
    slice data = c->http != NULL ? c->http->body : js_str_of(c->in, "Data");
    if (data.len > PAYLOAD_MOST) {
        aws_fail(c, 413, "PayloadTooLargeException", "the payload has more than %u bytes", PAYLOAD_MOST);
        return;
    }
    if (!find_connection(c, "POST")) return;
    aws_note(c, "sent %zu bytes to the WebSocket connection %.*s", data.len, SLICE_ARG(js_str_of(c->in, "ConnectionId")));
    aws_raw(c, 200, NULL, 0, SLICE(""));
}

static void get_connection(aws_call *c) {
    arena *a = c->arena;
    if (!find_connection(c, "GET")) return;
    slice now = make_time(a, c->run->maker.now_ms, true);
    js_object o = { 0 }, identity = { 0 };
    js_put(a, &identity, "sourceIp", js_cstr(a, "127.0.0.1"));
    js_put(a, &identity, "userAgent", js_cstr(a, "sflint"));
    js_put(a, &o, "connectedAt", js_string(a, now));
    js_put(a, &o, "lastActiveAt", js_string(a, now));
    js_put(a, &o, "identity", js_object_end(a, &identity));
    aws_ok(c, js_object_end(a, &o));
}

static void delete_connection(aws_call *c) {
    if (!find_connection(c, "DELETE")) return;
    endpoint_connection(c->of, js_str_of(c->in, "ConnectionId"), false);
    aws_raw(c, 204, NULL, 0, SLICE(""));
}

static void whole(aws_call *c) {
    static const struct { const char *method, *operation; } methods[] = {
        { "POST", "PostToConnection" }, { "GET", "GetConnection" }, { "DELETE", "DeleteConnection" },
    };
    slice label[REST_MAX_LABELS], id = SLICE(""), stage = SLICE("");
    slice path = http_decode(c->arena, c->http->path, false);     /* `@` may come as %40, and ids end in `=` */
    if (rest_path(c->arena, path, "/@connections/{}", label)) {
        id = label[0];
    } else if (rest_path(c->arena, path, "/{}/@connections/{}", label)) {
        stage = label[0];
        id = label[1];
    }
    for (size_t i = 0; id.len > 0 && i < COUNT(methods); i++)
        if (slice_is(c->http->method, methods[i].method)) {
            js_object in = { 0 };
            js_put(c->arena, &in, "ConnectionId", js_string(c->arena, id));
            if (stage.len > 0) js_put(c->arena, &in, "Stage", js_string(c->arena, stage));
            aws_dispatch(c, slice_from(methods[i].operation), js_object_end(c->arena, &in));
            return;
        }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations[] = {
    { .name = "PostToConnection", .run = post_to_connection },
    { .name = "GetConnection", .run = get_connection },
    { .name = "DeleteConnection", .run = delete_connection },
    { .name = NULL }
};

const aws_service connections_service = { .name = "execute-api", .operations = operations, .whole = whole };
