/* base/: slices, arena, vectors, maps, UTF-8, the JSON writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/strmap.h"
#include "base/utf8.h"

static void globs_match_as_iam_does(void **state) {
    (void)state;
    static const struct { const char *glob, *text; bool want; } rows[] = {
        { "*", "", true },           { "", "", true },            { "", "a", false },         { "?", "", false },
        { "sqs:*", "sqs:SendMessage", true },                     { "sqs:Send*", "sqs:ReceiveMessage", false },
        { "a*b*c", "aXbYbZc", true },  { "a*b*c", "aXbYbZ", false }, { "a?c", "abc", true },    { "a?c", "ac", false },
        { "arn:aws:s3:::in/*", "arn:aws:s3:::in/x/y", true },     { "arn:aws:s3:::in/*", "arn:aws:s3:::input", false },
        { "***a", "bbba", true },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (slice_glob(slice_from(rows[i].glob), slice_from(rows[i].text)) != rows[i].want)
            fail_msg("%s against %s: want %d", rows[i].glob, rows[i].text, rows[i].want);
}

static void integers_are_read_whole_or_not_at_all(void **state) {
    (void)state;
    static const struct { const char *text; bool ok; long long value; } rows[] = {
        { "0", true, 0 }, { "-0", true, 0 }, { "+7", true, 7 }, { "042", true, 42 }, { "", false, 0 }, { "-", false, 0 }, { "1x", false, 0 },
        { "9223372036854775807", true, INT64_MAX }, { "9223372036854775808", false, 0 },
        { "-9223372036854775808", true, INT64_MIN }, { "-9223372036854775809", false, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long got = 0;
        bool ok = slice_int(slice_from(rows[i].text), &got);
        if (ok != rows[i].ok || (ok && got != rows[i].value)) fail_msg("%s: got %d %lld", rows[i].text, ok, got);
    }
}

static void the_distance_counts_a_swap_as_one(void **state) {
    (void)state;
    static const struct { const char *a, *b; size_t most, want; } rows[] = {
        { "check", "check", 3, 0 }, { "chekc", "check", 3, 1 }, { "chck", "check", 3, 1 }, { "graph", "check", 3, 4 },
        { "", "abc", 3, 3 }, { "abcd", "", 3, 4 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t got = slice_distance(slice_from(rows[i].a), slice_from(rows[i].b), rows[i].most);
        if (got != rows[i].want) fail_msg("%s, %s: want %zu, got %zu", rows[i].a, rows[i].b, rows[i].want, got);
    }
}

static void cutting_gives_every_part_and_ends(void **state) {
    (void)state;
    slice rest = SLICE("a,,b"), part;
    const char *want[] = { "a", "", "b" };
    for (size_t i = 0; i < 3; i++) {
        assert_true(slice_cut(&rest, ',', &part));
        assert_true(slice_is(part, want[i]));
    }
    assert_false(slice_cut(&rest, ',', &part));
    assert_int_equal(slice_find_slice(SLICE("xxabxabc"), SLICE("abc")), 5);
    assert_true(slice_find_slice(SLICE("ab"), SLICE("abc")) == (size_t)-1);
    assert_true(slice_is(slice_trim(SLICE("\t a b \r\n")), "a b"));
}

static void what_is_taken_after_a_mark_is_given_back(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    slice kept = arena_printf(a, "%s-%d", "kept", 7);
    arena_mark m = arena_mark_take(a);
    for (int i = 0; i < 100; i++) {
        char *big = arena_alloc(a, 1, 1, 100000);
        assert_int_equal(big[99999], 0);
        memset(big, 'x', 100000);
    }
    assert_true(arena_used(a) > 10000000);
    arena_mark_return(a, m);
    assert_true(arena_used(a) < 1000);
    assert_true(slice_is(kept, "kept-7"));
    int *aligned = ARENA_NEW(a, int);
    assert_int_equal((uintptr_t)aligned % _Alignof(int), 0);
    arena_free(a);
}

static jmp_buf too_much;
static void jump_out(void) { longjmp(too_much, 1); }

static void a_full_arena_calls_its_function(void **state) {
    (void)state;
    arena *a = arena_make(1000, jump_out);
    if (setjmp(too_much) == 0) {
        arena_alloc(a, 1, 1, 1001);
        fail_msg("1001 bytes were taken from an arena of 1000");
    }
    if (setjmp(too_much) == 0) {
        arena_alloc(a, SIZE_MAX / 4, 1, 8);
        fail_msg("an overflowing product was taken");
    }
    arena_free(a);
}

static void a_map_keeps_order_and_finds_all(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    strmap m = { 0 };
    assert_null(strmap_get(&m, SLICE("x")));
    for (size_t i = 0; i < 5000; i++) {
        size_t *value = ARENA_NEW(a, size_t);
        *value = i;
        assert_null(strmap_put(a, &m, arena_printf(a, "key%zu", i), value));
    }
    for (size_t i = 0; i < 5000; i++) {
        const size_t *value = strmap_get(&m, arena_printf(a, "key%zu", i));
        assert_non_null(value);
        assert_int_equal(*value, i);
        assert_int_equal(*(size_t *)m.at[i].value, i);
    }
    size_t other = 1;
    assert_non_null(strmap_put(a, &m, SLICE("key7"), &other));
    assert_ptr_equal(strmap_get(&m, SLICE("key7")), &other);
    assert_int_equal(m.len, 5000);
    assert_false(strmap_has(&m, SLICE("key5000")));
    arena_free(a);
}

static void only_well_formed_utf8_counts(void **state) {
    (void)state;
    static const struct { slice text; size_t len; } rows[] = {
        { SLICE_INIT("a"), 1 },            { SLICE_INIT("\xC3\xA4"), 2 },         { SLICE_INIT("\xE2\x82\xAC"), 3 },
        { SLICE_INIT("\xF0\x9F\x98\x80"), 4 }, { SLICE_INIT("\xC0\x80"), 0 },     { SLICE_INIT("\xED\xA0\x80"), 0 },
        { SLICE_INIT("\xF4\x90\x80\x80"), 0 }, { SLICE_INIT("\xE0\x9F\xBF"), 0 }, { SLICE_INIT("\x80"), 0 },
        { SLICE_INIT("\xE2\x82"), 0 },     { SLICE_INIT(""), 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (utf8_len(rows[i].text) != rows[i].len) fail_msg("row %zu", i);
    for (uint32_t c = 0; c < 0x110000; c += 61) {
        char bytes[4];
        size_t len = utf8_encode(c, bytes), back;
        if (len == 0) continue;
        assert_int_equal(utf8_decode((slice){ bytes, len }, &back), c);
        assert_int_equal(back, len);
    }
    assert_int_equal(utf8_first_bad(SLICE("ab\xFF")), 2);
    assert_int_equal(utf8_count(SLICE("K\xC3\xBC" "che")), 5);
}

static void json_output_is_always_valid(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    json_out j = { .out = &b };
    json_object(&j);
    json_key_text(&j, "a\"\\\n\x01");
    json_list(&j);
    json_int(&j, -3);
    json_double(&j, 0.1);
    json_double(&j, 1e300 * 1e300);
    json_string(&j, SLICE("\xFF\xE2\x82\xAC\0x"));
    json_list_end(&j);
    json_key_text(&j, "b");
    json_object(&j);
    json_object_end(&j);
    json_key_text(&j, "c");
    json_null(&j);
    json_object_end(&j);
    slice got = buf_as_slice(&b);
    slice want = SLICE("{\"a\\\"\\\\\\n\\u0001\":[-3,0.1,null,\"\xEF\xBF\xBD\xE2\x82\xAC\\u0000x\"],\"b\":{},\"c\":null}");
    if (!slice_eq(got, want)) fail_msg("%.*s", SLICE_ARG(got));
    arena_free(a);
}

static void a_problem_keeps_its_place_and_level(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    diag_add(&d, (pos){ 1, 2, 3 }, "bad %s", "key");
    diag_info(&d, (pos){ 1, 4, 5 }, "a note");
    assert_int_equal(d.list.len, 2);
    assert_int_equal(d.list.at[0].level, DIAG_ERROR);
    assert_int_equal(d.list.at[0].at.column, 3);
    assert_true(slice_is(d.list.at[0].message, "bad key"));
    assert_int_equal(d.list.at[1].level, DIAG_INFO);
    arena_free(a);
}

static void a_digest_never_changes(void **state) {
    (void)state;
    assert_true(slice_digest(SLICE("")) == 14695981039346656037ull);
    assert_true(slice_digest(SLICE("a")) == 0xAF63DC4C8601EC8Cull);       /* FNV-1a test vectors */
    assert_true(slice_digest(SLICE("foobar")) == 0x85944171F73967E8ull);
    assert_true(slice_hash(SLICE("12345678")) != slice_hash(SLICE("12345679")));
    assert_true(slice_hash(SLICE("a")) != slice_hash(SLICE("a\0")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_as_iam_does),
        cmocka_unit_test(integers_are_read_whole_or_not_at_all),
        cmocka_unit_test(a_digest_never_changes),
        cmocka_unit_test(the_distance_counts_a_swap_as_one),
        cmocka_unit_test(cutting_gives_every_part_and_ends),
        cmocka_unit_test(what_is_taken_after_a_mark_is_given_back),
        cmocka_unit_test(a_full_arena_calls_its_function),
        cmocka_unit_test(a_map_keeps_order_and_finds_all),
        cmocka_unit_test(only_well_formed_utf8_counts),
        cmocka_unit_test(json_output_is_always_valid),
        cmocka_unit_test(a_problem_keeps_its_place_and_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
