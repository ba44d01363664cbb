/* rate(), cron(), at(). */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "service/schedule.h"

static int setup(void **state) {
    *state = arena_make(0, NULL);
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static int64_t moment(const char *text) {
    int64_t t;
    if (!time_parse(slice_from(text), &t)) fail_msg("the test's own time is wrong: %s", text);
    return t;
}

static schedule read(arena *a, const char *text) {
    schedule s;
    slice error;
    if (!schedule_parse(a, slice_from(text), SCHEDULE_SCHEDULER, &s, &error)) fail_msg("%s: %.*s", text, SLICE_ARG(error));
    return s;
}

static void rates_take_a_number_a_space_and_a_unit(void **state) {
    arena *a = *state;
    static const struct { const char *text; int64_t rule_s, scheduler_s; } rows[] = {   /* 0: refused */
        { "rate(1 minute)", 60, 60 },   { "rate(5 minutes)", 300, 300 }, { "rate(2 hours)", 7200, 7200 }, { "rate(1 day)", 86400, 86400 },
        { "rate(1 minutes)", 0, 60 },   { "rate(5 minute)", 0, 300 },    { "rate(7days)", 0, 0 },         { "rate(0 minutes)", 0, 0 },
        { "rate(5)", 0, 0 },            { "rate(-5 minutes)", 0, 0 },    { "rate(5 seconds)", 0, 0 },     { "rate(5 minutes", 0, 0 },
        { "rate()", 0, 0 },             { "rate(1.5 hours)", 0, 0 },     { "rate(5 Minutes)", 0, 0 },     { "rate(99999999999 days)", 0, 0 },
        { "rate(5  minutes)", 0, 300 }, { "RATE(5 minutes)", 0, 0 },     { "", 0, 0 },                    { "rate", 0, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int d = SCHEDULE_RULE; d <= SCHEDULE_SCHEDULER; d++) {
            schedule s;
            slice error;
            bool ok = schedule_parse(a, slice_from(rows[i].text), (schedule_dialect)d, &s, &error);
            int64_t want = d == SCHEDULE_RULE ? rows[i].rule_s : rows[i].scheduler_s, got = ok ? s.rate_s : 0;
            if (got != want) fail_msg("%s (dialect %d): want %" PRId64 ", got %" PRId64, rows[i].text, d, want, got);
            if (ok != (error.len == 0)) fail_msg("%s: no error said", rows[i].text);
        }
    }
}

static void an_error_shows_the_form_that_would_do(void **state) {
    arena *a = *state;
    static const struct { const char *text, *part; } rows[] = {
        { "cron(0 12 * * *)", "write cron(0 12 * * ? *)" },
        { "cron(0 12 * * 1-5)", "write cron(0 12 ? * 2-6 *)" },
        { "cron(0 12 * * 0,7)", "write cron(0 12 ? * 1,1 *)" },
        { "cron(0 12 * * MON)", "write cron(0 12 ? * MON *)" },
        { "cron(*/5 * 1 * *)", "write cron(*/5 * 1 * ? *)" },
        { "cron(0 12 * * * *)", "write cron(0 12 * * ? *)" },
        { "cron(0 12 ? * ? *)", "write cron(0 12 * * ? *)" },
        { "cron(0 12 1 * MON *)", "make two schedules" },
        { "cron(0 12 * * MON *)", "write cron(0 12 ? * MON *)" },
        { "0 12 * * ? *", "write cron(0 12 * * ? *)" },
        { "*/5 * * * *", "write cron(*/5 * * * ? *)" },
        { "rate(1 minutes)", "write rate(1 minute)" },
        { "rate(5 minute)", "write rate(5 minutes)" },
        { "rate(7days)", "write rate(7 days)" },
        { "cron(60 * * * ? *)", "minute 60 is out of range: 0 to 59" },
        { "cron(0 0 ? * 0 *)", "1 is Sunday" },
        { "cron(0 0 ? * MON#6 *)", "1 to 5" },
        { "cron(0/0 0 * * ? *)", "step" },
        { "cron(0 0 * FOO ? *)", "no month" },
        { "cron(0 0 * * ? 2030-2020)", "backwards" },
        { "cron(0 0 1,? * ? *)", "? stands alone" },
        { "cron(0,,5 0 * * ? *)", "between the commas" },
        { "at(2027-01-01T00:00:00)", "EventBridge Scheduler" },
        { "every(5 minutes)", "rate(5 minutes)" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s;
        slice error;
        if (schedule_parse(a, slice_from(rows[i].text), SCHEDULE_RULE, &s, &error)) fail_msg("%s: accepted", rows[i].text);
        if (slice_find_slice(error, slice_from(rows[i].part)) == (size_t)-1)
            fail_msg("%s: \"%.*s\" lacks \"%s\"", rows[i].text, SLICE_ARG(error), rows[i].part);
    }
}

static void at_is_one_real_moment(void **state) {
    arena *a = *state;
    static const struct { const char *text; bool ok; } rows[] = {
        { "at(2027-02-28T10:30:00)", true },  { "at(2028-02-29T00:00:00)", true },   { "at(2027-02-29T00:00:00)", false },
        { "at(2027-01-01T24:00:00)", false }, { "at(2027-01-01T00:00:00Z)", false }, { "at(2027-01-01T00:00)", false },
        { "at(2027-01-01 00:00:00)", false }, { "at()", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s;
        slice error;
        if (schedule_parse(a, slice_from(rows[i].text), SCHEDULE_SCHEDULER, &s, &error) != rows[i].ok) fail_msg("%s", rows[i].text);
    }
    schedule s = read(a, "at(2027-02-28T10:30:15)");
    int64_t next;
    assert_true(schedule_next(&s, NULL, moment("2027-02-28T10:30:14Z"), SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next));
    assert_int_equal(next, moment("2027-02-28T10:30:15Z"));
    assert_false(schedule_next(&s, NULL, next, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next));
    const time_zone *east = timezone_fixed(a, 2 * 3600);
    assert_true(schedule_next(&s, east, moment("2027-01-01"), SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next));
    assert_int_equal(next, moment("2027-02-28T08:30:15Z"));
}

static void the_next_times_are_right(void **state) {
    arena *a = *state;
    static const struct { const char *text, *after, *want[3]; } rows[] = {
        { "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", "2027-01-01", { "2027-01-01T08:00", "2027-01-01T08:01", "2027-01-01T08:02" } },
        { "cron(30-30 13-13 ? * 2,4,6 *)", "2027-01-01", { "2027-01-01T13:30", "2027-01-04T13:30", "2027-01-06T13:30" } },
        { "cron(1-31/30 1-1 ? * 1,7 *)", "2027-01-01", { "2027-01-02T01:01", "2027-01-02T01:31", "2027-01-03T01:01" } },
        { "cron(0 12 L * ? *)", "2027-01-01", { "2027-01-31T12:00", "2027-02-28T12:00", "2027-03-31T12:00" } },
        { "cron(0 8 ? * 6L *)", "2027-01-01", { "2027-01-29T08:00", "2027-02-26T08:00", "2027-03-26T08:00" } },
        { "cron(0 0 ? * FRI-MON *)", "2027-01-01", { "2027-01-02T00:00", "2027-01-03T00:00", "2027-01-04T00:00" } },
        { "cron(0 0 ? * L *)", "2027-01-01", { "2027-01-02T00:00", "2027-01-09T00:00", "2027-01-16T00:00" } },
        { "cron(0 0 1W * ? *)", "2027-04-01", { "2027-05-03T00:00", "2027-06-01T00:00", "2027-07-01T00:00" } },   /* May 1 is a Saturday */
        { "cron(0 0 31W * ? *)", "2027-01-02", { "2027-01-29T00:00", "2027-03-31T00:00", "2027-05-31T00:00" } },
        { "cron(0 0 LW * ? *)", "2027-01-02", { "2027-01-29T00:00", "2027-02-26T00:00", "2027-03-31T00:00" } },
        { "cron(0 0 ? * MON#5 *)", "2027-01-01", { "2027-03-29T00:00", "2027-05-31T00:00", "2027-08-30T00:00" } },
        { "cron(0 0 29 2 ? *)", "2027-01-01", { "2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00" } },
        { "cron(0 0 29 2 ? *)", "2096-03-01", { "2104-02-29T00:00", "2108-02-29T00:00", "2112-02-29T00:00" } },
        { "cron(59 23 31 12 ? 2199)", "2027-01-01", { "2199-12-31T23:59", NULL, NULL } },
        { "cron(0 0 1 1 ? 1970)", "1969-01-01", { "1970-01-01T00:00", NULL, NULL } },
        { "cron(0 0 30 2 ? *)", "2027-01-01", { NULL, NULL, NULL } },
        { "cron(0 0 31 4,6,9,11 ? *)", "1970-01-01", { NULL, NULL, NULL } },
        { "cron(0 0 * * ? 2020)", "2027-01-01", { NULL, NULL, NULL } },
        { "rate(90 minutes)", "2027-01-01", { "2027-01-01T01:30", "2027-01-01T03:00", "2027-01-01T04:30" } },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s = read(a, rows[i].text);
        int64_t now = moment(rows[i].after);
        for (size_t k = 0; k < 3; k++) {
            bool got = schedule_next(&s, NULL, now, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &now);
            slice text = got ? time_text(a, now) : SLICE("never");
            const char *want = rows[i].want[k];
            if (got != (want != NULL) || (got && now != moment(want))) fail_msg("%s, %zu: got %.*s", rows[i].text, k, SLICE_ARG(text));
            if (!got) break;
        }
    }
}

static void start_and_end_are_both_included(void **state) {
    arena *a = *state;
    static const struct { const char *text, *after, *start, *end, *want; } rows[] = {
        { "rate(7 days)", "2027-01-10", "2027-01-01", NULL, "2027-01-15" },
        { "rate(7 days)", "2026-01-10", "2027-01-01", NULL, "2027-01-01" },
        { "rate(7 days)", "2027-01-01", "2027-01-01", "2027-01-08", "2027-01-08" },
        { "rate(7 days)", "2027-01-08", "2027-01-01", "2027-01-14", NULL },
        { "cron(0 0 * * ? *)", "2026-01-01", "2027-01-01", NULL, "2027-01-01" },
        { "cron(0 0 * * ? *)", "2026-01-01", "2027-01-01T00:00:01", NULL, "2027-01-02" },
        { "cron(0 0 * * ? *)", "2027-01-01", NULL, "2027-01-02", "2027-01-02" },
        { "cron(0 0 * * ? *)", "2027-01-02", NULL, "2027-01-02T23:59", NULL },
        { "cron(0 0 1 1 ? *)", "2027-01-02", NULL, "2027-06-01", NULL },
        { "at(2027-01-01T00:00:00)", "2026-01-02", "2028-01-01", NULL, "2027-01-01" },
        { "cron(0 0 1 1 ? *)", "2026-01-02", "2027-01-02", "2027-01-01", NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s = read(a, rows[i].text);
        int64_t next = 0;
        bool got = schedule_next(&s, NULL, moment(rows[i].after), rows[i].start == NULL ? SCHEDULE_NO_TIME : moment(rows[i].start),
                                 rows[i].end == NULL ? SCHEDULE_NO_TIME : moment(rows[i].end), &next);
        if (got != (rows[i].want != NULL) || (got && next != moment(rows[i].want)))
            fail_msg("row %zu, %s: got %.*s", i, rows[i].text, SLICE_ARG(got ? time_text(a, next) : SLICE("never")));
    }
}

static void the_period_is_the_shortest_gap(void **state) {
    arena *a = *state;
    static const struct { const char *text; int64_t want; } rows[] = {
        { "rate(5 minutes)", 300 },           { "cron(* * * * ? *)", 60 },           { "cron(0/15 * * * ? *)", 900 },
        { "cron(0,50 * * * ? *)", 600 },      { "cron(0 12 * * ? *)", 86400 },       { "cron(0 0,23 * * ? *)", 3600 },
        { "cron(0 12 ? * MON *)", 604800 },   { "cron(0 12 1 * ? *)", 28 * 86400 },  { "cron(0 12 1 1 ? 2027)", 0 },
        { "cron(0 12 30 2 ? *)", 0 },         { "cron(0 12 ? * MON,WED *)", 172800 }, { "at(2027-01-01T00:00:00)", 0 },
        { "cron(59,0 * ? * MON *)", 60 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s = read(a, rows[i].text);
        int64_t got = schedule_period(&s);
        if (got != rows[i].want) fail_msg("%s: want %" PRId64 ", got %" PRId64, rows[i].text, rows[i].want, got);
    }
}

static void times_beyond_every_calendar_end_quietly(void **state) {
    arena *a = *state;
    static const char *const texts[] = { "rate(2147483647 days)", "cron(* * * * ? *)", "at(9999-12-31T23:59:59)", "cron(0 0 LW 2 ? 2199)" };
    static const int64_t afters[] = { INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX };
    for (size_t i = 0; i < COUNT(texts); i++) {
        schedule s = read(a, texts[i]);
        for (size_t k = 0; k < COUNT(afters); k++) {
            int64_t next = 0;
            for (size_t n = 0; n < COUNT(afters); n++)
                if (schedule_next(&s, NULL, afters[k], afters[n], SCHEDULE_NO_TIME, &next)) assert_true(next > afters[k]);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(rates_take_a_number_a_space_and_a_unit),
        TEST(an_error_shows_the_form_that_would_do),
        TEST(at_is_one_real_moment),
        TEST(the_next_times_are_right),
        TEST(start_and_end_are_both_included),
        TEST(the_period_is_the_shortest_gap),
        TEST(times_beyond_every_calendar_end_quietly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
