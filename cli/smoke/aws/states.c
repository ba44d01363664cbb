/* AWS Step Functions: API reference. */
#include "smoke/aws/services.h"

#define INPUT_MOST 262144u       /* bytes (developer guide, "Quotas related to task executions") */
#define NAME_MOST  80u
#define MACHINE    "AWS::StepFunctions::StateMachine"

/* What DescribeExecution tells, and what makes a name taken. */
typedef struct {
    smoke *run;
    const resource *machine;
    slice arn, name, input;
    int64_t started_ms, stopped_ms;
    slice status;                /* RUNNING, then as flow_answer.status */
    slice result, error, cause;
} execution;

static strmap *executions(aws_call *c) {
    void **slot = endpoint_slot(c->of, "states");
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, strmap);
    return *slot;
}

static bool is_express(aws_call *c, const resource *machine) {
    slice type = world_text(c->run->world, resource_get(c->arena, machine, SLICE("StateMachineType")), machine->exists, NULL);
    return slice_is(type, "EXPRESS");
}

static const doc_node *seconds_of(arena *a, int64_t ms) { return js_double(a, (double)ms / 1000); }

static bool name_allowed(slice name) {
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] <= ' ' || strchr("<>{}[]?*\"#%\\^|~`$&,;:/", name.at[i]) != NULL) return false;
    return name.len > 0 && name.len <= NAME_MOST;
}

/* Name and input of a start; false: answered. */
static bool read_start(aws_call *c, slice *name, slice *text, const doc_node **input) {
    arena *a = c->run->arena;
    if (!slice_starts(c->named, SLICE("arn:"))) {
        aws_fail(c, 400, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: %.*s'", SLICE_ARG(c->named));
        return false;
    }
    *name = js_str_of(c->in, "name");
    if (js_get(c->in, "name") != NULL && js_get(c->in, "name")->kind != DOC_NULL && !name_allowed(*name)) {
        aws_fail(c, 400, "InvalidName", "Invalid Name: '%.*s'", SLICE_ARG(*name));
        return false;
    }
    if (name->len == 0) *name = make_uuid(&c->run->maker, c->arena);
    *text = js_str_of(c->in, "input");
    if (text->len == 0) *text = SLICE("{}");
    if (text->len > INPUT_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to %u", INPUT_MOST);
        return false;
    }
    *text = arena_copy(a, *text);
    *input = js_read(a, *text);
    if (*input == NULL) {
        aws_fail(c, 400, "InvalidExecutionInput", "Invalid State Machine Execution Input: the input is not JSON");
        return false;
    }
    *name = arena_copy(a, *name);
    return true;
}

static slice name_key(aws_call *c, slice name) {
    return arena_printf(c->run->arena, "%.*s\n%.*s", SLICE_ARG(world_arn(c->run->world, c->target)), SLICE_ARG(name));
}

static void started_answer(aws_call *c, const execution *x) {
    js_object o = { 0 };
    js_put(c->arena, &o, "executionArn", js_string(c->arena, x->arn));
    js_put(c->arena, &o, "startDate", seconds_of(c->arena, x->started_ms));
    aws_ok(c, js_object_end(c->arena, &o));
}

static execution *keep(aws_call *c, slice name, slice text) {
    execution *x = ARENA_NEW(c->run->arena, execution);
    *x = (execution){ .run = c->run, .machine = c->target, .name = name, .input = text, .started_ms = c->run->maker.now_ms, .status = SLICE("RUNNING") };
    return x;
}

static void ended(void *self, const flow_answer *from) {
    execution *x = self;
    x->stopped_ms = x->run->maker.now_ms;
    x->status = from->status.len > 0 ? from->status : from->ok ? SLICE("SUCCEEDED") : SLICE("FAILED");
    x->result = from->payload;
    x->error = from->error;
    x->cause = from->cause;
}

static void start_execution(aws_call *c) {
    slice name, text;
    const doc_node *input;
    if (!read_start(c, &name, &text, &input)) return;
    strmap *all = executions(c);
    const execution *same = is_express(c, c->target) ? NULL : strmap_get(all, name_key(c, name));
    if (same != NULL) {
        /* Standard machines: the same name with the same input is the same execution (API reference, StartExecution). */
        if (slice_eq(same->input, text) && slice_is(same->status, "RUNNING")) started_answer(c, same);
        else aws_fail(c, 400, "ExecutionAlreadyExists", "Execution Already Exists: '%.*s'", SLICE_ARG(same->arn));
        return;
    }
    execution *x = keep(c, name, text);
    strmap_put(c->run->arena, all, name_key(c, name), x);
    x->arn = flow_start(c->run, c->target, name, input, c->cause, ended, x);
    strmap_put(c->run->arena, all, x->arn, x);
    started_answer(c, x);
}

typedef struct {
    aws_call *call;
    execution *execution;
    bool asked;                  /* flow_start has returned: its ARN is known */
    bool done;
} waiting;

static void sync_answer(waiting *w) {
    aws_call *c = w->call;
    arena *a = c->arena;
    const execution *x = w->execution;
    js_object o = { 0 };
    js_put(a, &o, "executionArn", js_string(a, x->arn));
    js_put(a, &o, "stateMachineArn", js_string(a, world_arn(c->run->world, x->machine)));
    js_put(a, &o, "name", js_string(a, x->name));
    js_put(a, &o, "startDate", seconds_of(a, x->started_ms));
    js_put(a, &o, "stopDate", seconds_of(a, x->stopped_ms));
    js_put(a, &o, "status", js_string(a, x->status));
    js_put(a, &o, "input", js_string(a, x->input));
    if (slice_is(x->status, "SUCCEEDED")) {
        js_put(a, &o, "output", js_string(a, x->result));
    } else {
        if (x->error.len > 0) js_put(a, &o, "error", js_string(a, x->error));
        if (x->cause.len > 0) js_put(a, &o, "cause", js_string(a, x->cause));
    }
    aws_ok(c, js_object_end(a, &o));
}

static void sync_ended(void *self, const flow_answer *from) {
    waiting *w = self;
    ended(w->execution, from);
    w->done = true;
    if (w->asked) sync_answer(w);
}

static void start_sync_execution(aws_call *c) {
    slice name, text;
    const doc_node *input;
    if (!read_start(c, &name, &text, &input)) return;
    if (!is_express(c, c->target)) {
        aws_fail(c, 400, "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
        return;
    }
    waiting *w = ARENA_NEW(c->arena, waiting);
    *w = (waiting){ .call = c, .execution = keep(c, name, text) };
    slice arn = flow_start(c->run, c->target, name, input, c->cause, sync_ended, w);
    w->execution->arn = arn;
    w->asked = true;
    if (w->done) sync_answer(w);
}

static void describe_execution(aws_call *c) {
    arena *a = c->arena;
    slice arn = js_str_of(c->in, "executionArn");
    const execution *x = strmap_get(executions(c), arn);
    js_object o = { 0 };
    if (x == NULL) {
        aws_fail(c, 400, "ExecutionDoesNotExist", "Execution Does Not Exist: '%.*s'", SLICE_ARG(arn));
        return;
    }
    if (!aws_allowed(c, "states:DescribeExecution", x->machine)) return;
    js_put(a, &o, "executionArn", js_string(a, x->arn));
    js_put(a, &o, "stateMachineArn", js_string(a, world_arn(c->run->world, x->machine)));
    js_put(a, &o, "name", js_string(a, x->name));
    js_put(a, &o, "status", js_string(a, x->status));
    js_put(a, &o, "startDate", seconds_of(a, x->started_ms));
    js_put(a, &o, "input", js_string(a, x->input));
    if (!slice_is(x->status, "RUNNING")) js_put(a, &o, "stopDate", seconds_of(a, x->stopped_ms));
    if (slice_is(x->status, "SUCCEEDED")) js_put(a, &o, "output", js_string(a, x->result));
    else if (x->error.len > 0) js_put(a, &o, "error", js_string(a, x->error));
    if (x->cause.len > 0) js_put(a, &o, "cause", js_string(a, x->cause));
    aws_ok(c, js_object_end(a, &o));
}

/* ---- task tokens ---- */

static void answer_token(aws_call *c, const doc_node *result) {
    arena *a = c->run->arena;
    slice token = js_str_of(c->in, "taskToken");
    if (flow_task_token(c->run, arena_copy(a, token), result, arena_copy(a, js_str_of(c->in, "error")), arena_copy(a, js_str_of(c->in, "cause"))))
        aws_ok(c, NULL);
    else
        aws_fail(c, 400, "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}

static void send_task_success(aws_call *c) {
    if (!aws_need(c, "taskToken") || !aws_allowed_some(c, "states:SendTaskSuccess", MACHINE)) return;
    const doc_node *result = js_read(c->run->arena, arena_copy(c->run->arena, js_str_of(c->in, "output")));
    if (result == NULL) aws_fail(c, 400, "InvalidOutput", "Invalid JSON output for task success");
    else answer_token(c, result);
}

static void send_task_failure(aws_call *c) {
    if (!aws_need(c, "taskToken") || !aws_allowed_some(c, "states:SendTaskFailure", MACHINE)) return;
    answer_token(c, NULL);
}

static void send_task_heartbeat(aws_call *c) {
    if (aws_need(c, "taskToken") && aws_allowed_some(c, "states:SendTaskHeartbeat", MACHINE)) aws_ok(c, NULL);
}

#define NAMED_MACHINE "stateMachineArn", MACHINE, "StateMachineDoesNotExist", "State Machine Does Not Exist: '{}'", 400

static const aws_operation operations[] = {
    { "StartExecution", start_execution, "states:StartExecution", NAMED_MACHINE },
    { "StartSyncExecution", start_sync_execution, "states:StartSyncExecution", NAMED_MACHINE },
    { .name = "DescribeExecution", .run = describe_execution },
    { .name = "SendTaskSuccess", .run = send_task_success },
    { .name = "SendTaskFailure", .run = send_task_failure },
    { .name = "SendTaskHeartbeat", .run = send_task_heartbeat },
    { .name = NULL }
};

const aws_service states_service = {
    .name = "states", .target = "AWSStepFunctions", .operations = operations, .error_namespace = "com.amazonaws.swf.service.v2.model", .small_members = true,
};
