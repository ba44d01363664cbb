/* A template that was found by itself and is a nested stack of another one of the run is read once: as part of the other, where its
 * parameters have values. */
#ifndef SFLINT_COMMAND_NESTED_H
#define SFLINT_COMMAND_NESTED_H

#include "template/template.h"

/* Marks those of `made` (entries may be NULL) that are nested in another; gives how many are not. Of templates that nest each other in a
 * circle one stays. */
size_t nested_find(arena *a, template *const *made, size_t count, bool *is_nested);

/* The path without "." and ".." where that can be said without looking at the disk. */
slice nested_plain_path(arena *a, slice path);

#endif
