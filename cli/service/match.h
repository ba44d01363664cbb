/* Which triggers does an event fire, and which clause stops it elsewhere?
 *
 * An event is what one service delivers: an EventBridge event, an SNS message, an SQS, Kinesis, DynamoDB, Kafka or MQ record, an S3
 * notification, an HTTP request, ... It is told by its fields; where they would do for several kinds it is taken for all of them.
 * What stands in two places is looked at in both: an S3 notification fires EventBridge rules for `aws.s3` too, and the other way round (S3
 * user guide, "Using EventBridge": the two name one happening), and an alarm's state change fires the alarm's own actions.
 *
 * Records are seen as the filter sees them (Lambda developer guide, "Control which events Lambda sends to your function"): `body` of SQS
 * and `value` of Kafka are JSON where the text holds JSON, `data` of Kinesis and MQ is decoded.
 *
 * An event names where it comes from (eventSourceARN, TopicArn, bucket). A resource whose name is not fixed answers to its logical id, and to
 * the name that CloudFormation makes of it (CloudFormation user guide, "Name type": STACK-LOGICALID-SUFFIX). */
#ifndef SFLINT_SERVICE_MATCH_H
#define SFLINT_SERVICE_MATCH_H

#include "graph/graph.h"

#define MATCH_MAX_RECORDS 100      /* records of one event file: every trigger is asked about each */
#define MATCH_MAX_PATH 8192        /* bytes of a request's path; API Gateway quotas: a URL has at most 8 KB */
#define MATCH_MAX_BODY (1u << 20)  /* bytes of a body or data that are decoded and read; SQS and Kinesis take at most 1 MiB */

typedef struct match_event match_event;

/* The event of a file: one, a list of them, or what Lambda is handed ({"Records": [...]}). NULL when it is none; *why says what it lacks. */
const match_event *match_event_new(arena *a, const value *event, slice *why);

/* What it was taken for: "an SQS message", "an EventBridge event or ...". */
slice match_event_words(arena *a, const match_event *m);

typedef struct {
    const edge *edge;
    tri matched;                /* of several records: does one of them fire it? */
    slice because;              /* the clause that stops it, or what is not known; "" when it fires */
    bool other_kind;            /* "not this kind of event" */
} match_result;

/* Every trigger of the graph, in the order of its edges. */
size_t match_all(arena *a, const graph *g, const match_event *m, const match_result **out);

#endif
