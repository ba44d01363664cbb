/* The AWS endpoint of one template, for tests with real clients: reads the template, prints "http://127.0.0.1:PORT" and serves until it is
 * killed. Functions do not run; each has a firing, so that a client with the key of a function (SFLINT and 14 digits, in order of the
 * template) is that function. GET /_serve/notes gives the notes of all firings as {function: [text]}.
 *     serve TEMPLATE [PORT-FILE] */
#include <stdio.h>
#include <stdlib.h>

#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"

#define NOW_MS 1767225600000     /* 2026-01-01T00:00:00Z */

static bool read_file(arena *a, const char *path, slice *text) {
    FILE *f = fopen(path, "rb");
    buf b = { .arena = a };
    char part[4096];
    size_t n;
    if (f == NULL) return false;
    while ((n = fread(part, 1, sizeof part, f)) > 0) buf_slice(&b, (slice){ part, n });
    fclose(f);
    *text = buf_as_slice(&b);
    return true;
}

static graph *read_graph(arena *a, const char *path) {
    slice text;
    diags d = { .arena = a };
    templates *set = ARENA_NEW(a, templates);
    template_options *options = ARENA_NEW(a, template_options);
    *options = (template_options){ .region = SLICE("us-east-1"), .account = SLICE("123456789012"), .partition = SLICE("aws") };
    set->options = options;
    VEC_PUSH(a, &set->files, slice_from(path));
    if (!read_file(a, path, &text)) return NULL;
    const doc_node *doc = doc_parse(a, text, slice_from(path), 0, &d);
    template *t = doc == NULL ? NULL : template_read(set, a, slice_from(path), 0, text, doc, SLICE(""), &d);
    for (size_t i = 0; i < d.list.len; i++) fprintf(stderr, "%s:%u: %.*s\n", path, d.list.at[i].at.line, SLICE_ARG(d.list.at[i].message));
    if (t == NULL) return NULL;
    VEC_PUSH(a, &set->list, t);
    templates_join(set, a, &d);
    return graph_build(set, &a, 1);
}

static void answer_notes(smoke *s, http_request *r) {
    js_object o = { 0 };
    for (size_t i = 0; i < s->functions.len; i++) {
        js_list l = { 0 };
        const firing *f = smoke_current(s, s->functions.at[i]->resource);
        for (size_t k = 0; f != NULL && k < f->notes.len; k++) js_push(r->arena, &l, js_string(r->arena, f->notes.at[k]));
        VEC_PUSH(r->arena, &o.entries, (doc_entry){ .key = s->functions.at[i]->resource->id, .value = js_list_end(r->arena, &l) });
    }
    http_pair type = { SLICE("Content-Type"), SLICE("application/json") };
    http_answer(r, 200, &type, 1, js_text(r->arena, js_object_end(r->arena, &o)));
}

static void serve(void *self, http_request *r) {
    smoke *s = self;
    if (!r->preface && slice_is(r->path, "/_serve/notes")) answer_notes(s, r);
    else endpoint_http(s->endpoint, r);
}

static void add_functions(smoke *s) {
    const template *t = s->graph->set->list.at[0];
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        smoke_running *f = smoke_running_of(s, r);
        if (f == NULL) continue;
        VEC_PUSH(s->arena, &f->line, firing_new(s, NULL, NULL));
        f->line.at[0]->to = r->id;
    }
}

int main(int argc, char **argv) {
    arena *a = arena_make(0, NULL);
    slice why = SLICE("");
    if (argc < 2) {
        fprintf(stderr, "serve TEMPLATE [PORT-FILE]\n");
        return 2;
    }
    graph *g = read_graph(a, argv[1]);
    if (g == NULL) return 2;
    smoke *s = smoke_new(a, g, world_new(a, g, SLICE(""), SLICE("")), NOW_MS);
    s->loop = loop_new(a);
    loop_set_wall(s->loop, NOW_MS);
    s->server = http_start(a, s->loop, &why);
    s->flow = flow_new(s);
    s->endpoint = endpoint_new(s);
    unsigned port = s->server == NULL ? 0 : http_listen(s->server, serve, s);
    if (port == 0) {
        fprintf(stderr, "%.*s\n", SLICE_ARG(why));
        return 2;
    }
    s->world->port = port;
    add_functions(s);
    endpoint_connection(s->endpoint, SLICE("L0SM9cOFvHcCIhw="), true);
    printf("%.*s\n", SLICE_ARG(world_endpoint(s->world)));
    fflush(stdout);
    if (argc > 2) {
        FILE *f = fopen(argv[2], "w");
        if (f != NULL) {
            fprintf(f, "%u\n", port);
            fclose(f);
        }
    }
    while (loop_step(s->loop, 50000))
        while (smoke_do(s)) {}
    http_stop(s->server);
    loop_end(s->loop);
    arena_free(a);
    return 0;
}
