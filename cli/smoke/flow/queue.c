#include <stdlib.h>

#include "base/digest.h"
#include "smoke/flow/parts.h"

#define FIFO_DEDUP_MS (5 * 60 * 1000)      /* SQS developer guide: deduplication interval of five minutes */

static long long number(smoke *s, const resource *r, const char *name, long long otherwise) {
    long long n;
    return value_as_int(s->arena, value_under(resource_written(s->arena, r, slice_from(name)), WHEN_ALWAYS), &n) == YES ? n : otherwise;
}

static bool flag(smoke *s, const resource *r, const char *name) {
    bool b;
    return value_as_bool(s->arena, value_under(resource_written(s->arena, r, slice_from(name)), WHEN_ALWAYS), &b) == YES && b;
}

queue_store *queue_of(smoke *s, const resource *queue) {
    queue_store *q = strmap_get(&s->flow->queues, queue->id);
    if (q != NULL) return q;
    arena *a = s->arena;
    q = ARENA_NEW(a, queue_store);
    q->resource = queue;
    q->node = queue->node;
    q->id = queue->id;
    q->arn = world_arn(s->world, queue);
    q->fifo = flag(s, queue, "FifoQueue");
    q->content_dedup = flag(s, queue, "ContentBasedDeduplication");
    q->dedup_by_group = slice_is(world_text(s->world, resource_written(a, queue, SLICE("DeduplicationScope")), WHEN_ALWAYS, NULL), "messageGroup");
    q->visibility_ms = number(s, queue, "VisibilityTimeout", 30) * 1000;     /* CloudFormation, AWS::SQS::Queue: defaults */
    q->delay_ms = number(s, queue, "DelaySeconds", 0) * 1000;
    const doc_node *redrive = world_json(s->world, resource_written(a, queue, SLICE("RedrivePolicy")), WHEN_ALWAYS, NULL);
    if (js_is(redrive, DOC_STRING)) redrive = js_read(a, redrive->text);
    if (js_is(redrive, DOC_MAP)) {
        q->dead_letter = world_find(s->world, SLICE("AWS::SQS::Queue"), js_str_of(redrive, "deadLetterTargetArn"), NULL);
        long long most = js_int_of(redrive, "maxReceiveCount", 10);
        q->max_receives = most < 1 ? 1 : most > 1000 ? 1000 : (unsigned)most;
    }
    strmap_put(a, &s->flow->queues, queue->id, q);
    return q;
}

queue_store *queue_at(smoke *s, const edge *e) {
    if (e->from->resource != NULL) return queue_of(s, e->from->resource);
    queue_store *q = strmap_get(&s->flow->queues, e->from->id);
    if (q != NULL) return q;
    q = ARENA_NEW(s->arena, queue_store);
    q->node = e->from;
    q->id = e->from->id;
    q->arn = flow_source_arn(s, e);
    q->fifo = slice_ends(q->id, SLICE(".fifo"));
    q->visibility_ms = 30 * 1000;
    strmap_put(s->arena, &s->flow->queues, q->id, q);
    return q;
}

/* MD5 over name, type and value of each attribute, in order of the names. SQS developer guide, "Calculating the MD5 message digest for message
 * attributes". */
static int by_key(const void *x, const void *y) { return slice_order(((const doc_entry *)x)->key, ((const doc_entry *)y)->key); }

static void add_piece(md5_state *m, slice piece) {
    unsigned char len[4] = { (unsigned char)(piece.len >> 24), (unsigned char)(piece.len >> 16), (unsigned char)(piece.len >> 8), (unsigned char)piece.len };
    md5_add(m, (slice){ (const char *)len, 4 });
    md5_add(m, piece);
}

static slice attributes_digest(arena *a, const doc_node *attributes) {
    if (js_len(attributes) == 0) return SLICE("");
    doc_entry *sorted = ARENA_ARRAY(a, doc_entry, attributes->map.len);
    memcpy(sorted, attributes->map.at, attributes->map.len * sizeof *sorted);
    qsort(sorted, attributes->map.len, sizeof *sorted, by_key);
    md5_state m;
    md5_start(&m);
    for (size_t i = 0; i < attributes->map.len; i++) {
        slice type = js_str_of(sorted[i].value, "DataType"), bytes;
        bool binary = slice_starts(type, SLICE("Binary"));
        add_piece(&m, sorted[i].key);
        add_piece(&m, type);
        md5_add(&m, binary ? SLICE("\002") : SLICE("\001"));
        if (!binary) bytes = js_str_of(sorted[i].value, "StringValue");
        else if (!base64_decode(a, js_str_of(sorted[i].value, "BinaryValue"), &bytes)) bytes = SLICE("");
        add_piece(&m, bytes);
    }
    unsigned char out[16];
    md5_end(&m, out);
    return hex_of(a, out, sizeof out);
}

/* ---- adding ---- */

static slice dedup_key(arena *a, const queue_store *q, slice group, slice dedup) {
    return q->dedup_by_group ? arena_printf(a, "%.*s\n%.*s", SLICE_ARG(group), SLICE_ARG(dedup)) : arena_copy(a, dedup);
}

static queue_group *group_of(arena *a, queue_store *q, slice name) {
    queue_group *g = strmap_get(&q->groups, name);
    if (g != NULL) return g;
    g = ARENA_NEW(a, queue_group);
    strmap_put(a, &q->groups, arena_copy(a, name), g);
    return g;
}

/* Deleted messages go out when they are more than half. */
static void tidy(queue_store *q) {
    size_t kept = 0, gone = 0;
    for (size_t i = 0; i < q->messages.len; i++) gone += q->messages.at[i]->deleted;
    if (gone * 2 <= q->messages.len) return;
    for (size_t i = 0; i < q->messages.len; i++)
        if (!q->messages.at[i]->deleted) q->messages.at[kept++] = q->messages.at[i];
    q->messages.len = kept;
    q->from = 0;
}

queue_message *queue_add(smoke *s, queue_store *q, const happening_message *said, firing *cause, queue_message **of) {
    arena *a = s->arena;
    slice dedup = said->dedup, key = SLICE("");
    if (of != NULL) *of = NULL;
    if (q->fifo && dedup.len == 0 && q->content_dedup) dedup = sha256_hex(a, said->body);
    if (q->fifo && dedup.len > 0) {
        key = dedup_key(a, q, said->group, dedup);
        queue_message *first = strmap_get(&q->sent, key);
        if (first != NULL && first->sent_ms + FIFO_DEDUP_MS > s->maker.now_ms) {
            if (of != NULL) *of = first;
            return NULL;
        }
    }
    if (q->messages.len >= QUEUE_MAX_MESSAGES) tidy(q);
    if (q->messages.len >= QUEUE_MAX_MESSAGES || !smoke_room(s, said->body.len)) return NULL;
    queue_message *m = ARENA_NEW(a, queue_message);
    m->said = *said;
    m->said.body = arena_copy(a, said->body);
    m->said.attributes = js_copy(a, said->attributes);
    m->said.group = arena_copy(a, said->group);
    m->said.dedup = arena_copy(a, dedup);
    m->id = make_uuid(&s->maker, a);
    m->md5 = md5_hex(a, said->body);
    m->attributes_md5 = attributes_digest(a, said->attributes);
    if (q->fifo) {
        m->sequence = arena_printf(a, "1884949646%010llu", 467696128ull + 256 * (unsigned long long)q->sequence++);
        m->group = group_of(a, q, m->said.group);
    }
    m->sent_ms = s->maker.now_ms;
    m->visible_ms = s->maker.now_ms + (said->delay_ms >= 0 && !q->fifo ? said->delay_ms : q->delay_ms);
    m->cause = cause;
    if (key.len > 0) strmap_put(a, &q->sent, key, m);
    VEC_PUSH(a, &q->messages, m);
    return m;
}

/* ---- receiving ---- */

/* The redrive edge of the queue, if the graph has it. */
static const edge *redrive_edge(const queue_store *q) {
    const node *n = q->node;
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (n->out[i]->kind == EDGE_DEAD_LETTER && n->out[i]->to->resource == q->dead_letter) return n->out[i];
    return NULL;
}

static void redrive(smoke *s, queue_store *q, queue_message *m) {
    firing *from = m->as != NULL ? m->as : m->cause, *f = NULL;
    m->deleted = true;
    if (from != NULL && redrive_edge(q) != NULL) {
        f = firing_new(s, from, redrive_edge(q));
        if (f->status != FIRING_OPEN) return;
        const doc_node *body = js_read(s->arena, m->said.body);
        f->event = body != NULL ? body : js_string(s->arena, m->said.body);
        f->attempts = m->receives;
        firing_pass(f);
    }
    happening_message said = m->said;
    said.delay_ms = -1;
    queue_message *moved = flow_send(s, q->dead_letter, &said, f != NULL ? f : from);
    if (moved == NULL || moved->dead_letter_source.len > 0) return;
    moved->dead_letter_source = q->arn;
    moved->id = m->id;           /* the message itself is moved */
}

static void take(smoke *s, const queue_store *q, queue_message *m, int64_t visibility_ms) {
    m->receives++;
    m->receipt = make_hex(&s->maker, s->arena, 40);
    m->visible_ms = s->maker.now_ms + (visibility_ms >= 0 ? visibility_ms : q->visibility_ms);
    if (m->first_receive_ms == 0) m->first_receive_ms = s->maker.now_ms;
}

/* About what the message takes in an event: its body as JSON text, and the members beside it. */
static size_t record_bytes(const queue_message *m) {
    size_t n = 1024 + js_len(m->said.attributes) * 512;
    for (size_t i = 0; i < m->said.body.len; i++) {
        unsigned char c = (unsigned char)m->said.body.at[i];
        n += c < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;
    }
    return n;
}

/* May it go out for this edge, beside those that are already in the batch? */
static bool goes_with(const queue_message *m, const edge *e, queue_message *const *out, size_t n) {
    if (e == NULL) return true;
    return (m->only == NULL || m->only == e) && (n == 0 || (m->cause == out[0]->cause && m->as == out[0]->as));
}

/* Where a look at the queue begins: what lies before is deleted or in flight, and need not be looked at again. A FIFO queue is looked at from
 * its head: what is in flight holds its group back. */
static size_t first_to_see(smoke *s, queue_store *q) {
    if (q->fifo) return 0;
    if (q->from == 0 || q->from_until_ms <= s->maker.now_ms) {
        q->from = 0;
        q->from_until_ms = INT64_MAX;
        tidy(q);
    }
    while (q->from < q->messages.len) {
        const queue_message *m = q->messages.at[q->from];
        if (!m->deleted && m->visible_ms <= s->maker.now_ms) break;
        if (!m->deleted && m->visible_ms < q->from_until_ms) q->from_until_ms = m->visible_ms;
        q->from++;
    }
    return q->from;
}

/* In order. A message of a FIFO group goes out only when none before it in its group stays behind: in flight, delayed, or not for this batch. */
static size_t receive(smoke *s, queue_store *q, const edge *e, size_t most, int64_t visibility_ms, queue_message **out) {
    size_t n = 0, bytes = 0;
    uint64_t look = ++q->looks;
    if (q->fifo) tidy(q);
    for (size_t i = first_to_see(s, q); i < q->messages.len && n < most; i++) {
        queue_message *m = q->messages.at[i];
        if (m->deleted) continue;
        if (m->group != NULL && m->group->held_in == look) continue;
        if (m->visible_ms > s->maker.now_ms || !goes_with(m, e, out, n)) {
            if (m->group != NULL) m->group->held_in = look;
            continue;
        }
        if (q->dead_letter != NULL && (m->worn || m->receives >= q->max_receives)) {
            redrive(s, q, m);
            continue;
        }
        size_t more = e == NULL ? 0 : record_bytes(m);
        if (n > 0 && bytes + more > QUEUE_BATCH_BYTES) break;
        bytes += more;
        out[n++] = m;
    }
    for (size_t i = 0; i < n; i++) take(s, q, out[i], visibility_ms);
    return n;
}

size_t queue_receive(smoke *s, queue_store *q, arena *a, size_t most, int64_t visibility_ms, queue_message **out) {
    (void)a;
    return receive(s, q, NULL, most, visibility_ms, out);
}

size_t queue_receive_for(smoke *s, queue_store *q, const edge *e, size_t most, queue_message **out) { return receive(s, q, e, most, -1, out); }

int64_t queue_next_visible(const queue_store *q) {
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < q->messages.len; i++)
        if (!q->messages.at[i]->deleted && q->messages.at[i]->visible_ms < next) next = q->messages.at[i]->visible_ms;
    return next;
}

queue_message *queue_by_receipt(queue_store *q, slice receipt) {
    q->from = 0;
    for (size_t i = q->messages.len; i > 0; i--)
        if (slice_eq(q->messages.at[i - 1]->receipt, receipt)) return q->messages.at[i - 1];
    return NULL;
}

void queue_delete(queue_store *q, queue_message *m) {
    (void)q;                     /* taken out when there are enough of them */
    m->deleted = true;
}

size_t queue_visible(const smoke *s, const queue_store *q) {
    size_t n = 0;
    for (size_t i = 0; i < q->messages.len; i++) n += !q->messages.at[i]->deleted && q->messages.at[i]->visible_ms <= s->maker.now_ms;
    return n;
}
