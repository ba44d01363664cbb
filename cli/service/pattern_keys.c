/* What a pattern asks for: its leaf paths, the exact values of a key, and what no event of a shape has. */
#include "base/strmap.h"
#include "service/pattern_parts.h"

/* ---- leaf paths ---- */

typedef struct {
    arena *arena;
    size_t values;           /* met so far */
    VEC(pattern_key) keys;
} collector;

static bool operator_is(const value *v, const char *name, const value **argument) {
    if (v->kind != VAL_MAP || v->map.len != 1 || !slice_is(v->map.at[0].key, name)) return false;
    *argument = v->map.at[0].value;
    return true;
}

static bool is_absent(const value *v) {
    const value *x;
    return operator_is(v, "exists", &x) && x->kind == VAL_BOOL && !x->boolean;
}

static bool is_trivial(const value *v) {
    const value *x;
    if (operator_is(v, "exists", &x)) return true;
    if (operator_is(v, "prefix", &x) || operator_is(v, "suffix", &x)) return x->kind == VAL_STRING && x->text.len == 0;
    return operator_is(v, "wildcard", &x) && x->kind == VAL_STRING && slice_is(x->text, "*");
}

static bool is_numeric(const value *v) {
    const value *x;
    return operator_is(v, "numeric", &x) || v->kind == VAL_INT || v->kind == VAL_DOUBLE;
}

static void collect_key(collector *c, slice path, const value *v, bool in_or) {
    pattern_key k = { .path = path, .at = v, .or_branch = in_or };
    if (v->kind == VAL_LIST && v->list.len > 0) {
        k.absent_only = true;
        c->values += v->list.len;
        for (size_t i = 0; i < v->list.len; i++) {
            const value *item = v->list.at[i];
            k.absent_only &= is_absent(item);
            k.trivial |= is_trivial(item) && !is_absent(item);
            k.numeric |= is_numeric(item);
        }
        k.trivial |= k.absent_only;
    }
    k.open = pattern_is_open(v);
    VEC_PUSH(c->arena, &c->keys, k);
}

static void collect(collector *c, slice path, const value *v, bool in_or, unsigned depth) {
    if (v->kind != VAL_MAP || depth > PATTERN_MAX_DEPTH) {
        if (v->kind != VAL_ABSENT && path.at != NULL) collect_key(c, path, v, in_or);
        return;
    }
    for (size_t i = 0; i < v->map.len && ++c->values <= PATTERN_MAX_VALUES; i++) {
        slice key = v->map.at[i].key;
        const value *inner = v->map.at[i].value;
        if (slice_is(key, "$or") && inner->kind == VAL_LIST) {
            for (size_t k = 0; k < inner->list.len && ++c->values <= PATTERN_MAX_VALUES; k++)
                collect(c, path, inner->list.at[k], true, depth + 1);
            continue;
        }
        slice parts[] = { path, SLICE("."), key };
        collect(c, path.at == NULL ? key : arena_concat(c->arena, parts, COUNT(parts)), inner, in_or, depth + 1);
    }
}

size_t pattern_keys(arena *a, const value *pattern, const pattern_key **out) {
    collector c = { .arena = a };
    const value *v = pattern_structure(a, pattern);
    if (v != NULL) collect(&c, (slice){ NULL, 0 }, v, false, 0);
    if (c.values > PATTERN_MAX_VALUES) VEC_PUSH(a, &c.keys, (pattern_key){ .path = SLICE(""), .at = pattern, .open = true });
    *out = c.keys.at;
    return c.keys.len;
}

/* ---- exact values ---- */

static const clause *clause_of(const branch *b, slice path) {
    size_t from = 0, to = b->len;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (slice_order(b->at[middle].path, path) < 0) from = middle + 1;
        else to = middle;
    }
    return from < b->len && slice_eq(b->at[from].path, path) ? &b->at[from] : NULL;
}

static tri texts_of(arena *a, matcher_list l, strmap *seen) {
    tri exact = YES;
    for (size_t i = 0; i < l.len; i++) {
        const matcher *m = &l.at[i];
        if (m->op == MATCH_TEXT || m->op == MATCH_IP) {
            strmap_put(a, seen, m->text, seen);
        } else if (m->op == MATCH_OPEN || m->op == MATCH_PARTLY || m->op == MATCH_EITHER) {
            exact = exact == NO ? NO : UNKNOWN;
        } else {
            exact = NO;
        }
    }
    return exact;
}

tri pattern_exact(arena *a, const value *pattern, slice key, const slice **texts, size_t *len) {
    const compiled_pattern *p = pattern_compile(a, PATTERN_EVENTS, pattern);
    strmap seen = { 0 };
    tri exact = p->open ? UNKNOWN : YES;
    for (size_t i = 0; i < p->len && !p->open && exact != NO; i++) {
        const clause *c = clause_of(&p->branches[i], key);
        tri one = c == NULL ? NO : texts_of(a, c->any, &seen);
        if (one != YES) exact = one;
    }
    if (exact == YES) {
        slice *at = ARENA_ARRAY(a, slice, seen.len);
        for (size_t i = 0; i < seen.len; i++) at[i] = seen.at[i].key;
        *texts = at;
        *len = seen.len;
    } else {
        *texts = NULL;
        *len = 0;
    }
    return exact;
}

/* ---- shapes ---- */

/* EventBridge user guide, "Event structure"; replay-name is there on replayed events. */
static const slice envelope[] = {
    SLICE_INIT("version"), SLICE_INIT("id"), SLICE_INIT("detail-type"), SLICE_INIT("source"), SLICE_INIT("account"), SLICE_INIT("time"),
    SLICE_INIT("region"), SLICE_INIT("resources"), SLICE_INIT("replay-name"),
};

static bool scalar_word(slice word) {
    return slice_is(word, "string") || slice_is(word, "number") || slice_is(word, "integer") || slice_is(word, "boolean");
}

/* Takes `name` off the head of a dotted path; false when it does not stand there. */
static bool take_name(slice path, slice name, slice *rest) {
    if (slice_eq(path, name)) {
        *rest = (slice){ path.at + path.len, 0 };
        return true;
    }
    if (path.len <= name.len || !slice_starts(path, name) || path.at[name.len] != '.') return false;
    *rest = slice_after(path, name.len + 1);
    return true;
}

/* Can a scalar stand at this path of the shape? Names may hold dots, so every name that fits is tried. */
static bool shape_holds(const value *shape, slice path, unsigned depth) {
    if (depth > PATTERN_MAX_DEPTH) return true;
    switch (shape->kind) {
    case VAL_STRING:
        return !scalar_word(shape->text) || path.len == 0;
    case VAL_LIST:
        return shape->list.len == 0 || shape_holds(shape->list.at[0], path, depth + 1);
    case VAL_MAP:
        if (shape->map.len == 0) return true;      /* nothing is known about it */
        if (path.len == 0) return false;           /* an object is no scalar */
        for (size_t i = 0; i < shape->map.len; i++) {
            slice name = shape->map.at[i].key, rest;
            if (slice_is(name, "*")) {
                size_t dot = slice_find(path, '.');
                rest = dot == path.len ? (slice){ path.at + path.len, 0 } : slice_after(path, dot + 1);
            } else {
                if (name.len > 1 && name.at[name.len - 1] == '?') name.len--;
                if (!take_name(path, name, &rest)) continue;
            }
            if (shape_holds(shape->map.at[i].value, rest, depth + 1)) return true;
        }
        return false;
    default:
        return true;
    }
}

static bool path_possible(const value *detail, slice path) {
    slice rest;
    for (size_t i = 0; i < COUNT(envelope); i++)
        if (take_name(path, envelope[i], &rest)) return rest.len == 0;
    if (!take_name(path, SLICE("detail"), &rest)) return false;
    return detail == NULL || shape_holds(detail, rest, 0);
}

slice pattern_impossible(arena *a, const value *pattern, const value *shape) {
    const compiled_pattern *p = pattern_compile(a, PATTERN_EVENTS, pattern);
    const value *detail = NULL;
    for (size_t i = 0; shape->kind == VAL_MAP && i < shape->map.len; i++)
        if (slice_is(shape->map.at[i].key, "detail")) detail = shape->map.at[i].value;
    slice first = SLICE("");
    uint32_t order = UINT32_MAX;
    for (size_t i = 0; i < p->len && !p->open; i++) {
        bool possible = true;
        for (size_t k = 0; k < p->branches[i].len; k++) {
            const clause *c = &p->branches[i].at[k];
            if (matchers_want_absent(c->any) || path_possible(detail, c->path)) continue;
            possible = false;
            if (i == 0 && c->order < order) {
                order = c->order;
                first = c->path;
            }
        }
        if (possible) return SLICE("");
    }
    return first;
}
