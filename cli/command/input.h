/* Which files a run reads: operands of the command line, folders searched, standard input. */
#ifndef SFLINT_COMMAND_INPUT_H
#define SFLINT_COMMAND_INPUT_H

#include "base/diag.h"

#define INPUT_MAX_FILES 200000u
#define INPUT_MAX_DEPTH 64u      /* folders inside one another */

typedef struct {
    slice path;            /* as shown; "-" is standard input */
    uint32_t operand;      /* which operand it came from */
    size_t size;           /* bytes, 0 when not known */
    bool walked;           /* found in a folder: not known to be a template */
    bool refused;          /* it has its error line already, or is not to be read */
} input;

typedef struct {
    slice path;
    bool folder;
    bool met_before;       /* files of this folder were found through another operand */
} input_operand;

typedef struct {
    arena *arena;
    VEC(input) list;               /* index = pos.file */
    VEC(input_operand) operands;
    bool own_settings;             /* a folder below one that was named has a configuration file or a repository of its own */
} inputs;

/* Adds what an operand means; d gets a line for what does not exist. A file that is met twice is read once. In folders, only files that can
 * be templates by their name are taken; what .gitignore files name, and folders of built or foreign things, are left out. */
typedef struct input_finder input_finder;
input_finder *input_finder_new(arena *a, inputs *in, diags *d);
void input_add(input_finder *f, slice operand);

/* Has the file's name an ending? One without may be a program as well as a template. */
bool input_has_ending(slice path);

/* Does the text of a file found in a folder look like a template, so that a broken one must be reported? A cheap look, no parsing. */
bool input_looks_like_template(slice text);

#endif
