/* `sflint match --format json`, as sflint-json(7) promises. */
#include "report/match_report.h"

static void text_or_null(json_out *j, slice key, slice what) {
    json_key(j, key);
    if (what.len == 0) json_null(j);
    else json_string(j, what);
}

static void one_trigger(json_out *j, const match_report *r, const match_result *m) {
    const edge *e = m->edge;
    json_object(j);
    json_key_text(j, "from");
    json_string(j, e->from->id);
    json_key_text(j, "to");
    json_string(j, e->to->id);
    text_or_null(j, SLICE("via"), e->via == NULL ? SLICE("") : e->via->id);
    json_key_text(j, "kind");
    json_string(j, edge_kind_name(e->kind));
    json_key_text(j, "matched");
    if (m->matched == UNKNOWN) json_string(j, SLICE("unknown"));
    else json_bool(j, m->matched == YES);
    text_or_null(j, SLICE("because"), m->because);
    json_key_text(j, "when");
    when_write_json(e->when, j);
    json_key_text(j, "file");
    json_string(j, source_path(r->base->sources, e->at.file));
    json_key_text(j, "line");
    json_int(j, e->at.line == 0 ? 1 : e->at.line);
    json_key_text(j, "column");
    json_int(j, e->at.column == 0 ? 1 : e->at.column);
    json_object_end(j);
}

void report_match_json(buf *out, const match_report *r) {
    json_out j = { .out = out };
    json_object(&j);
    json_key_text(&j, "version");
    json_int(&j, REPORT_VERSION);
    json_key_text(&j, "triggers");
    json_list(&j);
    for (size_t i = 0; i < r->len; i++) one_trigger(&j, r, &r->results[i]);
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->base->sources, r->base->errors);
    json_object_end(&j);
    buf_char(out, '\n');
}
