/* What a rule says about a place in a template. */
#ifndef SFLINT_LINT_FINDING_H
#define SFLINT_LINT_FINDING_H

#include "base/pos.h"
#include "graph/graph.h"
#include "lint/severity.h"
#include "template/when.h"

/* A second place that belongs to the finding: the other end of an edge, the next resource of a cycle. */
typedef struct {
    pos at, end;
    slice message;             /* "the function Worker" */
} finding_related;

typedef struct finding {
    slice rule, name;          /* "SF117", "visibility-below-function-timeout" */
    slice title;               /* one sentence without a place */
    slice pillar;              /* "event-driven" */
    severity severity;
    slice message;             /* the whole sentence */
    slice fix;                 /* "" when the rule has none */
    slice resource;            /* id of the node or resource that it is about; "" for a template as a whole */
    const edge *edge;          /* NULL unless the rule looked at an edge */
    when when;                 /* WHEN_ALWAYS, or under which conditions of the template it holds */
    pos at, end;               /* what a person would edit; end is just behind the last character */
    const finding_related *related;
    size_t related_len;
    slice fingerprint;         /* lint/fingerprint.h; "" unless lint_config asks for it */
    uint32_t root;             /* file of the template that it is found in; of nested stacks, of the one at the top */
    const struct waiver *waiver;   /* lint/waiver.h: what allows it, or NULL. Set after lint_run */
} finding;

/* A rule that said nothing because something could not be known (--show-unknown). */
typedef struct {
    slice rule, name;
    slice resource;
    pos at;
    slice why;                 /* "parameter Wait has no default" */
} lint_unknown;

/* By file, line, column, rule, message. */
int finding_order(const finding *x, const finding *y);
/* By file, line, column, rule, resource, reason; of two lint_unknown, for qsort. */
int lint_unknown_order(const void *x, const void *y);

#endif
