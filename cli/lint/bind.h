/* Values of the template as CEL values, read lazily, under an assumption about the template's conditions.
 *
 * What is not known becomes CEL_UNKNOWN with the reason. A Fn::If whose condition the assumption does not decide becomes CEL_UNKNOWN too,
 * and the condition is kept in evaluation.fork: who evaluates repeats it for both branches.
 *
 * CloudFormation takes "30" for 30 and "true" for true, so numbers and booleans are made of texts where the property is declared as such
 * (rules/types.tsv); inside objects, where no declaration is at hand, of texts that are true, false or a plain whole number of at most ten
 * digits without leading zeros (so account ids stay text). Where a property is declared as text, numbers and booleans are given as the text
 * that was written. */
#ifndef SFLINT_LINT_BIND_H
#define SFLINT_LINT_BIND_H

#include "cel/cel.h"
#include "lint/index.h"
#include "lint/rule.h"

#define FIELD_MEMO 64          /* a power of two */

typedef struct {
    cel_context cel;           /* cel.host is the evaluation */
    const lint_index *index;
    graph own;                 /* the graph, but with this thread's arena: looking things up in it makes nodes */
    const rule_set *tables;    /* the set whose `data` is behind catalog */
    const template *in;
    int64_t now_s;
    when when;                 /* the assumption */
    const condition *fork;     /* the first undecided condition that was met, or NULL */
    const value *culprit;      /* the exact part of a value that a function found fault with, or NULL: a finding points there */
    strmap users;              /* calls_users.c: what names what, made when a rule first asks */
    const resource *handled;   /* calls_files.c: the function whose handler the judgement looked for, and */
    slice handler_problem;     /* what it found */
    bool kept;                 /* something was put there: the memory taken meanwhile stays */
    struct {
        const void *table, *row;
    } met[FIELD_MEMO];         /* vocabulary.c: where names of fields were found last */
    VEC(const value *) origins;/* where unknowns and texts came from: cel_value.nanos is a number in it, from 1 */
} evaluation;

static inline evaluation *evaluation_of(cel_context *c) { return c->host; }

/* Forgets what one evaluation left; before every one. */
static inline void evaluation_reset(evaluation *ev, when w) {
    ev->when = w;
    ev->fork = NULL;
    ev->culprit = NULL;
    ev->cel.steps = 0;
    ev->origins.at = NULL;
    ev->origins.len = ev->origins.cap = 0;
}

/* Lenient: absent is null (rules). */
cel_value bind_value(cel_context *c, const value *v, catalog_kind kind);
/* The value behind a CEL value: what bind_value was given, or a new one. Never NULL. */
const value *bind_origin(cel_context *c, cel_value v);

/* Properties of a resource with their defaults. */
cel_value bind_properties(const resource *r);
/* The same for conditions of the catalog: has() sees what is written only, and what is absent without a default is an error. */
cel_value bind_catalog_resource(const resource *r);

cel_value bind_resource(const resource *r);    /* NULL: null */
cel_value bind_node(const node *n);            /* NULL: null */
cel_value bind_edge(const edge *e);
cel_value bind_problem(const problem *p);
cel_value bind_template(const template *t);
cel_value bind_graph(const graph *g);
cel_value bind_tables(void);

/* Behind an object: NULL when it is none of this kind. */
const resource *bind_as_resource(cel_value v);
const node *bind_as_node(cel_value v);
const edge *bind_as_edge(cel_value v);

/* Edges as a list; only those that can be under the assumption and that `keep` takes (NULL: all). Unknown, with a fork, when the assumption
 * does not decide about one. */
cel_value bind_edges(cel_context *c, edge *const *at, size_t len, bool (*keep)(const edge *e));
cel_value bind_edges_as_they_are(cel_context *c, edge *const *at, size_t len);
cel_value bind_nodes(cel_context *c, node *const *at, size_t len);
cel_value bind_resources(cel_context *c, const resource *const *at, size_t len);

/* A three-valued answer; `why` is the reason of an unknown one. */
cel_value bind_tri(tri t, slice why);
cel_value bind_unknown(cel_context *c, const value *v);
/* Text for messages: ids of nodes and resources, ${Name} for what is not known. */
slice bind_display(cel_context *c, cel_value v);

/* Records: what lint/vocabulary.c knows of them. */
typedef cel_value bind_getter(cel_context *c, const void *object);
extern const cel_object_kind bind_resource_kind, bind_node_kind, bind_edge_kind, bind_problem_kind, bind_template_kind, bind_graph_kind,
    bind_catalog_kind;

#endif
