#include "command/alone.h"

#include "command/settings.h"
#include "lint/waiver.h"

/* Enough for almost every template at once: an arena that grows gives its later pieces back to the system each time. */
#define SCRATCH_BYTES ((size_t)16 * 1024 * 1024)

static bool key_is_function(const doc_entry *e) { return slice_starts(e->key, SLICE("Fn::")); }

bool alone_may(slice text, const doc_node *doc) {
    const doc_node *outputs = doc_get(doc, SLICE("Outputs")), *resources = doc_get(doc, SLICE("Resources"));
    if (resources == NULL || resources->kind != DOC_MAP) return false;
    for (size_t i = 0; outputs != NULL && outputs->kind == DOC_MAP && i < outputs->map.len; i++)
        if (key_is_function(&outputs->map.at[i]) || doc_get(outputs->map.at[i].value, SLICE("Export")) != NULL) return false;
    for (size_t i = 0; i < resources->map.len; i++) {
        const doc_node *type = doc_get(resources->map.at[i].value, SLICE("Type"));
        if (key_is_function(&resources->map.at[i])) return false;
        if (type == NULL || type->kind != DOC_STRING) continue;
        if (slice_starts(type->text, SLICE("AWS::CloudFormation::Stack")) || slice_is(type->text, "AWS::Serverless::Application")) return false;
    }
    /* A call may stand anywhere, also in text that is read later on; escapes in JSON would hide it. */
    return slice_find_slice(text, SLICE("ImportValue")) == (size_t)-1 && slice_find_slice(text, SLICE("\\u")) == (size_t)-1;
}

bool alone_likely(slice text) {
    /* Words that begin with letters which are rare in templates are found soonest. */
    static const slice joins[] = { SLICE_INIT("ImportValue"), SLICE_INIT("Export:"), SLICE_INIT("Export\""), SLICE_INIT("Formation::Stack"),
                                   SLICE_INIT("Serverless::Application") };
    for (size_t i = 0; i < COUNT(joins); i++)
        if (slice_find_slice(text, joins[i]) != (size_t)-1) return false;
    return true;
}

arena *alone_scratch(alone *x, size_t thread) {
    if (x->scratch[thread] == NULL) {
        x->scratch[thread] = arena_make(0, command_out_of_memory);
        arena_reserve(x->scratch[thread], SCRATCH_BYTES);
    }
    return x->scratch[thread];
}

void alone_end(alone *x) {
    for (size_t i = 0; i < THREADS_MOST; i++) {
        arena_free(x->scratch[i]);
        lint_forget(x->kept[i]);
    }
}

/* ---- findings, moved out of the memory that is given back ---- */

static when copy_when(arena *a, when w) {
    when_literal *at = ARENA_ARRAY(a, when_literal, w.len);
    for (size_t i = 0; i < w.len; i++) {
        condition *on = ARENA_NEW(a, condition);
        on->id = arena_copy(a, w.at[i].on->id);
        on->at = w.at[i].on->at;
        on->fixed = w.at[i].on->fixed;
        at[i] = (when_literal){ on, w.at[i].is };
    }
    return (when){ at, w.len };
}

static node *copy_node(arena *a, const node *n) {
    node *copy = ARENA_NEW(a, node);
    copy->id = arena_copy(a, n->id);
    copy->type = arena_copy(a, n->type);
    copy->role = n->role;
    copy->external = n->external;
    copy->facts = &value_absent;
    return copy;
}

/* Only what a report says of an edge: its ends, what declares it, its kind and place. */
static const edge *copy_edge(arena *a, const edge *e) {
    edge *copy = ARENA_NEW(a, edge);
    copy->from = copy_node(a, e->from);
    copy->to = copy_node(a, e->to);
    if (e->via != NULL) {
        resource *via = ARENA_NEW(a, resource);
        via->id = arena_copy(a, e->via->id);
        via->logical_id = arena_copy(a, e->via->logical_id);
        via->type = arena_copy(a, e->via->type);
        via->at = e->via->at;
        via->end = e->via->end;
        copy->via = via;
    }
    copy->kind = e->kind;
    copy->trigger = e->trigger;
    copy->sure = e->sure;
    copy->at = e->at;
    copy->end = e->end;
    copy->service = arena_copy(a, e->service);
    copy->qualifier = arena_copy(a, e->qualifier);
    copy->filter = copy->settings = copy->facts = copy->role = &value_absent;
    return copy;
}

static lint_result copy_result(arena *a, lint_result r) {
    finding *findings = ARENA_ARRAY(a, finding, r.findings_len);
    for (size_t i = 0; i < r.findings_len; i++) {
        finding *f = &findings[i];
        *f = r.findings[i];      /* id, name, title and pillar belong to the rules */
        f->message = arena_copy(a, f->message);
        f->fix = arena_copy(a, f->fix);
        f->resource = arena_copy(a, f->resource);
        f->fingerprint = arena_copy(a, f->fingerprint);
        f->when = copy_when(a, f->when);
        if (i > 0 && f->edge == r.findings[i - 1].edge) f->edge = findings[i - 1].edge;
        else if (f->edge != NULL) f->edge = copy_edge(a, f->edge);
        finding_related *related = ARENA_ARRAY(a, finding_related, f->related_len);
        for (size_t k = 0; k < f->related_len; k++) {
            related[k] = f->related[k];
            related[k].message = arena_copy(a, related[k].message);
        }
        f->related = related;
    }
    lint_unknown *unknown = ARENA_ARRAY(a, lint_unknown, r.unknown_len);
    for (size_t i = 0; i < r.unknown_len; i++) {
        unknown[i] = r.unknown[i];
        unknown[i].resource = arena_copy(a, unknown[i].resource);
        unknown[i].why = arena_copy(a, unknown[i].why);
    }
    const waiver **waivers = ARENA_ARRAY(a, const waiver *, r.waivers_len);
    for (size_t i = 0; i < r.waivers_len; i++) waivers[i] = r.waivers[i];      /* themselves they are kept already */
    return (lint_result){ .findings = findings, .findings_len = r.findings_len, .unknown = unknown, .unknown_len = r.unknown_len,
                          .waivers = waivers, .waivers_len = r.waivers_len };
}

/* ---- one template ---- */

static path_facts look_once(void *self, arena *a, slice path) {
    looked *l = self;
    path_facts *facts = strmap_get(&l->paths, path);
    if (facts == NULL) {
        facts = ARENA_NEW(l->keep, path_facts);
        *facts = l->through->stat_path(l->through->stat_path_self, a, path);
        strmap_put(l->keep, &l->paths, arena_copy(l->keep, path), facts);
    }
    return *facts;
}

void alone_check(alone *x, size_t thread, uint32_t file, slice text, const doc_node *doc, diags *errors) {
    run *r = x->run;
    arena *scratch = alone_scratch(x, thread), *keep = errors->arena;
    arena_mark mark = arena_mark_take(scratch);
    alone_result *result = ARENA_NEW(keep, alone_result);
    slice path = r->set.files.at[file];
    result->source.path = path;
    result->source.file = file;
    result->source.text = text;
    x->results[file] = result;

    const lint_config *config = lint_config_of(&x->config, file);
    template_options hooked = *settings_options(r, file);
    looked *before = &x->looked[thread];
    before->through = settings_options(r, file);
    before->keep = keep;
    if (hooked.stat_path != NULL) {
        hooked.stat_path = look_once;
        hooked.stat_path_self = before;
    }
    templates set = { .options = &hooked };
    set.files.at = r->set.files.at;
    set.files.len = set.files.cap = r->set.files.len;      /* a file more makes a copy: the list is everybody's */
    slice prefix = arena_concat(scratch, (slice[]){ path, SLICE("#") }, 2);
    diags said = { .arena = scratch };
    template *t = template_read(&set, scratch, path, file, text, doc, prefix, &said);
    if (t != NULL) {
        VEC_PUSH(scratch, &set.list, t);
        templates_join(&set, scratch, &said);
        graph *g = graph_build(&set, &scratch, 1);
        lint_judge_nodes(g, &scratch, 1);
        result->read = true;
        result->counts = report_count(g);
        lint_config keeping = *config;
        keeping.kept = &x->kept[thread];
        lint_result found = lint_run(g, x->rules, &keeping, &scratch, 1);
        lint_waive(scratch, keep, g, x->rules, config, &found);
        result->found = copy_result(keep, found);
        for (size_t i = r->set.files.len; i < set.files.len; i++) VEC_PUSH(keep, &result->files, arena_copy(keep, set.files.at[i]));
    }
    for (size_t i = 0; i < said.list.len; i++) {
        diag d = said.list.at[i];
        d.message = arena_copy(keep, d.message);
        VEC_PUSH(keep, &errors->list, d);
    }
    arena_mark_return(scratch, mark);
}
