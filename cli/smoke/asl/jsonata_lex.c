#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "smoke/asl/jsonata_read.h"

bool jlexer_fail(jlexer *l, const char *code, size_t at, const char *format, ...) {
    if (l->error.at != NULL) return false;
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    l->error = arena_printf(l->arena, "%s: %s, at character %zu", code, text, at + 1);
    return false;
}

/* Longest first. */
static const char *const operators[] = { "..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#",
                                         ";",  ":",  "?",  "+",  "-",  "*",  "/",  "%",  "|",  "=", "<", ">", "^", "&", "!", "~" };

static bool ends_name(char c) { return c == '\0' || strchr(" \t\n\r\v.[]{}(),@#;:?+-*/%|=<>^&!~", c) != NULL; }

static bool skip_blanks(jlexer *l) {
    for (;;) {
        while (l->at < l->text.len && strchr(" \t\n\r\v", l->text.at[l->at]) != NULL && l->text.at[l->at] != '\0') l->at++;
        if (!slice_starts(slice_after(l->text, l->at), SLICE("/*"))) return true;
        size_t end = slice_find_slice(slice_after(l->text, l->at + 2), SLICE("*/"));
        if (end == (size_t)-1) return jlexer_fail(l, "S0106", l->at, "a comment is not closed");
        l->at += 2 + end + 2;
    }
}

static int hex(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* Four hex digits at `at`, or -1. */
static long unit(const jlexer *l, size_t at) {
    long value = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = at + i < l->text.len ? hex(l->text.at[at + i]) : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool string(jlexer *l, jtoken *out) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char quote = l->text.at[l->at++];
    buf b = { .arena = l->arena };
    for (; l->at < l->text.len; l->at++) {
        char c = l->text.at[l->at];
        if (c == quote) {
            l->at++;
            out->kind = JT_LITERAL;
            out->literal = js_string(l->arena, b.bytes.len == 0 ? SLICE("") : buf_as_slice(&b));
            return true;
        }
        if (c != '\\') {
            buf_char(&b, c);
            continue;
        }
        l->at++;
        c = l->at < l->text.len ? l->text.at[l->at] : '\0';
        size_t known = slice_find(SLICE(names), c);
        if (c != '\0' && known < sizeof names - 1) {
            buf_char(&b, values[known]);
        } else if (c == 'u') {
            long high = unit(l, l->at + 1), low = -1;
            char bytes[4];
            if (high < 0) return jlexer_fail(l, "S0104", l->at, "four hexadecimal digits should stand behind \\u");
            l->at += 4;
            if (high >= 0xD800 && high < 0xDC00 && slice_starts(slice_after(l->text, l->at + 1), SLICE("\\u"))) low = unit(l, l->at + 3);
            if (low >= 0xDC00 && low < 0xE000) {
                high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                l->at += 6;
            }
            size_t len = utf8_encode((uint32_t)high, bytes);
            buf_slice(&b, len == 0 ? SLICE("\xEF\xBF\xBD") : (slice){ bytes, len });
        } else {
            return jlexer_fail(l, "S0103", l->at, "this is no escape sequence: \\%c", c >= ' ' && c < 127 ? c : '?');
        }
    }
    return jlexer_fail(l, "S0101", out->at, "a text has no closing quote");
}

static bool number(jlexer *l, jtoken *out) {
    size_t at = l->at, n = l->text.len;
    const char *t = l->text.at;
    if (t[at] == '0') at++;
    else while (at < n && t[at] >= '0' && t[at] <= '9') at++;
    if (at + 1 < n && t[at] == '.' && t[at + 1] >= '0' && t[at + 1] <= '9')
        for (at++; at < n && t[at] >= '0' && t[at] <= '9';) at++;
    if (at < n && (t[at] == 'e' || t[at] == 'E')) {
        size_t e = at + 1;
        if (e < n && (t[e] == '+' || t[e] == '-')) e++;
        if (e < n && t[e] >= '0' && t[e] <= '9')
            for (at = e; at < n && t[at] >= '0' && t[at] <= '9';) at++;
    }
    out->kind = JT_LITERAL;
    out->literal = js_read(l->arena, slice_from_to(l->text, l->at, at));
    l->at = at;
    if (out->literal == NULL || !js_is_number(out->literal) || js_double_of(out->literal) > 1.7976931348623157e308)
        return jlexer_fail(l, "S0102", out->at, "the number is out of range");
    return true;
}

static bool regex(jlexer *l, jtoken *out) {
    size_t begin = ++l->at, depth = 0, end;
    for (; l->at < l->text.len; l->at++) {
        char c = l->text.at[l->at];
        if (c == '\\') {
            l->at++;
            continue;
        }
        if (c == '/' && depth == 0) break;
        depth += c == '(' || c == '[' || c == '{';
        if ((c == ')' || c == ']' || c == '}') && depth > 0) depth--;
    }
    if (l->at >= l->text.len) return jlexer_fail(l, "S0302", out->at, "a regular expression has no closing /");
    end = l->at++;
    if (end == begin) return jlexer_fail(l, "S0301", out->at, "an empty regular expression");
    size_t flags = l->at;
    while (l->at < l->text.len && (l->text.at[l->at] == 'i' || l->text.at[l->at] == 'm')) l->at++;
    slice why;
    out->kind = JT_REGEX;
    out->regex = asl_regex_new(l->arena, slice_from_to(l->text, begin, end), slice_from_to(l->text, flags, l->at), &why);
    return out->regex != NULL || jlexer_fail(l, "S0301", out->at, "%.*s", SLICE_ARG(why));
}

bool jlexer_next(jlexer *l, bool infix, jtoken *out) {
    if (!skip_blanks(l)) return false;
    *out = (jtoken){ .kind = JT_END, .at = l->at, .end = l->at, .text = SLICE("(end)") };
    if (l->at >= l->text.len) return true;
    char c = l->text.at[l->at];
    bool ok = true;
    if (!infix && c == '/') {
        ok = regex(l, out);
    } else if (c == '"' || c == '\'') {
        ok = string(l, out);
    } else if (c >= '0' && c <= '9') {
        ok = number(l, out);
    } else if (c == '`') {
        size_t len = slice_find(slice_after(l->text, l->at + 1), '`');
        if (l->at + 1 + len >= l->text.len) return jlexer_fail(l, "S0105", l->at, "a name has no closing `");
        *out = (jtoken){ .kind = JT_NAME, .text = slice_from_to(l->text, l->at + 1, l->at + 1 + len), .at = l->at };
        l->at += len + 2;
    } else {
        for (size_t i = 0; i < COUNT(operators); i++) {
            slice op = slice_from(operators[i]);
            if (!slice_starts(slice_after(l->text, l->at), op)) continue;
            out->kind = JT_OPERATOR;
            out->text = op;
            l->at += op.len;
            out->end = l->at;
            return true;
        }
        size_t end = l->at;
        while (end < l->text.len && !ends_name(l->text.at[end])) end++;
        slice name = slice_from_to(l->text, l->at, end);
        if (name.len == 0) return jlexer_fail(l, "S0204", l->at, "this character means nothing here");
        l->at = end;
        out->kind = JT_NAME;
        out->text = name;
        if (c == '$') {
            out->kind = JT_VARIABLE;
            out->text = slice_after(name, 1);
        } else if (slice_is(name, "and") || slice_is(name, "or") || slice_is(name, "in")) {
            out->kind = JT_OPERATOR;
        } else if (slice_is(name, "true") || slice_is(name, "false")) {
            out->kind = JT_LITERAL;
            out->literal = js_bool(slice_is(name, "true"));
        } else if (slice_is(name, "null")) {
            out->kind = JT_LITERAL;
            out->literal = js_null();
        }
    }
    out->end = l->at;
    return ok;
}
