/* What an API's integration becomes, whichever way it was written: REST method, HTTP or WebSocket route, operation of an OpenAPI body.
 * API Gateway developer guide, "Choose an API integration type", "Integration subtype reference", "x-amazon-apigateway-integration". */
#ifndef SFLINT_SERVICE_INTEGRATION_H
#define SFLINT_SERVICE_INTEGRATION_H

#include "service/declare.h"

#define REST_TIMEOUT_MS       29000   /* API Gateway quotas: integration timeout of REST and WebSocket APIs, and its default */
#define HTTP_TIMEOUT_MS       30000   /* the same of HTTP APIs */
#define AUTHORIZER_TIMEOUT_S  10      /* HTTP API: developer guide, "Lambda authorizers for HTTP APIs" */
#define API_PATH_MAX          8192    /* bytes of a route's path: a longer one is not said */

typedef struct {
    node *api;
    const value *api_id;         /* what names the API (a REF to it, a parameter, ...) */
    const value *stage;          /* the name of its only stage; NULL: not known */
    slice protocol;              /* "rest", "http", "websocket": edge.service */
    const resource *via;         /* NULL: the API's own body */
    pos at, end;                 /* line 0: where the target is written */
    when when;
    const value *method, *path;  /* of the route; WebSocket: path is the route key. Absent: an integration that no route names */
    const value *auth, *api_key; /* facts of the route; absent = "NONE", false */
    const value *type, *subtype, *uri, *credentials;
    const value *payload;        /* PayloadFormatVersion; absent: the default of the protocol */
    const value *authorizer;     /* text: id of its resource, or its name in the body; absent */
    const value *parameters;     /* RequestParameters */
    const value *templates;      /* RequestTemplates */
    const value *http_method;    /* of the integration */
    const value *timeout_ms, *connection_type, *connection;
    const value *transfer;       /* ResponseTransferMode: STREAM */
} api_integration;

/* An integration of which everything is absent. */
api_integration api_integration_of(node *api, const value *api_id, slice protocol);

void api_integration_edges(builder *b, const api_integration *i);

/* The stages of a template's APIs, gathered once: what AWS calls a route contains the stage. */
typedef struct { strmap by_api; } api_stages;
/* `of_api` and `name`: the properties of resources of `type` that name the API and the stage. */
void api_stages_add(builder *b, api_stages *s, const char *type, const char *of_api, const char *name);
const value *api_stage_of(const api_stages *s, const value *api_id);     /* NULL unless the API has one stage */

/* API -> function of a Lambda authorizer. `credentials` may be absent; `id` names the authorizer in the ARN (or is absent). */
typedef struct {
    node *api;
    const value *api_id, *uri, *credentials, *id;
    const value *name, *type, *payload, *identity, *validation, *simple;    /* facts; may be NULL */
    slice protocol;
    const resource *via;
    when when;
} api_authorizer;
void api_authorizer_edges(builder *b, const api_authorizer *x);

/* caller -> API, once an API of the templates. */
void api_caller(builder *b, const resource *api, slice protocol);

/* API -> where its stage writes access logs. */
void api_access_log(builder *b, const resource *stage, node *api, slice protocol, const value *destination, when w);

#endif
