/* Programs that run a language: found on PATH, behind the shims of version managers, with the folders that they need. */
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "smoke/host/code_parts.h"
#include "smoke/host/sandbox_parts.h"

#define ASK_MOST_S 5u
#define SHIM_DEPTH_MOST 2      /* a shim that names a shim */

/* ---- small things about files ---- */

bool file_text(arena *a, slice path, size_t most, slice *out) {
    struct stat st;
    int fd = open(arena_copy(a, path).at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *out = SLICE("");
    if (fd < 0) return false;
    bool fits = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uintmax_t)st.st_size <= most;
    char *text = fits ? arena_raw(a, 1, 1, (size_t)st.st_size + 1) : NULL;
    size_t len = 0;
    while (text != NULL && len < (size_t)st.st_size) {
        ssize_t got = read(fd, text + len, (size_t)st.st_size - len);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        len += (size_t)got;
    }
    close(fd);
    if (text == NULL) return false;
    text[len] = '\0';
    *out = (slice){ text, len };
    return true;
}

bool text_file(arena *a, slice path, slice text) {
    int fd = open(arena_copy(a, path).at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return false;
    while (text.len > 0) {
        ssize_t put = write(fd, text.at, text.len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) break;
        text = slice_after(text, (size_t)put);
    }
    return close(fd) == 0 && text.len == 0;
}

slice real_path(arena *a, slice path) {
    char *real = realpath(arena_copy(a, path).at, NULL);
    slice s = real == NULL ? SLICE("") : arena_copy(a, slice_from(real));
    free(real);
    return s;
}

static slice folder_above(slice path) {
    while (path.len > 0 && path.at[path.len - 1] != '/') path.len--;
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    return path;
}

static slice base_name(slice path) {
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '/') from--;
    return slice_after(path, from);
}

/* ---- asking ---- */

bool program_ask(arena *a, const char *const *argv, const char *folder, unsigned seconds, size_t most, bool errors, slice *out) {
    int ends[2], status = 0;
    buf text = { .arena = a };
    *out = SLICE("");
    if (pipe(ends) != 0) return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t pid = fork();
    if (pid == 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        setsid();
        for (int sig = 1; sig < 32; sig++)
            if (sig != SIGKILL && sig != SIGSTOP) signal(sig, SIG_DFL);
        if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(ends[1], 1) < 0 || dup2(errors ? ends[1] : nothing, 2) < 0) _exit(127);
        close_all_but(-1);
        if (folder != NULL && chdir(folder) != 0) _exit(127);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    int64_t until = sandbox_now_us() + (int64_t)seconds * 1000000;
    bool late = false;
    while (pid > 0) {
        char room[4096];
        struct pollfd p = { ends[0], POLLIN, 0 };
        int64_t left = until - sandbox_now_us();
        int ready = left <= 0 ? 0 : poll(&p, 1, (int)(left / 1000 + 1));
        if (ready < 0 && errno == EINTR) continue;
        late = ready <= 0;
        if (late) break;
        ssize_t got = read(ends[0], room, sizeof room);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (text.bytes.len + (size_t)got <= most) buf_slice(&text, (slice){ room, (size_t)got });
    }
    close(ends[0]);
    if (pid < 0) return false;
    if (late) kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    kill(-pid, SIGKILL);
    *out = buf_as_slice(&text);
    return !late && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the languages ---- */

typedef struct {
    code_language language;
    const char *name;                /* of the program, and what a real one's name begins with */
    bool versioned;                  /* python3.12 */
    const char *where[4];            /* asks a shim where the real one is */
    const char *version[3];          /* asks for the version when the path does not tell */
    const char *chosen, *chosen_in;  /* pyenv and its likes: the variable and the file that choose a version */
} family;

static const family families[] = {
    { LANGUAGE_PYTHON, "python3", true, { "-c", "import sys; print(sys.executable)" }, { "-c", "import sys; print('%d.%d' % sys.version_info[:2])" },
      "PYENV_VERSION", ".python-version" },
    { LANGUAGE_NODE, "node", false, { "-p", "process.execPath" }, { "-p", "process.versions.node" }, "NODENV_VERSION", ".node-version" },
    { LANGUAGE_RUBY, "ruby", false, { "-e", "puts RbConfig.ruby" }, { "-e", "puts RUBY_VERSION" }, "RBENV_VERSION", ".ruby-version" },
    { LANGUAGE_JAVA, "java", false, { NULL }, { NULL }, NULL, NULL },
};

static slice leading_version(slice text, int parts) {
    size_t len = 0;
    for (int dots = 0; len < text.len; len++) {
        if (text.at[len] == '.' && ++dots >= parts) break;
        if (text.at[len] != '.' && (text.at[len] < '0' || text.at[len] > '9')) break;
    }
    while (len > 0 && text.at[len - 1] == '.') len--;
    return slice_from_to(text, 0, len);
}

static int version_parts(code_language l) { return l == LANGUAGE_NODE || l == LANGUAGE_JAVA ? 1 : 2; }

slice runtime_version(slice runtime) {
    size_t from = 0;
    while (from < runtime.len && (runtime.at[from] < '0' || runtime.at[from] > '9')) from++;
    return leading_version(slice_after(runtime, from), version_parts(code_language_of(runtime)));
}

static bool is_program(arena *a, slice path) {
    struct stat st;
    const char *at = arena_copy(a, path).at;
    return stat(at, &st) == 0 && S_ISREG(st.st_mode) && access(at, X_OK) == 0;
}

/* A machine's program, not a script: ELF, Mach-O. */
static bool is_binary(arena *a, slice path) {
    static const unsigned char heads[][4] = {
        { 0x7f, 'E', 'L', 'F' }, { 0xcf, 0xfa, 0xed, 0xfe }, { 0xce, 0xfa, 0xed, 0xfe }, { 0xca, 0xfe, 0xba, 0xbe },
    };
    unsigned char head[4] = { 0 };
    int fd = open(arena_copy(a, path).at, O_RDONLY | O_CLOEXEC);
    bool found = fd >= 0 && read(fd, head, sizeof head) == (ssize_t)sizeof head;
    if (fd >= 0) close(fd);
    for (size_t i = 0; i < COUNT(heads); i++)
        if (found && memcmp(head, heads[i], sizeof head) == 0) return true;
    return false;
}

/* ---- pyenv, rbenv, nodenv ---- */

/* The versions that are chosen here: by the variable, by a file in this folder or above it, for all. */
static slice chosen_versions(arena *a, const family *f, slice root) {
    char here[PATH_MAX];
    slice text;
    const char *by = getenv(f->chosen);
    if (by != NULL && by[0] != '\0') return slice_from(by);
    slice folder = getcwd(here, sizeof here) == NULL ? SLICE("") : slice_from(here);
    while (folder.len > 0) {
        if (file_text(a, arena_printf(a, "%.*s/%s", SLICE_ARG(folder), f->chosen_in), 4096, &text)) return text;
        if (folder.len == 1) break;
        folder = folder_above(folder);
    }
    return file_text(a, arena_printf(a, "%.*s/version", SLICE_ARG(root)), 4096, &text) ? text : SLICE("");
}

/* Where its shim would lead, without the time that the shim takes. YES with *out; NO: the shim would refuse; UNKNOWN: it has to be asked. */
static tri behind_shim(arena *a, const family *f, slice found, slice *out) {
    slice folder = folder_above(found), root = folder_above(folder);
    if (f->chosen == NULL || !slice_is(base_name(folder), "shims") || real_path(a, arena_printf(a, "%.*s/versions", SLICE_ARG(root))).len == 0) return UNKNOWN;
    slice versions = chosen_versions(a, f, root), line;
    size_t seen = 0;
    while (slice_cut(&versions, '\n', &line)) {
        slice part;
        while (slice_cut(&line, ':', &part)) {
            part = slice_trim(part);
            if (part.len == 0 || part.at[0] == '#') continue;
            seen++;
            if (slice_is(part, "system") || slice_find(part, '/') < part.len) return UNKNOWN;
            slice prefix = arena_printf(a, "%.*s/versions/%.*s", SLICE_ARG(root), SLICE_ARG(part));
            *out = arena_printf(a, "%.*s/bin/%.*s", SLICE_ARG(prefix), SLICE_ARG(base_name(found)));
            if (is_program(a, *out)) return YES;
            if (real_path(a, prefix).len == 0) return UNKNOWN;
        }
    }
    return seen > 0 ? NO : UNKNOWN;
}

/* The real program behind what stands on PATH; "" for none. `found` may be a link into a virtual environment, a shim that is a script, or one that is a
 * binary of another name (mise, volta). */
static slice behind(arena *a, const family *f, slice found, int depth) {
    slice real = real_path(a, found), out;
    if (real.len == 0) return SLICE("");
    size_t letters = strlen(f->language == LANGUAGE_PYTHON ? "python" : f->name);
    slice base = base_name(real);
    if (is_binary(a, real) && base.len >= letters && memcmp(base.at, f->name, letters) == 0 && slice_find_slice(base, SLICE("shim")) == (size_t)-1) return found;
    if (depth >= SHIM_DEPTH_MOST || f->where[0] == NULL) return SLICE("");
    tri known = behind_shim(a, f, found, &out);
    if (known != UNKNOWN) return known == YES ? behind(a, f, out, depth + 1) : SLICE("");
    const char *argv[] = { arena_copy(a, found).at, f->where[0], f->where[1], NULL };
    if (!program_ask(a, argv, NULL, ASK_MOST_S, PATH_MAX, false, &out)) return SLICE("");
    slice named = slice_trim(out);
    return named.len > 0 && named.at[0] == '/' && is_program(a, named) ? behind(a, f, named, depth + 1) : SLICE("");
}

/* ---- version ---- */

/* From where it lies: ".../bin/python3.11", ".../node/v20.20.2/bin/node", ".../java-17-openjdk/bin/java"; from its headers (node). */
static slice version_from(arena *a, const family *f, slice real) {
    slice base = base_name(real), prefix = folder_above(folder_above(real)), text;
    size_t letters = strlen(f->language == LANGUAGE_PYTHON ? "python" : f->name);
    slice v = base.len > letters ? leading_version(slice_after(base, letters), version_parts(f->language)) : SLICE("");
    if (v.len > 0 && (f->language != LANGUAGE_PYTHON || slice_find(v, '.') < v.len)) return v;
    if (f->language == LANGUAGE_NODE && file_text(a, arena_printf(a, "%.*s/include/node/node_version.h", SLICE_ARG(prefix)), 1 << 20, &text)) {
        static const slice line = SLICE_INIT("#define NODE_MAJOR_VERSION ");
        size_t at = slice_find_slice(text, line);
        if (at != (size_t)-1) return leading_version(slice_after(text, at + line.len), 1);
    }
    slice folder = base_name(prefix);
    for (size_t i = 0; f->language != LANGUAGE_PYTHON && i + 1 < folder.len; i++)
        if ((folder.at[i] == 'v' || folder.at[i] == '-') && folder.at[i + 1] >= '0' && folder.at[i + 1] <= '9')
            return leading_version(slice_after(folder, i + 1), version_parts(f->language));
    return SLICE("");
}

static slice version_of(arena *a, const family *f, slice program) {
    slice out, v = version_from(a, f, real_path(a, program));
    if (v.len > 0 || f->version[0] == NULL) return v;
    const char *argv[] = { arena_copy(a, program).at, f->version[0], f->version[1], NULL };
    return program_ask(a, argv, NULL, ASK_MOST_S, 100, false, &out) ? leading_version(slice_trim(out), version_parts(f->language)) : SLICE("");
}

/* ---- what it needs to see ---- */

static void show(interpreter *i, slice folder) {
    if (folder.len < 2 || slice_is(folder, "/usr") || slice_starts(folder, SLICE("/usr/"))) return;
    for (size_t k = 0; k < i->visible_len; k++)
        if (slice_eq(i->visible[k], folder)) return;
    if (i->visible_len < COUNT(i->visible)) i->visible[i->visible_len++] = folder;
}

/* Its prefix; of package managers that link between prefixes, their root. */
static void show_prefix(arena *a, interpreter *i, slice program) {
    static const slice roots[] = { SLICE_INIT("/nix/store"), SLICE_INIT("/gnu/store"), SLICE_INIT("/home/linuxbrew/.linuxbrew"), SLICE_INIT("/snap"),
                                   SLICE_INIT("/opt/homebrew") };
    slice real = real_path(a, program);
    for (size_t k = 0; k < COUNT(roots); k++)
        if (slice_starts(real, roots[k])) {
            show(i, roots[k]);
            return;
        }
    show(i, folder_above(folder_above(real)));
}

/* A virtual environment is run by the link in it; the program it was made from has to be seen too. */
static void show_environment(arena *a, interpreter *i, slice program) {
    slice prefix = folder_above(folder_above(program)), text;
    if (!file_text(a, arena_printf(a, "%.*s/pyvenv.cfg", SLICE_ARG(prefix)), 65536, &text)) {
        i->program = real_path(a, program);
        return;
    }
    i->program = program;
    show(i, prefix);
}

/* ---- finding ---- */

static bool find(arena *a, const family *f, slice search, slice name, slice wanted, interpreter *out) {
    slice rest = search, folder;
    while (slice_cut(&rest, ':', &folder)) {
        slice path = arena_printf(a, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(name));
        if (folder.len == 0 || folder.at[0] != '/' || !is_program(a, path)) continue;
        slice program = behind(a, f, path, 0);
        if (program.len == 0) continue;
        interpreter i = { .program = program, .version = version_of(a, f, program) };
        if (wanted.len > 0 && !slice_eq(i.version, wanted)) continue;
        show_environment(a, &i, program);
        show_prefix(a, &i, program);
        *out = i;
        return true;
    }
    return false;
}

code_cache *code_cache_new(arena *a) {
    code_cache *c = ARENA_NEW(a, code_cache);
    c->arena = a;
    return c;
}

const interpreter *interpreter_of(code_cache *c, slice search, code_language language, slice runtime) {
    interpreter *i = strmap_get(&c->interpreters, runtime);
    if (i != NULL) return i;
    i = ARENA_NEW(c->arena, interpreter);
    i->program = i->version = SLICE("");
    strmap_put(c->arena, &c->interpreters, arena_copy(c->arena, runtime), i);
    for (size_t k = 0; k < COUNT(families); k++) {
        const family *f = &families[k];
        slice wanted = runtime_version(runtime);
        if (f->language != language) continue;
        if (f->versioned && wanted.len > 0 && find(c->arena, f, search, arena_printf(c->arena, "python%.*s", SLICE_ARG(wanted)), wanted, i)) break;
        if (find(c->arena, f, search, slice_from(f->name), SLICE(""), i)) break;
    }
    return i;
}
