/* Numbers by a picture: XPath and XQuery Functions 3.1, fn:format-number and fn:format-integer, as far as JSONata takes them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "smoke/asl/jsonata_parts.h"

#define DIGITS_MOST 60

/* ---- $formatNumber ---- */

typedef enum { C_DECIMAL, C_GROUPING, C_EXPONENT, C_MINUS, C_PERCENT, C_PER_MILLE, C_ZERO, C_DIGIT, C_PATTERN, C_COUNT } symbol;

static const struct { const char *name, *text; } symbols[C_COUNT] = {
    [C_DECIMAL] = { "decimal-separator", "." },    [C_GROUPING] = { "grouping-separator", "," },       [C_EXPONENT] = { "exponent-separator", "e" },
    [C_MINUS] = { "minus-sign", "-" },             [C_PERCENT] = { "percent", "%" },                   [C_PER_MILLE] = { "per-mille", "\xE2\x80\xB0" },
    [C_ZERO] = { "zero-digit", "0" },              [C_DIGIT] = { "digit", "#" },                       [C_PATTERN] = { "pattern-separator", ";" },
};

typedef struct {
    jeval *e;
    slice text[C_COUNT];
    uint32_t zero;
} format;

typedef struct {
    slice prefix, suffix;
    size_t groups[DIGITS_MOST], group_count;            /* digits to the right of each separator */
    size_t fraction_groups[DIGITS_MOST], fraction_group_count;
    size_t least_whole, scaling, least_fraction, most_fraction, least_exponent;
    bool has_exponent, percent, per_mille, has_decimal;
} picture;

static bool at(const format *f, slice s, size_t i, symbol c) { return slice_starts(slice_after(s, i), f->text[c]) && f->text[c].len > 0; }

static bool is_digit(const format *f, slice s, size_t i, size_t *len) {
    uint32_t c = utf8_decode(slice_after(s, i), len);
    return c >= f->zero && c < f->zero + 10;
}

static bool active(const format *f, slice s, size_t i) {
    size_t len;
    return is_digit(f, s, i, &len) || at(f, s, i, C_DIGIT) || at(f, s, i, C_DECIMAL) || at(f, s, i, C_GROUPING);
}

static size_t width(slice s, size_t i) {
    size_t len = utf8_len(slice_after(s, i));
    return len == 0 ? 1 : len;
}

/* The rules of fn:format-number about what may stand where; `s` is the part from the first digit to the last. */
static bool picture_holds(const format *f, slice s, const picture *p, size_t percents) {
    size_t decimals = 0, len, digits = 0;
    bool mandatory = false, optional = false, grouped = false, exponent = false;
    if (percents > 1)
        return jfail(f->e, p->percent && p->per_mille ? "D3084" : p->percent ? "D3082" : "D3083",
            "A sub-picture takes only one percent or per-mille sign"), false;
    if (percents > 0 && p->has_exponent) return jfail(f->e, "D3092", "A sub-picture with a percent sign must not have an exponent"), false;
    for (size_t i = 0; i < s.len; i += width(s, i)) {
        bool decimal = at(f, s, i, C_DECIMAL), group = at(f, s, i, C_GROUPING), digit = is_digit(f, s, i, &len), hash = at(f, s, i, C_DIGIT);
        if (!decimal && !group && !digit && !hash) {
            exponent = true;
            continue;
        }
        if (exponent && !digit) return jfail(f->e, "D3093", "The exponent part of a sub-picture consists of digits only"), false;
        if (decimal && ++decimals > 1) return jfail(f->e, "D3081", "A sub-picture takes only one decimal separator"), false;
        if ((decimal && grouped) || (group && i > 0 && s.at[i - 1] == f->text[C_DECIMAL].at[0]))
            return jfail(f->e, "D3087", "A grouping separator must not stand beside the decimal separator"), false;
        if (group && grouped) return jfail(f->e, "D3089", "Two grouping separators must not stand side by side"), false;
        if (hash && decimals == 0 && mandatory) return jfail(f->e, "D3090", "The integer part must not have # behind a digit"), false;
        if (digit && decimals > 0 && optional && !exponent) return jfail(f->e, "D3091", "The fractional part must not have a digit behind #"), false;
        if (decimal) mandatory = optional = false;
        mandatory = mandatory || digit;
        optional = optional || hash;
        digits += (digit || hash) && !exponent;
        grouped = group;
    }
    if (grouped && decimals == 0) return jfail(f->e, "D3088", "The integer part must not end with a grouping separator"), false;
    return digits > 0 || (jfail(f->e, "D3085", "The mantissa must have a digit"), false);
}

static bool read_picture(format *f, slice s, picture *p) {
    size_t begin = 0, end, len, whole_digits = 0, decimal_places = 0, separators[DIGITS_MOST], separator_count = 0;
    *p = (picture){ 0 };
    while (begin < s.len && !active(f, s, begin)) begin += width(s, begin);
    if (begin == s.len) return jfail(f->e, "D3085", "The picture string must contain a digit"), false;
    size_t i = begin;
    for (size_t exponent = 0; i < s.len; i += exponent > 0 ? exponent : width(s, i)) {
        exponent = 0;
        if (active(f, s, i)) {
            if (p->has_exponent && is_digit(f, s, i, &len)) p->least_exponent++;
            else if (at(f, s, i, C_DECIMAL)) p->has_decimal = true;
            else if (at(f, s, i, C_GROUPING)) {
                if (p->has_decimal ? p->fraction_group_count >= DIGITS_MOST : separator_count >= DIGITS_MOST)
                    return jfail(f->e, "D3086", "The picture string is too long"), false;
                if (p->has_decimal) p->fraction_groups[p->fraction_group_count++] = decimal_places;
                else separators[separator_count++] = whole_digits;
            } else {
                bool digit = is_digit(f, s, i, &len);
                if (p->has_decimal) decimal_places++, p->least_fraction += digit, p->most_fraction++;
                else whole_digits++, p->least_whole += digit;
            }
        } else if (!p->has_exponent && at(f, s, i, C_EXPONENT) && i > begin && i + f->text[C_EXPONENT].len < s.len &&
            is_digit(f, s, i + f->text[C_EXPONENT].len, &len)) {
            p->has_exponent = true;
            exponent = f->text[C_EXPONENT].len;
        } else {
            break;
        }
    }
    end = i;
    p->prefix = slice_from_to(s, 0, begin);
    p->suffix = slice_after(s, end);
    for (i = 0; i < separator_count; i++) p->groups[i] = whole_digits - separators[i];
    p->group_count = separator_count;
    size_t percents = 0;
    for (i = 0; i < s.len; i += width(s, i)) {
        if (i >= begin && i < end) continue;
        percents += at(f, s, i, C_PERCENT) || at(f, s, i, C_PER_MILLE);
        p->percent = p->percent || at(f, s, i, C_PERCENT);
        p->per_mille = p->per_mille || at(f, s, i, C_PER_MILLE);
        if (active(f, s, i)) return jfail(f->e, "D3086", "The picture string has a passive character between active ones"), false;
    }
    if (!picture_holds(f, slice_from_to(s, begin, end), p, percents)) return false;
    p->scaling = p->least_whole;
    if (p->least_whole == 0 && p->most_fraction == 0) {
        if (p->has_exponent) p->least_fraction = p->most_fraction = 1;
        else p->least_whole = 1;
    }
    if (p->has_exponent && p->least_whole == 0 && whole_digits > 0) p->least_whole = 1;
    if (p->least_whole == 0 && p->least_fraction == 0) p->least_fraction = 1;
    return p->least_whole <= DIGITS_MOST && p->most_fraction <= DIGITS_MOST;
}

static void put_digit(const format *f, buf *b, char c) {
    char bytes[4];
    size_t len = utf8_encode(f->zero + (uint32_t)(c - '0'), bytes);
    buf_slice(b, (slice){ bytes, len });
}

/* Is there a separator `right` digits from the right? Regular ones go on for ever. */
static bool separated(const picture *p, size_t right) {
    bool regular = p->group_count > 0;
    size_t step = regular ? p->groups[p->group_count - 1] : 0;
    for (size_t i = 0; i < p->group_count; i++) {
        if (p->groups[i] == right) return true;
        regular = regular && step > 0 && p->groups[i] == step * (p->group_count - i);
    }
    return regular && right % step == 0;
}

/* Half to even, on the decimal text as it is meant (1.005 is 1.005). */
static slice fixed(jeval *e, double d, size_t places) {
    char shortest[40], text[400];
    for (int precision = 0; precision < 18; precision++) {
        snprintf(shortest, sizeof shortest, "%.*e", precision, d);
        if (strtod(shortest, NULL) == d) break;
    }
    char *power = strchr(shortest, 'e');
    double moved = d;
    if (power != NULL && places > 0) {
        snprintf(text, sizeof text, "%.*se%d", (int)(power - shortest), shortest, atoi(power + 1) + (int)places);
        moved = strtod(text, NULL);
    }
    double near = floor(moved + 0.5);
    if (fabs(near - moved) == 0.5 && fmod(near, 2) != 0) near -= 1;
    if (moved < 9e15) {    /* as digits, so that nothing is rounded twice */
        snprintf(text, sizeof text, "%.0f", near);
        size_t len = strlen(text);
        buf b = { .arena = e->arena };
        for (size_t i = len; i <= places; i++) buf_char(&b, '0');
        buf_text(&b, text);
        slice all = buf_as_slice(&b);
        return places == 0 ? all : arena_printf(e->arena, "%.*s.%.*s", (int)(all.len - places), all.at, (int)places, all.at + all.len - places);
    }
    snprintf(text, sizeof text, "%.*f", (int)places, d);
    return arena_copy(e->arena, slice_from(text));
}

jvalue jformat_number(jeval *e, double value, slice text, jvalue options) {
    format f = { .e = e, .zero = '0' };
    for (size_t i = 0; i < C_COUNT; i++) {
        jvalue given = options.kind == JV_OBJECT ? jobject_get(e, options.object, slice_from(symbols[i].name)) : jundefined;
        f.text[i] = given.kind == JV_STRING && given.text.len > 0 ? given.text : slice_from(symbols[i].text);
    }
    size_t len;
    f.zero = utf8_decode(f.text[C_ZERO], &len);
    size_t cut = slice_find_slice(text, f.text[C_PATTERN]);
    bool two = cut != (size_t)-1, negative = value < 0;
    slice first = two ? slice_from_to(text, 0, cut) : text, second = two ? slice_after(text, cut + f.text[C_PATTERN].len) : text;
    if (two && slice_find_slice(second, f.text[C_PATTERN]) != (size_t)-1)
        return jfail(e, "D3080", "The picture string must only contain a maximum of two sub-pictures");
    picture p, other;
    if (!read_picture(&f, first, &p) || (two && !read_picture(&f, second, &other))) return jfail(e, "D3085", "The picture string can't be read");
    if (negative && two) p = other;
    double d = fabs(value) * (p.percent ? 100 : p.per_mille ? 1000 : 1);
    int exponent = 0;
    if (p.has_exponent && d != 0) {
        exponent = (int)floor(log10(d)) + 1 - (int)p.scaling;
        d = strtod(arena_printf(e->arena, "%.*e", 16, d).at, NULL) / pow(10, exponent);
    }
    slice digits = fixed(e, d, p.most_fraction);
    size_t point = slice_find(digits, '.');
    slice whole = slice_from_to(digits, 0, point), fraction = point < digits.len ? slice_after(digits, point + 1) : SLICE("");
    while (whole.len > 0 && whole.at[0] == '0') whole = slice_after(whole, 1);
    while (fraction.len > p.least_fraction && fraction.at[fraction.len - 1] == '0') fraction.len--;
    buf b = { .arena = e->arena };
    if (negative && !two) buf_slice(&b, f.text[C_MINUS]);
    buf_slice(&b, p.prefix);
    size_t total = whole.len > p.least_whole ? whole.len : p.least_whole;
    for (size_t i = 0; i < total; i++) {
        if (i > 0 && separated(&p, total - i)) buf_slice(&b, f.text[C_GROUPING]);
        put_digit(&f, &b, i < total - whole.len ? '0' : whole.at[i - (total - whole.len)]);
    }
    if (fraction.len > 0) buf_slice(&b, f.text[C_DECIMAL]);
    for (size_t i = 0; i < fraction.len; i++) {
        for (size_t g = 0; g < p.fraction_group_count; g++)
            if (i > 0 && p.fraction_groups[g] == i) buf_slice(&b, f.text[C_GROUPING]);
        put_digit(&f, &b, fraction.at[i]);
    }
    if (p.has_exponent) {
        buf_slice(&b, f.text[C_EXPONENT]);
        if (exponent < 0) buf_slice(&b, f.text[C_MINUS]);
        slice power = arena_printf(e->arena, "%0*d", (int)(p.least_exponent > 20 ? 20 : p.least_exponent), abs(exponent));
        for (size_t i = 0; i < power.len; i++) put_digit(&f, &b, power.at[i]);
    }
    buf_slice(&b, p.suffix);
    return jstring(buf_as_slice(&b));
}

/* ---- $formatInteger ---- */

static const struct { double value; const char *text; } roman[] = {
    { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" }, { 90, "xc" }, { 50, "l" }, { 40, "xl" }, { 10, "x" }, { 9, "ix" },
        { 5, "v" }, { 4, "iv" }, { 1, "i" },
};
static const char *const few[] = { "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
                                   "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen" };
static const char *const few_th[] = { "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
                                      "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth" };
static const char *const tens[] = { "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety" };
static const struct { double value; const char *text; } large[] = { { 1e12, "Trillion" }, { 1e9, "Billion" }, { 1e6, "Million" }, { 1e3, "Thousand" } };

static void words(buf *b, double d, bool before, bool ordinal) {
    for (size_t i = 0; i < COUNT(large); i++) {
        if (d < large[i].value) continue;
        double head = floor(d / large[i].value), rest = fmod(d, large[i].value);
        if (before) buf_text(b, ", ");
        words(b, head, false, false);
        buf_printf(b, " %s%s", large[i].text, rest == 0 && ordinal ? "th" : "");
        if (rest > 0) words(b, rest, true, ordinal);
        return;
    }
    if (d >= 100) {
        double rest = fmod(d, 100);
        buf_printf(b, "%s%s Hundred%s", before ? ", " : "", few[(int)(d / 100)], rest == 0 && ordinal ? "th" : "");
        if (rest > 0) words(b, rest, true, ordinal);
        return;
    }
    if (before) buf_text(b, " and ");
    if (d < 20) {
        buf_text(b, ordinal ? few_th[(int)d] : few[(int)d]);
        return;
    }
    const char *ten = tens[(int)d / 10 - 2];
    int one = (int)d % 10;
    if (one > 0) buf_printf(b, "%s-%s", ten, ordinal ? few_th[one] : few[one]);
    else if (ordinal) buf_printf(b, "%.*sieth", (int)strlen(ten) - 1, ten);
    else buf_text(b, ten);
}

static slice cased(arena *a, slice s, slice like) {
    char *out = ARENA_ARRAY(a, char, s.len + 1);
    bool all_upper = slice_is(like, "W") || slice_is(like, "I") || slice_is(like, "A") || slice_is(like, "N"), keep = slice_is(like, "Ww") || slice_is(like, "Nn");
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!keep && all_upper && c >= 'a' && c <= 'z') c = (char)(c - 32);
        if (!keep && !all_upper && c >= 'A' && c <= 'Z') c = (char)(c + 32);
        out[i] = c;
    }
    return (slice){ out, s.len };
}

static const char *suffix_of(double d) {
    int ones = (int)fmod(d, 10), both = (int)fmod(d, 100);
    return both >= 11 && both <= 13 ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
}

static const uint32_t zeros[] = { '0', 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0xFF10 };

/* The zero of the digits that `c` is one of, or 0. */
static uint32_t zero_of(uint32_t c) {
    for (size_t i = 0; i < COUNT(zeros); i++)
        if (c >= zeros[i] && c < zeros[i] + 10) return zeros[i];
    return 0;
}

/* "#,##0", "001": mandatory digits, and separators at the places that the picture has them, or at every such step when they are regular. */
static void decimal(jeval *e, buf *b, slice digits, slice text) {
    uint32_t marks[DIGITS_MOST], zero = '0';
    size_t places[DIGITS_MOST], mark_count = 0, least = 0, all = 0;
    for (size_t i = 0, len; i < text.len; i += len == 0 ? 1 : len) {
        uint32_t c = utf8_decode(slice_after(text, i), &len);
        if (c == '#' || zero_of(c) != 0) {
            if (c != '#' && least > 0 && zero_of(c) != zero) jfail(e, "D3131", "In a decimal digit pattern, all digits must be from the same decimal group");
            if (c != '#') zero = zero_of(c), least++;
            all++;
        } else if (mark_count < DIGITS_MOST) {
            marks[mark_count] = c;
            places[mark_count++] = all;
        }
    }
    if (least == 0) jfail(e, "D3130", "Formatting or parsing an integer as a sequence starting with this token is not supported by this implementation");
    bool regular = mark_count > 0;
    size_t step = mark_count > 0 ? all - places[mark_count - 1] : 0;
    for (size_t i = 0; i < mark_count; i++) regular = regular && step > 0 && marks[i] == marks[0] && all - places[i] == step * (mark_count - i);
    size_t total = digits.len > least ? digits.len : least;
    for (size_t i = 0; i < total && !jfailed(e); i++) {
        char bytes[4];
        size_t right = total - i;
        uint32_t mark = 0;
        for (size_t k = 0; k < mark_count; k++)
            if (all - places[k] == right) mark = marks[k];
        if (regular && right % step == 0) mark = marks[0];
        if (i > 0 && mark != 0) buf_slice(b, (slice){ bytes, utf8_encode(mark, bytes) });
        char digit = i < total - digits.len ? '0' : digits.at[i - (total - digits.len)];
        buf_slice(b, (slice){ bytes, utf8_encode(zero + (uint32_t)(digit - '0'), bytes) });
    }
}

slice jformat_integer(jeval *e, double value, slice text) {
    size_t semicolon = text.len;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == ';') semicolon = i;
    slice main = slice_from_to(text, 0, semicolon), modifier = semicolon < text.len ? slice_after(text, semicolon + 1) : SLICE("");
    bool ordinal = modifier.len > 0 && modifier.at[0] == 'o';
    double d = fabs(value);
    buf b = { .arena = e->arena }, inner = { .arena = e->arena };
    if (value < 0) buf_char(&b, '-');
    if (slice_is(main, "w") || slice_is(main, "W") || slice_is(main, "Ww")) {
        words(&inner, d, false, ordinal);
        buf_slice(&b, cased(e->arena, buf_as_slice(&inner), main));
        ordinal = false;
    } else if ((slice_is(main, "i") || slice_is(main, "I")) && d < 1e5) {
        for (size_t i = 0; i < COUNT(roman); i++)
            while (d >= roman[i].value) {
                buf_text(&inner, roman[i].text);
                d -= roman[i].value;
            }
        buf_slice(&b, cased(e->arena, buf_as_slice(&inner), main));
    } else if (slice_is(main, "a") || slice_is(main, "A")) {
        char letters[24];
        size_t len = 0;
        for (double n = d; n > 0 && len < sizeof letters; n = floor((n - 1) / 26)) letters[len++] = (char)('a' + (int)fmod(n - 1, 26));
        while (len > 0) buf_char(&inner, letters[--len]);
        buf_slice(&b, cased(e->arena, buf_as_slice(&inner), main));
    } else {
        char digits[400];
        snprintf(digits, sizeof digits, "%.0f", d);
        decimal(e, &b, slice_from(digits), main);
    }
    if (ordinal) buf_text(&b, suffix_of(fabs(value)));
    return b.bytes.len == 0 ? SLICE("") : buf_as_slice(&b);
}

static bool same_word(slice s, const char *word) { return slice_same_letters(s, slice_from(word)); }

/* "two hundred and twelve thousand, five" */
static bool parse_words(slice s, double *out) {
    double total = 0, part = 0;
    while (s.len > 0) {
        size_t len = 0;
        while (len < s.len && s.at[len] != ' ' && s.at[len] != ',' && s.at[len] != '-') len++;
        slice word = slice_from_to(s, 0, len);
        bool known = len == 0 || same_word(word, "and");
        if (slice_ends(word, SLICE("th")) && !known) {
            slice bare = slice_from_to(word, 0, len - 2);
            if (same_word(bare, "hundred") || same_word(bare, "thousand") || same_word(bare, "million") || same_word(bare, "billion") ||
                same_word(bare, "trillion")) word = bare;
        }
        for (size_t i = 0; i < COUNT(few) && !known; i++)
            if (same_word(word, few[i]) || same_word(word, few_th[i])) part += (double)i, known = true;
        for (size_t i = 0; i < COUNT(tens) && !known; i++) {
            size_t stem = strlen(tens[i]) - 1;
            bool th = word.len == stem + 4 && slice_same_letters(slice_from_to(word, 0, stem), (slice){ tens[i], stem }) && slice_ends(word, SLICE("ieth"));
            if (same_word(word, tens[i]) || th) part += (double)(i + 2) * 10, known = true;
        }
        if (!known && same_word(word, "hundred")) part *= 100, known = true;
        for (size_t i = 0; i < COUNT(large) && !known; i++)
            if (same_word(word, large[i].text)) {
                if (part == 0 && total > 0) total *= large[i].value;    /* "thousand trillion" */
                else total += part * large[i].value;
                part = 0;
                known = true;
            }
        if (!known) return false;
        s = slice_after(s, len < s.len ? len + 1 : len);
    }
    *out = total + part;
    return true;
}

bool jparse_integer(jeval *e, slice text, slice picture_text, double *out) {
    slice main = slice_from_to(picture_text, 0, slice_find(picture_text, ';')), s = cased(e->arena, text, SLICE("n"));
    double d = 0;
    if (slice_is(main, "w") || slice_is(main, "W") || slice_is(main, "Ww")) return parse_words(s, out);
    if (slice_is(main, "i") || slice_is(main, "I")) {
        for (size_t i = 0; i < COUNT(roman); i++)
            while (slice_starts(s, slice_from(roman[i].text))) d += roman[i].value, s = slice_after(s, strlen(roman[i].text));
        *out = d;
        return s.len == 0;
    }
    bool letters = slice_is(main, "a") || slice_is(main, "A"), minus = s.len > 0 && s.at[0] == '-';
    for (size_t i = minus, len; i < s.len; i += len == 0 ? 1 : len) {
        uint32_t c = utf8_decode(slice_after(s, i), &len);
        if (letters && c >= 'a' && c <= 'z') d = d * 26 + (c - 'a' + 1);
        else if (!letters && zero_of(c) != 0) d = d * 10 + (c - zero_of(c));
        else if (letters || i == 0) return false;
        else if (c >= 'a' && c <= 'z') break;    /* the suffix of an ordinal */
    }
    *out = minus ? -d : d;
    return s.len > 0 && isfinite(d);
}
