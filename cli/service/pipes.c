/* Amazon EventBridge Pipes: source -> target, with an enrichment on the way; a pipe is looked through. Pipes user guide, "Sources", "Targets",
 * "Event filtering". */
#include "service/services.h"
#include "service/target.h"

/* Parameters by type of source; CloudFormation user guide, AWS::Pipes::Pipe, SourceParameters. */
static const struct { const char *type, *parameters; } source_parameters[] = {
    { "AWS::SQS::Queue", "SqsQueueParameters" },
    { "AWS::Kinesis::Stream", "KinesisStreamParameters" },
    { "AWS::DynamoDB::Table", "DynamoDBStreamParameters" },
    { "AWS::DynamoDB::GlobalTable", "DynamoDBStreamParameters" },
    { "AWS::MSK::Cluster", "ManagedStreamingKafkaParameters" },
    { "AWS::AmazonMQ::Broker", "ActiveMQBrokerParameters" },
};

typedef struct {
    builder *b;
    const resource *r;
    end source;
    const source_kind *kind;
    const value *parameters;         /* of the source */
    source_filter filter;
    bool enrichment;
} piping;

static const value *property(const piping *k, const char *path) { return value_at(build_arena(k->b), k->r->properties, slice_from(path)); }

static void dead_letter(builder *b, end e, void *self) {
    const piping *k = self;
    const target_kind *t = target_of(e.node->type);
    edge_spec s = { .from = k->source.node, .to = e.node, .via = k->r, .kind = EDGE_DEAD_LETTER, .service = SLICE("pipes"), .when = e.when,
                    .enabled = EDGE_ON, .role = property(k, "RoleArn"), .principal = SLICE("pipes.amazonaws.com"), .action = t == NULL ? SLICE("") : t->action };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static slice invocation(const piping *k, const char *path) {
    slice text = SLICE("");
    value_text(build_arena(k->b), property(k, path), &text);
    return text;
}

static slice pipe_action(const piping *k, const node *to) {
    const target_kind *t = target_of(to->type);
    bool machine = slice_is(to->type, "AWS::StepFunctions::StateMachine");
    if (machine && (k->enrichment || !slice_is(invocation(k, "TargetParameters.StepFunctionStateMachineParameters.InvocationType"), "FIRE_AND_FORGET")))
        return SLICE("states:StartSyncExecution");
    return t == NULL ? SLICE("") : t->action;
}

/* What the pipe does with the target's answer. */
static bool pipe_waits(const piping *k, const node *to) {
    if (k->enrichment)
        return true;
    if (slice_is(to->type, "AWS::Lambda::Function"))
        return !slice_is(invocation(k, "TargetParameters.LambdaFunctionParameters.InvocationType"), "FIRE_AND_FORGET");
    return slice_is(to->type, "AWS::StepFunctions::StateMachine") && slice_is(pipe_action(k, to), "states:StartSyncExecution");
}

static void pipe_facts(const piping *k, edge *e) {
    builder *b = k->b;
    arena *a = build_arena(b);
    const value *p = k->parameters;
    bool ordered = k->kind != NULL && k->kind->ordered;
    build_edge_fact(b, e, SLICE("batch"), build_map(b, k->r->at, (build_pair[]){
        { "size", k->kind == NULL && value_is_absent(value_get(a, p, SLICE("BatchSize"))) ? value_new_unknown(a, k->r->at, UNKNOWN_COMPUTED, SLICE("BatchSize"))
                                                                   : target_or_int(b, value_get(a, p, SLICE("BatchSize")), k->r->at, k->kind == NULL ? 0 : k->kind->batch) },
        { "window", target_or_int(b, value_get(a, p, SLICE("MaximumBatchingWindowInSeconds")), k->r->at, 0) },
        { "parallel", ordered ? target_or_int(b, value_get(a, p, SLICE("ParallelizationFactor")), k->r->at, 1) : NULL },
        { "partial", value_new_bool(a, k->r->at, pipe_waits(k, e->to)) } }, 4));
    if (ordered)
        build_edge_fact(b, e, SLICE("retry"), target_retry(b, k->r->at, target_or_int(b, value_get(a, p, SLICE("MaximumRetryAttempts")), k->r->at, -1),
                                                           target_or_int(b, value_get(a, p, SLICE("MaximumRecordAgeInSeconds")), k->r->at, -1)));
    source_filter_facts(b, e, &k->filter);
    if (k->kind != NULL)
        build_edge_fact(b, e, SLICE("readActions"), target_words(b, k->r->at, k->kind->actions));
    if (k->source.node->resource != NULL && k->kind != NULL && slice_is(k->kind->service, "dynamodb"))
        build_edge_fact(b, e, SLICE("streamView"), value_at(a, k->source.node->resource->properties, SLICE("StreamSpecification.StreamViewType")));
    const value *group = property(k, "TargetParameters.SqsQueueParameters.MessageGroupId");
    if (!value_is_absent(group))
        build_edge_fact(b, e, SLICE("messageGroup"), group);
}

static void pipe_end(builder *b, end e, void *self) {
    const piping *k = self;
    arena *a = build_arena(b);
    const target_kind *t = target_of(e.node->type);
    edge_kind kind = k->enrichment ? EDGE_SYNC : t != NULL && t->kind == EDGE_WRITE ? EDGE_WRITE : k->kind == NULL ? EDGE_POLL : k->kind->kind;
    const value *dead = value_at(a, k->parameters, SLICE("DeadLetterConfig.Arn"));
    edge_spec s = {
        .from = k->source.node, .to = e.node, .via = k->r, .kind = kind, .service = k->kind == NULL ? SLICE("pipes") : k->kind->service, .when = e.when,
        .qualifier = e.qualifier, .filter = k->filter.filter, .settings = value_is_absent(k->parameters) ? NULL : k->parameters,
        .enabled = build_enabled_state(b, value_under(property(k, "DesiredState"), e.when)),
        .role = property(k, "RoleArn"), .principal = SLICE("pipes.amazonaws.com"), .action = pipe_action(k, e.node),
    };
    end failure = build_end(b, dead, SLICE(""), e.when);
    s.on_failure = failure.node;
    if (k->source.node->resource != NULL && slice_is(k->source.node->type, "AWS::SQS::Queue"))
        s.dlq = build_end(b, redrive_target(b, value_get(a, k->source.node->resource->properties, SLICE("RedrivePolicy"))), SLICE("AWS::SQS::Queue"), e.when).node;
    place_at(&s, e.value);
    edge *made = build_edge(b, &s);
    if (made == NULL)
        return;
    pipe_facts(k, made);
    if (k->enrichment)
        return;
    piping inner = *k;
    build_each_end(b, dead, SLICE(""), e.when, dead_letter, &inner);
}

static void pipe_source(builder *b, end e, void *self) {
    piping k = *(const piping *)self;
    k.source = e;
    k.kind = source_of_type(e.node->type);
    k.parameters = &value_absent;
    for (size_t i = 0; i < COUNT(source_parameters); i++) {
        const value *parameters = value_get(build_arena(b), property(&k, "SourceParameters"), slice_from(source_parameters[i].parameters));
        if (slice_is(e.node->type, source_parameters[i].type))
            k.parameters = parameters;
        else if (k.kind == NULL && e.node->type.len == 0 && parameters->kind == VAL_MAP) {
            k.parameters = parameters;       /* the parameters say what the source is */
            k.kind = source_of_type(slice_from(source_parameters[i].type));
        }
    }
    const value *task = property(&k, "TargetParameters.EcsTaskParameters.TaskDefinitionArn");
    const value *job = property(&k, "TargetParameters.BatchJobParameters.JobDefinition");
    if (!value_is_absent(task))
        build_each_end(b, task, SLICE("AWS::ECS::TaskDefinition"), e.when, pipe_end, &k);
    else if (!value_is_absent(job))
        build_each_end(b, job, SLICE("AWS::Batch::JobDefinition"), e.when, pipe_end, &k);
    else
        build_each_end(b, property(&k, "Target"), SLICE(""), e.when, pipe_end, &k);
    k.enrichment = true;
    build_each_end(b, property(&k, "Enrichment"), SLICE(""), e.when, pipe_end, &k);
}

void pipes_pipe_edges(builder *b, const resource *r) {
    piping k = { .b = b, .r = r };
    k.filter = source_filter_of(b, property(&k, "SourceParameters.FilterCriteria"));
    build_each_end(b, property(&k, "Source"), SLICE(""), r->exists, pipe_source, &k);
}
