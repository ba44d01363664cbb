#include "smoke/aws/protocol.h"

#include <stdlib.h>

#include "base/strmap.h"
#include "base/utf8.h"

/* ---- forms ---- */

static bool cut_pair(slice *rest, slice *name, slice *text) {
    slice pair;
    if (rest->at == NULL || !slice_cut(rest, '&', &pair)) return false;
    size_t equals = slice_find(pair, '=');
    *name = slice_from_to(pair, 0, equals);
    *text = equals < pair.len ? slice_after(pair, equals + 1) : SLICE("");
    return true;
}

bool query_field(arena *a, slice form, const char *name, slice *out) {
    slice rest = form, key, text;
    while (cut_pair(&rest, &key, &text))
        if (slice_is(key, name)) {
            *out = http_decode(a, text, true);
            return true;
        }
    return false;
}

/* A member in the making: "Entries.member.1.Id" is four of them, each under the one before. */
typedef struct branch branch;
struct branch {
    slice key, text;
    VEC(branch *) below;
};

typedef struct {
    arena *arena;
    const aws_service *service;
    slice operation;
    strmap by_path;
    branch root;
} reading;

static branch *branch_at(reading *r, slice path) {
    if (path.len == 0) return &r->root;
    branch *b = strmap_get(&r->by_path, path);
    if (b != NULL) return b;
    size_t dot = path.len;
    while (dot > 0 && path.at[dot - 1] != '.') dot--;
    b = ARENA_NEW(r->arena, branch);
    b->key = slice_after(path, dot);
    strmap_put(r->arena, &r->by_path, path, b);
    branch *above = branch_at(r, dot == 0 ? SLICE("") : slice_from_to(path, 0, dot - 1));     /* as deep as the name has parts */
    VEC_PUSH(r->arena, &above->below, b);
    return b;
}

static size_t depth_of(slice name) {
    size_t parts = 1;
    for (size_t i = 0; i < name.len; i++) parts += name.at[i] == '.';
    return parts;
}

static bool is_index(slice key) {
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] < '0' || key.at[i] > '9') return false;
    return key.len > 0 && key.len <= 9;
}

static bool is_list(const branch *b) {
    for (size_t i = 0; i < b->below.len; i++)
        if (!is_index(b->below.at[i]->key)) return false;
    return b->below.len > 0;
}

static int by_index(const void *x, const void *y) {
    long long m = 0, n = 0;
    slice_int((*(branch *const *)x)->key, &m);
    slice_int((*(branch *const *)y)->key, &n);
    return m < n ? -1 : m > n;
}

static const doc_node *made_of(reading *r, branch *b);

static const doc_node *list_of(reading *r, branch *b) {
    js_list l = { 0 };
    qsort(b->below.at, b->below.len, sizeof *b->below.at, by_index);
    for (size_t i = 0; i < b->below.len; i++) js_push(r->arena, &l, made_of(r, b->below.at[i]));
    return js_list_end(r->arena, &l);
}

/* [{"Name": n, "Value": v}] as {n: v}; maps are written with Name and Value, or key and value. */
static const doc_node *map_of(reading *r, const doc_node *pairs) {
    js_object o = { 0 };
    strmap seen = { 0 };
    for (size_t i = 0; pairs->kind == DOC_LIST && i < pairs->list.len; i++) {
        const doc_node *p = pairs->list.at[i], *name = js_get(p, "Name"), *held = js_get(p, "Value");
        if (name == NULL) name = js_get(p, "key");
        if (held == NULL) held = js_get(p, "value");
        if (!js_is(name, DOC_STRING) || held == NULL || strmap_has(&seen, name->text)) continue;
        strmap_put(r->arena, &seen, name->text, &seen);
        VEC_PUSH(r->arena, &o.entries, (doc_entry){ .key = name->text, .value = held });
    }
    return js_object_end(r->arena, &o);
}

/* The row that says how a flattened member is called in forms. */
static const aws_xml_hint *flat_hint(const reading *r, slice key) {
    const aws_xml_hint *h = r->service == NULL ? NULL : r->service->xml;
    for (; h != NULL && h->member != NULL; h++)
        if (h->item != NULL && slice_is(key, h->item) && (h->operation == NULL || slice_is(r->operation, h->operation))) return h;
    return NULL;
}

static const doc_node *structure_of(reading *r, branch *b) {
    js_object o = { 0 };
    for (size_t i = 0; i < b->below.len; i++) {
        branch *one = b->below.at[i];
        const doc_node *held = made_of(r, one);
        const aws_xml_hint *h = held->kind == DOC_LIST ? flat_hint(r, one->key) : NULL;
        slice key = h != NULL ? slice_from(h->member) : one->key;
        if (h != NULL && h->kind == XML_FLAT_MAP) held = map_of(r, held);
        VEC_PUSH(r->arena, &o.entries, (doc_entry){ .key = key, .value = held });
    }
    return js_object_end(r->arena, &o);
}

/* As deep as names have parts (QUERY_MAX_DEPTH). */
static const doc_node *made_of(reading *r, branch *b) {
    if (b->below.len == 0) return js_string(r->arena, b->text);
    if (is_list(b)) return list_of(r, b);
    branch *only = b->below.len == 1 ? b->below.at[0] : NULL;
    if (only != NULL && is_list(only) && slice_is(only->key, "member")) return list_of(r, only);
    if (only != NULL && is_list(only) && slice_is(only->key, "entry")) return map_of(r, list_of(r, only));
    return structure_of(r, b);
}

const doc_node *query_read(arena *a, const aws_service *s, slice operation, slice form, slice *why) {
    reading r = { .arena = a, .service = s, .operation = operation };
    slice rest = form, name, text;
    size_t fields = 0;
    while (form.len > 0 && cut_pair(&rest, &name, &text)) {
        if (name.len == 0) continue;
        if (++fields > QUERY_MAX_FIELDS) {
            *why = arena_printf(a, "the form has more than %u fields", QUERY_MAX_FIELDS);
            return NULL;
        }
        name = http_decode(a, name, true);
        if (name.len > QUERY_MAX_NAME || depth_of(name) > QUERY_MAX_DEPTH) {
            *why = arena_printf(a, "the name of a field has more than %u bytes or %u parts", QUERY_MAX_NAME, QUERY_MAX_DEPTH);
            return NULL;
        }
        if (slice_is(name, "Action") || slice_is(name, "Version")) continue;
        branch_at(&r, name)->text = http_decode(a, text, true);
    }
    return r.root.below.len == 0 ? js_empty_object() : structure_of(&r, &r.root);
}

/* ---- XML ---- */

/* XML 1.0, "Characters". */
static bool xml_has(uint32_t c) {
    return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

void xml_text(buf *out, slice text) {
    for (size_t i = 0, len; i < text.len; i += len) {
        uint32_t c = utf8_decode(slice_after(text, i), &len);
        if (len == 0 || !xml_has(c)) {
            if (len == 0) len = 1;
            buf_text(out, "\xEF\xBF\xBD");
        } else if (c == '&') buf_text(out, "&amp;");
        else if (c == '<') buf_text(out, "&lt;");
        else if (c == '>') buf_text(out, "&gt;");
        else if (c == '"') buf_text(out, "&quot;");
        else if (c == '\r') buf_text(out, "&#xD;");     /* a plain one would be read as a line feed */
        else buf_slice(out, slice_from_to(text, i, i + len));
    }
}

static void element(buf *out, const char *name, slice text) {
    buf_printf(out, "<%s>", name);
    xml_text(out, text);
    buf_printf(out, "</%s>", name);
}

typedef struct {
    buf *out;
    const aws_service *service;
    slice operation;
} writing;

static const aws_xml_hint *hint_of(const writing *w, slice member) {
    const aws_xml_hint *h = w->service == NULL ? NULL : w->service->xml;
    for (; h != NULL && h->member != NULL; h++)
        if (slice_is(member, h->member) && (h->operation == NULL || slice_is(w->operation, h->operation))) return h;
    return NULL;
}

static void write_content(writing *w, const doc_node *n, unsigned depth);

static void write_named(writing *w, slice name, const doc_node *n, unsigned depth) {
    buf_printf(w->out, "<%.*s>", SLICE_ARG(name));
    write_content(w, n, depth + 1);
    buf_printf(w->out, "</%.*s>", SLICE_ARG(name));
}

static void write_pairs(writing *w, const char *around, const char *key, const char *held, const doc_node *n, unsigned depth) {
    for (size_t i = 0; i < n->map.len; i++) {
        buf_printf(w->out, "<%s>", around);
        element(w->out, key, n->map.at[i].key);
        write_named(w, slice_from(held), n->map.at[i].value, depth);
        buf_printf(w->out, "</%s>", around);
    }
}

static void write_member(writing *w, slice name, const doc_node *n, unsigned depth) {
    const aws_xml_hint *h = hint_of(w, name);
    if (n == NULL || n->kind == DOC_NULL) return;
    if (n->kind == DOC_LIST && h != NULL && h->kind == XML_FLAT_LIST) {
        for (size_t i = 0; i < n->list.len; i++) write_named(w, slice_from(h->item), n->list.at[i], depth);
    } else if (n->kind == DOC_MAP && h != NULL && h->kind == XML_FLAT_MAP) {
        write_pairs(w, h->item, "Name", "Value", n, depth);
    } else if (n->kind == DOC_MAP && h != NULL && h->kind == XML_MAP) {
        buf_printf(w->out, "<%.*s>", SLICE_ARG(name));
        write_pairs(w, "entry", "key", "value", n, depth);
        buf_printf(w->out, "</%.*s>", SLICE_ARG(name));
    } else {
        write_named(w, name, n, depth);
    }
}

static void write_content(writing *w, const doc_node *n, unsigned depth) {
    if (n == NULL || depth > DOC_MAX_DEPTH) return;
    switch (n->kind) {
    case DOC_NULL: return;
    case DOC_BOOL: buf_text(w->out, n->boolean ? "true" : "false"); return;
    case DOC_LIST:
        for (size_t i = 0; i < n->list.len; i++) write_named(w, SLICE("member"), n->list.at[i], depth);
        return;
    case DOC_MAP:
        for (size_t i = 0; i < n->map.len; i++) write_member(w, n->map.at[i].key, n->map.at[i].value, depth);
        return;
    default: xml_text(w->out, n->text); return;
    }
}

static void open_answer(buf *out, slice name, const char *tail, const aws_service *s) {
    buf_printf(out, "<%.*s%s", SLICE_ARG(name), tail);
    if (s != NULL && s->xmlns != NULL) buf_printf(out, " xmlns=\"%s\"", s->xmlns);
    buf_char(out, '>');
}

slice query_answer(arena *a, const aws_service *s, slice operation, const doc_node *out, slice request_id) {
    buf b = { .arena = a };
    writing w = { &b, s, operation };
    open_answer(&b, operation, "Response", s);
    buf_printf(&b, "<%.*sResult>", SLICE_ARG(operation));
    write_content(&w, out, 0);
    buf_printf(&b, "</%.*sResult><ResponseMetadata>", SLICE_ARG(operation));
    element(&b, "RequestId", request_id);
    buf_printf(&b, "</ResponseMetadata></%.*sResponse>", SLICE_ARG(operation));
    return buf_as_slice(&b);
}

slice query_error(arena *a, const aws_service *s, slice code, slice message, slice request_id) {
    buf b = { .arena = a };
    open_answer(&b, SLICE("ErrorResponse"), "", s);
    buf_text(&b, "<Error><Type>Sender</Type>");
    element(&b, "Code", code);
    element(&b, "Message", message);
    buf_text(&b, "</Error>");
    element(&b, "RequestId", request_id);
    buf_text(&b, "</ErrorResponse>");
    return buf_as_slice(&b);
}
