/* Zip archives of code, unpacked into a folder. PKWARE APPNOTE 6.3: central directory, stored and deflated files. */
#ifndef SFLINT_SMOKE_HOST_ZIP_H
#define SFLINT_SMOKE_HOST_ZIP_H

#include "base/arena.h"

/* Lambda developer guide, "Lambda quotas": a deployment package unzipped, layers included. */
#define ZIP_MAX_BYTES (250ull * 1024 * 1024)
#define ZIP_MAX_FILES 100000u

/* Unpacks the archive at `path` into the folder `into`, which is there and empty. Nothing is written outside it: names that are absolute or hold "..",
 * and symbolic links that lead out, are refused. False with *why ("" is never given): what was written until then stays. */
bool zip_unpack(arena *a, slice path, slice into, slice *why);

#endif
