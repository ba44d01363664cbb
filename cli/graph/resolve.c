/* What a value points at (triggers: "Resolving a target"). Sources: CloudFormation user guide, "Return values"; AWS General Reference,
 * "Amazon Resource Names"; the API references for partial ARNs and URLs. */
#include "graph/builder.h"

#define RESOLVE_DEPTH 8      /* an alias of a version of a function ... */

typedef void each_end(builder *b, end e, void *self);

typedef struct {
    builder *b;
    slice type;
    slice qualifier;         /* of the alias or version that was looked through */
    each_end *each;
    void *self;
    unsigned depth;
} resolving;

static void resolve(resolving *k, const value *v, when w);

bool resource_lives(const resource *r) {
    return r->in != NULL && r->index < r->in->resources.len && r->in->resources.at[r->index] == r;
}

static void emit(resolving *k, node *n, slice qualifier, const value *v, when w) {
    if (slice_is(qualifier, "$LATEST"))
        qualifier = SLICE("");
    k->each(k->b, (end){ n, k->qualifier.len > 0 ? k->qualifier : qualifier, w, v }, k->self);
}

/* ---- outside ---- */

static node *outside_typed(builder *b, slice id, const arn_type *t) {
    const catalog_row *row = t == NULL ? NULL : catalog_find(t->type);
    node *n = build_outside(b, id, t == NULL ? SLICE("") : t->type, row == NULL ? ROLE_UNKNOWN : (role)row->role);
    if (slice_starts(id, SLICE("arn:")))
        n->arn = id;
    return n;
}

static node *outside_unknown(builder *b, const value *v, slice type) {
    const catalog_row *row = catalog_find(type);
    slice id = SLICE("unknown");
    if (v->kind == VAL_UNKNOWN && v->text.len > 0)
        switch (v->why) {
        case UNKNOWN_PARAMETER: case UNKNOWN_SSM_PARAMETER: case UNKNOWN_DYNAMIC:
            id = arena_printf(b->arena, "param:%.*s%.*s", SLICE_ARG(b->t->id_prefix), SLICE_ARG(v->text));
            break;
        case UNKNOWN_IMPORT:
            id = arena_printf(b->arena, "import:%.*s", SLICE_ARG(v->text));
            break;
        case UNKNOWN_NESTED_OUTPUT:
            id = arena_printf(b->arena, "import:%.*s%.*s", SLICE_ARG(b->t->id_prefix), SLICE_ARG(v->text));
            break;
        case UNKNOWN_PSEUDO: case UNKNOWN_TRANSFORM: case UNKNOWN_COMPUTED: case UNKNOWN_NOTHING: case UNKNOWN_TOO_LARGE:
            break;
        }
    if (slice_is(id, "unknown") || row == NULL)
        return build_outside(b, id, SLICE(""), ROLE_UNKNOWN);
    return build_outside(b, id, type, (role)row->role);
}

/* ---- resources ---- */

static void emit_resource(resolving *k, const resource *r, slice qualifier, const value *v, when w) {
    slice main, property = fold_property(r->type, &main);
    if (!resource_lives(r))
        return;
    if (property.len == 0) {
        node *n = r->node;
        emit(k, n != NULL ? n : build_outside(k->b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN), qualifier, v, w);
        return;
    }
    if (k->depth == 0)
        return;
    resolving inner = *k;
    arena *a = k->b->arena;
    inner.depth--;
    inner.type = main;
    if (k->qualifier.len == 0) {
        if (slice_is(r->type, "AWS::Lambda::Alias") || slice_is(r->type, "AWS::StepFunctions::StateMachineAlias")) {
            const value *name = value_get(a, r->properties, SLICE("Name"));
            inner.qualifier = value_is_absent(name) ? arena_printf(a, "${%.*s}", SLICE_ARG(r->logical_id)) : value_display(a, name);
        }
        else if (slice_is(r->type, "AWS::Lambda::Version") || slice_is(r->type, "AWS::StepFunctions::StateMachineVersion"))
            inner.qualifier = arena_printf(a, "${%.*s.Version}", SLICE_ARG(r->logical_id));
        else if (slice_is(r->type, "AWS::Lambda::Url"))
            inner.qualifier = value_display(a, value_get(a, r->properties, SLICE("Qualifier")));
        else
            inner.qualifier = qualifier;
    }
    const value *of = value_at(a, r->properties, property);
    when both;
    if (!when_and(a, w, r->exists, &both))
        return;
    if (value_is_absent(of) && slice_is(r->type, "AWS::StepFunctions::StateMachineAlias"))
        of = value_at(a, r->properties, SLICE("DeploymentPreference.StateMachineVersionArn"));
    if (value_is_absent(of))
        emit(&inner, build_outside(k->b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN), SLICE(""), v, both);
    else
        resolve(&inner, of, both);
}

static void emit_named(resolving *k, const arn *x, const value *v, when w) {
    builder *b = k->b;
    slice qualifier = SLICE("");
    if (x->type != NULL && (slice_is(x->type->service, "lambda") || slice_is(x->type->service, "states")) && x->tail.len > 1)
        qualifier = arn_display(b->arena, slice_after(x->tail, 1));
    if (x->of != NULL) {
        for (const named *n = x->of; n != NULL; n = n->next)
            emit_resource(k, n->r, qualifier, v, w);
        return;
    }
    if (x->type != NULL && slice_is(x->type->type, "AWS::Events::EventBus") && slice_is(x->name, "default") && arn_same_account(&b->s, x) &&
        (x->account.len == 0 || arn_open(x->account) || b->t->set->options == NULL || b->t->set->options->account.len > 0)) {
        emit(k, build_default_bus(b), SLICE(""), v, w);
        return;
    }
    arn whole = *x;
    if (qualifier.len > 0)                   /* the outside function, whatever alias is called */
        whole.rest = slice_from_to(x->rest, 0, x->rest.len - x->tail.len);
    emit(k, outside_typed(b, arn_text(b->arena, &whole), x->type), qualifier, v, w);
}

/* ---- texts ---- */

/* The ARN of a function inside an API Gateway invocation URI:
 * arn:P:apigateway:R:lambda:path/2015-03-31/functions/FUNCTIONARN/invocations (API Gateway developer guide, "Integration URI"). */
static bool invocation(const arn *x, slice *function) {
    if (!slice_is(x->service, "apigateway") || !slice_starts(x->rest, SLICE("path/")))
        return false;
    size_t from = slice_find_slice(x->rest, SLICE("/functions/"));
    if (from == (size_t)-1)
        return false;
    *function = slice_after(x->rest, from + strlen("/functions/"));
    size_t to = slice_find_slice(*function, SLICE("/invocations"));
    *function = slice_from_to(*function, 0, to == (size_t)-1 ? function->len : to);
    return true;
}

static const arn_type *plain(const char *type) { return arn_type_of(slice_from(type)); }

static bool url_of(resolving *k, slice text, const value *v, when w) {
    builder *b = k->b;
    size_t scheme = slice_find_slice(text, SLICE("://"));
    if (scheme > 5 || arn_open(slice_from_to(text, 0, scheme)))
        return false;
    slice left = slice_after(text, scheme + 3), host;
    if (!slice_cut(&left, '/', &host))
        return false;
    if (slice_starts(host, SLICE("sqs.")) || slice_find_slice(host, SLICE(".queue.amazonaws.")) != (size_t)-1) {
        slice part, name = SLICE("");
        while (left.at != NULL && slice_cut(&left, '/', &part))
            name = part;
        arn x = arn_of_name(&b->s, name, plain("AWS::SQS::Queue"));
        emit_named(k, &x, v, w);
        return true;
    }
    size_t api = slice_find_slice(host, SLICE(".execute-api."));
    if (api != (size_t)-1) {
        arn x = arn_of_name(&b->s, slice_from_to(host, 0, api), plain("AWS::ApiGateway::RestApi"));
        if (x.of != NULL) {
            emit_named(k, &x, v, w);
            return true;
        }
    }
    slice id = arena_printf(b->arena, "url:%.*s", SLICE_ARG(arn_display(b->arena, text)));
    emit(k, build_outside(b, id, SLICE(""), ROLE_UNKNOWN), SLICE(""), v, w);
    return true;
}

/* `${Api.ApiEndpoint}/orders`: text that goes on behind what a resource gives. */
static const resource *resource_before_path(const value *v) {
    if (v->kind != VAL_JOINED || v->list.len < 2 || v->list.at[0]->kind != VAL_REF || v->list.at[1]->kind != VAL_STRING)
        return NULL;
    return slice_starts(v->list.at[1]->text, SLICE("/")) ? v->list.at[0]->ref.to : NULL;
}

static void resolve_text(resolving *k, const value *v, when w) {
    builder *b = k->b;
    arn x = arn_of_value(&b->s, v, k->type);
    slice function;
    if (x.known && invocation(&x, &function)) {
        arn f = arn_of_text(&b->s, function, SLICE("AWS::Lambda::Function"));
        if (f.known)
            emit_named(k, &f, v, w);
        else
            emit(k, build_outside(b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN), SLICE(""), v, w);
        return;
    }
    if (x.known) {
        emit_named(k, &x, v, w);
        return;
    }
    if (x.rest.len == 0)
        return;
    if (url_of(k, x.rest, v, w))
        return;
    const resource *r = resource_before_path(v);
    const arn_type *t = arn_type_of(k->type);
    if (r != NULL && (t == NULL || slice_eq(r->type, k->type))) {
        emit_resource(k, r, SLICE(""), v, w);
        return;
    }
    if (t == NULL) {
        emit(k, build_outside(b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN), SLICE(""), v, w);
        return;
    }
    slice name = x.rest, tail = SLICE("");
    if (slice_is(t->service, "lambda")) {
        /* NAME[:QUALIFIER] or ACCOUNT:function:NAME[:QUALIFIER] (Lambda API reference, FunctionName) */
        size_t at = slice_find_slice(name, SLICE("function:"));
        name = at == (size_t)-1 ? name : slice_after(name, at + strlen("function:"));
        size_t colon = slice_find(name, ':');
        if (!arn_open(name) || slice_find(name, '\1') > colon) {
            tail = slice_after(name, colon);
            name = slice_from_to(name, 0, colon);
        }
    }
    arn named_arn = arn_of_name(&b->s, name, t);
    if (tail.len > 0) {
        named_arn.rest = arena_printf(b->arena, "%.*s%.*s", SLICE_ARG(named_arn.rest), SLICE_ARG(tail));
        named_arn.tail = tail;
    }
    emit_named(k, &named_arn, v, w);
}

static void resolve_one(void *self, const value *v, when w) {
    resolving *k = self;
    switch (v->kind) {
    case VAL_ABSENT: case VAL_NULL: case VAL_MAP:
        break;
    case VAL_REF:
        emit_resource(k, v->ref.to, SLICE(""), v, w);
        break;
    case VAL_UNKNOWN: case VAL_CHOICE: {
        /* a parameter may be the name that a resource is given, too */
        const arn_type *t = arn_type_of(k->type);
        const named *n = t == NULL || v->kind != VAL_UNKNOWN ? NULL : index_named(&k->b->s, t, arn_encode(&k->b->s, v));
        if (n == NULL)
            emit(k, outside_unknown(k->b, v, k->type), SLICE(""), v, w);
        for (; n != NULL; n = n->next)
            emit_resource(k, n->r, SLICE(""), v, w);
        break;
    }
    case VAL_LIST:
        if (k->depth > 0) {
            resolving inner = *k;
            inner.depth--;
            for (size_t i = 0; i < v->list.len; i++)
                resolve(&inner, v->list.at[i], w);
        }
        break;
    case VAL_STRING: case VAL_JOINED: case VAL_INT: case VAL_DOUBLE: case VAL_BOOL:
        resolve_text(k, v, w);
        break;
    }
}

static void resolve(resolving *k, const value *v, when w) { value_each(k->b->arena, v, w, resolve_one, k); }

void build_each_end(builder *b, const value *v, slice type, when w, each_end *each, void *self) {
    resolving k = { b, type, SLICE(""), each, self, RESOLVE_DEPTH };
    if (v != NULL)
        resolve(&k, v, w);
}

static void first_end(builder *b, end e, void *self) {
    end *first = self;
    (void)b;
    if (first->node == NULL)
        *first = e;
}

end build_end(builder *b, const value *v, slice type, when w) {
    end e = { .qualifier = SLICE(""), .when = w, .value = v };
    build_each_end(b, v, type, w, first_end, &e);
    return e;
}

/* ---- resources that are no nodes ---- */

typedef struct {
    builder *b;
    slice type;
    const resource *found;
    bool open, first;
} finding_resource;

static void find_resource(void *self, const value *v, when w) {
    finding_resource *f = self;
    builder *b = f->b;
    const resource *r = NULL;
    (void)w;
    if (value_is_absent(v))
        return;
    if (v->kind == VAL_REF) {
        r = v->ref.to;
    } else if (v->kind == VAL_JOINED && v->list.len == 2 && v->list.at[0]->kind == VAL_STRING && v->list.at[1]->kind == VAL_REF &&
               slice_ends(v->list.at[0]->text, SLICE("/")) && !slice_starts(v->list.at[0]->text, SLICE("arn:"))) {
        r = v->list.at[1]->ref.to;           /* integrations/ID, authorizers/ID */
    } else if (v->kind == VAL_STRING || v->kind == VAL_JOINED) {
        arn x = arn_of_value(&b->s, v, f->type);
        const arn_type *t = arn_type_of(f->type);
        if (!x.known && t != NULL)
            x = arn_of_name(&b->s, x.rest, t);
        r = x.of == NULL ? NULL : x.of->r;
    }
    if (r == NULL || (!f->first && r != f->found))
        f->open = f->open || v->kind != VAL_STRING || !f->first;
    if (f->first || f->found == NULL)
        f->found = r;
    f->first = false;
}

const resource *build_resource(builder *b, const value *v, slice type, bool *open) {
    finding_resource f = { b, type, NULL, false, true };
    value_each(b->arena, v, WHEN_ALWAYS, find_resource, &f);
    if (open != NULL)
        *open = f.open;
    return f.found;
}

const resource *const *build_all(builder *b, slice type) {
    static const resource *const none[] = { NULL };
    const resource_list *l = strmap_get(&b->s.here->by_type, type);
    return l == NULL ? none : l->list.at;
}
