/* OpenAPI documents as the body of an API: operations with x-amazon-apigateway-integration, authorizers in security schemes.
 * API Gateway developer guide, "OpenAPI extensions for API Gateway". */
#ifndef SFLINT_SERVICE_OPENAPI_H
#define SFLINT_SERVICE_OPENAPI_H

#include "service/integration.h"

#define OPENAPI_MAX_OPERATIONS 20000   /* of one body; what follows is not read */

/* `api` is the API's resource, `body` its Body, `stage` as in api_integration. A body that is not in the template (S3, an include) gives nothing. */
void openapi_edges(builder *b, const resource *api, slice protocol, const value *stage, const value *body);

#endif
