#include <math.h>

#include "smoke/asl/jsonpath_parts.h"

typedef VEC(const doc_node *) nodes;

typedef struct {
    asl_data *data;
    const doc_node *current;     /* @ */
    unsigned depth;
} walk;

static const doc_node *get(const asl_path *p, walk *w);

/* ---- filters ---- */

static const doc_node *operand(const asl_operand *o, walk *w) { return o->path != NULL ? get(o->path, w) : o->literal; }

static bool ordered(const doc_node *x, const doc_node *y, asl_filter_kind kind) {
    double order;
    if (js_is_number(x) && js_is_number(y)) order = js_double_of(x) - js_double_of(y);
    else if (js_is(x, DOC_STRING) && js_is(y, DOC_STRING)) order = slice_order(x->text, y->text);
    else return false;
    return kind == FILTER_LT ? order < 0 : kind == FILTER_LE ? order <= 0 : kind == FILTER_GT ? order > 0 : order >= 0;
}

static bool among(const doc_node *x, const doc_node *list) {
    if (!js_is(list, DOC_LIST) || x == NULL) return false;
    for (size_t i = 0; i < list->list.len; i++)
        if (js_same(x, list->list.at[i])) return true;
    return false;
}

static bool contains(const doc_node *x, const doc_node *y) {
    if (js_is(x, DOC_STRING) && js_is(y, DOC_STRING)) return slice_find_slice(x->text, y->text) != (size_t)-1;
    return among(y, x);
}

/* Data are bounded (ASL_PAYLOAD_MOST), so comparing two values costs at most that. */
static bool same(const doc_node *x, const doc_node *y) { return x == NULL || y == NULL ? x == y : js_same(x, y); }

static bool holds(const asl_filter *f, walk *w) {
    if (!asl_spend(w->data, 1)) return false;
    if (f->kind == FILTER_OR) return holds(f->left, w) || holds(f->right, w);
    if (f->kind == FILTER_AND) return holds(f->left, w) && holds(f->right, w);
    if (f->kind == FILTER_NOT) return !holds(f->left, w);
    const doc_node *x = operand(&f->x, w);
    if (f->kind == FILTER_EXISTS) return x != NULL && (f->x.path == NULL || f->x.path->definite || js_len(x) > 0);
    const doc_node *y = operand(&f->y, w);
    if (!asl_spend(w->data, js_len(x) + js_len(y))) return false;
    switch (f->kind) {
    case FILTER_EQ:       return same(x, y);
    case FILTER_NE:       return !same(x, y);
    case FILTER_MATCHES:  return f->y.regex != NULL && js_is(x, DOC_STRING) && asl_spend(w->data, 10 + x->text.len) &&
        asl_regex_whole(w->data->arena, f->y.regex, x->text) == 1;
    case FILTER_IN:       return among(x, y);
    case FILTER_NIN:      return !among(x, y);
    case FILTER_CONTAINS: return contains(x, y);
    case FILTER_SIZE:     return js_is_number(y) && x != NULL && (double)(js_is(x, DOC_STRING) ? x->text.len : js_len(x)) == js_double_of(y);
    case FILTER_EMPTY:    return x != NULL && js_is(y, DOC_BOOL) && (js_is(x, DOC_STRING) ? x->text.len == 0 : js_len(x) == 0) == y->boolean;
    default:              return ordered(x, y, f->kind);
    }
}

/* ---- steps ---- */

static void found(walk *w, nodes *out, const doc_node *n) {
    if (out->len >= ASL_PATH_RESULTS) {
        asl_fail(w->data, asl_error_runtime, "a path selects more than %u values", ASL_PATH_RESULTS);
        return;
    }
    if (asl_spend(w->data, 1)) VEC_PUSH(w->data->arena, out, n);
}

static void found_at(walk *w, nodes *out, const doc_node *list, long long i) {
    long long len = (long long)list->list.len;
    if (i < 0) i += len;
    if (i >= 0 && i < len) found(w, out, list->list.at[i]);
}

static void names(walk *w, const asl_path_step *s, const doc_node *n, nodes *out) {
    if (n->kind != DOC_MAP) return;
    if (s->count == 1) {
        const doc_node *v = doc_get(n, s->names[0]);
        if (v != NULL) found(w, out, v);
        return;
    }
    js_object o = { 0 };
    for (size_t i = 0; i < s->count; i++) js_set(w->data->arena, &o, s->names[i], doc_get(n, s->names[i]));
    found(w, out, js_object_end(w->data->arena, &o));
}

static const doc_node *numbers_of(walk *w, asl_path_function f, const doc_node *n) {
    double sum = 0, squares = 0, least = 0, most = 0;
    size_t count = 0;
    for (size_t i = 0; i < n->list.len; i++) {
        if (!js_is_number(n->list.at[i])) continue;
        double v = js_double_of(n->list.at[i]);
        least = count == 0 || v < least ? v : least;
        most = count == 0 || v > most ? v : most;
        sum += v;
        squares += v * v;
        count++;
    }
    if (count == 0 && f != FUNCTION_SUM) return NULL;
    double mean = count == 0 ? 0 : sum / (double)count;
    double values[] = { [FUNCTION_MIN] = least, [FUNCTION_MAX] = most, [FUNCTION_SUM] = sum, [FUNCTION_AVG] = mean,
                        [FUNCTION_STDDEV] = count == 0 ? 0 : sqrt(fabs(squares / (double)count - mean * mean)) };
    return js_double(w->data->arena, values[f]);
}

static const doc_node *call(walk *w, asl_path_function f, const doc_node *n) {
    arena *a = w->data->arena;
    if (!asl_spend(w->data, 1 + js_len(n))) return NULL;
    if (f == FUNCTION_LENGTH) return js_int(a, (long long)(n->kind == DOC_STRING ? n->text.len : js_len(n)));
    if (f == FUNCTION_KEYS) {
        js_list keys = { 0 };
        for (size_t i = 0; n->kind == DOC_MAP && i < n->map.len; i++) js_push(a, &keys, js_string(a, n->map.at[i].key));
        return js_list_end(a, &keys);
    }
    if (n->kind != DOC_LIST) return NULL;
    if (f == FUNCTION_FIRST || f == FUNCTION_LAST) return n->list.len == 0 ? NULL : n->list.at[f == FUNCTION_FIRST ? 0 : n->list.len - 1];
    return numbers_of(w, f, n);
}

static void step(walk *w, const asl_path_step *s, const doc_node *n, nodes *out) {
    size_t len = js_len(n);
    const doc_node *outer = w->current;
    switch (s->kind) {
    case STEP_NAMES: names(w, s, n, out); return;
    case STEP_INDEXES:
        for (size_t i = 0; n->kind == DOC_LIST && i < s->count; i++) found_at(w, out, n, s->indexes[i]);
        return;
    case STEP_SLICE: {
        if (n->kind != DOC_LIST) return;
        long long most = (long long)len, from = s->has_from ? s->from : 0, to = s->has_to ? s->to : most;
        if (from < 0) from = from + most < 0 ? 0 : from + most;
        if (to < 0) to += most;
        for (long long i = from; i < to && i < most; i++) found(w, out, n->list.at[i]);
        return;
    }
    case STEP_ALL:
        for (size_t i = 0; i < len; i++) found(w, out, n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value);
        return;
    case STEP_FILTER:
        for (size_t i = 0; i < (n->kind == DOC_LIST ? len : n->kind == DOC_MAP ? 1 : 0); i++) {
            w->current = n->kind == DOC_LIST ? n->list.at[i] : n;
            if (holds(s->filter, w)) found(w, out, w->current);
        }
        w->current = outer;
        return;
    case STEP_FUNCTION: {
        const doc_node *v = call(w, s->function, n);
        if (v != NULL) found(w, out, v);
        return;
    }
    }
}

/* Every value inside, itself first. Depth: data are nested at most ASL_PAYLOAD_DEPTH deep. */
static void deep(walk *w, const asl_path_step *s, const doc_node *n, nodes *out) {
    if (asl_failed(w->data) || n->kind < DOC_LIST || w->depth > 2 * ASL_PAYLOAD_DEPTH) return;
    w->depth++;
    step(w, s, n, out);
    for (size_t i = 0; i < js_len(n); i++) deep(w, s, n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value, out);
    w->depth--;
}

static const doc_node *root_of(const asl_path *p, walk *w) {
    switch (p->root) {
    case PATH_INPUT:   return w->data->input;
    case PATH_CONTEXT: return w->data->context;
    case PATH_CURRENT: return w->current;
    default:           break;
    }
    const doc_node *v = asl_scope_get(w->data->scope, p->variable);
    return v != NULL ? v : asl_fail(w->data, asl_error_runtime, "the variable $%.*s is not set", SLICE_ARG(p->variable));
}

static const doc_node *as_list(arena *a, const nodes *v) {
    js_list l = { 0 };
    for (size_t i = 0; i < v->len; i++) js_push(a, &l, v->at[i]);
    return js_list_end(a, &l);
}

static const doc_node *get(const asl_path *p, walk *w) {
    arena *a = w->data->arena;
    const doc_node *root = root_of(p, w);
    if (root == NULL || !asl_spend(w->data, 1)) return NULL;
    nodes now = { 0 };
    bool several = false;
    VEC_PUSH(a, &now, root);
    for (size_t i = 0; i < p->len; i++) {
        const asl_path_step *s = &p->steps[i];
        nodes next = { 0 };
        if (s->kind == STEP_FUNCTION && several) {    /* a function takes what the path before it selects as one list */
            const doc_node *v = call(w, s->function, as_list(a, &now));
            if (v != NULL) found(w, &next, v);
            several = false;
        } else {
            for (size_t k = 0; k < now.len && !asl_failed(w->data); k++) {
                if (s->deep) deep(w, s, now.at[k], &next);
                else step(w, s, now.at[k], &next);
            }
            several = several || s->deep || s->kind == STEP_ALL || s->kind == STEP_SLICE || s->kind == STEP_FILTER || (s->kind == STEP_INDEXES && s->count > 1);
        }
        now = next;
    }
    if (asl_failed(w->data)) return NULL;
    if (several) return as_list(a, &now);
    return now.len == 0 ? NULL : now.at[0];
}

const doc_node *asl_path_get(const asl_path *p, asl_data *d) {
    walk w = { .data = d };
    return get(p, &w);
}

/* ---- putting ---- */

static const doc_node *put(const asl_path *p, size_t at, asl_data *d, const doc_node *n, const doc_node *value) {
    if (at == p->len) return value;
    const asl_path_step *s = &p->steps[at];
    if (s->kind == STEP_NAMES) {
        if (n != NULL && n->kind != DOC_MAP)
            return asl_fail(d, asl_error_result_path, "ResultPath %.*s: `%.*s` should be put into %.*s", SLICE_ARG(p->text), SLICE_ARG(s->names[0]),
                SLICE_ARG(asl_shown(d->arena, n)));
        const doc_node *inner = put(p, at + 1, d, doc_get(n, s->names[0]), value);
        return inner == NULL ? NULL : js_with(d->arena, n, s->names[0], inner);
    }
    if (!js_is(n, DOC_LIST) || s->indexes[0] >= (long long)n->list.len)
        return asl_fail(d, asl_error_result_path, "ResultPath %.*s: there is no item %lld", SLICE_ARG(p->text), s->indexes[0]);
    js_list l = { 0 };
    for (size_t i = 0; i < n->list.len; i++) {
        const doc_node *item = n->list.at[i];
        if ((long long)i == s->indexes[0] && (item = put(p, at + 1, d, item, value)) == NULL) return NULL;
        js_push(d->arena, &l, item);
    }
    return js_list_end(d->arena, &l);
}

const doc_node *asl_path_put(const asl_path *p, asl_data *d, const doc_node *root, const doc_node *value) {
    if (p->len > ASL_PAYLOAD_DEPTH) return asl_fail(d, asl_error_result_path, "ResultPath has more than %u steps", ASL_PAYLOAD_DEPTH);
    return put(p, 0, d, root, value);
}
