/* APIs before their events are lowered: the body of each, the paths that events add to it, and the implicit APIs of events that name none.
 * AWS SAM developer guide, "Api" and "HttpApi" events: RestApiId, ApiId. */
#include "template/sam/body.h"

#include <stdlib.h>

static const struct {
    const char *type, *event, *property, *implicit;
} kinds[] = {
    [false] = { "AWS::Serverless::HttpApi", "HttpApi", "ApiId", "ServerlessHttpApi" },
    [true] = { "AWS::Serverless::Api", "Api", "RestApiId", "ServerlessRestApi" },
};

static sam_api *new_api(sam *s, sam_resource *r, bool rest) {
    sam_api *api = ARENA_NEW(s->a, sam_api);
    *api = (sam_api){ .of = r, .rest = rest };
    r->api = api;
    return api;
}

/* The author's body; that of a local file; or one that SAM writes. */
static void find_body(sam *s, sam_api *api) {
    const doc_node *own = sam_get(api->of->body, "Properties");
    const doc_node *body = sam_get(own, "DefinitionBody"), *uri = sam_get(own, "DefinitionUri");
    if (sam_truth(body)) {
        api->body = body->kind == DOC_MAP ? draft_of(&s->drafts, body) : NULL;
    } else if (sam_truth(uri)) {
        const doc_node *file = sam_file(s, uri);
        api->body = file != NULL && file->kind == DOC_MAP ? draft_of(&s->drafts, file) : NULL;
    } else {
        api->managed = true;
        api->body = body_skeleton(s, api->rest);
        const doc_node *given = sam_resolved(s, sam_get(api->of->props, "OpenApiVersion"));
        slice version = given != NULL && (given->kind == DOC_STRING || given->kind == DOC_DOUBLE) ? given->text : (slice){ "", 0 };
        if (api->rest && body_is_3(version)) {
            draft_remove(&s->drafts, api->body, SLICE("swagger"));
            sam_put(s, api->body, "openapi", sam_string(s, version));
        }
    }
    const doc_node *settings = sam_get(api->of->props, "RouteSettings");
    if (settings != NULL && settings->kind == DOC_MAP)
        api->route_settings = draft_of(&s->drafts, settings);
}

/* ---- implicit APIs ---- */

static sam_api *implicit_api(sam *s, bool rest, sam_api **made) {
    if (*made != NULL)
        return *made;
    sam_resource *r = ARENA_NEW(s->a, sam_resource);
    doc_entry entries[3];
    size_t len = 0;
    pos at = sam_at(s);
    doc_node *stage = doc_new_string(s->a, at, SLICE("Prod"));
    stage->quoted = true;
    if (rest)
        entries[len++] = (doc_entry){ .key = SLICE("StageName"), .key_at = at, .key_end = at, .value = stage };
    const doc_node *props = doc_new_map(s->a, at, entries, len);
    *r = (sam_resource){ .id = slice_from(kinds[rest].implicit), .type = slice_from(kinds[rest].type), .at = s->event_at, .end = s->event_end,
                         .body = doc_new_map(s->a, at, NULL, 0) };
    r->row = sam_type_of(r->type);
    r->props = sam_globals_merge(s, r->row, props, NULL);
    sam_api *api = new_api(s, r, rest);
    api->implicit = true;
    find_body(s, api);
    *made = api;
    return api;
}

/* ---- events ---- */

/* Where Path and Method of the event stand; what a HttpApi event takes without them. False when they are not usable (refused). */
bool sam_route(sam *s, const doc_node *props, bool rest, body_place *p) {
    const doc_node *path = sam_get(props, "Path"), *method = sam_get(props, "Method");
    *p = (body_place){ .path_at = s->event_at, .path_end = s->event_end, .method_at = s->event_at, .method_end = s->event_end };
    if (!rest && !sam_truth(path) && !sam_truth(method)) {
        p->path = SLICE("$default");
        p->method = SLICE(BODY_ANY);
        return true;
    }
    static const char *const names[] = { "Path", "Method" };
    for (size_t i = 0; i < COUNT(names); i++) {
        const doc_node *n = i == 0 ? path : method;
        if (n == NULL)
            sam_refuse(s, NULL, "the %s event %.*s needs %s", kinds[rest].event, SLICE_ARG(s->event_name), names[i]);
        else if (n->kind != DOC_STRING)
            sam_refuse(s, n, "%s of the %s event %.*s must be a string", names[i], kinds[rest].event, SLICE_ARG(s->event_name));
    }
    if (path == NULL || method == NULL || path->kind != DOC_STRING || method->kind != DOC_STRING)
        return false;
    *p = (body_place){ path->text, body_method(s, method->text), path->at, path->end, method->at, method->end };
    return true;
}

/* The API that an event names. NULL: none of the template's, or not usable; *other: it is another resource of the template. */
sam_api *sam_event_api_of(sam *s, const doc_node *props, bool rest, bool say) {
    const doc_node *named = sam_get(props, kinds[rest].property);
    if (named == NULL)
        return s->implicit[rest];
    slice id = sam_ref_id(named);
    if (id.len == 0 || (named->kind == DOC_MAP && named->map.len != 1)) {
        if (say)
            sam_refuse(s, named, "%s must be a Ref to an %s of the same template", kinds[rest].property, kinds[rest].type);
        return NULL;
    }
    if (s->implicit[rest] != NULL && slice_is(id, kinds[rest].implicit))
        return s->implicit[rest];
    sam_resource *r = sam_resource_of(s, id);
    bool other_kind = rest && r != NULL && r->api != NULL && !r->api->rest;
    if (r == NULL || other_kind) {
        if (say)
            sam_refuse(s, named, "%s must be a Ref to an %s of the same template, and %.*s is %s", kinds[rest].property, kinds[rest].type, SLICE_ARG(id),
                       r == NULL ? "nothing" : kinds[!rest].type);
        return NULL;
    }
    return r->api;
}

static void note_path(sam *s, sam_api *api, const body_place *p, slice raw_method) {
    sam_path *path = strmap_get(&api->by_path, p->path);
    if (path == NULL) {
        path = ARENA_NEW(s->a, sam_path);
        path->path = p->path;
        strmap_put(s->a, &api->by_path, p->path, path);
        VEC_PUSH(s->a, &api->paths, path);
    }
    slice on = s->now->condition == NULL ? (slice){ "", 0 } : s->now->condition->text;
    for (size_t i = 0; i < path->methods.len; i++)
        if (slice_eq(path->methods.at[i].method, raw_method)) {
            path->methods.at[i].condition = on;
            return;
        }
    VEC_PUSH(s->a, &path->methods, (sam_method){ raw_method, on });
}

static void route_settings(sam *s, sam_api *api, const doc_node *props, const body_place *p) {
    const doc_entry *e = doc_entry_of(props, SLICE("RouteSettings"));
    if (api->rest || e == NULL)
        return;
    if (e->value->kind != DOC_MAP) {
        sam_refuse(s, e->value, "RouteSettings of the HttpApi event %.*s must be a map", SLICE_ARG(s->event_name));
        return;
    }
    slice route = p->path;
    if (!slice_is(p->method, BODY_ANY)) {
        char *upper = ARENA_ARRAY(s->a, char, p->method.len + 1);
        for (size_t i = 0; i < p->method.len; i++)
            upper[i] = p->method.at[i] >= 'a' && p->method.at[i] <= 'z' ? (char)(p->method.at[i] - 'a' + 'A') : p->method.at[i];
        route = sam_print(s, "%.*s %.*s", (int)p->method.len, upper, SLICE_ARG(p->path));
    }
    if (api->route_settings == NULL)
        api->route_settings = draft_map(&s->drafts, e->value->at);
    draft_put_at(&s->drafts, api->route_settings, route, e->key_at, e->key_end, draft_of(&s->drafts, e->value));
}

static void note_event(sam *s, const doc_node *event, bool rest) {
    const doc_node *props = sam_get(event, "Properties"), *given = doc_get(event, SLICE("Properties"));
    if (given != NULL && given->kind != DOC_MAP && given->kind != DOC_NULL) {
        sam_refuse(s, given, "Properties of the event %.*s must be a map", SLICE_ARG(s->event_name));
        return;
    }
    if (rest && !sam_truth(props))
        return;
    body_place p;
    slice named = sam_ref_id(sam_get(props, kinds[rest].property));
    bool by_default = sam_get(props, kinds[rest].property) == NULL || slice_is(named, kinds[rest].implicit);
    sam_api *api = by_default ? implicit_api(s, rest, &s->implicit[rest]) : sam_event_api_of(s, props, rest, true);
    if (!sam_route(s, props, rest, &p) || api == NULL)
        return;
    const doc_node *raw = sam_get(props, "Method");
    note_path(s, api, &p, raw == NULL ? p.method : raw->text);
    if (api->managed && body_valid(s, api->body, rest))
        body_add_path(s, api, &p);
    route_settings(s, api, props, &p);
}

/* ---- conditions: an API or path exists where one of its methods' functions does ---- */

static int by_text(const void *x, const void *y) { return slice_order(*(const slice *)x, *(const slice *)y); }

typedef VEC(slice) names;

/* Sorts, and drops repeats. False when one of them is "": something is there always. */
static bool settle(names *n) {
    if (n->len > 0)
        qsort(n->at, n->len, sizeof *n->at, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < n->len; i++)
        if (kept == 0 || !slice_eq(n->at[kept - 1], n->at[i]))
            n->at[kept++] = n->at[i];
    n->len = kept;
    return kept > 0 && n->at[0].len > 0;
}

static slice path_condition(sam *s, const sam_api *api, slice path) {
    buf b = { .arena = s->a };
    buf_slice(&b, api->of->id);
    for (size_t i = 0; i < path.len; i++) {
        if (path.at[i] == '/') buf_text(&b, "SLASH");
        else if (path.at[i] == '{') buf_text(&b, "OB");
        else if (path.at[i] == '}') buf_text(&b, "CB");
        else buf_char(&b, path.at[i]);
    }
    buf_text(&b, "PathCondition");
    return buf_as_slice(&b);
}

static slice one_condition(sam *s, slice name, const names *n) {
    if (n->len == 1)
        return n->at[0];
    sam_combined_condition(s, name, n->at, n->len);
    return name;
}

static void conditions(sam *s, sam_api *api) {
    names all = { 0 };
    s->now = api->of;
    for (size_t i = 0; i < api->paths.len; i++) {
        const sam_path *path = api->paths.at[i];
        names own = { 0 };
        for (size_t k = 0; k < path->methods.len; k++) {
            VEC_PUSH(s->a, &own, path->methods.at[k].condition);
            VEC_PUSH(s->a, &all, path->methods.at[k].condition);
        }
        if (settle(&own) && api->managed)
            body_path_condition(s, api, path->path, one_condition(s, path_condition(s, api, path->path), &own));
    }
    if (!api->implicit || !settle(&all))
        return;
    doc_node *name = doc_new_string(s->a, api->of->at, one_condition(s, sam_join(s, api->of->id, "Condition"), &all));
    name->quoted = true;
    doc_entry entry = { .key = SLICE("Condition"), .key_at = name->at, .key_end = name->at, .value = name };
    api->of->body = doc_new_map(s->a, api->of->at, &entry, 1);
    api->of->condition = name;
}

/* ---- all ---- */

/* The implicit API takes the place of a resource of that name. */
static void add_implicit(sam *s, sam_api *api) {
    sam_resource *old = sam_resource_of(s, api->of->id);
    if (old != NULL)
        for (size_t i = 0; i < s->all.len; i++)
            if (s->all.at[i] == old)
                s->all.at[i]->row = NULL;
    strmap_put(s->a, &s->by_id, api->of->id, api->of);
    VEC_PUSH(s->a, &s->all, api->of);
}

static void note_events(sam *s, sam_resource *r, bool rest) {
    const doc_node *events = sam_get(r->props, "Events");
    for (size_t i = 0; events != NULL && events->kind == DOC_MAP && i < events->map.len; i++) {
        const doc_entry *e = &events->map.at[i];
        const doc_node *type = sam_get(e->value, "Type");
        if (type == NULL || type->kind != DOC_STRING || !slice_is(type->text, kinds[rest].event))
            continue;
        s->event_name = e->key;
        s->event_at = e->key_at;
        s->event_end = e->key_end;
        note_event(s, e->value, rest);
    }
    s->event_name = (slice){ "", 0 };
}

void sam_apis_prepare(sam *s) {
    for (size_t i = 0; i < s->all.len; i++) {
        sam_resource *r = s->all.at[i];
        s->now = r;
        for (size_t rest = 0; rest < COUNT(kinds); rest++)
            if (slice_is(r->type, kinds[rest].type))
                find_body(s, new_api(s, r, rest == 1));
    }
    for (size_t k = 2; k-- > 0;)
        for (size_t i = 0; i < s->all.len; i++) {
            sam_resource *r = s->now = s->all.at[i];
            bool function = slice_is(r->type, "AWS::Serverless::Function"), machine = slice_is(r->type, "AWS::Serverless::StateMachine");
            if (function || (machine && k == 1))
                note_events(s, r, k == 1);
        }
    for (size_t i = 0; i < s->all.len; i++)
        if (s->all.at[i]->api != NULL)
            conditions(s, s->all.at[i]->api);
    for (size_t rest = 0; rest < COUNT(kinds); rest++)
        if (s->implicit[rest] != NULL) {
            conditions(s, s->implicit[rest]);
            add_implicit(s, s->implicit[rest]);
        }
}
