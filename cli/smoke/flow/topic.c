/* Topics: subscriptions, filter policies, raw delivery. Amazon SNS developer guide, "Message filtering", "Raw message delivery". */
#include "base/digest.h"
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

static bool to_function(const edge *e) { return slice_is(e->to->type, "AWS::Lambda::Function"); }

static slice protocol_of(smoke *s, const edge *e) {
    slice p = flow_edge_text(s, e, "protocol");
    return p.len > 0 ? p : to_function(e) ? SLICE("lambda") : slice_is(e->to->type, "AWS::SQS::Queue") ? SLICE("sqs") : SLICE("");
}

static bool raw(smoke *s, const edge *e) {
    bool b;
    if (e->via == NULL) return false;
    const value *v = resource_written(s->arena, e->via, SLICE("RawMessageDelivery"));
    return value_as_bool(s->arena, value_under(v, e->when), &b) == YES && b;
}

/* MessageBody: the body must be a JSON object. MessageAttributes: names with type and value. */
static tri takes(smoke *s, const edge *e, const happening_notification *n, slice *because) {
    bool body = slice_is(flow_edge_text(s, e, "scope"), "MessageBody");
    arena *a = s->arena;
    if (!body) return flow_takes(s, e, PATTERN_SNS_ATTRIBUTES, n->attributes != NULL ? n->attributes : js_empty_object(), because);
    const doc_node *message = js_read(a, n->message);
    if (e->filter == NULL || value_is_absent(e->filter)) return YES;
    if (!js_is(message, DOC_MAP)) {
        *because = SLICE("the message is no JSON object, and the filter policy looks at the body");
        return NO;
    }
    return flow_takes(s, e, PATTERN_SNS_BODY, message, because);
}

/* SNS developer guide, "Publish to a topic", MessageStructure: the text for the protocol, else the default. */
static slice text_for(const happening_notification *n, slice protocol) {
    const doc_node *own = js_is(n->by_protocol, DOC_MAP) ? doc_get(n->by_protocol, protocol) : NULL;
    if (own == NULL) own = js_get(n->by_protocol, "default");
    return js_is(own, DOC_STRING) ? own->text : n->message;
}

static bool fifo(smoke *s, const resource *topic) {
    bool b;
    return topic != NULL && value_as_bool(s->arena, value_under(resource_written(s->arena, topic, SLICE("FifoTopic")), WHEN_ALWAYS), &b) == YES && b;
}

#define RAW_MOST_ATTRIBUTES 10u      /* SNS developer guide, "Raw message delivery": with more the message is discarded */

static void to_queue(smoke *s, firing *f, const edge *e, const happening_notification *n, slice protocol, slice id) {
    arena *a = s->arena;
    const queue_store *q = queue_of(s, e->to->resource);
    bool as_it_is = raw(s, e);
    happening_message m = { .delay_ms = -1, .group = n->group };
    m.body = as_it_is ? n->message : js_text(a, make_sns_envelope(&s->maker, a, world_node_arn(s->world, e->from), id, n, protocol));
    if (as_it_is) m.attributes = n->attributes;
    const doc_node *body = js_read(a, m.body);
    f->event = body != NULL ? body : js_string(a, m.body);
    if (as_it_is && js_len(n->attributes) > RAW_MOST_ATTRIBUTES) {
        firing_fail(s, f, arena_printf(a, "not delivered: %zu message attributes; with raw delivery a queue takes %u", js_len(n->attributes), RAW_MOST_ATTRIBUTES));
        return;
    }
    if (q->fifo && m.group.len == 0) {
        firing_fail(s, f, arena_printf(a, "not delivered: %.*s is a FIFO queue and the message has no message group", SLICE_ARG(e->to->id)));
        return;
    }
    if (q->fifo) m.dedup = n->dedup.len > 0 ? n->dedup : fifo(s, e->from->resource) ? sha256_hex(a, n->message) : id;
    if (flow_send(s, e->to->resource, &m, f) != NULL) firing_pass(f);
    else firing_fail(s, f, arena_printf(a, "%.*s takes no more messages in this run", SLICE_ARG(e->to->id)));
}

static void deliver(smoke *s, firing *f, const edge *e, const happening_notification *n, const probe *p) {
    arena *a = s->arena;
    slice arn = world_node_arn(s->world, e->from), id = make_uuid(&s->maker, a), protocol = protocol_of(s, e);
    if (to_function(e)) {
        slice subscription = arena_printf(a, "%.*s:%.*s", SLICE_ARG(arn), SLICE_ARG(make_uuid(&s->maker, a)));
        flow_deliver(s, f, e, make_sns_event(&s->maker, a, arn, subscription, id, n, protocol), p);
        return;
    }
    const doc_node *envelope = make_sns_envelope(&s->maker, a, arn, id, n, protocol);
    if (slice_is(e->to->type, "AWS::SQS::Queue") && e->to->resource != NULL) to_queue(s, f, e, n, protocol, id);
    else flow_deliver(s, f, e, raw(s, e) ? js_string(a, n->message) : envelope, p);
    flow_undelivered(s, f, e, raw(s, e) ? js_string(a, n->message) : envelope);
}

/* Delivered, or into the subscription's dead-letter queue at once: what is not allowed is not tried again. */
static void over(smoke *s, firing *f, const edge *e, const happening_notification *said, const probe *p) {
    slice protocol = protocol_of(s, e);
    happening_notification n = *said;
    n.message = text_for(said, protocol);
    if (flow_permitted(s, f, e)) deliver(s, f, e, &n, p);
    else flow_undelivered(s, f, e, make_sns_envelope(&s->maker, s->arena, world_node_arn(s->world, e->from), make_uuid(&s->maker, s->arena), &n, protocol));
}

void flow_publish(smoke *s, const resource *topic, const happening_notification *said, firing *cause) {
    arena *a = s->arena;
    const node *n = topic->node;
    if (!smoke_room(s, said->message.len)) return;
    happening_notification kept = { arena_copy(a, said->message), arena_copy(a, said->subject), js_copy(a, said->by_protocol), js_copy(a, said->attributes),
                                    arena_copy(a, said->group), arena_copy(a, said->dedup) };
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        slice because;
        if (!flow_follows(e)) continue;
        if (takes(s, e, &kept, &because) == NO) {
            firing_note(s, cause, arena_printf(a, "%.*s did not get the message: %.*s", SLICE_ARG(e->to->id), SLICE_ARG(because)));
            continue;
        }
        firing *f = firing_new(s, cause, e);
        if (f->status == FIRING_OPEN) over(s, f, e, &kept, NULL);
    }
}

void flow_notification_over(smoke *s, firing *f, const edge *e, const happening_notification *n, const probe *p) {
    slice because;
    happening_notification kept = *n;
    if (kept.group.len == 0 && fifo(s, e->from->resource)) kept.group = SLICE("sflint");
    tri is = takes(s, e, n, &because);
    if (is == NO && f->must_not_arrive) firing_pass(f);
    else if (is == NO) firing_fail(s, f, arena_printf(s->arena, "its filter policy refuses the message: %.*s", SLICE_ARG(because)));
    else if (f->must_not_arrive) firing_fail(s, f, SLICE("its filter policy lets through what it should refuse"));
    else over(s, f, e, &kept, p);
}
