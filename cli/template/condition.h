/* Conditions as expressions over what is free at deployment: parameters that are not given and pseudo parameters. */
#ifndef SFLINT_TEMPLATE_CONDITION_H
#define SFLINT_TEMPLATE_CONDITION_H

#include <stdint.h>

#include "template/template.h"

/* Something that is free at deployment. One object each, compared by address: a nested stack's parameter that is given by a Ref to a
 * parameter of its parent shares the parent's. */
typedef struct {
    slice name;
    const slice *allowed;        /* AllowedValues; closed: it takes no other */
    size_t allowed_len;
    bool closed;
} free_variable;

typedef enum { OPERAND_TEXT, OPERAND_FREE, OPERAND_OPAQUE } operand_kind;

typedef struct {
    operand_kind kind;
    slice text;
    const free_variable *variable;
} operand;

typedef enum { EXPR_CONSTANT, EXPR_EQUALS, EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_NAMED } expr_kind;

typedef struct condition_expr condition_expr;
struct condition_expr {
    expr_kind kind;
    tri constant;                            /* EXPR_CONSTANT */
    operand x, y;                            /* EXPR_EQUALS */
    const condition_expr **parts;            /* EXPR_AND, EXPR_OR, EXPR_NOT */
    size_t parts_len;
    const condition *named;                  /* EXPR_NAMED */
    uint64_t touches;                        /* of a condition's root: the variables below it, hashed to bits; 0: none known */
};

/* Sets c->fixed and the root's `touches` for conditions in any order; conditions in a circle stay UNKNOWN. Recursion is bounded. */
void conditions_settle(condition *const *conditions, size_t len);

/* Can all of the literals hold at once? True when it can't be said. */
bool condition_possible(const when_literal *literals, size_t len);

/* Do the literals rule out that the variable is this text? False when it can't be said. */
bool condition_excludes(const when_literal *literals, size_t len, const free_variable *v, slice text);

#endif
