/* Amazon SQS: redrive to a dead-letter queue. SQS developer guide, "Dead-letter queues". Who reads a queue says so itself. */
#include "service/services.h"
#include "service/target.h"

static void redrive_end(builder *b, end e, void *self) {
    const resource *r = self;
    arena *a = build_arena(b);
    bool bad;
    const value *policy = value_get(a, r->properties, SLICE("RedrivePolicy"));
    const value *parsed = policy->kind == VAL_CHOICE || policy->kind == VAL_UNKNOWN ? policy : value_from_json_text(a, policy, &bad);
    edge_spec s = {
        .from = build_node(b, r), .to = e.node, .kind = EDGE_DEAD_LETTER, .service = SLICE("sqs"), .when = e.when, .enabled = EDGE_ON,
        .settings = build_map(b, r->at, &(build_pair){ "maxReceiveCount", value_get(a, value_under(parsed, e.when), SLICE("maxReceiveCount")) }, 1),
    };
    place_at(&s, e.value);
    build_edge(b, &s);
}

void sqs_queue_edges(builder *b, const resource *r) {
    const value *target = redrive_target(b, value_get(build_arena(b), r->properties, SLICE("RedrivePolicy")));
    if (build_node(b, r) != NULL)
        build_each_end(b, target, SLICE("AWS::SQS::Queue"), r->exists, redrive_end, (void *)(uintptr_t)r);
}
