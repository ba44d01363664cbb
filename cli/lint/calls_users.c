/* Which resources name this one. Asking that of every resource of a type for every other one grows with the square of a template; here each
 * is read once, and what may name what is found by id and by text. */
#include "lint/calls.h"
#include "template/physical.h"

typedef struct {
    const resource *resource;
    size_t number;                   /* in the order of the text, over all templates */
} user;

typedef struct {
    VEC(user) list;                  /* in that order, without repeats */
} users;

typedef struct {
    strmap by_id;                    /* id of a resource that is referred to -> users */
    strmap by_text;                  /* a literal name or a part of one -> users */
    users open;                      /* those that name something that is not known */
} users_index;

/* Above this many that name what is not known, nothing can be said quickly. */
#define OPEN_MOST  200
#define DEPTH_MOST 64

typedef struct {
    cel_context *cel;
    users_index *index;
    user one;
} reading;

static void add(reading *k, users *u) {
    if (u->list.len == 0 || u->list.at[u->list.len - 1].resource != k->one.resource) VEC_PUSH(k->cel->arena, &u->list, k->one);
}

static void add_key(reading *k, strmap *m, slice key) {
    users *u = strmap_get(m, key);
    if (u == NULL) {
        u = ARENA_NEW(k->cel->arena, users);
        strmap_put(k->cel->arena, m, key, u);
    }
    add(k, u);
}

/* "arn:aws:sqs:::orders" names orders; so does a URL that ends so. */
static void add_text(reading *k, slice text) {
    size_t from = 0;
    if (text.len == 0) return;
    add_key(k, &k->index->by_text, text);
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.at[i] != ':' && text.at[i] != '/') continue;
        if (i > from && i - from < text.len) add_key(k, &k->index->by_text, slice_from_to(text, from, i));
        from = i + 1;
    }
}

/* An alias stands for its function, a stage for its API. */
static void add_reference(reading *k, const value *v) {
    add_key(k, &k->index->by_id, v->ref.to->id);
    const resource *r = NULL;
    bool open = false;
    const node *n = v->ref.to->node != NULL ? NULL : graph_pointed(&evaluation_of(k->cel)->own, v, &r, &open);
    if (n != NULL && n->resource != NULL) add_key(k, &k->index->by_id, n->resource->id);
}

/* A region or account in an ARN hides no name. */
static bool hides_a_name(const value *v) { return v->kind == VAL_UNKNOWN && v->why != UNKNOWN_PSEUDO; }

static void add_value(reading *k, const value *v, unsigned depth) {
    if (depth > DEPTH_MOST) {
        add(k, &k->index->open);
        return;
    }
    switch (v->kind) {
    case VAL_ABSENT: case VAL_NULL: case VAL_BOOL: return;
    case VAL_INT: case VAL_DOUBLE: case VAL_STRING: add_text(k, v->text); return;
    case VAL_UNKNOWN: add(k, &k->index->open); return;
    case VAL_REF: add_reference(k, v); return;
    case VAL_CHOICE:
        add_value(k, v->choice.yes, depth + 1);
        add_value(k, v->choice.no, depth + 1);
        return;
    case VAL_MAP:
        for (size_t i = 0; i < v->map.len; i++) add_value(k, v->map.at[i].value, depth + 1);
        return;
    case VAL_LIST:
        for (size_t i = 0; i < v->list.len; i++) add_value(k, v->list.at[i], depth + 1);
        return;
    case VAL_JOINED:
        for (size_t i = 0; i < v->list.len; i++) {
            if (v->list.at[i]->kind == VAL_REF) add_reference(k, v->list.at[i]);
            if (hides_a_name(v->list.at[i])) add(k, &k->index->open);
        }
        add_text(k, value_display(k->cel->arena, v));
        return;
    }
}

static users_index *index_of(cel_context *c, slice type, slice paths) {
    evaluation *ev = evaluation_of(c);
    arena *a = c->arena;
    slice key = arena_concat(a, (slice[]){ type, SLICE("\n"), paths }, 3), rest = paths, path;
    users_index *x = strmap_get(&ev->users, key);
    if (x != NULL) return x;
    x = ARENA_NEW(a, users_index);
    const lint_resources *of_type = strmap_get(&ev->index->by_type, type);
    for (size_t i = 0; of_type != NULL && i < of_type->list.len; i++) {
        const resource *r = of_type->list.at[i];
        reading k = { c, x, { r, i } };
        if (paths.len == 0) add_value(&k, r->properties, 0);
        for (rest = paths; rest.len > 0 && slice_cut(&rest, ' ', &path);) add_value(&k, resource_written(a, r, path), 0);
    }
    strmap_put(a, &ev->users, key, x);
    ev->kept = true;
    return x;
}

/* Users of all kinds in the order of the text: each list is in order already. */
static cel_value merged(cel_context *c, const users *const *lists, size_t len, const template *root) {
    size_t at[4] = { 0 };
    VEC(const resource *) out = { 0 };
    for (;;) {
        const user *next = NULL;
        for (size_t i = 0; i < len; i++) {
            const user *u = lists[i] != NULL && at[i] < lists[i]->list.len ? &lists[i]->list.at[at[i]] : NULL;
            if (u != NULL && (next == NULL || u->number < next->number)) next = u;
        }
        if (next == NULL) return bind_resources(c, out.at, out.len);
        size_t number = next->number;
        if (lint_index_root(next->resource->in) == root) VEC_PUSH(c->arena, &out, next->resource);
        for (size_t i = 0; i < len; i++)
            if (lists[i] != NULL && at[i] < lists[i]->list.len && lists[i]->list.at[at[i]].number == number) at[i]++;
    }
}

/* What a literal may call the resource: its name property, as written. */
static const users *by_name(cel_context *c, const users_index *x, const resource *r) {
    slice property = physical_property(r->type);
    if (property.len == 0) return NULL;
    const value *name = value_under(resource_written(c->arena, r, property), evaluation_of(c)->when);
    return name->kind == VAL_ABSENT || name->kind == VAL_CHOICE ? NULL : strmap_get(&x->by_text, value_display(c->arena, name));
}

cel_value template_users(cel_context *c, const cel_value *args, size_t count) {
    if (args[0].kind != CEL_OBJECT || args[0].object.kind != &bind_template_kind || args[2].kind != CEL_STRING || (count > 3 && args[3].kind != CEL_STRING))
        return cel_error(c, "users() is the template's, and takes a resource or node, a type, and names of properties");
    const template *root = lint_index_root(args[0].object.at);
    const node *n = bind_as_node(args[1]);
    const resource *r = bind_as_resource(args[1]);
    users_index *x = index_of(c, args[2].text, count > 3 ? args[3].text : SLICE(""));
    const users *lists[4] = { 0 };
    if (x->open.list.len > OPEN_MOST)
        return cel_unknown(arena_printf(c->arena, "what %zu resources of type %.*s name", x->open.list.len, SLICE_ARG(args[2].text)));
    lists[0] = &x->open;
    if (r != NULL) {
        lists[1] = strmap_get(&x->by_id, r->id);
        lists[2] = by_name(c, x, r);
    }
    if (r == NULL && n != NULL) lists[3] = strmap_get(&x->by_text, n->arn.len > 0 ? n->arn : n->id);
    return merged(c, lists, COUNT(lists), root);
}

const resource *const *call_users_by_reference(cel_context *c, const resource *r, slice type, slice paths, size_t *len, bool *open) {
    users_index *x = index_of(c, type, paths);
    const users *found = strmap_get(&x->by_id, r->id);
    *open = x->open.list.len > 0;
    *len = 0;
    if (found == NULL) return NULL;
    const resource **at = ARENA_ARRAY(c->arena, const resource *, found->list.len);
    for (size_t i = 0; i < found->list.len; i++)
        if (lint_index_root(found->list.at[i].resource->in) == lint_index_root(r->in)) at[(*len)++] = found->list.at[i].resource;
    return at;
}

/* ---- resource.users ---- */

static users_index *needs(cel_context *c) {
    evaluation *ev = evaluation_of(c);
    users_index *x = strmap_get(&ev->users, SLICE(""));
    if (x != NULL) return x;
    const graph *g = ev->index->graph;
    reading k = { c, x = ARENA_NEW(c->arena, users_index), { NULL, 0 } };
    for (size_t t = 0; t < g->set->list.len; t++)
        for (size_t i = 0; i < g->set->list.at[t]->resources.len; i++) {
            const resource *r = g->set->list.at[t]->resources.at[i];
            k.one = (user){ r, k.one.number + 1 };
            for (size_t d = 0; d < r->depends_len; d++) add_key(&k, &x->by_id, r->depends[d]->id);
        }
    strmap_put(c->arena, &ev->users, SLICE(""), x);
    ev->kept = true;
    return x;
}

cel_value call_users_of(cel_context *c, const resource *r) {
    const users *all = strmap_get(&needs(c)->by_id, r->id);
    return merged(c, &all, 1, lint_index_root(r->in));
}
