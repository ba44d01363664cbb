/* --format and --output: in which formats a run's findings are written, and where to. */
#ifndef SFLINT_COMMAND_FORMATS_H
#define SFLINT_COMMAND_FORMATS_H

#include "command/command.h"
#include "report/report.h"

typedef struct {
    slice format;
    const char *file;          /* NULL: standard output */
} destination;

typedef VEC(destination) destinations;

/* Understands the options. False after a line about what is wrong. */
bool formats_take(const invocation *in, destinations *all);

/* Does one of them say which finding is which? */
bool formats_need_fingerprints(const destinations *all);

/* Writes the report everywhere. False when something could not be written; said already. */
bool formats_write(const invocation *in, const destinations *all, const report *r);

#endif
