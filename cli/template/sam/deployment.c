/* DeploymentPreference of functions: one CodeDeploy application, a deployment group a function. AWS SAM developer guide,
 * "Deploying serverless applications gradually". */
#include "template/sam/lower.h"

#include <stdlib.h>

#define APPLICATION SLICE("ServerlessDeploymentApplication")
#define SERVICE_ROLE SLICE("CodeDeployServiceRole")

static int by_text(const void *x, const void *y) { return slice_order(*(const slice *)x, *(const slice *)y); }

/* Canary10Percent5Minutes is CodeDeploy's CodeDeployDefault.LambdaCanary10Percent5Minutes; other names are the author's. */
static draft *config_name(sam *s, const doc_node *type) {
    static const char *const known[] = { "Canary10Percent5Minutes", "Canary10Percent10Minutes", "Canary10Percent15Minutes", "Canary10Percent30Minutes",
                                         "Linear10PercentEvery1Minute", "Linear10PercentEvery2Minutes", "Linear10PercentEvery3Minutes",
                                         "Linear10PercentEvery10Minutes", "AllAtOnce" };
    const doc_node *resolved = sam_resolved(s, type);
    for (size_t i = 0; i < COUNT(known); i++)
        if (sam_is(s, resolved, known[i]))
            return draft_string(&s->drafts, type->at, sam_print(s, "CodeDeployDefault.Lambda%s", known[i]));
    return sam_draft(s, type);
}

static draft *alarms(sam *s, const doc_node *list) {
    draft *names = draft_list(&s->drafts, list->at), *m = sam_pair(s, "Enabled", draft_bool(&s->drafts, list->at, true));
    for (size_t i = 0; list->kind == DOC_LIST && i < list->list.len; i++)
        draft_push(&s->drafts, names, sam_pair(s, "Name", draft_of(&s->drafts, list->list.at[i])));
    sam_put(s, m, "Alarms", names);
    return m;
}

static void group(sam *s, const sam_deployment *d) {
    const doc_node *type = sam_get(d->preference, "Type"), *watched = sam_get(d->preference, "Alarms"), *given = sam_get(d->preference, "Role");
    slice id = sam_join(s, s->now->id, "DeploymentGroup");
    draft *made = sam_add(s, id, "AWS::CodeDeploy::DeploymentGroup");
    if (made == NULL)
        return;
    sam_set_condition(s, id, (slice){ "", 0 });
    if (sam_is_true(s, sam_get(d->preference, "PassthroughCondition")) && s->now->condition != NULL)
        sam_set_condition(s, id, s->now->condition->text);
    sam_put(s, made, "ApplicationName", sam_ref(s, APPLICATION));
    if (type != NULL)
        sam_put(s, made, "DeploymentConfigName", config_name(s, type));
    if (sam_is_if(watched)) {
        const doc_node *const *arg = watched->map.at[0].value->list.at;
        sam_put(s, made, "AlarmConfiguration", sam_if(s, arg[0]->text, sam_is_no_value(arg[1]) ? sam_draft(s, arg[1]) : alarms(s, arg[1]),
                                                      sam_is_no_value(arg[2]) ? sam_draft(s, arg[2]) : alarms(s, arg[2])));
    } else if (sam_truth(watched) && !sam_is_no_value(watched)) {
        if (watched->kind != DOC_LIST && !sam_is_intrinsic(watched))
            sam_refuse(s, watched, "Alarms of DeploymentPreference must be a list");
        sam_put(s, made, "AlarmConfiguration", alarms(s, watched));
    }
    sam_copy(s, made, d->preference, "TriggerConfigurations");
    sam_put(s, made, "ServiceRoleArn", given != NULL ? sam_draft(s, given) : sam_att(s, SERVICE_ROLE, "Arn"));
    /* The alias moves by the group. */
    slice alias = draft_text(strmap_get(&s->now->refers, SLICE("Alias")));
    draft *update = sam_pair(s, "ApplicationName", sam_ref(s, APPLICATION)), *whole = sam_made(s, alias);
    const doc_node *hooks = sam_get(d->preference, "Hooks");
    sam_put(s, update, "DeploymentGroupName", sam_ref(s, id));
    if (hooks != NULL && hooks->kind == DOC_MAP)
        sam_copy(s, update, hooks, "PreTraffic>BeforeAllowTrafficHook PostTraffic>AfterAllowTrafficHook");
    if (whole != NULL)
        sam_put(s, whole, "UpdatePolicy", sam_pair(s, "CodeDeployLambdaAliasUpdate", update));
}

void sam_deployments_finish(sam *s) {
    if (s->deployments.len == 0)
        return;
    VEC(slice) conditions = { 0 };
    bool always = false, made_role = false;
    for (size_t i = 0; i < s->deployments.len; i++) {
        const sam_deployment *d = &s->deployments.at[i];
        bool pass = sam_is_true(s, sam_get(d->preference, "PassthroughCondition")) && d->of->condition != NULL;
        always = always || !pass;
        made_role = made_role || sam_get(d->preference, "Role") == NULL;
        if (pass)
            VEC_PUSH(s->a, &conditions, d->of->condition->text);
    }
    s->now = s->deployments.at[0].of;
    slice on = { "", 0 };
    if (!always) {
        qsort(conditions.at, conditions.len, sizeof *conditions.at, by_text);
        size_t kept = 0;
        for (size_t i = 0; i < conditions.len; i++)
            if (kept == 0 || !slice_eq(conditions.at[kept - 1], conditions.at[i]))
                conditions.at[kept++] = conditions.at[i];
        on = conditions.at[0];
        if (kept > 1) {
            on = SLICE("ServerlessCodeDeployCondition");
            sam_combined_condition(s, on, conditions.at, kept);
        }
    }
    draft *application = sam_add(s, APPLICATION, "AWS::CodeDeploy::Application");
    sam_put_word(s, application, "ComputePlatform", "Lambda");
    sam_set_condition(s, APPLICATION, on);
    if (made_role) {
        draft *r = sam_add(s, SERVICE_ROLE, "AWS::IAM::Role");
        sam_put(s, r, "AssumeRolePolicyDocument", sam_trust(s, "codedeploy.amazonaws.com"));
        sam_put(s, r, "ManagedPolicyArns", sam_list_of(s, sam_managed_arn(s, SLICE("service-role/AWSCodeDeployRoleForLambda"))));
        sam_set_condition(s, SERVICE_ROLE, on);
    }
    for (size_t i = 0; i < s->deployments.len; i++) {
        s->now = s->deployments.at[i].of;
        group(s, &s->deployments.at[i]);
    }
}
