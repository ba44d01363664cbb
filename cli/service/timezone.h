/* Time zones: IANA names -> UTC offsets, from the system's compiled zone files (TZif, RFC 8536) which the caller reads; and the calendar
 * arithmetic around them. Times are seconds since 1970-01-01T00:00:00 (UTC, or local where the name says so); no leap seconds.
 * The type is not called `timezone`: <time.h> has a variable of that name on some systems. */
#ifndef SFLINT_SERVICE_TIMEZONE_H
#define SFLINT_SERVICE_TIMEZONE_H

#include <stdint.h>

#include "base/arena.h"

typedef struct time_zone time_zone;

/* Reads the zone file of a name (a relative path: "Europe/Berlin"); false when there is none. */
typedef struct {
    bool (*read)(void *self, slice name, slice *bytes);
    void *self;
} zone_reader;

typedef enum {
    ZONE_OK,
    ZONE_UNKNOWN,           /* the zone files are there, this name is not among them */
    ZONE_NO_DATA            /* no zone files here: nothing can be said about the name */
} zone_status;

#define ZONE_MAX_BYTES (1024u * 1024)      /* of one zone file; the largest of tzdata has 4 KB */
#define ZONE_NAME_MAX 50                   /* EventBridge Scheduler API reference, ScheduleExpressionTimezone: 1 to 50 characters */

/* *out is set for ZONE_OK only. UTC and its other names ("Etc/UTC", "GMT", "Zulu", ...) and Etc/GMT+5 need no files. A reader without `read`
 * means no files. */
zone_status timezone_load(arena *a, zone_reader reader, slice name, const time_zone **out);
const time_zone *timezone_fixed(arena *a, int32_t offset_s);
/* A zone file's bytes; NULL when they are none. */
const time_zone *timezone_parse(arena *a, slice bytes);
/* Could this be an IANA name: parts of letters, digits, `_ + -`, with `/` between? */
bool timezone_name_valid(slice name);

/* Seconds east of Greenwich at a moment. NULL is UTC. */
int32_t timezone_offset(const time_zone *z, int64_t utc);

/* Local clock time -> moment.
 *   LOCAL_ONCE     *utc is it
 *   LOCAL_TWICE    clocks were put back: *utc is the earlier one
 *   LOCAL_SKIPPED  clocks were put forward over it: *utc is the moment that much after the jump (02:30 -> 03:30) */
typedef enum { LOCAL_ONCE, LOCAL_TWICE, LOCAL_SKIPPED } local_kind;
local_kind timezone_to_utc(const time_zone *z, int64_t local, int64_t *utc);

/* ---- the calendar (proleptic Gregorian, years 0 to 9999) ---- */

typedef struct {
    int year, month, day;           /* month 1-12, day 1-31 */
    int hour, minute, second;
    int weekday;                    /* 0 = Sunday */
} civil_time;

int64_t civil_days(int year, int month, int day);          /* days since 1970-01-01 */
civil_time civil_of(int64_t seconds);
int civil_month_days(int year, int month);
int civil_weekday(int64_t days);                           /* 0 = Sunday */

/* RFC 3339 and what is commonly written for it: "2026-11-24", "2026-11-24T10:30", "...:00", "...:00.000", then nothing or Z (UTC) or +hh:mm.
 * False when it is none or no such date exists. */
bool time_parse(slice text, int64_t *utc);
/* "2026-11-24T10:30:00Z" */
slice time_text(arena *a, int64_t utc);

#endif
