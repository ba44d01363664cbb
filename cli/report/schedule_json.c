/* `sflint schedule --format json`, as sflint-json(7) promises. */
#include "report/schedule_report.h"

static void one_schedule(json_out *j, const schedule_report *r, const timetable_entry *e, arena *a) {
    static const slice words[] = { [NO] = SLICE_INIT("no"), [YES] = SLICE_INIT("yes"), [UNKNOWN] = SLICE_INIT("unknown") };
    json_object(j);
    json_pair_text_or_null(j, "rule", e->resource == NULL ? SLICE("") : e->resource->id);
    json_key_text(j, "expression");
    json_string(j, e->expression);
    json_key_text(j, "timezone");
    json_string(j, e->zone);
    json_key_text(j, "valid");
    if (e->valid == UNKNOWN) json_string(j, SLICE("unknown"));
    else json_bool(j, e->valid == YES);
    json_key_text(j, "next");
    if (e->valid != NO && !e->next_known) {
        json_string(j, SLICE("unknown"));
    } else {
        json_list(j);
        for (size_t i = 0; i < e->next_len; i++) json_string(j, time_text(a, e->next[i]));
        json_list_end(j);
    }
    json_pair_text_or_null(j, "error", e->error);
    json_key_text(j, "service");
    json_string(j, e->service);
    json_key_text(j, "enabled");
    json_string(j, words[e->enabled]);
    json_key_text(j, "when");
    when_write_json(e->when, j);
    json_key_text(j, "file");
    if (e->resource == NULL) json_null(j);
    else json_string(j, source_path(r->base->sources, e->at.file));
    json_key_text(j, "line");
    if (e->resource == NULL) json_null(j);
    else json_int(j, e->at.line == 0 ? 1 : e->at.line);
    json_key_text(j, "column");
    if (e->resource == NULL) json_null(j);
    else json_int(j, e->at.column == 0 ? 1 : e->at.column);
    json_object_end(j);
}

void report_schedule_json(buf *out, const schedule_report *r) {
    json_out j = { .out = out };
    json_object(&j);
    json_key_text(&j, "version");
    json_int(&j, REPORT_VERSION);
    json_key_text(&j, "schedules");
    json_list(&j);
    for (size_t i = 0; i < r->len; i++) one_schedule(&j, r, &r->at[i], out->arena);
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->base->sources, r->base->errors);
    json_object_end(&j);
    buf_char(out, '\n');
}
