/* Made-up events have the keys and types of real ones: ../shared/events, read in place (skipped where it is not). One row a sample. */
#include "graph_lines.h"

#include "base/digest.h"
#include "smoke/event/make.h"
#include "smoke/event/parts.h"
#include "smoke/event/plan.h"

#define SAMPLES "../shared/events/"

/* Every trigger that a row asks for. */
static const char *const triggers[] = {     /* in two parts: C knows no longer texts */
    "AWSTemplateFormatVersion: '2010-09-09'\n"
    "Resources:\n"
    "  F: {Type: 'AWS::Lambda::Function', Properties: {Handler: a.h}}\n"
    "  Pool: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn, PostConfirmation: !GetAtt F.Arn, PreAuthentication: !GetAtt F.Arn,\n"
    "    PostAuthentication: !GetAtt F.Arn, CustomMessage: !GetAtt F.Arn, DefineAuthChallenge: !GetAtt F.Arn, CreateAuthChallenge: !GetAtt F.Arn,\n"
    "    VerifyAuthChallengeResponse: !GetAtt F.Arn, UserMigration: !GetAtt F.Arn, InboundFederation: {LambdaArn: !GetAtt F.Arn, LambdaVersion: V1_0}}}}\n"
    "  Pool1: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreTokenGeneration: !GetAtt F.Arn}}}\n"
    "  Pool2: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreTokenGenerationConfig: {LambdaArn: !GetAtt F.Arn, LambdaVersion: V2_0}}}}\n"
    "  Hose: {Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: {ExtendedS3DestinationConfiguration: {BucketARN: 'arn:aws:s3:::b', RoleARN: 'arn:aws:iam::123456789012:role/r',\n"
    "    ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]}]}}}}\n"
    "  Group: {Type: 'AWS::Logs::LogGroup'}\n"
    "  Lines: {Type: 'AWS::Logs::SubscriptionFilter', Properties: {LogGroupName: !Ref Group, FilterPattern: ERROR, DestinationArn: !GetAtt F.Arn}}\n"
    "  Rule: {Type: 'AWS::Config::ConfigRule', Properties: {InputParameters: {k: v}, Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt F.Arn,\n"
    "    SourceDetails: [{EventSource: aws.config, MessageType: ConfigurationItemChangeNotification}, {EventSource: aws.config, MessageType: ScheduledNotification}]}}}\n"
    "  Repo: {Type: 'AWS::CodeCommit::Repository', Properties: {RepositoryName: r, Triggers: [{Name: t, DestinationArn: !GetAtt F.Arn, Events: [all]}]}}\n"
    "  Pipe: {Type: 'AWS::CodePipeline::Pipeline', Properties: {Stages: [{Name: S, Actions: [{Name: Act, ActionTypeId: {Provider: Lambda}, Configuration: {FunctionName: !Ref F, UserParameters: u}}]}]}}\n"
    "  Mail: {Type: 'AWS::SES::ReceiptRule', Properties: {RuleSetName: s, Rule: {Enabled: true, Recipients: [me@example.com], Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}}\n"
    "  Secret: {Type: 'AWS::SecretsManager::Secret'}\n"
    "  Rotation: {Type: 'AWS::SecretsManager::RotationSchedule', Properties: {SecretId: !Ref Secret, RotationLambdaARN: !GetAtt F.Arn, RotationRules: {AutomaticallyAfterDays: 30}}}\n"
    "  Custom: {Type: 'Custom::TestResource', Properties: {ServiceToken: !GetAtt F.Arn, StackName: s, List: [1, 2]}}\n"
    ,
    "  Graph: {Type: 'AWS::AppSync::GraphQLApi', Properties: {Name: g, AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt F.Arn}}}\n"
    "  Schema: {Type: 'AWS::AppSync::GraphQLSchema', Properties: {ApiId: !GetAtt Graph.ApiId, Definition: 'type Mutation { createSomething(id: ID!): Int }'}}\n"
    "  Data: {Type: 'AWS::AppSync::DataSource', Properties: {ApiId: !GetAtt Graph.ApiId, Name: d, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}}}\n"
    "  Field: {Type: 'AWS::AppSync::Resolver', Properties: {ApiId: !GetAtt Graph.ApiId, TypeName: Mutation, FieldName: createSomething, DataSourceName: !GetAtt Data.Name}}\n"
    "  Things: {Type: 'AWS::IoT::Authorizer', Properties: {AuthorizerFunctionArn: !GetAtt F.Arn}}\n"
    "  Fleet: {Type: 'AWS::IoT::ProvisioningTemplate', Properties: {PreProvisioningHook: {TargetArn: !GetAtt F.Arn}}}\n"
    "  Vpn: {Type: 'AWS::EC2::ClientVpnEndpoint', Properties: {ClientConnectOptions: {Enabled: true, LambdaFunctionArn: !GetAtt F.Arn}}}\n"
    "  Bot: {Type: 'AWS::Lex::BotAlias', Properties: {BotAliasName: b, BotId: x, BotAliasLocaleSettings: [{LocaleId: en_US, BotAliasLocaleSetting: {Enabled: true,\n"
    "    CodeHookSpecification: {LambdaCodeHook: {CodeHookInterfaceVersion: '1.0', LambdaArn: !GetAtt F.Arn}}}}]}}\n"
    "  Phone: {Type: 'AWS::Connect::IntegrationAssociation', Properties: {InstanceId: i, IntegrationType: LAMBDA_FUNCTION, IntegrationArn: !GetAtt F.Arn}}\n"
    "  Cdn: {Type: 'AWS::CloudFront::Distribution', Properties: {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {LambdaFunctionAssociations: [\n"
    "    {EventType: viewer-request, LambdaFunctionARN: !GetAtt F.Arn}, {EventType: viewer-response, LambdaFunctionARN: !GetAtt F.Arn}]}}}}\n"
    "  Objects: {Type: 'AWS::S3ObjectLambda::AccessPoint', Properties: {Name: o, ObjectLambdaConfiguration: {TransformationConfigurations: [{Actions: [GetObject],\n"
    "    ContentTransformation: {AwsLambda: {FunctionArn: !GetAtt F.Arn}}}]}}}\n"
    "  Kafka: {Type: 'AWS::MSK::Cluster', Properties: {ClusterName: k}}\n"
    "  FromKafka: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !Ref Kafka, FunctionName: !Ref F, Topics: [t], StartingPosition: LATEST}}\n"
    "  Active: {Type: 'AWS::AmazonMQ::Broker', Properties: {BrokerName: a, EngineType: ACTIVEMQ}}\n"
    "  FromActive: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Active.Arn, FunctionName: !Ref F, Queues: [q]}}\n"
    "  Rabbit: {Type: 'AWS::AmazonMQ::Broker', Properties: {BrokerName: r, EngineType: RABBITMQ}}\n"
    "  FromRabbit: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Rabbit.Arn, FunctionName: !Ref F, Queues: [q]}}\n"
    "  Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}\n"
    "  High: {Type: 'AWS::CloudWatch::Alarm', Properties: {AlarmActions: [!Ref Topic], MetricName: M, Namespace: N}}\n"
};

typedef struct {
    maker *maker;
    arena *arena;
    const graph *graph;
} making;

/* The first event of the trigger that the row names: "SERVICE TRIGGER FROM", the last two may be "". */
static const doc_node *planned(const making *k, const char *service, const char *trigger, const char *from) {
    for (size_t i = 0; i < k->graph->edges.len; i++) {
        const edge *e = k->graph->edges.at[i];
        const probe *probes;
        if (!slice_is(e->service, service) || !slice_is(edge_filter_text(k->maker, e, "trigger"), trigger)) continue;
        if (from[0] != '\0' && !slice_is(e->from->id, from)) continue;
        if (e->to->role == ROLE_API || plan_probes(k->maker, k->arena, e, &probes) == 0 || probes[0].cannot.len > 0) continue;
        return plan_event(k->maker, k->arena, &probes[0]);
    }
    fail_msg("no trigger %s %s %s", service, trigger, from);
    return NULL;
}

static const doc_node *text_node(const making *k, const char *json) { return js_read(k->arena, slice_from(json)); }

/* ---- makers called by themselves ---- */

static const doc_node *sqs(const making *k) {
    queue_message q = { .said = { .body = SLICE_INIT("Hello from SQS!") }, .id = SLICE_INIT("1"), .receipt = SLICE_INIT("r"), .md5 = SLICE_INIT("7b270e59b47ff90a553787216d55d91d"), .receives = 1 };
    const doc_node *record = make_sqs_record(k->maker, k->arena, SLICE("arn:aws:sqs:us-east-1:123456789012:q"), &q);
    return make_records(k->arena, &record, 1);
}
static const doc_node *sqs_attributes(const making *k) {
    queue_message q = { .said = { .body = SLICE_INIT("x"), .attributes = text_node(k, "{\"Attribute3\":{\"DataType\":\"Binary\",\"BinaryValue\":\"MTEwMA==\"},"
                        "\"Attribute2\":{\"DataType\":\"Number\",\"StringValue\":\"123\"},\"Attribute1\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}") },
                        .id = SLICE_INIT("1"), .receipt = SLICE_INIT("r"), .md5 = SLICE_INIT("m"), .attributes_md5 = SLICE_INIT("n"), .receives = 1 };
    const doc_node *record = make_sqs_record(k->maker, k->arena, SLICE("arn:aws:sqs:us-east-1:123456789012:q"), &q);
    return make_records(k->arena, &record, 1);
}
static const doc_node *kinesis(const making *k) {
    happening_record r = { SLICE_INIT("k"), SLICE_INIT("d") };
    const doc_node *record = make_kinesis_record(k->maker, k->arena, SLICE("arn:aws:kinesis:us-east-1:123456789012:stream/s"), SLICE("1"), &r);
    return make_records(k->arena, &record, 1);
}
static const doc_node *dynamodb(const making *k) {
    static const char *const events[] = { "INSERT", "MODIFY", "REMOVE" };
    const doc_node *records[3], *keys = text_node(k, "{\"Id\":{\"N\":\"1\"}}"), *item = text_node(k, "{\"Message\":{\"S\":\"x\"},\"Id\":{\"N\":\"1\"}}");
    for (size_t i = 0; i < 3; i++) {
        happening_change c = { slice_from(events[i]), keys, item, item, false };
        records[i] = make_dynamodb_record(k->maker, k->arena, SLICE("arn:aws:dynamodb:us-east-1:123456789012:table/T"), SLICE("NEW_AND_OLD_IMAGES"), &c);
    }
    return make_records(k->arena, records, 3);
}
static happening_notification notification(const making *k) {
    return (happening_notification){ .message = SLICE_INIT("m"), .subject = SLICE_INIT("s"),
        .attributes = text_node(k, "{\"Test\":{\"DataType\":\"String\",\"StringValue\":\"a\"},\"TestBinary\":{\"DataType\":\"Binary\",\"BinaryValue\":\"b\"}}") };
}
static const doc_node *sns(const making *k) {
    happening_notification n = notification(k);
    return make_sns_event(k->maker, k->arena, SLICE("arn:t"), SLICE("arn:t:1"), SLICE("1"), &n, SLICE("lambda"));
}
static const doc_node *s3_put(const making *k) {
    happening_object o = { .event = SLICE_INIT("ObjectCreated:Put"), .key = SLICE_INIT("test/key"), .body = SLICE_INIT("x"), .size = 1 };
    return make_s3_event(k->maker, k->arena, SLICE("b"), SLICE(""), &o);
}
static const doc_node *s3_delete(const making *k) {
    happening_object o = { .event = SLICE_INIT("ObjectRemoved:Delete"), .key = SLICE_INIT("test/key") };
    return make_s3_event(k->maker, k->arena, SLICE("b"), SLICE(""), &o);
}
static const doc_node *tick(const making *k) { return make_rule_tick(k->maker, k->arena, SLICE("arn:aws:events:us-east-1:123456789012:rule/r")); }

static happening_request posted(const making *k) {
    return (happening_request){ .method = SLICE_INIT("POST"), .path = SLICE_INIT("/path/to/resource"), .query = SLICE_INIT("parameter1=value1&parameter1=value2&parameter2=value"),
                                .headers = text_node(k, "{\"Header1\":\"value1\",\"Header2\":[\"value1\",\"value2\"],\"Cookie\":\"cookie1; cookie2\"}"), .body = SLICE_INIT("{}") };
}
static made_route proxied(const making *k) {
    return (made_route){ .api_id = SLICE_INIT("id"), .stage = SLICE_INIT("prod"), .route_key = SLICE_INIT("ANY /{proxy+}"), .resource_path = SLICE_INIT("/{proxy+}"),
                         .path_parameters = text_node(k, "{\"proxy\":\"path/to/resource\"}"), .stage_variables = text_node(k, "{\"baz\":\"qux\"}") };
}
static const doc_node *rest(const making *k) {
    happening_request q = posted(k);
    made_route r = proxied(k);
    return make_rest_event(k->maker, k->arena, &r, &q);
}
static const doc_node *http2(const making *k) {
    happening_request q = posted(k);
    made_route r = proxied(k);
    r.authorizer = text_node(k, "{\"jwt\":{\"claims\":{\"claim1\":\"v\",\"claim2\":\"v\"},\"scopes\":[\"s\"]}}");
    r.path_parameters = text_node(k, "{\"parameter1\":\"value1\"}");
    r.stage_variables = text_node(k, "{\"stageVariable1\":\"v\",\"stageVariable2\":\"v\"}");
    return make_http_event(k->maker, k->arena, &r, &q, SLICE("2.0"));
}
static const doc_node *http2_bare(const making *k) {
    happening_request q = { .method = SLICE_INIT("GET"), .path = SLICE_INIT("/"), .query = SLICE_INIT(""), .no_body = true };
    made_route r = { .api_id = SLICE_INIT("id"), .stage = SLICE_INIT("$default"), .route_key = SLICE_INIT("GET /") };
    return make_http_event(k->maker, k->arena, &r, &q, SLICE("2.0"));
}
static const doc_node *url(const making *k) {
    happening_request q = posted(k);
    made_route r = { .route_key = SLICE_INIT("$default"), .stage = SLICE_INIT("$default"), .api_id = SLICE_INIT("x"), .domain = SLICE_INIT("x.lambda-url.us-east-1.on.aws"),
                     .authorizer = text_node(k, "{\"iam\":{\"accessKey\":\"\",\"accountId\":\"\",\"callerId\":\"\",\"userArn\":\"\",\"userId\":\"\"}}") };
    return make_http_event(k->maker, k->arena, &r, &q, SLICE("2.0"));
}
static const doc_node *socket(const making *k, const char *method) {
    happening_request q = posted(k);
    made_route r = { .stage = SLICE_INIT("prod"), .api_id = SLICE_INIT("x") };
    q.method = slice_from(method);
    return make_websocket_event(k->maker, k->arena, &r, &q);
}
static const doc_node *socket_message(const making *k) { return socket(k, "MESSAGE"); }
static const doc_node *socket_end(const making *k) { return socket(k, "DISCONNECT"); }
static const doc_node *alb_of(const making *k, bool many) {
    happening_request q = posted(k);
    made_route r = { .target_group_arn = SLICE_INIT("arn:g"), .domain = SLICE_INIT("lb"), .multi_value = many };
    return make_alb_event(k->maker, k->arena, &r, &q);
}
static const doc_node *alb(const making *k) { return alb_of(k, false); }
static const doc_node *alb_many(const making *k) { return alb_of(k, true); }
static const doc_node *authorizer(const making *k, const char *version) {
    happening_request q = posted(k);
    made_route r = proxied(k);
    r.stage_variables = text_node(k, "{\"StageVar1\":\"v\"}");
    r.path_parameters = NULL;
    if (version[0] == '2') {
        r.path_parameters = text_node(k, "{\"parameter1\":\"value1\"}");
        r.stage_variables = text_node(k, "{\"stageVariable1\":\"v\",\"stageVariable2\":\"v\"}");
    }
    return make_authorizer_event(k->maker, k->arena, &r, &q, slice_from(version), text_node(k, "[\"user1\",\"123\"]"));
}
static const doc_node *token(const making *k) { return authorizer(k, "TOKEN"); }
static const doc_node *request1(const making *k) { return authorizer(k, "REQUEST"); }
static const doc_node *request_http1(const making *k) { return authorizer(k, "1.0"); }
static const doc_node *request_http2(const making *k) { return authorizer(k, "2.0"); }

/* What is inside the Logs event's base64 and gzip. */
static const doc_node *logs(const making *k) { return planned(k, "logs", "", ""); }

/* JSON inside a string. */
static const doc_node *config(const making *k) { return planned(k, "config", "", ""); }

/* ---- the rows ---- */

/* Allowed differences: "PATH: reason", one a line. `*` in a path is one step; a path at the end of which is `**` covers what is below. */
typedef struct {
    const char *sample;                          /* "FILE#PLACE#PLACE": the JSON texts at these places of the sample and of what is made ("" = all of it) */
    const doc_node *(*make)(const making *k);
    const char *service, *trigger, *from;        /* or the trigger of the template above */
    const char *allowed;
} shape_row;

#define HEADERS "headers.**: the client's\nmultiValueHeaders.**: the client's\n"
#define QUERY   "queryStringParameters.**: the client's\nmultiValueQueryStringParameters.**: the client's\n"
#define COGNITO "request.userAttributes.**: the pool's\nrequest.clientMetadata.**: the client's\nrequest.validationData.**: the client's\nresponse.**: filled in the sample\n"

static const shape_row rows[] = {
    { "aws-sam-cli/sqs/Sqs.json", sqs, NULL, NULL, NULL, "" },
    { "aws-lambda-go/sqs-event.json", sqs_attributes, NULL, NULL, NULL,
      "Records[0].messageAttributes.*.stringListValues.**: README, filled in the sample\nRecords[0].messageAttributes.*.binaryListValues.**: README\n" },
    { "aws-sam-cli/kinesis/Kinesis.json", kinesis, NULL, NULL, NULL, "" },
    { "aws-sam-cli/dynamodb/DynamoDBUpdate.json", dynamodb, NULL, NULL, NULL, "" },
    { "aws-sam-cli/sns/Sns.json", sns, NULL, NULL, NULL, "" },
    { "aws-lambda-go/sns-event.json", sns, NULL, NULL, NULL, "" },
    { "aws-sam-cli/s3/S3Put.json", s3_put, NULL, NULL, NULL, "" },
    { "aws-sam-cli/s3/S3Delete.json", s3_delete, NULL, NULL, NULL, "" },
    { "aws-sam-cli/cloudwatch/ScheduledEvent.json", tick, NULL, NULL, NULL, "version: every EventBridge event has it, the sample is older\n" },
    { "aws-sam-cli/apigateway/AwsProxy.json", rest, NULL, NULL, NULL, HEADERS QUERY
      "requestContext.domainName: not in this sample\nrequestContext.domainPrefix: not in this sample\nrequestContext.extendedRequestId: not in this sample\n"
      "requestContext.identity.principalOrgId: not in this sample\n" },
    { "aws-lambda-go/apigw-request.json", rest, NULL, NULL, NULL, HEADERS QUERY
      "stageVariables.**: the API's\nrequestContext.authorizer.**: without an authorizer\nrequestContext.identity.*: null without IAM\nrequestContext.identity.**: null without IAM\nisBase64Encoded: the sample leaves it out\n" },
    { "aws-sam-cli/apigateway/HttpApi.json", http2, NULL, NULL, NULL, HEADERS "requestContext.authentication.**: only with mutual TLS\nrequestContext.authorizer.jwt.scopes.**: as many as there are\n" },
    { "aws-lambda-go/apigw-v2-request-no-authorizer.json", http2_bare, NULL, NULL, NULL, HEADERS "requestContext.authentication.**: only with mutual TLS\n" },
    { "aws-lambda-go/lambda-urls-request.json", url, NULL, NULL, NULL, HEADERS
      "routeKey: the sample leaves it out, real events have $default\nrequestContext.routeKey: the same\nrequestContext.stage: the same\n" },
    { "aws-lambda-go/apigw-websocket-request-send-message.json", socket_message, NULL, NULL, NULL, "" },
    { "aws-lambda-go/apigw-websocket-request-disconnect.json", socket_end, NULL, NULL, NULL, HEADERS },
    { "aws-lambda-go/alb-lambda-target-request-headers-only.json", alb, NULL, NULL, NULL, HEADERS QUERY },
    { "aws-lambda-go/alb-lambda-target-request-multivalue-headers.json", alb_many, NULL, NULL, NULL, HEADERS QUERY },
    { "aws-sam-cli/alb/ALBRequest.json", alb, NULL, NULL, NULL, HEADERS QUERY },
    { "aws-sam-cli/apigateway/ApiGatewayAuthorizer.json", token, NULL, NULL, NULL, "" },
    { "aws-lambda-go/apigw-custom-auth-request.json", token, NULL, NULL, NULL, "" },
    { "aws-lambda-go/apigw-custom-auth-request-type-request.json", request1, NULL, NULL, NULL, HEADERS QUERY
      "requestContext.**: the sample's is shortened\n" },
    { "aws-lambda-go/apigw-v2-custom-authorizer-v1-request.json", request_http1, NULL, NULL, NULL, HEADERS QUERY "requestContext.**: the sample's is shortened\n" },
    { "aws-lambda-go/apigw-v2-custom-authorizer-v2-request.json", request_http2, NULL, NULL, NULL, HEADERS "requestContext.authentication.**: only with mutual TLS\n" },
    { "aws-lambda-go/cognito-event-userpools-presignup.json", NULL, "cognito", "PreSignUp", "", COGNITO },
    { "aws-lambda-go/cognito-event-userpools-postconfirmation.json", NULL, "cognito", "PostConfirmation", "", COGNITO },
    { "aws-lambda-go/cognito-event-userpools-preauthentication.json", NULL, "cognito", "PreAuthentication", "", COGNITO "request.userNotFound: only while the pool hides which users exist\n" },
    { "aws-lambda-go/cognito-event-userpools-postauthentication.json", NULL, "cognito", "PostAuthentication", "", COGNITO },
    { "aws-lambda-go/cognito-event-userpools-pretokengen.json", NULL, "cognito", "PreTokenGeneration", "Pool1", COGNITO "request.groupConfiguration.**: a user in no group\n" },
    { "aws-lambda-go/cognito-event-userpools-pretokengen-v2.json", NULL, "cognito", "PreTokenGeneration", "Pool2", COGNITO },
    { "aws-lambda-go/cognito-event-userpools-custommessage.json", NULL, "cognito", "CustomMessage", "", COGNITO
      "request.linkParameter: facts name it, the sample is older\nrequest.usernameParameter: null but for AdminCreateUser\n" },
    { "aws-lambda-go/cognito-event-userpools-define-auth-challenge.json", NULL, "cognito", "DefineAuthChallenge", "", COGNITO "request.session[0].challengeMetadata: null for SRP\n" },
    { "aws-lambda-go/cognito-event-userpools-create-auth-challenge.json", NULL, "cognito", "CreateAuthChallenge", "", COGNITO
      "request.session[0].challengeMetadata: null for SRP\nrequest.userNotFound: only while the pool hides which users exist\n" },
    { "aws-lambda-go/cognito-event-userpools-verify-auth-challenge.json", NULL, "cognito", "VerifyAuthChallengeResponse", "", COGNITO
      "request.privateChallengeParameters.**: the handler's own\nrequest.userNotFound: only while the pool hides which users exist\n" },
    { "aws-lambda-go/cognito-event-userpools-migrateuser.json", NULL, "cognito", "UserMigration", "", COGNITO },
    { "aws-lambda-go/cognito-event-userpools-inbound-federation-oidc.json", NULL, "cognito", "InboundFederation", "", COGNITO },
    { "aws-sam-cli/kinesis/KinesisFirehose.json", NULL, "firehose", "", "", "" },
    { "aws-lambda-go/cloudwatch-logs-event.json", logs, NULL, NULL, NULL, "" },
    { "aws-lambda-go/config-event.json", config, NULL, NULL, NULL, "" },
    { "aws-sam-cli/config/ConfigurationItemChangeNotification.json", config, NULL, NULL, NULL, "" },
    { "aws-sam-cli/codecommit/CodeCommit.json", NULL, "codecommit", "", "", "" },
    { "aws-lambda-go/codepipeline-job-event.json", NULL, "codepipeline", "Act", "", "CodePipeline.job.data.continuationToken: only when a job goes on\n" },
    { "aws-sam-cli/codepipeline/CodePipeline.json", NULL, "codepipeline", "Act", "", "CodePipeline.job.data.inputArtifacts[0].revision: null for S3\nCodePipeline.job.data.outputArtifacts.**: none\n" },
    { "aws-lambda-go/ses-lambda-event.json", NULL, "ses", "", "", "Records[0].ses.mail.headers.**: the mail's\nRecords[0].ses.receipt.dmarcVerdict.**: newer than the sample\n"
      "Records[0].ses.receipt.dmarcPolicy: only when DMARC fails\n" },
    { "aws-sam-cli/ses/SesEmailReceiving.json", NULL, "ses", "", "", "Records[0].ses.mail.headers.**: the mail's\nRecords[0].ses.receipt.dmarcVerdict.**: newer than the sample\n" },
    { "aws-lambda-go/secretsmanager-secret-rotation-event.json", NULL, "secrets", "", "", "RotationToken: only for rotation in another account\n" },
    { "aws-sam-cli/cloudformation/CfnCreateRequest.json", NULL, "cloudformation", "", "", "ServiceToken: the sample leaves it out\nResourceProperties.**: the template's\n" },
    { "aws-lambda-go/appsync-lambda-auth-request.json", NULL, "appsync", "authorizer", "", "requestHeaders.**: newer than the sample\n" },
    { "aws-sam-cli/appsync/AppSyncDirectResolver.json", NULL, "appsync", "", "", "identity.**: null with an API key\nrequest.headers.**: the client's\nrequest.domainName: newer than the sample\n"
      "info.selectionSetList.**: the query's\n" },
    { "aws-lambda-go/iot-custom-auth-request.json", NULL, "iot", "authorizer", "", "protocolData.http.headers.**: the client's\n" },
    { "aws-lambda-go/iot-preprovision-hook-request.json", NULL, "iot", "PreProvisioningHook", "", "parameters.**: the template's\n" },
    { "aws-lambda-go/clientvpn-connectionhandler-request.json", NULL, "ec2", "ClientConnect", "", "" },
    { "aws-sam-cli/lex-v2/BankingBot.json", NULL, "lex", "CodeHook", "", "interpretations.**: the bot's intents\nsessionState.intent.slots.**: the bot's\ntranscriptions[0].resolvedSlots.**: the bot's\n" },
    { "aws-lambda-go/connect-event.json", NULL, "connect", "", "", "Details.ContactData.Attributes.**: the flow's\nDetails.Parameters.**: the flow's\nDetails.ContactData.Queue: null before one is set\n"
      "Details.ContactData.Queue.**: the same\nDetails.ContactData.CustomerId: newer than the sample\nDetails.ContactData.Description: newer\nDetails.ContactData.LanguageCode: newer\n"
      "Details.ContactData.MediaStreams.**: newer\nDetails.ContactData.Name: newer\nDetails.ContactData.References.**: newer\nDetails.ContactData.RelatedContactId: newer\n" },
    { "aws-sam-cli/cloudfront/CloudFrontModifyQueryString.json", NULL, "cloudfront", "viewer-request", "", "Records[0].cf.config.**: the sample's is shortened\nRecords[0].cf.request.headers.**: the client's\n" },
    { "aws-sam-cli/cloudfront/CloudFrontAccessRequestInResponse.json", NULL, "cloudfront", "viewer-response", "", "Records[0].cf.config.**: the sample's is shortened\n"
      "Records[0].cf.request.headers.**: the client's\nRecords[0].cf.response.headers.**: the origin's\nRecords[0].cf.request.querystring: the sample leaves it out\n" },
    { "aws-lambda-go/s3-object-lambda-event-get-object-iam.json", NULL, "s3", "", "", "userRequest.headers.**: the client's\n" },
    { "aws-lambda-go/kafka-event.json", NULL, "kafka", "", "", "records.**: named by the topic\n" },
    { "aws-lambda-go/activemq-event.json", NULL, "mq", "", "Active", "messages[0].properties.**: the sender's\n" },
    { "aws-lambda-go/rabbitmq-event.json", NULL, "mq", "", "Rabbit", "rmqMessagesByQueue.**: named by the queue\n" },
    { "aws-lambda-go/cloudwatch-alarm-sns-payload-single-metric.json#Records[0].Sns.Message#", NULL, "alarm", "", "", "AlarmDescription: null without one\nTrigger.**: the alarm's\n" },
    { "aws-sam-cli/config/ConfigurationItemChangeNotification.json#invokingEvent#invokingEvent", config, NULL, NULL, NULL, "configurationItem.**: the sample's is shortened, with a relation\nconfigurationItemDiff: newer than the sample\n"
      "notificationCreationTime: newer\nrecordVersion: newer\n" },

};

/* ---- comparing ---- */

/* Does the pattern of an allowed difference cover the path? */
static bool covers(slice pattern, slice path) {
    slice p, g;
    while (pattern.at != NULL) {
        slice_cut(&pattern, '.', &p);
        if (slice_is(p, "**")) return true;
        if (path.at == NULL) return false;
        slice_cut(&path, '.', &g);
        if (!slice_is(p, "*") && !slice_eq(p, g)) return false;
    }
    return path.at == NULL;
}

static bool allowed(const char *list, slice path) {
    slice rest = slice_from(list), line;
    while (rest.at != NULL && slice_cut(&rest, '\n', &line)) {
        size_t colon = slice_find_slice(line, SLICE(": "));
        if (colon == (size_t)-1) continue;
        slice pattern = slice_from_to(line, 0, colon);
        if (covers(pattern, path)) return true;
        if (slice_ends(pattern, SLICE(".**")) && slice_eq(slice_from_to(pattern, 0, pattern.len - 3), path)) return true;
    }
    return false;
}

static const char *type_word(const doc_node *n) {
    static const char *const words[] = { [DOC_NULL] = "null", [DOC_BOOL] = "boolean", [DOC_INT] = "number", [DOC_DOUBLE] = "number", [DOC_STRING] = "string", [DOC_LIST] = "list", [DOC_MAP] = "object" };
    return n == NULL ? "absent" : words[n->kind];
}

static void compare(arena *a, const char *list, slice path, const doc_node *want, const doc_node *got, buf *out) {
    if (allowed(list, path)) return;
    if (strcmp(type_word(want), type_word(got)) != 0) {
        buf_printf(out, "  %.*s: %s in the sample, %s made\n", SLICE_ARG(path), type_word(want), type_word(got));
        return;
    }
    if (want->kind == DOC_LIST) {
        if ((want->list.len == 0) != (got->list.len == 0)) buf_printf(out, "  %.*s: %zu in the sample, %zu made\n", SLICE_ARG(path), want->list.len, got->list.len);
        for (size_t i = 0; i < want->list.len && i < got->list.len; i++)
            compare(a, list, arena_printf(a, "%.*s[%zu]", SLICE_ARG(path), i), want->list.at[i], got->list.at[i], out);
    }
    const doc_node *const both[] = { want, got };
    for (size_t side = 0; want->kind == DOC_MAP && side < 2; side++)
        for (size_t i = 0; i < both[side]->map.len; i++) {
            slice key = both[side]->map.at[i].key, below = path.len == 0 ? key : arena_printf(a, "%.*s.%.*s", SLICE_ARG(path), SLICE_ARG(key));
            if (side == 1 && doc_get(want, key) != NULL) continue;
            compare(a, list, below, doc_get(want, key), doc_get(got, key), out);
        }
}

static bool sample(arena *a, slice name, slice *text) {
    slice path = arena_printf(a, SAMPLES "%.*s", SLICE_ARG(name));
    FILE *f = fopen(path.at, "rb");
    if (f == NULL) return false;
    char *at = arena_raw(a, 1, 1, 1 << 16);
    *text = (slice){ at, fread(at, 1, 1 << 16, f) };
    fclose(f);
    return true;
}

/* The JSON text at a place, read; "": all of it. */
static const doc_node *part(arena *a, const doc_node *n, slice place) {
    return place.len == 0 ? n : js_read(a, js_str(js_at(n, arena_copy(a, place).at)));
}

static void made_up_events_have_the_keys_and_types_of_real_ones(void **state) {
    (void)state;
    arena *joined = arena_make(0, NULL);
    graph_lines t = graph_read(arena_printf(joined, "%s%s", triggers[0], triggers[1]).at);
    maker m = { .world = world_new(t.arena, t.graph, SLICE(""), SLICE("")), .next = 1, .now_ms = 1764066600000 };
    making k = { &m, t.arena, t.graph };
    buf out = { .arena = t.arena };
    size_t seen = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        slice text, rest = slice_from(rows[i].sample), places[3] = { SLICE(""), SLICE(""), SLICE("") };
        for (size_t c = 0; c < 3 && rest.at != NULL; c++) slice_cut(&rest, '#', &places[c]);
        if (!sample(t.arena, places[0], &text)) continue;
        const doc_node *want = js_read(t.arena, text), *got = rows[i].make != NULL ? rows[i].make(&k) : planned(&k, rows[i].service, rows[i].trigger, rows[i].from);
        if (want == NULL) fail_msg("%s is no JSON", rows[i].sample);
        want = part(t.arena, want, places[1]);
        got = part(t.arena, got, places[2]);
        size_t before = out.bytes.len;
        buf_printf(&out, "%s\n", rows[i].sample);
        size_t title = out.bytes.len;
        compare(t.arena, rows[i].allowed, SLICE(""), want, got, &out);
        if (out.bytes.len == title) out.bytes.len = before;
        seen++;
    }
    if (out.bytes.len > 0) fail_msg("%.*s", SLICE_ARG(buf_as_slice(&out)));
    if (seen == 0) print_message("  no samples in " SAMPLES ": skipped\n");
    else if (seen != COUNT(rows)) fail_msg("%zu of %zu samples are there", seen, COUNT(rows));
    graph_free(&t);
    arena_free(joined);
}

/* A log event's data is base64 of gzip of JSON: the parts of gzip are where readers look for them. */
static void log_events_are_gzip(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    maker m = { .world = world_new(a, NULL, SLICE(""), SLICE("")), .next = 1, .now_ms = 1764066600000 };
    slice bytes, line = SLICE("{\"a\":1}");
    const doc_node *event = make_logs_event(&m, a, SLICE("g"), SLICE("f"), line);
    assert_true(base64_decode(a, js_str(js_at(event, "awslogs.data")), &bytes));
    const unsigned char *b = (const unsigned char *)bytes.at;
    size_t size = bytes.len - 10 - 5 - 8;                        /* head, one stored block, tail */
    assert_int_equal(b[0], 0x1f);
    assert_int_equal(b[1], 0x8b);
    assert_int_equal(b[10], 1);
    assert_int_equal(b[11] | b[12] << 8, size);
    assert_int_equal((b[11] ^ b[13]) & (b[12] ^ b[14]), 0xff);
    slice inside = { bytes.at + 15, size };
    const unsigned char *tail = b + 15 + size;
    assert_int_equal((uint32_t)tail[0] | (uint32_t)tail[1] << 8 | (uint32_t)tail[2] << 16 | (uint32_t)tail[3] << 24, crc32_of(inside));
    assert_int_equal(tail[4] | tail[5] << 8, size);
    const doc_node *read = js_read(a, inside);
    assert_true(slice_eq(js_str(js_at(read, "logEvents[0].message")), line));
    assert_true(slice_is(js_str_of(read, "messageType"), "DATA_MESSAGE"));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_up_events_have_the_keys_and_types_of_real_ones),
        cmocka_unit_test(log_events_are_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
