/* The Lambda Runtime API of one process of a function, on a port of its own (Lambda developer guide, "Using the Lambda runtime API for custom
 * runtimes"): next, response, error, init/error. What it answers to whom, and when; the process and the time are the executor's. */
#ifndef SFLINT_SMOKE_HOST_RUNTIME_API_H
#define SFLINT_SMOKE_HOST_RUNTIME_API_H

#include "smoke/host/http.h"

/* Lambda quotas: 6 MB for a buffered response, and a little for its envelope. */
#define RUNTIME_MAX_RESPONSE 6291556u

typedef struct runtime_api runtime_api;

typedef struct {
    slice request_id;                /* at most 64 characters */
    slice arn, trace_id;
    slice client_context, identity;  /* "" = no such header */
    int64_t deadline_ms;             /* since 1970 */
    slice payload;
} runtime_event;

/* Slices live as long as the call. */
typedef struct {
    slice body;
    bool failed;                     /* a POST to /error, or a stream that ended with an error in its trailers */
    slice error_type;                /* of the header or trailer; "" */
    bool streamed, too_large;
    size_t size;                     /* too_large: of the body; 0 when it was not counted */
} runtime_answer;

/* What the process does. A call that the API refuses is told as one sentence (`odd`) and has no other effect. */
typedef struct {
    void (*ready)(void *self);       /* a `next` waits: runtime_api_give may be called, also in here */
    void (*answered)(void *self, const runtime_answer *a);
    void (*not_loaded)(void *self, const runtime_answer *a);
    void (*odd)(void *self, slice sentence);
} runtime_calls;

/* NULL when no port can be had. */
runtime_api *runtime_api_open(arena *a, http_server *s, const runtime_calls *calls, void *self);
unsigned runtime_api_port(const runtime_api *api);
/* Hands the event to the `next` that waits; false when none does. */
bool runtime_api_give(runtime_api *api, const runtime_event *e);
/* The port is closed, whatever the process still wants to say. */
void runtime_api_close(runtime_api *api);

#endif
