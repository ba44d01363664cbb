/* Choice rules. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_CHOICE_H
#define SFLINT_SMOKE_ASL_CHOICE_H

#include "smoke/asl/data.h"

/* Index of the first rule that is true, -1 when none is, -2 when d has failed. */
int asl_choose(asl_data *d, const doc_node *choices, bool jsonata_state);

/* Is it a rule the language knows? `top`: it has a Next. */
bool asl_rule_check(arena *a, const doc_node *rule, bool jsonata_state, bool top, slice *error);

#endif
