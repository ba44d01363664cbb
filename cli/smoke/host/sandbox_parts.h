/* What sandbox*.c and worker*.c share. */
#ifndef SFLINT_SMOKE_HOST_SANDBOX_PARTS_H
#define SFLINT_SMOKE_HOST_SANDBOX_PARTS_H

#include "base/buf.h"
#include "base/strmap.h"
#include "smoke/host/sandbox.h"

/* Inside a sandbox. Lambda developer guide, "Lambda execution environment": user, places. */
#define INSIDE_TASK    "/var/task"
#define INSIDE_LAYERS  "/opt"
#define INSIDE_RUNTIME "/var/runtime"
#define INSIDE_UID 993
#define INSIDE_GID 990

struct sandbox {
    arena *arena;
    slice folder;              /* NUL-terminated */
    slice lacks;
    bool namespaces;           /* user, network, mount, pid namespaces; else what is left */
    int sweeper;               /* pipe to the process that cleans up when this one is gone */
    pid_t sweeper_pid;
    worker *workers;
    VEC(pid_t) dying;          /* killed, their namespaces not at an end yet. (A worker's arena may be gone once it was killed.) */
    unsigned started;
};

struct worker {
    sandbox *box;
    arena *arena;
    worker *next;
    pid_t pid;                 /* of the namespace's init, or of the handler; -1 once waited for */
    int out, channel;          /* channel: what the init tells; -1 */
    int proc, tmp;             /* descriptors of its /proc and /tmp; -1 */
    int memory, children;      /* descriptors of the handler's own statm and children; -1 */
    unsigned memory_mb, tmp_mb;
    worker_state state;
    bool init_gone;            /* the other end of its channel is closed */
    int code;
    slice failure;
    int64_t looked_us, full_us;
    int64_t measured_us;       /* when all of its processes were last looked at */
};

/* What the init of a namespace says on its channel; 'R' carries the two descriptors. */
typedef struct { char kind; int32_t status; char text[200]; } worker_word;   /* 'R' ready, 'F' failed: text, 'S' ended: status as of waitpid */

int64_t sandbox_now_us(void);

/* ---- Linux ---- */

/* Tries everything in a process of its own. "" = namespaces can be had; else which step was refused and why. */
slice namespaces_refused(arena *a, slice folder);
/* User and network namespace for this process; false: errno tells. */
bool namespaces_enter(void);
/* The init of a worker: in its own pid namespace. Never returns. */
_Noreturn void namespace_init(const sandbox *s, const runnable *f, char *const *argv, char *const *environment, int out, int channel);
/* A process in its own mount, pid, ipc and uts namespaces, like fork(). */
pid_t namespaces_fork(void);
/* Builds the root folder and moves into it. False: *step says what failed, errno why. */
bool root_build(slice folder, const runnable *f, const char **step);
/* Layers as one folder of links below `into`, for where no overlay can be had. */
bool layers_link(arena *a, const slice *layers, size_t len, const char *into);

/* ---- limits, both ways ---- */

/* Sees that nothing but stdin, stdout, stderr and `keep` (-1: none) is open. */
void close_all_but(int keep);
void limits_set(const runnable *f, bool namespaces);
/* Waits for what was killed. */
void workers_reap(sandbox *s, bool wait);
/* Memory and processes of a worker now; false when they can't be known, or need not be: it was looked at just before and has not grown much. */
bool worker_measure(worker *w, int64_t now_us, uint64_t *memory_bytes, unsigned *processes);
/* Without namespaces: kills what descends from the worker. */
void descendants_kill(pid_t of);
void leftovers_kill(pid_t but);

#endif
