/* Files with parameters, in the shapes that the AWS CLI takes and writes (`aws cloudformation deploy --parameter-overrides file://`,
 * `create-stack --parameters file://`; CodePipeline's template configuration). */
#include "template/template.h"

typedef VEC(given_parameter) given_list;

static bool text_of(arena *a, const doc_node *n, slice *out) {
    if (n != NULL && doc_is_scalar(n) && n->kind != DOC_NULL) {
        *out = n->kind == DOC_BOOL ? (n->boolean ? SLICE("true") : SLICE("false")) : n->text;
        return true;
    }
    if (n == NULL || n->kind != DOC_LIST) return false;
    buf b = { .arena = a };
    for (size_t i = 0; i < n->list.len; i++) {
        if (!doc_is_scalar(n->list.at[i])) return false;
        if (i > 0) buf_char(&b, ',');
        buf_slice(&b, n->list.at[i]->text);
    }
    *out = buf_as_slice(&b);
    return true;
}

static bool read_list(arena *a, const doc_node *doc, given_list *list, diags *d) {
    for (size_t i = 0; i < doc->list.len; i++) {
        const doc_node *one = doc->list.at[i], *key = doc_get(one, SLICE("ParameterKey")), *given = doc_get(one, SLICE("ParameterValue"));
        const doc_node *kept = doc_get(one, SLICE("UsePreviousValue"));
        if (key != NULL && given == NULL && kept != NULL) continue;
        slice text;
        if (one->kind == DOC_STRING && slice_find(one->text, '=') < one->text.len) {     /* ["Stage=prod"] */
            size_t equals = slice_find(one->text, '=');
            VEC_PUSH(a, list, (given_parameter){ slice_from_to(one->text, 0, equals), slice_after(one->text, equals + 1) });
            continue;
        }
        if (key == NULL || !doc_is_scalar(key) || !text_of(a, given, &text)) {
            diag_add(d, one->at, "a parameter is {\"ParameterKey\": \"Stage\", \"ParameterValue\": \"prod\"}");
            return false;
        }
        VEC_PUSH(a, list, (given_parameter){ key->text, text });
    }
    return true;
}

static bool read_map(arena *a, const doc_node *doc, given_list *list, diags *d) {
    for (size_t i = 0; i < doc->map.len; i++) {
        const doc_entry *e = &doc->map.at[i];
        slice text;
        if (!text_of(a, e->value, &text)) {
            diag_add(d, e->value->at, "the value of parameter %.*s is neither a text nor a list of texts", SLICE_ARG(e->key));
            return false;
        }
        VEC_PUSH(a, list, (given_parameter){ e->key, text });
    }
    return true;
}

bool template_parameters_file(arena *a, slice text, slice name, uint32_t file, given_parameter **out, size_t *len, diags *d) {
    given_list list = { 0 };
    *out = NULL;
    *len = 0;
    const doc_node *doc = doc_parse(a, text, name, file, d);
    if (doc == NULL) return false;
    const doc_node *inner = doc_get(doc, SLICE("Parameters"));
    if (inner != NULL && (inner->kind == DOC_MAP || inner->kind == DOC_LIST)) doc = inner;
    bool ok = doc->kind == DOC_LIST ? read_list(a, doc, &list, d) : doc->kind == DOC_MAP && read_map(a, doc, &list, d);
    if (!ok && doc->kind != DOC_LIST && doc->kind != DOC_MAP)
        diag_add(d, doc->at, "no parameters: the file is a list of {\"ParameterKey\", \"ParameterValue\"} or a mapping of names to values");
    *out = list.at;
    *len = list.len;
    return ok;
}
