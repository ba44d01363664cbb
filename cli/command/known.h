/* --baseline and --write-baseline: what a project knows of already is left out of what is found. */
#ifndef SFLINT_COMMAND_KNOWN_H
#define SFLINT_COMMAND_KNOWN_H

#include "command/run.h"
#include "report/baseline.h"

typedef struct {
    const char *file;        /* NULL: no baseline */
    bool writes;
    slice folder;            /* the baseline's: absolute */
    baseline old;
} known;

/* Understands the options and reads the baseline, or sees that one may be written. False after a line about what is wrong. */
bool known_start(known *k, run *r);

/* Writes the baseline, or takes what it has out of *found and rep->fingerprints, and counts it in *rep. `all_read`: false when something could
 * not be read; a baseline is not written then. False after a line about what went wrong. */
bool known_take_out(const known *k, run *r, bool all_read, lint_result *found, report *rep);

#endif
