/* Compiled rules: flat tables without pointers into one another, so `make` writes them as constants (rules/compile.c) and a user's rule
 * files become the same thing at run time (lint/rule_file.h). Texts are offsets into one blob, CEL programs ranges of common arrays. */
#ifndef SFLINT_LINT_RULE_H
#define SFLINT_LINT_RULE_H

#include "cel/cel.h"
#include "lint/severity.h"

typedef enum {
#define PILLAR(name, text, digit) PILLAR_##name,
#include "lint/pillar.def"
#undef PILLAR
    PILLAR_COUNT
} pillar;

typedef enum {
#define LOOKS(name, text, filter) LOOKS_##name,
#include "lint/looks.def"
#undef LOOKS
    LOOKS_COUNT
} looks;

#define RULE_NONE UINT32_MAX

typedef struct { uint32_t at, len; } rule_text;
typedef struct { uint32_t first, count; } rule_range;

/* A program: ranges of the set's arrays. */
typedef struct {
    uint32_t nodes, nodes_len, root, args, args_len, blob, blob_len;
} rule_program;

/* A piece of a message: its text as it is, or (program) the display of what CEL gives. */
typedef struct {
    rule_text text;
    uint32_t program;          /* RULE_NONE: text */
} rule_part;

typedef struct {
    uint32_t program;          /* RULE_NONE: no condition */
    uint8_t severity;
} rule_severity;

/* Where a finding points: a thing, and a property path of it or "" for the thing itself. */
typedef enum { POINT_RESOURCE, POINT_NODE, POINT_EDGE, POINT_FROM, POINT_VIA, POINT_TO, POINT_PROBLEM, POINT_COUNT } point_base;
typedef struct {
    rule_text path;
    uint8_t base;
} rule_point;

typedef struct {
    rule_text text;
    uint32_t line;             /* of the rule file */
    bool bad;
} rule_example_text;

typedef struct rule {
    rule_text id, name, title, why;
    rule_text looks_text, where_text, require_text, message_text, fix_text;   /* as written, for explain */
    rule_text file;                    /* a user's rule file; "" for those compiled in */
    uint8_t pillar, looks, worst;      /* worst: severity */
    bool equivalents;                  /* append what the catalog has instead */
    rule_range types;                  /* texts: resource types; none = all */
    uint64_t kinds;                    /* bits: roles, edge kinds, problem kinds */
    uint32_t where, require;           /* programs; RULE_NONE = true, false */
    rule_range severities, message, fix, points, sources, examples;
    rule_range parameters;             /* texts: name and whole number by turns */
} rule;

/* Data that rules read as catalog.NAME: a tree in one array; children of a list or map (key, value, key, value) stand together. */
typedef enum { DATUM_NULL, DATUM_BOOL, DATUM_INT, DATUM_DOUBLE, DATUM_STRING, DATUM_DATE, DATUM_LIST, DATUM_MAP } datum_kind;
typedef struct {
    uint8_t kind;
    int64_t number;            /* BOOL, INT, DATE (seconds) */
    double real;
    uint32_t at, len;          /* STRING: in the blob; LIST, MAP: first child and number of items or entries */
} rule_datum;

typedef struct rule_set {
    const char *blob;
    const rule *rules;
    size_t rules_len;                      /* sorted by id */
    const rule_text *texts;
    const rule_part *parts;
    const rule_severity *severities;
    const rule_point *points;
    const rule_example_text *examples;
    const rule_program *programs;
    size_t conditions_len;                 /* programs[0 .. conditions_len) are the catalog's conditions */
    const cel_node *nodes;
    const uint32_t *args;
    const char *program_blob;
    rule_text prelude;                     /* Resources that examples may use without defining them */
    const rule_datum *data;                /* data[0] is the map behind `catalog`; NULL when there is none */
} rule_set;

extern const rule_set rules_built_in;      /* generated */

static inline slice rule_text_of(const rule_set *s, rule_text t) { return (slice){ s->blob + t.at, t.len }; }
static inline cel_program rule_program_of(const rule_set *s, uint32_t i) {
    const rule_program *p = &s->programs[i];
    return (cel_program){ .nodes = s->nodes + p->nodes, .nodes_len = p->nodes_len, .root = p->root, .args = s->args + p->args,
                          .args_len = p->args_len, .blob = s->program_blob + p->blob, .blob_len = p->blob_len };
}

slice pillar_name(pillar p);
slice looks_name(looks l);

#endif
