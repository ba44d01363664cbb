/* What an edge of the graph says, at run time. */
#include "smoke/flow/parts.h"

slice flow_edge_text(smoke *s, const edge *e, const char *fact) {
    const value *v = e->facts == NULL ? &value_absent : value_get(s->arena, e->facts, slice_from(fact));
    return value_is_absent(v) ? SLICE("") : world_text(s->world, v, e->when, NULL);
}

long long flow_setting(smoke *s, const edge *e, const char *name, long long otherwise) {
    const value *v = e->settings == NULL ? &value_absent : value_get(s->arena, e->settings, slice_from(name));
    long long n;
    return value_as_int(s->arena, value_under(v, e->when), &n) == YES ? n : otherwise;
}

static const doc_node *filter_of(smoke *s, const edge *e) {
    return e->filter == NULL || value_is_absent(e->filter) ? NULL : world_json(s->world, e->filter, e->when, NULL);
}

static tri one(smoke *s, pattern_dialect d, const doc_node *pattern, const doc_node *event, slice *because) {
    return pattern_match(s->arena, d, value_from_doc(s->arena, pattern), value_from_doc(s->arena, event), because);
}

tri flow_takes(smoke *s, const edge *e, pattern_dialect d, const doc_node *event, slice *because) {
    const doc_node *filter = filter_of(s, e), *patterns = js_get(filter, "patterns");
    *because = SLICE("");
    if (filter == NULL) return YES;
    if (d == PATTERN_SNS_ATTRIBUTES || d == PATTERN_SNS_BODY) {
        const doc_node *policy = js_get(filter, "policy");
        return js_len(policy) == 0 ? YES : one(s, d, policy, event, because);
    }
    if (patterns == NULL) return d == PATTERN_EVENTS ? one(s, d, filter, event, because) : YES;
    tri all = patterns->kind == DOC_LIST && patterns->list.len > 0 ? NO : YES;
    for (size_t i = 0; all != YES && i < js_len(patterns); i++) {
        tri it = one(s, d, patterns->list.at[i], event, because);
        if (it == YES || (it == UNKNOWN && all == NO)) all = it;
    }
    return all;
}

bool flow_follows(const edge *e) {
    return e->enabled != NO && (e->kind == EDGE_SYNC || e->kind == EDGE_ASYNC || e->kind == EDGE_POLL || e->kind == EDGE_STREAM);
}

bool flow_permitted(smoke *s, firing *f, const edge *e) {
    if (f->status != FIRING_OPEN) return false;
    if (e->enabled == NO) {
        firing_skip(s, f, SLICE("disabled: it never fires"));
        return false;
    }
    if (e->permission != PERMISSION_MISSING && e->permission != PERMISSION_MISMATCH) return true;
    firing_fail(s, f, arena_printf(s->arena, "not delivered: %.*s", SLICE_ARG(e->permission_reason)));
    return false;
}

bool flow_is_pipe(const edge *e) { return e->via != NULL && slice_is(e->via->type, "AWS::Pipes::Pipe"); }
