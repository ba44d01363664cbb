/* host/zip.h: archives are unpacked as they are, and never outside their folder. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "smoke/host/zip.h"

#ifdef SFLINT_SMOKE
#include <zlib.h>

typedef struct {
    const char *name, *text;
    unsigned mode;
    bool deflated;
    uint32_t size;               /* what is claimed; 0 = the truth */
    uint32_t crc_off;            /* added to the checksum */
    unsigned flags, method;      /* method 0 = by `deflated` */
} file;

static void u16(buf *b, unsigned n) {
    buf_char(b, (char)(n & 0xff));
    buf_char(b, (char)(n >> 8 & 0xff));
}

static void u32(buf *b, uint32_t n) {
    u16(b, n & 0xffff);
    u16(b, n >> 16);
}

static slice packed_of(arena *a, const file *f) {
    slice text = slice_from(f->text);
    if (!f->deflated) return text;
    z_stream s = { 0 };
    size_t room = text.len + 1024;
    char *out = ARENA_ARRAY(a, char, room);
    deflateInit2(&s, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    s.next_in = (Bytef *)(uintptr_t)text.at;
    s.avail_in = (uInt)text.len;
    s.next_out = (Bytef *)out;
    s.avail_out = (uInt)room;
    deflate(&s, Z_FINISH);
    deflateEnd(&s);
    return (slice){ out, room - s.avail_out };
}

static slice archive(arena *a, const file *files, size_t len, const char *comment) {
    buf b = { .arena = a }, d = { .arena = a };
    for (size_t i = 0; i < len; i++) {
        const file *f = &files[i];
        slice packed = packed_of(a, f), name = slice_from(f->name);
        uint32_t at = (uint32_t)b.bytes.len, crc = (uint32_t)crc32(0, (const Bytef *)f->text, (uInt)strlen(f->text)) + f->crc_off;
        uint32_t size = f->size > 0 ? f->size : (uint32_t)strlen(f->text);
        unsigned method = f->method > 0 ? f->method : f->deflated ? 8 : 0;
        u32(&b, 0x04034b50), u16(&b, 20), u16(&b, f->flags), u16(&b, method), u32(&b, 0), u32(&b, crc), u32(&b, (uint32_t)packed.len), u32(&b, size);
        u16(&b, (unsigned)name.len), u16(&b, 0), buf_slice(&b, name), buf_slice(&b, packed);
        u32(&d, 0x02014b50), u16(&d, 3u << 8 | 20), u16(&d, 20), u16(&d, f->flags), u16(&d, method), u32(&d, 0), u32(&d, crc), u32(&d, (uint32_t)packed.len);
        u32(&d, size), u16(&d, (unsigned)name.len), u16(&d, 0), u16(&d, 0), u16(&d, 0), u16(&d, 0), u32(&d, (f->mode == 0 ? 0100644u : f->mode) << 16), u32(&d, at);
        buf_slice(&d, name);
    }
    uint32_t at = (uint32_t)b.bytes.len;
    buf_slice(&b, buf_as_slice(&d));
    u32(&b, 0x06054b50), u16(&b, 0), u16(&b, 0), u16(&b, (unsigned)len), u16(&b, (unsigned)len), u32(&b, (uint32_t)d.bytes.len), u32(&b, at);
    u16(&b, (unsigned)strlen(comment)), buf_text(&b, comment);
    return buf_as_slice(&b);
}

typedef struct {
    arena *arena;
    slice folder, path, into, why;
} place;

static place place_new(void) {
    place p = { .arena = arena_make(0, NULL) };
    char name[] = "/tmp/sflint-zip-XXXXXX";
    if (mkdtemp(name) == NULL) fail_msg("%s: %s", name, strerror(errno));
    p.folder = arena_copy(p.arena, slice_from(name));
    p.path = arena_printf(p.arena, "%s/code.zip", name);
    p.into = arena_printf(p.arena, "%s/into", name);
    mkdir(p.into.at, 0755);
    return p;
}

static void empty(const char *path) {
    DIR *d = opendir(path);
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        char below[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (unlink(below) != 0) empty(below);
    }
    if (d != NULL) closedir(d);
    rmdir(path);
}

static void place_end(place *p) {
    empty(p->folder.at);
    arena_free(p->arena);
}

static bool unpack(place *p, slice bytes) {
    FILE *f = fopen(p->path.at, "wb");
    if (f == NULL || fwrite(bytes.at, 1, bytes.len, f) != bytes.len) fail_msg("%s", p->path.at);
    fclose(f);
    return zip_unpack(p->arena, p->path, p->into, &p->why);
}

static const char *text_at(place *p, const char *name) {
    char room[4096];
    FILE *f = fopen(arena_printf(p->arena, "%s/%s", p->into.at, name).at, "rb");
    if (f == NULL) return "absent";
    size_t got = fread(room, 1, sizeof room, f);
    fclose(f);
    return arena_copy(p->arena, (slice){ room, got }).at;
}

static void files_folders_modes_and_links_come_out(void **state) {
    (void)state;
    place p = place_new();
    static const file files[] = {
        { .name = "app.py", .text = "print(1)\n" },
        { .name = "deep/er/long.txt", .text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", .deflated = true },
        { .name = "bootstrap", .text = "#!/bin/sh\n", .mode = 0100755, .deflated = true },
        { .name = "empty/", .text = "", .mode = 040755 },
        { .name = "nothing", .text = "" },
        { .name = "none", .text = "", .deflated = true },
        { .name = "deep/link", .text = "../app.py", .mode = 0120777 },
        { .name = "deep/packed", .text = "er/long.txt", .mode = 0120777, .deflated = true },
    };
    if (!unpack(&p, archive(p.arena, files, COUNT(files), "with a comment"))) fail_msg("%.*s", SLICE_ARG(p.why));
    for (size_t i = 0; i < 6; i++)
        if (files[i].mode != 040755) assert_string_equal(text_at(&p, files[i].name), files[i].text);
    assert_string_equal(text_at(&p, "deep/link"), "print(1)\n");
    assert_string_equal(text_at(&p, "deep/packed"), files[1].text);
    struct stat st;
    assert_int_equal(stat(arena_printf(p.arena, "%s/bootstrap", p.into.at).at, &st), 0);
    assert_true(st.st_mode & 0100);
    assert_int_equal(stat(arena_printf(p.arena, "%s/app.py", p.into.at).at, &st), 0);
    assert_false(st.st_mode & 0111);
    assert_int_equal(stat(arena_printf(p.arena, "%s/empty", p.into.at).at, &st), 0);
    place_end(&p);
}

static void what_leads_out_is_refused(void **state) {
    (void)state;
    static const struct { file files[2]; const char *why; } rows[] = {
        { { { .name = "../out", .text = "x" } }, "a name in it leads out of it: ../out" },
        { { { .name = "a/../../out", .text = "x" } }, "a name in it leads out of it: a/../../out" },
        { { { .name = "/tmp/out", .text = "x" } }, "a name in it leads out of it: /tmp/out" },
        { { { .name = "..\\out", .text = "x" } }, "a name in it leads out of it: ..\\out" },
        { { { .name = "link", .text = "/etc/passwd", .mode = 0120777 } }, "a symbolic link in it leads out of it: link" },
        { { { .name = "a/link", .text = "../../out", .mode = 0120777 } }, "a symbolic link in it leads out of it: a/link" },
        { { { .name = "a/link", .text = "../../out", .mode = 0120777, .deflated = true } }, "a symbolic link in it leads out of it: a/link" },
        { { { .name = "a/b/up", .text = "../..", .mode = 0120777 }, { .name = "a/b/up/x", .text = "y", .mode = 0120777 } },
          "not a zip archive that can be read: a symbolic link in it stands below another" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        place p = place_new();
        if (unpack(&p, archive(p.arena, rows[i].files, rows[i].files[1].name == NULL ? 1 : 2, ""))) fail_msg("row %zu was unpacked", i);
        if (!slice_is(p.why, rows[i].why)) fail_msg("row %zu: %.*s", i, SLICE_ARG(p.why));
        assert_int_not_equal(access(arena_printf(p.arena, "%s/out", p.folder.at).at, F_OK), 0);
        place_end(&p);
    }
}

/* A link made before a file of its name's folder: the file must not follow it. */
static void a_file_below_a_link_does_not_follow_it(void **state) {
    (void)state;
    place p = place_new();
    static const file files[] = { { .name = "d", .text = "nowhere", .mode = 0120777 }, { .name = "d/f", .text = "x" } };
    assert_false(unpack(&p, archive(p.arena, files, 2, "")));
    place_end(&p);
}

static void damage_is_told(void **state) {
    (void)state;
    static const struct { file f; const char *why; } rows[] = {
        { { .name = "a", .text = "abc", .crc_off = 1 }, "a file in it is damaged" },
        { { .name = "a", .text = "abcabcabc", .deflated = true, .crc_off = 1 }, "a file in it is damaged" },
        { { .name = "a", .text = "abcabcabc", .deflated = true, .size = 4 }, "a file in it is damaged" },
        { { .name = "a", .text = "abc", .size = 400000000 }, "more than the 250 MB that Lambda takes unzipped" },
        { { .name = "a", .text = "abc", .flags = 1 }, "it is encrypted" },
        { { .name = "a", .text = "abc", .method = 12 }, "neither stored nor deflated" },
        { { .name = "a", .text = "not deflated", .method = 8 }, "a file in it is damaged" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        place p = place_new();
        if (unpack(&p, archive(p.arena, &rows[i].f, 1, ""))) fail_msg("row %zu was unpacked", i);
        if (slice_find_slice(p.why, slice_from(rows[i].why)) == (size_t)-1) fail_msg("row %zu: %.*s", i, SLICE_ARG(p.why));
        place_end(&p);
    }
}

/* Every byte of a small archive changed, and the archive cut at every byte: no crash, and nothing written outside. */
static void no_byte_of_an_archive_can_hurt(void **state) {
    (void)state;
    static const file files[] = { { .name = "d/a", .text = "abcabcabcabc", .deflated = true }, { .name = "b", .text = "xyz" }, { .name = "l", .text = "b", .mode = 0120777 } };
    arena *a = arena_make(0, NULL);
    slice good = archive(a, files, COUNT(files), "");
    for (size_t i = 0; i < good.len * 2; i++) {
        place p = place_new();
        char *bytes = (char *)arena_copy(p.arena, good).at;
        if (i < good.len) bytes[i] = (char)(bytes[i] ^ 0x55);
        bool done = unpack(&p, (slice){ bytes, i < good.len ? good.len : i - good.len });
        if (!done && p.why.len == 0) fail_msg("byte %zu: refused without a word", i);
        if (done && i >= good.len) fail_msg("cut at %zu: unpacked", i - good.len);
        place_end(&p);
    }
    arena_free(a);
}

static void a_file_that_is_not_there_is_told(void **state) {
    (void)state;
    place p = place_new();
    assert_false(zip_unpack(p.arena, SLICE("/no/such.zip"), p.into, &p.why));
    assert_true(slice_is(p.why, "/no/such.zip: No such file or directory"));
    assert_false(unpack(&p, SLICE("")));
    assert_false(unpack(&p, SLICE("this is a text and no archive at all")));
    place_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_folders_modes_and_links_come_out),
        cmocka_unit_test(what_leads_out_is_refused),
        cmocka_unit_test(a_file_below_a_link_does_not_follow_it),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(no_byte_of_an_archive_can_hurt),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void) {
    puts("zip: skipped, this build has no zlib");
    return 0;
}
#endif
