/* What check and decisions share: rules, configuration and templates -> findings, with what is waived. */
#ifndef SFLINT_COMMAND_FINDINGS_H
#define SFLINT_COMMAND_FINDINGS_H

#include "command/run.h"

typedef struct {
    lint_config config;            /* now_s, unknown and fingerprints are set by the caller */
    const lint_rules *rules;       /* for what there is to say about a finding's rule */
    lint_result found;             /* in order; of all templates */
    report_counts counts;
} findings;

/* Judges the inputs of a run that run_start has begun. `partly`: not all that lies in the named folders is judged. Templates are in r->set
 * afterwards, errors in r->errors. False after a line about a wrong --disable or --enable. */
bool findings_judge(findings *f, run *r, bool partly);

#endif
