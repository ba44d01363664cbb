/* The run of sflint smoke: functions, servers, sandbox, probes. */
#ifdef SFLINT_SMOKE
#define _XOPEN_SOURCE 700      /* nftw, mkdtemp */
#endif
#include "command/smoke.h"

#ifdef SFLINT_SMOKE
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "command/file.h"
#include "smoke/aws/endpoint.h"
#include "smoke/flow/flow.h"
#include "smoke/host/code.h"

/* ---- which functions ---- */

static bool every(const edge *e) {
    (void)e;
    return true;
}

/* Those that the triggers reach, in the graph's order; the number in their credentials is the place in this list. */
static size_t functions_of(smoke_plan *p, const node ***out) {
    arena *a = p->run.arena;
    const graph *g = p->run.graph;
    bool *reached = ARENA_ARRAY(a, bool, g->nodes.len), *marks = ARENA_ARRAY(a, bool, g->nodes.len);
    VEC(const node *) all = { 0 };
    for (size_t i = 0; i < p->triggers_len; i++) {
        const node *ends[] = { p->triggers[i]->to, p->triggers[i]->from };
        for (size_t k = 0; k < COUNT(ends); k++) {
            if (reached[ends[k]->index] || (k == 1 && ends[k]->role != ROLE_API)) continue;
            memset(marks, 0, g->nodes.len * sizeof *marks);
            graph_reach(g, a, ends[k], every, marks);
            for (size_t n = 0; n < g->nodes.len; n++) reached[n] |= marks[n];
        }
    }
    for (size_t i = 0; i < g->nodes.len; i++) {
        const node *n = g->nodes.at[i];
        if (reached[i] && n->resource != NULL && slice_is(n->type, "AWS::Lambda::Function")) VEC_PUSH(a, &all, n);
    }
    *out = all.at;
    return all.len;
}

/* ---- --install ---- */

typedef struct {
    slice folder;                /* "" = none */
    slice *of;                   /* by function */
} installation;

static int remove_one(const char *path, const struct stat *s, int what, struct FTW *f) {
    (void)s;
    (void)what;
    (void)f;
    return remove(path);
}

static void installation_end(const installation *i) {
    if (i->folder.len > 0) nftw(i->folder.at, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}

static bool install(smoke_plan *p, const node **functions, size_t len, installation *out) {
    arena *a = p->run.arena;
    const char *temporary = getenv("TMPDIR"), *path = getenv("PATH");
    out->of = ARENA_ARRAY(a, slice, len);
    if (!invocation_has(p->run.in, OPTION_INSTALL)) return true;
    slice folder = arena_printf(a, "%s/sflint-install-XXXXXX", temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    if (mkdtemp((char *)(uintptr_t)folder.at) == NULL) {
        command_usage(p->run.in, "--install: no folder can be made for it in %s", temporary != NULL ? temporary : "/tmp");
        return false;
    }
    out->folder = folder;
    for (size_t i = 0; i < len; i++) {
        slice why = SLICE("");
        out->of[i] = code_install(a, functions[i], path != NULL ? slice_from(path) : SLICE("/usr/bin:/bin"), folder, &why);
        if (why.len > 0) command_usage(p->run.in, "--install: %.*s: %.*s", SLICE_ARG(functions[i]->id), SLICE_ARG(why));
    }
    return true;
}

/* ---- the run ---- */

static int64_t microseconds(clockid_t c) {
    struct timespec t;
    return clock_gettime(c, &t) == 0 ? (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 : 0;
}

static bool wish_of(const invocation *in, sandbox_wish *out) {
    const char *text = invocation_text(in, OPTION_SANDBOX);
    *out = text == NULL || strcmp(text, "auto") == 0 ? SANDBOX_AUTO : strcmp(text, "require") == 0 ? SANDBOX_REQUIRE : SANDBOX_OFF;
    return true;
}

typedef struct {
    smoke_plan *plan;
    sandbox *box;
    smoke *run;
    const node **functions;
    size_t len;
    installation installed;
    slice env_file;
    code_cache *cache;
} running;

static const runnable *prepare(void *self, const resource *function, unsigned number) {
    running *k = self;
    const char *path = getenv("PATH");
    code_options o = { .number = number, .search = path != NULL ? slice_from(path) : SLICE("/usr/bin:/bin"), .env_file = k->env_file, .cache = k->cache };
    for (size_t i = 0; i < k->len; i++)
        if (k->functions[i]->resource == function) o.installed = k->installed.of[i];
    return code_prepare(k->plan->run.arena, k->plan->world, k->box, function->node, o);
}

static bool start(running *k, slice *why) {
    smoke_plan *p = k->plan;
    arena *a = p->run.arena;
    smoke *s = k->run;
    s->loop = loop_new(a);
    loop_set_wall(s->loop, p->now_s * 1000);
    s->server = http_start(a, s->loop, why);
    if (s->server == NULL) return false;
    s->endpoint = endpoint_new(s);
    p->world->port = http_listen(s->server, endpoint_http, s->endpoint);
    if (p->world->port == 0) {
        *why = SLICE("no port of 127.0.0.1 can be had");
        return false;
    }
    s->executor = executor_new(a, s->loop, s->server, k->box);
    k->cache = code_cache_new(a);
    s->prepare = prepare;
    s->prepare_self = k;
    for (size_t i = 0; i < k->len; i++) smoke_running_of(s, k->functions[i]->resource);
    s->flow = flow_new(s);
    return true;
}

static void end(running *k) {
    smoke *s = k->run;
    if (s->executor != NULL) executor_end(s->executor);
    if (s->server != NULL) http_stop(s->server);
    if (k->box != NULL) sandbox_end(k->box);
    if (s->loop != NULL) loop_end(s->loop);
    installation_end(&k->installed);
}

int smoke_fire(smoke_plan *p, const report *base, smoke_report *out) {
    arena *a = p->run.arena;
    const invocation *in = p->run.in;
    running k = { .plan = p };
    sandbox_wish wish;
    slice why = SLICE("");
    const char *env_file = invocation_text(in, OPTION_ENV_FILE);
    int64_t began = microseconds(CLOCK_MONOTONIC), own = microseconds(CLOCK_PROCESS_CPUTIME_ID);
    if (env_file != NULL && !file_read(a, slice_from(env_file), &k.env_file, &why)) return command_usage(in, "--env-file %s: %.*s", env_file, SLICE_ARG(why));
    wish_of(in, &wish);
    k.len = functions_of(p, &k.functions);
    k.run = smoke_new(a, p->run.graph, p->world, p->now_s * 1000);
    if (!install(p, k.functions, k.len, &k.installed)) return STATUS_BAD;
    k.box = sandbox_enter(a, wish, &why);
    if (k.box == NULL || !start(&k, &why)) {
        end(&k);
        return command_usage(in, "nothing was run: %.*s", SLICE_ARG(why));
    }
    slice lacks = sandbox_lacks(k.box);
    /* Only now: events carry URLs of the endpoint. */
    if (!smoke_probes(p, &in->given[OPTION_EVENT])) {
        end(&k);
        run_print_errors(&p->run, base->sources);
        return STATUS_BAD;
    }
    k.run->maker = p->maker;
    for (size_t i = 0; i < p->probes.len; i++) flow_fire(k.run, p->probes.at[i]);
    bool whole = flow_run(k.run);
    end(&k);
    *out = smoke_report_of(a, base, k.run);
    out->lacks = lacks;
    if (!whole) out->stopped = SLICE("interrupted");
    out->timing = invocation_has(in, OPTION_TIMING);
    out->all_us = microseconds(CLOCK_MONOTONIC) - began;
    out->own_us = microseconds(CLOCK_PROCESS_CPUTIME_ID) - own;
    return !whole || out->failed > 0 || out->failed_then > 0 ? STATUS_FINDINGS : STATUS_OK;
}

#else

int smoke_fire(smoke_plan *p, const report *base, smoke_report *out) {
    (void)base;
    (void)out;
    return command_usage(p->run.in, "this build of sflint runs no handlers: it was made without libmicrohttpd and zlib; --plan works");
}

#endif
