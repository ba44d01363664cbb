/* What git prints, and where things lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/changed.h"
#include "command/path.h"

static void names_end_with_nul_and_are_named_from_the_top(void **state) {
    static const char printed[] = "a.yaml\0sub/with blank.yaml\0line\nend.yaml\0\"quoted\".yaml";     /* the last NUL is the literal's */
    (void)state;
    arena *a = arena_make(0, NULL);
    strmap paths = { 0 };
    changed_paths(a, (slice){ printed, sizeof printed }, SLICE("/repo"), &paths);
    assert_int_equal(paths.len, 4);
    assert_true(strmap_has(&paths, SLICE("/repo/a.yaml")));
    assert_true(strmap_has(&paths, SLICE("/repo/sub/with blank.yaml")));
    assert_true(strmap_has(&paths, SLICE("/repo/line\nend.yaml")));
    assert_true(strmap_has(&paths, SLICE("/repo/\"quoted\".yaml")));
    strmap none = { 0 };
    changed_paths(a, SLICE(""), SLICE("/repo"), &none);
    assert_int_equal(none.len, 0);
    arena_free(a);
}

static const struct { const char *path, *whole; } wholes[] = {
    { "t.yaml", "/here/there/t.yaml" }, { "./a/../t.yaml", "/here/there/t.yaml" }, { "../t.yaml", "/here/t.yaml" }, { "/x//y", "/x/y" }, { "../../../..", "/" }, { ".", "/here/there" },
};

static void a_path_is_made_whole_as_text(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(wholes); i++) {
        slice got = path_whole(a, SLICE("/here/there"), slice_from(wholes[i].path));
        if (!slice_is(got, wholes[i].whole)) fail_msg("%s: got %.*s", wholes[i].path, SLICE_ARG(got));
    }
    arena_free(a);
}

static const struct { const char *folder, *path, *called; } calls[] = {
    { "/a", "/a/t.yaml", "t.yaml" },   { "/a", "/a/b/t.yaml", "b/t.yaml" }, { "/a/b", "/a/t.yaml", "../t.yaml" },
    { "/ab", "/a/t.yaml", "../a/t.yaml" }, { "/", "/t.yaml", "t.yaml" },    { "/a/b", "/c/t.yaml", "../../c/t.yaml" },
};

static void a_path_is_called_from_a_folder(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(calls); i++) {
        slice got = path_called_from(a, slice_from(calls[i].folder), slice_from(calls[i].path));
        if (!slice_is(got, calls[i].called)) fail_msg("%s from %s: got %.*s", calls[i].path, calls[i].folder, SLICE_ARG(got));
    }
    arena_free(a);
}

static void a_folder_has_what_is_in_it(void **state) {
    (void)state;
    assert_true(path_is_in(SLICE("/a"), SLICE("/a")));
    assert_true(path_is_in(SLICE("/a"), SLICE("/a/b/c")));
    assert_false(path_is_in(SLICE("/a"), SLICE("/ab")));
    assert_true(path_is_in(SLICE("/"), SLICE("/ab")));
    assert_true(slice_is(path_folder(SLICE("t.yaml")), "."));
    assert_true(slice_is(path_folder(SLICE("/t.yaml")), "/"));
    assert_true(slice_is(path_folder(SLICE("a/b/t.yaml")), "a/b"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_end_with_nul_and_are_named_from_the_top),
        cmocka_unit_test(a_path_is_made_whole_as_text),
        cmocka_unit_test(a_path_is_called_from_a_folder),
        cmocka_unit_test(a_folder_has_what_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
