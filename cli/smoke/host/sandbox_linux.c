/* Namespaces, the init of a worker, and what is known of processes. Linux. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "smoke/host/sandbox_parts.h"

#ifdef __linux__
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define MEASURE_ALL_US 100000      /* a process that grows takes longer to do harm; forks are bounded by the namespace */

/* ---- user and network ---- */

static bool text_put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool put = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return put;
}

static bool loopback_up(void) {
    struct ifreq lo = { 0 };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    memcpy(lo.ifr_name, "lo", 3);
    bool up = ioctl(fd, SIOCGIFFLAGS, &lo) == 0;
    lo.ifr_flags = (short)(lo.ifr_flags | IFF_UP | IFF_RUNNING);
    up = up && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
    close(fd);
    return up;
}

/* Anyone may map the own user and group. */
static bool ids_map_own(unsigned uid, unsigned gid) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%d %u 1\n", INSIDE_UID, uid);
    snprintf(groups, sizeof groups, "%d %u 1\n", INSIDE_GID, gid);
    bool denied = text_put("/proc/self/setgroups", "deny");
    return (denied || errno == ENOENT) && text_put("/proc/self/uid_map", users) && text_put("/proc/self/gid_map", groups);
}

/* Root keeps its way to everybody's files only when everybody is mapped: itself to Lambda's user, that one to 0, the others to themselves. The map has to
 * be written from outside; how many there are outside is tried. */
static bool ids_map_all(pid_t of) {
    static const unsigned counts[] = { 4294967295u, 65536u };
    char users[160], groups[160], user_map[64], group_map[64];
    snprintf(user_map, sizeof user_map, "/proc/%d/uid_map", (int)of);
    snprintf(group_map, sizeof group_map, "/proc/%d/gid_map", (int)of);
    for (size_t i = 0; i < COUNT(counts); i++) {
        snprintf(users, sizeof users, "0 %d 1\n1 1 %d\n%d 0 1\n%d %d %u\n", INSIDE_UID, INSIDE_UID - 1, INSIDE_UID, INSIDE_UID + 1, INSIDE_UID + 1,
                 counts[i] - INSIDE_UID - 1);
        snprintf(groups, sizeof groups, "0 %d 1\n1 1 %d\n%d 0 1\n%d %d %u\n", INSIDE_GID, INSIDE_GID - 1, INSIDE_GID, INSIDE_GID + 1, INSIDE_GID + 1,
                 counts[i] - INSIDE_GID - 1);
        if (text_put(user_map, users)) return text_put(group_map, groups);
    }
    return false;
}

/* A process that stays outside and writes the map once it is told to. */
static pid_t mapper_start(int *tell) {
    int ends[2];
    char go;
    pid_t parent = getpid();
    if (pipe(ends) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]);
        _exit(read(ends[0], &go, 1) == 1 && ids_map_all(parent) ? 0 : 1);
    }
    close(ends[0]);
    *tell = ends[1];
    if (pid < 0) close(ends[1]);
    return pid;
}

static bool mapper_end(pid_t mapper, int tell, bool map) {
    int status = 1;
    bool told = map && write(tell, "", 1) == 1;
    close(tell);
    while (waitpid(mapper, &status, 0) < 0 && errno == EINTR) {}
    return told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Root whom user namespaces are refused (in a container) may do without. */
bool namespaces_enter(void) {
    unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();
    int tell = -1;
    pid_t mapper = uid == 0 && gid == 0 ? mapper_start(&tell) : -1;
    bool entered = unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    int refused = errno;
    bool mapped = mapper > 0 && mapper_end(mapper, tell, entered);
    if (entered) {
        if ((!mapped && !ids_map_own(uid, gid)) || !loopback_up()) return false;
        text_put("/proc/sys/user/max_user_namespaces", "0");       /* of this namespace: handlers make none of their own, as on Lambda */
        return true;
    }
    if (uid == 0 && unshare(CLONE_NEWNET) == 0) return loopback_up();
    errno = refused;
    return false;
}

pid_t namespaces_fork(void) {
    return (pid_t)syscall(SYS_clone, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0);
}

static _Noreturn void tell_and_end(int to, char kind, const char *step) {
    worker_word w = { .kind = kind };
    snprintf(w.text, sizeof w.text, "%s: %s", step, strerror(errno));
    if (send(to, &w, sizeof w, MSG_NOSIGNAL) < 0) _exit(126);
    _exit(125);
}

slice namespaces_refused(arena *a, slice folder) {
    int ends[2], status;
    worker_word w;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return slice_from(strerror(errno));
    pid_t trial = fork();
    if (trial == 0) {
        const char *step = "user and network namespaces";
        runnable nothing = { .task_root = folder, .tmp_mb = 1 };
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (!namespaces_enter()) tell_and_end(ends[1], 'F', step);
        pid_t init = namespaces_fork();
        if (init < 0) tell_and_end(ends[1], 'F', "mount and pid namespaces");
        if (init == 0) {
            if (!root_build(folder, &nothing, &step)) tell_and_end(ends[1], 'F', step);
            tell_and_end(ends[1], 'R', "");
        }
        waitpid(init, &status, 0);
        _exit(0);
    }
    close(ends[1]);
    ssize_t got = trial < 0 ? -1 : recv(ends[0], &w, sizeof w, 0);
    close(ends[0]);
    while (trial > 0 && waitpid(trial, NULL, 0) < 0 && errno == EINTR) {}
    if (got == (ssize_t)sizeof w && w.kind == 'R') return SLICE("");
    if (got == (ssize_t)sizeof w) return arena_copy(a, slice_from(w.text));
    return SLICE("namespaces can't be tried");
}

/* ---- giving up rights ---- */

/* capset(2), version 3; <linux/capability.h> is not everywhere. */
static void capabilities_drop(void) {
    struct { uint32_t version; int pid; } head = { 0x20080522, 0 };
    struct { uint32_t effective, permitted, inheritable; } none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
    for (unsigned long cap = 0; cap < 64; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) break;
#ifdef PR_CAP_AMBIENT
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
#endif
    if (syscall(SYS_setgroups, 0, NULL) != 0) errno = 0;       /* only root may */
    if (syscall(SYS_capset, &head, none) != 0) _exit(125);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(125);
}

/* The init is a copy of this program: its memory and environment are nobody's business. */
static void secrets_wipe(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    for (char **e = environ; e != NULL && *e != NULL; e++) memset(*e, 0, strlen(*e));
}

static void signals_reset(void) {
    sigset_t none;
    for (int sig = 1; sig < 65; sig++)
        if (sig != SIGKILL && sig != SIGSTOP) signal(sig, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* ---- the init ---- */

static bool ready_tell(int channel) {
    worker_word w = { .kind = 'R' };
    union { struct cmsghdr head; char room[CMSG_SPACE(2 * sizeof(int))]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = { &w, sizeof w };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
    int fds[2] = { open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(c), fds, sizeof fds);
    bool sent = fds[0] >= 0 && fds[1] >= 0 && sendmsg(channel, &m, MSG_NOSIGNAL) > 0;
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0) close(fds[i]);
    return sent;
}

_Noreturn void namespace_init(const sandbox *s, const runnable *f, char *const *argv, char *const *environment, int out, int channel) {
    const char *step = "";
    struct pollfd parent = { channel, POLLIN, 0 };
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (poll(&parent, 1, 0) > 0 && (parent.revents & POLLHUP)) _exit(125);     /* gone before that was set */
    signals_reset();
    setsid();
    syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL, 0, 0, 0);
    if (!root_build(s->folder, f, &step)) tell_and_end(channel, 'F', step);
    if (sethostname("lambda", 6) != 0) tell_and_end(channel, 'F', "the host's name");
    if (!ready_tell(channel)) tell_and_end(channel, 'F', "the descriptors");
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) tell_and_end(channel, 'F', "the output");
    close_all_but(channel);
    pid_t handler = fork();
    if (handler < 0) tell_and_end(channel, 'F', "starting the handler");
    if (handler == 0) {
        setsid();
        limits_set(f, true);
        capabilities_drop();
        if (chdir(INSIDE_TASK) != 0) tell_and_end(channel, 'F', INSIDE_TASK);
        environ = (char **)environment;
        execvp(argv[0], argv);
        tell_and_end(channel, 'F', argv[0]);
    }
    capabilities_drop();
    secrets_wipe();
    if (dup2(0, 1) < 0 || dup2(0, 2) < 0) _exit(125);      /* the output is at its end when the handler's processes are */
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == EINTR) continue;
        if (ended >= 0 && ended != handler) continue;
        worker_word w = { .kind = 'S', .status = status };
        if (ended == handler && send(channel, &w, sizeof w, MSG_NOSIGNAL) < 0) _exit(125);
        _exit(0);      /* and everything in the namespace with it */
    }
}

/* ---- descriptors, limits ---- */

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

void close_all_but(int keep) {
    bool done = keep < 3 ? syscall(SYS_close_range, 3u, ~0u, 0u) == 0
                         : (keep == 3 || syscall(SYS_close_range, 3u, (unsigned)keep - 1, 0u) == 0) && syscall(SYS_close_range, (unsigned)keep + 1, ~0u, 0u) == 0;
    struct rlimit most;
    if (done) return;
    if (getrlimit(RLIMIT_NOFILE, &most) != 0 || most.rlim_cur > 65536) most.rlim_cur = 65536;
    for (int fd = 3; fd < (int)most.rlim_cur; fd++)
        if (fd != keep) close(fd);
}

/* ---- what a worker takes ---- */

static uint64_t number_in(slice text) {
    uint64_t n = 0;
    for (size_t i = 0; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++) n = n * 10 + (uint64_t)(text.at[i] - '0');
    return n;
}

static slice small_file(int folder, const char *name, char *room, size_t size) {
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, room, size);
    if (fd >= 0) close(fd);
    return (slice){ room, got < 0 ? 0 : (size_t)got };
}

static uint64_t statm_resident(slice text) {
    size_t at = slice_find(text, ' ');
    return at == text.len ? 0 : number_in(slice_after(text, at + 1)) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Resident pages; with `exact`, shared ones in equal parts (much dearer). */
static uint64_t memory_of(int proc, const char *pid, bool exact) {
    char name[64], room[2048];
    snprintf(name, sizeof name, exact ? "%.20s/smaps_rollup" : "%.20s/statm", pid);
    slice text = small_file(proc, name, room, sizeof room);
    if (!exact) return statm_resident(text);
    size_t at = slice_find_slice(text, SLICE("\nPss:"));
    if (at == (size_t)-1) return 0;
    for (at += 5; at < text.len && text.at[at] == ' ';) at++;
    return number_in(slice_after(text, at)) * 1024;
}

static bool is_pid(const char *name) { return name[0] >= '1' && name[0] <= '9'; }

/* All processes of a pid namespace but its init. */
static uint64_t namespace_memory(int proc, bool exact, unsigned *processes) {
    uint64_t sum = 0;
    *processes = 0;
    int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return 0;
    }
    const struct dirent *e;
    while ((e = readdir(d)) != NULL && *processes <= WORKER_PROCESSES_MOST) {
        if (!is_pid(e->d_name) || strcmp(e->d_name, "1") == 0) continue;
        ++*processes;
        sum += memory_of(proc, e->d_name, exact);
    }
    closedir(d);
    return sum;
}

/* The numbers in a file, however long it is. */
static size_t children_of(int folder, const char *name, pid_t *out, size_t room) {
    char text[4096];
    size_t len = 0;
    uint64_t n = 0;
    ssize_t got;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && len < room && (got = read(fd, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < got; i++) {
            if (text[i] >= '0' && text[i] <= '9') n = n * 10 + (uint64_t)(text[i] - '0');
            else if (n > 0) {
                if (len < room) out[len++] = (pid_t)n;
                n = 0;
            }
        }
    if (fd >= 0) close(fd);
    return len;
}

/* Descendants of a process, itself first, by /proc/PID/task/TID/children. Gives how many; at most `room`. */
static size_t descendants(int proc, pid_t of, pid_t *out, size_t room) {
    size_t len = 0;
    if (room > 0) out[len++] = of;
    for (size_t i = 0; i < len; i++) {
        char name[64];
        snprintf(name, sizeof name, "%d/task", (int)out[i]);
        int fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *d = fd < 0 ? NULL : fdopendir(fd);
        if (d == NULL && fd >= 0) close(fd);
        const struct dirent *e;
        while (d != NULL && (e = readdir(d)) != NULL) {
            if (!is_pid(e->d_name)) continue;
            snprintf(name, sizeof name, "%.20s/children", e->d_name);
            len += children_of(dirfd(d), name, out + len, room - len);
        }
        if (d != NULL) closedir(d);
    }
    return len;
}

/* A handler that is one process and far from its limit: two small files, kept open, tell that. It is the first process after the init. */
static bool is_small(worker *w, uint64_t most) {
    char room[128];
    if (w->memory < 0) w->memory = openat(w->proc, "2/statm", O_RDONLY | O_CLOEXEC);
    if (w->children < 0) w->children = openat(w->proc, "2/task/2/children", O_RDONLY | O_CLOEXEC);
    ssize_t got = w->memory < 0 || w->children < 0 ? -1 : pread(w->memory, room, sizeof room, 0);
    if (got <= 0 || pread(w->children, room + got, 1, 0) != 0) return false;
    return statm_resident((slice){ room, (size_t)got }) < most / 2;
}

/* Looking exactly waits for the memory map of each process, and those that fork without end hold theirs: not for many of them. What a child has of its
 * parent's memory is taken for as much as the first process has. */
#define EXACT_MOST 64u

static uint64_t memory_of_many(const worker *w, uint64_t sum, unsigned processes) {
    uint64_t first = memory_of(w->proc, "2", false), shared = first * (processes - 1);
    return sum > shared ? sum - shared : first;
}

bool worker_measure(worker *w, int64_t now_us, uint64_t *memory_bytes, unsigned *processes) {
    uint64_t most = (uint64_t)w->memory_mb * 1024 * 1024;
    if (w->box->namespaces) {
        if (w->proc < 0 || (now_us - w->measured_us < MEASURE_ALL_US && is_small(w, most))) return false;
        w->measured_us = now_us;
        *memory_bytes = namespace_memory(w->proc, false, processes);
        if (*memory_bytes > most && *processes > 1 && *processes <= WORKER_PROCESSES_MOST) {
            unsigned looked = 0;
            uint64_t exact = *processes > EXACT_MOST ? memory_of_many(w, *memory_bytes, *processes) : namespace_memory(w->proc, true, &looked);
            if (exact > 0) *memory_bytes = exact;
        }
        return true;
    }
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return false;
    pid_t list[WORKER_PROCESSES_MOST + 1];
    size_t len = descendants(proc, w->pid, list, COUNT(list));
    *processes = (unsigned)len;
    *memory_bytes = 0;
    for (int exact = 0; exact < 2 && (exact == 0 || (*memory_bytes > most && len > 1)); exact++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < len; i++) {
            char pid[16];
            snprintf(pid, sizeof pid, "%d", (int)list[i]);
            sum += memory_of(proc, pid, exact == 1);
        }
        if (sum > 0) *memory_bytes = sum;
    }
    close(proc);
    return true;
}

/* What handlers left behind came to this process; the sweeper is not of them. */
void leftovers_kill(pid_t but) {
    pid_t list[WORKER_PROCESSES_MOST + 1];
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int round = 0; proc >= 0 && round < 8; round++) {
        size_t len = descendants(proc, getpid(), list, COUNT(list)), killed = 0;
        for (size_t i = 1; i < len; i++) {
            if (list[i] == but) continue;
            killed++;
            kill(list[i], SIGKILL);
        }
        for (size_t i = 1; i < len; i++)
            if (list[i] != but) waitpid(list[i], NULL, 0);
        if (killed == 0) break;
    }
    if (proc >= 0) close(proc);
}

/* Those in sessions of their own are not reached through the group. */
void descendants_kill(pid_t of) {
    pid_t list[WORKER_PROCESSES_MOST + 1];
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return;
    for (size_t i = descendants(proc, of, list, COUNT(list)); i-- > 1;) kill(list[i], SIGKILL);
    close(proc);
}
#endif
