/* realpath is of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700
#include "command/known.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/file.h"
#include "command/nested.h"

/* ---- names ---- */

static slice folder_of(slice path) {
    size_t end = path.len;
    while (end > 0 && path.at[end - 1] != '/') end--;
    return end == 0 ? SLICE(".") : end == 1 ? SLICE("/") : slice_from_to(path, 0, end - 1);
}

static slice real_path(arena *a, slice path) {
    char *real = realpath(arena_copy(a, path).at, NULL);
    slice copy = real == NULL ? path : arena_copy(a, slice_from(real));
    free(real);
    return copy;
}

/* An absolute path as it is called from a folder: "t.yaml", "sub/t.yaml", "../t.yaml". */
static slice called_from(arena *a, slice folder, slice path) {
    slice in = folder, to = path;
    size_t same = 0;
    for (size_t i = 0; i <= in.len && i <= to.len; i++) {
        bool in_ends = i == in.len || in.at[i] == '/', to_ends = i == to.len || to.at[i] == '/';
        if (in_ends && to_ends) same = i;
        if (i == in.len || i == to.len || in.at[i] != to.at[i]) break;
    }
    buf out = { .arena = a };
    slice up = slice_after(in, same), rest = slice_after(to, same), part;
    while (slice_cut(&up, '/', &part))
        if (part.len > 0) buf_text(&out, "../");
    while (rest.len > 0 && rest.at[0] == '/') rest = slice_after(rest, 1);
    buf_slice(&out, rest);
    return buf_as_slice(&out);
}

/* Where the templates lie, named from the baseline's folder; by pos.file. */
static slice *file_names(const known *k, const run *r) {
    arena *a = r->arena;
    slice here = real_path(a, SLICE("."));
    slice *names = ARENA_ARRAY(a, slice, r->set.files.len);
    for (size_t i = 0; i < r->set.files.len; i++) {
        slice path = r->set.files.at[i];
        if (slice_is(path, "-")) {
            names[i] = path;
            continue;
        }
        if (!slice_starts(path, SLICE("/"))) path = arena_concat(a, (slice[]){ here, SLICE("/"), path }, 3);
        names[i] = called_from(a, k->folder, nested_plain_path(a, path));
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
    k->folder = real_path(r->arena, folder_of(slice_from(k->file)));
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
        memset(is_known, true, rows.len);
        buf out = { .arena = a };
        baseline_write(&out, rows);
        if (!output_file(r->in, k->file, buf_as_slice(&out))) return false;
    } else {
        strmap read = { 0 };
        for (size_t i = 0; i < r->set.list.len; i++) strmap_put(a, &read, names[r->set.list.at[i]->file], r);
        rep->gone = baseline_match(a, k->old, rows, &read, is_known);
    }
    finding *rest = ARENA_ARRAY(a, finding, rows.len);
    slice *fingerprints = ARENA_ARRAY(a, slice, rows.len);
    size_t n = 0;
    for (size_t i = 0; i < rows.len; i++) {
        if (is_known[i]) continue;
        rest[n] = found->findings[i];
        fingerprints[n++] = rep->fingerprints[i];
    }
    rep->known = rows.len - n;
    rep->fingerprints = fingerprints;
    found->findings = rest;
    found->findings_len = n;
    return true;
}
