/* AWS::Serverless::Connector, and Connectors on resources: a policy or permission between two resources. Connectors are lowered last, when
 * what they connect is CloudFormation. AWS SAM developer guide, "AWS::Serverless::Connector". */
#include "template/sam/lower.h"

typedef enum { HOW_ROLE, HOW_PERMISSION, HOW_TOPIC, HOW_QUEUE } how_kind;
#define HOLDER_SOURCE true
#define HOLDER_DESTINATION false

typedef struct {
    slice source, destination;
    how_kind how;
    bool source_holds;
    slice sets;
    slice actions[2];            /* Read, Write */
} profile;

static const profile profiles[] = {
#define CONNECTOR(source, destination, how, holder, sets, read, write) \
    { SLICE_INIT(source), SLICE_INIT(destination), HOW_##how, HOLDER_##holder, SLICE_INIT(sets), { SLICE_INIT(read), SLICE_INIT(write) } },
#include "template/sam/connector.def"
#undef CONNECTOR
};
static const char *const permission_names[] = { "Read", "Write" };

/* How a type is named: whether Ref is its ARN; its role; whether Ref is its URL or its id; whether it has a Name. */
static const struct {
    const char *type;
    bool arn_by_ref;
    const char *role;
    bool url, id, name;
    const char *id_attribute;
} named_by[] = {
    { "AWS::Lambda::Function", false, "Role", false, false, false, NULL },
    { "AWS::StepFunctions::StateMachine", true, "RoleArn", false, false, true, NULL },
    { "AWS::AppSync::GraphQLApi", true, NULL, false, true, false, "ApiId" },
    { "AWS::AppSync::DataSource", true, "ServiceRoleArn", false, false, false, NULL },
    { "AWS::Events::Rule", false, NULL, false, false, false, NULL },
    { "AWS::SQS::Queue", false, NULL, true, false, false, NULL },
    { "AWS::SNS::Topic", true, NULL, false, false, false, NULL },
    { "AWS::DynamoDB::Table", false, NULL, false, false, false, NULL },
    { "AWS::S3::Bucket", false, NULL, false, false, false, NULL },
    { "AWS::Location::PlaceIndex", false, NULL, false, false, false, NULL },
    { "AWS::ApiGatewayV2::Api", false, NULL, false, true, false, NULL },
    { "AWS::ApiGateway::RestApi", false, NULL, false, true, false, NULL },
    { "AWS::Events::EventBus", false, NULL, false, false, false, NULL },
};

static const char *const becomes[][2] = {
    { "AWS::Serverless::Function", "AWS::Lambda::Function" },       { "AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine" },
    { "AWS::Serverless::Api", "AWS::ApiGateway::RestApi" },         { "AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api" },
    { "AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table" },
};

typedef struct {
    slice id, type;
    draft *arn, *role_name, *url, *resource_id, *name, *qualifier;
    const doc_node *node;
} reference;

/* The role that the rule calls this target with. */
static draft *rule_role(sam *s, draft *props, const doc_node *other) {
    draft *targets = draft_get(&s->drafts, props, SLICE("Targets"));
    slice id = sam_text_of(s, sam_get(other, "Id")), same = sam_hash(s, sam_get(other, "Arn"));
    for (size_t i = 0; draft_is_list(targets) && draft_open(&s->drafts, targets) && i < targets->entries.len; i++) {
        draft *target = draft_at(&s->drafts, targets, i);
        draft *arn = draft_get(&s->drafts, target, SLICE("Arn"));
        slice named = sam_named_draft(s, arn);
        if ((named.len > 0 && slice_eq(named, id)) || (same.len > 0 && arn != NULL && slice_eq(same, sam_hash_draft(s, arn))))
            return draft_get(&s->drafts, target, SLICE("RoleArn"));
    }
    return NULL;
}

static bool read_reference(sam *s, const doc_node *n, const doc_node *other, const char *what, reference *r) {
    *r = (reference){ .node = n };
    if (n == NULL || n->kind != DOC_MAP) {
        sam_refuse(s, n, "%s of a connector must be a map", what);
        return false;
    }
    const doc_node *id = doc_get(n, SLICE("Id"));
    size_t others = 0;
    for (size_t i = 0; i < n->map.len; i++)
        others += !slice_is(n->map.at[i].key, "Id") && !slice_is(n->map.at[i].key, "Qualifier");
    if ((id != NULL) == (others > 0)) {
        sam_refuse(s, n, "%s of a connector is an Id (with Qualifier), or Type and what names the resource (Arn, RoleName, ...)", what);
        return false;
    }
    r->qualifier = sam_draft(s, sam_get(n, "Qualifier"));
    if (id == NULL) {
        const doc_node *type = sam_get(n, "Type");
        if (type == NULL || type->kind != DOC_STRING || type->text.len == 0) {
            sam_refuse(s, type == NULL ? n : type, "%s of a connector without Id needs Type", what);
            return false;
        }
        r->type = type->text;
        for (size_t i = 0; i < COUNT(becomes); i++)
            if (slice_is(r->type, becomes[i][0]))
                r->type = slice_from(becomes[i][1]);
        r->arn = sam_draft(s, sam_get(n, "Arn"));
        r->role_name = sam_draft(s, sam_get(n, "RoleName"));
        r->url = sam_draft(s, sam_get(n, "QueueUrl"));
        r->resource_id = sam_draft(s, sam_get(n, "ResourceId"));
        r->name = sam_draft(s, sam_get(n, "Name"));
        return true;
    }
    if (id->kind != DOC_STRING || id->text.len == 0) {
        sam_refuse(s, id, "Id of %s must be a logical id", what);
        return false;
    }
    draft *made = sam_made(s, id->text), *props = draft_get(&s->drafts, made, SLICE("Properties"));
    if (made == NULL || strmap_has(&s->dropped, id->text)) {
        sam_refuse(s, id, "there is no resource %.*s", SLICE_ARG(id->text));
        return false;
    }
    r->id = id->text;
    r->type = draft_text(draft_get(&s->drafts, made, SLICE("Type")));
    if (r->type.len == 0) {
        sam_refuse(s, id, "the resource %.*s has no Type", SLICE_ARG(id->text));
        return false;
    }
    for (size_t i = 0; i < COUNT(named_by); i++) {
        if (!slice_is(r->type, named_by[i].type))
            continue;
        r->arn = named_by[i].arn_by_ref ? sam_ref(s, r->id) : sam_att(s, r->id, "Arn");
        draft *by = named_by[i].role != NULL ? draft_get(&s->drafts, props, slice_from(named_by[i].role))
                  : slice_is(r->type, "AWS::Events::Rule") ? rule_role(s, props, other) : NULL;
        slice role_id = sam_named_draft(s, by);
        r->role_name = role_id.len == 0 ? NULL : sam_ref(s, role_id);
        r->url = named_by[i].url ? sam_ref(s, r->id) : NULL;
        if (named_by[i].id)
            r->resource_id = named_by[i].id_attribute != NULL ? sam_att(s, r->id, named_by[i].id_attribute) : sam_ref(s, r->id);
        r->name = named_by[i].name ? sam_att(s, r->id, "Name") : NULL;
        if (r->qualifier == NULL && named_by[i].id)
            r->qualifier = sam_word(s, "*");
    }
    return true;
}

/* ---- texts of the table ---- */

/* A text with S, D, DN, SI, SQ, P, R, A between its `:` and `/`. NULL when what it names is not known (refused). */
static draft *expand(sam *s, slice text, const reference *from, const reference *to) {
    const struct { const char *word, *variable; draft *is; const char *missing; } words[] = {
        { "S", "SourceArn", from->arn, "Arn of Source" },            { "D", "DestinationArn", to->arn, "Arn of Destination" },
        { "DN", "DestinationName", to->name, "Name of Destination" }, { "SI", "SourceResourceId", from->resource_id, "ResourceId of Source" },
        { "SQ", "SourceQualifier", from->qualifier, "Qualifier of Source" }, { "P", "AWS::Partition", NULL, NULL },
        { "R", "AWS::Region", NULL, NULL },                           { "A", "AWS::AccountId", NULL, NULL },
    };
    buf b = { .arena = s->a };
    draft *values = draft_map(&s->drafts, sam_at(s));
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && text.at[end] != ':' && text.at[end] != '/')
            end++;
        slice part = slice_from_to(text, i, end);
        size_t w = 0;
        while (w < COUNT(words) && !slice_is(part, words[w].word))
            w++;
        if (w == COUNT(words)) {
            buf_slice(&b, part);
        } else {
            if (words[w].missing != NULL && words[w].is == NULL) {
                sam_refuse(s, w == 1 || w == 2 ? to->node : from->node, "the %s is not known: give it", words[w].missing);
                return NULL;
            }
            if (part.len == text.len)
                return words[w].is;
            buf_printf(&b, "${%s}", words[w].variable);
            sam_put(s, values, words[w].variable, words[w].is);
        }
        if (end < text.len)
            buf_char(&b, text.at[end]);
        i = end + 1;
    }
    draft *list = sam_list_of(s, sam_string(s, buf_as_slice(&b)));
    if (slice_find_slice(buf_as_slice(&b), SLICE("${")) == (size_t)-1)
        return draft_at(&s->drafts, list, 0);
    if (values->entries.len == 0)
        return sam_pair(s, "Fn::Sub", draft_at(&s->drafts, list, 0));
    draft_push(&s->drafts, list, values);
    return sam_pair(s, "Fn::Sub", list);
}

static slice before_at(slice text, slice *behind) {
    size_t at = slice_find(text, '@');
    *behind = at < text.len ? slice_after(text, at + 1) : (slice){ "", 0 };
    return slice_from_to(text, 0, at);
}

/* ---- what is made ---- */

static void put_statements(sam *s, draft *statements, slice table, const reference *from, const reference *to) {
    slice one;
    while (table.at != NULL && table.len > 0 && slice_cut(&table, '|', &one)) {
        slice on, resource_text, actions = before_at(one, &on);
        draft *list = draft_list(&s->drafts, sam_at(s));
        while (on.at != NULL && slice_cut(&on, ' ', &resource_text))
            draft_push(&s->drafts, list, expand(s, resource_text, from, to));
        draft_push(&s->drafts, statements, sam_statement(s, arena_copy(s->a, actions).at, list));
    }
}

static draft *document(sam *s, draft *statements) {
    draft *d = sam_pair(s, "Version", sam_word(s, "2012-10-17"));
    sam_put(s, d, "Statement", statements);
    return d;
}

static void managed_policy(sam *s, const profile *p, slice id, const bool asked[2], const reference *from, const reference *to) {
    draft *holder = p->source_holds ? from->role_name : to->role_name;
    if (holder == NULL) {
        sam_refuse(s, p->source_holds ? from->node : to->node, "the role of %s is not known: it must be a role of this template, or RoleName must be given",
                   p->source_holds ? "Source" : "Destination");
        return;
    }
    draft *statements = draft_list(&s->drafts, sam_at(s));
    for (size_t i = 0; i < 2; i++)
        if (asked[i])
            put_statements(s, statements, p->actions[i], from, to);
    draft *policy = sam_add(s, id, "AWS::IAM::ManagedPolicy");
    sam_put(s, policy, "PolicyDocument", document(s, statements));
    sam_put(s, policy, "Roles", sam_list_of(s, holder));
}

static void permission_for(sam *s, const profile *p, slice id, slice table, const reference *from, const reference *to) {
    slice arn, service = before_at(table, &arn);
    if (to->arn == NULL) {
        sam_refuse(s, to->node, "the Arn of the function is not known: give Arn");
        return;
    }
    draft *source = expand(s, arn, from, to), *made = source == NULL ? NULL : sam_add(s, id, "AWS::Lambda::Permission");
    sam_put_word(s, made, "Action", "lambda:InvokeFunction");
    sam_put(s, made, "FunctionName", to->arn);
    sam_put(s, made, "Principal", sam_string(s, service));
    sam_put(s, made, "SourceArn", source);
    if (slice_is(p->source, "AWS::S3::Bucket"))
        sam_put(s, made, "SourceAccount", sam_sub(s, "${AWS::AccountId}"));
}

static void resource_policy(sam *s, const profile *p, slice id, slice table, const reference *from, const reference *to) {
    slice action, service = before_at(table, &action);
    bool queue = p->how == HOW_QUEUE;
    draft *holder = queue ? to->url : to->arn;
    if (holder == NULL || to->arn == NULL || from->arn == NULL) {
        sam_refuse(s, from->arn == NULL ? from->node : to->node, "%s is not known: give it",
                   from->arn == NULL ? "the Arn of Source" : queue && to->url == NULL ? "the QueueUrl of Destination" : "the Arn of Destination");
        return;
    }
    draft *statement = sam_statement(s, arena_copy(s->a, action).at, to->arn);
    sam_put(s, statement, "Principal", sam_pair(s, "Service", sam_string(s, service)));
    sam_put(s, statement, "Condition", sam_pair(s, "ArnEquals", sam_pair(s, "aws:SourceArn", from->arn)));
    draft *policy = sam_add(s, id, queue ? "AWS::SQS::QueuePolicy" : "AWS::SNS::TopicPolicy");
    sam_put(s, policy, "PolicyDocument", document(s, sam_list_of(s, statement)));
    sam_put(s, policy, queue ? "Queues" : "Topics", sam_list_of(s, holder));
}

static const profile *profile_of(slice source, slice destination) {
    for (size_t i = 0; i < COUNT(profiles); i++)
        if (slice_eq(profiles[i].source, source) && slice_eq(profiles[i].destination, destination))
            return &profiles[i];
    return NULL;
}

static bool permissions_of(sam *s, const doc_node *list, const profile *p, bool asked[2]) {
    if (list == NULL)
        return false;
    size_t len = list->kind == DOC_LIST ? list->list.len : 0;
    if (len == 0) {
        sam_refuse(s, list, "Permissions of a connector need Read, Write or both");
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < len; i++) {
        size_t k = 0;
        while (k < 2 && !(sam_is(s, list->list.at[i], permission_names[k]) && p->actions[k].len > 0))
            k++;
        if (k < 2)
            asked[k] = true;
        else
            sam_refuse(s, list->list.at[i], "a connector from %.*s to %.*s takes %s%s%s", SLICE_ARG(p->source), SLICE_ARG(p->destination),
                       p->actions[0].len > 0 ? "Read" : "", p->actions[0].len > 0 && p->actions[1].len > 0 ? " and " : "", p->actions[1].len > 0 ? "Write" : "");
        good = good && k < 2;
    }
    if (p->sets.len == 0 || !good)
        return good;
    slice sets = p->sets, set, have = asked[0] && asked[1] ? SLICE("Read+Write") : asked[0] ? SLICE("Read") : SLICE("Write");
    while (sets.at != NULL && slice_cut(&sets, ',', &set))
        if (slice_eq(set, have))
            return true;
    sam_refuse(s, list, "a connector from %.*s to %.*s takes the Permissions %.*s only", SLICE_ARG(p->source), SLICE_ARG(p->destination), SLICE_ARG(p->sets));
    return false;
}

static void connect_one(sam *s, slice id, const doc_node *props, const doc_node *destination, slice suffix) {
    reference from, to;
    const doc_node *source = sam_get(props, "Source"), *list = sam_get(props, "Permissions");
    if (!read_reference(s, destination, source, "Destination", &to) || !read_reference(s, source, destination, "Source", &from))
        return;
    const profile *p = profile_of(from.type, to.type);
    if (p == NULL) {
        sam_refuse(s, destination, "there is no connector from %.*s to %.*s", SLICE_ARG(from.type), SLICE_ARG(to.type));
        return;
    }
    bool asked[2] = { false, false };
    if (!permissions_of(s, list, p, asked))
        return;
    static const char *const kinds[] = { "Policy", "LambdaPermission", "TopicPolicy", "QueuePolicy" };
    slice made = sam_print(s, "%.*s%s%.*s", SLICE_ARG(id), kinds[p->how], SLICE_ARG(suffix));
    if (p->how == HOW_ROLE)
        managed_policy(s, p, made, asked, &from, &to);
    for (size_t i = 0; p->how != HOW_ROLE && i < 2; i++) {
        if (!asked[i])
            continue;
        if (p->how == HOW_PERMISSION) {
            made = sam_print(s, "%.*s%sLambdaPermission%.*s", SLICE_ARG(id), permission_names[i], SLICE_ARG(suffix));
            permission_for(s, p, made, p->actions[i], &from, &to);
        } else {
            resource_policy(s, p, made, p->actions[i], &from, &to);
        }
    }
    draft *ids = strmap_get(&s->renamed, id);
    if (ids == NULL) {
        ids = draft_list(&s->drafts, sam_at(s));
        strmap_put(s->a, &s->renamed, id, ids);
    }
    draft_push(&s->drafts, ids, sam_string(s, made));
}

void sam_connect(sam *s, slice id, const doc_node *props) {
    const doc_node *destination = sam_get(props, "Destination");
    if (destination == NULL)
        return;
    if (destination->kind != DOC_LIST) {
        connect_one(s, id, props, destination, (slice){ "", 0 });
        return;
    }
    if (destination->list.len == 0)
        sam_refuse(s, destination, "Destination of a connector is an empty list");
    for (size_t i = 0; i < destination->list.len; i++)
        connect_one(s, id, props, destination->list.at[i], sam_print(s, "Destination%zu", i));
}

void sam_lower_connector(sam *s, sam_resource *r) {
    strmap_put(s->a, &s->dropped, r->id, s);
    sam_connect(s, r->id, r->props);
}

/* ---- Connectors on a resource ---- */

static const doc_node *with_source(sam *s, const sam_resource *r, const doc_node *props) {
    doc_node *id = doc_new_string(s->a, s->event_at, r->id);
    id->quoted = true;
    id->end = s->event_end;
    VEC(doc_entry) source = { 0 }, all = { 0 };
    VEC_PUSH(s->a, &source, (doc_entry){ .key = SLICE("Id"), .key_at = s->event_at, .key_end = s->event_end, .value = id });
    for (size_t i = 0; i < props->map.len; i++) {
        const doc_entry *e = &props->map.at[i];
        if (slice_is(e->key, "Source"))
            continue;
        if (!slice_is(e->key, "SourceReference")) {
            VEC_PUSH(s->a, &all, *e);
            continue;
        }
        if (e->value->kind != DOC_MAP)
            sam_refuse(s, e->value, "SourceReference must be a map");
        for (size_t k = 0; e->value->kind == DOC_MAP && k < e->value->map.len; k++) {
            if (slice_is(e->value->map.at[k].key, "Id"))
                sam_refuse_at(s, e->value->map.at[k].key_at, e->value->map.at[k].key_end, "SourceReference takes no Id: the source is %.*s", SLICE_ARG(r->id));
            else
                VEC_PUSH(s->a, &source, e->value->map.at[k]);
        }
    }
    doc_node *map = doc_new_map(s->a, s->event_at, source.at, source.len);
    map->end = s->event_end;
    VEC_PUSH(s->a, &all, (doc_entry){ .key = SLICE("Source"), .key_at = s->event_at, .key_end = s->event_end, .value = map });
    return doc_new_map(s->a, props->at, all.at, all.len);
}

static void embedded(sam *s, sam_resource *r, const doc_entry *e) {
    s->event_name = e->key;
    s->event_at = e->key_at;
    s->event_end = e->key_end;
    if (e->value->kind != DOC_MAP) {
        sam_refuse(s, e->value, "the connector %.*s must be a map with Properties", SLICE_ARG(e->key));
        return;
    }
    const doc_node *props = sam_get(e->value, "Properties");
    if (props == NULL || props->kind != DOC_MAP) {
        sam_refuse(s, props, "the connector %.*s needs Properties: a map", SLICE_ARG(e->key));
        return;
    }
    slice parts[] = { r->id, e->key };
    sam_resource *made = ARENA_NEW(s->a, sam_resource);
    *made = (sam_resource){ .id = arena_concat(s->a, parts, 2), .type = SLICE("AWS::Serverless::Connector"), .at = e->key_at, .end = e->key_end, .body = e->value };
    const sam_resource *old = sam_resource_of(s, made->id);
    if (old != NULL) {
        sam_refuse(s, NULL, "this connector has the id %.*s, and so has a resource (line %u): give one of them another name", SLICE_ARG(made->id), old->at.line);
        return;
    }
    const doc_node *condition_node = sam_get(e->value, "Condition");
    made->condition = condition_node != NULL && condition_node->kind == DOC_STRING ? condition_node : NULL;
    made->props = with_source(s, r, props);
    made->row = sam_type_of(made->type);
    strmap_put(s->a, &s->by_id, made->id, made);
    VEC_PUSH(s->a, &s->all, made);
}

void sam_embedded_connectors(sam *s) {
    size_t len = s->all.len;
    for (size_t i = 0; i < len; i++) {
        sam_resource *r = s->now = s->all.at[i];
        const doc_entry *e = doc_entry_of(r->body, SLICE("Connectors"));
        if (e == NULL)
            continue;
        draft_remove(&s->drafts, sam_made(s, r->id), SLICE("Connectors"));
        if (e->value->kind != DOC_MAP)
            sam_refuse(s, e->value, "Connectors must be a map");
        for (size_t k = 0; e->value->kind == DOC_MAP && k < e->value->map.len; k++)
            embedded(s, r, &e->value->map.at[k]);
        s->event_name = (slice){ "", 0 };
    }
}
