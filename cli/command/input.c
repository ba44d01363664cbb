/* realpath is of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700
#include "command/input.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/strmap.h"
#include "command/config_file.h"
#include "command/file.h"
#include "command/ignore.h"

struct input_finder {
    arena *arena;
    inputs *in;
    diags *d;
    strmap seen;           /* device and inode -> anything */
    bool full;
};

/* Endings that a template may have; a file without an ending may be one too. */
static const char endings[] = "yaml yml json template cfn cform cf cft stack";

/* Folders of built, fetched or foreign things, by name. (cdk.out is not among them: it holds templates.) */
static const char skipped_folders[] =
    ".git .hg .svn node_modules bower_components vendor .venv venv __pycache__ site-packages .tox .nox .mypy_cache .pytest_cache "
    ".aws-sam .serverless .terraform .gradle .idea .vscode .cache .yarn";

static bool among(const char *words, slice word) {
    slice rest = slice_from(words), w;
    while (slice_cut(&rest, ' ', &w))
        if (slice_same_letters(w, word)) return true;
    return false;
}

/* Where the ending begins (at its dot), or name.len. */
static size_t ending_of(slice name) {
    for (size_t i = name.len; i > 0 && name.at[i - 1] != '/'; i--)
        if (name.at[i - 1] == '.') return i - 1;
    return name.len;
}

bool input_has_ending(slice path) { return ending_of(path) < path.len; }

static bool may_be_template(slice name) {
    size_t dot = ending_of(name);
    if (dot == 0 || slice_is(name, CONFIG_NAME)) return false;         /* .env, .eslintrc */
    return dot == name.len || among(endings, slice_after(name, dot + 1));
}

input_finder *input_finder_new(arena *a, inputs *in, diags *d) {
    input_finder *f = ARENA_NEW(a, input_finder);
    f->arena = in->arena = a;
    f->in = in;
    f->d = d;
    return f;
}

static uint32_t add(input_finder *f, slice path, size_t size, bool walked) {
    VEC_PUSH(f->arena, &f->in->list, (input){ path, (uint32_t)f->in->operands.len - 1, size, walked, false });
    return (uint32_t)f->in->list.len - 1;
}

/* A file that is met again is not added again; but once named, it is a named one. */
static void add_once(input_finder *f, slice path, const struct stat *st, bool walked) {
    slice key = arena_printf(f->arena, "%llx:%llx", (unsigned long long)st->st_dev, (unsigned long long)st->st_ino);
    const uint32_t *before = strmap_get(&f->seen, key);
    if (before != NULL) {
        if (!walked) f->in->list.at[*before].walked = false;
        f->in->operands.at[f->in->operands.len - 1].met_before = true;
        return;
    }
    uint32_t *index = ARENA_NEW(f->arena, uint32_t);
    *index = add(f, path, st->st_size < 0 ? 0 : (size_t)st->st_size, walked);
    strmap_put(f->arena, &f->seen, key, index);
}

static void refuse(input_finder *f, slice path, slice why) {
    uint32_t file = add(f, path, 0, false);
    f->in->list.at[file].refused = true;
    diag_add(f->d, (pos){ file, 0, 0 }, "%.*s", SLICE_ARG(why));
}

static int by_name(const void *x, const void *y) { return slice_order(*(const slice *)x, *(const slice *)y); }

static slice joined(arena *a, slice folder, slice name) {
    if (folder.len == 0) return name;
    slice parts[] = { folder, SLICE("/"), name };
    return slice_ends(folder, SLICE("/")) ? arena_concat(a, (slice[]){ folder, name }, 2) : arena_concat(a, parts, COUNT(parts));
}

/* One folder: `shown` is how its files are called ("" for the current one), `real` its whole path, by which .gitignore files are judged. */
static void walk(input_finder *f, slice shown, slice real, const ignore *above, unsigned depth) {
    const char *name = shown.len == 0 ? "." : arena_copy(f->arena, shown).at;
    DIR *dir = opendir(name);
    if (dir == NULL) {
        refuse(f, shown.len == 0 ? SLICE(".") : shown, SLICE("this folder cannot be read"));
        return;
    }
    VEC(slice) names = { 0 };
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            VEC_PUSH(f->arena, &names, arena_copy(f->arena, slice_from(e->d_name)));
    closedir(dir);
    if (names.len > 1) qsort(names.at, names.len, sizeof *names.at, by_name);

    slice text, why, ignore_path = joined(f->arena, shown, SLICE(".gitignore"));
    const ignore *ig = above;
    for (size_t i = 0; depth > 1 && i < names.len; i++)
        if (slice_is(names.at[i], CONFIG_NAME) || slice_is(names.at[i], CONFIG_NOT_NAME) || slice_is(names.at[i], ".git")) f->in->own_settings = true;
    for (size_t i = 0; i < names.len; i++)
        if (slice_is(names.at[i], ".gitignore") && file_read(f->arena, ignore_path, &text, &why)) ig = ignore_new(f->arena, above, real, text);

    for (size_t i = 0; i < names.len && !f->full; i++) {
        slice path = joined(f->arena, shown, names.at[i]), real_path = joined(f->arena, real, names.at[i]);
        struct stat st;
        if (lstat(path.at, &st) != 0) continue;
        if (S_ISDIR(st.st_mode)) {
            if (among(skipped_folders, names.at[i]) || ignore_matches(ig, real_path, true)) continue;
            if (depth >= INPUT_MAX_DEPTH)
                refuse(f, path, arena_printf(f->arena, "more than %u folders inside one another: name this one to have it searched", INPUT_MAX_DEPTH));
            else walk(f, path, real_path, ig, depth + 1);
            continue;
        }
        /* Links are not followed: they lead to what is met elsewhere, or out of the folder that was named. */
        if (!S_ISREG(st.st_mode) || !may_be_template(names.at[i]) || ignore_matches(ig, real_path, false)) continue;
        if (f->in->list.len >= INPUT_MAX_FILES) {
            f->full = true;
            refuse(f, path, arena_printf(f->arena, "more than %u files: this one and those behind it are not read; name fewer folders", INPUT_MAX_FILES));
            return;
        }
        add_once(f, path, &st, true);
    }
}

/* The .gitignore files above a folder, down from the top of its repository; none when it lies in no repository. */
static const ignore *ignored_above(input_finder *f, slice real) {
    arena *a = f->arena;
    VEC(slice) folders = { 0 };
    struct stat st;
    bool repository = lstat(joined(a, real, SLICE(".git")).at, &st) == 0;
    for (size_t i = real.len; i > 0 && !repository; i--) {
        if (real.at[i - 1] != '/') continue;
        slice folder = arena_copy(a, slice_from_to(real, 0, i > 1 ? i - 1 : 1));
        if (folder.len == real.len) continue;
        VEC_PUSH(a, &folders, folder);
        repository = lstat(joined(a, folder, SLICE(".git")).at, &st) == 0;
    }
    const ignore *ig = NULL;
    slice text, why;
    for (size_t i = folders.len; repository && i > 0; i--) {
        slice folder = folders.at[i - 1];
        if (file_read(a, joined(a, folder, SLICE(".gitignore")), &text, &why)) ig = ignore_new(a, ig, folder, text);
    }
    return ig;
}

void input_add(input_finder *f, slice operand) {
    slice path = operand;
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    VEC_PUSH(f->arena, &f->in->operands, (input_operand){ operand, false, false });
    if (slice_is(operand, "-")) {
        if (strmap_has(&f->seen, operand)) return;
        strmap_put(f->arena, &f->seen, operand, f);
        add(f, operand, 0, false);
        return;
    }
    struct stat st;
    const char *name = arena_copy(f->arena, path).at;
    if (operand.len == 0 || stat(name, &st) != 0) {
        add(f, operand, 0, false);                        /* reading it says why */
        return;
    }
    if (!S_ISDIR(st.st_mode)) {
        if (S_ISREG(st.st_mode)) add_once(f, path, &st, false);
        else add(f, path, 0, false);
        return;
    }
    f->in->operands.at[f->in->operands.len - 1].folder = true;
    char *real = realpath(name, NULL);
    slice whole = real == NULL ? path : arena_copy(f->arena, slice_from(real));
    free(real);
    while (slice_starts(path, SLICE("./"))) {
        path = slice_after(path, 2);
        while (path.len > 0 && path.at[0] == '/') path = slice_after(path, 1);
    }
    walk(f, slice_is(path, ".") ? (slice){ "", 0 } : path, whole, ignored_above(f, whole), 1);
}

bool input_looks_like_template(slice text) {
    if (slice_find_slice(text, SLICE("AWSTemplateFormatVersion")) != (size_t)-1) return true;
    return slice_find_slice(text, SLICE("AWS::")) != (size_t)-1 && slice_find_slice(text, SLICE("Resources")) != (size_t)-1 &&
           slice_find_slice(text, SLICE("Type")) != (size_t)-1;
}
