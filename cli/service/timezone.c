#include "service/timezone.h"

#include <stdlib.h>

/* ---- calendar ---- */

#define DAY_S 86400

int64_t civil_days(int year, int month, int day) {
    /* Years counted from March, so that the leap day is the last: 153 days are five months. 719,468 days lie before 1970. */
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int civil_weekday(int64_t days) {
    int64_t w = (days + 4) % 7;     /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

static int64_t floor_divide(int64_t n, int64_t by) { return n / by - (n % by < 0); }

civil_time civil_of(int64_t seconds) {
    int64_t days = floor_divide(seconds, DAY_S), rest = seconds - days * DAY_S;
    int64_t z = days + 719468, era = floor_divide(z, 146097), of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    civil_time c = { .day = (int)(of_year - (153 * m + 2) / 5 + 1), .month = (int)(m < 10 ? m + 3 : m - 9) };
    c.year = (int)(y + era * 400 + (c.month <= 2));
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    c.weekday = civil_weekday(days);
    return c;
}

static bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int civil_month_days(int year, int month) {
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* ---- texts ---- */

/* `digits` digits off the head of *s. */
static bool take_number(slice *s, size_t digits, int *out) {
    int n = 0;
    if (s->len < digits) return false;
    for (size_t i = 0; i < digits; i++) {
        if (s->at[i] < '0' || s->at[i] > '9') return false;
        n = n * 10 + (s->at[i] - '0');
    }
    *s = slice_after(*s, digits);
    *out = n;
    return true;
}

static bool take_char(slice *s, char c) {
    if (s->len == 0 || s->at[0] != c) return false;
    *s = slice_after(*s, 1);
    return true;
}

bool time_parse(slice text, int64_t *utc) {
    civil_time c = { 0 };
    int zone = 0;
    if (!take_number(&text, 4, &c.year) || !take_char(&text, '-') || !take_number(&text, 2, &c.month) || !take_char(&text, '-')
        || !take_number(&text, 2, &c.day))
        return false;
    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > civil_month_days(c.year, c.month)) return false;
    if (take_char(&text, 'T') || take_char(&text, 't') || take_char(&text, ' ')) {
        if (!take_number(&text, 2, &c.hour) || !take_char(&text, ':') || !take_number(&text, 2, &c.minute)) return false;
        if (take_char(&text, ':')) {
            if (!take_number(&text, 2, &c.second)) return false;
            int digit;
            if (take_char(&text, '.'))
                do if (!take_number(&text, 1, &digit)) return false;
                while (text.len > 0 && text.at[0] >= '0' && text.at[0] <= '9');
        }
        if (c.hour > 23 || c.minute > 59 || c.second > 59) return false;
        bool east = text.len > 0 && text.at[0] == '+';
        if (take_char(&text, '+') || take_char(&text, '-')) {
            int hours, minutes;
            if (!take_number(&text, 2, &hours)) return false;
            take_char(&text, ':');
            if (!take_number(&text, 2, &minutes) || hours > 23 || minutes > 59) return false;
            zone = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
        } else if (!take_char(&text, 'Z')) {
            take_char(&text, 'z');
        }
    }
    if (text.len > 0) return false;
    *utc = civil_days(c.year, c.month, c.day) * DAY_S + c.hour * 3600 + c.minute * 60 + c.second - zone;
    return true;
}

slice time_text(arena *a, int64_t utc) {
    civil_time c = civil_of(utc);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

/* ---- zones ---- */

typedef enum { DAY_JULIAN, DAY_COUNTED, DAY_OF_WEEK } change_kind;

/* When daylight saving begins or ends in a year (POSIX.1-2017, 8.3, TZ). */
typedef struct {
    change_kind kind;
    int month, week, day;    /* Mm.w.d; `day` alone for Jn and n */
    int32_t time_s;
} change;

typedef struct {
    bool set, daylight;
    int32_t standard_s, summer_s;    /* east of Greenwich */
    change begin, end;
} footer;

struct time_zone {
    size_t len;
    const int64_t *times;            /* ascending */
    const int32_t *offsets;          /* from times[i] on */
    int32_t first;                   /* before times[0] */
    footer after;                    /* from the last time on */
};

const time_zone *timezone_fixed(arena *a, int32_t offset_s) {
    time_zone *z = ARENA_NEW(a, time_zone);
    z->first = offset_s;
    return z;
}

/* Local seconds since 1970 at which the change happens in `year`. */
static int64_t change_at(const change *c, int year) {
    int64_t days = civil_days(year, 1, 1);
    switch (c->kind) {
    case DAY_COUNTED:
        days += c->day;
        break;
    case DAY_JULIAN:                 /* February 29 is never counted */
        days += c->day - 1 + (leap(year) && c->day >= 60);
        break;
    case DAY_OF_WEEK: {
        int64_t first = civil_days(year, c->month, 1);
        int day = 1 + (c->day - civil_weekday(first) + 7) % 7 + (c->week - 1) * 7;
        while (day > civil_month_days(year, c->month)) day -= 7;
        days = first + day - 1;
        break;
    }
    }
    return days * DAY_S + c->time_s;
}

static int32_t footer_offset(const footer *f, int64_t utc) {
    if (!f->daylight) return f->standard_s;
    int year = civil_of(utc + f->standard_s).year;
    int64_t begin = change_at(&f->begin, year) - f->standard_s, end = change_at(&f->end, year) - f->summer_s;
    bool summer = begin < end ? utc >= begin && utc < end : !(utc >= end && utc < begin);
    return summer ? f->summer_s : f->standard_s;
}

int32_t timezone_offset(const time_zone *z, int64_t utc) {
    if (z == NULL) return 0;
    size_t from = 0, to = z->len;    /* first time later than utc */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (z->times[middle] <= utc) from = middle + 1;
        else to = middle;
    }
    if (from == z->len && z->after.set) return footer_offset(&z->after, utc);
    return from == 0 ? z->first : z->offsets[from - 1];
}

local_kind timezone_to_utc(const time_zone *z, int64_t local, int64_t *utc) {
    /* The offsets in force a good day before and after: whatever jumped lies between. */
    int32_t before = timezone_offset(z, local - 30 * 3600), after = timezone_offset(z, local + 30 * 3600);
    int64_t early = local - before, late = local - after;
    bool early_fits = timezone_offset(z, early) == before, late_fits = timezone_offset(z, late) == after;
    *utc = early;
    if (early_fits && late_fits && early != late) {
        *utc = early < late ? early : late;
        return LOCAL_TWICE;
    }
    if (early_fits) return LOCAL_ONCE;
    if (!late_fits) return LOCAL_SKIPPED;
    *utc = late;
    return LOCAL_ONCE;
}

/* ---- zone files ---- */

typedef struct {
    slice rest;
    bool bad;
} reader;

static uint64_t take_bytes(reader *r, size_t len) {
    uint64_t n = 0;
    if (r->rest.len < len) {
        r->bad = true;
        return 0;
    }
    for (size_t i = 0; i < len; i++) n = n << 8 | (unsigned char)r->rest.at[i];
    r->rest = slice_after(r->rest, len);
    return n;
}

static void skip(reader *r, uint64_t len) {
    if (r->rest.len < len) r->bad = true;
    else r->rest = slice_after(r->rest, (size_t)len);
}

static int64_t as_signed(uint64_t n, size_t bytes) {
    uint64_t sign = (uint64_t)1 << (bytes * 8 - 1);
    /* two's complement by hand: a cast of a large value is up to the compiler */
    return n & sign ? -(int64_t)(~n & (sign - 1)) - 1 : (int64_t)n;
}

typedef struct {
    int version;
    uint64_t ut, std, leaps, times, types, chars;
} header;

/* RFC 8536, section 3.1. */
static header take_header(reader *r) {
    header h = { 0 };
    if (!slice_starts(r->rest, SLICE("TZif"))) r->bad = true;
    skip(r, 4);
    h.version = (int)take_bytes(r, 1);
    skip(r, 15);
    h.ut = take_bytes(r, 4);
    h.std = take_bytes(r, 4);
    h.leaps = take_bytes(r, 4);
    h.times = take_bytes(r, 4);
    h.types = take_bytes(r, 4);
    h.chars = take_bytes(r, 4);
    return h;
}

static uint64_t block_bytes(const header *h, uint64_t size) {
    return h->times * (size + 1) + h->types * 6 + h->chars + h->leaps * (size + 4) + h->std + h->ut;
}

/* The data block (RFC 8536, section 3.2); `size`: bytes of a time. */
static void take_block(arena *a, reader *r, const header *h, size_t size, time_zone *z) {
    if (h->types == 0 || block_bytes(h, size) > r->rest.len) {
        r->bad = true;
        return;
    }
    int64_t *times = ARENA_ARRAY(a, int64_t, (size_t)h->times);
    int32_t *offsets = ARENA_ARRAY(a, int32_t, (size_t)h->times), *types = ARENA_ARRAY(a, int32_t, (size_t)h->types);
    for (size_t i = 0; i < h->times; i++) {
        times[i] = as_signed(take_bytes(r, size), size);
        if (i > 0 && times[i] <= times[i - 1]) r->bad = true;
    }
    slice of_type = slice_from_to(r->rest, 0, (size_t)h->times);
    skip(r, h->times);
    for (size_t i = 0; i < h->types; i++) {
        types[i] = (int32_t)as_signed(take_bytes(r, 4), 4);
        if (types[i] < -26 * 3600 || types[i] > 26 * 3600) r->bad = true;      /* RFC 8536 asks for at most that */
        skip(r, 2);
    }
    for (size_t i = 0; i < h->times; i++) {
        size_t type = (unsigned char)of_type.at[i];
        if (type >= h->types) r->bad = true;
        else offsets[i] = types[type];
    }
    skip(r, h->chars + h->leaps * (size + 4) + h->std + h->ut);
    z->len = (size_t)h->times;
    z->times = times;
    z->offsets = offsets;
    z->first = types[0];
}

/* ---- the rule for later years: "CET-1CEST,M3.5.0,M10.5.0/3" ---- */

static bool take_count(slice *s, int most, int *out) {
    size_t i = 0;
    int n = 0;
    for (; i < s->len && s->at[i] >= '0' && s->at[i] <= '9'; i++) {
        n = n * 10 + (s->at[i] - '0');
        if (n > most) return false;
    }
    *s = slice_after(*s, i);
    *out = n;
    return i > 0;
}

/* [+-]hh[:mm[:ss]] */
static bool take_clock(slice *s, int hours_most, int32_t *out) {
    int hours, minutes = 0, seconds = 0;
    bool minus = take_char(s, '-');
    if (!minus) take_char(s, '+');
    if (!take_count(s, hours_most, &hours)) return false;
    if (take_char(s, ':')) {
        if (!take_count(s, 59, &minutes)) return false;
        if (take_char(s, ':') && !take_count(s, 59, &seconds)) return false;
    }
    *out = (hours * 3600 + minutes * 60 + seconds) * (minus ? -1 : 1);
    return true;
}

static bool take_zone_name(slice *s) {
    size_t i = 0;
    if (s->len > 0 && s->at[0] == '<') {
        i = slice_find(*s, '>');
        if (i == s->len) return false;
        *s = slice_after(*s, i + 1);
        return true;
    }
    while (i < s->len && ((s->at[i] >= 'A' && s->at[i] <= 'Z') || (s->at[i] >= 'a' && s->at[i] <= 'z'))) i++;
    *s = slice_after(*s, i);
    return i >= 3;
}

static bool take_change(slice *s, change *c) {
    *c = (change){ .kind = DAY_COUNTED, .time_s = 2 * 3600 };
    if (!take_char(s, ',')) return false;
    if (take_char(s, 'M')) {
        c->kind = DAY_OF_WEEK;
        if (!take_count(s, 12, &c->month) || !take_char(s, '.') || !take_count(s, 5, &c->week) || !take_char(s, '.')
            || !take_count(s, 6, &c->day) || c->month < 1 || c->week < 1)
            return false;
    } else {
        if (take_char(s, 'J')) c->kind = DAY_JULIAN;
        if (!take_count(s, 365, &c->day) || (c->kind == DAY_JULIAN && c->day < 1)) return false;
    }
    return !take_char(s, '/') || take_clock(s, 167, &c->time_s);
}

static bool take_footer(slice text, footer *f) {
    int32_t west;
    *f = (footer){ .set = true };
    if (!take_zone_name(&text) || !take_clock(&text, 24, &west)) return false;
    f->standard_s = -west;
    if (text.len == 0) return true;
    f->daylight = true;
    f->summer_s = f->standard_s + 3600;
    if (!take_zone_name(&text)) return false;
    if (text.len > 0 && text.at[0] != ',') {
        if (!take_clock(&text, 24, &west)) return false;
        f->summer_s = -west;
    }
    return take_change(&text, &f->begin) && take_change(&text, &f->end) && text.len == 0;
}

const time_zone *timezone_parse(arena *a, slice bytes) {
    reader r = { .rest = bytes };
    time_zone *z = ARENA_NEW(a, time_zone);
    if (bytes.len > ZONE_MAX_BYTES) return NULL;
    header h = take_header(&r);
    if (r.bad) return NULL;
    if (h.version == 0) {                    /* 32-bit times only, no footer */
        take_block(a, &r, &h, 4, z);
        return r.bad ? NULL : z;
    }
    skip(&r, block_bytes(&h, 4));
    h = take_header(&r);
    if (r.bad) return NULL;
    take_block(a, &r, &h, 8, z);
    if (r.bad || !take_char(&r.rest, '\n')) return NULL;
    slice line = slice_from_to(r.rest, 0, slice_find(r.rest, '\n'));
    if (line.len == r.rest.len) return NULL;
    if (line.len > 0 && !take_footer(line, &z->after)) return NULL;
    return z;
}

/* ---- names ---- */

bool timezone_name_valid(slice name) {
    slice rest = name, part;
    if (name.len == 0 || name.len > ZONE_NAME_MAX) return false;
    while (slice_cut(&rest, '/', &part)) {
        if (part.len == 0) return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.at[i];
            if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-')) return false;
        }
    }
    /* Parts of a system's folder that are no names (RFC 8536 data without and with leap seconds). */
    return !slice_starts(name, SLICE("posix/")) && !slice_starts(name, SLICE("right/"));
}

/* tzdata, file `etcetera` and its links. */
static const slice utc_names[] = {
    SLICE_INIT("UTC"), SLICE_INIT("Etc/UTC"), SLICE_INIT("GMT"), SLICE_INIT("Etc/GMT"), SLICE_INIT("UCT"), SLICE_INIT("Etc/UCT"),
    SLICE_INIT("Zulu"), SLICE_INIT("Etc/Zulu"), SLICE_INIT("Universal"), SLICE_INIT("Etc/Universal"), SLICE_INIT("Greenwich"),
    SLICE_INIT("Etc/Greenwich"), SLICE_INIT("GMT0"), SLICE_INIT("GMT+0"), SLICE_INIT("GMT-0"), SLICE_INIT("Etc/GMT0"),
};

zone_status timezone_load(arena *a, zone_reader from, slice name, const time_zone **out) {
    *out = NULL;
    for (size_t i = 0; i < COUNT(utc_names); i++) {
        if (!slice_eq(name, utc_names[i])) continue;
        *out = timezone_fixed(a, 0);
        return ZONE_OK;
    }
    long long hours;    /* Etc/GMT+5 is five hours WEST: the sign is POSIX's */
    if (slice_starts(name, SLICE("Etc/GMT")) && name.len > 8 && slice_int(slice_after(name, 7), &hours) && hours >= -14 && hours <= 12
        && (name.at[7] == '+' || name.at[7] == '-') && name.at[8] != '0') {
        *out = timezone_fixed(a, (int32_t)(-hours * 3600));
        return ZONE_OK;
    }
    if (!timezone_name_valid(name)) return ZONE_UNKNOWN;
    slice bytes;
    if (from.read == NULL) return ZONE_NO_DATA;
    if (from.read(from.self, name, &bytes) && (*out = timezone_parse(a, bytes)) != NULL) return ZONE_OK;
    /* Not there: is anything? */
    static const slice sure[] = { SLICE_INIT("UTC"), SLICE_INIT("Europe/London") };
    for (size_t i = 0; i < COUNT(sure); i++)
        if (from.read(from.self, sure[i], &bytes) && timezone_parse(a, bytes) != NULL) return ZONE_UNKNOWN;
    return ZONE_NO_DATA;
}
