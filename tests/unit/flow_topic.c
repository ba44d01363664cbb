/* Topics: what queues and functions get, order, filters, dead letters. */
#include "flow_fixture.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define POLICY(queue) \
    "  " queue "May: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref " queue "], PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*'}]}}}\n"
#define TOPIC(topic, queue, subscription) \
    "Resources:\n  Topic: {Type: AWS::SNS::Topic" topic "}\n  Queue: {Type: AWS::SQS::Queue" queue "}\n" POLICY("Queue") \
    "  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn" subscription "}}\n"
#define FIFO_TOPIC ", Properties: {FifoTopic: true, ContentBasedDeduplication: true}"
#define FIFO_QUEUE ", Properties: {FifoQueue: true}"

static const doc_node *attribute(arena *a, const char *name, const char *text) {
    return js_with(a, NULL, slice_from(name), flow_attribute(a, "String", slice_from(text)));
}

static queue_message *published(flows *t, const happening_notification *n) {
    firing *cause = firing_new(t->run, NULL, NULL);
    firing_pass(cause);
    flow_publish(t->run, flows_resource(t, "Topic"), n, cause);
    flow_run(t->run);
    queue_store *q = queue_of(t->run, flows_resource(t, "Queue"));
    return q->messages.len == 0 ? NULL : q->messages.at[q->messages.len - 1];
}

static const struct { const char *what, *yaml, *message, *by_protocol, *attribute, *group, *body; } rows[] = {
    { "an envelope", TOPIC("", "", ""), "hello", NULL, NULL, "", "Message=hello" },
    { "raw", TOPIC("", "", ", RawMessageDelivery: true"), "hello", NULL, "kind", "", "hello" },
    { "the queue's own text", TOPIC("", "", ""), "{}", "{\"default\":\"all\",\"sqs\":\"own\"}", NULL, "", "Message=own" },
    { "the default text, raw", TOPIC("", "", ", RawMessageDelivery: true"), "{}", "{\"default\":\"all\",\"lambda\":\"other\"}", NULL, "", "all" },
    { "the group goes on to a FIFO queue", TOPIC(FIFO_TOPIC, FIFO_QUEUE, ""), "hello", NULL, NULL, "g", "Message=hello" },
    { "the group goes on, raw", TOPIC(FIFO_TOPIC, FIFO_QUEUE, ", RawMessageDelivery: true"), "hello", NULL, NULL, "g", "hello" },
    { "a filter on attributes lets through", TOPIC("", "", ", FilterPolicy: {kind: [a]}, RawMessageDelivery: true"), "hello", NULL, "a", "", "hello" },
    { "a filter on attributes refuses", TOPIC("", "", ", FilterPolicy: {kind: [b]}, RawMessageDelivery: true"), "hello", NULL, "a", "", "" },
    { "a filter on attributes refuses what has none", TOPIC("", "", ", FilterPolicy: {kind: [b]}, RawMessageDelivery: true"), "hello", NULL, NULL, "", "" },
    { "a filter on the body", TOPIC("", "", ", FilterPolicyScope: MessageBody, FilterPolicy: {o: {id: [1]}}, RawMessageDelivery: true"), "{\"o\":{\"id\":1}}", NULL, NULL, "", "{\"o\":{\"id\":1}}" },
    { "a filter on the body refuses text", TOPIC("", "", ", FilterPolicyScope: MessageBody, FilterPolicy: {o: {id: [1]}}, RawMessageDelivery: true"), "hello", NULL, NULL, "", "" },
};

static void a_queue_gets_what_its_subscription_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        flows t;
        flows_start(&t, rows[i].yaml, NULL);
        arena *a = t.graph.arena;
        happening_notification n = { .message = slice_from(rows[i].message), .group = slice_from(rows[i].group) };
        if (rows[i].by_protocol != NULL) n.by_protocol = js_read(a, slice_from(rows[i].by_protocol));
        if (rows[i].attribute != NULL) n.attributes = attribute(a, "kind", rows[i].attribute);
        const queue_message *m = published(&t, &n);
        slice want = slice_from(rows[i].body), got = m == NULL ? SLICE("") : m->said.body;
        if (slice_starts(want, SLICE("Message="))) {
            got = js_str_of(js_read(a, got), "Message");
            want = slice_after(want, 8);
        }
        if (!slice_eq(got, want)) fail_msg("%s: want %.*s, got %.*s\n%.*s", rows[i].what, SLICE_ARG(want), SLICE_ARG(got), SLICE_ARG(flows_story(&t)));
        if (m != NULL && !slice_is(m->said.group, rows[i].group)) fail_msg("%s: the group is %.*s", rows[i].what, SLICE_ARG(m->said.group));
        if (m != NULL && want.len == 5 && rows[i].attribute != NULL && js_len(m->said.attributes) != 1) fail_msg("%s: the attributes are gone", rows[i].what);
        flows_end(&t);
    }
}

static void a_fifo_topic_takes_the_same_message_once(void **state) {
    (void)state;
    flows t;
    flows_start(&t, TOPIC(FIFO_TOPIC, FIFO_QUEUE, ""), NULL);
    happening_notification n = { .message = SLICE_INIT("same"), .group = SLICE_INIT("g") };
    published(&t, &n);
    published(&t, &n);
    assert_int_equal(queue_of(t.run, flows_resource(&t, "Queue"))->messages.len, 1);
    assert_true(slice_find_slice(flows_story(&t), SLICE("Queue took the message for a duplicate of one sent before")) != (size_t)-1);
    flows_end(&t);
}

static void raw_delivery_takes_ten_attributes(void **state) {
    (void)state;
    flows t;
    flows_start(&t, TOPIC("", "", ", RawMessageDelivery: true"), NULL);
    happening_notification n = { .message = SLICE_INIT("x") };
    for (int i = 0; i < 11; i++) n.attributes = js_with(t.graph.arena, n.attributes, arena_printf(t.graph.arena, "a%d", i), flow_attribute(t.graph.arena, "String", SLICE("v")));
    assert_null(published(&t, &n));
    assert_true(slice_find_slice(flows_story(&t), SLICE("11 message attributes; with raw delivery a queue takes 10")) != (size_t)-1);
    flows_end(&t);
}

static const char *fine(flows *t, slice function, const doc_node *event) {
    (void)function;
    if (slice_is(function, "Worker")) snprintf(t->state, sizeof t->state, "%.*s", SLICE_ARG(js_str(js_at(event, "Records[0].Sns.Message"))));
    return NULL;
}

#define TO_FUNCTION \
    "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n  Dead: {Type: AWS::SQS::Queue}\n" POLICY("Dead") FUNCTION("Worker") \
    "  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt Worker.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}}\n"
#define MAY "  May: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Worker, Principal: sns.amazonaws.com}}\n"

static const flow_row stories[] = {
    { "a function is called", TO_FUNCTION MAY, fine, "Worker", "Topic -> Worker async passed\n" },
    { "without permission the subscription's dead-letter queue gets it", TO_FUNCTION, fine, "Worker",
      "Topic -> Worker async failed: not delivered: no AWS::Lambda::Permission lets sns.amazonaws.com call Worker\n  Topic -> Dead dead-letter passed\n" },
    { "a topic without a group can't feed a FIFO queue", TOPIC("", FIFO_QUEUE, ""), fine, NULL,
      "Topic -> Queue async failed: not delivered: Queue is a FIFO queue and the message has no message group\n" },
};

static void stories_of_topics(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(stories); i++) flow_check(&stories[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queue_gets_what_its_subscription_says),
        cmocka_unit_test(a_fifo_topic_takes_the_same_message_once),
        cmocka_unit_test(raw_delivery_takes_ten_attributes),
        cmocka_unit_test(stories_of_topics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
