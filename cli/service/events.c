/* Amazon EventBridge: rules, buses, archives, API destinations, endpoints. EventBridge user guide, "Rules", "Targets", "Event retry policy and
 * using dead-letter queues". */
#include "service/services.h"
#include "service/target.h"

/* ---- AWS::Events::Rule ---- */

typedef struct {
    builder *b;
    const resource *r;
    node *from;
    edge_kind kind;
    const value *filter, *pattern, *schedule;
    bool bucket;
    const value *target;             /* item of Targets */
    when when;
} rule_part;

static const value *own_arn(builder *b, const resource *r) { return value_new_ref(build_arena(b), r->at, r, SLICE("Arn")); }

static void target_dead_letter(builder *b, end e, void *self) {
    const rule_part *k = self;
    edge_spec s = {
        .from = k->from, .to = e.node, .via = k->r, .kind = EDGE_DEAD_LETTER, .service = SLICE("events"), .when = e.when, .enabled = EDGE_ON,
        .principal = SLICE("events.amazonaws.com"), .action = SLICE("sqs:SendMessage"), .source_arn = own_arn(b, k->r),
    };
    place_at(&s, e.value);
    build_edge(b, &s);
}

/* [{"prefix": x}] at detail.object.key, when that is all it says. */
static const value *key_part(builder *b, const value *pattern, const char *operator) {
    arena *a = build_arena(b);
    const value *key = value_at(a, pattern, SLICE("detail.object.key"));
    if (key->kind == VAL_LIST && key->list.len == 1 && key->list.at[0]->kind == VAL_MAP && key->list.at[0]->map.len == 1 &&
        slice_is(key->list.at[0]->map.at[0].key, operator))
        return key->list.at[0]->map.at[0].value;
    return value_is_absent(key) ? value_new_string(a, pattern->at, SLICE("")) : key->kind == VAL_LIST && key->list.len == 1 && key->list.at[0]->kind == VAL_MAP
               ? value_new_string(a, pattern->at, SLICE("")) : value_new_unknown(a, key->at, UNKNOWN_COMPUTED, SLICE("detail.object.key"));
}

static void rule_facts(builder *b, const rule_part *k, edge *e) {
    arena *a = build_arena(b);
    const value *retry = value_get(a, k->target, SLICE("RetryPolicy"));
    build_edge_fact(b, e, SLICE("retry"), target_retry(b, e->at, target_or_int(b, value_get(a, retry, SLICE("MaximumRetryAttempts")), e->at, 185),
                                                       target_or_int(b, value_get(a, retry, SLICE("MaximumEventAgeInSeconds")), e->at, 86400)));
    slice id;
    const value *id_value = value_get(a, k->target, SLICE("Id"));
    if (!value_is_absent(id_value)) {
        if (!value_text(a, id_value, &id))
            id = value_display(a, id_value);
        build_edge_fact(b, e, SLICE("targetId"), value_new_string(a, id_value->at, id));
    }
    const value *group = value_at(a, k->target, SLICE("SqsParameters.MessageGroupId"));
    if (!value_is_absent(group))
        build_edge_fact(b, e, SLICE("messageGroup"), group);
    if (k->kind == EDGE_SCHEDULE) {
        schedule_fact(b, e, k->schedule, NULL, NULL, NULL);
        const value *input = value_get(a, k->target, SLICE("Input"));
        if (!value_is_absent(input))
            build_edge_fact(b, e, SLICE("input"), input);
        return;
    }
    if (!value_is_absent(k->pattern)) {
        build_edge_fact(b, e, SLICE("filters"), list_of_one(b, k->pattern->at, k->pattern));
        build_edge_fact(b, e, SLICE("filterTexts"), list_of_one(b, k->pattern->at, value_get(a, k->r->properties, SLICE("EventPattern"))));
    }
    if (k->bucket) {
        build_edge_fact(b, e, SLICE("bucketRule"), value_new_bool(a, e->at, true));
        build_edge_fact(b, e, SLICE("keyPrefix"), key_part(b, k->pattern, "prefix"));
        build_edge_fact(b, e, SLICE("keySuffix"), key_part(b, k->pattern, "suffix"));
        const value *types = value_get(a, k->pattern, SLICE("detail-type"));
        if (types->kind == VAL_LIST)
            build_edge_fact(b, e, SLICE("events"), types);
    }
}

static void target_end(builder *b, end e, void *self) {
    const rule_part *k = self;
    arena *a = build_arena(b);
    const target_kind *t = target_of(e.node->type);
    const value *by = value_get(a, k->target, SLICE("RoleArn")), *retry = value_get(a, k->target, SLICE("RetryPolicy"));
    if (value_is_absent(by))
        by = value_get(a, k->r->properties, SLICE("RoleArn"));
    const value *dead = value_at(a, k->target, SLICE("DeadLetterConfig.Arn"));
    edge_spec s = {
        .from = k->from, .to = e.node, .via = k->r, .kind = t != NULL && t->kind == EDGE_WRITE ? EDGE_WRITE : k->kind, .service = SLICE("events"),
        .when = e.when, .qualifier = e.qualifier, .filter = k->filter,
        .settings = build_map(b, k->target->at, (build_pair[]){
            { "MaximumRetryAttempts", target_or_int(b, value_get(a, retry, SLICE("MaximumRetryAttempts")), k->target->at, 185) },
            { "MaximumEventAgeInSeconds", target_or_int(b, value_get(a, retry, SLICE("MaximumEventAgeInSeconds")), k->target->at, 86400) } }, 2),
        .enabled = build_enabled_state(b, value_under(value_get(a, k->r->properties, SLICE("State")), e.when)),
        .at = k->target->at, .end = k->target->end, .action = t == NULL ? SLICE("") : t->action,
        .dlq = build_end(b, dead, SLICE("AWS::SQS::Queue"), e.when).node,
    };
    if (!value_is_absent(by)) {
        s.role = by;
        s.principal = SLICE("events.amazonaws.com");
    } else if (t != NULL && t->by_policy) {
        s.principal = SLICE("events.amazonaws.com");
        s.source_arn = own_arn(b, k->r);
    }
    edge *made = build_edge(b, &s);
    if (made == NULL)
        return;
    rule_facts(b, k, made);
    rule_part inner = *k;
    build_each_end(b, dead, SLICE("AWS::SQS::Queue"), e.when, target_dead_letter, &inner);
}

static void rule_target(void *self, const value *v, when w) {
    rule_part k = *(const rule_part *)self;
    arena *a = build_arena(k.b);
    if (v->kind != VAL_MAP)
        return;
    k.target = v;
    const value *task = value_at(a, v, SLICE("EcsParameters.TaskDefinitionArn")), *job = value_at(a, v, SLICE("BatchParameters.JobDefinition"));
    /* the ARN of an ECS or Batch target says only where: what runs is the task or job definition */
    if (!value_is_absent(task))
        build_each_end(k.b, task, SLICE("AWS::ECS::TaskDefinition"), w, target_end, &k);
    else if (!value_is_absent(job))
        build_each_end(k.b, job, SLICE("AWS::Batch::JobDefinition"), w, target_end, &k);
    else
        build_each_end(k.b, value_get(a, v, SLICE("Arn")), SLICE(""), w, target_end, &k);
}

static void all_targets(const rule_part *k) {
    rule_part copy = *k;
    each_item(k->b, value_get(build_arena(k->b), k->r->properties, SLICE("Targets")), k->when, rule_target, &copy);
}

static bool only_source(builder *b, const value *pattern, const char *name) {
    arena *a = build_arena(b);
    const value *source = value_get(a, pattern, SLICE("source"));
    slice text;
    return source->kind == VAL_LIST && source->list.len == 1 && value_text(a, source->list.at[0], &text) && slice_is(text, name);
}

/* Rules that wait for one bucket's events: they come from that bucket. S3 user guide, "Using EventBridge". */
static bool bucket_rule(const rule_part *k) {
    builder *b = k->b;
    arena *a = build_arena(b);
    if (!only_source(b, k->pattern, "aws.s3") || !slice_is(k->from->id, "bus:default"))
        return false;
    const value *names = value_at(a, k->pattern, SLICE("detail.bucket.name"));
    if (names->kind != VAL_LIST || names->list.len == 0)
        return false;
    for (size_t i = 0; i < names->list.len; i++) {
        const value *name = names->list.at[i];
        if (name->kind != VAL_REF && name->kind != VAL_STRING && name->kind != VAL_JOINED)
            return false;
        if (build_end(b, name, SLICE("AWS::S3::Bucket"), k->when).node == NULL || build_end(b, name, SLICE("AWS::S3::Bucket"), k->when).node->resource == NULL)
            return false;
    }
    for (size_t i = 0; i < names->list.len; i++) {
        rule_part part = *k;
        part.from = build_end(b, names->list.at[i], SLICE("AWS::S3::Bucket"), k->when).node;
        part.bucket = true;
        all_targets(&part);
    }
    return true;
}

static void rule_pattern(void *self, const value *v, when w) {
    rule_part k = *(const rule_part *)self;
    arena *a = build_arena(k.b);
    bool bad;
    k.when = w;
    k.pattern = v->kind == VAL_UNKNOWN || v->kind == VAL_REF ? v : value_from_json_text(a, v, &bad);
    if (value_is_absent(k.pattern))
        k.pattern = value_new_unknown(a, v->at, UNKNOWN_COMPUTED, SLICE("not JSON"));
    k.filter = k.pattern;
    if (!bucket_rule(&k))
        all_targets(&k);
}

static void rule_bus(builder *b, end e, void *self) {
    rule_part k = *(const rule_part *)self;
    k.from = e.node;
    k.when = e.when;
    value_each(build_arena(b), value_get(build_arena(b), k.r->properties, SLICE("EventPattern")), e.when, rule_pattern, &k);
}

static void rule_schedule(void *self, const value *v, when w) {
    rule_part k = *(const rule_part *)self;
    if (value_is_absent(v))
        return;
    k.from = build_clock(k.b);
    k.kind = EDGE_SCHEDULE;
    k.schedule = v;
    k.when = w;
    k.filter = schedule_filter(k.b, v->at, v, NULL, NULL, NULL);
    all_targets(&k);
}

static void rule_bus_alternative(void *self, const value *v, when w) {
    rule_part k = *(const rule_part *)self;
    if (value_is_absent(v))
        rule_bus(k.b, (end){ build_default_bus(k.b), SLICE(""), w, v }, &k);
    else
        build_each_end(k.b, v, SLICE("AWS::Events::EventBus"), w, rule_bus, &k);
}

void events_rule_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    rule_part k = { .b = b, .r = r, .kind = EDGE_ASYNC, .pattern = &value_absent, .schedule = &value_absent, .when = r->exists };
    if (!value_is_absent(value_get(a, r->properties, SLICE("EventPattern"))))
        value_each(a, value_get(a, r->properties, SLICE("EventBusName")), r->exists, rule_bus_alternative, &k);
    value_each(a, value_get(a, r->properties, SLICE("ScheduleExpression")), r->exists, rule_schedule, &k);
}

/* ---- buses, archives, endpoints, API destinations ---- */

static void bus_dead_letter(builder *b, end e, void *self) {
    const resource *r = self;
    edge_spec s = { .from = build_node(b, r), .to = e.node, .kind = EDGE_DEAD_LETTER, .service = SLICE("events"), .when = e.when, .enabled = EDGE_ON,
                    .principal = SLICE("events.amazonaws.com"), .action = SLICE("sqs:SendMessage"), .source_arn = own_arn(b, r) };
    place_at(&s, e.value);
    build_edge(b, &s);
}

void events_bus_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    slice partner;
    if (build_node(b, r) == NULL)
        return;
    build_each_end(b, value_at(a, r->properties, SLICE("DeadLetterConfig.Arn")), SLICE("AWS::SQS::Queue"), r->exists, bus_dead_letter, (void *)(uintptr_t)r);
    const value *source = value_get(a, r->properties, SLICE("EventSourceName"));
    if (value_is_absent(source))
        return;
    if (!value_text(a, source, &partner))
        partner = value_display(a, source);
    edge_spec s = { .from = build_aws_service(b, partner), .to = build_node(b, r), .kind = EDGE_ASYNC, .service = SLICE("events"), .when = r->exists,
                    .enabled = EDGE_ON };
    place_at(&s, source);
    build_edge(b, &s);
}

typedef struct {
    const resource *r;
    const value *filter;
} keeping;

static void kept_bus(builder *b, end e, void *self) {
    const keeping *k = self;
    edge_spec s = { .from = e.node, .to = build_node(b, k->r), .kind = EDGE_WRITE, .service = SLICE("events"), .when = e.when, .enabled = EDGE_ON,
                    .filter = k->filter };
    place_at(&s, e.value);
    build_edge(b, &s);
}

void events_archive_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    bool bad;
    const value *pattern = value_get(a, r->properties, SLICE("EventPattern"));
    keeping k = { r, value_is_absent(pattern) ? NULL : pattern->kind == VAL_UNKNOWN || pattern->kind == VAL_CHOICE ? pattern : value_from_json_text(a, pattern, &bad) };
    build_each_end(b, value_get(a, r->properties, SLICE("SourceArn")), SLICE("AWS::Events::EventBus"), r->exists, kept_bus, &k);
}

void events_discoverer_edges(builder *b, const resource *r) {
    keeping k = { r, NULL };
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("SourceArn")), SLICE("AWS::Events::EventBus"), r->exists, kept_bus, &k);
}

static void sent_to(builder *b, end e, void *self) {
    const resource *r = self;
    edge_spec s = { .from = build_node(b, r), .to = e.node, .kind = EDGE_ASYNC, .service = SLICE("events"), .when = e.when, .enabled = EDGE_ON };
    place_at(&s, e.value);
    build_edge(b, &s);
}

void events_api_destination_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("InvocationEndpoint")), SLICE(""), r->exists, sent_to, (void *)(uintptr_t)r);
}

typedef struct {
    builder *b;
    const resource *r;
} endpoint_item;

static void endpoint_bus(void *self, const value *v, when w) {
    const endpoint_item *k = self;
    build_each_end(k->b, value_get(build_arena(k->b), v, SLICE("EventBusArn")), SLICE("AWS::Events::EventBus"), w, sent_to, (void *)(uintptr_t)k->r);
}

void events_endpoint_edges(builder *b, const resource *r) {
    endpoint_item k = { b, r };
    each_item(b, value_get(build_arena(b), r->properties, SLICE("EventBuses")), r->exists, endpoint_bus, &k);
}
