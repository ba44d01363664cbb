/* Slice -> pointer, in an arena. Keys are borrowed. Iteration is in order of insertion, so runs are repeatable. */
#ifndef SFLINT_BASE_STRMAP_H
#define SFLINT_BASE_STRMAP_H

#include <stdint.h>

#include "base/arena.h"

typedef struct {
    slice key;
    void *value;
    unsigned long long hash;
} strmap_entry;

typedef struct {
    strmap_entry *at;      /* entries in order of insertion; len of them */
    size_t len, cap;
    uint32_t *slots;       /* index + 1 into `at`, 0 = empty */
    size_t slot_count;
} strmap;                  /* {0} is an empty map */

void *strmap_get(const strmap *m, slice key);          /* NULL when absent */
bool strmap_has(const strmap *m, slice key);
/* Puts or replaces; gives what was there before, or NULL. */
void *strmap_put(arena *a, strmap *m, slice key, void *value);

#endif
