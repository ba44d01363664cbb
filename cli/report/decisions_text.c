/* `sflint decisions` for people. */
#include "report/decisions.h"
#include "report/paint.h"

#define TEXT_WIDTH 100

static void plural(buf *out, size_t n, const char *word) { buf_printf(out, "%zu %s%s", n, word, n == 1 ? "" : "s"); }

static void what(buf *out, const decisions_report *r, const finding *f) {
    const report rep = { .sources = r->sources, .files = r->files };
    buf safe = { .arena = out->arena };
    text_safe(&safe, report_without_path(out->arena, &rep, slice_trim(f->message), f->at.file));
    buf_printf(&safe, " [%.*s %.*s]", SLICE_ARG(f->rule), SLICE_ARG(f->name));
    text_wrap(out, buf_as_slice(&safe), 6, TEXT_WIDTH);
}

static void one(buf *out, const decisions_report *r, const decision *d) {
    const waiver *w = d->waiver;
    buf safe = { .arena = out->arena };
    buf_text(out, "  ");
    source_place(out, r->sources, w->at, r->color);
    paint_text(out, r->color, PAINT_BOLD, w->rule);
    if (d->ended) {
        buf_text(out, ", ");
        paint_text(out, r->color, PAINT_RED, SLICE("ended on "));
        buf_slice(out, w->until);
    } else if (w->until.len > 0) {
        buf_printf(out, ", until %.*s", SLICE_ARG(w->until));
    } else {
        buf_text(out, ", without an end");
    }
    buf_text(out, ", ");
    if (w->owner.len > 0) text_safe(out, w->owner);
    else buf_text(out, "no owner");
    buf_char(out, '\n');
    text_safe(&safe, w->reason.len > 0 ? w->reason : SLICE("(no reason)"));
    text_wrap(out, buf_as_slice(&safe), 4, TEXT_WIDTH);
    if (d->allows_len == 0) buf_text(out, "      nothing is found there any more\n");
    for (size_t i = 0; i < d->allows_len; i++) what(out, r, d->allows[i]);
    buf_char(out, '\n');
}

static void summary(buf *out, const decisions_report *r) {
    size_t ended = 0;
    for (size_t i = 0; i < r->decisions_len; i++) ended += r->decisions[i].ended;
    if (r->until.len > 0 && r->decisions_len == 0) {
        buf_printf(out, "no decision ends until %.*s", SLICE_ARG(r->until));
    } else {
        plural(out, r->decisions_len, "decision");
        if (r->until.len > 0) buf_printf(out, " until %.*s", SLICE_ARG(r->until));
        if (ended > 0) {
            paint_on(out, r->color, PAINT_RED);
            buf_printf(out, " (%zu ended)", ended);
            paint_off(out, r->color);
        }
    }
    if (r->until.len == 0) buf_printf(out, ", %zu undecided", r->open_len);
    buf_text(out, " in ");
    plural(out, r->files, "template");
    buf_char(out, '\n');
}

void report_decisions_text(buf *out, const decisions_report *r) {
    for (size_t i = 0; i < r->decisions_len; i++) {
        if (i == 0 || r->decisions[i].kind != r->decisions[i - 1].kind) {
            paint_text(out, r->color, PAINT_BOLD, waiver_kind_name(r->decisions[i].kind));
            buf_text(out, "\n");
        }
        one(out, r, &r->decisions[i]);
    }
    if (r->open_len > 0) {
        paint_text(out, r->color, PAINT_BOLD, SLICE("undecided: not serverless, and no reason is written"));
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < r->open_len; i++) {
        buf_text(out, "  ");
        source_place(out, r->sources, r->open[i]->at, r->color);
        const report rep = { .sources = r->sources, .files = r->files };
        text_safe(out, report_without_path(out->arena, &rep, r->open[i]->resource, r->open[i]->at.file));
        buf_char(out, '\n');
        what(out, r, r->open[i]);
    }
    if (r->open_len > 0) buf_char(out, '\n');
    summary(out, r);
}
