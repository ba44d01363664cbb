#include "base/utf8.h"

static bool tail(unsigned char c) { return (c & 0xC0) == 0x80; }

size_t utf8_len(slice s) {
    const unsigned char *p = (const unsigned char *)s.at;
    if (s.len == 0) return 0;
    if (p[0] < 0x80) return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) return s.len >= 2 && tail(p[1]) ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        if (s.len < 3 || !tail(p[1]) || !tail(p[2])) return 0;
        if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
        if (p[0] == 0xED && p[1] > 0x9F) return 0;
        return 3;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        if (s.len < 4 || !tail(p[1]) || !tail(p[2]) || !tail(p[3])) return 0;
        if (p[0] == 0xF0 && p[1] < 0x90) return 0;
        if (p[0] == 0xF4 && p[1] > 0x8F) return 0;
        return 4;
    }
    return 0;
}

uint32_t utf8_decode(slice s, size_t *len) {
    const unsigned char *p = (const unsigned char *)s.at;
    size_t n = utf8_len(s);
    *len = n;
    switch (n) {
    case 1: return p[0];
    case 2: return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3: return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4: return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default: return 0xFFFD;
    }
}

size_t utf8_encode(uint32_t c, char out[4]) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        if (c >= 0xD800 && c <= 0xDFFF) return 0;
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    if (c > 0x10FFFF) return 0;
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t utf8_first_bad(slice s) {
    size_t i = 0;
    while (i < s.len) {
        if ((unsigned char)s.at[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = utf8_len(slice_after(s, i));
        if (len == 0) return i;
        i += len;
    }
    return s.len;
}

size_t utf8_count(slice s) {
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        if (!tail((unsigned char)s.at[i])) count++;
    return count;
}
