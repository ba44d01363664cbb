#include "smoke/aws/dynamodb_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/digest.h"

bool dynamo_wrong(dynamo_fault *f, const char *format, ...) {
    if (f->code != NULL) return false;
    char text[2048];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t n = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    f->code = "ValidationException";
    f->message = arena_copy(f->arena, (slice){ text, n });
    return false;
}

/* ---- types ---- */

/* `element` of a set is the type of its members. */
static const struct { const char *name; doc_kind holds; dynamo_type element; } types[DYNAMO_TYPES] = {
    [DYNAMO_S] = { "S", DOC_STRING, DYNAMO_TYPES },   [DYNAMO_N] = { "N", DOC_STRING, DYNAMO_TYPES },
    [DYNAMO_B] = { "B", DOC_STRING, DYNAMO_TYPES },   [DYNAMO_BOOL] = { "BOOL", DOC_BOOL, DYNAMO_TYPES },
    [DYNAMO_NULL] = { "NULL", DOC_BOOL, DYNAMO_TYPES }, [DYNAMO_M] = { "M", DOC_MAP, DYNAMO_TYPES },
    [DYNAMO_L] = { "L", DOC_LIST, DYNAMO_TYPES },     [DYNAMO_SS] = { "SS", DOC_LIST, DYNAMO_S },
    [DYNAMO_NS] = { "NS", DOC_LIST, DYNAMO_N },       [DYNAMO_BS] = { "BS", DOC_LIST, DYNAMO_B },
};

const char *dynamo_type_name(dynamo_type t) { return types[t].name; }

bool dynamo_type_named(slice name, dynamo_type *out) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (slice_is(name, types[i].name)) {
            *out = (dynamo_type)i;
            return true;
        }
    return false;
}

dynamo_type dynamo_type_of(const doc_node *v) {
    dynamo_type t = DYNAMO_NULL;
    dynamo_type_named(v->map.at[0].key, &t);
    return t;
}

const doc_node *dynamo_make(arena *a, dynamo_type t, const doc_node *inner) {
    js_object o = { 0 };
    js_put(a, &o, types[t].name, inner);
    return js_object_end(a, &o);
}

dynamo_number dynamo_number_in(const doc_node *v) {
    dynamo_number n;
    dynamo_number_read(dynamo_inner(v)->text, &n);
    return n;
}

const doc_node *dynamo_make_number(arena *a, const dynamo_number *n) {
    return dynamo_make(a, DYNAMO_N, js_string(a, dynamo_number_text(a, n)));
}

slice dynamo_bytes(arena *a, const doc_node *v) {
    slice text = dynamo_inner(v)->text;
    if (dynamo_type_of(v) == DYNAMO_B) base64_decode(a, text, &text);
    return text;
}

/* ---- checking ---- */

/* A member of a set, with what it is ordered by. */
typedef struct {
    slice bytes;
    dynamo_number number;
    const doc_node *node;
} member;

static int by_bytes(const void *x, const void *y) { return slice_order(((const member *)x)->bytes, ((const member *)y)->bytes); }
static int by_number(const void *x, const void *y) { return dynamo_number_order(&((const member *)x)->number, &((const member *)y)->number); }
static int (*order_of(dynamo_type element))(const void *, const void *) { return element == DYNAMO_N ? by_number : by_bytes; }

/* One S, N or B by its inner node. */
static bool read_scalar(arena *a, dynamo_type t, const doc_node *in, member *out, dynamo_fault *f) {
    out->node = in;
    if (!js_is(in, DOC_STRING)) {
        f->code = "SerializationException";
        f->message = arena_printf(f->arena, "The value of %s must be a string", types[t].name);
        return false;
    }
    out->bytes = in->text;
    if (t == DYNAMO_N) {
        number_status s = dynamo_number_read(in->text, &out->number);
        if (s != NUMBER_FITS) return dynamo_wrong(f, "%.*s", SLICE_ARG(dynamo_number_fault(f->arena, s, in->text)));
        slice text = dynamo_number_text(a, &out->number);
        if (!slice_eq(text, in->text)) out->node = js_string(a, text);
    }
    if (t == DYNAMO_B && !base64_decode(a, in->text, &out->bytes)) {
        f->code = "SerializationException";
        f->message = SLICE("The value of B is not base64");
        return false;
    }
    return true;
}

static const char *const empty_set[] = {
    [DYNAMO_S] = "An string set  may not be empty", [DYNAMO_N] = "An number set  may not be empty", [DYNAMO_B] = "Binary sets should not be empty",
};

static const doc_node *read_set(arena *a, dynamo_type t, const doc_node *in, dynamo_fault *f) {
    dynamo_type element = types[t].element;
    if (in->list.len == 0) {
        dynamo_wrong(f, "One or more parameter values were invalid: %s", empty_set[element]);
        return NULL;
    }
    member *members = ARENA_ARRAY(a, member, in->list.len);
    for (size_t i = 0; i < in->list.len; i++)
        if (!read_scalar(a, element, in->list.at[i], &members[i], f)) return NULL;
    qsort(members, in->list.len, sizeof *members, order_of(element));
    js_list out = { 0 };
    for (size_t i = 0; i < in->list.len; i++) {
        if (i > 0 && order_of(element)(&members[i - 1], &members[i]) == 0) {
            slice all = js_text(f->arena, in);
            dynamo_wrong(f, "One or more parameter values were invalid: Input collection %.*s contains duplicates.", (int)(all.len < 500 ? all.len : 500), all.at);
            return NULL;
        }
        js_push(a, &out, members[i].node);
    }
    return js_list_end(a, &out);
}

static const doc_node *read_value(arena *a, const doc_node *wire, unsigned depth, dynamo_fault *f);

static const doc_node *read_map(arena *a, const doc_node *in, unsigned depth, dynamo_fault *f) {
    js_object out = { 0 };
    for (size_t i = 0; i < in->map.len; i++) {
        slice name = in->map.at[i].key;
        if (depth == 0 && name.len == 0) {
            dynamo_wrong(f, "One or more parameter values were invalid: Attribute name must not be empty");
            return NULL;
        }
        if (name.len > DYNAMO_MAX_NAME) {
            dynamo_wrong(f, "One or more parameter values were invalid: Attribute name is too large, must be less than 65536 bytes");
            return NULL;
        }
        const doc_node *v = read_value(a, in->map.at[i].value, depth + 1, f);
        if (v == NULL) return NULL;
        VEC_PUSH(a, &out.entries, (doc_entry){ .key = name, .value = v });
    }
    return js_object_end(a, &out);
}

static const doc_node *read_value(arena *a, const doc_node *wire, unsigned depth, dynamo_fault *f) {
    dynamo_type t;
    if (depth > DYNAMO_MAX_NESTED + 1) {
        dynamo_wrong(f, "Nesting Levels have exceeded supported limits");
        return NULL;
    }
    if (!js_is(wire, DOC_MAP) || wire->map.len == 0 || (wire->map.len == 1 && !dynamo_type_named(wire->map.at[0].key, &t))) {
        dynamo_wrong(f, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        return NULL;
    }
    if (wire->map.len > 1) {
        dynamo_wrong(f, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
        return NULL;
    }
    const doc_node *in = wire->map.at[0].value, *out = in;
    member one;
    if (!js_is(in, types[t].holds)) {
        f->code = "SerializationException";
        f->message = arena_printf(f->arena, "Unexpected value for the type %s", types[t].name);
        return NULL;
    }
    switch (t) {
    case DYNAMO_S:
    case DYNAMO_N:
    case DYNAMO_B:
        if (!read_scalar(a, t, in, &one, f)) return NULL;
        out = one.node;
        break;
    case DYNAMO_NULL:
        if (!in->boolean) {
            dynamo_wrong(f, "One or more parameter values were invalid: Null attribute value types must have the value of true");
            return NULL;
        }
        break;
    case DYNAMO_M: out = read_map(a, in, depth, f); break;
    case DYNAMO_L: {
        js_list l = { 0 };
        for (size_t i = 0; i < in->list.len; i++) {
            const doc_node *v = read_value(a, in->list.at[i], depth + 1, f);
            if (v == NULL) return NULL;
            js_push(a, &l, v);
        }
        out = js_list_end(a, &l);
        break;
    }
    case DYNAMO_SS:
    case DYNAMO_NS:
    case DYNAMO_BS: out = read_set(a, t, in, f); break;
    default: break;
    }
    if (out == NULL) return NULL;
    return out == in ? wire : dynamo_make(a, t, out);
}

const doc_node *dynamo_value(arena *a, const doc_node *wire, dynamo_fault *f) { return read_value(a, wire, 1, f); }

const doc_node *dynamo_item(arena *a, const doc_node *wire, dynamo_fault *f) {
    if (js_is(wire, DOC_MAP)) return read_map(a, wire, 0, f);
    f->code = "SerializationException";
    f->message = SLICE("An item must be a map of attribute values");
    return NULL;
}

/* ---- sizes ---- */

/* About a byte for two digits, one more for the rest. */
static size_t size_of_number(slice text) {
    dynamo_number n;
    dynamo_number_read(text, &n);
    return (n.len + 1) / 2 + 1 + n.negative;
}

size_t dynamo_size(const doc_node *v) {
    const doc_node *in = dynamo_inner(v);
    size_t size = 0;
    switch (dynamo_type_of(v)) {
    case DYNAMO_S: return in->text.len;
    case DYNAMO_N: return size_of_number(in->text);
    case DYNAMO_B: return base64_size(in->text);
    case DYNAMO_M: return 3 + in->map.len + dynamo_item_size(in);
    case DYNAMO_L:
        for (size_t i = 0; i < in->list.len; i++) size += 1 + dynamo_size(in->list.at[i]);
        return 3 + size;
    case DYNAMO_SS:
    case DYNAMO_NS:
    case DYNAMO_BS: {
        bool number = dynamo_type_of(v) == DYNAMO_NS, binary = dynamo_type_of(v) == DYNAMO_BS;
        for (size_t i = 0; i < in->list.len; i++) {
            slice text = in->list.at[i]->text;
            size += number ? size_of_number(text) : binary ? base64_size(text) : text.len;
        }
        return size;
    }
    default: return 1;
    }
}

size_t dynamo_item_size(const doc_node *item) {
    size_t size = 0;
    for (size_t i = 0; i < item->map.len; i++) size += item->map.at[i].key.len + dynamo_size(item->map.at[i].value);
    return size;
}

/* ---- comparing ---- */

static int by_key(const void *x, const void *y) {
    return slice_order((*(const doc_entry *const *)x)->key, (*(const doc_entry *const *)y)->key);
}

static const doc_entry **in_order(arena *a, const doc_node *map) {
    const doc_entry **all = ARENA_ARRAY(a, const doc_entry *, map->map.len);
    for (size_t i = 0; i < map->map.len; i++) all[i] = &map->map.at[i];
    qsort(all, map->map.len, sizeof(const doc_entry *), by_key);
    return all;
}

bool dynamo_same_item(arena *a, const doc_node *x, const doc_node *y) {
    if (x == y) return true;
    if (x == NULL || y == NULL || x->map.len != y->map.len) return false;
    arena_mark mark = arena_mark_take(a);
    const doc_entry **left = in_order(a, x), **right = in_order(a, y);
    bool same = true;
    for (size_t i = 0; same && i < x->map.len; i++)
        same = slice_eq(left[i]->key, right[i]->key) && dynamo_same(a, left[i]->value, right[i]->value);
    arena_mark_return(a, mark);
    return same;
}

bool dynamo_same(arena *a, const doc_node *x, const doc_node *y) {
    if (x == y) return true;
    dynamo_type t = dynamo_type_of(x);
    if (t != dynamo_type_of(y)) return false;
    const doc_node *in = dynamo_inner(x), *other = dynamo_inner(y);
    switch (t) {
    case DYNAMO_BOOL: return in->boolean == other->boolean;
    case DYNAMO_NULL: return true;
    case DYNAMO_M: return dynamo_same_item(a, in, other);
    case DYNAMO_L:
        if (in->list.len != other->list.len) return false;
        for (size_t i = 0; i < in->list.len; i++)
            if (!dynamo_same(a, in->list.at[i], other->list.at[i])) return false;
        return true;
    case DYNAMO_SS:
    case DYNAMO_NS:
    case DYNAMO_BS:
        if (in->list.len != other->list.len) return false;
        for (size_t i = 0; i < in->list.len; i++)
            if (!slice_eq(in->list.at[i]->text, other->list.at[i]->text)) return false;
        return true;
    default: return slice_eq(in->text, other->text);      /* one form: the same number is the same text */
    }
}

static member member_of(arena *a, dynamo_type element, const doc_node *inner) {
    member m = { .node = inner, .bytes = inner->text };
    if (element == DYNAMO_N) dynamo_number_read(inner->text, &m.number);
    if (element == DYNAMO_B) base64_decode(a, inner->text, &m.bytes);
    return m;
}

int dynamo_order(arena *a, const doc_node *x, const doc_node *y) {
    dynamo_type t = dynamo_type_of(x);
    arena_mark mark = arena_mark_take(a);
    member left = member_of(a, t, dynamo_inner(x)), right = member_of(a, t, dynamo_inner(y));
    int order = order_of(t)(&left, &right);
    arena_mark_return(a, mark);
    return order;
}

/* ---- sets ---- */

bool dynamo_set_has(arena *a, const doc_node *set, const doc_node *m) {
    dynamo_type element = types[dynamo_type_of(set)].element;
    if (element != dynamo_type_of(m)) return false;
    const doc_node *in = dynamo_inner(set);
    member wanted = member_of(a, element, dynamo_inner(m));
    size_t low = 0, high = in->list.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        member here = member_of(a, element, in->list.at[middle]);
        int order = order_of(element)(&here, &wanted);
        if (order == 0) return true;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return false;
}

const doc_node *dynamo_set_join(arena *a, const doc_node *x, const doc_node *y, bool less) {
    dynamo_type t = dynamo_type_of(x), element = types[t].element;
    const doc_node *left = dynamo_inner(x), *right = dynamo_inner(y);
    js_list out = { 0 };
    size_t i = 0, k = 0;
    while (i < left->list.len || (!less && k < right->list.len)) {
        int order = -1;
        if (i == left->list.len) order = 1;
        else if (k < right->list.len) {
            member here = member_of(a, element, left->list.at[i]), there = member_of(a, element, right->list.at[k]);
            order = order_of(element)(&here, &there);
        }
        if (order < 0 || (order == 0 && !less)) js_push(a, &out, left->list.at[i]);
        if (order > 0 && !less) js_push(a, &out, right->list.at[k]);
        i += order <= 0;
        k += order >= 0;
    }
    return out.items.len == 0 ? NULL : dynamo_make(a, t, js_list_end(a, &out));
}
