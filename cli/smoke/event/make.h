/* Events as functions get them, made of what happened at the source. Facts: Lambda developer guide, "Using AWS Lambda with ..." of each
 * service; EventBridge user guide, "Event structure"; API Gateway developer guide, "Working with AWS Lambda proxy integrations". Everything lies in `a`. */
#ifndef SFLINT_SMOKE_EVENT_MAKE_H
#define SFLINT_SMOKE_EVENT_MAKE_H

#include "smoke/flow/queue.h"

/* One element of Records (SQS, Kinesis, DynamoDB), as an event source mapping delivers it; pipes deliver the same in a list. */
const doc_node *make_sqs_record(maker *m, arena *a, slice queue_arn, const queue_message *q);
const doc_node *make_kinesis_record(maker *m, arena *a, slice stream_arn, slice sequence, const happening_record *r);
/* `view` is the StreamViewType. */
const doc_node *make_dynamodb_record(maker *m, arena *a, slice table_arn, slice view, const happening_change *c);
/* {"Records": [...]} */
const doc_node *make_records(arena *a, const doc_node *const *records, size_t len);
/* The record as the filter of an event source mapping sees it: body and data decoded. */
const doc_node *make_filtered_view(arena *a, const doc_node *record);

const doc_node *make_sns_event(maker *m, arena *a, slice topic_arn, slice subscription_arn, slice message_id, const happening_notification *n, slice protocol);
/* The text that a queue or URL gets. */
const doc_node *make_sns_envelope(maker *m, arena *a, slice topic_arn, slice message_id, const happening_notification *n, slice protocol);
const doc_node *make_s3_event(maker *m, arena *a, slice bucket, slice configuration_id, const happening_object *o);
/* What S3 puts on the default bus for the same. NULL: S3 sends no such event there. */
const doc_node *make_s3_bus_event(maker *m, arena *a, slice bucket, const happening_object *o);

const doc_node *make_bus_event(maker *m, arena *a, slice source, slice detail_type, const doc_node *detail, const doc_node *resources);
const doc_node *make_rule_tick(maker *m, arena *a, slice rule_arn);
const doc_node *make_scheduler_event(maker *m, arena *a, slice schedule_arn);

/* How a request came to a function: everything that the route says. */
typedef struct {
    const node *api;                 /* or the function of a URL, or the load balancer */
    slice api_id, stage, domain;
    slice route_key;                 /* "GET /items/{id}", "$default", "$connect" */
    slice resource_path;             /* REST: "/items/{id}" */
    const doc_node *path_parameters; /* NULL: none */
    const doc_node *stage_variables; /* NULL: none */
    const doc_node *authorizer;      /* what stands under requestContext.authorizer; NULL */
    slice method_arn;
    slice target_group_arn;          /* ALB */
    bool multi_value;                /* ALB: lambda.multi_value_headers.enabled */
    bool anonymous;                  /* function URL with AuthType NONE */
    slice connection_id;             /* WebSocket */
} made_route;
const doc_node *make_rest_event(maker *m, arena *a, const made_route *r, const happening_request *q);            /* payload of REST APIs */
const doc_node *make_http_event(maker *m, arena *a, const made_route *r, const happening_request *q, slice version);   /* "1.0" or "2.0"; function URLs: "2.0" */
const doc_node *make_websocket_event(maker *m, arena *a, const made_route *r, const happening_request *q);
const doc_node *make_alb_event(maker *m, arena *a, const made_route *r, const happening_request *q);
/* `version` "TOKEN", "REQUEST" (REST), "1.0", "2.0" (HTTP); `identity` are the values of the identity sources. */
const doc_node *make_authorizer_event(maker *m, arena *a, const made_route *r, const happening_request *q, slice version, const doc_node *identity);

/* What an integration of version "1.0"/REST, "2.0"/URL, "websocket", "alb" makes of what a function returned. False: the client gets the service's error;
 * *why says what is wrong with it. *note: accepted, but worth a word ("" = nothing). */
typedef struct { unsigned status; const doc_node *headers; slice body; slice note; } made_response;
bool make_response(arena *a, slice version, slice payload, made_response *out, slice *why);

#endif
