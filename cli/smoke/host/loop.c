#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1   /* POLLRDHUP */
#endif
#include "smoke/host/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/vec.h"

#ifdef POLLRDHUP
#define HANGUP POLLRDHUP
#else
#define HANGUP 0        /* POLLHUP and POLLERR come unasked */
#endif

#define IDLE ((size_t)-1)

struct loop_timer {
    int64_t at_us;
    uint64_t turn;      /* of two at the same time, the one that was asked for first */
    size_t place;       /* in the heap; IDLE */
    void (*fn)(void *self);
    void *self;
};

typedef struct {
    int fd;             /* -1: forgotten */
    short events;
    void (*fn)(void *self, int fd);
    void *self;
} watched;

typedef struct {
    void (*before)(void *self, void *sets), (*after)(void *self, void *sets);
    void *self;
} hook;

typedef VEC(struct pollfd) pollfds;

struct loop {
    arena *arena;
    VEC(watched) watches;
    VEC(loop_timer *) heap;
    VEC(hook) hooks;
    pollfds polled;
    uint64_t turn;
    int64_t wall_ms, wall_at_us, worked_us;
    bool wall_given, holes;
    int pipe[2];        /* signals write, the loop reads; -1 */
    int signal;
    struct sigaction before[3];
};

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

/* The one word that a signal handler can reach. */
static volatile sig_atomic_t signal_pipe = -1;

static void on_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    if (signal_pipe >= 0) {
        ssize_t written = write((int)signal_pipe, &byte, 1);
        (void)written;      /* full: one is enough */
    }
    errno = saved;
}

static int64_t clock_us(clockid_t which) {
    struct timespec t;
    if (clock_gettime(which, &t) != 0) return 0;
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void read_signals(void *self, int fd) {
    loop *l = self;
    unsigned char byte;
    while (read(fd, &byte, 1) == 1)
        if (l->signal == 0) l->signal = byte;
}

static bool quiet(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

loop *loop_new(arena *a) {
    loop *l = ARENA_NEW(a, loop);
    l->arena = a;
    l->pipe[0] = l->pipe[1] = -1;
    if (signal_pipe < 0 && pipe(l->pipe) == 0) {
        quiet(l->pipe[0]);
        quiet(l->pipe[1]);
        signal_pipe = l->pipe[1];
        struct sigaction act = { 0 };
        act.sa_handler = on_signal;
        sigemptyset(&act.sa_mask);
        for (size_t i = 0; i < COUNT(ending); i++) sigaction(ending[i], &act, &l->before[i]);
        loop_watch(l, l->pipe[0], read_signals, l);
    }
    return l;
}

void loop_end(loop *l) {
    if (l == NULL || l->pipe[0] < 0) return;
    for (size_t i = 0; i < COUNT(ending); i++) sigaction(ending[i], &l->before[i], NULL);
    signal_pipe = -1;
    close(l->pipe[0]);
    close(l->pipe[1]);
    l->pipe[0] = l->pipe[1] = -1;
}

int64_t loop_now_us(const loop *l) {
    (void)l;
    return clock_us(CLOCK_MONOTONIC);
}

int64_t loop_clock_ms(const loop *l) {
    (void)l;
    return clock_us(CLOCK_REALTIME) / 1000;
}

int64_t loop_wall_ms(const loop *l) {
    return l->wall_given ? l->wall_ms + (loop_now_us(l) - l->wall_at_us) / 1000 : loop_clock_ms(l);
}

void loop_set_wall(loop *l, int64_t now_ms) {
    l->wall_ms = now_ms;
    l->wall_at_us = loop_now_us(l);
    l->wall_given = true;
}

/* ---- descriptors ---- */

static void watch(loop *l, int fd, short events, void (*fn)(void *self, int fd), void *self) {
    loop_forget(l, fd);
    VEC_PUSH(l->arena, &l->watches, (watched){ fd, events, fn, self });
}

void loop_watch(loop *l, int fd, void (*fn)(void *self, int fd), void *self) { watch(l, fd, POLLIN, fn, self); }

void loop_watch_hangup(loop *l, int fd, void (*fn)(void *self, int fd), void *self) { watch(l, fd, HANGUP, fn, self); }

void loop_forget(loop *l, int fd) {
    for (size_t i = 0; i < l->watches.len; i++)
        if (l->watches.at[i].fd == fd) {
            l->watches.at[i].fd = -1;
            l->holes = true;
        }
}

static void close_holes(loop *l) {
    if (!l->holes) return;
    size_t kept = 0;
    for (size_t i = 0; i < l->watches.len; i++)
        if (l->watches.at[i].fd >= 0) l->watches.at[kept++] = l->watches.at[i];
    l->watches.len = kept;
    l->holes = false;
}

void loop_hook(loop *l, void (*before)(void *self, void *sets), void (*after)(void *self, void *sets), void *self) {
    for (size_t i = 0; i < l->hooks.len; i++)
        if (l->hooks.at[i].self == self) {
            l->hooks.at[i].before = before;
            l->hooks.at[i].after = after;
            return;
        }
    VEC_PUSH(l->arena, &l->hooks, (hook){ before, after, self });
}

/* ---- timers: a binary heap, the next one on top ---- */

static bool sooner(const loop_timer *a, const loop_timer *b) { return a->at_us != b->at_us ? a->at_us < b->at_us : a->turn < b->turn; }

static void put(loop *l, size_t place, loop_timer *t) {
    l->heap.at[place] = t;
    t->place = place;
}

/* Moves the timer from `place` to where it belongs. */
static void settle(loop *l, size_t place) {
    loop_timer *t = l->heap.at[place];
    while (place > 0 && sooner(t, l->heap.at[(place - 1) / 2])) {
        put(l, place, l->heap.at[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= l->heap.len) break;
        if (child + 1 < l->heap.len && sooner(l->heap.at[child + 1], l->heap.at[child])) child++;
        if (!sooner(l->heap.at[child], t)) break;
        put(l, place, l->heap.at[child]);
        place = child;
    }
    put(l, place, t);
}

void loop_again(loop *l, loop_timer *t, int64_t us) {
    t->at_us = loop_now_us(l) + (us > 0 ? us : 0);
    t->turn = l->turn++;
    if (t->place == IDLE) {
        VEC_PUSH(l->arena, &l->heap, t);
        t->place = l->heap.len - 1;
    }
    settle(l, t->place);
}

loop_timer *loop_after(loop *l, int64_t us, void (*fn)(void *self), void *self) {
    loop_timer *t = ARENA_NEW(l->arena, loop_timer);
    *t = (loop_timer){ .place = IDLE, .fn = fn, .self = self };
    loop_again(l, t, us);
    return t;
}

void loop_cancel(loop *l, loop_timer *t) {
    if (t == NULL || t->place == IDLE) return;
    size_t hole = t->place;
    t->place = IDLE;
    loop_timer *last = l->heap.at[--l->heap.len];
    if (last == t) return;
    put(l, hole, last);
    settle(l, hole);
}

/* Those that were due when the step began: a timer that sets itself anew with 0 does not hold the loop. */
static void run_timers(loop *l) {
    int64_t now = loop_now_us(l);
    uint64_t turn = l->turn;
    while (l->heap.len > 0 && l->heap.at[0]->at_us <= now && l->heap.at[0]->turn < turn && l->signal == 0) {
        loop_timer *t = l->heap.at[0];
        loop_cancel(l, t);
        t->fn(t->self);
    }
}

/* ---- a step ---- */

/* musl's FD_SET and FD_ISSET mix int and unsigned long. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* The hooks' sets as poll wants them, behind the watches. */
static void add_sets(loop *l, const loop_sets *sets) {
    for (int fd = 0; fd <= sets->max && fd < FD_SETSIZE; fd++) {
        int events = (FD_ISSET(fd, &sets->read) ? POLLIN : 0) | (FD_ISSET(fd, &sets->write) ? POLLOUT : 0) | (FD_ISSET(fd, &sets->except) ? POLLPRI : 0);
        if (events != 0) VEC_PUSH(l->arena, &l->polled, (struct pollfd){ .fd = fd, .events = (short)events });
    }
}

static void ready_sets(const loop *l, size_t from, loop_sets *sets) {
    FD_ZERO(&sets->read);
    FD_ZERO(&sets->write);
    FD_ZERO(&sets->except);
    for (size_t i = from; i < l->polled.len; i++) {
        const struct pollfd *p = &l->polled.at[i];
        if ((p->revents & (POLLIN | POLLHUP | POLLERR)) != 0 && (p->events & POLLIN) != 0) FD_SET(p->fd, &sets->read);
        if ((p->revents & (POLLOUT | POLLHUP | POLLERR)) != 0 && (p->events & POLLOUT) != 0) FD_SET(p->fd, &sets->write);
        if ((p->revents & POLLPRI) != 0) FD_SET(p->fd, &sets->except);
    }
}

#pragma GCC diagnostic pop

static int wait_ms(const loop *l, const loop_sets *sets, int64_t us) {
    if (sets->wait_us >= 0 && sets->wait_us < us) us = sets->wait_us;
    if (l->heap.len > 0) {
        int64_t left = l->heap.at[0]->at_us - loop_now_us(l);
        if (left < us) us = left;
    }
    if (us <= 0) return 0;
    int64_t ms = (us + 999) / 1000;
    return ms > 60000 ? 60000 : (int)ms;
}

bool loop_step(loop *l, int64_t us) {
    if (l->signal != 0) return false;
    int64_t begun = loop_now_us(l);
    close_holes(l);
    loop_sets sets = { .max = -1, .wait_us = -1 };
    FD_ZERO(&sets.read);
    FD_ZERO(&sets.write);
    FD_ZERO(&sets.except);
    for (size_t i = 0; i < l->hooks.len; i++)
        if (l->hooks.at[i].before != NULL) l->hooks.at[i].before(l->hooks.at[i].self, &sets);
    l->polled.len = 0;
    for (size_t i = 0; i < l->watches.len; i++)
        VEC_PUSH(l->arena, &l->polled, (struct pollfd){ .fd = l->watches.at[i].fd, .events = l->watches.at[i].events });
    size_t watches = l->watches.len;
    add_sets(l, &sets);
    int ms = wait_ms(l, &sets, us);
    int64_t waiting = loop_now_us(l);
    int ready = poll(l->polled.at, (nfds_t)l->polled.len, ms);
    int64_t woken = loop_now_us(l);
    if (ready < 0)
        for (size_t i = 0; i < l->polled.len; i++) l->polled.at[i].revents = 0;
    for (size_t i = 0; i < watches && ready > 0 && l->signal == 0; i++) {
        if (l->polled.at[i].revents == 0) continue;
        watched w = l->watches.at[i];      /* a callback may move the list; those it adds lie behind */
        if (w.fd != l->polled.at[i].fd) continue;
        if ((l->polled.at[i].revents & POLLNVAL) != 0) loop_forget(l, w.fd);    /* closed without a word: else the loop would spin */
        else w.fn(w.self, w.fd);
    }
    ready_sets(l, watches, &sets);
    for (size_t i = 0; i < l->hooks.len && l->signal == 0; i++)
        if (l->hooks.at[i].after != NULL) l->hooks.at[i].after(l->hooks.at[i].self, &sets);
    run_timers(l);
    l->worked_us += (waiting - begun) + (loop_now_us(l) - woken);
    return l->signal == 0;
}

int64_t loop_worked_us(const loop *l) { return l->worked_us; }

int loop_signal(const loop *l) { return l->signal; }
