#include "service/schedule_parts.h"

#define DAY_S 86400

/* ---- reading ---- */

typedef struct {
    slice one, many;
    int64_t seconds;
} unit;

static const unit units[] = {
    { SLICE_INIT("minute"), SLICE_INIT("minutes"), 60 },
    { SLICE_INIT("hour"), SLICE_INIT("hours"), 3600 },
    { SLICE_INIT("day"), SLICE_INIT("days"), DAY_S },
};

#define RATE_MAX INT32_MAX

#define REFUSE(...) (*error = arena_printf(a, __VA_ARGS__), false)

static bool parse_rate(arena *a, slice inside, schedule_dialect d, schedule *out, slice *error) {
    static const char form[] = "rate(N minutes), rate(N hours) or rate(N days)";
    size_t digits = 0;
    while (digits < inside.len && inside.at[digits] >= '0' && inside.at[digits] <= '9') digits++;
    slice number = slice_from_to(inside, 0, digits), rest = slice_after(inside, digits);
    long long n;
    if (digits == 0) return REFUSE("rate(%.*s): a positive whole number comes first: %s", SLICE_ARG(inside), form);
    if (rest.len == 0) return REFUSE("rate(%.*s): the unit is missing: %s", SLICE_ARG(inside), form);
    if (!slice_int(number, &n) || n > RATE_MAX) return REFUSE("rate(%.*s): the number is too large", SLICE_ARG(inside));
    if (n == 0) return REFUSE("rate(%.*s): the number is 1 or more", SLICE_ARG(inside));
    slice word = slice_trim(rest);
    const unit *u = NULL;
    for (size_t i = 0; i < COUNT(units); i++)
        if (slice_eq(word, units[i].one) || slice_eq(word, units[i].many)) u = &units[i];
    if (u == NULL) {
        bool seconds = slice_starts(word, SLICE("second"));
        return REFUSE("rate(%.*s): %s: %s", SLICE_ARG(inside), seconds ? "a minute is the smallest unit" : "the unit is minute, hour or day", form);
    }
    slice right = n == 1 ? u->one : u->many;
    bool spaced = rest.at[0] == ' ' && (d == SCHEDULE_SCHEDULER || rest.len == word.len + 1);
    if (!spaced || (d == SCHEDULE_RULE && !slice_eq(word, right)))
        return REFUSE("rate(%.*s): %s: write rate(%lld %.*s)", SLICE_ARG(inside),
                      spaced ? (n == 1 ? "one takes the singular" : "more than one takes the plural")
                             : "one space stands between the number and the unit", n, SLICE_ARG(right));
    *out = (schedule){ .kind = SCHEDULE_RATE, .rate_s = n * u->seconds };
    return true;
}

/* yyyy-mm-ddThh:mm:ss and nothing else. */
static bool parse_at(arena *a, slice inside, schedule_dialect d, schedule *out, slice *error) {
    if (d == SCHEDULE_RULE)
        return REFUSE("at() is for EventBridge Scheduler (AWS::Scheduler::Schedule); a rule takes rate() or cron()");
    if (inside.len != 19 || inside.at[10] != 'T')
        return REFUSE("at(%.*s): write at(yyyy-mm-ddThh:mm:ss), without a zone (that is ScheduleExpressionTimezone)", SLICE_ARG(inside));
    *out = (schedule){ .kind = SCHEDULE_AT };
    if (!time_parse(inside, &out->at_local)) return REFUSE("at(%.*s): there is no such date or time", SLICE_ARG(inside));
    return true;
}

typedef struct {
    slice head;
    bool (*parse)(arena *a, slice inside, schedule_dialect d, schedule *out, slice *error);
} form;

static bool parse_cron(arena *a, slice inside, schedule_dialect d, schedule *out, slice *error) {
    (void)d;
    return schedule_cron_parse(a, inside, out, error);
}

static const form forms[] = {
    { SLICE_INIT("rate("), parse_rate },
    { SLICE_INIT("cron("), parse_cron },
    { SLICE_INIT("at("), parse_at },
};

static size_t words(slice text) {
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) n += text.at[i] != ' ' && (i == 0 || text.at[i - 1] == ' ');
    return n;
}

bool schedule_parse(arena *a, slice text, schedule_dialect d, schedule *out, slice *error) {
    *out = (schedule){ .kind = SCHEDULE_RATE };
    *error = SLICE("");
    text = slice_trim(text);
    if (text.len > SCHEDULE_MAX_BYTES) return REFUSE("the expression is longer than %d characters", SCHEDULE_MAX_BYTES);
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (!slice_starts(text, forms[i].head)) continue;
        if (text.at[text.len - 1] != ')') return REFUSE("\"%.*s\" lacks the closing )", SLICE_ARG(text));
        return forms[i].parse(a, slice_from_to(text, forms[i].head.len, text.len - 1), d, out, error);
    }
    size_t count = words(text);
    if ((count == 5 || count == 6) && slice_find(text, '(') == text.len) {
        slice inner;
        if (schedule_cron_parse(a, text, out, &inner)) return REFUSE("\"%.*s\": write cron(%.*s)", SLICE_ARG(text), SLICE_ARG(text));
        return REFUSE("\"%.*s\" is neither rate(...) nor cron(...); as cron: %.*s", SLICE_ARG(text), SLICE_ARG(inner));
    }
    return REFUSE("\"%.*s\" is no schedule: write rate(5 minutes)%s or cron(0 12 * * ? *)", SLICE_ARG(text),
                  d == SCHEDULE_SCHEDULER ? ", at(2027-01-31T12:00:00)" : "");
}

/* ---- days of a month ---- */

#define BIT(n) ((uint32_t)1 << (n))

/* The working day nearest to a day, in the same month. */
static int working_day(int day, int weekday, int last) {
    if (weekday == 6) return day == 1 ? 3 : day - 1;
    if (weekday == 0) return day < last || day < 3 ? day + 1 : day - 2;   /* day < 3 never is the last: said for the analyser */
    return day;
}

/* Bit n: fires on day n of the month. */
static uint32_t days_of_month(const schedule *s, int year, int month) {
    int last = civil_month_days(year, month);
    int first_weekday = civil_weekday(civil_days(year, month, 1));
    uint32_t all = (uint32_t)(((uint64_t)2 << last) - 2), days = 0;
    if (s->by_week_day) {
        for (int day = 1; day <= last; day++) {
            int w = (first_weekday + day - 1) % 7;
            bool hit = (s->week_days & BIT(w)) != 0 || ((s->last_of & BIT(w)) != 0 && day + 7 > last)
                       || (s->nth[w] & BIT((day - 1) / 7 + 1)) != 0;
            if (hit) days |= BIT(day);
        }
        return days;
    }
    days = s->month_days & all;
    if (s->last_day) days |= BIT(last);
    if (s->last_working_day) {
        int w = (first_weekday + last - 1) % 7;
        days |= BIT(w == 6 ? last - 1 : w == 0 ? last - 2 : last);
    }
    for (int day = 1; s->near != 0 && day <= last; day++)
        if ((s->near & BIT(day)) != 0) days |= BIT(working_day(day, (first_weekday + day - 1) % 7, last));
    return days;
}

static bool year_set(const schedule *s, int year) {
    int n = year - SCHEDULE_FIRST_YEAR;
    return n >= 0 && n < SCHEDULE_YEARS && (s->years[n / 64] >> (n % 64) & 1) != 0;
}

/* ---- the next time ---- */

/* First time of the day that is later than `after`. */
static bool next_in_day(const schedule *s, const time_zone *z, int64_t day_local, int64_t after, int64_t *out) {
    for (int hour = 0; hour < 24; hour++) {
        if ((s->hours & BIT(hour)) == 0) continue;
        /* No zone is more than a day off, and no jump either: hours long past need no look. */
        if (day_local + hour * 3600 + 3600 + 2 * DAY_S < after) continue;
        if (z == NULL && day_local + hour * 3600 + 3600 <= after) continue;
        for (int minute = 0; minute < 60; minute++) {
            if ((s->minutes >> minute & 1) == 0) continue;
            int64_t utc;
            if (timezone_to_utc(z, day_local + hour * 3600 + minute * 60, &utc) == LOCAL_SKIPPED || utc <= after) continue;
            *out = utc;
            return true;
        }
    }
    return false;
}

static bool next_cron(const schedule *s, const time_zone *z, int64_t after, int64_t end, int64_t *out) {
    if (after < 0) after = -1;
    civil_time from = civil_of(after + timezone_offset(z, after));
    if (from.year < SCHEDULE_FIRST_YEAR) from = (civil_time){ .year = SCHEDULE_FIRST_YEAR, .month = 1, .day = 1 };
    int month = from.month, day = from.day;
    for (int year = from.year; year <= SCHEDULE_LAST_YEAR; year++, month = 1, day = 1) {
        if (!year_set(s, year)) continue;
        for (; month <= 12; month++, day = 1) {
            if ((s->months & BIT(month)) == 0) continue;
            uint32_t days = days_of_month(s, year, month);
            for (; day <= 31 && days >> day != 0; day++) {
                if ((days & BIT(day)) == 0) continue;
                int64_t local = civil_days(year, month, day) * DAY_S;
                if (end != SCHEDULE_NO_TIME && local - 2 * DAY_S > end) return false;
                if (!next_in_day(s, z, local, after, out)) continue;
                return end == SCHEDULE_NO_TIME || *out <= end;
            }
        }
    }
    return false;
}

/* Times beyond the year 9999 are no times. */
#define FAR_FUTURE INT64_C(253402300799)

bool schedule_next(const schedule *s, const time_zone *z, int64_t after, int64_t start, int64_t end, int64_t *out) {
    if (after > FAR_FUTURE) return false;
    if (after < -FAR_FUTURE) after = -FAR_FUTURE;
    if (s->kind == SCHEDULE_AT) {
        timezone_to_utc(z, s->at_local, out);
        return *out > after;
    }
    if (start != SCHEDULE_NO_TIME && start > FAR_FUTURE) return false;
    if (s->kind == SCHEDULE_CRON) return next_cron(s, z, start != SCHEDULE_NO_TIME && start > after ? start - 1 : after, end, out);
    if (start == SCHEDULE_NO_TIME || start < -FAR_FUTURE) *out = after + s->rate_s;
    else if (start > after) *out = start;
    else *out = start + ((after - start) / s->rate_s + 1) * s->rate_s;
    return *out <= FAR_FUTURE && (end == SCHEDULE_NO_TIME || *out <= end);
}

/* ---- the shortest gap ---- */

/* Smallest distance between two set minutes of one day, and the first and last of them. */
static int64_t gap_in_day(const schedule *s, int *first, int *last) {
    int64_t least = 0;
    int before = -1;
    *first = -1;
    for (int minute = 0; minute < 24 * 60; minute++) {
        if ((s->hours & BIT(minute / 60)) == 0 || (s->minutes >> (minute % 60) & 1) == 0) continue;
        if (before < 0) *first = minute;
        else if (least == 0 || (minute - before) * 60 < least) least = (minute - before) * 60;
        before = minute;
    }
    *last = before;
    return least;
}

int64_t schedule_period(const schedule *s) {
    if (s->kind == SCHEDULE_RATE) return s->rate_s;
    if (s->kind == SCHEDULE_AT) return 0;
    int first, last;
    int64_t least = gap_in_day(s, &first, &last), before = -1;
    bool ever = false;
    for (int year = SCHEDULE_FIRST_YEAR; year <= SCHEDULE_LAST_YEAR; year++) {
        if (!year_set(s, year)) continue;
        for (int month = 1; month <= 12; month++) {
            uint32_t days = (s->months & BIT(month)) == 0 ? 0 : days_of_month(s, year, month);
            for (int day = 1; day <= 31 && days >> day != 0; day++) {
                if ((days & BIT(day)) == 0) continue;
                int64_t now = civil_days(year, month, day);
                int64_t gap = (now - before) * DAY_S - (int64_t)(last - first) * 60;
                if (ever && (least == 0 || gap < least)) least = gap;
                if (ever && now - before == 1) return least;     /* no shorter distance of days */
                before = now;
                ever = true;
            }
        }
    }
    return ever ? least : 0;
}
