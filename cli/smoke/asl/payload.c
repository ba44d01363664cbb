#include "smoke/asl/payload.h"

#define TEMPLATE_DEPTH 64u

static bool is_intrinsic(slice text) { return slice_starts(text, SLICE("States.")); }

const doc_node *asl_expression(asl_data *d, slice text, const char *field) {
    slice why;
    if (is_intrinsic(text)) {
        const asl_intrinsic *i = asl_intrinsic_parse(d->arena, text, &why);
        if (i == NULL) return asl_fail(d, asl_error_intrinsic, "%s: %.*s: %.*s", field, SLICE_ARG(text), SLICE_ARG(why));
        return asl_intrinsic_call(i, d);
    }
    const asl_path *p = asl_path_parse(d->arena, text, &why);
    if (p == NULL) return asl_fail(d, asl_error_runtime, "%s: %.*s: %.*s", field, SLICE_ARG(text), SLICE_ARG(why));
    const doc_node *v = asl_path_get(p, d);
    if (v == NULL)
        return asl_fail(d, asl_error_runtime, "The JSONPath '%.*s' specified for the field '%s' could not be found in the input '%.*s'", SLICE_ARG(text), field,
                        SLICE_ARG(asl_shown(d->arena, p->root == PATH_CONTEXT ? d->context : d->input)));
    return v;
}

bool asl_expression_check(arena *a, slice text, slice *error) {
    return is_intrinsic(text) ? asl_intrinsic_parse(a, text, error) != NULL : asl_path_parse(a, text, error) != NULL;
}

static bool is_dynamic(slice key) { return slice_ends(key, SLICE(".$")); }

static const doc_node *fill(asl_data *d, const doc_node *t, unsigned depth) {
    if (t->kind < DOC_LIST) return t;
    if (depth > TEMPLATE_DEPTH) return asl_fail(d, asl_error_runtime, "a template is nested deeper than %u", TEMPLATE_DEPTH);
    if (t->kind == DOC_LIST) {
        js_list l = { 0 };
        for (size_t i = 0; i < t->list.len; i++) {
            const doc_node *item = fill(d, t->list.at[i], depth + 1);
            if (item == NULL) return NULL;
            js_push(d->arena, &l, item);
        }
        return js_list_end(d->arena, &l);
    }
    js_object o = { 0 };
    for (size_t i = 0; i < t->map.len; i++) {
        doc_entry e = t->map.at[i];
        const doc_node *v;
        if (is_dynamic(e.key)) {
            if (!js_is(e.value, DOC_STRING))
                return asl_fail(d, asl_error_runtime, "the field '%.*s' must be a text: a path or an intrinsic function", SLICE_ARG(e.key));
            v = asl_expression(d, e.value->text, arena_copy(d->arena, e.key).at);
            e.key.len -= 2;
        } else {
            v = fill(d, e.value, depth + 1);
        }
        if (v == NULL) return NULL;
        VEC_PUSH(d->arena, &o.entries, ((doc_entry){ .key = e.key, .value = v }));
    }
    return js_object_end(d->arena, &o);
}

const doc_node *asl_template(asl_data *d, const doc_node *template) {
    const doc_node *v = fill(d, template, 0);
    return asl_failed(d) ? NULL : v;
}

static bool check(arena *a, const doc_node *t, unsigned depth, slice *error) {
    if (t == NULL || t->kind < DOC_LIST) return true;
    if (depth > TEMPLATE_DEPTH) {
        *error = SLICE("it is nested too deep");
        return false;
    }
    for (size_t i = 0; i < js_len(t); i++) {
        if (t->kind == DOC_LIST) {
            if (!check(a, t->list.at[i], depth + 1, error)) return false;
            continue;
        }
        const doc_entry *e = &t->map.at[i];
        if (!is_dynamic(e->key)) {
            if (!check(a, e->value, depth + 1, error)) return false;
            continue;
        }
        slice why;
        if (!js_is(e->value, DOC_STRING)) {
            *error = arena_printf(a, "the value of `%.*s` must be a text: a path or an intrinsic function", SLICE_ARG(e->key));
            return false;
        }
        if (!asl_expression_check(a, e->value->text, &why)) {
            *error = arena_printf(a, "`%.*s`: %.*s: %.*s", SLICE_ARG(e->key), SLICE_ARG(e->value->text), SLICE_ARG(why));
            return false;
        }
        slice bare = slice_from_to(e->key, 0, e->key.len - 2);
        if (doc_get(t, bare) != NULL) {
            *error = arena_printf(a, "both `%.*s` and `%.*s` are given", SLICE_ARG(bare), SLICE_ARG(e->key));
            return false;
        }
    }
    return true;
}

bool asl_template_check(arena *a, const doc_node *template, slice *error) { return check(a, template, 0, error); }

const doc_node *asl_select(asl_data *d, const doc_node *path, const char *field, const doc_node *data) {
    if (path == NULL) return data;
    if (path->kind == DOC_NULL) return js_empty_object();
    if (path->kind != DOC_STRING) return asl_fail(d, asl_error_runtime, "%s must be a path", field);
    const doc_node *before = d->input;
    d->input = data;
    const doc_node *v = asl_expression(d, path->text, field);
    d->input = before;
    return v;
}

const doc_node *asl_result_path(asl_data *d, const doc_node *path, const doc_node *raw, const doc_node *result) {
    if (path == NULL) return result;
    if (path->kind == DOC_NULL) return raw;
    slice why = SLICE("it must be a text");
    const asl_path *p = path->kind == DOC_STRING ? asl_path_parse(d->arena, path->text, &why) : NULL;
    if (p == NULL || !p->reference) return asl_fail(d, asl_error_runtime, "ResultPath is no reference path: %.*s", SLICE_ARG(p == NULL ? why : path->text));
    return asl_path_put(p, d, raw, result);
}
