/* node.class from the catalog: conditional cells are CEL over the resource's properties, three-valued. */
#include "lint/bind.h"
#include "lint/lint.h"
#include "lint/parallel.h"
#include "lint/vocabulary.h"

#define FOLLOW_MOST 4          /* a service's cluster's ...: the catalog has chains of two */

typedef struct {
    evaluation ev;
    cel_environment env;
    cel_value variable;
} judge;

typedef struct {
    graph *graph;
    judge *judges;             /* one a thread */
} run;

/* The value of a cell for one resource: "" = nothing to say, "unknown". */
static slice cell_value(judge *j, const resource *r, catalog_cell cell) {
    for (size_t i = 0; i < cell.count; i++) {
        const catalog_alternative *a = &catalog_cells[cell.first + i];
        slice word = catalog_text(a->value);
        if (a->condition < 0)
            return word;
        if (r == NULL)
            return SLICE("unknown");
        cel_program p = rule_program_of(&rules_built_in, (uint32_t)a->condition);
        j->variable = bind_catalog_resource(r);
        evaluation_reset(&j->ev, r->exists);
        cel_value v = cel_evaluate(&p, &j->ev.cel);
        if (v.kind == CEL_BOOL && v.boolean)
            return word;
        if (v.kind == CEL_BOOL)
            continue;
        for (size_t k = i + 1; k < cell.count; k++)
            if (!slice_eq(catalog_text(catalog_cells[cell.first + k].value), word))
                return SLICE("unknown");
        return word;
    }
    return SLICE("");
}

typedef catalog_cell (*cell_of)(const catalog_row *row);
static catalog_cell scales_cell(const catalog_row *row) { return row->scales; }
static catalog_cell bills_cell(const catalog_row *row) { return row->bills; }
static catalog_cell to_zero_cell(const catalog_row *row) { return row->scales_to_zero; }
static catalog_cell serverless_cell(const catalog_row *row) { return row->serverless; }
static catalog_cell tier_cell(const catalog_row *row) { return row->tier; }

/* Where the resource alone can't tell, the one that its `follow` properties point at may. */
static slice judge_cell(judge *j, const graph *g, const resource *r, const catalog_row *row, cell_of cell, unsigned depth) {
    slice word = cell_value(j, r, cell(row));
    if (!slice_is(word, "unknown") || r == NULL || row->follow.len == 0 || depth == FOLLOW_MOST)
        return word;
    slice rest = catalog_text(row->follow), name;
    while (slice_cut(&rest, ',', &name)) {
        const resource *other = NULL;
        bool open = false;
        const value *v = value_under(resource_get(j->ev.cel.arena, r, name), r->exists);
        const node *n = value_is_absent(v) ? NULL : graph_pointed(g, v, &other, &open);
        if (n != NULL)
            other = n->resource;
        if (other == NULL || other->row == NULL || other == r)
            continue;
        slice answer = judge_cell(j, g, other, other->row, cell, depth + 1);
        if (answer.len > 0 && !slice_is(answer, "unknown"))
            return answer;
    }
    return word;
}

static tri yes_no(slice word) {
    return slice_is(word, "yes") ? YES : slice_is(word, "no") ? NO : UNKNOWN;
}

static void judge_node(judge *j, const graph *g, node *n) {
    const resource *r = n->resource;
    const catalog_row *row = r != NULL ? r->row : n->type.len > 0 ? catalog_find(n->type) : NULL;
    n->class = (node_class){ .scales_to_zero = UNKNOWN, .serverless = UNKNOWN };
    if (row == NULL)
        return;
    n->class.scales = judge_cell(j, g, r, row, scales_cell, 0);
    n->class.bills = judge_cell(j, g, r, row, bills_cell, 0);
    n->class.scales_to_zero = yes_no(judge_cell(j, g, r, row, to_zero_cell, 0));
    n->class.serverless = yes_no(judge_cell(j, g, r, row, serverless_cell, 0));
    slice tier = judge_cell(j, g, r, row, tier_cell, 0);
    n->class.tier_unknown = slice_is(tier, "unknown");
    n->class.tier = tier.len == 1 && tier.at[0] >= '1' && tier.at[0] <= '5' ? tier.at[0] - '0' : 0;
}

static void judge_some(void *self, size_t thread, size_t first, size_t end) {
    run *k = self;
    judge *j = &k->judges[thread];
    for (size_t i = first; i < end; i++) {
        arena_mark mark = arena_mark_take(j->ev.cel.arena);
        judge_node(j, &j->ev.own, k->graph->nodes.at[i]);      /* keeps words of the catalog only */
        arena_mark_return(j->ev.cel.arena, mark);
    }
}

void lint_judge_nodes(graph *g, arena **arenas, size_t threads) {
    threads = lint_threads(threads, g->nodes.len);
    run k = { g, ARENA_ARRAY(arenas[0], judge, threads) };
    for (size_t i = 0; i < threads; i++) {
        judge *j = &k.judges[i];
        j->env = vocabulary_catalog_environment();
        j->ev.own = *g;
        j->ev.own.arena = arenas[i];
        j->ev.cel = (cel_context){ .arena = arenas[i], .env = &j->env, .variables = &j->variable, .host = &j->ev };
    }
    lint_parallel(threads, g->nodes.len, judge_some, &k);
    for (size_t i = 0; i < threads; i++)
        cel_close(&k.judges[i].ev.cel);
}
