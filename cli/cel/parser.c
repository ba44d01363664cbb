#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "cel/lexer.h"

typedef struct {
    cel_draft *d;
    cel_lexer lexer;
    cel_token now;
    unsigned depth;              /* of parse_expression inside one another */
    VEC(uint16_t) heights;       /* of nodes, beside draft.nodes: what evaluation will recurse */
} parser;

typedef VEC(uint32_t) children;

uint32_t draft_blob(cel_draft *d, slice text) {
    uint32_t at = (uint32_t)d->blob.len;
    for (size_t i = 0; i < text.len; i++) VEC_PUSH(d->arena, &d->blob, text.at[i]);
    return at;
}

uint32_t draft_fail(cel_draft *d, size_t at, const char *format, ...) {
    if (d->failed) return CEL_NONE;
    d->failed = true;
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    size_t good = utf8_first_bad((slice){ text, used });    /* a long name may have been cut inside a character */
    *d->problem = (cel_problem){ at, arena_copy(d->arena, (slice){ text, good }) };
    return CEL_NONE;
}

/* ---- tokens and nodes ---- */

static void next(parser *p) {
    if (!cel_lex(&p->lexer, &p->now)) p->now = (cel_token){ .kind = TOKEN_END, .at = p->lexer.at };
}

static bool is_sign(const parser *p, cel_sign sign) { return p->now.kind == TOKEN_SIGN && p->now.sign == sign; }

static bool take_sign(parser *p, cel_sign sign) {
    if (!is_sign(p, sign)) return false;
    next(p);
    return true;
}

static uint32_t unexpected(parser *p, const char *wanted) {
    slice rest = slice_from_to(p->lexer.text, p->now.at, p->now.end < p->now.at ? p->now.at : p->now.end);
    if (p->now.kind == TOKEN_END) return draft_fail(p->d, p->now.at, "the expression ends where %s is expected", wanted);
    return draft_fail(p->d, p->now.at, "%.*s stands where %s is expected", rest.len > 60 ? 60 : SLICE_ARG(rest), wanted);
}

static bool expect(parser *p, cel_sign sign, const char *wanted) {
    if (take_sign(p, sign)) return true;
    unexpected(p, wanted);
    return false;
}

static uint16_t height_of(const parser *p, uint32_t n) { return n == CEL_NONE ? 0 : p->heights.at[n]; }

/* `below`: the height of the highest child. */
static uint32_t push(parser *p, cel_node node, unsigned below, size_t at) {
    if (p->d->failed) return CEL_NONE;
    if (below + 1 > CEL_MAX_DEPTH) return draft_fail(p->d, at, "nested too deeply: at most %d levels", CEL_MAX_DEPTH);
    if (p->d->nodes.len >= CEL_MAX_NODES) return draft_fail(p->d, at, "too long: at most %d parts", CEL_MAX_NODES);
    node.at = (uint32_t)at;
    VEC_PUSH(p->d->arena, &p->d->nodes, node);
    VEC_PUSH(p->d->arena, &p->heights, (uint16_t)(below + 1));
    return (uint32_t)p->d->nodes.len - 1;
}

static unsigned highest(const parser *p, uint32_t x, uint32_t y, uint32_t z) {
    unsigned a = height_of(p, x), b = height_of(p, y), c = height_of(p, z);
    unsigned most = a > b ? a : b;
    return most > c ? most : c;
}

static uint32_t push_two(parser *p, cel_op op, uint32_t x, uint32_t y, size_t at) {
    if (x == CEL_NONE || y == CEL_NONE) return CEL_NONE;
    return push(p, (cel_node){ .op = (uint8_t)op, .a = x, .b = y }, highest(p, x, y, CEL_NONE), at);
}

static unsigned highest_of(const parser *p, const children *list) {
    unsigned most = 0;
    for (size_t i = 0; i < list->len; i++)
        if (height_of(p, list->at[i]) > most) most = height_of(p, list->at[i]);
    return most;
}

static uint32_t push_args(parser *p, const children *list) {
    uint32_t at = (uint32_t)p->d->args.len;
    for (size_t i = 0; i < list->len; i++) VEC_PUSH(p->d->arena, &p->d->args, list->at[i]);
    return at;
}

static uint32_t push_text(parser *p, cel_op op, uint8_t flags, slice text, size_t at) {
    return push(p, (cel_node){ .op = (uint8_t)op, .flags = flags, .a = draft_blob(p->d, text), .b = (uint32_t)text.len }, 0, at);
}

static uint32_t push_bits(parser *p, cel_op op, uint64_t bits, size_t at) {
    return push(p, (cel_node){ .op = (uint8_t)op, .a = (uint32_t)bits, .b = (uint32_t)(bits >> 32) }, 0, at);
}

/* ---- macros ---- */

/* What stands behind the variables: a predicate, a result, or both. */
static const struct {
    slice name;
    uint8_t variables;
    bool predicate, result;
    cel_op op;
} macros[] = {
    { SLICE_INIT("all"),               1, true,  false, OP_ALL },
    { SLICE_INIT("all"),               2, true,  false, OP_ALL },
    { SLICE_INIT("exists"),            1, true,  false, OP_EXISTS },
    { SLICE_INIT("exists"),            2, true,  false, OP_EXISTS },
    { SLICE_INIT("exists_one"),        1, true,  false, OP_EXISTS_ONE },
    { SLICE_INIT("exists_one"),        2, true,  false, OP_EXISTS_ONE },
    { SLICE_INIT("existsOne"),         1, true,  false, OP_EXISTS_ONE },
    { SLICE_INIT("existsOne"),         2, true,  false, OP_EXISTS_ONE },
    { SLICE_INIT("filter"),            1, true,  false, OP_FILTER },
    { SLICE_INIT("map"),               1, false, true,  OP_TRANSFORM },
    { SLICE_INIT("map"),               1, true,  true,  OP_TRANSFORM },
    { SLICE_INIT("transformList"),     2, false, true,  OP_TRANSFORM },
    { SLICE_INIT("transformList"),     2, true,  true,  OP_TRANSFORM },
    { SLICE_INIT("transformMap"),      2, false, true,  OP_TRANSFORM_MAP },
    { SLICE_INIT("transformMap"),      2, true,  true,  OP_TRANSFORM_MAP },
    { SLICE_INIT("transformMapEntry"), 2, false, true,  OP_TRANSFORM_ENTRY },
    { SLICE_INIT("transformMapEntry"), 2, true,  true,  OP_TRANSFORM_ENTRY },
};

static bool is_plain_name(const parser *p, uint32_t n) {
    const cel_node *node = &p->d->nodes.at[n];
    return node->op == OP_IDENT && (node->flags & NODE_ABSOLUTE) == 0;
}

/* args[0] is the receiver. CEL_NONE without a failure: no macro. */
static uint32_t macro(parser *p, slice name, const children *args, size_t at) {
    for (size_t m = 0; m < COUNT(macros); m++) {
        size_t variables = macros[m].variables;
        if (!slice_eq(macros[m].name, name)) continue;
        if (args->len != 1 + variables + macros[m].predicate + macros[m].result) continue;
        uint32_t parts[6] = { CEL_NONE, CEL_NONE, 0, 0, 0, 0 };
        for (size_t v = 0; v < variables; v++) {
            const cel_node *variable = &p->d->nodes.at[args->at[1 + v]];
            if (!is_plain_name(p, args->at[1 + v]))
                return draft_fail(p->d, variable->at, "%.*s() names its variable here: a plain name", SLICE_ARG(name));
            parts[2 + 2 * v] = variable->a;
            parts[3 + 2 * v] = variable->b;
        }
        if (variables == 2 && slice_eq(draft_text(p->d, parts[2], parts[3]), draft_text(p->d, parts[4], parts[5])))
            return draft_fail(p->d, at, "%.*s() has the same name for both variables", SLICE_ARG(name));
        size_t behind = 1 + variables;
        if (macros[m].predicate) parts[0] = args->at[behind++];
        if (macros[m].result) parts[1] = args->at[behind];
        uint32_t b = (uint32_t)p->d->args.len;
        for (size_t i = 0; i < COUNT(parts); i++) VEC_PUSH(p->d->arena, &p->d->args, parts[i]);
        return push(p, (cel_node){ .op = (uint8_t)macros[m].op, .count = (uint16_t)variables, .a = args->at[0], .b = b },
                    highest_of(p, args), at);
    }
    return CEL_NONE;
}

/* has(x.f): the SELECT becomes a HAS. */
static uint32_t has_macro(parser *p, uint32_t arg, size_t at) {
    cel_node *node = &p->d->nodes.at[arg];
    if (node->op != OP_SELECT) return draft_fail(p->d, at, "has() takes a field: has(x.name)");
    node->op = OP_HAS;
    return arg;
}

/* ---- grammar, from the inside out ---- */

static uint32_t parse_expression(parser *p);

/* A list of expressions up to `end`; a comma may stand before it where `trailing`. */
static bool parse_list(parser *p, cel_sign end, const char *wanted, bool trailing, children *out) {
    if (take_sign(p, end)) return true;
    for (;;) {
        uint32_t n = parse_expression(p);
        if (n == CEL_NONE) return false;
        VEC_PUSH(p->d->arena, out, n);
        bool comma = take_sign(p, SIGN_COMMA);
        if ((!comma || trailing) && take_sign(p, end)) return true;
        if (!comma) {
            unexpected(p, wanted);
            return false;
        }
    }
}

/* At the token behind "(". `receiver` CEL_NONE: a plain function. */
static uint32_t parse_call(parser *p, slice name, uint32_t receiver, size_t at) {
    children args = { 0 };
    if (receiver != CEL_NONE) VEC_PUSH(p->d->arena, &args, receiver);
    if (!parse_list(p, SIGN_CLOSE, "a comma or )", false, &args)) return CEL_NONE;
    if (receiver == CEL_NONE && slice_is(name, "has") && args.len == 1) return has_macro(p, args.at[0], at);
    if (receiver != CEL_NONE) {
        uint32_t made = macro(p, name, &args, at);
        if (made != CEL_NONE || p->d->failed) return made;
    }
    if (args.len > CEL_MAX_ARGS) return draft_fail(p->d, at, "too many arguments: at most %d", CEL_MAX_ARGS);
    uint8_t flags = receiver != CEL_NONE ? NODE_RECEIVER : 0;
    uint32_t text = draft_blob(p->d, name), first = push_args(p, &args);
    return push(p, (cel_node){ .op = OP_CALL, .flags = flags, .count = (uint16_t)args.len, .a = text, .b = (uint32_t)name.len, .c = first },
                highest_of(p, &args), at);
}

static const slice reserved[] = {    /* CEL specification, "Syntax": RESERVED; free as names of fields and methods */
    SLICE_INIT("as"), SLICE_INIT("break"), SLICE_INIT("const"), SLICE_INIT("continue"), SLICE_INIT("else"), SLICE_INIT("for"),
    SLICE_INIT("function"), SLICE_INIT("if"), SLICE_INIT("import"), SLICE_INIT("let"), SLICE_INIT("loop"), SLICE_INIT("package"),
    SLICE_INIT("namespace"), SLICE_INIT("return"), SLICE_INIT("var"), SLICE_INIT("void"), SLICE_INIT("while"),
};

static bool is_one_of(slice name, const slice *list, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (slice_eq(name, list[i])) return true;
    return false;
}

static const slice keywords[] = { SLICE_INIT("true"), SLICE_INIT("false"), SLICE_INIT("null"), SLICE_INIT("in") };

static uint32_t parse_name(parser *p, uint8_t flags) {
    slice name = p->now.text;
    size_t at = p->now.at;
    if (flags == 0 && slice_is(name, "null")) {
        next(p);
        return push(p, (cel_node){ .op = OP_LITERAL_NULL }, 0, at);
    }
    if (flags == 0 && (slice_is(name, "true") || slice_is(name, "false"))) {
        next(p);
        return push(p, (cel_node){ .op = OP_LITERAL_BOOL, .a = slice_is(name, "true") }, 0, at);
    }
    if (is_one_of(name, keywords, COUNT(keywords))) return unexpected(p, "a value");
    if (is_one_of(name, reserved, COUNT(reserved))) return draft_fail(p->d, at, "%.*s is a reserved word", SLICE_ARG(name));
    next(p);
    if (take_sign(p, SIGN_OPEN)) return parse_call(p, name, CEL_NONE, at);
    if (is_sign(p, SIGN_MAP)) return draft_fail(p->d, p->now.at, "%.*s{...}: messages cannot be made here, only lists and maps", SLICE_ARG(name));
    return push_text(p, OP_IDENT, flags, name, at);
}

static uint32_t parse_number(parser *p, bool negative, size_t at) {
    cel_token t = p->now;
    next(p);
    if (t.kind == TOKEN_DOUBLE) {
        double number = negative ? -t.number : t.number;
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return push_bits(p, OP_LITERAL_DOUBLE, bits, at);
    }
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    if (t.natural > most) return draft_fail(p->d, at, "an int that does not fit into 64 bits; a uint ends in u");
    return push_bits(p, OP_LITERAL_INT, negative ? 0 - t.natural : t.natural, at);
}

static uint32_t parse_list_literal(parser *p, size_t at) {
    children items = { 0 };
    if (!parse_list(p, SIGN_LIST_END, "a comma or ]", true, &items)) return CEL_NONE;
    bool constant = true;
    for (size_t i = 0; i < items.len; i++)
        if (p->d->nodes.at[items.at[i]].op > OP_LITERAL_BYTES) constant = false;
    uint8_t flags = constant ? NODE_CONSTANT : 0;
    return push(p, (cel_node){ .op = OP_LIST, .flags = flags, .count = (uint16_t)items.len, .a = push_args(p, &items) },
                highest_of(p, &items), at);
}

static uint32_t parse_map_literal(parser *p, size_t at) {
    children items = { 0 };
    while (!take_sign(p, SIGN_MAP_END)) {
        uint32_t key = parse_expression(p);
        if (key == CEL_NONE || !expect(p, SIGN_COLON, "a colon")) return CEL_NONE;
        uint32_t value = parse_expression(p);
        if (value == CEL_NONE) return CEL_NONE;
        VEC_PUSH(p->d->arena, &items, key);
        VEC_PUSH(p->d->arena, &items, value);
        if (!take_sign(p, SIGN_COMMA)) {
            if (!expect(p, SIGN_MAP_END, "a comma or }")) return CEL_NONE;
            break;
        }
    }
    return push(p, (cel_node){ .op = OP_MAP, .count = (uint16_t)(items.len / 2), .a = push_args(p, &items) }, highest_of(p, &items), at);
}

static uint32_t parse_primary(parser *p) {
    cel_token t = p->now;
    switch (t.kind) {
    case TOKEN_NAME:
        return parse_name(p, 0);
    case TOKEN_INT:
    case TOKEN_DOUBLE:
        return parse_number(p, false, t.at);
    case TOKEN_UINT:
        next(p);
        return push_bits(p, OP_LITERAL_UINT, t.natural, t.at);
    case TOKEN_STRING:
    case TOKEN_BYTES:
        next(p);
        return push_text(p, t.kind == TOKEN_STRING ? OP_LITERAL_STRING : OP_LITERAL_BYTES, 0, t.text, t.at);
    case TOKEN_SIGN:
        if (take_sign(p, SIGN_DOT)) return p->now.kind == TOKEN_NAME ? parse_name(p, NODE_ABSOLUTE) : unexpected(p, "a name");
        if (take_sign(p, SIGN_LIST)) return parse_list_literal(p, t.at);
        if (take_sign(p, SIGN_MAP)) return parse_map_literal(p, t.at);
        if (take_sign(p, SIGN_OPEN)) {
            uint32_t inner = parse_expression(p);
            return inner != CEL_NONE && expect(p, SIGN_CLOSE, "a )") ? inner : CEL_NONE;
        }
        break;
    case TOKEN_END:
    case TOKEN_ESCAPED_NAME:
        break;
    }
    return unexpected(p, "a value");
}

/* .name .name(...) [index], as many as there are. */
static uint32_t parse_behind(parser *p, uint32_t n) {
    while (n != CEL_NONE) {
        size_t at = p->now.at;
        if (take_sign(p, SIGN_LIST)) {
            uint32_t index = parse_expression(p);
            if (index == CEL_NONE || !expect(p, SIGN_LIST_END, "a ]")) return CEL_NONE;
            n = push_two(p, OP_INDEX, n, index, at);
        } else if (take_sign(p, SIGN_DOT)) {
            slice name = p->now.text;
            bool escaped = p->now.kind == TOKEN_ESCAPED_NAME;
            at = p->now.at;
            /* graph.in(node): behind a dot `in` can be no operator, so it may be a name, though the specification reserves it there too */
            bool keyword = is_one_of(name, keywords, COUNT(keywords)) && !slice_is(name, "in");
            if (!escaped && (p->now.kind != TOKEN_NAME || keyword)) return unexpected(p, "a field");
            next(p);
            if (!escaped && take_sign(p, SIGN_OPEN)) {
                n = parse_call(p, name, n, at);
            } else {
                uint32_t text = draft_blob(p->d, name);
                uint8_t flags = escaped ? NODE_ESCAPED : 0;
                n = push(p, (cel_node){ .op = OP_SELECT, .flags = flags, .a = n, .b = text, .c = (uint32_t)name.len }, height_of(p, n), at);
            }
        } else {
            return n;
        }
    }
    return n;
}

/* A run of ! or of -; the sign next to a number belongs to the number, so that the smallest int can be written. */
static uint32_t parse_unary(parser *p) {
    cel_sign sign = is_sign(p, SIGN_NOT) ? SIGN_NOT : is_sign(p, SIGN_MINUS) ? SIGN_MINUS : SIGN_NONE;
    if (sign == SIGN_NONE) return parse_behind(p, parse_primary(p));
    size_t count = 0, at = p->now.at, last = at;
    for (; is_sign(p, sign); count++) {
        last = p->now.at;
        next(p);
    }
    uint32_t n;
    if (sign == SIGN_MINUS && (p->now.kind == TOKEN_INT || p->now.kind == TOKEN_DOUBLE)) {
        n = parse_behind(p, parse_number(p, true, last));
        count--;
    } else {
        n = parse_behind(p, parse_primary(p));
    }
    for (; count > 0 && n != CEL_NONE; count--)
        n = push(p, (cel_node){ .op = sign == SIGN_NOT ? OP_NOT : OP_NEGATE, .a = n }, height_of(p, n), at);
    return n;
}

/* Operators of two operands, a row a level, loosest first. */
typedef struct { cel_sign sign; cel_op op; } operator_of;
static const operator_of levels[3][8] = {
    { { SIGN_EQ, OP_EQ }, { SIGN_NE, OP_NE }, { SIGN_LE, OP_LE }, { SIGN_GE, OP_GE }, { SIGN_LT, OP_LT }, { SIGN_GT, OP_GT } },
    { { SIGN_PLUS, OP_ADD }, { SIGN_MINUS, OP_SUB } },
    { { SIGN_STAR, OP_MUL }, { SIGN_SLASH, OP_DIV }, { SIGN_PERCENT, OP_MOD } },
};

static bool operator_at(const parser *p, size_t level, cel_op *op) {
    if (level == 0 && p->now.kind == TOKEN_NAME && slice_is(p->now.text, "in")) {
        *op = OP_IN;
        return true;
    }
    if (p->now.kind != TOKEN_SIGN) return false;
    for (size_t i = 0; i < COUNT(levels[level]) && levels[level][i].sign != SIGN_NONE; i++)
        if (levels[level][i].sign == p->now.sign) {
            *op = levels[level][i].op;
            return true;
        }
    return false;
}

static uint32_t parse_level(parser *p, size_t level) {
    if (level == COUNT(levels)) return parse_unary(p);
    uint32_t n = parse_level(p, level + 1);
    cel_op op;
    while (n != CEL_NONE && operator_at(p, level, &op)) {
        size_t at = p->now.at;
        next(p);
        n = push_two(p, op, n, parse_level(p, level + 1), at);
    }
    return n;
}

/* a && b && c is one node, so a long row of them is not deep. */
static uint32_t parse_row(parser *p, bool is_or) {
    cel_sign sign = is_or ? SIGN_OR : SIGN_AND;
    uint32_t first = is_or ? parse_row(p, false) : parse_level(p, 0);
    if (first == CEL_NONE || !is_sign(p, sign)) return first;
    size_t at = p->now.at;
    children row = { 0 };
    VEC_PUSH(p->d->arena, &row, first);
    while (take_sign(p, sign)) {
        uint32_t n = is_or ? parse_row(p, false) : parse_level(p, 0);
        if (n == CEL_NONE) return CEL_NONE;
        VEC_PUSH(p->d->arena, &row, n);
    }
    return push(p, (cel_node){ .op = is_or ? OP_OR : OP_AND, .count = (uint16_t)row.len, .a = push_args(p, &row) }, highest_of(p, &row), at);
}

static uint32_t parse_expression(parser *p) {
    if (++p->depth > CEL_MAX_DEPTH) return draft_fail(p->d, p->now.at, "nested too deeply: at most %d levels", CEL_MAX_DEPTH);
    uint32_t n = parse_row(p, true);
    size_t at = p->now.at;
    if (n != CEL_NONE && take_sign(p, SIGN_QUESTION)) {
        uint32_t yes = parse_row(p, true), no = CEL_NONE;
        if (yes != CEL_NONE && expect(p, SIGN_COLON, "the : of ?:")) no = parse_expression(p);
        n = no == CEL_NONE ? CEL_NONE : push(p, (cel_node){ .op = OP_COND, .a = n, .b = yes, .c = no }, highest(p, n, yes, no), at);
    }
    p->depth--;
    return n;
}

uint32_t cel_parse(cel_draft *d, slice text) {
    parser p = { .d = d, .lexer = { d, text, 0 } };
    if (text.len > CEL_MAX_TEXT) return draft_fail(d, CEL_MAX_TEXT, "too long: at most %u bytes", CEL_MAX_TEXT);
    size_t bad = utf8_first_bad(text);
    if (bad < text.len) return draft_fail(d, bad, "not UTF-8");
    next(&p);
    uint32_t root = parse_expression(&p);
    if (root != CEL_NONE && !d->failed && p.now.kind != TOKEN_END) return unexpected(&p, "an operator or the end");
    return d->failed ? CEL_NONE : root;
}
