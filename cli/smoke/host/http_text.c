/* Percent-encoding and query strings. RFC 3986, section 2. */
#include "smoke/host/http.h"

#include "base/buf.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* A `%` without two digits behind it stands for itself. */
slice http_decode(arena *a, slice text, bool form) {
    char *to = ARENA_ARRAY(a, char, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%' && text.len - i > 2 && hex_digit(text.at[i + 1]) >= 0 && hex_digit(text.at[i + 2]) >= 0) {
            c = (char)(hex_digit(text.at[i + 1]) * 16 + hex_digit(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        to[len++] = c;
    }
    return (slice){ to, len };
}

static bool unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

slice http_encode(arena *a, slice text, bool keep_slashes) {
    static const char digits[] = "0123456789ABCDEF";
    buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (unreserved(text.at[i]) || (c == '/' && keep_slashes)) {
            buf_char(&out, text.at[i]);
        } else {
            buf_char(&out, '%');
            buf_char(&out, digits[c >> 4]);
            buf_char(&out, digits[c & 15]);
        }
    }
    return buf_as_slice(&out);
}

bool http_query(const http_request *r, const char *name, slice *out) {
    slice rest = r->query, part;
    while (slice_cut(&rest, '&', &part)) {
        size_t eq = slice_find(part, '=');
        if (!slice_is(http_decode(r->arena, slice_from_to(part, 0, eq), true), name)) continue;
        *out = eq < part.len ? http_decode(r->arena, slice_after(part, eq + 1), true) : SLICE("");
        return true;
    }
    return false;
}
