/* Look-ups over the resources of a run, made once before the edges: by type, by physical name, and (permits.h, iam.h) what policies say.
 * Private to graph/. */
#ifndef SFLINT_GRAPH_INDEX_H
#define SFLINT_GRAPH_INDEX_H

#include "base/buf.h"
#include "graph/graph.h"
#include "graph/types.h"

typedef struct named {
    const resource *r;
    struct named *next;
} named;

typedef struct {
    const template *t;
    strmap by_type;              /* type -> resource_list */
    strmap by_name;              /* name key (name_key) -> named; names as they are written, open parts encoded */
    strmap by_plain_name;        /* the name alone -> named, of the type that was met last */
    strmap roles;                /* resource id -> iam_role */
    strmap targets;              /* resource id of a target -> permit_list */
    strmap open_permits;         /* type of permit -> a permit whose target is not known */
} template_index;

typedef struct {
    VEC(const resource *) list;  /* ends with NULL once the index is made */
} resource_list;

struct graph_index {
    template_index *templates;   /* one for each of set->list, in that order */
    size_t len;
    template_index **by_file;    /* the first template of each file from first_file on; NULL: none */
    size_t first_file, files;
    strmap by_template;          /* bytes of the template's pointer -> template_index */
    strmap by_id;                /* resource.id -> resource */
    strmap by_name;              /* literal names over the run -> named */
    strmap roles, targets;       /* as above, over the run */
};

/* Where a look-up is made from. */
typedef struct {
    const graph_index *index;
    const template_index *here;
    arena *arena;
} scope;

template_index *index_of(const graph_index *x, const template *t);
template_index *index_of_file(const graph_index *x, uint32_t file);      /* the first template when the file has none */
void index_make(graph_index *x, templates *set, arena *a);               /* empty indexes */
void index_fill(graph_index *x, size_t i, arena *a);                     /* by_type and by_name of one template */
void index_join(graph_index *x, arena *a);                               /* by_name over the run */
const named *index_named_plainly(const template_index *t, slice name);   /* whatever the type is */
/* Resources with this name, in the template of the scope; or the only one of the run, when the name is literal. */
const named *index_named(const scope *s, const arn_type *t, slice name);

/* ---- ARNs with open parts (arn.c) ----
 * Encoded text: what is not known stands as \1...\2, and equal open parts have equal text. */
typedef struct {
    bool known;                  /* it has the form of an ARN */
    slice partition, service, region, account, rest;      /* encoded; rest is all behind the account */
    const arn_type *type;        /* what `rest` is, or NULL */
    slice name, tail;            /* of rest: the name, and what follows it */
    size_t optional;             /* bytes at the end of rest and tail that patterns may leave out (revision, UUID) */
    const named *of;             /* the resources of the templates that it names */
} arn;

slice arn_encode(const scope *s, const value *v);
void arn_open_part(buf *out, unknown_why why, slice what);      /* \1N:what\2 */
bool arn_open(slice encoded);                                /* has it parts that are not known? */
slice arn_display(arena *a, slice encoded);
/* The ARN that a STRING, JOINED or REF is; `known` is false when it is none (rest: the text). `type` is preferred where types are alike. */
arn arn_of_value(const scope *s, const value *v, slice type);
arn arn_of_text(const scope *s, slice encoded, slice type);
arn arn_of_resource(const scope *s, const resource *r);      /* versions, aliases and the like: with what follows as tail */
arn arn_of_name(const scope *s, slice encoded, const arn_type *t);
slice arn_text(arena *a, const arn *x);                      /* as a person would write it */
slice name_of(const scope *s, const resource *r);            /* encoded physical name */
/* Does the pattern (with `*` and `?`) cover the text? Region and account count only where both are literal. */
tri arn_covers(arena *a, const arn *pattern, const arn *text);
tri arn_glob(arena *a, slice pattern, slice text);           /* the same for two encoded texts */
bool arn_same_account(const scope *s, const arn *x);         /* is the account not known to be another one? */

#endif
