/* Amazon S3: event notifications, replication, Object Lambda. S3 user guide, "Event notifications", "Replicating objects",
 * "Transforming objects with S3 Object Lambda". */
#include "service/services.h"
#include "service/target.h"

static const struct { const char *list, *target, *type, *action; } notifications[] = {
    { "LambdaConfigurations", "Function", "AWS::Lambda::Function", "lambda:InvokeFunction" },
    { "QueueConfigurations", "Queue", "AWS::SQS::Queue", "sqs:SendMessage" },
    { "TopicConfigurations", "Topic", "AWS::SNS::Topic", "sns:Publish" },
};

typedef struct {
    builder *b;
    const resource *r;
    size_t row;
    const value *item;
    const value *prefix, *suffix;    /* NULL: not given */
} notifying;

static void key_rule(void *self, const value *v, when w) {
    notifying *k = self;
    arena *a = build_arena(k->b);
    slice name;
    (void)w;
    if (v->kind != VAL_MAP || !value_text(a, value_get(a, v, SLICE("Name")), &name))
        return;
    if (slice_same_letters(name, SLICE("prefix")))
        k->prefix = value_get(a, v, SLICE("Value"));
    else if (slice_same_letters(name, SLICE("suffix")))
        k->suffix = value_get(a, v, SLICE("Value"));
}

static void notification_end(builder *b, end e, void *self) {
    notifying *k = self;
    arena *a = build_arena(b);
    const value *event = value_get(a, k->item, SLICE("Event")), *none = value_new_string(a, k->item->at, SLICE(""));
    const value *events = event->kind == VAL_LIST ? event : list_of_one(b, event->at, event);
    edge_spec s = {
        .from = build_node(b, k->r), .to = e.node, .kind = EDGE_ASYNC, .service = SLICE("s3"), .when = e.when, .qualifier = e.qualifier,
        .filter = build_map(b, k->item->at, (build_pair[]){ { "events", events }, { "prefix", k->prefix }, { "suffix", k->suffix } }, 3),
        .enabled = EDGE_ON, .at = k->item->at, .end = k->item->end, .principal = SLICE("s3.amazonaws.com"),
        .action = slice_from(notifications[k->row].action), .source_arn = value_new_ref(a, k->r->at, k->r, SLICE("Arn")),
    };
    edge *made = build_edge(b, &s);
    build_edge_fact(b, made, SLICE("events"), events);
    build_edge_fact(b, made, SLICE("keyPrefix"), k->prefix != NULL ? k->prefix : none);
    build_edge_fact(b, made, SLICE("keySuffix"), k->suffix != NULL ? k->suffix : none);
}

static void notification(void *self, const value *v, when w) {
    notifying k = *(const notifying *)self;
    arena *a = build_arena(k.b);
    if (v->kind != VAL_MAP)
        return;
    k.item = v;
    each_item(k.b, value_at(a, v, SLICE("Filter.S3Key.Rules")), w, key_rule, &k);
    build_each_end(k.b, value_get(a, v, slice_from(notifications[k.row].target)), slice_from(notifications[k.row].type), w, notification_end, &k);
}

static void replica_end(builder *b, end e, void *self) {
    const notifying *k = self;
    edge_spec s = { .from = build_node(b, k->r), .to = e.node, .kind = EDGE_WRITE, .service = SLICE("s3"), .when = e.when, .enabled = EDGE_ON,
                    .role = value_at(build_arena(b), k->r->properties, SLICE("ReplicationConfiguration.Role")), .principal = SLICE("s3.amazonaws.com"),
                    .action = SLICE("s3:ReplicateObject") };
    if (value_is_absent(s.role))
        s.principal = SLICE("");
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void replication_rule(void *self, const value *v, when w) {
    notifying *k = self;
    build_each_end(k->b, value_at(build_arena(k->b), v, SLICE("Destination.Bucket")), SLICE("AWS::S3::Bucket"), w, replica_end, k);
}

static void written_by_service(builder *b, end e, void *self) {
    const notifying *k = self;
    if (e.node == build_node(b, k->r))
        return;                              /* a bucket that logs into itself starts nothing */
    edge_spec s = { .from = build_node(b, k->r), .to = e.node, .kind = EDGE_WRITE, .service = SLICE("s3"), .when = e.when, .enabled = EDGE_ON };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void inventory(void *self, const value *v, when w) {
    notifying *k = self;
    build_each_end(k->b, value_at(build_arena(k->b), v, SLICE("Destination.BucketArn")), SLICE("AWS::S3::Bucket"), w, written_by_service, k);
}

void s3_bucket_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    notifying k = { .b = b, .r = r };
    if (build_node(b, r) == NULL)
        return;
    const value *configuration = value_get(a, r->properties, SLICE("NotificationConfiguration"));
    for (k.row = 0; k.row < COUNT(notifications); k.row++)
        each_item(b, value_get(a, configuration, slice_from(notifications[k.row].list)), r->exists, notification, &k);
    each_item(b, value_at(a, r->properties, SLICE("ReplicationConfiguration.Rules")), r->exists, replication_rule, &k);
    each_item(b, value_get(a, r->properties, SLICE("InventoryConfigurations")), r->exists, inventory, &k);
    build_each_end(b, value_at(a, r->properties, SLICE("LoggingConfiguration.DestinationBucketName")), SLICE("AWS::S3::Bucket"), r->exists,
                   written_by_service, &k);
}

/* ---- Object Lambda: who gets an object makes the function run ---- */

typedef struct {
    builder *b;
    const resource *r;
} object_lambda;

static void transforming_function(builder *b, end e, void *self) {
    const resource *r = self;
    node *from = build_node(b, r) != NULL ? build_node(b, r) : build_caller(b);
    edge_spec s = { .from = from, .to = e.node, .via = build_node(b, r) != NULL ? NULL : r, .kind = EDGE_SYNC, .service = SLICE("s3"), .when = e.when,
                    .qualifier = e.qualifier, .enabled = EDGE_ON };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void transformation(void *self, const value *v, when w) {
    const object_lambda *k = self;
    build_each_end(k->b, value_at(build_arena(k->b), v, SLICE("ContentTransformation.AwsLambda.FunctionArn")), SLICE(""), w, transforming_function,
                   (void *)(uintptr_t)k->r);
}

void s3_object_lambda_edges(builder *b, const resource *r) {
    object_lambda k = { b, r };
    each_item(b, value_at(build_arena(b), r->properties, SLICE("ObjectLambdaConfiguration.TransformationConfigurations")), r->exists, transformation, &k);
}
