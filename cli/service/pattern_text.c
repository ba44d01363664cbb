#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "service/pattern_parts.h"

/* ---- numbers ---- */

#define EXACT_DIGITS 17      /* every double has a shortest decimal of at most 17 digits (IEEE 754, binary64) */
#define SAFE_DIGITS 15       /* and every decimal of at most 15 is the shortest of its double */
#define SAFE_EXPONENT 290

typedef struct {
    char digits[EXACT_DIGITS + 1];   /* without zeros at both ends */
    int len;
    long exponent;                   /* of the first digit */
    bool negative;
} decimal;

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* False when the text is no JSON number or has too many digits to be a double. */
static bool decimal_read(slice text, decimal *d) {
    size_t i = 0;
    long point = 0, exponent = 0;    /* `point`: exponent of the next digit, relative */
    bool begun = false, dot = false, any = false;
    *d = (decimal){ .len = 0 };
    long zeros = 0;                  /* inner zeros not yet written */
    if (i < text.len && (text.at[i] == '-' || text.at[i] == '+')) d->negative = text.at[i++] == '-';
    for (; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.') {
            if (dot) return false;
            dot = true;
            continue;
        }
        if (!digit(c)) break;
        any = true;
        if (begun || c != '0') {
            if (!begun) {
                begun = true;
                d->exponent = dot ? point - 1 : 0;
            } else if (!dot) {
                d->exponent++;
            }
            if (c == '0') {
                zeros++;
            } else {
                if (zeros + d->len >= EXACT_DIGITS) return false;
                for (; zeros > 0; zeros--) d->digits[d->len++] = '0';
                d->digits[d->len++] = c;
            }
        }
        if (dot) point--;
    }
    if (!any) return false;
    if (i < text.len && (text.at[i] == 'e' || text.at[i] == 'E')) {
        bool minus = false, some = false;
        i++;
        if (i < text.len && (text.at[i] == '-' || text.at[i] == '+')) minus = text.at[i++] == '-';
        for (; i < text.len && digit(text.at[i]); i++) {
            some = true;
            if (exponent < 100000) exponent = exponent * 10 + (text.at[i] - '0');
        }
        if (!some) return false;
        if (minus) exponent = -exponent;
    }
    d->exponent += exponent;
    return i == text.len;
}

static double decimal_double(const decimal *d) {
    char text[EXACT_DIGITS + 32];
    /* digits e exponent, without a point: a point would be read by the locale */
    snprintf(text, sizeof text, "%s%.*se%ld", d->negative ? "-" : "", d->len, d->digits, d->exponent - (d->len - 1));
    return strtod(text, NULL);
}

bool pattern_number(slice text, double *out) {
    decimal d;
    if (!decimal_read(text, &d)) return false;
    if (d.len == 0) {
        *out = 0;
        return true;
    }
    if (d.exponent > 308 || d.exponent < -324) return false;
    double n = decimal_double(&d);
    if (n - n != 0 || n == 0) return false;   /* infinite, or too small */
    if (d.len > SAFE_DIGITS || d.exponent > SAFE_EXPONENT || d.exponent < -SAFE_EXPONENT) {
        char printed[64];
        int precision = d.len - 1;
        /* the shortest decimal that reads back: ours must be it */
        for (int p = 0; p < precision; p++) {
            snprintf(printed, sizeof printed, "%.*e", p, n);
            if (strtod(printed, NULL) == n) return false;
        }
        snprintf(printed, sizeof printed, "%.*e", precision, n);
        for (char *c = printed; *c != '\0'; c++)
            if (*c != '-' && *c != '+' && *c != 'e' && !digit(*c)) *c = '.';
        decimal back;
        if (!decimal_read(slice_from(printed), &back) || back.len != d.len || back.exponent != d.exponent
            || memcmp(back.digits, d.digits, (size_t)d.len) != 0)
            return false;
    }
    *out = n;
    return true;
}

/* ---- addresses ---- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool ip4_read(slice text, pattern_ip *out) {
    if (text.len > 15) return false;
    slice rest = text, part;
    size_t n = 0;
    while (slice_cut(&rest, '.', &part)) {
        if (n == 4 || part.len == 0) return false;
        unsigned sum = 0;
        for (size_t i = 0; i < part.len; i++) {
            if (!digit(part.at[i])) return false;
            sum = sum * 10 + (unsigned)(part.at[i] - '0');
            if (sum > 255) return false;
        }
        out->bytes[n++] = (uint8_t)sum;
    }
    out->len = 4;
    return n == 4;
}

static bool ip6_read(slice text, pattern_ip *out) {
    uint16_t groups[8];
    size_t n = 0, gap = 9, i = 0;
    if (slice_starts(text, SLICE("::"))) {
        gap = 0;
        i = 2;
    } else if (text.len > 0 && text.at[0] == ':') {
        return false;
    }
    while (i < text.len) {
        unsigned group = 0;
        size_t from = i;
        for (; i < text.len && hex_digit(text.at[i]) >= 0; i++) {
            if (i - from == 4) return false;
            group = group * 16 + (unsigned)hex_digit(text.at[i]);
        }
        if (i == from || n == 8) return false;
        groups[n++] = (uint16_t)group;
        if (i == text.len) break;
        if (text.at[i] != ':' || ++i == text.len) return false;
        if (text.at[i] == ':') {
            if (gap != 9) return false;
            gap = n;
            i++;
        }
    }
    if (gap == 9 ? n != 8 : n > 7) return false;
    memset(out, 0, sizeof *out);
    out->len = 16;
    size_t head = gap == 9 ? n : gap;
    for (size_t g = 0; g < n; g++) {
        size_t at = g < head ? g : 8 - n + g;
        out->bytes[2 * at] = (uint8_t)(groups[g] >> 8);
        out->bytes[2 * at + 1] = (uint8_t)(groups[g] & 0xff);
    }
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (memcmp(out->bytes, mapped, sizeof mapped) == 0) {   /* ::ffff:0:0/96 is IPv4 (RFC 4291, 2.5.5.2) */
        memmove(out->bytes, out->bytes + 12, 4);
        out->len = 4;
    }
    return true;
}

bool pattern_ip_read(slice text, pattern_ip *out) {
    *out = (pattern_ip){ .len = 0 };
    bool ok = slice_find(text, ':') < text.len ? ip6_read(text, out) : ip4_read(text, out);
    if (!ok) *out = (pattern_ip){ .len = 0 };
    return ok;
}

const char *pattern_cidr_read(slice text, pattern_ip *out, unsigned *bits) {
    size_t at = slice_find(text, '/');
    if (at == text.len) return "an address range is written ADDRESS/BITS, as in 10.0.0.0/24";
    long long n;
    if (!slice_int(slice_after(text, at + 1), &n)) return "the number of bits after the / must be a whole number";
    if (!pattern_ip_read(slice_from_to(text, 0, at), out)) return "that is no IP address";
    if (n < 0 || n >= out->len * 8)
        return out->len == 4 ? "an IPv4 range has 0 to 31 bits (for one address write the address itself)"
                             : "an IPv6 range has 0 to 127 bits (for one address write the address itself)";
    *bits = (unsigned)n;
    return NULL;
}

size_t pattern_ip_hex(const pattern_ip *ip, char out[PATTERN_IP_HEX]) {
    for (size_t i = 0; i < ip->len; i++) {
        out[2 * i] = "0123456789ABCDEF"[ip->bytes[i] >> 4];
        out[2 * i + 1] = "0123456789ABCDEF"[ip->bytes[i] & 15];
    }
    return ip->len * 2u;
}

bool pattern_ip_within(const pattern_ip *net, unsigned bits, slice hex) {
    char low[PATTERN_IP_HEX] = { 0 }, high[PATTERN_IP_HEX] = { 0 };
    pattern_ip bottom = *net, top = *net;
    for (unsigned bit = bits; bit < net->len * 8u; bit++) {
        unsigned mask = 0x80u >> (bit % 8);
        bottom.bytes[bit / 8] = (uint8_t)(bottom.bytes[bit / 8] & ~mask);
        top.bytes[bit / 8] = (uint8_t)(top.bytes[bit / 8] | mask);
    }
    size_t len = pattern_ip_hex(&bottom, low);
    pattern_ip_hex(&top, high);
    bool at_low = true, at_high = true;
    for (size_t i = 0; i < len && (at_low || at_high); i++) {
        if (i == hex.len || !((hex.at[i] >= '0' && hex.at[i] <= '9') || (hex.at[i] >= 'A' && hex.at[i] <= 'F'))) return false;
        if ((at_low && hex.at[i] < low[i]) || (at_high && hex.at[i] > high[i])) return false;
        at_low = at_low && hex.at[i] == low[i];
        at_high = at_high && hex.at[i] == high[i];
        if (!at_low && !at_high) return true;
    }
    return true;
}

/* ---- letters, case aside ---- */

/* Reads one character; a byte that begins none stands for itself. */
static uint32_t next_char(slice *s) {
    size_t len;
    uint32_t c = utf8_decode(*s, &len);
    if (len == 0) {
        c = 0x110000u + (unsigned char)s->at[0];
        len = 1;
    }
    *s = slice_after(*s, len);
    return c;
}

/* Walks both as long as they agree; true when the pattern is used up, *text is what is left. */
static bool fold_along(slice pattern, slice *text) {
    while (pattern.len > 0) {
        if (text->len == 0) return false;
        uint32_t p = next_char(&pattern), t = next_char(text);
        if (p != t && pattern_lower(p) != t && pattern_upper(p) != t) return false;
    }
    return true;
}

bool pattern_starts_fold(slice pattern, slice text) { return fold_along(pattern, &text); }
bool pattern_same_fold(slice pattern, slice text) { return fold_along(pattern, &text) && text.len == 0; }

bool pattern_ends_fold(slice pattern, slice text) {
    size_t characters = 0;
    for (slice rest = pattern; rest.len > 0; next_char(&rest)) characters++;
    size_t from = text.len;
    for (; characters > 0 && from > 0; characters--) {
        do from--;
        while (from > 0 && ((unsigned char)text.at[from] & 0xC0) == 0x80);
    }
    return characters == 0 && pattern_same_fold(pattern, slice_after(text, from));
}

/* ---- wildcards ---- */

const char *pattern_glob_read(arena *a, slice text, pattern_glob *out) {
    VEC(slice) pieces = { 0 };
    char *plain = ARENA_ARRAY(a, char, text.len);
    size_t len = 0, from = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '*') {
            if (i + 1 < text.len && text.at[i + 1] == '*') return "two * in a row are refused: one is enough";
            VEC_PUSH(a, &pieces, (slice){ plain + from, len - from });
            from = len;
            continue;
        }
        if (c == '\\') {
            if (i + 1 == text.len || (text.at[i + 1] != '*' && text.at[i + 1] != '\\'))
                return "a \\ stands before * or \\ only: write \\\\ for one";
            c = text.at[++i];
        }
        plain[len++] = c;
    }
    VEC_PUSH(a, &pieces, (slice){ plain + from, len - from });
    *out = (pattern_glob){ pieces.at, pieces.len };
    return NULL;
}

bool pattern_glob_matches(const pattern_glob *g, slice text) {
    slice head = g->pieces[0], tail = g->pieces[g->len - 1];
    if (g->len == 1) return slice_eq(head, text);
    if (text.len < head.len + tail.len || !slice_starts(text, head) || !slice_ends(text, tail)) return false;
    slice rest = { text.at + head.len, text.len - head.len - tail.len };
    for (size_t i = 1; i + 1 < g->len; i++) {
        size_t at = slice_find_slice(rest, g->pieces[i]);
        if (at == (size_t)-1) return false;
        rest = slice_after(rest, at + g->pieces[i].len);
    }
    return true;
}
