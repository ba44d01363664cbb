/* Rule files -> the tables of lint/rule.h. `make` uses it for the rules compiled in, a run for the user's own: the same code. */
#ifndef SFLINT_LINT_RULE_FILE_H
#define SFLINT_LINT_RULE_FILE_H

#include "base/diag.h"
#include "lint/rule.h"

/* rules/PILLAR/ID-name.yaml: a mapping with these keys (sflint-rules(7)):
 *   id name title pillar severity looks parameters where require point message why fix sources equivalents examples */
typedef struct rule_builder rule_builder;

typedef struct {
    bool built_in;                             /* ids are SF, the pillar's digit and two more */
    const rule_set *beside;                    /* ids and names that are taken already, or NULL */
    bool (*known_type)(void *self, slice type);/* is this a CloudFormation type? NULL: every name is taken */
    void *known_type_self;
} rule_builder_options;

rule_builder *rule_builder_new(arena *a, rule_builder_options options);

/* Programs that stand before those of the rules, in order: the catalog's conditions. The text is at `at`. False: d says why. */
bool rule_builder_condition(rule_builder *b, slice cel, pos at, diags *d);
/* rules/prelude.yaml. */
void rule_builder_prelude(rule_builder *b, slice text);
/* rules/tables.yaml: the map behind `catalog`. */
bool rule_builder_tables(rule_builder *b, slice text, uint32_t file, diags *d);
/* One rule file. `path` is kept for users' rules. False when anything is wrong with it; d says what. */
bool rule_builder_add(rule_builder *b, slice path, uint32_t file, slice text, diags *d);

/* The tables so far; more may be added afterwards (then finish again). They lie in the builder's arena. */
rule_set rule_builder_finish(rule_builder *b);

/* Sizes of a set's arrays, for who writes them out. */
typedef struct {
    size_t blob, rules, texts, parts, severities, points, examples, programs, nodes, args, program_blob, data;
} rule_set_sizes;
rule_set_sizes rule_builder_sizes(const rule_builder *b);

#endif
