/* template.users(): the same answer as asking all of a type, whatever way the resource is named in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint/lint.h"

static const char *const head = "id: T1\nname: test-rule\ntitle: t\npillar: scale\nseverity: error\nwhy: w\n"
                                "examples: {bad: [\"A: {Type: AWS::SQS::Queue}\"], good: [\"B: {Type: AWS::SQS::Queue}\"]}\n";

/* "yes", "no" or "unknown": does the condition hold for the resource X? */
static const char *answer(arena *a, const char *asked, slice text) {
    diags d = { .arena = a };
    template_options options = { .region = SLICE_INIT("eu-west-1"), .account = SLICE_INIT("111122223333") };
    templates set = { .options = &options };
    VEC_PUSH(a, &set.files, SLICE("t.yaml"));
    const doc_node *doc = doc_parse(a, text, SLICE("t.yaml"), 0, &d);
    template *t = doc == NULL ? NULL : template_read(&set, a, SLICE("t.yaml"), 0, text, doc, SLICE(""), &d);
    if (t == NULL) fail_msg("not read: %.*s", SLICE_ARG(text));
    VEC_PUSH(a, &set.list, t);
    templates_join(&set, a, &d);
    graph *g = graph_build(&set, &a, 1);
    lint_judge_nodes(g, &a, 1);
    lint_rules *rules = lint_rules_new(a);
    slice rule = arena_printf(a, "%slooks: resource\nwhere: resource.logicalId == \"X\" && (%s)\nmessage: m\n", head, asked);
    if (!lint_rules_add(rules, SLICE("t1.yaml"), 1, rule, &d)) fail_msg("%.*s", SLICE_ARG(d.list.at[0].message));
    lint_config config = { .unknown = true };
    lint_result r = lint_run(g, rules, &config, &a, 1);
    for (size_t i = 0; i < r.findings_len; i++)
        if (slice_is(r.findings[i].rule, "T1")) return "yes";
    for (size_t i = 0; i < r.unknown_len; i++)
        if (slice_is(r.unknown[i].rule, "T1")) return "unknown";
    return "no";
}


static void users_are_those_that_name_it(void **state) {
    (void)state;
    static const struct { const char *named, *want; } rows[] = {
        { "!GetAtt X.Arn", "yes" },
        { "arn:aws:events:eu-west-1:111122223333:event-bus/orders", "yes" },
        { "!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/orders'", "yes" },
        { "!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/${X}'", "yes" },
        { "arn:aws:events:eu-west-1:111122223333:event-bus/others", "no" },
        { "!GetAtt Y.Arn", "no" },
        { "!Ref Given", "unknown" },
        { "!If [On, !GetAtt X.Arn, !GetAtt Y.Arn]", "yes" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice text = arena_printf(a, "Parameters: {Given: {Type: String}, Stage: {Type: String}}\nConditions: {On: !Equals [!Ref Stage, on]}\nResources:\n"
                                     "  X: {Type: AWS::Events::EventBus, Properties: {Name: orders}}\n  Y: {Type: AWS::Events::EventBus, Properties: {Name: mine}}\n"
                                     "  A: {Type: AWS::Events::Archive, Properties: {SourceArn: %s}}\n", rows[i].named);
        const char *few = answer(a, "template.users(resource, \"AWS::Events::Archive\", \"SourceArn\").exists(u, ref(u.p.SourceArn) == resource.node)", text);
        const char *any = answer(a, "template.users(resource, \"AWS::Events::Archive\").exists(u, ref(u.p.SourceArn) == resource.node)", text);
        const char *all = answer(a, "template.all(\"AWS::Events::Archive\").exists(u, ref(u.p.SourceArn) == resource.node)", text);
        if (strcmp(few, rows[i].want) != 0 || strcmp(all, rows[i].want) != 0 || strcmp(any, rows[i].want) != 0)
            fail_msg("%s: want %s; few %s, any %s, all %s", rows[i].named, rows[i].want, few, any, all);
        arena_free(a);
    }
}

static void who_needs_it_is_known_both_ways(void **state) {
    (void)state;
    static const struct { const char *other, *want; } rows[] = {
        { "B: {Type: AWS::SQS::Queue, DependsOn: X}", "yes" },
        { "B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref X}}", "yes" },
        { "B: {Type: AWS::SNS::Topic}", "no" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice text = arena_printf(a, "Resources:\n  X: {Type: AWS::SQS::Queue}\n  %s\n", rows[i].other);
        const char *got = answer(a, "resource.users.exists(u, u.id == \"B\")", text);
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s: want %s, got %s", rows[i].other, rows[i].want, got);
        arena_free(a);
    }
}

/* What can't be said quickly is not said. */
static void too_many_that_name_the_unknown_leave_it_unknown(void **state) {
    (void)state;
    for (unsigned n = 200; n <= 201; n++) {
        arena *a = arena_make(0, NULL);
        buf b = { .arena = a };
        buf_text(&b, "Parameters: {Given: {Type: String}}\nResources:\n  X: {Type: AWS::Events::EventBus, Properties: {Name: orders}}\n"
                     "  A: {Type: AWS::Events::Archive, Properties: {SourceArn: !GetAtt X.Arn}}\n");
        for (unsigned i = 0; i < n; i++) buf_printf(&b, "  A%u: {Type: AWS::Events::Archive, Properties: {SourceArn: !Ref Given}}\n", i);
        const char *got = answer(a, "template.users(resource, \"AWS::Events::Archive\", \"SourceArn\").exists(u, ref(u.p.SourceArn) == resource.node)", buf_as_slice(&b));
        if (strcmp(got, n == 200 ? "yes" : "unknown") != 0) fail_msg("%u: got %s", n, got);
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_those_that_name_it),
        cmocka_unit_test(who_needs_it_is_known_both_ways),
        cmocka_unit_test(too_many_that_name_the_unknown_leave_it_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
