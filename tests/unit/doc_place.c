#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "doc/doc.h"

/* The value of `a` has one `#` for each place asked for, in order. */
static const struct { const char *text; struct { uint32_t line, column; } at[6]; } rows[] = {
    { "a: x#y#\n", { { 1, 5 }, { 1, 7 } } },
    { "a: \xC3\xA4\xE2\x82\xAC#\n", { { 1, 6 } } },
    { "a: 'x#''#'\n", { { 1, 6 }, { 1, 9 } } },
    { "a: \"x\\t#\\u00fc#\\x41\\U0001F600#\\\\#\\L#\"\n", { { 1, 8 }, { 1, 15 }, { 1, 30 }, { 1, 33 }, { 1, 36 } } },
    { "a: x\n  y#\n\n   z  z#\n", { { 2, 4 }, { 4, 8 } } },
    { "a: 'x\n  y#\n\n\n   z#'\n", { { 2, 4 }, { 5, 5 } } },
    { "a: \"x  \n  y#\n\n   z#\\\n     #\\  \\n#\"\n", { { 2, 4 }, { 4, 5 }, { 5, 6 }, { 5, 12 } } },
    { "a: \"x\\\n\n\n  y#\"\n", { { 4, 4 } } },
    { "a: &rounS:olo#\n", { { 1, 14 } } },
    { "a: !x\n\xEF\xBB\xBF  y#\n", { { 2, 5 } } },
    { "a: |\n  x#\n    y#\n\n  #z\n", { { 2, 4 }, { 3, 6 }, { 5, 3 } } },
    { "a: |\r\n  x#\r\n    y#\r\n\r\n  #z\r\n", { { 2, 4 }, { 3, 6 }, { 5, 3 } } },
    { "a: |2-  \n    x#\n   #\n", { { 2, 6 }, { 3, 4 } } },
    { "a: |\n\n\n  x  #\n  \xC3\xA4#", { { 4, 6 }, { 5, 4 } } },
    { "a: >\n  x#\n  y#\n\n  z#\n    w#\n  v#\n", { { 2, 4 }, { 3, 4 }, { 5, 4 }, { 6, 6 }, { 7, 4 } } },
    { "a: >-\n   #x  \n   y   #\n", { { 2, 4 }, { 3, 8 } } },
    { "a: !Sub  # why\n  'x#'\n", { { 2, 5 } } },
    { "a: !Sub &n |+\n     x#\n\n", { { 2, 7 } } },
    { "{\"a\": \"x\\n\\uD83D\\uDE00#\\uD83D#\\/#\"}", { { 1, 23 }, { 1, 30 }, { 1, 33 } } },
};

static const doc_node *value_of(arena *a, const char *text) {
    diags d = { .arena = a };
    const doc_node *n = doc_get(doc_parse(a, slice_from(text), SLICE("t"), 0, &d), SLICE("a"));
    assert_non_null(n);
    return n->from_tag ? n->map.at[0].value : n;
}

static void a_byte_of_a_scalar_stands_where_it_is_written(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        const doc_node *n = value_of(a, rows[i].text);
        doc_place walk = doc_place_of(n);
        size_t seen = 0;
        for (size_t byte = 0; byte < n->text.len; byte++) {
            if (n->text.at[byte] != '#') continue;
            pos alone = doc_pos_in(n, byte), walked = doc_place_at(&walk, byte);
            if (alone.line != rows[i].at[seen].line || alone.column != rows[i].at[seen].column)
                fail_msg("%s: mark %zu stands at %u:%u, got %u:%u", rows[i].text, seen, rows[i].at[seen].line, rows[i].at[seen].column,
                         alone.line, alone.column);
            if (walked.line != alone.line || walked.column != alone.column) fail_msg("%s: mark %zu differs when walked to", rows[i].text, seen);
            seen++;
        }
        if (seen == 0 || (seen < 6 && rows[i].at[seen].line != 0)) fail_msg("%s: %zu marks", rows[i].text, seen);
        arena_free(a);
    }
}

/* White space, where the walk takes a run at once. */
static const struct { const char *text; size_t byte; uint32_t line, column; } white[] = {
    { "a: x  y\n", 2, 1, 6 },
    { "a: x  y\n", 0, 1, 4 },
    { "a: x  y\n", 4, 1, 8 },
    { "a: x  y\n", 99, 1, 8 },
    { "a: 'x'\n", 0, 1, 5 },
    { "a: 'x'\n", 1, 1, 6 },
    { "a: ''\n", 0, 1, 5 },
    { "a: x\n  y\n", 1, 1, 5 },         /* the line break that became a blank */
    { "a: |\n  x\n  y\n", 1, 2, 4 },     /* the first line's end */
    { "a: |\n  x\n    y\n", 2, 3, 3 },   /* deeper indentation is text */
    { "a: |\n  x\n    y\n", 3, 3, 4 },
    { "a: |\n  x  \n  y\n", 1, 2, 4 },   /* blanks at the end of a line are text */
    { "a: |\n  x  \n  y\n", 2, 2, 5 },
    { "a: |\n  x\n\n\n  y\n", 2, 3, 1 },
    { "a: |2\n     x\n", 0, 2, 3 },
    { "a: |2\n     x\n", 2, 2, 5 },
    { "a: \"x\\\n   y\"\n", 1, 2, 4 },
};

static void white_space_of_a_scalar_has_places_too(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(white); i++) {
        arena *a = arena_make(0, NULL);
        pos at = doc_pos_in(value_of(a, white[i].text), white[i].byte);
        if (at.line != white[i].line || at.column != white[i].column)
            fail_msg("%s byte %zu: want %u:%u, got %u:%u", white[i].text, white[i].byte, white[i].line, white[i].column, at.line, at.column);
        arena_free(a);
    }
}

static void a_node_that_was_made_stands_at_its_place(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    const doc_node *n = doc_new_string(a, (pos){ 1, 7, 9 }, SLICE("text"));
    assert_int_equal(doc_pos_in(n, 2).column, 9);
    const doc_node *l = doc_new_list(a, (pos){ 1, 7, 9 }, NULL, 0);
    assert_int_equal(doc_pos_in(l, 2).line, 7);
    arena_free(a);
}

static void json_inside_a_scalar_has_the_files_places(void **state) {
    (void)state;
    static const struct { const char *text; uint32_t key_line, key_column, value_line, value_column, end_line, end_column; } in[] = {
        { "a: |\n  {\n    \"k\": [\n     7 ]\n  }\n", 3, 5, 4, 6, 5, 4 },
        { "a: '{\"k\": [7]}'\n", 1, 6, 1, 12, 1, 15 },
        { "a: \"{\\\"k\\\": [7]}\"\n", 1, 6, 1, 14, 1, 17 },
        { "a: !Sub >-\n     {\"k\":\n      [ 7 ]}\n", 2, 7, 3, 9, 3, 13 },
        { "{\"a\": \"{\\n \\\"k\\\": [7]}\"}", 1, 12, 1, 20, 1, 23 },
    };
    for (size_t i = 0; i < COUNT(in); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        const doc_node *n = doc_parse_json_in(a, value_of(a, in[i].text), &d);
        if (n == NULL) fail_msg("%s: %.*s", in[i].text, SLICE_ARG(d.list.at[0].message));
        if (n == NULL) continue;
        pos key = n->map.at[0].key_at, value = n->map.at[0].value->list.at[0]->at;
        if (key.line != in[i].key_line || key.column != in[i].key_column || value.line != in[i].value_line ||
            value.column != in[i].value_column || n->end.line != in[i].end_line || n->end.column != in[i].end_column)
            fail_msg("%s: key %u:%u, value %u:%u, end %u:%u", in[i].text, key.line, key.column, value.line, value.column, n->end.line, n->end.column);
        arena_free(a);
    }
}

static void an_error_of_json_inside_a_scalar_has_the_files_place(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    assert_null(doc_parse_json_in(a, value_of(a, "a: |\n   {\n    \"k\": 7,\n   }\n"), &d));
    assert_int_equal(d.list.len, 1);
    assert_int_equal(d.list.at[0].at.line, 4);
    assert_int_equal(d.list.at[0].at.column, 4);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_of_a_scalar_stands_where_it_is_written),
        cmocka_unit_test(white_space_of_a_scalar_has_places_too),
        cmocka_unit_test(a_node_that_was_made_stands_at_its_place),
        cmocka_unit_test(json_inside_a_scalar_has_the_files_places),
        cmocka_unit_test(an_error_of_json_inside_a_scalar_has_the_files_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
