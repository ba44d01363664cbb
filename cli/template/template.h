/* Templates: a document as resources, parameters, conditions and outputs, whatever format it was written in.
 * Types and property names are CloudFormation's; other formats are lowered to them, each lowered value pointing at its own text. */
#ifndef SFLINT_TEMPLATE_TEMPLATE_H
#define SFLINT_TEMPLATE_TEMPLATE_H

#include "base/diag.h"
#include "base/strmap.h"
#include "doc/doc.h"
#include "template/catalog.h"
#include "template/value.h"

typedef struct templates templates;

/* A named condition. `fixed` is known without looking at branches (constants, parameters given on the command line). */
struct condition {
    slice id;
    pos at;
    tri fixed;
    const struct condition_expr *expr;   /* private to template/ */
    const template *in;
};

struct resource {
    slice id;              /* unique in the run: "Orders"; "Stack/Orders" in a nested stack; "PATH#Orders" with several templates */
    slice logical_id;      /* as the author wrote it */
    slice type;
    const catalog_row *row;      /* NULL: the catalog does not know the type (custom resources, modules) */
    pos at, end;           /* the logical id's place (start and end of the key) */
    pos type_at;
    const value *properties;     /* a MAP (maybe empty), or UNKNOWN */
    const value *metadata;
    const doc_node *body;        /* the author's text of the resource (lowered ones: of what they were lowered from) */
    when exists;           /* its Condition */
    slice deletion_policy; /* "" when absent */
    const resource *const *depends;   /* explicit (DependsOn) and implied (Ref, GetAtt, Sub) */
    size_t depends_len;
    const resource *const *depends_explicit;
    size_t depends_explicit_len;
    bool exported;         /* named in Outputs */
    bool dropped;          /* its condition is fixed false: not in in->resources, but references to it find it (index UINT32_MAX) */
    bool generated;        /* made by lowering, not written by the author */
    slice event_name;      /* lowered: the key in Events it came from; "" otherwise */
    template *in;
    uint32_t index;        /* in in->resources */
    void *node;            /* graph/: the node or NULL */
};

typedef struct {
    slice id;
    pos at;
    slice type;            /* "String", "Number", "AWS::SSM::Parameter::Value<String>", ... */
    const value *value;    /* what Ref gives: given, default, or unknown */
    const doc_node *body;
    bool given;            /* on the command line */
} parameter;

typedef struct {
    slice id;
    pos at;
    const value *value;
    const value *export_name;    /* &value_absent without Export */
    when exists;
} output;

/* What is wrong with a template in itself. Rules with `looks: problem` turn them into findings, by kind. */
typedef enum {
#define PROBLEM(name, text) PROBLEM_##name,
#include "template/problem.def"
#undef PROBLEM
    PROBLEM_COUNT
} problem_kind;

typedef struct {
    problem_kind kind;
    pos at, end;
    slice message;         /* the whole sentence */
    const resource *in;    /* or NULL */
    when w;
} problem;

slice problem_name(problem_kind k);

/* A template format: one folder in template/ and one line in the table in template/formats.c. */
typedef struct {
    slice name;                                              /* "cfn", "sam", ... */
    bool (*detect)(const doc_node *doc, slice path);         /* by content */
    bool (*read)(template *t, diags *d);                     /* fills t from t->doc; false: unreadable, d says why */
} template_format;

const template_format *template_detect(const doc_node *doc, slice path);   /* NULL: no template */

struct template {
    slice path;            /* as named; "-" for standard input */
    uint32_t file;
    slice id_prefix;       /* of resource ids: "", "Stack/", "PATH#" */
    slice text;            /* the input, for the source line under a finding */
    const doc_node *doc;
    const template_format *format;
    arena *arena;
    templates *set;
    template *parent;      /* nested stack: the template that has it */
    const resource *nested_in;
    VEC(resource *) resources;       /* in order of the text */
    strmap by_id;                    /* logical id -> resource */
    VEC(parameter) parameters;
    VEC(condition *) conditions;
    VEC(output) outputs;
    VEC(problem) problems;
    VEC(template *) children;        /* nested stacks that are local files */
    void *state;           /* private to the format while reading */
};

/* Pure inputs of a run: no clock, no environment below command/. */
typedef struct {
    slice name, value;
} given_parameter;

/* What is at a path. */
typedef enum { PATH_NOTHING, PATH_FILE, PATH_FOLDER, PATH_OTHER } path_kind;
typedef struct {
    path_kind kind;
    long long modified_s;                /* seconds since 1970 */
    unsigned long long bytes;
} path_facts;

typedef struct {
    slice region, account, partition;    /* "" = unknown */
    const given_parameter *parameters;
    size_t parameters_len;
    /* Reads a file: text in the arena, or false (*why is "no such file", ...). NULL: nothing beside the templates may be read. */
    bool (*read_file)(void *self, arena *a, slice path, slice *text, slice *why);
    void *read_file_self;
    bool defaults_hold;    /* a parameter that is not given has its default, and conditions are decided by it: for what runs (smoke) */
    /* Looks at what is at a path, symbolic links followed; nothing is read. NULL: it is not known what lies beside the templates. */
    path_facts (*stat_path)(void *self, arena *a, slice path);
    void *stat_path_self;
} template_options;

/* All templates of a run. */
struct templates {
    const template_options *options;
    VEC(template *) list;            /* the named ones, then nested ones, in a repeatable order */
    VEC(slice) files;                /* pos.file -> path */
};

/* Limits of one template and of what it brings in. Past one: a line that names it; what is past it is left out or unknown. */
#define TEMPLATE_MAX_RESOURCES     50000u
#define TEMPLATE_MAX_LOOP          10000u                 /* copies that Fn::ForEach makes */
#define TEMPLATE_MAX_LOOP_NODES    (2u * 1024 * 1024)     /* nodes in those copies */
#define TEMPLATE_MAX_NESTED        500u                   /* nested stacks and included files below one template */
#define TEMPLATE_MAX_NESTED_DEPTH  10u
#define TEMPLATE_MAX_MADE_TEXT     (64u * 1024 * 1024)    /* bytes that functions make */
#define TEMPLATE_MAX_NEEDS         (4u * 1024 * 1024)     /* references from resource to resource */

/* Reads one template (and its nested stacks) from an already parsed document; may run in parallel for different templates: everything
 * goes into `a`. NULL when it can't be read as a template (d says why). */
template *template_read(templates *set, arena *a, slice path, uint32_t file, slice text, const doc_node *doc, slice id_prefix, diags *d);

/* Where a second file is read for a template (nested stack, include), its number is one that no other template of the run takes: all
 * templates that are named must therefore stand in set->files before the first is read. templates_join puts the paths there. */

/* After all are read: joins imports to exports, follows nested outputs, finds circular dependencies. Call once, from one thread. */
void templates_join(templates *set, arena *a, diags *d);

/* A property by path with the documented default behind it: what the author wrote, else the default from the catalog (its `at` is then the
 * resource's), else &value_absent. */
const value *resource_get(arena *a, const resource *r, slice path);
/* Only what the author wrote. */
const value *resource_written(arena *a, const resource *r, slice path);

/* Parameters from a file's text, in the shapes of the AWS CLI: a list of {"ParameterKey", "ParameterValue"}, {"Parameters": {...}}, or a
 * plain mapping. Values that are lists are joined with commas. False when it is none of them (d says why). */
bool template_parameters_file(arena *a, slice text, slice name, uint32_t file, given_parameter **out, size_t *len, diags *d);

/* "; did you mean X?" with the nearest of the names, or "". */
slice template_suggest(arena *a, slice wrong, const slice *names, size_t len);

const resource *template_resource(const template *t, slice logical_id);   /* NULL when there is none */

#endif
