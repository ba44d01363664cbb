/* Waivers in comments of YAML: `# sflint: allow SF301, SF302 until 2027-06-30 owner shop kind load -- reason`.
 *
 * libyaml tells nothing of comments, so lines are looked at for `# ... sflint:`, and the document says which of those `#` stand inside a
 * scalar. A comment behind something covers what is found in its line; one on a line of its own covers the block that begins behind it, the
 * resource that it stands in when it is indented deeper than what follows, and the whole template when it stands before the first key. */
#include <stdint.h>

#include "base/utf8.h"
#include "lint/waiver_parts.h"

/* ---- what the document has ---- */

typedef struct {
    pos at, end;
    uint32_t first;            /* block scalars: the line behind the `|`, where their text begins; else 0 */
} scalar_place;

typedef struct {
    arena *arena;
    VEC(scalar_place) scalars; /* in order of the text */
    uint32_t *ends;            /* by line: where the outermost thing that begins in it ends; 0 = none does */
    size_t lines;
} layout;

static bool before(pos x, pos y) { return x.line < y.line || (x.line == y.line && x.column < y.column); }

static void begins(layout *l, uint32_t line, uint32_t end) {
    if (line < l->lines && l->ends[line] == 0)
        l->ends[line] = end < line ? line : end;
}

static void add_scalar(layout *l, const doc_node *n) {
    bool block = n->style == '|' || n->style == '>';
    if (n->style != 0 && before(n->at, n->end))
        VEC_PUSH(l->arena, &l->scalars, (scalar_place){ n->at, n->end, block ? n->at.line + 1 : 0 });
}

/* Only what stands where the walk is: an alias, or what a merge key brought in, is written elsewhere and met there. Depth is limited by
 * DOC_MAX_DEPTH. */
static void walk(layout *l, const doc_node *n, pos *reached) {
    if (n->kind == DOC_MAP) {
        for (size_t i = 0; i < n->map.len; i++) {
            const doc_entry *e = &n->map.at[i];
            if (before(e->key_at, *reached))
                continue;
            *reached = e->key_at;
            if (!n->from_tag)
                begins(l, e->key_at.line, before(e->value->at, e->key_at) ? e->key_end.line : e->value->end.line);
            if (before(e->key_at, e->key_end) && !n->from_tag)
                VEC_PUSH(l->arena, &l->scalars, (scalar_place){ e->key_at, e->key_end, 0 });
            if (!before(e->value->at, *reached)) {
                *reached = e->value->at;
                walk(l, e->value, reached);
            }
        }
    } else if (n->kind == DOC_LIST) {
        for (size_t i = 0; i < n->list.len; i++) {
            const doc_node *item = n->list.at[i];
            if (before(item->at, *reached))
                continue;
            *reached = item->at;
            begins(l, item->at.line, item->end.line);
            walk(l, item, reached);
        }
    } else {
        add_scalar(l, n);
    }
    if (before(*reached, n->end))
        *reached = n->end;
}

/* Does the scalar have the character at `at`? */
static bool has(const scalar_place *s, pos at) {
    if (s->first > 0 && at.line < s->first)
        return false;          /* behind the `|` there may be a comment */
    return !before(at, s->at) && before(at, s->end);
}

/* ---- one comment ---- */

typedef struct {
    slice line;
    pos at;                    /* of the line's first character */
} place_in_line;

static pos place_at(void *self, size_t n) {
    const place_in_line *p = self;
    pos at = p->at;
    at.column += (uint32_t)utf8_count(slice_from_to(p->line, 0, n));
    return at;
}

typedef struct {
    slice line, words;         /* what stands behind `sflint:` */
    uint32_t number;
    pos at, end;               /* from the `#` to the end of the line */
    bool alone;                /* nothing but blanks before it */
} comment;

/* The next word, without blanks; "" at the end. */
static slice next_word(slice *rest) {
    *rest = slice_trim(*rest);
    size_t end = 0;
    while (end < rest->len && rest->at[end] != ' ' && rest->at[end] != '\t')
        end++;
    slice word = slice_from_to(*rest, 0, end);
    *rest = slice_after(*rest, end);
    return word;
}

static size_t reason_at(slice text) {
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.at[i] == '-' && text.at[i + 1] == '-' && (i == 0 || text.at[i - 1] == ' ' || text.at[i - 1] == '\t') &&
            (i + 2 == text.len || text.at[i + 2] == ' ' || text.at[i + 2] == '\t'))
            return i;
    return text.len;
}

typedef struct {
    slice line;
    pos begin;
    slice rules;
} rules_place;

static pos rules_at(void *self, size_t n) {
    const rules_place *r = self;
    place_in_line p = { r->line, r->begin };
    return place_at(&p, (size_t)(r->rules.at - r->line.at) + n);
}

/* `allow RULE[, RULE...] [until DAY] [owner NAME] [kind KIND] [-- REASON]`; a name may be several words. */
static void read_comment(arena *a, const comment *c, waiver w, waiver_reading *out) {
    static const slice verbs[] = { SLICE_INIT("allow") };
    static const slice keywords[] = { SLICE_INIT("until"), SLICE_INIT("owner"), SLICE_INIT("kind") };
    slice *values[] = { &w.until, &w.owner, &w.kind };
    size_t end = reason_at(c->words);
    slice head = slice_from_to(c->words, 0, end), verb = next_word(&head);
    w.at = c->at;
    w.end = c->end;
    if (!slice_eq(verb, verbs[0])) {
        slice near = waiver_suggest(a, verb, verbs, COUNT(verbs));
        waiver_malformed(a, out, c->at, c->end, verb.len == 0 ? SLICE("a comment for sflint is: allow RULE until DAY owner NAME -- reason") :
                         arena_printf(a, "a comment for sflint is: allow RULE until DAY owner NAME -- reason, not %.*s%.*s", SLICE_ARG(verb), SLICE_ARG(near)));
        return;
    }
    if (end < c->words.len)
        w.reason = arena_copy(a, slice_trim(slice_after(c->words, end + 2)));
    slice rules = slice_trim(head), *into = NULL, from = { NULL, 0 };
    rules.len = 0;
    /* Words up to a keyword are the rules, then each keyword's own. */
    for (slice rest = head, word; (word = next_word(&rest)).len > 0;) {
        size_t k = 0;
        while (k < COUNT(keywords) && !slice_eq(word, keywords[k]))
            k++;
        if (k < COUNT(keywords)) {
            into = values[k];
            from.at = NULL;
        } else if (into == NULL) {
            bool continued = rules.len == 0 || rules.at[rules.len - 1] == ',' || word.at[0] == ',';
            if (!continued) {
                slice near = waiver_suggest(a, word, keywords, COUNT(keywords));
                place_in_line p = { c->line, { w.file, c->number, 1 } };
                size_t begin = (size_t)(word.at - c->line.at);
                waiver_malformed(a, out, place_at(&p, begin), place_at(&p, begin + word.len),
                                 arena_printf(a, "behind the rules stand until, owner, kind and -- with the reason, not %.*s%.*s", SLICE_ARG(word), SLICE_ARG(near)));
                return;
            }
            rules.len = (size_t)(word.at + word.len - rules.at);
        } else {
            if (from.at == NULL)
                from.at = word.at;
            *into = (slice){ from.at, (size_t)(word.at + word.len - from.at) };
        }
    }
    for (size_t k = 0; k < COUNT(values); k++)
        *values[k] = arena_copy(a, *values[k]);
    rules_place place = { c->line, { w.file, c->number, 1 }, rules };
    waiver_add(a, &w, rules, rules_at, &place, out);
}

/* ---- a text ---- */

/* Zero bytes of UTF-16 are left out: lines and what is Latin stay where they are. */
static slice narrow(arena *a, slice text) {
    if (!slice_starts(text, SLICE("\xFE\xFF")) && !slice_starts(text, SLICE("\xFF\xFE")))
        return slice_starts(text, SLICE("\xEF\xBB\xBF")) ? slice_after(text, 3) : text;
    char *at = ARENA_ARRAY(a, char, text.len);
    size_t len = 0;
    for (size_t i = 2; i < text.len; i++)
        if (text.at[i] != '\0')
            at[len++] = text.at[i];
    return (slice){ at, len };
}

/* Cuts a line off: it ends with \n, \r\n or \r, as YAML has it. */
static bool next_line(slice *rest, slice *line) {
    if (rest->at == NULL || rest->len == 0)
        return false;
    size_t end = 0;
    while (end < rest->len && rest->at[end] != '\n' && rest->at[end] != '\r')
        end++;
    *line = slice_from_to(*rest, 0, end);
    if (end + 1 < rest->len && rest->at[end] == '\r' && rest->at[end + 1] == '\n')
        end++;
    *rest = end < rest->len ? slice_after(*rest, end + 1) : (slice){ "", 0 };
    return true;
}

/* The line's `# sflint:`, and what is behind it. Of several # the first that is followed by the word counts. */
static bool find_comment(slice line, size_t *hash, slice *words) {
    static const slice word = SLICE_INIT("sflint:");
    for (size_t i = slice_find(line, '#'); i < line.len; i += 1 + slice_find(slice_after(line, i + 1), '#')) {
        slice behind = slice_trim(slice_after(line, i + 1));
        if ((i > 0 && line.at[i - 1] != ' ' && line.at[i - 1] != '\t') || !slice_starts(behind, word))
            continue;
        *hash = i;
        *words = slice_trim(slice_after(behind, word.len));
        return true;
    }
    return false;
}

static bool is_blank_or_comment(slice line) {
    line = slice_trim(line);
    return line.len == 0 || line.at[0] == '#';
}

void waivers_of_comments(arena *a, const template *t, waiver_reading *out) {
    VEC(comment) comments = { 0 };
    slice text = narrow(a, t->text), rest = text, line;
    uint32_t number = 0;
    while (next_line(&rest, &line)) {
        comment c = { .line = line, .number = number + 1 };
        size_t hash;
        number++;
        if (!find_comment(line, &hash, &c.words))
            continue;
        place_in_line p = { line, { t->file, number, 1 } };
        c.at = place_at(&p, hash);
        c.end = place_at(&p, slice_from_to(line, 0, line.len).len);
        c.alone = slice_trim(slice_from_to(line, 0, hash)).len == 0;
        VEC_PUSH(a, &comments, c);
    }
    if (comments.len == 0)
        return;
    layout l = { .arena = a, .lines = (size_t)number + 2 };
    l.ends = ARENA_ARRAY(a, uint32_t, l.lines);
    pos reached = { t->file, 0, 0 };
    walk(&l, t->doc, &reached);
    /* Which line has the first key, and what block begins behind a comment of its own. */
    uint32_t first = t->doc->kind == DOC_MAP && t->doc->map.len > 0 ? t->doc->map.at[0].key_at.line : 0;
    strmap by_line = { 0 };
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        slice key = { (const char *)&r->at.line, sizeof r->at.line };
        if (r->at.file == t->file && !r->generated && !strmap_has(&by_line, key))
            strmap_put(a, &by_line, key, (void *)(uintptr_t)r);
    }
    uint32_t *next = ARENA_ARRAY(a, uint32_t, l.lines);      /* by line: the first line with something in it, from there on */
    uint32_t *indent = ARENA_ARRAY(a, uint32_t, l.lines);    /* the column where it begins */
    bool *empty = ARENA_ARRAY(a, bool, l.lines);
    const resource **within = ARENA_ARRAY(a, const resource *, l.lines);       /* the resource that it stands in */
    rest = text;
    for (uint32_t n = 1; next_line(&rest, &line); n++) {
        const resource *r = strmap_get(&by_line, (slice){ (const char *)&n, sizeof n });
        empty[n] = is_blank_or_comment(line);
        indent[n] = 1;
        while (indent[n] <= line.len && line.at[indent[n] - 1] == ' ')
            indent[n]++;
        within[n] = r != NULL ? r : within[n - 1];
        if (r == NULL && within[n] != NULL && !empty[n] && indent[n] <= within[n]->at.column)
            within[n] = NULL;
    }
    for (uint32_t n = number; n > 0; n--)
        next[n] = !empty[n] ? n : next[n + 1];
    size_t s = 0;
    for (size_t i = 0; i < comments.len; i++) {
        const comment *c = &comments.at[i];
        while (s < l.scalars.len && !before(c->at, l.scalars.at[s].end))
            s++;
        if (s < l.scalars.len && has(&l.scalars.at[s], c->at))
            continue;
        waiver w = { .source = WAIVER_IN_COMMENT, .file = t->file, .first = c->number, .last = c->number };
        uint32_t begin = c->alone ? next[c->number] : 0;
        const resource *r = within[c->number];
        bool ends = c->alone && (begin == 0 || (begin > first && indent[begin] < c->at.column));   /* nothing begins behind it */
        if (ends && r != NULL && r->at.column < c->at.column) {
            w.resource = arena_copy(a, r->id);
            w.first = r->at.line;
            w.last = r->body->end.line > c->number ? r->body->end.line : c->number;
        } else if (ends)
            w.first = w.last = c->number;                    /* it covers nothing */
        else if (c->alone && begin <= first)
            w.first = w.last = 0;
        else if (c->alone) {
            r = strmap_get(&by_line, (slice){ (const char *)&begin, sizeof begin });
            w.first = begin;
            w.last = l.ends[begin] == 0 ? begin : l.ends[begin];
            if (r != NULL)
                w.resource = arena_copy(a, r->id);
        }
        if (waiver_room(a, out, c->at, c->end) == 0)
            break;
        read_comment(a, c, w, out);
    }
}
