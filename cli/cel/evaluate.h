/* Inside cel/: one evaluation of one program. */
#ifndef SFLINT_CEL_EVALUATE_H
#define SFLINT_CEL_EVALUATE_H

#include "cel/values.h"

typedef struct {
    const cel_program *p;
    cel_context *c;
    cel_value slots[CEL_MAX_SLOTS];    /* variables of the macros being run; set before they are read */
} cel_run;

/* The value of a node; unknowns and errors are values. Recurses as deep as the expression is: CEL_MAX_DEPTH. */
cel_value cel_run_node(cel_run *r, uint32_t n);

/* macros.c, called through the table of ops */
cel_value cel_macro_quantifier(cel_run *r, const cel_node *node);
cel_value cel_macro_exists_one(cel_run *r, const cel_node *node);
cel_value cel_macro_list(cel_run *r, const cel_node *node);
cel_value cel_macro_map(cel_run *r, const cel_node *node);

#endif
