#include "smoke/event/route_parts.h"

/* ---- facts ---- */

static const doc_node *fact(maker *m, const edge *e, const char *name) {
    return e->facts == NULL ? NULL : world_json(m->world, value_get(m->world->arena, e->facts, slice_from(name)), e->when, NULL);
}

static const doc_node *filter(maker *m, const edge *e) { return e->filter == NULL ? NULL : world_json(m->world, e->filter, e->when, NULL); }

bool route_is_authorizer(const edge *e) {
    if (e->filter == NULL || e->filter->kind != VAL_MAP) return false;
    const value *trigger = value_get(NULL, e->filter, SLICE("trigger"));
    return trigger->kind == VAL_STRING && slice_is(trigger->text, "authorizer");
}

bool route_is(const edge *e) {
    static const char *const services[] = { "rest", "http", "websocket", "url", "alb", "elb" };
    for (size_t i = 0; i < COUNT(services); i++)
        if (slice_is(e->service, services[i])) return !route_is_authorizer(e) && slice_is(e->to->type, "AWS::Lambda::Function");
    return false;
}

static slice text_property(maker *m, const resource *r, const char *path) {
    const value *v = resource_written(m->world->arena, r, slice_from(path));
    return value_is_absent(v) ? SLICE("") : world_text(m->world, v, r->exists, NULL);
}

/* ---- stages ---- */

static bool points_at(maker *m, const resource *r, const char *property, const resource *api) {
    const resource *to = NULL;
    bool open;
    const node *n = graph_pointed(m->world->graph, resource_written(m->world->arena, r, slice_from(property)), &to, &open);
    return n != NULL ? n->resource == api : to == api;
}

/* The first stage that the templates declare. */
static void stage_of(maker *m, arena *a, const resource *api, made_route *out) {
    static const struct { const char *type, *api, *variables; } stages[] = {
        { "AWS::ApiGatewayV2::Stage", "ApiId", "StageVariables" },
        { "AWS::ApiGateway::Stage", "RestApiId", "Variables" },
        { "AWS::ApiGateway::Deployment", "RestApiId", "StageDescription.Variables" },
    };
    (void)a;
    for (size_t k = 0; k < COUNT(stages); k++)
        for (size_t i = 0; i < api->in->resources.len; i++) {
            const resource *r = api->in->resources.at[i];
            if (!slice_is(r->type, stages[k].type) || !points_at(m, r, stages[k].api, api)) continue;
            slice name = text_property(m, r, "StageName");
            if (name.len == 0) continue;
            out->stage = name;
            out->stage_variables = world_json(m->world, resource_written(m->world->arena, r, slice_from(stages[k].variables)), r->exists, NULL);
            return;
        }
}

/* The target group that has the function, and whether it hands on several values of a header. Elastic Load Balancing, "Use Lambda functions as
 * targets": lambda.multi_value_headers.enabled. */
static void group_of(maker *m, arena *a, const edge *e, made_route *out) {
    const resource *group = NULL, *function = e->to->resource;
    const template *in = function == NULL ? NULL : function->in;
    for (size_t i = 0; in != NULL && i < in->resources.len && group == NULL; i++) {
        const resource *r = in->resources.at[i], *to = NULL;
        bool open;
        if (!slice_is(r->type, "AWS::ElasticLoadBalancingV2::TargetGroup")) continue;
        const node *n = graph_pointed(m->world->graph, value_at(m->world->arena, r->properties, SLICE("Targets[0].Id")), &to, &open);
        if (n == e->to || to == function) group = r;
    }
    out->target_group_arn = group != NULL ? world_attribute(m->world, group, SLICE("Ref"))
                          : arena_printf(a, "arn:%.*s:elasticloadbalancing:%.*s:%.*s:targetgroup/sflint/0000000000000001", SLICE_ARG(m->world->partition),
                                         SLICE_ARG(m->world->region), SLICE_ARG(m->world->account));
    const value *attributes = group == NULL ? &value_absent : resource_written(m->world->arena, group, SLICE("TargetGroupAttributes"));
    const doc_node *list = value_is_absent(attributes) ? NULL : world_json(m->world, attributes, e->when, NULL);
    for (size_t i = 0; js_is(list, DOC_LIST) && i < list->list.len; i++)
        if (slice_is(js_str_of(list->list.at[i], "Key"), "lambda.multi_value_headers.enabled")) out->multi_value = js_bool_of(list->list.at[i], "Value", false);
}

/* ---- reading ---- */

static const edge *authorizer_of(maker *m, const edge *e, slice name) {
    const edge *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < e->from->out_len; i++) {
        const edge *o = e->from->out[i];
        if (!route_is_authorizer(o)) continue;
        if (name.len > 0 && slice_eq(js_str_of(fact(m, o, "authorizer"), "name"), name)) return o;
        only = o;
        count++;
    }
    return name.len == 0 && count == 1 ? only : NULL;
}

/* Who is signed in, for authorizers that no function of the templates is. */
static const doc_node *claims_of(maker *m, arena *a, slice auth) {
    js_object claims = { 0 }, outer = { 0 };
    slice user = make_uuid(m, a);
    js_put(a, &claims, "sub", js_string(a, user));
    js_put(a, &claims, "cognito:username", js_cstr(a, "sflint"));
    js_put(a, &claims, "email", js_cstr(a, "sflint@example.com"));
    js_put(a, &claims, "token_use", js_cstr(a, "id"));
    if (slice_is(auth, "COGNITO_USER_POOLS")) {
        js_put(a, &outer, "claims", js_object_end(a, &claims));
        return js_object_end(a, &outer);
    }
    if (!slice_is(auth, "JWT")) return NULL;
    js_object jwt = { 0 };
    js_put(a, &jwt, "claims", js_object_end(a, &claims));
    js_put(a, &jwt, "scopes", js_null());
    js_put(a, &outer, "jwt", js_object_end(a, &jwt));
    return js_object_end(a, &outer);
}

void route_read(maker *m, arena *a, const edge *e, const happening_request *q, route *out) {
    const doc_node *integration = fact(m, e, "integration"), *facts = fact(m, e, "route"), *f = filter(m, e);
    slice payload = js_str_of(integration, "payload"), type = js_str_of(integration, "type"), method = js_str_of(f, "method"), path = js_str_of(f, "path");
    const resource *api = e->from->resource;
    *out = (route){ .auth = js_str_of(facts, "auth"), .api_key = js_bool_of(facts, "apiKey", false), .proxy = !slice_same_letters(type, SLICE("AWS")) };
    if (out->auth.len == 0) out->auth = SLICE("NONE");
    made_route *r = &out->made;
    r->api = e->from;
    r->stage = SLICE("$default");
    r->api_id = api == NULL ? SLICE("api") : world_name(m->world, api);
    if (slice_is(e->service, "rest")) {
        out->version = SLICE("rest");
        r->stage = SLICE("Prod");
        r->resource_path = path;
        r->route_key = arena_printf(a, "%.*s %.*s", SLICE_ARG(method), SLICE_ARG(path));
    } else if (slice_is(e->service, "http")) {
        /* CloudFormation, AWS::ApiGatewayV2::Integration, PayloadFormatVersion: 1.0 unless given. */
        out->version = payload.len > 0 ? payload : SLICE("1.0");
        r->resource_path = path;
        r->route_key = slice_is(path, "$default") ? path : arena_printf(a, "%.*s %.*s", SLICE_ARG(method), SLICE_ARG(path));
    } else if (slice_is(e->service, "websocket")) {
        out->version = SLICE("websocket");
        r->route_key = js_str_of(f, "route");
        r->connection_id = q != NULL && q->connection.len > 0 ? q->connection : SLICE("c0nnect1on=");
        r->domain = m->world->port != 0 ? arena_printf(a, "127.0.0.1:%u", m->world->port) : SLICE("");
    } else if (slice_is(e->service, "url")) {
        out->version = SLICE("url");
        r->api = e->to;
        r->api_id = e->via == NULL ? SLICE("url") : world_name(m->world, e->via);
        r->route_key = SLICE("$default");
        r->anonymous = e->via == NULL || slice_is(text_property(m, e->via, "AuthType"), "NONE");
        out->auth = r->anonymous ? SLICE("NONE") : SLICE("AWS_IAM");
    } else {
        out->version = SLICE("alb");
        group_of(m, a, e, r);
    }
    if (api != NULL && !slice_is(out->version, "url") && !slice_is(out->version, "alb")) stage_of(m, a, api, r);
    if (q != NULL && q->stage.len > 0) r->stage = q->stage;
    out->authorizer = slice_is(out->auth, "CUSTOM") ? authorizer_of(m, e, js_str_of(integration, "authorizer")) : NULL;
    r->authorizer = claims_of(m, a, out->auth);
    bool socket = slice_is(out->version, "websocket");      /* "arn:...:API/STAGE/$connect" */
    slice shown = socket ? r->route_key : slice_is(method, "ANY") || method.len == 0 ? q != NULL ? q->method : SLICE("GET") : method;
    if (slice_is(out->version, "websocket")) shown = r->route_key;
    r->method_arn = arena_printf(a, "arn:%.*s:execute-api:%.*s:%.*s:%.*s/%.*s/%.*s%.*s", SLICE_ARG(m->world->partition), SLICE_ARG(m->world->region),
                                 SLICE_ARG(m->world->account), SLICE_ARG(r->api_id), SLICE_ARG(r->stage), SLICE_ARG(shown),
                                 SLICE_ARG(socket ? SLICE("") : q != NULL ? q->path : path));
    if (q != NULL) route_takes(m, a, e, q, &r->path_parameters);
}

const doc_node *route_event(maker *m, arena *a, const edge *e, const route *r, const happening_request *q) {
    (void)e;
    if (slice_is(r->version, "websocket")) return make_websocket_event(m, a, &r->made, q);
    if (slice_is(r->version, "alb")) return make_alb_event(m, a, &r->made, q);
    if (!r->proxy) {
        const doc_node *body = js_read(a, q->body);
        return body != NULL ? body : js_empty_object();
    }
    if (slice_is(r->version, "rest")) return make_rest_event(m, a, &r->made, q);
    return make_http_event(m, a, &r->made, q, slice_is(r->version, "url") ? SLICE("2.0") : r->version);
}

/* ---- matching ---- */

#define MOST_SEGMENTS 64u

/* Segments of a path; REST takes no heed of a slash at the end. */
static size_t segments(slice path, bool trailing_counts, slice *out) {
    size_t n = 0;
    slice rest = path, part;
    if (rest.len > 0 && rest.at[0] == '/') rest = slice_after(rest, 1);
    if (!trailing_counts && rest.len > 0 && rest.at[rest.len - 1] == '/') rest = slice_from_to(rest, 0, rest.len - 1);
    while (n < MOST_SEGMENTS && slice_cut(&rest, '/', &part)) out[n++] = part;
    return n == 1 && out[0].len == 0 ? 0 : n;
}

/* {name}, {name+}: 1, 2; a literal: 0. */
static int kind_of(slice part, slice *name) {
    if (part.len < 3 || part.at[0] != '{' || part.at[part.len - 1] != '}') return 0;
    bool greedy = part.at[part.len - 2] == '+';
    *name = slice_from_to(part, 1, part.len - (greedy ? 2 : 1));
    return greedy ? 2 : 1;
}

static slice decoded(arena *a, slice text) {
    buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++) {
        unsigned hex = 0, digits = 0;
        for (size_t k = 1; text.at[i] == '%' && k <= 2 && i + k < text.len; k++) {
            char c = text.at[i + k];
            unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (c | 32) >= 'a' && (c | 32) <= 'f' ? (unsigned)((c | 32) - 'a') + 10 : 99;
            if (d == 99) break;
            hex = hex * 16 + d;
            digits++;
        }
        buf_char(&out, digits == 2 ? (char)hex : text.at[i]);
        if (digits == 2) i += 2;
    }
    return buf_as_slice(&out);
}

static bool path_fits(arena *a, slice pattern, slice path, bool trailing_counts, js_object *parameters) {
    slice want[MOST_SEGMENTS], have[MOST_SEGMENTS], name = { "", 0 };
    size_t w = segments(pattern, trailing_counts, want), h = segments(path, trailing_counts, have);
    for (size_t i = 0; i < w; i++) {
        int kind = kind_of(want[i], &name);
        if (kind == 2) {
            if (i >= h) return false;
            slice rest = { have[i].at, (size_t)(path.at + path.len - have[i].at) };
            if (!trailing_counts && rest.len > 0 && rest.at[rest.len - 1] == '/') rest.len--;
            if (rest.len == 0) return false;     /* "at least one segment" */
            js_set(a, parameters, name, js_string(a, decoded(a, rest)));
            return true;
        }
        if (i >= h || (kind == 0 && !slice_eq(want[i], have[i])) || (kind == 1 && have[i].len == 0)) return false;
        if (kind == 1) js_set(a, parameters, name, js_string(a, decoded(a, have[i])));
    }
    return w == h;
}

/* What a WebSocket API's RouteSelectionExpression selects of a message: "$request.body.action". */
static const doc_node *selected_by(maker *m, arena *a, const edge *e, const happening_request *q) {
    slice expression = e->from->resource == NULL ? SLICE("") : text_property(m, e->from->resource, "RouteSelectionExpression");
    size_t at = slice_find_slice(expression, SLICE("request.body."));
    slice name = at == (size_t)-1 ? SLICE("action") : slice_after(expression, at + strlen("request.body."));
    if (name.len > 0 && name.at[name.len - 1] == '}') name.len--;        /* "${request.body.action}" */
    return js_at(js_read(a, q->body), arena_copy(a, name).at);
}

bool route_takes(maker *m, arena *a, const edge *e, const happening_request *q, const doc_node **parameters) {
    const doc_node *f = filter(m, e);
    slice method = js_str_of(f, "method"), path = js_str_of(f, "path");
    js_object found = { 0 };
    *parameters = NULL;
    if (slice_is(e->service, "websocket")) {
        slice key = js_str_of(f, "route"), selected = js_str(selected_by(m, a, e, q));
        if (slice_is(q->method, "CONNECT") || slice_is(q->method, "DISCONNECT")) return slice_is(key, slice_is(q->method, "CONNECT") ? "$connect" : "$disconnect");
        return key.len > 0 && key.at[0] != '$' ? slice_eq(selected, key) : slice_is(key, "$default");
    }
    if (slice_is(e->service, "alb") || slice_is(e->service, "elb")) return balancer_takes(m, a, e, q);
    if (slice_is(e->service, "url") || slice_is(path, "$default")) return true;
    if (path.len == 0 && method.len == 0) return !slice_is(e->service, "rest") && !slice_is(e->service, "http");
    if (method.len > 0 && !slice_is(method, "ANY") && !slice_same_letters(method, q->method)) return false;
    if (!slice_is(e->service, "rest") && !slice_is(e->service, "http")) return path.len == 0 || slice_glob(path, q->path);
    if (!path_fits(a, path, q->path, slice_is(e->service, "http"), &found)) return false;
    if (found.entries.len > 0) *parameters = js_object_end(a, &found);
    return true;
}

/* Negative: x is the more specific one. Segment by segment a literal goes before {name}, {name} before {name+}; then a method before ANY. */
static int more_specific(maker *m, const edge *x, const edge *y) {
    const doc_node *fx = filter(m, x), *fy = filter(m, y);
    slice px = js_str_of(fx, "path"), py = js_str_of(fy, "path"), sx[MOST_SEGMENTS], sy[MOST_SEGMENTS], name;
    bool dx = slice_is(px, "$default"), dy = slice_is(py, "$default");
    if (dx != dy) return dx ? 1 : -1;
    size_t nx = segments(px, true, sx), ny = segments(py, true, sy);
    if (slice_is(x->service, "alb") || slice_is(x->service, "elb")) {
        long long first = balancer_priority(m, x), second = balancer_priority(m, y);
        return first < second ? -1 : first > second;
    }
    if (slice_is(x->service, "websocket")) return (int)slice_is(js_str_of(fx, "route"), "$default") - (int)slice_is(js_str_of(fy, "route"), "$default");
    /* HTTP APIs: what matches whole goes before any greedy path; REST APIs go down their tree of resources. */
    bool gx = slice_ends(px, SLICE("+}")), gy = slice_ends(py, SLICE("+}"));
    if (slice_is(x->service, "http") && gx != gy) return gx ? 1 : -1;
    for (size_t i = 0; i < nx && i < ny; i++) {
        int kx = kind_of(sx[i], &name), ky = kind_of(sy[i], &name);
        if (kx != ky) return kx - ky;
    }
    bool ax = slice_is(js_str_of(fx, "method"), "ANY"), ay = slice_is(js_str_of(fy, "method"), "ANY");
    return ax == ay ? 0 : ax ? 1 : -1;
}

/* Does the path alone lead to the resource of the route? */
static bool leads_to(maker *m, arena *a, const edge *e, const happening_request *q) {
    js_object found = { 0 };
    slice path = js_str_of(filter(m, e), "path");
    return path.len > 0 && path_fits(a, path, q->path, false, &found);
}

static bool walkable(const edge *e) { return e->kind != EDGE_WRITE && e->kind != EDGE_DEAD_LETTER && !route_is_authorizer(e) && e->enabled != NO; }

const edge *route_of(maker *m, arena *a, const node *api, const happening_request *q) {
    const edge *best = NULL, *led = NULL;
    for (size_t i = 0; i < api->out_len; i++) {
        const edge *e = api->out[i];
        const doc_node *parameters;
        if (!walkable(e)) continue;
        if (slice_is(e->service, "rest") && leads_to(m, a, e, q) && (led == NULL || more_specific(m, e, led) < 0)) led = e;
        if (!route_takes(m, a, e, q, &parameters)) continue;
        if (best == NULL || more_specific(m, e, best) < 0) best = e;
    }
    bool same = best == NULL || led == NULL || slice_eq(js_str_of(filter(m, best), "path"), js_str_of(filter(m, led), "path"));
    return same ? best : NULL;
}

/* ---- authorizers ---- */

slice route_header(const happening_request *q, slice name) {
    for (size_t i = 0; js_is(q->headers, DOC_MAP) && i < q->headers->map.len; i++)
        if (slice_same_letters(q->headers->map.at[i].key, name)) {
            const doc_node *v = q->headers->map.at[i].value;
            return js_is(v, DOC_LIST) && v->list.len > 0 ? js_str(v->list.at[0]) : js_str(v);
        }
    return SLICE("");
}

slice route_query(arena *a, const happening_request *q, slice name) {
    slice rest = q->query, pair;
    while (rest.at != NULL && slice_cut(&rest, '&', &pair)) {
        size_t eq = slice_find(pair, '=');
        if (slice_eq(slice_from_to(pair, 0, eq), name)) return decoded(a, eq < pair.len ? slice_after(pair, eq + 1) : SLICE(""));
    }
    return SLICE("");
}

/* "method.request.header.Authorization", "$request.querystring.auth", "route.request.header.X"; what is none of them ("context.", stage variables) is there. */
static slice source_value(arena *a, const happening_request *q, slice source) {
    static const char *const headers[] = { "request.header.", "request.querystring." };
    for (size_t i = 0; i < COUNT(headers); i++) {
        size_t at = slice_find_slice(source, slice_from(headers[i]));
        if (at == (size_t)-1) continue;
        slice name = slice_after(source, at + strlen(headers[i]));
        return i == 0 ? route_header(q, name) : route_query(a, q, name);
    }
    return SLICE("-");
}

void authorizer_read(maker *m, arena *a, const edge *e, const happening_request *q, authorizer_read_of *out) {
    const doc_node *f = fact(m, e, "authorizer"), *identity = js_get(f, "identity");
    slice type = js_str_of(f, "type"), payload = js_str_of(f, "payload");
    bool rest = !slice_is(e->service, "http");
    js_list values = { 0 };
    bool all = true;
    out->version = !rest ? payload.len > 0 ? payload : SLICE("2.0") : slice_same_letters(type, SLICE("REQUEST")) ? SLICE("REQUEST") : SLICE("TOKEN");
    out->simple = js_bool_of(f, "simple", false);
    out->validated = js_str_of(f, "validation").len > 0;
    VEC(slice) sources = { 0 };
    if (js_is(identity, DOC_LIST))
        for (size_t i = 0; i < identity->list.len; i++) VEC_PUSH(a, &sources, js_str(identity->list.at[i]));
    slice list = js_str(identity), one;
    while (list.len > 0 && slice_cut(&list, ',', &one)) VEC_PUSH(a, &sources, slice_trim(one));
    if (sources.len == 0 && slice_is(out->version, "TOKEN")) VEC_PUSH(a, &sources, SLICE("method.request.header.Authorization"));
    for (size_t i = 0; i < sources.len; i++) {
        slice text = source_value(a, q, sources.at[i]);
        all &= text.len > 0;
        js_push(a, &values, js_string(a, text));
    }
    out->identity = all ? js_list_end(a, &values) : NULL;
}

/* ---- before the integration ---- */

/* API Gateway developer guide, "Choose an API key source", "Control access with IAM", "JWT authorizers"; Lambda developer guide, "Control access
 * to function URLs". */
unsigned route_refuses(const route *r, const happening_request *q, slice *message, slice *why) {
    bool rest = slice_is(r->version, "rest"), signed_in = route_header(q, SLICE("Authorization")).len > 0;
    bool by_query = slice_find_slice(q->query, SLICE("X-Amz-Signature=")) != (size_t)-1;
    *message = *why = SLICE("");
    if (slice_is(r->auth, "AWS_IAM") && !signed_in && !by_query) {
        *message = rest ? SLICE("Missing Authentication Token") : SLICE("Forbidden");
        *why = SLICE("the route wants a signed request (AWS_IAM), and this one is not");
        return 403;
    }
    if ((slice_is(r->auth, "JWT") || slice_is(r->auth, "COGNITO_USER_POOLS")) && !signed_in) {
        *message = SLICE("Unauthorized");
        *why = SLICE("the route wants a token in the Authorization header, and the request has none");
        return 401;
    }
    if (r->api_key && route_header(q, SLICE("x-api-key")).len == 0) {
        *message = SLICE("Forbidden");
        *why = SLICE("ApiKeyRequired is set, and the request has no x-api-key");
        return 403;
    }
    return 0;
}

static const doc_node *joined(arena *a, const doc_node *list) {
    buf out = { .arena = a };
    if (js_is(list, DOC_STRING)) return list;
    for (size_t i = 0; js_is(list, DOC_LIST) && i < list->list.len; i++) {
        if (i > 0) buf_char(&out, ',');
        buf_slice(&out, js_str(list->list.at[i]));
    }
    return out.bytes.len > 0 ? js_string(a, buf_as_slice(&out)) : NULL;
}

/* The resource whose CORS configuration answers, and where it stands. */
static const doc_node *cors_of(maker *m, const node *api, bool *url) {
    const resource *r = api->resource;
    *url = slice_is(api->type, "AWS::Lambda::Function");
    for (size_t i = 0; *url && i < api->in_len; i++)
        if (slice_is(api->in[i]->service, "url")) r = api->in[i]->via;
    if (r == NULL || !(*url || slice_is(api->type, "AWS::ApiGatewayV2::Api"))) return NULL;
    return world_json(m->world, resource_written(m->world->arena, r, *url ? SLICE("Cors") : SLICE("CorsConfiguration")), r->exists, NULL);
}

/* API Gateway developer guide, "Configure CORS for HTTP APIs": it answers preflights by itself, also without a route for OPTIONS. */
const doc_node *route_preflight(maker *m, arena *a, const node *api, const happening_request *q) {
    bool url;
    slice origin = route_header(q, SLICE("Origin"));
    if (!slice_is(q->method, "OPTIONS") || origin.len == 0 || route_header(q, SLICE("Access-Control-Request-Method")).len == 0) return NULL;
    const doc_node *cors = cors_of(m, api, &url), *origins = js_get(cors, "AllowOrigins");
    if (!js_is(cors, DOC_MAP)) return NULL;
    js_object o = { 0 };
    bool allowed = false, any = false;
    for (size_t i = 0; js_is(origins, DOC_LIST) && i < origins->list.len; i++) {
        allowed |= slice_glob(js_str(origins->list.at[i]), origin);
        any |= slice_is(js_str(origins->list.at[i]), "*");
    }
    if (!allowed) return js_empty_object();
    js_put(a, &o, "access-control-allow-origin", js_string(a, any ? SLICE("*") : origin));
    js_put(a, &o, "access-control-allow-methods", joined(a, js_get(cors, "AllowMethods")));
    js_put(a, &o, "access-control-allow-headers", joined(a, js_get(cors, "AllowHeaders")));
    js_put(a, &o, "access-control-max-age", js_get(cors, "MaxAge") == NULL ? NULL : js_format(a, "%lld", js_int_of(cors, "MaxAge", 0)));
    if (js_bool_of(cors, "AllowCredentials", false)) js_put(a, &o, "access-control-allow-credentials", js_cstr(a, "true"));
    return js_object_end(a, &o);
}
