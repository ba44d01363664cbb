/* What the files of flow/ share. Private. */
#ifndef SFLINT_SMOKE_FLOW_PARTS_H
#define SFLINT_SMOKE_FLOW_PARTS_H

#include "service/pattern.h"
#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"

struct flow {
    strmap queues;               /* id -> queue_store */
    strmap streams;              /* edge and cause -> the records that wait (stream.c) */
    strmap machines;             /* id -> compiled machine */
    strmap callbacks;            /* path -> callback */
    strmap physical;             /* logical id of a custom resource -> slice: the PhysicalResourceId that it answered last */
    strmap invoke_configs;       /* "FUNCTION QUALIFIER" -> invoke_config */
    VEC(void *) executions;      /* flow/machine.c */
    const value **filters;       /* by the edge's index; NULL: not made yet (edges.c) */
};

/* Of asynchronous invocations: AWS::Lambda::EventInvokeConfig. */
typedef struct {
    int retries;                 /* 2 unless said */
    int max_age_s;               /* 21600 unless said */
} invoke_config;
#define INVOKE_RETRIES   2       /* Lambda developer guide, "Configuring error handling settings for asynchronous invocation" */
#define INVOKE_MAX_AGE_S 21600

/* ---- edges ---- */

slice flow_edge_text(smoke *s, const edge *e, const char *fact);      /* a fact as text; "" */
long long flow_setting(smoke *s, const edge *e, const char *name, long long otherwise);
/* Of an event source mapping or pipe. */
long long flow_batch_size(smoke *s, const edge *e, long long otherwise);
/* The ARN of what the edge reads from, of the templates or not: of a table its own, not its stream's. */
slice flow_source_arn(smoke *s, const edge *e);
/* Does the edge let the event through? `d` is the dialect of its patterns. because: what stops it. */
tri flow_takes(smoke *s, const edge *e, pattern_dialect d, const doc_node *event, slice *because);
/* Is the edge of this service, and switched on? */
bool flow_follows(const edge *e);
/* False: it is not delivered, and the firing says why (disabled, permission missing). */
bool flow_permitted(smoke *s, firing *f, const edge *e);

/* ---- functions (call.c) ---- */

typedef void (*flow_called)(void *self, firing *f, const outcome *o);
/* One synchronous invocation within the firing, which gets event, response, log, duration; its status is set when it failed. */
void flow_call(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, slice request_id, flow_called done, void *self);
/* An asynchronous one: attempts, then destinations and dead-letter queue. The firing ends passed or failed. */
void flow_call_later(smoke *s, firing *f, const resource *function, slice qualifier, const doc_node *event, const probe *p);
/* What the function's own configuration says of asynchronous invocations under this qualifier. */
void flow_invoke_configs_read(smoke *s);
invoke_config flow_invoke_config(smoke *s, const resource *function, slice qualifier);
/* Was what came back a failure in the service's eyes? */
bool flow_failed(const outcome *o);
/* The words for it: "ValueError: no such order". */
slice flow_failure(arena *a, const outcome *o, const runnable *how);
/* The call of a service that sflint does not emulate, made within the firing; "" = none. */
slice flow_not_emulated(const firing *f);
/* Failed or skipped, by whose fault it is. `how` NULL: as the outcome says. */
void flow_say_failure(smoke *s, firing *f, const outcome *o, const runnable *how);
/* Judges an answer that came back well; false: the firing has failed. */
bool flow_judge(smoke *s, firing *f, const probe *p, const doc_node *event, const outcome *o);

/* ---- to what an edge ends at (deliver.c) ---- */

/* The event as the source gives it: to functions as it is, to queues and topics as text, ... The firing ends. `p` may be NULL. */
void flow_deliver(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p);
/* A failure of what stands before a target: to the dead-letter queue of the edge. */
void flow_dead_letter(smoke *s, firing *f, const node *queue, const edge *over, slice body, const doc_node *attributes);
/* The edge from which a resource's dead letters go to `queue`, declared by the same resource as `e`; NULL. */
const edge *flow_dead_letter_edge(const edge *e, const node *queue);
/* What a bus, schedule or topic could not deliver (the firing has failed): to the dead-letter queue of the edge, if it has one, as that service
 * sends it. `event`: what stands in the dead letter. */
void flow_undelivered(smoke *s, firing *f, const edge *e, const doc_node *event);
/* {"DataType", "StringValue"} */
const doc_node *flow_attribute(arena *a, const char *type, slice text);
/* Does the firing end by itself when what it started has ended? */
bool flow_ends_itself(const edge *e);

/* ---- event source mappings and pipes (poll.c, stream.c) ---- */

void flow_poll_soon(smoke *s, queue_store *queue);
/* Which of a batch an answer gives back as failed; false: all of it, and why. */
bool flow_partial(smoke *s, slice payload, const slice *ids, size_t len, bool *failed, slice *why);
/* Does the edge's batch take partial responses? */
bool flow_reports(smoke *s, const edge *e);
/* Records of a stream for one edge: within `f`. */
typedef struct {
    const doc_node *const *records;
    slice *ids;                  /* sequence numbers (pipes: event ids) */
    size_t len;
} stream_batch;
void flow_stream(smoke *s, firing *f, const edge *e, const stream_batch *b, const probe *p);
bool flow_is_pipe(const edge *e);
/* A pipe's way behind its source: enrichment, input template, target. `enrichment` is the firing in which it failed there; NULL. */
typedef void (*flow_piped)(void *self, const outcome *o, const firing *enrichment);
void flow_pipe(smoke *s, firing *f, const edge *e, const doc_node *records, flow_piped done, void *self);
/* A failure of a batch that is not tried again. */
void flow_say_batch(smoke *s, firing *f, const edge *e, const outcome *o, const firing *enrichment);

/* ---- shapes (transform.c) ---- */

/* "$.detail.items[0]" in a tree; NULL when it selects nothing or is not understood. */
const doc_node *flow_path(const doc_node *n, slice path);
/* What a rule's target gets of the event; NULL with *why when AWS could not make it. A text stands for itself: for queues and topics a JSON
 * string keeps its quotes. */
const doc_node *flow_rule_input(smoke *s, const edge *e, const doc_node *event, slice *why);
/* A pipe's input template ("" = none). */
const doc_node *flow_pipe_input(smoke *s, slice template_text, const doc_node *records, const resource *pipe, slice *why);

/* ---- happenings over one edge (fire.c uses them) ---- */

void flow_message_over(smoke *s, firing *f, const edge *e, const happening_message *m);
void flow_notification_over(smoke *s, firing *f, const edge *e, const happening_notification *n, const probe *p);
void flow_event_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p);
void flow_object_over(smoke *s, firing *f, const edge *e, const happening_object *o, const probe *p);
void flow_change_over(smoke *s, firing *f, const edge *e, const happening_change *c, const probe *p);
void flow_record_over(smoke *s, firing *f, const edge *e, const happening_record *r, const probe *p);
void flow_request_over(smoke *s, firing *f, const edge *e, const happening_request *r, const probe *p);
void flow_tick_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p);

void flow_direct_over(smoke *s, firing *f, const edge *e, const doc_node *event, const probe *p);

/* A custom resource's answer (callback.c). Gives the event with the PhysicalResourceId that the requests before it led to. */
const doc_node *flow_expect_callback(smoke *s, firing *f, const doc_node *event);
/* Requests of one custom resource come one after the other: how long after the first, in virtual time. */
int64_t flow_callback_delay_ms(const doc_node *event);
void flow_callbacks_left(smoke *s);
void flow_queues_left(smoke *s);

/* Starts a machine within the firing, whose end it is. Gives the execution's ARN. */
slice flow_machine(smoke *s, firing *f, const resource *machine, slice name, const doc_node *input, flow_done done, void *self);
void flow_machines_left(smoke *s);

#endif
