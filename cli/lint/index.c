#include "lint/index.h"

#include "base/buf.h"

const template *lint_index_root(const template *t) {
    while (t->parent != NULL)
        t = t->parent;
    return t;
}

static slice scaled_key(arena *a, slice dimension, slice name) {
    slice parts[] = { dimension, SLICE("\n"), name };
    return arena_concat(a, parts, COUNT(parts));
}

static void add_scaled(lint_index *x, arena *a, slice dimension, slice name) {
    strmap_put(a, &x->scaled, scaled_key(a, dimension, name), x);
    strmap_put(a, &x->scaled, scaled_key(a, SLICE(""), name), x);
}

typedef struct {
    lint_index *index;
    arena *arena;
    slice dimension;
} target_walk;

/* One alternative of a scalable target's ResourceId: "table/NAME", "service/CLUSTER/NAME", "function:NAME:ALIAS". What it names is a
 * resource that stands in it, or the text as a whole. */
static void add_target(void *self, const value *v, when w) {
    target_walk *t = self;
    (void)w;
    slice text;
    bool named = false;
    if (v->kind == VAL_REF && v->ref.to != NULL) {
        add_scaled(t->index, t->arena, t->dimension, v->ref.to->id);
        return;
    }
    if (v->kind == VAL_JOINED)
        for (size_t i = 0; i < v->list.len; i++)
            if (v->list.at[i]->kind == VAL_REF && v->list.at[i]->ref.to != NULL) {
                add_scaled(t->index, t->arena, t->dimension, v->list.at[i]->ref.to->id);
                named = true;
            }
    if (value_text(t->arena, v, &text)) {
        slice rest = text, part;
        while (slice_cut(&rest, '/', &part))
            add_scaled(t->index, t->arena, t->dimension, part);
    } else if (!named) {
        strmap_put(t->arena, &t->index->scaled_open, t->dimension, t->index);
        t->index->scaled_any_open = true;
    }
}

void lint_index_make(lint_index *out, arena *a, const graph *g) {
    *out = (lint_index){ .graph = g };
    for (size_t t = 0; t < g->set->list.len; t++)
        for (size_t i = 0; i < g->set->list.at[t]->resources.len; i++) {
            const resource *r = g->set->list.at[t]->resources.at[i];
            lint_resources *of_type = strmap_get(&out->by_type, r->type);
            if (of_type == NULL) {
                of_type = ARENA_NEW(a, lint_resources);
                strmap_put(a, &out->by_type, r->type, of_type);
            }
            VEC_PUSH(a, &of_type->list, r);
            if (!slice_is(r->type, "AWS::ApplicationAutoScaling::ScalableTarget"))
                continue;
            slice dimension;
            if (!value_text(a, resource_get(a, r, SLICE("ScalableDimension")), &dimension))
                dimension = SLICE("");
            target_walk walk = { out, a, dimension };
            value_each(a, resource_get(a, r, SLICE("ResourceId")), r->exists, add_target, &walk);
        }
}

tri lint_index_scaled(const lint_index *x, arena *a, const resource *r, slice dimension) {
    static const char *const names[] = { "TableName", "ServiceName", "FunctionName", "Name", "AutoScalingGroupName", "ClusterName" };
    if (strmap_has(&x->scaled, scaled_key(a, dimension, r->id)))
        return YES;
    for (size_t i = 0; i < COUNT(names); i++) {
        slice text;
        const value *name = resource_written(a, r, slice_from(names[i]));
        if (!value_is_absent(name) && value_text(a, name, &text) && strmap_has(&x->scaled, scaled_key(a, dimension, text)))
            return YES;
    }
    if (dimension.len == 0 ? x->scaled_any_open : strmap_has(&x->scaled_open, dimension) || strmap_has(&x->scaled_open, SLICE("")))
        return UNKNOWN;
    return NO;
}
