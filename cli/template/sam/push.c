/* Events of services that push to a function: SNS, S3, Cognito, IoT, CloudWatch Logs, Alexa. */
#include "template/sam/lower.h"

static slice permission_id(sam *s, const sam_event *e) { return sam_join(s, e->id, "Permission"); }

void sam_event_alexa(sam *s, const sam_event *e) {
    draft *p = sam_permission(s, e, permission_id(s, e), "alexa-appkit.amazon.com", NULL);
    sam_copy(s, p, e->props, "SkillId>EventSourceToken");
}

void sam_event_iot(sam *s, const sam_event *e) {
    draft *rule = sam_add(s, e->id, "AWS::IoT::TopicRule"), *payload = draft_map(&s->drafts, sam_at(s));
    sam_copy(s, payload, e->props, "Sql AwsIotSqlVersion");
    sam_put(s, payload, "RuleDisabled", draft_bool(&s->drafts, sam_at(s), false));
    sam_put(s, payload, "Actions", sam_list_of(s, sam_pair(s, "Lambda", sam_pair(s, "FunctionArn", sam_target_arn(s, e->target)))));
    sam_put(s, rule, "TopicRulePayload", payload);
    slice arn = SLICE("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}");
    draft *p = sam_permission(s, e, permission_id(s, e), "iot.amazonaws.com", sam_sub_with(s, arn, "RuleName", sam_ref(s, e->id)));
    sam_put(s, p, "SourceAccount", sam_sub(s, "${AWS::AccountId}"));
}

void sam_event_logs(sam *s, const sam_event *e) {
    draft *filter = sam_add(s, e->id, "AWS::Logs::SubscriptionFilter");
    sam_copy(s, filter, e->props, "LogGroupName FilterPattern");
    sam_put(s, filter, "DestinationArn", sam_target_arn(s, e->target));
    sam_depends_on(s, e->id, permission_id(s, e));
    slice arn = SLICE("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*");
    sam_permission(s, e, permission_id(s, e), "logs.amazonaws.com",
                   sam_sub_with(s, arn, "__LogGroupName__", sam_draft(s, sam_get(e->props, "LogGroupName"))));
}

/* ---- what changes a resource of the author's ---- */

/* The Properties of the author's resource, to be changed. */
static draft *properties_of(sam *s, const sam_resource *r) {
    draft *made = sam_made(s, r->id), *props = draft_get(&s->drafts, made, SLICE("Properties"));
    if (props != NULL && props->kind != DOC_MAP && props->kind != DOC_NULL) {
        sam_refuse_at(s, props->at, props->end, "Properties of %.*s must be a map", SLICE_ARG(r->id));
        return NULL;
    }
    return made == NULL ? NULL : draft_map_in(&s->drafts, made, SLICE("Properties"), r->at);
}

/* The map below a property; NULL when there is something else (refused). */
static draft *map_below(sam *s, draft *props, const char *key, slice of) {
    draft *old = draft_get(&s->drafts, props, slice_from(key));
    if (old != NULL && old->kind != DOC_MAP && old->kind != DOC_NULL) {
        sam_refuse_at(s, old->at, old->end, "%s of %.*s must be a map", key, SLICE_ARG(of));
        return NULL;
    }
    return draft_map_in(&s->drafts, props, slice_from(key), sam_at(s));
}

static sam_resource *same_template(sam *s, const sam_event *e, const char *property, const char *type, const char *what) {
    const doc_node *n = sam_get(e->props, property);
    slice id = n != NULL && n->kind == DOC_MAP ? sam_ref_id(n) : (slice){ "", 0 };
    sam_resource *r = sam_resource_of(s, id);
    if (r == NULL && n != NULL)
        sam_refuse(s, n, "%s must be a Ref to %s of the same template", property, what);
    else if (r != NULL && !slice_is(r->type, type))
        sam_refuse(s, n, "%s must be a Ref to %s, and %.*s is a %.*s", property, what, SLICE_ARG(id), SLICE_ARG(r->type));
    return r != NULL && slice_is(r->type, type) ? r : NULL;
}

/* What was read and what was made, looked at alike. */
static const doc_node *read_of(const draft_entry *e) { return e->value == NULL ? e->node : e->value->node; }
static doc_kind kind_of(const draft_entry *e) { return read_of(e) != NULL ? read_of(e)->kind : e->value != NULL ? e->value->kind : DOC_NULL; }

static size_t count_of(const draft_entry *e) {
    const doc_node *n = read_of(e);
    if (n == NULL) return e->value != NULL ? e->value->entries.len : 0;
    return n->kind == DOC_MAP ? n->map.len : n->kind == DOC_LIST ? n->list.len : 0;
}

static draft_entry child_of(const draft_entry *e, size_t i) {
    const doc_node *n = read_of(e);
    if (n == NULL) return e->value != NULL ? e->value->entries.at[i] : (draft_entry){ .node = NULL };
    return n->kind == DOC_MAP ? (draft_entry){ .key = n->map.at[i].key, .node = n->map.at[i].value } : (draft_entry){ .node = n->list.at[i] };
}

/* The same in writing, whatever the places. Maps as long as a notification: a key is looked for one by one. */
#define MOST_KEYS 16
static bool same_written(const draft_entry *x, const draft_entry *y, unsigned depth) {
    const doc_node *a = read_of(x), *b = read_of(y);
    if (a != NULL && b != NULL && doc_is_scalar(a) && doc_is_scalar(b)) return slice_eq(a->text, b->text);
    size_t len = count_of(x);
    if (kind_of(x) != kind_of(y) || len != count_of(y) || depth > DOC_MAX_DEPTH) return false;
    bool map = kind_of(x) == DOC_MAP;
    if (!map && kind_of(x) != DOC_LIST) return true;
    if (map && len > MOST_KEYS) return false;
    for (size_t i = 0; i < len; i++) {
        draft_entry one = child_of(x, i), other = child_of(y, i);
        for (size_t k = 0; map && !slice_eq(one.key, other.key) && k < len; k++) other = child_of(y, k);
        if ((map && !slice_eq(one.key, other.key)) || !same_written(&one, &other, depth + 1)) return false;
    }
    return true;
}

#define MOST_NOTIFICATIONS 100      /* of a bucket; S3 user guide, notification configuration */

/* Is the notification there already? The author may have written it for tools that don't know SAM. */
static bool is_noted(sam *s, draft *list, draft *one) {
    draft_entry wanted = { .value = one };
    if (!draft_open(&s->drafts, list))
        return false;
    for (size_t i = 0; i < list->entries.len && i < MOST_NOTIFICATIONS; i++)
        if (same_written(&list->entries.at[i], &wanted, 0))
            return true;
    return false;
}

static void notify(sam *s, draft *list, const sam_event *e, const doc_node *event) {
    draft *one = draft_map(&s->drafts, event->at);
    sam_put(s, one, "Function", sam_target_arn(s, e->target));
    sam_copy(s, one, e->props, "Filter");
    draft_put(&s->drafts, one, SLICE("Event"), draft_of(&s->drafts, event));
    if (s->now->condition != NULL)
        one = sam_if(s, s->now->condition->text, one, NULL);
    if (!is_noted(s, list, one))
        draft_push(&s->drafts, list, one);
}

void sam_event_s3(sam *s, const sam_event *e) {
    s->refuses = PROBLEM_SAM_BUCKET;
    const sam_resource *bucket = same_template(s, e, "Bucket", "AWS::S3::Bucket", "a bucket (AWS::S3::Bucket)");
    s->refuses = PROBLEM_SAM;
    draft *p = sam_permission(s, e, permission_id(s, e), "s3.amazonaws.com", NULL);
    sam_put(s, p, "SourceAccount", sam_ref(s, SLICE("AWS::AccountId")));
    draft *props = bucket == NULL ? NULL : properties_of(s, bucket);
    if (props == NULL)
        return;
    if (s->now->condition == NULL) {
        const doc_node *depends = doc_get(bucket->body, SLICE("DependsOn"));
        bool good = depends == NULL || depends->kind == DOC_STRING || depends->kind == DOC_LIST;
        for (size_t i = 0; good && depends != NULL && depends->kind == DOC_LIST && i < depends->list.len; i++)
            good = depends->list.at[i]->kind == DOC_STRING;
        if (!good)
            sam_refuse(s, depends, "DependsOn must be a logical id or a list of them");
        else
            sam_depends_on(s, bucket->id, permission_id(s, e));
    } else {
        draft *tags = draft_get(&s->drafts, props, SLICE("Tags"));
        if (tags != NULL && tags->kind != DOC_LIST && tags->kind != DOC_NULL)
            sam_refuse_at(s, tags->at, tags->end, "Tags of %.*s must be a list", SLICE_ARG(bucket->id));
    }
    draft *config = map_below(s, props, "NotificationConfiguration", bucket->id);
    if (config == NULL)
        return;
    draft *list = draft_get(&s->drafts, config, SLICE("LambdaConfigurations"));
    if (list != NULL && list->kind != DOC_LIST && list->kind != DOC_NULL) {
        sam_refuse_at(s, list->at, list->end, "LambdaConfigurations of %.*s must be a list", SLICE_ARG(bucket->id));
        return;
    }
    if (!draft_is_list(list)) {
        list = draft_list(&s->drafts, sam_at(s));
        sam_put(s, config, "LambdaConfigurations", list);
    }
    const doc_node *events = sam_get(e->props, "Events");
    for (size_t i = 0; events != NULL && events->kind == DOC_LIST && i < events->list.len; i++)
        notify(s, list, e, events->list.at[i]);
    if (events != NULL && events->kind == DOC_STRING)
        notify(s, list, e, events);
}

void sam_event_cognito(sam *s, const sam_event *e) {
    const sam_resource *pool = same_template(s, e, "UserPool", "AWS::Cognito::UserPool", "a user pool (AWS::Cognito::UserPool)");
    if (pool == NULL)
        return;
    slice id = sam_join(s, e->target->id, "CognitoPermission");
    sam_permission(s, e, id, "cognito-idp.amazonaws.com", sam_att(s, pool->id, "Arn"));
    draft *props = properties_of(s, pool), *config = props == NULL ? NULL : map_below(s, props, "LambdaConfig", pool->id);
    const doc_node *trigger = sam_get(e->props, "Trigger");
    size_t len = trigger == NULL || config == NULL ? 0 : trigger->kind == DOC_LIST ? trigger->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *one = trigger->kind == DOC_LIST ? trigger->list.at[i] : trigger;
        if (one->kind != DOC_STRING)
            continue;
        if (draft_get(&s->drafts, config, one->text) != NULL)
            sam_refuse(s, one, "the user pool %.*s has a function for the trigger %.*s already", SLICE_ARG(pool->id), SLICE_ARG(one->text));
        else
            draft_put_at(&s->drafts, config, one->text, one->at, one->end, sam_target_arn(s, e->target));
    }
}

/* ---- SNS ---- */

static void subscribe(sam *s, const sam_event *e, const char *protocol, draft *endpoint) {
    draft *subscription = sam_add(s, e->id, "AWS::SNS::Subscription");
    sam_put_word(s, subscription, "Protocol", protocol);
    sam_put(s, subscription, "Endpoint", endpoint);
    sam_copy(s, subscription, e->props, "Topic>TopicArn Region FilterPolicy FilterPolicyScope RedrivePolicy");
}

/* A queue policy that lets `source` send. */
static void let_send(sam *s, slice id, const char *service, draft *source, draft *arn, draft *url) {
    draft *policy = sam_add(s, id, "AWS::SQS::QueuePolicy"), *statement = draft_map(&s->drafts, sam_at(s));
    sam_put_word(s, statement, "Action", "sqs:SendMessage");
    sam_put_word(s, statement, "Effect", "Allow");
    sam_put(s, statement, "Principal", service == NULL ? sam_word(s, "*") : sam_pair(s, "Service", sam_word(s, service)));
    sam_put(s, statement, "Resource", arn);
    sam_put(s, statement, "Condition", sam_pair(s, "ArnEquals", sam_pair(s, "aws:SourceArn", source)));
    draft *document = sam_pair(s, "Version", sam_word(s, "2012-10-17"));
    sam_put(s, document, "Statement", sam_list_of(s, statement));
    sam_put(s, policy, "PolicyDocument", document);
    sam_put(s, policy, "Queues", sam_list_of(s, url));
}

void sam_let_rule_send(sam *s, slice id, draft *rule_arn, draft *queue_arn, draft *queue_url) {
    let_send(s, id, "events.amazonaws.com", rule_arn, queue_arn, queue_url);
}

static void poll(sam *s, const sam_event *e, draft *queue, draft *batch) {
    draft *mapping = sam_add(s, sam_join(s, e->id, "EventSourceMapping"), "AWS::Lambda::EventSourceMapping");
    sam_put(s, mapping, "BatchSize", batch == NULL ? draft_int(&s->drafts, sam_at(s), 10) : batch);
    sam_put(s, mapping, "Enabled", draft_bool(&s->drafts, sam_at(s), true));
    sam_put(s, mapping, "EventSourceArn", queue);
    sam_put(s, mapping, "FunctionName", sam_target_name(s, e->target));
    sam_role_managed(s, e->target->role, SLICE("service-role/AWSLambdaSQSQueueExecutionRole"));
}

void sam_event_sns(sam *s, const sam_event *e) {
    const doc_node *queue = sam_get(e->props, "SqsSubscription"), *topic = sam_get(e->props, "Topic");
    if (!sam_truth(queue)) {
        sam_permission(s, e, permission_id(s, e), "sns.amazonaws.com", sam_draft(s, topic));
        subscribe(s, e, "lambda", sam_target_arn(s, e->target));
        return;
    }
    slice policy_id = sam_join(s, e->id, "QueuePolicy");
    draft *arn, *url, *batch = NULL;
    if (queue->kind == DOC_MAP) {
        arn = sam_draft(s, sam_get(queue, "QueueArn"));
        url = sam_draft(s, sam_get(queue, "QueueUrl"));
        batch = sam_draft(s, sam_get(queue, "BatchSize"));
        const doc_node *named = sam_get(queue, "QueuePolicyLogicalId");
        if (named != NULL && named->kind == DOC_STRING && named->text.len > 0)
            policy_id = named->text;
        if (arn == NULL || url == NULL) {
            sam_refuse(s, queue, "SqsSubscription as a map needs QueueArn and QueueUrl");
            return;
        }
    } else {
        slice id = sam_join(s, e->id, "Queue");
        draft *made = sam_add(s, id, "AWS::SQS::Queue");
        const sam_resource *of = sam_resource_of(s, sam_named(topic));
        const doc_node *fifo = of == NULL ? NULL : sam_resolved(s, sam_get(of->props, "FifoTopic"));
        if (sam_truth(fifo))
            sam_put(s, made, "FifoQueue", draft_of(&s->drafts, fifo));
        arn = sam_att(s, id, "Arn");
        url = sam_ref(s, id);
    }
    let_send(s, policy_id, NULL, sam_draft(s, topic), arn, url);
    subscribe(s, e, "sqs", arn);
    poll(s, e, arn, batch);
}
