/* Rules over small templates: what is said, where, and under which conditions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/doc.h"
#include "lint/lint.h"
#include "template/template.h"

static const char *const rule_head = "id: T1\nname: test-rule\ntitle: t\npillar: scale\nseverity: error\nwhy: w\n"
                                     "examples: {bad: [\"A: {Type: AWS::SQS::Queue}\"], good: [\"B: {Type: AWS::SQS::Queue}\"]}\n";

static graph *graph_of(arena *a, const char *text) {
    diags d = { .arena = a };
    template_options *options = ARENA_NEW(a, template_options);
    templates *set = ARENA_NEW(a, templates);
    set->options = options;
    VEC_PUSH(a, &set->files, SLICE("t.yaml"));
    const doc_node *doc = doc_parse(a, slice_from(text), SLICE("t.yaml"), 0, &d);
    assert_non_null(doc);
    template *t = template_read(set, a, SLICE("t.yaml"), 0, slice_from(text), doc, SLICE(""), &d);
    if (t == NULL)
        fail_msg("not read: %.*s", SLICE_ARG(d.list.at[0].message));
    VEC_PUSH(a, &set->list, t);
    templates_join(set, a, &d);
    graph *g = graph_build(set, &a, 1);
    lint_judge_nodes(g, &a, 1);
    return g;
}

static slice lines_of(arena *a, lint_result r, slice rule_id) {
    buf out = { a, { 0 } };
    for (size_t i = 0; i < r.findings_len; i++) {
        const finding *f = &r.findings[i];
        if (!slice_eq(f->rule, rule_id))
            continue;
        slice under = when_text(a, f->when);
        buf_printf(&out, "%u:%u %s%.*s%s%.*s\n", f->at.line, f->at.column, under.len > 0 ? "[" : "", SLICE_ARG(under), under.len > 0 ? "] " : "", SLICE_ARG(f->message));
    }
    return buf_as_slice(&out);
}

static slice run_rule(arena *a, const char *rule_tail, const char *text, lint_result *result) {
    diags d = { .arena = a };
    lint_rules *rules = lint_rules_new(a);
    if (!lint_rules_add(rules, SLICE("t1.yaml"), 1, arena_printf(a, "%s%s", rule_head, rule_tail), &d))
        fail_msg("%u:%u %.*s", d.list.at[0].at.line, d.list.at[0].at.column, SLICE_ARG(d.list.at[0].message));
    lint_config config = { .unknown = true };
    *result = lint_run(graph_of(a, text), rules, &config, &a, 1);
    return lines_of(a, *result, SLICE("T1"));
}

#define CONDITIONS "Parameters: {Stage: {Type: String}, Size: {Type: Number}}\n" \
                   "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n  IsDev: !Equals [!Ref Stage, dev]\n"
#define QUEUE(properties) "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {" properties "}}\n"

static void a_rule_says_what_is_certain_and_in_which_branch(void **state) {
    (void)state;
    static const char delay[] = "looks: resource AWS::SQS::Queue\nrequire: resource.p.DelaySeconds < 5\npoint: resource.DelaySeconds\nmessage: \"delay {resource.p.DelaySeconds}\"\n";
    static const char wait[] = "looks: resource AWS::SQS::Queue\nrequire: resource.p.VisibilityTimeout != 30\nmessage: \"wait {resource.p.VisibilityTimeout}\"\n";
    static const char both[] = "looks: resource AWS::SQS::Queue\nrequire: resource.p.DelaySeconds < resource.p.VisibilityTimeout\nmessage: m\n";
    static const struct { const char *rule, *text, *want; size_t unknown; } rows[] = {
        { delay, QUEUE("DelaySeconds: 7"), "2:57 delay 7\n", 0 },
        { delay, QUEUE("DelaySeconds: \"7\""), "2:57 delay 7\n", 0 },
        { delay, QUEUE("DelaySeconds: 3"), "", 0 },
        { wait, QUEUE("DelaySeconds: 3"), "2:3 wait 30\n", 0 },                               /* the documented default */
        { delay, CONDITIONS QUEUE("DelaySeconds: !Ref Size"), "", 1 },
        { delay, CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 9, 1]"), "6:70 [IsProd is true] delay 9\n", 0 },
        { delay, CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 1, !If [IsDev, 8, 2]]"), "6:85 [IsDev is true and IsProd is false] delay 8\n", 0 },
        { delay, CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 9, !Ref Size]"), "6:70 [IsProd is true] delay 9\n", 1 },
        { wait, CONDITIONS QUEUE("VisibilityTimeout: !If [IsProd, !Ref 'AWS::NoValue', 60]"), "6:3 [IsProd is true] wait 30\n", 0 },
        /* prod and dev at once can't be */
        { both, CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 9, 0], VisibilityTimeout: !If [IsDev, 5, 60]"), "", 0 },
        { both, CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 9, 0], VisibilityTimeout: !If [IsProd, 5, 60]"), "6:3 [IsProd is true] m\n", 0 },
        /* the same in both branches is said once, without a condition */
        { "looks: resource AWS::SQS::Queue\nrequire: resource.p.DelaySeconds < 5\nmessage: late\n", CONDITIONS QUEUE("DelaySeconds: !If [IsProd, 9, 8]"), "6:3 late\n", 0 },
        { "looks: resource AWS::SQS::Queue\nwhere: resource.exported\nmessage: m\n", QUEUE("") "Outputs: {A: {Value: !Ref Q}}\n", "2:3 m\n", 0 },
        { "looks: resource AWS::SQS::Queue\nwhere: resource.wrote(\"RedrivePolicy.maxReceiveCount\")\nmessage: m\n", QUEUE("RedrivePolicy: {maxReceiveCount: 3}"), "2:3 m\n", 0 },
        { "looks: resource AWS::SQS::Queue\nwhere: resource.p.RedrivePolicy.maxReceiveCount == 3\nmessage: m\n", QUEUE("RedrivePolicy: {maxReceiveCount: \"3\"}"), "2:3 m\n", 0 },
        { "looks: resource AWS::SQS::Queue\nwhere: resource.p.QueueName == \"012345678901\"\nmessage: m\n", QUEUE("QueueName: 012345678901"), "2:3 m\n", 0 },
        { "looks: resource AWS::SQS::Queue\nwhere: resource.p.Nothing == null && size(resource.p.Nothing.More) == 0\nmessage: m\n", QUEUE(""), "2:3 m\n", 0 },
        { "looks: node queue\nwhere: node.serverless && node.bills == \"per-use\" && node.tier == 1\nmessage: \"{node.id} {node.type}\"\n", QUEUE(""), "2:3 Q AWS::SQS::Queue\n", 0 },
        { "looks: template\nwhere: size(template.all(\"AWS::SQS::Queue\")) == 1\nmessage: one\n", QUEUE(""), "1:1 one\n", 0 },
        /* an edge a branch, the same words: said once */
        { "looks: edge schedule\nwhere: edge.trigger\npoint: via\nmessage: m\n",
          CONDITIONS "Resources:\n  R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: !If [IsProd, rate(1 hour), rate(1 day)], Targets: [{Id: q, Arn: !GetAtt Q.Arn}]}}\n  Q: {Type: AWS::SQS::Queue}\n",
          "6:3 m\n", 0 },
        { "looks: template\nwhere: now == timestamp(\"1970-01-01T00:00:00Z\") && catalog.runtime[\"python3.9\"].deprecated > now\nmessage: m\n", QUEUE(""), "1:1 m\n", 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        lint_result r;
        slice got = run_rule(a, rows[i].rule, rows[i].text, &r);
        size_t unknown = 0;
        for (size_t k = 0; k < r.unknown_len; k++)
            unknown += slice_is(r.unknown[k].rule, "T1");
        if (!slice_is(got, rows[i].want) || unknown != rows[i].unknown)
            fail_msg("row %zu: %s%swant:\n%s(%zu unknown)\ngot:\n%.*s(%zu unknown)", i, rows[i].rule, rows[i].text, rows[i].want, rows[i].unknown, SLICE_ARG(got), unknown);
        arena_free(a);
    }
}

/* One row a function: the condition holds for X of the template, or it does not. */
static void functions_of_the_vocabulary_give_what_they_say(void **state) {
    (void)state;
#define X(type, properties) "Resources:\n  X: {Type: " type ", Properties: {" properties "}}\n"
#define POLICY(statement) X("AWS::SQS::QueuePolicy", "Queues: [], PolicyDocument: {Statement: " statement "}")
#define BUCKET(first, second) X("AWS::S3::Bucket", "NotificationConfiguration: {LambdaConfigurations: [" first "], QueueConfigurations: [" second "]}")
    static const struct { const char *where, *text; tri want; } rows[] = {
        { "policy(resource.p.PolicyDocument).exists(s, s.effect == \"Allow\" && \"*\" in s.principals && size(s.conditions) == 0)", POLICY("{Effect: Allow, Principal: '*', Action: 'sqs:*'}"), YES },
        { "policy(resource.p.PolicyDocument).exists(s, \"*\" in s.principals)", POLICY("[{Effect: Allow, Principal: {AWS: ['1', '*']}}]"), YES },
        { "policy(resource.p.PolicyDocument).exists(s, \"*\" in s.principals)", POLICY("[{Effect: Allow, Principal: {Service: sns.amazonaws.com}}]"), NO },
        { "policy(resource.p.PolicyDocument).all(s, \"a:b\" in s.actions)", POLICY("[{Effect: Allow, Action: [c:d, a:b]}, {Action: a:b}]"), YES },
        { "policy(resource.p.PolicyDocument).exists(s, s.effect == \"Deny\")", "Parameters: {P: {Type: String}}\n" POLICY("!Ref P"), UNKNOWN },
        { "arn(resource.p.Description).region == \"eu-west-1\" && arn(resource.p.Description).resource == \"a:b\"", X("AWS::Lambda::Function", "Description: 'arn:aws:sqs:eu-west-1:1:a:b'"), YES },
        { "arn(resource.p.Description).region == null && arn(resource.p.Description).service == \"sqs\"", X("AWS::Lambda::Function", "Description: !Sub 'arn:aws:sqs:${AWS::Region}:1:q'"), YES },
        { "arn(resource.p.Description) == null", X("AWS::Lambda::Function", "Description: text"), YES },
        { "byteLength(resource.p.Environment.Variables) == 7", X("AWS::Lambda::Function", "Environment: {Variables: {AB: cde, F: 1}}"), YES },
        { "byteLength(resource.p.Environment.Variables) >= 5", "Parameters: {P: {Type: String}}\n" X("AWS::Lambda::Function", "Environment: {Variables: {AB: !Sub 'cde${P}'}}"), YES },
        { "sum([1, 2, resource.p.Timeout, null]) == 6", X("AWS::Lambda::Function", ""), YES },
        { "routeShape(\"/a/{id}/b/{rest+}\") == \"/a/{}/b/{+}\"", X("AWS::Lambda::Function", ""), YES },
        { "principal(\"sns\") == \"sns.amazonaws.com\" && principal(\"nothing\") == null", X("AWS::Lambda::Function", ""), YES },
        { "nearest(\"s3:ObjectCreate:*\", catalog.s3Events) == \"s3:ObjectCreated:*\" && nearest(\"xyz\", catalog.s3Events) == \"\"", X("AWS::Lambda::Function", ""), YES },
        { "usedKeys(resource) == definedKeys(resource)", X("AWS::DynamoDB::Table", "KeySchema: [{AttributeName: b}, {AttributeName: a}], AttributeDefinitions: [{AttributeName: a}, {AttributeName: b}]"), YES },
        { "usedKeys(resource) == definedKeys(resource)", X("AWS::DynamoDB::Table", "KeySchema: [{AttributeName: a}], GlobalSecondaryIndexes: [{KeySchema: [{AttributeName: c}]}], AttributeDefinitions: [{AttributeName: a}, {AttributeName: b}]"), NO },
        { "notifications(resource).exists(a, notifications(resource).exists(b, a.index < b.index && s3.overlap(a, b)))",
          BUCKET("{Event: 's3:ObjectCreated:*', Function: f}", "{Event: 's3:ObjectCreated:Put', Queue: q, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}"), YES },
        { "notifications(resource).exists(a, notifications(resource).exists(b, a.index < b.index && s3.overlap(a, b)))",
          BUCKET("{Event: 's3:ObjectCreated:*', Function: f, Filter: {S3Key: {Rules: [{Name: Prefix, Value: out/}]}}}", "{Event: 's3:ObjectCreated:Put', Queue: q, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}"), NO },
        { "notifications(resource).exists(a, notifications(resource).exists(b, a.index < b.index && s3.overlap(a, b)))",
          BUCKET("{Event: 's3:ObjectCreated:*', Function: f}", "{Event: 's3:ObjectRemoved:*', Queue: q}"), NO },
        { "schedule.error(resource.p.ScheduleExpression, \"events\") == \"\"", X("AWS::Events::Rule", "ScheduleExpression: rate(5 minutes)"), YES },
        { "schedule.error(resource.p.ScheduleExpression, \"events\") == \"\"", X("AWS::Events::Rule", "ScheduleExpression: rate(5 minute)"), NO },
        { "schedule.error(resource.p.ScheduleExpression, \"scheduler\") == \"\"", X("AWS::Events::Rule", "ScheduleExpression: rate(5 minute)"), YES },
        { "schedule.period(resource.p.ScheduleExpression) == 300", X("AWS::Events::Rule", "ScheduleExpression: rate(5 minutes)"), YES },
        { "schedule.next(resource.p.ScheduleExpression, null, now) == null", X("AWS::Events::Rule", "ScheduleExpression: cron(0 0 30 2 ? *)"), YES },
        { "schedule.next(resource.p.ScheduleExpression, \"Asia/Tokyo\", now) != null", X("AWS::Events::Rule", "ScheduleExpression: cron(0 0 L 2 ? *)"), YES },
        { "pattern.error(\"events\", resource.p.EventPattern) == \"\"", X("AWS::Events::Rule", "EventPattern: {source: [my.app]}"), YES },
        { "pattern.error(\"events\", resource.p.EventPattern) == \"\"", X("AWS::Events::Rule", "EventPattern: {source: my.app}"), NO },
        { "pattern.keys(resource.p.EventPattern) == [\"source\", \"detail.state\"]", X("AWS::Events::Rule", "EventPattern: {source: [my.app], detail: {state: [open]}}"), YES },
        { "pattern.exact(resource.p.EventPattern, \"source\") == [\"my.app\"] && pattern.exact(resource.p.EventPattern, \"account\") == null", X("AWS::Events::Rule", "EventPattern: {source: [my.app]}"), YES },
        { "pattern.overlap(resource.p.EventPattern, resource.p.EventPattern)", X("AWS::Events::Rule", "EventPattern: {source: [my.app]}"), YES },
        { "resource.watches(template.all(\"AWS::SQS::Queue\")[0].node)", X("AWS::CloudWatch::Alarm", "Dimensions: [{Name: QueueName, Value: !GetAtt Q.QueueName}]") "  Q: {Type: AWS::SQS::Queue}\n", YES },
        { "resource.watches(template.all(\"AWS::SQS::Queue\")[0].node)", X("AWS::CloudWatch::Alarm", "Dimensions: [{Name: QueueName, Value: other}]") "  Q: {Type: AWS::SQS::Queue}\n", NO },
        { "ref(resource.p.Role).type == \"AWS::IAM::Role\" && ref(resource.p.Role) == ref(resource.p.Description)", X("AWS::Lambda::Function", "Role: !GetAtt R.Arn, Description: !Ref R") "  R: {Type: AWS::IAM::Role}\n", YES },
        { "ref(resource.p.Role) == null", X("AWS::Lambda::Function", "Role: !Ref P") "Parameters: {P: {Type: String}}\n", UNKNOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        lint_result r;
        const char *at = strstr(rows[i].text, "X: {Type: ") + 10;
        slice looks = { at, strcspn(at, ",") };
        slice got = run_rule(a, arena_printf(a, "looks: resource %.*s\nmessage: yes\nwhere: >-\n  %s\n", SLICE_ARG(looks), rows[i].where).at, rows[i].text, &r);
        tri is = got.len > 0 ? YES : NO;
        for (size_t k = 0; k < r.unknown_len; k++)
            if (slice_is(r.unknown[k].rule, "T1"))
                is = UNKNOWN;
        if (is != rows[i].want)
            fail_msg("%s\n%swant %d, got %d%s%.*s", rows[i].where, rows[i].text, rows[i].want, is, r.unknown_len > 0 ? ": " : "", r.unknown_len > 0 ? (int)r.unknown[0].why.len : 0,
                     r.unknown_len > 0 ? r.unknown[0].why.at : "");
        arena_free(a);
    }
}

static const char two_queues[] =
    "Resources:\n"
    "  Q1: {Type: AWS::SQS::Queue}\n"
    "  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, Timeout: 31, Role: r, Code: {S3Bucket: b, S3Key: k}}}\n"
    "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q1.Arn, FunctionName: !Ref Fn}}\n";

static size_t count(lint_result r, const char *rule) {
    size_t n = 0;
    for (size_t i = 0; i < r.findings_len; i++)
        n += slice_is(r.findings[i].rule, rule);
    return n;
}

static void rules_are_switched_off_and_on_and_given_another_severity(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    graph *g = graph_of(a, two_queues);
    lint_rules *rules = lint_rules_new(a);
    static const slice resilience[] = { SLICE_INIT("resilience") }, sf002[] = { SLICE_INIT("queue-without-dead-letter") }, sf117[] = { SLICE_INIT("sf117") };
    static const lint_severity mild[] = { { SLICE_INIT("SF117"), SEVERITY_WARNING }, { SLICE_INIT("event-driven"), SEVERITY_INFO } };
    lint_config config = { .now_s = 0 };
    lint_result r = lint_run(g, rules, &config, &a, 1);
    assert_int_equal(count(r, "SF117"), 1);
    assert_int_equal(count(r, "SF002"), 1);
    assert_int_equal(count(r, "SF006"), 1);
    config = (lint_config){ .disabled = resilience, .disabled_len = 1, .enabled = sf002, .enabled_len = 1 };
    r = lint_run(g, rules, &config, &a, 1);
    assert_int_equal(count(r, "SF117"), 1);
    assert_int_equal(count(r, "SF002"), 1);
    assert_int_equal(count(r, "SF006"), 0);
    config = (lint_config){ .disabled = sf117, .disabled_len = 1 };
    assert_int_equal(count(lint_run(g, rules, &config, &a, 1), "SF117"), 0);
    config = (lint_config){ .severities = mild, .severities_len = 2 };
    r = lint_run(g, rules, &config, &a, 1);
    for (size_t i = 0; i < r.findings_len; i++)
        if (slice_is(r.findings[i].rule, "SF117"))
            assert_int_equal(r.findings[i].severity, SEVERITY_INFO);
    arena_free(a);
}

static void findings_do_not_depend_on_the_number_of_threads(void **state) {
    (void)state;
    arena *a[4];
    for (size_t i = 0; i < COUNT(a); i++)
        a[i] = arena_make(0, NULL);
    buf text = { a[0], { 0 } };
    buf_text(&text, "Resources:\n");
    for (int i = 0; i < 600; i++)
        buf_printf(&text, "  T%d: {Type: AWS::DynamoDB::Table, Properties: {ProvisionedThroughput: {ReadCapacityUnits: %d}}}\n", i, i);
    buf_char(&text, '\0');
    graph *g = graph_of(a[0], text.bytes.at);
    lint_rules *rules = lint_rules_new(a[0]);
    lint_config config = { .unknown = true };
    lint_result one = lint_run(g, rules, &config, a, 1), four = lint_run(g, rules, &config, a, 4);
    assert_int_equal(count(one, "SF201"), 600);
    assert_int_equal(one.findings_len, four.findings_len);
    for (size_t i = 0; i < one.findings_len; i++) {
        assert_int_equal(finding_order(&one.findings[i], &four.findings[i]), 0);
        assert_true(i == 0 || finding_order(&one.findings[i - 1], &one.findings[i]) <= 0);
    }
    for (size_t i = 0; i < COUNT(a); i++)
        arena_free(a[i]);
}

static void the_catalog_judges_nodes(void **state) {
    (void)state;
    static const struct { const char *body; tri serverless; const char *scales, *bills; int tier; } rows[] = {
        { "{Type: AWS::SQS::Queue}", YES, "self", "per-use", 1 },
        { "{Type: AWS::DynamoDB::Table}", NO, "autoscaled-when-configured", "provisioned", 3 },
        { "{Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}", YES, "self", "per-use", 1 },
        { "{Type: AWS::DynamoDB::Table, Properties: {BillingMode: !Ref Mode}}", UNKNOWN, "unknown", "unknown", 0 },
        { "{Type: AWS::Kinesis::Stream}", NO, "fixed", "provisioned", 3 },
        { "{Type: AWS::Kinesis::Stream, Properties: {StreamModeDetails: {StreamMode: ON_DEMAND}}}", YES, "self", "per-use-with-minimum", 1 },
        { "{Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}", NO, "autoscaled-when-configured", "per-hour-while-it-exists", 3 },
        { "{Type: AWS::RDS::DBCluster, Properties: {ServerlessV2ScalingConfiguration: {MinCapacity: \"0\"}}}", YES, "self-with-limits", "per-use", 1 },
        { "{Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}}", YES, "self-with-limits", "per-use", 1 },
        { "{Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: other}}", UNKNOWN, "unknown", "unknown", 0 },
        { "{Type: AWS::ECS::Service, Properties: {LaunchType: FARGATE}}", NO, "autoscaled-when-configured", "per-hour-while-it-exists", 2 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice text = arena_printf(a, "Parameters: {Mode: {Type: String}}\nResources:\n  X: %s\n"
                                     "  Config: {Type: AWS::SageMaker::EndpointConfig, Properties: {ProductionVariants: [{ServerlessConfig: {MaxConcurrency: 1}}]}}\n", rows[i].body);
        const node *n = graph_node(graph_of(a, text.at), SLICE("X"));
        assert_non_null(n);
        if (n->class.serverless != rows[i].serverless || !slice_is(n->class.scales, rows[i].scales) || !slice_is(n->class.bills, rows[i].bills) || n->class.tier != rows[i].tier)
            fail_msg("%s: got serverless %d, scales %.*s, bills %.*s, tier %d", rows[i].body, n->class.serverless, SLICE_ARG(n->class.scales), SLICE_ARG(n->class.bills), n->class.tier);
        arena_free(a);
    }
}

static void every_example_of_every_rule_does_what_it_says(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    lint_rules *rules = lint_rules_new(a);
    const lint_example_result *rows;
    size_t len = lint_run_examples(a, rules, LINT_NO_RULE, 1795564800 /* 2026-11-25 */, &rows), failed = 0;
    for (size_t i = 0; i < len; i++)
        if (!rows[i].passed) {
            print_message("%.*s example %zu (%s): %.*s\n", SLICE_ARG(rows[i].rule), rows[i].example, rows[i].bad ? "bad" : "good", SLICE_ARG(rows[i].what));
            failed++;
        }
    assert_true(len > 0);
    assert_int_equal(failed, 0);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_says_what_is_certain_and_in_which_branch),
        cmocka_unit_test(functions_of_the_vocabulary_give_what_they_say),
        cmocka_unit_test(rules_are_switched_off_and_on_and_given_another_severity),
        cmocka_unit_test(findings_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(the_catalog_judges_nodes),
        cmocka_unit_test(every_example_of_every_rule_does_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
