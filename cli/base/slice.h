/* Borrowed bytes. Never NUL-terminated, never freed: they lie in the input text, in the arena, or in a constant table. */
#ifndef SFLINT_BASE_SLICE_H
#define SFLINT_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *at;
    size_t len;
} slice;

#define SLICE_INIT(lit) { (lit), sizeof(lit) - 1 }      /* in static tables */
#define SLICE(lit)      ((slice)SLICE_INIT(lit))        /* in expressions; literals only */
#define SLICE_ARG(s)    (int)(s).len, (s).at            /* for "%.*s" */
#define COUNT(array)    (sizeof(array) / sizeof((array)[0]))

static inline slice slice_from(const char *text) { return (slice){ text, strlen(text) }; }
/* The last byte first: names that are looked up in tables begin alike more often than they end alike. */
static inline bool slice_eq(slice a, slice b) {
    return a.len == b.len && (a.len == 0 || (a.at[a.len - 1] == b.at[b.len - 1] && memcmp(a.at, b.at, a.len) == 0));
}
static inline bool slice_is(slice a, const char *text) { return slice_eq(a, slice_from(text)); }
static inline bool slice_starts(slice a, slice head) { return a.len >= head.len && (head.len == 0 || memcmp(a.at, head.at, head.len) == 0); }
static inline bool slice_ends(slice a, slice tail) {
    return a.len >= tail.len && (tail.len == 0 || memcmp(a.at + a.len - tail.len, tail.at, tail.len) == 0);
}
static inline slice slice_from_to(slice a, size_t from, size_t to) { return (slice){ a.at + from, to - from }; }
static inline slice slice_after(slice a, size_t from) { return (slice){ a.at + from, a.len - from }; }

/* Byte order, shorter first where one is the head of the other: <0, 0, >0. */
int slice_order(slice a, slice b);

/* The same letters, ASCII case aside. */
bool slice_same_letters(slice a, slice b);

/* Index of the first `c`, or a.len. */
size_t slice_find(slice a, char c);

/* Index of the first `part`, or (size_t)-1. */
size_t slice_find_slice(slice a, slice part);

/* Without ASCII white space at both ends. */
slice slice_trim(slice a);

/* Cuts the part before the next `c` off *rest and puts it into *part; *rest loses the `c` too. False when *rest was used up
 * (rest->at is NULL then). Splitting "a,,b" gives "a", "", "b"; splitting "" gives one "". */
bool slice_cut(slice *rest, char c, slice *part);

/* Glob with `*` (any run) and `?` (one byte), as IAM and ARN patterns use them; linear in len(text) * len(glob) at worst. */
bool slice_glob(slice glob, slice text);

/* Decimal integer with an optional sign and nothing else; false on anything else or overflow. */
bool slice_int(slice a, long long *out);

/* Edit distance (insert, delete, replace, swap of neighbours), given up above `most` (then most + 1). For "did you mean". */
size_t slice_distance(slice a, slice b, size_t most);

/* FNV-1a, 64 bits: the same on every machine and in every version (fingerprints that are kept in files). */
unsigned long long slice_digest(slice a);

/* 64 bits; for tables in memory only: it depends on the byte order of the machine. */
unsigned long long slice_hash(slice a);

#endif
