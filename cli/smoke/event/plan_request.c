/* Requests that come to a route: method, path with its parameters, what is required, a token. */
#include "service/match.h"
#include "smoke/event/plan_parts.h"
#include "smoke/event/route.h"


/* ---- paths ---- */

/* "/items/{id}/{rest+}" with values put in; *parameters are they. */
static slice filled_path(arena *a, slice pattern, const char *one, const doc_node **parameters) {
    buf out = { .arena = a };
    js_object o = { 0 };
    slice rest = pattern, part;
    bool first = true;
    if (slice_is(pattern, "$default")) {
        *parameters = NULL;
        return SLICE("/sflint-smoke");
    }
    while (slice_cut(&rest, '/', &part)) {
        if (!first) buf_char(&out, '/');
        first = false;
        bool variable = part.len > 2 && part.at[0] == '{' && part.at[part.len - 1] == '}', greedy = variable && part.at[part.len - 2] == '+';
        if (!variable) {
            buf_slice(&out, part);
            continue;
        }
        slice text = greedy ? SLICE("a/b") : slice_from(one);
        js_set(a, &o, slice_from_to(part, 1, part.len - (greedy ? 2 : 1)), js_string(a, text));
        buf_slice(&out, text);
    }
    *parameters = o.entries.len > 0 ? js_object_end(a, &o) : NULL;
    return out.bytes.len > 0 ? buf_as_slice(&out) : SLICE("/");
}

/* Load balancers: `*` any run, `?` one character. */
static slice unglobbed(arena *a, slice pattern) {
    buf out = { .arena = a };
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] == '*') buf_text(&out, "smoke");
        else buf_char(&out, pattern.at[i] == '?' ? 'x' : pattern.at[i]);
    }
    return buf_as_slice(&out);
}

/* ---- the request ---- */

typedef struct {
    js_object headers;
    buf query;
} wanted;

static void want_query(planning *p, wanted *w, slice name, slice text) {
    (void)p;
    if (w->query.bytes.len > 0) buf_char(&w->query, '&');
    buf_slice(&w->query, name);
    buf_char(&w->query, '=');
    buf_slice(&w->query, text);
}

static void want_header(planning *p, wanted *w, slice name, slice text) { js_set(p->arena, &w->headers, name, js_string(p->arena, text)); }

/* "method.request.querystring.page": true. API Gateway API reference, PutMethod: requestParameters. */
static void want_required(planning *p, wanted *w) {
    static const slice query = SLICE_INIT("method.request.querystring."), header = SLICE_INIT("method.request.header.");
    const doc_node *list = is_type(p->edge->via, "AWS::ApiGateway::Method") ? property(p->maker, p->edge->via, "RequestParameters", p->edge->when) : NULL;
    for (size_t i = 0; js_is(list, DOC_MAP) && i < list->map.len; i++) {
        slice key = list->map.at[i].key;
        if (!js_is(list->map.at[i].value, DOC_BOOL) || !list->map.at[i].value->boolean) continue;
        if (slice_starts(key, query)) want_query(p, w, slice_after(key, query.len), SLICE("smoke"));
        if (slice_starts(key, header)) want_header(p, w, slice_after(key, header.len), SLICE("smoke"));
    }
}

/* Conditions of a load balancer's rule beside path and method. Elastic Load Balancing, "Condition types for listener rules". */
static void want_conditions(planning *p, wanted *w) {
    arena *a = p->arena;
    const doc_node *conditions = is_type(p->edge->via, "AWS::ElasticLoadBalancingV2::ListenerRule") ? property(p->maker, p->edge->via, "Conditions", p->edge->when) : NULL;
    for (size_t i = 0; js_is(conditions, DOC_LIST) && i < conditions->list.len; i++) {
        const doc_node *c = conditions->list.at[i], *values = js_get(c, "Values");
        slice field = js_str_of(c, "Field");
        if (slice_is(field, "host-header")) {
            if (values == NULL) values = js_at(c, "HostHeaderConfig.Values");
            if (js_len(values) > 0 && values->kind == DOC_LIST) want_header(p, w, SLICE("host"), unglobbed(a, js_str(values->list.at[0])));
        } else if (slice_is(field, "http-header")) {
            values = js_at(c, "HttpHeaderConfig.Values");
            if (js_len(values) > 0 && values->kind == DOC_LIST)
                want_header(p, w, js_str(js_at(c, "HttpHeaderConfig.HttpHeaderName")), unglobbed(a, js_str(values->list.at[0])));
        } else if (slice_is(field, "query-string")) {
            const doc_node *one = js_at(c, "QueryStringConfig.Values[0]");
            slice key = js_str_of(one, "Key");
            if (one != NULL) want_query(p, w, key.len > 0 ? key : SLICE("q"), unglobbed(a, js_str_of(one, "Value")));
        }
    }
}

/* "method.request.header.Authorization", "$request.querystring.token", "route.request.header.X" -> header, Authorization. */
static bool source_place(slice text, slice *where, slice *name) {
    static const slice heads[] = { SLICE_INIT("method.request."), SLICE_INIT("route.request."), SLICE_INIT("$request."), SLICE_INIT("context."), SLICE_INIT("$context."),
                                   SLICE_INIT("stageVariables."), SLICE_INIT("$stageVariables.") };
    text = slice_trim(text);
    for (size_t i = 0; i < COUNT(heads); i++)
        if (slice_starts(text, heads[i])) {
            slice rest = slice_after(text, heads[i].len);
            if (i > 2) return false;
            size_t dot = slice_find(rest, '.');
            if (dot == rest.len) return false;
            *where = slice_from_to(rest, 0, dot);
            *name = slice_after(rest, dot + 1);
            return true;
        }
    return false;
}

typedef VEC(slice) sources;

/* Where an authorizer looks for who asks: its fact `identity`, a list or a text with commas. */
static sources sources_of(planning *p, const edge *authorizer) {
    sources list = { 0 };
    const value *fact = authorizer == NULL || authorizer->facts == NULL ? &value_absent : value_get(p->maker->world->arena, authorizer->facts, SLICE("authorizer"));
    const doc_node *facts = value_is_absent(fact) ? NULL : world_json(p->maker->world, fact, authorizer->when, NULL), *identity = js_get(facts, "identity");
    for (size_t i = 0; js_is(identity, DOC_LIST) && i < identity->list.len; i++) VEC_PUSH(p->arena, &list, js_str(identity->list.at[i]));
    slice rest = js_str(identity), one;
    while (rest.len > 0 && slice_cut(&rest, ',', &one))
        if (slice_trim(one).len > 0) VEC_PUSH(p->arena, &list, slice_trim(one));
    bool token = authorizer != NULL && !slice_is(authorizer->service, "http") && !slice_same_letters(js_str_of(facts, "type"), SLICE("REQUEST"));
    if (list.len == 0 && token) VEC_PUSH(p->arena, &list, SLICE("method.request.header.Authorization"));
    return list;
}

#define TOKEN "Bearer sflint-smoke"

/* Values where the authorizer looks for them. */
static void want_identity(planning *p, wanted *w, const sources *list) {
    for (size_t i = 0; i < list->len; i++) {
        slice where, name;
        if (!source_place(list->at[i], &where, &name)) continue;
        if (slice_is(where, "querystring")) want_query(p, w, name, SLICE("sflint-smoke"));
        else want_header(p, w, name, SLICE(TOKEN));
    }
}

static slice fact_text(planning *p, const edge *e, const char *path) {
    const value *v = e->facts == NULL ? &value_absent : value_at(p->maker->world->arena, e->facts, slice_from(path));
    return value_is_absent(v) ? SLICE("") : world_text(p->maker->world, v, e->when, NULL);
}

static void want_auth(planning *p, wanted *w, const edge *route_edge) {
    slice auth = fact_text(p, route_edge, "route.auth");
    if (slice_is(auth, "CUSTOM")) {
        route r;
        route_read(p->maker, p->arena, route_edge, NULL, &r);
        sources list = sources_of(p, r.authorizer);
        want_identity(p, w, &list);
        if (list.len == 0) want_header(p, w, SLICE("Authorization"), SLICE(TOKEN));
    } else if (slice_is(auth, "AWS_IAM")) {
        want_header(p, w, SLICE("Authorization"), SLICE("AWS4-HMAC-SHA256 Credential=SFLINT/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0"));
    } else if (auth.len > 0 && !slice_is(auth, "NONE")) {
        want_header(p, w, SLICE("Authorization"), SLICE(TOKEN));
    }
    if (slice_is(fact_text(p, route_edge, "route.apiKey"), "true")) want_header(p, w, SLICE("x-api-key"), SLICE("sflint-smoke"));
}

/* The body that the API's model or its OpenAPI text describes; else one of ours. */
static slice body_of_route(planning *p, const edge *e, slice method) {
    arena *a = p->arena;
    const doc_node *sample = NULL;
    if (is_type(e->via, "AWS::ApiGateway::Method")) {
        const value *model = value_get(p->maker->world->arena, resource_written(p->maker->world->arena, e->via, SLICE("RequestModels")), SLICE("application/json"));
        if (model->kind == VAL_REF && is_type(model->ref.to, "AWS::ApiGateway::Model")) {
            const doc_node *schema = property(p->maker, model->ref.to, "Schema", e->when);
            if (js_is(schema, DOC_STRING)) schema = js_read(a, schema->text);
            sample = schema_sample(a, schema, NULL);
        }
    } else if (e->via == NULL || !slice_starts(e->via->type, SLICE("AWS::ApiGatewayV2::"))) {
        const doc_node *text = property(p->maker, e->from->resource, "Body", e->when), *operations = doc_get(js_get(text, "paths"), edge_filter_text(p->maker, e, "path"));
        for (size_t i = 0; js_is(operations, DOC_MAP) && i < operations->map.len; i++)
            if (slice_same_letters(operations->map.at[i].key, method)) {
                const doc_node *content = js_get(js_get(operations->map.at[i].value, "requestBody"), "content");
                sample = schema_sample(a, js_get(js_get(content, "application/json"), "schema"), text);
            }
    }
    return js_len(sample) > 0 ? js_text(a, sample) : SLICE("{\"sflint\":\"smoke\"}");
}

static bool has_body(slice method) { return slice_is(method, "POST") || slice_is(method, "PUT") || slice_is(method, "PATCH"); }

static slice upper(arena *a, slice s) {
    slice copy = arena_copy(a, s);
    for (size_t i = 0; i < copy.len; i++) {
        char *c = (char *)(uintptr_t)copy.at + i;
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    }
    return copy;
}

static happening_request request_of(planning *p, const edge *e, const char *filling) {
    arena *a = p->arena;
    slice method = upper(a, edge_filter_text(p->maker, e, "method")), path = edge_filter_text(p->maker, e, "path");
    bool balancer = slice_is(e->service, "alb");
    const doc_node *parameters;
    wanted w = { .query = { .arena = a } };
    if (method.len == 0 || slice_is(method, "ANY") || slice_is(method, "*")) method = SLICE("GET");
    path = path.len == 0 ? SLICE("/") : balancer ? unglobbed(a, path) : filled_path(a, path, filling, &parameters);
    if (path.len == 0 || path.at[0] != '/') path = arena_printf(a, "/%.*s", SLICE_ARG(path));
    want_required(p, &w);
    want_conditions(p, &w);
    want_auth(p, &w, e);
    if (has_body(method)) want_header(p, &w, SLICE("Content-Type"), SLICE("application/json"));
    return (happening_request){ .method = method, .path = path, .query = buf_as_slice(&w.query), .headers = w.headers.entries.len > 0 ? js_object_end(a, &w.headers) : NULL,
                                .body = has_body(method) ? body_of_route(p, e, method) : SLICE(""), .no_body = !has_body(method), .stage = SLICE_INIT(""),
                                .connection = SLICE_INIT("") };
}

/* ---- routes ---- */

/* With the full table of routes: "" when the request comes here, else why not. */
static slice caught(planning *p, const happening_request *q) {
    arena *a = p->arena;
    slice why;
    js_object o = { 0 };
    js_put(a, &o, "method", js_string(a, q->method));
    js_put(a, &o, "path", js_string(a, q->path));
    const match_event *m = match_event_new(a, value_from_doc(a, js_object_end(a, &o)), &why);
    const match_result *results;
    size_t len = m == NULL ? 0 : match_all(a, p->maker->world->graph, m, &results);
    for (size_t i = 0; i < len; i++)
        if (results[i].edge == p->edge) return results[i].matched == NO && !results[i].other_kind ? results[i].because : SLICE("");
    return SLICE("");
}

/* Integrations that hand on what a template makes of the request. */
bool plan_by_template(const planning *p) {
    const resource *r = p->edge->via;
    if (!is_type(r, "AWS::ApiGateway::Method")) return false;
    slice type = property_text(p->maker, r, "Integration.Type", p->edge->when);
    return slice_is(type, "AWS") && js_len(property(p->maker, r, "Integration.RequestTemplates", p->edge->when)) > 0;
}

void plan_route(planning *p) {
    static const char *const values[] = { "1", "sflint-smoke", "2" };
    arena *a = p->arena;
    slice why = SLICE("");
    if (p->edge->filter == NULL || value_is_absent(p->edge->filter)) {
        bool balancer = slice_is(p->edge->service, "alb"), url = slice_is(p->edge->service, "url");
        if (!balancer && !url) {
            plan_cannot(p, SLICE("no route of the templates names this integration"), false);
            return;
        }
        plan_add(p, HAPPENS_REQUEST, SLICE(""))->request = request_of(p, p->edge, "1");
        return;
    }
    if (plan_by_template(p)) {
        plan_cannot(p, plan_asks(p, SLICE("VTL mapping template: what it makes of a request is not known")), false);
        return;
    }
    for (size_t i = 0; i < COUNT(values); i++) {
        happening_request q = request_of(p, p->edge, values[i]);
        why = caught(p, &q);
        if (why.len > 0) continue;
        plan_add(p, HAPPENS_REQUEST, SLICE(""))->request = q;
        return;
    }
    plan_cannot(p, arena_printf(a, "never reached: %.*s", SLICE_ARG(why)), true);
}

/* ---- WebSocket ---- */

/* "$request.body.action" -> the body that selects the route. */
static slice selecting_body(planning *p, slice key) {
    slice expression = property_text(p->maker, p->edge->from->resource, "RouteSelectionExpression", p->edge->when);
    size_t at = slice_find_slice(expression, SLICE("request.body."));
    slice name = at == (size_t)-1 ? SLICE("action") : slice_after(expression, at + 13);
    size_t end = 0;
    while (end < name.len && (name.at[end] == '_' || name.at[end] == '.' || (name.at[end] >= '0' && name.at[end] <= '9') || (name.at[end] >= 'a' && name.at[end] <= 'z') ||
                              (name.at[end] >= 'A' && name.at[end] <= 'Z'))) end++;
    const doc_node *body = js_with(p->arena, NULL, SLICE("sflint"), js_cstr(p->arena, "smoke"));
    if (!slice_is(key, "$default")) body = js_with_at(p->arena, body, slice_from_to(name, 0, end), js_string(p->arena, key));
    return js_text(p->arena, body);
}

void plan_socket(planning *p) {
    slice key = edge_filter_text(p->maker, p->edge, "route");
    if (key.len == 0) {
        plan_cannot(p, SLICE("no route of the templates names this integration"), false);
        return;
    }
    bool connects = slice_is(key, "$connect"), leaves = slice_is(key, "$disconnect");
    wanted w = { .query = { .arena = p->arena } };
    if (connects) want_auth(p, &w, p->edge);
    plan_add(p, HAPPENS_REQUEST, SLICE(""))->request = (happening_request){
        .method = connects ? SLICE("CONNECT") : leaves ? SLICE("DISCONNECT") : SLICE("MESSAGE"), .path = SLICE_INIT(""), .query = buf_as_slice(&w.query),
        .headers = w.headers.entries.len > 0 ? js_object_end(p->arena, &w.headers) : NULL,
        .body = connects || leaves ? SLICE("") : selecting_body(p, key), .no_body = connects || leaves, .stage = SLICE_INIT(""), .connection = SLICE_INIT("sflintSmoke=") };
}

/* ---- authorizers ---- */

/* A route that the authorizer guards. */
static const edge *guarded_route(planning *p) {
    const edge *any = NULL;
    for (size_t i = 0; i < p->edge->from->out_len; i++) {
        const edge *e = p->edge->from->out[i];
        if (!route_is(e) || !slice_is(fact_text(p, e, "route.auth"), "CUSTOM")) continue;
        route r;
        route_read(p->maker, p->arena, e, NULL, &r);
        if (r.authorizer == p->edge) return e;
        any = any == NULL ? e : any;
    }
    return any;
}

void plan_authorizer(planning *p) {
    arena *a = p->arena;
    const edge *guarded = guarded_route(p);
    bool socket = slice_is(p->edge->service, "websocket");
    happening_request q = { .method = SLICE_INIT("GET"), .path = SLICE_INIT("/"), .query = SLICE_INIT(""), .no_body = true, .stage = SLICE_INIT(""), .body = SLICE_INIT(""),
                            .connection = SLICE_INIT("") };
    if (guarded != NULL && !socket) q = request_of(p, guarded, "1");
    sources list = sources_of(p, p->edge);
    wanted w = { .query = { .arena = a } };
    want_identity(p, &w, &list);
    happening_request with = q, without = q;
    with.headers = js_object_end(a, &w.headers);
    with.query = buf_as_slice(&w.query);
    route r;
    authorizer_read_of how;
    route_read(p->maker, a, guarded != NULL ? guarded : p->edge, &with, &r);
    r.made.authorizer = NULL;
    if (socket) r.made.route_key = SLICE("$connect");
    authorizer_read(p->maker, a, p->edge, &with, &how);
    plan_add(p, HAPPENS_DIRECT, SLICE("with a token"))->event = make_authorizer_event(p->maker, a, &r.made, &with, how.version, how.identity);
    /* Without what an identity source asks for, API Gateway answers 401 by itself (developer guide, "Use API Gateway Lambda authorizers"). */
    without.headers = NULL;
    without.query = SLICE("");
    if (list.len == 0)
        plan_add(p, HAPPENS_DIRECT, SLICE("without a token"))->event = make_authorizer_event(p->maker, a, &r.made, &without, how.version, NULL);
}
