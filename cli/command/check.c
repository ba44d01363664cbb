/* sflint check: is this architecture serverless-first, and will its events survive? */
#include <stdlib.h>
#include <time.h>

#include "command/alone.h"
#include "command/day.h"
#include "command/formats.h"
#include "command/known.h"
#include "command/run.h"
#include "lint/fingerprint.h"

static const char pillars[] =
#define PILLAR(id, text, digit) text " "
#include "lint/pillar.def"
#undef PILLAR
    ;

static bool is_pillar(slice name) {
    slice words = slice_from(pillars), word;
    while (slice_cut(&words, ' ', &word))
        if (word.len > 0 && slice_same_letters(word, name)) return true;
    return false;
}

/* Ids, names or pillars of --disable and --enable (a comma separates several). */
static bool take_names(const invocation *in, const lint_rules *rules, option_id o, const slice **names, size_t *len) {
    VEC(slice) all = { 0 };
    for (size_t i = 0; i < in->given[o].len; i++) {
        slice list = slice_from(in->given[o].at[i]), name;
        while (slice_cut(&list, ',', &name)) {
            name = slice_trim(name);
            if (name.len == 0) continue;
            if (lint_rule_find(rules, name) == LINT_NO_RULE && !is_pillar(name)) {
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

bool command_now(const invocation *in, int64_t *now_s) {
    const char *text = invocation_text(in, OPTION_NOW);
    if (text == NULL) {
        *now_s = (int64_t)time(NULL);
        return true;
    }
    if (day_seconds(slice_from(text), now_s)) return true;
    command_usage(in, "--now takes a day as 2026-11-25, not %s", text);
    return false;
}

/* --fail-on */
static void take_fail_on(const invocation *in, report *rep) {
    const char *level = invocation_text(in, OPTION_FAIL_ON);
    rep->fail_on = SEVERITY_ERROR;
    rep->fails = level == NULL || severity_of(slice_from(level), &rep->fail_on);      /* else: never */
}

static int fail_status(const report *rep) {
    const lint_result *found = rep->lint;
    for (size_t i = 0; rep->fails && i < found->findings_len; i++)
        if (found->findings[i].severity >= rep->fail_on && found->findings[i].waiver == NULL) return STATUS_FINDINGS;
    return STATUS_OK;
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
    size_t count = r->inputs.list.len, findings = found->findings_len, unknown = found->unknown_len;
    for (size_t i = 0; i < count; i++) {
        if (r->alone[i] == NULL || !r->alone[i]->read) continue;
        findings += r->alone[i]->found.findings_len;
        unknown += r->alone[i]->found.unknown_len;
    }
    numbered *in_order = ARENA_ARRAY(r->arena, numbered, findings);
    lint_unknown *open = ARENA_ARRAY(r->arena, lint_unknown, unknown);
    size_t n = 0, u = found->unknown_len;
    for (; n < found->findings_len; n++) in_order[n] = (numbered){ &found->findings[n], n };
    if (u > 0) memcpy(open, found->unknown, u * sizeof *open);
    for (size_t i = 0; i < count; i++) {
        alone_result *one = r->alone[i];
        if (one == NULL || !one->read) continue;
        for (size_t k = 0; k < one->found.findings_len; k++, n++) in_order[n] = (numbered){ &one->found.findings[k], n };
        for (size_t k = 0; k < one->found.unknown_len; k++) open[u++] = one->found.unknown[k];
        report_counts_add(counts, &one->counts);
        VEC_PUSH(r->arena, &r->set.list, &one->source);
    }
    qsort(in_order, n, sizeof *in_order, numbered_order);
    finding *all = ARENA_ARRAY(r->arena, finding, n);
    for (size_t i = 0; i < n; i++) all[i] = *in_order[i].finding;
    qsort(open, u, sizeof *open, lint_unknown_order);
    *found = (lint_result){ .findings = all, .findings_len = n, .unknown = open, .unknown_len = u };
}

int command_check(invocation *in) {
    run r;
    known known_of;
    destinations to = { 0 };
    lint_config config = { .unknown = invocation_has(in, OPTION_SHOW_UNKNOWN) };
    if (!command_now(in, &config.now_s) || !formats_take(in, &to) || !run_start(&r, in) || !known_start(&known_of, &r)) return STATUS_BAD;
    config.fingerprints = known_of.file != NULL || formats_need_fingerprints(&to);
    lint_rules *rules = lint_rules_new(in->arena);
    run_add_rules(&r, rules, NULL);
    if (!take_names(in, rules, OPTION_DISABLE, &config.disabled, &config.disabled_len) ||
        !take_names(in, rules, OPTION_ENABLE, &config.enabled, &config.enabled_len))
        return STATUS_BAD;
    run_check(&r, rules, &config);

    lint_result found = { 0 };
    report rep = { .errors = &r.errors, .graph = r.graph, .lint = &found, .color = in->color_out, .show_unknown = config.unknown,
                   .rules = rules, .version = SLICE(SFLINT_VERSION) };
    take_fail_on(in, &rep);
    if (r.graph != NULL) {
        size_t things = r.graph->nodes.len + r.graph->edges.len;
        found = lint_run(r.graph, rules, &config, r.arenas, run_threads(&r, things / 200 + 1));
        rep.counts = report_count(r.graph);
    }
    if (r.alone != NULL) add_alone(&r, &found, &rep.counts);
    rep.files = r.set.list.len;
    rep.templates = &r.set;
    rep.sources = sources_new(in->arena, &r.set);
    int status = run_print_errors(&r, rep.sources);
    if (config.fingerprints) rep.fingerprints = fingerprints_unique(in->arena, r.set.files.at, found.findings, found.findings_len);
    if (!known_take_out(&known_of, &r, status == STATUS_OK, &found, &rep)) status = STATUS_BAD;
    if (!formats_write(in, &to, &rep)) status = STATUS_BAD;
    if (status == STATUS_OK) status = fail_status(&rep);
    run_end(&r);
    return status;
}
