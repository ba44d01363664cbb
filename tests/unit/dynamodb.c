/* DynamoDB as the endpoint does it: operations called from inside on a template's tables, and the order in which keys lie. */
#include <stdlib.h>
#include <time.h>

#include "template_fixture.h"

#include "smoke/aws/dynamodb_table.h"
#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"

static const char stack[] =
    "Transform: AWS::Serverless-2016-10-31\n"
    "Resources:\n"
    "  Orders:\n"
    "    Type: AWS::DynamoDB::Table\n"
    "    Properties:\n"
    "      TableName: orders\n"
    "      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: N}, {AttributeName: mail, AttributeType: S}]\n"
    "      KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]\n"
    "      GlobalSecondaryIndexes: [{IndexName: mails, KeySchema: [{AttributeName: mail, KeyType: HASH}], Projection: {ProjectionType: KEYS_ONLY}}]\n"
    "  Everywhere:\n"
    "    Type: AWS::DynamoDB::GlobalTable\n"
    "    Properties:\n"
    "      AttributeDefinitions: [{AttributeName: id, AttributeType: B}]\n"
    "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n"
    "      Replicas: [{Region: us-east-1}]\n"
    "  Simple:\n"
    "    Type: AWS::Serverless::SimpleTable\n";

typedef struct {
    run files;
    smoke *s;
} bench;

static bench *bench_new(void) {
    run r = run_new();
    bench *b = ARENA_NEW(r.arena, bench);
    b->files = r;
    run_text(&b->files, stack);
    graph *g = graph_build(&b->files.set, &b->files.arena, 1);
    b->s = smoke_new(r.arena, g, world_new(r.arena, g, SLICE(""), SLICE("")), 1767225600000);
    b->s->flow = flow_new(b->s);
    b->s->endpoint = endpoint_new(b->s);
    return b;
}

typedef struct {
    arena *arena;
    slice answer;
} heard;

static void hear(void *self, const doc_node *out, slice error, slice message) {
    heard *h = self;
    h->answer = error.len == 0 ? js_text(h->arena, out) : arena_printf(h->arena, "%.*s: %.*s", SLICE_ARG(error), SLICE_ARG(message));
}

static slice ask(const bench *b, const char *operation, slice in) {
    arena *a = b->files.arena;
    heard h = { a, SLICE("nothing") };
    const doc_node *members = js_read(a, in);
    if (members == NULL) fail_msg("%s: %.*s is no JSON", operation, SLICE_ARG(in));
    endpoint_call(b->s->endpoint, NULL, NULL, SLICE("dynamodb"), slice_from(operation), members, hear, &h);
    return h.answer;
}

/* Done one after the other on the same tables. */
static const struct { const char *operation, *in, *out; } steps[] = {
    { "PutItem", "{\"TableName\":\"orders\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1.0\"},\"mail\":{\"S\":\"m\"},\"x\":{\"S\":\"y\"}}}", "{}" },
    { "GetItem", "{\"TableName\":\"orders\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}", "{\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"mail\":{\"S\":\"m\"},\"x\":{\"S\":\"y\"}}}" },
    { "Query", "{\"TableName\":\"orders\",\"IndexName\":\"mails\",\"KeyConditionExpression\":\"mail = :m\",\"ExpressionAttributeValues\":{\":m\":{\"S\":\"m\"}}}",
      "{\"Items\":[{\"mail\":{\"S\":\"m\"},\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}],\"Count\":1,\"ScannedCount\":1}" },
    { "Query", "{\"TableName\":\"orders\",\"IndexName\":\"mails\",\"Select\":\"ALL_ATTRIBUTES\",\"KeyConditionExpression\":\"mail = :m\",\"ExpressionAttributeValues\":{\":m\":{\"S\":\"m\"}}}",
      "ValidationException: One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index mails because its projection type is not ALL" },
    { "UpdateItem", "{\"TableName\":\"orders\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}},\"UpdateExpression\":\"REMOVE mail\",\"ReturnValues\":\"UPDATED_OLD\"}", "{\"Attributes\":{\"mail\":{\"S\":\"m\"}}}" },
    { "Scan", "{\"TableName\":\"orders\",\"IndexName\":\"mails\"}", "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}" },
    { "Scan", "{\"TableName\":\"orders\",\"Limit\":1}",
      "{\"Items\":[{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"x\":{\"S\":\"y\"}}],\"Count\":1,\"ScannedCount\":1,\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}" },
    { "Scan", "{\"TableName\":\"orders\",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"}}}", "ValidationException: The provided starting key is invalid" },
    { "Scan", "{\"TableName\":\"orders\",\"Segment\":3}", "ValidationException: The TotalSegments parameter is required but was not present in the request when Segment parameter is present" },
    { "Scan", "{\"TableName\":\"orders\",\"Segment\":3,\"TotalSegments\":3}",
      "ValidationException: The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than TotalSegments: 3" },
    { "Query", "{\"TableName\":\"orders\"}", "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request." },
    { "Query", "{\"TableName\":\"orders\",\"KeyConditionExpression\":\"pk = :a AND pk = :a\",\"ExpressionAttributeValues\":{\":a\":{\"S\":\"a\"}}}",
      "ValidationException: KeyConditionExpressions must only contain one condition per key" },
    { "Query", "{\"TableName\":\"orders\",\"KeyConditionExpression\":\"pk = :a AND x = :a\",\"ExpressionAttributeValues\":{\":a\":{\"S\":\"a\"}}}",
      "ValidationException: Query condition missed key schema element: sk" },
    { "Query", "{\"TableName\":\"orders\",\"KeyConditionExpression\":\"pk > :a\",\"ExpressionAttributeValues\":{\":a\":{\"S\":\"a\"}}}", "ValidationException: Query key condition not supported" },
    { "Query", "{\"TableName\":\"orders\",\"KeyConditionExpression\":\"pk = :a\",\"ExpressionAttributeValues\":{\":a\":{\"S\":\"a\"}},\"Limit\":0}",
      "ValidationException: 1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1" },
    { "PutItem", "{\"TableName\":\"Everywhere\",\"Item\":{\"id\":{\"B\":\"AAE=\"}}}", "{}" },
    { "DeleteItem", "{\"TableName\":\"Everywhere\",\"Key\":{\"id\":{\"B\":\"AAE=\"}},\"ReturnValues\":\"ALL_OLD\"}", "{\"Attributes\":{\"id\":{\"B\":\"AAE=\"}}}" },
    { "PutItem", "{\"TableName\":\"Simple\",\"Item\":{\"id\":{\"S\":\"1\"}}}", "{}" },
    { "putItem", "{\"TableName\":\"Simple\",\"Item\":{\"id\":{\"S\":\"2\"}}}", "{}" },
    { "PutItem", "{\"TableName\":\"Simple\",\"Item\":{\"id\":{\"S\":\"3\"},\"l\":{\"L\":{}}}}", "SerializationException: Unexpected value for the type L" },
    { "PutItem", "{\"TableName\":\"Simple\",\"Item\":[]}", "SerializationException: An item must be a map of attribute values" },
    { "PutItem", "{\"TableName\":\"Simple\"}", "ValidationException: The parameter 'Item' is required but was not present in the request" },
    { "PutItem", "{\"TableName\":5}", "ValidationException: The parameter 'TableName' is required but was not present in the request" },
    { "PutItem", "{}", "ValidationException: The parameter 'TableName' is required but was not present in the request" },
    { "PutItem", "{\"TableName\":\"Simple\",\"Item\":{\"id\":{\"S\":\"3\"}},\"ConditionExpression\":7}", "SerializationException: ConditionExpression must be a string" },
    { "PutItem", "{\"TableName\":\"gone\",\"Item\":{}}", "ResourceNotFoundException: Requested resource not found" },
    { "BatchGetItem", "{\"RequestItems\":{}}",
      "ValidationException: 1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1" },
    { "BatchWriteItem", "{\"RequestItems\":{\"Simple\":[{}]}}",
      "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes" },
    { "TransactWriteItems", "{\"TransactItems\":[]}",
      "ValidationException: 1 validation error detected: Value '0 items' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1" },
    { "TransactWriteItems", "{\"TransactItems\":[{\"Put\":{\"TableName\":\"Simple\",\"Item\":{\"id\":{\"S\":\"t\"}}}},{\"Update\":{\"TableName\":\"Simple\",\"Key\":{\"id\":{\"S\":\"u\"}},"
                            "\"UpdateExpression\":\"SET a = b\"}}]}",
      "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]" },
    { "GetItem", "{\"TableName\":\"Simple\",\"Key\":{\"id\":{\"S\":\"t\"}}}", "{}" },
    { "UpdateItem", "{\"TableName\":\"Simple\",\"Key\":{\"id\":{\"S\":\"1\"}},\"UpdateExpression\":\"SET a.b = :v\",\"ExpressionAttributeValues\":{\":v\":{\"NULL\":true}}}",
      "ValidationException: The document path provided in the update expression is invalid for update" },
};

static void operations_answer_as_the_service_does(void **state) {
    (void)state;
    bench *b = bench_new();
    for (size_t i = 0; i < COUNT(steps); i++) {
        slice got = ask(b, steps[i].operation, slice_from(steps[i].in));
        if (!slice_is(got, steps[i].out)) fail_msg("step %zu, %s %s:\n want %s\n got  %.*s", i, steps[i].operation, steps[i].in, steps[i].out, SLICE_ARG(got));
    }
    arena_free(b->files.arena);
}

static void what_the_plan_puts_in_is_found(void **state) {
    (void)state;
    bench *b = bench_new();
    arena *a = b->files.arena;
    const resource *r = world_find(b->s->world, SLICE("AWS::DynamoDB::Table"), SLICE("orders"), NULL);
    assert_non_null(r);
    endpoint_put_item(b->s->endpoint, r, js_read(a, SLICE("{\"pk\":{\"S\":\"p\"},\"sk\":{\"N\":\"7\"}}")));
    endpoint_put_item(b->s->endpoint, r, js_read(a, SLICE("{\"no\":\"item\"}")));
    slice got = ask(b, "GetItem", SLICE("{\"TableName\":\"orders\",\"Key\":{\"pk\":{\"S\":\"p\"},\"sk\":{\"N\":\"7.0\"}}}"));
    assert_true(slice_is(got, "{\"Item\":{\"pk\":{\"S\":\"p\"},\"sk\":{\"N\":\"7\"}}}"));
    arena_free(a);
}

/* ---- order ---- */

static const char *const in_order[] = {      /* of each type */
    "{\"N\":\"-9.9E125\"}", "{\"N\":\"-1000\"}", "{\"N\":\"-99\"}", "{\"N\":\"-12\"}", "{\"N\":\"-11.5\"}", "{\"N\":\"-11\"}", "{\"N\":\"-1\"}", "{\"N\":\"-0.5\"}", "{\"N\":\"-1E-130\"}",
    "{\"N\":\"0\"}", "{\"N\":\"1E-130\"}", "{\"N\":\"0.5\"}", "{\"N\":\"1\"}", "{\"N\":\"1.05\"}", "{\"N\":\"2\"}", "{\"N\":\"10\"}", "{\"N\":\"10.1\"}", "{\"N\":\"99\"}", "{\"N\":\"9E125\"}",
    "{\"S\":\"\\u0000\"}", "{\"S\":\"\\u0000\\u0000\"}", "{\"S\":\"\\u0001\"}", "{\"S\":\"A\"}", "{\"S\":\"a\"}", "{\"S\":\"a\\u0000b\"}", "{\"S\":\"aa\"}", "{\"S\":\"b\"}", "{\"S\":\"\\u00fc\"}",
    "{\"B\":\"AA==\"}", "{\"B\":\"AAA=\"}", "{\"B\":\"AQ==\"}", "{\"B\":\"/w==\"}", "{\"B\":\"/wA=\"}", "{\"B\":\"//8=\"}",
};

static void places_lie_as_values_do(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(in_order); i++)
        for (size_t k = 0; k < COUNT(in_order); k++) {
            dynamo_fault f = { .arena = a };
            const doc_node *x = dynamo_value(a, js_read(a, slice_from(in_order[i])), &f), *y = dynamo_value(a, js_read(a, slice_from(in_order[k])), &f);
            assert_true(x != NULL && y != NULL);
            if (dynamo_type_of(x) != dynamo_type_of(y)) continue;
            slice px = dynamo_place_range(a, x, false), py = dynamo_place_range(a, y, false);
            int want = (i > k) - (i < k), got = slice_order(px, py), values = dynamo_order(a, x, y);
            if ((got > 0) - (got < 0) != want || (values > 0) - (values < 0) != want) fail_msg("%s against %s: places %d, values %d", in_order[i], in_order[k], got, values);
            if (i != k && slice_starts(px, py)) fail_msg("the place of %s begins with that of %s", in_order[i], in_order[k]);
            if (slice_order(dynamo_place_behind(a, px), px) <= 0) fail_msg("nothing is behind %s", in_order[i]);
        }
    arena_free(a);
}

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Against a plain table of what is there. */
static void entries_stay_in_order_whatever_is_done(void **state) {
    (void)state;
    enum { MOST = 400 };
    arena *a = arena_make(0, NULL);
    ordered o = { 0 };
    bool there[MOST] = { false };
    uint32_t seed = 7;
    size_t len = 0;
    char text[8];
    for (int round = 0; round < 20000; round++) {
        uint32_t n = next_random(&seed) % MOST;
        slice key = { text, (size_t)snprintf(text, sizeof text, "%03u", n) };
        if (next_random(&seed) % 100 < (round < 10000 ? 60u : 40u)) {
            ordered_put(a, &o, key, there);
            len += !there[n];
            there[n] = true;
        } else {
            ordered_take(&o, key);
            len -= there[n];
            there[n] = false;
        }
        assert_int_equal(o.len, len);
        uint32_t at = next_random(&seed) % MOST, up = at, down = at;
        while (up < MOST && !there[up]) up++;
        while (down > 0 && !there[down - 1]) down--;
        snprintf(text, sizeof text, "%03u", at);
        const ordered_entry *next = ordered_next(&o, slice_from(text), true), *before = ordered_next(&o, slice_from(text), false);
        if ((next == NULL) != (up == MOST) || (before == NULL) != (down == 0)) fail_msg("round %d: neighbours of %u", round, at);
        if (next != NULL && (uint32_t)strtoul(next->key.at, NULL, 10) != up) fail_msg("round %d: behind %u", round, at);
        if (before != NULL && (uint32_t)strtoul(before->key.at, NULL, 10) != down - 1) fail_msg("round %d: in front of %u", round, at);
    }
    arena_free(a);
}

static void many_items_are_no_quadratic_cost(void **state) {
    (void)state;
    bench *b = bench_new();
    clock_t from = clock();
    for (int i = 0; i < 10000; i++) {
        slice in = arena_printf(b->files.arena, "{\"TableName\":\"orders\",\"Item\":{\"pk\":{\"S\":\"one\"},\"sk\":{\"N\":\"%d\"},\"mail\":{\"S\":\"%d\"}}}", i, i % 7);
        if (!slice_is(ask(b, "PutItem", in), "{}")) fail_msg("item %d", i);
    }
    slice got = ask(b, "Query", SLICE("{\"TableName\":\"orders\",\"Select\":\"COUNT\",\"KeyConditionExpression\":\"pk = :p AND sk >= :n\",\"ExpressionAttributeValues\":{\":p\":{\"S\":\"one\"},\":n\":{\"N\":\"10\"}}}"));
    assert_true(slice_is(got, "{\"Count\":9990,\"ScannedCount\":9990}"));
    double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    if (seconds > 20) fail_msg("%.1f s", seconds);
    arena_free(b->files.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_answer_as_the_service_does),
        cmocka_unit_test(what_the_plan_puts_in_is_found),
        cmocka_unit_test(places_lie_as_values_do),
        cmocka_unit_test(entries_stay_in_order_whatever_is_done),
        cmocka_unit_test(many_items_are_no_quadratic_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
