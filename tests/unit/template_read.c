/* Templates as a whole: resources, parameters, outputs, nested stacks, exports, loops, includes, limits. */
#include "template_fixture.h"

static const resource *found(const template *t, const char *id) {
    const resource *x = template_resource(t, slice_from(id));
    if (x == NULL) fail_msg("no resource %s", id);
    return x;
}

static const char *property(run *r, const template *t, const char *id, const char *path) {
    return json_of(r->arena, resource_written(r->arena, found(t, id), slice_from(path)));
}

static void a_resource_carries_what_the_author_wrote(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n    DependsOn: B\n    Metadata: {m: 1}\n"
        "    Properties: {QueueName: !GetAtt C.QueueName}\n  B: {Type: AWS::SQS::Queue}\n  C: {Type: AWS::SQS::Queue}\n"
        "Outputs:\n  O: {Value: !Sub 'x${B.Arn}', Export: {Name: out}}\n");
    const resource *a = found(t, "A");
    assert_true(slice_is(a->id, "A"));
    assert_true(slice_is(a->deletion_policy, "Retain"));
    assert_int_equal(a->at.line, 2);
    assert_int_equal(a->type_at.line, 3);
    assert_int_equal(a->depends_len, 2);
    assert_ptr_equal(a->depends[0], found(t, "B"));
    assert_ptr_equal(a->depends[1], found(t, "C"));
    assert_int_equal(a->depends_explicit_len, 1);
    assert_ptr_equal(a->depends_explicit[0], found(t, "B"));
    assert_string_equal(json_of(r.arena, a->metadata), "{\"m\":1}");
    assert_true(found(t, "B")->exported);
    assert_false(found(t, "C")->exported);
    assert_int_equal(t->outputs.len, 1);
    assert_string_equal(json_of(r.arena, t->outputs.at[0].export_name), "\"out\"");
    assert_int_equal(t->resources.len, 3);
    assert_int_equal(found(t, "C")->index, 2);
    run_free(&r);
}

static void a_resource_whose_condition_is_fixed_false_is_left_out(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, "Conditions: {Never: !Equals [a, b], Open: !Equals [!Ref AWS::Region, x]}\nResources:\n"
                               "  A: {Type: AWS::SQS::Queue, Condition: Never}\n  B: {Type: AWS::SQS::Queue, Condition: Open}\n"
                               "  C: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref A}}\n");
    assert_int_equal(t->resources.len, 2);
    assert_true(found(t, "A")->dropped);
    assert_string_equal(c_text(r.arena, when_text(r.arena, found(t, "B")->exists)), "Open is true");
    assert_string_equal(problems_of(&r), "");
    run_free(&r);
}

static void given_parameters_win_and_lists_are_cut_at_commas(void **state) {
    (void)state;
    run r = run_new();
    given_parameter given[] = { { SLICE_INIT("Name"), SLICE_INIT("given") }, { SLICE_INIT("Many"), SLICE_INIT("x, y") } };
    r.options.parameters = given;
    r.options.parameters_len = 2;
    template *t = run_text(&r, "Parameters:\n  Name: {Type: String, Default: d}\n  Many: {Type: CommaDelimitedList}\n  Other: {Type: Number, Default: 3}\n"
                               "Resources:\n  A: {Type: X::Y::Z, Properties: {n: !Ref Name, m: !Ref Many, o: !Ref Other}}\n");
    assert_string_equal(property(&r, t, "A", ""), "{\"n\":\"given\",\"m\":[\"x\",\"y\"],\"o\":3}");
    assert_true(t->parameters.at[0].given);
    assert_false(t->parameters.at[2].given);
    run_free(&r);
}

static void a_default_from_the_catalog_stands_behind_what_is_written(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources:\n  A: {Type: AWS::SQS::Queue}\n"
                               "  B: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 5}}\n"
                               "  D: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: !If [C, 7, !Ref 'AWS::NoValue']}}\n");
    static const char path[] = "VisibilityTimeout";
    const value *v = resource_get(r.arena, found(t, "A"), slice_from(path));
    if (found(t, "A")->row == NULL || found(t, "A")->row->defaults_count == 0) fail_msg("the catalog has no defaults for a queue");
    assert_string_equal(json_of(r.arena, v), "30");
    assert_int_equal(v->at.line, 3);
    assert_string_equal(json_of(r.arena, resource_get(r.arena, found(t, "B"), slice_from(path))), "5");
    v = resource_get(r.arena, found(t, "D"), slice_from(path));
    assert_int_equal(v->kind, VAL_CHOICE);
    assert_string_equal(json_of(r.arena, v->choice.yes), "7");
    assert_string_equal(json_of(r.arena, v->choice.no), "30");
    assert_true(value_is_absent(resource_written(r.arena, found(t, "A"), slice_from(path))));
    run_free(&r);
}

/* ---- nested stacks ---- */

static void a_nested_stack_is_read_with_its_parents_values(void **state) {
    (void)state;
    static const file_text files[] = {
        { "app/main.yaml",
          "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n"
          "  Jobs: {Type: AWS::SQS::Queue}\n"
          "  Store:\n    Type: AWS::CloudFormation::Stack\n    Condition: IsProd\n    Properties:\n      TemplateURL: ./parts/store.yaml\n"
          "      Parameters: {Queue: !GetAtt Jobs.Arn, Level: !Ref Stage, Fixed: x}\n"
          "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Store.Outputs.Sold, TopicName: !GetAtt Store.Outputs.Slod}}\n" },
        { "app/parts/store.yaml",
          "Parameters: {Queue: {Type: String}, Level: {Type: String}, Fixed: {Type: String}, Preset: {Type: String, Default: p}}\n"
          "Conditions: {Prod: !Equals [!Ref Level, prod], IsX: !Equals [!Ref Fixed, x], IsP: !Equals [!Ref Preset, q]}\nResources:\n"
          "  Sale: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Queue}}\n"
          "  Extra: {Type: AWS::SNS::Topic, Condition: Prod}\n"
          "Outputs: {Sold: {Value: !Ref Sale}, Hidden: {Value: x, Condition: IsP}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 1, 2);
    assert_int_equal(r.set.list.len, 2);
    template *parent = r.set.list.at[0], *child = r.set.list.at[1];
    assert_ptr_equal(child->parent, parent);
    assert_ptr_equal(child->nested_in, found(parent, "Store"));
    assert_true(slice_is(found(child, "Sale")->id, "Store/Sale"));
    assert_true(slice_is(r.set.files.at[child->file], "app/parts/store.yaml"));
    const value *v = resource_written(r.arena, found(child, "Sale"), SLICE("DisplayName"));
    assert_int_equal(v->kind, VAL_REF);
    assert_ptr_equal(v->ref.to, found(parent, "Jobs"));
    v = resource_written(r.arena, found(parent, "T"), SLICE("DisplayName"));
    assert_int_equal(v->kind, VAL_REF);
    assert_ptr_equal(v->ref.to, found(child, "Sale"));
    assert_int_equal(v->at.file, 0);
    /* The child's condition over the parent's parameter is the parent's: they can't differ. */
    assert_string_equal(c_text(r.arena, when_text(r.arena, found(child, "Extra")->exists)), "IsProd is true and Store/Prod is true");
    assert_int_equal(when_decides(found(child, "Sale")->exists, child->conditions.at[0]), YES);
    assert_int_equal(child->conditions.at[1]->fixed, YES);
    assert_int_equal(child->conditions.at[2]->fixed, NO);     /* only the parent could give Preset, and it does not */
    assert_string_equal(problems_of(&r), "11:117 no-such-output the nested stack Store (app/parts/store.yaml) has no output Slod; did you mean Sold?\n");
    assert_int_equal(r.diags.list.len, 0);
    run_free(&r);
}

static void nested_stacks_in_a_circle_are_a_problem(void **state) {
    (void)state;
    static const file_text files[] = {
        { "a.yaml", "Resources: {B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b.yaml}}}\n" },
        { "b.yaml", "Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./a.yaml}}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 1, 2);
    assert_string_equal(problems_of(&r), "1:77 nested-stack nested stacks in a circle: a.yaml > b.yaml > a.yaml\n");
    run_free(&r);
}

static void a_nested_template_that_is_not_there_makes_its_outputs_unknown(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone.yaml}}\n"
                               "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt S.Outputs.X}}\n");
    const value *v = resource_written(r.arena, found(t, "T"), SLICE("DisplayName"));
    assert_int_equal(v->kind, VAL_UNKNOWN);
    assert_int_equal(v->why, UNKNOWN_NESTED_OUTPUT);
    assert_string_equal(problems_of(&r), "");
    assert_int_equal(r.diags.list.len, 1);
    assert_int_equal(r.diags.list.at[0].level, DIAG_INFO);
    run_free(&r);
}

static void stacks_may_feed_each_other_in_any_order(void **state) {
    (void)state;
    static const file_text files[] = {
        { "m.yaml",
          "Resources:\n  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n"
          "  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml, Parameters: {P: start}}}\n" },
        { "c.yaml", "Parameters: {P: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref P}}}\nOutputs: {O: {Value: !Sub '${P}-x'}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 1, 2);
    assert_int_equal(r.set.list.len, 3);
    for (size_t i = 1; i < 3; i++) {
        bool is_a = slice_is(r.set.list.at[i]->id_prefix, "A/");
        assert_string_equal(property(&r, r.set.list.at[i], "T", "DisplayName"), is_a ? "\"start\"" : "\"start-x\"");
    }
    run_free(&r);
}

/* ---- exports ---- */

static void an_import_meets_the_one_export_of_its_name(void **state) {
    (void)state;
    static const file_text files[] = {
        { "use.yaml", "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Sub ['<${x}>', {x: !ImportValue topic}]\n"
                      "      TopicName: !ImportValue twice\n      Other: !ImportValue {'Fn::Sub': 'chain'}\n" },
        { "make.yaml", "Resources: {Sold: {Type: AWS::SNS::Topic}}\nOutputs: {A: {Value: !Ref Sold, Export: {Name: topic}}, B: {Value: x, Export: {Name: twice}}}\n" },
        { "more.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {B: {Value: y, Export: {Name: twice}}, C: {Value: !ImportValue topic, Export: {Name: chain}}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 3, 3);
    const template *use = r.set.list.at[0];
    const resource *sold = found(r.set.list.at[1], "Sold");
    assert_true(slice_is(found(use, "T")->id, "use.yaml#T"));
    const value *v = resource_written(r.arena, found(use, "T"), SLICE("DisplayName"));
    assert_int_equal(v->kind, VAL_JOINED);
    assert_int_equal(v->list.len, 3);
    assert_ptr_equal(v->list.at[1]->ref.to, sold);
    v = resource_written(r.arena, found(use, "T"), SLICE("Other"));
    assert_int_equal(v->kind, VAL_REF);
    assert_ptr_equal(v->ref.to, sold);
    v = resource_written(r.arena, found(use, "T"), SLICE("TopicName"));     /* two templates export it: nobody knows which */
    assert_int_equal(v->kind, VAL_UNKNOWN);
    assert_int_equal(v->why, UNKNOWN_IMPORT);
    assert_string_equal(problems_of(&r), "");
    run_free(&r);
}

static void exports_in_a_circle_end(void **state) {
    (void)state;
    static const file_text files[] = {
        { "a.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !ImportValue b, Export: {Name: a}}}\n" },
        { "b.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !ImportValue a, Export: {Name: b}}}\n" },
    };
    run r = run_new();
    run_files(&r, files, 2, 2);
    assert_int_equal(r.set.list.at[0]->outputs.at[0].value->kind, VAL_UNKNOWN);
    run_free(&r);
}

/* ---- loops and includes ---- */

static void loops_are_unrolled_where_they_stand(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r,
        "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList, Default: 'One,Two'}, More: {Type: CommaDelimitedList}}\n"
        "Mappings: {M: {One: {L: [a, b]}, Two: {L: [c]}}}\n"
        "Conditions:\n  Fn::ForEach::C:\n    - N\n    - !Ref Names\n    - 'Is${N}': !Equals [!Ref AWS::Region, !Ref N]\n"
        "Resources:\n  Fn::ForEach::R:\n    - N\n    - !Ref Names\n"
        "    - 'Queue${N}':\n        Type: AWS::SQS::Queue\n        Condition: 'Is${N}'\n        Properties:\n          QueueName: !Sub 'q-${N}-${AWS::Region}'\n"
        "          Tags: [{Key: n, Value: !Ref N}]\n"
        "          Fn::ForEach::P: [K, !FindInMap [M, !Ref N, L], {'Key${K}': !Ref K}]\n"
        "      Fn::ForEach::Inner: [K, !FindInMap [M, !Ref N, L], {'T${N}${K}': {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt [!Sub 'Queue${N}', Arn]}}}]\n"
        "  Fn::ForEach::U: [N, !Ref More, {'Unknown${N}': {Type: AWS::SNS::Topic}}]\n"
        "  Fn::ForEach::Odd: [N, [a-b, 'c.d'], {'X&{N}': {Type: AWS::SNS::Topic, Properties: {DisplayName: '${N}'}}}]\n"
        "  Use: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref UnknownSeven, TopicName: !Ref Gone}}\n"
        "Outputs:\n  Fn::ForEach::O: [N, !Ref Names, {'Out${N}': {Value: !GetAtt [!Sub 'Queue${N}', Arn]}}]\n");
    assert_string_equal(problems_of(&r), "23:93 dangling-reference there is no parameter or resource Gone in the template\n");
    assert_int_equal(t->resources.len, 2 + 3 + 2 + 1);
    assert_string_equal(property(&r, t, "QueueOne", ""),
                        "{\"QueueName\":\"q-One-${AWS::Region}\",\"Tags\":[{\"Key\":\"n\",\"Value\":\"One\"}],\"Keya\":\"a\",\"Keyb\":\"b\"}");
    assert_string_equal(property(&r, t, "TOneb", "DisplayName"), "\"${QueueOne.Arn}\"");
    assert_string_equal(property(&r, t, "Xab", "DisplayName"), "\"a-b\"");
    assert_string_equal(c_text(r.arena, when_text(r.arena, found(t, "QueueTwo")->exists)), "IsTwo is true");
    assert_int_equal(t->conditions.len, 2);
    assert_int_equal(t->outputs.len, 2);
    assert_int_equal(r.diags.list.len, 0);
    run_free(&r);
}

static void an_included_file_stands_where_it_is_included(void **state) {
    (void)state;
    static const file_text files[] = {
        { "d/t.yaml",
          "Transform: [{Name: 'AWS::Include', Parameters: {Location: top.yaml}}]\nResources:\n  Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: more.yaml}}\n"
          "  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Ref P\n      Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: props.yaml}}\n"
          "  U: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Gone}}\n" },
        { "d/top.yaml", "Parameters: {P: {Type: String, Default: x}}\n" },
        { "d/more.yaml", "Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Nobody}}\n" },
        { "d/props.yaml", "DisplayName: !GetAtt Q.QueueName\n" },
    };
    run r = run_new();
    run_files(&r, files, 1, COUNT(files));
    template *t = r.set.list.at[0];
    assert_string_equal(property(&r, t, "T", ""), "{\"TopicName\":\"x\",\"DisplayName\":\"${Q.QueueName}\"}");
    assert_int_equal(t->problems.len, 2);
    assert_true(slice_is(r.set.files.at[t->problems.at[0].at.file], "d/more.yaml"));
    assert_true(slice_is(r.set.files.at[t->problems.at[1].at.file], "d/t.yaml"));
    run_free(&r);
}

/* ---- limits ---- */

static template *loop_of(run *r, size_t copies) {
    buf b = { .arena = r->arena };
    buf_text(&b, "Resources:\n  T: {Type: AWS::SNS::Topic}\n  Fn::ForEach::R: [N, [");
    for (size_t i = 0; i < copies; i++) buf_printf(&b, "%s%zu", i == 0 ? "" : ",", i);
    buf_text(&b, "], {'Q${N}': {Type: AWS::SQS::Queue}}]\n");
    return run_text(r, c_text(r->arena, buf_as_slice(&b)));
}

static void loops_have_a_limit(void **state) {
    (void)state;
    run r = run_new();
    assert_int_equal(loop_of(&r, TEMPLATE_MAX_LOOP)->resources.len, TEMPLATE_MAX_LOOP + 1);
    assert_int_equal(r.diags.list.len, 0);
    run_free(&r);
    r = run_new();
    assert_int_equal(loop_of(&r, TEMPLATE_MAX_LOOP + 1)->resources.len, TEMPLATE_MAX_LOOP + 1);
    assert_int_equal(r.diags.list.len, 1);
    run_free(&r);
}

static void resources_have_a_limit(void **state) {
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        run r = run_new();
        buf b = { .arena = r.arena };
        buf_text(&b, "{\"Resources\":{");
        for (size_t i = 0; i < TEMPLATE_MAX_RESOURCES + over; i++) buf_printf(&b, "%s\"Q%zu\":{\"Type\":\"AWS::SQS::Queue\"}", i == 0 ? "" : ",", i);
        buf_text(&b, "}}");
        template *t = run_text(&r, c_text(r.arena, buf_as_slice(&b)));
        assert_int_equal(t->resources.len, TEMPLATE_MAX_RESOURCES);
        assert_int_equal(r.diags.list.len, over);
        run_free(&r);
    }
}

static void nested_stacks_have_a_limit_of_depth(void **state) {
    (void)state;
    run r = run_new();
    file_text *files = ARENA_ARRAY(r.arena, file_text, 15);
    for (size_t i = 0; i < 15; i++) {
        files[i].path = arena_printf(r.arena, "%zu.yaml", i).at;
        files[i].text = arena_printf(r.arena, "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %zu.yaml}}}\n", i + 1).at;
    }
    run_files(&r, files, 1, 15);
    assert_int_equal(r.set.list.len, TEMPLATE_MAX_NESTED_DEPTH);
    assert_int_equal(r.diags.list.len, 1);
    assert_int_equal(r.diags.list.at[0].level, DIAG_ERROR);
    run_free(&r);
}

/* Each stack holds ten of the next: the number of stacks is bounded. */
static void nested_stacks_have_a_limit_of_number(void **state) {
    (void)state;
    run r = run_new();
    file_text files[5];
    for (size_t i = 0; i < 5; i++) {
        buf b = { .arena = r.arena };
        buf_text(&b, "Resources:\n");
        for (size_t k = 0; k < 10; k++) buf_printf(&b, "  S%zu: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %zu.yaml}}\n", k, i + 1);
        files[i] = (file_text){ arena_printf(r.arena, "%zu.yaml", i).at, c_text(r.arena, buf_as_slice(&b)) };
    }
    run_files(&r, files, 1, 5);
    assert_int_equal(r.set.list.len, 1 + TEMPLATE_MAX_NESTED);
    run_free(&r);
}

static void shared_nodes_are_resolved_once(void **state) {
    (void)state;
    run r = run_new();
    buf b = { .arena = r.arena };
    buf_text(&b, "Metadata:\n  a0: &a0 [!Ref Q]\n");
    for (int i = 1; i < 30; i++) buf_printf(&b, "  a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
    buf_text(&b, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: *a29}}\n");
    template *t = run_text(&r, c_text(r.arena, buf_as_slice(&b)));
    assert_int_equal(found(t, "T")->depends_len, 1);
    assert_true(arena_used(r.arena) < 4u * 1024 * 1024);
    run_free(&r);
}

/* ---- files with parameters ---- */

static void parameter_files_have_the_shapes_of_the_cli(void **state) {
    (void)state;
    static const struct { const char *text; bool ok; const char *want; } rows[] = {
        { "[{\"ParameterKey\": \"A\", \"ParameterValue\": \"1\"}, {\"ParameterKey\": \"B\", \"UsePreviousValue\": true}]", true, "A=1;" },
        { "{\"Parameters\": {\"A\": \"1\", \"B\": 2, \"C\": true, \"D\": [\"x\", \"y\"]}}", true, "A=1;B=2;C=true;D=x,y;" },
        { "{\"A\": \"1\"}", true, "A=1;" },
        { "A: 012\nB: 'x'\n", true, "A=012;B=x;" },
        { "[\"A=1\", \"B=x=y\"]", true, "A=1;B=x=y;" },
        { "{\"A\": {\"b\": 1}}", false, "" },
        { "[{\"Key\": \"A\"}]", false, "" },
        { "text", false, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        given_parameter *got;
        size_t len;
        bool ok = template_parameters_file(a, slice_from(rows[i].text), SLICE("p"), 0, &got, &len, &d);
        buf b = { .arena = a };
        for (size_t k = 0; ok && k < len; k++) buf_printf(&b, "%.*s=%.*s;", SLICE_ARG(got[k].name), SLICE_ARG(got[k].value));
        if (ok != rows[i].ok || !slice_is(buf_as_slice(&b), rows[i].want)) fail_msg("%s", rows[i].text);
        if (ok != (d.list.len == 0)) fail_msg("%s: %zu lines", rows[i].text, d.list.len);
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resource_carries_what_the_author_wrote),
        cmocka_unit_test(a_resource_whose_condition_is_fixed_false_is_left_out),
        cmocka_unit_test(given_parameters_win_and_lists_are_cut_at_commas),
        cmocka_unit_test(a_default_from_the_catalog_stands_behind_what_is_written),
        cmocka_unit_test(a_nested_stack_is_read_with_its_parents_values),
        cmocka_unit_test(nested_stacks_in_a_circle_are_a_problem),
        cmocka_unit_test(a_nested_template_that_is_not_there_makes_its_outputs_unknown),
        cmocka_unit_test(stacks_may_feed_each_other_in_any_order),
        cmocka_unit_test(an_import_meets_the_one_export_of_its_name),
        cmocka_unit_test(exports_in_a_circle_end),
        cmocka_unit_test(loops_are_unrolled_where_they_stand),
        cmocka_unit_test(an_included_file_stands_where_it_is_included),
        cmocka_unit_test(loops_have_a_limit),
        cmocka_unit_test(resources_have_a_limit),
        cmocka_unit_test(nested_stacks_have_a_limit_of_depth),
        cmocka_unit_test(nested_stacks_have_a_limit_of_number),
        cmocka_unit_test(shared_nodes_are_resolved_once),
        cmocka_unit_test(parameter_files_have_the_shapes_of_the_cli),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
