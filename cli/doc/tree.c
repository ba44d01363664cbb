#include "doc/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Mappings up to here are searched from end to end: fifteen comparisons of lengths cost less than any index. */
#define SMALL_MAP 16

static bool too_many(doc_tree *b, pos at) {
    if (b->nodes < DOC_MAX_NODES) {
        b->nodes++;
        return false;
    }
    tree_fail(b, at, "the document has more than %u values: split it", DOC_MAX_NODES);
    return true;
}

bool tree_count(doc_tree *b, pos at) { return !too_many(b, at); }

doc_node *tree_node(doc_tree *b, doc_kind kind, pos at) {
    if (too_many(b, at)) return NULL;
    doc_node *n = ARENA_NEW(b->arena, doc_node);
    n->kind = kind;
    n->at = n->end = at;
    return n;
}

void tree_list(doc_tree *b, doc_node *n, size_t first) {
    size_t len = b->items.len - first;
    n->list.at = ARENA_ARRAY(b->arena, const doc_node *, len);
    n->list.len = len;
    if (len > 0) memcpy(n->list.at, b->items.at + first, len * sizeof n->list.at[0]);
    b->items.len = first;
}

/* Order of keys in an index: by length first, because lengths differ most. */
static int key_order(slice a, slice b) {
    if (a.len != b.len) return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.at, b.at, a.len);
}

/* A stable merge sort from the bottom up: n log n whatever the keys are, which no hash without a secret can promise. Runs that are in
 * order already are not touched, so a sorted file costs n. */
static uint32_t *sorted(arena *a, const doc_entry *e, size_t len) {
    uint32_t *now = ARENA_ARRAY(a, uint32_t, len);
    arena_mark m = arena_mark_take(a);
    uint32_t *spare = ARENA_ARRAY(a, uint32_t, len);
    for (size_t i = 0; i < len; i++) now[i] = (uint32_t)i;
    for (size_t width = 1; width < len; width *= 2) {
        for (size_t from = 0; from + width < len; from += 2 * width) {
            size_t middle = from + width, to = middle + width < len ? middle + width : len;
            if (key_order(e[now[middle - 1]].key, e[now[middle]].key) <= 0) continue;
            memcpy(spare + from, now + from, width * sizeof now[0]);
            size_t left = from, right = middle, out = from;
            while (left < middle && right < to)
                now[out++] = key_order(e[now[right]].key, e[spare[left]].key) < 0 ? now[right++] : spare[left++];
            while (left < middle) now[out++] = spare[left++];
        }
    }
    arena_mark_return(a, m);
    return now;
}

void tree_order(arena *a, doc_node *n) {
    n->from.order = n->map.len <= SMALL_MAP ? NULL : sorted(a, n->map.at, n->map.len);
}

const doc_entry *doc_entry_of(const doc_node *n, slice key) {
    if (n == NULL || n->kind != DOC_MAP) return NULL;
    const doc_entry *e = n->map.at;
    if (n->from.order == NULL) {
        for (size_t i = 0; i < n->map.len; i++)
            if (slice_eq(e[i].key, key)) return &e[i];
        return NULL;
    }
    size_t low = 0, high = n->map.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_order(e[n->from.order[middle]].key, key) < 0) low = middle + 1;
        else high = middle;
    }
    if (low == n->map.len) return NULL;
    const doc_entry *found = &e[n->from.order[low]];
    return slice_eq(found->key, key) ? found : NULL;
}

const doc_node *doc_get(const doc_node *n, slice key) {
    const doc_entry *e = doc_entry_of(n, key);
    return e == NULL ? NULL : e->value;
}

/* The later of two equal keys goes: its key.at becomes NULL (a key is never NULL otherwise). */
static void drop(doc_tree *b, doc_entry *later, const doc_entry *first, bool own) {
    if (own && b->duplicates.len < DOC_MAX_DUPLICATES)
        VEC_PUSH(b->arena, &b->duplicates, (doc_duplicate){ later->key_at, later->key, first->key_at.line });
    else if (own) b->more_duplicates++;
    later->key.at = NULL;
}

static size_t without_dropped(doc_entry *e, size_t len) {
    size_t kept = 0;
    for (size_t i = 0; i < len; i++)
        if (e[i].key.at != NULL) e[kept++] = e[i];
    return kept;
}

static bool drop_equal_small(doc_tree *b, doc_entry *e, size_t len, size_t own) {
    bool any = false;
    for (size_t i = 1; i < len; i++) {
        for (size_t j = 0; j < i; j++) {
            if (e[j].key.at == NULL || e[j].key.len != e[i].key.len || !slice_eq(e[i].key, e[j].key)) continue;
            drop(b, &e[i], &e[j], i < own);
            any = true;
            break;
        }
    }
    return any;
}

static bool drop_equal_large(doc_tree *b, doc_entry *e, size_t len, size_t own, const uint32_t *order) {
    bool any = false;
    for (size_t i = 0, next; i < len; i = next) {
        slice key = e[order[i]].key;
        for (next = i + 1; next < len && slice_eq(e[order[next]].key, key); next++) {
            drop(b, &e[order[next]], &e[order[i]], order[next] < own);
            any = true;
        }
    }
    return any;
}

void tree_map(doc_tree *b, doc_node *n, size_t first, size_t own) {
    size_t len = b->entries.len - first;
    doc_entry *e = ARENA_ARRAY(b->arena, doc_entry, len);
    if (len > 0) memcpy(e, b->entries.at + first, len * sizeof e[0]);
    b->entries.len = first;
    n->map.at = e;
    n->map.len = len;
    tree_order(b->arena, n);
    bool any = n->from.order == NULL ? drop_equal_small(b, e, len, own) : drop_equal_large(b, e, len, own, n->from.order);
    if (!any) return;
    n->map.len = without_dropped(e, len);
    tree_order(b->arena, n);
}

static int by_place(const void *x, const void *y) {
    const doc_duplicate *a = x, *b = y;
    if (a->at.line != b->at.line) return a->at.line < b->at.line ? -1 : 1;
    return a->at.column < b->at.column ? -1 : a->at.column > b->at.column;
}

void tree_say_duplicates(doc_tree *b) {
    if (b->duplicates.len == 0) return;
    qsort(b->duplicates.at, b->duplicates.len, sizeof b->duplicates.at[0], by_place);
    for (size_t i = 0; i < b->duplicates.len; i++) {
        const doc_duplicate *one = &b->duplicates.at[i];
        DOC_SAY(b->diags, one->at, "duplicate key \"%s\", first seen at line %u: keep one of the two", text_shown(one->key).text,
                (unsigned)one->first_line);
    }
    if (b->more_duplicates > 0)
        DOC_SAY(b->diags, b->duplicates.at[b->duplicates.len - 1].at, "%zu more duplicate keys are not named", b->more_duplicates);
    b->duplicates.len = 0;
    b->more_duplicates = 0;
}

bool tree_fail(doc_tree *b, pos at, const char *format, ...) {
    char text[1024];
    va_list args;
    tree_say_duplicates(b);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    DOC_SAY(b->diags, at, "%s", text);
    return false;
}
