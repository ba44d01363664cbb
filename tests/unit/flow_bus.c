/* Buses, rules and schedules: what targets get, where it goes when they can't be reached, and loops. */
#include "flow_fixture.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define PERMISSION(function) "  " function "May: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref " function ", Principal: events.amazonaws.com}}\n"
#define POLICY(queue) \
    "  " queue "May: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref " queue "], PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*'}]}}}\n"

/* ---- what a target gets ---- */

static const char *const event_text =
    "{\"version\":\"0\",\"id\":\"1\",\"detail-type\":\"Order\",\"source\":\"shop\",\"account\":\"123456789012\",\"time\":\"2026-01-01T00:00:00Z\",\"region\":\"us-east-1\","
    "\"resources\":[],\"detail\":{\"id\":7,\"name\":\"a \\\"b\\\"\",\"tags\":[\"x\",\"y\"],\"none\":null,\"at\":{\"k\":\"v\"},\"yes\":true}}";

static const struct { const char *what, *target, *body, *why; } inputs[] = {
    { "a constant", "Input: '{\"a\":1}'", "{\"a\":1}", "" },
    { "a constant string keeps its quotes", "Input: '\"go\"'", "\"go\"", "" },
    { "a part", "InputPath: $.detail.at", "{\"k\":\"v\"}", "" },
    { "a part of a list", "InputPath: '$.detail.tags[1]'", "\"y\"", "" },
    { "a part by a quoted name", "InputPath: \"$['detail-type']\"", "\"Order\"", "" },
    { "a part that is not there", "InputPath: $.detail.missing", "", "InputPath $.detail.missing selects nothing of the event" },
    { "values as JSON", "InputTransformer: {InputPathsMap: {i: $.detail.id, n: $.detail.name, t: $.detail.tags, z: $.detail.none, y: $.detail.yes}, InputTemplate: '{\"i\":<i>,\"n\":<n>,\"t\":<t>,\"z\":<z>,\"y\":<y>}'}",
      "{\"i\":7,\"n\":\"a \\\"b\\\"\",\"t\":[\"x\",\"y\"],\"z\":null,\"y\":true}", "" },
    { "values within quotes", "InputTransformer: {InputPathsMap: {i: $.detail.id, n: $.detail.name, o: $.detail.at}, InputTemplate: '{\"m\":\"no <i>: <n> <o>\"}'}",
      "{\"m\":\"no 7: a \\\"b\\\" {\\\"k\\\":\\\"v\\\"}\"}", "" },
    { "a quoted sentence", "InputTransformer: {InputPathsMap: {i: $.detail.id}, InputTemplate: '\"order <i>\"'}", "\"order 7\"", "" },
    { "lines of text", "InputTransformer: {InputPathsMap: {i: $.detail.id}, InputTemplate: \"\\\"order <i>\\\"\\n\\\"end\\\"\"}", "\"order 7\"\n\"end\"", "" },
    { "an unknown variable is text", "InputTransformer: {InputTemplate: '{\"a\":\"<b>\"}'}", "{\"a\":\"<b>\"}", "" },
    { "a missing value within quotes is empty", "InputTransformer: {InputPathsMap: {m: $.detail.missing}, InputTemplate: '{\"a\":\"<m>\"}'}", "{\"a\":\"\"}", "" },
    { "a missing value as JSON", "InputTransformer: {InputPathsMap: {m: $.detail.missing}, InputTemplate: '{\"a\":<m>}'}", "", "the input template gives no JSON: {\"a\":}" },
    { "the rule's own names", "InputTransformer: {InputTemplate: '{\"r\":<aws.events.rule-name>,\"a\":<aws.events.rule-arn>}'}",
      "{\"r\":\"Rule\",\"a\":\"arn:aws:events:us-east-1:123456789012:rule/Rule\"}", "" },
};

static void a_target_gets_what_its_rule_makes_of_the_event(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        arena *own = arena_make(0, NULL);
        slice yaml = arena_printf(own, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" POLICY("Queue")
                                  "  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {source: [shop]}\n      Targets:\n        - Id: q\n          Arn: !GetAtt Queue.Arn\n          %s\n",
                                  inputs[i].target);
        flows t;
        flows_start(&t, yaml.at, NULL);
        firing *cause = firing_new(t.run, NULL, NULL);
        flow_put_event(t.run, NULL, js_read(t.graph.arena, slice_from(event_text)), cause);
        flow_run(t.run);
        queue_store *q = queue_of(t.run, flows_resource(&t, "Queue"));
        slice body = q->messages.len > 0 ? q->messages.at[0]->said.body : SLICE(""), story = flows_story(&t);
        if (!slice_is(body, inputs[i].body)) fail_msg("%s: want %s, got %.*s\n%.*s", inputs[i].what, inputs[i].body, SLICE_ARG(body), SLICE_ARG(story));
        if (inputs[i].why[0] != '\0' && slice_find_slice(story, arena_printf(own, "not delivered: %s", inputs[i].why)) == (size_t)-1)
            fail_msg("%s: want %s in\n%.*s", inputs[i].what, inputs[i].why, SLICE_ARG(story));
        flows_end(&t);
        arena_free(own);
    }
}

/* ---- stories ---- */

static const char *fine(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return "{}";
}

/* Ping says pong and pong says ping. */
static const char *plays(flows *t, slice function, const doc_node *event) {
    (void)event;
    const char *says = slice_is(function, "Ping") ? "pong" : "ping";
    flow_put_event(t->run, NULL, js_read(t->graph.arena, arena_printf(t->graph.arena, "{\"source\":\"%s\",\"detail-type\":\"x\",\"detail\":{}}", says)),
                   smoke_current(t->run, flows_resource(t, slice_is(function, "Ping") ? "Ping" : "Pong")));
    return "{}";
}

/* The first answer is put right once. */
static const char *corrects_once(flows *t, slice function, const doc_node *event) {
    (void)event;
    if (t->calls == 1)
        flow_put_event(t->run, NULL, js_read(t->graph.arena, SLICE("{\"source\":\"ping\",\"detail-type\":\"x\",\"detail\":{}}")), smoke_current(t->run, flows_resource(t, "Ping")));
    (void)function;
    return "{}";
}

/* Calls itself by its name, which no edge of the templates says. */
static const char *calls_itself(flows *t, slice function, const doc_node *event) {
    (void)function;
    (void)event;
    flow_invoke(t->run, flows_resource(t, "Worker"), SLICE(""), SLICE("{}"), smoke_current(t->run, flows_resource(t, "Worker")), NULL, NULL);
    return "{}";
}

#define RULE(name, source, function) \
    "  " name ": {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [" source "]}, Targets: [{Id: f, Arn: !GetAtt " function ".Arn}]}}\n"

static const flow_row rows[] = {
    { "a rule fires and refuses",
      "Resources:\n" FUNCTION("Worker") PERMISSION("Worker") RULE("Rule", "shop", "Worker"), fine, "Worker",
      "bus:default -> Worker async passed\nbus:default -> Worker async passed (refused by the pattern)\n" },
    { "a missing permission is named, and the target's dead-letter queue gets the event",
      "Resources:\n" FUNCTION("Worker") "  Dead: {Type: AWS::SQS::Queue}\n" POLICY("Dead")
      "  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Id: f, Arn: !GetAtt Worker.Arn, DeadLetterConfig: {Arn: !GetAtt Dead.Arn}}]}}\n",
      fine, "Worker",
      "bus:default -> Worker async failed: not delivered: no AWS::Lambda::Permission lets events.amazonaws.com call Worker\n"
      "  bus:default -> Dead dead-letter passed\n"
      "bus:default -> Worker async passed (refused by the pattern)\n" },
    { "an event that causes itself is stopped, with its path; another trigger is not touched",
      "Resources:\n" FUNCTION("Ping") FUNCTION("Pong") FUNCTION("Other") PERMISSION("Ping") PERMISSION("Pong") PERMISSION("Other")
      RULE("ToPing", "ping", "Ping") RULE("ToPong", "pong", "Pong") RULE("ToOther", "other", "Other"), plays, "Ping",
      "bus:default -> Ping async failed: a loop: bus:default -> Ping -> Pong -> Ping; the event causes itself, 3 times here\n"
      "  bus:default -> Pong async passed\n    bus:default -> Ping async passed\n      bus:default -> Pong async passed\n        bus:default -> Ping async passed\n"
      "          bus:default -> Pong async passed\n            bus:default -> Ping async failed: a loop: bus:default -> Ping -> Pong -> Ping; the event causes itself, 3 times here\n"
      "bus:default -> Ping async passed (refused by the pattern)\n" },
    { "one more round is no loop",
      "Resources:\n" FUNCTION("Ping") PERMISSION("Ping") RULE("ToPing", "ping", "Ping"), corrects_once, "Ping",
      "bus:default -> Ping async passed\n  bus:default -> Ping async passed\nbus:default -> Ping async passed (refused by the pattern)\n" },
    { "a function that calls itself is a loop as well",
      "Resources:\n" FUNCTION("Worker") PERMISSION("Worker") RULE("Rule", "shop", "Worker"), calls_itself, "Worker",
      "bus:default -> Worker async failed: a loop: Worker -> Worker -> Worker; the event causes itself, 3 times here\n"
      "  Worker -> Worker async passed\n    Worker -> Worker async passed\n      Worker -> Worker async passed\n"
      "        Worker -> Worker async failed: a loop: Worker -> Worker -> Worker; the event causes itself, 3 times here\n"
      "bus:default -> Worker async passed (refused by the pattern)\n" },
};

static void stories_of_rules(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) flow_check(&rows[i]);
}

static void a_dead_letter_says_what_went_wrong(void **state) {
    (void)state;
    flows t;
    flows_start(&t, rows[1].yaml, fine);
    flows_fire(&t, "Worker");
    const queue_store *q = queue_of(t.run, flows_resource(&t, "Dead"));
    assert_int_equal(q->messages.len, 1);
    const doc_node *a = q->messages.at[0]->said.attributes;
    assert_true(slice_is(js_str(js_at(a, "RULE_ARN.StringValue")), "arn:aws:events:us-east-1:123456789012:rule/Rule"));
    assert_true(slice_is(js_str(js_at(a, "TARGET_ARN.StringValue")), "arn:aws:lambda:us-east-1:123456789012:function:Worker"));
    assert_true(slice_is(js_str(js_at(a, "ERROR_CODE.StringValue")), "NO_PERMISSIONS"));
    assert_true(slice_is(js_str_of(js_read(t.graph.arena, q->messages.at[0]->said.body), "source"), "shop"));
    flows_end(&t);
}

static void an_event_goes_from_bus_to_bus_as_it_is(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n  Other: {Type: AWS::Events::EventBus, Properties: {Name: other}}\n"
                    "  Queue: {Type: AWS::SQS::Queue}\n" POLICY("Queue")
                    "  Over: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Id: b, Arn: !GetAtt Other.Arn, RoleArn: 'arn:aws:iam::123456789012:role/r'}]}}\n"
                    "  Rule: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Other, EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn}]}}\n", NULL);
    flow_put_event(t.run, NULL, js_read(t.graph.arena, slice_from(event_text)), NULL);
    flow_run(t.run);
    const queue_store *q = queue_of(t.run, flows_resource(&t, "Queue"));
    if (q->messages.len != 1) fail_msg("%.*s", SLICE_ARG(flows_story(&t)));
    assert_true(js_same(js_read(t.graph.arena, q->messages.at[0]->said.body), js_read(t.graph.arena, slice_from(event_text))));
    flows_end(&t);
}

static void too_many_deliveries_stop_the_run_and_leave_nothing_behind(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n" FUNCTION("Worker") PERMISSION("Worker") RULE("Rule", "shop", "Worker"), fine);
    firing *cause = firing_new(t.run, NULL, NULL);
    const doc_node *event = js_read(t.graph.arena, slice_from(event_text));
    for (unsigned i = 0; i < SMOKE_MAX_FIRINGS + 100; i++) flow_put_event(t.run, NULL, event, cause);
    assert_true(t.run->stopped);
    assert_int_equal(cause->then.len, SMOKE_MAX_FIRINGS - 1);        /* the cause is one itself */
    flow_run(t.run);
    flows_end(&t);
}

static void a_schedule_that_a_handler_makes_fires_at_its_time(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n", NULL);
    firing *cause = firing_new(t.run, NULL, NULL);
    slice arn = SLICE("arn:aws:sqs:us-east-1:123456789012:Queue");
    flow_schedule(t.run, SLICE("later"), SLICE("at(2025-11-25T12:00:00)"), arn, SLICE("{\"at\":\"<aws.scheduler.scheduled-time>\"}"), cause);
    flow_schedule(t.run, SLICE("past"), SLICE("at(2025-11-25T10:00:00)"), arn, SLICE("{}"), cause);
    flow_schedule(t.run, SLICE("wrong"), SLICE("every day"), arn, SLICE("{}"), cause);
    flow_run(t.run);
    const queue_store *q = queue_of(t.run, flows_resource(&t, "Queue"));
    assert_int_equal(q->messages.len, 1);
    assert_string_equal(q->messages.at[0]->said.body.at, "{\"at\":\"2025-11-25T12:00:00Z\"}");
    slice story = flows_story(&t);
    assert_true(slice_find_slice(story, SLICE("schedule past (at(2025-11-25T10:00:00)) never fires: its time is over")) != (size_t)-1);
    assert_true(slice_find_slice(story, SLICE("schedule wrong never fires")) != (size_t)-1);
    flows_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_gets_what_its_rule_makes_of_the_event),
        cmocka_unit_test(stories_of_rules),
        cmocka_unit_test(a_dead_letter_says_what_went_wrong),
        cmocka_unit_test(an_event_goes_from_bus_to_bus_as_it_is),
        cmocka_unit_test(too_many_deliveries_stop_the_run_and_leave_nothing_behind),
        cmocka_unit_test(a_schedule_that_a_handler_makes_fires_at_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
