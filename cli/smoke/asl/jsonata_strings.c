/* https://docs.jsonata.org/string-functions (without regular expressions: jsonata_regex.c). */
#include <math.h>

#include "base/utf8.h"
#include "smoke/asl/digest.h"
#include "smoke/asl/jsonata_parts.h"
#include "base/digest.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)

static jvalue string(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    return jstring(jtext(e, args[0], count > 1 && args[1].kind == JV_BOOL && args[1].boolean));
}

static jvalue length(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)count, (void)input;
    NONE(args[0]);
    return jnumber((double)utf8_count(args[0].text));
}

/* Byte at which code point `n` begins. */
static size_t place(slice s, double n) {
    size_t at = 0;
    for (double i = 0; i < n && at < s.len; i++) {
        size_t len = utf8_len(slice_after(s, at));
        at += len == 0 ? 1 : len;
    }
    return at;
}

static jvalue cut(slice s, double from, double to) {
    size_t begin = place(s, from), end = to <= from ? begin : place(s, to);
    return jstring(slice_from_to(s, begin, end));
}

static jvalue substring(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)input;
    NONE(args[0]);
    if (count < 2 || !jdefined(args[1])) return args[0];
    double len = (double)utf8_count(args[0].text), from = trunc(args[1].number), end = len;
    if (len + from < 0) from = 0;
    if (count > 2 && jdefined(args[2])) {
        if (args[2].number <= 0) return jstring(SLICE(""));
        end = trunc(from >= 0 ? from + args[2].number : len + from + args[2].number);
    }
    if (from < 0) from += len;
    return cut(args[0].text, from, end < 0 ? end + len : end);
}

static jvalue before(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)count, (void)input;
    NONE(args[0]);
    size_t at = jdefined(args[1]) ? slice_find_slice(args[0].text, args[1].text) : (size_t)-1;
    return at == (size_t)-1 ? args[0] : jstring(slice_from_to(args[0].text, 0, at));
}

static jvalue after(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)count, (void)input;
    NONE(args[0]);
    size_t at = jdefined(args[1]) ? slice_find_slice(args[0].text, args[1].text) : (size_t)-1;
    return at == (size_t)-1 ? args[0] : jstring(slice_after(args[0].text, at + args[1].text.len));
}

/* Letters of Latin, Greek and Cyrillic; others stay. */
static uint32_t other_case(uint32_t c, bool up) {
    static const struct { uint32_t upper, last, to_lower; } runs[] = { { 'A', 'Z', 32 }, { 0xC0, 0xD6, 32 }, { 0xD8, 0xDE, 32 }, { 0x391, 0x3A9, 32 },
        { 0x410, 0x42F, 32 }, { 0x400, 0x40F, 80 } };
    for (size_t i = 0; i < COUNT(runs); i++) {
        uint32_t shift = up ? runs[i].to_lower : 0;
        if (c >= runs[i].upper + shift && c <= runs[i].last + shift && c != 0x3C2) return up ? c - shift : c + runs[i].to_lower;
    }
    if (c >= 0x100 && c <= 0x17F && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 && c != 0x178 && c != 0x17F) {
        bool odd_is_upper = (c >= 0x139 && c <= 0x148) || c >= 0x179, upper = (c % 2 == 1) == odd_is_upper;
        return up == upper ? c : up ? c - 1 : c + 1;
    }
    return c;
}

static jvalue cased(jeval *e, jvalue v, bool up) {
    NONE(v);
    buf b = { .arena = e->arena };
    buf_reserve(&b, v.text.len + 1);
    if (!jspend(e, v.text.len / 8)) return jundefined;
    for (size_t i = 0, len; i < v.text.len; i += len == 0 ? 1 : len) {
        char bytes[4];
        uint32_t c = utf8_decode(slice_after(v.text, i), &len);
        buf_slice(&b, (slice){ bytes, utf8_encode(other_case(c, up), bytes) });
    }
    return jstring(buf_as_slice(&b));
}
static jvalue uppercase(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, cased(e, args[0], true); }
static jvalue lowercase(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, cased(e, args[0], false); }

static jvalue trim(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    buf b = { .arena = e->arena };
    slice s = slice_trim(args[0].text);
    for (size_t i = 0; i < s.len; i++) {
        bool blank = s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n' || s.at[i] == '\r';
        if (!blank) buf_char(&b, s.at[i]);
        else if (b.bytes.len > 0 && b.bytes.at[b.bytes.len - 1] != ' ') buf_char(&b, ' ');
    }
    return jspend(e, s.len / 8) ? jstring(buf_as_slice(&b)) : jundefined;
}

static jvalue pad(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    slice with = count > 2 && args[2].kind == JV_STRING && args[2].text.len > 0 ? args[2].text : SLICE(" ");
    double want = trunc(fabs(args[1].number)) - (double)utf8_count(args[0].text);
    if (want <= 0) return args[0];
    if (want * (double)with.len > JSONATA_STRING) return jfail(e, "U1001", "a text gets longer than %u bytes", JSONATA_STRING);
    buf b = { .arena = e->arena };
    if (args[1].number > 0) buf_slice(&b, args[0].text);
    size_t at = 0;
    for (double i = 0; i < want && jspend(e, 1); i++) {
        size_t len = utf8_len(slice_after(with, at));
        if (len == 0) len = 1;
        buf_slice(&b, slice_from_to(with, at, at + len));
        at = at + len >= with.len ? 0 : at + len;
    }
    if (args[1].number < 0) buf_slice(&b, args[0].text);
    return jstring(buf_as_slice(&b));
}

static jvalue join(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    jlist *l = jlist_of(e, args[0]);
    slice between = count > 1 && args[1].kind == JV_STRING ? args[1].text : SLICE("");
    buf b = { .arena = e->arena };
    for (size_t i = 0; i < l->len && jspend(e, 1); i++) {
        if (i > 0) buf_slice(&b, between);
        buf_slice(&b, l->at[i].kind == JV_STRING ? l->at[i].text : SLICE(""));
        if (b.bytes.len > JSONATA_STRING) return jfail(e, "U1001", "a text gets longer than %u bytes", JSONATA_STRING);
    }
    return jstring(buf_as_slice(&b));
}

static jvalue base64encode(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    return jspend(e, args[0].text.len / 8) ? jstring(base64_encode(e->arena, args[0].text)) : jundefined;
}

static jvalue base64decode(jeval *e, jvalue *args, size_t count, jvalue input) {
    slice bytes;
    (void)count, (void)input;
    NONE(args[0]);
    if (!jspend(e, args[0].text.len / 8)) return jundefined;
    if (!asl_base64_decode(e->arena, args[0].text, &bytes)) return jfail(e, "D3137", "$base64decode: the text is no base64");
    return utf8_first_bad(bytes) == bytes.len ? jstring(bytes) : jfail(e, "D3137", "$base64decode: the bytes are no UTF-8");
}

static jvalue url_encoded(jeval *e, jvalue v, const char *kept) {
    static const char hex[] = "0123456789ABCDEF";
    NONE(v);
    buf b = { .arena = e->arena };
    if (!jspend(e, v.text.len / 4)) return jundefined;
    for (size_t i = 0; i < v.text.len; i++) {
        unsigned char c = (unsigned char)v.text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c != 0 && strchr(kept, c) != NULL)) {
            buf_char(&b, (char)c);
        } else {
            buf_char(&b, '%');
            buf_char(&b, hex[c >> 4]);
            buf_char(&b, hex[c & 15]);
        }
    }
    return jstring(buf_as_slice(&b));
}
static jvalue encode_part(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, url_encoded(e, args[0], "-_.!~*'()"); }
static jvalue encode_url(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, url_encoded(e, args[0], "-_.!~*'();/?:@&=+$,#"); }

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* `kept`: characters whose escapes stay. */
static jvalue url_decoded(jeval *e, jvalue v, const char *kept) {
    NONE(v);
    buf b = { .arena = e->arena };
    if (!jspend(e, v.text.len / 4)) return jundefined;
    for (size_t i = 0; i < v.text.len; i++) {
        if (v.text.at[i] != '%') {
            buf_char(&b, v.text.at[i]);
            continue;
        }
        int high = i + 2 < v.text.len ? hex_digit(v.text.at[i + 1]) : -1, low = i + 2 < v.text.len ? hex_digit(v.text.at[i + 2]) : -1;
        if (high < 0 || low < 0) return jfail(e, "D3140", "Malformed URL passed to a decoding function");
        char c = (char)(unsigned char)(high * 16 + low);
        if (c != 0 && strchr(kept, c) != NULL) buf_slice(&b, slice_from_to(v.text, i, i + 3));
        else buf_char(&b, c);
        i += 2;
    }
    slice out = buf_as_slice(&b);
    return utf8_first_bad(out) == out.len ? jstring(out) : jfail(e, "D3140", "Malformed URL passed to a decoding function");
}
static jvalue decode_part(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, url_decoded(e, args[0], ""); }
static jvalue decode_url(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, url_decoded(e, args[0], ";/?:@&=+$,#"); }

const jbuiltin jfunctions_strings[] = {
    { "string", "<x-b?:s>", 1, string },
    { "length", "<s-:n>", 1, length },
    { "substring", "<s-nn?:s>", 3, substring },
    { "substringBefore", "<s-s:s>", 2, before },
    { "substringAfter", "<s-s:s>", 2, after },
    { "uppercase", "<s-:s>", 1, uppercase },
    { "lowercase", "<s-:s>", 1, lowercase },
    { "trim", "<s-:s>", 1, trim },
    { "pad", "<s-ns?:s>", 3, pad },
    { "join", "<a<s>s?:s>", 2, join },
    { "base64encode", "<s-:s>", 1, base64encode },
    { "base64decode", "<s-:s>", 1, base64decode },
    { "encodeUrlComponent", "<s-:s>", 1, encode_part },
    { "encodeUrl", "<s-:s>", 1, encode_url },
    { "decodeUrlComponent", "<s-:s>", 1, decode_part },
    { "decodeUrl", "<s-:s>", 1, decode_url },
    { NULL, NULL, 0, NULL },
};
