/* The time zone files of the system. */
#ifndef SFLINT_COMMAND_ZONES_H
#define SFLINT_COMMAND_ZONES_H

#include "service/timezone.h"

zone_reader command_zones(arena *a);

#endif
