/* Buckets: notifications and EventBridge. S3 user guide, "Amazon S3 Event Notifications", "Using EventBridge". */
#include "smoke/event/make.h"
#include "smoke/flow/parts.h"

/* "s3:ObjectCreated:*" of the configuration, "ObjectCreated:Put" of what happened. */
static bool event_matches(slice wanted, slice happened) {
    if (slice_starts(wanted, SLICE("s3:"))) wanted = slice_after(wanted, 3);
    return slice_glob(wanted, happened);
}

static bool notified(smoke *s, const edge *e, const happening_object *o, slice *because) {
    const doc_node *filter = world_json(s->world, e->filter, e->when, NULL), *events = js_get(filter, "events");
    slice prefix = js_str_of(filter, "prefix"), suffix = js_str_of(filter, "suffix");
    arena *a = s->arena;
    bool any = events == NULL;
    for (size_t i = 0; js_is(events, DOC_LIST) && i < events->list.len; i++) any |= event_matches(js_str(events->list.at[i]), o->event);
    if (!any) *because = arena_printf(a, "%.*s is not among its events", SLICE_ARG(o->event));
    else if (!slice_starts(o->key, prefix)) *because = arena_printf(a, "the key %.*s does not begin with %.*s", SLICE_ARG(o->key), SLICE_ARG(prefix));
    else if (!slice_ends(o->key, suffix)) *because = arena_printf(a, "the key %.*s does not end with %.*s", SLICE_ARG(o->key), SLICE_ARG(suffix));
    else return true;
    return false;
}

static bool by_bus(const edge *e) { return slice_is(e->service, "events"); }

static slice configuration_of(smoke *s, const edge *e) {
    slice name = world_declared_name(s->world, e);
    return name.len > 0 ? name : SLICE("sflint");
}

static void deliver(smoke *s, firing *f, const edge *e, const happening_object *o, const probe *p) {
    slice bucket = e->from->resource != NULL ? world_name(s->world, e->from->resource) : e->from->id;
    flow_deliver(s, f, e, make_s3_event(&s->maker, s->arena, bucket, configuration_of(s, e), o), p);
}

static bool sends_to_bus(smoke *s, const resource *bucket) {
    const value *v = value_at(s->arena, bucket->properties, SLICE("NotificationConfiguration.EventBridgeConfiguration"));
    if (v->kind != VAL_MAP) return false;
    const value *on = value_get(s->arena, v, SLICE("EventBridgeEnabled"));
    bool enabled = true;
    return value_as_bool(s->arena, on, &enabled) != YES || enabled;
}

static happening_object kept_of(arena *a, const happening_object *o) {
    happening_object k = *o;
    k.event = arena_copy(a, o->event);
    k.key = arena_copy(a, o->key);
    k.etag = arena_copy(a, o->etag);
    k.version = arena_copy(a, o->version);
    k.body = SLICE("");
    return k;
}

void flow_object(smoke *s, const resource *bucket, const happening_object *said, firing *cause) {
    arena *a = s->arena;
    const node *n = bucket->node;
    if (!smoke_room(s, said->key.len)) return;
    happening_object o = kept_of(a, said);
    const doc_node *event = sends_to_bus(s, bucket) ? make_s3_bus_event(&s->maker, a, world_name(s->world, bucket), &o) : NULL;
    size_t notifications = 0;
    for (size_t i = 0; n != NULL && i < n->out_len; i++) {
        const edge *e = n->out[i];
        slice because;
        if (!flow_follows(e) || (by_bus(e) ? event == NULL || flow_takes(s, e, PATTERN_EVENTS, event, &because) == NO : !notified(s, e, &o, &because))) continue;
        if (!by_bus(e) && ++notifications == 2)
            firing_note(s, cause, arena_printf(a, "%.*s: two notifications take %.*s of %.*s; S3 refuses a configuration in which they overlap", SLICE_ARG(bucket->id),
                                               SLICE_ARG(o.event), SLICE_ARG(o.key)));
        firing *f = firing_new(s, cause, e);
        if (!flow_permitted(s, f, e)) continue;
        if (by_bus(e)) flow_event_over(s, f, e, event, NULL);
        else deliver(s, f, e, &o, NULL);
    }
    if (event != NULL) flow_put_event(s, NULL, event, cause);
}

void flow_object_over(smoke *s, firing *f, const edge *e, const happening_object *o, const probe *p) {
    arena *a = s->arena;
    slice because = SLICE("");
    if (by_bus(e) && e->from->resource != NULL) {
        const doc_node *event = make_s3_bus_event(&s->maker, a, world_name(s->world, e->from->resource), o);
        if (!sends_to_bus(s, e->from->resource)) firing_fail(s, f, arena_printf(a, "%.*s does not send its events to EventBridge: EventBridgeConfiguration is not set", SLICE_ARG(e->from->id)));
        else if (event != NULL) flow_event_over(s, f, e, event, p);
        else firing_fail(s, f, arena_printf(a, "S3 sends no %.*s to EventBridge", SLICE_ARG(o->event)));
        return;
    }
    bool is = notified(s, e, o, &because);
    if (!is && f->must_not_arrive) firing_pass(f);
    else if (!is) firing_fail(s, f, because);
    else if (f->must_not_arrive) firing_fail(s, f, SLICE("its filter lets through what it should refuse"));
    else {
        if (s->endpoint != NULL && slice_starts(o->event, SLICE("ObjectCreated")) && e->from->resource != NULL)
            endpoint_put_object(s->endpoint, e->from->resource, o->key, o->body, o->content_type);
        deliver(s, f, e, o, p);
    }
}
