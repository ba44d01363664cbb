#include "cel_fixture.h"

static void unknown_is_three_valued(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "true && true", "true" },        { "true && false", "false" },      { "true && u", "unknown" },       { "u && true", "unknown" },
        { "false && u", "false" },         { "u && false", "false" },         { "u && u", "unknown" },          { "true || u", "true" },
        { "u || true", "true" },           { "false || u", "unknown" },       { "u || false", "unknown" },      { "!u", "unknown" },
        { "e && u", "unknown" },           { "u && e", "unknown" },           { "e && false", "false" },        { "false && e", "false" },
        { "e || u", "unknown" },           { "e || true", "true" },           { "e || false", "error" },        { "e && true", "error" },
        { "u ? 1 : 2", "unknown" },        { "e ? 1 : 2", "error" },          { "true ? 1 : u", "1" },          { "false ? u : 2", "2" },
        { "u == 1", "unknown" },           { "u != u", "unknown" },           { "u < 1", "unknown" },           { "u + e", "unknown" },
        { "e + u", "unknown" },            { "1 + e", "error" },              { "-u", "unknown" },              { "u.field", "unknown" },
        { "u[0]", "unknown" },             { "[1, 2][u]", "unknown" },        { "has(u.field)", "unknown" },    { "size(u)", "unknown" },
        { "u.startsWith('a')", "unknown" },{ "'a'.startsWith(u)", "unknown" },{ "type(u)", "unknown" },         { "count(u)", "unknown" },
        { "known(u)", "true" },            { "known(1)", "false" },           { "known(e)", "error" },          { "count(1, e)", "error" },
        { "count(u, e)", "unknown" },      { "!e", "error" },                 { "a && b || true", "true" },     { "a || u && false", "error" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void unknown_items_decide_only_where_they_must(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "1 in [u, 1]", "true" },                     { "2 in [u, 1]", "unknown" },               { "u in []", "false" },
        { "u in [1]", "unknown" },                     { "u in {}", "false" },                     { "u in {'a': 1}", "unknown" },
        { "e in [1]", "error" },                       { "1 in u", "unknown" },                    { "size([u, 1])", "2" },
        { "[u, 1][1]", "1" },                          { "[u, 1][0]", "unknown" },                 { "[u, e]", "unknown" },
        { "[1, e]", "error" },                         { "{'a': u}.a", "unknown" },                { "{'a': u, 'b': 1}.b", "1" },
        { "{u: 1}", "unknown" },                       { "has({'a': u}.a)", "unknown" },           { "[u] == [1]", "unknown" },
        { "[u, 1] == [u, 2]", "false" },               { "[u] == [1, 2]", "false" },               { "{'a': u} == {'a': 1}", "unknown" },
        { "{'a': u, 'b': 1} == {'a': 1, 'b': 2}", "false" },
        { "[u, 1].exists(x, x == 1)", "true" },        { "[u, 1].exists(x, x == 2)", "unknown" },  { "[u, 1].all(x, x == 2)", "false" },
        { "[u, 1].all(x, x == 1)", "unknown" },        { "[u, 1].exists_one(x, x == 1)", "unknown" },
        { "[u, 1, 1].exists_one(x, x == 1)", "false" },{ "[1, 2].all(x, u)", "unknown" },          { "[].all(x, u)", "true" },
        { "[u, 1].filter(x, x == 1)", "unknown" },     { "size([u, 1].map(x, x))", "2" },          { "[u, 1].map(x, e)", "error" },
        { "[1, 2].map(x, x == 1 ? u : e)", "unknown" },{ "u.all(x, true)", "unknown" },            { "['a', u].join()", "unknown" },
        { "[1, 2].exists(x, x == 1 ? e : u)", "unknown" },
        { "1 in holes", "true" },                      { "2 in holes", "unknown" },                { "holes.exists(x, x == 3)", "true" },
        { "holes.all(x, x < 2)", "false" },            { "holes.all(x, x < 9)", "unknown" },       { "holes == [1, 2, 4]", "false" },
        { "holes == [1, 2, 3]", "unknown" },           { "holes.transformMap(i, x, x)[2]", "3" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void a_hosts_lists_maps_and_records_are_as_good_as_cels_own(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "size(three)", "3" },                        { "three.size()", "3" },                    { "three[1]", "2" },
        { "three[3]", "error" },                       { "three[-1]", "error" },                   { "2 in three", "true" },
        { "9 in three", "false" },                     { "three == [1, 2, 3]", "true" },           { "[1, 2, 3] == three", "true" },
        { "three == [1, 2, 4]", "false" },             { "three == three", "true" },               { "three + [4]", "1, 2, 3, 4" },
        { "[0] + three", "0, 1, 2, 3" },               { "three.map(x, x * 2)", "2, 4, 6" },       { "three.filter(x, x > 1)", "2, 3" },
        { "three.transformList(i, x, x - i)", "1, 1, 1" }, { "three.exists_one(x, x == 2)", "true" }, { "type(three) == list", "true" },
        { "three.map(x, x > 1, x)", "2, 3" },          { "three.all(i, x, x == i + 1)", "true" },  { "three.a", "error" },
        { "size(p)", "3" },                            { "p.Size", "5" },                          { "p['Size']", "5" },
        { "p.Role", "unknown" },                       { "p.Mode", "null" },                       { "p.Other", "error" },
        { "has(p.Size)", "true" },                     { "has(p.Role)", "unknown" },               { "has(p.Other)", "false" },
        { "has(p.Mode)", "true" },                     { "'Size' in p", "true" },                  { "'Other' in p", "false" },
        { "1 in p", "false" },                         { "p.exists(k, k == 'Mode')", "true" },     { "p.map(k, k)", "Size, Role, Mode" },
        { "p.exists(k, v, k == 'Size' && v == 5)", "true" }, { "p[1]", "error" },                  { "type(p) == map", "true" },
        { "twin == {'Size': 5, 'Mode': null}", "true" }, { "{'Size': 5, 'Mode': null} == twin", "true" }, { "twin == {'Size': 5}", "false" },
        { "twin == {'Size': 6, 'Mode': null}", "false" }, { "p == twin", "false" },                { "twin.transformMap(k, v, v == 5)", "{Mode: false, Size: true}" },
        { "edge.kind", "poll" },                       { "edge.from.id", "Orders" },               { "edge['kind']", "poll" },
        { "edge.from == queue", "true" },              { "edge.to == queue", "false" },            { "queue in [edge.from]", "true" },
        { "edges.exists(x, x.kind == 'poll')", "true" }, { "edges[0].to.role", "function" },       { "has(edge.kind)", "true" },
        { "has(edge.nothing)", "false" },              { "edge.enabled", "unknown" },              { "edge.all(x, true)", "error" },
        { "size(edge)", "error" },                     { "edge < edge", "error" },                 { "string(type(edge)) == 'edge'", "error" },
        { "queue.who()", "node" },                     { "edge.who()", "edge" },                   { "dyn(edge).who()", "edge" },
        { "dyn(queue).who()", "node" },                { "(1).who()", "error" },                   { "graph.in(queue)", "1" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void null_is_taken_leniently_by_rules(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "nothing.a.b", "null" },              { "nothing['a']", "null" },              { "nothing[0]", "null" },           { "size(nothing)", "0" },
        { "nothing.size()", "0" },              { "nothing.all(x, false)", "true" },     { "nothing.exists(x, true)", "false" },
        { "nothing.filter(x, true)", "" },      { "nothing.map(x, x)", "" },             { "nothing.exists_one(x, true)", "false" },
        { "nothing < 1", "unknown" },           { "1 >= nothing", "unknown" },           { "nothing < nothing", "unknown" },
        { "nothing == null", "true" },          { "nothing == 1", "false" },             { "nothing != 1", "true" },
        { "1 in nothing", "false" },            { "has(nothing.a)", "false" },           { "has(p.Mode)", "false" },
        { "has(edge.wait)", "false" },          { "has(p.Mode.Deep)", "false" },         { "p.Mode.Deep.Deeper == null", "true" },
        { "nothing + 1", "unknown" },           { "-nothing", "unknown" },               { "!nothing", "unknown" },
        { "nothing.startsWith('a')", "unknown" }, { "'a'.matches(nothing)", "unknown" }, { "nothing.who()", "unknown" },
        { "count(nothing)", "1" },              { "nothing && true", "error" },          { "edge.from.resource.p == null", "true" },
        { "p.Other", "error" },                 { "{'a': 1}.b", "error" },               { "nothing.transformMap(k, v, v)", "{}" },
    };
    static const outcome_row strict[] = {
        { "nothing.a", "error" },  { "nothing['a']", "error" },           { "size(nothing)", "error" },  { "nothing.all(x, false)", "error" },
        { "nothing < 1", "error" }, { "1 in nothing", "error" },          { "has(nothing.a)", "error" }, { "nothing == null", "true" },
        { "nothing + 1", "error" }, { "nothing.startsWith('a')", "error" }, { "has(p.Mode)", "true" },
    };
    check_outcomes(&lenient_environment, rows, COUNT(rows));
    check_outcomes(&open_environment, strict, COUNT(strict));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_is_three_valued),
        cmocka_unit_test(unknown_items_decide_only_where_they_must),
        cmocka_unit_test(a_hosts_lists_maps_and_records_are_as_good_as_cels_own),
        cmocka_unit_test(null_is_taken_leniently_by_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
