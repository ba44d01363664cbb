/* Events by EventBridge: rules (events and schedules) and schedules of EventBridge Scheduler, of functions and of state machines. */
#include "template/sam/lower.h"

#define TARGET_ID_MAX 64    /* EventBridge API reference, Target: Id */

/* ---- dead letters ---- */

/* The ARN of the dead-letter queue: the author's, or of one that is made. NULL without DeadLetterConfig. */
static draft *dead_letters(sam *s, const sam_event *e, draft *rule_arn) {
    const doc_node *config = sam_get(e->props, "DeadLetterConfig");
    if (config == NULL || config->kind != DOC_MAP)
        return NULL;
    const doc_node *arn = doc_get(config, SLICE("Arn")), *type = doc_get(config, SLICE("Type")), *named = sam_get(config, "QueueLogicalId");
    if (arn != NULL && type != NULL)
        sam_refuse(s, config, "DeadLetterConfig takes Arn (a queue of yours) or Type (a queue that is made), not both");
    else if (arn == NULL && type == NULL)
        sam_refuse(s, config, "DeadLetterConfig needs Arn (a queue of yours) or Type: SQS (a queue that is made)");
    else if (type != NULL && !(type->kind == DOC_STRING && slice_is(type->text, "SQS")))
        sam_refuse(s, type, "Type of DeadLetterConfig must be SQS");
    if (!sam_none(arn))
        return sam_draft(s, arn);
    slice id = sam_join(s, e->id, "Queue");
    if (named != NULL && named->kind != DOC_STRING)
        sam_refuse(s, named, "QueueLogicalId must be a string");
    else if (named != NULL)
        id = named->text;
    sam_add(s, id, "AWS::SQS::Queue");
    if (rule_arn != NULL)
        sam_let_rule_send(s, sam_join(s, e->id, "QueuePolicy"), rule_arn, sam_att(s, id, "Arn"), sam_ref(s, id));
    return sam_att(s, id, "Arn");
}

/* ---- rules ---- */

static draft *target_id(sam *s, const sam_event *e) {
    const doc_node *given = sam_get(sam_get(e->props, "Target"), "Id");
    if (given != NULL)
        return sam_draft(s, given);
    const char *suffix = e->target->machine ? "StepFunctionsTarget" : "LambdaTarget";
    size_t most = TARGET_ID_MAX - strlen(suffix);
    return sam_string(s, sam_join(s, e->id.len > most ? slice_from_to(e->id, 0, most) : e->id, suffix));
}

/* The role that EventBridge (or API Gateway) starts the state machine with. */
draft *sam_start_role(sam *s, const sam_event *e, const char *principal) {
    slice id = sam_join(s, e->id, "Role");
    draft *started_by = sam_add(s, id, "AWS::IAM::Role");
    sam_put(s, started_by, "AssumeRolePolicyDocument", sam_trust(s, principal));
    sam_put(s, started_by, "Policies", sam_list_of(s, sam_allow(s, sam_join(s, id, "StartExecutionPolicy"), "states:StartExecution", sam_target_arn(s, e->target))));
    if (started_by != NULL)
        sam_copy(s, started_by, s->now->props, "PermissionsBoundary");
    return sam_att(s, id, "Arn");
}

/* State, or Enabled as SAM has it. */
static void state(sam *s, const sam_event *e, draft *made) {
    const doc_entry *enabled = doc_entry_of(e->props, SLICE("Enabled"));
    if (enabled != NULL && !sam_none(enabled->value) && sam_truth(sam_get(e->props, "State"))) {
        sam_refuse_at(s, enabled->key_at, enabled->key_end, "State and Enabled can't be set together");
        return;
    }
    sam_copy(s, made, e->props, "State");
    if (enabled == NULL || sam_none(enabled->value))
        return;
    /* A function that stands for the value counts as true: the translator looks no deeper. */
    draft *text = draft_string(&s->drafts, enabled->value->at, sam_truth(enabled->value) ? SLICE("ENABLED") : SLICE("DISABLED"));
    draft_put_at(&s->drafts, made, SLICE("State"), enabled->key_at, enabled->key_end, text);
}

static void rule(sam *s, const sam_event *e, const char *properties) {
    draft *made = sam_add(s, e->id, "AWS::Events::Rule"), *target = draft_map(&s->drafts, sam_at(s));
    if (made == NULL)
        return;
    sam_copy(s, made, e->props, properties);
    state(s, e, made);
    sam_put(s, target, "Arn", sam_target_arn(s, e->target));
    sam_put(s, target, "Id", target_id(s, e));
    sam_copy(s, target, e->props, "Input InputPath InputTransformer RetryPolicy");
    if (e->target->machine && sam_get(e->props, "RoleArn") != NULL)
        sam_copy(s, target, e->props, "RoleArn");
    else if (e->target->machine)
        sam_put(s, target, "RoleArn", sam_start_role(s, e, "events.amazonaws.com"));
    draft *dlq = dead_letters(s, e, sam_att(s, e->id, "Arn"));
    if (dlq != NULL)
        sam_put(s, target, "DeadLetterConfig", sam_pair(s, "Arn", dlq));
    sam_put(s, made, "Targets", sam_list_of(s, target));
    if (!e->target->machine)
        sam_permission(s, e, sam_join(s, e->id, "Permission"), "events.amazonaws.com", sam_att(s, e->id, "Arn"));
}

void sam_event_rule(sam *s, const sam_event *e) { rule(s, e, "EventBusName Pattern>EventPattern RuleName>Name"); }
void sam_event_schedule(sam *s, const sam_event *e) { rule(s, e, "Schedule>ScheduleExpression Name Description"); }

/* ---- EventBridge Scheduler ---- */

void sam_event_scheduler(sam *s, const sam_event *e) {
    draft *made = sam_add(s, e->id, "AWS::Scheduler::Schedule"), *target = draft_map(&s->drafts, sam_at(s));
    const doc_node *name = sam_get(e->props, "Name");
    bool omit = sam_is_true(s, sam_get(e->props, "OmitName"));
    if (omit && name != NULL)
        sam_refuse(s, name, "Name can't be set with OmitName");
    if (!omit && name == NULL)
        sam_put(s, made, "Name", sam_string(s, e->id));
    sam_copy(s, made, e->props, "ScheduleExpression ScheduleExpressionTimezone State Name Description FlexibleTimeWindow StartDate EndDate GroupName KmsKeyArn");
    if (sam_get(e->props, "FlexibleTimeWindow") == NULL)
        sam_put(s, made, "FlexibleTimeWindow", sam_pair(s, "Mode", sam_word(s, "OFF")));
    sam_put(s, target, "Arn", sam_target_arn(s, e->target));
    sam_copy(s, target, e->props, "Input RetryPolicy RoleArn");
    draft *dlq = dead_letters(s, e, NULL);
    if (dlq != NULL)
        sam_put(s, target, "DeadLetterConfig", sam_pair(s, "Arn", dlq));
    if (!sam_truth(sam_get(e->props, "RoleArn"))) {
        slice id = sam_join(s, e->id, "Role");
        draft *started_by = sam_add(s, id, "AWS::IAM::Role");
        draft *policies = draft_list(&s->drafts, sam_at(s));
        draft_push(&s->drafts, policies, sam_allow(s, sam_join(s, e->id, e->target->machine ? "StartExecutionPolicy" : "LambdaPolicy"),
                                                   e->target->machine ? "states:StartExecution" : "lambda:InvokeFunction", sam_target_arn(s, e->target)));
        if (dlq != NULL)
            draft_push(&s->drafts, policies, sam_allow(s, sam_join(s, e->id, "SQSPolicy"), "sqs:SendMessage", dlq));
        sam_put(s, started_by, "AssumeRolePolicyDocument", sam_trust(s, "scheduler.amazonaws.com"));
        sam_put(s, started_by, "Policies", policies);
        if (started_by != NULL)
            sam_copy(s, started_by, e->props, "PermissionsBoundary");
        sam_put(s, target, "RoleArn", sam_att(s, id, "Arn"));
    }
    sam_put(s, made, "Target", target);
}
