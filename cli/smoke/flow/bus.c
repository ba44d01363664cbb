/* Buses and schedules: rules, their targets and what targets get. EventBridge user guide, "Rules", "Targets". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

static void to_target(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    slice why = SLICE("");
    const doc_node *input = flow_rule_input(s, e, event, &why);
    if (input == NULL) {
        f->event = event;
        firing_fail(s, f, arena_printf(s->arena, "not delivered: %.*s", SLICE_ARG(why)));
        return;
    }
    flow_deliver(s, f, e, input, p);
}

void flow_put_event(smoke *s, const resource *bus, const doc_node *event, firing *cause) {
    arena *a = s->arena;
    const node *n = bus != NULL ? bus->node : graph_node(s->graph, SLICE("bus:default"));
    event = js_copy(a, event);
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        slice because;
        if (!flow_follows(e) || flow_takes(s, e, PATTERN_EVENTS, event, &because) == NO) continue;
        firing *f = firing_new(s, cause, e);
        if (flow_permitted(s, f, e)) to_target(s, f, e, event, NULL);
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
static const doc_node *scheduler_input(smoke *s, const edge *e, const doc_node *event) {
    arena *a = s->arena;
    const value *v = value_at(a, e->via->properties, SLICE("Target.Input"));
    if (value_is_absent(v)) return event;
    slice text = world_text(s->world, v, e->when, NULL);
    text = replaced(a, text, SLICE("<aws.scheduler.schedule-arn>"), world_attribute(s->world, e->via, SLICE("Arn")));
    text = replaced(a, text, SLICE("<aws.scheduler.scheduled-time>"), make_time(a, s->maker.now_ms, false));
    text = replaced(a, text, SLICE("<aws.scheduler.execution-id>"), make_hex(&s->maker, a, 16));
    text = replaced(a, text, SLICE("<aws.scheduler.attempt-number>"), SLICE("1"));
    const doc_node *n = js_read(a, text);
    return n != NULL ? n : js_string(a, text);
}

void flow_tick_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    if (p != NULL && p->given.len > 0) flow_deliver(s, f, e, event, p);
    else if (e->via != NULL && slice_is(e->via->type, "AWS::Scheduler::Schedule")) flow_deliver(s, f, e, scheduler_input(s, e, event), p);
    else to_target(s, f, e, event, p);
}

/* A schedule that a handler made fires once, at once in virtual time: its target and input are what matters. */
void flow_schedule(smoke *s, slice name, slice expression, slice target_arn, slice input, firing *cause) {
    arena *a = s->arena;
    slice qualifier;
    const resource *to = world_find(s->world, SLICE(""), target_arn, &qualifier);
    if (to == NULL) {
        firing_note(s, cause, arena_printf(a, "schedule %.*s has a target that is not in the templates: %.*s", SLICE_ARG(name), SLICE_ARG(target_arn)));
        return;
    }
    firing_note(s, cause, arena_printf(a, "schedule %.*s (%.*s) was made, and fires once here", SLICE_ARG(name), SLICE_ARG(expression)));
    if (slice_is(to->type, "AWS::Lambda::Function")) {
        slice event = input.len > 0 ? input : js_text(a, make_scheduler_event(&s->maker, a, arena_printf(a, "arn:%.*s:scheduler:%.*s:%.*s:schedule/default/%.*s",
            SLICE_ARG(s->world->partition), SLICE_ARG(s->world->region), SLICE_ARG(s->world->account), SLICE_ARG(name))));
        flow_invoke(s, to, qualifier, event, cause, NULL, NULL);
    } else if (slice_is(to->type, "AWS::SQS::Queue")) {
        happening_message m = { .body = input.len > 0 ? input : SLICE("{}"), .delay_ms = -1, .group = SLICE("sflint") };
        flow_send(s, to, &m, cause);
    } else if (slice_is(to->type, "AWS::SNS::Topic")) {
        happening_notification n = { .message = input.len > 0 ? input : SLICE("{}") };
        flow_publish(s, to, &n, cause);
    } else if (slice_is(to->type, "AWS::StepFunctions::StateMachine")) {
        const doc_node *in = js_read(a, input);
        flow_start(s, to, SLICE(""), in != NULL ? in : js_empty_object(), cause, NULL, NULL);
    }
}
