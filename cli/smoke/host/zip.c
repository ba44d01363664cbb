#include "smoke/host/zip.h"

#ifdef SFLINT_SMOKE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/strmap.h"

#define END_SIZE     22u           /* end of central directory, without its comment */
#define ENTRY_SIZE   46u           /* a central directory entry, without its names */
#define LOCAL_SIZE   30u
#define COMMENT_MOST 65535u
#define NAME_MOST    4096u
#define LINK_MOST    4096u         /* a symbolic link's target */

typedef struct {
    arena *arena;
    slice bytes;                   /* the archive */
    slice into;
    strmap folders;                /* made already */
    strmap links;
    uint64_t written;
    slice *why;
} unzip;

typedef struct {
    slice name;
    unsigned method, flags, mode;
    uint32_t crc;
    uint64_t packed, size, at;
} entry;

static unsigned u16(slice s, size_t at) { return (unsigned char)s.at[at] | ((unsigned)(unsigned char)s.at[at + 1] << 8); }
static uint32_t u32(slice s, size_t at) { return (uint32_t)u16(s, at) | ((uint32_t)u16(s, at + 2) << 16); }

static bool bad(unzip *z, const char *what) {
    *z->why = arena_printf(z->arena, "not a zip archive that can be read: %s", what);
    return false;
}

/* ---- names ---- */

/* Below the folder: no way up, none from the root, no NUL. */
static bool name_is_safe(slice name) {
    slice rest = name, part;
    if (name.len == 0 || name.len > NAME_MOST || name.at[0] == '/' || memchr(name.at, '\0', name.len) != NULL || memchr(name.at, '\\', name.len) != NULL) return false;
    while (slice_cut(&rest, '/', &part))
        if (slice_is(part, "..")) return false;
    return true;
}

/* A link's target, seen from the folder of the link, stays below the root. */
static bool link_is_safe(slice name, slice target) {
    slice rest = target, part;
    long depth = 0;
    if (target.len == 0 || target.len > LINK_MOST || target.at[0] == '/' || memchr(target.at, '\0', target.len) != NULL) return false;
    for (size_t i = 0; i < name.len; i++) depth += name.at[i] == '/';
    while (slice_cut(&rest, '/', &part)) {
        if (slice_is(part, "..")) depth--;
        else if (part.len > 0 && !slice_is(part, ".")) depth++;
        if (depth < 0) return false;
    }
    return true;
}

/* The folders above `name`. Links are made after all files, so none of these is one. */
static bool folders_make(unzip *z, slice name) {
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] != '/') continue;
        slice folder = slice_from_to(name, 0, i);
        if (folder.len == 0 || strmap_has(&z->folders, folder)) continue;
        const char *path = arena_printf(z->arena, "%.*s/%.*s", SLICE_ARG(z->into), SLICE_ARG(folder)).at;
        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            *z->why = arena_printf(z->arena, "%s: %s", path, strerror(errno));
            return false;
        }
        strmap_put(z->arena, &z->folders, arena_copy(z->arena, folder), z);
    }
    return true;
}

/* ---- bytes ---- */

static bool put_all(int fd, const unsigned char *at, size_t len) {
    while (len > 0) {
        ssize_t put = write(fd, at, len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put;
        len -= (size_t)put;
    }
    return true;
}

/* Into fd, at most e->size bytes and exactly those. */
static bool inflate_to(unzip *z, const entry *e, slice packed, int fd) {
    unsigned char room[65536];
    z_stream s = { 0 };
    uLong crc = crc32(0, NULL, 0);
    uint64_t total = 0;
    if (inflateInit2(&s, -MAX_WBITS) != Z_OK) return bad(z, "no memory to inflate it");
    s.next_in = (Bytef *)(uintptr_t)packed.at;
    s.avail_in = (uInt)packed.len;
    int state = Z_OK;
    bool written = true;
    while (state == Z_OK && written && total <= e->size) {
        s.next_out = room;
        s.avail_out = sizeof room;
        state = inflate(&s, Z_NO_FLUSH);
        size_t got = sizeof room - s.avail_out;
        if (got == 0 && state != Z_STREAM_END) break;
        total += got;
        crc = crc32(crc, room, (uInt)got);
        written = put_all(fd, room, got);
    }
    inflateEnd(&s);
    if (!written) {
        *z->why = arena_printf(z->arena, "%.*s can't be written: %s", SLICE_ARG(e->name), strerror(errno));
        return false;
    }
    return (state == Z_STREAM_END && total == e->size && crc == e->crc) || bad(z, "a file in it is damaged");
}

/* The bytes of an entry as they lie in the archive. */
static bool packed_of(unzip *z, const entry *e, slice *out) {
    if (e->at + LOCAL_SIZE > z->bytes.len || u32(z->bytes, e->at) != 0x04034b50) return bad(z, "an entry points nowhere");
    uint64_t from = e->at + LOCAL_SIZE + u16(z->bytes, e->at + 26) + u16(z->bytes, e->at + 28);
    if (from > z->bytes.len || e->packed > z->bytes.len - from) return bad(z, "it is cut off");
    *out = (slice){ z->bytes.at + from, (size_t)e->packed };
    return true;
}

static bool file_make(unzip *z, const entry *e, slice packed) {
    const char *path = arena_printf(z->arena, "%.*s/%.*s", SLICE_ARG(z->into), SLICE_ARG(e->name)).at;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, (e->mode & 0111) ? 0755 : 0644);
    if (fd < 0) {
        *z->why = arena_printf(z->arena, "%s: %s", path, strerror(errno));
        return false;
    }
    bool done;
    if (e->method == 8) done = inflate_to(z, e, packed, fd);
    else {
        done = packed.len == e->size && put_all(fd, (const unsigned char *)packed.at, packed.len) &&
               crc32(crc32(0, NULL, 0), (const Bytef *)packed.at, (uInt)packed.len) == e->crc;
        if (!done) bad(z, "a file in it is damaged");
    }
    return (close(fd) == 0 && done) || (z->why->len > 0 ? false : bad(z, strerror(errno)));
}

static bool link_make(unzip *z, const entry *e, slice packed) {
    slice target = packed;
    if (e->size > LINK_MOST) return bad(z, "a symbolic link's target is too long");
    if (e->method == 8) {
        uLongf room = LINK_MOST;
        char *text = ARENA_ARRAY(z->arena, char, LINK_MOST + 1);
        z_stream s = { .next_in = (Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.len, .next_out = (Bytef *)text, .avail_out = (uInt)room };
        if (inflateInit2(&s, -MAX_WBITS) != Z_OK) return bad(z, "no memory to inflate it");
        int state = inflate(&s, Z_FINISH);
        target = (slice){ text, LINK_MOST - s.avail_out };
        inflateEnd(&s);
        if (state != Z_STREAM_END) return bad(z, "a file in it is damaged");
    }
    if (!link_is_safe(e->name, target)) {
        *z->why = arena_printf(z->arena, "a symbolic link in it leads out of it: %.*s", SLICE_ARG(e->name));
        return false;
    }
    for (size_t i = 0; i < e->name.len; i++)       /* a link below a link may stand anywhere */
        if (e->name.at[i] == '/' && strmap_has(&z->links, slice_from_to(e->name, 0, i))) return bad(z, "a symbolic link in it stands below another");
    const char *path = arena_printf(z->arena, "%.*s/%.*s", SLICE_ARG(z->into), SLICE_ARG(e->name)).at;
    strmap_put(z->arena, &z->links, e->name, z);
    if (symlink(arena_copy(z->arena, target).at, path) == 0) return true;
    *z->why = arena_printf(z->arena, "%s: %s", path, strerror(errno));
    return false;
}

/* ---- the directory ---- */

static bool entry_make(unzip *z, const entry *e, bool links) {
    bool is_link = (e->mode & 0170000) == 0120000, is_folder = e->name.at[e->name.len - 1] == '/';
    slice packed = SLICE("");
    if (is_link != links) return true;
    if (!folders_make(z, e->name)) return false;
    if (is_folder) return true;
    if (e->flags & 1) return bad(z, "it is encrypted");
    if (e->method != 0 && e->method != 8) return bad(z, "a file in it is neither stored nor deflated");
    if (!packed_of(z, e, &packed)) return false;
    if (is_link) return link_make(z, e, packed);
    z->written += e->size;
    if (z->written > ZIP_MAX_BYTES) {
        *z->why = arena_printf(z->arena, "more than the %u MB that Lambda takes unzipped", (unsigned)(ZIP_MAX_BYTES / 1024 / 1024));
        return false;
    }
    return file_make(z, e, packed);
}

static bool entries_make(unzip *z, size_t at, unsigned count, bool links) {
    for (unsigned i = 0; i < count; i++) {
        if (at + ENTRY_SIZE > z->bytes.len || u32(z->bytes, at) != 0x02014b50) return bad(z, "its directory is damaged");
        entry e = { .flags = u16(z->bytes, at + 8), .method = u16(z->bytes, at + 10), .crc = u32(z->bytes, at + 16), .packed = u32(z->bytes, at + 20),
                    .size = u32(z->bytes, at + 24), .at = u32(z->bytes, at + 42) };
        size_t name = u16(z->bytes, at + 28), behind = (size_t)u16(z->bytes, at + 30) + u16(z->bytes, at + 32);
        if (at + ENTRY_SIZE + name + behind > z->bytes.len) return bad(z, "its directory is damaged");
        e.name = (slice){ z->bytes.at + at + ENTRY_SIZE, name };
        /* The high half is the mode when the archive was made on Unix (or macOS). */
        unsigned maker = u16(z->bytes, at + 4) >> 8;
        e.mode = maker == 3 || maker == 19 ? u32(z->bytes, at + 38) >> 16 : 0644;
        if (!name_is_safe(e.name)) {
            *z->why = arena_printf(z->arena, "a name in it leads out of it: %.*s", (int)(name > 100 ? 100 : name), e.name.at);
            return false;
        }
        arena_mark mark = arena_mark_take(z->arena);
        size_t before = z->folders.len + z->links.len;
        if (!entry_make(z, &e, links)) return false;
        if (z->folders.len + z->links.len == before) arena_mark_return(z->arena, mark);
        at += ENTRY_SIZE + name + behind;
    }
    return true;
}

static bool unpack(unzip *z) {
    slice all = z->bytes;
    if (all.len < END_SIZE) return bad(z, "it is too short");
    size_t end = all.len - END_SIZE, least = end > COMMENT_MOST ? end - COMMENT_MOST : 0;
    while (end > least && u32(all, end) != 0x06054b50) end--;
    if (u32(all, end) != 0x06054b50) return bad(z, "it has no directory");
    unsigned count = u16(all, end + 10);
    uint64_t at = u32(all, end + 16);
    if (count == 0xffff && end >= 20 && u32(all, end - 20) == 0x07064b50) {        /* zip64: more files than 16 bits count */
        uint64_t big = u32(all, end - 12);
        if (u32(all, end - 8) != 0 || big + 56 > all.len || u32(all, big) != 0x06064b50) return bad(z, "its directory is damaged");
        if (u32(all, big + 36) != 0 || u32(all, big + 52) != 0) return bad(z, "it is too large");
        count = u32(all, big + 32);
        at = u32(all, big + 48);
    }
    if (count > ZIP_MAX_FILES) {
        *z->why = arena_printf(z->arena, "more than %u files", ZIP_MAX_FILES);
        return false;
    }
    return entries_make(z, at, count, false) && entries_make(z, at, count, true);
}

bool zip_unpack(arena *a, slice path, slice into, slice *why) {
    struct stat st;
    int fd = open(arena_copy(a, path).at, O_RDONLY | O_CLOEXEC);
    *why = SLICE("");
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        *why = arena_printf(a, "%.*s: %s", SLICE_ARG(path), fd < 0 ? strerror(errno) : "not a file");
        if (fd >= 0) close(fd);
        return false;
    }
    size_t len = (size_t)st.st_size;
    void *bytes = len == 0 ? NULL : mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    unzip z = { .arena = a, .into = into, .why = why };
    if (bytes == NULL || bytes == MAP_FAILED) return bad(&z, "it is empty");
    z.bytes = (slice){ bytes, len };
    bool done = unpack(&z);
    munmap(bytes, len);
    return done;
}
#else
bool zip_unpack(arena *a, slice path, slice into, slice *why) {
    (void)a, (void)path, (void)into;
    *why = SLICE("this build of sflint unpacks no archives: it was made without zlib");
    return false;
}
#endif
