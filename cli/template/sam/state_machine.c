/* AWS::Serverless::StateMachine. AWS SAM developer guide, "AWS::Serverless::StateMachine". */
#include "template/sam/lower.h"

/* The definition: in the template, in a local file, or in S3. It stays a document, so that its places stay. */
static void definition(sam *s, draft *machine) {
    const doc_entry *own = doc_entry_of(s->now->props, SLICE("Definition")), *uri = doc_entry_of(s->now->props, SLICE("DefinitionUri"));
    bool has_own = own != NULL && sam_truth(own->value), has_uri = uri != NULL && sam_truth(uri->value);
    if (has_own && has_uri) {
        sam_refuse_at(s, uri->key_at, uri->key_end, "Definition and DefinitionUri can't be set together");
    } else if (!has_own && !has_uri) {
        sam_refuse(s, NULL, "a state machine needs Definition or DefinitionUri");
        return;
    }
    if (has_own) {
        sam_copy(s, machine, s->now->props, "Definition");
        return;
    }
    if (uri->value->kind == DOC_MAP && !sam_is_intrinsic(uri->value)) {
        if (!sam_truth(sam_get(uri->value, "Bucket")) || !sam_truth(sam_get(uri->value, "Key")))
            sam_refuse(s, uri->value, "DefinitionUri as a map needs Bucket and Key");
        sam_copy(s, machine, s->now->props, "DefinitionUri>DefinitionS3Location");
        return;
    }
    const doc_node *file = sam_file(s, uri->value);
    draft *location = sam_s3_location(s, uri->value, "Bucket", "Key", "Version");
    if (file != NULL)
        draft_put_at(&s->drafts, machine, SLICE("Definition"), uri->key_at, uri->key_end, draft_of(&s->drafts, file));
    else if (location != NULL)
        draft_put_at(&s->drafts, machine, SLICE("DefinitionS3Location"), uri->key_at, uri->key_end, location);
    else if (slice_starts(sam_text_of(s, uri->value), SLICE("s3://")))
        sam_refuse(s, uri->value, "this is no S3 URI of the form s3://bucket/key");
}

static void alias(sam *s, sam_target *target) {
    const doc_node *named = sam_prop(s, "AutoPublishAlias"), *preference = sam_prop(s, "DeploymentPreference");
    bool as_target = sam_is_true(s, sam_prop(s, "UseAliasAsEventTarget"));
    if (!sam_truth(named)) {
        if (as_target)
            sam_refuse(s, sam_prop(s, "UseAliasAsEventTarget"), "UseAliasAsEventTarget needs AutoPublishAlias on the same state machine");
        else if (sam_truth(preference))
            sam_refuse(s, preference, "DeploymentPreference needs AutoPublishAlias on the same state machine");
        return;
    }
    slice version = sam_join(s, s->now->id, "Version"), id = sam_print(s, "%.*sAlias%.*s", SLICE_ARG(s->now->id), SLICE_ARG(sam_text_of(s, named)));
    draft *v = sam_add(s, version, "AWS::StepFunctions::StateMachineVersion"), *a = sam_add(s, id, "AWS::StepFunctions::StateMachineAlias");
    sam_put(s, v, "StateMachineArn", sam_ref(s, s->now->id));
    sam_put(s, v, "StateMachineRevisionId", sam_att(s, s->now->id, "StateMachineRevisionId"));
    draft *how = draft_map(&s->drafts, preference == NULL ? sam_at(s) : preference->at);
    if (preference != NULL && preference->kind == DOC_MAP)
        sam_copy(s, how, preference, "Type Percentage Interval Alarms");
    else
        sam_put_word(s, how, "Type", "ALL_AT_ONCE");
    sam_put(s, how, "StateMachineVersionArn", sam_ref(s, version));
    if (a != NULL)
        sam_copy(s, a, s->now->props, "AutoPublishAlias>Name");
    sam_put(s, a, "DeploymentPreference", how);
    if (as_target)
        target->id = id;
}

void sam_lower_state_machine(sam *s, sam_resource *r) {
    draft *machine = sam_main(s, "AWS::StepFunctions::StateMachine");
    definition(s, machine);
    sam_copy(s, machine, r->props, "DefinitionSubstitutions Name>StateMachineName Type>StateMachineType Logging>LoggingConfiguration Tracing>TracingConfiguration");
    sam_put(s, machine, "Tags", sam_tags(s, sam_prop(s, "Tags"), "stateMachine:createdBy"));
    sam_target target = { .id = r->id, .arn_by_ref = true, .machine = true };
    const doc_node *given = sam_prop(s, "Role");
    if (sam_truth(given) && sam_truth(sam_prop(s, "Policies")))
        sam_refuse(s, sam_prop(s, "Policies"), "Policies make a role, and Role names one: only one of them can be set");
    if (sam_truth(given)) {
        sam_copy(s, machine, r->props, "Role>RoleArn");
    } else {
        draft *managed = draft_list(&s->drafts, r->at), *policies = draft_list(&s->drafts, r->at);
        draft *made = sam_role(s, sam_trust(s, "states.amazonaws.com"), managed, policies);
        if (made != NULL && sam_is_true(s, sam_get(sam_prop(s, "Tracing"), "Enabled")))
            sam_role_managed(s, made, SLICE("AWSXRayDaemonWriteAccess"));
        sam_put(s, machine, "RoleArn", sam_att(s, sam_join(s, r->id, "Role"), "Arn"));
    }
    alias(s, &target);
    sam_events(s, sam_prop(s, "Events"), &target);
}
