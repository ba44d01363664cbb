/* Workflow commands of GitHub Actions: each finding becomes an annotation at its line.
 * GitHub Docs, "Workflow commands for GitHub Actions": setting an error, warning or notice message. */
#include "report/machine.h"
#include "report/paint.h"

static const char *const commands[SEVERITY_COUNT] = { [SEVERITY_INFO] = "notice", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error" };

/* What ends a line, a property or an escape is written as %XX, as the runner takes it back. */
static void escaped(buf *out, slice text, bool property) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) buf_printf(out, "%%%02X", (unsigned)c);
        else buf_char(out, c);
    }
}

/* The text is of one line and safe already; a path is not. */
static void path(buf *out, const report *r, uint32_t file) {
    buf safe = { .arena = out->arena };
    text_safe(&safe, machine_path(r, file));
    buf_text(out, "file=");
    escaped(out, buf_as_slice(&safe), true);
}

void report_check_github(buf *out, const report *r) {
    arena *a = out->arena;
    for (size_t i = 0; i < r->errors->list.len; i++) {
        const diag *d = &r->errors->list.at[i];
        machine_span s = machine_span_of(d->at, d->at);
        buf safe = { .arena = a };
        text_safe(&safe, d->message);
        buf_printf(out, "::%s ", d->level == DIAG_ERROR ? "error" : "notice");
        path(out, r, d->at.file);
        buf_printf(out, ",line=%u,col=%u,title=sflint::", s.line, s.column);
        escaped(out, buf_as_slice(&safe), false);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < r->lint->findings_len; i++) {
        const finding *f = &r->lint->findings[i];
        if (f->waiver != NULL) continue;
        machine_span s = machine_span_of(f->at, f->end);
        slice fix = machine_fix(a, r, f);
        buf_printf(out, "::%s ", commands[f->severity]);
        path(out, r, f->at.file);
        buf_printf(out, ",line=%u,endLine=%u,col=%u,endColumn=%u,title=", s.line, s.end_line, s.column, s.end_column);
        escaped(out, arena_printf(a, "%.*s %.*s", SLICE_ARG(f->rule), SLICE_ARG(f->name)), true);
        buf_text(out, "::");
        escaped(out, machine_message(a, r, f), false);
        if (fix.len > 0) {
            buf_text(out, "%0Afix: ");
            escaped(out, fix, false);
        }
        buf_char(out, '\n');
    }
}
