/* UTF-8 (RFC 3629): shortest forms only, no surrogates, nothing above U+10FFFF. */
#ifndef SFLINT_BASE_UTF8_H
#define SFLINT_BASE_UTF8_H

#include <stdint.h>

#include "base/slice.h"

/* Bytes of the character at the start of s: 1..4, or 0 when it is not well formed (or s is empty). */
size_t utf8_len(slice s);

/* The character at the start of s; *len as utf8_len. 0xFFFD when not well formed. */
uint32_t utf8_decode(slice s, size_t *len);

/* Writes a code point as 1..4 bytes; gives their number (0 for a surrogate or a number above U+10FFFF). */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Index of the first byte that is not part of a well-formed character, or s.len. */
size_t utf8_first_bad(slice s);

/* Number of code points in well-formed text. */
size_t utf8_count(slice s);

#endif
