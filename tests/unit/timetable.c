/* The schedules of templates: what is valid, and when it fires next. */
#include "service_edges.h"

#include "service/timetable.h"

static bool no_zone(void *self, slice name, slice *bytes) {
    (void)self;
    (void)name;
    (void)bytes;
    return false;
}

/* 2026-11-25T00:00:00Z */
#define NOW 1795564800

/* `want`: one line a schedule: id, expression, then "not valid: ...", "unknown" or its next two times; a part of it is enough. */
static void check(const char *yaml, const char *want) {
    edges_of t = edges_read(yaml);
    timetable_options o = { .after = NOW, .n = 2, .zones = { no_zone, NULL } };
    const timetable_entry *all;
    size_t len = timetable_of(t.arena, t.graph->set, &o, &all);
    buf got = { .arena = t.arena };
    bool same = true;
    slice rest = slice_from(want), line;
    for (size_t i = 0; i < len; i++) {
        const timetable_entry *e = &all[i];
        size_t from = got.bytes.len;
        buf_printf(&got, "%.*s %.*s", SLICE_ARG(e->resource->id), SLICE_ARG(e->expression));
        if (e->enabled != YES) buf_text(&got, e->enabled == NO ? " off" : " off?");
        if (e->valid == NO) buf_printf(&got, " not valid: %.*s", SLICE_ARG(e->error));
        else if (e->valid == UNKNOWN || !e->next_known) buf_text(&got, e->valid == UNKNOWN ? " unknown" : " when unknown");
        for (size_t k = 0; k < e->next_len; k++) buf_printf(&got, " %.*s", SLICE_ARG(time_text(t.arena, e->next[k])));
        if (e->when.len > 0) buf_printf(&got, " when %.*s", SLICE_ARG(when_text(t.arena, e->when)));
        slice said = slice_after(buf_as_slice(&got), from);
        if (rest.at == NULL || !slice_cut(&rest, '\n', &line) || slice_find_slice(said, line) == (size_t)-1) same = false;
        buf_char(&got, '\n');
    }
    if (!same || (rest.at != NULL && rest.len > 0)) fail_msg("want\n%s\ngot\n%.*s", want, SLICE_ARG(buf_as_slice(&got)));
    arena_free(t.arena);
}

static void rules_and_schedules_are_listed_in_the_order_of_the_text(void **state) {
    (void)state;
    check("Resources:\n"
          "  B: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(1 hour)}}\n"
          "  A: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: cron(30 2 * * ? *), ScheduleExpressionTimezone: Etc/GMT-2}}\n"
          "  C: {Type: 'AWS::Glue::Trigger', Properties: {Type: SCHEDULED, Schedule: cron(0 12 * * ? *)}}\n"
          "  D: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [x]}}}\n",
          "B rate(1 hour) 2026-11-25T01:00:00Z 2026-11-25T02:00:00Z\n"
          "A cron(30 2 * * ? *) 2026-11-25T00:30:00Z 2026-11-26T00:30:00Z\n"
          "C cron(0 12 * * ? *) 2026-11-25T12:00:00Z 2026-11-26T12:00:00Z");
}

static void a_start_and_an_end_bound_the_times(void **state) {
    (void)state;
    check("Resources:\n"
          "  A: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(1 day), StartDate: '2026-12-01T06:00:00Z', EndDate: '2026-12-01T07:00:00Z'}}\n"
          "  B: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: 'at(2020-01-01T00:00:00)'}}\n"
          "  C: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(1 day), StartDate: soon}}\n",
          "A rate(1 day) 2026-12-01T06:00:00Z\nB at(2020-01-01T00:00:00)\nC rate(1 day) not valid: StartDate is no time");
}

static void each_service_has_its_own_grammar(void **state) {
    (void)state;
    check("Resources:\n"
          "  A: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(5 minute)}}\n"
          "  B: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(5 minute)}}\n"
          "  C: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: 'at(2030-01-01T00:00:00)'}}\n",
          "A rate(5 minute) not valid: rate(5 minute): more than one takes the plural\nB rate(5 minute) 2026-11-25T00:05:00Z\nC at(2030-01-01T00:00:00) not valid");
}

static void what_cannot_be_known_is_unknown(void **state) {
    (void)state;
    check("Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\nResources:\n"
          "  A: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: !Ref P}}\n"
          "  B: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: !Ref P}}\n"
          "  D: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Europe/Berlin}}\n"
          "  E: {Type: 'AWS::Events::Rule', Properties: {State: !Ref P, ScheduleExpression: !If [C, rate(1 hour), rate(1 day)]}}\n"
          "  F: {Type: 'AWS::Events::Rule', Properties: {State: DISABLED, ScheduleExpression: nonsense}}\n",
          "A ${P} unknown\nB rate(1 day) when unknown\nD rate(1 day) when unknown\n"
          "E rate(1 hour) off? 2026-11-25T01:00:00Z 2026-11-25T02:00:00Z when C is true\n"
          "E rate(1 day) off? 2026-11-26T00:00:00Z 2026-11-27T00:00:00Z when C is false\n"
          "F nonsense off not valid");
}

static void an_expression_by_itself_belongs_to_who_takes_it(void **state) {
    (void)state;
    static const struct { const char *text, *zone, *service; tri valid; size_t next; } rows[] = {
        { "rate(5 minutes)", "", "events", YES, 3 },        { "rate(5 minute)", "", "scheduler", YES, 3 },
        { "at(2026-12-01T00:00:00)", "", "scheduler", YES, 1 }, { "rate(5 minutes)", "Etc/GMT+1", "scheduler", YES, 3 },
        { "rate(5)", "", "scheduler", NO, 0 },              { "cron(0 0 30 2 ? *)", "", "events", YES, 0 },
        { "rate(5 minutes)", "no zone", "scheduler", NO, 0 },
    };
    arena *a = arena_make(0, NULL);
    timetable_options o = { .after = NOW, .n = 3, .zones = { no_zone, NULL } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        timetable_entry e = timetable_expression(a, slice_from(rows[i].text), slice_from(rows[i].zone), &o);
        if (e.valid != rows[i].valid || e.next_len != rows[i].next || !slice_is(e.service, rows[i].service))
            fail_msg("%s: valid %d, %zu times, %.*s, %.*s", rows[i].text, e.valid, e.next_len, SLICE_ARG(e.service), SLICE_ARG(e.error));
    }
    arena_free(a);
}

int main(void) {
    (void)edges_check;         /* of the fixture; not asked here */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_and_schedules_are_listed_in_the_order_of_the_text),
        cmocka_unit_test(a_start_and_an_end_bound_the_times),
        cmocka_unit_test(each_service_has_its_own_grammar),
        cmocka_unit_test(what_cannot_be_known_is_unknown),
        cmocka_unit_test(an_expression_by_itself_belongs_to_who_takes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
