/* Invocations that nobody waits for: attempts, age, destinations, dead letters; what a failure means. */
#include "flow_fixture.h"

#define FUNCTION_WITH(name, more) \
    "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}" more "}}\n"
#define FUNCTION(name) FUNCTION_WITH(name, "")
#define QUEUES "  Good: {Type: AWS::SQS::Queue}\n  Bad: {Type: AWS::SQS::Queue}\n  Dead: {Type: AWS::SQS::Queue}\n"
#define CONFIG(name, qualifier, more) \
    "  " name ": {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Worker, Qualifier: '" qualifier "'" more "}}\n"
#define BOTH ", DestinationConfig: {OnSuccess: {Destination: !GetAtt Good.Arn}, OnFailure: {Destination: !GetAtt Bad.Arn}}"

static const char *fine(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return "{\"ok\":true}";
}

static const char *fails(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return "!ValueError: no";
}

static const char *fails_once(flows *t, slice function, const doc_node *event) {
    (void)function;
    (void)event;
    return t->calls == 1 ? "!ValueError: no" : "{}";
}

static const struct {
    const char *what, *yaml;
    flow_handler handler;
    const char *qualifier;
    unsigned attempts, good, bad, dead;
} rows[] = {
    { "three attempts unless said", "Resources:\n" QUEUES FUNCTION("Worker"), fails, "", 3, 0, 0, 0 },
    { "a second attempt may do", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "$LATEST", BOTH), fails_once, "", 2, 1, 0, 0 },
    { "MaximumRetryAttempts 0", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "$LATEST", ", MaximumRetryAttempts: 0" BOTH), fails, "", 1, 0, 1, 0 },
    { "MaximumRetryAttempts 1", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "$LATEST", ", MaximumRetryAttempts: 1"), fails, "", 2, 0, 0, 0 },
    { "an event that is too old is not tried again", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "$LATEST", ", MaximumEventAgeInSeconds: 60" BOTH), fails, "", 2, 0, 1, 0 },
    { "a configuration is that of its qualifier", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "live", ", MaximumRetryAttempts: 0" BOTH), fails, "", 3, 0, 0, 0 },
    { "... and of no other", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "live", ", MaximumRetryAttempts: 0" BOTH), fails, "live", 1, 0, 1, 0 },
    { "two configurations", "Resources:\n" QUEUES FUNCTION("Worker") CONFIG("C", "live", ", MaximumRetryAttempts: 0") CONFIG("D", "$LATEST", ", MaximumRetryAttempts: 1" BOTH), fails, "$LATEST", 2, 0, 1, 0 },
    { "destination and dead-letter queue both", "Resources:\n" QUEUES FUNCTION_WITH("Worker", ", DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}") CONFIG("C", "$LATEST", BOTH), fails, "", 3, 0, 1, 1 },
    { "success goes to its own destination", "Resources:\n" QUEUES FUNCTION_WITH("Worker", ", DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}") CONFIG("C", "$LATEST", BOTH), fine, "", 1, 1, 0, 0 },
    { "a function that is switched off: the destination is told at once", "Resources:\n" QUEUES FUNCTION_WITH("Worker", ", ReservedConcurrentExecutions: 0") CONFIG("C", "$LATEST", BOTH), fine, "", 1, 0, 1, 0 },
};

static unsigned held(flows *t, const char *queue) { return (unsigned)queue_of(t->run, flows_resource(t, queue))->messages.len; }

static void attempts_and_destinations(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        flows t;
        flows_start(&t, rows[i].yaml, rows[i].handler);
        flow_invoke(t.run, flows_resource(&t, "Worker"), slice_from(rows[i].qualifier), SLICE("{\"a\":1}"), NULL, NULL, NULL);
        flow_run(t.run);
        const firing *f = t.run->fired.at[0];
        unsigned good = held(&t, "Good"), bad = held(&t, "Bad"), dead = held(&t, "Dead");
        if (f->attempts != rows[i].attempts || good != rows[i].good || bad != rows[i].bad || dead != rows[i].dead)
            fail_msg("%s: %u attempts, good %u, bad %u, dead %u\n%.*s", rows[i].what, f->attempts, good, bad, dead, SLICE_ARG(flows_story(&t)));
        flows_end(&t);
    }
}

static const doc_node *first_body(flows *t, const char *queue) { return js_read(t->graph.arena, queue_of(t->run, flows_resource(t, queue))->messages.at[0]->said.body); }

static void records_say_what_happened(void **state) {
    (void)state;
    flows t;
    flows_start(&t, rows[8].yaml, fails);
    int64_t began = t.run->maker.now_ms;
    flow_invoke(t.run, flows_resource(&t, "Worker"), SLICE(""), SLICE("{\"a\":1}"), NULL, NULL, NULL);
    flow_run(t.run);
    assert_int_equal(t.run->maker.now_ms - began, 180000);          /* one minute, then two: virtual */
    const doc_node *bad = first_body(&t, "Bad"), *dead = first_body(&t, "Dead");
    assert_true(slice_is(js_str(js_at(bad, "requestContext.condition")), "RetriesExhausted"));
    assert_int_equal(js_int_of(js_get(bad, "requestContext"), "approximateInvokeCount", 0), 3);
    assert_true(slice_is(js_str(js_at(bad, "requestContext.functionArn")), "arn:aws:lambda:us-east-1:123456789012:function:Worker:$LATEST"));
    assert_true(slice_is(js_str(js_at(bad, "responseContext.functionError")), "Unhandled"));
    assert_true(slice_is(js_str(js_at(bad, "responsePayload.errorMessage")), "no"));
    assert_int_equal(js_int_of(js_get(bad, "requestPayload"), "a", 0), 1);
    assert_string_equal(js_text(t.graph.arena, dead).at, "{\"a\":1}");
    const doc_node *a = queue_of(t.run, flows_resource(&t, "Dead"))->messages.at[0]->said.attributes;
    assert_true(slice_eq(js_str(js_at(a, "RequestID.StringValue")), js_str(js_at(bad, "requestContext.requestId"))));
    assert_true(slice_is(js_str(js_at(a, "ErrorMessage.StringValue")), "no"));
    assert_true(slice_is(js_str(js_at(a, "ErrorCode.DataType")), "Number"));
    flows_end(&t);
}

static void an_event_that_is_too_old_says_so(void **state) {
    (void)state;
    flows t;
    flows_start(&t, rows[4].yaml, fails);
    flow_invoke(t.run, flows_resource(&t, "Worker"), SLICE(""), SLICE("{}"), NULL, NULL, NULL);
    flow_run(t.run);
    assert_true(slice_is(js_str(js_at(first_body(&t, "Bad"), "requestContext.condition")), "EventAgeExceeded"));
    flows_end(&t);
}

static void an_event_has_at_most_six_megabytes(void **state) {
    (void)state;
    flows t;
    flows_start(&t, rows[0].yaml, fine);
    char *large = (char *)arena_raw(t.graph.arena, 1, 1, 7 * 1024 * 1024);
    memset(large, 'x', 7 * 1024 * 1024);
    large[0] = large[7 * 1024 * 1024 - 1] = '"';
    flow_invoke(t.run, flows_resource(&t, "Worker"), SLICE(""), (slice){ large, 7 * 1024 * 1024 }, NULL, NULL, NULL);
    flow_run(t.run);
    assert_int_equal(t.calls, 0);
    assert_true(slice_find_slice(flows_story(&t), SLICE("failed: the event has 7340032 bytes: an invocation takes 6291456")) != (size_t)-1);
    flows_end(&t);
}

/* ---- what a failure means ---- */

static const struct {
    const char *what;
    outcome o;
    bool broken, made_up;
    firing_status status;
    const char *reason;
} verdicts[] = {
    { "a handler's error", { .kind = OUTCOME_ERROR, .error_type = SLICE_INIT("ValueError"), .error_message = SLICE_INIT("no") }, false, true, FIRING_FAILED, "ValueError: no" },
    { "a time-out", { .kind = OUTCOME_TIMED_OUT }, false, true, FIRING_FAILED, "timed out after 3 s" },
    { "out of memory", { .kind = OUTCOME_OUT_OF_MEMORY }, false, true, FIRING_FAILED, "out of memory: more than the 128 MB of MemorySize" },
    { "an exit", { .kind = OUTCOME_EXITED, .error_message = SLICE_INIT("exit status 1") }, false, true, FIRING_FAILED, "its process ended without an answer: exit status 1" },
    { "no runtime here", { .kind = OUTCOME_NOT_RUN, .error_message = SLICE_INIT("no ruby on PATH") }, false, true, FIRING_SKIPPED, "no ruby on PATH" },
    { "no such handler file", { .kind = OUTCOME_NOT_RUN, .error_message = SLICE_INIT("there is no app.py") }, true, true, FIRING_FAILED, "there is no app.py" },
    { "not loaded", { .kind = OUTCOME_NOT_LOADED, .error_message = SLICE_INIT("bad syntax") }, false, true, FIRING_FAILED, "could not load handler app.handler: bad syntax" },
    { "no network here", { .kind = OUTCOME_ERROR, .error_type = SLICE_INIT("Error"), .error_message = SLICE_INIT("getaddrinfo ENOTFOUND example.com") }, false, true, FIRING_SKIPPED,
      "the handler reaches outside, where there is no network here: Error: getaddrinfo ENOTFOUND example.com" },
};

static void a_failure_is_the_projects_or_this_machines(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n" FUNCTION("Worker"), NULL);
    for (size_t i = 0; i < COUNT(verdicts); i++) {
        firing *f = firing_new(t.run, NULL, NULL);
        runnable how = t.how;
        how.broken = verdicts[i].broken;
        f->made_up = verdicts[i].made_up;
        flow_say_failure(t.run, f, &verdicts[i].o, &how);
        if (f->status != verdicts[i].status || !slice_is(f->reason, verdicts[i].reason)) fail_msg("%s: %d %.*s", verdicts[i].what, (int)f->status, SLICE_ARG(f->reason));
        firing *g = firing_new(t.run, NULL, NULL);
        flow_say_failure(t.run, g, &verdicts[i].o, NULL);
        if (g->status == FIRING_OPEN) fail_msg("%s: says nothing when it is not known how the function runs", verdicts[i].what);
    }
    flows_end(&t);
}

/* A value that the templates do not say may be the reason; not so for a name that the code does not have. */
static void a_missing_value_excuses_what_may_come_of_it(void **state) {
    (void)state;
    static const struct { const char *type, *message; firing_status status; } errors[] = {
        { "ValueError", "no", FIRING_SKIPPED }, { "KeyError", "'x'", FIRING_SKIPPED }, { "NameError", "name 'x' is not defined", FIRING_FAILED },
        { "TypeError", "f() takes 1 positional argument but 2 were given", FIRING_FAILED }, { "TypeError", "a.b is not a function", FIRING_FAILED },
    };
    flows t;
    flows_start(&t, "Parameters: {Open: {Type: String}}\nResources:\n" FUNCTION_WITH("Worker", ", Environment: {Variables: {KEY: !Ref Open}}")
                    "  Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: f, Arn: !GetAtt Worker.Arn}]}}\n", NULL);
    const edge *e = graph_node(t.graph.graph, SLICE("Worker"))->in[0];
    for (size_t i = 0; i < COUNT(errors); i++) {
        outcome o = { .kind = OUTCOME_ERROR, .error_type = slice_from(errors[i].type), .error_message = slice_from(errors[i].message) };
        firing *f = firing_new(t.run, NULL, e);
        flow_say_failure(t.run, f, &o, &t.how);
        if (f->status != errors[i].status) fail_msg("%s: %s: %.*s", errors[i].type, errors[i].message, SLICE_ARG(f->reason));
    }
    flows_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_and_destinations),
        cmocka_unit_test(records_say_what_happened),
        cmocka_unit_test(an_event_that_is_too_old_says_so),
        cmocka_unit_test(an_event_has_at_most_six_megabytes),
        cmocka_unit_test(a_missing_value_excuses_what_may_come_of_it),
        cmocka_unit_test(a_failure_is_the_projects_or_this_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
