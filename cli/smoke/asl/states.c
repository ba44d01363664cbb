/* What each type of state does. Step Functions developer guide, "Workflow states". */
#include <math.h>

#include "smoke/asl/choice.h"
#include "smoke/asl/execution.h"
#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"
#include "smoke/asl/time.h"

#define SECONDS_MOST 99999999.0     /* TimeoutSeconds, Seconds of Wait */

/* InputPath; in a JSONata state the input itself. NULL: d has failed. */
static const doc_node *effective_of(asl_visit *v, asl_data *d) {
    v->effective = v->jsonata ? v->raw : asl_select(d, asl_field_of(v, "InputPath"), "InputPath", v->raw);
    if (v->effective != NULL) d->input = v->effective;
    return v->effective;
}

/* What a Task or Parallel is called with: Parameters or Arguments over the effective input. */
static const doc_node *arguments_of(asl_visit *v, asl_data *d) {
    const doc_node *given = asl_field_of(v, v->jsonata ? "Arguments" : "Parameters");
    const doc_node *n = given == NULL ? v->effective : v->jsonata ? jsonata_field(d, given, "Arguments") : asl_template(d, given);
    return n != NULL && asl_size_check(d, n, "what the state is called with") ? n : NULL;
}

static void pass_begin(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *out = effective_of(v, &d);
    if (out != NULL && !v->jsonata) {
        const doc_node *parameters = asl_field_of(v, "Parameters"), *result = asl_field_of(v, "Result");
        out = result != NULL ? result : parameters != NULL ? asl_template(&d, parameters) : out;
    }
    if (out == NULL) asl_fault_of(v, &d);
    else asl_finish(v, out);
}

static void succeed_begin(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *n = effective_of(v, &d), *output = asl_field_of(v, "Output");
    if (n != NULL && v->jsonata && output != NULL) n = jsonata_field(&d, output, "Output");
    if (n != NULL && !v->jsonata) n = asl_select(&d, asl_field_of(v, "OutputPath"), "OutputPath", n);
    if (n == NULL || !asl_size_check(&d, n, "the state's output")) asl_fault_of(v, &d);
    else asl_leave(v, n, SLICE(""));
}

/* Error or Cause: a text, an expression, a path, an intrinsic function. at NULL: it is not there, or d has failed. */
static slice fail_text(asl_visit *v, asl_data *d, const char *field) {
    const doc_node *n = asl_value_of(v, d, field);
    if (n == NULL) return (slice){ NULL, 0 };
    if (n->kind != DOC_STRING) asl_fail(d, v->jsonata ? asl_error_query : asl_error_runtime, "%s must be a text", field);
    return n->kind == DOC_STRING ? n->text : (slice){ NULL, 0 };
}

static void fail_begin(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->raw);
    slice error = fail_text(v, &d, "Error"), cause = fail_text(v, &d, "Cause");
    if (asl_failed(&d)) asl_fault_of(v, &d);
    else asl_fault(v, error, cause);
}

static void wait_over(asl_visit *v) { asl_finish(v, v->effective); }

static void wait_begin(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->raw);
    int64_t seconds;
    int32_t nanos;
    if (effective_of(v, &d) == NULL) {
        asl_fault_of(v, &d);
        return;
    }
    double wait = asl_number_of(v, &d, "Seconds", 0, SECONDS_MOST, false, -1);
    if (wait < 0 && !asl_failed(&d)) {
        const doc_node *n = asl_value_of(v, &d, "Timestamp");
        if (!asl_failed(&d) && (!js_is(n, DOC_STRING) || !asl_time_parse(n->text, &seconds, &nanos)))
            asl_fail(&d, v->jsonata ? asl_error_query : asl_error_runtime, "%.*s is no time to wait until", SLICE_ARG(asl_shown(d.arena, n)));
        else if (!asl_failed(&d))
            wait = fmax(0, (double)seconds + nanos / 1e9 - (double)asl_now(d.machinery) / 1000);
    }
    if (asl_failed(&d)) asl_fault_of(v, &d);
    else if (wait <= 0) wait_over(v);
    else asl_later(v, wait, wait_over);
}

static void choice_begin(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *out = effective_of(v, &d), *choices = asl_field_of(v, "Choices");
    int taken = out == NULL ? -2 : asl_choose(&d, choices, v->jsonata);
    if (taken == -2) {
        asl_fault_of(v, &d);
        return;
    }
    const doc_node *rule = taken >= 0 ? choices->list.at[taken] : v->state;
    slice next = js_str_of(rule, taken >= 0 ? "Next" : "Default");
    if (next.len == 0) {
        asl_fault(v, asl_error_no_choice, SLICE("no rule of the Choice is true, and it has no Default"));
        return;
    }
    const doc_node *output = js_get(rule, "Output");
    if (v->jsonata && output != NULL) out = jsonata_field(&d, output, "Output");
    if (out != NULL && !asl_assign(v, &d, js_get(rule, "Assign"))) out = NULL;
    if (out != NULL && !v->jsonata) out = asl_select(&d, asl_field_of(v, "OutputPath"), "OutputPath", out);
    v->choice = taken;
    if (out == NULL || !asl_size_check(&d, out, "the state's output")) asl_fault_of(v, &d);
    else asl_leave(v, out, next);
}

/* ---- tasks ---- */

typedef struct {
    asl_task task;               /* first: asl_task points at it */
    asl_visit *visit;
    unsigned attempt;
    unsigned heartbeats;
    bool over;
} pending;

static void drop_task(asl_visit *v, slice error, const char *cause) { asl_fault(v, error, slice_from(cause)); }

static void task_times_out(asl_visit *v) {
    if (v->task != NULL) drop_task(v, asl_error_timeout, "the task did not answer within its TimeoutSeconds");
}

typedef struct {
    pending *task;
    unsigned heartbeats;
} beat;

static void no_heartbeat(void *arg) {
    beat *b = arg;
    asl_visit *v = b->task->visit;
    if (b->task->over || v->task != &b->task->task || b->task->heartbeats != b->heartbeats || v->run->execution->outcome.status != ASL_RUNNING) return;
    drop_task(v, asl_error_heartbeat, "no heartbeat came within HeartbeatSeconds");
    asl_move(v->run->execution);
}

static void watch_heart(pending *p) {
    asl_execution *x = p->visit->run->execution;
    beat *b = ARENA_NEW(x->arena, beat);
    *b = (beat){ p, p->heartbeats };
    x->host.after(x->host.self, p->task.heartbeat_s, no_heartbeat, b);
}

static void task_begin(asl_visit *v) {
    static const slice token_suffix = SLICE_INIT(".waitForTaskToken"), sync_suffix = SLICE_INIT(".sync"), sync2_suffix = SLICE_INIT(".sync:2");
    asl_execution *x = v->run->execution;
    slice resource = js_str_of(v->state, "Resource");
    bool token = slice_ends(resource, token_suffix), sync2 = slice_ends(resource, sync2_suffix), sync = sync2 || slice_ends(resource, sync_suffix);
    bool activity = slice_find_slice(resource, SLICE(":activity:")) != (size_t)-1;
    size_t suffix = token ? token_suffix.len : sync2 ? sync2_suffix.len : sync ? sync_suffix.len : 0;
    slice made = arena_printf(x->arena, "%.*s-%zu", SLICE_ARG(x->host.execution_name.len > 0 ? x->host.execution_name : SLICE("token")), ++x->tokens);
    v->token = token ? made : SLICE("");
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *input = effective_of(v, &d) == NULL ? NULL : arguments_of(v, &d);
    const doc_node *credentials = asl_field_of(v, "Credentials");
    double timeout = asl_number_of(v, &d, "TimeoutSeconds", 1, SECONDS_MOST, true, 0),
        heartbeat = asl_number_of(v, &d, "HeartbeatSeconds", 1, SECONDS_MOST, true, 0);
    if (credentials != NULL && !asl_failed(&d)) credentials = v->jsonata ? jsonata_field(&d, credentials, "Credentials") : asl_template(&d, credentials);
    if (asl_failed(&d)) {
        asl_fault_of(v, &d);
        return;
    }
    pending *p = ARENA_NEW(x->arena, pending);
    *p = (pending){ .visit = v, .attempt = v->attempt };
    p->task = (asl_task){ .execution = x, .state = v->name, .resource = resource, .action = slice_from_to(resource, 0, resource.len - suffix), .input = input,
                          .credentials = credentials, .wait_for_token = token, .sync = sync, .parsed = sync2, .token = made, .timeout_s = timeout,
                          .heartbeat_s = heartbeat, .attempt = v->attempt };
    v->task = &p->task;
    VEC_PUSH(x->arena, &x->tasks, &p->task);
    if (timeout > 0) asl_later(v, timeout, task_times_out);
    if (heartbeat > 0 && (token || activity)) watch_heart(p);
    x->host.task(x->host.self, &p->task);
}

static pending *answered(asl_task *t) {
    pending *p = (pending *)t;
    asl_visit *v = p->visit;
    if (p->over || v->dead || v->task != t || v->run->over || v->run->execution->outcome.status != ASL_RUNNING) return NULL;
    p->over = true;
    v->task = NULL;
    return p;
}

void asl_task_result(asl_task *t, const doc_node *result) {
    pending *p = answered(t);
    if (p == NULL) return;
    p->visit->phase = VISIT_RESULT;
    p->visit->result = result != NULL ? result : js_null();
    asl_enqueue(p->visit);
    asl_move(t->execution);
}

void asl_task_error(asl_task *t, slice error, slice cause) {
    pending *p = answered(t);
    if (p == NULL) return;
    p->visit->phase = VISIT_FAULT;
    p->visit->error = error;
    p->visit->cause = cause;
    asl_enqueue(p->visit);
    asl_move(t->execution);
}

void asl_task_heartbeat(asl_task *t) {
    pending *p = (pending *)t;
    if (p->over || t->heartbeat_s <= 0 || p->visit->task != t) return;
    p->heartbeats++;
    watch_heart(p);
}

asl_task *asl_task_by_token(asl_execution *x, slice token) {
    for (size_t i = 0; i < x->tasks.len; i++) {
        pending *p = (pending *)x->tasks.at[i];
        if (p->task.wait_for_token && p->visit->task == &p->task && slice_eq(p->task.token, token)) return &p->task;
    }
    return NULL;
}

size_t asl_tasks_pending(const asl_execution *x) {
    size_t count = 0;
    for (size_t i = 0; i < x->tasks.len; i++) count += ((const pending *)x->tasks.at[i])->visit->task == x->tasks.at[i];
    return count;
}

/* ---- parallel ---- */

static void parallel_begin(asl_visit *v) {
    asl_execution *x = v->run->execution;
    asl_data d = asl_visit_data(v, v->raw);
    const doc_node *input = effective_of(v, &d) == NULL ? NULL : arguments_of(v, &d), *branches = asl_field_of(v, "Branches");
    if (input == NULL) {
        asl_fault_of(v, &d);
        return;
    }
    v->count = js_len(branches);
    v->outputs = ARENA_ARRAY(x->arena, const doc_node *, v->count);
    v->children = ARENA_ARRAY(x->arena, asl_run *, v->count);
    for (size_t i = 0; i < v->count && x->outcome.status == ASL_RUNNING; i++) {
        v->started = i + 1;
        asl_run_begin(x, v, i, branches->list.at[i], input, NULL, v->run->jsonata);
    }
}

static const asl_state_type types[] = {
    { "Pass", pass_begin, false },     { "Task", task_begin, true }, { "Choice", choice_begin, false },     { "Wait", wait_begin, false },
    { "Succeed", succeed_begin, false }, { "Fail", fail_begin, false }, { "Parallel", parallel_begin, true }, { "Map", asl_map_begin, true },
};

const asl_state_type *asl_type_of(slice name) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (slice_is(name, types[i].name)) return &types[i];
    return NULL;
}
