/* Other people's tables, read as they are: `conformance KIND PATH` runs one kind over one path.
 * A run prints its failing rows, then the line `N passed, N failed`, and returns 0 when none failed, else 1. */
#ifndef SFLINT_TESTS_CONFORMANCE_H
#define SFLINT_TESTS_CONFORMANCE_H

typedef struct {
    const char *name;
    int (*run)(const char *path);
} conformance_kind;

int conformance_json(const char *path);        /* a folder of y_*, n_* and i_* files */
int conformance_cel(const char *path);
int conformance_patterns(const char *path);
int conformance_schedules(const char *path);
int conformance_sns(const char *path);
int conformance_asl(const char *path);

#endif
