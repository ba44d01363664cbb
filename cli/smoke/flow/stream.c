/* Streams: DynamoDB and Kinesis, read by event source mappings and pipes; Firehose. Lambda developer guide, "Using Lambda with Kinesis",
 * "Using Lambda with DynamoDB". */
#include "smoke/event/make.h"
#include "smoke/event/parts.h"
#include "smoke/event/plan.h"
#include "smoke/flow/parts.h"
#include "base/digest.h"

#define TRIES_HERE 3u          /* of a batch that is retried until its records expire */
#define TRIES_MOST 10u

#define KINESIS_SHARD "shardId-000000000000"
#define TABLE_SHARD   "shardId-00000001573689847184-864758bb"

/* A piece of a batch: all of it at first; what is left of it, or a half of it, after a failure. */
typedef struct {
    stream_batch b;
    unsigned tries;
} piece;

typedef struct batch {
    smoke *s;
    const edge *e;
    firing *f;
    const probe *p;
    VEC(piece) pieces;           /* still to be handed over; the last is the next */
    const doc_node *event;
    slice request_id;
    long long window_s;          /* tumbling window; 0: none */
    const doc_node *state;
    bool final;                  /* the window's last invocation is on its way */
    const doc_node *failed_event;
    struct batch *next;          /* the batch behind it in the shard */
} batch;

static void send(void *self);
static void start(batch *k);
static void over(batch *k);

static slice stream_arn(smoke *s, const edge *e) {
    bool table = e->from->resource != NULL && !slice_is(e->from->type, "AWS::Kinesis::Stream");
    return table ? world_attribute(s->world, e->from->resource, SLICE("StreamArn")) : edge_source_arn(&s->maker, e);
}

/* ---- failures ---- */

static void tell_destination(batch *k, const piece *part, bool expired) {
    smoke *s = k->s;
    stream_batch b = part->b;
    arena *a = s->arena;
    if (k->e->on_failure == NULL) return;
    bool kinesis = slice_is(k->e->from->type, "AWS::Kinesis::Stream");
    js_object request = { 0 }, answer = { 0 }, info = { 0 }, all = { 0 };
    js_put(a, &request, "requestId", js_string(a, k->request_id));
    js_put(a, &request, "functionArn", js_string(a, world_node_arn(s->world, k->e->to)));
    js_put(a, &request, "condition", js_cstr(a, expired ? "RecordAgeExceeded" : "RetryAttemptsExhausted"));
    js_put(a, &request, "approximateInvokeCount", js_int(a, part->tries));
    js_put(a, &answer, "statusCode", js_int(a, 200));
    js_put(a, &answer, "executedVersion", js_cstr(a, "$LATEST"));
    js_put(a, &answer, "functionError", js_cstr(a, "Unhandled"));
    js_put(a, &info, "shardId", js_cstr(a, kinesis ? KINESIS_SHARD : TABLE_SHARD));
    js_put(a, &info, "startSequenceNumber", js_string(a, b.ids[0]));
    js_put(a, &info, "endSequenceNumber", js_string(a, b.ids[b.len - 1]));
    js_put(a, &info, "approximateArrivalOfFirstRecord", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &info, "approximateArrivalOfLastRecord", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &info, "batchSize", js_int(a, (long long)b.len));
    js_put(a, &info, "streamArn", js_string(a, stream_arn(s, k->e)));
    js_put(a, &all, "requestContext", js_object_end(a, &request));
    js_put(a, &all, "responseContext", js_object_end(a, &answer));
    js_put(a, &all, "version", js_cstr(a, "1.0"));
    js_put(a, &all, "timestamp", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &all, kinesis ? "KinesisBatchInfo" : "DDBStreamBatchInfo", js_object_end(a, &info));
    flow_dead_letter(s, k->f, k->e->on_failure, flow_dead_letter_edge(k->e, k->e->on_failure), js_text(a, js_object_end(a, &all)), NULL);
}

static long long retry_fact(const batch *k, const char *name) {
    const value *retry = k->e->facts == NULL ? &value_absent : value_get(k->s->arena, k->e->facts, SLICE("retry"));
    return js_int_of(world_json(k->s->world, retry, k->e->when, NULL), name, -1);
}

static bool bisects(const batch *k) {
    bool on;
    const value *v = k->e->settings == NULL ? &value_absent : value_get(k->s->arena, k->e->settings, SLICE("BisectBatchOnFunctionError"));
    return value_as_bool(k->s->arena, value_under(v, k->e->when), &on) == YES && on;
}

/* After a failure of the next piece from record `from` on: again, in halves, or not any more; then the destination is told and *why said.
 * Lambda developer guide, "Retaining discarded batches", BisectBatchOnFunctionError: splitting a batch does not count as a retry; with partial
 * responses it is split at the record given back. */
static void failed_from(batch *k, size_t from, slice why, const outcome *o, const firing *enrichment) {
    smoke *s = k->s;
    piece *part = &k->pieces.at[k->pieces.len - 1];
    long long retries = retry_fact(k, "attempts"), age_s = retry_fact(k, "age");
    unsigned most = retries < 0 ? TRIES_HERE : retries + 1 > TRIES_MOST ? TRIES_MOST : (unsigned)retries + 1;
    bool worth = !firing_halted(s, k->f) && k->f->status == FIRING_OPEN && (o == NULL || (o->kind != OUTCOME_NOT_RUN && o->kind != OUTCOME_NOT_LOADED));
    if (from > 0) part->b = (stream_batch){ part->b.records + from, part->b.ids + from, part->b.len - from };
    if (worth && part->b.len > 1 && from == 0 && bisects(k)) {
        size_t half = part->b.len / 2;
        piece second = { { part->b.records + half, part->b.ids + half, part->b.len - half }, part->tries - 1 };
        part->b.len = half;
        part->tries--;
        piece first = *part;
        *part = second;
        VEC_PUSH(s->arena, &k->pieces, first);
        smoke_later(s, 1000, send, k);
        return;
    }
    if (worth && part->tries < most) {
        smoke_later(s, 1000, send, k);
        return;
    }
    if (worth && retries < 0 && age_s < 0)
        firing_note(s, k->f, SLICE("the batch is retried until its records expire, and the shard waits behind it: MaximumRetryAttempts is not set"));
    k->failed_event = k->f->event;
    if (o != NULL) flow_say_batch(s, k->f, k->e, o, enrichment);
    else firing_fail(s, k->f, why);
    if (worth) tell_destination(k, part, retries < 0);
    k->pieces.len--;
    if (worth && k->pieces.len > 0) send(k);
    else over(k);
}

/* ---- answers ---- */

/* The batch behind it, when all of this one is done or given up. */
static void start_next(void *self) { start(self); }

static void over(batch *k) {
    if (k->failed_event != NULL) k->f->event = k->failed_event;
    if (k->next != NULL) smoke_later(k->s, 0, start_next, k->next);
}

static void done_well(batch *k, const outcome *o) {
    smoke *s = k->s;
    if (k->window_s > 0 && !k->final) {
        const doc_node *state = js_get(js_read(s->arena, o->payload), "state");
        if (state == NULL) firing_note(s, k->f, SLICE("the answer has no state: what the window has counted so far is lost (TumblingWindowInSeconds)"));
        k->state = state;
    }
    if (!flow_judge(s, k->f, k->p, k->event, o)) {
        over(k);
        return;
    }
    if (k->pieces.len > 0) k->pieces.len--;
    if (k->pieces.len > 0) {
        send(k);
        return;
    }
    if (k->window_s > 0 && !k->final && k->f->status == FIRING_OPEN) {
        k->final = true;
        send(k);
        return;
    }
    if (!flow_ends_itself(k->e)) firing_pass(k->f);
    over(k);
}

static void answered(batch *k, const outcome *o, const firing *enrichment) {
    smoke *s = k->s;
    arena *a = s->arena;
    if (k->final) {
        if (flow_failed(o)) flow_say_batch(s, k->f, k->e, o, enrichment);
        if (flow_failed(o)) over(k);
        else done_well(k, o);
        return;
    }
    if (flow_failed(o)) {
        failed_from(k, 0, SLICE(""), o, enrichment);
        return;
    }
    slice why = SLICE("");
    const piece *part = &k->pieces.at[k->pieces.len - 1];
    bool *failed = ARENA_ARRAY(a, bool, part->b.len);
    if (flow_reports(s, k->e) && !flow_partial(s, o->payload, part->b.ids, part->b.len, failed, &why)) {
        failed_from(k, 0, why, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < part->b.len; i++)
        if (failed[i]) {
            failed_from(k, i, SLICE("the handler gave records back as failed (batchItemFailures)"), NULL, NULL);
            return;
        }
    done_well(k, o);
}

static void function_answered(void *self, firing *f, const outcome *o) {
    (void)f;
    answered(self, o, NULL);
}

static void pipe_answered(void *self, const outcome *o, const firing *enrichment) { answered(self, o, enrichment); }

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

/* Lambda developer guide, "Aggregation and processing" of streams: what a window's invocation has beside its records. */
static const doc_node *in_window(const batch *k, const doc_node *event) {
    arena *a = k->s->arena;
    bool kinesis = slice_is(k->e->from->type, "AWS::Kinesis::Stream");
    int64_t length_ms = k->window_s * 1000, from_ms = k->s->maker.now_ms - k->s->maker.now_ms % length_ms;
    js_object window = { 0 };
    js_put(a, &window, "start", js_string(a, make_time(a, from_ms, false)));
    js_put(a, &window, "end", js_string(a, make_time(a, from_ms + length_ms, false)));
    event = js_with(a, event, SLICE("window"), js_object_end(a, &window));
    event = js_with(a, event, SLICE("state"), k->state != NULL ? k->state : js_empty_object());
    event = js_with(a, event, SLICE("shardId"), js_cstr(a, kinesis ? KINESIS_SHARD : TABLE_SHARD));
    event = js_with(a, event, SLICE("eventSourceARN"), js_string(a, stream_arn(k->s, k->e)));
    event = js_with(a, event, SLICE("isFinalInvokeForWindow"), js_bool(k->final));
    return js_with(a, event, SLICE("isWindowTerminatedEarly"), js_bool(false));
}

static void send(void *self) {
    batch *k = self;
    smoke *s = k->s;
    arena *a = s->arena;
    const edge *e = k->e;
    stream_batch none = { NULL, NULL, 0 }, b = none;
    if (!k->final) {
        k->pieces.at[k->pieces.len - 1].tries++;
        b = k->pieces.at[k->pieces.len - 1].b;
    }
    if (flow_is_pipe(e)) {
        js_list list = { 0 };
        for (size_t i = 0; i < b.len; i++) js_push(a, &list, pipe_record(a, b.records[i]));
        k->event = js_list_end(a, &list);
        flow_pipe(s, k->f, e, k->event, pipe_answered, k);
        return;
    }
    if (slice_is(e->to->type, "AWS::Lambda::Function") && e->to->resource != NULL) {
        k->event = make_records(a, b.records, b.len);
        if (k->window_s > 0) k->event = in_window(k, k->event);
        if (k->final) k->f->attempts--;          /* no further attempt: the window's end */
        flow_call(s, k->f, e->to->resource, e->qualifier, k->event, k->request_id, function_answered, k);
        return;
    }
    if (slice_is(e->to->type, "AWS::KinesisFirehose::DeliveryStream") && e->to->resource != NULL) {
        slice *data = ARENA_ARRAY(a, slice, b.len);
        for (size_t i = 0; i < b.len; i++)
            if (!base64_decode(a, js_str(js_at(b.records[i], "kinesis.data")), &data[i])) data[i] = SLICE("");
        k->f->event = make_records(a, b.records, b.len);
        firing_pass(k->f);
        flow_firehose(s, e->to->resource, data, b.len, k->f);
    } else {
        flow_deliver(s, k->f, e, make_records(a, b.records, b.len), k->p);
    }
    over(k);
}

static batch *batch_new(smoke *s, firing *f, const edge *e, const stream_batch *b, const probe *p) {
    batch *k = ARENA_NEW(s->arena, batch);
    *k = (batch){ .s = s, .e = e, .f = f, .p = p, .request_id = make_uuid(&s->maker, s->arena) };
    if (!flow_is_pipe(e)) k->window_s = flow_setting(s, e, "TumblingWindowInSeconds", 0);
    if (k->window_s < 0 || k->window_s > 900) k->window_s = 0;
    VEC_PUSH(s->arena, &k->pieces, (piece){ *b, 0 });
    return k;
}

static void start(batch *k) {
    if (!flow_permitted(k->s, k->f, k->e)) {
        const piece *all = &k->pieces.at[0];
        k->f->event = make_records(k->s->arena, all->b.records, all->b.len);
        over(k);
        return;
    }
    send(k);
}

void flow_stream(smoke *s, firing *f, const edge *e, const stream_batch *b, const probe *p) { send(batch_new(s, f, e, b, p)); }

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
    long long size = flow_batch_size(s, w->e, 100);
    size_t most = size < 1 ? 1 : size > 10000 ? 10000 : (size_t)size;
    batch *first = NULL, *last = NULL;
    for (size_t from = 0; from < w->records.len; from += most) {
        size_t len = w->records.len - from < most ? w->records.len - from : most;
        stream_batch b = { w->records.at + from, ARENA_ARRAY(a, slice, len), len };
        for (size_t i = 0; i < len; i++) b.ids[i] = id_of(w->e, b.records[i]);
        batch *k = batch_new(s, firing_new(s, w->cause, w->e), w->e, &b, NULL);
        if (first == NULL) first = k;
        else last->next = k;
        last = k;
    }
    if (first != NULL) start(first);
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
    return make_dynamodb_record(&s->maker, s->arena, flow_source_arn(s, e), flow_edge_text(s, e, "streamView"), c);
}

void flow_change(smoke *s, const resource *table, const happening_change *c, firing *cause) {
    const node *n = table->node;
    if (!smoke_room(s, 0)) return;
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (streams(n->out[i])) into(s, n->out[i], change_record(s, n->out[i], c), cause);
}

void flow_change_over(smoke *s, firing *f, const edge *e, const happening_change *c, const probe *p) { record_over(s, f, e, change_record(s, e, c), p); }

/* ---- Kinesis ---- */

slice flow_record(smoke *s, const resource *stream, const happening_record *r, firing *cause) {
    const node *n = stream->node;
    arena *a = s->arena;
    if (!smoke_room(s, r->data.len)) return SLICE("0");
    slice sequence = make_digits(&s->maker, a, 56);
    happening_record kept = { arena_copy(a, r->key), arena_copy(a, r->data) };
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (streams(n->out[i])) into(s, n->out[i], make_kinesis_record(&s->maker, a, world_arn(s->world, stream), sequence, &kept), cause);
    return sequence;
}

void flow_record_over(smoke *s, firing *f, const edge *e, const happening_record *r, const probe *p) {
    slice sequence = make_digits(&s->maker, s->arena, 56);
    record_over(s, f, e, make_kinesis_record(&s->maker, s->arena, flow_source_arn(s, e), sequence, r), p);
}

/* ---- Firehose: records go through the transformation, if there is one ---- */

void flow_firehose(smoke *s, const resource *delivery, const slice *data, size_t len, firing *cause) {
    arena *a = s->arena;
    const node *n = delivery->node;
    size_t bytes = 0;
    for (size_t i = 0; i < len; i++) bytes += data[i].len;
    if (!smoke_room(s, bytes)) return;
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
