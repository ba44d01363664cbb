/* Which key of a document stands at a place. */
#ifndef SFLINT_LINT_DOC_PATH_H
#define SFLINT_LINT_DOC_PATH_H

#include "doc/doc.h"

typedef struct doc_paths doc_paths;
doc_paths *doc_paths_new(arena *a);

/* The path of keys that leads to a place: "Resources/Orders/Properties/VisibilityTimeout". An item of a list is named by what names it
 * ("Policies/[PolicyName=Read]"), and "[]" where nothing does, so that an item put before it changes nothing; only the arguments of functions
 * are told apart by their number. "" for a place outside every key. Linear in depth (and once in the size of large mappings). */
slice doc_path_of(doc_paths *p, const doc_node *doc, pos at);

#endif
