/* Waivers: findings that somebody has allowed, why, who answers for it, and until when.
 *
 * They stand in a template's metadata (`Metadata: {sflint: {allow: [{rule, reason, owner, until, kind}]}}`, of a resource or of the
 * template), in comments (`# sflint: allow SF301 until 2027-06-30 owner shop -- reason`), and in `allow:` of a configuration file
 * (sflint.yaml(5)). What is wrong with a waiver is a finding itself: the rules that look at the problems `waiver-...`. */
#ifndef SFLINT_LINT_WAIVER_H
#define SFLINT_LINT_WAIVER_H

#include "lint/lint.h"

typedef enum { WAIVER_IN_METADATA, WAIVER_IN_COMMENT, WAIVER_IN_CONFIG } waiver_source;
slice waiver_source_name(waiver_source s);          /* "metadata", "comment", "config" */

#define WAIVER_MOST 10000u                          /* of one template or configuration file; more are left out, and that is said */

typedef struct waiver {
    slice rule;                /* one id, name or pillar, as written */
    slice reason, owner;       /* "" when not said */
    slice until, kind;         /* as written; "" when not said */
    int64_t ends_s;            /* the second after the last day; INT64_MAX without one; INT64_MIN when `until` is no day */
    waiver_source source;
    pos at, end;               /* where the rule is named */
    /* What it covers: findings in `file` that are about the resource or stand in the lines; in a configuration, by glob. */
    uint32_t file;
    slice resource;            /* id of a resource, or "" */
    uint32_t first, last;      /* lines; 0 = not by lines */
    slice path, resources;     /* configuration: globs as written, "" = everything */
} waiver;

/* What is wrong with waivers, as problems for rules to look at. */
typedef struct {
    VEC(const waiver *) list;
    VEC(problem) problems;
    bool full;                 /* more than WAIVER_MOST: the rest is not read */
} waiver_reading;

/* The items of an `allow` list (metadata, configuration). Everything is copied to `a`. `from` gives source, file and what is covered; in a
 * configuration (source) the keys path and resource are read too. */
void waivers_of_list(arena *a, const doc_node *allow, const waiver *from, waiver_reading *out);

/* Those of a template: metadata and comments. Cheap for a template that has none. */
void waivers_of_template(arena *a, const template *t, waiver_reading *out);

/* Is this the waiver's finding? Whether it still holds is another question, and so is the path of one in a configuration. */
bool waiver_covers(const waiver *w, const finding *f);
/* Of a waiver in a configuration: is it for findings in the file of this path? */
bool waiver_is_at(arena *a, const waiver *w, const lint_config *config, slice path);
static inline bool waiver_ended(const waiver *w, int64_t now_s) { return w->ends_s <= now_s; }

/* After lint_run over `g`: marks what is allowed, and adds what is to be said about the waivers of its templates.
 *   a      takes the findings
 *   keep   takes waivers and their texts
 * result->waivers become the templates' own (not those of configurations). */
void lint_waive(arena *a, arena *keep, const graph *g, const lint_rules *rules, const lint_config *config, lint_result *result);

/* What is to be said about the waivers of a configuration file: `list` and what reading them found. Findings are added to the result.
 * `complete`: everything below the file was checked, so one that no finding of result->findings names is unused. */
void lint_waive_config(arena *a, const waiver *const *list, size_t len, const problem *problems, size_t problems_len, const lint_rules *rules,
                       const lint_config *config, bool complete, lint_result *result);

/* The kinds of reason, in the order of a register. */
typedef enum {
#define KIND(id, name, words) WAIVER_KIND_##id,
#include "lint/waiver_kind.def"
#undef KIND
    WAIVER_KIND_COUNT
} waiver_kind;
slice waiver_kind_name(waiver_kind k);
/* What is written, or else what the words of the reason say (*guessed). */
waiver_kind waiver_kind_of(const waiver *w, bool *guessed);

#endif
