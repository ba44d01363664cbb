/* Private: OpenAPI bodies of APIs, as SAM changes them. Path items and methods may be a Fn::If; what is done is done in its branches.
 * API Gateway developer guide, "x-amazon-apigateway extensions to OpenAPI". */
#ifndef SFLINT_TEMPLATE_SAM_BODY_H
#define SFLINT_TEMPLATE_SAM_BODY_H

#include "template/sam/lower.h"

#define BODY_INTEGRATION "x-amazon-apigateway-integration"
#define BODY_ANY         "x-amazon-apigateway-any-method"

/* Where a method stands in the text: the values of Path and Method, or the event's key. */
typedef struct {
    slice path, method;          /* method as the key in the body: lower case, BODY_ANY */
    pos path_at, path_end, method_at, method_end;
} body_place;

/* "any" and "ANY" are x-amazon-apigateway-any-method. */
slice body_method(sam *s, slice method);
slice body_lower(sam *s, slice text);
draft *body_skeleton(sam *s, bool rest);
/* Swagger 2 or OpenAPI 3 with paths that are a map? */
bool body_valid(sam *s, draft *body, bool rest);
/* The same, and every path item a map; says what is wrong. */
bool body_check(sam *s, const sam_api *api);
draft *body_paths(sam *s, const sam_api *api);
/* The version that `openapi` or `swagger` gives; "" for none. Is it 3.x? */
slice body_version(sam *s, draft *body, const char *key);
bool body_is_3(slice version);

/* What stands in a place: itself, or the branches of its Fn::If but for AWS::NoValue. At most two. */
size_t body_branches(sam *s, draft *item, draft *out[2]);
void body_add_path(sam *s, const sam_api *api, const body_place *p);
bool body_has_integration(sam *s, const sam_api *api, const body_place *p);
/* Puts the integration (and responses) at the place; under the condition when there is one. */
void body_integrate(sam *s, const sam_api *api, const body_place *p, draft *integration, slice on);
/* The condition around a whole path. */
void body_path_condition(sam *s, const sam_api *api, slice path, slice on);

/* Calls `each` for every method with an integration (of one path and method, or of all when p is NULL). */
typedef void body_each(sam *s, const sam_api *api, slice method, draft *definition, void *self);
void body_methods(sam *s, const sam_api *api, const body_place *p, body_each *each, void *self);
/* Adds {name: scopes} to a method's security; false when its security is no list (refused). */
bool body_secure(sam *s, draft *definition, slice name, draft *scopes);


/* ---- api_event.c ---- */
void sam_scheme(sam *s, const sam_api *api, slice name, draft *scheme);
/* {type: apiKey, in: header, ...} */
draft *sam_api_key_scheme(sam *s, const char *header, const char *authtype);

/* ---- apis.c ---- */
/* Where Path and Method of an Api or HttpApi event stand; false when they are not usable (refused). */
bool sam_route(sam *s, const doc_node *props, bool rest, body_place *p);
/* The API that an event names. NULL: none of SAM's in the template; why is said where `say` is set. */
sam_api *sam_event_api_of(sam *s, const doc_node *props, bool rest, bool say);

#endif
