/* DynamoDB's expressions: conditions, filters, key conditions, updates, projections. Developer guide, "Using expressions in DynamoDB".
 * Texts are hostile: all is bounded by EXPRESSION_*, and what is wrong is told in the service's words. */
#ifndef SFLINT_SMOKE_AWS_DYNAMODB_EXPRESSION_H
#define SFLINT_SMOKE_AWS_DYNAMODB_EXPRESSION_H

#include "base/strmap.h"
#include "smoke/aws/dynamodb_value.h"

/* Developer guide, "Quotas": length and operators of an expression, operands of IN. Depth and steps are the depth of items. */
#define EXPRESSION_MAX_BYTES     4096
#define EXPRESSION_MAX_OPERATORS 300u
#define EXPRESSION_MAX_IN        100u
#define EXPRESSION_MAX_DEPTH     100u    /* parentheses, NOTs and functions inside one another */
#define EXPRESSION_MAX_STEPS     64u     /* of a path */
#define EXPRESSION_MAX_INDEX     1000000 /* more elements no item has */

/* ---- placeholders of one request ---- */
typedef struct {
    arena *arena;
    strmap names, values;        /* "#n" -> placeholder, ":v" -> placeholder */
} dynamo_names;
/* Reads ExpressionAttributeNames and ExpressionAttributeValues; `any` says whether the request has an expression that may use them. */
bool dynamo_names_read(dynamo_names *n, arena *a, const doc_node *request, bool any, dynamo_fault *f);
/* After the last expression was read: every placeholder must have been used. */
bool dynamo_names_all_used(const dynamo_names *n, dynamo_fault *f);

/* ---- what is read ---- */
typedef struct {
    slice name;                  /* of a map's entry; "" with is_index */
    bool is_index;
    uint32_t index;
} dynamo_step;
typedef struct {
    dynamo_step *at;
    size_t len;
} dynamo_path;

typedef enum { OPERAND_PATH, OPERAND_VALUE, OPERAND_SIZE, OPERAND_IF_NOT_EXISTS, OPERAND_LIST_APPEND, OPERAND_PLUS, OPERAND_MINUS } dynamo_operand_kind;
typedef struct dynamo_operand dynamo_operand;
struct dynamo_operand {
    dynamo_operand_kind kind;
    dynamo_path path;            /* PATH, SIZE, IF_NOT_EXISTS */
    const doc_node *value;       /* VALUE */
    const dynamo_operand *left, *right;   /* LIST_APPEND, PLUS, MINUS; right of IF_NOT_EXISTS */
};

typedef enum {
    CONDITION_EQ, CONDITION_NE, CONDITION_LT, CONDITION_LE, CONDITION_GT, CONDITION_GE, CONDITION_BETWEEN, CONDITION_IN,
    CONDITION_EXISTS, CONDITION_NOT_EXISTS, CONDITION_TYPE, CONDITION_BEGINS, CONDITION_CONTAINS, CONDITION_AND, CONDITION_OR, CONDITION_NOT
} dynamo_condition_kind;
typedef struct dynamo_condition dynamo_condition;
struct dynamo_condition {
    dynamo_condition_kind kind;
    const dynamo_operand **operands;
    size_t len;
    const dynamo_condition *left, *right; /* AND, OR; left of NOT */
};

typedef enum { UPDATE_SET, UPDATE_REMOVE, UPDATE_ADD, UPDATE_DELETE } dynamo_action_kind;
typedef struct {
    dynamo_action_kind kind;
    dynamo_path path;
    const dynamo_operand *value; /* NULL for REMOVE */
} dynamo_action;

/* Paths that do not overlap, joined where they begin alike: with them an item is walked once, however many there are. */
typedef struct dynamo_branch dynamo_branch;
struct dynamo_branch {
    dynamo_step step;
    dynamo_branch *child, *next;
    bool ends;                   /* a path ends here */
    const dynamo_action *action; /* which; NULL in projections */
};
typedef struct {
    VEC(dynamo_action) actions;
    dynamo_branch *paths;        /* children of a root */
} dynamo_update;
typedef struct {
    VEC(dynamo_path) list;
    dynamo_branch *paths;
} dynamo_projection;

/* `what` is the member's name: "ConditionExpression", "FilterExpression", "KeyConditionExpression". NULL or false with the fault. */
const dynamo_condition *dynamo_read_condition(dynamo_names *n, slice text, const char *what, dynamo_fault *f);
bool dynamo_read_update(dynamo_names *n, slice text, dynamo_update *out, dynamo_fault *f);
bool dynamo_read_projection(dynamo_names *n, slice text, dynamo_projection *out, dynamo_fault *f);
bool dynamo_word_reserved(slice name);
size_t dynamo_words(const char *const **out);       /* all of them, for tests */

/* Puts a path among the others; false with the fault when it overlaps one of them. */
bool dynamo_branch_add(arena *a, dynamo_branch **root, const dynamo_path *p, const dynamo_action *action, const char *what, dynamo_fault *f);
/* "[a, b, [0]]" as the service writes paths in messages. */
slice dynamo_path_text(arena *a, const dynamo_path *p);

/* ---- what is done with it ---- */
/* The value at the path; NULL where there is none. */
const doc_node *dynamo_at(const doc_node *item, const dynamo_path *p);
/* `item` may be the empty map: there is none. */
bool dynamo_holds(arena *a, const dynamo_condition *c, const doc_node *item);
/* The item after the update; NULL with the fault. Every right side sees the old item. */
const doc_node *dynamo_apply(arena *a, const dynamo_update *u, const doc_node *item, dynamo_fault *f);
/* Only what lies at the paths. */
const doc_node *dynamo_project(arena *a, const dynamo_branch *paths, const doc_node *item);

#endif
