/* What happens at a source, in the source's own terms: before a service makes an event of it. */
#ifndef SFLINT_SMOKE_EVENT_HAPPENING_H
#define SFLINT_SMOKE_EVENT_HAPPENING_H

#include "smoke/run.h"

typedef struct {
    slice body;
    const doc_node *attributes;  /* {name: {"DataType", "StringValue" | "BinaryValue"(base64)}}; NULL: none */
    slice group, dedup;          /* FIFO; "" */
    int64_t delay_ms;            /* -1: the queue's */
} happening_message;

typedef struct {
    slice message, subject;      /* subject "" = none */
    const doc_node *by_protocol; /* MessageStructure json: {"default", "sqs", ...}; NULL */
    const doc_node *attributes;  /* {name: {"DataType", "StringValue" | "BinaryValue"}}; NULL */
    slice group, dedup;
} happening_notification;

typedef struct {
    slice event;                 /* "ObjectCreated:Put" */
    slice key;                   /* raw */
    slice body;                  /* what is stored, so that a handler can get it; "" */
    slice content_type;
    uint64_t size;
    slice etag, version;         /* "" = none */
} happening_object;

typedef struct {
    slice event;                 /* INSERT, MODIFY, REMOVE */
    const doc_node *keys, *before, *after;   /* attribute values as on the wire; NULL where there is none */
    bool by_ttl;
} happening_change;

typedef struct {
    slice key;                   /* partition key */
    slice data;                  /* bytes */
} happening_record;

typedef struct {
    slice method;                /* "GET"; WebSocket: "CONNECT", "MESSAGE", "DISCONNECT" */
    slice path;                  /* as the client sends it, without the stage; WebSocket: "" */
    slice query;                 /* raw, without `?` */
    const doc_node *headers;     /* {name: text | [text, ...]}; NULL */
    slice body;                  /* bytes */
    bool no_body;
    slice stage;                 /* "" = the API's first or $default */
    slice connection;            /* WebSocket connection id; "" */
} happening_request;

typedef enum {
    HAPPENS_MESSAGE, HAPPENS_NOTIFICATION, HAPPENS_EVENT, HAPPENS_OBJECT, HAPPENS_CHANGE, HAPPENS_RECORD, HAPPENS_REQUEST,
    HAPPENS_TICK,                /* a schedule's time has come */
    HAPPENS_DIRECT               /* the service calls by itself (Cognito, Config, SES, IoT, ...): the event is as the handler gets it */
} happening_kind;

/* One thing to do for a trigger, made by the plan (event/plan.h) or read from a file. */
typedef struct {
    const edge *trigger;
    happening_kind kind;
    union {
        happening_message message;
        happening_notification notification;
        happening_object object;
        happening_change change;
        happening_record record;
        happening_request request;
    };
    const doc_node *event;       /* EVENT: the envelope; TICK, DIRECT: as the handler (or other target) gets it, before Input and transformers */
    bool must_not_arrive;        /* the trigger has to refuse it */
    slice what;                  /* "INSERT", "without a token", "createSecret": tells probes of one trigger apart; "" */
    slice cannot;                /* why nothing can be fired: the trigger is skipped; "" */
    bool cannot_ever;            /* ... because no event can pass its filter: the trigger fails */
    slice given;                 /* path of the file it came from; "" = made up */
} probe;

#endif
