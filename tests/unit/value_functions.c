/* The intrinsic functions: one row a fact. `Value` is the DisplayName of a topic in a template with some parameters, a mapping, two
 * queues and a condition. */
#include "template_fixture.h"

static const char head[] =
    "AWSTemplateFormatVersion: '2010-09-09'\n"
    "Transform: AWS::LanguageExtensions\n"
    "Parameters:\n"
    "  Stage: {Type: String, Default: dev}\n"
    "  Wait: {Type: Number}\n"
    "  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}\n"
    "  Open: {Type: CommaDelimitedList}\n"
    "  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}\n"
    "  Only: {Type: String, AllowedValues: [one]}\n"
    "  Zero: {Type: String, Default: '012345'}\n"
    "Mappings:\n"
    "  Sizes: {dev: {Memory: 128, List: [x, y]}, prod: {Memory: 1024}}\n"
    "Conditions:\n"
    "  IsProd: !Equals [!Ref Stage, prod]\n"
    "  Never: !Equals [a, b]\n"
    "Resources:\n"
    "  Orders: {Type: AWS::SQS::Queue}\n"
    "  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}\n"
    "  Topic:\n"
    "    Type: AWS::SNS::Topic\n"
    "    Properties:\n"
    "      DisplayName: ";

static const struct { const char *text, *want; } rows[] = {
    { "plain", "\"plain\"" },
    { "012345670123", "\"012345670123\"" },
    { "!Ref Stage", "\"dev\"" },
    { "{Ref: Stage}", "\"dev\"" },
    { "!Ref Zero", "\"012345\"" },
    { "!Ref Wait", "\"unknown\"" },
    { "!Ref Stored", "\"unknown\"" },
    { "!Ref Only", "\"one\"" },
    { "!Ref Names", "[\"a\",\"b\",\"c\"]" },
    { "!Ref Orders", "\"${Orders}\"" },
    { "!Ref AWS::Region", "\"unknown\"" },
    { "!GetAtt Orders.Arn", "\"${Orders.Arn}\"" },
    { "{'Fn::GetAtt': [Orders, Arn]}", "\"${Orders.Arn}\"" },
    { "{'Fn::GetAtt': Orders.Arn}", "\"${Orders.Arn}\"" },
    { "{'Fn::GetAtt': [!Sub 'Ord${X}', Arn]}", "\"unknown\"" },
    { "!GetAtt [Named, QueueName]", "\"jobs\"" },
    { "!Ref Named", "\"${Named}\"" },                       /* Ref of a queue gives its URL, not its name */
    { "!Sub 'a-${Stage}'", "\"a-dev\"" },
    { "!Sub 'a-${Wait}-b'", "\"a-${Wait}-b\"" },
    { "!Sub '${Wait}'", "\"unknown\"" },
    { "!Sub '${Orders.Arn}/x'", "\"${Orders.Arn}/x\"" },
    { "!Sub '${!Stage}-${Stage}'", "\"${Stage}-dev\"" },
    { "!Sub ['${x}-${Stage}', {x: !Ref Zero}]", "\"012345-dev\"" },
    { "!Sub 'no variable'", "\"no variable\"" },
    { "!Sub '${}$ {Stage} $'", "\"${}$ {Stage} $\"" },
    { "!Sub '${ Stage }'", "\"dev\"" },
    { "!Sub 'q-${AWS::AccountId}'", "\"q-${AWS::AccountId}\"" },
    { "!Sub ['${x}', {x: !If [IsProd, a, b]}]", "\"unknown\"" },
    { "!Join ['-', [a, !Ref Stage, 7, true]]", "\"a-dev-7-true\"" },
    { "!Join ['', [a]]", "\"a\"" },
    { "!Join [',', !Ref Names]", "\"a,b,c\"" },
    { "!Join [',', !Ref Open]", "\"unknown\"" },
    { "!Join ['/', [a, !Ref 'AWS::NoValue', b]]", "\"a/b\"" },
    { "!Join ['/', [a, !GetAtt Orders.Arn]]", "\"a/${Orders.Arn}\"" },
    { "!Select [1, [a, b]]", "\"b\"" },
    { "!Select ['0', !Ref Names]", "\"a\"" },
    { "!Select [0, !GetAZs '']", "\"unknown\"" },
    { "!Select [0, !If [IsProd, [a], [b]]]", "\"unknown\"" },
    { "!Select [1, !Split ['|', 'a|b|c']]", "\"b\"" },
    { "!Split [',', 'a,,b']", "[\"a\",\"\",\"b\"]" },
    { "!Split [',', !GetAtt Orders.Arn]", "\"unknown\"" },
    { "!FindInMap [Sizes, dev, Memory]", "128" },
    { "!FindInMap [Sizes, !Ref Stage, Memory]", "128" },
    { "!FindInMap [Sizes, dev, List]", "[\"x\",\"y\"]" },
    { "!FindInMap [Sizes, !Ref Wait, Memory]", "\"unknown\"" },
    { "!FindInMap [Sizes, none, Memory, {DefaultValue: 5}]", "5" },
    { "!If [Never, a, b]", "\"b\"" },
    { "!If [IsProd, a, a]", "\"unknown\"" },                /* two places, though the same text: both are kept */
    { "!ImportValue other-name", "\"unknown\"" },
    { "!Base64 'hello, you'", "\"aGVsbG8sIHlvdQ==\"" },
    { "!Base64 abc", "\"YWJj\"" },
    { "!Base64 abcd", "\"YWJjZA==\"" },
    { "!Cidr [10.0.0.0/16, 3, 8]", "[\"10.0.0.0/24\",\"10.0.1.0/24\",\"10.0.2.0/24\"]" },
    { "!Cidr [!GetAtt Orders.Arn, 3, 8]", "\"unknown\"" },
    { "{'Fn::Length': [a, b, c]}", "3" },
    { "{'Fn::Length': !Ref Names}", "3" },
    { "{'Fn::ToJsonString': {a: [1, b, true]}}", "\"{\\\"a\\\":[1,\\\"b\\\",true]}\"" },
    { "{'Fn::ToJsonString': {a: !Ref Orders}}", "\"{\\\"a\\\":\\\"${Orders}\\\"}\"" },
    { "{'Fn::Transform': {Name: Mine, Parameters: {A: b}}}", "\"unknown\"" },
    { "'{{resolve:ssm:/a/b}}'", "\"unknown\"" },
    { "'x-{{resolve:ssm:/a/b}}-y'", "\"x-{{resolve:ssm:/a/b}}-y\"" },
    { "!Sub 'x-{{resolve:secretsmanager:${Wait}:SecretString}}'", "\"x-{{resolve:secretsmanager:${Wait}:SecretString}}\"" },
    { "'{{resolve:never closed'", "\"{{resolve:never closed\"" },
    { "{a: !Ref 'AWS::NoValue', b: 1}", "{\"b\":1}" },
    { "[a, !Ref 'AWS::NoValue', b]", "[\"a\",\"b\"]" },
    { "{Condition: IsProd}", "{\"Condition\":\"IsProd\"}" },   /* only a function inside Conditions */
    { "{'Fn::GetAtt': [Orders, !Sub 'A${Nine}'], other: 1}", "{\"Fn::GetAtt\":[\"Orders\",\"A${Nine}\"],\"other\":1}" },
};

static void a_function_gives_what_cloudformation_gives(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        template *t = run_text(&r, arena_printf(r.arena, "%s%s\n", head, rows[i].text).at);
        const value *v = resource_written(r.arena, template_resource(t, SLICE("Topic")), SLICE("DisplayName"));
        const char *got = json_of(r.arena, v);
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s: want %s, got %s", rows[i].text, rows[i].want, got);
        run_free(&r);
    }
}

static const struct { const char *text; unknown_why why; const char *what; } reasons[] = {
    { "!Ref Wait", UNKNOWN_PARAMETER, "Wait" },
    { "!Ref Stored", UNKNOWN_SSM_PARAMETER, "Stored" },
    { "!Ref AWS::Region", UNKNOWN_PSEUDO, "AWS::Region" },
    { "!ImportValue other-name", UNKNOWN_IMPORT, "other-name" },
    { "!ImportValue {'Fn::Sub': '${Wait}-x'}", UNKNOWN_IMPORT, "${Wait}-x" },
    { "'{{resolve:ssm:/a/b}}'", UNKNOWN_DYNAMIC, "{{resolve:ssm:/a/b}}" },
    { "!Join [',', !Ref Open]", UNKNOWN_COMPUTED, "Fn::Join" },
    { "!Select [0, !GetAZs '']", UNKNOWN_COMPUTED, "Fn::Select" },
    { "!Ref Nothing", UNKNOWN_NOTHING, "Nothing" },
    { "{'Fn::Transform': {Name: Mine}}", UNKNOWN_TRANSFORM, "Mine" },
};

static void what_is_unknown_says_why(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(reasons); i++) {
        run r = run_new();
        template *t = run_text(&r, arena_printf(r.arena, "%s%s\n", head, reasons[i].text).at);
        const value *v = resource_written(r.arena, template_resource(t, SLICE("Topic")), SLICE("DisplayName"));
        if (v->kind != VAL_UNKNOWN || v->why != reasons[i].why || !slice_is(v->text, reasons[i].what))
            fail_msg("%s: kind %d, why %d, what %.*s", reasons[i].text, (int)v->kind, (int)v->why, SLICE_ARG(v->text));
        assert_true(value_why(r.arena, v).len > 0);
        run_free(&r);
    }
}

static void region_and_account_make_names_and_arns_known(void **state) {
    (void)state;
    static const struct { const char *text, *want; } known[] = {
        { "!Ref AWS::Region", "\"eu-west-1\"" }, { "!Ref AWS::Partition", "\"aws\"" }, { "!Ref AWS::URLSuffix", "\"amazonaws.com\"" },
        { "!Sub '${AWS::AccountId}-x'", "\"012345670123-x\"" },
        { "!GetAtt Named.Arn", "\"arn:aws:sqs:eu-west-1:012345670123:jobs\"" },
        { "!Sub '${Named.Arn}!'", "\"arn:aws:sqs:eu-west-1:012345670123:jobs!\"" },
        { "!GetAtt Orders.Arn", "\"${Orders.Arn}\"" },
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        run r = run_new();
        r.options.region = SLICE("eu-west-1");
        r.options.account = SLICE("012345670123");
        template *t = run_text(&r, arena_printf(r.arena, "%s%s\n", head, known[i].text).at);
        const char *got = json_of(r.arena, resource_written(r.arena, template_resource(t, SLICE("Topic")), SLICE("DisplayName")));
        if (strcmp(got, known[i].want) != 0) fail_msg("%s: want %s, got %s", known[i].text, known[i].want, got);
        run_free(&r);
    }
}

static void a_branch_is_followed_into_lists_and_maps(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, arena_printf(r.arena, "%s!If [IsProd, {a: [1, 2]}, {a: [3]}]\n", head).at);
    const resource *topic = template_resource(t, SLICE("Topic"));
    const value *v = resource_written(r.arena, topic, SLICE("DisplayName.a[0]"));
    assert_int_equal(v->kind, VAL_CHOICE);
    assert_string_equal(json_of(r.arena, v->choice.yes), "1");
    assert_string_equal(json_of(r.arena, v->choice.no), "3");
    v = resource_written(r.arena, topic, SLICE("DisplayName.a[1]"));
    assert_string_equal(json_of(r.arena, v->choice.yes), "2");
    assert_true(value_is_absent(v->choice.no));
    assert_true(value_is_absent(resource_written(r.arena, topic, SLICE("DisplayName.b"))));
    run_free(&r);
}

static void a_default_is_no_value_where_the_branch_rules_it_out(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, arena_printf(r.arena, "%s!If [IsProd, !Sub 'x-${Stage}-${Zero}', !Ref Stage]\n", head).at);
    const value *v = resource_written(r.arena, template_resource(t, SLICE("Topic")), SLICE("DisplayName"));
    assert_int_equal(v->kind, VAL_CHOICE);
    assert_string_equal(json_of(r.arena, v->choice.yes), "\"x-${Stage}-012345\"");
    assert_string_equal(json_of(r.arena, v->choice.no), "\"dev\"");
    run_free(&r);
}

static void the_place_of_a_reference_inside_a_text_is_its_own(void **state) {
    (void)state;
    run r = run_new();
    run_text(&r, arena_printf(r.arena, "%s!Sub |\n        one\n          two ${Nothing.Arn}\n        three ${Stage} ${Nobody}\n", head).at);
    assert_string_equal(problems_of(&r),
                        "24:15 dangling-reference there is no resource Nothing in the template\n"
                        "25:24 dangling-reference there is no parameter or resource Nobody in the template\n");
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_gives_what_cloudformation_gives),
        cmocka_unit_test(what_is_unknown_says_why),
        cmocka_unit_test(region_and_account_make_names_and_arns_known),
        cmocka_unit_test(a_branch_is_followed_into_lists_and_maps),
        cmocka_unit_test(a_default_is_no_value_where_the_branch_rules_it_out),
        cmocka_unit_test(the_place_of_a_reference_inside_a_text_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
