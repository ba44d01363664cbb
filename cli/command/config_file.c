#include "command/config_file.h"

#include "command/command.h"
#include "command/ignore.h"

typedef struct {
    arena *arena;
    config_file *c;
    diags *d;
} reader;

static slice suggestion(arena *a, slice typed, const char *words) {
    slice near = nearest_word(typed, slice_from(words));
    return near.len == 0 ? near : arena_printf(a, "; did you mean %.*s?", SLICE_ARG(near));
}

/* ---- values ---- */

static bool take_text(reader *r, const doc_entry *e, config_text *out) {
    if (!doc_is_scalar(e->value) || e->value->text.len == 0) {
        diag_add(r->d, e->value->at, "%.*s is a text", SLICE_ARG(e->key));
        return false;
    }
    *out = (config_text){ e->value->text, e->value->at };
    return true;
}

static void take_word(reader *r, const doc_entry *e, config_text *out, const char *words) {
    config_text given;
    slice rest = slice_from(words), word;
    if (!take_text(r, e, &given)) return;
    while (slice_cut(&rest, ' ', &word))
        if (slice_eq(word, given.text)) {
            *out = given;
            return;
        }
    slice near = suggestion(r->arena, given.text, words);
    if (near.len > 0) diag_add(r->d, given.at, "%.*s cannot be %.*s%.*s", SLICE_ARG(e->key), SLICE_ARG(given.text), SLICE_ARG(near));
    else diag_add(r->d, given.at, "%.*s cannot be %.*s; it is one of: %.*s", SLICE_ARG(e->key), SLICE_ARG(given.text), SLICE_ARG(words_listed(r->arena, slice_from(words))));
}

static bool take_glob(reader *r, slice glob, pos at) {
    if (glob.len > 0 && glob.len <= IGNORE_MAX_PATTERN) return true;
    diag_add(r->d, at, "a glob has 1 to %d characters", IGNORE_MAX_PATTERN);
    return false;
}

/* ---- keys ---- */

/* on, off, or a severity; YAML reads on and off as booleans. */
static bool read_level(reader *r, const doc_node *n, config_rule *out) {
    static const char words[] = "on off error warning info";
    if (n->kind == DOC_BOOL) {
        out->on = n->boolean;
        out->off = !n->boolean;
        return true;
    }
    if (n->kind == DOC_STRING && (slice_is(n->text, "on") || slice_is(n->text, "off"))) {
        out->on = slice_is(n->text, "on");
        out->off = !out->on;
        return true;
    }
    if (n->kind == DOC_STRING && severity_of(n->text, &out->severity)) return true;
    slice near = doc_is_scalar(n) ? suggestion(r->arena, n->text, words) : SLICE("");
    diag_add(r->d, n->at, "a rule is on, off, error, warning or info%.*s", SLICE_ARG(near));
    return false;
}

static void read_rule_parameters(reader *r, slice rule_name, const doc_node *n) {
    if (n->kind != DOC_MAP) diag_add(r->d, n->at, "parameters of a rule are a mapping: {least: 3}");
    for (size_t i = 0; n->kind == DOC_MAP && i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        if (e->value->kind == DOC_INT) VEC_PUSH(r->arena, &r->c->rule_parameters, (config_parameter){ { rule_name, e->key, e->value->integer }, e->key_at });
        else diag_add(r->d, e->value->at, "a parameter of a rule is a whole number");
    }
}

static void read_rules(reader *r, const doc_entry *e) {
    if (e->value->kind != DOC_MAP) {
        diag_add(r->d, e->value->at, "rules is a mapping: {SF305: off, pay-per-use: warning}");
        return;
    }
    for (size_t i = 0; i < e->value->map.len; i++) {
        const doc_entry *one = &e->value->map.at[i];
        config_rule rule = { .name = one->key, .at = one->key_at };
        const doc_node *level = one->value;
        if (level->kind == DOC_MAP) {
            for (size_t k = 0; k < level->map.len; k++) {
                const doc_entry *key = &level->map.at[k];
                if (slice_is(key->key, "parameters")) read_rule_parameters(r, one->key, key->value);
                else if (!slice_is(key->key, "severity"))
                    diag_add(r->d, key->key_at, "a rule here has no key %.*s%.*s", SLICE_ARG(key->key), SLICE_ARG(suggestion(r->arena, key->key, "severity parameters")));
            }
            level = doc_get(level, SLICE("severity"));
            if (level == NULL) continue;
        }
        if (read_level(r, level, &rule)) VEC_PUSH(r->arena, &r->c->rules, rule);
    }
}

static void read_rule_folders(reader *r, const doc_entry *e) {
    size_t len = e->value->kind == DOC_LIST ? e->value->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *n = e->value->kind == DOC_LIST ? e->value->list.at[i] : e->value;
        if (doc_is_scalar(n) && n->text.len > 0) VEC_PUSH(r->arena, &r->c->rule_folders, (config_text){ n->text, n->at });
        else diag_add(r->d, n->at, "rule_folders is a list of folders, named from here");
    }
}

static void read_exclude(reader *r, const doc_entry *e) {
    size_t len = e->value->kind == DOC_LIST ? e->value->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *n = e->value->kind == DOC_LIST ? e->value->list.at[i] : e->value;
        if (!doc_is_scalar(n)) diag_add(r->d, n->at, "exclude is a list of globs, as fixtures/**");
        else if (take_glob(r, n->text, n->at)) VEC_PUSH(r->arena, &r->c->exclude, (config_text){ n->text, n->at });
    }
}

/* Lists become text with commas, as CloudFormation takes them. */
static bool parameter_text(reader *r, const doc_node *n, slice *out) {
    buf b = { .arena = r->arena };
    if (doc_is_scalar(n)) {
        *out = n->text;
        return true;
    }
    for (size_t i = 0; n->kind == DOC_LIST && i < n->list.len; i++) {
        if (!doc_is_scalar(n->list.at[i])) return false;
        buf_printf(&b, "%s%.*s", i > 0 ? "," : "", SLICE_ARG(n->list.at[i]->text));
    }
    *out = buf_as_slice(&b);
    return n->kind == DOC_LIST;
}

static void read_parameters(reader *r, const doc_entry *e) {
    if (e->value->kind != DOC_MAP) {
        diag_add(r->d, e->value->at, "template_parameters is a mapping from globs: {\"services/**\": {Stage: prod}}");
        return;
    }
    for (size_t i = 0; i < e->value->map.len; i++) {
        const doc_entry *one = &e->value->map.at[i];
        if (!take_glob(r, one->key, one->key_at)) continue;
        if (one->value->kind != DOC_MAP) {
            diag_add(r->d, one->value->at, "the parameters of %.*s are a mapping: {Stage: prod}", SLICE_ARG(one->key));
            continue;
        }
        size_t len = one->value->map.len, n = 0;
        given_parameter *all = ARENA_ARRAY(r->arena, given_parameter, len);
        pos *places = ARENA_ARRAY(r->arena, pos, len);
        for (size_t k = 0; k < len; k++) {
            const doc_entry *p = &one->value->map.at[k];
            all[n].name = p->key;
            places[n] = p->key_at;
            if (parameter_text(r, p->value, &all[n].value)) n++;
            else diag_add(r->d, p->value->at, "a parameter is a text, a number or a list of them");
        }
        VEC_PUSH(r->arena, &r->c->parameters, (config_parameters){ one->key, one->key_at, all, places, n });
    }
}

static void read_cloud(reader *r, const doc_entry *e) { take_word(r, e, &r->c->cloud, "aws azure google"); }
static void read_fail_on(reader *r, const doc_entry *e) { take_word(r, e, &r->c->fail_on, "error warning info never"); }
static void read_region(reader *r, const doc_entry *e) { take_text(r, e, &r->c->region); }

static void read_account(reader *r, const doc_entry *e) {
    config_text given;
    if (!take_text(r, e, &given)) return;
    bool good = given.text.len == 12;
    for (size_t i = 0; i < given.text.len; i++) good = good && given.text.at[i] >= '0' && given.text.at[i] <= '9';
    if (good) r->c->account = given;
    else diag_add(r->d, given.at, "account is the twelve digits of an account, not %.*s", SLICE_ARG(given.text));
}

static void read_allow(reader *r, const doc_entry *e) {
    waiver from = { .source = WAIVER_IN_CONFIG, .file = r->c->file };
    waivers_of_list(r->arena, e->value, &from, &r->c->allow);
    for (size_t i = 0; i < r->c->allow.list.len; i++) {
        const waiver *w = r->c->allow.list.at[i];
        if (w->path.len > IGNORE_MAX_PATTERN) diag_add(r->d, w->at, "a glob has 1 to %d characters", IGNORE_MAX_PATTERN);
    }
}

/* ---- a file ---- */

static const struct { const char *key; void (*read)(reader *r, const doc_entry *e); } keys[] = {
    { "rules", read_rules },     { "rule_folders", read_rule_folders }, { "template_parameters", read_parameters }, { "exclude", read_exclude },
    { "cloud", read_cloud },     { "allow", read_allow },               { "fail_on", read_fail_on },                { "region", read_region },
    { "account", read_account },
};
static const char key_words[] = "rules rule_folders template_parameters exclude cloud allow fail_on region account";

static bool says_nothing(slice text) {
    slice line;
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_after(text, 3);
    while (slice_cut(&text, '\n', &line)) {
        line = slice_trim(line);
        if (line.len > 0 && line.at[0] != '#') return false;
    }
    return true;
}

void config_read(arena *a, config_file *c, slice text, diags *d) {
    reader r = { a, c, d };
    c->text = text;
    if (says_nothing(text)) return;
    const doc_node *doc = doc_parse_yaml(a, text, c->file, d);
    if (doc == NULL) return;
    if (doc->kind != DOC_MAP) {
        diag_add(d, doc->at, "a configuration is a mapping; its keys are: %.*s", SLICE_ARG(words_listed(a, slice_from(key_words))));
        return;
    }
    for (size_t i = 0; i < doc->map.len; i++) {
        const doc_entry *e = &doc->map.at[i];
        size_t k = 0;
        while (k < COUNT(keys) && !slice_is(e->key, keys[k].key)) k++;
        if (k < COUNT(keys)) {
            if (e->value->kind != DOC_NULL) keys[k].read(&r, e);
            continue;
        }
        slice near = suggestion(a, e->key, key_words);
        if (near.len > 0) diag_add(d, e->key_at, "there is no setting %.*s%.*s", SLICE_ARG(e->key), SLICE_ARG(near));
        else diag_add(d, e->key_at, "there is no setting %.*s; there are: %.*s", SLICE_ARG(e->key), SLICE_ARG(words_listed(a, slice_from(key_words))));
    }
}

bool config_glob(slice glob, slice path) {
    bool folders_only = glob.len > 0 && glob.at[glob.len - 1] == '/', anchored;
    if (folders_only) glob.len--;
    anchored = slice_find(glob, '/') < glob.len;
    if (glob.len > 0 && glob.at[0] == '/') glob = slice_after(glob, 1);
    /* The path, then each folder that it lies in. */
    for (size_t end = path.len; end > 0; end--) {
        if (end < path.len && path.at[end] != '/') continue;
        slice whole = slice_from_to(path, 0, end), name = whole;
        for (size_t i = end; i > 0; i--)
            if (whole.at[i - 1] == '/') {
                name = slice_after(whole, i);
                break;
            }
        if (end == path.len && folders_only) continue;
        if (ignore_glob(glob, anchored ? whole : name)) return true;
    }
    return false;
}
