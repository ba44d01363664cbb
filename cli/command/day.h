/* Days of the calendar, for --now. */
#ifndef SFLINT_COMMAND_DAY_H
#define SFLINT_COMMAND_DAY_H

#include <stdint.h>

#include "base/slice.h"

/* "2026-11-25" -> seconds from 1970-01-01 UTC to the begin of that day; false when there is no such day. */
bool day_seconds(slice text, int64_t *seconds);

#endif
