#include "service/text.h"

static void add_known(buf *b, slice s) {
    for (size_t i = 0; i < s.len; i++)
        buf_char(b, s.at[i] == '\0' ? ' ' : s.at[i]);    /* '\0' means an open part */
}

open_text text_of(arena *a, const value *v) {
    open_text t = { .arena = a, .at = v->at, .end = v->end };
    buf b = { .arena = a };
    switch (v->kind) {
    case VAL_STRING: case VAL_BOOL: case VAL_INT: case VAL_DOUBLE:
        add_known(&b, v->text);
        break;
    case VAL_REF: case VAL_UNKNOWN: case VAL_CHOICE:
        t.open = ARENA_ARRAY(a, const value *, 1);
        t.open[t.open_len++] = v;
        buf_char(&b, '\0');
        break;
    case VAL_JOINED:
        t.open = ARENA_ARRAY(a, const value *, v->list.len);
        for (size_t i = 0; i < v->list.len; i++) {
            const value *part = v->list.at[i];
            if (part->kind == VAL_STRING) {
                add_known(&b, part->text);
            } else {
                t.open[t.open_len++] = part;
                buf_char(&b, '\0');
            }
        }
        break;
    case VAL_ABSENT: case VAL_NULL: case VAL_LIST: case VAL_MAP:
        break;
    }
    t.flat = buf_as_slice(&b);
    return t;
}

slice text_flat(const open_text *t, size_t from, size_t to) {
    if (to > t->flat.len)
        to = t->flat.len;
    return from < to ? slice_from_to(t->flat, from, to) : (slice){ "", 0 };
}

const value *text_piece(const open_text *t, size_t from, size_t to) {
    slice whole = text_flat(t, from, to);
    size_t next = 0;
    for (size_t i = 0; i < from && i < t->flat.len; i++)
        next += t->flat.at[i] == '\0';
    VEC(const value *) parts = { 0 };
    while (whole.len > 0) {
        size_t known = slice_find(whole, '\0');
        if (known > 0)
            VEC_PUSH(t->arena, &parts, value_new_string(t->arena, t->at, slice_from_to(whole, 0, known)));
        if (known == whole.len)
            break;
        VEC_PUSH(t->arena, &parts, t->open[next++]);
        whole = slice_after(whole, known + 1);
    }
    if (parts.len == 0)
        return value_new_string(t->arena, t->at, (slice){ "", 0 });
    return parts.len == 1 ? parts.at[0] : value_new_joined(t->arena, t->at, parts.at, parts.len);
}

size_t text_cut(const open_text *t, char separator, size_t most, size_t *at, size_t *to) {
    size_t n = 0, from = 0;
    while (n + 1 < most) {
        size_t cut = from + slice_find(slice_after(t->flat, from), separator);
        if (cut >= t->flat.len)
            break;
        at[n] = from;
        to[n++] = cut;
        from = cut + 1;
    }
    at[n] = from;
    to[n++] = t->flat.len;
    return n;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool same_at(slice s, size_t at, slice part) {
    if (at + part.len > s.len)
        return false;
    for (size_t i = 0; i < part.len; i++)
        if (lower(s.at[at + i]) != lower(part.at[i]))
            return false;
    return true;
}

bool text_has(const open_text *t, slice part) {
    for (size_t i = 0; i + part.len <= t->flat.len; i++)
        if (same_at(t->flat, i, part))
            return true;
    return false;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* Behind the name: quotes, blanks, one `:` or `=`, escapes of quotes, and the encoding call that form bodies have. */
static size_t value_start(slice s, size_t i) {
    bool joined = false;
    static const slice encode = SLICE_INIT("$util.urlencode(");
    for (;;) {
        if (i >= s.len)
            return (size_t)-1;
        char c = s.at[i];
        if ((c == ':' || c == '=') && !joined) {
            joined = true;
            i++;
        } else if (c == '"' || c == '\'' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\') {
            i++;
        } else if (joined && same_at(s, i, encode)) {
            i += encode.len;
        } else {
            return joined ? i : (size_t)-1;
        }
    }
}

const value *text_named(const open_text *t, slice name) {
    slice s = t->flat;
    for (size_t i = 0; i + name.len <= s.len; i++) {
        if (!same_at(s, i, name) || (i > 0 && is_word(s.at[i - 1])) || (i + name.len < s.len && is_word(s.at[i + name.len])))
            continue;
        size_t from = value_start(s, i + name.len);
        if (from == (size_t)-1)
            continue;
        size_t to = from;
        while (to < s.len && strchr("\"'&,{}()\\ \t\r\n<>", s.at[to] == '\0' ? 'x' : s.at[to]) == NULL)
            to++;
        slice found = slice_from_to(s, from, to);
        if (found.len > 0 && found.at[0] == '$')
            return value_new_unknown(t->arena, t->at, UNKNOWN_COMPUTED, found);
        if (found.len > 0)
            return text_piece(t, from, to);
    }
    return &value_absent;
}
