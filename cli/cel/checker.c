/* Names to indexes, and errors of types that are certain whatever the values are. In an open environment nothing is refused: what is not
 * found stays a name and is looked up, or fails, when it is evaluated. */
#include <stdarg.h>
#include <stdio.h>

#include "cel/functions.h"

/* What a value may be: a set of kinds. */
typedef struct type type;
struct type {
    unsigned bits;
    const type *of;                 /* items of a list, values of a map; NULL: anything */
    const cel_record *record;       /* with CEL_OBJECT; NULL: of any kind */
};

#define ANY_BITS    (BIT(CEL_UNKNOWN) - 1)
#define NUMBER_BITS (BIT(CEL_INT) | BIT(CEL_UINT) | BIT(CEL_DOUBLE))
static const type any = { ANY_BITS, NULL, NULL };
static const type of_kind[] = {
    [CEL_NULL] = { BIT(CEL_NULL), NULL, NULL },           [CEL_BOOL] = { BIT(CEL_BOOL), NULL, NULL },
    [CEL_INT] = { BIT(CEL_INT), NULL, NULL },             [CEL_UINT] = { BIT(CEL_UINT), NULL, NULL },
    [CEL_DOUBLE] = { BIT(CEL_DOUBLE), NULL, NULL },       [CEL_STRING] = { BIT(CEL_STRING), NULL, NULL },
    [CEL_BYTES] = { BIT(CEL_BYTES), NULL, NULL },         [CEL_LIST] = { BIT(CEL_LIST), NULL, NULL },
    [CEL_MAP] = { BIT(CEL_MAP), NULL, NULL },             [CEL_TIMESTAMP] = { BIT(CEL_TIMESTAMP), NULL, NULL },
    [CEL_DURATION] = { BIT(CEL_DURATION), NULL, NULL },   [CEL_TYPE] = { BIT(CEL_TYPE), NULL, NULL },
};

/* Written by an environment; the kinds' own names are the protocol buffers' ones for times. */
static const struct { slice name; cel_kind kind; } type_names[] = {
    { SLICE_INIT("null"), CEL_NULL },     { SLICE_INIT("bool"), CEL_BOOL },     { SLICE_INIT("int"), CEL_INT },
    { SLICE_INIT("uint"), CEL_UINT },     { SLICE_INIT("double"), CEL_DOUBLE }, { SLICE_INIT("string"), CEL_STRING },
    { SLICE_INIT("bytes"), CEL_BYTES },   { SLICE_INIT("list"), CEL_LIST },     { SLICE_INIT("map"), CEL_MAP },
    { SLICE_INIT("type"), CEL_TYPE },     { SLICE_INIT("timestamp"), CEL_TIMESTAMP }, { SLICE_INIT("duration"), CEL_DURATION },
};

typedef struct {
    uint32_t name, len;             /* in the blob */
    const type *type;
} scope_entry;

typedef struct {
    cel_draft *d;
    const cel_environment *env;
    scope_entry scope[CEL_MAX_SLOTS];
    uint32_t scope_len;
} checker;

static const type *check(checker *k, uint32_t n);

static cel_node *node_at(checker *k, uint32_t n) { return &k->d->nodes.at[n]; }

/* ---- types ---- */

static const type *make_type(checker *k, unsigned bits, const type *of, const cel_record *record) {
    type *t = ARENA_NEW(k->d->arena, type);
    *t = (type){ bits, of, record };
    return t;
}

#define TYPE_MAX_DEPTH 8

static const type *type_named(checker *k, slice name, unsigned depth) {
    size_t open = slice_find(name, '(');
    if (open < name.len && depth < TYPE_MAX_DEPTH && slice_ends(name, SLICE(")"))) {
        slice outer = slice_from_to(name, 0, open);
        const type *of = type_named(k, slice_from_to(name, open + 1, name.len - 1), depth + 1);
        if (slice_is(outer, "list")) return make_type(k, BIT(CEL_LIST), of, NULL);
        if (slice_is(outer, "map")) return make_type(k, BIT(CEL_MAP), of, NULL);
    }
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (slice_eq(type_names[i].name, name)) return &of_kind[type_names[i].kind];
    for (size_t i = 0; i < k->env->records_len; i++)
        if (slice_eq(k->env->records[i].name, name)) return make_type(k, BIT(CEL_OBJECT), NULL, &k->env->records[i]);
    return &any;
}

static const type *type_of_bits(checker *k, unsigned bits) {
    for (size_t i = 0; i < COUNT(of_kind); i++)
        if (of_kind[i].bits == bits) return &of_kind[i];
    return bits == ANY_BITS ? &any : make_type(k, bits, NULL, NULL);
}

static const type *either(checker *k, const type *x, const type *y) {
    if (x == y) return x;
    const type *of = x->of == y->of ? x->of : NULL;
    unsigned both = x->bits | y->bits, objects = BIT(CEL_OBJECT);
    const cel_record *record = x->record == y->record || (y->bits & objects) == 0 ? x->record : (x->bits & objects) == 0 ? y->record : NULL;
    if ((x->bits & y->bits & (BIT(CEL_LIST) | BIT(CEL_MAP))) == 0) {    /* only one of them has items */
        bool x_has = (x->bits & (BIT(CEL_LIST) | BIT(CEL_MAP))) != 0, y_has = (y->bits & (BIT(CEL_LIST) | BIT(CEL_MAP))) != 0;
        of = x_has && !y_has ? x->of : y_has && !x_has ? y->of : NULL;
    }
    return make_type(k, both, of, record);
}

/* Null is no certain error anywhere: lenient environments take it, and the host may give it for anything. */
static bool may_be(const type *t, unsigned bits) { return (t->bits & (bits | BIT(CEL_NULL))) != 0; }

static slice name_of(const type *t) {
    if (t->record != NULL) return t->record->name;
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (t->bits == BIT(type_names[i].kind)) return type_names[i].name;
    return SLICE("dyn");
}

/* ---- messages ---- */

typedef struct {
    slice wanted, name;
    size_t distance;
} nearest;

static void offer(nearest *best, slice name) {
    size_t distance = slice_same_letters(best->wanted, name) ? 0 : slice_distance(best->wanted, name, best->distance);
    if (distance < best->distance) {
        best->distance = distance;
        best->name = name;
    }
}

static nearest nearest_to(slice wanted) { return (nearest){ wanted, { "", 0 }, wanted.len / 3 + 2 }; }

/* A certain error: of the program in a closed environment, of nobody in an open one. */
static const type *refuse(checker *k, const cel_node *node, const char *what, const nearest *best) {
    if (!k->env->closed) return &any;
    if (best != NULL && best->name.len > 0) draft_fail(k->d, node->at, "%s; did you mean %.*s?", what, SLICE_ARG(best->name));
    else draft_fail(k->d, node->at, "%s", what);
    return NULL;
}

static const char *text(checker *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

static const char *text(checker *k, const char *format, ...) {
    char out[400];
    va_list args;
    va_start(args, format);
    vsnprintf(out, sizeof out, format, args);
    va_end(args);
    return arena_copy(k->d->arena, slice_from(out)).at;
}

/* ---- names and fields ---- */

static const type *field_type(checker *k, const type *t, slice name, const cel_node *node) {
    unsigned objects = BIT(CEL_OBJECT);
    if (t->record != NULL && (t->bits & ~(objects | BIT(CEL_NULL))) == 0) {
        nearest best = nearest_to(name);
        for (size_t i = 0; i < t->record->fields_len; i++) {
            if (slice_eq(t->record->fields[i].name, name)) return type_named(k, t->record->fields[i].type, 0);
            offer(&best, t->record->fields[i].name);
        }
        return refuse(k, node, text(k, "%.*s has no field %.*s", SLICE_ARG(t->record->name), SLICE_ARG(cel_brief(name))), &best);
    }
    if (t->bits == BIT(CEL_MAP)) return t->of == NULL ? &any : t->of;
    if (may_be(t, objects | BIT(CEL_MAP))) return &any;
    return refuse(k, node, text(k, "%.*s has no fields: .%.*s", SLICE_ARG(name_of(t)), SLICE_ARG(cel_brief(name))), NULL);
}

static bool find_local(checker *k, slice name, uint32_t *slot) {
    for (uint32_t i = k->scope_len; i-- > 0;)
        if (slice_eq(draft_text(k->d, k->scope[i].name, k->scope[i].len), name)) {
            *slot = i;
            return true;
        }
    return false;
}

static bool find_variable(checker *k, slice name, uint32_t *index) {
    for (size_t i = 0; i < k->env->variables_len; i++)
        if (slice_eq(k->env->variables[i].name, name)) {
            *index = (uint32_t)i;
            return true;
        }
    return false;
}

/* a.b.c from the name `a` at path[len - 1] up to the SELECT at path[0]. */
typedef struct {
    uint32_t *path;
    size_t len;
    buf dotted;         /* "a.b.c", as far as no part is escaped */
    size_t *ends;       /* where the i-th name from the left ends */
    size_t names;       /* how many names are in `dotted` */
} chain;

/* False when there is no name at the bottom, only another expression. */
static bool chain_of(checker *k, uint32_t n, chain *c) {
    *c = (chain){ .dotted = { .arena = k->d->arena } };
    uint32_t bottom = n;
    for (; node_at(k, bottom)->op == OP_SELECT; bottom = node_at(k, bottom)->a) c->len++;
    bool named = node_at(k, bottom)->op == OP_IDENT;
    if (named) c->len++;
    c->path = ARENA_ARRAY(k->d->arena, uint32_t, c->len);
    for (size_t i = 0; i < c->len; i++, n = node_at(k, n)->a) c->path[i] = n;
    if (!named) return false;
    c->ends = ARENA_ARRAY(k->d->arena, size_t, c->len);
    for (size_t i = c->len; i-- > 0; c->names++) {
        const cel_node *node = node_at(k, c->path[i]);
        if ((node->flags & NODE_ESCAPED) != 0) break;
        bool first = node->op == OP_IDENT;
        if (!first) buf_char(&c->dotted, '.');
        buf_slice(&c->dotted, first ? draft_text(k->d, node->a, node->b) : draft_text(k->d, node->b, node->c));
        c->ends[c->names] = c->dotted.bytes.len;
    }
    return true;
}

static slice chain_text(const chain *c, size_t names) { return slice_from_to(buf_as_slice(&c->dotted), 0, c->ends[names - 1]); }

/* The fields above path[at], whose type is `t`. */
static const type *check_fields(checker *k, const chain *c, size_t at, const type *t) {
    while (at-- > 0 && t != NULL) {
        const cel_node *node = node_at(k, c->path[at]);
        t = field_type(k, t, draft_text(k->d, node->b, node->c), node);
    }
    return t;
}

static void keep_names(checker *k, const chain *c) {
    uint32_t at = draft_blob(k->d, buf_as_slice(&c->dotted));
    for (size_t i = 0; i < c->names; i++) {
        cel_node *node = node_at(k, c->path[c->len - 1 - i]);
        uint32_t from = i == 0 ? 0 : (uint32_t)c->ends[i - 1] + 1;
        if (i == 0) {
            node->a = at;
            continue;
        }
        node->b = at + from;
        node->count = (uint16_t)from;
        node->flags |= NODE_QUALIFIED;
    }
}

static const type *check_name(checker *k, uint32_t n) {
    chain c;
    uint32_t index;
    if (!chain_of(k, n, &c)) {
        const type *t = check(k, c.len == 0 ? n : node_at(k, c.path[c.len - 1])->a);
        return t == NULL ? NULL : check_fields(k, &c, c.len, t);
    }
    cel_node *root = node_at(k, c.path[c.len - 1]);
    if ((root->flags & NODE_ABSOLUTE) == 0 && find_local(k, chain_text(&c, 1), &index)) {
        root->op = OP_LOCAL;
        root->a = index;
        return check_fields(k, &c, c.len - 1, k->scope[index].type);
    }
    for (size_t names = c.names; names > 0; names--)    /* CEL specification, "Name Resolution": the longest name wins */
        if (find_variable(k, chain_text(&c, names), &index)) {
            cel_node *node = node_at(k, c.path[c.len - names]);
            node->op = OP_VARIABLE;
            node->flags = 0;
            node->a = index;
            return check_fields(k, &c, c.len - names, type_named(k, k->env->variables[index].type, 0));
        }
    if (!k->env->closed) {
        keep_names(k, &c);
        return &any;
    }
    for (size_t names = c.names; names > 0; names--)
        if (cel_type_known(chain_text(&c, names))) {
            slice name = chain_text(&c, names);
            uint32_t at = draft_blob(k->d, name);
            cel_node *node = node_at(k, c.path[c.len - names]);
            *node = (cel_node){ .op = OP_LITERAL_TYPE, .a = at, .b = (uint32_t)name.len, .at = node->at };
            return check_fields(k, &c, c.len - names, &of_kind[CEL_TYPE]);
        }
    slice name = chain_text(&c, 1);
    nearest best = nearest_to(name);
    for (size_t i = 0; i < k->env->variables_len; i++) offer(&best, k->env->variables[i].name);
    for (size_t i = 0; i < k->scope_len; i++) offer(&best, draft_text(k->d, k->scope[i].name, k->scope[i].len));
    return refuse(k, root, text(k, "there is no variable %.*s", SLICE_ARG(cel_brief(name))), &best);
}

static const type *check_has(checker *k, uint32_t n) {
    const type *t = check(k, node_at(k, n)->a);
    if (t == NULL) return NULL;
    const cel_node *node = node_at(k, n);
    return field_type(k, t, draft_text(k->d, node->b, node->c), node) == NULL ? NULL : &of_kind[CEL_BOOL];
}

/* ---- operators ---- */

static const type *check_literal(checker *k, uint32_t n) {
    static const cel_kind kinds[] = {
        [OP_LITERAL_NULL] = CEL_NULL,     [OP_LITERAL_BOOL] = CEL_BOOL,     [OP_LITERAL_INT] = CEL_INT,     [OP_LITERAL_UINT] = CEL_UINT,
        [OP_LITERAL_DOUBLE] = CEL_DOUBLE, [OP_LITERAL_STRING] = CEL_STRING, [OP_LITERAL_BYTES] = CEL_BYTES, [OP_LITERAL_TYPE] = CEL_TYPE,
    };
    return &of_kind[kinds[node_at(k, n)->op]];
}

static const type *check_index(checker *k, uint32_t n) {
    const type *of = check(k, node_at(k, n)->a), *by = of == NULL ? NULL : check(k, node_at(k, n)->b);
    if (by == NULL) return NULL;
    if (!may_be(of, BIT(CEL_LIST) | BIT(CEL_MAP) | BIT(CEL_OBJECT)))
        return refuse(k, node_at(k, n), text(k, "%.*s has no items: [...]", SLICE_ARG(name_of(of))), NULL);
    if (of->bits == BIT(CEL_LIST) && !may_be(by, NUMBER_BITS))
        return refuse(k, node_at(k, n), text(k, "the position in a list is a number, not %.*s", SLICE_ARG(name_of(by))), NULL);
    return (of->bits & ~(BIT(CEL_LIST) | BIT(CEL_MAP))) == 0 && of->of != NULL ? of->of : &any;
}

static const type *check_bool(checker *k, uint32_t n, const char *what) {
    const type *t = check(k, n);
    if (t == NULL || may_be(t, BIT(CEL_BOOL))) return t;
    return refuse(k, node_at(k, n), text(k, "%s takes bool, not %.*s", what, SLICE_ARG(name_of(t))), NULL);
}

static const type *check_row(checker *k, uint32_t n) {
    const char *what = node_at(k, n)->op == OP_OR ? "||" : "&&";
    for (uint32_t i = 0; i < node_at(k, n)->count; i++)
        if (check_bool(k, k->d->args.at[node_at(k, n)->a + i], what) == NULL) return NULL;
    return &of_kind[CEL_BOOL];
}

static const type *check_not(checker *k, uint32_t n) { return check_bool(k, node_at(k, n)->a, "!") == NULL ? NULL : &of_kind[CEL_BOOL]; }

static const type *check_conditional(checker *k, uint32_t n) {
    if (check_bool(k, node_at(k, n)->a, "?:") == NULL) return NULL;
    const type *yes = check(k, node_at(k, n)->b), *no = yes == NULL ? NULL : check(k, node_at(k, n)->c);
    return no == NULL ? NULL : either(k, yes, no);
}

static const type *check_negate(checker *k, uint32_t n) {
    const type *t = check(k, node_at(k, n)->a);
    if (t == NULL || may_be(t, BIT(CEL_INT) | BIT(CEL_DOUBLE))) return t;
    return refuse(k, node_at(k, n), text(k, "- is not for %.*s", SLICE_ARG(name_of(t))), NULL);
}

static bool both_operands(checker *k, uint32_t n, const type **x, const type **y) {
    *x = check(k, node_at(k, n)->a);
    *y = *x == NULL ? NULL : check(k, node_at(k, n)->b);
    return *y != NULL;
}

static bool comparable(const type *x, const type *y) {
    if (((x->bits | y->bits) & BIT(CEL_NULL)) != 0) return true;
    if ((x->bits & NUMBER_BITS) != 0 && (y->bits & NUMBER_BITS) != 0) return true;
    if ((x->bits & y->bits) == 0) return false;
    bool records = x->bits == BIT(CEL_OBJECT) && y->bits == BIT(CEL_OBJECT) && x->record != NULL && y->record != NULL;
    return !records || x->record == y->record;
}

static const type *check_equality(checker *k, uint32_t n) {
    const type *x, *y;
    if (!both_operands(k, n, &x, &y)) return NULL;
    if (comparable(x, y)) return &of_kind[CEL_BOOL];
    return refuse(k, node_at(k, n), text(k, "%.*s is never equal to %.*s", SLICE_ARG(name_of(x)), SLICE_ARG(name_of(y))), NULL);
}

#define ORDERED (BIT(CEL_BOOL) | BIT(CEL_STRING) | BIT(CEL_BYTES) | BIT(CEL_TIMESTAMP) | BIT(CEL_DURATION))

static const type *check_ordering(checker *k, uint32_t n) {
    const type *x, *y;
    if (!both_operands(k, n, &x, &y)) return NULL;
    bool fine = ((x->bits | y->bits) & BIT(CEL_NULL)) != 0 || (x->bits & y->bits & ORDERED) != 0
             || ((x->bits & NUMBER_BITS) != 0 && (y->bits & NUMBER_BITS) != 0);
    if (fine) return &of_kind[CEL_BOOL];
    return refuse(k, node_at(k, n), text(k, "%.*s and %.*s have no order", SLICE_ARG(name_of(x)), SLICE_ARG(name_of(y))), NULL);
}

static const type *check_in(checker *k, uint32_t n) {
    const type *x, *y;
    if (!both_operands(k, n, &x, &y)) return NULL;
    if (!may_be(y, BIT(CEL_LIST) | BIT(CEL_MAP)))
        return refuse(k, node_at(k, n), text(k, "in takes a list or map, not %.*s", SLICE_ARG(name_of(y))), NULL);
    if (y->bits == BIT(CEL_LIST) && y->of != NULL && !comparable(x, y->of))
        return refuse(k, node_at(k, n), text(k, "%.*s is never in a list of %.*s", SLICE_ARG(name_of(x)), SLICE_ARG(name_of(y->of))), NULL);
    return &of_kind[CEL_BOOL];
}

static const struct { cel_op op; unsigned x, y, result; } operator_types[] = {
    { OP_ADD, BIT(CEL_INT), BIT(CEL_INT), BIT(CEL_INT) },
    { OP_ADD, BIT(CEL_UINT), BIT(CEL_UINT), BIT(CEL_UINT) },
    { OP_ADD, BIT(CEL_DOUBLE), BIT(CEL_DOUBLE), BIT(CEL_DOUBLE) },
    { OP_ADD, BIT(CEL_STRING), BIT(CEL_STRING), BIT(CEL_STRING) },
    { OP_ADD, BIT(CEL_BYTES), BIT(CEL_BYTES), BIT(CEL_BYTES) },
    { OP_ADD, BIT(CEL_LIST), BIT(CEL_LIST), BIT(CEL_LIST) },
    { OP_ADD, BIT(CEL_TIMESTAMP), BIT(CEL_DURATION), BIT(CEL_TIMESTAMP) },
    { OP_ADD, BIT(CEL_DURATION), BIT(CEL_TIMESTAMP), BIT(CEL_TIMESTAMP) },
    { OP_ADD, BIT(CEL_DURATION), BIT(CEL_DURATION), BIT(CEL_DURATION) },
    { OP_SUB, BIT(CEL_INT), BIT(CEL_INT), BIT(CEL_INT) },
    { OP_SUB, BIT(CEL_UINT), BIT(CEL_UINT), BIT(CEL_UINT) },
    { OP_SUB, BIT(CEL_DOUBLE), BIT(CEL_DOUBLE), BIT(CEL_DOUBLE) },
    { OP_SUB, BIT(CEL_TIMESTAMP), BIT(CEL_TIMESTAMP), BIT(CEL_DURATION) },
    { OP_SUB, BIT(CEL_TIMESTAMP), BIT(CEL_DURATION), BIT(CEL_TIMESTAMP) },
    { OP_SUB, BIT(CEL_DURATION), BIT(CEL_DURATION), BIT(CEL_DURATION) },
    { OP_MUL, BIT(CEL_INT), BIT(CEL_INT), BIT(CEL_INT) },
    { OP_MUL, BIT(CEL_UINT), BIT(CEL_UINT), BIT(CEL_UINT) },
    { OP_MUL, BIT(CEL_DOUBLE), BIT(CEL_DOUBLE), BIT(CEL_DOUBLE) },
    { OP_DIV, BIT(CEL_INT), BIT(CEL_INT), BIT(CEL_INT) },
    { OP_DIV, BIT(CEL_UINT), BIT(CEL_UINT), BIT(CEL_UINT) },
    { OP_DIV, BIT(CEL_DOUBLE), BIT(CEL_DOUBLE), BIT(CEL_DOUBLE) },
    { OP_MOD, BIT(CEL_INT), BIT(CEL_INT), BIT(CEL_INT) },
    { OP_MOD, BIT(CEL_UINT), BIT(CEL_UINT), BIT(CEL_UINT) },
};

static const type *check_arithmetic(checker *k, uint32_t n) {
    static const char *const signs[] = { "+", "-", "*", "/", "%" };
    const type *x, *y;
    unsigned result = 0;
    if (!both_operands(k, n, &x, &y)) return NULL;
    uint8_t op = node_at(k, n)->op;
    for (size_t i = 0; i < COUNT(operator_types); i++)
        if (operator_types[i].op == op && may_be(x, operator_types[i].x) && may_be(y, operator_types[i].y)) result |= operator_types[i].result;
    if (result == BIT(CEL_LIST)) return make_type(k, result, x->of == y->of ? x->of : NULL, NULL);
    if (result != 0) return type_of_bits(k, result);
    return refuse(k, node_at(k, n), text(k, "%s is not for %.*s and %.*s", signs[op - OP_ADD], SLICE_ARG(name_of(x)), SLICE_ARG(name_of(y))), NULL);
}

static const type *check_list(checker *k, uint32_t n) {
    const type *of = NULL;
    for (uint32_t i = 0; i < node_at(k, n)->count; i++) {
        const type *t = check(k, k->d->args.at[node_at(k, n)->a + i]);
        if (t == NULL) return NULL;
        of = of == NULL ? t : either(k, of, t);
    }
    return make_type(k, BIT(CEL_LIST), of, NULL);
}

static const type *check_map(checker *k, uint32_t n) {
    const type *of = NULL;
    for (uint32_t i = 0; i < 2u * node_at(k, n)->count; i++) {
        const type *t = check(k, k->d->args.at[node_at(k, n)->a + i]);
        if (t == NULL) return NULL;
        if (i % 2 == 1) of = of == NULL ? t : either(k, of, t);
    }
    return make_type(k, BIT(CEL_MAP), of, NULL);
}

/* ---- calls ---- */

static const cel_function *find_function(checker *k, slice name, size_t *index) {
    for (size_t i = 0; i < k->env->functions_len; i++)
        if (k->env->functions[i].receiver.len == 0 && slice_eq(k->env->functions[i].name, name)) {
            *index = i;
            return &k->env->functions[i];
        }
    return NULL;
}

static bool may_receive(const type *t, slice receiver) {
    if (slice_is(receiver, "dyn") || (t->bits & BIT(CEL_NULL)) != 0) return true;
    if ((t->bits & BIT(CEL_OBJECT)) != 0 && (t->record == NULL || slice_eq(t->record->name, receiver))) return true;
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (slice_eq(type_names[i].name, receiver)) return (t->bits & BIT(type_names[i].kind)) != 0;
    return false;
}

static const cel_function *find_method(checker *k, slice name, const type *receiver, size_t *index) {
    for (size_t i = 0; i < k->env->functions_len; i++) {
        const cel_function *f = &k->env->functions[i];
        if (f->receiver.len == 0 || !slice_eq(f->name, name) || !may_receive(receiver, f->receiver)) continue;
        *index = i;
        return f;
    }
    return NULL;
}

static const type *bind_host(checker *k, uint32_t n, const cel_function *f, size_t index, size_t given) {
    cel_node *node = node_at(k, n);
    if (given < f->least || given > f->most) {
        const char *s = f->most == 1 ? "" : "s";
        if (f->least == f->most) return refuse(k, node, text(k, "%.*s() takes %d argument%s, not %d", SLICE_ARG(f->name), f->least, s, (int)given), NULL);
        return refuse(k, node, text(k, "%.*s() takes %d to %d arguments, not %d", SLICE_ARG(f->name), f->least, f->most, (int)given), NULL);
    }
    node->op = OP_HOST;
    node->a = (uint32_t)index;
    return type_named(k, f->result, 0);
}

static bool check_args(checker *k, uint32_t n, const type **types) {
    for (uint32_t i = 0; i < node_at(k, n)->count; i++)
        if ((types[i] = check(k, k->d->args.at[node_at(k, n)->c + i])) == NULL) return false;
    return true;
}

static const type *bind_standard(checker *k, uint32_t n, size_t index, const type **types) {
    const cel_standard_function *f = &cel_standard[index];
    cel_node *node = node_at(k, n);
    unsigned result = 0;
    slice name = f->name, why;
    for (size_t i = index; i < cel_standard_len && cel_standard[i].count == f->count && slice_eq(cel_standard[i].name, name); i++) {
        bool fits = true;
        for (size_t a = 0; a < f->count; a++) fits = fits && may_be(types[a], cel_standard[i].args[a]);
        if (fits) result |= cel_standard[i].result;
    }
    if (result == 0 && k->env->closed) {
        slice second = f->count > 1 ? name_of(types[1]) : SLICE("");
        return refuse(k, node, text(k, "%.*s() is not for %.*s%s%.*s", SLICE_ARG(name), SLICE_ARG(name_of(types[0])), f->count > 1 ? " and " : "", SLICE_ARG(second)), NULL);
    }
    if (k->env->closed && f->call == cel_f_matches) {
        const cel_node *pattern = node_at(k, k->d->args.at[node->c + 1]);
        if (pattern->op == OP_LITERAL_STRING && cel_regex_refused(k->d->arena, draft_text(k->d, pattern->a, pattern->b), &why))
            return refuse(k, pattern, why.at, NULL);
    }
    node->op = OP_STANDARD;
    node->a = (uint32_t)index;
    return result == 0 ? &any : type_of_bits(k, result);
}

static const type *no_function(checker *k, uint32_t n, const type *receiver) {
    cel_node *node = node_at(k, n);
    slice name = draft_text(k->d, node->a, node->b);
    cel_call_style style = receiver != NULL ? CALL_METHOD : CALL_PLAIN;
    nearest best = nearest_to(name);
    for (size_t i = 0; i < cel_standard_len; i++)
        if ((cel_standard[i].style & style) != 0) {
            if (slice_eq(cel_standard[i].name, name))
                return refuse(k, node, text(k, "%.*s() does not take %d arguments", SLICE_ARG(cel_brief(name)), node->count - (receiver != NULL)), NULL);
            if (receiver == NULL || receiver->bits != BIT(CEL_OBJECT)) offer(&best, cel_standard[i].name);
        }
    for (size_t i = 0; i < k->env->functions_len; i++) {
        const cel_function *f = &k->env->functions[i];
        if (receiver == NULL ? f->receiver.len == 0 : f->receiver.len > 0 && may_receive(receiver, f->receiver)) offer(&best, f->name);
    }
    if (receiver != NULL && receiver->record != NULL)
        return refuse(k, node, text(k, "%.*s has no function %.*s()", SLICE_ARG(receiver->record->name), SLICE_ARG(cel_brief(name))), &best);
    return refuse(k, node, text(k, "there is no function %.*s()", SLICE_ARG(cel_brief(name))), &best);
}

/* schedule.error(s, t): a function with a dot in its name; what stands before the dot is no receiver. */
static const cel_function *dotted_function(checker *k, uint32_t n, size_t *index) {
    const cel_node *node = node_at(k, n);
    chain c;
    uint32_t slot;
    if (k->env->functions_len == 0 || !chain_of(k, k->d->args.at[node->c], &c) || c.names < c.len) return NULL;
    if ((node_at(k, c.path[c.len - 1])->flags & NODE_ABSOLUTE) == 0 && find_local(k, chain_text(&c, 1), &slot)) return NULL;
    buf_char(&c.dotted, '.');
    buf_slice(&c.dotted, draft_text(k->d, node->a, node->b));
    return find_function(k, buf_as_slice(&c.dotted), index);
}

/* graph.inn(x) where graph is no variable: the nearest name is a dotted one. */
static const type *no_dotted_function(checker *k, uint32_t n, bool *is_one) {
    const cel_node *node = node_at(k, n);
    chain c;
    uint32_t index;
    *is_one = false;
    if (!k->env->closed || !chain_of(k, k->d->args.at[node->c], &c) || c.names < c.len) return NULL;
    if (find_local(k, chain_text(&c, 1), &index) || find_variable(k, chain_text(&c, 1), &index)) return NULL;
    buf_char(&c.dotted, '.');
    slice space = buf_as_slice(&c.dotted);
    for (size_t i = 0; i < k->env->functions_len; i++) *is_one = *is_one || slice_starts(k->env->functions[i].name, space);
    if (!*is_one) return NULL;
    buf_slice(&c.dotted, draft_text(k->d, node->a, node->b));
    nearest best = nearest_to(buf_as_slice(&c.dotted));
    for (size_t i = 0; i < k->env->functions_len; i++)
        if (k->env->functions[i].receiver.len == 0) offer(&best, k->env->functions[i].name);
    return refuse(k, node, text(k, "there is no function %.*s()", SLICE_ARG(cel_brief(best.wanted))), &best);
}

static const type *check_call(checker *k, uint32_t n) {
    const type *types[CEL_MAX_ARGS];
    size_t index;
    bool method = (node_at(k, n)->flags & NODE_RECEIVER) != 0, refused;
    for (size_t i = 0; i < COUNT(types); i++) types[i] = &any;
    const cel_function *f = method ? dotted_function(k, n, &index) : NULL;
    if (f != NULL) {
        cel_node *node = node_at(k, n);
        node->flags &= (uint8_t)~NODE_RECEIVER;
        node->count--;
        node->c++;
        return check_args(k, n, types) ? bind_host(k, n, f, index, node_at(k, n)->count) : NULL;
    }
    if (method) {
        no_dotted_function(k, n, &refused);
        if (refused) return NULL;
    }
    if (!check_args(k, n, types)) return NULL;
    const cel_node *node = node_at(k, n);
    slice name = draft_text(k->d, node->a, node->b);
    f = method ? find_method(k, name, types[0], &index) : find_function(k, name, &index);
    size_t standard = cel_standard_find(name, method ? CALL_METHOD : CALL_PLAIN, node->count);
    bool fits = f != NULL && node->count - (size_t)method >= f->least && node->count - (size_t)method <= f->most;
    if (f != NULL && (fits || standard == cel_standard_len)) return bind_host(k, n, f, index, node->count - (size_t)method);
    if (standard < cel_standard_len) return bind_standard(k, n, standard, types);
    return no_function(k, n, method ? types[0] : NULL);
}

/* ---- macros ---- */

static const type *check_macro(checker *k, uint32_t n) {
    const type *range = check(k, node_at(k, n)->a), *predicate = &of_kind[CEL_BOOL], *result = &any;
    if (range == NULL) return NULL;
    if (!may_be(range, BIT(CEL_LIST) | BIT(CEL_MAP)))
        return refuse(k, node_at(k, n), text(k, "%.*s is no list or map to run over", SLICE_ARG(name_of(range))), NULL);
    cel_node *node = node_at(k, n);
    uint32_t first = k->scope_len, parts = node->b;
    bool is_list = range->bits == BIT(CEL_LIST), is_map = range->bits == BIT(CEL_MAP);
    const type *items = (is_list || is_map) && range->of != NULL ? range->of : &any;
    const uint32_t *args = k->d->args.at;
    node->c = first;
    if (first + 2 > CEL_MAX_SLOTS) {
        draft_fail(k->d, node->at, "too many macros inside one another");
        return NULL;
    }
    if (node->count == 1) {
        k->scope[k->scope_len++] = (scope_entry){ args[parts + 2], args[parts + 3], is_list ? items : &any };
    } else {
        k->scope[k->scope_len++] = (scope_entry){ args[parts + 2], args[parts + 3], is_list ? &of_kind[CEL_INT] : &any };
        k->scope[k->scope_len++] = (scope_entry){ args[parts + 4], args[parts + 5], items };
    }
    if (args[parts] != CEL_NONE) predicate = check_bool(k, args[parts], "a condition");
    if (predicate != NULL && k->d->args.at[parts + 1] != CEL_NONE) result = check(k, k->d->args.at[parts + 1]);
    k->scope_len = first;
    if (predicate == NULL || result == NULL) return NULL;
    switch (node_at(k, n)->op) {
    case OP_FILTER:          return make_type(k, BIT(CEL_LIST), is_list ? items : NULL, NULL);
    case OP_TRANSFORM:       return make_type(k, BIT(CEL_LIST), result, NULL);
    case OP_TRANSFORM_MAP:   return make_type(k, BIT(CEL_MAP), result, NULL);
    case OP_TRANSFORM_ENTRY:
        if (may_be(result, BIT(CEL_MAP))) return &of_kind[CEL_MAP];
        return refuse(k, node_at(k, n), text(k, "transformMapEntry() makes maps, not %.*s", SLICE_ARG(name_of(result))), NULL);
    default:                 return &of_kind[CEL_BOOL];
    }
}

/* ---- the table ---- */

typedef const type *check_function(checker *k, uint32_t n);
static check_function *const checks[OP_COUNT] = {
    [OP_LITERAL_NULL] = check_literal,   [OP_LITERAL_BOOL] = check_literal,  [OP_LITERAL_INT] = check_literal,
    [OP_LITERAL_UINT] = check_literal,   [OP_LITERAL_DOUBLE] = check_literal, [OP_LITERAL_STRING] = check_literal,
    [OP_LITERAL_BYTES] = check_literal,  [OP_LITERAL_TYPE] = check_literal,  [OP_IDENT] = check_name,
    [OP_SELECT] = check_name,            [OP_HAS] = check_has,               [OP_INDEX] = check_index,
    [OP_AND] = check_row,                [OP_OR] = check_row,                [OP_COND] = check_conditional,
    [OP_NOT] = check_not,                [OP_NEGATE] = check_negate,         [OP_EQ] = check_equality,
    [OP_NE] = check_equality,            [OP_LT] = check_ordering,           [OP_LE] = check_ordering,
    [OP_GT] = check_ordering,            [OP_GE] = check_ordering,           [OP_IN] = check_in,
    [OP_ADD] = check_arithmetic,         [OP_SUB] = check_arithmetic,        [OP_MUL] = check_arithmetic,
    [OP_DIV] = check_arithmetic,         [OP_MOD] = check_arithmetic,        [OP_LIST] = check_list,
    [OP_MAP] = check_map,                [OP_CALL] = check_call,             [OP_ALL] = check_macro,
    [OP_EXISTS] = check_macro,           [OP_EXISTS_ONE] = check_macro,      [OP_FILTER] = check_macro,
    [OP_TRANSFORM] = check_macro,        [OP_TRANSFORM_MAP] = check_macro,   [OP_TRANSFORM_ENTRY] = check_macro,
};

static const type *check(checker *k, uint32_t n) { return checks[node_at(k, n)->op](k, n); }

bool cel_check(cel_draft *d, uint32_t root, const cel_environment *env) {
    checker k = { .d = d, .env = env };
    return check(&k, root) != NULL && !d->failed;
}
