/* AWS::IoT::TopicRule. AWS IoT Core developer guide, "AWS IoT rule actions". */
#include "service/declare.h"
#include "service/services.h"

/* Each action: what names the target, and what the rule's role must be allowed. */
static const struct { const char *path, *names; edge_kind kind; const char *grant; } actions[] = {
    { "Lambda.FunctionArn",          "AWS::Lambda::Function",               EDGE_ASYNC, "lambda:InvokeFunction" },
    { "Sqs.QueueUrl",                "AWS::SQS::Queue",                     EDGE_ASYNC, "sqs:SendMessage" },
    { "Sns.TargetArn",               "AWS::SNS::Topic",                     EDGE_ASYNC, "sns:Publish" },
    { "StepFunctions.StateMachineName", "AWS::StepFunctions::StateMachine", EDGE_ASYNC, "states:StartExecution" },
    { "Kinesis.StreamName",          "AWS::Kinesis::Stream",                EDGE_WRITE, "kinesis:PutRecord" },
    { "Firehose.DeliveryStreamName", "AWS::KinesisFirehose::DeliveryStream", EDGE_WRITE, "" },
    { "DynamoDB.TableName",          "AWS::DynamoDB::Table",                EDGE_WRITE, "dynamodb:PutItem" },
    { "DynamoDBv2.PutItem.TableName", "AWS::DynamoDB::Table",               EDGE_WRITE, "dynamodb:PutItem" },
    { "S3.BucketName",               "AWS::S3::Bucket",                     EDGE_WRITE, "s3:PutObject" },
    { "CloudwatchLogs.LogGroupName", "AWS::Logs::LogGroup",                 EDGE_WRITE, "" },
    { "Timestream.TableName",        "AWS::Timestream::Table",              EDGE_WRITE, "timestream:WriteRecords" },
    { "OpenSearch.Endpoint",         "",                                    EDGE_WRITE, "es:ESHttpPut" },
    { "Elasticsearch.Endpoint",      "",                                    EDGE_WRITE, "es:ESHttpPut" },
    { "IotEvents.InputName",         "AWS::IoTEvents::Input",               EDGE_WRITE, "iotevents:BatchPutMessage" },
    { "Http.Url",                    "",                                    EDGE_ASYNC, "" },
};

typedef struct {
    const resource *r;
    const value *filter;
    tri enabled;
    bool on_error;
    node *dead_letter;
} rule;

/* One action, a map with one entry. */
static void action_edges(builder *b, const leaf *l, void *self) {
    const rule *k = self;
    arena *a = build_arena(b);
    for (size_t i = 0; i < COUNT(actions); i++) {
        slice path = slice_from(actions[i].path), name = slice_from_to(path, 0, slice_find(path, '.'));
        const value *target = value_at(a, l->value, path);
        if (value_is_absent(target))
            continue;
        const value *by = value_get(a, value_get(a, l->value, name), SLICE("RoleArn"));
        edge_spec s = {
            .from = build_aws_service(b, SLICE("iot")), .via = k->r, .kind = k->on_error ? EDGE_DEAD_LETTER : actions[i].kind, .service = SLICE("iot"),
            .when = l->when, .filter = k->filter, .enabled = k->enabled, .action = slice_from(actions[i].grant), .dlq = k->dead_letter,
        };
        if (i == 0) {
            s.principal = SLICE("iot.amazonaws.com");
            s.source_arn = declare_attribute(b, k->r, "Arn");
        } else if (!value_is_absent(by)) {
            s.role = by;
        }
        declare_edges(b, &s, target, slice_from(actions[i].names), NULL, NULL);
    }
}

static node *error_target(builder *b, const resource *r) {
    const value *action = resource_written(build_arena(b), r, SLICE("TopicRulePayload.ErrorAction"));
    for (size_t i = 0; i < COUNT(actions); i++) {
        const value *v = value_at(build_arena(b), action, slice_from(actions[i].path));
        if (!value_is_absent(action) && !value_is_absent(v))
            return build_end(b, v, slice_from(actions[i].names), r->exists).node;
    }
    return NULL;
}

void iot_topic_rule_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const value *sql = resource_written(a, r, SLICE("TopicRulePayload.Sql"));
    tri disabled = build_enabled_bool(b, resource_written(a, r, SLICE("TopicRulePayload.RuleDisabled")), false);
    rule k = {
        .r = r, .enabled = disabled == UNKNOWN ? UNKNOWN : disabled == YES ? NO : YES, .dead_letter = error_target(b, r),
        .filter = value_is_absent(sql) ? NULL : build_map(b, sql->at, (build_pair[]){ { "sql", sql } }, 1),
    };
    declare_walk(b, r->properties, r->exists, "TopicRulePayload.Actions[]", action_edges, &k);
    k.on_error = true;
    k.dead_letter = NULL;
    declare_walk(b, r->properties, r->exists, "TopicRulePayload.ErrorAction", action_edges, &k);
}
