#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "conformance.h"

static const conformance_kind kinds[] = {
    { "json",      conformance_json      },
    { "cel",       conformance_cel       },
    { "patterns",  conformance_patterns  },
    { "schedules", conformance_schedules },
    { "sns",       conformance_sns       },
    { "asl",       conformance_asl       },
};

int main(int argc, char **argv) {
    if (argc == 3)
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (strcmp(argv[1], kinds[i].name) == 0) return kinds[i].run(argv[2]);
    fprintf(stderr, "usage: conformance KIND PATH\nkinds:");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) fprintf(stderr, " %s", kinds[i].name);
    fprintf(stderr, "\n");
    return 2;
}
