/* Patterns: a JSON pattern, a line feed, a JSON event. Texts that begin with `?` become unknown values. */
#include <stdint.h>
#include <stdlib.h>

#include "doc/doc.h"
#include "service/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const value *with_unknowns(arena *a, const value *v) {
    value *copy = ARENA_NEW(a, value);
    *copy = *v;
    if (v->kind == VAL_STRING && v->text.len > 0 && v->text.at[0] == '?') {
        copy->kind = VAL_UNKNOWN;
        copy->why = UNKNOWN_PARAMETER;
    } else if (v->kind == VAL_LIST) {
        const value **at = ARENA_ARRAY(a, const value *, v->list.len);
        for (size_t i = 0; i < v->list.len; i++) at[i] = with_unknowns(a, v->list.at[i]);
        copy->list.at = at;
    } else if (v->kind == VAL_MAP) {
        value_entry *at = ARENA_ARRAY(a, value_entry, v->map.len);
        for (size_t i = 0; i < v->map.len; i++) {
            at[i] = v->map.at[i];
            at[i].value = with_unknowns(a, v->map.at[i].value);
        }
        copy->map.at = at;
    }
    return copy;
}

static const value *read(arena *a, slice text) {
    diags d = { .arena = a };
    const doc_node *n = doc_parse_json(a, text, (pos){ 0, 1, 1 }, &d);
    return n == NULL ? &value_absent : value_from_doc(a, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    slice text = size == 0 ? SLICE("") : (slice){ (const char *)data, size };
    size_t cut = slice_find(text, '\n');
    const value *event = cut < text.len ? read(a, slice_after(text, cut + 1)) : &value_absent;
    const value *known = read(a, slice_from_to(text, 0, cut)), *open = with_unknowns(a, known);
    for (int d = PATTERN_EVENTS; d <= PATTERN_SNS_BODY; d++) {
        const value *where = NULL;
        slice message, because;
        pattern_verdict verdict = pattern_error(a, (pattern_dialect)d, open, &where, &message);
        if ((verdict == PATTERN_FINE) != (message.len == 0) || where == NULL) abort();
        tri sure = pattern_match(a, (pattern_dialect)d, known, event, &because);
        tri maybe = pattern_match(a, (pattern_dialect)d, open, event, &because);
        /* What is not known can only make an answer unknown, unless limits already did. */
        if (sure != UNKNOWN && maybe != UNKNOWN && maybe != sure) abort();
    }
    const pattern_key *keys;
    const slice *texts;
    size_t len;
    pattern_keys(a, open, &keys);
    pattern_exact(a, open, SLICE("source"), &texts, &len);
    pattern_overlap(a, open, event);
    if (pattern_overlap(a, known, known) == NO && pattern_match(a, PATTERN_EVENTS, known, event, NULL) == YES) abort();
    pattern_impossible(a, open, event);
    arena_free(a);
    return 0;
}
