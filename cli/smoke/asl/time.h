/* Moments as the language writes them. */
#ifndef SFLINT_SMOKE_ASL_TIME_H
#define SFLINT_SMOKE_ASL_TIME_H

#include <stdint.h>

#include "base/arena.h"

/* RFC 3339 as the specification asks for it: upper case `T`, seconds, optional fraction, `Z` or an offset. */
bool asl_time_parse(slice text, int64_t *seconds, int32_t *nanos);

/* "2024-01-01T00:00:00.000Z" */
slice asl_time_text(arena *a, int64_t ms);

/* Floor division, for times before 1970. */
static inline int64_t asl_floor_div(int64_t x, int64_t y) { return x / y - (x % y != 0 && (x < 0) != (y < 0)); }

#endif
