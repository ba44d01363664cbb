/* Any bytes as a YAML file; then the tree is walked, written, and asked for places. */
#include <stdint.h>

#include "doc/doc.h"

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* libyaml's own line ends (U+0085, U+2028, U+2029) are folded without a trace: places behind them are only near. */
static bool has_odd_break(const doc_node *n) {
    slice s = { n->from.source, n->source_len };
    return slice_find_slice(s, SLICE("\xC2\x85")) != (size_t)-1 || slice_find_slice(s, SLICE("\xE2\x80\xA8")) != (size_t)-1 ||
           slice_find_slice(s, SLICE("\xE2\x80\xA9")) != (size_t)-1;
}

/* A visible character stands in the file at the place it is said to stand at. */
static void compare(const doc_node *n, const doc_place *walk, size_t i) {
    if (i >= n->text.len || walk->text != i || is_white(n->text.at[i]) || n->style == 0 || n->from.source == NULL) return;
    if (walk->source >= n->source_len) __builtin_trap();
    char c = n->from.source[walk->source];
    if (c != n->text.at[i] && !(n->style == '"' && c == '\\')) __builtin_trap();
}

/* A shared node is reached by every path to it: the walk is bounded instead of remembering. */
static void visit(const doc_node *n, size_t *left) {
    if (*left == 0) return;
    --*left;
    if (doc_is_scalar(n)) {
        doc_place walk = doc_place_of(n);
        bool exact = n->from.source != NULL && !has_odd_break(n);
        for (size_t i = 0; i <= n->text.len; i += 1 + n->text.len / 16) {
            pos at = doc_place_at(&walk, i), alone = doc_pos_in(n, i);
            if (at.line == 0 || at.line != alone.line || at.column != alone.column) __builtin_trap();
            if (exact) compare(n, &walk, i);
        }
    }
    for (size_t i = 0; n->kind == DOC_LIST && i < n->list.len; i++) visit(n->list.at[i], left);
    for (size_t i = 0; n->kind == DOC_MAP && i < n->map.len; i++) {
        if (doc_get(n, n->map.at[i].key) != n->map.at[i].value) __builtin_trap();
        visit(n->map.at[i].value, left);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    arena *a = arena_make((size_t)1 << 30, NULL);
    diags d = { .arena = a };
    const doc_node *n = doc_parse(a, (slice){ (const char *)bytes, len }, SLICE("x.yaml"), 0, &d);
    if (n == NULL && d.list.len == 0) __builtin_trap();
    for (size_t i = 0; i < d.list.len; i++)
        if (d.list.at[i].at.line == 0 || d.list.at[i].at.column == 0) __builtin_trap();
    if (n != NULL) {
        size_t left = 3000;
        buf b = { .arena = a };
        json_out out = { .out = &b };
        visit(n, &left);
        doc_write_json(n, &out, 3000);
    }
    arena_free(a);
    return 0;
}
