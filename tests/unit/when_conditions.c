/* Conditions: what is fixed, what can hold together, what decides what. */
#include "template_fixture.h"

static const char head[] =
    "AWSTemplateFormatVersion: '2010-09-09'\n"
    "Parameters:\n"
    "  Stage: {Type: String, Default: dev}\n"
    "  Size: {Type: String, AllowedValues: [small, large]}\n"
    "  Flag: {Type: String, Default: 'false', AllowedValues: ['true', 'false']}\n"
    "Conditions:\n"
    "  Yes: !Equals [a, a]\n"
    "  No: !Not [!Condition Yes]\n"
    "  Bool: !Equals [true, 'true']\n"
    "  IsProd: !Equals [!Ref Stage, prod]\n"
    "  IsDev: !Equals [dev, !Ref Stage]\n"
    "  NotProd: !Not [!Condition IsProd]\n"
    "  Either: !Or [!Condition IsProd, !Condition IsDev]\n"
    "  Both: !And [!Condition IsProd, !Condition IsDev]\n"
    "  Small: !Equals [!Ref Size, small]\n"
    "  Large: !Equals [!Ref Size, large]\n"
    "  Huge: !Equals [!Ref Size, huge]\n"
    "  On: !Equals [!Sub '${Flag}', 'true']\n"
    "  Off: !Equals [!Join ['', [!Ref Flag]], 'false']\n"
    "  InIreland: !Equals [!Ref AWS::Region, eu-west-1]\n"
    "  InOhio: !Equals [!Ref AWS::Region, us-east-2]\n"
    "  Odd: !Equals [!Select [0, !GetAZs ''], x]\n"
    "  NotOdd: !Not [!Condition Odd]\n"
    "  Same: !Equals [!Ref Stage, !Ref Size]\n"
    "Resources:\n"
    "  Q: {Type: AWS::SQS::Queue}\n";

static const condition *named(const template *t, const char *id) {
    for (size_t i = 0; i < t->conditions.len; i++)
        if (slice_is(t->conditions.at[i]->id, id)) return t->conditions.at[i];
    fail_msg("no condition %s", id);
    return NULL;
}

/* "IsProd !Large" as a conjunction; false when it can't be. */
static bool all_of(run *r, const template *t, const char *text, when *out) {
    slice rest = slice_from(text), word;
    *out = WHEN_ALWAYS;
    while (text[0] != '\0' && slice_cut(&rest, ' ', &word)) {
        bool is = word.at[0] != '!';
        if (!is) word = slice_after(word, 1);
        if (!when_and_literal(r->arena, *out, named(t, c_text(r->arena, word)), is, out)) return false;
    }
    return true;
}

static void a_condition_is_fixed_by_constants_alone(void **state) {
    (void)state;
    static const struct { const char *id; tri want; } rows[] = {
        { "Yes", YES }, { "No", NO }, { "Bool", YES }, { "IsProd", UNKNOWN }, { "NotProd", UNKNOWN }, { "Huge", NO }, { "Odd", UNKNOWN },
    };
    run r = run_new();
    template *t = run_text(&r, head);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (named(t, rows[i].id)->fixed != rows[i].want) fail_msg("%s: %d", rows[i].id, (int)named(t, rows[i].id)->fixed);
    run_free(&r);
}

static void a_parameter_that_is_given_decides(void **state) {
    (void)state;
    static const struct { const char *id; tri want; } rows[] = {
        { "IsProd", YES }, { "IsDev", NO }, { "NotProd", NO }, { "Either", YES }, { "Both", NO }, { "Small", UNKNOWN }, { "InIreland", YES },
    };
    run r = run_new();
    given_parameter given[] = { { SLICE_INIT("Stage"), SLICE_INIT("prod") } };
    r.options.parameters = given;
    r.options.parameters_len = 1;
    r.options.region = SLICE("eu-west-1");
    template *t = run_text(&r, head);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (named(t, rows[i].id)->fixed != rows[i].want) fail_msg("%s: %d", rows[i].id, (int)named(t, rows[i].id)->fixed);
    run_free(&r);
}

static const struct { const char *text; bool want; } together[] = {
    { "IsProd", true }, { "IsProd !IsDev", true }, { "IsProd IsDev", false }, { "IsProd NotProd", false }, { "!IsProd NotProd", true },
    { "!IsProd !NotProd", false }, { "!IsProd !IsDev", true },        /* Stage may be something else */
    { "Either !IsProd IsDev", true }, { "Either !IsProd !IsDev", false }, { "Both", false },
    { "Small Large", false }, { "!Small !Large", false },             /* AllowedValues has no third */
    { "On Off", false }, { "!On !Off", false }, { "On !Off", true },
    { "InIreland InOhio", false }, { "!InIreland !InOhio", true },
    { "Odd NotOdd", false }, { "!Odd NotOdd", true }, { "Odd IsProd Small", true },
    { "Same IsProd Small", false }, { "Same IsProd", false }, { "Yes", true }, { "No", false }, { "!No Yes", true },
};

static void what_can_hold_together_is_found_by_trying(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, head);
    for (size_t i = 0; i < COUNT(together); i++) {
        when w;
        if (all_of(&r, t, together[i].text, &w) != together[i].want) fail_msg("%s: want %d", together[i].text, together[i].want);
    }
    run_free(&r);
}

static void a_conjunction_decides_other_conditions(void **state) {
    (void)state;
    static const struct { const char *w, *on; tri want; } rows[] = {
        { "", "IsProd", UNKNOWN }, { "IsProd", "IsProd", YES }, { "!IsProd", "IsProd", NO }, { "IsProd", "IsDev", NO },
        { "!IsProd", "IsDev", UNKNOWN }, { "IsDev", "Either", YES }, { "!Either", "IsProd", NO }, { "Small", "Large", NO },
        { "!Small", "Large", YES }, { "IsProd", "Small", UNKNOWN }, { "IsProd", "Yes", YES }, { "Odd", "NotOdd", NO },
    };
    run r = run_new();
    template *t = run_text(&r, head);
    for (size_t i = 0; i < COUNT(rows); i++) {
        when w;
        assert_true(all_of(&r, t, rows[i].w, &w));
        if (when_decides(w, named(t, rows[i].on)) != rows[i].want) fail_msg("%s: %s", rows[i].w, rows[i].on);
    }
    run_free(&r);
}

static void a_conjunction_is_sorted_and_said_in_words(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, head);
    when x, y, both;
    assert_true(all_of(&r, t, "Small !IsProd", &x));
    assert_true(all_of(&r, t, "!IsProd Small", &y));
    assert_true(when_same(x, y));
    assert_string_equal(c_text(r.arena, when_text(r.arena, x)), "IsProd is false and Small is true");
    buf b = { .arena = r.arena };
    json_out j = { .out = &b };
    when_write_json(x, &j);
    assert_string_equal(c_text(r.arena, buf_as_slice(&b)), "{\"IsProd\":false,\"Small\":true}");
    assert_true(all_of(&r, t, "IsDev", &y));
    assert_true(when_and(r.arena, x, y, &both));
    assert_int_equal(both.len, 3);
    assert_true(when_implied(x, both));
    assert_false(when_implied(both, x));
    assert_true(when_implied(WHEN_ALWAYS, x));
    assert_string_equal(c_text(r.arena, when_text(r.arena, WHEN_ALWAYS)), "");
    run_free(&r);
}

static void collect(void *self, const value *v, when w) {
    run *r = self;
    VEC_PUSH(r->arena, &r->set.files, arena_printf(r->arena, "%s when %s", json_of(r->arena, v), c_text(r->arena, when_text(r->arena, w))));
}

static void every_alternative_comes_with_what_must_hold(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, arena_printf(r.arena, "%s%s", head,
                                            "  T:\n    Type: AWS::SNS::Topic\n    Properties:\n"
                                            "      DisplayName: !If [IsProd, a, !If [IsDev, b, !If [NotProd, c, d]]]\n").at);
    r.set.files.len = 0;
    value_each(r.arena, resource_written(r.arena, template_resource(t, SLICE("T")), SLICE("DisplayName")), WHEN_ALWAYS, collect, &r);
    assert_int_equal(r.set.files.len, 3);           /* d can't be: not IsProd is NotProd */
    assert_string_equal(c_text(r.arena, r.set.files.at[0]), "\"a\" when IsProd is true");
    assert_string_equal(c_text(r.arena, r.set.files.at[1]), "\"b\" when IsDev is true and IsProd is false");
    assert_string_equal(c_text(r.arena, r.set.files.at[2]), "\"c\" when IsDev is false and IsProd is false and NotProd is true");
    when w;
    assert_true(all_of(&r, t, "!Either", &w));
    const value *v = value_under(resource_written(r.arena, template_resource(t, SLICE("T")), SLICE("DisplayName")), w);
    assert_string_equal(json_of(r.arena, v), "\"c\"");
    run_free(&r);
}

static void conditions_in_a_circle_are_a_problem_and_end(void **state) {
    (void)state;
    run r = run_new();
    run_text(&r, "Conditions:\n  A: !Not [!Condition B]\n  B: !Or [!Condition C, !Condition C]\n  C: !Condition A\n"
                 "Resources:\n  Q: {Type: AWS::SQS::Queue, Condition: A}\n");
    assert_non_null(strstr(problems_of(&r), "circular-dependency conditions in a circle: A needs B needs C needs A"));
    run_free(&r);
}

/* Many parameters: the number of tries is bounded, and then everything is possible. */
static void too_many_combinations_are_possible(void **state) {
    (void)state;
    run r = run_new();
    buf b = { .arena = r.arena };
    buf_text(&b, "Parameters:\n");
    for (int i = 0; i < 40; i++) buf_printf(&b, "  P%d: {Type: String}\n", i);
    buf_text(&b, "Conditions:\n");
    for (int i = 0; i < 40; i++) buf_printf(&b, "  C%d: !Or [!Equals [!Ref P%d, a], !Equals [!Ref P%d, b]]\n", i, i, (i + 1) % 40);
    buf_text(&b, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n");
    template *t = run_text(&r, c_text(r.arena, buf_as_slice(&b)));
    when w = WHEN_ALWAYS;
    for (size_t i = 0; i < 40; i++) assert_true(when_and_literal(r.arena, w, t->conditions.at[i], i % 2 == 0, &w));
    assert_int_equal(w.len, 40);
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_is_fixed_by_constants_alone),
        cmocka_unit_test(a_parameter_that_is_given_decides),
        cmocka_unit_test(what_can_hold_together_is_found_by_trying),
        cmocka_unit_test(a_conjunction_decides_other_conditions),
        cmocka_unit_test(a_conjunction_is_sorted_and_said_in_words),
        cmocka_unit_test(every_alternative_comes_with_what_must_hold),
        cmocka_unit_test(conditions_in_a_circle_are_a_problem_and_end),
        cmocka_unit_test(too_many_combinations_are_possible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
