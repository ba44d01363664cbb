/* Schedule expressions: rate(), cron() and at().
 * EventBridge user guide, "Schedule expressions for rules" (UTC, no at()); EventBridge Scheduler user guide, "Schedule types" (time zones,
 * at(), and a rate's unit in either number: deployed templates of aws-samples show `rate(5 minute)`). */
#ifndef SFLINT_SERVICE_SCHEDULE_H
#define SFLINT_SERVICE_SCHEDULE_H

#include "service/timezone.h"

typedef enum { SCHEDULE_RULE, SCHEDULE_SCHEDULER } schedule_dialect;
typedef enum { SCHEDULE_RATE, SCHEDULE_CRON, SCHEDULE_AT } schedule_kind;

/* Years a cron expression can name (EventBridge user guide, "Cron expressions"). */
#define SCHEDULE_FIRST_YEAR 1970
#define SCHEDULE_LAST_YEAR 2199
#define SCHEDULE_YEARS (SCHEDULE_LAST_YEAR - SCHEDULE_FIRST_YEAR + 1)
#define SCHEDULE_MAX_BYTES 256      /* Scheduler API reference, ScheduleExpression: at most 256 characters; rules take the same */

/* Instead of a start or end that is not given. */
#define SCHEDULE_NO_TIME INT64_MIN

typedef struct {
    schedule_kind kind;
    int64_t rate_s;                 /* RATE */
    int64_t at_local;               /* AT: local clock time, seconds since 1970 */
    /* CRON: bit n is value n */
    uint64_t minutes;
    uint32_t hours, month_days;
    uint16_t months;
    uint8_t week_days;              /* bit 0 = Sunday */
    uint64_t years[4];              /* bit n is 1970 + n */
    bool by_week_day;               /* day-of-month is `?` */
    uint32_t near;                  /* nW: the working day nearest to day n, in the same month */
    bool last_day, last_working_day;/* L, LW */
    uint8_t last_of;                /* nL: the month's last such weekday */
    uint8_t nth[7];                 /* n#k: bit k of the weekday's byte */
} schedule;

/* False with *error set: one sentence, with the form that would do where that can be said (a five-field Unix cron is shown with six). */
bool schedule_parse(arena *a, slice text, schedule_dialect d, schedule *out, slice *error);

/* The next time strictly after `after`; false when there is none (never again).
 *   z           the zone its clock shows (NULL: UTC); rates run by elapsed time, whatever the zone
 *   start, end  both included (Scheduler API reference, StartDate, EndDate: "on, or after", "on, or before"); at() takes no heed of them
 * Daylight saving as the Scheduler guide has it: a time that the clock skips does not fire, one that comes twice fires once (the first time).
 * An at() that the clock skips fires that much after the jump. A rate counts from its start, without one from `after`.
 * Bounded by the days of the years named, not by minutes: at most one look at each day from `after` to 2199. */
bool schedule_next(const schedule *s, const time_zone *z, int64_t after, int64_t start, int64_t end, int64_t *out);

/* Shortest time between two firings in seconds, time zones aside; 0 when it fires at most once. */
int64_t schedule_period(const schedule *s);

#endif
