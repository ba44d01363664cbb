/* Streams: DynamoDB and Kinesis, read by event source mappings and pipes; Firehose. Lambda developer guide, "Using Lambda with Kinesis",
 * "Using Lambda with DynamoDB". */
#include "smoke/event/make.h"
#include "smoke/event/plan.h"
#include "smoke/flow/parts.h"
#include "smoke/digest.h"

#define TRIES_HERE 3u          /* of a batch that is retried until its records expire */
#define TRIES_MOST 10u

typedef struct {
    smoke *s;
    const edge *e;
    firing *f;
    const probe *p;
    stream_batch b;
    const doc_node *event;
    unsigned tries;
    slice request_id;
} batch;

static void send(void *self);

/* ---- failures ---- */

static const edge *destination_edge(const edge *e) {
    const node *ends[] = { e->to, e->from };
    for (size_t k = 0; k < COUNT(ends); k++)
        for (size_t i = 0; i < ends[k]->out_len; i++) {
            const edge *o = ends[k]->out[i];
            if ((o->kind == EDGE_DESTINATION || o->kind == EDGE_DEAD_LETTER) && o->to == e->on_failure && o->via == e->via) return o;
        }
    return NULL;
}

static void tell_destination(batch *k) {
    smoke *s = k->s;
    arena *a = s->arena;
    if (k->e->on_failure == NULL) return;
    bool kinesis = slice_is(k->e->from->type, "AWS::Kinesis::Stream");
    js_object request = { 0 }, answer = { 0 }, info = { 0 }, all = { 0 };
    js_put(a, &request, "requestId", js_string(a, k->request_id));
    js_put(a, &request, "functionArn", js_string(a, world_node_arn(s->world, k->e->to)));
    js_put(a, &request, "condition", js_cstr(a, "RetryAttemptsExhausted"));
    js_put(a, &request, "approximateInvokeCount", js_int(a, k->tries));
    js_put(a, &answer, "statusCode", js_int(a, 200));
    js_put(a, &answer, "executedVersion", js_cstr(a, "$LATEST"));
    js_put(a, &answer, "functionError", js_cstr(a, "Unhandled"));
    js_put(a, &info, "shardId", js_cstr(a, kinesis ? "shardId-000000000000" : "shardId-00000001573689847184-864758bb"));
    js_put(a, &info, "startSequenceNumber", js_string(a, k->b.ids[0]));
    js_put(a, &info, "endSequenceNumber", js_string(a, k->b.ids[k->b.len - 1]));
    js_put(a, &info, "approximateArrivalOfFirstRecord", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &info, "approximateArrivalOfLastRecord", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &info, "batchSize", js_int(a, (long long)k->b.len));
    js_put(a, &info, "streamArn", js_string(a, kinesis ? world_node_arn(s->world, k->e->from) : world_attribute(s->world, k->e->from->resource, SLICE("StreamArn"))));
    js_put(a, &all, "requestContext", js_object_end(a, &request));
    js_put(a, &all, "responseContext", js_object_end(a, &answer));
    js_put(a, &all, "version", js_cstr(a, "1.0"));
    js_put(a, &all, "timestamp", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &all, kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo", js_object_end(a, &info));
    flow_dead_letter(s, k->f, k->e->on_failure, destination_edge(k->e), js_text(a, js_object_end(a, &all)), NULL);
}

static long long retries_of(const batch *k) {
    const value *retry = k->e->facts == NULL ? &value_absent : value_get(k->s->arena, k->e->facts, SLICE("retry"));
    return js_int_of(world_json(k->s->world, retry, k->e->when, NULL), "attempts", -1);
}

/* Again, from record `from` on; false when it is not tried any more. */
static bool again(batch *k, size_t from) {
    long long retries = retries_of(k);
    unsigned most = retries < 0 ? TRIES_HERE : retries + 1 > TRIES_MOST ? TRIES_MOST : (unsigned)retries + 1;
    if (from > 0) k->b = (stream_batch){ k->b.records + from, k->b.ids + from, k->b.len - from };
    if (k->tries >= most || k->s->stopped) {
        if (retries < 0)
            firing_note(k->s, k->f, SLICE("the batch is retried until its records expire, and the shard waits behind it: MaximumRetryAttempts is not set"));
        tell_destination(k);
        return false;
    }
    smoke_later(k->s, 1000, send, k);
    return true;
}

static void answered(batch *k, const outcome *o, const runnable *how) {
    smoke *s = k->s;
    arena *a = s->arena;
    if (flow_failed(o)) {
        bool worth = o->kind != OUTCOME_NOT_RUN && o->kind != OUTCOME_NOT_LOADED;
        if (worth && again(k, 0)) return;
        if (how != NULL) flow_say_failure(s, k->f, o, how);
        else firing_fail(s, k->f, o->error_message);
        return;
    }
    slice why = SLICE("");
    bool *failed = ARENA_ARRAY(a, bool, k->b.len);
    if (flow_reports(s, k->e) && !flow_partial(s, o->payload, k->b.ids, k->b.len, failed, &why)) {
        if (!again(k, 0)) firing_fail(s, k->f, why);
        return;
    }
    for (size_t i = 0; i < k->b.len; i++) {
        if (!failed[i]) continue;
        if (!again(k, i)) firing_fail(s, k->f, SLICE("the handler gave records back as failed (batchItemFailures)"));
        return;
    }
    if (flow_judge(s, k->f, k->p, k->event, o)) firing_pass(k->f);
}

static void function_answered(void *self, firing *f, const outcome *o) {
    batch *k = self;
    smoke_running *r = smoke_running_of(k->s, k->e->to->resource);
    (void)f;
    answered(k, o, r == NULL || r->runs == NULL ? NULL : executor_runnable(r->runs));
}

static void pipe_answered(void *self, const outcome *o) { answered(self, o, NULL); }

/* ---- delivering ---- */

/* A pipe hands over a Kinesis record flat: the members of `kinesis` beside the others. Pipes user guide, "Amazon Kinesis stream as a source". */
static const doc_node *pipe_record(arena *a, const doc_node *record) {
    const doc_node *inner = js_get(record, "kinesis");
    js_object o = { 0 };
    if (!js_is(inner, DOC_MAP)) return record;
    for (size_t i = 0; i < inner->map.len; i++) VEC_PUSH(a, &o.entries, inner->map.at[i]);
    for (size_t i = 0; i < record->map.len; i++)
        if (!slice_is(record->map.at[i].key, "kinesis")) VEC_PUSH(a, &o.entries, record->map.at[i]);
    return js_object_end(a, &o);
}

static void send(void *self) {
    batch *k = self;
    smoke *s = k->s;
    arena *a = s->arena;
    const edge *e = k->e;
    k->tries++;
    if (flow_is_pipe(e)) {
        js_list list = { 0 };
        for (size_t i = 0; i < k->b.len; i++) js_push(a, &list, pipe_record(a, k->b.records[i]));
        k->event = js_list_end(a, &list);
        flow_pipe(s, k->f, e, k->event, pipe_answered, k);
        return;
    }
    if (slice_is(e->to->type, "AWS::Lambda::Function")) {
        k->event = make_records(a, k->b.records, k->b.len);
        flow_call(s, k->f, e->to->resource, e->qualifier, k->event, k->request_id, function_answered, k);
        return;
    }
    if (slice_is(e->to->type, "AWS::KinesisFirehose::DeliveryStream") && e->to->resource != NULL) {
        slice *data = ARENA_ARRAY(a, slice, k->b.len);
        for (size_t i = 0; i < k->b.len; i++)
            if (!base64_decode(a, js_str(js_at(k->b.records[i], "kinesis.data")), &data[i])) data[i] = SLICE("");
        k->f->event = make_records(a, k->b.records, k->b.len);
        firing_pass(k->f);
        flow_firehose(s, e->to->resource, data, k->b.len, k->f);
        return;
    }
    flow_deliver(s, k->f, e, make_records(a, k->b.records, k->b.len), k->p);
}

void flow_stream(smoke *s, firing *f, const edge *e, const stream_batch *b, const probe *p) {
    batch *k = ARENA_NEW(s->arena, batch);
    *k = (batch){ .s = s, .e = e, .f = f, .p = p, .b = *b, .request_id = make_uuid(&s->maker, s->arena) };
    send(k);
}

static slice id_of(const edge *e, const doc_node *record) {
    if (flow_is_pipe(e)) return js_str_of(record, "eventID");
    const doc_node *kinesis = js_at(record, "kinesis.sequenceNumber");
    return kinesis != NULL ? js_str(kinesis) : js_str(js_at(record, "dynamodb.SequenceNumber"));
}

/* Records that one cause put into one stream travel together. */
typedef struct waiting {
    smoke *s;
    const edge *e;
    firing *cause;
    VEC(const doc_node *) records;
    struct waiting *next;
} waiting;

static void flush(void *self) {
    waiting *w = self;
    smoke *s = w->s;
    arena *a = s->arena;
    strmap_put(a, &s->flow->streams, arena_printf(a, "%p %p", (const void *)w->e, (void *)w->cause), NULL);
    firing *f = firing_new(s, w->cause, w->e);
    if (!flow_permitted(s, f, w->e)) {
        f->event = make_records(a, w->records.at, w->records.len);
        return;
    }
    stream_batch b = { w->records.at, ARENA_ARRAY(a, slice, w->records.len), w->records.len };
    for (size_t i = 0; i < b.len; i++) b.ids[i] = id_of(w->e, b.records[i]);
    flow_stream(s, f, w->e, &b, NULL);
}

static bool streams(const edge *e) { return e->enabled != NO && e->trigger && e->kind == EDGE_STREAM; }

static void into(smoke *s, const edge *e, const doc_node *record, firing *cause) {
    arena *a = s->arena;
    slice because;
    if (flow_takes(s, e, PATTERN_ESM, make_filtered_view(a, record), &because) == NO) {
        firing_note(s, cause, arena_printf(a, "a record of %.*s was dropped by the filter of %.*s: %.*s", SLICE_ARG(e->from->id),
                                           SLICE_ARG(world_declared_name(s->world, e)), SLICE_ARG(because)));
        return;
    }
    slice key = arena_printf(a, "%p %p", (const void *)e, (void *)cause);
    waiting *w = strmap_get(&s->flow->streams, key);
    if (w == NULL) {
        w = ARENA_NEW(a, waiting);
        *w = (waiting){ .s = s, .e = e, .cause = cause };
        strmap_put(a, &s->flow->streams, key, w);
        smoke_later(s, 0, flush, w);
    }
    VEC_PUSH(a, &w->records, record);
}

/* One record that the plan made, over its edge. */
static void record_over(smoke *s, firing *f, const edge *e, const doc_node *record, const probe *p) {
    arena *a = s->arena;
    slice because;
    tri takes = flow_takes(s, e, PATTERN_ESM, make_filtered_view(a, record), &because);
    const doc_node **one = ARENA_ARRAY(a, const doc_node *, 1);
    slice *id = ARENA_ARRAY(a, slice, 1);
    one[0] = record;
    id[0] = id_of(e, record);
    f->event = make_records(a, one, 1);
    if (takes == NO) {
        if (f->must_not_arrive) firing_pass(f);
        else firing_fail(s, f, arena_printf(a, "its filter refuses the record: %.*s", SLICE_ARG(because)));
        return;
    }
    if (f->must_not_arrive) {
        firing_fail(s, f, SLICE("its filter lets through what it should refuse"));
        return;
    }
    flow_stream(s, f, e, &(stream_batch){ one, id, 1 }, p);
}

/* ---- tables ---- */

static const doc_node *change_record(smoke *s, const edge *e, const happening_change *c) {
    return make_dynamodb_record(&s->maker, s->arena, world_arn(s->world, e->from->resource), flow_edge_text(s, e, "streamView"), c);
}

void flow_change(smoke *s, const resource *table, const happening_change *c, firing *cause) {
    const node *n = table->node;
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (streams(n->out[i])) into(s, n->out[i], change_record(s, n->out[i], c), cause);
}

void flow_change_over(smoke *s, firing *f, const edge *e, const happening_change *c, const probe *p) { record_over(s, f, e, change_record(s, e, c), p); }

/* ---- Kinesis ---- */

slice flow_record(smoke *s, const resource *stream, const happening_record *r, firing *cause) {
    const node *n = stream->node;
    arena *a = s->arena;
    slice sequence = make_digits(&s->maker, a, 56);
    happening_record kept = { arena_copy(a, r->key), arena_copy(a, r->data) };
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (streams(n->out[i])) into(s, n->out[i], make_kinesis_record(&s->maker, a, world_arn(s->world, stream), sequence, &kept), cause);
    return sequence;
}

void flow_record_over(smoke *s, firing *f, const edge *e, const happening_record *r, const probe *p) {
    slice sequence = make_digits(&s->maker, s->arena, 56);
    record_over(s, f, e, make_kinesis_record(&s->maker, s->arena, world_arn(s->world, e->from->resource), sequence, r), p);
}

/* ---- Firehose: records go through the transformation, if there is one ---- */

void flow_firehose(smoke *s, const resource *delivery, const slice *data, size_t len, firing *cause) {
    arena *a = s->arena;
    const node *n = delivery->node;
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        const probe *p;
        if (e->kind != EDGE_SYNC || e->enabled == NO || !slice_is(e->to->type, "AWS::Lambda::Function") || plan_probes(&s->maker, a, e, &p) == 0) continue;
        const doc_node *event = plan_event(&s->maker, a, &p[0]), *pattern = js_at(event, "records[0]");
        js_list records = { 0 };
        for (size_t k = 0; k < len; k++)
            js_push(a, &records, js_with(a, js_with(a, pattern, SLICE("recordId"), js_string(a, make_digits(&s->maker, a, 56))), SLICE("data"),
                                         js_string(a, base64_encode(a, data[k]))));
        firing *f = firing_new(s, cause, e);
        if (flow_permitted(s, f, e)) flow_deliver(s, f, e, js_with(a, event, SLICE("records"), js_list_end(a, &records)), NULL);
    }
}
