/* Reading expressions: words, then a parser that goes down. What is found out from the text and the placeholders alone is told here;
 * what depends on an item is dynamodb_evaluate.c's. */
#include "smoke/aws/dynamodb_expression.h"

typedef struct {
    slice key, name;             /* name of "#n" */
    const doc_node *value;       /* of ":v" */
    bool used;
} placeholder;

/* ---- placeholders ---- */

static bool key_is_good(slice key, char mark) {
    if (key.len < 2 || key.len > 255 || key.at[0] != mark) return false;
    for (size_t i = 1; i < key.len; i++) {
        char c = key.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')) return false;
    }
    return true;
}

static bool read_placeholders(dynamo_names *n, const doc_node *request, const char *member, char mark, strmap *into, bool any, dynamo_fault *f) {
    const doc_node *all = js_get(request, member);
    if (all == NULL || all->kind == DOC_NULL) return true;
    if (!any) return dynamo_wrong(f, "%s can only be specified when using expressions", member);
    if (!js_is(all, DOC_MAP) || all->map.len == 0) return dynamo_wrong(f, "%s must not be empty", member);
    for (size_t i = 0; i < all->map.len; i++) {
        slice key = all->map.at[i].key;
        if (!key_is_good(key, mark)) return dynamo_wrong(f, "%s contains invalid key: Syntax error; key: \"%.*s\"", member, (int)(key.len < 255 ? key.len : 255), key.at);
        placeholder *p = ARENA_NEW(n->arena, placeholder);
        p->key = key;
        if (mark == '#') {
            p->name = js_str(all->map.at[i].value);
            if (p->name.len == 0) return dynamo_wrong(f, "%s contains invalid value: Value must be a string that is not empty; key: %.*s", member, SLICE_ARG(key));
        } else if ((p->value = dynamo_value(n->arena, all->map.at[i].value, f)) == NULL) {
            if (strcmp(f->code, "ValidationException") == 0)
                f->message = arena_printf(f->arena, "ExpressionAttributeValues contains invalid value: %.*s for key %.*s", SLICE_ARG(f->message), SLICE_ARG(key));
            return false;
        }
        strmap_put(n->arena, into, key, p);
    }
    return true;
}

bool dynamo_names_read(dynamo_names *n, arena *a, const doc_node *request, bool any, dynamo_fault *f) {
    *n = (dynamo_names){ .arena = a };
    return read_placeholders(n, request, "ExpressionAttributeNames", '#', &n->names, any, f) &&
           read_placeholders(n, request, "ExpressionAttributeValues", ':', &n->values, any, f);
}

static bool all_used(const strmap *m, const char *member, dynamo_fault *f) {
    buf keys = { .arena = f->arena };
    for (size_t i = 0; i < m->len && keys.bytes.len < 1000; i++) {
        const placeholder *p = m->at[i].value;
        if (p->used) continue;
        if (keys.bytes.len > 0) buf_text(&keys, ", ");
        buf_slice(&keys, p->key);
    }
    slice text = buf_as_slice(&keys);
    return text.len == 0 || dynamo_wrong(f, "Value provided in %s unused in expressions: keys: {%.*s}", member, SLICE_ARG(text));
}

bool dynamo_names_all_used(const dynamo_names *n, dynamo_fault *f) {
    return all_used(&n->names, "ExpressionAttributeNames", f) && all_used(&n->values, "ExpressionAttributeValues", f);
}

/* ---- words ---- */

typedef enum { WORD_END, WORD_IDENTIFIER, WORD_NAME, WORD_VALUE, WORD_INTEGER, WORD_SIGN, WORD_BAD } word_kind;

typedef struct {
    word_kind kind;
    slice text;
    size_t from, to;
} word;

typedef struct {
    dynamo_names *names;
    arena *arena;
    slice text;
    const char *what;
    dynamo_fault *fault;
    word now, next;
    size_t before;               /* where the word before `now` begins */
    unsigned operators, depth;
    const dynamo_condition *group;   /* what the last parentheses held */
} parser;

static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool digit(char c) { return c >= '0' && c <= '9'; }

static word scan(slice text, size_t at) {
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '\n' || text.at[at] == '\r' || text.at[at] == '\f')) at++;
    word w = { .kind = WORD_END, .from = at, .to = at, .text = SLICE("<EOF>") };
    if (at == text.len) return w;
    char c = text.at[at];
    size_t to = at + 1;
    if (letter(c) || c == '#' || c == ':') {
        while (to < text.len && (letter(text.at[to]) || digit(text.at[to]))) to++;
        w.kind = letter(c) ? WORD_IDENTIFIER : to == at + 1 ? WORD_BAD : c == '#' ? WORD_NAME : WORD_VALUE;
    } else if (digit(c)) {
        while (to < text.len && digit(text.at[to])) to++;
        w.kind = WORD_INTEGER;
    } else if (strchr("=<>()[].,+-", c) != NULL && c != '\0') {
        if (to < text.len && ((c == '<' && (text.at[to] == '=' || text.at[to] == '>')) || (c == '>' && text.at[to] == '='))) to++;
        w.kind = WORD_SIGN;
    } else {
        while (to < text.len && ((unsigned char)text.at[to] & 0xC0) == 0x80) to++;
        w.kind = WORD_BAD;
    }
    w.text = slice_from_to(text, at, to);
    w.to = to;
    return w;
}

static void advance(parser *p) {
    p->before = p->now.from;
    p->now = p->next;
    p->next = scan(p->text, p->now.to);
}

static bool sign(const parser *p, const char *text) { return p->now.kind == WORD_SIGN && slice_is(p->now.text, text); }
static bool keyword_of(const word *w, const char *text) { return w->kind == WORD_IDENTIFIER && slice_same_letters(w->text, slice_from(text)); }
static bool keyword(const parser *p, const char *text) { return keyword_of(&p->now, text); }

static bool syntax(parser *p) {
    slice near = slice_trim(slice_from_to(p->text, p->before, p->next.kind == WORD_END ? p->now.to : p->next.to));
    return dynamo_wrong(p->fault, "Invalid %s: Syntax error; token: \"%.*s\", near: \"%.*s\"", p->what, (int)(p->now.text.len < 255 ? p->now.text.len : 255),
                        p->now.text.at, (int)(near.len < 500 ? near.len : 500), near.at);
}

static bool expect(parser *p, const char *text) {
    if (!sign(p, text)) return syntax(p);
    advance(p);
    return true;
}

static bool count_operator(parser *p) {
    return ++p->operators <= EXPRESSION_MAX_OPERATORS ||
           dynamo_wrong(p->fault, "Invalid %s: The expression contains too many operators; operator count: %u", p->what, p->operators);
}

static bool start(parser *p, dynamo_names *n, slice text, const char *what, dynamo_fault *f) {
    *p = (parser){ .names = n, .arena = n->arena, .text = text, .what = what, .fault = f };
    if (slice_trim(text).len == 0) return dynamo_wrong(f, "Invalid %s: The expression can not be empty;", what);
    if (text.len > EXPRESSION_MAX_BYTES)
        return dynamo_wrong(f, "Invalid %s: Expression size has exceeded the maximum allowed size; expression size: %zu", what, text.len);
    p->now = scan(text, 0);
    p->next = scan(text, p->now.to);
    return true;
}

/* ---- paths and operands ---- */

static const char *const connectives[] = { "AND", "OR", "NOT", "BETWEEN", "IN" };

static bool name_of(parser *p, slice *out) {
    if (p->now.kind == WORD_NAME) {
        placeholder *found = strmap_get(&p->names->names, p->now.text);
        if (found == NULL)
            return dynamo_wrong(p->fault, "Invalid %s: An expression attribute name used in the document path is not defined; attribute name: %.*s", p->what,
                                SLICE_ARG(p->now.text));
        found->used = true;
        *out = found->name;
        advance(p);
        return true;
    }
    if (p->now.kind != WORD_IDENTIFIER) return syntax(p);
    for (size_t i = 0; i < COUNT(connectives); i++)
        if (keyword(p, connectives[i])) return syntax(p);
    if (dynamo_word_reserved(p->now.text))
        return dynamo_wrong(p->fault, "Invalid %s: Attribute name is a reserved keyword; reserved keyword: %.*s", p->what, SLICE_ARG(p->now.text));
    *out = p->now.text;
    advance(p);
    return true;
}

static bool read_path(parser *p, dynamo_path *out) {
    VEC(dynamo_step) steps = { 0 };
    dynamo_step first = { 0 };
    if (!name_of(p, &first.name)) return false;
    VEC_PUSH(p->arena, &steps, first);
    while (sign(p, ".") || sign(p, "[")) {
        dynamo_step step = { .is_index = sign(p, "[") };
        advance(p);
        if (steps.len >= EXPRESSION_MAX_STEPS)
            return dynamo_wrong(p->fault, "Invalid %s: The document path has too many nesting elements; nesting levels: %zu", p->what, steps.len + 1);
        if (step.is_index) {
            long long index;
            if (p->now.kind != WORD_INTEGER) return syntax(p);
            if (!slice_int(p->now.text, &index) || index > EXPRESSION_MAX_INDEX)
                return dynamo_wrong(p->fault, "Invalid %s: List index is not within the allowable range; index: [%.*s]", p->what,
                                    (int)(p->now.text.len < 40 ? p->now.text.len : 40), p->now.text.at);
            step.index = (uint32_t)index;
            advance(p);
            if (!expect(p, "]")) return false;
        } else if (!name_of(p, &step.name)) return false;
        VEC_PUSH(p->arena, &steps, step);
    }
    *out = (dynamo_path){ steps.at, steps.len };
    return true;
}

slice dynamo_path_text(arena *a, const dynamo_path *path) {
    buf out = { .arena = a };
    buf_char(&out, '[');
    for (size_t i = 0; i < path->len && out.bytes.len < 400; i++) {
        if (i > 0) buf_text(&out, ", ");
        if (path->at[i].is_index) buf_printf(&out, "[%u]", path->at[i].index);
        else buf_slice(&out, path->at[i].name);
    }
    buf_char(&out, ']');
    return buf_as_slice(&out);
}

/* A function of the other kind of expression has its own message. */
static const struct {
    slice name;
    size_t operands;
    bool in_condition, in_update, is_operand;
    int kind;                    /* dynamo_operand_kind or dynamo_condition_kind */
} functions[] = {
    { SLICE_INIT("attribute_exists"),     1, true,  false, false, CONDITION_EXISTS },
    { SLICE_INIT("attribute_not_exists"), 1, true,  false, false, CONDITION_NOT_EXISTS },
    { SLICE_INIT("attribute_type"),       2, true,  false, false, CONDITION_TYPE },
    { SLICE_INIT("begins_with"),          2, true,  false, false, CONDITION_BEGINS },
    { SLICE_INIT("contains"),             2, true,  false, false, CONDITION_CONTAINS },
    { SLICE_INIT("size"),                 1, true,  false, true,  OPERAND_SIZE },
    { SLICE_INIT("if_not_exists"),        2, false, true,  true,  OPERAND_IF_NOT_EXISTS },
    { SLICE_INIT("list_append"),          2, false, true,  true,  OPERAND_LIST_APPEND },
};
#define NO_FUNCTION COUNT(functions)

static dynamo_operand *operand(parser *p, bool update);

static bool wrong_operand(parser *p, slice function, const char *type) {
    return dynamo_wrong(p->fault, "Invalid %s: Incorrect operand type for operator or function; operator or function: %.*s, operand type: %s", p->what,
                        SLICE_ARG(function), type);
}

/* At a function's name: which it is, or NO_FUNCTION with the fault. */
static size_t function_at(parser *p, bool update) {
    for (size_t i = 0; i < COUNT(functions); i++) {
        if (!slice_eq(functions[i].name, p->now.text)) continue;
        if (update ? functions[i].in_update : functions[i].in_condition) return i;
        dynamo_wrong(p->fault, "Invalid %s: The function is not allowed in %s expression; function: %.*s", p->what, update ? "an update" : "a condition",
                     SLICE_ARG(p->now.text));
        return NO_FUNCTION;
    }
    dynamo_wrong(p->fault, "Invalid %s: Invalid function name; function: %.*s", p->what, (int)(p->now.text.len < 255 ? p->now.text.len : 255), p->now.text.at);
    return NO_FUNCTION;
}

/* "(operand, operand)" behind the name of function i. */
static bool arguments(parser *p, size_t i, bool update, const dynamo_operand *out[2]) {
    slice name = functions[i].name;
    size_t len = 0;
    if (!count_operator(p)) return false;
    if (++p->depth > EXPRESSION_MAX_DEPTH) return dynamo_wrong(p->fault, "Invalid %s: The expression is nested too deeply", p->what);
    advance(p);
    if (!expect(p, "(")) return false;
    do {
        if (len > 0) advance(p);
        const dynamo_operand *one = operand(p, update);
        if (one == NULL) return false;
        if (len < 2) out[len] = one;
        len++;
    } while (sign(p, ","));
    p->depth--;
    if (!expect(p, ")")) return false;
    if (len != functions[i].operands)
        return dynamo_wrong(p->fault, "Invalid %s: Incorrect number of operands for operator or function; operator or function: %.*s, number of operands: %zu",
                            p->what, SLICE_ARG(name), len);
    bool needs_path = functions[i].is_operand ? functions[i].kind != OPERAND_LIST_APPEND
                                              : functions[i].kind == CONDITION_EXISTS || functions[i].kind == CONDITION_NOT_EXISTS || functions[i].kind == CONDITION_TYPE;
    if (needs_path && out[0]->kind != OPERAND_PATH)
        return dynamo_wrong(p->fault, "Invalid %s: Operator or function requires a document path; operator or function: %.*s", p->what, SLICE_ARG(name));
    return true;
}

static dynamo_operand *operand(parser *p, bool update) {
    dynamo_operand *o = ARENA_NEW(p->arena, dynamo_operand);
    if (p->now.kind == WORD_VALUE) {
        placeholder *found = strmap_get(&p->names->values, p->now.text);
        if (found == NULL) {
            dynamo_wrong(p->fault, "Invalid %s: An expression attribute value used in expression is not defined; attribute value: %.*s", p->what,
                         SLICE_ARG(p->now.text));
            return NULL;
        }
        found->used = true;
        o->kind = OPERAND_VALUE;
        o->value = found->value;
        advance(p);
        return o;
    }
    if (p->now.kind == WORD_IDENTIFIER && p->next.kind == WORD_SIGN && slice_is(p->next.text, "(")) {
        const dynamo_operand *in[2] = { NULL, NULL };
        size_t i = function_at(p, update);
        if (i == NO_FUNCTION) return NULL;
        if (!functions[i].is_operand) {
            dynamo_wrong(p->fault, "Invalid %s: The function is not allowed to be used this way in an expression; function: %.*s", p->what,
                         SLICE_ARG(functions[i].name));
            return NULL;
        }
        if (!arguments(p, i, update, in) || in[0] == NULL || (functions[i].operands == 2 && in[1] == NULL)) return NULL;
        o->kind = (dynamo_operand_kind)functions[i].kind;
        if (o->kind == OPERAND_LIST_APPEND) {
            for (size_t k = 0; k < 2; k++)
                if (in[k]->kind == OPERAND_VALUE && dynamo_type_of(in[k]->value) != DYNAMO_L) {
                    wrong_operand(p, functions[i].name, dynamo_type_name(dynamo_type_of(in[k]->value)));
                    return NULL;
                }
            o->left = in[0];
            o->right = in[1];
        } else {
            o->path = in[0]->path;
            if (o->kind == OPERAND_IF_NOT_EXISTS) o->right = in[1];
        }
        return o;
    }
    o->kind = OPERAND_PATH;
    return read_path(p, &o->path) ? o : NULL;
}

/* ---- conditions ---- */

static const struct { const char *sign; dynamo_condition_kind kind; } comparators[] = {
    { "=", CONDITION_EQ }, { "<>", CONDITION_NE }, { "<", CONDITION_LT }, { "<=", CONDITION_LE }, { ">", CONDITION_GT }, { ">=", CONDITION_GE },
};

static dynamo_condition *condition_new(parser *p, dynamo_condition_kind kind, const dynamo_operand *const *in, size_t len) {
    dynamo_condition *c = ARENA_NEW(p->arena, dynamo_condition);
    c->kind = kind;
    c->operands = ARENA_ARRAY(p->arena, const dynamo_operand *, len);
    for (size_t i = 0; i < len; i++) c->operands[i] = in[i];
    c->len = len;
    return c;
}

static bool same_path(const dynamo_path *x, const dynamo_path *y) {
    if (x->len != y->len) return false;
    for (size_t i = 0; i < x->len; i++)
        if (x->at[i].is_index != y->at[i].is_index || x->at[i].index != y->at[i].index || !slice_eq(x->at[i].name, y->at[i].name)) return false;
    return true;
}

static bool distinct(parser *p, slice name, const dynamo_operand *x, const dynamo_operand *y) {
    if (x->kind != OPERAND_PATH || y->kind != OPERAND_PATH || !same_path(&x->path, &y->path)) return true;
    slice path = dynamo_path_text(p->arena, &x->path);
    return dynamo_wrong(p->fault, "Invalid %s: The first operand must be distinct from the remaining operands for this operator or function; operator: %.*s, first operand: %.*s",
                        p->what, SLICE_ARG(name), SLICE_ARG(path));
}

/* <, BETWEEN and the like: what is given must have an order. */
static bool has_order(parser *p, slice name, const dynamo_operand *o) {
    if (o->kind != OPERAND_VALUE) return true;
    dynamo_type t = dynamo_type_of(o->value);
    return t == DYNAMO_S || t == DYNAMO_N || t == DYNAMO_B || wrong_operand(p, name, dynamo_type_name(t));
}

static slice value_text(parser *p, const doc_node *v) {
    slice inner = dynamo_inner(v)->text;
    return arena_printf(p->arena, "AttributeValue: {%s:%.*s}", dynamo_type_name(dynamo_type_of(v)), (int)(inner.len < 200 ? inner.len : 200), inner.at);
}

static bool bounds_fit(parser *p, const dynamo_operand *low, const dynamo_operand *high) {
    if (low->kind != OPERAND_VALUE || high->kind != OPERAND_VALUE) return true;
    bool same = dynamo_type_of(low->value) == dynamo_type_of(high->value);
    if (same && dynamo_order(p->arena, low->value, high->value) <= 0) return true;
    slice x = value_text(p, low->value), y = value_text(p, high->value);
    return dynamo_wrong(p->fault, "Invalid %s: The BETWEEN operator requires %s; lower bound operand: %.*s, upper bound operand: %.*s", p->what,
                        same ? "upper bound to be greater than or equal to lower bound" : "same data type for lower and upper bounds", SLICE_ARG(x), SLICE_ARG(y));
}

/* operand cmp operand, BETWEEN, IN: at the first operand. */
static dynamo_condition *comparison(parser *p) {
    word first = p->now;
    const dynamo_operand *x = operand(p, false);
    if (x == NULL) return NULL;
    for (size_t i = 0; i < COUNT(comparators); i++) {
        if (!sign(p, comparators[i].sign)) continue;
        slice name = p->now.text;
        bool ordered = comparators[i].kind >= CONDITION_LT;
        if (!count_operator(p)) return NULL;
        advance(p);
        const dynamo_operand *y = operand(p, false);
        if (y == NULL || !distinct(p, name, x, y) || (ordered && !(has_order(p, name, x) && has_order(p, name, y)))) return NULL;
        return condition_new(p, comparators[i].kind, (const dynamo_operand *const[]){ x, y }, 2);
    }
    if (keyword(p, "BETWEEN")) {
        if (!count_operator(p)) return NULL;
        advance(p);
        const dynamo_operand *low = operand(p, false);
        if (low == NULL) return NULL;
        if (!keyword(p, "AND")) {
            syntax(p);
            return NULL;
        }
        advance(p);
        const dynamo_operand *high = operand(p, false);
        if (high == NULL || !has_order(p, SLICE("BETWEEN"), x) || !has_order(p, SLICE("BETWEEN"), low) || !has_order(p, SLICE("BETWEEN"), high) ||
            !bounds_fit(p, low, high))
            return NULL;
        return condition_new(p, CONDITION_BETWEEN, (const dynamo_operand *const[]){ x, low, high }, 3);
    }
    if (keyword(p, "IN")) {
        VEC(const dynamo_operand *) all = { 0 };
        VEC_PUSH(p->arena, &all, x);
        if (!count_operator(p)) return NULL;
        advance(p);
        if (!expect(p, "(")) return NULL;
        for (;;) {
            const dynamo_operand *one = operand(p, false);
            if (one == NULL) return NULL;
            VEC_PUSH(p->arena, &all, one);
            if (!sign(p, ",")) break;
            advance(p);
        }
        if (!expect(p, ")")) return NULL;
        if (all.len - 1 > EXPRESSION_MAX_IN) {
            dynamo_wrong(p->fault, "Invalid %s: The IN operator is provided with too many operands; number of operands: %zu", p->what, all.len - 1);
            return NULL;
        }
        return condition_new(p, CONDITION_IN, all.at, all.len);
    }
    if (x->kind == OPERAND_SIZE)
        dynamo_wrong(p->fault, "Invalid %s: The function is not allowed to be used this way in an expression; function: %.*s", p->what, SLICE_ARG(first.text));
    else
        syntax(p);
    return NULL;
}

static dynamo_condition *predicate(parser *p, size_t i) {
    const dynamo_operand *in[2] = { NULL, NULL };
    slice name = functions[i].name;
    if (!arguments(p, i, false, in) || in[0] == NULL || (functions[i].operands == 2 && in[1] == NULL)) return NULL;
    dynamo_condition_kind kind = (dynamo_condition_kind)functions[i].kind;
    if (kind == CONDITION_TYPE && in[1] != NULL) {
        dynamo_type t;
        if (in[1]->kind != OPERAND_VALUE || dynamo_type_of(in[1]->value) != DYNAMO_S) {
            wrong_operand(p, name, in[1]->kind == OPERAND_VALUE ? dynamo_type_name(dynamo_type_of(in[1]->value)) : "document path");
            return NULL;
        }
        slice type = dynamo_inner(in[1]->value)->text;
        if (!dynamo_type_named(type, &t)) {
            dynamo_wrong(p->fault, "Invalid %s: Invalid attribute type name found; type: %.*s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", p->what,
                         (int)(type.len < 100 ? type.len : 100), type.at);
            return NULL;
        }
    }
    if (kind == CONDITION_BEGINS && in[1] != NULL)
        for (size_t k = 0; k < 2; k++) {
            dynamo_type t = in[k]->kind == OPERAND_VALUE ? dynamo_type_of(in[k]->value) : in[k]->kind == OPERAND_SIZE ? DYNAMO_N : DYNAMO_S;
            if (t == DYNAMO_S || t == DYNAMO_B) continue;
            wrong_operand(p, name, dynamo_type_name(t));
            return NULL;
        }
    if (in[1] != NULL && !distinct(p, name, in[0], in[1])) return NULL;
    for (size_t k = 0; k < COUNT(comparators); k++)
        if (sign(p, comparators[k].sign)) {
            dynamo_wrong(p->fault, "Invalid %s: The function is not allowed to be used this way in an expression; function: %.*s", p->what, SLICE_ARG(name));
            return NULL;
        }
    return condition_new(p, kind, in, functions[i].operands);
}

static dynamo_condition *either(parser *p);

static dynamo_condition *primary(parser *p) {
    dynamo_condition *c = NULL;
    bool negated = keyword(p, "NOT"), grouped = sign(p, "(");
    if (!negated && !grouped) {
        if (p->now.kind != WORD_IDENTIFIER || p->next.kind != WORD_SIGN || !slice_is(p->next.text, "(")) return comparison(p);
        size_t i = function_at(p, false);
        return i == NO_FUNCTION ? NULL : functions[i].is_operand ? comparison(p) : predicate(p, i);
    }
    if (++p->depth > EXPRESSION_MAX_DEPTH) {
        dynamo_wrong(p->fault, "Invalid %s: The expression is nested too deeply", p->what);
        return NULL;
    }
    if (negated) {
        if (!count_operator(p)) return NULL;
        advance(p);
        dynamo_condition *of = primary(p);
        if (of == NULL) return NULL;
        c = condition_new(p, CONDITION_NOT, NULL, 0);
        c->left = of;
    } else {
        advance(p);
        c = either(p);
        if (c == NULL) return NULL;
        /* "((a = b))": the inner group is all there is in the outer one. */
        if (c == p->group) {
            dynamo_wrong(p->fault, "Invalid %s: The expression has redundant parentheses;", p->what);
            return NULL;
        }
        if (!expect(p, ")")) return NULL;
        p->group = c;
    }
    p->depth--;
    return c;
}

static dynamo_condition *chain(parser *p, const char *word_between, dynamo_condition_kind kind, dynamo_condition *(*part)(parser *p)) {
    dynamo_condition *left = part(p);
    if (left == NULL) return NULL;
    while (keyword(p, word_between)) {
        if (!count_operator(p)) return NULL;
        advance(p);
        dynamo_condition *right = part(p);
        if (right == NULL) return NULL;
        dynamo_condition *both = condition_new(p, kind, NULL, 0);
        both->left = left;
        both->right = right;
        left = both;
    }
    return left;
}

static dynamo_condition *both(parser *p) { return chain(p, "AND", CONDITION_AND, primary); }
static dynamo_condition *either(parser *p) { return chain(p, "OR", CONDITION_OR, both); }

const dynamo_condition *dynamo_read_condition(dynamo_names *n, slice text, const char *what, dynamo_fault *f) {
    parser *p = ARENA_NEW(n->arena, parser);
    if (!start(p, n, text, what, f)) return NULL;
    const dynamo_condition *c = either(p);
    if (c != NULL && p->now.kind != WORD_END) {
        syntax(p);
        return NULL;
    }
    return c;
}

/* ---- updates ---- */

static const struct { const char *word; dynamo_action_kind kind; } sections[] = {
    { "SET", UPDATE_SET }, { "REMOVE", UPDATE_REMOVE }, { "ADD", UPDATE_ADD }, { "DELETE", UPDATE_DELETE },
};

static bool is_number_or_open(parser *p, slice name, const dynamo_operand *o) {
    if (o->kind == OPERAND_VALUE && dynamo_type_of(o->value) != DYNAMO_N) return wrong_operand(p, name, dynamo_type_name(dynamo_type_of(o->value)));
    return o->kind != OPERAND_LIST_APPEND || wrong_operand(p, name, "L");
}

static const dynamo_operand *right_side(parser *p) {
    const dynamo_operand *left = operand(p, true);
    if (left == NULL || !(sign(p, "+") || sign(p, "-"))) return left;
    slice name = p->now.text;
    if (!count_operator(p)) return NULL;
    dynamo_operand *o = ARENA_NEW(p->arena, dynamo_operand);
    o->kind = sign(p, "+") ? OPERAND_PLUS : OPERAND_MINUS;
    advance(p);
    o->left = left;
    o->right = operand(p, true);
    return o->right != NULL && is_number_or_open(p, name, o->left) && is_number_or_open(p, name, o->right) ? o : NULL;
}

/* The value of ADD and DELETE: given, and of a type that can be added or taken away. */
static const dynamo_operand *amount(parser *p, dynamo_action_kind kind) {
    if (p->now.kind != WORD_VALUE) {
        syntax(p);
        return NULL;
    }
    const dynamo_operand *o = operand(p, true);
    if (o == NULL) return NULL;
    dynamo_type t = dynamo_type_of(o->value);
    if (t == DYNAMO_SS || t == DYNAMO_NS || t == DYNAMO_BS || (t == DYNAMO_N && kind == UPDATE_ADD)) return o;
    dynamo_wrong(p->fault, "Invalid %s: Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND", p->what,
                 kind == UPDATE_ADD ? "ADD" : "DELETE", dynamo_type_name(t), kind == UPDATE_ADD ? "ADD" : "DELETE");
    return NULL;
}

static bool read_action(parser *p, dynamo_action_kind kind, dynamo_action *out) {
    *out = (dynamo_action){ .kind = kind };
    if (!read_path(p, &out->path)) return false;
    if (kind == UPDATE_REMOVE) return true;
    if (kind == UPDATE_SET) {
        if (!count_operator(p) || !expect(p, "=")) return false;
        out->value = right_side(p);
    } else {
        out->value = amount(p, kind);
    }
    return out->value != NULL;
}

bool dynamo_read_update(dynamo_names *n, slice text, dynamo_update *out, dynamo_fault *f) {
    parser p;
    bool seen[COUNT(sections)] = { false };
    *out = (dynamo_update){ 0 };
    if (!start(&p, n, text, "UpdateExpression", f)) return false;
    while (p.now.kind != WORD_END) {
        size_t s = 0;
        while (s < COUNT(sections) && !keyword(&p, sections[s].word)) s++;
        if (s == COUNT(sections)) return syntax(&p);
        if (seen[s])
            return dynamo_wrong(f, "Invalid UpdateExpression: The \"%s\" section can only be used once in an update expression;", sections[s].word);
        seen[s] = true;
        advance(&p);
        for (;;) {
            dynamo_action one;
            if (!read_action(&p, sections[s].kind, &one)) return false;
            VEC_PUSH(p.arena, &out->actions, one);
            if (!sign(&p, ",")) break;
            advance(&p);
        }
    }
    for (size_t i = 0; i < out->actions.len; i++)
        if (!dynamo_branch_add(p.arena, &out->paths, &out->actions.at[i].path, &out->actions.at[i], p.what, f)) return false;
    return true;
}

bool dynamo_read_projection(dynamo_names *n, slice text, dynamo_projection *out, dynamo_fault *f) {
    parser p;
    *out = (dynamo_projection){ 0 };
    if (!start(&p, n, text, "ProjectionExpression", f)) return false;
    for (;;) {
        dynamo_path path;
        if (!read_path(&p, &path)) return false;
        VEC_PUSH(p.arena, &out->list, path);
        if (!dynamo_branch_add(p.arena, &out->paths, &path, NULL, p.what, f)) return false;
        if (!sign(&p, ",")) break;
        advance(&p);
    }
    return p.now.kind == WORD_END || syntax(&p);
}

/* ---- paths joined ---- */

static bool same_step(const dynamo_step *x, const dynamo_step *y) {
    return x->is_index == y->is_index && x->index == y->index && slice_eq(x->name, y->name);
}

/* The whole of some path that goes through the branch, for messages: p up to `len` steps, then down. */
static slice other_path(arena *a, const dynamo_path *p, size_t len, const dynamo_branch *b) {
    VEC(dynamo_step) steps = { 0 };
    for (size_t i = 0; i < len; i++) VEC_PUSH(a, &steps, p->at[i]);
    for (b = b->child; b != NULL; b = b->child) VEC_PUSH(a, &steps, b->step);
    return dynamo_path_text(a, &(dynamo_path){ steps.at, steps.len });
}

bool dynamo_branch_add(arena *a, dynamo_branch **root, const dynamo_path *p, const dynamo_action *action, const char *what, dynamo_fault *f) {
    dynamo_branch **at = root, *b = NULL;
    if (p->len == 0) return true;
    for (size_t i = 0; i < p->len; i++) {
        dynamo_branch **end = at;
        while (*end != NULL && !same_step(&(*end)->step, &p->at[i])) end = &(*end)->next;
        bool made = *end == NULL;
        if (made) {
            *end = ARENA_NEW(a, dynamo_branch);
            (*end)->step = p->at[i];
        }
        b = *end;
        if (!made && (b->ends || i + 1 == p->len)) {
            slice one = other_path(a, p, i + 1, b), two = dynamo_path_text(a, p);
            return dynamo_wrong(f, "Invalid %s: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: %.*s, path two: %.*s",
                                what, SLICE_ARG(one), SLICE_ARG(two));
        }
        /* A map's entry and a list's element cannot stand side by side. */
        if (made && at != root && *at != b && (*at)->step.is_index != b->step.is_index) {
            slice one = other_path(a, p, i, &(dynamo_branch){ .child = *at }), two = dynamo_path_text(a, p);
            return dynamo_wrong(f, "Invalid %s: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: %.*s, path two: %.*s",
                                what, SLICE_ARG(one), SLICE_ARG(two));
        }
        at = &b->child;
    }
    b->ends = true;
    b->action = action;
    return true;
}
