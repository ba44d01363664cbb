/* A probe as the target gets it. */
#include "base/digest.h"
#include "smoke/event/plan_parts.h"
#include "smoke/event/route.h"

static const doc_node *as_list(arena *a, const doc_node *one) {
    js_list l = { 0 };
    js_push(a, &l, one);
    return js_list_end(a, &l);
}

/* Pipes hand on a list, event source mappings {"Records": [...]}. */
static const doc_node *records(const probe *p, arena *a, const doc_node *one) { return is_pipe(p->trigger) ? as_list(a, one) : make_records(a, &one, 1); }

static const doc_node *message_event(maker *m, arena *a, const probe *p) {
    bool fifo = p->message.group.len > 0;
    queue_message q = { .said = p->message, .id = make_uuid(m, a), .receipt = make_hex(m, a, 64), .md5 = md5_hex(a, p->message.body), .receives = 1,
                        .sent_ms = m->now_ms, .first_receive_ms = m->now_ms, .sequence = fifo ? make_digits(m, a, 20) : SLICE("") };
    return records(p, a, make_sqs_record(m, a, edge_source_arn(m, p->trigger), &q));
}

static const doc_node *notification_event(maker *m, arena *a, const probe *p) {
    const edge *e = p->trigger;
    slice topic = edge_source_arn(m, e), id = make_uuid(m, a);
    if (e->to->role == ROLE_COMPUTE)
        return make_sns_event(m, a, topic, arena_printf(a, "%.*s:%.*s", SLICE_ARG(topic), SLICE_ARG(make_uuid(m, a))), id, &p->notification, SLICE("lambda"));
    bool raw = false;
    const value *written = e->settings == NULL ? &value_absent : value_get(m->world->arena, e->settings, SLICE("RawMessageDelivery"));
    value_as_bool(m->world->arena, value_under(written, e->when), &raw);
    if (raw) return js_string(a, p->notification.message);
    return make_sns_envelope(m, a, topic, id, &p->notification, slice_is(e->to->type, "AWS::SQS::Queue") ? SLICE("sqs") : SLICE("default"));
}

static const doc_node *object_event(maker *m, arena *a, const probe *p) {
    const edge *e = p->trigger;
    slice bucket = e->from->resource != NULL ? world_name(m->world, e->from->resource) : e->from->id;
    return slice_is(e->service, "s3") ? make_s3_event(m, a, bucket, SLICE(""), &p->object) : make_s3_bus_event(m, a, bucket, &p->object);
}

static const doc_node *request_event(maker *m, arena *a, const probe *p) {
    route r;
    route_read(m, a, p->trigger, &p->request, &r);
    return route_event(m, a, p->trigger, &r, &p->request);
}

/* A fixed Input takes the place of the whole event. */
static const doc_node *with_input(maker *m, arena *a, const probe *p, const doc_node *event) {
    const edge *e = p->trigger;
    const doc_node *input = NULL;
    if (is_type(e->via, "AWS::Scheduler::Schedule")) {
        input = property(m, e->via, "Target.Input", e->when);
    } else if (is_type(e->via, "AWS::Events::Rule")) {
        const doc_node *targets = property(m, e->via, "Targets", e->when);
        const value *id = e->facts == NULL ? &value_absent : value_get(m->world->arena, e->facts, SLICE("targetId"));
        slice named = value_is_absent(id) ? SLICE("") : world_text(m->world, id, e->when, NULL);
        for (size_t i = 0; js_is(targets, DOC_LIST) && i < targets->list.len; i++)
            if (targets->list.len == 1 || slice_eq(js_str_of(targets->list.at[i], "Id"), named)) input = js_get(targets->list.at[i], "Input");
    }
    if (!js_is(input, DOC_STRING)) return event;
    const doc_node *read = js_read(a, input->text);
    return read != NULL ? read : input;
}

const doc_node *plan_event(maker *m, arena *a, const probe *p) {
    const edge *e = p->trigger;
    if (p->cannot.len > 0) return NULL;
    switch (p->kind) {
    case HAPPENS_MESSAGE: return message_event(m, a, p);
    case HAPPENS_NOTIFICATION: return notification_event(m, a, p);
    case HAPPENS_OBJECT: return object_event(m, a, p);
    case HAPPENS_CHANGE: return records(p, a, make_dynamodb_record(m, a, edge_source_arn(m, e), plan_view(m, e), &p->change));
    case HAPPENS_RECORD: return records(p, a, make_kinesis_record(m, a, edge_source_arn(m, e), make_digits(m, a, 56), &p->record));
    case HAPPENS_REQUEST: return request_event(m, a, p);
    case HAPPENS_EVENT:
    case HAPPENS_TICK: return with_input(m, a, p, p->event);
    case HAPPENS_DIRECT: break;
    }
    return p->event;
}
