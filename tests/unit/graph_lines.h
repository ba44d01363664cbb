/* For tests of the graph: a template's text -> its edges as lines
 *     FROM -KIND-> TO [via VIA] [FILTER] [as QUALIFIER] PERMISSION [off] [unsure] [when W]
 * in the order of the graph. */
#ifndef SFLINT_TESTS_GRAPH_LINES_H
#define SFLINT_TESTS_GRAPH_LINES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "graph/iam.h"

typedef struct {
    arena *arena;
    templates *set;
    graph *graph;
    buf lines;
    diags diags;
    arena *threads[8];
    size_t threads_len;
} graph_lines;

static const template_options graph_no_options = { .region = { "", 0 }, .account = { "", 0 }, .partition = { "", 0 } };

static void graph_edge_line(graph_lines *t, const edge *e) {
    buf *b = &t->lines;
    buf_printf(b, "%.*s -%.*s-> %.*s", SLICE_ARG(e->from->id), SLICE_ARG(edge_kind_name(e->kind)), SLICE_ARG(e->to->id));
    if (e->via != NULL)
        buf_printf(b, " via %.*s", SLICE_ARG(e->via->id));
    if (!value_is_absent(e->filter)) {
        json_out j = { .out = b };
        buf_char(b, ' ');
        value_write_json(t->arena, e->filter, true, &j);
    }
    if (e->qualifier.len > 0)
        buf_printf(b, " as %.*s", SLICE_ARG(e->qualifier));
    buf_printf(b, " %.*s", SLICE_ARG(permission_name(e->permission)));
    if (e->enabled != YES)
        buf_text(b, e->enabled == NO ? " off" : " on?");
    if (!e->sure)
        buf_text(b, " unsure");
    if (e->when.len > 0)
        buf_printf(b, " when %.*s", SLICE_ARG(when_text(t->arena, e->when)));
    buf_char(b, '\n');
}

/* Several templates: texts[i] is the file NAMES[i]; with more than one, ids are PATH#ID. */
static graph_lines graph_read_all(const char *const *texts, const char *const *names, size_t count, size_t threads) {
    graph_lines t = { .arena = arena_make(0, NULL) };
    t.lines.arena = t.diags.arena = t.arena;
    t.set = ARENA_NEW(t.arena, templates);
    t.set->options = &graph_no_options;
    for (size_t i = 0; i < count; i++)
        VEC_PUSH(t.arena, &t.set->files, slice_from(names[i]));
    for (size_t i = 0; i < count; i++) {
        slice text = slice_from(texts[i]), name = slice_from(names[i]);
        slice prefix = count == 1 ? (slice){ "", 0 } : arena_printf(t.arena, "%s#", names[i]);
        const doc_node *doc = doc_parse(t.arena, text, name, (uint32_t)i, &t.diags);
        template *read = doc == NULL ? NULL : template_read(t.set, t.arena, name, (uint32_t)i, text, doc, prefix, &t.diags);
        if (read == NULL)
            fail_msg("not read: %.*s", SLICE_ARG(t.diags.list.at[0].message));
        bool listed = false;
        for (size_t k = 0; k < t.set->list.len; k++)
            listed = listed || t.set->list.at[k] == read;
        if (!listed)
            VEC_PUSH(t.arena, &t.set->list, read);
    }
    templates_join(t.set, t.arena, &t.diags);
    t.threads[0] = t.arena;
    for (t.threads_len = 1; t.threads_len < threads && t.threads_len < COUNT(t.threads); t.threads_len++)
        t.threads[t.threads_len] = arena_make(0, NULL);
    t.graph = graph_build(t.set, t.threads, t.threads_len);
    for (size_t i = 0; i < t.graph->edges.len; i++)
        graph_edge_line(&t, t.graph->edges.at[i]);
    return t;
}

static inline void graph_free(graph_lines *t) {
    for (size_t i = t->threads_len; i-- > 0;)
        arena_free(t->threads[i]);
}

static inline graph_lines graph_read(const char *text) {
    const char *name = "t.yaml";
    return graph_read_all(&text, &name, 1, 1);
}

/* Each row: a template and what its lines must be, to the last (`only`), or must be among (lines that begin with "!" must not be there). */
typedef struct {
    const char *what, *yaml, *want;
} graph_row;

static inline void graph_check_only(const graph_row *rows, size_t len) {
    for (size_t i = 0; i < len; i++) {
        graph_lines t = graph_read(rows[i].yaml);
        slice got = buf_as_slice(&t.lines);
        if (!slice_is(got, rows[i].want))
            fail_msg("%s: want\n%sgot\n%.*s", rows[i].what, rows[i].want, SLICE_ARG(got));
        graph_free(&t);
    }
}

#endif
