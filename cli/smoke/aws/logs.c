/* Amazon CloudWatch Logs: API reference. Events are checked and dropped. */
#include "smoke/aws/services.h"

#define GROUP        "AWS::Logs::LogGroup"
#define EVENTS_MOST  10000u
#define BYTES_MOST   1048576u    /* of a batch, 26 for each event (API reference, PutLogEvents) */
#define EVENT_BYTES  26u
#define STREAMS_MOST 10000u

/* Groups that handlers made, and streams ("GROUP\nSTREAM"). */
static strmap *made(aws_call *c) {
    void **slot = endpoint_slot(c->of, "logs");
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, strmap);
    return *slot;
}

static slice group_name(aws_call *c) {
    slice name = js_str_of(c->in, "logGroupName"), mark = SLICE(":log-group:");
    if (name.len == 0) name = js_str_of(c->in, "logGroupIdentifier");
    size_t at = slice_find_slice(name, mark);
    if (at == (size_t)-1) return name;
    name = slice_after(name, at + mark.len);
    return slice_from_to(name, 0, slice_find(name, ':'));
}

/* A group of the templates, of one of their functions, or made before. */
static bool has_group(aws_call *c, slice name, const resource **of) {
    slice head = SLICE("/aws/lambda/");
    *of = world_find(c->run->world, SLICE(GROUP), name, NULL);
    if (*of != NULL || strmap_has(made(c), name)) return true;
    return slice_starts(name, head) && world_find(c->run->world, SLICE("AWS::Lambda::Function"), slice_after(name, head.len), NULL) != NULL;
}

/* False: answered. */
static bool find_group(aws_call *c, const char *action, slice *name) {
    const resource *of;
    *name = group_name(c);
    if (name->len == 0) return aws_need(c, "logGroupName");
    if (!has_group(c, *name, &of)) {
        aws_fail(c, 400, "ResourceNotFoundException", "The specified log group does not exist.");
        return false;
    }
    return of != NULL ? aws_allowed(c, action, of) : aws_allowed_arn(c, action, aws_arn(c, "logs", arena_printf(c->arena, "log-group:%.*s:*", SLICE_ARG(*name))));
}

static slice stream_key(aws_call *c, slice group) {
    return arena_printf(c->run->arena, "%.*s\n%.*s", SLICE_ARG(group), SLICE_ARG(js_str_of(c->in, "logStreamName")));
}

static void make(aws_call *c, slice key, const char *what) {
    if (strmap_has(made(c), key)) {
        aws_fail(c, 400, "ResourceAlreadyExistsException", "The specified log %s already exists", what);
    } else if (made(c)->len >= STREAMS_MOST) {
        aws_fail(c, 400, "LimitExceededException", "sflint smoke keeps at most %u log groups and streams", STREAMS_MOST);
    } else {
        strmap_put(c->run->arena, made(c), arena_copy(c->run->arena, key), made(c));
        aws_ok(c, NULL);
    }
}

static void create_group(aws_call *c) {
    slice name = group_name(c);
    const resource *of;
    if (!aws_need(c, "logGroupName")) return;
    if (!aws_allowed_arn(c, "logs:CreateLogGroup", aws_arn(c, "logs", arena_printf(c->arena, "log-group:%.*s", SLICE_ARG(name))))) return;
    if (has_group(c, name, &of)) aws_fail(c, 400, "ResourceAlreadyExistsException", "The specified log group already exists");
    else make(c, name, "group");
}

static void create_stream(aws_call *c) {
    slice group;
    if (find_group(c, "logs:CreateLogStream", &group) && aws_need(c, "logStreamName")) make(c, stream_key(c, group), "stream");
}

static void put_events(aws_call *c) {
    slice group;
    size_t bytes = 0;
    const doc_node *events = js_get(c->in, "logEvents");
    if (!find_group(c, "logs:PutLogEvents", &group) || !aws_need(c, "logStreamName")) return;
    if (!strmap_has(made(c), stream_key(c, group))) {
        aws_fail(c, 400, "ResourceNotFoundException", "The specified log stream does not exist.");
        return;
    }
    if (!js_is(events, DOC_LIST) || events->list.len == 0 || events->list.len > EVENTS_MOST) {
        aws_fail(c, 400, "InvalidParameterException", "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and %u", EVENTS_MOST);
        return;
    }
    double last = 0;
    for (size_t i = 0; i < events->list.len; i++) {
        const doc_node *e = events->list.at[i], *at = js_get(e, "timestamp");
        if (js_str_of(e, "message").len == 0 || !js_is_number(at)) {
            aws_fail(c, 400, "InvalidParameterException", "Log event %zu needs a timestamp and a message.", i);
            return;
        }
        if (js_double_of(at) < last) {
            aws_fail(c, 400, "InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order.");
            return;
        }
        last = js_double_of(at);
        bytes += js_str_of(e, "message").len + EVENT_BYTES;
    }
    if (bytes > BYTES_MOST) {
        aws_fail(c, 400, "InvalidParameterException", "Upload too large: %zu bytes exceeds limit of %u", bytes, BYTES_MOST);
        return;
    }
    js_object o = { 0 };
    js_put(c->arena, &o, "nextSequenceToken", js_cstr(c->arena, "1"));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void describe_streams(aws_call *c) {
    arena *a = c->arena;
    slice group, prefix = js_str_of(c->in, "logStreamNamePrefix");
    if (!find_group(c, "logs:DescribeLogStreams", &group)) return;
    slice head = arena_printf(a, "%.*s\n", SLICE_ARG(group));
    js_list l = { 0 };
    js_object o = { 0 };
    for (size_t i = 0; i < made(c)->len; i++) {
        slice key = made(c)->at[i].key;
        if (!slice_starts(key, head) || !slice_starts(slice_after(key, head.len), prefix)) continue;
        js_object one = { 0 };
        js_put(a, &one, "logStreamName", js_string(a, slice_after(key, head.len)));
        js_put(a, &one, "uploadSequenceToken", js_cstr(a, "1"));
        js_push(a, &l, js_object_end(a, &one));
    }
    js_put(a, &o, "logStreams", js_list_end(a, &l));
    aws_ok(c, js_object_end(a, &o));
}

static void put_retention(aws_call *c) {
    slice group;
    if (find_group(c, "logs:PutRetentionPolicy", &group)) aws_ok(c, NULL);
}

static const aws_operation operations[] = {
    { .name = "CreateLogGroup", .run = create_group },
    { .name = "CreateLogStream", .run = create_stream },
    { .name = "PutLogEvents", .run = put_events },
    { .name = "DescribeLogStreams", .run = describe_streams },
    { .name = "PutRetentionPolicy", .run = put_retention },
    { .name = NULL }
};

const aws_service logs_service = {
    .name = "logs", .target = "Logs_20140328", .operations = operations, .error_namespace = "com.amazonaws.logs", .small_members = true,
};
