#include "report/baseline.h"

#include <stdlib.h>

#include "doc/doc.h"

#define BASELINE_VERSION 1

/* ---- reading ---- */

static bool take_text(const doc_node *row, const char *key, bool needed, slice *out, diags *d) {
    const doc_node *n = doc_get(row, slice_from(key));
    *out = (slice){ "", 0 };
    if (n != NULL && n->kind == DOC_STRING) {
        *out = n->text;
        return true;
    }
    if (n == NULL && !needed) return true;
    diag_add(d, n != NULL ? n->at : row->at, "not a finding of a baseline: %s is missing or no text; write the file anew with --write-baseline", key);
    return false;
}

bool baseline_read(arena *a, slice text, uint32_t file, diags *d, baseline *out) {
    *out = (baseline){ NULL, 0 };
    const doc_node *doc = doc_parse_json(a, text, (pos){ file, 1, 1 }, d);
    if (doc == NULL) return false;
    const doc_node *version = doc_get(doc, SLICE("version")), *list = doc_get(doc, SLICE("findings"));
    if (doc->kind != DOC_MAP || version == NULL || version->kind != DOC_INT || list == NULL || list->kind != DOC_LIST) {
        diag_add(d, doc->at, "not a baseline: it is an object with version and findings; write it with --write-baseline");
        return false;
    }
    if (version->integer != BASELINE_VERSION) {
        diag_add(d, version->at, "a baseline of version %lld, this is for version %d; write it anew with --write-baseline", version->integer, BASELINE_VERSION);
        return false;
    }
    out->at = ARENA_ARRAY(a, baseline_row, list->list.len);
    for (size_t i = 0; i < list->list.len; i++) {
        const doc_node *row = list->list.at[i];
        baseline_row *r = &out->at[i];
        if (row->kind != DOC_MAP) {
            diag_add(d, row->at, "not a finding of a baseline: it is no object; write the file anew with --write-baseline");
            return false;
        }
        if (!take_text(row, "file", true, &r->file, d) || !take_text(row, "fingerprint", true, &r->fingerprint, d) ||
            !take_text(row, "rule", false, &r->rule, d) || !take_text(row, "resource", false, &r->resource, d) ||
            !take_text(row, "message", false, &r->message, d))
            return false;
    }
    out->len = list->list.len;
    return true;
}

bool baseline_looks_like_one(slice text) {
    slice head = text.len > 200 ? slice_from_to(text, 0, 200) : text;
    return slice_starts(slice_trim(text), SLICE("{")) && slice_find_slice(head, SLICE("\"version\"")) != (size_t)-1 &&
           slice_find_slice(head, SLICE("\"findings\"")) != (size_t)-1;
}

/* ---- writing ---- */

static int row_order(const void *x, const void *y) {
    const baseline_row *p = x, *q = y;
    const slice pairs[][2] = { { p->file, q->file }, { p->rule, q->rule }, { p->resource, q->resource }, { p->message, q->message },
                               { p->fingerprint, q->fingerprint } };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        int order = slice_order(pairs[i][0], pairs[i][1]);
        if (order != 0) return order;
    }
    return 0;
}

static void member(json_out *j, const char *key, slice text) {
    json_key(j, slice_from(key));
    json_string(j, text);
}

void baseline_write(buf *out, baseline b) {
    if (b.len > 1) qsort(b.at, b.len, sizeof *b.at, row_order);
    buf_printf(out, "{\"version\":%d,\"findings\":[", BASELINE_VERSION);
    for (size_t i = 0; i < b.len; i++) {
        const baseline_row *r = &b.at[i];
        json_out j = { .out = out };
        buf_text(out, i == 0 ? "\n" : ",\n");
        json_object(&j);
        member(&j, "file", r->file);
        member(&j, "rule", r->rule);
        member(&j, "resource", r->resource);
        member(&j, "message", r->message);
        member(&j, "fingerprint", r->fingerprint);
        json_object_end(&j);
    }
    buf_text(out, b.len == 0 ? "]}\n" : "\n]}\n");
}

/* ---- matching ---- */

static slice key_of(arena *a, const baseline_row *r, bool with_message) {
    slice parts[] = { r->file, SLICE("\n"), r->fingerprint, SLICE("\n"), r->message };
    return arena_concat(a, parts, with_message ? 5 : 3);
}

static size_t *counter(arena *a, strmap *m, slice key) {
    size_t *n = strmap_get(m, key);
    if (n != NULL) return n;
    n = ARENA_NEW(a, size_t);
    strmap_put(a, m, key, n);
    return n;
}

static bool take(size_t *n) {
    if (n == NULL || *n == 0) return false;
    --*n;
    return true;
}

size_t baseline_match(arena *a, baseline old, baseline found, const strmap *read, bool *known) {
    strmap exact = { 0 }, places = { 0 };
    size_t gone = 0;
    for (size_t i = 0; i < old.len; i++) {
        ++*counter(a, &exact, key_of(a, &old.at[i], true));
        ++*counter(a, &places, key_of(a, &old.at[i], false));
        gone += strmap_has(read, old.at[i].file);
    }
    for (size_t i = 0; i < found.len; i++) {
        known[i] = take(strmap_get(&exact, key_of(a, &found.at[i], true)));
        if (known[i]) --*counter(a, &places, key_of(a, &found.at[i], false));
    }
    for (size_t i = 0; i < found.len; i++) {
        if (!known[i]) known[i] = take(strmap_get(&places, key_of(a, &found.at[i], false)));
        gone -= known[i] && gone > 0;
    }
    return gone;
}
