/* Functions of the vocabulary about schedule expressions. */
#include "lint/calls.h"
#include "service/schedule.h"

#define ZONE_SLACK_S (14 * 3600)     /* the farthest that a zone's clock is from UTC */

cel_value call_schedule_error(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    schedule s;
    slice error;
    if (args[0].kind == CEL_NULL)
        return cel_string(SLICE(""));
    if (args[0].kind != CEL_STRING)
        return cel_error(c, "schedule.error() takes a text and a service");
    schedule_dialect d = args[1].kind == CEL_STRING && slice_is(args[1].text, "scheduler") ? SCHEDULE_SCHEDULER : SCHEDULE_RULE;
    return cel_string(schedule_parse(c->arena, args[0].text, d, &s, &error) ? SLICE("") : error);
}

/* A start or end: a timestamp or a text; anything else is none. */
static int64_t moment(const cel_value *v) {
    int64_t t;
    if (v->kind == CEL_TIMESTAMP)
        return v->integer;
    return v->kind == CEL_STRING && time_parse(v->text, &t) ? t : SCHEDULE_NO_TIME;
}

cel_value call_schedule_next(cel_context *c, const cel_value *args, size_t count) {
    schedule s;
    slice error;
    if (args[0].kind != CEL_STRING || !schedule_parse(c->arena, args[0].text, SCHEDULE_SCHEDULER, &s, &error))
        return args[0].kind == CEL_NULL ? cel_null() : cel_error(c, "schedule.next() of what is no schedule");
    int64_t after = count > 2 ? moment(&args[2]) : evaluation_of(c)->now_s;
    if (after == SCHEDULE_NO_TIME)
        return cel_error(c, "schedule.next() begins at a time");
    int64_t start = count > 3 ? moment(&args[3]) : SCHEDULE_NO_TIME, end = count > 4 ? moment(&args[4]) : SCHEDULE_NO_TIME, next;
    bool utc = args[1].kind == CEL_NULL || (args[1].kind == CEL_STRING && (args[1].text.len == 0 || slice_is(args[1].text, "UTC")));
    if (!utc)
        after -= ZONE_SLACK_S;
    if (!utc && end != SCHEDULE_NO_TIME)
        end += ZONE_SLACK_S;
    if (!schedule_next(&s, NULL, after, start, end, &next))
        return cel_null();
    return (cel_value){ .kind = CEL_TIMESTAMP, .integer = next };
}

cel_value call_schedule_period(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    schedule s;
    slice error;
    if (args[0].kind != CEL_STRING || !schedule_parse(c->arena, args[0].text, SCHEDULE_SCHEDULER, &s, &error))
        return args[0].kind == CEL_NULL ? cel_null() : cel_error(c, "schedule.period() of what is no schedule");
    int64_t period = schedule_period(&s);
    return period == 0 ? cel_null() : cel_int(period);
}
