/* Does a text of Python or JavaScript define a name that the runtime can call? Read as words, not parsed: NO only where nothing in it can
 * make the name, UNKNOWN where something might. Linear in the text. */
#include "service/local_code.h"

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static slice word_at(slice text, size_t at) {
    size_t to = at;
    while (to < text.len && is_word(text.at[to])) to++;
    return slice_from_to(text, at, to);
}

static size_t blanks(slice text, size_t at) {
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '\n' || text.at[at] == '\r')) at++;
    return at;
}

/* Whole words between two offsets. */
static bool has_word(slice text, size_t from, size_t to, slice name) {
    for (size_t i = from; i < to;) {
        if (!is_word(text.at[i])) {
            i++;
            continue;
        }
        slice w = word_at(text, i);
        if (slice_eq(w, name)) return true;
        i += w.len;
    }
    return false;
}

/* ---- Python ---- */

#define SCOPES 100

typedef struct {
    slice text, name;
    size_t at;
    unsigned brackets;
    size_t indent;                /* of the logical line */
    size_t scopes[SCOPES];        /* indents of the `def` and `class` that the line stands in */
    size_t depth;
    bool opens, global;
    tri has;
} python;

static size_t indent_of(slice text, size_t *at) {
    size_t n = 0;
    while (*at < text.len && (text.at[*at] == ' ' || text.at[*at] == '\t' || text.at[*at] == '\f')) {
        n = text.at[*at] == '\t' ? (n / 8 + 1) * 8 : n + 1;
        (*at)++;
    }
    return n;
}

/* A string, three quotes or one; gives what is behind it. */
static size_t behind_string(slice text, size_t at) {
    char quote = text.at[at];
    bool triple = at + 2 < text.len && text.at[at + 1] == quote && text.at[at + 2] == quote;
    at += triple ? 3 : 1;
    for (; at < text.len; at++) {
        char c = text.at[at];
        if (c == '\\') at++;      /* in a raw string too, it keeps the quote from ending it */
        else if (!triple && c == '\n') return at;
        else if (c == quote && !triple) return at + 1;
        else if (c == quote && at + 2 < text.len && text.at[at + 1] == quote && text.at[at + 2] == quote) return at + 3;
    }
    return text.len;
}

static bool python_may_make_names(slice w) {
    static const char *const words[] = { "globals", "exec", "setattr", "__getattr__", "__dict__", "vars", "modules" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_is(w, words[i])) return true;
    return false;
}

static void python_word(python *p, slice w, char before) {
    if (python_may_make_names(w) && p->has == NO) p->has = UNKNOWN;
    if (slice_is(w, "def") || slice_is(w, "class")) p->opens = true;
    if (slice_is(w, "global")) p->global = true;
    if (!slice_eq(w, p->name) || before == '.') return;
    if (p->depth == 0) p->has = YES;
    else if (p->global && p->has == NO) p->has = UNKNOWN;
}

static void python_line(python *p) {
    if (p->opens && p->depth < SCOPES) p->scopes[p->depth++] = p->indent;
    p->opens = p->global = false;
}

static tri python_has(slice text, slice name) {
    python p = { .text = text, .name = name, .has = NO };
    bool fresh = true;
    char before = '\n';
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) p.at = 3;
    while (p.at < text.len && p.has != YES) {
        char c = text.at[p.at];
        if (fresh) {
            size_t at = p.at, indent = indent_of(text, &at);
            bool nothing = at == text.len || text.at[at] == '\n' || text.at[at] == '\r' || text.at[at] == '#';
            if (!nothing) {
                while (p.depth > 0 && p.scopes[p.depth - 1] >= indent) p.depth--;
                p.indent = indent;
                fresh = false;
            }
            p.at = at;
            if (nothing && at < text.len) {
                while (p.at < text.len && text.at[p.at] != '\n') p.at++;
                p.at++;
            }
            before = '\n';
            continue;
        }
        if (c == '#') {
            while (p.at < text.len && text.at[p.at] != '\n') p.at++;
            continue;
        }
        if (c == '\\' && p.at + 1 < text.len) {
            p.at += 2;
            continue;
        }
        if (c == '\n' && p.brackets == 0) {
            python_line(&p);
            fresh = true;
            p.at++;
            continue;
        }
        if (c == '"' || c == '\'') {
            p.at = behind_string(text, p.at);
            before = c;
            continue;
        }
        if (is_word(c)) {
            slice w = word_at(text, p.at);
            size_t behind = p.at + w.len;
            bool prefix = w.len <= 2 && behind < text.len && (text.at[behind] == '"' || text.at[behind] == '\'');
            if (!prefix) {
                python_word(&p, w, before);
                size_t next = slice_is(w, "import") ? blanks(text, behind) : text.len;
                if (next < text.len && text.at[next] == '*' && p.has == NO) p.has = UNKNOWN;
            }
            p.at = behind;
            before = 'w';
            continue;
        }
        if (c == '(' || c == '[' || c == '{') p.brackets++;
        if ((c == ')' || c == ']' || c == '}') && p.brackets > 0) p.brackets--;
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') before = c;
        p.at++;
    }
    /* What this reading lost count in proves nothing. */
    if (p.has == NO && (p.brackets > 0 || p.depth == SCOPES)) return UNKNOWN;
    return p.has;
}

/* ---- JavaScript and TypeScript ---- */

static bool is_declaration(slice w) {
    static const char *const words[] = { "const", "let", "var", "function", "async", "class", "abstract", "declare", "enum", "namespace" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_is(w, words[i])) return true;
    return false;
}

/* `{...}` from `at`: does it have the name, or something that could bring it (...rest, [computed]) or hide where it ends (texts)? */
static tri in_braces(slice text, size_t at, slice name, size_t *behind) {
    unsigned depth = 0;
    size_t i = at;
    bool open = false;
    for (; i < text.len; i++) {
        char c = text.at[i];
        if (c == '{') depth++;
        if (c == '}' && --depth == 0) break;
        if (c == '[' || c == '`' || c == '"' || c == '\'' || c == '/' || (c == '.' && i + 2 < text.len && text.at[i + 1] == '.' && text.at[i + 2] == '.')) open = true;
    }
    *behind = i;
    if (i >= text.len) return UNKNOWN;
    return has_word(text, at, i, name) ? YES : open ? UNKNOWN : NO;
}

#define LINE_LOOKED_AT 4096

/* What stands behind the word `export`; *at is moved behind what was read. */
static tri exported(slice text, size_t *at, slice name) {
    size_t i = blanks(text, *at);
    if (i == text.len) return NO;
    if (text.at[i] == '*' || text.at[i] == '=') return UNKNOWN;
    if (text.at[i] == '{') return in_braces(text, i, name, at);
    slice w = word_at(text, i);
    if (slice_is(w, "default")) {
        *at = i + w.len;
        return slice_is(name, "default") ? YES : NO;
    }
    if (slice_is(w, "import")) return UNKNOWN;
    bool declares = false;
    while (is_declaration(w)) {
        declares = true;
        i = blanks(text, i + w.len);
        if (i < text.len && text.at[i] == '*') i = blanks(text, i + 1);
        w = word_at(text, i);
    }
    if (!declares) return NO;
    *at = i + w.len;
    if (slice_eq(w, name)) return YES;
    if (i < text.len && text.at[i] == '{') return in_braces(text, i, name, at);
    if (i < text.len && text.at[i] == '[') return UNKNOWN;
    /* `export const a = 1, handler = ...` */
    size_t to = i;
    while (to < text.len && to - i < LINE_LOOKED_AT && text.at[to] != ';' && text.at[to] != '\n') to++;
    return to - i == LINE_LOOKED_AT || has_word(text, i, to, name) ? UNKNOWN : NO;
}

/* What stands behind the word `exports`: .name, ["name"], = {...}; anything else hands it on. */
static tri assigned(slice text, size_t *at, slice name, bool of_module) {
    size_t i = blanks(text, *at);
    if (i == text.len) return UNKNOWN;
    if (text.at[i] == '.') {
        i = blanks(text, i + 1);
        slice w = word_at(text, i);
        *at = i + w.len;
        return slice_eq(w, name) ? YES : NO;
    }
    if (text.at[i] != '=') return UNKNOWN;
    i = blanks(text, i + 1);
    if (of_module && i < text.len && text.at[i] == '{') return in_braces(text, i, name, at);
    return UNKNOWN;
}

static tri node_has(slice text, slice name) {
    tri has = NO;
    bool module = false;
    for (size_t i = 0; i < text.len && has != YES;) {
        if (!is_word(text.at[i])) {
            module = module && (text.at[i] == '.' || text.at[i] == ' ');
            i++;
            continue;
        }
        slice w = word_at(text, i);
        i += w.len;
        tri one = NO;
        if (slice_is(w, "export")) one = exported(text, &i, name);
        else if (slice_is(w, "exports")) one = assigned(text, &i, name, module);
        else if (slice_is(w, "this") && blanks(text, i) < text.len && text.at[blanks(text, i)] == '.') {
            size_t at = blanks(text, i) + 1;
            if (slice_eq(word_at(text, at), name)) one = UNKNOWN;
        }
        module = slice_is(w, "module");
        if (one == YES || (one == UNKNOWN && has == NO)) has = one;
    }
    return has;
}

tri handler_has_name(code_language language, slice text, slice name) {
    if (text.len > HANDLER_MAX_BYTES) return UNKNOWN;
    if (language == LANGUAGE_PYTHON) return python_has(text, name);
    return language == LANGUAGE_NODE ? node_has(text, name) : UNKNOWN;
}
