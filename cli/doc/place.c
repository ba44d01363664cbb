/* From a byte of a decoded scalar back to the place where it is written.
 *
 * Written form and decoded text are walked side by side. Characters that are no white space stand for themselves in every style, escapes in
 * double quotes and `''` in single ones aside. White space with a line break in it is folded or unindented, and is taken as one run:
 * behind it both sides are in step again. */
#include "base/utf8.h"
#include "doc/doc.h"
#include "doc/text.h"

typedef struct { size_t source, text; } step;

static bool is_block(const doc_node *n) { return n->style == '|' || n->style == '>'; }
static bool is_white(char c) { return text_is_blank(c) || text_is_break(c); }

static slice written(const doc_node *n) { return (slice){ n->from.source, n->source_len }; }

static size_t break_len(slice s, size_t i) { return s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n' ? 2 : 1; }

static size_t white_end(slice s, size_t from) {
    while (from < s.len && is_white(s.at[from])) from++;
    return from;
}

static bool has_break(slice s, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (text_is_break(s.at[i])) return true;
    return false;
}

static void move(doc_place *p, step by) {
    slice s = written(p->node);
    text_walk(&p->at, s.at + p->source, s.at + p->source + by.source, s.at + s.len);
    p->source += by.source;
    p->text += by.text;
}

static unsigned hex(slice s) {
    unsigned value = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        value = value << 4 | (c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10u);
    }
    return value;
}

/* An escape in double quotes, YAML's and JSON's. A surrogate pair is one character; half of one was read as U+FFFD. */
static step escape(slice s, size_t i) {
    if (i + 1 >= s.len) return (step){ s.len - i, 0 };
    char c = s.at[i + 1];
    if (text_is_break(c)) {     /* a line that goes on below; empty lines behind it are line breaks of the text */
        size_t end = i + 1 + break_len(s, i + 1), breaks = 0;
        for (; end < s.len && is_white(s.at[end]); end++) {
            if (!text_is_break(s.at[end])) continue;
            breaks++;
            end += break_len(s, end) - 1;
        }
        return (step){ end - i, breaks };
    }
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0 || i + 2 + digits > s.len) {
        size_t wide = c == 'N' || c == '_' ? 2 : c == 'L' || c == 'P' ? 3 : 1;
        return (step){ 2, wide };
    }
    unsigned value = hex(slice_from_to(s, i + 2, i + 2 + digits));
    size_t len = 2 + digits;
    if (value >= 0xD800 && value <= 0xDBFF && i + len + 6 <= s.len && s.at[i + len] == '\\' && s.at[i + len + 1] == 'u') {
        unsigned low = hex(slice_from_to(s, i + len + 2, i + len + 6));
        if (low >= 0xDC00 && low <= 0xDFFF) return (step){ len + 6, 4 };
    }
    char bytes[4];
    size_t wide = utf8_encode(value, bytes);
    return (step){ len, wide == 0 ? 3 : wide };
}

/* The white run at p in a block scalar; false when there is none. At its start a block scalar stands at the beginning of a line. */
static bool folded_run(const doc_place *p, step *run) {
    slice s = written(p->node), text = p->node->text;
    size_t end = white_end(s, p->source);
    bool block = is_block(p->node);
    if (!has_break(s, p->source, end) && !(block && p->text == 0)) return false;
    if (block) {
        *run = (step){ end - p->source, white_end(text, p->text) - p->text };
        return run->source > 0;
    }
    size_t breaks = 0;
    for (size_t i = p->source; i < end; i++) {
        if (!text_is_break(s.at[i])) continue;
        i += break_len(s, i) - 1;
        breaks++;
    }
    *run = (step){ end - p->source, breaks <= 1 ? 1 : breaks - 1 };
    return true;
}

/* The place of byte `wanted` (0-based) inside a folded run. */
static pos in_run(const doc_place *p, step run, size_t wanted) {
    slice s = written(p->node), text = slice_from_to(p->node->text, p->text, p->text + run.text);
    size_t from = p->source, to = p->source + run.source, stop = from;
    size_t newlines = 0, all = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\n') continue;
        if (i < wanted) newlines++;
        all++;
    }
    if (is_block(p->node) && (newlines == all) && (all > 0 || p->text == 0)) {
        size_t tail = text.len - wanted;                    /* deeper indentation before the next text */
        stop = tail < run.source ? to - tail : from;
    } else if (is_block(p->node) && newlines == 0 && text.at[wanted] != '\n' && wanted < run.source && text_is_blank(s.at[from + wanted])) {
        stop = from + wanted;                               /* blanks kept at the end of a line */
    } else {
        size_t seen = 0;
        for (size_t i = from; i < to; i++) {
            if (!text_is_break(s.at[i])) continue;
            stop = i;
            if (seen++ == newlines) break;
            i += break_len(s, i) - 1;
        }
    }
    pos at = p->at;
    text_walk(&at, s.at + from, s.at + stop, s.at + s.len);
    return at;
}

/* Characters that stand for themselves whatever is around them. */
static bool is_plain(const doc_node *n, char c) {
    return c > ' ' && c < 0x7F && !(n->style == '"' && c == '\\') && !(n->style == '\'' && c == '\'');
}

/* One character, or the plain ones or the blanks up to `offset`. */
static step character(const doc_place *p, size_t offset) {
    slice s = written(p->node);
    size_t blanks = white_end(s, p->source) - p->source;
    if (blanks > 0) {
        size_t wanted = offset > p->text ? offset - p->text : 1;
        if (blanks > wanted) blanks = wanted;
        return (step){ blanks, blanks };
    }
    size_t plain = 0, most = offset > p->text ? offset - p->text : 1;
    while (plain < most && p->source + plain < s.len && is_plain(p->node, s.at[p->source + plain])) plain++;
    if (plain > 0) return (step){ plain, plain };
    char c = s.at[p->source];
    if (p->node->style == '"' && c == '\\') return escape(s, p->source);
    if (p->node->style == '\'' && c == '\'' && p->source + 1 < s.len && s.at[p->source + 1] == '\'') return (step){ 2, 1 };
    size_t len = utf8_len(slice_after(s, p->source));
    return (step){ len == 0 ? 1 : len, len == 0 ? 1 : len };
}

doc_place doc_place_of(const doc_node *n) {
    doc_place p = { n, 0, 0, n->at };
    if (!doc_is_scalar(n) || n->style == 0 || n->from.source == NULL) return p;
    slice s = written(n);
    if (n->style == '"' || n->style == '\'') move(&p, (step){ 1, 0 });
    if (is_block(n)) {
        size_t header = 0;
        while (header < s.len && !text_is_break(s.at[header])) header++;
        if (header < s.len) header += break_len(s, header);
        move(&p, (step){ header, 0 });
    }
    return p;
}

pos doc_place_at(doc_place *p, size_t offset) {
    const doc_node *n = p->node;
    if (!doc_is_scalar(n) || n->style == 0 || n->from.source == NULL) return n->at;
    if (offset < p->text) *p = doc_place_of(n);
    if (offset > n->text.len) offset = n->text.len;
    while (p->source < n->source_len) {
        step by;
        if (p->text == n->text.len && p->text > 0) break;
        if (folded_run(p, &by)) {
            if (p->text + by.text > n->text.len) break;
            if (offset < p->text + by.text) return in_run(p, by, offset - p->text);
        } else if (p->text >= offset && !(n->style == '"' && n->from.source[p->source] == '\\')) {
            break;
        } else {
            by = character(p, offset);
            if (p->text + by.text > n->text.len) break;
            if (by.text > 0 && p->text + by.text > offset) break;
        }
        move(p, by);
    }
    return p->at;
}

pos doc_pos_in(const doc_node *n, size_t offset) {
    doc_place p = doc_place_of(n);
    return doc_place_at(&p, offset);
}
