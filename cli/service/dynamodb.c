/* Amazon DynamoDB: change records to a Kinesis stream. DynamoDB developer guide, "Change data capture for Kinesis Data Streams". Who reads a table's
 * own stream says so itself. */
#include "service/services.h"
#include "service/target.h"

typedef struct {
    builder *b;
    const resource *r;
} table;

static void captured(builder *b, end e, void *self) {
    const table *k = self;
    edge_spec s = { .from = build_node(b, k->r), .to = e.node, .kind = EDGE_WRITE, .service = SLICE("dynamodb"), .when = e.when, .enabled = EDGE_ON };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void specification(void *self, const value *v, when w) {
    table *k = self;
    build_each_end(k->b, value_at(build_arena(k->b), v, SLICE("KinesisStreamSpecification.StreamArn")), SLICE("AWS::Kinesis::Stream"), w, captured, k);
}

void dynamodb_table_edges(builder *b, const resource *r) {
    table k = { b, r };
    if (build_node(b, r) != NULL)
        specification(&k, r->properties, r->exists);
}

void dynamodb_global_table_edges(builder *b, const resource *r) {
    table k = { b, r };
    if (build_node(b, r) != NULL)
        each_item(b, value_get(build_arena(b), r->properties, SLICE("Replicas")), r->exists, specification, &k);
}
