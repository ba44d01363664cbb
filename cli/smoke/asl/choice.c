/* Step Functions developer guide, "Choice workflow state". */
#include "smoke/asl/choice.h"

#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"
#include "smoke/asl/time.h"

#define RULE_DEPTH 30u

typedef enum { TYPE_STRING, TYPE_NUMERIC, TYPE_BOOLEAN, TYPE_TIMESTAMP, TYPE_PATTERN, TYPE_IS } operand_type;
typedef enum { LESS = 1, SAME = 2, MORE = 4 } order;      /* bits: which orders make it true */

static const struct { const char *name; operand_type type; unsigned orders; bool with_path; } operators[] = {
    { "StringEquals", TYPE_STRING, SAME, true },
    { "StringLessThan", TYPE_STRING, LESS, true },
    { "StringGreaterThan", TYPE_STRING, MORE, true },
    { "StringLessThanEquals", TYPE_STRING, LESS | SAME, true },
    { "StringGreaterThanEquals", TYPE_STRING, MORE | SAME, true },
    { "StringMatches", TYPE_PATTERN, 0, false },
    { "NumericEquals", TYPE_NUMERIC, SAME, true },
    { "NumericLessThan", TYPE_NUMERIC, LESS, true },
    { "NumericGreaterThan", TYPE_NUMERIC, MORE, true },
    { "NumericLessThanEquals", TYPE_NUMERIC, LESS | SAME, true },
    { "NumericGreaterThanEquals", TYPE_NUMERIC, MORE | SAME, true },
    { "BooleanEquals", TYPE_BOOLEAN, SAME, true },
    { "TimestampEquals", TYPE_TIMESTAMP, SAME, true },
    { "TimestampLessThan", TYPE_TIMESTAMP, LESS, true },
    { "TimestampGreaterThan", TYPE_TIMESTAMP, MORE, true },
    { "TimestampLessThanEquals", TYPE_TIMESTAMP, LESS | SAME, true },
    { "TimestampGreaterThanEquals", TYPE_TIMESTAMP, MORE | SAME, true },
    { "IsNull", TYPE_IS, 0, false },
    { "IsPresent", TYPE_IS, 0, false },
    { "IsNumeric", TYPE_IS, 0, false },
    { "IsString", TYPE_IS, 0, false },
    { "IsBoolean", TYPE_IS, 0, false },
    { "IsTimestamp", TYPE_IS, 0, false },
};

/* The operator that a key of a rule names, or NULL; *path: with `Path` behind it. */
static size_t operator_of(slice key, bool *path) {
    for (size_t i = 0; i < COUNT(operators); i++) {
        slice name = slice_from(operators[i].name);
        *path = operators[i].with_path && key.len == name.len + 4 && slice_starts(key, name) && slice_ends(key, SLICE("Path"));
        if (*path || slice_eq(key, name)) return i;
    }
    return COUNT(operators);
}

/* `*` stands for any run; a backslash takes the character behind it as it is. Linear in text * pattern. */
static bool matches(slice pattern, slice text) {
    size_t p = 0, t = 0, star = (size_t)-1, again = 0;
    while (t < text.len) {
        bool escaped = p + 1 < pattern.len && pattern.at[p] == '\\';
        if (p < pattern.len && !escaped && pattern.at[p] == '*') {
            star = p++;
            again = t;
        } else if (p < pattern.len && pattern.at[escaped ? p + 1 : p] == text.at[t]) {
            p += escaped ? 2 : 1;
            t++;
        } else if (star != (size_t)-1) {
            p = star + 1;
            t = ++again;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') p++;
    return p == pattern.len;
}

static order sign(double d) { return d < 0 ? LESS : d > 0 ? MORE : SAME; }

/* False when the two are not both of the type: then no comparison holds. */
static bool compare(operand_type type, const doc_node *x, const doc_node *y, order *out) {
    int64_t s, t;
    int32_t m, n;
    switch (type) {
    case TYPE_STRING:
        if (!js_is(x, DOC_STRING) || !js_is(y, DOC_STRING)) return false;
        *out = sign(slice_order(x->text, y->text));
        return true;
    case TYPE_NUMERIC:
        if (!js_is_number(x) || !js_is_number(y)) return false;
        *out = sign(js_double_of(x) - js_double_of(y));
        return true;
    case TYPE_BOOLEAN:
        if (!js_is(x, DOC_BOOL) || !js_is(y, DOC_BOOL)) return false;
        *out = x->boolean == y->boolean ? SAME : MORE;
        return true;
    default:
        if (!js_is(x, DOC_STRING) || !js_is(y, DOC_STRING) || !asl_time_parse(x->text, &s, &m) || !asl_time_parse(y->text, &t, &n)) return false;
        *out = s != t ? (s < t ? LESS : MORE) : m != n ? (m < n ? LESS : MORE) : SAME;
        return true;
    }
}

static bool is(slice name, const doc_node *v) {
    int64_t s;
    int32_t n;
    if (slice_is(name, "IsNull")) return js_is(v, DOC_NULL);
    if (slice_is(name, "IsPresent")) return v != NULL;
    if (slice_is(name, "IsNumeric")) return js_is_number(v);
    if (slice_is(name, "IsString")) return js_is(v, DOC_STRING);
    if (slice_is(name, "IsBoolean")) return js_is(v, DOC_BOOL);
    return js_is(v, DOC_STRING) && asl_time_parse(v->text, &s, &n);
}

/* NULL: it selects nothing (or d has failed). */
static const doc_node *value_at(asl_data *d, const doc_node *path) {
    slice why = SLICE("it must be a text");
    const asl_path *p = js_is(path, DOC_STRING) ? asl_path_parse(d->arena, path->text, &why) : NULL;
    if (p == NULL) return asl_fail(d, asl_error_runtime, "a Choice rule's path cannot be read: %.*s", SLICE_ARG(why));
    if (p->root == PATH_VARIABLE && asl_scope_get(d->scope, p->variable) == NULL) return NULL;
    return asl_path_get(p, d);
}

static bool holds(asl_data *d, const doc_node *rule, unsigned depth);

static bool comparison_holds(asl_data *d, const doc_node *rule) {
    const doc_node *variable = js_get(rule, "Variable");
    const doc_node *x = value_at(d, variable);
    if (asl_failed(d)) return false;
    for (size_t i = 0; i < js_len(rule); i++) {
        bool path;
        const doc_entry *e = &rule->map.at[i];
        size_t op = operator_of(e->key, &path);
        if (op == COUNT(operators)) continue;
        if (x == NULL && !slice_is(e->key, "IsPresent")) {
            asl_fail(d, asl_error_runtime, "Invalid path '%.*s': The choice state's condition path references an invalid value.", SLICE_ARG(js_str(variable)));
            return false;
        }
        if (operators[op].type == TYPE_IS) return js_is(e->value, DOC_BOOL) && is(e->key, x) == e->value->boolean;
        if (operators[op].type == TYPE_PATTERN) {
            if (x == NULL || x->kind != DOC_STRING || !js_is(e->value, DOC_STRING)) return false;
            return asl_spend(d, 1 + x->text.len / 16 * (1 + e->value->text.len / 16)) && matches(e->value->text, x->text);
        }
        const doc_node *y = path ? value_at(d, e->value) : e->value;
        if (asl_failed(d)) return false;
        if (y == NULL) {
            asl_fail(d, asl_error_runtime, "Invalid path '%.*s': The choice state's condition path references an invalid value.", SLICE_ARG(js_str(e->value)));
            return false;
        }
        order o;
        return compare(operators[op].type, x, y, &o) && (operators[op].orders & o) != 0;
    }
    return false;
}

static bool holds(asl_data *d, const doc_node *rule, unsigned depth) {
    if (!asl_spend(d, 1)) return false;
    if (depth > RULE_DEPTH) {
        asl_fail(d, asl_error_runtime, "Choice rules are nested deeper than %u", RULE_DEPTH);
        return false;
    }
    const doc_node *all = js_get(rule, "And"), *any = js_get(rule, "Or"), *not = js_get(rule, "Not");
    if (not != NULL) return !holds(d, not, depth + 1);
    if (all == NULL && any == NULL) return comparison_holds(d, rule);
    const doc_node *rules = all != NULL ? all : any;
    for (size_t i = 0; js_is(rules, DOC_LIST) && i < rules->list.len; i++) {
        bool one = holds(d, rules->list.at[i], depth + 1);
        if (asl_failed(d)) return false;
        if (one == (any != NULL)) return one;
    }
    return all != NULL;
}

static bool condition_holds(asl_data *d, const doc_node *rule) {
    const doc_node *v = jsonata_field(d, js_get(rule, "Condition"), "Condition");
    if (v != NULL && v->kind != DOC_BOOL) asl_fail(d, asl_error_query, "Condition gives %.*s, it must be true or false", SLICE_ARG(asl_shown(d->arena, v)));
    return js_is(v, DOC_BOOL) && v->boolean;
}

int asl_choose(asl_data *d, const doc_node *choices, bool jsonata_state) {
    for (size_t i = 0; js_is(choices, DOC_LIST) && i < choices->list.len; i++) {
        const doc_node *rule = choices->list.at[i];
        bool yes = jsonata_state ? condition_holds(d, rule) : holds(d, rule, 0);
        if (asl_failed(d)) return -2;
        if (yes) return (int)i;
    }
    return -1;
}

/* ---- checking a definition ---- */

static bool refuse(arena *a, slice *error, const char *what, slice detail) {
    *error = detail.len == 0 ? slice_from(what) : arena_printf(a, "%s%.*s", what, SLICE_ARG(detail));
    return false;
}

static bool path_check(arena *a, const doc_node *path, const char *field, slice *error) {
    slice why;
    if (!js_is(path, DOC_STRING)) return refuse(a, error, "a rule needs a path as its ", slice_from(field));
    if (asl_path_parse(a, path->text, &why) != NULL) return true;
    *error = arena_printf(a, "%s: %.*s: %.*s", field, SLICE_ARG(path->text), SLICE_ARG(why));
    return false;
}

static bool rule_check(arena *a, const doc_node *rule, unsigned depth, slice *error) {
    if (!js_is(rule, DOC_MAP)) return refuse(a, error, "a Choice rule must be an object", SLICE(""));
    if (depth > RULE_DEPTH) return refuse(a, error, "Choice rules are nested too deep", SLICE(""));
    const doc_node *all = js_get(rule, "And"), *any = js_get(rule, "Or"), *not = js_get(rule, "Not");
    if (depth > 0 && js_get(rule, "Next") != NULL) return refuse(a, error, "a rule inside And, Or or Not has no Next", SLICE(""));
    if (not != NULL) return rule_check(a, not, depth + 1, error);
    if (all != NULL || any != NULL) {
        const doc_node *rules = all != NULL ? all : any;
        if (!js_is(rules, DOC_LIST) || rules->list.len == 0) return refuse(a, error, "And and Or take a list of rules that is not empty", SLICE(""));
        for (size_t i = 0; i < rules->list.len; i++)
            if (!rule_check(a, rules->list.at[i], depth + 1, error)) return false;
        return true;
    }
    size_t known = 0;
    for (size_t i = 0; i < rule->map.len; i++) {
        bool path;
        const doc_entry *e = &rule->map.at[i];
        size_t op = operator_of(e->key, &path);
        if (op == COUNT(operators)) continue;
        known++;
        if (path && !path_check(a, e->value, "a Path operator", error)) return false;
        if (operators[op].type == TYPE_IS && !js_is(e->value, DOC_BOOL)) return refuse(a, error, "true or false should stand at ", e->key);
    }
    if (known != 1)
        return refuse(a, error, known == 0 ? "a Choice rule has no comparison operator" : "a Choice rule has more than one comparison operator", SLICE(""));
    return path_check(a, js_get(rule, "Variable"), "Variable", error);
}

bool asl_rule_check(arena *a, const doc_node *rule, bool jsonata_state, bool top, slice *error) {
    if (!js_is(rule, DOC_MAP)) return refuse(a, error, "a Choice rule must be an object", SLICE(""));
    if (top && !js_is(js_get(rule, "Next"), DOC_STRING)) return refuse(a, error, "a Choice rule has no Next", SLICE(""));
    if (!jsonata_state) return rule_check(a, rule, 0, error) && asl_template_check(a, js_get(rule, "Assign"), error);
    const doc_node *c = js_get(rule, "Condition");
    slice inner;
    if (c == NULL || (c->kind != DOC_BOOL && !(c->kind == DOC_STRING && jsonata_is(c->text, &inner))))
        return refuse(a, error, "Condition must be an expression `{% ... %}`", SLICE(""));
    return jsonata_check(a, c, error) && jsonata_check(a, js_get(rule, "Assign"), error) && jsonata_check(a, js_get(rule, "Output"), error);
}
