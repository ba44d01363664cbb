/* Events by an API: Api and HttpApi of functions, Api of state machines. AWS SAM developer guide, "Api", "HttpApi".
 * A method is added to the body of the API; API Gateway may call the function by a permission, the state machine by a role. */
#include "template/sam/body.h"

/* /users/{id} as execute-api ARNs have it: /users/ and a star. */
static slice arn_path(sam *s, slice path) {
    buf b = { .arena = s->a };
    if (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    for (size_t i = 0; i < path.len; i++) {
        size_t close = path.at[i] == '{' ? slice_find(slice_after(path, i), '}') : 0;
        if (close > 1 && i + close < path.len) {
            buf_char(&b, '*');
            i += close;
        } else {
            buf_char(&b, path.at[i]);
        }
    }
    return buf_as_slice(&b);
}

static slice upper(sam *s, slice method) {
    if (slice_is(method, BODY_ANY))
        return SLICE("*");
    char *made = ARENA_ARRAY(s->a, char, method.len + 1);
    for (size_t i = 0; i < method.len; i++)
        made[i] = method.at[i] >= 'a' && method.at[i] <= 'z' ? (char)(method.at[i] - 'a' + 'A') : method.at[i];
    return (slice){ made, method.len };
}

/* The method as it is said in messages. */
static slice spoken(slice method) { return slice_is(method, BODY_ANY) ? SLICE("any") : method; }

static draft *source_arn(sam *s, slice suffix, draft *api_id) {
    slice arn = sam_print(s, "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}%.*s", SLICE_ARG(suffix));
    draft *values = sam_pair(s, "__ApiId__", api_id), *list = sam_list_of(s, sam_string(s, arn));
    sam_put_word(s, values, "__Stage__", "*");
    draft_push(&s->drafts, list, values);
    return sam_pair(s, "Fn::Sub", list);
}

static draft *invocation_uri(sam *s, const sam_event *e, bool stream) {
    slice uri = sam_print(s, "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/%s/functions/${%.*s%s}/%s",
                          stream ? "2021-11-15" : "2015-03-31", SLICE_ARG(e->target->id), e->target->arn_by_ref ? "" : ".Arn",
                          stream ? "response-streaming-invocations" : "invocations");
    return sam_pair(s, "Fn::Sub", sam_string(s, uri));
}

static slice own_condition(const sam *s) { return s->now->condition == NULL ? (slice){ "", 0 } : s->now->condition->text; }

/* An intrinsic function in the place of a URI exists where the function does. */
static draft *where_it_exists(sam *s, draft *v) {
    slice on = own_condition(s);
    return on.len > 0 ? sam_if(s, on, v, NULL) : v;
}

/* ---- authorization ---- */

typedef struct {
    slice name;
    draft *scopes;
    draft *api_key;
    bool iam;
} wanted;

static void secure_one(sam *s, const sam_api *api, slice method, draft *definition, void *self) {
    const wanted *w = self;
    (void)api;
    (void)method;
    if (w->name.len > 0)
        body_secure(s, definition, w->name, w->scopes);
}

/* Adds a scheme to the document: where OpenAPI 2 has them; lowering the API moves them for OpenAPI 3. */
void sam_scheme(sam *s, const sam_api *api, slice name, draft *scheme) {
    draft *schemes = draft_map_in(&s->drafts, api->body, SLICE("securityDefinitions"), sam_at(s));
    draft_put(&s->drafts, schemes, name, scheme);
}

draft *sam_api_key_scheme(sam *s, const char *header, const char *authtype) {
    draft *scheme = sam_pair(s, "type", sam_word(s, "apiKey"));
    sam_put_word(s, scheme, "name", header);
    sam_put_word(s, scheme, "in", "header");
    if (authtype != NULL)
        sam_put_word(s, scheme, "x-amazon-apigateway-authtype", authtype);
    return scheme;
}

/* Does the API define the authorizer that the event names? Says why not. */
static bool authorizer_known(sam *s, const sam_api *api, const doc_node *named, const doc_node *auth, const body_place *p, bool iam) {
    const doc_node *authorizers = sam_resolved(s, sam_get(auth, "Authorizers"));
    slice name = named->kind == DOC_STRING ? named->text : (slice){ "", 0 }, method = spoken(p->method);
    if (name.len == 0) {
        sam_refuse(s, named, "Authorizer must be the name of an authorizer of the API");
        return false;
    }
    if (slice_is(name, "NONE")) {
        if (sam_get(auth, "DefaultAuthorizer") != NULL)
            return true;
        sam_refuse(s, named, "Authorizer: NONE for %.*s %.*s takes away the DefaultAuthorizer of the API, and %.*s has none", SLICE_ARG(method),
                   SLICE_ARG(p->path), SLICE_ARG(api->of->id));
        return false;
    }
    if (slice_is(name, "AWS_IAM") && iam)
        return true;
    if (!sam_truth(authorizers)) {
        sam_refuse(s, named, "the authorizer %.*s of %.*s %.*s is not defined: %.*s has no Authorizers in Auth", SLICE_ARG(name), SLICE_ARG(method),
                   SLICE_ARG(p->path), SLICE_ARG(api->of->id));
        return false;
    }
    if (authorizers->kind != DOC_MAP) {
        sam_refuse(s, authorizers, "Authorizers in Auth of %.*s must be a map", SLICE_ARG(api->of->id));
        return false;
    }
    if (!sam_truth(doc_get(authorizers, name))) {
        sam_refuse(s, named, "the authorizer %.*s of %.*s %.*s is not among the Authorizers of %.*s", SLICE_ARG(name), SLICE_ARG(method), SLICE_ARG(p->path),
                   SLICE_ARG(api->of->id));
        return false;
    }
    return true;
}

static draft *scopes_of(sam *s, const doc_node *event_scopes, const doc_node *authorizer) {
    const doc_node *scopes = sam_truth(event_scopes) || event_scopes != NULL ? event_scopes : sam_get(authorizer, "AuthorizationScopes");
    return scopes == NULL ? NULL : draft_of(&s->drafts, scopes);
}

static void rest_auth(sam *s, const sam_api *api, const doc_node *auth, const body_place *p) {
    const doc_node *api_auth = sam_resolved(s, sam_get(api->of->props, "Auth"));
    const doc_node *named = sam_get(auth, "Authorizer"), *scopes = sam_get(auth, "AuthorizationScopes"), *key = doc_get(auth, SLICE("ApiKeyRequired"));
    bool valid = body_valid(s, api->body, true);
    if (sam_truth(named) && authorizer_known(s, api, named, api_auth, p, true) && valid) {
        wanted w = { .name = named->text };
        if (!slice_is(w.name, "NONE"))
            w.scopes = scopes_of(s, scopes, doc_get(sam_resolved(s, sam_get(api_auth, "Authorizers")), w.name));
        body_methods(s, api, p, secure_one, &w);
        if (slice_is(w.name, "AWS_IAM"))
            sam_scheme(s, api, w.name, sam_api_key_scheme(s, "Authorization", "awsSigv4"));
    }
    if (sam_truth(scopes) && scopes->kind != DOC_LIST)
        sam_refuse(s, scopes, "AuthorizationScopes must be a list");
    else if (sam_truth(scopes) && !sam_truth(named))
        sam_refuse(s, scopes, "AuthorizationScopes need an Authorizer");
    if (sam_none(key))
        return;
    if (!sam_truth(key) && !sam_truth(sam_get(api_auth, "ApiKeyRequired")))
        sam_refuse(s, key, "ApiKeyRequired: false takes away what the API asks for, and %.*s does not ask for a key", SLICE_ARG(api->of->id));
    wanted w = { .name = sam_truth(key) ? SLICE("api_key") : SLICE("api_key_false") };
    if (valid)
        body_methods(s, api, p, secure_one, &w);
    if (valid && sam_truth(key))
        sam_scheme(s, api, w.name, sam_api_key_scheme(s, "x-api-key", NULL));
}

/* Who calls the function of a method with AWS_IAM: the role named, or the caller itself. */
static draft *invoke_role(sam *s, const doc_node *auth, const doc_node *api_auth) {
    bool iam = sam_is(s, sam_get(auth, "Authorizer"), "AWS_IAM") || (sam_is(s, sam_get(api_auth, "DefaultAuthorizer"), "AWS_IAM") && !sam_truth(auth));
    if (!iam)
        return NULL;
    const doc_entry *own = doc_entry_of(auth, SLICE("InvokeRole")), *of_api = doc_entry_of(api_auth, SLICE("InvokeRole"));
    const doc_entry *given = own != NULL ? own : of_api;
    if (given != NULL && (!sam_truth(given->value) || sam_is(s, given->value, "NONE")))
        return NULL;
    if (given != NULL && !sam_is(s, given->value, "CALLER_CREDENTIALS"))
        return draft_of(&s->drafts, given->value);
    return sam_string(s, sam_print(s, "arn:%.*s:iam::*:user/*", SLICE_ARG(s->partition)));
}

/* ---- what the body checks ---- */

static void request_parameters(sam *s, const doc_node *list) {
    for (size_t i = 0; list != NULL && list->kind == DOC_LIST && i < list->list.len; i++) {
        const doc_node *one = list->list.at[i], *settings = NULL;
        slice name = { "", 0 };
        if (one->kind == DOC_STRING) {
            name = one->text;
        } else if (one->kind == DOC_MAP && one->map.len > 0) {
            name = one->map.at[0].key;
            settings = one->map.at[0].value;
        } else {
            sam_refuse(s, one, "each of RequestParameters is a name, or a map of a name and its settings");
            continue;
        }
        static const char *const heads[] = { "method.request.querystring.", "method.request.path.", "method.request.header." };
        bool good = false;
        for (size_t h = 0; h < COUNT(heads); h++)
            good = good || slice_starts(name, slice_from(heads[h]));
        if (!good)
            sam_refuse(s, one, "%.*s is no request parameter: it must be method.request.querystring.X, method.request.path.X or method.request.header.X",
                       SLICE_ARG(name));
        for (size_t k = 0; settings != NULL && k < (settings->kind == DOC_MAP ? settings->map.len : 1); k++)
            if (settings->kind != DOC_MAP || (!slice_is(settings->map.at[k].key, "Required") && !slice_is(settings->map.at[k].key, "Caching")))
                sam_refuse(s, settings, "the settings of a request parameter are Required and Caching");
    }
}

static void request_model(sam *s, const sam_api *api, const doc_node *model) {
    const doc_node *named = sam_get(model, "Model"), *models = sam_get(api->of->props, "Models");
    if (!sam_truth(named))
        return;
    if (named->kind != DOC_STRING)
        sam_refuse(s, named, "Model must be the name of one of the Models of the API");
    else if (!sam_truth(models))
        sam_refuse(s, named, "the model %.*s is not defined: %.*s has no Models", SLICE_ARG(named->text), SLICE_ARG(api->of->id));
    else if (models->kind != DOC_MAP)
        sam_refuse(s, named, "the model %.*s is not defined: Models of %.*s is no map", SLICE_ARG(named->text), SLICE_ARG(api->of->id));
    else if (!sam_truth(doc_get(models, named->text)) && !sam_is_intrinsic(models))
        sam_refuse(s, named, "the model %.*s is not among the Models of %.*s", SLICE_ARG(named->text), SLICE_ARG(api->of->id));
    static const char *const flags[] = { "ValidateBody", "ValidateParameters" };
    for (size_t i = 0; i < COUNT(flags); i++) {
        const doc_node *flag = sam_get(model, flags[i]);
        if (flag != NULL && flag->kind != DOC_BOOL)
            sam_refuse(s, flag, "%s must be true or false, written out", flags[i]);
    }
}

/* A method that another event has already. */
static bool taken(sam *s, const sam_api *api, const body_place *p) {
    if (!body_has_integration(s, api, p))
        return false;
    sam_refuse_at(s, p->method_at, p->method_end, "%.*s %.*s of %.*s has an event already", SLICE_ARG(spoken(p->method)), SLICE_ARG(p->path),
                  SLICE_ARG(api->of->id));
    return true;
}

/* ---- REST ---- */

/* MergeDefinitions: what the event says goes into what the author wrote, under the method as the event spells it. */
static void merge_definition(sam *s, const sam_api *api, const body_place *p, draft *integration, const doc_node *auth) {
    draft *paths = body_paths(s, api), *item = paths == NULL ? NULL : draft_get(&s->drafts, paths, p->path);
    if (paths == NULL)
        return;
    if (item == NULL || item->kind != DOC_MAP) {
        item = draft_map(&s->drafts, p->path_at);
        draft_put_at(&s->drafts, paths, p->path, p->path_at, p->path_end, item);
    }
    draft *definition = draft_get(&s->drafts, item, p->method);
    if (definition != NULL && definition->kind != DOC_MAP) {
        sam_refuse_at(s, definition->at, definition->end, "the method %.*s of an OpenAPI body must be a map", SLICE_ARG(p->method));
        return;
    }
    if (definition == NULL) {
        definition = draft_map(&s->drafts, p->method_at);
        draft_put_at(&s->drafts, item, p->method, p->method_at, p->method_end, definition);
    }
    sam_put(s, definition, BODY_INTEGRATION, integration);
    if (sam_truth(sam_get(auth, "Authorizer")) || sam_get(auth, "ApiKeyRequired") != NULL)
        draft_remove(&s->drafts, definition, SLICE("security"));
    if (draft_get(&s->drafts, definition, SLICE("responses")) == NULL)
        sam_put(s, definition, "responses", draft_map(&s->drafts, p->method_at));
}

static slice stage_suffix(sam *s, const doc_node *props, const sam_api *api, bool *refused) {
    const doc_node *named = sam_get(props, "RestApiId");
    const sam_resource *r = api != NULL ? api->of : sam_resource_of(s, sam_ref_id(named));
    *refused = r == NULL;
    if (r == NULL)
        return SLICE("AllStages");
    const doc_node *stage = sam_get(r->props, "StageName");
    if (stage == NULL || stage->kind != DOC_STRING)
        return SLICE("Stage");
    return stage->text;
}

static draft *api_id(sam *s, const doc_node *props, const sam_api *api, const char *property) {
    const doc_node *named = sam_get(props, property);
    return named != NULL || api == NULL ? sam_draft(s, named) : sam_ref(s, api->of->id);
}

void sam_event_api(sam *s, const sam_event *e) {
    body_place p;
    sam_api *api = sam_event_api_of(s, e->props, true, false);
    if (!sam_route(s, e->props, true, &p) || (api == NULL && sam_get(e->props, "RestApiId") == NULL))
        return;
    bool refused;
    slice suffix = stage_suffix(s, e->props, api, &refused);
    if (refused)
        return;
    slice id = sam_join(s, e->id, "Permission");
    slice parts[] = { id, sam_alphanumeric(suffix) ? suffix : sam_hash_text(s, suffix) };
    slice resource_path = sam_print(s, "/%.*s%.*s", SLICE_ARG(upper(s, p.method)), SLICE_ARG(arn_path(s, p.path)));
    sam_permission(s, e, arena_concat(s->a, parts, 2), "apigateway.amazonaws.com",
                   source_arn(s, resource_path, api_id(s, e->props, api, "RestApiId")));
    const doc_node *auth = sam_get(e->props, "Auth");
    if (sam_truth(sam_get(auth, "OverrideApiAuth")) && !sam_truth(sam_get(auth, "Authorizer")) && !sam_truth(sam_get(auth, "ApiKeyRequired")) &&
        !sam_truth(sam_get(auth, "ResourcePolicy")))
        sam_refuse(s, auth, "OverrideApiAuth needs what it overrides with: Authorizer, ApiKeyRequired or ResourcePolicy");
    if (api == NULL)
        return;
    bool merge = sam_is_true(s, sam_get(api->of->props, "MergeDefinitions"));
    if (auth != NULL && auth->kind != DOC_MAP)
        auth = NULL;
    if (!api->managed && !merge) {
        if (sam_truth(sam_get(auth, "OverrideApiAuth")))
            rest_auth(s, api, auth, &p);
        return;
    }
    request_parameters(s, sam_get(e->props, "RequestParameters"));
    if (sam_truth(sam_get(e->props, "RequestModel")))
        request_model(s, api, sam_get(e->props, "RequestModel"));
    if (!body_valid(s, api->body, true) || (!merge && taken(s, api, &p)))
        return;
    bool stream = sam_is(s, sam_get(e->props, "ResponseTransferMode"), "RESPONSE_STREAM");
    draft *integration = sam_pair(s, "type", sam_word(s, "aws_proxy"));
    sam_put_word(s, integration, "httpMethod", "POST");
    sam_put(s, integration, "uri", where_it_exists(s, invocation_uri(s, e, stream)));
    sam_put(s, integration, "credentials", invoke_role(s, auth, sam_resolved(s, sam_get(api->of->props, "Auth"))));
    sam_copy(s, integration, e->props, "TimeoutInMillis>timeoutInMillis");
    if (merge) {
        slice raw = body_lower(s, sam_get(e->props, "Method")->text);
        p.method = raw;
        merge_definition(s, api, &p, integration, auth);
    } else {
        body_integrate(s, api, &p, integration, own_condition(s));
    }
    if (auth != NULL)
        rest_auth(s, api, auth, &p);
}

/* The state machine gets the request's body as input. */
void sam_event_machine_api(sam *s, const sam_event *e) {
    body_place p;
    draft *credentials = sam_start_role(s, e, "apigateway.amazonaws.com");
    sam_api *api = sam_event_api_of(s, e->props, true, false);
    if (!sam_route(s, e->props, true, &p) || api == NULL || !api->managed || !body_valid(s, api->body, true) || taken(s, api, &p))
        return;
    bool plain = sam_is_true(s, sam_get(e->props, "UnescapeMappingTemplate"));
    slice request = sam_print(s, "{\"input\": \"$util.escapeJavaScript($input.json('$'))%s\", \"stateMachineArn\": \"${%.*s}\"}",
                              plain ? ".replaceAll(\\\"\\\\'\\\",\\\"'\\\")" : "", SLICE_ARG(e->target->id));
    draft *integration = sam_pair(s, "type", sam_word(s, "aws"));
    sam_put_word(s, integration, "httpMethod", "POST");
    sam_put(s, integration, "uri", where_it_exists(s, sam_sub(s, "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution")));
    sam_put(s, integration, "credentials", credentials);
    sam_put(s, integration, "requestTemplates", sam_pair(s, "application/json", sam_pair(s, "Fn::Sub", sam_string(s, request))));
    body_integrate(s, api, &p, integration, own_condition(s));
    const doc_node *auth = sam_get(e->props, "Auth");
    if (auth != NULL && auth->kind == DOC_MAP)
        rest_auth(s, api, auth, &p);
}

/* ---- HTTP ---- */

static void http_auth(sam *s, const sam_api *api, const doc_node *auth, const body_place *p) {
    const doc_node *api_auth = sam_get(api->of->props, "Auth"), *named = sam_get(auth, "Authorizer"), *scopes = sam_get(auth, "AuthorizationScopes");
    if (!sam_truth(named))
        named = sam_get(api_auth, "DefaultAuthorizer");
    if (!sam_truth(named)) {
        sam_refuse(s, auth, "Auth needs an Authorizer, or a DefaultAuthorizer on %.*s", SLICE_ARG(api->of->id));
        return;
    }
    bool iam = sam_is_true(s, sam_get(api_auth, "EnableIamAuthorizer"));
    if (scopes != NULL && scopes->kind != DOC_LIST)
        sam_refuse(s, scopes, "AuthorizationScopes must be a list of strings");
    if (!authorizer_known(s, api, named, api_auth, p, iam))
        return;
    wanted w = { .name = named->text };
    if (!slice_is(w.name, "NONE") && !slice_is(w.name, "AWS_IAM"))
        w.scopes = scopes_of(s, sam_truth(scopes) ? scopes : NULL, doc_get(sam_get(api_auth, "Authorizers"), w.name));
    body_methods(s, api, p, secure_one, &w);
}

void sam_event_http_api(sam *s, const sam_event *e) {
    body_place p;
    sam_api *api = sam_event_api_of(s, e->props, false, false);
    if (!sam_route(s, e->props, false, &p) || api == NULL)
        return;
    bool by_default = slice_is(p.path, "$default");
    /* The permission of the $default route holds for all routes. */
    if (by_default || !strmap_has(&api->permitted, e->target->id)) {
        bool any = slice_is(p.method, BODY_ANY);
        const doc_node *raw = sam_get(e->props, "Method");
        bool spelled = raw != NULL && slice_same_letters(raw->text, SLICE("any"));
        slice suffix = by_default ? (any && !spelled ? SLICE("/*") : sam_print(s, "/%.*s", SLICE_ARG(upper(s, p.method))))
                                  : sam_print(s, "/%.*s%.*s", SLICE_ARG(upper(s, p.method)), SLICE_ARG(arn_path(s, p.path)));
        sam_permission(s, e, sam_join(s, e->id, "Permission"), "apigateway.amazonaws.com",
                       source_arn(s, suffix, api_id(s, e->props, api, "ApiId")));
    }
    if (!body_valid(s, api->body, false)) {
        if (api->body != NULL)
            sam_refuse_at(s, api->body->at, api->body->end, "DefinitionBody of %.*s is no OpenAPI 3 document: it needs openapi: 3.x and paths", SLICE_ARG(api->of->id));
        return;
    }
    if (api->managed && taken(s, api, &p))
        return;
    if (!body_has_integration(s, api, &p)) {
        draft *integration = sam_pair(s, "type", sam_word(s, "aws_proxy"));
        sam_put_word(s, integration, "httpMethod", "POST");
        sam_put(s, integration, "uri", where_it_exists(s, invocation_uri(s, e, false)));
        sam_put_word(s, integration, "payloadFormatVersion", "2.0");
        sam_copy(s, integration, e->props, "PayloadFormatVersion>payloadFormatVersion TimeoutInMillis>timeoutInMillis");
        body_integrate(s, api, &p, integration, own_condition(s));
    }
    if (by_default && slice_is(p.method, BODY_ANY) && !e->target->arn_by_ref)
        strmap_put(s->a, &api->permitted, e->target->id, s);
    const doc_node *auth = sam_get(e->props, "Auth");
    if (sam_truth(auth) && auth->kind == DOC_MAP)
        http_auth(s, api, auth, &p);
}
