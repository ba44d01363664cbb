/* Reading files: whole, at once, never more than DOC_MAX_BYTES. */
#ifndef SFLINT_COMMAND_FILE_H
#define SFLINT_COMMAND_FILE_H

#include "template/template.h"

/* The text of a file in the arena. False with *why ("no such file", "a folder, not a file", "larger than 64 MB", ...) when it can't be
 * had. Pipes and devices are refused, but for those that the shell hands over (/dev/fd/N, /dev/stdin). `-` is standard input. */
bool file_read(arena *a, slice path, slice *text, slice *why);

/* The first `most` bytes of a regular file, or less. False when it can't be read. */
bool file_head(arena *a, slice path, size_t most, slice *text);

/* What is at a path. */
path_facts file_look(arena *a, slice path);

#endif
