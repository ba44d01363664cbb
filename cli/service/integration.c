#include "service/integration.h"

#include "service/aws_call.h"
#include "service/text.h"

static const slice caller_arn = SLICE_INIT("arn:aws:iam::*:user/*");   /* Credentials: the caller's own */

api_integration api_integration_of(node *api, const value *api_id, slice protocol) {
    const value *no = &value_absent;
    return (api_integration){
        .api = api, .api_id = api_id, .protocol = protocol, .when = WHEN_ALWAYS, .method = no, .path = no, .auth = no, .api_key = no, .type = no,
        .subtype = no, .uri = no, .credentials = no, .parameters = no, .templates = no, .http_method = no, .timeout_ms = no,
        .connection_type = no, .connection = no, .payload = no, .authorizer = no, .transfer = no,
    };
}

static bool has_route(const api_integration *i) { return !value_is_absent(i->path); }

/* ---- what a route's edge says ---- */

static const value *route_filter(builder *b, const api_integration *i) {
    if (!has_route(i))
        return NULL;
    if (slice_is(i->protocol, "websocket"))
        return build_map(b, i->path->at, (build_pair[]){ { "route", i->path } }, 1);
    return build_map(b, i->path->at, (build_pair[]){ { "method", i->method }, { "path", i->path } }, 2);
}

static const value *timeout_default(builder *b, const api_integration *i) {
    slice transfer;
    if (!value_is_absent(i->timeout_ms))
        return i->timeout_ms;
    /* A streamed response may go on for 15 minutes (API Gateway developer guide, "Stream the integration response"). */
    if (value_text(build_arena(b), i->transfer, &transfer) && slice_is(transfer, "STREAM"))
        return value_new_unknown(build_arena(b), i->at, UNKNOWN_COMPUTED, SLICE("TimeoutInMillis"));
    return value_new_int(build_arena(b), i->at, slice_is(i->protocol, "http") ? HTTP_TIMEOUT_MS : REST_TIMEOUT_MS);
}

static const value *wait_s(builder *b, const value *timeout_ms) {
    long long ms;
    arena *a = build_arena(b);
    switch (value_as_int(a, timeout_ms, &ms)) {
    case YES: return value_new_int(a, timeout_ms->at, ms < 1000 ? 1 : ms / 1000);
    case UNKNOWN: return value_new_unknown(a, timeout_ms->at, UNKNOWN_COMPUTED, SLICE("TimeoutInMillis"));
    case NO: break;
    }
    return &value_absent;
}

static void route_facts(builder *b, edge *e, const void *self) {
    const api_integration *i = self;
    arena *a = build_arena(b);
    if (has_route(i)) {
        const value *none = value_new_string(a, i->path->at, SLICE("NONE")), *auth = value_under(i->auth, e->when);
        bool key;
        tri known = value_as_bool(a, value_under(i->api_key, e->when), &key);
        const value *api_key = known == UNKNOWN ? i->api_key : value_new_bool(a, i->path->at, known == YES && key);
        build_edge_fact(b, e, SLICE("route"),
            build_map(b, i->path->at, (build_pair[]){ { "method", i->method }, { "path", i->path },
                { "auth", value_is_absent(auth) ? none : auth }, { "apiKey", api_key } }, 4));
    }
    build_edge_fact(b, e, SLICE("integration"),
        build_map(b, e->at, (build_pair[]){ { "type", value_under(i->type, e->when) }, { "payload", value_under(i->payload, e->when) },
                                            { "authorizer", i->authorizer } }, 3));
    if (!value_is_absent(i->http_method))
        build_edge_fact(b, e, SLICE("integrationMethod"), value_under(i->http_method, e->when));
    if (e->kind == EDGE_SYNC)
        build_edge_fact(b, e, SLICE("wait"), wait_s(b, value_under(timeout_default(b, i), e->when)));
}

/* ---- stages ---- */

static const value several = { .kind = VAL_ABSENT };

void api_stages_add(builder *b, api_stages *s, const char *type, const char *of_api, const char *name) {
    arena *a = build_arena(b);
    for (const resource *const *r = build_all(b, slice_from(type)); *r != NULL; r++) {
        const value *api = resource_written(a, *r, slice_from(of_api)), *stage = resource_written(a, *r, slice_from(name));
        if (api->kind == VAL_REF && !value_is_absent(stage) && strmap_put(a, &s->by_api, api->ref.to->id, (void *)(uintptr_t)stage) != NULL)
            strmap_put(a, &s->by_api, api->ref.to->id, (void *)(uintptr_t)&several);
    }
}

const value *api_stage_of(const api_stages *s, const value *api_id) {
    const value *stage = api_id->kind == VAL_REF ? strmap_get(&s->by_api, api_id->ref.to->id) : NULL;
    return stage == &several ? NULL : stage;
}

/* ---- the ARN of a route: arn:P:execute-api:R:A:API/STAGE/METHOD/PATH ---- */

static const value *unknown_part(builder *b, pos at, const char *what) {
    return value_new_unknown(build_arena(b), at, UNKNOWN_COMPUTED, slice_from(what));
}

/* A path as the ARN has it, without its first "/", and of a REST API without a "/" at its end, which its resources don't have. A variable stays as it is written: only a `*` of the permission covers it (Lambda developer
 * guide, "Invoking a Lambda function using an Amazon API Gateway endpoint"). */
static const value *arn_path(builder *b, const value *path, bool rest) {
    open_text t = text_of(build_arena(b), path);
    size_t to = t.flat.len;
    if (to == 0 || t.flat.at[0] != '/') return path;
    if (rest && to > 2 && t.flat.at[to - 1] == '/') to--;
    return text_piece(&t, 1, to);
}

static const value *route_arn(builder *b, const api_integration *i) {
    arena *a = build_arena(b);
    const value *slash = value_new_string(a, i->at, SLICE("/")), *stage = i->stage != NULL ? i->stage : unknown_part(b, i->at, "stage");
    slice method = { "", 0 };
    bool any = !value_text(a, i->method, &method) || slice_is(method, "ANY");
    slice key = { "", 0 };
    bool by_key = slice_is(i->protocol, "websocket") || (has_route(i) && value_text(a, i->path, &key) && slice_is(key, "$default"));
    if (!has_route(i))
        return declare_arn(b, i->at, "execute-api", (const value *[]){ i->api_id, slash, unknown_part(b, i->at, "route") }, 3);
    if (by_key)
        return declare_arn(b, i->at, "execute-api", (const value *[]){ i->api_id, slash, stage, slash, i->path }, 5);
    const value *verb = any ? unknown_part(b, i->at, "method") : value_new_string(a, i->at, method);
    return declare_arn(b, i->at, "execute-api", (const value *[]){ i->api_id, slash, stage, slash, verb, slash, arn_path(b, i->path, slice_is(i->protocol, "rest")) }, 7);
}

/* ---- targets ---- */

static bool is_text(builder *b, const value *v, const char *text) {
    slice s;
    return !value_is_open(v) && value_text(build_arena(b), v, &s) && slice_same_letters(s, slice_from(text));
}

/* With the caller's own credentials it is the caller who must be allowed. */
static bool as_caller(builder *b, const api_integration *i) {
    slice arn = { "", 0 };
    return !value_is_absent(i->credentials) && value_text(build_arena(b), i->credentials, &arn) && slice_eq(arn, caller_arn);
}

static edge_spec route_edge(builder *b, const api_integration *i, edge_kind kind) {
    edge_spec s = {
        .from = i->api, .via = i->via, .kind = kind, .service = i->protocol, .when = i->when, .at = i->at, .end = i->end,
        .filter = route_filter(b, i), .enabled = EDGE_ON,
        .settings = build_map(b, i->at, (build_pair[]){ { "TimeoutInMillis", timeout_default(b, i) } }, 1),
    };
    if (!value_is_absent(i->credentials) && !as_caller(b, i))
        s.role = i->credentials;
    return s;
}

/* The function's ARN in an invocation URI: .../functions/ARN/invocations, or .../response-streaming-invocations. A stage variable in it is
 * set at each stage. */
static const value *invoked(builder *b, const value *uri) {
    open_text t = text_of(build_arena(b), uri);
    size_t from = slice_find_slice(t.flat, SLICE("/functions/"));
    if (from == (size_t)-1)
        return uri;
    if (slice_find_slice(t.flat, SLICE("stageVariables.")) != (size_t)-1)
        return unknown_part(b, uri->at, "stage variable");
    from += strlen("/functions/");
    size_t to = from + slice_find(slice_after(t.flat, from), '/');
    const value *function = text_piece(&t, from, to);
    if (function->at.line == uri->at.line && function->at.column == uri->at.column)
        return function;
    value *placed = value_new(build_arena(b), VAL_ABSENT, uri->at);     /* an edge stands at the URI */
    *placed = *function;
    placed->at = uri->at;
    placed->end = uri->end;
    return placed;
}

/* What a text means that is no ARN: a function's name, unless it begins like an ARN and is none. */
static slice plain_name(builder *b, const value *function) {
    open_text t = text_of(build_arena(b), function);
    return slice_starts(t.flat, SLICE("arn:")) ? SLICE("") : SLICE("AWS::Lambda::Function");
}

static void to_function(builder *b, const api_integration *i) {
    const value *how = value_get(build_arena(b), i->parameters, SLICE("integration.request.header.X-Amz-Invocation-Type"));
    edge_spec s = route_edge(b, i, is_text(b, how, "'Event'") ? EDGE_ASYNC : EDGE_SYNC);
    s.action = SLICE("lambda:InvokeFunction");
    if (s.role == NULL && !as_caller(b, i)) {
        s.principal = SLICE("apigateway.amazonaws.com");
        s.source_arn = route_arn(b, i);
    }
    const value *function = invoked(b, i->uri);
    declare_edges(b, &s, function, plain_name(b, function), route_facts, i);
}

typedef struct { const api_integration *i; } linked;

/* A listener or load balancer behind a VPC link. */
static void to_link_target(builder *b, const leaf *l, void *self) {
    const api_integration *i = ((const linked *)self)->i;
    edge_spec s = route_edge(b, i, EDGE_SYNC);
    s.role = NULL;
    s.when = l->when;
    bool open = false;
    const resource *listener = build_resource(b, l->value, SLICE("AWS::ElasticLoadBalancingV2::Listener"), &open);
    const value *target = l->value;
    if (listener != NULL && slice_is(listener->type, "AWS::ElasticLoadBalancingV2::Listener"))
        target = resource_written(build_arena(b), listener, SLICE("LoadBalancerArn"));
    declare_edges(b, &s, target, SLICE("AWS::ElasticLoadBalancingV2::LoadBalancer"), route_facts, i);
}

static void to_http(builder *b, const api_integration *i) {
    arena *a = build_arena(b);
    linked l = { i };
    open_text uri = text_of(a, i->uri);
    if (is_text(b, i->connection_type, "VPC_LINK")) {
        if (!slice_is(i->protocol, "rest") && slice_starts(uri.flat, SLICE("http")) == false) {
            to_link_target(b, &(leaf){ .value = i->uri, .beside = i->uri, .when = i->when }, &l);
            return;
        }
        bool open = false;
        const resource *link = build_resource(b, i->connection, SLICE("AWS::ApiGateway::VpcLink"), &open);
        if (link != NULL && slice_is(link->type, "AWS::ApiGateway::VpcLink")) {
            declare_walk(b, link->properties, i->when, "TargetArns[]", to_link_target, &l);
            return;
        }
    }
    edge_spec s = route_edge(b, i, EDGE_SYNC);
    s.role = NULL;
    /* The host of the URL may be a resource's address: "http://${Alb.DNSName}/x". */
    size_t host = slice_find_slice(uri.flat, SLICE("://"));
    if (host != (size_t)-1 && host + 3 < uri.flat.len && uri.flat.at[host + 3] == '\0') {
        const value *named = text_piece(&uri, host + 3, host + 4);
        if (named->kind == VAL_REF && build_node(b, named->ref.to) != NULL) {
            s.at = i->at.line != 0 ? i->at : i->uri->at;
            s.end = i->at.line != 0 ? i->end : i->uri->end;
            declare_edges(b, &s, named, SLICE(""), route_facts, i);
            return;
        }
    }
    declare_edges(b, &s, i->uri, SLICE(""), route_facts, i);
}

/* ---- calls of other services ---- */

/* Static values of REST mappings stand in single quotes; anything else without them is an expression. */
static const value *mapped(builder *b, const value *v) {
    if (value_is_absent(v))
        return v;
    open_text t = text_of(build_arena(b), v);
    if (t.flat.len >= 2 && t.flat.at[0] == '\'' && t.flat.at[t.flat.len - 1] == '\'')
        return text_piece(&t, 1, t.flat.len - 1);
    return t.flat.len > 0 && t.flat.at[0] != '\0' ? unknown_part(b, v->at, "request parameter") : v;
}

typedef struct {
    slice name;
    const value *found;
    bool any;                /* there is a template at all */

} template_search;

static void search_template(builder *b, const leaf *l, void *self) {
    template_search *s = self;
    s->any = true;
    if (!value_is_absent(s->found))
        return;
    open_text t = text_of(build_arena(b), l->value);
    s->found = text_named(&t, s->name);
}

static const value *in_request(builder *b, const api_integration *i, slice name, bool *any) {
    arena *a = build_arena(b);
    static const char *const places[] = { "integration.request.querystring.", "integration.request.header.", "integration.request.path." };
    for (size_t p = 0; p < COUNT(places); p++) {
        const value *v = value_get(a, i->parameters, arena_printf(a, "%s%.*s", places[p], SLICE_ARG(name)));
        if (!value_is_absent(v))
            return mapped(b, v);
    }
    template_search s = { .name = name, .found = &value_absent };
    declare_walk(b, i->templates, i->when, "{}", search_template, &s);
    if (any != NULL)
        *any = s.any;
    return s.found;
}

static slice last_name(slice path) {
    slice rest = path, name = path;
    while (slice_cut(&rest, '.', &name))
        ;
    return name;
}

/* What the call works on is written nowhere: the role says what it may be. */
static void by_grants(builder *b, const api_integration *i, const edge_spec *s) {
    bool open = false;
    const resource *by = i->via != NULL ? i->via : i->api->resource;
    if (by != NULL && build_resource(b, i->credentials, SLICE("AWS::IAM::Role"), &open) != NULL) {
        build_identity(b, i->api, i->credentials, by);
        return;
    }
    edge_spec unknown = *s;
    unknown.to = build_outside(b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN);
    if (unknown.at.line == 0) {
        unknown.at = value_is_absent(i->uri) ? i->subtype->at : i->uri->at;
        unknown.end = value_is_absent(i->uri) ? i->subtype->end : i->uri->end;
    }
    edge *e = build_edge(b, &unknown);
    if (e != NULL)
        route_facts(b, e, i);
}

/* `target`: already known from the URI, or absent: then it is looked for in the request, or in the parameters of a subtype. */
static void to_call(builder *b, const api_integration *i, slice of, slice action, const value *target) {
    arena *a = build_arena(b);
    of = aws_call_prefix(of);
    const aws_call *c = aws_call_of(of, action);
    edge_spec s = route_edge(b, i, c != NULL ? c->kind : EDGE_SYNC);
    if (c == NULL) {
        if (aws_call_reads(action))
            return;
        s.to = build_aws_service(b, of);
        s.action = arena_printf(a, "%.*s:%.*s", SLICE_ARG(of), SLICE_ARG(action));
        s.at = i->at.line != 0 ? i->at : i->uri->at;
        s.end = i->at.line != 0 ? i->end : i->uri->end;
        edge *e = build_edge(b, &s);
        if (e != NULL)
            route_facts(b, e, i);
        return;
    }
    s.action = aws_call_grant(a, c);
    bool by_subtype = !value_is_absent(i->subtype), any_template = false;
    slice names = slice_from(c->parameters), name;
    while (value_is_absent(target) && names.at != NULL && slice_cut(&names, ' ', &name)) {
        if (name.len == 0)
            break;
        name = last_name(name);
        if (by_subtype) {
            target = value_get(a, i->parameters, name);
            open_text t = text_of(a, target);
            if (t.flat.len > 0 && t.flat.at[0] == '$')
                target = unknown_part(b, target->at, "request parameter");
        } else {
            target = in_request(b, i, name, &any_template);
        }
    }
    if (value_is_absent(target) && slice_is(of, "events") && (by_subtype || any_template)) {
        s.to = build_default_bus(b);
        s.at = i->at.line != 0 ? i->at : by_subtype ? i->subtype->at : i->uri->at;
        edge *e = build_edge(b, &s);
        if (e != NULL)
            route_facts(b, e, i);
        return;
    }
    if (value_is_absent(target) || (target->kind == VAL_UNKNOWN && target->why == UNKNOWN_COMPUTED)) {
        by_grants(b, i, &s);
        return;
    }
    declare_edges(b, &s, target, slice_from(c->type), route_facts, i);
}

/* X-Amz-Target of the JSON protocols: 'DynamoDB_20120810.PutItem'. */
static slice header_action(builder *b, const api_integration *i) {
    arena *a = build_arena(b);
    const value *v = mapped(b, value_get(a, i->parameters, SLICE("integration.request.header.X-Amz-Target")));
    slice s = { "", 0 };
    if (value_is_absent(v) || !value_text(a, v, &s))
        return (slice){ "", 0 };
    return last_name(s);
}

/* `{name}` in a path is filled from the request's mapping. */
static const value *path_piece(builder *b, const api_integration *i, const open_text *uri, size_t at, size_t to) {
    slice s = text_flat(uri, at, to);
    if (s.len > 2 && s.at[0] == '{' && s.at[s.len - 1] == '}') {
        const value *v = in_request(b, i, slice_from_to(s, 1, s.len - 1), NULL);
        return value_is_absent(v) ? unknown_part(b, uri->at, "request parameter") : v;
    }
    return s.len == 0 ? &value_absent : text_piece(uri, at, to);
}

/* arn:P:apigateway:R:[SUB.]SERVICE:path/PATH or ...:action/ACTION[&k=v] */
static void to_service(builder *b, const api_integration *i, const open_text *uri, const size_t *at, const size_t *to) {
    slice of = text_flat(uri, at[4], to[4]), rest = text_flat(uri, at[5], to[5]);
    slice action = { "", 0 };
    if (slice_starts(rest, SLICE("action/"))) {
        action = slice_after(rest, 7);
        action = slice_from_to(action, 0, slice_find(action, '&'));
        to_call(b, i, of, action, &value_absent);
        return;
    }
    /* pieces of the path; text_cut works on a whole text, so cut the rest as a text of its own */
    open_text path = text_of(build_arena(b), text_piece(uri, at[5], to[5]));
    size_t from[8], end_at[8], n = text_cut(&path, '/', 8, from, end_at);
    action = header_action(b, i);
    if (action.len > 0) {
        to_call(b, i, of, action, &value_absent);
    } else if (slice_is(of, "sqs")) {
        slice asked = { "", 0 };
        const value *form = in_request(b, i, SLICE("Action"), NULL);
        if (value_is_absent(form) || !value_text(build_arena(b), form, &asked))
            asked = SLICE("SendMessage");
        to_call(b, i, of, asked, n >= 3 ? path_piece(b, i, &path, from[2], end_at[2]) : &value_absent);
    } else if (slice_is(of, "s3")) {
        bool removes = is_text(b, i->http_method, "DELETE"), puts = is_text(b, i->http_method, "PUT") || is_text(b, i->http_method, "POST");
        if (removes || puts)
            to_call(b, i, of, removes ? SLICE("DeleteObject") : SLICE("PutObject"),
                    n >= 2 ? path_piece(b, i, &path, from[1], end_at[1]) : &value_absent);
    } else if (slice_is(of, "sns")) {
        to_call(b, i, of, SLICE("Publish"), &value_absent);
    } else if (slice_is(of, "runtime.sagemaker")) {
        to_call(b, i, of, SLICE("InvokeEndpoint"), n >= 3 ? path_piece(b, i, &path, from[2], end_at[2]) : &value_absent);
    } else if (slice_is(of, "bedrock-runtime")) {
        to_call(b, i, SLICE("bedrock"), SLICE("InvokeModel"), &value_absent);
    } else {
        to_call(b, i, of, SLICE("Call"), &value_absent);
    }
}

static slice subtype_service(slice name) {
    static const struct { slice subtype, prefix; } names[] = {
        { SLICE_INIT("AppConfig"), SLICE_INIT("appconfig") }, { SLICE_INIT("EventBridge"), SLICE_INIT("events") },
        { SLICE_INIT("Kinesis"), SLICE_INIT("kinesis") }, { SLICE_INIT("SQS"), SLICE_INIT("sqs") },
        { SLICE_INIT("StepFunctions"), SLICE_INIT("states") },
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (slice_eq(names[i].subtype, name))
            return names[i].prefix;
    return name;
}

typedef struct {
    builder *b;
    const api_integration *i;
} uri_choice;

/* One alternative of the URI: which of the forms it has decides what the integration is. */
static void by_uri(void *self, const value *v, when w) {
    const uri_choice *k = self;
    api_integration one = *k->i;
    one.uri = v;
    one.when = w;
    one.type = value_under(one.type, w);
    one.templates = value_under(one.templates, w);
    one.parameters = value_under(one.parameters, w);
    one.credentials = value_under(one.credentials, w);
    if (is_text(k->b, one.type, "MOCK") || value_is_absent(v))
        return;
    if (is_text(k->b, one.type, "HTTP") || is_text(k->b, one.type, "HTTP_PROXY")) {
        to_http(k->b, &one);
        return;
    }
    open_text uri = text_of(build_arena(k->b), v);
    size_t at[6], to[6];
    bool gateway = text_cut(&uri, ':', 6, at, to) == 6 && slice_is(text_flat(&uri, at[2], to[2]), "apigateway");
    slice of = gateway ? text_flat(&uri, at[4], to[4]) : (slice){ "", 0 };
    if (gateway && !slice_is(of, "lambda"))
        to_service(k->b, &one, &uri, at, to);
    else
        to_function(k->b, &one);
}

void api_integration_edges(builder *b, const api_integration *i) {
    if (i->api == NULL)
        return;
    slice subtype;
    if (!value_is_absent(i->subtype) && value_text(build_arena(b), i->subtype, &subtype)) {
        size_t dash = slice_find(subtype, '-');
        if (dash < subtype.len)
            to_call(b, i, subtype_service(slice_from_to(subtype, 0, dash)), slice_after(subtype, dash + 1), &value_absent);
        return;
    }
    uri_choice k = { b, i };
    value_each(build_arena(b), i->uri, i->when, by_uri, &k);
}

/* ---- the rest of an API ---- */

static void authorizer_facts(builder *b, edge *e, const void *self) {
    const api_authorizer *x = self;
    long long wait = slice_is(x->protocol, "http") ? AUTHORIZER_TIMEOUT_S : REST_TIMEOUT_MS / 1000;
    build_edge_fact(b, e, SLICE("wait"), value_new_int(build_arena(b), e->at, wait));
    build_edge_fact(b, e, SLICE("authorizer"),
        build_map(b, e->at, (build_pair[]){ { "name", x->name }, { "type", x->type }, { "payload", x->payload }, { "identity", x->identity },
                                            { "validation", x->validation }, { "simple", x->simple } }, 6));
}

typedef struct {
    builder *b;
    const api_authorizer *x;
    const edge_spec *spec;
} authorizer_choice;

static void authorizer_uri(void *self, const value *uri, when w) {
    const authorizer_choice *k = self;
    edge_spec s = *k->spec;
    s.when = w;
    if (value_is_absent(uri))
        return;
    const value *function = invoked(k->b, uri);
    declare_edges(k->b, &s, function, plain_name(k->b, function), authorizer_facts, k->x);
}

void api_authorizer_edges(builder *b, const api_authorizer *x) {
    if (x->api == NULL || value_is_absent(x->uri))
        return;
    arena *a = build_arena(b);
    edge_spec s = {
        .from = x->api, .via = x->via, .kind = EDGE_SYNC, .service = x->protocol, .when = x->when, .enabled = EDGE_ON,
        .filter = declare_filter(b, x->uri->at, "trigger", SLICE("authorizer")), .action = SLICE("lambda:InvokeFunction"),
    };
    if (!value_is_absent(x->credentials)) {
        s.role = x->credentials;
    } else {
        const value *id = value_is_absent(x->id) ? unknown_part(b, x->uri->at, "authorizer id") : x->id;
        s.principal = SLICE("apigateway.amazonaws.com");
        s.source_arn = declare_arn(b, x->uri->at, "execute-api",
                                   (const value *[]){ x->api_id, value_new_string(a, x->uri->at, SLICE("/authorizers/")), id }, 3);
    }
    value_each(a, x->uri, x->when, authorizer_uri, &(authorizer_choice){ b, x, &s });
}

void api_caller(builder *b, const resource *api, slice protocol) {
    build_edge(b, &(edge_spec){ .from = build_caller(b), .to = build_node(b, api), .kind = EDGE_SYNC, .service = protocol, .when = api->exists,
                                .at = api->at, .end = api->end, .enabled = EDGE_ON });
}

void api_access_log(builder *b, const resource *stage, node *api, slice protocol, const value *destination, when w) {
    edge_spec s = { .from = api, .via = stage, .kind = EDGE_WRITE, .service = protocol, .when = w, .enabled = EDGE_ON };
    declare_edges(b, &s, destination, SLICE("AWS::Logs::LogGroup"), NULL, NULL);
}
