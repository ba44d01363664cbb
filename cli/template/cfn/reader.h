/* Private to the CloudFormation reader. */
#ifndef SFLINT_TEMPLATE_CFN_READER_H
#define SFLINT_TEMPLATE_CFN_READER_H

#include "template/cfn/cfn.h"
#include "template/condition.h"
#include "template/pointers.h"

/* How one resource names another. */
typedef enum { NEED_REF, NEED_GETATT, NEED_SUB, NEED_DEPENDS_ON } need_how;

typedef struct {
    const resource *to;
    need_how how;
    slice attr;
    pos at, end;
    when w;                 /* of the Fn::If branches around it */
    bool weak;              /* in Metadata or a policy attribute: not a property */
} need;

typedef VEC(need) need_list;

typedef enum { RESOLVE_TODO, RESOLVE_DOING, RESOLVE_DONE } resolve_state;

/* A resource and what the reader knows about it; the public part comes first. */
typedef struct {
    resource public;
    const doc_node *body;
    resolve_state state;
    need_list needs;
    uint32_t stamp;         /* for leaving out repeats */
    bool child_tried, child_fresh;
    template *child;        /* nested stack */
} cfn_resource;

typedef struct {
    size_t index;           /* in template.parameters */
    const value *value;
    operand operand;        /* what it is in conditions */
} cfn_parameter;

typedef struct {
    slice id;
    const doc_node *body, *value, *export_name;
    pos at;
    when exists;
    bool dropped;
    resolve_state state;
    const value *resolved, *export_resolved;
    bool export_done;
} cfn_output;

/* Where values are being resolved: saved and restored around what is resolved on demand. */
typedef struct {
    const resource *owner;
    when branch;
    need_list *needs;       /* NULL: nobody wants to know */
    bool quiet;             /* no problems */
    bool in_condition;      /* parameters that are not given are open, whatever their default */
    bool weak;
} place;

typedef struct {
    slice path;
    slice text;
    const doc_node *doc;
    uint32_t file;
} loaded_file;

/* What a template and its nested stacks share. */
typedef struct {
    template *top;
    uint32_t files;         /* numbers given so far */
    VEC(loaded_file *) loaded;
    strmap by_path;
    strmap pseudo;          /* name -> free_variable */
    uint32_t nested;
    uint32_t chain;         /* nested stacks being read on demand, one for another */
    bool imports;           /* some value imports an export */
    size_t made_text;
    struct cfn_exports *exports;        /* when templates are joined; NULL before */
} cfn_tree;

typedef struct {
    template *in;
    cfn_output *output;
    bool ambiguous;
} cfn_export;

typedef struct cfn_exports {
    strmap by_name;         /* name -> cfn_export */
    uint32_t depth;         /* exports being resolved, one for another */
} cfn_exports;

typedef struct reader {
    template *t;
    arena *a;
    diags *d;
    cfn_options options;
    const doc_node *doc;
    cfn_tree *tree;
    strmap parameters;      /* id -> cfn_parameter */
    strmap given;           /* id -> given_parameter */
    strmap conditions;      /* id -> condition */
    strmap mappings;        /* id -> doc_node */
    strmap outputs;         /* id -> cfn_output */
    VEC(cfn_resource *) resources;      /* with the dropped ones */
    pointers memo[2];       /* doc_node -> memo; one for conditions */
    strmap problems_seen;
    place now;
    uint32_t stamp, suggestions;
    size_t needs_total;
    bool names_open;        /* a macro may add resources */
    VEC(slice) open_ids;    /* globs of ids that a loop over something unknown makes */
    const value *nested_parameters;     /* what the parent's resource gives; NULL */
    const doc_node *nested_parameters_doc;
    struct reader *parent;
    bool too_large_said;
} reader;

/* ---- resolve.c ---- */
const value *cfn_resolve(reader *r, const doc_node *n);
void cfn_need(reader *r, const resource *to, need_how how, slice attr, pos at, pos end);
void cfn_needs_merge(reader *r, need_list *into, const need *from, size_t len);
void cfn_problem(reader *r, problem_kind kind, pos at, pos end, slice message);
/* Counts text that functions make; false when the limit is passed. */
bool cfn_made(reader *r, size_t bytes);
/* A text with dynamic references ({{resolve:...}}) made unknown. */
const value *cfn_dynamic(reader *r, const value *v);
const value *cfn_placed(reader *r, const value *v, const doc_node *n);

/* ---- functions.c ---- */
typedef const value *(*cfn_function)(reader *r, const doc_node *call, const doc_node *arg);
cfn_function cfn_function_of(reader *r, const doc_node *call);
/* f over args without CHOICE: one alternative each (at most 16). */
const value *cfn_fork(reader *r, pos at, const value **args, size_t len,
                      const value *(*f)(void *self, const value **args, size_t len), void *self);
const value *cfn_computed(reader *r, const doc_node *call, slice function);

/* ---- sub.c, reference.c ---- */
const value *cfn_sub(reader *r, const doc_node *call, const doc_node *arg);
const value *cfn_ref(reader *r, const doc_node *call, const doc_node *arg);
const value *cfn_get_att(reader *r, const doc_node *call, const doc_node *arg);
/* What a name means in Ref and Sub, and a name with an attribute in GetAtt and Sub. */
const value *cfn_refer(reader *r, slice name, need_how how, pos at, pos end);
const value *cfn_attribute(reader *r, slice name, slice attr, need_how how, pos at, pos end, pos attr_at, pos attr_end);
/* May `id` be something that is made later (macro, loop, lowering)? */
bool cfn_may_exist(const reader *r, slice id);
/* "; did you mean X?" among parameters (when asked for) and resources. */
slice cfn_suggest(reader *r, slice wrong, bool parameters, bool resources);
slice cfn_suggest_in(reader *r, slice wrong, const strmap *names);

/* ---- parameters.c, conditions.c ---- */
void cfn_read_parameters(reader *r);
void cfn_read_conditions(reader *r);
const condition *cfn_condition(reader *r, const doc_node *name);   /* NULL when there is none (reported) */
operand cfn_operand(reader *r, const doc_node *n);
const value *cfn_pseudo(reader *r, slice name, pos at);            /* NULL when it is none */
const free_variable *cfn_pseudo_variable(reader *r, slice name);

/* ---- read.c ---- */
void cfn_resolve_resource(reader *r, cfn_resource *c);
void cfn_resolve_output(reader *r, cfn_output *o);
void cfn_resolve_all(reader *r);       /* resources and outputs that are to do */
void cfn_resolve_again(reader *r);     /* marks all as to do, nested stacks too */
reader *cfn_reader_of(template *t, diags *d);          /* makes it when there is none */

/* ---- nested.c ---- */
template *cfn_child(reader *r, cfn_resource *c);
bool cfn_is_nested(const resource *x);
const value *cfn_nested_output(reader *r, cfn_resource *c, slice output, slice whole, pos at, pos end);
/* Reads and parses a file beside the template; NULL (d says why, unless quiet). */
const loaded_file *cfn_load(template *t, cfn_tree *tree, slice path, pos at, diags *d, slice *why);
slice cfn_beside(arena *a, slice template_path, slice path);
bool cfn_is_local(slice location);

/* Gives the parameters again what the parent's resource says now. */
void cfn_refresh_parameters(reader *r);

/* ---- circular.c ---- */
void cfn_circular(reader *r);

static inline reader *cfn_reader(const template *t) { return t->state; }

#endif
