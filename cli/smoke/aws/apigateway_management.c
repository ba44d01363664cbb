/* Amazon API Gateway Management API: API reference, @connections. */
#include "smoke/aws/services.h"

#include "smoke/aws/protocol.h"

#define PAYLOAD_MOST 131072u     /* bytes (developer guide, "Amazon API Gateway quotas": WebSocket message payload) */

/* False: answered. */
static bool find_connection(aws_call *c) {
    slice id = js_str_of(c->in, "ConnectionId");
    if (endpoint_connected(c->of, id)) return true;
    aws_fail(c, 410, "GoneException", "the connection %.*s is gone, or was never there", SLICE_ARG(id));
    return false;
}

static void post_to_connection(aws_call *c) {
    slice data = c->http != NULL ? c->http->body : js_str_of(c->in, "Data");
    if (data.len > PAYLOAD_MOST) {
        aws_fail(c, 413, "PayloadTooLargeException", "the payload has more than %u bytes", PAYLOAD_MOST);
        return;
    }
    if (!find_connection(c)) return;
    aws_note(c, "sent %zu bytes to the WebSocket connection %.*s", data.len, SLICE_ARG(js_str_of(c->in, "ConnectionId")));
    aws_raw(c, 200, NULL, 0, SLICE(""));
}

static void get_connection(aws_call *c) {
    arena *a = c->arena;
    if (!find_connection(c)) return;
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
    if (!find_connection(c)) return;
    endpoint_connection(c->of, js_str_of(c->in, "ConnectionId"), false);
    aws_raw(c, 204, NULL, 0, SLICE(""));
}

static void whole(aws_call *c) {
    static const struct { const char *method, *operation; } methods[] = {
        { "POST", "PostToConnection" }, { "GET", "GetConnection" }, { "DELETE", "DeleteConnection" },
    };
    slice label[REST_MAX_LABELS], id = SLICE("");
    slice path = http_decode(c->arena, c->http->path, false);     /* `@` may come as %40, and ids end in `=` */
    if (rest_path(c->arena, path, "/@connections/{}", label)) id = label[0];
    else if (rest_path(c->arena, path, "/{}/@connections/{}", label)) id = label[1];
    for (size_t i = 0; id.len > 0 && i < COUNT(methods); i++)
        if (slice_is(c->http->method, methods[i].method)) {
            js_object in = { 0 };
            js_put(c->arena, &in, "ConnectionId", js_string(c->arena, id));
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
