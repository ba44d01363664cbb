/* Roles, and what Policies of functions and state machines say. AWS SAM developer guide, AWS::Serverless::Function, Policies. */
#include "template/sam/lower.h"

typedef struct {
    slice name, parameters;
    struct { slice actions, resources; } set[2];
    slice condition_key, condition;
} policy_template;

static const policy_template known[] = {
#define POLICY(name, parameters, actions, resources, more_actions, more_resources, key, text) \
    { SLICE_INIT(name), SLICE_INIT(parameters), \
      { { SLICE_INIT(actions), SLICE_INIT(resources) }, { SLICE_INIT(more_actions), SLICE_INIT(more_resources) } }, \
      SLICE_INIT(key), SLICE_INIT(text) },
#include "template/sam/policy.def"
#undef POLICY
};

static const policy_template *template_of(slice name) {
    size_t low = 0, high = COUNT(known);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_order(known[middle].name, name);
        if (order == 0)
            return &known[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

draft *sam_trust(sam *s, const char *service) {
    draft *statement = draft_map_for(&s->drafts, sam_at(s), 3);
    sam_put(s, statement, "Action", sam_list_of(s, sam_word(s, "sts:AssumeRole")));
    sam_put_word(s, statement, "Effect", "Allow");
    sam_put(s, statement, "Principal", sam_pair(s, "Service", sam_list_of(s, sam_word(s, service))));
    draft *document = sam_pair(s, "Version", sam_word(s, "2012-10-17"));
    sam_put(s, document, "Statement", sam_list_of(s, statement));
    return document;
}

draft *sam_managed_arn(sam *s, slice name) {
    return sam_string(s, sam_print(s, "arn:%.*s:iam::aws:policy/%.*s", SLICE_ARG(s->partition), SLICE_ARG(name)));
}

/* "dynamodb:GetItem Query s3:GetObject": a prefix holds until the next. */
static draft *action_list(sam *s, slice actions, pos at) {
    draft *list = draft_list(&s->drafts, at);
    slice word, prefix = { "", 0 };
    while (actions.at != NULL && slice_cut(&actions, ' ', &word)) {
        size_t colon = slice_find(word, ':');
        if (colon < word.len)
            prefix = slice_from_to(word, 0, colon + 1);
        slice parts[] = { colon < word.len ? (slice){ "", 0 } : prefix, word };
        draft_push_node(&s->drafts, list, draft_text_node(&s->drafts, at, arena_concat(s->a, parts, 2)));
    }
    return list;
}

draft *sam_statement(sam *s, const char *actions, draft *on) {
    draft *statement = draft_map(&s->drafts, sam_at(s));
    sam_put(s, statement, "Action", action_list(s, slice_from(actions), sam_at(s)));
    sam_put_word(s, statement, "Effect", "Allow");
    sam_put(s, statement, "Resource", on);
    return statement;
}

draft *sam_allow(sam *s, slice name, const char *actions, draft *on) {
    draft *policy = sam_pair(s, "PolicyName", sam_string(s, name));
    sam_put(s, policy, "PolicyDocument", sam_pair(s, "Statement", sam_list_of(s, sam_statement(s, actions, on))));
    return policy;
}

void sam_add_statement(sam *s, draft *policy, draft *statement) {
    draft *document = draft_get(&s->drafts, policy, SLICE("PolicyDocument"));
    draft_push(&s->drafts, draft_get(&s->drafts, document, SLICE("Statement")), statement);
}

/* ---- policy templates ---- */

/* arn:P:dynamodb:R:A:table/${tableName} */
static draft *template_arn(sam *s, slice text, const doc_node *parameters, pos at) {
    if (slice_is(text, "*"))
        return draft_string(&s->drafts, at, text);
    slice arn = text;
    if (slice_starts(text, SLICE("arn:P:"))) {
        slice rest = slice_after(text, 6), service;
        slice_cut(&rest, ':', &service);
        bool regional = slice_starts(rest, SLICE("R:A:"));
        slice parts[] = { SLICE("arn:${AWS::Partition}:"), service, regional ? SLICE(":${AWS::Region}:${AWS::AccountId}:") : SLICE(":"),
                          regional ? slice_after(rest, 4) : rest };
        arn = arena_concat(s->a, parts, COUNT(parts));
    }
    draft *values = draft_map(&s->drafts, at);
    for (size_t i = 0; parameters->kind == DOC_MAP && i < parameters->map.len; i++) {
        const doc_entry *e = &parameters->map.at[i];
        slice rest = text;
        for (size_t open; (open = slice_find_slice(rest, SLICE("${"))) != (size_t)-1;) {
            rest = slice_after(rest, open + 2);
            slice name = slice_from_to(rest, 0, slice_find(rest, '}'));
            if (slice_same_letters(name, e->key))
                draft_put_at(&s->drafts, values, name, e->key_at, e->key_end, draft_of(&s->drafts, e->value));
        }
    }
    draft *sub = draft_list(&s->drafts, at);
    draft_push(&s->drafts, sub, draft_string(&s->drafts, at, arn));
    if (values->entries.len > 0)
        draft_push(&s->drafts, sub, values);
    else
        sub = draft_at(&s->drafts, sub, 0);
    draft *call = draft_map(&s->drafts, at);
    draft_put(&s->drafts, call, SLICE("Fn::Sub"), sub);
    return call;
}

static draft *template_statement(sam *s, const policy_template *p, size_t set, const doc_node *parameters, pos at) {
    draft *statement = draft_map(&s->drafts, at), *resources = draft_list(&s->drafts, at);
    sam_put(s, statement, "Action", action_list(s, p->set[set].actions, at));
    draft_put(&s->drafts, statement, SLICE("Effect"), draft_string(&s->drafts, at, SLICE("Allow")));
    slice rest = p->set[set].resources, one;
    while (rest.at != NULL && slice_cut(&rest, ' ', &one))
        draft_push(&s->drafts, resources, template_arn(s, one, parameters, at));
    sam_put(s, statement, "Resource", resources);
    if (set == 0 && p->condition.len > 0) {
        draft *equals = draft_map(&s->drafts, at), *only = draft_map(&s->drafts, at);
        draft_put(&s->drafts, equals, p->condition_key, template_arn(s, p->condition, parameters, at));
        sam_put(s, only, "StringEquals", equals);
        sam_put(s, statement, "Condition", only);
    }
    return statement;
}

/* {Name: {Parameter: value}} as a policy document; NULL when it is none. */
static draft *from_template(sam *s, const doc_node *n) {
    if (n->kind != DOC_MAP || n->map.len != 1)
        return NULL;
    const doc_entry *e = &n->map.at[0];
    const policy_template *p = template_of(e->key);
    if (p == NULL)
        return NULL;
    if (e->value->kind != DOC_MAP && !(p->parameters.len == 0 && e->value->kind == DOC_NULL))
        sam_refuse(s, e->value, "the policy template %.*s takes a map of its parameters (%.*s)", SLICE_ARG(p->name), SLICE_ARG(p->parameters));
    slice rest = p->parameters, name;
    while (rest.at != NULL && rest.len > 0 && slice_cut(&rest, ' ', &name))
        if (e->value->kind == DOC_MAP && doc_get(e->value, name) == NULL)
            sam_refuse_at(s, e->key_at, e->key_end, "the policy template %.*s needs the parameter %.*s", SLICE_ARG(p->name), SLICE_ARG(name));
    draft *document = draft_map(&s->drafts, e->key_at), *statements = draft_list(&s->drafts, e->key_at);
    for (size_t set = 0; set < 2; set++)
        if (p->set[set].actions.len > 0)
            draft_push(&s->drafts, statements, template_statement(s, p, set, e->value, e->key_at));
    sam_put(s, document, "Statement", statements);
    return document;
}

/* ---- Policies ---- */

typedef enum { POLICY_MANAGED, POLICY_DOCUMENT, POLICY_NOTHING, POLICY_MIXED, POLICY_UNKNOWN } policy_kind;

static policy_kind kind_of(const doc_node *n) {
    if (n->kind == DOC_STRING)
        return POLICY_MANAGED;
    if (sam_is_no_value(n))
        return POLICY_NOTHING;
    if (sam_is_if(n)) {
        const doc_node *arg = n->map.at[0].value;
        policy_kind yes = sam_is_if(arg->list.at[1]) ? POLICY_UNKNOWN : kind_of(arg->list.at[1]);
        policy_kind no = sam_is_if(arg->list.at[2]) ? POLICY_UNKNOWN : kind_of(arg->list.at[2]);
        if (yes == no || no == POLICY_NOTHING)
            return yes;
        return yes == POLICY_NOTHING ? no : POLICY_MIXED;
    }
    if (sam_is_intrinsic(n))
        return POLICY_MANAGED;
    if (n->kind == DOC_MAP && (doc_get(n, SLICE("Statement")) != NULL || (n->map.len == 1 && template_of(n->map.at[0].key) != NULL)))
        return POLICY_DOCUMENT;
    return POLICY_UNKNOWN;
}

/* A managed policy may be named without its path; the ARN has it. Those with a path that SAM templates name. */
static slice managed_path(slice name) {
    static const slice service_role[] = {
        SLICE_INIT("AWSLambdaBasicExecutionRole"), SLICE_INIT("AWSLambdaDynamoDBExecutionRole"), SLICE_INIT("AWSLambdaKinesisExecutionRole"),
        SLICE_INIT("AWSLambdaSQSQueueExecutionRole"), SLICE_INIT("AWSLambdaVPCAccessExecutionRole"), SLICE_INIT("AWSLambdaRole"),
        SLICE_INIT("AWSLambdaENIManagementAccess"), SLICE_INIT("AWSLambdaMSKExecutionRole"), SLICE_INIT("AmazonAPIGatewayPushToCloudWatchLogs"),
        SLICE_INIT("AWSAppSyncPushToCloudWatchLogs"), SLICE_INIT("AmazonS3ObjectLambdaExecutionRolePolicy"),
    };
    for (size_t i = 0; i < COUNT(service_role); i++)
        if (slice_eq(service_role[i], name))
            return SLICE("service-role/");
    return (slice){ "", 0 };
}

static draft *managed_policy(sam *s, const doc_node *n) {
    if (n->kind != DOC_STRING || slice_starts(n->text, SLICE("arn:")) || n->text.len == 0)
        return draft_of(&s->drafts, n);
    draft *arn = draft_string(&s->drafts, n->at, sam_print(s, "arn:%.*s:iam::aws:policy/%.*s%.*s", SLICE_ARG(s->partition),
                                                           SLICE_ARG(managed_path(n->text)), SLICE_ARG(n->text)));
    arn->end = n->end;
    return arn;
}

static draft *inline_policy(sam *s, const doc_node *n, slice name) {
    draft *document = from_template(s, n);
    draft *policy = draft_map(&s->drafts, n->at);
    draft_put(&s->drafts, policy, SLICE("PolicyName"), draft_string(&s->drafts, n->at, name));
    draft_put(&s->drafts, policy, SLICE("PolicyDocument"), document == NULL ? draft_of(&s->drafts, n) : document);
    return policy;
}

static draft *one_policy(sam *s, const doc_node *n, policy_kind kind, slice name) {
    if (sam_is_no_value(n))
        return draft_of(&s->drafts, n);
    return kind == POLICY_MANAGED ? managed_policy(s, n) : inline_policy(s, n, name);
}

static void add_policy(sam *s, const doc_node *n, size_t index, draft *managed, draft *policies) {
    slice name = sam_print(s, "%.*sRolePolicy%zu", SLICE_ARG(s->now->id), index);
    policy_kind kind = kind_of(n);
    if (kind == POLICY_NOTHING)
        return;
    if (kind == POLICY_MIXED || kind == POLICY_UNKNOWN) {
        if (kind == POLICY_MIXED)
            sam_refuse(s, n, "both branches of a Fn::If in Policies must be of one kind: managed policies, statements or policy templates");
        else
            sam_refuse(s, n, "this is no managed policy name or ARN, no statement and no policy template that AWS SAM has");
        return;
    }
    draft *made;
    if (sam_is_if(n)) {
        const doc_node *arg = n->map.at[0].value;
        made = sam_if(s, arg->list.at[0]->text, one_policy(s, arg->list.at[1], kind, name), one_policy(s, arg->list.at[2], kind, name));
        made->at = n->at;
    } else {
        made = one_policy(s, n, kind, name);
    }
    draft_push(&s->drafts, kind == POLICY_MANAGED ? managed : policies, made);
}

draft *sam_role(sam *s, draft *trust, draft *managed, draft *policies) {
    const doc_node *given = sam_prop(s, "Policies");
    if (given != NULL && given->kind == DOC_LIST)
        for (size_t i = 0; i < given->list.len; i++)
            add_policy(s, given->list.at[i], i, managed, policies);
    else if (given != NULL && sam_truth(given))
        add_policy(s, given, 0, managed, policies);
    slice id = sam_join(s, s->now->id, "Role");
    draft *made = sam_add(s, id, "AWS::IAM::Role");
    if (made == NULL)
        return NULL;
    sam_put(s, made, "AssumeRolePolicyDocument", trust);
    sam_put(s, made, "ManagedPolicyArns", managed);
    sam_put(s, made, "Policies", policies);
    sam_copy(s, made, s->now->props, "RolePath>Path PermissionsBoundary");
    return made;
}

static bool has_text(sam *s, draft *list, const char *key, slice text) {
    if (!draft_open(&s->drafts, list))
        return false;
    for (size_t i = 0; i < list->entries.len; i++) {
        draft *one = draft_at(&s->drafts, list, i);
        if (slice_eq(draft_text(key[0] == '\0' ? one : draft_get(&s->drafts, one, slice_from(key))), text))
            return true;
    }
    return false;
}

void sam_role_managed(sam *s, draft *to, slice name) {
    draft *list = to == NULL || name.len == 0 ? NULL : draft_get(&s->drafts, to, SLICE("ManagedPolicyArns"));
    draft *arn = sam_managed_arn(s, name);
    if (list != NULL && !has_text(s, list, "", draft_text(arn)))
        draft_push(&s->drafts, list, arn);
}

void sam_role_policy(sam *s, draft *to, draft *policy) {
    draft *list = to == NULL ? NULL : draft_get(&s->drafts, to, SLICE("Policies"));
    if (list != NULL)
        draft_push(&s->drafts, list, policy);
}
