#include "command/known.h"

#include <sys/stat.h>
#include <unistd.h>

#include "command/file.h"
#include "command/path.h"

/* ---- names ---- */

/* Where the templates lie, named from the baseline's folder; by pos.file. */
static slice *file_names(const known *k, const run *r) {
    arena *a = r->arena;
    slice here = path_real(a, SLICE("."));
    slice *names = ARENA_ARRAY(a, slice, r->set.files.len);
    for (size_t i = 0; i < r->set.files.len; i++) {
        slice path = r->set.files.at[i];
        if (slice_is(path, "-")) {
            names[i] = path;
            continue;
        }
        names[i] = path_called_from(a, k->folder, path_whole(a, here, path));
    }
    return names;
}

/* ---- options ---- */

/* A baseline is never written over something else: a template's name behind --write-baseline is a slip. */
static bool may_be_written(const run *r, const char *file) {
    struct stat st;
    slice text, why;
    if (stat(file, &st) != 0 || (S_ISREG(st.st_mode) && st.st_size == 0) || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) return true;
    if (!file_read(r->arena, slice_from(file), &text, &why)) {
        command_usage(r->in, "--write-baseline %s: %.*s", file, SLICE_ARG(why));
        return false;
    }
    if (baseline_looks_like_one(text)) return true;
    command_usage(r->in, "--write-baseline %s: this file is no baseline and is left as it is; name the file to write", file);
    return false;
}

bool known_start(known *k, run *r) {
    *k = (known){ .file = invocation_text(r->in, OPTION_WRITE_BASELINE) };
    k->writes = k->file != NULL;
    if (k->file == NULL) k->file = invocation_text(r->in, OPTION_BASELINE);
    if (k->file == NULL) return true;
    k->folder = path_real(r->arena, path_folder(slice_from(k->file)));
    if (k->writes) return may_be_written(r, k->file);
    slice text, why;
    if (!file_read(r->arena, slice_from(k->file), &text, &why)) {
        command_usage(r->in, "--baseline %s: %.*s%s", k->file, SLICE_ARG(why), slice_is(why, "no such file") ? "; --write-baseline writes it" : "");
        return false;
    }
    diags wrong = { .arena = r->arena };
    VEC_PUSH(r->arena, &r->set.files, slice_from(k->file));
    if (baseline_read(r->arena, text, (uint32_t)r->set.files.len - 1, &wrong, &k->old)) return true;
    buf out = { .arena = r->arena };
    report_errors_text(&out, sources_new(r->arena, &r->set), &wrong, r->in->color_err);
    output_error(buf_as_slice(&out));
    return false;
}

/* ---- findings ---- */

static baseline rows_of(arena *a, const report *rep, const slice *names, const lint_result *found) {
    baseline b = { ARENA_ARRAY(a, baseline_row, found->findings_len), found->findings_len };
    for (size_t i = 0; i < b.len; i++) {
        const finding *f = &found->findings[i];
        b.at[i] = (baseline_row){ .file = names[f->at.file], .rule = f->rule, .fingerprint = f->fingerprint };
        b.at[i].resource = report_without_path(a, rep, f->resource, f->at.file);
        b.at[i].message = report_without_path(a, rep, slice_trim(f->message), f->at.file);
    }
    return b;
}

bool known_take_out(const known *k, run *r, bool all_read, lint_result *found, report *rep) {
    arena *a = r->arena;
    if (k->file == NULL) return true;
    slice *names = file_names(k, r);
    baseline rows = rows_of(a, rep, names, found);
    bool *is_known = ARENA_ARRAY(a, bool, rows.len);
    rep->baseline = true;
    if (k->writes) {
        if (!all_read) {
            command_usage(r->in, "%s is not written: it would lack what could not be read", k->file);
            return false;
        }
        /* What is waived has its own date and reason: it is not made known as well. */
        baseline made = { ARENA_ARRAY(a, baseline_row, rows.len), 0 };
        for (size_t i = 0; i < rows.len; i++) {
            is_known[i] = true;
            if (found->findings[i].waiver == NULL) made.at[made.len++] = rows.at[i];
        }
        buf out = { .arena = a };
        baseline_write(&out, made);
        if (!output_file(r->in, k->file, buf_as_slice(&out))) return false;
        output_error(arena_printf(a, "%zu finding%s written to %s\n", made.len, made.len == 1 ? "" : "s", k->file));
    } else {
        strmap read = { 0 };
        for (size_t i = 0; i < r->set.list.len; i++) strmap_put(a, &read, names[r->set.list.at[i]->file], r);
        rep->gone = baseline_match(a, k->old, rows, &read, is_known);
    }
    finding *rest = ARENA_ARRAY(a, finding, rows.len);
    slice *fingerprints = ARENA_ARRAY(a, slice, rows.len);
    size_t n = 0;
    for (size_t i = 0; i < rows.len; i++) {
        if (is_known[i] && found->findings[i].waiver == NULL) {
            rep->known++;
            continue;
        }
        rest[n] = found->findings[i];
        fingerprints[n++] = rep->fingerprints[i];
    }
    rep->fingerprints = fingerprints;
    found->findings = rest;
    found->findings_len = n;
    return true;
}
