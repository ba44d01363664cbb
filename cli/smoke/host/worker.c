/* The process of a function: started, looked at, killed. In the namespaces of its own where there are some (sandbox_linux.c), else with limits,
 * a process group and a clean environment. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "smoke/host/sandbox_parts.h"

extern char **environ;

#define CPU_MOST_S 3600            /* over all invocations of a process: it ends by its timeout long before */
#define LOOK_AGAIN_US 100000       /* for what is dear to look at, and what takes longer to go wrong */
#define FULL_MOST_US 1000000       /* how long /tmp may be full to the last byte: a handler that heeds the error has ended by then */
#define NAMESPACE_PROCESSES 4096   /* of all workers of a run together: each is counted by worker_look */

void limits_set(const runnable *f, bool namespaces) {
    rlim_t file = (rlim_t)f->tmp_mb * 1024 * 1024 + 1024 * 1024;
    struct { int what; rlim_t most; } limits[] = {
        { RLIMIT_CORE, 0 }, { RLIMIT_CPU, CPU_MOST_S }, { RLIMIT_FSIZE, file }, { RLIMIT_NOFILE, 1024 },
#ifdef RLIMIT_NPROC
        { RLIMIT_NPROC, namespaces ? NAMESPACE_PROCESSES : RLIM_INFINITY },
#endif
    };
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct rlimit old, want = { limits[i].most, limits[i].most };
        if (limits[i].most == RLIM_INFINITY || getrlimit(limits[i].what, &old) != 0) continue;
        if (old.rlim_max != RLIM_INFINITY && old.rlim_max < want.rlim_max) want.rlim_cur = want.rlim_max = old.rlim_max;
        setrlimit(limits[i].what, &want);
    }
    /* When the machine runs out of memory before worker_look sees it, this goes first. */
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write(fd, "1000", 4) < 0) errno = 0;
    if (fd >= 0) close(fd);
}

#ifndef __linux__
void close_all_but(int keep) {
    struct rlimit most;
    if (getrlimit(RLIMIT_NOFILE, &most) != 0 || most.rlim_cur > 65536) most.rlim_cur = 65536;
    for (int fd = 3; fd < (int)most.rlim_cur; fd++)
        if (fd != keep) close(fd);
}

slice namespaces_refused(arena *a, slice folder) {
    (void)a, (void)folder;
    return SLICE("this system has no namespaces");
}
bool namespaces_enter(void) { return false; }
bool layers_link(arena *a, const slice *layers, size_t len, const char *into) {
    (void)a, (void)layers, (void)len, (void)into;
    errno = ENOSYS;
    return false;
}
bool worker_measure(worker *w, int64_t now_us, uint64_t *memory_bytes, unsigned *processes) {
    (void)w, (void)now_us, (void)memory_bytes, (void)processes;
    return false;
}
void descendants_kill(pid_t of) { (void)of; }
void leftovers_kill(pid_t but) { (void)but; }
#endif

/* ---- what it is started with ---- */

typedef struct { slice inside, outside; } place;
typedef struct { place at[4]; size_t len; } places;

/* Without namespaces the places of Lambda are folders of this machine: where a path of a list (a:b:c) begins with one, it is exchanged. */
static slice translate(arena *a, const places *p, slice text) {
    buf b = { .arena = a };
    slice rest = text, part;
    bool first = true;
    while (slice_cut(&rest, ':', &part)) {
        if (!first) buf_char(&b, ':');
        first = false;
        for (size_t i = 0; i < p->len; i++) {
            slice from = p->at[i].inside;
            if (!slice_starts(part, from) || (part.len > from.len && part.at[from.len] != '/')) continue;
            buf_slice(&b, p->at[i].outside);
            part = slice_after(part, from.len);
            break;
        }
        buf_slice(&b, part);
    }
    return buf_as_slice(&b);
}

static char *translated(arena *a, const places *p, slice pair, bool variable) {
    size_t name = variable ? slice_find(pair, '=') + 1 : 0;
    if (p->len == 0 || name > pair.len) return (char *)arena_copy(a, pair).at;
    return (char *)arena_concat(a, (slice[]){ slice_from_to(pair, 0, name), translate(a, p, slice_after(pair, name)), SLICE("\0") }, 3).at;
}

static char **environment_of(arena *a, const runnable *f, const slice *extra, size_t extra_len, const places *p) {
    char **e = ARENA_ARRAY(a, char *, f->environment_len + extra_len + 5);
    size_t n = 0;
    for (size_t i = 0; i < f->environment_len; i++) e[n++] = translated(a, p, f->environment[i], true);
    for (size_t i = 0; i < extra_len; i++) e[n++] = translated(a, p, extra[i], true);
    for (size_t i = 0; i < p->len; i++) {
        if (slice_is(p->at[i].inside, "/tmp")) e[n++] = (char *)arena_printf(a, "TMPDIR=%.*s", SLICE_ARG(p->at[i].outside)).at;
        if (slice_is(p->at[i].inside, INSIDE_LAYERS)) e[n++] = (char *)arena_printf(a, "LAMBDA_LAYER_ROOT=%.*s", SLICE_ARG(p->at[i].outside)).at;   /* boot.py */
    }
    if (p->len > 0) e[n++] = (char *)arena_copy(a, SLICE("PYTHONDONTWRITEBYTECODE=1")).at;      /* the code is read-only by good will alone */
    return e;
}

static char **argv_of(arena *a, const runnable *f, const places *p) {
    size_t len = 0;
    while (f->argv[len] != NULL) len++;
    char **argv = ARENA_ARRAY(a, char *, len + 1);
    for (size_t i = 0; i < len; i++) {
        places none = { .len = 0 };
        bool own = false;          /* an interpreter in /opt is where it is */
        for (size_t k = 0; k < f->visible_len; k++) own |= slice_starts(slice_from(f->argv[i]), f->visible[k]);
        argv[i] = translated(a, own ? &none : p, slice_from(f->argv[i]), false);
    }
    return argv;
}

/* The folders that stand for /tmp and /opt. */
static bool places_make(sandbox *s, arena *a, const runnable *f, places *p, const char **step) {
    slice runtime = arena_printf(a, "%s/runtime", s->folder.at), tmp = arena_printf(a, "%s/tmp-%u", s->folder.at, s->started), layers;
    *step = "a folder for /tmp";
    if (mkdir(tmp.at, 0700) != 0) return false;
    *step = "merging the layers";
    if (f->layers_len == 1) layers = f->layers[0];
    else {
        layers = arena_printf(a, "%s/opt-%u", s->folder.at, s->started);
        if (mkdir(layers.at, 0755) != 0 || (f->layers_len > 0 && !layers_link(a, f->layers, f->layers_len, layers.at))) return false;
    }
    p->at[p->len++] = (place){ SLICE(INSIDE_TASK), f->task_root };
    p->at[p->len++] = (place){ SLICE(INSIDE_RUNTIME), runtime };
    p->at[p->len++] = (place){ SLICE(INSIDE_LAYERS), layers };
    p->at[p->len++] = (place){ SLICE("/tmp"), tmp };
    return true;
}

/* ---- starting ---- */

static _Noreturn void run_plain(const runnable *f, char **argv, char **environment, const char *task, int out, int channel) {
    worker_word w = { .kind = 'F' };
    sigset_t none;
    setsid();
    for (int sig = 1; sig < 32; sig++)
        if (sig != SIGKILL && sig != SIGSTOP) signal(sig, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0 && dup2(nothing, 0) >= 0 && dup2(out, 1) >= 0 && dup2(out, 2) >= 0) {
        close_all_but(channel);
        limits_set(f, false);
        if (chdir(task) == 0) {
            environ = environment;
            execvp(argv[0], argv);
        }
    }
    snprintf(w.text, sizeof w.text, "%s: %s", argv[0], strerror(errno));
    if (send(channel, &w, sizeof w, 0) < 0) _exit(126);
    _exit(125);
}

static void descriptor_set(int fd, bool nonblocking) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (nonblocking) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Datagrams, so that words stay whole; with an end, where the system has that. */
static bool channel_make(int ends[2]) {
#ifdef __linux__
    return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0;
#else
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0;
#endif
}

static void sweeper_tell(const sandbox *s, pid_t group) {
    if (s->sweeper >= 0 && write(s->sweeper, &group, sizeof group) < 0) errno = 0;
}

worker *worker_start(sandbox *s, arena *a, const runnable *f, const slice *extra, size_t extra_len, slice *why) {
    int out[2], channel[2];
    places p = { .len = 0 };
    const char *step = "";
    worker *w = ARENA_NEW(a, worker);
    *w = (worker){ .box = s, .arena = a, .pid = -1, .proc = -1, .tmp = -1, .memory = -1, .children = -1, .memory_mb = f->memory_mb, .tmp_mb = f->tmp_mb, .state = WORKER_RUNS };
    w->failure = SLICE("");
    *why = SLICE("");
    s->started++;
    workers_reap(s, false);
    if (f->argv == NULL || f->argv[0] == NULL) {
        *why = f->cannot.len > 0 ? f->cannot : SLICE("there is no program to run");
        return NULL;
    }
    if (!s->namespaces && !places_make(s, a, f, &p, &step)) {
        *why = arena_printf(a, "%s: %s", step, strerror(errno));
        return NULL;
    }
    char **argv = argv_of(a, f, &p), **environment = environment_of(a, f, extra, extra_len, &p);
    const char *task = arena_copy(a, f->task_root).at;
    if (pipe(out) != 0) {
        *why = arena_printf(a, "no pipe for its output: %s", strerror(errno));
        return NULL;
    }
    if (!channel_make(channel)) {
        *why = arena_printf(a, "no channel to it: %s", strerror(errno));
        close(out[0]);
        close(out[1]);
        return NULL;
    }
    descriptor_set(out[0], true);
    descriptor_set(out[1], false);
    descriptor_set(channel[0], true);
    descriptor_set(channel[1], false);
#ifdef __linux__
    w->pid = s->namespaces ? namespaces_fork() : fork();
    if (w->pid == 0 && s->namespaces) {
        close(channel[0]);
        namespace_init(s, f, argv, environment, out[1], channel[1]);
    }
#else
    w->pid = fork();
#endif
    if (w->pid == 0) run_plain(f, argv, environment, task, out[1], channel[1]);
    int failed = errno;
    close(out[1]);
    close(channel[1]);
    if (w->pid < 0) {
        *why = arena_printf(a, "no process can be started: %s", strerror(failed));
        close(out[0]);
        close(channel[0]);
        return NULL;
    }
    if (!s->namespaces) {
        setpgid(w->pid, w->pid);       /* the child's setsid does the same: whoever comes first */
        sweeper_tell(s, w->pid);
    }
    w->out = out[0];
    w->channel = channel[0];
    w->next = s->workers;
    s->workers = w;
    return w;
}

int worker_out(const worker *w) { return w->out; }
slice worker_failure(const worker *w) { return w->failure; }

/* ---- looking ---- */

static void ended_with(worker *w, int status) {
    if (w->state != WORKER_RUNS) return;
    w->state = WIFSIGNALED(status) ? WORKER_SIGNALED : WORKER_EXITED;
    w->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void descriptors_take(worker *w, struct msghdr *m) {
    const struct cmsghdr *c = CMSG_FIRSTHDR(m);
    int fds[2];
    if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS || c->cmsg_len < CMSG_LEN(sizeof fds)) return;
    memcpy(fds, CMSG_DATA(c), sizeof fds);
    descriptor_set(fds[0], false);
    descriptor_set(fds[1], false);
    w->proc = fds[0];
    w->tmp = fds[1];
}

static void words_read(worker *w) {
    for (;;) {
        worker_word word;
        union { struct cmsghdr head; char room[64]; } control;
        struct iovec part = { &word, sizeof word };
        struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
        ssize_t got = w->channel < 0 ? 0 : recvmsg(w->channel, &m, 0);
        w->init_gone |= got == 0;
        if (got != (ssize_t)sizeof word) return;
        word.text[sizeof word.text - 1] = '\0';
        if (word.kind == 'R' && w->proc < 0) descriptors_take(w, &m);
        if (word.kind == 'F') w->failure = arena_copy(w->arena, slice_from(word.text));
        if (word.kind == 'S') ended_with(w, word.status);
    }
}

static void reap(worker *w, int flags) {
    int status;
    pid_t got;
    if (w->pid < 0) return;
    do got = waitpid(w->pid, &status, flags);
    while (got < 0 && errno == EINTR);
    if (got == 0) return;
    words_read(w);
    ended_with(w, got < 0 ? 0 : status);
    if (!w->box->namespaces) {         /* what the group still holds goes with it */
        kill(-w->pid, SIGKILL);
        sweeper_tell(w->box, -w->pid);
    }
    w->pid = -1;
}

static void kill_all(worker *w) {
    if (w->pid < 0) return;
    if (!w->box->namespaces) {
        descendants_kill(w->pid);
        kill(-w->pid, SIGKILL);
    }
    kill(w->pid, SIGKILL);
}

/* A handler that heeds "no space left" has its own words for it; one that goes on writing is stopped. */
static bool disk_full(worker *w, int64_t now) {
    struct statvfs st;
    if (w->tmp < 0 || fstatvfs(w->tmp, &st) != 0 || (st.f_bfree > 0 && st.f_ffree > 0)) {
        w->full_us = 0;
        return false;
    }
    if (w->full_us == 0) w->full_us = now;
    return now - w->full_us >= FULL_MOST_US;
}

worker_state worker_look(worker *w, int *code) {
    uint64_t memory = 0;
    unsigned processes = 0;
    words_read(w);
    if (!w->box->namespaces || w->init_gone) reap(w, WNOHANG);
    int64_t now = sandbox_now_us();
    bool again = now - w->looked_us >= LOOK_AGAIN_US;
    if (w->state == WORKER_RUNS && (w->box->namespaces || again)) {
        if (again) w->looked_us = now;
        worker_state past = WORKER_RUNS;
        if (worker_measure(w, now, &memory, &processes)) {
            if (processes > WORKER_PROCESSES_MOST) past = WORKER_TOO_MANY_PROCESSES;
            else if (memory > (uint64_t)w->memory_mb * 1024 * 1024) past = WORKER_OUT_OF_MEMORY;
        }
        if (past == WORKER_RUNS && again && disk_full(w, now)) past = WORKER_TOO_MUCH_DISK;
        if (past != WORKER_RUNS) {
            w->state = past;
            w->code = SIGKILL;
            kill_all(w);
            reap(w, 0);
        }
    }
    *code = w->code;
    return w->state;
}

void worker_kill(worker *w) {
    sandbox *s = w->box;
    kill_all(w);
    if (w->state == WORKER_RUNS) {
        w->state = WORKER_SIGNALED;
        w->code = SIGKILL;
    }
    reap(w, s->namespaces ? WNOHANG : 0);
    int *fds[] = { &w->out, &w->channel, &w->proc, &w->tmp, &w->memory, &w->children };
    for (size_t i = 0; i < COUNT(fds); i++) {
        if (*fds[i] >= 0) close(*fds[i]);
        *fds[i] = -1;
    }
    for (worker **at = &s->workers; *at != NULL; at = &(*at)->next)
        if (*at == w) {
            *at = w->next;
            if (w->pid >= 0) VEC_PUSH(s->arena, &s->dying, w->pid);
            break;
        }
    w->pid = -1;
}

void workers_reap(sandbox *s, bool wait) {
    for (size_t i = s->dying.len; i-- > 0;) {
        pid_t got;
        do got = waitpid(s->dying.at[i], NULL, wait ? 0 : WNOHANG);
        while (got < 0 && errno == EINTR);
        if (got != 0) s->dying.at[i] = s->dying.at[--s->dying.len];
    }
}
