/* `sflint graph --format json`, as sflint-json(7) promises. */
#include "report/report.h"

static slice tri_word(tri t) {
    static const slice names[] = { [NO] = SLICE_INIT("no"), [YES] = SLICE_INIT("yes"), [UNKNOWN] = SLICE_INIT("unknown") };
    return names[t];
}

static slice granted_word(permission p) {
    switch (p) {
    case PERMISSION_GRANTED:
    case PERMISSION_NOT_NEEDED: return SLICE("yes");
    case PERMISSION_MISSING:
    case PERMISSION_MISMATCH: return SLICE("no");
    case PERMISSION_UNKNOWN: break;
    }
    return SLICE("unknown");
}

/* Nodes outside the templates have no place. */
static void place(json_out *j, const sources *s, const pos *at) {
    json_key_text(j, "file");
    if (at == NULL) json_null(j);
    else json_string(j, source_path(s, at->file));
    json_key_text(j, "line");
    if (at == NULL) json_null(j);
    else json_int(j, at->line == 0 ? 1 : at->line);
    json_key_text(j, "column");
    if (at == NULL) json_null(j);
    else json_int(j, at->column == 0 ? 1 : at->column);
}

static void one_node(json_out *j, const report *r, const node *n) {
    json_object(j);
    json_pair_text(j, "id", n->id);
    json_pair_text_or_null(j, "type", n->type);
    json_pair_text(j, "role", role_name(n->role));
    json_key_text(j, "external");
    json_bool(j, n->external);
    json_pair_text(j, "serverless", tri_word(n->external && n->class.serverless == NO ? UNKNOWN : n->class.serverless));
    json_pair_text_or_null(j, "scales", n->class.scales);
    json_pair_text_or_null(j, "bills", n->class.bills);
    json_key_text(j, "tier");
    if (n->class.tier_unknown) json_string(j, SLICE("unknown"));
    else if (n->class.tier == 0) json_null(j);
    else json_int(j, n->class.tier);
    place(j, r->sources, n->resource == NULL ? NULL : &n->resource->at);
    json_object_end(j);
}

static void one_edge(json_out *j, const report *r, const edge *e, arena *a) {
    json_object(j);
    json_pair_text(j, "from", e->from->id);
    json_pair_text(j, "to", e->to->id);
    json_pair_text_or_null(j, "via", e->via == NULL ? SLICE("") : e->via->id);
    json_pair_text(j, "kind", edge_kind_name(e->kind));
    json_key_text(j, "trigger");
    json_bool(j, e->trigger);
    json_key_text(j, "filter");
    if (e->filter == NULL || value_is_absent(e->filter)) json_null(j);
    else value_write_json(a, e->filter, true, j);
    json_key_text(j, "settings");
    if (e->settings == NULL || value_is_absent(e->settings)) {
        json_object(j);
        json_object_end(j);
    } else {
        value_write_json(a, e->settings, true, j);
    }
    json_pair_text(j, "enabled", tri_word(e->enabled));
    json_pair_text(j, "granted", granted_word(e->permission));
    json_key_text(j, "when");
    when_write_json(e->when, j);
    json_pair_text_or_null(j, "qualifier", e->qualifier);
    place(j, r->sources, &e->at);
    json_object_end(j);
}

void report_graph_json(buf *out, const report *r) {
    json_out j = { .out = out };
    json_object(&j);
    json_key_text(&j, "version");
    json_int(&j, REPORT_VERSION);
    json_key_text(&j, "nodes");
    json_list(&j);
    for (size_t i = 0; r->graph != NULL && i < r->graph->nodes.len; i++) one_node(&j, r, r->graph->nodes.at[i]);
    json_list_end(&j);
    json_key_text(&j, "edges");
    json_list(&j);
    for (size_t i = 0; r->graph != NULL && i < r->graph->edges.len; i++) one_edge(&j, r, r->graph->edges.at[i], out->arena);
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->sources, r->errors);
    json_object_end(&j);
    buf_char(out, '\n');
}
