/* Values made from documents, and from JSON that stands inside text. */
#include "template/pointers.h"
#include "template/value.h"

/* ---- plain conversion ---- */

typedef struct {
    arena *arena;
    pointers met;
    const value *(*leaf)(void *self, const doc_node *n);   /* for a string; NULL: the plain string */
    void *self;
} converter;

static const value *convert(converter *c, const doc_node *n);

static void convert_map(converter *c, const doc_node *n, value *v) {
    value_entry *entries = ARENA_ARRAY(c->arena, value_entry, n->map.len);
    for (size_t i = 0; i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        entries[i] = (value_entry){ e->key, e->key_at, e->key_end, convert(c, e->value) };
    }
    v->map.at = entries;
    v->map.len = n->map.len;
}

/* Recursion is bounded by DOC_MAX_DEPTH. */
static const value *convert(converter *c, const doc_node *n) {
    static const value_kind kinds[] = { [DOC_NULL] = VAL_NULL, [DOC_BOOL] = VAL_BOOL, [DOC_INT] = VAL_INT, [DOC_DOUBLE] = VAL_DOUBLE,
                                        [DOC_STRING] = VAL_STRING, [DOC_LIST] = VAL_LIST, [DOC_MAP] = VAL_MAP };
    if (n->shared) {
        const value *before = pointers_get(&c->met, n);
        if (before != NULL) return before;
    }
    if (n->kind == DOC_STRING && c->leaf != NULL) return c->leaf(c->self, n);
    value *v = value_new(c->arena, kinds[n->kind], n->at);
    v->end = n->end;
    v->text = n->text;
    v->node = doc_is_scalar(n) ? n : NULL;
    switch (n->kind) {
    case DOC_BOOL: v->boolean = n->boolean; break;
    case DOC_INT: v->integer = n->integer; break;
    case DOC_DOUBLE: v->number = n->number; break;
    case DOC_MAP: convert_map(c, n, v); break;
    case DOC_LIST: {
        const value **items = ARENA_ARRAY(c->arena, const value *, n->list.len);
        for (size_t i = 0; i < n->list.len; i++) items[i] = convert(c, n->list.at[i]);
        v->list.at = items;
        v->list.len = n->list.len;
        break;
    }
    default: break;
    }
    if (n->shared) pointers_put(c->arena, &c->met, n, v);
    return v;
}

const value *value_from_doc(arena *a, const doc_node *n) {
    converter c = { .arena = a };
    return n == NULL ? &value_absent : convert(&c, n);
}

/* ---- JSON inside text ----
 * A JOINED text is parsed with its open parts replaced by marks: U+E000, the part's number, U+E001 (private characters that no template
 * has a use for; one that is in the text all the same makes the text unknown). Outside a JSON string a mark gets quotes of its own. */

#define MARK_OPEN  "\xEE\x80\x80"
#define MARK_CLOSE "\xEE\x80\x81"

typedef struct {
    arena *arena;
    const value *text;         /* the STRING or JOINED */
    bool *bad;
} json_text;

static const value *all_at(arena *a, const value *v, pos at, pos end);

/* A string of the parsed text: its marks become the open parts again. */
static const value *marked_leaf(void *self, const doc_node *n) {
    const json_text *j = self;
    arena *a = j->arena;
    VEC(const value *) parts = { 0 };
    slice rest = n->text;
    for (;;) {
        size_t open = slice_find_slice(rest, SLICE(MARK_OPEN));
        slice before = open == (size_t)-1 ? rest : slice_from_to(rest, 0, open);
        if (before.len > 0) VEC_PUSH(a, &parts, value_new_string(a, j->text->at, before));
        if (open == (size_t)-1) break;
        rest = slice_after(rest, open + sizeof MARK_OPEN - 1);
        size_t close = slice_find_slice(rest, SLICE(MARK_CLOSE));
        long long index;
        if (close == (size_t)-1 || !slice_int(slice_from_to(rest, 0, close), &index) || index < 0 ||
            (unsigned long long)index >= j->text->list.len)
            return value_new_unknown(a, j->text->at, UNKNOWN_COMPUTED, SLICE("JSON text"));
        VEC_PUSH(a, &parts, j->text->list.at[index]);
        rest = slice_after(rest, close + sizeof MARK_CLOSE - 1);
    }
    return value_new_joined(a, j->text->at, parts.at, parts.len);
}

static bool mark_parts(arena *a, const value *v, slice *out) {
    buf b = { .arena = a };
    bool in_string = false, escaped = false;
    for (size_t i = 0; i < v->list.len; i++) {
        const value *part = v->list.at[i];
        slice text;
        if (value_text(a, part, &text)) {
            if (slice_find_slice(text, SLICE(MARK_OPEN)) != (size_t)-1) return false;
            for (size_t k = 0; k < text.len; k++) {
                char c = text.at[k];
                if (escaped) escaped = false;
                else if (in_string && c == '\\') escaped = true;
                else if (c == '"') in_string = !in_string;
            }
            buf_slice(&b, text);
            continue;
        }
        escaped = false;
        buf_printf(&b, in_string ? MARK_OPEN "%zu" MARK_CLOSE : "\"" MARK_OPEN "%zu" MARK_CLOSE "\"", i);
    }
    *out = buf_as_slice(&b);
    return true;
}

/* Moves everything to one place: a joined text has no places of its own inside. */
static const value *all_at(arena *a, const value *v, pos at, pos end) {
    value *moved = ARENA_NEW(a, value);
    *moved = *v;
    moved->at = at;
    moved->end = end;
    moved->node = NULL;
    if (v->kind == VAL_LIST) {
        moved->list.at = ARENA_ARRAY(a, const value *, v->list.len);
        for (size_t i = 0; i < v->list.len; i++) moved->list.at[i] = all_at(a, v->list.at[i], at, end);
    } else if (v->kind == VAL_MAP) {
        value_entry *entries = ARENA_ARRAY(a, value_entry, v->map.len);
        for (size_t i = 0; i < v->map.len; i++) {
            const value_entry *e = &v->map.at[i];
            entries[i] = (value_entry){ e->key, at, end, all_at(a, e->value, at, end) };
        }
        moved->map.at = entries;
    }
    return moved;
}

static const value *from_text(void *self, const value *v) {
    json_text *j = self;
    arena *a = j->arena;
    if (v->kind == VAL_STRING) {
        const doc_node *n = NULL;
        bool placed = v->node != NULL && slice_eq(v->text, v->node->text);
        n = placed ? doc_parse_json_in(a, v->node, NULL) : doc_parse_json(a, v->text, v->at, NULL);
        if (n == NULL) {
            *j->bad = true;
            return &value_absent;
        }
        const value *got = value_from_doc(a, n);
        return placed ? got : all_at(a, got, v->at, v->end);
    }
    if (v->kind == VAL_JOINED) {
        slice text;
        if (!mark_parts(a, v, &text)) return value_new_unknown(a, v->at, UNKNOWN_COMPUTED, SLICE("JSON text"));
        const doc_node *n = doc_parse_json(a, text, v->at, NULL);
        if (n == NULL) {
            /* The open part may be the text that makes it JSON. */
            return value_new_unknown(a, v->at, UNKNOWN_COMPUTED, SLICE("JSON text"));
        }
        json_text inner = { a, v, j->bad };
        converter c = { .arena = a, .leaf = marked_leaf, .self = &inner };
        return all_at(a, convert(&c, n), v->at, v->end);
    }
    if (v->kind == VAL_BOOL || v->kind == VAL_INT || v->kind == VAL_DOUBLE) {
        *j->bad = true;
        return &value_absent;
    }
    return v;
}

const value *value_from_json_text(arena *a, const value *v, bool *bad) {
    json_text j = { a, v, bad };
    return value_map(a, v, from_text, &j);
}
