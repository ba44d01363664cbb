#include "smoke/aws/protocol.h"

const doc_node *json_members(arena *a, slice body) {
    if (slice_trim(body).len == 0) return js_empty_object();
    const doc_node *n = js_read(a, body);
    return js_is(n, DOC_MAP) ? n : NULL;
}

/* The body of an error: message first, what the error has besides behind it. */
static slice error_body(arena *a, const doc_node *type, slice message, const doc_node *more) {
    js_object o = { 0 };
    if (type != NULL) js_put(a, &o, "__type", type);
    js_put(a, &o, "message", js_string(a, message));
    for (size_t i = 0; js_is(more, DOC_MAP) && i < more->map.len; i++) js_set(a, &o, more->map.at[i].key, more->map.at[i].value);
    return js_text(a, js_object_end(a, &o));
}

slice json_error(arena *a, const aws_service *s, slice code, slice message, const doc_node *more) {
    bool spaced = slice_find(code, '#') < code.len || s == NULL || s->error_namespace == NULL;
    return error_body(a, spaced ? js_string(a, code) : js_format(a, "%s#%.*s", s->error_namespace, SLICE_ARG(code)), message, more);
}

slice rest_json_error(arena *a, slice message, const doc_node *more) { return error_body(a, NULL, message, more); }

const aws_error_alias *aws_alias_of(const aws_service *s, slice code) {
    const aws_error_alias *x = s == NULL ? NULL : s->aliases;
    for (; x != NULL && x->code != NULL; x++)
        if (slice_is(code, x->code) || slice_is(code, x->query_code)) return x;
    return NULL;
}
