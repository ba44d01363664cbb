/* What the files of DynamoDB's operations share. */
#ifndef SFLINT_SMOKE_AWS_DYNAMODB_PARTS_H
#define SFLINT_SMOKE_AWS_DYNAMODB_PARTS_H

#include "smoke/aws/dynamodb_table.h"

/* One request being read: the call, its store, and what is wrong so far. */
typedef struct {
    aws_call *call;
    arena *arena;
    dynamo_store *store;
    dynamo_fault fault;
} dynamo_request;

dynamo_request dynamo_request_of(aws_call *c);
/* Answers with the fault; true when there was one. */
bool dynamo_failed(dynamo_request *q);
/* The table named, for an action on it (or on its index); NULL: it was answered. */
dynamo_table *dynamo_table_for(dynamo_request *q, slice named, const char *action, slice index);
/* Members of before 2014 ("Expected", "KeyConditions", ...) are refused and noted; true: it was answered. */
bool dynamo_legacy(dynamo_request *q, const doc_node *in);
/* One of the texts (NULL ends them), or absent; else a ValidationException. */
bool dynamo_one_of(dynamo_request *q, const doc_node *in, const char *member, const char *const *allowed);
bool dynamo_has(const doc_node *in, const char *member);     /* there, and not null */
/* A member that must be a string, or absent (""). */
bool dynamo_text(dynamo_request *q, const doc_node *in, const char *member, slice *out);

/* ConsumedCapacity, when the request asks for it; else NULL. Developer guide, "Capacity unit consumption": a unit is 4 KB read consistently, or 1 KB written. */
double dynamo_read_units(size_t bytes, bool consistent);
double dynamo_write_units(size_t bytes);
const doc_node *dynamo_consumed(dynamo_request *q, const dynamo_table *t, double units);

/* ---- writes: PutItem, UpdateItem, DeleteItem and the same in transactions and batches ---- */
typedef enum { WRITE_PUT, WRITE_UPDATE, WRITE_DELETE, WRITE_CHECK } dynamo_write_kind;
typedef struct {
    dynamo_write_kind kind;
    dynamo_table *table;
    const doc_node *item, *key;              /* item: PUT */
    const dynamo_condition *condition;       /* NULL: none */
    dynamo_update update;
    bool old_on_failure;
    slice place;
    const doc_node *before, *after;          /* set by dynamo_write_try; NULL where there is none */
} dynamo_write;

/* Reads the members of one write. */
bool dynamo_write_read(dynamo_request *q, const doc_node *in, dynamo_write_kind kind, dynamo_table *t, dynamo_write *w);
/* Looks whether it can be done, and what the item is then: nothing is changed. */
bool dynamo_write_try(dynamo_request *q, dynamo_write *w);
/* Does it; happenings go to the flow. */
bool dynamo_write_do(dynamo_request *q, dynamo_write *w);
void dynamo_write_tell(dynamo_request *q, const dynamo_write *w);

/* dynamodb_query.c, dynamodb_batch.c */
void dynamo_query(aws_call *c);
void dynamo_scan(aws_call *c);
void dynamo_batch_get(aws_call *c);
void dynamo_batch_write(aws_call *c);
void dynamo_transact_get(aws_call *c);
void dynamo_transact_write(aws_call *c);

#endif
