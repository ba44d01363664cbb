/* A baseline: the findings that a project had when it began to be judged. They are known; only what is new counts. */
#ifndef SFLINT_REPORT_BASELINE_H
#define SFLINT_REPORT_BASELINE_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/strmap.h"

/* One known finding. `file` is named from the folder in which the baseline lies, so that it does not matter where a run is started. */
typedef struct {
    slice file, rule, resource, message;
    slice fingerprint;             /* fingerprint.place */
} baseline_row;

typedef struct {
    baseline_row *at;
    size_t len;
} baseline;

/* A baseline's text (borrowed). False when it is none; d says where and why. */
bool baseline_read(arena *a, slice text, uint32_t file, diags *d, baseline *out);

/* Is this text a baseline, so that another may be written over it? A cheap look. */
bool baseline_looks_like_one(slice text);

/* The text of a baseline: JSON, a finding a line, in an order that lines moving in templates do not change. Sorts the rows. */
void baseline_write(buf *out, baseline b);

/* known[i] becomes true for each row of `found` that is in `old`. Of findings that share a fingerprint, those with the same message are
 * known first, then as many of the others as the baseline has left.
 * Gives how many rows of `old` in the files of `read` (keys) were not found any more. */
size_t baseline_match(arena *a, baseline old, baseline found, const strmap *read, bool *known);

#endif
