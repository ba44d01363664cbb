#include "command/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doc/limits.h"

/* As many bytes as come, until more than `most` are there; false when reading fails. */
static bool read_all(arena *a, int fd, size_t expected, size_t most, slice *text) {
    size_t cap = expected + 1, len = 0;
    char *at = arena_alloc(a, 1, 1, cap);
    for (;;) {
        if (len == cap) {
            if (len >= most) break;
            size_t more = cap * 2 < 65536 ? 65536 : cap * 2;
            char *grown = arena_alloc(a, 1, 1, more);
            memcpy(grown, at, len);
            at = grown;
            cap = more;
        }
        ssize_t got = read(fd, at + len, cap - len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        len += (size_t)got;
    }
    *text = (slice){ at, len };
    return true;
}

static slice reason(arena *a, int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return SLICE("no such file");
    case EACCES: return SLICE("no permission to read it");
    case EISDIR: return SLICE("a folder, not a file");
    case ELOOP: return SLICE("a symbolic link that leads to itself");
    default: return arena_copy(a, slice_from(strerror(error)));
    }
}

static bool handed_over(slice path) {
    return slice_starts(path, SLICE("/dev/fd/")) || slice_is(path, "/dev/stdin") || slice_starts(path, SLICE("/proc/self/fd/"));
}

bool file_read(arena *a, slice path, slice *text, slice *why) {
    *why = (slice){ "", 0 };
    bool standard = slice_is(path, "-");
    int fd = STDIN_FILENO;
    struct stat st;
    if (path.len == 0 || memchr(path.at, '\0', path.len) != NULL) {
        *why = SLICE("no file has such a name");
        return false;
    }
    if (!standard) {
        const char *name = arena_copy(a, path).at;
        /* A pipe without a writer must not stop the run. */
        fd = open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC | (handed_over(path) ? 0 : O_NONBLOCK));
        if (fd < 0) {
            *why = reason(a, errno);
            return false;
        }
    }
    bool ok = false;
    if (fstat(fd, &st) != 0) {
        *why = reason(a, errno);
    } else if (S_ISDIR(st.st_mode)) {
        *why = standard ? SLICE("standard input is a folder") : SLICE("a folder, not a file");
    } else if (!S_ISREG(st.st_mode) && !standard && !handed_over(path)) {
        *why = SLICE("not a regular file (a pipe, socket or device); use - to read standard input");
    } else if (S_ISREG(st.st_mode) && st.st_size > (off_t)DOC_MAX_BYTES) {
        *why = arena_printf(a, "larger than %u MB", DOC_MAX_BYTES >> 20);
    } else {
        size_t expected = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
        if (!read_all(a, fd, expected, (size_t)DOC_MAX_BYTES + 1, text)) *why = reason(a, errno);
        else if (text->len > DOC_MAX_BYTES) *why = arena_printf(a, "larger than %u MB", DOC_MAX_BYTES >> 20);
        else ok = true;
    }
    if (!standard) close(fd);
    return ok;
}

bool file_head(arena *a, slice path, size_t most, slice *text) {
    int fd = open(arena_copy(a, path).at, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    char *at = arena_alloc(a, 1, 1, most + 1);
    size_t len = 0;
    while (len < most) {
        ssize_t got = read(fd, at + len, most - len);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        len += (size_t)got;
    }
    close(fd);
    *text = (slice){ at, len };
    return true;
}

path_facts file_look(arena *a, slice path) {
    struct stat st;
    if (path.len == 0 || memchr(path.at, '\0', path.len) != NULL || stat(arena_copy(a, path).at, &st) != 0) return (path_facts){ PATH_NOTHING, 0, 0 };
    return (path_facts){ S_ISREG(st.st_mode) ? PATH_FILE : S_ISDIR(st.st_mode) ? PATH_FOLDER : PATH_OTHER, (long long)st.st_mtime,
                         st.st_size < 0 ? 0 : (unsigned long long)st.st_size };
}
