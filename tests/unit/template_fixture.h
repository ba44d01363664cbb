/* Templates from text, for tests: files beside the first one stand in a table. */
#ifndef SFLINT_TESTS_TEMPLATE_FIXTURE_H
#define SFLINT_TESTS_TEMPLATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "template/template.h"

typedef struct {
    const char *path, *text;
} file_text;

typedef struct {
    arena *arena;
    templates set;
    template_options options;
    diags diags;
    const file_text *files;
    size_t files_len;
} run;

static inline bool run_file(void *self, arena *a, slice path, slice *text, slice *why) {
    (void)a;
    const run *r = self;
    for (size_t i = 0; i < r->files_len; i++)
        if (slice_is(path, r->files[i].path)) {
            *text = slice_from(r->files[i].text);
            return true;
        }
    *why = SLICE("no such file");
    return false;
}

static inline run run_new(void) {
    run r = { .arena = arena_make(0, NULL) };
    return r;
}

/* The first `named` of the files are read as templates of the run, the others are beside them. */
static inline void run_files(run *r, const file_text *files, size_t named, size_t len) {
    r->files = files;
    r->files_len = len;
    r->options.read_file = run_file;
    r->options.read_file_self = r;
    r->set.options = &r->options;
    r->diags.arena = r->arena;
    for (size_t i = 0; i < named; i++) VEC_PUSH(r->arena, &r->set.files, slice_from(files[i].path));
    for (size_t i = 0; i < named; i++) {
        slice path = slice_from(files[i].path), text = slice_from(files[i].text);
        const doc_node *doc = doc_parse(r->arena, text, path, (uint32_t)i, &r->diags);
        if (doc == NULL) fail_msg("%s is no document: %.*s", files[i].path, SLICE_ARG(r->diags.list.at[0].message));
        slice prefix = named == 1 ? SLICE("") : arena_printf(r->arena, "%s#", files[i].path);
        template *t = template_read(&r->set, r->arena, path, (uint32_t)i, text, doc, prefix, &r->diags);
        if (t != NULL) VEC_PUSH(r->arena, &r->set.list, t);
    }
    templates_join(&r->set, r->arena, &r->diags);
}

static inline template *run_text(run *r, const char *text) {
    file_text *file = ARENA_NEW(r->arena, file_text);
    *file = (file_text){ "t.yaml", text };
    run_files(r, file, 1, 1);
    if (r->set.list.len == 0) fail_msg("not read as a template:\n%s", text);
    return r->set.list.at[0];
}

static inline void run_free(run *r) { arena_free(r->arena); }

static inline const char *c_text(arena *a, slice s) { return arena_copy(a, s).at; }

static inline const char *json_of(arena *a, const value *v) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    value_write_json(a, v, true, &j);
    return c_text(a, buf_as_slice(&b));
}

/* "3:17 dangling-reference there is no ..." a line a problem, in the order of the list. */
static inline const char *problems_of(run *r) {
    buf b = { .arena = r->arena };
    for (size_t i = 0; i < r->set.list.len; i++)
        for (size_t k = 0; k < r->set.list.at[i]->problems.len; k++) {
            const problem *p = &r->set.list.at[i]->problems.at[k];
            slice name = problem_name(p->kind);
            buf_printf(&b, "%u:%u %.*s %.*s\n", p->at.line, p->at.column, SLICE_ARG(name), SLICE_ARG(p->message));
        }
    return c_text(r->arena, buf_as_slice(&b));
}

#endif
