/* AWS::Serverless::GraphQLApi. AWS SAM developer guide, "AWS::Serverless::GraphQLApi". */
#include "template/sam/lower.h"

typedef struct {
    sam_resource *r;
    strmap sources, functions;   /* name in the template -> draft of the name or id that AppSync knows it by */
    slice none_source;           /* id of the data source without data, once it is needed */
} graphql;

static void place_at(sam *s, const doc_entry *e) {
    s->event_name = e->key;
    s->event_at = e->key_at;
    s->event_end = e->key_end;
}

static void place_back(sam *s) { s->event_name = (slice){ "", 0 }; }

typedef void each_entry(sam *s, graphql *g, const doc_entry *e);

static void each_of(sam *s, graphql *g, const doc_node *map, each_entry *each) {
    for (size_t i = 0; map != NULL && map->kind == DOC_MAP && i < map->map.len; i++) {
        const doc_entry *e = &map->map.at[i];
        place_at(s, e);
        if (e->value->kind == DOC_MAP)
            each(s, g, e);
        else
            sam_refuse(s, e->value, "%.*s must be a map", SLICE_ARG(e->key));
        place_back(s);
    }
}

static draft *api_id(sam *s, const graphql *g) { return sam_att(s, g->r->id, "ApiId"); }

/* ---- authorization ---- */

static void provider(sam *s, const doc_node *auth, draft *made, bool additional) {
    static const struct { const char *type, *property, *becomes; } kinds[] = {
        { "AWS_LAMBDA", "LambdaAuthorizer", "LambdaAuthorizerConfig" },
        { "OPENID_CONNECT", "OpenIDConnect", "OpenIDConnectConfig" },
        { "AMAZON_COGNITO_USER_POOLS", "UserPool", "UserPoolConfig" },
    };
    const doc_node *type = sam_get(auth, "Type");
    sam_copy(s, made, auth, "Type>AuthenticationType");
    if (type == NULL)
        sam_refuse(s, auth, "Auth needs Type: API_KEY, AWS_IAM, AWS_LAMBDA, OPENID_CONNECT or AMAZON_COGNITO_USER_POOLS");
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const doc_entry *e = doc_entry_of(auth, slice_from(kinds[i].property));
        if (!sam_is(s, type, kinds[i].type))
            continue;
        if (e == NULL || sam_none(e->value))
            sam_refuse(s, auth, "Auth of Type %s needs %s", kinds[i].type, kinds[i].property);
        else if (!(additional && i == 2 && e->value->kind == DOC_MAP && sam_get(e->value, "DefaultAction") != NULL))
            draft_put_at(&s->drafts, made, slice_from(kinds[i].becomes), e->key_at, e->key_end, draft_of(&s->drafts, e->value));
        else {
            draft *m = draft_map(&s->drafts, e->value->at);
            sam_copy(s, m, e->value, "AppIdClientRegex AwsRegion UserPoolId");
            draft_put_at(&s->drafts, made, slice_from(kinds[i].becomes), e->key_at, e->key_end, m);
        }
    }
}

/* A connector whose ends are not resources of the template: {Type, and what names it}. */
static const doc_node *end_of(sam *s, const char *type, draft *arn, const char *more, draft *named) {
    draft *m = sam_pair(s, "Type", sam_word(s, type));
    sam_put(s, m, "Arn", arn);
    if (more != NULL)
        sam_put(s, m, more, named);
    return draft_freeze(&s->drafts, m);
}

static void connect(sam *s, slice id, const doc_node *source, const doc_node *destination, const doc_node *permissions) {
    draft *m = sam_pair(s, "Source", draft_of(&s->drafts, source));
    sam_put(s, m, "Destination", draft_of(&s->drafts, destination));
    draft *both = sam_list_of(s, sam_word(s, "Write"));
    sam_put(s, m, "Permissions", permissions == NULL ? both : draft_of(&s->drafts, permissions));
    sam_connect(s, id, draft_freeze(&s->drafts, m));
}

static void let_authorize(sam *s, const graphql *g, const doc_node *auth, size_t number) {
    const doc_node *uri = sam_get(sam_get(auth, "LambdaAuthorizer"), "AuthorizerUri");
    if (!sam_is(s, sam_get(auth, "Type"), "AWS_LAMBDA") || uri == NULL)
        return;
    connect(s, sam_print(s, "%.*sToLambdaAuthConnector%zu", SLICE_ARG(g->r->id), number),
            end_of(s, "AWS::AppSync::GraphQLApi", sam_ref(s, g->r->id), "ResourceId", api_id(s, g)),
            end_of(s, "AWS::Lambda::Function", sam_draft(s, uri), NULL, NULL), NULL);
}

static void authorize(sam *s, graphql *g, draft *api) {
    const doc_node *auth = sam_prop(s, "Auth"), *more = sam_get(auth, "Additional");
    if (auth == NULL || auth->kind != DOC_MAP)
        return;
    size_t number = 1;
    provider(s, auth, api, false);
    if (sam_is(s, sam_get(auth, "Type"), "AWS_LAMBDA"))
        let_authorize(s, g, auth, number++);
    draft *list = draft_list(&s->drafts, auth->at);
    for (size_t i = 0; more != NULL && more->kind == DOC_LIST && i < more->list.len; i++) {
        draft *one = draft_map(&s->drafts, more->list.at[i]->at);
        provider(s, more->list.at[i], one, true);
        draft_push(&s->drafts, list, one);
        if (sam_is(s, sam_get(more->list.at[i], "Type"), "AWS_LAMBDA"))
            let_authorize(s, g, more->list.at[i], number++);
    }
    if (list->entries.len > 0)
        sam_put(s, api, "AdditionalAuthenticationProviders", list);
}

/* ---- data sources ---- */

static void data_source(sam *s, graphql *g, const doc_entry *e, bool table) {
    slice id = sam_print(s, "%.*s%.*s%sDataSource", SLICE_ARG(g->r->id), SLICE_ARG(e->key), table ? "DynamoDB" : "Lambda");
    draft *made = sam_add(s, id, "AWS::AppSync::DataSource"), *config = draft_map(&s->drafts, sam_at(s));
    sam_put(s, made, "ApiId", api_id(s, g));
    sam_put_word(s, made, "Type", table ? "AMAZON_DYNAMODB" : "AWS_LAMBDA");
    sam_put(s, made, "Name", sam_string(s, e->key));
    sam_copy(s, made, e->value, "Name Description ServiceRoleArn");
    const doc_node *named = sam_get(e->value, table ? "TableName" : "FunctionArn");
    if (named == NULL)
        sam_refuse(s, NULL, "the data source %.*s needs %s", SLICE_ARG(e->key), table ? "TableName" : "FunctionArn");
    if (table) {
        sam_put(s, config, "AwsRegion", sam_ref(s, SLICE("AWS::Region")));
        sam_copy(s, config, e->value, "Region>AwsRegion TableName UseCallerCredentials Versioned DeltaSync>DeltaSyncConfig");
    } else {
        sam_copy(s, config, e->value, "FunctionArn>LambdaFunctionArn");
    }
    sam_put(s, made, table ? "DynamoDBConfig" : "LambdaConfig", config);
    strmap_put(s->a, &g->sources, e->key, sam_att(s, id, "Name"));
    if (sam_get(e->value, "ServiceRoleArn") != NULL || named == NULL)
        return;
    slice own_role = sam_join(s, id, "Role");
    sam_put(s, sam_add(s, own_role, "AWS::IAM::Role"), "AssumeRolePolicyDocument", sam_trust(s, "appsync.amazonaws.com"));
    sam_put(s, made, "ServiceRoleArn", sam_att(s, own_role, "Arn"));
    draft *arn = sam_draft(s, sam_get(e->value, table ? "TableArn" : "FunctionArn"));
    if (arn == NULL) {
        draft *sub = sam_list_of(s, sam_word(s, "arn:${AWS::Partition}:dynamodb:${__Region__}:${AWS::AccountId}:table/${__TableName__}"));
        draft *values = sam_pair(s, "__TableName__", sam_draft(s, named));
        const doc_node *region = sam_get(e->value, "Region");
        sam_put(s, values, "__Region__", region != NULL ? sam_draft(s, region) : sam_ref(s, SLICE("AWS::Region")));
        draft_push(&s->drafts, sub, values);
        arn = sam_pair(s, "Fn::Sub", sub);
    }
    const doc_node *permissions = table ? sam_get(e->value, "Permissions") : NULL;
    if (table && permissions == NULL) {
        draft *both = sam_list_of(s, sam_word(s, "Read"));
        draft_push(&s->drafts, both, sam_word(s, "Write"));
        permissions = draft_freeze(&s->drafts, both);
    }
    connect(s, sam_join(s, id, table ? "ToTableConnector" : "ToLambdaConnector"),
            end_of(s, "AWS::AppSync::DataSource", sam_att(s, id, "DataSourceArn"), "RoleName", sam_ref(s, own_role)),
            end_of(s, table ? "AWS::DynamoDB::Table" : "AWS::Lambda::Function", arn, NULL, NULL), permissions);
}

static void table_source(sam *s, graphql *g, const doc_entry *e) { data_source(s, g, e, true); }
static void function_source(sam *s, graphql *g, const doc_entry *e) { data_source(s, g, e, false); }

/* ---- functions and resolvers ---- */

static draft *source_name(sam *s, graphql *g, const doc_entry *e) {
    const doc_node *source = sam_get(e->value, "DataSource");
    if (source == NULL) {
        sam_refuse(s, NULL, "the function %.*s needs DataSource", SLICE_ARG(e->key));
        return NULL;
    }
    if (source->kind != DOC_STRING)
        return sam_draft(s, source);
    if (slice_same_letters(source->text, SLICE("none"))) {
        if (g->none_source.len == 0) {
            g->none_source = sam_join(s, g->r->id, "NoneDataSource");
            draft *none = sam_add(s, g->none_source, "AWS::AppSync::DataSource");
            sam_put(s, none, "ApiId", api_id(s, g));
            sam_put(s, none, "Name", sam_string(s, g->none_source));
            sam_put_word(s, none, "Type", "NONE");
        }
        return sam_att(s, g->none_source, "Name");
    }
    draft *known = strmap_get(&g->sources, source->text);
    if (known == NULL)
        sam_refuse(s, source, "there is no data source %.*s in DataSources", SLICE_ARG(source->text));
    return known;
}

static void code(sam *s, const doc_entry *e, draft *made, const char *what, bool must) {
    const doc_node *inline_code = sam_get(e->value, "InlineCode"), *uri = sam_get(e->value, "CodeUri"), *runtime = sam_get(e->value, "Runtime");
    if (inline_code != NULL && uri != NULL)
        sam_refuse(s, uri, "InlineCode and CodeUri can't be set together");
    else if (must && inline_code == NULL && uri == NULL)
        sam_refuse(s, NULL, "the %s %.*s needs InlineCode or CodeUri", what, SLICE_ARG(e->key));
    if ((inline_code != NULL || uri != NULL) && runtime == NULL)
        sam_refuse(s, NULL, "the %s %.*s needs Runtime", what, SLICE_ARG(e->key));
    sam_copy(s, made, e->value, "InlineCode>Code CodeUri>CodeS3Location");
    draft *m = draft_map(&s->drafts, sam_at(s));
    sam_copy(s, m, runtime, "Name Version>RuntimeVersion");
    if (runtime == NULL) {
        sam_put_word(s, m, "Name", "APPSYNC_JS");
        sam_put_word(s, m, "RuntimeVersion", "1.0.0");
    }
    sam_put(s, made, "Runtime", m);
}

static void function(sam *s, graphql *g, const doc_entry *e) {
    const doc_node *id = sam_get(e->value, "Id");
    if (id != NULL) {
        if (e->value->map.len > 1)
            sam_refuse(s, id, "Id names a function that is there already: nothing else can be set with it");
        strmap_put(s->a, &g->functions, e->key, sam_draft(s, id));
        return;
    }
    slice own = sam_print(s, "%.*s%.*s", SLICE_ARG(g->r->id), SLICE_ARG(e->key));
    draft *made = sam_add(s, own, "AWS::AppSync::FunctionConfiguration");
    sam_put(s, made, "ApiId", api_id(s, g));
    sam_put(s, made, "Name", sam_string(s, e->key));
    sam_put(s, made, "DataSourceName", source_name(s, g, e));
    sam_copy(s, made, e->value, "Name Description MaxBatchSize Sync>SyncConfig");
    if (made != NULL)
        code(s, e, made, "function", true);
    strmap_put(s->a, &g->functions, e->key, sam_att(s, own, "FunctionId"));
}

static void resolver(sam *s, graphql *g, const doc_entry *e, const doc_entry *type) {
    const doc_node *pipeline = sam_get(e->value, "Pipeline");
    slice id = sam_print(s, "%.*s%.*s%.*s", SLICE_ARG(g->r->id), SLICE_ARG(type->key), SLICE_ARG(e->key));
    draft *made = sam_add(s, id, "AWS::AppSync::Resolver"), *ids = draft_list(&s->drafts, sam_at(s));
    if (made == NULL)
        return;
    sam_put(s, made, "ApiId", api_id(s, g));
    draft_put_at(&s->drafts, made, SLICE("TypeName"), type->key_at, type->key_end, draft_string(&s->drafts, type->key_at, type->key));
    sam_put(s, made, "FieldName", sam_string(s, e->key));
    sam_copy(s, made, e->value, "FieldName MaxBatchSize Caching>CachingConfig");
    code(s, e, made, "resolver", false);
    sam_put_word(s, made, "Kind", "PIPELINE");
    if (pipeline == NULL || pipeline->kind != DOC_LIST || pipeline->list.len == 0) {
        sam_refuse(s, pipeline, "the resolver %.*s needs Pipeline: the functions that it runs", SLICE_ARG(e->key));
        return;
    }
    for (size_t i = 0; i < pipeline->list.len; i++) {
        const doc_node *one = pipeline->list.at[i];
        draft *known = one->kind == DOC_STRING ? strmap_get(&g->functions, one->text) : NULL;
        if (known == NULL)
            sam_refuse(s, one, "there is no function of this name in Functions");
        draft_push(&s->drafts, ids, known);
    }
    sam_put(s, made, "PipelineConfig", sam_pair(s, "Functions", ids));
    sam_depends_on(s, id, sam_join(s, g->r->id, "Schema"));
}

static void api_key(sam *s, graphql *g, const doc_entry *e) {
    draft *made = sam_add(s, sam_print(s, "%.*s%.*s", SLICE_ARG(g->r->id), SLICE_ARG(e->key)), "AWS::AppSync::ApiKey");
    sam_put(s, made, "ApiId", api_id(s, g));
    sam_copy(s, made, e->value, "ApiKeyId Description ExpiresOn>Expires");
}

/* ---- the API ---- */

static void logging(sam *s, graphql *g, draft *api) {
    const doc_node *given = sam_prop(s, "Logging");
    if (given != NULL && given->kind == DOC_BOOL && !given->boolean)
        return;
    draft *config = draft_map(&s->drafts, given == NULL ? sam_at(s) : given->at);
    sam_put_word(s, config, "FieldLogLevel", "ALL");
    if (given != NULL && given->kind == DOC_MAP)
        sam_copy(s, config, given, "FieldLogLevel ExcludeVerboseContent CloudWatchLogsRoleArn");
    if (given == NULL || given->kind != DOC_MAP || sam_get(given, "CloudWatchLogsRoleArn") == NULL) {
        slice id = sam_join(s, g->r->id, "CloudWatchRole");
        draft *logs = sam_add(s, id, "AWS::IAM::Role");
        sam_put(s, logs, "AssumeRolePolicyDocument", sam_trust(s, "appsync.amazonaws.com"));
        sam_put(s, logs, "ManagedPolicyArns", sam_list_of(s, sam_sub(s, "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs")));
        sam_put(s, config, "CloudWatchLogsRoleArn", sam_att(s, id, "Arn"));
    }
    sam_put(s, api, "LogConfig", config);
}

void sam_lower_graphql_api(sam *s, sam_resource *r) {
    graphql g = { .r = r };
    s->no_event = true;
    draft *api = sam_main(s, "AWS::AppSync::GraphQLApi");
    sam_put(s, api, "Name", sam_string(s, r->id));
    sam_copy(s, api, r->props, "Name XrayEnabled Visibility OwnerContact IntrospectionConfig QueryDepthLimit ResolverCountLimit");
    sam_put(s, api, "Tags", sam_tags(s, sam_prop(s, "Tags"), "graphqlapi:createdBy"));
    authorize(s, &g, api);
    logging(s, &g, api);
    const doc_node *inline_schema = sam_prop(s, "SchemaInline"), *uri = sam_prop(s, "SchemaUri"), *domain = sam_prop(s, "DomainName"), *cache = sam_prop(s, "Cache");
    if ((inline_schema == NULL) == (uri == NULL))
        sam_refuse(s, uri, "a GraphQL API needs either SchemaInline or SchemaUri");
    draft *schema = sam_add(s, sam_join(s, r->id, "Schema"), "AWS::AppSync::GraphQLSchema");
    sam_put(s, schema, "ApiId", api_id(s, &g));
    sam_copy(s, schema, r->props, "SchemaInline>Definition SchemaUri>DefinitionS3Location");
    each_of(s, &g, sam_prop(s, "ApiKeys"), api_key);
    if (cache != NULL) {
        draft *made = sam_add(s, sam_join(s, r->id, "ApiCache"), "AWS::AppSync::ApiCache");
        sam_put(s, made, "ApiId", api_id(s, &g));
        sam_copy(s, made, cache, "ApiCachingBehavior Type Ttl AtRestEncryptionEnabled TransitEncryptionEnabled");
    }
    const doc_node *sources = sam_prop(s, "DataSources"), *resolvers = sam_prop(s, "Resolvers");
    each_of(s, &g, sam_get(sources, "DynamoDb"), table_source);
    each_of(s, &g, sam_get(sources, "Lambda"), function_source);
    if (domain != NULL) {
        slice id = sam_join(s, r->id, "DomainName");
        draft *made = sam_add(s, id, "AWS::AppSync::DomainName"), *with = sam_add(s, sam_join(s, id, "ApiAssociation"), "AWS::AppSync::DomainNameApiAssociation");
        sam_copy(s, made, domain, "CertificateArn DomainName Description");
        sam_put(s, with, "ApiId", api_id(s, &g));
        sam_put(s, with, "DomainName", sam_att(s, id, "DomainName"));
    }
    each_of(s, &g, sam_prop(s, "Functions"), function);
    for (size_t i = 0; resolvers != NULL && resolvers->kind == DOC_MAP && i < resolvers->map.len; i++) {
        const doc_entry *type = &resolvers->map.at[i];
        for (size_t k = 0; type->value->kind == DOC_MAP && k < type->value->map.len; k++) {
            place_at(s, &type->value->map.at[k]);
            if (type->value->map.at[k].value->kind == DOC_MAP)
                resolver(s, &g, &type->value->map.at[k], type);
            place_back(s);
        }
    }
    s->no_event = false;
}
