/* sflint rules: which rules exist, and do their examples hold? sflint explain: why is this a rule, and how do I fix it? */
#include "command/run.h"
#include "report/paint.h"

/* The rules of a run: built in, and from --rules and `more`. False when the call is wrong; *status is what the files say. */
static lint_rules *load(run *r, invocation *in, const texts *more, int *status) {
    *r = (run){ .in = in, .arena = in->arena };
    r->arenas[0] = in->arena;
    r->errors.arena = in->arena;
    r->set.options = &r->options;
    lint_rules *rules = lint_rules_new(in->arena);
    run_add_rules(r, rules, &in->given[OPTION_RULES]);
    if (more != NULL) run_add_rules(r, rules, more);
    *status = run_print_errors(r, sources_new(in->arena, &r->set));
    return rules;
}

static void example_json(json_out *j, const lint_example_result *e) {
    json_object(j);
    json_key_text(j, "rule");
    json_string(j, e->rule);
    json_key_text(j, "example");
    json_int(j, (long long)e->example);
    json_key_text(j, "bad");
    json_bool(j, e->bad);
    json_key_text(j, "passed");
    json_bool(j, e->passed);
    json_key_text(j, "what");
    json_string(j, e->what);
    json_object_end(j);
}

int command_rules(invocation *in) {
    run r;
    int status;
    size_t passed = 0, failed = 0;
    int64_t now_s;
    if (!command_now(in, &now_s)) return STATUS_BAD;
    const lint_rules *rules = load(&r, in, &in->operands, &status);
    bool json = slice_is(invocation_format(in), "json"), only_own = in->operands.len > 0;
    buf out = { .arena = in->arena };
    json_out j = { .out = &out };
    const lint_example_result *results = NULL;
    VEC(lint_example_result) all = { 0 };
    if (!only_own) {
        size_t len = lint_run_examples(in->arena, rules, LINT_NO_RULE, now_s, &results);
        for (size_t k = 0; k < len; k++) VEC_PUSH(in->arena, &all, results[k]);
    }
    if (json) {
        json_object(&j);
        json_key_text(&j, "version");
        json_int(&j, REPORT_VERSION);
        json_key_text(&j, "rules");
        json_list(&j);
    }
    for (size_t i = 0; i < lint_rules_count(rules); i++) {
        rule_info info = lint_rule(in->arena, rules, i);
        if (only_own && !info.users_own) continue;
        if (json) report_rule_json(&j, &info);
        else report_rule_line(&out, &info, in->color_out);
        if (only_own) {
            size_t len = lint_run_examples(in->arena, rules, i, now_s, &results);
            for (size_t k = 0; k < len; k++) VEC_PUSH(in->arena, &all, results[k]);
        }
    }
    if (json) {
        json_list_end(&j);
        json_key_text(&j, "examples");
        json_list(&j);
    } else if (out.bytes.len > 0) {
        buf_char(&out, '\n');
    }
    for (size_t k = 0; k < all.len; k++) {
        const lint_example_result *e = &all.at[k];
        passed += e->passed;
        failed += !e->passed;
        if (json) {
            example_json(&j, e);
        } else if (!e->passed) {
            buf_printf(&out, "%.*s: %s example %zu: ", SLICE_ARG(e->rule), e->bad ? "bad" : "good", e->example);
            text_safe(&out, e->what);
            buf_char(&out, '\n');
        }
    }
    if (json) {
        json_list_end(&j);
        json_key_text(&j, "errors");
        report_errors_json(&j, sources_new(in->arena, &r.set), &r.errors);
        json_key_text(&j, "summary");
        json_object(&j);
        json_key_text(&j, "passed");
        json_int(&j, (long long)passed);
        json_key_text(&j, "failed");
        json_int(&j, (long long)failed);
        json_object_end(&j);
        json_object_end(&j);
        buf_char(&out, '\n');
    } else {
        buf_printf(&out, "%zu passed, %zu failed\n", passed, failed);
    }
    output_write(buf_as_slice(&out));
    if (status == STATUS_OK && failed > 0) status = STATUS_FINDINGS;
    return status;
}

int command_explain(invocation *in) {
    run r;
    int status;
    if (in->operands.len == 0) return command_usage(in, "which rule? sflint explain SF117, for example; sflint rules lists them");
    const lint_rules *rules = load(&r, in, NULL, &status);
    bool json = slice_is(invocation_format(in), "json");
    buf out = { .arena = in->arena };
    json_out j = { .out = &out };
    if (json) {
        json_object(&j);
        json_key_text(&j, "version");
        json_int(&j, REPORT_VERSION);
        json_key_text(&j, "rules");
        json_list(&j);
    }
    size_t shown = 0;
    for (size_t i = 0; i < in->operands.len; i++) {
        slice name = slice_from(in->operands.at[i]);
        size_t at = lint_rule_find(rules, name);
        if (at == LINT_NO_RULE) {
            slice near = lint_rule_nearest(rules, name);
            if (lint_is_pillar(name)) status = command_usage(in, "%.*s is a pillar, not a rule; sflint rules lists its rules", SLICE_ARG(name));
            else if (near.len > 0) status = command_usage(in, "there is no rule %.*s; did you mean %.*s?", SLICE_ARG(name), SLICE_ARG(near));
            else status = command_usage(in, "there is no rule %.*s; sflint rules lists them", SLICE_ARG(name));
            continue;
        }
        rule_info info = lint_rule(in->arena, rules, at);
        if (json) {
            report_rule_json(&j, &info);
        } else {
            if (shown++ > 0) buf_text(&out, "\n\n");
            report_rule_text(&out, &info, in->color_out);
        }
    }
    if (json) {
        json_list_end(&j);
        json_object_end(&j);
        buf_char(&out, '\n');
    }
    output_write(buf_as_slice(&out));
    return status;
}
