/* The event loop of a run: file descriptors, timers, ended processes. One thread; callbacks run inside loop_step. The only place of sflint
 * below command/ that reads a clock. */
#ifndef SFLINT_SMOKE_HOST_LOOP_H
#define SFLINT_SMOKE_HOST_LOOP_H

#include <stdint.h>
#include <sys/select.h>
#include <sys/types.h>

#include "base/arena.h"

typedef struct loop loop;
typedef struct loop_timer loop_timer;

/* SIGINT, SIGTERM and SIGHUP end the run (loop_step) until loop_end, which puts back what they did before. One loop a process at a time:
 * a signal handler can be told nothing but through a static. */
loop *loop_new(arena *a);
void loop_end(loop *l);

int64_t loop_now_us(const loop *l);        /* monotonic */
int64_t loop_wall_ms(const loop *l);       /* since 1970: the run's start (given by command/) + what has passed */
void loop_set_wall(loop *l, int64_t now_ms);
int64_t loop_clock_ms(const loop *l);      /* since 1970, by this machine's clock, whatever loop_set_wall said: for what handlers compare with theirs */

/* Calls fn when fd can be read (or is at its end), until loop_forget. */
void loop_watch(loop *l, int fd, void (*fn)(void *self, int fd), void *self);
/* Calls fn when the other end of a socket has closed it, whatever can be read; where the system can't tell half a close, after a whole one. */
void loop_watch_hangup(loop *l, int fd, void (*fn)(void *self, int fd), void *self);
/* Whoever watches an fd forgets it before closing it. */
void loop_forget(loop *l, int fd);
/* Real time. Once. The timer stays the caller's: cancelling one that has fired does nothing. */
loop_timer *loop_after(loop *l, int64_t us, void (*fn)(void *self), void *self);
void loop_cancel(loop *l, loop_timer *t);   /* t may be NULL */
/* Sets a timer anew, whether it has fired, was cancelled or still waits: for what repeats. */
void loop_again(loop *l, loop_timer *t, int64_t us);

/* What a hook waits for: descriptors (below FD_SETSIZE; max -1: none) and at most so long (-1: without end). */
typedef struct {
    fd_set read, write, except;
    int max;
    int64_t wait_us;
} loop_sets;
/* The server's daemon is asked for its descriptors before each wait (host/http.c). `sets` is a loop_sets, cleared before the first hook;
 * `after` gets those that are ready. A second call with the same `self` and NULLs takes the hook out. */
void loop_hook(loop *l, void (*before)(void *self, void *sets), void (*after)(void *self, void *sets), void *self);

/* Waits until something happens and does it; at most `us` microseconds. False after SIGINT or SIGTERM: the run must end now. */
bool loop_step(loop *l, int64_t us);

/* Microseconds spent in callbacks and in asking for events, without the waiting: the loop's own share of the run (--timing). */
int64_t loop_worked_us(const loop *l);
/* The signal that ended the run; 0: none did. */
int loop_signal(const loop *l);

#endif
