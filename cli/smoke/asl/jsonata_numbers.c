/* https://docs.jsonata.org/numeric-functions, aggregation and boolean functions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "smoke/asl/jsonata_parts.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)

static bool digits(slice s, size_t *at) {
    size_t begin = *at;
    while (*at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9') ++*at;
    return *at > begin;
}

/* Decimal, with leading zeros too, or 0x, 0o, 0b. */
static bool parse(arena *a, slice s, double *out) {
    size_t at = s.len > 0 && s.at[0] == '-' ? 1 : 0;
    if (at + 2 < s.len && s.at[at] == '0' && strchr("xXoObB", s.at[at + 1]) != NULL) {
        int base = strchr("xX", s.at[at + 1]) != NULL ? 16 : strchr("oO", s.at[at + 1]) != NULL ? 8 : 2;
        *out = 0;
        for (at += 2; at < s.len; at++) {
            char c = s.at[at];
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
            if (digit >= base) return false;
            *out = *out * base + digit;
        }
        return s.at[0] != '-';
    }
    if (!digits(s, &at)) return false;
    if (at < s.len && s.at[at] == '.' && (++at, !digits(s, &at))) return false;
    if (at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
        at++;
        if (at < s.len && (s.at[at] == '+' || s.at[at] == '-')) at++;
        if (!digits(s, &at)) return false;
    }
    *out = strtod(arena_copy(a, s).at, NULL);
    return at == s.len && isfinite(*out);
}

static jvalue number(jeval *e, jvalue *args, size_t count, jvalue input) {
    double d;
    (void)count, (void)input;
    NONE(args[0]);
    if (args[0].kind == JV_NUMBER) return args[0];
    if (args[0].kind == JV_BOOL) return jnumber(args[0].boolean);
    if (parse(e->arena, args[0].text, &d)) return jnumber(d);
    return jfail(e, "D3030", "Unable to cast value to a number: \"%.*s\"", (int)(args[0].text.len > 80 ? 80 : args[0].text.len), args[0].text.at);
}

/* The number with its decimal point moved, by its shortest text: 1.005 moved by two is 100.5. */
static double shifted(double d, int places) {
    char text[40], moved[64];
    for (int precision = 0; precision < 18; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, d);
        if (strtod(text, NULL) == d) break;
    }
    char *power = strchr(text, 'e');
    if (power == NULL) return d;
    snprintf(moved, sizeof moved, "%.*se%d", (int)(power - text), text, atoi(power + 1) + places);
    return strtod(moved, NULL);
}

/* Half goes to the even neighbour; `places` digits behind the point, before it when negative. */
static double rounded(double d, int places) {
    if (places != 0) d = shifted(d, places);
    double near = floor(d + 0.5);
    if (fabs(near - d) == 0.5 && fabs(fmod(near, 2)) == 1) near -= 1;
    return places == 0 ? near : shifted(near, -places);
}

static jvalue round_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)input;
    NONE(args[0]);
    double places = count > 1 && jdefined(args[1]) ? trunc(args[1].number) : 0;
    if (fabs(places) > 300) return places > 0 ? args[0] : jnumber(0);
    double d = rounded(args[0].number, (int)places);
    return isfinite(d) ? jnumber(d == 0 ? 0 : d) : args[0];
}

#define ONE_NUMBER(name, expression) \
    static jvalue name(jeval *e, jvalue *args, size_t count, jvalue input) { \
        (void)e, (void)count, (void)input; \
        NONE(args[0]); \
        double d = args[0].number; \
        return jnumber(expression); \
    }
ONE_NUMBER(abs_, fabs(d))
ONE_NUMBER(floor_, floor(d))
ONE_NUMBER(ceil_, ceil(d))

static jvalue sqrt_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    return args[0].number >= 0 ? jnumber(sqrt(args[0].number)) : jfail(e, "D3060", "The sqrt function cannot be applied to a negative number");
}

static jvalue power(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    NONE(args[1]);
    double d = pow(args[0].number, args[1].number);
    return isfinite(d) ? jnumber(d) : jfail(e, "D3061", "The power function has resulted in a value that cannot be represented as a JSON number");
}

static jvalue format_base(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    double d = rounded(args[0].number, 0), radix = count > 1 && jdefined(args[1]) ? rounded(args[1].number, 0) : 10;
    if (radix < 2 || radix > 36) return jfail(e, "D3100", "The radix of the formatBase function must be between 2 and 36");
    char text[1100], *at = text + sizeof text;
    bool minus = d < 0;
    d = fabs(d);
    do {
        int digit = (int)fmod(d, radix);
        *--at = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        d = floor(d / radix);
    } while (d >= 1 && at > text + 1);
    if (minus) *--at = '-';
    return jstring(arena_copy(e->arena, (slice){ at, (size_t)(text + sizeof text - at) }));
}

static jvalue format_number(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    if (count < 2 || args[1].kind != JV_STRING) return jundefined;
    return jformat_number(e, args[0].number, args[1].text, count > 2 ? args[2] : jundefined);
}

static jvalue format_integer(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    NONE(args[1]);
    return jstring(jformat_integer(e, floor(args[0].number), args[1].text));
}

static jvalue parse_integer(jeval *e, jvalue *args, size_t count, jvalue input) {
    double d;
    (void)count, (void)input;
    NONE(args[0]);
    NONE(args[1]);
    return jparse_integer(e, args[0].text, args[1].text, &d) ? jnumber(d) : jundefined;
}

/* ---- aggregation ---- */

static jvalue sum(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *l = jlist_of(e, args[0]);
    double total = 0;
    for (size_t i = 0; i < l->len && jspend(e, 1); i++) total += l->at[i].number;
    return jnumber(total);
}

static jvalue extreme(jeval *e, jvalue v, bool most) {
    NONE(v);
    jlist *l = jlist_of(e, v);
    if (l->len == 0) return jundefined;
    double d = l->at[0].number;
    for (size_t i = 1; i < l->len && jspend(e, 1); i++) d = most ? fmax(d, l->at[i].number) : fmin(d, l->at[i].number);
    return jnumber(d);
}
static jvalue max(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, extreme(e, args[0], true); }
static jvalue min(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, extreme(e, args[0], false); }

static jvalue average(jeval *e, jvalue *args, size_t count, jvalue input) {
    NONE(args[0]);
    size_t len = jlist_of(e, args[0])->len;
    if (len == 0) return jundefined;
    jvalue total = sum(e, args, count, input);
    return jnumber(total.number / (double)len);
}

/* ---- booleans ---- */

static jvalue boolean(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    return jbool(jtruth(e, args[0]));
}
static jvalue not_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    return jbool(!jtruth(e, args[0]));
}
static jvalue exists(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)e, (void)count, (void)input, jbool(jdefined(args[0])); }

const jbuiltin jfunctions_numbers[] = {
    { "number", "<(nsb)-:n>", 1, number },
    { "abs", "<n-:n>", 1, abs_ },
    { "floor", "<n-:n>", 1, floor_ },
    { "ceil", "<n-:n>", 1, ceil_ },
    { "round", "<n-n?:n>", 2, round_ },
    { "sqrt", "<n-:n>", 1, sqrt_ },
    { "power", "<n-n:n>", 2, power },
    { "formatBase", "<n-n?:s>", 2, format_base },
    { "formatNumber", "<n-so?:s>", 3, format_number },
    { "formatInteger", "<n-s:s>", 2, format_integer },
    { "parseInteger", "<s-s:n>", 2, parse_integer },
    { "sum", "<a<n>:n>", 1, sum },
    { "max", "<a<n>:n>", 1, max },
    { "min", "<a<n>:n>", 1, min },
    { "average", "<a<n>:n>", 1, average },
    { "boolean", "<x-:b>", 1, boolean },
    { "not", "<x-:b>", 1, not_ },
    { "exists", "<x:b>", 1, exists },
    { NULL, NULL, 0, NULL },
};
