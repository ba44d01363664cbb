/* AWS Lambda: event source mappings, asynchronous destinations, dead-letter queues, function URLs.
 * Lambda developer guide, "Event source mappings", "Asynchronous invocation", "Function URLs". */
#include "service/services.h"
#include "service/target.h"

static const value *function_role(builder *b, const node *function) {
    return function->resource == NULL ? NULL : value_get(build_arena(b), function->resource->properties, SLICE("Role"));
}

/* ---- AWS::Lambda::EventSourceMapping ---- */

typedef struct {
    builder *b;
    const resource *r;
    const source_kind *kind;
    end source;
    const value *source_value, *failure;
    source_filter filter;
} mapping;

static const char *const common_settings[] = { "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "ScalingConfig",
                                               "ProvisionedPollerConfig", "Topics", "Queues", "StartingPosition" };
static const char *const ordered_settings[] = { "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "ProvisionedPollerConfig", "Topics",
                                                "StartingPosition", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds",
                                                "BisectBatchOnFunctionError", "ParallelizationFactor", "TumblingWindowInSeconds" };

static const value *mapping_setting(builder *b, const resource *r, const char *name) {
    return resource_get(build_arena(b), r, slice_from(name));
}

/* Without a default of its own in the catalog because it depends on the source. */
static const value *with_defaults(builder *b, const mapping *m, const value *settings) {
    arena *a = build_arena(b);
    VEC(value_entry) entries = { 0 };
    bool batch = false;
    for (size_t i = 0; settings->kind == VAL_MAP && i < settings->map.len; i++) {
        VEC_PUSH(a, &entries, settings->map.at[i]);
        batch = batch || slice_is(settings->map.at[i].key, "BatchSize");
    }
    if (!batch && m->kind != NULL) {
        const value *size = value_new_int(a, m->r->at, m->kind->batch);
        VEC_PUSH(a, &entries, (value_entry){ SLICE("BatchSize"), size->at, size->end, size });
    }
    return value_new_map(a, m->r->at, entries.at, entries.len);
}

static tri reports_items(builder *b, const value *types) {
    const value *const *items;
    size_t len;
    slice text;
    tri is = NO;
    value_as_list(build_arena(b), types, &items, &len);
    for (size_t i = 0; i < len; i++)
        if (!value_text(build_arena(b), items[i], &text))
            is = UNKNOWN;
        else if (slice_is(text, "ReportBatchItemFailures"))
            return YES;
    return is;
}

static void mapping_facts(mapping *m, edge *e) {
    builder *b = m->b;
    arena *a = build_arena(b);
    const resource *r = m->r;
    tri partial = reports_items(b, value_get(a, r->properties, SLICE("FunctionResponseTypes")));
    const value *written_size = value_get(a, r->properties, SLICE("BatchSize"));
    const value *concurrency = value_at(a, r->properties, SLICE("ScalingConfig.MaximumConcurrency"));
    const value *pollers = value_at(a, r->properties, SLICE("ProvisionedPollerConfig.MinimumPollers"));
    const value *size = !value_is_absent(written_size) ? written_size : m->kind != NULL ? value_new_int(a, r->at, m->kind->batch)
                                                                       : value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("BatchSize"));
    build_edge_fact(b, e, SLICE("batch"), build_map(b, r->at, (build_pair[]){
        { "size", size },
        { "window", target_or_int(b, value_get(a, r->properties, SLICE("MaximumBatchingWindowInSeconds")), r->at, 0) },
        { "concurrency", concurrency }, { "pollers", pollers },
        { "parallel", m->kind != NULL && m->kind->ordered ? target_or_int(b, value_get(a, r->properties, SLICE("ParallelizationFactor")), r->at, 1) : NULL },
        { "partial", partial == UNKNOWN ? value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("FunctionResponseTypes")) : value_new_bool(a, r->at, partial == YES) },
    }, 6));
    if (m->kind != NULL && m->kind->ordered)
        build_edge_fact(b, e, SLICE("retry"), target_retry(b, r->at, target_or_int(b, value_get(a, r->properties, SLICE("MaximumRetryAttempts")), r->at, -1),
                                                           target_or_int(b, value_get(a, r->properties, SLICE("MaximumRecordAgeInSeconds")), r->at, -1)));
    source_filter_facts(b, e, &m->filter);
    if (m->kind != NULL) {
        const char *actions = m->kind->actions;
        /* a consumer of its own is subscribed to (Kinesis developer guide, "Enhanced fan-out") */
        if (slice_is(m->kind->service, "kinesis") && m->source.value->kind == VAL_REF && slice_is(m->source.value->ref.to->type, "AWS::Kinesis::StreamConsumer"))
            actions = "kinesis:DescribeStream kinesis:GetRecords kinesis:GetShardIterator kinesis:ListShards kinesis:SubscribeToShard";
        build_edge_fact(b, e, SLICE("readActions"), target_words(b, r->at, actions));
    }
    if (m->source.node->resource != NULL && m->kind != NULL && slice_is(m->kind->service, "dynamodb"))
        build_edge_fact(b, e, SLICE("streamView"), value_at(a, m->source.node->resource->properties, SLICE("StreamSpecification.StreamViewType")));
}

typedef struct {
    mapping *m;
    end function;
} failing;

static void mapping_failure(builder *b, end e, void *self) {
    const failing *k = self;
    const target_kind *t = target_of(e.node->type);
    bool bucket = slice_is(e.node->type, "AWS::S3::Bucket");
    edge_spec s = {
        .from = k->function.node, .to = e.node, .via = k->m->r, .kind = EDGE_DEAD_LETTER,
        .service = k->m->kind == NULL ? SLICE("lambda") : k->m->kind->service, .when = e.when, .enabled = EDGE_ON,
        .role = function_role(b, k->function.node), .principal = SLICE("lambda.amazonaws.com"),
        .action = bucket ? SLICE("s3:PutObject") : t == NULL ? SLICE("") : t->action,
    };
    place_at(&s, e.value);
    if (s.role == NULL)
        s.principal = SLICE("");
    build_edge(b, &s);
}

static void mapping_function(builder *b, end e, void *self) {
    mapping *m = self;
    arena *a = build_arena(b);
    bool ordered = m->kind != NULL && m->kind->ordered;
    edge_kind kind = m->kind != NULL ? m->kind->kind
                   : !value_is_absent(value_get(a, m->r->properties, SLICE("StartingPosition"))) ? EDGE_STREAM : EDGE_POLL;
    const value *settings = ordered ? build_settings(b, m->r, ordered_settings, COUNT(ordered_settings))
                                    : build_settings(b, m->r, common_settings, COUNT(common_settings));
    edge_spec s = {
        .from = m->source.node, .to = e.node, .via = m->r, .kind = kind, .service = m->kind == NULL ? SLICE("lambda") : m->kind->service,
        .when = e.when, .qualifier = e.qualifier, .filter = m->filter.filter, .settings = with_defaults(b, m, settings),
        .enabled = build_enabled_bool(b, mapping_setting(b, m->r, "Enabled"), true), .at = m->r->at, .end = m->r->end,
    };
    place_at(&s, m->source_value);
    end failure = build_end(b, m->failure, SLICE(""), e.when);
    s.on_failure = failure.node;
    if (m->source.node->resource != NULL && slice_is(m->source.node->type, "AWS::SQS::Queue"))
        s.dlq = build_end(b, redrive_target(b, value_get(a, m->source.node->resource->properties, SLICE("RedrivePolicy"))), SLICE("AWS::SQS::Queue"), e.when).node;
    edge *made = build_edge(b, &s);
    if (made == NULL)
        return;
    mapping_facts(m, made);
    failing f = { m, e };
    build_each_end(b, m->failure, SLICE(""), e.when, mapping_failure, &f);
}

/* What an unknown source must be, by what the mapping says of it. Lambda API reference, CreateEventSourceMapping: StartingPosition is required
 * for streams, Queues for brokers; without either it is a queue. */
static const source_kind *kind_by_settings(builder *b, const resource *r) {
    static const struct { const char *property, *type; } says[] = {
        { "AmazonManagedKafkaEventSourceConfig", "AWS::MSK::Cluster" }, { "Topics", "AWS::MSK::Cluster" }, { "Queues", "AWS::AmazonMQ::Broker" },
        { "DocumentDBEventSourceConfig", "AWS::DocDB::DBCluster" }, { "StartingPosition", "" },
    };
    for (size_t i = 0; i < COUNT(says); i++)
        if (!value_is_absent(value_get(build_arena(b), r->properties, slice_from(says[i].property))))
            return source_of_type(slice_from(says[i].type));
    return source_of_type(SLICE("AWS::SQS::Queue"));
}

static void mapping_source(builder *b, end e, void *self) {
    mapping m = *(const mapping *)self;
    m.source = e;
    m.kind = source_of_type(e.node->type);
    if (m.kind == NULL && e.node->type.len == 0)
        m.kind = kind_by_settings(b, m.r);
    build_each_end(b, value_get(build_arena(b), m.r->properties, SLICE("FunctionName")), SLICE("AWS::Lambda::Function"), e.when, mapping_function, &m);
}

void lambda_event_source_mapping_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const value *source = value_get(a, r->properties, SLICE("EventSourceArn"));
    mapping m = { .b = b, .r = r, .source_value = source };
    m.filter = source_filter_of(b, value_get(a, r->properties, SLICE("FilterCriteria")));
    m.failure = value_at(a, r->properties, SLICE("DestinationConfig.OnFailure.Destination"));
    slice text;
    if (value_text(a, m.failure, &text) && slice_starts(text, SLICE("kafka://")))
        m.failure = &value_absent;           /* a topic of the same cluster */
    if (!value_is_absent(source)) {
        build_each_end(b, source, SLICE(""), r->exists, mapping_source, &m);
        return;
    }
    const value *brokers = value_at(a, r->properties, SLICE("SelfManagedEventSource.Endpoints.KafkaBootstrapServers"));
    if (value_is_absent(brokers))
        return;
    const value *first = value_at(a, brokers, SLICE("[0]"));
    slice host = value_display(a, brokers->kind == VAL_LIST ? first : brokers);
    node *cluster = build_outside(b, host.len > 0 ? arena_printf(a, "url:kafka://%.*s", SLICE_ARG(host)) : SLICE("unknown"), SLICE("AWS::MSK::Cluster"), ROLE_STREAM);
    m.source_value = brokers;
    mapping_source(b, (end){ cluster, SLICE(""), r->exists, brokers }, &m);
}

/* ---- asynchronous invocation ---- */

typedef struct {
    const resource *r;
    end function;
    const char *outcome;
} destination;

static const value *invoke_settings(builder *b, const resource *r) {
    static const char *const names[] = { "MaximumRetryAttempts", "MaximumEventAgeInSeconds" };
    return build_settings(b, r, names, COUNT(names));
}

static void destination_end(builder *b, end e, void *self) {
    const destination *d = self;
    const target_kind *t = target_of(e.node->type);
    arena *a = build_arena(b);
    bool failure = d->outcome[0] == 'f';
    edge_spec s = {
        .from = d->function.node, .to = e.node, .via = d->r, .kind = EDGE_DESTINATION, .service = SLICE("lambda"), .when = e.when,
        .qualifier = e.qualifier, .settings = invoke_settings(b, d->r), .enabled = EDGE_ON, .role = function_role(b, d->function.node),
        .principal = SLICE("lambda.amazonaws.com"),
        .action = t != NULL ? t->action : slice_is(e.node->type, "AWS::S3::Bucket") ? SLICE("s3:PutObject") : SLICE(""),
        .on_failure = failure ? e.node : NULL,
    };
    place_at(&s, e.value);
    if (s.role == NULL)
        s.principal = SLICE("");
    edge *made = build_edge(b, &s);
    if (made != NULL)
        build_edge_fact(b, made, SLICE("outcome"), value_new_string(a, made->at, slice_from(d->outcome)));
}

static void invoke_config_function(builder *b, end e, void *self) {
    const resource *r = self;
    static const struct { const char *path, *outcome; } outcomes[] = {
        { "DestinationConfig.OnSuccess.Destination", "success" }, { "DestinationConfig.OnFailure.Destination", "failure" },
    };
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        destination d = { r, e, outcomes[i].outcome };
        build_each_end(b, value_at(build_arena(b), r->properties, slice_from(outcomes[i].path)), SLICE(""), e.when, destination_end, &d);
    }
}

void lambda_event_invoke_config_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("FunctionName")), SLICE("AWS::Lambda::Function"), r->exists,
                   invoke_config_function, (void *)(uintptr_t)r);
}

static void function_dead_letter(builder *b, end e, void *self) {
    const resource *r = self;
    const target_kind *t = target_of(e.node->type);
    edge_spec s = {
        .from = build_node(b, r), .to = e.node, .kind = EDGE_DEAD_LETTER, .service = SLICE("lambda"), .when = e.when, .enabled = EDGE_ON,
        .role = value_get(build_arena(b), r->properties, SLICE("Role")), .principal = SLICE("lambda.amazonaws.com"),
        .action = t == NULL ? SLICE("") : t->action,
    };
    place_at(&s, e.value);
    build_edge(b, &s);
}

/* The group it writes to: LoggingConfig.LogGroup, else /aws/lambda/NAME (Lambda developer guide, "Working with log groups"). */
static const value *log_group(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const value *named = value_at(a, r->properties, SLICE("LoggingConfig.LogGroup"));
    if (!value_is_absent(named))
        return named;
    const value **parts = ARENA_ARRAY(a, const value *, 2);
    parts[0] = value_new_string(a, r->at, SLICE("/aws/lambda/"));
    parts[1] = value_get(a, r->properties, SLICE("FunctionName"));
    if (value_is_absent(parts[1]) || parts[1]->kind == VAL_CHOICE)
        parts[1] = value_new_ref(a, r->at, r, SLICE("Ref"));
    return value_new_joined(a, r->at, parts, 2);
}

static void log_end(builder *b, end e, void *self) {
    const resource *r = self;
    if (e.node->external && e.node->arn.len == 0)
        return;
    build_node_fact(b, build_node(b, r), SLICE("logGroup"), value_new_string(build_arena(b), r->at, e.node->id));
    if (e.node->resource == NULL)
        return;
    edge_spec s = { .from = build_node(b, r), .to = e.node, .kind = EDGE_WRITE, .service = SLICE("logs"), .when = e.when, .enabled = EDGE_ON,
                    .at = e.node->resource->at, .end = e.node->resource->end };
    build_edge(b, &s);
}

void lambda_function_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    void *self = (void *)(uintptr_t)r;
    if (build_node(b, r) == NULL)
        return;
    build_each_end(b, value_at(a, r->properties, SLICE("DeadLetterConfig.TargetArn")), SLICE(""), r->exists, function_dead_letter, self);
    build_each_end(b, log_group(b, r), SLICE("AWS::Logs::LogGroup"), r->exists, log_end, self);
    const value *subnets = value_at(a, r->properties, SLICE("VpcConfig.SubnetIds"));
    if (subnets->kind == VAL_UNKNOWN || subnets->kind == VAL_CHOICE)
        build_node_fact(b, build_node(b, r), SLICE("inVpc"), value_new_unknown(a, subnets->at, UNKNOWN_COMPUTED, SLICE("VpcConfig")));
    else
        build_node_fact(b, build_node(b, r), SLICE("inVpc"), value_new_bool(a, r->at, !value_is_absent(subnets) && !(subnets->kind == VAL_LIST && subnets->list.len == 0)));
    build_identity(b, build_node(b, r), value_get(a, r->properties, SLICE("Role")), r);
}

/* ---- AWS::Lambda::Url ---- */

static void url_function(builder *b, end e, void *self) {
    const resource *r = self;
    arena *a = build_arena(b);
    const value *auth = value_get(a, r->properties, SLICE("AuthType")), *qualifier = value_get(a, r->properties, SLICE("Qualifier"));
    slice text;
    bool open = value_text(a, auth, &text) && slice_is(text, "NONE");
    edge_spec s = {
        .from = build_caller(b), .to = e.node, .via = r, .kind = EDGE_SYNC, .service = SLICE("url"), .when = e.when,
        .qualifier = value_is_absent(qualifier) ? e.qualifier : value_display(a, qualifier), .enabled = EDGE_ON,
        .principal = open ? SLICE("*") : SLICE(""), .action = SLICE("lambda:InvokeFunctionUrl"),
    };
    place_at(&s, e.value);
    edge *made = build_edge(b, &s);
    build_edge_fact(b, made, SLICE("route"), build_map(b, r->at, (build_pair[]){
        { "method", value_new_string(a, r->at, SLICE("ANY")) }, { "path", value_new_string(a, r->at, SLICE("/")) }, { "auth", auth },
        { "apiKey", value_new_bool(a, r->at, false) } }, 4));
}

void lambda_url_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("TargetFunctionArn")), SLICE("AWS::Lambda::Function"), r->exists, url_function,
                   (void *)(uintptr_t)r);
}

/* ---- failed asynchronous invocations: edge.on_failure and edge.retry of the triggers ---- */

static slice qualified(builder *b, const node *function, slice qualifier) {
    if (slice_is(qualifier, "$LATEST"))
        qualifier = SLICE("");
    return arena_printf(build_arena(b), "%.*s\n%.*s", SLICE_ARG(function->id), SLICE_ARG(qualifier));
}

static void config_of(builder *b, end e, void *self) {
    strmap *configs = ((void **)self)[0];
    const resource *r = ((void **)self)[1];
    slice qualifier = value_display(build_arena(b), value_get(build_arena(b), r->properties, SLICE("Qualifier")));
    strmap_put(build_arena(b), configs, qualified(b, e.node, e.qualifier.len > 0 ? e.qualifier : qualifier), (void *)(uintptr_t)r);
}

void lambda_async_failures(builder *b) {
    arena *a = build_arena(b);
    strmap configs = { 0 };
    size_t len;
    for (const resource *const *r = build_all(b, SLICE("AWS::Lambda::EventInvokeConfig")); *r != NULL; r++) {
        void *self[] = { &configs, (void *)(uintptr_t)*r };
        build_each_end(b, value_get(a, (*r)->properties, SLICE("FunctionName")), SLICE("AWS::Lambda::Function"), (*r)->exists, config_of, self);
    }
    if (configs.len == 0)
        return;
    build_edges(b, &len);
    for (size_t i = 0; i < len; i++) {
        edge *e = build_edges(b, &len)[i];
        if ((e->kind != EDGE_ASYNC && e->kind != EDGE_SCHEDULE) || !slice_is(e->to->type, "AWS::Lambda::Function"))
            continue;
        const resource *config = strmap_get(&configs, qualified(b, e->to, e->qualifier));
        if (config == NULL)
            continue;
        if (e->on_failure == NULL)
            e->on_failure = build_end(b, value_at(a, config->properties, SLICE("DestinationConfig.OnFailure.Destination")), SLICE(""), e->when).node;
        if (e->facts->kind != VAL_MAP || value_is_absent(value_get(a, e->facts, SLICE("retry"))))
            build_edge_fact(b, e, SLICE("retry"), target_retry(b, config->at, target_or_int(b, value_get(a, config->properties, SLICE("MaximumRetryAttempts")), config->at, 2),
                                                                 target_or_int(b, value_get(a, config->properties, SLICE("MaximumEventAgeInSeconds")), config->at, 21600)));
    }
}
