/* The sections of a template. */
#include <stdlib.h>

#include "template/cfn/reader.h"

#define MISTYPED_MOST 100   /* of one template: the search looks at every type there is */

/* ---- the reader of a template ---- */

reader *cfn_reader_of(template *t, diags *d) {
    reader *r = t->state;
    if (r == NULL) {
        r = ARENA_NEW(t->arena, reader);
        r->t = t;
        r->a = t->arena;
        r->parent = t->parent == NULL ? NULL : t->parent->state;
        if (r->parent != NULL) {
            r->tree = r->parent->tree;
        } else {
            r->tree = ARENA_NEW(t->arena, cfn_tree);
            r->tree->top = t;
        }
        t->state = r;
    }
    r->d = d;
    return r;
}

/* ---- transforms ---- */

/* Those that add no resource and change none that we read. */
static const slice harmless[] = {
    SLICE_INIT("AWS::LanguageExtensions"), SLICE_INIT("AWS::Include"), SLICE_INIT("AWS::CodeDeployBlueGreen"),
    SLICE_INIT("AWS::SecretsManager-"), SLICE_INIT("AWS::Serverless-"),
};

static const doc_node *transform_name(const doc_node *n) {
    if (n->kind == DOC_MAP) n = doc_get(n, SLICE("Name"));
    return n != NULL && doc_is_scalar(n) ? n : NULL;
}

static bool is_harmless(const doc_node *name) {
    for (size_t i = 0; name != NULL && i < COUNT(harmless); i++)
        if (slice_starts(name->text, harmless[i])) return true;
    return false;
}

const doc_node *cfn_transform(const doc_node *doc, slice name) {
    const doc_node *all = doc_get(doc, SLICE("Transform"));
    if (all == NULL) return NULL;
    size_t len = all->kind == DOC_LIST ? all->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *one = transform_name(all->kind == DOC_LIST ? all->list.at[i] : all);
        if (one != NULL && slice_starts(one->text, name)) return one;
    }
    return NULL;
}

/* A macro over the whole template, or an include that is not at hand, may add anything. */
static bool has_macro(const doc_node *doc) {
    const doc_node *all = doc_get(doc, SLICE("Transform"));
    for (size_t i = 0; all != NULL && i < (all->kind == DOC_LIST ? all->list.len : 1); i++) {
        const doc_node *one = all->kind == DOC_LIST ? all->list.at[i] : all;
        if (one->kind == DOC_NULL) continue;
        const doc_node *name = transform_name(one);
        if (!is_harmless(name) || slice_is(name->text, "AWS::Include")) return true;
    }
    const doc_node *resources = doc_get(doc, SLICE("Resources"));
    return doc_get(doc, SLICE("Fn::Transform")) != NULL || doc_get(resources, SLICE("Fn::Transform")) != NULL;
}

/* A text that another tool fills in first: variables of the Serverless Framework, a logical id of a template language. What it refers to
 * may stand in another file. */
static bool is_raw(const reader *r) {
    static const slice openers[] = { SLICE_INIT("${self:"), SLICE_INIT("${opt:"), SLICE_INIT("${sls:"), SLICE_INIT("${file("), SLICE_INIT("${env:") };
    slice rest = r->t->text;
    for (size_t at = slice_find(rest, '$'); at < rest.len; at = slice_find(rest, '$')) {
        rest = slice_after(rest, at);
        for (size_t i = 0; i < COUNT(openers); i++)
            if (slice_starts(rest, openers[i])) return true;
        rest = slice_after(rest, 1);
    }
    const doc_node *resources = doc_get(r->doc, SLICE("Resources"));
    for (size_t i = 0; resources != NULL && resources->kind == DOC_MAP && i < resources->map.len; i++)
        if (slice_starts(resources->map.at[i].key, SLICE("{{"))) return true;
    return false;
}

/* ---- resources ---- */

static bool is_logical_id(slice id) {
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
    }
    return id.len > 0 && id.len <= 255;
}

static when exists_of(reader *r, const doc_node *body, bool *dropped) {
    when w = r->t->nested_in == NULL ? WHEN_ALWAYS : r->t->nested_in->exists;
    const doc_node *name = doc_get(body, SLICE("Condition"));
    if (name == NULL || !doc_is_scalar(name)) return w;
    const condition *c = cfn_condition(r, name);
    when both;
    if (c == NULL) return w;
    if (when_and_literal(r->a, w, c, true, &both)) return both;
    *dropped = true;
    return w;
}

static void malformed(reader *r, const doc_entry *e, const char *what) {
    if (!r->names_open)
        cfn_problem(r, PROBLEM_RESOURCE, e->key_at, e->key_end, arena_printf(r->a, "resource %.*s %s", SLICE_ARG(e->key), what));
}

/* {"Rain::Module": "path"}: what the tool of that name puts in before CloudFormation sees the template. */
static bool is_directive(const doc_node *type) {
    return type->kind == DOC_MAP && type->map.len == 1 && slice_starts(type->map.at[0].key, SLICE("Rain::"));
}

/* New types come every week: only what is a slip away from a known one is told. */
static void mistyped(reader *r, const resource *x, const doc_node *type) {
    if (!slice_starts(type->text, SLICE("AWS::")) || r->suggestions++ >= MISTYPED_MOST) return;
    slice near = catalog_nearest(type->text);
    if (near.len == 0) return;
    cfn_problem(r, PROBLEM_TYPE, type->at, type->end,
                arena_printf(r->a, "resource %.*s: there is no type %.*s; did you mean %.*s?", SLICE_ARG(x->logical_id), SLICE_ARG(type->text), SLICE_ARG(near)));
}

static void read_resource(reader *r, const doc_entry *e) {
    cfn_resource *c = ARENA_NEW(r->a, cfn_resource);
    resource *x = &c->public;
    const cfn_resource *before = strmap_get(&r->t->by_id, e->key);
    if (before != NULL) {        /* made twice by loops or includes; the document's own repeats are found by its reader */
        cfn_problem(r, PROBLEM_DUPLICATE_KEY, e->key_at, e->key_end,
                    arena_printf(r->a, "there are two resources %.*s; the other one stands in line %u", SLICE_ARG(e->key), before->public.at.line));
        return;
    }
    x->logical_id = e->key;
    x->id = r->t->id_prefix.len == 0 ? e->key : arena_concat(r->a, (slice[]){ r->t->id_prefix, e->key }, 2);
    x->at = e->key_at;
    x->end = e->key_end;
    x->type_at = e->key_at;
    x->in = r->t;
    x->body = e->value;
    x->type = x->deletion_policy = x->event_name = SLICE("");
    x->properties = value_new_map(r->a, e->key_at, NULL, 0);
    x->metadata = &value_absent;
    c->body = e->value;
    strmap_put(r->a, &r->t->by_id, e->key, c);
    VEC_PUSH(r->a, &r->resources, c);
    if (!is_logical_id(e->key) && !r->names_open)
        cfn_problem(r, PROBLEM_LOGICAL_ID, e->key_at, e->key_end,
                    arena_printf(r->a, "the logical id %.*s may have only letters A-Z, a-z and digits", SLICE_ARG(e->key)));
    const doc_node *type = doc_get(e->value, SLICE("Type"));
    /* A module makes resources whose ids begin with its own (MyModuleBucket, MyModule.Bucket); a Type that is no name of a type is one
     * of a tool that runs before CloudFormation. */
    if (type != NULL && (type->kind != DOC_STRING || slice_ends(type->text, SLICE("::MODULE")) ||
                         slice_find_slice(type->text, SLICE("::")) == (size_t)-1))
        VEC_PUSH(r->a, &r->open_ids, arena_printf(r->a, "%.*s*", SLICE_ARG(e->key)));
    x->dropped = true;
    if (e->value->kind != DOC_MAP) malformed(r, e, "is no mapping: it needs at least a Type");
    else if (type == NULL || type->kind == DOC_NULL) malformed(r, e, "has no Type");
    else if (is_directive(type)) x->dropped = true;
    else if (!doc_is_scalar(type)) malformed(r, e, "has a Type that is no text");
    else x->dropped = false;
    if (x->dropped) {
        x->index = UINT32_MAX;
        return;
    }
    x->type = type->text;
    x->type_at = type->at;
    x->row = catalog_find(type->text);
    if (x->row == NULL) mistyped(r, x, type);
    place outer = r->now;
    r->now.owner = x;
    x->exists = exists_of(r, e->value, &x->dropped);
    r->now = outer;
    x->index = UINT32_MAX;
    if (r->options.marked != NULL) r->options.marked(r->options.self, x);
    if (x->dropped) return;
    x->index = (uint32_t)r->t->resources.len;
    VEC_PUSH(r->a, &r->t->resources, x);
}

static void read_resources(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Resources"));
    pos top = r->doc->at;
    if (section == NULL || section->kind != DOC_MAP) {
        if (!r->names_open)
            cfn_problem(r, PROBLEM_RESOURCE, section == NULL ? top : section->at, section == NULL ? top : section->end,
                        section == NULL || section->kind == DOC_NULL ? SLICE("the template has no resources")
                                                                     : SLICE("Resources is no mapping of logical ids to resources"));
        return;
    }
    for (size_t i = 0; i < section->map.len; i++) {
        const doc_entry *e = &section->map.at[i];
        if (slice_starts(e->key, SLICE("Fn::"))) continue;
        if (r->resources.len == TEMPLATE_MAX_RESOURCES) {
            diag_add(r->d, e->key_at, "more than %u resources in one template: the rest is not read", TEMPLATE_MAX_RESOURCES);
            break;
        }
        read_resource(r, e);
    }
}

static const value *properties_of(reader *r, cfn_resource *c, const doc_node *n) {
    const value *none = value_new_map(r->a, c->public.at, NULL, 0);
    if (n == NULL || n->kind == DOC_NULL) return none;
    if (n->kind != DOC_MAP) {
        cfn_problem(r, PROBLEM_RESOURCE, n->at, n->end,
                    arena_printf(r->a, "the Properties of %.*s are no mapping", SLICE_ARG(c->public.logical_id)));
        return none;
    }
    const value *v = cfn_resolve(r, n);
    if (v->kind == VAL_MAP || v->kind == VAL_UNKNOWN) return v;
    if (v->kind == VAL_ABSENT) return none;
    return value_new_unknown(r->a, n->at, UNKNOWN_COMPUTED, SLICE("Properties"));
}

static void depends_on(reader *r, const doc_node *n) {
    if (!doc_is_scalar(n) || n->kind == DOC_NULL) return;
    cfn_resource *to = strmap_get(&r->t->by_id, n->text);
    if (to != NULL) {
        cfn_need(r, &to->public, NEED_DEPENDS_ON, SLICE(""), n->at, n->end);
    } else if (!cfn_may_exist(r, n->text)) {
        cfn_problem(r, PROBLEM_DEPENDS_ON, n->at, n->end,
                    arena_printf(r->a, "DependsOn: there is no resource %.*s in the template%.*s", SLICE_ARG(n->text),
                                 SLICE_ARG(cfn_suggest(r, n->text, false, true))));
    }
}

static int by_index(const void *x, const void *y) {
    const cfn_resource *const *a = x, *const *b = y;
    return slice_order((*a)->public.logical_id, (*b)->public.logical_id);
}

/* The targets of the needs, each once, in order of name. */
static const resource *const *targets(reader *r, const need_list *needs, bool explicit_only, size_t *len) {
    const resource **all = ARENA_ARRAY(r->a, const resource *, needs->len);
    uint32_t stamp = ++r->stamp;
    *len = 0;
    for (size_t i = 0; i < needs->len; i++) {
        cfn_resource *to = (cfn_resource *)(uintptr_t)needs->at[i].to;
        if (explicit_only && needs->at[i].how != NEED_DEPENDS_ON) continue;
        if (to->stamp == stamp) continue;
        to->stamp = stamp;
        all[(*len)++] = &to->public;
    }
    if (*len > 1) qsort(all, *len, sizeof *all, by_index);
    return all;
}

void cfn_resolve_resource(reader *r, cfn_resource *c) {
    if (c->state != RESOLVE_TODO) return;
    c->state = RESOLVE_DOING;
    if (c->public.type.len == 0) {
        c->state = RESOLVE_DONE;
        return;
    }
    place outer = r->now;
    need_list needs = { 0 };
    resource *x = &c->public;
    /* What an AWS::Serverless::* resource that nobody lowered names is not what the resources made of it need. */
    r->now = (place){ .owner = x, .needs = &needs, .weak = slice_starts(x->type, SLICE("AWS::Serverless::")) };
    x->properties = properties_of(r, c, doc_get(c->body, SLICE("Properties")));
    const doc_node *on = doc_get(c->body, SLICE("DependsOn"));
    for (size_t i = 0; on != NULL && i < (on->kind == DOC_LIST ? on->list.len : 1); i++)
        depends_on(r, on->kind == DOC_LIST ? on->list.at[i] : on);
    r->now.weak = true;
    const doc_node *metadata = doc_get(c->body, SLICE("Metadata"));
    if (metadata != NULL) x->metadata = cfn_resolve(r, metadata);
    static const slice policies[] = { SLICE_INIT("CreationPolicy"), SLICE_INIT("UpdatePolicy") };
    for (size_t i = 0; i < COUNT(policies); i++) {
        const doc_node *policy = doc_get(c->body, policies[i]);
        if (policy != NULL) cfn_resolve(r, policy);
    }
    const doc_node *deletion = doc_get(c->body, SLICE("DeletionPolicy"));
    if (deletion != NULL && !value_text(r->a, cfn_resolve(r, deletion), &x->deletion_policy)) x->deletion_policy = SLICE("");
    r->now = (place){ 0 };
    c->needs = (need_list){ 0 };
    cfn_needs_merge(r, &c->needs, needs.at, needs.len);
    x->depends = targets(r, &c->needs, false, &x->depends_len);
    x->depends_explicit = targets(r, &c->needs, true, &x->depends_explicit_len);
    r->now = outer;
    c->state = RESOLVE_DONE;
}

/* ---- outputs ---- */

static void read_outputs(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Outputs"));
    if (section == NULL || section->kind != DOC_MAP) return;
    for (size_t i = 0; i < section->map.len; i++) {
        const doc_entry *e = &section->map.at[i];
        if (slice_starts(e->key, SLICE("Fn::"))) continue;
        cfn_output *o = ARENA_NEW(r->a, cfn_output);
        *o = (cfn_output){ .id = e->key, .body = e->value, .at = e->key_at, .resolved = &value_absent, .export_resolved = &value_absent };
        o->value = doc_get(e->value, SLICE("Value"));
        o->export_name = doc_get(doc_get(e->value, SLICE("Export")), SLICE("Name"));
        o->exists = exists_of(r, e->value, &o->dropped);
        if (o->value == NULL && !r->names_open)
            cfn_problem(r, PROBLEM_RESOURCE, e->key_at, e->key_end, arena_printf(r->a, "output %.*s has no Value", SLICE_ARG(e->key)));
        strmap_put(r->a, &r->outputs, e->key, o);
    }
}

void cfn_resolve_output(reader *r, cfn_output *o) {
    if (o->state != RESOLVE_TODO) return;
    o->state = RESOLVE_DOING;
    place outer = r->now;
    need_list needs = { 0 };
    r->now = (place){ .needs = &needs };
    if (o->value != NULL) o->resolved = cfn_resolve(r, o->value);
    r->now.needs = NULL;
    if (o->export_name != NULL) o->export_resolved = cfn_resolve(r, o->export_name);
    for (size_t i = 0; i < needs.len && !o->dropped; i++) ((resource *)(uintptr_t)needs.at[i].to)->exported = true;
    r->now = outer;
    o->state = RESOLVE_DONE;
}

/* ---- rules (assertions about parameters): only whether they are well formed ---- */

static void read_rules(reader *r) {
    const doc_node *section = doc_get(r->doc, SLICE("Rules"));
    if (section == NULL || section->kind != DOC_MAP || r->names_open) return;
    for (size_t i = 0; i < section->map.len; i++) {
        const doc_entry *e = &section->map.at[i];
        const doc_node *assertions = doc_get(e->value, SLICE("Assertions"));
        if (slice_starts(e->key, SLICE("Fn::")) || (assertions != NULL && assertions->kind == DOC_LIST)) continue;
        cfn_problem(r, PROBLEM_PARAMETER, e->key_at, e->key_end,
                    arena_printf(r->a, "rule %.*s has no list of Assertions", SLICE_ARG(e->key)));
    }
}

/* ---- the whole ---- */

void cfn_resolve_all(reader *r) {
    for (size_t i = 0; i < r->resources.len; i++) cfn_resolve_resource(r, r->resources.at[i]);
    for (size_t i = 0; i < r->outputs.len; i++) cfn_resolve_output(r, r->outputs.at[i].value);
    r->t->outputs.len = 0;
    for (size_t i = 0; i < r->outputs.len; i++) {
        const cfn_output *o = r->outputs.at[i].value;
        if (!o->dropped) VEC_PUSH(r->a, &r->t->outputs, (output){ o->id, o->at, o->resolved, o->export_resolved, o->exists });
    }
    for (size_t i = 0; i < r->t->resources.len; i++) {
        cfn_resource *c = (cfn_resource *)r->t->resources.at[i];
        if (cfn_is_nested(&c->public)) cfn_child(r, c);
    }
    for (size_t i = 0; i < r->t->children.len; i++) cfn_resolve_all(cfn_reader(r->t->children.at[i]));
}

void cfn_resolve_again(reader *r) {
    r->memo[0] = r->memo[1] = (pointers){ 0 };
    for (size_t i = 0; i < r->resources.len; i++) {
        r->resources.at[i]->state = RESOLVE_TODO;
        r->resources.at[i]->child_fresh = false;
    }
    for (size_t i = 0; i < r->outputs.len; i++) ((cfn_output *)r->outputs.at[i].value)->state = RESOLVE_TODO;
    for (size_t i = 0; i < r->t->children.len; i++) cfn_resolve_again(cfn_reader(r->t->children.at[i]));
}

bool cfn_read(template *t, const doc_node *expanded, const cfn_options *o, diags *d) {
    reader *r = cfn_reader_of(t, d);
    if (o != NULL) r->options = *o;
    r->doc = expanded;
    r->now = (place){ 0 };
    r->memo[0] = r->memo[1] = (pointers){ 0 };
    r->mappings = (strmap){ 0 };
    r->names_open = r->names_open || has_macro(expanded) || is_raw(r);
    const doc_node *mappings = doc_get(expanded, SLICE("Mappings"));
    for (size_t i = 0; mappings != NULL && mappings->kind == DOC_MAP && i < mappings->map.len; i++)
        strmap_put(r->a, &r->mappings, mappings->map.at[i].key, (void *)(uintptr_t)mappings->map.at[i].value);
    cfn_read_parameters(r);
    cfn_read_conditions(r);
    read_rules(r);
    read_resources(r);
    read_outputs(r);
    cfn_resolve_all(r);
    return true;
}

bool cfn_read_format(template *t, diags *d) { return cfn_read(t, cfn_expand(t, t->doc, d), NULL, d); }

/* ---- detection ---- */

static bool has_types(const doc_node *resources) {
    if (resources == NULL || resources->kind != DOC_MAP) return false;
    for (size_t i = 0; i < resources->map.len; i++) {
        const doc_entry *e = &resources->map.at[i];
        const doc_node *type = doc_get(e->value, SLICE("Type"));
        if (type != NULL && type->kind == DOC_STRING && slice_find_slice(type->text, SLICE("::")) != (size_t)-1) return true;
        if (slice_starts(e->key, SLICE("Fn::ForEach::")) && e->value->kind == DOC_LIST) return true;
    }
    return false;
}

bool cfn_detect(const doc_node *doc, slice path) {
    (void)path;
    if (doc == NULL || doc->kind != DOC_MAP) return false;
    const doc_node *version = doc_get(doc, SLICE("AWSTemplateFormatVersion"));
    return (version != NULL && doc_is_scalar(version)) || has_types(doc_get(doc, SLICE("Resources")));
}
