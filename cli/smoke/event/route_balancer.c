/* Load balancers: conditions of listener rules and their order. Elastic Load Balancing, "Listener rules for your Application Load Balancer". */
#include "smoke/event/route_parts.h"

#define LAST 1000000LL

static bool is_rule(const edge *e) { return e->via != NULL && slice_is(e->via->type, "AWS::ElasticLoadBalancingV2::ListenerRule"); }

long long balancer_priority(maker *m, const edge *e) {
    long long n;
    if (!is_rule(e)) return LAST;
    return value_as_int(m->world->arena, value_under(resource_written(m->world->arena, e->via, SLICE("Priority")), e->when), &n) == YES ? n : LAST - 1;
}

static slice lower(arena *a, slice s) {
    slice copy = arena_copy(a, s);
    for (size_t i = 0; i < copy.len; i++) {
        char *c = (char *)(uintptr_t)copy.at + i;
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    }
    return copy;
}

/* One of the values fits; "*" and "?" are wildcards. */
static bool any_fits(arena *a, const doc_node *values, slice text, bool any_case) {
    for (size_t i = 0; js_is(values, DOC_LIST) && i < values->list.len; i++) {
        slice glob = js_str(values->list.at[i]);
        if (any_case ? slice_glob(lower(a, glob), lower(a, text)) : slice_glob(glob, text)) return true;
    }
    return false;
}

static bool query_fits(arena *a, const doc_node *pairs, const happening_request *q) {
    for (size_t i = 0; js_is(pairs, DOC_LIST) && i < pairs->list.len; i++) {
        slice key = js_str_of(pairs->list.at[i], "Key"), want = lower(a, js_str_of(pairs->list.at[i], "Value")), rest = q->query, pair;
        if (key.len > 0) {
            if (slice_glob(want, lower(a, route_query(a, q, key)))) return true;
            continue;
        }
        while (rest.at != NULL && slice_cut(&rest, '&', &pair)) {
            size_t eq = slice_find(pair, '=');
            if (slice_glob(want, lower(a, eq < pair.len ? slice_after(pair, eq + 1) : SLICE("")))) return true;
        }
    }
    return false;
}

static slice host_of(const happening_request *q) {
    slice host = route_header(q, SLICE("host"));
    return slice_from_to(host, 0, slice_find(host, ':'));
}

static bool condition_fits(arena *a, const doc_node *c, const happening_request *q) {
    slice field = js_str_of(c, "Field");
    const doc_node *plain = js_get(c, "Values");
    if (slice_is(field, "path-pattern")) return any_fits(a, plain != NULL ? plain : js_at(c, "PathPatternConfig.Values"), q->path, false);
    if (slice_is(field, "host-header")) return any_fits(a, plain != NULL ? plain : js_at(c, "HostHeaderConfig.Values"), host_of(q), true);
    if (slice_is(field, "http-request-method")) return any_fits(a, js_at(c, "HttpRequestMethodConfig.Values"), q->method, false);
    if (slice_is(field, "http-header")) return any_fits(a, js_at(c, "HttpHeaderConfig.Values"), route_header(q, js_str(js_at(c, "HttpHeaderConfig.HttpHeaderName"))), true);
    if (slice_is(field, "query-string")) return query_fits(a, js_at(c, "QueryStringConfig.Values"), q);
    return true;                                 /* source-ip: a request here comes from wherever it is wanted to */
}

bool balancer_takes(maker *m, arena *a, const edge *e, const happening_request *q) {
    const doc_node *all = is_rule(e) ? world_json(m->world, resource_written(m->world->arena, e->via, SLICE("Conditions")), e->when, NULL) : NULL;
    for (size_t i = 0; js_is(all, DOC_LIST) && i < all->list.len; i++)
        if (!condition_fits(a, all->list.at[i], q)) return false;
    return true;
}
