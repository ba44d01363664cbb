/* Queues that are polled: event source mappings and pipes on SQS. Lambda developer guide, "Using Lambda with Amazon SQS". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

#define RECEIVES_HERE 3u        /* of a message that nothing takes out of the queue: by then it is clear that it comes back */
#define RECEIVES_MOST 10u       /* whatever maxReceiveCount is */

typedef struct {
    smoke *s;
    const edge *e;
    queue_store *q;
    firing *f;
    queue_message **messages;
    size_t len;
    const doc_node *event;
} batch;

static void poll_queue(void *self);

typedef struct {
    smoke *s;
    queue_store *queue;
} polling;

static void poll_at(smoke *s, queue_store *queue, int64_t ms) {
    polling *k = ARENA_NEW(s->arena, polling);
    *k = (polling){ s, queue };
    smoke_later(s, ms, poll_queue, k);
}

void flow_poll_soon(smoke *s, queue_store *queue) { poll_at(s, queue, 0); }

/* ---- what comes of a batch ---- */

static unsigned limit_of(const queue_store *q) {
    return q->dead_letter == NULL ? RECEIVES_HERE : q->max_receives < RECEIVES_MOST ? q->max_receives : RECEIVES_MOST;
}

/* These messages come back when they are visible again, within the same firing. False: they will not come back any more. */
static bool give_back(batch *b, const bool *failed) {
    bool again = false;
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < b->len; i++) {
        queue_message *m = b->messages[i];
        if (m->deleted) continue;                /* by the handler itself */
        if (failed != NULL && !failed[i]) {
            queue_delete(b->q, m);
            continue;
        }
        m->as = b->f;
        m->only = b->e;
        if (m->visible_ms < next) next = m->visible_ms;
        again |= m->receives < limit_of(b->q);
        if (m->receives >= limit_of(b->q) && b->q->dead_letter == NULL) queue_delete(b->q, m);
        else m->worn = m->receives >= RECEIVES_MOST;
    }
    if (next != INT64_MAX) poll_at(b->s, b->q, next - b->s->maker.now_ms);
    if (!again && b->q->dead_letter == NULL && b->q->resource != NULL)
        firing_note(b->s, b->f, arena_printf(b->s->arena, "%.*s has no dead-letter queue: the message comes back until it expires", SLICE_ARG(b->q->id)));
    return again;
}

/* What waits behind them in their FIFO groups may come now. */
static void groups_free(batch *b) {
    if (b->q->fifo) flow_poll_soon(b->s, b->q);
}

static void drop_all(batch *b) {
    for (size_t i = 0; i < b->len; i++) queue_delete(b->q, b->messages[i]);
    groups_free(b);
}

/* SQS developer guide, "FIFO queue logic"; Lambda developer guide, "Implementing partial batch responses": of a FIFO queue the first failed message
 * and all behind it must be given back. */
static void order_kept(batch *b, const bool *failed) {
    strmap broken = { 0 };
    arena *a = b->s->arena;
    for (size_t i = 0; b->q->fifo && i < b->len; i++) {
        slice group = b->messages[i]->said.group;
        if (failed[i]) strmap_put(a, &broken, group, b);
        else if (strmap_has(&broken, group))
            firing_note(b->s, b->f, arena_printf(a, "message group %.*s loses its order: a message behind the failed one was not given back with it", SLICE_ARG(group)));
    }
}

static void answered(batch *b, const outcome *o, const firing *enrichment) {
    smoke *s = b->s;
    arena *a = s->arena;
    if (o->kind == OUTCOME_NOT_RUN || o->kind == OUTCOME_NOT_LOADED || (flow_failed(o) && firing_halted(s, b->f))) {
        flow_say_batch(s, b->f, b->e, o, enrichment);
        drop_all(b);
        return;
    }
    if (flow_failed(o)) {
        if (!give_back(b, NULL)) flow_say_batch(s, b->f, b->e, o, enrichment);
        return;
    }
    slice *ids = ARENA_ARRAY(a, slice, b->len), why = SLICE("");
    bool *failed = ARENA_ARRAY(a, bool, b->len);
    for (size_t i = 0; i < b->len; i++) ids[i] = b->messages[i]->id;
    bool reports = flow_reports(s, b->e) && enrichment == NULL;
    if (reports && !flow_partial(s, o->payload, ids, b->len, failed, &why)) {
        if (!give_back(b, NULL)) firing_fail(s, b->f, why);
        return;
    }
    size_t bad = 0;
    for (size_t i = 0; i < b->len; i++) bad += failed[i];
    if (bad > 0) {
        order_kept(b, failed);
        if (!give_back(b, failed)) firing_fail(s, b->f, arena_printf(a, "the handler gave %zu of %zu messages back as failed (batchItemFailures)", bad, b->len));
        groups_free(b);
        return;
    }
    drop_all(b);
    if (flow_judge(s, b->f, NULL, b->event, o) && !flow_ends_itself(b->e)) firing_pass(b->f);
}

static void function_answered(void *self, firing *f, const outcome *o) {
    (void)f;
    answered(self, o, NULL);
}

static void pipe_answered(void *self, const outcome *o, const firing *enrichment) { answered(self, o, enrichment); }

/* ---- a batch ---- */

/* The messages that the filter lets through; the others are deleted (Lambda developer guide, "Control which events Lambda sends to your function"). */
static size_t filtered(smoke *s, const edge *e, queue_store *q, queue_message **messages, size_t len, const doc_node **records) {
    arena *a = s->arena;
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        queue_message *m = messages[i];
        slice because;
        const doc_node *record = make_sqs_record(&s->maker, a, q->arn, m);
        tri takes = flow_takes(s, e, PATTERN_ESM, make_filtered_view(a, record), &because);
        if (takes != NO) {
            if (takes == UNKNOWN) firing_note(s, m->as != NULL ? m->as : m->cause, arena_printf(a, "whether its filter takes it is not known: %.*s", SLICE_ARG(because)));
            messages[kept] = m;
            records[kept++] = record;
            continue;
        }
        queue_delete(q, m);
        if (m->as != NULL && m->as->must_not_arrive) firing_pass(m->as);
        else if (m->as != NULL) firing_fail(s, m->as, arena_printf(a, "its filter refuses the message: %.*s", SLICE_ARG(because)));
        else firing_note(s, m->cause, arena_printf(a, "a message to %.*s was dropped by the filter of %.*s: %.*s", SLICE_ARG(q->id),
                                                   SLICE_ARG(world_declared_name(s->world, e)), SLICE_ARG(because)));
    }
    return kept;
}

static bool poll_edge(smoke *s, queue_store *q, const edge *e) {
    arena *a = s->arena;
    long long size = flow_batch_size(s, e, 10);
    size_t most = size < 1 ? 1 : size > 1000 ? 1000 : (size_t)size;
    queue_message **messages = ARENA_ARRAY(a, queue_message *, most);
    size_t len = queue_receive_for(s, q, e, most, messages);
    if (len == 0) return false;
    const doc_node **records = ARENA_ARRAY(a, const doc_node *, len);
    len = filtered(s, e, q, messages, len, records);
    if (len == 0) return true;
    firing *f = messages[0]->as != NULL ? messages[0]->as : firing_new(s, messages[0]->cause, e);
    batch *b = ARENA_NEW(a, batch);
    *b = (batch){ .s = s, .e = e, .q = q, .f = f, .messages = messages, .len = len };
    if (f->must_not_arrive) {
        firing_fail(s, f, SLICE("its filter lets through what it should refuse"));
        drop_all(b);
        return true;
    }
    if (f->status == FIRING_OPEN && f->attempts == 0 && !flow_permitted(s, f, e)) {
        f->event = make_records(a, records, len);
        drop_all(b);
        return true;
    }
    if (f->status != FIRING_OPEN) {
        drop_all(b);
        return true;
    }
    if (flow_is_pipe(e)) {
        js_list list = { 0 };
        for (size_t i = 0; i < len; i++) js_push(a, &list, records[i]);
        b->event = js_list_end(a, &list);
        flow_pipe(s, f, e, b->event, pipe_answered, b);
        return true;
    }
    b->event = make_records(a, records, len);
    flow_call(s, f, e->to->resource, e->qualifier, b->event, SLICE(""), function_answered, b);
    return true;
}

static bool polls(const edge *e) {
    return e->enabled != NO && e->trigger && (flow_is_pipe(e) ? e->kind == EDGE_POLL : e->kind == EDGE_POLL && slice_is(e->to->type, "AWS::Lambda::Function"));
}

static void poll_queue(void *self) {
    polling *k = self;
    smoke *s = k->s;
    queue_store *q = k->queue;
    const node *n = q->node;
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        while (polls(n->out[i]) && poll_edge(s, q, n->out[i])) {}
}

queue_message *flow_send(smoke *s, const resource *queue, const happening_message *m, firing *cause) {
    queue_store *q = queue_of(s, queue);
    queue_message *of, *added = queue_add(s, q, m, cause, &of);
    if (added == NULL) {
        if (of != NULL) firing_note(s, cause, arena_printf(s->arena, "%.*s took the message for a duplicate of one sent before", SLICE_ARG(queue->id)));
        return of;
    }
    poll_at(s, q, added->visible_ms - s->maker.now_ms);
    return added;
}

void flow_message_over(smoke *s, firing *f, const edge *e, const happening_message *said) {
    queue_store *q = queue_at(s, e);
    happening_message m = *said;
    arena *a = s->arena;
    f->event = js_string(a, said->body);
    if (q->fifo && m.group.len == 0) m.group = SLICE("sflint");
    if (q->fifo && m.dedup.len == 0) m.dedup = make_uuid(&s->maker, a);
    queue_message *added = queue_add(s, q, &m, f, NULL);
    if (added == NULL) {
        firing_fail(s, f, arena_printf(a, "%.*s holds no more messages in one run", SLICE_ARG(e->from->id)));
        return;
    }
    added->as = f;
    added->only = e;
    added->visible_ms = s->maker.now_ms;     /* a delay is nothing to wait for here */
    flow_poll_soon(s, q);
}

/* At the end of a run: what a handler sent to a queue that nothing of the templates reads. */
void flow_queues_left(smoke *s) {
    for (size_t i = 0; i < s->flow->queues.len; i++) {
        const queue_store *q = s->flow->queues.at[i].value;
        const node *n = q->node;
        bool off = false, read = false;
        for (size_t k = 0; n != NULL && k < n->out_len; k++) {
            bool reader = n->out[k]->trigger && n->out[k]->kind == EDGE_POLL;
            off |= reader && n->out[k]->enabled == NO;
            read |= polls(n->out[k]);
        }
        for (size_t k = 0; !read && k < q->messages.len; k++) {
            const queue_message *m = q->messages.at[k];
            if (m->deleted || m->receives > 0 || m->cause == NULL || m->dead_letter_source.len > 0 || m->cause->kind == EDGE_DEAD_LETTER) continue;
            if (m->cause->edge != NULL && m->cause->edge->to == n) continue;      /* brought there by a topic, a rule: its firing ends there */
            firing_note(s, m->cause, arena_printf(s->arena, "the message to %.*s stays there: %s", SLICE_ARG(q->id),
                                                  off ? "what reads it is switched off" : "nothing in the templates reads it"));
        }
    }
}
