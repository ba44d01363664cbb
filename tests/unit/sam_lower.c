/* SAM templates as the CloudFormation that they become: ids, properties, places. One row a fact. */
#include "template_fixture.h"

#define FUNCTION "Runtime: python3.12, Handler: app.handler, CodeUri: src/"

static bool has(const template *t, slice id, slice type) {
    const resource *x = template_resource(t, id);
    return x != NULL && slice_eq(x->type, type);
}

/* "F AWS::Lambda::Function, FRole AWS::IAM::Role": all of them are there. */
static void want_resources(run *r, const template *t, const char *name, const char *wanted) {
    slice rest = slice_from(wanted), one, id;
    while (rest.at != NULL && slice_cut(&rest, ',', &one)) {
        slice type = slice_trim(one);
        slice_cut(&type, ' ', &id);
        if (!has(t, id, type)) {
            buf b = { .arena = r->arena };
            for (size_t i = 0; i < t->resources.len; i++)
                buf_printf(&b, "  %.*s %.*s\n", SLICE_ARG(t->resources.at[i]->logical_id), SLICE_ARG(t->resources.at[i]->type));
            fail_msg("%s: no %.*s; there are\n%s%s", name, SLICE_ARG(one), c_text(r->arena, buf_as_slice(&b)), problems_of(r));
        }
    }
}

/* What stands below Events of a function F, and what the template has beside it. */
static const struct { const char *events, *beside, *made; } events[] = {
    { "Q: {Type: SQS, Properties: {Queue: !GetAtt X.Arn}}", "X: {Type: AWS::SQS::Queue}", "FQ AWS::Lambda::EventSourceMapping" },
    { "Q: {Type: Kinesis, Properties: {Stream: !GetAtt X.Arn, StartingPosition: LATEST}}", "X: {Type: AWS::Kinesis::Stream}", "FQ AWS::Lambda::EventSourceMapping" },
    { "T: {Type: SNS, Properties: {Topic: !Ref X}}", "X: {Type: AWS::SNS::Topic}", "FT AWS::SNS::Subscription, FTPermission AWS::Lambda::Permission" },
    { "T: {Type: SNS, Properties: {Topic: !Ref X, SqsSubscription: true}}", "X: {Type: AWS::SNS::Topic}",
      "FT AWS::SNS::Subscription, FTQueue AWS::SQS::Queue, FTQueuePolicy AWS::SQS::QueuePolicy, FTEventSourceMapping AWS::Lambda::EventSourceMapping" },
    { "S: {Type: Schedule, Properties: {Schedule: rate(1 hour), DeadLetterConfig: {Type: SQS}}}", "X: {Type: AWS::SNS::Topic}",
      "FS AWS::Events::Rule, FSPermission AWS::Lambda::Permission, FSQueue AWS::SQS::Queue, FSQueuePolicy AWS::SQS::QueuePolicy" },
    { "S: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}", "X: {Type: AWS::SNS::Topic}", "FS AWS::Scheduler::Schedule, FSRole AWS::IAM::Role" },
    { "R: {Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}", "X: {Type: AWS::SNS::Topic}", "FR AWS::Events::Rule, FRPermission AWS::Lambda::Permission" },
    { "L: {Type: CloudWatchLogs, Properties: {LogGroupName: g, FilterPattern: p}}", "X: {Type: AWS::SNS::Topic}",
      "FL AWS::Logs::SubscriptionFilter, FLPermission AWS::Lambda::Permission" },
    { "I: {Type: IoTRule, Properties: {Sql: SELECT 1}}", "X: {Type: AWS::SNS::Topic}", "FI AWS::IoT::TopicRule, FIPermission AWS::Lambda::Permission" },
    { "A: {Type: AlexaSkill}", "X: {Type: AWS::SNS::Topic}", "FAPermission AWS::Lambda::Permission" },
    { "B: {Type: S3, Properties: {Bucket: !Ref X, Events: s3:ObjectCreated:*}}", "X: {Type: AWS::S3::Bucket}", "FBPermission AWS::Lambda::Permission" },
    { "C: {Type: Cognito, Properties: {UserPool: !Ref X, Trigger: PreSignUp}}", "X: {Type: AWS::Cognito::UserPool}", "FCognitoPermission AWS::Lambda::Permission" },
    { "A: {Type: Api, Properties: {Path: /a, Method: get}}", "X: {Type: AWS::SNS::Topic}",
      "ServerlessRestApi AWS::ApiGateway::RestApi, ServerlessRestApiProdStage AWS::ApiGateway::Stage, FAPermissionProd AWS::Lambda::Permission" },
    { "A: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref X}}", "X: {Type: AWS::Serverless::Api, Properties: {StageName: a-b}}",
      /* the first ten digits of the hash of "a-b" */
      "X AWS::ApiGateway::RestApi, XStage34fafddda8 AWS::ApiGateway::Stage, FAPermission34fafddda8 AWS::Lambda::Permission" },
    { "A: {Type: HttpApi}", "X: {Type: AWS::SNS::Topic}",
      "ServerlessHttpApi AWS::ApiGatewayV2::Api, ServerlessHttpApiApiGatewayDefaultStage AWS::ApiGatewayV2::Stage, FAPermission AWS::Lambda::Permission" },
    { "S: {Type: DynamoDB, Properties: {Stream: !GetAtt X.StreamArn, StartingPosition: LATEST}}",
      "X: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}, KeySchema: [{AttributeName: i, KeyType: HASH}]}}",
      "FS AWS::Lambda::EventSourceMapping" },
};

static void every_event_type_makes_its_resources(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(events); i++) {
        run r = run_new();
        slice text = arena_printf(r.arena, "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
                                  "    Properties:\n      Runtime: python3.12\n      Handler: app.handler\n      CodeUri: src/\n"
                                  "      Events:\n        %s\n  %s\n", events[i].events, events[i].beside);
        template *t = run_text(&r, text.at);
        want_resources(&r, t, events[i].events, events[i].made);
        want_resources(&r, t, events[i].events, "F AWS::Lambda::Function, FRole AWS::IAM::Role");
        if (problems_of(&r)[0] != '\0')
            fail_msg("%s: %s", events[i].events, problems_of(&r));
        run_free(&r);
    }
}

/* Resources of a template, what they become, and a property of one: "ID path" and its JSON. */
static const struct { const char *resources, *made, *property, *json; } rows[] = {
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", AutoPublishAlias: live-1}}", "FAliasliveD1 AWS::Lambda::Alias", "FAliasliveD1 Name", "\"live-1\"" },
    /* What the author wrote for tools that don't know SAM is not added once more. */
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Events: {U: {Type: S3, Properties: {Bucket: !Ref X, Events: s3:ObjectCreated:*}}}}}\n"
      "  X: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: s3:ObjectCreated:*, Function: !GetAtt F.Arn}]}}}",
      "X AWS::S3::Bucket", "X NotificationConfiguration.LambdaConfigurations", "[{\"Event\":\"s3:ObjectCreated:*\",\"Function\":\"${F.Arn}\"}]" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", FunctionUrlConfig: {AuthType: NONE}}}",
      "FUrl AWS::Lambda::Url, FUrlPublicPermissions AWS::Lambda::Permission", "FUrl AuthType", "\"NONE\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}}}",
      "FEventInvokeConfig AWS::Lambda::EventInvokeConfig, FEventInvokeConfigOnFailureQueue AWS::SQS::Queue",
      "FEventInvokeConfig DestinationConfig.OnFailure.Destination", "\"${FEventInvokeConfigOnFailureQueue.Arn}\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", DeadLetterQueue: {Type: SQS, TargetArn: a}}}", "F AWS::Lambda::Function",
      "F DeadLetterConfig.TargetArn", "\"a\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Policies: [{SQSSendMessagePolicy: {QueueName: q}}]}}", "FRole AWS::IAM::Role",
      "FRole Policies[0].PolicyDocument.Statement[0].Action", "[\"sqs:SendMessage*\"]" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Policies: AmazonS3ReadOnlyAccess}}", "FRole AWS::IAM::Role",
      "FRole ManagedPolicyArns[1]", "\"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Role: arn}}", "F AWS::Lambda::Function", "F Role", "\"arn\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", AutoPublishAlias: live, DeploymentPreference: {Type: AllAtOnce}}}",
      "ServerlessDeploymentApplication AWS::CodeDeploy::Application, FDeploymentGroup AWS::CodeDeploy::DeploymentGroup, CodeDeployServiceRole AWS::IAM::Role",
      "FDeploymentGroup DeploymentConfigName", "\"CodeDeployDefault.LambdaAllAtOnce\"" },
    { "T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: pk, Type: Number}}}", "T AWS::DynamoDB::Table",
      "T AttributeDefinitions", "[{\"AttributeName\":\"pk\",\"AttributeType\":\"N\"}]" },
    { "T: {Type: AWS::Serverless::SimpleTable}", "T AWS::DynamoDB::Table", "T BillingMode", "\"PAY_PER_REQUEST\"" },
    { "M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}, Type: EXPRESS}}",
      "M AWS::StepFunctions::StateMachine, MRole AWS::IAM::Role", "M StateMachineType", "\"EXPRESS\"" },
    { "W: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: x, Routes: {sendMessage: {FunctionArn: a}, $connect: {FunctionArn: b}}}}",
      "W AWS::ApiGatewayV2::Api, WSendmessageRoute AWS::ApiGatewayV2::Route, WConnectIntegration AWS::ApiGatewayV2::Integration, WDefaultStage AWS::ApiGatewayV2::Stage",
      "WSendmessageRoute RouteKey", "\"sendMessage\"" },
    { "A: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: i, SemanticVersion: 1.0.0}}}", "A AWS::CloudFormation::Stack",
      "A TemplateURL", "null" },
    { "N: {Type: AWS::Serverless::NetworkConnector, Properties: {VpcConfig: {SubnetIds: [a]}}}", "N AWS::Lambda::NetworkConnector, NOperatorRole AWS::IAM::Role",
      "N Configuration.VpcEgressConfiguration.AssociatedComputeResourceTypes", "[\"MicroVm\"]" },
    { "I: {Type: AWS::Serverless::MicrovmImage, Properties: {Name: i, CodeUri: s3://b/k.zip, BaseImageArn: x, EnvironmentVariables: {A: b}}}",
      "I AWS::Lambda::MicrovmImage, IBuildRole AWS::IAM::Role", "I EnvironmentVariables", "[{\"Key\":\"A\",\"Value\":\"b\"}]" },
    { "P: {Type: AWS::Serverless::CapacityProvider, Properties: {VpcConfig: {SubnetIds: [a]}}}", "P AWS::Lambda::CapacityProvider, POperatorRole AWS::IAM::Role",
      "P VpcConfig.SubnetIds", "[\"a\"]" },
    { "G: {Type: AWS::Serverless::GraphQLApi, Properties: {SchemaInline: s, Auth: {Type: API_KEY}, DataSources: {Lambda: {D: {FunctionArn: a}}}}}",
      "G AWS::AppSync::GraphQLApi, GSchema AWS::AppSync::GraphQLSchema, GDLambdaDataSource AWS::AppSync::DataSource, "
      "GDLambdaDataSourceToLambdaConnectorPolicy AWS::IAM::ManagedPolicy", "GDLambdaDataSource Type", "\"AWS_LAMBDA\"" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION "}, Connectors: {C: {Properties: {Destination: {Id: Q}, Permissions: [Write]}}}}\n  Q: {Type: AWS::SQS::Queue}",
      "FCPolicy AWS::IAM::ManagedPolicy", "FCPolicy Roles", "[\"${FRole}\"]" },
    { "R: {Type: AWS::SNS::Topic}\n  Q: {Type: AWS::SQS::Queue}\n  C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: R}, Destination: {Id: Q}, Permissions: [Write]}}",
      "CQueuePolicy AWS::SQS::QueuePolicy", "CQueuePolicy PolicyDocument.Statement[0].Condition.ArnEquals", "{\"aws:SourceArn\":\"${R}\"}" },
};

static void every_type_becomes_cloudformation(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        template *t = run_text(&r, arena_printf(r.arena, "Transform: AWS::Serverless-2016-10-31\nResources:\n  %s\n", rows[i].resources).at);
        want_resources(&r, t, rows[i].resources, rows[i].made);
        slice path = slice_from(rows[i].property), id;
        slice_cut(&path, ' ', &id);
        const value *v = resource_written(r.arena, template_resource(t, id), path);
        const char *got = value_is_absent(v) ? "null" : json_of(r.arena, v);
        if (strcmp(got, rows[i].json) != 0)
            fail_msg("%s: %s is %s, not %s", rows[i].resources, rows[i].property, got, rows[i].json);
        run_free(&r);
    }
}

static const char *written(run *r, const template *t, const char *id, const char *path) {
    return json_of(r->arena, resource_written(r->arena, template_resource(t, slice_from(id)), slice_from(path)));
}

static void globals_are_merged_maps_by_key_and_lists_one_after_the_other(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Runtime: python3.12\n    Handler: a.b\n    CodeUri: src/\n    Timeout: 7\n"
        "    Layers: [one]\n    Architectures: [x86_64]\n    Environment: {Variables: {A: global, B: global}}\nResources:\n"
        "  F: {Type: AWS::Serverless::Function, Properties: {Timeout: 9, Layers: [two], Architectures: [arm64], Environment: {Variables: {B: own}}}}\n"
        "  G: {Type: AWS::Serverless::Function, IgnoreGlobals: [Layers, Timeout], Properties: {MemorySize: 1}}\n");
    assert_string_equal(written(&r, t, "F", "Timeout"), "9");
    assert_string_equal(written(&r, t, "F", "Layers"), "[\"one\",\"two\"]");
    assert_string_equal(written(&r, t, "F", "Architectures"), "[\"arm64\"]");
    assert_string_equal(written(&r, t, "F", "Environment.Variables"), "{\"A\":\"global\",\"B\":\"own\"}");
    assert_true(value_is_absent(resource_written(r.arena, template_resource(t, SLICE("G")), SLICE("Timeout"))));
    assert_true(value_is_absent(resource_written(r.arena, template_resource(t, SLICE("G")), SLICE("Layers"))));
    assert_string_equal(written(&r, t, "G", "Handler"), "\"a.b\"");
    assert_string_equal(problems_of(&r), "");
    run_free(&r);
}

static void what_is_made_stands_at_the_text_it_came_from(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Transform: AWS::Serverless-2016-10-31\n"        /* 1 */
        "Resources:\n"
        "  F:\n"                                         /* 3 */
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Runtime: python3.12\n"                    /* 6 */
        "      Handler: a.b\n"
        "      CodeUri: src/\n"
        "      Events:\n"
        "        Jobs:\n"                                /* 10 */
        "          Type: SQS\n"
        "          Properties:\n"
        "            Queue: !GetAtt Q.Arn\n"             /* 13 */
        "            BatchSize: 5\n"
        "  Q: {Type: AWS::SQS::Queue}\n");
    const resource *f = template_resource(t, SLICE("F")), *jobs = template_resource(t, SLICE("FJobs")), *own = template_resource(t, SLICE("FRole"));
    assert_int_equal(f->at.line, 3);
    assert_false(f->generated);
    assert_int_equal(resource_written(r.arena, f, SLICE("Runtime"))->at.line, 6);
    assert_true(jobs->generated);
    assert_true(slice_is(jobs->event_name, "Jobs"));
    assert_int_equal(jobs->at.line, 10);
    assert_int_equal(jobs->at.column, 9);
    assert_int_equal(resource_written(r.arena, jobs, SLICE("EventSourceArn"))->at.line, 13);
    assert_int_equal(resource_written(r.arena, jobs, SLICE("BatchSize"))->at.line, 14);
    assert_true(own->generated);
    assert_true(slice_is(own->event_name, ""));
    assert_int_equal(own->at.line, 3);
    run_free(&r);
}

static void references_to_what_sam_makes_are_followed_and_wrong_ones_are_not(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        "  F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", AutoPublishAlias: live}}\n"
        "  A: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}\n"
        "  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}\n"
        "  T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref F.Alias, DisplayName: !Sub '${F.Version.Version} ${A.Stage}', "
        "DataProtectionPolicy: {a: !Ref L}}}\n"
        "Outputs: {Wrong: {Value: !Ref FAliasprod}}\n");
    assert_string_equal(written(&r, t, "T", "TopicName"), "\"${FAliaslive}\"");
    const char *display = written(&r, t, "T", "DisplayName");
    assert_non_null(strstr(display, "${FVersion"));
    assert_non_null(strstr(display, ".Version} ${Av1Stage}"));
    assert_non_null(strstr(written(&r, t, "T", "DataProtectionPolicy.a"), "\"${L"));
    assert_null(template_resource(t, SLICE("L")));
    assert_non_null(strstr(problems_of(&r), "dangling-reference there is no parameter or resource FAliasprod"));
    assert_null(strchr(strchr(problems_of(&r), '\n') + 1, '\n'));
    run_free(&r);
}

static void a_condition_of_a_function_is_that_of_what_it_makes(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Transform: AWS::Serverless-2016-10-31\nConditions: {Prod: !Equals [!Ref AWS::Region, x]}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        "    Condition: Prod\n    Properties: {" FUNCTION ", Events: {S: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}, "
        "A: {Type: Api, Properties: {Path: /a, Method: get}}}}\n");
    static const char *const ids[] = { "F", "FRole", "FS", "FSPermission", "ServerlessRestApi", "FAPermissionProd" };
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_string_equal(c_text(r.arena, when_text(r.arena, template_resource(t, slice_from(ids[i]))->exists)), "Prod is true");
    run_free(&r);
}

static void files_beside_the_template_are_read(void **state) {
    (void)state;
    static const file_text files[] = {
        { "app/t.yaml", "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionUri: api.yaml}}\n"
                        "  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: m.json}}\n" },
        { "app/api.yaml", "openapi: 3.0.1\npaths: {/orders: {get: {}}}\n" },
        { "app/m.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}" },
    };
    run r = run_new();
    run_files(&r, files, 1, COUNT(files));
    template *t = r.set.list.at[0];
    assert_string_equal(written(&r, t, "A", "Body.paths"), "{\"/orders\":{\"get\":{}}}");
    assert_string_equal(written(&r, t, "M", "Definition.StartAt"), "\"A\"");
    run_free(&r);
}

/* Aliases make few lines into much: what is opened and merged is limited, and said. */
static void a_nested_template_is_lowered_with_what_its_parent_gives(void **state) {
    (void)state;
    static const file_text files[] = {
        { "t.yaml", "Transform: AWS::Serverless-2016-10-31\nResources:\n"
                    "  Inner: {Type: AWS::Serverless::Application, Properties: {Location: inner.yaml, Parameters: {Stage: prod}}}\n" },
        { "inner.yaml", "Transform: AWS::Serverless-2016-10-31\nParameters: {Stage: {Type: String, Default: dev}}\nResources:\n"
                        "  F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", AutoPublishAlias: !Ref Stage}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 1, COUNT(files));
    const template *inner = r.set.list.at[0]->children.at[0];
    want_resources(&r, inner, "inner", "FAliasprod AWS::Lambda::Alias");
    run_free(&r);
}

static void a_template_that_becomes_too_large_is_said_to_be(void **state) {
    (void)state;
    run r = run_new();
    buf b = { .arena = r.arena };
    buf_text(&b, "Transform: AWS::Serverless-2016-10-31\nm: &m\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "  m%d: {x-amazon-apigateway-integration: {type: mock}}\n", i);
    buf_text(&b, "Resources:\n  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: p\n      Auth: {ApiKeyRequired: true}\n"
                 "      DefinitionBody:\n        swagger: '2.0'\n        paths:\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "          /p%d: *m\n", i);
    buf_char(&b, '\0');
    run_text(&r, b.bytes.at);
    bool said = false;
    for (size_t i = 0; i < r.diags.list.len; i++)
        said = said || slice_find_slice(r.diags.list.at[i].message, SLICE("becomes too large")) != (size_t)-1;
    assert_true(said);
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_type_makes_its_resources),
        cmocka_unit_test(every_type_becomes_cloudformation),
        cmocka_unit_test(globals_are_merged_maps_by_key_and_lists_one_after_the_other),
        cmocka_unit_test(what_is_made_stands_at_the_text_it_came_from),
        cmocka_unit_test(references_to_what_sam_makes_are_followed_and_wrong_ones_are_not),
        cmocka_unit_test(a_condition_of_a_function_is_that_of_what_it_makes),
        cmocka_unit_test(files_beside_the_template_are_read),
        cmocka_unit_test(a_nested_template_is_lowered_with_what_its_parent_gives),
        cmocka_unit_test(a_template_that_becomes_too_large_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
