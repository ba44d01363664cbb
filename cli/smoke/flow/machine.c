/* State machines in a run: their tasks call functions, services and other machines. Step Functions developer guide, "Integrating services",
 * "Discover service integration patterns". */
#include "smoke/asl/machine.h"
#include "smoke/flow/parts.h"

typedef struct {
    smoke *s;
    firing *f;
    const resource *machine;
    asl_execution *execution;
    asl_host host;
    slice arn;
    flow_done done;
    void *self;
    bool ended, token_wait;
    slice waits_in;              /* state that waits for a token */
} running;

/* ---- definitions ---- */

static slice substituted(arena *a, slice text, const doc_node *names) {
    buf out = { .arena = a };
    for (size_t i = 0; i < text.len;) {
        size_t close = text.at[i] == '$' && i + 1 < text.len && text.at[i + 1] == '{' ? slice_find(slice_after(text, i), '}') : 0;
        const doc_node *v = close > 2 && i + close < text.len ? doc_get(names, slice_from_to(text, i + 2, i + close)) : NULL;
        if (v != NULL) {
            buf_slice(&out, js_is(v, DOC_STRING) ? v->text : js_text(a, v));
            i += close + 1;
        } else {
            buf_char(&out, text.at[i++]);
        }
    }
    return buf_as_slice(&out);
}

static const doc_node *tree_substituted(arena *a, const doc_node *n, const doc_node *names) {
    if (n->kind == DOC_STRING) return slice_find_slice(n->text, SLICE("${")) == (size_t)-1 ? n : js_string(a, substituted(a, n->text, names));
    if (n->kind == DOC_LIST) {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) js_push(a, &l, tree_substituted(a, n->list.at[i], names));
        return js_list_end(a, &l);
    }
    if (n->kind != DOC_MAP) return n;
    js_object o = { 0 };
    for (size_t i = 0; i < n->map.len; i++)
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = substituted(a, n->map.at[i].key, names), .value = tree_substituted(a, n->map.at[i].value, names) });
    return js_object_end(a, &o);
}

static slice beside(arena *a, slice template_path, slice path) {
    size_t slash = template_path.len;
    if (path.len > 0 && path.at[0] == '/') return path;
    while (slash > 0 && template_path.at[slash - 1] != '/') slash--;
    return arena_concat(a, (const slice[]){ slice_from_to(template_path, 0, slash), path }, 2);
}

/* The definition as JSON; NULL with *why. */
static const doc_node *definition_of(smoke *s, const resource *machine, slice *why) {
    arena *a = s->arena;
    const value *written = resource_written(a, machine, SLICE("DefinitionString"));
    const doc_node *names = world_json(s->world, resource_written(a, machine, SLICE("DefinitionSubstitutions")), machine->exists, NULL);
    const template_options *o = s->graph->set->options;
    slice text;
    if (value_is_absent(written)) written = resource_written(a, machine, SLICE("Definition"));
    if (!value_is_absent(written)) {
        const doc_node *n = world_json(s->world, written, machine->exists, NULL);
        if (!js_is(n, DOC_STRING)) return n == NULL ? NULL : tree_substituted(a, n, names);
        text = n->text;
    } else {
        const value *location = resource_written(a, machine, SLICE("DefinitionS3Location"));
        if (location->kind != VAL_STRING || slice_find_slice(location->text, SLICE("://")) != (size_t)-1 || o->read_file == NULL) {
            *why = SLICE("its definition is in S3");
            return NULL;
        }
        if (!o->read_file(o->read_file_self, a, beside(a, machine->in->path, location->text), &text, why)) return NULL;
    }
    text = substituted(a, text, names);
    diags unheard = { .arena = a };
    const doc_node *n = doc_parse(a, text, SLICE("definition"), 0, &unheard);
    if (n == NULL) *why = SLICE("its definition can't be read");
    return n;
}

typedef struct {
    const asl_program *program;
    slice why;
} compiled;

static const compiled *compiled_of(smoke *s, const resource *machine) {
    compiled *c = strmap_get(&s->flow->machines, machine->id);
    if (c != NULL) return c;
    c = ARENA_NEW(s->arena, compiled);
    const doc_node *definition = definition_of(s, machine, &c->why);
    if (definition != NULL) c->program = asl_compile(s->arena, definition, &c->why);
    strmap_put(s->arena, &s->flow->machines, machine->id, c);
    return c;
}

/* ---- tasks ---- */

typedef struct {
    running *r;
    asl_task *t;
    bool whole;                  /* lambda:invoke: the answer is wrapped */
    const resource *function;
    firing *f;                   /* of what it started; NULL */
    slice started;               /* ARN of the execution that it started */
} tasking;

/* The edge of the graph that stands for this state and target. */
static const edge *edge_of(const running *r, const asl_task *t, const node *to) {
    smoke *s = r->s;
    const node *n = r->machine->node;
    const edge *any = NULL;
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        if (e->to != to || e->kind == EDGE_WRITE || e->kind == EDGE_DEAD_LETTER) continue;
        if (any == NULL) any = e;
        const doc_node *states = world_json(s->world, value_get(s->arena, e->facts, SLICE("states")), e->when, NULL);
        for (size_t k = 0; js_is(states, DOC_LIST) && k < states->list.len; k++)
            if (slice_eq(js_str(states->list.at[k]), t->state)) return e;
    }
    return any;
}

static firing *task_firing(running *r, const asl_task *t, const resource *to, edge_kind kind) {
    const edge *e = edge_of(r, t, to->node);
    firing *f = e != NULL ? firing_new(r->s, r->f, e) : firing_between(r->s, r->f, r->machine->id, to->id, kind, r->f->at);
    f->what = arena_copy(r->s->arena, t->state);
    return f;
}

static const doc_node *wrapped(arena *a, maker *m, const doc_node *payload) {
    js_object meta = { 0 }, out = { 0 };
    js_put(a, &meta, "RequestId", js_string(a, make_uuid(m, a)));
    js_put(a, &out, "ExecutedVersion", js_cstr(a, "$LATEST"));
    js_put(a, &out, "Payload", payload);
    js_put(a, &out, "SdkHttpMetadata", js_empty_object());
    js_put(a, &out, "SdkResponseMetadata", js_object_end(a, &meta));
    js_put(a, &out, "StatusCode", js_int(a, 200));
    return js_object_end(a, &out);
}

static void cannot(running *r, slice why) {
    firing_skip(r->s, r->f, why);
    asl_abort(r->execution, SLICE("Sflint.NotRun"), why);
}

static void function_answered(void *self, firing *f, const outcome *o) {
    tasking *k = self;
    running *r = k->r;
    smoke *s = r->s;
    if (!flow_failed(o)) {
        firing_pass(f);
        const doc_node *payload = js_read(s->arena, o->payload);
        if (payload == NULL) payload = js_null();
        if (!k->t->wait_for_token) asl_task_result(k->t, k->whole ? wrapped(s->arena, &s->maker, payload) : payload);
        return;
    }
    flow_say_failure(s, f, o, smoke_how(s, k->function));
    if (f->status == FIRING_SKIPPED) {
        cannot(r, f->reason);
        return;
    }
    bool own = (o->kind == OUTCOME_ERROR || o->kind == OUTCOME_NOT_LOADED) && o->error_type.len > 0;
    asl_task_error(k->t, own ? o->error_type : o->kind == OUTCOME_TIMED_OUT ? SLICE("Sandbox.Timedout") : o->kind == OUTCOME_EXITED ? SLICE("Runtime.ExitError")
                                                                                                        : SLICE("Lambda.Unknown"), o->payload);
}

static void call_function(running *r, asl_task *t, slice named, const doc_node *payload, bool whole) {
    smoke *s = r->s;
    slice qualifier, wanted = whole ? js_str_of(t->input, "Qualifier") : SLICE("");
    const resource *function = world_find(s->world, SLICE("AWS::Lambda::Function"), named, &qualifier);
    if (function == NULL) {
        cannot(r, arena_printf(s->arena, "state %.*s calls %.*s, which is outside the templates", SLICE_ARG(t->state), SLICE_ARG(named)));
        return;
    }
    if (qualifier.len == 0) qualifier = wanted;
    bool async = whole && slice_is(js_str_of(t->input, "InvocationType"), "Event");
    tasking *k = ARENA_NEW(s->arena, tasking);
    *k = (tasking){ .r = r, .t = t, .whole = whole, .function = function };
    firing *f = task_firing(r, t, function, async ? EDGE_ASYNC : EDGE_SYNC);
    if (f->edge != NULL && !flow_permitted(s, f, f->edge)) {
        asl_task_error(t, SLICE("Lambda.AccessDeniedException"), f->reason);
        return;
    }
    if (f->status != FIRING_OPEN) {
        cannot(r, f->reason);
        return;
    }
    if (payload == NULL) payload = js_empty_object();
    if (!async) {
        flow_call(s, f, function, qualifier, payload, SLICE(""), function_answered, k);
        return;
    }
    flow_call_later(s, f, function, qualifier, payload, NULL);
    if (!t->wait_for_token) asl_task_result(t, js_with(s->arena, NULL, SLICE("StatusCode"), js_int(s->arena, 202)));
}

static slice execution_arn(smoke *s, const resource *machine, slice name) {
    return arena_printf(s->arena, "arn:%.*s:states:%.*s:%.*s:execution:%.*s:%.*s", SLICE_ARG(s->world->partition), SLICE_ARG(s->world->region),
                        SLICE_ARG(s->world->account), SLICE_ARG(world_name(s->world, machine)), SLICE_ARG(name));
}

static void machine_answered(void *self, const flow_answer *answer) {
    tasking *k = self;
    arena *a = k->r->s->arena;
    asl_task *t = k->t;
    if (k->f != NULL && k->f->status == FIRING_SKIPPED) {
        cannot(k->r, k->f->reason);
        return;
    }
    js_object out = { 0 };
    const doc_node *parsed = js_read(a, answer->payload), *input = k->f != NULL ? k->f->event : js_empty_object();
    js_put(a, &out, "ExecutionArn", js_string(a, k->started));
    js_put(a, &out, "Input", t->parsed ? input : js_string(a, js_text(a, input)));
    if (answer->ok) js_put(a, &out, "Output", t->parsed && parsed != NULL ? parsed : js_string(a, answer->payload));
    else js_put(a, &out, "Error", js_string(a, answer->error));
    if (!answer->ok) js_put(a, &out, "Cause", js_string(a, answer->cause));
    js_put(a, &out, "Status", js_string(a, answer->status));
    /* Step Functions developer guide, "Start Step Functions workflow executions from a task state": the cause tells of the execution. */
    if (answer->ok) asl_task_result(t, js_object_end(a, &out));
    else asl_task_error(t, SLICE("States.TaskFailed"), js_text(a, js_object_end(a, &out)));
}

static void start_machine(running *r, asl_task *t) {
    smoke *s = r->s;
    arena *a = s->arena;
    slice named = js_str_of(t->input, "StateMachineArn");
    const resource *machine = world_find(s->world, SLICE("AWS::StepFunctions::StateMachine"), named, NULL);
    const doc_node *input = js_get(t->input, "Input");
    if (machine == NULL) {
        cannot(r, arena_printf(a, "state %.*s starts %.*s, which is outside the templates", SLICE_ARG(t->state), SLICE_ARG(named)));
        return;
    }
    if (js_is(input, DOC_STRING)) input = js_read(a, input->text);
    tasking *k = ARENA_NEW(a, tasking);
    *k = (tasking){ .r = r, .t = t };
    firing *f = k->f = task_firing(r, t, machine, EDGE_ASYNC);
    if (f->edge != NULL && !flow_permitted(s, f, f->edge) && f->status == FIRING_FAILED) {
        asl_task_error(t, SLICE("StepFunctions.AccessDeniedException"), f->reason);
        return;
    }
    if (f->status != FIRING_OPEN) {
        cannot(r, f->reason);
        return;
    }
    slice name = js_str_of(t->input, "Name");
    if (name.len == 0) name = make_uuid(&s->maker, a);
    k->started = execution_arn(s, machine, name);
    flow_machine(s, f, machine, name, input, t->sync ? machine_answered : NULL, k);
    if (t->sync) return;
    js_object out = { 0 };
    js_put(a, &out, "ExecutionArn", js_string(a, k->started));
    js_put(a, &out, "StartDate", js_string(a, make_time(a, s->maker.now_ms, true)));
    if (!t->wait_for_token) asl_task_result(t, js_object_end(a, &out));
}

/* Members that a machine may give as objects and the API takes as text. */
static const doc_node *texts(arena *a, const doc_node *in) {
    static const char *const members[] = { "MessageBody", "Message", "Detail", "Payload", "Input" };
    for (size_t i = 0; i < COUNT(members); i++) {
        const doc_node *v = js_get(in, members[i]);
        if (v != NULL && v->kind != DOC_STRING) in = js_with(a, in, slice_from(members[i]), js_string(a, js_text(a, v)));
    }
    const doc_node *entries = js_get(in, "Entries");
    if (!js_is(entries, DOC_LIST)) return in;
    js_list l = { 0 };
    for (size_t i = 0; i < entries->list.len; i++) js_push(a, &l, texts(a, entries->list.at[i]));
    return js_with(a, in, SLICE("Entries"), js_list_end(a, &l));
}

/* What stands before an error's name: of optimized integrations as the guide of each spells it; of SDK integrations the name of the SDK's client
 * (Step Functions developer guide, "Error handling", "Learning to use AWS service SDK integrations"). */
static const struct { const char *service, *optimized, *sdk; } error_prefixes[] = {
    { "dynamodb", "DynamoDB", "DynamoDb" },    { "sqs", "SQS", "Sqs" },           { "sns", "SNS", "Sns" },
    { "events", "EventBridge", "EventBridge" }, { "eventbridge", "EventBridge", "EventBridge" }, { "s3", "S3", "S3" },
    { "lambda", "Lambda", "Lambda" },          { "states", "StepFunctions", "Sfn" }, { "sfn", "StepFunctions", "Sfn" },
    { "secretsmanager", "SecretsManager", "SecretsManager" }, { "ssm", "Ssm", "Ssm" }, { "kinesis", "Kinesis", "Kinesis" },
    { "firehose", "Firehose", "Firehose" },    { "scheduler", "Scheduler", "Scheduler" }, { "sts", "Sts", "Sts" }, { "kms", "Kms", "Kms" },
};

/* "DynamoDB.ConditionalCheckFailedException", "S3.NoSuchKeyException" */
static slice error_name(arena *a, slice action, slice error) {
    size_t at = slice_find_slice(action, SLICE(":states:::"));
    slice what = at == (size_t)-1 ? action : slice_after(action, at + strlen(":states:::"));
    bool sdk = slice_starts(what, SLICE("aws-sdk:"));
    if (sdk) what = slice_after(what, strlen("aws-sdk:"));
    slice prefix = slice_from_to(what, 0, slice_find(what, ':'));
    for (size_t i = 0; i < COUNT(error_prefixes); i++)
        if (slice_is(prefix, error_prefixes[i].service)) {
            prefix = slice_from(sdk ? error_prefixes[i].sdk : error_prefixes[i].optimized);
            break;
        }
    bool whole = !sdk || slice_ends(error, SLICE("Exception"));
    return arena_printf(a, "%.*s.%.*s%s", SLICE_ARG(prefix), SLICE_ARG(error), whole ? "" : "Exception");
}

static void service_answered(void *self, const doc_node *out, slice error, slice message) {
    tasking *k = self;
    asl_task *t = k->t;
    arena *a = k->r->s->arena;
    if (slice_is(error, "UnknownOperationException") || slice_is(error, "InvalidAction") || slice_is(error, "NotImplemented"))
        cannot(k->r, arena_printf(a, "state %.*s: %.*s", SLICE_ARG(t->state), SLICE_ARG(message)));
    else if (error.len > 0) asl_task_error(t, error_name(a, t->action, error), arena_copy(a, message));
    else if (js_int_of(out, "FailedEntryCount", 0) > 0 && slice_ends(t->action, SLICE(":events:putEvents")))
        asl_task_error(t, SLICE("EventBridge.FailedEntry"), js_text(a, out));
    else if (!t->wait_for_token) asl_task_result(t, out != NULL ? js_copy(a, out) : js_empty_object());
}

/* "sqs:sendMessage", "aws-sdk:dynamodb:getItem" */
static void call_service(running *r, asl_task *t, slice what) {
    smoke *s = r->s;
    arena *a = s->arena;
    if (slice_starts(what, SLICE("aws-sdk:"))) what = slice_after(what, 8);
    size_t colon = slice_find(what, ':');
    slice service = slice_from_to(what, 0, colon), action = colon < what.len ? slice_after(what, colon + 1) : SLICE("");
    if (slice_is(service, "eventbridge")) service = SLICE("events");
    if (slice_is(service, "sfn")) service = SLICE("states");
    slice operation = arena_copy(a, action);
    if (operation.len > 0 && operation.at[0] >= 'a' && operation.at[0] <= 'z') ((char *)(uintptr_t)operation.at)[0] = (char)(operation.at[0] - 'a' + 'A');
    if (s->endpoint == NULL) {
        cannot(r, SLICE("this build of sflint has no AWS endpoint"));
        return;
    }
    tasking *k = ARENA_NEW(a, tasking);
    *k = (tasking){ .r = r, .t = t };
    endpoint_call(s->endpoint, r->machine->node, r->f, service, operation, texts(a, t->input), service_answered, k);
}

static void task(void *self, asl_task *t) {
    running *r = self;
    size_t head = slice_find_slice(t->action, SLICE(":states:::"));     /* behind any partition */
    if (r->execution == NULL) r->execution = t->execution;
    if (t->wait_for_token) {
        r->token_wait = true;
        r->waits_in = arena_copy(r->s->arena, t->state);
    }
    if (slice_find_slice(t->action, SLICE(":lambda:")) != (size_t)-1 && head == (size_t)-1) {
        call_function(r, t, t->action, t->input, false);
        return;
    }
    slice what = head != (size_t)-1 ? slice_after(t->action, head + strlen(":states:::")) : SLICE("");
    if (slice_is(what, "lambda:invoke")) call_function(r, t, js_str_of(t->input, "FunctionName"), js_get(t->input, "Payload"), true);
    else if (slice_is(what, "states:startExecution")) start_machine(r, t);
    else if (what.len > 0) call_service(r, t, what);
    else cannot(r, arena_printf(r->s->arena, "state %.*s has a resource that is not run here: %.*s", SLICE_ARG(t->state), SLICE_ARG(t->resource)));
}

/* ---- the host ---- */

typedef struct {
    void (*fn)(void *arg);
    void *arg;
} later;

static void do_later(void *self) {
    later *l = self;
    l->fn(l->arg);
}

static void after(void *self, double seconds, void (*fn)(void *arg), void *arg) {
    running *r = self;
    later *l = ARENA_NEW(r->s->arena, later);
    *l = (later){ fn, arg };
    smoke_later(r->s, seconds >= 1e12 ? (int64_t)1e15 : (int64_t)(seconds * 1000), do_later, l);
}

static int64_t now(void *self) { return ((running *)self)->s->maker.now_ms; }

static double random_number(void *self) {
    running *r = self;
    slice digits = make_digits(&r->s->maker, r->s->arena, 9);
    long long n = 0;
    slice_int(digits, &n);
    return (double)n / 1e9;
}

static void uuid(void *self, char out[37]) {
    running *r = self;
    slice u = make_uuid(&r->s->maker, r->s->arena);
    memcpy(out, u.at, 36);
    out[36] = '\0';
}

static const char *const status_words[] = { [ASL_RUNNING] = "RUNNING", [ASL_SUCCEEDED] = "SUCCEEDED", [ASL_FAILED] = "FAILED", [ASL_TIMED_OUT] = "TIMED_OUT",
                                            [ASL_ABORTED] = "ABORTED" };

/* A function's failure is the JSON that its caller gets: its message says it. */
static slice cause_words(arena *a, slice cause) {
    slice message = js_str_of(js_read(a, cause), "errorMessage");
    return message.len > 0 ? message : cause;
}

#define STATES_SHOWN 20u

/* "states: Check, Charge, Ship": the way to a failure. */
static void say_states(running *r, const asl_execution *x) {
    size_t len;
    const asl_step *steps = asl_trace(x, &len);
    buf out = { .arena = r->s->arena };
    if (len < 2) return;
    buf_text(&out, len > STATES_SHOWN ? "states: ..., " : "states: ");
    for (size_t i = len > STATES_SHOWN ? len - STATES_SHOWN : 0; i < len; i++) {
        buf_slice(&out, steps[i].state);
        if (i + 1 < len) buf_text(&out, ", ");
    }
    firing_note(r->s, r->f, buf_as_slice(&out));
}

static void ended(void *self, asl_execution *x, const asl_outcome *o) {
    running *r = self;
    smoke *s = r->s;
    arena *a = s->arena;
    r->ended = true;
    r->execution = x;
    bool well = o->status == ASL_SUCCEEDED;
    if (!well) say_states(r, x);
    bool waited = slice_is(o->error, "States.Timeout") || slice_is(o->error, "States.HeartbeatTimeout") || o->status == ASL_TIMED_OUT;
    if (!well && r->token_wait && waited)
        firing_skip(s, r->f, arena_printf(a, "state %.*s waits for a task token that nothing here sends", SLICE_ARG(r->waits_in)));
    r->f->response = well ? js_text(a, o->output) : SLICE("");
    if (well) firing_pass(r->f);
    else if (r->f->status == FIRING_OPEN)
        firing_fail(s, r->f, arena_printf(a, "the execution %s%s%.*s: %.*s%s%.*s", o->status == ASL_TIMED_OUT ? "timed out" : "failed", o->state.len > 0 ? " in state " : "",
                                          SLICE_ARG(o->state), SLICE_ARG(o->error.len > 0 ? o->error : SLICE("no error name")), o->cause.len > 0 ? ": " : "", SLICE_ARG(cause_words(a, o->cause))));
    if (r->done == NULL) return;
    flow_answer answer = { .ok = well, .payload = r->f->response, .error = o->error, .cause = o->cause, .status = slice_from(status_words[o->status]) };
    r->done(r->self, &answer);
}

slice flow_machine(smoke *s, firing *f, const resource *machine, slice name, const doc_node *input, flow_done done, void *self) {
    arena *a = s->arena;
    running *r = ARENA_NEW(a, running);
    const compiled *c = compiled_of(s, machine);
    slice called = world_name(s->world, machine);
    if (name.len == 0) name = make_uuid(&s->maker, a);
    *r = (running){ .s = s, .f = f, .machine = machine, .done = done, .self = self };
    r->arn = execution_arn(s, machine, name);
    f->event = input != NULL ? input : js_empty_object();
    f->attempts++;
    if (c->program == NULL) {
        firing_skip(s, f, arena_printf(a, "%.*s is not run: %.*s", SLICE_ARG(machine->id), SLICE_ARG(c->why)));
        flow_answer none = { .ok = false, .error = SLICE("Sflint.NotRun"), .cause = f->reason, .status = SLICE("ABORTED") };
        if (done != NULL) done(self, &none);
        return r->arn;
    }
    r->host = (asl_host){ .self = r, .task = task, .done = ended, .after = after, .now = now, .random = random_number, .uuid = uuid, .execution_arn = r->arn,
                          .execution_name = name, .machine_arn = world_arn(s->world, machine), .machine_name = called, .states_most = 2000, .items_most = 40 };
    VEC_PUSH(a, &s->flow->executions, r);
    asl_execution *x = asl_start(a, c->program, f->event, &r->host);
    if (r->execution == NULL) r->execution = x;
    return r->arn;
}

slice flow_start(smoke *s, const resource *machine, slice name, const doc_node *input, firing *cause, flow_done done, void *self) {
    const node *from = cause == NULL || cause->edge == NULL ? NULL : cause->edge->to;
    const edge *e = NULL;
    for (size_t i = 0; from != NULL && i < from->out_len; i++)
        if (from->out[i]->to == machine->node) e = from->out[i];
    firing *f = e != NULL ? firing_new(s, cause, e)
                          : firing_between(s, cause, cause == NULL ? SLICE("caller") : cause->to, machine->id, EDGE_ASYNC, cause == NULL ? machine->at : cause->at);
    if (name.len == 0) name = make_uuid(&s->maker, s->arena);
    name = arena_copy(s->arena, name);
    slice arn = execution_arn(s, machine, name);
    if (f->status == FIRING_OPEN && !smoke_room(s, js_text(s->arena, input).len)) firing_skip(s, f, s->stopped_why);
    if (f->status == FIRING_OPEN) {
        flow_machine(s, f, machine, name, js_copy(s->arena, input), done, self);
    } else if (done != NULL) {
        flow_answer stopped = { .ok = false, .error = SLICE("Sflint.Stopped"), .cause = f->reason, .status = SLICE("ABORTED") };
        done(self, &stopped);
    }
    return arn;
}

bool flow_task_token(smoke *s, slice token, const doc_node *result, slice error, slice cause) {
    for (size_t i = 0; i < s->flow->executions.len; i++) {
        running *r = s->flow->executions.at[i];
        asl_task *t = r->ended || r->execution == NULL ? NULL : asl_task_by_token(r->execution, token);
        if (t == NULL) continue;
        r->token_wait = false;
        if (error.len > 0 || result == NULL) asl_task_error(t, arena_copy(s->arena, error), arena_copy(s->arena, cause));
        else asl_task_result(t, js_copy(s->arena, result));
        return true;
    }
    return false;
}

/* At the end of a run: what still waits will wait for ever. */
void flow_machines_left(smoke *s) {
    for (size_t i = 0; i < s->flow->executions.len; i++) {
        running *r = s->flow->executions.at[i];
        if (r->ended) continue;
        if (r->token_wait) firing_skip(s, r->f, arena_printf(s->arena, "state %.*s waits for a task token that nothing here sends", SLICE_ARG(r->waits_in)));
        else firing_skip(s, r->f, SLICE("the execution did not end"));
    }
}
