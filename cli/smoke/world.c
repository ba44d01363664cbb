#include "smoke/world.h"

#include "template/physical.h"

/* Types that physical.def does not have: it holds what is known before deployment, and these get parts at deployment that nobody chooses.
 * N name, R region, A account, E endpoint, K kind of a load balancer. CloudFormation user guide, "Return values" of each type. */
static const struct { slice type, attr; const char *form; } made_attributes[] = {
    { SLICE_INIT("AWS::SQS::Queue"),                 SLICE_INIT("Ref"),                     "E/A/N" },
    { SLICE_INIT("AWS::SQS::Queue"),                 SLICE_INIT("QueueUrl"),                "E/A/N" },
    { SLICE_INIT("AWS::DynamoDB::Table"),            SLICE_INIT("StreamArn"),               "arn:P:dynamodb:R:A:table/N/stream/2024-01-01T00:00:00.000" },
    { SLICE_INIT("AWS::DynamoDB::GlobalTable"),      SLICE_INIT("StreamArn"),               "arn:P:dynamodb:R:A:table/N/stream/2024-01-01T00:00:00.000" },
    { SLICE_INIT("AWS::SecretsManager::Secret"),     SLICE_INIT("Ref"),                     "arn:P:secretsmanager:R:A:secret:N-sflint" },
    { SLICE_INIT("AWS::SecretsManager::Secret"),     SLICE_INIT("Id"),                      "arn:P:secretsmanager:R:A:secret:N-sflint" },
    { SLICE_INIT("AWS::SecretsManager::Secret"),     SLICE_INIT("Arn"),                     "arn:P:secretsmanager:R:A:secret:N-sflint" },
    { SLICE_INIT("AWS::IAM::Role"),                  SLICE_INIT("Arn"),                     "arn:P:iam::A:role/N" },
    { SLICE_INIT("AWS::KMS::Key"),                   SLICE_INIT("Arn"),                     "arn:P:kms:R:A:key/N" },
    { SLICE_INIT("AWS::SSM::Parameter"),             SLICE_INIT("Arn"),                     "arn:P:ssm:R:A:parameter/N" },
    { SLICE_INIT("AWS::Events::Rule"),               SLICE_INIT("Arn"),                     "arn:P:events:R:A:rule/N" },
    { SLICE_INIT("AWS::Scheduler::Schedule"),        SLICE_INIT("Arn"),                     "arn:P:scheduler:R:A:schedule/default/N" },
    { SLICE_INIT("AWS::S3::Bucket"),                 SLICE_INIT("DomainName"),              "N.s3.amazonaws.com" },
    { SLICE_INIT("AWS::S3::Bucket"),                 SLICE_INIT("RegionalDomainName"),      "N.s3.R.amazonaws.com" },
    { SLICE_INIT("AWS::S3::Bucket"),                 SLICE_INIT("WebsiteURL"),              "http://N.s3-website.R.amazonaws.com" },
    { SLICE_INIT("AWS::ApiGateway::RestApi"),        SLICE_INIT("RootResourceId"),          "root" },
    { SLICE_INIT("AWS::ApiGatewayV2::Api"),          SLICE_INIT("ApiEndpoint"),             "E/_api/N" },
    { SLICE_INIT("AWS::Lambda::Url"),                SLICE_INIT("FunctionUrl"),             "E/_url/N/" },
    { SLICE_INIT("AWS::Cognito::UserPool"),          SLICE_INIT("Ref"),                     "R_N" },
    { SLICE_INIT("AWS::Cognito::UserPool"),          SLICE_INIT("Arn"),                     "arn:P:cognito-idp:R:A:userpool/R_N" },
    { SLICE_INIT("AWS::Cognito::UserPool"),          SLICE_INIT("ProviderURL"),             "https://cognito-idp.R.amazonaws.com/R_N" },
    { SLICE_INIT("AWS::AppSync::GraphQLApi"),        SLICE_INIT("Ref"),                     "arn:P:appsync:R:A:apis/N" },
    { SLICE_INIT("AWS::AppSync::GraphQLApi"),        SLICE_INIT("Arn"),                     "arn:P:appsync:R:A:apis/N" },
    { SLICE_INIT("AWS::AppSync::GraphQLApi"),        SLICE_INIT("ApiId"),                   "N" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::TargetGroup"), SLICE_INIT("Ref"),            "arn:P:elasticloadbalancing:R:A:targetgroup/N/0000000000000001" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer"), SLICE_INIT("Ref"),           "arn:P:elasticloadbalancing:R:A:loadbalancer/K/N/0000000000000001" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer"), SLICE_INIT("DNSName"),       "N.R.elb.amazonaws.com" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer"), SLICE_INIT("LoadBalancerFullName"), "K/N/0000000000000001" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer"), SLICE_INIT("LoadBalancerName"), "N" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::TargetGroup"), SLICE_INIT("TargetGroupFullName"), "targetgroup/N/0000000000000001" },
    { SLICE_INIT("AWS::ElasticLoadBalancingV2::TargetGroup"), SLICE_INIT("TargetGroupName"), "N" },
    { SLICE_INIT("AWS::Kendra::Index"),              SLICE_INIT("Ref"),                     "00000000-0000-4000-8000-000000000001" },
    { SLICE_INIT("AWS::Kendra::Index"),              SLICE_INIT("Id"),                      "00000000-0000-4000-8000-000000000001" },
    { SLICE_INIT("AWS::Lambda::LayerVersion"),       SLICE_INIT("Ref"),                     "arn:P:lambda:R:A:layer:N:1" },
};

/* Types whose instances are part of another resource: they are called by it. */
static const struct { slice type, property, form; } parts_of[] = {
    { SLICE_INIT("AWS::Lambda::Version"), SLICE_INIT("FunctionName"), SLICE_INIT("1") },
    { SLICE_INIT("AWS::Lambda::Alias"), SLICE_INIT("FunctionName"), SLICE_INIT("") },      /* its Name */
};

static slice key_of(arena *a, slice type, slice name) { return arena_printf(a, "%.*s %.*s", SLICE_ARG(type), SLICE_ARG(name)); }

world *world_new(arena *a, const graph *g, slice region, slice account) {
    world *w = ARENA_NEW(a, world);
    w->arena = a;
    w->graph = g;
    w->region = region.len > 0 ? region : SLICE("us-east-1");
    w->account = account.len > 0 ? account : SLICE("123456789012");
    w->partition = partition_of(w->region);
    for (size_t t = 0; g != NULL && t < g->set->list.len; t++) {
        const template *in = g->set->list.at[t];
        for (size_t i = 0; i < in->resources.len; i++) {
            const resource *r = in->resources.at[i];
            slice name = key_of(a, r->type, world_name(w, r)), arn = world_arn(w, r);
            if (!strmap_has(&w->by_name, name)) strmap_put(a, &w->by_name, name, (void *)(uintptr_t)r);
            if (arn.len > 0 && !strmap_has(&w->by_arn, arn)) strmap_put(a, &w->by_arn, arn, (void *)(uintptr_t)r);
        }
    }
    return w;
}

slice world_endpoint(world *w) { return arena_printf(w->arena, "http://127.0.0.1:%u", w->port); }

/* ---- names ---- */

/* A logical id as a name: buckets take small letters only (S3 user guide, "Bucket naming rules"), nothing takes a slash, clients refuse
 * table names under three characters. */
static slice made_name(world *w, const resource *r) {
    slice id = r->id;
    bool bucket = slice_is(r->type, "AWS::S3::Bucket");
    buf out = { .arena = w->arena };
    if (id.len < 3) buf_text(&out, "sflint-");
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (bucket && c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        buf_char(&out, plain && !(bucket && c == '_') ? c : '-');
    }
    bool fifo;
    if ((slice_is(r->type, "AWS::SQS::Queue") || slice_is(r->type, "AWS::SNS::Topic")) &&
        value_as_bool(w->arena, resource_written(w->arena, r, slice_is(r->type, "AWS::SQS::Queue") ? SLICE("FifoQueue") : SLICE("FifoTopic")), &fifo) == YES && fifo)
        buf_text(&out, ".fifo");
    return buf_as_slice(&out);
}

static const resource *part_of(world *w, const resource *r, slice *qualifier) {
    for (size_t i = 0; i < COUNT(parts_of); i++) {
        if (!slice_eq(parts_of[i].type, r->type)) continue;
        bool open;
        const resource *whole = NULL;
        const node *n = graph_pointed(w->graph, resource_written(w->arena, r, parts_of[i].property), &whole, &open);
        if (n != NULL) whole = n->resource;
        *qualifier = parts_of[i].form.len > 0 ? parts_of[i].form : world_text(w, resource_written(w->arena, r, SLICE("Name")), WHEN_ALWAYS, NULL);
        return whole;
    }
    return NULL;
}

slice world_name(world *w, const resource *r) {
    slice property = physical_property(r->type), name;
    if (property.len == 0 && slice_is(r->type, "AWS::SecretsManager::Secret")) property = SLICE("Name");
    if (property.len == 0) property = SLICE("Name");
    const value *written = resource_written(w->arena, r, property);
    if (written->kind == VAL_STRING && written->text.len > 0) return written->text;
    /* Names that name each other in a circle would never end. */
    if (value_is_absent(written) || w->following >= 8) return made_name(w, r);
    w->following++;
    name = world_text(w, written, WHEN_ALWAYS, NULL);
    w->following--;
    return name.len > 0 ? name : made_name(w, r);
}

static slice balancer_kind(world *w, const resource *r) {
    slice type = world_text(w, resource_written(w->arena, r, SLICE("Type")), WHEN_ALWAYS, NULL);
    return slice_is(type, "network") ? SLICE("net") : slice_is(type, "gateway") ? SLICE("gwy") : SLICE("app");
}

static slice fill(world *w, const char *form, slice name, slice kind) {
    buf out = { .arena = w->arena };
    for (const char *c = form; *c != '\0'; c++) {
        /* A letter of the form stands alone: between signs, or at an end. */
        bool alone = (c == form || !((c[-1] >= 'a' && c[-1] <= 'z') || (c[-1] >= 'A' && c[-1] <= 'Z'))) &&
                     !((c[1] >= 'a' && c[1] <= 'z') || (c[1] >= 'A' && c[1] <= 'Z'));
        slice part = !alone ? slice_from_to((slice){ c, 1 }, 0, 1) : *c == 'N' ? name : *c == 'R' ? w->region : *c == 'A' ? w->account :
                     *c == 'P' ? w->partition : *c == 'E' ? world_endpoint(w) : *c == 'K' ? kind : (slice){ c, 1 };
        buf_slice(&out, part);
    }
    return buf_as_slice(&out);
}

/* What stands for an attribute that only the deployment makes. */
static slice nameless(world *w, const resource *r, slice attr) { return arena_printf(w->arena, "%.*s.%.*s", SLICE_ARG(r->id), SLICE_ARG(attr)); }

slice world_attribute(world *w, const resource *r, slice attr) {
    slice qualifier;
    const resource *whole = part_of(w, r, &qualifier);
    if (whole != NULL)
        return arena_printf(w->arena, "%.*s:%.*s", SLICE_ARG(world_arn(w, whole)), SLICE_ARG(qualifier));
    for (size_t i = 0; i < COUNT(made_attributes); i++)
        if (slice_eq(made_attributes[i].type, r->type) && slice_eq(made_attributes[i].attr, attr)) {
            slice name = world_name(w, r);
            while (slice_is(r->type, "AWS::SSM::Parameter") && name.len > 0 && name.at[0] == '/') name = slice_after(name, 1);
            return fill(w, made_attributes[i].form, name, balancer_kind(w, r));
        }
    switch (physical_means(r->type, attr)) {
    case PHYSICAL_NAME: return world_name(w, r);
    case PHYSICAL_ARN: return physical_arn(w->arena, r->type, world_name(w, r), w->partition, w->region, w->account);
    case PHYSICAL_NONE: break;
    }
    if (slice_is(attr, "Ref")) return world_name(w, r);
    if (slice_is(attr, "Arn"))
        return arena_printf(w->arena, "arn:%.*s:unknown:%.*s:%.*s:%.*s", SLICE_ARG(w->partition), SLICE_ARG(w->region), SLICE_ARG(w->account), SLICE_ARG(world_name(w, r)));
    return nameless(w, r, attr);
}

slice world_arn(world *w, const resource *r) {
    slice arn = physical_arn(w->arena, r->type, world_name(w, r), w->partition, w->region, w->account);
    if (arn.len > 0) return slice_ends(arn, SLICE(":*")) ? slice_from_to(arn, 0, arn.len - 2) : arn;
    for (size_t i = 0; i < COUNT(made_attributes); i++)
        if (slice_eq(made_attributes[i].type, r->type) && strncmp(made_attributes[i].form, "arn:", 4) == 0)
            return world_attribute(w, r, made_attributes[i].attr);
    return SLICE("");
}

slice world_node_arn(world *w, const node *n) {
    if (n == NULL) return SLICE("");
    if (n->resource != NULL) return world_arn(w, n->resource);
    if (slice_is(n->id, "bus:default"))
        return arena_printf(w->arena, "arn:%.*s:events:%.*s:%.*s:event-bus/default", SLICE_ARG(w->partition), SLICE_ARG(w->region), SLICE_ARG(w->account));
    return n->arn;
}

/* ---- values ---- */

#define WORLD_MAX_DEPTH 100

static void text_into(world *w, buf *out, const value *v, when under, bool *open, unsigned depth);

static const value *chosen(const value *v, when under) {
    v = value_under(v, under);
    while (v->kind == VAL_CHOICE) v = value_under(v->choice.on->fixed == NO ? v->choice.no : v->choice.yes, under);
    return v;
}

/* What stands for a thing that the templates do not say. Pseudo parameters are known while things run. */
static slice stand_in(world *w, const value *v, bool *open) {
    if (v->kind == VAL_UNKNOWN && v->why == UNKNOWN_PSEUDO) {
        slice what = v->text;
        if (slice_is(what, "AWS::Region")) return w->region;
        if (slice_is(what, "AWS::AccountId")) return w->account;
        if (slice_is(what, "AWS::Partition")) return w->partition;
        if (slice_is(what, "AWS::URLSuffix")) return suffix_of(w->region);
        if (slice_is(what, "AWS::StackName")) return SLICE("sflint");
        if (slice_is(what, "AWS::StackId"))
            return arena_printf(w->arena, "arn:%.*s:cloudformation:%.*s:%.*s:stack/sflint/00000000-0000-4000-8000-000000000000", SLICE_ARG(w->partition),
                                SLICE_ARG(w->region), SLICE_ARG(w->account));
    }
    if (open != NULL) *open = true;
    return v->text.len > 0 ? v->text : SLICE("unknown");
}

static const doc_node *json_of(world *w, const value *v, when under, bool *open, unsigned depth) {
    v = chosen(v, under);
    arena *a = w->arena;
    switch (v->kind) {
    case VAL_ABSENT: return NULL;
    case VAL_NULL: return js_null();
    case VAL_BOOL: return js_bool(v->boolean);
    case VAL_INT: return js_int(a, v->integer);
    case VAL_DOUBLE: return js_double(a, v->number);
    case VAL_LIST: {
        js_list l = { 0 };
        for (size_t i = 0; depth < WORLD_MAX_DEPTH && i < v->list.len; i++) js_push(a, &l, json_of(w, v->list.at[i], under, open, depth + 1));
        return js_list_end(a, &l);
    }
    case VAL_MAP: {
        js_object o = { 0 };
        for (size_t i = 0; depth < WORLD_MAX_DEPTH && i < v->map.len; i++) {
            const doc_node *one = json_of(w, v->map.at[i].value, under, open, depth + 1);
            if (one != NULL) VEC_PUSH(a, &o.entries, (doc_entry){ .key = v->map.at[i].key, .value = one });
        }
        return js_object_end(a, &o);
    }
    default: {
        buf out = { .arena = a };
        text_into(w, &out, v, under, open, depth + 1);
        return js_string(a, buf_as_slice(&out));
    }
    }
}

static void text_into(world *w, buf *out, const value *v, when under, bool *open, unsigned depth) {
    v = chosen(v, under);
    switch (v->kind) {
    case VAL_ABSENT: return;
    case VAL_STRING:
    case VAL_INT:
    case VAL_DOUBLE: buf_slice(out, v->text); return;
    case VAL_BOOL: buf_text(out, v->boolean ? "true" : "false"); return;
    case VAL_REF: {
        slice text = world_attribute(w, v->ref.to, v->ref.attr);
        if (open != NULL && slice_eq(text, nameless(w, v->ref.to, v->ref.attr))) *open = true;
        buf_slice(out, text);
        return;
    }
    case VAL_JOINED:
        for (size_t i = 0; depth < WORLD_MAX_DEPTH && i < v->list.len; i++) text_into(w, out, v->list.at[i], under, open, depth + 1);
        return;
    case VAL_UNKNOWN: buf_slice(out, stand_in(w, v, open)); return;
    default: buf_slice(out, js_text(w->arena, json_of(w, v, under, open, depth + 1))); return;
    }
}

const doc_node *world_json(world *w, const value *v, when under, bool *open) { return json_of(w, v, under, open, 0); }

slice world_text(world *w, const value *v, when under, bool *open) {
    buf out = { .arena = w->arena };
    text_into(w, &out, v, under, open, 0);
    return buf_as_slice(&out);
}

/* ---- finding ---- */

/* "arn:aws:lambda:R:A:function:NAME:live" without the qualifier. */
static slice cut_qualifier(slice named, slice *qualifier) {
    static const slice marks[] = { SLICE_INIT(":function:"), SLICE_INIT(":stateMachine:") };
    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t at = slice_find_slice(named, marks[i]);
        if (at == (size_t)-1) continue;
        size_t name = at + marks[i].len, end = name + slice_find(slice_after(named, name), ':');
        if (end < named.len) *qualifier = slice_after(named, end + 1);
        return slice_from_to(named, 0, end);
    }
    return named;
}

const resource *world_find(world *w, slice type, slice named, slice *qualifier) {
    slice none = SLICE(""), *q = qualifier != NULL ? qualifier : &none;
    *q = SLICE("");
    const resource *r;
    if (slice_starts(named, SLICE("arn:"))) {
        slice bare = cut_qualifier(named, q);
        r = strmap_get(&w->by_arn, bare);
        /* A stream's or an index's ARN lies below its table's. */
        for (size_t cut = bare.len; r == NULL && slice_is(type, "AWS::DynamoDB::Table") && cut > 0; cut--)
            if (bare.at[cut - 1] == '/') r = strmap_get(&w->by_arn, slice_from_to(bare, 0, cut - 1));
        return r != NULL && (type.len == 0 || slice_eq(r->type, type)) ? r : NULL;
    }
    if (slice_is(type, "AWS::SQS::Queue"))
        for (size_t i = named.len; i > 0; i--)
            if (named.at[i - 1] == '/') {
                named = slice_after(named, i);
                break;
            }
    if (slice_is(type, "AWS::Lambda::Function")) {
        /* "123456789012:function:NAME", "NAME:live" */
        size_t at = slice_find_slice(named, SLICE(":function:"));
        if (at != (size_t)-1) named = slice_after(named, at + 10);
        size_t colon = slice_find(named, ':');
        if (colon < named.len) {
            *q = slice_after(named, colon + 1);
            named = slice_from_to(named, 0, colon);
        }
    }
    return strmap_get(&w->by_name, key_of(w->arena, type, named));
}

/* ---- as declared ---- */

static bool place_within(pos at, const doc_entry *e) {
    pos from = e->key_at, to = e->value->end;
    bool after = at.line > from.line || (at.line == from.line && at.column >= from.column);
    bool before = at.line < to.line || (at.line == to.line && at.column <= to.column);
    return at.file == from.file && after && before;
}

slice world_declared_name(world *w, const edge *e) {
    (void)w;
    if (e->via != NULL) return e->via->event_name.len > 0 && !e->via->generated ? e->via->event_name : e->via->id;
    const resource *z = e->to == NULL ? NULL : e->to->resource;
    const doc_node *events = z == NULL ? NULL : doc_get(doc_get(z->body, SLICE("Properties")), SLICE("Events"));
    for (size_t i = 0; events != NULL && events->kind == DOC_MAP && i < events->map.len; i++)
        if (place_within(e->at, &events->map.at[i])) return events->map.at[i].key;
    return SLICE("");
}
