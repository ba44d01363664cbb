#include "command/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* Default stacks of threads are as small as 512 KB (macOS). */
#define STACK_BYTES ((size_t)8 * 1024 * 1024)

typedef struct {
    size_t count;
    atomic_size_t next;
    void (*work)(void *self, size_t thread, size_t i);
    void *self;
} shared_work;

typedef struct {
    shared_work *shared;
    size_t number;
} worker;

static void *labour(void *p) {
    const worker *w = p;
    for (size_t i; (i = atomic_fetch_add(&w->shared->next, 1)) < w->shared->count;) w->shared->work(w->shared->self, w->number, i);
    return NULL;
}

void parallel_each(size_t threads, size_t count, void (*work)(void *self, size_t thread, size_t i), void *self) {
    shared_work shared = { .count = count, .work = work, .self = self };
    atomic_init(&shared.next, 0);
    worker workers[THREADS_MOST];
    pthread_t ids[THREADS_MOST];
    size_t started = 1;
    if (threads > THREADS_MOST) threads = THREADS_MOST;
    workers[0] = (worker){ &shared, 0 };
    if (threads > 1 && count > 1) {
        pthread_attr_t attr;
        if (pthread_attr_init(&attr) == 0) {
            (void)pthread_attr_setstacksize(&attr, STACK_BYTES);
            for (; started < threads && started < count; started++) {
                workers[started] = (worker){ &shared, started };
                if (pthread_create(&ids[started], &attr, labour, &workers[started]) != 0) break;
            }
            pthread_attr_destroy(&attr);
        }
    }
    labour(&workers[0]);
    for (size_t i = 1; i < started; i++) pthread_join(ids[i], NULL);
}

size_t processor_count(void) {
#ifdef _SC_NPROCESSORS_ONLN
    long n = sysconf(_SC_NPROCESSORS_ONLN);
#else
    long n = 1;
#endif
    return n < 1 ? 1 : n > THREADS_MOST ? THREADS_MOST : (size_t)n;
}
