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
    if (!flow_failed(o)) {
        if (flow_judge(k->s, f, k->p, k->event, o)) firing_pass(f);
    } else if (o->kind == OUTCOME_ERROR && route_is_authorizer(k->e) && slice_is(o->error_message, "Unauthorized")) {
        firing_pass(f);       /* API Gateway developer guide, "Output from an API Gateway Lambda authorizer": so it says 401 */
    } else {
        flow_say_failure(k->s, f, o, smoke_how(k->s, k->e->to->resource));
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
    if (flow_send(s, e->to->resource, &m, f) != NULL) firing_pass(f);
    else firing_fail(s, f, arena_printf(s->arena, "%.*s takes no more messages in this run", SLICE_ARG(e->to->id)));
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

const edge *flow_dead_letter_edge(const edge *e, const node *queue) {
    const node *ends[] = { e->to, e->from };
    for (size_t k = 0; k < COUNT(ends); k++)
        for (size_t i = 0; i < ends[k]->out_len; i++) {
            const edge *o = ends[k]->out[i];
            if ((o->kind == EDGE_DESTINATION || o->kind == EDGE_DEAD_LETTER) && o->to == queue && o->via == e->via) return o;
        }
    return NULL;
}

/* EventBridge user guide, "Using dead-letter queues to process undelivered events"; Scheduler user guide, "Configuring a dead-letter queue";
 * SNS developer guide, "Amazon SNS dead-letter queues". */
void flow_undelivered(smoke *s, firing *f, const edge *e, const doc_node *event) {
    arena *a = s->arena;
    if (e->dlq == NULL || f->status != FIRING_FAILED || event == NULL || firing_halted(s, f)) return;
    js_object o = { 0 };
    slice code = e->permission == PERMISSION_MISSING || e->permission == PERMISSION_MISMATCH ? SLICE("NO_PERMISSIONS") : SLICE("SDK_CLIENT_ERROR");
    if (slice_is(e->service, "events")) {
        if (e->via != NULL) js_put(a, &o, "RULE_ARN", flow_attribute(a, "String", world_attribute(s->world, e->via, SLICE("Arn"))));
        js_put(a, &o, "TARGET_ARN", flow_attribute(a, "String", world_node_arn(s->world, e->to)));
        js_put(a, &o, "ERROR_CODE", flow_attribute(a, "String", code));
        js_put(a, &o, "ERROR_MESSAGE", flow_attribute(a, "String", f->reason));
    } else if (slice_is(e->service, "scheduler")) {
        if (e->via != NULL) js_put(a, &o, "SCHEDULE_ARN", flow_attribute(a, "String", world_attribute(s->world, e->via, SLICE("Arn"))));
        js_put(a, &o, "TARGET_ARN", flow_attribute(a, "String", world_node_arn(s->world, e->to)));
        js_put(a, &o, "ERROR_CODE", flow_attribute(a, "String", code));
        js_put(a, &o, "ERROR_MESSAGE", flow_attribute(a, "String", f->reason));
    } else if (!slice_is(e->service, "sns")) {
        return;
    }
    flow_dead_letter(s, f, e->dlq, flow_dead_letter_edge(e, e->dlq), as_text(a, event), o.entries.len > 0 ? js_object_end(a, &o) : NULL);
}

void flow_dead_letter(smoke *s, firing *f, const node *queue, const edge *over, slice body, const doc_node *attributes) {
    firing *next = over != NULL ? firing_new(s, f, over) : firing_between(s, f, f->from, queue->id, EDGE_DEAD_LETTER, f->at);
    arena *a = s->arena;
    if (next->status != FIRING_OPEN || (over != NULL && !flow_permitted(s, next, over))) return;
    const doc_node *parsed = js_read(a, body);
    next->event = parsed != NULL ? parsed : js_string(a, body);
    if (queue->resource == NULL) {
        firing_skip(s, next, arena_printf(a, "%.*s is outside the templates", SLICE_ARG(queue->id)));
    } else if (is(queue, "AWS::SQS::Queue")) {
        happening_message m = { .body = body, .attributes = attributes, .delay_ms = -1 };
        if (queue_of(s, queue->resource)->fifo) m.group = SLICE("sflint");
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
