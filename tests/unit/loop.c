#include "smoke/host/loop.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define STEP(l) assert_true(loop_step((l), 50000))

static int begin(void **state) {
    arena *a = arena_make(0, NULL);
    *state = a;
    return 0;
}

static int end(void **state) {
    arena_free(*state);
    return 0;
}

/* ---- timers ---- */

typedef struct { int at[2000]; size_t len; } order;
typedef struct { order *of; int number; } numbered;
static void write_down(void *self) {
    numbered *n = self;
    n->of->at[n->of->len++] = n->number;
}

static void timers_fire_in_order(void **state) {
    arena *a = *state;
    loop *l = loop_new(a);
    order *o = ARENA_NEW(a, order);
    static const int delays_ms[] = { 9, 3, 3, 0, 14, 6, 3, 0, 12, 1 }, want[] = { 3, 7, 9, 1, 2, 6, 5, 0, 8, 4 };
    for (int i = 0; i < (int)COUNT(delays_ms); i++) {
        numbered *n = ARENA_NEW(a, numbered);
        *n = (numbered){ o, i };
        loop_after(l, (int64_t)delays_ms[i] * 1000, write_down, n);
    }
    while (o->len < COUNT(want)) STEP(l);
    for (size_t i = 0; i < COUNT(want); i++) assert_int_equal(o->at[i], want[i]);
    loop_end(l);
}

static void cancelled_timers_do_not_fire(void **state) {
    arena *a = *state;
    loop *l = loop_new(a);
    order *o = ARENA_NEW(a, order);
    enum { MANY = 200 };
    loop_timer *t[MANY];
    for (int i = 0; i < MANY; i++) {
        numbered *n = ARENA_NEW(a, numbered);
        *n = (numbered){ o, i };
        t[i] = loop_after(l, (i * 7919 % MANY) * 500, write_down, n);
    }
    for (int i = 0; i < MANY; i++)
        if (i % 3 != 0) loop_cancel(l, t[i]);
    int64_t by = loop_now_us(l) + 150000;
    while (loop_now_us(l) < by) STEP(l);
    assert_int_equal(o->len, 67);
    for (size_t i = 0; i < o->len; i++) {
        assert_int_equal(o->at[i] % 3, 0);
        if (i > 0) assert_true(o->at[i] * 7919 % MANY > o->at[i - 1] * 7919 % MANY);
    }
    for (int i = 0; i < MANY; i++) loop_cancel(l, t[i]);     /* those that have fired: nothing happens */
    loop_cancel(l, NULL);
    loop_again(l, t[0], 0);
    STEP(l);
    assert_int_equal(o->len, 68);
    loop_end(l);
}

typedef struct { loop *l; loop_timer *t; unsigned left; } repeated;
static void repeat(void *self) {
    repeated *r = self;
    if (r->left-- > 0) loop_again(r->l, r->t, 0);
}

static void a_timer_that_repeats_at_once_does_not_hold_the_loop(void **state) {
    loop *l = loop_new(*state);
    repeated r = { l, NULL, 1000000 };
    r.t = loop_after(l, 0, repeat, &r);
    STEP(l);
    assert_true(r.left > 999990);
    loop_end(l);
}

static void nothing_to_do_waits(void **state) {
    loop *l = loop_new(*state);
    int64_t begun = loop_now_us(l);
    STEP(l);
    int64_t took = loop_now_us(l) - begun;
    assert_true(took >= 50000 && took < 500000);
    assert_true(loop_worked_us(l) < 20000);
    begun = loop_now_us(l);
    assert_true(loop_step(l, 0));
    assert_true(loop_now_us(l) - begun < 50000);
    loop_end(l);
}

static void clocks(void **state) {
    loop *l = loop_new(*state);
    int64_t real = loop_clock_ms(l);
    assert_true(real > 1600000000000 && loop_wall_ms(l) - real < 1000);
    loop_set_wall(l, 1000000);
    assert_true(loop_wall_ms(l) >= 1000000 && loop_wall_ms(l) < 1001000);
    assert_true(loop_clock_ms(l) >= real);
    loop_end(l);
}

/* ---- descriptors ---- */

typedef struct { loop *l; int other; unsigned calls; } seen;
static void take_byte(void *self, int fd) {
    seen *s = self;
    char c;
    s->calls++;
    if (read(fd, &c, 1) != 1) loop_forget(s->l, fd);
}
static void forget_both(void *self, int fd) {
    seen *s = self;
    s->calls++;
    loop_forget(s->l, fd);
    loop_forget(s->l, s->other);
}

static void what_can_be_read_is_told(void **state) {
    loop *l = loop_new(*state);
    int p[2], q[2];
    assert_int_equal(pipe(p), 0);
    assert_int_equal(pipe(q), 0);
    seen s = { l, -1, 0 };
    loop_watch(l, p[0], take_byte, &s);
    assert_int_equal(write(p[1], "ab", 2), 2);
    STEP(l);
    STEP(l);
    STEP(l);
    assert_int_equal(s.calls, 2);
    close(p[1]);
    STEP(l);             /* its end */
    STEP(l);
    assert_int_equal(s.calls, 3);
    close(p[0]);
    /* of two that are ready, the first makes the loop forget the second */
    int r[2];
    assert_int_equal(pipe(r), 0);
    assert_int_equal(write(q[1], "x", 1) + write(r[1], "x", 1), 2);
    seen both = { l, r[0], 0 }, back = { l, q[0], 0 };
    loop_watch(l, q[0], forget_both, &both);
    loop_watch(l, r[0], forget_both, &back);
    STEP(l);
    assert_int_equal(both.calls + back.calls, 1);
    close(q[0]), close(q[1]), close(r[0]), close(r[1]);
    loop_end(l);
}

static void a_descriptor_closed_without_a_word_does_not_spin(void **state) {
    loop *l = loop_new(*state);
    int p[2];
    assert_int_equal(pipe(p), 0);
    seen s = { l, -1, 0 };
    loop_watch(l, p[0], take_byte, &s);
    close(p[0]);
    close(p[1]);
    STEP(l);
    int64_t begun = loop_now_us(l);
    STEP(l);
    assert_true(loop_now_us(l) - begun >= 50000);
    assert_int_equal(s.calls, 0);
    loop_end(l);
}

static void a_hangup_is_told_although_there_is_more_to_read(void **state) {
    loop *l = loop_new(*state);
    int p[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
    seen s = { l, -1, 0 };
    loop_watch_hangup(l, p[0], forget_both, &s);
    assert_int_equal(write(p[1], "more", 4), 4);
    STEP(l);
    assert_int_equal(s.calls, 0);
    close(p[1]);
    STEP(l);
    assert_int_equal(s.calls, 1);
    close(p[0]);
    loop_end(l);
}

/* ---- hooks ---- */

typedef struct { int fd; unsigned before, ready; } hooked;
static void before(void *self, void *at) {
    hooked *h = self;
    loop_sets *sets = at;
    h->before++;
    FD_SET(h->fd, &sets->read);
    if (h->fd > sets->max) sets->max = h->fd;
}
static void after(void *self, void *at) {
    hooked *h = self;
    const loop_sets *sets = at;
    if (FD_ISSET(h->fd, &sets->read)) h->ready++;
}

static void hooks_add_their_descriptors(void **state) {
    loop *l = loop_new(*state);
    int p[2];
    assert_int_equal(pipe(p), 0);
    hooked h = { p[0], 0, 0 };
    loop_hook(l, before, after, &h);
    assert_true(loop_step(l, 1000));
    assert_int_equal(h.ready, 0);
    assert_int_equal(write(p[1], "x", 1), 1);
    STEP(l);
    assert_int_equal(h.ready, 1);
    loop_hook(l, NULL, NULL, &h);
    assert_true(loop_step(l, 1000));
    assert_int_equal(h.before, 2);
    close(p[0]), close(p[1]);
    loop_end(l);
}

/* ---- signals ---- */

static volatile sig_atomic_t came;
static void came_here(int number) { came = number; }
static void raise_soon(void *self) { raise(*(int *)self); }

static void a_signal_ends_the_run(void **state) {
    arena *a = *state;
    int signals[] = { SIGINT, SIGTERM, SIGHUP };
    for (size_t i = 0; i < COUNT(signals); i++) {
        signal(signals[i], came_here);
        loop *l = loop_new(a);
        loop_after(l, 5000, raise_soon, &signals[i]);
        int64_t begun = loop_now_us(l);
        while (loop_step(l, 5000000) && loop_now_us(l) - begun < 5000000) {}
        assert_true(loop_now_us(l) - begun < 2000000);
        assert_int_equal(loop_signal(l), signals[i]);
        assert_false(loop_step(l, 5000000));
        loop_end(l);
        assert_int_equal(came, 0);
        raise(signals[i]);      /* as it was before */
        assert_int_equal(came, signals[i]);
        came = 0;
        signal(signals[i], SIG_DFL);
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(timers_fire_in_order), T(cancelled_timers_do_not_fire), T(a_timer_that_repeats_at_once_does_not_hold_the_loop), T(nothing_to_do_waits), T(clocks),
        T(what_can_be_read_is_told), T(a_descriptor_closed_without_a_word_does_not_spin), T(a_hangup_is_told_although_there_is_more_to_read),
        T(hooks_add_their_descriptors), T(a_signal_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
