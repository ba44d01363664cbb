/* Arguments by a schema in GraphQL's schema language: enough of it to find a field's arguments, input types and enums. GraphQL specification,
 * "Type System"; AppSync developer guide, "Scalar types". */
#include "smoke/event/parts.h"

#define GRAPHQL_DEPTH 5              /* input types inside one another: they may name themselves */
#define GRAPHQL_TOKENS 50000
#define GRAPHQL_VALUES 500           /* of one field's arguments */

typedef struct {
    slice *at;
    size_t len;
    unsigned left;                   /* values that may still be made */
} tokens;

static bool name_char(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/* Names, marks, texts; comments and descriptions are left out. */
static tokens cut(arena *a, slice text) {
    VEC(slice) list = { 0 };
    size_t i = 0;
    while (i < text.len && list.len < GRAPHQL_TOKENS) {
        char c = text.at[i];
        if (c == '#') {
            while (i < text.len && text.at[i] != '\n') i++;
        } else if (c == '"') {
            bool block = slice_starts(slice_after(text, i), SLICE("\"\"\""));
            size_t end = i + (block ? 3 : 1);
            while (end < text.len && (block ? !slice_starts(slice_after(text, end), SLICE("\"\"\"")) : text.at[end] != '"')) end += text.at[end] == '\\' && !block ? 2 : 1;
            i = end + (block ? 3 : 1);
        } else if (name_char(c) || c == '@') {
            size_t from = i++;
            while (i < text.len && name_char(text.at[i])) i++;
            VEC_PUSH(a, &list, slice_from_to(text, from, i));
        } else {
            if (strchr("{}()[]:!=|&", c) != NULL && c != '\0') VEC_PUSH(a, &list, slice_from_to(text, i, i + 1));
            i++;
        }
    }
    return (tokens){ list.at, list.len, GRAPHQL_VALUES };
}

static bool is(const tokens *t, size_t i, const char *text) { return i < t->len && slice_is(t->at[i], text); }

/* Behind the closing mark of the one at `i`. */
static size_t behind(const tokens *t, size_t i, const char *open, const char *close) {
    size_t depth = 0;
    for (; i < t->len; i++) {
        if (is(t, i, open)) depth++;
        if (is(t, i, close) && --depth == 0) return i + 1;
    }
    return i;
}

/* The `{` of a definition ("type Query", "extend type Query", "input Order", "enum State"); t->len when there is none. */
static size_t body_of(const tokens *t, const char *kind, slice name, size_t from) {
    for (size_t i = from; i + 1 < t->len; i++)
        if (is(t, i, kind) && slice_eq(t->at[i + 1], name))
            for (size_t k = i + 2; k < t->len; k++) {
                if (is(t, k, "{")) return k;
                if (is(t, k, "}") || is(t, k, "type") || is(t, k, "input")) break;
            }
    return t->len;
}

static const doc_node *of_type(arena *a, tokens *t, size_t *i, slice name, unsigned depth);

/* `name: Type!, ...` up to `close`; *i stands behind the opening mark. */
static const doc_node *fields(arena *a, tokens *t, size_t i, const char *close, unsigned depth) {
    js_object o = { 0 };
    while (i + 2 < t->len && !is(t, i, close)) {
        slice name = t->at[i];
        if (!is(t, i + 1, ":")) {
            i++;
            continue;
        }
        i += 2;
        const doc_node *v = of_type(a, t, &i, name, depth);
        if (v != NULL) js_set(a, &o, name, v);
    }
    return js_object_end(a, &o);
}

static const struct { const char *type, *json; } scalars[] = {
    { "ID", "\"1\"" },                    { "String", "\"sflint-smoke\"" },             { "Int", "1" },
    { "Float", "1.5" },                   { "Boolean", "true" },                        { "AWSDate", "\"2026-01-01Z\"" },
    { "AWSTime", "\"10:30:00.000Z\"" },   { "AWSDateTime", "\"2026-01-01T10:30:00.000Z\"" }, { "AWSTimestamp", "1767225600" },
    { "AWSEmail", "\"smoke@example.com\"" }, { "AWSJSON", "\"{}\"" },                   { "AWSPhone", "\"+15555550100\"" },
    { "AWSURL", "\"https://example.com\"" }, { "AWSIPAddress", "\"203.0.113.178\"" },
};

static const doc_node *named(arena *a, tokens *t, slice type, unsigned depth) {
    if (t->left == 0) return NULL;
    t->left--;
    for (size_t k = 0; k < COUNT(scalars); k++)
        if (slice_is(type, scalars[k].type)) return js_read(a, slice_from(scalars[k].json));
    size_t at = body_of(t, "enum", type, 0);
    if (at + 1 < t->len) return js_string(a, t->at[at + 1]);
    at = body_of(t, "input", type, 0);
    if (at < t->len) return depth < GRAPHQL_DEPTH ? fields(a, t, at + 1, "}", depth + 1) : NULL;
    return js_cstr(a, "sflint-smoke");
}

static const doc_node *of_type(arena *a, tokens *t, size_t *i, slice name, unsigned depth) {
    const doc_node *v;
    if (is(t, *i, "[") && depth < 2 * GRAPHQL_DEPTH) {
        js_list list = { 0 };
        (*i)++;
        v = of_type(a, t, i, name, depth + 1);
        while (*i < t->len && !is(t, *i, "]")) (*i)++;
        (*i)++;
        js_push(a, &list, v);
        v = js_list_end(a, &list);
    } else {
        slice type = *i < t->len ? t->at[(*i)++] : SLICE("");
        v = named(a, t, type, depth);
    }
    while (is(t, *i, "!")) (*i)++;
    if (is(t, *i, "=")) *i += 2;         /* a default */
    return v;
}

const doc_node *graphql_arguments(arena *a, slice schema, slice type, slice field) {
    tokens t = cut(a, schema);
    for (size_t at = body_of(&t, "type", type, 0); at < t.len; at = body_of(&t, "type", type, at + 1))
        for (size_t i = at + 1; i < t.len && !is(&t, i, "}"); i++) {
            if (slice_eq(t.at[i], field) && is(&t, i + 1, "(")) return fields(a, &t, i + 2, ")", 0);
            if (is(&t, i, "(")) i = behind(&t, i, "(", ")") - 1;
        }
    return js_empty_object();
}
