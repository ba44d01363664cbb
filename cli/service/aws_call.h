/* Calls of AWS APIs that a declaration makes (state machine tasks, API Gateway integrations): which parameter names the resource, and what
 * the call does to it. */
#ifndef SFLINT_SERVICE_AWS_CALL_H
#define SFLINT_SERVICE_AWS_CALL_H

#include "service/declare.h"

typedef struct {
    slice of;                /* the service by its IAM prefix: "sqs", "states" */
    slice action;            /* as the API spells it: "SendMessage" */
    const char *parameters;  /* paths of parameters that name a target, tried in order, separated by a blank; "" when none does */
    const char *type;        /* what a plain name means */
    edge_kind kind;
    const char *grant;       /* IAM action where it is not SERVICE:ACTION */
} aws_call;

/* NULL for calls that start and write nothing, or that are not known (aws_call_reads tells them apart). */
const aws_call *aws_call_of(slice service_name, slice action);

/* Does the action's name say that it only reads or manages (Get, List, Describe, Query, ...)? */
bool aws_call_reads(slice action);

/* An SDK's name of a service as the IAM prefix: "sfn" -> "states", "eventbridge" -> "events"; others are the same. */
slice aws_call_prefix(slice sdk_name);

/* "sendMessage" -> "SendMessage" */
slice aws_call_action(arena *a, slice lower_camel);

/* The IAM action of a call. */
slice aws_call_grant(arena *a, const aws_call *c);

#endif
