/* Inside the pattern engine; nobody else includes it.
 * A pattern is a list of branches ($or multiplied out), a branch is a list of clauses (all must hold), a clause is a path and a list of
 * matchers (one must hold). */
#ifndef SFLINT_SERVICE_PATTERN_PARTS_H
#define SFLINT_SERVICE_PATTERN_PARTS_H

#include "service/pattern.h"

/* ---- texts, numbers, addresses (pattern_text.c) ---- */

/* Reads a JSON number. False when it is none, or when no double is exactly this decimal: EventBridge compares such numbers as text. */
bool pattern_number(slice text, double *out);

typedef struct {
    uint8_t bytes[16];
    uint8_t len;            /* 4 or 16; 0 = none */
} pattern_ip;
bool pattern_ip_read(slice text, pattern_ip *out);
/* ADDRESS/BITS; NULL when fine, else what is wrong with it. Bits below 32 (128): EventBridge refuses a mask of the full length. */
const char *pattern_cidr_read(slice text, pattern_ip *out, unsigned *bits);
/* EventBridge compares addresses as texts of hexadecimal digits, and is done at the first digit that lies inside the range: an IPv6 address
 * (or a bare number, where the field is not compared as a number) that begins like one of an IPv4 range is in it too. */
#define PATTERN_IP_HEX 32
size_t pattern_ip_hex(const pattern_ip *ip, char out[PATTERN_IP_HEX]);
bool pattern_ip_within(const pattern_ip *net, unsigned bits, slice hex);

/* Case aside, letter by letter, as Unicode's simple mappings have it. */
bool pattern_same_fold(slice pattern, slice text);
bool pattern_starts_fold(slice pattern, slice text);
bool pattern_ends_fold(slice pattern, slice text);
/* Upper and lower case of a letter; itself where there is none (pattern_fold.c). */
uint32_t pattern_upper(uint32_t c);
uint32_t pattern_lower(uint32_t c);

/* `*` any run, `\*` and `\\` themselves. A wildcard is cut into the literal pieces between its stars. */
typedef struct {
    const slice *pieces;
    size_t len;             /* stars + 1 */
} pattern_glob;
/* NULL when fine, else what is wrong with it. */
const char *pattern_glob_read(arena *a, slice text, pattern_glob *out);
bool pattern_glob_matches(const pattern_glob *g, slice text);

/* ---- compiled patterns (pattern_compile.c) ---- */

typedef enum {
    MATCH_TEXT,             /* the string itself */
    MATCH_LITERAL,          /* null, true, false, or a number no double can hold: the token itself */
    MATCH_NUMBER,
    MATCH_RANGE,
    MATCH_IP,               /* a string that is an address: any spelling of the address */
    MATCH_CIDR,
    MATCH_PREFIX, MATCH_PREFIX_FOLD, MATCH_SUFFIX, MATCH_SUFFIX_FOLD, MATCH_FOLD,
    MATCH_WILDCARD,
    MATCH_EXISTS, MATCH_ABSENT,
    MATCH_BUT,              /* none of `subs` */
    MATCH_PARTLY,           /* text with unknown parts: `text` is a glob that every possible text matches */
    MATCH_EITHER,           /* Fn::If: one of `subs`, nobody knows which; fewer than 2 when a branch is absent */
    MATCH_OPEN              /* not known */
} match_op;

typedef struct matcher matcher;
typedef struct {
    const matcher *at;
    size_t len;
} matcher_list;

struct matcher {
    match_op op;
    slice text;
    double low, high;
    bool low_open, high_open;
    pattern_ip ip;
    unsigned bits;
    pattern_glob glob;
    matcher_list subs;
};

typedef struct {
    slice path;
    const value *at;        /* the list in the template, for messages */
    matcher_list any;
    uint32_t order;         /* in the text */
    bool open;              /* the whole value is unknown: it may even be a subtree */
} clause;

typedef struct {
    const clause *at;       /* sorted by path, no path twice: a later one in the text takes an earlier one's place */
    size_t len;
} branch;

struct compiled_pattern {
    pattern_dialect dialect;
    const branch *branches;
    size_t len;
    bool open;              /* more could be wanted than the branches say (past a limit, unknown as a whole, not valid) */
    bool too_large;         /* open because a limit was passed */
};

/* One scalar of an event. */
typedef enum { FIELD_TEXT, FIELD_NUMBER, FIELD_LITERAL, FIELD_OPEN } field_kind;
typedef struct membership membership;
struct membership {          /* the field stands in element `index` of array number `array`; `outer`: of that array itself */
    uint32_t array, index;
    const membership *outer;
};
typedef struct {
    field_kind kind;
    bool numeric;            /* `number` is set */
    double number;
    slice text;              /* TEXT: the string; else the token */
    const membership *in;
} field;

/* Does this scalar satisfy the matcher? ABSENT never is. */
tri matcher_takes(const matcher *m, const field *f);
tri matchers_take(matcher_list l, const field *f);
bool matchers_want_absent(matcher_list l);
/* All of them exact strings? UNKNOWN when one is not known. */
field field_of_text(slice text);
field field_of_number(double n);

/* A pattern given as JSON text is read; anything else is itself. Gives NULL when the text is no JSON. */
const value *pattern_structure(arena *a, const value *v);
/* A matcher list of one value of the pattern; sns lets a bare scalar stand for a list of one. */
bool pattern_is_open(const value *v);
/* Number as text: as written, or printed. */
slice pattern_scalar_text(arena *a, const value *v);

#endif
