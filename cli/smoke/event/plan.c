/* Which triggers a run fires, and who plans each. */
#include "smoke/event/plan_parts.h"

#define PLAN_DEPTH 4             /* a queue fed by a topic fed by a bucket ... */
#define PLAN_FEEDERS 8           /* triggers of one thing that are asked what they deliver */

/* ---- triggers ---- */

static bool is_machine(const node *n) { return slice_is(n->type, "AWS::StepFunctions::StateMachine") || slice_is(n->type, "AWS::Serverless::StateMachine"); }

/* Left out: the way from a caller to an API (its routes are fired), what follows from a function, a machine or a pipe that runs (destinations, tasks,
 * calls that are inferred from grants). */
static bool fired(const edge *e) {
    if (!e->trigger || !e->sure || e->kind == EDGE_WRITE || e->kind == EDGE_DEAD_LETTER || e->kind == EDGE_DESTINATION) return false;
    if (e->from->role == ROLE_CALLER && e->to->role != ROLE_COMPUTE) return false;
    if (is_pipe(e) && e->kind == EDGE_SYNC) return false;       /* an enrichment: the pipe's own edge goes through it */
    return !is_machine(e->from) && !(e->from->role == ROLE_COMPUTE && !e->from->external);
}

size_t plan_triggers(arena *a, const graph *g, const edge *const **out) {
    VEC(const edge *) list = { 0 };
    for (size_t i = 0; i < g->edges.len; i++)
        if (fired(g->edges.at[i])) VEC_PUSH(a, &list, g->edges.at[i]);
    *out = list.at;
    return list.len;
}

/* ---- probes ---- */

probe *plan_add(planning *p, happening_kind kind, slice what) {
    probe one = { .trigger = p->edge, .kind = kind, .what = what, .cannot = SLICE_INIT(""), .given = SLICE_INIT("") };
    VEC_PUSH(p->arena, &p->list, one);
    return &p->list.at[p->list.len - 1];
}

void plan_cannot(planning *p, slice why, bool ever) {
    probe *one = plan_add(p, HAPPENS_DIRECT, SLICE(""));
    one->cannot = why;
    one->cannot_ever = ever;
}

static void plan_direct(planning *p) {
    direct d = { .maker = p->maker, .arena = p->arena, .edge = p->edge, .cannot = SLICE_INIT("") };
    if (!direct_events(&d)) {
        plan_cannot(p, plan_asks(p, arena_printf(p->arena, "sflint makes no event of %.*s yet", SLICE_ARG(p->edge->service))), false);
        return;
    }
    for (size_t i = 0; i < d.events.len; i++) {
        probe *one = plan_add(p, HAPPENS_DIRECT, d.events.at[i].what);
        one->event = d.events.at[i].event;
        one->must_not_arrive = d.events.at[i].must_not_arrive;
    }
    if (d.events.len == 0) plan_cannot(p, plan_asks(p, d.cannot), false);
}

/* One line a service: what its triggers are fired by. All others call by themselves (direct.c). */
static const struct { const char *service; void (*plan)(planning *p); } services[] = {
    { "alb", plan_route },     { "docdb", plan_docdb },   { "dynamodb", plan_table },  { "http", plan_route },      { "kafka", plan_kafka },
    { "kinesis", plan_stream }, { "mq", plan_mq },          { "rest", plan_route },      { "sns", plan_topic },
    { "sqs", plan_queue },     { "url", plan_route },     { "websocket", plan_socket },
};

slice plan_asks(const planning *p, slice why) {
    slice name = world_declared_name(p->maker->world, p->edge);
    const resource *to = p->edge->to->resource;
    if (!is_type(to, "AWS::Lambda::Function") && !is_type(to, "AWS::StepFunctions::StateMachine") && !plan_by_template(p)) return why;
    if (name.len == 0) name = p->edge->to->id;
    return arena_printf(p->arena, "%.*s: give the event in events/%.*s.json, or with --event", SLICE_ARG(why), SLICE_ARG(name));
}

static void plan_by_service(planning *p) {
    slice service = p->edge->service;
    bool authorizer = slice_is(edge_filter_text(p->maker, p->edge, "trigger"), "authorizer");
    if (authorizer && (slice_is(service, "rest") || slice_is(service, "http") || slice_is(service, "websocket"))) {
        plan_authorizer(p);
        return;
    }
    if (slice_is(service, "s3") && edge_filter_text(p->maker, p->edge, "events").len > 0) {
        plan_bucket(p);
        return;
    }
    if (slice_is(service, "events") || slice_is(service, "scheduler")) {
        if (p->edge->kind == EDGE_SCHEDULE) plan_schedule(p);
        else if (p->edge->via != NULL && is_type(p->edge->via, "AWS::Events::Rule")) plan_rule(p);
        else plan_cannot(p, arena_printf(p->arena, "sflint makes no event of %.*s yet", SLICE_ARG(p->edge->from->id)), false);
        return;
    }
    if (slice_is(service, "firehose") && p->edge->kind == EDGE_STREAM && slice_is(p->edge->from->type, "AWS::Kinesis::Stream")) {
        plan_stream(p);
        return;
    }
    for (size_t i = 0; i < COUNT(services); i++)
        if (slice_is(service, services[i].service)) {
            services[i].plan(p);
            return;
        }
    plan_direct(p);
}

/* The property that switched it off. */
static slice disabled(const planning *p) {
    static const struct { const char *property, *words; } switches[] = {
        { "State", "disabled: State is DISABLED" }, { "DesiredState", "disabled: DesiredState is STOPPED" }, { "Enabled", "disabled: Enabled is false" },
        { "Rule.Enabled", "disabled: Enabled is false" }, { "TopicRulePayload.RuleDisabled", "disabled: RuleDisabled is true" },
        { "ActionsEnabled", "disabled: ActionsEnabled is false" },
    };
    const resource *r = edge_declarer(p->edge);
    for (size_t i = 0; r != NULL && i < COUNT(switches); i++)
        if (property(p->maker, r, switches[i].property, p->edge->when) != NULL) return slice_from(switches[i].words);
    return SLICE("disabled");
}

size_t plan_of(maker *m, arena *a, const edge *e, unsigned depth, const probe **out) {
    planning p = { .maker = m, .arena = a, .edge = e, .depth = depth };
    if (e->enabled == NO) plan_cannot(&p, disabled(&p), false);
    else plan_by_service(&p);
    if (p.list.len == 0) plan_cannot(&p, plan_asks(&p, arena_printf(a, "sflint makes no event of %.*s yet", SLICE_ARG(e->service))), false);
    *out = p.list.at;
    return p.list.len;
}

size_t plan_probes(maker *m, arena *a, const edge *trigger, const probe **out) { return plan_of(m, a, trigger, 0, out); }

bool is_pipe(const edge *e) { return is_type(e->via, "AWS::Pipes::Pipe"); }

bool plan_patterns(planning *p, const doc_node *const **out, size_t *len) {
    VEC(const doc_node *) list = { 0 };
    const doc_node *patterns = js_get(edge_filter(p->maker, p->edge), "patterns");
    for (size_t i = 0; js_is(patterns, DOC_LIST) && i < patterns->list.len; i++) VEC_PUSH(p->arena, &list, patterns->list.at[i]);
    bool known = p->edge->filter == NULL || value_is_absent(p->edge->filter) || js_is(patterns, DOC_LIST);
    for (size_t i = 0; i < list.len; i++) known = known && list.at[i]->kind == DOC_MAP;
    *out = list.at;
    *len = list.len;
    if (!known) plan_cannot(p, SLICE("its filter is not known from the templates"), false);
    return known;
}

/* ---- what feeds a queue or a topic ---- */

/* The first event that a trigger delivers. */
static const doc_node *first_event(planning *p, const edge *e) {
    const probe *probes;
    size_t len = p->depth < PLAN_DEPTH ? plan_of(p->maker, p->arena, e, p->depth + 1, &probes) : 0;
    for (size_t i = 0; i < len; i++)
        if (probes[i].cannot.len == 0 && !probes[i].must_not_arrive) return plan_event(p->maker, p->arena, &probes[i]);
    return NULL;
}

static const doc_node *event_of_function(planning *p, const node *function) {
    for (size_t i = 0, asked = 0; i < function->in_len && asked < PLAN_FEEDERS; i++)
        if (fired(function->in[i]) && function->in[i]->enabled != NO) {
            asked++;
            const doc_node *event = first_event(p, function->in[i]);
            if (event != NULL) return event;
        }
    return js_empty_object();
}

/* Lambda developer guide, "Capturing records of Lambda asynchronous invocations". */
static const doc_node *invocation_record(planning *p, const edge *e) {
    slice came = world_text(p->maker->world, value_get(p->maker->world->arena, e->facts, SLICE("outcome")), e->when, NULL);
    bool failed = slice_is(came, "failure");
    return SHAPE(p->maker, p->arena,
        "{'version':'1.0','timestamp':'$millis','requestContext':{'requestId':'$uuid','functionArn':'${function}:$LATEST','condition':'$condition','approximateInvokeCount':'$count'},"
        "'requestPayload':'$request','responseContext':{'statusCode':200,'executedVersion':'${latest}','functionError':'$error'},'responsePayload':'$response'}",
        { "function", js_string(p->arena, world_node_arn(p->maker->world, e->from)) }, { "condition", js_cstr(p->arena, failed ? "RetriesExhausted" : "Success") },
        { "count", js_int(p->arena, failed ? 3 : 1) }, { "request", event_of_function(p, e->from) }, { "latest", js_cstr(p->arena, "$LATEST") },
        { "error", failed ? js_cstr(p->arena, "Unhandled") : NULL },
        { "response", failed ? SHAPE_PLAIN(NULL, p->arena, "{'errorMessage':'sflint smoke','errorType':'Error'}") : js_null() });
}

slice plan_fed(planning *p, const node *n) {
    static const char *const feeding[] = { "s3", "sns", "events", "scheduler", "alarm", "iot" };
    if (p->depth >= PLAN_DEPTH) return SLICE("");
    for (size_t i = 0; i < n->in_len && i < PLAN_FEEDERS; i++) {
        const edge *e = n->in[i];
        const doc_node *event = NULL;
        bool topic = slice_is(n->type, "AWS::SNS::Topic");
        if (e->kind == EDGE_DESTINATION) {
            event = invocation_record(p, e);
        } else if (e->kind == EDGE_DEAD_LETTER && slice_is(e->from->type, "AWS::SQS::Queue") && e->from != n) {
            planning inner = *p;
            inner.depth++;
            slice text = plan_fed(&inner, e->from);
            if (text.len > 0) return text;
        } else if (e->kind == EDGE_DEAD_LETTER && e->from->role == ROLE_COMPUTE && slice_is(e->service, "lambda")) {
            event = event_of_function(p, e->from);
        } else {
            for (size_t k = 0; k < COUNT(feeding) && event == NULL; k++)
                if (slice_is(e->service, feeding[k]) && fired(e) && e->enabled != NO && !(topic && slice_is(e->service, "sns"))) event = first_event(p, e);
        }
        if (event != NULL) return js_is(event, DOC_STRING) ? event->text : js_text(p->arena, event);
    }
    return SLICE("");
}
