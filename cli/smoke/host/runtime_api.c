#include "smoke/host/runtime_api.h"

#include <stdio.h>

#include "base/digest.h"

#define BASE "/2018-06-01/runtime/"

typedef enum {
    API_LOADING,     /* before the first `next` */
    API_WAITING,     /* a `next` is held */
    API_RUNNING,     /* an event was given */
    API_ANSWERED,    /* it was answered; `next` may come */
    API_FAILED       /* init/error was told: nothing more is expected */
} api_state;

struct runtime_api {
    http_server *server;
    unsigned port;
    const runtime_calls *calls;
    void *self;
    api_state state;
    http_request *next;
    char id[64];                 /* of the last event given */
    size_t id_len;
};

static const http_pair json_type[] = { { SLICE_INIT("Content-Type"), SLICE_INIT("application/json") } };

static void odd(runtime_api *api, const http_request *r, const char *why) {
    slice path = r->path.len > 200 ? slice_from_to(r->path, 0, 200) : r->path;
    api->calls->odd(api->self, arena_printf(r->arena, "%.*s %.*s %s", SLICE_ARG(r->method), SLICE_ARG(path), why));
}

static void refuse(http_request *r, unsigned status, const char *type, const char *message) {
    http_answer(r, status, json_type, 1, arena_printf(r->arena, "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}", message, type));
}

static void accepted(http_request *r) { http_answer(r, 202, json_type, 1, SLICE("{\"status\":\"OK\"}\n")); }

static void wrong_state(runtime_api *api, http_request *r, const char *why) {
    odd(api, r, why);
    refuse(r, 403, "InvalidStateTransition", "Transition from this state is not allowed");
}

/* ---- next ---- */

/* Of two that wait the later one counts: its client has given up the first. */
static void on_next(runtime_api *api, http_request *r) {
    if (api->state == API_RUNNING || api->state == API_FAILED) {
        wrong_state(api, r, api->state == API_RUNNING ? "was called before the event was answered" : "was called after init/error");
        return;
    }
    if (api->next != NULL) http_drop(api->next);
    api->next = r;
    api->state = API_WAITING;
    api->calls->ready(api->self);
}

bool runtime_api_give(runtime_api *api, const runtime_event *e) {
    http_request *r = api->next;
    if (r == NULL) return false;
    api->next = NULL;
    if (r->client_gone) {
        http_drop(r);
        api->state = API_ANSWERED;
        return false;
    }
    api->state = API_RUNNING;
    api->id_len = e->request_id.len < sizeof api->id ? e->request_id.len : sizeof api->id;
    if (api->id_len > 0) memcpy(api->id, e->request_id.at, api->id_len);
    const http_pair all[] = {
        { SLICE("Content-Type"), SLICE("application/json") },
        { SLICE("Lambda-Runtime-Aws-Request-Id"), e->request_id },
        { SLICE("Lambda-Runtime-Deadline-Ms"), arena_printf(r->arena, "%lld", (long long)e->deadline_ms) },
        { SLICE("Lambda-Runtime-Invoked-Function-Arn"), e->arn },
        { SLICE("Lambda-Runtime-Trace-Id"), e->trace_id },
        { SLICE("Lambda-Runtime-Client-Context"), e->client_context },
        { SLICE("Lambda-Runtime-Cognito-Identity"), e->identity },
    };
    http_pair sent[COUNT(all)];
    size_t len = 0;
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i].value.len > 0) sent[len++] = all[i];
    http_answer(r, 200, sent, len, e->payload);
    return true;
}

/* ---- response, error ---- */

/* Is the event that `id` names the one that runs? Else the request is answered. */
static bool is_current(runtime_api *api, http_request *r, slice id) {
    if (!slice_eq(id, (slice){ api->id, api->id_len }) || id.len == 0) {
        odd(api, r, "names another event than the one that runs");
        refuse(r, 400, "InvalidRequestID", "Invalid request ID");
        return false;
    }
    if (api->state != API_RUNNING) {
        wrong_state(api, r, "came after the event had been answered");
        return false;
    }
    return true;
}

static void too_large(runtime_api *api, http_request *r, size_t size) {
    api->state = API_ANSWERED;
    if (r != NULL) refuse(r, 413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).");
    runtime_answer a = { .too_large = true, .failed = true, .size = size };
    api->calls->answered(api->self, &a);
}

static void on_response(runtime_api *api, http_request *r, slice id) {
    if (!is_current(api, r, id)) return;
    slice mode = http_header(r, "Lambda-Runtime-Function-Response-Mode");
    bool streamed = slice_same_letters(mode, SLICE("streaming"));
    if (mode.len > 0 && !streamed) {
        odd(api, r, "asks for a response mode that is not \"streaming\"");
        refuse(r, 400, "InvalidFunctionResponseMode", "Invalid function response mode");
        return;
    }
    if (!streamed && r->sent.len > RUNTIME_MAX_RESPONSE) {
        too_large(api, r, r->sent.len);
        return;
    }
    runtime_answer a = { .body = r->sent, .streamed = streamed };
    /* A stream that broke says so behind its end; the body of the error is base64 there. */
    slice type = http_trailer(r, "Lambda-Runtime-Function-Error-Type"), error;
    if (streamed && type.len > 0) {
        a.failed = true;
        a.error_type = type;
        a.body = base64_decode(r->arena, http_trailer(r, "Lambda-Runtime-Function-Error-Body"), &error) ? error : SLICE("");
    }
    api->state = API_ANSWERED;
    accepted(r);
    api->calls->answered(api->self, &a);
}

static void on_error(runtime_api *api, http_request *r, slice id) {
    if (!is_current(api, r, id)) return;
    if (r->sent.len > RUNTIME_MAX_RESPONSE) {
        too_large(api, r, r->sent.len);
        return;
    }
    api->state = API_ANSWERED;
    accepted(r);
    runtime_answer a = { .body = r->sent, .failed = true, .error_type = http_header(r, "Lambda-Runtime-Function-Error-Type") };
    api->calls->answered(api->self, &a);
}

static void on_init_error(runtime_api *api, http_request *r) {
    if (api->state != API_LOADING) {
        wrong_state(api, r, "came after the first `next`");
        return;
    }
    api->state = API_FAILED;
    accepted(r);
    slice body = r->sent.len > RUNTIME_MAX_RESPONSE ? slice_from_to(r->sent, 0, RUNTIME_MAX_RESPONSE) : r->sent;
    runtime_answer a = { .body = body, .failed = true, .error_type = http_header(r, "Lambda-Runtime-Function-Error-Type") };
    api->calls->not_loaded(api->self, &a);
}

/* ---- paths ---- */

/* "invocation/ID/what" -> ID and what. */
static bool of_invocation(slice path, slice *id, slice *what) {
    static const slice head = SLICE_INIT("invocation/");
    if (!slice_starts(path, head)) return false;
    *what = slice_after(path, head.len);
    return slice_cut(what, '/', id) && what->at != NULL;
}

static void on_request(void *self, http_request *r) {
    runtime_api *api = self;
    if (r->preface) {
        api->calls->odd(api->self, SLICE("HTTP/2 was spoken to the Runtime API, which knows HTTP/1.1 alone"));
        return;
    }
    if (slice_is(r->path, "/ping")) {
        http_answer(r, 200, NULL, 0, SLICE("pong"));
        return;
    }
    static const slice base = SLICE_INIT(BASE);
    slice path = slice_starts(r->path, base) ? slice_after(r->path, base.len) : SLICE(""), id, what;
    const char *method = "POST";
    if (slice_is(path, "invocation/next")) {
        method = "GET";
        if (slice_is(r->method, method)) {
            on_next(api, r);
            return;
        }
    } else if (slice_is(path, "init/error")) {
        if (slice_is(r->method, method)) {
            on_init_error(api, r);
            return;
        }
    } else if (of_invocation(path, &id, &what) && (slice_is(what, "response") || slice_is(what, "error"))) {
        if (slice_is(r->method, method)) {
            if (slice_is(what, "response")) on_response(api, r, id);
            else on_error(api, r, id);
            return;
        }
    } else {
        /* restore/next and restore/error too: SnapStart is not emulated */
        odd(api, r, "is no call of the Runtime API");
        http_answer(r, 404, NULL, 0, SLICE("404 page not found\n"));
        return;
    }
    odd(api, r, "has the wrong method");
    http_pair allow = { SLICE("Allow"), slice_from(method) };
    http_answer(r, 405, &allow, 1, SLICE(""));
}

static void on_lost(void *self, slice method, slice path, bool large) {
    runtime_api *api = self;
    static const slice base = SLICE_INIT(BASE);
    slice id, what;
    bool current = slice_starts(path, base) && of_invocation(slice_after(path, base.len), &id, &what) && slice_eq(id, (slice){ api->id, api->id_len });
    if (large && current && api->state == API_RUNNING) {
        too_large(api, NULL, 0);
        return;
    }
    char line[320];
    int len = snprintf(line, sizeof line, "%.*s %.*s %s", SLICE_ARG(method), (int)(path.len > 200 ? 200 : path.len), path.at == NULL ? "" : path.at,
                       large ? "has a body of more than 64 MiB" : "was cut off halfway");
    api->calls->odd(api->self, (slice){ line, len > 0 ? ((size_t)len < sizeof line ? (size_t)len : sizeof line - 1) : 0 });
}

runtime_api *runtime_api_open(arena *a, http_server *s, const runtime_calls *calls, void *self) {
    runtime_api *api = ARENA_NEW(a, runtime_api);
    *api = (runtime_api){ .server = s, .calls = calls, .self = self };
    api->port = http_listen(s, on_request, api);
    if (api->port == 0) return NULL;
    http_on_lost(s, api->port, on_lost);
    return api;
}

unsigned runtime_api_port(const runtime_api *api) { return api->port; }

void runtime_api_close(runtime_api *api) {
    if (api->port == 0) return;
    api->next = NULL;            /* dropped with the port */
    http_close_port(api->server, api->port);
    api->port = 0;
}
