/* One arena a thread of a run: everything is taken from it and given back at once.
 * Out of memory (or past the limit) ends the process through the arena's `out_of_memory` function, which must not return;
 * nobody tests for NULL. */
#ifndef SFLINT_BASE_ARENA_H
#define SFLINT_BASE_ARENA_H

#include "base/slice.h"

typedef struct arena arena;

/* limit_bytes 0: no limit. out_of_memory NULL: abort(). */
arena *arena_make(size_t limit_bytes, void (*out_of_memory)(void));
void arena_free(arena *a);

/* Zeroed memory for count * size bytes; the product is checked for overflow. count 0 gives a valid pointer. */
void *arena_alloc(arena *a, size_t size, size_t align, size_t count);

/* The same without zeroing, for what is filled at once. */
void *arena_raw(arena *a, size_t size, size_t align, size_t count);

/* Makes the piece of `bytes` at `at` longer by `more` where it lies: only when it was the last one taken and there is room; else false
 * and nothing has changed. The new bytes may hold anything. */
bool arena_extend(arena *a, const void *at, size_t bytes, size_t more);

/* Sees that the next `bytes` are taken without asking the system again. */
void arena_reserve(arena *a, size_t bytes);

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type), _Alignof(type), 1))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc((a), sizeof(type), _Alignof(type), (count)))

/* A copy of the bytes, with a NUL behind them that does not count. */
slice arena_copy(arena *a, slice s);

/* printf into the arena; the result has a NUL behind it too. */
slice arena_printf(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Concatenation of `count` slices. */
slice arena_concat(arena *a, const slice *parts, size_t count);

/* Bytes taken so far. */
size_t arena_used(const arena *a);

/* Work that repeats without bound takes a mark and returns to it: what was taken since is given back. */
typedef struct { void *chunk; size_t used, total; } arena_mark;
arena_mark arena_mark_take(const arena *a);
void arena_mark_return(arena *a, arena_mark m);

#endif
