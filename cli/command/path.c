/* realpath is of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700
#include "command/path.h"

#include <stdlib.h>

#include "base/buf.h"
#include "command/nested.h"

slice path_folder(slice path) {
    size_t end = path.len;
    while (end > 0 && path.at[end - 1] != '/') end--;
    return end == 0 ? SLICE(".") : end == 1 ? SLICE("/") : slice_from_to(path, 0, end - 1);
}

slice path_real(arena *a, slice path) {
    char *real = realpath(arena_copy(a, path).at, NULL);
    slice copy = real == NULL ? path : arena_copy(a, slice_from(real));
    free(real);
    return copy;
}

slice path_whole(arena *a, slice here, slice path) {
    if (!slice_starts(path, SLICE("/"))) path = arena_concat(a, (slice[]){ here, SLICE("/"), path }, 3);
    slice plain = nested_plain_path(a, path);
    return plain.len == 0 ? SLICE("/") : plain;
}

slice path_called_from(arena *a, slice folder, slice path) {
    slice in = folder, to = path;
    size_t same = 0;
    for (size_t i = 0; i <= in.len && i <= to.len; i++) {
        bool in_ends = i == in.len || in.at[i] == '/', to_ends = i == to.len || to.at[i] == '/';
        if (in_ends && to_ends) same = i;
        if (i == in.len || i == to.len || in.at[i] != to.at[i]) break;
    }
    buf out = { .arena = a };
    slice up = slice_after(in, same), rest = slice_after(to, same), part;
    while (slice_cut(&up, '/', &part))
        if (part.len > 0) buf_text(&out, "../");
    while (rest.len > 0 && rest.at[0] == '/') rest = slice_after(rest, 1);
    buf_slice(&out, rest);
    return buf_as_slice(&out);
}

bool path_is_in(slice folder, slice path) {
    if (slice_is(folder, "/")) return true;
    return slice_starts(path, folder) && (path.len == folder.len || path.at[folder.len] == '/');
}
