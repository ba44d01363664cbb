#include "command/alone.h"

#include <stdlib.h>
#include <unistd.h>

#include "command/file.h"
#include "command/nested.h"
#include "command/settings.h"

/* Below this much work a thread costs more than it brings. */
#define BYTES_A_THREAD     ((size_t)64 * 1024)
#define RESOURCES_A_THREAD ((size_t)200)

/* Of a huge file, and of one without an ending (it may be a program), this much is looked at before it is read. */
#define HEAD_BYTES ((size_t)64 * 1024)

/* ---- options ---- */

static bool read_file(void *self, arena *a, slice path, slice *text, slice *why) {
    (void)self;
    return file_read(a, path, text, why);
}

static path_facts stat_path(void *self, arena *a, slice path) {
    (void)self;
    return file_look(a, path);
}

static slice text_of(const invocation *in, option_id o) {
    const char *text = invocation_text(in, o);
    return text == NULL ? SLICE("") : slice_from(text);
}

static bool take_parameters(run *r) {
    const invocation *in = r->in;
    VEC(given_parameter) all = { 0 };
    for (size_t i = 0; i < in->given[OPTION_PARAMETERS].len; i++) {
        slice path = slice_from(in->given[OPTION_PARAMETERS].at[i]), text, why;
        given_parameter *given;
        size_t len;
        if (!file_read(r->arena, path, &text, &why)) {
            command_usage(in, "--parameters %.*s: %.*s", SLICE_ARG(path), SLICE_ARG(why));
            return false;
        }
        VEC_PUSH(r->arena, &r->set.files, path);
        if (!template_parameters_file(r->arena, text, path, (uint32_t)r->set.files.len - 1, &given, &len, &r->errors)) {
            run_print_errors(r, sources_new(r->arena, &r->set));
            return false;
        }
        for (size_t k = 0; k < len; k++) VEC_PUSH(r->arena, &all, given[k]);
    }
    for (size_t i = 0; i < in->given[OPTION_PARAMETER].len; i++) {
        slice text = slice_from(in->given[OPTION_PARAMETER].at[i]);
        size_t equals = slice_find(text, '=');
        if (equals == 0 || equals == text.len) {
            command_usage(in, "--parameter takes NAME=VALUE, not %.*s", SLICE_ARG(text));
            return false;
        }
        VEC_PUSH(r->arena, &all, (given_parameter){ slice_from_to(text, 0, equals), slice_after(text, equals + 1) });
    }
    r->options.parameters = all.at;
    r->options.parameters_len = all.len;
    return true;
}

static bool take_threads(run *r) {
    const char *text = invocation_text(r->in, OPTION_THREADS);
    long long n;
    r->threads = 0;
    if (text == NULL) return true;
    if (!slice_int(slice_from(text), &n) || n < 1) {
        command_usage(r->in, "--threads takes a number from 1 to %d, not %s", THREADS_MOST, text);
        return false;
    }
    r->threads = n > THREADS_MOST ? THREADS_MOST : (size_t)n;
    return true;
}

/* The account as twelve digits, or nothing: half a number would make wrong ARNs. */
static bool take_place(run *r) {
    r->options.region = text_of(r->in, OPTION_REGION);
    r->options.account = text_of(r->in, OPTION_ACCOUNT);
    slice account = r->options.account;
    bool digits = true;
    for (size_t i = 0; i < account.len; i++) digits = digits && account.at[i] >= '0' && account.at[i] <= '9';
    if (account.len != 0 && (account.len != 12 || !digits)) {
        command_usage(r->in, "--account takes the twelve digits of an account, not %.*s", SLICE_ARG(account));
        return false;
    }
    return true;
}

static bool take_operands(run *r) {
    const invocation *in = r->in;
    input_finder *f = input_finder_new(r->arena, &r->inputs, &r->errors);
    for (size_t i = 0; i < in->operands.len; i++) input_add(f, slice_from(in->operands.at[i]));
    for (size_t i = 0; i < in->given[OPTION_FILES_FROM].len; i++) {
        slice path = slice_from(in->given[OPTION_FILES_FROM].at[i]), text, why, line;
        if (!file_read(r->arena, path, &text, &why)) {
            command_usage(in, "--files-from %.*s: %.*s", SLICE_ARG(path), SLICE_ARG(why));
            return false;
        }
        while (slice_cut(&text, '\n', &line)) {
            if (line.len > 0 && line.at[line.len - 1] == '\r') line.len--;
            if (line.len > 0) input_add(f, line);
        }
    }
    if (in->operands.len == 0 && in->given[OPTION_FILES_FROM].len == 0) input_add(f, SLICE("."));
    /* A hook names all that was changed; what exists is then looked at as if it had been found in a folder. */
    for (size_t i = 0; invocation_has(in, OPTION_ONLY_TEMPLATES) && i < r->inputs.list.len; i++) {
        input *named = &r->inputs.list.at[i];
        if (!slice_is(named->path, "-") && access(arena_copy(r->arena, named->path).at, R_OK) == 0) named->walked = true;
    }
    return true;
}

bool run_start(run *r, invocation *in) {
    *r = (run){ .in = in, .arena = in->arena };
    r->arenas[0] = in->arena;
    r->errors.arena = in->arena;
    r->set.options = &r->options;
    r->options.read_file = read_file;
    r->options.stat_path = stat_path;
    r->options.partition = SLICE("");
    r->options.defaults_hold = in->command->defaults_hold;
    if (!take_threads(r) || !take_place(r) || !take_operands(r)) return false;
    /* The inputs are the first files: index in inputs.list = pos.file. */
    for (size_t i = 0; i < r->inputs.list.len; i++) VEC_PUSH(r->arena, &r->set.files, r->inputs.list.at[i].path);
    return take_parameters(r) && settings_start(r);
}

size_t run_threads(run *r, size_t wanted) {
    if (wanted > 1 && r->threads == 0) r->threads = processor_count();
    if (wanted > r->threads && r->threads != 0) wanted = r->threads;
    if (wanted < 1) wanted = 1;
    for (size_t i = 1; i < wanted; i++)
        if (r->arenas[i] == NULL) r->arenas[i] = arena_make(0, command_out_of_memory);
    return wanted;
}

void run_end(run *r) {
    for (size_t i = 1; i < THREADS_MOST; i++) arena_free(r->arenas[i]);
}

/* ---- rule files ---- */

static bool is_rule_file(slice path) { return slice_ends(path, SLICE(".yaml")) || slice_ends(path, SLICE(".yml")); }

size_t run_add_rules(run *r, lint_rules *rules, const texts *named) {
    inputs found = { 0 };
    diags d = { .arena = r->arena };
    input_finder *f = input_finder_new(r->arena, &found, &d);
    for (size_t i = 0; i < named->len; i++) input_add(f, slice_from(named->at[i]));
    size_t count = 0, base = r->set.files.len;
    bool *any = ARENA_ARRAY(r->arena, bool, found.operands.len + 1);
    for (size_t i = 0; i < found.list.len; i++) {
        const input *in = &found.list.at[i];
        uint32_t file = (uint32_t)r->set.files.len;
        slice text, why;
        VEC_PUSH(r->arena, &r->set.files, in->path);
        if (in->refused || (in->walked && !is_rule_file(in->path))) continue;
        any[in->operand] = true;
        if (!file_read(r->arena, in->path, &text, &why)) {
            diag_add(&r->errors, (pos){ file, 0, 0 }, "%.*s", SLICE_ARG(why));
            continue;
        }
        count++;
        lint_rules_add(rules, in->path, file, text, &r->errors);
    }
    for (size_t i = 0; i < d.list.len; i++) {
        pos at = d.list.at[i].at;
        at.file += (uint32_t)base;
        diag_add(&r->errors, at, "%.*s", SLICE_ARG(d.list.at[i].message));
    }
    for (size_t i = 0; i < found.operands.len; i++) {
        if (any[i] || !found.operands.at[i].folder) continue;
        VEC_PUSH(r->arena, &r->set.files, found.operands.at[i].path);
        diag_add(&r->errors, (pos){ (uint32_t)r->set.files.len - 1, 0, 0 }, "no rule file (.yaml) in this folder");
    }
    return count;
}

/* ---- templates ---- */

typedef struct {
    slice text;
    const doc_node *doc;       /* NULL: not a template, or unreadable */
    template *made;
    diags errors;
    size_t errors_of_text;     /* how many of them are from parsing */
} job;

typedef struct {
    run *run;
    job *jobs;
    const uint32_t *order;     /* reading: indexes of the jobs that are templates */
    bool several;
    alone *alone;              /* NULL: nothing is done by itself */
} work;

/* Texts in UTF-16 are looked at without their zero bytes. */
static slice plain(arena *a, slice text) {
    if (!slice_starts(text, SLICE("\xFE\xFF")) && !slice_starts(text, SLICE("\xFF\xFE"))) return text;
    char *at = arena_alloc(a, 1, 1, text.len);
    size_t len = 0;
    for (size_t i = 2; i < text.len; i++)
        if (text.at[i] != '\0') at[len++] = text.at[i];
    return (slice){ at, len };
}

/* Parsed into memory that is given back; what does not stand alone after all, or has errors, is parsed again by parse_one. */
static bool stands_alone(const work *w, size_t thread, size_t i) {
    job *j = &w->jobs[i];
    slice path = w->run->inputs.list.at[i].path;
    arena *scratch = alone_scratch(w->alone, thread);
    arena_mark mark = arena_mark_take(scratch);
    diags said = { .arena = scratch };
    const doc_node *doc = doc_parse(scratch, j->text, path, (uint32_t)i, &said);
    bool is = doc != NULL && said.list.len == 0 && template_detect(doc, path) != NULL && alone_may(j->text, doc);
    if (is) alone_check(w->alone, thread, (uint32_t)i, j->text, doc, &j->errors);
    arena_mark_return(scratch, mark);
    return is;
}

static void parse_one(void *self, size_t thread, size_t i) {
    const work *w = self;
    arena *a = w->run->arenas[thread];
    const input *in = &w->run->inputs.list.at[i];
    job *j = &w->jobs[i];
    j->errors.arena = a;
    if (in->refused) return;
    slice why;
    if (in->walked && (in->size > DOC_MAX_BYTES || !input_has_ending(in->path))) {
        slice head;
        arena_mark mark = arena_mark_take(a);
        bool look = file_head(a, in->path, HEAD_BYTES, &head);
        if (look) head = plain(a, head);
        look = look && memchr(head.at, '\0', head.len) == NULL && (in->size <= DOC_MAX_BYTES || input_looks_like_template(head));
        arena_mark_return(a, mark);
        if (!look) return;
    }
    arena_mark mark = arena_mark_take(a);
    if (!file_read(a, in->path, &j->text, &why)) {
        diag_add(&j->errors, (pos){ (uint32_t)i, 0, 0 }, "%.*s%s", SLICE_ARG(why), slice_is(why, "no such file") ? ": look at the path" : "");
        return;
    }
    if (in->walked && !input_looks_like_template(plain(a, j->text))) {
        arena_mark_return(a, mark);      /* most files of a folder are no templates */
        return;
    }
    bool likely = w->alone != NULL && alone_likely(j->text);
    if (likely && stands_alone(w, thread, i)) return;
    const doc_node *doc = doc_parse(a, j->text, in->path, (uint32_t)i, &j->errors);
    if (doc == NULL) return;
    if (template_detect(doc, in->path) != NULL) {
        if (w->alone != NULL && !likely && j->errors.list.len == 0 && alone_may(j->text, doc))
            alone_check(w->alone, thread, (uint32_t)i, j->text, doc, &j->errors);
        else
            j->doc = doc;
        return;
    }
    if (in->walked) j->errors.list.len = 0;
    else if (j->errors.list.len == 0)
        diag_add(&j->errors, (pos){ (uint32_t)i, 1, 1 },
                 "not a template: there are no Resources with a Type; sflint reads CloudFormation in YAML or JSON");
}

static void read_one(void *self, size_t thread, size_t n) {
    const work *w = self;
    run *r = w->run;
    arena *a = r->arenas[thread];
    uint32_t i = w->order[n];
    job *j = &w->jobs[i];
    slice path = r->inputs.list.at[i].path;
    j->errors_of_text = j->errors.list.len;
    j->errors.arena = a;           /* not the arena of the thread that parsed */
    slice prefix = w->several ? arena_concat(a, (slice[]){ path, SLICE("#") }, 2) : SLICE("");
    templates *set = &r->set;
    if (settings_options(r, i) != r->set.options) {      /* it has its own */
        set = ARENA_NEW(a, templates);
        *set = r->set;
        set->options = settings_options(r, i);
    }
    j->made = template_read(set, a, path, i, j->text, j->doc, prefix, &j->errors);
}

/* What is a nested stack of another template is read there. If one template is left, its ids need no path: it is read again. */
static void leave_out_nested(work *w, size_t count) {
    run *r = w->run;
    template **made = ARENA_ARRAY(r->arena, template *, count + 1);   /* those done alone too */
    bool *is_nested = ARENA_ARRAY(r->arena, bool, count + 1);
    size_t read = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        made[i] = w->jobs[i].made;
        if (w->alone != NULL && w->alone->results[i] != NULL && w->alone->results[i]->read) made[i] = &w->alone->results[i]->source;
        read += made[i] != NULL;
    }
    if (read < 2) return;
    size_t left = nested_find(r->arena, made, count, is_nested);
    if (left == read) return;
    for (size_t i = 0, n = 0; i < count; i++) {
        if (is_nested[i] && w->alone != NULL) w->alone->results[i] = NULL;
        if (is_nested[i]) w->jobs[i].errors.list.len = 0;
        if (w->jobs[i].doc == NULL) continue;
        if (!is_nested[i] && made[i] != NULL) last = n;
        n++;
        if (is_nested[i]) w->jobs[i].made = NULL;
    }
    if (left > 1 || w->alone != NULL) return;
    w->several = false;
    w->jobs[w->order[last]].errors.list.len = w->jobs[w->order[last]].errors_of_text;
    read_one(w, 0, last);
}

static size_t threads_for(run *r, size_t count, size_t amount, size_t a_thread) {
    size_t wanted = amount / a_thread + 1;
    return run_threads(r, wanted < count ? wanted : count);
}

/* A folder that was named and holds no template is a mistake of the call: a gate that looks into the wrong folder must not pass. */
static void empty_folders(run *r, const work *w) {
    bool *any = ARENA_ARRAY(r->arena, bool, r->inputs.operands.len + 1);
    for (size_t i = 0; i < r->inputs.list.len; i++)
        if (w->jobs[i].doc != NULL || (w->alone != NULL && w->alone->results[i] != NULL) || w->jobs[i].errors.list.len > 0 || r->inputs.list.at[i].refused) any[r->inputs.list.at[i].operand] = true;
    for (size_t i = 0; i < r->inputs.operands.len; i++) {
        const input_operand *o = &r->inputs.operands.at[i];
        if (!o->folder || o->met_before || any[i]) continue;
        VEC_PUSH(r->arena, &r->set.files, o->path);
        diag_add(&r->errors, (pos){ (uint32_t)r->set.files.len - 1, 0, 0 },
                 "no template in this folder: looked for CloudFormation in .yaml, .yml, .json, .template files and their like, without those that .gitignore or .sflint.yaml leaves out");
    }
}

typedef struct {
    diag d;
    size_t number;
} numbered;

static int by_place(const void *x, const void *y) {
    const numbered *p = x, *q = y;
    if (p->d.at.file != q->d.at.file) return p->d.at.file < q->d.at.file ? -1 : 1;
    if (p->d.at.line != q->d.at.line) return p->d.at.line < q->d.at.line ? -1 : 1;
    if (p->d.at.column != q->d.at.column) return p->d.at.column < q->d.at.column ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

static void sort_errors(run *r) {
    size_t len = r->errors.list.len;
    if (len < 2) return;
    numbered *all = ARENA_ARRAY(r->arena, numbered, len);
    for (size_t i = 0; i < len; i++) all[i] = (numbered){ r->errors.list.at[i], i };
    qsort(all, len, sizeof *all, by_place);
    for (size_t i = 0; i < len; i++) r->errors.list.at[i] = all[i].d;
}

/* A parameter that no template has is a slip of the pen: what it should decide is not decided. Where only some templates of a project are
 * read, it may belong to another. */
static void strange_parameters(run *r) {
    size_t from_files = r->options.parameters_len - r->in->given[OPTION_PARAMETER].len;
    if (invocation_has(r->in, OPTION_CHANGED) || invocation_has(r->in, OPTION_ONLY_TEMPLATES)) return;
    for (size_t i = 0; i < r->options.parameters_len; i++) {
        slice name = r->options.parameters[i].name, near = SLICE("");
        const char *from = options[i < from_files ? OPTION_PARAMETERS : OPTION_PARAMETER].name;
        size_t best = NEAREST_NONE;
        for (size_t t = 0; t < r->set.list.len && best > 0; t++)
            for (size_t k = 0; k < r->set.list.at[t]->parameters.len && best > 0; k++) {
                slice id = r->set.list.at[t]->parameters.at[k].id;
                size_t d = nearest_distance(name, id);
                if (d >= best) continue;
                best = d;
                near = id;
            }
        if (best == 0) continue;
        r->bad_usage = true;
        if (near.len > 0) command_usage(r->in, "--%s: no template has a parameter %.*s; did you mean %.*s?", from, SLICE_ARG(name), SLICE_ARG(near));
        else command_usage(r->in, "--%s: no template has a parameter %.*s", from, SLICE_ARG(name));
    }
}

/* Files that were read beside templates done alone get their paths; their numbers begin at `base`. */
static void alone_files(run *r, const alone *x, size_t base) {
    for (size_t i = 0; i < r->inputs.list.len; i++) {
        const alone_result *one = x->results[i];
        for (size_t k = 0; one != NULL && k < one->files.len; k++) {
            while (r->set.files.len <= base + k) VEC_PUSH(r->arena, &r->set.files, SLICE(""));
            if (one->files.at[k].len > 0) r->set.files.at[base + k] = one->files.at[k];
        }
    }
}

static void read_all(run *r, alone *by_itself) {
    size_t count = r->inputs.list.len, base = r->set.files.len, bytes = 0, templates_found = 0, resources = 0;
    work w = { .run = r, .jobs = ARENA_ARRAY(r->arena, job, count), .alone = by_itself };
    for (size_t i = 0; i < count; i++) bytes += r->inputs.list.at[i].size;
    size_t threads = threads_for(r, count, bytes, BYTES_A_THREAD);
    parallel_each(threads, count, parse_one, &w);

    uint32_t *order = ARENA_ARRAY(r->arena, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (w.jobs[i].doc != NULL) order[templates_found++] = (uint32_t)i;
    w.order = order;
    w.several = templates_found > 1 || by_itself != NULL;
    if (threads > templates_found && templates_found > 0) threads = templates_found;
    parallel_each(threads, templates_found, read_one, &w);

    leave_out_nested(&w, count);

    for (size_t i = 0; i < count; i++) {
        const job *j = &w.jobs[i];
        for (size_t k = 0; k < j->errors.list.len; k++) VEC_PUSH(r->arena, &r->errors.list, j->errors.list.at[k]);
        if (j->made != NULL) VEC_PUSH(r->arena, &r->set.list, j->made);
    }
    if (by_itself != NULL) alone_files(r, by_itself, base);
    if (r->set.list.len > 0) {
        templates_join(&r->set, r->arena, &r->errors);
        for (size_t i = 0; i < r->set.list.len; i++) resources += r->set.list.at[i]->resources.len;
        threads = threads_for(r, r->set.list.len, resources, RESOURCES_A_THREAD);
        r->graph = graph_build(&r->set, r->arenas, threads);
        strange_parameters(r);
        lint_judge_nodes(r->graph, r->arenas, run_threads(r, resources / RESOURCES_A_THREAD + 1));
    }
    empty_folders(r, &w);      /* last: files that templates read have their numbers now */
    r->read = r->set.list.len;
    sort_errors(r);
}

void run_read(run *r) { read_all(r, NULL); }

void run_check(run *r, const lint_rules *rules, const lint_config *config) {
    size_t errors = r->errors.list.len, files = r->set.files.len, count = r->inputs.list.len, left = 0;
    if (count < 2 || r->options.parameters_len > 0) {
        run_read(r);
        return;
    }
    alone x = { .run = r, .rules = rules, .config = *config, .results = ARENA_ARRAY(r->arena, alone_result *, count) };
    x.config.plan = lint_plan_new(r->arena, rules, config);
    read_all(r, &x);
    for (size_t i = 0; i < count; i++) left += x.results[i] != NULL && x.results[i]->read;
    alone_end(&x);
    if (left == 1 && r->read == 0) {
        /* The only template of the run: its ids need no path. */
        r->errors.list.len = errors;
        r->set.files.len = files;
        r->graph = NULL;
        run_read(r);
        return;
    }
    r->alone = x.results;
}

int run_print_errors(const run *r, const sources *s) {
    buf out = { .arena = r->arena };
    report_errors_text(&out, s, &r->errors, r->in->color_err);
    output_error(buf_as_slice(&out));
    for (size_t i = 0; i < r->errors.list.len; i++)
        if (r->errors.list.at[i].level == DIAG_ERROR) return STATUS_BAD;
    return r->bad_usage ? STATUS_BAD : STATUS_OK;
}
