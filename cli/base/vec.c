#include "base/vec.h"

#include <stdint.h>

void *vec_grow(arena *a, void *at, size_t size, size_t len, size_t *cap) {
    size_t before = *cap, wanted = before == 0 ? 8 : before * 2;
    if (before > 0 && before <= SIZE_MAX / 2 / size && arena_extend(a, at, size * before, size * (wanted - before))) {
        *cap = wanted;
        return at;
    }
    void *grown = arena_raw(a, size, 16, wanted);
    if (len > 0) memcpy(grown, at, size * len);
    *cap = wanted;
    return grown;
}
