/* A small strict reader of XML: elements and text. No document types, so no entities but XML's own. */
#include "base/utf8.h"
#include "smoke/aws/protocol.h"
#include "smoke/aws/s3_parts.h"

typedef struct {
    arena *arena;
    slice text;
    size_t at;
    unsigned elements;
} reader;

static bool starts(const reader *r, const char *what) { return slice_starts(slice_after(r->text, r->at), slice_from(what)); }
static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static void blanks(reader *r) {
    while (r->at < r->text.len && blank(r->text.at[r->at])) r->at++;
}

/* Goes behind the next `end`; gives what lies before it. */
static bool until(reader *r, const char *end, slice *out) {
    slice rest = slice_after(r->text, r->at);
    size_t i = slice_find_slice(rest, slice_from(end));
    if (i == (size_t)-1) return false;
    *out = slice_from_to(rest, 0, i);
    r->at += i + strlen(end);
    return true;
}

/* Comments and instructions. */
static bool skip_misc(reader *r) {
    slice skipped;
    for (;;) {
        blanks(r);
        if (starts(r, "<?")) {
            if (!until(r, "?>", &skipped)) return false;
        } else if (starts(r, "<!--")) {
            r->at += 4;
            if (!until(r, "-->", &skipped)) return false;
        } else return true;
    }
}

static bool name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ':' || ((unsigned char)c & 0x80) != 0;
}

static bool read_name(reader *r, slice *out) {
    size_t from = r->at;
    while (r->at < r->text.len && name_char(r->text.at[r->at])) r->at++;
    *out = slice_from_to(r->text, from, r->at);
    return out->len > 0;
}

static slice without_prefix(slice name) {
    size_t colon = slice_find(name, ':');
    return colon < name.len ? slice_after(name, colon + 1) : name;
}

/* "&amp;", "&#10;", "&#xA;": at the &. */
static bool entity(reader *r, buf *out) {
    static const struct { const char *name; char c; } known[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };
    slice name;
    char bytes[4];
    r->at++;
    if (!until(r, ";", &name) || name.len == 0 || name.len > 10) return false;
    for (size_t i = 0; i < COUNT(known); i++)
        if (slice_is(name, known[i].name)) {
            buf_char(out, known[i].c);
            return true;
        }
    if (name.at[0] != '#') return false;
    bool hex = name.len > 1 && name.at[1] == 'x';
    uint32_t code = 0;
    for (size_t i = hex ? 2 : 1; i < name.len; i++) {
        char c = name.at[i];
        unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : hex && c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : hex && c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 99;
        if (d == 99 || code > 0x110000) return false;
        code = code * (hex ? 16 : 10) + d;
    }
    size_t len = code == 0 ? 0 : utf8_encode(code, bytes);
    buf_slice(out, (slice){ bytes, len });
    return len > 0;
}

static const xml_element *element(reader *r, unsigned depth);

/* Behind the start tag: text and children up to the end tag. */
static bool content(reader *r, xml_element *e, slice whole_name, unsigned depth) {
    buf text = { .arena = r->arena };
    const xml_element **end = &e->child;
    slice piece;
    while (r->at < r->text.len) {
        if (r->text.at[r->at] == '&') {
            if (!entity(r, &text)) return false;
        } else if (r->text.at[r->at] != '<') {
            size_t from = r->at;
            while (r->at < r->text.len && r->text.at[r->at] != '<' && r->text.at[r->at] != '&') r->at++;
            buf_slice(&text, slice_from_to(r->text, from, r->at));
        } else if (starts(r, "</")) {
            slice closing;
            r->at += 2;
            if (!read_name(r, &closing) || !slice_eq(closing, whole_name)) return false;
            blanks(r);
            if (r->at == r->text.len || r->text.at[r->at++] != '>') return false;
            e->text = e->child != NULL ? slice_trim(buf_as_slice(&text)) : buf_as_slice(&text);
            return true;
        } else if (starts(r, "<!--")) {
            r->at += 4;
            if (!until(r, "-->", &piece)) return false;
        } else if (starts(r, "<![CDATA[")) {
            r->at += 9;
            if (!until(r, "]]>", &piece)) return false;
            buf_slice(&text, piece);
        } else {
            xml_element *one = (xml_element *)(uintptr_t)element(r, depth + 1);
            if (one == NULL) return false;
            *end = one;
            end = &one->next;
        }
    }
    return false;
}

static const xml_element *element(reader *r, unsigned depth) {
    slice name, quoted;
    if (depth > XML_MAX_DEPTH || ++r->elements > XML_MAX_ELEMENTS || r->at == r->text.len || r->text.at[r->at] != '<') return NULL;
    r->at++;
    if (!read_name(r, &name)) return NULL;
    xml_element *e = ARENA_NEW(r->arena, xml_element);
    e->name = without_prefix(name);
    e->text = SLICE("");
    for (;;) {       /* attributes: namespaces and types, which say nothing here */
        blanks(r);
        if (starts(r, "/>")) {
            r->at += 2;
            return e;
        }
        if (starts(r, ">")) {
            r->at++;
            return content(r, e, name, depth) ? e : NULL;
        }
        slice attribute;
        if (!read_name(r, &attribute)) return NULL;
        blanks(r);
        if (!starts(r, "=")) return NULL;
        r->at++;
        blanks(r);
        const char *quote = starts(r, "\"") ? "\"" : "'";
        if (!starts(r, quote)) return NULL;
        r->at++;
        if (!until(r, quote, &quoted) || slice_find(quoted, '<') < quoted.len) return NULL;
    }
}

const xml_element *xml_read(arena *a, slice text) {
    reader r = { .arena = a, .text = text };
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) r.at = 3;
    if (utf8_first_bad(text) < text.len || !skip_misc(&r)) return NULL;
    const xml_element *e = element(&r, 1);
    return e != NULL && skip_misc(&r) && r.at == text.len ? e : NULL;
}

slice xml_text_of(const xml_element *e, const char *child) {
    for (const xml_element *c = e == NULL ? NULL : e->child; c != NULL; c = c->next)
        if (slice_is(c->name, child)) return c->text;
    return SLICE("");
}

void xml_tag(buf *b, const char *name, slice text) {
    buf_printf(b, "<%s>", name);
    xml_text(b, text);
    buf_printf(b, "</%s>", name);
}
