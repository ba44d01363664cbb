/* What an expression of the language sees while one state runs, and how it fails. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_DATA_H
#define SFLINT_SMOKE_ASL_DATA_H

#include "base/strmap.h"
#include "smoke/asl/machine.h"

#define ASL_PATH_RESULTS   100000u      /* values that one path selects */

/* Variables of one block of states; branches and items read those of the blocks around them. */
typedef struct asl_scope asl_scope;
struct asl_scope {
    const asl_scope *outer;
    strmap values;                      /* name -> const doc_node */
};
const doc_node *asl_scope_get(const asl_scope *s, slice name);     /* NULL: not set */

typedef struct {
    arena *arena;
    const asl_host *host;
    uint64_t random;                    /* state of the fixed sequence, when the host has none */
    size_t steps_left;
    const doc_node *sized;              /* last value found to be small enough: states often pass on what they got */
} asl_machinery;                        /* one an execution */

typedef struct {
    arena *arena;
    asl_machinery *machinery;
    const doc_node *input, *context;    /* `$` and `$$`; JSONata: $states.input, $states.context */
    const doc_node *result, *error_output;    /* JSONata: $states.result, $states.errorOutput; NULL where there is none */
    const asl_scope *scope;
    slice error, cause;                 /* the first failure; error.at NULL: none */
} asl_data;

/* Notes a failure (the first one stays); gives NULL. */
const doc_node *asl_fail(asl_data *d, slice error, const char *format, ...) __attribute__((format(printf, 3, 4)));
static inline bool asl_failed(const asl_data *d) { return d->error.at != NULL; }
/* Takes steps from the execution's budget; false after a failure when it is used up. */
bool asl_spend(asl_data *d, size_t steps);

double asl_random(asl_machinery *m);
void asl_uuid(asl_machinery *m, char out[37]);
int64_t asl_now(const asl_machinery *m);

/* A piece of data for a message: cut where it gets long. */
slice asl_shown(arena *a, const doc_node *n);

/* Bytes of the JSON text, or most + 1 when there are more or it is nested deeper than ASL_PAYLOAD_DEPTH (*deep, may be NULL). Stops early,
 * so data that shares its parts many times over costs no more than `most`. */
size_t asl_size(const doc_node *n, size_t most, bool *deep);
/* False after States.DataLimitExceeded. */
bool asl_size_check(asl_data *d, const doc_node *n, const char *what);

extern const slice asl_error_runtime, asl_error_parameter_path, asl_error_intrinsic, asl_error_query, asl_error_limit, asl_error_result_path,
    asl_error_no_choice, asl_error_all, asl_error_task_failed, asl_error_timeout, asl_error_heartbeat, asl_error_threshold, asl_error_reader,
    asl_error_writer, asl_error_branch;

#endif
