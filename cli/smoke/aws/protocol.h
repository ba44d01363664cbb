/* The wire of AWS's clients: which service and operation a request is for, and its members under the API's names; answers the other way
 * round. Knows no service but by its table. Facts: Smithy specification, "AWS protocols"; botocore's service models. */
#ifndef SFLINT_SMOKE_AWS_PROTOCOL_H
#define SFLINT_SMOKE_AWS_PROTOCOL_H

#include "smoke/aws/call.h"

typedef enum { PROTOCOL_JSON10, PROTOCOL_JSON11, PROTOCOL_QUERY, PROTOCOL_REST_JSON, PROTOCOL_REST_XML, PROTOCOL_CBOR, PROTOCOL_INSIDE } aws_protocol;

/* What of a request says where it goes; the parts of a URL are as sent. */
typedef struct {
    slice method, path, query;
    slice target, authorization, content_type, smithy_protocol;
    slice body;
} aws_request;

typedef struct {
    aws_protocol protocol;
    const aws_service *service;      /* NULL: none that is known */
    slice service_name;              /* as the client calls it: for words */
    slice operation;                 /* "" where the service finds it by itself */
    slice key;                       /* access key id; "" unsigned */
    slice form;                      /* query protocol: the form, body or query */
} aws_route;

aws_route aws_route_of(arena *a, const aws_request *r);

/* ---- query ---- */

#define QUERY_MAX_FIELDS 20000u
#define QUERY_MAX_DEPTH  16u         /* parts of a member's name */
#define QUERY_MAX_NAME   1024u       /* bytes of a member's name */

/* A field of a form by its whole name, decoded. */
bool query_field(arena *a, slice form, const char *name, slice *out);
/* The form's members but Action and Version; values are strings. NULL with *why when it breaks a limit. */
const doc_node *query_read(arena *a, const aws_service *s, slice operation, slice form, slice *why);
slice query_answer(arena *a, const aws_service *s, slice operation, const doc_node *out, slice request_id);
/* `s` may be NULL. */
slice query_error(arena *a, const aws_service *s, slice code, slice message, slice request_id);
/* The text with what XML needs escaped; characters that XML has no place for become U+FFFD. */
void xml_text(buf *out, slice text);

/* ---- JSON ---- */

/* The body as an object ({} for an empty one). NULL when it is none. */
const doc_node *json_members(arena *a, slice body);
slice json_error(arena *a, const aws_service *s, slice code, slice message, const doc_node *more);

/* ---- REST ---- */

slice rest_json_error(arena *a, slice message, const doc_node *more);
slice rest_xml_error(arena *a, slice code, slice message, slice on, slice request_id);
/* Does the path have the form "/schedules/{}"? Each {} is one segment, percent-decoded into `out`; a {} at the end may hold slashes when it
 * is written {+}. False: it does not. */
#define REST_MAX_LABELS 4
bool rest_path(arena *a, slice path, const char *form, slice out[REST_MAX_LABELS]);

/* The row for a code of the JSON protocol, by either name; NULL. */
const aws_error_alias *aws_alias_of(const aws_service *s, slice code);

#endif
