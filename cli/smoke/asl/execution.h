/* An execution from the inside: runs of blocks, visits of states, and the queue that moves them on. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_EXECUTION_H
#define SFLINT_SMOKE_ASL_EXECUTION_H

#include "smoke/asl/data.h"

struct asl_program {
    const doc_node *definition;
    bool jsonata;
    double timeout_s;                /* 0: none */
};

typedef struct asl_run asl_run;
typedef struct asl_visit asl_visit;

typedef struct {
    const char *name;
    void (*begin)(asl_visit *v);     /* runs it; ends in asl_finish, asl_fault or a wait */
    bool has_result;                 /* Task, Parallel, Map: ResultSelector, Retry, Catch */
} asl_state_type;

/* One running of a block of states: the machine's own, a branch of Parallel, an item of Map. */
struct asl_run {
    asl_execution *execution;
    asl_visit *parent;               /* the Parallel or Map; NULL: the machine's own */
    size_t index;                    /* which branch or item */
    unsigned depth;
    const doc_node *states;
    bool jsonata;                    /* the QueryLanguage of what is around the block */
    asl_scope scope;
    const doc_node *item;            /* $$.Map, or NULL */
    asl_visit *now;
    bool over;
};

/* One visit of a state, retries included. */
struct asl_visit {
    asl_run *run;
    slice name;
    const doc_node *state;
    const asl_state_type *type;
    bool jsonata;
    const doc_node *raw;             /* the state's input as it came */
    const doc_node *effective;       /* JSONPath: behind InputPath; JSONata: raw */
    int64_t entered_ms;
    unsigned attempt;                /* grows with each retry: what belongs to an older one is late */
    unsigned *retried;               /* retries by retrier */
    bool dead;
    slice token;
    asl_task *task;                  /* asked for and not yet answered */
    size_t step;                     /* in the trace */
    int choice;                      /* the Choice rule that was taken */
    enum { VISIT_BEGIN, VISIT_RESULT, VISIT_FAULT } phase;
    const doc_node *result;
    slice error, cause;
    /* Parallel and Map */
    const doc_node *block;           /* Map: the processor */
    const doc_node **inputs, **outputs, **items;
    asl_run **children;
    size_t count, started, ended, failed, width;
    bool separate;                   /* distributed: items are executions of their own */
    double tolerated_count, tolerated_share;    /* failures; percent; below 0: none said */
};

struct asl_execution {
    arena *arena;
    const asl_program *program;
    asl_host host;
    asl_machinery machinery;
    asl_outcome outcome;
    const doc_node *about, *about_machine;      /* $$.Execution, $$.StateMachine */
    VEC(asl_visit *) queue;
    size_t next;                     /* in the queue */
    bool moving;                     /* the queue is being worked on further down the stack */
    VEC(asl_step) trace;
    VEC(asl_task *) tasks;
    asl_run *root;
    size_t entered, tokens;
};

/* What expressions of a visit see: `$` is `input`. */
asl_data asl_visit_data(asl_visit *v, const doc_node *input);
const doc_node *asl_field_of(const asl_visit *v, const char *field);

/* A field whose value may be computed: FIELD (an expression in JSONata) or FIELDPath. NULL: not there, or d has failed. */
const doc_node *asl_value_of(asl_visit *v, asl_data *d, const char *field);
/* The same as a number of at least `least` and at most `most`; `fallback` when it is not there. */
double asl_number_of(asl_visit *v, asl_data *d, const char *field, double least, double most, bool whole, double fallback);

/* The ways a state goes on. */
void asl_finish(asl_visit *v, const doc_node *result);                       /* its work is done */
void asl_leave(asl_visit *v, const doc_node *output, slice next);            /* goes to a state, or "" to the end of its block */
void asl_fault(asl_visit *v, slice error, slice cause);                      /* retries, catches or fails */
void asl_fault_of(asl_visit *v, const asl_data *d);                          /* what d failed with */
bool asl_assign(asl_visit *v, asl_data *d, const doc_node *assign);          /* sets variables; false: d has failed */

void asl_enqueue(asl_visit *v);
void asl_move(asl_execution *x);                                             /* works the queue off */
asl_run *asl_run_begin(asl_execution *x, asl_visit *parent, size_t index, const doc_node *block, const doc_node *input, const doc_node *item, bool jsonata_around);
void asl_run_kill(asl_run *r);
void asl_visit_drop(asl_visit *v);                                           /* what runs for it is not waited for any more */
void asl_end(asl_execution *x, asl_outcome o);

/* Calls fn(v) later unless the visit is over or in another attempt by then. */
void asl_later(asl_visit *v, double seconds, void (*fn)(asl_visit *v));

/* ---- by state type (states.c, map.c) ---- */
const asl_state_type *asl_type_of(slice name);
void asl_map_begin(asl_visit *v);
void asl_map_block(const doc_node *state, const doc_node **block, bool *distributed);
/* A child has ended: well with `output`, or with an error. */
void asl_child_done(asl_visit *v, size_t index, const doc_node *output);
void asl_child_failed(asl_visit *v, size_t index, slice error, slice cause);

/* ---- retry.c ---- */
bool asl_error_matches(const doc_node *handler, slice error);                /* a retrier or catcher */
/* Delay before the next attempt, or -1: no retrier takes it. */
double asl_retry_delay(asl_visit *v, slice error);
/* The first catcher that takes it, or NULL. */
const doc_node *asl_catcher_of(const asl_visit *v, slice error);

#endif
