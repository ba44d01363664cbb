/* JSONata as Step Functions runs it: an expression over values, without side effects. Private to asl/, but it stands alone. */
#ifndef SFLINT_SMOKE_ASL_JSONATA_H
#define SFLINT_SMOKE_ASL_JSONATA_H

#include "smoke/asl/data.h"

#define JSONATA_TEXT_BYTES 65536u      /* of one expression */
#define JSONATA_NESTED     100u        /* parentheses, brackets and operators inside one another */
#define JSONATA_DEPTH      600u        /* evaluations inside one another: calls, blocks, operands */
#define JSONATA_STEPS      5000000u    /* of one evaluation */
#define JSONATA_MEMORY     (128u * 1024 * 1024)
#define JSONATA_STRING     4194304u    /* bytes of one text */
#define JSONATA_ITEMS      1000000u    /* items of one list */

typedef struct jsonata_program jsonata_program;

/* NULL with *error (JSONata's code first: "S0201: ...") when the text is none. */
const jsonata_program *jsonata_parse(arena *a, slice text, slice *error);

/* Evaluates with `$states` (from d) and the variables of d's scope; `focus` is what `$` is at the top, NULL in state machines.
 * *undefined: there is no value, and NULL is given; NULL without it: d has failed with States.QueryEvaluationError. */
const doc_node *jsonata_evaluate(const jsonata_program *p, asl_data *d, const doc_node *focus, bool *undefined);

/* ---- fields of a state that is written with JSONata ---- */

/* Is the text an expression: `{% ... %}` from the first to the last character? *inner is what stands between. */
bool jsonata_is(slice text, slice *inner);
/* A field's value with every expression in it evaluated; an undefined one is a failure. NULL: d has failed. */
const doc_node *jsonata_field(asl_data *d, const doc_node *value, const char *field);
/* Do all expressions in it read as such? */
bool jsonata_check(arena *a, const doc_node *value, slice *error);

#endif
