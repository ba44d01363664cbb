/* What a project lists as its dependencies, and --install. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "smoke/digest.h"
#include "smoke/host/code_parts.h"

#define MANIFEST_MOST (1u << 20)
#define INSTALL_MOST_S 600u

/* Distributions whose module has another name. */
static const struct { const char *distribution, *module; } other_names[] = {
    { "pyyaml", "yaml" }, { "pillow", "PIL" }, { "beautifulsoup4", "bs4" }, { "opencv_python", "cv2" }, { "opencv_python_headless", "cv2" },
    { "scikit_learn", "sklearn" }, { "psycopg2_binary", "psycopg2" }, { "psycopg_binary", "psycopg" }, { "pyjwt", "jwt" }, { "python_jose", "jose" },
    { "protobuf", "google" }, { "python_dateutil", "dateutil" }, { "pymysql", "pymysql" }, { "mysql_connector_python", "mysql" }, { "attrs", "attr" },
    { "pycryptodome", "Crypto" }, { "python_dotenv", "dotenv" }, { "sentry_sdk", "sentry_sdk" }, { "pyopenssl", "OpenSSL" }, { "pyserial", "serial" },
    { "aws_lambda_powertools", "aws_lambda_powertools" }, { "stripe", "stripe" }, { "redis", "redis" }, { "google_cloud_storage", "google" },
};

/* The runtimes bring the SDK (Lambda developer guide, "Runtime-included SDK versions"): that it is not here is no fault of the project. */
static const struct { code_language language; const char *module; } brought[] = {
    { LANGUAGE_PYTHON, "boto3" }, { LANGUAGE_PYTHON, "botocore" }, { LANGUAGE_PYTHON, "s3transfer" }, { LANGUAGE_PYTHON, "jmespath" },
    { LANGUAGE_PYTHON, "dateutil" }, { LANGUAGE_PYTHON, "urllib3" }, { LANGUAGE_PYTHON, "six" }, { LANGUAGE_NODE, "@aws-sdk/*" },
    { LANGUAGE_NODE, "@smithy/*" }, { LANGUAGE_NODE, "aws-sdk" }, { LANGUAGE_RUBY, "aws-sdk*" },
};

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
    for (size_t i = 0; i < COUNT(brought); i++)
        if (brought[i].language == c->language) add(a, out, slice_from(brought[i].module));
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
        if (slice_glob(f->dependencies[i], first) || slice_eq(f->dependencies[i], dotted) || slice_eq(f->dependencies[i], module)) return true;
    return false;
}

/* ---- --install ---- */

static slice last_line(slice text) {
    slice line, last = SLICE("");
    while (slice_cut(&text, '\n', &line))
        if (slice_trim(line).len > 0) last = slice_trim(line);
    return last;
}

static bool is_there(arena *a, slice folder, const char *name) { return access(arena_printf(a, "%.*s/%s", SLICE_ARG(folder), name).at, F_OK) == 0; }

static bool step(arena *a, const char *folder, const char *const *argv, slice *why) {
    slice out;
    if (program_ask(a, argv, folder, INSTALL_MOST_S, 4u << 20, true, &out)) return true;
    slice said = last_line(out);
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

slice code_install(arena *a, const node *function, slice search, slice under, slice *why) {
    *why = SLICE("");
    if (function->resource == NULL) return SLICE("");
    local_code c = local_code_of(a, function->resource);
    if (c.kind != CODE_FOLDER || c.builder != CODE_AS_WRITTEN) return SLICE("");
    slice from = real_path(a, c.path), text = SLICE("");
    const char *manifest = NULL;
    for (size_t i = 0; i < COUNT(manifests); i++)
        if (manifests[i].language == c.language && from.len > 0 && file_text(a, arena_printf(a, "%.*s/%s", SLICE_ARG(from), manifests[i].file), MANIFEST_MOST, &text))
            manifest = manifests[i].file;
    if (manifest == NULL) return SLICE("");
    const interpreter *by = interpreter_of(code_cache_new(a), search, c.language, c.runtime);
    if (by->program.len == 0) return SLICE("");
    /* The same manifest is installed once; the code around it may have changed. */
    slice key = arena_concat(a, (slice[]){ from, SLICE("\n"), by->program, SLICE("\n"), text }, 5);
    slice folder = arena_printf(a, "%.*s/%.16s", SLICE_ARG(under), sha256_hex(a, key).at), done = arena_printf(a, "%s.done", folder.at);
    const char *const copy[] = { "cp", "-R", arena_printf(a, "%s/.", from.at).at, folder.at, NULL };
    if (mkdir(folder.at, 0755) != 0 && errno != EEXIST) {
        *why = arena_printf(a, "%s: %s", folder.at, strerror(errno));
        return SLICE("");
    }
    if (!step(a, NULL, copy, why)) return SLICE("");
    if (access(done.at, F_OK) == 0) return folder;
    if (!install(a, c.language, arena_copy(a, by->program).at, folder.at, why)) return SLICE("");
    if (!text_file(a, done, SLICE(""))) *why = arena_printf(a, "%s: %s", done.at, strerror(errno));
    return folder;
}
