/* Look-ups in the catalog and in the table of physical names. */
#include "template_fixture.h"

static void types_are_found_by_name(void **state) {
    (void)state;
    assert_true(catalog_row_count > 1000);
    for (size_t i = 0; i < catalog_row_count; i++) {
        slice type = catalog_text(catalog_rows[i].type);
        if (catalog_find(type) != &catalog_rows[i]) fail_msg("%.*s is not found", SLICE_ARG(type));
    }
    assert_null(catalog_find(SLICE("AWS::No::Thing")));
    assert_null(catalog_find(SLICE("")));
    assert_true(slice_is(role_name(ROLE_QUEUE), "queue"));
    assert_true(slice_is(role_name(ROLE_UNKNOWN), "unknown"));
}

static void attributes_are_those_of_the_type(void **state) {
    (void)state;
    static const struct { const char *type, *attribute; tri want; } rows[] = {
        { "AWS::SQS::Queue", "Arn", YES },        { "AWS::SQS::Queue", "Anr", NO },             { "AWS::SQS::Queue", "Ar", NO },
        { "AWS::S3::Bucket", "BucketName", NO },  { "AWS::DynamoDB::Table", "StreamArn", YES }, { "AWS::RDS::DBInstance", "Endpoint.Address", YES },
        { "AWS::SSM::Parameter", "Name", YES },   { "AWS::SNS::Topic", "TopicName", YES },      { "AWS::Elasticsearch::Domain", "DomainArn", YES },
        { "AWS::CloudFormation::Stack", "Outputs.X", UNKNOWN }, { "AWS::CloudFormation::CustomResource", "Any", UNKNOWN },
        { "AWS::Serverless::Function", "Arn", UNKNOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tri got = catalog_has_attribute(catalog_find(slice_from(rows[i].type)), slice_from(rows[i].attribute));
        if (got != rows[i].want) fail_msg("%s %s: %d", rows[i].type, rows[i].attribute, (int)got);
    }
    assert_int_equal(catalog_has_attribute(NULL, SLICE("Arn")), UNKNOWN);
}

static void the_table_of_physical_names_is_sorted(void **state) {
    (void)state;
    static const slice types[] = {
#define PHYSICAL(type, property, names, arns, arn) SLICE_INIT(type),
#include "template/physical.def"
#undef PHYSICAL
    };
    for (size_t i = 1; i < COUNT(types); i++)
        if (slice_order(types[i - 1], types[i]) >= 0) fail_msg("%.*s is out of order", SLICE_ARG(types[i]));
}

static const struct { const char *type, *property, *attr, *want; } physical[] = {
    { "AWS::S3::Bucket", "BucketName", "Ref", "n" },          { "AWS::S3::Bucket", "BucketName", "Arn", "arn:aws:s3:::n" },
    { "AWS::SQS::Queue", "QueueName", "QueueName", "n" },     { "AWS::SQS::Queue", "QueueName", "Ref", NULL },
    { "AWS::SNS::Topic", "TopicName", "Ref", "arn:aws:sns:us-east-1:123456789012:n" },
    { "AWS::Lambda::Function", "FunctionName", "Arn", "arn:aws:lambda:us-east-1:123456789012:function:n" },
    { "AWS::Logs::LogGroup", "LogGroupName", "Arn", "arn:aws:logs:us-east-1:123456789012:log-group:n:*" },
    { "AWS::IAM::Role", "RoleName", "Ref", "n" },             { "AWS::IAM::Role", "RoleName", "Arn", NULL },
};

static void a_written_name_makes_references_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(physical); i++) {
        run r = run_new();
        r.options.region = SLICE("us-east-1");
        r.options.account = SLICE("123456789012");
        template *t = run_text(&r, arena_printf(r.arena, "Resources: {R: {Type: '%s', Properties: {%s: n}}}\n", physical[i].type, physical[i].property).at);
        slice got;
        bool known = value_text(r.arena, value_new_ref(r.arena, (pos){ 0, 1, 1 }, template_resource(t, SLICE("R")), slice_from(physical[i].attr)), &got);
        if (known != (physical[i].want != NULL) || (known && !slice_is(got, physical[i].want)))
            fail_msg("%s.%s: %.*s", physical[i].type, physical[i].attr, known ? (int)got.len : 7, known ? got.at : "unknown");
        run_free(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_found_by_name),
        cmocka_unit_test(attributes_are_those_of_the_type),
        cmocka_unit_test(the_table_of_physical_names_is_sorted),
        cmocka_unit_test(a_written_name_makes_references_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
