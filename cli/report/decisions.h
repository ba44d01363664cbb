/* The register of decisions: what a project allows itself, why, who answers for it, and until when. */
#ifndef SFLINT_REPORT_DECISIONS_H
#define SFLINT_REPORT_DECISIONS_H

#include "lint/waiver.h"
#include "report/report.h"

/* A waiver and what it allows. */
typedef struct {
    const waiver *waiver;
    waiver_kind kind;
    bool guessed;
    bool ended;                    /* on the run's day it allows nothing any more */
    const finding *const *allows;
    size_t allows_len;
} decision;

typedef struct {
    const decision *decisions;     /* by kind, then by last day (none last), then by place */
    size_t decisions_len;
    const finding *const *open;    /* not serverless, and nobody said why */
    size_t open_len;
    sources *sources;
    const diags *errors;
    size_t files;                  /* templates read */
    slice until;                   /* --within: the last day that is looked at; "" = all */
    bool color;
} decisions_report;

/* Takes the register from a result: what allows something, and what has ended by config->now_s. `configured`: the waivers of configuration
 * files; out->sources is there already. `within_s`: only what has ended or ends before it; INT64_MAX = everything. */
void decisions_make(arena *a, const lint_result *found, const waiver *const *configured, size_t configured_len, const lint_config *config,
                    int64_t within_s, decisions_report *out);

void report_decisions_text(buf *out, const decisions_report *r);
void report_decisions_markdown(buf *out, const decisions_report *r);
void report_decisions_json(buf *out, const decisions_report *r);

#endif
