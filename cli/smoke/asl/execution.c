#include "smoke/asl/execution.h"

#include <math.h>

#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"
#include "smoke/asl/time.h"

/* ---- the queue ---- */

void asl_enqueue(asl_visit *v) {
    asl_execution *x = v->run->execution;
    VEC_PUSH(x->arena, &x->queue, v);
}

static void move_one(asl_visit *v) {
    switch (v->phase) {
    case VISIT_BEGIN:  v->type->begin(v); return;
    case VISIT_RESULT: asl_finish(v, v->result); return;
    case VISIT_FAULT:  asl_fault(v, v->error, v->cause); return;
    }
}

void asl_move(asl_execution *x) {
    if (x->moving) return;
    x->moving = true;
    while (x->next < x->queue.len && x->outcome.status == ASL_RUNNING) {
        asl_visit *v = x->queue.at[x->next++];
        if (x->next == x->queue.len) x->next = x->queue.len = 0;
        if (!v->dead && !v->run->over) move_one(v);
    }
    x->moving = false;
}

void asl_end(asl_execution *x, asl_outcome o) {
    if (x->outcome.status != ASL_RUNNING) return;
    x->outcome = o;
    asl_run_kill(x->root);
    x->host.done(x->host.self, x, &x->outcome);
}

/* ---- time ---- */

typedef struct {
    asl_visit *visit;
    unsigned attempt;
    void (*fn)(asl_visit *v);
} timer;

static void ring(void *arg) {
    timer *t = arg;
    asl_visit *v = t->visit;
    if (v->dead || v->run->over || v->attempt != t->attempt || v->run->execution->outcome.status != ASL_RUNNING) return;
    t->fn(v);
    asl_move(v->run->execution);
}

void asl_later(asl_visit *v, double seconds, void (*fn)(asl_visit *v)) {
    asl_execution *x = v->run->execution;
    timer *t = ARENA_NEW(x->arena, timer);
    *t = (timer){ v, v->attempt, fn };
    x->host.after(x->host.self, seconds < 0 ? 0 : seconds, ring, t);
}

static void machine_times_out(void *arg) {
    asl_execution *x = arg;
    asl_end(x, (asl_outcome){ .status = ASL_TIMED_OUT, .error = asl_error_timeout, .cause = SLICE("the state machine's TimeoutSeconds are over") });
}

/* ---- what expressions see ---- */

static const doc_node *context_of(asl_visit *v) {
    asl_execution *x = v->run->execution;
    arena *a = x->arena;
    js_object c = { 0 }, s = { 0 }, t = { 0 };
    js_put(a, &c, "Execution", x->about);
    js_put(a, &c, "StateMachine", x->about_machine);
    js_put(a, &s, "Name", js_string(a, v->name));
    js_put(a, &s, "EnteredTime", js_string(a, asl_time_text(a, v->entered_ms)));
    js_put(a, &s, "RetryCount", js_int(a, v->attempt));
    js_put(a, &c, "State", js_object_end(a, &s));
    if (v->token.len > 0) {
        js_put(a, &t, "Token", js_string(a, v->token));
        js_put(a, &c, "Task", js_object_end(a, &t));
    }
    js_put(a, &c, "Map", v->run->item);
    return js_object_end(a, &c);
}

asl_data asl_visit_data(asl_visit *v, const doc_node *input) {
    asl_execution *x = v->run->execution;
    return (asl_data){ .arena = x->arena, .machinery = &x->machinery, .input = input, .context = context_of(v), .scope = &v->run->scope };
}

const doc_node *asl_field_of(const asl_visit *v, const char *field) { return js_get(v->state, field); }

const doc_node *asl_value_of(asl_visit *v, asl_data *d, const char *field) {
    const doc_node *n = asl_field_of(v, field);
    if (n != NULL) return v->jsonata ? jsonata_field(d, n, field) : n;
    if (v->jsonata) return NULL;
    const char *key = arena_printf(d->arena, "%sPath", field).at;
    const doc_node *path = asl_field_of(v, key);
    return path == NULL ? NULL : js_is(path, DOC_STRING) ? asl_expression(d, path->text, key) : asl_fail(d, asl_error_runtime, "%s must be a path", key);
}

double asl_number_of(asl_visit *v, asl_data *d, const char *field, double least, double most, bool whole, double fallback) {
    const doc_node *n = asl_value_of(v, d, field);
    if (n == NULL) return fallback;
    double value = js_double_of(n);
    if (js_is_number(n) && value >= least && value <= most && (!whole || floor(value) == value)) return value;
    asl_fail(d, v->jsonata ? asl_error_query : asl_error_runtime, "%s is %.*s: it must be %s from %.0f to %.0f", field, SLICE_ARG(asl_shown(d->arena, n)),
             whole ? "a whole number" : "a number", least, most);
    return fallback;
}

/* ---- running a block ---- */

static asl_step *step_of(asl_visit *v) { return &v->run->execution->trace.at[v->step]; }

static void enter(asl_run *r, slice name, const doc_node *input) {
    asl_execution *x = r->execution;
    arena *a = x->arena;
    const doc_node *state = doc_get(r->states, name);
    unsigned most = x->host.states_most > 0 ? x->host.states_most : ASL_STATES_ENTERED;
    const asl_state_type *type = asl_type_of(js_str_of(state, "Type"));
    if (++x->entered > most) {
        asl_end(x, (asl_outcome){ .status = ASL_FAILED, .error = asl_error_runtime, .state = name,
                                  .cause = arena_printf(a, "the execution entered more than %u states: it loops without end at `%.*s`", most, SLICE_ARG(name)) });
        return;
    }
    if (type == NULL) {    /* asl_compile lets no such definition through */
        asl_end(x, (asl_outcome){ .status = ASL_FAILED, .error = asl_error_runtime, .state = name, .cause = SLICE("there is no such state") });
        return;
    }
    asl_visit *v = ARENA_NEW(a, asl_visit);
    *v = (asl_visit){ .run = r, .name = name, .state = state, .type = type, .raw = input, .effective = input, .step = x->trace.len };
    slice language = js_str_of(state, "QueryLanguage");
    v->jsonata = language.len > 0 ? slice_is(language, "JSONata") : r->jsonata;
    v->entered_ms = asl_now(&x->machinery);
    v->retried = ARENA_ARRAY(a, unsigned, js_len(js_get(state, "Retry")));
    r->now = v;
    VEC_PUSH(a, &x->trace, ((asl_step){ .state = name, .type = slice_from(type->name), .depth = r->depth, .index = r->index, .at_ms = v->entered_ms,
        .input = input }));
    asl_enqueue(v);
}

asl_run *asl_run_begin(asl_execution *x, asl_visit *parent, size_t index, const doc_node *block, const doc_node *input, const doc_node *item, bool jsonata_around) {
    asl_run *r = ARENA_NEW(x->arena, asl_run);
    *r = (asl_run){ .execution = x, .parent = parent, .index = index, .states = js_get(block, "States"), .jsonata = jsonata_around };
    if (parent != NULL) {
        r->depth = parent->run->depth + 1;
        r->item = item != NULL ? item : parent->run->item;
        if (!parent->separate) r->scope.outer = &parent->run->scope;
        parent->children[index] = r;
    } else {
        x->root = r;
    }
    enter(r, js_str_of(block, "StartAt"), input);
    return r;
}

void asl_visit_drop(asl_visit *v) {
    asl_execution *x = v->run->execution;
    asl_task *t = v->task;
    v->task = NULL;
    if (t != NULL && x->host.cancel != NULL) x->host.cancel(x->host.self, t);
    for (size_t i = 0; i < v->started; i++)
        if (v->children != NULL && v->children[i] != NULL) asl_run_kill(v->children[i]);
}

/* Recursion: as deep as Map and Parallel are nested (ASL_NESTED_MOST). */
void asl_run_kill(asl_run *r) {
    if (r == NULL || r->over) return;
    r->over = true;
    if (r->now == NULL) return;
    r->now->dead = true;
    asl_visit_drop(r->now);
}

static void run_done(asl_run *r, const doc_node *output) {
    r->over = true;
    if (r->parent != NULL) asl_child_done(r->parent, r->index, output);
    else asl_end(r->execution, (asl_outcome){ .status = ASL_SUCCEEDED, .output = output });
}

static void run_failed(asl_run *r, slice state, slice error, slice cause) {
    r->over = true;
    if (r->parent != NULL) asl_child_failed(r->parent, r->index, error, cause);
    else asl_end(r->execution, (asl_outcome){ .status = ASL_FAILED, .error = error, .cause = cause, .state = state });
}

/* ---- the ways a state goes on ---- */

void asl_leave(asl_visit *v, const doc_node *output, slice next) {
    asl_step *s = step_of(v);
    s->output = output;
    s->next = next;
    s->choice = v->choice;
    v->dead = true;
    if (next.len > 0) enter(v->run, next, output);
    else run_done(v->run, output);
}

bool asl_assign(asl_visit *v, asl_data *d, const doc_node *assign) {
    if (assign == NULL) return true;
    const doc_node *values = v->jsonata ? jsonata_field(d, assign, "Assign") : asl_template(d, assign);
    if (values == NULL) return false;
    if (asl_size(values, ASL_VARIABLES_BYTES, NULL) > ASL_VARIABLES_BYTES) {
        asl_fail(d, asl_error_limit, "what Assign sets is larger than %u bytes", ASL_VARIABLES_BYTES);
        return false;
    }
    union { const doc_node *in; void *out; } keep;    /* strmap hands out what it was given; asl_scope_get makes it const again */
    for (size_t i = 0; values->kind == DOC_MAP && i < values->map.len; i++) {
        keep.in = values->map.at[i].value;
        strmap_put(d->arena, &v->run->scope.values, values->map.at[i].key, keep.out);
    }
    return true;
}

static const doc_node *jsonpath_output(asl_visit *v, asl_data *d, const doc_node *result) {
    const doc_node *selector = v->type->has_result ? asl_field_of(v, "ResultSelector") : NULL, *kept = result;
    d->input = result;
    if (!asl_assign(v, d, asl_field_of(v, "Assign"))) return NULL;
    if (selector != NULL && (kept = asl_template(d, selector)) == NULL) return NULL;
    const doc_node *path = asl_field_of(v, "ResultPath");
    bool placed = v->type->has_result || strcmp(v->type->name, "Pass") == 0;
    const doc_node *out = placed ? asl_result_path(d, path, v->raw, kept) : kept;
    if (out == NULL || !asl_size_check(d, out, "the state's output")) return NULL;
    return asl_select(d, asl_field_of(v, "OutputPath"), "OutputPath", out);
}

static const doc_node *jsonata_output(asl_visit *v, asl_data *d, const doc_node *result) {
    const doc_node *output = asl_field_of(v, "Output");
    d->input = v->raw;
    d->result = v->type->has_result ? result : NULL;
    const doc_node *out = output != NULL ? jsonata_field(d, output, "Output") : result;
    return out != NULL && asl_assign(v, d, asl_field_of(v, "Assign")) ? out : NULL;
}

void asl_finish(asl_visit *v, const doc_node *result) {
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *out = !asl_size_check(&d, result, "the state's result") ? NULL : v->jsonata ? jsonata_output(v, &d, result) : jsonpath_output(v, &d, result);
    if (out == NULL || !asl_size_check(&d, out, "the state's output")) asl_fault_of(v, &d);
    else asl_leave(v, out, js_bool_of(v->state, "End", false) ? SLICE("") : js_str_of(v->state, "Next"));
}

static void again(asl_visit *v) {
    v->phase = VISIT_BEGIN;
    asl_enqueue(v);
}

static bool catches(asl_visit *v, slice error, slice cause) {
    const doc_node *catcher = asl_catcher_of(v, error);
    if (catcher == NULL) return false;
    asl_data d = asl_visit_data(v, v->raw);
    js_object o = { 0 };
    js_put(d.arena, &o, "Error", js_string(d.arena, error));
    if (cause.at != NULL) js_put(d.arena, &o, "Cause", js_string(d.arena, cause));
    const doc_node *told = js_object_end(d.arena, &o), *out = told;
    if (v->jsonata) {
        d.error_output = told;
        const doc_node *output = js_get(catcher, "Output");
        if (output != NULL) out = jsonata_field(&d, output, "Output");
    } else {
        out = asl_result_path(&d, js_get(catcher, "ResultPath"), v->raw, told);
        d.input = told;
    }
    if (out == NULL || !asl_assign(v, &d, js_get(catcher, "Assign")) || !asl_size_check(&d, out, "the catcher's output")) {
        run_failed(v->run, v->name, d.error, d.cause);
        return true;
    }
    step_of(v)->caught = true;
    v->choice = 0;
    asl_leave(v, out, js_str_of(catcher, "Next"));
    return true;
}

void asl_fault(asl_visit *v, slice error, slice cause) {
    asl_step *s = step_of(v);
    if (error.at == NULL) error = SLICE("");    /* a Fail without an Error */
    asl_visit_drop(v);
    s->error = error;
    if (v->type->has_result && !slice_eq(error, asl_error_runtime)) {    /* States.Runtime ends the execution whatever is there */
        double delay = asl_retry_delay(v, error);
        if (delay >= 0) {
            s->retries++;
            v->attempt++;
            v->count = v->started = v->ended = v->failed = 0;
            v->children = NULL;
            asl_later(v, delay, again);
            return;
        }
        if (catches(v, error, cause)) return;
    }
    v->dead = true;
    run_failed(v->run, v->name, error, cause);
}

void asl_fault_of(asl_visit *v, const asl_data *d) { asl_fault(v, d->error, d->cause); }

/* ---- from outside ---- */

static slice or_else(slice given, const char *made) { return given.len > 0 ? given : slice_from(made); }

static void describe(asl_execution *x, const doc_node *input) {
    arena *a = x->arena;
    const asl_host *h = &x->host;
    js_object e = { 0 }, m = { 0 };
    js_put(a, &e, "Id", js_string(a, or_else(h->execution_arn, "arn:aws:states:us-east-1:123456789012:execution:machine:run")));
    js_put(a, &e, "Input", input);
    js_put(a, &e, "Name", js_string(a, or_else(h->execution_name, "run")));
    js_put(a, &e, "RoleArn", js_string(a, or_else(h->role_arn, "arn:aws:iam::123456789012:role/machine")));
    js_put(a, &e, "StartTime", js_string(a, asl_time_text(a, asl_now(&x->machinery))));
    js_put(a, &e, "RedriveCount", js_int(a, 0));
    js_put(a, &m, "Id", js_string(a, or_else(h->machine_arn, "arn:aws:states:us-east-1:123456789012:stateMachine:machine")));
    js_put(a, &m, "Name", js_string(a, or_else(h->machine_name, "machine")));
    x->about = js_object_end(a, &e);
    x->about_machine = js_object_end(a, &m);
}

asl_execution *asl_start(arena *a, const asl_program *p, const doc_node *input, const asl_host *host) {
    asl_execution *x = ARENA_NEW(a, asl_execution);
    *x = (asl_execution){ .arena = a, .program = p, .host = *host };
    x->machinery = (asl_machinery){ .arena = a, .host = &x->host, .random = 20, .steps_left = host->steps_most > 0 ? host->steps_most : ASL_STEPS_MOST };
    if (input == NULL) input = js_empty_object();
    describe(x, input);
    x->moving = true;
    asl_run_begin(x, NULL, 0, p->definition, input, NULL, p->jsonata);
    x->moving = false;
    if (asl_size(input, ASL_PAYLOAD_MOST, NULL) > ASL_PAYLOAD_MOST)
        asl_end(x, (asl_outcome){ .status = ASL_FAILED, .error = asl_error_limit,
            .cause = SLICE("the execution's input is larger than 262,144 bytes or nested too deep") });
    if (p->timeout_s > 0 && x->outcome.status == ASL_RUNNING) x->host.after(x->host.self, p->timeout_s, machine_times_out, x);
    asl_move(x);
    return x;
}

void asl_abort(asl_execution *x, slice error, slice cause) {
    slice state = x->root->now == NULL ? SLICE("") : x->root->now->name;
    asl_end(x, (asl_outcome){ .status = ASL_ABORTED, .error = error, .cause = cause, .state = state });
}

const asl_outcome *asl_outcome_of(const asl_execution *x) { return &x->outcome; }
const asl_host *asl_host_of(const asl_execution *x) { return &x->host; }

const asl_step *asl_trace(const asl_execution *x, size_t *len) {
    *len = x->trace.len;
    return x->trace.at;
}
