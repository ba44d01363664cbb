#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/command.h"
#include "command/day.h"

static const struct { const char *typed, *near; } commands_near[] = {
    { "chekc", "check" }, { "grpah", "graph" }, { "graphs", "graph" }, { "explian", "explain" }, { "rule", "rules" },
    { "explai", "explain" }, { "versoin", "version" }, { "template", "" }, { "x", "" }, { "deploy", "" },
};

static void a_mistyped_command_is_answered_with_the_nearest(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(commands_near); i++) {
        slice near = command_nearest(slice_from(commands_near[i].typed));
        if (!slice_is(near, commands_near[i].near))
            fail_msg("%s: want '%s', got '%.*s'", commands_near[i].typed, commands_near[i].near, SLICE_ARG(near));
    }
}

static const struct { const char *text; int64_t seconds; } days[] = {
    { "1970-01-01", 0 },          { "1970-01-02", 86400 },     { "2000-02-29", 951782400 }, { "2026-11-25", 1795564800 },
    { "2024-12-31", 1735603200 }, { "2100-03-01", 4107542400 }, { "2100-02-29", -1 },        { "2026-02-29", -1 },
    { "2026-13-01", -1 },         { "2026-00-01", -1 },        { "2026-04-31", -1 },        { "2026-4-3", -1 },
    { "1969-12-31", -1 },         { "2026-11-25T00:00", -1 },  { "", -1 },                  { "2026/11/25", -1 },
};

static void a_day_is_its_seconds_in_utc(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        int64_t got = -1;
        if (!day_seconds(slice_from(days[i].text), &got)) got = -1;
        if (got != days[i].seconds) fail_msg("%s: want %lld, got %lld", days[i].text, (long long)days[i].seconds, (long long)got);
    }
}

/* Every screen fits 80 columns and 24 lines, the last line of which is the prompt. */
static void fits(slice screen, const char *name) {
    slice line;
    size_t lines = 0;
    while (slice_cut(&screen, '\n', &line)) {
        lines += line.len > 0 || screen.at != NULL;
        if (line.len > 79) fail_msg("help of %s: more than 79 columns: %.*s", name, SLICE_ARG(line));
    }
    if (lines > 23) fail_msg("help of %s: %zu lines", name, lines);
}

static void every_help_fits_one_screen(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf all = { .arena = a };
    help_all(&all);
    fits(buf_as_slice(&all), "sflint");
    for (size_t i = 0; i < command_count; i++) {
        buf b = { .arena = a };
        help_command(&b, &commands[i]);
        fits(buf_as_slice(&b), commands[i].name);
    }
    arena_free(a);
}

static void options_may_stand_anywhere(void **state) {
    (void)state;
    char *argv[] = { "sflint", "--format", "json", "check", "a.yaml", "--parameter=A=1", "-pB=2", "-u", "--", "-b.yaml", NULL };
    invocation in = { .arena = arena_make(0, NULL) };
    assert_true(command_parse(COUNT(argv) - 1, argv, &in));
    assert_string_equal(in.command->name, "check");
    assert_int_equal(in.operands.len, 2);
    assert_string_equal(in.operands.at[0], "a.yaml");
    assert_string_equal(in.operands.at[1], "-b.yaml");
    assert_true(slice_is(invocation_format(&in), "json"));
    assert_int_equal(in.given[OPTION_PARAMETER].len, 2);
    assert_string_equal(in.given[OPTION_PARAMETER].at[0], "A=1");
    assert_string_equal(in.given[OPTION_PARAMETER].at[1], "B=2");
    assert_true(invocation_has(&in, OPTION_SHOW_UNKNOWN));
    arena_free(in.arena);
}

static void a_path_needs_no_command(void **state) {
    (void)state;
    char *argv[] = { "sflint", "fixtures/orders.yaml", NULL };
    invocation in = { .arena = arena_make(0, NULL) };
    assert_true(command_parse(2, argv, &in));
    assert_string_equal(in.command->name, "check");
    assert_int_equal(in.operands.len, 1);
    arena_free(in.arena);
}

/* No option's name or letter stands twice, and every command's options exist. */
static void the_tables_are_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        for (size_t k = i + 1; k < OPTION_COUNT; k++) {
            assert_string_not_equal(options[i].name, options[k].name);
            if (options[i].letter != 0) assert_int_not_equal(options[i].letter, options[k].letter);
        }
    for (size_t i = 0; i < command_count; i++) {
        assert_ptr_equal(command_find(slice_from(commands[i].name)), &commands[i]);
        assert_false(command_is_later(slice_from(commands[i].name)));
    }
}

static void every_shell_gets_a_completion_script(void **state) {
    (void)state;
    static const char *const shells[] = { "bash", "zsh", "fish" };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(shells); i++) {
        buf b = { .arena = a };
        assert_true(completion_write(&b, slice_from(shells[i])));
        assert_true(slice_find_slice(buf_as_slice(&b), SLICE("show-unknown")) != (size_t)-1);
        assert_true(slice_find_slice(buf_as_slice(&b), SLICE("text json dot mermaid")) != (size_t)-1);
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistyped_command_is_answered_with_the_nearest),
        cmocka_unit_test(a_day_is_its_seconds_in_utc),
        cmocka_unit_test(every_help_fits_one_screen),
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(a_path_needs_no_command),
        cmocka_unit_test(the_tables_are_in_order),
        cmocka_unit_test(every_shell_gets_a_completion_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
