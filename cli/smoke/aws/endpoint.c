#include "smoke/aws/endpoint.h"

#include <stdarg.h>
#include <stdio.h>

#include "smoke/aws/inside.h"
#include "smoke/aws/own_api.h"
#include "smoke/aws/permission.h"
#include "smoke/aws/protocol.h"
#include "smoke/aws/services.h"

struct endpoint {
    smoke *run;
    maker ids;                   /* of requests: apart from the run's, so that what a flow is called does not hang on how often a client asked */
    strmap slots, connections;
};

/* What a call is to the one who answers it. */
typedef struct {
    aws_protocol protocol;
    slice operation, request_id;
    bool answered;
    endpoint_done done;          /* PROTOCOL_INSIDE */
    void *self;
} answering;

endpoint *endpoint_new(smoke *s) {
    endpoint *e = ARENA_NEW(s->arena, endpoint);
    e->run = s;
    e->ids = (maker){ .world = s->world, .next = 1000000000u };
    return e;
}

void **endpoint_slot(endpoint *e, const char *name) {
    slice key = slice_from(name);
    void **at = strmap_get(&e->slots, key);
    if (at == NULL) {
        at = ARENA_NEW(e->run->arena, void *);
        strmap_put(e->run->arena, &e->slots, key, at);
    }
    return at;
}

void endpoint_connection(endpoint *e, slice id, bool open) {
    strmap_put(e->run->arena, &e->connections, arena_copy(e->run->arena, id), open ? (void *)e : NULL);
}

tri endpoint_connected(const endpoint *e, slice id) {
    return !strmap_has(&e->connections, id) ? UNKNOWN : strmap_get(&e->connections, id) != NULL ? YES : NO;
}

/* ---- answers ---- */

#define MOST_HEADERS 24

static void send_answer(aws_call *c, unsigned status, const char *type, slice error_header, slice error, slice body) {
    answering *s = c->state;
    http_pair headers[MOST_HEADERS];
    size_t n = 0;
    headers[n++] = (http_pair){ SLICE("Content-Type"), slice_from(type) };
    headers[n++] = (http_pair){ s->protocol == PROTOCOL_REST_XML ? SLICE("x-amz-request-id") : SLICE("x-amzn-RequestId"), s->request_id };
    if (error.len > 0) headers[n++] = (http_pair){ error_header, error };
    http_answer(c->http, status, headers, n, body);
}

static bool first_answer(aws_call *c) {
    answering *s = c->state;
    bool first = !s->answered;
    s->answered = true;
    return first;
}

void aws_ok(aws_call *c, const doc_node *out) {
    answering *s = c->state;
    if (!first_answer(c)) return;
    if (out == NULL) out = js_empty_object();
    switch (s->protocol) {
    case PROTOCOL_INSIDE: s->done(s->self, inside_answer(c->arena, c->service, out), SLICE(""), SLICE("")); return;
    case PROTOCOL_QUERY: send_answer(c, 200, "text/xml", SLICE(""), SLICE(""), query_answer(c->arena, c->service, s->operation, out, s->request_id)); return;
    case PROTOCOL_JSON10: send_answer(c, 200, "application/x-amz-json-1.0", SLICE(""), SLICE(""), js_text(c->arena, out)); return;
    case PROTOCOL_JSON11: send_answer(c, 200, "application/x-amz-json-1.1", SLICE(""), SLICE(""), js_text(c->arena, out)); return;
    default: send_answer(c, 200, "application/json", SLICE(""), SLICE(""), js_text(c->arena, out)); return;
    }
}

void aws_raw(aws_call *c, unsigned status, const http_pair *headers, size_t headers_len, slice body) {
    answering *s = c->state;
    if (!first_answer(c)) return;
    if (c->http == NULL) {
        js_object o = { 0 };
        js_put(c->arena, &o, "Status", js_int(c->arena, status));
        js_put(c->arena, &o, "Body", js_string(c->arena, arena_copy(c->arena, body)));
        s->done(s->self, js_object_end(c->arena, &o), SLICE(""), SLICE(""));
        return;
    }
    VEC(http_pair) all = { 0 };
    for (size_t i = 0; i < headers_len; i++) VEC_PUSH(c->arena, &all, headers[i]);
    VEC_PUSH(c->arena, &all, (http_pair){ s->protocol == PROTOCOL_REST_XML ? SLICE("x-amz-request-id") : SLICE("x-amzn-RequestId"), s->request_id });
    http_answer(c->http, status, all.at, all.len, body);
}

static slice bare_code(slice code) {
    size_t hash = slice_find(code, '#');
    return hash < code.len ? slice_after(code, hash + 1) : code;
}

/* Codes of the query protocol have no "Exception" behind them where the JSON ones do, but for those that the service's table names. */
static slice query_code(const aws_service *s, slice code) {
    const aws_error_alias *x = aws_alias_of(s, code);
    if (x != NULL) return slice_from(x->query_code);
    return slice_is(code, "AccessDeniedException") ? SLICE("AccessDenied") : code;
}

void aws_fail_with(aws_call *c, unsigned status, const char *code_text, slice message, const doc_node *more) {
    answering *s = c->state;
    slice code = slice_from(code_text), bare = bare_code(code);
    if (!first_answer(c)) return;
    const aws_error_alias *x = aws_alias_of(c->service, bare);
    switch (s->protocol) {
    case PROTOCOL_INSIDE:
        s->done(s->self, more, bare, message);
        return;
    case PROTOCOL_QUERY:
        send_answer(c, x != NULL ? x->status : status, "text/xml", SLICE(""), SLICE(""),
                    query_error(c->arena, c->service, query_code(c->service, bare), message, s->request_id));
        return;
    case PROTOCOL_REST_XML:
        send_answer(c, status, "application/xml", SLICE(""), SLICE(""),
                    rest_xml_error(c->arena, bare, message, c->http->path, s->request_id));
        return;
    case PROTOCOL_JSON10:
    case PROTOCOL_JSON11:
        send_answer(c, status, s->protocol == PROTOCOL_JSON10 ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1",
                    SLICE("x-amzn-query-error"), x == NULL ? SLICE("") : arena_printf(c->arena, "%s;Sender", x->query_code),
                    json_error(c->arena, c->service, x != NULL ? slice_from(x->code) : code, message, more));
        return;
    default:
        send_answer(c, status, "application/json", SLICE("X-Amzn-ErrorType"), bare, rest_json_error(c->arena, message, more));
        return;
    }
}

void aws_fail(aws_call *c, unsigned status, const char *code, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t n = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    aws_fail_with(c, status, code, arena_copy(c->arena, (slice){ text, n }), NULL);
}

void aws_note(aws_call *c, const char *format, ...) {
    if (c->cause == NULL) return;
    char text[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t n = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    firing_note(c->run, c->cause, arena_copy(c->run->arena, (slice){ text, n }));
}

/* ---- what is not there ---- */

static slice caller_id(const aws_call *c) { return c->caller != NULL ? c->caller->id : SLICE("unknown"); }

/* The status is never one that clients try again (5xx but 501, 429): that would eat the function's time. */
static void refuse(aws_call *c, slice service, slice operation) {
    answering *s = c->state;
    const char *dot = operation.len > 0 ? "." : "";
    slice message = arena_printf(c->arena, "sflint smoke does not emulate %.*s%s%.*s; this call was not made", SLICE_ARG(service), dot, SLICE_ARG(operation));
    aws_note(c, "NOT SMOKE-TESTED: handler %.*s called %.*s%s%.*s, which sflint does not emulate", SLICE_ARG(caller_id(c)), SLICE_ARG(service), dot,
             SLICE_ARG(operation));
    bool rest = s->protocol == PROTOCOL_REST_JSON || s->protocol == PROTOCOL_REST_XML;
    const char *code = s->protocol == PROTOCOL_QUERY ? "InvalidAction" : s->protocol == PROTOCOL_REST_XML ? "NotImplemented" : "UnknownOperationException";
    aws_fail_with(c, s->protocol == PROTOCOL_CBOR ? 415 : rest ? 501 : 400, code, message, NULL);
}

void aws_not_built(aws_call *c, slice operation) {
    refuse(c, slice_from(c->service->target != NULL ? c->service->target : c->service->name), operation);
}

/* "{}" of the text is what the client named. */
static slice missing_message(aws_call *c, const aws_operation *o) {
    if (o->missing_says == NULL) return arena_printf(c->arena, "the templates have no %s named %.*s", o->type, SLICE_ARG(c->named));
    slice text = slice_from(o->missing_says), mark = SLICE("{}");
    size_t at = slice_find_slice(text, mark);
    if (at == (size_t)-1) return text;
    slice parts[] = { slice_from_to(text, 0, at), c->named, slice_after(text, at + mark.len) };
    return arena_concat(c->arena, parts, COUNT(parts));
}

/* Finds what the call is about. False: answered. */
static bool find_target(aws_call *c) {
    const aws_operation *o = c->operation;
    if (o->named_by == NULL) return true;
    c->named = js_str_of(c->in, o->named_by);
    if (c->named.len > 0 && o->type != NULL) c->target = world_find(c->run->world, slice_from(o->type), c->named, &c->qualifier);
    if (c->target != NULL || o->missing == NULL) return true;
    if (c->named.len == 0) return aws_need(c, o->named_by);
    aws_note(c, "%.*s called %s on %.*s, and the templates have no %s of that name", SLICE_ARG(caller_id(c)), o->name, SLICE_ARG(c->named), o->type);
    aws_fail_with(c, o->missing_status != 0 ? o->missing_status : 400, o->missing, missing_message(c, o), NULL);
    return false;
}

bool aws_need(aws_call *c, const char *member) {
    const doc_node *n = js_get(c->in, member);
    if (n != NULL && n->kind != DOC_NULL && !(n->kind == DOC_STRING && n->text.len == 0)) return true;
    if (c->service->aliases != NULL)
        aws_fail(c, 400, "MissingParameter", "The request must contain the parameter %s.", member);
    else
        aws_fail(c, 400, ((answering *)c->state)->protocol == PROTOCOL_QUERY ? "ValidationError" : "ValidationException",
                 "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member);
    return false;
}

/* ---- permission ---- */

bool aws_denied(aws_call *c, const char *action, slice arn) {
    slice who = permission_identity(c->run, c->arena, c->caller);
    slice message = arena_printf(c->arena, "User: %.*s is not authorized to perform: %s on resource: %.*s because no identity-based policy allows the %s action",
                                 SLICE_ARG(who), action, SLICE_ARG(arn), action);
    aws_note(c, "AccessDenied: %.*s", SLICE_ARG(message));
    answering *s = c->state;
    bool json = s->protocol == PROTOCOL_JSON10 || s->protocol == PROTOCOL_JSON11;
    aws_fail_with(c, json ? 400 : 403, s->protocol == PROTOCOL_REST_XML ? "AccessDenied" : "AccessDeniedException", message, NULL);
    return false;
}

bool aws_allowed(aws_call *c, const char *action, const resource *target) {
    slice arn;
    return permission_of(c->run, c->arena, c->caller, slice_from(action), target, &arn) != NO || aws_denied(c, action, arn);
}

bool aws_allowed_arn(aws_call *c, const char *action, slice arn) {
    return permission_on_arn(c->run, c->arena, c->caller, slice_from(action), arn) != NO || aws_denied(c, action, arn);
}

bool aws_allowed_some(aws_call *c, const char *action, const char *type) {
    const graph *g = c->run->graph;
    slice arn = SLICE("*");
    bool any = false;
    for (size_t t = 0; t < g->set->list.len; t++)
        for (size_t i = 0; i < g->set->list.at[t]->resources.len; i++) {
            const resource *r = g->set->list.at[t]->resources.at[i];
            if (!slice_is(r->type, type)) continue;
            if (permission_of(c->run, c->arena, c->caller, slice_from(action), r, &arn) != NO) return true;
            any = true;
        }
    return !any || aws_denied(c, action, arn);
}

slice aws_arn(aws_call *c, const char *service, slice rest) {
    const world *w = c->run->world;
    return arena_printf(c->arena, "arn:%.*s:%s:%.*s:%.*s:%.*s", SLICE_ARG(w->partition), service, SLICE_ARG(w->region), SLICE_ARG(w->account), SLICE_ARG(rest));
}

/* ---- dispatch ---- */

/* State machines write the first letter small: sendMessage. */
static bool same_operation(slice asked, const char *name) {
    slice whole = slice_from(name);
    return asked.len == whole.len && asked.len > 0 && (asked.at[0] == whole.at[0] || asked.at[0] == whole.at[0] - 'A' + 'a') &&
           slice_eq(slice_after(asked, 1), slice_after(whole, 1));
}

void aws_dispatch(aws_call *c, slice operation, const doc_node *in) {
    answering *s = c->state;
    c->in = in != NULL ? in : js_empty_object();
    for (const aws_operation *o = c->service->operations; o != NULL && o->name != NULL; o++)
        if (s->protocol == PROTOCOL_INSIDE ? same_operation(operation, o->name) : slice_is(operation, o->name)) {
            c->operation = o;
            s->operation = slice_from(o->name);
            if (!find_target(c) || (o->action != NULL && o->named_by != NULL && !aws_allowed(c, o->action, c->target))) return;
            o->run(c);
            return;
        }
    aws_not_built(c, operation);
}

static aws_call *call_new(endpoint *e, arena *a, aws_protocol protocol) {
    aws_call *c = ARENA_NEW(a, aws_call);
    answering *s = ARENA_NEW(a, answering);
    s->protocol = protocol;
    s->request_id = make_uuid(&e->ids, a);
    c->of = e;
    c->run = e->run;
    c->arena = a;
    c->in = js_empty_object();
    c->state = s;
    return c;
}

static void run_route(aws_call *c, const aws_route *at) {
    answering *s = c->state;
    slice why = SLICE("the body is not a JSON object");
    c->service = at->service;
    s->operation = at->operation;
    if (at->service == NULL || at->protocol == PROTOCOL_CBOR) {
        bool rest = at->operation.len == 0;
        refuse(c, at->service_name.len > 0 ? at->service_name : SLICE("unsigned"),
               rest ? arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)) : at->operation);
        return;
    }
    if (at->protocol == PROTOCOL_REST_JSON || at->protocol == PROTOCOL_REST_XML) {
        at->service->whole(c);
        return;
    }
    const doc_node *in = at->protocol == PROTOCOL_QUERY ? query_read(c->arena, at->service, at->operation, at->form, &why) : json_members(c->arena, c->http->body);
    if (in == NULL)
        aws_fail(c, 400, at->protocol == PROTOCOL_QUERY ? "MalformedQueryString" : "SerializationException", "%.*s", SLICE_ARG(why));
    else
        aws_dispatch(c, at->operation, in);
}

/* ---- paths that are ours ---- */

static void called_back(endpoint *e, http_request *r) {
    bool known = flow_called_back(e->run, r->path, r->body);
    http_pair type = { SLICE("Content-Type"), SLICE("text/plain") };
    http_answer(r, known ? 200 : 404, &type, 1, SLICE(""));
}

/* JavaScript's Kinesis client and some others speak HTTP/2 only, and say nothing of who they are before it is spoken. */
static void preface(endpoint *e, http_request *r) {
    for (size_t i = 0; i < e->run->functions.len; i++) {
        const resource *f = e->run->functions.at[i]->resource;
        slice runtime = world_text(e->run->world, resource_get(e->run->arena, f, SLICE("Runtime")), f->exists, NULL);
        firing *now = slice_starts(runtime, SLICE("python")) || slice_starts(runtime, SLICE("ruby")) ? NULL : smoke_current(e->run, f);
        if (now != NULL)
            firing_note(e->run, now, SLICE("NOT SMOKE-TESTED: a client spoke HTTP/2 (Kinesis from the JavaScript SDK does); give the client "
                                           "`requestHandler: new NodeHttpHandler()` to test it"));
    }
    http_drop(r);
}

void endpoint_http(void *self, http_request *r) {
    endpoint *e = self;
    if (r->preface) {
        preface(e, r);
        return;
    }
    if (slice_starts(r->path, SLICE("/_sflint/"))) {
        called_back(e, r);
        return;
    }
    aws_request asked = { .method = r->method, .path = r->path, .query = r->query, .body = r->body, .target = http_header(r, "X-Amz-Target"),
                          .authorization = http_header(r, "Authorization"), .content_type = http_header(r, "Content-Type"),
                          .smithy_protocol = http_header(r, "smithy-protocol") };
    aws_route at = aws_route_of(r->arena, &asked);
    aws_call *c = call_new(e, r->arena, at.protocol);
    c->http = r;
    const resource *f = at.key.len > 0 ? smoke_function_by_key(e->run, at.key) : NULL;
    if (f != NULL) {
        c->caller = f->node;
        c->cause = smoke_current(e->run, f);
    }
    if (own_api_request(e->run, c->cause, r)) return;
    run_route(c, &at);
}

/* ---- from inside ---- */

static void nobody(void *self, const doc_node *out, slice error, slice message) {
    (void)self;
    (void)out;
    (void)error;
    (void)message;
}

void endpoint_call(endpoint *e, const node *caller, firing *cause, slice service, slice operation, const doc_node *in, endpoint_done done, void *self) {
    aws_call *c = call_new(e, e->run->arena, PROTOCOL_INSIDE);
    answering *s = c->state;
    s->operation = operation;
    s->done = done != NULL ? done : nobody;
    s->self = self;
    c->caller = caller;
    c->cause = cause;
    c->service = aws_service_named(service);
    if (c->service == NULL || c->service->operations == NULL) {
        refuse(c, service, operation);
        return;
    }
    aws_dispatch(c, operation, inside_members(c->arena, c->service, in));
}
