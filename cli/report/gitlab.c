/* GitLab's code quality report: a list of issues. GitLab Docs, "Code Quality": description, check_name, fingerprint, severity,
 * location.path, location.lines.begin. Fingerprints are different for each issue of a report, so the file's name is in them. */
#include "report/machine.h"
#include "report/paint.h"

static const char *const severities[SEVERITY_COUNT] = { [SEVERITY_INFO] = "info", [SEVERITY_WARNING] = "major", [SEVERITY_ERROR] = "critical" };

static void issue(json_out *j, const report *r, slice description, slice check, slice unique, slice severity_word, pos at, pos end) {
    machine_span s = machine_span_of(at, end);
    slice path = machine_path(r, at.file), parts[] = { path, SLICE("\n"), unique };
    json_object(j);
    json_pair_text(j, "description", description);
    json_pair_text(j, "check_name", check);
    json_pair_text(j, "fingerprint", arena_printf(j->out->arena, "%016llx", slice_digest(arena_concat(j->out->arena, parts, COUNT(parts)))));
    json_pair_text(j, "severity", severity_word);
    json_key_text(j, "location");
    json_object(j);
    json_pair_text(j, "path", path);
    json_key_text(j, "lines");
    json_object(j);
    json_key_text(j, "begin");
    json_int(j, s.line);
    json_key_text(j, "end");
    json_int(j, s.end_line);
    json_object_end(j);
    json_object_end(j);
    json_object_end(j);
}

void report_check_gitlab(buf *out, const report *r) {
    arena *a = out->arena;
    json_out j = { .out = out };
    json_list(&j);
    for (size_t i = 0; i < r->errors->list.len; i++) {
        const diag *d = &r->errors->list.at[i];
        buf safe = { .arena = a };
        if (d->level != DIAG_ERROR) continue;
        text_safe(&safe, d->message);
        issue(&j, r, buf_as_slice(&safe), SLICE("unreadable"), arena_printf(a, "%u:%u: %.*s", d->at.line, d->at.column, SLICE_ARG(buf_as_slice(&safe))),
              SLICE("blocker"), d->at, d->at);
    }
    for (size_t i = 0; i < r->lint->findings_len; i++) {
        const finding *f = &r->lint->findings[i];
        if (f->waiver != NULL) continue;
        slice fix = machine_fix(a, r, f), check[] = { f->rule, SLICE(" "), f->name };
        slice parts[] = { machine_message(a, r, f), SLICE("; fix: "), fix };
        issue(&j, r, arena_concat(a, parts, fix.len > 0 ? 3 : 1), arena_concat(a, check, COUNT(check)), r->fingerprints[i],
              slice_from(severities[f->severity]), f->at, f->end);
    }
    json_list_end(&j);
    buf_char(out, '\n');
}
