/* Functions whose log group Lambda makes by itself, without an end to what it keeps. Lambda developer guide, "Sending Lambda function logs
 * to CloudWatch Logs". */
#include "lint/calls.h"

typedef struct {
    VEC(const resource *) list;
    cel_value *values;
} resources;

static bool any_of(const lint_index *x, slice type, const template *root) {
    const lint_resources *of_type = strmap_get(&x->by_type, type);
    for (size_t i = 0; of_type != NULL && i < of_type->list.len; i++)
        if (lint_index_root(of_type->list.at[i]->in) == root) return true;
    return false;
}

static bool has_declared_group(cel_context *c, const resource *r, bool groups) {
    const node *n = r->node;
    slice text;
    if (n == NULL || !value_is_absent(resource_written(c->arena, r, SLICE("LoggingConfig.LogGroup")))) return true;
    for (size_t i = 0; i < n->out_len; i++)
        if (n->out[i]->kind == EDGE_WRITE && slice_is(n->out[i]->service, "logs") && n->out[i]->to->resource != NULL) return true;
    /* A name that is not known may be that of any group. */
    const value *name = resource_written(c->arena, r, SLICE("FunctionName"));
    return groups && !value_is_absent(name) && !value_text(c->arena, name, &text);
}

static const resources *implicit_groups(cel_context *c, const template *root) {
    evaluation *ev = evaluation_of(c);
    slice key = arena_printf(c->arena, "\nlogs\n%u", root->file);
    resources *found = strmap_get(&ev->users, key);
    if (found != NULL) return found;
    found = ARENA_NEW(c->arena, resources);
    const lint_resources *functions = strmap_get(&ev->index->by_type, SLICE("AWS::Lambda::Function"));
    bool groups = any_of(ev->index, SLICE("AWS::Logs::LogGroup"), root);
    /* The CDK sets the retention of groups that are there already. */
    bool elsewhere = any_of(ev->index, SLICE("Custom::LogRetention"), root);
    for (size_t i = 0; functions != NULL && !elsewhere && i < functions->list.len; i++) {
        const resource *r = functions->list.at[i];
        if (lint_index_root(r->in) == root && !has_declared_group(c, r, groups)) VEC_PUSH(c->arena, &found->list, r);
    }
    /* One that is always there comes first: a finding about all of them stands at it. */
    for (size_t i = 0; i < found->list.len; i++)
        if (found->list.at[i]->exists.len == 0) {
            const resource *first = found->list.at[i];
            memmove(found->list.at + 1, found->list.at, i * sizeof *found->list.at);
            found->list.at[0] = first;
            break;
        }
    found->values = ARENA_ARRAY(c->arena, cel_value, found->list.len);
    for (size_t i = 0; i < found->list.len; i++) found->values[i] = bind_resource(found->list.at[i]);
    strmap_put(c->arena, &ev->users, key, found);
    ev->kept = true;
    return found;
}

cel_value call_implicit_groups(cel_context *c, const template *t) {
    const resources *found = implicit_groups(c, lint_index_root(t));
    return cel_list(found->values, found->list.len);
}
