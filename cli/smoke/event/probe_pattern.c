#include "smoke/event/probe_pattern.h"

#include <arpa/inet.h>

#define PROBE_BRANCHES 64        /* choices among the branches of $or that are tried */
#define PROBE_CLAUSES 1000       /* of one choice */

typedef struct {
    const slice *path;
    size_t len;
    const doc_node *any;         /* the list of what is wanted */
} want;
typedef VEC(want) wants;

/* ---- the event under construction ---- */

const doc_node *probe_set(arena *a, const doc_node *n, const slice *path, size_t len, const doc_node *v) {
    if (js_is(n, DOC_LIST)) {
        bool objects = n->list.len > 0 && n->list.at[0]->kind == DOC_MAP;
        js_list l = { 0 };
        if (len == 0 && v->kind == DOC_LIST) return v;
        js_push(a, &l, len == 0 && !objects ? v : probe_set(a, objects ? n->list.at[0] : NULL, path, len, v));
        for (size_t i = 1; len > 0 && i < n->list.len; i++) js_push(a, &l, n->list.at[i]);
        return js_list_end(a, &l);
    }
    if (len == 0) return v;
    return js_with(a, js_is(n, DOC_MAP) ? n : NULL, path[0], probe_set(a, doc_get(n, path[0]), path + 1, len - 1, v));
}

const doc_node *probe_without(arena *a, const doc_node *n, const slice *path, size_t len) {
    if (js_is(n, DOC_LIST)) {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) js_push(a, &l, probe_without(a, n->list.at[i], path, len));
        return js_list_end(a, &l);
    }
    if (len == 0 || doc_get(n, path[0]) == NULL) return n;
    return len == 1 ? js_without(a, n, path[0]) : js_with(a, n, path[0], probe_without(a, doc_get(n, path[0]), path + 1, len - 1));
}

static const doc_node *found(const doc_node *n, const slice *path, size_t len) {
    while (n != NULL && len > 0) {
        if (n->kind == DOC_LIST) {
            n = n->list.len > 0 ? n->list.at[0] : NULL;
            continue;
        }
        n = doc_get(n, *path++);
        len--;
    }
    return n;
}

/* ---- the pattern, flat ---- */

typedef struct {
    arena *arena;
    size_t choice, radix;        /* which branches are taken: a number in mixed radix */
    bool every;                  /* all branches instead */
    wants list;
} flattening;

static void flatten(flattening *f, const doc_node *pattern, const slice *path, size_t len) {
    if (pattern->kind != DOC_MAP) {
        if (f->list.len < PROBE_CLAUSES) VEC_PUSH(f->arena, &f->list, (want){ path, len, pattern });
        return;
    }
    for (size_t i = 0; len < PATTERN_MAX_DEPTH && i < pattern->map.len; i++) {
        const doc_node *v = pattern->map.at[i].value;
        bool branches = slice_is(pattern->map.at[i].key, "$or") && v->kind == DOC_LIST && v->list.len > 0 && v->list.at[0]->kind == DOC_MAP;
        if (branches) {
            size_t count = v->list.len, pick = f->choice / f->radix % count;
            if (f->radix <= PROBE_BRANCHES) f->radix *= count;
            for (size_t k = 0; k < count; k++)
                if (f->every || k == pick) flatten(f, v->list.at[k], path, len);
            continue;
        }
        slice *below = ARENA_ARRAY(f->arena, slice, len + 1);
        for (size_t k = 0; k < len; k++) below[k] = path[k];
        below[len] = pattern->map.at[i].key;
        flatten(f, v, below, len + 1);
    }
}

/* ---- values ---- */

typedef VEC(const doc_node *) candidates;     /* a NULL among them: the key is absent */

static void add(arena *a, candidates *c, const doc_node *v) { VEC_PUSH(a, c, v); }
static void add_text(arena *a, candidates *c, slice text) { add(a, c, js_string(a, text)); }

static slice unstarred(arena *a, slice pattern) {
    buf out = { .arena = a };
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] == '\\' && i + 1 < pattern.len) buf_char(&out, pattern.at[++i]);
        else if (pattern.at[i] == '*') buf_text(&out, "smoke");
        else buf_char(&out, pattern.at[i]);
    }
    return buf_as_slice(&out);
}

typedef struct { double low, high; bool has_low, has_high, low_open, high_open; const doc_node *exact; } range;

static range range_of(const doc_node *list) {
    range r = { 0 };
    for (size_t i = 0; js_is(list, DOC_LIST) && i + 1 < list->list.len; i += 2) {
        slice op = js_str(list->list.at[i]);
        double n = js_double_of(list->list.at[i + 1]);
        if (slice_is(op, "=")) r.exact = list->list.at[i + 1];
        if (op.len > 0 && op.at[0] == '>') r.low = n, r.has_low = true, r.low_open = op.len == 1;
        if (op.len > 0 && op.at[0] == '<') r.high = n, r.has_high = true, r.high_open = op.len == 1;
    }
    return r;
}

static bool range_empty(const range *r) {
    return r->exact == NULL && r->has_low && r->has_high && (r->low > r->high || (r->low >= r->high && (r->low_open || r->high_open)));
}

static void range_inside(arena *a, candidates *c, const range *r) {
    if (r->exact != NULL) add(a, c, r->exact);
    else if (range_empty(r)) return;
    else if (r->has_low && !r->low_open) add(a, c, js_double(a, r->low));
    else if (r->has_low && (!r->has_high || r->low + 1 < r->high)) add(a, c, js_double(a, r->low + 1));
    else if (r->has_high && !r->high_open) add(a, c, js_double(a, r->high));
    else if (r->has_low && r->has_high) add(a, c, js_double(a, r->low / 2 + r->high / 2));
    else if (r->has_high) add(a, c, js_double(a, r->high - 1));
}

static void range_outside(arena *a, candidates *c, const range *r) {
    if (r->exact != NULL) add(a, c, js_double(a, js_double_of(r->exact) + 1));
    if (r->has_low) add(a, c, js_double(a, r->low_open ? r->low : r->low - 1));
    if (r->has_high) add(a, c, js_double(a, r->high_open ? r->high : r->high + 1));
}

/* An address of the network, or of the one behind it. */
static slice address(arena *a, slice cidr, bool outside) {
    size_t slash = slice_find(cidr, '/');
    long long bits;
    bool six = slice_find(cidr, ':') < cidr.len;
    unsigned char bytes[16] = { 0 };
    char text[INET6_ADDRSTRLEN];
    unsigned len = six ? 16 : 4;
    slice net = arena_copy(a, slice_from_to(cidr, 0, slash));
    if (slash == cidr.len || !slice_int(slice_after(cidr, slash + 1), &bits) || bits < 0 || bits > 8 * (long long)len) return SLICE("");
    if (inet_pton(six ? AF_INET6 : AF_INET, net.at, bytes) != 1) return SLICE("");
    for (unsigned i = 0; i < len; i++) {
        unsigned keep = bits <= 8 * (long long)i ? 0 : bits >= 8 * (long long)(i + 1) ? 8 : (unsigned)bits - 8 * i;
        bytes[i] = (unsigned char)(bytes[i] & (0xff00u >> keep & 0xffu));
    }
    unsigned carry = outside && bits > 0 ? 1u << (7 - (unsigned)(bits - 1) % 8) : 0;
    for (unsigned i = bits > 0 ? (unsigned)(bits - 1) / 8 + 1 : 0; i > 0; i--) {
        unsigned sum = bytes[i - 1] + carry;
        bytes[i - 1] = (unsigned char)(sum & 0xff);
        carry = sum >> 8;
    }
    bytes[len - 1] |= 1;
    return inet_ntop(six ? AF_INET6 : AF_INET, bytes, text, sizeof text) == NULL ? SLICE("") : arena_copy(a, slice_from(text));
}

/* A value of any kind: by the type letter of a DynamoDB attribute where the key is one. */
static const doc_node *some_value(arena *a, const want *w) {
    static const struct { const char *letter, *json; } typed[] = {
        { "S", "\"sflint-smoke\"" }, { "N", "\"1\"" }, { "B", "\"c2ZsaW50\"" }, { "BOOL", "true" }, { "NULL", "true" },
        { "SS", "[\"sflint-smoke\"]" }, { "NS", "[\"1\"]" }, { "BS", "[\"c2ZsaW50\"]" }, { "L", "[]" }, { "M", "{}" },
    };
    for (size_t i = 0; w->len > 2 && slice_is(w->path[0], "dynamodb") && i < COUNT(typed); i++)
        if (slice_is(w->path[w->len - 1], typed[i].letter)) return js_read(a, slice_from(typed[i].json));
    return js_cstr(a, "sflint-smoke");
}

/* What an operator compares with: `"x"` or {"equals-ignore-case": "x"}. */
static slice operand(const doc_node *n) { return js_is(n, DOC_MAP) && n->map.len == 1 ? js_str(n->map.at[0].value) : js_str(n); }

static double largest(const doc_node *list, bool *any) {
    double most = 0;
    for (size_t i = 0; i < js_len(list) && list->kind == DOC_LIST; i++)
        if (js_is_number(list->list.at[i])) {
            double n = js_double_of(list->list.at[i]);
            most = *any && most > n ? most : n;
            *any = true;
        }
    return most;
}

static void passing_anything_but(arena *a, candidates *c, const doc_node *but, const want *w) {
    static const char *const texts[] = { "sflint-smoke", "x", "other", "0" };
    bool numbers = false;
    double most = js_is_number(but) ? numbers = true, js_double_of(but) : largest(but, &numbers);
    if (numbers) add(a, c, js_double(a, most + 1));
    add(a, c, some_value(a, w));
    for (size_t i = 0; i < COUNT(texts); i++) add(a, c, js_cstr(a, texts[i]));
}

/* Values that one alternative takes. */
static void passing(arena *a, candidates *c, const doc_node *one, const want *w) {
    if (one->kind != DOC_MAP) {
        add(a, c, one);
        return;
    }
    for (size_t i = 0; i < one->map.len; i++) {
        slice op = one->map.at[i].key;
        const doc_node *v = one->map.at[i].value;
        if (slice_is(op, "prefix")) add_text(a, c, arena_printf(a, "%.*ssmoke", SLICE_ARG(operand(v))));
        else if (slice_is(op, "suffix")) add_text(a, c, arena_printf(a, "smoke%.*s", SLICE_ARG(operand(v))));
        else if (slice_is(op, "equals-ignore-case")) add(a, c, v);
        else if (slice_is(op, "wildcard")) add_text(a, c, unstarred(a, js_str(v)));
        else if (slice_is(op, "anything-but")) passing_anything_but(a, c, v, w);
        else if (slice_is(op, "cidr")) add_text(a, c, address(a, js_str(v), false));
        else if (slice_is(op, "exists")) add(a, c, js_is(v, DOC_BOOL) && !v->boolean ? NULL : some_value(a, w));
        else if (slice_is(op, "numeric")) {
            range r = range_of(v);
            range_inside(a, c, &r);
        }
    }
}

/* Values that one alternative refuses. */
static void failing(arena *a, candidates *c, const doc_node *one, const want *w) {
    if (js_is_number(one)) add(a, c, js_double(a, js_double_of(one) + 1));
    if (one->kind == DOC_BOOL) add(a, c, js_bool(!one->boolean));
    for (size_t i = 0; one->kind == DOC_MAP && i < one->map.len; i++) {
        slice op = one->map.at[i].key;
        const doc_node *v = one->map.at[i].value;
        if (slice_is(op, "exists")) add(a, c, js_is(v, DOC_BOOL) && !v->boolean ? some_value(a, w) : NULL);
        if (slice_is(op, "cidr")) add_text(a, c, address(a, js_str(v), true));
        if (slice_is(op, "anything-but")) {
            if (js_is(v, DOC_LIST) && v->list.len > 0) add(a, c, v->list.at[0]);
            else if (js_is(v, DOC_MAP) && v->map.len > 0) {
                const doc_node *inner = v->map.at[0].value;
                slice text = js_is(inner, DOC_LIST) && inner->list.len > 0 ? js_str(inner->list.at[0]) : js_str(inner);
                add_text(a, c, slice_is(v->map.at[0].key, "wildcard") ? unstarred(a, text) : text);
            } else if (doc_is_scalar(v)) add(a, c, v);
        }
        if (slice_is(op, "numeric")) {
            range r = range_of(v);
            range_outside(a, c, &r);
        }
    }
}

/* ---- how an event of the dialect carries a value ---- */

/* SNS attributes have a type and a text. SNS developer guide, "Message attributes". */
static const doc_node *carried(arena *a, pattern_dialect d, const doc_node *v) {
    if (d != PATTERN_SNS_ATTRIBUTES || v == NULL) return v;
    bool list = v->kind == DOC_LIST || v->kind == DOC_BOOL || v->kind == DOC_NULL;
    slice text = v->kind == DOC_LIST ? js_text(a, v) : list ? arena_printf(a, "[%.*s]", SLICE_ARG(js_text(a, v))) : doc_is_scalar(v) ? v->text : SLICE("sflint-smoke");
    js_object o = { 0 };
    js_put(a, &o, "Type", js_cstr(a, list ? "String.Array" : js_is_number(v) ? "Number" : "String"));
    js_put(a, &o, "Value", js_string(a, text));
    return js_object_end(a, &o);
}

static const doc_node *with(arena *a, pattern_dialect d, const doc_node *event, const want *w, const doc_node *v) {
    if (v == NULL) return probe_without(a, event, w->path, w->len);
    return probe_set(a, event, w->path, w->len, carried(a, d, v));
}

/* Does the clause by itself take the value at its place? */
static tri takes(arena *a, pattern_dialect d, const want *w, const doc_node *at) {
    js_object pattern = { 0 }, event = { 0 };
    js_put(a, &pattern, "k", w->any);
    js_put(a, &event, "k", at);
    return pattern_match(a, d, value_from_doc(a, js_object_end(a, &pattern)), value_from_doc(a, js_object_end(a, &event)), NULL);
}

tri probe_matches(arena *a, pattern_dialect d, const doc_node *const *patterns, size_t len, const doc_node *event) {
    tri any = NO;
    const pattern_event *e = pattern_event_new(a, d, value_from_doc(a, event));
    for (size_t i = 0; i < len && any != YES; i++) {
        tri one = pattern_matches(a, pattern_compile(a, d, value_from_doc(a, patterns[i])), e, NULL);
        any = one == NO ? any : one;
    }
    return any;
}

/* ---- one that passes ---- */

static probe_room room_of(arena *a, const probe_source *s, const want *w, slice *without) {
    return s->room == NULL ? ROOM_FREE : s->room(s->self, a, w->path, w->len, without);
}

static slice dotted(arena *a, const want *w) {
    buf out = { .arena = a };
    for (size_t i = 0; i < w->len; i++) {
        if (i > 0) buf_char(&out, '.');
        buf_slice(&out, w->path[i]);
    }
    return buf_as_slice(&out);
}

static const doc_node *alternatives(arena *a, const doc_node *any) {
    if (any->kind == DOC_LIST) return any;
    js_list one = { 0 };
    js_push(a, &one, any);
    return js_list_end(a, &one);
}

/* No number at all lies in any of the ranges. */
static bool all_empty(const doc_node *list) {
    for (size_t i = 0; i < list->list.len; i++) {
        const doc_node *numeric = js_get(list->list.at[i], "numeric");
        range r = range_of(numeric);
        if (numeric == NULL || !range_empty(&r)) return false;
    }
    return list->list.len > 0;
}

/* Numbers of DynamoDB are texts: {"N": "5"}. */
static bool is_text_number(const want *w) { return w->len > 2 && slice_is(w->path[0], "dynamodb") && slice_is(w->path[w->len - 1], "N"); }

static bool asks_numbers(const doc_node *list) {
    for (size_t i = 0; i < list->list.len; i++)
        if (!js_is_number(list->list.at[i]) && js_get(list->list.at[i], "numeric") == NULL) return false;
    return list->list.len > 0;
}

/* Lays one clause over the event; NULL with *why (and *never) when it can't. */
static const doc_node *lay(arena *a, const probe_source *s, const want *w, const doc_node *event, slice *why, bool *never) {
    slice without = SLICE("");
    const doc_node *is = found(event, w->path, w->len), *list = alternatives(a, w->any);
    probe_room room = room_of(a, s, w, &without);
    *never = false;
    if (room != ROOM_FREE) {
        if (takes(a, s->dialect, w, is) == YES) return event;
        *never = takes(a, s->dialect, w, is) == NO;
        *why = room == ROOM_NONE ? arena_printf(a, "never matches: %.*s", SLICE_ARG(without))
             : arena_printf(a, "never matches: `%.*s` is %.*s", SLICE_ARG(dotted(a, w)), SLICE_ARG(is == NULL ? SLICE("not there") : js_text(a, is)));
        return NULL;
    }
    if (is != NULL && doc_is_scalar(is) && takes(a, s->dialect, w, is) == YES) return event;
    candidates c = { 0 };
    bool text_number = is_text_number(w);
    for (size_t i = 0; i < list->list.len; i++) passing(a, &c, list->list.at[i], w);
    for (size_t i = 0; i < c.len; i++)
        if (!(text_number && js_is_number(c.at[i])) && takes(a, s->dialect, w, carried(a, s->dialect, c.at[i])) == YES) return with(a, s->dialect, event, w, c.at[i]);
    if (text_number && asks_numbers(list)) {
        *never = true;
        *why = arena_printf(a, "never matches: `%.*s` is a text in stream records, and the filter asks for a number", SLICE_ARG(dotted(a, w)));
        return NULL;
    }
    *never = all_empty(list);
    *why = arena_printf(a, *never ? "never matches: no number fits `%.*s`" : "sflint finds no value that fits `%.*s`", SLICE_ARG(dotted(a, w)));
    return NULL;
}

typedef struct {
    const doc_node *event;
    wants list;
    slice why;
    bool never;
} passed;

static passed pass(arena *a, const probe_source *s, const doc_node *pattern) {
    passed p = { .why = SLICE_INIT(""), .never = true };
    size_t choices = 1;
    for (size_t choice = 0; choice < choices && choice < PROBE_BRANCHES; choice++) {
        flattening f = { .arena = a, .choice = choice, .radix = 1 };
        flatten(&f, pattern, NULL, 0);
        choices = f.radix;
        const doc_node *event = s->base;
        bool never = false;
        slice why = SLICE("");
        for (size_t i = 0; event != NULL && i < f.list.len; i++) event = lay(a, s, &f.list.at[i], event, &why, &never);
        if (event != NULL && probe_matches(a, s->dialect, &pattern, 1, event) == YES) {
            p.event = event;
            p.list = f.list;
            return p;
        }
        if (event != NULL) why = SLICE("sflint finds no event that passes the filter");
        p.never = p.never && event == NULL && never;
        if (p.why.len == 0) p.why = why;
    }
    p.never = p.never && choices <= PROBE_BRANCHES;
    return p;
}

/* ---- one that is refused ---- */

/* The event with the clause no longer met; NULL when there is no room for it. */
static const doc_node *spoil(arena *a, const probe_source *s, const want *w, const doc_node *event) {
    slice without;
    if (room_of(a, s, w, &without) != ROOM_FREE) return NULL;
    const doc_node *list = alternatives(a, w->any);
    candidates c = { 0 };
    for (size_t i = list->list.len; i > 0; i--) failing(a, &c, list->list.at[i - 1], w);
    add(a, &c, js_cstr(a, "sflint-refused"));
    add(a, &c, NULL);
    for (size_t i = 0; i < c.len; i++)
        if (takes(a, s->dialect, w, carried(a, s->dialect, c.at[i])) == NO) return with(a, s->dialect, event, w, c.at[i]);
    return NULL;
}

static const doc_node *refuse(arena *a, const probe_source *s, const doc_node *const *patterns, size_t len, const passed *p) {
    /* one value, what lies deeper first: it says more than the envelope does */
    for (int pass_over = 0; pass_over < 2; pass_over++)
        for (size_t i = 0; i < p->list.len; i++) {
            if ((p->list.at[i].len > 1) != (pass_over == 0)) continue;
            const doc_node *event = spoil(a, s, &p->list.at[i], p->event);
            if (event != NULL && probe_matches(a, s->dialect, patterns, len, event) == NO) return event;
        }
    /* every value of every branch */
    const doc_node *event = p->event;
    for (size_t i = 0; i < len; i++) {
        flattening f = { .arena = a, .radix = 1, .every = true };
        flatten(&f, patterns[i], NULL, 0);
        for (size_t k = 0; k < f.list.len; k++) {
            const doc_node *spoilt = spoil(a, s, &f.list.at[k], event);
            if (spoilt != NULL) event = spoilt;
        }
    }
    if (probe_matches(a, s->dialect, patterns, len, event) == NO) return event;
    return s->base != NULL && probe_matches(a, s->dialect, patterns, len, s->base) == NO ? s->base : NULL;
}

probed probe_patterns(arena *a, const probe_source *s, const doc_node *const *patterns, size_t len) {
    probed out = { .why = SLICE_INIT(""), .never = len > 0 };
    for (size_t i = 0; i < len; i++) {
        passed p = pass(a, s, patterns[i]);
        if (p.event != NULL) {
            out.accepted = p.event;
            out.never = false;
            out.which = i;
            out.refused = refuse(a, s, patterns, len, &p);
            out.all = out.refused == NULL;
            return out;
        }
        out.never = out.never && p.never;
        if (out.why.len == 0) out.why = p.why;
    }
    for (size_t i = 0; !out.never && i < len; i++) {
        const value *at;
        slice message;
        if (pattern_error(a, s->dialect, value_from_doc(a, patterns[i]), &at, &message) != PATTERN_REFUSED) continue;
        out.why = arena_printf(a, "the filter is not valid: %.*s", SLICE_ARG(message));
        out.never = true;
        return out;
    }
    if (!out.never && slice_starts(out.why, SLICE("never matches:"))) out.why = SLICE("sflint finds no event that passes the filter");
    return out;
}
