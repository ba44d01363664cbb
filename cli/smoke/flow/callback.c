/* What a handler must send to a URL that its event carried: the answer of a custom resource. AWS CloudFormation user guide, "Custom resource
 * response objects". */
#include "smoke/flow/parts.h"

typedef struct {
    firing *f;
    slice logical, request;
    slice physical;              /* as the request had it; "" */
    bool answered;
} callback;

static slice path_of(slice url) {
    size_t at = slice_find_slice(url, SLICE("/_sflint/"));
    return at == (size_t)-1 ? SLICE("") : slice_after(url, at);
}

int64_t flow_callback_delay_ms(const doc_node *event) {
    static const char *const requests[] = { "Create", "Update", "Delete" };
    if (path_of(js_str_of(event, "ResponseURL")).len == 0) return 0;
    for (size_t i = 0; i < COUNT(requests); i++)
        if (slice_is(js_str_of(event, "RequestType"), requests[i])) return (int64_t)i;
    return 0;
}

/* A firing whose event has a ResponseURL of ours has failed unless that URL is called. */
const doc_node *flow_expect_callback(smoke *s, firing *f, const doc_node *event) {
    slice path = path_of(js_str_of(event, "ResponseURL"));
    if (path.len == 0) return event;
    callback *c = ARENA_NEW(s->arena, callback);
    *c = (callback){ .f = f, .logical = js_str_of(event, "LogicalResourceId"), .request = js_str_of(event, "RequestType"), .physical = js_str_of(event, "PhysicalResourceId") };
    const slice *known = strmap_get(&s->flow->physical, c->logical);
    strmap_put(s->arena, &s->flow->callbacks, arena_copy(s->arena, path), c);
    if (known == NULL || slice_is(c->request, "Create")) return event;
    c->physical = *known;
    return js_with(s->arena, event, SLICE("PhysicalResourceId"), js_string(s->arena, *known));
}

/* An Update that answers another id has made a new resource: CloudFormation then deletes the old one (user guide, "Custom resource response objects"). */
static void answered_id(smoke *s, const callback *c, slice id) {
    arena *a = s->arena;
    slice *kept = ARENA_NEW(a, slice);
    *kept = arena_copy(a, id);
    if (slice_is(c->request, "Update") && c->physical.len > 0 && !slice_eq(c->physical, id))
        firing_note(s, c->f, arena_printf(a, "Update answered another PhysicalResourceId (%.*s, not %.*s): CloudFormation then deletes the old resource", SLICE_ARG(id), SLICE_ARG(c->physical)));
    strmap_put(a, &s->flow->physical, arena_copy(a, c->logical), kept);
}

static void judge(smoke *s, callback *c, slice body) {
    arena *a = s->arena;
    const doc_node *n = js_read(a, body);
    slice status = js_str_of(n, "Status");
    if (body.len > 4096) firing_fail(s, c->f, SLICE("the response is larger than 4096 bytes: CloudFormation takes no more"));
    else if (n == NULL) firing_fail(s, c->f, SLICE("what was sent to ResponseURL is no JSON"));
    else if (slice_is(status, "FAILED") && flow_not_emulated(c->f).len > 0)
        firing_skip(s, c->f, arena_printf(a, "needs what is not emulated: %.*s", SLICE_ARG(flow_not_emulated(c->f))));
    else if (slice_is(status, "FAILED")) firing_fail(s, c->f, arena_printf(a, "the resource answered FAILED: %.*s", SLICE_ARG(js_str_of(n, "Reason"))));
    else if (!slice_is(status, "SUCCESS")) firing_fail(s, c->f, SLICE("the response has no Status SUCCESS or FAILED"));
    else if (js_str_of(n, "PhysicalResourceId").len == 0) firing_fail(s, c->f, SLICE("the response has no PhysicalResourceId"));
    else answered_id(s, c, js_str_of(n, "PhysicalResourceId"));
}

bool flow_called_back(smoke *s, slice path, slice body) {
    size_t query = slice_find(path, '?');
    callback *c = strmap_get(&s->flow->callbacks, slice_from_to(path, 0, query));
    if (c == NULL) return false;
    if (!c->answered) judge(s, c, body);
    c->answered = true;
    return true;
}

void flow_callbacks_left(smoke *s) {
    for (size_t i = 0; i < s->flow->callbacks.len; i++) {
        callback *c = s->flow->callbacks.at[i].value;
        if (!c->answered && c->f->status == FIRING_PASSED)
            firing_fail(s, c->f, SLICE("nothing was sent to ResponseURL: the stack would wait for an hour and then fail"));
    }
}
