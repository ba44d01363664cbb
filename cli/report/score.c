#include "report/score.h"

bool score_does_work(const node *n) {
    return !n->external && (n->role == ROLE_COMPUTE || n->role == ROLE_CONTAINER || n->role == ROLE_INSTANCE || n->role == ROLE_WORKFLOW);
}

tri score_event_starts(const node *n) {
    bool timer = false, perhaps = false;
    for (size_t i = 0; i < n->in_len; i++) {
        const edge *e = n->in[i];
        if (!e->trigger || e->enabled == NO) continue;
        if (e->kind == EDGE_SCHEDULE) timer = true;
        else if (e->enabled == UNKNOWN) perhaps = true;
        else return YES;
    }
    if (perhaps) return UNKNOWN;
    if (timer) return NO;
    /* Started by nothing that is seen: a function may be called from elsewhere, an instance or a container runs all the time. */
    return n->role == ROLE_INSTANCE || n->role == ROLE_CONTAINER ? NO : UNKNOWN;
}

static void count(share *s, bool yes) {
    s->of++;
    if (yes) s->part++;
}

static bool known(slice fact) { return fact.len > 0 && !slice_is(fact, "unknown") && !slice_is(fact, "-"); }

score score_of(const graph *g) {
    score s = { 0 };
    for (size_t i = 0; i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        if (n->external) continue;
        if (score_does_work(n)) {
            tri starts = score_event_starts(n);
            if (starts != UNKNOWN) count(&s.event_driven, starts == YES);
        }
        if (known(n->class.scales)) count(&s.scales_itself, slice_starts(n->class.scales, SLICE("self")));
        if (known(n->class.bills))
            count(&s.bills_per_use, slice_starts(n->class.bills, SLICE("per-use")) || slice_is(n->class.bills, "free"));
    }
    return s;
}

report_counts report_count(const graph *g) {
    report_counts c = { .nodes = g->nodes.len, .edges = g->edges.len, .score = score_of(g) };
    for (size_t i = 0; i < g->nodes.len; i++) c.nodes_inside += !g->nodes.at[i]->external;
    for (size_t i = 0; i < g->edges.len; i++) c.triggers += g->edges.at[i]->trigger;
    return c;
}

static void add_share(share *sum, share more) {
    sum->part += more.part;
    sum->of += more.of;
}

void report_counts_add(report_counts *sum, const report_counts *more) {
    sum->nodes += more->nodes;
    sum->nodes_inside += more->nodes_inside;
    sum->edges += more->edges;
    sum->triggers += more->triggers;
    add_share(&sum->score.event_driven, more->score.event_driven);
    add_share(&sum->score.scales_itself, more->score.scales_itself);
    add_share(&sum->score.bills_per_use, more->score.bills_per_use);
}
