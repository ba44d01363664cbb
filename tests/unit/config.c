/* Configuration files: what they say, what is wrong with them, and which paths their globs mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/config_file.h"

static const struct { const char *text, *errors; } wrong[] = {
    { "", "" },
    { "# only words\n\n  # of ours\n", "" },
    { "fail_on:\n", "" },
    { "- a\n", "1:1 a configuration is a mapping; its keys are: rules, rule_folders, template_parameters, exclude, cloud, allow, fail_on, region, account\n" },
    { "fial_on: error\n", "1:1 there is no setting fial_on; did you mean fail_on?\n" },
    { "region: a\nregoin: b\n", "2:1 there is no setting regoin; did you mean region?\n" },
    { "fail_on: warn\n", "1:10 fail_on cannot be warn; did you mean warning?\n" },
    { "fail_on: [error]\n", "1:10 fail_on is a text\n" },
    { "cloud: gcp\n", "1:8 cloud cannot be gcp; it is one of: aws, azure, google\n" },
    { "account: 123\n", "1:10 account is the twelve digits of an account, not 123\n" },
    { "account: 012345678901\nregion: eu-west-1\n", "" },
    { "rules: {SF1: off, SF2: on, SF3: 'off', SF4: error, SF5: info, SF6: {severity: warning}, SF7: {}}\n", "" },
    { "rules: {SF1: of}\n", "1:14 a rule is on, off, error, warning or info; did you mean off?\n" },
    { "rules: {SF1: {level: error}}\n", "1:15 a rule here has no key level\n" },
    { "rules: [SF1]\n", "1:8 rules is a mapping: {SF305: off, pay-per-use: warning}\n" },
    { "rule_folders: rules\n", "" },
    { "rule_folders: [a, {b: c}]\n", "1:19 rule_folders is a list of folders, named from here\n" },
    { "exclude: [a, [b]]\n", "1:14 exclude is a list of globs, as fixtures/**\n" },
    { "exclude: ['']\n", "1:11 a glob has 1 to 1024 characters\n" },
    { "template_parameters: {'**': {A: 1, B: [x, y], C: {d: e}}}\n", "1:50 a parameter is a text, a number or a list of them\n" },
    { "template_parameters: {'**': prod}\n", "1:29 the parameters of ** are a mapping: {Stage: prod}\n" },
    { "allow: [{rule: SF1, reason: x}]\n", "" },
    { "a: [\n", "2:1 a value should stand here: look at the indentation and the brackets, or put the text in quotes\n" },
};

static void what_is_wrong_with_a_configuration_has_a_place(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        config_file c = { .file = 0 };
        buf b = { .arena = a };
        config_read(a, &c, slice_from(wrong[i].text), &d);
        for (size_t k = 0; k < d.list.len; k++) buf_printf(&b, "%u:%u %.*s\n", d.list.at[k].at.line, d.list.at[k].at.column, SLICE_ARG(d.list.at[k].message));
        if (!slice_is(buf_as_slice(&b), wrong[i].errors)) fail_msg("%s: want %s, got %.*s", wrong[i].text, wrong[i].errors, SLICE_ARG(buf_as_slice(&b)));
        arena_free(a);
    }
}

static void a_configuration_says_what_is_written(void **state) {
    static const char text[] = "rules: {SF1: off, scale: error, SF2: on}\ntemplate_parameters:\n  a/**: {Stage: prod, Zones: [x, y]}\nexclude: [old/]\n"
                               "allow:\n  - {rule: 'SF1, SF2', path: a/**, resource: Q*, reason: r, until: 2027-01-31}\n";
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    config_file c = { .file = 7 };
    config_read(a, &c, slice_from(text), &d);
    assert_int_equal(d.list.len, 0);
    assert_int_equal(c.rules.len, 3);
    assert_true(c.rules.at[0].off && !c.rules.at[0].on);
    assert_true(!c.rules.at[1].off && !c.rules.at[1].on && c.rules.at[1].severity == SEVERITY_ERROR);
    assert_true(c.rules.at[2].on);
    assert_int_equal(c.rules.at[1].at.line, 1);
    assert_int_equal(c.rules.at[1].at.column, 19);
    assert_int_equal(c.parameters.len, 1);
    assert_true(slice_is(c.parameters.at[0].parameters[1].value, "x,y"));
    assert_true(slice_is(c.exclude.at[0].text, "old/"));
    assert_int_equal(c.allow.list.len, 2);
    const waiver *w = c.allow.list.at[1];
    assert_true(slice_is(w->rule, "SF2") && slice_is(w->path, "a/**") && slice_is(w->resources, "Q*") && w->source == WAIVER_IN_CONFIG);
    assert_int_equal(w->at.file, 7);
    assert_int_equal(w->ends_s, 1801440000);      /* 2027-02-01 */
    arena_free(a);
}

static const struct { const char *glob, *path; bool matches; } globs[] = {
    { "t.yaml", "t.yaml", true },           { "t.yaml", "a/b/t.yaml", true },       { "*.yaml", "a/t.yaml", true },      { "*.yml", "a/t.yaml", false },
    { "a", "a/b/t.yaml", true },            { "b", "a/b/t.yaml", true },            { "b/", "a/b/t.yaml", true },        { "t.yaml/", "a/t.yaml", false },
    { "a/*", "a/t.yaml", true },            { "a/*", "a/b/t.yaml", true },          { "a/*.yaml", "a/b/t.yaml", false }, { "a/**", "a/b/t.yaml", true },
    { "b/t.yaml", "a/b/t.yaml", false },    { "**/b/t.yaml", "a/b/t.yaml", true },  { "/t.yaml", "t.yaml", true },       { "/t.yaml", "a/t.yaml", false },
    { "a/", "ab/t.yaml", false },           { "[ab]/t.yaml", "a/t.yaml", true },    { "../*.yaml", "../t.yaml", true },  { "**", "t.yaml", true },
};

static void a_glob_is_named_from_the_folder_of_the_file(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(globs); i++)
        if (config_glob(slice_from(globs[i].glob), slice_from(globs[i].path)) != globs[i].matches) fail_msg("%s on %s", globs[i].glob, globs[i].path);
}

#define RULE "id: T1\nname: t\ntitle: t\npillar: scale\nseverity: info\nlooks: resource AWS::SQS::Queue\nwhy: w\n" \
             "examples: {bad: ['Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 9}}'], good: ['Q: {Type: AWS::SQS::Queue}']}\n"

static const struct { const char *text, *error; } parameters[] = {
    { RULE "parameters: {most: 5}\nrequire: resource.p.DelaySeconds <= param.most\nmessage: 'more than {param.most}'\n", "" },
    { RULE "parameters: {most: 5}\nrequire: resource.p.DelaySeconds <= param.mots\nmessage: m\n", "10:43 the rule has no parameter mots" },
    { RULE "require: resource.p.DelaySeconds <= param.most\nmessage: m\n", "9:43 the rule has no parameter most" },
    { RULE "parameters: {most: five}\nmessage: m\n", "9:14 a parameter is a name of letters and a whole number: {least: 5}" },
    { RULE "parameters: 5\nmessage: m\n", "9:13 parameters are a mapping: {least: 5}" },
};

static void a_rule_has_the_parameters_that_its_file_gives_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        lint_rules *rules = lint_rules_new(a);
        const lint_example_result *results;
        bool good = lint_rules_add(rules, SLICE("t.yaml"), 0, slice_from(parameters[i].text), &d);
        slice got = d.list.len == 0 ? SLICE("") : arena_printf(a, "%u:%u %.*s", d.list.at[0].at.line, d.list.at[0].at.column, SLICE_ARG(d.list.at[0].message));
        if (!slice_is(got, parameters[i].error)) fail_msg("row %zu: want %s, got %.*s", i, parameters[i].error, SLICE_ARG(got));
        if (good) {
            size_t at = lint_rule_find(rules, SLICE("T1"));
            rule_info info = lint_rule(a, rules, at);
            assert_int_equal(info.parameters_len, 1);
            assert_int_equal(info.parameters[0].number, 5);
            size_t len = lint_run_examples(a, rules, at, 0, &results);
            for (size_t k = 0; k < len; k++) assert_true(results[k].passed);
        }
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_with_a_configuration_has_a_place),
        cmocka_unit_test(a_configuration_says_what_is_written),
        cmocka_unit_test(a_glob_is_named_from_the_folder_of_the_file),
        cmocka_unit_test(a_rule_has_the_parameters_that_its_file_gives_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
