#include "smoke/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const doc_node null_node = { .kind = DOC_NULL, .text = SLICE_INIT("null") };
static const doc_node true_node = { .kind = DOC_BOOL, .boolean = true, .text = SLICE_INIT("true") };
static const doc_node false_node = { .kind = DOC_BOOL, .boolean = false, .text = SLICE_INIT("false") };
static const doc_node empty_map = { .kind = DOC_MAP };
static const doc_node empty_list = { .kind = DOC_LIST };

const doc_node *js_read(arena *a, slice text) {
    return doc_parse_json(a, text, (pos){ .line = 1, .column = 1 }, NULL);
}

/* ---- writing ---- */

static void write_string(buf *out, slice s) {
    json_out j = { .out = out };
    json_string(&j, s);
}

/* The nodes were made by a reader with a depth limit, or by us: the depth of both is bounded. Past DOC_MAX_DEPTH twice nothing sensible is left. */
static void write_node(buf *out, const doc_node *n, unsigned depth) {
    if (n == NULL || depth > 2 * DOC_MAX_DEPTH) {
        buf_text(out, "null");
        return;
    }
    switch (n->kind) {
    case DOC_NULL: buf_text(out, "null"); return;
    case DOC_BOOL: buf_text(out, n->boolean ? "true" : "false"); return;
    case DOC_INT:
    case DOC_DOUBLE: buf_slice(out, n->text); return;
    case DOC_STRING: write_string(out, n->text); return;
    case DOC_LIST:
        buf_char(out, '[');
        for (size_t i = 0; i < n->list.len; i++) {
            if (i > 0) buf_char(out, ',');
            write_node(out, n->list.at[i], depth + 1);
        }
        buf_char(out, ']');
        return;
    case DOC_MAP:
        buf_char(out, '{');
        for (size_t i = 0; i < n->map.len; i++) {
            if (i > 0) buf_char(out, ',');
            write_string(out, n->map.at[i].key);
            buf_char(out, ':');
            write_node(out, n->map.at[i].value, depth + 1);
        }
        buf_char(out, '}');
        return;
    }
}

slice js_text(arena *a, const doc_node *n) {
    buf out = { .arena = a };
    write_node(&out, n, 0);
    return buf_as_slice(&out);
}

/* ---- making ---- */

static doc_node *make(arena *a, doc_kind k) {
    doc_node *n = ARENA_NEW(a, doc_node);
    n->kind = k;
    return n;
}

const doc_node *js_null(void) { return &null_node; }
const doc_node *js_bool(bool b) { return b ? &true_node : &false_node; }

const doc_node *js_int(arena *a, long long i) {
    doc_node *n = make(a, DOC_INT);
    n->integer = i;
    n->text = arena_printf(a, "%lld", i);
    return n;
}

const doc_node *js_double(arena *a, double d) {
    if (!isfinite(d)) return js_null();
    if (d == floor(d) && fabs(d) < 9007199254740992.0) return js_int(a, (long long)d);
    doc_node *n = make(a, DOC_DOUBLE);
    buf out = { .arena = a };
    json_out j = { .out = &out };
    json_double(&j, d);
    n->number = d;
    n->text = buf_as_slice(&out);
    return n;
}

const doc_node *js_number(arena *a, slice text) {
    long long whole;
    if (slice_int(text, &whole)) {
        doc_node *n = make(a, DOC_INT);
        n->integer = whole;
        n->text = arena_copy(a, text);
        return n;
    }
    doc_node *n = make(a, DOC_DOUBLE);
    n->text = arena_copy(a, text);
    n->number = strtod(n->text.at, NULL);
    return n;
}

const doc_node *js_string(arena *a, slice text) {
    doc_node *n = make(a, DOC_STRING);
    n->text = text;
    n->quoted = true;
    return n;
}

const doc_node *js_cstr(arena *a, const char *text) { return js_string(a, slice_from(text)); }

const doc_node *js_format(arena *a, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t room = len < 0 ? 1 : (size_t)len + 1;
    char *at = ARENA_ARRAY(a, char, room);
    vsnprintf(at, room, format, again);
    va_end(again);
    return js_string(a, (slice){ at, room - 1 });
}

void js_put(arena *a, js_object *o, const char *key, const doc_node *v) {
    if (v != NULL) VEC_PUSH(a, &o->entries, (doc_entry){ .key = slice_from(key), .value = v });
}

void js_set(arena *a, js_object *o, slice key, const doc_node *v) {
    if (v == NULL) return;
    for (size_t i = 0; i < o->entries.len; i++)
        if (slice_eq(o->entries.at[i].key, key)) {
            o->entries.at[i].value = v;
            return;
        }
    VEC_PUSH(a, &o->entries, (doc_entry){ .key = key, .value = v });
}

void js_push(arena *a, js_list *l, const doc_node *v) {
    if (v != NULL) VEC_PUSH(a, &l->items, v);
}

const doc_node *js_object_end(arena *a, js_object *o) {
    if (o->entries.len == 0) return &empty_map;
    doc_node *n = make(a, DOC_MAP);
    n->map.at = o->entries.at;
    n->map.len = o->entries.len;
    return n;
}

const doc_node *js_list_end(arena *a, js_list *l) {
    if (l->items.len == 0) return &empty_list;
    doc_node *n = make(a, DOC_LIST);
    n->list.at = l->items.at;
    n->list.len = l->items.len;
    return n;
}

const doc_node *js_empty_object(void) { return &empty_map; }
const doc_node *js_empty_list(void) { return &empty_list; }

/* ---- changed copies ---- */

const doc_node *js_with(arena *a, const doc_node *n, slice key, const doc_node *v) {
    js_object o = { 0 };
    bool there = false;
    for (size_t i = 0; js_is(n, DOC_MAP) && i < n->map.len; i++) {
        bool it = !there && slice_eq(n->map.at[i].key, key);
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = n->map.at[i].key, .value = it ? v : n->map.at[i].value });
        there |= it;
    }
    if (!there) VEC_PUSH(a, &o.entries, (doc_entry){ .key = key, .value = v });
    return js_object_end(a, &o);
}

const doc_node *js_without(arena *a, const doc_node *n, slice key) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(n, DOC_MAP) && i < n->map.len; i++)
        if (!slice_eq(n->map.at[i].key, key)) VEC_PUSH(a, &o.entries, n->map.at[i]);
    return js_object_end(a, &o);
}

const doc_node *js_with_at(arena *a, const doc_node *n, slice path, const doc_node *v) {
    slice rest = path, key;
    if (!slice_cut(&rest, '.', &key)) return v;
    if (key.len == path.len) return js_with(a, n, key, v);
    return js_with(a, n, key, js_with_at(a, doc_get(n, key), rest, v));
}

const doc_node *js_without_at(arena *a, const doc_node *n, slice path) {
    slice rest = path, key;
    if (!slice_cut(&rest, '.', &key) || doc_get(n, key) == NULL) return n;
    if (key.len == path.len) return js_without(a, n, key);
    return js_with(a, n, key, js_without_at(a, doc_get(n, key), rest));
}

/* ---- reading ---- */

const doc_node *js_get(const doc_node *n, const char *key) { return doc_get(n, slice_from(key)); }

/* One step "name[3][0]" of a path. */
static const doc_node *step(const doc_node *n, slice part) {
    size_t bracket = slice_find(part, '[');
    if (bracket > 0) n = doc_get(n, slice_from_to(part, 0, bracket));
    part = slice_after(part, bracket);
    while (n != NULL && part.len > 0) {
        size_t close = slice_find(part, ']');
        long long i;
        if (close == part.len || !slice_int(slice_from_to(part, 1, close), &i) || n->kind != DOC_LIST || i < 0 || (size_t)i >= n->list.len) return NULL;
        n = n->list.at[i];
        part = slice_after(part, close + 1);
    }
    return n;
}

const doc_node *js_at(const doc_node *n, const char *path) {
    slice rest = slice_from(path), part;
    while (n != NULL && slice_cut(&rest, '.', &part)) n = step(n, part);
    return n;
}

slice js_str(const doc_node *n) { return js_is(n, DOC_STRING) ? n->text : SLICE(""); }
slice js_str_of(const doc_node *n, const char *key) { return js_str(js_get(n, key)); }

long long js_int_of(const doc_node *n, const char *key, long long fallback) {
    const doc_node *v = js_get(n, key);
    long long out;
    if (js_is(v, DOC_INT)) return v->integer;
    if (js_is(v, DOC_DOUBLE) && v->number == floor(v->number) && fabs(v->number) < 9e18) return (long long)v->number;
    return js_is(v, DOC_STRING) && slice_int(v->text, &out) ? out : fallback;
}

bool js_bool_of(const doc_node *n, const char *key, bool fallback) {
    const doc_node *v = js_get(n, key);
    if (js_is(v, DOC_BOOL)) return v->boolean;
    if (js_is(v, DOC_STRING) && slice_same_letters(v->text, SLICE("true"))) return true;
    if (js_is(v, DOC_STRING) && slice_same_letters(v->text, SLICE("false"))) return false;
    return fallback;
}

double js_double_of(const doc_node *n) {
    return js_is(n, DOC_INT) ? (double)n->integer : js_is(n, DOC_DOUBLE) ? n->number : 0;
}

/* ---- comparing, copying ---- */

bool js_same(const doc_node *x, const doc_node *y) {
    if (x == y) return true;
    if (x == NULL || y == NULL) return false;
    if (js_is_number(x) && js_is_number(y))
        return x->kind == DOC_INT && y->kind == DOC_INT ? x->integer == y->integer : js_double_of(x) == js_double_of(y);
    if (x->kind != y->kind) return false;
    switch (x->kind) {
    case DOC_NULL: return true;
    case DOC_BOOL: return x->boolean == y->boolean;
    case DOC_STRING: return slice_eq(x->text, y->text);
    case DOC_LIST:
        if (x->list.len != y->list.len) return false;
        for (size_t i = 0; i < x->list.len; i++)
            if (!js_same(x->list.at[i], y->list.at[i])) return false;
        return true;
    case DOC_MAP:
        if (x->map.len != y->map.len) return false;
        for (size_t i = 0; i < x->map.len; i++) {
            const doc_node *other = doc_get(y, x->map.at[i].key);
            if (other == NULL || !js_same(x->map.at[i].value, other)) return false;
        }
        return true;
    default: return false;
    }
}

const doc_node *js_copy(arena *a, const doc_node *n) {
    if (n == NULL) return NULL;
    doc_node *c = ARENA_NEW(a, doc_node);
    c->kind = n->kind;
    c->quoted = n->quoted;
    c->text = n->text.len > 0 ? arena_copy(a, n->text) : SLICE("");
    switch (n->kind) {
    case DOC_BOOL: c->boolean = n->boolean; break;
    case DOC_INT: c->integer = n->integer; break;
    case DOC_DOUBLE: c->number = n->number; break;
    case DOC_LIST:
        c->list.at = ARENA_ARRAY(a, const doc_node *, n->list.len);
        c->list.len = n->list.len;
        for (size_t i = 0; i < n->list.len; i++) c->list.at[i] = js_copy(a, n->list.at[i]);
        break;
    case DOC_MAP:
        c->map.at = ARENA_ARRAY(a, doc_entry, n->map.len);
        c->map.len = n->map.len;
        for (size_t i = 0; i < n->map.len; i++)
            c->map.at[i] = (doc_entry){ .key = arena_copy(a, n->map.at[i].key), .value = js_copy(a, n->map.at[i].value) };
        break;
    default: break;
    }
    return c;
}
