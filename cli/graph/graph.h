/* The event graph: "when x happens (from), trigger y (via), to run service z (to)".
 * Built from templates; owned by the run's arenas. DESIGN section 3 has the words. */
#ifndef SFLINT_GRAPH_GRAPH_H
#define SFLINT_GRAPH_GRAPH_H

#include "template/template.h"

typedef struct node node;
typedef struct edge edge;
typedef struct graph graph;
typedef struct graph_index graph_index;      /* private to graph/ */

typedef enum {
#define EDGE(name, text) EDGE_##name,
#include "graph/edge.def"
#undef EDGE
    EDGE_KIND_COUNT
} edge_kind;

slice edge_kind_name(edge_kind k);

/* A fact of the catalog about one node, judged (conditional cells) by lint/ before rules run and before the graph is printed. */
typedef struct {
    slice scales, bills;         /* "" = nothing to say, "unknown" */
    tri scales_to_zero, serverless;
    int tier;                    /* 1..5, 0 = nothing to say or unknown */
    bool tier_unknown;
} node_class;

/* A node does something at run time, or stands outside the templates. Ids of outside nodes: "caller", "clock", "bus:default",
 * "service:NAME" (an AWS service that acts by itself), "import:NAME", "param:NAME", "arn:..." (a literal; parts not known as ${Name}),
 * "url:..." , "mail:...", "unknown:N..." never: what is not known at all is "unknown". */
struct node {
    slice id;
    slice type;                  /* "" when outside and not known */
    role role;
    const resource *resource;    /* NULL when outside */
    bool external;
    slice arn;                   /* outside nodes given by a literal ARN: it; "" otherwise */
    node_class class;
    bool visible;                /* somebody outside the graph may use it: exported, or handed to a nested stack; rules.md 0.1 */
    const value *facts;          /* a MAP of further facts (graph/facts.def says which), or &value_absent */
    edge *const *out, *const *in;  /* set by graph_finish, sorted */
    size_t out_len, in_len;
    uint32_t index;              /* in graph->nodes */
    uint32_t component;          /* strongly connected component, set by graph_finish; numbers in reverse topological order */
};

typedef enum { PERMISSION_UNKNOWN, PERMISSION_GRANTED, PERMISSION_MISSING, PERMISSION_MISMATCH, PERMISSION_NOT_NEEDED } permission;
slice permission_name(permission p);

struct edge {
    node *from, *to;
    const resource *via;         /* y: the resource that declares it; NULL where x or z declares it itself */
    edge_kind kind;
    bool trigger;                /* starts work declared in the templates: `to` is no outside node, the kind is not write or dead-letter */
    bool sure;                   /* declared; false: inferred from a grant or an environment variable (writes) */
    slice service;               /* rules.md 0.1: "s3", "sns", "sqs", "events", "scheduler", "pipes", "rest", "http", "websocket", "url", ... */
    const value *filter;         /* see "Filters" below; &value_absent = everything */
    const value *settings;       /* a MAP: batch, retry, ... property names as in CloudFormation, defaults filled in; or &value_absent */
    tri enabled;
    permission permission;       /* may x call z? For role-based ones: does the role allow it */
    const resource *permitted_by;
    slice permission_reason;     /* why mismatch or missing, in words; "" otherwise */
    when when;
    slice qualifier;             /* alias or version of the function as written; "" = $LATEST */
    pos at, end;                 /* where it was declared: what a person would edit */
    node *dlq, *on_failure;      /* of this edge, or NULL */
    const value *facts;          /* a MAP of further facts (graph/facts.def says which), or &value_absent */
    const resource *acts_as;     /* the role it acts through, when it is a resource of the templates; else NULL */
    const value *role;           /* the role as written; &value_absent when a resource policy lets it */
    uint32_t index;              /* in graph->edges */
};

/* Filters, as JSON prints them and rules read them:
 *   EventBridge rule, archive      the pattern (a map)
 *   event source mapping, pipe     {"patterns": [map, ...]} (each already parsed)
 *   SNS subscription               {"policy": map, "scope": "MessageAttributes"|"MessageBody"}
 *   S3 notification                {"events": [text], "prefix": text, "suffix": text} (prefix and suffix only where given)
 *   schedule                       {"schedule": text, "timezone": text, "start": text, "end": text} (the last three only where given)
 *   API route                      {"method": text, "path": text}; WebSocket {"route": text}; AppSync {"type": text, "field": text}
 *   IoT rule                       {"sql": text}
 *   log subscription               {"pattern": text}
 *   Cognito, authorizer, ...       {"trigger": text}: "PreSignUp", "authorizer"
 *   alarm                          {"state": ["ALARM"]}
 *   state machine task             {"states": [name, ...]} (one edge a target and kind) */

struct graph {
    templates *set;
    arena *arena;
    VEC(node *) nodes;           /* sorted by id after graph_finish */
    VEC(edge *) edges;           /* sorted by from, to, kind, via, filter, place after graph_finish */
    strmap by_id;
    const graph_index *index;    /* look-ups for graph_pointed and iam.h */
};

/* The whole graph of a run. `threads` 1 or more: templates are done side by side (the result is the same).
 * `arenas[i]` is used by thread i alone; all live as long as the graph. */
graph *graph_build(templates *set, arena **arenas, size_t threads);

node *graph_node(const graph *g, slice id);

/* What a value points at: the node of a REF, a literal ARN, URL or physical name; NULL when it names nothing here; *open is set when it
 * can't be said. A resource that is no node (a role, a policy) gives NULL with *resource set. */
node *graph_pointed(const graph *g, const value *v, const resource **resource, bool *open);

/* ---- algorithms, linear in nodes and edges (graph/paths.c) ---- */

/* Cycles: one for each strongly connected component with a cycle, the shortest one through its smallest edge index. Only edges that
 * `follows` accepts are walked. */
typedef struct {
    edge *const *at;
    size_t len;
} edge_list;
size_t graph_cycles(const graph *g, arena *a, bool (*follows)(const edge *e), edge_list **out);

/* Marks (bool per node index) of what can be reached from `from`, it included. */
void graph_reach(const graph *g, arena *a, const node *from, bool (*follows)(const edge *e), bool *marks);

/* Simple paths of sync edges from each node with no sync edge in, of at least `least` edges; at most `most` paths. */
size_t graph_sync_paths(const graph *g, arena *a, size_t least, size_t most, edge_list **out);

#endif
