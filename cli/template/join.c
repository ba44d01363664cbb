/* What is done when all templates of a run are read: exports meet imports, circular dependencies are looked for, nested templates get
 * their place in the run's lists. */
#include "template/cfn/reader.h"

static void export_all(template *t, arena *a, cfn_exports *exports) {
    reader *r = cfn_reader(t);
    for (size_t i = 0; r != NULL && i < r->outputs.len; i++) {
        cfn_output *o = r->outputs.at[i].value;
        slice name;
        if (o->dropped || o->export_name == NULL || !value_text(a, o->export_resolved, &name)) continue;
        cfn_export *before = strmap_get(&exports->by_name, name);
        if (before == NULL) {
            cfn_export *e = ARENA_NEW(a, cfn_export);
            *e = (cfn_export){ t, o, false };
            strmap_put(a, &exports->by_name, name, e);
            continue;
        }
        before->ambiguous = true;
        when both;
        const template *top = t, *other = before->in;
        while (top->parent != NULL) top = top->parent;
        while (other->parent != NULL) other = other->parent;
        /* Templates named side by side may be for different regions; those of one stack are not. */
        if (top != other || !when_and(a, before->output->exists, o->exists, &both)) continue;
        r->now = (place){ .branch = o->exists };
        cfn_problem(r, PROBLEM_EXPORT, o->export_name->at, o->export_name->end,
                    arena_printf(r->a, "output %.*s exports %.*s, as output %.*s does (line %u): a name can be exported once", SLICE_ARG(o->id),
                                 SLICE_ARG(name), SLICE_ARG(before->output->id), before->output->at.line));
        r->now = (place){ 0 };
    }
    for (size_t i = 0; i < t->children.len; i++) export_all(t->children.at[i], a, exports);
}

static void circles(template *t) {
    if (cfn_reader(t) != NULL) cfn_circular(cfn_reader(t));
    for (size_t i = 0; i < t->children.len; i++) circles(t->children.at[i]);
}

static void list_children(templates *set, arena *a, template *t) {
    for (size_t i = 0; i < t->children.len; i++) {
        VEC_PUSH(a, &set->list, t->children.at[i]);
        list_children(set, a, t->children.at[i]);
    }
}

static void list_files(templates *set, arena *a, const template *t) {
    const reader *r = cfn_reader(t);
    for (size_t i = 0; r != NULL && i < r->tree->loaded.len; i++) {
        const loaded_file *f = r->tree->loaded.at[i];
        while (set->files.len <= f->file) VEC_PUSH(a, &set->files, SLICE(""));
        set->files.at[f->file] = f->path;
    }
}

void templates_join(templates *set, arena *a, diags *d) {
    size_t named = set->list.len;
    cfn_exports exports = { 0 };
    bool imports = false;
    for (size_t i = 0; i < named; i++) {
        template *t = set->list.at[i];
        reader *r = cfn_reader(t);
        if (r == NULL) continue;
        export_all(t, a, &exports);
        r->tree->exports = &exports;
        imports = imports || r->tree->imports;
    }
    for (size_t i = 0; i < named && imports && exports.by_name.len > 0; i++) {
        reader *r = cfn_reader(set->list.at[i]);
        if (r != NULL && r->tree->imports) cfn_resolve_again(r);
    }
    for (size_t i = 0; i < named && imports && exports.by_name.len > 0; i++) {
        reader *r = cfn_reader(set->list.at[i]);
        if (r == NULL || !r->tree->imports) continue;
        r->d = d;
        cfn_resolve_all(r);
    }
    for (size_t i = 0; i < named; i++) {
        circles(set->list.at[i]);
        list_files(set, a, set->list.at[i]);
        reader *r = cfn_reader(set->list.at[i]);
        if (r != NULL) r->tree->exports = NULL;
    }
    for (size_t i = 0; i < named; i++) list_children(set, a, set->list.at[i]);
}
