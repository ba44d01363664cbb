/* Private: domain names of APIs, and what REST and HTTP APIs have in common. */
#ifndef SFLINT_TEMPLATE_SAM_DOMAIN_H
#define SFLINT_TEMPLATE_SAM_DOMAIN_H

#include "template/sam/body.h"

/* AWS::ApiGateway::DomainName (or ...V2 of a private one), its mappings, and the records of Route 53. */
void sam_rest_domain(sam *s, slice stage);
/* AWS::ApiGatewayV2::DomainName of HTTP and WebSocket APIs. */
void sam_v2_domain(sam *s, slice stage);

/* Body or BodyS3Location. */
void sam_s3_body(sam *s, draft *made, const sam_api *api);
draft *sam_authorizer_uri(sam *s, const doc_node *function_arn);
void sam_authorizer_permission(sam *s, slice id, const doc_node *function_arn);
slice sam_stage_id(sam *s, const doc_node *name);

#endif
