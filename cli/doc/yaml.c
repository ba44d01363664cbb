/* YAML by libyaml's events. Nothing recurses: open lists and mappings are frames of a fixed stack, and depth is counted on the events
 * (libyaml has no limit of its own, and is quadratic in the depth of `[[[[`). */
#include <yaml.h>

#include "base/strmap.h"
#include "doc/tree.h"
#include "doc/scalar.h"
#include "doc/tag.h"
#include "doc/yaml_error.h"

typedef struct {
    size_t byte;
    pos at;
} spot;

typedef struct {
    doc_node *node;
    unsigned height;        /* of the tree below node; 0 for a scalar */
    bool open;              /* its end was not read yet */
} anchor;

typedef struct {
    doc_node *node, *outer;     /* outer: the mapping of a short tag around node, else node */
    anchor *name;
    size_t first, first_merge;  /* where its children, and its merged mappings, begin on the stacks */
    unsigned height, levels;
    bool flow, has_key, merge_key;
    doc_entry entry;            /* key read, value to come */
} frame;

typedef struct {
    doc_tree tree;
    yaml_parser_t parser;
    slice text;
    uint32_t file;
    bool ascii;
    spot last;                  /* the last mark that was turned into a place, and */
    size_t last_index;          /* its index in characters */
    frame frames[DOC_MAX_DEPTH];
    size_t open;                /* frames in use */
    unsigned depth;             /* levels of all open frames */
    strmap anchors;
    VEC(const doc_node *) merges;   /* NULL before the mappings of each `<<` */
    size_t merged;
    pos last_end;               /* behind the last thing that has an end of its own */
    doc_node *root;
} reader;

/* libyaml counts characters. In pure ASCII they are bytes and its lines and columns are ours; in other texts the marks are followed by a
 * cursor, also because libyaml takes U+0085, U+2028 and U+2029 for line ends, which no editor does. Marks do not go back. The mark of the
 * end goes by the cursor too: libyaml adds a line end where there is none. */
static spot spot_of(reader *y, yaml_mark_t m) {
    if (y->ascii && m.index < y->text.len) {
        y->last_index = m.index;
        y->last = (spot){ m.index, { y->file, (uint32_t)m.line + 1, (uint32_t)m.column + 1 } };
        return y->last;
    }
    if (m.index < y->last_index) {
        y->last_index = 0;
        y->last = (spot){ 0, { y->file, 1, 1 } };
    }
    size_t byte = y->last.byte;
    for (; y->last_index < m.index && byte < y->text.len; y->last_index++) {
        byte++;
        while (byte < y->text.len && ((unsigned char)y->text.at[byte] & 0xC0) == 0x80) byte++;
    }
    text_walk(&y->last.at, y->text.at + y->last.byte, y->text.at + byte, y->text.at + y->text.len);
    y->last.byte = byte;
    return y->last;
}

static spot spot_move(const reader *y, spot s, size_t to) {
    text_walk(&s.at, y->text.at + s.byte, y->text.at + to, y->text.at + y->text.len);
    s.byte = to;
    return s;
}

/* Where a node's tag and its own text stand: an event begins at the first of its anchor and tag. */
typedef struct { spot tag, tag_end, content; } layout;

/* libyaml ends an anchor's name at the first character that no name has, with or without a blank behind it. */
static size_t anchor_end(slice s, size_t from) {
    for (from++; from < s.len; from++) {
        char c = s.at[from];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) break;
    }
    return from;
}

/* Length of the line end at `at`, 0 when there is none; libyaml has three more of them than anyone else: U+0085, U+2028, U+2029. */
static size_t line_end(slice s, size_t at) {
    if (at >= s.len) return 0;
    if (text_is_break(s.at[at])) return 1;
    slice rest = slice_after(s, at);
    if (slice_starts(rest, SLICE("\xC2\x85"))) return 2;
    return slice_starts(rest, SLICE("\xE2\x80\xA8")) || slice_starts(rest, SLICE("\xE2\x80\xA9")) ? 3 : 0;
}

static size_t tag_end(slice s, size_t from) {
    bool verbatim = from + 1 < s.len && s.at[from + 1] == '<';
    while (from < s.len && !text_is_blank(s.at[from]) && line_end(s, from) == 0 && (verbatim || s.at[from] != ',')) from++;
    return from;
}

/* Behind white space and comments; libyaml lets every line begin with a byte order mark. */
static size_t space_end(slice s, size_t from) {
    bool begins = from == 0 || text_is_break(s.at[from - 1]);
    while (from < s.len) {
        size_t step = line_end(s, from);
        if (step > 0) {
            begins = true;
            from += step;
        } else if (text_is_blank(s.at[from])) {
            begins = false;
            from++;
        } else if (s.at[from] == '#') {
            while (from < s.len && line_end(s, from) == 0) from++;
        } else if (begins && slice_starts(slice_after(s, from), SLICE("\xEF\xBB\xBF"))) {
            begins = false;
            from += 3;
        } else {
            break;
        }
    }
    return from;
}

/* `to`: where the node ends, or the end of the text when that is not known yet. */
static layout layout_of(const reader *y, spot start, bool plain_start, size_t to) {
    layout l = { start, start, start };
    slice s = { y->text.at, to };
    if (plain_start) return l;
    spot now = start;
    while (now.byte < to && (s.at[now.byte] == '!' || s.at[now.byte] == '&')) {
        bool tag = s.at[now.byte] == '!';
        if (tag) l.tag = now;
        now = spot_move(y, now, tag ? tag_end(s, now.byte) : anchor_end(s, now.byte));
        if (tag) l.tag_end = now;
        l.content = now;
        size_t next = space_end(s, now.byte);
        if (next >= to) return l;       /* nothing follows: an empty value stands behind its tag */
        now = spot_move(y, now, next);
        l.content = now;
    }
    return l;
}

static frame *top(reader *y) { return y->open == 0 ? NULL : &y->frames[y->open - 1]; }

static bool wants_key(reader *y) {
    const frame *f = top(y);
    return f != NULL && f->node->kind == DOC_MAP && !f->has_key;
}

static bool too_deep(reader *y, pos at, unsigned levels) {
    if (y->depth + levels <= DOC_MAX_DEPTH) return false;
    tree_fail(&y->tree, at, "nested more than %d deep: sflint reads no deeper document", DOC_MAX_DEPTH);
    return true;
}

/* What `<<` takes: a mapping, or a list of them. */
static bool note_merge(reader *y, const doc_node *n, pos at) {
    VEC_PUSH(y->tree.arena, &y->merges, NULL);
    if (n->kind == DOC_MAP && !n->from_tag) {
        VEC_PUSH(y->tree.arena, &y->merges, n);
        return true;
    }
    bool good = n->kind == DOC_LIST;
    for (size_t i = 0; good && i < n->list.len; i++) good = n->list.at[i]->kind == DOC_MAP && !n->list.at[i]->from_tag;
    if (!good) return tree_fail(&y->tree, at, "`<<` takes a mapping or a list of mappings, mostly an alias (`<<: *name`)");
    for (size_t i = 0; i < n->list.len; i++) VEC_PUSH(y->tree.arena, &y->merges, n->list.at[i]);
    return true;
}

/* Puts a finished node into what is open. */
static bool put(reader *y, doc_node *n, unsigned height, pos at, pos end) {
    frame *f = top(y);
    y->last_end = end;
    if (f == NULL) {
        y->root = n;
        return true;
    }
    if (f->height < height + 1) f->height = height + 1;
    if (f->node->kind == DOC_LIST) {
        VEC_PUSH(y->tree.arena, &y->tree.items, n);
        return true;
    }
    f->has_key = false;
    if (f->merge_key) return note_merge(y, n, at);
    f->entry.value = n;
    VEC_PUSH(y->tree.arena, &y->tree.entries, f->entry);
    return true;
}

static bool name_node(reader *y, const yaml_char_t *name, doc_node *n, bool open, unsigned height, pos at, anchor **out) {
    *out = NULL;
    if (name == NULL) return true;
    slice key = slice_from((const char *)name);
    if (y->anchors.len >= DOC_MAX_ANCHORS && !strmap_has(&y->anchors, key))
        return tree_fail(&y->tree, at, "more than %d anchors: sflint reads no such document", DOC_MAX_ANCHORS);
    anchor *a = ARENA_NEW(y->tree.arena, anchor);
    *a = (anchor){ n, height, open };
    strmap_put(y->tree.arena, &y->anchors, arena_copy(y->tree.arena, key), a);
    *out = a;
    return true;
}

/* The mapping that a short tag stands for, around its argument; NULL past a limit. */
static doc_node *wrap(reader *y, const short_tag *tag, const layout *l, doc_node *argument) {
    doc_node *n = tree_node(&y->tree, DOC_MAP, l->tag.at);
    if (n == NULL) return NULL;
    n->from_tag = true;
    n->map.at = ARENA_NEW(y->tree.arena, doc_entry);
    n->map.len = 1;
    n->map.at[0] = (doc_entry){ tag->key, l->tag.at, l->tag_end.at, argument };
    return n;
}

/* libyaml's copy of a scalar, or the very text of the file where that is the same. */
static slice keep(reader *y, slice value, size_t at) {
    if (value.len <= y->text.len - at && memcmp(y->text.at + at, value.at, value.len) == 0) return (slice){ y->text.at + at, value.len };
    return arena_copy(y->tree.arena, value);
}

static char style_of(yaml_scalar_style_t style) {
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return '\'';
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return '"';
    case YAML_LITERAL_SCALAR_STYLE: return '|';
    case YAML_FOLDED_SCALAR_STYLE: return '>';
    default: return 'p';
    }
}

/* A block scalar ends behind its last visible character, not where libyaml stopped looking for more of it. */
static pos block_end(const reader *y, spot from, size_t to) {
    while (to > from.byte && (text_is_blank(y->text.at[to - 1]) || text_is_break(y->text.at[to - 1]))) to--;
    return spot_move(y, from, to).at;
}

/* !GetAtt a.b.c is the list [a, b.c]; the text without a point stays as it is. */
static bool split_get_att(reader *y, doc_node *n) {
    size_t point = slice_find(n->text, '.');
    if (point == n->text.len) return true;
    size_t first = y->tree.items.len;
    for (int i = 0; i < 2; i++) {
        size_t from = i == 0 ? 0 : point + 1, to = i == 0 ? point : n->text.len;
        doc_node *part = tree_node(&y->tree, DOC_STRING, doc_pos_in(n, from));
        if (part == NULL) return false;
        part->end = doc_pos_in(n, to);
        part->quoted = n->quoted;
        part->text = slice_from_to(n->text, from, to);
        if (part->text.at >= y->text.at && part->text.at < y->text.at + y->text.len) {
            part->style = 'p';
            part->from.source = part->text.at;
            part->source_len = (uint32_t)part->text.len;
        }
        VEC_PUSH(y->tree.arena, &y->tree.items, part);
    }
    n->kind = DOC_LIST;
    n->style = 0;
    n->text = (slice){ NULL, 0 };
    n->source_len = 0;
    n->from.order = NULL;
    tree_list(&y->tree, n, first);
    return true;
}

static doc_node *scalar_node(reader *y, const yaml_event_t *e, const layout *l, spot end) {
    doc_node *n = tree_node(&y->tree, DOC_STRING, l->content.at);
    if (n == NULL) return NULL;
    slice value = { (const char *)e->data.scalar.value, e->data.scalar.length };
    n->style = style_of(e->data.scalar.style);
    n->quoted = n->style != 'p';
    bool block = n->style == '|' || n->style == '>';
    size_t begin = l->content.byte + (n->quoted && !block ? 1 : 0);
    n->text = block || begin > end.byte ? arena_copy(y->tree.arena, value) : keep(y, value, begin);
    n->from.source = y->text.at + l->content.byte;
    n->source_len = (uint32_t)(end.byte - l->content.byte);
    n->end = block ? block_end(y, l->content, end.byte) : end.at;
    return n;
}

static bool read_key(reader *y, const yaml_event_t *e, const layout *l, spot end) {
    frame *f = top(y);
    slice value = { (const char *)e->data.scalar.value, e->data.scalar.length };
    const char *tag = (const char *)e->data.scalar.tag;
    pos at = l->content.at;
    if (value.len > DOC_MAX_KEY_BYTES) return tree_fail(&y->tree, at, "the key is longer than %d bytes", DOC_MAX_KEY_BYTES);
    if (short_tag_of(tag) != NULL) return tree_fail(&y->tree, l->tag.at, "a key is plain text: a function such as `%s` cannot be one", tag);
    char style = style_of(e->data.scalar.style);
    size_t begin = l->content.byte + (style == '"' || style == '\'' ? 1 : 0);
    f->entry = (doc_entry){ begin > end.byte ? arena_copy(y->tree.arena, value) : keep(y, value, begin), at, end.at, NULL };
    f->has_key = true;
    f->merge_key = tag == NULL ? style == 'p' && slice_is(value, "<<") : scalar_type_of(tag) == TYPE_MERGE;
    y->last_end = end.at;
    anchor *unused;
    if (e->data.scalar.anchor == NULL) return true;
    doc_node *n = scalar_node(y, e, l, end);
    return n != NULL && name_node(y, e->data.scalar.anchor, n, false, 0, at, &unused);
}

static bool on_scalar(reader *y, const yaml_event_t *e) {
    const char *tag = (const char *)e->data.scalar.tag;
    spot start = spot_of(y, e->start_mark), end = spot_of(y, e->end_mark);
    layout l = layout_of(y, start, tag == NULL && e->data.scalar.anchor == NULL, end.byte);
    if (wants_key(y)) return read_key(y, e, &l, end);
    doc_node *n = scalar_node(y, e, &l, end), *outer = n;
    if (n == NULL) return false;
    unsigned height = 0;
    const short_tag *function = short_tag_of(tag);
    if (function != NULL) {
        height = function->splits && slice_find(n->text, '.') < n->text.len ? 2 : 1;
        if (too_deep(y, l.tag.at, height)) return false;
        if (height == 2 && !split_get_att(y, n)) return false;
        outer = wrap(y, function, &l, n);
        if (outer == NULL) return false;
        outer->end = n->end;
    } else if (tag == NULL ? !n->quoted : scalar_type_of(tag) == TYPE_RESOLVED) {
        scalar_resolve(y->tree.arena, n);
        n->quoted = false;
    } else {
        n->quoted = n->quoted || scalar_type_of(tag) == TYPE_TEXT;
        if (!n->quoted) scalar_resolve(y->tree.arena, n);
    }
    anchor *unused;
    return name_node(y, e->data.scalar.anchor, outer, false, height, l.content.at, &unused) && put(y, outer, height, start.at, n->end);
}

static bool on_start(reader *y, const yaml_event_t *e, bool map) {
    /* the two events have the same fields, but not in the same type */
    const yaml_char_t *name = map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor;
    const char *tag = (const char *)(map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
    bool flow = map ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    spot start = spot_of(y, e->start_mark);
    if (wants_key(y))
        return tree_fail(&y->tree, start.at, map ? "a mapping cannot be a key: put `{{...}}` of a template language in quotes, or render it first"
                                                   : "a list cannot be a key: put the text in quotes");
    layout l = layout_of(y, start, tag == NULL && name == NULL, y->text.len);
    const short_tag *function = short_tag_of(tag);
    unsigned levels = function == NULL ? 1 : 2;
    if (too_deep(y, start.at, levels)) return false;
    frame f = { .levels = levels, .flow = flow, .first = map ? y->tree.entries.len : y->tree.items.len, .first_merge = y->merges.len };
    f.node = f.outer = tree_node(&y->tree, map ? DOC_MAP : DOC_LIST, l.content.at);
    if (f.node != NULL && function != NULL) f.outer = wrap(y, function, &l, f.node);
    if (f.node == NULL || f.outer == NULL) return false;
    if (!name_node(y, name, f.outer, true, 0, start.at, &f.name)) return false;
    y->last_end = l.content.at;
    y->depth += levels;
    y->frames[y->open++] = f;
    return true;
}

/* Entries of one merged mapping, behind the own ones on the stack. */
static bool merge_one(reader *y, const doc_node *from, pos at) {
    y->merged += from->map.len;
    if (y->merged > DOC_MAX_MERGED)
        return tree_fail(&y->tree, at, "merge keys (<<) bring more than %u entries into the document", DOC_MAX_MERGED);
    for (size_t i = 0; i < from->map.len; i++) {
        doc_entry e = from->map.at[i];
        ((doc_node *)e.value)->shared = true;   /* our own node: it has a second path now */
        VEC_PUSH(y->tree.arena, &y->tree.entries, e);
    }
    return true;
}

/* In the order in which they count: within a list the first mapping does, of several `<<` the last (as PyYAML has it). */
static bool merge(reader *y, const frame *f) {
    for (size_t end = y->merges.len; end > f->first_merge;) {
        size_t from = end - 1;
        while (y->merges.at[from] != NULL) from--;
        for (size_t i = from + 1; i < end; i++)
            if (!merge_one(y, y->merges.at[i], f->node->at)) return false;
        end = from;
    }
    y->merges.len = f->first_merge;
    return true;
}

static bool on_end(reader *y, const yaml_event_t *e) {
    frame f = y->frames[--y->open];
    y->depth -= f.levels;
    if (f.flow && e->start_mark.index != e->end_mark.index) y->last_end = spot_of(y, e->end_mark).at;
    if (f.node->kind == DOC_LIST) {
        tree_list(&y->tree, f.node, f.first);
    } else {
        size_t own = y->tree.entries.len - f.first;
        if (!merge(y, &f)) return false;
        tree_map(&y->tree, f.node, f.first, own);
    }
    f.node->end = f.outer->end = y->last_end;
    unsigned height = (f.height == 0 ? 1 : f.height) + f.levels - 1;
    if (f.name != NULL) {
        f.name->height = height;
        f.name->open = false;
    }
    return put(y, f.outer, height, f.outer->at, y->last_end);
}

static bool on_alias(reader *y, const yaml_event_t *e) {
    slice name = slice_from((const char *)e->data.alias.anchor);
    spot start = spot_of(y, e->start_mark), end = spot_of(y, e->end_mark);
    const anchor *a = strmap_get(&y->anchors, name);
    if (a == NULL)
        return tree_fail(&y->tree, start.at, "the alias `*%s` names nothing: no anchor `&%s` stands before it", text_shown(name).text,
                          text_shown(name).text);
    if (a->open)
        return tree_fail(&y->tree, start.at, "the alias `*%s` stands inside the value that it names: it would have no end",
                          text_shown(name).text);
    if (wants_key(y)) {
        if (!doc_is_scalar(a->node)) return tree_fail(&y->tree, start.at, "the alias `*%s` is a key, but names no plain text", text_shown(name).text);
        frame *f = top(y);
        f->entry = (doc_entry){ a->node->text, start.at, end.at, NULL };
        f->has_key = true;
        f->merge_key = false;
        y->last_end = end.at;
        return a->node->text.len <= DOC_MAX_KEY_BYTES ||
               tree_fail(&y->tree, start.at, "the key is longer than %d bytes", DOC_MAX_KEY_BYTES);
    }
    if (too_deep(y, start.at, a->height) || !tree_count(&y->tree, start.at)) return false;
    a->node->shared = true;
    return put(y, a->node, a->height, start.at, end.at);
}

static slice rest_at(const reader *y, size_t byte) { return slice_after(y->text, byte < y->text.len ? byte : y->text.len); }

static bool ends_line(slice s) {
    size_t i = 0;
    while (i < s.len && text_is_blank(s.at[i])) i++;
    return i == s.len || text_is_break(s.at[i]) || s.at[i] == '#';
}

static bool begins_line(slice s, size_t at) {
    while (at > 0 && text_is_blank(s.at[at - 1])) at--;
    return at == 0 || text_is_break(s.at[at - 1]);
}

typedef enum { READ, FAILED, TABS } outcome;

/* libyaml stopped. TABS: at a tab on a line with nothing but white space or a comment, which is no indentation. */
static outcome stopped(reader *y) {
    const yaml_parser_t *p = &y->parser;
    if (p->error == YAML_MEMORY_ERROR) {
        tree_fail(&y->tree, (pos){ y->file, 1, 1 }, "not enough memory to read the file");
        return FAILED;
    }
    bool key = p->context != NULL && p->problem != NULL && strcmp(p->problem, "could not find expected ':'") == 0;
    spot at = spot_of(y, key ? p->context_mark : p->problem_mark);
    slice rest = rest_at(y, at.byte);
    if (yaml_error_is_tab(p->problem, rest) && ends_line(rest)) return TABS;
    const char *words = yaml_error_words(p->problem, p->context, rest, begins_line(y->text, at.byte));
    bool unfinished = p->context != NULL && (strstr(p->context, "flow") != NULL || strstr(p->context, "quoted") != NULL);
    if (unfinished && p->context_mark.line < p->problem_mark.line)
        tree_fail(&y->tree, at.at, "%s (it begins at line %u)", words, (unsigned)spot_of(y, p->context_mark).at.line);
    else tree_fail(&y->tree, at.at, "%s", words);
    return FAILED;
}

/* Looks behind the document by itself: libyaml would read a second one's directives, without a limit. */
static bool nothing_follows(reader *y, const yaml_event_t *e) {
    spot end = spot_of(y, e->end_mark);
    size_t at = end.byte;
    bool marked = !e->data.document_end.implicit;
    for (;;) {
        at = space_end(y->text, at);
        slice rest = rest_at(y, at);
        if (!slice_starts(rest, SLICE("...")) || !ends_line(slice_after(rest, 3))) break;
        marked = true;
        at += 3;
    }
    if (at >= y->text.len) return true;
    spot second = spot_move(y, end, at);
    slice rest = rest_at(y, at);
    if (marked || slice_starts(rest, SLICE("---")))
        return tree_fail(&y->tree, second.at, "a second document begins here: a template is one document, split the file");
    return tree_fail(&y->tree, second.at, "text follows the end of the document: look at the indentation, or remove it");
}

static bool no_document(reader *y, const char *what) {
    return tree_fail(&y->tree, (pos){ y->file, 1, 1 }, "no document in the file (%s)", what);
}

static bool on_event(reader *y, const yaml_event_t *e, bool *done) {
    switch (e->type) {
    case YAML_SCALAR_EVENT: return on_scalar(y, e);
    case YAML_ALIAS_EVENT: return on_alias(y, e);
    case YAML_SEQUENCE_START_EVENT: return on_start(y, e, false);
    case YAML_MAPPING_START_EVENT: return on_start(y, e, true);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return on_end(y, e);
    case YAML_STREAM_END_EVENT: return no_document(y, "comments only");
    case YAML_DOCUMENT_END_EVENT:
        *done = true;
        if (!nothing_follows(y, e)) return false;
        return y->root->kind != DOC_NULL || y->root->text.len > 0 || no_document(y, "only `---`");
    default: return true;
    }
}

static outcome read_events(reader *y) {
    for (bool done = false; !done;) {
        yaml_event_t e;
        if (!yaml_parser_parse(&y->parser, &e)) return stopped(y);
        bool good = on_event(y, &e, &done);
        yaml_event_delete(&e);
        if (!good) return FAILED;
    }
    tree_say_duplicates(&y->tree);
    return READ;
}

static outcome read_once(arena *a, slice text, bool ascii, uint32_t file, diags *d, const doc_node **root) {
    reader state = { .file = file };    /* not of the arena: it is used up when the text is read */
    reader *y = &state;
    y->tree.arena = a;
    y->tree.diags = d;
    y->text = text;
    y->ascii = ascii;
    y->last = (spot){ 0, { file, 1, 1 } };
    if (!yaml_parser_initialize(&y->parser)) {
        tree_fail(&y->tree, (pos){ file, 1, 1 }, "not enough memory to read the file");
        return FAILED;
    }
    yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&y->parser, (const unsigned char *)text.at, text.len);
    outcome o = read_events(y);
    yaml_parser_delete(&y->parser);
    *root = o == READ ? y->root : NULL;
    return o;
}

/* A copy in which the tabs of lines that hold nothing else, or a comment, are spaces: YAML 1.2 lets them stand and libyaml does not.
 * Places stay. Blank lines of a block of text may lose a tab by it, which is why it is done only where libyaml stopped. */
static slice without_idle_tabs(arena *a, slice text) {
    slice copy = arena_copy(a, text);
    char *to = (char *)copy.at;
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && text_is_blank(text.at[end])) end++;
        if (end == text.len || text_is_break(text.at[end]) || text.at[end] == '#') memset(to + i, ' ', end - i);
        while (end < text.len && !text_is_break(text.at[end])) end++;
        i = end < text.len ? end + 1 : end;
    }
    return copy;
}

/* libyaml compares each %TAG line with all before it. */
static bool few_directives(slice text, uint32_t file, diags *d) {
    unsigned seen = 0;
    pos at = { file, 1, 1 };
    for (slice line, rest = text; slice_cut(&rest, '\n', &line); at.line++) {
        slice trimmed = slice_trim(line);
        if (trimmed.len == 0 || trimmed.at[0] == '#') continue;
        if (line.at[0] != '%') return true;
        if (++seen <= DOC_MAX_DIRECTIVES) continue;
        DOC_SAY(d, at, "more than %d lines begin with %%: sflint reads no such document", DOC_MAX_DIRECTIVES);
        return false;
    }
    return true;
}

const doc_node *doc_parse_yaml(arena *a, slice text, uint32_t file, diags *d) {
    pos start = { file, 1, 1 };
    bool ascii;
    const doc_node *root;
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_after(text, 3);
    if (text.len > DOC_MAX_BYTES) {
        DOC_SAY(d, start, "the text is larger than %u MB: sflint reads no such file", DOC_MAX_BYTES / (1024 * 1024));
        return NULL;
    }
    if (slice_trim(text).len == 0) {
        DOC_SAY(d, start, text.len == 0 ? "empty file: a template is a mapping with Resources" : "empty file: only white space stands in it");
        return NULL;
    }
    if (!text_is_yaml(text, file, d, &ascii) || !few_directives(text, file, d)) return NULL;
    arena_mark m = arena_mark_take(a);
    outcome o = read_once(a, text, ascii, file, d, &root);
    if (o == TABS) {
        arena_mark_return(a, m);
        o = read_once(a, without_idle_tabs(a, text), ascii, file, d, &root);
        if (o == TABS) DOC_SAY(d, start, "a tab stands in the indentation: indent with spaces");
    }
    return o == READ ? root : NULL;
}
