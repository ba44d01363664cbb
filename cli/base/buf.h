/* Bytes to be printed, and a JSON writer on them. Nothing below command/ writes to a file: it fills a buf. */
#ifndef SFLINT_BASE_BUF_H
#define SFLINT_BASE_BUF_H

#include "base/vec.h"

typedef struct {
    arena *arena;
    VEC(char) bytes;
} buf;

/* Sees that `bytes` more fit without growing: for what is known to become large. */
void buf_reserve(buf *b, size_t bytes);
void buf_char(buf *b, char c);
void buf_slice(buf *b, slice s);
void buf_text(buf *b, const char *text);
void buf_printf(buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* In decimal, at least `width` wide with blanks before it; gives how wide it is. */
size_t buf_number(buf *b, unsigned long long n, size_t width);

static inline slice buf_as_slice(const buf *b) { return (slice){ b->bytes.at, b->bytes.len }; }

/* A JSON writer that puts the commas itself. Strings are written as UTF-8 with control characters escaped; bytes that are no
 * UTF-8 become U+FFFD, so the output is always valid JSON. Depth is limited to JSON_OUT_DEPTH (asserted: our own shapes). */
#define JSON_OUT_DEPTH 128
typedef struct {
    buf *out;
    unsigned depth;
    bool has_item[JSON_OUT_DEPTH], after_key;
} json_out;

void json_object(json_out *j);              /* { */
void json_object_end(json_out *j);
void json_list(json_out *j);                /* [ */
void json_list_end(json_out *j);
void json_key(json_out *j, slice key);
void json_string(json_out *j, slice s);
void json_int(json_out *j, long long n);
void json_double(json_out *j, double d);    /* shortest text that reads back the same; NaN and infinities as null */
void json_bool(json_out *j, bool b);
void json_null(json_out *j);
void json_raw(json_out *j, slice json);     /* already JSON */
#define json_key_text(j, key)  json_key((j), SLICE(key))
/* Key and value in one call; "" is null in the second. */
void json_pair_text(json_out *j, const char *key, slice text);
void json_pair_text_or_null(json_out *j, const char *key, slice text);
void json_pair_count(json_out *j, const char *key, size_t n);

#endif
