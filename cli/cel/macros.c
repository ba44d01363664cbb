/* all, exists, exists_one, filter, map and their forms of two variables: CEL specification, "Macros"; the two-variable comprehensions
 * extension. They run over the host's lists and maps in place. */
#include "cel/evaluate.h"
#include "cel/functions.h"

/* What the macro runs over; false with the result where it does not run. */
static bool range_of(cel_run *r, const cel_node *node, cel_sequence *s, cel_value *out) {
    cel_value v = cel_run_node(r, node->a);
    *out = v;
    if (is_trouble(&v)) return false;
    if (v.kind == CEL_NULL && cel_lenient(r->c)) {
        *s = (cel_sequence){ .of = cel_list(NULL, 0) };
        return true;
    }
    if (cel_sequence_of(r->c, &v, s)) return true;
    *out = cel_error(r->c, "%.*s is no list or map to run over", SLICE_ARG(cel_type_name(&v)));
    return false;
}

/* One variable is the item of a list or the key of a map; two are index and item, or key and value. */
static void set_variables(cel_run *r, const cel_node *node, const cel_sequence *s, size_t i) {
    if (node->count == 2) {
        r->slots[node->c] = cel_sequence_key(r->c, s, i);
        r->slots[node->c + 1] = cel_sequence_item(r->c, s, i);
    } else {
        r->slots[node->c] = s->is_map ? cel_sequence_key(r->c, s, i) : cel_sequence_item(r->c, s, i);
    }
}

/* The predicate as a BOOL, UNKNOWN or ERROR; true where the macro has none. */
static cel_value predicate(cel_run *r, const cel_node *node) {
    uint32_t n = r->p->args[node->b];
    if (n == CEL_NONE) return cel_bool(true);
    cel_value v = cel_run_node(r, n);
    return v.kind == CEL_BOOL || is_trouble(&v) ? v : cel_error(r->c, "the condition of a macro is %.*s, not bool", SLICE_ARG(cel_type_name(&v)));
}

static bool spent(const cel_run *r) { return r->c->steps > CEL_MAX_STEPS; }

cel_value cel_macro_quantifier(cel_run *r, const cel_node *node) {
    bool decides = node->op == OP_EXISTS;
    cel_sequence s;
    cel_value out, kept = cel_null();
    if (!range_of(r, node, &s, &out)) return out;
    for (size_t i = 0; i < s.len && !spent(r); i++) {
        set_variables(r, node, &s, i);
        cel_value v = predicate(r, node);
        if (v.kind != CEL_BOOL) keep_trouble(&kept, &v);
        else if (v.boolean == decides) return v;
    }
    return kept.kind != CEL_NULL ? kept : cel_bool(!decides);
}

/* Errors are not absorbed: all are looked at. Two that hold decide, whatever is unknown of the others. */
cel_value cel_macro_exists_one(cel_run *r, const cel_node *node) {
    cel_sequence s;
    cel_value out, error = cel_null(), unknown = cel_null();
    size_t hits = 0;
    if (!range_of(r, node, &s, &out)) return out;
    for (size_t i = 0; i < s.len && !spent(r); i++) {
        set_variables(r, node, &s, i);
        cel_value v = predicate(r, node);
        if (is_trouble(&v)) keep_trouble(is_unknown(&v) ? &unknown : &error, &v);
        else hits += v.boolean;
    }
    if (error.kind != CEL_NULL) return unknown.kind != CEL_NULL ? unknown : error;
    if (hits > 1 || unknown.kind == CEL_NULL) return cel_bool(hits == 1);
    return unknown;
}

/* filter, map, transformList. An item that is unknown stays in the list; whether it is in at all must be known. */
cel_value cel_macro_list(cel_run *r, const cel_node *node) {
    cel_sequence s;
    cel_value out, kept = cel_null(), unknown = cel_null();
    uint32_t result = r->p->args[node->b + 1];
    VEC(cel_value) items = { 0 };
    if (!range_of(r, node, &s, &out)) return out;
    for (size_t i = 0; i < s.len && !spent(r); i++) {
        set_variables(r, node, &s, i);
        cel_value v = predicate(r, node);
        if (is_trouble(&v)) keep_trouble(&kept, &v);
        if (!is_true(&v)) continue;
        v = result == CEL_NONE ? r->slots[node->c] : cel_run_node(r, result);
        if (v.kind == CEL_ERROR) keep_trouble(&kept, &v);
        if (is_unknown(&v)) keep_trouble(&unknown, &v);
        if (kept.kind != CEL_NULL || !cel_spend(r->c, 8)) continue;
        VEC_PUSH(r->c->arena, &items, v);
    }
    if (kept.kind == CEL_ERROR && unknown.kind != CEL_NULL) return unknown;
    return kept.kind != CEL_NULL ? kept : cel_list(items.at, items.len);
}

/* The entries of a turn: key and value, or those of the map that the result is. */
typedef VEC(cel_value) pairs_of;

static cel_value add_pair(cel_run *r, pairs_of *pairs, cel_key_set *keys, cel_value key, cel_value value) {
    if (is_trouble(&key)) return key;
    if (!cel_is_key(&key)) return cel_error(r->c, "keys of maps are bool, int, uint or string");
    if (!cel_key_add(r->c, keys, &key)) return cel_error(r->c, "the same key comes twice in transformMapEntry()");
    if (!cel_spend(r->c, 16)) return cel_spent();
    VEC_PUSH(r->c->arena, pairs, key);
    VEC_PUSH(r->c->arena, pairs, value);
    return cel_null();
}

cel_value cel_macro_map(cel_run *r, const cel_node *node) {
    cel_sequence s, entry;
    cel_value out, kept = cel_null(), unknown = cel_null();
    cel_key_set keys = { .len = 0 };
    pairs_of pairs = { 0 };
    if (!range_of(r, node, &s, &out)) return out;
    for (size_t i = 0; i < s.len && !spent(r); i++) {
        set_variables(r, node, &s, i);
        cel_value v = predicate(r, node), problem = cel_null();
        if (is_trouble(&v)) keep_trouble(&kept, &v);
        if (!is_true(&v)) continue;
        v = cel_run_node(r, r->p->args[node->b + 1]);
        if (node->op == OP_TRANSFORM_MAP) {
            if (is_unknown(&v)) keep_trouble(&unknown, &v);
            problem = v.kind == CEL_ERROR ? v : add_pair(r, &pairs, &keys, r->slots[node->c], v);
        } else if (is_trouble(&v)) {
            problem = v;
        } else if (!cel_sequence_of(r->c, &v, &entry) || !entry.is_map) {
            problem = cel_error(r->c, "transformMapEntry() makes maps, not %.*s", SLICE_ARG(cel_type_name(&v)));
        } else {
            for (size_t k = 0; k < entry.len && problem.kind == CEL_NULL; k++) {
                cel_value item = cel_sequence_item(r->c, &entry, k);
                problem = item.kind == CEL_ERROR ? item : add_pair(r, &pairs, &keys, cel_sequence_key(r->c, &entry, k), item);
            }
        }
        if (problem.kind != CEL_NULL) keep_trouble(&kept, &problem);
    }
    if (kept.kind == CEL_ERROR && unknown.kind != CEL_NULL) return unknown;
    return kept.kind != CEL_NULL ? kept : cel_map(pairs.at, pairs.len / 2);
}
