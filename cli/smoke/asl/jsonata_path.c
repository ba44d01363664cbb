/* Paths: each step is evaluated on every item that the step before gave, and the answers flow together by one level. */
#include <math.h>

#include "smoke/asl/jsonata_parts.h"

/* ---- predicates ---- */

static void pick(jeval *e, jlist *out, const jlist *from, size_t i) {
    jlist_push(e, out, from->at[i]);
    if (from->frames != NULL && !jfailed(e)) out->frames[out->len - 1] = from->frames[i];
}

static bool numbers(jeval *e, jvalue v) {
    if (v.kind == JV_NUMBER) return true;
    if (v.kind != JV_LIST || v.list->len == 0) return false;
    jlist *l = jlist_open(e, v);
    for (size_t i = 0; i < l->len; i++)
        if (l->at[i].kind != JV_NUMBER) return false;
    return !jfailed(e);
}

/* Is `i` one of the indexes that the predicate gives? */
static bool indexed(jeval *e, jvalue v, size_t i, size_t len) {
    jlist *l = v.kind == JV_LIST ? jlist_open(e, v) : NULL;
    for (size_t k = 0; k < (l == NULL ? 1 : l->len) && jspend(e, 1); k++) {
        double at = floor(l == NULL ? v.number : l->at[k].number);
        if ((at < 0 ? (double)len + at : at) == (double)i) return true;
    }
    return false;
}

jvalue jfilter(jeval *e, const jnode *predicate, jvalue input, jscope *scope) {
    jlist *in = jlist_of(e, input), *out = jlist_new(e, true);
    if (in->frames != NULL) out->frames = ARENA_ARRAY(e->arena, const jframe *, in->len + 1);
    if (predicate->kind == JN_LITERAL && js_is_number(predicate->literal) && predicate->predicates.len == 0) {
        double at = floor(js_double_of(predicate->literal));
        if (at < 0) at += (double)in->len;
        if (!(at >= 0 && at < (double)in->len)) return jlist_value(out);
        if (in->at[(size_t)at].kind == JV_LIST && in->frames == NULL) return in->at[(size_t)at];
        pick(e, out, in, (size_t)at);
        return jlist_value(out);
    }
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        jscope *inside = scope;
        if (in->frames != NULL) {
            inside = jscope_new(e, scope);
            inside->names = in->frames[i];
        }
        jvalue v = jevaluate(e, predicate, in->at[i], inside);
        if (jfailed(e)) break;
        if (numbers(e, v) ? indexed(e, v, i, in->len) : jtruth(e, v)) pick(e, out, in, i);
    }
    return jlist_value(out);
}

/* ---- ordering ---- */

typedef struct {
    const jnode *node;
    jscope *scope;
    const jframe **frames;
} ordering;

typedef struct { jvalue item; const jframe *frame; jvalue *keys; } ordered;

/* Keys are evaluated once an item; `x` and `y` are places in the array of `ordered`. */
static bool behind(jeval *e, void *self, jvalue x, jvalue y) {
    const ordering *o = ((void **)self)[0];
    const ordered *all = ((void **)self)[1];
    const ordered *a = &all[(size_t)x.number], *b = &all[(size_t)y.number];
    for (size_t t = 0; t < o->node->count; t++) {
        jvalue k = a->keys[t], l = b->keys[t];
        if (!jdefined(k) && !jdefined(l)) continue;
        if (!jdefined(k)) return true;
        if (!jdefined(l)) return false;
        if ((k.kind != JV_NUMBER && k.kind != JV_STRING) || (l.kind != JV_NUMBER && l.kind != JV_STRING)) {
            jfail(e, "T2008", "The expressions within an order-by clause must evaluate to numeric or string values");
            return false;
        }
        if (k.kind != l.kind) {
            jfail(e, "T2007", "Type mismatch when comparing values in order-by clause");
            return false;
        }
        double order = k.kind == JV_NUMBER ? (k.number < l.number ? -1 : k.number > l.number) : slice_order(k.text, l.text);
        if (order != 0) return (order > 0) != o->node->descending[t];
    }
    return false;
}

static jvalue order_by(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jlist *in = jlist_of(e, input), *out = jlist_new(e, true);
    ordered *all = ARENA_ARRAY(e->arena, ordered, in->len);
    jvalue *places = ARENA_ARRAY(e->arena, jvalue, in->len);
    ordering o = { n, scope, in->frames };
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        jscope *inside = scope;
        all[i] = (ordered){ in->at[i], in->frames == NULL ? NULL : in->frames[i], ARENA_ARRAY(e->arena, jvalue, n->count) };
        if (in->frames != NULL) {
            inside = jscope_new(e, scope);
            inside->names = in->frames[i];
        }
        for (size_t t = 0; t < n->count && !jfailed(e); t++) all[i].keys[t] = jevaluate(e, n->items[t], in->at[i], inside);
        places[i] = jnumber((double)i);
    }
    void *self[2] = { &o, all };
    if (!jfailed(e)) jsort(e, places, in->len, behind, self);
    if (in->frames != NULL) out->frames = ARENA_ARRAY(e->arena, const jframe *, in->len + 1);
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        const ordered *one = &all[(size_t)places[i].number];
        jlist_push(e, out, one->item);
        if (in->frames != NULL) out->frames[i] = one->frame;
    }
    return jlist_value(out);
}

/* ---- steps ---- */

static jvalue staged(jeval *e, const jnode *step, jvalue v, jscope *scope) {
    for (size_t i = 0; i < step->stages.len && !jfailed(e); i++)
        if (step->stages.at[i].filter != NULL) v = jfilter(e, step->stages.at[i].filter, v, scope);
    return v;
}

static jvalue plain_step(jeval *e, const jnode *step, jvalue input, jscope *scope, bool last) {
    if (step->kind == JN_SORT) return staged(e, step, order_by(e, step, input, scope), scope);
    jlist *in = jlist_of(e, input), *all = jlist_new(e, true), *out = jlist_new(e, true);
    bool none = input.kind == JV_UNDEFINED;    /* a path may begin without an input: `$states.input.a` */
    for (size_t i = 0; i < (none ? 1 : in->len) && !jfailed(e); i++) {
        jvalue v = jevaluate(e, step, none ? jundefined : in->at[i], scope);
        v = jsingle(staged(e, step, v, scope), false);
        if (jdefined(v)) jlist_push(e, all, v);
    }
    if (jfailed(e)) return jundefined;
    if (last && all->len == 1 && all->at[0].kind == JV_LIST && !all->at[0].list->sequence) return all->at[0];
    for (size_t i = 0; i < all->len && !jfailed(e); i++) {
        jvalue v = all->at[i];
        if (v.kind != JV_LIST || v.list->cons) {
            jlist_push(e, out, v);
            continue;
        }
        jlist *l = jlist_open(e, v);
        for (size_t k = 0; k < l->len && !jfailed(e); k++) jlist_push(e, out, l->at[k]);
    }
    return jlist_value(out);
}

static const jframe *framed(jeval *e, const jframe *outer, slice name, unsigned label, jvalue v) {
    jframe *f = ARENA_NEW(e->arena, jframe);
    *f = (jframe){ .outer = outer, .name = name, .label = label, .value = v };
    return f;
}

typedef VEC(const jframe *) frames;

static void tuple_push(jeval *e, jlist *out, frames *beside, jvalue v, const jframe *frame) {
    jlist_push(e, out, v);
    if (!jfailed(e)) VEC_PUSH(e->arena, beside, frame);
    out->frames = beside->at;
}

static jlist *tuples_new(jeval *e, frames *beside) {
    jlist *l = jlist_new(e, true);
    VEC_PUSH(e->arena, beside, NULL);
    beside->len = 0;
    l->frames = beside->at;
    return l;
}

/* What a step inside parentheses bound, on top of what was bound before. */
static const jframe *stacked(jeval *e, const jframe *inner, const jframe *before) {
    VEC(const jframe *) chain = { 0 };
    for (; inner != NULL && inner != before && jspend(e, 1); inner = inner->outer) VEC_PUSH(e->arena, &chain, inner);
    for (size_t i = chain.len; i > 0; i--) before = framed(e, before, chain.at[i - 1]->name, chain.at[i - 1]->label, chain.at[i - 1]->value);
    return before;
}

/* `in` is a stream of tuples, or plain items (the first step that binds). */
static jlist *tuple_step(jeval *e, const jnode *step, jlist *in, jscope *scope) {
    frames beside = { 0 };
    jlist *out;
    if (step->kind == JN_SORT) {
        out = order_by(e, step, jlist_value(in), scope).list;
        if (out == NULL || jfailed(e)) return tuples_new(e, &beside);
        if (out->frames == NULL) out->frames = ARENA_ARRAY(e->arena, const jframe *, out->len + 1);
        if (step->index.at != NULL)
            for (size_t i = 0; i < out->len; i++) out->frames[i] = framed(e, out->frames[i], step->index, 0, jnumber((double)i));
    } else {
        out = tuples_new(e, &beside);
        for (size_t i = 0; i < in->len && !jfailed(e); i++) {
            jscope *inside = jscope_new(e, scope);
            inside->names = in->frames == NULL ? NULL : in->frames[i];
            const jframe *before = inside->names;
            jvalue v = jevaluate(e, step, in->at[i], inside);
            if (jfailed(e) || !jdefined(v)) continue;
            jlist *l = jlist_of(e, v);
            for (size_t k = 0; k < l->len && !jfailed(e); k++) {
                const jframe *frame = l->frames != NULL ? stacked(e, l->frames[k], before) : before;
                jvalue focus = l->at[k];
                if (step->focus.at != NULL) {
                    frame = framed(e, frame, step->focus, 0, focus);
                    focus = in->at[i];
                }
                if (step->index.at != NULL) frame = framed(e, frame, step->index, 0, jnumber((double)k));
                if (step->ancestor != NULL) {
                    const jslot *slot = step->ancestor;
                    while (slot->same != NULL) slot = slot->same;
                    frame = framed(e, frame, SLICE(""), slot->label, in->at[i]);
                }
                tuple_push(e, out, &beside, focus, frame);
            }
        }
    }
    for (size_t s = 0; s < step->stages.len && !jfailed(e); s++) {
        const jstage *stage = &step->stages.at[s];
        if (stage->filter != NULL) {
            jvalue v = jfilter(e, stage->filter, jlist_value(out), scope);
            if (v.kind == JV_LIST) out = v.list;
        } else {
            for (size_t i = 0; i < out->len && jspend(e, 1); i++) out->frames[i] = framed(e, out->frames[i], stage->index, 0, jnumber((double)i));
        }
    }
    return out;
}

jvalue jevaluate_path(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue now = input;
    bool tuples = false;
    if (input.kind == JV_LIST && n->items[0]->kind == JN_VARIABLE) {    /* a variable looks at the list as a whole */
        jlist *one = jlist_new(e, true);
        jlist_push(e, one, input);
        now = jlist_value(one);
    }
    for (size_t i = 0; i < n->count && !jfailed(e); i++) {
        const jnode *step = n->items[i];
        if (step->tuple && !tuples) {
            tuples = true;
            if (now.kind == JV_UNDEFINED) {
                jlist *one = jlist_new(e, true);
                jlist_push(e, one, jundefined);
                now = jlist_value(one);
            }
        }
        if (i == 0 && step->cons) now = jevaluate(e, step, now, scope);
        else if (tuples) now = jlist_value(tuple_step(e, step, jlist_of(e, now), scope));
        else now = plain_step(e, step, now, scope, i + 1 == n->count);
        if (!jdefined(now) || (now.kind == JV_LIST && now.list->len == 0)) break;
    }
    if (jfailed(e)) return jundefined;
    if (tuples && !n->tuple && n->group == NULL && now.kind == JV_LIST && now.list->frames != NULL) {
        jlist *bare = jlist_new(e, true);
        for (size_t i = 0; i < now.list->len && !jfailed(e); i++) jlist_push(e, bare, now.list->at[i]);
        now = jlist_value(bare);
    }
    if (n->keep_singleton && jdefined(now)) {
        if (!jis_sequence(now)) {
            jlist *one = jlist_new(e, true), *l = jlist_of(e, now);
            bool nested = now.kind == JV_LIST && now.list->cons;
            if (nested) jlist_push(e, one, now);
            for (size_t i = 0; !nested && i < l->len && !jfailed(e); i++) jlist_push(e, one, l->at[i]);
            now = jlist_value(one);
        }
        now.list->keep_singleton = true;
    }
    return n->has_group ? jevaluate_group(e, n->group, now, scope) : now;
}

/* ---- transform: ~> | pattern | update, delete | ---- */

/* The value with every object that is one of `targets` replaced by what `made` has at its place. Objects are told apart by identity. */
static jvalue replaced(jeval *e, jvalue v, const jlist *targets, const jvalue *made, unsigned depth) {
    if (!jspend(e, 1 + targets->len / 8) || depth > 100) return v;
    if (v.kind == JV_OBJECT) {
        for (size_t i = 0; i < targets->len; i++)
            if (targets->at[i].kind == JV_OBJECT && targets->at[i].object == v.object) return made[i];
        jobject *o = jobject_open(e, v), *copy = jobject_new(e);
        for (size_t i = 0; i < o->len && !jfailed(e); i++) jobject_set(e, copy, o->keys[i], replaced(e, o->values[i], targets, made, depth + 1));
        return jobject_value(copy);
    }
    if (v.kind != JV_LIST) return v;
    jlist *l = jlist_open(e, v), *copy = jlist_new(e, l->sequence);
    for (size_t i = 0; i < l->len && !jfailed(e); i++) jlist_push(e, copy, replaced(e, l->at[i], targets, made, depth + 1));
    return jlist_value(copy);
}

/* Opens everything once, so that what the pattern finds is what the walk meets. */
static jvalue opened(jeval *e, jvalue v, unsigned depth) {
    if (!jspend(e, 1) || depth > 100) return v;
    if (v.kind == JV_OBJECT) {
        jobject *o = jobject_open(e, v), *copy = jobject_new(e);
        for (size_t i = 0; i < o->len && !jfailed(e); i++) jobject_set(e, copy, o->keys[i], opened(e, o->values[i], depth + 1));
        return jobject_value(copy);
    }
    if (v.kind != JV_LIST) return v;
    jlist *l = jlist_open(e, v), *copy = jlist_new(e, l->sequence);
    for (size_t i = 0; i < l->len && !jfailed(e); i++) jlist_push(e, copy, opened(e, l->at[i], depth + 1));
    return jlist_value(copy);
}

jvalue jtransform(jeval *e, const jfunction *f, jvalue input) {
    const jnode *n = f->transform;
    if (!jdefined(input)) return jundefined;
    jvalue whole = opened(e, input, 0);
    jlist *targets = jlist_of(e, jevaluate(e, n->a, whole, f->scope));
    jvalue *made = ARENA_ARRAY(e->arena, jvalue, targets->len);
    for (size_t i = 0; i < targets->len && !jfailed(e); i++) {
        jvalue update = jevaluate(e, n->b, targets->at[i], f->scope), drop = n->c != NULL ? jevaluate(e, n->c, targets->at[i], f->scope) : jundefined;
        if (jdefined(update) && update.kind != JV_OBJECT)
            return jfail(e, "T2011", "The insert/update clause of the transform expression must evaluate to an object");
        if (targets->at[i].kind != JV_OBJECT) continue;
        jobject *o = jobject_new(e), *before = jobject_open(e, targets->at[i]), *with = update.kind == JV_OBJECT ? jobject_open(e, update) : NULL;
        jlist *gone = jlist_of(e, drop);
        for (size_t k = 0; k < before->len + (with != NULL ? with->len : 0) && !jfailed(e); k++) {
            const jobject *from = k < before->len ? before : with;
            size_t at = k < before->len ? k : k - before->len;
            bool dropped = false;
            for (size_t g = 0; g < gone->len; g++) {
                if (gone->at[g].kind != JV_STRING)
                    return jfail(e, "T2012", "The delete clause of the transform expression must evaluate to a string or array of strings");
                dropped = dropped || slice_eq(gone->at[g].text, from->keys[at]);
            }
            if (!dropped) jobject_set(e, o, from->keys[at], from->values[at]);
        }
        made[i] = jobject_value(o);
    }
    return jfailed(e) ? jundefined : replaced(e, whole, targets, made, 0);
}
