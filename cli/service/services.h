/* One prototype for every line of services.def, so that a service file is checked against the table. */
#ifndef SFLINT_SERVICE_SERVICES_H
#define SFLINT_SERVICE_SERVICES_H

#include "graph/build.h"

#define SERVICE(type, function) void function(builder *b, const resource *r);
#include "service/services.def"
#undef SERVICE

/* lambda.c: what becomes of events that an asynchronous trigger hands to a function that fails. */
void lambda_async_failures(builder *b);

/* Is services.def sorted by type, without repeats? (a unit test asks) */
bool services_sorted(void);

#endif
