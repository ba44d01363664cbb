/* Private to match*.c: a record in the forms that filters see, and the questions about it. */
#ifndef SFLINT_SERVICE_MATCH_PARTS_H
#define SFLINT_SERVICE_MATCH_PARTS_H

#include "service/match.h"
#include "service/pattern.h"

typedef enum {
    KIND_EVENTS, KIND_SNS, KIND_SQS, KIND_KINESIS, KIND_DYNAMODB, KIND_KAFKA, KIND_MQ, KIND_DOCDB, KIND_S3, KIND_HTTP, KIND_WEBSOCKET, KIND_GRAPHQL,
    KIND_COGNITO, KIND_IOT, KIND_LOGS, KIND_ALARM, KIND_DESTINATION, KIND_COUNT
} record_kind;
#define KIND_BIT(k) (1u << (k))

typedef struct {
    slice text;
    bool there;
} maybe_text;

/* One event. A form that its kinds do not have is NULL or not there. */
typedef struct {
    uint32_t kinds;                          /* KIND_BIT of all it may be */
    const pattern_event *seen[KIND_COUNT];   /* as patterns see it: EVENTS and the sources */
    const pattern_event *attributes, *body;  /* of an SNS message */
    maybe_text origin[KIND_COUNT];           /* the name of where it comes from; last part of an ARN */
    maybe_text s3_event, s3_key;             /* "s3:ObjectCreated:Put", decoded */
    maybe_text method, path;                 /* HTTP; the path without query and stage */
    maybe_text route;                        /* WebSocket */
    maybe_text type, field;                  /* AppSync */
    maybe_text trigger;                      /* Cognito: "PreSignUp" */
    maybe_text topic;                        /* IoT */
    maybe_text state;                        /* alarm */
    maybe_text outcome;                      /* destination: success, failure */
    maybe_text rule;                         /* EventBridge "Scheduled Event": the rule it is from */
    const value *log_lines;                  /* a LIST of {"message"}; NULL: not there or compressed */
    const value *names;                      /* a LIST of short texts of the event, for the names in it */
} record;

struct match_event {
    const record *at;
    size_t len;
};

typedef struct {
    tri is;
    slice because;
} answer;

static inline answer answer_yes(void) { return (answer){ YES, SLICE_INIT("") }; }
static inline answer answer_no(slice because) { return (answer){ NO, because }; }
static inline answer answer_unknown(slice because) { return (answer){ UNKNOWN, because }; }
/* `x` then `y`: NO before UNKNOWN before YES, the first that stops it. */
static inline answer answer_and(answer x, answer y) { return x.is == NO ? x : y.is == NO ? y : x.is == UNKNOWN ? x : y; }
/* One of them: YES before UNKNOWN before NO. */
static inline answer answer_or(answer x, answer y) { return x.is == YES ? x : y.is == YES ? y : x.is == UNKNOWN ? x : y; }

/* A text as JSON writes it, cut to a bearable length. */
slice match_quoted(arena *a, slice text);
slice match_json(arena *a, const value *v);

/* ---- names (match_names.c) ---- */

/* Is `name` the name of this node? */
answer match_name(arena *a, const char *what, maybe_text name, const node *n);
/* The same of a resource. */
answer match_resource_name(arena *a, const char *what, slice name, const resource *r);
/* The pattern with names in place of references to resources that the event names. */
const value *match_with_names(arena *a, const value *pattern, const record *r);

/* ---- requests (match_routes.c) ---- */

/* Which routes take a request: the most specific one of each API. */
typedef struct routes routes;
routes *match_routes(arena *a, const graph *g, const record *r);
bool match_is_route_service(slice service);
answer match_route(arena *a, const routes *all, const record *r, const edge *e);

#endif
