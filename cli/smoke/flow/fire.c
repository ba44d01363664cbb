/* Probes of the plan, and the run. */
#include "smoke/event/make.h"
#include "smoke/event/plan.h"
#include "smoke/flow/parts.h"

flow *flow_new(smoke *s) {
    arena *a = s->arena;
    flow *f = ARENA_NEW(a, flow);
    s->flow = f;                 /* what is read here is kept there */
    flow_invoke_configs_read(s);
    return f;
}

/* Where a probe that was read from a file names an item: it is there when the handler looks. */
static void put_item(smoke *s, const edge *e, const happening_change *c) {
    if (s->endpoint != NULL && c->after != NULL && e->from->resource != NULL) endpoint_put_item(s->endpoint, e->from->resource, c->after);
}

typedef struct {
    smoke *s;
    firing *f;
    const probe *p;
} firing_of;

/* What a service keeps of an event that it can't deliver: as the source gave it, not as a function would have got it. */
static const doc_node *undelivered_event(smoke *s, const probe *p, const doc_node *as_delivered) {
    if (p->kind == HAPPENS_EVENT) return p->event;
    if (p->kind != HAPPENS_NOTIFICATION) return as_delivered;
    return make_sns_envelope(&s->maker, s->arena, world_node_arn(s->world, p->trigger->from), make_uuid(&s->maker, s->arena), &p->notification, SLICE("sqs"));
}

/* What comes after something else of the same source: requests of a custom resource, what a connection says and its end. Virtual time goes on only
 * when nothing runs. */
static int64_t delay_of(const probe *p) {
    if (p->kind == HAPPENS_DIRECT) return flow_callback_delay_ms(p->event);
    if (p->kind != HAPPENS_REQUEST || !slice_is(p->trigger->service, "websocket")) return 0;
    return slice_is(p->request.method, "MESSAGE") ? 1 : slice_is(p->request.method, "DISCONNECT") ? 2 : 0;
}

static void fire(void *self) {
    firing_of *k = self;
    smoke *s = k->s;
    firing *f = k->f;
    const probe *p = k->p;
    const edge *e = p->trigger;
    if (f->status != FIRING_OPEN) return;
    if (!p->must_not_arrive && !flow_permitted(s, f, e)) {
        f->event = plan_event(&s->maker, s->arena, p);
        flow_undelivered(s, f, e, undelivered_event(s, p, f->event));
        return;
    }
    switch (p->kind) {
    case HAPPENS_MESSAGE: flow_message_over(s, f, e, &p->message); return;
    case HAPPENS_NOTIFICATION: flow_notification_over(s, f, e, &p->notification, p); return;
    case HAPPENS_EVENT: flow_event_over(s, f, e, p->event, p); return;
    case HAPPENS_OBJECT: flow_object_over(s, f, e, &p->object, p); return;
    case HAPPENS_CHANGE:
        put_item(s, e, &p->change);
        flow_change_over(s, f, e, &p->change, p);
        return;
    case HAPPENS_RECORD: flow_record_over(s, f, e, &p->record, p); return;
    case HAPPENS_REQUEST: flow_request_over(s, f, e, &p->request, p); return;
    case HAPPENS_TICK: flow_tick_over(s, f, e, p->event, p); return;
    case HAPPENS_DIRECT: flow_direct_over(s, f, e, p->event, p); return;
    }
}

/* The service calls by itself; a refused event of a filter that only this engine knows has been judged by the plan. */
void flow_direct_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    if (f->must_not_arrive) {
        f->event = event;
        firing_pass(f);
        return;
    }
    event = flow_expect_callback(s, f, event);
    flow_deliver(s, f, e, event, p);
}

void flow_fire(smoke *s, const probe *p) {
    s->planned = true;
    firing *f = firing_new(s, NULL, p->trigger);
    s->planned = false;
    f->must_not_arrive = p->must_not_arrive;
    f->what = p->what;
    f->made_up = p->given.len == 0;
    if (p->cannot.len > 0) {
        f->event = p->event;
        if (p->cannot_ever) firing_fail(s, f, p->cannot);
        else firing_skip(s, f, p->cannot);
        return;
    }
    firing_of *k = ARENA_NEW(s->arena, firing_of);
    *k = (firing_of){ s, f, p };
    smoke_later(s, delay_of(p), fire, k);
}

#define WAIT_US 20000

/* No firing is left without a word. */
static void leave_none_open(smoke *s, slice why) {
    VEC(firing *) stack = { 0 };
    for (size_t i = 0; i < s->fired.len; i++) VEC_PUSH(s->arena, &stack, s->fired.at[i]);
    while (stack.len > 0) {
        firing *f = stack.at[--stack.len];
        if (f->status == FIRING_OPEN) firing_skip(s, f, why);
        for (size_t i = 0; i < f->then.len; i++) VEC_PUSH(s->arena, &stack, f->then.at[i]);
    }
}

bool flow_run(smoke *s) {
    for (;;) {
        if (smoke_do(s)) continue;
        if (s->executor != NULL && executor_pending(s->executor) > 0) {
            if (loop_step(s->loop, WAIT_US)) continue;
            leave_none_open(s, SLICE("not ended: the run was interrupted"));
            return false;
        }
        if (!smoke_advance(s)) break;
    }
    flow_machines_left(s);
    flow_callbacks_left(s);
    flow_queues_left(s);
    leave_none_open(s, SLICE("nothing came of it here"));
    return true;
}
