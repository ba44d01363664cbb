/* Parameters and pseudo parameters.
 * Facts: CloudFormation user guide, "Parameters" (types) and "Pseudo parameters". */
#include "template/cfn/reader.h"
#include "template/physical.h"

static const template_options no_options;

static const template_options *options_of(const reader *r) {
    return r->t->set == NULL || r->t->set->options == NULL ? &no_options : r->t->set->options;
}

/* ---- pseudo parameters ---- */

static slice pseudo_region(const template_options *o) { return o->region; }
static slice pseudo_account(const template_options *o) { return o->account; }
static slice pseudo_partition(const template_options *o) { return o->partition.len > 0 ? o->partition : partition_of(o->region); }
static slice pseudo_suffix(const template_options *o) {
    return slice_is(o->partition, "aws-cn") ? SLICE("amazonaws.com.cn") : o->partition.len > 0 ? SLICE("amazonaws.com") : suffix_of(o->region);
}

static const struct {
    slice name;
    slice (*text)(const template_options *o);   /* NULL: known at deployment only */
} pseudo[] = {
    { SLICE_INIT("AWS::AccountId"), pseudo_account },
    { SLICE_INIT("AWS::NoValue"), NULL },
    { SLICE_INIT("AWS::NotificationARNs"), NULL },
    { SLICE_INIT("AWS::Partition"), pseudo_partition },
    { SLICE_INIT("AWS::Region"), pseudo_region },
    { SLICE_INIT("AWS::StackId"), NULL },
    { SLICE_INIT("AWS::StackName"), NULL },
    { SLICE_INIT("AWS::URLSuffix"), pseudo_suffix },
};

const value *cfn_pseudo(reader *r, slice name, pos at) {
    if (slice_is(name, "AWS::NoValue")) return &value_absent;
    for (size_t i = 0; i < COUNT(pseudo); i++) {
        if (!slice_eq(pseudo[i].name, name)) continue;
        slice text = pseudo[i].text == NULL ? SLICE("") : pseudo[i].text(options_of(r));
        return text.len > 0 ? value_new_string(r->a, at, text) : value_new_unknown(r->a, at, UNKNOWN_PSEUDO, pseudo[i].name);
    }
    return NULL;
}

const free_variable *cfn_pseudo_variable(reader *r, slice name) {
    free_variable *v = strmap_get(&r->tree->pseudo, name);
    if (v == NULL) {
        v = ARENA_NEW(r->a, free_variable);
        v->name = name;
        strmap_put(r->a, &r->tree->pseudo, name, v);
    }
    return v;
}

/* ---- types ---- */

static bool is_list_type(slice type) { return slice_is(type, "CommaDelimitedList") || slice_starts(type, SLICE("List<")); }
static bool is_stored_type(slice type) { return slice_starts(type, SLICE("AWS::SSM::Parameter::Value<")); }

/* "a, b" as a list; commas in the known parts of a joined text cut too. */
static const value *list_of_text(reader *r, const value *v) {
    const value *one[1] = { v };
    const value **parts = v->kind == VAL_JOINED ? v->list.at : one;
    size_t len = v->kind == VAL_JOINED ? v->list.len : 1;
    VEC(const value *) items = { 0 };
    VEC(const value *) now = { 0 };
    for (size_t i = 0; i < len; i++) {
        if (parts[i]->kind != VAL_STRING) {
            VEC_PUSH(r->a, &now, parts[i]);
            continue;
        }
        slice rest = parts[i]->text, part;
        for (bool first = true; slice_cut(&rest, ',', &part); first = false) {
            if (!first) {
                VEC_PUSH(r->a, &items, value_new_joined(r->a, v->at, now.at, now.len));
                now.at = NULL;
                now.len = now.cap = 0;
            }
            VEC_PUSH(r->a, &now, value_new_string(r->a, v->at, slice_trim(part)));
        }
    }
    VEC_PUSH(r->a, &items, value_new_joined(r->a, v->at, now.at, now.len));
    value *list = value_new(r->a, VAL_LIST, v->at);
    list->end = v->end;
    list->list.at = items.at;
    list->list.len = items.len;
    return list;
}

typedef struct {
    reader *r;
    const value *otherwise;     /* for what is absent */
    bool list;
} typing;

static const value *typed(void *self, const value *v) {
    const typing *t = self;
    if (value_is_absent(v)) return t->otherwise;
    if (!t->list) return v;
    if (v->kind == VAL_STRING || v->kind == VAL_JOINED || v->kind == VAL_INT || v->kind == VAL_DOUBLE) {
        if (v->kind == VAL_STRING || v->kind == VAL_JOINED) return list_of_text(t->r, v);
        return list_of_text(t->r, value_new_string(t->r->a, v->at, v->text));
    }
    return v;
}

/* ---- reading ---- */

static const given_parameter *given_of(const reader *r, slice id) { return strmap_get(&r->given, id); }

static strmap texts_of(reader *r, const doc_node *list) {
    strmap texts = { 0 };
    for (size_t i = 0; i < list->list.len; i++)
        if (doc_is_scalar(list->list.at[i])) strmap_put(r->a, &texts, list->list.at[i]->text, r);
    return texts;
}

static void check_allowed(reader *r, slice id, const doc_node *allowed, const doc_node *preset, bool list) {
    strmap texts = texts_of(r, allowed);
    slice rest = preset->text, part;
    if (!list) {
        if (!strmap_has(&texts, rest))
            cfn_problem(r, PROBLEM_PARAMETER, preset->at, preset->end,
                        arena_printf(r->a, "the default of parameter %.*s is none of its AllowedValues", SLICE_ARG(id)));
        return;
    }
    while (slice_cut(&rest, ',', &part))
        if (!strmap_has(&texts, slice_trim(part)))
            cfn_problem(r, PROBLEM_PARAMETER, preset->at, preset->end,
                        arena_printf(r->a, "%.*s in the default of parameter %.*s is none of its AllowedValues",
                                     SLICE_ARG(slice_trim(part)), SLICE_ARG(id)));
}

static const free_variable *variable_of(reader *r, slice id, const doc_node *allowed, bool list) {
    free_variable *v = ARENA_NEW(r->a, free_variable);
    v->name = id;
    if (allowed == NULL || list) return v;
    slice *texts = ARENA_ARRAY(r->a, slice, allowed->list.len);
    for (size_t i = 0; i < allowed->list.len; i++) {
        if (!doc_is_scalar(allowed->list.at[i])) return v;
        texts[i] = allowed->list.at[i]->text;
    }
    v->allowed = texts;
    v->allowed_len = allowed->list.len;
    v->closed = allowed->list.len > 0;
    return v;
}

/* What Ref gives: what is given, else the default, else unknown. */
static const value *value_of(reader *r, const doc_entry *e, slice type, const doc_node *preset, const doc_node *allowed, cfn_parameter *p) {
    bool list = is_list_type(type);
    const given_parameter *given = given_of(r, e->key);
    const value *otherwise;
    if (is_stored_type(type)) otherwise = value_new_unknown(r->a, e->key_at, UNKNOWN_SSM_PARAMETER, e->key);
    else if (preset != NULL) otherwise = cfn_resolve(r, preset);
    else if (allowed != NULL && !list && allowed->list.len == 1 && doc_is_scalar(allowed->list.at[0])) otherwise = cfn_resolve(r, allowed->list.at[0]);
    else otherwise = value_new_unknown(r->a, e->key_at, UNKNOWN_PARAMETER, e->key);
    typing t = { r, otherwise, list };
    otherwise = typed(&t, otherwise);
    t.otherwise = otherwise;
    if (given != NULL) {
        p->operand = (operand){ .kind = OPERAND_TEXT, .text = given->value };
        if (is_stored_type(type)) {
            p->operand.kind = OPERAND_OPAQUE;
            return otherwise;
        }
        return typed(&t, value_new_string(r->a, e->key_at, given->value));
    }
    if (r->nested_parameters != NULL) {
        const value *from_parent = value_get(r->a, r->nested_parameters, e->key);
        const doc_node *written = doc_get(r->nested_parameters_doc, e->key);
        if (from_parent->kind != VAL_ABSENT) {
            p->operand.kind = OPERAND_OPAQUE;
            if (written != NULL) p->operand = cfn_operand(r->parent, written);
            return is_stored_type(type) ? otherwise : value_map(r->a, from_parent, typed, &t);
        }
        /* Nobody but the parent can give it: the default holds. */
        if (r->nested_parameters->kind == VAL_MAP && preset != NULL && doc_is_scalar(preset) && !is_stored_type(type)) {
            p->operand = (operand){ .kind = OPERAND_TEXT, .text = preset->text };
            return otherwise;
        }
    }
    if (options_of(r)->defaults_hold && preset != NULL && doc_is_scalar(preset) && !is_stored_type(type)) {
        p->operand = (operand){ .kind = OPERAND_TEXT, .text = preset->text };
        return otherwise;
    }
    p->operand = (operand){ .kind = OPERAND_FREE, .variable = variable_of(r, e->key, allowed, list) };
    return otherwise;
}

static void read_one(reader *r, const doc_entry *e) {
    const doc_node *body = e->value, *type_node = doc_get(body, SLICE("Type"));
    slice type = type_node != NULL && type_node->kind == DOC_STRING ? type_node->text : SLICE("");
    const doc_node *preset = doc_get(body, SLICE("Default")), *allowed = doc_get(body, SLICE("AllowedValues"));
    if (allowed != NULL && allowed->kind != DOC_LIST) allowed = NULL;
    if (preset != NULL && preset->kind == DOC_NULL) preset = NULL;
    if (type.len == 0 && !r->names_open)
        cfn_problem(r, PROBLEM_PARAMETER, e->key_at, e->key_end, arena_printf(r->a, "parameter %.*s has no Type", SLICE_ARG(e->key)));
    if (preset != NULL && !doc_is_scalar(preset)) {
        cfn_problem(r, PROBLEM_PARAMETER, preset->at, preset->end,
                    arena_printf(r->a, "the default of parameter %.*s is no text: a list is written 'a,b'", SLICE_ARG(e->key)));
        preset = NULL;
    }
    if (preset != NULL && allowed != NULL && !is_stored_type(type)) check_allowed(r, e->key, allowed, preset, is_list_type(type));
    cfn_parameter *p = ARENA_NEW(r->a, cfn_parameter);
    p->value = value_of(r, e, type, preset, allowed, p);
    p->index = r->t->parameters.len;
    strmap_put(r->a, &r->parameters, e->key, p);
    VEC_PUSH(r->a, &r->t->parameters, (parameter){ e->key, e->key_at, type, p->value, body, given_of(r, e->key) != NULL });
}

void cfn_read_parameters(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Parameters"));
    const template_options *o = options_of(r);
    r->parameters = r->given = (strmap){ 0 };
    r->t->parameters.len = 0;
    /* A nested stack gets its parameters from its parent alone. The last one of a name wins. */
    for (size_t i = 0; i < o->parameters_len && r->t->parent == NULL; i++)
        strmap_put(r->a, &r->given, o->parameters[i].name, (void *)(uintptr_t)&o->parameters[i]);
    if (section == NULL || section->kind != DOC_MAP) return;
    for (size_t i = 0; i < section->map.len; i++) {
        if (slice_starts(section->map.at[i].key, SLICE("Fn::"))) continue;
        read_one(r, &section->map.at[i]);
    }
}

void cfn_refresh_parameters(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Parameters"));
    for (size_t i = 0; section != NULL && section->kind == DOC_MAP && i < section->map.len; i++) {
        const doc_entry *e = &section->map.at[i];
        cfn_parameter *p = strmap_get(&r->parameters, e->key);
        if (p == NULL) continue;
        const value *given = value_get(r->a, r->nested_parameters, e->key);
        if (given->kind == VAL_ABSENT) continue;
        typing t = { r, p->value, is_list_type(r->t->parameters.at[p->index].type) };
        if (is_stored_type(r->t->parameters.at[p->index].type)) continue;
        p->value = value_map(r->a, given, typed, &t);
        r->t->parameters.at[p->index].value = p->value;
    }
}
