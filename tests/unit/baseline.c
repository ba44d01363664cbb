#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/baseline.h"

static baseline_row row(const char *file, const char *fingerprint, const char *message) {
    return (baseline_row){ slice_from(file), SLICE("SF1"), SLICE("Q"), slice_from(message), slice_from(fingerprint) };
}

static void a_baseline_is_read_as_it_was_written(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    baseline_row rows[] = { row("b.yaml", "2", "two \"words\"\n"), row("a.yaml", "1", "one") };
    buf out = { .arena = a };
    baseline back;
    baseline_write(&out, (baseline){ rows, 2 });
    assert_true(baseline_looks_like_one(buf_as_slice(&out)));
    assert_true(baseline_read(a, buf_as_slice(&out), 0, &d, &back));
    assert_int_equal(back.len, 2);
    assert_true(slice_is(back.at[0].file, "a.yaml"));
    assert_true(slice_is(back.at[1].message, "two \"words\"\n"));
    assert_true(slice_is(back.at[1].fingerprint, "2"));

    buf empty = { .arena = a };
    baseline_write(&empty, (baseline){ NULL, 0 });
    assert_true(baseline_looks_like_one(buf_as_slice(&empty)));
    assert_true(baseline_read(a, buf_as_slice(&empty), 0, &d, &back));
    assert_int_equal(back.len, 0);
    arena_free(a);
}

static const struct { const char *text; uint32_t line, column; } wrong[] = {
    { "", 1, 1 },
    { "[]", 1, 1 },
    { "{\"findings\":[]}", 1, 1 },
    { "{\"version\":2,\"findings\":[]}", 1, 12 },
    { "{\"version\":1,\"findings\":[3]}", 1, 26 },
    { "{\"version\":1,\"findings\":[{\"file\":\"a\"}]}", 1, 26 },
    { "{\"version\":1,\"findings\":[{\"file\":1,\"fingerprint\":\"a\"}]}", 1, 34 },
    { "{\"version\":1,\"findings\":[\n{\"file\":\"a\",\"fingerprint\":\"a\"},]}", 2, 32 },
    { "Resources: {}", 1, 1 },
};

static void what_is_no_baseline_is_an_error_with_a_place(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        baseline b;
        if (baseline_read(a, slice_from(wrong[i].text), 0, &d, &b)) fail_msg("%s was taken", wrong[i].text);
        if (d.list.len != 1) fail_msg("%s: %zu errors", wrong[i].text, d.list.len);
        pos at = d.list.at[0].at;
        if (at.line != wrong[i].line || at.column != wrong[i].column) fail_msg("%s: at %u:%u", wrong[i].text, at.line, at.column);
        arena_free(a);
    }
}

static void only_a_baseline_looks_like_one(void **state) {
    (void)state;
    assert_false(baseline_looks_like_one(SLICE("Resources: {}\n")));
    assert_false(baseline_looks_like_one(SLICE("{\"Resources\": {}}\n")));
    assert_false(baseline_looks_like_one(SLICE("{\"version\": 3, \"sources\": []}")));
    assert_false(baseline_looks_like_one(SLICE("")));
}

/* old, found: one letter a row of one place, its message; a capital letter is a row of another place. known: which of found. */
static const struct { const char *old, *found, *known; size_t gone; } matches[] = {
    { "", "", "", 0 },       { "", "a", "n", 0 },       { "a", "a", "y", 0 },     { "a", "", "", 1 },
    { "a", "b", "y", 0 },    /* the message changed */
    { "a", "aa", "yn", 0 },  { "aa", "a", "y", 1 },
    { "b", "ab", "ny", 0 },  /* the same message goes before another */
    { "ab", "cab", "nyy", 0 }, { "ab", "ca", "yy", 0 }, { "A", "a", "n", 1 },     { "aA", "Aab", "yyn", 0 },
};

static void rows_of(baseline_row *rows, const char *letters, const char *const messages[26]) {
    for (size_t i = 0; letters[i] != '\0'; i++) {
        bool other = letters[i] < 'a';
        rows[i] = row("t.yaml", other ? "other" : "one", messages[letters[i] - (other ? 'A' : 'a')]);
    }
}

static void each_known_finding_takes_one_row(void **state) {
    (void)state;
    static const char *const messages[26] = { "a", "b", "c" };
    for (size_t i = 0; i < COUNT(matches); i++) {
        arena *a = arena_make(0, NULL);
        baseline_row old[4], found[4];
        bool known[4] = { false };
        strmap read = { 0 };
        strmap_put(a, &read, SLICE("t.yaml"), a);
        rows_of(old, matches[i].old, messages);
        rows_of(found, matches[i].found, messages);
        size_t len = strlen(matches[i].found);
        size_t gone = baseline_match(a, (baseline){ old, strlen(matches[i].old) }, (baseline){ found, len }, &read, known);
        if (gone != matches[i].gone) fail_msg("row %zu: %zu gone", i, gone);
        for (size_t k = 0; k < len; k++)
            if (known[k] != (matches[i].known[k] == 'y')) fail_msg("row %zu: finding %zu is %s", i, k, known[k] ? "known" : "new");
        arena_free(a);
    }
}

static void what_was_not_read_is_not_gone(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    baseline_row old[] = { row("other.yaml", "1", "m") };
    strmap read = { 0 };
    strmap_put(a, &read, SLICE("t.yaml"), a);
    assert_int_equal(baseline_match(a, (baseline){ old, 1 }, (baseline){ NULL, 0 }, &read, NULL), 0);
    arena_free(a);
}

static void the_same_place_in_another_file_is_new(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    baseline_row old[] = { row("a.yaml", "1", "m") }, found[] = { row("b.yaml", "1", "m") };
    bool known = false;
    strmap read = { 0 };
    baseline_match(a, (baseline){ old, 1 }, (baseline){ found, 1 }, &read, &known);
    assert_false(known);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_baseline_is_read_as_it_was_written),
        cmocka_unit_test(what_is_no_baseline_is_an_error_with_a_place),
        cmocka_unit_test(only_a_baseline_looks_like_one),
        cmocka_unit_test(each_known_finding_takes_one_row),
        cmocka_unit_test(what_was_not_read_is_not_gone),
        cmocka_unit_test(the_same_place_in_another_file_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
