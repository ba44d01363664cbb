/* What a failure means: a fault of the project (failed), or something that this machine, or an invented event, can't give (skipped). A
 * trigger that fails for want of what nobody gave would be a false alarm; a skipped one is never a passed one. */
#include "smoke/event/judge.h"
#include "smoke/flow/parts.h"
#include "smoke/host/code.h"

#define NOT_EMULATED "NOT SMOKE-TESTED: "

bool flow_failed(const outcome *o) { return o->kind != OUTCOME_RETURNED; }

static slice told(arena *a, const runnable *how, slice text) { return how == NULL ? text : code_told(a, how, text); }

/* One line of a message that has several: the rest stands in the story. Node puts the place before what is wrong with it. */
static slice in_a_line(arena *a, const outcome *o, const runnable *how) {
    slice text = slice_trim(o->error_message), first = slice_from_to(text, 0, slice_find(text, '\n')), line = first;
    if (first.len == text.len) return told(a, how, text);
    if (slice_is(o->error_type, "Runtime.UserCodeSyntaxError")) {
        slice rest = text, next;
        while (slice_cut(&rest, '\n', &next))
            if (slice_find_slice(next, SLICE("Error: ")) != (size_t)-1) line = next;
        if (line.at != first.at) line = arena_printf(a, "%.*s (%.*s)", SLICE_ARG(slice_trim(line)), SLICE_ARG(first));
    }
    return told(a, how, line);
}

slice flow_failure(arena *a, const outcome *o, const runnable *how) {
    switch (o->kind) {
    case OUTCOME_RETURNED: return SLICE("");
    case OUTCOME_ERROR:
        if (o->error_message.len == 0) return o->error_type;
        return o->error_type.len == 0 ? in_a_line(a, o, how) : arena_printf(a, "%.*s: %.*s", SLICE_ARG(o->error_type), SLICE_ARG(in_a_line(a, o, how)));
    case OUTCOME_NOT_LOADED:
        if (how == NULL) return o->error_message;
        return arena_printf(a, "could not load handler %.*s: %.*s", SLICE_ARG(how->handler), SLICE_ARG(in_a_line(a, o, how)));
    case OUTCOME_TIMED_OUT: return how == NULL ? SLICE("timed out") : arena_printf(a, "timed out after %u s", how->timeout_s);
    case OUTCOME_EXITED: return arena_printf(a, "its process ended without an answer: %.*s", SLICE_ARG(o->error_message));
    case OUTCOME_OUT_OF_MEMORY: return how == NULL ? SLICE("out of memory") : arena_printf(a, "out of memory: more than the %u MB of MemorySize", how->memory_mb);
    case OUTCOME_PAST_LIMIT:
    case OUTCOME_NOT_RUN: return o->error_message;
    }
    return SLICE("");
}

/* The call that is not emulated and that the handler did not survive; "" for none. */
slice flow_not_emulated(const firing *f) {
    for (size_t i = 0; i < f->notes.len; i++)
        if (slice_starts(f->notes.at[i], SLICE(NOT_EMULATED))) return slice_after(f->notes.at[i], strlen(NOT_EMULATED));
    return SLICE("");
}

/* Made-up content is whatever the service leaves to the sender: an item, a body, a message, the detail of an own event. A handler that looks
 * for a field there which nobody could know is no fault of the project. */
static bool free_content(const firing *f) {
    static const char *const services[] = { "sqs", "dynamodb", "kinesis", "sns", "events", "rest", "http", "websocket", "url", "alb", "iot", "pipes", "kafka", "mq",
                                            "appsync", "states", "scheduler", "s3" };
    for (size_t i = 0; f->edge != NULL && i < COUNT(services); i++)
        if (slice_is(f->edge->service, services[i])) return true;
    return false;
}

/* A variable that the function was not given: os.environ['X'], ENV.fetch('X'). No event could bring it. */
static bool of_the_environment(const outcome *o) {
    static const char *const frames[] = { "<frozen os>", "/os.py\"", "environ[", "ENV.fetch" };
    if (!slice_is(o->error_type, "KeyError") && !slice_is(o->error_type, "Function<KeyError>")) return false;
    for (size_t i = 0; i < COUNT(frames); i++)
        if (slice_find_slice(o->trace, slice_from(frames[i])) != (size_t)-1) return true;
    return false;
}

/* Errors of looking up what is not there, by language. */
static bool lookup_error(const outcome *o) {
    static const struct { const char *type, *part; } errors[] = {
        { "KeyError", "" },        { "IndexError", "" },     { "JSONDecodeError", "" },   { "TypeError", "of undefined" }, { "TypeError", "of null" },
        { "TypeError", "NoneType" }, { "AttributeError", "NoneType" }, { "SyntaxError", "JSON" }, { "NoMethodError", "nil" }, { "Function<KeyError>", "" },
        { "Function<NoMethodError>", "nil" }, { "Function<JSON::ParserError>", "" }, { "TypeError", "undefined" },
    };
    for (size_t i = 0; i < COUNT(errors); i++)
        if (slice_is(o->error_type, errors[i].type) && (errors[i].part[0] == '\0' || slice_find_slice(o->error_message, slice_from(errors[i].part)) != (size_t)-1))
            return true;
    /* Handlers that look by themselves say it in words. */
    static const char *const words[] = { "issing", "is required", "required field" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_find_slice(o->error_message, slice_from(words[i])) != (size_t)-1 && !slice_starts(o->error_message, SLICE("An error occurred"))) return true;
    return false;
}

/* What says that there is no network: the sandbox has none. */
static bool reaches_outside(const outcome *o) {
    static const char *const words[] = { "NameResolutionError", "ENOTFOUND", "EAI_AGAIN", "getaddrinfo", "Temporary failure in name resolution", "Name or service not known",
                                         "ENETUNREACH", "Network is unreachable", "Could not connect to the endpoint URL" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_find_slice(o->error_message, slice_from(words[i])) != (size_t)-1) return true;
    return false;
}

/* Errors that no value could have kept away: names that are not there, calls that do not fit. */
static bool of_the_code(const outcome *o) {
    static const struct { const char *type, *part; } errors[] = {
        { "NameError", "" }, { "UnboundLocalError", "" }, { "ReferenceError", "" }, { "NotImplementedError", "" }, { "TypeError", "positional argument" },
        { "TypeError", "keyword argument" }, { "TypeError", "is not a function" }, { "TypeError", "is not a constructor" }, { "AttributeError", "module " },
        { "Function<NameError>", "" }, { "Function<ArgumentError>", "wrong number of arguments" },
    };
    for (size_t i = 0; i < COUNT(errors); i++)
        if (slice_is(o->error_type, errors[i].type) && (errors[i].part[0] == '\0' || slice_find_slice(o->error_message, slice_from(errors[i].part)) != (size_t)-1))
            return true;
    return false;
}

/* A path below where the function mounts a file system. */
static bool on_a_mount(smoke *s, const firing *f, const outcome *o) {
    const resource *function = f->edge == NULL ? NULL : f->edge->to->resource;
    const doc_node *mounts = function == NULL ? NULL : world_json(s->world, resource_written(s->arena, function, SLICE("FileSystemConfigs")), function->exists, NULL);
    for (size_t i = 0; js_is(mounts, DOC_LIST) && i < mounts->list.len; i++) {
        slice path = js_str_of(mounts->list.at[i], "LocalMountPath");
        if (path.len > 0 && slice_find_slice(o->error_message, path) != (size_t)-1) return true;
    }
    return false;
}

/* A key of the event's own shape is there by contract: a handler that misses it reads the event wrongly. */
static bool of_the_shape(slice message) {
    static const char *const keys[] = { "Records", "body", "detail", "requestContext", "headers", "Sns", "dynamodb", "kinesis", "httpMethod", "pathParameters",
                                        "queryStringParameters", "rawPath", "eventName", "messageId", "records", "s3", "bucket", "object", "key", "name" };
    slice key = message;
    if (key.len >= 2 && (key.at[0] == '\'' || key.at[0] == '"')) key = slice_from_to(key, 1, key.len - 1);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (slice_is(key, keys[i])) return true;
    return false;
}

static slice first_line(slice text) { return slice_from_to(text, 0, slice_find(text, '\n')); }

/* Environment variables of the function whose values the templates do not say (parameters without a value, attributes that only a deployment
 * makes), separated by ", ". */
static slice open_variables(smoke *s, const firing *f) {
    const resource *function = f->edge == NULL ? NULL : f->edge->to->resource;
    buf out = { .arena = s->arena };
    const value *map = function == NULL ? &value_absent : value_under(resource_written(s->arena, function, SLICE("Environment.Variables")), function->exists);
    for (size_t i = 0; map->kind == VAL_MAP && i < map->map.len; i++) {
        bool open = false;
        world_text(s->world, map->map.at[i].value, function->exists, &open);
        if (!open) continue;
        if (out.bytes.len > 0) buf_text(&out, ", ");
        buf_slice(&out, map->map.at[i].key);
    }
    return buf_as_slice(&out);
}

/* Failed or skipped, by whose fault it is. */
void flow_say_failure(smoke *s, firing *f, const outcome *o, const runnable *how) {
    arena *a = s->arena;
    slice call = flow_not_emulated(f);
    if (f->status != FIRING_OPEN) return;
    if (how == NULL) {
        if (o->kind == OUTCOME_NOT_RUN) firing_skip(s, f, o->error_message);
        else firing_fail(s, f, flow_failure(a, o, how));
        return;
    }
    if (o->kind == OUTCOME_NOT_RUN && !how->broken) firing_skip(s, f, o->error_message);
    else if (o->kind == OUTCOME_NOT_LOADED && o->missing_module.len > 0 && code_is_dependency(how, o->missing_module))
        firing_skip(s, f, arena_printf(a, "handler imports %.*s, which is not installed here (--install does it)", SLICE_ARG(o->missing_module)));
    else if ((o->kind == OUTCOME_ERROR || o->kind == OUTCOME_NOT_LOADED) && call.len > 0) firing_skip(s, f, arena_printf(a, "needs what is not emulated: %.*s", SLICE_ARG(call)));
    else if (o->kind == OUTCOME_ERROR && f->made_up && free_content(f) && lookup_error(o) && !of_the_environment(o) && !of_the_shape(o->error_message))
        firing_skip(s, f, arena_printf(a, "the made-up event lacks what the handler looks for (%.*s): give it one in events/%.*s.json, or with --event",
                                       SLICE_ARG(first_line(flow_failure(a, o, how))), SLICE_ARG(f->via.len > 0 ? f->via : f->to)));
    else if ((o->kind == OUTCOME_ERROR || o->kind == OUTCOME_NOT_LOADED) && reaches_outside(o))
        firing_skip(s, f, arena_printf(a, "the handler reaches outside, where there is no network here: %.*s", SLICE_ARG(first_line(flow_failure(a, o, how)))));
    else if (o->kind == OUTCOME_ERROR && on_a_mount(s, f, o))
        firing_skip(s, f, arena_printf(a, "needs its file system (FileSystemConfigs), which is not here: %.*s", SLICE_ARG(first_line(flow_failure(a, o, how)))));
    else if (o->kind == OUTCOME_ERROR && !of_the_code(o) && open_variables(s, f).len > 0)
        firing_skip(s, f, arena_printf(a, "%.*s; its environment has no value here for %.*s (--parameter, --env-file)", SLICE_ARG(first_line(flow_failure(a, o, how))),
                                       SLICE_ARG(open_variables(s, f))));
    else firing_fail(s, f, flow_failure(a, o, how));
}

void flow_say_batch(smoke *s, firing *f, const edge *e, const outcome *o, const firing *enrichment) {
    arena *a = s->arena;
    if (f->status != FIRING_OPEN) return;
    if (enrichment == NULL) flow_say_failure(s, f, o, smoke_how(s, e->to->resource));
    else if (enrichment->status == FIRING_SKIPPED) firing_skip(s, f, arena_printf(a, "its enrichment was not run: %.*s", SLICE_ARG(enrichment->reason)));
    else firing_fail(s, f, arena_printf(a, "the enrichment failed: %.*s", SLICE_ARG(enrichment->reason)));
}

bool flow_judge(smoke *s, firing *f, const probe *p, const doc_node *event, const outcome *o) {
    slice why = SLICE(""), note = SLICE("");
    if (f->edge == NULL) return true;
    bool fine = judge_answer(s->arena, f->edge, p, event, o->payload, &why, &note);
    firing_note(s, f, note);
    if (!fine) firing_fail(s, f, why);
    return fine;
}
