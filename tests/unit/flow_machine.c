/* State machines in a run: tasks, errors, tokens, machines in machines. */
#include "flow_fixture.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define MACHINE(name, states) \
    "  " name ":\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      RoleArn: 'arn:aws:iam::123456789012:role/r'\n      Definition:\n        StartAt: A\n        States:\n" states
#define STATE(name, rest) "          " name ": {" rest "}\n"
#define TASK(function) "Type: Task, Resource: !GetAtt " function ".Arn"

static const char *answers(flows *t, slice function, const doc_node *event) {
    if (slice_is(function, "Fails")) return "!ValueError: no";
    if (slice_is(function, "FailsTwice")) return t->calls <= 2 ? "!ValueError: no" : "{\"ok\":true}";
    if (slice_is(function, "Sends")) {
        flow_task_token(t->run, js_str_of(event, "token"), js_read(t->graph.arena, SLICE("{\"sent\":1}")), SLICE(""), SLICE(""));
        return "{}";
    }
    if (slice_is(function, "Reads")) {
        const doc_node *body = js_read(t->graph.arena, js_str(js_at(event, "Records[0].body")));
        flow_task_token(t->run, js_str_of(body, "token"), js_read(t->graph.arena, SLICE("{\"read\":1}")), SLICE(""), SLICE(""));
        return "{}";
    }
    return "{\"ok\":true}";
}

static const struct {
    const char *what, *yaml;
    const char *response, *story;   /* response "" : not SUCCEEDED; story: a part of it */
} rows[] = {
    { "a function's answer is the result", "Resources:\n" FUNCTION("Fine") MACHINE("M", STATE("A", TASK("Fine") ", End: true")), "{\"ok\":true}", "M -> Fine sync passed (A)" },
    { "lambda:invoke wraps it", "Resources:\n" FUNCTION("Fine") MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref Fine, 'Payload.$': $}, OutputPath: $.Payload, End: true")),
      "{\"ok\":true}", "M -> Fine sync passed (A)" },
    { "Event: nobody waits", "Resources:\n" FUNCTION("Fine") MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref Fine, InvocationType: Event}, OutputPath: $.StatusCode, End: true")),
      "202", "M -> Fine" },
    { "an error has the handler's name, and the way to it is told", "Resources:\n" FUNCTION("Fine") FUNCTION("Fails") MACHINE("M", STATE("A", TASK("Fine") ", Next: B") STATE("B", TASK("Fails") ", End: true")),
      "", "failed in state B: ValueError" },
    { "the states are listed", "Resources:\n" FUNCTION("Fine") FUNCTION("Fails") MACHINE("M", STATE("A", TASK("Fine") ", Next: B") STATE("B", TASK("Fails") ", End: true")), "", "note: states: A, B\n" },
    { "a catch by name", "Resources:\n" FUNCTION("Fails") MACHINE("M", STATE("A", TASK("Fails") ", Catch: [{ErrorEquals: [ValueError], Next: B}], End: true") STATE("B", "Type: Pass, Result: {caught: true}, End: true")),
      "{\"caught\":true}", "M -> Fails sync failed (A): ValueError: no" },
    { "retries take no time here", "Resources:\n" FUNCTION("FailsTwice") MACHINE("M", STATE("A", TASK("FailsTwice") ", Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 3600}], End: true")), "{\"ok\":true}", "M -> FailsTwice sync passed (A)" },
    { "a token that the function sends", "Resources:\n" FUNCTION("Sends") MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: {FunctionName: !Ref Sends, Payload: {'token.$': $$.Task.Token}}, End: true")),
      "{\"sent\":1}", "passed" },
    { "a token that the queue's reader sends", "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n" FUNCTION("Reads")
      "  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Reads}}\n"
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: {QueueUrl: !Ref Queue, MessageBody: {'token.$': $$.Task.Token}}, End: true")), "{\"read\":1}", "Queue -> Reads poll passed" },
    { "a token that nothing sends is no failure of the machine", "Resources:\n" FUNCTION("Fine") MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: {FunctionName: !Ref Fine, Payload: {'token.$': $$.Task.Token}}, End: true")),
      "", "skipped: state A waits for a task token that nothing here sends" },
    { "... nor when its time is over", "Resources:\n" FUNCTION("Fine") MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', TimeoutSeconds: 60, Parameters: {FunctionName: !Ref Fine, Payload: {'token.$': $$.Task.Token}}, End: true")),
      "", "skipped: state A waits for a task token that nothing here sends" },
    { "a machine within: its output as text", "Resources:\n" FUNCTION("Fine") MACHINE("Inner", STATE("A", TASK("Fine") ", End: true"))
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync', Parameters: {StateMachineArn: !Ref Inner}, OutputPath: $.Output, End: true")), "\"{\\\"ok\\\":true}\"", "M -> Inner" },
    { "a machine within: its output read", "Resources:\n" FUNCTION("Fine") MACHINE("Inner", STATE("A", TASK("Fine") ", End: true"))
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: !Ref Inner, Name: n}, ResultSelector: {'o.$': $.Output, 'a.$': $.ExecutionArn, 's.$': $.Status}, End: true")),
      "{\"o\":{\"ok\":true},\"a\":\"arn:aws:states:us-east-1:123456789012:execution:Inner:n\",\"s\":\"SUCCEEDED\"}", "M -> Inner" },
    { "a machine within that fails", "Resources:\n" FUNCTION("Fails") MACHINE("Inner", STATE("A", TASK("Fails") ", End: true"))
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync', Parameters: {StateMachineArn: !Ref Inner}, End: true")), "", "failed in state A: States.TaskFailed" },
    { "a machine within that can't be run here", "Resources:\n" MACHINE("Inner", STATE("A", "Type: Task, Resource: 'arn:aws:states:::glue:startJobRun.sync', Parameters: {JobName: j}, End: true"))
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync', Parameters: {StateMachineArn: !Ref Inner}, End: true")), "", "caller -> M async skipped" },
    { "an SDK call's error has its client's name", "Resources:\n  Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: k, AttributeType: S}], KeySchema: [{AttributeName: k, KeyType: HASH}]}}\n"
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: {Bucket: b, Key: k}, Catch: [{ErrorEquals: [S3.NoSuchBucketException], Next: B}], End: true") STATE("B", "Type: Pass, Result: {caught: true}, End: true")), "{\"caught\":true}", "passed" },
    { "an optimized call's error", "Resources:\n  Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: k, AttributeType: S}], KeySchema: [{AttributeName: k, KeyType: HASH}]}}\n"
      MACHINE("M", STATE("A", "Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: !Ref Table, Item: {k: {S: x}}, ConditionExpression: attribute_exists(k)}, Catch: [{ErrorEquals: [DynamoDB.ConditionalCheckFailedException], Next: B}], End: true") STATE("B", "Type: Pass, Result: {caught: true}, End: true")), "{\"caught\":true}", "passed" },
    { "Map over functions", "Resources:\n" FUNCTION("Fine") MACHINE("M", "          A:\n            Type: Map\n            End: true\n            ItemsPath: $.l\n            ItemProcessor: {StartAt: B, States: {B: {" TASK("Fine") ", End: true}}}\n"),
      "[{\"ok\":true},{\"ok\":true}]", "M -> Fine sync passed (B)" },
};

static void executions_end_as_they_should(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        flows t;
        flows_start(&t, rows[i].yaml, answers);
        flow_start(t.run, flows_resource(&t, "M"), SLICE(""), js_read(t.graph.arena, SLICE("{\"l\":[1,2]}")), NULL, NULL, NULL);
        flow_run(t.run);
        slice story = flows_story(&t), got = t.run->fired.at[0]->response;
        if (!slice_is(got, rows[i].response) || slice_find_slice(story, slice_from(rows[i].story)) == (size_t)-1)
            fail_msg("%s: want %s and %s, got %.*s and\n%.*s", rows[i].what, rows[i].response, rows[i].story, SLICE_ARG(got), SLICE_ARG(story));
        flows_end(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(executions_end_as_they_should) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
