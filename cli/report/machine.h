/* What the formats for other programs share. */
#ifndef SFLINT_REPORT_MACHINE_H
#define SFLINT_REPORT_MACHINE_H

#include "report/report.h"

/* The message on one line, with the conditions under which it holds: "... (when IsProd is false)". */
slice machine_message(arena *a, const report *r, const finding *f);
/* What to do, on one line; "" when the rule says nothing. */
slice machine_fix(arena *a, const report *r, const finding *f);

/* The file's path as other programs want it: without "./" in front; standard input is "stdin". */
slice machine_path(const report *r, uint32_t file);

/* Where a finding stands: lines and columns from 1, the end behind the last character and never before the begin. */
typedef struct {
    uint32_t line, column, end_line, end_column;
} machine_span;
machine_span machine_span_of(pos at, pos end);

/* Findings by severity, without those that are waived. */
void machine_count(const report *r, size_t counts[SEVERITY_COUNT]);

#endif
