/* Circular dependencies: strongly connected components of the resources (Tarjan, with a stack of its own), and the shortest circle in
 * each that can be: the branches and conditions along it must be able to hold together. */
#include "template/cfn/reader.h"

#define TRIES_MOST 8     /* resources of a component from which a circle is looked for */

typedef struct {
    reader *r;
    cfn_resource **all;
    size_t len;
    uint32_t *order, *low, *component;   /* order 0: not met */
    uint32_t components;
} search;

static bool counts(const need *n) { return !n->weak && !n->to->dropped && n->to->index != UINT32_MAX; }

typedef struct {
    uint32_t at;
    size_t next;             /* need to look at next */
} frame;

static void components_find(search *s) {
    arena *a = s->r->a;
    frame *frames = ARENA_ARRAY(a, frame, s->len);
    uint32_t *stack = ARENA_ARRAY(a, uint32_t, s->len), met = 0;
    bool *on_stack = ARENA_ARRAY(a, bool, s->len);
    size_t stack_len = 0;
    for (uint32_t root = 0; root < s->len; root++) {
        if (s->order[root] != 0) continue;
        size_t depth = 1;
        frames[0] = (frame){ root, 0 };
        while (depth > 0) {
            frame *f = &frames[depth - 1];
            uint32_t v = f->at;
            if (f->next == 0) {
                s->order[v] = s->low[v] = ++met;
                stack[stack_len++] = v;
                on_stack[v] = true;
            }
            const need_list *needs = &s->all[v]->needs;
            bool down = false;
            while (f->next < needs->len) {
                const need *n = &needs->at[f->next++];
                if (!counts(n)) continue;
                uint32_t to = n->to->index;
                if (s->order[to] == 0) {
                    frames[depth++] = (frame){ to, 0 };
                    down = true;
                    break;
                }
                if (on_stack[to] && s->order[to] < s->low[v]) s->low[v] = s->order[to];
            }
            if (down) continue;
            if (f->next == 0) f->next = 1;
            if (s->low[v] == s->order[v]) {
                uint32_t id = s->components++;
                for (;;) {
                    uint32_t x = stack[--stack_len];
                    on_stack[x] = false;
                    s->component[x] = id;
                    if (x == v) break;
                }
            }
            depth--;
            if (depth > 0 && s->low[v] < s->low[frames[depth - 1].at]) s->low[frames[depth - 1].at] = s->low[v];
        }
    }
}

/* ---- the circle ---- */

typedef struct {
    const need *by;          /* the need that led here */
    uint32_t from;
    when w;
} step;

static slice how_text(arena *a, const need *n) {
    switch (n->how) {
    case NEED_REF: return SLICE("Ref");
    case NEED_DEPENDS_ON: return SLICE("DependsOn");
    case NEED_SUB: return slice_is(n->attr, "Ref") ? SLICE("Sub") : arena_printf(a, "Sub %.*s", SLICE_ARG(n->attr));
    default: return arena_printf(a, "GetAtt %.*s", SLICE_ARG(n->attr));
    }
}

static bool before(pos x, pos y) { return x.line != y.line ? x.line < y.line : x.column < y.column; }

static void report(search *s, uint32_t start, const need *last, uint32_t end, const step *steps, when w) {
    arena *a = s->r->a;
    VEC(const need *) path = { 0 };
    VEC(uint32_t) from = { 0 };
    VEC_PUSH(a, &path, last);
    VEC_PUSH(a, &from, end);
    for (uint32_t at = end; at != start; at = steps[at].from) {
        VEC_PUSH(a, &path, steps[at].by);
        VEC_PUSH(a, &from, steps[at].from);
    }
    buf b = { .arena = a };
    buf_text(&b, "circular dependency: ");
    buf_slice(&b, s->all[start]->public.logical_id);
    const need *point = last;
    const resource *in = &s->all[end]->public;
    for (size_t i = path.len; i-- > 0;) {
        const need *n = path.at[i];
        const resource *owner = &s->all[from.at[i]]->public;
        if (path.len <= 32 || i >= path.len - 16 || i < 16)
            buf_printf(&b, "%s needs %.*s (%.*s, line %u)", i + 1 == path.len ? "" : ", which", SLICE_ARG(n->to->logical_id),
                       SLICE_ARG(how_text(a, n)), n->at.line);
        else if (i == 16)
            buf_text(&b, ", ...");
        bool better = (in->generated && !owner->generated) || (in->generated == owner->generated && before(n->at, point->at));
        if (better) {
            point = n;
            in = owner;
        }
    }
    place outer = s->r->now;
    s->r->now = (place){ .owner = in, .branch = w };
    cfn_problem(s->r, PROBLEM_CIRCULAR, point->at, point->end, buf_as_slice(&b));
    s->r->now = outer;
}

/* Breadth first from `start` inside its component. */
static bool circle_from(search *s, uint32_t start, step *steps, uint32_t *queue, uint32_t *met, uint32_t stamp) {
    arena *a = s->r->a;
    size_t head = 0, tail = 0;
    queue[tail++] = start;
    met[start] = stamp;
    steps[start] = (step){ NULL, start, s->all[start]->public.exists };
    while (head < tail) {
        uint32_t at = queue[head++];
        const need_list *needs = &s->all[at]->needs;
        for (size_t i = 0; i < needs->len; i++) {
            const need *n = &needs->at[i];
            if (!counts(n) || s->component[n->to->index] != s->component[start]) continue;
            uint32_t to = n->to->index;
            when w;
            if (to != start && met[to] == stamp) continue;
            if (!when_and(a, steps[at].w, n->w, &w) || !when_and(a, w, n->to->exists, &w)) continue;
            if (to == start) {
                report(s, start, n, at, steps, w);
                return true;
            }
            met[to] = stamp;
            steps[to] = (step){ n, at, w };
            queue[tail++] = to;
        }
    }
    return false;
}

void cfn_circular(reader *r) {
    arena *a = r->a;
    search s = { .r = r, .len = r->t->resources.len };
    if (s.len == 0) return;
    s.all = ARENA_ARRAY(a, cfn_resource *, s.len);
    for (size_t i = 0; i < s.len; i++) s.all[i] = (cfn_resource *)r->t->resources.at[i];
    s.order = ARENA_ARRAY(a, uint32_t, s.len);
    s.low = ARENA_ARRAY(a, uint32_t, s.len);
    s.component = ARENA_ARRAY(a, uint32_t, s.len);
    components_find(&s);
    uint32_t *size = ARENA_ARRAY(a, uint32_t, s.components), *tries = ARENA_ARRAY(a, uint32_t, s.components);
    for (size_t i = 0; i < s.len; i++) size[s.component[i]]++;
    step *steps = ARENA_ARRAY(a, step, s.len);
    uint32_t *queue = ARENA_ARRAY(a, uint32_t, s.len), *met = ARENA_ARRAY(a, uint32_t, s.len), stamp = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        uint32_t c = s.component[i];
        bool itself = false;
        if (size[c] == 1)
            for (size_t k = 0; k < s.all[i]->needs.len && !itself; k++)
                itself = counts(&s.all[i]->needs.at[k]) && s.all[i]->needs.at[k].to->index == i;
        if ((size[c] == 1 && !itself) || tries[c] == TRIES_MOST) continue;
        tries[c] = circle_from(&s, i, steps, queue, met, ++stamp) ? TRIES_MOST : tries[c] + 1;
    }
}
