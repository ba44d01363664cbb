/* The builder's inside. Private to graph/. */
#ifndef SFLINT_GRAPH_BUILDER_H
#define SFLINT_GRAPH_BUILDER_H

#include "graph/build.h"
#include "graph/index.h"

/* What is needed to work out an edge's permission once all policies are known. */
typedef struct {
    edge *of;
    slice principal, action;
    const value *source_arn;     /* or NULL */
} grant;

typedef struct {
    node *of;
    slice name;
    const value *value;
} node_fact;

struct builder {
    arena *arena;
    const template *t;
    scope s;                     /* look-ups from this template */
    strmap outside;              /* id -> node; merged over the run by graph_build */
    strmap inferred;             /* from, to, kind, prefix -> edge: inferred edges are made once */
    VEC(edge *) edges;
    VEC(grant) grants;
    VEC(node_fact) node_facts;
    VEC(node *) visible;
    size_t scans;                /* comparisons of patterns with names that were made; see writes.c */
};

/* A map with one more entry. */
const value *map_with(arena *a, const value *map, pos at, slice name, const value *v);

void grants_judge(builder *b);                        /* grant.c: edge.permission of all edges of the builder */
void environment_visible(builder *b, const resource *r);  /* writes.c: what the variables of a function or task name is visible */

/* Does the resource still exist (its Condition may be known to be false)? */
bool resource_lives(const resource *r);

#endif
