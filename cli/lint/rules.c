/* Loading rules, and what there is to say about them. */
#include "lint/rules.h"

#include <stdlib.h>

#include "lint/vocabulary.h"
#include "template/catalog.h"

static int ref_order(const void *x, const void *y) {
    const rule_ref *a = x, *b = y;
    return slice_order(rule_ref_text(*a, a->rule->id), rule_ref_text(*b, b->rule->id));
}

static void collect(lint_rules *r) {
    r->all.len = 0;
    for (size_t i = 0; i < rules_built_in.rules_len; i++)
        VEC_PUSH(r->arena, &r->all, (rule_ref){ &rules_built_in, &rules_built_in.rules[i] });
    for (size_t i = 0; i < r->own.rules_len; i++)
        VEC_PUSH(r->arena, &r->all, (rule_ref){ &r->own, &r->own.rules[i] });
    if (r->own.rules_len > 0)
        qsort(r->all.at, r->all.len, sizeof *r->all.at, ref_order);
}

lint_rules *lint_rules_new(arena *a) {
    lint_rules *r = ARENA_NEW(a, lint_rules);
    r->arena = a;
    collect(r);
    return r;
}

static bool known_type(void *self, slice type) {
    (void)self;
    return catalog_find(type) != NULL;
}

bool lint_rules_add(lint_rules *r, slice path, uint32_t file, slice text, diags *d) {
    if (r->builder == NULL)
        r->builder = rule_builder_new(r->arena, (rule_builder_options){ .beside = &rules_built_in, .known_type = known_type });
    if (!rule_builder_add(r->builder, path, file, text, d))
        return false;
    r->own = rule_builder_finish(r->builder);
    collect(r);
    return true;
}

size_t lint_rules_count(const lint_rules *r) {
    return r->all.len;
}

rule_info lint_rule(arena *a, const lint_rules *r, size_t i) {
    rule_ref ref = r->all.at[i];
    const rule *u = ref.rule;
    const rule_set *s = ref.set;
    slice *sources = ARENA_ARRAY(a, slice, u->sources.count);
    for (uint32_t k = 0; k < u->sources.count; k++)
        sources[k] = rule_text_of(s, s->texts[u->sources.first + k]);
    rule_example *examples = ARENA_ARRAY(a, rule_example, u->examples.count);
    for (uint32_t k = 0; k < u->examples.count; k++)
        examples[k] = (rule_example){ s->examples[u->examples.first + k].bad, rule_text_of(s, s->examples[u->examples.first + k].text) };
    lint_parameter *parameters = ARENA_ARRAY(a, lint_parameter, u->parameters.count / 2);
    for (uint32_t k = 0; k < u->parameters.count; k += 2) {
        const rule_text *pair = &s->texts[u->parameters.first + k];
        parameters[k / 2] = (lint_parameter){ rule_text_of(s, u->id), rule_text_of(s, pair[0]), 0 };
        slice_int(rule_text_of(s, pair[1]), &parameters[k / 2].number);
    }
    buf severities = { a, { 0 } };
    for (uint32_t k = 0; k < u->severities.count; k++) {
        if (k > 0)
            buf_text(&severities, " or ");
        buf_slice(&severities, severity_name((severity)s->severities[u->severities.first + k].severity));
    }
    return (rule_info){
        .id = rule_text_of(s, u->id), .name = rule_text_of(s, u->name), .title = rule_text_of(s, u->title), .pillar = pillar_name((pillar)u->pillar),
        .why = rule_text_of(s, u->why), .severity = (severity)u->worst, .severity_text = buf_as_slice(&severities),
        .looks = rule_text_of(s, u->looks_text), .where = rule_text_of(s, u->where_text), .require = rule_text_of(s, u->require_text),
        .message = rule_text_of(s, u->message_text), .fix = rule_text_of(s, u->fix_text), .sources = sources, .sources_len = u->sources.count,
        .examples = examples, .examples_len = u->examples.count, .parameters = parameters, .parameters_len = u->parameters.count / 2, .users_own = u->file.len > 0, .file = rule_text_of(s, u->file),
    };
}

size_t lint_rule_find(const lint_rules *r, slice id_or_name) {
    for (size_t i = 0; i < r->all.len; i++)
        if (slice_same_letters(rule_ref_text(r->all.at[i], r->all.at[i].rule->id), id_or_name) ||
            slice_same_letters(rule_ref_text(r->all.at[i], r->all.at[i].rule->name), id_or_name))
            return i;
    return LINT_NO_RULE;
}

bool lint_is_pillar(slice name) {
    for (unsigned p = 0; p < PILLAR_COUNT; p++)
        if (slice_same_letters(name, pillar_name((pillar)p)))
            return true;
    return false;
}

slice lint_rule_nearest(const lint_rules *r, slice id_or_name) {
    slice best = SLICE("");
    size_t distance = id_or_name.len / 3 + 2;
    for (size_t i = 0; i < r->all.len; i++) {
        slice words[] = { rule_ref_text(r->all.at[i], r->all.at[i].rule->id), rule_ref_text(r->all.at[i], r->all.at[i].rule->name) };
        for (size_t k = 0; k < COUNT(words); k++) {
            size_t far = slice_distance(id_or_name, words[k], distance);
            if (far < distance) {
                distance = far;
                best = words[k];
            }
        }
    }
    return best;
}

slice lint_nearest(const lint_rules *r, slice word) {
    slice best = lint_rule_nearest(r, word);
    size_t distance = best.len > 0 ? slice_distance(word, best, word.len + best.len) : word.len / 3 + 2;
    for (unsigned p = 0; p < PILLAR_COUNT; p++) {
        size_t far = slice_distance(word, pillar_name((pillar)p), distance);
        if (far < distance) {
            distance = far;
            best = pillar_name((pillar)p);
        }
    }
    return best;
}

/* One line a name: RECORD.NAME<tab>type<tab>doc. */
void lint_write_vocabulary(buf *out) {
    cel_field variables[VOCABULARY_MAX_VARIABLES];
    for (unsigned l = 0; l < LOOKS_COUNT; l++) {
        cel_environment env = vocabulary_names((looks)l, variables);
        buf_printf(out, "%.*s", SLICE_ARG(looks_name((looks)l)));
        for (size_t i = 0; i < env.variables_len; i++)
            buf_printf(out, "%s%.*s", i == 0 ? "\tvariables\t" : " ", SLICE_ARG(env.variables[i].name));
        buf_char(out, '\n');
    }
    cel_environment env = vocabulary_names(LOOKS_RESOURCE, variables);
    for (size_t i = 0; i < env.records_len; i++)
        for (size_t k = 0; k < env.records[i].fields_len; k++) {
            const cel_field *f = &env.records[i].fields[k];
            buf_printf(out, "%.*s.%.*s\t%.*s\t%.*s\n", SLICE_ARG(env.records[i].name), SLICE_ARG(f->name), SLICE_ARG(f->type), SLICE_ARG(f->doc));
        }
    for (size_t i = 0; i < env.functions_len; i++) {
        const cel_function *f = &env.functions[i];
        buf_printf(out, "%.*s%s%.*s()\t%.*s\t%.*s\n", SLICE_ARG(f->receiver), f->receiver.len > 0 ? "." : "", SLICE_ARG(f->name),
                   SLICE_ARG(f->result), SLICE_ARG(f->doc));
    }
}
