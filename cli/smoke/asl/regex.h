/* Regular expressions as JavaScript and Java write them, on PCRE2, with limits. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_REGEX_H
#define SFLINT_SMOKE_ASL_REGEX_H

#include "base/arena.h"

typedef struct asl_regex asl_regex;

/* `flags`: letters of i, m, s. NULL with *error when it is none. Taken from the arena whole. */
const asl_regex *asl_regex_new(arena *a, slice pattern, slice flags, slice *error);

typedef struct {
    size_t start, end;           /* bytes */
    slice *groups;               /* the parenthesised ones; .at NULL: took no part */
    size_t count;
} asl_match;
/* The first match at or behind byte `from` of valid UTF-8. 1: found, 0: none, -1: it takes too long. */
int asl_regex_match(arena *a, const asl_regex *r, slice text, size_t from, asl_match *out);
/* Does it match the whole text? (Java's matches()) */
int asl_regex_whole(arena *a, const asl_regex *r, slice text);

#endif
