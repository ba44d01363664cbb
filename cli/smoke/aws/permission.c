#include "smoke/aws/permission.h"

#include "graph/iam.h"

static const struct { const char *type, *property; } acting[] = {
    { "AWS::Lambda::Function", "Role" },
    { "AWS::StepFunctions::StateMachine", "RoleArn" },
    { "AWS::Scheduler::Schedule", "Target.RoleArn" },
    { "AWS::Pipes::Pipe", "RoleArn" },
};

/* The role of the templates that the caller acts as; NULL when it is not in them. */
static const resource *role_of(smoke *s, arena *a, const node *caller) {
    const resource *r = caller == NULL ? NULL : caller->resource, *as = NULL;
    for (size_t i = 0; r != NULL && i < COUNT(acting); i++) {
        if (!slice_is(r->type, acting[i].type)) continue;
        bool open = false;
        graph_pointed(s->graph, resource_get(a, r, slice_from(acting[i].property)), &as, &open);
        return as != NULL && slice_is(as->type, "AWS::IAM::Role") ? as : NULL;
    }
    return NULL;
}

slice permission_identity(smoke *s, arena *a, const node *caller) {
    const resource *as = role_of(s, a, caller);
    slice acted = as != NULL ? world_name(s->world, as) : SLICE("unknown");
    slice session = caller != NULL && caller->resource != NULL ? world_name(s->world, caller->resource) : SLICE("unknown");
    return arena_printf(a, "arn:%.*s:sts::%.*s:assumed-role/%.*s/%.*s", SLICE_ARG(s->world->partition), SLICE_ARG(s->world->account), SLICE_ARG(acted),
                        SLICE_ARG(session));
}

/* A parameter's name may be in the policy as it is, or as a reference to the parameter. */
static tri on_parameter(smoke *s, arena *a, const resource *as, slice action, const resource *target, slice arn) {
    slice name = world_name(s->world, target);
    slice head = slice_from_to(arn, 0, arn.len - (name.len > 0 && name.at[0] == '/' ? name.len - 1 : name.len));
    if (name.len > 0 && name.at[0] == '/' && slice_ends(head, SLICE("/"))) head.len--;
    const value *parts[] = { value_new_string(a, target->at, head), value_new_ref(a, target->at, target, SLICE("Ref")) };
    tri by_text = iam_allows_arn(s->graph, a, as, action, value_new_string(a, target->at, arn));
    return by_text != NO ? by_text : iam_allows_arn(s->graph, a, as, action, value_new_joined(a, target->at, parts, COUNT(parts)));
}

/* A policy of the target's own (QueuePolicy, BucketPolicy, ...) that speaks of the role may allow it too. */
static bool has_own_policy(const resource *target, const resource *as) {
    const template *t = target->in;
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        if (!slice_ends(r->type, SLICE("Policy")) || slice_starts(r->type, SLICE("AWS::IAM::"))) continue;
        bool of_target = false, of_role = false;
        for (size_t k = 0; k < r->depends_len; k++) {
            of_target |= r->depends[k] == target;
            of_role |= r->depends[k] == as;
        }
        if (of_target && of_role) return true;
    }
    return false;
}

tri permission_on_value(smoke *s, arena *a, const node *caller, slice action, const value *arn) {
    const resource *as = role_of(s, a, caller);
    return as == NULL ? UNKNOWN : iam_allows_arn(s->graph, a, as, action, arn);
}

tri permission_on_arn(smoke *s, arena *a, const node *caller, slice action, slice arn) {
    return permission_on_value(s, a, caller, action, value_new_string(a, (pos){ 0 }, arn));
}

tri permission_of(smoke *s, arena *a, const node *caller, slice action, const resource *target, slice *arn) {
    const resource *as = role_of(s, a, caller);
    *arn = target != NULL ? world_arn(s->world, target) : SLICE("*");
    if (as == NULL) return UNKNOWN;
    if (target == NULL) {
        /* An action that is on no resource: what lets it, lets it on whatever one asks for. */
        slice service = slice_from_to(action, 0, slice_find(action, ':'));
        return permission_on_arn(s, a, caller, action, arena_printf(a, "arn:%.*s:%.*s:%.*s:%.*s:any", SLICE_ARG(s->world->partition), SLICE_ARG(service),
                                                                    SLICE_ARG(s->world->region), SLICE_ARG(s->world->account)));
    }
    tri is;
    if (target->node != NULL) is = iam_allows(s->graph, a, as, action, target->node);
    else if (slice_is(target->type, "AWS::SSM::Parameter")) is = on_parameter(s, a, as, action, target, *arn);
    else {
        slice attr = slice_is(target->type, "AWS::SecretsManager::Secret") ? SLICE("Ref") : SLICE("Arn");
        is = iam_allows_arn(s->graph, a, as, action, value_new_ref(a, target->at, target, attr));
    }
    return is == NO && has_own_policy(target, as) ? UNKNOWN : is;
}
