/* Waivers: where they are read, what they cover, and what is said about them. */
#include "template_fixture.h"

#include "lint/waiver.h"

static slice lines_of(arena *a, const waiver_reading *r) {
    buf b = { .arena = a };
    for (size_t i = 0; i < r->list.len; i++) {
        const waiver *w = r->list.at[i];
        buf_printf(&b, "%u:%u %.*s %s%.*s %u-%u", w->at.line, w->at.column, SLICE_ARG(w->rule), w->resource.len > 0 ? "of " : "all", SLICE_ARG(w->resource), w->first, w->last);
        if (w->until.len > 0) buf_printf(&b, " until %.*s", SLICE_ARG(w->until));
        if (w->owner.len > 0) buf_printf(&b, " owner %.*s", SLICE_ARG(w->owner));
        if (w->kind.len > 0) buf_printf(&b, " kind %.*s", SLICE_ARG(w->kind));
        if (w->reason.len > 0) buf_printf(&b, " -- %.*s", SLICE_ARG(w->reason));
        buf_char(&b, '\n');
    }
    for (size_t i = 0; i < r->problems.len; i++) {
        const problem *p = &r->problems.at[i];
        slice kind = problem_name(p->kind);
        if (p->kind == PROBLEM_WAIVER_FORM) buf_printf(&b, "%u:%u %.*s\n", p->at.line, p->at.column, SLICE_ARG(p->message));
        else buf_printf(&b, "%u:%u %.*s\n", p->at.line, p->at.column, SLICE_ARG(kind));
    }
    return buf_as_slice(&b);
}

#define Q "    Type: AWS::SQS::Queue\n"
#define R "Resources:\n"

static const struct { const char *text, *want; } readings[] = {
    /* behind something: its line */
    { R "  A:\n" Q "    Properties:\n      DelaySeconds: 5 # sflint: allow SF1 -- why not\n", "5:39 SF1 all 5-5 -- why not\n" },
    { R "  A:   #sflint:allow SF1, scale until 2027-06-30 owner shop team kind load -- a, b\n" Q,
      "2:22 SF1 all 2-2 until 2027-06-30 owner shop team kind load -- a, b\n2:27 scale all 2-2 until 2027-06-30 owner shop team kind load -- a, b\n" },
    /* on a line of its own: a resource, a block, the template */
    { R "  # sflint: allow SF1 -- x\n  # and more\n\n  A:\n" Q "  B:\n" Q, "2:19 SF1 of A 5-6 -- x\n" },
    { R "  A:\n" Q "    # sflint: allow SF1 -- x\n    Properties:\n      Tags:\n      - {Key: a, Value: b}\n    DeletionPolicy: Retain\n", "4:21 SF1 all 5-7 -- x\n" },
    { R "  A:\n" Q "    Properties:\n      Tags:\n      # sflint: allow SF1 -- x\n      - Key: a\n        Value: b\n      - {Key: c, Value: d}\n", "6:23 SF1 all 7-8 -- x\n" },
    { "# sflint: allow SF1 -- x\nAWSTemplateFormatVersion: '2010-09-09'\n" R "  A:\n" Q, "1:17 SF1 all 0-0 -- x\n" },
    { R "  A:\n" Q "# sflint: allow SF1 -- x\n", "4:17 SF1 all 4-4 -- x\n" },
    /* deeper than what follows: in what it stands in, not before what follows */
    { R "  A:\n" Q "    # sflint: allow SF1 -- x\n  B:\n" Q, "4:21 SF1 of A 2-4 -- x\n" },
    { R "  A:\n" Q "    # sflint: allow SF1 -- x\nOutputs: {}\n", "4:21 SF1 of A 2-4 -- x\n" },
    { R "  A:\n" Q "    # sflint: allow SF1 -- x", "4:21 SF1 of A 2-4 -- x\n" },
    { R "  A:\n" Q "Outputs:\n  O:\n    Value: x\n    # sflint: allow SF1 -- x\n", "7:21 SF1 all 7-7 -- x\n" },
    { "Conditions:\n  C: !Equals [a, a]\n  # sflint: allow SF1 -- x\n" R "  A:\n" Q, "3:19 SF1 all 3-3 -- x\n" },
    { R "# sflint: allow SF1 -- x\n  A: {Type: AWS::SQS::Queue, # sflint: allow SF2 -- y\n      DeletionPolicy: Retain}\n", "2:17 SF1 of A 3-4 -- x\n3:46 SF2 all 3-3 -- y\n" },
    { R "  A:\r\n    Type: AWS::SQS::Queue  # sflint: allow SF1 -- x\r\n", "3:44 SF1 all 3-3 -- x\n" },
    { R "  A:\n    Type: AWS::SQS::Queue\n    Metadata: {\xC3\xA4: \"\xE2\x82\xAC\"} # sflint: allow SF1 -- \xC3\xA4\n", "4:40 SF1 all 4-4 -- \xC3\xA4\n" },
    /* no comments */
    { R "  A:\n" Q "    Metadata:\n      a: |\n        # sflint: allow SF1 -- x\n      b: >-\n        text\n        # sflint: allow SF1 -- x\n      c: \"x\n        # sflint: allow SF1 -- x\n        y\"\n"
      "      d: 'x # sflint: allow SF1 -- x'\n      e: x#sflint:allow SF1 -- x\n", "" },
    { R "  A:\n" Q "    Metadata:\n      a: |  # sflint: allow SF1 -- x\n        # sflint: allow SF2 -- x\n        t\n      # sflint: allow SF3 -- x\n      b: 1\n",
      "5:29 SF1 all 5-5 -- x\n8:23 SF3 all 9-9 -- x\n" },
    { "{\"Resources\": {\"A\": {\"Type\": \"AWS::SQS::Queue\", \"Metadata\": {\"a\": \" # sflint: allow SF1\"}}}}", "" },
    /* shared nodes are met where they are written */
    { R "  A:\n" Q "    Metadata: &m\n      a: [&n [1, 2], *n, *n]\n  B:\n" Q "    Metadata: *m\n    # sflint: allow SF1 -- x\n    DeletionPolicy: Retain\n", "9:21 SF1 all 10-10 -- x\n" },
    /* what is wrong */
    { R "  A: # sflint: allow SF1\n" Q, "2:22 SF1 all 2-2\n2:22 waiver-without-reason\n" },
    { R "  A: # sflint: allow\n" Q, "2:6 this waiver names no rule: write an id, a name or a pillar\n" },
    { R "  A: # sflint: alow SF1 -- x\n" Q, "2:6 a comment for sflint is: allow RULE until DAY owner NAME -- reason, not alow; did you mean allow?\n" },
    { R "  A: # sflint:\n" Q, "2:6 a comment for sflint is: allow RULE until DAY owner NAME -- reason\n" },
    { R "  A: # sflint: allow SF1 untill 2027-01-01 -- x\n" Q, "2:26 behind the rules stand until, owner, kind and -- with the reason, not untill; did you mean until?\n" },
    { R "  A: # sflint: allow SF1 until 2027-02-29 -- x\n" Q, "2:22 SF1 all 2-2 until 2027-02-29 -- x\n2:6 a waiver ends on a day as 2027-06-30, not on 2027-02-29\n" },
    { R "  A: # sflint: allow SF1 kind tiem -- x\n" Q, "2:22 SF1 all 2-2 kind tiem -- x\n2:6 there is no kind of reason tiem; did you mean time?\n" },
    /* metadata */
    { "Metadata: {sflint: {allow: [{rule: SF1, reason: x}]}}\n" R "  A:\n" Q, "1:36 SF1 all 0-0 -- x\n" },
    { R "  A:\n" Q "    Metadata:\n      sflint:\n        allow:\n          - {rule: [SF1, SF2], reason: x, until: 2027-06-30, owner: o, kind: time}\n  B:\n" Q,
      "7:21 SF1 of A 2-7 until 2027-06-30 owner o kind time -- x\n7:26 SF2 of A 2-7 until 2027-06-30 owner o kind time -- x\n" },
    { "{\"Resources\": {\"A\": {\"Type\": \"AWS::SQS::Queue\", \"Metadata\": {\"sflint\": {\"allow\": [{\"rule\": \"SF1\", \"reason\": \"x\"}]}}}}}", "1:93 SF1 of A 1-1 -- x\n" },
    { R "  A:\n" Q "    Metadata: {sflint: {alow: []}}\n", "4:25 sflint in Metadata has no key alow; did you mean allow?\n" },
    { R "  A:\n" Q "    Metadata: {sflint: {allow: SF1}}\n", "4:32 allow is a list of waivers: [{rule: SF301, reason: why, owner: who, until: 2027-06-30}]\n" },
    { R "  A:\n" Q "    Metadata: {sflint: {allow: [{reason: x}, SF1]}}\n",
      "4:33 this waiver names no rule: add rule: with an id, a name or a pillar\n4:46 a waiver is a mapping: {rule: SF301, reason: why, owner: who, until: 2027-06-30}\n" },
    { R "  A:\n" Q "    Metadata: {sflint: {allow: [{rule: SF1, reson: x, path: y}]}}\n",
      "4:40 SF1 of A 2-4\n4:45 a waiver has no key reson; did you mean reason?\n4:55 a waiver has no key path\n4:40 waiver-without-reason\n" },
    /* SAM: once, though more than one resource is made of the text */
    { "Transform: AWS::Serverless-2016-10-31\n" R "  F:\n    Type: AWS::Serverless::Function\n    Metadata: {sflint: {allow: [{rule: SF1, reason: x}]}}\n    Properties: {Handler: a.b, Runtime: python3.12, InlineCode: x, Events: {S: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}\n",
      "5:40 SF1 of F 3-6 -- x\n" },
    { R "  A:\n" Q, "" },
};

static void a_waiver_is_read_where_it_is_written(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(readings); i++) {
        run r = run_new();
        waiver_reading read = { .list = { 0 } };
        waivers_of_template(r.arena, run_text(&r, readings[i].text), &read);
        slice got = lines_of(r.arena, &read);
        if (!slice_is(got, readings[i].want)) fail_msg("row %zu:\n%s\nwant:\n%s\ngot:\n%.*s", i, readings[i].text, readings[i].want, SLICE_ARG(got));
        run_free(&r);
    }
}

static void a_template_in_utf_16_has_comments_too(void **state) {
    static const char text[] = R "  A: # sflint: allow SF1 -- x\n" Q;
    (void)state;
    run r = run_new();
    char *wide = ARENA_ARRAY(r.arena, char, 2 * sizeof text);
    memcpy(wide, "\xFF\xFE", 2);
    for (size_t i = 0; i + 1 < sizeof text; i++) wide[2 + 2 * i] = text[i];
    slice all = { wide, 2 * sizeof text };
    const doc_node *doc = doc_parse(r.arena, all, SLICE("t.yaml"), 0, NULL);
    assert_non_null(doc);
    r.set.options = &r.options;
    VEC_PUSH(r.arena, &r.set.files, SLICE("t.yaml"));
    r.diags.arena = r.arena;
    template *t = template_read(&r.set, r.arena, SLICE("t.yaml"), 0, all, doc, SLICE(""), &r.diags);
    waiver_reading read = { .list = { 0 } };
    waivers_of_template(r.arena, t, &read);
    assert_int_equal(read.list.len, 1);
    assert_int_equal(read.list.at[0]->at.line, 2);
    run_free(&r);
}

static void an_alias_in_an_alias_costs_no_more_than_its_text(void **state) {
    (void)state;
    run r = run_new();
    buf b = { .arena = r.arena };
    buf_text(&b, R "  A:\n" Q "    Metadata: # sflint: allow SF1 -- x\n      l0: &l0 [1]\n");
    for (int i = 1; i < 60; i++) buf_printf(&b, "      l%d: &l%d [*l%d, *l%d, *l%d]\n", i, i, i - 1, i - 1, i - 1);
    buf_char(&b, '\0');
    waiver_reading read = { .list = { 0 } };
    waivers_of_template(r.arena, run_text(&r, b.bytes.at), &read);
    assert_int_equal(read.list.len, 1);
    run_free(&r);
}

static void no_more_waivers_than_the_limit_are_read(void **state) {
    (void)state;
    run r = run_new();
    buf b = { .arena = r.arena };
    buf_text(&b, R "  A:\n" Q);
    for (unsigned i = 0; i < WAIVER_MOST + 2; i++) buf_text(&b, "  # sflint: allow SF1 -- x\n");
    buf_text(&b, "  B:\n" Q);
    buf_char(&b, '\0');
    waiver_reading read = { .list = { 0 } };
    waivers_of_template(r.arena, run_text(&r, b.bytes.at), &read);
    assert_int_equal(read.list.len, WAIVER_MOST);
    assert_int_equal(read.problems.len, 1);
    run_free(&r);
}

/* ---- covering ---- */

static const struct { waiver w; const char *rule, *resource; uint32_t line; bool covers; } coverings[] = {
    { { .rule = SLICE_INIT("SF117") }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("sf117") }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("the-name") }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("scale") }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("SF118") }, "SF117", "A", 3, false },
    { { .rule = SLICE_INIT("SF117"), .first = 3, .last = 3 }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("SF117"), .first = 4, .last = 9 }, "SF117", "A", 3, false },
    { { .rule = SLICE_INIT("SF117"), .first = 4, .last = 9, .resource = SLICE_INIT("A") }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("SF117"), .first = 4, .last = 9, .resource = SLICE_INIT("A") }, "SF117", "B", 5, true },
    { { .rule = SLICE_INIT("SF117"), .file = 1 }, "SF117", "A", 3, false },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .file = 1 }, "SF117", "A", 3, true },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Or*") }, "SF117", "Orders", 3, true },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Or*") }, "SF117", "a/t.yaml#Orders", 3, true },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Or*") }, "SF117", "a/t.yaml#Stack/Orders", 3, true },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Stack/*") }, "SF117", "t.yaml#Stack/Orders", 3, true },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Or*") }, "SF117", "Pay", 3, false },
    { { .rule = SLICE_INIT("SF117"), .source = WAIVER_IN_CONFIG, .resources = SLICE_INIT("Or*") }, "SF117", "", 3, false },
};

static void a_waiver_covers_what_it_names(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(coverings); i++) {
        finding f = { .rule = slice_from(coverings[i].rule), .name = SLICE("the-name"), .pillar = SLICE("scale"),
                      .resource = slice_from(coverings[i].resource), .at = { 0, coverings[i].line, 1 } };
        if (waiver_covers(&coverings[i].w, &f) != coverings[i].covers) fail_msg("row %zu", i);
    }
}

/* ---- a run ---- */

#define NOW ((int64_t)1795564800)      /* 2026-11-25 */

static slice run_waived(arena *a, const char *text, const lint_config *more) {
    run r = run_new();
    template *t = run_text(&r, text);
    graph *g = graph_build(&r.set, &r.arena, 1);
    lint_config config = { .now_s = NOW };
    if (more != NULL) config = *more;
    config.now_s = NOW;
    lint_judge_nodes(g, &r.arena, 1);
    lint_rules *rules = lint_rules_new(r.arena);
    lint_result found = lint_run(g, rules, &config, &r.arena, 1);
    lint_waive(r.arena, r.arena, g, rules, &config, &found);
    buf b = { .arena = a };
    (void)t;
    for (size_t i = 0; i < found.findings_len; i++) {
        const finding *f = &found.findings[i];
        if (f->waiver != NULL || slice_is(f->pillar, "decisions") || slice_is(f->rule, "SF606") || slice_is(f->rule, "SF201"))
            buf_printf(&b, "%.*s %u%s\n", SLICE_ARG(f->rule), f->at.line, f->waiver != NULL ? " waived" : "");
    }
    run_free(&r);
    return buf_as_slice(&b);
}

#define TABLE "    Type: AWS::DynamoDB::Table\n    Properties: {BillingMode: PROVISIONED, ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}, " \
              "KeySchema: [{AttributeName: a, KeyType: HASH}], AttributeDefinitions: [{AttributeName: a, AttributeType: S}]}\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n"

static const struct { const char *text, *want; } runs[] = {
    { R "  # sflint: allow SF201 until 2026-11-25 -- load is steady\n  T:\n" TABLE, "SF201 5 waived\n" },
    { R "  # sflint: allow SF201 until 2026-11-24 -- load is steady\n  T:\n" TABLE, "SF091 2\nSF201 5\n" },
    { R "  # sflint: allow table-capacity-fixed\n  T:\n" TABLE, "SF090 2\nSF201 5 waived\n" },
    { R "  # sflint: allow SF210 -- x\n  T:\n" TABLE, "SF092 2\nSF201 5\n" },
    { R "  # sflint: allow SF117 -- x\n  T:\n" TABLE, "SF093 2\nSF201 5\n" },
    { R "  # sflint: allow SF201 until tomorrow -- x\n  T:\n" TABLE, "SF094 2\nSF201 5\n" },
    { "# sflint: allow scale -- x\n" R "  T:\n" TABLE, "SF201 5 waived\n" },
    { R "  T:\n" TABLE, "SF201 4\n" },
    { R "  # sflint: allow SF201 -- a\n  T:\n" TABLE "  # sflint: allow SF201 -- b\n  U:\n" TABLE "  V:\n" TABLE, "SF201 5 waived\nSF201 11 waived\nSF201 16\n" },
    { R "  # sflint: allow SF201 until 2026-11-24 -- a\n  T:\n    Type: AWS::DynamoDB::Table\n    # sflint: allow SF201 -- b\n    Properties:\n"
      "      BillingMode: PROVISIONED\n      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n      KeySchema: [{AttributeName: a, KeyType: HASH}]\n"
      "      AttributeDefinitions: [{AttributeName: a, AttributeType: S}]\n    DeletionPolicy: Retain\n", "SF091 2\nSF201 7 waived\n" },
    /* what is said about waivers can't be waived */
    { "# sflint: allow decisions -- x\n" R "  T: # sflint: allow SF201\n" TABLE, "SF093 1\nSF090 3\nSF093 3\nSF201 5\n" },
};

static void what_is_waived_is_marked_and_waivers_are_judged(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(runs); i++) {
        slice got = run_waived(a, runs[i].text, NULL);
        if (!slice_is(got, runs[i].want)) fail_msg("row %zu:\n%s\nwant:\n%s\ngot:\n%.*s", i, runs[i].text, runs[i].want, SLICE_ARG(got));
    }
    arena_free(a);
}

static void a_rule_that_is_off_leaves_its_waiver_alone(void **state) {
    static const slice off[] = { SLICE_INIT("scale") };
    (void)state;
    arena *a = arena_make(0, NULL);
    lint_config config = { .disabled = off, .disabled_len = 1 };
    slice got = run_waived(a, R "  # sflint: allow SF201 -- x\n  T:\n" TABLE, &config);
    if (got.len > 0) fail_msg("got %.*s", SLICE_ARG(got));
    arena_free(a);
}

static void a_configured_waiver_holds_until_its_day(void **state) {
    static const struct { const char *text, *want, *later; bool complete; } rows[] = {
        { "- {rule: SF201, resource: T*, reason: x, until: 2026-12-01}", "SF201 4 waived\n", "", true },
        { "- {rule: SF201, resource: T*, reason: x, until: 2026-11-01}", "SF201 4\n", "SF091", true },
        { "- {rule: SF201, resource: X*, reason: x}", "SF201 4\n", "SF093", true },
        { "- {rule: SF201, resource: X*, reason: x}", "SF201 4\n", "", false },
        { "- {rule: SF2011, reason: x}", "SF201 4\n", "SF092", false },
        { "- {rule: SF201, resource: T}", "SF201 4 waived\n", "SF090", true },
        { "- {rule: SF201, resorce: T, reason: x}", "SF201 4 waived\n", "SF094", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        waiver_reading read = { .list = { 0 } };
        waiver from = { .source = WAIVER_IN_CONFIG, .file = 1 };
        waivers_of_list(a, doc_parse_yaml(a, slice_from(rows[i].text), 1, NULL), &from, &read);
        lint_config config = { .waivers = read.list.at, .waivers_len = read.list.len, .now_s = NOW };
        slice got = run_waived(a, R "  T:\n" TABLE, &config);
        if (!slice_is(got, rows[i].want)) fail_msg("%s: want %s, got %.*s", rows[i].text, rows[i].want, SLICE_ARG(got));
        lint_rules *rules = lint_rules_new(a);
        finding f = { .rule = SLICE("SF201"), .waiver = slice_ends(got, SLICE("waived\n")) ? read.list.at[0] : NULL };
        lint_result found = { .findings = &f, .findings_len = 1 };
        lint_waive_config(a, read.list.at, read.list.len, read.problems.at, read.problems.len, rules, &config, rows[i].complete, &found);
        const char *said = found.findings_len == 1 ? "" : arena_copy(a, found.findings[slice_is(found.findings[0].rule, "SF201") ? 1 : 0].rule).at;
        if (strcmp(said, rows[i].later) != 0 || found.findings_len > 2) fail_msg("%s: said %s (%zu)", rows[i].text, said, found.findings_len);
        arena_free(a);
    }
}

static const struct { const char *kind, *reason; waiver_kind want; bool guessed; } kinds[] = {
    { "load", "no time", WAIVER_KIND_LOAD, false },
    { "Load", "", WAIVER_KIND_LOAD, false },
    { "", "no time before the release", WAIVER_KIND_TIME, true },
    { "", "the team knows relational databases", WAIVER_KIND_SKILLS, true },
    { "", "10,000 requests a second, at steady load", WAIVER_KIND_LOAD, true },
    { "", "GDPR: the data stays in the region", WAIVER_KIND_COMPLIANCE, true },
    { "", "legacy, replaced in the next quarter", WAIVER_KIND_MIGRATION, true },
    { "", "reserved capacity is cheaper, we have paid for it", WAIVER_KIND_COST, true },
    { "", "because", WAIVER_KIND_OTHER, true },
    { "", "", WAIVER_KIND_OTHER, true },
};

static void a_reason_has_a_kind(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        bool guessed;
        waiver w = { .kind = slice_from(kinds[i].kind), .reason = slice_from(kinds[i].reason) };
        waiver_kind got = waiver_kind_of(&w, &guessed);
        if (got != kinds[i].want || guessed != kinds[i].guessed) fail_msg("%s: got %.*s", kinds[i].reason, SLICE_ARG(waiver_kind_name(got)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_waiver_is_read_where_it_is_written),
        cmocka_unit_test(a_template_in_utf_16_has_comments_too),
        cmocka_unit_test(an_alias_in_an_alias_costs_no_more_than_its_text),
        cmocka_unit_test(no_more_waivers_than_the_limit_are_read),
        cmocka_unit_test(a_waiver_covers_what_it_names),
        cmocka_unit_test(what_is_waived_is_marked_and_waivers_are_judged),
        cmocka_unit_test(a_rule_that_is_off_leaves_its_waiver_alone),
        cmocka_unit_test(a_configured_waiver_holds_until_its_day),
        cmocka_unit_test(a_reason_has_a_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
