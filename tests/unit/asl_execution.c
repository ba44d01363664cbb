/* State machines: what happens when, in a host whose clock jumps from one thing to the next. A Task's answer is told by its Resource:
 * "echo" gives its input, "fail:NAME" an error, "fail2:NAME" an error twice and then its input, "later:S" its input after S seconds,
 * "never" none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "smoke/asl/machine.h"

typedef struct { double at; void (*fn)(void *); void *arg; } due;

typedef struct {
    arena *arena;
    VEC(due) agenda;
    double now_s;
    buf log;                     /* "State@seconds " a task */
    size_t pending, most_pending, cancelled, ended;
    asl_task *last;
    slice asked, read, written;
} world;

static void after(void *self, double seconds, void (*fn)(void *), void *arg) {
    world *w = self;
    VEC_PUSH(w->arena, &w->agenda, ((due){ w->now_s + seconds, fn, arg }));
}
static int64_t now(void *self) { return (int64_t)(((world *)self)->now_s * 1000); }

static void answer(void *arg) {
    asl_task *t = arg;
    ((world *)asl_host_of(t->execution)->self)->pending--;
    asl_task_result(t, t->input);
}

static void task(void *self, asl_task *t) {
    world *w = self;
    slice r = t->action;
    w->last = t;
    buf_printf(&w->log, "%.*s@%g ", SLICE_ARG(t->state), w->now_s);
    if (slice_starts(r, SLICE("fail:")) || (slice_starts(r, SLICE("fail2:")) && t->attempt < 2)) {
        asl_task_error(t, slice_after(r, slice_find(r, ':') + 1), SLICE("as asked"));
    } else if (slice_is(r, "echo") || slice_starts(r, SLICE("fail2:"))) {
        asl_task_result(t, t->input);
    } else if (slice_starts(r, SLICE("later:"))) {
        if (++w->pending > w->most_pending) w->most_pending = w->pending;
        after(w, strtod(arena_copy(w->arena, slice_after(r, 6)).at, NULL), answer, t);
    }
}
static void cancel(void *self, asl_task *t) {
    (void)t;
    ((world *)self)->cancelled++;
}
static void done(void *self, asl_execution *x, const asl_outcome *o) {
    (void)x, (void)o;
    ((world *)self)->ended++;
}

static const doc_node *read_items(void *self, arena *a, slice resource, const doc_node *arguments, slice *cause) {
    world *w = self;
    (void)resource, (void)arguments;
    *cause = SLICE("there is no such object");
    return w->read.len == 0 ? NULL : js_string(a, w->read);
}
static bool write_results(void *self, slice resource, const doc_node *arguments, const doc_node *results, slice *cause) {
    world *w = self;
    (void)resource, (void)arguments, (void)cause;
    w->written = js_text(w->arena, results);
    return true;
}

static void pass_time(world *w, const asl_execution *x) {
    while (w->agenda.len > 0 && asl_outcome_of(x)->status == ASL_RUNNING) {
        size_t first = 0;
        for (size_t i = 1; i < w->agenda.len; i++)
            if (w->agenda.at[i].at < w->agenda.at[first].at) first = i;
        due next = w->agenda.at[first];
        memmove(w->agenda.at + first, w->agenda.at + first + 1, (--w->agenda.len - first) * sizeof next);
        w->now_s = next.at;
        next.fn(next.arg);
    }
}

static world *world_new(void) {
    arena *a = arena_make(0, NULL);
    world *w = ARENA_NEW(a, world);
    w->arena = a;
    w->log.arena = a;
    return w;
}

static asl_execution *start_with(world *w, const char *definition, const char *input, unsigned states_most, unsigned items_most) {
    asl_host host = { .states_most = states_most, .items_most = items_most, .self = w, .task = task, .cancel = cancel, .done = done, .after = after, .now = now, .read = read_items, .write = write_results };
    slice why = SLICE("");
    buf text = { .arena = w->arena };
    for (; *definition != '\0'; definition++) buf_char(&text, *definition == '\'' ? '"' : *definition);    /* ' stands for ", ~ for ' */
    for (size_t i = 0; i < text.bytes.len; i++)
        if (text.bytes.at[i] == '~') text.bytes.at[i] = '\'';
    const doc_node *n = js_read(w->arena, buf_as_slice(&text));
    if (n == NULL) fail_msg("no JSON: %.*s", SLICE_ARG(buf_as_slice(&text)));
    const asl_program *p = asl_compile(w->arena, n, &why);
    if (p == NULL) fail_msg("%.*s", SLICE_ARG(why));
    return asl_start(w->arena, p, input == NULL ? NULL : js_read(w->arena, slice_from(input)), &host);
}

static asl_execution *start(world *w, const char *definition, const char *input) { return start_with(w, definition, input, 0, 0); }

/* "output" or "status ERROR". */
static slice told(world *w, const asl_execution *x) {
    static const char *const words[] = { "running", "succeeded", "failed", "timed out", "aborted" };
    const asl_outcome *o = asl_outcome_of(x);
    return o->status == ASL_SUCCEEDED ? js_text(w->arena, o->output) : arena_printf(w->arena, "%s %.*s", words[o->status], SLICE_ARG(o->error));
}

static void expect(const char *what, slice got, const char *want) {
    if (!slice_is(got, want)) fail_msg("%s: want %s, got %.*s", what, want, SLICE_ARG(got));
}

#define ONE(fields) "{'StartAt':'A','States':{'A':{" fields "}}}"
#define TASK(resource, more) ONE("'Type':'Task','Resource':'" resource "','End':true" more)
#define CAUGHT(fields) "{'StartAt':'A','States':{'A':{" fields ",'Next':'Z'},'H':{'Type':'Pass','End':true},'Z':{'Type':'Pass','Result':'well','End':true}}}"

static const struct { const char *what, *definition, *input, *want, *log; } rows[] = {
    { "InputPath", ONE("'Type':'Pass','InputPath':'$.b','End':true"), "{\"b\":{\"c\":2}}", "{\"c\":2}", "" },
    { "Result and ResultPath", ONE("'Type':'Pass','Result':{'x':9},'ResultPath':'$.r.s','End':true"), "{\"a\":1}", "{\"a\":1,\"r\":{\"s\":{\"x\":9}}}", "" },
    { "ResultSelector, ResultPath, OutputPath", TASK("echo", ",'ResultSelector':{'ok.$':'$.ok'},'ResultPath':'$.t','OutputPath':'$.t'"), "{\"ok\":true,\"junk\":5}", "{\"ok\":true}", "A@0 " },
    { "ResultPath null keeps the raw input", TASK("echo", ",'InputPath':'$.a','ResultPath':null"), "{\"a\":1}", "{\"a\":1}", "A@0 " },
    { "ResultPath through a number", TASK("echo", ",'ResultPath':'$.a.b'"), "{\"a\":1}", "failed States.ResultPathMatchFailure", "A@0 " },
    { "context object", ONE("'Type':'Pass','Parameters':{'s.$':'$$.State.Name','i.$':'$$.Execution.Input.a','t.$':'$$.State.EnteredTime'},'End':true"), "{\"a\":1}",
      "{\"s\":\"A\",\"i\":1,\"t\":\"1970-01-01T00:00:00.000Z\"}", "" },
    { "templates inside arrays", ONE("'Type':'Pass','Parameters':{'l':[{'v.$':'$.a'},'$.a']},'End':true"), "{\"a\":1}", "{\"l\":[{\"v\":1},\"$.a\"]}", "" },
    { "a wait takes virtual time", "{'StartAt':'A','States':{'A':{'Type':'Wait','Seconds':90,'Next':'B'},'B':{'Type':'Task','Resource':'echo','End':true}}}", "{}", "{}", "B@90 " },
    { "a wait until", "{'StartAt':'A','States':{'A':{'Type':'Wait','TimestampPath':'$.t','Next':'B'},'B':{'Type':'Task','Resource':'echo','End':true}}}",
      "{\"t\":\"1970-01-01T01:00:00+00:30\"}", "{\"t\":\"1970-01-01T01:00:00+00:30\"}", "B@1800 " },
    { "retries at 0, 1 and 3 s, then caught", CAUGHT("'Type':'Task','Resource':'fail:ValueError','Retry':[{'ErrorEquals':['ValueError'],'MaxAttempts':2,'IntervalSeconds':1,'BackoffRate':2}],"
      "'Catch':[{'ErrorEquals':['States.ALL'],'ResultPath':'$.err','Next':'H'}]"), "{\"a\":1}", "{\"a\":1,\"err\":{\"Error\":\"ValueError\",\"Cause\":\"as asked\"}}", "A@0 A@1 A@3 " },
    { "the third attempt is good", TASK("fail2:Busy", ",'Retry':[{'ErrorEquals':['States.TaskFailed']}]"), "{\"a\":1}", "{\"a\":1}", "A@0 A@1 A@3 " },
    { "MaxDelaySeconds", TASK("fail:X", ",'Retry':[{'ErrorEquals':['X'],'MaxAttempts':4,'IntervalSeconds':3,'BackoffRate':10,'MaxDelaySeconds':20}]"), "{}", "failed X", "A@0 A@3 A@23 A@43 A@63 " },
    { "MaxAttempts 0 goes straight to the catcher", CAUGHT("'Type':'Task','Resource':'fail:X','Retry':[{'ErrorEquals':['X'],'MaxAttempts':0},{'ErrorEquals':['States.ALL']}],"
      "'Catch':[{'ErrorEquals':['X'],'Next':'H'}]"), "{}", "{\"Error\":\"X\",\"Cause\":\"as asked\"}", "A@0 " },
    { "two retriers count apart", TASK("fail:Y", ",'Retry':[{'ErrorEquals':['X'],'MaxAttempts':9},{'ErrorEquals':['Y'],'MaxAttempts':1}]"), "{}", "failed Y", "A@0 A@1 " },
    { "a time-out is no TaskFailed", CAUGHT("'Type':'Task','Resource':'never','TimeoutSeconds':5,'Catch':[{'ErrorEquals':['States.TaskFailed'],'Next':'Z'},{'ErrorEquals':['States.Timeout'],"
      "'Next':'H','ResultPath':'$.e'}]"), "{}", "{\"e\":{\"Error\":\"States.Timeout\",\"Cause\":\"the task did not answer within its TimeoutSeconds\"}}", "A@0 " },
    { "the machine's own time-out", "{'TimeoutSeconds':30,'StartAt':'A','States':{'A':{'Type':'Wait','Seconds':60,'End':true}}}", "{}", "timed out States.Timeout", "" },
    { "States.Runtime is not caught", CAUGHT("'Type':'Task','Resource':'echo','Parameters':{'x.$':'$.nope'},'Catch':[{'ErrorEquals':['States.ALL'],'Next':'H'}]"), "{}", "failed States.Runtime", "" },
    { "an intrinsic's failure is caught", CAUGHT("'Type':'Task','Resource':'echo','Parameters':{'x.$':'States.StringToJson($.s)'},'Catch':[{'ErrorEquals':['States.IntrinsicFailure'],'ResultPath':null,'Next':'H'}]"),
      "{\"s\":\"{\"}", "{\"s\":\"{\"}", "" },
    { "no rule and no Default", "{'StartAt':'A','States':{'A':{'Type':'Choice','Choices':[{'Variable':'$.n','NumericGreaterThan':5,'Next':'B'}]},'B':{'Type':'Succeed'}}}", "{\"n\":1}", "failed States.NoChoiceMatched", "" },
    { "And stops at the first that is false", "{'StartAt':'A','States':{'A':{'Type':'Choice','Choices':[{'And':[{'Variable':'$.n','IsPresent':true},{'Variable':'$.n','NumericEquals':1}],'Next':'B'}],'Default':'C'},"
      "'B':{'Type':'Pass','Result':1,'End':true},'C':{'Type':'Pass','Result':2,'End':true}}}", "{}", "2", "" },
    { "StringMatches", "{'StartAt':'A','States':{'A':{'Type':'Choice','Choices':[{'Variable':'$.f','StringMatches':'log-*\\\\*.txt','Next':'B'}],'Default':'C'},"
      "'B':{'Type':'Pass','Result':1,'End':true},'C':{'Type':'Pass','Result':2,'End':true}}}", "{\"f\":\"log-2024*.txt\"}", "1", "" },
    { "parallel gives its branches' answers in order", "{'StartAt':'A','States':{'A':{'Type':'Parallel','End':true,'Branches':[{'StartAt':'S','States':{'S':{'Type':'Task','Resource':'later:9','End':true}}},"
      "{'StartAt':'F','States':{'F':{'Type':'Pass','Result':'fast','End':true}}}]}}}", "1", "[1,\"fast\"]", "S@0 " },
    { "a branch that fails stops the others", "{'StartAt':'A','States':{'A':{'Type':'Parallel','End':true,'Branches':[{'StartAt':'S','States':{'S':{'Type':'Task','Resource':'later:9','End':true}}},"
      "{'StartAt':'F','States':{'F':{'Type':'Fail','Error':'Bad'}}}]}}}", "1", "failed Bad", "S@0 " },
    { "a parallel is retried as a whole", "{'StartAt':'P','States':{'P':{'Type':'Parallel','End':true,'Retry':[{'ErrorEquals':['X'],'MaxAttempts':1}],'Branches':[{'StartAt':'S','States':{'S':{'Type':'Task','Resource':'echo','Next':'T'},"
      "'T':{'Type':'Task','Resource':'fail:X','End':true}}}]}}}", "1", "failed X", "S@0 T@0 S@1 T@1 " },
    { "a map with a selector", ONE("'Type':'Map','ItemsPath':'$.items','ItemSelector':{'v.$':'$$.Map.Item.Value','i.$':'$$.Map.Item.Index','k.$':'$.k'},'ResultPath':'$.out',"
      "'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}},'End':true"), "{\"k\":\"z\",\"items\":[1,2]}",
      "{\"k\":\"z\",\"items\":[1,2],\"out\":[{\"v\":1,\"i\":0,\"k\":\"z\"},{\"v\":2,\"i\":1,\"k\":\"z\"}]}", "" },
    { "a map one after the other", ONE("'Type':'Map','MaxConcurrency':1,'Iterator':{'StartAt':'I','States':{'I':{'Type':'Task','Resource':'later:2','End':true}}},'End':true"), "[1,2,3]", "[1,2,3]", "I@0 I@2 I@4 " },
    { "an empty map", ONE("'Type':'Map','Iterator':{'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}},'End':true"), "[]", "[]", "" },
    { "variables have the scope of their block", "{'StartAt':'A','States':{'A':{'Type':'Pass','Assign':{'x.$':'$.a','y':1},'Next':'M'},'M':{'Type':'Map','ItemsPath':'$.l','Iterator':{'StartAt':'I','States':{'I':{'Type':'Pass',"
      "'Assign':{'z.$':'$x'},'Next':'J'},'J':{'Type':'Pass','Parameters':{'v.$':'$z'},'End':true}}},'ResultPath':'$.m','Next':'B'},'B':{'Type':'Pass','Assign':{'x.$':'$y','y.$':'$x'},'Next':'C'},"
      "'C':{'Type':'Pass','Parameters':{'x.$':'$x','y.$':'$y','m.$':'$.m'},'End':true}}}", "{\"a\":7,\"l\":[0]}", "{\"x\":1,\"y\":7,\"m\":[{\"v\":7}]}", "" },
    { "JSONata", "{'QueryLanguage':'JSONata','StartAt':'A','States':{'A':{'Type':'Task','Resource':'echo','Arguments':{'Payload':'{% $states.input %}','two':2},'Output':'{% $states.result.Payload %}',"
      "'Assign':{'n':'{% $states.input.n %}'},'Next':'B'},'B':{'Type':'Choice','Choices':[{'Condition':'{% $states.input.ok and $n > 5 %}','Next':'C'}]},'C':{'Type':'Pass','Output':{'n':'{% $n + 1 %}','not':'a {% 1 %}'},'End':true}}}",
      "{\"ok\":true,\"n\":7}", "{\"n\":8,\"not\":\"a {% 1 %}\"}", "A@0 " },
    { "JSONata catches", "{'QueryLanguage':'JSONata','StartAt':'A','States':{'A':{'Type':'Task','Resource':'fail:E1','Catch':[{'ErrorEquals':['E1'],'Output':'{% $states.errorOutput.Error & $states.input.a %}',"
      "'Assign':{'e':'{% $states.errorOutput.Cause %}'},'Next':'B'}],'End':true},'B':{'Type':'Pass','Output':'{% [$states.input, $e] %}','End':true}}}", "{\"a\":1}", "[\"E11\",\"as asked\"]", "A@0 " },
    { "JSONata that gives nothing is caught", "{'QueryLanguage':'JSONata','StartAt':'A','States':{'A':{'Type':'Task','Resource':'echo','Arguments':'{% $states.input.nope %}','Catch':[{'ErrorEquals':['States.QueryEvaluationError'],"
      "'Output':'caught','Next':'B'}],'End':true},'B':{'Type':'Pass','End':true}}}", "{}", "\"caught\"", "" },
    { "a distributed map tolerates", ONE("'Type':'Map','ToleratedFailureCount':1,'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED'},'StartAt':'I','States':{'I':{'Type':'Choice','Choices':[{'Variable':'$','NumericEquals':2,'Next':'F'}],"
      "'Default':'O'},'F':{'Type':'Fail','Error':'Two'},'O':{'Type':'Succeed'}}},'End':true"), "[1,2,3]", "[1,3]", "" },
    { "a distributed map tolerates no more", ONE("'Type':'Map','ToleratedFailurePercentage':40,'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED'},'StartAt':'F','States':{'F':{'Type':'Fail','Error':'Two'}}},'End':true"),
      "[1,2]", "failed States.ExceedToleratedFailureThreshold", "" },
    { "a distributed map in batches", ONE("'Type':'Map','ItemBatcher':{'MaxItemsPerBatch':2,'BatchInput':{'k.$':'$.k'}},'ItemsPath':'$.l','ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED'},'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}},'End':true"),
      "{\"k\":1,\"l\":[1,2,3]}", "[{\"BatchInput\":{\"k\":1},\"Items\":[1,2]},{\"BatchInput\":{\"k\":1},\"Items\":[3]}]", "" },
    { "a loop without end", "{'StartAt':'A','States':{'A':{'Type':'Pass','Next':'B'},'B':{'Type':'Pass','Next':'A'}}}", "{}", "failed States.Runtime", "" },
    { "data that grow without end", "{'StartAt':'A','States':{'A':{'Type':'Pass','Parameters':{'a.$':'$','b.$':'$'},'Next':'A'}}}", "{}", "failed States.DataLimitExceeded", "" },
    { "data that nest without end", "{'StartAt':'A','States':{'A':{'Type':'Pass','Parameters':{'a.$':'$'},'Next':'A'}}}", "{}", "failed States.DataLimitExceeded", "" },
};

static void machines_do_what_they_say(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        world *w = world_new();
        asl_execution *x = start(w, rows[i].definition, rows[i].input);
        pass_time(w, x);
        expect(rows[i].what, told(w, x), rows[i].want);
        expect(rows[i].what, w->log.bytes.len == 0 ? SLICE("") : buf_as_slice(&w->log), rows[i].log);
        if (w->ended != 1) fail_msg("%s: ended %zu times", rows[i].what, w->ended);
        if (asl_tasks_pending(x) != 0) fail_msg("%s: a task is left", rows[i].what);
        arena_free(w->arena);
    }
}

static void map_items_run_side_by_side_up_to_the_limit(void **state) {
    (void)state;
    world *w = world_new();
    asl_execution *x = start(w, ONE("'Type':'Map','MaxConcurrency':3,'Iterator':{'StartAt':'I','States':{'I':{'Type':'Task','Resource':'later:1','End':true}}},'End':true"), "[1,2,3,4,5,6,7]");
    pass_time(w, x);
    expect("output", told(w, x), "[1,2,3,4,5,6,7]");
    assert_int_equal(w->most_pending, 3);
    assert_true(w->now_s == 3);
    arena_free(w->arena);
}

static void a_token_answers_its_task(void **state) {
    (void)state;
    world *w = world_new();
    asl_execution *x = start(w, TASK("queue.waitForTaskToken", ",'Parameters':{'t.$':'$$.Task.Token'},'HeartbeatSeconds':10"), "{}");
    assert_int_equal(asl_outcome_of(x)->status, ASL_RUNNING);
    assert_true(w->last->wait_for_token && slice_is(w->last->action, "queue"));
    slice token = js_str_of(w->last->input, "t");
    assert_true(slice_eq(token, w->last->token));
    assert_ptr_equal(asl_task_by_token(x, token), w->last);
    assert_null(asl_task_by_token(x, SLICE("other")));
    asl_task_result(asl_task_by_token(x, token), js_int(w->arena, 5));
    asl_task_error(w->last, SLICE("late"), SLICE(""));
    expect("output", told(w, x), "5");
    arena_free(w->arena);
}

static void heartbeats_keep_a_task_alive(void **state) {
    (void)state;
    world *w = world_new();
    asl_execution *x = start(w, TASK("queue.waitForTaskToken", ",'HeartbeatSeconds':10,'Catch':[{'ErrorEquals':['States.Timeout'],'Next':'A'}]"), "{}");
    asl_abort(x, SLICE("Stop"), SLICE("by hand"));
    expect("aborted", told(w, x), "aborted Stop");
    assert_int_equal(w->cancelled, 1);
    x = start(w, TASK("queue.waitForTaskToken", ",'HeartbeatSeconds':10"), "{}");
    w->now_s += 9;
    asl_task_heartbeat(w->last);
    pass_time(w, x);
    expect("no more heartbeats", told(w, x), "failed States.HeartbeatTimeout");
    assert_true(w->now_s == 19);
    arena_free(w->arena);
}

static void what_a_failed_sibling_waited_for_is_cancelled(void **state) {
    (void)state;
    world *w = world_new();
    asl_execution *x = start(w, "{'StartAt':'A','States':{'A':{'Type':'Parallel','End':true,'Branches':[{'StartAt':'S','States':{'S':{'Type':'Task','Resource':'never','End':true}}},"
                                "{'StartAt':'W','States':{'W':{'Type':'Wait','Seconds':3,'Next':'F'},'F':{'Type':'Fail','Error':'Bad'}}}]}}}", "{}");
    pass_time(w, x);
    expect("outcome", told(w, x), "failed Bad");
    assert_int_equal(w->cancelled, 1);
    arena_free(w->arena);
}

static void items_are_read_and_results_written(void **state) {
    static const char definition[] = ONE("'Type':'Map','ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':'CSV','CSVHeaderLocation':'FIRST_ROW','MaxItems':2},"
        "'Parameters':{'Bucket':'b','Key.$':'$.key'}},'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'b','Prefix':'out'}},"
        "'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED'},'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}},'ResultSelector':{'b.$':'$.ResultWriterDetails.Bucket'},'End':true");
    (void)state;
    world *w = world_new();
    w->read = SLICE("id,name\r\n1,\"a \"\"b\"\", c\"\n2,d\n3,e\n");
    asl_execution *x = start(w, definition, "{\"key\":\"k\"}");
    expect("output", told(w, x), "{\"b\":\"b\"}");
    expect("written", w->written, "[{\"id\":\"1\",\"name\":\"a \\\"b\\\", c\"},{\"id\":\"2\",\"name\":\"d\"}]");
    w->read = SLICE("");
    expect("nothing to read", told(w, start(w, definition, "{\"key\":\"k\"}")), "failed States.ItemReaderFailed");
    arena_free(w->arena);
}

static void the_trace_tells_the_way(void **state) {
    (void)state;
    world *w = world_new();
    asl_execution *x = start(w, "{'StartAt':'C','States':{'C':{'Type':'Choice','Choices':[{'Variable':'$.n','NumericEquals':1,'Next':'A'},{'Variable':'$.n','NumericEquals':2,'Next':'B'}]},'A':{'Type':'Succeed'},"
                                "'B':{'Type':'Task','Resource':'fail2:X','Retry':[{'ErrorEquals':['X']}],'End':true}}}", "{\"n\":2}");
    size_t len;
    pass_time(w, x);
    const asl_step *t = asl_trace(x, &len);
    assert_int_equal(len, 2);
    assert_true(slice_is(t[0].state, "C") && t[0].choice == 1 && slice_is(t[0].next, "B") && slice_is(t[0].type, "Choice"));
    assert_true(slice_is(t[1].state, "B") && t[1].retries == 2 && slice_is(t[1].error, "X") && t[1].output != NULL && t[1].at_ms == 0);
    arena_free(w->arena);
}

static void limits_hold_to_the_last_one(void **state) {
    static const char three[] = "{'StartAt':'A','States':{'A':{'Type':'Pass','Next':'B'},'B':{'Type':'Pass','Next':'C'},'C':{'Type':'Pass','End':true}}}";
    static const char map[] = ONE("'Type':'Map','Iterator':{'StartAt':'I','States':{'I':{'Type':'Pass','End':true}}},'End':true");
    (void)state;
    world *w = world_new();
    size_t len;
    expect("three states of three", told(w, start_with(w, three, "{}", 3, 0)), "{}");
    asl_execution *x = start_with(w, three, "{}", 2, 0);
    expect("three states of two", told(w, x), "failed States.Runtime");
    assert_true(slice_find_slice(asl_outcome_of(x)->cause, SLICE("more than 2 states")) != (size_t)-1);
    x = start_with(w, map, "[1,2,3]", 0, 3);
    expect("three items of three", told(w, x), "[1,2,3]");
    assert_int_equal(asl_trace(x, &len)[0].note.len, 0);
    x = start_with(w, map, "[1,2,3]", 0, 2);
    expect("three items of two", told(w, x), "[1,2]");
    assert_true(slice_is(asl_trace(x, &len)[0].note, "2 of 3 items were run"));
    arena_free(w->arena);
}

static void a_payload_may_have_262144_bytes(void **state) {
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        world *w = world_new();
        buf b = { .arena = w->arena };
        buf_char(&b, '"');
        for (size_t i = 0; i < ASL_PAYLOAD_MOST - 2 + extra; i++) buf_char(&b, 'x');
        buf_text(&b, "\"");
        buf_char(&b, '\0');
        asl_execution *x = start(w, ONE("'Type':'Pass','End':true"), b.bytes.at);
        assert_int_equal(asl_outcome_of(x)->status, extra == 0 ? ASL_SUCCEEDED : ASL_FAILED);
        if (extra > 0) expect("one byte more", told(w, x), "failed States.DataLimitExceeded");
        arena_free(w->arena);
    }
}

static const struct { const char *definition, *part; } refused[] = {
    { "[]", "object" },
    { "{'StartAt':'A','States':{}}", "States" },
    { "{'States':{'A':{'Type':'Succeed'}}}", "StartAt" },
    { "{'StartAt':'B','States':{'A':{'Type':'Succeed'}}}", "StartAt" },
    { ONE("'Type':'Pass'"), "neither Next nor" },
    { ONE("'Type':'Pass','Next':'A','End':true"), "both Next and End" },
    { ONE("'Type':'Pass','Next':'B'"), "no state of the name" },
    { ONE("'Type':'Loop','End':true"), "no such Type: Loop" },
    { ONE("'Type':'Task','End':true"), "no Resource" },
    { ONE("'Type':'Wait','Seconds':1,'SecondsPath':'$.a','End':true"), "exactly one" },
    { ONE("'Type':'Choice','Choices':[]"), "Choices" },
    { ONE("'Type':'Choice','Choices':[{'Variable':'$.a','NumericEqual':1,'Next':'A'}]"), "no comparison operator" },
    { ONE("'Type':'Pass','InputPath':'a.b','End':true"), "InputPath" },
    { ONE("'Type':'Pass','ResultPath':'$.a[*]','End':true"), "reference path" },
    { ONE("'Type':'Pass','Parameters':{'a.$':'States.Nope()'},'End':true"), "no intrinsic function" },
    { ONE("'Type':'Pass','Parameters':{'a.$':'States.Format(~{}~'},'End':true"), "missing" },
    { ONE("'Type':'Pass','Parameters':{'a.$':'$.x','a':1},'End':true"), "both `a` and" },
    { ONE("'Type':'Pass','QueryLanguage':'JSONata','InputPath':'$','End':true"), "JSONata state takes no InputPath" },
    { ONE("'Type':'Pass','QueryLanguage':'JSONata','Output':'{% 1 + %}','End':true"), "S0207" },
    { ONE("'Type':'Pass','Output':{},'End':true"), "JSONPath state takes no Output" },
    { ONE("'Type':'Pass','Assign':{'states':1},'End':true"), "no name for a variable" },
    { TASK("x", ",'Retry':[{'ErrorEquals':[]}]"), "ErrorEquals" },
    { TASK("x", ",'Retry':[{'ErrorEquals':['States.ALL']},{'ErrorEquals':['X']}]"), "last place" },
    { TASK("x", ",'Catch':[{'ErrorEquals':['X'],'Next':'Q'}]"), "Catch" },
    { ONE("'Type':'Parallel','Branches':[{'StartAt':'A','States':{'A':{'Type':'Succeed'}}}],'End':true"), "has this name" },
    { "{'QueryLanguage':'JSONata','StartAt':'A','States':{'A':{'Type':'Pass','QueryLanguage':'JSONPath','End':true}}}", "JSONata machine" },
};

static void definitions_that_aws_refuses_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        arena *a = arena_make(0, NULL);
        slice why = SLICE("");
        char *text = ARENA_ARRAY(a, char, strlen(refused[i].definition) + 1);
        for (size_t k = 0; refused[i].definition[k] != '\0'; k++) text[k] = refused[i].definition[k] == '\'' ? '"' : refused[i].definition[k] == '~' ? '\'' : refused[i].definition[k];
        const asl_program *p = asl_compile(a, js_read(a, slice_from(text)), &why);
        if (p != NULL || slice_find_slice(why, slice_from(refused[i].part)) == (size_t)-1) fail_msg("%s: want ...%s..., got %.*s", refused[i].definition, refused[i].part, SLICE_ARG(why));
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_do_what_they_say),
        cmocka_unit_test(map_items_run_side_by_side_up_to_the_limit),
        cmocka_unit_test(a_token_answers_its_task),
        cmocka_unit_test(heartbeats_keep_a_task_alive),
        cmocka_unit_test(what_a_failed_sibling_waited_for_is_cancelled),
        cmocka_unit_test(items_are_read_and_results_written),
        cmocka_unit_test(the_trace_tells_the_way),
        cmocka_unit_test(limits_hold_to_the_last_one),
        cmocka_unit_test(a_payload_may_have_262144_bytes),
        cmocka_unit_test(definitions_that_aws_refuses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
