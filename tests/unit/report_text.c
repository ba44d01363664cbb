#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/paint.h"
#include "report/source.h"

static const struct { const char *text, *safe; } texts[] = {
    { "plain", "plain" },
    { "two\nlines", "two lines" },
    { "a\033[31mb", "a\xEF\xBF\xBD[31mb" },
    { "bad \xFF byte", "bad \xEF\xBF\xBD byte" },
    { "\xE2\x80\xAE" "back", "\xEF\xBF\xBD" "back" },
    { "\xE6\x97\xA5", "\xE6\x97\xA5" },
};

static void text_of_the_input_cannot_drive_a_terminal(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        buf b = { .arena = a };
        text_safe(&b, slice_from(texts[i].text));
        if (!slice_is(buf_as_slice(&b), texts[i].safe)) fail_msg("row %zu: got %.*s", i, SLICE_ARG(buf_as_slice(&b)));
    }
    arena_free(a);
}

static const struct { const char *text; size_t columns; } widths[] = {
    { "abc", 3 }, { "\xE6\x97\xA5\xE6\x9C\xAC", 4 }, { "e\xCC\x81", 1 }, { "\xF0\x9F\x9A\x80", 2 }, { "\xC3\xA9", 1 }, { "", 0 },
};

static void columns_are_those_of_a_terminal(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(widths); i++) assert_int_equal(text_columns(slice_from(widths[i].text)), widths[i].columns);
}

/* line, column, end column of the first line -> what is shown */
static const struct { const char *text; uint32_t line, column, end; const char *shown; } carets[] = {
    { "a: b\n", 1, 4, 5, "    1 | a: b\n      |    ^\n" },
    { "a: word\r\nb\n", 1, 4, 8, "    1 | a: word\n      |    ^^^^\n" },
    { "x\n\ta: b\n", 2, 2, 3, "    2 |     a: b\n      |     ^\n" },
    { "\xE6\x97\xA5\xE6\x9C\xAC: x\n", 1, 5, 6, "    1 | \xE6\x97\xA5\xE6\x9C\xAC: x\n      |       ^\n" },
    { "\xE6\x97\xA5: x\n", 1, 1, 2, "    1 | \xE6\x97\xA5: x\n      | ^^\n" },
    { "\xEF\xBB\xBF" "a: b\n", 1, 1, 2, "    1 | a: b\n      | ^\n" },
    { "abc", 1, 4, 4, "    1 | abc\n      |    ^\n" },
    { "abc", 1, 9, 9, "    1 | abc\n      |    ^\n" },
    { "a\033[2J: b\n", 1, 1, 2, "    1 | a\xEF\xBF\xBD[2J: b\n      | ^\n" },
    { "abc", 7, 1, 1, "" },
    { "abc", 0, 0, 0, "" },
};

static sources *of_text(arena *a, const char *text) {
    templates *set = ARENA_NEW(a, templates);
    template *t = ARENA_NEW(a, template);
    t->text = slice_from(text);
    VEC_PUSH(a, &set->files, SLICE("t.yaml"));
    VEC_PUSH(a, &set->list, t);
    return sources_new(a, set);
}

static void a_caret_stands_under_its_text(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(carets); i++) {
        buf b = { .arena = a };
        source_show(&b, of_text(a, carets[i].text), (pos){ 0, carets[i].line, carets[i].column }, (pos){ 0, carets[i].line, carets[i].end }, false);
        if (!slice_is(buf_as_slice(&b), carets[i].shown)) fail_msg("row %zu: got\n%.*s", i, SLICE_ARG(buf_as_slice(&b)));
    }
    arena_free(a);
}

static void a_range_of_several_lines_is_marked_to_the_end_of_its_first(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    source_show(&b, of_text(a, "key: |\n  x\n"), (pos){ 0, 1, 6 }, (pos){ 0, 3, 1 }, false);
    assert_true(slice_is(buf_as_slice(&b), "    1 | key: |\n      |      ^\n"));
    arena_free(a);
}

static void a_long_line_is_cut_around_its_place(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    static char text[100001];
    memset(text, 'x', sizeof text - 1);
    slice word = SLICE("HERE");
    memcpy(text + 50000, word.at, word.len);
    buf b = { .arena = a };
    source_show(&b, of_text(a, text), (pos){ 0, 1, 50001 }, (pos){ 0, 1, 50005 }, false);
    slice shown = buf_as_slice(&b), line;
    assert_true(shown.len < 400);
    slice_cut(&shown, '\n', &line);
    size_t here = slice_find_slice(line, SLICE("HERE"));
    assert_true(here != (size_t)-1);
    slice_cut(&shown, '\n', &line);
    assert_int_equal(slice_find_slice(line, SLICE("^^^^")), here);
    arena_free(a);
}

static void a_place_in_a_whole_file_is_its_begin(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    source_place(&b, of_text(a, ""), (pos){ 0, 0, 0 }, false);
    assert_true(slice_is(buf_as_slice(&b), "t.yaml:1:1: "));
    arena_free(a);
}

static void prose_is_broken_between_words(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    text_wrap(&b, SLICE("one two three\nfour\n\n  code  line\nfive"), 2, 11);
    if (!slice_is(buf_as_slice(&b), "  one two\n  three\n  four\n\n    code  line\n  five\n"))
        fail_msg("got\n%.*s", SLICE_ARG(buf_as_slice(&b)));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_the_input_cannot_drive_a_terminal),
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(a_caret_stands_under_its_text),
        cmocka_unit_test(a_range_of_several_lines_is_marked_to_the_end_of_its_first),
        cmocka_unit_test(a_long_line_is_cut_around_its_place),
        cmocka_unit_test(a_place_in_a_whole_file_is_its_begin),
        cmocka_unit_test(prose_is_broken_between_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
