/* When the schedules of templates fire next: every resource that has a schedule expression, branch by branch. */
#ifndef SFLINT_SERVICE_TIMETABLE_H
#define SFLINT_SERVICE_TIMETABLE_H

#include "service/schedule.h"
#include "template/template.h"

#define TIMETABLE_MAX_NEXT 1000

typedef struct {
    const resource *resource;      /* NULL: an expression of its own */
    slice expression, zone;        /* ${Name} for what is not known */
    slice service;                 /* "events", "scheduler", "glue" */
    tri valid, enabled;
    slice error;                   /* when not valid */
    schedule parsed;               /* when valid */
    const time_zone *clock;        /* of the zone; NULL: UTC, or not known */
    bool next_known;               /* false: the zone, a start or an end is not known */
    bool from_after;               /* a rate without a start: counted from the time asked for; in truth from when it is deployed */
    const int64_t *next;           /* at most `n`; fewer: it never fires again after them */
    size_t next_len;
    when when;
    pos at, end;
} timetable_entry;

typedef struct {
    int64_t after;                 /* firings are strictly after it */
    size_t n;                      /* how many */
    zone_reader zones;
} timetable_options;

/* All of a run, template by template in the order of the text. */
size_t timetable_of(arena *a, const templates *set, const timetable_options *o, const timetable_entry **out);

/* An expression by itself. `zone` "" = UTC; given, only EventBridge Scheduler can mean it. Without one, what rules take is a rule's, and what only Scheduler
 * takes is Scheduler's. */
timetable_entry timetable_expression(arena *a, slice text, slice zone, const timetable_options *o);

#endif
