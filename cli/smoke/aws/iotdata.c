/* AWS IoT data plane: API reference, Publish. */
#include "smoke/aws/services.h"

#include "smoke/aws/protocol.h"
#include "base/digest.h"

#define PAYLOAD_MOST 131072u     /* bytes (AWS IoT Core quotas: message size) */

static void publish(aws_call *c) {
    slice topic = js_str_of(c->in, "topic"), payload = js_str_of(c->in, "payload"), decoded;
    if (c->http != NULL) payload = c->http->body;
    else if (base64_decode(c->arena, payload, &decoded)) payload = decoded;
    if (payload.len > PAYLOAD_MOST) {
        aws_fail(c, 413, "RequestEntityTooLargeException", "The payload has more than %u bytes.", PAYLOAD_MOST);
        return;
    }
    if (slice_find(topic, '#') < topic.len || slice_find(topic, '+') < topic.len) {
        aws_fail(c, 400, "InvalidRequestException", "A topic to publish on has no wildcards.");
        return;
    }
    if (!aws_allowed_arn(c, "iot:Publish", aws_arn(c, "iot", arena_printf(c->arena, "topic/%.*s", SLICE_ARG(topic))))) return;
    aws_note(c, "published on the IoT topic %.*s: not followed", SLICE_ARG(topic));
    if (c->http != NULL) aws_raw(c, 200, NULL, 0, SLICE(""));
    else aws_ok(c, NULL);
}

static void whole(aws_call *c) {
    slice label[REST_MAX_LABELS];
    if (slice_is(c->http->method, "POST") && rest_path(c->arena, c->http->path, "/topics/{+}", label)) {
        js_object in = { 0 };
        js_put(c->arena, &in, "topic", js_string(c->arena, label[0]));
        aws_dispatch(c, SLICE("Publish"), js_object_end(c->arena, &in));
        return;
    }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations[] = {
    { .name = "Publish", .run = publish },
    { .name = NULL }
};

const aws_service iotdata_service = { .name = "iotdata", .operations = operations, .whole = whole, .small_members = true };
