/* `sflint decisions --format json`, as sflint-json(7) promises. */
#include "report/decisions.h"

static void text(json_out *j, const char *key, slice what) {
    json_key(j, slice_from(key));
    json_string(j, what);
}

static void text_or_null(json_out *j, const char *key, slice what) {
    json_key(j, slice_from(key));
    if (what.len == 0) json_null(j);
    else json_string(j, what);
}

static void number(json_out *j, const char *key, size_t n) {
    json_key(j, slice_from(key));
    json_int(j, (long long)n);
}

static void place(json_out *j, const sources *s, pos at) {
    text(j, "file", source_path(s, at.file));
    number(j, "line", at.line == 0 ? 1 : at.line);
    number(j, "column", at.column == 0 ? 1 : at.column);
}

static void one_finding(json_out *j, const decisions_report *r, const finding *f) {
    json_object(j);
    text(j, "rule", f->rule);
    text(j, "name", f->name);
    text(j, "pillar", f->pillar);
    text(j, "severity", severity_name(f->severity));
    text(j, "message", f->message);
    text_or_null(j, "resource", f->resource);
    place(j, r->sources, f->at);
    json_object_end(j);
}

static void one_decision(json_out *j, const decisions_report *r, const decision *d) {
    const waiver *w = d->waiver;
    json_object(j);
    text(j, "rule", w->rule);
    text(j, "kind", waiver_kind_name(d->kind));
    json_key_text(j, "kindGuessed");
    json_bool(j, d->guessed);
    text_or_null(j, "reason", w->reason);
    text_or_null(j, "owner", w->owner);
    text_or_null(j, "until", w->until);
    json_key_text(j, "ended");
    json_bool(j, d->ended);
    json_key_text(j, "where");
    json_object(j);
    text(j, "in", waiver_source_name(w->source));
    place(j, r->sources, w->at);
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
    number(&j, "version", REPORT_VERSION);
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
    number(&j, "files", r->files);
    number(&j, "decisions", r->decisions_len);
    number(&j, "ended", ended);
    number(&j, "open", r->open_len);
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
