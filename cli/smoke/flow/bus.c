/* Buses and schedules: rules, their targets and what targets get. EventBridge user guide, "Rules", "Targets". */
#include "service/schedule.h"
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

static void to_target(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    slice why = SLICE("");
    const doc_node *input = flow_rule_input(s, e, event, &why);
    if (input == NULL) {
        f->event = event;
        firing_fail(s, f, arena_printf(s->arena, "not delivered: %.*s", SLICE_ARG(why)));
    } else {
        flow_deliver(s, f, e, input, p);
    }
    flow_undelivered(s, f, e, event);
}

void flow_put_event(smoke *s, const resource *bus, const doc_node *event, firing *cause) {
    arena *a = s->arena;
    const node *n = bus != NULL ? bus->node : graph_node(s->graph, SLICE("bus:default"));
    if (!smoke_room(s, js_len(event) == 0 ? 0 : js_text(a, event).len)) return;
    event = js_copy(a, event);
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        slice because;
        if (!flow_follows(e) || flow_takes(s, e, PATTERN_EVENTS, event, &because) == NO) continue;
        firing *f = firing_new(s, cause, e);
        if (flow_permitted(s, f, e)) to_target(s, f, e, event, NULL);
        else flow_undelivered(s, f, e, event);
    }
}

/* An event that tells of an object is followed by a look at it: the object must be there. */
static void store_object(smoke *s, const doc_node *event) {
    slice bucket = js_str(js_at(event, "detail.bucket.name")), key = js_str(js_at(event, "detail.object.key"));
    if (s->endpoint == NULL || !slice_is(js_str_of(event, "source"), "aws.s3") || !slice_is(js_str_of(event, "detail-type"), "Object Created")) return;
    const resource *r = world_find(s->world, SLICE("AWS::S3::Bucket"), bucket, NULL);
    if (r != NULL && key.len > 0) endpoint_put_object(s->endpoint, r, key, SLICE("{\"sflint\":\"smoke\"}"), SLICE("application/json"));
}

void flow_event_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    slice because;
    tri is = flow_takes(s, e, PATTERN_EVENTS, event, &because);
    f->event = event;
    if (is == NO && f->must_not_arrive) firing_pass(f);
    else if (is == NO) firing_fail(s, f, arena_printf(s->arena, "its pattern refuses the event: %.*s", SLICE_ARG(because)));
    else if (f->must_not_arrive) firing_fail(s, f, SLICE("its pattern lets through what it should refuse"));
    else {
        store_object(s, event);
        to_target(s, f, e, event, p);
    }
}

/* ---- schedules ---- */

static slice replaced(arena *a, slice text, slice what, slice by) {
    buf out = { .arena = a };
    for (size_t at; (at = slice_find_slice(text, what)) != (size_t)-1; text = slice_after(text, at + what.len)) {
        buf_slice(&out, slice_from_to(text, 0, at));
        buf_slice(&out, by);
    }
    buf_slice(&out, text);
    return buf_as_slice(&out);
}

/* Scheduler user guide, "Adding context attributes". */
static slice with_context(smoke *s, slice text, slice arn) {
    arena *a = s->arena;
    text = replaced(a, text, SLICE("<aws.scheduler.schedule-arn>"), arn);
    text = replaced(a, text, SLICE("<aws.scheduler.scheduled-time>"), make_time(a, s->maker.now_ms, false));
    text = replaced(a, text, SLICE("<aws.scheduler.execution-id>"), make_hex(&s->maker, a, 16));
    return replaced(a, text, SLICE("<aws.scheduler.attempt-number>"), SLICE("1"));
}

static const doc_node *scheduler_input(smoke *s, const edge *e, const doc_node *event) {
    arena *a = s->arena;
    const value *v = value_at(a, e->via->properties, SLICE("Target.Input"));
    if (value_is_absent(v)) return event;
    slice text = with_context(s, world_text(s->world, v, e->when, NULL), world_attribute(s->world, e->via, SLICE("Arn")));
    const doc_node *n = js_read(a, text);
    return n != NULL ? n : js_string(a, text);
}

/* Scheduler user guide, "Configuring flexible time windows". */
static void say_window(smoke *s, firing *f, const edge *e) {
    const doc_node *window = world_json(s->world, resource_written(s->arena, e->via, SLICE("FlexibleTimeWindow")), e->when, NULL);
    long long minutes = js_int_of(window, "MaximumWindowInMinutes", 0);
    if (slice_is(js_str_of(window, "Mode"), "FLEXIBLE") && minutes > 0)
        firing_note(s, f, arena_printf(s->arena, "it may come up to %lld minutes later than its time (FlexibleTimeWindow)", minutes));
}

void flow_tick_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    bool scheduler = e->via != NULL && slice_is(e->via->type, "AWS::Scheduler::Schedule");
    if (scheduler) say_window(s, f, e);
    if (p != NULL && p->given.len > 0) {
        flow_deliver(s, f, e, event, p);
    } else if (scheduler) {
        event = scheduler_input(s, e, event);
        flow_deliver(s, f, e, event, p);
        flow_undelivered(s, f, e, event);
    } else {
        to_target(s, f, e, event, p);
    }
}

/* ---- schedules that handlers make ---- */

typedef struct {
    smoke *s;
    slice name, qualifier, input;
    const resource *to;
    firing *cause;
} made_schedule;

static void schedule_fires(void *self) {
    made_schedule *k = self;
    smoke *s = k->s;
    arena *a = s->arena;
    const resource *to = k->to;
    slice arn = arena_printf(a, "arn:%.*s:scheduler:%.*s:%.*s:schedule/default/%.*s", SLICE_ARG(s->world->partition), SLICE_ARG(s->world->region),
                             SLICE_ARG(s->world->account), SLICE_ARG(k->name));
    slice event = k->input.len > 0 ? with_context(s, k->input, arn) : js_text(a, make_scheduler_event(&s->maker, a, arn));
    if (slice_is(to->type, "AWS::Lambda::Function")) {
        flow_invoke(s, to, k->qualifier, event, k->cause, NULL, NULL);
    } else if (slice_is(to->type, "AWS::SQS::Queue")) {
        happening_message m = { .body = event, .delay_ms = -1, .group = SLICE("sflint") };
        if (queue_of(s, to)->fifo && !queue_of(s, to)->content_dedup) m.dedup = make_uuid(&s->maker, a);
        flow_send(s, to, &m, k->cause);
    } else if (slice_is(to->type, "AWS::SNS::Topic")) {
        happening_notification n = { .message = event };
        flow_publish(s, to, &n, k->cause);
    } else if (slice_is(to->type, "AWS::StepFunctions::StateMachine")) {
        const doc_node *in = js_read(a, event);
        flow_start(s, to, SLICE(""), in != NULL ? in : js_empty_object(), k->cause, NULL, NULL);
    } else if (slice_is(to->type, "AWS::Kinesis::Stream")) {
        happening_record r = { .key = k->name, .data = event };
        flow_record(s, to, &r, k->cause);
    } else {
        firing_note(s, k->cause, arena_printf(a, "schedule %.*s: a target of type %.*s is not run here", SLICE_ARG(k->name), SLICE_ARG(to->type)));
    }
}

/* Fires once, at its first time; virtual time goes there when nothing else is left to do before. */
void flow_schedule(smoke *s, slice name, slice expression, slice target_arn, slice input, firing *cause) {
    arena *a = s->arena;
    slice qualifier, error;
    const resource *to = world_find(s->world, SLICE(""), target_arn, &qualifier);
    schedule parsed;
    int64_t now_s = s->maker.now_ms / 1000, next = now_s;
    if (!smoke_room(s, input.len)) return;
    if (to == NULL) {
        firing_note(s, cause, arena_printf(a, "schedule %.*s has a target that is not in the templates: %.*s", SLICE_ARG(name), SLICE_ARG(target_arn)));
        return;
    }
    if (!schedule_parse(a, expression, SCHEDULE_SCHEDULER, &parsed, &error)) {
        firing_note(s, cause, arena_printf(a, "schedule %.*s never fires: %.*s", SLICE_ARG(name), SLICE_ARG(error)));
        return;
    }
    if (!schedule_next(&parsed, NULL, now_s, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next)) {
        firing_note(s, cause, arena_printf(a, "schedule %.*s (%.*s) never fires: its time is over", SLICE_ARG(name), SLICE_ARG(expression)));
        return;
    }
    firing_note(s, cause, arena_printf(a, "schedule %.*s (%.*s) was made, and fires once here", SLICE_ARG(name), SLICE_ARG(expression)));
    made_schedule *k = ARENA_NEW(a, made_schedule);
    *k = (made_schedule){ s, arena_copy(a, name), arena_copy(a, qualifier), arena_copy(a, input), to, cause };
    smoke_later(s, (next - now_s) * 1000, schedule_fires, k);
}
