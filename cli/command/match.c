/* sflint match: which triggers would this event fire, and which clause stops it elsewhere? */
#include "command/run.h"

#include "command/file.h"
#include "report/match_report.h"

/* The event of --event; NULL after lines in r->errors. */
static const match_event *read_event(run *r, const char *path) {
    slice name = slice_from(path), text, why;
    uint32_t file = (uint32_t)r->set.files.len;
    VEC_PUSH(r->arena, &r->set.files, name);
    if (!file_read(r->arena, name, &text, &why)) {
        diag_add(&r->errors, (pos){ file, 0, 0 }, "%.*s", SLICE_ARG(why));
        return NULL;
    }
    const doc_node *doc = doc_parse(r->arena, text, name, file, &r->errors);
    if (doc == NULL) return NULL;
    if (doc->kind != DOC_MAP && doc->kind != DOC_LIST) {
        diag_add(&r->errors, doc->at, "no event: that is a JSON object, or a list of them");
        return NULL;
    }
    const match_event *m = match_event_new(r->arena, value_from_doc(r->arena, doc), &why);
    if (m == NULL) diag_add(&r->errors, doc->at, "this %.*s", SLICE_ARG(why));
    return m;
}

int command_match(invocation *in) {
    run r;
    const char *path = invocation_text(in, OPTION_EVENT);
    if (path == NULL) return command_usage(in, "which event? sflint match --event FILE, with the JSON that is delivered");
    if (!run_start(&r, in)) return STATUS_BAD;
    const match_event *event = read_event(&r, path);
    run_read(&r);

    report rep = { .errors = &r.errors, .graph = r.graph, .files = r.read, .color = in->color_out };
    rep.sources = sources_new(in->arena, &r.set);
    match_report found = { .base = &rep, .event = SLICE_INIT("") };
    bool fires = false;
    if (event != NULL && r.graph != NULL) {
        found.event = match_event_words(in->arena, event);
        found.len = match_all(in->arena, r.graph, event, &found.results);
    }
    for (size_t i = 0; i < found.len; i++) fires = fires || found.results[i].matched != NO;
    int status = run_print_errors(&r, rep.sources);
    buf out = { .arena = in->arena };
    if (slice_is(invocation_format(in), "json")) report_match_json(&out, &found);
    else report_match_text(&out, &found);
    output_write(buf_as_slice(&out));
    if (status == STATUS_OK && !fires) status = STATUS_FINDINGS;
    run_end(&r);
    return status;
}
