/* The sandbox of a run: namespaces, the folder for what is temporary, and the sweeper that removes both when sflint is gone. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "smoke/host/boot.h"
#include "smoke/host/sandbox_parts.h"

#define TREE_DEPTH_MOST 512    /* folders that a handler may leave inside each other */

int64_t sandbox_now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- the sweeper ---- */

/* Everything in the folder `at`, which is closed. A folder without permissions gets them first: a handler made it so. */
static void empty_folder(int at, int depth) {
    DIR *d = at < 0 ? NULL : fdopendir(at);
    if (d == NULL) {
        if (at >= 0) close(at);
        return;
    }
    const struct dirent *e;
    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (unlinkat(dirfd(d), e->d_name, 0) == 0) continue;
        int below = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below < 0 && errno == EACCES && fchmodat(dirfd(d), e->d_name, 0700, 0) == 0)
            below = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below >= 0 && depth < TREE_DEPTH_MOST) {
            fchmod(below, 0700);
            empty_folder(below, depth + 1);
        } else if (below >= 0) close(below);
        unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    closedir(d);
}

/* Lives in a session of its own, so that no Ctrl-C meets it, and waits for the other end of its pipe to close: at sandbox_end, or when sflint
 * is killed. What it is told meanwhile are process groups that it has to kill then (namespaces need that not: they die with sflint). */
static _Noreturn void sweep(int from, const char *folder) {
    enum { GROUPS_MOST = 4096 };
    pid_t groups[GROUPS_MOST], told;
    size_t len = 0;
    setsid();
    for (int sig = 1; sig < 32; sig++)
        if (sig != SIGKILL && sig != SIGSTOP && sig != SIGCHLD) signal(sig, SIG_IGN);
    if (from != 3) dup2(from, 3);
    for (int fd = 0; fd < 3; fd++) close(fd);
    close_all_but(3);
    for (;;) {
        ssize_t got = read(3, &told, sizeof told);
        if (got < 0 && errno == EINTR) continue;
        if (got != (ssize_t)sizeof told) break;
        if (told > 0 && len < GROUPS_MOST) groups[len++] = told;
        for (size_t i = 0; told < 0 && i < len; i++)
            if (groups[i] == -told) groups[i--] = groups[--len];
    }
    for (size_t i = 0; i < len; i++) kill(-groups[i], SIGKILL);
    empty_folder(open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), 0);
    rmdir(folder);
    _exit(0);
}

static bool sweeper_start(sandbox *s) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    s->sweeper_pid = fork();
    if (s->sweeper_pid == 0) {
        close(ends[1]);
        sweep(ends[0], s->folder.at);
    }
    close(ends[0]);
    s->sweeper = ends[1];
    if (s->sweeper_pid > 0) return true;
    close(ends[1]);
    return false;
}

/* ---- the folder ---- */

static bool file_write(const char *path, slice text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return false;
    while (text.len > 0) {
        ssize_t put = write(fd, text.at, text.len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) break;
        text = slice_after(text, (size_t)put);
    }
    return close(fd) == 0 && text.len == 0;
}

static bool folder_make(sandbox *s) {
    const char *under = getenv("TMPDIR");
    if (under == NULL || under[0] != '/') under = "/tmp";
    s->folder = arena_printf(s->arena, "%s/sflint-XXXXXX", under);
    char *path = (char *)arena_copy(s->arena, s->folder).at;
    if (mkdtemp(path) == NULL) return false;
    s->folder = slice_from(path);
    return chmod(path, 0700) == 0;
}

static bool folder_fill(sandbox *s) {
    static const char *const inside[] = { "root", "runtime" };
    for (size_t i = 0; i < COUNT(inside); i++)
        if (mkdir(arena_printf(s->arena, "%s/%s", s->folder.at, inside[i]).at, 0755) != 0) return false;
    for (size_t i = 0; i < boot_files_len; i++)
        if (boot_files[i].runtime && !file_write(arena_printf(s->arena, "%s/runtime/%s", s->folder.at, boot_files[i].name).at, boot_files[i].text)) return false;
    return true;
}

/* ---- entering and leaving ---- */

sandbox *sandbox_enter(arena *a, sandbox_wish wish, slice *why) {
    sandbox *s = ARENA_NEW(a, sandbox);
    s->arena = a;
    s->lacks = SLICE("");
    *why = SLICE("");
    if (!folder_make(s)) {
        *why = arena_printf(a, "no folder for temporary files can be made (%s): %s", s->folder.at, strerror(errno));
        return NULL;
    }
    if (!sweeper_start(s)) {
        *why = arena_printf(a, "no process can be started: %s", strerror(errno));
        rmdir(s->folder.at);
        return NULL;
    }
    if (!folder_fill(s)) {
        *why = arena_printf(a, "%s can't be filled: %s", s->folder.at, strerror(errno));
        sandbox_end(s);
        return NULL;
    }
    slice refused = SLICE("");
    if (wish != SANDBOX_OFF) {
        refused = namespaces_refused(a, s->folder);
        s->namespaces = refused.len == 0 && namespaces_enter();
        if (!s->namespaces && refused.len == 0) refused = slice_from(strerror(errno));
    }
    if (wish == SANDBOX_REQUIRE && !s->namespaces) {
        *why = arena_printf(a, "no sandbox can be had here: %.*s", SLICE_ARG(refused));
        sandbox_end(s);
        return NULL;
    }
    if (!s->namespaces)
        s->lacks = wish == SANDBOX_OFF ? SLICE("the sandbox is off: handlers can use the network and your files")
                                       : arena_printf(a, "no sandbox (%.*s): handlers can use the network and your files", SLICE_ARG(refused));
#ifdef __linux__
    /* What a handler leaves behind in a session of its own is found again. */
    if (!s->namespaces) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
    return s;
}

slice sandbox_lacks(const sandbox *s) { return s->lacks; }
slice sandbox_folder(const sandbox *s) { return s->folder; }

void sandbox_end(sandbox *s) {
    while (s->workers != NULL) worker_kill(s->workers);
    workers_reap(s, true);
    if (s->sweeper < 0) return;
    if (!s->namespaces) leftovers_kill(s->sweeper_pid);
    close(s->sweeper);
    s->sweeper = -1;
    while (waitpid(s->sweeper_pid, NULL, 0) < 0 && errno == EINTR) {}
}
