#include "smoke/host/executor.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/buf.h"
#include "smoke/host/failure.h"

#define LOAD_US      10000000   /* Lambda developer guide, "Lambda execution environment": the init phase */
#define LEAVE_US     1000000    /* for a process that told its load error to end by itself */
#define SETTLE_US    500000     /* between an answer and the `next` that should follow it at once */
#define LOOK_US      20000      /* how often a process is looked at: while it works, */
#define LOOK_IDLE_US 200000     /* while it waits, */
#define LOOK_END_US  1000       /* and when its output has ended */
#define END_LOOKS    20
#define READ_BYTES   65536
#define READ_TURNS   16         /* pipes full of output that are read before others get their turn */
#define ODD_MOST     2048

typedef enum {
    STAGE_STOPPED,   /* no process */
    STAGE_LOADING,   /* before its first `next` */
    STAGE_LEAVING,   /* it has told that it can't load, and should end */
    STAGE_IDLE,      /* `next` waits */
    STAGE_RUNNING,
    STAGE_ANSWERED,  /* the outcome is known; told with the next `next` */
    STAGE_BETWEEN    /* told, and no `next` waits yet */
} stage;

typedef struct waiting waiting;
struct waiting {
    executor_call is;
    outcome_fn done;
    void *self;
    waiting *next;
};

/* The last of what was written. */
typedef struct {
    char ring[EXECUTOR_LOG_BYTES];
    uint64_t written;
} tail;

struct executor_function {
    executor *of;
    const runnable *runnable;
    stage stage;
    worker *worker;
    runtime_api *api;
    waiting *first, *last, *current;
    slice cannot;                /* why no process can be made; "" */
    const outcome *load_failure; /* final: every invocation gets it */
    const outcome *told;         /* STAGE_LEAVING: the load error that was posted */
    outcome answer;              /* STAGE_ANSWERED */
    bool output_ended, refused_size;
    unsigned end_looks;
    int64_t started_us, start_us, given_us;
    loop_timer *deadline, *look, *wake;
    tail *output;
    buf odd;                     /* what was strange about its calls, for the outcome's log */
    executor_function *next;
};

struct executor {
    arena *arena;
    loop *loop;
    http_server *server;
    sandbox *box;
    executor_function *functions;
    size_t pending, unnamed;
    bool ended;
    char piece[READ_BYTES];
};

/* Lambda's default is 3 s. */
static unsigned timeout_s(const executor_function *f) { return f->runnable->timeout_s > 0 ? f->runnable->timeout_s : 3; }
static int64_t timeout_us(const executor_function *f) { return (int64_t)timeout_s(f) * 1000000; }

/* ---- output ---- */

static void tail_add(tail *t, slice s) {
    if (s.len > sizeof t->ring) {
        t->written += s.len - sizeof t->ring;
        s = slice_after(s, s.len - sizeof t->ring);
    }
    size_t at = (size_t)(t->written % sizeof t->ring), first = sizeof t->ring - at < s.len ? sizeof t->ring - at : s.len;
    if (s.len > 0) {
        memcpy(t->ring + at, s.at, first);
        memcpy(t->ring, s.at + first, s.len - first);
    }
    t->written += s.len;
}

/* From the beginning of a line, where the head was lost. */
static slice tail_text(arena *a, const tail *t) {
    size_t at = (size_t)(t->written % sizeof t->ring);
    if (t->written <= sizeof t->ring) return arena_copy(a, (slice){ t->ring, (size_t)t->written });
    slice whole = arena_concat(a, (slice[]){ { t->ring + at, sizeof t->ring - at }, { t->ring, at } }, 2);
    size_t line = slice_find(whole, '\n');
    return line + 1 < whole.len ? slice_after(whole, line + 1) : whole;
}

static void ended(executor_function *f, worker_state how, int code);

/* Reads what is there, at most `turns` pieces. False when it wrote too much. */
static bool drain(executor_function *f, unsigned turns) {
    executor *x = f->of;
    int fd = worker_out(f->worker);
    while (turns-- > 0 && !f->output_ended) {
        ssize_t got = read(fd, x->piece, sizeof x->piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (got <= 0) {
            f->output_ended = true;
            loop_forget(x->loop, fd);
            break;
        }
        tail_add(f->output, (slice){ x->piece, (size_t)got });
        if (f->output->written > EXECUTOR_OUTPUT_MOST) return false;
    }
    return true;
}

static void on_output(void *self, int fd) {
    executor_function *f = self;
    (void)fd;
    if (!drain(f, READ_TURNS)) ended(f, WORKER_RUNS, 0);
    else if (f->output_ended) loop_again(f->of->loop, f->look, LOOK_END_US);     /* most likely it has ended */
}

static slice log_of(executor_function *f) {
    arena *a = f->of->arena;
    slice text = tail_text(a, f->output);
    if (f->odd.bytes.len == 0) return text;
    bool line = text.len > 0 && text.at[text.len - 1] != '\n';
    return arena_concat(a, (slice[]){ text, line ? SLICE("\n") : SLICE(""), buf_as_slice(&f->odd) }, 3);
}

static void log_clear(executor_function *f) {
    f->output->written = 0;
    f->odd.bytes.len = 0;
}

/* ---- outcomes ---- */

static void advance(void *self);

static void deliver(executor_function *f, waiting *w, const outcome *o) {
    f->of->pending--;
    w->done(w->self, o);
}

/* The invocation that runs, or waits for its process to load, is over. */
static void finish(executor_function *f, outcome *o) {
    waiting *w = f->current;
    f->current = NULL;
    if (w != NULL) {
        o->log = log_of(f);
        deliver(f, w, o);
    }
    log_clear(f);
}

static waiting *take(executor_function *f) {
    waiting *w = f->first;
    if (w == NULL) return NULL;
    f->first = w->next;
    if (f->first == NULL) f->last = NULL;
    return w;
}

static void wake(executor_function *f) {
    if (!f->of->ended) loop_again(f->of->loop, f->wake, 0);
}

static slice request_id(const executor_function *f) { return f->current == NULL ? SLICE("") : f->current->is.request_id; }

/* ---- the process ---- */

static void stop(executor_function *f) {
    loop *l = f->of->loop;
    loop_cancel(l, f->deadline);
    loop_cancel(l, f->look);
    if (f->worker != NULL) {
        loop_forget(l, worker_out(f->worker));
        worker_kill(f->worker);
        f->worker = NULL;
    }
    if (f->api != NULL) {
        runtime_api_close(f->api);
        f->api = NULL;
    }
    f->stage = STAGE_STOPPED;
}

static const runtime_calls calls;

/* Each process has a port of its own: what a killed one still wanted to say meets a closed door. */
static bool start(executor_function *f) {
    executor *x = f->of;
    slice why = SLICE("");
    f->api = runtime_api_open(x->arena, x->server, &calls, f);
    if (f->api == NULL) why = SLICE("no port of 127.0.0.1 can be had for its Runtime API");
    if (f->api != NULL) {
        slice extra = arena_printf(x->arena, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%u", runtime_api_port(f->api));
        f->started_us = loop_now_us(x->loop);
        f->worker = worker_start(x->box, x->arena, f->runnable, &extra, 1, &why);
    }
    if (f->worker == NULL) {
        f->cannot = why.len > 0 ? why : SLICE("its process could not be started");
        stop(f);
        return false;
    }
    f->stage = STAGE_LOADING;
    f->output_ended = false;
    f->end_looks = 0;
    f->told = NULL;
    log_clear(f);
    loop_watch(x->loop, worker_out(f->worker), on_output, f);
    loop_again(x->loop, f->look, LOOK_US);
    loop_again(x->loop, f->deadline, f->current != NULL ? timeout_us(f) : LOAD_US);
    return true;
}

static slice past_limit(const executor_function *f, worker_state how) {
    arena *a = f->of->arena;
    switch (how) {
    case WORKER_OUT_OF_MEMORY: return arena_printf(a, "used more memory than its MemorySize, %u MB", f->runnable->memory_mb);
    case WORKER_TOO_MANY_PROCESSES: return arena_printf(a, "started more than %d processes and threads", WORKER_PROCESSES_MOST);
    case WORKER_TOO_MUCH_DISK: return arena_printf(a, "wrote more than %u MB to /tmp", f->runnable->tmp_mb);
    default: return SLICE("wrote more than 64 MiB to its output");
    }
}

/* What came of an invocation whose process is no more. WORKER_RUNS: it was still there, and wrote too much. */
static outcome death(executor_function *f, worker_state how, int code) {
    arena *a = f->of->arena;
    slice unstarted = worker_failure(f->worker);
    outcome o = { .duration_us = f->stage == STAGE_RUNNING ? loop_now_us(f->of->loop) - f->given_us : 0 };
    if (f->told != NULL) {
        o = *f->told;
    } else if (unstarted.len > 0) {
        o.kind = OUTCOME_NOT_RUN;
        o.error_message = arena_copy(a, unstarted);
    } else if (how == WORKER_EXITED) {
        failure_exited(a, &o, request_id(f), code);
    } else if (how == WORKER_SIGNALED) {
        failure_signaled(a, &o, request_id(f), code);
    } else {
        failure_past_limit(a, &o, how == WORKER_OUT_OF_MEMORY ? OUTCOME_OUT_OF_MEMORY : OUTCOME_PAST_LIMIT, request_id(f), past_limit(f, how));
    }
    return o;
}

/* It did not come to its first `next`. What failed before an invocation waited for it is tried once more within the first one (advance), unless
 * nothing can have changed. */
static void not_loaded(executor_function *f, outcome *o) {
    arena *a = f->of->arena;
    bool final = (o->kind == OUTCOME_NOT_LOADED && failure_is_final(o->error_type)) || o->kind == OUTCOME_NOT_RUN;
    stop(f);
    if (final) {
        o->log = log_of(f);
        outcome *kept = ARENA_NEW(a, outcome);
        *kept = *o;
        f->load_failure = kept;
    }
    if (f->current != NULL) finish(f, o);
    wake(f);
}

/* The process is gone, or has to go. */
static void ended(executor_function *f, worker_state how, int code) {
    stage was = f->stage;
    drain(f, READ_TURNS);
    outcome o = death(f, how, code);
    if (was == STAGE_LOADING || was == STAGE_LEAVING) {
        not_loaded(f, &o);
        return;
    }
    stop(f);
    if (was == STAGE_ANSWERED) finish(f, &f->answer);
    else if (was == STAGE_RUNNING) finish(f, &o);
    else log_clear(f);
    wake(f);
}

static void on_look(void *self) {
    executor_function *f = self;
    if (f->worker == NULL) return;
    int code = 0;
    worker_state how = worker_look(f->worker, &code);
    if (how != WORKER_RUNS) {
        ended(f, how, code);
        return;
    }
    bool waits = f->stage == STAGE_IDLE || f->stage == STAGE_BETWEEN;
    bool ending = f->output_ended && f->end_looks++ < END_LOOKS;
    loop_again(f->of->loop, f->look, ending ? LOOK_END_US : waits ? LOOK_IDLE_US : LOOK_US);
}

static void on_deadline(void *self) {
    executor_function *f = self;
    outcome o = { .duration_us = timeout_us(f) };
    switch (f->stage) {
    case STAGE_LOADING:
        drain(f, READ_TURNS);
        failure_timed_out(f->of->arena, &o, request_id(f), timeout_s(f));
        not_loaded(f, &o);
        return;
    case STAGE_RUNNING:
        drain(f, READ_TURNS);
        stop(f);
        failure_timed_out(f->of->arena, &o, request_id(f), timeout_s(f));
        finish(f, &o);
        wake(f);
        return;
    case STAGE_ANSWERED:         /* no `next`: told all the same */
        f->stage = STAGE_BETWEEN;
        finish(f, &f->answer);
        wake(f);
        return;
    case STAGE_LEAVING:
        ended(f, WORKER_SIGNALED, SIGKILL);
        return;
    case STAGE_BETWEEN:          /* somebody waits for it, and it never asks */
        stop(f);
        wake(f);
        return;
    case STAGE_STOPPED:
    case STAGE_IDLE: return;
    }
}

/* ---- what the process says ---- */

static void on_ready(void *self) {
    executor_function *f = self;
    loop *l = f->of->loop;
    loop_cancel(l, f->deadline);
    if (f->stage == STAGE_LOADING && f->start_us == 0) {
        int64_t us = loop_now_us(l) - f->started_us;
        f->start_us = us > 0 ? us : 1;
    }
    bool answered = f->stage == STAGE_ANSWERED;
    f->stage = STAGE_IDLE;
    if (answered) {
        drain(f, READ_TURNS);
        finish(f, &f->answer);
    }
    advance(f);
}

static void on_answer(void *self, const runtime_answer *given) {
    executor_function *f = self;
    arena *a = f->of->arena;
    if (f->stage != STAGE_RUNNING) return;
    outcome o = { .kind = given->failed ? OUTCOME_ERROR : OUTCOME_RETURNED, .streamed = given->streamed, .duration_us = loop_now_us(f->of->loop) - f->given_us };
    f->refused_size = given->too_large;
    if (given->too_large) failure_too_large(a, &o, given->size);
    else if (given->failed) failure_posted(a, &o, given);
    else o.payload = given->body.len > 0 ? arena_copy(a, given->body) : SLICE("null");
    f->answer = o;
    f->stage = STAGE_ANSWERED;
    drain(f, READ_TURNS);
    loop_again(f->of->loop, f->deadline, SETTLE_US);
}

static void on_not_loaded(void *self, const runtime_answer *given) {
    executor_function *f = self;
    if (f->stage != STAGE_LOADING) return;
    outcome *o = ARENA_NEW(f->of->arena, outcome);
    *o = (outcome){ .kind = OUTCOME_NOT_LOADED };
    failure_posted(f->of->arena, o, given);
    f->told = o;
    f->stage = STAGE_LEAVING;
    loop_again(f->of->loop, f->deadline, LEAVE_US);
    loop_again(f->of->loop, f->look, LOOK_END_US);
}

/* A client that was told 413 may post an error behind it: that is no fault of the handler. */
static void on_odd(void *self, slice sentence) {
    executor_function *f = self;
    if (f->refused_size && f->stage == STAGE_ANSWERED) return;
    if (f->odd.bytes.len + sentence.len > ODD_MOST) return;
    buf_printf(&f->odd, "sflint: %.*s\n", SLICE_ARG(sentence));
}

static const runtime_calls calls = { on_ready, on_answer, on_not_loaded, on_odd };

/* ---- handing out events ---- */

/* Root and parent follow from the request: the same in every run. AWS X-Ray developer guide, "Tracing header". */
static slice trace_id(arena *a, slice id, int64_t now_ms) {
    unsigned long long one = slice_digest(id), two = slice_digest(arena_printf(a, "%.*s trace", SLICE_ARG(id)));
    return arena_printf(a, "Root=1-%08llx-%08llx%016llx;Parent=%016llx;Sampled=0", (unsigned long long)(now_ms / 1000) & 0xffffffff, two >> 32, one, two);
}

static void hand(executor_function *f) {
    executor *x = f->of;
    waiting *w = f->current;
    int64_t now_ms = loop_clock_ms(x->loop);
    runtime_event e = {
        .request_id = w->is.request_id,
        .arn = w->is.arn.len > 0 ? w->is.arn : f->runnable->arn,
        .trace_id = trace_id(x->arena, w->is.request_id, now_ms),
        .client_context = w->is.client_context,
        .identity = w->is.identity,
        .deadline_ms = now_ms + timeout_us(f) / 1000,
        .payload = w->is.payload,
    };
    drain(f, READ_TURNS);
    log_clear(f);
    f->given_us = loop_now_us(x->loop);
    bool given = runtime_api_give(f->api, &e);
    if (given) {
        f->refused_size = false;
        f->stage = STAGE_RUNNING;
        loop_again(x->loop, f->look, LOOK_US);
    } else {
        f->stage = STAGE_BETWEEN;
    }
    loop_again(x->loop, f->deadline, timeout_us(f));
}

/* What can be done for those in line, from the loop. */
static void advance(void *self) {
    executor_function *f = self;
    if (f->of->ended) return;
    while (f->current != NULL || f->first != NULL) {
        if (f->cannot.len > 0 || f->load_failure != NULL) {
            waiting *w = f->current != NULL ? f->current : take(f);
            f->current = NULL;
            outcome o = { .kind = OUTCOME_NOT_RUN, .error_message = f->cannot };
            deliver(f, w, f->load_failure != NULL ? f->load_failure : &o);
            if (f->of->ended) return;
            continue;
        }
        if (f->stage == STAGE_BETWEEN && f->current == NULL) {
            f->current = take(f);
            loop_again(f->of->loop, f->deadline, timeout_us(f));
        }
        if (f->stage != STAGE_STOPPED && f->stage != STAGE_IDLE) return;
        if (f->current == NULL) f->current = take(f);
        if (f->stage == STAGE_IDLE) {
            hand(f);
            return;
        }
        if (start(f)) return;
    }
}

void executor_invoke(executor *x, executor_function *f, const executor_call *i, outcome_fn done, void *self) {
    arena *a = x->arena;
    waiting *w = ARENA_NEW(a, waiting);
    *w = (waiting){ .done = done, .self = self };
    w->is.payload = arena_copy(a, i->payload);
    w->is.arn = arena_copy(a, i->arn);
    w->is.request_id = i->request_id.len > 0 ? arena_copy(a, i->request_id) : arena_printf(a, "00000000-0000-4000-8000-%012zu", ++x->unnamed);
    w->is.client_context = arena_copy(a, i->client_context);
    w->is.identity = arena_copy(a, i->identity);
    if (f->last != NULL) f->last->next = w;
    else f->first = w;
    f->last = w;
    x->pending++;
    wake(f);
}

/* ---- all of them ---- */

executor *executor_new(arena *a, loop *l, http_server *s, sandbox *box) {
    executor *x = ARENA_NEW(a, executor);
    x->arena = a;
    x->loop = l;
    x->server = s;
    x->box = box;
    return x;
}

static loop_timer *timer(executor *x, void (*fn)(void *self), void *self) {
    loop_timer *t = loop_after(x->loop, 0, fn, self);
    loop_cancel(x->loop, t);
    return t;
}

executor_function *executor_add(executor *x, const runnable *r) {
    executor_function *f = ARENA_NEW(x->arena, executor_function);
    *f = (executor_function){ .of = x, .runnable = r, .cannot = r->cannot, .next = x->functions };
    x->functions = f;
    f->output = ARENA_NEW(x->arena, tail);
    f->odd.arena = x->arena;
    f->deadline = timer(x, on_deadline, f);
    f->look = timer(x, on_look, f);
    f->wake = timer(x, advance, f);
    if (f->cannot.len == 0) start(f);
    return f;
}

const runnable *executor_runnable(const executor_function *f) { return f->runnable; }

size_t executor_pending(const executor *x) { return x->pending; }

bool executor_busy(const executor_function *f) { return f->current != NULL || f->first != NULL; }

int64_t executor_start_us(const executor_function *f) { return f->start_us; }

void executor_end(executor *x) {
    if (x == NULL || x->ended) return;
    x->ended = true;
    for (executor_function *f = x->functions; f != NULL; f = f->next) {
        stop(f);
        loop_cancel(x->loop, f->wake);
        f->first = f->last = f->current = NULL;
    }
    x->pending = 0;
}
