/* sflint config: what applies to a file, and where does it come from? */
#include <sys/stat.h>

#include "command/settings.h"
#include "report/paint.h"

/* One setting. */
typedef struct {
    slice setting, name, value;    /* "rules", "SF305", "off"; name "" where the setting is one */
    const char *from;              /* "default", "command line"; NULL: a file, at `at` */
    pos at;
} row;

typedef struct {
    run *run;
    VEC(row) rows;
} listing;

static void add(listing *l, slice setting, slice name, slice what, const char *from, pos at) {
    VEC_PUSH(l->run->arena, &l->rows, (row){ setting, name, what, from, at });
}

static void add_file(listing *l, slice setting, slice name, slice what, pos at) { add(l, setting, name, what, NULL, at); }

static const pos nowhere;

/* The command line's, or the file's, or the default. */
static void add_one(listing *l, slice setting, option_id o, const config_text *file, slice otherwise) {
    const char *given = o == OPTION_COUNT ? NULL : invocation_text(l->run->in, o);
    if (given != NULL) add(l, setting, SLICE(""), slice_from(given), "command line", nowhere);
    else if (file != NULL && file->at.line > 0) add_file(l, setting, SLICE(""), file->text, file->at);
    else add(l, setting, SLICE(""), otherwise, "default", nowhere);
}

static void add_words(listing *l, slice setting, option_id o, slice what) {
    for (size_t i = 0; i < l->run->in->given[o].len; i++) {
        slice list = slice_from(l->run->in->given[o].at[i]), name;
        while (slice_cut(&list, ',', &name))
            if (slice_trim(name).len > 0) add(l, setting, slice_trim(name), what, "command line", nowhere);
    }
}

static slice glob_name(arena *a, slice name, slice glob) { return glob.len == 0 ? name : arena_printf(a, "%.*s (%.*s)", SLICE_ARG(name), SLICE_ARG(glob)); }

/* Is it said of this file? Of a folder everything is told that may be said of a file in it. */
static bool concerns(const applied *x, bool is_folder, slice glob) { return is_folder || glob.len == 0 || config_glob(glob, x->path); }

static void add_rules(listing *l, const config_file *c) {
    static const slice levels[SEVERITY_COUNT] = { [SEVERITY_INFO] = SLICE_INIT("info"), [SEVERITY_WARNING] = SLICE_INIT("warning"), [SEVERITY_ERROR] = SLICE_INIT("error") };
    for (size_t i = 0; c != NULL && i < c->rules.len; i++) {
        const config_rule *one = &c->rules.at[i];
        add_file(l, SLICE("rules"), one->name, one->off ? SLICE("off") : one->on ? SLICE("on") : levels[one->severity], one->at);
    }
    for (size_t i = 0; c != NULL && i < c->rule_parameters.len; i++) {
        const lint_parameter *p = &c->rule_parameters.at[i].is;
        add_file(l, SLICE("rules"), arena_printf(l->run->arena, "%.*s %.*s", SLICE_ARG(p->rule), SLICE_ARG(p->name)),
                 arena_printf(l->run->arena, "%lld", p->number), c->rule_parameters.at[i].at);
    }
    add_words(l, SLICE("rules"), OPTION_DISABLE, SLICE("off"));
    add_words(l, SLICE("rules"), OPTION_ENABLE, SLICE("on"));
}

static void add_parameters(listing *l, const applied *x, bool is_folder) {
    arena *a = l->run->arena;
    const config_file *c = x->config;
    for (size_t i = 0; c != NULL && i < c->parameters.len; i++) {
        const config_parameters *p = &c->parameters.at[i];
        for (size_t k = 0; k < p->len && concerns(x, is_folder, p->glob); k++)
            add_file(l, SLICE("template_parameters"), is_folder ? glob_name(a, p->parameters[k].name, p->glob) : p->parameters[k].name, p->parameters[k].value, p->places[k]);
    }
    for (size_t i = 0; i < l->run->in->given[OPTION_PARAMETER].len; i++) {
        slice text = slice_from(l->run->in->given[OPTION_PARAMETER].at[i]);
        size_t equals = slice_find(text, '=');
        add(l, SLICE("template_parameters"), slice_from_to(text, 0, equals), slice_after(text, equals < text.len ? equals + 1 : equals), "command line", nowhere);
    }
}

static void add_waivers(listing *l, const applied *x, bool is_folder) {
    arena *a = l->run->arena;
    for (size_t i = 0; x->config != NULL && i < x->config->allow.list.len; i++) {
        const waiver *w = x->config->allow.list.at[i];
        if (!concerns(x, is_folder, w->path)) continue;
        slice name = w->resources.len == 0 ? w->rule : arena_printf(a, "%.*s of %.*s", SLICE_ARG(w->rule), SLICE_ARG(w->resources));
        slice what = w->until.len == 0 ? w->reason : arena_printf(a, "until %.*s: %.*s", SLICE_ARG(w->until), SLICE_ARG(w->reason));
        add_file(l, SLICE("allow"), is_folder ? glob_name(a, name, w->path) : name, what, w->at);
    }
}

static void list(listing *l, const applied *x, bool is_folder) {
    const config_file *c = x->config;
    add_one(l, SLICE("fail_on"), OPTION_FAIL_ON, c == NULL ? NULL : &c->fail_on, SLICE("error"));
    add_one(l, SLICE("cloud"), OPTION_COUNT, c == NULL ? NULL : &c->cloud, SLICE("all"));
    add_one(l, SLICE("region"), OPTION_REGION, c == NULL ? NULL : &c->region, SLICE("unknown"));
    add_one(l, SLICE("account"), OPTION_ACCOUNT, c == NULL ? NULL : &c->account, SLICE("unknown"));
    for (size_t i = 0; c != NULL && i < c->rule_folders.len; i++) add_file(l, SLICE("rule_folders"), SLICE(""), c->rule_folders.at[i].text, c->rule_folders.at[i].at);
    for (size_t i = 0; i < l->run->in->given[OPTION_RULES].len; i++)
        add(l, SLICE("rule_folders"), SLICE(""), slice_from(l->run->in->given[OPTION_RULES].at[i]), "command line", nowhere);
    for (size_t i = 0; c != NULL && i < c->exclude.len; i++) add_file(l, SLICE("exclude"), SLICE(""), c->exclude.at[i].text, c->exclude.at[i].at);
    add_rules(l, c);
    add_parameters(l, x, is_folder);
    add_waivers(l, x, is_folder);
}

static bool is_excluded(const applied *x) {
    for (size_t i = 0; x->config != NULL && i < x->config->exclude.len; i++)
        if (config_glob(x->config->exclude.at[i].text, x->path)) return true;
    return false;
}

#define WIDTH_MOST 48      /* of a column; longer ones push the next away */

static void row_words(const row *one, const sources *s, buf *name, buf *from) {
    text_safe(name, one->setting);
    if (one->name.len > 0) buf_char(name, ' ');
    text_safe(name, one->name);
    text_safe(from, one->from != NULL ? slice_from(one->from) : arena_printf(from->arena, "%.*s:%u", SLICE_ARG(source_path(s, one->at.file)), one->at.line));
}

static void wider(size_t *width, buf text_of) {
    size_t columns = text_columns(buf_as_slice(&text_of)) + 2;
    if (columns > *width && columns <= WIDTH_MOST) *width = columns;
}

static void print_text(buf *out, const listing *l, const sources *s, slice path, const applied *x, bool color) {
    paint_on(out, color, PAINT_BOLD);
    text_safe(out, path);
    paint_off(out, color);
    buf_text(out, ": ");
    if (x->config == NULL) buf_text(out, "no " CONFIG_NAME);
    else text_safe(out, source_path(s, x->config->file));
    if (is_excluded(x)) buf_text(out, ", which excludes it");
    buf_char(out, '\n');
    size_t names = 0, froms = 0;
    for (size_t i = 0; i < l->rows.len; i++) {
        buf name = { .arena = out->arena }, from = { .arena = out->arena };
        row_words(&l->rows.at[i], s, &name, &from);
        wider(&names, name);
        wider(&froms, from);
    }
    for (size_t i = 0; i < l->rows.len; i++) {
        const row *one = &l->rows.at[i];
        buf name = { .arena = out->arena }, from = { .arena = out->arena };
        row_words(one, s, &name, &from);
        buf_text(out, "  ");
        buf_slice(out, buf_as_slice(&name));
        text_pad(out, text_columns(buf_as_slice(&name)), names, true);
        buf_slice(out, buf_as_slice(&from));
        text_pad(out, text_columns(buf_as_slice(&from)), froms, true);
        text_safe(out, one->value);
        buf_char(out, '\n');
    }
}

static void text(json_out *j, const char *key, slice what) {
    json_key(j, slice_from(key));
    json_string(j, what);
}

static void print_json(json_out *j, const listing *l, const sources *s, slice path, const applied *x) {
    json_object(j);
    text(j, "file", path);
    json_key_text(j, "config");
    if (x->config == NULL) json_null(j);
    else json_string(j, source_path(s, x->config->file));
    json_key_text(j, "excluded");
    json_bool(j, is_excluded(x));
    json_key_text(j, "settings");
    json_list(j);
    for (size_t i = 0; i < l->rows.len; i++) {
        const row *one = &l->rows.at[i];
        json_object(j);
        text(j, "setting", one->setting);
        json_key_text(j, "name");
        if (one->name.len == 0) json_null(j);
        else json_string(j, one->name);
        text(j, "value", one->value);
        text(j, "from", one->from == NULL ? SLICE("file") : slice_from(one->from));
        if (one->from == NULL) {
            text(j, "file", source_path(s, one->at.file));
            json_key_text(j, "line");
            json_int(j, one->at.line);
            json_key_text(j, "column");
            json_int(j, one->at.column);
        }
        json_object_end(j);
    }
    json_list_end(j);
    json_object_end(j);
}

int command_config(invocation *in) {
    run r = { .in = in, .arena = in->arena };
    texts paths = in->operands;
    r.arenas[0] = in->arena;
    r.errors.arena = in->arena;
    r.set.options = &r.options;
    if (paths.len == 0) VEC_PUSH(in->arena, &paths, ".");
    if (!settings_start(&r)) return STATUS_BAD;
    applied *all = ARENA_ARRAY(in->arena, applied, paths.len);
    bool *folders = ARENA_ARRAY(in->arena, bool, paths.len);
    for (size_t i = 0; i < paths.len; i++) {
        struct stat st;
        if (strcmp(paths.at[i], "-") != 0) {
            if (stat(paths.at[i], &st) != 0) return command_usage(in, "%s: no such file", paths.at[i]);
            folders[i] = S_ISDIR(st.st_mode);
        }
        all[i] = settings_of(r.settings, slice_from(paths.at[i]), folders[i]);
    }
    settings_check(&r);
    const sources *s = sources_new(in->arena, &r.set);
    buf out = { .arena = in->arena };
    json_out j = { .out = &out };
    bool json = slice_is(invocation_format(in), "json");
    int status = run_print_errors(&r, s);
    if (json) {
        json_object(&j);
        json_key_text(&j, "version");
        json_int(&j, REPORT_VERSION);
        json_key_text(&j, "files");
        json_list(&j);
    }
    for (size_t i = 0; i < paths.len; i++) {
        listing l = { .run = &r };
        list(&l, &all[i], folders[i]);
        if (json) print_json(&j, &l, s, slice_from(paths.at[i]), &all[i]);
        else print_text(&out, &l, s, slice_from(paths.at[i]), &all[i], in->color_out);
        if (!json && i + 1 < paths.len) buf_char(&out, '\n');
    }
    if (json) {
        json_list_end(&j);
        json_key_text(&j, "errors");
        report_errors_json(&j, s, &r.errors);
        json_object_end(&j);
        buf_char(&out, '\n');
    }
    if (!output_write(buf_as_slice(&out))) status = STATUS_BAD;
    return status;
}
