/* Values: building, comparing, text, JSON inside text. */
#include "template_fixture.h"

static const pos nowhere = { 0, 3, 5 };

static const value *parsed(arena *a, const char *json) {
    const doc_node *n = doc_parse_json(a, slice_from(json), nowhere, NULL);
    if (n == NULL) fail_msg("%s is no JSON", json);
    return value_from_doc(a, n);
}

static void joined_text_is_normal(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    const value *open = value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("P"));
    const value *x = value_new_string(a, nowhere, SLICE("x")), *none = value_new_string(a, nowhere, SLICE(""));
    const value *one[] = { x, x, value_new_int(a, nowhere, 7), value_new_bool(a, nowhere, true) };
    const value *v = value_new_joined(a, nowhere, one, 4);
    assert_int_equal(v->kind, VAL_STRING);
    assert_true(slice_is(v->text, "xx7true"));
    const value *two[] = { x, x, open, none, x };
    v = value_new_joined(a, nowhere, two, 5);
    assert_int_equal(v->kind, VAL_JOINED);
    assert_int_equal(v->list.len, 3);
    const value *nested[] = { v, x };
    const value *flat = value_new_joined(a, nowhere, nested, 2);
    assert_int_equal(flat->list.len, 3);
    assert_true(slice_is(value_display(a, flat), "xx${P}xx"));
    assert_true(slice_is(value_glob(a, flat), "xx*xx"));
    const value *alone[] = { none, open };
    assert_int_equal(value_new_joined(a, nowhere, alone, 2)->kind, VAL_UNKNOWN);
    assert_true(slice_is(value_new_joined(a, nowhere, NULL, 0)->text, ""));
    arena_free(a);
}

static void text_has_a_limit(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    char *big = arena_alloc(a, 1, 1, VALUE_MAX_TEXT);
    memset(big, 'x', VALUE_MAX_TEXT);
    const value *full[] = { value_new_string(a, nowhere, (slice){ big, VALUE_MAX_TEXT }) };
    assert_int_equal(value_new_joined(a, nowhere, full, 1)->kind, VAL_STRING);
    const value *more[] = { full[0], value_new_string(a, nowhere, SLICE("x")) };
    const value *v = value_new_joined(a, nowhere, more, 2);
    assert_int_equal(v->kind, VAL_UNKNOWN);
    assert_int_equal(v->why, UNKNOWN_TOO_LARGE);
    arena_free(a);
}

static void numbers_are_taken_as_cloudformation_takes_them(void **state) {
    (void)state;
    static const struct { const char *json; tri is; long long want; } rows[] = {
        { "5", YES, 5 }, { "\"5\"", YES, 5 }, { "5.0", YES, 5 }, { "\"5.0\"", YES, 5 }, { "\" 7 \"", YES, 7 }, { "-3", YES, -3 },
        { "1e3", YES, 1000 }, { "5.5", NO, 0 }, { "\"x\"", NO, 0 }, { "\"\"", NO, 0 }, { "true", NO, 0 }, { "null", NO, 0 }, { "[5]", NO, 0 },
        { "\"0x10\"", NO, 0 }, { "\"nan\"", NO, 0 }, { "\"1e999\"", NO, 0 },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long got = 0;
        tri is = value_as_int(a, parsed(a, rows[i].json), &got);
        if (is != rows[i].is || (is == YES && got != rows[i].want)) fail_msg("%s: %d %lld", rows[i].json, (int)is, got);
    }
    static const struct { const char *json; tri is; bool want; } booleans[] = {
        { "true", YES, true }, { "\"true\"", YES, true }, { "\"False\"", YES, false }, { "\"yes\"", NO, false }, { "1", NO, false },
    };
    for (size_t i = 0; i < COUNT(booleans); i++) {
        bool got = false;
        tri is = value_as_bool(a, parsed(a, booleans[i].json), &got);
        if (is != booleans[i].is || (is == YES && got != booleans[i].want)) fail_msg("%s", booleans[i].json);
    }
    long long n;
    assert_int_equal(value_as_int(a, value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("P")), &n), UNKNOWN);
    arena_free(a);
}

static void paths_lead_into_maps_and_lists(void **state) {
    (void)state;
    static const struct { const char *path, *want; } rows[] = {
        { "a", "{\"b\":[1,{\"c\":2}]}" }, { "a.b", "[1,{\"c\":2}]" }, { "a.b[0]", "1" }, { "a.b[1].c", "2" }, { "a.b[2]", "null" },
        { "a.x", "null" }, { "a.b[0].c", "null" }, { "", "{\"a\":{\"b\":[1,{\"c\":2}]}}" }, { "a.b[", "null" },
    };
    arena *a = arena_make(0, NULL);
    const value *v = parsed(a, "{\"a\":{\"b\":[1,{\"c\":2}]}}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = json_of(a, value_at(a, v, slice_from(rows[i].path)));
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s: want %s, got %s", rows[i].path, rows[i].want, got);
    }
    const value *open = value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("P"));
    assert_ptr_equal(value_at(a, open, SLICE("a.b[3].c")), open);
    arena_free(a);
}

static void values_are_compared_as_far_as_they_are_known(void **state) {
    (void)state;
    static const struct { const char *x, *y; tri want; } rows[] = {
        { "5", "5", YES }, { "5", "\"5\"", YES }, { "true", "\"true\"", YES }, { "\"a\"", "\"b\"", NO }, { "[1,2]", "[1,2]", YES },
        { "[1,2]", "[2,1]", NO }, { "[1]", "1", NO }, { "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", YES }, { "{\"a\":1}", "{\"a\":1,\"b\":2}", NO },
        { "{\"a\":null}", "{}", YES }, { "null", "null", YES }, { "\"\"", "null", NO },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tri got = value_same(a, parsed(a, rows[i].x), parsed(a, rows[i].y));
        if (got != rows[i].want) fail_msg("%s, %s: %d", rows[i].x, rows[i].y, (int)got);
    }
    const value *p = value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("P")), *q = value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("Q"));
    const value *p2 = value_new_unknown(a, nowhere, UNKNOWN_PARAMETER, SLICE("P")), *x = value_new_string(a, nowhere, SLICE("photos-"));
    const value *y = value_new_string(a, nowhere, SLICE("videos-"));
    assert_int_equal(value_same(a, p, p2), YES);
    assert_int_equal(value_same(a, p, q), UNKNOWN);
    const value *xp[] = { x, p }, *xp2[] = { x, p2 }, *xq[] = { x, q }, *yp[] = { y, p };
    const value *joined = value_new_joined(a, nowhere, xp, 2);
    assert_int_equal(value_same(a, joined, value_new_joined(a, nowhere, xp2, 2)), YES);
    assert_int_equal(value_same(a, joined, value_new_joined(a, nowhere, xq, 2)), UNKNOWN);
    assert_int_equal(value_same(a, joined, value_new_joined(a, nowhere, yp, 2)), NO);
    assert_int_equal(value_same(a, joined, value_new_string(a, nowhere, SLICE("videos-1"))), NO);
    assert_int_equal(value_same(a, joined, value_new_string(a, nowhere, SLICE("photos-1"))), UNKNOWN);
    arena_free(a);
}

static void shared_nodes_stay_shared(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    const doc_node *n = doc_parse_yaml(a, SLICE("a: &x {b: 1}\nc: *x\n"), 0, NULL);
    const value *v = value_from_doc(a, n);
    assert_ptr_equal(value_get(a, v, SLICE("a")), value_get(a, v, SLICE("c")));
    assert_int_equal(value_from_doc(a, NULL)->kind, VAL_ABSENT);
    arena_free(a);
}

static void json_in_a_text_keeps_its_open_parts_and_places(void **state) {
    (void)state;
    static const struct { const char *property, *want; bool bad; } rows[] = {
        { "'{\"a\": [1, \"x\"]}'", "{\"a\":[1,\"x\"]}", false },
        { "{a: 1}", "{\"a\":1}", false },
        { "'no json'", "null", true },
        { "7", "null", true },
        { "!Sub '{\"arn\": \"${Q.Arn}\", \"n\": ${N}, \"t\": \"a-${N}-b\"}'", "{\"arn\":\"${Q.Arn}\",\"n\":\"unknown\",\"t\":\"a-${N}-b\"}", false },
        { "!Sub '{\"a\": 1, ${N}}'", "\"unknown\"", false },
        { "!Ref N", "\"unknown\"", false },
        { "{'Fn::ToJsonString': {arn: !GetAtt Q.Arn, t: !Sub 'a\"${N}'}}", "{\"arn\":\"${Q.Arn}\",\"t\":\"a\\\"${N}\"}", false },
        { "!If [C, '{\"a\": 1}', '{\"a\": 2}']", "\"unknown\"", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        template *t = run_text(&r, arena_printf(r.arena,
            "Parameters: {N: {Type: String}}\nConditions: {C: !Equals [!Ref N, a]}\nResources:\n  Q: {Type: AWS::SQS::Queue}\n"
            "  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      X: %s\n", rows[i].property).at);
        bool bad = false;
        const value *v = value_from_json_text(r.arena, resource_written(r.arena, template_resource(t, SLICE("T")), SLICE("X")), &bad);
        const char *got = json_of(r.arena, v);
        if (strcmp(got, rows[i].want) != 0 || bad != rows[i].bad) fail_msg("%s: want %s, got %s", rows[i].property, rows[i].want, got);
        run_free(&r);
    }
    run r = run_new();
    template *t = run_text(&r, "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      X: |\n        {\n          \"a\": \"b\"\n        }\n");
    bool bad = false;
    const value *v = value_from_json_text(r.arena, resource_written(r.arena, template_resource(t, SLICE("T")), SLICE("X")), &bad);
    v = value_get(r.arena, v, SLICE("a"));
    assert_int_equal(v->at.line, 7);
    assert_int_equal(v->at.column, 16);
    run_free(&r);
}

static void a_choice_of_the_same_is_no_choice(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    condition on = { .id = SLICE("C"), .fixed = UNKNOWN };
    const value *x = value_new_string(a, nowhere, SLICE("x")), *y = value_new_string(a, nowhere, SLICE("y"));
    assert_ptr_equal(value_new_choice(a, nowhere, &on, x, x), x);
    const value *c = value_new_choice(a, nowhere, &on, x, y), *nested = value_new_choice(a, nowhere, &on, c, c->choice.no);
    assert_ptr_equal(nested->choice.yes, x);
    on.fixed = NO;
    assert_ptr_equal(value_new_choice(a, nowhere, &on, x, y), y);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_text_is_normal),
        cmocka_unit_test(text_has_a_limit),
        cmocka_unit_test(numbers_are_taken_as_cloudformation_takes_them),
        cmocka_unit_test(paths_lead_into_maps_and_lists),
        cmocka_unit_test(values_are_compared_as_far_as_they_are_known),
        cmocka_unit_test(shared_nodes_stay_shared),
        cmocka_unit_test(json_in_a_text_keeps_its_open_parts_and_places),
        cmocka_unit_test(a_choice_of_the_same_is_no_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
