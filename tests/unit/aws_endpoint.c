/* The AWS endpoint from inside, as state machines call it: operations, what is not there, what a role does not allow. (Over HTTP, with real clients:
 * tests/smoke/clients.) */
#include "template_fixture.h"

#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"

static const char template_text[] =
    "Resources:\n"
    "  Trust: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}}}\n"
    "  Narrow:\n"
    "    Type: AWS::IAM::Role\n"
    "    Properties:\n"
    "      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}\n"
    "      Policies: [{PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}]}}]\n"
    "  Low: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: a.b, Role: !GetAtt Narrow.Arn, Code: {ZipFile: 'x'}}}\n"
    "  Free: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: a.b, Role: 'arn:aws:iam::123456789012:role/outside', Code: {ZipFile: 'x'}}}\n"
    "  Queue: {Type: AWS::SQS::Queue}\n"
    "  Other: {Type: AWS::SQS::Queue}\n"
    "  Open: {Type: AWS::SQS::Queue}\n"
    "  OpenPolicy:\n"
    "    Type: AWS::SQS::QueuePolicy\n"
    "    Properties: {Queues: [!Ref Open], PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {AWS: !GetAtt Narrow.Arn}, Action: 'sqs:*', Resource: !GetAtt Open.Arn}]}}\n"
    "  Topic: {Type: AWS::SNS::Topic}\n"
    "  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineType: EXPRESS, RoleArn: 'arn:aws:iam::123456789012:role/outside', Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}}}\n"
    "  P: {Type: AWS::SSM::Parameter, Properties: {Name: /a/b, Type: String, Value: !Ref Topic}}\n"
    "  Made: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 8, ExcludePunctuation: true}}}\n";

typedef struct {
    run templates;
    smoke *smoke;
    firing *cause;
    const doc_node *out;
    slice error, message;
    size_t answers;
} fixture;

static fixture *fixture_new(void) {
    run r = run_new();
    fixture *f = ARENA_NEW(r.arena, fixture);
    f->templates = r;
    run *t = &f->templates;
    run_text(t, template_text);
    t->options.region = SLICE("us-east-1");
    t->options.account = SLICE("123456789012");
    t->options.partition = SLICE("aws");
    graph *g = graph_build(&t->set, &t->arena, 1);
    f->smoke = smoke_new(t->arena, g, world_new(t->arena, g, SLICE(""), SLICE("")), 1767225600000);
    f->smoke->flow = flow_new(f->smoke);
    f->smoke->endpoint = endpoint_new(f->smoke);
    f->smoke->world->port = 4000;
    f->cause = firing_new(f->smoke, NULL, NULL);
    return f;
}

static void answered(void *self, const doc_node *out, slice error, slice message) {
    fixture *f = self;
    f->out = out;
    f->error = error;
    f->message = message;
    f->answers++;
}

/* "{...}", or "Code: message". */
static const char *call(fixture *f, const char *caller, const char *service, const char *operation, const char *in) {
    arena *a = f->templates.arena;
    const doc_node *members = js_read(a, slice_from(in));
    assert_non_null(members);
    f->answers = 0;
    endpoint_call(f->smoke->endpoint, graph_node(f->smoke->graph, slice_from(caller)), f->cause, slice_from(service), slice_from(operation), members, answered, f);
    while (smoke_do(f->smoke)) {}
    if (f->answers != 1) fail_msg("%s %s: %zu answers", service, operation, f->answers);
    if (f->error.len == 0) return c_text(a, js_text(a, f->out));
    return c_text(a, arena_printf(a, "%.*s: %.*s", SLICE_ARG(f->error), SLICE_ARG(f->message)));
}

static bool noted(const fixture *f, const char *text) {
    for (size_t i = 0; i < f->cause->notes.len; i++)
        if (slice_find_slice(f->cause->notes.at[i], slice_from(text)) != (size_t)-1) return true;
    return false;
}

static const struct { const char *caller, *service, *operation, *in, *want; } calls[] = {
    { "Free", "sqs", "GetQueueUrl", "{\"QueueName\":\"Queue\"}", "{\"QueueUrl\":\"http://127.0.0.1:4000/123456789012/Queue\"}" },
    { "Free", "sqs", "getQueueUrl", "{\"QueueName\":\"Queue\"}", "{\"QueueUrl\":\"http://127.0.0.1:4000/123456789012/Queue\"}" },
    { "Free", "sqs", "getqueueUrl", "{}", "UnknownOperationException: sflint smoke does not emulate AmazonSQS.getqueueUrl; this call was not made" },
    { "Free", "sqs", "SendMessage", "{\"QueueUrl\":\"http://x/1/none\",\"MessageBody\":\"x\"}", "QueueDoesNotExist: The specified queue does not exist." },
    { "Free", "sqs", "SendMessage", "{\"MessageBody\":\"x\"}", "MissingParameter: The request must contain the parameter QueueUrl." },
    { "Free", "sqs", "SendMessage", "{\"QueueUrl\":\"Queue\"}", "MissingParameter: The request must contain the parameter MessageBody." },
    { "Free", "sqs", "DeleteMessage", "{\"QueueUrl\":\"Queue\",\"ReceiptHandle\":\"x\"}", "{}" },
    { "Low", "sqs", "DeleteMessage", "{\"QueueUrl\":\"Queue\",\"ReceiptHandle\":\"x\"}",
      "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/Narrow/Low is not authorized to perform: sqs:DeleteMessage on resource: "
      "arn:aws:sqs:us-east-1:123456789012:Queue because no identity-based policy allows the sqs:DeleteMessage action" },
    { "Low", "sqs", "DeleteMessage", "{\"QueueUrl\":\"Open\",\"ReceiptHandle\":\"x\"}", "{}" },
    { "Free", "sns", "Publish", "{\"TopicArn\":\"arn:aws:sns:us-east-1:123456789012:no\",\"Message\":\"m\"}", "NotFound: Topic does not exist" },
    { "Free", "states", "DescribeExecution", "{\"ExecutionArn\":\"x\"}", "ExecutionDoesNotExist: Execution Does Not Exist: 'x'" },
    { "Free", "sfn", "startExecution", "{\"StateMachineArn\":\"Machine\",\"Input\":{}}", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: Machine'" },
    { "Free", "ssm", "getParameters", "{\"Names\":[\"none\"]}", "{\"Parameters\":[],\"InvalidParameters\":[\"none\"]}" },
    { "Free", "eventbridge", "putEvents", "{\"Entries\":[{\"Source\":\"aws.x\",\"DetailType\":\"d\",\"Detail\":{}}]}",
      "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"NotAuthorizedForSourceException\",\"ErrorMessage\":\"Not authorized for the source.\"}]}" },
    { "Free", "lambda", "invoke", "{\"FunctionName\":\"none\"}", "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:none" },
    { "Free", "lambda", "invoke", "{\"FunctionName\":\"Low\",\"InvocationType\":\"DryRun\"}", "{\"StatusCode\":204}" },
    { "Free", "apigatewaymanagementapi", "postToConnection", "{\"ConnectionId\":\"c\",\"Data\":\"x\"}", "GoneException: the connection c is gone, or was never there" },
    { "Free", "bedrock", "invokeModel", "{}", "UnknownOperationException: sflint smoke does not emulate bedrock.invokeModel; this call was not made" },
};

static void an_operation_is_answered_as_the_service_would(void **state) {
    (void)state;
    fixture *f = fixture_new();
    for (size_t i = 0; i < COUNT(calls); i++) {
        const char *got = call(f, calls[i].caller, calls[i].service, calls[i].operation, calls[i].in);
        if (strcmp(got, calls[i].want) != 0) fail_msg("%s %s %s\nwant %s\ngot  %s", calls[i].service, calls[i].operation, calls[i].in, calls[i].want, got);
    }
    assert_true(noted(f, "NOT SMOKE-TESTED: handler Free called bedrock.invokeModel, which sflint does not emulate"));
    assert_true(noted(f, "AccessDenied: User: arn:aws:sts::123456789012:assumed-role/Narrow/Low is not authorized to perform: sqs:DeleteMessage"));
    assert_true(noted(f, "Free called SendMessage on http://x/1/none, and the templates have no AWS::SQS::Queue of that name"));
    assert_true(noted(f, "PutEvents: entry 0 was refused (NotAuthorizedForSourceException"));
    run_free(&f->templates);
}

static void a_message_is_received_once_and_deleted(void **state) {
    (void)state;
    fixture *f = fixture_new();
    call(f, "Low", "sqs", "sendMessage", "{\"QueueUrl\":\"http://127.0.0.1:4000/123456789012/Queue\",\"MessageBody\":{\"a\":1},\"MessageAttributes\":{\"k\":{\"DataType\":\"String\",\"StringValue\":\"v\"}}}");
    assert_int_equal(js_str_of(f->out, "MD5OfMessageBody").len, 32);
    assert_true(slice_is(js_str_of(f->out, "MD5OfMessageBody"), "bb6cb5c68df4652941caf652a366f2d8"));     /* of {"a":1} */
    call(f, "Free", "sqs", "receiveMessage", "{\"QueueUrl\":\"Queue\",\"MessageAttributeNames\":[\"All\"],\"MaxNumberOfMessages\":10}");
    assert_true(slice_is(js_str(js_at(f->out, "Messages[0].Body")), "{\"a\":1}"));
    assert_true(slice_is(js_str(js_at(f->out, "Messages[0].MessageAttributes.k.StringValue")), "v"));
    slice receipt = js_str(js_at(f->out, "Messages[0].ReceiptHandle"));
    assert_string_equal(call(f, "Free", "sqs", "receiveMessage", "{\"QueueUrl\":\"Queue\"}"), "{}");
    slice in = arena_printf(f->templates.arena, "{\"QueueUrl\":\"Queue\",\"ReceiptHandle\":\"%.*s\"}", SLICE_ARG(receipt));
    assert_string_equal(call(f, "Free", "sqs", "deleteMessage", c_text(f->templates.arena, in)), "{}");
    assert_string_equal(call(f, "Free", "sqs", "getQueueAttributes", "{\"QueueUrl\":\"Queue\",\"AttributeNames\":[\"ApproximateNumberOfMessages\",\"ApproximateNumberOfMessagesNotVisible\"]}"),
                        "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"0\",\"ApproximateNumberOfMessagesNotVisible\":\"0\"}}");
    run_free(&f->templates);
}

static void a_machine_runs_and_its_members_are_large(void **state) {
    (void)state;
    fixture *f = fixture_new();
    call(f, "Free", "states", "startSyncExecution", "{\"StateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:Machine\",\"Input\":{\"a\":[1]},\"Name\":\"n\"}");
    assert_true(slice_is(js_str_of(f->out, "Status"), "SUCCEEDED"));
    assert_true(slice_is(js_str_of(f->out, "Output"), "{\"a\":[1]}"));
    run_free(&f->templates);
}

static void a_value_of_the_templates_is_read(void **state) {
    (void)state;
    fixture *f = fixture_new(), *again = fixture_new();
    call(f, "Free", "ssm", "getParameter", "{\"Name\":\"arn:aws:ssm:us-east-1:123456789012:parameter/a/b\"}");
    assert_true(slice_is(js_str(js_at(f->out, "Parameter.Value")), "arn:aws:sns:us-east-1:123456789012:Topic"));
    call(f, "Free", "secretsmanager", "getSecretValue", "{\"SecretId\":\"Made\"}");
    call(again, "Free", "secretsmanager", "getSecretValue", "{\"SecretId\":\"Made\"}");
    assert_int_equal(js_str_of(f->out, "SecretString").len, 8);
    assert_true(slice_eq(js_str_of(f->out, "SecretString"), js_str_of(again->out, "SecretString")));
    run_free(&f->templates);
    run_free(&again->templates);
}

static void a_connection_is_known_while_it_is_open(void **state) {
    (void)state;
    fixture *f = fixture_new();
    endpoint *e = f->smoke->endpoint;
    assert_int_equal(endpoint_connected(e, SLICE("c")), UNKNOWN);
    endpoint_connection(e, SLICE("c"), true);
    assert_int_equal(endpoint_connected(e, SLICE("c")), YES);
    call(f, "Free", "execute-api", "PostToConnection", "{\"ConnectionId\":\"c\",\"Data\":\"x\"}");
    assert_int_equal(f->error.len, 0);
    call(f, "Free", "execute-api", "DeleteConnection", "{\"ConnectionId\":\"c\"}");
    assert_int_equal(endpoint_connected(e, SLICE("c")), NO);
    call(f, "Free", "execute-api", "PostToConnection", "{\"ConnectionId\":\"c\",\"Data\":\"x\"}");
    assert_true(slice_is(f->error, "GoneException"));
    f->cause->event = js_read(f->templates.arena, SLICE("{\"requestContext\":{\"connectionId\":\"d\"}}"));
    call(f, "Free", "execute-api", "PostToConnection", "{\"ConnectionId\":\"d\",\"Data\":\"x\"}");
    assert_int_equal(f->error.len, 0);
    run_free(&f->templates);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_is_answered_as_the_service_would),
        cmocka_unit_test(a_message_is_received_once_and_deleted),
        cmocka_unit_test(a_machine_runs_and_its_members_are_large),
        cmocka_unit_test(a_value_of_the_templates_is_read),
        cmocka_unit_test(a_connection_is_known_while_it_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
