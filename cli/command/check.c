/* sflint check: is this architecture serverless-first, and will its events survive? */
#include <time.h>

#include "command/day.h"
#include "command/run.h"

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

static int fail_status(const invocation *in, const lint_result *found) {
    const char *level = invocation_text(in, OPTION_FAIL_ON);
    severity least = SEVERITY_ERROR;
    if (level != NULL && !severity_of(slice_from(level), &least)) return STATUS_OK;      /* never */
    for (size_t i = 0; i < found->findings_len; i++)
        if (found->findings[i].severity >= least && found->findings[i].waiver == NULL) return STATUS_FINDINGS;
    return STATUS_OK;
}

int command_check(invocation *in) {
    run r;
    lint_config config = { .unknown = invocation_has(in, OPTION_SHOW_UNKNOWN) };
    if (!command_now(in, &config.now_s) || !run_start(&r, in)) return STATUS_BAD;
    lint_rules *rules = lint_rules_new(in->arena);
    run_add_rules(&r, rules, NULL);
    if (!take_names(in, rules, OPTION_DISABLE, &config.disabled, &config.disabled_len) ||
        !take_names(in, rules, OPTION_ENABLE, &config.enabled, &config.enabled_len))
        return STATUS_BAD;
    run_read(&r);

    lint_result found = { 0 };
    report rep = { .errors = &r.errors, .graph = r.graph, .files = r.read, .lint = &found, .color = in->color_out, .show_unknown = config.unknown };
    rep.sources = sources_new(in->arena, &r.set);
    if (r.graph != NULL) {
        size_t things = r.graph->nodes.len + r.graph->edges.len;
        found = lint_run(r.graph, rules, &config, r.arenas, run_threads(&r, things / 200 + 1));
        rep.score = score_of(r.graph);
    }
    int status = run_print_errors(&r, rep.sources);
    buf out = { .arena = in->arena };
    if (slice_is(invocation_format(in), "json")) report_check_json(&out, &rep);
    else if (r.graph != NULL) report_check_text(&out, &rep);
    output_write(buf_as_slice(&out));
    if (status == STATUS_OK) status = fail_status(in, &found);
    run_end(&r);
    return status;
}
