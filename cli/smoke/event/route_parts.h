/* Private to event/route*.c. */
#ifndef SFLINT_SMOKE_EVENT_ROUTE_PARTS_H
#define SFLINT_SMOKE_EVENT_ROUTE_PARTS_H

#include "smoke/event/route.h"

/* A header of a request (its first value), a parameter of its query (decoded); "" when there is none. */
slice route_header(const happening_request *q, slice name);
slice route_query(arena *a, const happening_request *q, slice name);

/* Does a listener's rule take the request? Elastic Load Balancing, "Listener rules for your Application Load Balancer". */
bool balancer_takes(maker *m, arena *a, const edge *e, const happening_request *q);
/* Rules by their Priority, the listener's own actions last. */
long long balancer_priority(maker *m, const edge *e);

#endif
