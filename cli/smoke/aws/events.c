/* Amazon EventBridge: API reference, PutEvents. */
#include "smoke/aws/services.h"

#include "smoke/event/make.h"

#define ENTRIES_MOST 10u
#define BYTES_MOST   1048576u    /* of all entries (user guide, "Calculating PutEvents event entry size"; 1 MB) */

typedef struct {
    const char *code;            /* NULL: nothing is wrong */
    slice message;
    const resource *bus;         /* NULL: the default bus */
    const doc_node *detail;
} entry;

static slice bus_arn(aws_call *c, const entry *e) {
    return e->bus != NULL ? world_arn(c->run->world, e->bus) : aws_arn(c, "events", SLICE("event-bus/default"));
}

static bool find_bus(aws_call *c, slice name, entry *e) {
    if (name.len == 0 || slice_is(name, "default") || slice_eq(name, aws_arn(c, "events", SLICE("event-bus/default")))) return true;
    e->bus = world_find(c->run->world, SLICE("AWS::Events::EventBus"), name, NULL);
    return e->bus != NULL;
}

static entry wrong(entry e, const char *code, slice message) {
    e.code = code;
    e.message = message;
    return e;
}

static entry read_entry(aws_call *c, const doc_node *in) {
    static const char *const required[] = { "Source", "DetailType", "Detail" };
    arena *a = c->arena;
    entry e = { .code = NULL };
    if (!find_bus(c, js_str_of(in, "EventBusName"), &e))
        return wrong(e, "ResourceNotFoundException", arena_printf(a, "Event bus %.*s does not exist.", SLICE_ARG(js_str_of(in, "EventBusName"))));
    for (size_t i = 0; i < COUNT(required); i++)
        if (js_str_of(in, required[i]).len == 0)
            return wrong(e, "InvalidArgument", arena_printf(a, "Parameter %s is not valid. Reason: %s is a required argument.", required[i], required[i]));
    if (slice_starts(js_str_of(in, "Source"), SLICE("aws."))) return wrong(e, "NotAuthorizedForSourceException", SLICE("Not authorized for the source."));
    e.detail = js_read(c->run->arena, arena_copy(c->run->arena, js_str_of(in, "Detail")));
    if (!js_is(e.detail, DOC_MAP)) return wrong(e, "MalformedDetail", SLICE("Detail is malformed."));
    return e;
}

static size_t entry_bytes(const doc_node *in) {
    size_t bytes = js_get(in, "Time") != NULL ? 14 : 0;
    const doc_node *resources = js_get(in, "Resources");
    bytes += js_str_of(in, "Source").len + js_str_of(in, "DetailType").len + js_str_of(in, "Detail").len;
    for (size_t i = 0; js_is(resources, DOC_LIST) && i < resources->list.len; i++) bytes += js_str(resources->list.at[i]).len;
    return bytes;
}

static slice put_entry(aws_call *c, const doc_node *in, const entry *e) {
    arena *a = c->run->arena;
    const doc_node *at = js_get(in, "Time"), *resources = js_get(in, "Resources");
    const doc_node *event = make_bus_event(&c->run->maker, a, arena_copy(a, js_str_of(in, "Source")), arena_copy(a, js_str_of(in, "DetailType")), e->detail,
                                           js_is(resources, DOC_LIST) ? js_copy(a, resources) : js_empty_list());
    double seconds = js_double_of(at);
    if (js_is_number(at) && seconds > 0 && seconds < 1e11) event = js_with(a, event, SLICE("time"), js_string(a, make_time(a, (int64_t)(seconds * 1000), false)));
    else if (js_is(at, DOC_STRING) && at->text.len > 0) event = js_with(a, event, SLICE("time"), js_string(a, arena_copy(a, at->text)));
    flow_put_event(c->run, e->bus, event, c->cause);
    return js_str_of(event, "id");
}

static void put_events(aws_call *c) {
    arena *a = c->arena;
    const doc_node *entries = js_get(c->in, "Entries");
    size_t n = js_is(entries, DOC_LIST) ? entries->list.len : 0, bytes = 0, bad = 0;
    if (js_str_of(c->in, "EndpointId").len > 0) {
        aws_not_built(c, SLICE("PutEvents with EndpointId"));
        return;
    }
    if (n == 0 || n > ENTRIES_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value '[%zu entries]' at 'entries' failed to satisfy constraint: Member must have length %s", n,
                 n == 0 ? "greater than or equal to 1" : "less than or equal to 10");
        return;
    }
    entry all[ENTRIES_MOST];
    for (size_t i = 0; i < n; i++) {
        bytes += entry_bytes(entries->list.at[i]);
        all[i] = read_entry(c, entries->list.at[i]);
    }
    if (bytes > BYTES_MOST) {
        aws_fail(c, 400, "ValidationException", "Total size of the entries in the request is over the limit.");
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (all[i].code == NULL && !(all[i].bus != NULL ? aws_allowed(c, "events:PutEvents", all[i].bus) : aws_allowed_arn(c, "events:PutEvents", bus_arn(c, &all[i])))) return;
    js_list results = { 0 };
    for (size_t i = 0; i < n; i++) {
        js_object o = { 0 };
        if (all[i].code == NULL) {
            js_put(a, &o, "EventId", js_string(a, put_entry(c, entries->list.at[i], &all[i])));
        } else {
            bad++;
            js_put(a, &o, "ErrorCode", js_cstr(a, all[i].code));
            js_put(a, &o, "ErrorMessage", js_string(a, all[i].message));
            /* The call as a whole succeeds: code that does not look at FailedEntryCount loses the event without a word. */
            aws_note(c, "PutEvents: entry %zu was refused (%s: %.*s) though the call succeeded", i, all[i].code, SLICE_ARG(all[i].message));
        }
        js_push(a, &results, js_object_end(a, &o));
    }
    js_object out = { 0 };
    js_put(a, &out, "FailedEntryCount", js_int(a, (long long)bad));
    js_put(a, &out, "Entries", js_list_end(a, &results));
    aws_ok(c, js_object_end(a, &out));
}

static const aws_operation operations[] = {
    { .name = "PutEvents", .run = put_events },
    { .name = NULL }
};

const aws_service events_service = {
    .name = "events", .target = "AWSEvents", .operations = operations, .error_namespace = "com.amazonaws.events",
};
