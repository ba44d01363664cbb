/* Attribute values of DynamoDB, as they are on the wire ({"S": "x"}): checked once when they come in and brought into one form, so that
 * what is stored can be read without a look. In that form numbers are plain decimals without needless zeros, sets are in order, and every
 * value is a map of one entry. Amazon DynamoDB API reference, AttributeValue; developer guide, "Constraints in Amazon DynamoDB". */
#ifndef SFLINT_SMOKE_AWS_DYNAMODB_VALUE_H
#define SFLINT_SMOKE_AWS_DYNAMODB_VALUE_H

#include "smoke/aws/dynamodb_number.h"
#include "smoke/json.h"

#define DYNAMO_MAX_NESTED 32             /* maps and lists inside one another */
#define DYNAMO_MAX_ITEM   (400u * 1024)  /* bytes of an item, names included */
#define DYNAMO_MAX_NAME   65535u         /* bytes of an attribute's name */

typedef enum {
    DYNAMO_S, DYNAMO_N, DYNAMO_B, DYNAMO_BOOL, DYNAMO_NULL, DYNAMO_M, DYNAMO_L, DYNAMO_SS, DYNAMO_NS, DYNAMO_BS, DYNAMO_TYPES
} dynamo_type;

/* Why an operation is refused. */
typedef struct {
    arena *arena;
    const char *code;            /* "ValidationException"; NULL: nothing is wrong */
    slice message;
    const doc_node *more;        /* further members of the error; NULL */
} dynamo_fault;
/* Fills the fault with a ValidationException, once; always false. */
bool dynamo_wrong(dynamo_fault *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks a value, or a map of them, and gives it in the one form; NULL with the fault when it is none. */
const doc_node *dynamo_value(arena *a, const doc_node *wire, dynamo_fault *f);
const doc_node *dynamo_item(arena *a, const doc_node *wire, dynamo_fault *f);

/* All below take values in the one form. */
dynamo_type dynamo_type_of(const doc_node *v);
const char *dynamo_type_name(dynamo_type t);                     /* "SS" */
bool dynamo_type_named(slice name, dynamo_type *out);
static inline const doc_node *dynamo_inner(const doc_node *v) { return v->map.at[0].value; }
const doc_node *dynamo_make(arena *a, dynamo_type t, const doc_node *inner);
/* Text of S, decimal of N, bytes of B. */
slice dynamo_bytes(arena *a, const doc_node *v);
dynamo_number dynamo_number_in(const doc_node *v);
const doc_node *dynamo_make_number(arena *a, const dynamo_number *n);

/* Bytes as the service counts them ("DynamoDB item sizes and formats"). */
size_t dynamo_size(const doc_node *v);
size_t dynamo_item_size(const doc_node *item);

/* Deep; `a` is for what is needed meanwhile. */
bool dynamo_same(arena *a, const doc_node *x, const doc_node *y);
bool dynamo_same_item(arena *a, const doc_node *x, const doc_node *y);
/* Of two S, two N or two B. */
int dynamo_order(arena *a, const doc_node *x, const doc_node *y);
/* Is the scalar a member of the set? */
bool dynamo_set_has(arena *a, const doc_node *set, const doc_node *member);
/* Union, or difference with `less`; NULL when nothing is left. Both of one type. */
const doc_node *dynamo_set_join(arena *a, const doc_node *x, const doc_node *y, bool less);

#endif
