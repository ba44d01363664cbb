/* The examples of rules, run as tests. */
#include "doc/doc.h"
#include "lint/rules.h"
#include "template/template.h"

/* ---- what an example leaves out ---- */

/* Ids that a document refers to: Ref, Fn::GetAtt, ${...} of Fn::Sub, DependsOn. Examples are small, and depth is limited by doc/. */
typedef struct {
    arena *arena;
    strmap ids;
} mentions;

static void mention(mentions *m, slice id) {
    size_t dot = slice_find(id, '.');
    slice name = slice_from_to(id, 0, dot);
    strmap_put(m->arena, &m->ids, name, m);
}

static void mention_sub(mentions *m, slice text) {
    for (size_t at; (at = slice_find_slice(text, SLICE("${"))) != (size_t)-1;) {
        text = slice_after(text, at + 2);
        mention(m, slice_trim(slice_from_to(text, 0, slice_find(text, '}'))));
    }
}

static void find_mentions(mentions *m, const doc_node *n) {
    if (n->kind == DOC_LIST)
        for (size_t i = 0; i < n->list.len; i++)
            find_mentions(m, n->list.at[i]);
    for (size_t i = 0; n->kind == DOC_MAP && i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        const doc_node *v = e->value, *first = v->kind == DOC_LIST && v->list.len > 0 ? v->list.at[0] : v;
        if (slice_is(e->key, "Fn::Sub") && doc_is_scalar(first))
            mention_sub(m, first->text);
        else if ((slice_is(e->key, "Ref") || slice_is(e->key, "Fn::GetAtt")) && doc_is_scalar(first))
            mention(m, first->text);
        else if (slice_is(e->key, "DependsOn"))
            for (size_t k = 0; k < (v->kind == DOC_LIST ? v->list.len : 1); k++) {
                const doc_node *id = v->kind == DOC_LIST ? v->list.at[k] : v;
                if (doc_is_scalar(id))
                    mention(m, id->text);
            }
        find_mentions(m, v);
    }
}

/* The whole template of an example: a body of Resources gets what it names from the prelude. */
static const doc_node *whole_template(arena *a, const doc_node *body, const rule_set *built_in) {
    if (body->kind != DOC_MAP || doc_get(body, SLICE("Resources")) != NULL)
        return body;
    diags quiet = { .arena = a };
    const doc_node *prelude = doc_parse_yaml(a, rule_text_of(built_in, built_in->prelude), 0, &quiet);
    mentions m = { .arena = a };
    find_mentions(&m, body);
    VEC(doc_entry) entries = { 0 };
    for (size_t i = 0; i < body->map.len; i++)
        VEC_PUSH(a, &entries, body->map.at[i]);
    for (size_t i = 0; prelude != NULL && prelude->kind == DOC_MAP && i < prelude->map.len; i++)
        if (strmap_has(&m.ids, prelude->map.at[i].key) && doc_get(body, prelude->map.at[i].key) == NULL)
            VEC_PUSH(a, &entries, prelude->map.at[i]);
    doc_entry resources = { .key = SLICE_INIT("Resources"), .key_at = body->at, .key_end = body->at };
    resources.value = doc_new_map(a, body->at, entries.at, entries.len);
    return doc_new_map(a, body->at, &resources, 1);
}

/* ---- running ---- */

static bool run_example(arena *a, const lint_rules *rules, size_t number, const rule_example_text *example, const lint_config *config,
                        lint_example_result *out) {
    rule_ref ref = rules->all.at[number];
    slice text = rule_ref_text(ref, example->text);
    diags d = { .arena = a };
    template_options options = { .region = SLICE_INIT("") };
    templates set = { .options = &options };
    VEC_PUSH(a, &set.files, SLICE("example.yaml"));
    const doc_node *body = doc_parse(a, text, SLICE("example.yaml"), 0, &d);
    template *t = body == NULL ? NULL : template_read(&set, a, SLICE("example.yaml"), 0, text, whole_template(a, body, &rules_built_in), SLICE(""), &d);
    if (t != NULL) {
        VEC_PUSH(a, &set.list, t);
        templates_join(&set, a, &d);
    }
    for (size_t i = 0; i < d.list.len; i++)
        if (d.list.at[i].level == DIAG_ERROR) {
            out->what = arena_printf(a, "line %u, column %u: %.*s", d.list.at[i].at.line, d.list.at[i].at.column, SLICE_ARG(d.list.at[i].message));
            return false;
        }
    if (t == NULL) {
        out->what = SLICE("not a template");
        return false;
    }
    graph *g = graph_build(&set, &a, 1);
    lint_judge_nodes(g, &a, 1);
    lint_result r = lint_run_one(g, rules, number, config, a);
    if (example->bad && r.findings_len == 0)
        out->what = r.unknown_len > 0 ? arena_printf(a, "no finding; not known: %.*s", SLICE_ARG(r.unknown[0].why)) : SLICE("no finding");
    else if (!example->bad && r.findings_len > 0)
        out->what = arena_printf(a, "finding at line %u: %.*s", r.findings[0].at.line, SLICE_ARG(r.findings[0].message));
    else
        return true;
    return false;
}

size_t lint_run_examples(arena *a, const lint_rules *rules, size_t only, int64_t now_s, const lint_example_result **out) {
    lint_config config = { .now_s = now_s, .unknown = true };
    VEC(lint_example_result) results = { 0 };
    for (size_t i = 0; i < rules->all.len; i++) {
        rule_ref ref = rules->all.at[i];
        for (uint32_t k = 0; (only == LINT_NO_RULE || only == i) && k < ref.rule->examples.count; k++) {
            const rule_example_text *e = &ref.set->examples[ref.rule->examples.first + k];
            lint_example_result row = { .rule = rule_ref_text(ref, ref.rule->id), .example = k + 1, .bad = e->bad };
            arena_mark mark = arena_mark_take(a);
            row.passed = run_example(a, rules, i, e, &config, &row);
            if (row.passed)
                arena_mark_return(a, mark);
            VEC_PUSH(a, &results, row);
        }
    }
    *out = results.at;
    return results.len;
}
