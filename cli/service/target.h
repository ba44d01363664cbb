/* What EventBridge, Scheduler and Pipes may send to, and what is read from. */
#ifndef SFLINT_SERVICE_TARGET_H
#define SFLINT_SERVICE_TARGET_H

#include "graph/build.h"

typedef struct {
    slice type, action;
    bool by_policy;          /* a resource policy of the target lets the service; else a role does */
    edge_kind kind;          /* ASYNC, or WRITE where nothing is started */
} target_kind;

/* NULL when the type is no target (or not known). */
const target_kind *target_of(slice type);

/* A source that Lambda or Pipes reads. */
typedef struct {
    slice type, service;
    edge_kind kind;          /* POLL or STREAM */
    long long batch;         /* default BatchSize of a mapping or pipe */
    bool ordered;            /* shards: retries, age, parallelization, on-failure destinations */
    const char *actions;     /* IAM actions that the reader needs, separated by a blank */
} source_kind;

const source_kind *source_of_type(slice type);

/* Patterns of FilterCriteria: {"patterns": [...]} as filter, and the facts `filters` and `filterTexts`. NULL: none. */
typedef struct {
    const value *filter, *patterns, *texts;
} source_filter;
source_filter source_filter_of(builder *b, const value *criteria);
void source_filter_facts(builder *b, edge *e, const source_filter *f);

/* {"attempts": n, "age": n} */
const value *target_retry(builder *b, pos at, const value *attempts, const value *age);

/* A list of texts separated by a blank. */
const value *target_words(builder *b, pos at, const char *words);

const value *list_of_one(builder *b, pos at, const value *v);

/* The property, or a number of ours where it is absent. */
const value *target_or_int(builder *b, const value *v, pos at, long long n);

/* deadLetterTargetArn of a RedrivePolicy (a map or JSON text); &value_absent when there is none. */
const value *redrive_target(builder *b, const value *policy);

/* Calls each with every item of a list and with every item of the lists that its branches are. */
void each_item(builder *b, const value *list, when w, void (*each)(void *self, const value *v, when w), void *self);

/* A clock edge's filter and fact. */
const value *schedule_filter(builder *b, pos at, const value *expression, const value *zone, const value *start, const value *end_);
void schedule_fact(builder *b, edge *e, const value *expression, const value *zone, const value *start, const value *end_);

/* Where the place of an edge is, unless the value has none (a default). */
static inline void place_at(edge_spec *s, const value *v) {
    if (v != NULL && v->at.line > 0) {
        s->at = v->at;
        s->end = v->end;
    }
}

#endif
