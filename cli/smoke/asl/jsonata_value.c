#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "smoke/asl/jsonata_parts.h"

#define COMPARE_DEPTH 200u

const jvalue jundefined = { .kind = JV_UNDEFINED };

jvalue jfail(jeval *e, const char *code, const char *format, ...) {
    if (jfailed(e)) return jundefined;
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    e->error = arena_printf(e->arena, "%s: %s", code, text);
    return jundefined;
}

bool jspend(jeval *e, size_t steps) {
    if (jfailed(e)) return false;
    e->steps += steps;
    if (e->steps <= e->most && arena_used(e->arena) <= JSONATA_MEMORY) return true;
    jfail(e, "U1001", "the expression takes too long or too much memory");
    return false;
}

/* ---- lists and objects ---- */

jlist *jlist_new(jeval *e, bool sequence) {
    jlist *l = ARENA_NEW(e->arena, jlist);
    l->sequence = sequence;
    return l;
}

void jlist_push(jeval *e, jlist *l, jvalue v) {
    if (l->len >= JSONATA_ITEMS) {
        jfail(e, "D2014", "a list has more than %u items", JSONATA_ITEMS);
        return;
    }
    if (!jspend(e, 1)) return;
    if (l->len == l->cap) l->at = vec_grow(e->arena, l->at, sizeof *l->at, l->len, &l->cap);
    l->at[l->len++] = v;
}

jvalue jfrom_node(jeval *e, const doc_node *n) {
    if (n == NULL) return jundefined;
    switch (n->kind) {
    case DOC_NULL:   return (jvalue){ .kind = JV_NULL };
    case DOC_BOOL:   return jbool(n->boolean);
    case DOC_STRING: return jstring(n->text);
    case DOC_LIST: {
        jlist *l = jlist_new(e, false);
        l->node = n;
        l->len = n->list.len;
        return jlist_value(l);
    }
    case DOC_MAP: {
        jobject *o = ARENA_NEW(e->arena, jobject);
        o->node = n;
        o->len = n->map.len;
        return jobject_value(o);
    }
    default: return jnumber(js_double_of(n));
    }
}

jlist *jlist_open(jeval *e, jvalue v) {
    jlist *l = v.list;
    if (l->node == NULL || l->at != NULL || !jspend(e, l->len)) return l;
    l->at = ARENA_ARRAY(e->arena, jvalue, l->len);
    l->cap = l->len;
    for (size_t i = 0; i < l->len; i++) l->at[i] = jfrom_node(e, l->node->list.at[i]);
    return l;
}

jlist *jlist_of(jeval *e, jvalue v) {
    if (v.kind == JV_LIST) {
        jlist *l = jlist_open(e, v);
        if (!jfailed(e)) return l;
        v = jundefined;
    }
    jlist *l = jlist_new(e, true);
    if (jdefined(v)) jlist_push(e, l, v);
    return l;
}

bool jis_sequence(jvalue v) { return v.kind == JV_LIST && v.list->sequence; }

jobject *jobject_new(jeval *e) { return ARENA_NEW(e->arena, jobject); }

void jobject_set(jeval *e, jobject *o, slice key, jvalue v) {
    uintptr_t place = (uintptr_t)strmap_get(&o->places, key);
    if (!jspend(e, 1)) return;
    if (place > 0) {
        o->values[place - 1] = v;
        return;
    }
    if (o->len == o->cap) {
        size_t cap = o->cap;
        o->keys = vec_grow(e->arena, o->keys, sizeof *o->keys, o->len, &cap);
        o->values = vec_grow(e->arena, o->values, sizeof *o->values, o->len, &o->cap);
    }
    o->keys[o->len] = key;
    o->values[o->len++] = v;
    strmap_put(e->arena, &o->places, key, (void *)(uintptr_t)o->len);
}

jobject *jobject_open(jeval *e, jvalue v) {
    jobject *o = v.object;
    if (o->node == NULL || o->keys != NULL || !jspend(e, o->len)) return o;
    o->keys = ARENA_ARRAY(e->arena, slice, o->len);
    o->values = ARENA_ARRAY(e->arena, jvalue, o->len);
    for (size_t i = 0; i < o->len; i++) {
        o->keys[i] = o->node->map.at[i].key;
        o->values[i] = jfrom_node(e, o->node->map.at[i].value);
    }
    return o;
}

jvalue jobject_get(jeval *e, jobject *o, slice key) {
    if (o->node != NULL) return jfrom_node(e, doc_get(o->node, key));
    uintptr_t place = (uintptr_t)strmap_get(&o->places, key);
    return place == 0 ? jundefined : o->values[place - 1];
}

jvalue jappend(jeval *e, jvalue x, jvalue y) {
    if (!jdefined(x)) return y;
    if (!jdefined(y)) return x;
    jlist *l = jlist_of(e, x), *m = jlist_of(e, y), *out = jlist_new(e, x.kind != JV_LIST || l->sequence);
    if (jfailed(e)) return jundefined;
    for (size_t i = 0; i < l->len && !jfailed(e); i++) jlist_push(e, out, l->at[i]);
    for (size_t i = 0; i < m->len && !jfailed(e); i++) jlist_push(e, out, m->at[i]);
    return jlist_value(out);
}

jvalue jsingle(jvalue v, bool keep) {
    if (!jis_sequence(v) || v.list->frames != NULL) return v;
    if (keep) v.list->keep_singleton = true;
    if (v.list->len == 0) return jundefined;
    return v.list->len == 1 && !v.list->keep_singleton && v.list->at != NULL ? v.list->at[0] : v;
}

jvalue jlookup(jeval *e, jvalue in, slice key) {
    if (in.kind == JV_OBJECT) return jobject_get(e, in.object, key);
    if (in.kind != JV_LIST || ++e->depth > JSONATA_DEPTH) return in.kind != JV_LIST ? jundefined : jfail(e, "U1001", "lists are nested too deep");
    jlist *l = jlist_open(e, in), *out = jlist_new(e, true);
    for (size_t i = 0; i < l->len && jspend(e, 1); i++) {
        jvalue v = jlookup(e, l->at[i], key);
        if (!jdefined(v)) continue;
        jlist *inner = v.kind == JV_LIST ? jlist_open(e, v) : NULL;
        if (inner == NULL) jlist_push(e, out, v);
        for (size_t k = 0; inner != NULL && k < inner->len && !jfailed(e); k++) jlist_push(e, out, inner->at[k]);
    }
    e->depth--;
    return jlist_value(out);
}

/* ---- truth, equality ---- */

bool jtruth(jeval *e, jvalue v) {
    switch (v.kind) {
    case JV_BOOL:   return v.boolean;
    case JV_NUMBER: return v.number != 0;
    case JV_STRING: return v.text.len > 0;
    case JV_OBJECT: return v.object->len > 0;
    case JV_LIST: {
        jlist *l = jlist_open(e, v);
        if (jfailed(e) || ++e->depth > JSONATA_DEPTH) return false;
        bool any = false;
        for (size_t i = 0; i < l->len && !any && jspend(e, 1); i++) any = jtruth(e, l->at[i]);
        e->depth--;
        return any;
    }
    default: return false;
    }
}

static bool equal(jeval *e, jvalue x, jvalue y, unsigned depth) {
    if (!jspend(e, 1) || x.kind != y.kind) return false;
    if (depth > COMPARE_DEPTH) {
        jfail(e, "U1001", "values are nested too deep to be compared");
        return false;
    }
    switch (x.kind) {
    case JV_BOOL:     return x.boolean == y.boolean;
    case JV_NUMBER:   return x.number == y.number;
    case JV_STRING:   return slice_eq(x.text, y.text);
    case JV_FUNCTION: return x.function == y.function;
    case JV_LIST: {
        jlist *l = jlist_open(e, x), *m = jlist_open(e, y);
        if (jfailed(e) || l->len != m->len) return false;
        for (size_t i = 0; i < l->len; i++)
            if (!equal(e, l->at[i], m->at[i], depth + 1)) return false;
        return true;
    }
    case JV_OBJECT: {
        jobject *o = jobject_open(e, x);
        if (jfailed(e) || o->len != y.object->len) return false;
        for (size_t i = 0; i < o->len; i++) {
            jvalue other = jobject_get(e, y.object, o->keys[i]);
            if (!jdefined(other) || !equal(e, o->values[i], other, depth + 1)) return false;
        }
        return true;
    }
    default: return true;
    }
}

bool jequal(jeval *e, jvalue x, jvalue y) { return equal(e, x, y, 0); }

const char *jtype_name(jvalue v) {
    static const char *const names[] = { "undefined", "null", "boolean", "number", "string", "array", "object", "function" };
    return names[v.kind];
}

/* ---- out of JSONata ---- */

static const doc_node *to_node(jeval *e, jvalue v, unsigned depth) {
    arena *a = e->data->arena;
    if (!jspend(e, 1)) return NULL;
    if (depth > ASL_PAYLOAD_DEPTH) return jfail(e, "U1001", "the result is nested deeper than %u", ASL_PAYLOAD_DEPTH), NULL;
    switch (v.kind) {
    case JV_UNDEFINED: return NULL;
    case JV_NULL:      return js_null();
    case JV_BOOL:      return js_bool(v.boolean);
    case JV_STRING:    return js_string(a, arena_copy(a, v.text));
    case JV_FUNCTION:  return jfail(e, "T1006", "the result holds a function"), NULL;
    case JV_NUMBER:
        if (!isfinite(v.number)) return jfail(e, "D1001", "Number out of range"), NULL;
        return js_double(a, v.number == 0 ? 0 : v.number);
    case JV_LIST: {
        if (v.list->node != NULL) return v.list->node;
        js_list l = { 0 };
        for (size_t i = 0; i < v.list->len && !jfailed(e); i++) js_push(a, &l, jdefined(v.list->at[i]) ? to_node(e, v.list->at[i], depth + 1) : js_null());
        return js_list_end(a, &l);
    }
    case JV_OBJECT: {
        if (v.object->node != NULL) return v.object->node;
        js_object o = { 0 };
        for (size_t i = 0; i < v.object->len && !jfailed(e); i++) {
            const doc_node *n = to_node(e, v.object->values[i], depth + 1);
            if (n != NULL) VEC_PUSH(a, &o.entries, ((doc_entry){ .key = arena_copy(a, v.object->keys[i]), .value = n }));
        }
        return js_object_end(a, &o);
    }
    }
    return NULL;
}

const doc_node *jto_node(jeval *e, jvalue v) {
    const doc_node *n = to_node(e, v, 0);
    return jfailed(e) ? NULL : n;
}

/* The digits of the shortest form that reads back the same, laid out as ECMAScript's Number::toString does. JSONata rounds fractions to 15 first. */
slice jnumber_text(arena *a, double d) {
    char digits[40], exact[40];
    if (d == 0) return SLICE("0");
    if (!isfinite(d)) return SLICE("null");
    if (floor(d) != d) {
        snprintf(exact, sizeof exact, "%.14e", d);
        d = strtod(exact, NULL);
    }
    for (int precision = 0; precision < 17; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision, d);
        if (strtod(digits, NULL) == d) break;
    }
    const char *at = digits[0] == '-' ? digits + 1 : digits, *power = strchr(digits, 'e');
    char plain[24] = "";
    int len = 0, exponent = atoi(power + 1) + 1;    /* the point stands behind `exponent` digits */
    for (; at < power; at++)
        if (*at != '.') plain[len++] = *at;
    buf b = { .arena = a };
    if (d < 0) buf_char(&b, '-');
    if (exponent > 21 || exponent < -5) {
        buf_char(&b, plain[0]);
        if (len > 1) buf_printf(&b, ".%.*s", len - 1, plain + 1);
        buf_printf(&b, "e%c%d", exponent > 0 ? '+' : '-', exponent > 0 ? exponent - 1 : 1 - exponent);
    } else if (exponent <= 0) {
        buf_text(&b, "0.");
        for (int i = exponent; i < 0; i++) buf_char(&b, '0');
        buf_slice(&b, (slice){ plain, (size_t)len });
    } else {
        for (int i = 0; i < exponent || i < len; i++) {
            if (i == exponent) buf_char(&b, '.');
            buf_char(&b, i < len ? plain[i] : '0');
        }
    }
    return buf_as_slice(&b);
}

static void line(buf *b, bool pretty, unsigned depth) {
    if (!pretty) return;
    buf_char(b, '\n');
    for (unsigned i = 0; i < depth; i++) buf_text(b, "  ");
}

static void text_into(jeval *e, buf *b, jvalue v, bool pretty, unsigned depth) {
    json_out j = { .out = b };
    if (!jspend(e, 1)) return;
    if (depth > COMPARE_DEPTH || b->bytes.len > JSONATA_STRING) {
        jfail(e, "U1001", "the text of a value gets too long or too deep");
        return;
    }
    switch (v.kind) {
    case JV_BOOL:     buf_text(b, v.boolean ? "true" : "false"); return;
    case JV_STRING:   json_string(&j, v.text); return;
    case JV_FUNCTION: buf_text(b, "\"\""); return;
    case JV_NUMBER:
        if (isfinite(v.number)) buf_slice(b, jnumber_text(e->arena, v.number));
        else jfail(e, "D3001", "Attempting to invoke string function on Infinity or NaN");
        return;
    case JV_LIST: {
        jlist *l = jlist_open(e, v);
        buf_char(b, '[');
        for (size_t i = 0; i < l->len && !jfailed(e); i++) {
            if (i > 0) buf_char(b, ',');
            line(b, pretty, depth + 1);
            text_into(e, b, l->at[i], pretty, depth + 1);
        }
        if (l->len > 0) line(b, pretty, depth);
        buf_char(b, ']');
        return;
    }
    case JV_OBJECT: {
        jobject *o = jobject_open(e, v);
        buf_char(b, '{');
        size_t written = 0;
        for (size_t i = 0; i < o->len && !jfailed(e); i++) {
            if (!jdefined(o->values[i])) continue;
            if (written++ > 0) buf_char(b, ',');
            line(b, pretty, depth + 1);
            json_string(&(json_out){ .out = b }, o->keys[i]);
            buf_text(b, pretty ? ": " : ":");
            text_into(e, b, o->values[i], pretty, depth + 1);
        }
        if (written > 0) line(b, pretty, depth);
        buf_char(b, '}');
        return;
    }
    default: buf_text(b, "null"); return;
    }
}

slice jtext(jeval *e, jvalue v, bool pretty) {
    if (v.kind == JV_UNDEFINED || v.kind == JV_FUNCTION) return SLICE("");
    if (v.kind == JV_STRING) return v.text;
    buf b = { .arena = e->arena };
    text_into(e, &b, v, pretty, 0);
    return jfailed(e) || b.bytes.len == 0 ? SLICE("") : buf_as_slice(&b);
}
