#include "smoke/aws/ordered.h"

/* Balanced trees after Arne Andersson ("Balanced search trees made simple", 1993). Depth is at most twice the logarithm of the number of entries,
 * so going down by calls is safe. The level of an entry without children is 1, of none 0. */

static unsigned level_of(const ordered_entry *e) { return e == NULL ? 0 : e->level; }

static ordered_entry *skew(ordered_entry *e) {
    if (e == NULL || level_of(e->left) != e->level) return e;
    ordered_entry *up = e->left;
    e->left = up->right;
    up->right = e;
    return up;
}

static ordered_entry *split(ordered_entry *e) {
    if (e == NULL || e->right == NULL || level_of(e->right->right) != e->level) return e;
    ordered_entry *up = e->right;
    e->right = up->left;
    up->left = e;
    up->level++;
    return up;
}

static ordered_entry *insert(ordered_entry *e, ordered_entry *one) {
    if (e == NULL) return one;
    if (slice_order(one->key, e->key) < 0) e->left = insert(e->left, one);
    else e->right = insert(e->right, one);
    return split(skew(e));
}

static ordered_entry *settle(ordered_entry *e) {
    unsigned low = level_of(e->left) < level_of(e->right) ? level_of(e->left) : level_of(e->right);
    if (low + 1 < e->level) {
        e->level = low + 1;
        if (level_of(e->right) > e->level) e->right->level = e->level;
    }
    e = skew(e);
    e->right = skew(e->right);
    if (e->right != NULL) e->right->right = skew(e->right->right);
    e = split(e);
    e->right = split(e->right);
    return e;
}

static ordered_entry *take_first(ordered_entry *e, ordered_entry **first) {
    if (e->left == NULL) {
        *first = e;
        return e->right;
    }
    e->left = take_first(e->left, first);
    return settle(e);
}

static ordered_entry *take(ordered_entry *e, slice key, ordered_entry **taken) {
    if (e == NULL) return NULL;
    int order = slice_order(key, e->key);
    if (order < 0) e->left = take(e->left, key, taken);
    else if (order > 0) e->right = take(e->right, key, taken);
    else {
        *taken = e;
        if (e->right == NULL) return e->left;
        ordered_entry *next, *rest = take_first(e->right, &next);
        next->left = e->left;
        next->right = rest;
        next->level = e->level;
        e = next;
    }
    return settle(e);
}

static ordered_entry *find(const ordered *o, slice key) {
    ordered_entry *e = o->root;
    while (e != NULL) {
        int order = slice_order(key, e->key);
        if (order == 0) return e;
        e = order < 0 ? e->left : e->right;
    }
    return NULL;
}

const ordered_entry *ordered_get(const ordered *o, slice key) { return find(o, key); }

void ordered_put(arena *a, ordered *o, slice key, const void *value) {
    ordered_entry *e = find(o, key);
    if (e != NULL) {
        e->value = value;
        return;
    }
    e = o->spare;
    if (e != NULL) o->spare = e->right;
    else e = ARENA_NEW(a, ordered_entry);
    *e = (ordered_entry){ .key = arena_copy(a, key), .value = value, .level = 1 };
    o->root = insert(o->root, e);
    o->len++;
}

void ordered_take(ordered *o, slice key) {
    ordered_entry *taken = NULL;
    o->root = take(o->root, key, &taken);
    if (taken == NULL) return;
    taken->right = o->spare;
    o->spare = taken;
    o->len--;
}

const ordered_entry *ordered_next(const ordered *o, slice key, bool forward) {
    const ordered_entry *best = NULL;
    for (const ordered_entry *e = o->root; e != NULL;) {
        bool before = slice_order(e->key, key) < 0;
        if (before != forward) best = e;
        e = before ? e->right : e->left;
    }
    return best;
}
