/* Amazon CloudWatch: alarm actions, composite alarms, metric streams. CloudWatch user guide, "Alarm actions", "Composite alarms". */
#include "service/services.h"
#include "service/target.h"

static const struct { const char *property, *state; } actions[] = {
    { "AlarmActions", "ALARM" }, { "OKActions", "OK" }, { "InsufficientDataActions", "INSUFFICIENT_DATA" },
};

typedef struct {
    builder *b;
    const resource *r;
    size_t row;
} alarm;

static void action_end(builder *b, end e, void *self) {
    const alarm *k = self;
    arena *a = build_arena(b);
    bool function = slice_is(e.node->type, "AWS::Lambda::Function"), topic = slice_is(e.node->type, "AWS::SNS::Topic");
    const value *state = list_of_one(b, k->r->at, value_new_string(a, k->r->at, slice_from(actions[k->row].state)));
    edge_spec s = {
        .from = build_node(b, k->r), .to = e.node, .kind = EDGE_ASYNC, .service = SLICE("alarm"), .when = e.when, .qualifier = e.qualifier,
        .filter = build_map(b, k->r->at, &(build_pair){ "state", state }, 1),
        .enabled = build_enabled_bool(b, value_under(value_get(a, k->r->properties, SLICE("ActionsEnabled")), e.when), true),
        .principal = function ? SLICE("lambda.alarms.cloudwatch.amazonaws.com") : topic ? SLICE("cloudwatch.amazonaws.com") : SLICE(""),
        .action = function ? SLICE("lambda:InvokeFunction") : SLICE("sns:Publish"),
        .source_arn = value_new_ref(a, k->r->at, k->r, SLICE("Arn")),
    };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static bool service_action(builder *b, const value *v) {
    slice text = value_glob(build_arena(b), v);
    /* what CloudWatch does by itself: it names an action, not a resource */
    return slice_starts(text, SLICE("arn:")) && (slice_find_slice(text, SLICE(":automate:")) != (size_t)-1 || slice_find_slice(text, SLICE(":swf:")) != (size_t)-1 ||
                                                 slice_find_slice(text, SLICE(":opsitem")) != (size_t)-1);
}

static void alarm_action(void *self, const value *v, when w) {
    alarm *k = self;
    if ((v->kind == VAL_STRING || v->kind == VAL_JOINED) && service_action(k->b, v))
        return;
    if (v->kind == VAL_REF && v->ref.to->node == NULL)
        return;                              /* a scaling policy: capacity, no work */
    build_each_end(k->b, v, SLICE("AWS::SNS::Topic"), w, action_end, k);
}

static void alarm_actions(builder *b, const resource *r) {
    alarm k = { .b = b, .r = r };
    if (build_node(b, r) == NULL)
        return;
    for (k.row = 0; k.row < COUNT(actions); k.row++)
        each_item(b, value_get(build_arena(b), r->properties, slice_from(actions[k.row].property)), r->exists, alarm_action, &k);
}

void cloudwatch_alarm_edges(builder *b, const resource *r) { alarm_actions(b, r); }

static void watched(builder *b, end e, void *self) {
    const alarm *k = self;
    if (e.node->resource == NULL || e.node == build_node(b, k->r))
        return;
    edge_spec s = { .from = e.node, .to = build_node(b, k->r), .kind = EDGE_ASYNC, .service = SLICE("alarm"), .when = e.when, .enabled = EDGE_ON };
    place_at(&s, value_get(build_arena(b), k->r->properties, SLICE("AlarmRule")));
    build_edge(b, &s);
}

/* ALARM(name), OK("name"), ...: the names in a rule. References stand for names as they are. */
static void rule_names(builder *b, const resource *r, const value *rule) {
    arena *a = build_arena(b);
    alarm k = { b, r, 0 };
    if (rule->kind == VAL_JOINED) {
        for (size_t i = 0; i < rule->list.len; i++)
            if (rule->list.at[i]->kind == VAL_REF)
                build_each_end(b, rule->list.at[i], SLICE(""), r->exists, watched, &k);
        for (size_t i = 0; i < rule->list.len; i++)
            if (rule->list.at[i]->kind == VAL_STRING)
                rule_names(b, r, rule->list.at[i]);
        return;
    }
    slice left = rule->kind == VAL_STRING ? rule->text : SLICE(""), part;
    while (left.at != NULL && left.len > 0 && slice_cut(&left, '(', &part)) {
        slice name = left.at == NULL ? SLICE("") : slice_trim(slice_from_to(left, 0, slice_find(left, ')')));
        if (name.len > 1 && name.at[0] == '"' && name.at[name.len - 1] == '"')
            name = slice_from_to(name, 1, name.len - 1);
        if (name.len == 0 || slice_find(name, '(') < name.len)
            continue;
        build_each_end(b, value_new_string(a, rule->at, name), SLICE("AWS::CloudWatch::Alarm"), r->exists, watched, &k);
    }
}

void cloudwatch_composite_alarm_edges(builder *b, const resource *r) {
    alarm_actions(b, r);
    if (build_node(b, r) != NULL)
        rule_names(b, r, value_get(build_arena(b), r->properties, SLICE("AlarmRule")));
}

static void stream_end(builder *b, end e, void *self) {
    const resource *r = self;
    edge_spec s = { .from = build_node(b, r), .to = e.node, .kind = EDGE_WRITE, .service = SLICE("cloudwatch"), .when = e.when, .enabled = EDGE_ON,
                    .role = value_get(build_arena(b), r->properties, SLICE("RoleArn")), .principal = SLICE("streams.metrics.cloudwatch.amazonaws.com"),
                    .action = SLICE("firehose:PutRecord") };
    if (s.from == NULL) {
        s.from = build_aws_service(b, SLICE("cloudwatch"));
        s.via = r;
    }
    if (value_is_absent(s.role))
        s.principal = SLICE("");
    place_at(&s, e.value);
    build_edge(b, &s);
}

void cloudwatch_metric_stream_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("FirehoseArn")), SLICE("AWS::KinesisFirehose::DeliveryStream"), r->exists, stream_end,
                   (void *)(uintptr_t)r);
}
