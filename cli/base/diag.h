/* Errors of the input: unreadable files, bad syntax, broken limits. Each is one line with a place; the run goes on.
 * (What rules say are findings, lint/finding.h.) */
#ifndef SFLINT_BASE_DIAG_H
#define SFLINT_BASE_DIAG_H

#include "base/pos.h"
#include "base/vec.h"

typedef enum { DIAG_ERROR, DIAG_INFO } diag_level;   /* an error makes the exit status 2; an info does not */

typedef struct {
    diag_level level;
    pos at;
    slice message;   /* one sentence in the user's words: what is wrong and what to do */
} diag;

typedef struct {
    arena *arena;
    VEC(diag) list;
} diags;

/* Adds one line. `at.file` must be a file of the run. */
void diag_add(diags *d, pos at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_info(diags *d, pos at, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
