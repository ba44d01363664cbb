#include "cel/values.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

cel_value cel_uint(uint64_t n) { return (cel_value){ .kind = CEL_UINT, .natural = n }; }
cel_value cel_double(double d) { return (cel_value){ .kind = CEL_DOUBLE, .number = d }; }
/* An empty text may come without a pointer; functions cut and add to it as to any other. */
static slice not_null(slice s) { return s.at == NULL ? SLICE("") : s; }
cel_value cel_bytes(slice s) { return (cel_value){ .kind = CEL_BYTES, .text = not_null(s) }; }
cel_value cel_type_value(slice name) { return (cel_value){ .kind = CEL_TYPE, .text = name }; }
cel_value cel_list(const cel_value *items, size_t len) { return (cel_value){ .kind = CEL_LIST, .list = { items, len } }; }
cel_value cel_map(const cel_value *pairs, size_t len) { return (cel_value){ .kind = CEL_MAP, .map = { pairs, len } }; }

cel_value cel_spent(void) { return (cel_value){ .kind = CEL_ERROR, .text = SLICE_INIT("too much work: the limit of evaluation steps is reached") }; }

cel_value cel_error(cel_context *c, const char *format, ...) {
    /* Errors are often absorbed, and then made again on the next turn of a macro: a plain one costs no memory. */
    if (strchr(format, '%') == NULL) return (cel_value){ .kind = CEL_ERROR, .text = slice_from(format) };
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    if (!cel_spend(c, used / 8)) return cel_spent();
    return (cel_value){ .kind = CEL_ERROR, .text = arena_copy(c->arena, (slice){ text, used }) };
}

slice cel_brief(slice text) {
    size_t most = 80;
    if (text.len <= most) return text;
    slice cut = slice_from_to(text, 0, most);
    size_t good = utf8_first_bad(cut);
    return slice_from_to(text, 0, good + 4 > most ? good : most);
}

/* ---- kinds ---- */

static const slice kind_names[] = {
    [CEL_NULL] = SLICE_INIT("null_type"), [CEL_BOOL] = SLICE_INIT("bool"),   [CEL_INT] = SLICE_INIT("int"),
    [CEL_UINT] = SLICE_INIT("uint"),      [CEL_DOUBLE] = SLICE_INIT("double"), [CEL_STRING] = SLICE_INIT("string"),
    [CEL_BYTES] = SLICE_INIT("bytes"),    [CEL_LIST] = SLICE_INIT("list"),   [CEL_MAP] = SLICE_INIT("map"),
    [CEL_TIMESTAMP] = SLICE_INIT("google.protobuf.Timestamp"), [CEL_DURATION] = SLICE_INIT("google.protobuf.Duration"),
    [CEL_TYPE] = SLICE_INIT("type"),      [CEL_OBJECT] = SLICE_INIT("record"),
    [CEL_UNKNOWN] = SLICE_INIT("unknown"), [CEL_ERROR] = SLICE_INIT("error"),
};

slice cel_kind_name(cel_kind kind) { return kind_names[kind]; }

bool cel_type_known(slice name) {
    for (size_t k = CEL_NULL; k <= CEL_TYPE; k++)
        if (slice_eq(kind_names[k], name)) return true;
    return false;
}

static bool object_is_list(const cel_value *v) { return v->object.kind->item != NULL; }
static bool object_is_map(const cel_value *v) { return v->object.kind->item == NULL && v->object.kind->key != NULL; }

unsigned cel_bit_of(const cel_value *v) {
    if (v->kind != CEL_OBJECT) return BIT(v->kind);
    return object_is_list(v) ? BIT(CEL_LIST) : object_is_map(v) ? BIT(CEL_MAP) : BIT(CEL_OBJECT);
}

slice cel_type_name(const cel_value *v) {
    if (v->kind != CEL_OBJECT) return kind_names[v->kind];
    if (object_is_list(v)) return kind_names[CEL_LIST];
    return object_is_map(v) ? kind_names[CEL_MAP] : v->object.kind->type_name;
}

/* ---- lists and maps ---- */

bool cel_sequence_of(cel_context *c, const cel_value *v, cel_sequence *out) {
    out->of = *v;
    unsigned bit = cel_bit_of(v);
    out->is_map = bit == BIT(CEL_MAP);
    if (v->kind == CEL_LIST) out->len = v->list.len;
    else if (v->kind == CEL_MAP) out->len = v->map.len;
    else if (bit == BIT(CEL_LIST) || bit == BIT(CEL_MAP)) out->len = v->object.kind->size(c, v->object.at);
    else return false;
    return true;
}

cel_value cel_sequence_key(cel_context *c, const cel_sequence *s, size_t i) {
    if (!s->is_map) return cel_int((int64_t)i);
    return s->of.kind == CEL_MAP ? s->of.map.at[2 * i] : s->of.object.kind->key(c, s->of.object.at, i);
}

static cel_value no_key(cel_context *c, const cel_value *key) {
    if (key->kind == CEL_STRING) return cel_error(c, "no such key: %.*s", SLICE_ARG(cel_brief(key->text)));
    return cel_error(c, "no such key");
}

cel_value cel_sequence_item(cel_context *c, const cel_sequence *s, size_t i) {
    if (s->of.kind == CEL_LIST) return s->of.list.at[i];
    if (s->of.kind == CEL_MAP) return s->of.map.at[2 * i + 1];
    if (!s->is_map) return s->of.object.kind->item(c, s->of.object.at, i);
    cel_value key = cel_sequence_key(c, s, i), value;
    return cel_map_get(c, &s->of, &key, &value) ? value : no_key(c, &key);
}

bool cel_is_key(const cel_value *v) { return (BIT(v->kind) & (BIT(CEL_BOOL) | BIT(CEL_INT) | BIT(CEL_UINT) | BIT(CEL_STRING))) != 0; }

bool cel_map_get(cel_context *c, const cel_value *map, const cel_value *key, cel_value *out) {
    if (map->kind == CEL_OBJECT) {
        bool absent = false;
        if (key->kind != CEL_STRING) return false;
        *out = map->object.kind->field(c, map->object.at, key->text, &absent);
        return !absent;
    }
    if (!cel_spend(c, map->map.len / 8)) return false;
    for (size_t i = 0; i < map->map.len; i++) {
        const cel_value *k = &map->map.at[2 * i];
        bool hit = k->kind == CEL_STRING ? key->kind == CEL_STRING && slice_eq(k->text, key->text)
                 : k->kind == CEL_BOOL   ? key->kind == CEL_BOOL && k->boolean == key->boolean
                                         : key->kind != CEL_STRING && key->kind != CEL_BOOL && cel_order(k, key) == 0;
        if (hit) {
            *out = map->map.at[2 * i + 1];
            return true;
        }
    }
    return false;
}

/* One text for all spellings of a key: 1 and 1u are the same key. */
static slice key_text(cel_context *c, const cel_value *key) {
    if (key->kind == CEL_STRING) {
        slice parts[2] = { SLICE("s"), key->text };
        return arena_concat(c->arena, parts, 2);
    }
    if (key->kind == CEL_BOOL) return key->boolean ? SLICE("true") : SLICE("false");
    char text[10] = { 'n', key->kind == CEL_INT && key->integer < 0 ? '-' : '+' };
    memcpy(text + 2, &key->natural, sizeof key->natural);
    return arena_copy(c->arena, (slice){ text, sizeof text });
}

bool cel_key_add(cel_context *c, cel_key_set *set, const cel_value *key) {
    if (set->len < CEL_FEW_KEYS) {
        for (size_t i = 0; i < set->len; i++) {
            cel_value trouble = cel_null();
            if (cel_same(c, &set->few[i], key, &trouble) == YES) return false;
        }
        set->few[set->len++] = *key;
        return true;
    }
    if (set->len == CEL_FEW_KEYS)
        for (size_t i = 0; i < CEL_FEW_KEYS; i++) strmap_put(c->arena, &set->all, key_text(c, &set->few[i]), set);
    set->len++;
    cel_spend(c, 8 + (key->kind == CEL_STRING ? key->text.len / 8 : 0));
    return strmap_put(c->arena, &set->all, key_text(c, key), set) == NULL;
}

/* ---- order ---- */

static int order_double(double x, double y) { return isnan(x) || isnan(y) ? 2 : x < y ? -1 : x > y; }
#define ORDER(x, y) ((x) < (y) ? -1 : (x) > (y))

static double as_double(const cel_value *v) {
    return v->kind == CEL_DOUBLE ? v->number : v->kind == CEL_INT ? (double)v->integer : (double)v->natural;
}

#define NUMBERS (BIT(CEL_INT) | BIT(CEL_UINT) | BIT(CEL_DOUBLE))

/* Against a double both become doubles, so the far ends of int and uint meet the double next to them. */
static int order_numbers(const cel_value *x, const cel_value *y) {
    if (x->kind == CEL_DOUBLE || y->kind == CEL_DOUBLE) return order_double(as_double(x), as_double(y));
    if (x->kind == y->kind) return x->kind == CEL_INT ? ORDER(x->integer, y->integer) : ORDER(x->natural, y->natural);
    if (x->kind == CEL_INT) return x->integer < 0 ? -1 : ORDER((uint64_t)x->integer, y->natural);
    return y->integer < 0 ? 1 : ORDER(x->natural, (uint64_t)y->integer);
}

int cel_order(const cel_value *x, const cel_value *y) {
    if ((BIT(x->kind) & NUMBERS) != 0 && (BIT(y->kind) & NUMBERS) != 0) return order_numbers(x, y);
    if (x->kind != y->kind) return 3;
    switch (x->kind) {
    case CEL_BOOL:      return ORDER(x->boolean, y->boolean);
    case CEL_STRING:
    case CEL_BYTES:     return ORDER(slice_order(x->text, y->text), 0);
    case CEL_TIMESTAMP:
    case CEL_DURATION:  return x->integer != y->integer ? ORDER(x->integer, y->integer) : ORDER(x->nanos, y->nanos);
    default:            return 3;
    }
}

/* ---- equality ---- */

#define SAME_MAX_DEPTH 400    /* values are no deeper than an expression and a document together; this only guards the stack */

static tri same(cel_context *c, const cel_value *x, const cel_value *y, cel_value *trouble, unsigned depth);

static tri same_lists(cel_context *c, const cel_sequence *x, const cel_sequence *y, cel_value *trouble, unsigned depth) {
    tri all = YES;
    for (size_t i = 0; i < x->len; i++) {
        cel_value left = cel_sequence_item(c, x, i), right = cel_sequence_item(c, y, i);
        tri one = same(c, &left, &right, trouble, depth);
        if (one == NO) return NO;
        if (one == UNKNOWN) all = UNKNOWN;
        if (c->steps > CEL_MAX_STEPS) return UNKNOWN;
    }
    return all;
}

static tri same_maps(cel_context *c, const cel_sequence *x, const cel_sequence *y, cel_value *trouble, unsigned depth) {
    strmap by_key = { 0 };
    bool hashed = y->of.kind == CEL_MAP && y->len > CEL_FEW_KEYS;
    if (hashed && !cel_spend(c, y->len * 8)) return UNKNOWN;
    for (size_t i = 0; hashed && i < y->len; i++)
        strmap_put(c->arena, &by_key, key_text(c, &y->of.map.at[2 * i]), (void *)(uintptr_t)&y->of.map.at[2 * i + 1]);
    tri all = YES;
    for (size_t i = 0; i < x->len; i++) {
        cel_value key = cel_sequence_key(c, x, i), left = cel_sequence_item(c, x, i), right;
        if (is_trouble(&key)) {
            keep_trouble(trouble, &key);
            all = UNKNOWN;
            continue;
        }
        if (hashed) {
            const cel_value *found = strmap_get(&by_key, key_text(c, &key));
            if (found == NULL) return NO;
            right = *found;
        } else if (!cel_map_get(c, &y->of, &key, &right)) {
            return NO;
        }
        tri one = same(c, &left, &right, trouble, depth);
        if (one == NO) return NO;
        if (one == UNKNOWN) all = UNKNOWN;
        if (c->steps > CEL_MAX_STEPS) return UNKNOWN;
    }
    return all;
}

static tri same_objects(cel_context *c, const cel_value *x, const cel_value *y) {
    const cel_object_kind *kind = x->object.kind;
    if (kind != y->object.kind) return NO;
    if (x->object.at == y->object.at) return YES;
    return kind->same != NULL && kind->same(c, x->object.at, y->object.at) ? YES : NO;
}

static tri same(cel_context *c, const cel_value *x, const cel_value *y, cel_value *trouble, unsigned depth) {
    if (depth > SAME_MAX_DEPTH || !cel_spend(c, 1)) {
        cel_value spent = cel_spent();
        keep_trouble(trouble, &spent);
        return UNKNOWN;
    }
    if (is_trouble(x) || is_trouble(y)) {
        if (is_trouble(x)) keep_trouble(trouble, x);
        if (is_trouble(y)) keep_trouble(trouble, y);
        return UNKNOWN;
    }
    unsigned left = cel_bit_of(x), right = cel_bit_of(y);
    if ((left & NUMBERS) != 0 && (right & NUMBERS) != 0) return order_numbers(x, y) == 0 ? YES : NO;
    if (left != right) return NO;
    if (x->kind == CEL_OBJECT && y->kind == CEL_OBJECT && (left == BIT(CEL_OBJECT) || same_objects(c, x, y) == YES))
        return same_objects(c, x, y);
    cel_sequence xs, ys;
    if (cel_sequence_of(c, x, &xs) && cel_sequence_of(c, y, &ys)) {
        if (xs.len != ys.len) return NO;
        return xs.is_map ? same_maps(c, &xs, &ys, trouble, depth + 1) : same_lists(c, &xs, &ys, trouble, depth + 1);
    }
    if (x->kind == CEL_NULL) return YES;
    if (x->kind == CEL_TYPE) return slice_eq(x->text, y->text) ? YES : NO;
    return cel_order(x, y) == 0 ? YES : NO;
}

tri cel_same(cel_context *c, const cel_value *x, const cel_value *y, cel_value *trouble) { return same(c, x, y, trouble, 0); }

tri cel_equal(cel_context *c, cel_value x, cel_value y) {
    cel_value trouble = cel_null();
    return same(c, &x, &y, &trouble, 0);
}
