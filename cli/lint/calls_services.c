/* Functions of the vocabulary that know one service. */
#include <stdlib.h>

#include "lint/calls.h"
#include "service/pattern.h"

static const value *under(cel_context *c, const value *v) { return value_under(v, evaluation_of(c)->when); }

/* An open value leaves the answer open, and a choice to the fork. */
static cel_value open_value(cel_context *c, const value *v) { return bind_value(c, v, CATALOG_ANY); }
static bool is_open(const value *v) { return v->kind == VAL_UNKNOWN || v->kind == VAL_CHOICE || v->kind == VAL_REF || v->kind == VAL_JOINED; }

/* ---- alarms ---- */

/* AWS::CloudWatch::Alarm: Dimensions of the alarm itself and of the metrics it computes with. CloudFormation user guide. */
static tri dimensions_name(cel_context *c, const value *dimensions, const resource *r) {
    const value *const *items;
    size_t len;
    tri any = NO;
    value_as_list(c->arena, under(c, dimensions), &items, &len);
    for (size_t i = 0; i < len; i++) {
        const value *v = under(c, value_get(c->arena, under(c, items[i]), SLICE("Value")));
        const resource *other = NULL;
        bool open = false;
        const node *n = graph_pointed(&evaluation_of(c)->own, v, &other, &open);
        if ((n != NULL && n->resource == r) || other == r)
            return YES;
        slice text;
        if (v->kind == VAL_REF && v->ref.to == r)
            return YES;
        if (open || (!value_is_absent(v) && !value_text(c->arena, v, &text) && v->kind != VAL_REF))
            any = UNKNOWN;
    }
    return any;
}

cel_value resource_watches(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *alarm = bind_as_resource(args[0]), *r = bind_as_resource(args[1]);
    if (alarm == NULL || r == NULL)
        return cel_bool(false);
    tri any = dimensions_name(c, resource_get(c->arena, alarm, SLICE("Dimensions")), r);
    const value *const *metrics;
    size_t len;
    value_as_list(c->arena, under(c, resource_get(c->arena, alarm, SLICE("Metrics"))), &metrics, &len);
    for (size_t i = 0; i < len && any != YES; i++) {
        tri one = dimensions_name(c, value_at(c->arena, under(c, metrics[i]), SLICE("MetricStat.Metric.Dimensions")), r);
        any = one == NO ? any : one;
    }
    return bind_tri(any, SLICE("what an alarm watches"));
}

/* ---- texts ---- */

cel_value call_nearest(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    bool object = args[1].kind == CEL_OBJECT && args[1].object.kind->size != NULL;
    if (args[0].kind != CEL_STRING || (!object && args[1].kind != CEL_LIST))
        return cel_string(SLICE(""));
    size_t len = object ? args[1].object.kind->size(c, args[1].object.at) : args[1].list.len, most = args[0].text.len / 3 + 2;
    slice best = SLICE("");
    for (size_t i = 0; i < len; i++) {
        cel_value v = !object ? args[1].list.at[i]
                    : args[1].object.kind->item != NULL ? args[1].object.kind->item(c, args[1].object.at, i)
                                                        : args[1].object.kind->key(c, args[1].object.at, i);
        size_t far = v.kind == CEL_STRING ? slice_distance(args[0].text, v.text, most) : most;
        if (far < most) {
            most = far;
            best = v.text;
        }
    }
    return cel_string(best);
}

/* ---- S3 notifications ---- */

/* "s3:ObjectCreated:*" covers "s3:ObjectCreated:Put". S3 user guide, "Event notification types". */
static bool event_covers(slice x, slice y) {
    return slice_eq(x, y) || (slice_ends(x, SLICE("*")) && slice_starts(y, slice_from_to(x, 0, x.len - 1)));
}

static tri texts_overlap(cel_context *c, const value *x, const value *y, bool at_end) {
    slice a = SLICE(""), b = SLICE("");
    if ((!value_is_absent(x) && !value_text(c->arena, x, &a)) || (!value_is_absent(y) && !value_text(c->arena, y, &b)))
        return UNKNOWN;
    return (at_end ? slice_ends(a, b) || slice_ends(b, a) : slice_starts(a, b) || slice_starts(b, a)) ? YES : NO;
}

static tri both(tri x, tri y) { return x == NO || y == NO ? NO : x == YES && y == YES ? YES : UNKNOWN; }

static tri events_overlap(cel_context *c, const value *x, const value *y) {
    const value *const *a, *const *b;
    size_t n, m;
    tri any = NO;
    value_as_list(c->arena, under(c, x), &a, &n);
    value_as_list(c->arena, under(c, y), &b, &m);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++) {
            slice s, t;
            if (!value_text(c->arena, under(c, a[i]), &s) || !value_text(c->arena, under(c, b[k]), &t))
                any = UNKNOWN;
            else if (event_covers(s, t) || event_covers(t, s))
                return YES;
        }
    return any;
}

static tri notifications_overlap(cel_context *c, const value *x, const value *y, const char *events, const char *prefix, const char *suffix) {
    arena *a = c->arena;
    tri t = events_overlap(c, value_get(a, x, slice_from(events)), value_get(a, y, slice_from(events)));
    t = both(t, texts_overlap(c, under(c, value_get(a, x, slice_from(prefix))), under(c, value_get(a, y, slice_from(prefix))), false));
    return both(t, texts_overlap(c, under(c, value_get(a, x, slice_from(suffix))), under(c, value_get(a, y, slice_from(suffix))), true));
}

/* The prefix and suffix rules of one notification. */
static const value *key_rule(cel_context *c, const value *notification, const char *name) {
    const value *const *rules;
    size_t len;
    value_as_list(c->arena, under(c, value_at(c->arena, notification, SLICE("Filter.S3Key.Rules"))), &rules, &len);
    for (size_t i = 0; i < len; i++) {
        slice text;
        const value *rule_value = under(c, rules[i]);
        if (value_text(c->arena, under(c, value_get(c->arena, rule_value, SLICE("Name"))), &text) && slice_same_letters(text, slice_from(name)))
            return under(c, value_get(c->arena, rule_value, SLICE("Value")));
    }
    return &value_absent;
}

cel_value call_notifications(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    static const char *const lists[] = { "LambdaConfigurations", "QueueConfigurations", "TopicConfigurations" };
    const resource *r = bind_as_resource(args[0]);
    VEC(const value *) out = { 0 };
    if (r == NULL)
        return cel_null();
    const value *all = under(c, resource_get(c->arena, r, SLICE("NotificationConfiguration")));
    if (is_open(all))
        return open_value(c, all);
    for (size_t i = 0; i < COUNT(lists); i++) {
        const value *list = under(c, value_get(c->arena, all, slice_from(lists[i])));
        const value *const *items;
        size_t len;
        if (is_open(list))
            return open_value(c, list);
        value_as_list(c->arena, list, &items, &len);
        for (size_t k = 0; k < len; k++) {
            const value *n = under(c, items[k]);
            if (n->kind != VAL_MAP)
                return open_value(c, n);
            const value *prefix = key_rule(c, n, "prefix"), *suffix = key_rule(c, n, "suffix");
            value_entry *e = ARENA_ARRAY(c->arena, value_entry, 4);
            e[0] = (value_entry){ .key = SLICE_INIT("index"), .value = value_new_int(c->arena, n->at, (long long)out.len) };
            e[1] = (value_entry){ .key = SLICE_INIT("events"), .value = value_get(c->arena, n, SLICE("Event")) };
            e[2] = (value_entry){ .key = SLICE_INIT("prefix"), .value = value_is_absent(prefix) ? value_new_string(c->arena, n->at, SLICE("")) : prefix };
            e[3] = (value_entry){ .key = SLICE_INIT("suffix"), .value = value_is_absent(suffix) ? value_new_string(c->arena, n->at, SLICE("")) : suffix };
            VEC_PUSH(c->arena, &out, value_new_map(c->arena, n->at, e, 4));
        }
    }
    return open_value(c, value_new_list(c->arena, all->at, out.at, out.len));
}

cel_value call_s3_overlap(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const value *x = bind_origin(c, args[0]), *y = bind_origin(c, args[1]);
    if (x->kind != VAL_MAP || y->kind != VAL_MAP)
        return cel_error(c, "s3.overlap() takes two of notifications()");
    return bind_tri(notifications_overlap(c, x, y, "events", "prefix", "suffix"), SLICE("a part of an S3 notification"));
}

/* ---- edges ---- */

/* Lists of patterns; an empty one takes every event. */
static tri filters_overlap(cel_context *c, const edge *x, const edge *y) {
    const value *const *a, *const *b;
    size_t n, m;
    value_as_list(c->arena, value_get(c->arena, x->facts, SLICE("filters")), &a, &n);
    value_as_list(c->arena, value_get(c->arena, y->facts, SLICE("filters")), &b, &m);
    if (n == 0 || m == 0)
        return YES;
    tri any = NO;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++) {
            tri t = pattern_overlap(c->arena, under(c, a[i]), under(c, b[k]));
            if (t == YES)
                return YES;
            any = t == UNKNOWN ? UNKNOWN : any;
        }
    return any;
}

cel_value call_edges_overlap(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const edge *x = bind_as_edge(args[0]), *y = bind_as_edge(args[1]);
    if (x == NULL || y == NULL)
        return cel_error(c, "edgesOverlap() takes two edges");
    if (!slice_eq(x->service, y->service))
        return cel_bool(false);
    tri t = filters_overlap(c, x, y);
    if (slice_is(x->service, "s3"))
        t = both(t, notifications_overlap(c, x->facts, y->facts, "events", "keyPrefix", "keySuffix"));
    return bind_tri(t, SLICE("a part of a filter"));
}

/* ---- DynamoDB keys ---- */

static int text_order(const void *x, const void *y) { return slice_order(((const cel_value *)x)->text, ((const cel_value *)y)->text); }

typedef struct { VEC(cel_value) list; cel_value open; } name_list;

static void add_names(cel_context *c, name_list *out, const value *list) {
    const value *const *items;
    size_t len;
    list = under(c, list);
    if (is_open(list)) {
        out->open = open_value(c, list);
        return;
    }
    value_as_list(c->arena, list, &items, &len);
    for (size_t i = 0; i < len; i++) {
        cel_value v = bind_value(c, value_get(c->arena, under(c, items[i]), SLICE("AttributeName")), CATALOG_STRING);
        if (v.kind == CEL_UNKNOWN)
            out->open = v;
        else if (v.kind == CEL_STRING)
            VEC_PUSH(c->arena, &out->list, cel_string(v.text));
    }
}

static cel_value sorted_names(name_list *n) {
    if (n->open.kind == CEL_UNKNOWN)
        return n->open;
    size_t kept = 0;
    if (n->list.len > 0)
        qsort(n->list.at, n->list.len, sizeof *n->list.at, text_order);
    for (size_t i = 0; i < n->list.len; i++)
        if (kept == 0 || !slice_eq(n->list.at[kept - 1].text, n->list.at[i].text))
            n->list.at[kept++] = n->list.at[i];
    return cel_list(n->list.at, kept);
}

cel_value call_used_keys(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    static const char *const indexes[] = { "GlobalSecondaryIndexes", "LocalSecondaryIndexes" };
    const resource *r = bind_as_resource(args[0]);
    name_list names = { .open = { .kind = CEL_NULL } };
    if (r == NULL)
        return cel_null();
    add_names(c, &names, resource_get(c->arena, r, SLICE("KeySchema")));
    for (size_t i = 0; i < COUNT(indexes); i++) {
        const value *list = under(c, resource_get(c->arena, r, slice_from(indexes[i])));
        const value *const *items;
        size_t len;
        if (is_open(list))
            names.open = open_value(c, list);
        value_as_list(c->arena, list, &items, &len);
        for (size_t k = 0; k < len && !is_open(list); k++)
            add_names(c, &names, value_get(c->arena, under(c, items[k]), SLICE("KeySchema")));
    }
    return sorted_names(&names);
}

cel_value call_defined_keys(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    name_list names = { .open = { .kind = CEL_NULL } };
    if (r == NULL)
        return cel_null();
    add_names(c, &names, resource_get(c->arena, r, SLICE("AttributeDefinitions")));
    return sorted_names(&names);
}
