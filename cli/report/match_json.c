/* `sflint match --format json`, as sflint-json(7) promises. */
#include "report/match_report.h"

static void one_trigger(json_out *j, const match_report *r, const match_result *m) {
    const edge *e = m->edge;
    json_object(j);
    json_key_text(j, "from");
    json_string(j, e->from->id);
    json_key_text(j, "to");
    json_string(j, e->to->id);
    json_pair_text_or_null(j, "via", e->via == NULL ? SLICE("") : e->via->id);
    json_key_text(j, "kind");
    json_string(j, edge_kind_name(e->kind));
    json_key_text(j, "matched");
    if (m->matched == UNKNOWN) json_string(j, SLICE("unknown"));
    else json_bool(j, m->matched == YES);
    json_pair_text_or_null(j, "because", m->because);
    json_key_text(j, "when");
    when_write_json(e->when, j);
    source_place_json(j, r->base->sources, e->at);
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
