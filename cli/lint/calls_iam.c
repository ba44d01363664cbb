/* Functions of the vocabulary about who may do what. */
#include "graph/iam.h"
#include "lint/calls.h"

/* The role behind an argument: a node, a resource, or a value that names one. NULL when it is outside the templates or not known. */
static const resource *role_of(cel_context *c, const cel_value *arg) {
    cel_value v = *arg;
    if (v.kind != CEL_OBJECT && v.kind != CEL_NULL)
        v = call_ref(c, arg, 1);
    return bind_as_resource(v);
}

static cel_value outside(void) { return cel_unknown(SLICE("a role outside the templates")); }

cel_value call_allows(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const graph *g = &evaluation_of(c)->own;
    const resource *r = role_of(c, &args[0]);
    const node *target = bind_as_node(args[2]);
    if (args[1].kind != CEL_STRING)
        return args[1].kind == CEL_UNKNOWN ? args[1] : cel_error(c, "allows() takes a role, an action and a target");
    if (r == NULL)
        return outside();
    tri t = target != NULL ? iam_allows(g, c->arena, r, args[1].text, target)
                           : iam_allows_arn(g, c->arena, r, args[1].text, value_under(bind_origin(c, args[2]), evaluation_of(c)->when));
    return bind_tri(t, arena_printf(c->arena, "whether %.*s allows %.*s", SLICE_ARG(r->id), SLICE_ARG(args[1].text)));
}

cel_value call_trusts(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = role_of(c, &args[0]);
    if (args[1].kind != CEL_STRING)
        return args[1].kind == CEL_UNKNOWN ? args[1] : cel_unknown(SLICE("which service acts through the role"));
    if (r == NULL)
        return outside();
    return bind_tri(iam_trusts(&evaluation_of(c)->own, c->arena, r, args[1].text), arena_printf(c->arena, "whom %.*s trusts", SLICE_ARG(r->id)));
}

/* A value as the source's ARN: a node's is its resource's Arn, or the literal it is named by. */
static const value *source_of(cel_context *c, const cel_value *arg) {
    const resource *r = bind_as_resource(*arg);
    const node *n = bind_as_node(*arg);
    if (r != NULL)
        return value_new_ref(c->arena, r->at, r, slice_is(r->type, "AWS::SNS::Topic") ? SLICE("Ref") : SLICE("Arn"));
    if (n != NULL)
        return n->arn.len > 0 ? value_new_string(c->arena, (pos){ 0, 0, 0 }, n->arn) : NULL;
    return arg->kind == CEL_NULL ? NULL : bind_origin(c, *arg);
}

cel_value call_accepts(cel_context *c, const cel_value *args, size_t count) {
    const graph *g = &evaluation_of(c)->own;
    const node *n = bind_as_node(args[0]);
    const resource *r = bind_as_resource(args[0]);
    const value *source = count > 3 ? source_of(c, &args[3]) : NULL;
    for (size_t i = 1; i < 3; i++)
        if (args[i].kind != CEL_STRING)
            return args[i].kind == CEL_UNKNOWN ? args[i] : cel_unknown(SLICE("which service writes"));
    if ((n == NULL && r == NULL) || (n != NULL && n->external))
        return cel_unknown(SLICE("a resource outside the templates"));
    tri t = n != NULL && r != NULL && r->node != n ? iam_accepts_resource(g, c->arena, r, args[1].text, args[2].text, source)
          : n != NULL ? iam_accepts(g, c->arena, n, args[1].text, args[2].text, source)
                      : iam_accepts_resource(g, c->arena, r, args[1].text, args[2].text, source);
    return bind_tri(t, arena_printf(c->arena, "whether a policy lets %.*s do %.*s", SLICE_ARG(args[1].text), SLICE_ARG(args[2].text)));
}
