/* Matching. An event becomes a table path -> scalars, each with the array elements it stands in; a branch is walked clause by clause in
 * order of the paths, carrying the sets of array elements chosen so far (the same order and the same consistency that EventBridge
 * keeps). Elements that no later clause can meet are forgotten, so independent arrays do not multiply. */
#include "base/strmap.h"
#include "service/pattern_parts.h"

typedef struct {
    VEC(field) fields;       /* none: an object or an empty list stands there */
} slot;

struct pattern_event {
    arena *arena;
    strmap slots;            /* dotted path -> slot */
    uint32_t arrays;
    size_t values;           /* met so far */
    bool open;               /* the event as a whole could not be read */
};

/* ---- events ---- */

field field_of_text(slice text) { return (field){ .kind = FIELD_TEXT, .text = text }; }
field field_of_number(double n) { return (field){ .kind = FIELD_NUMBER, .numeric = true, .number = n }; }

static slot *slot_at(pattern_event *e, slice path) {
    slot *s = strmap_get(&e->slots, path);
    if (s == NULL) {
        s = ARENA_NEW(e->arena, slot);
        strmap_put(e->arena, &e->slots, path, s);
    }
    return s;
}

static void event_add(pattern_event *e, slice path, const value *v, const membership *in, unsigned depth) {
    if (e->open || ++e->values > PATTERN_MAX_EVENT_VALUES) {
        e->open = true;
        return;
    }
    slot *s = slot_at(e, path);
    field f = { .kind = FIELD_OPEN, .in = in };
    if (depth > PATTERN_MAX_DEPTH) {
        VEC_PUSH(e->arena, &s->fields, f);
        return;
    }
    switch (v->kind) {
    case VAL_ABSENT:
        return;
    case VAL_MAP:
        for (size_t i = 0; i < v->map.len; i++) {
            slice parts[] = { path, SLICE("."), v->map.at[i].key };
            slice below = path.at == NULL ? v->map.at[i].key : arena_concat(e->arena, parts, COUNT(parts));
            event_add(e, below, v->map.at[i].value, in, depth + 1);
        }
        return;
    case VAL_LIST: {
        uint32_t number = e->arrays++;
        for (size_t i = 0; i < v->list.len; i++) {
            const value *item = v->list.at[i];
            const membership *inside = in;
            if (item->kind == VAL_MAP || item->kind == VAL_LIST) {   /* a bare scalar binds nothing */
                membership *m = ARENA_NEW(e->arena, membership);
                *m = (membership){ number, (uint32_t)i, in };
                inside = m;
            }
            event_add(e, path, item, inside, depth + 1);
        }
        return;
    }
    case VAL_STRING:
        f.kind = FIELD_TEXT;
        f.text = v->text;
        break;
    case VAL_INT: case VAL_DOUBLE:
        f.kind = FIELD_NUMBER;
        f.text = pattern_scalar_text(e->arena, v);
        f.numeric = pattern_number(f.text, &f.number);
        break;
    case VAL_NULL: case VAL_BOOL:
        f.kind = FIELD_LITERAL;
        f.text = pattern_scalar_text(e->arena, v);
        break;
    default:
        break;
    }
    VEC_PUSH(e->arena, &s->fields, f);
}

/* A message attribute of SNS: {Type, Value}; the API's own names (DataType, StringValue) mean the same. */
static bool attribute_add(pattern_event *e, slice name, const value *v) {
    const value *type = NULL, *text = NULL;
    for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++) {
        slice key = v->map.at[i].key;
        const value *inner = v->map.at[i].value;
        if (slice_is(key, "Type") || slice_is(key, "DataType")) type = inner;
        else if (slice_is(key, "Value") || slice_is(key, "StringValue")) text = inner;
    }
    if (type == NULL || type->kind != VAL_STRING) return false;
    slice kind = slice_from_to(type->text, 0, slice_find(type->text, '.'));
    if (slice_is(type->text, "String.Array")) {
        bool bad = false;
        const value *list = text == NULL ? &value_absent : value_from_json_text(e->arena, text, &bad);
        if (!bad && list->kind == VAL_LIST) event_add(e, name, list, NULL, 0);
    } else if (slice_is(kind, "Number") && text != NULL) {
        field f = { .kind = FIELD_NUMBER, .text = pattern_scalar_text(e->arena, text) };
        f.numeric = pattern_number(f.text, &f.number);
        if (!f.numeric) f.kind = FIELD_TEXT;
        VEC_PUSH(e->arena, &slot_at(e, name)->fields, f);
    } else if (slice_is(kind, "String") && text != NULL) {
        VEC_PUSH(e->arena, &slot_at(e, name)->fields, field_of_text(pattern_scalar_text(e->arena, text)));
    } else {
        slot_at(e, name);    /* Binary: there, but no policy reads it */
    }
    return true;
}

const pattern_event *pattern_event_new(arena *a, pattern_dialect d, const value *event) {
    pattern_event *e = ARENA_NEW(a, pattern_event);
    e->arena = a;
    event = pattern_structure(a, event);
    if (event == NULL || (event->kind != VAL_MAP && event->kind != VAL_ABSENT)) {
        e->open = event != NULL && pattern_is_open(event);
        return e;
    }
    if (event->kind == VAL_ABSENT) return e;
    if (d != PATTERN_SNS_ATTRIBUTES) {
        event_add(e, (slice){ NULL, 0 }, event, NULL, 0);
        return e;
    }
    for (size_t i = 0; i < event->map.len; i++) {
        slice name = event->map.at[i].key;
        if (!attribute_add(e, name, event->map.at[i].value)) event_add(e, name, event->map.at[i].value, NULL, 0);
    }
    return e;
}

/* ---- one scalar against matchers ---- */

static unsigned ip_bits(const matcher *m) { return m->op == MATCH_CIDR ? m->bits : m->ip.len * 8u; }

static bool address_takes(const matcher *m, slice text) {
    pattern_ip ip;
    char hex[PATTERN_IP_HEX];
    if (!pattern_ip_read(text, &ip)) return false;
    size_t len = pattern_ip_hex(&ip, hex);
    return pattern_ip_within(&m->ip, ip_bits(m), (slice){ hex, len });
}

static bool text_takes(const matcher *m, slice text) {
    switch (m->op) {
    case MATCH_TEXT: return slice_eq(text, m->text);
    case MATCH_PREFIX: return slice_starts(text, m->text);
    case MATCH_SUFFIX: return slice_ends(text, m->text);
    case MATCH_FOLD: return pattern_same_fold(m->text, text);
    case MATCH_PREFIX_FOLD: return pattern_starts_fold(m->text, text);
    case MATCH_SUFFIX_FOLD: return pattern_ends_fold(m->text, text);
    case MATCH_WILDCARD: return pattern_glob_matches(&m->glob, text);
    case MATCH_IP: case MATCH_CIDR: return address_takes(m, text);
    default: return false;
    }
}

static bool range_takes(const matcher *m, double n) {
    return (m->low_open ? n > m->low : n >= m->low) && (m->high_open ? n < m->high : n <= m->high);
}

static tri truth(bool b) { return b ? YES : NO; }

tri matcher_takes(const matcher *m, const field *f) {
    switch (m->op) {
    case MATCH_OPEN: return UNKNOWN;
    case MATCH_EXISTS: return YES;
    case MATCH_ABSENT: return NO;
    case MATCH_BUT: {
        tri any = matchers_take(m->subs, f);
        return any == UNKNOWN ? UNKNOWN : truth(any == NO);
    }
    case MATCH_EITHER: {
        tri both = m->subs.len < 2 ? NO : matcher_takes(&m->subs.at[0], f);
        for (size_t i = 0; i < m->subs.len; i++)
            if (matcher_takes(&m->subs.at[i], f) != both) return UNKNOWN;
        return both;
    }
    default: break;
    }
    if (f->kind == FIELD_OPEN) return UNKNOWN;
    switch (m->op) {
    case MATCH_PARTLY: return f->kind == FIELD_TEXT && slice_glob(m->text, f->text) ? UNKNOWN : NO;
    case MATCH_LITERAL: return truth(f->kind != FIELD_TEXT && slice_eq(f->text, m->text));
    case MATCH_NUMBER: return truth(f->numeric && f->number == m->low);
    case MATCH_RANGE: return truth(f->numeric && range_takes(m, f->number));
    default: return truth(f->kind == FIELD_TEXT && text_takes(m, f->text));
    }
}

static bool compares_numbers(matcher_list l) {
    for (size_t i = 0; i < l.len; i++) {
        match_op op = l.at[i].op;
        if (op == MATCH_NUMBER || op == MATCH_RANGE || ((op == MATCH_BUT || op == MATCH_EITHER) && compares_numbers(l.at[i].subs))) return true;
    }
    return false;
}

tri matchers_take(matcher_list l, const field *f) {
    tri any = NO;
    bool addresses = false;
    for (size_t i = 0; i < l.len; i++) {
        tri one = matcher_takes(&l.at[i], f);
        if (one == YES) return YES;
        if (one == UNKNOWN) any = UNKNOWN;
        addresses |= l.at[i].op == MATCH_IP || l.at[i].op == MATCH_CIDR;
    }
    if (!addresses || f->kind != FIELD_NUMBER || (f->numeric && compares_numbers(l))) return any;
    for (size_t i = 0; i < l.len; i++)
        if ((l.at[i].op == MATCH_IP || l.at[i].op == MATCH_CIDR) && pattern_ip_within(&l.at[i].ip, ip_bits(&l.at[i]), f->text)) return YES;
    return any;
}

/* Is a field that is not there taken? */
static tri absence_takes(matcher_list l) {
    tri any = NO;
    for (size_t i = 0; i < l.len; i++) {
        const matcher *m = &l.at[i];
        if (m->op == MATCH_ABSENT) return YES;
        if (m->op == MATCH_OPEN) any = UNKNOWN;
        if (m->op == MATCH_EITHER) {
            tri inner = absence_takes(m->subs);
            if (inner != NO) any = UNKNOWN;
        }
    }
    return any;
}

bool matchers_want_absent(matcher_list l) { return absence_takes(l) != NO; }

/* ---- one branch ---- */

typedef struct {
    uint32_t array, index;
} choice;

typedef struct {
    const choice *at;        /* sorted by array */
    size_t len;
} chosen;

typedef struct {
    arena *arena;
    const pattern_event *event;
    const branch *branch;
    bool sure;               /* unknown counts as no; else as yes */
    size_t steps;
    uint32_t *last_use;      /* array -> 1 + the last clause that has a field in it */
} walk;

static bool counts(const walk *w, tri t) { return t == YES || (t == UNKNOWN && !w->sure); }

static const slot *slot_of(const pattern_event *e, slice path) { return strmap_get(&e->slots, path); }

static bool consistent(chosen c, const membership *in) {
    for (; in != NULL; in = in->outer) {
        size_t from = 0, to = c.len;
        while (from < to) {
            size_t middle = from + (to - from) / 2;
            if (c.at[middle].array < in->array) from = middle + 1;
            else to = middle;
        }
        if (from < c.len && c.at[from].array == in->array && c.at[from].index != in->index) return false;
    }
    return true;
}

/* What is chosen after `in` too, without the arrays that no clause behind `clause` meets. */
static chosen choose(walk *w, chosen c, const membership *in, size_t clause_index) {
    size_t more = 0, len = 0;
    for (const membership *m = in; m != NULL; m = m->outer) more++;
    choice *at = ARENA_ARRAY(w->arena, choice, c.len + more);
    for (size_t i = 0; i < c.len; i++)
        if (w->last_use[c.at[i].array] > clause_index + 1) at[len++] = c.at[i];
    for (const membership *m = in; m != NULL; m = m->outer) {
        if (w->last_use[m->array] <= clause_index + 1) continue;
        size_t k = len;
        while (k > 0 && at[k - 1].array > m->array) k--;
        if (k > 0 && at[k - 1].array == m->array) continue;
        memmove(at + k + 1, at + k, (len - k) * sizeof *at);
        at[k] = (choice){ m->array, m->index };
        len++;
    }
    return (chosen){ at, len };
}

typedef VEC(chosen) frontier;

static void frontier_add(walk *w, frontier *f, strmap *seen, chosen c) {
    slice key = { (const char *)c.at, c.len * sizeof *c.at };
    if (strmap_has(seen, key)) return;
    strmap_put(w->arena, seen, key, w);
    VEC_PUSH(w->arena, f, c);
}

static bool spend(walk *w, size_t steps) { return (w->steps += steps) <= PATTERN_MAX_STEPS; }

/* NO or YES for the reading that `sure` asks for; UNKNOWN: out of steps. */
static tri branch_holds(walk *w) {
    const branch *b = w->branch;
    frontier now = { 0 };
    VEC_PUSH(w->arena, &now, (chosen){ NULL, 0 });
    for (int pass = 0; pass < 2; pass++) {       /* first to forget the branch before, then to note this one */
        for (size_t i = 0; i < b->len; i++) {
            const slot *s = slot_of(w->event, b->at[i].path);
            if (!spend(w, s == NULL ? 1 : s->fields.len + 1)) return UNKNOWN;
            for (size_t k = 0; s != NULL && k < s->fields.len; k++)
                for (const membership *m = s->fields.at[k].in; m != NULL; m = m->outer)
                    w->last_use[m->array] = pass == 0 ? 0 : (uint32_t)i + 1;
        }
    }
    for (size_t i = 0; i < b->len; i++) {
        const clause *c = &b->at[i];
        const slot *s = slot_of(w->event, c->path);
        size_t len = s == NULL ? 0 : s->fields.len;
        bool absent = counts(w, absence_takes(c->any)), open = c->open && !w->sure;
        VEC(const field *) taken = { 0 };
        if (len > 0 && !spend(w, len * c->any.len)) return UNKNOWN;
        for (size_t k = 0; k < len; k++)
            if (counts(w, matchers_take(c->any, &s->fields.at[k]))) VEC_PUSH(w->arena, &taken, &s->fields.at[k]);
        frontier next = { 0 };
        strmap seen = { 0 };
        for (size_t n = 0; n < now.len; n++) {
            if (open) {
                frontier_add(w, &next, &seen, now.at[n]);
                continue;
            }
            for (size_t k = 0; k < taken.len; k++) {
                if (!spend(w, 1)) return UNKNOWN;
                if (consistent(now.at[n], taken.at[k]->in)) frontier_add(w, &next, &seen, choose(w, now.at[n], taken.at[k]->in, i));
            }
            if (!absent) continue;
            bool there = false;
            for (size_t k = 0; k < len && !there; k++) {
                if (!spend(w, 1)) return UNKNOWN;
                there = consistent(now.at[n], s->fields.at[k].in);
            }
            if (!there) frontier_add(w, &next, &seen, choose(w, now.at[n], NULL, i));
        }
        if (next.len == 0) return NO;
        now = next;
    }
    return YES;
}

/* ---- because ---- */

#define BECAUSE_VALUE_BYTES 160
#define BECAUSE_VALUES 3
#define BECAUSE_BRANCHES 3

static slice shortened(arena *a, slice s) {
    if (s.len <= BECAUSE_VALUE_BYTES) return s;
    size_t to = BECAUSE_VALUE_BYTES;
    while (to > 0 && ((unsigned char)s.at[to] & 0xC0) == 0x80) to--;
    return arena_printf(a, "%.*s...", (int)to, s.at);
}

static slice json_of_value(arena *a, const value *v) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    value_write_json(a, v, true, &j);
    return shortened(a, buf_as_slice(&b));
}

static slice json_of_fields(arena *a, const slot *s) {
    buf b = { .arena = a };
    size_t shown = s->fields.len > BECAUSE_VALUES ? BECAUSE_VALUES : s->fields.len;
    for (size_t i = 0; i < shown; i++) {
        const field *f = &s->fields.at[i];
        if (i > 0) buf_text(&b, ", ");
        if (f->kind == FIELD_TEXT) {
            json_out j = { .out = &b };
            json_string(&j, f->text);
        } else {
            buf_slice(&b, f->kind == FIELD_OPEN ? SLICE("unknown") : f->text);
        }
    }
    if (shown < s->fields.len) buf_text(&b, ", ...");
    return shortened(a, buf_as_slice(&b));
}

static bool only_exact(matcher_list l) {
    for (size_t i = 0; i < l.len; i++)
        if (l.at[i].op != MATCH_TEXT && l.at[i].op != MATCH_LITERAL && l.at[i].op != MATCH_NUMBER && l.at[i].op != MATCH_IP) return false;
    return true;
}

static bool exactly(matcher_list l, match_op op) { return l.len == 1 && l.at[0].op == op; }

static slice clause_reason(arena *a, const pattern_event *e, const clause *c) {
    const slot *s = slot_of(e, c->path);
    slice wanted = json_of_value(a, c->at);
    if (s == NULL || s->fields.len == 0) {
        const char *what = s == NULL ? "is not there" : "is no single value";
        if (exactly(c->any, MATCH_EXISTS)) return arena_printf(a, "%.*s: %s, and must exist", SLICE_ARG(c->path), what);
        return arena_printf(a, "%.*s: %s, and must %s %.*s", SLICE_ARG(c->path), what, only_exact(c->any) ? "be one of" : "match",
                            SLICE_ARG(wanted));
    }
    slice got = json_of_fields(a, s);
    if (exactly(c->any, MATCH_ABSENT)) return arena_printf(a, "%.*s: %.*s is there, and must not exist", SLICE_ARG(c->path), SLICE_ARG(got));
    bool many = s->fields.len > 1;
    return arena_printf(a, "%.*s: %s%.*s %s %.*s", SLICE_ARG(c->path), many ? "none of " : "", SLICE_ARG(got),
                        only_exact(c->any) ? (many ? "is one of" : "is not one of") : (many ? "matches" : "does not match"), SLICE_ARG(wanted));
}

/* Does the clause hold for itself, array elements aside? */
static tri clause_alone(const pattern_event *e, const clause *c) {
    const slot *s = slot_of(e, c->path);
    tri any = c->open ? UNKNOWN : NO;
    bool empty = true;
    for (size_t i = 0; s != NULL && i < s->fields.len; i++) {
        tri one = matchers_take(c->any, &s->fields.at[i]);
        if (one == YES) return YES;
        if (one == UNKNOWN) any = UNKNOWN;
        if (s->fields.at[i].in == NULL) empty = false;     /* inside an array: another element may lack it */
    }
    if (empty) {
        tri absent = absence_takes(c->any);
        if (absent == YES) return s == NULL || s->fields.len == 0 ? YES : UNKNOWN;
        if (absent == UNKNOWN) any = UNKNOWN;
    }
    return any;
}

/* The first clause in the order of the text that has this outcome for itself; *steps bounds the search. */
static const clause *first_clause(const pattern_event *e, const branch *b, tri outcome, size_t *steps) {
    const clause *first = NULL;
    for (size_t i = 0; i < b->len; i++) {
        if (first != NULL && b->at[i].order > first->order) continue;
        const slot *s = slot_of(e, b->at[i].path);
        size_t cost = 1 + (s == NULL ? 0 : s->fields.len * b->at[i].any.len);
        if (cost > *steps) break;
        *steps -= cost;
        if (clause_alone(e, &b->at[i]) == outcome) first = &b->at[i];
    }
    return first;
}

static slice branch_reason(arena *a, const pattern_event *e, const branch *b, const clause *stopped) {
    if (stopped != NULL) return clause_reason(a, e, stopped);
    buf out = { .arena = a };
    for (size_t i = 0, shown = 0; i < b->len; i++) {
        const slot *s = slot_of(e, b->at[i].path);
        bool in_array = false;
        for (size_t k = 0; s != NULL && k < s->fields.len; k++) in_array |= s->fields.at[k].in != NULL;
        if (!in_array || shown == 4) continue;
        if (shown++ > 0) buf_text(&out, ", ");
        buf_slice(&out, b->at[i].path);
    }
    buf_text(&out, ": no one element of the array has all of these");
    return buf_as_slice(&out);
}

static slice no_reason(arena *a, const compiled_pattern *p, const pattern_event *e) {
    size_t steps = PATTERN_MAX_STEPS;
    const clause *first = first_clause(e, &p->branches[0], NO, &steps);
    bool common = true;
    for (size_t i = 1; i < p->len && common; i++) {
        const clause *other = first_clause(e, &p->branches[i], NO, &steps);
        common = first != NULL && other != NULL && other->order == first->order;
    }
    slice reason = branch_reason(a, e, &p->branches[0], first);
    if (common) return reason;
    buf out = { .arena = a };
    buf_text(&out, "no branch of $or matches: ");
    slice before = { NULL, 0 };
    size_t shown = 0;
    for (size_t i = 0; i < p->len && shown < BECAUSE_BRANCHES; i++) {
        reason = branch_reason(a, e, &p->branches[i], first_clause(e, &p->branches[i], NO, &steps));
        if (shown > 0 && slice_eq(reason, before)) continue;
        if (shown++ > 0) buf_text(&out, "; ");
        buf_slice(&out, reason);
        before = reason;
    }
    return buf_as_slice(&out);
}

static slice unknown_reason(arena *a, const compiled_pattern *p, const pattern_event *e) {
    size_t steps = PATTERN_MAX_STEPS;
    for (size_t i = 0; i < p->len; i++) {
        const clause *c = first_clause(e, &p->branches[i], UNKNOWN, &steps);
        if (c != NULL)
            return arena_printf(a, "%.*s: %.*s cannot be known from the template", SLICE_ARG(c->path), SLICE_ARG(json_of_value(a, c->at)));
    }
    return SLICE("the pattern is too large or too open to be judged");
}

/* ---- the whole ---- */

tri pattern_matches(arena *a, const compiled_pattern *p, const pattern_event *e, slice *because) {
    tri any = NO;
    slice why = SLICE("");
    if (p->open || e->open) {
        any = UNKNOWN;
        why = p->open ? SLICE("the pattern cannot be known from the template") : SLICE("the event cannot be known from the template");
    } else {
        walk w = { .arena = a, .event = e, .last_use = ARENA_ARRAY(a, uint32_t, e->arrays) };
        for (size_t i = 0; i < p->len && any != YES; i++) {
            w.branch = &p->branches[i];
            w.sure = false;
            tri maybe = branch_holds(&w);
            if (maybe == NO) continue;
            w.sure = true;
            any = branch_holds(&w) == YES ? YES : UNKNOWN;
        }
        if (because != NULL && any == NO) why = no_reason(a, p, e);
        if (because != NULL && any == UNKNOWN) why = unknown_reason(a, p, e);
    }
    if (because != NULL) *because = why;
    return any;
}

tri pattern_match(arena *a, pattern_dialect d, const value *pattern, const value *event, slice *because) {
    return pattern_matches(a, pattern_compile(a, d, pattern), pattern_event_new(a, d, event), because);
}
