/* The events that AWS services send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/event_shape.h"
#include "service/pattern.h"

static void the_table_is_sorted_and_every_shape_is_an_object(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    assert_true(event_row_count > 300);
    const slice *sources;
    size_t len = event_sources(a, &sources), rows = 0;
    for (size_t i = 0; i < len; i++) {
        const slice *types;
        size_t n = event_types(a, sources[i], &types);
        if (i > 0 && slice_order(sources[i - 1], sources[i]) >= 0) fail_msg("%.*s stands out of order", SLICE_ARG(sources[i]));
        assert_true(slice_starts(sources[i], SLICE("aws.")));
        for (size_t k = 0; k < n; k++) {
            const value *shape = event_shape(a, sources[i], types[k]);
            if (shape->kind != VAL_MAP || value_get(a, shape, SLICE("detail"))->kind != VAL_MAP) fail_msg("%.*s %.*s", SLICE_ARG(sources[i]), SLICE_ARG(types[k]));
        }
        rows += n;
    }
    assert_int_equal(rows, event_row_count);
    arena_free(a);
}

static const struct { const char *source, *type, *path, *impossible; } fields[] = {
    { "aws.s3", "Object Created", "{\"detail\":{\"bucket\":{\"name\":[\"b\"]}}}", "" },
    { "aws.s3", "Object Created", "{\"detail\":{\"bucket\":{\"bucketName\":[\"b\"]}}}", "detail.bucket.bucketName" },
    { "aws.s3", "Object Created", "{\"detail\":{\"object\":{\"version-id\":[{\"exists\":true}]}}}", "" },          /* optional */
    { "aws.ec2", "EC2 Instance State-change Notification", "{\"detail\":{\"state\":[\"running\"]}}", "" },
    { "aws.ec2", "EC2 Instance State-change Notification", "{\"detail\":{\"State\":[\"running\"]}}", "detail.State" },
    { "aws.ec2", "AWS API Call via CloudTrail", "{\"detail\":{\"requestParameters\":{\"any\":[\"thing\"]}}}", "" },
    { "aws.nothing", "AWS API Call via CloudTrail", "{\"detail\":{\"x\":[1]}}", "" },
};

static void a_field_that_no_event_has_is_found(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(fields); i++) {
        const value *shape = event_shape(a, slice_from(fields[i].source), slice_from(fields[i].type));
        const value *pattern = value_from_doc(a, doc_parse_json(a, slice_from(fields[i].path), (pos){ 0, 1, 1 }, NULL));
        slice got = pattern_impossible(a, pattern, shape);
        if (value_is_absent(shape) || !slice_is(got, fields[i].impossible)) fail_msg("%s %s: %.*s", fields[i].type, fields[i].path, SLICE_ARG(got));
    }
    arena_free(a);
}

static const struct { const char *source, *typed, *nearest; } slips[] = {
    { "aws.ec2", "EC2 Instance State Change Notification", "EC2 Instance State-change Notification" },
    { "aws.s3", "object created", "Object Created" },
    { "aws.s3", "Object Creatd", "Object Created" },
    { "aws.s3", "Object Created:Put", "" },
    { "aws.s3", "Something Else", "" },
    { "aws.nothing", "Object Created", "" },
    { "aws.s", "Object Created", "" },
};

static void a_slip_in_a_detail_type_is_told_from_another_event(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(slips); i++) {
        slice got = event_nearest_type(a, slice_from(slips[i].source), slice_from(slips[i].typed));
        if (!slice_is(got, slips[i].nearest)) fail_msg("%s: want \"%s\", got \"%.*s\"", slips[i].typed, slips[i].nearest, SLICE_ARG(got));
    }
    assert_true(value_is_absent(event_shape(a, SLICE("aws.s3"), SLICE("object created"))));
    assert_true(value_is_absent(event_shape(a, SLICE("aws.zzz"), SLICE("Object Created"))));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_every_shape_is_an_object),
        cmocka_unit_test(a_field_that_no_event_has_is_found),
        cmocka_unit_test(a_slip_in_a_detail_type_is_told_from_another_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
