/* Which triggers an event fires, one row an event: template, event, and for each trigger what is said. */
#include "service_edges.h"

#include "service/match.h"

#define FN "Fn: {Type: 'AWS::Lambda::Function', Properties: {Handler: a.h}}\n"
#define HEAD "Resources:\n  " FN

/* Event and expectation; `want` is one line a trigger in the order of the graph: "+" fires, "-" stopped, "?" not known, then a part of why; the
 * lines of triggers for other kinds of event are left out. */
typedef struct {
    const char *event, *want;
} match_row;

static void check(const char *yaml, const match_row *rows, size_t len) {
    for (size_t i = 0; i < len; i++) {
        edges_of t = edges_read(yaml);
        const doc_node *doc = doc_parse_json(t.arena, slice_from(rows[i].event), (pos){ 0, 1, 1 }, &t.diags);
        if (doc == NULL) fail_msg("the test's own JSON is wrong: %s", rows[i].event);
        slice why = SLICE("");
        const match_event *m = match_event_new(t.arena, value_from_doc(t.arena, doc), &why);
        if (m == NULL) fail_msg("%s: %.*s", rows[i].event, SLICE_ARG(why));
        const match_result *all;
        size_t n = match_all(t.arena, t.graph, m, &all);
        buf got = { .arena = t.arena };
        slice want = slice_from(rows[i].want), line;
        bool same = true;
        for (size_t k = 0; k < n; k++) {
            if (all[k].other_kind) continue;
            buf_printf(&got, "  %c %.*s\n", all[k].matched == YES ? '+' : all[k].matched == NO ? '-' : '?', SLICE_ARG(all[k].because));
            if (want.at == NULL || !slice_cut(&want, '\n', &line) || line.len == 0 || line.at[0] != (all[k].matched == YES ? '+' : all[k].matched == NO ? '-' : '?') ||
                slice_find_slice(all[k].because, slice_trim(slice_after(line, 1))) == (size_t)-1)
                same = false;
        }
        if (!same || (want.at != NULL && want.len > 0)) fail_msg("%s\nwant\n%s\ngot\n%.*s", rows[i].event, rows[i].want, SLICE_ARG(buf_as_slice(&got)));
        arena_free(t.arena);
    }
}
#define CHECK(yaml, rows) check((yaml), (rows), COUNT(rows))

static void an_eventbridge_event_fires_the_rules_whose_pattern_takes_it(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"source\":\"shop\",\"detail-type\":\"Order\",\"detail\":{\"state\":\"paid\"}}", "+" },
        { "{\"source\":\"shop\",\"detail\":{\"state\":\"open\"}}", "- detail.state: \"open\" is not one of [\"paid\"]" },
        { "{\"source\":\"shop\"}", "- detail.state: is not there" },
        { "{\"detail-type\":\"x\"}", "- source: is not there" },
        { "{\"source\":\"shop\",\"detail\":\"{\\\"state\\\":\\\"paid\\\"}\"}", "+" },                                 /* detail as text */
        { "{\"Source\":\"shop\",\"DetailType\":\"Order\",\"Detail\":\"{\\\"state\\\":\\\"paid\\\"}\"}", "+" },         /* an entry of PutEvents */
        { "{\"Entries\":[{\"Source\":\"x\",\"DetailType\":\"y\",\"Detail\":\"{}\"},{\"Source\":\"shop\",\"DetailType\":\"Order\",\"Detail\":\"{\\\"state\\\":\\\"paid\\\"}\"}]}", "+" },
        { "[{\"source\":\"x\"},{\"source\":\"shop\",\"detail\":{\"state\":\"open\"}}]", "- source" },                    /* the first one's clause */
        { "{\"body\":\"{}\"}", "" },
    };
    CHECK(HEAD "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [shop], detail: {state: [paid]}}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n", rows);
}

static void a_disabled_trigger_does_not_fire_and_an_unknown_part_leaves_it_open(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"source\":\"shop\"}", "- disabled\n? whether the trigger is enabled\n? source" },
        { "{\"source\":\"till\"}", "- source\n- source\n? source" },
    };
    CHECK("Parameters: {S: {Type: String}}\n" HEAD
          "  A: {Type: 'AWS::Events::Rule', Properties: {State: DISABLED, EventPattern: {source: [shop]}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n"
          "  B: {Type: 'AWS::Events::Rule', Properties: {State: !Ref S, EventPattern: {source: [shop]}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n"
          "  C: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [!Ref S]}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n", rows);
}

static void a_message_of_a_queue_is_seen_with_its_body_opened(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"body\":\"{\\\"kind\\\":\\\"order\\\"}\"}", "+" },
        { "{\"body\":{\"kind\":\"order\"}}", "+" },
        { "{\"body\":\"{\\\"kind\\\":\\\"news\\\"}\"}", "- body.kind: \"news\" is not one of [\"order\"]" },
        { "{\"body\":\"order\"}", "- body.kind: is not there" },
        { "{\"Records\":[{\"messageId\":\"1\",\"eventSource\":\"aws:sqs\",\"body\":\"{\\\"kind\\\":\\\"order\\\"}\"}]}", "+" },
        { "{\"eventSourceARN\":\"arn:aws:sqs:eu-west-1:111122223333:orders\",\"body\":{\"kind\":\"order\"}}", "+" },
        { "{\"eventSourceARN\":\"arn:aws:sqs:eu-west-1:111122223333:returns\",\"body\":{\"kind\":\"order\"}}", "- eventSourceARN: \"returns\" is not \"orders\"" },
    };
    CHECK(HEAD "  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: orders}}\n"
               "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref Fn, "
               "FilterCriteria: {Filters: [{Pattern: '{\"body\":{\"kind\":[\"order\"]}}'}]}}}\n", rows);
}

static void one_of_several_filters_is_enough(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"eventName\":\"INSERT\",\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"1\"}}}}", "+" },
        { "{\"eventName\":\"REMOVE\",\"userIdentity\":{\"type\":\"Service\"}}", "+" },
        { "{\"eventName\":\"MODIFY\"}", "- filter 1: eventName: \"MODIFY\" is not one of [\"INSERT\"]; filter 2: userIdentity.type: is not there" },
    };
    CHECK(HEAD "  T: {Type: 'AWS::DynamoDB::Table', Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}\n"
               "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref Fn, StartingPosition: LATEST, "
               "FilterCriteria: {Filters: [{Pattern: '{\"eventName\":[\"INSERT\"]}'}, {Pattern: '{\"userIdentity\":{\"type\":[\"Service\"]}}'}]}}}\n", rows);
}

static void data_of_a_stream_is_decoded(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"data\":\"eyJhIjoxfQ==\"}", "+" },                                    /* {"a":1} */
        { "{\"kinesis\":{\"data\":\"eyJhIjoxfQ==\",\"partitionKey\":\"p\"},\"eventSource\":\"aws:kinesis\"}", "+" },
        { "{\"data\":\"{\\\"a\\\":1}\"}", "+" },
        { "{\"data\":{\"a\":2}}", "- data.a: 2 is not one of [1]" },
        { "{\"data\":\"eyJhIjox!!!\"}", "- data.a: is not there" },
    };
    CHECK(HEAD "  S: {Type: 'AWS::Kinesis::Stream'}\n"
               "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {EventSourceArn: !GetAtt S.Arn, FunctionName: !Ref Fn, StartingPosition: LATEST, "
               "FilterCriteria: {Filters: [{Pattern: '{\"data\":{\"a\":[1]}}'}]}}}\n", rows);
}

static void a_subscription_looks_at_attributes_or_at_the_body(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"Message\":\"{\\\"kind\\\":\\\"sale\\\"}\",\"MessageAttributes\":{\"kind\":{\"Type\":\"String\",\"Value\":\"sale\"}}}", "+\n+" },
        { "{\"Message\":\"hello\",\"MessageAttributes\":{\"kind\":{\"DataType\":\"String\",\"StringValue\":\"sale\"}}}", "+\n- Message, kind: is not there" },
        { "{\"Message\":{\"kind\":\"sale\"}}", "- MessageAttributes, kind: is not there\n+" },
        { "{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{\"TopicArn\":\"arn:aws:sns:eu-west-1:111122223333:x\",\"Message\":\"{}\"}}]}",
          "- kind\n- kind" },
    };
    CHECK(HEAD "  T: {Type: 'AWS::SNS::Topic'}\n"
               "  A: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt Fn.Arn, FilterPolicy: {kind: [sale]}}}\n"
               "  B: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt Fn.Arn, FilterPolicyScope: MessageBody, FilterPolicy: {kind: [sale]}}}\n", rows);
}

#define S3(event, bucket, key) "{\"eventSource\":\"aws:s3\",\"eventName\":\"" event "\",\"s3\":{\"bucket\":{\"name\":\"" bucket "\"},\"object\":{\"key\":\"" key "\"}}}"

static void a_notification_is_stopped_by_event_prefix_suffix_and_bucket(void **state) {
    (void)state;
    static const match_row rows[] = {
        { S3("ObjectCreated:Put", "B", "in/a+b.csv"), "+\n+" },
        { S3("ObjectCreated:Put", "stack-b-1x2y", "in%2Fa.csv"), "+\n+" },
        { S3("s3:ObjectRemoved:Delete", "B", "in/a.csv"), "- eventName: \"s3:ObjectRemoved:Delete\" is not one of\n- detail-type" },
        { S3("ObjectCreated:Put", "B", "out/a.csv"), "- \"out/a.csv\" does not begin with \"in/\"\n- detail.object.key" },
        { S3("ObjectCreated:Put", "B", "in/a.txt"), "- does not end with \".csv\"\n+" },
        { S3("ObjectCreated:Put", "elsewhere", "in/a.csv"), "? it has no fixed name\n? detail.bucket.name" },
        { "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\"B\"},\"object\":{\"key\":\"in/a.csv\"},\"reason\":\"CopyObject\"}}", "+\n+" },
    };
    CHECK(HEAD "  B: {Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}, LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn, "
               "Filter: {S3Key: {Rules: [{Name: Prefix, Value: in/}, {Name: suffix, Value: .csv}]}}}]}}}\n"
               "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref B]}, object: {key: [{prefix: in/}]}}}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n", rows);
}

#define ROUTE(id, key) "  " id ": {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: '" key "', Target: !Sub 'integrations/${I}'}}\n"

static void the_most_specific_route_of_an_http_api_takes_the_request(void **state) {
    (void)state;
    static const match_row rows[] = {      /* A GET /pets/{id}, B GET /pets/dog, C ANY /{proxy+}, D $default, then caller -> Api */
        { "{\"method\":\"GET\",\"path\":\"/pets/dog\"}", "- GET /pets/dog is more specific\n+\n- more specific\n- more specific\n+" },
        { "{\"method\":\"get\",\"path\":\"/pets/cat/\"}", "+\n- path\n- more specific\n- more specific\n+" },
        { "{\"method\":\"POST\",\"path\":\"/pets/dog\"}", "- method: \"POST\" is not \"GET\"\n- method\n+\n- more specific\n+" },
        { "{\"httpMethod\":\"GET\",\"path\":\"/\"}", "- path\n- path\n- path: \"/\" does not match \"/{proxy+}\"\n+\n+" },
        { "{\"rawPath\":\"/prod/pets/dog\",\"requestContext\":{\"stage\":\"prod\",\"http\":{\"method\":\"GET\"}}}", "-\n+\n-\n-\n+" },
    };
    CHECK(HEAD "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP, Name: a}}\n"
               "  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}\n"
          ROUTE("A", "GET /pets/{id}") ROUTE("B", "GET /pets/dog") ROUTE("C", "ANY /{proxy+}") ROUTE("D", "$default"), rows);
}

static void an_api_whose_routes_do_not_take_the_request_is_not_reached(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"method\":\"GET\",\"path\":\"/nowhere\"}", "- path\n- no route of Api takes GET /nowhere" },
        { "{\"method\":\"GET\",\"path\":\"/pets\"}", "+\n+" },
        { "{\"path\":\"/pets\"}", "+\n+" },
    };
    CHECK(HEAD "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP, Name: a}}\n"
               "  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}\n"
          ROUTE("A", "GET /pets"), rows);
}

static void a_rest_api_finds_the_resource_before_the_method(void **state) {
    (void)state;
#define METHOD(id, resource, verb) "  " id ": {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref " resource ", HttpMethod: " verb ", AuthorizationType: NONE, " \
        "Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}\n"
    static const match_row rows[] = {      /* A GET /pets, B ANY /{proxy+} */
        { "{\"method\":\"GET\",\"path\":\"/pets\"}", "+\n- GET /pets is more specific\n+" },
        { "{\"method\":\"PUT\",\"path\":\"/pets\"}", "- method\n- more specific\n- no route" },
        { "{\"method\":\"PUT\",\"path\":\"/x/y\"}", "- path\n+\n+" },
    };
    CHECK(HEAD "  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n"
               "  Pets: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets}}\n"
               "  Any: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: '{proxy+}'}}\n"
          METHOD("A", "Pets", "GET") METHOD("B", "Any", "ANY"), rows);
}

static void topics_logs_and_user_pools_have_their_own_clauses(void **state) {
    (void)state;
    static const match_row rows[] = {      /* log group, user pool, IoT rule */
        { "{\"triggerSource\":\"PreSignUp_SignUp\"}", "+" },
        { "{\"triggerSource\":\"TokenGeneration_Authentication\"}", "- triggerSource: \"PreTokenGeneration\" is not \"PreSignUp\"" },
        { "{\"topic\":\"plant/7/heat\"}", "+" },
        { "{\"topic\":\"plant/7/light\"}", "- topic: \"plant/7/light\" does not match \"plant/+/heat\"" },
        { "{\"logEvents\":[{\"message\":\"all well\"},{\"message\":\"an ERROR came\"}]}", "+" },
        { "{\"logEvents\":[{\"message\":\"all well\"}]}", "- no message has \"ERROR\"" },
        { "{\"awslogs\":{\"data\":\"H4sI\"}}", "? compressed" },
    };
    CHECK(HEAD "  G: {Type: 'AWS::Logs::LogGroup'}\n"
               "  F: {Type: 'AWS::Logs::SubscriptionFilter', Properties: {LogGroupName: !Ref G, FilterPattern: ERROR, DestinationArn: !GetAtt Fn.Arn}}\n"
               "  P: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreSignUp: !GetAtt Fn.Arn}}}\n"
               "  T: {Type: 'AWS::IoT::TopicRule', Properties: {TopicRulePayload: {Sql: \"SELECT * FROM 'plant/+/heat'\", Actions: [{Lambda: {FunctionArn: !GetAtt Fn.Arn}}]}}}\n", rows);
}

static void a_filter_with_branches_says_what_all_of_them_say(void **state) {
    (void)state;
    static const match_row rows[] = {
        { "{\"source\":\"shop\",\"region\":\"x\"}", "?" },
        { "{\"source\":\"till\",\"region\":\"x\"}", "- source" },
    };
    CHECK("Parameters: {S: {Type: String}}\nConditions: {C: !Equals [!Ref S, a]}\n" HEAD
          "  R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: {source: [shop], region: !If [C, [x], [y]]}, Targets: [{Id: f, Arn: !GetAtt Fn.Arn}]}}\n", rows);
}

static void what_is_no_event_is_refused_with_what_it_lacks(void **state) {
    (void)state;
    static const struct { const char *event, *why; } rows[] = {
        { "{\"hello\":1}", "is no event that sflint knows" },
        { "\"text\"", "JSON object" },
        { "[]", "holds no record" },
        { "{\"Records\":[]}", "holds no record" },
        { "[1]", "JSON object" },
        { "{\"Records\":[{\"source\":\"x\"},{}]}", "is no event" },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        slice why = SLICE("");
        const doc_node *doc = doc_parse_json(a, slice_from(rows[i].event), (pos){ 0, 1, 1 }, NULL);
        const match_event *m = match_event_new(a, value_from_doc(a, doc), &why);
        if (m != NULL || slice_find_slice(why, slice_from(rows[i].why)) == (size_t)-1) fail_msg("%s: %.*s", rows[i].event, SLICE_ARG(why));
    }
    arena_free(a);
}

static void a_hundred_records_are_taken_and_one_more_is_not(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t n = MATCH_MAX_RECORDS; n <= MATCH_MAX_RECORDS + 1; n++) {
        buf b = { .arena = a };
        buf_char(&b, '[');
        for (size_t i = 0; i < n; i++) buf_printf(&b, "%s{\"source\":\"x\"}", i == 0 ? "" : ",");
        buf_char(&b, ']');
        slice why = SLICE("");
        const match_event *m = match_event_new(a, value_from_doc(a, doc_parse_json(a, buf_as_slice(&b), (pos){ 0, 1, 1 }, NULL)), &why);
        assert_int_equal(m != NULL, n == MATCH_MAX_RECORDS);
    }
    arena_free(a);
}

int main(void) {
    (void)edges_check;         /* of the fixture; not asked here */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_eventbridge_event_fires_the_rules_whose_pattern_takes_it),
        cmocka_unit_test(a_disabled_trigger_does_not_fire_and_an_unknown_part_leaves_it_open),
        cmocka_unit_test(a_message_of_a_queue_is_seen_with_its_body_opened),
        cmocka_unit_test(one_of_several_filters_is_enough),
        cmocka_unit_test(data_of_a_stream_is_decoded),
        cmocka_unit_test(a_subscription_looks_at_attributes_or_at_the_body),
        cmocka_unit_test(a_notification_is_stopped_by_event_prefix_suffix_and_bucket),
        cmocka_unit_test(the_most_specific_route_of_an_http_api_takes_the_request),
        cmocka_unit_test(an_api_whose_routes_do_not_take_the_request_is_not_reached),
        cmocka_unit_test(a_rest_api_finds_the_resource_before_the_method),
        cmocka_unit_test(topics_logs_and_user_pools_have_their_own_clauses),
        cmocka_unit_test(a_filter_with_branches_says_what_all_of_them_say),
        cmocka_unit_test(what_is_no_event_is_refused_with_what_it_lacks),
        cmocka_unit_test(a_hundred_records_are_taken_and_one_more_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
