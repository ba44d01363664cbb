/* A comment for a pull request, in GitHub's and GitLab's Markdown. Text of the input can make neither markup nor mentions of it, and the
 * whole stays below what a comment may hold. */
#include "report/machine.h"
#include "report/paint.h"

/* GitHub takes comments of at most 65,536 characters; with room for what stands around the table. */
#define MOST_BYTES 60000

/* So that a job can find the comment that it made before. */
#define MARK "<!-- sflint -->\n"

static void escaped(buf *out, slice text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        /* No backslash keeps a name from being mentioned, or a number from being linked; an empty comment does. */
        if (c == '@' || (c == '#' && i + 1 < text.len && text.at[i + 1] >= '0' && text.at[i + 1] <= '9')) buf_printf(out, "%c<!-- -->", c);
        else if (strchr("\\`*_[]<>|~&!$", c) != NULL && c != '\0') buf_printf(out, "\\%c", c);
        else buf_char(out, c);
    }
}

/* A code span; text that one can't hold in a table is escaped instead. */
static void code(buf *out, slice text) {
    buf safe = { .arena = out->arena };
    text_safe(&safe, text);
    slice s = buf_as_slice(&safe);
    if (s.len == 0 || slice_find(s, '`') < s.len || slice_find(s, '|') < s.len) {
        escaped(out, s);
        return;
    }
    buf_char(out, '`');
    buf_slice(out, s);
    buf_char(out, '`');
}

static void count_words(buf *out, const size_t counts[SEVERITY_COUNT]) {
    bool any = false;
    for (size_t s = SEVERITY_COUNT; s > 0; s--) {
        if (counts[s - 1] == 0) continue;
        slice name = severity_name((severity)(s - 1));
        buf_printf(out, "%s%zu %.*s%s", any ? ", " : "", counts[s - 1], SLICE_ARG(name), counts[s - 1] == 1 || s - 1 == SEVERITY_INFO ? "" : "s");
        any = true;
    }
    if (!any) buf_text(out, "nothing found");
}

static void place(buf *out, const report *r, pos at) {
    machine_span s = machine_span_of(at, at);
    code(out, arena_printf(out->arena, "%.*s:%u", SLICE_ARG(machine_path(r, at.file)), s.line));
}

static void one_finding(buf *out, const report *r, const finding *f) {
    arena *a = out->arena;
    slice fix = machine_fix(a, r, f), name = severity_name(f->severity);
    buf_printf(out, f->severity == SEVERITY_ERROR ? "| **%.*s** | " : "| %.*s | ", SLICE_ARG(name));
    place(out, r, f->at);
    buf_text(out, " | ");
    escaped(out, machine_message(a, r, f));
    if (fix.len > 0) {
        buf_text(out, "<br>*fix:* ");
        escaped(out, fix);
    }
    buf_text(out, " | ");
    escaped(out, f->rule);
    buf_char(out, ' ');
    escaped(out, f->name);
    buf_text(out, " |\n");
}

static void share_words(buf *out, const char *name, share s) {
    if (s.of == 0) buf_printf(out, "%s -", name);
    else buf_printf(out, "%s %zu%% (%zu of %zu)", name, (s.part * 100 + s.of / 2) / s.of, s.part, s.of);
}

/* What could not be read; a line each. False when there was no room for all. */
static bool errors(buf *out, const report *r) {
    bool first = true;
    for (size_t i = 0; i < r->errors->list.len; i++) {
        const diag *d = &r->errors->list.at[i];
        buf safe = { .arena = out->arena };
        if (d->level != DIAG_ERROR) continue;
        if (out->bytes.len > MOST_BYTES / 2) return false;
        text_safe(&safe, d->message);
        if (first) buf_text(out, "\n**Could not be read**\n\n");
        first = false;
        buf_text(out, "- ");
        place(out, r, d->at);
        buf_text(out, " ");
        escaped(out, buf_as_slice(&safe));
        buf_char(out, '\n');
    }
    return true;
}

void report_check_markdown(buf *out, const report *r) {
    const lint_result *l = r->lint;
    size_t counts[SEVERITY_COUNT], left_out = 0, start = out->bytes.len;
    bool any = false;
    machine_count(r, counts);
    buf_text(out, MARK "### sflint: ");
    count_words(out, counts);
    buf_printf(out, " in %zu template%s\n", r->files, r->files == 1 ? "" : "s");
    if (!errors(out, r)) buf_text(out, "- and more\n");
    /* The worst first: what there is no room for is the least. */
    for (size_t s = SEVERITY_COUNT; s > 0; s--)
        for (size_t i = 0; i < l->findings_len; i++) {
            if (l->findings[i].severity != (severity)(s - 1) || l->findings[i].waiver != NULL) continue;
            size_t before = out->bytes.len;
            if (!any) buf_text(out, "\n| | where | what | rule |\n| --- | --- | --- | --- |\n");
            any = true;
            if (left_out == 0) one_finding(out, r, &l->findings[i]);
            if (left_out > 0 || out->bytes.len - start > MOST_BYTES) {
                out->bytes.len = before;
                left_out++;
            }
        }
    if (left_out > 0) buf_printf(out, "\n%zu more did not fit here.\n", left_out);
    if (r->baseline) {
        buf_printf(out, "\n%zu known finding%s of the baseline %s not listed.\n", r->known, r->known == 1 ? "" : "s", r->known == 1 ? "is" : "are");
    }
    size_t waived = 0;
    for (size_t i = 0; i < l->findings_len; i++) waived += l->findings[i].waiver != NULL;
    if (waived > 0) buf_printf(out, "\n%zu waived finding%s %s not listed.\n", waived, waived == 1 ? "" : "s", waived == 1 ? "is" : "are");
    if (r->counts.nodes_inside == 0) return;
    buf_char(out, '\n');
    share_words(out, "event-driven", r->counts.score.event_driven);
    share_words(out, ", scales by itself", r->counts.score.scales_itself);
    share_words(out, ", bills per use", r->counts.score.bills_per_use);
    buf_char(out, '\n');
}
