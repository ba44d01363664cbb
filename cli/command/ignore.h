/* .gitignore files, as gitignore(5) has them: `!` takes back, a slash before the end anchors, a slash at the end means folders only, `*` and
 * `?` stop at slashes, `**` does not, the last pattern that matches decides, and the file nearest to the path comes first. */
#ifndef SFLINT_COMMAND_IGNORE_H
#define SFLINT_COMMAND_IGNORE_H

#include "base/arena.h"

typedef struct ignore ignore;

#define IGNORE_MAX_PATTERN 1024   /* bytes; a longer line of a .gitignore is passed over */

/* The patterns of one file, on top of those of the folders above it (`above` may be NULL).
 * folder  the folder it lies in, without a slash at the end; the patterns are relative to it
 * text    borrowed */
const ignore *ignore_new(arena *a, const ignore *above, slice folder, slice text);

/* `path` lies in the folder of `ig` or below (it begins with the folder's name). */
bool ignore_matches(const ignore *ig, slice path, bool is_folder);

/* One pattern against one relative path; for tests. */
bool ignore_glob(slice pattern, slice path);

#endif
