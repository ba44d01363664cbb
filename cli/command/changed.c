#include "command/changed.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/path.h"
#include "command/settings.h"

extern char **environ;

#define OUTPUT_MOST ((size_t)64 * 1024 * 1024)     /* bytes of names that git may print */

/* ---- git ---- */

typedef enum { GIT_GOOD, GIT_REFUSED, GIT_MISSING } git_end;

static bool read_all(arena *a, int fd, slice *out) {
    buf b = { .arena = a };
    char piece[16384];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || b.bytes.len > OUTPUT_MOST) break;
        buf_slice(&b, (slice){ piece, (size_t)got });
    }
    *out = buf_as_slice(&b);
    return b.bytes.len <= OUTPUT_MOST;
}

/* Runs `git ARGUMENTS...` (NULL ends them), without a shell; *out is what it printed. What it complains of is ours to say. */
static git_end git(arena *a, const char *const *arguments, slice *out) {
    VEC(char *) argv = { 0 };
    posix_spawn_file_actions_t actions;
    int pipe_ends[2], status = 0;
    pid_t child;
    *out = SLICE("");
    /* A repository's own configuration must not start programs. */
    static const char *const head[] = { "git", "-c", "core.fsmonitor=false" };
    for (size_t i = 0; i < COUNT(head); i++) VEC_PUSH(a, &argv, (char *)(uintptr_t)head[i]);
    for (; *arguments != NULL; arguments++) VEC_PUSH(a, &argv, (char *)(uintptr_t)*arguments);
    VEC_PUSH(a, &argv, NULL);
    if (pipe(pipe_ends) != 0) return GIT_MISSING;
    (void)fcntl(pipe_ends[0], F_SETFD, FD_CLOEXEC);
    if (posix_spawn_file_actions_init(&actions) != 0) return GIT_MISSING;
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    if (pipe_ends[1] != STDOUT_FILENO) posix_spawn_file_actions_addclose(&actions, pipe_ends[1]);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&child, "git", &actions, NULL, argv.at, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    bool whole = error == 0 && read_all(a, pipe_ends[0], out);
    close(pipe_ends[0]);
    if (error != 0) return GIT_MISSING;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return GIT_MISSING;
    return whole && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? GIT_GOOD : GIT_REFUSED;
}

static slice line_of(slice out) {
    slice line = SLICE("");
    slice_cut(&out, '\n', &line);
    return line;
}

void changed_paths(arena *a, slice names, slice top, strmap *paths) {
    slice name;
    while (slice_cut(&names, '\0', &name))
        if (name.len > 0) strmap_put(a, paths, path_whole(a, top, name), paths);
}

/* ---- what is changed ---- */

static slice wanted_ref(const run *r) {
    const char *ref = invocation_text(r->in, OPTION_CHANGED);
    return ref == NULL || *ref == '\0' ? SLICE("") : slice_from(ref);
}

slice changed_since(const run *r) {
    slice ref = wanted_ref(r);
    return ref.len == 0 ? SLICE("since HEAD") : arena_printf(r->arena, "since %.*s", SLICE_ARG(ref));
}

/* The commit to compare with: HEAD, or where REF and HEAD have parted. "" in a repository without commits. */
static bool find_base(run *r, slice *base) {
    arena *a = r->arena;
    slice ref = wanted_ref(r), out;
    *base = SLICE("");
    bool born = git(a, (const char *const[]){ "rev-parse", "--verify", "--quiet", "HEAD^{commit}", NULL }, &out) == GIT_GOOD;
    if (ref.len == 0) {
        if (born) *base = arena_copy(a, line_of(out));
        return true;
    }
    const char *commit = arena_printf(a, "%.*s^{commit}", SLICE_ARG(ref)).at;
    if (ref.at[0] == '-' || git(a, (const char *const[]){ "rev-parse", "--verify", "--quiet", commit, NULL }, &out) != GIT_GOOD) {
        command_usage(r->in, "--changed: git knows no commit %.*s here", SLICE_ARG(ref));
        return false;
    }
    const char *other = arena_copy(a, line_of(out)).at;
    if (!born || git(a, (const char *const[]){ "merge-base", other, "HEAD", NULL }, &out) != GIT_GOOD) {
        command_usage(r->in, "--changed: %.*s and HEAD have no commit in common here; in a shallow clone, fetch more of the history", SLICE_ARG(ref));
        return false;
    }
    *base = arena_copy(a, line_of(out));
    return true;
}

static bool find_changed(run *r, strmap *paths) {
    arena *a = r->arena;
    slice top, out, base;
    git_end end = git(a, (const char *const[]){ "rev-parse", "--show-toplevel", NULL }, &top);
    if (end == GIT_MISSING) {
        command_usage(r->in, "--changed needs git, and it cannot be started");
        return false;
    }
    if (end != GIT_GOOD) {
        command_usage(r->in, "--changed: this folder is in no git repository");
        return false;
    }
    /* A folder's name may end in anything but the line's end. */
    if (top.len > 0 && top.at[top.len - 1] == '\n') top.len--;
    if (!find_base(r, &base)) return false;
    if (base.len > 0)
        end = git(a, (const char *const[]){ "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative", "--ignore-submodules=all", base.at, "--", NULL }, &out);
    else
        end = git(a, (const char *const[]){ "ls-files", "-z", "--cached", "--full-name", ":/", NULL }, &out);
    if (end == GIT_GOOD) {
        changed_paths(a, out, top, paths);
        end = git(a, (const char *const[]){ "ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/", NULL }, &out);
    }
    if (end != GIT_GOOD) {
        command_usage(r->in, "--changed: git could not say what is changed");
        return false;
    }
    changed_paths(a, out, top, paths);
    return true;
}

/* ---- which templates read what is changed ---- */

/* Reading a template, watched: does it ask for a changed file? */
typedef struct {
    const run *run;
    const strmap *changed;
    slice here;
    bool found;
} watch;

static bool is_changed(const watch *w, arena *a, slice path) {
    slice whole = path_whole(a, w->here, path);
    return strmap_has(w->changed, whole) || strmap_has(w->changed, path_real(a, whole));
}

static bool watched_read(void *self, arena *a, slice path, slice *text, slice *why) {
    watch *w = self;
    /* One that was taken away is changed too. */
    if (is_changed(w, a, path)) w->found = true;
    return w->run->options.read_file(w->run->options.read_file_self, a, path, text, why);
}

/* Without one of these words a template reads no other file. */
static bool may_read_others(slice text) {
    static const slice words[] = { SLICE_INIT("TemplateURL"), SLICE_INIT("Location"), SLICE_INIT("Uri") };
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_find_slice(text, words[i]) != (size_t)-1) return true;
    return false;
}

static bool reads_changed(watch *w, uint32_t i, arena *scratch) {
    const run *r = w->run;
    slice path = r->inputs.list.at[i].path, text, why;
    diags said = { .arena = scratch };
    template_options o = *settings_options(r, i);
    templates set = { .options = &o };
    w->found = false;
    if (slice_is(path, "-") || !r->options.read_file(r->options.read_file_self, scratch, path, &text, &why) || !may_read_others(text)) return false;
    const doc_node *doc = doc_parse(scratch, text, path, i, &said);
    if (doc == NULL || template_detect(doc, path) == NULL) return false;
    o.read_file = watched_read;
    o.read_file_self = w;
    set.files.at = r->set.files.at;
    set.files.len = set.files.cap = r->set.files.len;
    template_read(&set, scratch, path, i, text, doc, SLICE(""), &said);
    return w->found;
}

bool changed_take(run *r, size_t *left) {
    strmap paths = { 0 };
    const settings *s = r->settings;
    *left = r->inputs.list.len;
    if (!invocation_has(r->in, OPTION_CHANGED)) return true;
    if (!find_changed(r, &paths)) return false;
    arena *scratch = arena_make(0, command_out_of_memory);
    watch w = { .run = r, .changed = &paths, .here = path_real(r->arena, SLICE(".")) };
    *left = 0;
    for (size_t i = 0; i < r->inputs.list.len; i++) {
        input *in = &r->inputs.list.at[i];
        arena_mark mark = arena_mark_take(scratch);
        if (in->refused) continue;
        bool stays = paths.len > 0 && !slice_is(in->path, "-") && is_changed(&w, scratch, in->path);
        /* Another configuration judges otherwise. */
        if (!stays && paths.len > 0 && s->inputs != NULL && s->inputs[i].config != NULL)
            stays = is_changed(&w, scratch, r->set.files.at[s->inputs[i].config->file]);
        if (!stays && paths.len > 0) stays = reads_changed(&w, (uint32_t)i, scratch);
        in->refused = !stays;
        *left += stays;
        arena_mark_return(scratch, mark);
    }
    arena_free(scratch);
    return true;
}
