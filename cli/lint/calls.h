/* Functions of the vocabulary (lint/vocabulary.def has their meaning). */
#ifndef SFLINT_LINT_CALLS_H
#define SFLINT_LINT_CALLS_H

#include "lint/bind.h"

#define FUNCTION(name, receiver, result, least, most, takes_unknown, call, doc) \
    cel_value call(cel_context *c, const cel_value *args, size_t count);
#include "lint/vocabulary.def"

cel_value call_triggers_of(cel_context *c, const node *n);
cel_value call_users_of(cel_context *c, const resource *r);
cel_value call_implicit_groups(cel_context *c, const template *t);
/* Resources of a type of the same stack whose properties (as in users()) refer to `r`; *open: another one may. */
const resource *const *call_users_by_reference(cel_context *c, const resource *r, slice type, slice paths, size_t *len, bool *open);

#endif
