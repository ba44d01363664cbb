/* Buses and schedules. */
#include "service/event_shape.h"
#include "service/schedule.h"
#include "smoke/event/plan_parts.h"

/* ---- the shape of what a service sends, filled ---- */

#define SHAPE_DEPTH 12

static bool has_word(slice name, const char *word) {
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= name.len; i++)
        if (slice_same_letters(slice_from_to(name, i, i + len), slice_from(word))) return true;
    return false;
}

/* A text by what the member is called. */
static const doc_node *text_of_name(planning *p, slice name) {
    maker *m = p->maker;
    if (has_word(name, "arn")) return SHAPE_PLAIN(m, p->arena, "'arn:${partition}:sflint:${region}:${account}:smoke'");
    if (has_word(name, "region")) return js_string(p->arena, m->world->region);
    if (has_word(name, "account")) return js_string(p->arena, m->world->account);
    if (has_word(name, "time") || has_word(name, "date")) return js_string(p->arena, make_time(p->arena, m->now_ms, false));
    if (has_word(name, "address") || slice_same_letters(name, SLICE("ip"))) return js_cstr(p->arena, "203.0.113.178");
    if (slice_same_letters(name, SLICE("version"))) return js_cstr(p->arena, "0");
    return js_cstr(p->arena, "sflint-smoke");
}

/* Members that are optional or of any name are left out: a pattern that needs them lays them over. */
static const doc_node *filled(planning *p, const value *shape, slice name, unsigned depth) {
    arena *a = p->arena;
    if (depth > SHAPE_DEPTH) return js_empty_object();
    if (shape->kind == VAL_MAP) {
        js_object o = { 0 };
        for (size_t i = 0; i < shape->map.len; i++) {
            slice key = shape->map.at[i].key;
            if (slice_ends(key, SLICE("?")) || slice_is(key, "*")) continue;
            VEC_PUSH(a, &o.entries, (doc_entry){ .key = key, .value = filled(p, shape->map.at[i].value, key, depth + 1) });
        }
        return js_object_end(a, &o);
    }
    if (shape->kind == VAL_LIST) {
        js_list l = { 0 };
        if (shape->list.len > 0) js_push(a, &l, filled(p, shape->list.at[0], name, depth + 1));
        return js_list_end(a, &l);
    }
    if (shape->kind == VAL_STRING && slice_is(shape->text, "string")) return text_of_name(p, name);
    if (shape->kind == VAL_STRING && (slice_is(shape->text, "number") || slice_is(shape->text, "integer"))) return js_int(a, 1);
    if (shape->kind == VAL_STRING && slice_is(shape->text, "boolean")) return js_bool(true);
    return js_empty_object();
}

/* ---- rules ---- */

static probe_room event_room(void *self, arena *a, const slice *path, size_t len, slice *without) {
    static const char *const free_keys[] = { "source", "detail-type", "account", "region", "time", "resources", "detail", "replay-name" };
    const node *bucket = self;
    if (bucket != NULL && len == 3 && slice_is(path[0], "detail") && slice_is(path[1], "bucket") && slice_is(path[2], "name")) return ROOM_FIXED;
    for (size_t i = 0; i < COUNT(free_keys); i++)
        if (slice_is(path[0], free_keys[i])) return ROOM_FREE;
    if (slice_is(path[0], "version") || slice_is(path[0], "id")) return ROOM_FIXED;
    *without = arena_printf(a, "an EventBridge event has no key `%.*s`", SLICE_ARG(path[0]));
    return ROOM_NONE;
}

/* Of an event about which the pattern says nothing. */
#define NO_SOURCE "sflint.smoke"
#define NO_TYPE "sflint smoke"

/* What the rule's targets select of the event (InputPath, InputPathsMap) must be there: a path that selects nothing is not delivered. */
static const doc_node *with_selected(planning *p, const doc_node *event) {
    arena *a = p->arena;
    const doc_node *targets = p->edge->via == NULL ? NULL : property(p->maker, p->edge->via, "Targets", p->edge->when);
    for (size_t i = 0; js_is(targets, DOC_LIST) && i < targets->list.len; i++) {
        const doc_node *map = js_get(js_get(targets->list.at[i], "InputTransformer"), "InputPathsMap");
        VEC(slice) paths = { 0 };
        VEC_PUSH(a, &paths, js_str_of(targets->list.at[i], "InputPath"));
        for (size_t k = 0; js_is(map, DOC_MAP) && k < map->map.len; k++) VEC_PUSH(a, &paths, js_str(map->map.at[k].value));
        for (size_t k = 0; k < paths.len; k++) {
            slice path = paths.at[k].len > 2 ? slice_after(paths.at[k], 2) : SLICE("");
            if (!slice_starts(path, SLICE("detail.")) || slice_find(path, '[') != path.len || slice_find_slice(path, SLICE("..")) != (size_t)-1) continue;
            if (js_at(event, arena_copy(a, path).at) == NULL) event = js_with_at(a, event, path, js_cstr(a, "sflint-smoke"));
        }
    }
    return event;
}

/* What S3's own event says as a happening at the bucket; false when it says more than a happening does. */
static bool object_of(planning *p, slice bucket, const doc_node *event, const doc_node *pattern, happening_object *out) {
    static const struct { const char *type, *reason, *deletion, *event; } reasons[] = {
        { "Object Created", "PutObject", "", "ObjectCreated:Put" }, { "Object Created", "POST Object", "", "ObjectCreated:Post" },
        { "Object Created", "CopyObject", "", "ObjectCreated:Copy" }, { "Object Created", "CompleteMultipartUpload", "", "ObjectCreated:CompleteMultipartUpload" },
        { "Object Deleted", "Lifecycle Expiration", "Permanently Deleted", "LifecycleExpiration:Delete" },
        { "Object Deleted", "Lifecycle Expiration", "Delete Marker Created", "LifecycleExpiration:DeleteMarkerCreated" },
        { "Object Deleted", "", "Delete Marker Created", "ObjectRemoved:DeleteMarkerCreated" }, { "Object Deleted", "", "", "ObjectRemoved:Delete" },
        { "Object Created", "", "", "ObjectCreated:Put" }, { "Object Restore Initiated", "", "", "ObjectRestore:Post" },
        { "Object Restore Completed", "", "", "ObjectRestore:Completed" }, { "Object Restore Expired", "", "", "ObjectRestore:Delete" },
        { "Object Tags Added", "", "", "ObjectTagging:Put" }, { "Object Tags Deleted", "", "", "ObjectTagging:Delete" },
        { "Object ACL Updated", "", "", "ObjectAcl:Put" }, { "Object Storage Class Changed", "", "", "LifecycleTransition" },
        { "Object Access Tier Changed", "", "", "IntelligentTiering" },
    };
    slice type = js_str_of(event, "detail-type"), reason = js_str(js_at(event, "detail.reason")), deletion = js_str(js_at(event, "detail.deletion-type"));
    slice key = js_str(js_at(event, "detail.object.key"));
    object_contents c = plan_contents(p->arena, key);
    *out = (happening_object){ .event = SLICE_INIT(""), .key = key, .body = c.body, .content_type = c.type, .size = c.body.len, .etag = SLICE_INIT(""), .version = SLICE_INIT("") };
    for (size_t i = 0; i < COUNT(reasons) && out->event.len == 0; i++)
        if (slice_is(type, reasons[i].type) && (reasons[i].reason[0] == '\0' || slice_is(reason, reasons[i].reason)) &&
            (reasons[i].deletion[0] == '\0' || slice_is(deletion, reasons[i].deletion)))
            out->event = slice_from(reasons[i].event);
    long long size = js_int_of(js_at(event, "detail.object"), "size", -1);
    if (size >= 0 && js_is_number(js_at(event, "detail.object.size"))) out->size = (uint64_t)size;
    const doc_node *made = out->event.len == 0 ? NULL : make_s3_bus_event(p->maker, p->arena, bucket, out);
    return made != NULL && (pattern == NULL || probe_matches(p->arena, PATTERN_EVENTS, &pattern, 1, made) == YES);
}

/* A happening at the bucket that the pattern refuses: the one that was found, or one of another kind. */
static bool refused_object(planning *p, slice bucket, const doc_node *refused, const doc_node *pattern, happening_object *out) {
    static const char *const others[] = { "ObjectRemoved:Delete", "ObjectTagging:Put", "ObjectCreated:Put" };
    if (refused != NULL && object_of(p, bucket, refused, NULL, out) &&
        probe_matches(p->arena, PATTERN_EVENTS, &pattern, 1, make_s3_bus_event(p->maker, p->arena, bucket, out)) == NO) return true;
    for (size_t i = 0; i < COUNT(others); i++) {
        object_contents c = plan_contents(p->arena, SLICE("sflint-smoke"));
        *out = (happening_object){ .event = slice_from(others[i]), .key = SLICE_INIT("sflint-smoke"), .body = c.body, .content_type = c.type, .size = c.body.len,
                                   .etag = SLICE_INIT(""), .version = SLICE_INIT("") };
        if (probe_matches(p->arena, PATTERN_EVENTS, &pattern, 1, make_s3_bus_event(p->maker, p->arena, bucket, out)) == NO) return true;
    }
    return false;
}

/* A pattern that leaves the source or the detail-type open is for events of a service all the same: the one that is meant most often. */
static void what_is_meant(planning *p, const doc_node *event, slice *source, slice *type) {
    static const struct { const char *source, *type; } usual[] = {
        { "aws.s3", "Object Created" }, { "aws.ec2", "EC2 Instance State-change Notification" }, { "aws.states", "Step Functions Execution Status Change" },
        { "aws.ecs", "ECS Task State Change" }, { "aws.codepipeline", "CodePipeline Pipeline Execution State Change" },
    };
    slice called = js_str(js_at(event, "detail.eventSource"));
    if (slice_is(*source, NO_SOURCE) && slice_ends(*type, SLICE("via CloudTrail")) && slice_ends(called, SLICE(".amazonaws.com")))
        *source = arena_printf(p->arena, "aws.%.*s", SLICE_ARG(slice_from_to(called, 0, called.len - strlen(".amazonaws.com"))));
    if (!slice_is(*type, NO_TYPE)) return;
    const slice *types;
    if (event_types(p->arena, *source, &types) > 0) *type = types[0];
    for (size_t i = 0; i < COUNT(usual); i++)
        if (slice_is(*source, usual[i].source)) *type = slice_from(usual[i].type);
}

/* The bucket of the templates that an event of S3 can come from: one that sends its events to EventBridge; "" = none. */
static slice sending_bucket(planning *p) {
    const templates *set = p->maker->world->graph->set;
    for (size_t t = 0; t < set->list.len; t++)
        for (size_t i = 0; i < set->list.at[t]->resources.len; i++) {
            const resource *r = set->list.at[t]->resources.at[i];
            if (is_type(r, "AWS::S3::Bucket") && property(p->maker, r, "NotificationConfiguration.EventBridgeConfiguration", r->exists) != NULL)
                return world_name(p->maker->world, r);
        }
    return SLICE("");
}

void plan_rule(planning *p) {
    arena *a = p->arena;
    maker *m = p->maker;
    const doc_node *pattern = edge_filter(m, p->edge);
    const node *bucket = slice_is(p->edge->from->type, "AWS::S3::Bucket") ? p->edge->from : NULL;
    slice bucket_name = bucket == NULL ? SLICE("") : bucket->resource != NULL ? world_name(m->world, bucket->resource) : bucket->id;
    if (!js_is(pattern, DOC_MAP)) {
        plan_cannot(p, SLICE("its event pattern is not known from the templates"), false);
        return;
    }
    /* the source and the detail-type first: they say what shape the rest has */
    const doc_node *base = make_bus_event(m, a, SLICE(NO_SOURCE), SLICE(NO_TYPE), js_empty_object(), NULL);
    happening_object object = { .event = SLICE_INIT("ObjectCreated:Put"), .key = SLICE_INIT("sflint-smoke"), .etag = SLICE_INIT(""), .version = SLICE_INIT("") };
    object_contents c = plan_contents(a, object.key);
    object.body = c.body;
    object.size = c.body.len;
    if (bucket != NULL) base = make_s3_bus_event(m, a, bucket_name, &object);
    if (bucket == NULL) base = with_selected(p, base);
    probe_source s = { .dialect = PATTERN_EVENTS, .base = base, .room = event_room, .self = (void *)(uintptr_t)bucket };
    probed out = probe_patterns(a, &s, &pattern, 1);
    if (out.accepted == NULL) {
        plan_cannot(p, out.why, out.never);
        return;
    }
    slice source = js_str_of(out.accepted, "source"), type = js_str_of(out.accepted, "detail-type");
    if (bucket == NULL) what_is_meant(p, out.accepted, &source, &type);
    const value *shape = event_shape(a, source, type);
    bool same_as_base = bucket != NULL && slice_eq(type, js_str_of(base, "detail-type"));
    if (!value_is_absent(shape) && !same_as_base) {
        const doc_node *detail = js_get(filled(p, shape, SLICE(""), 0), "detail");
        const doc_node *fuller = js_with(a, js_with(a, js_with(a, base, SLICE("source"), js_string(a, source)), SLICE("detail-type"), js_string(a, type)), SLICE("detail"), detail);
        if (bucket == NULL && slice_is(source, "aws.s3")) {
            bucket_name = sending_bucket(p);
            if (slice_is(type, "Object Created")) fuller = make_s3_bus_event(m, a, bucket_name.len > 0 ? bucket_name : SLICE("sflint-smoke"), &object);
        }
        if (bucket_name.len > 0) fuller = js_with_at(a, fuller, SLICE("detail.bucket.name"), js_string(a, bucket_name));
        s.base = bucket == NULL ? with_selected(p, fuller) : fuller;
        probed better = probe_patterns(a, &s, &pattern, 1);
        if (better.accepted != NULL) out = better;
    }
    if (bucket != NULL && object_of(p, bucket_name, out.accepted, pattern, &object)) plan_add(p, HAPPENS_OBJECT, SLICE(""))->object = object;
    else plan_add(p, HAPPENS_EVENT, SLICE(""))->event = out.accepted;
    if (bucket != NULL && refused_object(p, bucket_name, out.refused, pattern, &object)) {
        probe *one = plan_add(p, HAPPENS_OBJECT, SLICE("refused by the pattern"));
        one->object = object;
        one->must_not_arrive = true;
    } else if (out.refused != NULL) {
        probe *one = plan_add(p, HAPPENS_EVENT, SLICE("refused by the pattern"));
        one->event = out.refused;
        one->must_not_arrive = true;
    }
}

/* ---- schedules ---- */

/* When it fires next; -1 when that is not known here (another zone than UTC, not valid, never). */
static int64_t next_fire_ms(planning *p) {
    slice expression = edge_filter_text(p->maker, p->edge, "schedule"), zone = edge_filter_text(p->maker, p->edge, "timezone"), error;
    schedule s;
    int64_t next;
    bool utc = zone.len == 0 || slice_is(zone, "UTC") || slice_is(zone, "Etc/UTC");
    if (!utc || !schedule_parse(p->arena, expression, slice_is(p->edge->service, "scheduler") ? SCHEDULE_SCHEDULER : SCHEDULE_RULE, &s, &error)) return -1;
    if (!schedule_next(&s, NULL, p->maker->now_ms / 1000, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next)) return -1;
    return next * 1000;
}

void plan_schedule(planning *p) {
    maker *m = p->maker;
    slice expression = edge_filter_text(m, p->edge, "schedule"), error;
    schedule s;
    bool open = false;               /* a parameter without a value may be a valid expression */
    const value *written = p->edge->filter == NULL ? &value_absent : value_get(p->arena, value_under(p->edge->filter, p->edge->when), SLICE("schedule"));
    world_text(m->world, written, p->edge->when, &open);
    if (!open && expression.len > 0 && !schedule_parse(p->arena, expression, slice_is(p->edge->service, "scheduler") ? SCHEDULE_SCHEDULER : SCHEDULE_RULE, &s, &error)) {
        plan_cannot(p, arena_printf(p->arena, "never fires: %.*s", SLICE_ARG(error)), true);
        return;
    }
    int64_t next = next_fire_ms(p);
    maker at_time = *m;
    if (next >= 0) at_time.now_ms = next;
    slice arn = p->edge->via != NULL ? world_arn(m->world, p->edge->via) : SLICE("");
    if (arn.len == 0 && p->edge->via != NULL) arn = world_attribute(m->world, p->edge->via, SLICE("Arn"));
    probe *one = plan_add(p, HAPPENS_TICK, next >= 0 ? arena_printf(p->arena, "at %.*s", SLICE_ARG(make_time(p->arena, next, false))) : SLICE(""));
    one->event = slice_is(p->edge->service, "scheduler") ? make_scheduler_event(&at_time, p->arena, arn) : make_rule_tick(&at_time, p->arena, arn);
    m->next = at_time.next;
}
