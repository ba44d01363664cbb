/* The wire of AWS's clients: where a request goes, forms as members, answers as XML and JSON. */
#include "template_fixture.h"

#include "smoke/aws/protocol.h"
#include "smoke/aws/services.h"

static const char *text_of(arena *a, const doc_node *n) { return n == NULL ? "NULL" : c_text(a, js_text(a, n)); }

/* ---- routes ---- */

static const struct {
    const char *method, *path, *query, *target, *signed_as, *type, *body;
    const char *want;            /* "PROTOCOL SERVICE OPERATION" */
} routes[] = {
    { "POST", "/", "", "AmazonSQS.SendMessage", "sqs", "application/x-amz-json-1.0", "{}", "json10 sqs SendMessage" },
    { "POST", "/", "", "AWSEvents.PutEvents", "events", "application/x-amz-json-1.1", "{}", "json11 events PutEvents" },
    { "POST", "/", "", "AWSStepFunctions.StartExecution", "", "application/x-amz-json-1.0", "{}", "json10 states StartExecution" },
    { "POST", "/", "", "Nobody_1.Do", "nobody", "application/x-amz-json-1.1", "{}", "json11 - Do" },
    { "POST", "/", "", "AmazonSQS", "sqs", "application/x-amz-json-1.0", "{}", "json10 sqs " },
    { "POST", "/", "", "", "sns", "application/x-www-form-urlencoded; charset=utf-8", "Action=Publish&Version=2010-03-31", "query sns Publish" },
    { "POST", "/123456789012/q", "", "", "sqs", "application/x-www-form-urlencoded", "Version=2012-11-05&Action=SendMessage", "query sqs SendMessage" },
    { "POST", "/", "", "", "", "application/x-www-form-urlencoded", "Action=AssumeRole&Version=2011-06-15", "query sts AssumeRole" },
    { "GET", "/", "Action=GetCallerIdentity&Version=2011-06-15", "", "sts", "", "", "query sts GetCallerIdentity" },
    { "POST", "/", "", "", "iam", "application/x-www-form-urlencoded", "Action=ListRoles&Version=2010-05-08", "query - ListRoles" },
    { "POST", "/2015-03-31/functions/f/invocations", "", "", "lambda", "application/octet-stream", "{}", "rest lambda " },
    { "POST", "/schedules/s", "", "", "scheduler", "application/json", "{}", "rest scheduler " },
    { "GET", "/schedule-groups/s", "", "", "scheduler", "", "", "rest scheduler " },
    { "POST", "/prod/@connections/abc%3D", "", "", "execute-api", "application/octet-stream", "x", "rest execute-api " },
    { "POST", "/%40connections/abc%3D", "", "", "", "application/octet-stream", "x", "rest execute-api " },
    { "POST", "/TraceSegments", "", "", "xray", "application/json", "{}", "rest xray " },
    { "POST", "/configurationsessions", "", "", "appconfig", "application/json", "{}", "rest appconfig " },
    { "POST", "/v2/email/outbound-emails", "", "", "ses", "application/json", "{}", "rest sesv2 " },
    { "POST", "/topics/a/b", "qos=0", "", "iotdata", "", "{}", "rest iotdata " },
    { "POST", "/model/m/invoke", "", "", "bedrock", "application/json", "{}", "rest - " },
    { "POST", "/", "", "", "ses", "application/json", "{}", "rest - " },
    { "POST", "/", "", "", "", "", "", "rest - " },
};

static const char *protocol_name(aws_protocol p) {
    static const char *const names[] = { "json10", "json11", "query", "rest", "xml", "cbor", "inside" };
    return names[p];
}

static void a_request_goes_to_its_service(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(routes); i++) {
        slice signature = routes[i].signed_as[0] == '\0' ? SLICE("") :
            arena_printf(a, "AWS4-HMAC-SHA256 Credential=SFLINT00000000000003/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0", routes[i].signed_as);
        aws_request r = { .method = slice_from(routes[i].method), .path = slice_from(routes[i].path), .query = slice_from(routes[i].query), .target = slice_from(routes[i].target),
                          .authorization = signature, .content_type = slice_from(routes[i].type), .smithy_protocol = SLICE(""), .body = slice_from(routes[i].body) };
        aws_route at = aws_route_of(a, &r);
        slice got = arena_printf(a, "%s %s %.*s", protocol_name(at.protocol), at.service == NULL ? "-" : at.service->name, SLICE_ARG(at.operation));
        if (!slice_is(got, routes[i].want)) fail_msg("%s %s %s: want %s, got %s", routes[i].method, routes[i].path, routes[i].body, routes[i].want, c_text(a, got));
        if (signature.len > 0 && !slice_is(at.key, "SFLINT00000000000003")) fail_msg("%s: key %.*s", routes[i].path, SLICE_ARG(at.key));
    }
    arena_free(a);
}

static void a_presigned_url_and_sigv4a_name_their_key(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    aws_request presigned = { .method = SLICE("POST"), .path = SLICE("/2015-03-31/functions/f/invocations"), .authorization = SLICE(""), .target = SLICE(""), .content_type = SLICE(""),
                              .smithy_protocol = SLICE(""), .body = SLICE(""), .query = SLICE("X-Amz-Credential=SFLINT1%2F20260101%2Fus-east-1%2Flambda%2Faws4_request&X-Amz-Date=x") };
    assert_true(slice_is(aws_route_of(a, &presigned).key, "SFLINT1"));
    aws_request many = presigned;
    many.query = SLICE("");
    many.authorization = SLICE("AWS4-ECDSA-P256-SHA256 Credential=SFLINT2/20260101/lambda/aws4_request, SignedHeaders=host");
    assert_true(slice_is(aws_route_of(a, &many).key, "SFLINT2"));
    assert_true(slice_is(aws_route_of(a, &many).service_name, "lambda"));
    many.authorization = SLICE("Credential=");
    assert_int_equal(aws_route_of(a, &many).key.len, 0);
    arena_free(a);
}

static void smithy_rpc_is_told_apart(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    aws_request r = { .method = SLICE("POST"), .path = SLICE("/service/GraniteServiceVersion20100801/operation/PutMetricData"), .query = SLICE(""), .target = SLICE(""),
                      .authorization = SLICE(""), .content_type = SLICE("application/cbor"), .smithy_protocol = SLICE("rpc-v2-cbor"), .body = SLICE("") };
    aws_route at = aws_route_of(a, &r);
    assert_int_equal(at.protocol, PROTOCOL_CBOR);
    assert_true(slice_is(at.operation, "PutMetricData"));
    arena_free(a);
}

/* ---- forms ---- */

static const struct { const char *operation, *form, *want; } forms[] = {
    { "Publish", "Action=Publish&Version=2010-03-31&Message=a+b%26c&Subject=", "{\"Message\":\"a b&c\",\"Subject\":\"\"}" },
    { "Publish", "MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v",
      "{\"MessageAttributes\":{\"k\":{\"DataType\":\"String\",\"StringValue\":\"v\"}}}" },
    { "X", "A.member.2=b&A.member.1=a&A.member.10=c", "{\"A\":[\"a\",\"b\",\"c\"]}" },
    { "X", "A.member.1.B.member.1=x&A.member.1.C=y", "{\"A\":[{\"B\":[\"x\"],\"C\":\"y\"}]}" },
    { "X", "A.member=x", "{\"A\":{\"member\":\"x\"}}" },
    { "X", "A.entry.1.key=k&A.entry.1.value=v&A.entry.2.key=k&A.entry.2.value=w", "{\"A\":{\"k\":\"v\"}}" },
    { "SendMessage", "MessageAttribute.1.Name=k&MessageAttribute.1.Value.DataType=Number&MessageAttribute.1.Value.StringValue=5",
      "{\"MessageAttributes\":{\"k\":{\"DataType\":\"Number\",\"StringValue\":\"5\"}}}" },
    { "ReceiveMessage", "AttributeName.1=All&MessageAttributeName.1=a&MessageAttributeName.2=b", "{\"AttributeNames\":[\"All\"],\"MessageAttributeNames\":[\"a\",\"b\"]}" },
    { "SendMessageBatch", "SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x&SendMessageBatchRequestEntry.2.Id=b",
      "{\"Entries\":[{\"Id\":\"a\",\"MessageBody\":\"x\"},{\"Id\":\"b\"}]}" },
    { "DeleteMessageBatch", "SendMessageBatchRequestEntry.1.Id=a", "{\"SendMessageBatchRequestEntry\":[{\"Id\":\"a\"}]}" },
    { "X", "", "{}" },
    { "X", "&&=&a&.=1&..=2", NULL },
    { "X", "A=1&A.b=2", "{\"A\":{\"b\":\"2\"}}" },
    { "X", "a%2Eb=1", "{\"a\":{\"b\":\"1\"}}" },
};

static void a_form_becomes_members(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(forms); i++) {
        slice why;
        const doc_node *n = query_read(a, &sqs_service, slice_from(forms[i].operation), slice_from(forms[i].form), &why);
        if (n == NULL) fail_msg("%s: refused", forms[i].form);
        if (forms[i].want != NULL && strcmp(text_of(a, n), forms[i].want) != 0) fail_msg("%s\nwant %s\ngot  %s", forms[i].form, forms[i].want, text_of(a, n));
    }
    arena_free(a);
}

static void a_form_has_limits(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    slice why = SLICE("");
    buf deep = { .arena = a }, deeper = { .arena = a }, many = { .arena = a }, more = { .arena = a };
    for (unsigned i = 0; i < QUERY_MAX_DEPTH; i++) buf_text(&deep, i == 0 ? "a" : ".a");
    buf_slice(&deeper, buf_as_slice(&deep));
    buf_text(&deeper, ".a");
    assert_non_null(query_read(a, NULL, SLICE("X"), buf_as_slice(&deep), &why));
    assert_null(query_read(a, NULL, SLICE("X"), buf_as_slice(&deeper), &why));
    assert_true(why.len > 0);
    for (unsigned i = 0; i < QUERY_MAX_FIELDS; i++) buf_printf(&many, "a.member.%u=x&", i);
    buf_slice(&more, buf_as_slice(&many));
    buf_text(&more, "b=x");
    assert_non_null(query_read(a, NULL, SLICE("X"), buf_as_slice(&many), &why));
    assert_null(query_read(a, NULL, SLICE("X"), buf_as_slice(&more), &why));
    arena_free(a);
}

/* ---- answers ---- */

static const struct { const aws_service *service; const char *operation, *out, *want; } answers[] = {
    { &sns_service, "Publish", "{\"MessageId\":\"m\"}",
      "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m</MessageId></PublishResult>"
      "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>" },
    { &sns_service, "PublishBatch", "{\"Successful\":[{\"Id\":\"1\"}],\"Failed\":[]}",
      "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult><Successful><member><Id>1</Id></member></Successful><Failed></Failed></PublishBatchResult>"
      "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>" },
    { &sqs_service, "ReceiveMessage", "{\"Messages\":[{\"Body\":\"a<&>\\r\\u0001\",\"Attributes\":{\"SentTimestamp\":\"1\"},\"MessageAttributes\":{\"k\":{\"DataType\":\"String\"}}}]}",
      "<ReceiveMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ReceiveMessageResult><Message><Body>a&lt;&amp;&gt;&#xD;\xEF\xBF\xBD</Body>"
      "<Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute><MessageAttribute><Name>k</Name><Value><DataType>String</DataType></Value></MessageAttribute></Message>"
      "</ReceiveMessageResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ReceiveMessageResponse>" },
    { &sqs_service, "SendMessageBatch", "{\"Successful\":[{\"Id\":\"a\"}],\"Failed\":[{\"Id\":\"b\",\"SenderFault\":true}]}",
      "<SendMessageBatchResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageBatchResult><SendMessageBatchResultEntry><Id>a</Id></SendMessageBatchResultEntry>"
      "<BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault></BatchResultErrorEntry></SendMessageBatchResult>"
      "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SendMessageBatchResponse>" },
};

static void an_answer_becomes_xml(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(answers); i++) {
        const doc_node *out = js_read(a, slice_from(answers[i].out));
        assert_non_null(out);
        slice got = query_answer(a, answers[i].service, slice_from(answers[i].operation), out, SLICE("r"));
        if (!slice_is(got, answers[i].want)) fail_msg("%s\nwant %s\ngot  %s", answers[i].operation, answers[i].want, c_text(a, got));
    }
    arena_free(a);
}

static void errors_have_the_shape_of_their_protocol(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    assert_string_equal(c_text(a, query_error(a, NULL, SLICE("A"), SLICE("<m>"), SLICE("r"))),
                        "<ErrorResponse><Error><Type>Sender</Type><Code>A</Code><Message>&lt;m&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>");
    assert_string_equal(c_text(a, json_error(a, &sqs_service, SLICE("QueueDoesNotExist"), SLICE("m"), NULL)), "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"m\"}");
    assert_string_equal(c_text(a, json_error(a, &sqs_service, SLICE("x#Y"), SLICE("m"), js_read(a, SLICE("{\"Item\":{}}")))), "{\"__type\":\"x#Y\",\"message\":\"m\",\"Item\":{}}");
    assert_string_equal(c_text(a, rest_json_error(a, SLICE("m\"\x80"), NULL)), "{\"message\":\"m\\\"\xEF\xBF\xBD\"}");
    assert_string_equal(c_text(a, rest_xml_error(a, SLICE("NoSuchKey"), SLICE("m"), SLICE("/b/k"), SLICE("r"))),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message><Resource>/b/k</Resource><RequestId>r</RequestId></Error>");
    assert_string_equal(aws_alias_of(&sqs_service, SLICE("QueueDoesNotExist"))->query_code, "AWS.SimpleQueueService.NonExistentQueue");
    assert_string_equal(aws_alias_of(&sqs_service, SLICE("MissingParameter"))->code, "MissingRequiredParameterException");
    assert_null(aws_alias_of(&sts_service, SLICE("X")));
    arena_free(a);
}

static void a_json_body_is_an_object(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    assert_string_equal(text_of(a, json_members(a, SLICE(" "))), "{}");
    assert_string_equal(text_of(a, json_members(a, SLICE("{\"a\":1}"))), "{\"a\":1}");
    assert_null(json_members(a, SLICE("[1]")));
    assert_null(json_members(a, SLICE("{\"a\":1")));
    assert_null(json_members(a, SLICE("{\"a\":1} x")));
    arena_free(a);
}

static const struct { const char *path, *form, *want; } paths[] = {
    { "/schedules/a%2Fb", "/schedules/{}", "a/b" },
    { "/schedules/a/", "/schedules/{}", "a" },
    { "/schedules/", "/schedules/{}", NULL },
    { "/schedules/a/b", "/schedules/{}", NULL },
    { "/topics/a/b", "/topics/{+}", "a/b" },
    { "/prod/@connections/x", "/{}/@connections/{}", "prod" },
    { "/TraceSegments", "/TraceSegments", "" },
    { "/a/b/c/d/e", "/{}/{}/{}/{}/{}", NULL },
};

static void a_path_is_held_against_its_form(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(paths); i++) {
        slice label[REST_MAX_LABELS] = { SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("") };
        bool fits = rest_path(a, slice_from(paths[i].path), paths[i].form, label);
        if (fits != (paths[i].want != NULL) || (fits && !slice_is(label[0], paths[i].want))) fail_msg("%s: %d %.*s", paths[i].path, fits, SLICE_ARG(label[0]));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_goes_to_its_service),
        cmocka_unit_test(a_presigned_url_and_sigv4a_name_their_key),
        cmocka_unit_test(smithy_rpc_is_told_apart),
        cmocka_unit_test(a_form_becomes_members),
        cmocka_unit_test(a_form_has_limits),
        cmocka_unit_test(an_answer_becomes_xml),
        cmocka_unit_test(errors_have_the_shape_of_their_protocol),
        cmocka_unit_test(a_json_body_is_an_object),
        cmocka_unit_test(a_path_is_held_against_its_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
