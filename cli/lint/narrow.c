#include "lint/narrow.h"

#include "cel/program.h"

/* ---- what may be asked ---- */

static slice type_of(const node *n) { return n->type; }
static slice role_of(const node *n) { return role_name(n->role); }

static slice resource_type(const lint_item *it) { return it->resource == NULL ? SLICE("") : it->resource->type; }
static slice node_type(const lint_item *it) { return it->node == NULL ? SLICE("") : type_of(it->node); }
static slice node_role(const lint_item *it) { return it->node == NULL ? SLICE("") : role_of(it->node); }
static slice edge_service(const lint_item *it) { return it->edge->service; }
static slice edge_kind_text(const lint_item *it) { return edge_kind_name(it->edge->kind); }
static slice edge_from_type(const lint_item *it) { return type_of(it->edge->from); }
static slice edge_from_role(const lint_item *it) { return role_of(it->edge->from); }
static slice edge_to_type(const lint_item *it) { return type_of(it->edge->to); }
static slice edge_to_role(const lint_item *it) { return role_of(it->edge->to); }
static slice edge_via_type(const lint_item *it) { return it->edge->via == NULL ? SLICE("") : it->edge->via->type; }

static bool node_external(const lint_item *it) { return it->node->external; }
static bool edge_trigger(const lint_item *it) { return it->edge->trigger; }
static bool edge_sure(const lint_item *it) { return it->edge->sure; }
static bool edge_to_external(const lint_item *it) { return it->edge->to->external; }
static bool edge_from_external(const lint_item *it) { return it->edge->from->external; }

typedef struct {
    looks looks;
    slice name;                /* as rules write it */
    slice (*text)(const lint_item *it);      /* one of the two */
    bool (*yes)(const lint_item *it);
} asked;

/* Texts that are null where there is nothing are "" here: no rule compares with "" (narrow_make sees to it). */
static const asked table[] = {
    { LOOKS_RESOURCE, SLICE_INIT("resource.type"), resource_type, NULL },
    { LOOKS_NODE, SLICE_INIT("node.type"), node_type, NULL },
    { LOOKS_NODE, SLICE_INIT("node.role"), node_role, NULL },
    { LOOKS_NODE, SLICE_INIT("node.external"), NULL, node_external },
    { LOOKS_EDGE, SLICE_INIT("edge.service"), edge_service, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.kind"), edge_kind_text, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.trigger"), NULL, edge_trigger },
    { LOOKS_EDGE, SLICE_INIT("edge.sure"), NULL, edge_sure },
    { LOOKS_EDGE, SLICE_INIT("edge.from.type"), edge_from_type, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.from.role"), edge_from_role, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.from.external"), NULL, edge_from_external },
    { LOOKS_EDGE, SLICE_INIT("edge.to.type"), edge_to_type, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.to.role"), edge_to_role, NULL },
    { LOOKS_EDGE, SLICE_INIT("edge.to.external"), NULL, edge_to_external },
    { LOOKS_EDGE, SLICE_INIT("edge.via.type"), edge_via_type, NULL },
};

/* ---- one condition ---- */

typedef struct {
    const asked *of;
    bool wanted;               /* of->yes */
    const slice *texts;        /* of->text is one of them */
    size_t len;
} condition_of;

struct narrow {
    VEC(condition_of) list;
};

typedef struct {
    arena *arena;
    cel_program p;
    looks looks;
    const cel_environment *env;
    narrow *out;
} reading;

#define NAME_PARTS 3

/* "edge.to.type" of the selections that a node stands for; "" when it is something else. */
static slice name_at(const reading *r, uint32_t n) {
    slice parts[2 * NAME_PARTS - 1];
    size_t at = COUNT(parts);
    for (;; n = r->p.nodes[n].a) {
        const cel_node *e = &r->p.nodes[n];
        if (e->op == OP_VARIABLE) {
            parts[--at] = r->env->variables[e->a].name;
            return arena_concat(r->arena, parts + at, COUNT(parts) - at);
        }
        if (e->op != OP_SELECT || at < 2) return SLICE("");
        parts[--at] = program_text(&r->p, e->b, e->c);
        parts[--at] = SLICE(".");
    }
}

static const asked *asked_at(const reading *r, uint32_t n) {
    slice name = name_at(r, n);
    for (size_t i = 0; i < COUNT(table) && name.len > 0; i++)
        if (table[i].looks == r->looks && slice_eq(table[i].name, name)) return &table[i];
    return NULL;
}

static bool literal_at(const reading *r, uint32_t n, slice *out) {
    const cel_node *e = &r->p.nodes[n];
    *out = e->op == OP_LITERAL_STRING ? program_text(&r->p, e->a, e->b) : SLICE("");
    return out->len > 0;
}

static void add_texts(const reading *r, uint32_t of, const uint32_t *literals, size_t len) {
    const asked *what = asked_at(r, of);
    slice *texts = ARENA_ARRAY(r->arena, slice, len);
    if (what == NULL || what->text == NULL) return;
    for (size_t i = 0; i < len; i++)
        if (!literal_at(r, literals[i], &texts[i])) return;
    VEC_PUSH(r->arena, &r->out->list, (condition_of){ .of = what, .texts = texts, .len = len });
}

static void add_flag(const reading *r, uint32_t of, bool wanted) {
    const asked *what = asked_at(r, of);
    if (what != NULL && what->yes != NULL) VEC_PUSH(r->arena, &r->out->list, (condition_of){ .of = what, .wanted = wanted });
}

static void add_condition(const reading *r, uint32_t n) {
    const cel_node *e = &r->p.nodes[n];
    const cel_node *right = e->op == OP_IN ? &r->p.nodes[e->b] : NULL;
    if (e->op == OP_EQ) add_texts(r, e->a, &e->b, 1);
    else if (right != NULL && right->op == OP_LIST && (right->flags & NODE_CONSTANT) != 0) add_texts(r, e->a, r->p.args + right->a, right->count);
    else if (e->op == OP_NOT) add_flag(r, e->a, false);
    else if (e->op == OP_SELECT) add_flag(r, n, true);
}

const narrow *narrow_make(arena *a, rule_ref ref) {
    cel_field variables[VOCABULARY_MAX_VARIABLES];
    cel_environment env = vocabulary_names((looks)ref.rule->looks, variables);
    if (ref.rule->where == RULE_NONE) return NULL;
    reading r = { a, rule_program_of(ref.set, ref.rule->where), (looks)ref.rule->looks, &env, ARENA_NEW(a, narrow) };
    const cel_node *root = &r.p.nodes[r.p.root];
    if (root->op == OP_AND)
        for (size_t i = 0; i < root->count; i++) add_condition(&r, r.p.args[root->a + i]);
    else
        add_condition(&r, r.p.root);
    return r.out->list.len > 0 ? r.out : NULL;
}

/* ---- asking ---- */

static bool holds(const condition_of *c, const lint_item *item) {
    if (c->of->yes != NULL) return c->of->yes(item) == c->wanted;
    slice text = c->of->text(item);
    for (size_t i = 0; i < c->len; i++)
        if (slice_eq(c->texts[i], text)) return true;
    return false;
}

bool narrow_may(const narrow *n, const lint_item *item) {
    for (size_t i = 0; n != NULL && i < n->list.len; i++)
        if (!holds(&n->list.at[i], item)) return false;
    return true;
}
