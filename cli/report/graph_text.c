/* `sflint graph` for people: "when x happens, trigger y, to run service z", grouped by x. */
#include "report/paint.h"
#include "report/report.h"

#define FILTER_COLUMNS 160      /* of a filter that are shown; --format json has the whole of it */

/* What "x happens" is, by what x is. %.*s is its id. */
static const struct { role role; const char *before, *after; } happens[] = {
    { ROLE_CALLER,        "when somebody calls", NULL },
    { ROLE_CLOCK,         "when the time comes", NULL },
    { ROLE_QUEUE,         "when a message waits in ", "" },
    { ROLE_TOPIC,         "when a message is published to ", "" },
    { ROLE_BUS,           "when an event arrives on ", "" },
    { ROLE_STREAM,        "when a record arrives in ", "" },
    { ROLE_DATABASE,      "when an item changes in ", "" },
    { ROLE_OBJECT_STORE,  "when an object changes in ", "" },
    { ROLE_API,           "when a request reaches ", "" },
    { ROLE_LOAD_BALANCER, "when a request reaches ", "" },
    { ROLE_EDGE,          "when a request reaches ", "" },
    { ROLE_IOT,           "when a device sends to ", "" },
    { ROLE_MONITOR,       "when ", " reports" },
    { ROLE_COMPUTE,       "when ", " runs" },
    { ROLE_CONTAINER,     "when ", " runs" },
    { ROLE_INSTANCE,      "when ", " runs" },
    { ROLE_WORKFLOW,      "when ", " runs" },
};

static void heading(buf *out, const node *n, bool color) {
    const char *before = "when ", *after = " acts";
    for (size_t i = 0; i < COUNT(happens); i++)
        if (happens[i].role == n->role) {
            before = happens[i].before;
            after = happens[i].after;
        }
    buf_text(out, before);
    if (after == NULL) {
        buf_char(out, '\n');
        return;
    }
    paint_text(out, color, PAINT_BOLD, n->id);
    buf_text(out, after);
    if (n->external && n->role != ROLE_BUS) buf_text(out, " (outside)");
    buf_char(out, '\n');
}

/* What starts it, or what is done. */
static slice left_of(arena *a, const edge *e) {
    if (e->trigger && e->kind != EDGE_DESTINATION) return e->via == NULL ? SLICE("directly") : arena_printf(a, "trigger %.*s", SLICE_ARG(e->via->id));
    switch (e->kind) {
    case EDGE_DEAD_LETTER: return SLICE("what fails");
    case EDGE_DESTINATION: {
        const value *outcome = e->facts == NULL ? &value_absent : value_get(a, e->facts, SLICE("outcome"));
        slice word = value_display(a, outcome);
        return word.len == 0 ? SLICE("afterwards") : arena_printf(a, "on %.*s", SLICE_ARG(word));
    }
    case EDGE_WRITE: return SLICE("write");
    case EDGE_SYNC: return SLICE("call");
    default: return SLICE("send");
    }
}

static slice right_of(arena *a, const edge *e) {
    bool runs = e->to->role == ROLE_COMPUTE || e->to->role == ROLE_CONTAINER || e->to->role == ROLE_WORKFLOW || e->to->role == ROLE_INSTANCE;
    const char *verb = e->kind == EDGE_DEAD_LETTER ? "goes to" : e->kind == EDGE_DESTINATION ? "to" : e->trigger && runs ? "to run" : e->trigger ? "to reach" : "to";
    bool outside = e->to->external && e->to->role != ROLE_BUS;
    return arena_printf(a, "%s %.*s%s%.*s%s", verb, SLICE_ARG(e->to->id), e->qualifier.len > 0 ? ":" : "", SLICE_ARG(e->qualifier),
                        outside ? " (outside)" : "");
}

static void cut(buf *out, slice text) {
    if (text.len > FILTER_COLUMNS) {
        size_t len = FILTER_COLUMNS;
        while (len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80) len--;
        text_safe(out, slice_from_to(text, 0, len));
        buf_text(out, "...");
    } else {
        text_safe(out, text);
    }
}

static void marks(buf *out, const edge *e, bool color) {
    slice filter = report_filter_words(out->arena, e);
    if (filter.len > 0) {
        buf_char(out, ' ');
        cut(out, filter);
    }
    if (!e->sure) buf_text(out, " (by its role)");
    if (e->enabled == NO) {
        buf_char(out, ' ');
        paint_text(out, color, PAINT_YELLOW, SLICE("(disabled)"));
    }
    if (e->enabled == UNKNOWN) buf_text(out, " (perhaps disabled)");
    if (e->permission == PERMISSION_MISSING || e->permission == PERMISSION_MISMATCH) {
        buf_char(out, ' ');
        paint_text(out, color, PAINT_RED, SLICE("(not permitted)"));
    }
    if (e->when.len > 0) {
        buf_text(out, " [when ");
        text_safe(out, when_text(out->arena, e->when));
        buf_char(out, ']');
    }
}

#define COLUMN_MOST 44          /* a longer id pushes what is behind it to the right on its own line only */

static size_t widest(size_t now, size_t columns) { return columns > now && columns <= COLUMN_MOST ? columns : now; }

static bool triggered(const node *n) {
    for (size_t i = 0; i < n->in_len; i++)
        if (n->in[i]->trigger) return true;
    return false;
}

static void one_edge(buf *out, const edge *e, size_t left, size_t right, bool color) {
    slice l = left_of(out->arena, e), t = right_of(out->arena, e);
    buf_text(out, "    ");
    paint_on(out, color && !e->trigger, PAINT_DIM);
    text_safe(out, l);
    text_pad(out, text_columns(l), left + 2, true);
    text_safe(out, t);
    buf mark = { .arena = out->arena };
    marks(&mark, e, color);
    if (mark.bytes.len > 0) text_pad(out, text_columns(t), right + 1, false);
    buf_slice(out, buf_as_slice(&mark));
    paint_off(out, color && !e->trigger);
    buf_char(out, '\n');
}

void report_graph_text(buf *out, const report *r) {
    const graph *g = r->graph;
    if (g == NULL) return;
    size_t left = 0, right = 0, inside = 0, triggers = 0;
    for (size_t i = 0; i < g->edges.len; i++) {
        arena_mark mark = arena_mark_take(out->arena);
        left = widest(left, text_columns(left_of(out->arena, g->edges.at[i])));
        right = widest(right, text_columns(right_of(out->arena, g->edges.at[i])));
        triggers += g->edges.at[i]->trigger;
        arena_mark_return(out->arena, mark);
    }
    for (size_t i = 0; i < g->nodes.len; i++) inside += !g->nodes.at[i]->external;
    /* What comes from outside first; edges are sorted by their source. */
    bool any = false;
    for (int outside = 1; outside >= 0; outside--)
        for (size_t i = 0, end; i < g->edges.len; i = end) {
            for (end = i + 1; end < g->edges.len && g->edges.at[end]->from == g->edges.at[i]->from; end++) continue;
            if (g->edges.at[i]->from->external != (outside == 1)) continue;
            if (any) buf_char(out, '\n');
            any = true;
            heading(out, g->edges.at[i]->from, r->color);
            for (size_t k = i; k < end; k++)
                if (g->edges.at[k]->trigger) one_edge(out, g->edges.at[k], left, right, r->color);
            for (size_t k = i; k < end; k++)
                if (!g->edges.at[k]->trigger) one_edge(out, g->edges.at[k], left, right, r->color);
        }
    size_t alone = 0;
    for (size_t i = 0; i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        if (!score_does_work(n) || triggered(n)) continue;
        if (alone++ == 0) buf_printf(out, "%snothing here triggers\n", g->edges.len > 0 ? "\n" : "");
        buf_text(out, "    ");
        paint_text(out, r->color, PAINT_BOLD, n->id);
        buf_text(out, " (");
        text_safe(out, n->type);
        buf_text(out, ")\n");
    }
    if (g->edges.len > 0 || alone > 0) buf_char(out, '\n');
    buf_printf(out, "%zu node%s, %zu trigger%s in %zu template%s\n", inside, inside == 1 ? "" : "s", triggers, triggers == 1 ? "" : "s", r->files,
               r->files == 1 ? "" : "s");
}
