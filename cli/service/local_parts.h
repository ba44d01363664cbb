/* Between local_code.c and local_handler.c. */
#ifndef SFLINT_SERVICE_LOCAL_PARTS_H
#define SFLINT_SERVICE_LOCAL_PARTS_H

#include "service/local_code.h"

path_facts local_look(arena *a, const template *t, slice path);
bool local_can_look(const template *t);
slice local_joined(arena *a, slice folder, slice inside);
/* What `sam build` makes something else of than a copy with its dependencies, and has not: there is nothing to run yet. */
bool local_needs_building(const local_code *c);

#endif
