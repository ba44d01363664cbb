/* Where a Map's items come from and how they are dealt out. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_ITEMS_H
#define SFLINT_SMOKE_ASL_ITEMS_H

#include "smoke/asl/execution.h"

/* The items: Items or ItemsPath, ItemReader; a list. NULL: d has failed. */
const doc_node *asl_items(asl_visit *v, asl_data *d, bool distributed);

/* Text of a file as a list of items: InputType CSV, JSON, JSONL. */
const doc_node *asl_items_read(asl_data *d, slice text, slice input_type, const doc_node *config);

/* ItemBatcher: the list of {"Items": [...], "BatchInput": ...}. NULL: d has failed. */
const doc_node *asl_batches(asl_visit *v, asl_data *d, const doc_node *batcher, const doc_node *items);

#endif
