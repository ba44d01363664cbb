/* State machines: edges of tasks, and what is wrong with a definition. */
#include "service_edges.h"

#include "service/asl.h"

#define ROLE_X "RoleArn: 'arn:aws:iam::111122223333:role/x'"
#define FN "  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, Role: 'arn:aws:iam::111122223333:role/x', Code: {ZipFile: x}}}\n"
#define THINGS "  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic}\n  Bus: {Type: AWS::Events::EventBus, Properties: {Name: b}}\n" \
    "  D: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}\n"

static const edge_row rows[] = {
    { "a function by its ARN and by lambda:invoke is one edge that names both states",
      "Resources:\n" FN
      "  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X ", Definition: {StartAt: A, States: {"
      "A: {Type: Task, Resource: !GetAtt Fn.Arn, Next: B}, B: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref Fn}, End: true}}}}}\n",
      "SM -> Fn sync {\"states\":[\"A\",\"B\"]}\n" },
    { "a definition as text with Fn::Sub",
      "Resources:\n" FN
      "  SM:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      " ROLE_X "\n      DefinitionString: !Sub |\n"
      "        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:${AWS::Partition}:states:::lambda:invoke.waitForTaskToken\",\n"
      "         \"Parameters\": {\"FunctionName\": \"${Fn.Arn}\", \"Payload\": {}}, \"End\": true}}}\n",
      "SM -> Fn async {\"states\":[\"A\"]}\n" },
    { "substitutions carry the references, in strings and outside of them",
      "Resources:\n" FN
      "  SM:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      " ROLE_X "\n      DefinitionSubstitutions: {Fun: !GetAtt Fn.Arn, Wait: 5}\n"
      "      DefinitionString: '{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":${Wait},\"Next\":\"A\"},\"A\":{\"Type\":\"Task\",\"Resource\":\"${Fun}\",\"End\":true}}}'\n",
      "SM -> Fn sync {\"states\":[\"A\"]}\n" },
    { "each service integration has its kind, inside Map and Parallel too",
      "Resources:\n" THINGS
      "  Inner: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X ", Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}\n"
      "  SM:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      " ROLE_X "\n      Definition:\n        StartAt: P\n        States:\n"
      "          P:\n            Type: Parallel\n            Next: M\n            Branches:\n"
      "              - {StartAt: SQS, States: {SQS: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !Ref Q, MessageBody: a}, End: true}}}\n"
      "              - {StartAt: SNS, States: {SNS: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:sns:publish', Parameters: {TopicArn: !Ref T, Message: a}, End: true}}}\n"
      "          M:\n            Type: Map\n            End: true\n            ItemProcessor:\n              StartAt: Put\n              States:\n"
      "                Put: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: !Ref D, Item: {}}, Next: Get}\n"
      "                Get: {Type: Task, Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: {TableName: !Ref D, Key: {}}, Next: Events}\n"
      "                Events: {Type: Task, Resource: 'arn:aws:states:::events:putEvents', Parameters: {Entries: [{EventBusName: !Ref Bus}, {Source: a}]}, Next: Start}\n"
      "                Start: {Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: !Ref Inner}, End: true}\n",
      "SM -> Q async {\"states\":[\"SQS\"]}\n"
      "SM -> T async {\"states\":[\"SNS\"]}\n"
      "SM -> D write {\"states\":[\"Put\"]}\n"
      "SM -> Bus async {\"states\":[\"Events\"]}\n"
      "SM -> bus:default async {\"states\":[\"Events\"]}\n"
      "SM -> Inner sync {\"states\":[\"Start\"]}\n" },
    { "JSONata arguments name targets as texts; expressions are not guessed at",
      "Resources:\n  Q: {Type: AWS::SQS::Queue}\n"
      "  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X ", Definition: {QueryLanguage: JSONata, StartAt: A, States: {"
      "A: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: {QueueUrl: !Ref Q, MessageBody: x}, Next: B},"
      "B: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: '{% $states.input.f %}'}, End: true}}}}}\n",
      "SM -> Q async {\"states\":[\"A\"]}\n"
      "SM -> unknown sync {\"states\":[\"B\"]}\n" },
    { "custom resources run their function at deployment",
      "Resources:\n" FN
      "  C: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt Fn.Arn}}\n"
      "  D: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: !GetAtt Fn.Arn}}\n",
      "service:cloudformation -> Fn async via C\n"
      "service:cloudformation -> Fn async via D\n" },
    { "user pool triggers, IoT rules, receipt rules and rotation",
      "Resources:\n" FN "  Q: {Type: AWS::SQS::Queue}\n  B: {Type: AWS::S3::Bucket}\n"
      "  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Fn.Arn}}}\n"
      "  Rule: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {RuleDisabled: true, Sql: SELECT * FROM 'a', Actions: [{Lambda: {FunctionArn: !GetAtt Fn.Arn}}], ErrorAction: {Sqs: {QueueUrl: !Ref Q, RoleArn: 'arn:aws:iam::111122223333:role/x'}}}}}\n"
      "  Mail: {Type: AWS::SES::ReceiptRule, Properties: {RuleSetName: s, Rule: {Enabled: true, Actions: [{S3Action: {BucketName: !Ref B}}, {LambdaAction: {FunctionArn: !GetAtt Fn.Arn}}]}}}\n"
      "  Secret: {Type: AWS::SecretsManager::Secret}\n"
      "  Rotate: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref Secret, RotationLambdaARN: !GetAtt Fn.Arn, RotationRules: {AutomaticallyAfterDays: 30}}}\n",
      "Pool -> Fn sync {\"trigger\":\"PreSignUp\"}\n"
      "service:iot -> Fn async via Rule {\"sql\":\"SELECT * FROM 'a'\"} off\n"
      "service:iot -> Q dead-letter via Rule {\"sql\":\"SELECT * FROM 'a'\"} off\n"
      "service:ses -> B write via Mail\n"
      "service:ses -> Fn async via Mail\n"
      "clock -> Fn schedule via Rotate {\"schedule\":\"rate(30 days)\"}\n" },
    { "pipelines, Glue triggers, distributions and auto scaling hooks",
      "Resources:\n" FN "  T: {Type: AWS::SNS::Topic}\n  B: {Type: AWS::S3::Bucket}\n"
      "  Build: {Type: AWS::CodeBuild::Project, Properties: {ServiceRole: x}}\n"
      "  Pipe: {Type: AWS::CodePipeline::Pipeline, Properties: {" ROLE_X ", Stages: ["
      "{Name: s, Actions: [{Name: src, ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: 1}, Configuration: {S3Bucket: !Ref B, S3ObjectKey: k}}]},"
      "{Name: b, Actions: [{Name: build, ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: 1}, Configuration: {ProjectName: !Ref Build}},"
      "{Name: call, ActionTypeId: {Category: Invoke, Owner: AWS, Provider: Lambda, Version: 1}, Configuration: {FunctionName: !Ref Fn}}]}]}}\n"
      "  J1: {Type: AWS::Glue::Job, Properties: {Role: x, Command: {}}}\n  J2: {Type: AWS::Glue::Job, Properties: {Role: x, Command: {}}}\n"
      "  Tr: {Type: AWS::Glue::Trigger, Properties: {Type: CONDITIONAL, StartOnCreation: true, Predicate: {Conditions: [{JobName: !Ref J1, State: SUCCEEDED}]}, Actions: [{JobName: !Ref J2}]}}\n"
      "  Ts: {Type: AWS::Glue::Trigger, Properties: {Type: SCHEDULED, Schedule: cron(0 1 * * ? *), Actions: [{JobName: !Ref J1}]}}\n"
      "  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}\n"
      "  Cdn: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Origins: [{Id: o, DomainName: !GetAtt B.RegionalDomainName}],"
      " DefaultCacheBehavior: {LambdaFunctionAssociations: [{EventType: origin-request, LambdaFunctionARN: !Ref V}]}}}}\n"
      "  Asg: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {NotificationConfigurations: [{TopicARN: !Ref T}]}}\n"
      "  Hook: {Type: AWS::AutoScaling::LifecycleHook, Properties: {AutoScalingGroupName: !Ref Asg, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', NotificationTargetARN: !Ref T, RoleARN: x}}\n"
      "  Al:\n    Type: AWS::Lambda::Alias\n    Properties: {FunctionName: !Ref Fn, FunctionVersion: 1, Name: live}\n    UpdatePolicy: {CodeDeployLambdaAliasUpdate: {BeforeAllowTrafficHook: !Ref Fn}}\n",
      "B -> Pipe poll {\"trigger\":\"src\"}\n"
      "Pipe -> Build async {\"trigger\":\"build\"}\n"
      "Pipe -> Fn async {\"trigger\":\"call\"}\n"
      "J1 -> J2 async via Tr\n"
      "clock -> J1 schedule via Ts {\"schedule\":\"cron(0 1 * * ? *)\"} off\n"
      "caller -> Cdn sync\n"
      "Cdn -> B sync\n"
      "Cdn -> Fn sync {\"trigger\":\"origin-request\"} as ${V.Version}\n"
      "Asg -> T async\n"
      "Asg -> T async via Hook {\"trigger\":\"autoscaling:EC2_INSTANCE_LAUNCHING\"}\n"
      "service:codedeploy -> Fn async via Al {\"trigger\":\"BeforeAllowTrafficHook\"}\n" },
};

/* definition -> error; "" = none */
static const struct { const char *definition, *error; } definitions[] = {
    { "{StartAt: A, States: {A: {Type: Pass, End: true}}}", "" },
    { "{StartAt: A, States: {A: {Type: Pass, Next: B}, B: {Type: Succeed}}}", "" },
    { "{StartAt: A, States: {A: {Type: Choice, Choices: [{Variable: $.a, IsPresent: true, Next: B}], Default: B}, B: {Type: Fail}}}", "" },
    { "{States: {A: {Type: Pass, End: true}}}", "the state machine has no StartAt" },
    { "{StartAt: Z, States: {A: {Type: Pass, End: true}}}", "StartAt names no state: Z" },
    { "{StartAt: A}", "the state machine has no States" },
    { "{StartAt: A, States: {A: {Type: Pass, Next: Z}}}", "Next of state A names no state beside it: Z" },
    { "{StartAt: A, States: {A: {Type: Pass}}}", "state A has neither Next nor End" },
    { "{StartAt: A, States: {A: {Type: Pass, Next: B, End: true}, B: {Type: Succeed}}}", "state A has both Next and End" },
    { "{StartAt: A, States: {A: {Type: Task, End: true}}}", "state A is a Task without Resource" },
    { "{StartAt: A, States: {A: {Type: Tusk, End: true}}}", "state A has a type that does not exist: Tusk" },
    { "{StartAt: A, States: {A: {Type: Choice, Choices: []}}}", "Choices of state A is empty" },
    { "{StartAt: A, States: {A: {Type: Choice, Choices: [{Variable: $.a, IsPresent: true, Next: Z}]}}}", "Choices of state A names no state beside it: Z" },
    { "{StartAt: A, States: {A: {Type: Task, Resource: x, Catch: [{ErrorEquals: [States.ALL], Next: Z}], End: true}}}", "Catch of state A names no state beside it: Z" },
    { "{StartAt: A, States: {A: {Type: Task, Resource: x, Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [E]}], End: true}}}",
      "Retry of state A has States.ALL before its last entry" },
    { "{StartAt: A, States: {A: {Type: Parallel, End: true, Branches: [{StartAt: B, States: {B: {Type: Pass, Next: A}}}]}}}",
      "Next of state B names no state beside it: A" },
    { "{StartAt: A, States: {A: {Type: Map, End: true, ItemProcessor: {StartAt: A, States: {A: {Type: Succeed}}}}}}", "two states are called A" },
};

static const value *asl_of(const edges_of *t) { return value_get(t->arena, graph_node(t->graph, SLICE("SM"))->facts, SLICE("asl")); }

static void broken_definitions_say_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(definitions); i++) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml, "Resources:\n  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X ", Definition: %s}}\n", definitions[i].definition);
        edges_of t = edges_read(yaml);
        const value *error = value_get(t.arena, asl_of(&t), SLICE("error"));
        if (!slice_is(error->text, definitions[i].error))
            fail_msg("%s: want \"%s\", got \"%.*s\"", definitions[i].definition, definitions[i].error, SLICE_ARG(error->text));
        arena_free(t.arena);
    }
}

static void states_are_flattened_and_unreachable_ones_are_named(void **state) {
    (void)state;
    edges_of t = edges_read("Resources:\n  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X ", Definition: {StartAt: A, States: {"
                            "A: {Type: Parallel, End: true, Branches: [{StartAt: B, States: {B: {Type: Wait, Seconds: 400, End: true}}}]}, C: {Type: Succeed}}}}}\n");
    const value *states = value_get(t.arena, asl_of(&t), SLICE("states")), *lost = value_get(t.arena, asl_of(&t), SLICE("unreachable"));
    assert_int_equal(states->list.len, 3);
    assert_true(slice_is(value_at(t.arena, states, SLICE("[1].name"))->text, "B") || slice_is(value_get(t.arena, states->list.at[1], SLICE("name"))->text, "B"));
    assert_int_equal(value_get(t.arena, states->list.at[1], SLICE("wait"))->integer, 400);
    assert_int_equal(lost->list.len, 1);
    assert_true(slice_is(lost->list.at[0]->text, "C"));
    arena_free(t.arena);
}

static void aliases_inside_a_machine_do_not_multiply(void **state) {
    (void)state;
    buf yaml = { .arena = arena_make(0, NULL) };
    buf_text(&yaml, "Resources:\n  SM:\n    Type: AWS::StepFunctions::StateMachine\n    Metadata:\n      l0: &l0 {StartAt: A, States: {A: {Type: Succeed}}}\n");
    for (int i = 1; i < 12; i++)
        buf_printf(&yaml, "      l%d: &l%d {StartAt: A, States: {A: {Type: Parallel, End: true, Branches: [*l%d, *l%d, *l%d, *l%d, *l%d, *l%d, *l%d, *l%d]}}}\n",
                   i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    buf_text(&yaml, "    Properties: {" ROLE_X ", Definition: *l11}\n");
    buf_char(&yaml, '\0');
    edges_of t = edges_read(yaml.bytes.at);
    assert_non_null(graph_node(t.graph, SLICE("SM")));
    arena_free(t.arena);
    arena_free(yaml.arena);
}

/* A definition beside the template, as a package command finds it. */
static bool read_beside(void *self, arena *a, slice path, slice *text, slice *why) {
    (void)self;
    (void)a;
    (void)why;
    *text = SLICE("StartAt: A\nStates:\n  A: {Type: Task, Resource: '${Fun}', End: true}\n");
    return slice_is(path, "m.asl.yaml");
}

static void a_definition_in_a_file_beside_the_template_is_read(void **state) {
    (void)state;
    template_options options = no_options;
    options.read_file = read_beside;
    edges_of t = edges_read_with("Resources:\n" FN "  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {" ROLE_X
                                 ", DefinitionS3Location: m.asl.yaml, DefinitionSubstitutions: {Fun: !GetAtt Fn.Arn}}}\n", &options);
    assert_true(slice_is(buf_as_slice(&t.lines), "SM -> Fn sync {\"states\":[\"A\"]}\n"));
    arena_free(t.arena);
}

/* Machines that AWS ran: none of them may be called broken. */
static void machines_that_ran_are_not_called_broken(void **state) {
    (void)state;
    FILE *f = fopen("../shared/conformance/asl.jsonl", "r");
    if (f == NULL) {
        print_message("../shared/conformance is not there: skipped\n");
        skip();
    }
    static char line[1 << 20];
    size_t machines = 0;
    while (fgets(line, sizeof line, f) != NULL) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        const doc_node *row = doc_parse_json(a, slice_from(line), (pos){ 0, 1, 1 }, &d);
        buf text = { .arena = a };
        json_out j = { .out = &text };
        doc_write_json(doc_get(row, SLICE("definition")), &j, 1000000);
        const asl_machine *m = asl_read(a, value_new_string(a, (pos){ 0, 1, 1 }, buf_as_slice(&text)), &value_absent, WHEN_ALWAYS);
        if (m == NULL || m->error.len > 0 || m->unreachable.len > 0)
            fail_msg("%.*s: %.*s", SLICE_ARG(doc_get(row, SLICE("id"))->text), m == NULL ? 0 : (int)m->error.len, m == NULL ? "" : m->error.at);
        machines++;
        arena_free(a);
    }
    fclose(f);
    assert_true(machines > 100);
}

static void names_are_found_in_free_text(void **state) {
    (void)state;
    static const struct { const char *text, *name, *value; } cases[] = {
        { "Action=SendMessage&QueueUrl=https%3A%2F%2Fq&X=1", "QueueUrl", "https%3A%2F%2Fq" },
        { "{\"stateMachineArn\": \"arn:x\"}", "StateMachineArn", "arn:x" },
        { "{\\\"TableName\\\": \\\"t\\\"}", "TableName", "t" },
        { "QueueUrl=$util.urlEncode('q')", "QueueUrl", "q" },
        { "{\"MyTableName\": \"no\", \"TableName\" : 'yes'}", "TableName", "yes" },
        { "{\"a\": \"TableName\"}", "TableName", NULL },
        { "", "TableName", NULL },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        arena *a = arena_make(0, NULL);
        open_text t = text_of(a, value_new_string(a, (pos){ 0, 1, 1 }, slice_from(cases[i].text)));
        const value *v = text_named(&t, slice_from(cases[i].name));
        if (cases[i].value == NULL ? v->kind != VAL_ABSENT : !(v->kind == VAL_STRING && slice_is(v->text, cases[i].value)))
            fail_msg("%s: %s is %.*s", cases[i].text, cases[i].name, SLICE_ARG(value_display(a, v)));
        arena_free(a);
    }
}

static void tasks_and_other_services(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        edges_check(&rows[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_and_other_services),
        cmocka_unit_test(broken_definitions_say_what_is_wrong),
        cmocka_unit_test(states_are_flattened_and_unreachable_ones_are_named),
        cmocka_unit_test(a_definition_in_a_file_beside_the_template_is_read),
        cmocka_unit_test(machines_that_ran_are_not_called_broken),
        cmocka_unit_test(names_are_found_in_free_text),
        cmocka_unit_test(aliases_inside_a_machine_do_not_multiply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
