#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/ignore.h"

/* Semantics: gitignore(5), "PATTERN FORMAT". */
static const struct { const char *glob, *path; bool matches; } globs[] = {
    { "a.yaml", "a.yaml", true },        { "a.yaml", "b.yaml", false },       { "*.yaml", "a.yaml", true },
    { "*.yaml", "d/a.yaml", false },     { "?.yaml", "a.yaml", true },        { "?.yaml", "ab.yaml", false },
    { "d/*", "d/a", true },              { "d/*", "d/e/a", false },           { "d/**", "d/e/a", true },
    { "d/**", "d", false },              { "**/a", "a", true },               { "**/a", "d/e/a", true },
    { "**/a", "d/e/ba", false },         { "d/**/a", "d/a", true },           { "d/**/a", "d/e/f/a", true },
    { "d/**/a", "dx/a", false },         { "**", "x/y", true },               { "a**b", "axxb", true },
    { "a**b", "a/b", false },            { "[ab].yaml", "b.yaml", true },     { "[!ab].yaml", "b.yaml", false },
    { "[a-c]x", "bx", true },            { "[a-c]x", "dx", false },           { "[]x]", "]", true },
    { "[abc", "a", false },              { "\\*.yaml", "*.yaml", true },      { "\\*.yaml", "a.yaml", false },
    { "a?c", "a/c", false },             { "**/x/**", "a/x/b", true },        { "**/x/**", "a/xb/c", false },
    { "*", "", true },                   { "a*b*c", "axbxc", true },          { "a*b*c", "axcxb", false },
};

static void globs_match_as_git_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(globs); i++)
        if (ignore_glob(slice_from(globs[i].glob), slice_from(globs[i].path)) != globs[i].matches)
            fail_msg("%s against %s: not %s", globs[i].glob, globs[i].path, globs[i].matches ? "true" : "false");
}

static const struct { const char *text, *path; bool folder, ignored; } rows[] = {
    { "*.yaml\n", "/r/d/a.yaml", false, true },
    { "# *.yaml\n", "/r/a.yaml", false, false },
    { "\\#a\n", "/r/#a", false, true },
    { "build/\n", "/r/x/build", true, true },
    { "build/\n", "/r/x/build", false, false },
    { "/build\n", "/r/build", true, true },
    { "/build\n", "/r/x/build", true, false },
    { "x/build\n", "/r/x/build", true, true },
    { "x/build\n", "/r/y/x/build", true, false },
    { "*.yaml\n!keep.yaml\n", "/r/keep.yaml", false, false },
    { "!keep.yaml\n*.yaml\n", "/r/keep.yaml", false, true },
    { "a.yaml   \n", "/r/a.yaml", false, true },
    { "a\\ \n", "/r/a ", false, true },
    { "a.yaml\r\n", "/r/a.yaml", false, true },
    { "\xEF\xBB\xBF" "a.yaml\n", "/r/a.yaml", false, true },
    { "/\n\n!\n", "/r/a.yaml", false, false },
};

static void lines_of_a_file_decide_in_order(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const ignore *ig = ignore_new(a, NULL, SLICE("/r"), slice_from(rows[i].text));
        if (ignore_matches(ig, slice_from(rows[i].path), rows[i].folder) != rows[i].ignored)
            fail_msg("%s: %s: not %s", rows[i].text, rows[i].path, rows[i].ignored ? "ignored" : "kept");
    }
    arena_free(a);
}

static void the_nearest_file_comes_first(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    const ignore *top = ignore_new(a, NULL, SLICE("/r"), SLICE("*.yaml\n"));
    const ignore *inner = ignore_new(a, top, SLICE("/r/d"), SLICE("!a.yaml\n"));
    assert_false(ignore_matches(inner, SLICE("/r/d/a.yaml"), false));
    assert_true(ignore_matches(inner, SLICE("/r/d/b.yaml"), false));
    arena_free(a);
}

static void a_pattern_of_many_stars_is_not_slow(void **state) {
    (void)state;
    char glob[IGNORE_MAX_PATTERN], path[4000];
    for (size_t i = 0; i < sizeof glob; i++) glob[i] = i % 2 == 0 ? '*' : 'a';
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = 'b';
    assert_false(ignore_glob((slice){ glob, sizeof glob }, (slice){ path, sizeof path }));
}

static void a_line_past_the_limit_is_passed_over(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    char line[IGNORE_MAX_PATTERN + 1];
    memset(line, 'a', sizeof line);
    slice path = arena_concat(a, (slice[]){ SLICE("/r/"), { line, sizeof line } }, 2);
    assert_false(ignore_matches(ignore_new(a, NULL, SLICE("/r"), (slice){ line, sizeof line }), path, false));
    path.len--;
    assert_true(ignore_matches(ignore_new(a, NULL, SLICE("/r"), (slice){ line, sizeof line - 1 }), path, false));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_as_git_says),
        cmocka_unit_test(lines_of_a_file_decide_in_order),
        cmocka_unit_test(the_nearest_file_comes_first),
        cmocka_unit_test(a_pattern_of_many_stars_is_not_slow),
        cmocka_unit_test(a_line_past_the_limit_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
