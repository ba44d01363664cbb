/* What the graph knows about resource types beside the catalog: ARNs and names, and which resources are only a face of another one. */
#ifndef SFLINT_GRAPH_TYPES_H
#define SFLINT_GRAPH_TYPES_H

#include "template/template.h"

typedef struct {
    slice type, service, prefix, ends, name, arns;
} arn_type;

const arn_type *arn_type_of(slice type);                     /* NULL: ARNs of the type are not known */
/* The row whose prefix begins `rest`, the longest one; `type` is preferred among rows that are alike ("" = any). *prefix: where the name
 * begins in `rest`. */
const arn_type *arn_type_at(slice service, slice rest, slice type, size_t *prefix);
bool arn_type_gives_arn(const arn_type *t, slice attr);      /* does the attribute (or "Ref") give the ARN? */

/* Folding: an alias or version is its function, a stage its API (DESIGN section 3). The property that names the main resource,
 * or "" for a resource that stands for itself; *main is the type that a plain name there means. */
slice fold_property(slice type, slice *main);

/* Is a resource of this type a node? */
bool type_is_node(slice type, const catalog_row *row);

#endif
