#include "graph/policy.h"

/* ---- documents ---- */

#define STATEMENTS_MOST 20000    /* of one document: shared values (YAML aliases) must not multiply without end */

typedef struct {
    arena *arena;
    const resource *in;
    statement_list *out;
    bool whole;
} reading;

static value_list list_of(arena *a, const value *v) {
    value_list l = { NULL, 0 };
    value_as_list(a, v, &l.at, &l.len);
    return l;
}

static void read_statement(void *self, const value *v, when w) {
    reading *k = self;
    arena *a = k->arena;
    slice effect;
    if (v->kind != VAL_MAP) {
        k->whole = k->whole && (value_is_absent(v) || v->kind == VAL_STRING);
        return;
    }
    if (k->out->len >= STATEMENTS_MOST) {
        k->whole = false;
        return;
    }
    statement st = { .effect = YES, .when = w, .in = k->in, .managed = { "", 0 } };
    const value *e = value_get(a, v, SLICE("Effect"));
    if (!value_is_absent(e) && value_text(a, e, &effect))
        st.deny = slice_is(effect, "Deny");
    else
        st.effect = UNKNOWN;
    const value *action = value_get(a, v, SLICE("Action")), *target = value_get(a, v, SLICE("Resource"));
    if (value_is_absent(action)) {
        action = value_get(a, v, SLICE("NotAction"));
        st.not_action = true;
    }
    if (value_is_absent(target)) {
        target = value_get(a, v, SLICE("NotResource"));
        st.not_resource = !value_is_absent(target);
    }
    st.actions = list_of(a, action);
    st.resources = list_of(a, target);
    st.principal = value_get(a, v, SLICE("Principal"));
    if (value_is_absent(st.principal)) {
        st.principal = value_get(a, v, SLICE("NotPrincipal"));
        st.not_principal = !value_is_absent(st.principal);
    }
    st.condition = value_get(a, v, SLICE("Condition"));
    VEC_PUSH(a, k->out, st);
}

static void read_document(void *self, const value *v, when w) {
    reading *k = self;
    bool bad;
    const value *const *items;
    size_t len;
    if (value_is_absent(v))
        return;
    v = value_from_json_text(k->arena, v, &bad);
    if (v->kind != VAL_MAP) {
        k->whole = false;
        return;
    }
    const value *all = value_get(k->arena, v, SLICE("Statement"));
    value_as_list(k->arena, all, &items, &len);
    for (size_t i = 0; i < len && k->out->len < STATEMENTS_MOST; i++)
        value_each(k->arena, items[i], w, read_statement, k);
}

bool policy_statements(arena *a, const value *document, when w, const resource *in, statement_list *out) {
    reading k = { a, in, out, true };
    value_each(a, document, w, read_document, &k);
    return k.whole;
}

/* ---- roles ---- */

static const struct { slice path, actions; } managed[] = {
#define MANAGED(path, actions) { SLICE_INIT(path), SLICE_INIT(actions) },
#include "graph/managed.def"
#undef MANAGED
};

slice managed_actions(slice path) {
    size_t low = 0, high = COUNT(managed);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(path, managed[middle].path);
        if (order == 0)
            return managed[middle].actions;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (slice){ "", 0 };
}

static iam_role *role_in(arena *a, template_index *t, const resource *r) {
    iam_role *x = strmap_get(&t->roles, r->id);
    if (x == NULL) {
        x = ARENA_NEW(a, iam_role);
        strmap_put(a, &t->roles, r->id, x);
    }
    return x;
}

typedef struct {
    builder *b;
    template_index *t;
    iam_role *role;
    const resource *r;           /* the role, or the policy that is attached */
} attaching;

static void attach_managed(void *self, const value *v, when w) {
    attaching *k = self;
    arena *a = k->b->arena;
    if (value_is_absent(v))
        return;
    if (v->kind == VAL_REF && slice_is(v->ref.to->type, "AWS::IAM::ManagedPolicy")) {
        if (!policy_statements(a, value_get(a, v->ref.to->properties, SLICE("PolicyDocument")), w, v->ref.to, &k->role->list))
            k->role->open = true;
        return;
    }
    if (v->kind == VAL_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            if (v->list.at[i]->kind != VAL_LIST)
                value_each(a, v->list.at[i], w, attach_managed, k);
        return;
    }
    arn x = arn_of_value(&k->b->s, v, SLICE("AWS::IAM::ManagedPolicy"));
    slice actions = x.known && slice_is(x.service, "iam") && slice_is(x.account, "aws") && slice_starts(x.rest, SLICE("policy/"))
                        ? managed_actions(slice_after(x.rest, strlen("policy/"))) : SLICE("");
    if (actions.len > 0) {
        VEC_PUSH(a, &k->role->list, (statement){ .effect = YES, .principal = &value_absent, .condition = &value_absent, .when = w,
                                                 .in = k->r, .managed = actions });
    } else if (x.of != NULL && slice_is(x.of->r->type, "AWS::IAM::ManagedPolicy")) {
        if (!policy_statements(a, value_get(a, x.of->r->properties, SLICE("PolicyDocument")), w, x.of->r, &k->role->list))
            k->role->open = true;
    } else {
        k->role->open = true;
    }
}

static void inline_policy(void *self, const value *v, when w) {
    attaching *k = self;
    arena *a = k->b->arena;
    if (value_is_absent(v))
        return;
    if (v->kind == VAL_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            if (v->list.at[i]->kind != VAL_LIST)
                value_each(a, v->list.at[i], w, inline_policy, k);
        return;
    }
    if (v->kind != VAL_MAP || !policy_statements(a, value_get(a, v, SLICE("PolicyDocument")), w, k->r, &k->role->list))
        k->role->open = true;
}

static void read_role(builder *b, template_index *t, const resource *r) {
    arena *a = b->arena;
    attaching k = { b, t, role_in(a, t, r), r };
    k.role->here = true;
    value_each(a, value_get(a, r->properties, SLICE("Policies")), r->exists, inline_policy, &k);
    value_each(a, value_get(a, r->properties, SLICE("ManagedPolicyArns")), r->exists, attach_managed, &k);
    k.role->bounded = !value_is_absent(value_get(a, r->properties, SLICE("PermissionsBoundary")));
    if (!policy_statements(a, value_get(a, r->properties, SLICE("AssumeRolePolicyDocument")), r->exists, r, &k.role->trust))
        VEC_PUSH(a, &k.role->trust, (statement){ .effect = UNKNOWN, .principal = &value_absent, .condition = &value_absent,
                                                  .when = r->exists, .in = r });
}

static void attach_role(void *self, const value *v, when w) {
    attaching *k = self;
    arena *a = k->b->arena;
    bool open;
    if (v->kind == VAL_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            if (v->list.at[i]->kind != VAL_LIST)
                value_each(a, v->list.at[i], w, attach_role, k);
        return;
    }
    const resource *r = build_resource(k->b, v, SLICE("AWS::IAM::Role"), &open);
    if (r == NULL || !slice_is(r->type, "AWS::IAM::Role"))
        return;
    iam_role *to = role_in(a, k->t, r);
    if (!policy_statements(a, value_get(a, k->r->properties, SLICE("PolicyDocument")), w, k->r, &to->list))
        to->open = true;
}

static void read_attached(builder *b, template_index *t, const resource *r) {
    arena *a = b->arena;
    attaching k = { b, t, NULL, r };
    value_each(a, value_get(a, r->properties, slice_is(r->type, "AWS::IAM::RolePolicy") ? SLICE("RoleName") : SLICE("Roles")), r->exists,
               attach_role, &k);
}

/* ---- resource policies ---- */

static const struct {
    const char *type, *target, *target_type, *document;    /* target "": the resource itself; "*": every resource of the type */
} resource_policies[] = {
    { "AWS::ApiGateway::RestApi",            "",                 "AWS::ApiGateway::RestApi",     "Policy" },
    { "AWS::DynamoDB::Table",                "",                 "AWS::DynamoDB::Table",         "ResourcePolicy.PolicyDocument" },
    { "AWS::Events::EventBus",               "",                 "AWS::Events::EventBus",        "Policy" },
    { "AWS::Events::EventBusPolicy",         "EventBusName",     "AWS::Events::EventBus",        "" },
    { "AWS::KMS::Key",                       "",                 "AWS::KMS::Key",                "KeyPolicy" },
    { "AWS::Kinesis::ResourcePolicy",        "ResourceArn",      "AWS::Kinesis::Stream",         "ResourcePolicy" },
    { "AWS::Logs::ResourcePolicy",           "*",                "AWS::Logs::LogGroup",          "PolicyDocument" },
    { "AWS::S3::BucketPolicy",               "Bucket",           "AWS::S3::Bucket",              "PolicyDocument" },
    { "AWS::SNS::TopicInlinePolicy",         "TopicArn",         "AWS::SNS::Topic",              "PolicyDocument" },
    { "AWS::SNS::TopicPolicy",               "Topics",           "AWS::SNS::Topic",              "PolicyDocument" },
    { "AWS::SQS::QueueInlinePolicy",         "Queue",            "AWS::SQS::Queue",              "PolicyDocument" },
    { "AWS::SQS::QueuePolicy",               "Queues",           "AWS::SQS::Queue",              "PolicyDocument" },
    { "AWS::SecretsManager::ResourcePolicy", "SecretId",         "AWS::SecretsManager::Secret",  "ResourcePolicy" },
};

static permit_list *permits_at(arena *a, strmap *targets, slice id) {
    permit_list *p = strmap_get(targets, id);
    if (p == NULL) {
        p = ARENA_NEW(a, permit_list);
        strmap_put(a, targets, id, p);
    }
    return p;
}

typedef struct {
    template_index *t;
    const resource *r;
    const value *document;
} permitting;

static void add_policy(arena *a, template_index *t, slice id, const resource *r, const value *document, when w) {
    permit_list *p = permits_at(a, &t->targets, id);
    if (!policy_statements(a, document, w, r, &p->list))
        p->open = true;
}

static void policy_target(builder *b, end e, void *self) {
    permitting *k = self;
    if (e.node->resource != NULL)
        add_policy(b->arena, k->t, e.node->resource->id, k->r, k->document, e.when);
    else if (e.node->role == ROLE_UNKNOWN || slice_starts(e.node->id, SLICE("param:")) || slice_starts(e.node->id, SLICE("import:")))
        strmap_put(b->arena, &k->t->open_permits, k->r->type, k);
}

/* AWS::Events::EventBusPolicy: Statement is one statement, or Action and Principal stand alone. */
static const value *bus_policy(builder *b, const resource *r) {
    arena *a = b->arena;
    const value *one = value_get(a, r->properties, SLICE("Statement"));
    if (value_is_absent(one))
        one = build_map(b, r->at, (build_pair[]){
            { "Effect", value_new_string(a, r->at, SLICE("Allow")) },
            { "Action", value_get(a, r->properties, SLICE("Action")) },
            { "Principal", value_get(a, r->properties, SLICE("Principal")) },
            { "Condition", value_get(a, r->properties, SLICE("Condition")) },
        }, 4);
    return build_map(b, r->at, &(build_pair){ "Statement", one }, 1);
}

static void read_policy(builder *b, template_index *t, size_t row, const resource *r) {
    arena *a = b->arena;
    const value *document = resource_policies[row].document[0] == '\0' ? bus_policy(b, r)
                                                                        : value_at(a, r->properties, slice_from(resource_policies[row].document));
    const char *target = resource_policies[row].target;
    if (value_is_absent(document))
        return;
    if (target[0] == '\0') {
        add_policy(a, t, r->id, r, document, r->exists);
    } else if (target[0] == '*') {
        add_policy(a, t, slice_from(resource_policies[row].target_type), r, document, r->exists);
    } else {
        permitting *k = ARENA_NEW(a, permitting);
        *k = (permitting){ t, r, document };
        build_each_end(b, value_get(a, r->properties, slice_from(target)), slice_from(resource_policies[row].target_type), r->exists,
                       policy_target, k);
    }
}

static void function_target(builder *b, end e, void *self) {
    permitting *k = self;
    arena *a = b->arena;
    const value *p = k->r->properties;
    if (e.node->resource == NULL) {
        if (!slice_starts(e.node->id, SLICE("arn:")))
            strmap_put(a, &k->t->open_permits, k->r->type, k);
        return;
    }
    permit_list *l = permits_at(a, &k->t->targets, e.node->resource->id);
    VEC_PUSH(a, &l->functions, (function_permit){
        k->r, e.qualifier, value_under(value_get(a, p, SLICE("Action")), e.when), value_under(value_get(a, p, SLICE("Principal")), e.when),
        value_under(value_get(a, p, SLICE("SourceArn")), e.when), value_under(value_get(a, p, SLICE("SourceAccount")), e.when),
        value_under(value_get(a, p, SLICE("FunctionUrlAuthType")), e.when), e.when });
}

static void read_permission(builder *b, template_index *t, const resource *r) {
    permitting *k = ARENA_NEW(b->arena, permitting);
    *k = (permitting){ t, r, NULL };
    build_each_end(b, value_get(b->arena, r->properties, SLICE("FunctionName")), SLICE("AWS::Lambda::Function"), r->exists, function_target, k);
}

void policies_index(builder *b, template_index *t) {
    static const struct { const char *type; void (*read)(builder *b, template_index *t, const resource *r); } readers[] = {
        { "AWS::IAM::Role", read_role },
        { "AWS::IAM::Policy", read_attached },
        { "AWS::IAM::ManagedPolicy", read_attached },
        { "AWS::IAM::RolePolicy", read_attached },
        { "AWS::Lambda::Permission", read_permission },
    };
    for (size_t i = 0; i < COUNT(readers); i++)
        for (const resource *const *r = build_all(b, slice_from(readers[i].type)); *r != NULL; r++)
            readers[i].read(b, t, *r);
    for (size_t i = 0; i < COUNT(resource_policies); i++)
        for (const resource *const *r = build_all(b, slice_from(resource_policies[i].type)); *r != NULL; r++)
            read_policy(b, t, i, *r);
}

static void append(arena *a, statement_list *to, const statement_list *from) {
    for (size_t i = 0; i < from->len; i++)
        VEC_PUSH(a, to, from->at[i]);
}

void policies_join(graph_index *x, arena *a) {
    for (size_t i = 0; i < x->len; i++) {
        for (size_t k = 0; k < x->templates[i].roles.len; k++) {
            strmap_entry *e = &x->templates[i].roles.at[k];
            iam_role *first = strmap_get(&x->roles, e->key), *more = e->value;
            if (first == NULL) {
                strmap_put(a, &x->roles, e->key, more);
                continue;
            }
            append(a, &first->list, &more->list);
            append(a, &first->trust, &more->trust);
            first->open |= more->open;
            first->bounded |= more->bounded;
            first->here |= more->here;
        }
        for (size_t k = 0; k < x->templates[i].targets.len; k++) {
            strmap_entry *e = &x->templates[i].targets.at[k];
            permit_list *first = strmap_get(&x->targets, e->key), *more = e->value;
            if (first == NULL) {
                strmap_put(a, &x->targets, e->key, more);
                continue;
            }
            append(a, &first->list, &more->list);
            for (size_t f = 0; f < more->functions.len; f++)
                VEC_PUSH(a, &first->functions, more->functions.at[f]);
            first->open |= more->open;
        }
    }
}

const iam_role *policy_role(const graph_index *x, const resource *of) {
    const iam_role *r = strmap_get(&x->roles, of->id);
    return r != NULL && r->here ? r : NULL;
}

const permit_list *policy_permits(const graph_index *x, const resource *target) { return strmap_get(&x->targets, target->id); }

bool policy_open(const graph_index *x, const resource *target, slice policy_type) {
    const template_index *t = index_of(x, target->in);
    return t != NULL && strmap_has(&t->open_permits, policy_type);
}
