/* When a finding is the same finding: pairs of templates, and what a rule's findings in them have in common. */
#include "template_fixture.h"

#include "lint/doc_path.h"
#include "lint/fingerprint.h"

static const char *const rule_head = "id: T1\nname: test-rule\ntitle: t\npillar: scale\nseverity: error\nwhy: w\n"
                                     "examples: {bad: [\"A: {Type: AWS::SQS::Queue}\"], good: [\"B: {Type: AWS::SQS::Queue}\"]}\n";

#define LATE "looks: resource AWS::SQS::Queue\nrequire: resource.p.DelaySeconds < 5\npoint: resource.DelaySeconds\nmessage: \"{resource.id} waits {resource.p.DelaySeconds}\"\n"
#define POLL "looks: edge poll\nmessage: \"{edge.from.id} to {edge.to.id}\"\n"

/* The fingerprints of a rule's findings, each with a blank behind it. */
static slice prints(arena *a, const char *rule, const file_text *files, size_t named, bool unique) {
    run r = { .arena = a };
    diags d = { .arena = a };
    run_files(&r, files, named, named);
    lint_rules *rules = lint_rules_new(a);
    if (!lint_rules_add(rules, SLICE("t1.yaml"), 1, arena_printf(a, "%s%s", rule_head, rule), &d)) fail_msg("%.*s", SLICE_ARG(d.list.at[0].message));
    graph *g = graph_build(&r.set, &a, 1);
    lint_judge_nodes(g, &a, 1);
    lint_config config = { .fingerprints = true };
    lint_result all = lint_run(g, rules, &config, &a, 1);
    buf out = { .arena = a };
    slice *different = fingerprints_unique(a, r.set.files.at, all.findings, all.findings_len);
    for (size_t i = 0; i < all.findings_len; i++) {
        slice f = unique ? different[i] : all.findings[i].fingerprint;
        if (!slice_is(all.findings[i].rule, "T1")) continue;
        if (f.len != 16) fail_msg("a fingerprint of %zu characters", f.len);
        buf_slice(&out, f);
        buf_char(&out, ' ');
    }
    return buf_as_slice(&out);
}

static slice prints_of(arena *a, const char *rule, const char *text) {
    file_text file = { "t.yaml", text };
    slice found = prints(a, rule, &file, 1, true);
    if (found.len == 0) fail_msg("no finding in\n%s", text);
    return found;
}

#define QUEUE "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 7}}\n"
#define TWO_FUNCTIONS "  F: {Type: AWS::Lambda::Function, Properties: {Handler: a.h}}\n  G: {Type: AWS::Lambda::Function, Properties: {Handler: a.h}}\n"
#define MAPPED(to) "Resources:\n  Q: {Type: AWS::SQS::Queue}\n" TWO_FUNCTIONS \
                   "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref " to "}}\n"

static const struct { const char *what, *rule, *one, *other; bool same; } pairs[] = {
    { "lines move", LATE, QUEUE, "# a line\n\n" QUEUE, true },
    { "the form changes", LATE, QUEUE, "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: 7\n", true },
    { "YAML becomes JSON", LATE, QUEUE, "{\"Resources\": {\"Q\": {\"Properties\": {\"DelaySeconds\": 7}, \"Type\": \"AWS::SQS::Queue\"}}}", true },
    { "an unrelated resource comes", LATE, QUEUE, "Resources:\n  T: {Type: AWS::SNS::Topic}\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 7}}\n", true },
    { "a property beside it comes", LATE, QUEUE, "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, DelaySeconds: 7}}\n", true },
    { "the value changes, and with it the message", LATE, QUEUE, "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 8}}\n", true },
    { "another resource", LATE, QUEUE, "Resources:\n  R: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 7}}\n", false },
    { "another branch", LATE, "Conditions: {C: !Equals [!Ref 'AWS::Region', a]}\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !If [C, 7, 1]}}\n",
      "Conditions: {C: !Equals [!Ref 'AWS::Region', a]}\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !If [C, 1, 7]}}\n", false },
    { "the template as a whole", "looks: template\nmessage: m\n", QUEUE, "AWSTemplateFormatVersion: '2010-09-09'\n" QUEUE, true },
    { "the template as a whole, a line down", "looks: template\nmessage: m\n", QUEUE, "\n" QUEUE, true },
    { "the same edge", POLL, MAPPED("F"), "# moved\n" MAPPED("F"), true },
    { "an edge to another function", POLL, MAPPED("F"), MAPPED("G"), false },
};

static void a_finding_stays_the_same_when_only_what_is_around_it_changes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        arena *a = arena_make(0, NULL);
        slice one = prints_of(a, pairs[i].rule, pairs[i].one), other = prints_of(a, pairs[i].rule, pairs[i].other);
        if (slice_eq(one, other) != pairs[i].same) fail_msg("%s: %.*s and %.*s", pairs[i].what, SLICE_ARG(one), SLICE_ARG(other));
        arena_free(a);
    }
}

/* Two properties of one resource; and two findings that nothing but their order tells apart. */
static void findings_of_one_rule_on_one_resource_are_told_apart(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    slice one = prints_of(a, "looks: resource AWS::SQS::Queue\npoint: resource.DelaySeconds\nmessage: m\n", "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1, MessageRetentionPeriod: 60}}}");
    slice other = prints_of(a, "looks: resource AWS::SQS::Queue\npoint: resource.MessageRetentionPeriod\nmessage: m\n", "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1, MessageRetentionPeriod: 60}}}");
    assert_false(slice_eq(one, other));

    finding two[2] = { { .fingerprint = SLICE("0123456789abcdef") }, { .fingerprint = SLICE("0123456789abcdef") } };
    const slice paths[] = { SLICE_INIT("t.yaml"), SLICE_INIT("u.yaml"), SLICE_INIT("t.yaml") };
    slice *different = fingerprints_unique(a, paths, two, 2);
    assert_true(slice_is(different[0], "0123456789abcdef"));
    assert_false(slice_eq(different[0], different[1]));
    assert_int_equal(different[1].len, 16);
    two[1].at.file = 1;                                  /* another file: nothing to tell apart */
    different = fingerprints_unique(a, paths, two, 2);
    assert_true(slice_eq(different[0], different[1]));
    two[1].at.file = 2;                                  /* the same file, read twice */
    different = fingerprints_unique(a, paths, two, 2);
    assert_false(slice_eq(different[0], different[1]));
    arena_free(a);
}

static void other_templates_of_the_run_do_not_change_it(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    const file_text files[] = { { "t.yaml", QUEUE }, { "u.yaml", "Resources: {T: {Type: AWS::SNS::Topic}}\n" } };
    assert_true(slice_eq(prints(a, LATE, files, 1, false), prints(a, LATE, files, 2, false)));
    arena_free(a);
}

static const char document[] =
    "# c\n"                                  /* 1 */
    "A:\n"
    "  B: b\n"
    "  L:\n"
    "    - Name: one\n"                      /* 5 */
    "      X: 1\n"
    "    - Y: 2\n"
    "    - text\n"
    "  F: !If [C, p, q]\n"
    "  M:\n"                                 /* 10 */
    "    <<: &m {K: v}\n"
    "    J: w\n"
    "Z: {K: v}\n";

static const struct { uint32_t line, column; const char *path; } places[] = {
    { 0, 0, "" },                 { 1, 1, "" },           { 2, 1, "A" },      { 3, 3, "A/B" },          { 3, 6, "A/B" },
    { 5, 7, "A/L/[Name=one]/Name" }, { 6, 10, "A/L/[Name=one]/X" }, { 7, 7, "A/L/[]/Y" }, { 8, 7, "A/L/[text]" },  { 9, 11, "A/F/Fn::If/[0]" },
    { 9, 14, "A/F/Fn::If/[1]" },  { 9, 17, "A/F/Fn::If/[2]" }, { 11, 13, "A/M/K" }, { 12, 5, "A/M/J" },  { 13, 5, "Z/K" },
    { 99, 1, "" },
};

static void a_place_has_the_path_of_its_keys(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    const doc_node *doc = doc_parse(a, SLICE(document), SLICE("t.yaml"), 0, &d);
    assert_non_null(doc);
    doc_paths *paths = doc_paths_new(a);
    for (size_t i = 0; i < COUNT(places); i++) {
        slice path = doc_path_of(paths, doc, (pos){ 0, places[i].line, places[i].column });
        if (!slice_is(path, places[i].path)) fail_msg("%u:%u: want '%s', got '%.*s'", places[i].line, places[i].column, places[i].path, SLICE_ARG(path));
    }
    arena_free(a);
}

/* Long mappings and lists are searched by halves; the names must come out the same. */
static void long_mappings_have_paths_too(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf text = { .arena = a };
    for (unsigned i = 0; i < 1000; i++) buf_printf(&text, "K%u:\n  - a%u\n", i, i);
    const doc_node *doc = doc_parse(a, buf_as_slice(&text), SLICE("t.yaml"), 0, NULL);
    assert_non_null(doc);
    doc_paths *paths = doc_paths_new(a);
    for (uint32_t i = 0; i < 1000; i++) {
        slice path = doc_path_of(paths, doc, (pos){ 0, 2 * i + 2, 5 });
        if (!slice_eq(path, arena_printf(a, "K%u/[a%u]", i, i))) fail_msg("K%u: %.*s", i, SLICE_ARG(path));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_stays_the_same_when_only_what_is_around_it_changes),
        cmocka_unit_test(findings_of_one_rule_on_one_resource_are_told_apart),
        cmocka_unit_test(other_templates_of_the_run_do_not_change_it),
        cmocka_unit_test(a_place_has_the_path_of_its_keys),
        cmocka_unit_test(long_mappings_have_paths_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
