/* SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): one run, a rule for each that found something, a result a finding. The
 * fix is text in the message and in properties: a SARIF `fix` would have to be a patch. */
#include "lint/waiver.h"
#include "report/machine.h"
#include "report/paint.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *const levels[SEVERITY_COUNT] = { [SEVERITY_INFO] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error" };

/* "key": {"text": ...}. In a message {0} would be a placeholder (3.11.5), so such a brace is doubled. */
static void message(json_out *j, const char *key, slice what) {
    buf b = { .arena = j->out->arena };
    for (size_t i = 0; i < what.len; i++) {
        size_t k = i + 1;
        while (what.at[i] == '{' && k < what.len && what.at[k] >= '0' && what.at[k] <= '9') k++;
        if (k > i + 1 && k < what.len && what.at[k] == '}') {
            buf_printf(&b, "{%.*s}}", SLICE_ARG(slice_from_to(what, i, k)));
            i = k;
        } else {
            buf_char(&b, what.at[i]);
        }
    }
    json_key(j, slice_from(key));
    json_object(j);
    json_pair_text(j, "text", buf_as_slice(&b));
    json_object_end(j);
}

/* A path as a URI reference (RFC 3986): relative to where the run was started, or file:// for an absolute one. */
static slice uri(arena *a, slice path) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
    buf b = { .arena = a };
    if (slice_starts(path, SLICE("/"))) buf_text(&b, "file://");
    for (size_t i = 0; i < path.len; i++) {
        if (memchr(plain, path.at[i], sizeof plain - 1) != NULL) buf_char(&b, path.at[i]);
        else buf_printf(&b, "%%%02X", (unsigned)(unsigned char)path.at[i]);
    }
    return buf_as_slice(&b);
}

static void physical(json_out *j, const report *r, pos at, pos end) {
    machine_span s = machine_span_of(at, end);
    json_key_text(j, "physicalLocation");
    json_object(j);
    json_key_text(j, "artifactLocation");
    json_object(j);
    json_pair_text(j, "uri", uri(j->out->arena, machine_path(r, at.file)));
    json_object_end(j);
    json_key_text(j, "region");
    json_object(j);
    json_pair_count(j, "startLine", s.line);
    json_pair_count(j, "startColumn", s.column);
    json_pair_count(j, "endLine", s.end_line);
    json_pair_count(j, "endColumn", s.end_column);
    json_object_end(j);
    json_object_end(j);
}

/* ---- rules ---- */

static slice help_text(arena *a, const rule_info *info, bool markdown) {
    buf b = { .arena = a };
    buf_slice(&b, slice_trim(info->why));
    if (info->sources_len > 0) buf_text(&b, markdown ? "\n\n**Sources**\n" : "\n\nSources:");
    for (size_t i = 0; i < info->sources_len; i++) buf_printf(&b, "\n- %.*s", SLICE_ARG(info->sources[i]));
    buf_printf(&b, markdown ? "\n\n`sflint explain %.*s` has examples." : "\n\nsflint explain %.*s has examples.", SLICE_ARG(info->id));
    return buf_as_slice(&b);
}

static void one_rule(json_out *j, arena *a, const report *r, const finding *f) {
    size_t n = r->rules == NULL ? LINT_NO_RULE : lint_rule_find(r->rules, f->rule);
    json_object(j);
    json_pair_text(j, "id", f->rule);
    json_pair_text(j, "name", f->name);
    message(j, "shortDescription", f->title);
    if (n != LINT_NO_RULE) {
        rule_info info = lint_rule(a, r->rules, n);
        message(j, "fullDescription", slice_trim(info.why));
        json_key_text(j, "defaultConfiguration");
        json_object(j);
        json_pair_text(j, "level", slice_from(levels[info.severity]));
        json_object_end(j);
        json_key_text(j, "help");
        json_object(j);
        json_pair_text(j, "text", help_text(a, &info, false));
        json_pair_text(j, "markdown", help_text(a, &info, true));
        json_object_end(j);
    }
    json_key_text(j, "properties");
    json_object(j);
    json_key_text(j, "tags");
    json_list(j);
    json_string(j, f->pillar);
    json_list_end(j);
    json_object_end(j);
    json_object_end(j);
}

/* The rules of the findings, in the order in which they are met; ruleIndex is the number in it. */
static void rules(json_out *j, const report *r, strmap *index) {
    arena *a = j->out->arena;
    json_key_text(j, "rules");
    json_list(j);
    for (size_t i = 0; i < r->lint->findings_len; i++) {
        const finding *f = &r->lint->findings[i];
        if (strmap_has(index, f->rule)) continue;
        size_t *n = ARENA_NEW(a, size_t);
        *n = index->len;
        strmap_put(a, index, f->rule, n);
        one_rule(j, a, r, f);
    }
    json_list_end(j);
}

/* ---- results ---- */

static void properties(json_out *j, const report *r, const finding *f) {
    slice fix = machine_fix(j->out->arena, r, f);
    json_key_text(j, "properties");
    json_object(j);
    json_pair_text(j, "pillar", f->pillar);
    if (fix.len > 0) json_pair_text(j, "fix", fix);
    json_key_text(j, "when");
    when_write_json(f->when, j);
    if (f->edge != NULL) {
        json_key_text(j, "edge");
        json_object(j);
        json_pair_text(j, "from", f->edge->from->id);
        json_pair_text(j, "to", f->edge->to->id);
        if (f->edge->via != NULL) json_pair_text(j, "via", f->edge->via->id);
        json_pair_text(j, "kind", edge_kind_name(f->edge->kind));
        json_object_end(j);
    }
    json_object_end(j);
}

static void one_result(json_out *j, const report *r, size_t i, const strmap *index) {
    arena *a = j->out->arena;
    const finding *f = &r->lint->findings[i];
    slice fix = machine_fix(a, r, f), parts[] = { machine_message(a, r, f), SLICE("\nFix: "), fix };
    json_object(j);
    json_pair_text(j, "ruleId", f->rule);
    json_pair_count(j, "ruleIndex", *(const size_t *)strmap_get(index, f->rule));
    json_pair_text(j, "level", slice_from(levels[f->severity]));
    message(j, "message", arena_concat(a, parts, fix.len > 0 ? 3 : 1));
    json_key_text(j, "locations");
    json_list(j);
    json_object(j);
    physical(j, r, f->at, f->end);
    if (f->resource.len > 0) {
        json_key_text(j, "logicalLocations");
        json_list(j);
        json_object(j);
        json_pair_text(j, "fullyQualifiedName", f->resource);
        json_pair_text(j, "kind", SLICE("resource"));
        json_object_end(j);
        json_list_end(j);
    }
    json_object_end(j);
    json_list_end(j);
    if (f->related_len > 0) {
        json_key_text(j, "relatedLocations");
        json_list(j);
        for (size_t k = 0; k < f->related_len; k++) {
            json_object(j);
            json_pair_count(j, "id", k + 1);
            message(j, "message", report_without_path(j->out->arena, r, f->related[k].message, f->related[k].at.file));
            physical(j, r, f->related[k].at, f->related[k].end);
            json_object_end(j);
        }
        json_list_end(j);
    }
    json_key_text(j, "partialFingerprints");
    json_object(j);
    json_pair_text(j, "sflint/v1", r->fingerprints[i]);
    json_object_end(j);
    if (r->baseline) json_pair_text(j, "baselineState", SLICE("new"));
    if (f->waiver != NULL) {
        json_key_text(j, "suppressions");
        json_list(j);
        json_object(j);
        json_pair_text(j, "kind", f->waiver->source == WAIVER_IN_CONFIG ? SLICE("external") : SLICE("inSource"));
        json_pair_text(j, "status", SLICE("accepted"));
        if (f->waiver->reason.len > 0) json_pair_text(j, "justification", f->waiver->reason);
        json_key_text(j, "location");
        json_object(j);
        physical(j, r, f->waiver->at, f->waiver->end);
        json_object_end(j);
        json_object_end(j);
        json_list_end(j);
    }
    properties(j, r, f);
    json_object_end(j);
}

/* What could not be read: the run's own notifications. */
static void invocation(json_out *j, const report *r) {
    bool failed = false;
    for (size_t i = 0; i < r->errors->list.len; i++) failed = failed || r->errors->list.at[i].level == DIAG_ERROR;
    json_key_text(j, "invocations");
    json_list(j);
    json_object(j);
    json_key_text(j, "executionSuccessful");
    json_bool(j, !failed);
    json_key_text(j, "toolExecutionNotifications");
    json_list(j);
    for (size_t i = 0; i < r->errors->list.len; i++) {
        const diag *d = &r->errors->list.at[i];
        buf safe = { .arena = j->out->arena };
        text_safe(&safe, d->message);
        json_object(j);
        json_pair_text(j, "level", d->level == DIAG_ERROR ? SLICE("error") : SLICE("note"));
        message(j, "message", buf_as_slice(&safe));
        json_key_text(j, "locations");
        json_list(j);
        json_object(j);
        physical(j, r, d->at, d->at);
        json_object_end(j);
        json_list_end(j);
        json_object_end(j);
    }
    json_list_end(j);
    json_object_end(j);
    json_list_end(j);
}

void report_check_sarif(buf *out, const report *r) {
    json_out j = { .out = out };
    strmap index = { 0 };
    json_object(&j);
    json_pair_text(&j, "$schema", SLICE(SCHEMA));
    json_pair_text(&j, "version", SLICE("2.1.0"));
    json_key_text(&j, "runs");
    json_list(&j);
    json_object(&j);
    json_key_text(&j, "tool");
    json_object(&j);
    json_key_text(&j, "driver");
    json_object(&j);
    json_pair_text(&j, "name", SLICE("sflint"));
    if (r->version.len > 0) json_pair_text(&j, "version", r->version);
    rules(&j, r, &index);
    json_object_end(&j);
    json_object_end(&j);
    invocation(&j, r);
    json_pair_text(&j, "columnKind", SLICE("unicodeCodePoints"));
    json_key_text(&j, "results");
    json_list(&j);
    for (size_t i = 0; i < r->lint->findings_len; i++) one_result(&j, r, i, &index);
    json_list_end(&j);
    json_object_end(&j);
    json_list_end(&j);
    json_object_end(&j);
    buf_char(out, '\n');
}
