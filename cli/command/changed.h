/* --changed[=REF]: of the inputs, only templates that git says are changed, and those that read a changed file. */
#ifndef SFLINT_COMMAND_CHANGED_H
#define SFLINT_COMMAND_CHANGED_H

#include "command/run.h"

/* Leaves out the inputs that are not changed; *left are those that stay. Without the option nothing happens. False after a line about what git
 * says: no repository, no such commit, no git. */
bool changed_take(run *r, size_t *left);

/* "since HEAD", "since main": for a line about what was looked at. */
slice changed_since(const run *r);

/* The paths of NUL-separated output, each made whole under `top`; for tests. */
void changed_paths(arena *a, slice names, slice top, strmap *paths);

#endif
