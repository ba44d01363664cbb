/* Calendar arithmetic, zone files, clock changes. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
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

static void days_are_counted_both_ways(void **state) {
    (void)state;
    int64_t days = civil_days(0, 3, 1);
    int year = 0, month = 3, day = 1;
    for (; year < 4000; days++) {
        civil_time c = civil_of(days * 86400 + 86399);
        if (civil_days(year, month, day) != days || c.year != year || c.month != month || c.day != day || c.hour != 23 || c.second != 59)
            fail_msg("%04d-%02d-%02d: day %" PRId64, year, month, day, days);
        if (++day > civil_month_days(year, month)) day = 1, month++;
        if (month > 12) month = 1, year++;
    }
    assert_int_equal(civil_days(1970, 1, 1), 0);
    assert_int_equal(civil_weekday(civil_days(2027, 1, 1)), 5);      /* a Friday */
    assert_int_equal(civil_weekday(civil_days(1969, 12, 28)), 0);
}

static void times_are_read_as_people_write_them(void **state) {
    arena *a = *state;
    static const struct { const char *text, *want; } rows[] = {
        { "2026-11-24", "2026-11-24T00:00:00Z" },           { "2026-11-24T10:30", "2026-11-24T10:30:00Z" },
        { "2026-11-24T10:30Z", "2026-11-24T10:30:00Z" },    { "2026-11-24T10:30:15.123Z", "2026-11-24T10:30:15Z" },
        { "2026-11-24T10:30:15+02:00", "2026-11-24T08:30:15Z" }, { "2026-11-24T23:30-0100", "2026-11-25T00:30:00Z" },
        { "2026-02-29", NULL }, { "2026-13-01", NULL }, { "2026-11-24T24:00", NULL }, { "2026-11-24T", NULL }, { "2026-11-24x", NULL },
        { "26-11-24", NULL }, { "", NULL }, { "2026-11-24T10:30:15.", NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t t;
        bool ok = time_parse(slice_from(rows[i].text), &t);
        if (ok != (rows[i].want != NULL) || (ok && !slice_is(time_text(a, t), rows[i].want))) fail_msg("%s", rows[i].text);
    }
}

/* ---- zone files made here ---- */

static void put(buf *b, uint64_t n, size_t bytes) {
    for (; bytes > 8; bytes--) buf_char(b, 0);
    while (bytes-- > 0) buf_char(b, (char)(n >> (bytes * 8) & 0xff));
}

typedef struct { int64_t at; unsigned type; } jump;

static void put_header(buf *b, char version, uint64_t times, uint64_t types) {
    buf_text(b, "TZif");
    buf_char(b, version);
    put(b, 0, 15);
    put(b, 0, 4), put(b, 0, 4), put(b, 0, 4);
    put(b, times, 4), put(b, types, 4), put(b, 4, 4);
}

static void put_block(buf *b, size_t size, const jump *jumps, size_t len, const int32_t *offsets, size_t types) {
    for (size_t i = 0; i < len; i++) put(b, (uint64_t)jumps[i].at, size);
    for (size_t i = 0; i < len; i++) put(b, jumps[i].type, 1);
    for (size_t i = 0; i < types; i++) put(b, (uint64_t)(int64_t)offsets[i], 4), put(b, 0, 2);
    put(b, 0x41414100, 4);
}

static slice zone_file(arena *a, const jump *jumps, size_t len, const int32_t *offsets, size_t types, const char *footer) {
    buf b = { .arena = a };
    put_header(&b, footer == NULL ? '\0' : '2', len, types);
    put_block(&b, 4, jumps, len, offsets, types);
    if (footer != NULL) {
        put_header(&b, '2', len, types);
        put_block(&b, 8, jumps, len, offsets, types);
        buf_printf(&b, "\n%s\n", footer);
    }
    return buf_as_slice(&b);
}

static void files_say_when_clocks_changed(void **state) {
    arena *a = *state;
    const jump jumps[] = { { -1000000, 1 }, { 1000000, 0 } };
    const int32_t offsets[] = { 3600, -7200 };
    static const char *const footers[] = { NULL, "", "<+01>-1" };
    for (size_t i = 0; i < COUNT(footers); i++) {
        const time_zone *z = timezone_parse(a, zone_file(a, jumps, 2, offsets, 2, footers[i]));
        assert_non_null(z);
        assert_int_equal(timezone_offset(z, -1000001), 3600);
        assert_int_equal(timezone_offset(z, -1000000), -7200);
        assert_int_equal(timezone_offset(z, 999999), -7200);
        assert_int_equal(timezone_offset(z, 1000000), 3600);
    }
}

static void broken_files_are_refused(void **state) {
    arena *a = *state;
    const jump jumps[] = { { 0, 1 }, { 1000000, 0 } }, backwards[] = { { 5, 0 }, { 5, 1 } }, no_type[] = { { 5, 2 } };
    const int32_t offsets[] = { 3600, -7200 }, far[] = { 400000 };
    slice whole = zone_file(a, jumps, 2, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    assert_non_null(timezone_parse(a, whole));
    for (size_t len = 0; len < whole.len; len++)
        if (timezone_parse(a, slice_from_to(whole, 0, len)) != NULL) fail_msg("cut off at %zu", len);
    assert_null(timezone_parse(a, zone_file(a, backwards, 2, offsets, 2, "")));
    assert_null(timezone_parse(a, zone_file(a, no_type, 1, offsets, 2, "")));
    assert_null(timezone_parse(a, zone_file(a, NULL, 0, far, 1, "")));
    assert_null(timezone_parse(a, zone_file(a, NULL, 0, offsets, 0, "")));
    static const char *const footers[] = { "C-1", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                                           "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0x" };
    for (size_t i = 0; i < COUNT(footers); i++)
        if (timezone_parse(a, zone_file(a, NULL, 0, offsets, 1, footers[i])) != NULL) fail_msg("%s", footers[i]);
}

static const time_zone *footer_zone(arena *a, const char *footer) {
    const int32_t offsets[] = { 0 };
    const jump jumps[] = { { 0, 0 } };
    const time_zone *z = timezone_parse(a, zone_file(a, jumps, 1, offsets, 1, footer));
    if (z == NULL) fail_msg("%s: refused", footer);
    return z;
}

static void the_rule_for_later_years_holds_on_both_halves_of_the_earth(void **state) {
    arena *a = *state;
    static const struct { const char *footer, *at; int32_t want; } rows[] = {
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2090-03-26T00:59:59Z", 3600 },   { "CET-1CEST,M3.5.0,M10.5.0/3", "2090-03-26T01:00:00Z", 7200 },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2090-10-29T00:59:59Z", 7200 },   { "CET-1CEST,M3.5.0,M10.5.0/3", "2090-10-29T01:00:00Z", 3600 },
        { "EST5EDT,M3.2.0,M11.1.0", "2027-03-14T06:59:59Z", -18000 },     { "EST5EDT,M3.2.0,M11.1.0", "2027-03-14T07:00:00Z", -14400 },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2027-01-01T00:00:00Z", 39600 }, { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2027-06-01T00:00:00Z", 36000 },
        { "<+0330>-3:30", "2027-06-01", 12600 },                           { "XXX3YYY,J60,J300", "2028-02-29T23:59:59Z", -10800 },
        { "XXX3YYY,J60,J300", "2028-03-01T05:00:00Z", -7200 },             { "XXX3YYY,59,300", "2028-02-29T05:00:00Z", -7200 },
        { "IST-1GMT0,M10.5.0,M3.5.0/1", "2027-01-01", 0 },                 { "IST-1GMT0,M10.5.0,M3.5.0/1", "2027-07-01", 3600 },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2027-03-28T00:59:59Z", -7200 }, { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2027-03-28T01:00:00Z", -3600 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t got = timezone_offset(footer_zone(a, rows[i].footer), moment(rows[i].at));
        if (got != rows[i].want) fail_msg("%s at %s: want %d, got %d", rows[i].footer, rows[i].at, rows[i].want, got);
    }
}

static void local_times_are_once_twice_or_never(void **state) {
    arena *a = *state;
    const time_zone *z = footer_zone(a, "CET-1CEST,M3.5.0,M10.5.0/3");
    static const struct { const char *local; local_kind kind; const char *utc; } rows[] = {
        { "2027-03-28T01:59:59", LOCAL_ONCE, "2027-03-28T00:59:59Z" },    { "2027-03-28T02:00", LOCAL_SKIPPED, "2027-03-28T01:00Z" },
        { "2027-03-28T02:30", LOCAL_SKIPPED, "2027-03-28T01:30Z" },       { "2027-03-28T03:00", LOCAL_ONCE, "2027-03-28T01:00Z" },
        { "2027-10-31T01:59", LOCAL_ONCE, "2027-10-30T23:59Z" },          { "2027-10-31T02:00", LOCAL_TWICE, "2027-10-31T00:00Z" },
        { "2027-10-31T02:59", LOCAL_TWICE, "2027-10-31T00:59Z" },         { "2027-10-31T03:00", LOCAL_ONCE, "2027-10-31T02:00Z" },
        { "2027-07-01T12:00", LOCAL_ONCE, "2027-07-01T10:00Z" },          { "2027-01-01T12:00", LOCAL_ONCE, "2027-01-01T11:00Z" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t utc;
        local_kind kind = timezone_to_utc(z, moment(rows[i].local), &utc);
        if (kind != rows[i].kind || utc != moment(rows[i].utc)) fail_msg("%s: %d, %.*s", rows[i].local, kind, SLICE_ARG(time_text(a, utc)));
    }
    int64_t utc;
    assert_int_equal(timezone_to_utc(NULL, 77, &utc), LOCAL_ONCE);
    assert_int_equal(utc, 77);
}

static void a_schedule_skips_what_the_clock_skips_and_fires_once_when_it_comes_twice(void **state) {
    arena *a = *state;
    const time_zone *z = footer_zone(a, "CET-1CEST,M3.5.0,M10.5.0/3");
    static const struct { const char *text, *after, *want[4]; } rows[] = {
        { "cron(30 2 * * ? *)", "2027-03-26T12:00Z", { "2027-03-27T01:30Z", "2027-03-29T00:30Z", "2027-03-30T00:30Z", "2027-03-31T00:30Z" } },
        { "cron(30 2 * * ? *)", "2027-10-30T12:00Z", { "2027-10-31T00:30Z", "2027-11-01T01:30Z", "2027-11-02T01:30Z", "2027-11-03T01:30Z" } },
        { "cron(0 * * * ? *)", "2027-10-30T23:30Z", { "2027-10-31T00:00Z", "2027-10-31T02:00Z", "2027-10-31T03:00Z", "2027-10-31T04:00Z" } },
        { "cron(0 0 1 * ? *)", "2027-05-31T21:00Z", { "2027-05-31T22:00Z", "2027-06-30T22:00Z", "2027-07-31T22:00Z", "2027-08-31T22:00Z" } },
        { "rate(1 day)", "2027-03-27T12:00Z", { "2027-03-28T12:00Z", "2027-03-29T12:00Z", "2027-03-30T12:00Z", "2027-03-31T12:00Z" } },
        { "at(2027-03-28T02:30:00)", "2027-01-01", { "2027-03-28T01:30Z", NULL, NULL, NULL } },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        schedule s;
        slice error;
        assert_true(schedule_parse(a, slice_from(rows[i].text), SCHEDULE_SCHEDULER, &s, &error));
        int64_t now = moment(rows[i].after);
        for (size_t k = 0; k < 4; k++) {
            bool got = schedule_next(&s, z, now, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &now);
            if (got != (rows[i].want[k] != NULL) || (got && now != moment(rows[i].want[k])))
                fail_msg("%s after %s, %zu: %.*s", rows[i].text, rows[i].after, k, SLICE_ARG(got ? time_text(a, now) : SLICE("never")));
            if (!got) break;
        }
    }
}

/* ---- names ---- */

typedef struct {
    arena *arena;
    bool none;
} folder;

static bool folder_read(void *self, slice name, slice *bytes) {
    folder *f = self;
    const int32_t offsets[] = { 3600 };
    if (f->none || !(slice_is(name, "Europe/Berlin") || slice_is(name, "UTC"))) return false;
    *bytes = zone_file(f->arena, NULL, 0, offsets, 1, "");
    return true;
}

static void a_missing_zone_is_not_missing_data(void **state) {
    arena *a = *state;
    folder there = { a, false }, nothing = { a, true };
    static const struct { const char *name; zone_status with, without; } rows[] = {
        { "Europe/Berlin", ZONE_OK, ZONE_NO_DATA },   { "Europe/Berlni", ZONE_UNKNOWN, ZONE_NO_DATA }, { "UTC", ZONE_OK, ZONE_OK },
        { "Etc/GMT+5", ZONE_OK, ZONE_OK },            { "Etc/GMT-15", ZONE_UNKNOWN, ZONE_NO_DATA },    { "../etc/passwd", ZONE_UNKNOWN, ZONE_UNKNOWN },
        { "/etc/localtime", ZONE_UNKNOWN, ZONE_UNKNOWN }, { "", ZONE_UNKNOWN, ZONE_UNKNOWN },          { "a//b", ZONE_UNKNOWN, ZONE_UNKNOWN },
        { "right/UTC", ZONE_UNKNOWN, ZONE_UNKNOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const time_zone *z;
        zone_status with = timezone_load(a, (zone_reader){ folder_read, &there }, slice_from(rows[i].name), &z);
        if (with != rows[i].with || (z != NULL) != (with == ZONE_OK)) fail_msg("%s: %d", rows[i].name, with);
        zone_status without = timezone_load(a, (zone_reader){ folder_read, &nothing }, slice_from(rows[i].name), &z);
        if (without != rows[i].without) fail_msg("%s without files: %d", rows[i].name, without);
    }
    const time_zone *west;
    assert_int_equal(timezone_load(a, (zone_reader){ NULL, NULL }, SLICE("Etc/GMT+5"), &west), ZONE_OK);
    assert_int_equal(timezone_offset(west, 0), -5 * 3600);
}

static bool system_read(void *self, slice name, slice *bytes) {
    arena *a = self;
    FILE *f = fopen(arena_printf(a, "/usr/share/zoneinfo/%.*s", SLICE_ARG(name)).at, "rb");
    if (f == NULL) return false;
    buf b = { .arena = a };
    int c;
    while ((c = getc(f)) != EOF) buf_char(&b, (char)c);
    fclose(f);
    *bytes = buf_as_slice(&b);
    return true;
}

static void the_systems_own_zones_are_read(void **state) {
    arena *a = *state;
    static const struct { const char *name, *at; int32_t want; } rows[] = {
        { "Europe/Berlin", "2026-07-01", 7200 },    { "Europe/Berlin", "2150-07-01", 7200 },    { "Europe/Berlin", "2150-12-01", 3600 },
        { "America/New_York", "2027-01-15", -18000 }, { "America/New_York", "2027-07-15", -14400 }, { "Asia/Kolkata", "2027-07-15", 19800 },
        { "Australia/Lord_Howe", "2027-01-15", 39600 }, { "Australia/Lord_Howe", "2027-07-15", 37800 }, { "America/Sao_Paulo", "2150-01-15", -10800 },
    };
    const time_zone *z;
    if (timezone_load(a, (zone_reader){ system_read, a }, SLICE("Europe/Berlin"), &z) == ZONE_NO_DATA) {
        print_message("no zone files on this system: skipped\n");
        skip();
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (timezone_load(a, (zone_reader){ system_read, a }, slice_from(rows[i].name), &z) != ZONE_OK) fail_msg("%s: not read", rows[i].name);
        int32_t got = timezone_offset(z, moment(rows[i].at));
        if (got != rows[i].want) fail_msg("%s at %s: want %d, got %d", rows[i].name, rows[i].at, rows[i].want, got);
    }
    /* Samoa went over the date line and left out 2011-12-30. */
    int64_t utc;
    assert_int_equal(timezone_load(a, (zone_reader){ system_read, a }, SLICE("Pacific/Apia"), &z), ZONE_OK);
    assert_int_equal(timezone_to_utc(z, moment("2011-12-30T12:00"), &utc), LOCAL_SKIPPED);
    assert_int_equal(timezone_to_utc(z, moment("2011-12-31T12:00"), &utc), LOCAL_ONCE);
    assert_int_equal(timezone_load(a, (zone_reader){ system_read, a }, SLICE("Mars/Olympus"), &z), ZONE_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(days_are_counted_both_ways),
        TEST(times_are_read_as_people_write_them),
        TEST(files_say_when_clocks_changed),
        TEST(broken_files_are_refused),
        TEST(the_rule_for_later_years_holds_on_both_halves_of_the_earth),
        TEST(local_times_are_once_twice_or_never),
        TEST(a_schedule_skips_what_the_clock_skips_and_fires_once_when_it_comes_twice),
        TEST(a_missing_zone_is_not_missing_data),
        TEST(the_systems_own_zones_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
