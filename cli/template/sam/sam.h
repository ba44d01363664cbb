/* AWS SAM: templates with the transform AWS::Serverless-2016-10-31, lowered to the CloudFormation that the SAM translator makes of them
 * (https://github.com/aws/serverless-application-model): same resources, logical ids and properties as far as the graph and the rules
 * can see. Every value stands at the SAM text it came from. What the translator refuses is a problem at that place, and the rest is read. */
#ifndef SFLINT_TEMPLATE_SAM_SAM_H
#define SFLINT_TEMPLATE_SAM_SAM_H

#include "template/template.h"

bool sam_detect(const doc_node *doc, slice path);
bool sam_read(template *t, diags *d);

#endif
