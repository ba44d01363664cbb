/* What a handler sees of the machine: a small root folder, read-only but for /tmp, made of binds. Linux.
 * Runs in a process that has a mount and pid namespace of its own, before it gives up its rights. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "smoke/host/sandbox_parts.h"

#ifdef __linux__
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define PATH_ROOM 4096
#define LINKS_DEPTH_MOST 16    /* how deep layers are laid over each other */

static bool path_of(char out[PATH_ROOM], const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool path_of(char out[PATH_ROOM], const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = vsnprintf(out, PATH_ROOM, format, args);
    va_end(args);
    if (len >= 0 && len < PATH_ROOM) return true;
    errno = ENAMETOOLONG;
    return false;
}

/* With all folders above it. `path` is changed meanwhile and then as before. */
static bool folders_make(char *path) {
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p != '/') continue;
        *p = '\0';
        bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
        *p = '/';
        if (!made) return false;
    }
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

static bool text_put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return false;
    size_t len = strlen(text);
    bool put = write(fd, text, len) == (ssize_t)len;
    return close(fd) == 0 && put;
}

/* ---- read-only ---- */

/* mount_setattr(2), Linux 5.12; older headers lack it. */
struct attributes { uint64_t set, clear, propagation, userns; };
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define ATTR_RDONLY 0x1u
#define ATTR_NOSUID 0x2u
#define ATTR_NODEV  0x4u
#define SETATTR_RECURSIVE 0x8000u

/* On kernels before that: one mount after the other, each with the flags that it may not lose. */
static bool read_only_one(const char *path) {
    static const struct { unsigned long seen, flag; } kept[] = {
        { ST_NOEXEC, MS_NOEXEC }, { ST_NOATIME, MS_NOATIME }, { ST_NODIRATIME, MS_NODIRATIME }, { ST_RELATIME, MS_RELATIME },
    };
    struct statvfs at;
    if (statvfs(path, &at) != 0) return false;
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
    for (size_t i = 0; i < COUNT(kept); i++)
        if (at.f_flag & kept[i].seen) flags |= kept[i].flag;
    return mount(NULL, path, NULL, flags, NULL) == 0;
}

static bool read_only_each(const char *top) {
    FILE *list = fopen("/proc/self/mountinfo", "re");
    if (list == NULL) return false;
    char *line = NULL;
    size_t room = 0, top_len = strlen(top);
    bool all = true;
    while (getline(&line, &room, list) > 0) {
        char *at = line;
        for (int field = 0; field < 4 && at != NULL; field++) at = strchr(at, ' ') == NULL ? NULL : strchr(at, ' ') + 1;
        if (at == NULL) continue;
        at[strcspn(at, " ")] = '\0';
        char *to = at;
        for (const char *from = at; *from != '\0'; from++) {       /* \040 is a blank */
            if (from[0] == '\\' && from[1] != '\0' && from[2] != '\0' && from[3] != '\0') {
                *to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
                from += 3;
            } else *to++ = *from;
        }
        *to = '\0';
        if (strncmp(at, top, top_len) == 0 && (at[top_len] == '\0' || at[top_len] == '/')) all = read_only_one(at) && all;
    }
    free(line);
    fclose(list);
    return all;
}

static bool read_only(const char *path) {
    struct attributes want = { ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0, 0, 0 };
    if (syscall(SYS_mount_setattr, AT_FDCWD, path, SETATTR_RECURSIVE, &want, sizeof want) == 0) return true;
    return errno == ENOSYS && read_only_each(path);
}

/* ---- binds ---- */

/* The folder or file `from` seen at `to` below the root. What is not there is left out. */
static bool bind_at(const char *root, const char *from, const char *to, bool keep_writable) {
    char path[PATH_ROOM];
    struct stat st;
    if (stat(from, &st) != 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
    if (!path_of(path, "%s%s", root, to)) return false;
    if (S_ISDIR(st.st_mode)) {
        if (!folders_make(path)) return false;
    } else {
        char *slash = strrchr(path, '/');
        *slash = '\0';
        if (!folders_make(path)) return false;
        *slash = '/';
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0) return false;
        close(fd);
    }
    return mount(from, path, NULL, MS_BIND | MS_REC, NULL) == 0 && (keep_writable || read_only(path));
}

static bool system_folders(const char *root) {
    static const char *const names[] = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };
    char path[PATH_ROOM], target[PATH_ROOM];
    for (size_t i = 0; i < COUNT(names); i++) {
        ssize_t len = readlink(names[i], target, sizeof target - 1);
        if (len < 0) {
            if (!bind_at(root, names[i], names[i], false)) return false;
            continue;
        }
        target[len] = '\0';
        if (!path_of(path, "%s%s", root, names[i]) || symlink(target, path) != 0) return false;
    }
    return true;
}

/* Of the machine's own only what programs need to find libraries and certificates. */
static bool etc_folder(const char *root) {
    static const struct { const char *name, *text; } own[] = {
        { "hosts", "127.0.0.1 localhost sync-127.0.0.1 sync-localhost streaming-127.0.0.1 data-127.0.0.1 lambda\n" },
        { "passwd", "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:993:990::/home/sbx_user1051:/sbin/nologin\n" },
        { "group", "root:x:0:\nsbx_user1051:x:990:\n" },
        { "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n" },
    };
    static const char *const shown[] = {
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/ssl", "/etc/pki", "/etc/ca-certificates",
        "/etc/crypto-policies", "/etc/fonts", "/etc/mime.types",
    };
    char path[PATH_ROOM];
    if (!path_of(path, "%s/etc", root) || mkdir(path, 0755) != 0) return false;
    for (size_t i = 0; i < COUNT(own); i++)
        if (!path_of(path, "%s/etc/%s", root, own[i].name) || !text_put(path, own[i].text)) return false;
    for (size_t i = 0; i < COUNT(shown); i++)
        if (!bind_at(root, shown[i], shown[i], false)) return false;
    if (path_of(path, "%s/etc/os-release", root) && symlink("../usr/lib/os-release", path) != 0) return false;
    /* Java keeps a part of itself there. */
    DIR *d = opendir("/etc");
    const struct dirent *e;
    bool all = true;
    while (d != NULL && all && (e = readdir(d)) != NULL)
        if (strncmp(e->d_name, "java", 4) == 0) all = path_of(path, "/etc/%s", e->d_name) && bind_at(root, path, path, false);
    if (d != NULL) closedir(d);
    return all;
}

static bool dev_folder(const char *root) {
    static const char *const nodes[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };
    static const struct { const char *name, *target; } links[] = {
        { "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" }, { "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
    };
    char path[PATH_ROOM];
    if (!path_of(path, "%s/dev", root) || mkdir(path, 0755) != 0) return false;
    for (size_t i = 0; i < COUNT(nodes); i++)
        if (!bind_at(root, nodes[i], nodes[i], true)) return false;
    for (size_t i = 0; i < COUNT(links); i++)
        if (!path_of(path, "%s/dev/%s", root, links[i].name) || symlink(links[i].target, path) != 0) return false;
    return path_of(path, "%s/dev/shm", root) && mkdir(path, 0755) == 0 &&
           mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,nr_inodes=4096,mode=1777") == 0;
}

/* Since 6.14 a pid namespace has its own highest pid; before, the file is that of the whole machine. Pids below 300 are not given out twice. */
static void processes_most(const char *proc) {
    struct utsname u;
    char path[PATH_ROOM];
    if (uname(&u) != 0 || !path_of(path, "%s/sys/kernel/pid_max", proc)) return;
    char *rest;
    long major = strtol(u.release, &rest, 10), minor = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;
    if (major < 6 || (major == 6 && minor < 14)) return;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    char text[16];
    int len = snprintf(text, sizeof text, "%d\n", WORKER_PROCESSES_MOST + 400);
    if (write(fd, text, (size_t)len) < 0) errno = 0;       /* worker_look counts too */
    close(fd);
}

/* With /proc/sys read-only: who is root outside could write what is not asked for rights. */
static bool proc_folder(const char *root) {
    static const char *const masked[] = { "sys", "sysrq-trigger", "irq", "bus", "fs" };
    char path[PATH_ROOM], inside[PATH_ROOM];
    if (!path_of(path, "%s/proc", root) || mkdir(path, 0755) != 0) return false;
    if (mount("proc", path, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) return false;
    processes_most(path);
    for (size_t i = 0; i < COUNT(masked); i++) {
        if (!path_of(inside, "%s/%s", path, masked[i])) return false;
        if (access(inside, F_OK) != 0) continue;
        if (mount(inside, inside, NULL, MS_BIND | MS_REC, NULL) != 0 || !read_only(inside)) return false;
    }
    return true;
}

static bool tmp_folder(const char *root, unsigned mb) {
    char path[PATH_ROOM], options[96];
    snprintf(options, sizeof options, "size=%um,nr_inodes=%lu,mode=1777", mb, (unsigned long)mb * 256);
    return path_of(path, "%s/tmp", root) && mkdir(path, 0755) == 0 && mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

/* ---- layers ---- */

/* `names` of what stands in the folder into `into`: a link; where several layers have a folder of this name, a folder of links. Later layers win. */
static bool links_make(arena *a, const slice *layers, size_t len, const char *inside, const char *into, int depth) {
    strmap seen = { 0 };
    for (size_t i = len; i-- > 0;) {
        const char *folder = arena_printf(a, "%.*s%s", SLICE_ARG(layers[i]), inside).at;
        DIR *d = opendir(folder);
        const struct dirent *e;
        while (d != NULL && (e = readdir(d)) != NULL) {
            slice name = arena_copy(a, slice_from(e->d_name));
            if (slice_is(name, ".") || slice_is(name, "..") || strmap_has(&seen, name)) continue;
            strmap_put(a, &seen, name, a);
            struct stat st;
            size_t folders = 0;
            bool is_folder = false;
            for (size_t j = 0; j <= i; j++) {
                bool dir = stat(arena_printf(a, "%.*s%s/%s", SLICE_ARG(layers[j]), inside, name.at).at, &st) == 0 && S_ISDIR(st.st_mode);
                folders += dir;
                if (j == i) is_folder = dir;
            }
            const char *to = arena_printf(a, "%s/%s", into, name.at).at;
            bool made;
            if (is_folder && folders > 1 && depth < LINKS_DEPTH_MOST)
                made = (mkdir(to, 0755) == 0 || errno == EEXIST) && links_make(a, layers, i + 1, arena_printf(a, "%s/%s", inside, name.at).at, to, depth + 1);
            else made = symlink(arena_printf(a, "%s/%s", folder, name.at).at, to) == 0 || errno == EEXIST;
            if (!made) {
                closedir(d);
                return false;
            }
        }
        if (d != NULL) closedir(d);
    }
    return true;
}

bool layers_link(arena *a, const slice *layers, size_t len, const char *into) { return links_make(a, layers, len, "", into, 0); }

static bool under(slice path, const char *folder) {
    size_t len = strlen(folder);
    return path.len >= len && memcmp(path.at, folder, len) == 0 && (path.len == len || path.at[len] == '/');
}

/* One layer is bound, several are an overlay; where that is refused, or something else has to be seen below /opt, links. */
static bool layers_folder(arena *a, const char *root, const runnable *f) {
    char opt[PATH_ROOM];
    buf lower = { .arena = a };
    bool shared = false;
    for (size_t i = 0; i < f->visible_len; i++) shared |= under(f->visible[i], INSIDE_LAYERS);
    if (!path_of(opt, "%s" INSIDE_LAYERS, root) || mkdir(opt, 0755) != 0) return false;
    if (f->layers_len == 0) return true;
    if (f->layers_len == 1 && !shared) return bind_at(root, arena_copy(a, f->layers[0]).at, INSIDE_LAYERS, false);
    slice *seen = ARENA_ARRAY(a, slice, f->layers_len);
    for (size_t i = 0; i < f->layers_len; i++) {
        seen[i] = arena_printf(a, "/.layers/%zu", i);
        if (!bind_at(root, arena_copy(a, f->layers[i]).at, seen[i].at, false)) return false;
    }
    for (size_t i = f->layers_len; i-- > 0;) buf_printf(&lower, "%s%s%s", lower.bytes.len == 0 ? "lowerdir=" : ":", root, seen[i].at);
    if (!shared && lower.bytes.len < PATH_ROOM && strpbrk(root, ":,\\") == NULL &&
        mount("overlay", opt, "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, arena_copy(a, buf_as_slice(&lower)).at) == 0)
        return true;
    /* The links have to hold inside, but are made from here. */
    int here = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool made = here >= 0 && chroot(root) == 0 && layers_link(a, seen, f->layers_len, INSIDE_LAYERS);
    made = here >= 0 && fchdir(here) == 0 && chroot(".") == 0 && made;
    if (here >= 0) close(here);
    return made;
}

/* ---- all of it ---- */

static bool visible_folders(arena *a, const char *root, const runnable *f) {
    for (size_t i = 0; i < f->visible_len; i++) {
        const char *path = arena_copy(a, f->visible[i]).at;
        if (path[0] == '/' && path[1] != '\0' && !under(f->visible[i], "/usr") && !bind_at(root, path, path, false)) return false;
    }
    return true;
}

static bool root_enter(const char *root) {
    return chdir(root) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
           mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) == 0;
}

bool root_build(slice folder, const runnable *f, const char **step) {
    char root[PATH_ROOM], runtime[PATH_ROOM];
    arena *a = arena_make(0, NULL);
    umask(022);
    const char *task = arena_copy(a, f->task_root).at;
#define STEP(text, done) do { *step = (text); if (!(done)) return false; } while (0)
    STEP("the mounts of a namespace", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    STEP("the temporary folder", path_of(root, "%.*s/root", SLICE_ARG(folder)) && path_of(runtime, "%.*s/runtime", SLICE_ARG(folder)));
    STEP("mounting a tmpfs", mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,nr_inodes=65536,mode=755") == 0);
    STEP("mounting /tmp", tmp_folder(root, f->tmp_mb));
    STEP("showing /usr", system_folders(root));
    STEP("making /etc", etc_folder(root));
    STEP("making /dev", dev_folder(root));
    STEP("mounting /proc", proc_folder(root));
    STEP("merging the layers", layers_folder(a, root, f));
    STEP("showing the interpreter", visible_folders(a, root, f));
    STEP("showing node_modules", f->node_modules.len == 0 || bind_at(root, arena_copy(a, f->node_modules).at, "/var/node_modules", false));
    STEP("showing the runtime", bind_at(root, runtime, INSIDE_RUNTIME, false));
    *step = "showing the code";
    struct stat st;
    if (stat(task, &st) != 0 || !bind_at(root, task, INSIDE_TASK, false)) return false;
    STEP("entering the root folder", root_enter(root));
#undef STEP
    arena_free(a);
    return true;
}
#endif
