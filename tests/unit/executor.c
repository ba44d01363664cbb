/* Functions run for real: handlers in Python and Node in the sandbox, and runtimes of their own that misbehave on the Runtime API.
 * What is not installed here is skipped with a word. */
#include "smoke/host/executor.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "smoke/host/boot.h"
#include "smoke/host/failure.h"

#ifndef SFLINT_SMOKE

int main(void) {
    printf("executor: this build has no libmicrohttpd\n1..1\nok 1 - skipped\n");
    return 0;
}

#else

typedef enum { PYTHON, NODE, OWN } language;   /* OWN: a Python script that is the runtime itself */

typedef struct {
    slice program, prefix;       /* of the interpreter; "" = not installed */
} interpreter;

typedef struct {
    arena *arena;                /* of all tests */
    sandbox *box;
    interpreter python, node;
    unsigned folders;
} ground;

typedef struct {
    ground *ground;
    arena *arena;
    loop *loop;
    http_server *server;
    executor *executor;
} bench;

static slice line_of(arena *a, const char *command) {
    char line[4096] = "";
    FILE *f = popen(command, "r");
    if (f == NULL) return SLICE("");
    if (fgets(line, sizeof line, f) == NULL) line[0] = '\0';
    pclose(f);
    return arena_copy(a, slice_trim(slice_from(line)));
}

static int enter(void **state) {
    arena *a = arena_make(0, NULL);
    ground *g = ARENA_NEW(a, ground);
    g->arena = a;
    g->python.program = line_of(a, "python3 -c 'import sys, os; print(os.path.realpath(sys.executable))' 2>/dev/null");
    g->python.prefix = line_of(a, "python3 -c 'import sys; print(sys.base_prefix)' 2>/dev/null");
    g->node.program = line_of(a, "node -p 'fs.realpathSync(process.execPath)' 2>/dev/null");
    g->node.prefix = line_of(a, "node -p 'path.dirname(path.dirname(fs.realpathSync(process.execPath)))' 2>/dev/null");
    slice why;
    g->box = sandbox_enter(a, SANDBOX_AUTO, &why);
    if (g->box == NULL) return -1;
    if (sandbox_lacks(g->box).len > 0) printf("executor: %.*s\n", SLICE_ARG(sandbox_lacks(g->box)));
    *state = g;
    return 0;
}

static int leave(void **state) {
    ground *g = *state;
    sandbox_end(g->box);
    arena_free(g->arena);
    return 0;
}

static int begin(void **state) {
    ground *g = *state;
    arena *a = arena_make(0, NULL);
    bench *b = ARENA_NEW(a, bench);
    b->ground = g;
    b->arena = a;
    b->loop = loop_new(a);
    slice why;
    b->server = http_start(a, b->loop, &why);
    if (b->server == NULL) return -1;
    b->executor = executor_new(a, b->loop, b->server, g->box);
    *state = b;
    return 0;
}

static int end(void **state) {
    bench *b = *state;
    ground *g = b->ground;
    executor_end(b->executor);
    http_stop(b->server);
    loop_end(b->loop);
    arena_free(b->arena);
    *state = g;
    return 0;
}

static void needs(const bench *b, language what) {
    const interpreter *i = what == NODE ? &b->ground->node : &b->ground->python;
    if (i->program.len > 0) return;
    print_message("%s is not installed here\n", what == NODE ? "node" : "python3");
    skip();
}

static runnable *make(bench *b, language what, const char *code, unsigned timeout_s) {
    static const struct { const char *file, *handler, *boot, *runtime; } ways[] = {
        [PYTHON] = { "app.py", "app.handler", BOOT_PYTHON, "python3.12" },
        [NODE] = { "app.js", "app.handler", BOOT_NODE, "nodejs20.x" },
        [OWN] = { "own.py", "own", "/var/task/own.py", "provided.al2023" },
    };
    arena *a = b->arena;
    const interpreter *i = what == NODE ? &b->ground->node : &b->ground->python;
    slice root = arena_printf(a, "%.*s/task-%u", SLICE_ARG(sandbox_folder(b->ground->box)), b->ground->folders++);
    assert_int_equal(mkdir(root.at, 0755), 0);
    FILE *f = fopen(arena_printf(a, "%s/%s", root.at, ways[what].file).at, "w");
    assert_non_null(f);
    fputs(code, f);
    fclose(f);
    const char **argv = ARENA_ARRAY(a, const char *, 4);
    argv[0] = i->program.at;
    argv[1] = ways[what].boot;
    slice *environment = ARENA_ARRAY(a, slice, 16);
    size_t len = 0;
    environment[len++] = SLICE("PATH=/usr/local/bin:/usr/bin:/bin");
    environment[len++] = arena_printf(a, "_HANDLER=%s", ways[what].handler);
    environment[len++] = SLICE("LAMBDA_TASK_ROOT=/var/task");
    environment[len++] = SLICE("LAMBDA_RUNTIME_DIR=/var/runtime");
    environment[len++] = SLICE("AWS_LAMBDA_FUNCTION_NAME=tested");
    environment[len++] = SLICE("AWS_LAMBDA_FUNCTION_VERSION=$LATEST");
    environment[len++] = SLICE("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256");
    environment[len++] = SLICE("PYTHONUNBUFFERED=1");
    slice *visible = ARENA_ARRAY(a, slice, 1);
    visible[0] = i->prefix;
    runnable *r = ARENA_NEW(a, runnable);
    *r = (runnable){ .id = SLICE("Tested"), .name = SLICE("tested"), .arn = SLICE("arn:aws:lambda:us-east-1:123456789012:function:tested"), .runtime = slice_from(ways[what].runtime),
                     .handler = slice_from(ways[what].handler), .task_root = root, .argv = argv, .environment = environment, .environment_len = len,
                     .visible = visible, .visible_len = i->prefix.len > 1 && !slice_is(i->prefix, "/usr") ? 1 : 0, .memory_mb = 512, .tmp_mb = 512,
                     .timeout_s = timeout_s, .cannot = SLICE("") };
    return r;
}

static executor_function *add(bench *b, language what, const char *code, unsigned timeout_s) { return executor_add(b->executor, make(b, what, code, timeout_s)); }

/* ---- invoking ---- */

typedef struct {
    bool done;
    outcome o;
    unsigned turn;
    unsigned *turns;
} result;

static void note(void *self, const outcome *o) {
    result *r = self;
    assert_false(r->done);
    r->done = true;
    r->o = *o;
    if (r->turns != NULL) r->turn = ++*r->turns;
}

static void ask(bench *b, executor_function *f, const char *payload, const char *id, result *r) {
    executor_call i = { .payload = slice_from(payload), .request_id = slice_from(id) };
    executor_invoke(b->executor, f, &i, note, r);
    assert_false(r->done);
}

static void wait_all(bench *b) {
    int64_t by = loop_now_us(b->loop) + 30000000;
    while (!executor_idle(b->executor)) {
        if (loop_now_us(b->loop) > by) fail_msg("no answer within 30 s");
        assert_true(loop_step(b->loop, 1000000));
    }
}

#define ID "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

static outcome call(bench *b, executor_function *f, const char *payload) {
    result r = { 0 };
    ask(b, f, payload, ID, &r);
    wait_all(b);
    assert_true(r.done);
    return r.o;
}

static bool has(slice text, const char *part) { return part == NULL || slice_find_slice(text, slice_from(part)) != (size_t)-1; }

static const char *const kinds[] = { "returned", "error", "not loaded", "timed out", "exited", "out of memory", "past limit", "not run" };

typedef struct {
    language what;
    const char *code;
    outcome_kind kind;
    const char *payload, *type, *message, *trace, *log, *missing;    /* parts of them; NULL: whatever it is */
} wanted;

static void check(const wanted *w, const outcome *o) {
    if (o->kind == w->kind && has(o->payload, w->payload) && (w->type == NULL || slice_is(o->error_type, w->type)) && has(o->error_message, w->message) &&
        has(o->trace, w->trace) && has(o->log, w->log) && (w->missing == NULL || slice_is(o->missing_module, w->missing)))
        return;
    fail_msg("%s\n%s\n payload %.*s\n type %.*s\n message %.*s\n trace %.*s\n log %.*s\n missing %.*s", w->code, kinds[o->kind], SLICE_ARG(o->payload),
             SLICE_ARG(o->error_type), SLICE_ARG(o->error_message), SLICE_ARG(o->trace), SLICE_ARG(o->log), SLICE_ARG(o->missing_module));
}

/* All side by side; each must come out as wanted, and a process that is still there or not must take the next event too. */
static void all_at_once(bench *b, const wanted *w, size_t len, unsigned timeout_s) {
    executor_function **f = ARENA_ARRAY(b->arena, executor_function *, len);
    result *r = ARENA_ARRAY(b->arena, result, len);
    for (size_t i = 0; i < len; i++) f[i] = add(b, w[i].what, w[i].code, timeout_s);
    for (unsigned turn = 0; turn < 2; turn++) {
        memset(r, 0, len * sizeof *r);
        for (size_t i = 0; i < len; i++) ask(b, f[i], "{\"n\":1}", ID, &r[i]);
        wait_all(b);
        for (size_t i = 0; i < len; i++) check(&w[i], &r[i].o);
    }
}

/* ---- handlers ---- */

static void python_handlers(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    static const wanted cases[] = {
        { PYTHON, "def handler(e, c):\n print('seen', e['n'])\n return {'n': e['n'] + 1, 'id': c.aws_request_id}\n", OUTCOME_RETURNED, "{\"n\": 2, \"id\": \"" ID "\"}", NULL, NULL, NULL,
          "seen 1\n", "" },
        { PYTHON, "def handler(e, c):\n pass\n", OUTCOME_RETURNED, "null", NULL, NULL, NULL, NULL, "" },
        { PYTHON, "def deep():\n raise KeyError('order')\ndef handler(e, c):\n deep()\n", OUTCOME_ERROR, "\"errorType\": \"KeyError\"", "KeyError", "'order'", "in deep", NULL, "" },
        { PYTHON, "import sys\ndef handler(e, c):\n print('leaving')\n sys.exit(4)\n", OUTCOME_EXITED, "RequestId: " ID " Error: Runtime exited with error: exit status 4", "Runtime.ExitError",
          "exit status 4", NULL, "leaving", "" },
        { PYTHON, "import os\ndef handler(e, c):\n os._exit(0)\n", OUTCOME_EXITED, "Runtime exited without providing a reason", "Runtime.ExitError", NULL, NULL, NULL, "" },
        { PYTHON, "import os\ndef handler(e, c):\n os.kill(os.getpid(), 11)\n", OUTCOME_EXITED, "signal: segmentation fault", "Runtime.ExitError", NULL, NULL, NULL, "" },
        { PYTHON, "import no_such_thing\ndef handler(e, c):\n pass\n", OUTCOME_NOT_LOADED, "errorMessage", "Runtime.ImportModuleError", "No module named 'no_such_thing'", NULL, NULL,
          "no_such_thing" },
        { PYTHON, "def other(e, c):\n pass\n", OUTCOME_NOT_LOADED, NULL, "Runtime.HandlerNotFound", "handler", NULL, NULL, "" },
        { PYTHON, "def handler(e, c)\n pass\n", OUTCOME_NOT_LOADED, NULL, "Runtime.UserCodeSyntaxError", NULL, NULL, NULL, "" },
        { PYTHON, "print('loading')\n1/0\n", OUTCOME_NOT_LOADED, "ZeroDivisionError", "ZeroDivisionError", "division", NULL, "loading", "" },
        { PYTHON, "import os\nos._exit(7)\n", OUTCOME_EXITED, "exit status 7", "Runtime.ExitError", NULL, NULL, NULL, "" },
        { PYTHON, "def handler(e, c):\n return object()\n", OUTCOME_ERROR, NULL, "Runtime.MarshalError", "not JSON serializable", NULL, NULL, "" },
        { PYTHON, "def handler(e, c):\n return 'x' * 7000000\n", OUTCOME_ERROR, "(7000002 bytes) exceeded", "Function.ResponseSizeTooLarge", "6291556", NULL, "", "" },
        { PYTHON, "def handler(e, c):\n return 'x' * 6000000\n", OUTCOME_RETURNED, "xxx", NULL, NULL, NULL, NULL, "" },
    };
    all_at_once(b, cases, COUNT(cases), 10);
}

static void node_handlers(void **state) {
    bench *b = *state;
    needs(b, NODE);
    static const wanted cases[] = {
        { NODE, "exports.handler = async (e, c) => { console.log('seen', e.n); return { n: e.n + 1, id: c.awsRequestId } }\n", OUTCOME_RETURNED, "{\"n\":2,\"id\":\"" ID "\"}", NULL, NULL, NULL,
          "seen 1", "" },
        { NODE, "exports.handler = (e, c, done) => setTimeout(() => done(null, 'late'), 20)\n", OUTCOME_RETURNED, "\"late\"", NULL, NULL, NULL, NULL, "" },
        { NODE, "function deep() { throw new TypeError('no order') }\nexports.handler = async () => deep()\n", OUTCOME_ERROR, "no order", "TypeError", "no order", "deep", NULL, "" },
        { NODE, "exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise(r => setTimeout(r, 300)) }\n", OUTCOME_ERROR, "lost",
          "Runtime.UnhandledPromiseRejection", "lost", NULL, NULL, "" },
        { NODE, "exports.handler = async () => { console.error('leaving'); process.exit(3) }\n", OUTCOME_EXITED, "exit status 3", "Runtime.ExitError", NULL, NULL, "leaving", "" },
        { NODE, "require('no-such-thing')\n", OUTCOME_NOT_LOADED, NULL, "Runtime.ImportModuleError", "Cannot find module 'no-such-thing'", NULL, NULL, "no-such-thing" },
        { NODE, "exports.other = 1\n", OUTCOME_NOT_LOADED, NULL, "Runtime.HandlerNotFound", "undefined or not exported", NULL, NULL, "" },
        { NODE, "exports.handler = async () => 'x'.repeat(7000000)\n", OUTCOME_ERROR, "(7000002 bytes)", "Function.ResponseSizeTooLarge", NULL, NULL, NULL, "" },
        { NODE, "exports.handler = awslambda.streamifyResponse(async (e, s) => { s = awslambda.HttpResponseStream.from(s, { statusCode: 201 }); s.write('he'); s.write('llo'); s.end() })\n",
          OUTCOME_RETURNED, "\"statusCode\":201", NULL, NULL, NULL, NULL, "" },
        { NODE, "exports.handler = awslambda.streamifyResponse(async (e, s) => { s.write('half'); throw new RangeError('broke off') })\n", OUTCOME_ERROR, "broke off", "RangeError",
          "broke off", NULL, NULL, "" },
    };
    all_at_once(b, cases, COUNT(cases), 10);
}

static void a_stream_comes_whole(void **state) {
    bench *b = *state;
    needs(b, NODE);
    executor_function *f = add(b, NODE, "exports.handler = awslambda.streamifyResponse(async (e, s) => { s = awslambda.HttpResponseStream.from(s, { statusCode: 201 }); s.write('he'); s.end('llo') })\n", 10);
    outcome o = call(b, f, "{}");
    assert_int_equal(o.kind, OUTCOME_RETURNED);
    assert_true(o.streamed);
    static const char end_of_head[] = "\0\0\0\0\0\0\0\0hello";
    assert_true(slice_ends(o.payload, (slice){ end_of_head, sizeof end_of_head - 1 }));
}

static void a_handler_out_of_time_is_killed(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, PYTHON,
                               "import time, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nruns = 0\n"
                               "def handler(e, c):\n global runs\n runs += 1\n print('begins')\n left = c.get_remaining_time_in_millis()\n"
                               " while e['wait']: time.sleep(1)\n return [runs, 500 < left <= 1000]\n", 1);
    int64_t begun = loop_now_us(b->loop);
    outcome o = call(b, f, "{\"wait\":true}");
    int64_t took = loop_now_us(b->loop) - begun;
    assert_int_equal(o.kind, OUTCOME_TIMED_OUT);
    assert_true(slice_is(o.payload, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " ID " Error: Task timed out after 1.00 seconds\"}"));
    assert_true(slice_is(o.log, "begins\n"));
    assert_true(took >= 1000000 && took < 2500000);
    /* the next one gets a new process */
    o = call(b, f, "{\"wait\":false}");
    assert_int_equal(o.kind, OUTCOME_RETURNED);
    assert_true(slice_is(o.payload, "[1, true]"));
    o = call(b, f, "{\"wait\":false}");
    assert_true(slice_is(o.payload, "[2, true]"));
}

static void invocations_of_one_function_wait_in_line(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, PYTHON, "import time\nn = 0\ndef handler(e, c):\n global n\n n += 1\n time.sleep(0.01)\n return [e, n]\n", 5);
    result r[20] = { { 0 } };
    unsigned turns = 0;
    for (unsigned i = 0; i < COUNT(r); i++) {
        char payload[16];
        snprintf(payload, sizeof payload, "%u", i);
        r[i].turns = &turns;
        ask(b, f, payload, "", &r[i]);
    }
    assert_int_equal(executor_pending(b->executor), 20);
    assert_true(executor_busy(f));
    wait_all(b);
    assert_false(executor_busy(f));
    for (unsigned i = 0; i < COUNT(r); i++) {
        char want[32];
        snprintf(want, sizeof want, "[%u, %u]", i, i + 1);
        assert_true(slice_is(r[i].o.payload, want));
        assert_int_equal(r[i].turn, i + 1);
    }
}

static void functions_run_side_by_side(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f[5];
    result r[5] = { { 0 } };
    for (unsigned i = 0; i < 5; i++) f[i] = add(b, PYTHON, "import time\ndef handler(e, c):\n time.sleep(e)\n return 1\n", 5);
    for (unsigned i = 0; i < 5; i++) call(b, f[i], "0");
    int64_t begun = loop_now_us(b->loop);
    for (unsigned i = 0; i < 5; i++) ask(b, f[i], "0.5", ID, &r[i]);
    wait_all(b);
    int64_t took = loop_now_us(b->loop) - begun;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(r[i].o.kind, OUTCOME_RETURNED);
        assert_true(r[i].o.duration_us >= 490000);
        assert_true(executor_start_us(f[i]) > 0);
    }
    assert_true(took < 1500000);      /* one after the other would be 2.5 s */
}

static void output_does_not_grow_memory(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, PYTHON, "import os\ndef handler(e, c):\n for i in range(e['mb']): os.write(1, b'x' * 1048575 + b'\\n')\n print('last words')\n return 1\n", 20);
    size_t before = arena_used(b->arena);
    outcome o = call(b, f, "{\"mb\":60}");
    assert_int_equal(o.kind, OUTCOME_RETURNED);
    assert_true(slice_is(o.log, "last words\n"));
    o = call(b, f, "{\"mb\":1024}");
    assert_int_equal(o.kind, OUTCOME_PAST_LIMIT);
    assert_true(slice_is(o.error_message, "wrote more than 64 MiB to its output"));
    assert_true(has(o.payload, "signal: killed"));
    assert_true(o.log.len <= EXECUTOR_LOG_BYTES);
    assert_true(arena_used(b->arena) - before < 1024 * 1024);
    o = call(b, f, "{\"mb\":0}");
    assert_int_equal(o.kind, OUTCOME_RETURNED);
}

static void a_handler_past_its_memory_is_killed(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, PYTHON, "import time\ndef handler(e, c):\n a = []\n while e: a.append(bytearray(10485760)); time.sleep(0.005)\n return 1\n", 20);
    outcome o = call(b, f, "1");
    assert_int_equal(o.kind, OUTCOME_OUT_OF_MEMORY);
    assert_true(has(o.payload, "Runtime exited with error: signal: killed"));
    assert_true(slice_is(o.error_message, "used more memory than its MemorySize, 512 MB"));
    assert_int_equal(call(b, f, "0").kind, OUTCOME_RETURNED);
}

static void loading_is_tried_once_more_within_the_invocation(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, PYTHON, "raise RuntimeError('not yet')\n", 3);
    int64_t by = loop_now_us(b->loop) + 1000000;
    while (loop_now_us(b->loop) < by) loop_step(b->loop, 50000);
    outcome o = call(b, f, "{}");
    assert_int_equal(o.kind, OUTCOME_NOT_LOADED);
    assert_true(slice_is(o.error_message, "not yet"));
    o = call(b, f, "{}");
    assert_int_equal(o.kind, OUTCOME_NOT_LOADED);
}

static void what_cannot_run_says_so(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    runnable *image = make(b, PYTHON, "", 3), *gone = make(b, PYTHON, "", 3);
    image->cannot = SLICE("an image: build it");
    const char *argv[] = { "/no/such/program", NULL };
    gone->argv = argv;
    outcome o = call(b, executor_add(b->executor, image), "{}");
    assert_int_equal(o.kind, OUTCOME_NOT_RUN);
    assert_true(slice_is(o.error_message, "an image: build it"));
    o = call(b, executor_add(b->executor, gone), "{}");
    assert_int_equal(o.kind, OUTCOME_NOT_RUN);
    assert_true(has(o.error_message, "/no/such/program"));
}

static void ending_with_invocations_that_wait(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    result r[3] = { { 0 } };
    executor_function *f = add(b, PYTHON, "import time\ndef handler(e, c):\n time.sleep(60)\n", 100);
    for (unsigned i = 0; i < 3; i++) ask(b, f, "{}", ID, &r[i]);
    for (unsigned i = 0; i < 100; i++) loop_step(b->loop, 5000);
    executor_end(b->executor);
    assert_int_equal(executor_pending(b->executor), 0);
    for (unsigned i = 0; i < 20; i++) loop_step(b->loop, 5000);
    for (unsigned i = 0; i < 3; i++) assert_false(r[i].done);
}

typedef struct { bench *b; executor_function *f; unsigned left; } chain;
static void chain_done(void *self, const outcome *o) {
    chain *c = self;
    assert_int_equal(o->kind, OUTCOME_RETURNED);
    if (c->left-- == 0) return;
    executor_call i = { .payload = o->payload, .request_id = SLICE(ID) };
    executor_invoke(c->b->executor, c->f, &i, chain_done, c);
}

static void an_outcome_may_cause_the_next_invocation(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    chain c = { b, add(b, PYTHON, "def handler(e, c):\n return e + 1\n", 5), 200 };
    executor_call i = { .payload = SLICE("0"), .request_id = SLICE(ID) };
    executor_invoke(b->executor, c.f, &i, chain_done, &c);
    wait_all(b);
    assert_int_equal((int)c.left, -1);
}

/* ---- runtimes of their own ---- */

#define CLIENT \
    "import os, socket, sys, time, http.client\n" \
    "host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')\n" \
    "B = '/2018-06-01/runtime/'\n" \
    "def req(m, p, body=None, h={}):\n" \
    " c = http.client.HTTPConnection(host, int(port)); c.request(m, B + p, body, h); r = c.getresponse(); return r.status, r.read().decode(), dict(r.getheaders())\n" \
    "def nxt():\n" \
    " s, body, h = req('GET', 'invocation/next'); return body, h['Lambda-Runtime-Aws-Request-Id'], h\n" \
    "def raw(text):\n" \
    " s = socket.create_connection((host, int(port))); s.sendall(text.encode()); return s\n"

static void strange_runtimes(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    static const wanted cases[] = {
        /* answers twice: the first counts, the second is refused and noted */
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n a = req('POST', 'invocation/' + i + '/response', '1')[0]\n s = req('POST', 'invocation/' + i + '/response', '2')\n print(a, s[:2], flush=True)\n",
          OUTCOME_RETURNED, "1", NULL, NULL, NULL, "came after the event had been answered", NULL },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n a = req('POST', 'invocation/' + i + '/response', '1')[0]\n s = req('POST', 'invocation/' + i + '/error', '{}')\n print(a, s[:2], flush=True)\n",
          OUTCOME_RETURNED, "1", NULL, NULL, NULL, "202 (403, '{\"errorMessage\":\"Transition from this state is not allowed\",\"errorType\":\"InvalidStateTransition\"}')", NULL },
        /* another id */
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n s = req('POST', 'invocation/other/response', '1')\n print(s[0], s[1], flush=True)\n req('POST', 'invocation/' + i + '/response', '2')\n", OUTCOME_RETURNED, "2",
          NULL, NULL, NULL, "400 {\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}", NULL },
        /* closes halfway, resets, sends garbage, then answers */
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n s = raw('POST ' + B + 'invocation/' + i + '/response HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 100\\r\\n\\r\\nabc')\n time.sleep(0.05)\n s.close()\n"
          " raw('\\x00\\x01garbage\\r\\n\\r\\n').close()\n time.sleep(0.05)\n req('POST', 'invocation/' + i + '/response', '3')\n", OUTCOME_RETURNED, "3", NULL, NULL, NULL, "was cut off halfway", NULL },
        /* closes halfway and ends */
        { OWN, CLIENT "_, i, h = nxt()\ns = raw('POST ' + B + 'invocation/' + i + '/response HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 100\\r\\n\\r\\nabc')\ntime.sleep(0.05)\ns.shutdown(socket.SHUT_WR)\n"
          "time.sleep(0.05)\nsys.exit(9)\n", OUTCOME_EXITED, "exit status 9", "Runtime.ExitError", NULL, NULL, "was cut off halfway", NULL },
        /* asks for the next before it has answered */
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n s = req('GET', 'invocation/next')\n print(s[0], flush=True)\n req('POST', 'invocation/' + i + '/response', '4')\n", OUTCOME_RETURNED, "4", NULL, NULL, NULL,
          "403", NULL },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n req('POST', 'invocation/' + i + '/response', 'this is no JSON')\n", OUTCOME_RETURNED, "this is no JSON", NULL, NULL, NULL, NULL, NULL },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n req('POST', 'invocation/' + i + '/response', '')\n", OUTCOME_RETURNED, "null", NULL, NULL, NULL, NULL, NULL },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n req('POST', 'invocation/' + i + '/error', 'no JSON', {'Lambda-Runtime-Function-Error-Type': 'Own.Reason'})\n", OUTCOME_ERROR,
          "{\"errorType\":\"Own.Reason\",\"errorMessage\":\"no JSON\"}", "Own.Reason", "no JSON", NULL, NULL, NULL },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n print(req('POST', 'invocation/' + i + '/response', '1', {'Lambda-Runtime-Function-Response-Mode': 'other'})[0], req('GET', 'restore/next')[0], flush=True)\n"
          " req('POST', 'invocation/' + i + '/response', '6')\n", OUTCOME_RETURNED, "6", NULL, NULL, NULL, "400 404", NULL },
        /* a stream that breaks, with trailers as Go's client writes them */
        { OWN, CLIENT "import base64\nwhile 1:\n _, i, h = nxt()\n e = base64.b64encode(b'{\"errorMessage\":\"cut\",\"errorType\":\"Cut\",\"stackTrace\":[{\"path\":\"main.go\",\"line\":7,\"label\":\"run\"}]}').decode()\n"
          " s = raw('POST ' + B + 'invocation/' + i + '/response HTTP/1.1\\r\\nHost: h\\r\\nTransfer-Encoding: chunked\\r\\nLambda-Runtime-Function-Response-Mode: streaming\\r\\nTrailer: Lambda-Runtime-Function-Error-Type, "
          "Lambda-Runtime-Function-Error-Body\\r\\n\\r\\n4\\r\\nhalf\\r\\n0\\r\\nLambda-Runtime-Function-Error-Type: Cut\\r\\nLambda-Runtime-Function-Error-Body: ' + e + '\\r\\n\\r\\n')\n s.recv(1000)\n", OUTCOME_ERROR,
          "cut", "Cut", "cut", "run (main.go:7)", NULL, NULL },
        { OWN, CLIENT "print(req('POST', 'init/error', '{\"errorMessage\":\"cannot load such file -- aws-sdk-s3\",\"errorType\":\"Init<LoadError>\",\"stackTrace\":[\"a.rb:1\",\"b.rb:2\"]}')[0], flush=True)\n"
          "time.sleep(60)\n", OUTCOME_NOT_LOADED, "Init<LoadError>", "Init<LoadError>", NULL, "a.rb:1\nb.rb:2", "202", "aws-sdk-s3" },
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n s = req('POST', 'init/error', '{}')\n print(s[0], flush=True)\n req('POST', 'invocation/' + i + '/response', '7')\n", OUTCOME_RETURNED, "7", NULL, NULL, NULL, "403", NULL },
        /* answers, and is gone at once: the answer stays */
        { OWN, CLIENT "_, i, h = nxt()\nreq('POST', 'invocation/' + i + '/response', '8')\nos._exit(1)\n", OUTCOME_RETURNED, "8", NULL, NULL, NULL, NULL, NULL },
        /* closes its output and goes on */
        { OWN, CLIENT "while 1:\n _, i, h = nxt()\n os.close(1); os.close(2)\n time.sleep(0.2)\n req('POST', 'invocation/' + i + '/response', '9')\n os._exit(0)\n", OUTCOME_RETURNED, "9", NULL, NULL, NULL, NULL,
          NULL },
    };
    all_at_once(b, cases, COUNT(cases), 10);
}

static void the_headers_of_next(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, OWN, CLIENT "import json\nwhile 1:\n e, i, h = nxt()\n h['late'] = abs(int(h['Lambda-Runtime-Deadline-Ms']) / 1000 - time.time() - 7) < 1\n"
                                       " req('POST', 'invocation/' + i + '/response', json.dumps([e, h]))\n", 7);
    result r = { 0 };
    executor_call i = { .payload = SLICE("{\"a\": 1}"), .request_id = SLICE(ID), .arn = SLICE("arn:aws:lambda:us-east-1:123456789012:function:tested:live"), .client_context = SLICE("{\"c\":1}") };
    executor_invoke(b->executor, f, &i, note, &r);
    wait_all(b);
    static const char *const wants[] = {
        "\"{\\\"a\\\": 1}\"", "\"Content-Type\": \"application/json\"", "\"Lambda-Runtime-Aws-Request-Id\": \"8476a536-e9f4-11e8-9739-2dfe598c3fcd\"", "\"late\": true",
        "\"Lambda-Runtime-Invoked-Function-Arn\": \"arn:aws:lambda:us-east-1:123456789012:function:tested:live\"", "\"Lambda-Runtime-Trace-Id\": \"Root=1-",
        ";Sampled=0\"", "\"Lambda-Runtime-Client-Context\": \"{\\\"c\\\":1}\"",
    };
    for (size_t n = 0; n < COUNT(wants); n++)
        if (!has(r.o.payload, wants[n])) fail_msg("%s is not in %.*s", wants[n], SLICE_ARG(r.o.payload));
    assert_false(has(r.o.payload, "Cognito"));
    i.arn = SLICE("");
    r = (result){ 0 };
    executor_invoke(b->executor, f, &i, note, &r);
    wait_all(b);
    assert_true(has(r.o.payload, "function:tested\""));
}

/* A client that has given up its `next` gets no event: the one that asks then does. */
static void a_next_that_was_given_up(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    static const char closed[] = CLIENT "s = raw('GET ' + B + 'invocation/next HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n')\ntime.sleep(0.1)\ns.close()\ntime.sleep(1)\nwhile 1:\n _, i, h = nxt()\n req('POST', 'invocation/' + i + '/response', '5')\n";
    static const char kept[] = CLIENT "s = raw('GET ' + B + 'invocation/next HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n')\ntime.sleep(0.2)\nwhile 1:\n _, i, h = nxt()\n req('POST', 'invocation/' + i + '/response', '5')\n";
    static const char *const ways[] = { closed, kept };
    for (size_t n = 0; n < COUNT(ways); n++) {
        executor_function *f = add(b, OWN, ways[n], 5);
        int64_t by = loop_now_us(b->loop) + 10000000;
        while (executor_start_us(f) == 0 && loop_now_us(b->loop) < by) loop_step(b->loop, 20000);
        by = loop_now_us(b->loop) + 400000;
        while (loop_now_us(b->loop) < by) loop_step(b->loop, 20000);
        for (unsigned i = 0; i < 2; i++) {
            const wanted w = { OWN, ways[n], OUTCOME_RETURNED, "5", NULL, NULL, NULL, NULL, NULL };
            outcome o = call(b, f, "{}");
            check(&w, &o);
        }
    }
}

/* A process that never asks for the next event after its answer: the answer is told all the same, and the next invocation gets a new process. */
static void one_that_never_asks_again_is_replaced(void **state) {
    bench *b = *state;
    needs(b, PYTHON);
    executor_function *f = add(b, OWN, CLIENT "_, i, h = nxt()\nreq('POST', 'invocation/' + i + '/response', '1')\ntime.sleep(60)\n", 1);
    int64_t begun = loop_now_us(b->loop);
    for (unsigned i = 0; i < 2; i++) {
        outcome o = call(b, f, "{}");
        assert_int_equal(o.kind, OUTCOME_RETURNED);
        assert_true(slice_is(o.payload, "1"));
    }
    assert_true(loop_now_us(b->loop) - begun < 12000000);
}

static void missing_modules(void **state) {
    (void)state;
    static const struct { const char *message, *want; } cases[] = {
        { "Unable to import module 'app': No module named 'boto3'", "boto3" },
        { "No module named 'yaml.thing'", "yaml.thing" },
        { "Error: Cannot find module '@aws-sdk/client-s3'\nRequire stack:\n- /var/task/app.js", "@aws-sdk/client-s3" },
        { "Cannot find package 'uuid' imported from /var/task/app.mjs", "uuid" },
        { "Cannot find module './lib/x'\nRequire stack:", "" },
        { "cannot load such file -- aws-sdk-s3", "aws-sdk-s3" },
        { "cannot load such file -- /var/task/x", "" },
        { "No module named '", "" },
        { "something else", "" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        slice got = failure_missing_module(slice_from(cases[i].message));
        if (!slice_is(got, cases[i].want)) fail_msg("%s: %.*s", cases[i].message, SLICE_ARG(got));
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(python_handlers), T(node_handlers), T(a_stream_comes_whole), T(a_handler_out_of_time_is_killed), T(invocations_of_one_function_wait_in_line),
        T(functions_run_side_by_side), T(output_does_not_grow_memory), T(a_handler_past_its_memory_is_killed), T(loading_is_tried_once_more_within_the_invocation),
        T(what_cannot_run_says_so), T(ending_with_invocations_that_wait), T(an_outcome_may_cause_the_next_invocation), T(strange_runtimes), T(the_headers_of_next), T(a_next_that_was_given_up),
        T(one_that_never_asks_again_is_replaced), T(missing_modules),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}

#endif
