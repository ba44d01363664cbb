#if !defined(_DEFAULT_SOURCE) && !defined(__APPLE__)
#define _DEFAULT_SOURCE 1   /* madvise */
#endif
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define CHUNK_FIRST ((size_t)64 * 1024)
#define CHUNK_MOST  ((size_t)8 * 1024 * 1024)
#define HUGE_PAGE   ((size_t)2 * 1024 * 1024)

typedef struct chunk {
    struct chunk *before;
    size_t size, used;
    size_t dirty;            /* bytes that were ever given out: behind them the memory is still zero */
    size_t mapped;           /* bytes that mmap gave; 0: malloc */
} chunk;

#define CHUNK_HEAD ((sizeof(chunk) + 15) & ~(size_t)15)

struct arena {
    chunk *now;
    size_t total, limit, next_size;
    void (*out_of_memory)(void);
};

static _Noreturn void no_memory(const arena *a) {
    if (a != NULL && a->out_of_memory != NULL) a->out_of_memory();
    abort();
}

static void chunk_free(chunk *c) {
    if (c->mapped > 0) munmap(c, c->mapped);
    else free(c);
}

arena *arena_make(size_t limit_bytes, void (*out_of_memory)(void)) {
    arena *a = calloc(1, sizeof *a);
    if (a == NULL) {
        if (out_of_memory != NULL) out_of_memory();
        abort();
    }
    a->limit = limit_bytes;
    a->out_of_memory = out_of_memory;
    a->next_size = CHUNK_FIRST;
    return a;
}

void arena_free(arena *a) {
    if (a == NULL) return;
    for (chunk *c = a->now; c != NULL;) {
        chunk *before = c->before;
        chunk_free(c);
        c = before;
    }
    free(a);
}

/* Memory that is zero. Large chunks are mapped, on huge pages where the system has them: a run over many files is otherwise mostly page
 * faults and clearing. */
static chunk *chunk_make(size_t bytes) {
    if (bytes >= HUGE_PAGE && bytes <= SIZE_MAX - HUGE_PAGE) {
        bytes = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
        void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
        (void)madvise(at, bytes, MADV_HUGEPAGE);   /* a wish: without it the memory is the same, only slower to touch first */
#endif
        chunk *c = at;
        c->mapped = bytes;
        return c;
    }
    return calloc(1, bytes);
}

static chunk *chunk_add(arena *a, size_t bytes) {
    size_t wanted = a->next_size - CHUNK_HEAD, size = wanted > bytes ? wanted : bytes;
    if (size > SIZE_MAX - CHUNK_HEAD) no_memory(a);
    chunk *c = chunk_make(CHUNK_HEAD + size);
    if (c == NULL) no_memory(a);
    c->before = a->now;
    c->size = size;
    a->now = c;
    if (a->next_size < CHUNK_MOST) a->next_size *= 2;
    return c;
}

/* The slow way: a new chunk. */
static __attribute__((noinline)) char *take_new(arena *a, size_t bytes) {
    chunk *c = chunk_add(a, bytes);
    c->used = c->dirty = bytes;
    return (char *)c + CHUNK_HEAD;
}

/* Small pieces are cleared in a few wide stores, over their end where there is room: what follows was not given out. */
static inline __attribute__((always_inline)) void clear(char *at, size_t bytes, size_t room) {
    if (room < 128 || bytes > 128) memset(at, 0, bytes);
    else if (bytes <= 32) memset(at, 0, 32);
    else if (bytes <= 64) memset(at, 0, 64);
    else if (bytes <= 96) memset(at, 0, 96);
    else memset(at, 0, 128);
}

static inline __attribute__((always_inline)) void *take(arena *a, size_t size, size_t align, size_t count, bool zero) {
    size_t bytes;
    if (__builtin_mul_overflow(size, count, &bytes) || bytes > SIZE_MAX / 2) no_memory(a);
    a->total += bytes;
    if (a->limit != 0 && a->total > a->limit) no_memory(a);
    chunk *c = a->now;
    if (c == NULL) return take_new(a, bytes);
    size_t from = (c->used + align - 1) & ~(align - 1);
    if (from > c->size || bytes > c->size - from) return take_new(a, bytes);
    size_t end = from + bytes;
    char *at = (char *)c + CHUNK_HEAD + from;
    c->used = end;
    if (from < c->dirty && zero) clear(at, c->dirty - from < bytes ? c->dirty - from : bytes, c->size - from);
    if (end > c->dirty) c->dirty = end;
    return at;
}

bool arena_extend(arena *a, const void *at, size_t bytes, size_t more) {
    chunk *c = a->now;
    if (c == NULL || (const char *)at + bytes != (char *)c + CHUNK_HEAD + c->used || more > c->size - c->used) return false;
    if (a->limit != 0 && more > a->limit - a->total) return false;
    a->total += more;
    c->used += more;
    if (c->used > c->dirty) c->dirty = c->used;
    return true;
}

void arena_reserve(arena *a, size_t bytes) {
    if (a->now == NULL || a->now->size - a->now->used < bytes) chunk_add(a, bytes);
}

void *arena_raw(arena *a, size_t size, size_t align, size_t count) { return take(a, size, align, count, false); }

void *arena_alloc(arena *a, size_t size, size_t align, size_t count) { return take(a, size, align, count, true); }

slice arena_copy(arena *a, slice s) {
    char *at = take(a, 1, 1, s.len + 1, false);
    if (s.len > 0) memcpy(at, s.at, s.len);
    at[s.len] = '\0';
    return (slice){ at, s.len };
}

slice arena_printf(arena *a, const char *format, ...) {
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    slice out = { "", 0 };
    if (len > 0 && (size_t)len < sizeof small) {
        out = arena_copy(a, (slice){ small, (size_t)len });
    } else if (len > 0) {
        char *at = take(a, 1, 1, (size_t)len + 1, false);
        vsnprintf(at, (size_t)len + 1, format, again);
        out = (slice){ at, (size_t)len };
    }
    va_end(again);
    return out;
}

slice arena_concat(arena *a, const slice *parts, size_t count) {
    size_t len = 0;
    for (size_t i = 0; i < count; i++) len += parts[i].len;
    char *at = take(a, 1, 1, len + 1, false);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0) memcpy(at + used, parts[i].at, parts[i].len);
        used += parts[i].len;
    }
    at[len] = '\0';
    return (slice){ at, len };
}

size_t arena_used(const arena *a) { return a->total; }

arena_mark arena_mark_take(const arena *a) {
    return (arena_mark){ a->now, a->now == NULL ? 0 : a->now->used, a->total };
}

void arena_mark_return(arena *a, arena_mark m) {
    while (a->now != m.chunk) {
        chunk *before = a->now->before;
        chunk_free(a->now);
        a->now = before;
    }
    if (a->now != NULL) a->now->used = m.used;
    a->total = m.total;
}
