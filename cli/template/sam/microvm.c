/* AWS::Serverless::MicrovmImage and ::NetworkConnector. AWS SAM developer guide, pages of both, "Generated CloudFormation resources". */
#include "template/sam/lower.h"

void sam_lower_network_connector(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::Lambda::NetworkConnector");
    const doc_node *vpc = sam_prop(s, "VpcConfig");
    sam_copy(s, made, r->props, "Name OperatorRole");
    if (!sam_truth(sam_prop(s, "OperatorRole"))) {
        slice id = sam_join(s, r->id, "OperatorRole");
        draft *operator_role = sam_add(s, id, "AWS::IAM::Role");
        sam_put(s, operator_role, "AssumeRolePolicyDocument", sam_trust(s, "lambda.amazonaws.com"));
        sam_put(s, operator_role, "ManagedPolicyArns", sam_list_of(s, sam_managed_arn(s, SLICE("AWSLambdaNetworkConnectorOperatorPolicy"))));
        sam_put(s, made, "OperatorRole", sam_att(s, id, "Arn"));
    }
    if (vpc != NULL && vpc->kind == DOC_MAP) {
        draft *egress = draft_map(&s->drafts, vpc->at);
        for (size_t i = 0; i < vpc->map.len; i++)
            draft_put_at(&s->drafts, egress, vpc->map.at[i].key, vpc->map.at[i].key_at, vpc->map.at[i].key_end, draft_of(&s->drafts, vpc->map.at[i].value));
        sam_put(s, egress, "AssociatedComputeResourceTypes", sam_list_of(s, sam_word(s, "MicroVm")));
        sam_put(s, made, "Configuration", sam_pair(s, "VpcEgressConfiguration", egress));
    }
    sam_put(s, made, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
}

/* The bucket that the code is read from: of a literal s3:// URI, or cut out of what CodeUri will be. */
static draft *code_objects(sam *s, const doc_node *uri) {
    slice text = sam_text_of(s, uri);
    if (!slice_starts(text, SLICE("s3://"))) {
        draft *split = sam_list_of(s, sam_word(s, "/")), *select = sam_list_of(s, draft_int(&s->drafts, uri->at, 2));
        draft_push(&s->drafts, split, sam_draft(s, uri));
        draft_push(&s->drafts, select, sam_pair(s, "Fn::Split", split));
        return sam_sub_with(s, SLICE("arn:${AWS::Partition}:s3:::${Bucket}/*"), "Bucket", sam_pair(s, "Fn::Select", select));
    }
    slice bucket = slice_from_to(slice_after(text, 5), 0, slice_find(slice_after(text, 5), '/'));
    if (bucket.len == 0)
        sam_refuse(s, uri, "this is no S3 URI of the form s3://bucket/key");
    return sam_pair(s, "Fn::Sub", sam_string(s, sam_print(s, "arn:${AWS::Partition}:s3:::%.*s/*", SLICE_ARG(bucket))));
}

/* A folder beside the template stands there until `sam package` puts the S3 URI in its place. */
static bool is_folder(sam *s, const doc_node *uri) { return sam_is_local(sam_text_of(s, uri)); }

void sam_lower_microvm_image(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::Lambda::MicrovmImage");
    const doc_node *uri = sam_prop(s, "CodeUri"), *variables = sam_prop(s, "EnvironmentVariables");
    sam_copy(s, made, r->props, "Name BaseImageArn BaseImageVersion Description Logging EgressNetworkConnectors CpuConfigurations Resources "
                                "AdditionalOsCapabilities Hooks BuildRoleArn");
    if (uri != NULL)
        sam_put(s, made, "CodeArtifact", sam_pair(s, "Uri", sam_draft(s, uri)));
    if (!sam_truth(sam_prop(s, "BuildRoleArn"))) {
        slice id = sam_join(s, r->id, "BuildRole");
        draft *build = sam_add(s, id, "AWS::IAM::Role");
        sam_put(s, build, "AssumeRolePolicyDocument", sam_trust(s, "lambda.amazonaws.com"));
        draft *policy = sam_allow(s, SLICE("MicrovmImageBuildPolicy"), "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents", sam_word(s, "*"));
        if (uri != NULL && !is_folder(s, uri))
            sam_add_statement(s, policy, sam_statement(s, "s3:GetObject", code_objects(s, uri)));
        sam_put(s, build, "Policies", sam_list_of(s, policy));
        sam_put(s, made, "BuildRoleArn", sam_att(s, id, "Arn"));
    }
    if (variables != NULL && variables->kind == DOC_MAP && !sam_is_intrinsic(variables)) {
        draft *list = draft_list(&s->drafts, variables->at);
        for (size_t i = 0; i < variables->map.len; i++) {
            const doc_entry *e = &variables->map.at[i];
            draft *one = draft_map(&s->drafts, e->key_at);
            sam_put(s, one, "Key", draft_string(&s->drafts, e->key_at, e->key));
            sam_put(s, one, "Value", draft_of(&s->drafts, e->value));
            draft_push(&s->drafts, list, one);
        }
        sam_put(s, made, "EnvironmentVariables", list);
    }
    sam_put(s, made, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
}
