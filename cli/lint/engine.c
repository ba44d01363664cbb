/* All rules over a graph: which rule looks at which thing, side by side, sorted. */
#include <stdlib.h>

#include "lint/fingerprint.h"
#include "lint/judge.h"
#include "lint/narrow.h"
#include "lint/parallel.h"

/* ---- what the user wants ---- */

/* How narrowly a word names the rule: 0 not, 1 its pillar, 2 itself. */
static int names(rule_ref ref, slice word) {
    if (slice_same_letters(word, rule_ref_text(ref, ref.rule->id)) || slice_same_letters(word, rule_ref_text(ref, ref.rule->name)))
        return 2;
    return slice_same_letters(word, pillar_name((pillar)ref.rule->pillar)) ? 1 : 0;
}

static bool is_on(const lint_config *config, rule_ref ref) {
    int off = 0, on = 0;
    for (size_t i = 0; i < config->disabled_len; i++)
        if (names(ref, config->disabled[i]) > off)
            off = names(ref, config->disabled[i]);
    for (size_t i = 0; i < config->enabled_len; i++)
        if (names(ref, config->enabled[i]) > on)
            on = names(ref, config->enabled[i]);
    if (off == 0 && on == 0 && config->under != NULL)
        return is_on(config->under, ref);
    return off == 0 || on > off;
}

bool lint_names_on(const lint_rules *rules, const lint_config *config, slice word) {
    for (size_t i = 0; i < rules->all.len; i++)
        if (names(rules->all.at[i], word) > 0 && is_on(config, rules->all.at[i]))
            return true;
    return false;
}

const lint_config *lint_config_of(const lint_config *config, uint32_t file) {
    return config->of == NULL ? config : config->of(config->self, file);
}

bool judge_severity(const lint_config *config, rule_ref ref, severity *out) {
    for (size_t i = config->severities_len; i > 0; i--)
        if (names(ref, config->severities[i - 1].rule) > 0) {
            *out = config->severities[i - 1].severity;
            return true;
        }
    return config->under != NULL && judge_severity(config->under, ref, out);
}

/* ---- which rules look at what ---- */

typedef struct {
    rule_ref ref;
    const narrow *narrow;      /* NULL: it looks at all */
} planned;

typedef struct {
    VEC(planned) list;
} refs;

struct lint_plan {
    strmap by_type;            /* resource type -> refs */
    refs every_resource, paths, cycles, templates;
    refs nodes[ROLE_COUNT], edges[EDGE_KIND_COUNT], problems[PROBLEM_COUNT];
    judge_vocabulary words;
};

static void plan_kinds(arena *a, refs *lists, size_t len, planned one) {
    for (size_t i = 0; i < len; i++)
        if (one.ref.rule->kinds == 0 || (one.ref.rule->kinds & ((uint64_t)1 << i)))
            VEC_PUSH(a, &lists[i].list, one);
}

static void plan_rule(lint_plan *p, arena *a, rule_ref ref) {
    planned one = { ref, narrow_make(a, ref) };
    switch ((looks)ref.rule->looks) {
        case LOOKS_RESOURCE:
            if (ref.rule->types.count == 0)
                VEC_PUSH(a, &p->every_resource.list, one);
            for (uint32_t i = 0; i < ref.rule->types.count; i++) {
                slice type = rule_ref_text(ref, ref.set->texts[ref.rule->types.first + i]);
                refs *of_type = strmap_get(&p->by_type, type);
                if (of_type == NULL) {
                    of_type = ARENA_NEW(a, refs);
                    strmap_put(a, &p->by_type, type, of_type);
                }
                VEC_PUSH(a, &of_type->list, one);
            }
            break;
        case LOOKS_NODE: plan_kinds(a, p->nodes, COUNT(p->nodes), one); break;
        case LOOKS_EDGE: plan_kinds(a, p->edges, COUNT(p->edges), one); break;
        case LOOKS_PROBLEM: plan_kinds(a, p->problems, COUNT(p->problems), one); break;
        case LOOKS_PATH: VEC_PUSH(a, &p->paths.list, one); break;
        case LOOKS_CYCLE: VEC_PUSH(a, &p->cycles.list, one); break;
        case LOOKS_TEMPLATE: VEC_PUSH(a, &p->templates.list, one); break;
        case LOOKS_COUNT: break;
    }
}

static const lint_plan *plan_new(arena *a, const rule_ref *rules, size_t len, const lint_config *config) {
    lint_plan *p = ARENA_NEW(a, lint_plan);
    judge_words(&p->words);
    for (size_t i = 0; i < len; i++)
        if (is_on(config, rules[i]))
            plan_rule(p, a, rules[i]);
    return p;
}

const lint_plan *lint_plan_new(arena *a, const lint_rules *rules, const lint_config *config) {
    rules = lint_rules_of(rules, config);
    return plan_new(a, rules->all.at, rules->all.len, config);
}

/* ---- the things ---- */

#define PATHS_MOST 1000        /* synchronous paths of a run that rules look at */
#define PATH_LEAST 2           /* edges */

typedef struct {
    const refs *rules[2];
    lint_item item;
} task;

typedef struct {
    VEC(task) tasks;
    arena *arena;
    const lint_config *config;
    const lint_plan *plan;     /* config's */
} tasks;

static const lint_config *config_at(const tasks *t, const template *in) {
    return in == NULL || t->config->of == NULL ? t->config : lint_config_of(t->config, lint_index_root(in)->file);
}

static const lint_plan *plan_at(const tasks *t, const template *in) {
    const lint_config *config = config_at(t, in);
    return config == t->config ? t->plan : config->plan;
}

static void add_task(tasks *t, const refs *first, const refs *second, lint_item item) {
    if ((first == NULL || first->list.len == 0) && (second == NULL || second->list.len == 0))
        return;
    item.config = config_at(t, item.in);
    VEC_PUSH(t->arena, &t->tasks, (task){ { first, second }, item });
}

static const template *template_of(const edge *e) {
    return e->via != NULL ? e->via->in : e->from->resource != NULL ? e->from->resource->in : e->to->resource != NULL ? e->to->resource->in : NULL;
}

static void add_edges(tasks *t, looks l, edge_list list) {
    lint_item item = { .looks = l, .edges = list, .when = WHEN_ALWAYS };
    for (size_t i = 0; i < list.len; i++) {
        if (item.in == NULL)
            item.in = template_of(list.at[i]);
        if (!when_and(t->arena, item.when, list.at[i]->when, &item.when))
            return;            /* the edges are never there together */
    }
    const lint_plan *p = plan_at(t, item.in);
    add_task(t, l == LOOKS_CYCLE ? &p->cycles : &p->paths, NULL, item);
}

/* Edges that one event may walk. What is only inferred counts for writes, not for reads (a role that may read a stream reads it when its
 * code wants to), not for a function that may invoke itself, and not for writes to a state machine: the grant to report to a waiting
 * execution looks like the grant to start one. */
static bool follows_all(const edge *e) {
    if (e->enabled == NO)
        return false;
    return e->sure || (e->kind == EDGE_WRITE && e->from != e->to && e->to->role != ROLE_WORKFLOW);
}

/* A component has one cycle in the list, the shortest: so loops of events are looked for apart from those that go through dead letters. */
static bool follows_events(const edge *e) {
    return follows_all(e) && e->kind != EDGE_DEAD_LETTER;
}

static void collect(tasks *t, const graph *g) {
    bool different = t->config->of != NULL;
    for (size_t k = 0; k < g->set->list.len; k++) {
        const template *in = g->set->list.at[k];
        const lint_plan *p = plan_at(t, in);
        add_task(t, &p->templates, NULL, (lint_item){ .looks = LOOKS_TEMPLATE, .in = in, .when = WHEN_ALWAYS });
        for (size_t i = 0; i < in->resources.len; i++) {
            const resource *r = in->resources.at[i];
            add_task(t, strmap_get(&p->by_type, r->type), &p->every_resource,
                     (lint_item){ .looks = LOOKS_RESOURCE, .resource = r, .node = r->node, .in = in, .when = r->exists });
        }
        for (size_t i = 0; i < in->problems.len; i++) {
            const problem *b = &in->problems.at[i];
            add_task(t, &p->problems[b->kind], NULL, (lint_item){ .looks = LOOKS_PROBLEM, .resource = b->in, .problem = b, .in = in, .when = b->w });
        }
    }
    for (size_t i = 0; i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        const lint_plan *p = plan_at(t, n->resource != NULL ? n->resource->in : NULL);
        add_task(t, &p->nodes[n->role], NULL,
                 (lint_item){ .looks = LOOKS_NODE, .resource = n->resource, .node = n, .in = n->resource != NULL ? n->resource->in : NULL,
                              .when = n->resource != NULL ? n->resource->exists : WHEN_ALWAYS });
    }
    for (size_t i = 0; i < g->edges.len; i++) {
        const edge *e = g->edges.at[i];
        add_task(t, &plan_at(t, template_of(e))->edges[e->kind], NULL, (lint_item){ .looks = LOOKS_EDGE, .edge = e, .in = template_of(e), .when = e->when });
    }
    edge_list *lists = NULL;
    bool (*const follows[])(const edge *e) = { follows_events, follows_all };
    for (size_t k = 0; k < COUNT(follows) && (different || t->plan->cycles.list.len > 0); k++) {
        size_t cycles = graph_cycles(g, t->arena, follows[k], &lists);
        for (size_t i = 0; i < cycles; i++)
            add_edges(t, LOOKS_CYCLE, lists[i]);
    }
    size_t len = !different && t->plan->paths.list.len == 0 ? 0 : graph_sync_paths(g, t->arena, PATH_LEAST, PATHS_MOST, &lists);
    for (size_t i = 0; i < len; i++)
        add_edges(t, LOOKS_PATH, lists[i]);
}

/* ---- order ---- */

static int pos_order(pos x, pos y) {
    if (x.file != y.file)
        return x.file < y.file ? -1 : 1;
    if (x.line != y.line)
        return x.line < y.line ? -1 : 1;
    return x.column == y.column ? 0 : x.column < y.column ? -1 : 1;
}

int finding_order(const finding *x, const finding *y) {
    int order = pos_order(x->at, y->at);
    if (order == 0)
        order = slice_order(x->rule, y->rule);
    return order != 0 ? order : slice_order(x->message, y->message);
}

/* Findings that are alike in all that is sorted by: the shorter condition first, then what it says, so that two runs give the same. */
typedef struct {
    finding finding;
    slice when_text;
} sorted;

static int sorted_order(const void *x, const void *y) {
    const sorted *a = x, *b = y;
    int order = finding_order(&a->finding, &b->finding);
    if (order != 0)
        return order;
    if (a->finding.when.len != b->finding.when.len)
        return a->finding.when.len < b->finding.when.len ? -1 : 1;
    order = slice_order(a->when_text, b->when_text);
    if (order != 0 || a->finding.edge == NULL || b->finding.edge == NULL)
        return order;
    return a->finding.edge->index < b->finding.edge->index ? -1 : a->finding.edge->index > b->finding.edge->index;
}

int lint_unknown_order(const void *x, const void *y) {
    const lint_unknown *a = x, *b = y;
    int order = pos_order(a->at, b->at);
    if (order == 0)
        order = slice_order(a->rule, b->rule);
    if (order == 0)
        order = slice_order(a->resource, b->resource);
    return order != 0 ? order : slice_order(a->why, b->why);
}

/* Do x and y say the same but for one condition that is true in one and false in the other? Then `*out` is what they share. */
static bool when_joined(arena *a, when x, when y, when *out) {
    size_t differs = x.len;
    if (x.len != y.len || x.len == 0)
        return false;
    for (size_t i = 0; i < x.len; i++) {
        if (x.at[i].on != y.at[i].on || (x.at[i].is != y.at[i].is && differs < x.len))
            return false;
        if (x.at[i].is != y.at[i].is)
            differs = i;
    }
    if (differs == x.len)
        return false;
    when_literal *rest = ARENA_ARRAY(a, when_literal, x.len);
    for (size_t i = 0, n = 0; i < x.len; i++)
        if (i != differs)
            rest[n++] = x.at[i];
    *out = (when){ rest, x.len - 1 };
    return true;
}

#define GROUP_MOST 64          /* findings alike but for their conditions that are compared with one another */

/* Adds a finding to those of its words and place, list[first .. len): one that holds always takes in the others, two that hold whatever a
 * condition is become one. Gives the new length. */
static size_t add_alike(arena *a, finding *list, size_t first, size_t len, finding f) {
    for (size_t i = first; i < len && len - first < GROUP_MOST; i++) {
        when both;
        if (when_implied(list[i].when, f.when))
            return len;
        if (when_joined(a, list[i].when, f.when, &both)) {
            f.when = both;
            list[i] = list[len - 1];
            return add_alike(a, list, first, len - 1, f);
        }
    }
    list[len] = f;
    return len + 1;
}

/* The same words on the same place are one finding. `of`: the graph, when findings are to have fingerprints; else NULL. */
static void finish(lint_result *out, arena *a, judge_thread *threads, size_t len, const graph *of) {
    size_t findings = 0, unknown = 0;
    for (size_t i = 0; i < len; i++) {
        findings += threads[i].findings.len;
        unknown += threads[i].unknown.len;
    }
    sorted *all = ARENA_ARRAY(a, sorted, findings);
    lint_unknown *u = ARENA_ARRAY(a, lint_unknown, unknown);
    size_t n = 0, m = 0;
    for (size_t i = 0; i < len; i++) {
        for (size_t k = 0; k < threads[i].findings.len; k++)
            all[n++] = (sorted){ threads[i].findings.at[k], when_text(a, threads[i].findings.at[k].when) };
        for (size_t k = 0; k < threads[i].unknown.len; k++)
            u[m++] = threads[i].unknown.at[k];
    }
    qsort(all, n, sizeof *all, sorted_order);
    qsort(u, m, sizeof *u, lint_unknown_order);
    finding *list = ARENA_ARRAY(a, finding, n);
    size_t kept = 0, first = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || finding_order(&all[i - 1].finding, &all[i].finding) != 0)
            first = kept;
        kept = add_alike(a, list, first, kept, all[i].finding);
    }
    size_t different = 0;
    for (size_t i = 0; i < m; i++)
        if (different == 0 || lint_unknown_order(&u[different - 1], &u[i]) != 0)
            u[different++] = u[i];
    if (of != NULL)
        fingerprints_set(a, of, list, kept);
    *out = (lint_result){ .findings = list, .findings_len = kept, .unknown = u, .unknown_len = different };
}

/* ---- the run ---- */

typedef struct {
    const task *tasks;
    judge_thread *threads;
} run;

static void judge_refs(judge_thread *j, const refs *rules, const lint_item *item) {
    if (rules == NULL || rules->list.len == 0)
        return;
    judge_item(j, item);
    for (size_t i = 0; i < rules->list.len; i++)
        if (narrow_may(rules->list.at[i].narrow, item))
            judge_rule(j, rules->list.at[i].ref);
}

static void run_some(void *self, size_t thread, size_t first, size_t end) {
    run *r = self;
    for (size_t i = first; i < end; i++)
        for (size_t k = 0; k < 2; k++)
            judge_refs(&r->threads[thread], r->tasks[i].rules[k], &r->tasks[i].item);
}

static lint_result run_rules(const graph *g, const rule_ref *rules, size_t len, const lint_config *config, arena **arenas, size_t threads) {
    arena *a = arenas[0];
    const lint_plan *p = config->plan != NULL ? config->plan : plan_new(a, rules, len, config);
    lint_index index;
    lint_index_make(&index, a, g);
    tasks t = { .arena = a, .config = config, .plan = p };
    collect(&t, g);
    threads = lint_threads(threads, t.tasks.len);
    run r = { t.tasks.at, ARENA_ARRAY(a, judge_thread, threads) };
    for (size_t i = 0; i < threads; i++)
        judge_start(&r.threads[i], arenas[i], &index, config, &p->words, threads == 1 ? config->kept : NULL);
    lint_parallel(threads, t.tasks.len, run_some, &r);
    lint_result out;
    finish(&out, a, r.threads, threads, config->fingerprints ? g : NULL);
    for (size_t i = 0; i < threads; i++)
        judge_end(&r.threads[i]);
    return out;
}

lint_result lint_judge_problems(arena *a, const lint_rules *rules, const lint_config *config, const graph *g, const template *in,
                                const problem *problems, size_t len) {
    templates no_templates = { .options = NULL };
    graph empty = { .set = &no_templates };
    lint_index index;
    judge_thread j = { .arena = NULL };
    lint_result out;
    const lint_plan *p = config->plan != NULL ? config->plan : lint_plan_new(a, rules, config);
    if (g == NULL)
        g = &empty;
    lint_index_make(&index, a, g);
    judge_start(&j, a, &index, config, &p->words, NULL);
    for (size_t i = 0; i < len; i++) {
        lint_item item = { .looks = LOOKS_PROBLEM, .resource = problems[i].in, .problem = &problems[i], .in = in, .when = problems[i].w, .config = config };
        judge_refs(&j, &p->problems[problems[i].kind], &item);
    }
    finish(&out, a, &j, 1, config->fingerprints ? g : NULL);
    judge_end(&j);
    return out;
}

lint_result lint_run(const graph *g, const lint_rules *rules, const lint_config *config, arena **arenas, size_t threads) {
    rules = lint_rules_of(rules, config);
    return run_rules(g, rules->all.at, rules->all.len, config, arenas, threads);
}

lint_result lint_run_one(const graph *g, const lint_rules *rules, size_t number, const lint_config *config, arena *a) {
    return run_rules(g, &rules->all.at[number], 1, config, &a, 1);
}
