/* State machines while they run: the Amazon States Language with JSONPath and JSONata.
 *
 * An execution goes on by itself until it has to wait: for a task's answer, for time to pass. It never blocks, has no thread, and neither
 * looks at a clock nor draws a random number of its own; the host gives both, so a run can be repeated. Branches of Parallel and items of
 * Map run interleaved (their tasks are asked for in order and may be answered in any); what they give lies in order.
 * (service/asl.h reads definitions for the graph; this one runs them. The names differ so that both can be included.)
 *
 * Amazon States Language specification; Step Functions developer guide, "Processing input and output", "Error handling", "Quotas". */
#ifndef SFLINT_SMOKE_ASL_MACHINE_H
#define SFLINT_SMOKE_ASL_MACHINE_H

#include <stdint.h>

#include "smoke/json.h"

#define ASL_DEFINITION_MOST (1024u * 1024)   /* bytes of a definition ("Quotas") */
#define ASL_PAYLOAD_MOST    262144u          /* bytes of what a state or task takes or gives, as UTF-8 JSON ("Quotas") */
#define ASL_PAYLOAD_DEPTH   100u             /* lists and objects inside one another in data */
#define ASL_NESTED_MOST     32u              /* Map and Parallel inside one another */
#define ASL_STATES_ENTERED  25000u           /* states entered by one execution ("Quotas": 25,000 events in its history) */
#define ASL_STEPS_MOST      20000000u        /* steps of all paths, intrinsics and expressions of one execution */
#define ASL_ITEMS_MOST      10000u           /* items of one Map that are run here */
#define ASL_VARIABLES_BYTES 262144u          /* one variable; one Assign ("Quotas") */

typedef struct asl_program asl_program;
typedef struct asl_execution asl_execution;
typedef struct asl_task asl_task;
typedef struct asl_outcome asl_outcome;

/* Checks a definition as CreateStateMachine does: fields, transitions, paths, intrinsics and JSONata expressions. NULL when it would be
 * refused; *error is one sentence that names the state. The definition is borrowed. */
const asl_program *asl_compile(arena *a, const doc_node *definition, slice *error);

/* What a machine needs of the world around it. `self` is given back as it came. All but `task`, `done`, `after` may be NULL. */
typedef struct {
    void *self;
    /* A Task state runs. Answered by one of asl_task_result, asl_task_error, inside the call or at any time later. */
    void (*task)(void *self, asl_task *t);
    /* A task that was asked for is no longer waited for: it timed out, a sibling failed, the execution ended. */
    void (*cancel)(void *self, asl_task *t);
    /* The execution has ended; called once, perhaps before asl_start returns. */
    void (*done)(void *self, asl_execution *x, const asl_outcome *o);
    /* Calls fn(arg) in `seconds` (0 or more) of the host's time, never at once. Cannot be taken back: fn knows when it is late, so the
     * execution's arena has to live as long. */
    void (*after)(void *self, double seconds, void (*fn)(void *arg), void *arg);
    int64_t (*now)(void *self);                      /* milliseconds since 1970; NULL: 0, and waits add up */
    double (*random)(void *self);                    /* [0, 1); NULL: a fixed sequence */
    void (*uuid)(void *self, char out[37]);          /* NULL: made of random */
    /* ItemReader of a distributed Map, with its Parameters or Arguments put in: s3:getObject gives a string (the object's text) or any
     * other value (taken as read), s3:listObjectsV2 the list of objects. NULL: States.ItemReaderFailed with *cause. */
    const doc_node *(*read)(void *self, arena *a, slice resource, const doc_node *arguments, slice *cause);
    /* ResultWriter of a distributed Map. False: States.ResultWriterFailed with *cause. */
    bool (*write)(void *self, slice resource, const doc_node *arguments, const doc_node *results, slice *cause);
    /* For the context object; "" gives something that looks right. */
    slice execution_arn, execution_name, machine_arn, machine_name, role_arn;
    unsigned states_most;                            /* states entered; 0: ASL_STATES_ENTERED */
    unsigned steps_most;                             /* steps of all paths and expressions; 0: ASL_STEPS_MOST */
    unsigned items_most;                             /* items of one Map; 0: ASL_ITEMS_MOST. More is cut off and noted in the trace */
} asl_host;

/* A running task. The fields are read by the host; `note` is its own to use. */
struct asl_task {
    asl_execution *execution;
    slice state;                 /* name of the state */
    slice resource;              /* as written, with its suffix: "arn:aws:states:::sqs:sendMessage.waitForTaskToken" */
    slice action;                /* without the suffix */
    const doc_node *input;       /* what the resource is called with */
    const doc_node *credentials; /* or NULL */
    bool wait_for_token;         /* .waitForTaskToken: the answer is what comes with `token` */
    bool sync;                   /* .sync, .sync:2 */
    bool parsed;                 /* .sync:2 */
    slice token;                 /* unique in the execution; also $$.Task.Token */
    double timeout_s;            /* 0: none said */
    double heartbeat_s;          /* 0: none said */
    unsigned attempt;            /* 0, then one more a retry */
    void *note;
};

void asl_task_result(asl_task *t, const doc_node *result);       /* a late or second answer changes nothing */
void asl_task_error(asl_task *t, slice error, slice cause);
void asl_task_heartbeat(asl_task *t);
/* The task that waits with this token, or NULL. */
asl_task *asl_task_by_token(asl_execution *x, slice token);

typedef enum { ASL_RUNNING, ASL_SUCCEEDED, ASL_FAILED, ASL_TIMED_OUT, ASL_ABORTED } asl_status;

struct asl_outcome {
    asl_status status;
    const doc_node *output;      /* ASL_SUCCEEDED */
    slice error, cause;          /* others; may be "" */
    slice state;                 /* where it failed, or "" */
};

/* Starts. NULL input: {}. Everything is taken from `a`, which outlives the execution and every `after`. */
asl_execution *asl_start(arena *a, const asl_program *p, const doc_node *input, const asl_host *host);
/* Ends it as ABORTED (StopExecution; something that cannot be run here). */
void asl_abort(asl_execution *x, slice error, slice cause);
const asl_outcome *asl_outcome_of(const asl_execution *x);       /* status ASL_RUNNING while it runs */
const asl_host *asl_host_of(const asl_execution *x);

/* What happened, in order: one line a state entered. */
typedef struct {
    slice state, type;
    unsigned depth;              /* Map and Parallel around it */
    size_t index;                /* which branch or item; 0 at depth 0 */
    int64_t at_ms;
    const doc_node *input;
    const doc_node *output;      /* NULL: it has not ended well */
    slice next;                  /* state it went to; "" at an end */
    int choice;                  /* Choice: index of the rule taken, -1 the Default */
    unsigned retries;
    slice error;                 /* last error it met, retried or caught or not; "" */
    bool caught;
    slice note;                  /* "" or what a person should know */
} asl_step;
const asl_step *asl_trace(const asl_execution *x, size_t *len);

/* Does execution `x` wait for a task or for time? For a host that has nothing left to do. */
size_t asl_tasks_pending(const asl_execution *x);

#endif
