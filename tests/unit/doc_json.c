#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "doc/doc.h"

#define TEXT(lit) { (lit), sizeof(lit) - 1 }

static const doc_node *parse(arena *a, slice text, diags *d) {
    *d = (diags){ .arena = a };
    return doc_parse_json(a, text, (pos){ 0, 1, 1 }, d);
}

static slice said(const diags *d) { return d->list.len > 0 ? d->list.at[0].message : SLICE("nothing"); }

static slice as_json(arena *a, const doc_node *n, size_t most) {
    buf *b = ARENA_NEW(a, buf);
    json_out j = { .out = b };
    b->arena = a;
    doc_write_json(n, &j, most);
    return buf_as_slice(b);
}

static const struct { slice text; const char *json; } trees[] = {
    { TEXT(" {} "), "{}" },
    { TEXT("[\r\n]\t"), "[]" },
    { TEXT("\xEF\xBB\xBF[1]"), "[1]" },
    { TEXT("null"), "null" },
    { TEXT("{\"a\":{\"b\":[true,false,null]},\"\":\"\"}"), "{\"a\":{\"b\":[true,false,null]},\"\":\"\"}" },
    { TEXT("[0,-0,12,-7,9223372036854775807,-9223372036854775808]"), "[0,0,12,-7,9223372036854775807,-9223372036854775808]" },
    { TEXT("[36893488147419103232,1.5,1e3,1E-2,-0.25e+2]"), "[3.6893488147419103e+19,1.5,1000,0.01,-25]" },
    { TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00fc\\u20AC\""), "\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\tA\xC3\xBC\xE2\x82\xAC\"" },
    { TEXT("\"\\uD83D\\uDE00\""), "\"\xF0\x9F\x98\x80\"" },
    { TEXT("\"\\uD83Dx\\uDE00\\uD83D\\u0041\\uD83D\""), "\"\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD" "A\xEF\xBF\xBD\"" },
    { TEXT("\"\\u0000\""), "\"\\u0000\"" },
    { TEXT("\"\xC3\xBC\x7F\""), "\"\xC3\xBC\\u007f\"" },
};

static void valid_json_is_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(trees); i++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, trees[i].text, &d);
        if (n == NULL || d.list.len > 0) fail_msg("%s: %.*s", trees[i].text.at, SLICE_ARG(said(&d)));
        slice got = as_json(a, n, 1000);
        if (!slice_is(got, trees[i].json)) fail_msg("want %s\n got %.*s", trees[i].json, SLICE_ARG(got));
        arena_free(a);
    }
}

static const struct { slice text; uint32_t line, column; const char *words; } errors[] = {
    { TEXT(""), 1, 1, "ends too early" },
    { TEXT("{\n \"a\": 1,\n}"), 3, 1, "a comma stands before `}`" },
    { TEXT("[1,]"), 1, 4, "a comma stands before `]`" },
    { TEXT("[1 2]"), 1, 4, "`2` stands where `,` or `]` should" },
    { TEXT("[\"\xC3\xA4\xE2\x82\xAC\" 2]"), 1, 7, "`2` stands where" },
    { TEXT("{\"a\" 1}"), 1, 6, "`1` stands where `:` behind the key should" },
    { TEXT("{a: 1}"), 1, 2, "`a` stands where a key in double quotes should" },
    { TEXT("{'a': 1}"), 1, 2, "double quotes, not in single ones" },
    { TEXT("[True]"), 1, 2, "`True` is no JSON value" },
    { TEXT("[NaN]"), 1, 2, "`NaN` is no JSON value" },
    { TEXT("// x\n{}"), 1, 1, "no comments" },
    { TEXT("[1]\n\n  x"), 3, 3, "text follows the JSON document" },
    { TEXT("[01]"), 1, 3, "no leading zero" },
    { TEXT("[1.]"), 1, 4, "`]` stands where a digit should" },
    { TEXT("[-]"), 1, 3, "`]` stands where a digit should" },
    { TEXT("[1e]"), 1, 4, "`]` stands where a digit should" },
    { TEXT("[.5]"), 1, 2, "`.` stands where a value should" },
    { TEXT("\"a\nb\""), 1, 3, "a string holds no line break" },
    { TEXT("\"a\tb\""), 1, 3, "a string holds no control character" },
    { TEXT("\"a\\xb\""), 1, 3, "no such escape" },
    { TEXT("\"a\\u12g4\""), 1, 3, "four hexadecimal digits" },
    { TEXT("\"a\\u12"), 1, 3, "four hexadecimal digits" },
    { TEXT("\"a\\"), 1, 3, "no such escape" },
    { TEXT("\"abc"), 1, 5, "ends too early" },
    { TEXT("[1,\r\n\"a\xFF\"]"), 2, 3, "the byte 0xff" },
    { TEXT("[1,\r\"a\" b]"), 2, 5, "`b` stands where" },
    { TEXT("[1,\0]"), 1, 4, "NUL byte" },
    { TEXT("\xFF"), 1, 1, "the byte 0xff" },
};

static void bad_json_is_refused_at_its_place_in_clear_words(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, errors[i].text, &d);
        if (n != NULL || d.list.len != 1) fail_msg("row %zu %s: tree %d, %zu lines", i, errors[i].text.at, n != NULL, d.list.len);
        const diag *one = &d.list.at[0];
        if (one->at.line != errors[i].line || one->at.column != errors[i].column ||
            slice_find_slice(one->message, slice_from(errors[i].words)) == (size_t)-1)
            fail_msg("row %zu %s: want %u:%u %s, got %u:%u %.*s", i, errors[i].text.at, errors[i].line, errors[i].column, errors[i].words,
                     one->at.line, one->at.column, SLICE_ARG(one->message));
        assert_null(doc_parse_json(a, errors[i].text, (pos){ 0, 1, 1 }, NULL));
        arena_free(a);
    }
}

static void a_json_file_is_never_read_as_yaml(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    assert_null(doc_parse(a, SLICE("{a: 1}"), SLICE("x.json"), 0, &d));
    assert_int_equal(d.list.len, 1);
    assert_non_null(doc_parse(a, SLICE("{a: 1}"), SLICE("x.template"), 0, &d));
    assert_int_equal(d.list.len, 1);
    arena_free(a);
}

static void nodes_know_their_places(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    const doc_node *n = doc_parse_json(a, SLICE("{\"\xC3\xA4\":1,\n \"b\" : [ \"x\" , {} ] }"), (pos){ 3, 10, 5 }, &d);
    assert_non_null(n);
    assert_int_equal(n->at.file, 3);
    assert_int_equal(n->at.column, 5);
    assert_int_equal(n->end.line, 11);
    assert_int_equal(n->end.column, 22);
    assert_int_equal(n->map.at[0].key_at.column, 6);
    assert_int_equal(n->map.at[0].key_end.column, 9);
    assert_int_equal(n->map.at[0].value->at.line, 10);
    assert_int_equal(n->map.at[0].value->at.column, 10);
    assert_int_equal(n->map.at[0].value->end.column, 11);
    const doc_node *list = n->map.at[1].value;
    assert_int_equal(n->map.at[1].key_at.line, 11);
    assert_int_equal(n->map.at[1].key_at.column, 2);
    assert_int_equal(list->at.column, 8);
    assert_int_equal(list->end.column, 20);
    assert_int_equal(list->list.at[0]->at.column, 10);
    assert_int_equal(list->list.at[0]->end.column, 13);
    assert_int_equal(list->list.at[1]->at.column, 16);
    arena_free(a);
}

static void every_duplicate_key_is_an_error_at_the_second(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    const doc_node *n = parse(a, SLICE("{\"a\": 1,\n\"b\": {\"c\": 1, \"c\": 2},\n\"\\u0061\": 3}"), &d);
    assert_non_null(n);
    assert_int_equal(d.list.len, 2);
    assert_int_equal(d.list.at[0].at.line, 2);
    assert_int_equal(d.list.at[0].at.column, 15);
    assert_int_equal(d.list.at[1].at.line, 3);
    assert_true(slice_find_slice(d.list.at[1].message, SLICE("first seen at line 1")) != (size_t)-1);
    assert_int_equal(n->map.len, 2);
    arena_free(a);
}

static void depth_and_keys_have_a_limit(void **state) {
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        arena *a = arena_make(0, NULL);
        diags d;
        buf b = { .arena = a }, k = { .arena = a };
        for (size_t i = 0; i < DOC_MAX_DEPTH + over; i++) buf_char(&b, '[');
        for (size_t i = 0; i < DOC_MAX_DEPTH + over; i++) buf_char(&b, ']');
        assert_int_equal(parse(a, buf_as_slice(&b), &d) == NULL, over);
        if (over == 1) assert_int_equal(d.list.at[0].at.column, DOC_MAX_DEPTH + 1);
        buf_text(&k, "{\"");
        for (size_t i = 0; i < DOC_MAX_KEY_BYTES + over; i++) buf_char(&k, 'k');
        buf_text(&k, "\": 1}");
        assert_int_equal(parse(a, buf_as_slice(&k), &d) == NULL, over);
        if (over == 1) assert_int_equal(d.list.at[0].at.column, 2);
        arena_free(a);
    }
}

static void writing_stops_at_the_number_of_nodes_asked_for(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    const doc_node *n = parse(a, SLICE("[1,[2,3],{\"a\":4}]"), &d);
    assert_true(slice_is(as_json(a, n, 100), "[1,[2,3],{\"a\":4}]"));
    assert_true(slice_is(as_json(a, n, 0), "null"));
    slice some = as_json(a, n, 3);
    assert_non_null(parse(a, some, &d));
    assert_true(slice_starts(some, SLICE("[1,[")));
    const doc_node *items[2] = { doc_new_string(a, (pos){ 0, 0, 0 }, SLICE("s")), n };
    const doc_entry entry = { SLICE_INIT("k"), { 0, 0, 0 }, { 0, 0, 0 }, doc_new_list(a, (pos){ 0, 0, 0 }, items, 2) };
    assert_true(slice_is(as_json(a, doc_new_map(a, (pos){ 0, 0, 0 }, &entry, 1), 100), "{\"k\":[\"s\",[1,[2,3],{\"a\":4}]]}"));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_json_is_read),
        cmocka_unit_test(bad_json_is_refused_at_its_place_in_clear_words),
        cmocka_unit_test(a_json_file_is_never_read_as_yaml),
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(every_duplicate_key_is_an_error_at_the_second),
        cmocka_unit_test(depth_and_keys_have_a_limit),
        cmocka_unit_test(writing_stops_at_the_number_of_nodes_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
