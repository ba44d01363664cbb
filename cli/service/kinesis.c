/* Amazon Data Firehose: what a delivery stream reads, what transforms it, where it delivers. Firehose developer guide, "Sources",
 * "Data transformation", "Destinations". Who reads a Kinesis stream says so itself. */
#include "service/services.h"
#include "service/target.h"

/* Destination configurations with their target, if it is a resource of AWS; CloudFormation user guide, AWS::KinesisFirehose::DeliveryStream. */
static const struct { const char *configuration, *target, *type, *action; } destinations[] = {
    { "ExtendedS3DestinationConfiguration", "BucketARN", "AWS::S3::Bucket", "s3:PutObject" },
    { "S3DestinationConfiguration", "BucketARN", "AWS::S3::Bucket", "s3:PutObject" },
    { "RedshiftDestinationConfiguration", "S3Configuration.BucketARN", "AWS::S3::Bucket", "s3:PutObject" },
    { "ElasticsearchDestinationConfiguration", "DomainARN", "", "es:ESHttpPost" },
    { "AmazonopensearchserviceDestinationConfiguration", "DomainARN", "", "es:ESHttpPost" },
    { "AmazonOpenSearchServerlessDestinationConfiguration", "CollectionEndpoint", "", "" },
    { "HttpEndpointDestinationConfiguration", "EndpointConfiguration.Url", "", "" },
    { "SplunkDestinationConfiguration", "HECEndpoint", "", "" },
    { "SnowflakeDestinationConfiguration", "AccountUrl", "", "" },
    { "IcebergDestinationConfiguration", "S3Configuration.BucketARN", "AWS::S3::Bucket", "s3:PutObject" },
};

/* Beside them, in any configuration: copies of everything (backup on request) and of what failed. */
static const struct { const char *configuration, *target; edge_kind kind; } backups[] = {
    { "ExtendedS3DestinationConfiguration", "S3BackupConfiguration.BucketARN", EDGE_WRITE },
    { "RedshiftDestinationConfiguration", "S3BackupConfiguration.BucketARN", EDGE_WRITE },
    { "ElasticsearchDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
    { "AmazonopensearchserviceDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
    { "AmazonOpenSearchServerlessDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
    { "HttpEndpointDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
    { "SplunkDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
    { "SnowflakeDestinationConfiguration", "S3Configuration.BucketARN", EDGE_DEAD_LETTER },
};

typedef struct {
    builder *b;
    const resource *r;
    edge_kind kind;
    const value *role;
    slice action;
    bool source;
} delivering;

static void delivery_end(builder *b, end e, void *self) {
    const delivering *k = self;
    node *own = build_node(b, k->r);
    edge_spec s = {
        .from = k->source ? e.node : own, .to = k->source ? own : e.node, .kind = k->kind, .service = SLICE("firehose"), .when = e.when,
        .qualifier = k->source ? SLICE("") : e.qualifier, .enabled = EDGE_ON, .role = value_is_absent(k->role) ? NULL : k->role, .action = k->action,
    };
    if (s.role != NULL)
        s.principal = SLICE("firehose.amazonaws.com");
    if (k->source && s.role != NULL)
        s.role = NULL, s.principal = SLICE("");  /* reading is judged with readActions */
    place_at(&s, e.value);
    edge *made = build_edge(b, &s);
    if (made != NULL && k->source) {
        const source_kind *kind = source_of_type(e.node->type);
        if (kind != NULL)
            build_edge_fact(b, made, SLICE("readActions"), target_words(b, made->at, kind->actions));
    }
    if (made != NULL && k->kind == EDGE_WRITE && slice_is(e.node->type, "AWS::S3::Bucket") && !k->source)
        build_edge_fact(b, made, SLICE("wholeBucket"), value_new_bool(build_arena(b), made->at, true));
}

typedef struct {
    delivering d;
    const value *configuration;
} processing;

static void processor_parameter(void *self, const value *v, when w) {
    const processing *k = self;
    arena *a = build_arena(k->d.b);
    slice name;
    delivering d = k->d;
    if (value_text(a, value_get(a, v, SLICE("ParameterName")), &name) && slice_is(name, "LambdaArn"))
        build_each_end(d.b, value_get(a, v, SLICE("ParameterValue")), SLICE(""), w, delivery_end, &d);
}

static void processor(void *self, const value *v, when w) {
    const processing *k = self;
    arena *a = build_arena(k->d.b);
    slice type;
    if (value_text(a, value_get(a, v, SLICE("Type")), &type) && slice_is(type, "Lambda"))
        each_item(k->d.b, value_get(a, v, SLICE("Parameters")), w, processor_parameter, self);
}

void firehose_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    if (build_node(b, r) == NULL)
        return;
    delivering source = { b, r, EDGE_STREAM, value_at(a, r->properties, SLICE("KinesisStreamSourceConfiguration.RoleARN")), SLICE(""), true };
    build_each_end(b, value_at(a, r->properties, SLICE("KinesisStreamSourceConfiguration.KinesisStreamARN")), SLICE("AWS::Kinesis::Stream"), r->exists,
                   delivery_end, &source);
    build_each_end(b, value_at(a, r->properties, SLICE("MSKSourceConfiguration.MSKClusterARN")), SLICE(""), r->exists, delivery_end, &source);
    for (size_t i = 0; i < COUNT(destinations); i++) {
        const value *configuration = value_get(a, r->properties, slice_from(destinations[i].configuration));
        if (value_is_absent(configuration))
            continue;
        delivering d = { b, r, EDGE_WRITE, value_get(a, configuration, SLICE("RoleARN")), slice_from(destinations[i].action), false };
        build_each_end(b, value_at(a, configuration, slice_from(destinations[i].target)), slice_from(destinations[i].type), r->exists, delivery_end, &d);
        processing p = { { b, r, EDGE_SYNC, value_get(a, configuration, SLICE("RoleARN")), SLICE("lambda:InvokeFunction"), false }, configuration };
        each_item(b, value_at(a, configuration, SLICE("ProcessingConfiguration.Processors")), r->exists, processor, &p);
    }
    for (size_t i = 0; i < COUNT(backups); i++) {
        const value *configuration = value_get(a, r->properties, slice_from(backups[i].configuration));
        delivering d = { b, r, backups[i].kind, value_get(a, configuration, SLICE("RoleARN")), SLICE("s3:PutObject"), false };
        build_each_end(b, value_at(a, configuration, slice_from(backups[i].target)), SLICE("AWS::S3::Bucket"), r->exists, delivery_end, &d);
    }
}
