/* What resources are called while they run, and how they are found by what clients write. */
#include "service_edges.h"
#include "smoke/world.h"

static const char *const yaml =
    "Parameters: {Open: {Type: String}}\n"
    "Resources:\n"
    "  Orders: {Type: AWS::SQS::Queue}\n"
    "  Ordered: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}\n"
    "  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: my-queue}}\n"
    "  PhotoBucket: {Type: AWS::S3::Bucket}\n"
    "  T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: k, AttributeType: S}], KeySchema: [{AttributeName: k, KeyType: HASH}], StreamSpecification: {StreamViewType: KEYS_ONLY}}}\n"
    "  Worker: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub '${AWS::Region}-worker', Runtime: python3.12, Handler: a.b, Role: x, Code: {ZipFile: x}, Environment: {Variables: "
    "{QUEUE: !Ref Orders, ARN: !GetAtt Orders.Arn, TABLE: !Ref T, OPEN: !Ref Open, JOINED: !Sub '${Orders.QueueName}/${AWS::AccountId}', NUMBER: 5, FLAG: true}}}}\n"
    "  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Worker, Name: live, FunctionVersion: '1'}}\n"
    "  Round: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'x-${Trip.QueueName}'}}\n"
    "  Trip: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'y-${Round.QueueName}'}}\n";

static world *world_of(edges_of *t) {
    (void)edges_check;
    *t = edges_read(yaml);
    world *w = world_new(t->arena, t->graph, SLICE(""), SLICE(""));
    w->port = 4000;
    return w;
}

static const resource *resource_of(const world *w, const char *id) {
    for (size_t i = 0; i < w->graph->set->list.at[0]->resources.len; i++)
        if (slice_is(w->graph->set->list.at[0]->resources.at[i]->id, id)) return w->graph->set->list.at[0]->resources.at[i];
    fail_msg("there is no %s", id);
    return NULL;
}

static const struct { const char *id, *attr, *want; } attributes[] = {
    { "Orders", "Ref", "http://127.0.0.1:4000/123456789012/Orders" }, { "Orders", "Arn", "arn:aws:sqs:us-east-1:123456789012:Orders" }, { "Orders", "QueueName", "Orders" },
    { "Ordered", "QueueName", "Ordered.fifo" }, { "Named", "QueueName", "my-queue" }, { "PhotoBucket", "Ref", "photobucket" }, { "PhotoBucket", "Arn", "arn:aws:s3:::photobucket" },
    { "T", "Ref", "sflint-T" }, { "T", "StreamArn", "arn:aws:dynamodb:us-east-1:123456789012:table/sflint-T/stream/2024-01-01T00:00:00.000" },
    { "Worker", "Arn", "arn:aws:lambda:us-east-1:123456789012:function:us-east-1-worker" }, { "Live", "Ref", "arn:aws:lambda:us-east-1:123456789012:function:us-east-1-worker:live" },
    { "Orders", "NoSuch", "Orders.NoSuch" },
};

static void resources_have_names_arns_and_urls(void **state) {
    (void)state;
    edges_of t;
    world *w = world_of(&t);
    for (size_t i = 0; i < COUNT(attributes); i++) {
        slice got = world_attribute(w, resource_of(w, attributes[i].id), slice_from(attributes[i].attr));
        if (!slice_is(got, attributes[i].want)) fail_msg("%s.%s: want %s, got %.*s", attributes[i].id, attributes[i].attr, attributes[i].want, SLICE_ARG(got));
    }
    arena_free(t.arena);
}

static void names_that_name_each_other_end(void **state) {
    (void)state;
    edges_of t;
    world *w = world_of(&t);
    assert_true(world_name(w, resource_of(w, "Round")).len > 0);
    arena_free(t.arena);
}

static const struct { const char *type, *named, *id, *qualifier; } found[] = {
    { "AWS::SQS::Queue", "Orders", "Orders", "" }, { "AWS::SQS::Queue", "http://127.0.0.1:4000/123456789012/Orders", "Orders", "" },
    { "AWS::SQS::Queue", "https://sqs.us-east-1.amazonaws.com/123456789012/my-queue", "Named", "" }, { "AWS::SQS::Queue", "arn:aws:sqs:us-east-1:123456789012:Orders", "Orders", "" },
    { "", "arn:aws:sqs:us-east-1:123456789012:Orders", "Orders", "" }, { "AWS::SNS::Topic", "arn:aws:sqs:us-east-1:123456789012:Orders", "", "" }, { "AWS::SQS::Queue", "Nobody", "", "" },
    { "AWS::Lambda::Function", "us-east-1-worker", "Worker", "" }, { "AWS::Lambda::Function", "us-east-1-worker:live", "Worker", "live" },
    { "AWS::Lambda::Function", "123456789012:function:us-east-1-worker", "Worker", "" },
    { "AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:us-east-1-worker:live", "Worker", "live" },
    { "AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:123456789012:table/sflint-T/index/i", "T", "" }, { "AWS::DynamoDB::Table", "sflint-T", "T", "" },
};

static void what_clients_write_is_found(void **state) {
    (void)state;
    edges_of t;
    world *w = world_of(&t);
    for (size_t i = 0; i < COUNT(found); i++) {
        slice qualifier;
        const resource *r = world_find(w, slice_from(found[i].type), slice_from(found[i].named), &qualifier);
        slice id = r == NULL ? SLICE("") : r->id;
        if (!slice_is(id, found[i].id) || !slice_is(qualifier, found[i].qualifier)) fail_msg("%s: %.*s %.*s", found[i].named, SLICE_ARG(id), SLICE_ARG(qualifier));
    }
    arena_free(t.arena);
}

static void values_have_their_references_put_in(void **state) {
    (void)state;
    edges_of t;
    world *w = world_of(&t);
    bool open = false;
    const resource *r = resource_of(w, "Worker");
    const doc_node *n = world_json(w, resource_written(t.arena, r, SLICE("Environment.Variables")), r->exists, &open);
    assert_true(open);
    assert_string_equal(js_text(t.arena, js_without(t.arena, n, SLICE("OPEN"))).at,
                        "{\"QUEUE\":\"http://127.0.0.1:4000/123456789012/Orders\",\"ARN\":\"arn:aws:sqs:us-east-1:123456789012:Orders\",\"TABLE\":\"sflint-T\","
                        "\"JOINED\":\"Orders/123456789012\",\"NUMBER\":5,\"FLAG\":true}");
    open = false;
    world_text(w, resource_written(t.arena, r, SLICE("FunctionName")), r->exists, &open);
    assert_false(open);
    arena_free(t.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_have_names_arns_and_urls),
        cmocka_unit_test(names_that_name_each_other_end),
        cmocka_unit_test(what_clients_write_is_found),
        cmocka_unit_test(values_have_their_references_put_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
