#include "command/findings.h"

#include <stdlib.h>

#include "command/alone.h"
#include "command/settings.h"
#include "lint/waiver.h"

static const char pillars[] =
#define PILLAR(id, text, digit) text " "
#include "lint/pillar.def"
#undef PILLAR
    ;

/* Ids, names or pillars of --disable and --enable (a comma separates several). `told` has the rules of configured folders too. */
static bool take_names(const invocation *in, const lint_rules *rules, option_id o, const slice **names, size_t *len) {
    VEC(slice) all = { 0 };
    for (size_t i = 0; i < in->given[o].len; i++) {
        slice list = slice_from(in->given[o].at[i]), name;
        while (slice_cut(&list, ',', &name)) {
            name = slice_trim(name);
            if (name.len == 0) continue;
            if (lint_rule_find(rules, name) == LINT_NO_RULE && !lint_is_pillar(name)) {
                slice near = lint_rule_nearest(rules, name);
                if (near.len == 0) near = nearest_word(name, slice_from(pillars));
                if (near.len > 0) command_usage(in, "--%s: there is no rule %.*s; did you mean %.*s?", options[o].name, SLICE_ARG(name), SLICE_ARG(near));
                else command_usage(in, "--%s: there is no rule %.*s; sflint rules lists them", options[o].name, SLICE_ARG(name));
                return false;
            }
            VEC_PUSH(in->arena, &all, name);
        }
    }
    *names = all.at;
    *len = all.len;
    return true;
}

typedef struct {
    const finding *finding;
    size_t number;           /* what is alike stays in the order in which it was found */
} numbered;

static int numbered_order(const void *x, const void *y) {
    const numbered *p = x, *q = y;
    int order = finding_order(p->finding, q->finding);
    return order != 0 ? order : p->number < q->number ? -1 : p->number > q->number;
}

/* What was found in templates that stand alone, put among the rest; the templates join the list of those read. */
static void add_alone(run *r, lint_result *found, report_counts *counts) {
    size_t count = r->inputs.list.len, len = found->findings_len, unknown = found->unknown_len;
    for (size_t i = 0; i < count; i++) {
        if (r->alone[i] == NULL || !r->alone[i]->read) continue;
        len += r->alone[i]->found.findings_len;
        unknown += r->alone[i]->found.unknown_len;
    }
    numbered *in_order = ARENA_ARRAY(r->arena, numbered, len);
    lint_unknown *open = ARENA_ARRAY(r->arena, lint_unknown, unknown);
    VEC(const waiver *) waivers = { 0 };
    size_t n = 0, u = found->unknown_len;
    for (; n < found->findings_len; n++) in_order[n] = (numbered){ &found->findings[n], n };
    for (size_t k = 0; k < found->waivers_len; k++) VEC_PUSH(r->arena, &waivers, found->waivers[k]);
    if (u > 0) memcpy(open, found->unknown, u * sizeof *open);
    for (size_t i = 0; i < count; i++) {
        alone_result *one = r->alone[i];
        if (one == NULL || !one->read) continue;
        for (size_t k = 0; k < one->found.findings_len; k++, n++) in_order[n] = (numbered){ &one->found.findings[k], n };
        for (size_t k = 0; k < one->found.unknown_len; k++) open[u++] = one->found.unknown[k];
        for (size_t k = 0; k < one->found.waivers_len; k++) VEC_PUSH(r->arena, &waivers, one->found.waivers[k]);
        report_counts_add(counts, &one->counts);
        VEC_PUSH(r->arena, &r->set.list, &one->source);
    }
    qsort(in_order, n, sizeof *in_order, numbered_order);
    finding *all = ARENA_ARRAY(r->arena, finding, n);
    for (size_t i = 0; i < n; i++) all[i] = *in_order[i].finding;
    qsort(open, u, sizeof *open, lint_unknown_order);
    *found = (lint_result){ .findings = all, .findings_len = n, .unknown = open, .unknown_len = u, .waivers = waivers.at, .waivers_len = waivers.len };
}

/* The templates that are in one graph. */
static void judge_graph(findings *f, run *r, const lint_rules *rules) {
    const lint_config *config = &f->config;
    if (r->set.list.len == 1) config = lint_config_of(config, r->set.list.at[0]->file);
    size_t things = r->graph->nodes.len + r->graph->edges.len;
    f->found = lint_run(r->graph, rules, config, r->arenas, run_threads(r, things / 200 + 1));
    lint_waive(r->arena, r->arena, r->graph, rules, config, &f->found);
    f->counts = report_count(r->graph);
}

bool findings_judge(findings *f, run *r, bool partly) {
    const invocation *in = r->in;
    lint_rules *rules = lint_rules_new(r->arena);
    run_add_rules(r, rules, &in->given[OPTION_RULES]);
    f->found = (lint_result){ .findings = NULL };
    if (!take_names(in, rules, OPTION_DISABLE, &f->config.disabled, &f->config.disabled_len) ||
        !take_names(in, rules, OPTION_ENABLE, &f->config.enabled, &f->config.enabled_len))
        return false;
    f->rules = settings_lint(r, rules, &f->config);
    run_check(r, rules, &f->config);
    if (r->graph != NULL) judge_graph(f, r, rules);
    if (r->alone != NULL) add_alone(r, &f->found, &f->counts);
    settings_waivers(r, rules, partly, &f->found);
    return true;
}
