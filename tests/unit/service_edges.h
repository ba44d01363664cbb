/* For tests of service files: a template's text -> its edges as lines
 *     FROM -> TO KIND [via VIA] [FILTER] [as QUALIFIER] [off] [unsure] [when W]
 * sorted as the graph sorts them. */
#ifndef SFLINT_TESTS_SERVICE_EDGES_H
#define SFLINT_TESTS_SERVICE_EDGES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "graph/graph.h"

typedef struct {
    arena *arena;
    graph *graph;
    buf lines;
    diags diags;
} edges_of;

static const template_options no_options = { .region = { "", 0 }, .account = { "", 0 }, .partition = { "", 0 } };

static void edges_print(edges_of *t) {
    for (size_t i = 0; i < t->graph->edges.len; i++) {
        const edge *e = t->graph->edges.at[i];
        buf_printf(&t->lines, "%.*s -> %.*s %.*s", SLICE_ARG(e->from->id), SLICE_ARG(e->to->id), SLICE_ARG(edge_kind_name(e->kind)));
        if (e->via != NULL)
            buf_printf(&t->lines, " via %.*s", SLICE_ARG(e->via->id));
        if (!value_is_absent(e->filter)) {
            json_out j = { .out = &t->lines };
            buf_char(&t->lines, ' ');
            value_write_json(t->arena, e->filter, true, &j);
        }
        if (e->qualifier.len > 0)
            buf_printf(&t->lines, " as %.*s", SLICE_ARG(e->qualifier));
        if (e->enabled != YES)
            buf_text(&t->lines, e->enabled == NO ? " off" : " on?");
        if (!e->sure)
            buf_text(&t->lines, " unsure");
        if (e->when.len > 0)
            buf_printf(&t->lines, " when %.*s", SLICE_ARG(when_text(t->arena, e->when)));
        buf_char(&t->lines, '\n');
    }
}

static edges_of edges_read_with(const char *yaml, const template_options *options) {
    edges_of t = { .arena = arena_make(0, NULL) };
    t.lines.arena = t.diags.arena = t.arena;
    templates *set = ARENA_NEW(t.arena, templates);
    set->options = options;
    VEC_PUSH(t.arena, &set->files, SLICE("t.yaml"));
    const doc_node *doc = doc_parse(t.arena, slice_from(yaml), SLICE("t.yaml"), 0, &t.diags);
    template *read = doc == NULL ? NULL : template_read(set, t.arena, SLICE("t.yaml"), 0, slice_from(yaml), doc, (slice){ "", 0 }, &t.diags);
    if (read == NULL)
        fail_msg("not read: %.*s", SLICE_ARG(t.diags.list.at[0].message));
    bool listed = false;
    for (size_t i = 0; i < set->list.len; i++)
        listed = listed || set->list.at[i] == read;
    if (!listed)
        VEC_PUSH(t.arena, &set->list, read);
    templates_join(set, t.arena, &t.diags);
    t.graph = graph_build(set, &t.arena, 1);
    edges_print(&t);
    return t;
}

static edges_of edges_read(const char *yaml) { return edges_read_with(yaml, &no_options); }

/* Each row is a template body and the lines that must be among its edges; a line that begins with "!" is one that must not be there (its head
 * is enough). */
typedef struct {
    const char *what, *yaml, *want;
} edge_row;

static void edges_check(const edge_row *row) {
    edges_of t = edges_read(row->yaml);
    slice all = buf_as_slice(&t.lines), rest = slice_from(row->want), line;
    while (rest.at != NULL && slice_cut(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        bool absent = line.at[0] == '!';
        slice searched = arena_printf(t.arena, "\n%.*s%s", SLICE_ARG(absent ? slice_after(line, 1) : line), absent ? "" : "\n");
        slice in = arena_printf(t.arena, "\n%.*s", SLICE_ARG(all));
        if ((slice_find_slice(in, searched) != (size_t)-1) == absent)
            fail_msg("%s: %s\n  %.*s\ngot\n%.*s", row->what, absent ? "must not be there" : "missing", SLICE_ARG(line), SLICE_ARG(all));
    }
    arena_free(t.arena);
}

#endif
