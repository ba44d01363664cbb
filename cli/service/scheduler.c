/* Amazon EventBridge Scheduler: the clock starts a target with a role. Scheduler user guide, "Managing targets", "Universal targets". */
#include "service/services.h"
#include "service/target.h"

/* Universal targets: which member of the input names the resource. */
static const struct { const char *call, *member, *type, *action; } universal[] = {
    { "batch:submitJob", "JobDefinition", "AWS::Batch::JobDefinition", "batch:SubmitJob" },
    { "codebuild:startBuild", "ProjectName", "AWS::CodeBuild::Project", "codebuild:StartBuild" },
    { "codepipeline:startPipelineExecution", "Name", "AWS::CodePipeline::Pipeline", "codepipeline:StartPipelineExecution" },
    { "dynamodb:deleteItem", "TableName", "AWS::DynamoDB::Table", "dynamodb:DeleteItem" },
    { "dynamodb:putItem", "TableName", "AWS::DynamoDB::Table", "dynamodb:PutItem" },
    { "dynamodb:updateItem", "TableName", "AWS::DynamoDB::Table", "dynamodb:UpdateItem" },
    { "ecs:runTask", "TaskDefinition", "AWS::ECS::TaskDefinition", "ecs:RunTask" },
    { "eventbridge:putEvents", "Entries[0].EventBusName", "AWS::Events::EventBus", "events:PutEvents" },
    { "firehose:putRecord", "DeliveryStreamName", "AWS::KinesisFirehose::DeliveryStream", "firehose:PutRecord" },
    { "glue:startCrawler", "Name", "AWS::Glue::Crawler", "glue:StartCrawler" },
    { "glue:startJobRun", "JobName", "AWS::Glue::Job", "glue:StartJobRun" },
    { "glue:startWorkflowRun", "Name", "AWS::Glue::Workflow", "glue:StartWorkflowRun" },
    { "kinesis:putRecord", "StreamName", "AWS::Kinesis::Stream", "kinesis:PutRecord" },
    { "lambda:invoke", "FunctionName", "AWS::Lambda::Function", "lambda:InvokeFunction" },
    { "sfn:startExecution", "StateMachineArn", "AWS::StepFunctions::StateMachine", "states:StartExecution" },
    { "sfn:startSyncExecution", "StateMachineArn", "AWS::StepFunctions::StateMachine", "states:StartSyncExecution" },
    { "sns:publish", "TopicArn", "AWS::SNS::Topic", "sns:Publish" },
    { "sqs:sendMessage", "QueueUrl", "AWS::SQS::Queue", "sqs:SendMessage" },
    { "ssm:startAutomationExecution", "DocumentName", "AWS::SSM::Document", "ssm:StartAutomationExecution" },
};

typedef struct {
    builder *b;
    const resource *r;
    const value *target;
    slice action;                    /* "" = by the target's type */
} schedule;

static const value *property(const schedule *k, const char *path) { return value_at(build_arena(k->b), k->r->properties, slice_from(path)); }

static edge_spec base(const schedule *k, node *to, when w, edge_kind kind) {
    edge_spec s = { .from = build_clock(k->b), .to = to, .via = k->r, .kind = kind, .service = SLICE("scheduler"), .when = w, .enabled = EDGE_ON,
                    .role = value_get(build_arena(k->b), k->target, SLICE("RoleArn")), .principal = SLICE("scheduler.amazonaws.com") };
    if (value_is_absent(s.role))
        s.principal = SLICE("");
    return s;
}

static void dead_letter(builder *b, end e, void *self) {
    edge_spec s = base(self, e.node, e.when, EDGE_DEAD_LETTER);
    s.action = SLICE("sqs:SendMessage");
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void target_end(builder *b, end e, void *self) {
    schedule *k = self;
    arena *a = build_arena(b);
    const target_kind *t = target_of(e.node->type);
    const value *expression = property(k, "ScheduleExpression"), *zone = property(k, "ScheduleExpressionTimezone");
    const value *start = property(k, "StartDate"), *end_ = property(k, "EndDate");
    const value *attempts = target_or_int(b, value_at(a, k->target, SLICE("RetryPolicy.MaximumRetryAttempts")), k->r->at, 185);
    const value *age = target_or_int(b, value_at(a, k->target, SLICE("RetryPolicy.MaximumEventAgeInSeconds")), k->r->at, 86400);
    const value *dead = value_at(a, k->target, SLICE("DeadLetterConfig.Arn"));
    edge_spec s = base(k, e.node, e.when, EDGE_SCHEDULE);
    s.qualifier = e.qualifier;
    s.action = k->action.len > 0 ? k->action : t == NULL ? SLICE("") : t->action;
    s.filter = schedule_filter(b, expression->at, expression, zone, start, end_);
    s.settings = build_map(b, k->r->at, (build_pair[]){ { "MaximumRetryAttempts", attempts }, { "MaximumEventAgeInSeconds", age },
                                                        { "FlexibleTimeWindow", property(k, "FlexibleTimeWindow") } }, 3);
    s.enabled = build_enabled_state(b, value_under(property(k, "State"), e.when));
    s.dlq = build_end(b, dead, SLICE("AWS::SQS::Queue"), e.when).node;
    place_at(&s, value_get(a, k->target, SLICE("Arn")));
    edge *made = build_edge(b, &s);
    if (made == NULL)
        return;
    schedule_fact(b, made, expression, zone, start, end_);
    build_edge_fact(b, made, SLICE("retry"), target_retry(b, made->at, attempts, age));
    const value *input = value_get(a, k->target, SLICE("Input")), *group = value_at(a, k->target, SLICE("SqsParameters.MessageGroupId"));
    if (!value_is_absent(input))
        build_edge_fact(b, made, SLICE("input"), input);
    if (!value_is_absent(group))
        build_edge_fact(b, made, SLICE("messageGroup"), group);
    build_each_end(b, dead, SLICE("AWS::SQS::Queue"), e.when, dead_letter, k);
}

/* arn:aws:scheduler:::aws-sdk:SERVICE:apiAction */
static bool universal_target(schedule *k, const value *target, when w) {
    builder *b = k->b;
    arena *a = build_arena(b);
    slice text = value_glob(a, target);
    size_t at = slice_find_slice(text, SLICE(":aws-sdk:"));
    if (!slice_starts(text, SLICE("arn:")) || slice_find_slice(text, SLICE(":scheduler:::")) == (size_t)-1 || at == (size_t)-1)
        return false;
    slice call = slice_after(text, at + strlen(":aws-sdk:")), service_name = slice_from_to(call, 0, slice_find(call, ':'));
    const value *input = value_get(a, k->target, SLICE("Input"));
    for (size_t i = 0; i < COUNT(universal); i++)
        if (slice_is(call, universal[i].call)) {
            bool bad;
            const value *parsed = value_is_absent(input) || value_is_open(input) ? input : value_from_json_text(a, input, &bad);
            if (input->kind == VAL_JOINED)
                parsed = value_from_json_text(a, input, &bad);
            const value *named = value_at(a, parsed, slice_from(universal[i].member));
            k->action = slice_from(universal[i].action);
            if (value_is_absent(named) && slice_is(call, "eventbridge:putEvents"))
                target_end(b, (end){ build_default_bus(b), SLICE(""), w, target }, k);
            else if (value_is_absent(named))
                break;
            else
                build_each_end(b, named, slice_from(universal[i].type), w, target_end, k);
            return true;
        }
    k->action = SLICE("");
    target_end(b, (end){ build_aws_service(b, service_name), SLICE(""), w, target }, k);
    return true;
}

static void schedule_target(void *self, const value *v, when w) {
    schedule *k = self;
    arena *a = build_arena(k->b);
    if (value_is_absent(v))
        return;
    k->action = SLICE("");
    const value *task = value_at(a, k->target, SLICE("EcsParameters.TaskDefinitionArn"));
    if (!value_is_absent(task))
        build_each_end(k->b, task, SLICE("AWS::ECS::TaskDefinition"), w, target_end, k);
    else if ((v->kind != VAL_STRING && v->kind != VAL_JOINED) || !universal_target(k, v, w))
        build_each_end(k->b, v, SLICE(""), w, target_end, k);
}

static void schedule_alternative(void *self, const value *v, when w) {
    schedule *k = self;
    if (v->kind != VAL_MAP)
        return;
    k->target = v;
    value_each(build_arena(k->b), value_get(build_arena(k->b), v, SLICE("Arn")), w, schedule_target, k);
}

void scheduler_schedule_edges(builder *b, const resource *r) {
    schedule k = { .b = b, .r = r };
    value_each(build_arena(b), value_get(build_arena(b), r->properties, SLICE("Target")), r->exists, schedule_alternative, &k);
}
