#include "smoke/event/shape.h"

typedef struct {
    maker *maker;
    arena *arena;
    const shape_pair *pairs;
    size_t len;
} filling;

static bool number_behind(slice name, const char *head, size_t *n) {
    long long count;
    slice h = slice_from(head);
    if (!slice_starts(name, h) || !slice_int(slice_after(name, h.len), &count) || count < 1 || count > 128) return false;
    *n = (size_t)count;
    return true;
}

static const doc_node *always(const filling *f, slice name) {
    maker *m = f->maker;
    arena *a = f->arena;
    size_t n;
    if (m == NULL) return NULL;
    if (slice_is(name, "region")) return js_string(a, m->world->region);
    if (slice_is(name, "account")) return js_string(a, m->world->account);
    if (slice_is(name, "partition")) return js_string(a, m->world->partition);
    if (slice_is(name, "time")) return js_string(a, make_time(a, m->now_ms, false));
    if (slice_is(name, "millis")) return js_string(a, make_time(a, m->now_ms, true));
    if (slice_is(name, "epoch")) return js_int(a, m->now_ms / 1000);
    if (slice_is(name, "epoch_ms")) return js_int(a, m->now_ms);
    if (slice_is(name, "uuid")) return js_string(a, make_uuid(m, a));
    if (number_behind(name, "hex", &n)) return js_string(a, make_hex(m, a, n));
    if (number_behind(name, "digits", &n)) return js_string(a, make_digits(m, a, n));
    return NULL;
}

static const doc_node *named(const filling *f, slice name) {
    for (size_t i = 0; i < f->len; i++)
        if (slice_is(name, f->pairs[i].name)) return f->pairs[i].value;
    return always(f, name);
}

static slice text_with(const filling *f, slice text) {
    buf out = { .arena = f->arena };
    for (size_t i = 0; i < text.len; i++) {
        size_t close = i + 1 < text.len && text.at[i] == '$' && text.at[i + 1] == '{' ? i + slice_find(slice_after(text, i), '}') : text.len;
        if (close >= text.len) {
            buf_char(&out, text.at[i]);
            continue;
        }
        const doc_node *v = named(f, slice_from_to(text, i + 2, close));
        if (v != NULL) buf_slice(&out, doc_is_scalar(v) ? v->text : js_text(f->arena, v));
        i = close;
    }
    return buf_as_slice(&out);
}

/* Our own shapes: their depth is ours. */
static const doc_node *fill(const filling *f, const doc_node *n) {
    arena *a = f->arena;
    if (n->kind == DOC_MAP) {
        js_object o = { 0 };
        for (size_t i = 0; i < n->map.len; i++) {
            const doc_node *v = fill(f, n->map.at[i].value);
            if (v != NULL) VEC_PUSH(a, &o.entries, (doc_entry){ .key = n->map.at[i].key, .value = v });
        }
        return js_object_end(a, &o);
    }
    if (n->kind == DOC_LIST) {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) js_push(a, &l, fill(f, n->list.at[i]));
        return js_list_end(a, &l);
    }
    if (n->kind != DOC_STRING || slice_find(n->text, '$') == n->text.len) return n;
    if (n->text.len > 1 && n->text.at[0] == '$' && n->text.at[1] >= 'a' && n->text.at[1] <= 'z') return named(f, slice_after(n->text, 1));
    return js_string(a, text_with(f, n->text));
}

const doc_node *shape_fill(maker *m, arena *a, const char *shape, const shape_pair *pairs, size_t len) {
    filling f = { m, a, pairs, len };
    slice text = arena_copy(a, slice_from(shape));
    for (char *c = (char *)(uintptr_t)text.at; *c != '\0'; c++)
        if (*c == '\'') *c = '"';
    const doc_node *n = js_read(a, text);
    return n == NULL ? js_empty_object() : fill(&f, n);
}

slice shape_request_time(arena *a, int64_t ms) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    slice t = make_time(a, ms, false);           /* 2015-04-09T12:34:56Z */
    if (t.len < 20) return t;
    int month = (t.at[5] - '0') * 10 + (t.at[6] - '0');
    if (month < 1 || month > 12) return t;
    return arena_printf(a, "%.2s/%.3s/%.4s:%.8s +0000", t.at + 8, months + 3 * (month - 1), t.at, t.at + 11);
}

const doc_node *shape_as_text(arena *a, const doc_node *n) { return js_string(a, js_text(a, n)); }
