/* Rule files: what is refused, with its place; what the tables hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint/bind.h"
#include "lint/lint.h"
#include "lint/rule_file.h"
#include "lint/rules.h"
#include "lint/vocabulary.h"

static const char head[] = "id: SHOP1\nname: own-rule\ntitle: t\npillar: scale\nseverity: error\nwhy: w\n";
static const char examples[] = "examples: {bad: [\"A: {Type: AWS::SQS::Queue}\"], good: [\"B: {Type: AWS::SQS::Queue}\"]}\n";

static bool add(arena *a, const char *text, diags *d) {
    rule_builder *b = rule_builder_new(a, (rule_builder_options){ .built_in = false });
    return rule_builder_add(b, SLICE("own.yaml"), 0, slice_from(text), d);
}

static void a_mistake_in_a_rule_file_has_its_place(void **state) {
    (void)state;
    static const struct { const char *tail; uint32_t line, column; const char *says; } rows[] = {
        { "looks: edge pol\nmessage: m\n", 7, 13, "did you mean poll?" },
        { "looks: edges\nmessage: m\n", 7, 8, "did you mean edge?" },
        { "looks: template poll\nmessage: m\n", 7, 17, "takes no filter" },
        { "looks: edge poll\nwhere: edge.fom.id == \"x\"\nmessage: m\n", 8, 13, "from" },
        { "looks: edge poll\nwhere: resource.id == \"x\"\nmessage: m\n", 8, 8, "resource" },
        { "looks: edge poll\nwhere: |\n  edge.trigger\n  && edge.servce == \"s3\"\nmessage: m\n", 10, 11, "service" },
        { "looks: edge poll\nmessage: \"a {edge.from.idd} b\"\n", 8, 24, "id" },
        { "looks: edge poll\nmessage: \"a {edge.from.id b\"\n", 8, 13, "has no }" },
        { "looks: edge poll\nmessage: m\nseverty: x\n", 9, 1, "did you mean severity?" },
        { "looks: edge poll\nmessage: m\npoint: form.Timeout\n", 9, 8, "did you mean from?" },
        { "looks: edge poll\nmessage: m\npoint: from.Timeout | resource\n", 9, 23, "no resource to point at" },
        { "looks: edge poll\n", 1, 1, "no message" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        slice parts[] = { slice_from(head), slice_from(examples), slice_from(rows[i].tail) };
        slice text = arena_concat(a, (slice[]){ parts[0], parts[2], parts[1] }, 3);
        bool taken = add(a, arena_printf(a, "%.*s", SLICE_ARG(text)).at, &d);
        if (taken || d.list.len == 0)
            fail_msg("%s: was taken", rows[i].tail);
        const diag *first = &d.list.at[0];
        if (first->at.line != rows[i].line || first->at.column != rows[i].column || slice_find_slice(first->message, slice_from(rows[i].says)) == (size_t)-1)
            fail_msg("%s: want %u:%u %s, got %u:%u %.*s", rows[i].tail, rows[i].line, rows[i].column, rows[i].says, first->at.line, first->at.column,
                     SLICE_ARG(first->message));
        arena_free(a);
    }
}

static void wrong_heads_are_refused(void **state) {
    (void)state;
    static const struct { const char *text; const char *says; } rows[] = {
        { "id: 7\n", "letters and then digits" },
        { "id: SF-1\n", "letters and then digits" },
        { "name: Own Rule\n", "small letters" },
        { "pillar: scal\n", "did you mean scale?" },
        { "severity: eror\n", "did you mean error?" },
        { "looks: edge\nseverity: [{severity: info}, {severity: error}]\n", "the last severity" },
        { "[1, 2]\n", "a rule file is a mapping" },
        { "id: A1\nid: A2\n", "id" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        diags d = { .arena = a };
        assert_false(add(a, rows[i].text, &d));
        bool said = false;
        for (size_t k = 0; k < d.list.len; k++)
            said |= slice_find_slice(d.list.at[k].message, slice_from(rows[i].says)) != (size_t)-1;
        if (!said)
            fail_msg("%s: nobody says %s", rows[i].text, rows[i].says);
        arena_free(a);
    }
}

static void a_rule_that_is_right_is_taken_and_listed(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d = { .arena = a };
    lint_rules *r = lint_rules_new(a);
    size_t before = lint_rules_count(r);
    slice text = arena_printf(a, "%slooks: resource AWS::SQS::Queue\nwhere: resource.p.DelaySeconds > 5\nmessage: \"{resource.id}: {{literal}} {resource.p.DelaySeconds}\"\n%s", head, examples);
    assert_true(lint_rules_add(r, SLICE("own.yaml"), 0, text, &d));
    assert_int_equal(lint_rules_count(r), before + 1);
    size_t i = lint_rule_find(r, SLICE("shop1"));
    assert_true(i != LINT_NO_RULE);
    rule_info info = lint_rule(a, r, i);
    assert_true(info.users_own && slice_is(info.file, "own.yaml") && slice_is(info.pillar, "scale") && info.examples_len == 2);
    assert_true(slice_is(lint_rule_nearest(r, SLICE("own-rul")), "own-rule"));
    assert_false(lint_rules_add(r, SLICE("again.yaml"), 1, text, &d));
    assert_true(slice_find_slice(d.list.at[0].message, SLICE("taken already")) != (size_t)-1);
    slice theirs = arena_printf(a, "id: SF117\nname: other\ntitle: t\npillar: scale\nseverity: error\nwhy: w\nlooks: template\nmessage: m\n%s", examples);
    assert_false(lint_rules_add(r, SLICE("theirs.yaml"), 2, theirs, &d));
    slice unknown = arena_printf(a, "id: SHOP2\nname: other2\ntitle: t\npillar: scale\nseverity: error\nwhy: w\nlooks: resource AWS::SQS::Qeue\nmessage: m\n%s", examples);
    assert_false(lint_rules_add(r, SLICE("unknown.yaml"), 2, unknown, &d));
    arena_free(a);
}

static void rules_are_found_by_id_and_name(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    lint_rules *r = lint_rules_new(a);
    assert_true(lint_rule_find(r, SLICE("SF117")) != LINT_NO_RULE);
    assert_int_equal(lint_rule_find(r, SLICE("sf117")), lint_rule_find(r, SLICE("visibility-below-function-timeout")));
    assert_true(lint_rule_find(r, SLICE("SF999")) == LINT_NO_RULE);
    for (size_t i = 1; i < lint_rules_count(r); i++)
        assert_true(slice_order(lint_rule(a, r, i - 1).id, lint_rule(a, r, i).id) < 0);
    for (size_t i = 0; i < lint_rules_count(r); i++) {
        rule_info info = lint_rule(a, r, i);
        if (info.why.len == 0 || info.sources_len == 0 || info.fix.len == 0)
            fail_msg("%.*s lacks why, fix or a source", SLICE_ARG(info.id));
    }
    arena_free(a);
}

/* Getters are found by bisection. */
static void the_vocabulary_is_sorted_within_a_record(void **state) {
    (void)state;
    static const struct { const char *record, *name; } rows[] = {
#define FIELD(record, name, type, getter, doc) { #record, name },
#include "lint/vocabulary.def"
    };
    for (size_t i = 1; i < COUNT(rows); i++)
        if (strcmp(rows[i - 1].record, rows[i].record) == 0 && strcmp(rows[i - 1].name, rows[i].name) >= 0)
            fail_msg("%s.%s stands after %s", rows[i].record, rows[i].name, rows[i - 1].name);
}

static void names_and_functions_have_the_same_order_with_and_without_their_c(void **state) {
    (void)state;
    cel_field x[VOCABULARY_MAX_VARIABLES], y[VOCABULARY_MAX_VARIABLES];
    for (unsigned l = 0; l < LOOKS_COUNT; l++) {
        cel_environment names = vocabulary_names((looks)l, x), env = vocabulary_environment((looks)l, y);
        assert_int_equal(names.functions_len, env.functions_len);
        for (size_t i = 0; i < env.functions_len; i++) {
            assert_true(slice_eq(names.functions[i].name, env.functions[i].name));
            assert_non_null(env.functions[i].call);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_in_a_rule_file_has_its_place),
        cmocka_unit_test(wrong_heads_are_refused),
        cmocka_unit_test(a_rule_that_is_right_is_taken_and_listed),
        cmocka_unit_test(rules_are_found_by_id_and_name),
        cmocka_unit_test(the_vocabulary_is_sorted_within_a_record),
        cmocka_unit_test(names_and_functions_have_the_same_order_with_and_without_their_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
