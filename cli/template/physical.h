/* Names and ARNs that are known before deployment: a resource whose name property is a literal has that name, and with the account and
 * region given its ARN is known too (AWS General Reference, "Amazon Resource Names"; the service authorization reference gives the
 * form of each resource type's ARN). */
#ifndef SFLINT_TEMPLATE_PHYSICAL_H
#define SFLINT_TEMPLATE_PHYSICAL_H

#include "template/template.h"

/* What Ref or GetAtt of the attribute gives, if that is known. */
bool physical_text(arena *a, const resource *r, slice attr, slice *out);

/* What an attribute ("Ref", "Arn") of a type is, and the forms behind it: for whoever gives names to what has none (smoke). */
typedef enum { PHYSICAL_NONE, PHYSICAL_NAME, PHYSICAL_ARN } physical_meaning;
physical_meaning physical_means(slice type, slice attr);
slice physical_property(slice type);                        /* "QueueName"; "" for a type that is not known */
/* "arn:aws:sqs:us-east-1:123456789012:Orders"; "" for a type that is not known, or when a part is "". */
slice physical_arn(arena *a, slice type, slice name, slice partition, slice region, slice account);

/* The partition (aws, aws-cn, aws-us-gov) and the DNS suffix of a region; "" for the region "". */
slice partition_of(slice region);
slice suffix_of(slice region);

#endif
