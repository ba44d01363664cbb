/* One call of an operation: for the service files of aws/. A service file has a table of operations; protocols (JSON, query, REST) are
 * aws/protocol_*.c and know no service. */
#ifndef SFLINT_SMOKE_AWS_CALL_H
#define SFLINT_SMOKE_AWS_CALL_H

#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"

typedef struct aws_call aws_call;

typedef struct {
    const char *name;            /* "SendMessage"; NULL ends a table */
    void (*run)(aws_call *c);
    const char *action;          /* what the caller's role must allow: "sqs:SendMessage"; NULL: nothing (sts:GetCallerIdentity) */
    const char *named_by;        /* the member that names the resource: "QueueUrl"; NULL: the operation asks by itself (aws_allowed) */
    const char *type;            /* its CloudFormation type */
    const char *missing;         /* error code when there is no such resource; with it run() always has a target */
    const char *missing_says;    /* its message, "{}" is what the client named; NULL: a plain sentence */
    unsigned missing_status;     /* 0: 400 */
} aws_operation;

/* How a member looks in the query protocol and in XML, where that can't be told from the value: lists are <member> lists and maps are structures
 * unless a row says otherwise. */
typedef enum {
    XML_FLAT_LIST,               /* elements called `item`, without one around them */
    XML_MAP,                     /* <entry><key/><value/></entry> */
    XML_FLAT_MAP                 /* elements called `item` of <Name/><Value/> */
} aws_xml_kind;
typedef struct {
    const char *member;          /* "Messages"; NULL ends a table */
    const char *operation;       /* NULL: of any */
    aws_xml_kind kind;
    const char *item;            /* "Message": also the name in forms of flattened lists and maps ("Message.1.Body") */
} aws_xml_hint;

/* A code of the JSON protocol under its name and status in the query protocol ("awsQueryError" of the service model). */
typedef struct {
    const char *code, *query_code;   /* code NULL ends a table */
    unsigned status;
} aws_error_alias;

typedef struct {
    const char *name;            /* signing name: "sqs" */
    const char *target;          /* X-Amz-Target in front of the dot; NULL */
    const char *version;         /* of the query protocol; NULL */
    const char *xmlns;           /* of query and XML answers; NULL */
    const aws_operation *operations;
    const char *error_namespace; /* in front of `#` in __type; NULL */
    /* Services that route by method and path themselves (REST): gets the raw request (c->http, not NULL; c->in is empty, c->operation NULL)
     * and answers it, or finds operation and members and goes on with aws_dispatch. NULL for the others. */
    void (*whole)(aws_call *c);
    bool small_members;          /* its members begin with a small letter; state machines write them large */
    bool rest_xml;               /* errors of a REST service are XML (S3) */
    const aws_xml_hint *xml;     /* NULL: none */
    const aws_error_alias *aliases;  /* NULL: none; with them JSON errors carry x-amzn-query-error */
} aws_service;

extern const aws_service *const aws_services[];      /* aws/services.c; NULL ends it */

struct aws_call {
    endpoint *of;
    smoke *run;
    arena *arena;                /* until the answer is sent; what is kept goes into run->arena */
    const aws_service *service;
    const aws_operation *operation;
    slice named;                 /* what named_by said: a name, an ARN, a URL; "" */
    slice qualifier;             /* of the function or machine named; "" */
    const doc_node *in;          /* the request under the API's member names, whatever the protocol; never NULL */
    const resource *target;      /* what named_by names, found; or NULL */
    const node *caller;          /* the function or machine that calls; NULL when it is not known */
    firing *cause;               /* in which it calls; NULL */
    http_request *http;          /* NULL: called from inside */
    void *state;                 /* private to endpoint.c */
};

/* Goes on as the operation of that name does with these members: finds the target, asks for permission, runs it. */
void aws_dispatch(aws_call *c, slice operation, const doc_node *in);

/* Exactly one of these, once, now or later. The call is gone after it. */
void aws_ok(aws_call *c, const doc_node *out);
void aws_fail(aws_call *c, unsigned status, const char *code, const char *format, ...) __attribute__((format(printf, 4, 5)));
void aws_fail_with(aws_call *c, unsigned status, const char *code, slice message, const doc_node *more);   /* further members of the error */
/* Of REST answers only; a call from inside gets {"Status", "Body"}. */
void aws_raw(aws_call *c, unsigned status, const http_pair *headers, size_t headers_len, slice body);

/* May the caller do it? False: it was answered with the service's access error, and noted. Unknown counts as allowed. */
bool aws_allowed(aws_call *c, const char *action, const resource *target);
/* The same on an ARN. */
bool aws_allowed_arn(aws_call *c, const char *action, slice arn);
/* Answers and notes as those do when the answer is no. */
bool aws_denied(aws_call *c, const char *action, slice arn);
/* On some resource of the type, where the request does not say which. */
bool aws_allowed_some(aws_call *c, const char *action, const char *type);
/* "arn:aws:SERVICE:us-east-1:123456789012:REST" */
slice aws_arn(aws_call *c, const char *service, slice rest);
/* "NOT SMOKE-TESTED: ..." on the calling firing; answers as aws-wire.md 12 says. */
void aws_not_built(aws_call *c, slice operation);
/* A word on the calling firing, once; without one nothing. */
void aws_note(aws_call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks that services share: each answers and gives false when the request is wrong. */
bool aws_need(aws_call *c, const char *member);      /* given and not empty: else ValidationException */

#endif
