/* Custom resources, macros, deployment hooks. CloudFormation user guide, "Custom resource request objects", "Template macros"; CodeDeploy user
 * guide, "AppSpec hooks section for an AWS Lambda deployment". */
#include "smoke/event/parts.h"

#define PROPERTIES_DEPTH 64

/* Numbers and booleans arrive as text. */
static const doc_node *as_texts(arena *a, const doc_node *n, unsigned depth) {
    if (n == NULL || depth > PROPERTIES_DEPTH) return js_null();
    if (n->kind == DOC_MAP) {
        js_object o = { 0 };
        for (size_t i = 0; i < n->map.len; i++) VEC_PUSH(a, &o.entries, (doc_entry){ .key = n->map.at[i].key, .value = as_texts(a, n->map.at[i].value, depth + 1) });
        return js_object_end(a, &o);
    }
    if (n->kind == DOC_LIST) {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) js_push(a, &l, as_texts(a, n->list.at[i], depth + 1));
        return js_list_end(a, &l);
    }
    return n->kind == DOC_NULL || n->kind == DOC_STRING ? n : js_string(a, n->text);
}

void direct_custom_resource(direct *d) {
    static const char *const requests[] = { "Create", "Update", "Delete" };
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *r = edge_declarer(d->edge);
    if (r == NULL || (!slice_starts(r->type, SLICE("Custom::")) && !is_type(r, "AWS::CloudFormation::CustomResource"))) {
        d->cannot = SLICE("sflint makes no event of cloudformation notifications yet");
        return;
    }
    const doc_node *properties = as_texts(a, world_json(m->world, r->properties, d->edge->when, NULL), 0);
    const doc_node *physical = js_format(a, "sflint-%.*s", SLICE_ARG(r->logical_id));
    for (size_t i = 0; i < COUNT(requests); i++) {
        bool first = i == 0, update = i == 1;
        direct_add(d, slice_from(requests[i]), SHAPE(m, a,
            "{'RequestType':'$type','ServiceToken':'$token','ResponseURL':'${endpoint}/_sflint/custom/${number}',"
            "'StackId':'arn:${partition}:cloudformation:${region}:${account}:stack/sflint/00000000-0000-4000-8000-000000000000','RequestId':'$uuid',"
            "'LogicalResourceId':'$logical','PhysicalResourceId':'$physical','ResourceType':'$resource','ResourceProperties':'$properties',"
            "'OldResourceProperties':'$old'}",
            { "type", js_cstr(a, requests[i]) }, { "token", js_get(properties, "ServiceToken") }, { "endpoint", js_string(a, world_endpoint(m->world)) },
            { "number", js_int(a, (long long)m->next++) }, { "logical", js_string(a, r->logical_id) }, { "physical", first ? NULL : physical },
            { "resource", js_string(a, r->type) }, { "properties", properties }, { "old", update ? properties : NULL }));
    }
}

void direct_macro(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *r = edge_declarer(d->edge);
    direct_add(d, SLICE(""), SHAPE(m, a,
        "{'region':'$region','accountId':'$account','fragment':{'AWSTemplateFormatVersion':'2010-09-09','Resources':{'Topic':{'Type':'AWS::SNS::Topic',"
        "'Properties':{'DisplayName':'sflint-smoke'}}}},'transformId':'${account}::${name}','params':{},'requestId':'$uuid','templateParameterValues':{}}",
        { "name", js_string(a, r != NULL ? world_name(m->world, r) : SLICE("sflint")) }));
}

void direct_codedeploy(direct *d) {
    direct_add(d, SLICE(""), SHAPE_PLAIN(d->maker, d->arena, "{'DeploymentId':'d-SFLINT001','LifecycleEventHookExecutionId':'${hex64}'}"));
}

/* ---- the developer tools. CodePipeline user guide, "Invoke a Lambda function: example JSON event"; CodeCommit user guide, "Manage triggers" ---- */

void direct_codepipeline(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *pipeline = d->edge->from->resource;
    if (d->edge->to->role != ROLE_COMPUTE) {
        d->cannot = SLICE("sflint makes no event of codepipeline yet");
        return;
    }
    const doc_node *stages = property(m, pipeline, "Stages", d->edge->when), *configuration = NULL;
    for (size_t i = 0; i < js_len(stages) && stages->kind == DOC_LIST; i++) {
        const doc_node *actions = js_get(stages->list.at[i], "Actions");
        for (size_t k = 0; js_is(actions, DOC_LIST) && k < actions->list.len; k++)
            if (slice_eq(js_str_of(actions->list.at[k], "Name"), d->trigger) && configuration == NULL) configuration = js_get(actions->list.at[k], "Configuration");
    }
    if (!js_is(configuration, DOC_MAP)) {
        js_object o = { 0 };
        js_put(a, &o, "FunctionName", js_string(a, d->edge->to->resource != NULL ? world_name(m->world, d->edge->to->resource) : d->edge->to->id));
        configuration = js_object_end(a, &o);
    }
    direct_add(d, d->trigger, SHAPE(m, a,
        "{'CodePipeline.job':{'id':'$uuid','accountId':'$account','data':{'actionConfiguration':{'configuration':'$configuration'},"
        "'inputArtifacts':[{'location':{'s3Location':{'bucketName':'sflint-artifacts','objectKey':'sflint/smoke.zip'},'type':'S3'},'revision':null,'name':'SourceArtifact'}],"
        "'outputArtifacts':[],'artifactCredentials':{'secretAccessKey':'sflint','sessionToken':'sflint','accessKeyId':'SFLINT'}}}}",
        { "configuration", configuration }));
}

void direct_codecommit(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *repository = d->edge->from->resource;
    direct_add(d, SLICE(""), SHAPE(m, a,
        "{'Records':[{'awsRegion':'$region','codecommit':{'references':[{'commit':'$hex40','ref':'refs/heads/main'}]},'customData':'sflint-smoke',"
        "'eventId':'$uuid','eventName':'ReferenceChanges','eventPartNumber':1,'eventSource':'aws:codecommit','eventSourceARN':'$arn','eventTime':'$when',"
        "'eventTotalParts':1,'eventTriggerConfigId':'$uuid','eventTriggerName':'sflint-smoke','eventVersion':'1.0',"
        "'userIdentityARN':'arn:${partition}:iam::${account}:user/sflint'}]}",
        { "arn", js_string(a, repository != NULL ? world_arn(m->world, repository) : SLICE("arn:aws:codecommit:us-east-1:123456789012:sflint")) },
        { "when", js_format(a, "%.*s+0000", 23, make_time(a, m->now_ms, true).at) }));
}
