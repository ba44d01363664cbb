/* AWS::StepFunctions::StateMachine. Step Functions developer guide, "Integrating services with Step Functions". */
#include "service/asl.h"
#include "service/aws_call.h"
#include "service/services.h"

/* One edge a target and kind: the states that make it are its filter. */
typedef struct {
    edge_spec spec;
    VEC(const value *) states;
} task_edge;

typedef struct {
    builder *b;
    const resource *r;
    node *self;
    const asl_machine *m;
    const value *role;           /* of the machine */
    bool role_seen;              /* the role is in the templates: its grants say what a task with a computed target may do */
    strmap edges;                /* key -> task_edge */
    VEC(task_edge *) list;
    size_t alternatives;         /* of the definition */
    const value *fact;
} machine;

/* A call that a state makes. */
typedef struct {
    machine *k;
    const asl_state *state;
    edge_kind kind;
    slice action, qualifier;
    bool no_role;                /* the call is not signed with the machine's role */
} task_call;

static void add_target(builder *b, end e, void *self) {
    const task_call *c = self;
    machine *k = c->k;
    arena *a = build_arena(b);
    if (e.node == NULL)
        return;
    const value *own_role = asl_value(k->m, value_at(a, c->state->body, SLICE("Credentials.RoleArn")));
    slice qualifier = e.qualifier.len > 0 ? e.qualifier : c->qualifier;
    slice key = arena_printf(a, "%.*s\n%d\n%.*s\n%.*s\n%.*s\n%.*s", SLICE_ARG(e.node->id), (int)c->kind, SLICE_ARG(c->action), SLICE_ARG(qualifier),
                             SLICE_ARG(when_text(a, e.when)), SLICE_ARG(value_display(a, own_role)));
    task_edge *t = strmap_get(&k->edges, key);
    if (t == NULL) {
        t = ARENA_NEW(a, task_edge);
        t->spec = (edge_spec){ .from = k->self, .to = e.node, .kind = c->kind, .service = SLICE("states"), .when = e.when, .qualifier = qualifier,
                               .at = c->state->at, .end = c->state->end, .enabled = EDGE_ON, .action = c->action,
                               .role = value_is_absent(own_role) ? k->role : own_role };
        if (value_is_absent(t->spec.role) || c->no_role)
            t->spec.role = NULL;
        strmap_put(a, &k->edges, key, t);
        VEC_PUSH(a, &k->list, t);
    }
    VEC_PUSH(a, &t->states, value_new_string(a, c->state->at, c->state->name));
}

static void to_node(task_call *c, node *n) {
    add_target(c->k->b, (end){ .node = n, .when = c->state->when, .value = &value_absent }, c);
}

/* The target is computed at run time. */
static void to_computed(task_call *c) {
    if (!c->k->role_seen)
        to_node(c, build_outside(c->k->b, SLICE("unknown"), SLICE(""), ROLE_UNKNOWN));
}

static void to_value(task_call *c, const value *v, slice type) {
    if (v->kind == VAL_UNKNOWN && v->why == UNKNOWN_COMPUTED)
        to_computed(c);
    else if (!value_is_absent(v))
        build_each_end(c->k->b, v, type, c->state->when, add_target, c);
}

/* ---- tasks ---- */

static bool says(const asl_machine *m, const asl_state *s, slice name, const char *text) {
    const value *v = asl_argument(m, s, name);
    return v->kind == VAL_STRING && slice_is(v->text, text);
}

typedef struct {
    task_call *call;
    const char *type;
    bool any;
} argument_search;

static void argument_found(builder *b, const leaf *l, void *self) {
    argument_search *s = self;
    (void)b;
    s->any = true;
    to_value(s->call, asl_value(s->call->k->m, l->value), slice_from(s->type));
}

/* Tables of a BatchWriteItem are keys. */
static void key_found(builder *b, const leaf *l, void *self) {
    argument_search *s = self;
    s->any = true;
    to_value(s->call, asl_value(s->call->k->m, value_new_string(build_arena(b), l->key_at, l->key)), slice_from(s->type));
}

static const value *arguments(const asl_machine *m, const asl_state *s) {
    const value *v = value_get(m->arena, s->body, SLICE("Parameters"));
    return value_is_absent(v) ? value_get(m->arena, s->body, SLICE("Arguments")) : v;
}

/* Entries of PutEvents: one without a bus goes to the default one. */
static void entry_found(builder *b, const leaf *l, void *self) {
    argument_search *s = self;
    arena *a = build_arena(b);
    s->any = true;
    const value *bus = asl_value(s->call->k->m, value_get(a, l->value, SLICE("EventBusName")));
    if (!value_is_absent(value_get(a, l->value, SLICE("EventBusName.$"))) || (bus->kind == VAL_STRING && slice_starts(bus->text, SLICE("{%")))
        || (l->value->kind != VAL_MAP))
        to_computed(s->call);
    else if (value_is_absent(bus))
        to_node(s->call, build_default_bus(b));
    else
        to_value(s->call, bus, slice_from(s->type));
}

/* Each part of a transaction needs the action of its own kind (DynamoDB developer guide, "IAM with transactions"). */
static slice item_action(slice action, slice path) {
    static const struct { slice part, action; } parts[] = {
        { SLICE_INIT(".Put."), SLICE_INIT("dynamodb:PutItem") }, { SLICE_INIT(".Update."), SLICE_INIT("dynamodb:UpdateItem") },
        { SLICE_INIT(".Delete."), SLICE_INIT("dynamodb:DeleteItem") },
    };
    for (size_t i = 0; i < COUNT(parts); i++)
        if (slice_find_slice(path, parts[i].part) != (size_t)-1)
            return parts[i].action;
    return action;
}

static void call_targets(task_call *c, const aws_call *call) {
    machine *k = c->k;
    argument_search s = { c, call->type, false };
    slice names = slice_from(call->parameters), name;
    bool events = slice_is(call->of, "events");
    while (names.at != NULL && slice_cut(&names, ' ', &name)) {
        bool many = slice_find(name, '[') < name.len || slice_find(name, '{') < name.len;
        if (events) {
            declare_walk(k->b, arguments(k->m, c->state), c->state->when, "Entries[]", entry_found, &s);
        } else if (many) {
            slice path = arena_copy(build_arena(k->b), name);    /* with a NUL behind it */
            c->action = item_action(c->action, name);
            declare_walk(k->b, arguments(k->m, c->state), c->state->when, path.at, slice_ends(name, SLICE("{}")) ? key_found : argument_found, &s);
        } else if (!s.any) {
            const value *v = asl_argument(k->m, c->state, name);
            s.any = !value_is_absent(v);
            to_value(c, v, slice_from(call->type));
        }
    }
    if (!s.any)
        to_computed(c);
    if (slice_is(call->of, "batch"))
        to_value(c, asl_argument(k->m, c->state, SLICE("JobDefinition")), SLICE("AWS::Batch::JobDefinition"));
}

/* The host of an API's address is its id: "APIID.execute-api.R.amazonaws.com". */
static void api_target(task_call *c) {
    const value *v = asl_argument(c->k->m, c->state, SLICE("ApiEndpoint"));
    if (v->kind == VAL_UNKNOWN || value_is_absent(v)) {
        to_computed(c);
        return;
    }
    open_text t = text_of(build_arena(c->k->b), v);
    size_t scheme = slice_find_slice(t.flat, SLICE("://")), from = scheme == (size_t)-1 ? 0 : scheme + 3;
    size_t dot = from + slice_find(slice_after(t.flat, from), '.');
    const value *api = text_piece(&t, from, dot);
    /* What can be called of a WebSocket API over HTTP is its @connections (API Gateway developer guide, "Control access to WebSocket APIs with IAM"). */
    slice protocol;
    if (c->action.len > 0 && api->kind == VAL_REF && value_text(build_arena(c->k->b), resource_written(build_arena(c->k->b), api->ref.to, SLICE("ProtocolType")), &protocol) &&
        slice_is(protocol, "WEBSOCKET"))
        c->action = SLICE("execute-api:ManageConnections");
    to_value(c, api, SLICE("AWS::ApiGateway::RestApi"));
}

/* arn:P:states:R:A:SERVICE:ACTION[.PATTERN] or ...:aws-sdk:SERVICE:action[.PATTERN] */
static void integration(machine *k, const asl_state *s, slice of, slice action) {
    task_call c = { .k = k, .state = s, .action = { "", 0 }, .qualifier = { "", 0 } };
    arena *a = build_arena(k->b);
    size_t dot = slice_find(action, '.');
    slice pattern = dot < action.len ? slice_after(action, dot + 1) : (slice){ "", 0 };
    action = slice_from_to(action, 0, dot);
    bool waits = slice_starts(pattern, SLICE("waitForTaskToken")), job = slice_starts(pattern, SLICE("sync"));
    of = aws_call_prefix(of);
    action = aws_call_action(a, action);
    const aws_call *call = aws_call_of(of, action);
    c.kind = waits ? EDGE_ASYNC : job ? EDGE_SYNC : call != NULL ? call->kind : EDGE_SYNC;
    if (slice_is(of, "apigateway") && slice_is(action, "Invoke")) {
        c.no_role = !says(k->m, s, SLICE("AuthType"), "IAM_ROLE");      /* default NO_AUTH */
        c.action = c.no_role ? SLICE("") : SLICE("execute-api:Invoke");
        api_target(&c);
    } else if (slice_is(of, "http")) {
        c.no_role = true;                /* the connection signs the request */
        to_value(&c, asl_argument(k->m, s, SLICE("ApiEndpoint")), SLICE(""));
    } else if (call != NULL) {
        if (slice_is(of, "lambda")) {
            if (says(k->m, s, SLICE("InvocationType"), "Event"))
                c.kind = EDGE_ASYNC;
            const value *q = asl_argument(k->m, s, SLICE("Qualifier"));
            if (value_is_absent(q) || !value_text(a, q, &c.qualifier))
                c.qualifier = (slice){ "", 0 };
        }
        c.action = aws_call_grant(a, call);
        call_targets(&c, call);
    } else if (!aws_call_reads(action)) {
        c.action = arena_printf(a, "%.*s:%.*s", SLICE_ARG(of), SLICE_ARG(action));
        to_node(&c, build_aws_service(k->b, of));
    }
}

/* The region and account of a Resource may be written; what follows them is the service. */
static void task_edges(machine *k, const asl_state *s) {
    const value *v = s->resource;
    task_call direct = { .k = k, .state = s, .kind = EDGE_SYNC, .action = SLICE("lambda:InvokeFunction"), .qualifier = { "", 0 } };
    open_text t = text_of(build_arena(k->b), v);
    size_t at[8], to[8], n = text_cut(&t, ':', 8, at, to);
    bool states = n >= 7 && slice_is(text_flat(&t, at[2], to[2]), "states");
    slice of = states ? text_flat(&t, at[5], to[5]) : (slice){ "", 0 };
    bool activity = slice_is(of, "activity") || (v->kind == VAL_REF && slice_is(v->ref.to->type, "AWS::StepFunctions::Activity"));
    if (activity) {
        direct.kind = EDGE_ASYNC;
        direct.action = SLICE("");
        to_value(&direct, v, SLICE("AWS::StepFunctions::Activity"));
    } else if (states && slice_is(of, "aws-sdk") && n == 8) {
        integration(k, s, text_flat(&t, at[6], to[6]), text_flat(&t, at[7], to[7]));
    } else if (states) {
        integration(k, s, of, text_flat(&t, at[6], to[6]));
    } else {
        to_value(&direct, v, SLICE("AWS::Lambda::Function"));
    }
}

/* Results of a distributed Map. */
static void map_edges(machine *k, const asl_state *s) {
    arena *a = build_arena(k->b);
    task_call c = { .k = k, .state = s, .kind = EDGE_WRITE, .action = SLICE("s3:PutObject"), .qualifier = { "", 0 } };
    static const char *const places[] = { "ResultWriter.Parameters.Bucket", "ResultWriter.Arguments.Bucket" };
    for (size_t i = 0; i < COUNT(places); i++)
        to_value(&c, asl_value(k->m, value_at(a, s->body, slice_from(places[i]))), SLICE("AWS::S3::Bucket"));
}

/* ---- the fact ---- */

static const value *or_null(builder *b, pos at, const value *v) { return value_is_absent(v) ? value_new(build_arena(b), VAL_NULL, at) : v; }

static const value *or_empty(builder *b, pos at, const value *v) {
    return value_is_absent(v) ? value_new_list(build_arena(b), at, NULL, 0) : v;
}

/* A Resource as text: what is not known of an ARN is only its partition, region or account, or which resource it is, as long as the parts are
 * references. */
static const value *resource_text_of(builder *b, const asl_state *s) {
    arena *a = build_arena(b);
    const value *v = s->resource;
    if (value_is_absent(v))
        return value_new_string(a, s->at, SLICE(""));
    if (v->kind == VAL_REF) {
        static const struct { slice type; const char *format; } arns[] = {
            { SLICE_INIT("AWS::Lambda::Function"), "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%.*s" },
            { SLICE_INIT("AWS::Lambda::Alias"), "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%.*s" },
            { SLICE_INIT("AWS::Lambda::Version"), "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%.*s" },
            { SLICE_INIT("AWS::StepFunctions::Activity"), "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:activity:%.*s" },
        };
        for (size_t i = 0; i < COUNT(arns); i++)
            if (slice_eq(arns[i].type, v->ref.to->type)) {
                const slice logical = v->ref.to->logical_id;
                buf text = { .arena = a };
                slice format = slice_from(arns[i].format);
                buf_slice(&text, slice_from_to(format, 0, format.len - 4));
                buf_slice(&text, logical);
                return value_new_string(a, v->at, buf_as_slice(&text));
            }
        return v;
    }
    if (v->kind != VAL_JOINED)
        return v;
    for (size_t i = 0; i < v->list.len; i++)
        if (v->list.at[i]->kind == VAL_UNKNOWN && v->list.at[i]->why != UNKNOWN_PSEUDO)
            return v;
    return value_new_string(a, v->at, value_display(a, v));
}

static const value *first_of(const asl_machine *m, const asl_state *s, const char *field, const char *or_field) {
    const value *v = asl_field(m, s, slice_from(field));
    if (value_is_absent(v) && !value_is_absent(asl_field(m, s, slice_from(or_field))))
        return value_new_unknown(m->arena, s->at, UNKNOWN_COMPUTED, slice_from(or_field));
    return v;
}

static const value *state_fact(builder *b, const asl_machine *m, const asl_state *s) {
    arena *a = build_arena(b);
    const value *wait = slice_is(s->type, "Wait") ? first_of(m, s, "Seconds", "SecondsPath") : &value_absent;
    if (slice_is(s->type, "Wait") && value_is_absent(wait))
        wait = value_new_unknown(a, s->at, UNKNOWN_COMPUTED, SLICE("Timestamp"));
    const struct { const char *name; const value *value; } fields[] = {
        { "name", value_new_string(a, s->at, s->name) },
        { "type", value_new_string(a, s->at, s->type) },
        { "resource", resource_text_of(b, s) },
        { "retry", or_empty(b, s->at, value_get(a, s->body, SLICE("Retry"))) },
        { "catch", or_empty(b, s->at, value_get(a, s->body, SLICE("Catch"))) },
        { "choices", or_empty(b, s->at, value_get(a, s->body, SLICE("Choices"))) },
        { "timeout", or_null(b, s->at, first_of(m, s, "TimeoutSeconds", "TimeoutSecondsPath")) },
        { "heartbeat", or_null(b, s->at, first_of(m, s, "HeartbeatSeconds", "HeartbeatSecondsPath")) },
        { "maxConcurrency", or_null(b, s->at, first_of(m, s, "MaxConcurrency", "MaxConcurrencyPath")) },
        { "wait", or_null(b, s->at, wait) },
        { "distributed", value_new_bool(a, s->at, s->distributed) },
    };
    value_entry *entries = ARENA_ARRAY(a, value_entry, COUNT(fields));
    for (size_t i = 0; i < COUNT(fields); i++)
        entries[i] = (value_entry){ slice_from(fields[i].name), s->at, s->end, fields[i].value };
    return value_new_map(a, s->at, entries, COUNT(fields));
}

static const value *machine_fact(builder *b, const resource *r, const asl_machine *m) {
    arena *a = build_arena(b);
    const value **states = ARENA_ARRAY(a, const value *, m->states.len);
    for (size_t i = 0; i < m->states.len; i++)
        states[i] = state_fact(b, m, &m->states.at[i]);
    const value **unreachable = ARENA_ARRAY(a, const value *, m->unreachable.len);
    for (size_t i = 0; i < m->unreachable.len; i++)
        unreachable[i] = value_new_string(a, r->at, m->unreachable.at[i]);
    const value *list = value_new_list(a, r->at, states, m->states.len);
    const value *timeout = m->definition == NULL ? &value_absent : asl_value(m, value_get(a, m->definition, SLICE("TimeoutSeconds")));
    const struct { const char *name; const value *value; } fields[] = {
        { "states", m->open ? value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("States")) : list },
        { "timeout", or_null(b, r->at, timeout) },
        { "error", value_new_string(a, m->error.len > 0 ? m->error_at : r->at, m->error) },
        { "errorState", value_new_string(a, r->at, m->error_state) },
        { "unreachable", value_new_list(a, r->at, unreachable, m->unreachable.len) },
    };
    value_entry *entries = ARENA_ARRAY(a, value_entry, COUNT(fields));
    for (size_t i = 0; i < COUNT(fields); i++)
        entries[i] = (value_entry){ slice_from(fields[i].name), r->at, r->end, fields[i].value };
    return value_new_map(a, r->at, entries, COUNT(fields));
}

/* ---- the machine ---- */

/* One alternative of the definition. */
static void definition_edges(void *self, const value *definition, when w) {
    machine *k = self;
    k->alternatives++;
    const value *substitutions = value_under(resource_written(build_arena(k->b), k->r, SLICE("DefinitionSubstitutions")), w);
    k->m = asl_read(build_arena(k->b), definition, substitutions, w);
    if (k->m == NULL)
        return;
    for (size_t i = 0; i < k->m->states.len; i++) {
        const asl_state *s = &k->m->states.at[i];
        if (slice_is(s->type, "Task"))
            task_edges(k, s);
        else if (slice_is(s->type, "Map"))
            map_edges(k, s);
    }
    k->fact = machine_fact(k->b, k->r, k->m);
}

static slice beside(arena *a, slice template_path, slice path) {
    if (path.len > 0 && path.at[0] == '/')
        return path;
    size_t slash = template_path.len;
    while (slash > 0 && template_path.at[slash - 1] != '/')
        slash--;
    return arena_concat(a, (const slice[]){ slice_from_to(template_path, 0, slash), path }, 2);
}

/* `aws cloudformation package` and SAM put a local file's S3 address in place of its path; here the path still stands. */
static const value *definition_file(builder *b, const value *location) {
    arena *a = build_arena(b);
    const template *t = build_template(b);
    const template_options *o = t->set->options;
    slice path, text, why;
    if (location->kind != VAL_STRING || o->read_file == NULL || slice_find_slice(location->text, SLICE("://")) != (size_t)-1)
        return &value_absent;
    path = beside(a, t->path, location->text);
    return o->read_file(o->read_file_self, a, path, &text, &why) ? asl_from_file(a, text, path, location->at) : &value_absent;
}

void states_machine_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    machine k = { .b = b, .r = r, .self = build_node(b, r), .role = resource_written(a, r, SLICE("RoleArn")) };
    if (k.self == NULL)
        return;
    bool open = false;
    k.role_seen = build_resource(b, k.role, SLICE("AWS::IAM::Role"), &open) != NULL;
    const value *definition = resource_written(a, r, SLICE("DefinitionString"));
    if (value_is_absent(definition))
        definition = resource_written(a, r, SLICE("Definition"));
    if (value_is_absent(definition))
        definition = definition_file(b, resource_written(a, r, SLICE("DefinitionS3Location")));
    if (!value_is_absent(definition))
        value_each(a, definition, r->exists, definition_edges, &k);
    build_node_fact(b, k.self, SLICE("asl"), k.alternatives == 1 && k.fact != NULL ? k.fact
                    : value_new_unknown(a, r->at, UNKNOWN_COMPUTED, SLICE("definition")));
    for (size_t i = 0; i < k.list.len; i++) {
        task_edge *t = k.list.at[i];
        const value *states = value_new_list(a, t->spec.at, t->states.at, t->states.len);
        t->spec.filter = build_map(b, t->spec.at, (build_pair[]){ { "states", states } }, 1);
        edge *e = build_edge(b, &t->spec);
        if (e != NULL)
            build_edge_fact(b, e, SLICE("states"), states);
    }
    build_identity(b, k.self, k.role, r);
    edge_spec logs = { .from = k.self, .kind = EDGE_WRITE, .service = SLICE("states"), .when = r->exists, .enabled = EDGE_ON };
    declare_edges(b, &logs, resource_written(a, r, SLICE("LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn")),
                  SLICE("AWS::Logs::LogGroup"), NULL, NULL);
}
