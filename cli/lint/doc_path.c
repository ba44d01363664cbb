#include "lint/doc_path.h"

#include <stdlib.h>

#include "template/pointers.h"

/* Up to here children are looked at one by one; longer mappings and lists are ordered by place once. */
#define FEW 16
#define DEEPEST 256      /* keys on a path; documents are nested at most DOC_MAX_DEPTH deep, spelled-out tags deepen that */

typedef struct {
    pos at;
    uint32_t number;
} child;

typedef struct {
    child *at;
    size_t len;
} children;

struct doc_paths {
    arena *arena;
    pointers ordered;    /* large mapping or list -> its children by place */
};

doc_paths *doc_paths_new(arena *a) {
    doc_paths *p = ARENA_NEW(a, doc_paths);
    p->arena = a;
    return p;
}

static int place_order(pos x, pos y) {
    if (x.file != y.file) return x.file < y.file ? -1 : 1;
    if (x.line != y.line) return x.line < y.line ? -1 : 1;
    return x.column < y.column ? -1 : x.column > y.column;
}

static int child_order(const void *x, const void *y) {
    const child *p = x, *q = y;
    int by_place = place_order(p->at, q->at);
    return by_place != 0 ? by_place : p->number < q->number ? -1 : p->number > q->number;
}

static size_t count_of(const doc_node *n) { return n->kind == DOC_MAP ? n->map.len : n->kind == DOC_LIST ? n->list.len : 0; }
static pos start_of(const doc_node *n, size_t i) { return n->kind == DOC_MAP ? n->map.at[i].key_at : n->list.at[i]->at; }

static const children *ordered(doc_paths *p, const doc_node *n) {
    children *c = pointers_get(&p->ordered, n);
    if (c != NULL) return c;
    c = ARENA_NEW(p->arena, children);
    c->len = count_of(n);
    c->at = ARENA_ARRAY(p->arena, child, c->len);
    bool in_order = true;
    for (size_t i = 0; i < c->len; i++) {
        c->at[i] = (child){ start_of(n, i), (uint32_t)i };
        in_order = in_order && (i == 0 || child_order(&c->at[i - 1], &c->at[i]) < 0);
    }
    if (!in_order) qsort(c->at, c->len, sizeof *c->at, child_order);
    pointers_put(p->arena, &p->ordered, n, c);
    return c;
}

/* The last child that begins at or before the place; false when none does. Merged and aliased children begin where they were written. */
static bool last_before(doc_paths *p, const doc_node *n, pos at, size_t *found) {
    size_t len = count_of(n);
    if (len <= FEW) {
        bool any = false;
        for (size_t i = 0; i < len; i++) {
            if (place_order(start_of(n, i), at) > 0 || (any && place_order(start_of(n, i), start_of(n, *found)) < 0)) continue;
            *found = i;
            any = true;
        }
        return any;
    }
    const children *c = ordered(p, n);
    size_t low = 0, high = len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_order(c->at[middle].at, at) <= 0) low = middle + 1;
        else high = middle;
    }
    if (low == 0) return false;
    *found = c->at[low - 1].number;
    return true;
}

static bool inside(const doc_node *n, pos at) { return place_order(n->at, at) <= 0 && place_order(at, n->end) <= 0; }

/* Keys whose value names an item of a list among its neighbours, the surest first. */
static const slice naming[] = {
    SLICE_INIT("Sid"),       SLICE_INIT("Id"),            SLICE_INIT("Name"),     SLICE_INIT("PolicyName"), SLICE_INIT("AttributeName"),
    SLICE_INIT("IndexName"), SLICE_INIT("ParameterName"), SLICE_INIT("LogicalId"), SLICE_INIT("Key"),
};

static void item_name(buf *out, const doc_node *list, size_t i, slice parent) {
    const doc_node *item = list->list.at[i];
    if (slice_starts(parent, SLICE("Fn::"))) {
        buf_printf(out, "[%zu]", i);
        return;
    }
    if (doc_is_scalar(item)) {
        buf_char(out, '[');
        buf_slice(out, item->text);
        buf_char(out, ']');
        return;
    }
    for (size_t k = 0; item->kind == DOC_MAP && k < COUNT(naming); k++) {
        const doc_node *name = doc_get(item, naming[k]);
        if (!doc_is_scalar(name)) continue;
        buf_printf(out, "[%.*s=%.*s]", SLICE_ARG(naming[k]), SLICE_ARG(name->text));
        return;
    }
    buf_text(out, "[]");
}

slice doc_path_of(doc_paths *p, const doc_node *doc, pos at) {
    buf out = { .arena = p->arena };
    slice parent = { "", 0 };
    const doc_node *n = doc;
    for (size_t depth = 0; at.line > 0 && depth < DEEPEST; depth++) {
        size_t i = 0;
        if (!last_before(p, n, at, &i)) break;
        const doc_node *below;
        if (n->kind == DOC_MAP) {
            const doc_entry *e = &n->map.at[i];
            below = e->value;
            if (!inside(below, at) && place_order(at, e->key_end) > 0) break;
            if (depth > 0) buf_char(&out, '/');
            buf_slice(&out, e->key);
            parent = e->key;
            if (!inside(below, at)) break;
        } else {
            below = n->list.at[i];
            if (!inside(below, at)) break;
            if (depth > 0) buf_char(&out, '/');
            item_name(&out, n, i, parent);
            parent = (slice){ "", 0 };
        }
        n = below;
    }
    return buf_as_slice(&out);
}
