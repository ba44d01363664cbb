/* Which service and trigger has which events. */
#include "smoke/event/parts.h"

static const struct {
    slice service;
    const char *trigger;         /* filter {"trigger"}; "*" any, "" none */
    void (*make)(direct *d);
} makers[] = {
    { SLICE_INIT("alarm"), "*", direct_alarm },
    { SLICE_INIT("appsync"), "authorizer", direct_appsync_authorizer },
    { SLICE_INIT("appsync"), "", direct_appsync },
    { SLICE_INIT("bedrock"), "action group", direct_agent },
    { SLICE_INIT("cloudformation"), "Macro", direct_macro },
    { SLICE_INIT("cloudformation"), "", direct_custom_resource },
    { SLICE_INIT("cloudfront"), "*", direct_cloudfront },
    { SLICE_INIT("codecommit"), "*", direct_codecommit },
    { SLICE_INIT("codedeploy"), "*", direct_codedeploy },
    { SLICE_INIT("codepipeline"), "*", direct_codepipeline },
    { SLICE_INIT("cognito"), "*", direct_cognito },
    { SLICE_INIT("config"), "*", direct_config },
    { SLICE_INIT("connect"), "*", direct_connect },
    { SLICE_INIT("ec2"), "ClientConnect", direct_clientvpn },
    { SLICE_INIT("firehose"), "*", direct_firehose },
    { SLICE_INIT("iot"), "authorizer", direct_iot_authorizer },
    { SLICE_INIT("iot"), "PreProvisioningHook", direct_iot_hook },
    { SLICE_INIT("iot"), "", direct_iot_rule },
    { SLICE_INIT("lex"), "*", direct_lex },
    { SLICE_INIT("logs"), "*", direct_logs },
    { SLICE_INIT("s3"), "", direct_object_lambda },
    { SLICE_INIT("secrets"), "*", direct_rotation },
    { SLICE_INIT("ses"), "*", direct_ses },
    { SLICE_INIT("transfer"), "*", direct_transfer },
};

void direct_add(direct *d, slice what, const doc_node *event) {
    VEC_PUSH(d->arena, &d->events, (direct_event){ what, event, false });
}

void direct_refused(direct *d, slice what, const doc_node *event) {
    VEC_PUSH(d->arena, &d->events, (direct_event){ what, event, true });
}

bool direct_events(direct *d) {
    d->trigger = edge_filter_text(d->maker, d->edge, "trigger");
    for (size_t i = 0; i < COUNT(makers); i++) {
        bool fits = makers[i].trigger[0] == '*' || slice_is(d->trigger, makers[i].trigger);
        if (!slice_eq(makers[i].service, d->edge->service) || !fits) continue;
        makers[i].make(d);
        return d->events.len > 0 || d->cannot.len > 0;
    }
    return false;
}

/* ---- what all makers ask ---- */

const doc_node *edge_filter(maker *m, const edge *e) {
    if (e->filter == NULL || value_is_absent(e->filter)) return NULL;
    return world_json(m->world, e->filter, e->when, NULL);
}

slice edge_filter_text(maker *m, const edge *e, const char *path) {
    if (e->filter == NULL || value_is_absent(e->filter)) return SLICE("");
    const value *v = value_at(m->world->arena, value_under(e->filter, e->when), slice_from(path));
    return value_is_absent(v) ? SLICE("") : world_text(m->world, v, e->when, NULL);
}

const doc_node *property(maker *m, const resource *r, const char *path, when under) {
    if (r == NULL) return NULL;
    const value *v = resource_written(m->world->arena, r, slice_from(path));
    return value_is_absent(v) ? NULL : world_json(m->world, v, under, NULL);
}

slice property_text(maker *m, const resource *r, const char *path, when under) {
    if (r == NULL) return SLICE("");
    const value *v = resource_written(m->world->arena, r, slice_from(path));
    return value_is_absent(v) ? SLICE("") : world_text(m->world, v, under, NULL);
}

const resource *edge_declarer(const edge *e) {
    return e->via != NULL ? e->via : e->from->resource != NULL ? e->from->resource : e->to->resource;
}

slice edge_source_arn(maker *m, const edge *e) {
    static const struct { const char *service, *of, *rest; } forms[] = {
        { "sqs", "sqs", "sflint" }, { "sns", "sns", "sflint" }, { "kinesis", "kinesis", "stream/sflint" }, { "dynamodb", "dynamodb", "table/sflint" },
        { "kafka", "kafka", "cluster/sflint/00000000-0000-4000-8000-000000000000-1" }, { "mq", "mq", "broker:sflint:b-1" }, { "docdb", "rds", "cluster:sflint" },
    };
    slice arn = world_node_arn(m->world, e->from);
    for (size_t i = 0; arn.len == 0 && i < COUNT(forms); i++)
        if (slice_is(e->service, forms[i].service))
            arn = arena_printf(m->world->arena, "arn:%.*s:%s:%.*s:%.*s:%s", SLICE_ARG(m->world->partition), forms[i].of, SLICE_ARG(m->world->region),
                               SLICE_ARG(m->world->account), forms[i].rest);
    return arn;
}

bool is_type(const resource *r, const char *type) { return r != NULL && slice_is(r->type, type); }
