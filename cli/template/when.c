#include "template/when.h"

#include "template/condition.h"

/* Conditions in order of name, so that two runs say the same: by stack, then by id. */
static int order(const condition *x, const condition *y) {
    if (x == y) return 0;
    if (x->in != y->in) {
        int by_stack = x->in == NULL || y->in == NULL ? (x->in != NULL) - (y->in != NULL) : slice_order(x->in->id_prefix, y->in->id_prefix);
        if (by_stack != 0) return by_stack;
    }
    int by_id = slice_order(x->id, y->id);
    return by_id != 0 ? by_id : x < y ? -1 : 1;
}

static uint64_t touches(const condition *c) { return c->expr == NULL ? ~(uint64_t)0 : c->expr->touches; }

static bool stated(when w, const condition *on, bool *is) {
    for (size_t i = 0; i < w.len; i++)
        if (w.at[i].on == on) {
            *is = w.at[i].is;
            return true;
        }
    return false;
}

/* Those of `w` that may have to do with `on`: they touch what it touches, or what those touch. Gives their number. */
#define MOST_RELATED 32
static size_t related(when w, const condition *on, when_literal out[MOST_RELATED]) {
    uint64_t mask = touches(on) & ~(uint64_t)1;   /* bit 0 is in all of them */
    bool taken[MOST_RELATED] = { false };
    size_t len = 0, most = w.len < MOST_RELATED ? w.len : MOST_RELATED;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < most; i++) {
            if (taken[i] || (touches(w.at[i].on) & mask) == 0) continue;
            taken[i] = again = true;
            mask |= touches(w.at[i].on) & ~(uint64_t)1;
            out[len++] = w.at[i];
        }
    }
    return len;
}

static bool possible_with(when w, const condition *on, bool is) {
    when_literal all[MOST_RELATED + 1];
    size_t len = related(w, on, all);
    if (len == 0) return true;
    all[len++] = (when_literal){ on, is };
    return condition_possible(all, len);
}

bool when_and_literal(arena *a, when x, const condition *on, bool is, when *out) {
    bool already;
    if (on->fixed != UNKNOWN) {
        *out = x;
        return on->fixed == (is ? YES : NO);
    }
    if (stated(x, on, &already)) {
        *out = x;
        return already == is;
    }
    if (!possible_with(x, on, is)) return false;
    when_literal *at = ARENA_ARRAY(a, when_literal, x.len + 1);
    size_t len = 0, i = 0;
    while (i < x.len && order(x.at[i].on, on) < 0) at[len++] = x.at[i++];
    at[len++] = (when_literal){ on, is };
    while (i < x.len) at[len++] = x.at[i++];
    *out = (when){ at, len };
    return true;
}

bool when_and(arena *a, when x, when y, when *out) {
    if (x.len < y.len) {
        when swap = x;
        x = y;
        y = swap;
    }
    *out = x;
    for (size_t i = 0; i < y.len; i++)
        if (!when_and_literal(a, *out, y.at[i].on, y.at[i].is, out)) return false;
    return true;
}

tri when_decides(when w, const condition *on) {
    bool is;
    if (on->fixed != UNKNOWN) return on->fixed;
    if (stated(w, on, &is)) return is ? YES : NO;
    if (w.len == 0) return UNKNOWN;
    if (!possible_with(w, on, true)) return NO;
    if (!possible_with(w, on, false)) return YES;
    return UNKNOWN;
}

bool when_implied(when x, when y) {
    for (size_t i = 0; i < x.len; i++)
        if (when_decides(y, x.at[i].on) != (x.at[i].is ? YES : NO)) return false;
    return true;
}

bool when_same(when x, when y) {
    if (x.len != y.len) return false;
    for (size_t i = 0; i < x.len; i++)
        if (x.at[i].on != y.at[i].on || x.at[i].is != y.at[i].is) return false;
    return true;
}

/* "Store/IsProd" in a nested stack. */
static void name(buf *b, const condition *c) {
    if (c->in != NULL && c->in->parent != NULL) {
        slice prefix = c->in->id_prefix;
        size_t hash = slice_find(prefix, '#');
        buf_slice(b, hash < prefix.len ? slice_after(prefix, hash + 1) : prefix);
    }
    buf_slice(b, c->id);
}

slice when_text(arena *a, when w) {
    buf b = { .arena = a };
    for (size_t i = 0; i < w.len; i++) {
        if (i > 0) buf_text(&b, " and ");
        name(&b, w.at[i].on);
        buf_text(&b, w.at[i].is ? " is true" : " is false");
    }
    return buf_as_slice(&b);
}

void when_write_json(when w, json_out *out) {
    if (w.len == 0) {
        json_null(out);
        return;
    }
    json_object(out);
    for (size_t i = 0; i < w.len; i++) {
        buf key = { .arena = out->out->arena };
        name(&key, w.at[i].on);
        json_key(out, buf_as_slice(&key));
        json_bool(out, w.at[i].is);
    }
    json_object_end(out);
}
