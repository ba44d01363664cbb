/* JUnit XML, as CI servers read it: a suite a template, a case a finding. What the run's --fail-on lets pass is `skipped`, with its message,
 * so that the report is red exactly when the exit status is. A template without findings is one case that passed. */
#include "report/machine.h"
#include "report/paint.h"
#include "report/xml.h"

static bool fails(const report *r, const finding *f) { return r->fails[f - r->lint->findings]; }

/* What a case is called must not change with its line: servers follow cases by name. Different in one suite. */
static slice case_name(arena *a, const finding *f, slice id, strmap *names) {
    slice name = arena_printf(a, "%.*s %.*s%s%.*s", SLICE_ARG(f->rule), SLICE_ARG(f->name), id.len > 0 ? ": " : "", SLICE_ARG(id));
    size_t *times = strmap_get(names, name);
    if (times == NULL) {
        times = ARENA_NEW(a, size_t);
        strmap_put(a, names, name, times);
    }
    return ++*times == 1 ? name : arena_printf(a, "%.*s (%zu)", SLICE_ARG(name), *times);
}

static void one_finding(buf *out, const report *r, const finding *f, strmap *names) {
    arena *a = out->arena;
    slice message = machine_message(a, r, f), fix = machine_fix(a, r, f), path = machine_path(r, f->at.file);
    machine_span s = machine_span_of(f->at, f->end);
    bool failed = fails(r, f);
    buf_text(out, "    <testcase");
    xml_attribute(out, "classname", path);
    xml_attribute(out, "name", case_name(a, f, report_without_path(a, r, f->resource, f->at.file), names));
    xml_attribute(out, "file", path);
    buf_printf(out, " line=\"%u\">\n      <%s", s.line, failed ? "failure" : "skipped");
    if (failed) xml_attribute(out, "type", severity_name(f->severity));
    slice parts[] = { f->waiver != NULL ? SLICE("waived") : severity_name(f->severity), SLICE(": "), message };
    xml_attribute(out, "message", failed ? message : arena_concat(a, parts, COUNT(parts)));
    if (failed) {
        buf_char(out, '>');
        xml_escaped(out, path);
        buf_printf(out, ":%u:%u: ", s.line, s.column);
        xml_escaped(out, message);
        if (fix.len > 0) {
            buf_text(out, "\nfix: ");
            xml_escaped(out, fix);
        }
        buf_text(out, "</failure>\n    </testcase>\n");
    } else {
        buf_text(out, "/>\n    </testcase>\n");
    }
}

static void one_error(buf *out, const report *r, const diag *d) {
    buf safe = { .arena = out->arena };
    slice path = machine_path(r, d->at.file);
    text_safe(&safe, d->message);
    buf_text(out, "    <testcase");
    xml_attribute(out, "classname", path);
    xml_attribute(out, "name", arena_printf(out->arena, "readable, line %u", d->at.line == 0 ? 1 : d->at.line));
    xml_attribute(out, "file", path);
    buf_printf(out, " line=\"%u\">\n      <error type=\"unreadable\"", d->at.line == 0 ? 1 : d->at.line);
    xml_attribute(out, "message", buf_as_slice(&safe));
    buf_text(out, "/>\n    </testcase>\n");
}

/* What a file has: findings [from, to) and errors, and whether it is a template that was read. */
typedef struct {
    size_t from, to, errors_from, errors_to;
    bool read;
} suite;

typedef struct {
    size_t tests, failures, errors, skipped;
} tally;

static tally count(const report *r, const suite *s) {
    tally t = { 0, 0, 0, 0 };
    for (size_t i = s->from; i < s->to; i++) {
        if (fails(r, &r->lint->findings[i])) t.failures++;
        else t.skipped++;
    }
    for (size_t i = s->errors_from; i < s->errors_to; i++) t.errors += r->errors->list.at[i].level == DIAG_ERROR;
    t.tests = t.failures + t.skipped + t.errors;
    if (t.tests == 0 && s->read) t.tests = 1;
    return t;
}

static void counts(buf *out, tally t) {
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", t.tests, t.failures, t.errors, t.skipped);
}

void report_check_junit(buf *out, const report *r) {
    size_t files = source_files(r->sources);
    suite *suites = ARENA_ARRAY(out->arena, suite, files);
    /* Findings and errors are sorted by file. */
    for (size_t i = 0; i < r->lint->findings_len; i++) {
        suite *s = &suites[r->lint->findings[i].at.file];
        if (s->to == 0) s->from = i;
        s->to = i + 1;
    }
    for (size_t i = 0; i < r->errors->list.len; i++) {
        suite *s = &suites[r->errors->list.at[i].at.file];
        if (s->errors_to == 0) s->errors_from = i;
        s->errors_to = i + 1;
    }
    for (size_t i = 0; i < r->templates->list.len; i++) suites[r->templates->list.at[i]->file].read = true;

    tally all = { 0, 0, 0, 0 };
    for (size_t i = 0; i < files; i++) {
        tally t = count(r, &suites[i]);
        all = (tally){ all.tests + t.tests, all.failures + t.failures, all.errors + t.errors, all.skipped + t.skipped };
    }
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sflint\"");
    counts(out, all);
    buf_text(out, ">\n");
    for (size_t i = 0; i < files; i++) {
        const suite *s = &suites[i];
        tally t = count(r, s);
        slice path = machine_path(r, (uint32_t)i);
        if (t.tests == 0) continue;
        buf_text(out, "  <testsuite");
        xml_attribute(out, "name", path);
        counts(out, t);
        buf_text(out, ">\n");
        for (size_t k = s->errors_from; k < s->errors_to; k++)
            if (r->errors->list.at[k].level == DIAG_ERROR) one_error(out, r, &r->errors->list.at[k]);
        strmap names = { 0 };
        for (size_t k = s->from; k < s->to; k++) one_finding(out, r, &r->lint->findings[k], &names);
        if (t.failures + t.errors + t.skipped == 0) {
            buf_text(out, "    <testcase");
            xml_attribute(out, "classname", path);
            xml_attribute(out, "name", SLICE("nothing found"));
            xml_attribute(out, "file", path);
            buf_text(out, "/>\n");
        }
        buf_text(out, "  </testsuite>\n");
    }
    buf_text(out, "</testsuites>\n");
}
