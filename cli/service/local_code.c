#include "service/local_parts.h"

/* `sam build` puts functions and layers here, beside the template. */
#define SAM_BUILT ".aws-sam/build"

/* ---- looking ---- */

path_facts local_look(arena *a, const template *t, slice path) {
    const template_options *o = t->set == NULL ? NULL : t->set->options;
    return o == NULL || o->stat_path == NULL ? (path_facts){ PATH_NOTHING, 0, 0 } : o->stat_path(o->stat_path_self, a, path);
}

bool local_can_look(const template *t) { return t->set != NULL && t->set->options != NULL && t->set->options->stat_path != NULL; }

tri local_path_exists(arena *a, const template *t, slice path) {
    return !local_can_look(t) ? UNKNOWN : local_look(a, t, path).kind == PATH_NOTHING ? NO : YES;
}

slice local_beside(arena *a, const template *t, slice path) {
    bool absolute = path.len > 0 && path.at[0] == '/';
    size_t folder = t->path.len;
    while (folder > 0 && t->path.at[folder - 1] != '/') folder--;
    slice both[2] = { slice_from_to(t->path, 0, absolute ? 0 : folder), path };
    absolute = absolute || (folder > 0 && t->path.at[0] == '/');
    VEC(slice) parts = { 0 };
    for (int i = 0; i < 2; i++) {
        slice rest = both[i], part;
        while (slice_cut(&rest, '/', &part)) {
            if (part.len == 0 || slice_is(part, ".")) continue;
            bool up = slice_is(part, ".."), below = parts.len > 0 && !slice_is(parts.at[parts.len - 1], "..");
            if (up && below) parts.len--;
            else if (!up || !absolute) VEC_PUSH(a, &parts, part);
        }
    }
    buf b = { .arena = a };
    for (size_t i = 0; i < parts.len; i++) {
        if (i > 0 || absolute) buf_char(&b, '/');
        buf_slice(&b, parts.at[i]);
    }
    if (parts.len == 0) buf_char(&b, absolute ? '/' : '.');
    return buf_as_slice(&b);
}

static bool is_local(slice location) {
    return location.len > 0 && slice_find_slice(location, SLICE("://")) == (size_t)-1 && slice_find_slice(location, SLICE("${")) == (size_t)-1 &&
           !slice_starts(location, SLICE("arn:")) && !slice_starts(location, SLICE("{{"));
}

static bool is_archive(slice path) { return slice_ends(path, SLICE(".zip")) || slice_ends(path, SLICE(".jar")) || slice_ends(path, SLICE(".war")); }

slice local_joined(arena *a, slice folder, slice inside) {
    if (slice_is(folder, ".") || folder.len == 0) return inside;
    return arena_concat(a, (slice[]){ folder, SLICE("/"), inside }, 3);
}

/* ---- what the template says ---- */

static slice known_text(arena *a, const value *v) {
    slice text;
    return v->kind == VAL_STRING || v->kind == VAL_INT || v->kind == VAL_DOUBLE || v->kind == VAL_JOINED ? value_text(a, v, &text) ? text : SLICE("")
                                                                                                         : SLICE("");
}

/* A place of code: CodeUri of a SAM function or ContentUri of a SAM layer (kept in Metadata by the lowering), Code or Content. */
typedef struct {
    code_kind kind;
    slice path, written;
    bool assumed;
    const value *at;           /* what says so; &value_absent */
    const value *content;
} code_at;

static code_at located(arena *a, const resource *r, const char *property) {
    code_at c = { .kind = CODE_UNKNOWN, .path = SLICE(""), .written = SLICE(""), .at = &value_absent };
    c.content = value_get(a, r->properties, slice_from(property));
    if (slice_is(known_text(a, value_get(a, r->properties, SLICE("PackageType"))), "Image")) {
        c.kind = CODE_IMAGE;
        c.at = c.content;
        return c;
    }
    const value *sam = value_get(a, r->metadata, SLICE("SamCode")), *uri = value_get(a, sam, SLICE("CodeUri"));
    slice path = known_text(a, value_get(a, sam, SLICE("Path"))), text;
    if (sam->kind == VAL_MAP && path.len == 0) path = SLICE(".");       /* beside a template of the folder where the run started */
    if (sam->kind == VAL_MAP) {
        c.at = uri;
        c.written = known_text(a, uri);
        c.assumed = value_is_absent(uri);
        c.path = path;
    } else if (c.content->kind == VAL_STRING && is_local(c.content->text)) {
        c.at = c.content;
        c.written = c.content->text;
        c.path = local_beside(a, r->in, c.content->text);
    }
    if (c.path.len > 0) {
        c.kind = is_archive(c.path) ? CODE_ARCHIVE : CODE_FOLDER;
        return c;
    }
    c.at = c.content;
    if (c.content->kind != VAL_MAP) return c;
    const value *inline_text = value_get(a, c.content, SLICE("ZipFile"));
    if (!value_is_absent(value_get(a, c.content, SLICE("ImageUri")))) {
        c.kind = CODE_IMAGE;
    } else if (!value_is_absent(value_get(a, c.content, SLICE("S3Bucket"))) || !value_is_absent(value_get(a, c.content, SLICE("S3Key")))) {
        c.kind = CODE_S3;
    } else if (!value_is_absent(inline_text)) {
        c.at = inline_text;
        c.kind = value_text(a, inline_text, &text) ? CODE_INLINE : CODE_UNKNOWN;
    }
    return c;
}

/* ---- what was built of it ---- */

/* A path in a cloud assembly is data: it stays inside. */
static bool leaves(slice path) {
    slice rest = path, part;
    if (path.len == 0 || path.at[0] == '/') return true;
    while (slice_cut(&rest, '/', &part))
        if (slice_is(part, "..")) return true;
    return false;
}

static bool is_hash(slice s) {
    if (s.len != 64) return false;
    for (size_t i = 0; i < s.len; i++)
        if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f'))) return false;
    return true;
}

/* The asset of the CDK that a function or layer is deployed from, beside the template; "" when there is none. Without the metadata
 * (--no-asset-metadata) the key in the bucket still has the asset's hash. */
static slice cdk_asset(arena *a, const resource *r, const code_at *c, const char *property) {
    slice path = known_text(a, value_get(a, r->metadata, SLICE("aws:asset:path")));
    slice of = known_text(a, value_get(a, r->metadata, SLICE("aws:asset:property")));
    if (path.len > 0 && (of.len == 0 || slice_is(of, property)) && !leaves(path)) return local_beside(a, r->in, path);
    slice key = known_text(a, value_get(a, c->content, SLICE("S3Key")));
    if (!slice_ends(key, SLICE(".zip")) || !is_hash(slice_from_to(key, 0, key.len - 4))) return SLICE("");
    path = local_beside(a, r->in, arena_printf(a, "asset.%.*s", (int)(key.len - 4), key.at));
    return local_look(a, r->in, path).kind == PATH_FOLDER ? path : SLICE("");
}

/* The text of the built template, which `sam build` writes with two blanks a level; larger ones are not looked into. */
#define BUILT_MAX_BYTES (256u * 1024)

static slice indented(slice line, size_t least) {
    size_t n = 0;
    while (n < line.len && line.at[n] == ' ') n++;
    return n < least || n == line.len ? SLICE("") : slice_trim(line);
}

/* Functions of the same source are built once: the built template says for each in whose folder. "" when it does not say. */
static slice built_under(arena *a, const template *t, slice id, unsigned long long bytes) {
    const template_options *o = t->set->options;
    slice text, why, line, name = arena_concat(a, (slice[]){ SLICE("  "), id, SLICE(":") }, 3);
    bool inside = false;
    if (bytes > BUILT_MAX_BYTES || o->read_file == NULL ||
        !o->read_file(o->read_file_self, a, local_beside(a, t, SLICE(SAM_BUILT "/template.yaml")), &text, &why))
        return SLICE("");
    while (text.at != NULL && slice_cut(&text, '\n', &line)) {
        slice said = indented(line, 3);
        if (said.len == 0 && line.len > 0) inside = slice_eq(line, name);
        if (!inside || !slice_starts(said, SLICE("CodeUri:"))) continue;
        slice folder = slice_trim(slice_after(said, 8));
        return leaves(folder) ? SLICE("") : arena_copy(a, folder);
    }
    return SLICE("");
}

/* .aws-sam/build/ID, when the last `sam build` is not older than the template and the file that it was built from. */
static slice sam_output(arena *a, const resource *r, slice id, slice source_file) {
    const template *t = r->in;
    path_facts built = local_look(a, t, local_beside(a, t, SLICE(SAM_BUILT "/template.yaml")));
    if (built.kind != PATH_FILE || local_look(a, t, t->path).modified_s > built.modified_s) return SLICE("");
    slice path = local_beside(a, t, arena_concat(a, (slice[]){ SLICE(SAM_BUILT "/"), id }, 2));
    if (local_look(a, t, path).kind != PATH_FOLDER) {
        slice folder = built_under(a, t, id, built.bytes);
        path = local_beside(a, t, arena_concat(a, (slice[]){ SLICE(SAM_BUILT "/"), folder }, 2));
        if (folder.len == 0 || local_look(a, t, path).kind != PATH_FOLDER) return SLICE("");
    }
    return source_file.len > 0 && local_look(a, t, source_file).modified_s > built.modified_s ? SLICE("") : path;
}

/* ---- layers ---- */

static local_layer layer_of(arena *a, const value *v) {
    local_layer l = { .kind = CODE_UNKNOWN, .id = SLICE(""), .path = SLICE(""), .build_method = SLICE(""), .arn = SLICE(""), .reason = SLICE(""),
                      .exists = UNKNOWN };
    if (v->kind != VAL_REF || !slice_is(v->ref.to->type, "AWS::Lambda::LayerVersion")) {
        l.arn = value_display(a, v);
        l.reason = l.arn.len == 0 ? SLICE("a layer that is not known") : arena_printf(a, "layer %.*s is not on this machine", SLICE_ARG(l.arn));
        return l;
    }
    const resource *r = v->ref.to;
    code_at c = located(a, r, "Content");
    l.id = r->logical_id;
    l.kind = c.kind;
    l.path = c.path;
    l.build_method = known_text(a, value_get(a, r->metadata, SLICE("BuildMethod")));
    slice asset = cdk_asset(a, r, &c, "Content"), written = l.id;
    /* sam build names the folder by the id in the SAM template; the lowered one has the hash of ten digits behind it. */
    if (!value_is_absent(value_get(a, r->metadata, SLICE("SamCode"))) && written.len > 10) written.len -= 10;
    slice built = c.kind == CODE_FOLDER ? sam_output(a, r, written, SLICE("")) : SLICE("");
    if (asset.len > 0 || built.len > 0) {
        l.path = asset.len > 0 ? asset : built;
        l.kind = is_archive(l.path) ? CODE_ARCHIVE : CODE_FOLDER;
        l.built = true;
    }
    if (l.path.len > 0 && local_can_look(r->in)) {
        path_kind is = local_look(a, r->in, l.path).kind;
        l.exists = is == (l.kind == CODE_FOLDER ? PATH_FOLDER : PATH_FILE) ? YES : NO;
    }
    if (l.kind == CODE_S3) l.reason = arena_printf(a, "layer %.*s is in S3", SLICE_ARG(l.id));
    else if (l.kind == CODE_UNKNOWN) l.reason = arena_printf(a, "where layer %.*s lies is not known", SLICE_ARG(l.id));
    else if (l.exists == NO) l.reason = arena_printf(a, "layer %.*s not found: %.*s", SLICE_ARG(l.id), SLICE_ARG(l.path));
    else if (!l.built && slice_is(l.build_method, "makefile")) l.reason = arena_printf(a, "layer %.*s needs `sam build` (makefile)", SLICE_ARG(l.id));
    return l;
}

static void layers_of(arena *a, local_code *c, const value *v) {
    const value *const *items;
    size_t len;
    value_as_list(a, v, &items, &len);
    local_layer *at = ARENA_ARRAY(a, local_layer, len);
    for (size_t i = 0; i < len; i++) at[i] = layer_of(a, items[i]);
    c->layers = at;
    c->layers_len = len;
}

/* ---- the function ---- */

code_language code_language_of(slice runtime) {
    static const struct { slice head; code_language is; } languages[] = {
        { SLICE_INIT("python"), LANGUAGE_PYTHON }, { SLICE_INIT("nodejs"), LANGUAGE_NODE },   { SLICE_INIT("ruby"), LANGUAGE_RUBY },
        { SLICE_INIT("java"), LANGUAGE_JAVA },     { SLICE_INIT("dotnet"), LANGUAGE_DOTNET }, { SLICE_INIT("provided"), LANGUAGE_EXECUTABLE },
        { SLICE_INIT("go1.x"), LANGUAGE_EXECUTABLE },
    };
    for (size_t i = 0; i < COUNT(languages); i++)
        if (slice_starts(runtime, languages[i].head)) return languages[i].is;
    return LANGUAGE_OTHER;
}

static void build_of(arena *a, local_code *c, const value *metadata) {
    c->build_method = known_text(a, value_get(a, metadata, SLICE("BuildMethod")));
    const value *points = value_at(a, metadata, SLICE("BuildProperties.EntryPoints")), *const *items;
    size_t len;
    value_as_list(a, points, &items, &len);
    slice *at = ARENA_ARRAY(a, slice, len);
    for (size_t i = 0; i < len; i++) {
        at[c->entry_points_len] = known_text(a, items[i]);
        c->entry_points_len += at[c->entry_points_len].len > 0;
    }
    c->entry_points = at;
}

/* What `sam build` makes something else of than a copy with its dependencies: before that there is nothing to run. */
bool local_needs_building(const local_code *c) {
    return c->builder == CODE_AS_WRITTEN && (slice_is(c->build_method, "makefile") || slice_starts(c->build_method, SLICE("rust")) ||
                                             slice_is(c->build_method, "go1.x") || slice_starts(c->build_method, SLICE("dotnet")) ||
                                             slice_starts(c->build_method, SLICE("java")));
}

static bool has_bootstrap(arena *a, const template *t, const local_code *c) {
    if (local_look(a, t, local_joined(a, c->path, SLICE("bootstrap"))).kind == PATH_FILE) return true;
    for (size_t i = 0; i < c->layers_len; i++)
        if (c->layers[i].kind != CODE_FOLDER || local_look(a, t, local_joined(a, c->layers[i].path, SLICE("bootstrap"))).kind == PATH_FILE) return true;
    return false;
}

static slice reason_of(arena *a, const template *t, const local_code *c, const value *code) {
    switch (c->kind) {
    case CODE_S3: return SLICE("code is in S3");
    case CODE_IMAGE: return SLICE("container image: no local code to run");
    case CODE_UNKNOWN:
        return value_is_absent(code) || (code->kind == VAL_MAP && code->map.len == 0) ? SLICE("where its code lies is not known from the template")
                                                                                      : arena_printf(a, "its code is not known: %.*s", SLICE_ARG(value_why(a, code)));
    case CODE_FOLDER:
        if (c->exists == NO) return arena_printf(a, "code folder not found: %.*s", SLICE_ARG(c->path));
        break;
    case CODE_ARCHIVE:
        if (c->exists == NO) return arena_printf(a, "code archive not found: %.*s", SLICE_ARG(c->path));
        break;
    case CODE_INLINE: break;
    }
    if (local_needs_building(c)) return arena_printf(a, "needs `sam build` (%.*s)", SLICE_ARG(c->build_method));
    if (c->runtime.len == 0) return SLICE("its runtime is not known");
    if (slice_is(c->runtime, "go1.x")) return SLICE("go1.x is no longer a runtime: build for provided.al2023");
    if (c->language == LANGUAGE_JAVA) return arena_printf(a, "%.*s needs a built jar and a Java runtime interface client", SLICE_ARG(c->runtime));
    if (c->language == LANGUAGE_DOTNET) return arena_printf(a, "%.*s needs a built assembly and a .NET runtime interface client", SLICE_ARG(c->runtime));
    if (c->language == LANGUAGE_OTHER) return arena_printf(a, "no way is known to run %.*s here", SLICE_ARG(c->runtime));
    if (c->kind == CODE_INLINE && c->language != LANGUAGE_PYTHON && c->language != LANGUAGE_NODE)
        return SLICE("code in the template works for Python and Node.js only");
    if (c->language == LANGUAGE_EXECUTABLE && c->kind == CODE_FOLDER && c->exists == YES && !has_bootstrap(a, t, c))
        return arena_printf(a, "no bootstrap in %.*s: build it first (`sam build`)", SLICE_ARG(c->path));
    return SLICE("");
}

/* A file that is no archive is zipped by itself (AWS CLI, `aws cloudformation package`; `sam deploy` does the same). */
static void one_file(arena *a, const template *t, local_code *c) {
    if (local_look(a, t, c->path).kind != PATH_FILE) return;
    size_t folder = c->path.len;
    while (folder > 0 && c->path.at[folder - 1] != '/') folder--;
    c->alone = slice_after(c->path, folder);
    c->path = c->source = folder == 0 ? SLICE(".") : folder == 1 ? SLICE("/") : slice_from_to(c->path, 0, folder - 1);
}

local_code local_code_of(arena *a, const resource *r) {
    local_code c = { .kind = CODE_UNKNOWN, .path = SLICE(""), .alone = SLICE(""), .written = SLICE(""), .source = SLICE(""), .text = SLICE(""), .runtime = SLICE(""),
                     .handler = SLICE(""), .build_method = SLICE(""), .reason = SLICE(""), .text_value = &value_absent, .at = r->at, .end = r->end,
                     .handler_at = r->at, .handler_end = r->end, .exists = UNKNOWN };
    if (!slice_is(r->type, "AWS::Lambda::Function")) {
        c.reason = SLICE("not a function");
        return c;
    }
    const value *runtime = resource_written(a, r, SLICE("Runtime")), *handler = resource_written(a, r, SLICE("Handler"));
    code_at at = located(a, r, "Code");
    c.kind = at.kind;
    c.path = c.source = at.path;
    c.written = at.written;
    c.assumed = at.assumed;
    if (!value_is_absent(at.at)) {
        c.at = at.at->at;
        c.end = at.at->end;
    }
    c.runtime = known_text(a, runtime);
    c.language = code_language_of(c.runtime);
    c.handler = known_text(a, handler);
    if (!value_is_absent(handler)) {
        c.handler_at = handler->at;
        c.handler_end = handler->end;
    }
    build_of(a, &c, r->metadata);
    if (c.kind == CODE_INLINE) {
        c.text_value = at.at;
        (void)value_text(a, at.at, &c.text);
    }
    layers_of(a, &c, resource_written(a, r, SLICE("Layers")));
    slice asset = cdk_asset(a, r, &at, "Code");
    if (asset.len > 0 && c.kind != CODE_IMAGE) {
        c.path = asset;
        c.builder = CODE_CDK_BUILT;
        c.kind = is_archive(asset) ? CODE_ARCHIVE : CODE_FOLDER;
    } else if (c.kind == CODE_FOLDER && local_can_look(r->in)) {
        one_file(a, r->in, &c);
        handler_place from = local_code_find_handler(a, r->in, &c);
        slice built = sam_output(a, r, r->logical_id, from.state == HANDLER_FOUND || from.state == HANDLER_NO_NAME ? from.file : SLICE(""));
        if (built.len > 0) {
            c.path = built;
            c.alone = SLICE("");
            c.builder = CODE_SAM_BUILT;
        }
    }
    if (c.path.len > 0 && local_can_look(r->in)) {
        path_kind is = local_look(a, r->in, c.path).kind;
        c.exists = is == (c.kind == CODE_FOLDER ? PATH_FOLDER : PATH_FILE) ? YES : NO;
    }
    c.reason = reason_of(a, r->in, &c, at.at);
    return c;
}
