/* AWS Lambda: API reference, Invoke. */
#include "smoke/aws/services.h"

#include "smoke/aws/protocol.h"
#include "base/digest.h"

#define SYNC_MOST    6291456u    /* bytes of a payload (developer guide, "Lambda quotas") */
#define ASYNC_MOST   1048576u
#define CONTEXT_MOST 3583u       /* bytes of the client context as sent (API reference, Invoke) */

/* Lambda's errors have their message under a capital letter. */
static void fail(aws_call *c, unsigned status, const char *code, slice message) {
    js_object o = { 0 };
    js_put(c->arena, &o, "Type", js_cstr(c->arena, "User"));
    js_put(c->arena, &o, "Message", js_string(c->arena, message));
    aws_fail_with(c, status, code, message, js_object_end(c->arena, &o));
}

static bool all_digits(slice s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9') return false;
    return s.len > 0;
}

static bool has_qualifier(aws_call *c, const resource *f, slice qualifier) {
    if (qualifier.len == 0 || slice_is(qualifier, "$LATEST")) return true;
    for (size_t i = 0; i < f->in->resources.len; i++) {
        const resource *r = f->in->resources.at[i];
        bool alias = slice_is(r->type, "AWS::Lambda::Alias");
        if (!alias && !(slice_is(r->type, "AWS::Lambda::Version") && all_digits(qualifier))) continue;
        if (alias && !slice_eq(world_text(c->run->world, resource_written(c->arena, r, SLICE("Name")), r->exists, NULL), qualifier)) continue;
        for (size_t k = 0; k < r->depends_len; k++)
            if (r->depends[k] == f) return true;
    }
    return false;
}

static bool find_function(aws_call *c) {
    slice qualifier = js_str_of(c->in, "Qualifier");
    c->named = js_str_of(c->in, "FunctionName");
    c->target = world_find(c->run->world, SLICE("AWS::Lambda::Function"), c->named, &c->qualifier);
    if (qualifier.len > 0) c->qualifier = qualifier;
    if (c->target != NULL && has_qualifier(c, c->target, c->qualifier)) return true;
    slice arn = slice_starts(c->named, SLICE("arn:")) ? c->named : aws_arn(c, "lambda", arena_printf(c->arena, "function:%.*s", SLICE_ARG(c->named)));
    if (c->target != NULL) arn = arena_printf(c->arena, "%.*s:%.*s", SLICE_ARG(world_arn(c->run->world, c->target)), SLICE_ARG(c->qualifier));
    aws_note(c, "Invoke on %.*s: the templates have no such function", SLICE_ARG(arn));
    fail(c, 404, "ResourceNotFoundException", arena_printf(c->arena, "Function not found: %.*s", SLICE_ARG(arn)));
    return false;
}

static void invoked(void *self, const flow_answer *from) {
    aws_call *c = self;
    arena *a = c->arena;
    if (c->http == NULL) {
        const doc_node *payload = js_read(a, from->payload);
        js_object o = { 0 };
        js_put(a, &o, "ExecutedVersion", js_cstr(a, "$LATEST"));
        js_put(a, &o, "StatusCode", js_int(a, 200));
        if (!from->ok) js_put(a, &o, "FunctionError", js_cstr(a, "Unhandled"));
        js_put(a, &o, "Payload", payload != NULL ? payload : js_string(a, from->payload));
        aws_ok(c, js_object_end(a, &o));
        return;
    }
    http_pair headers[4];
    size_t n = 0;
    headers[n++] = (http_pair){ SLICE("Content-Type"), SLICE("application/json") };
    headers[n++] = (http_pair){ SLICE("X-Amz-Executed-Version"), c->qualifier.len > 0 && all_digits(c->qualifier) ? c->qualifier : SLICE("$LATEST") };
    if (!from->ok) headers[n++] = (http_pair){ SLICE("X-Amz-Function-Error"), SLICE("Unhandled") };
    if (slice_is(js_str_of(c->in, "LogType"), "Tail"))
        headers[n++] = (http_pair){ SLICE("X-Amz-Log-Result"), base64_encode(a, SLICE("sflint smoke reports the log with the trigger\n")) };
    slice payload = from->payload;
    if (!from->ok && payload.len == 0) {
        js_object o = { 0 };
        js_put(a, &o, "errorMessage", js_string(a, from->cause));
        js_put(a, &o, "errorType", js_string(a, from->error));
        payload = js_text(a, js_object_end(a, &o));
    }
    aws_raw(c, 200, headers, n, payload);
}

/* The payload as text of the run's arena; false: answered. */
static bool payload_of(aws_call *c, bool later, slice *out) {
    const doc_node *given = js_get(c->in, "Payload");
    slice text = c->http != NULL ? c->http->body : given == NULL ? SLICE("{}") : js_is(given, DOC_STRING) && js_read(c->arena, given->text) != NULL ? given->text : js_text(c->arena, given);
    size_t most = later ? ASYNC_MOST : SYNC_MOST;
    if (slice_trim(text).len == 0) text = SLICE("{}");
    if (text.len > most) {
        fail(c, 413, "RequestTooLargeException", arena_printf(c->arena, "Request must be smaller than %zu bytes for the InvokeFunction operation", most));
        return false;
    }
    if (js_read(c->arena, text) == NULL) {
        fail(c, 400, "InvalidRequestContentException", SLICE("Could not parse request body into json: the payload is not valid JSON"));
        return false;
    }
    *out = arena_copy(c->run->arena, text);
    return true;
}

static void answer_status(aws_call *c, unsigned status, slice body) {
    if (c->http != NULL) {
        http_pair type = { SLICE("Content-Type"), SLICE("application/json") };
        aws_raw(c, status, &type, 1, body);
        return;
    }
    js_object o = { 0 };
    js_put(c->arena, &o, "StatusCode", js_int(c->arena, status));
    aws_ok(c, js_object_end(c->arena, &o));
}

/* A function has one process here: one that waits for the answer of another which waits for it would wait until its time is up. */
static bool waits_for_itself(aws_call *c) {
    const firing *busy = smoke_current(c->run, c->target);
    for (const firing *f = c->cause; busy != NULL && f != NULL; f = f->parent)
        if (f == busy) return true;
    return false;
}

static void invoke(aws_call *c) {
    slice type = js_str_of(c->in, "InvocationType"), payload;
    bool later = slice_is(type, "Event");
    if (type.len > 0 && !later && !slice_is(type, "RequestResponse") && !slice_is(type, "DryRun")) {
        fail(c, 400, "InvalidParameterValueException", arena_printf(c->arena, "Value '%.*s' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: "
                                                                              "[RequestResponse, Event, DryRun]", SLICE_ARG(type)));
        return;
    }
    if (js_str_of(c->in, "ClientContext").len > CONTEXT_MOST) {
        fail(c, 400, "InvalidRequestContentException", SLICE("Client context must be a valid Base64-encoded JSON object of at most 3,583 bytes."));
        return;
    }
    if (!find_function(c) || !aws_allowed(c, "lambda:InvokeFunction", c->target) || !payload_of(c, later, &payload)) return;
    slice qualifier = arena_copy(c->run->arena, c->qualifier);
    if (slice_is(type, "DryRun")) {
        answer_status(c, 204, SLICE(""));
    } else if (later) {
        flow_invoke(c->run, c->target, qualifier, payload, c->cause, NULL, NULL);
        answer_status(c, 202, SLICE(""));
    } else if (waits_for_itself(c)) {
        aws_not_built(c, arena_printf(c->arena, "Invoke on %.*s, which waits for this call itself", SLICE_ARG(c->target->id)));
    } else {
        flow_invoke(c->run, c->target, qualifier, payload, c->cause, invoked, c);
    }
}

static void invoke_async(aws_call *c) {
    slice payload;
    if (!find_function(c) || !aws_allowed(c, "lambda:InvokeFunction", c->target) || !payload_of(c, true, &payload)) return;
    flow_invoke(c->run, c->target, arena_copy(c->run->arena, c->qualifier), payload, c->cause, NULL, NULL);
    answer_status(c, 202, SLICE("{\"Status\":202}"));
}

static void whole(aws_call *c) {
    static const struct { const char *form, *operation; } posts[] = {
        { "/2015-03-31/functions/{}/invocations", "Invoke" },
        { "/2014-11-13/functions/{}/invoke-async", "InvokeAsync" },
        { "/2021-11-15/functions/{}/response-streaming-invocations", "InvokeWithResponseStream" },
    };
    static const struct { const char *header, *member; } headers[] = {
        { "X-Amz-Invocation-Type", "InvocationType" }, { "X-Amz-Log-Type", "LogType" }, { "X-Amz-Client-Context", "ClientContext" },
    };
    slice label[REST_MAX_LABELS], text;
    for (size_t i = 0; i < COUNT(posts); i++) {
        if (!slice_is(c->http->method, "POST") || !rest_path(c->arena, c->http->path, posts[i].form, label)) continue;
        js_object in = { 0 };
        js_put(c->arena, &in, "FunctionName", js_string(c->arena, label[0]));
        if (http_query(c->http, "Qualifier", &text)) js_put(c->arena, &in, "Qualifier", js_string(c->arena, text));
        for (size_t k = 0; k < COUNT(headers); k++)
            if ((text = http_header(c->http, headers[k].header)).len > 0) js_put(c->arena, &in, headers[k].member, js_string(c->arena, text));
        aws_dispatch(c, slice_from(posts[i].operation), js_object_end(c->arena, &in));
        return;
    }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations[] = {
    { .name = "Invoke", .run = invoke },
    { .name = "InvokeAsync", .run = invoke_async },
    { .name = NULL }
};

const aws_service lambda_service = { .name = "lambda", .operations = operations, .whole = whole };
