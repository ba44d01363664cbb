#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "graph/paths.h"
#include "graph/policy.h"

slice edge_kind_name(edge_kind k) {
    static const slice names[] = {
#define EDGE(name, text) SLICE_INIT(text),
#include "graph/edge.def"
#undef EDGE
    };
    return names[k];
}

slice permission_name(permission p) {
    static const slice names[] = {
        [PERMISSION_UNKNOWN] = SLICE_INIT("unknown"), [PERMISSION_GRANTED] = SLICE_INIT("granted"), [PERMISSION_MISSING] = SLICE_INIT("missing"),
        [PERMISSION_MISMATCH] = SLICE_INIT("mismatch"), [PERMISSION_NOT_NEEDED] = SLICE_INIT("not-needed"),
    };
    return names[p];
}

node *graph_node(const graph *g, slice id) { return strmap_get(&g->by_id, id); }

/* ---- templates side by side ---- */

typedef struct building building;
typedef void work(building *x, size_t template_at);

struct building {
    graph *g;
    graph_index *index;
    builder *builders;
    size_t len;
    work *what;
    atomic_size_t next;
};

typedef struct {
    building *x;
    arena *arena;
} worker;

static void take_work(building *x, arena *a) {
    for (size_t i = atomic_fetch_add(&x->next, 1); i < x->len; i = atomic_fetch_add(&x->next, 1)) {
        x->builders[i].arena = a;
        x->builders[i].s.arena = a;
        x->what(x, i);
    }
}

static void *thread_main(void *self) {
    worker *w = self;
    take_work(w->x, w->arena);
    return NULL;
}

#define THREADS_MOST 64

static void for_all(building *x, work *what, arena **arenas, size_t threads) {
    pthread_t started[THREADS_MOST];
    worker workers[THREADS_MOST];
    size_t count = 0, wanted = threads < x->len ? threads : x->len;
    x->what = what;
    atomic_store(&x->next, 0);
    for (size_t i = 1; i < wanted && i < THREADS_MOST; i++) {
        workers[count] = (worker){ x, arenas[i] };
        if (pthread_create(&started[count], NULL, thread_main, &workers[count]) != 0)
            break;                           /* what is left is done here */
        count++;
    }
    take_work(x, arenas[0]);
    for (size_t i = 0; i < count; i++)
        pthread_join(started[i], NULL);
}

static void index_one(building *x, size_t i) { index_fill(x->index, i, x->builders[i].arena); }
static void policies_one(building *x, size_t i) { policies_index(&x->builders[i], &x->index->templates[i]); }

/* REFs inside a value: what a nested stack is handed. */
#define HANDED_MOST 10000
static void mark_handed(builder *b, const value *v, unsigned depth, size_t *left) {
    if (*left == 0)
        return;
    --*left;
    if (v->kind == VAL_REF && v->ref.to->node != NULL)
        build_visible(b, v->ref.to->node);
    if (depth == 0)
        return;
    if (v->kind == VAL_LIST || v->kind == VAL_JOINED)
        for (size_t i = 0; i < v->list.len; i++)
            mark_handed(b, v->list.at[i], depth - 1, left);
    else if (v->kind == VAL_MAP)
        for (size_t i = 0; i < v->map.len; i++)
            mark_handed(b, v->map.at[i].value, depth - 1, left);
    else if (v->kind == VAL_CHOICE) {
        mark_handed(b, v->choice.yes, depth - 1, left);
        mark_handed(b, v->choice.no, depth - 1, left);
    }
}

static void edges_one(building *x, size_t i) {
    builder *b = &x->builders[i];
    for (size_t k = 0; k < b->t->resources.len; k++) {
        const resource *r = b->t->resources.at[k];
        const service *s = service_of(r->type);
        if (s == NULL && slice_starts(r->type, SLICE("Custom::")))
            s = service_of(SLICE("AWS::CloudFormation::CustomResource"));
        if (s != NULL)
            s->edges(b, r);
        environment_visible(b, r);
        if (r->exported && r->node != NULL)
            build_visible(b, r->node);
        if (slice_is(r->type, "AWS::CloudFormation::Stack") || slice_is(r->type, "AWS::Serverless::Application")) {
            size_t left = HANDED_MOST;
            mark_handed(b, value_get(b->arena, r->properties, SLICE("Parameters")), 8, &left);
        }
    }
    services_finish(b);
    grants_judge(b);
}

/* ---- bringing it together ---- */

static node *merged(graph *g, node *n) {
    if (n == NULL || n->resource != NULL)
        return n;
    node *first = strmap_get(&g->by_id, n->id);
    if (first == NULL) {
        strmap_put(g->arena, &g->by_id, n->id, n);
        VEC_PUSH(g->arena, &g->nodes, n);
        return n;
    }
    if (first->type.len == 0 && n->type.len > 0) {
        first->type = n->type;
        first->role = n->role;
    }
    return first;
}

static slice pair_key(const node *const pair[2]) { return (slice){ (const char *)pair, 2 * sizeof pair[0] }; }

static bool reads(const edge *e) { return e->kind == EDGE_POLL || e->kind == EDGE_STREAM; }

/* A declared edge between the same two nodes replaces what a grant suggests. A function with a mapping does not poll beside it, what has a
 * reader is not polled by a function beside it (a role that is shared), and no function reads a stream by itself. */
static void merge_edges(building *x) {
    graph *g = x->g;
    strmap declared = { 0 }, mapped = { 0 }, sources = { 0 };
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < x->len; i++)
        count += x->builders[i].edges.len;
    edge **all = ARENA_ARRAY(g->arena, edge *, count);
    const node *(*pairs)[2] = arena_alloc(g->arena, sizeof *pairs, _Alignof(const node *), count);
    for (size_t i = 0; i < x->len; i++)
        for (size_t k = 0; k < x->builders[i].edges.len; k++) {
            edge *e = x->builders[i].edges.at[k];
            e->from = merged(g, e->from);
            e->to = merged(g, e->to);
            e->dlq = merged(g, e->dlq);
            e->on_failure = merged(g, e->on_failure);
            pairs[kept][0] = e->from;
            pairs[kept][1] = e->to;
            if (e->sure)
                strmap_put(g->arena, &declared, pair_key(pairs[kept]), e);
            if (e->sure && reads(e)) {
                strmap_put(g->arena, &mapped, e->to->id, e);
                strmap_put(g->arena, &sources, e->from->id, e);
            }
            all[kept++] = e;
        }
    for (size_t i = 0; i < kept; i++) {
        const edge *e = all[i];
        bool doubtful = !e->sure && reads(e) && e->to->role == ROLE_COMPUTE &&
                        (e->from->role != ROLE_QUEUE || strmap_has(&mapped, e->to->id) || strmap_has(&sources, e->from->id));
        if (e->sure || (!doubtful && !strmap_has(&declared, pair_key(pairs[i]))))
            VEC_PUSH(g->arena, &g->edges, all[i]);
    }
    for (size_t i = 0; i < x->len; i++) {
        builder *b = &x->builders[i];
        for (size_t k = 0; k < b->node_facts.len; k++) {
            node_fact *f = &b->node_facts.at[k];
            node *n = f->of->resource != NULL ? f->of : strmap_get(&g->by_id, f->of->id);
            if (n != NULL)
                n->facts = map_with(g->arena, n->facts, n->resource != NULL ? n->resource->at : f->value->at, f->name, f->value);
        }
        for (size_t k = 0; k < b->visible.len; k++)
            b->visible.at[k]->visible = true;
    }
}

static int order_nodes(const void *x, const void *y) {
    const node *const *p = x, *const *q = y;
    return slice_order((*p)->id, (*q)->id);
}

static int order_numbers(size_t x, size_t y) { return x < y ? -1 : x > y; }

/* Sort keys of an edge: what costs to make is made once. */
typedef struct {
    edge *e;
    slice filter, when;
} edge_key;

static int order_edges(const void *x, const void *y) {
    const edge_key *p = x, *q = y;
    const edge *e = p->e, *f = q->e;
    int by = order_numbers(e->from->index, f->from->index);
    if (by == 0) by = order_numbers(e->to->index, f->to->index);
    if (by == 0) by = order_numbers((size_t)e->kind, (size_t)f->kind);
    if (by == 0) by = slice_order(e->via == NULL ? SLICE("") : e->via->id, f->via == NULL ? SLICE("") : f->via->id);
    if (by == 0) by = slice_order(p->filter, q->filter);
    if (by == 0) by = slice_order(p->when, q->when);
    if (by == 0) by = slice_order(e->qualifier, f->qualifier);
    if (by == 0) by = order_numbers(e->at.file, f->at.file);
    if (by == 0) by = order_numbers(e->at.line, f->at.line);
    if (by == 0) by = order_numbers(e->at.column, f->at.column);
    return by;
}

static slice filter_text(arena *a, const value *v) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    if (v->kind == VAL_ABSENT)
        return SLICE("");
    value_write_json(a, v, true, &j);
    return buf_as_slice(&b);
}

static void finish(graph *g) {
    arena *a = g->arena;
    if (g->nodes.len > 0)
        qsort(g->nodes.at, g->nodes.len, sizeof g->nodes.at[0], order_nodes);
    for (size_t i = 0; i < g->nodes.len; i++)
        g->nodes.at[i]->index = (uint32_t)i;
    edge_key *keys = ARENA_ARRAY(a, edge_key, g->edges.len);
    for (size_t i = 0; i < g->edges.len; i++)
        keys[i] = (edge_key){ g->edges.at[i], filter_text(a, g->edges.at[i]->filter), when_text(a, g->edges.at[i]->when) };
    if (g->edges.len > 0)
        qsort(keys, g->edges.len, sizeof keys[0], order_edges);
    size_t *outs = ARENA_ARRAY(a, size_t, g->nodes.len + 1), *ins = ARENA_ARRAY(a, size_t, g->nodes.len + 1);
    for (size_t i = 0; i < g->edges.len; i++) {
        edge *e = g->edges.at[i] = keys[i].e;
        e->index = (uint32_t)i;
        outs[e->from->index]++;
        ins[e->to->index]++;
    }
    edge **out = ARENA_ARRAY(a, edge *, g->edges.len), **in = ARENA_ARRAY(a, edge *, g->edges.len);
    size_t out_at = 0, in_at = 0;
    for (size_t i = 0; i < g->nodes.len; i++) {
        node *n = g->nodes.at[i];
        n->out = out + out_at;
        n->in = in + in_at;
        out_at += outs[i];
        in_at += ins[i];
        outs[i] = out_at - outs[i];          /* from here on: where the next one goes */
        ins[i] = in_at - ins[i];
    }
    for (size_t i = 0; i < g->edges.len; i++) {
        edge *e = g->edges.at[i];
        out[outs[e->from->index]++] = e;
        in[ins[e->to->index]++] = e;
        e->from->out_len++;
        e->to->in_len++;
    }
    graph_components(g);
}

static void make_nodes(graph *g, builder *b) {
    for (size_t k = 0; k < b->t->resources.len; k++) {
        resource *r = b->t->resources.at[k];
        r->node = NULL;
        if (!type_is_node(r->type, r->row))
            continue;
        node *n = ARENA_NEW(g->arena, node);
        *n = (node){ .id = r->id, .type = r->type, .role = (role)r->row->role, .resource = r, .arn = SLICE(""), .facts = &value_absent };
        const arn_type *t = arn_type_of(r->type);
        if (t != NULL && t->name.len > 0)
            n->facts = map_with(g->arena, n->facts, r->at, SLICE("named"),
                                value_new_bool(g->arena, r->at, !value_is_absent(value_get(g->arena, r->properties, t->name))));
        r->node = n;
        strmap_put(g->arena, &g->by_id, n->id, n);
        VEC_PUSH(g->arena, &g->nodes, n);
    }
}

/* node.opened: a resource policy lets another account or a service in. */
static void mark_opened(graph *g) {
    for (size_t i = 0; i < g->index->targets.len; i++) {
        const strmap_entry *e = &g->index->targets.at[i];
        const permit_list *p = e->value;
        node *n = strmap_get(&g->by_id, e->key);
        bool opened = p->functions.len > 0;
        for (size_t k = 0; k < p->list.len && !opened; k++)
            opened = !p->list.at[k].deny && !value_is_absent(p->list.at[k].principal);
        if (n != NULL && n->resource != NULL && opened)
            n->facts = map_with(g->arena, n->facts, n->resource->at, SLICE("opened"), value_new_bool(g->arena, n->resource->at, true));
    }
}

graph *graph_build(templates *set, arena **arenas, size_t threads) {
    arena *a = arenas[0];
    graph *g = ARENA_NEW(a, graph);
    graph_index *index = ARENA_NEW(a, graph_index);
    building x = { .g = g, .index = index, .len = set->list.len };
    g->set = set;
    g->arena = a;
    g->index = index;
    index_make(index, set, a);
    x.builders = ARENA_ARRAY(a, builder, x.len);
    for (size_t i = 0; i < x.len; i++) {
        x.builders[i].t = set->list.at[i];
        x.builders[i].s = (scope){ index, &index->templates[i], a };
        make_nodes(g, &x.builders[i]);
    }
    for_all(&x, index_one, arenas, threads);
    index_join(index, a);
    for_all(&x, policies_one, arenas, threads);
    policies_join(index, a);
    for_all(&x, edges_one, arenas, threads);
    merge_edges(&x);
    mark_opened(g);
    finish(g);
    return g;
}

/* ---- for rules ---- */

typedef struct {
    node *found;
    size_t count;
} pointed;

static void see_end(builder *b, end e, void *self) {
    pointed *p = self;
    (void)b;
    if (p->count++ == 0 || p->found == NULL)
        p->found = e.node;
    else if (p->found != e.node)
        p->count += 2;                       /* several: it can't be said which */
}

node *graph_pointed(const graph *g, const value *v, const resource **resource_, bool *open) {
    builder b = { .arena = g->arena };
    *resource_ = NULL;
    *open = false;
    if (g->set->list.len == 0 || value_is_absent(v))
        return NULL;
    const template_index *here = index_of_file(g->index, v->at.file);
    b.t = here->t;
    b.s = (scope){ g->index, here, g->arena };
    if (v->kind == VAL_REF && ((const resource *)v->ref.to)->node == NULL) {
        slice main;
        if (fold_property(v->ref.to->type, &main).len == 0) {
            *resource_ = v->ref.to;
            return NULL;
        }
    }
    pointed p = { NULL, 0 };
    build_each_end(&b, v, SLICE(""), WHEN_ALWAYS, see_end, &p);
    if (p.count > 1)
        *open = true;
    if (p.count != 1)
        return NULL;
    if (p.found->resource != NULL)
        return p.found;
    if (v->kind == VAL_STRING && !slice_starts(v->text, SLICE("arn:")) && !slice_starts(v->text, SLICE("http"))) {
        const named *n = index_named_plainly(b.s.here, v->text);     /* any type that has it, if one has */
        return n == NULL ? NULL : n->r->node;
    }
    if (v->kind == VAL_STRING) {
        bool outside_arn = p.found->arn.len > 0;
        const resource *r = outside_arn ? build_resource(&b, v, SLICE(""), open) : NULL;
        if (r != NULL) {
            *resource_ = r;
            *open = false;
            return r->node;
        }
        *open = false;
        return graph_node(g, p.found->id);
    }
    const resource *r = build_resource(&b, v, SLICE(""), open);
    if (r != NULL && r->node == NULL)
        *resource_ = r;
    else
        *open = true;
    return NULL;
}
