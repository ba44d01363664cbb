#include "lint/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#define CHUNK 64
#define MOST 256

typedef struct {
    atomic_size_t next;
    size_t items;
    void (*work)(void *self, size_t thread, size_t first, size_t end);
    void *self;
} share;

typedef struct {
    share *share;
    size_t number;
} one;

static void *run(void *at) {
    one *o = at;
    for (;;) {
        size_t first = atomic_fetch_add(&o->share->next, CHUNK);
        if (first >= o->share->items)
            return NULL;
        size_t end = first + CHUNK < o->share->items ? first + CHUNK : o->share->items;
        o->share->work(o->share->self, o->number, first, end);
    }
}

size_t lint_threads(size_t threads, size_t items) {
    size_t worth = items / LINT_ITEMS_A_THREAD;
    if (threads > MOST)
        threads = MOST;
    return worth < 1 || threads < 2 ? 1 : worth < threads ? worth : threads;
}

void lint_parallel(size_t threads, size_t items, void (*work)(void *self, size_t thread, size_t first, size_t end), void *self) {
    share s = { .items = items, .work = work, .self = self };
    atomic_init(&s.next, 0);
    one each[MOST];
    pthread_t handles[MOST];
    size_t started = 1;
    threads = lint_threads(threads, items);
    for (size_t i = 0; i < threads; i++)
        each[i] = (one){ &s, i };
    while (started < threads && pthread_create(&handles[started], NULL, run, &each[started]) == 0)
        started++;
    run(&each[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(handles[i], NULL);
}
