/* sflint check: is this architecture serverless-first, and will its events survive? */
#include <time.h>

#include "command/changed.h"
#include "command/day.h"
#include "command/findings.h"
#include "command/formats.h"
#include "command/known.h"
#include "command/settings.h"
#include "lint/fingerprint.h"

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

static int fail_status(const run *r, const lint_result *found) {
    for (size_t i = 0; i < found->findings_len; i++)
        if (settings_fails(r, &found->findings[i])) return STATUS_FINDINGS;
    return STATUS_OK;
}

static bool to_people(const destinations *to) {
    for (size_t i = 0; i < to->len; i++)
        if (to->at[i].file == NULL && slice_is(to->at[i].format, "text")) return true;
    return false;
}

int command_check(invocation *in) {
    run r;
    known known_of;
    destinations to = { 0 };
    findings f = { .config = { .unknown = invocation_has(in, OPTION_SHOW_UNKNOWN) } };
    bool partly = invocation_has(in, OPTION_CHANGED);
    if (!command_now(in, &f.config.now_s) || !formats_take(in, &to) || !run_start(&r, in) || !known_start(&known_of, &r)) return STATUS_BAD;
    size_t left;
    if (!changed_take(&r, &left)) return STATUS_BAD;
    f.config.fingerprints = known_of.file != NULL || formats_need_fingerprints(&to);
    if (!findings_judge(&f, &r, partly)) return STATUS_BAD;

    report rep = { .errors = &r.errors, .graph = r.graph, .lint = &f.found, .color = in->color_out, .show_unknown = f.config.unknown,
                   .rules = f.rules, .version = SLICE(SFLINT_VERSION), .counts = f.counts, .files = r.set.list.len, .templates = &r.set };
    rep.sources = sources_new(in->arena, &r.set);
    settings_sources(&r, rep.sources);
    int status = run_print_errors(&r, rep.sources);
    if (f.config.fingerprints) rep.fingerprints = fingerprints_unique(in->arena, r.set.files.at, f.found.findings, f.found.findings_len);
    if (!known_take_out(&known_of, &r, status == STATUS_OK, &f.found, &rep)) status = STATUS_BAD;
    bool *fails = ARENA_ARRAY(in->arena, bool, f.found.findings_len);
    for (size_t i = 0; i < f.found.findings_len; i++) fails[i] = settings_fails(&r, &f.found.findings[i]);
    rep.fails = fails;
    if (!formats_write(in, &to, &rep)) status = STATUS_BAD;
    if (partly && rep.files == 0 && status == STATUS_OK && to_people(&to))
        output_write(arena_printf(in->arena, "no template changed %.*s\n", SLICE_ARG(changed_since(&r))));
    if (status == STATUS_OK) status = fail_status(&r, &f.found);
    run_end(&r);
    return status;
}
