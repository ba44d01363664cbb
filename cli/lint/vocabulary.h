/* What rules may say: CEL environments made of lint/vocabulary.def and graph/facts.def. */
#ifndef SFLINT_LINT_VOCABULARY_H
#define SFLINT_LINT_VOCABULARY_H

#include "lint/rule.h"

#define VOCABULARY_MAX_VARIABLES 16

/* For compiling (vocabulary_names.c; needs no graph): functions without their C. The variables depend on what the rule looks at. */
cel_environment vocabulary_names(looks l, cel_field variables[VOCABULARY_MAX_VARIABLES]);

/* Conditions of the catalog: `resource` is the Properties object. */
cel_environment vocabulary_catalog_names(void);

/* For evaluating (vocabulary.c): the same names in the same order, with their C. */
cel_environment vocabulary_environment(looks l, cel_field variables[VOCABULARY_MAX_VARIABLES]);
cel_environment vocabulary_catalog_environment(void);

/* A function's name -> its C, in the table's order (vocabulary.c; used by vocabulary_environment). */
typedef cel_value (*vocabulary_call)(cel_context *c, const cel_value *args, size_t count);

#endif
