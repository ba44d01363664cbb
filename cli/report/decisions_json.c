/* `sflint decisions --format json`, as sflint-json(7) promises. */
#include "report/decisions.h"

static void one_finding(json_out *j, const decisions_report *r, const finding *f) {
    json_object(j);
    json_pair_text(j, "rule", f->rule);
    json_pair_text(j, "name", f->name);
    json_pair_text(j, "pillar", f->pillar);
    json_pair_text(j, "severity", severity_name(f->severity));
    json_pair_text(j, "message", f->message);
    json_pair_text_or_null(j, "resource", f->resource);
    source_place_json(j, r->sources, f->at);
    json_object_end(j);
}

static void one_decision(json_out *j, const decisions_report *r, const decision *d) {
    const waiver *w = d->waiver;
    json_object(j);
    json_pair_text(j, "rule", w->rule);
    json_pair_text(j, "kind", waiver_kind_name(d->kind));
    json_key_text(j, "kindGuessed");
    json_bool(j, d->guessed);
    json_pair_text_or_null(j, "reason", w->reason);
    json_pair_text_or_null(j, "owner", w->owner);
    json_pair_text_or_null(j, "until", w->until);
    json_key_text(j, "ended");
    json_bool(j, d->ended);
    json_key_text(j, "where");
    json_object(j);
    json_pair_text(j, "in", waiver_source_name(w->source));
    source_place_json(j, r->sources, w->at);
    json_object_end(j);
    json_key_text(j, "allows");
    json_list(j);
    for (size_t i = 0; i < d->allows_len; i++) one_finding(j, r, d->allows[i]);
    json_list_end(j);
    json_object_end(j);
}

void report_decisions_json(buf *out, const decisions_report *r) {
    json_out j = { .out = out };
    size_t ended = 0, kinds[WAIVER_KIND_COUNT] = { 0 };
    json_object(&j);
    json_pair_count(&j, "version", REPORT_VERSION);
    json_key_text(&j, "decisions");
    json_list(&j);
    for (size_t i = 0; i < r->decisions_len; i++) {
        one_decision(&j, r, &r->decisions[i]);
        ended += r->decisions[i].ended;
        kinds[r->decisions[i].kind]++;
    }
    json_list_end(&j);
    json_key_text(&j, "open");
    json_list(&j);
    for (size_t i = 0; i < r->open_len; i++) one_finding(&j, r, r->open[i]);
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->sources, r->errors);
    json_key_text(&j, "summary");
    json_object(&j);
    json_pair_count(&j, "files", r->files);
    json_pair_count(&j, "decisions", r->decisions_len);
    json_pair_count(&j, "ended", ended);
    json_pair_count(&j, "open", r->open_len);
    json_key_text(&j, "byKind");
    json_object(&j);
    for (size_t k = 0; k < WAIVER_KIND_COUNT; k++) {
        json_key(&j, waiver_kind_name((waiver_kind)k));
        json_int(&j, (long long)kinds[k]);
    }
    json_object_end(&j);
    json_object_end(&j);
    json_object_end(&j);
    buf_char(out, '\n');
}
