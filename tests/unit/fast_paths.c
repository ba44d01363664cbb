/* What is done in strides must find what a step at a time would find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "doc/doc.h"
#include "doc/text.h"

#define BYTES 24

/* Every byte at every place of three words: text, or the place is told. */
static void a_byte_that_is_no_text_is_found_wherever_it_stands(void **state) {
    (void)state;
    for (unsigned c = 0; c < 0x80; c++)
        for (size_t at = 0; at < BYTES; at++) {
            char text[BYTES];
            bool ascii, wanted = (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
            memset(text, '~', sizeof text);
            text[at] = (char)c;
            arena *a = arena_make(0, NULL);
            diags d = { .arena = a };
            if (text_is_yaml((slice){ text, sizeof text }, 0, &d, &ascii) != wanted) fail_msg("byte %02x at %zu", c, at);
            assert_int_equal(d.list.len, wanted ? 0 : 1);
            if (!wanted) assert_int_equal(d.list.at[0].at.column, at + 1);
            assert_true(!wanted || ascii);
            arena_free(a);
        }
}

static void a_character_beyond_ascii_is_seen_wherever_it_stands(void **state) {
    (void)state;
    for (size_t at = 0; at + 1 < BYTES; at++) {
        char text[BYTES];
        bool ascii;
        memset(text, ' ', sizeof text);
        memcpy(text + at, "\xC3\xA4", 2);
        assert_true(text_is_yaml((slice){ text, sizeof text }, 0, NULL, &ascii));
        assert_false(ascii);
    }
}

/* Places asked for one by one, from a fresh start each time and from where the last question ended, are the same. */
static void a_place_in_a_text_does_not_depend_on_the_questions_before(void **state) {
    static const char *const texts[] = {
        "a: 'it''s ${A} and ${B}'\n", "a: \"x\\ty\\u00e4z ${A} \\\"${B}\\\"\"\n", "a: plain ${A}\n  folded ${B} end\n",
        "a: |\n  one ${A}\n    two ${B}\n  three\n", "a: >-\n  one ${A}\n  two\n\n  three ${B}\n", "a: \xC3\xA4\xC3\xB6 ${A} \xE2\x82\xAC${B}\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        const doc_node *n = doc_get(doc_parse(a, slice_from(texts[i]), SLICE("x.yaml"), 0, &d), SLICE("a"));
        assert_non_null(n);
        doc_place going = doc_place_of(n);
        for (size_t at = 0; at <= n->text.len; at++) {
            pos fresh = doc_pos_in(n, at), on = doc_place_at(&going, at);
            if (fresh.line != on.line || fresh.column != on.column)
                fail_msg("%s: byte %zu is at %u:%u, or at %u:%u", texts[i], at, fresh.line, fresh.column, on.line, on.column);
        }
        arena_free(a);
    }
}

static void a_number_is_written_to_the_right_of_its_room(void **state) {
    static const struct { unsigned long long n; size_t width; const char *text; } rows[] = {
        { 0, 0, "0" }, { 7, 5, "    7" }, { 12345, 5, "12345" }, { 123456, 5, "123456" }, { UINT64_MAX, 0, "18446744073709551615" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        buf b = { .arena = a };
        assert_int_equal(buf_number(&b, rows[i].n, rows[i].width), strlen(rows[i].text));
        assert_true(slice_is(buf_as_slice(&b), rows[i].text));
        arena_free(a);
    }
}

static void room_made_at_once_keeps_what_was_written(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    buf_text(&b, "before");
    buf_reserve(&b, 100000);
    const char *at = b.bytes.at;
    for (size_t i = 0; i < 100000; i++) buf_char(&b, 'x');
    assert_ptr_equal(b.bytes.at, at);
    assert_int_equal(b.bytes.len, 100006);
    assert_true(slice_starts(buf_as_slice(&b), SLICE("beforexxx")));
    buf_char(&b, 'y');
    assert_int_equal(buf_as_slice(&b).at[100006], 'y');
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_that_is_no_text_is_found_wherever_it_stands),
        cmocka_unit_test(a_character_beyond_ascii_is_seen_wherever_it_stands),
        cmocka_unit_test(a_place_in_a_text_does_not_depend_on_the_questions_before),
        cmocka_unit_test(a_number_is_written_to_the_right_of_its_room),
        cmocka_unit_test(room_made_at_once_keeps_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
