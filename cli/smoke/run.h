/* A smoke run: what was fired, what came of it, and what followed. One thread; one arena; time in flows is virtual (retries, waits,
 * schedules take none), time in handlers is real. */
#ifndef SFLINT_SMOKE_RUN_H
#define SFLINT_SMOKE_RUN_H

#include "smoke/host/executor.h"
#include "smoke/world.h"

typedef enum { FIRING_OPEN, FIRING_PASSED, FIRING_FAILED, FIRING_SKIPPED } firing_status;

/* One delivery over one edge: a node of the story. */
typedef struct firing firing;
typedef VEC(firing *) firings;
typedef VEC(slice) notes;
struct firing {
    const edge *edge;            /* NULL: a call that no edge declares (a client called a function by its name) */
    slice from, to, via;         /* as reported; via "" when x or z declares it itself */
    edge_kind kind;
    firing *parent;              /* what caused it; NULL: the plan */
    firings then;                /* what it caused, in order */
    firing_status status;
    slice reason;                /* failed, skipped: one line */
    slice story;                 /* stack trace and log, lines; "" */
    const doc_node *event;       /* as it was delivered; NULL when nothing was */
    slice response;              /* as the handler gave it; "" when none came */
    int64_t duration_us;
    unsigned attempts;
    bool must_not_arrive;        /* an event that the trigger has to refuse */
    bool made_up;                /* its content was invented here: by the plan, or by what followed from an invented event */
    slice what;                  /* of the probe: "INSERT", "without a token"; "" */
    notes notes;                 /* what a person should know: calls not emulated, permissions, ... each once */
    pos at;                      /* where the trigger was declared */
    firing *root;                /* the first of its causes: one of the plan's; itself when it is one */
    bool looped;                 /* of a root: an event below it causes itself; nothing more is delivered there */
};

/* Ids and times, the same in every run. */
typedef struct {
    world *world;
    uint64_t next;               /* counter behind ids */
    int64_t now_ms;              /* virtual time */
} maker;

slice make_uuid(maker *m, arena *a);
slice make_hex(maker *m, arena *a, size_t digits);
slice make_digits(maker *m, arena *a, size_t digits);
/* "2026-11-25T10:30:00Z", with milliseconds "2026-11-25T10:30:00.000Z" */
slice make_time(arena *a, int64_t ms, bool millis);

typedef struct endpoint endpoint;    /* aws/endpoint.h */
typedef struct flow flow;            /* flow/flow.h: private */

/* A function of the templates while it runs. */
typedef struct {
    const resource *resource;
    const runnable *how;         /* NULL: nothing can be run */
    executor_function *runs;     /* NULL without an executor */
    firings line;                /* firings whose invocations wait or run, in order: the first is the current one (from `head`) */
    size_t head;
} smoke_running;

typedef struct {
    int64_t at_ms;
    uint64_t order;
    void (*fn)(void *self);
    void *self;
} smoke_task;

/* Deliveries of one run, and bytes that they and what handlers write leave behind: past either the run stops. */
#define SMOKE_MAX_FIRINGS 5000u
#define SMOKE_MAX_BYTES   ((size_t)256 * 1024 * 1024)
/* How often one edge may stand in one line of causes: once more is a loop. */
#define SMOKE_MAX_AGAIN 3u

typedef struct smoke smoke;
struct smoke {
    arena *arena;
    const graph *graph;
    world *world;
    maker maker;
    loop *loop;
    http_server *server;
    executor *executor;          /* NULL: nothing can be run (no libmicrohttpd) */
    endpoint *endpoint;
    flow *flow;
    firings fired;               /* by the plan, in its order */
    VEC(smoke_running *) functions;
    strmap running;              /* id of the resource -> smoke_running */
    /* How a function is run here; asked once, when it is first needed. `number` is its place in functions. NULL: nothing can be run. */
    const runnable *(*prepare)(void *self, const resource *function, unsigned number);
    void *prepare_self;
    /* Invokes instead of the executor, when not NULL: tests answer here. `done` is called later, never from inside. */
    void (*invoke)(void *self, const resource *function, const executor_call *i, outcome_fn done, void *done_self);
    void *invoke_self;
    VEC(smoke_task) agenda;      /* a heap by time, then order */
    uint64_t order;
    size_t firings;              /* made so far, but for the plan's own */
    bool planned;                /* the firing that is made now is the plan's */
    size_t bytes;                /* left behind so far */
    firing *beyond;              /* stands for all firings past the limit */
    bool stopped;                /* past a limit: nothing more is started */
    slice stopped_why;
};

/* Everything but endpoint, server and executor, which command/ puts in. */
smoke *smoke_new(arena *a, const graph *g, world *w, int64_t now_ms);
/* A function that runs, or could (runnable.cannot): made, and its process started, when it is first asked for. NULL: it is no function. */
smoke_running *smoke_running_of(smoke *s, const resource *function);

/* How it runs here; NULL: not at all. */
const runnable *smoke_how(smoke *s, const resource *function);

/* The function of a node or resource; NULL for none. Its index names it in credentials: AWS_ACCESS_KEY_ID is SFLINT and 14 digits. */
executor_function *smoke_function(smoke *s, const resource *function);
const resource *smoke_function_by_key(smoke *s, slice access_key_id);
/* The firing in which the function runs now: what it writes is caused by it; NULL when it runs none. */
firing *smoke_current(smoke *s, const resource *function);

/* Counts what something that happened leaves behind in the run's arena. False: past SMOKE_MAX_BYTES; then the run is stopped and it does not happen. */
bool smoke_room(smoke *s, size_t bytes);

/* A loop is found here: the new firing is then failed with its path, its root too, and nothing more is delivered below that root. */
firing *firing_new(smoke *s, firing *parent, const edge *e);
/* The same for what no edge of the templates declares: from and to are ids of nodes. */
firing *firing_between(smoke *s, firing *parent, slice from, slice to, edge_kind kind, pos at);
/* Is nothing more to be started for it: its root has a loop, or the run was stopped? */
bool firing_halted(const smoke *s, const firing *f);
void firing_note(smoke *s, firing *f, slice note);
void firing_pass(firing *f);
void firing_fail(smoke *s, firing *f, slice reason);     /* the first reason stays */
void firing_skip(smoke *s, firing *f, slice reason);

/* What is to be done next, in virtual time: `after_ms` from now. Runs in order of time, then of asking. */
/* Does what is due next; false when nothing is, at the present time. smoke_advance moves virtual time to what is next; false when nothing is there. */
bool smoke_do(smoke *s);
bool smoke_advance(smoke *s);
void smoke_later(smoke *s, int64_t after_ms, void (*fn)(void *self), void *self);

#endif
