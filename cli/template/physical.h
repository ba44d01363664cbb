/* Names and ARNs that are known before deployment: a resource whose name property is a literal has that name, and with the account and
 * region given its ARN is known too (AWS General Reference, "Amazon Resource Names"; the service authorization reference gives the
 * form of each resource type's ARN). */
#ifndef SFLINT_TEMPLATE_PHYSICAL_H
#define SFLINT_TEMPLATE_PHYSICAL_H

#include "template/template.h"

/* What Ref or GetAtt of the attribute gives, if that is known. */
bool physical_text(arena *a, const resource *r, slice attr, slice *out);

/* The partition (aws, aws-cn, aws-us-gov) and the DNS suffix of a region; "" for the region "". */
slice partition_of(slice region);
slice suffix_of(slice region);

#endif
