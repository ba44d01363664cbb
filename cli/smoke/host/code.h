/* From a function's resource to how it runs here (runnable.h): where its code is, which program runs it, its environment.
 * Lambda developer guide, "Lambda runtimes", "Using Lambda environment variables", "Working with layers". */
#ifndef SFLINT_SMOKE_HOST_CODE_H
#define SFLINT_SMOKE_HOST_CODE_H

#include "smoke/host/runnable.h"
#include "smoke/host/sandbox.h"
#include "smoke/world.h"

/* What was found out about programs of this machine; one a run. Needs no end. */
typedef struct code_cache code_cache;
code_cache *code_cache_new(arena *a);

typedef struct {
    unsigned number;             /* of the function: its AWS_ACCESS_KEY_ID is SFLINT and this in 14 digits, its folder code-NUMBER */
    slice search;                /* PATH, where interpreters are looked for */
    slice env_file;              /* the text of --env-file: NAME=value lines; "" without */
    slice installed;             /* the folder that code_install made: runs instead of the code's own; "" without */
    code_cache *cache;
} code_options;

/* Never NULL: what can't run says so in `cannot`. Writes inline code and unpacked archives below sandbox_folder. The world must know its port. */
runnable *code_prepare(arena *a, world *w, sandbox *s, const node *function, code_options o);

/* --install: a copy of the function's code below `under` with the dependencies that its requirements.txt, package.json or Gemfile lists (pip install -r,
 * npm ci, bundle install), those of the requirements.txt of its Python layers, and what the runtime would bring and its files name (clients of
 * the SDK). Needs the network, so before sandbox_enter. "" when there is nothing to install, or with *why when that failed. */
slice code_install(arena *a, const node *function, slice search, slice under, slice *why);

/* Is a module that could not be loaded one of f->dependencies? By its first part: "a.b" is of a, "@s/p/x" of "@s/p", "p/x" of "p". What Lambda's own
 * runtimes bring (boto3, @aws-sdk) and what a layer that is not here could hold belongs to them. */
bool code_is_dependency(const runnable *f, slice module);
/* One line on such a module: what would make it be here. */
slice code_missing(arena *a, const runnable *f, slice module);

/* Text of a handler (a stack trace, a log) with /var/task as the folder that it is on this machine, seen from where the run started. */
slice code_told(arena *a, const runnable *f, slice text);

/* NAME=value lines: blank ones and those that begin with # are left out; `export ` before and quotes around are taken away. */
size_t code_env_lines(arena *a, slice text, slice **pairs);

#endif
