#include "template/value.h"

#include "template/template.h"

const value value_absent = { .kind = VAL_ABSENT };

/* ---- making ---- */

value *value_new(arena *a, value_kind kind, pos at) {
    value *v = ARENA_NEW(a, value);
    v->kind = kind;
    v->at = v->end = at;
    return v;
}

const value *value_new_string(arena *a, pos at, slice text) {
    value *v = value_new(a, VAL_STRING, at);
    v->text = text;
    return v;
}

const value *value_new_int(arena *a, pos at, long long n) {
    value *v = value_new(a, VAL_INT, at);
    v->integer = n;
    v->text = arena_printf(a, "%lld", n);
    return v;
}

const value *value_new_bool(arena *a, pos at, bool b) {
    value *v = value_new(a, VAL_BOOL, at);
    v->boolean = b;
    v->text = b ? SLICE("true") : SLICE("false");
    return v;
}

const value *value_new_list(arena *a, pos at, const value **items, size_t len) {
    value *v = value_new(a, VAL_LIST, at);
    v->list.at = items;
    v->list.len = len;
    return v;
}

const value *value_new_map(arena *a, pos at, const value_entry *entries, size_t len) {
    value *v = value_new(a, VAL_MAP, at);
    v->map.at = entries;
    v->map.len = len;
    return v;
}

const value *value_new_unknown(arena *a, pos at, unknown_why why, slice what) {
    value *v = value_new(a, VAL_UNKNOWN, at);
    v->why = why;
    v->text = what;
    return v;
}

const value *value_new_ref(arena *a, pos at, const resource *to, slice attr) {
    value *v = value_new(a, VAL_REF, at);
    v->ref.to = to;
    v->ref.attr = attr;
    return v;
}

const value *value_placed(arena *a, const value *v, pos at, pos end) {
    value *copy = ARENA_NEW(a, value);
    *copy = *v;
    copy->at = at;
    copy->end = end;
    return copy;
}

/* The text of a scalar in a joined text: booleans are written as CloudFormation writes them. */
static slice scalar_text(const value *v) {
    if (v->kind == VAL_BOOL) return v->boolean ? SLICE("true") : SLICE("false");
    return v->text;
}

static bool is_scalar(const value *v) {
    return v->kind == VAL_STRING || v->kind == VAL_INT || v->kind == VAL_DOUBLE || v->kind == VAL_BOOL;
}

typedef struct {
    arena *arena;
    pos at;
    VEC(const value *) parts;
    VEC(slice) run;        /* neighbouring texts, not yet made a part */
    const value *first;    /* of the run */
    size_t bytes;
} joiner;

static void run_end(joiner *j) {
    if (j->run.len == 0) return;
    if (j->run.len == 1 && j->first->kind == VAL_STRING) {
        if (j->first->text.len > 0) VEC_PUSH(j->arena, &j->parts, j->first);
    } else {
        slice text = j->run.len == 1 ? j->run.at[0] : arena_concat(j->arena, j->run.at, j->run.len);
        if (text.len > 0) {
            value *v = value_new(j->arena, VAL_STRING, j->first->at);
            v->end = j->first->end;
            v->text = text;
            VEC_PUSH(j->arena, &j->parts, v);
        }
    }
    j->run.len = 0;
}

static void join_one(joiner *j, const value *v) {
    if (is_scalar(v)) {
        slice text = scalar_text(v);
        if (text.len == 0) return;
        if (j->run.len == 0) j->first = v;
        VEC_PUSH(j->arena, &j->run, text);
        j->bytes += text.len;
        return;
    }
    run_end(j);
    VEC_PUSH(j->arena, &j->parts, v);
}

const value *value_new_joined(arena *a, pos at, const value **parts, size_t len) {
    joiner j = { .arena = a, .at = at };
    for (size_t i = 0; i < len; i++) {
        const value *v = parts[i];
        if (v->kind == VAL_JOINED)
            for (size_t k = 0; k < v->list.len; k++) join_one(&j, v->list.at[k]);
        else if (is_scalar(v) || v->kind == VAL_REF || v->kind == VAL_UNKNOWN)
            join_one(&j, v);
        else if (v->kind != VAL_ABSENT && v->kind != VAL_NULL)
            join_one(&j, value_new_unknown(a, v->at, UNKNOWN_COMPUTED, SLICE("Fn::Join")));
        if (j.bytes > VALUE_MAX_TEXT || j.parts.len > VALUE_MAX_PARTS)
            return value_new_unknown(a, at, UNKNOWN_TOO_LARGE, SLICE("text"));
    }
    run_end(&j);
    if (j.parts.len == 0) return value_new_string(a, at, SLICE(""));
    if (j.parts.len == 1) {
        if (len == 1) return j.parts.at[0];
        return value_placed(a, j.parts.at[0], at, at);
    }
    value *v = value_new(a, VAL_JOINED, at);
    v->list.at = j.parts.at;
    v->list.len = j.parts.len;
    return v;
}

const value *value_new_choice(arena *a, pos at, const condition *on, const value *yes, const value *no) {
    if (on->fixed == YES) return yes;
    if (on->fixed == NO) return no;
    while (yes->kind == VAL_CHOICE && yes->choice.on == on) yes = yes->choice.yes;
    while (no->kind == VAL_CHOICE && no->choice.on == on) no = no->choice.no;
    if (yes == no) return yes;
    value *v = value_new(a, VAL_CHOICE, at);
    v->choice.on = on;
    v->choice.yes = yes;
    v->choice.no = no;
    return v;
}

/* ---- reading ---- */

#define CHOICE_DEPTH 128

typedef struct {
    arena *arena;
    const value *(*f)(void *self, const value *v);
    void *self;
    unsigned left;        /* alternatives that may still be looked at */
} mapper;

static const value *map_choice(mapper *m, const value *v, unsigned depth) {
    if (v->kind != VAL_CHOICE) {
        if (m->left == 0) return value_new_unknown(m->arena, v->at, UNKNOWN_TOO_LARGE, SLICE("alternatives"));
        m->left--;
        return m->f(m->self, v);
    }
    if (depth == CHOICE_DEPTH || m->left == 0) return value_new_unknown(m->arena, v->at, UNKNOWN_TOO_LARGE, SLICE("alternatives"));
    const value *yes = map_choice(m, v->choice.yes, depth + 1);
    const value *no = map_choice(m, v->choice.no, depth + 1);
    if (yes == no) return yes;
    if (yes->kind == VAL_ABSENT && no->kind == VAL_ABSENT) return &value_absent;
    return value_new_choice(m->arena, v->at, v->choice.on, yes, no);
}

const value *value_map(arena *a, const value *v, const value *(*f)(void *self, const value *v), void *self) {
    if (v->kind != VAL_CHOICE) return f(self, v);
    mapper m = { a, f, self, VALUE_MAX_ALTERNATIVES };
    return map_choice(&m, v, 0);
}

static const value *get_below(void *self, const value *v) {
    slice key = *(const slice *)self;
    if (v->kind == VAL_UNKNOWN) return v;
    if (v->kind == VAL_MAP) {
        for (size_t i = 0; i < v->map.len; i++)
            if (slice_eq(v->map.at[i].key, key)) return v->map.at[i].value;
    } else if (v->kind == VAL_LIST) {
        long long index;
        if (slice_int(key, &index) && index >= 0 && (unsigned long long)index < v->list.len) return v->list.at[index];
    }
    return &value_absent;
}

const value *value_get(arena *a, const value *v, slice key) {
    return v->kind == VAL_CHOICE ? value_map(a, v, get_below, &key) : get_below(&key, v);
}

const value *value_at(arena *a, const value *v, slice path) {
    while (path.len > 0) {
        size_t end = 0;
        while (end < path.len && path.at[end] != '.' && path.at[end] != '[') end++;
        if (end > 0) v = value_get(a, v, slice_from_to(path, 0, end));
        path = slice_after(path, end);
        if (path.len > 0 && path.at[0] == '[') {
            size_t close = slice_find(path, ']');
            if (close == path.len) return &value_absent;
            v = value_get(a, v, slice_from_to(path, 1, close));
            path = slice_after(path, close + 1);
        }
        if (path.len > 0 && path.at[0] == '.') path = slice_after(path, 1);
    }
    return v;
}

const value *value_chosen(const value *v, when w) {
    while (v->kind == VAL_CHOICE) {
        tri decided = when_decides(w, v->choice.on);
        if (decided == UNKNOWN) break;
        v = decided == YES ? v->choice.yes : v->choice.no;
    }
    return v;
}

typedef struct {
    arena *arena;
    void (*each)(void *self, const value *v, when w);
    void *self;
    unsigned calls, steps;
    bool rest;            /* something had to be left out */
} every;

static void each_below(every *e, const value *v, when w, unsigned depth) {
    if (e->rest) return;
    if (e->calls == VALUE_MAX_ALTERNATIVES || depth == CHOICE_DEPTH || e->steps++ > 16 * VALUE_MAX_ALTERNATIVES) {
        e->rest = true;
        return;
    }
    if (v->kind != VAL_CHOICE) {
        e->calls++;
        e->each(e->self, v, w);
        return;
    }
    when both;
    if (when_and_literal(e->arena, w, v->choice.on, true, &both)) each_below(e, v->choice.yes, both, depth + 1);
    if (when_and_literal(e->arena, w, v->choice.on, false, &both)) each_below(e, v->choice.no, both, depth + 1);
}

void value_each(arena *a, const value *v, when w, void (*each)(void *self, const value *v, when w), void *self) {
    if (v->kind != VAL_CHOICE) {
        each(self, v, w);
        return;
    }
    every e = { .arena = a, .each = each, .self = self };
    each_below(&e, v, w, 0);
    if (e.rest) each(self, value_new_unknown(a, v->at, UNKNOWN_TOO_LARGE, SLICE("alternatives")), w);
}

bool value_is_open(const value *v) {
    return v->kind == VAL_UNKNOWN || v->kind == VAL_CHOICE || v->kind == VAL_REF || v->kind == VAL_JOINED;
}

void value_as_list(arena *a, const value *v, const value *const **items, size_t *len) {
    if (v->kind == VAL_LIST) {
        *items = v->list.at;
        *len = v->list.len;
    } else if (value_is_absent(v)) {
        *items = NULL;
        *len = 0;
    } else {
        const value **one = ARENA_ARRAY(a, const value *, 1);
        one[0] = v;
        *items = one;
        *len = 1;
    }
}

pos value_pos_in(const value *v, size_t offset) {
    return v->node != NULL && v->kind == VAL_STRING && slice_eq(v->text, v->node->text) ? doc_pos_in(v->node, offset) : v->at;
}
