/* Requests, authorizers, pipes, buckets and custom resources: stories. */
#include "flow_fixture.h"

#define FUNCTION(name) "  " name ": {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: app.handler, Role: 'arn:aws:iam::123456789012:role/r', Code: {ZipFile: x}}}\n"
#define MAY(function, who) "  " function "May: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref " function ", Principal: " who "}}\n"
#define REST(auth) \
    "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n" FUNCTION("Worker") MAY("Worker", "apigateway.amazonaws.com") FUNCTION("Guard") MAY("Guard", "apigateway.amazonaws.com") \
    "  Items: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}}\n" \
    "  Authorizer: {Type: AWS::ApiGateway::Authorizer, Properties: {Name: g, Type: TOKEN, RestApiId: !Ref Api, IdentitySource: method.request.header.Authorization, AuthorizerUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations'}}\n" \
    "  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Items, HttpMethod: GET, " auth ", Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Worker.Arn}/invocations'}}}\n"
#define GUARDED REST("AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer")

static const char *policy(flows *t, const char *effect) {
    return arena_printf(t->graph.arena, "{\"principalId\":\"u\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":{\"Action\":\"execute-api:Invoke\",\"Effect\":\"%s\","
                        "\"Resource\":\"arn:aws:execute-api:*:*:*/*/GET/items\"}},\"context\":{\"n\":5,\"b\":true,\"s\":\"x\"}}", effect).at;
}

static const char *allows(flows *t, slice function, const doc_node *event) {
    if (slice_is(function, "Guard")) return policy(t, "Allow");
    const doc_node *by = js_at(event, "requestContext.authorizer");
    if (by != NULL) snprintf(t->state, sizeof t->state, "%s", js_text(t->graph.arena, by).at);
    return "{\"statusCode\":200,\"body\":\"ok\"}";
}

static const char *denies(flows *t, slice function, const doc_node *event) { return slice_is(function, "Guard") ? policy(t, "Deny") : allows(t, function, event); }
static const char *unauthorized(flows *t, slice function, const doc_node *event) { return slice_is(function, "Guard") ? "!Error: Unauthorized" : allows(t, function, event); }
static const char *breaks(flows *t, slice function, const doc_node *event) { return slice_is(function, "Guard") ? "!ValueError: no" : allows(t, function, event); }
static const char *wrong_answer(flows *t, slice function, const doc_node *event) { return slice_is(function, "Guard") ? "{}" : allows(t, function, event); }
static const char *no_body_text(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return "{\"statusCode\":200,\"body\":{\"a\":1}}";
}

static const struct {
    const char *what, *yaml;
    flow_handler handler;
    bool header;
    unsigned status;
    const char *body, *story;
} requests[] = {
    { "a request", REST("AuthorizationType: NONE"), allows, false, 200, "ok", "Api -> Worker sync passed\n" },
    { "a body that is no text", REST("AuthorizationType: NONE"), no_body_text, false, 502, "{\"message\":\"Internal server error\"}", "failed" },
    { "no key", REST("AuthorizationType: NONE, ApiKeyRequired: true"), allows, false, 403, "{\"message\":\"Forbidden\"}", "skipped: 403 without a call" },
    { "no signature", REST("AuthorizationType: AWS_IAM"), allows, false, 403, "{\"message\":\"Missing Authentication Token\"}", "skipped: 403 without a call" },
    { "allowed", GUARDED, allows, true, 200, "ok", "Api -> Guard sync passed" },
    { "no token: no call", GUARDED, allows, false, 401, "{\"message\":\"Unauthorized\"}", "skipped: the request lacks what its authorizer asks for" },
    { "denied", GUARDED, denies, true, 403, "{\"Message\":\"User is not authorized to access this resource\"}", "skipped: its authorizer refused the request" },
    { "unauthorized", GUARDED, unauthorized, true, 401, "{\"message\":\"Unauthorized\"}", "Api -> Guard sync passed" },
    { "an authorizer that fails", GUARDED, breaks, true, 500, "", "failed: its authorizer failed: ValueError: no" },
    { "an authorizer that answers wrongly", GUARDED, wrong_answer, true, 500, "", "failed: its authorizer failed: the policy answer has no principalId" },
};

typedef struct {
    flow_response r;
    bool came;
} response;

static void responded(void *self, const flow_response *r) { *(response *)self = (response){ *r, true }; }

static void a_request_is_authorised_and_answered(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        flows t;
        response got = { 0 };
        flows_start(&t, requests[i].yaml, requests[i].handler);
        happening_request q = { .method = SLICE_INIT("GET"), .path = SLICE_INIT("/items"), .no_body = true };
        if (requests[i].header) q.headers = js_with(t.graph.arena, NULL, SLICE("authorization"), js_cstr(t.graph.arena, "Bearer x"));
        flow_request(t.run, graph_node(t.graph.graph, SLICE("Api")), &q, NULL, responded, &got);
        flow_run(t.run);
        slice story = flows_story(&t);
        bool body = requests[i].body[0] == '\0' || slice_is(got.r.body, requests[i].body);
        if (!got.came || got.r.status != requests[i].status || !body || slice_find_slice(story, slice_from(requests[i].story)) == (size_t)-1)
            fail_msg("%s: %u %.*s\n%.*s", requests[i].what, got.r.status, SLICE_ARG(got.r.body), SLICE_ARG(story));
        if (strcmp(requests[i].what, "allowed") == 0) assert_string_equal(t.state, "{\"n\":\"5\",\"b\":\"true\",\"s\":\"x\",\"principalId\":\"u\"}");
        flows_end(&t);
    }
}

static void a_request_without_a_route_is_answered(void **state) {
    (void)state;
    flows t;
    response got = { 0 };
    flows_start(&t, REST("AuthorizationType: NONE"), allows);
    happening_request q = { .method = SLICE_INIT("POST"), .path = SLICE_INIT("/items"), .no_body = true };
    flow_request(t.run, graph_node(t.graph.graph, SLICE("Api")), &q, NULL, responded, &got);
    assert_int_equal(got.r.status, 403);
    assert_true(slice_is(got.r.body, "{\"message\":\"Missing Authentication Token\"}"));
    flows_end(&t);
}

/* ---- WebSocket APIs: a connection is made before anything is said over it ---- */

#define ROUTE(n, key) \
    "  R" n ": {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: '" key "', Target: !Sub 'integrations/${I" n "}'}}\n" \
    "  I" n ": {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F" n ".Arn}}\n" FUNCTION("F" n)

static const char *notes_order(flows *t, slice function, const doc_node *event) {
    (void)event;
    size_t used = strlen(t->state);
    snprintf(t->state + used, sizeof t->state - used, "%.*s ", SLICE_ARG(function));
    return "{\"statusCode\":200}";
}

static void a_connection_comes_before_its_messages_and_its_end(void **state) {
    (void)state;
    flows t;
    flows_start(&t, "Resources:\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}\n"
                    ROUTE("1", "$disconnect") ROUTE("2", "say") ROUTE("3", "$connect") MAY("F1", "apigateway.amazonaws.com") MAY("F2", "apigateway.amazonaws.com") MAY("F3", "apigateway.amazonaws.com"), notes_order);
    flows_fire(&t, NULL);
    if (strcmp(t.state, "F3 F2 F1 ") != 0) fail_msg("%s\n%.*s", t.state, SLICE_ARG(flows_story(&t)));
    flows_end(&t);
}

/* ---- custom resources: each request knows what the ones before it led to ---- */

static const char *custom(flows *t, slice function, const doc_node *event) {
    (void)function;
    slice type = js_str_of(event, "RequestType"), had = js_str_of(event, "PhysicalResourceId"), url = js_str_of(event, "ResponseURL");
    size_t used = strlen(t->state), at = slice_find_slice(url, SLICE("/_sflint/"));
    snprintf(t->state + used, sizeof t->state - used, "%.*s(%.*s) ", SLICE_ARG(type), SLICE_ARG(had));
    const char *id = slice_is(type, "Create") ? "first" : "second";
    slice body = arena_printf(t->graph.arena, "{\"Status\":\"SUCCESS\",\"PhysicalResourceId\":\"%s\"}", id);
    assert_true(flow_called_back(t->run, slice_after(url, at), body));
    return NULL;
}

static const char *silent(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)function;
    (void)event;
    return NULL;
}

#define CUSTOM "Resources:\n" FUNCTION("Worker") "  Thing: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Worker.Arn}}\n"

static void requests_of_a_custom_resource_are_chained(void **state) {
    (void)state;
    flows t;
    flows_start(&t, CUSTOM, custom);
    flows_fire(&t, "Worker");
    slice story = flows_story(&t);
    if (strcmp(t.state, "Create() Update(first) Delete(second) ") != 0) fail_msg("%s\n%.*s", t.state, SLICE_ARG(story));
    assert_true(slice_find_slice(story, SLICE("Update answered another PhysicalResourceId (second, not first)")) != (size_t)-1);
    assert_true(slice_find_slice(story, SLICE("failed")) == (size_t)-1);
    flows_end(&t);
}

static void a_custom_resource_that_says_nothing_has_failed(void **state) {
    (void)state;
    flows t;
    flows_start(&t, CUSTOM, silent);
    flows_fire(&t, "Worker");
    assert_true(slice_find_slice(flows_story(&t), SLICE("failed (Create): nothing was sent to ResponseURL")) != (size_t)-1);
    flows_end(&t);
}

/* ---- pipes ---- */

#define PIPE(more) \
    "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}\n  Dead: {Type: AWS::SQS::Queue}\n  Out: {Type: AWS::SQS::Queue}\n" \
    FUNCTION("Worker") FUNCTION("Enrich") "  Pipe: {Type: AWS::Pipes::Pipe, Properties: {RoleArn: 'arn:aws:iam::123456789012:role/r', Source: !GetAtt Queue.Arn, " more "}}\n"

static const char *enriches(flows *t, slice function, const doc_node *event) {
    if (slice_is(function, "Enrich")) return "[{\"b\":1}]";
    snprintf(t->state, sizeof t->state, "%s", js_text(t->graph.arena, event).at);
    return NULL;
}
static const char *enrichment_fails(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)event;
    return slice_is(function, "Enrich") ? "!ValueError: no" : NULL;
}
static const char *enriches_nothing(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)event;
    return slice_is(function, "Enrich") ? "[]" : "!ValueError: not to be called";
}
static const char *target_fails(flows *t, slice function, const doc_node *event) {
    (void)t;
    (void)event;
    return slice_is(function, "Worker") ? "!ValueError: no" : "[1]";
}

static const struct { const char *what, *yaml; flow_handler handler; const char *story; } pipes[] = {
    { "enriched, then the target", PIPE("Enrichment: !GetAtt Enrich.Arn, Target: !GetAtt Worker.Arn"), enriches, "Queue -> Worker poll passed\n  Queue -> Enrich sync passed\n" },
    { "an enrichment that fails is tried again, then the dead letter", PIPE("Enrichment: !GetAtt Enrich.Arn, Target: !GetAtt Worker.Arn"), enrichment_fails,
      "Queue -> Worker poll failed: the enrichment failed: ValueError: no\n  Queue -> Enrich sync failed: ValueError: no\n  Queue -> Enrich sync failed: ValueError: no\n  Queue -> Dead dead-letter passed x2\n" },
    { "an empty list ends it", PIPE("Enrichment: !GetAtt Enrich.Arn, Target: !GetAtt Worker.Arn"), enriches_nothing,
      "Queue -> Worker poll passed\n  note: the enrichment returned an empty list: the target is not called\n" },
    { "a target that fails", PIPE("Target: !GetAtt Worker.Arn"), target_fails, "Queue -> Worker poll failed x2: ValueError: no\n  Queue -> Dead dead-letter passed x2\n" },
    { "a queue as target", PIPE("Target: !GetAtt Out.Arn"), NULL, "Queue -> Out poll passed\n" },
    { "a template that gives no JSON", PIPE("Target: !GetAtt Worker.Arn, TargetParameters: {InputTemplate: '{\"a\":<$.nothing>}'}"), NULL, "failed: the input template gives no JSON: {\"a\":}" },
};

static void stories_of_pipes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(pipes); i++) {
        flows t;
        flows_start(&t, pipes[i].yaml, pipes[i].handler);
        flows_fire(&t, NULL);
        slice story = flows_story(&t);
        if (slice_find_slice(story, slice_from(pipes[i].story)) == (size_t)-1) fail_msg("%s: want %s in\n%.*s", pipes[i].what, pipes[i].story, SLICE_ARG(story));
        if (i == 0) assert_string_equal(t.state, "[{\"b\":1}]");
        flows_end(&t);
    }
}

/* ---- buckets ---- */

#define BUCKET(more) "Resources:\n" FUNCTION("Worker") MAY("Worker", "s3.amazonaws.com") "  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: photos" more "}}\n"
#define CONFIGURED ", NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Worker.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .jpg}]}}}]}"

static const char *takes_key(flows *t, slice function, const doc_node *event) {
    (void)function;
    slice key = js_str(js_at(event, "Records[0].s3.object.key"));
    if (key.len == 0) key = js_str(js_at(event, "detail.object.key"));
    snprintf(t->state, sizeof t->state, "%.*s", SLICE_ARG(key));
    return NULL;
}

static const struct { const char *what, *yaml, *event, *key, *got; } objects[] = {
    { "a key that fits arrives encoded", BUCKET(CONFIGURED), "ObjectCreated:Put", "in/a b+\xc3\xa4.jpg", "in/a+b%2B%C3%A4.jpg" },
    { "another prefix", BUCKET(CONFIGURED), "ObjectCreated:Put", "out/a.jpg", "" },
    { "another suffix", BUCKET(CONFIGURED), "ObjectCreated:Put", "in/a.png", "" },
    { "another event", BUCKET(CONFIGURED), "ObjectRemoved:Delete", "in/a.jpg", "" },
    { "over EventBridge the key is not encoded", BUCKET(", NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}")
      "  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [photos]}}}, Targets: [{Id: f, Arn: !GetAtt Worker.Arn}]}}\n"
      "  Also: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Worker, Principal: events.amazonaws.com}}\n",
      "ObjectCreated:Put", "in/a b.jpg", "in/a b.jpg" },
    { "EventBridge is off", BUCKET("")
      "  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [photos]}}}, Targets: [{Id: f, Arn: !GetAtt Worker.Arn}]}}\n"
      "  Also: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Worker, Principal: events.amazonaws.com}}\n",
      "ObjectCreated:Put", "in/a b.jpg", "" },
};

static void a_bucket_tells_of_its_objects(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(objects); i++) {
        flows t;
        flows_start(&t, objects[i].yaml, takes_key);
        happening_object o = { .event = slice_from(objects[i].event), .key = slice_from(objects[i].key), .etag = SLICE_INIT("e"), .version = SLICE_INIT("") };
        firing *cause = firing_new(t.run, NULL, NULL);
        flow_object(t.run, flows_resource(&t, "Photos"), &o, cause);
        flow_run(t.run);
        if (strcmp(t.state, objects[i].got) != 0 || t.calls != (objects[i].got[0] != '\0'))
            fail_msg("%s: want %s, got %s in %zu calls\n%.*s", objects[i].what, objects[i].got, t.state, t.calls, SLICE_ARG(flows_story(&t)));
        flows_end(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_authorised_and_answered),
        cmocka_unit_test(a_request_without_a_route_is_answered),
        cmocka_unit_test(a_connection_comes_before_its_messages_and_its_end),
        cmocka_unit_test(requests_of_a_custom_resource_are_chained),
        cmocka_unit_test(a_custom_resource_that_says_nothing_has_failed),
        cmocka_unit_test(stories_of_pipes),
        cmocka_unit_test(a_bucket_tells_of_its_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
