/* Where the runtime would look for the handler's file. Lambda developer guide, "Define Lambda function handler in ..."; the runtime
 * interface clients of AWS for Python, Node.js and Ruby. */
#include "service/local_parts.h"

typedef struct {
    arena *a;
    const template *t;
    const local_code *c;
    handler_place found;
} search;

static slice shown(const search *s, slice inside) { return local_joined(s->a, s->c->path, inside); }

/* Is the file there? The first that was asked for is the one to tell of. */
static bool try_file(search *s, slice folder, slice inside) {
    slice path = local_joined(s->a, folder, inside);
    if (s->found.file.len == 0) {
        s->found.file = path;
        s->found.inside = inside;
    }
    bool packaged = s->c->alone.len == 0 || !slice_eq(folder, s->c->path) || slice_eq(inside, s->c->alone);
    if (!packaged || local_look(s->a, s->t, path).kind != PATH_FILE) return false;
    s->found.file = path;
    s->found.inside = inside;
    s->found.state = HANDLER_FOUND;
    return true;
}

static slice with(const search *s, slice module, const char *ending) { return arena_concat(s->a, (slice[]){ module, slice_from(ending) }, 2); }

static bool try_endings(search *s, slice folder, slice module, const char *const *endings, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (try_file(s, folder, with(s, module, endings[i]))) return true;
    return false;
}

static bool has_folder(const search *s, slice inside) { return local_look(s->a, s->t, shown(s, inside)).kind == PATH_FOLDER; }
static bool has_file(const search *s, slice inside) { return local_look(s->a, s->t, shown(s, inside)).kind == PATH_FILE; }

static handler_place malformed(search *s, const char *why) {
    s->found.state = HANDLER_MALFORMED;
    s->found.why = arena_printf(s->a, "bad handler \"%.*s\": %s", SLICE_ARG(s->c->handler), why);
    return s->found;
}

static size_t last_of(slice text, char c) {
    size_t i = text.len;
    while (i > 0 && text.at[i - 1] != c) i--;
    return i;
}

/* ---- each language ---- */

/* In /opt, which is on the module path of every runtime. */
static bool try_layers(search *s, slice module, const char *const *endings, size_t endings_len, const char *const *folders, size_t folders_len) {
    for (size_t i = 0; i < s->c->layers_len; i++) {
        const local_layer *l = &s->c->layers[i];
        if (l->kind != CODE_FOLDER) continue;
        for (size_t k = 0; k < folders_len; k++)
            if (try_endings(s, local_joined(s->a, l->path, slice_from(folders[k])), module, endings, endings_len)) return true;
        if (!l->built && l->build_method.len > 0 && try_endings(s, l->path, module, endings, endings_len)) return true;
    }
    return false;
}

static void find_python(search *s) {
    static const char *const endings[] = { ".py", "/__init__.py" }, *const folders[] = { "python" };
    slice handler = s->c->handler;
    size_t dot = last_of(handler, '.');
    char *module = arena_alloc(s->a, 1, 1, handler.len + 1);
    for (size_t i = 0; i + 1 < dot; i++) module[i] = handler.at[i] == '.' ? '/' : handler.at[i];
    slice name = { module, dot == 0 ? 0 : dot - 1 };
    s->found.name = slice_after(handler, dot);
    if (dot < 2 || s->found.name.len == 0) {
        (void)malformed(s, "Python wants MODULE.FUNCTION");
        return;
    }
    if (try_endings(s, s->c->path, name, endings, COUNT(endings))) return;
    (void)try_layers(s, name, endings, COUNT(endings), folders, COUNT(folders));
}

/* Files that become the handler's file when the project is built. */
static bool entry_point(search *s, slice module) {
    slice stem = slice_after(module, last_of(module, '/'));
    for (size_t i = 0; i < s->c->entry_points_len; i++) {
        slice point = s->c->entry_points[i], file = slice_after(point, last_of(point, '/'));
        if (slice_starts(point, SLICE("./"))) point = slice_after(point, 2);
        if (slice_eq(slice_from_to(file, 0, slice_find(file, '.')), stem) && try_file(s, s->c->source, point)) return true;
    }
    return false;
}

static void find_node(search *s) {
    static const char *const endings[] = { ".js", ".mjs", ".cjs", "", "/index.js" };
    static const char *const sources[] = { ".ts", ".mts", ".cts", ".tsx", ".jsx" }, *const folders[] = { "nodejs", "nodejs/node_modules" };
    slice handler = s->c->handler;
    size_t base = last_of(handler, '/'), dot = base;
    if (slice_find_slice(handler, SLICE("..")) != (size_t)-1) {
        (void)malformed(s, "Node.js takes no `..` in it");
        return;
    }
    while (dot < handler.len && handler.at[dot] != '.') dot++;
    if (dot == handler.len || dot == base || dot + 1 == handler.len) {
        (void)malformed(s, "Node.js wants FILE.FUNCTION");
        return;
    }
    slice module = slice_from_to(handler, 0, dot);
    s->found.name = slice_after(handler, dot + 1);
    if (slice_starts(module, SLICE("./"))) module = slice_after(module, 2);
    if (slice_starts(module, SLICE("/"))) {      /* /opt/...: in a layer */
        s->found.file = s->found.inside = module;
        return;
    }
    bool bundled = slice_is(s->c->build_method, "esbuild") && s->c->builder == CODE_AS_WRITTEN;
    if (try_endings(s, s->c->path, module, endings, COUNT(endings))) return;
    if (bundled && (try_endings(s, s->c->path, module, sources, COUNT(sources)) || entry_point(s, module))) return;
    (void)try_layers(s, module, endings, COUNT(endings), folders, COUNT(folders));
}

static void find_ruby(search *s) {
    static const char *const endings[] = { ".rb" }, *const folders[] = { "ruby/lib" };
    slice handler = s->c->handler;
    size_t base = last_of(handler, '/'), dot = base;
    while (dot < handler.len && handler.at[dot] != '.') dot++;
    if (dot == handler.len || dot == base || dot + 1 == handler.len) {
        (void)malformed(s, "Ruby wants FILE.METHOD or FILE.CLASS.METHOD");
        return;
    }
    slice module = slice_from_to(handler, 0, dot);
    s->found.name = slice_after(handler, dot + 1);
    if (try_endings(s, s->c->path, module, endings, COUNT(endings))) return;
    (void)try_layers(s, module, endings, COUNT(endings), folders, COUNT(folders));
}

static void find_executable(search *s) {
    s->found.name = s->c->handler;
    if (try_file(s, s->c->path, SLICE("bootstrap"))) return;
    for (size_t i = 0; i < s->c->layers_len; i++)
        if (s->c->layers[i].kind == CODE_FOLDER && try_file(s, s->c->layers[i].path, SLICE("bootstrap"))) return;
}

/* ---- what is not there, and may be all the same ---- */

/* A layer whose content is not on this machine may hold it: extensions that wrap handlers come that way. */
static bool in_a_layer(const search *s) {
    for (size_t i = 0; i < s->c->layers_len; i++)
        if (s->c->layers[i].kind != CODE_FOLDER || s->c->layers[i].exists != YES || s->c->layers[i].reason.len > 0) return true;
    return slice_starts(s->found.inside, SLICE("/"));
}

/* A module of an installed package. */
static bool in_a_package(const search *s, slice module) {
    slice top = slice_from_to(module, 0, slice_find(module, '/'));
    if (s->c->language != LANGUAGE_PYTHON) return slice_starts(module, SLICE("node_modules/"));
    return (has_file(s, SLICE("requirements.txt")) || has_file(s, SLICE("pyproject.toml"))) && !has_folder(s, top) && slice_find(module, '/') < module.len;
}

/* A file that the project's own build makes (tsc, webpack): the source stands beside it, or its folder is not there yet. */
static bool made_by_a_build(search *s, slice module) {
    static const char *const sources[] = { ".ts", ".mts", ".cts", ".tsx", ".jsx", ".coffee" };
    for (size_t i = 0; i < COUNT(sources); i++)
        if (has_file(s, with(s, module, sources[i]))) return true;
    size_t folder = last_of(module, '/');
    bool there = folder == 0 || has_folder(s, slice_from_to(module, 0, folder - 1));
    return has_file(s, SLICE("tsconfig.json")) || (!there && has_file(s, SLICE("package.json"))) || slice_is(s->c->build_method, "esbuild");
}

static slice module_of(slice inside) {
    size_t dot = last_of(inside, '.');
    return dot == 0 ? inside : slice_from_to(inside, 0, dot - 1);
}

static void judge_missing(search *s) {
    slice module = module_of(s->found.inside), file = s->found.file;
    s->found.state = HANDLER_NOT_JUDGED;
    s->found.why = SLICE("");
    if (s->c->language == LANGUAGE_EXECUTABLE || local_needs_building(s->c)) return;
    if (s->c->language != LANGUAGE_RUBY && in_a_package(s, module)) return;
    if (s->c->language == LANGUAGE_NODE && made_by_a_build(s, module)) return;
    s->found.why = arena_printf(s->a, "handler module not found: %.*s", SLICE_ARG(file));
    if (!in_a_layer(s)) s->found.state = HANDLER_NO_FILE;
}

/* ---- the name in it ---- */

static slice first_name(const search *s) { return slice_from_to(s->found.name, 0, slice_find(s->found.name, '.')); }

static void judge_name(search *s, tri has) {
    if (has != NO) return;
    slice first = first_name(s);
    s->found.state = HANDLER_NO_NAME;
    s->found.why = arena_printf(s->a, "handler not found: %.*s %s no %.*s", SLICE_ARG(s->found.file),
                                s->c->language == LANGUAGE_NODE ? "exports" : "has", SLICE_ARG(first));
}

static void look_into(search *s) {
    const template_options *o = s->t->set->options;
    slice text, why;
    if (o->read_file == NULL || local_look(s->a, s->t, s->found.file).bytes > HANDLER_MAX_BYTES) return;
    arena_mark mark = arena_mark_take(s->a);
    tri has = UNKNOWN;
    if (o->read_file(o->read_file_self, s->a, s->found.file, &text, &why)) has = handler_has_name(s->c->language, text, first_name(s));
    arena_mark_return(s->a, mark);
    judge_name(s, has);
}

static bool is_typescript(slice file) {
    return slice_ends(file, SLICE(".ts")) || slice_ends(file, SLICE(".mts")) || slice_ends(file, SLICE(".cts")) || slice_ends(file, SLICE(".tsx"));
}

/* The name of a file where the code should stand: another tool puts the text in its place (rain: !Rain::Embed handler.py). */
static bool stands_for_a_file(slice text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == ' ' || text.at[i] == '\n' || text.at[i] == '(' || text.at[i] == '=') return false;
    return text.len > 0;
}

/* Code in the template is written to index.py or index.js. */
static void find_inline(search *s) {
    slice file = s->c->language == LANGUAGE_PYTHON ? SLICE("index.py") : SLICE("index.js");
    slice handler = s->c->handler;
    if ((s->c->language != LANGUAGE_PYTHON && s->c->language != LANGUAGE_NODE) || stands_for_a_file(s->c->text)) return;
    if (!slice_starts(handler, SLICE("index.")) || handler.len == 6) {
        s->found.file = s->found.inside = s->c->language == LANGUAGE_PYTHON ? with(s, slice_from_to(handler, 0, slice_find(handler, '.')), ".py")
                                                                            : with(s, slice_from_to(handler, 0, slice_find(handler, '.')), ".js");
        s->found.state = HANDLER_NO_FILE;
        s->found.why = arena_printf(s->a, "handler module not found: code in the template is %.*s", SLICE_ARG(file));
        return;
    }
    s->found.state = HANDLER_FOUND;
    s->found.file = s->found.inside = file;
    s->found.name = slice_after(handler, 6);
    judge_name(s, handler_has_name(s->c->language, s->c->text, first_name(s)));
}

/* A folder of this name is made by a build, so that it is not there yet is no fault. */
static bool made_later(slice path) {
    static const char *const names[] = { "dist", "build", "target", "out", "output", "publish", "artifacts", "bin", "obj", "lib", "pkg", "generated", "node_modules", "vendor",
                                         "package", "packaged", "lambda-dist", "bundle", "release" };
    slice part;
    while (slice_cut(&path, '/', &part)) {
        if (part.len > 1 && part.at[0] == '.' && !slice_is(part, "..")) return true;
        for (size_t i = 0; i < COUNT(names); i++)
            if (slice_same_letters(part, slice_from(names[i]))) return true;
    }
    return false;
}

/* The folder that CodeUri names is not there. That is sure where the folder around it is, and it is no template's own: "src/handlers" in "src". A
 * template without any of its code beside it says nothing. */
static void find_no_folder(search *s) {
    slice written = s->c->written;
    while (slice_starts(written, SLICE("./"))) written = slice_after(written, 2);
    while (written.len > 0 && written.at[written.len - 1] == '/') written.len--;
    size_t name = last_of(written, '/'), folder = last_of(s->c->path, '/');
    if (name == 0 || folder < 2 || s->c->builder != CODE_AS_WRITTEN || slice_starts(written, SLICE("..")) || made_later(written) || local_needs_building(s->c)) return;
    if (local_look(s->a, s->t, s->c->path).kind != PATH_NOTHING || local_look(s->a, s->t, slice_from_to(s->c->path, 0, folder - 1)).kind != PATH_FOLDER) return;
    s->found.file = s->c->path;
    s->found.state = HANDLER_NO_FILE;
    s->found.why = arena_printf(s->a, "code folder not found: %.*s", SLICE_ARG(s->c->path));
}

handler_place local_code_find_handler(arena *a, const template *t, const local_code *c) {
    search s = { .a = a, .t = t, .c = c };
    s.found = (handler_place){ .state = HANDLER_NOT_JUDGED, .file = SLICE(""), .inside = SLICE(""), .name = SLICE(""), .why = SLICE("") };
    if (c->handler.len == 0) return s.found;
    if (c->kind == CODE_INLINE) {
        find_inline(&s);
        return s.found;
    }
    if (c->kind != CODE_FOLDER || !local_can_look(t)) return s.found;
    if (local_look(a, t, c->path).kind != PATH_FOLDER) {
        find_no_folder(&s);
        return s.found;
    }
    switch (c->language) {
    case LANGUAGE_PYTHON: find_python(&s); break;
    case LANGUAGE_NODE: find_node(&s); break;
    case LANGUAGE_RUBY: find_ruby(&s); break;
    case LANGUAGE_EXECUTABLE: find_executable(&s); break;
    default: return s.found;
    }
    if (s.found.state == HANDLER_MALFORMED) return s.found;
    if (s.found.state != HANDLER_FOUND) {
        judge_missing(&s);
        return s.found;
    }
    s.found.typescript = is_typescript(s.found.file);
    if (c->language == LANGUAGE_PYTHON || c->language == LANGUAGE_NODE) look_into(&s);
    return s.found;
}
