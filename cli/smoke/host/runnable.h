/* How a function of the templates is run here, or why it can't be. Made by host/code.c from the function's resource. */
#ifndef SFLINT_SMOKE_HOST_RUNNABLE_H
#define SFLINT_SMOKE_HOST_RUNNABLE_H

#include "base/slice.h"

typedef struct {
    slice id;                        /* of the node: "Place" */
    slice name, arn;
    slice runtime, handler;          /* as written */
    slice task_root;                 /* the code's folder on this machine, absolute; becomes /var/task */
    const slice *layers;             /* folders on this machine, absolute, in order; merged into /opt */
    size_t layers_len;
    const char *const *argv;         /* interpreter and boot script as seen inside the sandbox, NULL at the end */
    const slice *environment;        /* "NAME=value": all of it but what the executor adds (AWS_LAMBDA_RUNTIME_API) */
    size_t environment_len;
    const slice *visible;            /* further folders of this machine that must be seen inside, read-only: the interpreter's own */
    size_t visible_len;
    slice node_modules;              /* of a folder above the code (a workspace): seen at /var/node_modules, where Node looks after the code's own; "" */
    unsigned memory_mb, tmp_mb, timeout_s;
    slice cannot;                    /* one line: what keeps it from running and what would make it run; "" = it can run */
    bool broken;                     /* cannot is a fault of the project (no such handler file), not of this machine: failed, not skipped */
    slice note;                      /* "python3.12 is wanted, 3.11 runs"; "" */
    bool outside_dependencies;       /* the project lists dependencies (requirements.txt, package.json): a missing module among `dependencies` is a skip */
    const slice *dependencies;       /* their names */
    size_t dependencies_len;
} runnable;

#endif
