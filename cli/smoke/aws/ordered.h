/* Bytes -> pointer, kept in order of the bytes: items by their keys, objects by their names. Balanced: neither many entries nor any order of
 * them is slow. Entries lie in an arena. */
#ifndef SFLINT_SMOKE_AWS_ORDERED_H
#define SFLINT_SMOKE_AWS_ORDERED_H

#include "base/arena.h"

typedef struct ordered_entry ordered_entry;
struct ordered_entry {
    slice key;
    const void *value;
    ordered_entry *left, *right;     /* private, as `level` is */
    unsigned level;
};

typedef struct {
    ordered_entry *root, *spare;     /* spare: taken out, to be used again (private) */
    size_t len;
} ordered;                           /* {0} is empty */

const ordered_entry *ordered_get(const ordered *o, slice key);                /* NULL: not there */
/* Puts or replaces; the key is copied when it is new. */
void ordered_put(arena *a, ordered *o, slice key, const void *value);
void ordered_take(ordered *o, slice key);
/* The first entry at the key or behind it, or (forward false) the last in front of it; NULL when there is none. */
const ordered_entry *ordered_next(const ordered *o, slice key, bool forward);

#endif
