/* The JSON parsing test suite: y_ must be read, n_ refused with a place, i_ may be either and must not crash. Each file is read by the
 * JSON reader itself and, as a .json file, by the reader of files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance.h"
#include "doc/doc.h"

#define FILE_MOST 4000000u

static bool read_file(const char *folder, const char *name, arena *a, slice *out) {
    slice path = arena_printf(a, "%s/%s", folder, name);
    FILE *f = fopen(path.at, "rb");
    if (f == NULL) return false;
    char *bytes = ARENA_ARRAY(a, char, FILE_MOST);
    *out = (slice){ bytes, fread(bytes, 1, FILE_MOST, f) };
    fclose(f);
    return true;
}

static bool has_place(const diags *d) {
    for (size_t i = 0; i < d->list.len; i++)
        if (d->list.at[i].at.line > 0 && d->list.at[i].at.column > 0 && d->list.at[i].message.len > 0) return true;
    return false;
}

/* NULL when the file was treated right, else what was wrong. */
static const char *judge(char kind, const doc_node *n, const diags *d) {
    if (n == NULL && !has_place(d)) return "refused without line and column";
    if (kind == 'y' && (n == NULL || d->list.len > 0)) return "should be read";
    if (kind == 'n' && n != NULL) return "should be refused";
    return NULL;
}

static const char *judge_file(const char *folder, const char *name) {
    arena *a = arena_make(0, NULL);
    slice text;
    const char *wrong = "cannot be opened";
    if (read_file(folder, name, a, &text)) {
        diags alone = { .arena = a }, file = { .arena = a };
        /* the suite lets equal keys in one object pass; a template must not have them */
        bool equal_keys = strncmp(name, "y_object_duplicated_key", 23) == 0;
        const doc_node *n = doc_parse_json(a, text, (pos){ 0, 1, 1 }, &alone);
        if (equal_keys && n != NULL && alone.list.len > 0) alone.list.len = 0;
        wrong = judge(name[0], n, &alone);
        bool braces = text.len > 0 && (text.at[0] == '{' || text.at[0] == '[');
        if (wrong == NULL && braces) {
            n = doc_parse(a, text, slice_from(name), 0, &file);
            if (equal_keys && n != NULL && file.list.len > 0) file.list.len = 0;
            wrong = judge(name[0], n, &file);
        }
    }
    arena_free(a);
    return wrong;
}

int conformance_json(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL) {
        printf("%s: no such folder\n", path);
        return 1;
    }
    unsigned passed = 0, failed = 0;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        char kind = e->d_name[0];
        if ((kind != 'y' && kind != 'n' && kind != 'i') || e->d_name[1] != '_') continue;
        const char *wrong = judge_file(path, e->d_name);
        if (wrong == NULL) {
            passed++;
        } else {
            failed++;
            printf("%s: %s\n", e->d_name, wrong);
        }
    }
    closedir(folder);
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
