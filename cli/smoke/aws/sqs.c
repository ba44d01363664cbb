/* Amazon SQS: API reference; developer guide, "Message quotas", "FIFO queues". JSON and query protocol alike. */
#include "smoke/aws/services.h"

#include "base/utf8.h"
#include "base/digest.h"

#define MESSAGE_MOST    1048576u     /* bytes of a message, and of a batch ("Message quotas") */
#define ATTRIBUTES_MOST 10u
#define DELAY_MOST      900
#define VISIBILITY_MOST 43200
#define BATCH_MOST      10u
#define WAIT_STEP_US    20000
#define WAIT_MOST_US    2000000      /* of a long poll: what is to come by itself comes at once here */

/* ---- what may be sent ---- */

typedef struct {
    const char *code;                /* NULL: nothing is wrong */
    slice message;
} refusal;

static const refusal fine = { NULL, { NULL, 0 } };

static bool allowed_text(slice s) {
    for (size_t i = 0, len; i < s.len; i += len) {
        uint32_t c = utf8_decode(slice_after(s, i), &len);
        if (len == 0 || (c < 0x20 && c != 0x9 && c != 0xA && c != 0xD) || (c & 0xFFFE) == 0xFFFE) return false;
    }
    return true;
}

/* Name + type + value of each. A value that is missing or no base64 is refused. */
static refusal check_attributes(arena *a, const doc_node *attributes, size_t *bytes) {
    if (js_len(attributes) > ATTRIBUTES_MOST)
        return (refusal){ "InvalidParameterValue", arena_printf(a, "Number of message attributes [%zu] exceeds the allowed maximum [10].", js_len(attributes)) };
    for (size_t i = 0; js_is(attributes, DOC_MAP) && i < attributes->map.len; i++) {
        slice name = attributes->map.at[i].key;
        const doc_node *one = attributes->map.at[i].value;
        slice type = js_str_of(one, "DataType"), decoded;
        bool binary = slice_starts(type, SLICE("Binary"));
        if (type.len == 0 || (!binary && !slice_starts(type, SLICE("String")) && !slice_starts(type, SLICE("Number"))))
            return (refusal){ "InvalidParameterValue", arena_printf(a, "The message attribute '%.*s' has an invalid message attribute type, the set of supported type prefixes is "
                                                                       "Binary, Number, and String.", SLICE_ARG(name)) };
        slice text = js_str_of(one, binary ? "BinaryValue" : "StringValue");
        if (text.len == 0 || (binary && !base64_decode(a, text, &decoded)))
            return (refusal){ "InvalidParameterValue", arena_printf(a, "The message attribute '%.*s' must contain non-empty message attribute value for message attribute type '%.*s'.",
                                                                    SLICE_ARG(name), SLICE_ARG(type)) };
        *bytes += name.len + type.len + (binary ? decoded.len : text.len);
    }
    return fine;
}

/* `in` is a request or an entry of a batch. */
static refusal check_message(arena *a, const queue_store *q, const doc_node *in, size_t *bytes) {
    slice body = js_str_of(in, "MessageBody");
    if (body.len == 0) return (refusal){ "MissingParameter", SLICE("The request must contain the parameter MessageBody.") };
    if (!allowed_text(body))
        return (refusal){ "InvalidMessageContents", SLICE("Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF") };
    *bytes = body.len;
    refusal r = check_attributes(a, js_get(in, "MessageAttributes"), bytes);
    if (r.code != NULL) return r;
    if (*bytes > MESSAGE_MOST)
        return (refusal){ "InvalidParameterValue", arena_printf(a, "One or more parameters are invalid. Reason: Message must be shorter than %u bytes.", MESSAGE_MOST) };
    const doc_node *delay = js_get(in, "DelaySeconds");
    long long delay_s = js_int_of(in, "DelaySeconds", delay == NULL || delay->kind == DOC_NULL ? 0 : -1);
    if (delay_s < 0 || delay_s > DELAY_MOST)
        return (refusal){ "InvalidParameterValue", arena_printf(a, "Value %.*s for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", SLICE_ARG(js_text(a, delay))) };
    if (!q->fifo) return fine;
    if (delay_s > 0)
        return (refusal){ "InvalidParameterValue", arena_printf(a, "Value %lld for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.", delay_s) };
    if (js_str_of(in, "MessageGroupId").len == 0) return (refusal){ "MissingParameter", SLICE("The request must contain the parameter MessageGroupId.") };
    if (js_str_of(in, "MessageDeduplicationId").len == 0 && !q->content_dedup)
        return (refusal){ "InvalidParameterValue", SLICE("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly") };
    return fine;
}

static const doc_node *given_attributes(aws_call *c, const doc_node *in) {
    const doc_node *attributes = js_get(in, "MessageAttributes");
    return js_len(attributes) > 0 && js_is(attributes, DOC_MAP) ? js_copy(c->run->arena, attributes) : NULL;
}

static queue_message *put(aws_call *c, const doc_node *in) {
    arena *a = c->run->arena;
    happening_message m = {
        .body = arena_copy(a, js_str_of(in, "MessageBody")),
        .attributes = given_attributes(c, in),
        .group = arena_copy(a, js_str_of(in, "MessageGroupId")),
        .dedup = arena_copy(a, js_str_of(in, "MessageDeduplicationId")),
        .delay_ms = js_int_of(in, "DelaySeconds", -1) >= 0 ? 1000 * js_int_of(in, "DelaySeconds", 0) : -1,
    };
    return flow_send(c->run, c->target, &m, c->cause);
}

static void sent_members(arena *a, js_object *o, const queue_message *m) {
    js_put(a, o, "MessageId", js_string(a, m->id));
    js_put(a, o, "MD5OfMessageBody", js_string(a, m->md5));
    if (m->attributes_md5.len > 0) js_put(a, o, "MD5OfMessageAttributes", js_string(a, m->attributes_md5));
    if (m->sequence.len > 0) js_put(a, o, "SequenceNumber", js_string(a, m->sequence));
}

static void send_message(aws_call *c) {
    queue_store *q = queue_of(c->run, c->target);
    size_t bytes = 0;
    refusal r = check_message(c->arena, q, c->in, &bytes);
    if (r.code != NULL) {
        aws_fail_with(c, 400, r.code, r.message, NULL);
        return;
    }
    const queue_message *m = put(c, c->in);
    if (m == NULL) {
        aws_fail(c, 403, "OverLimit", "sflint smoke keeps at most %u messages in a queue", QUEUE_MAX_MESSAGES);
        return;
    }
    js_object o = { 0 };
    sent_members(c->arena, &o, m);
    aws_ok(c, js_object_end(c->arena, &o));
}

/* ---- batches ---- */

static bool entry_id(slice id) {
    if (id.len == 0 || id.len > 80) return false;
    for (size_t i = 0; i < id.len; i++) {
        char ch = id.at[i];
        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-' || ch == '_')) return false;
    }
    return true;
}

/* The entries, when the batch as a whole is right; NULL: answered. */
static const doc_node *batch_of(aws_call *c) {
    const doc_node *entries = js_get(c->in, "Entries");
    if (!js_is(entries, DOC_LIST) || entries->list.len == 0) {
        aws_fail(c, 400, "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request.");
        return NULL;
    }
    if (entries->list.len > BATCH_MOST) {
        aws_fail(c, 400, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent %zu.", entries->list.len);
        return NULL;
    }
    for (size_t i = 0; i < entries->list.len; i++) {
        slice id = js_str_of(entries->list.at[i], "Id");
        if (!entry_id(id)) {
            aws_fail(c, 400, "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
            return NULL;
        }
        for (size_t k = 0; k < i; k++)
            if (slice_eq(id, js_str_of(entries->list.at[k], "Id"))) {
                aws_fail(c, 400, "BatchEntryIdsNotDistinct", "Id %.*s repeated.", SLICE_ARG(id));
                return NULL;
            }
    }
    return entries;
}

typedef struct {
    js_list done, failed;
} batch_result;

static void batch_failed(arena *a, batch_result *b, slice id, refusal why) {
    js_object o = { 0 };
    js_put(a, &o, "Id", js_string(a, id));
    js_put(a, &o, "SenderFault", js_bool(true));
    js_put(a, &o, "Code", js_cstr(a, why.code));
    js_put(a, &o, "Message", js_string(a, why.message));
    js_push(a, &b->failed, js_object_end(a, &o));
}

static void batch_answer(aws_call *c, batch_result *b) {
    js_object o = { 0 };
    js_put(c->arena, &o, "Successful", js_list_end(c->arena, &b->done));
    js_put(c->arena, &o, "Failed", js_list_end(c->arena, &b->failed));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void send_message_batch(aws_call *c) {
    arena *a = c->arena;
    const doc_node *entries = batch_of(c);
    if (entries == NULL) return;
    queue_store *q = queue_of(c->run, c->target);
    refusal wrong[BATCH_MOST];
    size_t total = 0;
    for (size_t i = 0; i < entries->list.len; i++) {
        size_t bytes = 0;
        wrong[i] = check_message(a, q, entries->list.at[i], &bytes);
        total += bytes;
    }
    if (total > MESSAGE_MOST) {
        aws_fail(c, 400, "BatchRequestTooLong", "Batch requests cannot be longer than %u bytes. You have sent %zu bytes.", MESSAGE_MOST, total);
        return;
    }
    batch_result b = { 0 };
    for (size_t i = 0; i < entries->list.len; i++) {
        const doc_node *e = entries->list.at[i];
        const queue_message *m = wrong[i].code == NULL ? put(c, e) : NULL;
        if (m == NULL) {
            batch_failed(a, &b, js_str_of(e, "Id"), wrong[i].code != NULL ? wrong[i] : (refusal){ "OverLimit", SLICE("the queue is full") });
            continue;
        }
        js_object o = { 0 };
        js_put(a, &o, "Id", js_get(e, "Id"));
        sent_members(a, &o, m);
        js_push(a, &b.done, js_object_end(a, &o));
    }
    batch_answer(c, &b);
}

/* ---- receiving ---- */

/* Is the attribute asked for: by its name, All, or prefix.*? */
static bool asked_for(const doc_node *names, slice name) {
    for (size_t i = 0; js_is(names, DOC_LIST) && i < names->list.len; i++) {
        slice n = js_str(names->list.at[i]);
        if (slice_is(n, "All") || slice_is(n, ".*") || slice_eq(n, name)) return true;
        if (slice_ends(n, SLICE(".*")) && slice_starts(name, slice_from_to(n, 0, n.len - 2))) return true;
    }
    return false;
}

static const doc_node *system_attributes(aws_call *c, const queue_message *m) {
    arena *a = c->arena;
    const struct { const char *name; slice text; } all[] = {
        { "SenderId", m->cause != NULL ? SLICE("AROASFLINT:sflint") : SLICE("AIDASFLINT") },
        { "SentTimestamp", arena_printf(a, "%lld", (long long)m->sent_ms) },
        { "ApproximateReceiveCount", arena_printf(a, "%u", m->receives) },
        { "ApproximateFirstReceiveTimestamp", arena_printf(a, "%lld", (long long)m->first_receive_ms) },
        { "SequenceNumber", m->sequence },
        { "MessageGroupId", m->said.group },
        { "MessageDeduplicationId", m->sequence.len > 0 && m->said.dedup.len == 0 ? sha256_hex(a, m->said.body) : m->said.dedup },
        { "DeadLetterQueueSourceArn", m->dead_letter_source },
    };
    js_object o = { 0 };
    for (size_t i = 0; i < COUNT(all); i++) {
        slice name = slice_from(all[i].name);
        if (all[i].text.len > 0 && (asked_for(js_get(c->in, "AttributeNames"), name) || asked_for(js_get(c->in, "MessageSystemAttributeNames"), name)))
            js_put(a, &o, all[i].name, js_string(a, all[i].text));
    }
    return o.entries.len > 0 ? js_object_end(a, &o) : NULL;
}

static const doc_node *received(aws_call *c, const queue_message *m) {
    arena *a = c->arena;
    js_object o = { 0 }, attributes = { 0 };
    const doc_node *given = m->said.attributes;
    for (size_t i = 0; js_is(given, DOC_MAP) && i < given->map.len; i++)
        if (asked_for(js_get(c->in, "MessageAttributeNames"), given->map.at[i].key)) VEC_PUSH(a, &attributes.entries, given->map.at[i]);
    js_put(a, &o, "MessageId", js_string(a, m->id));
    js_put(a, &o, "ReceiptHandle", js_string(a, m->receipt));
    js_put(a, &o, "MD5OfBody", js_string(a, m->md5));
    js_put(a, &o, "Body", js_string(a, m->said.body));
    js_put(a, &o, "Attributes", system_attributes(c, m));
    if (attributes.entries.len > 0) {
        if (attributes.entries.len == js_len(given)) js_put(a, &o, "MD5OfMessageAttributes", js_string(a, m->attributes_md5));
        js_put(a, &o, "MessageAttributes", js_object_end(a, &attributes));
    }
    return js_object_end(a, &o);
}

typedef struct {
    aws_call *call;
    long long most, visibility_ms;
    int64_t until_us;
} receiving;

static void receive_now(void *self) {
    receiving *r = self;
    aws_call *c = r->call;
    queue_message *found[BATCH_MOST];
    size_t n = c->http != NULL && c->http->client_gone ? 0 : queue_receive(c->run, queue_of(c->run, c->target), c->arena, (size_t)r->most, r->visibility_ms, found);
    if (n == 0 && c->run->loop != NULL && !(c->http != NULL && c->http->client_gone) && loop_now_us(c->run->loop) < r->until_us) {
        loop_after(c->run->loop, WAIT_STEP_US, receive_now, r);
        return;
    }
    js_list list = { 0 };
    for (size_t i = 0; i < n; i++) js_push(c->arena, &list, received(c, found[i]));
    js_object o = { 0 };
    if (n > 0) js_put(c->arena, &o, "Messages", js_list_end(c->arena, &list));
    aws_ok(c, js_object_end(c->arena, &o));
}

static bool within(aws_call *c, const char *member, long long from, long long to, long long fallback, long long *out) {
    const doc_node *n = js_get(c->in, member);
    *out = fallback;
    if (n == NULL || n->kind == DOC_NULL) return true;
    *out = js_int_of(c->in, member, from - 1);
    if (*out >= from && *out <= to) return true;
    aws_fail(c, 400, "InvalidParameterValue", "Value %.*s for parameter %s is invalid. Reason: Must be between %lld and %lld, if provided.",
             SLICE_ARG(js_text(c->arena, n)), member, from, to);
    return false;
}

static void receive_message(aws_call *c) {
    long long most, wait, visibility;
    if (!within(c, "MaxNumberOfMessages", 1, BATCH_MOST, 1, &most) || !within(c, "WaitTimeSeconds", 0, 20, 0, &wait) ||
        !within(c, "VisibilityTimeout", 0, VISIBILITY_MOST, -1, &visibility))
        return;
    receiving *r = ARENA_NEW(c->arena, receiving);
    int64_t wait_us = wait * 1000000 < WAIT_MOST_US ? wait * 1000000 : WAIT_MOST_US;
    *r = (receiving){ c, most, visibility < 0 ? -1 : visibility * 1000, c->run->loop != NULL ? loop_now_us(c->run->loop) + wait_us : 0 };
    receive_now(r);
}

/* ---- what becomes of a received message ---- */

static refusal delete_one(aws_call *c, const doc_node *in) {
    slice receipt = js_str_of(in, "ReceiptHandle");
    if (receipt.len == 0) return (refusal){ "MissingParameter", SLICE("The request must contain the parameter ReceiptHandle.") };
    queue_store *q = queue_of(c->run, c->target);
    queue_message *m = queue_by_receipt(q, receipt);
    if (m != NULL) queue_delete(q, m);           /* deleting what is deleted succeeds */
    return fine;
}

static refusal change_one(aws_call *c, const doc_node *in) {
    slice receipt = js_str_of(in, "ReceiptHandle");
    long long seconds = js_int_of(in, "VisibilityTimeout", -1);
    if (receipt.len == 0) return (refusal){ "MissingParameter", SLICE("The request must contain the parameter ReceiptHandle.") };
    if (seconds < 0 || seconds > VISIBILITY_MOST)
        return (refusal){ "InvalidParameterValue", SLICE("Value for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.") };
    queue_message *m = queue_by_receipt(queue_of(c->run, c->target), receipt);
    if (m == NULL || m->deleted) return (refusal){ "ReceiptHandleIsInvalid", SLICE("The input receipt handle is invalid.") };
    m->visible_ms = c->run->maker.now_ms + seconds * 1000;
    return fine;
}

static void one_answer(aws_call *c, refusal r) {
    if (r.code != NULL) aws_fail_with(c, 400, r.code, r.message, NULL);
    else aws_ok(c, NULL);
}

static void each_entry(aws_call *c, refusal (*one)(aws_call *c, const doc_node *in)) {
    const doc_node *entries = batch_of(c);
    if (entries == NULL) return;
    batch_result b = { 0 };
    for (size_t i = 0; i < entries->list.len; i++) {
        const doc_node *id = js_get(entries->list.at[i], "Id");
        refusal r = one(c, entries->list.at[i]);
        if (r.code != NULL) {
            batch_failed(c->arena, &b, js_str(id), r);
            continue;
        }
        js_object o = { 0 };
        js_put(c->arena, &o, "Id", id);
        js_push(c->arena, &b.done, js_object_end(c->arena, &o));
    }
    batch_answer(c, &b);
}

static void delete_message(aws_call *c) { one_answer(c, delete_one(c, c->in)); }
static void change_visibility(aws_call *c) { one_answer(c, change_one(c, c->in)); }
static void delete_message_batch(aws_call *c) { each_entry(c, delete_one); }
static void change_visibility_batch(aws_call *c) { each_entry(c, change_one); }

/* ---- queues ---- */

static void get_queue_url(aws_call *c) {
    js_object o = { 0 };
    js_put(c->arena, &o, "QueueUrl", js_string(c->arena, world_attribute(c->run->world, c->target, SLICE("QueueUrl"))));
    aws_ok(c, js_object_end(c->arena, &o));
}

static const doc_node *number_text(arena *a, long long n) { return js_format(a, "%lld", n); }

static void put_property(aws_call *c, js_object *o, const char *name, const char *property) {
    const value *v = resource_get(c->arena, c->target, slice_from(property));
    if (value_is_absent(v)) return;
    js_put(c->arena, o, name, js_string(c->arena, world_text(c->run->world, v, c->target->exists, NULL)));
}

static void get_queue_attributes(aws_call *c) {
    arena *a = c->arena;
    queue_store *q = queue_of(c->run, c->target);
    long long visible = (long long)queue_visible(c->run, q), there = 0, delayed = 0;
    for (size_t i = 0; i < q->messages.len; i++) {
        const queue_message *m = q->messages.at[i];
        there += !m->deleted;
        delayed += !m->deleted && m->receives == 0 && m->visible_ms > c->run->maker.now_ms;
    }
    js_object all = { 0 }, some = { 0 }, o = { 0 };
    js_put(a, &all, "QueueArn", js_string(a, world_arn(c->run->world, c->target)));
    js_put(a, &all, "ApproximateNumberOfMessages", number_text(a, visible));
    js_put(a, &all, "ApproximateNumberOfMessagesNotVisible", number_text(a, there - visible - delayed > 0 ? there - visible - delayed : 0));
    js_put(a, &all, "ApproximateNumberOfMessagesDelayed", number_text(a, delayed));
    js_put(a, &all, "VisibilityTimeout", number_text(a, q->visibility_ms / 1000));
    js_put(a, &all, "DelaySeconds", number_text(a, q->delay_ms / 1000));
    put_property(c, &all, "MaximumMessageSize", "MaximumMessageSize");
    put_property(c, &all, "MessageRetentionPeriod", "MessageRetentionPeriod");
    put_property(c, &all, "ReceiveMessageWaitTimeSeconds", "ReceiveMessageWaitTimeSeconds");
    put_property(c, &all, "RedrivePolicy", "RedrivePolicy");
    if (q->fifo) {
        js_put(a, &all, "FifoQueue", js_cstr(a, "true"));
        js_put(a, &all, "ContentBasedDeduplication", js_cstr(a, q->content_dedup ? "true" : "false"));
    }
    for (size_t i = 0; i < all.entries.len; i++)
        if (asked_for(js_get(c->in, "AttributeNames"), all.entries.at[i].key)) VEC_PUSH(a, &some.entries, all.entries.at[i]);
    if (some.entries.len > 0) js_put(a, &o, "Attributes", js_object_end(a, &some));
    aws_ok(c, js_object_end(a, &o));
}

#define QUEUE "AWS::SQS::Queue", "QueueDoesNotExist", "The specified queue does not exist.", 400

static const aws_operation operations[] = {
    { "SendMessage",                  send_message,            "sqs:SendMessage",             "QueueUrl",  QUEUE },
    { "SendMessageBatch",             send_message_batch,      "sqs:SendMessage",             "QueueUrl",  QUEUE },
    { "ReceiveMessage",               receive_message,         "sqs:ReceiveMessage",          "QueueUrl",  QUEUE },
    { "DeleteMessage",                delete_message,          "sqs:DeleteMessage",           "QueueUrl",  QUEUE },
    { "DeleteMessageBatch",           delete_message_batch,    "sqs:DeleteMessage",           "QueueUrl",  QUEUE },
    { "ChangeMessageVisibility",      change_visibility,       "sqs:ChangeMessageVisibility", "QueueUrl",  QUEUE },
    { "ChangeMessageVisibilityBatch", change_visibility_batch, "sqs:ChangeMessageVisibility", "QueueUrl",  QUEUE },
    { "GetQueueUrl",                  get_queue_url,           "sqs:GetQueueUrl",             "QueueName", QUEUE },
    { "GetQueueAttributes",           get_queue_attributes,    "sqs:GetQueueAttributes",      "QueueUrl",  QUEUE },
    { NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 }
};

static const aws_xml_hint xml[] = {
    { "Messages",                    NULL,                           XML_FLAT_LIST, "Message" },
    { "Attributes",                  NULL,                           XML_FLAT_MAP,  "Attribute" },
    { "MessageAttributes",           NULL,                           XML_FLAT_MAP,  "MessageAttribute" },
    { "MessageSystemAttributes",     NULL,                           XML_FLAT_MAP,  "MessageSystemAttribute" },
    { "AttributeNames",              NULL,                           XML_FLAT_LIST, "AttributeName" },
    { "MessageAttributeNames",       NULL,                           XML_FLAT_LIST, "MessageAttributeName" },
    { "MessageSystemAttributeNames", NULL,                           XML_FLAT_LIST, "MessageSystemAttributeName" },
    { "Entries",                     "SendMessageBatch",             XML_FLAT_LIST, "SendMessageBatchRequestEntry" },
    { "Entries",                     "DeleteMessageBatch",           XML_FLAT_LIST, "DeleteMessageBatchRequestEntry" },
    { "Entries",                     "ChangeMessageVisibilityBatch", XML_FLAT_LIST, "ChangeMessageVisibilityBatchRequestEntry" },
    { "Successful",                  "SendMessageBatch",             XML_FLAT_LIST, "SendMessageBatchResultEntry" },
    { "Successful",                  "DeleteMessageBatch",           XML_FLAT_LIST, "DeleteMessageBatchResultEntry" },
    { "Successful",                  "ChangeMessageVisibilityBatch", XML_FLAT_LIST, "ChangeMessageVisibilityBatchResultEntry" },
    { "Failed",                      NULL,                           XML_FLAT_LIST, "BatchResultErrorEntry" },
    { NULL, NULL, XML_FLAT_LIST, NULL }
};

/* Service model of SQS, awsQueryError of each error; the last three are of the framework below it. */
static const aws_error_alias aliases[] = {
    { "QueueDoesNotExist",                "AWS.SimpleQueueService.NonExistentQueue",             400 },
    { "EmptyBatchRequest",                "AWS.SimpleQueueService.EmptyBatchRequest",            400 },
    { "TooManyEntriesInBatchRequest",     "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400 },
    { "InvalidBatchEntryId",              "AWS.SimpleQueueService.InvalidBatchEntryId",          400 },
    { "BatchEntryIdsNotDistinct",         "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",     400 },
    { "BatchRequestTooLong",              "AWS.SimpleQueueService.BatchRequestTooLong",          400 },
    { "ReceiptHandleIsInvalid",           "ReceiptHandleIsInvalid",                              404 },
    { "InvalidMessageContents",           "InvalidMessageContents",                              400 },
    { "OverLimit",                        "OverLimit",                                           403 },
    { "InvalidParameterValueException",   "InvalidParameterValue",                               400 },
    { "MissingRequiredParameterException", "MissingParameter",                                   400 },
    { "AccessDeniedException",            "AccessDenied",                                        403 },
    { NULL, NULL, 0 }
};

const aws_service sqs_service = {
    .name = "sqs", .target = "AmazonSQS", .version = "2012-11-05", .xmlns = "http://queue.amazonaws.com/doc/2012-11-05/",
    .operations = operations, .error_namespace = "com.amazonaws.sqs", .xml = xml, .aliases = aliases,
};
