/* One rule on one thing: where, require, and the finding. */
#ifndef SFLINT_LINT_JUDGE_H
#define SFLINT_LINT_JUDGE_H

#include "lint/bind.h"
#include "lint/finding.h"
#include "lint/rules.h"
#include "lint/vocabulary.h"

/* Conditions that one judgement may branch on, inside one another, and evaluations of it in all. Past them the rule says nothing. */
#define JUDGE_MOST_FORKS 6
#define JUDGE_MOST_EVALUATIONS 64

/* What a rule looks at. */
typedef struct {
    looks looks;
    const resource *resource;
    const node *node;
    const edge *edge;
    const problem *problem;
    const template *in;
    edge_list edges;           /* path, cycle */
    when when;                 /* what must hold for it to be there */
    const lint_config *config; /* of the template that it stands in */
} lint_item;

/* What rules may say, made once for all threads and runs. */
typedef struct {
    cel_field variables[LOOKS_COUNT][VOCABULARY_MAX_VARIABLES];
    cel_environment env[LOOKS_COUNT];
} judge_vocabulary;

void judge_words(judge_vocabulary *v);

/* One thread's: the context of evaluations and what they gave. */
typedef struct {
    evaluation ev;
    arena *arena;
    const lint_config *config;
    rule_ref now;              /* the rule that is judged, and by which configuration: for `param` */
    const lint_config *now_by;
    const lint_item *item;     /* what is looked at, and its variables */
    cel_value values[VOCABULARY_MAX_VARIABLES];
    const judge_vocabulary *words;
    void **kept;               /* lint_config.kept, or NULL */
    VEC(finding) findings;
    VEC(lint_unknown) unknown;
} judge_thread;

void judge_start(judge_thread *j, arena *a, const lint_index *index, const lint_config *config, const judge_vocabulary *words, void **kept);
void judge_end(judge_thread *j);

/* What the rules that follow look at; borrowed. */
void judge_item(judge_thread *j, const lint_item *item);

/* Appends to j->findings and j->unknown. */
void judge_rule(judge_thread *j, rule_ref ref);

/* Severity that the user wants for the rule; false: none. */
bool judge_severity(const lint_config *config, rule_ref ref, severity *out);

#endif
