/* JUnit XML of a smoke run: one suite, a case a trigger. */
#include "report/smoke_report.h"
#include "report/xml.h"

static void one(buf *out, const smoke_report *r, const smoke_trigger *t) {
    const firing *f = t->shown;
    arena *a = out->arena;
    slice name = arena_printf(a, "%.*s -> %.*s%s%.*s", SLICE_ARG(f->from), SLICE_ARG(f->to), t->via.len > 0 ? " by " : "", SLICE_ARG(t->via));
    buf_text(out, "    <testcase");
    xml_attribute(out, "classname", source_path(r->base->sources, f->at.file));
    xml_attribute(out, "name", name);
    xml_attribute(out, "file", source_path(r->base->sources, f->at.file));
    buf_printf(out, " line=\"%u\" time=\"%.3f\"", f->at.line == 0 ? 1 : f->at.line, (double)f->duration_us / 1e6);
    if (t->status == FIRING_PASSED) {
        buf_text(out, "/>\n");
        return;
    }
    buf_text(out, ">\n      <");
    buf_text(out, t->status == FIRING_FAILED ? "failure" : "skipped");
    xml_attribute(out, "message", f->reason);
    if (f->story.len == 0 || t->status != FIRING_FAILED) {
        buf_text(out, "/>\n    </testcase>\n");
        return;
    }
    buf_char(out, '>');
    xml_escaped(out, f->story);
    buf_text(out, "</failure>\n    </testcase>\n");
}

void report_smoke_junit(buf *out, const smoke_report *r) {
    size_t errors = 0;
    for (size_t i = 0; i < r->base->errors->list.len; i++) errors += r->base->errors->list.at[i].level == DIAG_ERROR;
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sflint smoke\">\n  <testsuite name=\"triggers\"");
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", r->len + errors, r->failed, errors, r->skipped);
    for (size_t i = 0; i < r->base->errors->list.len; i++) {
        const diag *d = &r->base->errors->list.at[i];
        if (d->level != DIAG_ERROR) continue;
        buf_text(out, "    <testcase");
        xml_attribute(out, "classname", source_path(r->base->sources, d->at.file));
        xml_attribute(out, "name", arena_printf(out->arena, "readable, line %u", d->at.line == 0 ? 1 : d->at.line));
        buf_text(out, ">\n      <error type=\"unreadable\"");
        xml_attribute(out, "message", d->message);
        buf_text(out, "/>\n    </testcase>\n");
    }
    for (size_t i = 0; i < r->len; i++) one(out, r, &r->triggers[i]);
    buf_text(out, "  </testsuite>\n</testsuites>\n");
}
