/* What came of one invocation of a function. */
#ifndef SFLINT_SMOKE_HOST_OUTCOME_H
#define SFLINT_SMOKE_HOST_OUTCOME_H

#include <stdint.h>

#include "base/slice.h"

typedef enum {
    OUTCOME_RETURNED,
    OUTCOME_ERROR,           /* the handler raised an error */
    OUTCOME_NOT_LOADED,      /* the handler's file could not be loaded (init error); error_type is Runtime.ImportModuleError, ... */
    OUTCOME_TIMED_OUT,
    OUTCOME_EXITED,          /* the process ended without an answer */
    OUTCOME_OUT_OF_MEMORY,
    OUTCOME_PAST_LIMIT,      /* too many processes, too much written to /tmp or to its output: error_message says which */
    OUTCOME_NOT_RUN          /* runnable.cannot, or the sandbox could not be made: error_message says why */
} outcome_kind;

typedef struct {
    outcome_kind kind;
    slice payload;           /* what the caller gets: the result, or {"errorMessage", "errorType", "stackTrace"}; JSON text as the handler gave it */
    slice error_type, error_message;
    slice trace;             /* the handler's own stack trace, in lines; "" when there is none */
    slice missing_module;    /* OUTCOME_NOT_LOADED: the module that is not installed; "" otherwise */
    slice log;               /* the last of what it wrote to stdout and stderr during this invocation */
    int64_t duration_us;     /* of the handler: from handing it the event to its answer */
    bool streamed;           /* answered as a stream; payload holds the whole body (with the 8 NUL bytes behind the head) */
} outcome;

typedef void (*outcome_fn)(void *self, const outcome *o);

#endif
