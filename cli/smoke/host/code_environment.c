/* The environment of a handler, as Lambda makes it. Lambda developer guide, "Using Lambda environment variables", "Defined runtime environment
 * variables"; what is set later wins: the function's own < what it may override < credentials, runtime, platform. */
#include "smoke/host/code_parts.h"
#include "smoke/host/sandbox_parts.h"

typedef struct {
    arena *arena;
    strmap at;                   /* name -> "NAME=value", a slice */
} variables;

static void set(variables *v, slice name, slice text) {
    slice *pair = ARENA_NEW(v->arena, slice);
    *pair = arena_concat(v->arena, (slice[]){ name, SLICE("="), text }, 3);
    strmap_put(v->arena, &v->at, name, pair);
}

static void preset(variables *v, const char *name, slice text) {
    if (!strmap_has(&v->at, slice_from(name))) set(v, slice_from(name), text);
}

static bool is_name(slice name) {
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '=' || name.at[i] == '\0') return false;
    return name.len > 0;
}

/* A text with a NUL can't be in an environment: it ends there. */
static slice to_nul(slice text) { return slice_from_to(text, 0, slice_find(text, '\0')); }

size_t code_env_lines(arena *a, slice text, slice **pairs) {
    slices out = { 0 };
    slice rest = text, line;
    while (slice_cut(&rest, '\n', &line)) {
        line = slice_trim(line);
        if (slice_starts(line, SLICE("export "))) line = slice_trim(slice_after(line, 7));
        size_t at = slice_find(line, '=');
        if (line.len == 0 || line.at[0] == '#' || at == line.len || !is_name(slice_trim(slice_from_to(line, 0, at)))) continue;
        slice set_to = slice_trim(slice_after(line, at + 1));
        if (set_to.len >= 2 && (set_to.at[0] == '"' || set_to.at[0] == '\'') && set_to.at[set_to.len - 1] == set_to.at[0])
            set_to = slice_from_to(set_to, 1, set_to.len - 1);
        VEC_PUSH(a, &out, arena_concat(a, (slice[]){ slice_trim(slice_from_to(line, 0, at)), SLICE("="), to_nul(set_to) }, 3));
    }
    *pairs = out.at;
    return out.len;
}

static void own_variables(variables *v, world *w, const resource *r) {
    const doc_node *map = world_json(w, resource_written(v->arena, r, SLICE("Environment.Variables")), r->exists, NULL);
    for (size_t i = 0; js_is(map, DOC_MAP) && i < map->map.len; i++) {
        const doc_node *to = map->map.at[i].value;
        slice name = map->map.at[i].key;
        bool plain = to != NULL && (to->kind == DOC_STRING || (to->kind < DOC_STRING && to->text.len > 0));      /* a number as it is written */
        if (is_name(name) && to != NULL) set(v, name, to_nul(plain ? to->text : js_text(v->arena, to)));
    }
}

static void given_variables(variables *v, slice text) {
    slice *pairs;
    size_t len = code_env_lines(v->arena, text, &pairs);
    for (size_t i = 0; i < len; i++) {
        size_t at = slice_find(pairs[i], '=');
        set(v, slice_from_to(pairs[i], 0, at), slice_after(pairs[i], at + 1));
    }
}

/* Of layers that `sam build` would have put into python/ or nodejs/: the folder itself. */
static bool has_unbuilt_layer(const local_code *c) {
    for (size_t i = 0; i < c->layers_len; i++)
        if (!c->layers[i].built && c->layers[i].build_method.len > 0) return true;
    return false;
}

static void language_variables(variables *v, const environment_of *e) {
    arena *a = v->arena;
    bool unbuilt = has_unbuilt_layer(e->code);
    slice version = e->by == NULL || e->by->version.len == 0 ? runtime_version(e->code->runtime) : e->by->version, wanted = runtime_version(e->code->runtime);
    switch (e->code->language) {
    case LANGUAGE_PYTHON:
        preset(v, "PYTHONPATH", unbuilt ? SLICE(INSIDE_RUNTIME ":" INSIDE_LAYERS) : SLICE(INSIDE_RUNTIME));
        break;
    case LANGUAGE_NODE:
        preset(v, "NODE_PATH", arena_printf(a, "/opt/nodejs/node%.*s/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules%s", SLICE_ARG(wanted),
                                            unbuilt ? ":/opt/node_modules:/opt" : ""));
        break;
    case LANGUAGE_RUBY:
        preset(v, "GEM_PATH", arena_printf(a, "/var/task/vendor/bundle/ruby/%.*s.0:/var/task/vendor/bundle/ruby/%.*s.0:/opt/ruby/gems/%.*s.0", SLICE_ARG(version),
                                           SLICE_ARG(wanted), SLICE_ARG(wanted)));
        preset(v, "RUBYLIB", unbuilt ? SLICE("/opt/ruby/lib:/opt") : SLICE("/opt/ruby/lib"));
        break;
    default: break;
    }
}

size_t environment_make(arena *a, world *w, const environment_of *e, const slice **out) {
    variables v = { .arena = a };
    slice log = resource_written(a, e->function, SLICE("LoggingConfig.LogGroup"))->kind == VAL_ABSENT
                    ? arena_printf(a, "/aws/lambda/%.*s", SLICE_ARG(e->name))
                    : world_text(w, resource_written(a, e->function, SLICE("LoggingConfig.LogGroup")), e->function->exists, NULL);
    slice format = world_text(w, resource_written(a, e->function, SLICE("LoggingConfig.LogFormat")), e->function->exists, NULL);
    slice level = world_text(w, resource_written(a, e->function, SLICE("LoggingConfig.ApplicationLogLevel")), e->function->exists, NULL);
    own_variables(&v, w, e->function);
    given_variables(&v, e->env_file);
    language_variables(&v, e);
    preset(&v, "LANG", SLICE("en_US.UTF-8"));
    preset(&v, "PATH", SLICE("/usr/local/bin:/usr/bin:/bin:/opt/bin"));
    preset(&v, "TZ", SLICE(":UTC"));
    preset(&v, "LD_LIBRARY_PATH", SLICE("/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"));
    preset(&v, "AWS_XRAY_CONTEXT_MISSING", SLICE("LOG_ERROR"));
    preset(&v, "AWS_XRAY_DAEMON_ADDRESS", SLICE("127.0.0.1:2000"));
    preset(&v, "_AWS_XRAY_DAEMON_ADDRESS", SLICE("127.0.0.1"));
    preset(&v, "_AWS_XRAY_DAEMON_PORT", SLICE("2000"));
    const struct { const char *name; slice text; } fixed[] = {
        { "AWS_ACCESS_KEY_ID", arena_printf(a, "SFLINT%014u", e->number) },
        { "AWS_SECRET_ACCESS_KEY", SLICE("sflint-smoke-has-no-secrets-at-all-0000000") },
        { "AWS_SESSION_TOKEN", SLICE("sflint") },
        { "AWS_REGION", w->region },
        { "AWS_DEFAULT_REGION", w->region },
        { "AWS_ENDPOINT_URL", world_endpoint(w) },
        { "AWS_EC2_METADATA_DISABLED", SLICE("true") },
        { "AWS_CONFIG_FILE", SLICE("/dev/null") },
        { "AWS_SHARED_CREDENTIALS_FILE", SLICE("/dev/null") },
        { "LAMBDA_TASK_ROOT", SLICE(INSIDE_TASK) },
        { "LAMBDA_RUNTIME_DIR", SLICE(INSIDE_RUNTIME) },
        { "AWS_LAMBDA_FUNCTION_NAME", e->name },
        { "AWS_LAMBDA_FUNCTION_VERSION", SLICE("$LATEST") },
        { "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", arena_printf(a, "%u", e->memory_mb) },
        { "AWS_LAMBDA_LOG_GROUP_NAME", log },
        { "AWS_LAMBDA_LOG_STREAM_NAME", arena_printf(a, "2024/01/01/[$LATEST]%032u", e->number) },
        { "AWS_LAMBDA_INITIALIZATION_TYPE", SLICE("on-demand") },
        { "_HANDLER", e->handler },
    };
    for (size_t i = 0; i < COUNT(fixed); i++) set(&v, slice_from(fixed[i].name), fixed[i].text);
    if (e->code->language != LANGUAGE_EXECUTABLE) set(&v, SLICE("AWS_EXECUTION_ENV"), arena_printf(a, "AWS_Lambda_%.*s", SLICE_ARG(e->code->runtime)));
    if (format.len > 0) set(&v, SLICE("AWS_LAMBDA_LOG_FORMAT"), format);
    if (level.len > 0) set(&v, SLICE("AWS_LAMBDA_LOG_LEVEL"), level);
    slice *pairs = ARENA_ARRAY(a, slice, v.at.len);
    for (size_t i = 0; i < v.at.len; i++) pairs[i] = *(slice *)v.at.at[i].value;
    *out = pairs;
    return v.at.len;
}
