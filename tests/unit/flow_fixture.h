/* For tests of smoke/flow/: templates from text, functions that are answered here instead of by a process, and what came of it as lines
 *     FROM -> TO KIND STATUS [xATTEMPTS] [: REASON]
 *       note: ...
 * indented below what caused them. */
#ifndef SFLINT_TESTS_FLOW_FIXTURE_H
#define SFLINT_TESTS_FLOW_FIXTURE_H

#include "service_edges.h"
#include "smoke/aws/endpoint.h"
#include "smoke/event/plan.h"
#include "smoke/flow/parts.h"

typedef struct flows flows;

/* What a function answers. `text` begins with `!`: an error, "Type: message". NULL: it returns null. */
typedef const char *(*flow_handler)(flows *t, slice function, const doc_node *event);

struct flows {
    edges_of graph;
    world *world;
    smoke *run;
    flow_handler handler;
    size_t calls;
    char state[64];              /* the handler's own */
    runnable how;
};

typedef struct {
    flows *of;
    const resource *function;
    slice payload;
    outcome_fn done;
    void *done_self;
} flow_asked;

static void flow_answers(void *self) {
    flow_asked *k = self;
    flows *t = k->of;
    t->calls++;
    const char *text = t->handler == NULL ? NULL : t->handler(t, k->function->id, js_read(t->graph.arena, k->payload));
    outcome o = { .kind = OUTCOME_RETURNED, .payload = SLICE("null") };
    if (text != NULL && text[0] == '!') {
        slice all = slice_from(text + 1), type = slice_from_to(all, 0, slice_find(all, ':'));
        o = (outcome){ .kind = OUTCOME_ERROR, .error_type = type, .error_message = type.len < all.len ? slice_trim(slice_after(all, type.len + 1)) : SLICE("") };
        o.payload = arena_printf(t->graph.arena, "{\"errorType\":\"%.*s\",\"errorMessage\":\"%.*s\"}", SLICE_ARG(o.error_type), SLICE_ARG(o.error_message));
    } else if (text != NULL) {
        o.payload = slice_from(text);
    }
    k->done(k->done_self, &o);
}

static void flow_asks(void *self, const resource *function, const executor_call *i, outcome_fn done, void *done_self) {
    flows *t = self;
    flow_asked *k = ARENA_NEW(t->graph.arena, flow_asked);
    *k = (flow_asked){ t, function, arena_copy(t->graph.arena, i->payload), done, done_self };
    smoke_later(t->run, 0, flow_answers, k);
}

static const runnable *flow_how(void *self, const resource *function, unsigned number) {
    flows *t = self;
    (void)function;
    (void)number;
    return &t->how;
}

static inline void flows_start(flows *t, const char *yaml, flow_handler handler) {
    (void)edges_check;
    memset(t, 0, sizeof *t);
    t->graph = edges_read(yaml);
    t->handler = handler;
    t->how = (runnable){ .timeout_s = 3, .memory_mb = 128, .handler = SLICE_INIT("app.handler"), .runtime = SLICE_INIT("python3.12") };
    t->world = world_new(t->graph.arena, t->graph.graph, SLICE(""), SLICE(""));
    t->run = smoke_new(t->graph.arena, t->graph.graph, t->world, 1764066600000);       /* 2025-11-25T10:30:00Z */
    t->run->invoke = flow_asks;
    t->run->prepare = flow_how;
    t->run->invoke_self = t->run->prepare_self = t;
    t->run->endpoint = endpoint_new(t->run);
    t->run->flow = flow_new(t->run);
}

static inline const resource *flows_resource(const flows *t, const char *id) {
    const node *n = graph_node(t->graph.graph, slice_from(id));
    assert_non_null(n);
    return n->resource;
}

/* Fires what the plan makes for every trigger (only NULL), or for those to this node. */
static inline void flows_fire(flows *t, const char *to) {
    const edge *const *all;
    size_t len = plan_triggers(t->graph.arena, t->graph.graph, &all);
    for (size_t i = 0; i < len; i++) {
        const probe *probes;
        if (to != NULL && !slice_is(all[i]->to->id, to)) continue;
        size_t n = plan_probes(&t->run->maker, t->graph.arena, all[i], &probes);
        for (size_t k = 0; k < n; k++) flow_fire(t->run, &probes[k]);
    }
    flow_run(t->run);
}

static inline void flow_print(buf *out, const firing *f, unsigned depth) {
    static const char *const words[] = { "OPEN", "passed", "failed", "skipped" };
    buf_printf(out, "%*s%.*s -> %.*s %.*s %s", (int)depth * 2, "", SLICE_ARG(f->from), SLICE_ARG(f->to), SLICE_ARG(edge_kind_name(f->kind)), words[f->status]);
    if (f->what.len > 0) buf_printf(out, " (%.*s)", SLICE_ARG(f->what));
    if (f->attempts > 1) buf_printf(out, " x%u", f->attempts);
    if (f->reason.len > 0) buf_printf(out, ": %.*s", SLICE_ARG(f->reason));
    buf_char(out, '\n');
    for (size_t i = 0; i < f->notes.len; i++) buf_printf(out, "%*s  note: %.*s\n", (int)depth * 2, "", SLICE_ARG(f->notes.at[i]));
    for (size_t i = 0; i < f->then.len; i++) flow_print(out, f->then.at[i], depth + 1);
}

static inline slice flows_story(flows *t) {
    buf out = { .arena = t->graph.arena };
    for (size_t i = 0; i < t->run->fired.len; i++) flow_print(&out, t->run->fired.at[i], 0);
    return buf_as_slice(&out);
}

static inline void flows_end(flows *t) { arena_free(t->graph.arena); }

/* Each row: a template, a handler, the node whose triggers are fired, and the story. */
typedef struct {
    const char *what, *yaml;
    flow_handler handler;
    const char *to, *want;
} flow_row;

static inline void flow_check(const flow_row *row) {
    flows t;
    flows_start(&t, row->yaml, row->handler);
    flows_fire(&t, row->to);
    slice got = flows_story(&t);
    if (!slice_is(got, row->want)) fail_msg("%s: want\n%sgot\n%.*s", row->what, row->want, SLICE_ARG(got));
    flows_end(&t);
}

#endif
