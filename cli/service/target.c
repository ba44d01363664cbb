#include "service/target.h"

/* EventBridge user guide, "Using resource-based policies for EventBridge" and "Amazon EventBridge targets"; Scheduler and Pipes user guides,
 * permissions of each target. */
static const target_kind targets[] = {
    { SLICE_INIT("AWS::ApiGateway::RestApi"), SLICE_INIT("execute-api:Invoke"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::ApiGatewayV2::Api"), SLICE_INIT("execute-api:Invoke"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::AppSync::GraphQLApi"), SLICE_INIT("appsync:GraphQL"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Batch::JobDefinition"), SLICE_INIT("batch:SubmitJob"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Batch::JobQueue"), SLICE_INIT("batch:SubmitJob"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::CodeBuild::Project"), SLICE_INIT("codebuild:StartBuild"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::CodePipeline::Pipeline"), SLICE_INIT("codepipeline:StartPipelineExecution"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::ECS::TaskDefinition"), SLICE_INIT("ecs:RunTask"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Events::ApiDestination"), SLICE_INIT("events:InvokeApiDestination"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Events::EventBus"), SLICE_INIT("events:PutEvents"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Glue::Workflow"), SLICE_INIT("glue:notifyEvent"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Kinesis::Stream"), SLICE_INIT("kinesis:PutRecord"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::KinesisFirehose::DeliveryStream"), SLICE_INIT("firehose:PutRecord"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Lambda::Function"), SLICE_INIT("lambda:InvokeFunction"), true, EDGE_ASYNC },
    { SLICE_INIT("AWS::Logs::LogGroup"), SLICE_INIT("logs:PutLogEvents"), true, EDGE_WRITE },
    { SLICE_INIT("AWS::SNS::Topic"), SLICE_INIT("sns:Publish"), true, EDGE_ASYNC },
    { SLICE_INIT("AWS::SQS::Queue"), SLICE_INIT("sqs:SendMessage"), true, EDGE_ASYNC },
    { SLICE_INIT("AWS::SSM::Document"), SLICE_INIT("ssm:StartAutomationExecution"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::SageMaker::Pipeline"), SLICE_INIT("sagemaker:StartPipelineExecution"), false, EDGE_ASYNC },
    { SLICE_INIT("AWS::Serverless::Function"), SLICE_INIT("lambda:InvokeFunction"), true, EDGE_ASYNC },
    { SLICE_INIT("AWS::StepFunctions::StateMachine"), SLICE_INIT("states:StartExecution"), false, EDGE_ASYNC },
};

const target_kind *target_of(slice type) {
    for (size_t i = 0; i < COUNT(targets); i++)
        if (slice_eq(targets[i].type, type))
            return &targets[i];
    return NULL;
}

/* Lambda developer guide, "Event source mappings" and "Execution role permissions" of each source; CloudFormation user guide,
 * AWS::Lambda::EventSourceMapping, BatchSize. */
#define KAFKA_ACTIONS "kafka:DescribeCluster kafka:GetBootstrapBrokers ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeVpcs " \
                      "ec2:DeleteNetworkInterface ec2:DescribeSubnets ec2:DescribeSecurityGroups"
static const source_kind sources[] = {
    { SLICE_INIT("AWS::SQS::Queue"), SLICE_INIT("sqs"), EDGE_POLL, 10, false, "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes" },
    { SLICE_INIT("AWS::Kinesis::Stream"), SLICE_INIT("kinesis"), EDGE_STREAM, 100, true,
      "kinesis:DescribeStream kinesis:GetRecords kinesis:GetShardIterator kinesis:ListShards" },
    { SLICE_INIT("AWS::DynamoDB::Table"), SLICE_INIT("dynamodb"), EDGE_STREAM, 100, true,
      "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams" },
    { SLICE_INIT("AWS::DynamoDB::GlobalTable"), SLICE_INIT("dynamodb"), EDGE_STREAM, 100, true,
      "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams" },
    { SLICE_INIT("AWS::Serverless::SimpleTable"), SLICE_INIT("dynamodb"), EDGE_STREAM, 100, true,
      "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams" },
    { SLICE_INIT("AWS::MSK::Cluster"), SLICE_INIT("kafka"), EDGE_STREAM, 100, true, KAFKA_ACTIONS },
    { SLICE_INIT("AWS::MSK::ServerlessCluster"), SLICE_INIT("kafka"), EDGE_STREAM, 100, true, KAFKA_ACTIONS },
    { SLICE_INIT("AWS::AmazonMQ::Broker"), SLICE_INIT("mq"), EDGE_POLL, 100, false, "mq:DescribeBroker secretsmanager:GetSecretValue" },
    { SLICE_INIT("AWS::DocDB::DBCluster"), SLICE_INIT("docdb"), EDGE_STREAM, 100, false, "rds:DescribeDBClusters rds:DescribeDBClusterParameters rds:DescribeDBSubnetGroups" },
};

const source_kind *source_of_type(slice type) {
    for (size_t i = 0; i < COUNT(sources); i++)
        if (slice_eq(sources[i].type, type))
            return &sources[i];
    return NULL;
}

#define FILTERS_MOST 1000

source_filter source_filter_of(builder *b, const value *criteria) {
    arena *a = build_arena(b);
    source_filter f = { NULL, NULL, NULL };
    const value *const *items;
    size_t len;
    const value *all = value_get(a, criteria, SLICE("Filters"));
    if (value_is_absent(all))
        return f;
    value_as_list(a, all, &items, &len);
    VEC(const value *) patterns = { 0 }, texts = { 0 };
    for (size_t i = 0; i < len && i < FILTERS_MOST; i++) {
        bool bad;
        const value *text = value_get(a, items[i], SLICE("Pattern"));
        if (items[i]->kind == VAL_UNKNOWN)
            text = items[i];
        if (value_is_absent(text))
            continue;
        const value *pattern = text->kind == VAL_UNKNOWN || text->kind == VAL_CHOICE || text->kind == VAL_REF ? text : value_from_json_text(a, text, &bad);
        VEC_PUSH(a, &patterns, pattern->kind == VAL_ABSENT ? value_new_unknown(a, text->at, UNKNOWN_COMPUTED, SLICE("not JSON")) : pattern);
        VEC_PUSH(a, &texts, text);
    }
    if (patterns.len == 0)
        return f;
    f.patterns = value_new_list(a, criteria->at, patterns.at, patterns.len);
    f.texts = value_new_list(a, criteria->at, texts.at, texts.len);
    f.filter = build_map(b, criteria->at, &(build_pair){ "patterns", f.patterns }, 1);
    return f;
}

void source_filter_facts(builder *b, edge *e, const source_filter *f) {
    build_edge_fact(b, e, SLICE("filters"), f->patterns);
    build_edge_fact(b, e, SLICE("filterTexts"), f->texts);
}

const value *target_retry(builder *b, pos at, const value *attempts, const value *age) {
    return build_map(b, at, (build_pair[]){ { "attempts", attempts }, { "age", age } }, 2);
}

const value *target_words(builder *b, pos at, const char *words) {
    arena *a = build_arena(b);
    slice all = slice_from(words), one;
    VEC(const value *) items = { 0 };
    while (all.at != NULL && slice_cut(&all, ' ', &one))
        VEC_PUSH(a, &items, value_new_string(a, at, one));
    return value_new_list(a, at, items.at, items.len);
}

const value *list_of_one(builder *b, pos at, const value *v) {
    const value **items = ARENA_ARRAY(build_arena(b), const value *, 1);
    items[0] = v;
    return value_new_list(build_arena(b), at, items, 1);
}

const value *target_or_int(builder *b, const value *v, pos at, long long n) {
    return v == NULL || value_is_absent(v) ? value_new_int(build_arena(b), at, n) : v;
}

typedef struct {
    arena *arena;
} parsing;

static const value *redrive_of(void *self, const value *v) {
    const parsing *k = self;
    bool bad;
    const value *policy = v->kind == VAL_MAP || v->kind == VAL_UNKNOWN ? v : value_from_json_text(k->arena, v, &bad);
    return value_get(k->arena, policy, SLICE("deadLetterTargetArn"));
}

const value *redrive_target(builder *b, const value *policy) {
    parsing k = { build_arena(b) };
    return value_is_absent(policy) ? &value_absent : value_map(build_arena(b), policy, redrive_of, &k);
}

typedef struct {
    builder *b;
    void (*each)(void *self, const value *v, when w);
    void *self;
    unsigned depth;
} listing;

static void list_branch(void *self, const value *v, when w) {
    const listing *k = self;
    if (v->kind == VAL_LIST && k->depth > 0) {
        listing inner = { k->b, k->each, k->self, k->depth - 1 };
        for (size_t i = 0; i < v->list.len; i++)
            value_each(build_arena(k->b), v->list.at[i], w, list_branch, &inner);
    } else if (!value_is_absent(v)) {
        k->each(k->self, v, w);
    }
}

void each_item(builder *b, const value *list, when w, void (*each)(void *self, const value *v, when w), void *self) {
    listing k = { b, each, self, 2 };
    value_each(build_arena(b), list, w, list_branch, &k);
}

static const value *given(const value *v) { return v == NULL || value_is_absent(v) ? NULL : v; }

const value *schedule_filter(builder *b, pos at, const value *expression, const value *zone, const value *start, const value *end_) {
    return build_map(b, at, (build_pair[]){
        { "schedule", expression }, { "timezone", given(zone) }, { "start", given(start) }, { "end", given(end_) } }, 4);
}

void schedule_fact(builder *b, edge *e, const value *expression, const value *zone, const value *start, const value *end_) {
    if (e == NULL)
        return;
    arena *a = build_arena(b);
    build_edge_fact(b, e, SLICE("schedule"), build_map(b, e->at, (build_pair[]){
        { "expr", expression }, { "tz", given(zone) != NULL ? zone : value_new_string(a, e->at, SLICE("UTC")) },
        { "start", given(start) }, { "end", given(end_) } }, 4));
}
