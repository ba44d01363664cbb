/* The plan: for each trigger of a template what is fired and what must be refused. One row a template; events from files; answers that triggers take. */
#include "graph_lines.h"

#include "smoke/event/judge.h"
#include "smoke/event/make.h"
#include "smoke/event/parts.h"
#include "smoke/event/plan.h"
#include "smoke/event/probe_pattern.h"

#define HEAD "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: f, Handler: a.h}}\n"
#define ARN "!GetAtt F.Arn"

typedef struct {
    graph_lines lines;
    arena *arena;
    maker maker;
    const edge *const *triggers;
    size_t len;
} planned;

static planned plan_read(const char *yaml) {
    planned p = { .lines = graph_read(yaml) };
    p.arena = p.lines.arena;
    p.maker = (maker){ .world = world_new(p.arena, p.lines.graph, SLICE(""), SLICE("")), .next = 1, .now_ms = 1764066600000 };     /* 2025-11-25T10:30:00Z */
    p.len = plan_triggers(p.arena, p.lines.graph, &p.triggers);
    return p;
}

static slice or_none(slice s) { return s.len > 0 ? s : SLICE("-"); }

/* What is done at the source, in a line. */
static void print_probe(arena *a, const probe *p, buf *out) {
    buf_printf(out, "%.*s -> %.*s ", SLICE_ARG(p->trigger->from->id), SLICE_ARG(p->trigger->to->id));
    if (p->cannot.len > 0) {
        buf_printf(out, "%s: %.*s\n", p->cannot_ever ? "never" : "cannot", SLICE_ARG(p->cannot));
        return;
    }
    if (p->must_not_arrive) buf_text(out, "NOT ");
    if (p->what.len > 0) buf_printf(out, "(%.*s) ", SLICE_ARG(p->what));
    switch (p->kind) {
    case HAPPENS_MESSAGE:
        buf_printf(out, "message %.*s", SLICE_ARG(p->message.body));
        if (p->message.attributes != NULL) buf_printf(out, " with %.*s", SLICE_ARG(js_text(a, p->message.attributes)));
        if (p->message.group.len > 0) buf_printf(out, " in %.*s", SLICE_ARG(p->message.group));
        break;
    case HAPPENS_NOTIFICATION:
        buf_printf(out, "notification %.*s", SLICE_ARG(p->notification.message));
        if (p->notification.attributes != NULL) buf_printf(out, " with %.*s", SLICE_ARG(js_text(a, p->notification.attributes)));
        break;
    case HAPPENS_OBJECT: buf_printf(out, "object %.*s %.*s", SLICE_ARG(p->object.event), SLICE_ARG(p->object.key)); break;
    case HAPPENS_CHANGE:
        buf_printf(out, "change keys %.*s before %.*s after %.*s%s", SLICE_ARG(js_text(a, p->change.keys)), SLICE_ARG(js_text(a, p->change.before)),
                   SLICE_ARG(js_text(a, p->change.after)), p->change.by_ttl ? " by ttl" : "");
        break;
    case HAPPENS_RECORD: buf_printf(out, "record %.*s %.*s", SLICE_ARG(p->record.key), SLICE_ARG(p->record.data)); break;
    case HAPPENS_REQUEST:
        buf_printf(out, "request %.*s %.*s ?%.*s %.*s %.*s", SLICE_ARG(p->request.method), SLICE_ARG(or_none(p->request.path)), SLICE_ARG(p->request.query),
                   SLICE_ARG(js_text(a, p->request.headers)), SLICE_ARG(or_none(p->request.body)));
        break;
    case HAPPENS_EVENT: {
        const doc_node *e = js_without(a, js_without(a, p->event, SLICE("id")), SLICE("time"));
        buf_printf(out, "event %.*s", SLICE_ARG(js_text(a, js_without(a, js_without(a, js_without(a, e, SLICE("version")), SLICE("account")), SLICE("region")))));
        break;
    }
    case HAPPENS_TICK: buf_text(out, "tick"); break;
    case HAPPENS_DIRECT: buf_text(out, "direct"); break;
    }
    buf_char(out, '\n');
}

static const graph_row rows[] = {
    { "a queue", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n",
      "Q -> F message {\"sflint\":\"smoke\"}\n" },
    { "a FIFO queue", HEAD "  Q: {Type: 'AWS::SQS::Queue', Properties: {FifoQueue: true, QueueName: q.fifo}}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n",
      "Q -> F message {\"sflint\":\"smoke\"} in sflint-smoke\n" },
    { "a queue with filters", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, FilterCriteria: {Filters: ["
      "{Pattern: '{\"body\":{\"type\":[\"order\"]}}'}]}}}\n",
      "Q -> F message {\"sflint\":\"smoke\",\"type\":\"order\"}\nQ -> F NOT (refused by the filter) message {\"sflint\":\"smoke\",\"type\":\"sflint-refused\"}\n"
      "Q -> F NOT (a body that is no JSON) message plain\n" },
    { "a queue with a filter on attributes", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, FilterCriteria: {Filters: ["
      "{Pattern: '{\"messageAttributes\":{\"k\":{\"stringValue\":[\"v\"]}}}'}]}}}\n",
      "Q -> F message {\"sflint\":\"smoke\"} with {\"k\":{\"DataType\":\"String\",\"StringValue\":\"v\"}}\n"
      "Q -> F NOT (refused by the filter) message {\"sflint\":\"smoke\"} with {\"k\":{\"DataType\":\"String\",\"StringValue\":\"sflint-refused\"}}\n" },
    { "a filter on what no message has", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, FilterCriteria: {Filters: ["
      "{Pattern: '{\"eventName\":[\"INSERT\"]}'}]}}}\n", "Q -> F never: never matches: an SQS message has no key `eventName`\n" },
    { "a mapping that is off", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, Enabled: false}}\n",
      "Q -> F cannot: disabled: Enabled is false\n" },
    { "a rule that is off", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {State: DISABLED, EventPattern: {source: [a]}, Targets: [{Id: t, Arn: " ARN "}]}}\n",
      "bus:default -> F cannot: disabled: State is DISABLED\n" },
    { "a table", HEAD "  T: {Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: n, KeyType: RANGE}], AttributeDefinitions: [{AttributeName: id, AttributeType: S},"
      "{AttributeName: n, AttributeType: N}], StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, StartingPosition: LATEST}}\n",
      "T -> F (INSERT) change keys {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"}} before null after {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"},\"sflint\":{\"S\":\"smoke\"}}\n"
      "T -> F (MODIFY) change keys {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"}} before {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"},\"sflint\":{\"S\":\"smoke\"}} after "
      "{\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"},\"sflint\":{\"S\":\"changed\"}}\n"
      "T -> F (REMOVE) change keys {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"}} before {\"id\":{\"S\":\"sflint-smoke\"},\"n\":{\"N\":\"1\"},\"sflint\":{\"S\":\"smoke\"}} after null\n" },
#define TABLE(view, filter) HEAD "  T: {Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]," \
      "StreamSpecification: {StreamViewType: " view "}}}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, StartingPosition: LATEST," \
      "FilterCriteria: {Filters: [" filter "]}}}\n"
    { "a filter on the new image", TABLE("NEW_AND_OLD_IMAGES", "{Pattern: '{\"eventName\":[\"INSERT\"],\"dynamodb\":{\"NewImage\":{\"st\":{\"S\":[\"NEW\"]}}}}'}"),
      "T -> F (INSERT) change keys {\"id\":{\"S\":\"sflint-smoke\"}} before null after {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"smoke\"},\"st\":{\"S\":\"NEW\"}}\n"
      "T -> F NOT (MODIFY) change keys {\"id\":{\"S\":\"sflint-smoke\"}} before {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"smoke\"}} after {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"changed\"}}\n" },
    { "a filter on a key", TABLE("NEW_IMAGE", "{Pattern: '{\"eventName\":[\"INSERT\"],\"dynamodb\":{\"Keys\":{\"id\":{\"S\":[{\"prefix\":\"order#\"}]}}}}'}"),
      "T -> F (INSERT) change keys {\"id\":{\"S\":\"order#smoke\"}} before null after {\"id\":{\"S\":\"order#smoke\"},\"sflint\":{\"S\":\"smoke\"}}\n"
      "T -> F NOT (MODIFY) change keys {\"id\":{\"S\":\"sflint-smoke\"}} before {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"smoke\"}} after {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"changed\"}}\n" },
    { "removals by time to live", TABLE("NEW_AND_OLD_IMAGES", "{Pattern: '{\"userIdentity\":{\"type\":[\"Service\"]}}'}"),
      "T -> F (REMOVE by time to live) change keys {\"id\":{\"S\":\"sflint-smoke\"}} before {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"smoke\"}} after null by ttl\n"
      "T -> F NOT (INSERT) change keys {\"id\":{\"S\":\"sflint-smoke\"}} before null after {\"id\":{\"S\":\"sflint-smoke\"},\"sflint\":{\"S\":\"smoke\"}}\n" },
    { "an image that the stream has not", TABLE("KEYS_ONLY", "{Pattern: '{\"dynamodb\":{\"NewImage\":{\"st\":{\"S\":[\"NEW\"]}}}}'}"),
      "T -> F never: never matches: records of a KEYS_ONLY stream have no `dynamodb.NewImage`\n" },
    { "a key that no record has", TABLE("NEW_IMAGE", "{Pattern: '{\"body\":{\"eventName\":[\"INSERT\"]}}'}"), "T -> F never: never matches: a DynamoDB record has no key `body`\n" },
    { "a number that is compared as one", TABLE("NEW_IMAGE", "{Pattern: '{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":[{\"numeric\":[\">\",5]}]}}}}'}"),
      "T -> F never: never matches: `dynamodb.NewImage.n.N` is a text in stream records, and the filter asks for a number\n" },
    { "a stream with a filter", HEAD "  S: {Type: 'AWS::Kinesis::Stream'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt S.Arn, FunctionName: !Ref F, StartingPosition: LATEST,"
      "FilterCriteria: {Filters: [{Pattern: '{\"data\":{\"t\":[{\"prefix\":\"a\"}]}}'}]}}}\n",
      "S -> F record sflint-smoke {\"sflint\":\"smoke\",\"t\":\"asmoke\"}\nS -> F NOT (refused by the filter) record sflint-smoke {\"sflint\":\"smoke\",\"t\":\"sflint-refused\"}\n"
      "S -> F NOT (data that is no JSON) record sflint-smoke plain\n" },
    { "a topic", HEAD "  T: {Type: 'AWS::SNS::Topic'}\n  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: " ARN ", FilterPolicy: {kind: [a, b]}}}\n",
      "T -> F notification {\"sflint\":\"smoke\"} with {\"kind\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}\n"
      "T -> F NOT (refused by the filter policy) notification {\"sflint\":\"smoke\"} with {\"kind\":{\"DataType\":\"String\",\"StringValue\":\"sflint-refused\"}}\n"
      "T -> F NOT (without attributes) notification {\"sflint\":\"smoke\"}\n" },
    { "a topic filtered by body", HEAD "  T: {Type: 'AWS::SNS::Topic'}\n  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: " ARN ", FilterPolicyScope: MessageBody, FilterPolicy: {o: {id: [{exists: true}]}}}}\n",
      "T -> F notification {\"sflint\":\"smoke\",\"o\":{\"id\":\"sflint-smoke\"}}\nT -> F NOT (refused by the filter policy) notification {\"sflint\":\"smoke\",\"o\":{}}\n"
      "T -> F NOT (a message that is no JSON) notification plain\n" },
    { "a bucket", HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: " ARN ", Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .csv}]}}}]}}}\n",
      "B -> F (ObjectCreated:Put) object ObjectCreated:Put in/sflint-smoke.csv\nB -> F NOT (a key without the prefix) object ObjectCreated:Put zz-in/sflint-smoke.csv\n" },
    { "a bucket without a filter", HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectRemoved:*', Function: " ARN "}]}}}\n",
      "B -> F (ObjectRemoved:Delete) object ObjectRemoved:Delete sflint-smoke\nB -> F NOT (an event that is not asked for) object ObjectCreated:Put sflint-smoke\n" },
    { "a rule for a bucket", HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: b}}\n  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref B]}, object: {key: [{prefix: in/}]}}},"
      "Targets: [{Id: t, Arn: " ARN "}]}}\n", "B -> F object ObjectCreated:Put in/smoke\nB -> F NOT (refused by the pattern) object ObjectCreated:Put sflint-refused\n" },
    { "a rule", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [my.app], detail-type: [Order], detail: {total: [{numeric: ['>', 100]}]}}, Targets: [{Id: t, Arn: " ARN "}]}}\n",
      "bus:default -> F event {\"detail-type\":\"Order\",\"source\":\"my.app\",\"resources\":[],\"detail\":{\"total\":101}}\n"
      "bus:default -> F NOT (refused by the pattern) event {\"detail-type\":\"Order\",\"source\":\"my.app\",\"resources\":[],\"detail\":{\"total\":100}}\n" },
    { "an event of a service has its shape", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [aws.ec2], detail-type: [EC2 Instance State-change Notification], detail: {state: [stopped]}}, Targets: [{Id: t, Arn: " ARN "}]}}\n",
      "bus:default -> F event {\"detail-type\":\"EC2 Instance State-change Notification\",\"source\":\"aws.ec2\",\"resources\":[],\"detail\":{\"instance-id\":\"sflint-smoke\",\"state\":\"stopped\"}}\n"
      "bus:default -> F NOT (refused by the pattern) event {\"detail-type\":\"EC2 Instance State-change Notification\",\"source\":\"aws.ec2\",\"resources\":[],\"detail\":{\"instance-id\":\"sflint-smoke\",\"state\":\"sflint-refused\"}}\n" },
    { "schedules", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: cron(0 10 * * ? *), Targets: [{Id: t, Arn: " ARN "}]}}\n"
      "  S: {Type: 'AWS::Scheduler::Schedule', Properties: {ScheduleExpression: rate(5 minutes), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: " ARN ", RoleArn: 'arn:aws:iam::1:role/r'}}}\n",
      "clock -> F (at 2025-11-26T10:00:00Z) tick\nclock -> F (at 2025-11-25T10:35:00Z) tick\n" },
    { "a schedule that is none", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(1 minutes), Targets: [{Id: t, Arn: " ARN "}]}}\n",
      "clock -> F never: never fires: rate(1 minutes): one takes the singular: write rate(1 minute)\n" },
    { "a queue behind a topic", HEAD "  T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}\n  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: q}}\n"
      "  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !GetAtt Q.Arn, RawMessageDelivery: true}}\n"
      "  B: {Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Q2.Arn}]}}}\n  Q2: {Type: 'AWS::SQS::Queue'}\n",
      "B -> Q2 (ObjectCreated:Put) object ObjectCreated:Put sflint-smoke\nB -> Q2 NOT (an event that is not asked for) object ObjectRemoved:Delete sflint-smoke\nT -> Q notification {\"sflint\":\"smoke\"}\n" },
    { "routes", HEAD "  A: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP}}\n  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: " ARN ", PayloadFormatVersion: '2.0'}}\n"
      "  R1: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: 'GET /a/{id}', Target: !Sub 'integrations/${I}'}}\n"
      "  R2: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: 'PUT /a/{proxy+}', Target: !Sub 'integrations/${I}', AuthorizationType: JWT}}\n"
      "  R3: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: $default, Target: !Sub 'integrations/${I}'}}\n",
      "A -> F request GET /a/1 ? null -\nA -> F request PUT /a/a/b ? {\"Authorization\":\"Bearer sflint-smoke\",\"Content-Type\":\"application/json\"} {\"sflint\":\"smoke\"}\n"
      "A -> F request GET /sflint-smoke ? null -\n" },
    { "a REST method with what it requires", HEAD "  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n  P: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref A, ParentId: !GetAtt A.RootResourceId, PathPart: items}}\n"
      "  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref A, ResourceId: !Ref P, HttpMethod: ANY, AuthorizationType: NONE, ApiKeyRequired: true, RequestParameters: {method.request.querystring.page: true, method.request.header.X-Who: true,\n"
      "    method.request.querystring.other: false}, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}}\n",
      "A -> F request GET /items ?page=smoke {\"X-Who\":\"smoke\",\"x-api-key\":\"sflint-smoke\"} -\n" },
    { "a body by its model", HEAD "  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n  O: {Type: 'AWS::ApiGateway::Model', Properties: {RestApiId: !Ref A, ContentType: application/json, Schema: {type: object, required: [id], properties: {id: {type: string}, n: {type: integer, minimum: 5}}}}}\n"
      "  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: POST, AuthorizationType: NONE, RequestModels: {application/json: !Ref O}, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST,\n"
      "    Uri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}}\n",
      "A -> F request POST / ? {\"Content-Type\":\"application/json\"} {\"id\":\"sflint-smoke\",\"n\":5}\n" },
    { "a mapping template", HEAD "  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n"
      "  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: POST, AuthorizationType: NONE, Integration: {Type: AWS, IntegrationHttpMethod: POST,\n"
      "    RequestTemplates: {application/json: '{}'}, Uri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}}\n",
      "A -> F cannot: VTL mapping template: what it makes of a request is not known: give the event in events/M.json, or with --event\n" },
    { "a function URL", HEAD "  U: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: " ARN ", AuthType: NONE}}\n", "caller -> F request GET / ? null -\n" },
    { "a WebSocket API", HEAD "  A: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}\n"
      "  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}\n"
      "  R1: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: $connect, Target: !Sub 'integrations/${I}'}}\n"
      "  R2: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: send, Target: !Sub 'integrations/${I}'}}\n",
      "A -> F request CONNECT - ? null -\nA -> F request MESSAGE - ? null {\"sflint\":\"smoke\",\"action\":\"send\"}\n" },
    { "a load balancer", HEAD "  L: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer'}\n  G: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {TargetType: lambda, Targets: [{Id: " ARN "}]}}\n"
      "  Li: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: !Ref L, DefaultActions: [{Type: fixed-response}]}}\n"
      "  Ru: {Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: {ListenerArn: !Ref Li, Priority: 1, Conditions: [{Field: path-pattern, Values: ['/api/*']}, {Field: host-header, Values: ['*.example.com']}],\n"
      "    Actions: [{Type: forward, TargetGroupArn: !Ref G}]}}\n", "L -> F request GET /api/smoke ? {\"host\":\"smoke.example.com\"} -\n" },
    { "a rotation goes in four steps", HEAD "  S: {Type: 'AWS::SecretsManager::Secret'}\n  R: {Type: 'AWS::SecretsManager::RotationSchedule', Properties: {SecretId: !Ref S, RotationLambdaARN: " ARN ", RotationRules: {AutomaticallyAfterDays: 30}}}\n",
      "clock -> F (createSecret) direct\nclock -> F (setSecret) direct\nclock -> F (testSecret) direct\nclock -> F (finishSecret) direct\n" },
    { "a custom resource", HEAD "  C: {Type: 'Custom::Thing', Properties: {ServiceToken: " ARN ", N: 5}}\n",
      "service:cloudformation -> F (Create) direct\nservice:cloudformation -> F (Update) direct\nservice:cloudformation -> F (Delete) direct\n" },
    { "log lines", HEAD "  G: {Type: 'AWS::Logs::LogGroup'}\n  S: {Type: 'AWS::Logs::SubscriptionFilter', Properties: {LogGroupName: !Ref G, FilterPattern: ERROR, DestinationArn: " ARN "}}\n",
      "G -> F direct\nG -> F NOT (a line that the filter refuses) direct\n" },
    { "no maker", HEAD "  T: {Type: 'AWS::Greengrass::FunctionDefinition', Properties: {InitialVersion: {Functions: [{FunctionArn: " ARN "}]}}}\n", "T -> F cannot: sflint makes no event of greengrass yet: give the event in events/F.json, or with --event\n" },
    { "what follows is not fired", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  I: {Type: 'AWS::Lambda::EventInvokeConfig', Properties: {FunctionName: !Ref F, Qualifier: $LATEST, DestinationConfig: {OnSuccess: {Destination: !GetAtt Q.Arn}}}}\n"
      "  M: {Type: 'AWS::StepFunctions::StateMachine', Properties: {RoleArn: 'arn:aws:iam::1:role/r', Definition: {StartAt: A, States: {A: {Type: Task, Resource: " ARN ", End: true}}}}}\n", "" },
};

static void each_trigger_has_what_fires_it_and_what_it_refuses(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        planned p = plan_read(rows[i].yaml);
        buf out = { .arena = p.arena };
        for (size_t k = 0; k < p.len; k++) {
            const probe *probes;
            size_t len = plan_probes(&p.maker, p.arena, p.triggers[k], &probes);
            assert_true(len > 0);
            for (size_t n = 0; n < len; n++) {
                print_probe(p.arena, &probes[n], &out);
                if ((plan_event(&p.maker, p.arena, &probes[n]) == NULL) != (probes[n].cannot.len > 0)) fail_msg("%s: no event is made", rows[i].what);
            }
        }
        if (!slice_is(buf_as_slice(&out), rows[i].want)) fail_msg("%s: want\n%sgot\n%.*s", rows[i].what, rows[i].want, SLICE_ARG(buf_as_slice(&out)));
        graph_free(&p.lines);
    }
}

/* ---- the event as z gets it: paths into it and what stands there ---- */

static const struct { const char *what, *yaml; size_t trigger; const char *path, *want; } events[] = {
    { "a pipe hands on a list", HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  P: {Type: 'AWS::Pipes::Pipe', Properties: {RoleArn: 'arn:aws:iam::1:role/r', Source: !GetAtt Q.Arn, Target: " ARN "}}\n", 0, "[0].body", "\"{\\\"sflint\\\":\\\"smoke\\\"}\"" },
    { "a fixed input is the whole event", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: t, Arn: " ARN ", Input: '{\"job\":\"sweep\"}'}]}}\n", 0, "job", "\"sweep\"" },
    { "a tick names its rule", HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {Name: tick, ScheduleExpression: rate(1 minute), Targets: [{Id: t, Arn: " ARN "}]}}\n", 0, "resources[0]",
      "\"arn:aws:events:us-east-1:123456789012:rule/tick\"" },
    { "a queue behind a topic holds the envelope", HEAD "  T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}\n  Q: {Type: 'AWS::SQS::Queue'}\n  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !GetAtt Q.Arn}}\n"
      "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n", 0, "Records[0].body#TopicArn", "\"arn:aws:sns:us-east-1:123456789012:t\"" },
    { "a queue behind a bucket behind a topic", HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: b, NotificationConfiguration: {TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref T}]}}}\n  T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}\n"
      "  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: " ARN "}}\n", 1, "Records[0].Sns.Message#Records[0].s3.bucket.name", "\"b\"" },
    { "a dead-letter queue holds what the queue held", HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: b, NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Q.Arn}]}}}\n"
      "  Q: {Type: 'AWS::SQS::Queue', Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}\n  D: {Type: 'AWS::SQS::Queue'}\n"
      "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt D.Arn, FunctionName: !Ref F}}\n", 1, "Records[0].body#Records[0].eventSource", "\"aws:s3\"" },
    { "custom properties arrive as texts", HEAD "  C: {Type: 'Custom::Thing', Properties: {ServiceToken: " ARN ", N: 5, Deep: [{on: true}]}}\n", 0, "ResourceProperties.Deep[0].on", "\"true\"" },
    { "an authorizer is asked about its route", HEAD "  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n  Z: {Type: 'AWS::ApiGateway::Authorizer', Properties: {Name: z, Type: TOKEN, RestApiId: !Ref A, IdentitySource: method.request.header.Authorization,\n"
      "    AuthorizerUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}\n", 0, "authorizationToken", "\"Bearer sflint-smoke\"" },
    { "a GraphQL field has its arguments", HEAD "  G: {Type: 'AWS::AppSync::GraphQLApi', Properties: {Name: g, AuthenticationType: API_KEY}}\n  S: {Type: 'AWS::AppSync::GraphQLSchema', Properties: {ApiId: !GetAtt G.ApiId, Definition: 'type Query { get(id: ID!): Int }'}}\n"
      "  D: {Type: 'AWS::AppSync::DataSource', Properties: {ApiId: !GetAtt G.ApiId, Name: d, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: " ARN "}}}\n"
      "  R: {Type: 'AWS::AppSync::Resolver', Properties: {ApiId: !GetAtt G.ApiId, TypeName: Query, FieldName: get, DataSourceName: !GetAtt D.Name, MaxBatchSize: 5}}\n", 0, "[1].arguments.id", "\"1\"" },
    { "several values of a load balancer", HEAD "  L: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer'}\n  G: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {TargetType: lambda, Targets: [{Id: " ARN "}],\n"
      "    TargetGroupAttributes: [{Key: lambda.multi_value_headers.enabled, Value: 'true'}]}}\n  Li: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: !Ref L, DefaultActions: [{Type: forward, TargetGroupArn: !Ref G}]}}\n",
      0, "multiValueHeaders.accept[0]", "\"*/*\"" },
    { "a Kafka topic", HEAD "  K: {Type: 'AWS::MSK::Cluster', Properties: {ClusterName: k}}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !Ref K, FunctionName: !Ref F, Topics: [t], StartingPosition: LATEST,\n"
      "    FilterCriteria: {Filters: [{Pattern: '{\"value\":{\"a\":[1]}}'}]}}}\n", 0, "records.t-0[0].value", "\"eyJzZmxpbnQiOiJzbW9rZSIsImEiOjF9\"" },
};

static void an_event_is_as_the_target_gets_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(events); i++) {
        planned p = plan_read(events[i].yaml);
        const probe *probes;
        slice rest = slice_from(events[i].path), part;
        if (p.len <= events[i].trigger) fail_msg("%s: %zu triggers", events[i].what, p.len);
        plan_probes(&p.maker, p.arena, p.triggers[events[i].trigger], &probes);
        const doc_node *n = plan_event(&p.maker, p.arena, &probes[0]);
        slice whole = js_text(p.arena, n);
        while (rest.at != NULL && slice_cut(&rest, '#', &part)) {       /* behind # goes on in the JSON that the text holds */
            n = js_at(n, arena_copy(p.arena, part).at);
            if (rest.at != NULL) n = js_read(p.arena, js_str(n));
        }
        if (!slice_is(js_text(p.arena, n), events[i].want)) fail_msg("%s: want %s, got %.*s in %.*s", events[i].what, events[i].want, SLICE_ARG(js_text(p.arena, n)), SLICE_ARG(whole));
        graph_free(&p.lines);
    }
}

/* ---- events from files ---- */

#define ALL HEAD \
    "  A: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP}}\n  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: " ARN ", PayloadFormatVersion: '2.0'}}\n" \
    "  R1: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref A, RouteKey: 'POST /a/{id}', Target: !Sub 'integrations/${I}'}}\n" \
    "  B: {Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: " ARN "}]}}}\n" \
    "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n" \
    "  S: {Type: 'AWS::Kinesis::Stream'}\n  M2: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt S.Arn, FunctionName: !Ref F, StartingPosition: LATEST}}\n" \
    "  T: {Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], StreamSpecification: {StreamViewType: NEW_IMAGE}}}\n" \
    "  M3: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, StartingPosition: LATEST}}\n" \
    "  N: {Type: 'AWS::SNS::Topic'}\n  N1: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref N, Protocol: lambda, Endpoint: " ARN "}}\n" \
    "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [a]}, Targets: [{Id: t, Arn: " ARN "}]}}\n"

static const struct { const char *from, *file, *want; } files[] = {
    { "A", "{\"method\":\"POST\",\"path\":\"/a/77\",\"query\":\"id=1&id=2\",\"headers\":{\"content-type\":\"application/json\"},\"body\":\"{\\\"n\\\": 1}\"}",
      "A -> F request POST /a/77 ?id=1&id=2 {\"content-type\":\"application/json\"} {\"n\": 1}\n" },
    { "A", "{\"path\":\"/a/7?x=1\",\"body\":{\"n\":1}}", "A -> F request GET /a/7 ?x=1 null {\"n\":1}\n" },
    { "A", "{\"method\":\"GET\",\"path\":\"/a\",\"query\":{\"q\":\"a b\",\"r\":[\"1\",\"2\"]}}", "A -> F request GET /a ?q=a%20b&r=1&r=2 null -\n" },
    { "A", "{\"requestContext\":{},\"version\":\"2.0\"}", "A -> F direct\n" },
    { "A", "{\"key\":\"x\"}", "refused: is neither what the handler gets nor a request {\"method\", \"path\", \"query\", \"headers\", \"body\"}" },
    { "B", "{\"key\":\"in/a.csv\",\"body\":\"x,y\"}", "B -> F object ObjectCreated:Put in/a.csv\n" },
    { "B", "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}", "B -> F direct\n" },
    { "B", "[1]", "refused: is neither what the handler gets nor an object {\"key\", \"body\"}" },
    { "Q", "{\"body\":{\"a\":1},\"MessageAttributes\":{\"k\":\"v\"}}", "Q -> F message {\"a\":1} with {\"k\":{\"DataType\":\"String\",\"StringValue\":\"v\"}}\n" },
    { "N", "{\"Message\":\"hi\",\"MessageAttributes\":{\"n\":{\"Type\":\"Number\",\"Value\":\"5\"}}}", "N -> F notification hi with {\"n\":{\"DataType\":\"Number\",\"StringValue\":\"5\"}}\n" },
    { "S", "{\"partitionKey\":\"p\",\"data\":{\"a\":1}}", "S -> F record p {\"a\":1}\n" },
    { "S", "{\"kinesis\":{\"partitionKey\":\"p\",\"data\":\"aGk=\"}}", "S -> F record p hi\n" },
    { "T", "{\"id\":\"7\",\"n\":1}", "T -> F change keys {\"id\":{\"S\":\"7\"}} before null after {\"id\":{\"S\":\"7\"},\"n\":{\"N\":\"1\"}}\n" },
    { "T", "{\"eventName\":\"REMOVE\",\"dynamodb\":{\"Keys\":{\"id\":{\"S\":\"7\"}},\"OldImage\":{\"id\":{\"S\":\"7\"}}}}", "T -> F change keys {\"id\":{\"S\":\"7\"}} before {\"id\":{\"S\":\"7\"}} after null\n" },
    { "bus:default", "{\"source\":\"a\",\"detail-type\":\"b\",\"detail\":{\"c\":1}}", "bus:default -> F event {\"detail-type\":\"b\",\"source\":\"a\",\"resources\":[],\"detail\":{\"c\":1}}\n" },
    { "bus:default", "{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"{\\\"c\\\":1}\"}", "bus:default -> F event {\"detail-type\":\"b\",\"source\":\"a\",\"resources\":[],\"detail\":{\"c\":1}}\n" },
    { "bus:default", "{\"x\":1}", "refused: is neither what the handler gets nor an event {\"source\", \"detail-type\", \"detail\"}" },
};

static void a_file_is_what_happens_or_what_the_handler_gets(void **state) {
    (void)state;
    planned p = plan_read(ALL);
    for (size_t i = 0; i < COUNT(files); i++) {
        const edge *e = NULL;
        probe one;
        slice why = SLICE("");
        buf out = { .arena = p.arena };
        for (size_t k = 0; k < p.len; k++)
            if (slice_is(p.triggers[k]->from->id, files[i].from)) e = p.triggers[k];
        if (e == NULL) fail_msg("no trigger from %s", files[i].from);
        if (plan_given(&p.maker, p.arena, e, js_read(p.arena, slice_from(files[i].file)), SLICE("e.json"), &one, &why)) print_probe(p.arena, &one, &out);
        else buf_printf(&out, "refused: %.*s", SLICE_ARG(why));
        if (!slice_is(buf_as_slice(&out), files[i].want)) fail_msg("%s: want %sgot %.*s", files[i].file, files[i].want, SLICE_ARG(buf_as_slice(&out)));
    }
    graph_free(&p.lines);
}

/* ---- answers ---- */

#define QUEUE(more) HEAD "  Q: {Type: 'AWS::SQS::Queue'}\n  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F" more "}}\n"
#define REST HEAD "  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n  Z: {Type: 'AWS::ApiGateway::Authorizer', Properties: {Name: z, Type: REQUEST, RestApiId: !Ref A,\n" \
    "    AuthorizerUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}\n"
#define HTTP(more) HEAD "  A: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP}}\n  Z: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {Name: z, AuthorizerType: REQUEST, ApiId: !Ref A, AuthorizerPayloadFormatVersion: '2.0'" more ",\n" \
    "    AuthorizerUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}\n"
#define POOL HEAD "  P: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreSignUp: " ARN "}}}\n"
#define HOSE HEAD "  H: {Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: {ExtendedS3DestinationConfiguration: {BucketARN: 'arn:aws:s3:::b', RoleARN: 'arn:aws:iam::1:role/r',\n" \
    "    ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: " ARN "}]}]}}}}\n"
#define POLICY(effect) "{\"principalId\":\"u\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"" effect "\",\"Resource\":\"*\"}]}"

/* In an answer `$id` is the first item's id, `$event` the event itself. `want`: "ok", "ok; note", "why". */
static const struct { const char *yaml, *answer, *want; } answers[] = {
    { QUEUE(""), "5", "ok" },
    { QUEUE(""), "{\"batchItemFailures\":[]}", "ok" },
    { QUEUE(""), "{\"batchItemFailures\":[{\"itemIdentifier\":\"x\"}]}", "ok; batchItemFailures is returned, but ReportBatchItemFailures is off: it is ignored, and what failed is lost" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "null", "ok" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "{\"batchItemFailures\":[{\"itemIdentifier\":\"$id\"}]}", "ok" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "{\"batchItemFailures\":[{\"itemIdentifier\":\"x\"}]}", "batchItemFailures names x, which is no item of the batch: the whole batch fails" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "{\"batchItemFailures\":[{\"id\":\"x\"}]}", "an entry of batchItemFailures has no itemIdentifier: the whole batch fails" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "{\"statusCode\":200}", "ok; ReportBatchItemFailures is on, but the answer has no batchItemFailures: every item counts as done" },
    { QUEUE(", FunctionResponseTypes: [ReportBatchItemFailures]"), "[1]", "ok; ReportBatchItemFailures is on, but the function returned a list, not {\"batchItemFailures\": []}: every item counts as done" },
    { REST, POLICY("Allow") "}", "ok" },
    { REST, POLICY("Deny") "}", "ok; denies the made-up token: give a real one with --event" },
    { REST, POLICY("Allow") ",\"context\":{\"k\":[1]}}", "context.k is a list: only texts, numbers and booleans may stand there" },
    { REST, POLICY("allow") "}", "a Statement of policyDocument has no Effect Allow or Deny" },
    { REST, "{\"policyDocument\":{}}", "the policy answer has no principalId" },
    { REST, "{\"isAuthorized\":true}", "{\"isAuthorized\"} is for payload format 2.0: this authorizer must return a policy" },
    { REST, "null", "an authorizer must return a policy; it returned nothing" },
    { HTTP(", EnableSimpleResponses: true"), "{\"isAuthorized\":true}", "ok" },
    { HTTP(", EnableSimpleResponses: true"), "{\"isAuthorized\":\"yes\"}", "isAuthorized is a text, not true or false" },
    { HTTP(""), "{\"isAuthorized\":true}", "EnableSimpleResponses is off: the authorizer must return a policy, not {\"isAuthorized\"}" },
    { POOL, "$event", "ok" },
    { POOL, "null", "unrecognizable lambda output: a user pool trigger must return the event; it returned nothing" },
    { POOL, "{}", "unrecognizable lambda output: a user pool trigger must return the event itself" },
    { HOSE, "{\"records\":[]}", "2 records were sent, 0 came back: each recordId must come back once" },
    { HOSE, "{\"records\":[{\"recordId\":\"x\",\"result\":\"Ok\",\"data\":\"\"}]}", "recordId x is none that was sent" },
    { HOSE, "{\"records\":[{\"recordId\":\"$id\",\"result\":\"Dropped\"},{\"recordId\":\"$id\",\"result\":\"Dropped\"}]}", "recordId $id is returned twice" },
    { HOSE, "{\"records\":[{\"recordId\":\"$id\",\"result\":\"OK\"}]}", "result is \"OK\", not Ok, Dropped or ProcessingFailed" },
    { HOSE, "{\"records\":[{\"recordId\":\"$id\",\"result\":\"Ok\",\"data\":\"?\"}]}", "data of a record that is Ok is no base64" },
};

static slice with_names(arena *a, const char *text, slice id, slice event) {
    buf out = { .arena = a };
    slice rest = slice_from(text);
    while (rest.len > 0) {
        bool is_id = slice_starts(rest, SLICE("$id")), is_event = slice_starts(rest, SLICE("$event"));
        if (is_id || is_event) buf_slice(&out, is_id ? id : event);
        else buf_char(&out, rest.at[0]);
        rest = slice_after(rest, is_event ? 6 : is_id ? 3 : 1);
    }
    return buf_as_slice(&out);
}

static void an_answer_is_judged_by_what_its_trigger_takes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        planned p = plan_read(answers[i].yaml);
        const probe *probes = NULL;
        slice why, note;
        assert_true(p.len == 1 && plan_probes(&p.maker, p.arena, p.triggers[0], &probes) > 0);
        const doc_node *event = plan_event(&p.maker, p.arena, &probes[0]);
        slice id = js_str(js_at(event, "Records[0].messageId"));
        if (id.len == 0) id = js_str(js_at(event, "records[0].recordId"));
        slice answer = with_names(p.arena, answers[i].answer, id, js_text(p.arena, event)), want = with_names(p.arena, answers[i].want, id, SLICE(""));
        bool fine = judge_answer(p.arena, p.triggers[0], &probes[0], event, answer, &why, &note);
        slice got = !fine ? why : note.len > 0 ? arena_printf(p.arena, "ok; %.*s", SLICE_ARG(note)) : SLICE("ok");
        if (!slice_eq(got, want)) fail_msg("%s: want %.*s, got %.*s", answers[i].answer, SLICE_ARG(want), SLICE_ARG(got));
        graph_free(&p.lines);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trigger_has_what_fires_it_and_what_it_refuses),
        cmocka_unit_test(an_event_is_as_the_target_gets_it),
        cmocka_unit_test(a_file_is_what_happens_or_what_the_handler_gets),
        cmocka_unit_test(an_answer_is_judged_by_what_its_trigger_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
