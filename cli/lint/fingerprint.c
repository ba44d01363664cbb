#include "lint/fingerprint.h"

#include "lint/doc_path.h"

typedef struct {
    arena *arena;
    const graph *graph;
    const template **by_file;    /* pos.file -> template, or NULL */
    doc_paths *paths;
} maker;

static const template *template_at(const maker *m, uint32_t file) { return file < m->graph->set->files.len ? m->by_file[file] : NULL; }

/* The id as it would be if its template were read alone: without the path, or the nested stack, in front. */
static slice own_id(const template *t, slice id, const resource *r) {
    if (t != NULL && r != NULL && r->in->file == t->file) return r->logical_id;
    return t != NULL && slice_starts(id, t->id_prefix) ? slice_after(id, t->id_prefix.len) : id;
}

/* What lowering makes may carry a hash of the author's text in its id, so it is known by what it is and the event it came from. */
static void identity(buf *out, const template *t, slice id, const resource *r) {
    if (r != NULL && r->generated) buf_printf(out, "%.*s of %.*s", SLICE_ARG(r->type), SLICE_ARG(r->event_name));
    else buf_slice(out, own_id(t, id, r));
    buf_char(out, '\n');
}

static const resource *resource_of(const maker *m, const template *t, slice id) {
    const node *n = graph_node(m->graph, id);
    if (n != NULL) return n->resource;
    return t == NULL ? NULL : template_resource(t, own_id(t, id, NULL));
}

static slice hex(arena *a, slice text) { return arena_printf(a, "%016llx", slice_digest(text)); }

static slice place_of(const maker *m, const finding *f) {
    const template *t = template_at(m, f->at.file);
    buf out = { .arena = m->arena };
    buf_slice(&out, f->rule);
    buf_char(&out, '\n');
    identity(&out, t, f->resource, resource_of(m, t, f->resource));
    if (f->edge != NULL) {
        const edge *e = f->edge;
        /* Not what declares it: of edges about which the same is said, one stands for all. */
        identity(&out, t, e->from->id, e->from->resource);
        identity(&out, t, e->to->id, e->to->resource);
        buf_slice(&out, edge_kind_name(e->kind));
        buf_char(&out, '\n');
    }
    /* What is said of a template as a whole stands at its begin, whatever is written there. */
    bool whole = f->resource.len == 0 && f->at.line <= 1 && f->at.column <= 1 && f->end.line == f->at.line && f->end.column == f->at.column;
    if (t != NULL && !whole) buf_slice(&out, doc_path_of(m->paths, t->doc, f->at));
    return hex(m->arena, buf_as_slice(&out));
}

void fingerprints_set(arena *a, const graph *g, finding *findings, size_t len) {
    maker m = { a, g, ARENA_ARRAY(a, const template *, g->set->files.len), doc_paths_new(a) };
    for (size_t i = 0; i < g->set->list.len; i++) {
        const template *t = g->set->list.at[i];
        if (t->file < g->set->files.len && m.by_file[t->file] == NULL) m.by_file[t->file] = t;
    }
    for (size_t i = 0; i < len; i++) findings[i].fingerprint = place_of(&m, &findings[i]);
}

slice *fingerprints_unique(arena *a, const slice *paths, const finding *findings, size_t len) {
    slice *all = ARENA_ARRAY(a, slice, len);
    strmap seen = { 0 };         /* path and fingerprint -> how often */
    for (size_t i = 0; i < len; i++) {
        slice f = findings[i].fingerprint;
        slice key = arena_concat(a, (slice[]){ f, paths[findings[i].at.file] }, 2);
        size_t *times = strmap_get(&seen, key);
        if (times == NULL) {
            times = ARENA_NEW(a, size_t);
            strmap_put(a, &seen, key, times);
        }
        all[i] = *times == 0 ? f : hex(a, arena_printf(a, "%.*s %zu", SLICE_ARG(f), *times));
        ++*times;
    }
    return all;
}
