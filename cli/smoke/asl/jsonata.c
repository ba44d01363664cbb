#include "smoke/asl/jsonata.h"

#include "smoke/asl/jsonata_parts.h"

#define FIELD_DEPTH 64u

struct jsonata_program {
    const jnode *root;
};

const jsonata_program *jsonata_parse(arena *a, slice text, slice *error) {
    const jnode *root = jsonata_read(a, text, error);
    if (root == NULL) return NULL;
    jsonata_program *p = ARENA_NEW(a, jsonata_program);
    p->root = root;
    return p;
}

/* $states */
static jvalue states_of(jeval *e) {
    const asl_data *d = e->data;
    jobject *o = jobject_new(e);
    const struct { slice key; const doc_node *n; } parts[] = {
        { SLICE_INIT("input"), d->input }, { SLICE_INIT("result"), d->result }, { SLICE_INIT("errorOutput"), d->error_output },
            { SLICE_INIT("context"), d->context },
    };
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].n != NULL) jobject_set(e, o, parts[i].key, jfrom_node(e, parts[i].n));
    return jobject_value(o);
}

const doc_node *jsonata_evaluate(const jsonata_program *p, asl_data *d, const doc_node *focus, bool *undefined) {
    *undefined = false;
    if (asl_failed(d)) return NULL;
    size_t left = d->machinery->steps_left;
    jeval e = { .arena = arena_make(0, NULL), .data = d, .most = left < JSONATA_STEPS ? left : JSONATA_STEPS };
    jvalue input = jfrom_node(&e, focus);
    e.root = input;
    e.states = states_of(&e);
    if (input.kind == JV_LIST) {    /* a list at the top is one value, not many */
        jlist *one = jlist_new(&e, true);
        jlist_push(&e, one, input);
        one->outer = true;
        input = jlist_value(one);
    }
    jvalue v = jevaluate(&e, p->root, input, jscope_new(&e, NULL));
    const doc_node *n = jfailed(&e) ? NULL : jto_node(&e, v);
    if (jfailed(&e)) {
        n = NULL;
        d->machinery->steps_left -= e.steps < left ? e.steps : left;
        asl_fail(d, asl_error_query, "%.*s", SLICE_ARG(e.error));
    } else if (!asl_spend(d, e.steps)) {
        n = NULL;
    } else {
        *undefined = n == NULL;
    }
    arena_free(e.arena);
    return n;
}

/* ---- fields ---- */

bool jsonata_is(slice text, slice *inner) {
    if (text.len < 4 || !slice_starts(text, SLICE("{%")) || !slice_ends(text, SLICE("%}"))) return false;
    *inner = slice_from_to(text, 2, text.len - 2);
    return true;
}

static const doc_node *fill(asl_data *d, const doc_node *n, const char *field, unsigned depth) {
    slice inner, why;
    if (depth > FIELD_DEPTH) return asl_fail(d, asl_error_query, "%s is nested deeper than %u", field, FIELD_DEPTH);
    if (n->kind == DOC_STRING) {
        if (!jsonata_is(n->text, &inner)) return n;
        bool undefined;
        arena *a = arena_make(0, NULL);
        const jsonata_program *p = jsonata_parse(a, inner, &why);
        const doc_node *v = p == NULL ? NULL : jsonata_evaluate(p, d, NULL, &undefined);
        if (p == NULL)
            asl_fail(d, asl_error_query, "The JSONata expression '%.*s' specified for the field '%s' cannot be read: %.*s", SLICE_ARG(inner), field, SLICE_ARG(why));
        if (p != NULL && v == NULL && !asl_failed(d))
            asl_fail(d, asl_error_query, "The JSONata expression '%.*s' specified for the field '%s' returned nothing (undefined).", SLICE_ARG(inner), field);
        else if (v == NULL && p != NULL)
            d->cause = arena_printf(d->arena, "The JSONata expression '%.*s' specified for the field '%s' threw an error. %.*s", SLICE_ARG(inner),
                field, SLICE_ARG(d->cause));
        arena_free(a);
        return v;
    }
    if (n->kind == DOC_LIST) {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) {
            const doc_node *item = fill(d, n->list.at[i], field, depth + 1);
            if (item == NULL) return NULL;
            js_push(d->arena, &l, item);
        }
        return js_list_end(d->arena, &l);
    }
    if (n->kind != DOC_MAP) return n;
    js_object o = { 0 };
    for (size_t i = 0; i < n->map.len; i++) {
        doc_entry e = n->map.at[i];
        const doc_node *v = fill(d, e.value, field, depth + 1);
        if (v == NULL) return NULL;
        VEC_PUSH(d->arena, &o.entries, ((doc_entry){ .key = e.key, .value = v }));
    }
    return js_object_end(d->arena, &o);
}

const doc_node *jsonata_field(asl_data *d, const doc_node *value, const char *field) {
    if (value == NULL) return asl_fail(d, asl_error_query, "%s is missing", field);
    const doc_node *v = fill(d, value, field, 0);
    return v != NULL && asl_size_check(d, v, field) ? v : NULL;
}

static bool check(arena *a, const doc_node *n, unsigned depth, slice *error) {
    slice inner;
    if (n == NULL || depth > FIELD_DEPTH) return true;
    if (n->kind == DOC_STRING) return !jsonata_is(n->text, &inner) || jsonata_parse(a, inner, error) != NULL;
    for (size_t i = 0; i < js_len(n); i++)
        if (!check(a, n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value, depth + 1, error)) return false;
    return true;
}

bool jsonata_check(arena *a, const doc_node *value, slice *error) { return check(a, value, 0, error); }
