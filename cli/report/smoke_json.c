/* `sflint smoke --format json`, as sflint-json(7) promises. */
#include "report/smoke_report.h"

#define MOST_DEEP 40        /* what follows what: deeper is left out */

static void node_or_null(json_out *j, const char *key, const doc_node *n) {
    json_key(j, slice_from(key));
    if (n == NULL) json_null(j);
    else json_raw(j, js_text(j->out->arena, n));
}

static void response(json_out *j, const firing *f) {
    const doc_node *n = js_read(j->out->arena, f->response);
    json_key_text(j, "response");
    if (n != NULL) json_raw(j, js_text(j->out->arena, n));
    else if (f->response.len > 0) json_string(j, f->response);
    else json_null(j);
}

static void texts_of(json_out *j, const char *key, const notes *list) {
    json_key(j, slice_from(key));
    json_list(j);
    for (size_t i = 0; i < list->len; i++) json_string(j, list->at[i]);
    json_list_end(j);
}

/* What a delivery was: the members that a trigger and what follows have alike. */
static void delivery(json_out *j, const firing *f) {
    json_pair_text_or_null(j, "what", f->what);
    node_or_null(j, "event", f->event);
    response(j, f);
    json_key_text(j, "durationMs");
    json_int(j, (f->duration_us + 500) / 1000);
    json_key_text(j, "attempts");
    json_int(j, f->attempts);
    texts_of(j, "notes", &f->notes);
    json_pair_text_or_null(j, "log", f->story);
}

static void head(json_out *j, slice from, slice to, slice via, edge_kind kind, firing_status status, slice reason) {
    json_key_text(j, "from");
    json_string(j, from);
    json_key_text(j, "to");
    json_string(j, to);
    json_pair_text_or_null(j, "via", via);
    json_key_text(j, "kind");
    json_string(j, edge_kind_name(kind));
    json_key_text(j, "status");
    json_string(j, firing_status_name(status));
    json_pair_text_or_null(j, "reason", reason);
}

static void then(json_out *j, const smoke_report *r, const firing *f, unsigned depth) {
    json_key_text(j, "then");
    json_list(j);
    for (size_t i = 0; depth < MOST_DEEP && i < f->then.len; i++) {
        const firing *next = f->then.at[i];
        json_object(j);
        head(j, next->from, next->to, next->via, next->kind, next->status, next->reason);
        delivery(j, next);
        then(j, r, next, depth + 1);
        source_place_json(j, r->base->sources, next->at);
        json_object_end(j);
    }
    json_list_end(j);
}

static void probes(json_out *j, const smoke_trigger *t) {
    json_key_text(j, "probes");
    json_list(j);
    for (size_t i = 0; i < t->len; i++) {
        const firing *f = t->at[i];
        json_object(j);
        json_key_text(j, "mustArrive");
        json_bool(j, !f->must_not_arrive);
        json_key_text(j, "status");
        json_string(j, firing_status_name(f->status));
        json_pair_text_or_null(j, "reason", f->reason);
        delivery(j, f);
        json_object_end(j);
    }
    json_list_end(j);
}

static void one_trigger(json_out *j, const smoke_report *r, const smoke_trigger *t) {
    const firing *f = t->shown;
    json_object(j);
    head(j, f->from, f->to, t->via, f->kind, t->status, f->reason);
    delivery(j, f);
    then(j, r, f, 0);
    probes(j, t);
    source_place_json(j, r->base->sources, f->at);
    json_object_end(j);
}

void report_smoke_json(buf *out, const smoke_report *r) {
    json_out j = { .out = out };
    json_object(&j);
    json_key_text(&j, "version");
    json_int(&j, REPORT_VERSION);
    json_key_text(&j, "triggers");
    json_list(&j);
    for (size_t i = 0; i < r->len; i++) one_trigger(&j, r, &r->triggers[i]);
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, r->base->sources, r->base->errors);
    json_pair_text_or_null(&j, "sandboxLacks", r->lacks);
    json_pair_text_or_null(&j, "stopped", r->stopped);
    json_key_text(&j, "summary");
    json_object(&j);
    json_key_text(&j, "passed");
    json_int(&j, (long long)r->passed);
    json_key_text(&j, "failed");
    json_int(&j, (long long)r->failed);
    json_key_text(&j, "skipped");
    json_int(&j, (long long)r->skipped);
    json_key_text(&j, "failedThen");
    json_int(&j, (long long)r->failed_then);
    json_object_end(&j);
    if (r->timing) {
        json_key_text(&j, "timing");
        json_object(&j);
        json_key_text(&j, "ownMs");
        json_double(&j, (double)r->own_us / 1000);
        json_key_text(&j, "allMs");
        json_double(&j, (double)r->all_us / 1000);
        json_object_end(&j);
    }
    json_object_end(&j);
    buf_char(out, '\n');
}

void report_plan_json(buf *out, const report *base, const planned *at, size_t len) {
    json_out j = { .out = out };
    json_object(&j);
    json_key_text(&j, "version");
    json_int(&j, REPORT_VERSION);
    json_key_text(&j, "plan");
    json_list(&j);
    for (size_t i = 0; i < len; i++) {
        const probe *p = at[i].probe;
        const edge *e = p->trigger;
        json_object(&j);
        json_key_text(&j, "from");
        json_string(&j, e->from->id);
        json_key_text(&j, "to");
        json_string(&j, e->to->id);
        json_pair_text_or_null(&j, "via", at[i].via);
        json_key_text(&j, "kind");
        json_string(&j, edge_kind_name(e->kind));
        json_key_text(&j, "mustArrive");
        json_bool(&j, !p->must_not_arrive);
        json_pair_text_or_null(&j, "what", p->what);
        json_pair_text_or_null(&j, "cannot", p->cannot);
        json_pair_text_or_null(&j, "given", p->given);
        node_or_null(&j, "event", at[i].event);
        source_place_json(&j, base->sources, e->at);
        json_object_end(&j);
    }
    json_list_end(&j);
    json_key_text(&j, "errors");
    report_errors_json(&j, base->sources, base->errors);
    json_object_end(&j);
    buf_char(out, '\n');
}
