/* Where handlers run: user, network, mount and pid namespaces of their own (Linux), with what is left elsewhere. */
#ifndef SFLINT_SMOKE_HOST_SANDBOX_H
#define SFLINT_SMOKE_HOST_SANDBOX_H

#include "smoke/host/loop.h"
#include "smoke/host/runnable.h"

typedef struct sandbox sandbox;
typedef struct worker worker;

typedef enum { SANDBOX_AUTO, SANDBOX_REQUIRE, SANDBOX_OFF } sandbox_wish;

/* Puts this process into a user and network namespace of its own with nothing but loopback, and makes the folder for what is temporary.
 * Must be called while the process has one thread. NULL with *why when SANDBOX_REQUIRE can't be had. `lacks` ("" = nothing): one line that says what is
 * not there and so what handlers could do. */
sandbox *sandbox_enter(arena *a, sandbox_wish wish, slice *why);
slice sandbox_lacks(const sandbox *s);
/* A folder of the run for files made here (inline code, unpacked archives, boot scripts); removed by sandbox_end. */
slice sandbox_folder(const sandbox *s);
/* Kills what still runs and removes the folder. */
void sandbox_end(sandbox *s);

typedef enum { WORKER_RUNS, WORKER_EXITED, WORKER_SIGNALED, WORKER_OUT_OF_MEMORY, WORKER_TOO_MANY_PROCESSES, WORKER_TOO_MUCH_DISK } worker_state;

/* Starts the handler's process (`a` has to last until worker_kill): `extra` is added to the environment ("NAME=value"). Output is on worker_out (stdout and stderr together, non-blocking).
 * NULL with *why when it can't be started. */
worker *worker_start(sandbox *s, arena *a, const runnable *f, const slice *extra, size_t extra_len, slice *why);
int worker_out(const worker *w);
/* Looks at it without waiting: ended, past its memory, processes or disk (then it has been killed). *code: exit status or signal. */
worker_state worker_look(worker *w, int *code);
/* Kills the whole process tree. Its end takes the kernel some milliseconds; sandbox_end waits for it. Until this is called the processes and descriptors of a worker stay, also of one that ended. */
void worker_kill(worker *w);
/* Why the handler's program could not be started ("" = it was); known once worker_look says that it ended. */
slice worker_failure(const worker *w);

/* Lambda's own limit ("Lambda quotas": processes and threads 1,024). */
#define WORKER_PROCESSES_MOST 1024

#endif
