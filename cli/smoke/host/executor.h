/* Runs the functions: one warm process a function in its sandbox, one invocation at a time each (more wait in line), different functions
 * side by side, through a real Lambda Runtime API (Lambda developer guide, "Using the Lambda runtime API"): AWS's own runtime interface
 * clients work against it unchanged.
 *
 * Time: the Timeout counts from handing the event. A process has 10 s to load before its first invocation; one that could not load then
 * loads once more within that invocation, with the function's Timeout (Lambda developer guide, "Lambda execution environment", init phase) -
 * but not when the reason can't have changed (no such module, no such handler, a syntax error). */
#ifndef SFLINT_SMOKE_HOST_EXECUTOR_H
#define SFLINT_SMOKE_HOST_EXECUTOR_H

#include "smoke/host/http.h"
#include "smoke/host/outcome.h"
#include "smoke/host/runnable.h"
#include "smoke/host/sandbox.h"

/* What an outcome keeps of an invocation's output, and how much of it there may be. */
#define EXECUTOR_LOG_BYTES   ((size_t)16 * 1024)
#define EXECUTOR_OUTPUT_MOST ((uint64_t)64 * 1024 * 1024)

typedef struct executor executor;
typedef struct executor_function executor_function;

typedef struct {
    slice payload;                   /* JSON text */
    slice arn;                       /* as invoked: with :alias or :version; "" = the function's */
    slice request_id;                /* UUID; the same for all attempts of one asynchronous event */
    slice client_context, identity;  /* JSON or "" */
} executor_call;

executor *executor_new(arena *a, loop *l, http_server *s, sandbox *box);
/* Starts the process at once, so that functions load side by side. f->cannot: nothing is started, every invocation is OUTCOME_NOT_RUN. */
executor_function *executor_add(executor *x, const runnable *f);
const runnable *executor_runnable(const executor_function *f);
/* `done` is called from the loop, never from inside executor_invoke; the outcome's slices live as long as the executor's arena. After a timeout,
 * an exit or a kill the next invocation gets a new process. An invocation of a function that is busy waits in line. */
void executor_invoke(executor *x, executor_function *f, const executor_call *i, outcome_fn done, void *self);
/* Invocations asked for and not answered. */
size_t executor_pending(const executor *x);
static inline bool executor_idle(const executor *x) { return executor_pending(x) == 0; }
bool executor_busy(const executor_function *f);
/* Kills everything; no process, no file is left behind. Also when invocations are pending (their `done` is not called). */
void executor_end(executor *x);

/* For --timing: microseconds from start to the first `next` of the function; 0 when it never came. */
int64_t executor_start_us(const executor_function *f);

#endif
