#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/score.h"

/* The triggers of one node that does work, and what is known about its start. */
typedef struct {
    edge_kind kind;
    bool trigger;
    tri enabled;
} incoming;

static const struct { role role; tri starts; size_t len; incoming in[2]; } rows[] = {
    { ROLE_COMPUTE, YES, 1, { { EDGE_POLL, true, YES } } },
    { ROLE_COMPUTE, NO, 1, { { EDGE_SCHEDULE, true, YES } } },
    { ROLE_COMPUTE, YES, 2, { { EDGE_SCHEDULE, true, YES }, { EDGE_ASYNC, true, YES } } },
    { ROLE_COMPUTE, NO, 2, { { EDGE_SCHEDULE, true, YES }, { EDGE_ASYNC, true, NO } } },
    { ROLE_COMPUTE, UNKNOWN, 1, { { EDGE_ASYNC, true, UNKNOWN } } },
    { ROLE_COMPUTE, UNKNOWN, 2, { { EDGE_SCHEDULE, true, YES }, { EDGE_ASYNC, true, UNKNOWN } } },
    { ROLE_COMPUTE, UNKNOWN, 1, { { EDGE_WRITE, false, YES } } },
    { ROLE_COMPUTE, UNKNOWN, 0, { { EDGE_SYNC, false, NO } } },
    { ROLE_WORKFLOW, YES, 1, { { EDGE_SYNC, true, YES } } },
    { ROLE_CONTAINER, NO, 0, { { EDGE_SYNC, false, NO } } },
    { ROLE_INSTANCE, NO, 0, { { EDGE_SYNC, false, NO } } },
    { ROLE_CONTAINER, YES, 1, { { EDGE_SYNC, true, YES } } },
};

static void what_starts_a_node_is_three_valued(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        edge edges[2] = { 0 }, *in[2];
        for (size_t k = 0; k < 2; k++) {
            edges[k].kind = rows[i].in[k].kind;
            edges[k].trigger = rows[i].in[k].trigger;
            edges[k].enabled = rows[i].in[k].enabled;
            in[k] = &edges[k];
        }
        node n = { .role = rows[i].role, .in = in, .in_len = rows[i].len };
        if (score_event_starts(&n) != rows[i].starts) fail_msg("row %zu: got %d", i, (int)score_event_starts(&n));
    }
}

static void unknown_is_in_neither_part_of_a_share(void **state) {
    (void)state;
    static const struct { const char *scales, *bills; } classes[] = {
        { "self", "per-use" }, { "self-with-limits", "per-use-with-minimum" }, { "fixed", "provisioned" }, { "unknown", "unknown" }, { "", "free" },
    };
    node nodes[COUNT(classes) + 1] = { 0 }, *list[COUNT(classes) + 1];
    for (size_t i = 0; i <= COUNT(classes); i++) {
        size_t c = i < COUNT(classes) ? i : 0;
        nodes[i].role = ROLE_QUEUE;
        nodes[i].external = i == COUNT(classes);
        nodes[i].class.scales = slice_from(classes[c].scales);
        nodes[i].class.bills = slice_from(classes[c].bills);
        list[i] = &nodes[i];
    }
    graph g = { 0 };
    g.nodes.at = list;
    g.nodes.len = COUNT(list);
    score s = score_of(&g);
    assert_int_equal(s.scales_itself.part, 2);
    assert_int_equal(s.scales_itself.of, 3);
    assert_int_equal(s.bills_per_use.part, 3);
    assert_int_equal(s.bills_per_use.of, 4);
    assert_int_equal(s.event_driven.of, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_starts_a_node_is_three_valued),
        cmocka_unit_test(unknown_is_in_neither_part_of_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
