/* May x call z? Resource policies of the target, or the role that the trigger acts through. Lambda developer guide, "Using resource-based
 * policies for Lambda"; developer guides of SQS, SNS, EventBridge, "Permissions"; IAM user guide, "Roles terms and concepts". */
#include "graph/policy.h"

static tri or_of(tri x, tri y) { return x == YES || y == YES ? YES : x == UNKNOWN || y == UNKNOWN ? UNKNOWN : NO; }
static tri and_of(tri x, tri y) { return x == NO || y == NO ? NO : x == UNKNOWN || y == UNKNOWN ? UNKNOWN : YES; }

static void judge(edge *e, permission p, slice reason, const resource *by) {
    e->permission = p;
    e->permission_reason = reason;
    e->permitted_by = by;
}

/* ---- through a role ---- */

static const struct { const char *service, *principal; } principals[] = {
    /* who must be trusted by the role of an edge of this service: the service's developer guide, "execution role" */
    { "appsync", "appsync.amazonaws.com" },
    { "autoscaling", "autoscaling.amazonaws.com" },
    { "backup", "backup.amazonaws.com" },
    { "bedrock", "bedrock.amazonaws.com" },
    { "cognito", "cognito-idp.amazonaws.com" },
    { "events", "events.amazonaws.com" },
    { "firehose", "firehose.amazonaws.com" },
    { "http", "apigateway.amazonaws.com" },
    { "iot", "iot.amazonaws.com" },
    { "kinesis", "lambda.amazonaws.com" },
    { "lambda", "lambda.amazonaws.com" },
    { "logs", "logs.amazonaws.com" },
    { "pipes", "pipes.amazonaws.com" },
    { "rest", "apigateway.amazonaws.com" },
    { "s3", "s3.amazonaws.com" },
    { "scheduler", "scheduler.amazonaws.com" },
    { "sns", "sns.amazonaws.com" },
    { "states", "states.amazonaws.com" },
    { "transfer", "transfer.amazonaws.com" },
    { "websocket", "apigateway.amazonaws.com" },
};

static slice trusted_principal(const edge *e, const grant *g) {
    if (g->principal.len > 0)
        return g->principal;
    for (size_t i = 0; i < COUNT(principals); i++)
        if (slice_is(e->service, principals[i].service))
            return slice_from(principals[i].principal);
    return SLICE("");
}

typedef struct {
    builder *b;
    const grant *g;
    tri granted;
    bool any;
    slice reason;
    const resource *role;
} by_role;

static void one_role(void *self, const value *v, when w) {
    by_role *k = self;
    builder *b = k->b;
    edge *e = k->g->of;
    bool open = false;
    if (value_is_absent(v))
        return;
    const resource *r = build_resource(b, v, SLICE("AWS::IAM::Role"), &open);
    const iam_role *owner = r == NULL || !slice_is(r->type, "AWS::IAM::Role") ? NULL : policy_role(b->s.index, r);
    tri is = UNKNOWN;
    slice reason = SLICE("");
    if (owner != NULL) {
        k->role = r;
        slice principal = trusted_principal(e, k->g);
        is = principal.len == 0 ? YES : role_trusts(&b->s, owner, principal, w);
        if (is == NO)
            reason = arena_printf(b->arena, "role %.*s does not trust %.*s", SLICE_ARG(r->logical_id), SLICE_ARG(principal));
        if (k->g->action.len > 0) {
            tri allowed = UNKNOWN;
            if (e->to->resource != NULL) {
                arn target = action_target(&b->s, e->to->resource, k->g->action, e->qualifier);
                allowed = target.known ? role_allows(&b->s, owner, k->g->action, &target, w) : UNKNOWN;
            } else if (slice_is(e->to->id, "bus:default")) {
                arn target = arn_of_name(&b->s, SLICE("default"), arn_type_of(SLICE("AWS::Events::EventBus")));
                allowed = role_allows(&b->s, owner, k->g->action, &target, w);
            }
            if (allowed == NO && reason.len == 0)
                reason = arena_printf(b->arena, "role %.*s may not %.*s on %.*s", SLICE_ARG(r->logical_id), SLICE_ARG(k->g->action),
                                      SLICE_ARG(e->to->resource != NULL ? e->to->resource->logical_id : e->to->id));
            is = and_of(is, allowed);
        }
    }
    k->granted = !k->any ? is : k->granted == is ? is : UNKNOWN;
    if (!k->any || is == NO)
        k->reason = reason;
    k->any = true;
}

static void judge_role(builder *b, const grant *g) {
    by_role k = { b, g, UNKNOWN, false, SLICE(""), NULL };
    value_each(b->arena, g->of->role, g->of->when, one_role, &k);
    g->of->acts_as = k.role;
    switch (k.granted) {
    case YES: judge(g->of, PERMISSION_GRANTED, SLICE(""), k.role); break;
    case NO:  judge(g->of, PERMISSION_MISSING, k.reason, NULL); break;
    default:  judge(g->of, PERMISSION_UNKNOWN, SLICE(""), NULL);
    }
}

/* ---- AWS::Lambda::Permission ---- */

typedef struct {
    const scope *s;
    const arn *source;           /* NULL: not known */
} matching;

/* A permission for one stage lets that stage: where the trigger stands for all of them, the stage is not compared. */
static void any_stage(const scope *s, arn *pattern, const arn *source) {
    if (source->type == NULL || !slice_is(source->type->service, "execute-api") || !slice_starts(source->tail, SLICE("/")) ||
        !slice_starts(pattern->tail, SLICE("/")))
        return;
    slice stage = slice_after(pattern->tail, 1), all = slice_after(source->tail, 1);
    size_t stage_end = slice_find(stage, '/');
    all = slice_from_to(all, 0, slice_find(all, '/'));
    if (stage_end == stage.len || !(slice_is(all, "*") || arn_open(all)))
        return;
    slice parts[] = { slice_from_to(pattern->rest, 0, pattern->rest.len - pattern->tail.len), SLICE("/*"), slice_after(stage, stage_end) };
    pattern->rest = arena_concat(s->arena, parts, 3);
    pattern->tail = slice_after(pattern->rest, parts[0].len);
}

static tri source_matches(const value *v, void *self) {
    const matching *k = self;
    if (k->source == NULL || v->kind == VAL_UNKNOWN || v->kind == VAL_LIST || v->kind == VAL_MAP)
        return UNKNOWN;
    arn pattern = arn_of_value(k->s, v, k->source->type == NULL ? SLICE("") : k->source->type->type);
    any_stage(k->s, &pattern, k->source);
    return arn_covers(k->s->arena, &pattern, k->source);
}

/* S3 sends the bucket's ARN, an alias or version is a function of its own, ... each reason as a person would say it. */
static void judge_function(builder *b, const grant *g, const permit_list *l) {
    edge *e = g->of;
    const scope *s = &b->s;
    const function_permit *best = NULL;
    slice reason = SLICE(""), text;
    bool unknown = policy_open(s->index, e->to->resource, SLICE("AWS::Lambda::Permission"));
    arn source = { .known = false };
    if (g->source_arn != NULL)
        source = arn_of_value(s, g->source_arn, SLICE(""));
    for (size_t i = 0; l != NULL && i < l->functions.len; i++) {
        const function_permit *p = &l->functions.at[i];
        when both;
        if (!when_and(b->arena, p->when, e->when, &both))
            continue;
        tri is = value_is_absent(p->principal) ? NO : principal_matches(b->arena, p->principal, g->principal);
        if (value_text(b->arena, p->action, &text))
            is = and_of(is, action_matches(b->arena, text, g->action));
        else
            is = and_of(is, UNKNOWN);
        if (is == NO)
            continue;
        tri covers = YES;
        slice why = SLICE("");
        if (!slice_eq(p->qualifier, e->qualifier) &&
            arn_glob(b->arena, p->qualifier, e->qualifier) != YES) {
            bool open = slice_find_slice(p->qualifier, SLICE("${")) != (size_t)-1 || slice_find_slice(e->qualifier, SLICE("${")) != (size_t)-1;
            covers = open && p->qualifier.len > 0 && e->qualifier.len > 0 ? UNKNOWN : NO;
            why = e->qualifier.len == 0
                      ? arena_printf(b->arena, "it is for %.*s, the trigger calls the function without alias or version", SLICE_ARG(p->qualifier))
                  : p->qualifier.len == 0
                      ? arena_printf(b->arena, "it is for the function without alias or version, the trigger calls %.*s", SLICE_ARG(e->qualifier))
                      : arena_printf(b->arena, "it is for %.*s, the trigger calls %.*s", SLICE_ARG(p->qualifier), SLICE_ARG(e->qualifier));
        }
        const value *wanted = value_under(p->source_arn, both);
        if (covers != NO && !value_is_absent(wanted)) {
            matching m = { s, g->source_arn == NULL ? NULL : &source };
            tri match = test_value(b->arena, wanted, both, source_matches, &m);
            if (match == NO)
                why = arena_printf(b->arena, "its SourceArn %.*s does not match %.*s", SLICE_ARG(value_display(b->arena, p->source_arn)),
                                   SLICE_ARG(value_display(b->arena, g->source_arn)));
            covers = and_of(covers, match);
        }
        tri certain = when_implied(p->when, e->when) ? YES : UNKNOWN;
        is = and_of(and_of(is, covers), certain);
        if (is == YES) {
            judge(e, PERMISSION_GRANTED, SLICE(""), p->in);
            return;
        }
        unknown = unknown || is == UNKNOWN;
        if (is == NO && best == NULL) {
            best = p;
            reason = why;
        }
    }
    if (unknown)
        judge(e, PERMISSION_UNKNOWN, SLICE(""), NULL);
    else if (best != NULL)
        judge(e, PERMISSION_MISMATCH, arena_printf(b->arena, "%.*s does not cover it: %.*s", SLICE_ARG(best->in->logical_id), SLICE_ARG(reason)), best->in);
    else
        judge(e, PERMISSION_MISSING, arena_printf(b->arena, "no AWS::Lambda::Permission lets %.*s call %.*s", SLICE_ARG(g->principal),
                                                  SLICE_ARG(e->to->resource->logical_id)), NULL);
}

/* ---- queue, topic, bucket, log group policies ---- */

static const struct { const char *target, *policy; bool own_account; } policies[] = {
    /* own_account: the default policy lets services act for resources of the same account (SNS developer guide, default topic policy,
     * which lets alarms through; buses take events of their own account) */
    { "AWS::Events::EventBus", "AWS::Events::EventBusPolicy", true },
    { "AWS::KMS::Key", "", false },
    { "AWS::Logs::LogGroup", "AWS::Logs::ResourcePolicy", false },
    { "AWS::S3::Bucket", "AWS::S3::BucketPolicy", false },
    { "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", false },
    { "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", false },
};

static void judge_policy(builder *b, const grant *g, const permit_list *l) {
    edge *e = g->of;
    const scope *s = &b->s;
    const resource *to = e->to->resource, *by = NULL, *near_ = NULL;
    size_t row = 0;
    while (row < COUNT(policies) && !slice_is(to->type, policies[row].target))
        row++;
    if (row == COUNT(policies)) {
        judge(e, PERMISSION_UNKNOWN, SLICE(""), NULL);
        return;
    }
    arn target = action_target(s, to, g->action, SLICE("")), source = { .known = false };
    if (g->source_arn != NULL)
        source = arn_of_value(s, g->source_arn, SLICE(""));
    asked q = { g->principal, g->action, &target, g->source_arn == NULL ? NULL : &source, e->when };
    const permit_list *all = strmap_get(&s->index->targets, to->type);
    tri is = NO;
    bool none = (l == NULL || l->list.len == 0) && all == NULL;
    if (l != NULL)
        is = permits_statement(s, &l->list, &q, &by, &near_);
    if (all != NULL)
        is = or_of(is, permits_statement(s, &all->list, &q, &by, &near_));
    if ((l != NULL && l->open) || (all != NULL && all->open) || policy_open(s->index, to, slice_from(policies[row].policy)))
        is = or_of(is, UNKNOWN);
    else if (is == NO && slice_is(to->type, "AWS::Logs::LogGroup"))
        is = UNKNOWN;                        /* policies of CloudWatch Logs are the account's: another stack may have made one */
    else if (none && (policies[row].own_account || (slice_is(to->type, "AWS::SNS::Topic") && slice_is(g->principal, "cloudwatch.amazonaws.com"))))
        is = YES;
    if (is == YES)
        judge(e, PERMISSION_GRANTED, SLICE(""), by);
    else if (is == UNKNOWN)
        judge(e, PERMISSION_UNKNOWN, SLICE(""), NULL);
    else if (near_ != NULL)
        judge(e, PERMISSION_MISMATCH, arena_printf(b->arena, "%.*s lets %.*s %.*s, but not on %.*s from this source", SLICE_ARG(near_->logical_id),
                                                   SLICE_ARG(g->principal), SLICE_ARG(g->action), SLICE_ARG(to->logical_id)), near_);
    else
        judge(e, PERMISSION_MISSING, arena_printf(b->arena, "no policy of %.*s lets %.*s do %.*s", SLICE_ARG(to->logical_id), SLICE_ARG(g->principal),
                                                  SLICE_ARG(g->action)), NULL);
}

void grants_judge(builder *b) {
    for (size_t i = 0; i < b->grants.len; i++) {
        const grant *g = &b->grants.at[i];
        const resource *to = g->of->to->resource;
        if (!value_is_absent(g->of->role))
            judge_role(b, g);
        else if (to == NULL)
            judge(g->of, PERMISSION_UNKNOWN, SLICE(""), NULL);
        else if (slice_is(to->type, "AWS::Lambda::Function") || slice_is(to->type, "AWS::Serverless::Function"))
            judge_function(b, g, policy_permits(b->s.index, to));
        else
            judge_policy(b, g, policy_permits(b->s.index, to));
    }
}
