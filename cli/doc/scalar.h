/* What a plain scalar is. Private to doc/. */
#ifndef SFLINT_DOC_SCALAR_H
#define SFLINT_DOC_SCALAR_H

#include "doc/doc.h"

/* Sets kind and value of a node from its text by YAML 1.1 as CloudFormation takes it (doc.h). */
void scalar_resolve(arena *a, doc_node *n);

/* A decimal number that is known to be well formed: DOC_INT when `whole` and it fits, else DOC_DOUBLE. */
void scalar_number(arena *a, doc_node *n, bool whole);

#endif
