/* AWS::Config::ConfigRule with a Lambda function. AWS Config developer guide, "AWS Config Custom Lambda Rules". */
#include "service/declare.h"
#include "service/services.h"

typedef struct {
    bool changes, periods, open;
} occasions;

static void occasion(builder *b, const leaf *l, void *self) {
    occasions *o = self;
    slice s;
    if (!value_text(build_arena(b), l->value, &s))
        o->open = true;
    else if (slice_is(s, "ScheduledNotification"))
        o->periods = true;
    else
        o->changes = true;
}

void config_rule_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    if (!slice_is(declare_text(b, r->properties, "Source.Owner", NULL), "CUSTOM_LAMBDA"))
        return;
    occasions o = { false, false, false };
    declare_walk(b, r->properties, r->exists, "Source.SourceDetails[].MessageType", occasion, &o);
    node *self = build_node(b, r);
    edge_spec s = {
        .from = self != NULL ? self : build_aws_service(b, SLICE("config")), .via = self != NULL ? NULL : r, .service = SLICE("config"),
        .when = r->exists, .enabled = EDGE_ON, .principal = SLICE("config.amazonaws.com"), .source_arn = declare_attribute(b, r, "Arn"),
    };
    const value *target = resource_written(a, r, SLICE("Source.SourceIdentifier"));
    if (o.changes || o.open || !o.periods) {
        s.kind = EDGE_ASYNC;
        declare_edges(b, &s, target, SLICE("AWS::Lambda::Function"), NULL, NULL);
    }
    if (o.periods) {
        s.kind = EDGE_SCHEDULE;
        declare_edges(b, &s, target, SLICE("AWS::Lambda::Function"), NULL, NULL);
    }
}
