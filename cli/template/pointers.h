/* A map from node addresses, for walks that meet shared nodes once. */
#ifndef SFLINT_TEMPLATE_POINTERS_H
#define SFLINT_TEMPLATE_POINTERS_H

#include "base/strmap.h"

typedef struct {
    strmap map;
} pointers;

static inline void *pointers_get(const pointers *p, const void *key) {
    return strmap_get(&p->map, (slice){ (const char *)&key, sizeof key });
}

static inline void pointers_put(arena *a, pointers *p, const void *key, void *what) {
    strmap_put(a, &p->map, arena_copy(a, (slice){ (const char *)&key, sizeof key }), what);
}

#endif
