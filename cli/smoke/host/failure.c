#include "smoke/host/failure.h"

#include <signal.h>

#include "base/buf.h"
#include "smoke/json.h"

#define TRACE_MOST ((size_t)64 * 1024)

static slice payload_of(arena *a, slice type, slice message) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    json_object(&j);
    json_key_text(&j, "errorType");
    json_string(&j, type);
    json_key_text(&j, "errorMessage");
    json_string(&j, message);
    json_object_end(&j);
    return buf_as_slice(&b);
}

static slice text_of(arena *a, const doc_node *n) { return n == NULL ? SLICE("") : js_is(n, DOC_STRING) ? js_str(n) : js_text(a, n); }

/* Lists of lines (Python, Node, Ruby, Java), of frames {"path", "line", "label"} (Go), or one text (.NET). */
static slice trace_of(arena *a, const doc_node *n) {
    buf b = { .arena = a };
    if (js_is(n, DOC_STRING)) buf_slice(&b, js_str(n));
    for (size_t i = 0; js_is(n, DOC_LIST) && i < n->list.len && b.bytes.len < TRACE_MOST; i++) {
        const doc_node *line = n->list.at[i];
        if (b.bytes.len > 0 && b.bytes.at[b.bytes.len - 1] != '\n') buf_char(&b, '\n');
        if (js_is(line, DOC_MAP))
            buf_printf(&b, "%.*s (%.*s:%lld)", SLICE_ARG(js_str_of(line, "label")), SLICE_ARG(js_str_of(line, "path")), js_int_of(line, "line", 0));
        else buf_slice(&b, text_of(a, line));
    }
    if (b.bytes.len > TRACE_MOST) b.bytes.len = TRACE_MOST;
    while (b.bytes.len > 0 && b.bytes.at[b.bytes.len - 1] == '\n') b.bytes.len--;
    return buf_as_slice(&b);
}

void failure_posted(arena *a, outcome *o, const runtime_answer *posted) {
    slice body = arena_copy(a, posted->body), header = arena_copy(a, posted->error_type);
    const doc_node *n = js_read(a, body);
    o->error_type = header;
    if (js_is(n, DOC_MAP)) {
        slice type = text_of(a, js_get(n, "errorType"));
        if (type.len > 0) o->error_type = type;
        o->error_message = text_of(a, js_get(n, "errorMessage"));
        const doc_node *trace = js_get(n, "stackTrace");
        o->trace = trace_of(a, trace != NULL ? trace : js_get(n, "trace"));
    } else {
        o->error_message = body;
    }
    if (o->error_type.len == 0) o->error_type = SLICE("Unhandled");
    o->payload = n != NULL ? body : payload_of(a, o->error_type, o->error_message);
    if (o->kind == OUTCOME_NOT_LOADED) o->missing_module = failure_missing_module(o->error_message);
}

void failure_too_large(arena *a, outcome *o, size_t size) {
    o->kind = OUTCOME_ERROR;
    o->error_type = SLICE("Function.ResponseSizeTooLarge");
    o->error_message = size > 0 ? arena_printf(a, "Response payload size (%zu bytes) exceeded maximum allowed payload size (%u bytes).", size, RUNTIME_MAX_RESPONSE)
                                : arena_printf(a, "Response payload size exceeded maximum allowed payload size (%u bytes).", RUNTIME_MAX_RESPONSE);
    o->payload = payload_of(a, o->error_type, o->error_message);
}

static void exit_error(arena *a, outcome *o, slice request_id, slice how) {
    slice text = arena_printf(a, "RequestId: %.*s Error: %.*s", SLICE_ARG(request_id), SLICE_ARG(how));
    o->error_type = SLICE("Runtime.ExitError");
    if (o->error_message.len == 0) o->error_message = how;
    o->payload = payload_of(a, o->error_type, text);
}

void failure_exited(arena *a, outcome *o, slice request_id, int status) {
    o->kind = OUTCOME_EXITED;
    exit_error(a, o, request_id, status == 0 ? SLICE("Runtime exited without providing a reason") : arena_printf(a, "Runtime exited with error: exit status %d", status));
}

/* The names are Go's: the service is written in it. */
static const struct { int number; const char *name; } signals[] = {
    { SIGHUP, "hangup" },          { SIGINT, "interrupt" },     { SIGQUIT, "quit" },
    { SIGILL, "illegal instruction" }, { SIGTRAP, "trace/breakpoint trap" }, { SIGABRT, "aborted" },
    { SIGBUS, "bus error" },       { SIGFPE, "floating point exception" }, { SIGKILL, "killed" },
    { SIGUSR1, "user defined signal 1" }, { SIGSEGV, "segmentation fault" }, { SIGUSR2, "user defined signal 2" },
    { SIGPIPE, "broken pipe" },    { SIGALRM, "alarm clock" },  { SIGTERM, "terminated" },
    { SIGXCPU, "CPU time limit exceeded" }, { SIGXFSZ, "file size limit exceeded" }, { SIGSYS, "bad system call" },
};

void failure_signaled(arena *a, outcome *o, slice request_id, int number) {
    o->kind = OUTCOME_EXITED;
    slice name = arena_printf(a, "signal %d", number);
    for (size_t i = 0; i < COUNT(signals); i++)
        if (signals[i].number == number) name = slice_from(signals[i].name);
    exit_error(a, o, request_id, arena_printf(a, "Runtime exited with error: signal: %.*s", SLICE_ARG(name)));
}

void failure_timed_out(arena *a, outcome *o, slice request_id, unsigned timeout_s) {
    o->kind = OUTCOME_TIMED_OUT;
    o->error_type = SLICE("Sandbox.Timedout");
    o->error_message = arena_printf(a, "Task timed out after %u.00 seconds", timeout_s);
    o->payload = payload_of(a, o->error_type, arena_printf(a, "RequestId: %.*s Error: %.*s", SLICE_ARG(request_id), SLICE_ARG(o->error_message)));
}

void failure_past_limit(arena *a, outcome *o, outcome_kind kind, slice request_id, slice why) {
    failure_signaled(a, o, request_id, SIGKILL);
    o->kind = kind;
    o->error_message = why;
}

/* What stands before the name, and what ends it. Python, Node (require, import), Ruby. */
static const struct { slice before; char end; } missing[] = {
    { SLICE_INIT("No module named '"), '\'' },
    { SLICE_INIT("Cannot find module '"), '\'' },
    { SLICE_INIT("Cannot find package '"), '\'' },
    { SLICE_INIT("cannot load such file -- "), '\n' },
};

slice failure_missing_module(slice message) {
    for (size_t i = 0; i < COUNT(missing); i++) {
        size_t at = slice_find_slice(message, missing[i].before);
        if (at == (size_t)-1) continue;
        slice name = slice_after(message, at + missing[i].before.len);
        name = slice_trim(slice_from_to(name, 0, slice_find(name, missing[i].end)));
        if (name.len > 0 && (name.at[0] == '.' || name.at[0] == '/')) return SLICE("");
        return name;
    }
    return SLICE("");
}

bool failure_is_final(slice error_type) {
    static const char *const types[] = { "Runtime.ImportModuleError",  "Runtime.HandlerNotFound",       "Runtime.UserCodeSyntaxError", "Runtime.MalformedHandlerName",
                                         "Runtime.BuiltInModuleConflict", "Runtime.InvalidEntrypoint", "Runtime.CallbackHandlerDeprecated" };
    for (size_t i = 0; i < COUNT(types); i++)
        if (slice_is(error_type, types[i])) return true;
    return false;
}
