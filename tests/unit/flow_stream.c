/* Streams: batches, retries, halves, partial answers, windows, destinations. */
#include "flow_fixture.h"
#include "base/digest.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define STREAM(more) \
    "Resources:\n  Stream: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n  Lost: {Type: AWS::SQS::Queue}\n" FUNCTION("Worker") \
    "  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Stream.Arn, FunctionName: !Ref Worker, StartingPosition: LATEST" more "}}\n"
#define LOST ", DestinationConfig: {OnFailure: {Destination: !GetAtt Lost.Arn}}"

/* The letters of the records of one invocation, then `|`, into the handler's memory. */
static slice letters(flows *t, const doc_node *event) {
    const doc_node *records = js_get(event, "Records");
    size_t from = strlen(t->state), used = from;
    for (size_t i = 0; i < js_len(records); i++) {
        slice data;
        assert_true(base64_decode(t->graph.arena, js_str(js_at(records->list.at[i], "kinesis.data")), &data));
        used += (size_t)snprintf(t->state + used, sizeof t->state - used, "%.*s", SLICE_ARG(data));
    }
    snprintf(t->state + used, sizeof t->state - used, "|");
    return (slice){ t->state + from, used - from };
}

static const char *fine(flows *t, slice function, const doc_node *event) {
    (void)function;
    letters(t, event);
    return NULL;
}

static const char *fails(flows *t, slice function, const doc_node *event) {
    (void)function;
    letters(t, event);
    return "!ValueError: no";
}

/* A record `c` poisons its batch. */
static const char *poisoned(flows *t, slice function, const doc_node *event) {
    (void)function;
    slice got = letters(t, event);
    return slice_find(got, 'c') < got.len ? "!ValueError: poison" : NULL;
}

/* `c` is given back by its sequence number, and a later one too: the lowest counts. */
static const char *gives_back(flows *t, slice function, const doc_node *event) {
    (void)function;
    letters(t, event);
    const doc_node *records = js_get(event, "Records");
    buf out = { .arena = t->graph.arena };
    buf_text(&out, "{\"batchItemFailures\":[");
    bool any = false;
    for (size_t i = js_len(records); i > 0; i--) {
        slice data;
        base64_decode(t->graph.arena, js_str(js_at(records->list.at[i - 1], "kinesis.data")), &data);
        if (!slice_is(data, "c") && !slice_is(data, "d")) continue;
        buf_printf(&out, "%s{\"itemIdentifier\":\"%.*s\"}", any ? "," : "", SLICE_ARG(js_str(js_at(records->list.at[i - 1], "kinesis.sequenceNumber"))));
        any = true;
    }
    buf_text(&out, "]}");
    return arena_copy(t->graph.arena, buf_as_slice(&out)).at;
}

static const char *counts(flows *t, slice function, const doc_node *event) {
    (void)function;
    letters(t, event);
    if (js_bool_of(event, "isFinalInvokeForWindow", false)) {
        snprintf(t->state + strlen(t->state), 40, "final %lld", js_int_of(js_get(event, "state"), "n", -1));
        return "{\"state\":{}}";
    }
    assert_non_null(js_get(js_get(event, "window"), "start"));
    return arena_printf(t->graph.arena, "{\"state\":{\"n\":%lld}}", js_int_of(js_get(event, "state"), "n", 0) + (long long)js_len(js_get(event, "Records"))).at;
}

static const struct {
    const char *what, *yaml;
    flow_handler handler;
    const char *batches, *status;
    size_t told;                 /* destination records */
} rows[] = {
    { "records of one cause travel together", STREAM(""), fine, "abcde|", "passed", 0 },
    { "in batches of BatchSize, in order", STREAM(", BatchSize: 2"), fine, "ab|cd|e|", "passed", 0 },
    { "without a limit a batch is tried again for ever, which three times show", STREAM(""), fails, "abcde|abcde|abcde|", "failed", 0 },
    { "MaximumRetryAttempts is kept, then the destination is told", STREAM(", MaximumRetryAttempts: 1" LOST), fails, "abcde|abcde|", "failed", 1 },
    { "no retry at all", STREAM(", MaximumRetryAttempts: 0" LOST), fails, "abcde|", "failed", 1 },
    { "halves close in on the record; splitting is no retry", STREAM(", MaximumRetryAttempts: 0, BisectBatchOnFunctionError: true" LOST), poisoned,
      "abcde|ab|cde|c|de|", "failed", 1 },
    { "halves and a retry", STREAM(", MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true" LOST), poisoned, "abcde|ab|cde|c|c|de|", "failed", 1 },
    { "a partial answer starts again at the lowest record", STREAM(", MaximumRetryAttempts: 1, FunctionResponseTypes: [ReportBatchItemFailures]" LOST), gives_back,
      "abcde|cde|", "failed", 1 },
    { "a batch behind one that was given up is still delivered", STREAM(", BatchSize: 3, MaximumRetryAttempts: 0" LOST), poisoned, "abc|de|", "failed", 1 },
    { "a window's state is carried to its end", STREAM(", TumblingWindowInSeconds: 60, BatchSize: 10"), counts, "abcde||final 5", "passed", 0 },
};

static void records_come_as_the_mapping_says(void **state) {
    (void)state;
    static const char *const data[] = { "a", "b", "c", "d", "e" };
    for (size_t i = 0; i < COUNT(rows); i++) {
        flows t;
        flows_start(&t, rows[i].yaml, rows[i].handler);
        firing *cause = firing_new(t.run, NULL, NULL);
        firing_pass(cause);
        for (size_t k = 0; k < COUNT(data); k++) {
            happening_record r = { .key = SLICE_INIT("k"), .data = slice_from(data[k]) };
            flow_record(t.run, flows_resource(&t, "Stream"), &r, cause);
        }
        flow_run(t.run);
        if (strcmp(t.state, rows[i].batches) != 0) fail_msg("%s: want %s, got %s", rows[i].what, rows[i].batches, t.state);
        slice story = flows_story(&t);
        size_t told = queue_of(t.run, flows_resource(&t, "Lost"))->messages.len;
        if (slice_find_slice(story, arena_printf(t.graph.arena, "Stream -> Worker stream %s", rows[i].status)) == (size_t)-1 || told != rows[i].told)
            fail_msg("%s: want %s and %zu told, got %zu and\n%.*s", rows[i].what, rows[i].status, rows[i].told, told, SLICE_ARG(story));
        flows_end(&t);
    }
}

static void the_destination_record_names_the_records_and_has_none(void **state) {
    (void)state;
    flows t;
    flows_start(&t, STREAM(", MaximumRetryAttempts: 2" LOST), fails);
    happening_record r = { .key = SLICE_INIT("k"), .data = SLICE_INIT("a") };
    slice sequence = flow_record(t.run, flows_resource(&t, "Stream"), &r, NULL);
    flow_run(t.run);
    const queue_store *q = queue_of(t.run, flows_resource(&t, "Lost"));
    assert_int_equal(q->messages.len, 1);
    const doc_node *n = js_read(t.graph.arena, q->messages.at[0]->said.body);
    assert_true(slice_is(js_str(js_at(n, "requestContext.condition")), "RetryAttemptsExhausted"));
    assert_int_equal(js_int_of(js_get(n, "requestContext"), "approximateInvokeCount", 0), 3);
    assert_true(slice_eq(js_str(js_at(n, "KinesisBatchInfo.startSequenceNumber")), sequence));
    assert_int_equal(js_int_of(js_get(n, "KinesisBatchInfo"), "batchSize", 0), 1);
    assert_null(js_get(n, "Records"));
    flows_end(&t);
}

static const char *takes(flows *t, slice function, const doc_node *event) {
    (void)function;
    snprintf(t->state, sizeof t->state, "%.*s", SLICE_ARG(js_str(js_at(event, "Records[0].eventSourceARN"))));
    return NULL;
}

static const char *const theirs[] = { "arn:aws:kinesis:us-east-1:123456789012:stream/x", "arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/2024-01-01T00:00:00.000" };

static void a_stream_of_others_is_read_as_well(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(theirs); i++) {
        flows t;
        arena *own = arena_make(0, NULL);
        flows_start(&t, arena_printf(own, "Resources:\n" FUNCTION("Worker") "  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: '%s', FunctionName: !Ref Worker, StartingPosition: LATEST}}\n",
                                     theirs[i]).at, takes);
        flows_fire(&t, "Worker");
        assert_string_equal(t.state, arena_copy(own, slice_from_to(slice_from(theirs[i]), 0, strlen(theirs[i]) < sizeof t.state - 1 ? strlen(theirs[i]) : sizeof t.state - 1)).at);
        assert_true(slice_find_slice(flows_story(&t), SLICE("passed")) != (size_t)-1);
        flows_end(&t);
        arena_free(own);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_as_the_mapping_says),
        cmocka_unit_test(a_stream_of_others_is_read_as_well),
        cmocka_unit_test(the_destination_record_names_the_records_and_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
