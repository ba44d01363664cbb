#include "service/declare.h"

/* ---- edges ---- */

/* IAM actions by which one event reaches a target (Service Authorization Reference, "Actions" of each service). Types that several actions
 * write to (tables, streams, log groups) are not here: which one is needed is for the caller to say. */
static const struct { slice type, action; } actions[] = {
    { SLICE_INIT("AWS::Batch::JobQueue"),                  SLICE_INIT("batch:SubmitJob") },
    { SLICE_INIT("AWS::CodeBuild::Project"),               SLICE_INIT("codebuild:StartBuild") },
    { SLICE_INIT("AWS::CodePipeline::Pipeline"),           SLICE_INIT("codepipeline:StartPipelineExecution") },
    { SLICE_INIT("AWS::ECS::TaskDefinition"),              SLICE_INIT("ecs:RunTask") },
    { SLICE_INIT("AWS::Events::EventBus"),                 SLICE_INIT("events:PutEvents") },
    { SLICE_INIT("AWS::Glue::Crawler"),                    SLICE_INIT("glue:StartCrawler") },
    { SLICE_INIT("AWS::Glue::Job"),                        SLICE_INIT("glue:StartJobRun") },
    { SLICE_INIT("AWS::Lambda::Function"),                 SLICE_INIT("lambda:InvokeFunction") },
    { SLICE_INIT("AWS::S3::Bucket"),                       SLICE_INIT("s3:PutObject") },
    { SLICE_INIT("AWS::SNS::Topic"),                       SLICE_INIT("sns:Publish") },
    { SLICE_INIT("AWS::SQS::Queue"),                       SLICE_INIT("sqs:SendMessage") },
    { SLICE_INIT("AWS::StepFunctions::StateMachine"),      SLICE_INIT("states:StartExecution") },
};

slice declare_action(slice type) {
    for (size_t i = 0; i < COUNT(actions); i++)
        if (slice_eq(actions[i].type, type))
            return actions[i].action;
    return SLICE("");
}

typedef struct {
    const edge_spec *base;
    edge_made *made;
    const void *self;
    bool backwards;
} declaring;

static void declare_end(builder *b, end e, void *self) {
    const declaring *d = self;
    edge_spec s = *d->base;
    if (d->backwards) {
        s.from = e.node;
    } else {
        s.to = e.node;
        s.qualifier = e.qualifier;
    }
    s.when = e.when;
    if (s.from == NULL || s.to == NULL)
        return;
    if (s.at.line == 0 && e.value != NULL) {
        s.at = e.value->at;
        s.end = e.value->end;
    }
    /* Only functions refuse every service that is not named: topics take what comes from their own account by default, and buckets and log
     * groups are judged by their own policies. */
    if (s.principal.len > 0 && s.to->resource != NULL && !slice_is(s.to->type, "AWS::Lambda::Function")) {
        s.principal = (slice){ "", 0 };
        s.source_arn = NULL;
    }
    if (s.action.len == 0 && (s.principal.len > 0 || s.role != NULL))
        s.action = declare_action(s.to->type);
    edge *made = build_edge(b, &s);
    if (made != NULL && d->made != NULL)
        d->made(b, made, d->self);
}

void declare_edges(builder *b, const edge_spec *base, const value *target, slice type, edge_made *made, const void *self) {
    declaring d = { base, made, self, false };
    if (base->from != NULL && !value_is_absent(target))
        build_each_end(b, target, type, base->when, declare_end, &d);
}

void declare_edges_from(builder *b, const edge_spec *base, const value *source, slice type, edge_made *made, const void *self) {
    declaring d = { base, made, self, true };
    if (base->to != NULL && !value_is_absent(source))
        build_each_end(b, source, type, base->when, declare_end, &d);
}

/* ---- the walk ---- */

typedef struct {
    builder *b;
    const char *path;        /* what is still to go */
    const value *beside;
    const value_entry *entry;   /* of the last `{}` */
    leaf_found *each;
    void *self;
    unsigned *left;          /* leaves */
} walk;

static void walk_on(walk *k, const value *v, when w);

/* One alternative of a value at which the path goes on. The path is a constant of ours, so the recursion ends with it. */
static void walk_into(void *self, const value *v, when w) {
    walk *k = self, next = *k;
    if (*k->left == 0)
        return;
    bool list = strncmp(k->path, "[]", 2) == 0, entries = strncmp(k->path, "{}", 2) == 0;
    if (list || entries) {
        next.path += 2;
        next.path += *next.path == '.';
        if (v->kind == VAL_LIST && list) {
            for (size_t i = 0; i < v->list.len && *k->left > 0; i++)
                walk_on(&next, v->list.at[i], w);
        } else if (v->kind == VAL_MAP && entries) {
            for (size_t i = 0; i < v->map.len && *k->left > 0; i++) {
                next.entry = &v->map.at[i];
                walk_on(&next, v->map.at[i].value, w);
            }
        } else if (list && (v->kind != VAL_UNKNOWN || *next.path == '\0')) {
            walk_on(&next, v, w);            /* one value stands for a list of one */
        }
        return;
    }
    if (v->kind != VAL_MAP)
        return;                              /* unknown as a whole: nothing is said about what may be inside */
    size_t len = strcspn(k->path, ".[{");
    next.path += len;
    next.path += *next.path == '.';
    next.beside = v;
    const value *inner = value_get(build_arena(k->b), v, (slice){ k->path, len });
    if (!value_is_absent(inner))
        walk_on(&next, inner, w);
}

static void walk_on(walk *k, const value *v, when w) {
    if (*k->path != '\0') {
        value_each(build_arena(k->b), v, w, walk_into, k);
    } else if (!value_is_absent(v) && *k->left > 0) {
        --*k->left;
        leaf l = { .value = v, .beside = k->beside, .key = { "", 0 }, .when = w };
        if (k->entry != NULL) {
            l.key = k->entry->key;
            l.key_at = k->entry->key_at;
            l.key_end = k->entry->key_end;
        }
        k->each(k->b, &l, k->self);
    }
}

void declare_walk(builder *b, const value *top, when w, const char *path, leaf_found *each, void *self) {
    unsigned left = DECLARE_MAX_LEAVES;
    walk k = { b, path, top, NULL, each, self, &left };
    walk_on(&k, top, w);
}

/* ---- small values ---- */

slice declare_text(builder *b, const value *props, const char *path, bool *open) {
    const value *v = value_at(build_arena(b), props, slice_from(path));
    slice s = { "", 0 };
    if (value_is_absent(v))
        return s;
    if (!value_text(build_arena(b), v, &s)) {
        if (open != NULL)
            *open = true;
        return (slice){ "", 0 };
    }
    return s;
}

const value *declare_filter(builder *b, pos at, const char *name, slice text) {
    if (text.len == 0)
        return NULL;
    build_pair pair = { name, value_new_string(build_arena(b), at, text) };
    return build_map(b, at, &pair, 1);
}

const value *declare_arn(builder *b, pos at, const char *of, const value **rest, size_t len) {
    arena *a = build_arena(b);
    const template_options *o = build_template(b)->set->options;
    VEC(const value *) parts = { 0 };
    VEC_PUSH(a, &parts, value_new_string(a, at, SLICE("arn:")));
    struct { slice known; slice name; const char *after; } fields[] = {
        { o->partition, SLICE("AWS::Partition"), ":" }, { o->region, SLICE("AWS::Region"), ":" }, { o->account, SLICE("AWS::AccountId"), ":" },
    };
    for (size_t i = 0; i < COUNT(fields); i++) {
        VEC_PUSH(a, &parts, fields[i].known.len > 0 ? value_new_string(a, at, fields[i].known)
                                                    : value_new_unknown(a, at, UNKNOWN_PSEUDO, fields[i].name));
        VEC_PUSH(a, &parts, value_new_string(a, at, SLICE(":")));
        if (i == 0)
            VEC_PUSH(a, &parts, value_new_string(a, at, arena_printf(a, "%s:", of)));
    }
    for (size_t i = 0; i < len; i++)
        VEC_PUSH(a, &parts, rest[i]);
    return value_new_joined(a, at, parts.at, parts.len);
}

const value *declare_attribute(builder *b, const resource *r, const char *attribute) {
    return value_new_ref(build_arena(b), r->at, r, slice_from(attribute));
}
