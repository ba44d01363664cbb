#include "report/machine.h"

#include "report/paint.h"

slice machine_message(arena *a, const report *r, const finding *f) {
    buf b = { .arena = a };
    text_safe(&b, report_without_path(a, r, slice_trim(f->message), f->at.file));
    if (f->when.len > 0) {
        buf_text(&b, " (when ");
        text_safe(&b, when_text(a, f->when));
        buf_char(&b, ')');
    }
    return buf_as_slice(&b);
}

slice machine_fix(arena *a, const report *r, const finding *f) {
    buf b = { .arena = a };
    text_safe(&b, report_without_path(a, r, slice_trim(f->fix), f->at.file));
    return buf_as_slice(&b);
}

slice machine_path(const report *r, uint32_t file) {
    slice path = source_path(r->sources, file);
    if (slice_is(path, "-")) return SLICE("stdin");
    while (slice_starts(path, SLICE("./")) && path.len > 2) {
        path = slice_after(path, 2);
        while (path.len > 1 && path.at[0] == '/') path = slice_after(path, 1);
    }
    return path;
}

machine_span machine_span_of(pos at, pos end) {
    machine_span s = { at.line == 0 ? 1 : at.line, at.column == 0 ? 1 : at.column, end.line, end.column };
    if (end.file != at.file || s.end_line < s.line || (s.end_line == s.line && s.end_column < s.column)) {
        s.end_line = s.line;
        s.end_column = s.column;
    }
    if (s.end_column == 0) s.end_column = 1;
    return s;
}

void machine_count(const report *r, size_t counts[SEVERITY_COUNT]) {
    for (size_t s = 0; s < SEVERITY_COUNT; s++) counts[s] = 0;
    for (size_t i = 0; i < r->lint->findings_len; i++)
        if (r->lint->findings[i].waiver == NULL) counts[r->lint->findings[i].severity]++;
}
