/* Between code*.c. */
#ifndef SFLINT_SMOKE_HOST_CODE_PARTS_H
#define SFLINT_SMOKE_HOST_CODE_PARTS_H

#include "service/local_code.h"
#include "smoke/host/code.h"

typedef VEC(slice) slices;

/* A program that runs a language. */
typedef struct {
    slice program;               /* absolute; "" when there is none */
    slice version;               /* "3.11", "20", "3.1", "17"; "" when not known */
    slice visible[4];            /* folders that it needs, but for /usr */
    size_t visible_len;
} interpreter;

struct code_cache {
    arena *arena;
    strmap interpreters;         /* runtime -> interpreter */
};

/* For a runtime ("python3.12"): the version that is wanted when PATH has it, else another. */
const interpreter *interpreter_of(code_cache *c, slice search, code_language language, slice runtime);
/* "3.12" of "python3.12", "20" of "nodejs20.x". */
slice runtime_version(slice runtime);

/* Runs a program of this machine and waits, at most `seconds`. The first `most` bytes of its stdout. False: no such program, a status that is not 0, too late.
 * `folder`: where, NULL = here. `errors`: stderr goes there too. */
bool program_ask(arena *a, const char *const *argv, const char *folder, unsigned seconds, size_t most, bool errors, slice *out);

/* Small files: false when it is not there or longer than `most`. */
bool file_text(arena *a, slice path, size_t most, slice *out);
bool text_file(arena *a, slice path, slice text);
/* Resolved and absolute; "" when it is not there. */
slice real_path(arena *a, slice path);

/* Everything of the environment but what the executor adds. */
typedef struct {
    const resource *function;
    const local_code *code;
    const interpreter *by;
    slice name, handler;
    unsigned memory_mb, number;
    slice env_file;
} environment_of;
size_t environment_make(arena *a, world *w, const environment_of *e, const slice **out);

/* The names of what the project lists beside its code, and of what Lambda's runtime brings. */
void dependencies_of(arena *a, const local_code *c, slice task_root, slices *out);

#endif
