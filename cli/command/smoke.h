/* What smoke and event share: templates -> triggers -> probes. */
#ifndef SFLINT_COMMAND_SMOKE_H
#define SFLINT_COMMAND_SMOKE_H

#include "command/run.h"
#include "report/smoke_report.h"

typedef struct {
    run run;
    int64_t now_s;
    world *world;                    /* NULL: no template could be read */
    maker maker;
    const edge *const *triggers;
    size_t triggers_len;
    VEC(const probe *) probes;
} smoke_plan;

/* Reads the templates. False after a line about bad usage. */
bool smoke_start(smoke_plan *p, invocation *in);
/* The triggers that are asked for ("only" empty: all). False after a line about a name that no trigger has. */
bool smoke_choose(smoke_plan *p, const texts *only);
/* Their probes: from the files of --event, from events/ beside the template, else made up. False: said, or in run.errors. */
bool smoke_probes(smoke_plan *p, const texts *events);

/* Runs them (command/smoke_fire.c): STATUS_OK, STATUS_FINDINGS when one failed, STATUS_BAD after a line about why nothing was run. */
int smoke_fire(smoke_plan *p, const report *base, smoke_report *out);

#endif
