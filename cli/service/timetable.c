#include "service/timetable.h"

/* Where each type has what. CloudFormation user guide, the page of each type. Glue developer guide, "Time-based schedules for jobs and crawlers": cron() as in
 * rules. */
static const struct {
    slice type, service;
    schedule_dialect dialect;
    const char *expression, *zone, *start, *end, *state;
} types[] = {
    { SLICE_INIT("AWS::Events::Rule"), SLICE_INIT("events"), SCHEDULE_RULE, "ScheduleExpression", "", "", "", "State" },
    { SLICE_INIT("AWS::Glue::Crawler"), SLICE_INIT("glue"), SCHEDULE_RULE, "Schedule.ScheduleExpression", "", "", "", "" },
    { SLICE_INIT("AWS::Glue::Trigger"), SLICE_INIT("glue"), SCHEDULE_RULE, "Schedule", "", "", "", "" },
    { SLICE_INIT("AWS::Scheduler::Schedule"), SLICE_INIT("scheduler"), SCHEDULE_SCHEDULER, "ScheduleExpression", "ScheduleExpressionTimezone", "StartDate",
      "EndDate", "State" },
};

typedef VEC(timetable_entry) timetable_list;

typedef struct {
    arena *arena;
    const timetable_options *options;
    const resource *resource;
    size_t row;
    const value *expression;
    timetable_list *out;
} listing;

static const value *property(const listing *l, const char *path, when w) {
    return path[0] == '\0' ? &value_absent : value_under(value_at(l->arena, l->resource->properties, slice_from(path)), w);
}

/* The first thing that is wrong, at the value that is. */
static void refuse(timetable_entry *e, slice error, const value *at) {
    if (e->valid == NO) return;
    e->valid = NO;
    e->error = error;
    if (at != NULL) {
        e->at = at->at;
        e->end = at->end;
    }
}

static void firings(arena *a, timetable_entry *e, const timetable_options *o, int64_t start, int64_t end) {
    int64_t *next = ARENA_ARRAY(a, int64_t, o->n), after = o->after;
    while (e->next_len < o->n && schedule_next(&e->parsed, e->clock, after, start, end, &next[e->next_len])) after = next[e->next_len++];
    e->next = next;
}

/* `at`: where the zone is written; NULL: nowhere. */
static void take_zone(arena *a, timetable_entry *e, const timetable_options *o, const value *at) {
    switch (timezone_load(a, o->zones, e->zone, &e->clock)) {
    case ZONE_OK: break;
    case ZONE_NO_DATA: e->next_known = false; break;
    case ZONE_UNKNOWN:
        refuse(e, arena_printf(a, "there is no time zone \"%.*s\": write an IANA name as Europe/Berlin", SLICE_ARG(e->zone)), at);
        break;
    }
}

/* A start or end; *known is cleared when it is not. */
static int64_t moment(arena *a, const value *v, const char *what, timetable_entry *e) {
    slice text;
    int64_t t = SCHEDULE_NO_TIME;
    if (value_is_absent(v)) return t;
    if (!value_text(a, v, &text)) e->next_known = false;
    else if (!time_parse(text, &t)) refuse(e, arena_printf(a, "%s is no time: write it as 2026-11-25T02:00:00Z", what), v);
    return t;
}

static void one_zone(void *self, const value *zone, when w) {
    const listing *l = self;
    arena *a = l->arena;
    const resource *r = l->resource;
    timetable_entry e = { .resource = r, .service = types[l->row].service, .valid = YES, .enabled = YES, .next_known = true, .when = w,
                          .at = l->expression->at, .end = l->expression->end, .error = SLICE_INIT("") };
    slice text, state;
    bool zone_known = value_is_absent(zone) || value_text(a, zone, &text);
    e.zone = value_is_absent(zone) ? SLICE("UTC") : zone_known ? text : value_display(a, zone);
    const value *written_state = property(l, types[l->row].state, w);
    if (!value_is_absent(written_state)) e.enabled = !value_text(a, written_state, &state) ? UNKNOWN : slice_is(state, "DISABLED") ? NO : YES;
    if (!value_text(a, l->expression, &text)) {
        e.expression = value_display(a, l->expression);
        e.valid = UNKNOWN;
        e.next_known = false;
        VEC_PUSH(a, l->out, e);
        return;
    }
    e.expression = text;
    if (!schedule_parse(a, text, types[l->row].dialect, &e.parsed, &e.error)) e.valid = NO;
    int64_t start = moment(a, property(l, types[l->row].start, w), "StartDate", &e), end = moment(a, property(l, types[l->row].end, w), "EndDate", &e);
    if (!zone_known) e.next_known = false;
    else take_zone(a, &e, l->options, zone);
    e.from_after = e.parsed.kind == SCHEDULE_RATE && start == SCHEDULE_NO_TIME;
    if (e.valid == YES && e.next_known) firings(a, &e, l->options, start, end);
    VEC_PUSH(a, l->out, e);
}

static void one_expression(void *self, const value *v, when w) {
    listing l = *(const listing *)self;
    if (value_is_absent(v)) return;
    l.expression = v;
    const char *zone = types[l.row].zone;
    value_each(l.arena, zone[0] == '\0' ? &value_absent : value_at(l.arena, l.resource->properties, slice_from(zone)), w, one_zone, &l);
}

size_t timetable_of(arena *a, const templates *set, const timetable_options *o, const timetable_entry **out) {
    timetable_list list = { 0 };
    for (size_t i = 0; i < set->list.len; i++)
        for (size_t k = 0; k < set->list.at[i]->resources.len; k++) {
            listing l = { .arena = a, .options = o, .resource = set->list.at[i]->resources.at[k], .out = &list };
            while (l.row < COUNT(types) && !slice_eq(types[l.row].type, l.resource->type)) l.row++;
            if (l.row < COUNT(types))
                value_each(a, value_at(a, l.resource->properties, slice_from(types[l.row].expression)), l.resource->exists, one_expression, &l);
        }
    *out = list.at;
    return list.len;
}

timetable_entry timetable_expression(arena *a, slice text, slice zone, const timetable_options *o) {
    timetable_entry e = { .expression = text, .zone = zone.len == 0 ? SLICE("UTC") : zone, .service = SLICE_INIT("events"), .valid = YES, .enabled = YES,
                          .next_known = true, .error = SLICE_INIT("") };
    slice rule_error = SLICE("");
    bool rule = zone.len == 0 && schedule_parse(a, text, SCHEDULE_RULE, &e.parsed, &rule_error);
    if (!rule) {
        e.service = SLICE("scheduler");
        if (!schedule_parse(a, text, SCHEDULE_SCHEDULER, &e.parsed, &e.error)) e.valid = NO;
    }
    take_zone(a, &e, o, NULL);
    e.from_after = e.parsed.kind == SCHEDULE_RATE;
    if (e.valid == YES && e.next_known) firings(a, &e, o, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME);
    return e;
}
