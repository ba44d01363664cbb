/* Requests of handlers to an API or function URL of the templates, by its loopback URL (world_attribute: ApiEndpoint, FunctionUrl). */
#ifndef SFLINT_SMOKE_AWS_OWN_API_H
#define SFLINT_SMOKE_AWS_OWN_API_H

#include "smoke/flow/flow.h"

/* "/_api/NAME/STAGE/path", "/_api/NAME/path" (HTTP APIs with $default), "/_url/NAME/path". False: the path is none of these. */
bool own_api_request(smoke *s, firing *cause, http_request *r);

#endif
