/* Requests: route, authorizer, integration, answer. API Gateway developer guide, "Lambda proxy integrations", "Use API Gateway Lambda authorizers". */
#include "smoke/event/route.h"
#include "smoke/flow/parts.h"

typedef struct {
    smoke *s;
    firing *f;
    const edge *e;
    happening_request q;
    const probe *p;
    route route;
    const doc_node *event;
    void (*done)(void *self, const flow_response *r);
    void *self;
} requesting;

static void respond(requesting *k, unsigned status, slice body, const doc_node *headers) {
    if (k->done == NULL) return;
    flow_response r = { status, body, headers };
    k->done(k->self, &r);
}

static slice message(smoke *s, const char *text) { return arena_printf(s->arena, "{\"message\":\"%s\"}", text); }

/* ---- the integration ---- */

static void integrated(void *self, firing *f, const outcome *o) {
    requesting *k = self;
    smoke *s = k->s;
    bool http = slice_is(k->e->service, "http");
    if (flow_failed(o)) {
        flow_say_failure(s, f, o, smoke_how(s, k->e->to->resource));
        if (slice_is(k->route.version, "2.0") || http) respond(k, 500, message(s, "Internal Server Error"), NULL);
        else respond(k, 502, message(s, "Internal server error"), NULL);
        return;
    }
    made_response answer;
    slice why = SLICE("");
    if (o->streamed) {
        slice body = o->payload;
        size_t at = slice_find_slice(o->payload, SLICE("\0\0\0\0\0\0\0\0"));
        const doc_node *meta = NULL;
        if (at != (size_t)-1) {
            slice head = slice_from_to(o->payload, 0, at);
            body = slice_after(o->payload, at + 8);
            meta = js_read(s->arena, head);
        }
        f->response = body;
        firing_pass(f);
        respond(k, (unsigned)js_int_of(meta, "statusCode", 200), body, js_get(meta, "headers"));
        return;
    }
    if (!k->route.proxy) {
        firing_pass(f);
        respond(k, 200, o->payload, NULL);
        return;
    }
    bool fine = flow_judge(s, f, k->p, k->event, o) && make_response(s->arena, k->route.version, o->payload, &answer, &why);
    if (!fine) {
        if (why.len > 0) firing_fail(s, f, why);
        respond(k, http ? 500 : 502, message(s, http ? "Internal Server Error" : "Internal server error"), NULL);
        return;
    }
    firing_note(s, f, answer.note);
    if (answer.status >= 500) firing_note(s, f, arena_printf(s->arena, "the handler answered with status %u", answer.status));
    firing_pass(f);
    respond(k, answer.status, answer.body, answer.headers);
}

static void integrate(requesting *k) {
    smoke *s = k->s;
    const edge *e = k->e;
    if (!slice_is(e->to->type, "AWS::Lambda::Function") || e->to->resource == NULL) {
        firing_skip(s, k->f, arena_printf(s->arena, "an integration with %.*s is not run here", SLICE_ARG(e->to->type.len > 0 ? e->to->type : e->to->id)));
        respond(k, 501, message(s, "sflint does not run this integration"), NULL);
        return;
    }
    if (!k->route.proxy && e->via != NULL) {
        const value *mapping = value_at(s->arena, e->via->properties, SLICE("Integration.RequestTemplates"));
        if (mapping->kind == VAL_MAP && mapping->map.len > 0) {
            firing_skip(s, k->f, SLICE("its integration has a VTL mapping template, which is not evaluated here"));
            respond(k, 501, message(s, "sflint does not evaluate mapping templates"), NULL);
            return;
        }
    }
    k->event = route_event(&s->maker, s->arena, e, &k->route, &k->q);
    if (e->kind == EDGE_ASYNC) {
        flow_call_later(s, k->f, e->to->resource, e->qualifier, k->event, k->p);
        respond(k, 200, SLICE(""), NULL);
        return;
    }
    flow_call(s, k->f, e->to->resource, e->qualifier, k->event, SLICE(""), integrated, k);
}

/* ---- the authorizer ---- */

/* Does a policy let the ARN be invoked? A Deny wins. */
static bool policy_allows(const doc_node *policy, slice arn) {
    const doc_node *list = js_get(js_get(policy, "policyDocument"), "Statement");
    bool allowed = false, one = js_is(list, DOC_MAP);
    for (size_t i = 0; one ? i == 0 : js_is(list, DOC_LIST) && i < list->list.len; i++) {
        const doc_node *st = one ? list : list->list.at[i], *named = js_get(st, "Resource");
        bool meant = js_is(named, DOC_STRING) && slice_glob(named->text, arn);
        for (size_t k = 0; js_is(named, DOC_LIST) && k < named->list.len; k++) meant |= slice_glob(js_str(named->list.at[k]), arn);
        if (!meant) continue;
        if (slice_same_letters(js_str_of(st, "Effect"), SLICE("Deny"))) return false;
        allowed |= slice_same_letters(js_str_of(st, "Effect"), SLICE("Allow"));
    }
    return allowed;
}

/* REST APIs hand on numbers and booleans as text (developer guide, "Output from an API Gateway Lambda authorizer"). */
static const doc_node *as_texts(arena *a, const doc_node *context) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(context, DOC_MAP) && i < context->map.len; i++) {
        const doc_node *v = context->map.at[i].value;
        bool text = js_is_number(v) || js_is(v, DOC_BOOL);
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = context->map.at[i].key, .value = text ? js_string(a, js_text(a, v)) : v });
    }
    return js_object_end(a, &o);
}

/* What stands under requestContext.authorizer. */
static const doc_node *context_of(requesting *k, const doc_node *answer) {
    arena *a = k->s->arena;
    const doc_node *context = js_get(answer, "context");
    if (context == NULL) context = js_empty_object();
    if (slice_is(k->route.version, "2.0")) {
        js_object o = { 0 };
        js_put(a, &o, "lambda", context);
        return js_object_end(a, &o);
    }
    slice principal = js_str_of(answer, "principalId");
    if (slice_is(k->route.version, "rest")) context = as_texts(a, context);
    return js_with(a, context, SLICE("principalId"), js_string(a, principal.len > 0 ? principal : SLICE("user")));
}

static void authorized(void *self, firing *f, const outcome *o) {
    requesting *k = self;
    smoke *s = k->s;
    arena *a = s->arena;
    if (flow_failed(o)) {
        if (o->kind == OUTCOME_ERROR && slice_is(o->error_message, "Unauthorized")) {
            firing_pass(f);
            firing_skip(s, k->f, SLICE("its authorizer refused the request (Unauthorized): give one with --event"));
            respond(k, 401, message(s, "Unauthorized"), NULL);
            return;
        }
        flow_say_failure(s, f, o, smoke_how(s, f->edge->to->resource));
        if (f->status == FIRING_SKIPPED) firing_skip(s, k->f, arena_printf(a, "its authorizer was not run: %.*s", SLICE_ARG(f->reason)));
        else firing_fail(s, k->f, arena_printf(a, "its authorizer failed: %.*s", SLICE_ARG(f->reason)));
        respond(k, 500, message(s, "Internal Server Error"), NULL);
        return;
    }
    const doc_node *answer = js_read(a, o->payload);
    if (!flow_judge(s, f, NULL, f->event, o)) {
        firing_fail(s, k->f, arena_printf(a, "its authorizer failed: %.*s", SLICE_ARG(f->reason)));
        respond(k, 500, message(s, "Internal Server Error"), NULL);
        return;
    }
    firing_pass(f);
    bool simple = js_get(answer, "isAuthorized") != NULL;
    if (simple ? js_bool_of(answer, "isAuthorized", false) : policy_allows(answer, k->route.made.method_arn)) {
        k->route.made.authorizer = context_of(k, answer);
        integrate(k);
        return;
    }
    firing_skip(s, k->f, SLICE("its authorizer refused the request: give one with --event"));
    if (slice_is(k->route.version, "rest")) respond(k, 403, SLICE("{\"Message\":\"User is not authorized to access this resource\"}"), NULL);
    else respond(k, 403, message(s, "Forbidden"), NULL);
}

static void authorize(requesting *k) {
    smoke *s = k->s;
    const edge *e = k->route.authorizer;
    authorizer_read_of how;
    slice told, why;
    unsigned refused = route_refuses(&k->route, &k->q, &told, &why);
    if (refused != 0) {
        firing_skip(s, k->f, arena_printf(s->arena, "%u without a call: %.*s", refused, SLICE_ARG(why)));
        respond(k, refused, arena_printf(s->arena, "{\"%s\":\"%.*s\"}", slice_is(k->e->service, "url") ? "Message" : "message", SLICE_ARG(told)), NULL);
        return;
    }
    if (e == NULL) {
        if (slice_is(k->route.auth, "CUSTOM")) firing_note(s, k->f, SLICE("its authorizer is not in the templates: the request went on without it"));
        integrate(k);
        return;
    }
    authorizer_read(&s->maker, s->arena, e, &k->q, &how);
    if (how.validated) firing_note(s, k->f, SLICE("IdentityValidationExpression of its authorizer is not held against the token here"));
    if (how.identity == NULL) {
        firing_skip(s, k->f, SLICE("the request lacks what its authorizer asks for: 401 without a call"));
        respond(k, 401, message(s, "Unauthorized"), NULL);
        return;
    }
    firing *f = firing_new(s, k->f, e);
    if (!flow_permitted(s, f, e)) {
        firing_fail(s, k->f, arena_printf(s->arena, "its authorizer can't be called: %.*s", SLICE_ARG(f->reason)));
        respond(k, 500, message(s, "Internal Server Error"), NULL);
        return;
    }
    const doc_node *event = make_authorizer_event(&s->maker, s->arena, &k->route.made, &k->q, how.version, how.identity);
    if (e->to->resource == NULL || !slice_is(e->to->type, "AWS::Lambda::Function")) {
        firing_skip(s, f, SLICE("the authorizer is outside the templates"));
        integrate(k);
        return;
    }
    flow_call(s, f, e->to->resource, e->qualifier, event, SLICE(""), authorized, k);
}

/* ---- requests ---- */

static slice kept(arena *a, slice text) { return text.len == 0 ? SLICE("") : arena_copy(a, text); }

static requesting *request_over(smoke *s, firing *f, const edge *e, const happening_request *q, const probe *p) {
    arena *a = s->arena;
    requesting *k = ARENA_NEW(a, requesting);
    *k = (requesting){ .s = s, .f = f, .e = e, .q = *q, .p = p };
    k->q.method = kept(a, q->method);
    k->q.path = kept(a, q->path);
    k->q.query = kept(a, q->query);
    k->q.body = kept(a, q->body);
    k->q.stage = kept(a, q->stage);
    k->q.connection = kept(a, q->connection);
    k->q.headers = js_copy(a, q->headers);
    route_read(&s->maker, a, e, &k->q, &k->route);
    return k;
}

void flow_request_over(smoke *s, firing *f, const edge *e, const happening_request *q, const probe *p) {
    arena *a = s->arena;
    const doc_node *parameters;
    bool front = !slice_is(e->service, "url");
    const edge *best = front ? route_of(&s->maker, a, e->from, q) : e;
    if (f->must_not_arrive) {
        if (best != e) firing_pass(f);
        else firing_fail(s, f, SLICE("the route takes what it should not"));
        return;
    }
    if (best != e && best != NULL && route_takes(&s->maker, a, e, q, &parameters) && best->to != e->to) {
        firing_fail(s, f, arena_printf(a, "another route takes %.*s %.*s: the one to %.*s", SLICE_ARG(q->method), SLICE_ARG(q->path), SLICE_ARG(best->to->id)));
        return;
    }
    if (best == NULL && route_takes(&s->maker, a, e, q, &parameters)) {
        firing_skip(s, f, arena_printf(a, "ambiguous route: %.*s %.*s fits it, but another resource fits the path better and has not the method", SLICE_ARG(q->method), SLICE_ARG(q->path)));
        return;
    }
    if (best == NULL || (best != e && best->to != e->to)) {
        firing_fail(s, f, arena_printf(a, "the route does not take %.*s %.*s", SLICE_ARG(q->method), SLICE_ARG(q->path)));
        return;
    }
    authorize(request_over(s, f, e, q, p));
}

/* Whether API Gateway looks further when the resource that fits best has not the method is not documented: it does not here. */
static void say_ambiguous(smoke *s, const node *api, const happening_request *q, firing *cause) {
    const doc_node *parameters;
    for (size_t i = 0; i < api->out_len; i++)
        if (route_is(api->out[i]) && route_takes(&s->maker, s->arena, api->out[i], q, &parameters)) {
            firing_note(s, cause, arena_printf(s->arena, "ambiguous route: %.*s %.*s was answered 403, though %.*s might take it", SLICE_ARG(q->method), SLICE_ARG(q->path),
                                               SLICE_ARG(api->out[i]->to->id)));
            return;
        }
}

void flow_request(smoke *s, const node *api, const happening_request *q, firing *cause, void (*done)(void *self, const flow_response *r), void *self) {
    const edge *e = NULL;
    const doc_node *preflight = route_preflight(&s->maker, s->arena, api, q);
    if (preflight != NULL) {
        flow_response r = { slice_is(api->type, "AWS::Lambda::Function") ? 200 : 204, SLICE(""), preflight };
        done(self, &r);
        return;
    }
    if (slice_is(api->type, "AWS::Lambda::Function")) {
        for (size_t i = 0; i < api->in_len; i++)
            if (slice_is(api->in[i]->service, "url")) e = api->in[i];
    } else {
        e = route_of(&s->maker, s->arena, api, q);
    }
    if (e == NULL) {
        bool http = slice_is(api->type, "AWS::ApiGatewayV2::Api");
        if (!http) say_ambiguous(s, api, q, cause);
        flow_response none = { http ? 404 : 403, message(s, http ? "Not Found" : "Missing Authentication Token"), NULL };
        done(self, &none);
        return;
    }
    firing *f = firing_new(s, cause, e);
    if (!flow_permitted(s, f, e)) {
        flow_response refused = { 500, message(s, "Internal Server Error"), NULL };
        done(self, &refused);
        return;
    }
    requesting *k = request_over(s, f, e, q, NULL);
    k->done = done;
    k->self = self;
    authorize(k);
}
