/* The Conditions section as expressions. */
#include "template/cfn/reader.h"

typedef struct {
    reader *r;
    pointers shared;
    VEC(condition *) named;        /* the conditions that the one being read names */
    VEC(condition *) all;          /* with those made for shared nodes */
} building;

static const condition_expr *build(building *b, const doc_node *n);

static condition_expr *expr_new(building *b, expr_kind kind) {
    condition_expr *e = ARENA_NEW(b->r->a, condition_expr);
    e->kind = kind;
    e->constant = UNKNOWN;
    return e;
}

const condition *cfn_condition(reader *r, const doc_node *name) {
    const condition *c = strmap_get(&r->conditions, name->text);
    if (c == NULL && !r->names_open)
        cfn_problem(r, PROBLEM_CONDITION, name->at, name->end,
                    arena_printf(r->a, "there is no condition %.*s in the template%.*s", SLICE_ARG(name->text),
                                 SLICE_ARG(cfn_suggest_in(r, name->text, &r->conditions))));
    return c;
}

/* ---- operands ---- */

static operand of_value(reader *r, const value *v) {
    switch (v->kind) {
    case VAL_BOOL: return (operand){ .kind = OPERAND_TEXT, .text = v->boolean ? SLICE("true") : SLICE("false") };
    case VAL_STRING: case VAL_INT: case VAL_DOUBLE: return (operand){ .kind = OPERAND_TEXT, .text = v->text };
    case VAL_UNKNOWN: {
        const cfn_parameter *p = v->why == UNKNOWN_PARAMETER ? strmap_get(&r->parameters, v->text) : NULL;
        if (p != NULL) return p->operand;
        if (v->why == UNKNOWN_PSEUDO) return (operand){ .kind = OPERAND_FREE, .variable = cfn_pseudo_variable(r, v->text) };
        break;
    }
    default: break;
    }
    return (operand){ .kind = OPERAND_OPAQUE };
}

operand cfn_operand(reader *r, const doc_node *n) {
    place outer = r->now;
    r->now.in_condition = true;
    r->now.needs = NULL;
    operand o = of_value(r, cfn_resolve(r, n));
    r->now = outer;
    return o;
}

/* ---- expressions ---- */

static const condition_expr *malformed(building *b, const doc_node *n, const char *needs) {
    slice name = n->kind == DOC_MAP && n->map.len > 0 ? n->map.at[0].key : SLICE("a condition");
    cfn_problem(b->r, PROBLEM_FUNCTION, n->at, n->end, arena_printf(b->r->a, "%.*s needs %s", SLICE_ARG(name), needs));
    return expr_new(b, EXPR_CONSTANT);
}

static const condition_expr *build_equals(building *b, const doc_node *n, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len != 2) return malformed(b, n, "two values: `!Equals [!Ref Stage, prod]`");
    condition_expr *e = expr_new(b, EXPR_EQUALS);
    e->x = cfn_operand(b->r, arg->list.at[0]);
    e->y = cfn_operand(b->r, arg->list.at[1]);
    return e;
}

static const condition_expr *build_parts(building *b, const doc_node *n, const doc_node *arg, expr_kind kind) {
    bool one = kind == EXPR_NOT;
    if (arg->kind != DOC_LIST || (one ? arg->list.len != 1 : arg->list.len < 1))
        return malformed(b, n, one ? "a list of one condition: `!Not [!Condition IsProd]`" : "a list of conditions");
    condition_expr *e = expr_new(b, kind);
    e->parts = ARENA_ARRAY(b->r->a, const condition_expr *, arg->list.len);
    e->parts_len = arg->list.len;
    for (size_t i = 0; i < arg->list.len; i++) e->parts[i] = build(b, arg->list.at[i]);
    return e;
}

static const condition_expr *build_named(building *b, const doc_node *arg) {
    /* The SAM translator writes {"Condition": {"Condition": "IsProd"}} where it joins conditions. */
    if (arg->kind == DOC_MAP && arg->map.len == 1 && slice_is(arg->map.at[0].key, "Condition")) arg = arg->map.at[0].value;
    if (!doc_is_scalar(arg)) return expr_new(b, EXPR_CONSTANT);
    const condition *c = cfn_condition(b->r, arg);
    if (c == NULL) return expr_new(b, EXPR_CONSTANT);
    condition_expr *e = expr_new(b, EXPR_NAMED);
    e->named = c;
    VEC_PUSH(b->r->a, &b->named, (condition *)(uintptr_t)c);
    return e;
}

static const condition_expr *build_plain(building *b, const doc_node *n) {
    if (n->kind != DOC_MAP || n->map.len != 1)
        return malformed(b, n, "Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition");
    slice key = n->map.at[0].key;
    const doc_node *arg = n->map.at[0].value;
    if (slice_is(key, "Fn::Equals")) return build_equals(b, n, arg);
    if (slice_is(key, "Fn::And")) return build_parts(b, n, arg, EXPR_AND);
    if (slice_is(key, "Fn::Or")) return build_parts(b, n, arg, EXPR_OR);
    if (slice_is(key, "Fn::Not")) return build_parts(b, n, arg, EXPR_NOT);
    if (slice_is(key, "Condition")) return build_named(b, arg);
    place outer = b->r->now;
    b->r->now.in_condition = true;
    cfn_resolve(b->r, n);
    b->r->now = outer;
    return expr_new(b, EXPR_CONSTANT);
}

/* A shared node becomes a condition without a name, so that it is judged once. Recursion is bounded by DOC_MAX_DEPTH. */
static const condition_expr *build(building *b, const doc_node *n) {
    if (!n->shared || n->kind != DOC_MAP) return build_plain(b, n);
    condition *c = pointers_get(&b->shared, n);
    if (c == NULL) {
        c = ARENA_NEW(b->r->a, condition);
        *c = (condition){ .id = SLICE(""), .at = n->at, .fixed = UNKNOWN, .in = b->r->t };
        pointers_put(b->r->a, &b->shared, n, c);
        condition_expr *root = ARENA_NEW(b->r->a, condition_expr);
        *root = *build_plain(b, n);
        c->expr = root;
        VEC_PUSH(b->r->a, &b->all, c);
    }
    condition_expr *e = expr_new(b, EXPR_NAMED);
    e->named = c;
    return e;
}

/* ---- circles ---- */

typedef struct {
    size_t first, len;             /* in `to` */
    uint32_t waits;                /* conditions that it names and that are not done */
} wait;

static size_t index_in(const strmap *by_id, slice id) {
    return (size_t)(uintptr_t)strmap_get(by_id, id) - 1;
}

/* Takes away what names nothing that is left, again and again; what stays is in a circle or leads to one. */
static void find_circle(reader *r, const wait *waits, const size_t *to, size_t len) {
    size_t *uses = ARENA_ARRAY(r->a, size_t, len + 1), total = 0;
    for (size_t i = 0; i < len; i++) {
        total += waits[i].len;
        for (size_t k = 0; k < waits[i].len; k++) uses[to[waits[i].first + k]]++;
    }
    size_t *start = ARENA_ARRAY(r->a, size_t, len + 1), *user = ARENA_ARRAY(r->a, size_t, total), *fill = ARENA_ARRAY(r->a, size_t, len + 1);
    for (size_t i = 0; i < len; i++) start[i + 1] = start[i] + uses[i];
    for (size_t i = 0; i < len; i++)
        for (size_t k = 0; k < waits[i].len; k++) {
            size_t named = to[waits[i].first + k];
            user[start[named] + fill[named]++] = i;
        }
    size_t *queue = ARENA_ARRAY(r->a, size_t, len), queued = 0, left = len;
    uint32_t *open = ARENA_ARRAY(r->a, uint32_t, len);
    for (size_t i = 0; i < len; i++) {
        open[i] = waits[i].waits;
        if (open[i] == 0) queue[queued++] = i;
    }
    for (size_t q = 0; q < queued; q++, left--)
        for (size_t k = start[queue[q]]; k < start[queue[q] + 1]; k++)
            if (--open[user[k]] == 0) queue[queued++] = user[k];
    if (left == 0) return;
    size_t at = 0;
    while (open[at] == 0) at++;
    size_t *met = ARENA_ARRAY(r->a, size_t, len), steps = 1;
    VEC(size_t) path = { 0 };
    while (met[at] == 0) {                       /* each one left names another one left: this walk ends in a circle */
        met[at] = steps++;
        VEC_PUSH(r->a, &path, at);
        size_t next = at;
        for (size_t k = 0; k < waits[at].len; k++)
            if (open[to[waits[at].first + k]] != 0) next = to[waits[at].first + k];
        at = next;
    }
    buf b = { .arena = r->a };
    const condition *first = r->t->conditions.at[at];
    for (size_t i = met[at] - 1; i < path.len && b.bytes.len < 1000; i++) {
        buf_slice(&b, r->t->conditions.at[path.at[i]]->id);
        buf_text(&b, " needs ");
    }
    buf_slice(&b, first->id);
    slice text = buf_as_slice(&b);
    cfn_problem(r, PROBLEM_CIRCULAR, first->at, first->at, arena_printf(r->a, "conditions in a circle: %.*s", SLICE_ARG(text)));
}

/* ---- a template of which nothing exists ---- */

/* {Fn::Equals: [true, false]}: a switch that is turned by editing it. */
static bool is_switch(const doc_node *body) {
    const doc_node *equals = body != NULL && body->kind == DOC_MAP && body->map.len == 1 ? doc_get(body, SLICE("Fn::Equals")) : NULL;
    return equals != NULL && equals->kind == DOC_LIST && equals->list.len == 2 && doc_is_scalar(equals->list.at[0]) && doc_is_scalar(equals->list.at[1]);
}

static bool nothing_exists(const reader *r) {
    const doc_node *resources = doc_get(r->doc, SLICE("Resources"));
    if (resources == NULL || resources->kind != DOC_MAP || resources->map.len == 0) return false;
    for (size_t i = 0; i < resources->map.len; i++) {
        const doc_node *name = doc_get(resources->map.at[i].value, SLICE("Condition"));
        const condition *c = name == NULL || !doc_is_scalar(name) ? NULL : strmap_get(&r->conditions, name->text);
        if (c == NULL || c->fixed != NO) return false;
    }
    return true;
}

/* Nobody keeps a template for nothing: where constant conditions leave no resource at all, they are switches, and what stands behind them is
 * shown as what is there when they are on. */
static void open_switches(reader *r, const doc_node *const *bodies, size_t len) {
    if (!nothing_exists(r)) return;
    for (size_t i = 0; i < len; i++) {
        condition *c = r->t->conditions.at[i];
        condition_expr *root = (condition_expr *)(uintptr_t)c->expr;
        if (root == NULL) continue;
        c->fixed = UNKNOWN;
        root->touches = 0;
        if (is_switch(bodies[i])) *root = (condition_expr){ .kind = EXPR_EQUALS, .x = { .kind = OPERAND_OPAQUE }, .y = { .kind = OPERAND_OPAQUE } };
    }
    conditions_settle(r->t->conditions.at, len);
}

/* ---- the section ---- */

void cfn_read_conditions(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Conditions"));
    r->conditions = (strmap){ 0 };
    r->t->conditions.len = 0;
    if (section == NULL || section->kind != DOC_MAP) return;
    strmap index = { 0 };
    VEC(const doc_node *) bodies = { 0 };
    for (size_t i = 0; i < section->map.len; i++) {
        const doc_entry *e = &section->map.at[i];
        if (slice_starts(e->key, SLICE("Fn::")) || strmap_has(&r->conditions, e->key)) continue;
        condition *c = ARENA_NEW(r->a, condition);
        *c = (condition){ .id = e->key, .at = e->key_at, .fixed = UNKNOWN, .in = r->t };
        strmap_put(r->a, &r->conditions, e->key, c);
        VEC_PUSH(r->a, &r->t->conditions, c);
        VEC_PUSH(r->a, &bodies, e->value);
        strmap_put(r->a, &index, e->key, (void *)(uintptr_t)r->t->conditions.len);
    }
    building b = { .r = r };
    size_t len = r->t->conditions.len;
    wait *waits = ARENA_ARRAY(r->a, wait, len);
    VEC(size_t) to = { 0 };
    VEC_PUSH(r->a, &to, 0);      /* so that it is never nothing */
    for (size_t i = 0; i < len; i++) {
        condition *c = r->t->conditions.at[i];
        b.named.len = 0;
        condition_expr *root = ARENA_NEW(r->a, condition_expr);    /* its own object: `touches` belongs to the condition */
        *root = *build(&b, bodies.at[i]);
        c->expr = root;
        waits[i].first = to.len;
        waits[i].len = b.named.len;
        waits[i].waits = (uint32_t)b.named.len;
        for (size_t k = 0; k < b.named.len; k++) VEC_PUSH(r->a, &to, index_in(&index, b.named.at[k]->id));
    }
    find_circle(r, waits, to.at, len);
    conditions_settle(b.all.at, b.all.len);
    conditions_settle(r->t->conditions.at, len);
    open_switches(r, bodies.at, len);
}
