/* What the HTTP callers make of a function's answer, one row an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "smoke/event/make.h"

/* `want`: "STATUS HEADERS BODY" and "; note" behind it, or "refused: why". */
static const struct { const char *version, *payload, *want; } answers[] = {
    { "REST", "{\"statusCode\":200,\"body\":\"ok\"}", "200 {} ok" },
    { "REST", "{\"statusCode\":\"201\",\"headers\":{\"a\":\"b\",\"c\":true},\"body\":\"ok\"}", "201 {\"a\":\"b\",\"c\":\"true\"} ok" },
    { "REST", "{}", "200 {} ; a REST API's answer has no statusCode: the client gets 200" },
    { "REST", "{\"statusCode\":200,\"body\":{\"a\":1}}", "refused: a REST API's answer: body is an object, not a text: write it as JSON text" },
    { "REST", "{\"statusCode\":200,\"body\":5}", "refused: a REST API's answer: body is a number, not a text" },
    { "REST", "{\"statusCode\":200,\"headers\":{\"n\":1}}", "200 {\"n\":\"1\"} ; a REST API's answer: header n is a number: the client gets it as text" },
    { "REST", "{\"statusCode\":200,\"headers\":{\"n\":null}}", "refused: a REST API's answer: header n is null, not a text" },
    { "REST", "{\"statusCode\":200,\"headers\":[]}", "refused: a REST API's answer: headers is a list, not an object" },
    { "REST", "{\"statusCode\":200,\"multiValueHeaders\":{\"x\":\"y\"}}", "refused: a REST API's answer: multiValueHeaders.x is a text, not a list" },
    { "REST", "{\"statusCode\":200,\"multiValueHeaders\":{\"x\":[\"y\",\"z\"]}}", "200 {\"x\":[\"y\",\"z\"]} " },
    { "REST", "{\"statusCode\":200,\"Body\":\"x\"}", "refused: a REST API's answer has a member `Body` that it may not have: only statusCode, headers, multiValueHeaders, body, isBase64Encoded" },
    { "REST", "{\"statusCode\":\"abc\"}", "refused: a REST API's answer: statusCode is another text, not a number from 100 to 999" },
    { "REST", "{\"statusCode\":99}", "refused: a REST API's answer: statusCode is another number, not a number from 100 to 999" },
    { "REST", "\"ok\"", "refused: a REST API's answer is a text, not an object" },
    { "REST", "null", "refused: a REST API's answer is empty: the function returned nothing" },
    { "REST", "", "refused: a REST API's answer is empty: the function returned nothing" },
    { "REST", "{\"statusCode\":200,\"body\":\"aGk=\",\"isBase64Encoded\":true}", "200 {} hi" },
    { "REST", "{\"statusCode\":200,\"body\":\"?\",\"isBase64Encoded\":true}", "refused: a REST API's answer: isBase64Encoded is true and body is no base64" },
    { "1.0", "{\"ok\":true}", "refused: format 1.0 answer has no statusCode" },
    { "1.0", "{\"statusCode\":200,\"body\":\"ok\",\"more\":1}", "200 {} ok" },
    { "2.0", "{\"ok\":true}", "200 {\"content-type\":\"application/json\"} {\"ok\":true}" },
    { "2.0", "\"Hello, world!\"", "200 {\"content-type\":\"application/json\"} \"Hello, world!\"" },
    { "2.0", "{\"body\":\"x\"}", "200 {\"content-type\":\"application/json\"} {\"body\":\"x\"}; format 2.0 answer has no statusCode: the client gets the whole object, body and headers included, as JSON" },
    { "2.0", "{\"statusCode\":302,\"headers\":{\"location\":\"/\"},\"cookies\":[\"a=1\"]}", "302 {\"location\":\"/\",\"set-cookie\":[\"a=1\"]} " },
    { "2.0", "{\"statusCode\":200,\"body\":{}}", "refused: format 2.0 answer: body is an object, not a text: write it as JSON text" },
    { "2.0", "{\"statusCode\":200,\"cookies\":\"a=1\"}", "refused: format 2.0 answer: cookies is a text, not a list of texts" },
    { "2.0", "null", "200 {\"content-type\":\"application/json\"} null; the function returned nothing: the client gets 200 and the body null" },
    { "2.0", "{", "refused: format 2.0 answer is no JSON" },
    { "URL", "[1]", "200 {\"content-type\":\"application/json\"} [1]" },
    { "websocket", "{\"statusCode\":200}", "200 {} " },
    { "websocket", "{}", "refused: a WebSocket API's answer has no statusCode" },
    { "alb", "{\"statusCode\":200,\"statusDescription\":\"200 OK\",\"isBase64Encoded\":false,\"body\":\"x\"}", "200 {} x" },
    { "alb", "{\"statusCode\":200,\"body\":\"x\"}", "200 {} x; a load balancer's answer has no isBase64Encoded" },
    { "alb", "{\"body\":\"x\"}", "refused: a load balancer's answer has no statusCode" },
};

static void an_answer_is_what_its_caller_takes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        arena *a = arena_make(0, NULL);
        made_response r;
        slice why = SLICE(""), got;
        if (make_response(a, slice_from(answers[i].version), slice_from(answers[i].payload), &r, &why)) {
            slice headers = js_text(a, r.headers);
            got = arena_printf(a, "%u %.*s %.*s%s%.*s", r.status, SLICE_ARG(headers), SLICE_ARG(r.body), r.note.len > 0 ? "; " : "", SLICE_ARG(r.note));
        } else {
            got = arena_printf(a, "refused: %.*s", SLICE_ARG(why));
        }
        if (!slice_is(got, answers[i].want)) fail_msg("%s %s:\nwant %s\ngot  %.*s", answers[i].version, answers[i].payload, answers[i].want, SLICE_ARG(got));
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(an_answer_is_what_its_caller_takes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
