/* The small ones: AWS::Serverless::SimpleTable, ::Application, ::LayerVersion, ::CapacityProvider. */
#include "template/sam/lower.h"

void sam_lower_simple_table(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::DynamoDB::Table"), *attribute = draft_map(&s->drafts, r->at), *key = draft_map(&s->drafts, r->at);
    static const char *const types[][2] = { { "String", "S" }, { "Number", "N" }, { "Binary", "B" } };
    const doc_node *primary = sam_prop(s, "PrimaryKey"), *type = sam_get(primary, "Type");
    sam_put_word(s, attribute, "AttributeName", "id");
    sam_put_word(s, attribute, "AttributeType", "S");
    sam_put_word(s, key, "AttributeName", "id");
    sam_put_word(s, key, "KeyType", "HASH");
    if (sam_truth(primary) && primary->kind == DOC_MAP) {
        sam_copy(s, attribute, primary, "Name>AttributeName");
        sam_copy(s, key, primary, "Name>AttributeName");
        size_t i = 0;
        while (i < COUNT(types) && !sam_is(s, type, types[i][0]))
            i++;
        if (i < COUNT(types))
            sam_put(s, attribute, "AttributeType", draft_string(&s->drafts, type->at, slice_from(types[i][1])));
        else if (type == NULL || type->kind == DOC_STRING)
            sam_refuse(s, type == NULL ? primary : type, "PrimaryKey needs Type: String, Number or Binary");
        if (sam_get(primary, "Name") == NULL)
            sam_refuse(s, primary, "PrimaryKey needs Name");
    }
    sam_put(s, made, "AttributeDefinitions", sam_list_of(s, attribute));
    sam_put(s, made, "KeySchema", sam_list_of(s, key));
    if (!sam_truth(sam_prop(s, "ProvisionedThroughput")))
        sam_put_word(s, made, "BillingMode", "PAY_PER_REQUEST");
    sam_copy(s, made, r->props, "TableName ProvisionedThroughput SSESpecification PointInTimeRecoverySpecification");
    if (sam_truth(sam_prop(s, "Tags")))
        sam_put(s, made, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
}

/* A value of a mapping that is known once the region is. */
static bool in_mapping(sam *s, const doc_node *call) {
    const doc_node *arg = sam_get(call, "Fn::FindInMap");
    if (arg == NULL || arg->kind != DOC_LIST || arg->list.len != 3)
        return false;
    const doc_node *mapping = doc_get(doc_get(s->doc, SLICE("Mappings")), sam_text_of(s, arg->list.at[0]));
    for (size_t i = 0; mapping != NULL && mapping->kind == DOC_MAP && i < mapping->map.len; i++)
        if (mapping->map.at[i].value->kind != DOC_MAP)
            return false;
    return mapping != NULL && mapping->kind == DOC_MAP && mapping->map.len > 0;
}

void sam_lower_application(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::CloudFormation::Stack");
    const doc_node *location = sam_prop(s, "Location");
    if (location != NULL && location->kind == DOC_MAP && !sam_is_intrinsic(location)) {
        static const char *const needed[] = { "ApplicationId", "SemanticVersion" };
        for (size_t i = 0; i < COUNT(needed); i++) {
            const doc_node *given = sam_get(location, needed[i]), *known = sam_resolved(s, given);
            if (given == NULL || (given->kind == DOC_STRING && given->text.len == 0))
                sam_refuse(s, given == NULL ? location : given, "Location needs %s", needed[i]);
            else if (sam_is_intrinsic(known) && !in_mapping(s, known))
                sam_refuse(s, given, "%s takes a text, a Ref to a parameter with a value, or Fn::FindInMap", needed[i]);
            else if (known->kind != DOC_STRING && !sam_is_intrinsic(known))
                sam_refuse(s, given, "%s must be a string", needed[i]);
        }
    } else {
        sam_copy(s, made, r->props, "Location>TemplateURL");
    }
    sam_copy(s, made, r->props, "TemplateUrl>TemplateURL Parameters NotificationARNs TimeoutInMinutes");
    sam_put(s, made, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
}

/* A layer version can't be changed, so its id changes with what it is made of. */
static slice layer_id(sam *s, const sam_resource *r) {
    draft *whole = draft_map(&s->drafts, r->at), *body = draft_map(&s->drafts, r->at), *props = draft_map(&s->drafts, r->at);
    for (size_t i = 0; i < r->props->map.len; i++)
        if (!sam_none(r->props->map.at[i].value))
            draft_put(&s->drafts, props, r->props->map.at[i].key, draft_of(&s->drafts, r->props->map.at[i].value));
    sam_put(s, body, "Type", sam_string(s, r->type));
    sam_copy(s, body, r->body, "DependsOn Condition UpdatePolicy");
    sam_put(s, body, "Properties", props);
    draft_put(&s->drafts, whole, r->id, body);
    return sam_print(s, "%.*s%.*s", SLICE_ARG(r->id), SLICE_ARG(sam_hash_draft(s, whole)));
}

static const char *retention(sam *s) {
    const doc_node *policy = sam_prop(s, "RetentionPolicy"), *known = sam_resolved(s, policy);
    if (policy == NULL)
        return NULL;
    if (known->kind == DOC_STRING && slice_same_letters(known->text, SLICE("Retain")))
        return "Retain";
    if (known->kind == DOC_STRING && slice_same_letters(known->text, SLICE("Delete")))
        return "Delete";
    sam_refuse(s, policy, "RetentionPolicy must be Retain or Delete, written out or as a parameter with that value");
    return NULL;
}

void sam_lower_layer_version(sam *s, sam_resource *r) {
    static const char *const texts[] = { "LayerName", "LicenseInfo", "Description" };
    for (size_t i = 0; i < COUNT(texts); i++) {
        const doc_node *given = sam_prop(s, texts[i]), *known = sam_resolved(s, given);
        if (given != NULL && given != known && known->kind != DOC_STRING)
            sam_refuse(s, given, "%s must be a string", texts[i]);
    }
    const doc_node *uri = sam_prop(s, "ContentUri"), *archs = sam_resolved(s, sam_prop(s, "CompatibleArchitectures"));
    if (uri != NULL && uri->kind == DOC_MAP && !sam_is_intrinsic(uri) && (!sam_truth(sam_get(uri, "Bucket")) || !sam_truth(sam_get(uri, "Key"))))
        sam_refuse(s, uri, "ContentUri as a map needs Bucket and Key");
    draft *content = uri == NULL ? NULL : sam_s3_location(s, uri, "S3Bucket", "S3Key", "S3ObjectVersion");
    if (content == NULL && slice_starts(sam_text_of(s, uri), SLICE("s3://")))
        sam_refuse(s, uri, "this is no S3 URI of the form s3://bucket/key");
    for (size_t i = 0; archs != NULL && archs->kind == DOC_LIST && i < archs->list.len; i++) {
        slice arch;
        if (sam_text(s, archs->list.at[i], &arch) && !slice_is(arch, "arm64") && !slice_is(arch, "x86_64"))
            sam_refuse(s, archs->list.at[i], "CompatibleArchitectures takes x86_64 and arm64");
    }
    const char *kept = retention(s);
    draft *made = sam_main(s, "AWS::Lambda::LayerVersion"), *whole = sam_made(s, r->id);
    if (kept != NULL || sam_get(r->body, "DeletionPolicy") == NULL)
        sam_put_word(s, whole, "DeletionPolicy", kept == NULL ? "Retain" : kept);
    sam_put(s, made, "LayerName", sam_string(s, r->id));
    sam_copy(s, made, r->props, "LayerName Description CompatibleArchitectures CompatibleRuntimes LicenseInfo");
    if (content == NULL && uri != NULL && uri->kind == DOC_MAP && !sam_is_intrinsic(uri)) {
        content = draft_map(&s->drafts, uri->at);
        sam_copy(s, content, uri, "Bucket>S3Bucket Key>S3Key Version>S3ObjectVersion");
    }
    sam_put(s, made, "Content", content == NULL ? draft_map(&s->drafts, r->at) : content);
    sam_code_metadata(s, "ContentUri");
    slice id = layer_id(s, r);
    if (sam_resource_of(s, id) != NULL)
        return;
    draft_entry *e = draft_entry_of(&s->drafts, s->out, r->id);
    draft_put_at(&s->drafts, s->out, id, e->key_at, e->key_end, whole);
    strmap_put(s->a, &s->dropped, r->id, s);
    sam_mark *m = strmap_get(&s->marks, r->id);
    strmap_put(s->a, &s->marks, id, m);
    strmap_put(s->a, &s->renamed, r->id, sam_string(s, id));
}

void sam_lower_capacity_provider(sam *s, sam_resource *r) {
    draft *made = sam_main(s, "AWS::Lambda::CapacityProvider");
    const doc_node *vpc = sam_prop(s, "VpcConfig"), *instances = sam_prop(s, "InstanceRequirements"), *scaling = sam_prop(s, "ScalingConfig");
    sam_copy(s, made, r->props, "CapacityProviderName VpcConfig KmsKeyArn");
    if (vpc != NULL && vpc->kind == DOC_MAP && !sam_is_intrinsic(vpc) && sam_get(vpc, "SubnetIds") == NULL)
        sam_refuse(s, vpc, "VpcConfig of a capacity provider needs SubnetIds");
    if (sam_get(instances, "AllowedTypes") != NULL && sam_get(instances, "ExcludedTypes") != NULL)
        sam_refuse(s, instances, "AllowedTypes and ExcludedTypes can't be set together");
    draft *permissions = sam_prop(s, "OperatorRole") != NULL ? sam_pair(s, "CapacityProviderOperatorRoleArn", sam_draft(s, sam_prop(s, "OperatorRole"))) : NULL;
    if (permissions == NULL) {
        slice id = sam_join(s, r->id, "OperatorRole");
        draft *operator_role = sam_add(s, id, "AWS::IAM::Role");
        sam_put(s, operator_role, "AssumeRolePolicyDocument", sam_trust(s, "lambda.amazonaws.com"));
        sam_put(s, operator_role, "ManagedPolicyArns", sam_list_of(s, sam_managed_arn(s, SLICE("AWSLambdaManagedEC2ResourceOperator"))));
        permissions = sam_pair(s, "CapacityProviderOperatorRoleArn", sam_att(s, id, "Arn"));
    }
    sam_put(s, made, "PermissionsConfig", permissions);
    sam_put(s, made, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
    if (sam_truth(instances) && instances->kind == DOC_MAP) {
        draft *m = draft_map(&s->drafts, instances->at);
        sam_copy(s, m, instances, "Architectures AllowedTypes>AllowedInstanceTypes ExcludedTypes>ExcludedInstanceTypes");
        sam_put(s, made, "InstanceRequirements", m);
    }
    if (!sam_truth(scaling) || scaling->kind != DOC_MAP)
        return;
    draft *m = draft_map(&s->drafts, scaling->at);
    sam_copy(s, m, scaling, "MaxVCpuCount");
    const doc_node *use = sam_get(scaling, "AverageCPUUtilization");
    sam_put_word(s, m, "ScalingMode", use == NULL ? "Auto" : "Manual");
    if (use != NULL) {
        draft *policy = sam_pair(s, "PredefinedMetricType", sam_word(s, "LambdaCapacityProviderAverageCPUUtilization"));
        sam_copy(s, policy, scaling, "AverageCPUUtilization>TargetValue");
        sam_put(s, m, "ScalingPolicies", sam_list_of(s, policy));
    }
    sam_put(s, made, "CapacityProviderScalingConfig", m);
}
