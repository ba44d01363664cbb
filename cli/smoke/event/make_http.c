/* Requests as functions get them: REST and HTTP APIs, WebSocket APIs, function URLs, load balancers, and their authorizers.
 * API Gateway developer guide, "Set up Lambda proxy integrations", "Working with AWS Lambda proxy integrations for HTTP APIs", "Use API Gateway
 * Lambda authorizers"; Lambda developer guide, "Invoking Lambda function URLs"; Elastic Load Balancing, "Use Lambda functions as targets". */
#include "base/utf8.h"
#include "base/digest.h"
#include "smoke/event/make.h"
#include "smoke/event/shape.h"

/* ---- parts of a request ---- */

typedef VEC(http_pair) pairs;

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static slice lowered(arena *a, slice s) {
    slice copy = arena_copy(a, s);
    for (size_t i = 0; i < copy.len; i++) ((char *)(uintptr_t)copy.at)[i] = lower(copy.at[i]);
    return copy;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static slice unescaped(arena *a, slice s) {
    char *out = arena_raw(a, 1, 1, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        int high = s.at[i] == '%' && s.len - i > 2 ? hex_digit(s.at[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(s.at[i + 2]);
        if (low >= 0) {
            out[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[len++] = s.at[i] == '+' ? ' ' : s.at[i];
        }
    }
    return (slice){ out, len };
}

static pairs query_pairs(arena *a, slice query, bool raw) {
    pairs list = { 0 };
    slice rest = query, one, name;
    if (query.len == 0) return list;
    while (slice_cut(&rest, '&', &one)) {
        if (one.len == 0) continue;
        slice text = one;
        slice_cut(&text, '=', &name);
        if (text.at == NULL) text = SLICE("");
        VEC_PUSH(a, &list, (http_pair){ raw ? name : unescaped(a, name), raw ? text : unescaped(a, text) });
    }
    return list;
}

static void add_header(arena *a, pairs *list, slice name, slice text) { VEC_PUSH(a, list, (http_pair){ name, text }); }

static slice header_of(const pairs *list, const char *name) {
    for (size_t i = 0; i < list->len; i++)
        if (slice_same_letters(list->at[i].name, slice_from(name))) return list->at[i].value;
    return SLICE("");
}

static bool has_header(const pairs *list, const char *name) {
    for (size_t i = 0; i < list->len; i++)
        if (slice_same_letters(list->at[i].name, slice_from(name))) return true;
    return false;
}

/* What the client sent, then what the front adds where the client has not said it. `lower_names`: HTTP/2 fronts send small letters. */
static pairs header_pairs(maker *m, arena *a, const happening_request *q, slice host, bool lower_names, const char *port) {
    pairs list = { 0 };
    for (size_t i = 0; js_is(q->headers, DOC_MAP) && i < q->headers->map.len; i++) {
        const doc_node *v = q->headers->map.at[i].value;
        slice name = lower_names ? lowered(a, q->headers->map.at[i].key) : q->headers->map.at[i].key;
        if (!js_is(v, DOC_LIST)) add_header(a, &list, name, doc_is_scalar(v) ? v->text : js_text(a, v));
        for (size_t k = 0; js_is(v, DOC_LIST) && k < v->list.len; k++) add_header(a, &list, name, v->list.at[k]->text);
    }
    const struct { const char *name; slice text; } added[] = {
        { "Accept", SLICE("*/*") }, { "Host", host }, { "User-Agent", SLICE("sflint-smoke") },
        { "X-Amzn-Trace-Id", arena_printf(a, "Root=1-%08llx-%.*s", (unsigned long long)(m->now_ms / 1000), SLICE_ARG(make_hex(m, a, 24))) },
        { "X-Forwarded-For", SLICE("127.0.0.1") }, { "X-Forwarded-Port", slice_from(port) },
        { "X-Forwarded-Proto", slice_is(slice_from(port), "80") ? SLICE("http") : SLICE("https") },
    };
    if (!q->no_body && q->body.len > 0 && !has_header(&list, "content-type"))
        add_header(a, &list, lower_names ? SLICE("content-type") : SLICE("Content-Type"), SLICE("application/json"));
    for (size_t i = 0; i < COUNT(added); i++)
        if (!has_header(&list, added[i].name))
            add_header(a, &list, lower_names ? lowered(a, slice_from(added[i].name)) : slice_from(added[i].name), added[i].text);
    return list;
}

typedef enum { ONE_LAST, ONE_JOINED, MANY } folding;

/* Several values of one name: the last, all joined with commas, or a list. */
static const doc_node *folded(arena *a, const pairs *list, folding how) {
    js_object o = { 0 };
    strmap places = { 0 };
    VEC(js_list) lists = { 0 };
    for (size_t i = 0; i < list->len; i++) {
        size_t at = (size_t)(uintptr_t)strmap_get(&places, list->at[i].name);
        if (at == 0) {
            VEC_PUSH(a, &lists, (js_list){ 0 });
            VEC_PUSH(a, &o.entries, (doc_entry){ .key = list->at[i].name });
            at = lists.len;
            strmap_put(a, &places, list->at[i].name, (void *)(uintptr_t)at);
        }
        js_push(a, &lists.at[at - 1], js_string(a, list->at[i].value));
    }
    for (size_t i = 0; i < lists.len; i++) {
        js_list *l = &lists.at[i];
        if (how == MANY) {
            o.entries.at[i].value = js_list_end(a, l);
        } else if (how == ONE_LAST || l->items.len == 1) {
            o.entries.at[i].value = l->items.at[l->items.len - 1];
        } else {
            buf joined = { .arena = a };
            for (size_t k = 0; k < l->items.len; k++) {
                if (k > 0) buf_char(&joined, ',');
                buf_slice(&joined, l->items.at[k]->text);
            }
            o.entries.at[i].value = js_string(a, buf_as_slice(&joined));
        }
    }
    return js_object_end(a, &o);
}

static const doc_node *or_null(const doc_node *n) { return js_len(n) > 0 ? n : js_null(); }
static const doc_node *or_none(const doc_node *n) { return js_len(n) > 0 ? n : NULL; }

/* ---- the body ---- */

/* Content types whose bodies are handed on as text; all else is base64. HTTP API developer guide, "Working with binary media types"; Elastic Load
 * Balancing, "Receive events from the load balancer". */
static bool text_type(slice type) {
    static const char *const texts[] = { "application/json", "application/javascript", "application/xml", "application/x-javascript" };
    type = slice_trim(slice_from_to(type, 0, slice_find(type, ';')));
    if (type.len == 0 || slice_starts(type, SLICE("text/")) || slice_ends(type, SLICE("+json")) || slice_ends(type, SLICE("+xml"))) return true;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (slice_same_letters(type, slice_from(texts[i]))) return true;
    return false;
}

/* BinaryMediaTypes of a REST API. */
static bool binary_type(maker *m, const node *api, slice type) {
    if (api == NULL || api->resource == NULL) return false;
    const doc_node *list = world_json(m->world, resource_written(m->world->arena, api->resource, SLICE("BinaryMediaTypes")), WHEN_ALWAYS, NULL);
    type = slice_trim(slice_from_to(type, 0, slice_find(type, ';')));
    for (size_t i = 0; js_is(list, DOC_LIST) && i < list->list.len; i++) {
        slice one = js_str(list->list.at[i]);
        size_t escaped = slice_find_slice(one, SLICE("~1"));      /* "image~1png": as a JSON pointer writes it */
        if (escaped != (size_t)-1)
            one = arena_printf(m->world->arena, "%.*s/%.*s", (int)escaped, one.at, SLICE_ARG(slice_after(one, escaped + 2)));
        if (slice_is(one, "*/*") || (type.len > 0 && slice_glob(one, type))) return true;
    }
    return false;
}

typedef struct { const doc_node *body, *encoded; } carried;

static carried body_of(arena *a, const happening_request *q, bool binary) {
    if (q->no_body || q->body.len == 0) return (carried){ NULL, js_bool(false) };
    if (binary || utf8_first_bad(q->body) < q->body.len) return (carried){ js_string(a, base64_encode(a, q->body)), js_bool(true) };
    return (carried){ js_string(a, q->body), js_bool(false) };
}

/* ---- names ---- */

typedef struct { slice id, stage, domain, prefix; bool url; } front;

static front front_of(maker *m, arena *a, const made_route *r) {
    front f = { .id = r->api_id, .stage = r->stage, .domain = r->domain };
    f.url = r->api != NULL && r->api->role == ROLE_COMPUTE;
    if (f.id.len == 0) f.id = r->api != NULL && r->api->resource != NULL ? world_name(m->world, r->api->resource) : SLICE("sflint");
    if (f.stage.len == 0) f.stage = SLICE("$default");
    if (f.domain.len == 0)
        f.domain = f.url ? arena_printf(a, "%.*s.lambda-url.%.*s.on.aws", SLICE_ARG(f.id), SLICE_ARG(m->world->region))
                         : arena_printf(a, "%.*s.execute-api.%.*s.amazonaws.com", SLICE_ARG(f.id), SLICE_ARG(m->world->region));
    f.prefix = slice_from_to(f.domain, 0, slice_find(f.domain, '.'));
    return f;
}

/* The stage is the first part of the path, unless it is $default. */
static slice staged_path(arena *a, const front *f, slice path) {
    if (path.len == 0) path = SLICE("/");
    return slice_is(f->stage, "$default") ? path : arena_printf(a, "/%.*s%.*s", SLICE_ARG(f->stage), SLICE_ARG(path));
}

static slice plain_path(slice path) { return path.len == 0 ? SLICE("/") : path; }

/* "GET /items/{id}" -> "/items/{id}" */
static slice path_of_key(slice key) {
    size_t blank = slice_find(key, ' ');
    return blank < key.len ? slice_after(key, blank + 1) : key;
}

/* ---- payload 1.0 ---- */

static const doc_node *identity_v1(maker *m, arena *a, const pairs *headers, bool http) {
    slice key = header_of(headers, "x-api-key"), agent = header_of(headers, "user-agent");
    return SHAPE(m, a,
        "{'cognitoIdentityPoolId':null,'accountId':null,'cognitoIdentityId':null,'caller':null,'sourceIp':'127.0.0.1','principalOrgId':null,"
        "'accessKey':null,'cognitoAuthenticationType':null,'cognitoAuthenticationProvider':null,'userArn':null,'userAgent':'$agent','user':null,"
        "'clientCert':'$cert','apiKey':'$key','apiKeyId':'$keyId'}", { "key", !http && key.len > 0 ? js_string(a, key) : NULL },
        { "keyId", !http && key.len > 0 ? js_string(a, make_hex(m, a, 10)) : NULL }, { "agent", js_string(a, agent) }, { "cert", http ? js_null() : NULL });
}

static const doc_node *context_v1(maker *m, arena *a, const made_route *r, const happening_request *q, const front *f, const pairs *headers, bool http) {
    return SHAPE(m, a,
        "{'resourceId':'$resourceId','authorizer':'$authorizer','resourcePath':'$resource','httpMethod':'$method','extendedRequestId':'${hex16}=',"
        "'requestTime':'$requestTime','path':'$path','accountId':'$account','protocol':'HTTP/1.1','stage':'$stage','domainPrefix':'$prefix',"
        "'requestTimeEpoch':'$epoch_ms','requestId':'$uuid','identity':'$identity','domainName':'$domain','apiId':'$api'}",
        { "resourceId", http ? js_null() : js_string(a, make_hex(m, a, 6)) }, { "authorizer", r->authorizer },
        { "resource", js_string(a, r->resource_path.len > 0 ? r->resource_path : path_of_key(r->route_key)) }, { "method", js_string(a, q->method) },
        { "requestTime", js_string(a, shape_request_time(a, m->now_ms)) }, { "path", js_string(a, staged_path(a, f, q->path)) },
        { "stage", js_string(a, f->stage) }, { "prefix", js_string(a, f->prefix) }, { "identity", identity_v1(m, a, headers, http) },
        { "domain", js_string(a, f->domain) }, { "api", js_string(a, f->id) });
}

static const doc_node *event_v1(maker *m, arena *a, const made_route *r, const happening_request *q, bool http) {
    front f = front_of(m, a, r);
    pairs headers = header_pairs(m, a, q, f.domain, false, "443"), query = query_pairs(a, q->query, false);
    slice type = header_of(&headers, "content-type");
    carried body = body_of(a, q, http ? !text_type(type) : binary_type(m, r->api, type));
    return SHAPE(m, a,
        "{'version':'$version','resource':'$resource','path':'$path','httpMethod':'$method','headers':'$headers','multiValueHeaders':'$manyHeaders',"
        "'queryStringParameters':'$query','multiValueQueryStringParameters':'$manyQuery','requestContext':'$context','pathParameters':'$parameters',"
        "'stageVariables':'$variables','body':'$body','isBase64Encoded':'$encoded'}",
        { "version", http ? js_cstr(a, "1.0") : NULL },
        { "resource", js_string(a, r->resource_path.len > 0 ? r->resource_path : path_of_key(r->route_key)) },
        { "path", js_string(a, http ? staged_path(a, &f, q->path) : plain_path(q->path)) }, { "method", js_string(a, q->method) },
        { "headers", folded(a, &headers, ONE_LAST) }, { "manyHeaders", folded(a, &headers, MANY) },
        { "query", or_null(folded(a, &query, ONE_LAST)) }, { "manyQuery", or_null(folded(a, &query, MANY)) },
        { "context", context_v1(m, a, r, q, &f, &headers, http) },
        { "parameters", or_null(r->path_parameters) }, { "variables", or_null(r->stage_variables) },
        { "body", body.body != NULL ? body.body : js_null() }, { "encoded", body.encoded });
}

const doc_node *make_rest_event(maker *m, arena *a, const made_route *r, const happening_request *q) { return event_v1(m, a, r, q, false); }

/* ---- payload 2.0 ---- */

/* Cookies leave the headers for a list of their own. */
static const doc_node *cookies_of(arena *a, pairs *headers) {
    js_list list = { 0 };
    size_t kept = 0;
    for (size_t i = 0; i < headers->len; i++) {
        if (!slice_is(headers->at[i].name, "cookie")) {
            headers->at[kept++] = headers->at[i];
            continue;
        }
        slice rest = headers->at[i].value, one;
        while (slice_cut(&rest, ';', &one))
            if (slice_trim(one).len > 0) js_push(a, &list, js_string(a, slice_trim(one)));
    }
    headers->len = kept;
    return list.items.len > 0 ? js_list_end(a, &list) : NULL;
}

static const doc_node *context_v2(maker *m, arena *a, const made_route *r, const happening_request *q, const front *f, slice agent, bool authorizer) {
    return SHAPE(m, a,
        "{'accountId':'$caller','apiId':'$api','authorizer':'$authorizer','domainName':'$domain','domainPrefix':'$prefix',"
        "'http':{'method':'$method','path':'$path','protocol':'HTTP/1.1','sourceIp':'127.0.0.1','userAgent':'$agent'},"
        "'requestId':'$requestId','routeKey':'$route','stage':'$stage','time':'$requestTime','timeEpoch':'$epoch_ms'}",
        { "caller", r->anonymous ? js_cstr(a, "anonymous") : js_string(a, m->world->account) }, { "api", js_string(a, f->id) },
        { "authorizer", authorizer ? r->authorizer : NULL }, { "domain", js_string(a, f->domain) }, { "prefix", js_string(a, f->prefix) },
        { "method", js_string(a, q->method) }, { "path", js_string(a, staged_path(a, f, q->path)) }, { "agent", js_string(a, agent) },
        { "requestId", f->url ? js_string(a, make_uuid(m, a)) : js_format(a, "%.*s=", SLICE_ARG(make_hex(m, a, 15))) },
        { "route", js_string(a, r->route_key.len > 0 && !f->url ? r->route_key : SLICE("$default")) }, { "stage", js_string(a, f->stage) },
        { "requestTime", js_string(a, shape_request_time(a, m->now_ms)) });
}

const doc_node *make_http_event(maker *m, arena *a, const made_route *r, const happening_request *q, slice version) {
    if (slice_is(version, "1.0")) return event_v1(m, a, r, q, true);
    front f = front_of(m, a, r);
    pairs headers = header_pairs(m, a, q, f.domain, true, "443"), query = query_pairs(a, q->query, false);
    const doc_node *cookies = cookies_of(a, &headers);
    carried body = body_of(a, q, !text_type(header_of(&headers, "content-type")));
    return SHAPE(m, a,
        "{'version':'2.0','routeKey':'$route','rawPath':'$path','rawQueryString':'$raw','cookies':'$cookies','headers':'$headers',"
        "'queryStringParameters':'$query','requestContext':'$context','body':'$body','pathParameters':'$parameters','isBase64Encoded':'$encoded',"
        "'stageVariables':'$variables'}",
        { "route", js_string(a, r->route_key.len > 0 && !f.url ? r->route_key : SLICE("$default")) }, { "path", js_string(a, staged_path(a, &f, q->path)) },
        { "raw", js_string(a, q->query) }, { "cookies", cookies }, { "headers", folded(a, &headers, ONE_JOINED) },
        { "query", or_none(folded(a, &query, ONE_JOINED)) }, { "context", context_v2(m, a, r, q, &f, header_of(&headers, "user-agent"), true) },
        { "body", body.body }, { "parameters", or_none(r->path_parameters) }, { "encoded", body.encoded }, { "variables", or_none(r->stage_variables) });
}

/* ---- WebSocket. API Gateway developer guide, "Working with Lambda integrations for WebSocket APIs" ---- */

const doc_node *make_websocket_event(maker *m, arena *a, const made_route *r, const happening_request *q) {
    front f = front_of(m, a, r);
    bool connects = slice_is(q->method, "CONNECT"), leaves = slice_is(q->method, "DISCONNECT");
    slice key = r->route_key.len > 0 ? r->route_key : connects ? SLICE("$connect") : leaves ? SLICE("$disconnect") : SLICE("$default");
    slice connection = r->connection_id.len > 0 ? r->connection_id : q->connection.len > 0 ? q->connection : arena_printf(a, "%.*s=", SLICE_ARG(make_hex(m, a, 15)));
    pairs headers = header_pairs(m, a, q, f.domain, false, "443"), query = query_pairs(a, q->query, false);
    slice agent = header_of(&headers, "user-agent");
    const doc_node *id = js_format(a, "%.*s=", SLICE_ARG(make_hex(m, a, 15)));
    carried body = body_of(a, q, false);
    const doc_node *context = SHAPE(m, a,
        "{'routeKey':'$route','authorizer':'$authorizer','messageId':'$messageId','disconnectStatusCode':'$code','eventType':'$type',"
        "'extendedRequestId':'$id','requestTime':'$requestTime','messageDirection':'IN','disconnectReason':'$reason','stage':'$stage',"
        "'connectedAt':'$epoch_ms','requestTimeEpoch':'$epoch_ms','identity':{'userAgent':'$agent','sourceIp':'127.0.0.1'},'requestId':'$id',"
        "'domainName':'$domain','connectionId':'$connection','apiId':'$api'}",
        { "route", js_string(a, key) }, { "authorizer", r->authorizer },
        { "messageId", connects || leaves ? NULL : js_format(a, "%.*s=", SLICE_ARG(make_hex(m, a, 15))) },
        { "code", leaves ? js_int(a, 1005) : NULL }, { "type", js_cstr(a, connects ? "CONNECT" : leaves ? "DISCONNECT" : "MESSAGE") }, { "id", id },
        { "requestTime", js_string(a, shape_request_time(a, m->now_ms)) }, { "reason", leaves ? js_cstr(a, "Client-side close frame status not set") : NULL },
        { "stage", js_string(a, f.stage) }, { "agent", js_string(a, agent) }, { "domain", js_string(a, f.domain) },
        { "connection", js_string(a, connection) }, { "api", js_string(a, f.id) });
    return SHAPE(m, a,
        "{'headers':'$headers','multiValueHeaders':'$many','queryStringParameters':'$query','multiValueQueryStringParameters':'$manyQuery',"
        "'requestContext':'$context','body':'$body','isBase64Encoded':'$encoded','stageVariables':'$variables'}",
        { "headers", connects || leaves ? folded(a, &headers, ONE_LAST) : NULL }, { "many", connects || leaves ? folded(a, &headers, MANY) : NULL },
        { "query", connects ? or_none(folded(a, &query, ONE_LAST)) : NULL }, { "manyQuery", connects ? or_none(folded(a, &query, MANY)) : NULL },
        { "context", context }, { "body", connects || leaves ? NULL : body.body }, { "encoded", body.encoded }, { "variables", or_none(r->stage_variables) });
}

/* ---- load balancers ---- */

const doc_node *make_alb_event(maker *m, arena *a, const made_route *r, const happening_request *q) {
    slice host = r->domain.len > 0 ? r->domain : r->api != NULL && r->api->resource != NULL ? world_attribute(m->world, r->api->resource, SLICE("DNSName"))
                                                                                            : SLICE("sflint.elb.amazonaws.com");
    pairs headers = header_pairs(m, a, q, host, true, "80"), query = query_pairs(a, q->query, true);
    carried body = body_of(a, q, !text_type(header_of(&headers, "content-type")));
    return SHAPE(m, a,
        "{'requestContext':{'elb':{'targetGroupArn':'$group'}},'httpMethod':'$method','path':'$path','queryStringParameters':'$query',"
        "'multiValueQueryStringParameters':'$manyQuery','headers':'$headers','multiValueHeaders':'$manyHeaders','body':'$body','isBase64Encoded':'$encoded'}",
        { "group", js_string(a, r->target_group_arn) }, { "method", js_string(a, q->method) }, { "path", js_string(a, plain_path(q->path)) },
        { "query", r->multi_value ? NULL : folded(a, &query, ONE_LAST) }, { "manyQuery", r->multi_value ? folded(a, &query, MANY) : NULL },
        { "headers", r->multi_value ? NULL : folded(a, &headers, ONE_LAST) }, { "manyHeaders", r->multi_value ? folded(a, &headers, MANY) : NULL },
        { "body", body.body != NULL ? body.body : js_cstr(a, "") }, { "encoded", body.encoded });
}

/* ---- authorizers ---- */

/* Identity values: a map name -> text, or a list of texts. */
static const doc_node *identity_list(arena *a, const doc_node *identity) {
    js_list list = { 0 };
    if (js_is(identity, DOC_LIST)) return identity;
    for (size_t i = 0; js_is(identity, DOC_MAP) && i < identity->map.len; i++) js_push(a, &list, identity->map.at[i].value);
    if (js_is(identity, DOC_STRING)) js_push(a, &list, identity);
    return js_list_end(a, &list);
}

static const doc_node *identity_text(arena *a, const doc_node *list) {
    buf out = { .arena = a };
    for (size_t i = 0; i < js_len(list); i++) {
        if (i > 0) buf_char(&out, ',');
        buf_slice(&out, js_str(list->list.at[i]));
    }
    return js_len(list) > 0 ? js_string(a, buf_as_slice(&out)) : NULL;
}

static slice method_arn(maker *m, arena *a, const made_route *r, const happening_request *q, const front *f) {
    if (r->method_arn.len > 0) return r->method_arn;
    bool socket = slice_is(r->route_key, "$connect");
    return arena_printf(a, "arn:%.*s:execute-api:%.*s:%.*s:%.*s/%.*s/%.*s%.*s", SLICE_ARG(m->world->partition), SLICE_ARG(m->world->region),
                        SLICE_ARG(m->world->account), SLICE_ARG(f->id), SLICE_ARG(f->stage), SLICE_ARG(socket ? r->route_key : q->method),
                        SLICE_ARG(socket ? SLICE("") : plain_path(q->path)));
}

/* Of a WebSocket API: asked when a client connects, so the request is that of $connect. */
static const doc_node *socket_authorizer(maker *m, arena *a, const made_route *r, const happening_request *q, const doc_node *arn) {
    happening_request connecting = *q;
    made_route bare = *r;
    connecting.method = SLICE("CONNECT");
    bare.authorizer = NULL;
    const doc_node *event = make_websocket_event(m, a, &bare, &connecting);
    return SHAPE(m, a,
        "{'type':'REQUEST','methodArn':'$arn','headers':'$headers','multiValueHeaders':'$manyHeaders','queryStringParameters':'$query',"
        "'multiValueQueryStringParameters':'$manyQuery','stageVariables':'$variables','requestContext':'$context'}",
        { "arn", arn }, { "headers", js_get(event, "headers") }, { "manyHeaders", js_get(event, "multiValueHeaders") },
        { "query", js_get(event, "queryStringParameters") != NULL ? js_get(event, "queryStringParameters") : js_empty_object() },
        { "manyQuery", js_get(event, "multiValueQueryStringParameters") != NULL ? js_get(event, "multiValueQueryStringParameters") : js_empty_object() },
        { "variables", r->stage_variables != NULL ? r->stage_variables : js_empty_object() }, { "context", js_get(event, "requestContext") });
}

const doc_node *make_authorizer_event(maker *m, arena *a, const made_route *r, const happening_request *q, slice version, const doc_node *identity) {
    front f = front_of(m, a, r);
    const doc_node *arn = js_string(a, method_arn(m, a, r, q, &f)), *values = identity_list(a, identity);
    if (slice_is(version, "TOKEN"))
        return SHAPE(m, a, "{'type':'TOKEN','methodArn':'$arn','authorizationToken':'$token'}", { "arn", arn },
                     { "token", js_len(values) > 0 ? values->list.at[0] : js_cstr(a, "") });
    bool second = slice_is(version, "2.0"), http = slice_is(version, "1.0");
    if (slice_is(r->route_key, "$connect")) return socket_authorizer(m, a, r, q, arn);
    pairs headers = header_pairs(m, a, q, f.domain, second, "443"), query = query_pairs(a, q->query, false);
    slice agent = header_of(&headers, "user-agent");
    if (second) {
        const doc_node *cookies = cookies_of(a, &headers);
        return SHAPE(m, a,
            "{'version':'2.0','type':'REQUEST','routeArn':'$arn','identitySource':'$identity','routeKey':'$route','rawPath':'$path','rawQueryString':'$raw',"
            "'cookies':'$cookies','headers':'$headers','queryStringParameters':'$query','requestContext':'$context','pathParameters':'$parameters',"
            "'stageVariables':'$variables'}",
            { "arn", arn }, { "identity", js_len(values) > 0 ? values : js_null() },
            { "route", js_string(a, r->route_key.len > 0 ? r->route_key : SLICE("$default")) }, { "path", js_string(a, staged_path(a, &f, q->path)) },
            { "raw", js_string(a, q->query) }, { "cookies", cookies }, { "headers", folded(a, &headers, ONE_JOINED) },
            { "query", or_none(folded(a, &query, ONE_JOINED)) }, { "context", context_v2(m, a, r, q, &f, agent, false) },
            { "parameters", or_none(r->path_parameters) }, { "variables", or_none(r->stage_variables) });
    }
    made_route bare = *r;
    bare.authorizer = NULL;
    const doc_node *none = js_empty_object();
    return SHAPE(m, a,
        "{'version':'$version','type':'REQUEST','methodArn':'$arn','identitySource':'$identity','authorizationToken':'$identity','resource':'$resource',"
        "'path':'$path','httpMethod':'$method','headers':'$headers','multiValueHeaders':'$manyHeaders','queryStringParameters':'$query',"
        "'multiValueQueryStringParameters':'$manyQuery','pathParameters':'$parameters','stageVariables':'$variables','requestContext':'$context'}",
        { "version", http ? js_cstr(a, "1.0") : NULL }, { "arn", arn }, { "identity", http ? identity_text(a, values) : NULL },
        { "resource", js_string(a, r->resource_path.len > 0 ? r->resource_path : path_of_key(r->route_key)) },
        { "path", js_string(a, http ? staged_path(a, &f, q->path) : plain_path(q->path)) }, { "method", js_string(a, q->method) },
        { "headers", folded(a, &headers, ONE_LAST) }, { "manyHeaders", folded(a, &headers, MANY) }, { "query", folded(a, &query, ONE_LAST) },
        { "manyQuery", http ? NULL : folded(a, &query, MANY) }, { "parameters", r->path_parameters != NULL ? r->path_parameters : none },
        { "variables", r->stage_variables != NULL ? r->stage_variables : none }, { "context", context_v1(m, a, &bare, q, &f, &headers, http) });
}
