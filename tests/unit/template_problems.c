/* What is wrong with a template in itself: each kind at its place, and silence where nothing is certain. */
#include "template_fixture.h"

static const struct { const char *text, *want; } rows[] = {
    /* references */
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Ordres}}\n  Orders: {Type: AWS::SQS::Queue}\n",
      "2:61 dangling-reference there is no parameter or resource Ordres in the template; did you mean Orders?\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref AWS::Rejion}}\n",
      "2:61 dangling-reference there is no pseudo parameter AWS::Rejion in the template\n" },
    { "Parameters: {P: {Type: String}}\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt P.Arn}}\n",
      "3:64 dangling-reference P is a parameter and has no attribute Arn: use Ref\n" },
    { "Mappings: {M: {a: {b: c}}}\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref M}}\n",
      "3:61 dangling-reference there is no parameter or resource M in the template; a mapping is read with Fn::FindInMap\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'x${Gone}y'}}\n",
      "2:63 dangling-reference there is no parameter or resource Gone in the template\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic}\nOutputs:\n  O: {Value: !Ref Gone}\n",
      "4:19 dangling-reference there is no parameter or resource Gone in the template\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Metadata: {a: !Ref Gone}}\n",
      "2:49 dangling-reference there is no parameter or resource Gone in the template\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['${x}', {x: a}]}}\n", "" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'a ${!Literal} b'}}\n", "" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${a-b}'}}\n",
      "2:62 malformed-function ${a-b} in Fn::Sub is no name (letters, digits, '_', '.' and ':'); write ${!a-b} for the text itself\n" },
    /* attributes */
    { "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Q.Anr}}\n",
      "3:66 no-such-attribute Q (AWS::SQS::Queue) has no attribute Anr; did you mean Arn?\n" },
    { "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'x ${Q.Anr}'}}\n",
      "3:68 no-such-attribute Q (AWS::SQS::Queue) has no attribute Anr; did you mean Arn?\n" },
    { "Resources:\n  B: {Type: AWS::S3::Bucket}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt B.BucketName}}\n",
      "3:66 no-such-attribute B (AWS::S3::Bucket) has no attribute BucketName\n" },
    { "Resources:\n  C: {Type: Custom::Thing, Properties: {ServiceToken: x}}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt C.Any.Thing}}\n", "" },
    { "Resources:\n  C: {Type: Other::Made::Type}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt C.Any}}\n", "" },
    { "Resources:\n  C: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x/y.yaml'}}\n"
      "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt C.Outputs.Any}}\n", "" },
    { "Resources:\n  C: {Type: My::Own::Thing::MODULE}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt CBucket.Arn}}\n", "" },
    /* conditions, mappings, DependsOn */
    { "Conditions: {IsProd: !Equals [a, b]}\nResources:\n  T: {Type: AWS::SNS::Topic, Condition: IsPord}\n",
      "3:41 no-such-condition there is no condition IsPord in the template; did you mean IsProd?\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [Gone, a, b]}}\n",
      "2:61 no-such-condition there is no condition Gone in the template\n" },
    { "Mappings: {M: {a: {b: c}}}\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [N, a, b]}}\n",
      "3:68 no-such-mapping there is no mapping N in the template\n" },
    { "Mappings: {M: {a: {b: c}}}\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [M, a, x]}}\n",
      "3:74 no-such-mapping mapping M has no key x under a\n" },
    { "Parameters: {P: {Type: String, Default: x}}\nMappings: {M: {a: {b: c}}}\nResources:\n"
      "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [M, !Ref P, b]}}\n", "" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, DependsOn: [Gone]}\n",
      "2:42 depends-on-nothing DependsOn: there is no resource Gone in the template\n" },
    /* functions */
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Select [3, [a, b]]}}\n",
      "2:65 malformed-function Fn::Select asks for element 3 of a list of 2 (the first is 0)\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [a, b]}}\n",
      "2:60 malformed-function Fn::If needs the name of a condition and two values: `!If [IsProd, 10, 1]`\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: {'Fn::Sbu': x}}}\n",
      "2:57 malformed-function there is no function Fn::Sbu; did you mean Fn::Sub?\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: {'Fn::SomethingNew': x}}}\n", "" },
    /* resources, ids, parameters, rules */
    { "Resources:\n  my-topic: {Type: AWS::SNS::Topic}\n",
      "2:3 logical-id the logical id my-topic may have only letters A-Z, a-z and digits\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic}\n  X: {Properties: {}}\n", "3:3 malformed-resource resource X has no Type\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic}\n  X: text\n",  "3:3 malformed-resource resource X is no mapping: it needs at least a Type\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: [a]}\n", "2:42 malformed-resource the Properties of T are no mapping\n" },
    { "AWSTemplateFormatVersion: '2010-09-09'\n", "1:1 malformed-resource the template has no resources\n" },
    { "Parameters: {P: {Default: x}}\nResources: {T: {Type: AWS::SNS::Topic}}\n", "1:14 malformed-parameter parameter P has no Type\n" },
    { "Parameters: {P: {Type: String, Default: x, AllowedValues: [y]}}\nResources: {T: {Type: AWS::SNS::Topic}}\n",
      "1:41 malformed-parameter the default of parameter P is none of its AllowedValues\n" },
    { "Rules: {R: {RuleCondition: !Equals [a, b]}}\nResources: {T: {Type: AWS::SNS::Topic}}\n",
      "1:9 malformed-parameter rule R has no list of Assertions\n" },
    { "Resources:\n  T: {Type: AWS::SNS::Topic}\nOutputs:\n  O: {Description: x}\n", "4:3 malformed-resource output O has no Value\n" },
    /* macros may add anything */
    { "Transform: MyMacro\nResources:\n  T: {Type: AWS::SNS::Topic, Condition: Gone, DependsOn: Gone, Properties: {DisplayName: !Ref Gone}}\n", "" },
    { "Transform: [AWS::LanguageExtensions]\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Gone}}\n",
      "3:61 dangling-reference there is no parameter or resource Gone in the template\n" },
    { "Resources:\n  Fn::Transform: {Name: Count}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Gone}}\n", "" },
    { "Transform: {Name: 'AWS::Include', Parameters: {Location: 's3://b/k'}}\nResources:\n"
      "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Gone}}\n", "" },
    /* a part of a Serverless Framework service: the rest stands in other files */
    { "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Gone, TopicName: 'x-${self:provider.stage}'}}\n", "" },
    /* circles */
    { "Resources:\n  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt B.QueueName}}\n  B:\n    Type: AWS::SQS::Queue\n    DependsOn: A\n",
      "2:62 circular-dependency circular dependency: A needs B (GetAtt QueueName, line 2), which needs A (DependsOn, line 5)\n" },
    { "Resources:\n  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref A}}\n",
      "2:59 circular-dependency circular dependency: A needs A (Ref, line 2)\n" },
    { "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources:\n"
      "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, !GetAtt B.QueueName, a]}}\n"
      "  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, b, !GetAtt A.QueueName]}}\n", "" },
    { "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources:\n"
      "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, !GetAtt B.QueueName, a]}}\n"
      "  B: {Type: AWS::SQS::Queue, Condition: C, Properties: {QueueName: !Sub '${A.QueueName}x'}}\n",
      "3:70 circular-dependency circular dependency: A needs B (GetAtt QueueName, line 3), which needs A (Sub QueueName, line 4)\n" },
    { "Resources:\n  A: {Type: AWS::SQS::Queue, Metadata: {m: !Ref A}}\n", "" },
    /* exports */
    { "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs:\n  A: {Value: a, Export: {Name: n}}\n  B: {Value: b, Export: {Name: n}}\n",
      "4:32 duplicate-export output B exports n, as output A does (line 3): a name can be exported once\n" },
};

static void a_problem_stands_at_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        run_text(&r, rows[i].text);
        const char *got = problems_of(&r);
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s\nwant %s\ngot  %s", rows[i].text, rows[i].want, got);
        run_free(&r);
    }
}

static void a_problem_in_a_branch_says_in_which(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources:\n"
                               "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, a, !Ref Gone]}}\n"
                               "  B: {Type: AWS::SQS::Queue, Condition: C, Properties: {QueueName: !Ref Away}}\n");
    assert_int_equal(t->problems.len, 2);
    assert_string_equal(c_text(r.arena, when_text(r.arena, t->problems.at[0].w)), "C is false");
    assert_string_equal(c_text(r.arena, when_text(r.arena, t->problems.at[1].w)), "C is true");
    assert_true(slice_is(t->problems.at[0].in->id, "A"));
    assert_int_equal(t->problems.at[0].end.column, t->problems.at[0].at.column + 4);
    run_free(&r);
}

static void a_shared_mistake_is_told_once(void **state) {
    (void)state;
    run r = run_new();
    run_text(&r, "Metadata: {x: &x {QueueName: !Ref Gone}}\nResources:\n  A: {Type: AWS::SQS::Queue, Properties: *x}\n"
                 "  B: {Type: AWS::SQS::Queue, Properties: *x}\n");
    assert_string_equal(problems_of(&r), "1:35 dangling-reference there is no parameter or resource Gone in the template\n");
    run_free(&r);
}

static void what_is_no_template_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "openapi: 3.0.0\npaths: {}\n", "on: push\njobs: {build: {steps: []}}\n", "services: {db: {image: x}}\n",
        "service: x\nprovider: {name: aws}\nresources: {Resources: {Q: {Type: 'AWS::SQS::Queue'}}}\n", "[a, b]\n", "text\n",
        "{\"$schema\": \"x\", \"resources\": [{\"type\": \"Microsoft.Web/sites\"}]}", "Resources: {a: {Type: plain}}\n", "Resources: [a]\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        run r = run_new();
        file_text file = { "t.yaml", texts[i] };
        run_files(&r, &file, 1, 1);
        if (r.set.list.len != 0) fail_msg("%s is read", texts[i]);
        assert_int_equal(r.diags.list.len, 1);
        assert_int_equal(r.diags.list.at[0].at.line, 0);
        run_free(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_stands_at_its_place),
        cmocka_unit_test(a_problem_in_a_branch_says_in_which),
        cmocka_unit_test(a_shared_mistake_is_told_once),
        cmocka_unit_test(what_is_no_template_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
