#include "doc/doc.h"

#include "doc/tree.h"

doc_node *doc_new_string(arena *a, pos at, slice text) {
    doc_node *n = ARENA_NEW(a, doc_node);
    n->kind = DOC_STRING;
    n->at = n->end = at;
    n->text = text;
    return n;
}

doc_node *doc_new_list(arena *a, pos at, const doc_node **items, size_t len) {
    doc_node *n = ARENA_NEW(a, doc_node);
    n->kind = DOC_LIST;
    n->at = n->end = at;
    n->list.at = ARENA_ARRAY(a, const doc_node *, len);
    n->list.len = len;
    if (len > 0) memcpy(n->list.at, items, len * sizeof items[0]);
    return n;
}

doc_node *doc_new_map(arena *a, pos at, const doc_entry *entries, size_t len) {
    doc_node *n = ARENA_NEW(a, doc_node);
    n->kind = DOC_MAP;
    n->at = n->end = at;
    n->map.at = ARENA_ARRAY(a, doc_entry, len);
    n->map.len = len;
    if (len > 0) memcpy(n->map.at, entries, len * sizeof entries[0]);
    tree_order(a, n);
    return n;
}

/* A tree that was read is at most DOC_MAX_DEPTH deep; one that lowering put together may be deeper: what lies below is left out. */
#define WRITE_MAX_DEPTH (DOC_MAX_DEPTH + 32)

static void write(const doc_node *n, json_out *out, size_t *left, unsigned depth) {
    if (n == NULL || *left == 0 || depth > WRITE_MAX_DEPTH) {
        json_null(out);
        return;
    }
    --*left;
    switch (n->kind) {
    case DOC_NULL: json_null(out); break;
    case DOC_BOOL: json_bool(out, n->boolean); break;
    case DOC_INT: json_int(out, n->integer); break;
    case DOC_DOUBLE: json_double(out, n->number); break;
    case DOC_STRING: json_string(out, n->text); break;
    case DOC_LIST:
        json_list(out);
        for (size_t i = 0; i < n->list.len && *left > 0; i++) write(n->list.at[i], out, left, depth + 1);
        json_list_end(out);
        break;
    case DOC_MAP:
        json_object(out);
        for (size_t i = 0; i < n->map.len && *left > 0; i++) {
            json_key(out, n->map.at[i].key);
            write(n->map.at[i].value, out, left, depth + 1);
        }
        json_object_end(out);
        break;
    }
}

void doc_write_json(const doc_node *n, json_out *out, size_t most) {
    size_t left = most;
    write(n, out, &left, 0);
}

static bool is_white(char c) { return text_is_blank(c) || text_is_break(c); }

static void add_all(diags *d, const diags *from) {
    if (d == NULL) return;
    for (size_t i = 0; i < from->list.len; i++) VEC_PUSH(d->arena, &d->list, from->list.at[i]);
}

static bool later(pos a, pos b) { return a.line != b.line ? a.line > b.line : a.column > b.column; }

/* Does JSON's own punctuation stand, or the text end, where the JSON reader stopped? Then it was meant as JSON: YAML goes on there, taking
 * `1 "b"` for one plain value. */
static bool was_json(slice text, pos stopped) {
    pos at = { stopped.file, 1, 1 };
    size_t i = 0;
    for (; i < text.len && (at.line < stopped.line || at.column < stopped.column); i++) text_walk(&at, text.at + i, text.at + i + 1, text.at + text.len);
    while (i < text.len && ((unsigned char)text.at[i] & 0xC0) == 0x80) i++;
    return i == text.len || memchr("\",:{}[]", text.at[i], 7) != NULL;
}

/* Text in braces is JSON, or a YAML flow mapping. If it is neither and JSON gives no hint, the reader that got further knows better. */
static const doc_node *parse_braces(arena *a, slice text, bool json_only, uint32_t file, diags *d) {
    diags as_json = { .arena = a }, as_yaml = { .arena = a };
    const doc_node *n = doc_parse_json(a, text, (pos){ file, 1, 1 }, &as_json);
    if (n != NULL || json_only) {
        add_all(d, &as_json);
        return n;
    }
    n = doc_parse_yaml(a, text, file, &as_yaml);
    if (n != NULL) {
        add_all(d, &as_yaml);
        return n;
    }
    pos json_at = as_json.list.at[as_json.list.len - 1].at, yaml_at = as_yaml.list.at[as_yaml.list.len - 1].at;
    add_all(d, later(json_at, yaml_at) || was_json(text, json_at) ? &as_json : &as_yaml);
    return NULL;
}

const doc_node *doc_parse(arena *a, slice raw, slice name, uint32_t file, diags *d) {
    slice text;
    if (raw.len == 0) raw = SLICE("");
    if (!text_open(a, raw, file, d, &text)) return NULL;
    size_t first = 0;
    while (first < text.len && is_white(text.at[first])) first++;
    if (first < text.len && (text.at[first] == '{' || text.at[first] == '['))
        return parse_braces(a, text, slice_ends(name, SLICE(".json")), file, d);
    return doc_parse_yaml(a, text, file, d);
}
