#include <stdlib.h>

#include "smoke/asl/jsonpath_parts.h"

typedef struct {
    arena *arena;
    slice rest;
    slice error;
    unsigned depth;
} reader;

static bool fails(reader *r, const char *what) {
    if (r->error.at != NULL) return false;
    slice where = r->rest.len > 20 ? slice_from_to(r->rest, 0, 20) : r->rest;
    r->error = r->rest.len == 0 ? arena_printf(r->arena, "%s at its end", what) : arena_printf(r->arena, "%s before `%.*s`", what, SLICE_ARG(where));
    return false;
}

static char peek(const reader *r) { return r->rest.len == 0 ? '\0' : r->rest.at[0]; }
static void skip(reader *r, size_t bytes) { r->rest = slice_after(r->rest, bytes); }
static void blanks(reader *r) {
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' || peek(r) == '\r') skip(r, 1);
}
static bool take(reader *r, const char *token) {
    blanks(r);
    if (!slice_starts(r->rest, slice_from(token))) return false;
    skip(r, strlen(token));
    return true;
}

/* A quoted name or text; the backslash escapes the quote and itself, and is a character elsewhere. */
static bool quoted(reader *r, slice *out) {
    char quote = peek(r);
    buf text = { .arena = r->arena };
    size_t i = 1;
    for (; i < r->rest.len && r->rest.at[i] != quote; i++) {
        if (r->rest.at[i] == '\\' && i + 1 < r->rest.len && (r->rest.at[i + 1] == quote || r->rest.at[i + 1] == '\\')) i++;
        buf_char(&text, r->rest.at[i]);
    }
    if (i >= r->rest.len) return fails(r, "a quote is not closed");
    skip(r, i + 1);
    *out = buf_as_slice(&text);
    if (out->at == NULL) *out = SLICE("");
    return true;
}

static bool number(reader *r, long long *out) {
    size_t len = 0;
    if (peek(r) == '-' || peek(r) == '+') len++;
    while (len < r->rest.len && r->rest.at[len] >= '0' && r->rest.at[len] <= '9') len++;
    if (!slice_int(slice_from_to(r->rest, 0, len), out)) return fails(r, "an index should be a number");
    skip(r, len);
    return true;
}

static bool name_ends(char c) { return c == '\0' || strchr(".[]() \t\r\n,=<>!&|~'\"", c) != NULL; }

static bool name(reader *r, slice *out) {
    size_t len = 0;
    while (len < r->rest.len && !name_ends(r->rest.at[len])) len++;
    *out = slice_from_to(r->rest, 0, len);
    skip(r, len);
    return len > 0 || fails(r, "a name is missing");
}

static const struct { const char *name; asl_path_function function; } functions[] = {
    { "length", FUNCTION_LENGTH }, { "size", FUNCTION_LENGTH }, { "min", FUNCTION_MIN },   { "max", FUNCTION_MAX },     { "sum", FUNCTION_SUM },
    { "avg", FUNCTION_AVG },       { "stddev", FUNCTION_STDDEV }, { "keys", FUNCTION_KEYS }, { "first", FUNCTION_FIRST }, { "last", FUNCTION_LAST },
};

static const asl_filter *filter_or(reader *r);
static const asl_path *path(reader *r);

/* ---- filters ---- */

static bool number_literal(reader *r, const doc_node **out) {
    size_t len = peek(r) == '-' ? 1 : 0;
    while (len < r->rest.len && r->rest.at[len] != '\0' && strchr("0123456789.eE+-", r->rest.at[len]) != NULL) len++;
    *out = js_read(r->arena, slice_from_to(r->rest, 0, len));
    if (*out == NULL || !js_is_number(*out)) return fails(r, "a number, text or path should stand");
    skip(r, len);
    return true;
}

static bool word(reader *r, const char *text) {
    size_t len = strlen(text);
    if (!slice_starts(r->rest, slice_from(text)) || (r->rest.len > len && !name_ends(r->rest.at[len]))) return false;
    skip(r, len);
    return true;
}

static bool literal(reader *r, const doc_node **out) {
    blanks(r);
    slice text;
    if (peek(r) == '\'' || peek(r) == '"') {
        if (!quoted(r, &text)) return false;
        *out = js_string(r->arena, text);
        return true;
    }
    if (peek(r) == '[') {
        js_list l = { 0 };
        skip(r, 1);
        while (!take(r, "]")) {
            const doc_node *item = NULL;
            if (l.items.len > 0 && !take(r, ",")) return fails(r, "`,` or `]` should stand");
            if (++r->depth > ASL_PATH_DEPTH) return fails(r, "it is nested too deep");
            if (!literal(r, &item)) return false;
            r->depth--;
            js_push(r->arena, &l, item);
        }
        *out = js_list_end(r->arena, &l);
        return true;
    }
    if (word(r, "true")) *out = js_bool(true);
    else if (word(r, "false")) *out = js_bool(false);
    else if (word(r, "null")) *out = js_null();
    else return number_literal(r, out);
    return true;
}

static bool regex(reader *r, asl_operand *o) {
    size_t end = 1, flags;
    while (end < r->rest.len && r->rest.at[end] != '/') end += r->rest.at[end] == '\\' ? 2 : 1;
    if (end >= r->rest.len) return fails(r, "a regular expression is not closed");
    for (flags = end + 1; flags < r->rest.len && r->rest.at[flags] >= 'a' && r->rest.at[flags] <= 'z'; flags++) continue;
    slice why;
    o->regex = asl_regex_new(r->arena, slice_from_to(r->rest, 1, end), slice_from_to(r->rest, end + 1, flags), &why);
    if (o->regex == NULL) return fails(r, why.at);
    skip(r, flags);
    return true;
}

static bool operand(reader *r, asl_operand *o) {
    blanks(r);
    if (peek(r) == '@' || peek(r) == '$') return (o->path = path(r)) != NULL;
    if (peek(r) == '/') return regex(r, o);
    return literal(r, &o->literal);
}

static const struct { const char *token; asl_filter_kind kind; } comparisons[] = {
    { "==", FILTER_EQ }, { "!=", FILTER_NE }, { "<=", FILTER_LE }, { ">=", FILTER_GE }, { "=~", FILTER_MATCHES }, { "<", FILTER_LT }, { ">", FILTER_GT },
    { "in", FILTER_IN }, { "nin", FILTER_NIN }, { "contains", FILTER_CONTAINS }, { "size", FILTER_SIZE }, { "empty", FILTER_EMPTY },
};

static const asl_filter *made(reader *r, asl_filter f) {
    asl_filter *out = ARENA_NEW(r->arena, asl_filter);
    *out = f;
    return out;
}

static const asl_filter *filter_one(reader *r) {
    if (take(r, "(")) {
        const asl_filter *inner = filter_or(r);
        if (inner != NULL && !take(r, ")")) fails(r, "`)` should stand");
        return r->error.at == NULL ? inner : NULL;
    }
    blanks(r);
    if (peek(r) == '!' && !slice_starts(r->rest, SLICE("!="))) {
        skip(r, 1);
        if (++r->depth > ASL_PATH_DEPTH) return fails(r, "it is nested too deep"), NULL;
        const asl_filter *inner = filter_one(r);
        r->depth--;
        return inner == NULL ? NULL : made(r, (asl_filter){ .kind = FILTER_NOT, .left = inner });
    }
    asl_filter f = { .kind = FILTER_EXISTS };
    if (!operand(r, &f.x)) return NULL;
    blanks(r);
    for (size_t i = 0; i < COUNT(comparisons); i++) {
        const char *token = comparisons[i].token;
        bool letters = token[0] >= 'a' && token[0] <= 'z';
        if (letters ? !word(r, token) : !take(r, token)) continue;
        f.kind = comparisons[i].kind;
        return operand(r, &f.y) ? made(r, f) : NULL;
    }
    return made(r, f);
}

static const asl_filter *filter_and(reader *r) {
    const asl_filter *left = filter_one(r);
    while (left != NULL && take(r, "&&")) {
        const asl_filter *right = filter_one(r);
        left = right == NULL ? NULL : made(r, (asl_filter){ .kind = FILTER_AND, .left = left, .right = right });
    }
    return left;
}

static const asl_filter *filter_or(reader *r) {
    if (++r->depth > ASL_PATH_DEPTH) return fails(r, "it is nested too deep"), NULL;
    const asl_filter *left = filter_and(r);
    while (left != NULL && take(r, "||")) {
        const asl_filter *right = filter_and(r);
        left = right == NULL ? NULL : made(r, (asl_filter){ .kind = FILTER_OR, .left = left, .right = right });
    }
    r->depth--;
    return left;
}

/* ---- steps ---- */

typedef VEC(slice) slices;
typedef VEC(long long) numbers;

/* Behind `[`. */
static bool bracket(reader *r, asl_path_step *s) {
    blanks(r);
    if (take(r, "*")) {
        s->kind = STEP_ALL;
    } else if (take(r, "?")) {
        s->kind = STEP_FILTER;
        if (!take(r, "(")) return fails(r, "`(` should stand");
        s->filter = filter_or(r);
        if (s->filter == NULL || !take(r, ")")) return fails(r, "`)` should stand");
    } else if (peek(r) == '\'' || peek(r) == '"') {
        slices names = { 0 };
        s->kind = STEP_NAMES;
        do {
            slice one;
            blanks(r);
            if ((peek(r) != '\'' && peek(r) != '"') || !quoted(r, &one)) return fails(r, "a name in quotes should stand");
            VEC_PUSH(r->arena, &names, one);
        } while (take(r, ","));
        s->names = names.at;
        s->count = names.len;
    } else {
        numbers indexes = { 0 };
        long long n;
        s->kind = STEP_INDEXES;
        if (peek(r) != ':') {
            do {
                blanks(r);
                if (!number(r, &n)) return false;
                VEC_PUSH(r->arena, &indexes, n);
            } while (take(r, ","));
        }
        if (take(r, ":")) {
            s->kind = STEP_SLICE;
            if (indexes.len > 1) return fails(r, "a slice takes two numbers");
            s->has_from = indexes.len == 1;
            s->from = s->has_from ? indexes.at[0] : 0;
            blanks(r);
            s->has_to = peek(r) != ']';
            if (s->has_to && !number(r, &s->to)) return false;
        }
        s->indexes = indexes.at;
        s->count = indexes.len;
    }
    return take(r, "]") || fails(r, "`]` should stand");
}

static bool dotted(reader *r, asl_path_step *s) {
    slice one;
    if (peek(r) == '*') {
        skip(r, 1);
        s->kind = STEP_ALL;
        return true;
    }
    if (!name(r, &one)) return false;
    if (slice_starts(r->rest, SLICE("()"))) {
        for (size_t i = 0; i < COUNT(functions); i++)
            if (slice_is(one, functions[i].name)) {
                skip(r, 2);
                s->kind = STEP_FUNCTION;
                s->function = functions[i].function;
                return true;
            }
        return fails(r, "no function of paths is called so,");
    }
    slice *kept = ARENA_NEW(r->arena, slice);
    *kept = one;
    s->kind = STEP_NAMES;
    s->names = kept;
    s->count = 1;
    return true;
}

static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80; }

static const asl_path *path(reader *r) {
    asl_path *p = ARENA_NEW(r->arena, asl_path);
    VEC(asl_path_step) steps = { 0 };
    slice begin = r->rest;
    p->definite = p->reference = true;
    if (peek(r) == '@') {
        p->root = PATH_CURRENT;
        skip(r, 1);
    } else if (slice_starts(r->rest, SLICE("$$"))) {
        p->root = PATH_CONTEXT;
        p->reference = false;
        skip(r, 2);
    } else if (peek(r) == '$') {
        skip(r, 1);
        if (letter(peek(r))) {
            size_t len = 0;
            while (len < r->rest.len && (letter(r->rest.at[len]) || (r->rest.at[len] >= '0' && r->rest.at[len] <= '9'))) len++;
            p->root = PATH_VARIABLE;
            p->reference = false;
            p->variable = slice_from_to(r->rest, 0, len);
            skip(r, len);
        }
    } else {
        fails(r, "a path begins with `$`");
        return NULL;
    }
    for (;;) {
        asl_path_step s = { 0 };
        if (slice_starts(r->rest, SLICE(".."))) {
            s.deep = true;
            skip(r, 2);
            if (peek(r) == '[') {
                skip(r, 1);
                if (!bracket(r, &s)) return NULL;
            } else if (!dotted(r, &s)) {
                return NULL;
            }
        } else if (peek(r) == '.') {
            skip(r, 1);
            if (peek(r) == '[') continue;
            if (!dotted(r, &s)) return NULL;
        } else if (peek(r) == '[') {
            skip(r, 1);
            if (!bracket(r, &s)) return NULL;
        } else {
            break;
        }
        bool one = !s.deep && (s.kind == STEP_NAMES || s.kind == STEP_FUNCTION || (s.kind == STEP_INDEXES && s.count == 1));
        if (s.kind == STEP_FUNCTION) p->definite = true;
        else if (!one) p->definite = false;
        if (!one || s.kind == STEP_FUNCTION || (s.kind == STEP_NAMES && s.count != 1) || (s.kind == STEP_INDEXES && s.indexes[0] < 0)) p->reference = false;
        VEC_PUSH(r->arena, &steps, s);
    }
    p->steps = steps.at;
    p->len = steps.len;
    p->text = slice_from_to(begin, 0, begin.len - r->rest.len);
    return p;
}

const asl_path *asl_path_parse_head(arena *a, slice *rest, slice *error) {
    reader r = { .arena = a, .rest = *rest };
    const asl_path *p = NULL;
    if (rest->len > ASL_PATH_BYTES) fails(&r, "a path is too long");
    else p = path(&r);
    *rest = r.rest;
    *error = r.error;
    return r.error.at == NULL ? p : NULL;
}

const asl_path *asl_path_parse(arena *a, slice text, slice *error) {
    slice rest = text;
    const asl_path *p = asl_path_parse_head(a, &rest, error);
    if (p == NULL || rest.len == 0) return p;
    *error = arena_printf(a, "`%.*s` is left over behind the path", (int)(rest.len > 40 ? 40 : rest.len), rest.at);
    return NULL;
}
