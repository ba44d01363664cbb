/* JSON while things run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <math.h>

#include <cmocka.h>

#include "smoke/json.h"

static arena *a;
static int up(void **state) {
    (void)state;
    a = arena_make(0, NULL);
    return 0;
}
static int down(void **state) {
    (void)state;
    arena_free(a);
    return 0;
}

static const doc_node *read(const char *text) { return text == NULL ? NULL : js_read(a, slice_from(text)); }
static const char *text(const doc_node *n) { return arena_copy(a, js_text(a, n)).at; }

static const struct { const char *in, *out; } texts[] = {
    { "{ \"b\" : 1.50, \"a\":[ true , null ] }", "{\"b\":1.50,\"a\":[true,null]}" },
    { "\"\\u00e4\\n\\\"\"", "\"\xc3\xa4\\n\\\"\"" }, { "1e400", "1e400" }, { "12345678901234567890", "12345678901234567890" }, { "[]", "[]" }, { "{}", "{}" },
    { "", "null" }, { "{", "null" }, { "01", "null" }, { "nan", "null" }, { "[1,]", "null" }, { "{\"a\":1} x", "null" },
};

static void what_is_read_is_written_as_it_was(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) assert_string_equal(text(read(texts[i].in)), texts[i].out);
}

static const struct { double in; const char *out; } doubles[] = {
    { 5, "5" }, { -0.5, "-0.5" }, { 1e15, "1000000000000000" }, { 0.1, "0.1" }, { NAN, "null" }, { INFINITY, "null" }, { 1e300, "1e+300" },
};

static void numbers_that_are_whole_are_written_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(doubles); i++) assert_string_equal(text(js_double(a, doubles[i].in)), doubles[i].out);
    char lent[] = "42";
    const doc_node *n = js_number(a, slice_from(lent));
    lent[0] = '7';
    assert_string_equal(text(n), "42");
    assert_string_equal(text(js_number(a, SLICE("4.20"))), "4.20");
}

static const struct { const char *in, *path, *out; } paths[] = {
    { "{\"a\":{\"b\":[{\"c\":1},2]}}", "a.b[0].c", "1" }, { "{\"a\":{\"b\":[{\"c\":1},2]}}", "a.b[1]", "2" }, { "{\"a\":{\"b\":[1]}}", "a.b[1]", "null" },
    { "{\"a\":[[1,2]]}", "a[0][1]", "2" }, { "[5]", "[0]", "5" }, { "{\"a\":1}", "a.b", "null" }, { "{\"a\":[1]}", "a[x]", "null" }, { "{\"a\":[1]}", "a[0", "null" },
    { "{\"a\":[1]}", "a[-1]", "null" },
};

static void paths_go_into_lists_and_objects(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++)
        if (strcmp(text(js_at(read(paths[i].in), paths[i].path)), paths[i].out) != 0) fail_msg("%s of %s", paths[i].path, paths[i].in);
}

static void changed_copies_leave_the_original(void **state) {
    (void)state;
    const doc_node *n = read("{\"a\":{\"b\":1},\"c\":2}");
    assert_string_equal(text(js_with(a, n, SLICE("c"), js_int(a, 3))), "{\"a\":{\"b\":1},\"c\":3}");
    assert_string_equal(text(js_with(a, NULL, SLICE("c"), js_int(a, 3))), "{\"c\":3}");
    assert_string_equal(text(js_without(a, n, SLICE("a"))), "{\"c\":2}");
    assert_string_equal(text(js_with_at(a, n, SLICE("a.x.y"), js_bool(true))), "{\"a\":{\"b\":1,\"x\":{\"y\":true}},\"c\":2}");
    assert_string_equal(text(js_without_at(a, n, SLICE("a.b"))), "{\"a\":{},\"c\":2}");
    assert_string_equal(text(js_without_at(a, n, SLICE("a.x.y"))), "{\"a\":{\"b\":1},\"c\":2}");
    assert_string_equal(text(n), "{\"a\":{\"b\":1},\"c\":2}");
}

static const struct { const char *x, *y; bool same; } pairs[] = {
    { "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1.0}", true }, { "[1,2]", "[2,1]", false }, { "1", "\"1\"", false }, { "null", "null", true }, { "{}", "[]", false },
    { "{\"a\":null}", "{}", false }, { "true", "false", false }, { "9007199254740993", "9007199254740992", false },
};

static void equality_is_by_value(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (js_same(read(pairs[i].x), read(pairs[i].y)) != pairs[i].same) fail_msg("%s and %s", pairs[i].x, pairs[i].y);
    assert_true(js_same(NULL, NULL));
    assert_false(js_same(NULL, js_null()));
}

static void values_are_asked_for_with_a_fallback(void **state) {
    (void)state;
    const doc_node *n = read("{\"i\":7,\"t\":\"8\",\"d\":9.0,\"f\":9.5,\"b\":\"True\",\"n\":null}");
    assert_int_equal(js_int_of(n, "i", 0), 7);
    assert_int_equal(js_int_of(n, "t", 0), 8);
    assert_int_equal(js_int_of(n, "d", 0), 9);
    assert_int_equal(js_int_of(n, "f", 1), 1);
    assert_int_equal(js_int_of(n, "none", 2), 2);
    assert_true(js_bool_of(n, "b", false));
    assert_true(js_bool_of(n, "n", true));
    assert_int_equal(js_str_of(n, "i").len, 0);
}

static void a_copy_outlives_its_original(void **state) {
    (void)state;
    arena *other = arena_make(0, NULL);
    const doc_node *n = js_read(other, arena_copy(other, SLICE("{\"a\":[1,\"x\",2.5,true,null,{}]}"))), *c = js_copy(a, n);
    arena_free(other);
    assert_string_equal(text(c), "{\"a\":[1,\"x\",2.5,true,null,{}]}");
    assert_null(js_copy(a, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_as_it_was),   cmocka_unit_test(numbers_that_are_whole_are_written_whole),
        cmocka_unit_test(paths_go_into_lists_and_objects),     cmocka_unit_test(changed_copies_leave_the_original),
        cmocka_unit_test(equality_is_by_value),                cmocka_unit_test(values_are_asked_for_with_a_fallback),
        cmocka_unit_test(a_copy_outlives_its_original),
    };
    return cmocka_run_group_tests(tests, up, down);
}
