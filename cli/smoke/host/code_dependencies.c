/* What a project lists as its dependencies, and --install. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "smoke/host/code_parts.h"

#define MANIFEST_MOST (1u << 20)
#define INSTALL_MOST_S 600u
#define SEARCH_MOST_S 20u

/* Distributions whose module has another name. */
static const struct { const char *distribution, *module; } other_names[] = {
    { "pyyaml", "yaml" }, { "pillow", "PIL" }, { "beautifulsoup4", "bs4" }, { "opencv_python", "cv2" }, { "opencv_python_headless", "cv2" },
    { "scikit_learn", "sklearn" }, { "psycopg2_binary", "psycopg2" }, { "psycopg_binary", "psycopg" }, { "pyjwt", "jwt" }, { "python_jose", "jose" },
    { "protobuf", "google" }, { "python_dateutil", "dateutil" }, { "pymysql", "pymysql" }, { "mysql_connector_python", "mysql" }, { "attrs", "attr" },
    { "pycryptodome", "Crypto" }, { "python_dotenv", "dotenv" }, { "sentry_sdk", "sentry_sdk" }, { "pyopenssl", "OpenSSL" }, { "pyserial", "serial" },
    { "aws_lambda_powertools", "aws_lambda_powertools" }, { "stripe", "stripe" }, { "redis", "redis" }, { "google_cloud_storage", "google" },
};

/* The runtimes bring the SDK (Lambda developer guide, "Runtime-included SDK versions"): that it is not here is no fault of the project. Node.js has
 * version 2 of the JavaScript SDK up to nodejs16.x and version 3 from nodejs18.x on. `from`, `to`: major versions; 0 = any. */
static const struct { code_language language; const char *module; int from, to; } brought[] = {
    { LANGUAGE_PYTHON, "boto3", 0, 0 },       { LANGUAGE_PYTHON, "botocore", 0, 0 },  { LANGUAGE_PYTHON, "s3transfer", 0, 0 },
    { LANGUAGE_PYTHON, "jmespath", 0, 0 },    { LANGUAGE_PYTHON, "dateutil", 0, 0 },  { LANGUAGE_PYTHON, "urllib3", 0, 0 },
    { LANGUAGE_PYTHON, "six", 0, 0 },         { LANGUAGE_NODE, "@aws-sdk/*", 18, 0 }, { LANGUAGE_NODE, "@smithy/*", 18, 0 },
    { LANGUAGE_NODE, "aws-sdk", 0, 16 },      { LANGUAGE_RUBY, "aws-sdk*", 0, 0 },
    { LANGUAGE_PYTHON, "aws_durable_execution_sdk_python", 0, 0 }, { LANGUAGE_NODE, "@aws/durable-execution-sdk-js", 22, 0 },
};

/* "nodejs22.x" -> 22; 0 when it says none. */
static int major_of_runtime(slice runtime) {
    size_t at = 0;
    int n = 0;
    while (at < runtime.len && !(runtime.at[at] >= '0' && runtime.at[at] <= '9')) at++;
    for (; at < runtime.len && runtime.at[at] >= '0' && runtime.at[at] <= '9' && n < 1000; at++) n = n * 10 + (runtime.at[at] - '0');
    return n;
}

static void add(arena *a, slices *out, slice name) {
    for (size_t i = 0; i < out->len; i++)
        if (slice_eq(out->at[i], name)) return;
    if (name.len > 0) VEC_PUSH(a, out, name);
}

static bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }

/* "Requests[security]>=2 ; python_version > '3'": the module is most likely called requests. */
static void add_distribution(arena *a, slices *out, slice line) {
    size_t len = 0;
    while (len < line.len && is_name_letter(line.at[len])) len++;
    if (len == 0 || line.at[0] == '-' || line.at[0] == '.') return;
    char *name = (char *)arena_copy(a, slice_from_to(line, 0, len)).at;
    for (size_t i = 0; i < len; i++) name[i] = (char)(name[i] == '-' || name[i] == '.' ? '_' : name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    add(a, out, (slice){ name, len });
    for (size_t i = 0; i < COUNT(other_names); i++)
        if (strcmp(other_names[i].distribution, name) == 0) add(a, out, slice_from(other_names[i].module));
}

static void requirements(arena *a, slices *out, slice text) {
    slice line;
    while (slice_cut(&text, '\n', &line)) add_distribution(a, out, slice_trim(line));
}

static void package_json(arena *a, slices *out, slice text) {
    static const char *const kinds[] = { "dependencies", "optionalDependencies", "peerDependencies", "devDependencies" };
    const doc_node *package = js_read(a, text);
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const doc_node *listed = js_is(package, DOC_MAP) ? js_get(package, kinds[k]) : NULL;
        for (size_t i = 0; js_is(listed, DOC_MAP) && i < listed->map.len; i++) add(a, out, listed->map.at[i].key);
    }
}

/* gem 'name' */
static void gemfile(arena *a, slices *out, slice text) {
    slice line;
    while (slice_cut(&text, '\n', &line)) {
        line = slice_trim(line);
        if (!slice_starts(line, SLICE("gem "))) continue;
        slice rest = slice_trim(slice_after(line, 4));
        if (rest.len < 2 || (rest.at[0] != '\'' && rest.at[0] != '"')) continue;
        rest = slice_after(rest, 1);
        size_t len = 0;
        while (len < rest.len && is_name_letter(rest.at[len])) len++;
        add(a, out, slice_from_to(rest, 0, len));
    }
}

static const struct {
    code_language language;
    const char *file;
    void (*read)(arena *a, slices *out, slice text);
} manifests[] = {
    { LANGUAGE_PYTHON, "requirements.txt", requirements },
    { LANGUAGE_NODE, "package.json", package_json },
    { LANGUAGE_RUBY, "Gemfile", gemfile },
};

void dependencies_of(arena *a, const local_code *c, slice task_root, slices *out) {
    slices folders = { 0 };
    VEC_PUSH(a, &folders, task_root);
    VEC_PUSH(a, &folders, c->source);
    for (size_t i = 0; i < c->layers_len; i++)
        if (c->layers[i].kind == CODE_FOLDER) VEC_PUSH(a, &folders, c->layers[i].path);
    for (size_t i = 0; i < COUNT(manifests); i++)
        for (size_t k = 0; k < folders.len && manifests[i].language == c->language; k++) {
            slice text;
            if (folders.at[k].len > 0 && file_text(a, arena_printf(a, "%.*s/%s", SLICE_ARG(folders.at[k]), manifests[i].file), MANIFEST_MOST, &text))
                manifests[i].read(a, out, text);
        }
    int major = major_of_runtime(c->runtime);
    for (size_t i = 0; i < COUNT(brought); i++)
        if (brought[i].language == c->language && (major == 0 || (major >= brought[i].from && (brought[i].to == 0 || major <= brought[i].to))))
            add(a, out, slice_from(brought[i].module));
}

/* `python_` before a distribution's name, `_python` and `_py` behind it are seldom in its module's. */
static slice bare(slice name) {
    static const char *const heads[] = { "python_", "py_" }, *const tails[] = { "_python", "_python3", "_py" };
    for (size_t i = 0; i < COUNT(heads); i++)
        if (slice_starts(name, slice_from(heads[i]))) name = slice_after(name, strlen(heads[i]));
    for (size_t i = 0; i < COUNT(tails); i++)
        if (slice_ends(name, slice_from(tails[i]))) name.len -= strlen(tails[i]);
    return name;
}

/* Are they the same but for `_` and capital letters? */
static bool same_but_for_marks(slice a, slice b) {
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.len && a.at[i] == '_') i++;
        while (k < b.len && b.at[k] == '_') k++;
        if (i == a.len || k == b.len) return i == a.len && k == b.len;
        if (!slice_same_letters(slice_from_to(a, i, i + 1), slice_from_to(b, k, k + 1))) return false;
        i++, k++;
    }
}

/* May a distribution's module be called so? opensearch-py brings opensearchpy, aurora-dsql-python-connector brings aurora_dsql_psycopg2: a word of
 * a maker's own that both begin with is enough, since a missing module that is listed under another name is no fault. */
static bool may_bring(slice distribution, slice module) {
    size_t word = slice_find(module, '_');
    return same_but_for_marks(bare(distribution), module) || same_but_for_marks(distribution, module) ||
           (word >= 5 && word < module.len && slice_starts(distribution, slice_from_to(module, 0, word + 1)));
}

bool code_is_dependency(const runnable *f, slice module) {
    size_t slash = slice_find(module, '/');
    slice first = module;
    if (slice_starts(module, SLICE("@")) && slash < module.len) {
        slice rest = slice_after(module, slash + 1);
        first.len = slash + 1 + slice_find(rest, '/');
    } else if (slash < module.len) first.len = slash;
    slice dotted = slice_from_to(first, 0, slice_find(first, '.'));
    if (module.len == 0 || module.at[0] == '.' || module.at[0] == '/') return false;
    for (size_t i = 0; i < f->dependencies_len; i++)
        if (slice_glob(f->dependencies[i], first) || slice_eq(f->dependencies[i], dotted) || slice_eq(f->dependencies[i], module) ||
            (slice_starts(f->runtime, SLICE("python")) && may_bring(f->dependencies[i], dotted)))
            return true;
    return false;
}

slice code_missing(arena *a, const runnable *f, slice module) {
    for (size_t i = 0; i < f->dependencies_len; i++)
        if (slice_is(f->dependencies[i], "*"))
            return arena_printf(a, "handler imports %.*s, which a layer may hold that is not here: %.*s", SLICE_ARG(module), SLICE_ARG(f->note));
    return arena_printf(a, "handler imports %.*s, which is not installed here (--install does it)", SLICE_ARG(module));
}

/* ---- --install ---- */

/* Programs say last what went wrong; npm says it behind its code, and then where its log is. */
static slice what_went_wrong(slice text) {
    static const char *const npm[] = { "npm error ", "npm ERR! " };
    slice line, last = SLICE("");
    while (slice_cut(&text, '\n', &line)) {
        line = slice_trim(line);
        for (size_t i = 0; i < COUNT(npm); i++) {
            slice said = slice_starts(line, slice_from(npm[i])) ? slice_after(line, strlen(npm[i])) : SLICE("");
            if (said.len > 0 && !slice_starts(said, SLICE("code "))) return said;
        }
        if (line.len > 0) last = line;
    }
    return last;
}

static bool is_there(arena *a, slice folder, const char *name) { return access(arena_printf(a, "%.*s/%s", SLICE_ARG(folder), name).at, F_OK) == 0; }

static bool step(arena *a, const char *folder, const char *const *argv, slice *why) {
    slice out;
    if (program_ask(a, argv, folder, INSTALL_MOST_S, 4u << 20, true, &out)) return true;
    slice said = what_went_wrong(out);
    *why = said.len == 0 ? arena_printf(a, "%s could not be run", argv[0]) : arena_printf(a, "%s failed: %.*s", argv[0], SLICE_ARG(said));
    return false;
}

static bool install(arena *a, code_language language, const char *program, const char *folder, slice *why) {
    const char *const npm_ci[] = { "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", NULL };
    const char *const npm_install[] = { "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", NULL };
    const char *const pip[] = { program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt", "--target", ".", NULL };
    const char *const bundle[] = { "env", "BUNDLE_PATH=vendor/bundle", "bundle", "install", "--quiet", NULL };
    slice here = slice_from(folder);
    if (language == LANGUAGE_PYTHON) return step(a, folder, pip, why);
    if (language == LANGUAGE_RUBY) return step(a, folder, bundle, why);
    return step(a, folder, is_there(a, here, "package-lock.json") || is_there(a, here, "npm-shrinkwrap.json") ? npm_ci : npm_install, why);
}

/* Names of one kind that the code's files hold. */
static void named_in(arena *a, slice folder, const char *pattern, const char *const *globs, size_t globs_len, slices *out) {
    const char *argv[16] = { "grep", "-rhoE", "--exclude-dir=node_modules" };
    size_t n = 3;
    slice text, line;
    for (size_t i = 0; i < globs_len && n < 12; i++) argv[n++] = globs[i];
    argv[n++] = pattern;
    argv[n] = ".";
    if (!program_ask(a, argv, folder.at, SEARCH_MOST_S, 1u << 20, false, &text)) return;
    while (slice_cut(&text, '\n', &line)) add(a, out, slice_trim(line));
}

/* What the runtime would bring, this machine lacks and the project need not list. */
static void wanted_of(arena *a, const local_code *c, slice folder, slice program, slices *out) {
    static const char *const scripts[] = { "--include=*.js", "--include=*.mjs", "--include=*.cjs" }, *const python[] = { "--include=*.py" };
    const char *const has[] = { program.at, "-c", "import boto3", NULL };
    slice said;
    int major = major_of_runtime(c->runtime);
    if (c->language == LANGUAGE_NODE && (major == 0 || major >= 18)) named_in(a, folder, "@aws-sdk/[a-z0-9-]+", scripts, COUNT(scripts), out);
    if (c->language == LANGUAGE_PYTHON && !program_ask(a, has, NULL, SEARCH_MOST_S, 4096, true, &said))
        named_in(a, folder, "boto3", python, COUNT(python), out);
}

/* What `sam build` would put into a layer: its requirements.txt. They come to the function's code, whose folder is on the module path too. */
static bool install_layers(arena *a, const local_code *c, slice program, const char *folder, slice *why) {
    for (size_t i = 0; c->language == LANGUAGE_PYTHON && i < c->layers_len; i++) {
        slice at = c->layers[i].kind == CODE_FOLDER && !c->layers[i].built ? real_path(a, c->layers[i].path) : SLICE("");
        slice list = arena_printf(a, "%.*s/requirements.txt", SLICE_ARG(at));
        const char *const pip[] = { program.at, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", list.at, "--target", ".", NULL };
        if (at.len > 0 && access(list.at, F_OK) == 0 && !step(a, folder, pip, why)) return false;
    }
    return true;
}

static bool has_layers_to_install(arena *a, const local_code *c) {
    for (size_t i = 0; c->language == LANGUAGE_PYTHON && i < c->layers_len; i++) {
        slice at = c->layers[i].kind == CODE_FOLDER && !c->layers[i].built ? real_path(a, c->layers[i].path) : SLICE("");
        if (at.len > 0 && is_there(a, at, "requirements.txt")) return true;
    }
    return false;
}

/* npm install or pip install of names, beside what is there. */
static bool install_names(arena *a, code_language language, slice program, const char *folder, const slices *names, slice *why) {
    const char *const npm[] = { "npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error" };
    const char *const pip[] = { program.at, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", "." };
    bool python = language == LANGUAGE_PYTHON;
    size_t n = 0;
    const char **argv = ARENA_ARRAY(a, const char *, COUNT(pip) + names->len + 1);
    for (size_t i = 0; i < (python ? COUNT(pip) : COUNT(npm)); i++) argv[n++] = python ? pip[i] : npm[i];
    for (size_t i = 0; i < names->len; i++)
        if (python || !is_there(a, slice_from(folder), arena_printf(a, "node_modules/%.*s", SLICE_ARG(names->at[i])).at))
            argv[n++] = arena_copy(a, names->at[i]).at;
    argv[n] = NULL;
    return n == (python ? COUNT(pip) : COUNT(npm)) || step(a, folder, argv, why);
}

slice code_install(arena *a, const node *function, slice search, slice under, slice *why) {
    *why = SLICE("");
    if (function->resource == NULL) return SLICE("");
    local_code c = local_code_of(a, function->resource);
    if (c.kind != CODE_FOLDER || c.builder != CODE_AS_WRITTEN || c.alone.len > 0) return SLICE("");
    slice from = real_path(a, c.path), text = SLICE("");
    const char *manifest = NULL;
    for (size_t i = 0; i < COUNT(manifests); i++)
        if (manifests[i].language == c.language && from.len > 0 && file_text(a, arena_printf(a, "%.*s/%s", SLICE_ARG(from), manifests[i].file), MANIFEST_MOST, &text))
            manifest = manifests[i].file;
    const interpreter *by = interpreter_of(code_cache_new(a), search, c.language, c.runtime);
    if (from.len == 0 || by->program.len == 0) return SLICE("");
    slice program = arena_copy(a, by->program);
    slices wanted = { 0 };
    wanted_of(a, &c, arena_copy(a, from), program, &wanted);
    bool layers = has_layers_to_install(a, &c);
    if (manifest == NULL && wanted.len == 0 && !layers) return SLICE("");
    /* The same manifest is installed once; the code around it may have changed. */
    buf b = { .arena = a };
    buf_printf(&b, "%.*s\n%.*s\n%.*s", SLICE_ARG(from), SLICE_ARG(program), SLICE_ARG(text));
    for (size_t i = 0; i < wanted.len; i++) buf_printf(&b, "\n%.*s", SLICE_ARG(wanted.at[i]));
    for (size_t i = 0; layers && i < c.layers_len; i++) buf_printf(&b, "\n%.*s", SLICE_ARG(c.layers[i].path));
    slice folder = arena_printf(a, "%.*s/%.16s", SLICE_ARG(under), sha256_hex(a, buf_as_slice(&b)).at), done = arena_printf(a, "%s.done", folder.at);
    const char *const copy[] = { "cp", "-R", arena_printf(a, "%s/.", from.at).at, folder.at, NULL };
    if (mkdir(folder.at, 0755) != 0 && errno != EEXIST) {
        *why = arena_printf(a, "%s: %s", folder.at, strerror(errno));
        return SLICE("");
    }
    if (!step(a, NULL, copy, why)) return SLICE("");
    if (access(done.at, F_OK) == 0) return folder;
    if (manifest != NULL && !install(a, c.language, program.at, folder.at, why)) return SLICE("");
    if (layers && !install_layers(a, &c, program, folder.at, why)) return SLICE("");
    if (wanted.len > 0 && !install_names(a, c.language, program, folder.at, &wanted, why)) return SLICE("");
    if (!text_file(a, done, SLICE(""))) *why = arena_printf(a, "%s: %s", done.at, strerror(errno));
    return folder;
}
