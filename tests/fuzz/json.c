/* Any bytes as JSON. What is read is written and read again, and again: the same text must come out. The bytes are also read as JSON inside a YAML
 * block of text, where the reader goes by the places of another document. */
#include <stdint.h>

#include "doc/doc.h"

static slice written(arena *a, const doc_node *n) {
    buf *b = ARENA_NEW(a, buf);
    json_out out = { .out = b };
    b->arena = a;
    doc_write_json(n, &out, 100000);
    return buf_as_slice(b);
}

static void inside_yaml(arena *a, slice text) {
    buf b = { .arena = a };
    buf_text(&b, "a: |2\n  ");
    for (size_t i = 0; i < text.len; i++) {
        buf_char(&b, text.at[i]);
        if (text.at[i] == '\n') buf_text(&b, "  ");
    }
    const doc_node *holder = doc_get(doc_parse_yaml(a, buf_as_slice(&b), 0, NULL), SLICE("a"));
    if (holder == NULL) return;
    diags d = { .arena = a };
    const doc_node *n = doc_parse_json_in(a, holder, &d);
    if (n == NULL && doc_is_scalar(holder) && d.list.len == 0) __builtin_trap();
    if (n != NULL && n->end.line < n->at.line) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    arena *a = arena_make((size_t)1 << 30, NULL);
    diags d = { .arena = a };
    slice text = { (const char *)bytes, len };
    const doc_node *n = doc_parse_json(a, text, (pos){ 0, 1, 1 }, &d);
    if (n == NULL && d.list.len == 0) __builtin_trap();
    if (n != NULL) {
        /* the first writing may turn one spelling of a number into another (-0.0 into -0, then 0), the next ones do not */
        const doc_node *second = doc_parse_json(a, written(a, n), (pos){ 0, 1, 1 }, NULL);
        if (second == NULL) __builtin_trap();
        const doc_node *third = doc_parse_json(a, written(a, second), (pos){ 0, 1, 1 }, NULL);
        if (third == NULL || !slice_eq(written(a, second), written(a, third))) __builtin_trap();
    }
    inside_yaml(a, text);
    arena_free(a);
    return 0;
}
