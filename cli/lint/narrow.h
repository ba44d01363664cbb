/* What a rule's `where` surely asks of the thing it looks at, told from its program: `edge.service == "sqs"`, `node.type in [...]`,
 * `!node.external` as one of the conditions that && joins. In CEL one false condition makes the whole false, whatever the others are, so a
 * thing that fails one of these needs no evaluation. */
#ifndef SFLINT_LINT_NARROW_H
#define SFLINT_LINT_NARROW_H

#include "lint/judge.h"

typedef struct narrow narrow;

/* NULL: `where` asks nothing of the kind. */
const narrow *narrow_make(arena *a, rule_ref ref);

/* False: `where` is false for it. */
bool narrow_may(const narrow *n, const lint_item *item);

#endif
