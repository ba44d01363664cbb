/* What service files use to add to the graph. One builder a template; a service file turns one resource into edges:
 *
 *     static void mapping_edges(builder *b, const resource *r) { ... build_edge(b, &(edge_spec){ ... }) ... }
 *
 * Every branch of a Fn::If becomes an edge of its own with what must hold (edge.when); conditions of both ends and of `via` are added by
 * build_edge, which drops an edge that can't be. */
#ifndef SFLINT_GRAPH_BUILD_H
#define SFLINT_GRAPH_BUILD_H

#include "graph/graph.h"

typedef struct builder builder;

/* A service: how one resource type becomes edges. One line a type in service/services.c. */
typedef struct {
    slice type;
    void (*edges)(builder *b, const resource *r);
} service;

const service *service_of(slice type);      /* service/services.c; NULL for none */

arena *build_arena(builder *b);
const template *build_template(builder *b);

/* An end of an edge. */
typedef struct {
    node *node;
    slice qualifier;         /* alias or version of a function; "" */
    when when;               /* what must hold for this end */
    const value *value;      /* the alternative it came from */
} end;

/* Calls `each` for everything that `v` may point at, alternative by alternative: REFs (Ref and GetAtt by triggers.md 1.1), literal ARNs,
 * joined ARNs, API Gateway invocation URIs, queue URLs, `integrations/ID`, physical names. Folds what is looked through: versions and
 * aliases into their function (with the qualifier), stream ARNs into table or stream, consumers into their stream, stages and deployments into
 * their API. `type` is the CloudFormation type a plain name means ("AWS::SQS::Queue"), "" when only ARNs and references make sense.
 * What is outside becomes an outside node ("import:NAME", "param:NAME", "arn:...", "unknown"). An absent v: no call. */
void build_each_end(builder *b, const value *v, slice type, when w, void (*each)(builder *b, end e, void *self), void *self);

/* The same when one end is wanted: the first alternative; NULL node when v is absent. */
end build_end(builder *b, const value *v, slice type, when w);

/* Resources that are looked through or are no nodes: the resource that v names, or NULL (outside, open, absent: *open). */
const resource *build_resource(builder *b, const value *v, slice type, bool *open);

/* Resources that refer to this one, by type: O(1) a look-up (an index is made once): e.g. all AWS::ApiGateway::Method of a template.
 * The array ends with NULL. */
const resource *const *build_all(builder *b, slice type);

node *build_node(builder *b, const resource *r);             /* the node of a resource of the templates; NULL if it is no node */
node *build_outside(builder *b, slice id, slice type, role role);
node *build_caller(builder *b);                              /* "caller" */
node *build_clock(builder *b);                               /* "clock" */
node *build_default_bus(builder *b);                         /* "bus:default" */
node *build_aws_service(builder *b, slice name);             /* "service:ses", ... */

typedef struct {
    node *from, *to;
    const resource *via;
    edge_kind kind;
    slice service;
    when when;
    slice qualifier;
    pos at, end;
    const value *filter;     /* NULL: none */
    const value *settings;   /* NULL: none */
    tri enabled;             /* NO is 0: set it! use EDGE_ON for an edge that can't be switched off */
    bool unsure;             /* inferred */
    const value *role;       /* the role it acts through as written (role-based grant; absent: nothing is said), or NULL (resource policy or none needed) */
    slice principal;         /* who calls: "sns.amazonaws.com"; "" when no grant is needed (poll by the function's own role is judged apart) */
    slice action;            /* what it must be allowed: "lambda:InvokeFunction", "sqs:SendMessage"; "" */
    const value *source_arn; /* what aws:SourceArn will be, for resource policies; NULL: not known */
    node *dlq, *on_failure;
} edge_spec;
#define EDGE_ON YES

/* Adds the edge. The grant (edge.permission) is worked out later, when all are there, from principal/role + action + source_arn: a resource
 * policy of the target for `principal`, or the policies of `role`. NULL when it can't be (contradicting conditions, an end missing). */
edge *build_edge(builder *b, const edge_spec *s);

/* The edges made so far for this template, in the order in which they were made. */
edge *const *build_edges(builder *b, size_t *len);
/* service/services.c: what can only be said once all edges of the template are there. */
void services_finish(builder *b);

/* A further fact of an edge or node: the name must be in graph/facts.def. */
void build_edge_fact(builder *b, edge *e, slice name, const value *v);
void build_node_fact(builder *b, node *n, slice name, const value *v);

/* An identity's writes: `holder` (a function, a task, a state machine, ...) acts with `role`: its IAM statements become write edges (and polls,
 * for holders that read by themselves) by the table in graph/iam.c. Called by the service file of the holder. */
void build_identity(builder *b, node *holder, const value *role, const resource *via);

/* Something of the template names `n` where somebody outside the graph may use it. */
void build_visible(builder *b, node *n);

/* Helpers for filters and settings: a map value from name/value pairs; absent values are left out. */
typedef struct { const char *name; const value *value; } build_pair;
const value *build_map(builder *b, pos at, const build_pair *pairs, size_t len);
/* Settings: the named properties of r as written or by default (resource_get). */
const value *build_settings(builder *b, const resource *r, const char *const *names, size_t len);
/* Enabled-ness of a boolean property (default yes), and of a State property with ENABLED/DISABLED. */
tri build_enabled_bool(builder *b, const value *v, bool by_default);
tri build_enabled_state(builder *b, const value *v);

#endif
