/* AWS::CodePipeline::Pipeline. CodePipeline user guide, "Action structure reference". */
#include "service/declare.h"
#include "service/services.h"

/* What an action of a provider works on. */
static const struct { slice provider; const char *property, *names; edge_kind kind; bool source; } providers[] = {
    { SLICE_INIT("CodeBuild"),     "ProjectName",     "AWS::CodeBuild::Project",          EDGE_ASYNC, false },
    { SLICE_INIT("CodeCommit"),    "RepositoryName",  "AWS::CodeCommit::Repository",      EDGE_POLL,  true },
    { SLICE_INIT("Lambda"),        "FunctionName",    "AWS::Lambda::Function",            EDGE_ASYNC, false },
    { SLICE_INIT("Manual"),        "NotificationArn", "AWS::SNS::Topic",                  EDGE_ASYNC, false },
    { SLICE_INIT("S3"),            "S3Bucket",        "AWS::S3::Bucket",                  EDGE_POLL,  true },
    { SLICE_INIT("S3"),            "BucketName",      "AWS::S3::Bucket",                  EDGE_WRITE, false },
    { SLICE_INIT("StepFunctions"), "StateMachineArn", "AWS::StepFunctions::StateMachine", EDGE_ASYNC, false },
};

static void action_edges(builder *b, const leaf *l, void *self) {
    const resource *r = self;
    arena *a = build_arena(b);
    slice provider = declare_text(b, l->value, "ActionTypeId.Provider", NULL);
    const value *by = value_get(a, l->value, SLICE("RoleArn")), *configuration = value_get(a, l->value, SLICE("Configuration"));
    if (value_is_absent(by))
        by = resource_written(a, r, SLICE("RoleArn"));
    for (size_t i = 0; i < COUNT(providers); i++) {
        if (!slice_eq(providers[i].provider, provider))
            continue;
        edge_spec s = {
            .kind = providers[i].kind, .service = SLICE("codepipeline"), .when = l->when, .enabled = EDGE_ON,
            .filter = declare_filter(b, l->value->at, "trigger", declare_text(b, l->value, "Name", NULL)),
        };
        const value *target = value_get(a, configuration, slice_from(providers[i].property));
        if (providers[i].source) {
            s.to = build_node(b, r);
            s.enabled = build_enabled_bool(b, value_get(a, configuration, SLICE("PollForSourceChanges")), true);
            declare_edges_from(b, &s, target, slice_from(providers[i].names), NULL, NULL);
        } else {
            s.from = build_node(b, r);
            s.role = value_is_absent(by) ? NULL : by;
            declare_edges(b, &s, target, slice_from(providers[i].names), NULL, NULL);
        }
    }
}

void codepipeline_edges(builder *b, const resource *r) {
    declare_walk(b, r->properties, r->exists, "Stages[].Actions[]", action_edges, (void *)(uintptr_t)r);
}

/* ---- hooks of a deployment ---- */

/* UpdatePolicy stands beside the properties, so it is read as the author wrote it: a Ref, a GetAtt or a name. */
static const value *hook_target(builder *b, const doc_node *hook) {
    const doc_node *named = doc_get(hook, SLICE("Ref"));
    const doc_node *attribute = doc_get(hook, SLICE("Fn::GetAtt"));
    if (attribute != NULL && attribute->kind == DOC_LIST && attribute->list.len > 0)
        named = attribute->list.at[0];
    if (named == NULL || named->kind != DOC_STRING)
        return hook != NULL && hook->kind == DOC_STRING ? value_new_string(build_arena(b), hook->at, hook->text) : &value_absent;
    const resource *to = template_resource(build_template(b), named->text);
    return to != NULL ? value_new_ref(build_arena(b), hook->at, to, SLICE("Ref")) : &value_absent;
}

/* AWS::Lambda::Alias with CodeDeployLambdaAliasUpdate (CloudFormation user guide, "UpdatePolicy attribute"). */
void codedeploy_alias_edges(builder *b, const resource *r) {
    const doc_node *update = doc_get(doc_get(r->body, SLICE("UpdatePolicy")), SLICE("CodeDeployLambdaAliasUpdate"));
    static const char *const hooks[] = { "BeforeAllowTrafficHook", "AfterAllowTrafficHook" };
    for (size_t i = 0; i < COUNT(hooks); i++) {
        const doc_node *hook = doc_get(update, slice_from(hooks[i]));
        if (hook == NULL)
            continue;
        edge_spec s = { .from = build_aws_service(b, SLICE("codedeploy")), .via = r, .kind = EDGE_ASYNC, .service = SLICE("codedeploy"),
                        .when = r->exists, .at = hook->at, .end = hook->end, .enabled = EDGE_ON,
                        .filter = declare_filter(b, hook->at, "trigger", slice_from(hooks[i])) };
        declare_edges(b, &s, hook_target(b, hook), SLICE("AWS::Lambda::Function"), NULL, NULL);
    }
}
