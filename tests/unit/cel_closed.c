#include "cel_fixture.h"

static void a_closed_environment_refuses_unknown_names_and_names_the_nearest(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "edgee.kind == 'poll'", "refused: there is no variable edgee; did you mean edge?" },
        { "qeue.id == 'a'", "refused: there is no variable qeue; did you mean queue?" },
        { "zzzzzzzzz", "refused: there is no variable zzzzzzzzz" },
        { "edge.knid == 'poll'", "refused: edge has no field knid; did you mean kind?" },
        { "edge.from.rule == 'queue'", "refused: node has no field rule; did you mean role?" },
        { "has(edge.filter)", "refused: edge has no field filter; did you mean filters?" },
        { "edges.exists(x, x.frmo == queue)", "refused: edge has no field frmo; did you mean from?" },
        { "edges.filter(x, true)[0].tp", "refused: edge has no field tp; did you mean to?" },
        { "graph.in(queue).all(x, x.kid == '')", "refused: edge has no field kid; did you mean kind?" },
        { "cuont(1)", "refused: there is no function cuont(); did you mean count?" },
        { "'a'.startswith('b')", "refused: there is no function startswith(); did you mean startsWith?" },
        { "graph.inn(queue)", "refused: there is no function graph.inn(); did you mean graph.in?" },
        { "queue.whom()", "refused: node has no function whom(); did you mean who?" },
        { "count()", "refused: count() takes 1 to 3 arguments, not 0" },
        { "count(1, 2, 3, 4)", "refused: count() takes 1 to 3 arguments, not 4" },
        { "queue.who(1)", "refused: who() takes 0 arguments, not 1" },
        { "graph.in(queue, 1)", "refused: graph.in() takes 1 argument, not 2" },
        { "'a'.startsWith('b', 'c')", "refused: startsWith() does not take 2 arguments" },
        { "size()", "refused: size() does not take 0 arguments" },
        { "edges.exists(x, y.kind == '')", "refused: there is no variable y; did you mean u?" },
        { "edges.exists(x, true) && x.kind == ''", "refused: there is no variable x; did you mean u?" },
    };
    check_outcomes(&closed_environment, rows, COUNT(rows));
}

static void a_closed_environment_refuses_types_that_cannot_fit(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "edge.kind == 3", "refused: string is never equal to int" },
        { "edge.from == 'Orders'", "refused: node is never equal to string" },
        { "edge == queue", "refused: edge is never equal to node" },
        { "edge.kind > 3", "refused: string and int have no order" },
        { "three > [1]", "refused: list and list have no order" },
        { "edge.kind + 3", "refused: + is not for string and int" },
        { "1 + 1.5", "refused: + is not for int and double" },
        { "!edge.kind", "refused: ! takes bool, not string" },
        { "edge.kind && true", "refused: && takes bool, not string" },
        { "edge.size ? 1 : 2", "refused: ?: takes bool, not int" },
        { "-edge.kind", "refused: - is not for string" },
        { "1 in edge.kind", "refused: in takes a list or map, not string" },
        { "'a' in three", "refused: string is never in a list of int" },
        { "edge.kind in ['poll', 1]", "true" },
        { "edge.kind in [1, 2]", "refused: string is never in a list of int" },
        { "edge.kind.all(x, true)", "refused: string is no list or map to run over" },
        { "three.all(x, x)", "refused: a condition takes bool, not int" },
        { "three.all(x, x == 'a')", "refused: int is never equal to string" },
        { "edge.kind.id", "refused: string has no fields: .id" },
        { "edge.kind[0]", "refused: string has no items: [...]" },
        { "three['a']", "refused: the position in a list is a number, not string" },
        { "edge.size.startsWith('a')", "refused: startsWith() is not for int and string" },
        { "size(edge.size)", "refused: size() is not for int" },
        { "edge.kind.matches('(')", "refused: not a regular expression: missing closing parenthesis at 1" },
        { "edge.kind.matches('(?=a)')", "refused: regular expressions here have no look-around" },
        /* null is no certain error: the host may give it for anything */
        { "edge.from == null", "false" }, { "edge.kind != null", "true" }, { "(true ? edge : null).kind", "poll" },
        { "(true ? edge : null).knid", "refused: edge has no field knid; did you mean kind?" },
        { "1 == 1.0", "true" }, { "type(edge.size) == int", "true" }, { "now - now == duration('0s')", "true" }, { "size(edge.filters) == 0", "true" },
        { "[queue, edge.to].map(x, x.id)", "Orders, Worker" }, { "google.protobuf.Duration == type(duration('1s'))", "true" },
        { "[1].map(edge, edge + 1)", "2" }, { "three.map(u, u)", "1, 2, 3" }, { "[7].map(edge, .edge.kind)", "poll" },
        { "[[1]].map(graph, graph.size())", "1" },
    };
    check_outcomes(&closed_environment, rows, COUNT(rows));
}

static void an_open_environment_leaves_names_for_the_evaluation(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "unheard_of", "error" },          { "unheard_of || true", "true" },  { "unheard_of(1)", "error" },      { "edge.knid", "error" },
        { "'a'.unheard_of()", "error" },    { "'a' == 1", "false" },           { "'a' + 1", "error" },            { "count()", "error" },
        { "'a'.matches('(')", "error" },    { "int", "int" },                  { "google.protobuf.Timestamp", "google.protobuf.Timestamp" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void a_problem_says_where(void **state) {
    (void)state;
    static const struct { const char *expression; size_t at; } rows[] = {
        { "edge.kind == edgee.kind", 13 }, { "edge.kind == 'poll' && edge.knid", 28 }, { "1 +", 3 }, { "'abc", 0 }, { "edge.kind == 3", 10 },
        { "true && count()", 8 }, { "a ? b", 5 }, { "[1, 2", 5 }, { "1 = 2", 2 }, { "'\\q'", 1 }, { "edge.kind.matches('a\\\\1')", 18 },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cel_problem problem = { 999, { NULL, 0 } };
        assert_null(cel_compile(a, slice_from(rows[i].expression), &closed_environment, &problem));
        if (problem.at != rows[i].at || problem.message.len == 0)
            fail_msg("%s: want %zu, got %zu (%.*s)", rows[i].expression, rows[i].at, problem.at, SLICE_ARG(problem.message));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_environment_refuses_unknown_names_and_names_the_nearest),
        cmocka_unit_test(a_closed_environment_refuses_types_that_cannot_fit),
        cmocka_unit_test(an_open_environment_leaves_names_for_the_evaluation),
        cmocka_unit_test(a_problem_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
