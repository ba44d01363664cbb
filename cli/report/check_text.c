/* `sflint check` for people: each finding is a remark with its place, the line it is about, and what to do. */
#include "report/paint.h"
#include "report/report.h"

static const paint severity_paint[SEVERITY_COUNT] = { [SEVERITY_INFO] = PAINT_CYAN, [SEVERITY_WARNING] = PAINT_YELLOW, [SEVERITY_ERROR] = PAINT_RED };

static void plural(buf *out, size_t n, const char *word) { buf_printf(out, "%zu %s%s", n, word, n == 1 ? "" : "s"); }

/* "2 errors, 1 warning, 3 infos" without what there is none of. */
static void counts_text(buf *out, const size_t counts[SEVERITY_COUNT]) {
    bool any = false;
    for (size_t s = SEVERITY_COUNT; s > 0; s--) {
        if (counts[s - 1] == 0) continue;
        if (any) buf_text(out, ", ");
        slice name = severity_name((severity)(s - 1));
        buf_printf(out, "%zu %.*s%s", counts[s - 1], SLICE_ARG(name), counts[s - 1] == 1 || s - 1 == SEVERITY_INFO ? "" : "s");
        any = true;
    }
    if (!any) buf_text(out, "nothing found");
}

static void side_line(buf *out, const char *what, slice text, bool color) {
    paint_on(out, color, PAINT_DIM);
    buf_text(out, "      = ");
    buf_text(out, what);
    buf_text(out, ": ");
    paint_off(out, color);
    text_safe(out, slice_trim(text));
    buf_char(out, '\n');
}

slice report_without_path(arena *a, const report *r, slice text, uint32_t file) {
    slice path = source_path(r->sources, file);
    buf out = { .arena = a };
    if (r->files < 2 || path.len == 0 || slice_find(text, '#') == text.len) return text;
    slice prefix = arena_concat(a, (slice[]){ path, SLICE("#") }, 2);
    for (size_t at; (at = slice_find_slice(text, prefix)) != (size_t)-1; text = slice_after(text, at + prefix.len)) {
        bool begins = at == 0 || strchr(" \"'([{:", text.at[at - 1]) != NULL;
        buf_slice(&out, slice_from_to(text, 0, begins ? at : at + prefix.len));
    }
    buf_slice(&out, text);
    return buf_as_slice(&out);
}

#define MESSAGE_BYTES ((size_t)600)      /* of a message that are shown; --format json has the whole of it */

static void message(buf *out, slice text) {
    size_t len = text.len;
    if (len > MESSAGE_BYTES) {
        len = MESSAGE_BYTES;
        while (len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80) len--;
    }
    text_safe(out, slice_from_to(text, 0, len));
    if (len < text.len) buf_text(out, "...");
}

static void one_finding(buf *out, const report *r, const finding *f) {
    source_place(out, r->sources, f->at, r->color);
    paint_text(out, r->color, severity_paint[f->severity], severity_name(f->severity));
    buf_text(out, ": ");
    message(out, report_without_path(out->arena, r, slice_trim(f->message), f->at.file));
    if (f->when.len > 0) {
        buf_text(out, " (when ");
        text_safe(out, when_text(out->arena, f->when));
        buf_char(out, ')');
    }
    buf_text(out, " ");
    paint_on(out, r->color, PAINT_DIM);
    buf_char(out, '[');
    buf_slice(out, f->rule);
    buf_char(out, ' ');
    buf_slice(out, f->name);
    buf_char(out, ']');
    paint_off(out, r->color);
    buf_char(out, '\n');
    source_show(out, r->sources, f->at, f->end, r->color);
    for (size_t i = 0; i < f->related_len; i++) {
        buf place = { .arena = out->arena };
        source_place(&place, r->sources, f->related[i].at, false);
        buf_slice(&place, report_without_path(out->arena, r, f->related[i].message, f->related[i].at.file));
        side_line(out, "see", buf_as_slice(&place), r->color);
    }
    if (f->fix.len > 0) side_line(out, "fix", report_without_path(out->arena, r, f->fix, f->at.file), r->color);
}

static void share_text(buf *out, const char *name, share s) {
    if (s.of == 0) buf_printf(out, "%s -", name);
    else buf_printf(out, "%s %zu%% (%zu of %zu)", name, (s.part * 100 + s.of / 2) / s.of, s.part, s.of);
}

static void summary(buf *out, const report *r, const size_t counts[SEVERITY_COUNT], size_t errors) {
    severity worst = SEVERITY_INFO;
    for (size_t s = 0; s < SEVERITY_COUNT; s++)
        if (counts[s] > 0) worst = (severity)s;
    size_t waived = 0;
    for (size_t i = 0; i < r->lint->findings_len; i++) waived += r->lint->findings[i].waiver != NULL;
    bool clean = r->lint->findings_len == waived;
    paint_on(out, r->color, clean ? PAINT_GREEN : severity_paint[worst]);
    counts_text(out, counts);
    paint_off(out, r->color);
    buf_text(out, " in ");
    plural(out, r->files, "template");
    if (r->files > 0) {
        buf_text(out, " (");
        plural(out, r->counts.nodes_inside, "node");
        buf_text(out, ", ");
        plural(out, r->counts.triggers, "trigger");
        buf_char(out, ')');
    }
    if (waived > 0) buf_printf(out, "; %zu waived (sflint decisions says why)", waived);
    if (r->known > 0) buf_printf(out, "; %zu known, in the baseline", r->known);
    if (errors > 0) {
        buf_text(out, "; ");
        plural(out, errors, "error");
        buf_text(out, " of the input, see above");
    }
    buf_char(out, '\n');
    if (r->gone > 0) {
        plural(out, r->gone, "finding");
        buf_printf(out, " of the baseline %s gone: write it anew with --write-baseline\n", r->gone == 1 ? "is" : "are");
    }
    if (r->counts.nodes_inside == 0) return;
    share_text(out, "event-driven", r->counts.score.event_driven);
    share_text(out, " | scales by itself", r->counts.score.scales_itself);
    share_text(out, " | bills per use", r->counts.score.bills_per_use);
    buf_char(out, '\n');
}

#define FINDING_BYTES ((size_t)512)      /* about what a finding takes: room for all of them is made at once */

void report_check_text(buf *out, const report *r) {
    const lint_result *l = r->lint;
    size_t all[SEVERITY_COUNT] = { 0 };
    size_t files = 0;
    buf_reserve(out, l->findings_len * FINDING_BYTES);
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < l->findings_len; i++) {
        if (l->findings[i].waiver != NULL || l->findings[i].at.file == last) continue;
        last = l->findings[i].at.file;
        files++;
    }
    for (size_t i = 0; i < l->findings_len;) {
        size_t counts[SEVERITY_COUNT] = { 0 }, end = i;
        size_t shown = 0;
        for (; end < l->findings_len && l->findings[end].at.file == l->findings[i].at.file; end++) {
            if (l->findings[end].waiver != NULL) continue;
            shown++;
            counts[l->findings[end].severity]++;
            all[l->findings[end].severity]++;
        }
        if (files > 1 && shown > 0) {
            paint_on(out, r->color, PAINT_BOLD);
            buf_text(out, "== ");
            text_safe(out, source_path(r->sources, l->findings[i].at.file));
            paint_off(out, r->color);
            buf_text(out, ": ");
            counts_text(out, counts);
            buf_text(out, "\n\n");
        }
        for (; i < end; i++) {
            if (l->findings[i].waiver != NULL) continue;
            one_finding(out, r, &l->findings[i]);
            buf_char(out, '\n');
        }
    }
    if (r->show_unknown) {
        for (size_t i = 0; i < l->unknown_len; i++) {
            const lint_unknown *u = &l->unknown[i];
            source_place(out, r->sources, u->at, r->color);
            paint_text(out, r->color, PAINT_BLUE, SLICE("unknown"));
            buf_text(out, ": ");
            text_safe(out, report_without_path(out->arena, r, u->resource, u->at.file));
            buf_text(out, u->resource.len > 0 ? ": " : "");
            text_safe(out, u->why);
            buf_printf(out, " [%.*s %.*s]\n", SLICE_ARG(u->rule), SLICE_ARG(u->name));
        }
        if (l->unknown_len > 0) buf_char(out, '\n');
    }
    size_t errors = 0;
    for (size_t i = 0; i < r->errors->list.len; i++) errors += r->errors->list.at[i].level == DIAG_ERROR;
    summary(out, r, all, errors);
}
