/* A growing array in an arena. `VEC(int) v = {0}; VEC_PUSH(a, &v, 7); v.at[0]; v.len`
 * Growth doubles, so pushing is linear over all; the outgrown arrays stay in the arena. */
#ifndef SFLINT_BASE_VEC_H
#define SFLINT_BASE_VEC_H

#include "base/arena.h"

#define VEC(type) struct { type *at; size_t len, cap; }

#define VEC_PUSH(a, v, ...) \
    do { \
        if ((v)->len == (v)->cap) \
            (v)->at = vec_grow((a), (v)->at, sizeof *(v)->at, (v)->len, &(v)->cap); \
        (v)->at[(v)->len++] = (__VA_ARGS__); \
    } while (0)

void *vec_grow(arena *a, void *at, size_t size, size_t len, size_t *cap);

#endif
