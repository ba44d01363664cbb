/* Tables of DynamoDB in memory: items by their keys, and by the keys of each index, in the order that queries give them. */
#ifndef SFLINT_SMOKE_AWS_DYNAMODB_TABLE_H
#define SFLINT_SMOKE_AWS_DYNAMODB_TABLE_H

#include "smoke/aws/call.h"
#include "smoke/aws/dynamodb_expression.h"
#include "smoke/aws/ordered.h"

/* What one run may put into its tables; past it writes are refused in plain words. */
#define DYNAMO_MAX_STORED (512u * 1024 * 1024)

typedef struct {
    slice name;                  /* "" = there is none */
    dynamo_type type;            /* S, N, B */
} dynamo_key_part;

typedef enum { PROJECT_ALL, PROJECT_KEYS, PROJECT_INCLUDE } dynamo_projected;

/* The table itself is an index too: its name is "". */
typedef struct {
    slice name;
    bool global;
    dynamo_key_part hash, range;
    dynamo_projected projected;
    VEC(slice) included;
    ordered items;               /* by place */
} dynamo_index;

typedef struct {
    const resource *resource;
    slice name, arn;
    dynamo_index primary;
    VEC(dynamo_index *) indexes;
    bool streams;
} dynamo_table;

typedef struct {
    arena *arena;                /* the run's */
    strmap tables;               /* by the resource's address */
    strmap tokens;               /* ClientRequestToken -> digest of the request */
    size_t stored;               /* bytes taken */
} dynamo_store;

dynamo_store *dynamo_store_of(endpoint *e, smoke *s);
/* The table of a resource, made at first use; NULL when its key cannot be known from the template. */
dynamo_table *dynamo_table_of(dynamo_store *st, smoke *s, const resource *r);
dynamo_index *dynamo_index_of(dynamo_table *t, slice name);      /* NULL: there is none */

/* Has the item what the table's key needs, and what its indexes' keys do not forbid? */
bool dynamo_check_item(const dynamo_table *t, const doc_node *item, dynamo_fault *f);
/* Has it the members of the key and nothing else? */
bool dynamo_check_key(const dynamo_table *t, const doc_node *key, dynamo_fault *f);
const doc_node *dynamo_key_of(arena *a, const dynamo_index *ix, const doc_node *item);       /* only the members of the key */

/* Bytes that lie as the keys do. Of an item that has the index's key (dynamo_in_index). */
bool dynamo_in_index(const dynamo_index *ix, const doc_node *item);
slice dynamo_place(arena *a, const dynamo_table *t, const dynamo_index *ix, const doc_node *item);
/* Pieces of it: of a partition, and of a value of the sort key. `open`: what begins with the value (S and B). */
slice dynamo_place_hash(arena *a, const doc_node *hash);
slice dynamo_place_range(arena *a, const doc_node *range, bool open);
/* The first place behind all that begin with the bytes. */
slice dynamo_place_behind(arena *a, slice place);
/* Where part `i` of `of` of all partitions begins. */
slice dynamo_place_segment(arena *a, uint32_t i, uint32_t of);

/* The next item at `from` or behind it (forward), or the last before it; NULL when there is none. *place is where it lies. */
const doc_node *dynamo_next(const dynamo_index *ix, slice from, bool forward, slice *place);
const doc_node *dynamo_get(const dynamo_table *t, slice place);
/* Puts, or with `item` NULL takes away, what lies at the place. The item is copied; gives the copy. NULL: past DYNAMO_MAX_STORED, nothing is changed. */
bool dynamo_set(dynamo_store *st, dynamo_table *t, slice place, const doc_node *item, const doc_node **stored);

#endif
