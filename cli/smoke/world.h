/* What the templates' resources are called while they run: names, ARNs, URLs, and property values with every reference put in.
 * A resource without a literal name is called by its logical id. Owned by the run's arena. */
#ifndef SFLINT_SMOKE_WORLD_H
#define SFLINT_SMOKE_WORLD_H

#include "graph/graph.h"
#include "smoke/json.h"

typedef struct {
    arena *arena;
    const graph *graph;
    slice region, account, partition;   /* given, or us-east-1, 123456789012, aws */
    unsigned port;                      /* of the AWS endpoint on 127.0.0.1; 0 while planning */
    unsigned following;                 /* private: references from name to name */
    strmap by_name, by_arn;             /* private: "TYPE NAME" and ARN -> resource */
} world;

world *world_new(arena *a, const graph *g, slice region, slice account);

/* "Orders", "orders-bucket" */
slice world_name(world *w, const resource *r);
/* "" for a type that has no ARN that is known here. */
slice world_arn(world *w, const resource *r);
/* What Ref (attr "Ref") or GetAtt gives at run time. A queue's Ref is its loopback URL. Never "": what is not known is "ID.ATTR". */
slice world_attribute(world *w, const resource *r, slice attr);
/* http://127.0.0.1:PORT */
slice world_endpoint(world *w);
/* "arn:aws:sqs:us-east-1:123456789012:Orders" of a node: a resource's, or the literal one of an outside node; "arn:...event-bus/default" of
 * the default bus; "" for others. */
slice world_node_arn(world *w, const node *n);

/* A property at run time: references, joins and what is not known put in ("NAME" of a parameter without a value: *open is set when not NULL). CHOICEs are taken by `w`, else
 * the first branch. Numbers and booleans keep their kind. */
const doc_node *world_json(world *w, const value *v, when under, bool *open);
/* The same as text; structures as JSON text. */
slice world_text(world *w, const value *v, when under, bool *open);

/* By what a client writes: a name, an ARN (with version or qualifier behind it for functions and machines), a queue URL. `type` is the CloudFormation type.
 * NULL: nothing of the templates. *qualifier (may be NULL) is "" or "live". */
const resource *world_find(world *w, slice type, slice named, slice *qualifier);

/* The name under which a trigger was declared: the key in a SAM function's Events, the rule, mapping or subscription; "" when x or z declares it itself. */
slice world_declared_name(world *w, const edge *e);

#endif
