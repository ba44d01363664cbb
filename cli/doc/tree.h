/* Building a tree: what the YAML and the JSON reader share. Private to doc/.
 *
 * Children of open lists and mappings wait on two stacks; closing one moves its children into an array of the right size. */
#ifndef SFLINT_DOC_TREE_H
#define SFLINT_DOC_TREE_H

#include "doc/doc.h"
#include "doc/text.h"

typedef struct {
    pos at;
    slice key;
    uint32_t first_line;
} doc_duplicate;

typedef struct {
    arena *arena;
    diags *diags;
    size_t nodes;
    VEC(const doc_node *) items;
    VEC(doc_entry) entries;
    VEC(doc_duplicate) duplicates;
    size_t more_duplicates;     /* past DOC_MAX_DUPLICATES */
} doc_tree;

/* A node of a kind at a place; NULL past DOC_MAX_NODES, after a line in the diags. */
doc_node *tree_node(doc_tree *b, doc_kind kind, pos at);

/* Counts an alias like a node: it takes a place in its list or mapping. False past DOC_MAX_NODES, after a line. */
bool tree_count(doc_tree *b, pos at);

/* Makes the items or entries since `first` the node's children and takes them off the stack. Of equal keys the first stays; equal keys
 * among the first `own` entries are duplicates and noted, the others (merged ones) give way in silence. */
void tree_list(doc_tree *b, doc_node *n, size_t first);
void tree_map(doc_tree *b, doc_node *n, size_t first, size_t own);

/* Says the duplicates noted, in order of the text. */
void tree_say_duplicates(doc_tree *b);

/* The end of reading: says the duplicates noted so far, then this. Gives false. */
bool tree_fail(doc_tree *b, pos at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* doc_node.from.order for a mapping, when it is large enough to want one. */
void tree_order(arena *a, doc_node *n);

#endif
