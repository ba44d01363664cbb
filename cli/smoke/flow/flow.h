/* Happenings, and how they travel: what a client, a plan or a state machine does to a queue, topic, bus, bucket, table, stream, function,
 * machine or API, and what the services then do with it along the graph: filters, batches, retries, dead-letter queues, destinations.
 * `cause` is the firing in which it was done (NULL: by the plan, then `only` of flow_fire says which edge). Nothing blocks: what follows is put on the run's agenda. */
#ifndef SFLINT_SMOKE_FLOW_FLOW_H
#define SFLINT_SMOKE_FLOW_FLOW_H

#include "smoke/event/happening.h"
#include "smoke/flow/queue.h"

flow *flow_new(smoke *s);

/* A message was put into the queue (by SendMessage, a topic, a rule, a dead letter, ...). Gives the stored message. */
queue_message *flow_send(smoke *s, const resource *queue, const happening_message *m, firing *cause);
void flow_publish(smoke *s, const resource *topic, const happening_notification *n, firing *cause);
/* `bus` NULL: the default bus. `event` is the whole envelope. */
void flow_put_event(smoke *s, const resource *bus, const doc_node *event, firing *cause);
void flow_object(smoke *s, const resource *bucket, const happening_object *o, firing *cause);
void flow_change(smoke *s, const resource *table, const happening_change *c, firing *cause);
/* Kinesis. Gives the sequence number. */
slice flow_record(smoke *s, const resource *stream, const happening_record *r, firing *cause);
void flow_firehose(smoke *s, const resource *delivery, const slice *data, size_t len, firing *cause);

typedef struct {
    bool ok;                     /* false: payload is a function error, or error says why nothing ran */
    slice payload;
    slice error, cause;          /* state machines: name and cause; functions: errorType and errorMessage */
    slice status;                /* state machines: SUCCEEDED, FAILED, TIMED_OUT, ABORTED */
} flow_answer;
typedef void (*flow_done)(void *self, const flow_answer *a);
/* An invocation by a client. `done` NULL: asynchronous (Event), with its retries and destinations. */
void flow_invoke(smoke *s, const resource *function, slice qualifier, slice payload, firing *cause, flow_done done, void *self);
/* An execution of a state machine; `done` NULL: StartExecution. Gives the execution's ARN. */
slice flow_start(smoke *s, const resource *machine, slice name, const doc_node *input, firing *cause, flow_done done, void *self);
/* SendTaskSuccess (output) or SendTaskFailure (error); false: no such token. */
bool flow_task_token(smoke *s, slice token, const doc_node *output, slice error, slice cause);
/* A request to an API, function URL or load balancer: routed, authorised, integrated. */
typedef struct {
    unsigned status;
    slice body;
    const doc_node *headers;
} flow_response;
void flow_request(smoke *s, const node *api, const happening_request *r, firing *cause, void (*done)(void *self, const flow_response *r), void *self);
/* A schedule that a client made (CreateSchedule): its target is fired once, at its time. */
void flow_schedule(smoke *s, slice name, slice expression, slice target_arn, slice input, firing *cause);
/* What was sent to a URL that an event carried (ResponseURL of a custom resource): true when it was one of ours. */
bool flow_called_back(smoke *s, slice path, slice body);

/* Fires one probe of the plan; what comes of it is a firing in s->fired. */
void flow_fire(smoke *s, const probe *p);
/* Runs until nothing is left to do, or the run was interrupted (false). */
bool flow_run(smoke *s);

#endif
