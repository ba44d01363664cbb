#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/parallel.h"

enum { THINGS = 1000 };

typedef struct {
    unsigned char done[THINGS];
    size_t thread_of[THINGS];
} record;

/* No two threads get the same thing, so no lock is needed. */
static void mark(void *self, size_t thread, size_t i) {
    record *r = self;
    r->done[i]++;
    r->thread_of[i] = thread;
}

static void everything_is_done_once(void **state) {
    (void)state;
    static const size_t threads[] = { 0, 1, 2, 7, THREADS_MOST, THREADS_MOST + 5 };
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        record r = { { 0 }, { 0 } };
        parallel_each(threads[t], THINGS, mark, &r);
        for (size_t i = 0; i < THINGS; i++) {
            if (r.done[i] != 1) fail_msg("%zu threads: %zu was done %d times", threads[t], i, r.done[i]);
            assert_true(r.thread_of[i] < (threads[t] == 0 ? 1 : threads[t]));
            assert_true(r.thread_of[i] < THREADS_MOST);
        }
    }
}

static void nothing_to_do_is_done(void **state) {
    (void)state;
    record r = { { 0 }, { 0 } };
    parallel_each(4, 0, mark, &r);
    assert_int_equal(r.done[0], 0);
}

static void a_machine_has_a_processor(void **state) {
    (void)state;
    assert_true(processor_count() >= 1);
    assert_true(processor_count() <= THREADS_MOST);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_done_once),
        cmocka_unit_test(nothing_to_do_is_done),
        cmocka_unit_test(a_machine_has_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
