/* sflint decisions: which exceptions have we allowed ourselves, why, who owns them, until when? */
#include "report/decisions.h"

#include "command/findings.h"
#include "command/settings.h"
#include "service/timezone.h"

#define WITHIN_MOST_DAYS 36500

/* --within: 30d, 6w, 3m (of thirty days), 1y; false after a line about another text. */
static bool take_within(const invocation *in, int64_t now_s, int64_t *within_s, slice *until) {
    static const struct { char unit; int days; } units[] = { { 'd', 1 }, { 'w', 7 }, { 'm', 30 }, { 'y', 365 } };
    const char *text = invocation_text(in, OPTION_WITHIN);
    long long n;
    *within_s = INT64_MAX;
    *until = SLICE("");
    if (text == NULL) return true;
    slice s = slice_from(text);
    for (size_t i = 0; i < COUNT(units); i++) {
        if (s.len < 2 || s.at[s.len - 1] != units[i].unit || !slice_int(slice_from_to(s, 0, s.len - 1), &n) || n < 0 || n > WITHIN_MOST_DAYS / units[i].days) continue;
        int64_t last = (now_s / 86400 + n * units[i].days) * 86400;
        civil_time day = civil_of(last);
        *within_s = last + 86400;
        *until = arena_printf(in->arena, "%04d-%02d-%02d", day.year, day.month, day.day);
        return true;
    }
    command_usage(in, "--within takes a time as 30d, 6w, 3m or 1y, not %s", text);
    return false;
}

int command_decisions(invocation *in) {
    run r;
    findings f = { .rules = NULL };
    int64_t within_s;
    slice until;
    if (!command_now(in, &f.config.now_s) || !take_within(in, f.config.now_s, &within_s, &until) || !run_start(&r, in)) return STATUS_BAD;
    if (!findings_judge(&f, &r, true)) return STATUS_BAD;

    VEC(const waiver *) configured = { 0 };
    const settings *s = r.settings;
    for (size_t i = 0; s->inputs != NULL && i < s->files.len; i++)
        for (size_t k = 0; k < s->files.at[i]->allow.list.len; k++) VEC_PUSH(in->arena, &configured, s->files.at[i]->allow.list.at[k]);
    decisions_report rep = { .sources = sources_new(in->arena, &r.set), .errors = &r.errors, .files = r.set.list.len, .until = until, .color = in->color_out };
    decisions_make(in->arena, &f.found, configured.at, configured.len, &f.config, within_s, &rep);
    int status = run_print_errors(&r, rep.sources);
    buf out = { .arena = in->arena };
    if (slice_is(invocation_format(in), "json")) report_decisions_json(&out, &rep);
    else if (slice_is(invocation_format(in), "markdown")) report_decisions_markdown(&out, &rep);
    else if (rep.files > 0 || status == STATUS_OK) report_decisions_text(&out, &rep);
    if (!output_write(buf_as_slice(&out))) status = STATUS_BAD;
    for (size_t i = 0; status == STATUS_OK && i < rep.decisions_len; i++)
        if (rep.decisions[i].ended) status = STATUS_FINDINGS;
    run_end(&r);
    return status;
}
