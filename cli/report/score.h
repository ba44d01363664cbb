/* The three pillars as figures. Each is a share of nodes for which it is known; what is not known is in neither part. The definitions are
 * promised in sflint(1) and sflint-json(7). */
#ifndef SFLINT_REPORT_SCORE_H
#define SFLINT_REPORT_SCORE_H

#include "graph/graph.h"

typedef struct {
    size_t part, of;         /* of 0: nothing to score */
} share;

typedef struct {
    share event_driven;      /* nodes that do work (compute, container, instance, workflow) and that an event starts */
    share scales_itself;     /* nodes that scale by themselves */
    share bills_per_use;     /* nodes that cost nothing while nothing happens */
} score;

score score_of(const graph *g);

/* What a summary says of a graph. */
typedef struct {
    size_t nodes, nodes_inside;      /* with and without those outside the templates */
    size_t edges, triggers;
    score score;
} report_counts;

report_counts report_count(const graph *g);
void report_counts_add(report_counts *sum, const report_counts *more);

/* What is known about how a node is started: YES an event starts it, NO only a timer does or it runs all the time, UNKNOWN nothing in the
 * templates starts it. Only for nodes that do work. */
tri score_event_starts(const node *n);
bool score_does_work(const node *n);

#endif
