/* Queues: messages, visibility, receives, order. Amazon SQS developer guide, "Visibility timeout", "FIFO queue logic", "Dead-letter queues". Time is virtual. */
#ifndef SFLINT_SMOKE_FLOW_QUEUE_H
#define SFLINT_SMOKE_FLOW_QUEUE_H

#include "smoke/event/happening.h"

#define QUEUE_MAX_MESSAGES 100000u

/* A message group of a FIFO queue. */
typedef struct {
    uint64_t held_in;            /* the last look at the queue in which one of its messages held the later ones back */
} queue_group;

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
    bool worn;                   /* received as often as a run does it: the next receive moves it to the dead-letter queue */
    queue_group *group;          /* NULL: a standard queue */
    slice dead_letter_source;    /* ARN of the queue it came from; "" */
} queue_message;

typedef struct {
    const resource *resource;        /* NULL: a queue outside the templates that they read from */
    const node *node;                /* may be NULL */
    slice id, arn;
    bool fifo, content_dedup;
    int64_t visibility_ms, delay_ms;
    const resource *dead_letter;     /* redrive policy; NULL */
    unsigned max_receives;
    VEC(queue_message *) messages;   /* in order; deleted ones are taken out from time to time */
    uint64_t sequence;
    bool dedup_by_group;             /* DeduplicationScope: messageGroup */
    strmap groups;                   /* name -> queue_group */
    strmap sent;                     /* deduplication id (and group) -> the message last sent with it */
    uint64_t looks;
    size_t from;                     /* messages before it are deleted, or invisible until from_until_ms */
    int64_t from_until_ms;
} queue_store;

/* Bytes of one batch: an invocation takes 6 MB (Lambda developer guide, "Lambda quotas"). */
#define QUEUE_BATCH_BYTES (6u * 1024 * 1024)

/* The store of a queue of the templates; made at first use. */
queue_store *queue_of(smoke *s, const resource *queue);
/* The store of the queue that an edge reads from, which may be outside the templates. */
queue_store *queue_at(smoke *s, const edge *e);
/* Adds. NULL: a FIFO duplicate within its five minutes (*of is the first), or the queue is full. */
queue_message *queue_add(smoke *s, queue_store *q, const happening_message *m, firing *cause, queue_message **of);
/* At most `most` visible messages, which become invisible for visibility_ms (-1: the queue's); of a FIFO group only when none of it is in flight.
 * A message that was received max_receives times goes to the dead-letter queue instead. */
size_t queue_receive(smoke *s, queue_store *q, arena *a, size_t most, int64_t visibility_ms, queue_message **out);
/* The same for one edge: messages that may go over it and have one cause, that of the first. */
size_t queue_receive_for(smoke *s, queue_store *q, const edge *e, size_t most, queue_message **out);
/* When the next message that is not visible becomes so; INT64_MAX: none. */
int64_t queue_next_visible(const queue_store *q);
/* For a change of its visibility or its deletion; both are open until the next receive. */
queue_message *queue_by_receipt(queue_store *q, slice receipt);
void queue_delete(queue_store *q, queue_message *m);
size_t queue_visible(const smoke *s, const queue_store *q);

#endif
