/* To what an edge ends at. */
#include "smoke/event/route.h"
#include "smoke/flow/parts.h"

/* A queue's body and a topic's message are text: JSON of what is no text. */
static slice as_text(arena *a, const doc_node *event) { return js_is(event, DOC_STRING) ? event->text : js_text(a, event); }

static bool is(const node *n, const char *type) { return slice_is(n->type, type); }

static void machine_ended(void *self, const flow_answer *answer) {
    (void)self;
    (void)answer;
}

typedef struct {
    smoke *s;
    firing *f;
    const edge *e;
    const doc_node *event;
    const probe *p;
} synchronous;

static void sync_answered(void *self, firing *f, const outcome *o) {
    synchronous *k = self;
    smoke_running *r = smoke_running_of(k->s, k->e->to->resource);
    if (!flow_failed(o)) {
        if (flow_judge(k->s, f, k->p, k->event, o)) firing_pass(f);
    } else if (o->kind == OUTCOME_ERROR && route_is_authorizer(k->e) && slice_is(o->error_message, "Unauthorized")) {
        firing_pass(f);       /* API Gateway developer guide, "Output from an API Gateway Lambda authorizer": so it says 401 */
    } else if (r != NULL && r->runs != NULL) {
        flow_say_failure(k->s, f, o, executor_runnable(r->runs));
    }
}

static void to_function(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    if (e->kind != EDGE_SYNC) {
        flow_call_later(s, f, e->to->resource, e->qualifier, event, p);
        return;
    }
    synchronous *k = ARENA_NEW(s->arena, synchronous);
    *k = (synchronous){ s, f, e, event, p };
    flow_call(s, f, e->to->resource, e->qualifier, event, SLICE(""), sync_answered, k);
}

static void to_queue(smoke *s, firing *f, const edge *e, const doc_node *event) {
    happening_message m = { .body = as_text(s->arena, event), .group = flow_edge_text(s, e, "messageGroup"), .delay_ms = -1 };
    queue_store *q = queue_of(s, e->to->resource);
    if (q->fifo && m.group.len == 0) {
        firing_fail(s, f, arena_printf(s->arena, "%.*s is a FIFO queue and the message has no message group", SLICE_ARG(e->to->id)));
        return;
    }
    if (q->fifo && !q->content_dedup) m.dedup = make_uuid(&s->maker, s->arena);
    firing_pass(f);
    flow_send(s, e->to->resource, &m, f);
}

void flow_deliver(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p) {
    arena *a = s->arena;
    const node *to = e->to;
    f->event = event;
    if (f->status != FIRING_OPEN) return;
    if (to->resource == NULL && !is(to, "AWS::Events::EventBus") && !slice_is(to->id, "bus:default")) {
        firing_skip(s, f, arena_printf(a, "%.*s is outside the templates", SLICE_ARG(to->id)));
        return;
    }
    if (is(to, "AWS::Lambda::Function")) {
        to_function(s, f, e, event, p);
    } else if (is(to, "AWS::SQS::Queue")) {
        to_queue(s, f, e, event);
    } else if (is(to, "AWS::SNS::Topic")) {
        happening_notification n = { .message = as_text(a, event), .group = flow_edge_text(s, e, "messageGroup") };
        firing_pass(f);
        flow_publish(s, to->resource, &n, f);
    } else if (is(to, "AWS::Events::EventBus") || slice_is(to->id, "bus:default")) {
        firing_pass(f);
        flow_put_event(s, to->resource, event, f);
    } else if (is(to, "AWS::Kinesis::Stream")) {
        happening_record r = { .key = make_uuid(&s->maker, a), .data = as_text(a, event) };
        firing_pass(f);
        flow_record(s, to->resource, &r, f);
    } else if (is(to, "AWS::KinesisFirehose::DeliveryStream")) {
        slice data = as_text(a, event);
        firing_pass(f);
        flow_firehose(s, to->resource, &data, 1, f);
    } else if (is(to, "AWS::StepFunctions::StateMachine")) {
        flow_machine(s, f, to->resource, SLICE(""), event, machine_ended, NULL);
    } else if (is(to, "AWS::Logs::LogGroup") || is(to, "AWS::S3::Bucket") || is(to, "AWS::Events::Archive")) {
        firing_pass(f);
    } else {
        firing_skip(s, f, arena_printf(a, "%.*s is not run here", SLICE_ARG(to->type)));
    }
}

void flow_dead_letter(smoke *s, firing *f, const node *queue, const edge *over, slice body, const doc_node *attributes) {
    firing *next = firing_new(s, f, over);
    arena *a = s->arena;
    if (over == NULL) {
        next->kind = EDGE_DEAD_LETTER;
        next->from = f->from;
        next->to = queue->id;
        next->at = f->at;
    }
    if (next->status != FIRING_OPEN || (over != NULL && !flow_permitted(s, next, over))) return;
    const doc_node *parsed = js_read(a, body);
    next->event = parsed != NULL ? parsed : js_string(a, body);
    if (queue->resource == NULL) {
        firing_skip(s, next, arena_printf(a, "%.*s is outside the templates", SLICE_ARG(queue->id)));
    } else if (is(queue, "AWS::SQS::Queue")) {
        happening_message m = { .body = body, .attributes = attributes, .delay_ms = -1 };
        firing_pass(next);
        flow_send(s, queue->resource, &m, next);
    } else if (is(queue, "AWS::SNS::Topic")) {
        happening_notification n = { .message = body, .attributes = attributes };
        firing_pass(next);
        flow_publish(s, queue->resource, &n, next);
    } else {
        firing_pass(next);
    }
}
