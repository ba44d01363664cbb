/* What is looked up again and again during a run, made once before it: read only while rules run. */
#ifndef SFLINT_LINT_INDEX_H
#define SFLINT_LINT_INDEX_H

#include "graph/graph.h"

typedef struct {
    VEC(const resource *) list;
} lint_resources;

typedef struct {
    const graph *graph;
    strmap by_type;            /* type -> lint_resources, all templates, in order of files */
    strmap scaled;             /* DIMENSION + '\n' + resource id or literal ResourceId -> itself: a scalable target names it */
    strmap scaled_open;        /* DIMENSION -> itself: a scalable target of which it can't be said what it names */
    bool scaled_any_open;
} lint_index;

void lint_index_make(lint_index *out, arena *a, const graph *g);

/* Does a scalable target of this dimension name the resource? "" = of any dimension. */
tri lint_index_scaled(const lint_index *x, arena *a, const resource *r, slice dimension);

/* The template at the top of nested stacks. */
const template *lint_index_root(const template *t);

#endif
