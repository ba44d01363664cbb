/* AWS::Serverless::Function. AWS SAM developer guide, "AWS::Serverless::Function" and "Generated CloudFormation resources". */
#include "template/sam/lower.h"

/* What is the same in AWS::Lambda::Function. */
#define SAME "FunctionName Handler Runtime Description MemorySize Timeout VpcConfig Environment KmsKeyArn ReservedConcurrentExecutions Layers " \
             "FileSystemConfigs ImageConfig PackageType Architectures SnapStart EphemeralStorage CodeSigningConfigArn RuntimeManagementConfig " \
             "LoggingConfig TenancyConfig RecursiveLoop DurableConfig FunctionScalingConfig PublishToLatestPublished"

static bool is_image(sam *s) { return sam_is(s, sam_prop(s, "PackageType"), "Image"); }

/* ---- code ---- */

/* s3://bucket/key?versionId=v as {S3Bucket, S3Key, S3ObjectVersion}, or with the given names. */
draft *sam_s3_location(sam *s, const doc_node *uri, const char *bucket, const char *key, const char *version) {
    slice rest, name, path = { "", 0 }, query = { "", 0 };
    if (!sam_text(s, uri, &rest) || !slice_starts(rest, SLICE("s3://")))
        return NULL;
    rest = slice_after(rest, 5);
    size_t cut = slice_find(rest, '/');
    name = slice_from_to(rest, 0, cut);
    if (cut < rest.len)
        path = slice_after(rest, cut + 1);
    size_t mark = slice_find(path, '?');
    if (mark < path.len) {
        query = slice_after(path, mark + 1);
        path = slice_from_to(path, 0, mark);
    }
    if (name.len == 0 || path.len == 0)
        return NULL;
    draft *m = draft_map(&s->drafts, uri->at);
    draft_put(&s->drafts, m, slice_from(bucket), draft_string(&s->drafts, uri->at, name));
    draft_put(&s->drafts, m, slice_from(key), draft_string(&s->drafts, uri->at, path));
    if (slice_starts(query, SLICE("versionId=")))
        draft_put(&s->drafts, m, slice_from(version), draft_string(&s->drafts, uri->at, slice_after(query, 10)));
    return m;
}

/* CodeUri: a map with Bucket and Key, an S3 URI, or the folder beside the template that `sam build` or `sam package` puts there. */
static draft *code_uri(sam *s, const doc_node *uri) {
    if (uri->kind == DOC_MAP && !sam_is_intrinsic(uri)) {
        if (!sam_truth(sam_get(uri, "Bucket")) || !sam_truth(sam_get(uri, "Key"))) {
            sam_refuse(s, uri, "CodeUri as a map needs Bucket and Key");
            return NULL;
        }
        draft *m = draft_map(&s->drafts, uri->at);
        sam_copy(s, m, uri, "Bucket>S3Bucket Key>S3Key Version>S3ObjectVersion");
        return m;
    }
    slice text;
    if (!sam_text(s, uri, &text)) {
        if (uri->kind != DOC_MAP)
            sam_refuse(s, uri, "CodeUri must be a folder, an S3 URI (s3://bucket/key) or a map with Bucket and Key");
        return NULL;
    }
    draft *m = sam_s3_location(s, uri, "S3Bucket", "S3Key", "S3ObjectVersion");
    if (m == NULL && slice_starts(text, SLICE("s3://")))
        sam_refuse(s, uri, "this is no S3 URI of the form s3://bucket/key");
    return m;
}

static draft *code(sam *s) {
    const doc_node *inline_code = sam_prop(s, "InlineCode"), *uri = sam_prop(s, "CodeUri"), *image = sam_prop(s, "ImageUri");
    draft *made = NULL;
    if (is_image(s)) {
        if (image != NULL && image->kind != DOC_STRING && image->kind != DOC_MAP)
            sam_refuse(s, image, "ImageUri must be the URI of a container image");
        made = image == NULL ? NULL : sam_pair(s, "ImageUri", sam_draft(s, image));
    } else if (inline_code != NULL) {
        made = sam_pair(s, "ZipFile", sam_draft(s, inline_code));
    } else if (uri != NULL) {
        made = code_uri(s, uri);
    }
    if (made != NULL && !is_image(s))
        sam_copy(s, made, s->now->props, "SourceKMSKeyArn");
    return made == NULL ? draft_map(&s->drafts, sam_at(s)) : made;
}

/* `sam build` fills in CodeUri and ImageUri, so a template as it is written may lack them: it builds from the template's folder, or from what
 * Metadata says. */
static void check_package(sam *s) {
    const doc_node *type = sam_prop(s, "PackageType");
    slice text;
    if (type != NULL && sam_text(s, type, &text) && !slice_is(text, "Zip") && !slice_is(text, "Image")) {
        sam_refuse(s, type, "PackageType must be Zip or Image");
        return;
    }
    const doc_node *built = sam_get(s->now->body, "Metadata");
    if (is_image(s)) {
        static const char *const none[] = { "Handler", "Runtime", "Layers" };
        for (size_t i = 0; i < COUNT(none); i++)
            if (sam_truth(sam_prop(s, none[i])))
                sam_refuse(s, sam_prop(s, none[i]), "%s can't be set for a function of PackageType Image", none[i]);
        if (sam_prop(s, "ImageUri") == NULL && sam_get(built, "Dockerfile") == NULL && sam_get(built, "DockerContext") == NULL)
            sam_refuse(s, NULL, "a function of PackageType Image needs ImageUri (or Metadata that tells sam build its Dockerfile)");
        return;
    }
    static const char *const both[] = { "Handler", "Runtime" };
    for (size_t i = 0; i < COUNT(both); i++)
        if (!sam_truth(sam_prop(s, both[i])))
            sam_refuse(s, NULL, "a function of PackageType Zip needs %s", both[i]);
    if (sam_prop(s, "ImageConfig") != NULL)
        sam_refuse(s, sam_prop(s, "ImageConfig"), "ImageConfig is for functions of PackageType Image only");
}

/* ---- rules between properties ---- */

static void check_rules(sam *s) {
    static const char *const apart[][2] = { { "CapacityProviderConfig", "ProvisionedConcurrencyConfig" }, { "CapacityProviderConfig", "VpcConfig" } };
    static const char *const needs[][2] = { { "FunctionScalingConfig", "CapacityProviderConfig" }, { "VersionDeletionPolicy", "AutoPublishAlias" },
                                            { "ProvisionedConcurrencyConfig", "AutoPublishAlias" } };
    static const char *const not_with_tenants[] = { "ProvisionedConcurrencyConfig", "FunctionUrlConfig", "SnapStart" };
    for (size_t i = 0; i < COUNT(apart); i++)
        if (sam_prop(s, apart[i][0]) != NULL && sam_prop(s, apart[i][1]) != NULL)
            sam_refuse(s, NULL, "%s and %s can't be set together", apart[i][0], apart[i][1]);
    for (size_t i = 0; i < COUNT(needs); i++)
        if (sam_truth(sam_prop(s, needs[i][0])) && sam_prop(s, needs[i][1]) == NULL)
            sam_refuse(s, sam_prop(s, needs[i][0]), "%s needs %s on the same function", needs[i][0], needs[i][1]);
    const doc_node *deletion = sam_prop(s, "VersionDeletionPolicy");
    if (deletion != NULL && deletion->kind == DOC_STRING && !slice_is(deletion->text, "Delete") && !slice_is(deletion->text, "Retain"))
        sam_refuse(s, deletion, "VersionDeletionPolicy must be Delete or Retain");
    if (!sam_truth(sam_prop(s, "TenancyConfig")))
        return;
    for (size_t i = 0; i < COUNT(not_with_tenants); i++)
        if (sam_truth(sam_prop(s, not_with_tenants[i])))
            sam_refuse(s, sam_prop(s, not_with_tenants[i]), "%s can't be set on a function with TenancyConfig", not_with_tenants[i]);
    const doc_node *events = sam_prop(s, "Events");
    for (size_t i = 0; events != NULL && events->kind == DOC_MAP && i < events->map.len; i++) {
        const doc_node *type = sam_get(events->map.at[i].value, "Type");
        if (type != NULL && type->kind == DOC_STRING && !slice_is(type->text, "Api") && !slice_is(type->text, "HttpApi"))
            sam_refuse(s, type, "a function with TenancyConfig takes only Api and HttpApi events, not %.*s", SLICE_ARG(type->text));
    }
}

static bool check_dlq(sam *s, const doc_node *dlq) {
    const doc_node *type = sam_get(dlq, "Type");
    if (!sam_truth(type) || !sam_truth(sam_get(dlq, "TargetArn"))) {
        sam_refuse(s, dlq, "DeadLetterQueue needs Type (SQS or SNS) and TargetArn");
        return false;
    }
    if (type->kind != DOC_STRING || (!slice_is(type->text, "SQS") && !slice_is(type->text, "SNS"))) {
        sam_refuse(s, type, "Type of DeadLetterQueue must be SQS or SNS");
        return false;
    }
    return true;
}

/* ---- alias, version, URL ---- */

static bool alias_name(sam *s, slice *name) {
    const doc_node *alias = sam_prop(s, "AutoPublishAlias");
    if (alias == NULL)
        return false;
    if (!sam_text(s, alias, name)) {
        sam_refuse(s, alias, "AutoPublishAlias must be a string or a Ref to a parameter with a value");
        return false;
    }
    bool letters = false, good = true;
    for (size_t i = 0; i < name->len; i++) {
        char c = name->at[i];
        good = good && (sam_alphanumeric((slice){ &c, 1 }) || c == '-' || c == '_');
        letters = letters || c < '0' || c > '9';
    }
    if (name->len == 0 || !good || !letters)
        sam_refuse(s, alias, "an alias needs a name of letters, digits, - and _, not of digits alone");
    return name->len > 0;
}

static slice alias_id(sam *s, slice name) {
    buf id = { .arena = s->a };
    buf_slice(&id, s->now->id);
    buf_text(&id, "Alias");
    for (size_t i = 0; i < name.len; i++)
        buf_char(&id, name.at[i] == '-' ? 'D' : name.at[i] == '_' ? 'U' : name.at[i]);
    return buf_as_slice(&id);
}

/* A new version is made when its id changes: it ends in a hash of the code and what else makes the function another one. */
static slice version_id(sam *s, draft *function) {
    slice given, prefix = sam_join(s, s->now->id, "Version");
    const doc_node *sha = sam_prop(s, "AutoPublishCodeSha256");
    if (sha != NULL && sam_text(s, sha, &given) && sam_alphanumeric(slice_from_to(given, 0, given.len < 10 ? given.len : 10)))
        return sam_print(s, "%.*s%.*s", SLICE_ARG(prefix), SLICE_ARG(slice_from_to(given, 0, given.len < 10 ? given.len : 10)));
    if (sha != NULL)
        sam_refuse(s, sha, "AutoPublishCodeSha256 must be a string whose first ten characters are letters and digits");
    draft *hashed = draft_map(&s->drafts, sam_at(s));
    if (sam_is_true(s, sam_prop(s, "AutoPublishAliasAllProperties"))) {
        hashed = function;
    } else {
        draft *code_map = draft_get(&s->drafts, function, SLICE("Code"));
        if (draft_open(&s->drafts, code_map))
            for (size_t i = 0; i < code_map->entries.len; i++)
                draft_put(&s->drafts, hashed, code_map->entries.at[i].key, draft_at(&s->drafts, code_map, i));
        const doc_node *environment = sam_prop(s, "Environment");
        if (environment != NULL)
            sam_copy(s, hashed, environment, "Variables");
        sam_copy(s, hashed, s->now->props, "MemorySize");
        const doc_node *snap = sam_prop(s, "SnapStart");
        if (sam_truth(sam_get(snap, "ApplyOn")) && !sam_is(s, sam_get(snap, "ApplyOn"), "None"))
            sam_copy(s, hashed, s->now->props, "SnapStart");
    }
    return sam_print(s, "%.*s%.*s", SLICE_ARG(prefix), SLICE_ARG(sam_hash_draft(s, hashed)));
}

static void publish(sam *s, draft *function, slice name) {
    slice version = version_id(s, function), alias = alias_id(s, name);
    draft *v = sam_add(s, version, "AWS::Lambda::Version"), *a = sam_add(s, alias, "AWS::Lambda::Alias");
    if (v != NULL) {
        sam_put(s, v, "FunctionName", sam_ref(s, s->now->id));
        sam_copy(s, v, s->now->props, "VersionDescription>Description");
        if (sam_get(s->now->body, "DeletionPolicy") == NULL) {
            const doc_node *deletion = sam_prop(s, "VersionDeletionPolicy");
            draft *policy = deletion != NULL ? sam_draft(s, deletion) : sam_word(s, sam_prop(s, "CapacityProviderConfig") != NULL ? "Delete" : "Retain");
            sam_put(s, sam_made(s, version), "DeletionPolicy", policy);
        }
    }
    if (a != NULL) {
        draft *named = draft_of(&s->drafts, sam_resolved(s, sam_prop(s, "AutoPublishAlias")));
        sam_put(s, a, "Name", named);
        sam_put(s, a, "FunctionName", sam_ref(s, s->now->id));
        sam_put(s, a, "FunctionVersion", sam_att(s, version, "Version"));
        sam_copy(s, a, s->now->props, "ProvisionedConcurrencyConfig");
    }
    strmap_put(s->a, &s->now->refers, SLICE("Alias"), sam_string(s, alias));
    strmap_put(s->a, &s->now->refers, SLICE("Version"), sam_string(s, version));
}

static void check_url_cors(sam *s, const doc_node *cors) {
    static const struct { const char *name; doc_kind kind; const char *words; } fields[] = {
        { "AllowOrigins", DOC_LIST, "a list" },     { "AllowMethods", DOC_LIST, "a list" },  { "AllowCredentials", DOC_BOOL, "true or false" },
        { "AllowHeaders", DOC_LIST, "a list" },     { "ExposeHeaders", DOC_LIST, "a list" }, { "MaxAge", DOC_INT, "a number" },
    };
    if (cors == NULL || sam_is_intrinsic(cors))
        return;
    if (cors->kind != DOC_MAP) {
        sam_refuse(s, cors, "Cors of FunctionUrlConfig must be a map");
        return;
    }
    for (size_t i = 0; i < cors->map.len; i++) {
        const doc_entry *e = &cors->map.at[i];
        size_t f = 0;
        while (f < COUNT(fields) && !slice_is(e->key, fields[f].name))
            f++;
        if (f == COUNT(fields))
            sam_refuse_at(s, e->key_at, e->key_end, "Cors of FunctionUrlConfig has no property %.*s", SLICE_ARG(e->key));
        else if (!sam_is_intrinsic(e->value) && e->value->kind != fields[f].kind)
            sam_refuse(s, e->value, "%s of Cors must be %s", fields[f].name, fields[f].words);
    }
}

static void url(sam *s, const sam_target *target) {
    const doc_node *config = sam_prop(s, "FunctionUrlConfig"), *auth = sam_get(config, "AuthType");
    bool open = config->kind != DOC_MAP || sam_is_intrinsic(config);
    if (!open && !sam_is_intrinsic(auth) && !(auth != NULL && auth->kind == DOC_STRING && (slice_is(auth->text, "AWS_IAM") || slice_is(auth->text, "NONE"))))
        sam_refuse(s, auth == NULL ? config : auth, "FunctionUrlConfig needs AuthType: AWS_IAM or NONE");
    if (!open)
        check_url_cors(s, sam_get(config, "Cors"));
    draft *u = sam_add(s, sam_join(s, s->now->id, "Url"), "AWS::Lambda::Url");
    if (u != NULL) {
        sam_copy(s, u, config, "AuthType Cors InvokeMode");
        sam_put(s, u, "TargetFunctionArn", sam_target_name(s, target));
    }
    if (open || auth == NULL || auth->kind != DOC_STRING || !slice_is(auth->text, "NONE"))
        return;
    draft *p = sam_add(s, sam_join(s, s->now->id, "UrlPublicPermissions"), "AWS::Lambda::Permission");
    if (p != NULL) {
        sam_put_word(s, p, "Action", "lambda:InvokeFunctionUrl");
        sam_put(s, p, "FunctionName", sam_target_name(s, target));
        sam_put_word(s, p, "Principal", "*");
        sam_copy(s, p, config, "AuthType>FunctionUrlAuthType");
    }
    p = sam_add(s, sam_join(s, s->now->id, "URLInvokeAllowPublicAccess"), "AWS::Lambda::Permission");
    if (p != NULL) {
        sam_put_word(s, p, "Action", "lambda:InvokeFunction");
        sam_put(s, p, "FunctionName", sam_target_name(s, target));
        sam_put_word(s, p, "Principal", "*");
        sam_put(s, p, "InvokedViaFunctionUrl", draft_bool(&s->drafts, sam_at(s), true));
    }
}

/* ---- role ---- */

static draft *execution_role(sam *s, draft *policies) {
    const doc_node *trust = sam_prop(s, "AssumeRolePolicyDocument");
    draft *managed = draft_list(&s->drafts, sam_at(s));
    draft_push(&s->drafts, managed, sam_managed_arn(s, sam_prop(s, "DurableConfig") != NULL ? SLICE("service-role/AWSLambdaBasicDurableExecutionRolePolicy")
                                                                                             : SLICE("service-role/AWSLambdaBasicExecutionRole")));
    if (sam_truth(sam_prop(s, "Tracing")) && !sam_is(s, sam_prop(s, "Tracing"), "Disabled"))
        draft_push(&s->drafts, managed, sam_managed_arn(s, SLICE("AWSXrayWriteOnlyAccess")));
    if (sam_truth(sam_prop(s, "VpcConfig")))
        draft_push(&s->drafts, managed, sam_managed_arn(s, SLICE("service-role/AWSLambdaVPCAccessExecutionRole")));
    return sam_role(s, trust == NULL ? sam_trust(s, "lambda.amazonaws.com") : sam_draft(s, trust), managed, policies);
}

/* The role that the function runs with: the author's, or FRole; where Role is a Fn::If with AWS::NoValue on one side, FRole there only. */
static draft *running_role(sam *s, draft *function, draft *policies) {
    const doc_node *given = sam_prop(s, "Role");
    slice id = sam_join(s, s->now->id, "Role");
    if (given == NULL) {
        draft *made = execution_role(s, policies);
        sam_put(s, function, "Role", sam_att(s, id, "Arn"));
        return made;
    }
    sam_copy(s, function, s->now->props, "Role");
    if (given->kind != DOC_MAP || given->map.len != 1 || !slice_is(given->map.at[0].key, "Fn::If"))
        return NULL;
    if (!sam_is_if(given)) {
        sam_refuse(s, given, "Fn::If in Role takes a condition and two values");
        return NULL;
    }
    const doc_node *const *arg = given->map.at[0].value->list.at;
    bool no_yes = sam_is_no_value(arg[1]), no_no = sam_is_no_value(arg[2]);
    if (!no_yes && !no_no)
        return NULL;
    draft *made = execution_role(s, policies), *arn = sam_att(s, id, "Arn");
    slice on = arg[0]->text;
    if (no_yes && no_no) {
        sam_put(s, function, "Role", arn);
    } else if (no_yes) {
        sam_put(s, function, "Role", sam_if(s, on, arn, sam_draft(s, arg[2])));
        sam_set_condition(s, id, on);
    } else {
        slice not = sam_print(s, "NOT%.*s", SLICE_ARG(on));
        sam_put(s, function, "Role", sam_if(s, on, sam_draft(s, arg[1]), arn));
        sam_condition(s, not, sam_named_condition(s, "Fn::Not", &on, 1));
        sam_set_condition(s, id, not);
    }
    return made;
}

/* ---- EventInvokeConfig ---- */

static slice named_and_hashed(sam *s, slice name, slice of) {
    return sam_print(s, "%.*s%.*s", SLICE_ARG(name), SLICE_ARG(sam_hash_text(s, of)));
}

/* A destination without an ARN gets a queue or topic of its own; so does each branch of a Fn::If that is AWS::NoValue. */
static draft *destination(sam *s, const doc_node *config, slice config_id, slice id, draft *policies) {
    static const struct { const char *type, *suffix, *made, *actions, *policy; } types[] = {
        { "SQS", "Queue", "AWS::SQS::Queue", "sqs:SendMessage", "SQSPolicy" },
        { "SNS", "Topic", "AWS::SNS::Topic", "sns:publish", "SNSPolicy" },
        { "EventBridge", NULL, NULL, "events:PutEvents", "EventBridgePolicy" },
        { "Lambda", NULL, NULL, "lambda:InvokeFunction", "LambdaPolicy" },
        { "S3Bucket", NULL, NULL, "s3:PutObject", "S3Policy" },
    };
    const doc_node *type = sam_get(config, "Type"), *to = sam_get(config, "Destination");
    size_t i = 0;
    while (i < COUNT(types) && !sam_is(s, type, types[i].type))
        i++;
    if (i == COUNT(types)) {
        sam_refuse(s, type == NULL ? config : type, "a destination needs Type: SQS, SNS, EventBridge, Lambda or S3Bucket");
        return sam_draft(s, to);
    }
    draft *arn = sam_draft(s, to);
    slice on = { "", 0 };
    bool make = to == NULL;
    const doc_node *other = NULL;
    if (to != NULL && to->kind == DOC_MAP && to->map.len == 1 && slice_is(to->map.at[0].key, "Fn::If") && !sam_is_if(to))
        sam_refuse(s, to, "Fn::If in Destination takes a condition and two values");
    if (to != NULL && sam_is_if(to)) {
        const doc_node *const *arg = to->map.at[0].value->list.at;
        bool no_yes = sam_is_no_value(arg[1]), no_no = sam_is_no_value(arg[2]);
        if (no_yes && !no_no) {
            on = arg[0]->text;
            other = arg[2];
            make = true;
        } else if (no_no && !no_yes) {
            on = named_and_hashed(s, sam_print(s, "NOT%.*s", SLICE_ARG(arg[0]->text)), config_id);
            sam_condition(s, on, sam_named_condition(s, "Fn::Not", &arg[0]->text, 1));
            other = arg[1];
            make = true;
        }
    }
    if (make && types[i].made == NULL) {
        sam_refuse(s, config, "a destination of Type %s needs Destination", types[i].type);
        return NULL;
    }
    if (make) {
        slice made_id = sam_join(s, id, types[i].suffix);
        slice own = s->now->condition == NULL ? (slice){ "", 0 } : s->now->condition->text, both = on;
        if (own.len > 0 && on.len > 0) {
            both = named_and_hashed(s, sam_print(s, "%.*sAND%.*s", SLICE_ARG(own), SLICE_ARG(on)), s->now->id);
            slice parts[] = { own, on };
            sam_condition(s, both, sam_named_condition(s, "Fn::And", parts, 2));
        } else if (own.len > 0) {
            both = own;
        }
        if (sam_add(s, made_id, types[i].made) != NULL && both.len > 0)
            sam_set_condition(s, made_id, both);
        bool topic = i == 1;
        arn = topic ? sam_ref(s, made_id) : sam_att(s, made_id, "Arn");
        strmap_put(s->a, &s->now->refers, topic ? SLICE("DestinationTopic") : SLICE("DestinationQueue"), sam_string(s, made_id));
        if (other != NULL)
            arn = sam_if(s, on, arn, sam_draft(s, other));
    }
    slice policy_name = sam_join(s, id, types[i].policy);
    if (i == 4) {
        draft *inside = sam_list_of(s, sam_word(s, "/")), *parts = sam_list_of(s, arn);
        draft_push(&s->drafts, parts, sam_word(s, "*"));
        draft_push(&s->drafts, inside, parts);
        draft *policy = sam_allow(s, policy_name, types[i].actions, sam_pair(s, "Fn::Join", inside));
        sam_add_statement(s, policy, sam_statement(s, "s3:ListBucket", arn));
        draft_push(&s->drafts, policies, policy);
    } else {
        draft_push(&s->drafts, policies, sam_allow(s, policy_name, types[i].actions, arn));
    }
    return arn;
}

static void invoke_config(sam *s, slice alias, draft *policies) {
    const doc_node *config = sam_prop(s, "EventInvokeConfig");
    slice id = sam_join(s, s->now->id, "EventInvokeConfig");
    draft *made = sam_add(s, id, "AWS::Lambda::EventInvokeConfig");
    draft *to = draft_map(&s->drafts, config->at);
    const doc_node *destinations = sam_get(config, "DestinationConfig");
    if (destinations != NULL && destinations->kind != DOC_MAP)
        sam_refuse(s, destinations, "DestinationConfig of EventInvokeConfig must be a map");
    static const char *const sides[] = { "OnSuccess", "OnFailure" };
    for (size_t i = 0; i < COUNT(sides); i++) {
        const doc_entry *e = doc_entry_of(destinations, slice_from(sides[i]));
        if (e == NULL || sam_none(e->value))
            continue;
        if (e->value->kind != DOC_MAP) {
            sam_refuse(s, e->value, "%s of EventInvokeConfig must be a map", sides[i]);
            continue;
        }
        draft *one = draft_map(&s->drafts, e->value->at);
        sam_put(s, one, "Destination", destination(s, e->value, id, sam_join(s, id, sides[i]), policies));
        draft_put_at(&s->drafts, to, e->key, e->key_at, e->key_end, one);
    }
    if (made == NULL)
        return;
    sam_put(s, made, "FunctionName", sam_ref(s, s->now->id));
    if (alias.len > 0) {
        sam_put(s, made, "Qualifier", sam_string(s, alias));
        sam_depends_on(s, id, alias_id(s, alias));
    } else {
        sam_put_word(s, made, "Qualifier", "$LATEST");
    }
    const doc_entry *e = doc_entry_of(config, SLICE("DestinationConfig"));
    if (e != NULL)
        draft_put_at(&s->drafts, made, e->key, e->key_at, e->key_end, to);
    else
        sam_put(s, made, "DestinationConfig", to);
    sam_copy(s, made, config, "MaximumEventAgeInSeconds MaximumRetryAttempts");
}

/* ---- the function ---- */

static void capacity(sam *s, draft *function) {
    const doc_node *config = sam_prop(s, "CapacityProviderConfig");
    if (config == NULL || config->kind != DOC_MAP)
        return;
    draft *m = draft_map(&s->drafts, config->at);
    sam_copy(s, m, config, "Arn>CapacityProviderArn PerExecutionEnvironmentMaxConcurrency ExecutionEnvironmentMemoryGiBPerVCpu");
    sam_put(s, function, "CapacityProviderConfig", sam_pair(s, "LambdaManagedInstancesCapacityProviderConfig", m));
}

static void deployment(sam *s, bool has_alias) {
    const doc_node *preference = sam_prop(s, "DeploymentPreference");
    if (!sam_truth(preference) || preference->kind != DOC_MAP)
        return;
    const doc_node *enabled = sam_resolved(s, doc_get(preference, SLICE("Enabled")));
    const doc_node *pass = sam_get(preference, "PassthroughCondition"), *passed = sam_resolved(s, pass);
    if (pass != NULL && passed->kind != DOC_BOOL) {
        slice text = sam_text_of(s, passed);
        if (!slice_is(text, "true") && !slice_is(text, "True") && !slice_is(text, "false") && !slice_is(text, "False"))
            sam_refuse(s, pass, sam_is_intrinsic(passed) ? "PassthroughCondition takes no function but FindInMap and Ref of a parameter"
                                                         : "PassthroughCondition must be true or false");
    }
    if (enabled != NULL && (!sam_truth(enabled) || sam_is(s, enabled, "false") || sam_is(s, enabled, "False")))
        return;
    if (sam_get(preference, "Type") == NULL)
        sam_refuse(s, preference, "DeploymentPreference needs Type");
    const doc_node *hooks = sam_get(preference, "Hooks");
    if (hooks != NULL && hooks->kind != DOC_MAP)
        sam_refuse(s, hooks, "Hooks of DeploymentPreference must be a map");
    if (!has_alias && sam_prop(s, "AutoPublishAlias") == NULL)
        sam_refuse(s, preference, "DeploymentPreference needs AutoPublishAlias on the same function");
    else if (has_alias)
        VEC_PUSH(s->a, &s->deployments, (sam_deployment){ s->now, preference });
}

void sam_lower_function(sam *s, sam_resource *r) {
    draft *function = sam_main(s, "AWS::Lambda::Function");
    draft *policies = draft_list(&s->drafts, r->at);
    check_package(s);
    check_rules(s);
    sam_copy(s, function, r->props, SAME);
    sam_put(s, function, "Code", code(s));
    if (sam_truth(sam_prop(s, "Tracing")) && !sam_is(s, sam_prop(s, "Tracing"), "Disabled")) {
        draft *tracing = draft_map(&s->drafts, sam_prop(s, "Tracing")->at);
        sam_copy(s, tracing, r->props, "Tracing>Mode");
        sam_put(s, function, "TracingConfig", tracing);
    }
    capacity(s, function);
    sam_put(s, function, "Tags", sam_tags(s, sam_prop(s, "Tags"), "lambda:createdBy"));
    const doc_node *dlq = sam_prop(s, "DeadLetterQueue");
    if (sam_truth(dlq) && dlq->kind == DOC_MAP && !sam_is_intrinsic(dlq) && check_dlq(s, dlq)) {
        const doc_entry *e = doc_entry_of(r->props, SLICE("DeadLetterQueue"));
        draft *target = draft_map(&s->drafts, dlq->at);
        sam_copy(s, target, dlq, "TargetArn");
        draft_put_at(&s->drafts, function, SLICE("DeadLetterConfig"), e->key_at, e->key_end, target);
        draft_push(&s->drafts, policies, sam_allow(s, SLICE("DeadLetterQueuePolicy"), sam_is(s, sam_get(dlq, "Type"), "SQS") ? "sqs:SendMessage" : "sns:Publish",
                                                   sam_draft(s, sam_get(dlq, "TargetArn"))));
    }
    slice alias = { "", 0 };
    bool has_alias = alias_name(s, &alias);
    if (has_alias)
        publish(s, function, alias);
    sam_target target = { .id = has_alias ? alias_id(s, alias) : r->id, .arn_by_ref = has_alias };
    if (sam_truth(sam_prop(s, "FunctionUrlConfig")))
        url(s, &target);
    deployment(s, has_alias);
    const doc_node *invoke = sam_prop(s, "EventInvokeConfig");
    if (sam_truth(invoke) && invoke->kind == DOC_MAP)
        invoke_config(s, alias, policies);
    target.role = running_role(s, function, policies);
    sam_events(s, sam_prop(s, "Events"), &target);
    sam_code_metadata(s, "CodeUri");
}
