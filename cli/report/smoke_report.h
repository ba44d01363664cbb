/* `sflint smoke` and `sflint event`: what was fired, what came of it. */
#ifndef SFLINT_REPORT_SMOKE_REPORT_H
#define SFLINT_REPORT_SMOKE_REPORT_H

#include "report/report.h"
#include "smoke/event/happening.h"

/* A trigger with all its probes: passed when every one did what it should. */
typedef struct {
    const edge *edge;
    slice via;                       /* the name under which it was declared; "" */
    firing *const *at;               /* its probes, in order */
    size_t len;
    const firing *shown;             /* the probe that tells most: the first that failed, else was skipped, else arrived */
    firing_status status;
    size_t arrived, refused;         /* probes of each kind that did what they should */
} smoke_trigger;

typedef struct {
    const report *base;
    const smoke_trigger *triggers;
    size_t len, passed, failed, skipped;
    size_t failed_then;              /* failures in what followed from probes that did not fail, over edges that are no failed triggers; each edge once */
    slice lacks;                     /* what the sandbox has not, one line; "" */
    slice stopped;                   /* why the run was stopped before its end; "" */
    bool timing;
    int64_t own_us, all_us;          /* sflint's own time; the whole run's */
} smoke_report;

/* Groups a run's firings by their trigger. */
smoke_report smoke_report_of(arena *a, const report *base, smoke *s);

void report_smoke_text(buf *out, const smoke_report *r);
void report_smoke_json(buf *out, const smoke_report *r);
void report_smoke_junit(buf *out, const smoke_report *r);

/* --plan: the probes, nothing run. */
typedef struct {
    const probe *probe;
    slice via;
    const doc_node *event;           /* as z would get it; NULL: none */
} planned;
void report_plan_text(buf *out, const report *base, const planned *at, size_t len);
void report_plan_json(buf *out, const report *base, const planned *at, size_t len);

/* JSON for people: indented by two. */
void report_pretty_json(buf *out, const doc_node *n);

slice firing_status_name(firing_status s);

#endif
