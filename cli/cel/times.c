/* Timestamps and durations: CEL specification, "Timezones", "List of Standard Definitions"; RFC 3339.
 * A timestamp is seconds since 1970 and 0..999999999 nanoseconds on top. A duration has both parts with the same sign; its range is that
 * of nanoseconds in 64 bits, about 292 years. */
#include "cel/functions.h"

#define DAY_S     86400
#define NANOS     1000000000
#define FIRST_S   INT64_C(-62135596800)    /* 0001-01-01T00:00:00Z */
#define LAST_S    INT64_C(253402300799)    /* 9999-12-31T23:59:59Z */

/* ---- the calendar (proleptic Gregorian) ---- */

typedef struct { int64_t year; unsigned month, day, weekday, yearday; } date;    /* month, day from 1; weekday 0 = Sunday; yearday from 0 */

static bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static unsigned days_in_month(int64_t year, unsigned month) {
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 0001-01-01 to the first of January of a year >= 1. */
static int64_t days_before_year(int64_t year) {
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

#define DAYS_BEFORE_1970 INT64_C(719162)

static int64_t floor_div(int64_t n, int64_t by) { return n / by - (n % by < 0); }

/* Any moment an offset may shift a timestamp to: from the year 0 on. */
static date date_of(int64_t seconds) {
    int64_t days = floor_div(seconds, DAY_S) + DAYS_BEFORE_1970;
    date d = { .weekday = (unsigned)((days + 1 + 7) % 7) };    /* 0001-01-01 was a Monday */
    if (days < 0) {                                            /* the last days of the year 0, a leap year */
        d.yearday = (unsigned)(366 + days);
        d.month = 12;
        d.day = (unsigned)(32 + days);
        return d;
    }
    d.year = days / 366 + 1;
    while (days_before_year(d.year + 1) <= days) d.year += (days - days_before_year(d.year + 1)) / 366 + 1;
    unsigned left = (unsigned)(days - days_before_year(d.year));
    d.yearday = left;
    for (d.month = 1; left >= days_in_month(d.year, d.month); d.month++) left -= days_in_month(d.year, d.month);
    d.day = left + 1;
    return d;
}

/* ---- text to time ---- */

static bool take_number(slice *s, size_t digits, unsigned *out) {
    if (s->len < digits) return false;
    unsigned n = 0;
    for (size_t i = 0; i < digits; i++) {
        if (s->at[i] < '0' || s->at[i] > '9') return false;
        n = n * 10 + (unsigned)(s->at[i] - '0');
    }
    *out = n;
    *s = slice_after(*s, digits);
    return true;
}

static bool take_char(slice *s, char one, char other) {
    if (s->len == 0 || (s->at[0] != one && s->at[0] != other)) return false;
    *s = slice_after(*s, 1);
    return true;
}

/* [+-]HH:MM; the sign may be left out where `bare`. */
static bool take_offset(slice *s, bool bare, int32_t *east_s) {
    unsigned hours, minutes;
    bool west = s->len > 0 && s->at[0] == '-';
    if (!take_char(s, '+', '-') && !bare) return false;
    if (!take_number(s, 2, &hours) || !take_char(s, ':', ':') || !take_number(s, 2, &minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    *east_s = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

static bool take_fraction(slice *s, int32_t *nanos) {
    *nanos = 0;
    if (!take_char(s, '.', '.')) return true;
    int32_t unit = NANOS / 10;
    size_t digits = 0;
    for (; s->len > 0 && s->at[0] >= '0' && s->at[0] <= '9'; digits++) {
        *nanos += (s->at[0] - '0') * unit;
        unit /= 10;
        *s = slice_after(*s, 1);
    }
    return digits > 0;
}

static bool timestamp_from(slice s, int64_t *seconds, int32_t *nanos) {
    unsigned year, month, day, hour, minute, second;
    int32_t east_s = 0;
    if (!take_number(&s, 4, &year) || !take_char(&s, '-', '-') || !take_number(&s, 2, &month) || !take_char(&s, '-', '-')) return false;
    if (!take_number(&s, 2, &day) || !take_char(&s, 'T', 't') || !take_number(&s, 2, &hour) || !take_char(&s, ':', ':')) return false;
    if (!take_number(&s, 2, &minute) || !take_char(&s, ':', ':') || !take_number(&s, 2, &second) || !take_fraction(&s, nanos)) return false;
    if (!take_char(&s, 'Z', 'z') && !take_offset(&s, false, &east_s)) return false;
    if (s.len > 0 || year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    int64_t days = days_before_year(year) - DAYS_BEFORE_1970 + day - 1;
    for (unsigned m = 1; m < month; m++) days += days_in_month(year, m);
    *seconds = days * DAY_S + hour * 3600 + minute * 60 + second - east_s;
    return *seconds >= FIRST_S && *seconds <= LAST_S;
}

static cel_value moment(cel_context *c, int64_t seconds, int32_t nanos) {
    if (seconds < FIRST_S || seconds > LAST_S) return cel_error(c, "a timestamp outside the years 1 to 9999");
    return (cel_value){ .kind = CEL_TIMESTAMP, .integer = seconds, .nanos = nanos };
}

cel_value cel_f_timestamp(cel_context *c, const cel_value *args) {
    int64_t seconds;
    int32_t nanos;
    if (args[0].kind == CEL_TIMESTAMP) return args[0];
    if (args[0].kind == CEL_INT) return moment(c, args[0].integer, 0);
    if (!timestamp_from(args[0].text, &seconds, &nanos))
        return cel_error(c, "\"%.*s\" is no timestamp; it looks like 2026-01-31T12:00:00Z", SLICE_ARG(cel_brief(args[0].text)));
    return moment(c, seconds, nanos);
}

static cel_value span(int64_t total) {
    return (cel_value){ .kind = CEL_DURATION, .integer = total / NANOS, .nanos = (int32_t)(total % NANOS) };
}

/* A duration's nanoseconds, for durations of the host too: those may be longer. */
static bool total_of(const cel_value *v, int64_t *total) {
    return !__builtin_mul_overflow(v->integer, (int64_t)NANOS, total) && !__builtin_add_overflow(*total, v->nanos, total);
}

static const struct { slice name; int64_t nanos; } units[] = {    /* longer names first */
    { SLICE_INIT("ns"), 1 },          { SLICE_INIT("us"), 1000 },  { SLICE_INIT("\xC2\xB5s"), 1000 },    { SLICE_INIT("\xCE\xBCs"), 1000 },
    { SLICE_INIT("ms"), 1000000 },    { SLICE_INIT("s"), NANOS },  { SLICE_INIT("m"), INT64_C(60) * NANOS },
    { SLICE_INIT("h"), INT64_C(3600) * NANOS },
};

static bool take_unit(slice *s, int64_t *unit) {
    for (size_t i = 0; i < COUNT(units); i++)
        if (slice_starts(*s, units[i].name)) {
            *s = slice_after(*s, units[i].name.len);
            *unit = units[i].nanos;
            return true;
        }
    return false;
}

/* -1h30m, 1.5s, 250ms, 0. Summed up as a negative number, whose range is the larger one. */
static bool duration_from(slice s, int64_t *out) {
    int64_t total = 0;
    bool minus = s.len > 0 && s.at[0] == '-';
    take_char(&s, '+', '-');
    if (slice_is(s, "0")) {
        *out = 0;
        return true;
    }
    if (s.len == 0) return false;
    while (s.len > 0) {
        int64_t whole = 0, fraction = 0, scale = 1, unit;
        size_t digits = 0;
        for (; s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9'; s = slice_after(s, 1), digits++)
            if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, s.at[0] - '0', &whole)) return false;
        if (take_char(&s, '.', '.'))
            for (; s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9'; s = slice_after(s, 1), digits++)
                if (scale < NANOS) {
                    fraction = fraction * 10 + (s.at[0] - '0');
                    scale *= 10;
                }
        if (digits == 0 || !take_unit(&s, &unit)) return false;
        /* fraction < 1e9 and unit / scale is exact or unit is smaller: split so that the product stays small */
        int64_t part = unit >= scale ? fraction * (unit / scale) : fraction / (scale / unit);
        if (__builtin_mul_overflow(whole, unit, &whole) || __builtin_sub_overflow(total, whole, &total)) return false;
        if (__builtin_sub_overflow(total, part, &total)) return false;
    }
    if (!minus && total == INT64_MIN) return false;
    *out = minus ? total : -total;
    return true;
}

cel_value cel_f_duration(cel_context *c, const cel_value *args) {
    int64_t total;
    if (args[0].kind == CEL_DURATION) return args[0];
    if (!duration_from(args[0].text, &total))
        return cel_error(c, "\"%.*s\" is no duration; it looks like 1h30m or 90s", SLICE_ARG(cel_brief(args[0].text)));
    return span(total);
}

/* ---- arithmetic ---- */

static cel_value too_long(cel_context *c) { return cel_error(c, "a duration that does not fit into 64 bits of nanoseconds"); }

/* moment + direction * span */
static cel_value shifted(cel_context *c, const cel_value *at, const cel_value *by, int direction) {
    int64_t seconds;
    if (__builtin_add_overflow(at->integer, by->integer * direction, &seconds)) return cel_error(c, "a timestamp outside the years 1 to 9999");
    int32_t nanos = at->nanos + by->nanos * direction;
    if (nanos < 0) nanos += NANOS, seconds--;
    if (nanos >= NANOS) nanos -= NANOS, seconds++;
    return moment(c, seconds, nanos);
}

/* Far from the ends of 64 bits, so that a host's odd value can't overflow. */
static bool is_sane(const cel_value *v) {
    int64_t total;
    if (v->nanos <= -NANOS || v->nanos >= NANOS) return false;
    return v->kind == CEL_DURATION ? total_of(v, &total) : v->integer >= FIRST_S && v->integer <= LAST_S && v->nanos >= 0;
}

cel_value cel_time_add(cel_context *c, const cel_value *x, const cel_value *y) {
    int64_t left, right, sum;
    if (!is_sane(x) || !is_sane(y)) return too_long(c);
    if (x->kind == CEL_TIMESTAMP) return shifted(c, x, y, 1);
    if (y->kind == CEL_TIMESTAMP) return shifted(c, y, x, 1);
    if (!total_of(x, &left) || !total_of(y, &right) || __builtin_add_overflow(left, right, &sum)) return too_long(c);
    return span(sum);
}

cel_value cel_time_subtract(cel_context *c, const cel_value *x, const cel_value *y) {
    int64_t left, right, rest;
    if (!is_sane(x) || !is_sane(y)) return too_long(c);
    if (y->kind == CEL_TIMESTAMP) {
        if (__builtin_mul_overflow(x->integer - y->integer, (int64_t)NANOS, &rest)) return too_long(c);
        if (__builtin_add_overflow(rest, (int64_t)x->nanos - y->nanos, &rest)) return too_long(c);
        return span(rest);
    }
    if (x->kind == CEL_TIMESTAMP) return shifted(c, x, y, -1);
    if (!total_of(x, &left) || !total_of(y, &right) || __builtin_sub_overflow(left, right, &rest)) return too_long(c);
    return span(rest);
}

/* ---- fields ---- */

typedef enum { YEAR, MONTH, DATE, DAY_OF_MONTH, DAY_OF_WEEK, DAY_OF_YEAR, HOURS, MINUTES, SECONDS, MILLISECONDS } field;

static cel_value field_of(const cel_value *v, int32_t east_s, field f) {
    int64_t local = v->integer + east_s, in_day = local - floor_div(local, DAY_S) * DAY_S;
    date d = date_of(local);
    const int64_t fields[] = {
        [YEAR] = d.year, [MONTH] = d.month - 1, [DATE] = d.day, [DAY_OF_MONTH] = d.day - 1, [DAY_OF_WEEK] = d.weekday, [DAY_OF_YEAR] = d.yearday,
        [HOURS] = in_day / 3600, [MINUTES] = in_day / 60 % 60, [SECONDS] = in_day % 60, [MILLISECONDS] = v->nanos / 1000000,
    };
    return cel_int(fields[f]);
}

static cel_value field_in(cel_context *c, const cel_value *args, field f) {
    int32_t east_s = 0;
    slice zone = args[1].text, rest = zone;
    if (!is_sane(&args[0])) return cel_error(c, "a timestamp outside the years 1 to 9999");
    if (slice_is(zone, "UTC") || slice_is(zone, "Z")) return field_of(&args[0], 0, f);
    if (take_offset(&rest, true, &east_s) && rest.len == 0) return field_of(&args[0], east_s, f);
    if (c->zone == NULL || !c->zone(c, zone, args[0].integer, &east_s) || east_s <= -2 * DAY_S || east_s >= 2 * DAY_S)
        return cel_error(c, "no such time zone: %.*s", SLICE_ARG(cel_brief(zone)));
    return field_of(&args[0], east_s, f);
}

static cel_value field_utc(cel_context *c, const cel_value *args, field f) {
    return is_sane(&args[0]) ? field_of(&args[0], 0, f) : cel_error(c, "a timestamp outside the years 1 to 9999");
}

#define FIELD(name, f) \
    cel_value cel_f_##name(cel_context *c, const cel_value *args) { return field_utc(c, args, f); } \
    cel_value cel_f_##name##_in(cel_context *c, const cel_value *args) { return field_in(c, args, f); }
FIELD(year, YEAR)
FIELD(month, MONTH)
FIELD(date, DATE)
FIELD(day_of_month, DAY_OF_MONTH)
FIELD(day_of_week, DAY_OF_WEEK)
FIELD(day_of_year, DAY_OF_YEAR)
FIELD(hours, HOURS)
FIELD(minutes, MINUTES)
FIELD(seconds, SECONDS)
FIELD(milliseconds, MILLISECONDS)

/* Of a duration: the whole of it in that unit; but milliseconds are those of the last second. */
#define DURATION_FIELD(name, value) \
    cel_value cel_f_duration_##name(cel_context *c, const cel_value *args) { \
        (void)c; \
        return cel_int(value); \
    }
DURATION_FIELD(hours, args[0].integer / 3600)
DURATION_FIELD(minutes, args[0].integer / 60)
DURATION_FIELD(seconds, args[0].integer)
DURATION_FIELD(milliseconds, args[0].nanos / 1000000)

/* ---- time to text ---- */

static void fraction_text(buf *out, int32_t nanos) {
    if (nanos == 0) return;
    unsigned n = (unsigned)(nanos < 0 ? -nanos : nanos), digits = 9;
    for (; n % 10 == 0; n /= 10) digits--;
    buf_printf(out, ".%0*u", (int)digits, n);
}

void cel_timestamp_text(buf *out, const cel_value *v) {
    if (!is_sane(v)) {
        buf_text(out, "a timestamp outside the years 1 to 9999");
        return;
    }
    date d = date_of(v->integer);
    int64_t in_day = v->integer - floor_div(v->integer, DAY_S) * DAY_S;
    buf_printf(out, "%04d-%02u-%02uT%02d:%02d:%02d", (int)d.year, d.month, d.day, (int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60));
    fraction_text(out, v->nanos);
    buf_char(out, 'Z');
}

void cel_duration_text(buf *out, const cel_value *v) {
    if (v->integer == 0 && v->nanos < 0) buf_char(out, '-');
    buf_printf(out, "%lld", (long long)v->integer);
    fraction_text(out, v->nanos);
    buf_char(out, 's');
}
