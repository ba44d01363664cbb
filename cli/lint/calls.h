/* Functions of the vocabulary (lint/vocabulary.def has their meaning). */
#ifndef SFLINT_LINT_CALLS_H
#define SFLINT_LINT_CALLS_H

#include "lint/bind.h"

#define FUNCTION(name, receiver, result, least, most, takes_unknown, call, doc) \
    cel_value call(cel_context *c, const cel_value *args, size_t count);
#include "lint/vocabulary.def"

cel_value call_triggers_of(cel_context *c, const node *n);

#endif
