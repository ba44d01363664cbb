/* Which route of an API takes a request: the most specific one that fits.
 * API Gateway developer guide, "Create routes for HTTP APIs" (full match, then greedy path variable, then $default; an exact method before ANY)
 * and "Set up API methods" (REST: the resource is found by its path first, then its method). Load balancers: Application Load Balancer
 * guide, "Condition types" (path patterns with * and ?); VPC Lattice the same. */
#include "service/match_parts.h"

/* How well a path fits, part by part from the left; texts in byte order: the smaller is the more specific. */
enum { PART_LITERAL = '0', PART_VARIABLE = '1', PART_GREEDY = '2', PART_DEFAULT = '3' };

typedef struct {
    bool route;              /* an edge of a route service with a filter */
    tri path, method;
    slice rank;              /* of the path; path YES only */
    char method_rank;        /* '0' named, '1' ANY */
    slice path_text, method_text;
    slice because;           /* when path or method is not YES */
} fit;

typedef struct {
    const edge *best;        /* of the routes that fit */
    size_t routes;           /* that are declared */
    size_t authorizers;
    bool open;               /* a route that may fit is not known */
} api_state;

struct routes {
    arena *arena;
    const graph *graph;
    fit *fits;               /* by edge index */
    api_state *apis;         /* by node index */
};

static bool is_api(slice service) { return slice_is(service, "rest") || slice_is(service, "http"); }
static bool is_balancer(slice service) { return slice_is(service, "alb") || slice_is(service, "lattice"); }

bool match_is_route_service(slice service) {
    return is_api(service) || is_balancer(service) || slice_is(service, "url") || slice_is(service, "cloudfront");
}

static bool variable(slice part, bool *greedy) {
    bool braces = part.len > 2 && part.at[0] == '{' && part.at[part.len - 1] == '}';
    *greedy = braces && part.at[part.len - 2] == '+';
    return braces;
}

static slice without_end(slice path) {
    if (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    if (path.len > 0 && path.at[0] == '/') path = slice_after(path, 1);
    return path;
}

static bool path_fits(arena *a, slice route, slice path, slice *rank) {
    buf b = { .arena = a };
    if (slice_is(route, "$default")) {
        *rank = SLICE("3");
        return true;
    }
    slice want = without_end(route), got = without_end(path), w, g;
    while (want.at != NULL) {
        bool greedy, is_variable;
        slice_cut(&want, '/', &w);
        is_variable = variable(w, &greedy);
        if (got.at == NULL || !slice_cut(&got, '/', &g)) return false;
        if (greedy) {
            if (g.len == 0 && got.at == NULL) return false;
            buf_char(&b, PART_GREEDY);
            *rank = buf_as_slice(&b);
            return true;
        }
        if (is_variable ? g.len == 0 : !slice_eq(w, g)) return false;
        buf_char(&b, is_variable ? PART_VARIABLE : PART_LITERAL);
    }
    *rank = buf_as_slice(&b);
    return got.at == NULL;
}

/* What one route says of the request. */
static fit fit_of(arena *a, const edge *e, const record *r) {
    fit f = { .route = true, .path = UNKNOWN, .method = UNKNOWN, .because = SLICE_INIT("") };
    const value *filter = value_under(e->filter, e->when);
    const value *path = value_under(value_get(a, filter, SLICE("path")), e->when), *method = value_under(value_get(a, filter, SLICE("method")), e->when);
    if (!r->path.there) {
        f.because = SLICE("path: the request has none");
        f.path = NO;
    } else if (value_text(a, path, &f.path_text)) {
        bool fits = is_balancer(e->service) ? slice_glob(f.path_text, r->path.text) : path_fits(a, f.path_text, r->path.text, &f.rank);
        f.path = fits ? YES : NO;
        if (!fits) f.because = arena_printf(a, "path: %.*s does not match %.*s", SLICE_ARG(match_quoted(a, r->path.text)), SLICE_ARG(match_quoted(a, f.path_text)));
    } else {
        f.because = arena_printf(a, "path: %.*s cannot be known from the template", SLICE_ARG(match_quoted(a, value_display(a, path))));
    }
    /* A request without a method is any. */
    if (!r->method.there || slice_is(r->method.text, "ANY") || value_is_absent(method) || (value_text(a, method, &f.method_text) &&
        (slice_same_letters(f.method_text, SLICE("ANY")) || slice_is(f.method_text, "*")))) {
        f.method = YES;
        f.method_rank = '1';
    } else if (f.method_text.at != NULL) {
        f.method = slice_same_letters(f.method_text, r->method.text) ? YES : NO;
        f.method_rank = '0';
        if (f.method == NO && f.path == YES)
            f.because = arena_printf(a, "method: %.*s is not %.*s", SLICE_ARG(match_quoted(a, r->method.text)), SLICE_ARG(match_quoted(a, f.method_text)));
    } else if (f.path == YES) {
        f.because = arena_printf(a, "method: %.*s cannot be known from the template", SLICE_ARG(match_quoted(a, value_display(a, method))));
    }
    return f;
}

static bool has_route(const edge *e) {
    return e->filter != NULL && !value_is_absent(e->filter) && (is_api(e->service) || is_balancer(e->service)) &&
           !(e->filter->kind == VAL_MAP && e->filter->map.len > 0 && slice_is(e->filter->map.at[0].key, "trigger"));
}

/* <0: x is the better one. REST finds the resource by its path whatever the method. */
static int order(const fit *x, const fit *y) {
    int by_path = slice_order(x->rank, y->rank);
    return by_path != 0 ? by_path : x->method_rank - y->method_rank;
}

static bool competes(const edge *e, const fit *f) { return f->path == YES && (f->method == YES || (f->method == NO && slice_is(e->service, "rest"))); }

routes *match_routes(arena *a, const graph *g, const record *r) {
    routes *all = ARENA_NEW(a, routes);
    all->arena = a;
    all->graph = g;
    all->fits = ARENA_ARRAY(a, fit, g->edges.len + 1);
    all->apis = ARENA_ARRAY(a, api_state, g->nodes.len + 1);
    for (size_t i = 0; i < g->edges.len; i++) {
        const edge *e = g->edges.at[i];
        if (!has_route(e)) {
            all->apis[e->from->index].authorizers += is_api(e->service) && e->filter != NULL && e->filter->kind == VAL_MAP;
            continue;
        }
        fit *f = &all->fits[i];
        api_state *api = &all->apis[e->from->index];
        *f = fit_of(a, e, r);
        api->routes++;
        api->open = api->open || (f->path != NO && f->method != NO && (f->path == UNKNOWN || f->method == UNKNOWN));
        if (!competes(e, f)) continue;
        if (f->method == NO) f->method_rank = '9';
        if (is_balancer(e->service)) {
            if (api->best == NULL) api->best = e;
        } else if (api->best == NULL || order(f, &all->fits[api->best->index]) < 0) {
            api->best = e;
        }
    }
    return all;
}

static slice request(arena *a, const record *r) {
    return arena_printf(a, "%.*s%s%.*s", SLICE_ARG(r->method.text), r->method.there ? " " : "", SLICE_ARG(r->path.text));
}

/* An authorizer's function runs for routes that ask for it. */
static answer authorizer(arena *a, const routes *all, const record *r, const edge *e) {
    const api_state *api = &all->apis[e->from->index];
    if (api->best == NULL || all->fits[api->best->index].method == NO)
        return api->open || api->routes == 0 ? answer_unknown(SLICE("which route takes the request is not known"))
                                             : answer_no(arena_printf(a, "no route of %.*s takes %.*s", SLICE_ARG(e->from->id), SLICE_ARG(request(a, r))));
    slice auth;
    const value *v = value_at(a, api->best->facts == NULL ? &value_absent : api->best->facts, SLICE("route.auth"));
    if (!value_text(a, v, &auth)) return answer_unknown(SLICE("which authorizer the route has is not known"));
    if (!slice_is(auth, "CUSTOM")) return answer_no(arena_printf(a, "the route %.*s has no Lambda authorizer (%.*s)", SLICE_ARG(all->fits[api->best->index].path_text), SLICE_ARG(auth)));
    if (api->authorizers > 1) return answer_unknown(SLICE("which of the authorizers the route has is not known"));
    return answer_yes();
}

/* A request to the API itself: does some route take it? */
static answer reaches(arena *a, const routes *all, const record *r, const edge *e) {
    const api_state *api = &all->apis[e->to->index];
    if (!is_api(e->service)) return answer_yes();
    if (api->best != NULL && all->fits[api->best->index].method == YES) return answer_yes();
    if (api->open || api->routes == 0) return answer_unknown(SLICE("which route takes the request is not known"));
    return answer_no(arena_printf(a, "no route of %.*s takes %.*s", SLICE_ARG(e->to->id), SLICE_ARG(request(a, r))));
}

answer match_route(arena *a, const routes *all, const record *r, const edge *e) {
    const fit *f = &all->fits[e->index];
    const api_state *api = &all->apis[e->from->index];
    if (!f->route) {
        bool filtered = e->filter != NULL && !value_is_absent(e->filter);
        if (e->from->role == ROLE_CALLER && e->to->role != ROLE_COMPUTE) return reaches(a, all, r, e);
        if (filtered && is_api(e->service)) return authorizer(a, all, r, e);
        if (is_balancer(e->service) && api->best != NULL)
            return answer_no(arena_printf(a, "a rule of %.*s takes %.*s before its default", SLICE_ARG(e->from->id), SLICE_ARG(request(a, r))));
        if (is_api(e->service)) return answer_unknown(SLICE("no route of the templates names this integration"));
        return answer_yes();
    }
    if (f->path == NO || f->method == NO) return answer_no(f->because);
    if (f->path == UNKNOWN || f->method == UNKNOWN) return answer_unknown(f->because);
    const edge *best = api->best;
    if (best == NULL || best == e || is_balancer(e->service) || order(&all->fits[best->index], f) >= 0) return answer_yes();
    const fit *b = &all->fits[best->index];
    slice why = arena_printf(a, "path: %.*s%s%.*s is more specific for %.*s", SLICE_ARG(b->method_text), b->method_text.len > 0 ? " " : "", SLICE_ARG(b->path_text),
                             SLICE_ARG(match_quoted(a, r->path.text)));
    return when_implied(best->when, e->when) && best->enabled == YES ? answer_no(why) : answer_unknown(why);
}
