/* Topics: subscriptions, filter policies, raw delivery. Amazon SNS developer guide, "Message filtering", "Raw message delivery". */
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

static void deliver(smoke *s, firing *f, const edge *e, const happening_notification *n, const probe *p) {
    arena *a = s->arena;
    slice arn = world_node_arn(s->world, e->from), id = make_uuid(&s->maker, a), protocol = protocol_of(s, e);
    if (to_function(e)) {
        slice subscription = arena_printf(a, "%.*s:%.*s", SLICE_ARG(arn), SLICE_ARG(make_uuid(&s->maker, a)));
        flow_deliver(s, f, e, make_sns_event(&s->maker, a, arn, subscription, id, n, protocol), p);
        return;
    }
    if (!raw(s, e)) {
        flow_deliver(s, f, e, make_sns_envelope(&s->maker, a, arn, id, n, protocol), p);
        return;
    }
    f->event = js_string(a, n->message);
    if (!slice_is(e->to->type, "AWS::SQS::Queue") || e->to->resource == NULL) {
        flow_deliver(s, f, e, f->event, p);
        return;
    }
    happening_message m = { .body = n->message, .attributes = n->attributes, .group = n->group, .dedup = n->dedup, .delay_ms = -1 };
    firing_pass(f);
    flow_send(s, e->to->resource, &m, f);
}

void flow_publish(smoke *s, const resource *topic, const happening_notification *said, firing *cause) {
    arena *a = s->arena;
    const node *n = topic->node;
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
        if (flow_permitted(s, f, e)) deliver(s, f, e, &kept, NULL);
    }
}

void flow_notification_over(smoke *s, firing *f, const edge *e, const happening_notification *n, const probe *p) {
    slice because;
    tri is = takes(s, e, n, &because);
    if (is == NO && f->must_not_arrive) firing_pass(f);
    else if (is == NO) firing_fail(s, f, arena_printf(s->arena, "its filter policy refuses the message: %.*s", SLICE_ARG(because)));
    else if (f->must_not_arrive) firing_fail(s, f, SLICE("its filter policy lets through what it should refuse"));
    else deliver(s, f, e, n, p);
}
