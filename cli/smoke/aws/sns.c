/* Amazon SNS: API reference, Publish and PublishBatch; developer guide, "Message attributes", "FIFO topics". */
#include "smoke/aws/services.h"

#include "base/utf8.h"

#define MESSAGE_MOST 262144u     /* bytes with attributes (API reference, Publish) */
#define SUBJECT_MOST 100u
#define BATCH_MOST   10u

#define TOPIC "AWS::SNS::Topic"

static bool topic_flag(aws_call *c, const char *property) {
    bool on = false;
    return value_as_bool(c->arena, resource_written(c->arena, c->target, slice_from(property)), &on) == YES && on;
}

static size_t attribute_bytes(const doc_node *attributes) {
    size_t bytes = 0;
    for (size_t i = 0; js_is(attributes, DOC_MAP) && i < attributes->map.len; i++) {
        const doc_node *one = attributes->map.at[i].value;
        bytes += attributes->map.at[i].key.len + js_str_of(one, "DataType").len + js_str_of(one, "StringValue").len + js_str_of(one, "BinaryValue").len;
    }
    return bytes;
}

/* What is wrong with a message, as SNS says it; "" when nothing is. *by_protocol is set for MessageStructure json. */
static slice check(aws_call *c, const doc_node *in, const doc_node **by_protocol, size_t *bytes) {
    arena *a = c->arena;
    slice message = js_str_of(in, "Message"), subject = js_str_of(in, "Subject");
    const doc_node *attributes = js_get(in, "MessageAttributes");
    if (message.len == 0) return SLICE("Invalid parameter: Empty message");
    *bytes = message.len + attribute_bytes(attributes);
    if (*bytes > MESSAGE_MOST) return SLICE("Invalid parameter: Message too long");
    if (utf8_count(subject) > SUBJECT_MOST || slice_find(subject, '\n') < subject.len || slice_find(subject, '\r') < subject.len) return SLICE("Invalid parameter: Subject");
    for (size_t i = 0; js_is(attributes, DOC_MAP) && i < attributes->map.len; i++) {
        const doc_node *one = attributes->map.at[i].value;
        slice name = attributes->map.at[i].key, type = js_str_of(one, "DataType");
        bool binary = slice_starts(type, SLICE("Binary"));
        if (!binary && !slice_starts(type, SLICE("String")) && !slice_starts(type, SLICE("Number")))
            return arena_printf(a, "Invalid parameter: The message attribute '%.*s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, "
                                   "and String.", SLICE_ARG(name));
        if (js_str_of(one, binary ? "BinaryValue" : "StringValue").len == 0)
            return arena_printf(a, "Invalid parameter: The message attribute '%.*s' must contain non-empty message attribute value for message attribute type '%.*s'.",
                                SLICE_ARG(name), SLICE_ARG(type));
    }
    slice structure = js_str_of(in, "MessageStructure");
    if (structure.len > 0) {
        if (!slice_is(structure, "json")) return SLICE("Invalid parameter: MessageStructure");
        *by_protocol = js_read(c->run->arena, arena_copy(c->run->arena, message));
        if (!js_is(*by_protocol, DOC_MAP)) return SLICE("Invalid parameter: Message Structure - JSON message body failed to parse");
        if (!js_is(js_get(*by_protocol, "default"), DOC_STRING)) return SLICE("Invalid parameter: Message Structure - No default entry in JSON message body");
    }
    if (topic_flag(c, "FifoTopic")) {
        if (js_str_of(in, "MessageGroupId").len == 0) return SLICE("Invalid parameter: The MessageGroupId parameter is required for FIFO topics");
        if (js_str_of(in, "MessageDeduplicationId").len == 0 && !topic_flag(c, "ContentBasedDeduplication"))
            return SLICE("Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
    }
    return SLICE("");
}

/* Publishes, and puts what the client is told of it into `o`. */
static void publish_one(aws_call *c, const doc_node *in, const doc_node *by_protocol, js_object *o) {
    arena *a = c->run->arena;
    const doc_node *attributes = js_get(in, "MessageAttributes");
    happening_notification n = {
        .message = arena_copy(a, js_str_of(in, "Message")),
        .subject = arena_copy(a, js_str_of(in, "Subject")),
        .by_protocol = by_protocol,
        .attributes = js_is(attributes, DOC_MAP) && js_len(attributes) > 0 ? js_copy(a, attributes) : NULL,
        .group = arena_copy(a, js_str_of(in, "MessageGroupId")),
        .dedup = arena_copy(a, js_str_of(in, "MessageDeduplicationId")),
    };
    flow_publish(c->run, c->target, &n, c->cause);
    js_put(c->arena, o, "MessageId", js_string(c->arena, make_uuid(&c->run->maker, c->arena)));
    if (topic_flag(c, "FifoTopic")) js_put(c->arena, o, "SequenceNumber", js_string(c->arena, make_digits(&c->run->maker, c->arena, 20)));
}

/* False: answered. */
static bool find_topic(aws_call *c, slice arn) {
    c->named = arn;
    if (slice_starts(arn, SLICE("arn:"))) c->target = world_find(c->run->world, SLICE(TOPIC), arn, NULL);
    if (c->target != NULL) return aws_allowed(c, "sns:Publish", c->target);
    if (!slice_starts(arn, SLICE("arn:"))) {
        aws_fail(c, 400, "InvalidParameter", "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not %d", arn.len == 0 ? 0 : 1);
        return false;
    }
    aws_note(c, "Publish on %.*s: the templates have no such topic", SLICE_ARG(arn));
    aws_fail(c, 404, "NotFound", "Topic does not exist");
    return false;
}

static void publish(aws_call *c) {
    slice phone = js_str_of(c->in, "PhoneNumber"), topic = js_str_of(c->in, "TopicArn");
    if (topic.len == 0) topic = js_str_of(c->in, "TargetArn");
    js_object o = { 0 };
    if (phone.len > 0 && topic.len == 0) {
        aws_note(c, "SMS to %.*s: not followed", SLICE_ARG(phone));
        js_put(c->arena, &o, "MessageId", js_string(c->arena, make_uuid(&c->run->maker, c->arena)));
        aws_ok(c, js_object_end(c->arena, &o));
        return;
    }
    if (!find_topic(c, topic)) return;
    const doc_node *by_protocol = NULL;
    size_t bytes;
    slice wrong = check(c, c->in, &by_protocol, &bytes);
    if (wrong.len > 0) {
        aws_fail_with(c, 400, "InvalidParameter", wrong, NULL);
        return;
    }
    publish_one(c, c->in, by_protocol, &o);
    aws_ok(c, js_object_end(c->arena, &o));
}

static void publish_batch(aws_call *c) {
    arena *a = c->arena;
    const doc_node *entries = js_get(c->in, "PublishBatchRequestEntries");
    js_list done = { 0 }, failed = { 0 };
    js_object o = { 0 };
    if (!find_topic(c, js_str_of(c->in, "TopicArn"))) return;
    if (!js_is(entries, DOC_LIST) || entries->list.len == 0) {
        aws_fail(c, 400, "EmptyBatchRequest", "The batch request doesn't contain any entries.");
        return;
    }
    if (entries->list.len > BATCH_MOST) {
        aws_fail(c, 400, "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible (more than 10).");
        return;
    }
    for (size_t i = 0; i < entries->list.len; i++)
        for (size_t k = 0; k < i; k++)
            if (slice_eq(js_str_of(entries->list.at[i], "Id"), js_str_of(entries->list.at[k], "Id"))) {
                aws_fail(c, 400, "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
                return;
            }
    for (size_t i = 0; i < entries->list.len; i++) {
        const doc_node *e = entries->list.at[i], *by_protocol = NULL;
        size_t bytes;
        slice wrong = check(c, e, &by_protocol, &bytes);
        js_object one = { 0 };
        js_put(a, &one, "Id", js_get(e, "Id"));
        if (wrong.len == 0) {
            publish_one(c, e, by_protocol, &one);
            js_push(a, &done, js_object_end(a, &one));
            continue;
        }
        js_put(a, &one, "Code", js_cstr(a, "InvalidParameter"));
        js_put(a, &one, "Message", js_string(a, wrong));
        js_put(a, &one, "SenderFault", js_bool(true));
        js_push(a, &failed, js_object_end(a, &one));
    }
    js_put(a, &o, "Successful", js_list_end(a, &done));
    js_put(a, &o, "Failed", js_list_end(a, &failed));
    aws_ok(c, js_object_end(a, &o));
}

static const aws_operation operations[] = {
    { .name = "Publish", .run = publish },
    { .name = "PublishBatch", .run = publish_batch },
    { .name = NULL }
};

static const aws_error_alias aliases[] = {
    { "AccessDeniedException", "AuthorizationError", 403 },
    { NULL, NULL, 0 }
};

const aws_service sns_service = {
    .name = "sns", .version = "2010-03-31", .xmlns = "http://sns.amazonaws.com/doc/2010-03-31/", .operations = operations, .aliases = aliases,
};
