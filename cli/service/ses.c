/* AWS::SES::ReceiptRule. SES developer guide, "Action options". */
#include "service/declare.h"
#include "service/services.h"

static const struct { const char *path, *names; edge_kind kind; } actions[] = {
    { "S3Action.BucketName",    "AWS::S3::Bucket", EDGE_WRITE },
    { "S3Action.TopicArn",      "AWS::SNS::Topic", EDGE_ASYNC },
    { "SNSAction.TopicArn",     "AWS::SNS::Topic", EDGE_ASYNC },
    { "BounceAction.TopicArn",  "AWS::SNS::Topic", EDGE_ASYNC },
    { "StopAction.TopicArn",    "AWS::SNS::Topic", EDGE_ASYNC },
    { "LambdaAction.TopicArn",  "AWS::SNS::Topic", EDGE_ASYNC },
    { "AddHeaderAction.TopicArn", "AWS::SNS::Topic", EDGE_ASYNC },
};

static void wait_fact(builder *b, edge *e, const void *self) {
    (void)self;
    if (e->kind == EDGE_SYNC)
        build_edge_fact(b, e, SLICE("wait"), value_new_int(build_arena(b), e->at, 30));   /* "Invoke Lambda function action": RequestResponse */
}

static void action_edges(builder *b, const leaf *l, void *self) {
    const resource *r = self;
    arena *a = build_arena(b);
    edge_spec s = {
        .from = build_aws_service(b, SLICE("ses")), .via = r, .service = SLICE("ses"), .when = l->when,
        .enabled = build_enabled_bool(b, resource_written(a, r, SLICE("Rule.Enabled")), false),   /* AWS::SES::ReceiptRule Rule, Enabled */
    };
    for (size_t i = 0; i < COUNT(actions); i++) {
        s.kind = actions[i].kind;
        declare_edges(b, &s, value_at(a, l->value, slice_from(actions[i].path)), slice_from(actions[i].names), NULL, NULL);
    }
    const value *lambda = value_get(a, l->value, SLICE("LambdaAction"));
    if (value_is_absent(lambda))
        return;
    s.kind = slice_is(declare_text(b, lambda, "InvocationType", NULL), "RequestResponse") ? EDGE_SYNC : EDGE_ASYNC;
    s.principal = SLICE("ses.amazonaws.com");
    declare_edges(b, &s, value_get(a, lambda, SLICE("FunctionArn")), SLICE("AWS::Lambda::Function"), wait_fact, NULL);
}

void ses_receipt_rule_edges(builder *b, const resource *r) {
    declare_walk(b, r->properties, r->exists, "Rule.Actions[]", action_edges, (void *)(uintptr_t)r);
}
