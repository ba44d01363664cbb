#include "lint/calls.h"

#include "service/pattern.h"

/* ---- resources and nodes ---- */

cel_value resource_wrote(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    if (r == NULL || args[1].kind != CEL_STRING)
        return cel_error(c, "wrote() is a resource's, and takes a path");
    const value *v = value_under(resource_written(c->arena, r, args[1].text), evaluation_of(c)->when);
    if (v->kind == VAL_CHOICE)
        return bind_value(c, v, CATALOG_ANY);
    return cel_bool(!value_is_absent(v));
}

static const node *node_argument(const cel_value *v) {
    return bind_as_node(*v);
}

/* Edges of null are none: an edge's end that is outside, a resource that does nothing. */
cel_value graph_in_call(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const node *n = node_argument(&args[1]);
    return n == NULL ? cel_list(NULL, 0) : bind_edges(c, n->in, n->in_len, NULL);
}

cel_value graph_out_call(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const node *n = node_argument(&args[1]);
    return n == NULL ? cel_list(NULL, 0) : bind_edges(c, n->out, n->out_len, NULL);
}

static bool starts_work(const edge *e) { return e->trigger && e->enabled != NO; }

/* An edge of which it can't be said whether it is enabled makes the list unknown. */
cel_value call_triggers_of(cel_context *c, const node *n) {
    for (size_t i = 0; i < n->in_len; i++)
        if (n->in[i]->trigger && n->in[i]->enabled == UNKNOWN)
            return cel_unknown(arena_printf(c->arena, "whether the trigger from %.*s to %.*s is enabled", SLICE_ARG(n->in[i]->from->id), SLICE_ARG(n->id)));
    return bind_edges(c, n->in, n->in_len, starts_work);
}

cel_value graph_triggers_call(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const node *n = node_argument(&args[1]);
    return n == NULL ? cel_list(NULL, 0) : call_triggers_of(c, n);
}

cel_value template_all(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[0].kind != CEL_OBJECT || args[0].object.kind != &bind_template_kind || args[1].kind != CEL_STRING)
        return cel_error(c, "all() is the template's, and takes a type");
    const template *root = lint_index_root(args[0].object.at);
    const lint_resources *of_type = strmap_get(&evaluation_of(c)->index->by_type, args[1].text);
    if (of_type == NULL)
        return bind_resources(c, NULL, 0);
    const resource **list = ARENA_ARRAY(c->arena, const resource *, of_type->list.len);
    size_t len = 0;
    for (size_t i = 0; i < of_type->list.len; i++)
        if (lint_index_root(of_type->list.at[i]->in) == root)
            list[len++] = of_type->list.at[i];
    return bind_resources(c, list, len);
}

/* What is no node (a role, an alias, an integration) becomes one for the rule's sake: id, type and properties, no edges. */
static cel_value node_for(cel_context *c, const resource *r) {
    if (r->node != NULL)
        return bind_node(r->node);
    node *n = ARENA_NEW(c->arena, node);
    *n = (node){ .id = r->id, .type = r->type, .role = r->row != NULL ? (role)r->row->role : ROLE_UNKNOWN, .resource = r, .facts = &value_absent };
    return bind_node(n);
}

cel_value call_ref(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[0].kind == CEL_NULL)
        return cel_null();
    if (bind_as_node(args[0]) != NULL || bind_as_resource(args[0]) != NULL)
        return args[0];
    const value *v = value_under(bind_origin(c, args[0]), evaluation_of(c)->when);
    if (v->kind == VAL_CHOICE)
        return bind_value(c, v, CATALOG_ANY);
    const resource *r = NULL;
    bool open = false;
    const node *n = graph_pointed(&evaluation_of(c)->own, v, &r, &open);
    if (n != NULL)
        return bind_node(n);
    if (r != NULL)
        return node_for(c, r);
    return open ? bind_unknown(c, v) : cel_null();
}

cel_value call_at(cel_context *c, const cel_value *args, size_t count) {
    evaluation *ev = evaluation_of(c);
    const resource *r = bind_as_resource(args[0]);
    const value *v = r == NULL ? bind_origin(c, args[0]) : &value_absent;
    if (r != NULL && count > 1 && args[1].kind == CEL_STRING)
        v = value_under(resource_written(c->arena, r, args[1].text), ev->when);
    if (r != NULL && v->at.line == 0) {
        value *place = value_new(c->arena, VAL_STRING, r->at);
        place->end = r->end;
        v = place;
    }
    if (ev->culprit == NULL && v->at.line > 0)
        ev->culprit = v;
    return cel_bool(true);
}

cel_value call_autoscaled(cel_context *c, const cel_value *args, size_t count) {
    const resource *r = bind_as_resource(args[0]);
    if (r == NULL || (count > 1 && args[1].kind != CEL_STRING))
        return cel_error(c, "autoscaled() takes a resource and a scalable dimension");
    tri t = lint_index_scaled(evaluation_of(c)->index, c->arena, r, count > 1 ? args[1].text : SLICE(""));
    return bind_tri(t, SLICE("what a scalable target names"));
}

/* ---- lists, texts ---- */

cel_value call_sum(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[0].kind == CEL_NULL)
        return cel_int(0);
    size_t len;
    bool object = args[0].kind == CEL_OBJECT && args[0].object.kind->item != NULL;
    if (object)
        len = args[0].object.kind->size(c, args[0].object.at);
    else if (args[0].kind == CEL_LIST)
        len = args[0].list.len;
    else
        return cel_error(c, "sum() takes a list");
    int64_t whole = 0;
    double real = 0;
    bool any_real = false;
    for (size_t i = 0; i < len; i++) {
        cel_value v = object ? args[0].object.kind->item(c, args[0].object.at, i) : args[0].list.at[i];
        if (v.kind == CEL_UNKNOWN || v.kind == CEL_ERROR)
            return v;
        if (v.kind == CEL_DOUBLE) {
            any_real = true;
            real += v.number;
        } else if (v.kind == CEL_INT) {
            if (v.integer > 0 ? whole > INT64_MAX - v.integer : whole < INT64_MIN - v.integer)
                return cel_error(c, "sum() is too large");
            whole += v.integer;
        } else if (v.kind != CEL_NULL) {
            return cel_error(c, "sum() takes a list of numbers");
        }
    }
    return any_real ? cel_double(real + (double)whole) : cel_int(whole);
}

/* Known bytes: all keys, and every text, number and boolean as written. */
static size_t known_bytes(arena *a, const value *v, unsigned depth) {
    size_t n = 0;
    slice text;
    if (depth > 64)
        return 0;
    switch (v->kind) {
        case VAL_MAP:
            for (size_t i = 0; i < v->map.len; i++)
                n += v->map.at[i].key.len + known_bytes(a, v->map.at[i].value, depth + 1);
            return n;
        case VAL_LIST:
        case VAL_JOINED:
            for (size_t i = 0; i < v->list.len; i++)
                n += known_bytes(a, v->list.at[i], depth + 1);
            return n;
        case VAL_CHOICE: {
            size_t yes = known_bytes(a, v->choice.yes, depth + 1), no = known_bytes(a, v->choice.no, depth + 1);
            return yes < no ? yes : no;
        }
        default: return value_text(a, v, &text) ? text.len : 0;
    }
}

cel_value call_byte_length(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    return cel_int((int64_t)known_bytes(c->arena, value_under(bind_origin(c, args[0]), evaluation_of(c)->when), 0));
}

cel_value call_is_json(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const value *v = value_under(bind_origin(c, args[0]), evaluation_of(c)->when);
    if (args[0].kind == CEL_NULL || v->kind == VAL_CHOICE)
        return args[0];
    slice text;
    if (v->kind == VAL_LIST || v->kind == VAL_MAP || !value_text(c->arena, v, &text))
        return v->kind == VAL_LIST || v->kind == VAL_MAP ? cel_bool(false) : bind_unknown(c, v);
    diags quiet = { .arena = c->arena };
    return cel_bool(doc_parse_json(c->arena, text, v->at, &quiet) != NULL);
}

/* /users/{id}/{rest+} -> /users/{}/{+} */
cel_value call_route_shape(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[0].kind != CEL_STRING)
        return args[0].kind == CEL_NULL ? cel_null() : cel_error(c, "routeShape() takes a path");
    buf out = { c->arena, { 0 } };
    slice s = args[0].text;
    for (size_t i = 0; i < s.len; i++) {
        buf_char(&out, s.at[i]);
        size_t close = s.at[i] == '{' ? slice_find(slice_after(s, i), '}') + i : s.len;
        if (close < s.len) {
            if (s.at[close - 1] == '+')
                buf_char(&out, '+');
            i = close - 1;
        }
    }
    return cel_string(buf_as_slice(&out));
}

static cel_value map_of(cel_context *c, const char *const *keys, const cel_value *values, size_t len) {
    cel_value *pairs = ARENA_ARRAY(c->arena, cel_value, 2 * len);
    for (size_t i = 0; i < len; i++) {
        pairs[2 * i] = cel_string(slice_from(keys[i]));
        pairs[2 * i + 1] = values[i];
    }
    return (cel_value){ .kind = CEL_MAP, .map = { pairs, len } };
}

/* Parts that hold something unknown (`*` in the glob that is none in the text) are null. */
cel_value call_arn(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    static const char *const keys[] = { "partition", "service", "region", "account", "resource" };
    const value *v = value_under(bind_origin(c, args[0]), evaluation_of(c)->when);
    if (args[0].kind == CEL_NULL || v->kind == VAL_CHOICE)
        return args[0];
    slice text;
    bool known = value_text(c->arena, v, &text);
    slice rest = known ? text : value_glob(c->arena, v), part;
    if (!slice_starts(rest, SLICE("arn:")))
        return known ? cel_null() : bind_unknown(c, v);
    slice_cut(&rest, ':', &part);
    cel_value parts[COUNT(keys)];
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (i + 1 == COUNT(keys))
            part = rest.at == NULL ? SLICE("") : rest;
        else if (rest.at == NULL || !slice_cut(&rest, ':', &part))
            part = SLICE("");
        bool open = !known && slice_find(part, '*') < part.len;
        parts[i] = open ? cel_null() : cel_string(part);
    }
    return map_of(c, keys, parts, COUNT(keys));
}

static const struct { slice service, principal; } principals[] = {
    { SLICE_INIT("alb"), SLICE_INIT("elasticloadbalancing.amazonaws.com") },
    { SLICE_INIT("alarm"), SLICE_INIT("cloudwatch.amazonaws.com") },
    { SLICE_INIT("appsync"), SLICE_INIT("appsync.amazonaws.com") },
    { SLICE_INIT("cognito"), SLICE_INIT("cognito-idp.amazonaws.com") },
    { SLICE_INIT("config"), SLICE_INIT("config.amazonaws.com") },
    { SLICE_INIT("events"), SLICE_INIT("events.amazonaws.com") },
    { SLICE_INIT("firehose"), SLICE_INIT("firehose.amazonaws.com") },
    { SLICE_INIT("http"), SLICE_INIT("apigateway.amazonaws.com") },
    { SLICE_INIT("iot"), SLICE_INIT("iot.amazonaws.com") },
    { SLICE_INIT("lambda"), SLICE_INIT("lambda.amazonaws.com") },
    { SLICE_INIT("lex"), SLICE_INIT("lexv2.amazonaws.com") },
    { SLICE_INIT("logs"), SLICE_INIT("logs.amazonaws.com") },
    { SLICE_INIT("pipes"), SLICE_INIT("pipes.amazonaws.com") },
    { SLICE_INIT("rest"), SLICE_INIT("apigateway.amazonaws.com") },
    { SLICE_INIT("s3"), SLICE_INIT("s3.amazonaws.com") },
    { SLICE_INIT("scheduler"), SLICE_INIT("scheduler.amazonaws.com") },
    { SLICE_INIT("secrets"), SLICE_INIT("secretsmanager.amazonaws.com") },
    { SLICE_INIT("ses"), SLICE_INIT("ses.amazonaws.com") },
    { SLICE_INIT("sns"), SLICE_INIT("sns.amazonaws.com") },
    { SLICE_INIT("sqs"), SLICE_INIT("sqs.amazonaws.com") },
    { SLICE_INIT("states"), SLICE_INIT("states.amazonaws.com") },
    { SLICE_INIT("websocket"), SLICE_INIT("apigateway.amazonaws.com") },
};

cel_value call_principal(cel_context *c, const cel_value *args, size_t count) {
    (void)c, (void)count;
    for (size_t i = 0; args[0].kind == CEL_STRING && i < COUNT(principals); i++)
        if (slice_eq(principals[i].service, args[0].text))
            return cel_string(principals[i].principal);
    return cel_null();
}

/* ---- policies ---- */

static cel_value as_list(cel_context *c, const value *v) {
    const value *const *items;
    size_t len;
    value_as_list(c->arena, v, &items, &len);
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++)
        out[i] = bind_value(c, items[i], CATALOG_STRING);
    return cel_list(out, len);
}

/* {"Service": ["a", "b"], "AWS": "*"} -> ["a", "b", "*"] */
static cel_value principals_of(cel_context *c, const value *v) {
    v = value_under(v, evaluation_of(c)->when);
    if (v->kind != VAL_MAP)
        return as_list(c, v);
    VEC(cel_value) out = { 0 };
    for (size_t i = 0; i < v->map.len; i++) {
        cel_value list = as_list(c, v->map.at[i].value);
        for (size_t k = 0; k < list.list.len; k++)
            VEC_PUSH(c->arena, &out, list.list.at[k]);
    }
    return cel_list(out.at, out.len);
}

cel_value call_policy(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    static const char *const keys[] = { "effect", "principals", "actions", "resources", "conditions" };
    if (args[0].kind == CEL_NULL)
        return cel_list(NULL, 0);
    when w = evaluation_of(c)->when;
    const value *v = value_under(bind_origin(c, args[0]), w);
    if (v->kind == VAL_STRING || v->kind == VAL_JOINED) {
        bool bad = false;
        v = value_from_json_text(c->arena, v, &bad);
    }
    const value *statements = v->kind == VAL_MAP ? value_under(value_get(c->arena, v, SLICE("Statement")), w) : v;
    if (statements->kind == VAL_UNKNOWN || statements->kind == VAL_CHOICE || statements->kind == VAL_REF || statements->kind == VAL_JOINED)
        return bind_value(c, statements, CATALOG_ANY);
    const value *const *items;
    size_t len;
    value_as_list(c->arena, statements, &items, &len);
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++) {
        const value *s = value_under(items[i], w);
        if (s->kind != VAL_MAP) {
            out[i] = bind_value(c, s, CATALOG_ANY);
            continue;
        }
        cel_value parts[] = {
            bind_value(c, value_get(c->arena, s, SLICE("Effect")), CATALOG_STRING),
            principals_of(c, value_get(c->arena, s, SLICE("Principal"))),
            as_list(c, value_get(c->arena, s, SLICE("Action"))),
            as_list(c, value_get(c->arena, s, SLICE("Resource"))),
            bind_value(c, value_get(c->arena, s, SLICE("Condition")), CATALOG_ANY),
        };
        out[i] = map_of(c, keys, parts, COUNT(keys));
    }
    return cel_list(out, len);
}

static bool is_whole_service(slice action) {
    return slice_is(action, "*") || (slice_ends(action, SLICE(":*")) && slice_find(action, ':') == action.len - 2);
}

cel_value call_policy_stars(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    evaluation *ev = evaluation_of(c);
    const value *v = value_under(bind_origin(c, args[0]), ev->when);
    if (v->kind == VAL_STRING || v->kind == VAL_JOINED) {
        bool bad = false;
        v = value_from_json_text(c->arena, v, &bad);
    }
    const value *const *statements, *const *actions;
    size_t len, actions_len;
    VEC(cel_value) out = { 0 };
    value_as_list(c->arena, value_under(value_get(c->arena, v, SLICE("Statement")), ev->when), &statements, &len);
    for (size_t i = 0; i < len; i++) {
        const value *s = value_under(statements[i], ev->when);
        slice effect, action;
        if (s->kind != VAL_MAP || !value_text(c->arena, value_get(c->arena, s, SLICE("Effect")), &effect) || !slice_is(effect, "Allow"))
            continue;
        value_as_list(c->arena, value_under(value_get(c->arena, s, SLICE("Action")), ev->when), &actions, &actions_len);
        for (size_t k = 0; k < actions_len; k++) {
            const value *one = value_under(actions[k], ev->when);
            if (one->kind != VAL_STRING || !value_text(c->arena, one, &action) || !is_whole_service(action))
                continue;
            VEC_PUSH(c->arena, &out, cel_string(action));
            if (ev->culprit == NULL && one->at.line > 0)
                ev->culprit = one;
        }
    }
    return cel_list(out.at, out.len);
}

/* ---- event patterns ---- */

/* A pattern argument: null when absent; a choice is left to the fork. */
static const value *pattern_argument(cel_context *c, const cel_value *arg, cel_value *out) {
    *out = cel_null();
    if (arg->kind == CEL_NULL)
        return NULL;
    const value *v = value_under(bind_origin(c, *arg), evaluation_of(c)->when);
    if (v->kind != VAL_CHOICE)
        return v;
    *out = bind_value(c, v, CATALOG_ANY);
    return NULL;
}

static cel_value pattern_problem(cel_context *c, const cel_value *args, pattern_verdict wanted) {
    pattern_dialect d;
    cel_value none;
    const value *v = pattern_argument(c, &args[1], &none);
    if (v == NULL)
        return none.kind == CEL_NULL ? cel_string(SLICE("")) : none;
    if (args[0].kind != CEL_STRING || !pattern_dialect_of(args[0].text, &d))
        return args[0].kind == CEL_UNKNOWN ? args[0] : cel_error(c, "the dialects are events, esm, sns-attributes, sns-body");
    const value *where;
    slice message;
    if (pattern_error(c->arena, d, v, &where, &message) != wanted)
        return cel_string(SLICE(""));
    if (evaluation_of(c)->culprit == NULL && where->at.line > 0)
        evaluation_of(c)->culprit = where;
    return cel_string(message);
}

cel_value call_pattern_error(cel_context *c, const cel_value *args, size_t count) { (void)count; return pattern_problem(c, args, PATTERN_REFUSED); }
cel_value call_pattern_hint(cel_context *c, const cel_value *args, size_t count) { (void)count; return pattern_problem(c, args, PATTERN_INFO); }

cel_value call_pattern_keys(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    cel_value none;
    const value *v = pattern_argument(c, &args[0], &none);
    if (v == NULL)
        return none.kind == CEL_NULL ? cel_list(NULL, 0) : none;
    const pattern_key *keys;
    size_t len = pattern_keys(c->arena, v, &keys), n = 0;
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++)
        if (!keys[i].absent_only)
            out[n++] = keys[i].open ? cel_unknown(SLICE("a part of an event pattern")) : cel_string(keys[i].path);
    return cel_list(out, n);
}

static bool all_numeric(arena *a, const value *wanted) {
    const value *const *items;
    size_t len;
    value_as_list(a, wanted, &items, &len);
    for (size_t i = 0; i < len; i++) {
        bool number = items[i]->kind == VAL_INT || items[i]->kind == VAL_DOUBLE;
        if (!number && (items[i]->kind != VAL_MAP || value_is_absent(value_get(a, items[i], SLICE("numeric")))))
            return false;
    }
    return len > 0;
}

cel_value call_pattern_numeric(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    cel_value none;
    const value *v = pattern_argument(c, &args[0], &none);
    if (v == NULL)
        return none.kind == CEL_NULL ? cel_list(NULL, 0) : none;
    const pattern_key *keys;
    size_t len = pattern_keys(c->arena, v, &keys), n = 0;
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++)
        if (keys[i].numeric && !keys[i].or_branch && !keys[i].open && all_numeric(c->arena, keys[i].at))
            out[n++] = cel_string(keys[i].path);
    return cel_list(out, n);
}

cel_value call_pattern_exact(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    cel_value none;
    const value *v = pattern_argument(c, &args[0], &none);
    if (v == NULL)
        return none;
    if (args[1].kind != CEL_STRING)
        return cel_error(c, "pattern.exact() takes a pattern and a key");
    const slice *texts;
    size_t len;
    tri t = pattern_exact(c->arena, v, args[1].text, &texts, &len);
    if (t != YES)
        return t == NO ? cel_null() : cel_unknown(SLICE("a part of an event pattern"));
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++)
        out[i] = cel_string(texts[i]);
    return cel_list(out, len);
}

cel_value call_pattern_overlap(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    cel_value none;
    const value *p = pattern_argument(c, &args[0], &none);
    if (p == NULL)
        return none.kind == CEL_NULL ? cel_bool(true) : none;
    const value *q = pattern_argument(c, &args[1], &none);
    if (q == NULL)
        return none.kind == CEL_NULL ? cel_bool(true) : none;
    return bind_tri(pattern_overlap(c->arena, p, q), SLICE("a part of an event pattern"));
}
