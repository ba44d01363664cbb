/* What IAM policies and resource policies of the templates allow, three-valued: NO only when every policy that counts is in the templates.
 * IAM user guide, "Policy evaluation logic". */
#ifndef SFLINT_GRAPH_IAM_H
#define SFLINT_GRAPH_IAM_H

#include "graph/graph.h"

/* May the role do `action` ("sqs:SendMessage") on the node? `role` is an AWS::IAM::Role of the templates. A write to a bucket is allowed
 * when some key may be written. UNKNOWN with a policy outside the templates, or a condition. */
tri iam_allows(const graph *g, arena *a, const resource *role, slice action, const node *target);
/* The same, on an ARN as a property has it. */
tri iam_allows_arn(const graph *g, arena *a, const resource *role, slice action, const value *target);
/* Does the role's trust policy let the service ("lambda.amazonaws.com") act as it? */
tri iam_trusts(const graph *g, arena *a, const resource *role, slice principal);
/* Does a resource policy of the node (queue, topic, bucket, bus, key, log group, function) let the principal do the action?
 * `source_arn`: what aws:SourceArn will be; NULL = not known. Without any policy: NO. */
tri iam_accepts(const graph *g, arena *a, const node *n, slice principal, slice action, const value *source_arn);
/* The same for a resource that is no node of its own. */
tri iam_accepts_resource(const graph *g, arena *a, const resource *r, slice principal, slice action, const value *source_arn);

#endif
