#include "cel_fixture.h"

#include <stdlib.h>

/* Reads back what cel_write_c wrote, as a C compiler would: numbers in order. (The build compiles the real thing.) */
static void numbers_of(const char *text, const char *start, uint32_t *out, size_t most, size_t *len) {
    const char *at = strstr(text, start);
    *len = 0;
    if (at == NULL) return;
    for (at = strchr(at, '=') + 1; *at != ';'; at++) {
        if (*at == '\'') {
            assert_true(*len < most);
            out[(*len)++] = (uint32_t)strtoul(at + 3, NULL, 16);
            at += 5;
        } else if (*at >= '0' && *at <= '9') {
            char *end;
            assert_true(*len < most);
            out[(*len)++] = (uint32_t)strtoul(at, &end, 10);
            at = end - 1;
        }
    }
}

static const char *const expressions[] = {
    "1", "true", "null", "\"\"", "edge.kind == 'poll' && edge.size > 5", "edges.exists(x, x.from.id in ['Orders', \"caf\\u00e9\"])", "1.5e300 < -2.0",
    "-9223372036854775808", "18446744073709551615u > 0u", "b'\\xff\\x00' == b'\\xff\\x00'", "[1, 2].map(i, i * 2) == [2, 4]", "{'a': [1]}['a'][0]",
    "edge.kind.matches('^p') ? three.size() : 0", "graph.in(queue) == 1 || count(1, 2) == 2", "type(1) == int", "[]",
};

static void a_program_written_as_tables_reads_back_the_same(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(expressions); i++) {
        cel_problem problem;
        const cel_program *p = cel_compile(a, slice_from(expressions[i]), &open_environment, &problem);
        assert_non_null(p);
        buf out = { .arena = a };
        cel_write_c(p, SLICE("rule_7"), &out);
        buf_char(&out, '\0');
        const char *text = out.bytes.at;

        size_t most = (size_t)p->nodes_len * 7 + p->args_len + p->blob_len + 8, len;
        uint32_t *numbers = ARENA_ARRAY(a, uint32_t, most);
        numbers_of(text, "rule_7_nodes[]", numbers, most, &len);
        assert_int_equal(len, (size_t)p->nodes_len * 7);
        cel_node *nodes = ARENA_ARRAY(a, cel_node, p->nodes_len);
        for (size_t n = 0; n < p->nodes_len; n++) {
            const uint32_t *x = numbers + 7 * n;
            nodes[n] = (cel_node){ (uint8_t)x[0], (uint8_t)x[1], (uint16_t)x[2], x[3], x[4], x[5], x[6] };
        }
        uint32_t *args = ARENA_ARRAY(a, uint32_t, p->args_len + 1);
        numbers_of(text, "rule_7_args[]", args, p->args_len + 1, &len);
        assert_int_equal(len, p->args_len);
        numbers_of(text, "rule_7_blob[]", numbers, most, &len);
        assert_int_equal(len, p->blob_len);
        char *blob = ARENA_ARRAY(a, char, p->blob_len + 1);
        for (size_t b = 0; b < p->blob_len; b++) blob[b] = (char)(unsigned char)numbers[b];

        const cel_program copy = { nodes, p->nodes_len, p->root, args, p->args_len, blob, p->blob_len };
        cel_context c = { .arena = a, .env = &open_environment, .variables = variables };
        slice want = cel_display_in(&c, cel_evaluate(p, &c)), got = cel_display_in(&c, cel_evaluate(&copy, &c));
        if (!slice_eq(want, got)) fail_msg("%s: %.*s from tables, %.*s compiled", expressions[i], SLICE_ARG(got), SLICE_ARG(want));
        cel_close(&c);
    }
    arena_free(a);
}

static const cel_field only_x[] = { { SLICE_INIT("x"), SLICE_INIT("int"), SLICE_INIT("") } };

static void evaluation_takes_no_memory_for_literals_and_names(void **state) {
    (void)state;
    static const cel_environment env = { .variables = only_x, .variables_len = 1, .closed = true };
    static const char *const rows[] = {
        "x > 2 && x in [1, 2, 3] || 'many' == 'few'", "x == 3 ? 'three'.startsWith('th') : false", "'three'.matches('^t.*e$') && 1.5 < 2",
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cel_problem problem;
        const cel_value x[] = { NUMBER(3) };
        const cel_program *p = cel_compile(a, slice_from(rows[i]), &env, &problem);
        assert_non_null(p);
        cel_context c = { .arena = a, .env = &env, .variables = x };
        size_t before = arena_used(a);
        assert_true(cel_evaluate(p, &c).boolean);
        assert_int_equal(arena_used(a), before);
        cel_close(&c);
    }
    arena_free(a);
}

static void a_context_keeps_its_patterns_over_arena_marks(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    cel_problem problem;
    const cel_program *p = cel_compile(a, SLICE("['aXb', 'b', 'aYb'].filter(x, x.matches('^a.b$')).size() == 2"), &open_environment, &problem);
    cel_context c = { .arena = a, .env = &open_environment };
    for (int i = 0; i < 100; i++) {
        arena_mark mark = arena_mark_take(a);
        c.steps = 0;
        cel_value v = cel_evaluate(p, &c);
        assert_true(v.kind == CEL_BOOL && v.boolean);
        arena_mark_return(a, mark);
    }
    cel_close(&c);
    cel_close(&c);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_written_as_tables_reads_back_the_same),
        cmocka_unit_test(evaluation_takes_no_memory_for_literals_and_names),
        cmocka_unit_test(a_context_keeps_its_patterns_over_arena_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
