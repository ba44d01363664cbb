/* Paths as text: where a folder ends, and how one place is called from another. */
#ifndef SFLINT_COMMAND_PATH_H
#define SFLINT_COMMAND_PATH_H

#include "base/arena.h"

/* The folder that a path lies in: ".", "/", "a/b". */
slice path_folder(slice path);

/* Absolute, links followed; the path itself when there is nothing. */
slice path_real(arena *a, slice path);

/* Absolute without "." and "..", links not followed. `here` is the current folder (path_real of "."). */
slice path_whole(arena *a, slice here, slice path);

/* An absolute path as it is called from an absolute folder: "t.yaml", "sub/t.yaml", "../t.yaml". */
slice path_called_from(arena *a, slice folder, slice path);

/* Is the absolute path the folder itself, or in it? */
bool path_is_in(slice folder, slice path);

#endif
