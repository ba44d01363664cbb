#include "base/buf.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

void buf_reserve(buf *b, size_t bytes) {
    if (b->bytes.cap - b->bytes.len >= bytes) return;
    char *at = arena_raw(b->arena, 1, 1, b->bytes.len + bytes);
    if (b->bytes.len > 0) memcpy(at, b->bytes.at, b->bytes.len);
    b->bytes.at = at;
    b->bytes.cap = b->bytes.len + bytes;
}

void buf_char(buf *b, char c) { VEC_PUSH(b->arena, &b->bytes, c); }

void buf_slice(buf *b, slice s) {
    while (b->bytes.cap - b->bytes.len < s.len)
        b->bytes.at = vec_grow(b->arena, b->bytes.at, 1, b->bytes.len, &b->bytes.cap);
    if (s.len > 0) memcpy(b->bytes.at + b->bytes.len, s.at, s.len);
    b->bytes.len += s.len;
}

void buf_text(buf *b, const char *text) { buf_slice(b, slice_from(text)); }

size_t buf_number(buf *b, unsigned long long n, size_t width) {
    char digits[24];
    size_t from = sizeof digits;
    do digits[--from] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    size_t len = sizeof digits - from;
    for (size_t i = len; i < width; i++) buf_char(b, ' ');
    buf_slice(b, (slice){ digits + from, len });
    return len < width ? width : len;
}

void buf_printf(buf *b, const char *format, ...) {
    char small[512];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len > 0 && (size_t)len < sizeof small) {
        buf_slice(b, (slice){ small, (size_t)len });
    } else if (len > 0) {
        char *big = arena_alloc(b->arena, 1, 1, (size_t)len + 1);
        vsnprintf(big, (size_t)len + 1, format, again);
        buf_slice(b, (slice){ big, (size_t)len });
    }
    va_end(again);
}

static void item(json_out *j) {
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_item[j->depth]) buf_char(j->out, ',');
    j->has_item[j->depth] = true;
}

static void open_with(json_out *j, char c) {
    item(j);
    buf_char(j->out, c);
    j->depth++;
    assert(j->depth < JSON_OUT_DEPTH);
    j->has_item[j->depth] = false;
}

static void close_with(json_out *j, char c) {
    assert(j->depth > 0);
    j->depth--;
    buf_char(j->out, c);
}

void json_object(json_out *j) { open_with(j, '{'); }
void json_object_end(json_out *j) { close_with(j, '}'); }
void json_list(json_out *j) { open_with(j, '['); }
void json_list_end(json_out *j) { close_with(j, ']'); }

static void quoted(buf *b, slice s) {
    buf_char(b, '"');
    for (size_t i = 0; i < s.len;) {
        unsigned char c = (unsigned char)s.at[i];
        size_t plain = i;
        while (plain < s.len && s.at[plain] >= ' ' && s.at[plain] < 0x7f && s.at[plain] != '"' && s.at[plain] != '\\') plain++;
        if (plain > i) {
            buf_slice(b, slice_from_to(s, i, plain));
            i = plain;
            continue;
        }
        if (c >= 0x80) {
            size_t len = utf8_len(slice_after(s, i));
            if (len == 0) {
                buf_text(b, "\xEF\xBF\xBD");
                i++;
            } else {
                buf_slice(b, slice_from_to(s, i, i + len));
                i += len;
            }
            continue;
        }
        if (c == '"' || c == '\\') {
            buf_char(b, '\\');
            buf_char(b, (char)c);
        } else if (c == '\n') {
            buf_text(b, "\\n");
        } else if (c == '\t') {
            buf_text(b, "\\t");
        } else if (c < 0x20 || c == 0x7f) {
            buf_printf(b, "\\u%04x", c);
        } else {
            buf_char(b, (char)c);
        }
        i++;
    }
    buf_char(b, '"');
}

void json_key(json_out *j, slice key) {
    item(j);
    quoted(j->out, key);
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_string(json_out *j, slice s) {
    item(j);
    quoted(j->out, s);
}

void json_int(json_out *j, long long n) {
    item(j);
    buf_printf(j->out, "%lld", n);
}

void json_double(json_out *j, double d) {
    item(j);
    if (!isfinite(d)) {
        buf_text(j->out, "null");
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d) break;
    }
    buf_text(j->out, text);
}

void json_bool(json_out *j, bool b) {
    item(j);
    buf_text(j->out, b ? "true" : "false");
}

void json_null(json_out *j) {
    item(j);
    buf_text(j->out, "null");
}

void json_raw(json_out *j, slice json) {
    item(j);
    buf_slice(j->out, json);
}

void json_pair_text(json_out *j, const char *key, slice text) {
    json_key(j, slice_from(key));
    json_string(j, text);
}

void json_pair_text_or_null(json_out *j, const char *key, slice text) {
    json_key(j, slice_from(key));
    if (text.len == 0) json_null(j);
    else json_string(j, text);
}

void json_pair_count(json_out *j, const char *key, size_t n) {
    json_key(j, slice_from(key));
    json_int(j, (long long)n);
}
