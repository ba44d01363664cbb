/* The six fields of cron(). */
#include "service/schedule_parts.h"

typedef struct {
    const char *name;
    int low, high;
    const slice *words;             /* word i means low_word + i; NULL: numbers only */
    size_t words_len;
    int first_word;
    bool wraps;                     /* a range may run over the end: FRI-MON */
} field_row;

enum { MINUTE, HOUR, MONTH_DAY, MONTH, WEEK_DAY, YEAR, FIELDS };

static const slice month_words[] = {
    SLICE_INIT("JAN"), SLICE_INIT("FEB"), SLICE_INIT("MAR"), SLICE_INIT("APR"), SLICE_INIT("MAY"), SLICE_INIT("JUN"),
    SLICE_INIT("JUL"), SLICE_INIT("AUG"), SLICE_INIT("SEP"), SLICE_INIT("OCT"), SLICE_INIT("NOV"), SLICE_INIT("DEC"),
};
static const slice day_words[] = {
    SLICE_INIT("SUN"), SLICE_INIT("MON"), SLICE_INIT("TUE"), SLICE_INIT("WED"), SLICE_INIT("THU"), SLICE_INIT("FRI"), SLICE_INIT("SAT"),
};

/* EventBridge user guide, "Cron expressions": the table of fields, values and wildcards. */
static const field_row rows[FIELDS] = {
    [MINUTE] = { "minute", 0, 59, NULL, 0, 0, true },
    [HOUR] = { "hour", 0, 23, NULL, 0, 0, true },
    [MONTH_DAY] = { "day-of-month", 1, 31, NULL, 0, 0, true },
    [MONTH] = { "month", 1, 12, month_words, COUNT(month_words), 1, true },
    [WEEK_DAY] = { "day-of-week", 1, 7, day_words, COUNT(day_words), 1, true },
    [YEAR] = { "year", SCHEDULE_FIRST_YEAR, SCHEDULE_LAST_YEAR, NULL, 0, 0, false },
};

typedef struct {
    arena *arena;
    const field_row *row;
    slice field;
    slice *error;
    bool *set;                      /* value - row->low */
} reader;

#define REFUSE(r, ...) (*(r)->error = arena_printf((r)->arena, __VA_ARGS__), false)

static bool read_value(reader *r, slice text, int *out) {
    const field_row *row = r->row;
    for (size_t i = 0; i < row->words_len; i++) {
        if (!slice_same_letters(text, row->words[i])) continue;
        *out = row->first_word + (int)i;
        return true;
    }
    int n = 0;
    bool digits = text.len > 0 && text.len <= 4;
    for (size_t i = 0; i < text.len && digits; i++) {
        digits = text.at[i] >= '0' && text.at[i] <= '9';
        if (digits) n = n * 10 + (text.at[i] - '0');
    }
    if (!digits)
        return REFUSE(r, "%s \"%.*s\": \"%.*s\" is no number%s", row->name, SLICE_ARG(r->field), SLICE_ARG(text),
                      row->words == NULL ? "" : row->words == day_words ? " and no day (SUN to SAT)" : " and no month (JAN to DEC)");
    if (n < row->low || n > row->high) {
        const char *hint = row == &rows[WEEK_DAY] && n == 0 ? " (1 is Sunday, 7 is Saturday)" : "";
        return REFUSE(r, "%s %d is out of range: %d to %d%s", row->name, n, row->low, row->high, hint);
    }
    *out = n;
    return true;
}

/* `*`, `a`, `a-b`, each with `/n` behind. */
static bool read_part(reader *r, slice part) {
    const field_row *row = r->row;
    size_t slash = slice_find(part, '/');
    slice range = slice_from_to(part, 0, slash);
    int from = row->low, to = row->high, step = 1;
    if (slash < part.len) {
        long long n;
        slice text = slice_after(part, slash + 1);
        if (!slice_int(text, &n) || n < 1 || n > SCHEDULE_LAST_YEAR || text.at[0] == '+')
            return REFUSE(r, "%s \"%.*s\": the step after / is a whole number, 1 or more", row->name, SLICE_ARG(r->field));
        step = (int)n;
    }
    if (!slice_is(range, "*")) {
        size_t dash = slice_find(range, '-');
        if (!read_value(r, slice_from_to(range, 0, dash), &from)) return false;
        if (dash < range.len) {
            if (!read_value(r, slice_after(range, dash + 1), &to)) return false;
        } else if (slash == part.len) {
            to = from;
        }
    }
    if (from > to && !row->wraps)
        return REFUSE(r, "%s \"%.*s\": the range runs backwards", row->name, SLICE_ARG(r->field));
    int size = row->high - row->low + 1;
    if (from > to) to += size;
    for (int n = from; n <= to; n += step) r->set[(n - row->low) % size] = true;
    return true;
}

/* L, LW, nW of the day of the month; true with *taken when the part is one of them. */
static bool month_day_part(reader *r, slice part, schedule *s, bool *taken) {
    int n;
    *taken = true;
    if (slice_same_letters(part, SLICE("L"))) {
        s->last_day = true;
    } else if (slice_same_letters(part, SLICE("LW")) || slice_same_letters(part, SLICE("WL"))) {
        s->last_working_day = true;
    } else if (part.len > 1 && (part.at[part.len - 1] == 'W' || part.at[part.len - 1] == 'w')) {
        if (!read_value(r, slice_from_to(part, 0, part.len - 1), &n)) return false;
        s->near |= (uint32_t)1 << n;
    } else {
        *taken = false;
    }
    return true;
}

/* L, nL, n#k of the day of the week. */
static bool week_day_part(reader *r, slice part, schedule *s, bool *taken) {
    int n, k;
    size_t hash = slice_find(part, '#');
    *taken = true;
    if (slice_same_letters(part, SLICE("L"))) {
        r->set[6] = true;                        /* alone it is the last day of the week: Saturday */
    } else if (hash < part.len) {
        slice count = slice_after(part, hash + 1);
        if (!read_value(r, slice_from_to(part, 0, hash), &n)) return false;
        k = count.len == 1 ? count.at[0] - '0' : 0;
        if (k < 1 || k > 5) return REFUSE(r, "day-of-week \"%.*s\": after # stands which one of the month, 1 to 5", SLICE_ARG(part));
        s->nth[n - 1] |= (uint8_t)(1u << k);
    } else if (part.len > 1 && (part.at[part.len - 1] == 'L' || part.at[part.len - 1] == 'l')) {
        if (!read_value(r, slice_from_to(part, 0, part.len - 1), &n)) return false;
        s->last_of |= (uint8_t)(1u << (n - 1));
    } else {
        *taken = false;
    }
    return true;
}

static bool read_field(reader *r, schedule *s) {
    slice rest = r->field, part;
    while (slice_cut(&rest, ',', &part)) {
        bool taken = false;
        if (part.len == 0) return REFUSE(r, "%s \"%.*s\": there is nothing between the commas", r->row->name, SLICE_ARG(r->field));
        if (slice_is(part, "?")) return REFUSE(r, "%s \"%.*s\": ? stands alone, in day-of-month or day-of-week", r->row->name, SLICE_ARG(r->field));
        if (r->row == &rows[MONTH_DAY] && !month_day_part(r, part, s, &taken)) return false;
        if (r->row == &rows[WEEK_DAY] && !week_day_part(r, part, s, &taken)) return false;
        if (!taken && !read_part(r, part)) return false;
    }
    return true;
}

static size_t split(slice text, slice *fields, size_t most) {
    size_t n = 0, i = 0;
    while (i < text.len) {
        while (i < text.len && (text.at[i] == ' ' || text.at[i] == '\t')) i++;
        size_t from = i;
        while (i < text.len && text.at[i] != ' ' && text.at[i] != '\t') i++;
        if (i == from) break;
        if (n < most) fields[n] = slice_from_to(text, from, i);
        n++;
    }
    return n;
}

/* Unix counts the days of the week from 0 (or 7) = Sunday, AWS from 1. */
static slice aws_week_days(arena *a, slice unix_days) {
    buf b = { .arena = a };
    size_t slash = slice_find(unix_days, '/');
    for (size_t i = 0; i < unix_days.len; i++) {
        char c = unix_days.at[i];
        bool lone = (i == 0 || unix_days.at[i - 1] == ',' || unix_days.at[i - 1] == '-') && i < slash;
        if (lone && c >= '0' && c <= '7') c = "12345671"[c - '0'];
        buf_char(&b, c);
    }
    return buf_as_slice(&b);
}

/* A five-field Unix expression in the six fields of AWS; as near as it comes. */
static slice six_fields(arena *a, const slice *f) {
    bool any_week_day = slice_is(f[4], "*");
    slice week_days = any_week_day ? SLICE("?") : aws_week_days(a, f[4]);
    slice month_days = any_week_day ? f[2] : SLICE("?");
    return arena_printf(a, "cron(%.*s %.*s %.*s %.*s %.*s *)", SLICE_ARG(f[0]), SLICE_ARG(f[1]), SLICE_ARG(month_days), SLICE_ARG(f[3]),
                        SLICE_ARG(week_days));
}

static void pack(const bool *set, int low, int high, uint64_t *bits) {
    for (int n = low; n <= high; n++)
        if (set[n - low]) *bits |= (uint64_t)1 << n;
}

bool schedule_cron_parse(arena *a, slice inside, schedule *out, slice *error) {
    slice f[FIELDS];
    size_t count = split(inside, f, FIELDS);
    *out = (schedule){ .kind = SCHEDULE_CRON };
    if (count != FIELDS) {
        if (count == 5) {
            slice better = six_fields(a, f);
            *error = arena_printf(a, "five fields, as Unix has them; AWS takes six (minute hour day-of-month month day-of-week year, with ? for "
                                     "the day that does not matter): write %.*s", SLICE_ARG(better));
        } else {
            *error = arena_printf(a, "%zu fields; cron() takes six: minute hour day-of-month month day-of-week year, as in cron(0 12 * * ? *)",
                                  count);
        }
        return false;
    }
    bool open_month = slice_is(f[MONTH_DAY], "?"), open_week = slice_is(f[WEEK_DAY], "?");
    if (open_month == open_week) {
        bool drop_week = slice_is(f[WEEK_DAY], "*") || open_month;
        slice month_days = open_month ? SLICE("*") : drop_week ? f[MONTH_DAY] : SLICE("?");
        slice week_days = drop_week ? SLICE("?") : f[WEEK_DAY];
        *error = arena_printf(a, "exactly one of day-of-month and day-of-week is ?%s: write cron(%.*s %.*s %.*s %.*s %.*s %.*s)",
                              open_month || slice_is(f[MONTH_DAY], "*") || slice_is(f[WEEK_DAY], "*")
                                  ? "" : " (for both conditions make two schedules)",
                              SLICE_ARG(f[MINUTE]), SLICE_ARG(f[HOUR]), SLICE_ARG(month_days), SLICE_ARG(f[MONTH]), SLICE_ARG(week_days),
                              SLICE_ARG(f[YEAR]));
        return false;
    }
    out->by_week_day = open_month;
    for (int i = 0; i < FIELDS; i++) {
        bool set[SCHEDULE_YEARS] = { false };
        if ((i == MONTH_DAY && open_month) || (i == WEEK_DAY && open_week)) continue;
        reader r = { .arena = a, .row = &rows[i], .field = f[i], .error = error, .set = set };
        if (!read_field(&r, out)) return false;
        uint64_t bits = 0;
        if (i != YEAR) pack(set, rows[i].low, rows[i].high, &bits);
        switch (i) {
        case MINUTE: out->minutes = bits; break;
        case HOUR: out->hours = (uint32_t)bits; break;
        case MONTH_DAY: out->month_days = (uint32_t)bits; break;
        case MONTH: out->months = (uint16_t)bits; break;
        case WEEK_DAY: out->week_days = (uint8_t)(bits >> 1); break;
        default:
            for (int y = 0; y < SCHEDULE_YEARS; y++)
                if (set[y]) out->years[y / 64] |= (uint64_t)1 << (y % 64);
        }
    }
    return true;
}
