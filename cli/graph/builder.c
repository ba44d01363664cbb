#include "graph/builder.h"

arena *build_arena(builder *b) { return b->arena; }
const template *build_template(builder *b) { return b->t; }

/* ---- nodes ---- */

node *build_node(builder *b, const resource *r) {
    (void)b;
    return r->node;
}

node *build_outside(builder *b, slice id, slice type, role role_) {
    node *n = strmap_get(&b->outside, id);
    if (n == NULL) {
        n = ARENA_NEW(b->arena, node);
        *n = (node){ .id = id, .type = type, .role = role_, .external = true, .facts = &value_absent };
        strmap_put(b->arena, &b->outside, id, n);
    } else if (n->type.len == 0 && type.len > 0) {
        n->type = type;                      /* a later use says what it is */
        n->role = role_;
    }
    return n;
}

node *build_caller(builder *b) { return build_outside(b, SLICE("caller"), SLICE(""), ROLE_CALLER); }
node *build_clock(builder *b) { return build_outside(b, SLICE("clock"), SLICE(""), ROLE_CLOCK); }
node *build_default_bus(builder *b) { return build_outside(b, SLICE("bus:default"), SLICE("AWS::Events::EventBus"), ROLE_BUS); }

node *build_aws_service(builder *b, slice name) {
    return build_outside(b, arena_printf(b->arena, "service:%.*s", SLICE_ARG(name)), SLICE(""), ROLE_UNKNOWN);
}

void build_visible(builder *b, node *n) { VEC_PUSH(b->arena, &b->visible, n); }

/* ---- maps ---- */

const value *build_map(builder *b, pos at, const build_pair *pairs, size_t len) {
    value_entry *entries = ARENA_ARRAY(b->arena, value_entry, len);
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (pairs[i].value != NULL && pairs[i].value->kind != VAL_ABSENT)
            entries[n++] = (value_entry){ slice_from(pairs[i].name), pairs[i].value->at, pairs[i].value->end, pairs[i].value };
    return value_new_map(b->arena, at, entries, n);
}

const value *map_with(arena *a, const value *map, pos at, slice name, const value *v) {
    size_t len = map->kind == VAL_MAP ? map->map.len : 0;
    value_entry *entries = ARENA_ARRAY(a, value_entry, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (!slice_eq(map->map.at[i].key, name))
            entries[n++] = map->map.at[i];
    entries[n++] = (value_entry){ name, at, at, v };
    return value_new_map(a, at, entries, n);
}

const value *build_settings(builder *b, const resource *r, const char *const *names, size_t len) {
    value_entry *entries = ARENA_ARRAY(b->arena, value_entry, len);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        const value *v = resource_get(b->arena, r, slice_from(names[i]));
        if (!value_is_absent(v))
            entries[n++] = (value_entry){ slice_from(names[i]), v->at, v->end, v };
    }
    return value_new_map(b->arena, r->at, entries, n);
}

tri build_enabled_bool(builder *b, const value *v, bool by_default) {
    bool is;
    if (value_is_absent(v))
        return by_default ? YES : NO;
    switch (value_as_bool(b->arena, v, &is)) {
    case YES: return is ? YES : NO;
    case NO:  return by_default ? YES : NO;
    default:  return UNKNOWN;
    }
}

tri build_enabled_state(builder *b, const value *v) {
    slice text;
    if (value_is_absent(v))
        return YES;
    if (!value_text(b->arena, v, &text))
        return UNKNOWN;
    return slice_same_letters(text, SLICE("DISABLED")) || slice_same_letters(text, SLICE("STOPPED")) ? NO : YES;
}

/* ---- edges ---- */

static bool also(builder *b, when *w, const resource *r) { return r == NULL || when_and(b->arena, *w, r->exists, w); }

static const value *or_absent(const value *v) { return v == NULL ? &value_absent : v; }

edge *build_edge(builder *b, const edge_spec *s) {
    when w = s->when;
    if (s->from == NULL || s->to == NULL)
        return NULL;
    if (!also(b, &w, s->via) || !also(b, &w, s->from->resource) || !also(b, &w, s->to->resource))
        return NULL;
    edge *e = ARENA_NEW(b->arena, edge);
    *e = (edge){
        .from = s->from, .to = s->to, .via = s->via, .kind = s->kind, .sure = !s->unsure, .service = s->service, .when = w,
        .trigger = !s->to->external && s->kind != EDGE_WRITE && s->kind != EDGE_DEAD_LETTER,
        .filter = or_absent(s->filter), .settings = or_absent(s->settings), .enabled = s->enabled, .qualifier = s->qualifier,
        .permission = PERMISSION_NOT_NEEDED, .permission_reason = SLICE(""), .at = s->at, .end = s->end, .dlq = s->dlq,
        .on_failure = s->on_failure, .facts = &value_absent, .role = &value_absent,
    };
    if (e->at.line == 0) {
        const resource *place = s->via != NULL ? s->via : s->from->resource != NULL ? s->from->resource : s->to->resource;
        if (place != NULL) {
            e->at = place->at;
            e->end = place->end;
        }
    }
    if (s->role != NULL && !value_is_absent(s->role))
        e->role = value_under(s->role, w);
    VEC_PUSH(b->arena, &b->edges, e);
    /* a role that is not written (role-based, but absent): nothing can be said */
    if (s->role == NULL ? s->principal.len > 0 : !value_is_absent(e->role))
        VEC_PUSH(b->arena, &b->grants, (grant){ e, s->principal, s->action, s->source_arn });
    return e;
}

void build_edge_fact(builder *b, edge *e, slice name, const value *v) {
    if (e != NULL && v != NULL && v->kind != VAL_ABSENT)
        e->facts = map_with(b->arena, e->facts, e->at, name, v);
}

void build_node_fact(builder *b, node *n, slice name, const value *v) {
    if (n != NULL && v != NULL && v->kind != VAL_ABSENT)
        VEC_PUSH(b->arena, &b->node_facts, (node_fact){ n, name, v });
}

edge *const *build_edges(builder *b, size_t *len) {
    *len = b->edges.len;
    return b->edges.at;
}
