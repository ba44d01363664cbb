#include <math.h>

#include "smoke/asl/jsonata_parts.h"

jscope *jscope_new(jeval *e, jscope *outer) {
    jscope *s = ARENA_NEW(e->arena, jscope);
    s->outer = outer;
    return s;
}

void jbind(jeval *e, jscope *s, slice name, jvalue v) {
    jframe *f = ARENA_NEW(e->arena, jframe);
    *f = (jframe){ .outer = s->names, .name = name, .value = v };
    s->names = f;
}

static jvalue variable(jeval *e, slice name, jvalue input, jscope *scope) {
    if (name.len == 0) return input.kind == JV_LIST && input.list->outer && input.list->len > 0 ? input.list->at[0] : input;
    if (slice_is(name, "$")) return e->root;
    for (; scope != NULL; scope = scope->outer)
        for (const jframe *f = scope->names; f != NULL && jspend(e, 1); f = f->outer)
            if (f->label == 0 && slice_eq(f->name, name)) return f->value;
    if (slice_is(name, "states")) return e->states;
    const doc_node *n = asl_scope_get(e->data->scope, name);
    if (n != NULL) return jfrom_node(e, n);
    const jfunction *f = jbuiltin_of(e, name);
    return f == NULL ? jundefined : (jvalue){ .kind = JV_FUNCTION, .function = f };
}

static jvalue parent(jeval *e, const jslot *slot, jscope *scope) {
    while (slot->same != NULL) slot = slot->same;
    for (; scope != NULL; scope = scope->outer)
        for (const jframe *f = scope->names; f != NULL && jspend(e, 1); f = f->outer)
            if (f->label == slot->label) return f->value;
    return jundefined;
}

/* ---- operators ---- */

static bool numeric(jeval *e, jvalue v, const char *code, const char *side) {
    if (!jdefined(v) || v.kind == JV_NUMBER) return true;
    jfail(e, code, "The %s side of an arithmetic operator must be a number, not %s", side, jtype_name(v));
    return false;
}

static jvalue arithmetic(jeval *e, joperator op, jvalue x, jvalue y) {
    if (!numeric(e, x, "T2001", "left") || !numeric(e, y, "T2002", "right")) return jundefined;
    if (!jdefined(x) || !jdefined(y)) return jundefined;
    double a = x.number, b = y.number, r = op == JO_ADD ? a + b : op == JO_SUB ? a - b : op == JO_MUL ? a * b : op == JO_DIV ? a / b : fmod(a, b);
    return isfinite(r) ? jnumber(r) : jfail(e, "D1001", "Number out of range");
}

static jvalue comparison(jeval *e, joperator op, jvalue x, jvalue y) {
    if ((jdefined(x) && x.kind != JV_NUMBER && x.kind != JV_STRING) || (jdefined(y) && y.kind != JV_NUMBER && y.kind != JV_STRING))
        return jfail(e, "T2010", "The operands of a comparison must be numbers or strings, not %s and %s", jtype_name(x), jtype_name(y));
    if (!jdefined(x) || !jdefined(y)) return jundefined;
    if (x.kind != y.kind) return jfail(e, "T2009", "The operands of a comparison must be of the same type, not %s and %s", jtype_name(x), jtype_name(y));
    double order = x.kind == JV_NUMBER ? (x.number < y.number ? -1 : x.number > y.number) : slice_order(x.text, y.text);
    return jbool(op == JO_LT ? order < 0 : op == JO_LE ? order <= 0 : op == JO_GT ? order > 0 : order >= 0);
}

static jvalue included(jeval *e, jvalue x, jvalue y) {
    if (!jdefined(x) || !jdefined(y)) return jbool(false);
    jlist *l = jlist_of(e, y);
    for (size_t i = 0; i < l->len && jspend(e, 1); i++)
        if (jequal(e, x, l->at[i])) return jbool(true);
    return jbool(false);
}

static bool whole(jvalue v) { return v.kind == JV_NUMBER && floor(v.number) == v.number && fabs(v.number) < 9007199254740992.0; }

static jvalue range(jeval *e, jvalue x, jvalue y) {
    if (jdefined(x) && !whole(x)) return jfail(e, "T2003", "The left side of the range operator (..) must evaluate to an integer");
    if (jdefined(y) && !whole(y)) return jfail(e, "T2004", "The right side of the range operator (..) must evaluate to an integer");
    if (!jdefined(x) || !jdefined(y) || x.number > y.number) return jundefined;
    if (y.number - x.number >= JSONATA_ITEMS) return jfail(e, "D2014", "The range operator (..) gives more than %u items", JSONATA_ITEMS);
    jlist *l = jlist_new(e, true);
    for (double d = x.number; d <= y.number && !jfailed(e); d++) jlist_push(e, l, jnumber(d));
    return jlist_value(l);
}

static jvalue concat(jeval *e, jvalue x, jvalue y) {
    slice parts[2] = { jtext(e, x, false), jtext(e, y, false) };
    if (parts[0].len + parts[1].len > JSONATA_STRING) return jfail(e, "U1001", "a text gets longer than %u bytes", JSONATA_STRING);
    return jspend(e, 1 + (parts[0].len + parts[1].len) / 64) ? jstring(arena_concat(e->arena, parts, 2)) : jundefined;
}

static jvalue binary(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue x = jevaluate(e, n->a, input, scope);
    if (jfailed(e)) return jundefined;
    if (n->op == JO_AND || n->op == JO_OR) {
        bool left = jtruth(e, x);
        return jbool(left == (n->op == JO_OR) ? left : jtruth(e, jevaluate(e, n->b, input, scope)));
    }
    jvalue y = jevaluate(e, n->b, input, scope);
    if (jfailed(e)) return jundefined;
    switch (n->op) {
    case JO_EQ: case JO_NE: return jbool(jdefined(x) && jdefined(y) && jequal(e, x, y) == (n->op == JO_EQ));
    case JO_LT: case JO_LE: case JO_GT: case JO_GE: return comparison(e, n->op, x, y);
    case JO_IN:     return included(e, x, y);
    case JO_CONCAT: return concat(e, x, y);
    case JO_RANGE:  return range(e, x, y);
    default:        return arithmetic(e, n->op, x, y);
    }
}

/* ---- constructors ---- */

static jvalue array(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jlist *out = jlist_new(e, false);
    for (size_t i = 0; i < n->count && !jfailed(e); i++) {
        jvalue v = jevaluate(e, n->items[i], input, scope);
        if (!jdefined(v)) continue;
        if (v.kind == JV_LIST && n->items[i]->kind != JN_ARRAY) {
            jlist *l = jlist_open(e, v);
            for (size_t k = 0; k < l->len && !jfailed(e); k++) jlist_push(e, out, l->at[k]);
        } else {
            jlist_push(e, out, v);
        }
    }
    out->cons = n->cons;
    return jlist_value(out);
}

/* A group's data, joined as $append would, without copying what is there at each step. */
typedef struct { jvalue first; jlist *several; const jframe **frames; size_t pair, frame_cap, frame_len; } group;

static void group_add(jeval *e, group *g, jvalue v) {
    if (g->several == NULL) {
        g->several = jlist_new(e, true);
        jlist *l = jlist_of(e, g->first);
        for (size_t i = 0; i < l->len && !jfailed(e); i++) jlist_push(e, g->several, l->at[i]);
    }
    jlist *l = jlist_of(e, v);
    for (size_t i = 0; i < l->len && !jfailed(e); i++) jlist_push(e, g->several, l->at[i]);
}

jvalue jevaluate_group(jeval *e, const jnode *pairs, jvalue input, jscope *scope) {
    const jframe **frames = input.kind == JV_LIST ? input.list->frames : NULL;
    jlist *items = jlist_of(e, input);
    strmap groups = { 0 };
    size_t len = items->len == 0 ? 1 : items->len;    /* an empty input makes one object all the same */
    for (size_t i = 0; i < len && !jfailed(e); i++) {
        jvalue item = items->len == 0 ? jundefined : items->at[i];
        jscope *inside = scope;
        if (frames != NULL && items->len > 0) {
            inside = jscope_new(e, scope);
            inside->names = frames[i];
        }
        for (size_t p = 0; p < pairs->count && jspend(e, 1); p += 2) {
            jvalue key = jevaluate(e, pairs->items[p], item, inside);
            if (jfailed(e) || !jdefined(key)) continue;
            if (key.kind != JV_STRING) return jfail(e, "T1003", "Key in object structure must evaluate to a string; got: %s", jtype_name(key));
            group *g = strmap_get(&groups, key.text);
            if (g == NULL) {
                g = ARENA_NEW(e->arena, group);
                *g = (group){ .first = item, .pair = p };
                strmap_put(e->arena, &groups, key.text, g);
            } else if (g->pair != p) {
                return jfail(e, "D1009", "Multiple key definitions evaluate to same key: \"%.*s\"", SLICE_ARG(key.text));
            } else if (jdefined(item)) {
                group_add(e, g, item);
            }
            if (frames != NULL && items->len > 0) {
                if (g->frame_len == g->frame_cap) g->frames = vec_grow(e->arena, g->frames, sizeof *g->frames, g->frame_len, &g->frame_cap);
                g->frames[g->frame_len++] = frames[i];
            }
        }
    }
    jobject *o = jobject_new(e);
    for (size_t i = 0; i < groups.len && !jfailed(e); i++) {
        const group *g = groups.at[i].value;
        jscope *inside = scope;
        if (g->frames != NULL) {    /* what is bound beside the items of the group is gathered by name */
            inside = jscope_new(e, scope);
            for (const jframe *f = g->frames[0]; f != NULL && jspend(e, 1); f = f->outer) {
                jvalue all = f->value;
                for (size_t k = 1; k < g->frame_len && jspend(e, 1); k++)
                    for (const jframe *h = g->frames[k]; h != NULL && jspend(e, 1); h = h->outer)
                        if (h->label == f->label && slice_eq(h->name, f->name)) {
                            all = jappend(e, all, h->value);
                            break;
                        }
                jframe *made = ARENA_NEW(e->arena, jframe);
                *made = (jframe){ .outer = inside->names, .name = f->name, .label = f->label, .value = all };
                inside->names = made;
            }
        }
        jvalue v = jevaluate(e, pairs->items[g->pair + 1], g->several != NULL ? jlist_value(g->several) : g->first, inside);
        if (jdefined(v)) jobject_set(e, o, groups.at[i].key, v);
    }
    return jobject_value(o);
}

/* ---- everything ---- */

static jvalue wildcard(jeval *e, jvalue input) {
    jlist *out = jlist_new(e, true);
    if (input.kind == JV_LIST && input.list->outer && input.list->len > 0) input = input.list->at[0];
    jobject *o = input.kind == JV_OBJECT ? jobject_open(e, input) : NULL;
    jlist *l = input.kind == JV_LIST ? jlist_open(e, input) : NULL;
    for (size_t i = 0; i < (o != NULL ? o->len : l != NULL ? l->len : 0) && jspend(e, 1); i++) {
        jvalue v = o != NULL ? o->values[i] : l->at[i];
        VEC(jvalue) open = { 0 };    /* lists are flattened all the way */
        VEC_PUSH(e->arena, &open, v);
        while (open.len > 0 && jspend(e, 1)) {
            jvalue one = open.at[--open.len];
            if (one.kind != JV_LIST) {
                jlist_push(e, out, one);
                continue;
            }
            jlist *inner = jlist_open(e, one);
            for (size_t k = inner->len; k > 0; k--) VEC_PUSH(e->arena, &open, inner->at[k - 1]);
        }
    }
    return jlist_value(out);
}

static void descend(jeval *e, jvalue v, jlist *out) {
    if (jfailed(e)) return;
    if (++e->depth > JSONATA_DEPTH) {
        jfail(e, "U1001", "a value is nested too deep");
        return;
    }
    if (v.kind != JV_LIST) jlist_push(e, out, v);
    jobject *o = v.kind == JV_OBJECT ? jobject_open(e, v) : NULL;
    jlist *l = v.kind == JV_LIST ? jlist_open(e, v) : NULL;
    for (size_t i = 0; i < (o != NULL ? o->len : l != NULL ? l->len : 0) && jspend(e, 1); i++) descend(e, o != NULL ? o->values[i] : l->at[i], out);
    e->depth--;
}

static jvalue block(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue v = jundefined;
    jscope *inside = jscope_new(e, scope);
    for (size_t i = 0; i < n->count && !jfailed(e); i++) v = jevaluate(e, n->items[i], input, inside);
    return v;
}

static jvalue function_value(jeval *e, const jfunction made) {
    jfunction *f = ARENA_NEW(e->arena, jfunction);
    *f = made;
    return (jvalue){ .kind = JV_FUNCTION, .function = f };
}

static jvalue negate(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue v = jevaluate(e, n->a, input, scope);
    if (!jdefined(v)) return v;
    return v.kind == JV_NUMBER ? jnumber(-v.number) : jfail(e, "D1002", "Cannot negate a non-numeric value");
}

static jvalue raw(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue v;
    switch (n->kind) {
    case JN_LITERAL:   return jfrom_node(e, n->literal);
    case JN_NAME:      return jlookup(e, input, n->text);
    case JN_VARIABLE:  return variable(e, n->text, input, scope);
    case JN_WILDCARD:  return wildcard(e, input);
    case JN_DESCENDANT: {
        jlist *out = jlist_new(e, true);
        if (jdefined(input)) descend(e, input, out);
        return jlist_value(out);
    }
    case JN_PARENT:    return parent(e, n->slot, scope);
    case JN_REGEX:     return function_value(e, (jfunction){ .regex = n->regex });
    case JN_BINARY:    return binary(e, n, input, scope);
    case JN_NEGATE:    return negate(e, n, input, scope);
    case JN_ARRAY:     return array(e, n, input, scope);
    case JN_OBJECT:    return jevaluate_group(e, n, input, scope);
    case JN_PATH:      return jevaluate_path(e, n, input, scope);
    case JN_BIND:
        v = jevaluate(e, n->b, input, scope);
        jbind(e, scope, n->a->text, v);
        return v;
    case JN_APPLY:     return jevaluate_chain(e, n, input, scope);
    case JN_CONDITION:
        v = jevaluate(e, n->a, input, scope);
        if (jfailed(e)) return jundefined;
        return jtruth(e, v) ? jevaluate(e, n->b, input, scope) : n->c != NULL ? jevaluate(e, n->c, input, scope) : jundefined;
    case JN_COALESCE:
        v = jevaluate(e, n->a, input, scope);
        if (jfailed(e)) return jundefined;
        return (n->op != 0 ? jdefined(v) : jtruth(e, v)) ? v : jevaluate(e, n->b, input, scope);
    case JN_BLOCK:     return block(e, n, input, scope);
    case JN_CALL:      return jevaluate_call(e, n, input, scope, NULL);
    case JN_PARTIAL:   return jevaluate_partial(e, n, input, scope);
    case JN_LAMBDA:    return function_value(e, (jfunction){ .lambda = n, .scope = scope, .input = input });
    case JN_TRANSFORM: return function_value(e, (jfunction){ .transform = n, .scope = scope });
    case JN_PLACEHOLDER: case JN_SORT: break;
    }
    return jundefined;
}

jvalue jevaluate(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    if (!jspend(e, 1)) return jundefined;
    if (++e->depth > JSONATA_DEPTH) return jfail(e, "U1001", "evaluations are nested deeper than %u: does a function call itself without end?", JSONATA_DEPTH);
    jvalue v = raw(e, n, input, scope);
    for (size_t i = 0; i < n->predicates.len && !jfailed(e); i++) v = jfilter(e, n->predicates.at[i], v, scope);
    if (n->has_group && n->kind != JN_PATH && !jfailed(e)) v = jevaluate_group(e, n->group, v, scope);
    e->depth--;
    return jfailed(e) ? jundefined : jsingle(v, n->keep_array);
}
