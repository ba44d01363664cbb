/* https://docs.jsonata.org/date-time-functions. Pictures: XPath and XQuery Functions 3.1, fn:format-dateTime. */
#include <math.h>

#include "service/timezone.h"
#include "smoke/asl/jsonata_parts.h"
#include "smoke/asl/time.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)
#define MS_MOST 8.64e15      /* JavaScript's dates */

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" };
static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

/* One `[...]` of a picture. */
typedef struct {
    char component;
    slice presentation;          /* without width and the letters o, c, t behind it */
    bool ordinal, traditional;
    int least, most;             /* width; 0: none said */
} marker;

static const struct { char component; const char *presentation; } defaults[] = {
    { 'Y', "1" }, { 'M', "1" }, { 'D', "1" }, { 'd', "1" }, { 'F', "n" }, { 'W', "1" }, { 'w', "1" }, { 'X', "1" }, { 'x', "1" }, { 'H', "1" },
    { 'h', "1" }, { 'P', "n" }, { 'm', "01" }, { 's', "01" }, { 'f', "1" }, { 'Z', "01:01" }, { 'z', "01:01" }, { 'C', "n" }, { 'E', "n" },
};

static int width_number(slice s) {
    long long n;
    return slice_int(s, &n) && n > 0 && n < 100 ? (int)n : 0;
}

/* Behind `[`, up to `]`. */
static bool read_marker(jeval *e, slice s, marker *m) {
    char squeezed[64];
    size_t len = 0;
    for (size_t i = 0; i < s.len && len < sizeof squeezed; i++)
        if (s.at[i] != ' ' && s.at[i] != '\t' && s.at[i] != '\n') squeezed[len++] = s.at[i];
    s = arena_copy(e->arena, (slice){ squeezed, len });
    *m = (marker){ .component = len > 0 ? s.at[0] : '?' };
    size_t known = 0;
    while (known < COUNT(defaults) && defaults[known].component != m->component) known++;
    if (known == COUNT(defaults)) return jfail(e, "D3132", "Unknown component specifier %c in date/time picture string", m->component), false;
    s = slice_after(s, 1);
    size_t comma = slice_find(s, ',');
    for (size_t i = comma; i < s.len; i++)
        if (s.at[i] == ',') comma = i;
    if (comma < s.len) {
        slice width = slice_after(s, comma + 1);
        size_t dash = slice_find(width, '-');
        m->least = width_number(slice_from_to(width, 0, dash));
        m->most = dash < width.len ? width_number(slice_after(width, dash + 1)) : 0;
        s = slice_from_to(s, 0, comma);
    }
    if (s.len > 1 && strchr("oct", s.at[s.len - 1]) != NULL) {
        m->ordinal = s.at[s.len - 1] == 'o';
        m->traditional = s.at[s.len - 1] == 't';
        s.len--;
    }
    m->presentation = s.len > 0 ? s : slice_from(defaults[known].presentation);
    return true;
}

/* ---- formatting ---- */

/* ISO week of a day: which week of which year. */
static int iso_week(int64_t day, int *year) {
    int weekday = (civil_weekday(day) + 6) % 7;                     /* 0 = Monday */
    civil_time thursday = civil_of((day - weekday + 3) * 86400);
    *year = thursday.year;
    return (int)((day - weekday + 3 - civil_days(thursday.year, 1, 1)) / 7) + 1;
}

static bool is_name(slice p) { return p.len > 0 && (p.at[0] == 'N' || p.at[0] == 'n'); }

static slice cased_name(arena *a, slice name, slice presentation) {
    char *out = ARENA_ARRAY(a, char, name.len + 1);
    bool upper = slice_is(presentation, "N"), keep = slice_is(presentation, "Nn");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        out[i] = keep ? c : upper && c >= 'a' && c <= 'z' ? (char)(c - 32) : !upper && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (slice){ out, name.len };
}

static size_t mandatory(slice presentation) {
    size_t n = 0;
    for (size_t i = 0; i < presentation.len; i++) n += presentation.at[i] >= '0' && presentation.at[i] <= '9';
    return n;
}

static void zone_text(jeval *e, buf *b, const marker *m, int east_minutes) {
    int hours = east_minutes / 60, minutes = east_minutes % 60 < 0 ? -(east_minutes % 60) : east_minutes % 60;
    size_t digits = mandatory(m->presentation), colon = slice_find(m->presentation, ':');
    if (m->component == 'z') buf_text(b, "GMT");
    if (m->traditional && east_minutes == 0) {
        buf_char(b, 'Z');
        return;
    }
    buf_char(b, east_minutes < 0 ? '-' : '+');
    if (hours < 0) hours = -hours;
    if (colon < m->presentation.len) buf_printf(b, "%0*d:%02d", (int)mandatory(slice_from_to(m->presentation, 0, colon)), hours, minutes);
    else if (digits <= 2) {
        buf_printf(b, "%0*d", (int)digits, hours);
        if (minutes != 0) buf_printf(b, ":%02d", minutes);
    } else if (digits <= 4) buf_printf(b, "%0*d%02d", (int)digits - 2, hours, minutes);
    else jfail(e, "D3134", "The timezone integer format specifier cannot have more than four digits");
}

static void number_text(jeval *e, buf *b, const marker *m, double value) {
    slice p = m->presentation;
    size_t digits = mandatory(p);
    if (m->component == 'Y' || m->component == 'X') {
        size_t n = m->most > 0 ? (size_t)m->most : p.len >= 2 && digits > 0 ? p.len : 0;
        if (n > 0 && n < 15) value = fmod(value, pow(10, (double)n));
        if (m->most > 0 && m->most < 20 && digits > 0) p = slice_from_to(SLICE("00000000000000000000"), 0, (size_t)m->most);
    }
    if (m->component == 'f') {
        char text[8];
        size_t n = digits > 0 ? digits : 1;
        if (m->most > 0) n = (size_t)m->most;
        text[0] = (char)('0' + (int)(value / 100)), text[1] = (char)('0' + (int)fmod(value / 10, 10)), text[2] = (char)('0' + (int)fmod(value, 10));
        if (digits <= 1 && m->most == 0) buf_slice(b, jnumber_text(e->arena, value));
        else for (size_t i = 0; i < n; i++) buf_char(b, i < 3 ? text[i] : '0');
        return;
    }
    if (digits > 0 && m->least > (int)digits && m->least < 20) p = slice_from_to(SLICE("00000000000000000000"), 0, (size_t)m->least);
    buf_slice(b, jformat_integer(e, value, m->ordinal ? arena_printf(e->arena, "%.*s;o", SLICE_ARG(p)) : p));
}

static void component_text(jeval *e, buf *b, const marker *m, int64_t ms, int east_minutes) {
    int64_t local = ms + (int64_t)east_minutes * 60000, seconds = asl_floor_div(local, 1000), day = asl_floor_div(seconds, 86400);
    civil_time t = civil_of(seconds), thursday = civil_of((day - (civil_weekday(day) + 6) % 7 + 3) * 86400);    /* a week belongs where its Thursday is */
    int iso_year, month_week, week = iso_week(day, &iso_year);
    slice name = SLICE("");
    double value = 0;
    switch (m->component) {
    case 'Y': value = t.year; break;
    case 'X': value = iso_year; break;
    case 'M': value = t.month; name = slice_from(months[t.month - 1]); break;
    case 'x': value = thursday.month; name = slice_from(months[thursday.month - 1]); break;
    case 'D': value = t.day; break;
    case 'd': value = (double)(day - civil_days(t.year, 1, 1) + 1); break;
    case 'F': value = t.weekday == 0 ? 7 : t.weekday; name = slice_from(days[t.weekday]); break;
    case 'W': value = week; break;
    case 'w': month_week = (thursday.day - 1) / 7 + 1; value = month_week; break;
    case 'H': value = t.hour; break;
    case 'h': value = t.hour % 12 == 0 ? 12 : t.hour % 12; break;
    case 'P': name = t.hour < 12 ? SLICE("am") : SLICE("pm"); break;
    case 'm': value = t.minute; break;
    case 's': value = t.second; break;
    case 'f': value = (double)(local - seconds * 1000); break;
    case 'Z': case 'z': zone_text(e, b, m, east_minutes); return;
    default: buf_text(b, "ISO"); return;
    }
    if (name.len > 0 && is_name(m->presentation)) {
        slice text = cased_name(e->arena, name, m->presentation);
        buf_slice(b, m->most > 0 && (size_t)m->most < text.len ? slice_from_to(text, 0, (size_t)m->most) : text);
    } else if (is_name(m->presentation)) {
        jfail(e, "D3133", "The 'name' modifier can only be applied to months and days in the date/time picture string");
    } else {
        number_text(e, b, m, value);
    }
}

/* Minutes east in "+0530", "-05:00", "0000", "-5"; false when it is none. */
static bool zone_offset(slice s, int *minutes) {
    bool west = s.len > 0 && s.at[0] == '-';
    int digits[4] = { 0 };
    size_t n = 0;
    for (size_t i = west || (s.len > 0 && s.at[0] == '+') ? 1 : 0; i < s.len; i++) {
        if (s.at[i] == ':' && n == 2) continue;
        if (s.at[i] < '0' || s.at[i] > '9' || n == 4) return false;
        digits[n++] = s.at[i] - '0';
    }
    if (n == 4) *minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3];
    else *minutes = (n == 2 ? digits[0] * 10 + digits[1] : digits[0]) * 60;
    if (west) *minutes = -*minutes;
    return n == 1 || n == 2 || n == 4;
}

static jvalue formatted(jeval *e, double ms, jvalue picture, jvalue zone) {
    int east = 0;
    if (!(fabs(ms) <= MS_MOST)) return jfail(e, "D3110", "The number is no time");
    if (zone.kind == JV_STRING && !slice_is(zone.text, "Z") && !zone_offset(zone.text, &east)) return jfail(e, "D3134", "The time zone should be like +0100");
    slice p = picture.kind == JV_STRING ? picture.text : east == 0 && zone.kind != JV_STRING ? SLICE("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z")
        : SLICE("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]");
    buf b = { .arena = e->arena };
    for (size_t i = 0; i < p.len && jspend(e, 1); i++) {
        bool twice = i + 1 < p.len && p.at[i + 1] == p.at[i];
        if (p.at[i] == '[' && !twice) {
            size_t close = slice_find(slice_after(p, i), ']');
            marker m;
            if (i + close >= p.len) return jfail(e, "D3135", "No matching closing bracket ']' in date/time picture string");
            if (!read_marker(e, slice_from_to(p, i + 1, i + close), &m)) return jundefined;
            component_text(e, &b, &m, (int64_t)ms, east);
            i += close;
        } else {
            buf_char(&b, p.at[i]);
            if ((p.at[i] == '[' || p.at[i] == ']') && twice) i++;
        }
    }
    return jstring(buf_as_slice(&b));
}

/* ---- reading ---- */

typedef struct { int year, month, day, day_of_year, hour, minute, second, ms, pm, east; bool has_year, has_date, has_half, has_hour, has_minute, by_week; } parsed;

static bool take_number(slice *s, size_t most, int *out, size_t *digits) {
    size_t n = 0;
    long long value = 0;
    while (n < s->len && n < most && s->at[n] >= '0' && s->at[n] <= '9') value = value * 10 + (s->at[n++] - '0');
    *out = (int)value;
    *digits = n;
    *s = slice_after(*s, n);
    return n > 0;
}

static bool take_name(slice *s, const char *const *names, size_t count, int *out) {
    for (size_t i = 0; i < count; i++)
        for (size_t len = strlen(names[i]); len >= 3; len--)    /* whole, or cut */
            if (s->len >= len && slice_same_letters(slice_from_to(*s, 0, len), (slice){ names[i], len })) {
                *out = (int)i;
                *s = slice_after(*s, len);
                return true;
            }
    return false;
}

static bool take_zone(slice *s, parsed *t) {
    if (slice_starts(*s, SLICE("GMT"))) *s = slice_after(*s, 3);
    if (slice_starts(*s, SLICE("Z"))) {
        *s = slice_after(*s, 1);
        return true;
    }
    size_t len = 1;
    while (len < s->len && ((s->at[len] >= '0' && s->at[len] <= '9') || s->at[len] == ':')) len++;
    bool ok = s->len > 0 && (s->at[0] == '+' || s->at[0] == '-') && zone_offset(slice_from_to(*s, 0, len > s->len ? s->len : len), &t->east);
    *s = slice_after(*s, ok ? len : 0);
    return ok;
}

/* A number in letters: roman, a to z, words; the longest beginning that reads as one. */
static bool take_spelled(jeval *e, slice *s, const marker *m, int *out) {
    bool words = (m->presentation.at[0] | 32) == 'w';
    size_t most = 0;
    while (most < s->len && most < 120 && (((s->at[most] | 32) >= 'a' && (s->at[most] | 32) <= 'z') || (words && strchr(" ,-", s->at[most]) != NULL))) most++;
    for (size_t len = most; len > 0 && jspend(e, 1); len--) {
        double d;
        bool boundary = len == s->len || (s->at[len] | 32) < 'a' || (s->at[len] | 32) > 'z', letter = (s->at[len - 1] | 32) >= 'a' && (s->at[len - 1] | 32) <= 'z';
        if (!boundary || !letter || !jparse_integer(e, slice_from_to(*s, 0, len), words ? SLICE("w") : m->presentation, &d) || d > 9999) continue;
        *out = (int)d;
        *s = slice_after(*s, len);
        return true;
    }
    return false;
}

static bool take_component(jeval *e, slice *s, const marker *m, parsed *t) {
    int n = 0;
    size_t digits, most = m->most > 0 ? (size_t)m->most : mandatory(m->presentation) > 1 ? mandatory(m->presentation) : 9;
    if (m->component == 'Z' || m->component == 'z') return take_zone(s, t);
    if (m->component == 'P') {
        t->pm = s->len >= 2 && (s->at[0] | 32) == 'p';
        t->has_half = s->len >= 2 && (s->at[1] | 32) == 'm';
        *s = slice_after(*s, t->has_half ? 2 : 0);
        return t->has_half;
    }
    if (m->component == 'M' && is_name(m->presentation)) {
        if (!take_name(s, months, COUNT(months), &n)) return false;
        t->month = n + 1;
        return t->has_date = true;
    }
    if (m->component == 'F' && is_name(m->presentation)) return take_name(s, days, COUNT(days), &n);
    if (m->component != 'f' && strchr("iIaAwW", m->presentation.at[0]) != NULL) {
        if (!take_spelled(e, s, m, &n)) return false;
        digits = 0;
    } else if (!take_number(s, most, &n, &digits)) {
        return false;
    }
    if (m->ordinal && digits > 0 && s->len >= 2) *s = slice_after(*s, 2);
    switch (m->component) {
    case 'Y': t->year = n + (digits == 2 && most == 2 ? 2000 : 0); return t->has_year = t->has_date = true;
    case 'M': t->month = n; return t->has_date = true;
    case 'D': t->day = n; return t->has_date = true;
    case 'd': t->day_of_year = n; return t->has_date = true;
    case 'H': case 'h': t->hour = n; return t->has_hour = true;
    case 'm': t->minute = n; return t->has_minute = true;
    case 's': t->second = n; return true;
    case 'f':
        for (; digits < 3; digits++) n *= 10;
        for (; digits > 3; digits--) n /= 10;
        t->ms = n;
        return true;
    case 'W': case 'w': case 'X': case 'x': return t->by_week = true;
    default: return m->component == 'F';
    }
}

static jvalue moment(jeval *e, const parsed *given) {
    parsed t = *given;
    bool gap = (t.has_year && t.day > 0 && t.month == 0) || (t.has_minute && !t.has_hour) || t.by_week;
    if (gap) return jfail(e, "D3136", "The date/time picture string is missing specifiers required to parse the timestamp");
    civil_time today = civil_of(asl_floor_div(asl_now(e->data->machinery), 1000));
    if (!t.has_year) t.year = today.year;
    if (!t.has_date) t.month = today.month, t.day = today.day;
    if (t.month == 0) t.month = 1;
    if (t.day == 0) t.day = 1;
    if (t.has_half) t.hour = t.hour % 12 + (t.pm ? 12 : 0);
    if (t.year > 9999 || t.month > 12 || t.day > civil_month_days(t.year, t.month) || t.hour > 24 || t.minute > 59 || t.second > 60 || t.day_of_year > 366)
        return jundefined;
    int64_t day = t.day_of_year > 0 ? civil_days(t.year, 1, 1) + t.day_of_year - 1 : civil_days(t.year, t.month, t.day);
    return jnumber((double)((day * 86400 + t.hour * 3600 + (t.minute - t.east) * 60 + t.second) * 1000 + t.ms));
}

static jvalue to_millis(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    slice s = args[0].text, p = count > 1 && args[1].kind == JV_STRING ? args[1].text : SLICE("");
    parsed t = { 0 };
    if (p.len == 0) {    /* ISO 8601, shortened from the right */
        static const struct { char component, before; } parts[] = { { 'Y', 0 }, { 'M', '-' }, { 'D', '-' }, { 'H', 'T' }, { 'm', ':' }, { 's', ':' }, { 'f', '.' } };
        for (size_t i = 0; i < COUNT(parts) && s.len > 0; i++) {
            marker m = { .component = parts[i].component, .presentation = SLICE("1") };
            if (parts[i].before != 0 && s.at[0] != parts[i].before) continue;
            if (parts[i].before != 0) s = slice_after(s, 1);
            m.most = i == 0 ? 4 : i < 6 ? 2 : 9;
            if (!take_component(e, &s, &m, &t))
                return jfail(e, "D3110", "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"%.*s\"",
                    SLICE_ARG(args[0].text));
        }
        jvalue v = !t.has_year || (s.len > 0 && (!take_zone(&s, &t) || s.len > 0)) ? jundefined : moment(e, &t);
        return jdefined(v) ? v : jfail(e, "D3110", "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"%.*s\"",
            SLICE_ARG(args[0].text));
    }
    size_t components = 0;
    for (size_t i = 0; i < p.len && jspend(e, 1); i++) {
        bool twice = i + 1 < p.len && p.at[i + 1] == p.at[i];
        if (p.at[i] == '[' && !twice) {
            size_t close = slice_find(slice_after(p, i), ']');
            marker m;
            components++;
            if (i + close >= p.len) return jfail(e, "D3135", "No matching closing bracket ']' in date/time picture string");
            if (!read_marker(e, slice_from_to(p, i + 1, i + close), &m) || !take_component(e, &s, &m, &t)) return jundefined;
            i += close;
            continue;
        }
        if (s.len == 0 || s.at[0] != p.at[i]) return jundefined;
        s = slice_after(s, 1);
        if ((p.at[i] == '[' || p.at[i] == ']') && twice) i++;
    }
    return s.len == 0 && components > 0 ? moment(e, &t) : jundefined;
}

static jvalue from_millis(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    return formatted(e, args[0].number, count > 1 ? args[1] : jundefined, count > 2 ? args[2] : jundefined);
}

static jvalue now(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    return formatted(e, (double)asl_now(e->data->machinery), count > 0 ? args[0] : jundefined, count > 1 ? args[1] : jundefined);
}

static jvalue millis(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)args, (void)count, (void)input;
    return jnumber((double)asl_now(e->data->machinery));
}

const jbuiltin jfunctions_dates[] = {
    { "toMillis", "<s-s?:n>", 2, to_millis },
    { "fromMillis", "<n-s?s?:s>", 3, from_millis },
    { "now", "<s?s?:s>", 0, now },
    { "millis", "<:n>", 0, millis },
    { NULL, NULL, 0, NULL },
};
