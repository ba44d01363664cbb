/* What most service files say: "this property of the resource names a target". */
#ifndef SFLINT_SERVICE_DECLARE_H
#define SFLINT_SERVICE_DECLARE_H

#include "graph/build.h"

typedef void edge_made(builder *b, edge *e, const void *self);

/* One edge for everything `target` may be (build_each_end). `base` has what they share: `from` and all but `to`; its `at` wins where it has a
 * line, else the edge stands at the value that names the target. An empty action is taken from the target's type when a principal or a role is
 * given; a principal counts for functions only. `made` (or NULL) is called for each edge. */
void declare_edges(builder *b, const edge_spec *base, const value *target, slice type, edge_made *made, const void *self);

/* The other way round: everything that `source` may be does something to base->to. */
void declare_edges_from(builder *b, const edge_spec *base, const value *source, slice type, edge_made *made, const void *self);

/* The action that sends one event to a resource of this type: "sqs:SendMessage"; "" when there is none. */
slice declare_action(slice type);

/* Walks a path of property names with `[]` (any element) and `{}` (any entry), branch by branch: "Targets[].Arn". */
typedef struct {
    const value *value;
    const value *beside;     /* the map that has the last named property */
    slice key;               /* of the last `{}`, else "" */
    pos key_at, key_end;
    when when;
} leaf;
typedef void leaf_found(builder *b, const leaf *l, void *self);
#define DECLARE_MAX_LEAVES 20000   /* of one walk: shared nodes (YAML aliases) must not multiply without end */
void declare_walk(builder *b, const value *top, when w, const char *path, leaf_found *each, void *self);

/* A property of `props` that holds a text: "" when it is absent or not known (then *open). */
slice declare_text(builder *b, const value *props, const char *path, bool *open);

/* {"trigger": text} and the like. */
const value *declare_filter(builder *b, pos at, const char *name, slice text);

/* arn:P:OF:R:A:REST, with what is not known as unknown parts; `rest` has `len` parts. */
const value *declare_arn(builder *b, pos at, const char *of, const value **rest, size_t len);

/* A GetAtt of the resource itself. */
const value *declare_attribute(builder *b, const resource *r, const char *attribute);

#endif
