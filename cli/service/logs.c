/* Amazon CloudWatch Logs: subscriptions, destinations, deliveries. CloudWatch Logs user guide, "Real-time processing of log data with
 * subscriptions". */
#include "service/declare.h"
#include "service/services.h"
#include "service/target.h"

typedef struct {
    const resource *r;
    const value *properties;         /* of the subscription: DestinationArn, RoleArn, FilterPattern */
    node *from;
    const value *source_arn;
} subscribing;

static void destination_end(builder *b, end e, void *self) {
    const subscribing *k = self;
    arena *a = build_arena(b);
    const target_kind *t = target_of(e.node->type);
    bool function = slice_is(e.node->type, "AWS::Lambda::Function");
    const value *by = value_get(a, k->properties, SLICE("RoleArn")), *pattern = value_get(a, k->properties, SLICE("FilterPattern"));
    edge_spec s = {
        .from = k->from, .to = e.node, .via = k->r, .kind = function ? EDGE_ASYNC : EDGE_WRITE, .service = SLICE("logs"), .when = e.when,
        .qualifier = e.qualifier, .enabled = EDGE_ON, .action = t == NULL ? SLICE("") : t->action,
        .filter = value_is_absent(pattern) ? NULL : build_map(b, pattern->at, &(build_pair){ "pattern", pattern }, 1),
    };
    if (function) {
        s.principal = SLICE("logs.amazonaws.com");
        s.source_arn = k->source_arn;
    } else if (!value_is_absent(by)) {
        s.role = by;
        s.principal = SLICE("logs.amazonaws.com");
    }
    place_at(&s, e.value);
    build_edge(b, &s);
}

/* AWS::Logs::Destination is looked through: the subscription goes on to its target. */
static void subscription_target(builder *b, const value *destination, when w, subscribing *k) {
    const resource *r = build_resource(b, destination, SLICE("AWS::Logs::Destination"), NULL);
    if (r != NULL && slice_is(r->type, "AWS::Logs::Destination"))
        build_each_end(b, value_get(build_arena(b), r->properties, SLICE("TargetArn")), SLICE(""), w, destination_end, k);
    else
        build_each_end(b, destination, SLICE(""), w, destination_end, k);
}

static void subscription_group(builder *b, end e, void *self) {
    const resource *r = self;
    arena *a = build_arena(b);
    subscribing k = { r, r->properties, e.node, NULL };
    if (e.node->resource != NULL)
        k.source_arn = value_new_ref(a, r->at, e.node->resource, SLICE("Arn"));
    else if (e.node->arn.len > 0)
        k.source_arn = declare_arn(b, r->at, "logs", (const value *[]){ value_new_string(a, r->at, SLICE("log-group:")), e.value,
                                                                        value_new_string(a, r->at, SLICE(":*")) }, 3);
    subscription_target(b, value_get(a, r->properties, SLICE("DestinationArn")), e.when, &k);
}

void logs_subscription_filter_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("LogGroupName")), SLICE("AWS::Logs::LogGroup"), r->exists, subscription_group,
                   (void *)(uintptr_t)r);
}

/* A destination without subscription in the templates: it is there for other accounts. */
static void outside_sender(builder *b, end e, void *self) {
    const resource *r = self;
    edge_spec s = { .from = build_aws_service(b, SLICE("logs")), .to = e.node, .via = r, .kind = EDGE_WRITE, .service = SLICE("logs"), .when = e.when,
                    .enabled = EDGE_ON, .role = value_get(build_arena(b), r->properties, SLICE("RoleArn")), .principal = SLICE("logs.amazonaws.com") };
    const target_kind *t = target_of(e.node->type);
    s.action = t == NULL ? SLICE("") : t->action;
    if (value_is_absent(s.role))
        s.principal = SLICE("");
    place_at(&s, e.value);
    build_edge(b, &s);
}

void logs_destination_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("TargetArn")), SLICE(""), r->exists, outside_sender, (void *)(uintptr_t)r);
}

void logs_account_policy_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    slice type;
    bool bad;
    if (!value_text(a, value_get(a, r->properties, SLICE("PolicyType")), &type) || !slice_is(type, "SUBSCRIPTION_FILTER_POLICY"))
        return;
    const value *document = value_get(a, r->properties, SLICE("PolicyDocument"));
    if (document->kind == VAL_CHOICE || document->kind == VAL_UNKNOWN || value_is_absent(document))
        return;
    subscribing k = { r, value_from_json_text(a, document, &bad), build_aws_service(b, SLICE("logs")), NULL };
    subscription_target(b, value_get(a, k.properties, SLICE("DestinationArn")), r->exists, &k);
}

/* Vended logs: source -> destination. */
static void delivered(builder *b, end e, void *self) {
    const subscribing *k = self;
    edge_spec s = { .from = k->from, .to = e.node, .via = k->r, .kind = EDGE_WRITE, .service = SLICE("logs"), .when = e.when, .enabled = EDGE_ON };
    place_at(&s, e.value);
    build_edge(b, &s);
}

void logs_delivery_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    slice name, other;
    const resource *destination = build_resource(b, value_get(a, r->properties, SLICE("DeliveryDestinationArn")), SLICE(""), NULL);
    const value *source_name = value_get(a, r->properties, SLICE("DeliverySourceName"));
    const resource *source = source_name->kind == VAL_REF ? source_name->ref.to : NULL;
    if (source == NULL && value_text(a, source_name, &name))
        for (const resource *const *s = build_all(b, SLICE("AWS::Logs::DeliverySource")); *s != NULL && source == NULL; s++)
            if (value_text(a, value_get(a, (*s)->properties, SLICE("Name")), &other) && slice_eq(name, other))
                source = *s;
    if (source == NULL || destination == NULL || !slice_is(destination->type, "AWS::Logs::DeliveryDestination"))
        return;
    end from = build_end(b, value_get(a, source->properties, SLICE("ResourceArn")), SLICE(""), r->exists);
    subscribing k = { r, r->properties, from.node, NULL };
    if (from.node != NULL)
        build_each_end(b, value_get(a, destination->properties, SLICE("DestinationResourceArn")), SLICE(""), from.when, delivered, &k);
}
