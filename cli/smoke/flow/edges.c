/* What an edge of the graph says, at run time. */
#include "smoke/event/parts.h"
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

long long flow_batch_size(smoke *s, const edge *e, long long otherwise) {
    const value *batch = e->facts == NULL ? &value_absent : value_get(s->arena, e->facts, SLICE("batch"));
    return js_int_of(world_json(s->world, batch, e->when, NULL), "size", otherwise);
}

slice flow_source_arn(smoke *s, const edge *e) {
    slice arn = edge_source_arn(&s->maker, e);
    size_t stream = slice_find_slice(arn, SLICE("/stream/"));
    return stream == (size_t)-1 || slice_find_slice(arn, SLICE(":dynamodb:")) == (size_t)-1 ? arn : slice_from_to(arn, 0, stream);
}

/* Made once an edge: it is looked at with every event. */
static const value *filter_of(smoke *s, const edge *e) {
    if (e->filter == NULL || value_is_absent(e->filter)) return NULL;
    if (s->flow->filters == NULL) s->flow->filters = ARENA_ARRAY(s->arena, const value *, s->graph->edges.len);
    const value **kept = &s->flow->filters[e->index];
    if (*kept == NULL) *kept = value_from_doc(s->arena, world_json(s->world, e->filter, e->when, NULL));
    return *kept;
}

#define BECAUSE_BYTES 1000u

/* What looking takes from the arena is given back but for the reason. */
static tri one(smoke *s, pattern_dialect d, const value *pattern, const doc_node *event, slice *because) {
    char kept[BECAUSE_BYTES];
    arena_mark m = arena_mark_take(s->arena);
    slice why = SLICE("");
    tri is = pattern_match(s->arena, d, pattern, value_from_doc(s->arena, event), &why);
    size_t len = why.len < sizeof kept ? why.len : sizeof kept;
    if (len > 0) memcpy(kept, why.at, len);
    arena_mark_return(s->arena, m);
    *because = len > 0 ? arena_copy(s->arena, (slice){ kept, len }) : SLICE("");
    return is;
}

tri flow_takes(smoke *s, const edge *e, pattern_dialect d, const doc_node *event, slice *because) {
    const value *filter = filter_of(s, e);
    *because = SLICE("");
    if (filter == NULL) return YES;
    const value *patterns = value_get(s->arena, filter, SLICE("patterns")), *policy = value_get(s->arena, filter, SLICE("policy"));
    if (d == PATTERN_SNS_ATTRIBUTES || d == PATTERN_SNS_BODY) return policy->kind != VAL_MAP || policy->map.len == 0 ? YES : one(s, d, policy, event, because);
    if (d == PATTERN_EVENTS) return one(s, d, filter, event, because);
    if (patterns->kind != VAL_LIST) return YES;
    tri all = patterns->list.len > 0 ? NO : YES;
    for (size_t i = 0; all != YES && i < patterns->list.len; i++) {
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

/* An execution ends when its last state has; nobody waits for it. */
bool flow_ends_itself(const edge *e) { return slice_is(e->to->type, "AWS::StepFunctions::StateMachine"); }

bool flow_is_pipe(const edge *e) { return e->via != NULL && slice_is(e->via->type, "AWS::Pipes::Pipe"); }
