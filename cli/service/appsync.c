/* AWS AppSync. AppSync developer guide, "Data sources", "Resolvers", "Lambda authorization"; quotas: request execution time. */
#include "service/declare.h"
#include "service/services.h"
#include "service/text.h"

#define APPSYNC_TIMEOUT_S 30

/* What a data source of each type names. */
static const struct { slice type; const char *path, *names; edge_kind kind; } sources[] = {
    { SLICE_INIT("AWS_LAMBDA"),                "LambdaConfig.LambdaFunctionArn",    "AWS::Lambda::Function", EDGE_SYNC },
    { SLICE_INIT("AMAZON_DYNAMODB"),           "DynamoDBConfig.TableName",          "AWS::DynamoDB::Table",  EDGE_WRITE },
    { SLICE_INIT("AMAZON_EVENTBRIDGE"),        "EventBridgeConfig.EventBusArn",     "AWS::Events::EventBus", EDGE_ASYNC },
    { SLICE_INIT("HTTP"),                      "HttpConfig.Endpoint",               "",                      EDGE_SYNC },
    { SLICE_INIT("RELATIONAL_DATABASE"),       "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier", "AWS::RDS::DBCluster", EDGE_SYNC },
    { SLICE_INIT("AMAZON_OPENSEARCH_SERVICE"), "OpenSearchServiceConfig.Endpoint",  "",                      EDGE_WRITE },
    { SLICE_INIT("AMAZON_ELASTICSEARCH"),      "ElasticsearchConfig.Endpoint",      "",                      EDGE_WRITE },
};

typedef struct {
    builder *b;
    strmap sources, functions;   /* name -> AWS::AppSync::DataSource, AWS::AppSync::FunctionConfiguration */
    strmap used;                 /* ids of data sources that a resolver uses */
} schema;

/* One field and one data source. */
typedef struct {
    schema *k;
    const resource *via, *source;
    const value *api, *type, *field;     /* type and field absent: a data source that no resolver names */
    const value *code[2];                /* template texts that say what is asked of a table */
    edge_kind kind;
} use;

static void use_facts(builder *b, edge *e, const void *self) {
    const use *u = self;
    arena *a = build_arena(b);
    if (e->kind == EDGE_SYNC)
        build_edge_fact(b, e, SLICE("wait"), value_new_int(a, e->at, APPSYNC_TIMEOUT_S));
    if (value_is_absent(u->type))
        return;
    const value *auth = e->from->resource != NULL ? resource_written(a, e->from->resource, SLICE("AuthenticationType"))
                                                  : value_new_unknown(a, e->at, UNKNOWN_COMPUTED, SLICE("AuthenticationType"));
    build_edge_fact(b, e, SLICE("route"), build_map(b, u->field->at, (build_pair[]){ { "method", u->type }, { "path", u->field }, { "auth", auth },
                                                    { "apiKey", value_new_bool(a, e->at, false) } }, 4));
}

/* DynamoDB operations that change something: as mapping templates and resolver code spell them. */
static bool writes(const open_text *code) {
    static const slice words[] = {
        SLICE_INIT("PutItem"), SLICE_INIT("UpdateItem"), SLICE_INIT("DeleteItem"), SLICE_INIT("TransactWrite"), SLICE_INIT("BatchPut"),
        SLICE_INIT("BatchDelete"), SLICE_INIT("ddb.put"), SLICE_INIT("ddb.update"), SLICE_INIT("ddb.remove"),
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (text_has(code, words[i]))
            return true;
    return false;
}

/* Does the field change its table? By the template where there is one, else by the type it belongs to. */
static tri changes(const use *u) {
    arena *a = build_arena(u->k->b);
    bool seen = false;
    for (size_t i = 0; i < COUNT(u->code); i++) {
        if (value_is_absent(u->code[i]))
            continue;
        open_text t = text_of(a, u->code[i]);
        if (writes(&t))
            return YES;
        seen = seen || (t.flat.len > 0 && t.open_len == 0);
    }
    if (seen)
        return NO;
    slice type = { "", 0 };
    if (value_is_absent(u->type) || !value_text(a, u->type, &type))
        return UNKNOWN;
    return slice_is(type, "Mutation") ? YES : slice_is(type, "Query") || slice_is(type, "Subscription") ? NO : UNKNOWN;
}

static void from_api(builder *b, end api, void *self) {
    use u = *(const use *)self;
    arena *a = build_arena(b);
    const resource *d = u.source;
    const value *by = resource_written(a, d, SLICE("ServiceRoleArn"));
    edge_spec s = {
        .from = api.node, .via = u.via, .service = SLICE("appsync"), .enabled = EDGE_ON, .role = value_is_absent(by) ? NULL : by,
        .at = u.via == d ? (pos){ 0 } : u.via->at, .end = u.via->end,
        .filter = value_is_absent(u.type) ? NULL : build_map(b, u.type->at, (build_pair[]){ { "type", u.type }, { "field", u.field } }, 2),
    };
    if (api.node == NULL || !when_and(a, api.when, d->exists, &s.when))
        return;
    slice type = declare_text(b, d->properties, "Type", NULL);
    for (size_t i = 0; i < COUNT(sources); i++) {
        if (!slice_eq(sources[i].type, type))
            continue;
        s.kind = sources[i].kind;
        if (slice_is(type, "AMAZON_DYNAMODB")) {
            tri change = changes(&u);
            if (change == NO)
                return;
            s.unsure = change == UNKNOWN;
        }
        if (slice_is(type, "HTTP") && !value_is_absent(resource_written(a, d, SLICE("HttpConfig.AuthorizationConfig.AwsIamConfig.SigningServiceName")))) {
            build_identity(b, api.node, by, d);        /* an AWS API: the role says what it may do */
            return;
        }
        if (s.kind == EDGE_SYNC && slice_is(type, "AWS_LAMBDA") && u.kind == EDGE_ASYNC)
            s.kind = EDGE_ASYNC;
        declare_edges(b, &s, resource_written(a, d, slice_from(sources[i].path)), slice_from(sources[i].names), use_facts, &u);
        return;
    }
    if (slice_is(type, "AMAZON_BEDROCK_RUNTIME")) {
        s.kind = EDGE_SYNC;
        s.to = build_aws_service(b, SLICE("bedrock"));
        if (s.at.line == 0)
            s.at = d->at;
        edge *e = build_edge(b, &s);
        if (e != NULL)
            use_facts(b, e, &u);
    }
}

/* A resource of `type` named by a reference (Name, FunctionId, Ref) or by its plain name. */
static const resource *by_name(const schema *k, const strmap *names, const value *v, const char *type) {
    slice s;
    if (v->kind == VAL_REF)
        return slice_is(v->ref.to->type, type) ? v->ref.to : NULL;
    return v->kind != VAL_UNKNOWN && !value_is_absent(v) && value_text(build_arena(k->b), v, &s) ? strmap_get(names, s) : NULL;
}

static void use_source(schema *k, use u, const resource *named_in) {
    arena *a = build_arena(k->b);
    u.source = by_name(k, &k->sources, value_under(resource_written(a, named_in, SLICE("DataSourceName")), named_in->exists), "AWS::AppSync::DataSource");
    if (u.source == NULL)
        return;
    strmap_put(a, &k->used, u.source->id, k);
    u.code[0] = resource_written(a, named_in, SLICE("RequestMappingTemplate"));
    u.code[1] = resource_written(a, named_in, SLICE("Code"));
    build_each_end(k->b, u.api, SLICE("AWS::AppSync::GraphQLApi"), u.via->exists, from_api, &u);
}

static void conflict_handler(schema *k, const resource *r) {
    arena *a = build_arena(k->b);
    const value *handler = resource_written(a, r, SLICE("SyncConfig.LambdaConflictHandlerConfig.LambdaConflictHandlerArn"));
    if (value_is_absent(handler))
        return;
    end api = build_end(k->b, resource_written(a, r, SLICE("ApiId")), SLICE("AWS::AppSync::GraphQLApi"), r->exists);
    edge_spec s = { .from = api.node, .via = r, .kind = EDGE_SYNC, .service = SLICE("appsync"), .when = api.when, .enabled = EDGE_ON,
                    .filter = declare_filter(k->b, handler->at, "trigger", SLICE("conflict")) };
    declare_edges(k->b, &s, handler, SLICE("AWS::Lambda::Function"), NULL, NULL);
}

static void resolver_edges(schema *k, const resource *r) {
    arena *a = build_arena(k->b);
    use u = {
        .k = k, .via = r, .api = resource_written(a, r, SLICE("ApiId")), .type = resource_written(a, r, SLICE("TypeName")),
        .field = resource_written(a, r, SLICE("FieldName")), .code = { &value_absent, &value_absent },
    };
    conflict_handler(k, r);
    if (!value_is_absent(resource_written(a, r, SLICE("DataSourceName"))))
        use_source(k, u, r);
    const value *functions = value_under(resource_written(a, r, SLICE("PipelineConfig.Functions")), r->exists);
    for (size_t i = 0; functions->kind == VAL_LIST && i < functions->list.len && i < 100; i++) {
        const resource *f = by_name(k, &k->functions, functions->list.at[i], "AWS::AppSync::FunctionConfiguration");
        if (f != NULL)
            use_source(k, u, f);
    }
}

static void add_names(schema *k, strmap *names, const char *type) {
    arena *a = build_arena(k->b);
    for (const resource *const *r = build_all(k->b, slice_from(type)); *r != NULL; r++) {
        slice name;
        const value *v = resource_written(a, *r, SLICE("Name"));
        if (!value_is_absent(v) && value_text(a, v, &name))
            strmap_put(a, names, name, (void *)(uintptr_t)*r);
    }
}

/* The whole schema is done at the first data source: names are looked up in one index, and a data source that no resolver of the template
 * names is known. */
void appsync_data_source_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const resource *const *all = build_all(b, r->type);
    if (r != all[0])
        return;
    schema k = { .b = b };
    add_names(&k, &k.sources, "AWS::AppSync::DataSource");
    add_names(&k, &k.functions, "AWS::AppSync::FunctionConfiguration");
    for (const resource *const *x = build_all(b, SLICE("AWS::AppSync::Resolver")); *x != NULL; x++)
        resolver_edges(&k, *x);
    for (const resource *const *x = build_all(b, SLICE("AWS::AppSync::FunctionConfiguration")); *x != NULL; x++)
        conflict_handler(&k, *x);
    static const struct { const char *handler; const char *trigger; } handlers[] = {
        { "HandlerConfigs.OnPublish.Integration", "OnPublish" }, { "HandlerConfigs.OnSubscribe.Integration", "OnSubscribe" },
    };
    for (const resource *const *x = build_all(b, SLICE("AWS::AppSync::ChannelNamespace")); *x != NULL; x++)
        for (size_t i = 0; i < COUNT(handlers); i++) {
            const value *integration = resource_written(a, *x, slice_from(handlers[i].handler));
            use u = { .k = &k, .via = *x, .api = resource_written(a, *x, SLICE("ApiId")), .type = &value_absent, .field = &value_absent,
                      .code = { &value_absent, &value_absent } };
            u.source = by_name(&k, &k.sources, value_get(a, integration, SLICE("DataSourceName")), "AWS::AppSync::DataSource");
            if (u.source == NULL)
                continue;
            strmap_put(a, &k.used, u.source->id, &k);
            u.kind = slice_is(declare_text(b, integration, "LambdaConfig.InvokeType", NULL), "EVENT") ? EDGE_ASYNC : EDGE_SYNC;
            build_each_end(b, u.api, SLICE("AWS::AppSync::Api"), (*x)->exists, from_api, &u);
        }
    for (; *all != NULL; all++)
        if (!strmap_has(&k.used, (*all)->id)) {
            use u = { .k = &k, .via = *all, .source = *all, .api = resource_written(a, *all, SLICE("ApiId")), .type = &value_absent,
                      .field = &value_absent, .code = { &value_absent, &value_absent } };
            build_each_end(b, u.api, SLICE("AWS::AppSync::GraphQLApi"), (*all)->exists, from_api, &u);
        }
}

/* ---- APIs and their authorizers ---- */

static void authorizer_wait(builder *b, edge *e, const void *self) {
    (void)self;
    build_edge_fact(b, e, SLICE("wait"), value_new_int(build_arena(b), e->at, 10));   /* "AWS_LAMBDA authorization": 10 s */
}

static void authorizer(builder *b, const leaf *l, void *self) {
    edge_spec s = *(const edge_spec *)self;
    s.when = l->when;
    s.filter = declare_filter(b, l->value->at, "trigger", SLICE("authorizer"));
    declare_edges(b, &s, l->value, SLICE("AWS::Lambda::Function"), authorizer_wait, NULL);
}

void appsync_api_edges(builder *b, const resource *r) {
    node *n = build_node(b, r);
    if (n == NULL)
        return;
    build_edge(b, &(edge_spec){ .from = build_caller(b), .to = n, .kind = EDGE_SYNC, .service = SLICE("appsync"), .when = r->exists, .at = r->at,
                                .end = r->end, .enabled = EDGE_ON });
    edge_spec s = { .from = n, .kind = EDGE_SYNC, .service = SLICE("appsync"), .enabled = EDGE_ON, .principal = SLICE("appsync.amazonaws.com"),
                    .source_arn = declare_attribute(b, r, slice_is(r->type, "AWS::AppSync::Api") ? "ApiArn" : "Arn") };
    static const char *const paths[] = {
        "LambdaAuthorizerConfig.AuthorizerUri", "AdditionalAuthenticationProviders[].LambdaAuthorizerConfig.AuthorizerUri",
        "EventConfig.AuthProviders[].LambdaAuthorizerConfig.AuthorizerUri",
    };
    for (size_t i = 0; i < COUNT(paths); i++)
        declare_walk(b, r->properties, r->exists, paths[i], authorizer, &s);
}
