/* What an event source mapping may hold depends on its source. CloudFormation user guide, AWS::Lambda::EventSourceMapping; Lambda API
 * reference, CreateEventSourceMapping; Lambda developer guide, "Event source mapping parameters" of each source. */
#include <stdarg.h>
#include <stdio.h>

#include "lint/calls.h"

enum { SQS = 1, FIFO = 2, MQ = 4, KINESIS = 8, DYNAMODB = 16, KAFKA = 32, DOCUMENTS = 64 };
#define QUEUES  (SQS | FIFO | MQ)
#define SHARDS  (KINESIS | DYNAMODB)
#define RECORDS (SHARDS | KAFKA | DOCUMENTS)
#define ANY     (QUEUES | RECORDS)

static const struct { slice type, service; unsigned is; } sources[] = {
    { SLICE_INIT("AWS::SQS::Queue"), SLICE_INIT("sqs"), SQS },
    { SLICE_INIT("AWS::Kinesis::Stream"), SLICE_INIT("kinesis"), KINESIS },
    { SLICE_INIT("AWS::Kinesis::StreamConsumer"), SLICE_INIT("kinesis"), KINESIS },
    { SLICE_INIT("AWS::DynamoDB::Table"), SLICE_INIT("dynamodb"), DYNAMODB },
    { SLICE_INIT("AWS::DynamoDB::GlobalTable"), SLICE_INIT("dynamodb"), DYNAMODB },
    { SLICE_INIT("AWS::MSK::Cluster"), SLICE_INIT("kafka"), KAFKA },
    { SLICE_INIT("AWS::MSK::ServerlessCluster"), SLICE_INIT("kafka"), KAFKA },
    { SLICE_INIT("AWS::AmazonMQ::Broker"), SLICE_INIT("mq"), MQ },
    { SLICE_INIT("AWS::DocDB::DBCluster"), SLICE_INIT("rds"), DOCUMENTS },
};

/* Numbers: `least` to `most`, or -1 where `endless`; what is below `harmless` is as good as not written. For `only` these sources. */
typedef struct {
    const char *property;
    long long least, most;
    bool endless;
    unsigned only;
    long long harmless;
    const char *range, *elsewhere;
} number_rule;

static const number_rule numbers[] = {
    { "BatchSize", 1, 10000, false, ANY, 0, "is 1 to 10000", NULL },
    { "BatchSize", 0, 10, false, ANY, 0, "of a FIFO queue is at most 10", NULL },
    { "MaximumBatchingWindowInSeconds", 0, 300, false, ANY, 0, "is at most 300", NULL },
    { "MaximumBatchingWindowInSeconds", 0, 10000, false, ANY & ~FIFO, 1, NULL, "is for standard queues and streams: a FIFO queue takes no batching window" },
    { "ParallelizationFactor", 1, 10, false, SHARDS, 2, "is 1 to 10", "is for Kinesis and DynamoDB streams only" },
    { "TumblingWindowInSeconds", 0, 900, false, RECORDS, 1, "is at most 900", "is for streams only" },
    { "MaximumRecordAgeInSeconds", 60, 604800, true, RECORDS, -1, "is -1 or 60 to 604800", "is for streams only: a queue has its own retention" },
    { "MaximumRetryAttempts", 0, 10000, true, RECORDS, -1, "is -1 to 10000", "is for streams only: a queue has maxReceiveCount" },
    { "ScalingConfig.MaximumConcurrency", 2, 1000, false, SQS | FIFO, 0, "is 2 to 1000", NULL },
};
#define FIFO_BATCH 1      /* its row */

typedef struct {
    cel_context *cel;
    const resource *mapping;
    unsigned source;          /* 0: not known */
    VEC(cel_value) found;
} checking;

static const value *seen(const checking *k, const char *path) {
    return value_under(resource_written(k->cel->arena, k->mapping, slice_from(path)), evaluation_of(k->cel)->when);
}

static void say(checking *k, const value *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(checking *k, const value *at, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    slice said = { text, len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1 };
    evaluation *ev = evaluation_of(k->cel);
    if (ev->culprit == NULL && at != NULL && at->at.line > 0) ev->culprit = at;
    VEC_PUSH(k->cel->arena, &k->found, cel_string(arena_copy(k->cel->arena, said)));
}

/* The service's name in an ARN of which only parts may be known. */
static unsigned source_in(slice arn) {
    slice rest = arn, part = SLICE("");
    for (int i = 0; i < 3; i++)
        if (rest.at == NULL || !slice_cut(&rest, ':', &part)) return 0;
    for (size_t i = 0; i < COUNT(sources); i++)
        if (slice_eq(sources[i].service, part)) return sources[i].is == SQS && slice_ends(arn, SLICE(".fifo")) ? FIFO : sources[i].is;
    return 0;
}

static unsigned source_of(cel_context *c, const resource *r) {
    const value *arn = value_under(resource_written(c->arena, r, SLICE("EventSourceArn")), evaluation_of(c)->when);
    if (!value_is_absent(resource_written(c->arena, r, SLICE("SelfManagedEventSource")))) return KAFKA;
    const resource *pointed = NULL;
    bool open = false, fifo;
    const node *n = graph_pointed(&evaluation_of(c)->own, arn, &pointed, &open);
    if (n != NULL && n->resource != NULL) pointed = n->resource;
    slice glob = value_glob(c->arena, arn);
    if (pointed == NULL) {
        unsigned is = source_in(glob);
        return is == SQS && slice_ends(glob, SLICE("*")) ? 0 : is;       /* a name that may end in .fifo */
    }
    for (size_t i = 0; i < COUNT(sources); i++) {
        if (!slice_eq(sources[i].type, pointed->type)) continue;
        if (sources[i].is != SQS) return sources[i].is;
        tri known = value_as_bool(c->arena, value_under(resource_written(c->arena, pointed, SLICE("FifoQueue")), evaluation_of(c)->when), &fifo);
        return known == UNKNOWN ? 0 : known == YES && fifo ? FIFO : SQS;
    }
    return 0;
}

static void check_numbers(checking *k) {
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const number_rule *n = &numbers[i];
        const value *v = seen(k, n->property);
        long long is;
        if (value_as_int(k->cel->arena, v, &is) != YES || (i == FIFO_BATCH && k->source != FIFO)) continue;
        bool in_range = (is >= n->least && is <= n->most) || (n->endless && is == -1);
        if (n->range != NULL && !in_range) say(k, v, "%s %s, not %lld", n->property, n->range, is);
        else if (n->elsewhere != NULL && k->source != 0 && (n->only & k->source) == 0 && is >= n->harmless + (n->harmless < 0)) say(k, v, "%s %s", n->property, n->elsewhere);
    }
}

static void check_position(checking *k) {
    const value *position = seen(k, "StartingPosition");
    slice text;
    bool known = value_text(k->cel->arena, position, &text), at_time = known && slice_is(text, "AT_TIMESTAMP");
    /* Self-managed Kafka and DocumentDB begin somewhere without it. */
    bool managed = (k->source & SHARDS) != 0 || (k->source == KAFKA && value_is_absent(seen(k, "SelfManagedEventSource")));
    if (managed && value_is_absent(position)) say(k, NULL, "StartingPosition is missing");
    if ((k->source & QUEUES) != 0 && known) say(k, position, "a queue or broker takes no StartingPosition");
    if (k->source == DYNAMODB && at_time) say(k, position, "a DynamoDB stream starts at TRIM_HORIZON or LATEST, not AT_TIMESTAMP");
    else if (at_time && value_is_absent(seen(k, "StartingPositionTimestamp"))) say(k, position, "AT_TIMESTAMP needs StartingPositionTimestamp");
}

static void check_others(checking *k) {
    arena *a = k->cel->arena;
    const value *bisect = seen(k, "BisectBatchOnFunctionError"), *failure = seen(k, "DestinationConfig.OnFailure.Destination"), *scaling = seen(k, "ScalingConfig");
    const value *filters = seen(k, "FilterCriteria.Filters"), *size = seen(k, "BatchSize"), *window = seen(k, "MaximumBatchingWindowInSeconds");
    bool on;
    long long batch, seconds = 0;
    if ((k->source & QUEUES) != 0 && value_as_bool(a, bisect, &on) == YES && on) say(k, bisect, "BisectBatchOnFunctionError is for streams only");
    if ((k->source & QUEUES) != 0 && !value_is_absent(failure)) say(k, failure, "DestinationConfig is for streams only: a queue has a RedrivePolicy");
    if (k->source != 0 && (k->source & (SQS | FIFO)) == 0 && !value_is_absent(scaling)) say(k, scaling, "ScalingConfig is for queues of SQS only");
    if (!value_is_absent(scaling) && !value_is_absent(seen(k, "ProvisionedPollerConfig"))) say(k, scaling, "ScalingConfig and ProvisionedPollerConfig exclude each other");
    if (filters->kind == VAL_LIST && filters->list.len > 10) say(k, filters, "%zu filters are more than the 10 that a mapping takes", filters->list.len);
    if (k->source == SQS && value_as_int(a, size, &batch) == YES && batch > 10 && batch <= 10000 &&
        (value_is_absent(window) || (value_as_int(a, window, &seconds) == YES && seconds == 0)))
        say(k, size, "a BatchSize above 10 needs MaximumBatchingWindowInSeconds of at least 1");
}

cel_value call_mapping_errors(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    if (r == NULL) return cel_list(NULL, 0);
    const value *arn = value_under(resource_written(c->arena, r, SLICE("EventSourceArn")), evaluation_of(c)->when);
    if (arn->kind == VAL_CHOICE) return bind_value(c, arn, CATALOG_STRING);      /* both branches are judged, each by itself */
    checking k = { c, r, source_of(c, r), { 0 } };
    check_position(&k);
    check_numbers(&k);
    check_others(&k);
    return cel_list(k.found.at, k.found.len);
}
