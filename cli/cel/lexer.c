#include "cel/lexer.h"

#include <stdlib.h>

#include "base/utf8.h"

static char peek(const cel_lexer *l, size_t ahead) { return l->at + ahead < l->text.len ? l->text.at[l->at + ahead] : '\0'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool in_name(char c) { return starts_name(c) || is_digit(c); }

static int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool fail(cel_lexer *l, size_t at, const char *what) {
    draft_fail(l->draft, at, "%s", what);
    return false;
}

static void skip_space(cel_lexer *l) {
    for (;;) {
        char c = peek(l, 0);
        if (l->at < l->text.len && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')) {
            l->at++;
        } else if (c == '/' && peek(l, 1) == '/') {
            l->at += slice_find(slice_after(l->text, l->at), '\n');
        } else {
            return;
        }
    }
}

/* ---- numbers ---- */

static bool unsigned_suffix(cel_lexer *l) {
    if (peek(l, 0) != 'u' && peek(l, 0) != 'U') return false;
    l->at++;
    return true;
}

static bool lex_hex(cel_lexer *l, cel_token *t) {
    l->at += 2;
    size_t from = l->at;
    uint64_t n = 0;
    for (int digit; (digit = hex_value(peek(l, 0))) >= 0; l->at++) {
        if (n >> 60 != 0) return fail(l, t->at, "a number that does not fit into 64 bits");
        n = n << 4 | (uint64_t)digit;
    }
    if (l->at == from) return fail(l, t->at, "0x without digits");
    t->natural = n;
    t->kind = unsigned_suffix(l) ? TOKEN_UINT : TOKEN_INT;
    return true;
}

static void skip_digits(cel_lexer *l) {
    while (is_digit(peek(l, 0))) l->at++;
}

static bool lex_number(cel_lexer *l, cel_token *t) {
    if (peek(l, 0) == '0' && (peek(l, 1) == 'x' || peek(l, 1) == 'X')) return lex_hex(l, t);
    bool real = false;
    skip_digits(l);
    if (peek(l, 0) == '.' && is_digit(peek(l, 1))) {
        real = true;
        l->at++;
        skip_digits(l);
    }
    size_t sign = peek(l, 1) == '+' || peek(l, 1) == '-' ? 2 : 1;
    if ((peek(l, 0) == 'e' || peek(l, 0) == 'E') && is_digit(peek(l, sign))) {
        real = true;
        l->at += sign;
        skip_digits(l);
    }
    slice digits = slice_from_to(l->text, t->at, l->at);
    if (real) {
        t->kind = TOKEN_DOUBLE;
        t->number = strtod(arena_copy(l->draft->arena, digits).at, NULL);
        return true;
    }
    uint64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.at[i] - '0');
        if (n > (UINT64_MAX - digit) / 10) return fail(l, t->at, "a number that does not fit into 64 bits");
        n = n * 10 + digit;
    }
    t->natural = n;
    t->kind = unsigned_suffix(l) ? TOKEN_UINT : TOKEN_INT;
    return true;
}

/* ---- strings ---- */

static const struct { char letter, value; } plain_escapes[] = {
    { 'a', '\a' }, { 'b', '\b' }, { 'f', '\f' }, { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' }, { 'v', '\v' },
    { '\\', '\\' }, { '?', '?' }, { '"', '"' }, { '\'', '\'' }, { '`', '`' },
};

static bool digits_of(cel_lexer *l, unsigned base, size_t count, uint32_t *out) {
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(peek(l, i));
        if (digit < 0 || (unsigned)digit >= base) return false;
        n = n * base + (uint32_t)digit;
    }
    l->at += count;
    *out = n;
    return true;
}

/* At the character behind the backslash. Writes at most 4 bytes: never more than the escape has. */
static bool lex_escape(cel_lexer *l, bool bytes, char **out) {
    size_t at = l->at - 1;
    char c = peek(l, 0);
    for (size_t i = 0; i < COUNT(plain_escapes); i++)
        if (plain_escapes[i].letter == c) {
            *(*out)++ = plain_escapes[i].value;
            l->at++;
            return true;
        }
    uint32_t n;
    bool good, wide = false;
    if (c >= '0' && c <= '3') {
        good = digits_of(l, 8, 3, &n);
    } else if (c == 'x' || c == 'X') {
        l->at++;
        good = digits_of(l, 16, 2, &n);
    } else if (c == 'u' || c == 'U') {
        wide = true;
        l->at++;
        good = digits_of(l, 16, c == 'u' ? 4 : 8, &n);
    } else {
        return fail(l, at, "an escape that CEL does not know; write a backslash as \\\\ or the string as r\"...\"");
    }
    if (!good) return fail(l, at, "an escape with too few digits");
    if (wide && bytes) return fail(l, at, "\\u and \\U are for strings; bytes take \\x");
    if (bytes) {
        *(*out)++ = (char)(unsigned char)n;
        return true;
    }
    size_t len = utf8_encode(n, *out);
    if (len == 0) return fail(l, at, "an escape that is no Unicode character");
    *out += len;
    return true;
}

static bool lex_string(cel_lexer *l, cel_token *t, bool bytes, bool raw) {
    char quote = peek(l, 0);
    size_t quotes = peek(l, 1) == quote && peek(l, 2) == quote ? 3 : 1;
    l->at += quotes;
    size_t from = l->at;
    bool escaped = false;
    for (;; l->at++) {
        if (l->at >= l->text.len) return fail(l, t->at, "a string without its closing quote");
        char c = peek(l, 0);
        if (quotes == 1 && (c == '\n' || c == '\r')) return fail(l, t->at, "a line end inside a string; use \"\"\"...\"\"\" or \\n");
        if (c == '\\' && !raw) {
            escaped = true;
            l->at++;
        } else if (c == quote && (quotes == 1 || (peek(l, 1) == quote && peek(l, 2) == quote))) {
            break;
        }
    }
    size_t to = l->at;
    t->kind = bytes ? TOKEN_BYTES : TOKEN_STRING;
    t->text = slice_from_to(l->text, from, to);
    if (escaped) {
        char *start = arena_alloc(l->draft->arena, 1, 1, to - from + 4), *out = start;
        for (l->at = from; l->at < to;) {
            if (peek(l, 0) != '\\') {
                *out++ = l->text.at[l->at++];
                continue;
            }
            l->at++;
            if (!lex_escape(l, bytes, &out)) return false;
        }
        t->text = (slice){ start, (size_t)(out - start) };
    }
    l->at = to + quotes;
    return true;
}

/* r"" R"" b"" br"": a prefix is a prefix only in front of a quote. */
static bool lex_prefixed(cel_lexer *l, cel_token *t, bool *done) {
    size_t i = 0;
    bool bytes = false, raw = false;
    if (peek(l, i) == 'b' || peek(l, i) == 'B') bytes = true, i++;
    if (peek(l, i) == 'r' || peek(l, i) == 'R') raw = true, i++;
    *done = peek(l, i) == '"' || peek(l, i) == '\'';
    if (!*done) return true;
    l->at += i;
    return lex_string(l, t, bytes, raw);
}

/* `content-type`: CEL specification, escaped identifiers: letters, digits and _ . - / and space. */
static bool lex_escaped_name(cel_lexer *l, cel_token *t) {
    size_t from = ++l->at;
    for (;; l->at++) {
        char c = peek(l, 0);
        if (c == '`') break;
        if (!in_name(c) && c != '.' && c != '-' && c != '/' && c != ' ')
            return fail(l, t->at, "a name in back quotes holds letters, digits, and _ . - / and spaces only");
    }
    t->kind = TOKEN_ESCAPED_NAME;
    t->text = slice_from_to(l->text, from, l->at++);
    if (t->text.len == 0) return fail(l, t->at, "an empty name in back quotes");
    return true;
}

static const struct { slice text; cel_sign sign; } signs[] = {    /* longer ones first */
    { SLICE_INIT("||"), SIGN_OR },      { SLICE_INIT("&&"), SIGN_AND },     { SLICE_INIT("=="), SIGN_EQ },      { SLICE_INIT("!="), SIGN_NE },
    { SLICE_INIT("<="), SIGN_LE },      { SLICE_INIT(">="), SIGN_GE },      { SLICE_INIT("<"), SIGN_LT },       { SLICE_INIT(">"), SIGN_GT },
    { SLICE_INIT("+"), SIGN_PLUS },     { SLICE_INIT("-"), SIGN_MINUS },    { SLICE_INIT("*"), SIGN_STAR },     { SLICE_INIT("/"), SIGN_SLASH },
    { SLICE_INIT("%"), SIGN_PERCENT },  { SLICE_INIT("!"), SIGN_NOT },      { SLICE_INIT("?"), SIGN_QUESTION }, { SLICE_INIT(":"), SIGN_COLON },
    { SLICE_INIT("."), SIGN_DOT },      { SLICE_INIT(","), SIGN_COMMA },    { SLICE_INIT("("), SIGN_OPEN },     { SLICE_INIT(")"), SIGN_CLOSE },
    { SLICE_INIT("["), SIGN_LIST },     { SLICE_INIT("]"), SIGN_LIST_END }, { SLICE_INIT("{"), SIGN_MAP },      { SLICE_INIT("}"), SIGN_MAP_END },
};

static bool lex_sign(cel_lexer *l, cel_token *t) {
    slice rest = slice_after(l->text, l->at);
    for (size_t i = 0; i < COUNT(signs); i++)
        if (slice_starts(rest, signs[i].text)) {
            t->kind = TOKEN_SIGN;
            t->sign = signs[i].sign;
            l->at += signs[i].text.len;
            return true;
        }
    size_t len = utf8_len(rest);
    if (rest.at[0] == '=') return fail(l, l->at, "a single =; CEL compares with ==");
    if (rest.at[0] == '&' || rest.at[0] == '|') return fail(l, l->at, "a single & or |; CEL writes && and ||");
    draft_fail(l->draft, l->at, "the character %.*s has no meaning here", (int)(len == 0 ? 1 : len), rest.at);
    return false;
}

static bool lex_any(cel_lexer *l, cel_token *t) {
    char c = peek(l, 0);
    if (is_digit(c) || (c == '.' && is_digit(peek(l, 1)))) return lex_number(l, t);
    if (c == '`') return lex_escaped_name(l, t);
    bool done = false;
    if (!lex_prefixed(l, t, &done)) return false;
    if (done) return true;
    if (!starts_name(c)) return lex_sign(l, t);
    while (in_name(peek(l, 0))) l->at++;
    t->kind = TOKEN_NAME;
    t->text = slice_from_to(l->text, t->at, l->at);
    return true;
}

bool cel_lex(cel_lexer *l, cel_token *out) {
    skip_space(l);
    *out = (cel_token){ .kind = TOKEN_END, .at = l->at };
    bool good = l->at >= l->text.len || lex_any(l, out);
    out->end = l->at;
    return good;
}
