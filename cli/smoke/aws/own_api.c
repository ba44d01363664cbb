#include "smoke/aws/own_api.h"

/* "/_api/NAME/rest" -> NAME and "/rest". */
static bool cut_head(slice path, const char *head, slice *name, slice *rest) {
    slice mark = slice_from(head);
    if (!slice_starts(path, mark)) return false;
    slice after = slice_after(path, mark.len);
    size_t end = slice_find(after, '/');
    *name = slice_from_to(after, 0, end);
    *rest = slice_after(after, end);
    return true;
}

static const resource *first_of(smoke *s, const char *const *types, size_t len, slice name) {
    const resource *r = NULL;
    for (size_t i = 0; i < len && r == NULL; i++) r = world_find(s->world, slice_from(types[i]), name, NULL);
    return r;
}

/* A stage that the templates declare for the API. */
static bool is_stage(smoke *s, arena *a, const resource *api, slice name) {
    const template *t = api->in;
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        if (!slice_is(r->type, "AWS::ApiGatewayV2::Stage") && !slice_is(r->type, "AWS::ApiGateway::Stage") && !slice_is(r->type, "AWS::ApiGateway::Deployment")) continue;
        const value *stage = resource_written(a, r, SLICE("StageName"));
        if (value_is_absent(stage) || !slice_eq(world_text(s->world, stage, r->exists, NULL), name)) continue;
        for (size_t k = 0; k < r->depends_len; k++)
            if (r->depends[k] == api) return true;
    }
    return false;
}

typedef struct {
    arena *arena;
    js_object headers;
} header_copy;

static void copy_header(void *self, slice name, slice text) {
    header_copy *h = self;
    js_set(h->arena, &h->headers, arena_copy(h->arena, name), js_string(h->arena, arena_copy(h->arena, text)));
}

#define MOST_HEADERS 100

typedef struct {
    arena *arena;
    http_pair pairs[MOST_HEADERS];
    size_t len;
} answer_headers;

static void add_header(answer_headers *h, slice name, slice text) {
    /* Those that belong to the connection are the server's. */
    if (slice_same_letters(name, SLICE("content-length")) || slice_same_letters(name, SLICE("transfer-encoding")) || slice_same_letters(name, SLICE("connection"))) return;
    if (h->len < MOST_HEADERS) h->pairs[h->len++] = (http_pair){ name, text };
}

static void answered(void *self, const flow_response *from) {
    http_request *r = self;
    answer_headers *h = ARENA_NEW(r->arena, answer_headers);
    const doc_node *m = from->headers;
    for (size_t i = 0; js_is(m, DOC_MAP) && i < m->map.len; i++) {
        const doc_node *one = m->map.at[i].value;
        if (js_is(one, DOC_LIST))
            for (size_t k = 0; k < one->list.len; k++) add_header(h, m->map.at[i].key, js_str(one->list.at[k]));
        else
            add_header(h, m->map.at[i].key, js_is(one, DOC_STRING) ? one->text : js_text(r->arena, one));
    }
    http_answer(r, from->status, h->pairs, h->len, from->body);
}

static void no_such_api(http_request *r) {
    http_pair type = { SLICE("Content-Type"), SLICE("application/json") };
    http_answer(r, 404, &type, 1, SLICE("{\"message\":\"Not Found\"}"));
}

bool own_api_request(smoke *s, firing *cause, http_request *r) {
    static const char *const apis[] = { "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi" };
    static const char *const urls[] = { "AWS::Lambda::Url" };
    slice name, rest;
    bool api = cut_head(r->path, "/_api/", &name, &rest);
    if (!api && !cut_head(r->path, "/_url/", &name, &rest)) return false;
    const resource *of = api ? first_of(s, apis, COUNT(apis), name) : first_of(s, urls, COUNT(urls), name);
    const node *n = of == NULL ? NULL : of->node;
    if (of != NULL && n == NULL && !api) {
        bool open;
        const resource *pointed;
        n = graph_pointed(s->graph, resource_written(r->arena, of, SLICE("TargetFunctionArn")), &pointed, &open);
    }
    if (n == NULL) {
        no_such_api(r);
        return true;
    }
    happening_request q = { .method = arena_copy(s->arena, r->method), .query = arena_copy(s->arena, r->query), .body = arena_copy(s->arena, r->body),
                            .no_body = r->body.len == 0 };
    slice first = rest.len > 1 ? slice_after(rest, 1) : SLICE("");
    first = slice_from_to(first, 0, slice_find(first, '/'));
    if (api && first.len > 0 && (slice_is(of->type, "AWS::ApiGateway::RestApi") || is_stage(s, r->arena, of, first))) {
        q.stage = arena_copy(s->arena, first);
        rest = slice_after(rest, 1 + first.len);
    }
    q.path = rest.len > 0 ? arena_copy(s->arena, rest) : SLICE("/");
    header_copy headers = { .arena = s->arena };
    http_each_header(r, copy_header, &headers);
    q.headers = js_object_end(s->arena, &headers.headers);
    flow_request(s, n, &q, cause, answered, r);
    return true;
}
