/* Walks over the graph, each linear in nodes and edges, with explicit stacks: a template decides how deep they go. */
#include "graph/builder.h"
#include "graph/paths.h"

/* "unknown" is many things: nothing is concluded from two edges that meet there. */
static bool passes(const edge *e) { return !slice_is(e->from->id, "unknown") && !slice_is(e->to->id, "unknown"); }

static bool any_edge(const edge *e) { return passes(e); }

typedef struct {
    const graph *g;
    bool (*follows)(const edge *e);
    uint32_t *order, *low, *component;       /* order 0: not met yet */
    bool *on_stack;
    uint32_t *stack;                         /* of Tarjan's algorithm */
    size_t stack_len;
    uint32_t met, components;
} tarjan;

typedef struct {
    uint32_t node;
    size_t next;                             /* edge to look at */
} frame;

/* Tarjan, Depth-first search and linear graph algorithms (1972), without recursion. */
static void components_from(tarjan *t, frame *frames, uint32_t root) {
    size_t depth = 0;
    frames[depth++] = (frame){ root, 0 };
    while (depth > 0) {
        frame *f = &frames[depth - 1];
        const node *n = t->g->nodes.at[f->node];
        if (f->next == 0 && t->order[f->node] == 0) {
            t->order[f->node] = t->low[f->node] = ++t->met;
            t->stack[t->stack_len++] = f->node;
            t->on_stack[f->node] = true;
        }
        bool down = false;
        while (f->next < n->out_len && !down) {
            const edge *e = n->out[f->next++];
            uint32_t to = e->to->index;
            if (!passes(e) || !t->follows(e))
                continue;
            if (t->order[to] == 0) {
                frames[depth++] = (frame){ to, 0 };
                down = true;
            } else if (t->on_stack[to] && t->order[to] < t->low[f->node]) {
                t->low[f->node] = t->order[to];
            }
        }
        if (down)
            continue;
        uint32_t done = f->node;
        if (t->low[done] == t->order[done]) {
            uint32_t member;
            do {
                member = t->stack[--t->stack_len];
                t->on_stack[member] = false;
                t->component[member] = t->components;
            } while (member != done);
            t->components++;
        }
        depth--;
        if (depth > 0 && t->low[done] < t->low[frames[depth - 1].node])
            t->low[frames[depth - 1].node] = t->low[done];
    }
}

static tarjan components(const graph *g, arena *a, bool (*follows)(const edge *e)) {
    size_t n = g->nodes.len;
    tarjan t = { .g = g, .follows = follows };
    t.order = ARENA_ARRAY(a, uint32_t, n);
    t.low = ARENA_ARRAY(a, uint32_t, n);
    t.component = ARENA_ARRAY(a, uint32_t, n);
    t.stack = ARENA_ARRAY(a, uint32_t, n);
    t.on_stack = ARENA_ARRAY(a, bool, n);
    frame *frames = ARENA_ARRAY(a, frame, n);
    for (uint32_t i = 0; i < n; i++)
        if (t.order[i] == 0)
            components_from(&t, frames, i);
    return t;
}

void graph_components(graph *g) {
    tarjan t = components(g, g->arena, any_edge);
    for (size_t i = 0; i < g->nodes.len; i++)
        g->nodes.at[i]->component = t.component[i];
}

/* Shortest way from `from` back to `start` inside one component, by breadth; `came[i]` is the edge by which node i was met. */
static edge_list close_cycle(const graph *g, arena *a, const tarjan *t, edge *first, edge **came, uint32_t *queue) {
    size_t head = 0, tail = 0, len = 1;
    uint32_t start = first->from->index, component = t->component[start];
    if (first->to->index != start) {
        came[first->to->index] = first;
        queue[tail++] = first->to->index;
    }
    while (head < tail && came[start] == NULL) {
        const node *n = g->nodes.at[queue[head++]];
        for (size_t i = 0; i < n->out_len && came[start] == NULL; i++) {
            edge *e = n->out[i];
            uint32_t to = e->to->index;
            if (!passes(e) || !t->follows(e) || t->component[to] != component || came[to] != NULL)
                continue;
            came[to] = e;
            queue[tail++] = to;
        }
    }
    for (uint32_t at = start; came[at] != NULL && came[at] != first; at = came[at]->from->index)
        len++;
    edge **list = ARENA_ARRAY(a, edge *, len);
    size_t k = len;
    for (uint32_t at = start; k > 1; at = came[at]->from->index)
        list[--k] = came[at];
    list[0] = first;
    return (edge_list){ list, len };
}

size_t graph_cycles(const graph *g, arena *a, bool (*follows)(const edge *e), edge_list **out) {
    tarjan t = components(g, a, follows);
    bool *done = ARENA_ARRAY(a, bool, t.components);
    edge **came = ARENA_ARRAY(a, edge *, g->nodes.len);
    uint32_t *queue = ARENA_ARRAY(a, uint32_t, g->nodes.len);
    VEC(edge_list) cycles = { 0 };
    for (size_t i = 0; i < g->edges.len; i++) {
        edge *e = g->edges.at[i];
        uint32_t component = t.component[e->from->index];
        if (!passes(e) || !follows(e) || component != t.component[e->to->index] || done[component])
            continue;
        done[component] = true;              /* each node is queued for one component only: linear over all */
        VEC_PUSH(a, &cycles, close_cycle(g, a, &t, e, came, queue));
    }
    *out = cycles.at;
    return cycles.len;
}

void graph_reach(const graph *g, arena *a, const node *from, bool (*follows)(const edge *e), bool *marks) {
    uint32_t *stack = ARENA_ARRAY(a, uint32_t, g->nodes.len);
    size_t len = 0;
    marks[from->index] = true;
    stack[len++] = from->index;
    while (len > 0) {
        const node *n = g->nodes.at[stack[--len]];
        for (size_t i = 0; i < n->out_len; i++) {
            const edge *e = n->out[i];
            if (marks[e->to->index] || !passes(e) || !follows(e))
                continue;
            marks[e->to->index] = true;
            stack[len++] = e->to->index;
        }
    }
}

static bool synchronous(const edge *e) { return e->kind == EDGE_SYNC && passes(e); }

#define PATH_STEPS_MOST 1000000      /* edges looked at: paths can be many more than edges */

size_t graph_sync_paths(const graph *g, arena *a, size_t least, size_t most, edge_list **out) {
    VEC(edge_list) paths = { 0 };
    bool *on_path = ARENA_ARRAY(a, bool, g->nodes.len);
    size_t *next = ARENA_ARRAY(a, size_t, g->nodes.len + 1), steps = 0;
    edge **walk = ARENA_ARRAY(a, edge *, g->nodes.len);
    bool *extended = ARENA_ARRAY(a, bool, g->nodes.len + 1);
    for (size_t root = 0; root < g->nodes.len && paths.len < most; root++) {
        bool begins = true, any = false;
        for (size_t i = 0; i < g->nodes.at[root]->in_len && begins; i++)
            begins = !synchronous(g->nodes.at[root]->in[i]);
        for (size_t i = 0; i < g->nodes.at[root]->out_len && !any; i++)
            any = synchronous(g->nodes.at[root]->out[i]);
        if (!begins || !any)
            continue;
        size_t len = 0;
        next[0] = 0;
        extended[0] = false;
        on_path[root] = true;
        for (;;) {
            const node *n = len == 0 ? g->nodes.at[root] : walk[len - 1]->to;
            bool down = false;
            while (next[len] < n->out_len && !down && steps < PATH_STEPS_MOST && paths.len < most) {
                edge *e = n->out[next[len]++];
                steps++;
                if (!synchronous(e) || on_path[e->to->index])
                    continue;
                extended[len] = true;
                walk[len++] = e;
                on_path[e->to->index] = true;
                next[len] = 0;
                extended[len] = false;
                down = true;
            }
            if (down)
                continue;
            if (!extended[len] && len >= least && paths.len < most) {
                edge **copy = ARENA_ARRAY(a, edge *, len);
                memcpy(copy, walk, len * sizeof copy[0]);
                VEC_PUSH(a, &paths, (edge_list){ copy, len });
            }
            if (len == 0)
                break;
            on_path[walk[--len]->to->index] = false;
        }
        on_path[root] = false;
    }
    *out = paths.at;
    return paths.len;
}
