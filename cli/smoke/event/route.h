/* Routes: what an API's edge says about how a request reaches its function, and which route takes a request. API Gateway developer guide,
 * "Create routes for HTTP APIs", "Set up a method"; smoke.md's facts on precedence. */
#ifndef SFLINT_SMOKE_EVENT_ROUTE_H
#define SFLINT_SMOKE_EVENT_ROUTE_H

#include "smoke/event/make.h"

typedef struct {
    made_route made;             /* path parameters and authorizer are filled for the request */
    slice version;               /* "rest", "1.0", "2.0", "url", "websocket", "alb": as make_response takes it */
    bool proxy;                  /* false: an integration with mapping templates */
    slice auth;                  /* NONE, AWS_IAM, JWT, CUSTOM, COGNITO_USER_POOLS, ... */
    bool api_key;
    const edge *authorizer;      /* the edge to its Lambda authorizer; NULL */
} route;

/* Is it an edge over which requests travel (not an authorizer's)? */
bool route_is(const edge *e);
bool route_is_authorizer(const edge *e);
/* `q` NULL: no path parameters. */
void route_read(maker *m, arena *a, const edge *e, const happening_request *q, route *out);
/* The event that the function gets; a non-proxy integration: the body. */
const doc_node *route_event(maker *m, arena *a, const edge *e, const route *r, const happening_request *q);

/* Does the route take the request? *parameters: of its path; NULL without. */
bool route_takes(maker *m, arena *a, const edge *e, const happening_request *q, const doc_node **parameters);
/* The route of the API that gets the request, by precedence; NULL: none. A REST API looks for the resource first and for its method then: a
 * resource that has not the method is the end of it, whether or not another would take the request. */
const edge *route_of(maker *m, arena *a, const node *api, const happening_request *q);

/* What an authorizer's edge says, and its event for a request. */
typedef struct {
    slice version;               /* "TOKEN", "REQUEST", "1.0", "2.0" */
    const doc_node *identity;    /* values of the identity sources; NULL when one of them is missing: 401 without a call */
    bool simple;
    bool validated;              /* an IdentityValidationExpression is set */
} authorizer_read_of;
void authorizer_read(maker *m, arena *a, const edge *e, const happening_request *q, authorizer_read_of *out);

/* What stops a request before it comes to its integration: missing key, signature or token; 0 when nothing does. *message as the client sees it. */
unsigned route_refuses(const route *r, const happening_request *q, slice *message, slice *why);
/* The answer of an API or function URL with CORS to a preflight: its headers; NULL when it answers none. */
const doc_node *route_preflight(maker *m, arena *a, const node *api, const happening_request *q);

#endif
