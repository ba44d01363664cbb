#include "graph/iam.h"
#include "graph/policy.h"

/* ---- actions ---- */

static slice lower(arena *a, slice s) {
    char *copy = ARENA_ARRAY(a, char, s.len);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] - 'A' + 'a') : s.at[i];
    return (slice){ copy, s.len };
}

#define ACTION_MOST 256

tri action_matches(arena *a, slice pattern, slice action) {
    if (slice_same_letters(pattern, action) || slice_is(pattern, "*"))
        return YES;
    if (pattern.len > ACTION_MOST || action.len > ACTION_MOST || slice_find(pattern, '*') + slice_find(pattern, '?') == 2 * pattern.len)
        return NO;
    return slice_glob(lower(a, pattern), lower(a, action)) ? YES : NO;
}

static tri or_of(tri x, tri y) { return x == YES || y == YES ? YES : x == UNKNOWN || y == UNKNOWN ? UNKNOWN : NO; }
static tri and_of(tri x, tri y) { return x == NO || y == NO ? NO : x == UNKNOWN || y == UNKNOWN ? UNKNOWN : YES; }
static tri not_of(tri x) { return x == UNKNOWN ? UNKNOWN : x == YES ? NO : YES; }

/* What holds in every alternative of a value, in none, or in some. */
typedef struct {
    tri (*test)(const value *v, void *self);
    void *self;
    tri all;
    bool any;
} testing;

static void test_one(void *self, const value *v, when w) {
    testing *t = self;
    (void)w;
    tri is = value_is_absent(v) ? NO : t->test(v, t->self);
    t->all = !t->any ? is : t->all == is ? is : UNKNOWN;
    t->any = true;
}

static tri test_list(arena *a, const value *v, when w, tri (*test)(const value *v, void *self), void *self);

tri test_value(arena *a, const value *v, when w, tri (*test)(const value *v, void *self), void *self) {
    if (v->kind == VAL_LIST)
        return test_list(a, v, w, test, self);
    if (v->kind != VAL_CHOICE)
        return value_is_absent(v) ? NO : test(v, self);
    testing t = { test, self, NO, false };
    value_each(a, v, w, test_one, &t);
    return t.all;
}

/* Does some item do? Items that are lists themselves are looked at once, not deeper. */
static tri test_list(arena *a, const value *v, when w, tri (*test)(const value *v, void *self), void *self) {
    tri any = NO;
    for (size_t i = 0; i < v->list.len && any != YES; i++)
        any = or_of(any, v->list.at[i]->kind == VAL_LIST ? UNKNOWN : test_value(a, v->list.at[i], w, test, self));
    return any;
}

static tri test_items(arena *a, value_list l, when w, tri (*test)(const value *v, void *self), void *self) {
    tri any = NO;
    for (size_t i = 0; i < l.len && any != YES; i++)
        any = or_of(any, test_value(a, l.at[i], w, test, self));
    return any;
}

typedef struct {
    const scope *s;
    slice text;
    const arn *target;
} wanted;

static tri is_action(const value *v, void *self) {
    const wanted *k = self;
    slice pattern;
    return value_text(k->s->arena, v, &pattern) ? action_matches(k->s->arena, pattern, k->text) : UNKNOWN;
}

static tri managed_action(arena *a, slice all, slice action) {
    slice one;
    while (all.at != NULL && slice_cut(&all, ' ', &one))
        if (action_matches(a, one, action) == YES)
            return YES;
    return NO;
}

tri statement_action(arena *a, const statement *st, slice action) {
    if (st->managed.len > 0)
        return managed_action(a, st->managed, action);
    scope s = { .arena = a };
    wanted k = { &s, action, NULL };
    tri is = test_items(a, st->actions, st->when, is_action, &k);
    return st->not_action ? not_of(is) : is;
}

static tri is_target(const value *v, void *self) {
    const wanted *k = self;
    if (v->kind == VAL_STRING && slice_is(v->text, "*"))
        return YES;
    if (v->kind == VAL_UNKNOWN || v->kind == VAL_MAP)
        return UNKNOWN;
    arn pattern = arn_of_value(k->s, v, k->target->type == NULL ? SLICE("") : k->target->type->type);
    tri is = arn_covers(k->s->arena, &pattern, k->target);
    if (is == YES || k->target->optional == 0)
        return is;
    arn bare = *k->target;
    bare.rest = slice_from_to(bare.rest, 0, bare.rest.len - bare.optional);
    bare.tail = slice_from_to(bare.tail, 0, bare.tail.len - bare.optional);
    return or_of(is, arn_covers(k->s->arena, &pattern, &bare));
}

tri statement_resource(const scope *s, const statement *st, const arn *target) {
    if (st->managed.len > 0)
        return YES;
    if (st->resources.len == 0)
        return YES;                          /* resource policies may leave it out; identity policies without it are refused */
    wanted k = { s, SLICE(""), target };
    tri is = test_items(s->arena, st->resources, st->when, is_target, &k);
    return st->not_resource ? not_of(is) : is;
}

bool statement_at(arena *a, const statement *st, when w, statement *there, tri *certain) {
    *there = *st;
    *certain = when_implied(st->when, w) ? YES : UNKNOWN;
    return when_and(a, st->when, w, &there->when);
}

/* ---- identities ---- */

tri role_allows(const scope *s, const iam_role *owner, slice action, const arn *target, when w) {
    tri allowed = NO, denied = NO;
    for (size_t i = 0; i < owner->list.len; i++) {
        statement there;
        const statement *st = &there;
        tri certain, is = statement_action(s->arena, &owner->list.at[i], action);
        if (is == NO || (!owner->list.at[i].deny && allowed == YES) || !statement_at(s->arena, &owner->list.at[i], w, &there, &certain))
            continue;
        tri on = statement_resource(s, st, target);
        if (on == UNKNOWN && !st->deny && target->type != NULL && slice_is(target->type->service, "s3") && slice_starts(target->tail, SLICE("/")))
            on = YES;                        /* some keys */
        is = and_of(and_of(is, on), and_of(certain, st->effect));
        if (!value_is_absent(st->condition))
            is = and_of(is, UNKNOWN);
        if (st->deny)
            denied = or_of(denied, is);
        else
            allowed = or_of(allowed, is);
    }
    if (owner->open)
        allowed = or_of(allowed, UNKNOWN);
    if (owner->bounded)
        allowed = and_of(allowed, UNKNOWN);
    return and_of(allowed, not_of(denied));
}

/* A service may be named with a region or a country ("states.eu-west-1.amazonaws.com", "amazonaws.com.cn"; Step Functions developer guide,
 * CloudWatch Logs user guide). */
static bool same_service(slice text, slice principal) {
    slice tail = SLICE(".amazonaws.com"), region;
    if (!slice_ends(principal, tail))
        return false;
    slice head = slice_from_to(principal, 0, principal.len - tail.len + 1);     /* "states." */
    if (!slice_starts(text, head))
        return false;
    slice left = slice_after(text, head.len);
    if (slice_ends(left, SLICE(".cn")))
        left = slice_from_to(left, 0, left.len - 3);
    if (slice_is(left, "amazonaws.com") || slice_is(left, "*"))
        return true;
    return slice_cut(&left, '.', &region) && slice_is(left, "amazonaws.com");
}

tri principal_matches(arena *a, const value *v, slice principal) {
    slice text;
    if (value_text(a, v, &text))
        return slice_eq(text, principal) || slice_is(text, "*") || same_service(text, principal) ? YES : NO;
    if (v->kind == VAL_JOINED)
        return slice_glob(value_glob(a, v), principal) || same_service(value_glob(a, v), principal) ? YES : NO;
    return v->kind == VAL_REF ? NO : UNKNOWN;    /* a role or user of the templates is no service */
}

static tri is_principal(const value *v, void *self) {
    const wanted *k = self;
    return principal_matches(k->s->arena, v, k->text);
}

static tri any_account(const value *v, void *self) {
    const wanted *k = self;
    slice text;
    if (!value_text(k->s->arena, v, &text))
        return v->kind == VAL_UNKNOWN && v->why == UNKNOWN_PSEUDO ? NO : UNKNOWN;
    return slice_is(text, "*") ? YES : NO;
}

typedef struct {
    const scope *s;
    slice principal;
    when when;
} principals;

static tri principal_of(const value *v, void *self) {
    const principals *k = self;
    wanted want = { k->s, k->principal, NULL };
    if (v->kind == VAL_MAP) {
        tri named_service = test_value(k->s->arena, value_get(k->s->arena, v, SLICE("Service")), k->when, is_principal, &want);
        return or_of(named_service, test_value(k->s->arena, value_get(k->s->arena, v, SLICE("AWS")), k->when, any_account, &want) == YES ? YES : NO);
    }
    if (v->kind == VAL_UNKNOWN)
        return UNKNOWN;
    return any_account(v, &want) == YES ? YES : is_principal(v, &want);
}

static tri statement_principal(const scope *s, const statement *st, slice principal) {
    principals k = { s, principal, st->when };
    tri is = test_value(s->arena, st->principal, st->when, principal_of, &k);
    return st->not_principal ? not_of(is) : is;
}

tri role_trusts(const scope *s, const iam_role *owner, slice principal, when w) {
    tri trusted = NO;
    for (size_t i = 0; i < owner->trust.len && trusted != YES; i++) {
        statement there;
        const statement *st = &there;
        tri certain;
        if (owner->trust.at[i].deny || !statement_at(s->arena, &owner->trust.at[i], w, &there, &certain))
            continue;
        tri is = st->effect == UNKNOWN ? UNKNOWN : statement_principal(s, st, principal);
        if (statement_action(s->arena, st, SLICE("sts:AssumeRole")) == NO)
            is = NO;
        trusted = or_of(trusted, and_of(is, certain));
    }
    return trusted;
}

/* ---- resource policies ---- */

typedef struct {
    const scope *s;
    const arn *source;
} source_of;

static tri is_source(const value *v, void *self) {
    const source_of *k = self;
    if (v->kind == VAL_STRING && slice_is(v->text, "*"))
        return YES;
    if (k->source == NULL || v->kind == VAL_UNKNOWN)
        return UNKNOWN;
    arn pattern = arn_of_value(k->s, v, k->source->type == NULL ? SLICE("") : k->source->type->type);
    return arn_covers(k->s->arena, &pattern, k->source);
}

/* Conditions of a statement: aws:SourceArn is compared, aws:SourceAccount is taken to be the own account, the rest is not known.
 * IAM user guide, "Condition operators". */
static tri conditions_hold(const scope *s, const statement *st, const arn *source) {
    if (value_is_absent(st->condition))
        return YES;
    if (st->condition->kind != VAL_MAP)
        return UNKNOWN;
    tri all = YES;
    for (size_t i = 0; i < st->condition->map.len; i++) {
        slice operator = st->condition->map.at[i].key;
        const value *keys = st->condition->map.at[i].value;
        bool compares = slice_starts(operator, SLICE("ArnLike")) || slice_starts(operator, SLICE("ArnEquals")) ||
                        slice_starts(operator, SLICE("StringEquals")) || slice_starts(operator, SLICE("StringLike"));
        if (keys->kind != VAL_MAP)
            return UNKNOWN;
        for (size_t k = 0; k < keys->map.len; k++) {
            slice key = lower(s->arena, keys->map.at[k].key);
            tri is = UNKNOWN;
            source_of of = { s, source };
            if (compares && slice_is(key, "aws:sourcearn"))
                is = test_value(s->arena, keys->map.at[k].value, st->when, is_source, &of);
            else if (compares && (slice_is(key, "aws:sourceaccount") || slice_is(key, "aws:sourceowner")))
                is = YES;
            else if (slice_is(operator, "Bool") && slice_is(key, "aws:securetransport"))
                is = st->deny ? NO : YES;    /* services use TLS */
            all = and_of(all, is);
        }
    }
    return all;
}

tri permits_statement(const scope *s, const statement_list *list, const asked *q, const resource **by, const resource **near_) {
    tri allowed = NO, denied = NO;
    for (size_t i = 0; i < list->len; i++) {
        statement there;
        const statement *st = &there;
        tri certain, is = statement_action(s->arena, &list->at[i], q->action);
        if (is == NO || !statement_at(s->arena, &list->at[i], q->when, &there, &certain))
            continue;
        is = and_of(is, statement_principal(s, st, q->principal));
        if (is == NO)
            continue;
        tri on = and_of(statement_resource(s, st, q->target), conditions_hold(s, st, q->source));
        if (on == NO && !st->deny && near_ != NULL && *near_ == NULL)
            *near_ = st->in;
        is = and_of(and_of(is, on), and_of(certain, st->effect));
        if (st->deny) {
            denied = or_of(denied, is);
        } else {
            if (is == YES && allowed != YES && by != NULL)
                *by = st->in;
            allowed = or_of(allowed, is);
        }
    }
    return and_of(allowed, not_of(denied));
}

/* ---- what an action is checked against ---- */

static const struct { const char *service, *actions, *tail; bool optional; } tails[] = {
    /* Service Authorization Reference: the resource type of each action. optional: what Ref and GetAtt give has it, patterns may leave it out */
    { "s3", "s3:*Object* s3:AbortMultipartUpload s3:ListMultipartUploadParts s3:*Multipart*Parts", "/\1?key\2", false },
    { "dynamodb", "dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:DescribeStream dynamodb:ListStreams", "/stream/\1?label\2", false },
    { "logs", "logs:PutLogEvents logs:GetLogEvents", ":log-stream:\1?stream\2", false },
    { "logs", "logs:*", ":*", true },
    { "execute-api", "execute-api:*", "/\1?route\2", false },
    { "appsync", "appsync:GraphQL appsync:Event*", "/\1?field\2", true },
    { "kafka", "kafka:*", "/\1?uuid\2", true },
    { "ecs", "ecs:RunTask ecs:StartTask", ":\1?revision\2", true },
    { "batch", "batch:SubmitJob", ":\1?revision\2", true },
    { "events", "events:InvokeApiDestination", "/\1?uuid\2", true },
    { "secretsmanager", "secretsmanager:*", "-\1?random\2", true },
};

static bool among(arena *a, const char *patterns, slice action) {
    slice all = slice_from(patterns), one;
    while (all.at != NULL && slice_cut(&all, ' ', &one))
        if (action_matches(a, one, action) == YES)
            return true;
    return false;
}

arn action_target(const scope *s, const resource *r, slice action, slice qualifier) {
    arn x = arn_of_resource(s, r);
    slice tail = SLICE("");
    if (x.type == NULL)
        return x;
    for (size_t i = 0; i < COUNT(tails) && tail.len == 0; i++)
        if (slice_is(x.type->service, tails[i].service) && among(s->arena, tails[i].actions, action)) {
            tail = slice_from(tails[i].tail);
            x.optional = tails[i].optional ? tail.len : 0;
        }
    if ((slice_is(x.type->service, "lambda") || slice_is(x.type->service, "states")) && qualifier.len > 0)
        tail = arena_printf(s->arena, ":%.*s", SLICE_ARG(qualifier));
    if (tail.len > 0) {
        slice more[] = { x.tail, tail }, whole[] = { x.rest, tail };
        x.tail = arena_concat(s->arena, more, 2);
        x.rest = arena_concat(s->arena, whole, 2);
    }
    return x;
}

/* ---- for rules ---- */

static bool scope_of(const graph *g, arena *a, const resource *r, scope *s) {
    *s = (scope){ g->index, index_of(g->index, r->in), a };
    return s->here != NULL;
}

static tri allows(const scope *s, const resource *by, slice action, const arn *target) {
    const iam_role *owner = policy_role(s->index, by);
    return owner == NULL ? UNKNOWN : role_allows(s, owner, action, target, WHEN_ALWAYS);
}

tri iam_allows(const graph *g, arena *a, const resource *by, slice action, const node *target) {
    scope s;
    if (target == NULL || !scope_of(g, a, by, &s))
        return UNKNOWN;
    if (target->resource != NULL) {
        arn x = action_target(&s, target->resource, action, SLICE(""));
        return allows(&s, by, action, &x);
    }
    if (target->arn.len == 0)
        return UNKNOWN;
    arn x = arn_of_text(&s, target->arn, SLICE(""));
    tri is = allows(&s, by, action, &x);
    return is == NO && slice_find_slice(target->arn, SLICE("${")) != (size_t)-1 ? UNKNOWN : is;
}

tri iam_allows_arn(const graph *g, arena *a, const resource *by, slice action, const value *target) {
    scope s;
    if (!scope_of(g, a, by, &s) || value_is_absent(target) || target->kind == VAL_UNKNOWN || target->kind == VAL_CHOICE)
        return UNKNOWN;
    arn x = arn_of_value(&s, target, SLICE(""));
    return x.known ? allows(&s, by, action, &x) : UNKNOWN;
}

tri iam_trusts(const graph *g, arena *a, const resource *by, slice principal) {
    scope s;
    if (!scope_of(g, a, by, &s))
        return UNKNOWN;
    const iam_role *owner = policy_role(s.index, by);
    return owner == NULL ? UNKNOWN : role_trusts(&s, owner, principal, WHEN_ALWAYS);
}

tri iam_accepts_resource(const graph *g, arena *a, const resource *r, slice principal, slice action, const value *source_arn) {
    scope s;
    if (!scope_of(g, a, r, &s))
        return UNKNOWN;
    arn target = action_target(&s, r, action, SLICE("")), source = { .known = false };
    if (source_arn != NULL)
        source = arn_of_value(&s, source_arn, SLICE(""));
    asked q = { principal, action, &target, source_arn == NULL ? NULL : &source, WHEN_ALWAYS };
    const permit_list *p = policy_permits(s.index, r), *all = strmap_get(&s.index->targets, r->type);
    tri is = p == NULL ? NO : permits_statement(&s, &p->list, &q, NULL, NULL);
    if (all != NULL)
        is = or_of(is, permits_statement(&s, &all->list, &q, NULL, NULL));
    if (p != NULL && p->open)
        is = or_of(is, UNKNOWN);
    static const char *const policies[] = { "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy", "AWS::Events::EventBusPolicy" };
    static const char *const targets[] = { "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket", "AWS::Events::EventBus" };
    for (size_t i = 0; i < COUNT(policies); i++)
        if (slice_is(r->type, targets[i]) && policy_open(s.index, r, slice_from(policies[i])))
            is = or_of(is, UNKNOWN);
    return is;
}

tri iam_accepts(const graph *g, arena *a, const node *n, slice principal, slice action, const value *source_arn) {
    return n == NULL || n->resource == NULL ? UNKNOWN : iam_accepts_resource(g, a, n->resource, principal, action, source_arn);
}
