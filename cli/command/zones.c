#include "command/zones.h"

#include <stdlib.h>

#include "command/file.h"

/* Where systems keep compiled zone files; the environment variable TZDIR comes first, as in the C library. */
static const char *const zone_folders[] = { "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo" };

static bool read_zone(void *self, slice name, slice *bytes) {
    arena *a = self;
    slice why;
    const char *given = getenv("TZDIR");
    if (given != NULL && given[0] != '\0' && file_read(a, arena_printf(a, "%s/%.*s", given, SLICE_ARG(name)), bytes, &why)) return true;
    for (size_t i = 0; i < COUNT(zone_folders); i++)
        if (file_read(a, arena_printf(a, "%s/%.*s", zone_folders[i], SLICE_ARG(name)), bytes, &why)) return true;
    return false;
}

zone_reader command_zones(arena *a) { return (zone_reader){ read_zone, a }; }
