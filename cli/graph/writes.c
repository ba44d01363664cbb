/* What an identity may do at run time: write edges that only its code makes, inferred from its role's statements. A statement for every
 * resource ("*") names nothing; then an environment variable that names a resource says what is meant. */
#include "graph/policy.h"

typedef struct {
    slice action, type;
    edge_kind kind;
    slice service;
} write_row;

static const write_row rows[] = {
#define WRITES(action, type, kind, service) { SLICE_INIT(action), SLICE_INIT(type), EDGE_##kind, SLICE_INIT(service) },
#include "graph/writes.def"
#undef WRITES
};

/* Comparisons of one template between patterns with a star and names: past it such statements name nothing. */
#define SCANS_MOST 1000000

typedef struct {
    builder *b;
    node *holder;
    const resource *via, *by;        /* by: the role */
    const value *role;
    const statement *st;
    const write_row *row;
    when when;
} inferring;

static slice edge_key(arena *a, const inferring *k, const node *other, edge_kind kind, slice prefix, when w) {
    return arena_printf(a, "%.*s\n%.*s\n%d\n%.*s\n%.*s", SLICE_ARG(k->holder->id), SLICE_ARG(other->id), (int)kind, SLICE_ARG(prefix),
                        SLICE_ARG(when_text(a, w)));
}

/* Key prefix of a grant on objects: what stands before the first star. A grant without a star is for one key. */
static const value *key_prefix(builder *b, const arn *x, pos at, bool *whole) {
    slice tail = x->tail;
    *whole = false;
    if (slice_starts(tail, SLICE("/")))
        tail = slice_after(tail, 1);
    size_t star = slice_find(tail, '*');
    if (arn_open(slice_from_to(tail, 0, star))) {
        size_t open = slice_find(tail, '\1');
        slice known = slice_from_to(tail, 0, open);
        return known.len > 0 ? value_new_string(b->arena, at, known)
                             : value_new_unknown(b->arena, at, UNKNOWN_COMPUTED, SLICE("key prefix"));
    }
    *whole = star == 0;
    return value_new_string(b->arena, at, slice_from_to(tail, 0, star));
}

static void infer(inferring *k, const resource *target, const arn *x, const value *written, bool environment) {
    builder *b = k->b;
    node *other = target->node;
    const value *prefix = NULL;
    bool whole = true;
    if (other == NULL || !slice_eq(target->type, k->row->type))
        return;
    pos at = written == NULL ? k->via->at : written->at;
    if (slice_is(k->row->service, "s3") && x != NULL && !environment)
        prefix = key_prefix(b, x, at, &whole);
    slice prefix_text = prefix == NULL ? SLICE("") : value_display(b->arena, prefix);
    slice key = edge_key(b->arena, k, other, k->row->kind, prefix_text, k->when);
    bool conditional = !value_is_absent(k->st->condition);
    edge *made = strmap_get(&b->inferred, key);
    if (made != NULL) {
        if (!conditional && made->facts->kind == VAL_MAP && !value_is_absent(value_get(b->arena, made->facts, SLICE("conditional"))))
            build_edge_fact(b, made, SLICE("conditional"), value_new_bool(b->arena, at, false));
        return;
    }
    bool poll = k->row->kind == EDGE_POLL;
    edge_spec s = {
        .from = poll ? other : k->holder, .to = poll ? k->holder : other, .kind = k->row->kind, .service = k->row->service, .when = k->when,
        .at = at, .end = written == NULL ? k->via->end : written->end, .enabled = EDGE_ON, .unsure = true,
    };
    made = build_edge(b, &s);
    if (made == NULL)
        return;
    made->acts_as = k->by;
    made->role = k->role;
    made->permission = PERMISSION_GRANTED;
    made->permitted_by = k->st->in;
    if (conditional) {
        made->permission = PERMISSION_UNKNOWN;
        build_edge_fact(b, made, SLICE("conditional"), value_new_bool(b->arena, at, true));
    }
    if (slice_is(k->row->service, "s3")) {
        build_edge_fact(b, made, SLICE("keyPrefix"), prefix != NULL ? prefix : value_new_string(b->arena, at, SLICE("")));
        build_edge_fact(b, made, SLICE("wholeBucket"), value_new_bool(b->arena, at, whole));
    }
    strmap_put(b->arena, &b->inferred, key, made);
}

/* ---- environment variables ---- */

#define ENVIRONMENT_MOST 1000

/* A look at the names before the properties are asked one by one. */
static bool may_have_variables(const value *properties) {
    if (properties->kind != VAL_MAP)
        return true;
    for (size_t i = 0; i < properties->map.len; i++)
        if (slice_starts(properties->map.at[i].key, SLICE("Environment")) || slice_starts(properties->map.at[i].key, SLICE("Container")))
            return true;
    return false;
}

static void each_variable(builder *b, const resource *r, void (*each)(builder *b, const value *v, void *self), void *self) {
    arena *a = b->arena;
    static const char *const maps[] = { "Environment.Variables", "EnvironmentVariables" };
    static const struct { const char *list, *inner; } lists[] = {
        { "ContainerDefinitions", "Environment" }, { "Environment", "EnvironmentVariables" }, { "ContainerProperties", "Environment" },
    };
    size_t left = ENVIRONMENT_MOST;
    if (!may_have_variables(r->properties))
        return;
    for (size_t i = 0; i < COUNT(maps); i++) {
        const value *v = value_at(a, r->properties, slice_from(maps[i]));
        for (size_t k = 0; v->kind == VAL_MAP && k < v->map.len && left > 0; k++, left--)
            each(b, v->map.at[k].value, self);
    }
    for (size_t i = 0; i < COUNT(lists); i++) {
        const value *const *containers, *const *variables;
        size_t containers_len, variables_len;
        value_as_list(a, value_get(a, r->properties, slice_from(lists[i].list)), &containers, &containers_len);
        for (size_t c = 0; c < containers_len; c++) {
            value_as_list(a, value_get(a, containers[c], slice_from(lists[i].inner)), &variables, &variables_len);
            for (size_t k = 0; k < variables_len && left > 0; k++, left--)
                if (variables[k]->kind == VAL_MAP)
                    each(b, value_get(a, variables[k], SLICE("Value")), self);
        }
    }
}

static const resource *variable_names(builder *b, const value *v, slice type) {
    if (v->kind == VAL_REF)
        return v->ref.to;
    if (v->kind != VAL_STRING && v->kind != VAL_JOINED)
        return NULL;
    arn x = arn_of_value(&b->s, v, type);
    const arn_type *t = arn_type_of(type);
    if (!x.known && t != NULL && slice_find(x.rest, '/') == x.rest.len)
        x = arn_of_name(&b->s, x.rest, t);
    return x.of == NULL ? NULL : x.of->r;
}

static void infer_variable(builder *b, const value *v, void *self) {
    inferring *k = self;
    const resource *r = variable_names(b, v, k->row->type);
    if (r != NULL)
        infer(k, r, NULL, v, true);
}

static void show_variable(builder *b, const value *v, void *self) {
    (void)self;
    const resource *r = v->kind == VAL_REF ? v->ref.to : NULL;
    if (v->kind == VAL_JOINED)
        for (size_t i = 0; i < v->list.len && r == NULL; i++)
            if (v->list.at[i]->kind == VAL_REF)
                r = v->list.at[i]->ref.to;
    if (r != NULL && r->node != NULL)
        build_visible(b, r->node);
}

void environment_visible(builder *b, const resource *r) { each_variable(b, r, show_variable, NULL); }

/* ---- statements ---- */

static void infer_wide(inferring *k) {
    if (k->holder->resource != NULL && k->row->kind == EDGE_WRITE)
        each_variable(k->b, k->holder->resource, infer_variable, k);
}

/* A pattern with a star in the name: every resource of the type whose name it surely covers. */
static void infer_pattern(inferring *k, const arn *x, const value *written) {
    builder *b = k->b;
    for (const resource *const *r = build_all(b, k->row->type); *r != NULL && b->scans < SCANS_MOST; r++) {
        b->scans++;
        arn target = arn_of_resource(&b->s, *r);
        slice rest = x->rest;
        if (slice_is(k->row->service, "s3")) {     /* the name alone: the key follows */
            rest = slice_from_to(rest, 0, slice_find(rest, '/'));
            if (rest.len == x->rest.len && !slice_ends(rest, SLICE("*")))
                continue;
        }
        if (arn_glob(b->arena, rest, target.rest) == YES || arn_glob(b->arena, rest, action_target(&b->s, *r, k->row->action, SLICE("")).rest) == YES) {
            arn found = *x;
            found.tail = slice_is(k->row->service, "s3") && rest.len < x->rest.len ? slice_after(x->rest, rest.len) : SLICE("/*");
            infer(k, *r, &found, written, false);
        }
    }
}

static void infer_target(void *self, const value *v, when w) {
    inferring k = *(inferring *)self;
    builder *b = k.b;
    if (!when_and(b->arena, w, k.when, &k.when))
        return;
    if (v->kind == VAL_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            if (v->list.at[i]->kind != VAL_LIST)
                value_each(b->arena, v->list.at[i], w, infer_target, &k);
        return;
    }
    if (v->kind != VAL_REF && v->kind != VAL_STRING && v->kind != VAL_JOINED)
        return;
    arn x = arn_of_value(&b->s, v, k.row->type);
    const arn_type *t = arn_type_of(k.row->type);
    if (!x.known ? slice_is(x.rest, "*") : t != NULL && arn_glob(b->arena, x.service, t->service) == YES && slice_ends(x.rest, SLICE("*")) &&
                                               (slice_is(x.rest, "*") || (slice_starts(x.rest, t->prefix) && slice_is(slice_after(x.rest, t->prefix.len), "*")))) {
        infer_wide(&k);                      /* every resource of the service */
        return;
    }
    if (!x.known || t == NULL || arn_glob(b->arena, x.service, t->service) != YES)
        return;
    if (x.of != NULL) {
        for (const named *n = x.of; n != NULL; n = n->next) {
            if (n->r->node != NULL)
                build_visible(b, n->r->node);
            /* the ARN of a bucket grants no object, that of an index no item; a function's qualifiers are the function */
            arn target = action_target(&b->s, n->r, k.row->action, SLICE(""));
            if (slice_is(x.service, "lambda") || arn_covers(b->arena, &x, &target) != NO)
                infer(&k, n->r, &x, v, false);
        }
    } else if (slice_find(x.rest, '*') < x.rest.len || slice_find(x.rest, '?') < x.rest.len) {
        infer_pattern(&k, &x, v);
    } else if (slice_is(k.row->type, "AWS::Events::EventBus") && slice_is(x.name, "default")) {
        edge_spec s = { .from = k.holder, .to = build_default_bus(b), .kind = EDGE_WRITE, .service = k.row->service, .when = k.when, .at = v->at,
                        .end = v->end, .enabled = EDGE_ON, .unsure = true };
        slice key = edge_key(b->arena, &k, s.to, EDGE_WRITE, SLICE(""), k.when);
        if (!strmap_has(&b->inferred, key)) {
            edge *made = build_edge(b, &s);
            if (made != NULL) {
                made->permission = PERMISSION_GRANTED;
                made->permitted_by = k.st->in;
                made->acts_as = k.by;
                strmap_put(b->arena, &b->inferred, key, made);
            }
        }
    }
}

/* "sqs:" of an action pattern; "" when the star is before the colon. */
static slice action_service(slice pattern) {
    size_t colon = slice_find(pattern, ':');
    slice head = slice_from_to(pattern, 0, colon);
    return colon == pattern.len || slice_find(head, '*') < head.len ? SLICE("") : head;
}

/* Who runs code that may ask by itself. (A function with a mapping is handed what it reads: graph.c drops the edge.) */
static bool reads_by_itself(const node *holder) {
    switch (holder->role) {
    case ROLE_COMPUTE: case ROLE_CONTAINER: case ROLE_INSTANCE: case ROLE_ANALYTICS: case ROLE_BUILD: case ROLE_APP:
        return true;
    default:
        return false;
    }
}

/* A statement that also lets write (sqs:*, a CRUD policy) does not say that its holder reads. */
static bool only_reads(arena *a, const statement *st, const write_row *row) {
    if (slice_is(row->action, "sqs:ReceiveMessage") && statement_action(a, st, SLICE("sqs:DeleteMessage")) != YES)
        return false;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].kind == EDGE_WRITE && slice_eq(rows[i].type, row->type) && slice_starts(rows[i].action, slice_from_to(row->action, 0, slice_find(row->action, ':') + 1)) &&
            statement_action(a, st, rows[i].action) == YES)
            return false;
    return true;
}

static int order_slices(const slice *list, size_t len, slice s) {
    for (size_t i = len; i > 0; i--)         /* the last one first: neighbours are often of one service */
        if (slice_eq(list[i - 1], s))
            return (int)(i - 1);
    return -1;
}

#define SERVICES_MOST 64

/* The services that a statement's actions are of. Open: a star may stand for any, or there are too many. */
typedef struct {
    slice at[SERVICES_MOST];
    size_t len;
    bool open;
} spoken;

static spoken speaks_of(const statement *st) {
    spoken s;
    s.len = 0;
    s.open = false;
    slice left = st->managed, one;
    for (size_t k = 0; st->managed.len > 0 ? slice_cut(&left, ' ', &one) : k < st->actions.len; k++) {
        if (st->managed.len == 0)
            one = st->actions.at[k]->kind == VAL_STRING ? st->actions.at[k]->text : SLICE("");
        slice head = action_service(one);
        if (head.len == 0 || s.len == SERVICES_MOST)
            s.open = true;
        else if (order_slices(s.at, s.len, head) < 0)
            s.at[s.len++] = head;
    }
    return s;
}

static bool speaks_of_service(const spoken *s, slice wanted) {
    if (s->open)
        return true;
    for (size_t i = 0; i < s->len; i++)
        if (slice_same_letters(s->at[i], wanted))
            return true;
    return false;
}

/* Services that the role grants something of, sorted: node.calls. */
static void calls_fact(builder *b, node *holder, const iam_role *owner, const resource *by) {
    slice found[SERVICES_MOST];
    size_t len = 0;
    for (size_t i = 0; i < owner->list.len; i++) {
        const statement *st = &owner->list.at[i];
        slice left = st->managed, one;
        for (size_t k = 0; st->managed.len > 0 ? left.at != NULL && slice_cut(&left, ' ', &one) : k < st->actions.len; k++) {
            if (st->managed.len == 0)
                one = st->actions.at[k]->kind == VAL_STRING ? st->actions.at[k]->text : SLICE("");
            slice head = action_service(one);
            if (!st->deny && head.len > 0 && len < SERVICES_MOST && order_slices(found, len, head) < 0)
                found[len++] = head;
        }
    }
    for (size_t i = 1; i < len; i++)
        for (size_t k = i; k > 0 && slice_order(found[k], found[k - 1]) < 0; k--) {
            slice swap = found[k];
            found[k] = found[k - 1];
            found[k - 1] = swap;
        }
    const value **items = ARENA_ARRAY(b->arena, const value *, len);
    for (size_t i = 0; i < len; i++)
        items[i] = value_new_string(b->arena, by->at, found[i]);
    build_node_fact(b, holder, SLICE("calls"), value_new_list(b->arena, by->at, items, len));
}

typedef struct {
    builder *b;
    node *holder;
    const resource *via;
    const value *role;
} identity;

static void identity_role(void *self, const value *v, when w) {
    const identity *id = self;
    builder *b = id->b;
    if (value_is_absent(v))
        return;
    const resource *by = build_resource(b, v, SLICE("AWS::IAM::Role"), NULL);
    const iam_role *owner = by == NULL ? NULL : policy_role(b->s.index, by);
    if (owner == NULL)
        return;
    bool by_itself = reads_by_itself(id->holder);
    if (!owner->open)
        calls_fact(b, id->holder, owner, by);
    for (size_t i = 0; i < owner->list.len; i++) {
        const statement *st = &owner->list.at[i];
        inferring k = { .b = b, .holder = id->holder, .via = id->via, .by = by, .role = id->role, .st = st };
        if (st->deny || st->effect != YES || st->not_action || st->not_resource || !when_and(b->arena, w, st->when, &k.when))
            continue;
        spoken services = speaks_of(st);
        slice head = SLICE("");
        bool meant = false;
        for (size_t r = 0; r < COUNT(rows); r++) {
            k.row = &rows[r];
            if (head.len == 0 || !slice_starts(k.row->action, head)) {     /* rows of a service stand together */
                head = slice_from_to(k.row->action, 0, slice_find(k.row->action, ':') + 1);
                meant = speaks_of_service(&services, slice_from_to(head, 0, head.len - 1));
            }
            if (!meant || statement_action(b->arena, st, k.row->action) != YES)
                continue;
            if (k.row->kind == EDGE_POLL && (!by_itself || !only_reads(b->arena, st, k.row)))
                continue;
            if (st->managed.len > 0)
                infer_wide(&k);
            for (size_t t = 0; t < st->resources.len; t++)
                value_each(b->arena, st->resources.at[t], k.when, infer_target, &k);
        }
    }
}

void build_identity(builder *b, node *holder, const value *by, const resource *via) {
    identity id = { b, holder, via, by };
    if (holder != NULL && by != NULL)
        value_each(b->arena, by, via->exists, identity_role, &id);
}
