/* Values as text: for comparing, for matching ARNs, for people. */
#include <math.h>
#include <stdlib.h>

#include "template/physical.h"
#include "template/template.h"

static slice bool_text(bool b) { return b ? SLICE("true") : SLICE("false"); }

/* ---- certain text ---- */

bool value_text(arena *a, const value *v, slice *out) {
    switch (v->kind) {
    case VAL_STRING: case VAL_BOOL: case VAL_INT: case VAL_DOUBLE:
        *out = v->text;
        return true;
    case VAL_REF:
        return physical_text(a, v->ref.to, v->ref.attr, out);
    case VAL_JOINED: {
        slice *parts = ARENA_ARRAY(a, slice, v->list.len);
        for (size_t i = 0; i < v->list.len; i++)
            if (!value_text(a, v->list.at[i], &parts[i])) return false;
        *out = arena_concat(a, parts, v->list.len);
        return true;
    }
    default:
        return false;
    }
}

/* ---- text with what is not known marked ---- */

static void show_unknown(buf *b, const value *v) {
    if (v->why == UNKNOWN_DYNAMIC) {
        buf_slice(b, v->text);
        return;
    }
    buf_text(b, "${");
    if (v->why == UNKNOWN_IMPORT) buf_text(b, "import:");
    if (v->text.len > 0) buf_slice(b, v->text);
    else buf_text(b, "unknown");
    buf_char(b, '}');
}

static void show(buf *b, const value *v, bool glob, unsigned depth) {
    slice text;
    switch (v->kind) {
    case VAL_STRING: case VAL_BOOL: case VAL_INT: case VAL_DOUBLE:
        buf_slice(b, v->text);
        break;
    case VAL_REF:
        if (physical_text(b->arena, v->ref.to, v->ref.attr, &text)) {
            buf_slice(b, text);
        } else if (glob) {
            buf_char(b, '*');
        } else {
            buf_text(b, "${");
            buf_slice(b, v->ref.to->logical_id);
            if (!slice_is(v->ref.attr, "Ref")) {
                buf_char(b, '.');
                buf_slice(b, v->ref.attr);
            }
            buf_char(b, '}');
        }
        break;
    case VAL_JOINED:
        for (size_t i = 0; i < v->list.len; i++) show(b, v->list.at[i], glob, depth);
        break;
    case VAL_UNKNOWN:
        if (glob) buf_char(b, '*');
        else show_unknown(b, v);
        break;
    case VAL_CHOICE:
        if (glob || depth == 0) {
            buf_text(b, glob ? "*" : "...");
        } else {
            show(b, v->choice.yes, glob, depth - 1);
            if (v->choice.yes->kind != VAL_ABSENT && v->choice.no->kind != VAL_ABSENT) buf_text(b, " or ");
            show(b, v->choice.no, glob, depth - 1);
        }
        break;
    default:
        break;
    }
}

slice value_display(arena *a, const value *v) {
    if (v->kind == VAL_STRING) return v->text;
    buf b = { .arena = a };
    show(&b, v, false, 3);
    return buf_as_slice(&b);
}

slice value_glob(arena *a, const value *v) {
    if (v->kind == VAL_STRING) return v->text;
    buf b = { .arena = a };
    show(&b, v, true, 3);
    return buf_as_slice(&b);
}

/* ---- numbers and booleans ---- */

static bool number_of(slice text, double *out) {
    char copy[64];
    if (text.len == 0 || text.len >= sizeof copy) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E')) return false;
        copy[i] = c;
    }
    copy[text.len] = '\0';
    char *end;
    *out = strtod(copy, &end);
    return end == copy + text.len && isfinite(*out);
}

tri value_as_int(arena *a, const value *v, long long *out) {
    slice text;
    double d;
    switch (v->kind) {
    case VAL_INT:
        *out = v->integer;
        return YES;
    case VAL_STRING: case VAL_DOUBLE: case VAL_REF: case VAL_JOINED:
        if (!value_text(a, v, &text)) return UNKNOWN;
        text = slice_trim(text);
        if (slice_int(text, out)) return YES;
        if (!number_of(text, &d) || d != floor(d) || fabs(d) > 9e15) return NO;
        *out = (long long)d;
        return YES;
    case VAL_UNKNOWN: case VAL_CHOICE:
        return UNKNOWN;
    default:
        return NO;
    }
}

tri value_as_bool(arena *a, const value *v, bool *out) {
    slice text;
    switch (v->kind) {
    case VAL_BOOL:
        *out = v->boolean;
        return YES;
    case VAL_STRING: case VAL_REF: case VAL_JOINED:
        if (!value_text(a, v, &text)) return UNKNOWN;
        if (!slice_same_letters(text, SLICE("true")) && !slice_same_letters(text, SLICE("false"))) return NO;
        *out = slice_same_letters(text, SLICE("true"));
        return YES;
    case VAL_UNKNOWN: case VAL_CHOICE:
        return UNKNOWN;
    default:
        return NO;
    }
}

/* ---- comparing ---- */

#define SAME_MOST 100000

static tri and_of(tri x, tri y) { return x == NO || y == NO ? NO : x == UNKNOWN || y == UNKNOWN ? UNKNOWN : YES; }

static bool is_scalar(const value *v) { return v->kind >= VAL_BOOL && v->kind <= VAL_STRING; }

static slice comparable(const value *v) { return v->kind == VAL_BOOL ? bool_text(v->boolean) : v->text; }

/* Does the reference say which resource it is, so that another resource gives another text? */
static bool identifies(const value *v) { return slice_is(v->ref.attr, "Ref") || slice_is(v->ref.attr, "Arn"); }

static tri same_unknown(const value *x, const value *y) {
    if (x == y) return YES;
    if (x->why != y->why || x->text.len == 0 || !slice_eq(x->text, y->text)) return UNKNOWN;
    switch (x->why) {
    case UNKNOWN_PSEUDO: case UNKNOWN_IMPORT: case UNKNOWN_DYNAMIC: return YES;
    case UNKNOWN_PARAMETER: case UNKNOWN_SSM_PARAMETER: case UNKNOWN_NESTED_OUTPUT: return x->at.file == y->at.file ? YES : UNKNOWN;
    default: return UNKNOWN;
    }
}

static tri same(arena *a, const value *x, const value *y, unsigned *left);

static const value *part_at(const value *v, size_t i, size_t *count) {
    *count = v->kind == VAL_JOINED ? v->list.len : 1;
    return v->kind == VAL_JOINED ? v->list.at[i] : v;
}

/* Two texts of which one at least is JOINED: the same parts, or known ends that differ. */
static tri same_joined(arena *a, const value *x, const value *y, unsigned *left) {
    size_t xs, ys;
    const value *first_x = part_at(x, 0, &xs), *first_y = part_at(y, 0, &ys);
    tri all = xs == ys ? YES : UNKNOWN;
    for (size_t i = 0; i < xs && i < ys && all == YES; i++)
        if (same(a, part_at(x, i, &xs), part_at(y, i, &ys), left) != YES) all = UNKNOWN;
    if (all == YES) return YES;
    if (is_scalar(first_x) && is_scalar(first_y)) {
        slice p = comparable(first_x), q = comparable(first_y);
        size_t shorter = p.len < q.len ? p.len : q.len;
        if (shorter > 0 && memcmp(p.at, q.at, shorter) != 0) return NO;
    }
    const value *last_x = part_at(x, xs - 1, &xs), *last_y = part_at(y, ys - 1, &ys);
    if (is_scalar(last_x) && is_scalar(last_y)) {
        slice p = comparable(last_x), q = comparable(last_y);
        size_t shorter = p.len < q.len ? p.len : q.len;
        if (shorter > 0 && memcmp(p.at + p.len - shorter, q.at + q.len - shorter, shorter) != 0) return NO;
    }
    return UNKNOWN;
}

static tri same_map(arena *a, const value *x, const value *y, unsigned *left) {
    strmap of_y = { 0 };
    for (size_t i = 0; i < y->map.len; i++) strmap_put(a, &of_y, y->map.at[i].key, (void *)(uintptr_t)(i + 1));
    tri all = YES;
    size_t found = 0;
    for (size_t i = 0; i < x->map.len && all != NO; i++) {
        uintptr_t at = (uintptr_t)strmap_get(&of_y, x->map.at[i].key);
        const value *other = at == 0 ? &value_absent : y->map.at[at - 1].value;
        found += at != 0;
        all = and_of(all, same(a, x->map.at[i].value, other, left));
    }
    if (found == y->map.len) return all;
    strmap of_x = { 0 };
    for (size_t i = 0; i < x->map.len; i++) strmap_put(a, &of_x, x->map.at[i].key, (void *)(uintptr_t)1);
    for (size_t i = 0; i < y->map.len && all != NO; i++)
        if (!strmap_has(&of_x, y->map.at[i].key)) all = and_of(all, same(a, &value_absent, y->map.at[i].value, left));
    return all;
}

static tri same(arena *a, const value *x, const value *y, unsigned *left) {
    if (x == y && x->kind != VAL_UNKNOWN) return YES;
    if (*left == 0) return UNKNOWN;
    (*left)--;
    if (x->kind == VAL_CHOICE || y->kind == VAL_CHOICE) {
        const value *c = x->kind == VAL_CHOICE ? x : y, *other = c == x ? y : x;
        if (other->kind == VAL_CHOICE && other->choice.on == c->choice.on) {
            tri yes = same(a, c->choice.yes, other->choice.yes, left);
            return yes != UNKNOWN && yes == same(a, c->choice.no, other->choice.no, left) ? yes : UNKNOWN;
        }
        tri yes = same(a, c->choice.yes, other, left);
        return yes != UNKNOWN && yes == same(a, c->choice.no, other, left) ? yes : UNKNOWN;
    }
    if (x->kind == VAL_UNKNOWN && y->kind == VAL_UNKNOWN) return same_unknown(x, y);
    if (x->kind == VAL_UNKNOWN || y->kind == VAL_UNKNOWN) return UNKNOWN;
    if (value_is_absent(x) || value_is_absent(y)) return value_is_absent(x) && value_is_absent(y) ? YES : NO;
    if (is_scalar(x) && is_scalar(y)) return slice_eq(comparable(x), comparable(y)) ? YES : NO;
    if (x->kind == VAL_LIST || y->kind == VAL_LIST) {
        if (x->kind != y->kind) return NO;
        tri all = x->list.len == y->list.len ? YES : NO;
        for (size_t i = 0; i < x->list.len && all != NO; i++) all = and_of(all, same(a, x->list.at[i], y->list.at[i], left));
        return all;
    }
    if (x->kind == VAL_MAP || y->kind == VAL_MAP) return x->kind == y->kind ? same_map(a, x, y, left) : NO;
    if (x->kind == VAL_REF && y->kind == VAL_REF) {
        if (x->ref.to == y->ref.to && slice_eq(x->ref.attr, y->ref.attr)) return YES;
        if (x->ref.to != y->ref.to && identifies(x) && identifies(y)) return NO;
    }
    slice p, q;
    if (value_text(a, x, &p) && value_text(a, y, &q)) return slice_eq(p, q) ? YES : NO;
    if (x->kind == VAL_JOINED || y->kind == VAL_JOINED) return same_joined(a, x, y, left);
    return UNKNOWN;
}

tri value_same(arena *a, const value *x, const value *y) {
    unsigned left = SAME_MOST;
    return same(a, x, y, &left);
}

/* ---- JSON ---- */

#define JSON_DEPTH (JSON_OUT_DEPTH - 32)

typedef struct {
    arena *arena;
    json_out *out;
    bool display;
    size_t left;
} writer;

static void write_open(writer *w, const value *v) {
    if (w->display && (v->kind == VAL_REF || v->kind == VAL_JOINED)) json_string(w->out, value_display(w->arena, v));
    else json_string(w->out, SLICE("unknown"));
}

static void write_value(writer *w, const value *v) {
    if (w->left > 0) w->left--;
    bool full = w->left == 0 || w->out->depth >= JSON_DEPTH;
    switch (v->kind) {
    case VAL_ABSENT: case VAL_NULL:
        json_null(w->out);
        break;
    case VAL_BOOL:
        json_bool(w->out, v->boolean);
        break;
    case VAL_INT:
        json_int(w->out, v->integer);
        break;
    case VAL_DOUBLE:
        json_double(w->out, v->number);
        break;
    case VAL_STRING:
        json_string(w->out, v->text);
        break;
    case VAL_LIST:
        if (full) {
            json_string(w->out, SLICE("unknown"));
            break;
        }
        json_list(w->out);
        for (size_t i = 0; i < v->list.len && w->left > 0; i++)
            if (v->list.at[i]->kind != VAL_ABSENT) write_value(w, v->list.at[i]);
        json_list_end(w->out);
        break;
    case VAL_MAP:
        if (full) {
            json_string(w->out, SLICE("unknown"));
            break;
        }
        json_object(w->out);
        for (size_t i = 0; i < v->map.len && w->left > 0; i++) {
            if (v->map.at[i].value->kind == VAL_ABSENT) continue;
            json_key(w->out, v->map.at[i].key);
            write_value(w, v->map.at[i].value);
        }
        json_object_end(w->out);
        break;
    default: {
        slice text;
        if (v->kind != VAL_CHOICE && value_text(w->arena, v, &text)) json_string(w->out, text);
        else write_open(w, v);
    }
    }
}

void value_write_json(arena *a, const value *v, bool display, json_out *out) {
    writer w = { a, out, display, VALUE_MAX_OUT };
    write_value(&w, v);
}

/* ---- why it is not known ---- */

static const struct { const char *before, *after; } why_words[] = {
    [UNKNOWN_PARAMETER]     = { "parameter ", " has no default" },
    [UNKNOWN_PSEUDO]        = { "", " is not given" },
    [UNKNOWN_IMPORT]        = { "import of ", "" },
    [UNKNOWN_DYNAMIC]       = { "dynamic reference ", "" },
    [UNKNOWN_SSM_PARAMETER] = { "parameter ", " names a parameter of Systems Manager" },
    [UNKNOWN_NESTED_OUTPUT] = { "", " is the output of a nested stack that is not a local file" },
    [UNKNOWN_TRANSFORM]     = { "made by the macro ", "" },
    [UNKNOWN_COMPUTED]      = { "", " over something unknown" },
    [UNKNOWN_NOTHING]       = { "", " is not in the template" },
    [UNKNOWN_TOO_LARGE]     = { "too large: ", "" },
};

slice value_why(arena *a, const value *v) {
    switch (v->kind) {
    case VAL_UNKNOWN:
        return arena_concat(a, (slice[]){ slice_from(why_words[v->why].before), v->text, slice_from(why_words[v->why].after) }, 3);
    case VAL_REF:
        return arena_printf(a, "%.*s of %.*s is known after deployment",
                            SLICE_ARG(v->ref.attr), SLICE_ARG(v->ref.to->logical_id));
    case VAL_JOINED:
        for (size_t i = 0; i < v->list.len; i++) {
            slice text;
            if (!value_text(a, v->list.at[i], &text)) return value_why(a, v->list.at[i]);
        }
        return SLICE("");
    case VAL_CHOICE:
        return arena_printf(a, "depends on condition %.*s", SLICE_ARG(v->choice.on->id));
    default:
        return SLICE("");
    }
}
