/* Invocations: one, and asynchronous ones with their attempts, destinations and dead-letter queue. Lambda developer guide, "Asynchronous
 * invocation", "Capturing records of Lambda asynchronous invocations". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"
#include "smoke/host/code.h"

#define FIRST_RETRY_MS  (60 * 1000)
#define SECOND_RETRY_MS (120 * 1000)

static void tell(smoke *s, firing *f, const outcome *o, const runnable *how) {
    buf story = { .arena = s->arena };
    if (o->trace.len > 0) {
        buf_slice(&story, code_told(s->arena, how, o->trace));
        buf_char(&story, '\n');
    }
    buf_slice(&story, code_told(s->arena, how, o->log));
    if (f->story.len == 0 || o->trace.len > 0) f->story = buf_as_slice(&story);
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
    const runnable *how = executor_runnable(r->runs);
    r->head++;
    f->response = o->payload;
    f->duration_us += o->duration_us;
    tell(k->s, f, o, how);
    k->done(k->self, f, o);
}

static void not_there(void *self) {
    invoking *k = self;
    k->done(k->self, k->f, &k->none);
}

void flow_call(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, slice request_id, flow_called done, void *self) {
    arena *a = s->arena;
    invoking *k = ARENA_NEW(a, invoking);
    *k = (invoking){ .s = s, .f = f, .function = smoke_running_of(s, function), .done = done, .self = self };
    f->event = event;
    f->attempts++;
    if (k->function == NULL || k->function->runs == NULL) {
        k->none = (outcome){ .kind = OUTCOME_NOT_RUN, .error_message = SLICE("this build of sflint runs no handlers: it was made without libmicrohttpd") };
        firing_skip(s, f, k->none.error_message);
        smoke_later(s, 0, not_there, k);
        return;
    }
    VEC_PUSH(a, &k->function->line, f);
    slice arn = world_arn(s->world, function);
    if (qualifier.len > 0) arn = arena_printf(a, "%.*s:%.*s", SLICE_ARG(arn), SLICE_ARG(qualifier));
    executor_call i = { .payload = js_text(a, event), .arn = arn, .request_id = request_id.len > 0 ? request_id : make_uuid(&s->maker, a) };
    executor_invoke(s->executor, k->function->runs, &i, answered, k);
}

/* ---- asynchronous ---- */

typedef struct {
    smoke *s;
    firing *f;
    const resource *function;
    slice qualifier, request_id;
    const doc_node *event;
    const probe *p;
    int left;
} attempts;

static const doc_node *record_of(const attempts *k, const outcome *o, bool failed) {
    smoke *s = k->s;
    arena *a = s->arena;
    js_object request = { 0 }, answer = { 0 }, all = { 0 };
    js_put(a, &request, "requestId", js_string(a, k->request_id));
    js_put(a, &request, "functionArn", js_format(a, "%.*s:%.*s", SLICE_ARG(world_arn(s->world, k->function)), SLICE_ARG(k->qualifier.len > 0 ? k->qualifier : SLICE("$LATEST"))));
    js_put(a, &request, "condition", js_cstr(a, failed ? "RetriesExhausted" : "Success"));
    js_put(a, &request, "approximateInvokeCount", js_int(a, k->f->attempts));
    js_put(a, &answer, "statusCode", js_int(a, 200));
    js_put(a, &answer, "executedVersion", js_cstr(a, "$LATEST"));
    if (failed) js_put(a, &answer, "functionError", js_cstr(a, "Unhandled"));
    const doc_node *payload = js_read(a, o->payload);
    js_put(a, &all, "version", js_cstr(a, "1.0"));
    js_put(a, &all, "timestamp", js_string(a, make_time(a, s->maker.now_ms, true)));
    js_put(a, &all, "requestContext", js_object_end(a, &request));
    js_put(a, &all, "requestPayload", k->event);
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

static const doc_node *attribute(arena *a, const char *type, slice text) {
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
        if (e->kind == EDGE_DESTINATION && slice_is(flow_edge_text(s, e, "outcome"), failed ? "failure" : "success")) {
            firing *next = firing_new(s, k->f, e);
            if (flow_permitted(s, next, e)) flow_deliver(s, next, e, wrapped(s, e, record_of(k, o, failed), failed), NULL);
        } else if (e->kind == EDGE_DEAD_LETTER && failed && slice_is(e->service, "lambda")) {
            js_object attributes = { 0 };
            slice message = slice_from_to(o->error_message, 0, o->error_message.len < 1024 ? o->error_message.len : 1024);
            js_put(a, &attributes, "RequestID", attribute(a, "String", k->request_id));
            js_put(a, &attributes, "ErrorCode", attribute(a, "Number", SLICE("200")));
            if (message.len > 0) js_put(a, &attributes, "ErrorMessage", attribute(a, "String", message));
            flow_dead_letter(s, k->f, e->to, e, js_text(a, k->event), js_object_end(a, &attributes));
        }
    }
}

static void try_again(void *self);

static void tried(void *self, firing *f, const outcome *o) {
    attempts *k = self;
    smoke *s = k->s;
    smoke_running *r = smoke_running_of(s, k->function);
    const runnable *how = r->runs == NULL ? NULL : executor_runnable(r->runs);
    if (!flow_failed(o)) {
        if (flow_judge(s, f, k->p, k->event, o)) firing_pass(f);
        send_on(k, o, false);
        return;
    }
    /* What could not be loaded will not load a minute later. */
    if (how == NULL || o->kind == OUTCOME_NOT_RUN || o->kind == OUTCOME_NOT_LOADED || k->left <= 0 || s->stopped) {
        if (how != NULL) flow_say_failure(s, f, o, how);
        if (how != NULL && o->kind != OUTCOME_NOT_RUN && f->status == FIRING_FAILED) send_on(k, o, true);
        return;
    }
    k->left--;
    smoke_later(s, f->attempts == 1 ? FIRST_RETRY_MS : SECOND_RETRY_MS, try_again, k);
}

static void try_again(void *self) {
    attempts *k = self;
    flow_call(k->s, k->f, k->function, k->qualifier, k->event, k->request_id, tried, k);
}

void flow_call_later(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, const probe *p) {
    attempts *k = ARENA_NEW(s->arena, attempts);
    smoke_running *r = smoke_running_of(s, function);
    *k = (attempts){ .s = s, .f = f, .function = function, .qualifier = qualifier, .event = event, .p = p,
                     .request_id = make_uuid(&s->maker, s->arena), .left = r == NULL ? 0 : r->retries };
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
    smoke_running *r = smoke_running_of(k->s, k->function);
    if (!flow_failed(o)) firing_pass(f);
    else if (r->runs != NULL) flow_say_failure(k->s, f, o, executor_runnable(r->runs));
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
    firing *f = firing_new(s, cause, edge_between(cause, function));
    if (f->edge != NULL) return f;
    f->kind = kind;
    f->to = function->id;
    f->from = cause == NULL ? SLICE("caller") : cause->to;
    f->at = cause == NULL ? function->at : cause->at;
    return f;
}

void flow_invoke(smoke *s, const resource *function, slice qualifier, slice payload, firing *cause, flow_done done, void *self) {
    arena *a = s->arena;
    const doc_node *event = payload.len == 0 ? js_empty_object() : js_read(a, payload);
    firing *f = called_firing(s, cause, function, done == NULL ? EDGE_ASYNC : EDGE_SYNC);
    if (event == NULL) event = js_string(a, payload);
    if (f->status != FIRING_OPEN) {
        flow_answer stopped = { .ok = false, .payload = SLICE("{\"errorMessage\":\"the run was stopped\",\"errorType\":\"Sflint.Stopped\"}"),
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
