/* A top-down operator precedence parser (Pratt). What JSONata's own compiler does in a second walk - gathering names into paths, hanging
 * predicates on steps, finding what a `%` names - is done as each operator is read, so the tree is ready when the text ends. */
#include <assert.h>

#include "smoke/asl/jsonata_read.h"

typedef struct {
    jlexer lexer;
    jtoken now;
    unsigned depth, labels;
} parser;

static jnode *expression(parser *p, int right);

static bool failed(const parser *p) { return p->lexer.error.at != NULL; }

static jnode *fail(parser *p, const char *code, size_t at, const char *what) {
    jlexer_fail(&p->lexer, code, at, "%s", what);
    return NULL;
}

static void next(parser *p, bool infix) {
    if (!jlexer_next(&p->lexer, infix, &p->now)) p->now = (jtoken){ .kind = JT_END, .text = SLICE("(end)") };
}

static bool is(const parser *p, const char *op) { return p->now.kind == JT_OPERATOR && slice_is(p->now.text, op); }

static bool expect(parser *p, const char *op, bool infix) {
    if (failed(p)) return false;
    if (!is(p, op)) {
        bool end = p->now.kind == JT_END;
        return jlexer_fail(&p->lexer, end ? "S0203" : "S0202", p->now.at, "`%s` should stand%s%.*s", op, end ? " at the end" : " where this does: ",
            end ? 0 : (int)(p->now.text.len > 40 ? 40 : p->now.text.len), p->now.text.at);
    }
    next(p, infix);
    return !failed(p);
}

static jnode *made(parser *p, jnode_kind kind, size_t at) {
    jnode *n = ARENA_NEW(p->lexer.arena, jnode);
    n->kind = kind;
    n->at = at;
    return n;
}

typedef VEC(jnode *) jnodes;

static void keep(jnode *n, jnodes list) {
    n->items = list.at;
    n->count = list.len;
}

static void seek_inherit(parser *p, jnode *out, const jnode *in);

static jnode *path_of(parser *p, jnode *n) {
    if (n->kind == JN_PATH) return n;
    jnode *path = made(p, JN_PATH, n->at);
    jnodes steps = { 0 };
    VEC_PUSH(p->lexer.arena, &steps, n);
    keep(path, steps);
    seek_inherit(p, path, n);
    return path;
}

static jnode *last_step(const jnode *path) {
    assert(path->count > 0 && path->items != NULL);    /* path_of and join make no empty paths; an empty block is asked about before */
    return path->items[path->count - 1];
}

/* ---- what `%` names ---- */

static void seek_inherit(parser *p, jnode *out, const jnode *in) {
    if (in == NULL) return;
    for (size_t i = 0; i < in->seeking.len; i++) VEC_PUSH(p->lexer.arena, &out->seeking, in->seeking.at[i]);
    if (in->kind == JN_PARENT) VEC_PUSH(p->lexer.arena, &out->seeking, in->slot);
}

static void seek(parser *p, jnode *n, jslot *slot, unsigned depth) {
    if (depth > JSONATA_NESTED) return;
    switch (n->kind) {
    case JN_NAME: case JN_WILDCARD:
        if (--slot->level > 0) return;
        if (n->ancestor == NULL) n->ancestor = slot;
        else slot->same = n->ancestor;
        n->tuple = true;
        return;
    case JN_PARENT: slot->level++; return;
    case JN_BLOCK:
        if (n->count == 0) return;
        n->tuple = true;
        seek(p, last_step(n), slot, depth + 1);
        return;
    case JN_PATH:
        n->tuple = true;
        for (size_t i = n->count; i > 0; i--) {
            seek(p, n->items[i - 1], slot, depth + 1);
            if (slot->level == 0) return;
        }
        return;
    default: jlexer_fail(&p->lexer, "S0217", n->at, "what the parent operator `%%` names can't be found");
    }
}

static void resolve_parents(parser *p, jnode *path) {
    jnode *last = last_step(path);
    size_t count = last->seeking.len + (last->kind == JN_PARENT);
    for (size_t s = 0; s < count && !failed(p); s++) {
        jslot *slot = s < last->seeking.len ? last->seeking.at[s] : last->slot;
        size_t i = path->count - 1;    /* steps before i are to be tried */
        while (slot->level > 0 && !failed(p)) {
            if (i == 0) {
                VEC_PUSH(p->lexer.arena, &path->seeking, slot);
                break;
            }
            jnode *step = path->items[--i];
            while (i > 0 && step->focus.at != NULL && path->items[i - 1]->focus.at != NULL) step = path->items[--i];
            seek(p, step, slot, 0);
        }
    }
}

/* ---- operators behind a value ---- */

static jnode *join(parser *p, jnode *left, jnode *right, size_t at) {
    jnode *path = made(p, JN_PATH, at);
    jnodes steps = { 0 };
    const jnode *before = path_of(p, left);
    if (before->has_group) {
        fail(p, "S0209", at, "a path can't go on behind a grouping");
        return NULL;
    }
    for (size_t i = 0; i < before->count; i++) VEC_PUSH(p->lexer.arena, &steps, before->items[i]);
    seek_inherit(p, path, before);
    if (right->kind == JN_PATH && !right->has_group) {
        for (size_t i = 0; i < right->count; i++) VEC_PUSH(p->lexer.arena, &steps, right->items[i]);
    } else {
        if (right->kind != JN_PATH) {
            for (size_t i = 0; i < right->predicates.len; i++) VEC_PUSH(p->lexer.arena, &right->stages, ((jstage){ .filter = right->predicates.at[i] }));
            right->predicates.len = 0;
        }
        VEC_PUSH(p->lexer.arena, &steps, right);
    }
    keep(path, steps);
    for (size_t i = 0; i < path->count; i++) {
        jnode *s = path->items[i];
        if (s->kind == JN_LITERAL && s->literal->kind == DOC_STRING) {
            s->kind = JN_NAME;
            s->text = s->literal->text;
        } else if (s->kind == JN_LITERAL) {
            return fail(p, "S0213", s->at, "a number, true, false or null can't be a step of a path");
        }
        path->keep_singleton = path->keep_singleton || s->keep_array;
    }
    jnode *first = before->items[0];
    if (first->kind == JN_ARRAY) first->cons = true;
    if (last_step(path)->kind == JN_ARRAY) last_step(path)->cons = true;
    resolve_parents(p, path);
    return path;
}

static jnode *predicate(parser *p, jnode *left, size_t at) {
    if (is(p, "]")) {    /* [] keeps a single value in its array */
        jnode *step = left->kind == JN_PATH ? last_step(left) : left;
        step->keep_array = left->keep_array = true;
        if (left->kind == JN_PATH) left->keep_singleton = true;
        next(p, true);
        return left;
    }
    jnode *filter = expression(p, 0);
    if (filter == NULL || !expect(p, "]", true)) return NULL;
    jnode *step = left->kind == JN_PATH ? last_step(left) : left;
    if (left->has_group || step->has_group) return fail(p, "S0209", at, "a predicate can't follow a grouping");
    for (size_t i = 0; i < filter->seeking.len + (filter->kind == JN_PARENT); i++) {
        jslot *slot = i < filter->seeking.len ? filter->seeking.at[i] : filter->slot;
        if (slot->level == 1) seek(p, step, slot, 0);
        else slot->level--;
    }
    seek_inherit(p, step, filter);
    if (left->kind == JN_PATH) VEC_PUSH(p->lexer.arena, &step->stages, ((jstage){ .filter = filter }));
    else VEC_PUSH(p->lexer.arena, &left->predicates, filter);
    return left;
}

/* Keys and values in turn, up to the closing brace. */
static jnode *pairs(parser *p, size_t at) {
    jnode *n = made(p, JN_OBJECT, at);
    jnodes items = { 0 };
    while (!is(p, "}")) {
        jnode *key, *value;
        if (items.len > 0 && !expect(p, ",", false)) return NULL;
        if ((key = expression(p, 0)) == NULL || !expect(p, ":", false) || (value = expression(p, 0)) == NULL) return NULL;
        VEC_PUSH(p->lexer.arena, &items, key);
        VEC_PUSH(p->lexer.arena, &items, value);
        seek_inherit(p, n, key);
        seek_inherit(p, n, value);
    }
    next(p, true);
    keep(n, items);
    return n;
}

static jnode *sort(parser *p, jnode *left, size_t at) {
    jnode *n = made(p, JN_SORT, at);
    jnodes terms = { 0 };
    VEC(bool) descending = { 0 };
    if (!expect(p, "(", false)) return NULL;
    do {
        bool down = is(p, ">");
        if (terms.len > 0) next(p, false), down = is(p, ">");
        if (down || is(p, "<")) next(p, false);
        jnode *term = expression(p, 0);
        if (term == NULL) return NULL;
        VEC_PUSH(p->lexer.arena, &terms, term);
        VEC_PUSH(p->lexer.arena, &descending, down);
        seek_inherit(p, n, term);
    } while (is(p, ","));
    if (!expect(p, ")", true)) return NULL;
    keep(n, terms);
    n->descending = descending.at;
    jnode *path = path_of(p, left);
    jnodes steps = { 0 };
    for (size_t i = 0; i < path->count; i++) VEC_PUSH(p->lexer.arena, &steps, path->items[i]);
    VEC_PUSH(p->lexer.arena, &steps, n);
    keep(path, steps);
    resolve_parents(p, path);
    return path;
}

static jnode *bind_step(parser *p, jnode *left, size_t at, bool index) {
    jnode *variable = expression(p, 80);
    if (variable == NULL) return NULL;
    if (variable->kind != JN_VARIABLE) return fail(p, "S0214", at, "a variable should stand behind @ and #");
    jnode *path = index ? path_of(p, left) : left, *step = path->kind == JN_PATH ? last_step(path) : path;
    if (!index) {
        if (step->stages.len > 0 || step->predicates.len > 0) return fail(p, "S0215", at, "@ can't follow a predicate");
        if (step->kind == JN_SORT) return fail(p, "S0216", at, "@ can't follow an ordering");
        step->focus = variable->text;
    } else {
        for (size_t i = 0; i < step->predicates.len; i++) VEC_PUSH(p->lexer.arena, &step->stages, ((jstage){ .filter = step->predicates.at[i] }));
        step->predicates.len = 0;
        if (step->stages.len == 0) step->index = variable->text;
        else VEC_PUSH(p->lexer.arena, &step->stages, ((jstage){ .index = variable->text }));
    }
    step->tuple = true;
    return path;
}

/* Behind `(` of a lambda. */
static jnode *lambda(parser *p, size_t at) {
    jnode *n = made(p, JN_LAMBDA, at);
    VEC(slice) params = { 0 };
    while (!is(p, ")")) {
        if (params.len > 0 && !expect(p, ",", false)) return NULL;
        if (p->now.kind != JT_VARIABLE) return fail(p, "S0208", p->now.at, "a parameter of a function should be a variable");
        VEC_PUSH(p->lexer.arena, &params, p->now.text);
        next(p, true);
    }
    next(p, true);
    if (is(p, "<")) {
        size_t begin = p->now.at, end, open = 0;
        do {
            if (is(p, "<")) open++;
            if (is(p, ">")) open--;
            if (p->now.kind == JT_END) return fail(p, "S0202", begin, "a signature has no closing >");
            end = p->now.end;
            next(p, true);
        } while (open > 0);
        n->signature = jsignature_read(p->lexer.arena, slice_from_to(p->lexer.text, begin, end));
        if (n->signature == NULL) return fail(p, "S0401", begin, "this is no signature");
    }
    if (!expect(p, "{", false) || (n->a = expression(p, 0)) == NULL || !expect(p, "}", true)) return NULL;
    n->params = params.at;
    n->param_count = params.len;
    return n;
}

static jnode *call(parser *p, jnode *left, size_t at) {
    if (left->kind == JN_PATH && left->count == 1 && left->items[0]->kind == JN_NAME &&
        (slice_is(left->items[0]->text, "function") || slice_is(left->items[0]->text, "\xCE\xBB")))
        return lambda(p, at);
    jnode *n = made(p, JN_CALL, at);
    jnodes args = { 0 };
    while (!is(p, ")")) {
        jnode *arg;
        if (args.len > 0 && !expect(p, ",", false)) return NULL;
        if (is(p, "?")) {
            n->kind = JN_PARTIAL;
            arg = made(p, JN_PLACEHOLDER, p->now.at);
            next(p, true);
        } else if ((arg = expression(p, 0)) == NULL) {
            return NULL;
        }
        VEC_PUSH(p->lexer.arena, &args, arg);
        seek_inherit(p, n, arg);
    }
    next(p, true);
    keep(n, args);
    n->a = left;
    return n;
}

static jnode *condition(parser *p, jnode *left, size_t at) {
    jnode *n = made(p, JN_CONDITION, at);
    n->a = left;
    if ((n->b = expression(p, 0)) == NULL) return NULL;
    if (is(p, ":")) {
        next(p, false);
        if ((n->c = expression(p, 0)) == NULL) return NULL;
    }
    seek_inherit(p, n, n->a);
    seek_inherit(p, n, n->b);
    seek_inherit(p, n, n->c);
    return n;
}

static const struct { const char *token; int power; jnode_kind kind; joperator op; } infix[] = {
    { ".", 75, JN_PATH, 0 },          { "[", 80, JN_ARRAY, 0 },         { "{", 70, JN_OBJECT, 0 },       { "(", 80, JN_CALL, 0 },          { "@", 80, JN_NAME, 0 },
    { "#", 80, JN_NAME, 1 },          { "?", 20, JN_CONDITION, 0 },     { "+", 50, JN_BINARY, JO_ADD },  { "-", 50, JN_BINARY, JO_SUB },
        { "*", 60, JN_BINARY, JO_MUL },
    { "/", 60, JN_BINARY, JO_DIV },   { "%", 60, JN_BINARY, JO_MOD },   { "=", 40, JN_BINARY, JO_EQ },   { "!=", 40, JN_BINARY, JO_NE },
        { "<", 40, JN_BINARY, JO_LT },
    { "<=", 40, JN_BINARY, JO_LE },   { ">", 40, JN_BINARY, JO_GT },    { ">=", 40, JN_BINARY, JO_GE },  { "^", 40, JN_SORT, 0 },          { ":=", 10, JN_BIND, 0 },
    { "~>", 40, JN_APPLY, 0 },        { "?:", 40, JN_COALESCE, 0 },     { "??", 40, JN_COALESCE, 1 },    { "and", 30, JN_BINARY, JO_AND },
        { "or", 25, JN_BINARY, JO_OR },
    { "in", 40, JN_BINARY, JO_IN },   { "&", 50, JN_BINARY, JO_CONCAT },
};

static size_t infix_of(const parser *p) {
    for (size_t i = 0; p->now.kind == JT_OPERATOR && i < COUNT(infix); i++)
        if (slice_is(p->now.text, infix[i].token)) return i;
    return COUNT(infix);
}

/* The operator has been read; `left` stands before it. */
static jnode *behind(parser *p, size_t op, jnode *left, size_t at) {
    jnode_kind kind = infix[op].kind;
    if (kind == JN_ARRAY) return predicate(p, left, at);
    if (kind == JN_CALL) return call(p, left, at);
    if (kind == JN_CONDITION) return condition(p, left, at);
    if (kind == JN_SORT) return sort(p, left, at);
    if (kind == JN_NAME) return bind_step(p, left, at, infix[op].op != 0);
    if (kind == JN_OBJECT) {
        if (left->has_group) return fail(p, "S0210", at, "only one grouping can stand behind a step");
        left->group = pairs(p, at);
        left->has_group = true;
        return left->group == NULL ? NULL : left;
    }
    if (kind == JN_BIND && (left->kind != JN_VARIABLE || left->predicates.len > 0)) return fail(p, "S0212", at, "a variable should stand before :=");
    jnode *right = expression(p, kind == JN_BIND ? infix[op].power - 1 : kind == JN_COALESCE ? 0 : infix[op].power);
    if (right == NULL) return NULL;
    if (kind == JN_PATH) return join(p, left, right, at);
    jnode *n = made(p, kind, at);
    n->op = infix[op].op;
    n->a = left;
    n->b = right;
    if (kind != JN_BIND) seek_inherit(p, n, left);
    seek_inherit(p, n, right);
    n->keep_array = kind == JN_APPLY && (left->keep_array || right->keep_array);
    return n;
}

/* ---- values ---- */

static jnode *array(parser *p, size_t at) {
    jnode *n = made(p, JN_ARRAY, at);
    jnodes items = { 0 };
    while (!is(p, "]")) {
        jnode *item;
        if (items.len > 0 && !expect(p, ",", false)) return NULL;
        if ((item = expression(p, 0)) == NULL) return NULL;
        seek_inherit(p, n, item);
        if (is(p, "..")) {
            jnode *range = made(p, JN_BINARY, p->now.at);
            range->op = JO_RANGE;
            range->a = item;
            next(p, false);
            if ((range->b = expression(p, 0)) == NULL) return NULL;
            seek_inherit(p, n, range->b);
            item = range;
        }
        VEC_PUSH(p->lexer.arena, &items, item);
    }
    next(p, true);
    keep(n, items);
    return n;
}

static jnode *block(parser *p, size_t at) {
    jnode *n = made(p, JN_BLOCK, at);
    jnodes items = { 0 };
    while (!is(p, ")")) {
        jnode *item = expression(p, 0);
        if (item == NULL) return NULL;
        VEC_PUSH(p->lexer.arena, &items, item);
        seek_inherit(p, n, item);
        if (item->cons || (item->kind == JN_PATH && item->items[0]->cons)) n->cons = true;
        if (!is(p, ";")) break;
        next(p, false);
    }
    keep(n, items);
    return expect(p, ")", true) ? n : NULL;
}

static jnode *transform(parser *p, size_t at) {
    jnode *n = made(p, JN_TRANSFORM, at);
    if ((n->a = expression(p, 0)) == NULL || !expect(p, "|", false) || (n->b = expression(p, 0)) == NULL) return NULL;
    if (is(p, ",")) {
        next(p, false);
        if ((n->c = expression(p, 0)) == NULL) return NULL;
    }
    return expect(p, "|", true) ? n : NULL;
}

static jnode *name_path(parser *p, slice name, size_t at) {
    jnode *n = made(p, JN_NAME, at);
    n->text = name;
    return path_of(p, n);
}

static jnode *prefix(parser *p, const jtoken *t) {
    if (slice_is(t->text, "(")) return block(p, t->at);
    if (slice_is(t->text, "[")) return array(p, t->at);
    if (slice_is(t->text, "{")) return pairs(p, t->at);
    if (slice_is(t->text, "|")) return transform(p, t->at);
    if (slice_is(t->text, "*")) return path_of(p, made(p, JN_WILDCARD, t->at));
    if (slice_is(t->text, "**")) return path_of(p, made(p, JN_DESCENDANT, t->at));
    if (slice_is(t->text, "%")) {
        jnode *n = made(p, JN_PARENT, t->at);
        n->slot = ARENA_NEW(p->lexer.arena, jslot);
        *n->slot = (jslot){ .level = 1, .label = ++p->labels };
        return n;
    }
    if (slice_is(t->text, "-")) {
        jnode *operand = expression(p, 70), *n;
        if (operand == NULL) return NULL;
        if (operand->kind == JN_LITERAL && js_is_number(operand->literal) && operand->predicates.len == 0) {
            operand->literal = js_double(p->lexer.arena, -js_double_of(operand->literal));
            return operand;
        }
        n = made(p, JN_NEGATE, t->at);
        n->a = operand;
        seek_inherit(p, n, operand);
        return n;
    }
    if (slice_is(t->text, "and") || slice_is(t->text, "or") || slice_is(t->text, "in")) return name_path(p, t->text, t->at);
    jlexer_fail(&p->lexer, "S0211", t->at, "`%.*s` can't stand before a value", SLICE_ARG(t->text));
    return NULL;
}

static jnode *value(parser *p, const jtoken *t) {
    jnode *n;
    switch (t->kind) {
    case JT_END:      return fail(p, "S0207", t->at, "the expression ends too early");
    case JT_NAME:     return name_path(p, t->text, t->at);
    case JT_OPERATOR: return prefix(p, t);
    case JT_LITERAL:
        n = made(p, JN_LITERAL, t->at);
        n->literal = t->literal;
        return n;
    case JT_VARIABLE:
        n = made(p, JN_VARIABLE, t->at);
        n->text = t->text;
        return n;
    case JT_REGEX:
        n = made(p, JN_REGEX, t->at);
        n->regex = t->regex;
        return n;
    }
    return NULL;
}

/* Do operators of the token's kind begin a value? Then the token behind it is read as such. */
static bool begins_value(const jtoken *t) { return t->kind == JT_OPERATOR && !slice_is(t->text, "*") && !slice_is(t->text, "**") && !slice_is(t->text, "%"); }

static jnode *expression(parser *p, int right) {
    jtoken t = p->now;
    if (failed(p)) return NULL;
    if (++p->depth > JSONATA_NESTED) return fail(p, "S0599", t.at, "the expression is nested too deep");
    next(p, !begins_value(&t));
    jnode *left = failed(p) ? NULL : value(p, &t);
    size_t links = 0;
    for (size_t op; left != NULL && !failed(p) && (op = infix_of(p)) < COUNT(infix) && right < infix[op].power;) {
        size_t at = p->now.at;
        if (++links > 10 * JSONATA_NESTED) return fail(p, "S0599", at, "the expression is too long a chain");
        next(p, false);
        left = failed(p) ? NULL : behind(p, op, left, at);
    }
    p->depth--;
    return failed(p) ? NULL : left;
}

jnode *jsonata_read(arena *a, slice text, slice *error) {
    parser p = { .lexer = { .arena = a, .text = text } };
    jnode *n = NULL;
    if (text.len > JSONATA_TEXT_BYTES) {
        jlexer_fail(&p.lexer, "S0599", 0, "the expression is longer than %u bytes", JSONATA_TEXT_BYTES);
    } else {
        next(&p, false);
        n = expression(&p, 0);
        if (n != NULL && p.now.kind != JT_END)
            jlexer_fail(&p.lexer, "S0201", p.now.at, "`%.*s` stands where the expression should end", (int)(p.now.text.len > 40 ? 40 : p.now.text.len),
                p.now.text.at);
        bool lost = n != NULL && n->kind == JN_PARENT;
        for (size_t i = 0; n != NULL && i < n->seeking.len; i++) lost = lost || n->seeking.at[i]->level > 0;
        if (lost) jlexer_fail(&p.lexer, "S0217", n->at, "what the parent operator %% names can't be found");
    }
    *error = p.lexer.error;
    return p.lexer.error.at == NULL ? n : NULL;
}
