/* Probes of the plan, and the run. */
#include "smoke/flow/parts.h"

flow *flow_new(smoke *s) {
    arena *a = s->arena;
    flow *f = ARENA_NEW(a, flow);
    /* Retries of asynchronous invocations: Lambda developer guide, "Configuring error handling settings". */
    for (size_t t = 0; t < s->graph->set->list.len; t++) {
        const template *in = s->graph->set->list.at[t];
        for (size_t i = 0; i < in->resources.len; i++) {
            const resource *r = in->resources.at[i], *function = NULL;
            long long n;
            bool open;
            if (!slice_is(r->type, "AWS::Lambda::EventInvokeConfig")) continue;
            const node *to = graph_pointed(s->graph, resource_written(a, r, SLICE("FunctionName")), &function, &open);
            smoke_running *running = smoke_running_of(s, to != NULL ? to->resource : function);
            if (running == NULL) continue;
            if (value_as_int(a, value_under(resource_written(a, r, SLICE("MaximumRetryAttempts")), r->exists), &n) == YES && n >= 0 && n <= 2) running->retries = (int)n;
        }
    }
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

static void fire(void *self) {
    firing_of *k = self;
    smoke *s = k->s;
    firing *f = k->f;
    const probe *p = k->p;
    const edge *e = p->trigger;
    if (f->status != FIRING_OPEN || (!p->must_not_arrive && !flow_permitted(s, f, e))) return;
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
    flow_expect_callback(s, f, event);
    flow_deliver(s, f, e, event, p);
}

void flow_fire(smoke *s, const probe *p) {
    firing *f = firing_new(s, NULL, p->trigger);
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
    smoke_later(s, 0, fire, k);
}

#define WAIT_US 20000

bool flow_run(smoke *s) {
    for (;;) {
        if (smoke_do(s)) continue;
        if (s->executor != NULL && executor_pending(s->executor) > 0) {
            if (!loop_step(s->loop, WAIT_US)) return false;
            continue;
        }
        if (!smoke_advance(s)) break;
    }
    flow_machines_left(s);
    flow_callbacks_left(s);
    return true;
}
