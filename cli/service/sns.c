/* Amazon SNS: subscriptions, declared apart or inside the topic. SNS developer guide, "Message filtering", "Message delivery retries",
 * "Dead-letter queues". */
#include "service/services.h"
#include "service/target.h"

/* What an endpoint is, by protocol. */
static const struct { const char *protocol, *kind, *type, *outside; role role; } protocols[] = {
    { "lambda", "function", "AWS::Lambda::Function", "", ROLE_COMPUTE },
    { "sqs", "queue", "AWS::SQS::Queue", "", ROLE_QUEUE },
    { "firehose", "stream", "AWS::KinesisFirehose::DeliveryStream", "", ROLE_STREAM },
    { "http", "url", "", "url:", ROLE_UNKNOWN },
    { "https", "url", "", "url:", ROLE_UNKNOWN },
    { "email", "mail", "", "mail:", ROLE_NOTIFICATION_TARGET },
    { "email-json", "mail", "", "mail:", ROLE_NOTIFICATION_TARGET },
    { "sms", "number", "", "sms:", ROLE_NOTIFICATION_TARGET },
};

typedef struct {
    const resource *via;             /* NULL: declared by the topic */
    const value *subscription;       /* the properties */
    node *topic;
    const value *topic_arn;
    slice protocol;                  /* "" = not known */
    pos at, end_;
} subscribing;

static const value *parsed_policy(builder *b, const value *v) {
    bool bad;
    if (value_is_absent(v) || v->kind == VAL_UNKNOWN || v->kind == VAL_CHOICE || v->kind == VAL_MAP)
        return v;
    const value *policy = value_from_json_text(build_arena(b), v, &bad);
    return policy->kind == VAL_ABSENT ? value_new_unknown(build_arena(b), v->at, UNKNOWN_COMPUTED, SLICE("not JSON")) : policy;
}

static void dead_letter(builder *b, end e, void *self) {
    const subscribing *k = self;
    edge_spec s = {
        .from = k->topic, .to = e.node, .via = k->via, .kind = EDGE_DEAD_LETTER, .service = SLICE("sns"), .when = e.when, .enabled = EDGE_ON,
        .principal = SLICE("sns.amazonaws.com"), .action = SLICE("sqs:SendMessage"), .source_arn = k->topic_arn,
    };
    place_at(&s, e.value);
    build_edge(b, &s);
}

static void endpoint_edge(builder *b, end e, const subscribing *k, const char *kind) {
    arena *a = build_arena(b);
    const value *p = k->subscription;
    const value *policy = value_under(value_get(a, p, SLICE("FilterPolicy")), e.when), *parsed = parsed_policy(b, policy);
    const value *scope_ = value_get(a, p, SLICE("FilterPolicyScope"));
    if (value_is_absent(scope_))
        scope_ = value_new_string(a, k->at, SLICE("MessageAttributes"));
    const value *role_arn = value_get(a, p, SLICE("SubscriptionRoleArn"));
    bool function = slice_is(k->protocol, "lambda"), queue = slice_is(k->protocol, "sqs"), firehose = slice_is(k->protocol, "firehose");
    const value *redrive = redrive_target(b, value_get(a, p, SLICE("RedrivePolicy")));
    edge_spec s = {
        .from = k->topic, .to = e.node, .via = k->via, .kind = EDGE_ASYNC, .service = SLICE("sns"), .when = e.when, .qualifier = e.qualifier,
        .enabled = EDGE_ON, .at = k->at, .end = k->end_,
        .filter = value_is_absent(policy) ? NULL : build_map(b, policy->at, (build_pair[]){ { "policy", parsed }, { "scope", scope_ } }, 2),
        .settings = build_map(b, k->at, (build_pair[]){ { "Protocol", value_get(a, p, SLICE("Protocol")) },
            { "RawMessageDelivery", value_is_absent(value_get(a, p, SLICE("RawMessageDelivery"))) ? value_new_bool(a, k->at, false) : value_get(a, p, SLICE("RawMessageDelivery")) },
            { "DeliveryPolicy", value_get(a, p, SLICE("DeliveryPolicy")) } }, 3),
        .principal = function || queue || firehose ? SLICE("sns.amazonaws.com") : SLICE(""),
        .action = function ? SLICE("lambda:InvokeFunction") : queue ? SLICE("sqs:SendMessage") : SLICE("firehose:PutRecord"),
        .role = firehose ? role_arn : NULL, .source_arn = k->topic_arn,
        .dlq = build_end(b, redrive, SLICE("AWS::SQS::Queue"), e.when).node,
    };
    if (firehose && value_is_absent(role_arn))
        s.principal = SLICE("");
    place_at(&s, value_get(a, p, SLICE("Endpoint")));
    edge *made = build_edge(b, &s);
    if (made == NULL)
        return;
    build_edge_fact(b, made, SLICE("protocol"), value_get(a, p, SLICE("Protocol")));
    build_edge_fact(b, made, SLICE("endpointKind"), value_new_string(a, made->at, slice_from(kind)));
    if (!value_is_absent(policy)) {
        build_edge_fact(b, made, SLICE("filters"), list_of_one(b, policy->at, parsed));
        build_edge_fact(b, made, SLICE("filterTexts"), list_of_one(b, policy->at, policy));
        slice text;
        if (value_text(a, scope_, &text))
            build_edge_fact(b, made, SLICE("scope"), scope_);
    }
    subscribing inner = *k;
    build_each_end(b, redrive, SLICE("AWS::SQS::Queue"), e.when, dead_letter, &inner);
}

typedef struct {
    const subscribing *k;
    const char *kind;
} ending;

static void endpoint_end(builder *b, end e, void *self) {
    const ending *x = self;
    endpoint_edge(b, e, x->k, x->kind);
}

/* Addresses are not resolved: they are what is written. An URL of an API or function of the templates is that. */
static void endpoint_address(builder *b, const subscribing *k, size_t row, const value *endpoint, when w) {
    arena *a = build_arena(b);
    slice text = value_display(a, endpoint);
    bool known = value_text(a, endpoint, &text) || endpoint->kind == VAL_JOINED;
    node *to;
    if (endpoint->kind == VAL_REF || (endpoint->kind == VAL_JOINED && endpoint->list.at[0]->kind == VAL_REF) ||
        slice_starts(text, SLICE("https://"))) {
        end e = build_end(b, endpoint, SLICE(""), w);
        endpoint_edge(b, e, k, protocols[row].kind);
        return;
    }
    if (known)
        to = build_outside(b, arena_printf(a, "%s%.*s", protocols[row].outside, SLICE_ARG(text)), SLICE(""), protocols[row].role);
    else
        to = build_end(b, endpoint, SLICE(""), w).node;
    if (to != NULL)
        endpoint_edge(b, (end){ to, SLICE(""), w, endpoint }, k, protocols[row].kind);
}

static void subscribe(builder *b, const resource *via, const value *p, node *topic, const value *topic_arn, when w, pos at, pos end_) {
    arena *a = build_arena(b);
    subscribing k = { via, p, topic, topic_arn, SLICE(""), at, end_ };
    const value *endpoint = value_get(a, p, SLICE("Endpoint"));
    value_text(a, value_under(value_get(a, p, SLICE("Protocol")), w), &k.protocol);
    for (size_t i = 0; i < COUNT(protocols); i++)
        if (slice_is(k.protocol, protocols[i].protocol)) {
            if (protocols[i].type[0] == '\0') {
                endpoint_address(b, &k, i, value_under(endpoint, w), w);
                return;
            }
            ending e = { &k, protocols[i].kind };
            build_each_end(b, endpoint, slice_from(protocols[i].type), w, endpoint_end, &e);
            return;
        }
    ending e = { &k, "other" };
    build_each_end(b, endpoint, SLICE(""), w, endpoint_end, &e);
}

static void subscription_topic(builder *b, end e, void *self) {
    const resource *r = self;
    subscribe(b, r, r->properties, e.node, value_under(e.value, e.when), e.when, r->at, r->end);
}

void sns_subscription_edges(builder *b, const resource *r) {
    build_each_end(b, value_get(build_arena(b), r->properties, SLICE("TopicArn")), SLICE("AWS::SNS::Topic"), r->exists, subscription_topic,
                   (void *)(uintptr_t)r);
}

typedef struct {
    builder *b;
    const resource *r;
} topic_item;

static void inline_subscription(void *self, const value *v, when w) {
    const topic_item *k = self;
    builder *b = k->b;
    if (v->kind == VAL_MAP)
        subscribe(b, NULL, v, build_node(b, k->r), value_new_ref(build_arena(b), k->r->at, k->r, SLICE("Ref")), w, v->at, v->end);
}

void sns_topic_edges(builder *b, const resource *r) {
    topic_item k = { b, r };
    if (build_node(b, r) != NULL)
        each_item(b, value_get(build_arena(b), r->properties, SLICE("Subscription")), r->exists, inline_subscription, &k);
}
