/* Queues: messages, visibility, receives, order. Amazon SQS developer guide, "Visibility timeout", "FIFO queue logic", "Dead-letter queues". Time is virtual. */
#ifndef SFLINT_SMOKE_FLOW_QUEUE_H
#define SFLINT_SMOKE_FLOW_QUEUE_H

#include "smoke/event/happening.h"

#define QUEUE_MAX_MESSAGES 100000u

typedef struct queue_message {
    happening_message said;
    slice id, receipt;           /* receipt changes with each receive */
    slice md5, attributes_md5;   /* hex; attributes_md5 "" without attributes */
    slice sequence;              /* FIFO: 20 digits; "" */
    unsigned receives;
    int64_t sent_ms, first_receive_ms, visible_ms;
    firing *cause;               /* in which it was sent; NULL */
    firing *as;                  /* the firing that its delivery is, when the plan has made one; NULL: a new one below cause */
    const edge *only;            /* the plan: over this edge alone; NULL: over any */
    bool deleted;
    slice dead_letter_source;    /* ARN of the queue it came from; "" */
} queue_message;

typedef struct {
    const resource *resource;
    bool fifo, content_dedup;
    int64_t visibility_ms, delay_ms;
    const resource *dead_letter;     /* redrive policy; NULL */
    unsigned max_receives;
    VEC(queue_message *) messages;   /* in order; deleted ones are taken out from time to time */
    uint64_t sequence;
} queue_store;

/* The store of a queue of the templates; made at first use. */
queue_store *queue_of(smoke *s, const resource *queue);
/* Adds. NULL: a FIFO duplicate within its five minutes (*of is the first), or the queue is full. */
queue_message *queue_add(smoke *s, queue_store *q, const happening_message *m, firing *cause, queue_message **of);
/* At most `most` visible messages, which become invisible for visibility_ms (-1: the queue's); of a FIFO group only when none of it is in flight.
 * A message that was received max_receives times goes to the dead-letter queue instead. */
size_t queue_receive(smoke *s, queue_store *q, arena *a, size_t most, int64_t visibility_ms, queue_message **out);
/* The same for one edge: messages that may go over it and have one cause, that of the first. */
size_t queue_receive_for(smoke *s, queue_store *q, const edge *e, size_t most, queue_message **out);
/* When the next message that is not visible becomes so; INT64_MAX: none. */
int64_t queue_next_visible(const queue_store *q);
queue_message *queue_by_receipt(queue_store *q, slice receipt);
void queue_delete(queue_store *q, queue_message *m);
size_t queue_visible(const smoke *s, const queue_store *q);

#endif
