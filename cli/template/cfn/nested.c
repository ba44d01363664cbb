/* Nested stacks (AWS::CloudFormation::Stack, AWS::Serverless::Application) whose template is a local file: read as part of the same run,
 * their parameters taken from the parent, their outputs followed. Files beside a template are found from its own folder. */
#include "template/cfn/reader.h"

#define CHAIN_MOST 100   /* stacks read on demand, one for another's parameters */

bool cfn_is_nested(const resource *x) {
    return slice_is(x->type, "AWS::CloudFormation::Stack") || slice_is(x->type, "AWS::Serverless::Application");
}

/* ---- files beside the template ---- */

bool cfn_is_local(slice location) {
    if (location.len == 0 || location.at[0] == '/' || slice_find_slice(location, SLICE("://")) != (size_t)-1) return false;
    return slice_find_slice(location, SLICE("${")) == (size_t)-1 && !slice_starts(location, SLICE("arn:")) &&
           !slice_starts(location, SLICE("{{"));
}

/* The path as seen from where the run started, without "." and with ".." taken back where that can be. */
slice cfn_beside(arena *a, slice template_path, slice path) {
    VEC(slice) parts = { 0 };
    size_t folder = template_path.len;
    while (folder > 0 && template_path.at[folder - 1] != '/') folder--;
    bool absolute = template_path.len > 0 && template_path.at[0] == '/';
    slice both[2] = { slice_from_to(template_path, 0, folder), path };
    for (int i = 0; i < 2; i++) {
        slice rest = both[i], part;
        while (slice_cut(&rest, '/', &part)) {
            if (part.len == 0 || slice_is(part, ".")) continue;
            if (slice_is(part, "..") && parts.len > 0 && !slice_is(parts.at[parts.len - 1], "..")) parts.len--;
            else VEC_PUSH(a, &parts, part);
        }
    }
    buf b = { .arena = a };
    for (size_t i = 0; i < parts.len; i++) {
        if (i > 0 || absolute) buf_char(&b, '/');
        buf_slice(&b, parts.at[i]);
    }
    return buf_as_slice(&b);
}

/* A number that no other template takes: the named ones have 0..n-1, the k-th file of template i gets n * (1 + k) + i. */
static uint32_t next_file(cfn_tree *tree) {
    const templates *set = tree->top->set;
    size_t named = set == NULL ? 0 : set->files.len;
    if (named <= tree->top->file) named = (size_t)tree->top->file + 1;
    return (uint32_t)(named * (1 + (size_t)tree->files++) + tree->top->file);
}

const loaded_file *cfn_load(template *t, cfn_tree *tree, slice path, pos at, diags *d, slice *why) {
    loaded_file *f = strmap_get(&tree->by_path, path);
    *why = SLICE("");
    if (f != NULL) return f->doc == NULL ? NULL : f;
    const template_options *o = t->set == NULL ? NULL : t->set->options;
    slice text;
    *why = SLICE("nothing beside the template is read");
    if (o == NULL || o->read_file == NULL) return NULL;
    if (tree->loaded.len == TEMPLATE_MAX_NESTED) {
        diag_add(d, at, "more than %u nested stacks and included files: the rest is not read", TEMPLATE_MAX_NESTED);
        *why = SLICE("");
        return NULL;
    }
    if (!o->read_file(o->read_file_self, t->arena, path, &text, why)) return NULL;
    f = ARENA_NEW(t->arena, loaded_file);
    *f = (loaded_file){ .path = path, .text = text, .file = next_file(tree) };
    VEC_PUSH(t->arena, &tree->loaded, f);
    strmap_put(t->arena, &tree->by_path, path, f);
    f->doc = doc_parse(t->arena, text, path, f->file, d);
    *why = SLICE("");
    return f->doc == NULL ? NULL : f;
}

/* ---- children ---- */

static bool is_circle(reader *r, slice path, const value *at) {
    for (const template *t = r->t; t != NULL; t = t->parent) {
        if (!slice_eq(cfn_beside(r->a, SLICE(""), t->path), cfn_beside(r->a, SLICE(""), path))) continue;
        buf b = { .arena = r->a };
        for (const template *from = r->t; from != t; from = from->parent) {
            slice so_far = buf_as_slice(&b);
            b = (buf){ .arena = r->a };
            buf_printf(&b, " > %.*s", SLICE_ARG(from->path));
            buf_slice(&b, so_far);
        }
        slice between = buf_as_slice(&b);
        cfn_problem(r, PROBLEM_NESTED_STACK, at->at, at->end,
                    arena_printf(r->a, "nested stacks in a circle: %.*s%.*s > %.*s", SLICE_ARG(t->path), SLICE_ARG(between), SLICE_ARG(path)));
        return true;
    }
    return false;
}

static unsigned depth_of(const template *t) {
    unsigned depth = 0;
    for (; t->parent != NULL; t = t->parent) depth++;
    return depth;
}

static template *read_child(reader *r, cfn_resource *c) {
    resource *x = &c->public;
    bool stack = slice_is(x->type, "AWS::CloudFormation::Stack");
    const value *location = value_get(r->a, x->properties, stack ? SLICE("TemplateURL") : SLICE("Location"));
    if (location->kind != VAL_STRING || !cfn_is_local(location->text)) return NULL;
    slice path = cfn_beside(r->a, r->t->path, location->text);
    if (is_circle(r, path, location)) return NULL;
    if (depth_of(r->t) + 1 >= TEMPLATE_MAX_NESTED_DEPTH || r->tree->nested >= TEMPLATE_MAX_NESTED) {
        diag_add(r->d, location->at, "nested stacks more than %u deep or more than %u of them: %.*s is not read", TEMPLATE_MAX_NESTED_DEPTH,
                 TEMPLATE_MAX_NESTED, SLICE_ARG(x->logical_id));
        return NULL;
    }
    slice why;
    const loaded_file *f = cfn_load(r->t, r->tree, path, location->at, r->d, &why);
    if (f == NULL) {
        if (why.len > 0)
            diag_info(r->d, location->at, "the template of %.*s is not read (%.*s: %.*s): its outputs are unknown", SLICE_ARG(x->logical_id),
                      SLICE_ARG(path), SLICE_ARG(why));
        return NULL;
    }
    const template_format *format = template_detect(f->doc, path);
    if (format == NULL) {
        cfn_problem(r, PROBLEM_NESTED_STACK, location->at, location->end,
                    arena_printf(r->a, "%.*s is no template: it has no Resources", SLICE_ARG(path)));
        return NULL;
    }
    r->tree->nested++;
    template *child = ARENA_NEW(r->a, template);
    *child = (template){ .path = path, .file = f->file, .text = f->text, .doc = f->doc, .format = format, .arena = r->a, .set = r->t->set,
                         .parent = r->t, .nested_in = x };
    child->id_prefix = arena_printf(r->a, "%.*s/", SLICE_ARG(x->id));
    const doc_node *properties = doc_get(c->body, SLICE("Properties"));
    reader *inner = cfn_reader_of(child, r->d);
    inner->nested_parameters = value_get(r->a, x->properties, SLICE("Parameters"));
    inner->nested_parameters_doc = doc_get(properties, SLICE("Parameters"));
    if (inner->nested_parameters->kind == VAL_ABSENT) inner->nested_parameters = value_new_map(r->a, x->at, NULL, 0);
    c->child = child;
    VEC_PUSH(r->a, &r->t->children, child);
    if (!format->read(child, r->d)) {
        r->t->children.len--;
        c->child = NULL;
    }
    return c->child;
}

template *cfn_child(reader *r, cfn_resource *c) {
    if (c->child_tried && c->child_fresh) return c->child;
    if (c->state == RESOLVE_DOING || r->tree->chain >= CHAIN_MOST) return NULL;
    place outer = r->now;
    r->tree->chain++;
    cfn_resolve_resource(r, c);
    r->now = (place){ .owner = &c->public };
    c->child_fresh = true;
    if (!c->child_tried) {
        c->child_tried = true;
        read_child(r, c);
    } else if (c->child != NULL) {
        reader *inner = cfn_reader(c->child);
        inner->nested_parameters = value_get(r->a, c->public.properties, SLICE("Parameters"));
        cfn_refresh_parameters(inner);
    }
    r->tree->chain--;
    r->now = outer;
    return c->child;
}

/* ---- outputs ---- */

const value *cfn_nested_output(reader *r, cfn_resource *c, slice name, slice whole, pos at, pos end) {
    template *child = cfn_child(r, c);
    reader *inner = child == NULL ? NULL : cfn_reader(child);
    if (inner != NULL && inner->doc != NULL) {
        cfn_output *o = strmap_get(&inner->outputs, name);
        if (o != NULL && !o->dropped) {
            cfn_resolve_output(inner, o);
            if (o->state == RESOLVE_DONE) return value_placed(r->a, o->resolved, at, end);
        } else if (o == NULL && !inner->names_open && !r->names_open) {
            cfn_problem(r, PROBLEM_NESTED_OUTPUT, at, end,
                        arena_printf(r->a, "the nested stack %.*s (%.*s) has no output %.*s%.*s", SLICE_ARG(c->public.logical_id),
                                     SLICE_ARG(child->path), SLICE_ARG(name), SLICE_ARG(cfn_suggest_in(r, name, &inner->outputs))));
        }
    }
    value *v = value_new(r->a, VAL_UNKNOWN, at);
    v->end = end;
    v->why = UNKNOWN_NESTED_OUTPUT;
    v->text = whole;
    return v;
}
