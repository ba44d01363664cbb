#include "command/nested.h"

slice nested_plain_path(arena *a, slice path) {
    VEC(slice) parts = { 0 };
    bool absolute = path.len > 0 && path.at[0] == '/';
    slice rest = path, part;
    while (slice_cut(&rest, '/', &part)) {
        if (part.len == 0 || slice_is(part, ".")) continue;
        bool up = slice_is(part, "..");
        if (up && parts.len > 0 && !slice_is(parts.at[parts.len - 1], "..")) parts.len--;
        else if (!up || !absolute) VEC_PUSH(a, &parts, part);
    }
    buf b = { .arena = a };
    for (size_t i = 0; i < parts.len; i++) {
        if (i > 0 || absolute) buf_char(&b, '/');
        buf_slice(&b, parts.at[i]);
    }
    return buf_as_slice(&b);
}

/* The templates (numbers in `made`) that have a path among their nested stacks. */
typedef struct {
    VEC(size_t) list;
} holders;

static void note(arena *a, strmap *by_path, const template *t, size_t number) {
    for (size_t i = 0; i < t->children.len; i++) {
        const template *child = t->children.at[i];
        slice path = nested_plain_path(a, child->path);
        holders *h = strmap_get(by_path, path);
        if (h == NULL) {
            h = ARENA_NEW(a, holders);
            strmap_put(a, by_path, path, h);
        }
        if (h->list.len == 0 || h->list.at[h->list.len - 1] != number) VEC_PUSH(a, &h->list, number);
        note(a, by_path, child, number);     /* nesting has a limit: TEMPLATE_MAX_NESTED_DEPTH */
    }
}

size_t nested_find(arena *a, template *const *made, size_t count, bool *is_nested) {
    strmap by_path = { 0 };
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (made[i] != NULL) note(a, &by_path, made[i], i);
    for (size_t i = 0; i < count; i++) {
        if (made[i] == NULL) continue;
        const holders *h = by_path.len == 0 ? NULL : strmap_get(&by_path, nested_plain_path(a, made[i]->path));
        for (size_t k = 0; h != NULL && k < h->list.len && !is_nested[i]; k++)
            is_nested[i] = h->list.at[k] != i && !is_nested[h->list.at[k]];
        left += !is_nested[i];
    }
    return left;
}
