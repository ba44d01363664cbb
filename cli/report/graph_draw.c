/* `sflint graph --format dot` (Graphviz) and `--format mermaid`. */
#include "report/paint.h"
#include "report/report.h"

#define LABEL_BYTES ((size_t)60)    /* of a filter in a label */

/* How a role is drawn: Graphviz' shape, and what stands around a label in Mermaid. */
typedef struct {
    const char *shape, *open, *close;
} look;

static look look_of(const node *n) {
    static const look work = { "box", "[", "]" }, channel = { "cds", "([", "])" }, store = { "cylinder", "[(", ")]" },
                      door = { "hexagon", "{{", "}}" }, outside = { "ellipse", "((", "))" };
    if (n->external) return outside;
    switch (n->role) {
    case ROLE_QUEUE:
    case ROLE_TOPIC:
    case ROLE_BUS:
    case ROLE_STREAM: return channel;
    case ROLE_DATABASE:
    case ROLE_CACHE:
    case ROLE_OBJECT_STORE:
    case ROLE_FILE_STORE:
    case ROLE_SEARCH: return store;
    case ROLE_API:
    case ROLE_EDGE:
    case ROLE_LOAD_BALANCER: return door;
    default: return work;
    }
}

static slice short_type(slice type) {
    if (slice_starts(type, SLICE("AWS::"))) type = slice_after(type, 5);
    return type;
}

/* What an edge says: how it is declared, what it lets through, whether it works. */
static slice label_of(arena *a, const edge *e) {
    buf b = { .arena = a };
    if (e->via != NULL) buf_slice(&b, e->via->logical_id.len > 0 ? e->via->logical_id : e->via->id);
    else buf_slice(&b, edge_kind_name(e->kind));
    slice filter = report_filter_words(a, e);
    if (filter.len > LABEL_BYTES) {
        size_t len = LABEL_BYTES - 3;
        while (len > 0 && ((unsigned char)filter.at[len] & 0xC0) == 0x80) len--;
        filter = arena_printf(a, "%.*s...", (int)len, filter.at);
    }
    if (filter.len > 0) buf_printf(&b, ": %.*s", SLICE_ARG(filter));
    if (e->enabled == NO) buf_text(&b, " (disabled)");
    if (e->permission == PERMISSION_MISSING || e->permission == PERMISSION_MISMATCH) buf_text(&b, " (not permitted)");
    if (e->when.len > 0) {
        slice conditions = when_text(a, e->when);
        buf_printf(&b, " [when %.*s]", SLICE_ARG(conditions));
    }
    buf safe = { .arena = a };
    text_safe(&safe, buf_as_slice(&b));
    return buf_as_slice(&safe);
}

static bool solid(const edge *e) { return e->trigger && e->enabled != NO; }

/* A quoted string of DOT: backslashes are doubled, because labels give them a meaning. */
static void dot_text(buf *out, slice text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
}

static slice safe(arena *a, slice text) {
    buf b = { .arena = a };
    text_safe(&b, text);
    return buf_as_slice(&b);
}

void report_graph_dot(buf *out, const report *r) {
    buf_text(out, "digraph sflint {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", fontsize=9];\n");
    const graph *g = r->graph;
    for (size_t i = 0; g != NULL && i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        look l = look_of(n);
        buf_text(out, "  \"");
        dot_text(out, safe(out->arena, n->id));
        buf_text(out, "\" [label=\"");
        dot_text(out, safe(out->arena, n->id));
        if (n->type.len > 0) {
            buf_text(out, "\\n");
            dot_text(out, safe(out->arena, short_type(n->type)));
        }
        buf_printf(out, "\", shape=%s%s];\n", l.shape, n->external ? ", style=dashed" : "");
    }
    for (size_t i = 0; g != NULL && i < g->edges.len; i++) {
        const edge *e = g->edges.at[i];
        buf_text(out, "  \"");
        dot_text(out, safe(out->arena, e->from->id));
        buf_text(out, "\" -> \"");
        dot_text(out, safe(out->arena, e->to->id));
        buf_text(out, "\" [label=\"");
        dot_text(out, label_of(out->arena, e));
        buf_printf(out, "\"%s];\n", solid(e) ? "" : ", style=dashed");
    }
    buf_text(out, "}\n");
}

/* Inside a quoted label of Mermaid, what would end it or is read as markup is written by its entity. */
static void mermaid_text(buf *out, slice text) {
    static const struct { char c; const char *entity; } entities[] = {
        { '"', "#quot;" }, { '#', "#35;" }, { '<', "#lt;" }, { '>', "#gt;" }, { '&', "#amp;" }, { '`', "#96;" }, { '\\', "#92;" }, { '|', "#124;" },
    };
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = NULL;
        for (size_t k = 0; k < COUNT(entities); k++)
            if (entities[k].c == text.at[i]) entity = entities[k].entity;
        if (entity != NULL) buf_text(out, entity);
        else buf_char(out, text.at[i]);
    }
}

void report_graph_mermaid(buf *out, const report *r) {
    buf_text(out, "flowchart LR\n");
    const graph *g = r->graph;
    bool any_outside = false;
    for (size_t i = 0; g != NULL && i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        look l = look_of(n);
        buf_printf(out, "  n%u%s\"", n->index, l.open);
        mermaid_text(out, safe(out->arena, n->id));
        if (n->type.len > 0) {
            buf_text(out, "<br/>");
            mermaid_text(out, safe(out->arena, short_type(n->type)));
        }
        buf_printf(out, "\"%s%s\n", l.close, n->external ? ":::outside" : "");
        any_outside = any_outside || n->external;
    }
    for (size_t i = 0; g != NULL && i < g->edges.len; i++) {
        const edge *e = g->edges.at[i];
        buf_printf(out, "  n%u %s|\"", e->from->index, solid(e) ? "-->" : "-.->");
        mermaid_text(out, label_of(out->arena, e));
        buf_printf(out, "\"| n%u\n", e->to->index);
    }
    if (any_outside) buf_text(out, "  classDef outside stroke-dasharray: 4 3\n");
}
