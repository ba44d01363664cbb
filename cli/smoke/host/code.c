/* How a function of the templates runs here, or why it can't. */
#include "smoke/host/code.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "smoke/host/boot.h"
#include "smoke/host/code_parts.h"
#include "smoke/host/sandbox_parts.h"
#include "smoke/host/zip.h"

#define INLINE_MOST (4u * 1024 * 1024)     /* CloudFormation user guide, AWS::Lambda::Function Code, ZipFile: 4 MiB */
#define ALONE_MOST (50u << 20)             /* Lambda developer guide, "Lambda quotas": a package that is uploaded as it is */
#define ESBUILD_MOST_S 60u
#define MODULES_UP_MOST 8
#define JAVA_CLIENT "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"

typedef struct {
    arena *a;
    world *w;
    sandbox *box;
    const resource *r;
    code_options o;
    local_code code;
    const interpreter *by;
    runnable *f;
    slice handler;               /* as the runtime gets it */
    slices layers;
} preparing;

static void cannot(preparing *p, bool broken, slice why) {
    if (p->f->cannot.len > 0) return;
    p->f->cannot = why;
    p->f->broken = broken;
}

static void note(preparing *p, slice text) {
    if (text.len == 0) return;
    p->f->note = p->f->note.len == 0 ? text : arena_printf(p->a, "%.*s; %.*s", SLICE_ARG(p->f->note), SLICE_ARG(text));
}

/* ---- what Lambda is told about it ---- */

static unsigned number_of(preparing *p, const char *property, long long least, long long most, unsigned otherwise) {
    long long n;
    slice text = world_text(p->w, resource_get(p->a, p->r, slice_from(property)), p->r->exists, NULL);
    return slice_int(text, &n) && n >= least && n <= most ? (unsigned)n : otherwise;
}

/* ---- the code ---- */

/* "code-3": made here, empty. */
static slice folder_new(preparing *p, const char *kind, size_t part) {
    slice folder = arena_printf(p->a, "%.*s/%s-%u-%zu", SLICE_ARG(sandbox_folder(p->box)), kind, p->o.number, part);
    if (mkdir(folder.at, 0755) == 0) return folder;
    cannot(p, false, arena_printf(p->a, "%s: %s", folder.at, strerror(errno)));
    return SLICE("");
}

static void put(preparing *p, slice folder, const char *name, slice text) {
    slice path = arena_printf(p->a, "%.*s/%s", SLICE_ARG(folder), name);
    if (folder.len > 0 && !text_file(p->a, path, text)) cannot(p, false, arena_printf(p->a, "%s: %s", path.at, strerror(errno)));
}

/* Code in the template with references in it is not known from the template, but it is when it runs. */
static void inline_open(preparing *p) {
    const value *text = resource_written(p->a, p->r, SLICE("Code.ZipFile"));
    if (p->code.kind != CODE_UNKNOWN || value_is_absent(text) || (p->code.language != LANGUAGE_PYTHON && p->code.language != LANGUAGE_NODE)) return;
    p->code.kind = CODE_INLINE;
    p->code.text_value = text;
    p->code.text = world_text(p->w, text, p->r->exists, NULL);
    p->code.reason = SLICE("");
}

static void code_inline(preparing *p) {
    bool python = p->code.language == LANGUAGE_PYTHON;
    slice text = world_text(p->w, p->code.text_value, p->r->exists, NULL), folder = folder_new(p, "code", 0);
    if (text.len > INLINE_MOST) cannot(p, true, SLICE("code in the template is longer than the 4 MB that CloudFormation takes"));
    put(p, folder, python ? "index.py" : "index.js", text);
    /* Node looks for a bare name in node_modules. */
    const char *modules = arena_printf(p->a, "%.*s/node_modules", SLICE_ARG(folder)).at;
    if (folder.len > 0 && !python && mkdir(modules, 0755) != 0) cannot(p, false, arena_printf(p->a, "%s: %s", modules, strerror(errno)));
    for (size_t i = 0; i < boot_files_len; i++) {
        slice name = slice_from(boot_files[i].name);
        if (!boot_files[i].runtime && slice_ends(name, python ? SLICE(".py") : SLICE(".js")))
            put(p, python ? folder : slice_from(modules), boot_files[i].name, boot_files[i].text);
    }
    p->f->task_root = folder;
}

/* One file, and nothing that stands beside it. */
static void code_alone(preparing *p) {
    slice path = arena_printf(p->a, "%.*s/%.*s", SLICE_ARG(p->code.path), SLICE_ARG(p->code.alone)), text;
    p->f->task_root = folder_new(p, "code", 0);
    if (!file_text(p->a, path, ALONE_MOST, &text)) cannot(p, true, arena_printf(p->a, "code file can't be read: %.*s", SLICE_ARG(path)));
    else put(p, p->f->task_root, arena_copy(p->a, p->code.alone).at, text);
}

static slice unpacked(preparing *p, slice path, const char *kind, size_t part) {
    slice folder = folder_new(p, kind, part), why;
    if (folder.len > 0 && !zip_unpack(p->a, path, folder, &why)) cannot(p, true, arena_printf(p->a, "%.*s: %.*s", SLICE_ARG(path), SLICE_ARG(why)));
    return folder;
}

static void code_place(preparing *p) {
    const local_code *c = &p->code;
    p->f->task_root = SLICE("");
    if (c->kind == CODE_INLINE) code_inline(p);
    else if (c->kind == CODE_ARCHIVE) p->f->task_root = unpacked(p, c->path, "code", 0);
    else if (c->alone.len > 0) code_alone(p);
    else if (c->kind == CODE_FOLDER) {
        p->f->task_root = p->o.installed.len > 0 ? p->o.installed : real_path(p->a, c->path);
        if (p->f->task_root.len == 0) cannot(p, true, arena_printf(p->a, "code folder not found: %.*s", SLICE_ARG(c->path)));
    }
}

/* Modules of a workspace lie above its packages. Looked for up to the root of the repository. */
static void modules_above(preparing *p) {
    slice folder = p->f->task_root;
    if (p->code.language != LANGUAGE_NODE || p->code.kind != CODE_FOLDER || p->code.builder != CODE_AS_WRITTEN) return;
    for (int up = 0; up < MODULES_UP_MOST; up++) {
        if (access(arena_printf(p->a, "%.*s/.git", SLICE_ARG(folder)).at, F_OK) == 0) return;
        while (folder.len > 0 && folder.at[folder.len - 1] != '/') folder.len--;
        while (folder.len > 0 && folder.at[folder.len - 1] == '/') folder.len--;
        if (folder.len == 0) return;
        p->f->node_modules = real_path(p->a, arena_printf(p->a, "%.*s/node_modules", SLICE_ARG(folder)));
        if (p->f->node_modules.len > 0) return;
    }
}

static void layers_place(preparing *p) {
    for (size_t i = 0; i < p->code.layers_len; i++) {
        const local_layer *l = &p->code.layers[i];
        slice folder = SLICE("");
        if (l->reason.len > 0) note(p, l->reason);
        else if (l->kind == CODE_ARCHIVE) folder = unpacked(p, l->path, "layer", i);
        else if (l->kind == CODE_FOLDER) folder = real_path(p->a, l->path);
        if (folder.len > 0) VEC_PUSH(p->a, &p->layers, folder);
    }
    p->f->layers = p->layers.at;
    p->f->layers_len = p->layers.len;
}

/* ---- the handler ---- */

static slice without_ending(slice file) {
    size_t dot = file.len;
    while (dot > 0 && file.at[dot - 1] != '.' && file.at[dot - 1] != '/') dot--;
    return dot > 0 && file.at[dot - 1] == '.' ? slice_from_to(file, 0, dot - 1) : file;
}

static int major_of(slice version, int *minor) {
    long long n = 0, m = 0;
    size_t dot = slice_find(version, '.');
    (void)slice_int(slice_from_to(version, 0, dot), &n);
    if (dot < version.len) (void)slice_int(slice_after(version, dot + 1), &m);
    *minor = (int)m;
    return (int)n;
}

/* Node.js documentation, "Modules: TypeScript": by itself from 22.18 and 23.6 on. */
static bool strips_types(const preparing *p) {
    slice out;
    const char *argv[] = { arena_copy(p->a, p->by->program).at, "-p", "process.features.typescript ? 1 : 0", NULL };
    int minor, major = major_of(p->by->version, &minor);
    return major >= 22 && program_ask(p->a, argv, NULL, 5, 16, false, &out) && slice_is(slice_trim(out), "1");
}

/* The project's own esbuild, beside the code or above it. */
static slice esbuild_of(preparing *p) {
    slice folder = p->f->task_root;
    for (;;) {
        slice path = arena_printf(p->a, "%.*s/node_modules/.bin/esbuild", SLICE_ARG(folder));
        if (access(path.at, X_OK) == 0) return path;
        while (folder.len > 0 && folder.at[folder.len - 1] != '/') folder.len--;
        while (folder.len > 0 && folder.at[folder.len - 1] == '/') folder.len--;
        if (folder.len == 0) return SLICE("");
    }
}

static void bundle(preparing *p, const handler_place *h) {
    slice program = esbuild_of(p), out, module = without_ending(h->inside);
    if (program.len == 0) {
        cannot(p, false, SLICE("TypeScript, not built: run `sam build` first"));
        return;
    }
    slice folder = folder_new(p, "bundle", 0);
    const char *argv[] = { program.at, arena_copy(p->a, real_path(p->a, h->file)).at, "--bundle", "--platform=node", "--format=cjs", "--log-level=error",
                           arena_printf(p->a, "--outfile=%.*s/%.*s.js", SLICE_ARG(folder), SLICE_ARG(module)).at, NULL };
    if (folder.len > 0 && !program_ask(p->a, argv, arena_copy(p->a, p->f->task_root).at, ESBUILD_MOST_S, 1 << 20, true, &out)) {
        slice line, rest = out;
        while (slice_cut(&rest, '\n', &line) && slice_trim(line).len == 0) {}
        cannot(p, true, arena_printf(p->a, "esbuild failed: %.*s", SLICE_ARG(slice_trim(line))));
    }
    p->f->task_root = folder;
}

static void handler_place_of(preparing *p) {
    handler_place h = local_code_find_handler(p->a, p->r->in, &p->code);
    if (p->code.kind != CODE_FOLDER && p->code.kind != CODE_INLINE) return;
    if (h.state == HANDLER_NO_FILE || h.state == HANDLER_MALFORMED) {
        cannot(p, true, h.why);
        return;
    }
    /* Not in the code, so it is in a layer: handlers of adapters and of monitoring come that way. */
    for (size_t i = 0; h.state == HANDLER_NOT_JUDGED && h.why.len > 0 && i < p->code.layers_len; i++)
        if (p->code.layers[i].reason.len > 0) cannot(p, false, arena_printf(p->a, "%.*s; %.*s", SLICE_ARG(h.why), SLICE_ARG(p->code.layers[i].reason)));
    if (p->f->cannot.len > 0) return;
    if (p->code.language != LANGUAGE_NODE || p->code.kind != CODE_FOLDER || p->code.builder != CODE_AS_WRITTEN) return;
    if (h.state == HANDLER_NOT_JUDGED) {
        if (h.file.len > 0 && real_path(p->a, h.file).len == 0 && p->layers.len == 0)
            cannot(p, false, arena_printf(p->a, "not built: %.*s is not there: run the project's build or `sam build` first", SLICE_ARG(h.file)));
        return;
    }
    /* esbuild's entry may stand elsewhere than its output will. */
    slice inside = without_ending(h.inside);
    p->handler = arena_printf(p->a, "%.*s.%.*s", SLICE_ARG(inside), SLICE_ARG(h.name));
    if (h.typescript && !strips_types(p)) bundle(p, &h);
}

/* ---- the program ---- */

static bool is_there(preparing *p, const char *format, slice folder) {
    char path[4096];
    int len = snprintf(path, sizeof path, format, SLICE_ARG(folder));
    return len > 0 && len < (int)sizeof path && access(path, F_OK) == 0 && p != NULL;
}

static void run_with(preparing *p, const char *const *argv, size_t len) {
    const char **copy = ARENA_ARRAY(p->a, const char *, len + 1);
    for (size_t i = 0; i < len; i++) copy[i] = argv[i];
    p->f->argv = copy;
}

static void run_executable(preparing *p) {
    const char *inside[] = { INSIDE_TASK "/bootstrap", INSIDE_LAYERS "/bootstrap" };
    bool in_task = is_there(p, "%.*s/bootstrap", p->f->task_root), in_layer = false;
    slice path = arena_printf(p->a, "%.*s/bootstrap", SLICE_ARG(p->f->task_root));
    for (size_t i = p->layers.len; i-- > 0 && !in_task && !in_layer;) {
        in_layer = is_there(p, "%.*s/bootstrap", p->layers.at[i]);
        path = arena_printf(p->a, "%.*s/bootstrap", SLICE_ARG(p->layers.at[i]));
    }
    if (!in_task && !in_layer) cannot(p, false, SLICE("no bootstrap in its code: build it first (`sam build`)"));
    else if (access(path.at, X_OK) != 0) cannot(p, true, SLICE("bootstrap can't be executed: chmod +x bootstrap"));
    else run_with(p, &inside[in_task ? 0 : 1], 1);
}

/* The jar of AWS's runtime interface client, in lib/ of the code or of a layer, or its classes. */
static bool has_java_client(preparing *p, slice folder) {
    static const char *const places[] = { "", "/lib", "/java/lib" };
    if (is_there(p, "%.*s/com/amazonaws/services/lambda/runtime/api/client/AWSLambda.class", folder)) return true;
    bool found = false;
    for (size_t i = 0; i < COUNT(places) && !found; i++) {
        DIR *d = opendir(arena_printf(p->a, "%.*s%s", SLICE_ARG(folder), places[i]).at);
        const struct dirent *e;
        while (d != NULL && !found && (e = readdir(d)) != NULL) found = strncmp(e->d_name, "aws-lambda-java-runtime-interface-client", 40) == 0;
        if (d != NULL) closedir(d);
    }
    return found;
}

/* What is said of all Java code; whether it holds is looked at here. */
static slice java_reason(const preparing *p) {
    return p->code.language != LANGUAGE_JAVA ? SLICE("") : arena_printf(p->a, "%.*s needs a built jar and a Java runtime interface client", SLICE_ARG(p->code.runtime));
}

static void run_java(preparing *p) {
    bool found = has_java_client(p, p->f->task_root);
    for (size_t i = 0; i < p->layers.len && !found; i++) found = has_java_client(p, p->layers.at[i]);
    if (!found) {
        cannot(p, false, java_reason(p));
        return;
    }
    const char *argv[] = { arena_copy(p->a, p->by->program).at, arena_printf(p->a, "-Xmx%um", p->f->memory_mb * 8 / 10).at, "-XX:+UseSerialGC",
                           "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", "/var/task:/var/task/*:/var/task/lib/*:/opt/java/lib/*", JAVA_CLIENT,
                           arena_copy(p->a, p->handler).at };
    run_with(p, argv, COUNT(argv));
}

static void run_interpreted(preparing *p) {
    const char *program = arena_copy(p->a, p->by->program).at;
    switch (p->code.language) {
    case LANGUAGE_PYTHON: run_with(p, (const char *[]){ program, "-s", BOOT_PYTHON }, 3); break;
    case LANGUAGE_NODE:    /* Lambda's own bootstrap gives the heap nine tenths */
        run_with(p, (const char *[]){ program, arena_printf(p->a, "--max-old-space-size=%u", p->f->memory_mb * 9 / 10).at, BOOT_NODE }, 3);
        break;
    case LANGUAGE_RUBY: run_with(p, (const char *[]){ program, "-E", "UTF-8", BOOT_RUBY }, 4); break;      /* whether the locale is installed or not */
    case LANGUAGE_JAVA: run_java(p); break;
    default: break;
    }
}

static void interpreter_find(preparing *p) {
    static const struct { code_language language; const char *name; } programs[] = {
        { LANGUAGE_PYTHON, "python3" }, { LANGUAGE_NODE, "node" }, { LANGUAGE_RUBY, "ruby" }, { LANGUAGE_JAVA, "java" },
    };
    for (size_t i = 0; i < COUNT(programs); i++) {
        if (programs[i].language != p->code.language) continue;
        code_cache *cache = p->o.cache == NULL ? code_cache_new(p->a) : p->o.cache;
        p->by = interpreter_of(cache, p->o.search, p->code.language, p->code.runtime);
        if (p->by->program.len == 0) {
            cannot(p, false, arena_printf(p->a, "no `%s` on PATH: %.*s can't run here", programs[i].name, SLICE_ARG(p->code.runtime)));
            return;
        }
        slice wanted = runtime_version(p->code.runtime);
        if (wanted.len > 0 && p->by->version.len > 0 && !slice_eq(wanted, p->by->version))
            note(p, arena_printf(p->a, "%.*s is wanted, %.*s runs", SLICE_ARG(p->code.runtime), SLICE_ARG(p->by->version)));
        p->f->visible = p->by->visible;
        p->f->visible_len = p->by->visible_len;
    }
}

/* ---- all of it ---- */

/* A folder of this name is made by a build, so that it is not there yet is no fault. */
static bool is_output(slice path) {
    static const char *const names[] = { "dist", "build", "target", "out", "output", "publish", "artifacts", ".build", ".webpack", "lambda-dist" };
    slice part;
    while (slice_cut(&path, '/', &part))
        for (size_t i = 0; i < COUNT(names); i++)
            if (slice_is(part, names[i])) return true;
    return false;
}

static void dependencies_set(preparing *p) {
    slices names = { 0 };
    dependencies_of(p->a, &p->code, p->f->task_root, &names);
    for (size_t i = 0; i < p->code.layers_len; i++)
        if (p->code.layers[i].reason.len > 0) {          /* it may hold anything */
            VEC_PUSH(p->a, &names, SLICE("*"));
            break;
        }
    p->f->dependencies = names.at;
    p->f->dependencies_len = names.len;
    p->f->outside_dependencies = names.len > 0;
}

runnable *code_prepare(arena *a, world *w, sandbox *s, const node *function, code_options o) {
    runnable *f = ARENA_NEW(a, runnable);
    preparing p = { .a = a, .w = w, .box = s, .r = function->resource, .o = o, .f = f };
    *f = (runnable){ .id = function->id, .name = function->id, .arn = SLICE(""), .runtime = SLICE(""), .handler = SLICE(""), .task_root = SLICE(""),
                     .cannot = SLICE(""), .note = SLICE(""), .node_modules = SLICE(""), .memory_mb = 128, .tmp_mb = 512, .timeout_s = 3 };
    if (p.r == NULL) {
        cannot(&p, false, SLICE("it is not in the templates"));
        return f;
    }
    p.code = local_code_of(a, p.r);
    inline_open(&p);
    p.handler = f->handler = p.code.handler;
    f->runtime = p.code.runtime;
    f->name = world_name(w, p.r);
    f->arn = world_arn(w, p.r);
    f->timeout_s = number_of(&p, "Timeout", 1, 900, 3);
    f->memory_mb = number_of(&p, "MemorySize", 128, 10240, 128);
    f->tmp_mb = number_of(&p, "EphemeralStorage.Size", 512, 10240, 512);
    if (p.code.reason.len > 0 && !slice_eq(p.code.reason, java_reason(&p))) {
        cannot(&p, p.code.kind == CODE_FOLDER && p.code.exists == NO && !is_output(p.code.path), p.code.reason);
        return f;
    }
    interpreter_find(&p);
    if (f->cannot.len == 0) code_place(&p);
    if (f->cannot.len == 0) modules_above(&p);
    if (f->cannot.len == 0) layers_place(&p);
    if (f->cannot.len == 0) handler_place_of(&p);
    if (!value_is_absent(resource_written(a, p.r, SLICE("DurableConfig")))) cannot(&p, false, SLICE("a durable function (DurableConfig): durable executions are not run here"));
    if (f->cannot.len > 0) return f;
    if (p.code.language == LANGUAGE_EXECUTABLE) run_executable(&p);
    else run_interpreted(&p);
    dependencies_set(&p);
    environment_of e = { .function = p.r, .code = &p.code, .by = p.by, .name = f->name, .handler = p.handler, .memory_mb = f->memory_mb, .number = o.number,
                         .env_file = o.env_file };
    f->environment_len = environment_make(a, w, &e, &f->environment);
    return f;
}

slice code_told(arena *a, const runnable *f, slice text) {
    static const slice inside = SLICE_INIT(INSIDE_TASK);
    slice here = real_path(a, SLICE(".")), folder = f->task_root;
    bool made = slice_find_slice(folder, SLICE("/sflint-")) != (size_t)-1 &&
                (slice_find_slice(folder, SLICE("/code-")) != (size_t)-1 || slice_find_slice(folder, SLICE("/bundle-")) != (size_t)-1);
    if (folder.len == 0 || made) return text;      /* made for the run: gone with it */
    if (here.len > 1 && slice_eq(folder, here)) folder = SLICE(".");
    else if (here.len > 1 && slice_starts(folder, here) && folder.at[here.len] == '/') folder = slice_after(folder, here.len + 1);
    buf b = { .arena = a };
    for (size_t at; (at = slice_find_slice(text, inside)) != (size_t)-1; text = slice_after(text, at + inside.len)) {
        bool whole = at + inside.len == text.len || strchr("/\":) \n'", text.at[at + inside.len]) != NULL;
        buf_slice(&b, slice_from_to(text, 0, at));
        buf_slice(&b, whole ? folder : inside);
    }
    buf_slice(&b, text);
    return buf_as_slice(&b);
}
