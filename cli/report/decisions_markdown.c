/* The register as a page to keep or to post: a table a kind of reason. */
#include "report/decisions.h"
#include "report/machine.h"
#include "report/paint.h"

/* Text of the input can make neither markup, nor cells, nor mentions. */
static void cell(buf *out, slice what) {
    buf safe = { .arena = out->arena };
    text_safe(&safe, what);
    slice s = buf_as_slice(&safe);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '@' || (c == '#' && i + 1 < s.len && s.at[i + 1] >= '0' && s.at[i + 1] <= '9')) buf_printf(out, "%c<!-- -->", c);
        else if (strchr("\\`*_[]<>|~&!$", c) != NULL && c != '\0') buf_printf(out, "\\%c", c);
        else buf_char(out, c);
    }
}

static void place(buf *out, const decisions_report *r, pos at) {
    const report rep = { .sources = r->sources, .files = r->files };
    cell(out, arena_printf(out->arena, "%.*s:%u", SLICE_ARG(machine_path(&rep, at.file)), at.line == 0 ? 1 : at.line));
}

static void what(buf *out, const decisions_report *r, const finding *f) {
    const report rep = { .sources = r->sources, .files = r->files };
    cell(out, report_without_path(out->arena, &rep, slice_trim(f->message), f->at.file));
}

void report_decisions_markdown(buf *out, const decisions_report *r) {
    buf_text(out, "## Decisions\n");
    if (r->until.len > 0) buf_printf(out, "\nThose that end until %.*s.\n", SLICE_ARG(r->until));
    for (size_t i = 0; i < r->decisions_len; i++) {
        const decision *d = &r->decisions[i];
        const waiver *w = d->waiver;
        if (i == 0 || d->kind != r->decisions[i - 1].kind)
            buf_printf(out, "\n### %.*s\n\n| rule | what | why | who | until | where |\n| --- | --- | --- | --- | --- | --- |\n", SLICE_ARG(waiver_kind_name(d->kind)));
        buf_text(out, "| ");
        cell(out, w->rule);
        buf_text(out, " | ");
        for (size_t k = 0; k < d->allows_len; k++) {
            if (k > 0) buf_text(out, "<br>");
            what(out, r, d->allows[k]);
        }
        if (d->allows_len == 0) buf_text(out, "nothing any more");
        buf_text(out, " | ");
        cell(out, w->reason);
        buf_text(out, " | ");
        cell(out, w->owner);
        buf_text(out, " | ");
        if (d->ended) buf_printf(out, "**ended** %.*s", SLICE_ARG(w->until));
        else cell(out, w->until);
        buf_text(out, " | ");
        place(out, r, w->at);
        buf_text(out, " |\n");
    }
    if (r->open_len > 0) buf_text(out, "\n### undecided: not serverless, and no reason is written\n\n| rule | what | where |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < r->open_len; i++) {
        buf_text(out, "| ");
        cell(out, r->open[i]->rule);
        buf_text(out, " | ");
        what(out, r, r->open[i]);
        buf_text(out, " | ");
        place(out, r, r->open[i]->at);
        buf_text(out, " |\n");
    }
    if (r->decisions_len == 0 && r->open_len == 0) buf_text(out, "\nNone.\n");
}
