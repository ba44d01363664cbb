/* APIs: REST, HTTP, WebSocket, OpenAPI bodies, AppSync, load balancers. */
#include "service_edges.h"

#define FN "  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, Role: 'arn:aws:iam::111122223333:role/x', Code: {ZipFile: x}}}\n"
#define INVOKE "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'"

static const edge_row rest_rows[] = {
    { "a caller calls the API and the API the function",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  Pets: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets}}\n"
      "  Pet: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Pets, PathPart: '{id}'}}\n"
      "  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pet, HttpMethod: GET, AuthorizationType: NONE,"
      " Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: " INVOKE "}}}\n"
      "  Root: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: ANY,"
      " Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: " INVOKE "}}}\n",
      "caller -> Api sync\n"
      "Api -> Fn sync via Get {\"method\":\"GET\",\"path\":\"/pets/{id}\"}\n"
      "Api -> Fn sync via Root {\"method\":\"ANY\",\"path\":\"/\"}\n" },
    { "resources that are each other's parents end",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  A: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref B, PathPart: a}}\n"
      "  B: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref A, PathPart: b}}\n"
      "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref A, HttpMethod: GET,"
      " Integration: {Type: AWS_PROXY, Uri: " INVOKE "}}}\n",
      "caller -> Api sync\n" },
    { "a mock calls nothing",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: OPTIONS,"
      " Integration: {Type: MOCK}}}\n",
      "caller -> Api sync\n!Api -> " },
    { "the header X-Amz-Invocation-Type makes the call asynchronous",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, RequestParameters: {integration.request.header.X-Amz-Invocation-Type: \"'Event'\"}, Uri: " INVOKE "}}}\n",
      "Api -> Fn async via M {\"method\":\"POST\",\"path\":\"/\"}\n" },
    { "service integrations name their target in the URI, the request template or the query",
      "Resources:\n"
      "  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic}\n  B: {Type: AWS::S3::Bucket}\n"
      "  D: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}\n"
      "  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: 'arn:aws:iam::111122223333:role/x', Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}\n"
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  MQ: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Q.QueueName}', RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$input.body'}}}}\n"
      "  MT: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sns:action/Publish', RequestParameters: {integration.request.querystring.TopicArn: !Sub \"'${T}'\"}}}}\n"
      "  MD: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PATCH,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem', RequestTemplates: {application/json: !Sub '{\"TableName\": \"${D}\", \"Item\": {}}'}}}}\n"
      "  MR: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/Query', RequestTemplates: {application/json: !Sub '{\"TableName\": \"${D}\"}'}}}}\n"
      "  MS: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: DELETE,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:states:action/StartExecution', RequestTemplates: {application/json: !Sub '{\"input\": \"$util.escapeJavaScript($input.body)\", \"stateMachineArn\": \"${SM}\"}'}}}}\n"
      "  MB: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: HEAD,"
      " Integration: {Type: AWS, IntegrationHttpMethod: PUT, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:s3:path/${B}/{key}'}}}\n"
      "  ME: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: OPTIONS,"
      " Integration: {Type: AWS, IntegrationHttpMethod: POST, Credentials: 'arn:aws:iam::111122223333:role/x',"
      " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:events:action/PutEvents', RequestTemplates: {application/json: '{\"Entries\": [{\"Source\": \"a\"}]}'}}}}\n",
      "Api -> Q async via MQ {\"method\":\"POST\",\"path\":\"/\"}\n"
      "Api -> T async via MT {\"method\":\"PUT\",\"path\":\"/\"}\n"
      "Api -> D write via MD {\"method\":\"PATCH\",\"path\":\"/\"}\n"
      "!Api -> D write via MR\n"
      "Api -> SM async via MS {\"method\":\"DELETE\",\"path\":\"/\"}\n"
      "Api -> B write via MB {\"method\":\"HEAD\",\"path\":\"/\"}\n"
      "Api -> bus:default async via ME {\"method\":\"OPTIONS\",\"path\":\"/\"}\n" },
    { "an authorizer is called before the route",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
      "  Auth: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: n, AuthorizerUri: " INVOKE "}}\n",
      "Api -> Fn sync via Auth {\"trigger\":\"authorizer\"}\n" },
    { "an OpenAPI body says the routes and authorizers",
      "Resources:\n" FN
      "  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n        openapi: '3.0.1'\n        paths:\n"
      "          /a/{b}:\n            get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: " INVOKE "}}\n"
      "            x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: {type: AWS_PROXY, httpMethod: POST, uri: " INVOKE "}}\n"
      "            options: {x-amazon-apigateway-integration: {type: mock}}\n"
      "        components: {securitySchemes: {N: {type: apiKey, x-amazon-apigateway-authorizer: {type: token, authorizerUri: " INVOKE "}}}}\n",
      "Api -> Fn sync {\"method\":\"GET\",\"path\":\"/a/{b}\"}\n"
      "Api -> Fn sync {\"method\":\"ANY\",\"path\":\"/a/{b}\"}\n"
      "!Api -> Fn sync {\"method\":\"OPTIONS\"\n"
      "Api -> Fn sync {\"trigger\":\"authorizer\"}\n" },
    { "a route with two branches is two edges",
      "Conditions: {C: !Equals [!Ref P, a]}\nParameters: {P: {Type: String}}\nResources:\n" FN
      "  F2: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, Role: 'arn:aws:iam::111122223333:role/x', Code: {ZipFile: x}}}\n"
      "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
      "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !If [C, !GetAtt Fn.Arn, !GetAtt F2.Arn], PayloadFormatVersion: '2.0'}}\n"
      "  R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'GET /x', Target: !Sub 'integrations/${I}'}}\n",
      "Api -> Fn sync via R {\"method\":\"GET\",\"path\":\"/x\"} when C is true\n"
      "Api -> F2 sync via R {\"method\":\"GET\",\"path\":\"/x\"} when C is false\n" },
};

static const edge_row v2_rows[] = {
    { "an HTTP route reaches its integration however the target is put together",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
      "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0'}}\n"
      "  R1: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'POST /a', Target: !Join [/, [integrations, !Ref I]]}}\n"
      "  R2: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/${I}'}}\n",
      "caller -> Api sync\n"
      "Api -> Fn sync via R1 {\"method\":\"POST\",\"path\":\"/a\"}\n"
      "Api -> Fn sync via R2 {\"method\":\"ANY\",\"path\":\"$default\"}\n"
      "!Api -> Fn sync via I\n" },
    { "an integration that no route names is an edge without a route",
      "Resources:\n"
      "  SM: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: 'arn:aws:iam::111122223333:role/x', Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}\n"
      "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
      "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: StepFunctions-StartSyncExecution,"
      " CredentialsArn: 'arn:aws:iam::111122223333:role/api', PayloadFormatVersion: '1.0', RequestParameters: {StateMachineArn: !Ref SM}}}\n",
      "Api -> SM sync via I\n" },
    { "subtypes name their target in the parameters",
      "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  S: {Type: AWS::Kinesis::Stream, Properties: {}}\n"
      "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
      "  IQ: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, CredentialsArn: 'arn:aws:iam::111122223333:role/x', RequestParameters: {QueueUrl: !Ref Q, MessageBody: $request.body}}}\n"
      "  RQ: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'POST /q', Target: !Sub 'integrations/${IQ}'}}\n"
      "  IE: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: EventBridge-PutEvents, CredentialsArn: 'arn:aws:iam::111122223333:role/x', RequestParameters: {Source: a, DetailType: b, Detail: $request.body}}}\n"
      "  RE: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'POST /e', Target: !Sub 'integrations/${IE}'}}\n"
      "  IK: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: Kinesis-PutRecord, CredentialsArn: 'arn:aws:iam::111122223333:role/x', RequestParameters: {StreamName: !Ref S, Data: a, PartitionKey: b}}}\n"
      "  RK: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'POST /k', Target: !Sub 'integrations/${IK}'}}\n",
      "Api -> Q async via RQ {\"method\":\"POST\",\"path\":\"/q\"}\n"
      "Api -> bus:default async via RE {\"method\":\"POST\",\"path\":\"/e\"}\n"
      "Api -> S write via RK {\"method\":\"POST\",\"path\":\"/k\"}\n" },
    { "WebSocket routes are route keys",
      "Resources:\n" FN
      "  Ws: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}\n"
      "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Ws, IntegrationType: AWS_PROXY, IntegrationUri: " INVOKE "}}\n"
      "  C: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Ws, RouteKey: $connect, Target: !Sub 'integrations/${I}'}}\n",
      "Ws -> Fn sync via C {\"route\":\"$connect\"}\n" },
    { "quick create is a default route",
      "Resources:\n" FN
      "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}\n",
      "Api -> Fn sync {\"method\":\"ANY\",\"path\":\"$default\"}\n" },
};

static const edge_row other_rows[] = {
    { "AppSync resolvers reach functions, tables and buses through data sources",
      "Resources:\n" FN
      "  D: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}\n"
      "  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: a, AuthenticationType: API_KEY}}\n"
      "  SL: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: L, Type: AWS_LAMBDA, ServiceRoleArn: 'arn:aws:iam::111122223333:role/x', LambdaConfig: {LambdaFunctionArn: !GetAtt Fn.Arn}}}\n"
      "  SD: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: Table, Type: AMAZON_DYNAMODB, ServiceRoleArn: 'arn:aws:iam::111122223333:role/x', DynamoDBConfig: {TableName: !Ref D, AwsRegion: !Ref AWS::Region}}}\n"
      "  R1: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: pet, DataSourceName: !GetAtt SL.Name}}\n"
      "  R2: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: add, DataSourceName: Table}}\n"
      "  R3: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: list, DataSourceName: Table}}\n"
      "  F: {Type: AWS::AppSync::FunctionConfiguration, Properties: {ApiId: !GetAtt Api.ApiId, Name: f, DataSourceName: !GetAtt SL.Name}}\n"
      "  R4: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: pipe, Kind: PIPELINE, PipelineConfig: {Functions: [!GetAtt F.FunctionId]}}}\n",
      "caller -> Api sync\n"
      "Api -> Fn sync via R1 {\"type\":\"Query\",\"field\":\"pet\"}\n"
      "Api -> D write via R2 {\"type\":\"Mutation\",\"field\":\"add\"}\n"
      "!Api -> D write via R3\n"
      "Api -> Fn sync via R4 {\"type\":\"Mutation\",\"field\":\"pipe\"}\n" },
    { "listeners and rules reach functions in target groups",
      "Resources:\n" FN
      "  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [a]}}\n"
      "  Tg: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Fn.Arn}]}}\n"
      "  L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Lb, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Tg}]}}\n"
      "  R: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref L, Priority: 1, Conditions: [{Field: path-pattern, Values: [/a/*]}], Actions: [{Type: forward, TargetGroupArn: !Ref Tg}]}}\n",
      "caller -> Lb sync\n"
      "Lb -> Fn sync via L\n"
      "Lb -> Fn sync via R {\"method\":\"ANY\",\"path\":\"/a/*\"}\n" },
};

static void rest_apis(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rest_rows); i++)
        edges_check(&rest_rows[i]);
}

static void http_and_websocket_apis(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(v2_rows); i++)
        edges_check(&v2_rows[i]);
}

static void graphql_and_load_balancers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(other_rows); i++)
        edges_check(&other_rows[i]);
}

static permission permission_of(const edges_of *t, const char *to) {
    for (size_t i = 0; i < t->graph->edges.len; i++)
        if (slice_is(t->graph->edges.at[i]->to->id, to) && slice_is(t->graph->edges.at[i]->from->id, "Api"))
            return t->graph->edges.at[i]->permission;
    fail_msg("no edge Api -> %s", to);
    return PERMISSION_UNKNOWN;
}

/* SourceArn of the permission behind `arn:aws:execute-api:R:A:` -> is GET /pets/{id} of stage `live` allowed? */
static void a_route_is_held_against_the_permission(void **state) {
    (void)state;
    static const struct { const char *source; permission want; } cases[] = {
        { "${Api}/*/GET/pets/*", PERMISSION_GRANTED },   { "${Api}/live/GET/pets/*", PERMISSION_GRANTED },
        { "${Api}/*", PERMISSION_GRANTED },              { "${Api}/*/POST/pets/*", PERMISSION_MISMATCH },
        { "${Api}/other/GET/pets/*", PERMISSION_MISMATCH }, { "${Other}/*/GET/pets/*", PERMISSION_MISMATCH },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char yaml[4096];
        snprintf(yaml, sizeof yaml, "Resources:\n" FN
                 "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
                 "  Other: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: b, ProtocolType: HTTP}}\n"
                 "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0'}}\n"
                 "  R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: 'GET /pets/{id}', Target: !Sub 'integrations/${I}'}}\n"
                 "  S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}}\n"
                 "  P: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com,"
                 " SourceArn: !Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:%s'}}\n", cases[i].source);
        edges_of t = edges_read(yaml);
        permission got = permission_of(&t, "Fn");
        if (got != cases[i].want)
            fail_msg("%s: want %.*s, got %.*s", cases[i].source, SLICE_ARG(permission_name(cases[i].want)), SLICE_ARG(permission_name(got)));
        arena_free(t.arena);
    }
}

static void facts_of_a_route(void **state) {
    (void)state;
    edges_of t = edges_read("Resources:\n" FN
        "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
        "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, ApiKeyRequired: true,"
        " AuthorizationType: AWS_IAM, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: GET, TimeoutInMillis: 5500, Uri: " INVOKE "}}}\n");
    for (size_t i = 0; i < t.graph->edges.len; i++) {
        const edge *e = t.graph->edges.at[i];
        if (!slice_is(e->from->id, "Api"))
            continue;
        assert_int_equal(value_get(t.arena, e->facts, SLICE("wait"))->integer, 5);
        assert_true(slice_is(value_get(t.arena, e->facts, SLICE("integrationMethod"))->text, "GET"));
        assert_true(slice_is(value_at(t.arena, e->facts, SLICE("route.auth"))->text, "AWS_IAM"));
        assert_true(value_at(t.arena, e->facts, SLICE("route.apiKey"))->boolean);
        assert_int_equal(e->at.line, 4);
        arena_free(t.arena);
        return;
    }
    fail_msg("no edge of the API");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rest_apis),
        cmocka_unit_test(http_and_websocket_apis),
        cmocka_unit_test(a_route_is_held_against_the_permission),
        cmocka_unit_test(facts_of_a_route),
        cmocka_unit_test(graphql_and_load_balancers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
