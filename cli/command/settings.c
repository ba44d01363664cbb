#include "command/settings.h"

#include <sys/stat.h>

#include "command/file.h"
#include "command/path.h"

/* ---- which file ---- */

/* What a folder's templates are configured by. */
typedef struct {
    config_file *config;       /* NULL: nothing */
} found;

static config_file *load(settings *s, slice path, slice folder, slice text) {
    run *r = s->run;
    config_file *c = ARENA_NEW(r->arena, config_file);
    c->file = (uint32_t)r->set.files.len;
    c->folder = folder;
    VEC_PUSH(r->arena, &r->set.files, path);
    VEC_PUSH(r->arena, &s->files, c);
    config_read(r->arena, c, text, &r->errors);
    return c;
}

static slice below(arena *a, slice folder, const char *name) {
    return arena_concat(a, (slice[]){ folder, slice_is(folder, "/") ? SLICE("") : SLICE("/"), slice_from(name) }, 3);
}

static void refuse(settings *s, slice shown, slice why) {
    VEC_PUSH(s->run->arena, &s->run->set.files, shown);
    diag_add(&s->run->errors, (pos){ (uint32_t)s->run->set.files.len - 1, 0, 0 }, "%.*s", SLICE_ARG(why));
}

/* `whole` is absolute. The search ends with a repository, and with the file system. */
static const found *look_in(settings *s, slice whole) {
    arena *a = s->run->arena;
    found *f = strmap_get(&s->by_folder, whole);
    slice text, why;
    struct stat st;
    if (f != NULL) return f;
    f = ARENA_NEW(a, found);
    strmap_put(a, &s->by_folder, whole, f);
    slice path = below(a, whole, CONFIG_NAME);
    if (lstat(path.at, &st) == 0) {
        slice shown = path_called_from(a, s->here, path);
        if (file_read(a, path, &text, &why)) f->config = load(s, shown, whole, text);
        else refuse(s, shown, why);
        return f;
    }
    path = below(a, whole, CONFIG_NOT_NAME);
    if (lstat(path.at, &st) == 0) refuse(s, path_called_from(a, s->here, path), SLICE("not read: a configuration is called " CONFIG_NAME));
    path = below(a, whole, ".git");
    if (lstat(path.at, &st) == 0 || slice_is(whole, "/")) return f;
    f->config = look_in(s, path_folder(whole))->config;     /* as deep as the path has folders */
    return f;
}

static const config_file *config_for(settings *s, slice folder) {
    if (invocation_has(s->run->in, OPTION_NO_CONFIG)) return NULL;
    if (invocation_has(s->run->in, OPTION_CONFIG)) return s->files.len > 0 ? s->files.at[0] : NULL;
    return look_in(s, path_whole(s->run->arena, s->here, folder))->config;
}

/* --config: this one for all. */
static bool take_named(settings *s) {
    const char *name = invocation_text(s->run->in, OPTION_CONFIG);
    slice text, why;
    if (name == NULL || invocation_has(s->run->in, OPTION_NO_CONFIG)) return true;
    if (!file_read(s->run->arena, slice_from(name), &text, &why)) {
        command_usage(s->run->in, "--config %s: %.*s", name, SLICE_ARG(why));
        return false;
    }
    load(s, slice_from(name), path_real(s->run->arena, path_folder(slice_from(name))), text);
    return true;
}

/* ---- what it says to reading ---- */

static const template_options *options_for(settings *s, const config_file *c, slice path) {
    run *r = s->run;
    VEC(given_parameter) all = { 0 };
    for (size_t i = 0; i < c->parameters.len; i++) {
        const config_parameters *p = &c->parameters.at[i];
        for (size_t k = 0; k < p->len && config_glob(p->glob, path); k++) VEC_PUSH(r->arena, &all, p->parameters[k]);
    }
    if (all.len == 0 && c->region.text.len == 0 && c->account.text.len == 0) return &r->options;
    template_options *o = ARENA_NEW(r->arena, template_options);
    *o = r->options;
    if (o->region.len == 0) o->region = c->region.text;
    if (o->account.len == 0) o->account = c->account.text;
    /* The last that names a parameter wins: the command line. */
    for (size_t i = 0; i < r->options.parameters_len; i++) VEC_PUSH(r->arena, &all, r->options.parameters[i]);
    o->parameters = all.at;
    o->parameters_len = all.len;
    return o;
}

applied settings_of(settings *s, slice path, bool is_folder) {
    run *r = s->run;
    applied out = { .config = config_for(s, is_folder ? path : slice_is(path, "-") ? SLICE(".") : path_folder(path)), .options = &r->options };
    if (out.config == NULL) return out;
    out.path = slice_is(path, "-") ? path : path_called_from(r->arena, out.config->folder, path_whole(r->arena, s->here, path));
    out.options = options_for(s, out.config, out.path);
    return out;
}

bool settings_start(run *r) {
    settings *s = ARENA_NEW(r->arena, settings);
    s->run = r;
    r->settings = s;
    s->here = path_real(r->arena, SLICE("."));
    if (!take_named(s)) return false;
    if (invocation_has(r->in, OPTION_NO_CONFIG)) return true;
    applied *all = NULL;
    slice last = { NULL, 0 };          /* inputs of a folder follow one another */
    bool last_has = false;
    for (size_t i = 0; i < r->inputs.list.len; i++) {
        input *in = &r->inputs.list.at[i];
        const input_operand *from = &r->inputs.operands.at[in->operand];
        /* What the search of a folder saw need not be looked for again. */
        slice folder = from->folder && !r->inputs.own_settings ? from->path : path_folder(in->path);
        if (last.at == NULL || !slice_eq(folder, last)) {
            last = folder;
            last_has = config_for(s, folder) != NULL;
        }
        if (!last_has) continue;
        if (all == NULL) all = ARENA_ARRAY(r->arena, applied, r->inputs.list.len);
        all[i] = settings_of(s, in->path, false);
        const config_file *c = in->walked ? all[i].config : NULL;
        for (size_t k = 0; c != NULL && !in->refused && k < c->exclude.len; k++) in->refused = config_glob(c->exclude.at[k].text, all[i].path);
    }
    s->inputs = all;
    return true;
}

const template_options *settings_options(const run *r, uint32_t file) {
    const settings *s = r->settings;
    return s == NULL || s->inputs == NULL || file >= r->inputs.list.len || s->inputs[file].options == NULL ? &r->options : s->inputs[file].options;
}

/* ---- what it says to rules ---- */

static const lint_config *lint_for(const void *self, uint32_t file) {
    const settings *s = self;
    if (s->inputs == NULL || file >= s->run->inputs.list.len || s->inputs[file].lint == NULL) return s->lint;
    return s->inputs[file].lint;
}

static bool waives_at(const void *self, arena *a, const waiver *w, slice path) {
    const settings *s = self;
    const config_file *c = NULL;
    for (size_t i = 0; i < s->files.len && c == NULL; i++)
        if (s->files.at[i]->file == w->at.file) c = s->files.at[i];
    if (c == NULL || slice_is(path, "-")) return false;
    return config_glob(w->path, path_called_from(a, c->folder, path_whole(a, s->here, path)));
}

static void check_rule_names(run *r, const config_file *c, const lint_rules *rules) {
    for (size_t i = 0; i < c->rules.len; i++) {
        const config_rule *one = &c->rules.at[i];
        if (lint_rule_find(rules, one->name) != LINT_NO_RULE || lint_is_pillar(one->name)) continue;
        slice near = lint_nearest(rules, one->name);
        if (near.len > 0) diag_add(&r->errors, one->at, "there is no rule %.*s; did you mean %.*s?", SLICE_ARG(one->name), SLICE_ARG(near));
        else diag_add(&r->errors, one->at, "there is no rule %.*s; sflint rules lists them", SLICE_ARG(one->name));
    }
}

static void check_parameters(run *r, const config_file *c, const lint_rules *rules) {
    for (size_t i = 0; i < c->rule_parameters.len; i++) {
        const config_parameter *p = &c->rule_parameters.at[i];
        size_t at = lint_rule_find(rules, p->is.rule), best = NEAREST_NONE;
        slice near = SLICE("");
        bool known = false;
        rule_info info = { .parameters = NULL };
        if (at != LINT_NO_RULE) info = lint_rule(r->arena, rules, at);
        else if (!lint_is_pillar(p->is.rule)) continue;          /* said already */
        for (size_t k = 0; k < info.parameters_len && !known; k++) {
            size_t d = nearest_distance(p->is.name, info.parameters[k].name);
            known = slice_eq(info.parameters[k].name, p->is.name);
            if (d >= best) continue;
            best = d;
            near = info.parameters[k].name;
        }
        if (known) continue;
        if (info.parameters_len == 0) diag_add(&r->errors, p->at, "%.*s has no parameters", SLICE_ARG(p->is.rule));
        else if (near.len > 0) diag_add(&r->errors, p->at, "%.*s has no parameter %.*s; did you mean %.*s?", SLICE_ARG(p->is.rule), SLICE_ARG(p->is.name), SLICE_ARG(near));
        else diag_add(&r->errors, p->at, "%.*s has no parameter %.*s; sflint explain %.*s lists them", SLICE_ARG(p->is.rule), SLICE_ARG(p->is.name), SLICE_ARG(p->is.rule));
    }
}

static void check_names(run *r, const config_file *c, const lint_rules *rules) {
    check_rule_names(r, c, rules);
    check_parameters(r, c, rules);
}

/* What the file says of rules, without a word of the command line. */
static lint_config *file_lint(arena *a, const config_file *c) {
    lint_config *l = ARENA_NEW(a, lint_config);
    VEC(slice) off = { 0 }, on = { 0 };
    VEC(lint_severity) severities = { 0 };
    for (size_t i = 0; i < c->rules.len; i++) {
        if (c->rules.at[i].off) VEC_PUSH(a, &off, c->rules.at[i].name);
        else VEC_PUSH(a, &on, c->rules.at[i].name);
    }
    /* The last that names a rule wins, and a rule itself counts more than its pillar. */
    for (int narrow = 0; narrow < 2; narrow++)
        for (size_t i = 0; i < c->rules.len; i++) {
            const config_rule *one = &c->rules.at[i];
            if (!one->off && !one->on && lint_is_pillar(one->name) == (narrow == 0))
                VEC_PUSH(a, &severities, (lint_severity){ one->name, one->severity });
        }
    l->disabled = off.at;
    l->disabled_len = off.len;
    l->enabled = on.at;
    l->enabled_len = on.len;
    lint_parameter *parameters = ARENA_ARRAY(a, lint_parameter, c->rule_parameters.len);
    for (size_t i = 0; i < c->rule_parameters.len; i++) parameters[i] = c->rule_parameters.at[i].is;
    l->parameters = parameters;
    l->parameters_len = c->rule_parameters.len;
    l->severities = severities.at;
    l->severities_len = severities.len;
    return l;
}

/* The run's rules and those of the file's folders. */
static const lint_rules *rules_for(run *r, const config_file *c, const lint_rules *rules, lint_rules *told) {
    if (c->rule_folders.len == 0) return rules;
    texts folders = { 0 };
    for (size_t i = 0; i < c->rule_folders.len; i++) {
        slice whole = path_whole(r->arena, c->folder, c->rule_folders.at[i].text);
        VEC_PUSH(r->arena, &folders, arena_copy(r->arena, path_called_from(r->arena, ((const settings *)r->settings)->here, whole)).at);
        if (*folders.at[i] == '\0') folders.at[i] = ".";
    }
    lint_rules *own = lint_rules_new(r->arena);
    diags said = r->errors;
    r->errors = (diags){ .arena = r->arena };
    run_add_rules(r, own, &r->in->given[OPTION_RULES]);
    run_add_rules(r, told, &folders);            /* what is there twice is said below, if it is wrong */
    r->errors = said;
    run_add_rules(r, own, &folders);
    return own;
}

void settings_check(run *r) {
    settings *s = r->settings;
    lint_rules *rules = lint_rules_new(r->arena), *told = lint_rules_new(r->arena);
    run_add_rules(r, rules, &r->in->given[OPTION_RULES]);
    for (size_t k = 0; k < s->files.len; k++) check_names(r, s->files.at[k], rules_for(r, s->files.at[k], rules, told));
}

const lint_rules *settings_lint(run *r, const lint_rules *rules, lint_config *config) {
    arena *a = r->arena;
    settings *s = r->settings;
    lint_rules *told = NULL;
    if (s == NULL || s->inputs == NULL) return rules;
    lint_config *base = ARENA_NEW(a, lint_config);
    *base = *config;
    base->plan = lint_plan_new(a, rules, base);
    s->lint = base;
    for (size_t k = 0; k < s->files.len; k++)
        if (s->files.at[k]->rule_folders.len > 0 && told == NULL) {
            told = lint_rules_new(a);
            diags said = r->errors;
            r->errors = (diags){ .arena = a };
            run_add_rules(r, told, &r->in->given[OPTION_RULES]);
            r->errors = said;
        }
    for (size_t k = 0; k < s->files.len; k++) {
        config_file *c = s->files.at[k];
        lint_config *l = ARENA_NEW(a, lint_config);
        *l = *config;
        l->under = file_lint(a, c);
        l->rules = rules_for(r, c, rules, told);
        l->cloud = c->cloud.text;
        l->waivers = c->allow.list.at;
        l->waivers_len = c->allow.list.len;
        l->waives_at = waives_at;
        l->self = s;
        l->plan = lint_plan_new(a, rules, l);
        check_names(r, c, l->rules);
        c->lint = l;
    }
    for (size_t i = 0; i < r->inputs.list.len; i++)
        if (s->inputs[i].config != NULL) s->inputs[i].lint = s->inputs[i].config->lint;
    config->plan = base->plan;
    config->of = lint_for;
    config->self = s;
    return told != NULL ? told : rules;
}

bool settings_fails(const run *r, const finding *f) {
    const settings *s = r->settings;
    severity least = SEVERITY_ERROR;
    const char *given = invocation_text(r->in, OPTION_FAIL_ON);
    slice level = given != NULL ? slice_from(given) : SLICE("error");
    if (given == NULL && s != NULL && s->inputs != NULL && f->root < r->inputs.list.len && s->inputs[f->root].config != NULL &&
        s->inputs[f->root].config->fail_on.at.line > 0)
        level = s->inputs[f->root].config->fail_on.text;
    for (size_t i = 0; given == NULL && s != NULL && i < s->files.len; i++)      /* about the configuration itself */
        if (s->files.at[i]->file == f->at.file && s->files.at[i]->fail_on.at.line > 0) level = s->files.at[i]->fail_on.text;
    return f->waiver == NULL && severity_of(level, &least) && f->severity >= least;
}

void settings_sources(const run *r, sources *s) {
    const settings *own = r->settings;
    for (size_t i = 0; own != NULL && i < own->files.len; i++) sources_add(s, own->files.at[i]->file, own->files.at[i]->text);
}

void settings_waivers(run *r, const lint_rules *rules, bool partly, lint_result *found_so_far) {
    const settings *s = r->settings;
    for (size_t k = 0; s != NULL && s->inputs != NULL && k < s->files.len; k++) {
        const config_file *c = s->files.at[k];
        bool complete = false;
        for (size_t i = 0; !partly && !complete && i < r->inputs.operands.len; i++) {
            const input_operand *o = &r->inputs.operands.at[i];
            complete = o->folder && path_is_in(path_real(r->arena, o->path), c->folder);
        }
        if (c->allow.list.len > 0 || c->allow.problems.len > 0)
            lint_waive_config(r->arena, c->allow.list.at, c->allow.list.len, c->allow.problems.at, c->allow.problems.len, rules, c->lint, complete, found_so_far);
    }
}
