/* The rules of a run, inside lint/: those compiled in and the user's, in one order. */
#ifndef SFLINT_LINT_RULES_H
#define SFLINT_LINT_RULES_H

#include "base/strmap.h"
#include "lint/lint.h"
#include "lint/rule.h"
#include "lint/rule_file.h"

typedef struct {
    const rule_set *set;
    const rule *rule;
} rule_ref;

struct lint_rules {
    arena *arena;
    rule_builder *builder;     /* of the user's; NULL until the first */
    rule_set own;
    VEC(rule_ref) all;         /* sorted by id */
};

static inline slice rule_ref_text(rule_ref r, rule_text t) { return rule_text_of(r.set, t); }

/* Problems that are found after the run (of waivers), judged by the rules that look at their kinds. `g` and `in` may be NULL; `config` is
 * the template's own. */
lint_result lint_judge_problems(arena *a, const lint_rules *rules, const lint_config *config, const graph *g, const template *in,
                                const problem *problems, size_t len);

/* lint_run with one rule. */
lint_result lint_run_one(const graph *g, const lint_rules *rules, size_t number, const lint_config *config, arena *a);

#endif
