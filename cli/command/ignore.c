#include "command/ignore.h"

#include <stdint.h>

#include "base/vec.h"

typedef struct {
    slice glob;            /* without `!` and the slashes at both ends */
    bool takes_back, folders_only, anchored;
} pattern;

struct ignore {
    const ignore *above;
    slice folder;
    VEC(pattern) patterns;
};

/* Trailing spaces do not count unless a backslash stands before them. */
static slice without_end(slice line) {
    if (line.len > 0 && line.at[line.len - 1] == '\r') line.len--;
    while (line.len > 0 && line.at[line.len - 1] == ' ' && !(line.len > 1 && line.at[line.len - 2] == '\\')) line.len--;
    return line;
}

/* git reads three stars and more as two. */
static slice fewer_stars(arena *a, slice glob) {
    if (slice_find_slice(glob, SLICE("***")) == (size_t)-1) return glob;
    char *at = arena_alloc(a, 1, 1, glob.len);
    size_t len = 0, stars = 0;
    for (size_t i = 0; i < glob.len; i++) {
        stars = glob.at[i] == '*' ? stars + 1 : 0;
        if (stars > 2) continue;
        at[len++] = glob.at[i];
        if (glob.at[i] == '\\' && i + 1 < glob.len) at[len++] = glob.at[++i];
    }
    return (slice){ at, len };
}

const ignore *ignore_new(arena *a, const ignore *above, slice folder, slice text) {
    ignore *ig = ARENA_NEW(a, ignore);
    ig->above = above;
    ig->folder = folder;
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_after(text, 3);
    slice line;
    while (slice_cut(&text, '\n', &line)) {
        line = without_end(line);
        if (line.len == 0 || line.at[0] == '#' || line.len > IGNORE_MAX_PATTERN) continue;
        pattern p = { .takes_back = line.at[0] == '!' };
        if (p.takes_back) line = slice_after(line, 1);
        if (line.len > 0 && line.at[line.len - 1] == '/') {
            p.folders_only = true;
            line.len--;
        }
        p.anchored = slice_find(line, '/') < line.len;
        if (line.len > 0 && line.at[0] == '/') line = slice_after(line, 1);
        if (line.len == 0) continue;
        p.glob = fewer_stars(a, line);
        VEC_PUSH(a, &ig->patterns, p);
    }
    return ig->patterns.len == 0 ? above : ig;
}

/* Is c in the class that begins behind `[` at *at? *at goes behind its `]`. A class without an end matches nothing. */
static bool class_has(slice glob, size_t *at, char c) {
    size_t i = *at;
    bool negated = i < glob.len && (glob.at[i] == '!' || glob.at[i] == '^'), found = false;
    if (negated) i++;
    for (size_t first = i; i < glob.len && (glob.at[i] != ']' || i == first); i++) {
        unsigned char low = (unsigned char)glob.at[i];
        if (low == '\\' && i + 1 < glob.len) low = (unsigned char)glob.at[++i];
        unsigned char high = low;
        if (i + 2 < glob.len && glob.at[i + 1] == '-' && glob.at[i + 2] != ']') {
            i += 2;
            high = (unsigned char)glob.at[i];
        }
        if ((unsigned char)c >= low && (unsigned char)c <= high) found = true;
    }
    if (i >= glob.len) {
        *at = glob.len;
        return false;
    }
    *at = i + 1;
    return found != negated && c != '/';
}

/* States of the match are places in the glob, all followed at once: no backtracking, length times length at worst. */
typedef struct {
    bool on[IGNORE_MAX_PATTERN + 2];
} places;

static bool is_deep(slice glob, size_t i) {       /* `**` that fills a path segment */
    return i + 1 < glob.len && glob.at[i] == '*' && glob.at[i + 1] == '*' && (i == 0 || glob.at[i - 1] == '/') &&
           (i + 2 == glob.len || glob.at[i + 2] == '/');
}

/* Puts a place and the places that follow it without a character. at_start: a path segment begins here. */
static void put(places *p, slice glob, size_t i, bool at_start) {
    for (;;) {
        if (p->on[i]) return;
        p->on[i] = true;
        if (i >= glob.len || glob.at[i] != '*') return;
        if (is_deep(glob, i)) {
            if (i + 2 == glob.len) return;         /* the rest: needs a character */
            if (!at_start) return;
            i += 3;                                /* no folder at all */
        } else {
            i += 1;
        }
    }
}

static void step(places *next, slice glob, size_t i, char c) {
    if (i >= glob.len) return;
    char g = glob.at[i];
    if (is_deep(glob, i)) {
        if (i + 2 == glob.len) {
            next->on[i] = true;
            put(next, glob, glob.len, false);
        } else {
            next->on[i] = false;
            put(next, glob, i, c == '/');
        }
    } else if (g == '*') {
        if (c != '/') put(next, glob, i, false);
    } else if (g == '?') {
        if (c != '/') put(next, glob, i + 1, false);
    } else if (g == '[') {
        size_t behind = i + 1;
        if (class_has(glob, &behind, c)) put(next, glob, behind, false);
    } else {
        size_t behind = i + 1;
        if (g == '\\' && behind < glob.len) g = glob.at[behind++];
        if (g == c) put(next, glob, behind, c == '/');
    }
}

bool ignore_glob(slice glob, slice path) {
    if (glob.len > IGNORE_MAX_PATTERN) return false;
    places a, b, *now = &a, *next = &b;
    memset(now, 0, sizeof *now);
    put(now, glob, 0, true);
    for (size_t n = 0; n < path.len; n++) {
        memset(next->on, 0, glob.len + 1);
        for (size_t i = 0; i < glob.len; i++)
            if (now->on[i]) step(next, glob, i, path.at[n]);
        places *swap = now;
        now = next;
        next = swap;
    }
    return now->on[glob.len];
}

static slice last_part(slice path) {
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/') return slice_after(path, i);
    return path;
}

bool ignore_matches(const ignore *ig, slice path, bool is_folder) {
    for (; ig != NULL; ig = ig->above) {
        slice inside = path;
        if (ig->folder.len > 0 && slice_starts(path, ig->folder)) inside = slice_after(path, ig->folder.len);
        while (inside.len > 0 && inside.at[0] == '/') inside = slice_after(inside, 1);
        for (size_t i = ig->patterns.len; i > 0; i--) {
            const pattern *p = &ig->patterns.at[i - 1];
            if (p->folders_only && !is_folder) continue;
            if (ignore_glob(p->glob, p->anchored ? inside : last_part(inside))) return !p->takes_back;
        }
    }
    return false;
}
