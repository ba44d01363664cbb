/* Expressions on items: does a condition hold, what is the item after an update, what is left of it by a projection. */
#include "base/utf8.h"
#include "smoke/aws/dynamodb_expression.h"

static const doc_node *step_into(const doc_node *v, const dynamo_step *s) {
    const doc_node *in = dynamo_inner(v);
    if (s->is_index) return dynamo_type_of(v) == DYNAMO_L && s->index < in->list.len ? in->list.at[s->index] : NULL;
    return dynamo_type_of(v) == DYNAMO_M ? doc_get(in, s->name) : NULL;
}

const doc_node *dynamo_at(const doc_node *item, const dynamo_path *p) {
    const doc_node *v = doc_get(item, p->at[0].name);
    for (size_t i = 1; v != NULL && i < p->len; i++) v = step_into(v, &p->at[i]);
    return v;
}

/* ---- conditions ---- */

static const doc_node *size_of(arena *a, const doc_node *v) {
    if (v == NULL) return NULL;
    size_t size = 0;
    switch (dynamo_type_of(v)) {
    case DYNAMO_S: size = utf8_count(dynamo_inner(v)->text); break;
    case DYNAMO_B: size = dynamo_size(v); break;
    case DYNAMO_M:
    case DYNAMO_L:
    case DYNAMO_SS:
    case DYNAMO_NS:
    case DYNAMO_BS: size = js_len(dynamo_inner(v)); break;
    default: return NULL;
    }
    dynamo_number n = dynamo_number_of(size);
    return dynamo_make_number(a, &n);
}

/* Operands of conditions; NULL: there is no such attribute. */
static const doc_node *value_of(arena *a, const dynamo_operand *o, const doc_node *item) {
    switch (o->kind) {
    case OPERAND_VALUE: return o->value;
    case OPERAND_SIZE: return size_of(a, dynamo_at(item, &o->path));
    default: return dynamo_at(item, &o->path);
    }
}

/* Of one type that has an order? Then how they lie. */
static bool ordered(arena *a, const doc_node *x, const doc_node *y, int *order) {
    if (x == NULL || y == NULL) return false;
    dynamo_type t = dynamo_type_of(x);
    if (t != dynamo_type_of(y) || (t != DYNAMO_S && t != DYNAMO_N && t != DYNAMO_B)) return false;
    *order = dynamo_order(a, x, y);
    return true;
}

static bool begins(arena *a, const doc_node *x, const doc_node *head) {
    if (x == NULL || head == NULL) return false;
    dynamo_type t = dynamo_type_of(x);
    return t == dynamo_type_of(head) && (t == DYNAMO_S || t == DYNAMO_B) && slice_starts(dynamo_bytes(a, x), dynamo_bytes(a, head));
}

/* Naive search is quadratic where both are long; the shorter part is bounded by an item's size, so shift by a table of last places (Horspool). */
static bool has_part(slice text, slice part) {
    size_t shift[256];
    if (part.len == 0 || part.len > text.len) return part.len == 0;
    for (size_t i = 0; i < COUNT(shift); i++) shift[i] = part.len;
    for (size_t i = 0; i + 1 < part.len; i++) shift[(unsigned char)part.at[i]] = part.len - 1 - i;
    for (size_t i = 0; i + part.len <= text.len; i += shift[(unsigned char)text.at[i + part.len - 1]])
        if (memcmp(text.at + i, part.at, part.len) == 0) return true;
    return false;
}

static bool contains(arena *a, const doc_node *x, const doc_node *part) {
    if (x == NULL || part == NULL) return false;
    dynamo_type t = dynamo_type_of(x);
    switch (t) {
    case DYNAMO_S:
    case DYNAMO_B: return dynamo_type_of(part) == t && has_part(dynamo_bytes(a, x), dynamo_bytes(a, part));
    case DYNAMO_L: {
        const doc_node *in = dynamo_inner(x);
        for (size_t i = 0; i < in->list.len; i++)
            if (dynamo_same(a, in->list.at[i], part)) return true;
        return false;
    }
    case DYNAMO_SS:
    case DYNAMO_NS:
    case DYNAMO_BS: return dynamo_set_has(a, x, part);
    default: return false;
    }
}

static bool holds(arena *a, const dynamo_condition *c, const doc_node *item) {
    if (c->kind == CONDITION_AND) return holds(a, c->left, item) && holds(a, c->right, item);
    if (c->kind == CONDITION_OR) return holds(a, c->left, item) || holds(a, c->right, item);
    if (c->kind == CONDITION_NOT) return !holds(a, c->left, item);
    const doc_node *x = value_of(a, c->operands[0], item);
    if (c->kind == CONDITION_EXISTS || c->kind == CONDITION_NOT_EXISTS) return (x != NULL) == (c->kind == CONDITION_EXISTS);
    if (c->kind == CONDITION_IN) {
        for (size_t i = 1; x != NULL && i < c->len; i++) {
            const doc_node *one = value_of(a, c->operands[i], item);
            if (one != NULL && dynamo_same(a, x, one)) return true;
        }
        return false;
    }
    const doc_node *y = value_of(a, c->operands[1], item);
    int order = 0;
    switch (c->kind) {
    case CONDITION_EQ: return x != NULL && y != NULL && dynamo_same(a, x, y);
    case CONDITION_NE: return x == NULL || y == NULL || !dynamo_same(a, x, y);   /* what is not there is different from anything */
    case CONDITION_LT: return ordered(a, x, y, &order) && order < 0;
    case CONDITION_LE: return ordered(a, x, y, &order) && order <= 0;
    case CONDITION_GT: return ordered(a, x, y, &order) && order > 0;
    case CONDITION_GE: return ordered(a, x, y, &order) && order >= 0;
    case CONDITION_BETWEEN:
        return ordered(a, x, y, &order) && order >= 0 && ordered(a, x, value_of(a, c->operands[2], item), &order) && order <= 0;
    case CONDITION_TYPE: return x != NULL && slice_is(dynamo_inner(y)->text, dynamo_type_name(dynamo_type_of(x)));
    case CONDITION_BEGINS: return begins(a, x, y);
    case CONDITION_CONTAINS: return contains(a, x, y);
    default: return false;
    }
}

bool dynamo_holds(arena *a, const dynamo_condition *c, const doc_node *item) {
    arena_mark mark = arena_mark_take(a);
    bool is = holds(a, c, item);
    arena_mark_return(a, mark);
    return is;
}

/* ---- updates ---- */

static bool wrong_type(dynamo_fault *f) { return dynamo_wrong(f, "An operand in the update expression has an incorrect data type"); }
static bool no_place(dynamo_fault *f) { return dynamo_wrong(f, "The document path provided in the update expression is invalid for update"); }

static const doc_node *sum(arena *a, const doc_node *x, const doc_node *y, bool minus, dynamo_fault *f) {
    dynamo_number left = dynamo_number_in(x), right = dynamo_number_in(y), out;
    number_status s = dynamo_number_add(&left, &right, minus, &out);
    if (s == NUMBER_FITS) return dynamo_make_number(a, &out);
    slice says = dynamo_number_fault(f->arena, s, SLICE(""));
    dynamo_wrong(f, "%.*s", SLICE_ARG(says));
    return NULL;
}

/* The right side of a SET. */
static const doc_node *set_value(arena *a, const dynamo_operand *o, const doc_node *item, dynamo_fault *f) {
    const doc_node *v;
    switch (o->kind) {
    case OPERAND_VALUE: return o->value;
    case OPERAND_PATH:
    case OPERAND_SIZE:
        v = dynamo_at(item, &o->path);
        if (v == NULL) dynamo_wrong(f, "The provided expression refers to an attribute that does not exist in the item");
        return v;
    case OPERAND_IF_NOT_EXISTS:
        v = dynamo_at(item, &o->path);
        return v != NULL ? v : set_value(a, o->right, item, f);
    case OPERAND_LIST_APPEND:
    case OPERAND_PLUS:
    case OPERAND_MINUS: break;
    }
    const doc_node *x = set_value(a, o->left, item, f), *y = x == NULL ? NULL : set_value(a, o->right, item, f);
    if (y == NULL) return NULL;
    dynamo_type wanted = o->kind == OPERAND_LIST_APPEND ? DYNAMO_L : DYNAMO_N;
    if (dynamo_type_of(x) != wanted || dynamo_type_of(y) != wanted) {
        wrong_type(f);
        return NULL;
    }
    if (o->kind != OPERAND_LIST_APPEND) return sum(a, x, y, o->kind == OPERAND_MINUS, f);
    const doc_node *first = dynamo_inner(x), *then = dynamo_inner(y);
    /* list_append(list_append(a, a), list_append(a, a)) ... would double an item with each level. */
    if (first->list.len + then->list.len > DYNAMO_MAX_ITEM) {
        dynamo_wrong(f, "Item size to update has exceeded the maximum allowed size");
        return NULL;
    }
    js_list all = { 0 };
    for (size_t i = 0; i < first->list.len; i++) js_push(a, &all, first->list.at[i]);
    for (size_t i = 0; i < then->list.len; i++) js_push(a, &all, then->list.at[i]);
    return dynamo_make(a, DYNAMO_L, js_list_end(a, &all));
}

/* What stands at the end of a path after its action; *out NULL: nothing. `old` NULL: there was nothing. */
static bool act(arena *a, const dynamo_action *x, const doc_node *old, const doc_node *item, const doc_node **out, dynamo_fault *f) {
    *out = NULL;
    if (x->kind == UPDATE_REMOVE) return true;
    if (x->kind == UPDATE_SET) return (*out = set_value(a, x->value, item, f)) != NULL;
    const doc_node *by = x->value->value;
    if (old == NULL) {
        *out = x->kind == UPDATE_ADD ? by : NULL;
        return true;
    }
    if (dynamo_type_of(old) != dynamo_type_of(by)) return wrong_type(f);
    if (dynamo_type_of(by) == DYNAMO_N) return (*out = sum(a, old, by, false, f)) != NULL;
    *out = dynamo_set_join(a, old, by, x->kind == UPDATE_DELETE);
    return true;
}

static bool change(arena *a, const dynamo_branch *b, const doc_node *old, const doc_node *item, const doc_node **out, dynamo_fault *f);

/* A map with what its branches make of it. */
static bool change_map(arena *a, const dynamo_branch *branches, const doc_node *old, const doc_node *item, const doc_node **out, dynamo_fault *f) {
    js_object all = { 0 };
    for (size_t i = 0; i < old->map.len; i++) {
        const dynamo_branch *b = branches;
        while (b != NULL && !slice_eq(b->step.name, old->map.at[i].key)) b = b->next;
        doc_entry e = old->map.at[i];
        if (b != NULL && !change(a, b, e.value, item, &e.value, f)) return false;
        if (e.value != NULL) VEC_PUSH(a, &all.entries, e);
    }
    for (const dynamo_branch *b = branches; b != NULL; b = b->next) {
        doc_entry e = { .key = b->step.name };
        if (doc_get(old, e.key) != NULL) continue;
        if (!change(a, b, NULL, item, &e.value, f)) return false;
        if (e.value != NULL) VEC_PUSH(a, &all.entries, e);
    }
    *out = js_object_end(a, &all);
    return true;
}

/* A list: what is removed leaves no hole, what is set behind the end is appended in order of the indexes. */
static bool change_list(arena *a, const dynamo_branch *branches, const doc_node *old, const doc_node *item, const doc_node **out, dynamo_fault *f) {
    js_list all = { 0 };
    size_t behind = 0;
    const doc_node **at = ARENA_ARRAY(a, const doc_node *, old->list.len);
    for (size_t i = 0; i < old->list.len; i++) at[i] = old->list.at[i];
    for (const dynamo_branch *b = branches; b != NULL; b = b->next) {
        if (b->step.index >= old->list.len) behind++;
        else if (!change(a, b, old->list.at[b->step.index], item, &at[b->step.index], f)) return false;
    }
    for (size_t i = 0; i < old->list.len; i++) js_push(a, &all, at[i]);
    uint32_t from = (uint32_t)(old->list.len < UINT32_MAX ? old->list.len : UINT32_MAX);
    for (; behind > 0; behind--) {
        const dynamo_branch *least = NULL;
        for (const dynamo_branch *b = branches; b != NULL; b = b->next)
            if (b->step.index >= from && (least == NULL || b->step.index < least->step.index)) least = b;
        const doc_node *v = NULL;
        if (least == NULL) break;
        if (!change(a, least, NULL, item, &v, f)) return false;
        js_push(a, &all, v);
        from = least->step.index + 1;
    }
    *out = js_list_end(a, &all);
    return true;
}

static bool change(arena *a, const dynamo_branch *b, const doc_node *old, const doc_node *item, const doc_node **out, dynamo_fault *f) {
    if (b->ends) return act(a, b->action, old, item, out, f);
    bool list = b->child->step.is_index;
    if (old == NULL || dynamo_type_of(old) != (list ? DYNAMO_L : DYNAMO_M)) return no_place(f);
    const doc_node *in;
    if (!(list ? change_list : change_map)(a, b->child, dynamo_inner(old), item, &in, f)) return false;
    *out = dynamo_make(a, list ? DYNAMO_L : DYNAMO_M, in);
    return true;
}

const doc_node *dynamo_apply(arena *a, const dynamo_update *u, const doc_node *item, dynamo_fault *f) {
    const doc_node *out;
    return change_map(a, u->paths, item, item, &out, f) ? out : NULL;
}

/* ---- projections ---- */

static const doc_node *project_value(arena *a, const dynamo_branch *b, const doc_node *v);

static const doc_node *project_map(arena *a, const dynamo_branch *branches, const doc_node *map) {
    js_object all = { 0 };
    for (const dynamo_branch *b = branches; b != NULL; b = b->next) {
        const doc_node *v = b->step.is_index ? NULL : doc_get(map, b->step.name);
        if (v != NULL) v = project_value(a, b, v);
        if (v != NULL) VEC_PUSH(a, &all.entries, (doc_entry){ .key = b->step.name, .value = v });
    }
    return js_object_end(a, &all);
}

static const doc_node *project_value(arena *a, const dynamo_branch *b, const doc_node *v) {
    if (b->ends) return v;
    const doc_node *in = dynamo_inner(v);
    if (dynamo_type_of(v) == DYNAMO_M) {
        const doc_node *out = project_map(a, b->child, in);
        return out->map.len > 0 ? dynamo_make(a, DYNAMO_M, out) : NULL;
    }
    if (dynamo_type_of(v) != DYNAMO_L) return NULL;
    js_list all = { 0 };
    int64_t last = -1;
    for (;;) {      /* by index, whatever the order of the paths */
        const dynamo_branch *least = NULL;
        for (const dynamo_branch *c = b->child; c != NULL; c = c->next)
            if (c->step.is_index && (int64_t)c->step.index > last && (least == NULL || c->step.index < least->step.index)) least = c;
        if (least == NULL) break;
        last = least->step.index;
        if (least->step.index < in->list.len) js_push(a, &all, project_value(a, least, in->list.at[least->step.index]));
    }
    return all.items.len > 0 ? dynamo_make(a, DYNAMO_L, js_list_end(a, &all)) : NULL;
}

const doc_node *dynamo_project(arena *a, const dynamo_branch *paths, const doc_node *item) { return project_map(a, paths, item); }
