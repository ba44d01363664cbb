/* RFC 8259, to the letter. The text is read where it lies: a string without escapes is a slice of it. */
#include "base/utf8.h"
#include "doc/tree.h"
#include "doc/scalar.h"

typedef struct {
    doc_tree tree;
    const char *begin, *now, *end;
    const char *line_start;
    size_t line;            /* lines before this one */
    size_t tails;           /* bytes of this line that are not the first of their character */
    pos base;
    doc_place *inside;      /* the text is a decoded scalar: places are the scalar's */
} json;

/* The place of p->now. */
static pos here(json *p) {
    if (p->inside != NULL) return doc_place_at(p->inside, (size_t)(p->now - p->begin));
    uint32_t column = (uint32_t)((size_t)(p->now - p->line_start) - p->tails);
    if (p->line == 0) return (pos){ p->base.file, p->base.line, p->base.column + column };
    return (pos){ p->base.file, p->base.line + (uint32_t)p->line, column + 1 };
}

static bool at_end(const json *p) { return p->now == p->end; }
static bool next_is(const json *p, char c) { return !at_end(p) && *p->now == c; }

static void skip_white(json *p) {
    while (!at_end(p)) {
        char c = *p->now;
        if (!text_is_blank(c) && !text_is_break(c)) return;
        p->now++;
        if (c == '\n' || (c == '\r' && !next_is(p, '\n'))) {
            p->line++;
            p->line_start = p->now;
            p->tails = 0;
        }
    }
}

/* What stands at p->now instead of what should. */
static bool unexpected(json *p, const char *wanted) {
    pos at = here(p);
    if (at_end(p)) return tree_fail(&p->tree, at, "the JSON ends too early: %s should follow", wanted);
    unsigned char c = (unsigned char)*p->now;
    size_t len = utf8_len((slice){ p->now, (size_t)(p->end - p->now) });
    if (c == 0) return tree_fail(&p->tree, at, "not text: a NUL byte stands here; give a YAML or JSON file in UTF-8");
    if (len == 0) return tree_fail(&p->tree, at, "not text: the byte 0x%02x is no UTF-8; give a YAML or JSON file in UTF-8", (unsigned)c);
    if (c == '/' || c == '#') return tree_fail(&p->tree, at, "JSON has no comments: remove it, or name the file .yaml");
    if (c == '\'') return tree_fail(&p->tree, at, "JSON strings stand in double quotes, not in single ones");
    if (c < 0x20) return tree_fail(&p->tree, at, "the control character U+%04X stands where %s should: remove it", (unsigned)c, wanted);
    return tree_fail(&p->tree, at, "`%.*s` stands where %s should", (int)len, p->now, wanted);
}

static const char *const escapes = "\"\\/bfnrt", *const meanings = "\"\\/\b\f\n\r\t";

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Four hex digits at `at`, or -1. */
static int32_t hex_unit(const json *p, const char *at) {
    if (p->end - at < 4) return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Checks the string up to its closing quote, which p->now then stands on. */
static bool scan_string(json *p, bool *escaped) {
    *escaped = false;
    for (;;) {
        while (!at_end(p) && (unsigned char)*p->now >= 0x20 && (unsigned char)*p->now < 0x80 && *p->now != '"' && *p->now != '\\') p->now++;
        if (at_end(p)) return unexpected(p, "the closing `\"` of the string");
        unsigned char c = (unsigned char)*p->now;
        if (c == '"') return true;
        if (c == '\\') {
            *escaped = true;
            char kind = p->end - p->now > 1 ? p->now[1] : '\0';
            if (kind == 'u' && hex_unit(p, p->now + 2) >= 0) p->now += 6;
            else if (kind == 'u') return tree_fail(&p->tree, here(p), "`\\u` takes four hexadecimal digits");
            else if (kind != '\0' && strchr(escapes, kind) != NULL) p->now += 2;
            else
                return tree_fail(&p->tree, here(p), "JSON has no such escape: write `\\\\` for a backslash");
        } else if (c < 0x20) {
            return tree_fail(&p->tree, here(p), "a string holds no %s: write it as an escape (`\\%s`)",
                              c == '\n' || c == '\r' ? "line break" : "control character", c == '\n' || c == '\r' ? "n" : c == '\t' ? "t" : "u....");
        } else {
            size_t len = utf8_len((slice){ p->now, (size_t)(p->end - p->now) });
            if (len == 0) return unexpected(p, "text");
            p->now += len;
            p->tails += len - 1;
        }
    }
}

static slice decode(json *p, const char *from, const char *to) {
    char *text = ARENA_ARRAY(p->tree.arena, char, (size_t)(to - from) + 1);
    size_t len = 0;
    while (from < to) {
        if (*from != '\\') {
            text[len++] = *from++;
            continue;
        }
        if (from[1] != 'u') {
            text[len++] = meanings[strchr(escapes, from[1]) - escapes];
            from += 2;
            continue;
        }
        uint32_t c = (uint32_t)hex_unit(p, from + 2);
        from += 6;
        if (c >= 0xD800 && c <= 0xDBFF && to - from >= 6 && from[0] == '\\' && from[1] == 'u') {
            uint32_t low = (uint32_t)hex_unit(p, from + 2);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                from += 6;
            }
        }
        if (c >= 0xD800 && c <= 0xDFFF) c = 0xFFFD;     /* half a pair */
        len += utf8_encode(c, text + len);
    }
    return (slice){ text, len };
}

static bool string(json *p, slice *out) {
    const char *from = ++p->now;
    bool escaped;
    if (!scan_string(p, &escaped)) return false;
    *out = escaped ? decode(p, from, p->now) : (slice){ from, (size_t)(p->now - from) };
    p->now++;
    return true;
}

static bool is_digit(const json *p) { return !at_end(p) && *p->now >= '0' && *p->now <= '9'; }

static bool digits(json *p) {
    if (!is_digit(p)) return unexpected(p, "a digit");
    while (is_digit(p)) p->now++;
    return true;
}

static bool number(json *p, doc_node *n) {
    const char *from = p->now;
    bool whole = true;
    if (*p->now == '-') p->now++;
    if (next_is(p, '0')) {
        p->now++;
        if (is_digit(p)) return tree_fail(&p->tree, here(p), "a JSON number has no leading zero: put it in quotes if it is text");
    } else if (!digits(p)) {
        return false;
    }
    if (next_is(p, '.')) {
        whole = false;
        p->now++;
        if (!digits(p)) return false;
    }
    if (next_is(p, 'e') || next_is(p, 'E')) {
        whole = false;
        p->now++;
        if (next_is(p, '+') || next_is(p, '-')) p->now++;
        if (!digits(p)) return false;
    }
    n->text = (slice){ from, (size_t)(p->now - from) };
    scalar_number(p->tree.arena, n, whole);
    return true;
}

static bool value(json *p, unsigned depth, const doc_node **out);

static bool list(json *p, unsigned depth, doc_node *n) {
    size_t first = p->tree.items.len;
    p->now++;
    skip_white(p);
    for (bool more = !next_is(p, ']'); more;) {
        const doc_node *item;
        skip_white(p);
        if (next_is(p, ']')) return tree_fail(&p->tree, here(p), "a comma stands before `]`: JSON wants a value behind it, or no comma");
        if (!value(p, depth, &item)) return false;
        VEC_PUSH(p->tree.arena, &p->tree.items, item);
        skip_white(p);
        more = next_is(p, ',');
        if (more) p->now++;
        else if (!next_is(p, ']')) return unexpected(p, "`,` or `]`");
    }
    p->now++;
    tree_list(&p->tree, n, first);
    return true;
}

static bool map(json *p, unsigned depth, doc_node *n) {
    size_t first = p->tree.entries.len;
    p->now++;
    skip_white(p);
    for (bool more = !next_is(p, '}'); more;) {
        doc_entry e = { 0 };
        skip_white(p);
        e.key_at = here(p);
        if (next_is(p, '}')) return tree_fail(&p->tree, e.key_at, "a comma stands before `}`: JSON wants a key behind it, or no comma");
        if (!next_is(p, '"')) return unexpected(p, "a key in double quotes");
        if (!string(p, &e.key)) return false;
        if (e.key.len > DOC_MAX_KEY_BYTES) return tree_fail(&p->tree, e.key_at, "the key is longer than %d bytes", DOC_MAX_KEY_BYTES);
        e.key_end = here(p);
        skip_white(p);
        if (!next_is(p, ':')) return unexpected(p, "`:` behind the key");
        p->now++;
        skip_white(p);
        if (!value(p, depth, &e.value)) return false;
        VEC_PUSH(p->tree.arena, &p->tree.entries, e);
        skip_white(p);
        more = next_is(p, ',');
        if (more) p->now++;
        else if (!next_is(p, '}')) return unexpected(p, "`,` or `}`");
    }
    p->now++;
    tree_map(&p->tree, n, first, p->tree.entries.len - first);
    return true;
}

static const struct {
    slice text;
    doc_kind kind;
    bool value;
} words[] = {
    { SLICE_INIT("null"),  DOC_NULL, false },
    { SLICE_INIT("true"),  DOC_BOOL, true  },
    { SLICE_INIT("false"), DOC_BOOL, false },
};

static bool is_letter(const char *at, const char *end) { return at < end && ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'); }

static bool word(json *p, doc_node *n) {
    const char *to = p->now;
    while (is_letter(to, p->end)) to++;
    slice s = { p->now, (size_t)(to - p->now) };
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!slice_eq(words[i].text, s)) continue;
        n->kind = words[i].kind;
        n->boolean = words[i].value;
        n->text = s;
        p->now = to;
        return true;
    }
    if (s.len > 1)
        return tree_fail(&p->tree, here(p), "`%s` is no JSON value: put text in double quotes", text_shown(s).text);
    return unexpected(p, "a value");
}

static bool value(json *p, unsigned depth, const doc_node **out) {
    doc_node *n = tree_node(&p->tree, DOC_STRING, here(p));
    const char *from = p->now;
    bool read;
    if (n == NULL) return false;
    *out = n;
    char c = at_end(p) ? '\0' : *p->now;
    if (c == '{' || c == '[') {
        if (depth == DOC_MAX_DEPTH)
            return tree_fail(&p->tree, n->at, "nested more than %d deep: sflint reads no deeper document", DOC_MAX_DEPTH);
        n->kind = c == '{' ? DOC_MAP : DOC_LIST;
        read = c == '{' ? map(p, depth + 1, n) : list(p, depth + 1, n);
    } else {
        n->style = 'p';
        if (c == '"') {
            n->quoted = true;
            n->style = '"';
            read = string(p, &n->text);
        } else {
            read = c == '-' || (c >= '0' && c <= '9') ? number(p, n) : word(p, n);
        }
        n->from.source = from;
        n->source_len = (uint32_t)(p->now - from);
    }
    if (read) n->end = here(p);
    return read;
}

static const doc_node *read_all(arena *a, slice text, pos base, doc_place *inside, diags *d) {
    if (text.len == 0) text = SLICE("");
    json p = { .tree = { .arena = a, .diags = d }, .begin = text.at, .now = text.at, .end = text.at + text.len, .line_start = text.at,
               .base = base, .inside = inside };
    const doc_node *root = NULL;
    if (text.len > DOC_MAX_BYTES) {
        tree_fail(&p.tree, base, "the JSON is larger than %u MB: sflint reads no such text", DOC_MAX_BYTES / (1024 * 1024));
        return NULL;
    }
    skip_white(&p);
    if (!value(&p, 0, &root)) return NULL;
    skip_white(&p);
    if (!at_end(&p)) {
        tree_fail(&p.tree, here(&p), "text follows the JSON document: a file holds one document, remove the rest");
        return NULL;
    }
    tree_say_duplicates(&p.tree);
    return root;
}

const doc_node *doc_parse_json(arena *a, slice text, pos base, diags *d) {
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_after(text, 3);
    return read_all(a, text, base, NULL, d);
}

const doc_node *doc_parse_json_in(arena *a, const doc_node *holder, diags *d) {
    if (!doc_is_scalar(holder)) return NULL;
    doc_place place = doc_place_of(holder);
    return read_all(a, holder->text, holder->at, &place, d);
}
