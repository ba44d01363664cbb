/* What a caller's role allows, as the endpoint asks it. */
#ifndef SFLINT_SMOKE_AWS_PERMISSION_H
#define SFLINT_SMOKE_AWS_PERMISSION_H

#include "smoke/aws/call.h"

/* NO only when the templates say all and do not allow it. `target` NULL: an action that is on no resource of the templates ("*"). *arn is what is asked for. */
tri permission_of(smoke *s, arena *a, const node *caller, slice action, const resource *target, slice *arn);
tri permission_on_value(smoke *s, arena *a, const node *caller, slice action, const value *arn);
tri permission_on_arn(smoke *s, arena *a, const node *caller, slice action, slice arn);
/* "arn:aws:sts::123456789012:assumed-role/ROLE/FUNCTION" */
slice permission_identity(smoke *s, arena *a, const node *caller);

#endif
