/* Rules over the graph: the public face of lint/.
 *
 *     lint_rules *rules = lint_rules_new(a);              the rules compiled in
 *     lint_rules_add(rules, path, file, text, d);         a user's rule file (--rules DIR), any number
 *     lint_judge_nodes(graph, arenas, threads);           node.class, once, before anything reads it
 *     lint_result r = lint_run(graph, rules, &config, arenas, threads);
 */
#ifndef SFLINT_LINT_LINT_H
#define SFLINT_LINT_LINT_H

#include "base/diag.h"
#include "graph/graph.h"
#include "lint/finding.h"

typedef struct lint_rules lint_rules;
typedef struct lint_plan lint_plan;

/* The rules compiled in. Owned by `a`, as everything added. */
lint_rules *lint_rules_new(arena *a);

/* One rule file. The text is read like the built-in ones were: unknown keys, unknown names in CEL (with the nearest), ids or names that
 * exist already, wrong severities are errors with file:line:column. False when it was not taken; d says why.
 * `text` is borrowed for the life of `r`. */
bool lint_rules_add(lint_rules *r, slice path, uint32_t file, slice text, diags *d);

/* An example of a rule: a template, or the body of its Resources (ids that it uses without defining come from rules/prelude.yaml). */
typedef struct {
    bool bad;                  /* must give a finding of the rule; else none */
    slice text;                /* as written: YAML */
} rule_example;

/* A number that a rule takes otherwise from a configuration; `rule` is an id or name. */
typedef struct {
    slice rule, name;
    long long number;
} lint_parameter;

/* What there is to say about a rule (explain, rules). Slices live as long as the rules. */
typedef struct {
    slice id, name, title, pillar, why;
    severity severity;         /* the worst that it may have */
    slice severity_text;       /* "error", or "warning or info" */
    slice looks;               /* "edge poll, stream" */
    slice where, require;      /* CEL as written; "" = none */
    slice message, fix;        /* as written, with {CEL} in them */
    const slice *sources;
    size_t sources_len;
    const rule_example *examples;
    size_t examples_len;
    const lint_parameter *parameters;   /* with their numbers in the rule file */
    size_t parameters_len;
    bool users_own;            /* from lint_rules_add */
    slice file;                /* users_own: its path */
} rule_info;

void lint_forget(void *kept);

size_t lint_rules_count(const lint_rules *r);
/* By number, sorted by id: 0 .. count - 1. */
rule_info lint_rule(arena *a, const lint_rules *r, size_t i);

#define LINT_NO_RULE ((size_t)-1)
/* By id ("SF117") or name ("visibility-below-function-timeout"), letters' case aside; LINT_NO_RULE when there is none. */
size_t lint_rule_find(const lint_rules *r, slice id_or_name);
/* Is there a pillar of this name? Letters' case aside. */
bool lint_is_pillar(slice name);
/* The id or name nearest to a mistyped one; "" when nothing is near. */
slice lint_rule_nearest(const lint_rules *r, slice id_or_name);
/* The same among ids, names and pillars. */
slice lint_nearest(const lint_rules *r, slice word);

/* What the user wants otherwise. Names may be ids, names or pillars. */
typedef struct {
    slice rule;
    severity severity;
} lint_severity;

typedef struct lint_config lint_config;
struct lint_config {
    const slice *disabled;
    size_t disabled_len;
    const slice *enabled;              /* wins over disabled when it is the narrower: `--disable resilience --enable SF002` */
    size_t enabled_len;
    const lint_severity *severities;   /* the last that names the rule wins */
    size_t severities_len;
    const lint_parameter *parameters;  /* the last that names one wins */
    size_t parameters_len;
    int64_t now_s;                     /* the run's date, seconds since 1970-01-01 UTC */
    const lint_plan *plan;             /* of lint_plan_new for these rules and the rest of this; NULL: made for each run */
    bool unknown;                      /* collect result.unknown (it costs memory) */
    bool fingerprints;                 /* fill finding.fingerprint */
    const lint_config *under;          /* decides about rules of which this says nothing: a configuration file's; or NULL */
    const lint_rules *rules;           /* instead of those given to lint_run; NULL: those */
    slice cloud;                       /* "azure", "google" or "aws": whose equivalents messages name; "" = everybody's */
    const struct waiver *const *waivers;   /* of a configuration file; lint/waiver.h */
    size_t waivers_len;
    bool (*waives_at)(const void *self, arena *a, const struct waiver *w, slice path);   /* does the waiver's glob name the file? */
    /* A template's own configuration, by the number of its file (of nested stacks, the file at the top), with its plan; what is graph-wide
     * stays with this one. NULL: this one for all. Templates in one graph may have different ones. */
    const lint_config *(*of)(const void *self, uint32_t file);
    const void *self;                  /* of waives_at and of */
    void **kept;                       /* where one thread that calls lint_run again and again keeps what it compiled (NULL at first), for
                                        * lint_forget; NULL: nothing is kept */
};

typedef struct {
    const finding *findings;           /* sorted by file, line, column, rule */
    size_t findings_len;
    const lint_unknown *unknown;       /* sorted likewise */
    size_t unknown_len;
    const struct waiver *const *waivers;   /* lint_waive: those of the templates themselves */
    size_t waivers_len;
} lint_result;

/* Fills node.class of every node from the catalog (conditional cells are judged three-valued). Once per graph. */
void lint_judge_nodes(graph *g, arena **arenas, size_t threads);

/* Which rules look at what, worked out once for many runs with the same rules and configuration. */
const lint_plan *lint_plan_new(arena *a, const lint_rules *rules, const lint_config *config);

/* The configuration of a template (its own, or `config`), and the rules that are judged by it. */
const lint_config *lint_config_of(const lint_config *config, uint32_t file);
static inline const lint_rules *lint_rules_of(const lint_rules *rules, const lint_config *config) { return config->rules != NULL ? config->rules : rules; }
/* Is one of the rules on that an id, name or pillar names? */
bool lint_names_on(const lint_rules *rules, const lint_config *config, slice word);

/* All rules over the graph and its templates. `arenas[i]` is used by thread i alone; results lie in them. threads >= 1; the result does not
 * depend on it. */
lint_result lint_run(const graph *g, const lint_rules *rules, const lint_config *config, arena **arenas, size_t threads);

/* Every rule's examples, run as tests: bad must give a finding of the rule, good none. */
typedef struct {
    slice rule;
    size_t example;            /* number within the rule, from 1, bad ones first */
    bool bad, passed;
    slice what;                /* why it failed: "no finding", "finding: ...", "line 3: not YAML", "unknown: ..." */
} lint_example_result;

/* `only`: one rule by number, or LINT_NO_RULE for all. `now_s` as in lint_config. */
size_t lint_run_examples(arena *a, const lint_rules *rules, size_t only, int64_t now_s, const lint_example_result **out);

/* The vocabulary of rules as text for sflint-rules(7): one line a name. */
void lint_write_vocabulary(buf *out);

#endif
