/* What the caller of a function gets when it fails, in Lambda's words, and what the handler's own error says. Lambda developer guide, "Lambda
 * function errors in ..."; the texts are those of AWS's runtime interface emulator. */
#ifndef SFLINT_SMOKE_HOST_FAILURE_H
#define SFLINT_SMOKE_HOST_FAILURE_H

#include "smoke/host/outcome.h"
#include "smoke/host/runtime_api.h"

/* An error that was posted: its type, message and trace. The payload is the body as it came; without one it is made. */
void failure_posted(arena *a, outcome *o, const runtime_answer *posted);
/* The response was larger than Lambda takes; size 0: not known. */
void failure_too_large(arena *a, outcome *o, size_t size);
/* The process ended by itself, or by a signal. */
void failure_exited(arena *a, outcome *o, slice request_id, int status);
void failure_signaled(arena *a, outcome *o, slice request_id, int number);
void failure_timed_out(arena *a, outcome *o, slice request_id, unsigned timeout_s);
/* It was killed because it went past a limit: for the caller that is a signal, for us `why` is the message. */
void failure_past_limit(arena *a, outcome *o, outcome_kind kind, slice request_id, slice why);

/* "No module named 'x'" -> x; "" when the message says no such thing, or names a file of the project ("./x"). */
slice failure_missing_module(slice message);
/* A load error that comes again however often it is tried: the code is what it is. */
bool failure_is_final(slice error_type);

#endif
