/* What stands behind a pipe's source: enrichment, input templates, target. EventBridge user guide, "Amazon EventBridge Pipes". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

typedef struct {
    smoke *s;
    firing *f;
    const edge *e;
    const doc_node *records;
    flow_piped done;
    void *self;
    outcome result;
} piping;

static slice property(smoke *s, const edge *e, const char *path) {
    const value *v = resource_written(s->arena, e->via, slice_from(path));
    return value_is_absent(v) ? SLICE("") : world_text(s->world, v, e->when, NULL);
}

/* Goes on without a failure, or with one that the firing has been told of: what is given back then is not tried again. */
static void finish(piping *k) {
    k->result = (outcome){ .kind = k->f->status == FIRING_FAILED || k->f->status == FIRING_SKIPPED ? OUTCOME_NOT_RUN : OUTCOME_RETURNED };
    if (k->result.kind != OUTCOME_RETURNED) k->result.error_message = k->f->reason;
    k->done(k->self, &k->result, NULL);
}

/* Pipes user guide, "Amazon EventBridge Pipes event bus target": DetailType unless given is "Event from aws:sqs". */
static slice detail_type_of(arena *a, const edge *e) {
    static const struct { slice type; const char *name; } sources[] = {
        { SLICE_INIT("AWS::SQS::Queue"), "sqs" }, { SLICE_INIT("AWS::Kinesis::Stream"), "kinesis" }, { SLICE_INIT("AWS::DynamoDB::Table"), "dynamodb" },
        { SLICE_INIT("AWS::DynamoDB::GlobalTable"), "dynamodb" }, { SLICE_INIT("AWS::MSK::Cluster"), "kafka" }, { SLICE_INIT("AWS::AmazonMQ::Broker"), "mq" },
    };
    for (size_t i = 0; i < COUNT(sources); i++)
        if (slice_eq(e->from->type, sources[i].type)) return arena_printf(a, "Event from aws:%s", sources[i].name);
    return SLICE("Event from pipe");
}

/* The target, when it is no function: each record by itself, or all as one list, as its batch says. */
static void to_others(piping *k) {
    smoke *s = k->s;
    arena *a = s->arena;
    const node *to = k->e->to;
    bool together = flow_ends_itself(k->e);
    firing *f = k->f;
    f->event = k->records;
    size_t len = together || !js_is(k->records, DOC_LIST) ? 1 : k->records->list.len;
    if (to->resource == NULL && !slice_is(to->id, "bus:default")) {
        firing_skip(s, f, arena_printf(a, "%.*s is outside the templates", SLICE_ARG(to->id)));
        return;
    }
    for (size_t i = 0; i < len && f->status != FIRING_FAILED; i++) {
        const doc_node *one = together || !js_is(k->records, DOC_LIST) ? k->records : k->records->list.at[i];
        if (to->role == ROLE_BUS && !slice_is(to->type, "AWS::SNS::Topic")) {
            slice source = property(s, k->e, "TargetParameters.EventBridgeEventBusParameters.Source");
            slice type = property(s, k->e, "TargetParameters.EventBridgeEventBusParameters.DetailType");
            if (source.len == 0) source = arena_printf(a, "Pipe %.*s", SLICE_ARG(world_name(s->world, k->e->via)));
            if (type.len == 0) type = detail_type_of(a, k->e);
            one = make_bus_event(&s->maker, a, source, type, js_is(one, DOC_MAP) ? one : js_empty_object(), NULL);
        }
        firing_status before = f->status;
        f->status = FIRING_OPEN;
        flow_deliver(s, f, k->e, one, NULL);
        if (before == FIRING_FAILED) f->status = before;
    }
    f->event = k->records;
}

static void target_answered(void *self, firing *f, const outcome *o) {
    piping *k = self;
    (void)f;
    k->done(k->self, o, NULL);
}

static void to_target(piping *k) {
    smoke *s = k->s;
    slice why = SLICE("");
    k->records = flow_pipe_input(s, property(s, k->e, "TargetParameters.InputTemplate"), k->records, k->e->via, &why);
    if (k->records == NULL) {
        firing_fail(s, k->f, why);
        finish(k);
        return;
    }
    if (slice_is(k->e->to->type, "AWS::Lambda::Function") && k->e->to->resource != NULL) {
        flow_call(s, k->f, k->e->to->resource, k->e->qualifier, k->records, SLICE(""), target_answered, k);
        return;
    }
    to_others(k);
    finish(k);
}

static void enriched(void *self, firing *f, const outcome *o) {
    piping *k = self;
    smoke *s = k->s;
    if (flow_failed(o)) {
        flow_say_failure(s, f, o, smoke_how(s, f->edge->to->resource));
        k->done(k->self, o, f);
        return;
    }
    firing_pass(f);
    const doc_node *answer = js_read(s->arena, o->payload);
    if (js_is(answer, DOC_LIST) && answer->list.len == 0) {
        firing_note(s, k->f, SLICE("the enrichment returned an empty list: the target is not called"));
        finish(k);
        return;
    }
    k->records = answer != NULL ? answer : js_null();
    to_target(k);
}

static const edge *enrichment_of(const edge *e) {
    for (size_t i = 0; i < e->from->out_len; i++)
        if (e->from->out[i]->via == e->via && e->from->out[i]->kind == EDGE_SYNC && e->from->out[i] != e) return e->from->out[i];
    return NULL;
}

void flow_pipe(smoke *s, firing *f, const edge *e, const doc_node *records, flow_piped done, void *self) {
    piping *k = ARENA_NEW(s->arena, piping);
    *k = (piping){ .s = s, .f = f, .e = e, .records = records, .done = done, .self = self };
    const edge *enrichment = enrichment_of(e);
    if (enrichment == NULL) {
        to_target(k);
        return;
    }
    slice why = SLICE("");
    const doc_node *input = flow_pipe_input(s, property(s, e, "EnrichmentParameters.InputTemplate"), records, e->via, &why);
    if (input == NULL) {
        firing_fail(s, f, why);
        finish(k);
        return;
    }
    firing *first = firing_new(s, f, enrichment);
    if (!flow_permitted(s, first, enrichment)) {
        if (first->status == FIRING_FAILED) firing_fail(s, f, arena_printf(s->arena, "its enrichment can't be called: %.*s", SLICE_ARG(first->reason)));
        else firing_skip(s, f, first->reason);
        finish(k);
    } else if (!slice_is(enrichment->to->type, "AWS::Lambda::Function") || enrichment->to->resource == NULL) {
        firing_skip(s, first, arena_printf(s->arena, "an enrichment by %.*s is not run here", SLICE_ARG(enrichment->to->type)));
        firing_skip(s, f, SLICE("its enrichment was not run"));
        finish(k);
    } else {
        flow_call(s, first, enrichment->to->resource, enrichment->qualifier, input, SLICE(""), enriched, k);
    }
}
