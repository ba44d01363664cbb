/* The AWS endpoint on loopback: what handlers' SDK clients call (AWS_ENDPOINT_URL). Resources are those of the templates, with their
 * names, and nothing else exists. An operation that is not built is answered with the service's error shape and noted, never faked. */
#ifndef SFLINT_SMOKE_AWS_ENDPOINT_H
#define SFLINT_SMOKE_AWS_ENDPOINT_H

#include "smoke/run.h"

endpoint *endpoint_new(smoke *s);
/* An http_handler; self is the endpoint. */
void endpoint_http(void *self, http_request *r);

/* The same operations for what calls them inside: state machines ("sqs", "SendMessage"), API integrations. `in` has the API's own member
 * names. `done` is called once, maybe before this returns. error "" = it went well. */
typedef void (*endpoint_done)(void *self, const doc_node *out, slice error, slice message);
void endpoint_call(endpoint *e, const node *caller, firing *cause, slice service, slice operation, const doc_node *in, endpoint_done done, void *self);

/* Stores that the plan fills before a handler looks: the object of an S3 event, the item of a stream record. They make no event. */
void endpoint_put_object(endpoint *e, const resource *bucket, slice key, slice body, slice content_type);
void endpoint_put_item(endpoint *e, const resource *table, const doc_node *item);

/* WebSocket connections, for PostToConnection, GetConnection, DeleteConnection: whoever opens or closes one may say so. Of which nobody has said
 * anything, those are open that an event of the run carries. */
void endpoint_connection(endpoint *e, slice id, bool open);
tri endpoint_connected(const endpoint *e, slice id);

/* A place where a service's emulation keeps its stores, made empty (*slot NULL) at first use. `name` is its signing name. */
void **endpoint_slot(endpoint *e, const char *name);

#endif
