#include "cel_fixture.h"

static void functions_give_what_the_specification_says(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "'tacocat'.charAt(3)", "o" },              { "'caf\\u00e9'.charAt(3)", "\xC3\xA9" },    { "'abc'.charAt(3)", "" },
        { "'abc'.charAt(4)", "error" },              { "'abc'.charAt(-1)", "error" },          { "'hello mellow'.indexOf('ello')", "1" },
        { "'hello mellow'.indexOf('ello', 2)", "7" },{ "'hello'.indexOf('z')", "-1" },         { "'hello'.indexOf('')", "0" },
        { "'hello'.indexOf('l', 9)", "error" },      { "'\\u00e9ab'.indexOf('b')", "2" },      { "'hello mellow'.lastIndexOf('ello')", "7" },
        { "'hello mellow'.lastIndexOf('ello', 6)", "1" }, { "'abc'.lastIndexOf('')", "3" },    { "['a', 'b'].join()", "ab" },
        { "['a', 'b', 'c'].join(', ')", "a, b, c" }, { "[].join('x')", "" },                   { "['a', 1].join()", "error" },
        { "'TacoCat \\u00c9'.lowerAscii()", "tacocat \xC3\x89" },                              { "'TacoCat'.upperAscii()", "TACOCAT" },
        { "'hello hello'.replace('he', 'we')", "wello wello" },                                { "'hello hello'.replace('he', 'we', 1)", "wello hello" },
        { "'hello hello'.replace('he', 'we', 0)", "hello hello" },                             { "'ab'.replace('', '_')", "_a_b_" },
        { "'a-b'.replace('-', '')", "ab" },          { "'a.b.c'.split('.')", "a, b, c" },      { "size('a..c'.split('.'))", "3" },
        { "'a.b.c'.split('.', 2)", "a, b.c" },       { "size('a.b'.split('.', 0))", "0" },     { "'a.b.c'.split('.', 1)", "a.b.c" },
        { "'h\\u00e9y'.split('')", "h, \xC3\xA9, y" }, { "size(''.split(''))", "0" },          { "size(''.split(','))", "1" },
        { "'tacocat'.substring(4)", "cat" },         { "'tacocat'.substring(0, 4)", "taco" },  { "'tacocat'.substring(-1)", "error" },
        { "'tacocat'.substring(5, 2)", "error" },    { "'abc'.substring(3)", "" },             { "'abc'.substring(4)", "error" },
        { "'  \\ttrim\\n\\u3000'.trim() == 'trim'", "true" }, { "' '.trim()", "" },            { "'gums'.reverse()", "smug" },
        { "'h\\u00e9'.reverse() == '\\u00e9h'", "true" }, { "'foobar'.matches('^fo+b')", "true" }, { "'foobar'.matches('^bar')", "false" },
        { "matches('a\\n', 'a$')", "false" },        { "'\\u00e9'.matches('^.$')", "true" },   { "'aa'.matches(r'(a)\\1')", "error" },
        { "'a'.matches('a++')", "error" },           { "'a'.matches('(?>a)')", "error" },      { "'a'.matches('a(?!b)')", "error" },
        { "'a'.matches('(?i)A')", "true" },          { "'a'.matches('(?P<x>a)')", "true" },    { "'a+'.matches(r'[+*]+$')", "true" },
        { "'a'.matches(r'[\\]1]|a*?')", "true" },    { "'1'.matches(r'[[:digit:]]{1}')", "true" }, { "'a+'.matches(r'\\Qa+\\E')", "true" },
        { "'a'.matches('a{1,2}+')", "error" },       { "'a'.matches('(*FAIL)')", "error" },    { "'a'.matches('(')", "error" },
        { "int('12')", "12" },                       { "int('1 ')", "error" },                 { "int('9223372036854775808')", "error" },
        { "int(-9223372036854775808.0)", "error" },  { "uint('-1')", "error" },                { "uint(-1)", "error" },
        { "double('0x1p3')", "error" },              { "double('1e3')", "1000" },              { "double(' 1')", "error" },
        { "double('NaN') == double('NaN')", "false" }, { "string(1.5)", "1.5" },               { "string(0.1)", "0.1" },
        { "string(1e300 * 1e300)", "Infinity" },     { "string(true)", "true" },               { "string(7u)", "7" },
        { "string([1])", "error" },                  { "int(0.0/0.0)", "error" },              { "size(b'\\xff')", "1" },
        { "3u - 4u", "error" },                      { "7 / -2", "-3" },                       { "-7 % 3", "-1" },
        { "(-9223372036854775807 - 1) % -1", "error" }, { "{'a': 1, 'a': 2}", "error" },       { "{1: 1, 1u: 2}", "error" },
        { "{1.0: 1}", "error" },                     { "{null: 1}", "error" },                 { "{1: 'a'}[1.0]", "a" },
        { "{'a': 1}.transformMapEntry(k, v, {v: k})", "{1: a}" }, { "[1, 1].transformMapEntry(i, v, {v: i})", "error" },
        { "[1].transformMapEntry(i, v, v)", "error" }, { "[5, 6].transformMap(i, v, v)", "{0: 5, 1: 6}" }, { "[1, 2,]", "1, 2" },
        { "{'a': 1,}.a", "1" },                      { "'a' // comment", "a" },                   { "\"\"", "" },   { "[].join().split('')", "" },                { "1 + // one\n 2", "3" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void times_are_counted_like_the_calendar(void **state) {
    (void)state;
    static const outcome_row rows[] = {
        { "string(now)", "2026-01-01T00:00:00Z" },                             { "now.getFullYear()", "2026" },
        { "now.getDayOfWeek()", "4" },                                         { "now.getDayOfYear()", "0" },
        { "now.getDate()", "1" },                                              { "now.getDayOfMonth()", "0" },
        { "now.getFullYear('-00:01')", "2025" },                               { "now.getDayOfYear('-00:01')", "364" },
        { "now.getHours('+05:30')", "5" },                                     { "now.getMinutes('05:30')", "30" },
        { "now.getHours('Europe/Nowhere')", "error" },                         { "now.getHours('5:30')", "error" },
        { "timestamp('2024-02-29T12:00:00.25Z').getMilliseconds()", "250" },   { "timestamp('2023-02-29T12:00:00Z')", "error" },
        { "timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365" },         { "timestamp('1900-02-29T00:00:00Z')", "error" },
        { "timestamp('2000-02-29T00:00:00Z').getMonth()", "1" },               { "int(timestamp('1969-12-31T23:59:59Z'))", "-1" },
        { "string(timestamp('1969-12-31T23:59:59.5Z'))", "1969-12-31T23:59:59.5Z" },
        { "timestamp('0001-01-01T00:00:00Z').getFullYear('-01:00')", "0" },    { "timestamp('0001-01-01T00:00:00Z').getDayOfWeek()", "1" },
        { "timestamp('0001-01-01T00:00:00Z').getDayOfWeek('-01:00')", "0" },   { "timestamp('0001-01-01T00:00:00Z').getDayOfYear('-01:00')", "365" },
        { "timestamp('9999-12-31T23:59:59Z').getFullYear('+01:00')", "10000" },{ "timestamp('2026-01-01T02:00:00+02:00') == now", "true" },
        { "timestamp('2026-01-01 00:00:00Z')", "error" },                      { "timestamp('2026-01-01T24:00:00Z')", "error" },
        { "timestamp('2026-01-01T00:00:00')", "error" },                       { "timestamp('2026-01-01T00:00:00.Z')", "error" },
        { "string(duration('1h30m'))", "5400s" },                              { "string(duration('-1.5s'))", "-1.5s" },
        { "string(duration('-250ms'))", "-0.25s" },                            { "duration('1h1m1s').getMinutes()", "61" },
        { "duration('1.25s').getMilliseconds()", "250" },                      { "duration('90s').getHours()", "0" },
        { "duration('')", "error" },                                           { "duration('1')", "error" },
        { "duration('0')", "0s" },                                             { "duration('1x')", "error" },
        { "duration('.s')", "error" },                                         { "duration('1.0000000009s')", "1s" },
        { "duration('9223372036854775807ns')", "9223372036.854775807s" },      { "duration('9223372036854775808ns')", "error" },
        { "duration('-9223372036854775807ns')", "-9223372036.854775807s" },    { "duration('-9223372036854775809ns')", "error" },
        { "duration('9223372036s854775808ns')", "error" },                     { "now + duration('24h') > now", "true" },
        { "now - duration('1ns')", "2025-12-31T23:59:59.999999999Z" },         { "now - now", "0s" },
        { "duration('1s') - duration('1.5s')", "-0.5s" },                      { "-duration('1s')", "error" },
        { "now + now", "error" },                                              { "duration('1s') - now", "error" },
    };
    check_outcomes(&open_environment, rows, COUNT(rows));
}

static void text_that_is_no_expression_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {
        "", " ", "1 +", "(1", "1)", "[1", "{1}", "{1:}", "a.", ".", "a[", "f(1,)", "f(,)", "1 2", "'a", "\"a\nb\"", "'\\q'", "'\\x4'", "'\\400'", "b'\\u0041'",
        "'\\ud800'", "0x", "1 = 2", "1 & 2", "a | b", "#", "a ? b", "a ? b : ", "for", "a.true", "in", "99999999999999999999", "9223372036854775808",
        "-9223372036854775809", "18446744073709551616u", "0x10000000000000000", "has(a)", "has(a[0])", "[1].all(1, true)", "[1].all(a.b, true)",
        "[1].exists(a, a, true)", "Message{a: 1}", "a.`b", "a.``", "a.`b!`", "`a`", "'''a''", "\xFF", "a.`b`(1)", "..a",
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = outcome(a, &open_environment, rows[i]);
        if (strncmp(got, "refused: ", 9) != 0 || got[9] == '\0') fail_msg("%s: want a refusal, got %s", rows[i], got);
    }
    arena_free(a);
}

/* ---- limits ---- */

static slice repeated(arena *a, const char *before, const char *middle, const char *behind, size_t times) {
    buf out = { .arena = a };
    for (size_t i = 0; i < times; i++) buf_text(&out, before);
    buf_text(&out, middle);
    for (size_t i = 0; i < times; i++) buf_text(&out, behind);
    return buf_as_slice(&out);
}

static void expressions_are_as_deep_as_the_limit_and_no_deeper(void **state) {
    (void)state;
    static const struct { const char *before, *middle, *behind; size_t most; } rows[] = {
        { "(", "1", ")", CEL_MAX_DEPTH - 1 },             { "[", "1", "]", CEL_MAX_DEPTH - 1 },        { "!", "true", "", CEL_MAX_DEPTH - 1 },
        { "-", "x", "", CEL_MAX_DEPTH - 1 },              { "", "p", ".a", CEL_MAX_DEPTH - 1 },        { "", "1", " + 1", CEL_MAX_DEPTH - 1 },
        { "true ? 1 : ", "1", "", CEL_MAX_DEPTH - 1 },    { "{'a': ", "1", "}", CEL_MAX_DEPTH - 1 },   { "size(", "p", ")", CEL_MAX_DEPTH - 1 },
        { "", "'a'", ".trim()", CEL_MAX_DEPTH - 1 },      { "[1].map(x, ", "1", ")", CEL_MAX_DEPTH - 2 }, { "three[", "0", "]", CEL_MAX_DEPTH - 1 },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t over = 0; over < 2; over++) {
            slice text = repeated(a, rows[i].before, rows[i].middle, rows[i].behind, rows[i].most + over);
            cel_problem problem = { 0, { NULL, 0 } };
            const cel_program *p = cel_compile(a, text, &open_environment, &problem);
            if ((p != NULL) != (over == 0)) fail_msg("%s...%s: %zu levels: %.*s", rows[i].before, rows[i].behind, rows[i].most + over, SLICE_ARG(problem.message));
            if (p == NULL) {
                assert_true(slice_starts(problem.message, SLICE("nested too deeply")));
                continue;
            }
            cel_context c = { .arena = a, .env = &open_environment, .variables = variables };
            cel_evaluate(p, &c);
            cel_close(&c);
        }
    arena_free(a);
}

static void expressions_are_as_long_as_the_limit_and_no_longer(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    cel_problem problem;
    buf text = { .arena = a };
    buf_char(&text, '1');
    while (text.bytes.len < CEL_MAX_TEXT) buf_char(&text, ' ');
    assert_non_null(cel_compile(a, buf_as_slice(&text), &open_environment, &problem));
    buf_char(&text, ' ');
    assert_null(cel_compile(a, buf_as_slice(&text), &open_environment, &problem));

    slice row = repeated(a, "1,", "1", "", CEL_MAX_NODES - 2);    /* and the list itself */
    slice parts[3] = { SLICE("["), row, SLICE("]") };
    assert_non_null(cel_compile(a, arena_concat(a, parts, 3), &open_environment, &problem));
    parts[2] = SLICE(",1]");
    assert_null(cel_compile(a, arena_concat(a, parts, 3), &open_environment, &problem));

    slice ors = repeated(a, "false || ", "true", "", 5000);    /* a long row is not deep */
    const cel_program *p = cel_compile(a, ors, &open_environment, &problem);
    assert_non_null(p);
    cel_context c = { .arena = a, .env = &open_environment };
    assert_true(cel_evaluate(p, &c).boolean);

    assert_string_equal(outcome(a, &open_environment, "unbound(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)"), "error");
    assert_string_equal(outcome(a, &open_environment, "unbound(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)"),
                        "refused: too many arguments: at most 16");
    arena_free(a);
}

/* Each would run for hours or fill the memory: they end as errors. */
static void work_without_end_is_an_error(void **state) {
    (void)state;
    arena *a = arena_make((size_t)512 * 1024 * 1024, NULL);
    buf doubling = { .arena = a }, nested = { .arena = a }, text = { .arena = a };
    buf_text(&doubling, "['0123456789']");
    for (size_t i = 0; i < 60; i++) buf_text(&doubling, ".map(x, x + x)");
    buf_text(&doubling, "[0].size() > 0");
    slice row = repeated(a, "1,", "1", "", 99);
    for (size_t i = 0; i < 8; i++) {
        buf_text(&nested, "[");
        buf_slice(&nested, row);
        buf_text(&nested, "].map(x, ");
    }
    buf_text(&nested, "1");
    for (size_t i = 0; i < 8; i++) buf_text(&nested, ")");
    const slice rows[] = { buf_as_slice(&doubling), buf_as_slice(&nested) };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cel_problem problem;
        const cel_program *p = cel_compile(a, rows[i], &open_environment, &problem);
        assert_non_null(p);
        cel_context c = { .arena = a, .env = &open_environment };
        assert_int_equal(cel_evaluate(p, &c).kind, CEL_ERROR);
    }
    /* a pattern that backtracks without end */
    buf_text(&text, "'");
    for (size_t i = 0; i < 3000; i++) buf_text(&text, "a");
    buf_text(&text, "b'.matches('^(a|a)*$')");
    buf_char(&text, '\0');
    assert_string_equal(outcome(a, &open_environment, text.bytes.at), "error");
    arena_free(a);
}

static void a_map_with_many_keys_is_compared_in_a_line(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf up = { .arena = a }, down = { .arena = a };
    for (int i = 0; i < 2000; i++) buf_printf(&up, "%s%d: %d", i > 0 ? ", " : "", i, i);
    for (int i = 1999; i >= 0; i--) buf_printf(&down, "%s%du: %d.0", i < 1999 ? ", " : "", i, i);
    slice parts[5] = { SLICE("{"), buf_as_slice(&up), SLICE("} == {"), buf_as_slice(&down), SLICE("}") };
    assert_string_equal(outcome(a, &open_environment, arena_concat(a, parts, 5).at), "true");
    parts[4] = SLICE(", 2000: 1}");
    assert_string_equal(outcome(a, &open_environment, arena_concat(a, parts, 5).at), "false");
    parts[4] = SLICE(", 1999: 1}");
    assert_string_equal(outcome(a, &open_environment, arena_concat(a, parts, 5).at), "error");    /* the same key twice */
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_give_what_the_specification_says),
        cmocka_unit_test(times_are_counted_like_the_calendar),
        cmocka_unit_test(text_that_is_no_expression_is_refused),
        cmocka_unit_test(expressions_are_as_deep_as_the_limit_and_no_deeper),
        cmocka_unit_test(expressions_are_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(work_without_end_is_an_error),
        cmocka_unit_test(a_map_with_many_keys_is_compared_in_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
