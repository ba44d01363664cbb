/* `sflint check --format json`, as sflint-json(7) promises. */
#include "lint/waiver.h"
#include "report/report.h"

/* What allows a finding; null when nothing does. */
void report_waiver_json(json_out *j, const sources *s, const waiver *w) {
    bool guessed;
    if (w == NULL) {
        json_null(j);
        return;
    }
    waiver_kind kind = waiver_kind_of(w, &guessed);
    json_object(j);
    json_pair_text_or_null(j, "reason", w->reason);
    json_pair_text_or_null(j, "owner", w->owner);
    json_pair_text_or_null(j, "until", w->until);
    json_pair_text(j, "kind", waiver_kind_name(kind));
    json_key_text(j, "kindGuessed");
    json_bool(j, guessed);
    json_key_text(j, "where");
    json_object(j);
    json_pair_text(j, "in", waiver_source_name(w->source));
    source_place_json(j, s, w->at);
    json_object_end(j);
    json_object_end(j);
}

static void ratio(json_out *j, const char *key, share s) {
    json_key(j, slice_from(key));
    if (s.of == 0) json_null(j);
    else json_double(j, (double)s.part / (double)s.of);
}

static void edge_ends(json_out *j, const edge *e) {
    json_key_text(j, "edge");
    if (e == NULL) {
        json_null(j);
        return;
    }
    json_object(j);
    json_pair_text(j, "from", e->from->id);
    json_pair_text(j, "to", e->to->id);
    json_key_text(j, "via");
    if (e->via == NULL) json_null(j);
    else json_string(j, e->via->id);
    json_pair_text(j, "kind", edge_kind_name(e->kind));
    json_object_end(j);
}

static void one_finding(json_out *j, const report *r, size_t number_of) {
    const finding *f = &r->lint->findings[number_of];
    pos at = f->at, end = f->end;
    if (end.line < at.line || (end.line == at.line && end.column < at.column)) end = at;
    json_object(j);
    json_pair_text(j, "rule", f->rule);
    json_pair_text(j, "name", f->name);
    json_pair_text(j, "pillar", f->pillar);
    json_pair_text(j, "severity", severity_name(f->severity));
    json_pair_text(j, "message", f->message);
    json_key_text(j, "fix");
    if (f->fix.len == 0) json_null(j);
    else json_string(j, f->fix);
    json_key_text(j, "resource");
    if (f->resource.len == 0) json_null(j);
    else json_string(j, f->resource);
    edge_ends(j, f->edge);
    json_key_text(j, "when");
    when_write_json(f->when, j);
    source_place_json(j, r->sources, at);
    json_pair_count(j, "endLine", end.line == 0 ? 1 : end.line);
    json_pair_count(j, "endColumn", end.column == 0 ? 1 : end.column);
    json_key_text(j, "related");
    json_list(j);
    for (size_t i = 0; i < f->related_len; i++) {
        json_object(j);
        source_place_json(j, r->sources, f->related[i].at);
        json_pair_text(j, "message", f->related[i].message);
        json_object_end(j);
    }
    json_list_end(j);
    json_key_text(j, "waived");
    report_waiver_json(j, r->sources, f->waiver);
    json_pair_text(j, "fingerprint", r->fingerprints[number_of]);
    json_object_end(j);
}

void report_check_json(buf *out, const report *r) {
    json_out j = { .out = out };
    size_t counts[SEVERITY_COUNT] = { 0 }, waived = 0;
    json_object(&j);
    json_pair_count(&j, "version", REPORT_VERSION);
    json_key_text(&j, "findings");
    json_list(&j);
    for (size_t i = 0; i < r->lint->findings_len; i++) {
        if (r->lint->findings[i].waiver != NULL) waived++;
        else counts[r->lint->findings[i].severity]++;
        one_finding(&j, r, i);
    }
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->sources, r->errors);
    if (r->show_unknown) {
        json_key_text(&j, "unknown");
        json_list(&j);
        for (size_t i = 0; i < r->lint->unknown_len; i++) {
            const lint_unknown *u = &r->lint->unknown[i];
            json_object(&j);
            json_pair_text(&j, "rule", u->rule);
            json_pair_text(&j, "name", u->name);
            json_pair_text(&j, "resource", u->resource);
            json_pair_text(&j, "why", u->why);
            source_place_json(&j, r->sources, u->at);
            json_object_end(&j);
        }
        json_list_end(&j);
    }
    json_key_text(&j, "summary");
    json_object(&j);
    json_pair_count(&j, "files", r->files);
    json_pair_count(&j, "nodes", r->counts.nodes);
    json_pair_count(&j, "edges", r->counts.edges);
    json_pair_count(&j, "error", counts[SEVERITY_ERROR]);
    json_pair_count(&j, "warning", counts[SEVERITY_WARNING]);
    json_pair_count(&j, "info", counts[SEVERITY_INFO]);
    json_pair_count(&j, "waived", waived);
    if (r->baseline) {
        json_pair_count(&j, "known", r->known);
        json_pair_count(&j, "gone", r->gone);
    }
    ratio(&j, "eventDriven", r->counts.score.event_driven);
    ratio(&j, "scalesItself", r->counts.score.scales_itself);
    ratio(&j, "billsPerUse", r->counts.score.bills_per_use);
    json_object_end(&j);
    json_object_end(&j);
    buf_char(out, '\n');
}
