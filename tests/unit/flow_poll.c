/* Queues that are polled: batches, partial failures, dead letters, order. */
#include "flow_fixture.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define MAPPING(name, queue, function, more) \
    "  " name ": {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt " queue ".Arn, FunctionName: !Ref " function more "}}\n"

static const char *fine(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return NULL;
}

static const char *fails(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)event;
    return slice_is(function, "Worker") ? "!ValueError: no" : NULL;
}

static const char *fails_once(flows *t, slice function, const doc_node *event) {
    (void)function;
    (void)event;
    return t->calls == 1 ? "!ValueError: no" : NULL;
}

static const char *unknown_item(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return "{\"batchItemFailures\":[{\"itemIdentifier\":\"nobody\"}]}";
}

static const flow_row rows[] = {
    { "a message is delivered once",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), fine, "Worker",
      "Queue -> Worker poll passed\n" },
    { "what fails once comes back",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), fails_once, "Worker",
      "Queue -> Worker poll passed x2\n" },
    { "without a dead-letter queue it comes back for ever, which three receives show",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), fails, "Worker",
      "Queue -> Worker poll failed x3: ValueError: no\n  note: Queue has no dead-letter queue: the message comes back until it expires\n" },
    { "maxReceiveCount is kept, and the dead letter is handled",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}}}\n"
      "  Dead: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") FUNCTION("Undertaker") MAPPING("Map", "Queue", "Worker", "") MAPPING("Map2", "Dead", "Undertaker", ""),
      fails, "Worker",
      "Queue -> Worker poll failed x5: ValueError: no\n  Queue -> Dead dead-letter passed x5\n    Dead -> Undertaker poll passed\n" },
    { "a large maxReceiveCount is cut short for the run only",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 100}}}\n"
      "  Dead: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), fails, "Worker",
      "Queue -> Worker poll failed x10: ValueError: no\n  Queue -> Dead dead-letter passed x10\n" },
    { "an identifier that is not in the batch fails all of it",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ", FunctionResponseTypes: [ReportBatchItemFailures]"),
      unknown_item, "Worker",
      "Queue -> Worker poll failed x3: batchItemFailures names nobody, which is not in the batch: the whole batch counts as failed\n"
      "  note: Queue has no dead-letter queue: the message comes back until it expires\n" },
    { "a queue of others is read as well", "Resources:\n" FUNCTION("Worker") "  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:theirs', FunctionName: !Ref Worker}}\n",
      fails, "Worker", "arn:aws:sqs:us-east-1:123456789012:theirs -> Worker poll failed x3: ValueError: no\n" },
    { "... whatever it is called", "Parameters: {Theirs: {Type: String}}\nResources:\n" FUNCTION("Worker") "  Pipe: {Type: AWS::Pipes::Pipe, Properties: {RoleArn: 'arn:aws:iam::123456789012:role/r', Source: 'arn:aws:sqs:us-east-1:123456789012:theirs.fifo', Target: !GetAtt Worker.Arn}}\n",
      fine, "Worker", "arn:aws:sqs:us-east-1:123456789012:theirs.fifo -> Worker poll passed\n" },
    { "a mapping that is switched off takes nothing",
      "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ", Enabled: false"), fine, "Worker",
      "Queue -> Worker poll skipped: disabled: Enabled is false\n" },
};

static void stories_of_polled_queues(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) flow_check(&rows[i]);
}

/* ---- what handlers send ---- */

static void send_all(flows *t, const char *queue, const char *const *bodies, size_t len, const char *group, firing *cause) {
    for (size_t i = 0; i < len; i++) {
        happening_message m = { .body = slice_from(bodies[i]), .group = slice_from(group), .dedup = slice_from(group[0] == '\0' ? "" : bodies[i]), .delay_ms = -1 };
        assert_non_null(flow_send(t->run, flows_resource(t, queue), &m, cause));
    }
}

static firing *some_cause(flows *t) {
    firing *f = firing_new(t->run, NULL, NULL);
    firing_pass(f);
    return f;
}

/* The bodies of a batch, for the handler's memory. */
static void remember(flows *t, const doc_node *event) {
    const doc_node *records = js_get(event, "Records");
    size_t used = strlen(t->state);
    for (size_t i = 0; i < js_len(records); i++)
        used += (size_t)snprintf(t->state + used, sizeof t->state - used, "%.*s", SLICE_ARG(js_str_of(records->list.at[i], "body")));
    snprintf(t->state + used, sizeof t->state - used, "|");
}

static const char *second_fails(flows *t, slice function, const doc_node *event) {
    (void)function;
    remember(t, event);
    const doc_node *records = js_get(event, "Records");
    for (size_t i = 0; i < js_len(records); i++)
        if (slice_is(js_str_of(records->list.at[i], "body"), "b"))
            return arena_printf(t->graph.arena, "{\"batchItemFailures\":[{\"itemIdentifier\":\"%.*s\"}]}", SLICE_ARG(js_str_of(records->list.at[i], "messageId"))).at;
    return "{\"batchItemFailures\":[]}";
}

static const char *remembers(flows *t, slice function, const doc_node *event) {
    (void)function;
    remember(t, event);
    return NULL;
}

static void a_message_given_back_comes_again_without_the_others(void **state) {
    (void)state;
    flows t;
    static const char *const bodies[] = { "a", "b", "c" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}\n"
                    "  Dead: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ", FunctionResponseTypes: [ReportBatchItemFailures]"), second_fails);
    send_all(&t, "Queue", bodies, 3, "", some_cause(&t));
    flow_run(t.run);
    assert_string_equal(t.state, "abc|b|");
    slice story = flows_story(&t);
    assert_true(slice_find_slice(story, SLICE("the handler gave 1 of 1 messages back as failed")) != (size_t)-1);
    assert_true(slice_find_slice(story, SLICE("Queue -> Dead dead-letter passed x2")) != (size_t)-1);
    flows_end(&t);
}

static void a_fifo_queue_keeps_its_order_behind_a_failure(void **state) {
    (void)state;
    flows t;
    static const char *const bodies[] = { "a", "b", "c", "d" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}\n"
                    "  Dead: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}\n" FUNCTION("Worker")
                    MAPPING("Map", "Queue", "Worker", ", BatchSize: 3, FunctionResponseTypes: [ReportBatchItemFailures]"), second_fails);
    send_all(&t, "Queue", bodies, 4, "g", some_cause(&t));
    flow_run(t.run);
    /* c was not given back behind b: its order is lost, and that is said; d waits until b is a dead letter */
    assert_string_equal(t.state, "abc|b|d|");
    assert_true(slice_find_slice(flows_story(&t), SLICE("message group g loses its order")) != (size_t)-1);
    flows_end(&t);
}

static void batches_hold_what_one_cause_sent(void **state) {
    (void)state;
    flows t;
    static const char *const first[] = { "a", "b", "c" }, *const second[] = { "x", "y" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ", BatchSize: 2"), remembers);
    send_all(&t, "Queue", first, 3, "", some_cause(&t));
    send_all(&t, "Queue", second, 2, "", some_cause(&t));
    flow_run(t.run);
    assert_string_equal(t.state, "ab|c|xy|");
    flows_end(&t);
}

static void of_two_mappings_one_gets_a_message(void **state) {
    (void)state;
    flows t;
    static const char *const bodies[] = { "a" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") FUNCTION("Other") MAPPING("Map", "Queue", "Worker", "") MAPPING("Map2", "Queue", "Other", ""), remembers);
    send_all(&t, "Queue", bodies, 1, "", some_cause(&t));
    flow_run(t.run);
    assert_string_equal(t.state, "a|");
    flows_end(&t);
}

static void a_message_that_nothing_reads_stays_and_that_is_said(void **state) {
    (void)state;
    flows t;
    static const char *const bodies[] = { "a" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n  Off: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Off", "Worker", ", Enabled: false"), NULL);
    send_all(&t, "Queue", bodies, 1, "", some_cause(&t));
    send_all(&t, "Off", bodies, 1, "", some_cause(&t));
    flow_run(t.run);
    slice story = flows_story(&t);
    assert_true(slice_find_slice(story, SLICE("the message to Queue stays there: nothing in the templates reads it")) != (size_t)-1);
    assert_true(slice_find_slice(story, SLICE("the message to Off stays there: what reads it is switched off")) != (size_t)-1);
    flows_end(&t);
}

static const char *deletes_then_fails(flows *t, slice function, const doc_node *event) {
    (void)function;
    queue_store *q = queue_of(t->run, flows_resource(t, "Queue"));
    queue_delete(q, queue_by_receipt(q, js_str(js_at(event, "Records[0].receiptHandle"))));
    return "!ValueError: no";
}

static void what_a_handler_deletes_does_not_come_back(void **state) {
    (void)state;
    flows t;
    static const char *const bodies[] = { "a" };
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}\n  Dead: {Type: AWS::SQS::Queue}\n"
                    FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), deletes_then_fails);
    send_all(&t, "Queue", bodies, 1, "", some_cause(&t));
    flow_run(t.run);
    assert_int_equal(t.calls, 1);
    assert_true(slice_find_slice(flows_story(&t), SLICE("Queue -> Worker poll failed: ValueError: no")) != (size_t)-1);
    flows_end(&t);
}

static void bodies_of_a_batch_fit_one_invocation(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") MAPPING("Map", "Queue", "Worker", ""), fine);
    firing *cause = some_cause(&t);
    char *large = (char *)arena_raw(t.graph.arena, 1, 1, 1024 * 1024);
    memset(large, 'x', 1024 * 1024);
    for (int i = 0; i < 10; i++) {
        happening_message m = { .body = { large, 1024 * 1024 }, .delay_ms = -1 };
        flow_send(t.run, flows_resource(&t, "Queue"), &m, cause);
    }
    flow_run(t.run);
    assert_int_equal(t.calls, 2);
    flows_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stories_of_polled_queues),
        cmocka_unit_test(a_message_given_back_comes_again_without_the_others),
        cmocka_unit_test(a_fifo_queue_keeps_its_order_behind_a_failure),
        cmocka_unit_test(batches_hold_what_one_cause_sent),
        cmocka_unit_test(of_two_mappings_one_gets_a_message),
        cmocka_unit_test(a_message_that_nothing_reads_stays_and_that_is_said),
        cmocka_unit_test(what_a_handler_deletes_does_not_come_back),
        cmocka_unit_test(bodies_of_a_batch_fit_one_invocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
