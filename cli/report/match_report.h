/* `sflint match`: which triggers an event fires. */
#ifndef SFLINT_REPORT_MATCH_REPORT_H
#define SFLINT_REPORT_MATCH_REPORT_H

#include "report/report.h"
#include "service/match.h"

typedef struct {
    const report *base;
    slice event;                   /* in words: "an SQS message"; "" when it could not be read */
    const match_result *results;
    size_t len;
} match_report;

void report_match_text(buf *out, const match_report *r);
void report_match_json(buf *out, const match_report *r);

#endif
