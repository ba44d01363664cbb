/* What speaks the Runtime API for a language that has no client of its own in the project: small scripts that lie in /var/runtime. Their texts are
 * files of host/boot/, put into the program by embed.sh.
 * What they post: Python {"errorMessage", "errorType", "requestId", "stackTrace": [lines]}, Node {"errorType", "errorMessage", "trace": [lines]},
 * Ruby {"errorMessage", "errorType", "stackTrace": [lines]}, as AWS's own clients do. */
#ifndef SFLINT_SMOKE_HOST_BOOT_H
#define SFLINT_SMOKE_HOST_BOOT_H

#include "base/slice.h"

#define BOOT_PYTHON "/var/runtime/boot.py"
#define BOOT_NODE   "/var/runtime/boot.cjs"
#define BOOT_RUBY   "/var/runtime/boot.rb"

typedef struct {
    const char *name;
    bool runtime;              /* lies in /var/runtime; else it is put beside inline code (cfnresponse) */
    slice text;
} boot_file;

extern const boot_file boot_files[];
extern const size_t boot_files_len;

#endif
