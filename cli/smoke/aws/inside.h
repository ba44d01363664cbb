/* Calls of state machines: their parameters as a client would have written them. Step Functions developer guide, "Learning to use AWS SDK service
 * integrations" (members begin with a large letter), "Integrating optimized services" (JSON where the API takes text). */
#ifndef SFLINT_SMOKE_AWS_INSIDE_H
#define SFLINT_SMOKE_AWS_INSIDE_H

#include "smoke/aws/call.h"

const doc_node *inside_members(arena *a, const aws_service *s, const doc_node *in);
const doc_node *inside_answer(arena *a, const aws_service *s, const doc_node *out);

#endif
