/* Private to event/: what plan and makers share about an edge. */
#ifndef SFLINT_SMOKE_EVENT_PARTS_H
#define SFLINT_SMOKE_EVENT_PARTS_H

#include "smoke/event/happening.h"
#include "smoke/event/shape.h"

/* Of the edge's filter: "trigger", "sql", "path"; "" when it has none. Paths as value_at takes them. */
slice edge_filter_text(maker *m, const edge *e, const char *path);
const doc_node *edge_filter(maker *m, const edge *e);            /* NULL: none */
/* A property of a resource at run time; NULL or "" when it is not written. */
const doc_node *property(maker *m, const resource *r, const char *path, when under);
slice property_text(maker *m, const resource *r, const char *path, when under);

/* The resource that declares the edge: via, else the source, else the target; NULL when all are outside. */
const resource *edge_declarer(const edge *e);
/* The ARN of the source; made up where the templates do not say it. */
slice edge_source_arn(maker *m, const edge *e);
bool is_type(const resource *r, const char *type);

/* ---- services that call by themselves (direct.c) ---- */

typedef struct {
    slice what;
    const doc_node *event;
    bool must_not_arrive;            /* the trigger's own filter refuses it */
} direct_event;

typedef struct {
    maker *maker;
    arena *arena;
    const edge *edge;
    slice trigger;                   /* filter {"trigger"}; "" */
    VEC(direct_event) events;
    slice cannot;
} direct;

void direct_add(direct *d, slice what, const doc_node *event);
void direct_refused(direct *d, slice what, const doc_node *event);
/* Events as the handler gets them; d->cannot is set when there are none. False: the service does not call by itself, or has no maker. */
bool direct_events(direct *d);

/* One line a service and trigger; the makers are in make_*.c. */
void direct_alarm(direct *d);
void direct_appsync(direct *d);
void direct_appsync_authorizer(direct *d);
void direct_appsync_channel(direct *d);
void direct_clientvpn(direct *d);
void direct_cloudfront(direct *d);
void direct_codecommit(direct *d);
void direct_codedeploy(direct *d);
void direct_codepipeline(direct *d);
void direct_cognito(direct *d);
void direct_config(direct *d);
void direct_connect(direct *d);
void direct_custom_resource(direct *d);
void direct_firehose(direct *d);
void direct_iot_authorizer(direct *d);
void direct_iot_hook(direct *d);
void direct_iot_rule(direct *d);
void direct_lex(direct *d);
void direct_logs(direct *d);
void direct_macro(direct *d);
void direct_object_lambda(direct *d);
void direct_rotation(direct *d);
void direct_ses(direct *d);
void direct_transfer(direct *d);
void direct_agent(direct *d);

/* ---- log filters (probe_log.c). CloudWatch Logs user guide, "Filter pattern syntax" ---- */

/* A line that has what the pattern asks for, and one that lacks it ("" = every line passes). False: the pattern's form is not understood. */
bool log_lines(arena *a, slice pattern, slice *passes, slice *refused);
/* A gzip file of the text, not compressed. */
slice log_gzip(arena *a, slice text);
/* {"awslogs": {"data"}} of one line. */
const doc_node *make_logs_event(maker *m, arena *a, slice group, slice filter, slice line);

/* ---- GraphQL (graphql.c) ---- */

/* Made-up arguments of a field by its schema (SDL); an empty object when the field is not found or takes none. */
const doc_node *graphql_arguments(arena *a, slice schema, slice type, slice field);

/* ---- JSON schemas (schema.c) ---- */

/* A value that the schema describes; NULL when it says nothing. References ("#/...") begin at `root` (NULL: the schema itself). */
const doc_node *schema_sample(arena *a, const doc_node *schema, const doc_node *root);

#endif
