/* Events out of patterns, plans of whole templates, answers of handlers: a template, or lines of a pattern, a schema and an answer. */
#include <stdint.h>
#include <stdlib.h>

#include "smoke/event/judge.h"
#include "smoke/event/make.h"
#include "smoke/event/parts.h"
#include "smoke/event/plan.h"
#include "smoke/event/probe_pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted matches, what is refused does not. */
static void from_pattern(arena *a, const doc_node *pattern) {
    for (int d = PATTERN_EVENTS; d <= PATTERN_SNS_BODY; d++) {
        probe_source s = { .dialect = (pattern_dialect)d, .base = js_empty_object() };
        probed p = probe_patterns(a, &s, &pattern, 1);
        if (p.accepted != NULL && probe_matches(a, s.dialect, &pattern, 1, p.accepted) != YES) abort();
        if (p.refused != NULL && probe_matches(a, s.dialect, &pattern, 1, p.refused) != NO) abort();
        if (p.accepted == NULL && p.why.len == 0) abort();
    }
}

static void from_template(arena *a, slice text, slice answer) {
    static const template_options options = { .defaults_hold = true };
    diags d = { .arena = a };
    templates *set = ARENA_NEW(a, templates);
    set->options = &options;
    VEC_PUSH(a, &set->files, SLICE("t.yaml"));
    const doc_node *doc = doc_parse(a, text, SLICE("t.yaml"), 0, &d);
    template *t = doc == NULL || template_detect(doc, SLICE("t.yaml")) == NULL ? NULL : template_read(set, a, SLICE("t.yaml"), 0, text, doc, SLICE(""), &d);
    if (t == NULL) return;
    bool listed = false;
    for (size_t i = 0; i < set->list.len; i++) listed = listed || set->list.at[i] == t;
    if (!listed) VEC_PUSH(a, &set->list, t);
    templates_join(set, a, &d);
    graph *g = graph_build(set, &a, 1);
    maker m = { .world = world_new(a, g, SLICE(""), SLICE("")), .next = 1, .now_ms = 1764066600000 };
    const edge *const *triggers;
    size_t len = plan_triggers(a, g, &triggers);
    for (size_t i = 0; i < len && i < 50; i++) {
        const probe *probes;
        size_t count = plan_probes(&m, a, triggers[i], &probes);
        if (count == 0) abort();
        for (size_t k = 0; k < count; k++) {
            slice why, note;
            const doc_node *event = plan_event(&m, a, &probes[k]);
            if ((event == NULL) != (probes[k].cannot.len > 0)) abort();
            if (event != NULL && !judge_answer(a, triggers[i], &probes[k], event, answer, &why, &note) && why.len == 0) abort();
        }
        probe given;
        slice why = SLICE("");
        if (!plan_given(&m, a, triggers[i], js_read(a, answer), SLICE("e.json"), &given, &why) && why.len == 0) abort();
        else if (why.len == 0) plan_event(&m, a, &given);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const versions[] = { "REST", "1.0", "2.0", "URL", "websocket", "alb" };
    arena *a = arena_make(0, NULL);
    slice text = size == 0 ? SLICE("") : (slice){ (const char *)data, size }, rest = text, line, answer = SLICE("{}");
    while (rest.at != NULL && slice_cut(&rest, '\n', &line)) {
        made_response r;
        slice why, passes, refused;
        const doc_node *n = js_read(a, line);
        if (js_is(n, DOC_MAP)) from_pattern(a, n);
        if (n != NULL) answer = line;
        for (size_t i = 0; n != NULL && i < COUNT(versions); i++)
            if (!make_response(a, slice_from(versions[i]), line, &r, &why) && why.len == 0) abort();
        log_lines(a, line, &passes, &refused);
    }
    graphql_arguments(a, text, SLICE("Query"), SLICE("get"));
    from_template(a, text, answer);
    arena_free(a);
    return 0;
}
