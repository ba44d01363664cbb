/* What the SAM translator refuses. */
#include "template/sam/lower.h"

#include <stdarg.h>
#include <stdio.h>

static void refuse(sam *s, pos at, pos end, const char *format, va_list args) __attribute__((format(printf, 4, 0)));
static void refuse(sam *s, pos at, pos end, const char *format, va_list args) {
    char said[1024];
    if (s->quiet)
        return;
    int len = vsnprintf(said, sizeof said, format, args);
    if (len < 0)
        return;
    slice message = arena_copy(s->a, (slice){ said, (size_t)len < sizeof said ? (size_t)len : sizeof said - 1 });
    slice key = sam_print(s, "%u:%u:%.*s", at.line, at.column, SLICE_ARG(message));
    if (strmap_put(s->a, &s->problems_seen, key, s) != NULL)
        return;
    sam_problem p = { .problem = { .kind = s->refuses, .at = at, .end = end, .message = message, .w = WHEN_ALWAYS },
                      .id = s->now == NULL ? (slice){ "", 0 } : s->now->id };
    VEC_PUSH(s->a, &s->problems, p);
}

void sam_refuse_at(sam *s, pos at, pos end, const char *format, ...) {
    va_list args;
    va_start(args, format);
    refuse(s, at, end, format, args);
    va_end(args);
}

void sam_refuse(sam *s, const doc_node *at, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (at != NULL)
        refuse(s, at->at, at->end, format, args);
    else if (s->event_name.len > 0)
        refuse(s, s->event_at, s->event_end, format, args);
    else if (s->now != NULL)
        refuse(s, s->now->at, s->now->end, format, args);
    else
        refuse(s, s->doc->at, s->doc->at, format, args);
    va_end(args);
}

/* ---- properties ---- */

typedef struct {
    slice name, kinds;
    bool required, no_intrinsic;
} property;

static bool next_property(slice *table, property *p) {
    slice word;
    do {
        if (table->at == NULL || !slice_cut(table, ' ', &word))
            return false;
    } while (word.len == 0);
    *p = (property){ .name = word, .kinds = { "", 0 } };
    if (slice_ends(word, SLICE("="))) {
        p->no_intrinsic = true;
        word.len--;
    }
    size_t colon = slice_find(word, ':');
    if (colon < word.len)
        p->kinds = slice_after(word, colon + 1);
    p->name = slice_from_to(word, 0, colon);
    if (slice_ends(p->name, SLICE("!"))) {
        p->required = true;
        p->name.len--;
    }
    return true;
}

static bool items_are(const doc_node *n, doc_kind one, doc_kind other) {
    size_t len = n->kind == DOC_LIST ? n->list.len : n->map.len;
    for (size_t i = 0; i < len; i++) {
        const doc_node *item = n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value;
        if (item->kind != one && item->kind != other)
            return false;
    }
    return true;
}

static bool kind_is(const doc_node *n, char kind) {
    switch (kind) {
    case 's': return n->kind == DOC_STRING;
    case 'i': return n->kind == DOC_INT || n->kind == DOC_BOOL;
    case 'b': return n->kind == DOC_BOOL;
    case 'm': return n->kind == DOC_MAP;
    case 'l': return n->kind == DOC_LIST;
    case 'S': return n->kind == DOC_LIST && items_are(n, DOC_STRING, DOC_MAP);
    case 'D': return n->kind == DOC_LIST && items_are(n, DOC_MAP, DOC_STRING);
    case 'M': return n->kind == DOC_MAP && (n->map.len == 1 || items_are(n, DOC_MAP, DOC_INT));
    case 'T': return n->kind == DOC_MAP && (n->map.len == 1 || items_are(n, DOC_STRING, DOC_MAP));
    default: return true;
    }
}

static slice kind_words(sam *s, slice kinds) {
    static const struct { char kind; const char *words; } names[] = {
        { 's', "a string" }, { 'i', "a number" }, { 'b', "true or false" }, { 'm', "a map" }, { 'l', "a list" },
        { 'S', "a list of strings" }, { 'D', "a list of maps" }, { 'M', "a map of maps" }, { 'T', "a map of strings" },
    };
    slice words = { "", 0 };
    for (size_t k = 0; k < kinds.len; k++)
        for (size_t i = 0; i < COUNT(names); i++)
            if (names[i].kind == kinds.at[k])
                words = sam_print(s, "%.*s%s%s", SLICE_ARG(words), words.len > 0 ? " or " : "", names[i].words);
    return words;
}

static bool kind_fits(const doc_node *n, const property *p) {
    if (p->kinds.len == 0 || sam_none(n) || (!p->no_intrinsic && n->kind == DOC_MAP && n->map.len == 1))
        return true;
    for (size_t k = 0; k < p->kinds.len; k++)
        if (kind_is(n, p->kinds.at[k]))
            return true;
    return false;
}

static const char *nearest(sam *s, slice table, slice wrong) {
    property p;
    slice best = { "", 0 };
    size_t least = wrong.len / 3 + 1;
    while (next_property(&table, &p)) {
        size_t far = slice_distance(p.name, wrong, least);
        if (far < least || (far == least && best.len == 0)) {
            best = p.name;
            least = far;
        }
    }
    return best.len == 0 ? "" : sam_print(s, "; did you mean %.*s?", SLICE_ARG(best)).at;
}

bool sam_check_properties(sam *s, slice table, const doc_node *props, pos at, pos end, slice what) {
    bool good = true;
    size_t known = 0;
    property p;
    strmap met = { 0 };
    for (slice rest = table; next_property(&rest, &p);) {
        const doc_entry *e = doc_entry_of(props, p.name);
        if (strmap_has(&met, p.name))
            continue;
        if (e == NULL || sam_none(e->value)) {
            known += e != NULL;
            if (p.required) {
                sam_refuse_at(s, at, end, "%.*s needs the property %.*s", SLICE_ARG(what), SLICE_ARG(p.name));
                good = false;
            }
            continue;
        }
        known++;
        if (p.required && e != NULL)
            strmap_put(s->a, &met, p.name, s);
        if (!kind_fits(e->value, &p)) {
            sam_refuse_at(s, e->value->at, e->value->end, "%.*s of %.*s must be %.*s%s", SLICE_ARG(p.name), SLICE_ARG(what),
                          SLICE_ARG(kind_words(s, p.kinds)), p.no_intrinsic && sam_is_intrinsic(e->value) ? ", not an intrinsic function" : "");
            good = false;
        }
    }
    for (size_t i = 0; known < props->map.len && i < props->map.len; i++) {
        slice key = props->map.at[i].key;
        bool found = false;
        for (slice rest = table; !found && next_property(&rest, &p);)
            found = slice_eq(p.name, key);
        if (!found) {
            sam_refuse_at(s, props->map.at[i].key_at, props->map.at[i].key_end, "%.*s has no property %.*s%s", SLICE_ARG(what), SLICE_ARG(key),
                          nearest(s, table, key));
            good = false;
        }
    }
    return good;
}
