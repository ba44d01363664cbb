#include "cel/evaluate.h"

#include "cel/functions.h"

typedef cel_value op_function(cel_run *r, const cel_node *node);

static slice text_of(const cel_run *r, uint32_t at, uint32_t len) { return program_text(r->p, at, len); }

static cel_value why_of(tri answer, const cel_value *trouble) {
    return answer == UNKNOWN ? *trouble : cel_bool(answer == YES);
}

static cel_value no_overload(cel_context *c, slice what, const cel_value *args, size_t count) {
    slice second = count > 1 ? cel_type_name(&args[1]) : SLICE("");
    return cel_error(c, "%.*s is not defined for %.*s%s%.*s", SLICE_ARG(cel_brief(what)), SLICE_ARG(count > 0 ? cel_type_name(&args[0]) : SLICE("nothing")),
                     count > 1 ? " and " : "", SLICE_ARG(second));
}

/* ---- literals and names ---- */

static uint64_t bits_of(const cel_node *node) { return (uint64_t)node->b << 32 | node->a; }

static cel_value literal_null(cel_run *r, const cel_node *node) {
    (void)r, (void)node;
    return cel_null();
}

static cel_value literal_bool(cel_run *r, const cel_node *node) {
    (void)r;
    return cel_bool(node->a != 0);
}

static cel_value literal_int(cel_run *r, const cel_node *node) {
    (void)r;
    return cel_int((int64_t)bits_of(node));
}

static cel_value literal_uint(cel_run *r, const cel_node *node) {
    (void)r;
    return cel_uint(bits_of(node));
}

static cel_value literal_double(cel_run *r, const cel_node *node) {
    (void)r;
    uint64_t bits = bits_of(node);
    double d;
    memcpy(&d, &bits, sizeof d);
    return cel_double(d);
}

static cel_value literal_string(cel_run *r, const cel_node *node) { return cel_string(text_of(r, node->a, node->b)); }
static cel_value literal_bytes(cel_run *r, const cel_node *node) { return cel_bytes(text_of(r, node->a, node->b)); }
static cel_value literal_type(cel_run *r, const cel_node *node) { return cel_type_value(text_of(r, node->a, node->b)); }

/* Open environments: what the host gives by name, then the types. */
static bool look_up(cel_run *r, slice name, cel_value *out) {
    if (r->c->lookup != NULL && r->c->lookup(r->c, name, out)) return true;
    if (!cel_type_known(name)) return false;
    *out = cel_type_value(name);
    return true;
}

static cel_value ident(cel_run *r, const cel_node *node) {
    slice name = text_of(r, node->a, node->b);
    cel_value v;
    return look_up(r, name, &v) ? v : cel_error(r->c, "no such variable: %.*s", SLICE_ARG(cel_brief(name)));
}

static cel_value variable(cel_run *r, const cel_node *node) {
    cel_value v;
    if (r->c->variables != NULL) return r->c->variables[node->a];
    slice name = r->c->env->variables[node->a].name;
    return look_up(r, name, &v) ? v : cel_error(r->c, "no such variable: %.*s", SLICE_ARG(cel_brief(name)));
}

static cel_value local(cel_run *r, const cel_node *node) { return r->slots[node->a]; }

/* ---- fields and items ---- */

static cel_value no_field(cel_context *c, slice name) { return cel_error(c, "no such key: %.*s", SLICE_ARG(cel_brief(name))); }

static cel_value field_of(cel_context *c, const cel_value *v, slice name) {
    cel_value out;
    bool absent = false;
    if (is_trouble(v)) return *v;
    if (v->kind == CEL_OBJECT && v->object.kind->field != NULL) {
        out = v->object.kind->field(c, v->object.at, name, &absent);
        return absent && out.kind != CEL_ERROR ? no_field(c, name) : out;
    }
    if (v->kind == CEL_NULL && cel_lenient(c)) return cel_null();
    if (v->kind == CEL_MAP) {
        cel_value key = cel_string(name);
        return cel_map_get(c, v, &key, &out) ? out : no_field(c, name);
    }
    return cel_error(c, "%.*s has no fields: .%.*s", SLICE_ARG(cel_type_name(v)), SLICE_ARG(cel_brief(name)));
}

static cel_value select_field(cel_run *r, const cel_node *node) {
    cel_value v;
    if ((node->flags & NODE_QUALIFIED) != 0 && look_up(r, text_of(r, node->b - node->count, node->c + node->count), &v)) return v;
    v = cel_run_node(r, node->a);
    return field_of(r->c, &v, text_of(r, node->b, node->c));
}

static cel_value has_field(cel_run *r, const cel_node *node) {
    cel_value v = cel_run_node(r, node->a), out, key = cel_string(text_of(r, node->b, node->c));
    bool lenient = cel_lenient(r->c), absent = false;
    if (is_trouble(&v)) return v;
    if (v.kind == CEL_NULL && lenient) return cel_bool(false);
    if (v.kind == CEL_MAP) {
        absent = !cel_map_get(r->c, &v, &key, &out);
    } else if (v.kind == CEL_OBJECT && v.object.kind->field != NULL) {
        out = v.object.kind->field(r->c, v.object.at, key.text, &absent);
    } else {
        return cel_error(r->c, "%.*s has no fields: has(.%.*s)", SLICE_ARG(cel_type_name(&v)), SLICE_ARG(cel_brief(key.text)));
    }
    if (absent) return cel_bool(false);
    if (is_trouble(&out)) return out;
    return cel_bool(!(lenient && out.kind == CEL_NULL));
}

/* A double that is a whole number is as good as an int. */
static bool position_of(const cel_value *v, uint64_t *out) {
    if (v->kind == CEL_INT && v->integer >= 0) return *out = (uint64_t)v->integer, true;
    if (v->kind == CEL_UINT) return *out = v->natural, true;
    if (v->kind != CEL_DOUBLE || !(v->number >= 0 && v->number < 9007199254740992.0)) return false;
    *out = (uint64_t)v->number;
    return (double)*out == v->number;
}

static cel_value index_of(cel_run *r, const cel_node *node) {
    cel_value pair[2] = { cel_run_node(r, node->a), cel_run_node(r, node->b) }, out, kept = cel_null();
    const cel_value *v = &pair[0], *key = &pair[1];
    cel_sequence s;
    uint64_t i;
    if (is_trouble(v)) keep_trouble(&kept, v);
    if (is_trouble(key)) keep_trouble(&kept, key);
    if (kept.kind != CEL_NULL) return kept;
    if (v->kind == CEL_NULL && cel_lenient(r->c)) return cel_null();
    if (!cel_sequence_of(r->c, v, &s)) {
        if (v->kind == CEL_OBJECT && key->kind == CEL_STRING) return field_of(r->c, v, key->text);
        return no_overload(r->c, SLICE("[]"), pair, 2);
    }
    if (s.is_map) {
        if (!cel_is_key(key) && !position_of(key, &i)) return no_overload(r->c, SLICE("[]"), pair, 2);
        if (key->kind == CEL_STRING) return field_of(r->c, v, key->text);
        return cel_map_get(r->c, v, key, &out) ? out : cel_error(r->c, "no such key");
    }
    if ((BIT(key->kind) & (BIT(CEL_INT) | BIT(CEL_UINT) | BIT(CEL_DOUBLE))) == 0) return no_overload(r->c, SLICE("[]"), pair, 2);
    if (!position_of(key, &i) || i >= s.len) return cel_error(r->c, "there is no item at this position of the list");
    return cel_sequence_item(r->c, &s, (size_t)i);
}

/* ---- logic ---- */

/* false decides &&, true decides ||, whatever else stands in the row; then an unknown, then an error. */
static cel_value and_or(cel_run *r, const cel_node *node) {
    bool decides = node->op == OP_OR;
    cel_value kept = cel_null();
    for (size_t i = 0; i < node->count; i++) {
        cel_value v = cel_run_node(r, r->p->args[node->a + i]);
        if (v.kind == CEL_BOOL) {
            if (v.boolean == decides) return v;
            continue;
        }
        if (!is_trouble(&v)) v = no_overload(r->c, decides ? SLICE("||") : SLICE("&&"), &v, 1);
        keep_trouble(&kept, &v);
    }
    return kept.kind != CEL_NULL ? kept : cel_bool(!decides);
}

static cel_value conditional(cel_run *r, const cel_node *node) {
    cel_value v = cel_run_node(r, node->a);
    if (is_trouble(&v)) return v;
    if (v.kind != CEL_BOOL) return no_overload(r->c, SLICE("?:"), &v, 1);
    return cel_run_node(r, v.boolean ? node->b : node->c);
}

static cel_value lenient_unknown(void) { return cel_unknown(SLICE("null where a value is needed")); }

static cel_value not_of(cel_run *r, const cel_node *node) {
    cel_value v = cel_run_node(r, node->a);
    if (is_trouble(&v)) return v;
    if (v.kind == CEL_NULL && cel_lenient(r->c)) return lenient_unknown();
    return v.kind == CEL_BOOL ? cel_bool(!v.boolean) : no_overload(r->c, SLICE("!"), &v, 1);
}

/* ---- operators ---- */

static cel_value negate(cel_run *r, const cel_node *node) {
    cel_value v = cel_run_node(r, node->a);
    if (is_trouble(&v)) return v;
    if (v.kind == CEL_NULL && cel_lenient(r->c)) return lenient_unknown();
    if (v.kind == CEL_DOUBLE) return cel_double(-v.number);
    if (v.kind != CEL_INT) return no_overload(r->c, SLICE("-"), &v, 1);
    return v.integer == INT64_MIN ? cel_error(r->c, "int overflow") : cel_int(-v.integer);
}

/* Both operands; false with what the whole is when one of them is unknown or an error. */
static bool operands(cel_run *r, const cel_node *node, cel_value pair[2], cel_value *out) {
    *out = cel_null();
    pair[0] = cel_run_node(r, node->a);
    pair[1] = cel_run_node(r, node->b);
    for (size_t i = 0; i < 2; i++)
        if (is_trouble(&pair[i])) keep_trouble(out, &pair[i]);
    return out->kind == CEL_NULL;
}

static cel_value equality(cel_run *r, const cel_node *node) {
    cel_value pair[2], out;
    if (!operands(r, node, pair, &out)) return out;
    tri same = cel_same(r->c, &pair[0], &pair[1], &out);
    if (node->op == OP_NE && same != UNKNOWN) same = same == YES ? NO : YES;
    return why_of(same, &out);
}

static const struct { slice name; bool less, same, more; } orders[] = {
    [0]             = { SLICE_INIT("<"), true, false, false },
    [OP_LE - OP_LT] = { SLICE_INIT("<="), true, true, false },
    [OP_GT - OP_LT] = { SLICE_INIT(">"), false, false, true },
    [OP_GE - OP_LT] = { SLICE_INIT(">="), false, true, true },
};

static cel_value ordering(cel_run *r, const cel_node *node) {
    cel_value pair[2], out;
    if (!operands(r, node, pair, &out)) return out;
    size_t o = (size_t)node->op - OP_LT;
    if (cel_lenient(r->c) && (pair[0].kind == CEL_NULL || pair[1].kind == CEL_NULL)) return lenient_unknown();
    if ((BIT(pair[0].kind) & (BIT(CEL_STRING) | BIT(CEL_BYTES))) != 0 && !cel_spend(r->c, pair[0].text.len / 32)) return cel_spent();
    switch (cel_order(&pair[0], &pair[1])) {
    case -1: return cel_bool(orders[o].less);
    case 0:  return cel_bool(orders[o].same);
    case 1:  return cel_bool(orders[o].more);
    case 2:  return cel_bool(false);    /* NaN */
    default: return no_overload(r->c, orders[o].name, pair, 2);
    }
}

/* x in a list: x == a || x == b || ...; one step of it. True when it is decided. */
static bool in_step(cel_run *r, const cel_value *x, const cel_value *item, cel_value *kept) {
    cel_value trouble = cel_null();
    tri same = cel_same(r->c, x, item, &trouble);
    if (same == UNKNOWN) keep_trouble(kept, &trouble);
    return same == YES;
}

static cel_value in_of(cel_run *r, const cel_node *node) {
    cel_value x = cel_run_node(r, node->a), kept = cel_null(), found;
    const cel_node *right = &r->p->nodes[node->b];
    if (right->op == OP_LIST && (right->flags & NODE_CONSTANT) != 0) {    /* x in ["a", "b"] makes no list */
        for (size_t i = 0; i < right->count; i++) {
            cel_value item = cel_run_node(r, r->p->args[right->a + i]);
            if (in_step(r, &x, &item, &kept)) return cel_bool(true);
        }
        return kept.kind != CEL_NULL ? kept : cel_bool(false);
    }
    cel_value pair[2] = { x, cel_run_node(r, node->b) };
    cel_sequence s;
    if (is_trouble(&pair[1])) {
        if (is_trouble(&x)) keep_trouble(&kept, &x);
        keep_trouble(&kept, &pair[1]);
        return kept;
    }
    if (pair[1].kind == CEL_NULL && cel_lenient(r->c)) return cel_bool(false);
    if (!cel_sequence_of(r->c, &pair[1], &s)) return is_trouble(&x) ? x : no_overload(r->c, SLICE("in"), pair, 2);
    if (s.is_map && !is_trouble(&x)) return cel_bool(cel_map_get(r->c, &pair[1], &x, &found));
    if (s.is_map) return s.len == 0 && is_unknown(&x) ? cel_bool(false) : x;
    for (size_t i = 0; i < s.len && r->c->steps <= CEL_MAX_STEPS; i++) {
        cel_value item = cel_sequence_item(r->c, &s, i);
        if (in_step(r, &x, &item, &kept)) return cel_bool(true);
    }
    return kept.kind != CEL_NULL ? kept : x.kind == CEL_ERROR ? x : cel_bool(false);
}

static cel_value overflow(cel_context *c, const char *kind) {
    return kind[0] == 'i' ? cel_error(c, "int overflow") : cel_error(c, "uint overflow");
}

static cel_value by_zero(cel_context *c) { return cel_error(c, "division by zero"); }

static cel_value int_arithmetic(cel_context *c, uint8_t op, int64_t x, int64_t y) {
    int64_t out = 0;
    bool over;
    switch (op) {
    case OP_ADD: over = __builtin_add_overflow(x, y, &out); break;
    case OP_SUB: over = __builtin_sub_overflow(x, y, &out); break;
    case OP_MUL: over = __builtin_mul_overflow(x, y, &out); break;
    default:
        if (y == 0) return by_zero(c);
        over = x == INT64_MIN && y == -1;
        if (!over) out = op == OP_DIV ? x / y : x % y;
        break;
    }
    return over ? overflow(c, "int") : cel_int(out);
}

static cel_value uint_arithmetic(cel_context *c, uint8_t op, uint64_t x, uint64_t y) {
    uint64_t out = 0;
    bool over = false;
    switch (op) {
    case OP_ADD: over = __builtin_add_overflow(x, y, &out); break;
    case OP_SUB: over = __builtin_sub_overflow(x, y, &out); break;
    case OP_MUL: over = __builtin_mul_overflow(x, y, &out); break;
    default:
        if (y == 0) return by_zero(c);
        out = op == OP_DIV ? x / y : x % y;
        break;
    }
    return over ? overflow(c, "uint") : cel_uint(out);
}

static double double_arithmetic(uint8_t op, double x, double y) {
    return op == OP_ADD ? x + y : op == OP_SUB ? x - y : op == OP_MUL ? x * y : x / y;
}

static cel_value concatenated(cel_context *c, const cel_value pair[2]) {
    size_t left = pair[0].text.len, right = pair[1].text.len;
    if (right == 0) return pair[0];
    if (left == 0) return pair[1];
    char *out = cel_new_text(c, left + right);
    if (out == NULL) return cel_spent();
    memcpy(out, pair[0].text.at, left);
    memcpy(out + left, pair[1].text.at, right);
    slice both = { out, left + right };
    return pair[0].kind == CEL_STRING ? cel_string(both) : cel_bytes(both);
}

static cel_value appended(cel_context *c, const cel_value pair[2]) {
    cel_sequence s[2];
    if (!cel_sequence_of(c, &pair[0], &s[0]) || !cel_sequence_of(c, &pair[1], &s[1])) return no_overload(c, SLICE("+"), pair, 2);
    if (s[1].len == 0) return pair[0];
    if (s[0].len == 0) return pair[1];
    cel_value *out = cel_new_values(c, s[0].len + s[1].len), *at = out;
    if (out == NULL) return cel_spent();
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < s[k].len; i++) *at++ = cel_sequence_item(c, &s[k], i);
    return cel_list(out, s[0].len + s[1].len);
}

static bool are_times(uint8_t op, cel_kind x, cel_kind y) {
    if (op == OP_ADD) return (x == CEL_DURATION && (y == CEL_DURATION || y == CEL_TIMESTAMP)) || (x == CEL_TIMESTAMP && y == CEL_DURATION);
    return op == OP_SUB && (y == CEL_DURATION || y == CEL_TIMESTAMP) && (x == CEL_TIMESTAMP || (x == CEL_DURATION && y == CEL_DURATION));
}

static cel_value arithmetic(cel_run *r, const cel_node *node) {
    static const slice names[] = { SLICE_INIT("+"), SLICE_INIT("-"), SLICE_INIT("*"), SLICE_INIT("/"), SLICE_INIT("%") };
    cel_value pair[2], out;
    cel_context *c = r->c;
    if (!operands(r, node, pair, &out)) return out;
    cel_kind x = pair[0].kind, y = pair[1].kind;
    if (cel_lenient(c) && (x == CEL_NULL || y == CEL_NULL)) return lenient_unknown();
    if (are_times(node->op, x, y)) return node->op == OP_ADD ? cel_time_add(c, &pair[0], &pair[1]) : cel_time_subtract(c, &pair[0], &pair[1]);
    if (x == CEL_INT && y == CEL_INT) return int_arithmetic(c, node->op, pair[0].integer, pair[1].integer);
    if (x == CEL_UINT && y == CEL_UINT) return uint_arithmetic(c, node->op, pair[0].natural, pair[1].natural);
    if (x == CEL_DOUBLE && y == CEL_DOUBLE && node->op != OP_MOD) return cel_double(double_arithmetic(node->op, pair[0].number, pair[1].number));
    if (node->op == OP_ADD) {
        if (x == y && (x == CEL_STRING || x == CEL_BYTES)) return concatenated(c, pair);
        if (cel_bit_of(&pair[0]) == BIT(CEL_LIST) && cel_bit_of(&pair[1]) == BIT(CEL_LIST)) return appended(c, pair);
    }
    return no_overload(c, names[node->op - OP_ADD], pair, 2);
}

/* ---- lists, maps, calls ---- */

/* An unknown item stays in the list: `in`, exists and all look at it; an error makes the whole list one. */
static cel_value make_list(cel_run *r, const cel_node *node) {
    cel_value *items = cel_new_values(r->c, node->count), error = cel_null(), unknown = cel_null();
    if (items == NULL) return cel_spent();
    for (size_t i = 0; i < node->count; i++) {
        items[i] = cel_run_node(r, r->p->args[node->a + i]);
        if (is_trouble(&items[i])) keep_trouble(is_unknown(&items[i]) ? &unknown : &error, &items[i]);
    }
    if (error.kind == CEL_NULL) return cel_list(items, node->count);
    return unknown.kind != CEL_NULL ? unknown : error;
}

static cel_value make_map(cel_run *r, const cel_node *node) {
    cel_value *pairs = cel_new_values(r->c, (size_t)node->count * 2), kept = cel_null(), unknown = cel_null();
    cel_key_set keys = { .len = 0 };
    if (pairs == NULL) return cel_spent();
    for (size_t i = 0; i < node->count; i++) {
        cel_value *key = &pairs[2 * i], *value = key + 1;
        *key = cel_run_node(r, r->p->args[node->a + 2 * i]);
        *value = cel_run_node(r, r->p->args[node->a + 2 * i + 1]);
        if (is_unknown(value)) keep_trouble(&unknown, value);
        if (value->kind == CEL_ERROR) keep_trouble(&kept, value);
        if (!is_trouble(key) && !cel_is_key(key)) *key = cel_error(r->c, "keys of maps are bool, int, uint or string");
        if (!is_trouble(key) && !cel_key_add(r->c, &keys, key)) *key = cel_error(r->c, "the same key stands twice in a map");
        if (is_trouble(key)) keep_trouble(&kept, key);
    }
    if (kept.kind == CEL_ERROR && unknown.kind != CEL_NULL) return unknown;
    return kept.kind != CEL_NULL ? kept : cel_map(pairs, node->count);
}

/* The arguments; false with what the call is when one is an error or (unless `take_unknown`) unknown. */
static bool arguments(cel_run *r, const cel_node *node, bool take_unknown, cel_value *args, cel_value *out) {
    *out = cel_null();
    for (size_t i = 0; i < node->count; i++) {
        args[i] = cel_run_node(r, r->p->args[node->c + i]);
        if (is_trouble(&args[i]) && !(take_unknown && is_unknown(&args[i]))) keep_trouble(out, &args[i]);
    }
    return out->kind == CEL_NULL;
}

static cel_value call_unbound(cel_run *r, const cel_node *node) {
    return cel_error(r->c, "no such function: %.*s", SLICE_ARG(cel_brief(text_of(r, node->a, node->b))));
}

static bool takes(const cel_standard_function *f, const cel_value *args) {
    for (size_t i = 0; i < f->count; i++)
        if ((cel_bit_of(&args[i]) & f->args[i]) == 0) return false;
    return true;
}

static cel_value call_standard(cel_run *r, const cel_node *node) {
    cel_value args[CEL_STANDARD_ARGS], out;
    const cel_standard_function *f = &cel_standard[node->a], *end = cel_standard + cel_standard_len;
    if (!arguments(r, node, false, args, &out)) return out;
    for (const cel_standard_function *g = f; g < end && g->count == node->count && slice_eq(g->name, f->name); g++)
        if (takes(g, args)) return g->call(r->c, args);
    if (!cel_lenient(r->c)) return no_overload(r->c, f->name, args, node->count);
    if (args[0].kind == CEL_NULL && slice_is(f->name, "size")) return cel_int(0);
    for (size_t i = 0; i < node->count; i++)
        if (args[i].kind == CEL_NULL) return lenient_unknown();
    return no_overload(r->c, f->name, args, node->count);
}

static bool is_for(const cel_function *f, const cel_value *receiver) {
    return f->receiver.len == 0 || slice_is(f->receiver, "dyn") || is_unknown(receiver) || slice_eq(f->receiver, cel_type_name(receiver))
        || (receiver->kind == CEL_OBJECT && slice_eq(f->receiver, receiver->object.kind->type_name));
}

/* A method is bound by name; where several records have one of that name, the receiver decides. */
static cel_value call_host(cel_run *r, const cel_node *node) {
    cel_value args[CEL_MAX_ARGS], out;
    cel_context *c = r->c;
    const cel_function *f = &c->env->functions[node->a];
    if (!arguments(r, node, f->takes_unknown, args, &out)) return out;
    if (f->receiver.len > 0 && node->count > 0 && !is_for(f, &args[0])) {
        const cel_function *other = NULL;
        if (args[0].kind == CEL_NULL && cel_lenient(c)) return lenient_unknown();
        for (size_t i = 0; i < c->env->functions_len && other == NULL; i++) {
            const cel_function *g = &c->env->functions[i];
            if (slice_eq(g->name, f->name) && g->receiver.len > 0 && is_for(g, &args[0]) && node->count - 1u >= g->least && node->count - 1u <= g->most)
                other = g;
        }
        if (other == NULL) return no_overload(c, f->name, args, 1);
        f = other;
    }
    for (size_t i = 0; i < node->count; i++)
        if (is_unknown(&args[i]) && !f->takes_unknown) return args[i];
    return f->call(c, args, node->count);
}

/* ---- the table ---- */

static op_function *const ops[] = {
#define OP(name, function) [OP_##name] = (function),
#include "cel/ops.def"
#undef OP
};

cel_value cel_run_node(cel_run *r, uint32_t n) {
    const cel_node *node = &r->p->nodes[n];
    return cel_spend(r->c, 1) ? ops[node->op](r, node) : cel_spent();
}

cel_value cel_evaluate(const cel_program *p, cel_context *c) {
    cel_run r;
    r.p = p;
    r.c = c;
    cel_value v = cel_run_node(&r, p->root);
    return c->steps > CEL_MAX_STEPS ? cel_spent() : v;
}
