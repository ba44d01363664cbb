/* Inside cel/: what evaluator and functions need of values. */
#ifndef SFLINT_CEL_VALUES_H
#define SFLINT_CEL_VALUES_H

#include "base/strmap.h"
#include "cel/program.h"

cel_value cel_uint(uint64_t n);
cel_value cel_bytes(slice s);
cel_value cel_type_value(slice name);
cel_value cel_map(const cel_value *pairs, size_t len);

static inline bool is_unknown(const cel_value *v) { return v->kind == CEL_UNKNOWN; }
static inline bool is_trouble(const cel_value *v) { return v->kind == CEL_UNKNOWN || v->kind == CEL_ERROR; }
static inline bool is_true(const cel_value *v) { return v->kind == CEL_BOOL && v->boolean; }

/* Keeps what outranks: an unknown over an error, the first over a later one. `kept` starts as CEL_NULL. */
static inline void keep_trouble(cel_value *kept, const cel_value *v) {
    if (kept->kind == CEL_NULL || (kept->kind == CEL_ERROR && v->kind == CEL_UNKNOWN)) *kept = *v;
}

/* A set of kinds, for tables of overloads. Host lists and maps count as lists and maps; CEL_OBJECT is a record. */
#define BIT(kind) (1u << (kind))
unsigned cel_bit_of(const cel_value *v);

slice cel_type_name(const cel_value *v);    /* "int", "google.protobuf.Timestamp", "edge" */
bool cel_type_known(slice name);            /* may `name` be written as a value: int, list, google.protobuf.Duration */
slice cel_kind_name(cel_kind kind);

/* Steps are work: a node, a comparison, eight bytes of a new text. False past CEL_MAX_STEPS; then every evaluation is an error. */
static inline bool cel_spend(cel_context *c, size_t steps) {
    if (c->steps > CEL_MAX_STEPS || steps > CEL_MAX_STEPS - c->steps) {
        c->steps = CEL_MAX_STEPS + 1;
        return false;
    }
    c->steps += (uint32_t)steps;
    return true;
}
cel_value cel_spent(void);                  /* the error of it */

static inline bool cel_lenient(const cel_context *c) { return c->env != NULL && c->env->lenient_null; }

/* For messages: names from the input may be long. */
slice cel_brief(slice text);

/* YES, NO, or UNKNOWN with the unknown or error that decides in *trouble (which the caller sets to null). */
tri cel_same(cel_context *c, const cel_value *x, const cel_value *y, cel_value *trouble);

/* -1, 0, 1; 2: not in order (NaN); 3: kinds that have no order. */
int cel_order(const cel_value *x, const cel_value *y);

/* Lists and maps, CEL's own and the host's, read alike. */
typedef struct {
    cel_value of;
    size_t len;
    bool is_map;
} cel_sequence;
bool cel_sequence_of(cel_context *c, const cel_value *v, cel_sequence *out);
cel_value cel_sequence_item(cel_context *c, const cel_sequence *s, size_t i);    /* list item, map value */
cel_value cel_sequence_key(cel_context *c, const cel_sequence *s, size_t i);     /* index, map key */

/* Value of a key; false when there is none. */
bool cel_map_get(cel_context *c, const cel_value *map, const cel_value *key, cel_value *out);
bool cel_is_key(const cel_value *v);        /* bool, int, uint, string: what may be the key of a map */

/* The keys of a map that is being made: few are compared, many are hashed. {0} is empty. */
#define CEL_FEW_KEYS 16
typedef struct {
    cel_value few[CEL_FEW_KEYS];
    size_t len;
    strmap all;
} cel_key_set;
bool cel_key_add(cel_context *c, cel_key_set *set, const cel_value *key);    /* false: it was there */

#endif
