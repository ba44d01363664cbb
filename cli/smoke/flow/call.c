/* Invocations: one, and asynchronous ones with their attempts, destinations and dead-letter queue. Lambda developer guide, "Asynchronous
 * invocation", "Capturing records of Lambda asynchronous invocations". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"
#include "smoke/host/code.h"

#define INVOKE_BYTES    (6u * 1024 * 1024)      /* Lambda developer guide, "Lambda quotas" */
#define FIRST_RETRY_MS  (60 * 1000)
#define SECOND_RETRY_MS (120 * 1000)

/* What was strange about its calls of the Runtime API stands in the log as "sflint: ..." (host/executor.c); a person should know it of an answer that was fine, too. */
static void tell_strange(smoke *s, firing *f, slice log) {
    static const slice head = SLICE_INIT("sflint: ");
    slice line;
    while (slice_cut(&log, '\n', &line))
        if (slice_starts(line, head)) firing_note(s, f, slice_after(line, head.len));
}

static void tell(smoke *s, firing *f, const outcome *o, const runnable *how) {
    buf story = { .arena = s->arena };
    if (o->trace.len > 0) {
        buf_slice(&story, code_told(s->arena, how, o->trace));
        buf_char(&story, '\n');
    }
    buf_slice(&story, code_told(s->arena, how, o->log));
    if (f->story.len == 0 || o->trace.len > 0) f->story = buf_as_slice(&story);
    tell_strange(s, f, o->log);
    if (how->note.len > 0) firing_note(s, f, how->note);
}

/* ---- one invocation ---- */

typedef struct {
    smoke *s;
    firing *f;
    smoke_running *function;
    flow_called done;
    void *self;
    outcome none;                /* what stands for an answer when there is no executor */
} invoking;

static void answered(void *self, const outcome *o) {
    invoking *k = self;
    firing *f = k->f;
    smoke_running *r = k->function;
    r->head++;
    f->response = o->payload;
    f->duration_us += o->duration_us;
    tell(k->s, f, o, r->how);
    k->done(k->self, f, o);
}

static void not_there(void *self) {
    invoking *k = self;
    k->done(k->self, k->f, &k->none);
}

/* Lambda developer guide, "Configuring reserved concurrency": 0 turns the function off. */
static bool throttled(smoke *s, const resource *function) {
    long long n;
    return value_as_int(s->arena, value_under(resource_written(s->arena, function, SLICE("ReservedConcurrentExecutions")), function->exists), &n) == YES && n == 0;
}

void flow_call(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, slice request_id, flow_called done, void *self) {
    arena *a = s->arena;
    invoking *k = ARENA_NEW(a, invoking);
    *k = (invoking){ .s = s, .f = f, .function = smoke_running_of(s, function), .done = done, .self = self };
    f->event = event;
    f->attempts++;
    if (k->function == NULL || k->function->how == NULL) {
        k->none = (outcome){ .kind = OUTCOME_NOT_RUN, .error_message = SLICE("this build of sflint runs no handlers: it was made without libmicrohttpd") };
        firing_skip(s, f, k->none.error_message);
        smoke_later(s, 0, not_there, k);
        return;
    }
    slice payload = js_text(a, event), refusal = throttled(s, function) ? SLICE("throttled: ReservedConcurrentExecutions is 0") : SLICE("");
    if (payload.len > INVOKE_BYTES) refusal = arena_printf(a, "the event has %zu bytes: an invocation takes %u", payload.len, INVOKE_BYTES);
    if (refusal.len > 0) {
        k->none = (outcome){ .kind = OUTCOME_NOT_RUN, .error_message = refusal };
        firing_fail(s, f, refusal);
        smoke_later(s, 0, not_there, k);
        return;
    }
    VEC_PUSH(a, &k->function->line, f);
    slice arn = world_arn(s->world, function);
    if (qualifier.len > 0) arn = arena_printf(a, "%.*s:%.*s", SLICE_ARG(arn), SLICE_ARG(qualifier));
    executor_call i = { .payload = payload, .arn = arn, .request_id = request_id.len > 0 ? request_id : make_uuid(&s->maker, a) };
    if (s->invoke != NULL) s->invoke(s->invoke_self, function, &i, answered, k);
    else executor_invoke(s->executor, k->function->runs, &i, answered, k);
}

/* ---- asynchronous ---- */

/* The qualifier as the resource says it: an alias by its name, "" for $LATEST. */
static slice qualifier_of(smoke *s, const resource *r) {
    slice text = world_text(s->world, value_under(resource_written(s->arena, r, SLICE("Qualifier")), r->exists), r->exists, NULL);
    size_t colon = text.len;
    while (colon > 0 && text.at[colon - 1] != ':') colon--;
    if (colon > 0) text = slice_after(text, colon);        /* Ref of an alias is its ARN */
    return slice_is(text, "$LATEST") ? SLICE("") : text;
}

typedef struct {
    smoke *s;
    firing *f;
    const resource *function;
    slice qualifier, request_id;
    const doc_node *event;
    const probe *p;
    invoke_config config;
    int64_t began_ms;
    bool too_old;                /* the age limit came before the last attempt */
    bool off;                    /* ReservedConcurrentExecutions is 0: there was no attempt */
} attempts;

static slice config_key(arena *a, slice function, slice qualifier) {
    if (slice_is(qualifier, "$LATEST")) qualifier = SLICE("");
    return arena_printf(a, "%.*s %.*s", SLICE_ARG(function), SLICE_ARG(qualifier));
}

invoke_config flow_invoke_config(smoke *s, const resource *function, slice qualifier) {
    const invoke_config *c = strmap_get(&s->flow->invoke_configs, config_key(s->arena, function->id, qualifier));
    return c != NULL ? *c : (invoke_config){ INVOKE_RETRIES, INVOKE_MAX_AGE_S };
}

/* All of the templates, once. */
void flow_invoke_configs_read(smoke *s) {
    arena *a = s->arena;
    for (size_t t = 0; t < s->graph->set->list.len; t++) {
        const template *in = s->graph->set->list.at[t];
        for (size_t i = 0; i < in->resources.len; i++) {
            const resource *r = in->resources.at[i], *function = NULL;
            long long n;
            bool open;
            if (!slice_is(r->type, "AWS::Lambda::EventInvokeConfig")) continue;
            const node *to = graph_pointed(s->graph, resource_written(a, r, SLICE("FunctionName")), &function, &open);
            if (to != NULL) function = to->resource;
            if (function == NULL) continue;
            invoke_config *c = ARENA_NEW(a, invoke_config);
            *c = (invoke_config){ INVOKE_RETRIES, INVOKE_MAX_AGE_S };
            if (value_as_int(a, value_under(resource_written(a, r, SLICE("MaximumRetryAttempts")), r->exists), &n) == YES && n >= 0 && n <= 2) c->retries = (int)n;
            if (value_as_int(a, value_under(resource_written(a, r, SLICE("MaximumEventAgeInSeconds")), r->exists), &n) == YES && n >= 60 && n <= INVOKE_MAX_AGE_S)
                c->max_age_s = (int)n;
            strmap_put(a, &s->flow->invoke_configs, config_key(a, function->id, qualifier_of(s, r)), c);
        }
    }
}

static const doc_node *record_of(const attempts *k, const outcome *o, bool failed) {
    smoke *s = k->s;
    arena *a = s->arena;
    js_object request = { 0 }, answer = { 0 }, all = { 0 };
    js_put(a, &request, "requestId", js_string(a, k->request_id));
    js_put(a, &request, "functionArn", js_format(a, "%.*s:%.*s", SLICE_ARG(world_arn(s->world, k->function)), SLICE_ARG(k->qualifier.len > 0 ? k->qualifier : SLICE("$LATEST"))));
    js_put(a, &request, "condition", js_cstr(a, !failed ? "Success" : k->off ? "ZeroReservedConcurrency" : k->too_old ? "EventAgeExceeded" : "RetriesExhausted"));
    js_put(a, &request, "approximateInvokeCount", js_int(a, k->f->attempts));
    js_put(a, &answer, "statusCode", js_int(a, 200));
    js_put(a, &answer, "executedVersion", js_cstr(a, "$LATEST"));
    if (failed) js_put(a, &answer, "functionError", js_cstr(a, "Unhandled"));
    const doc_node *payload = js_read(a, o->payload);
    js_put(a, &all, "version", js_cstr(a, "1.0"));
    js_put(a, &all, "timestamp", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &all, "requestContext", js_object_end(a, &request));
    js_put(a, &all, "requestPayload", k->event);
    if (k->off) return js_object_end(a, &all);
    js_put(a, &all, "responseContext", js_object_end(a, &answer));
    js_put(a, &all, "responsePayload", payload != NULL ? payload : js_null());
    return js_object_end(a, &all);
}

/* EventBridge wraps the record; the others get it as it is. */
static const doc_node *wrapped(smoke *s, const edge *e, const doc_node *record, bool failed) {
    if (e->to->role != ROLE_BUS || slice_is(e->to->type, "AWS::SNS::Topic")) return record;
    arena *a = s->arena;
    js_list resources = { 0 };
    js_push(a, &resources, js_string(a, world_node_arn(s->world, e->to)));
    js_push(a, &resources, js_string(a, world_node_arn(s->world, e->from)));
    return make_bus_event(&s->maker, a, SLICE("lambda"), failed ? SLICE("Lambda Function Invocation Result - Failure") : SLICE("Lambda Function Invocation Result - Success"),
                          record, js_list_end(a, &resources));
}

const doc_node *flow_attribute(arena *a, const char *type, slice text) {
    js_object o = { 0 };
    js_put(a, &o, "DataType", js_cstr(a, type));
    js_put(a, &o, "StringValue", js_string(a, text));
    return js_object_end(a, &o);
}

static void send_on(const attempts *k, const outcome *o, bool failed) {
    smoke *s = k->s;
    arena *a = s->arena;
    const node *n = k->function->node;
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        if (e->kind == EDGE_DESTINATION && e->via != NULL && slice_is(e->via->type, "AWS::Lambda::EventInvokeConfig") &&
            !slice_eq(qualifier_of(s, e->via), slice_is(k->qualifier, "$LATEST") ? SLICE("") : k->qualifier)) continue;
        if (e->kind == EDGE_DESTINATION && slice_is(flow_edge_text(s, e, "outcome"), failed ? "failure" : "success")) {
            firing *next = firing_new(s, k->f, e);
            if (flow_permitted(s, next, e)) flow_deliver(s, next, e, wrapped(s, e, record_of(k, o, failed), failed), NULL);
        } else if (e->kind == EDGE_DEAD_LETTER && failed && slice_is(e->service, "lambda")) {
            js_object attributes = { 0 };
            slice message = slice_from_to(o->error_message, 0, o->error_message.len < 1024 ? o->error_message.len : 1024);
            js_put(a, &attributes, "RequestID", flow_attribute(a, "String", k->request_id));
            js_put(a, &attributes, "ErrorCode", flow_attribute(a, "Number", SLICE("200")));
            if (message.len > 0) js_put(a, &attributes, "ErrorMessage", flow_attribute(a, "String", message));
            flow_dead_letter(s, k->f, e->to, e, js_text(a, k->event), js_object_end(a, &attributes));
        }
    }
}

static void try_again(void *self);

/* How long until the next attempt; -1: there is none. */
static int64_t next_attempt_ms(attempts *k) {
    int made = (int)k->f->attempts;
    if (made > k->config.retries) return -1;
    int64_t wait = made == 1 ? FIRST_RETRY_MS : SECOND_RETRY_MS;
    k->too_old = k->s->maker.now_ms + wait - k->began_ms > (int64_t)k->config.max_age_s * 1000;
    return k->too_old ? -1 : wait;
}

static void tried(void *self, firing *f, const outcome *o) {
    attempts *k = self;
    smoke *s = k->s;
    const runnable *how = smoke_how(s, k->function);
    if (!flow_failed(o)) {
        if (flow_judge(s, f, k->p, k->event, o)) firing_pass(f);
        send_on(k, o, false);
        return;
    }
    /* What could not be loaded will not load a minute later. */
    bool worth = how != NULL && o->kind != OUTCOME_NOT_RUN && o->kind != OUTCOME_NOT_LOADED && !firing_halted(s, f);
    int64_t wait = worth ? next_attempt_ms(k) : -1;
    if (wait >= 0) {
        smoke_later(s, wait, try_again, k);
        return;
    }
    if (k->too_old) firing_note(s, f, arena_printf(s->arena, "no further attempt: the event is older than %d s then (MaximumEventAgeInSeconds)", k->config.max_age_s));
    flow_say_failure(s, f, o, how);
    if (how != NULL && (o->kind != OUTCOME_NOT_RUN || k->off) && f->status == FIRING_FAILED) send_on(k, o, true);
}

static void try_again(void *self) {
    attempts *k = self;
    flow_call(k->s, k->f, k->function, k->qualifier, k->event, k->request_id, tried, k);
}

void flow_call_later(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, const probe *p) {
    attempts *k = ARENA_NEW(s->arena, attempts);
    *k = (attempts){ .s = s, .f = f, .function = function, .qualifier = qualifier, .event = event, .p = p, .request_id = make_uuid(&s->maker, s->arena),
                     .config = flow_invoke_config(s, function, qualifier), .began_ms = s->maker.now_ms,
                     .off = throttled(s, function) };
    try_again(k);
}

/* ---- what clients call ---- */

typedef struct {
    smoke *s;
    flow_done done;
    void *self;
    const resource *function;
} client_call;

static void client_answer(void *self, firing *f, const outcome *o) {
    client_call *k = self;
    if (!flow_failed(o)) firing_pass(f);
    else flow_say_failure(k->s, f, o, smoke_how(k->s, k->function));
    flow_answer answer = { .ok = !flow_failed(o), .payload = o->payload, .error = o->error_type, .cause = o->error_message };
    k->done(k->self, &answer);
}

/* The edge that says so: a write's or a call's from the caller to the function, if the templates have one. */
static const edge *edge_between(const firing *cause, const resource *to) {
    const node *n = cause == NULL || cause->edge == NULL ? NULL : cause->edge->to;
    for (size_t i = 0; n != NULL && i < n->out_len; i++)
        if (n->out[i]->to == to->node && n->out[i]->kind != EDGE_DESTINATION && n->out[i]->kind != EDGE_DEAD_LETTER) return n->out[i];
    return NULL;
}

static firing *called_firing(smoke *s, firing *cause, const resource *function, edge_kind kind) {
    const edge *e = edge_between(cause, function);
    if (e != NULL) return firing_new(s, cause, e);
    return firing_between(s, cause, cause == NULL ? SLICE("caller") : cause->to, function->id, kind, cause == NULL ? function->at : cause->at);
}

void flow_invoke(smoke *s, const resource *function, slice qualifier, slice payload, firing *cause, flow_done done, void *self) {
    arena *a = s->arena;
    bool room = smoke_room(s, payload.len);
    firing *f = called_firing(s, cause, function, done == NULL ? EDGE_ASYNC : EDGE_SYNC);
    const doc_node *event = payload.len == 0 || !room ? js_empty_object() : js_read(a, arena_copy(a, payload));
    if (event == NULL) event = js_string(a, arena_copy(a, payload));
    if (f->status != FIRING_OPEN) {
        flow_answer stopped = { .ok = false, .payload = SLICE("{\"errorMessage\":\"nothing more is delivered here\",\"errorType\":\"Sflint.Stopped\"}"),
                                .error = SLICE("Sflint.Stopped"), .cause = f->reason };
        if (done != NULL) done(self, &stopped);
        return;
    }
    if (done == NULL) {
        flow_call_later(s, f, function, qualifier, event, NULL);
        return;
    }
    client_call *k = ARENA_NEW(a, client_call);
    *k = (client_call){ s, done, self, function };
    flow_call(s, f, function, qualifier, event, SLICE(""), client_answer, k);
}
