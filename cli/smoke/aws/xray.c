/* AWS X-Ray: API reference. Traces are checked and dropped. */
#include "smoke/aws/services.h"

#include "smoke/aws/protocol.h"

static void put_segments(aws_call *c) {
    arena *a = c->arena;
    const doc_node *documents = js_get(c->in, "TraceSegmentDocuments");
    js_list bad = { 0 };
    js_object o = { 0 };
    if (!js_is(documents, DOC_LIST)) {
        aws_fail(c, 400, "InvalidRequestException", "TraceSegmentDocuments is required");
        return;
    }
    for (size_t i = 0; i < documents->list.len; i++)
        if (!js_is(js_read(a, js_str(documents->list.at[i])), DOC_MAP)) {
            js_object one = { 0 };
            js_put(a, &one, "ErrorCode", js_cstr(a, "ParseError"));
            js_put(a, &one, "Message", js_cstr(a, "the segment document is no JSON object"));
            js_push(a, &bad, js_object_end(a, &one));
        }
    js_put(a, &o, "UnprocessedTraceSegments", js_list_end(a, &bad));
    aws_ok(c, js_object_end(a, &o));
}

static void sampling_rules(aws_call *c) {
    js_object o = { 0 };
    js_put(c->arena, &o, "SamplingRuleRecords", js_empty_list());
    aws_ok(c, js_object_end(c->arena, &o));
}

static void sampling_targets(aws_call *c) {
    js_object o = { 0 };
    js_put(c->arena, &o, "SamplingTargetDocuments", js_empty_list());
    js_put(c->arena, &o, "UnprocessedStatistics", js_empty_list());
    aws_ok(c, js_object_end(c->arena, &o));
}

static void whole(aws_call *c) {
    static const struct { const char *path, *operation; } posts[] = {
        { "/TraceSegments", "PutTraceSegments" }, { "/GetSamplingRules", "GetSamplingRules" }, { "/SamplingTargets", "GetSamplingTargets" },
    };
    slice label[REST_MAX_LABELS];
    for (size_t i = 0; i < COUNT(posts); i++) {
        if (!slice_is(c->http->method, "POST") || !rest_path(c->arena, c->http->path, posts[i].path, label)) continue;
        const doc_node *in = json_members(c->arena, c->http->body);
        if (in == NULL) aws_fail(c, 400, "InvalidRequestException", "the body is not a JSON object");
        else aws_dispatch(c, slice_from(posts[i].operation), in);
        return;
    }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations[] = {
    { .name = "PutTraceSegments", .run = put_segments },
    { .name = "GetSamplingRules", .run = sampling_rules },
    { .name = "GetSamplingTargets", .run = sampling_targets },
    { .name = NULL }
};

const aws_service xray_service = { .name = "xray", .operations = operations, .whole = whole };
