/* Queues, topics, buckets: what happens there so that a trigger fires. */
#include "smoke/event/plan_parts.h"

static const char plain_body[] = "{\"sflint\":\"smoke\"}";

/* ---- queues ---- */

static bool ends_fifo(planning *p, const node *n) {
    return n->resource != NULL ? slice_ends(world_name(p->maker->world, n->resource), SLICE(".fifo")) : slice_ends(n->id, SLICE(".fifo"));
}

static happening_message new_message(planning *p, slice body) {
    bool fifo = ends_fifo(p, p->edge->from);
    return (happening_message){ .body = body, .group = fifo ? SLICE("sflint-smoke") : SLICE(""),
                                .dedup = fifo ? make_uuid(p->maker, p->arena) : SLICE(""), .delay_ms = -1 };
}

static const doc_node *queue_view(planning *p, const happening_message *message) {
    queue_message q = { .said = *message, .id = make_uuid(p->maker, p->arena), .receipt = make_hex(p->maker, p->arena, 32), .receives = 1,
                        .sent_ms = p->maker->now_ms, .first_receive_ms = p->maker->now_ms };
    return make_filtered_view(p->arena, make_sqs_record(p->maker, p->arena, edge_source_arn(p->maker, p->edge), &q));
}

static probe_room queue_room(void *self, arena *a, const slice *path, size_t len, slice *without) {
    static const char *const made[] = { "messageId", "receiptHandle", "attributes", "md5OfBody", "md5OfMessageAttributes" };
    (void)self;
    if (slice_is(path[0], "body") || (slice_is(path[0], "messageAttributes") && len > 1)) return ROOM_FREE;
    for (size_t i = 0; i < COUNT(made); i++)
        if (slice_is(path[0], made[i])) return ROOM_FIXED;
    *without = arena_printf(a, "an SQS message has no key `%.*s`", SLICE_ARG(path[0]));
    return ROOM_NONE;
}

/* Attributes of a record ({"stringValue", "dataType"}) as a client gives them. */
static const doc_node *sent_attributes(arena *a, const doc_node *n) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(n, DOC_MAP) && i < n->map.len; i++) {
        const doc_node *v = n->map.at[i].value, *bytes = js_get(v, "binaryValue"), *type = js_get(v, "dataType"), *text = js_get(v, "stringValue");
        js_object one = { 0 };
        js_put(a, &one, "DataType", type != NULL ? type : js_cstr(a, bytes != NULL ? "Binary" : "String"));
        if (bytes != NULL) js_put(a, &one, "BinaryValue", bytes);
        else js_put(a, &one, "StringValue", text != NULL ? js_string(a, doc_is_scalar(text) ? text->text : js_text(a, text)) : js_cstr(a, "sflint-smoke"));
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = n->map.at[i].key, .value = js_object_end(a, &one) });
    }
    return o.entries.len > 0 ? js_object_end(a, &o) : NULL;
}

static happening_message message_of(planning *p, const doc_node *view) {
    const doc_node *body = js_get(view, "body");
    happening_message m = new_message(p, body == NULL ? SLICE("") : js_is(body, DOC_STRING) ? body->text : js_text(p->arena, body));
    m.attributes = sent_attributes(p->arena, js_get(view, "messageAttributes"));
    return m;
}

void plan_queue(planning *p) {
    arena *a = p->arena;
    const doc_node *const *patterns;
    size_t len;
    slice fed = plan_fed(p, p->edge->from);
    happening_message base = new_message(p, fed.len > 0 ? fed : SLICE(plain_body));
    if (!plan_patterns(p, &patterns, &len)) return;
    if (len == 0) {
        plan_add(p, HAPPENS_MESSAGE, SLICE(""))->message = base;
        return;
    }
    probe_source s = { .dialect = PATTERN_ESM, .base = queue_view(p, &base), .room = queue_room };
    probed out = probe_patterns(a, &s, patterns, len);
    happening_message passes = out.accepted != NULL ? message_of(p, out.accepted) : base;
    if (out.accepted == NULL || probe_matches(a, PATTERN_ESM, patterns, len, queue_view(p, &passes)) != YES) {
        plan_cannot(p, out.accepted == NULL ? out.why : SLICE("sflint finds no message that passes the filter"), out.never);
        return;
    }
    plan_add(p, HAPPENS_MESSAGE, SLICE(""))->message = passes;
    happening_message refused = message_of(p, out.refused), plain = new_message(p, SLICE("plain"));
    if (out.refused != NULL && probe_matches(a, PATTERN_ESM, patterns, len, queue_view(p, &refused)) == NO) {
        probe *one = plan_add(p, HAPPENS_MESSAGE, SLICE("refused by the filter"));
        one->message = refused;
        one->must_not_arrive = true;
    }
    if (js_is(js_get(patterns[out.which], "body"), DOC_MAP) && probe_matches(a, PATTERN_ESM, patterns, len, queue_view(p, &plain)) == NO) {
        probe *one = plan_add(p, HAPPENS_MESSAGE, SLICE("a body that is no JSON"));
        one->message = plain;
        one->must_not_arrive = true;
    }
}

/* ---- topics ---- */

const doc_node *plan_attributes(arena *a, const doc_node *typed) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(typed, DOC_MAP) && i < typed->map.len; i++) {
        const doc_node *v = typed->map.at[i].value, *type = js_get(v, "Type"), *text = js_get(v, "Value");
        js_object one = { 0 };
        js_put(a, &one, "DataType", type != NULL ? type : js_cstr(a, "String"));
        js_put(a, &one, slice_is(js_str(type), "Binary") ? "BinaryValue" : "StringValue", text != NULL ? text : js_cstr(a, ""));
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = typed->map.at[i].key, .value = js_object_end(a, &one) });
    }
    return o.entries.len > 0 ? js_object_end(a, &o) : NULL;
}

static happening_notification new_notification(planning *p, slice message, const doc_node *attributes) {
    bool fifo = ends_fifo(p, p->edge->from);
    return (happening_notification){ .message = message, .subject = SLICE_INIT(""), .attributes = attributes,
                                     .group = fifo ? SLICE("sflint-smoke") : SLICE(""), .dedup = fifo ? make_uuid(p->maker, p->arena) : SLICE("") };
}

static void refused_notification(planning *p, slice what, slice message, const doc_node *attributes) {
    probe *one = plan_add(p, HAPPENS_NOTIFICATION, what);
    one->notification = new_notification(p, message, attributes);
    one->must_not_arrive = true;
}

void plan_topic(planning *p) {
    arena *a = p->arena;
    const doc_node *filter = edge_filter(p->maker, p->edge), *policy = js_get(filter, "policy");
    slice fed = plan_fed(p, p->edge->from), message = fed.len > 0 ? fed : SLICE(plain_body);
    if (filter == NULL) {
        plan_add(p, HAPPENS_NOTIFICATION, SLICE(""))->notification = new_notification(p, message, NULL);
        return;
    }
    if (!js_is(policy, DOC_MAP)) {
        plan_cannot(p, SLICE("its filter policy is not known from the templates"), false);
        return;
    }
    bool in_body = slice_is(js_str_of(filter, "scope"), "MessageBody");
    const doc_node *base = in_body ? js_read(a, message) : js_empty_object();
    probe_source s = { .dialect = in_body ? PATTERN_SNS_BODY : PATTERN_SNS_ATTRIBUTES, .base = js_is(base, DOC_MAP) ? base : js_empty_object() };
    probed out = probe_patterns(a, &s, &policy, 1);
    if (out.accepted == NULL) {
        plan_cannot(p, out.why, out.never);
        return;
    }
    probe *one = plan_add(p, HAPPENS_NOTIFICATION, SLICE(""));
    one->notification = new_notification(p, in_body ? js_text(a, out.accepted) : message, in_body ? NULL : plan_attributes(a, out.accepted));
    if (out.refused != NULL)
        refused_notification(p, SLICE("refused by the filter policy"), in_body ? js_text(a, out.refused) : message, in_body ? NULL : plan_attributes(a, out.refused));
    if (in_body) refused_notification(p, SLICE("a message that is no JSON"), SLICE("plain"), NULL);
    else if (js_len(out.accepted) > 0 && js_len(out.refused) > 0 && probe_matches(a, s.dialect, &policy, 1, js_empty_object()) == NO)
        refused_notification(p, SLICE("without attributes"), message, NULL);
}

/* ---- buckets. S3 user guide, "Supported event types for SQS, SNS, and Lambda" ---- */

/* The event that stands for a family, or for itself. */
static const struct { const char *family, *event; } families[] = {
    { "s3:ObjectCreated:*", "ObjectCreated:Put" },     { "s3:ObjectRemoved:*", "ObjectRemoved:Delete" },
    { "s3:ObjectRestore:*", "ObjectRestore:Completed" }, { "s3:Replication:*", "Replication:OperationFailedReplication" },
    { "s3:LifecycleExpiration:*", "LifecycleExpiration:Delete" }, { "s3:ObjectTagging:*", "ObjectTagging:Put" },
};

static slice event_of(slice wanted) {
    for (size_t i = 0; i < COUNT(families); i++)
        if (slice_is(wanted, families[i].family)) return slice_from(families[i].event);
    slice name = slice_starts(wanted, SLICE("s3:")) ? slice_after(wanted, 3) : wanted;
    return slice_ends(name, SLICE("*")) ? SLICE("") : name;
}

/* Contents that a reader of such a file can read. */
object_contents plan_contents(arena *a, slice key) {
    static const unsigned char picture[] = {       /* a PNG of 32 by 32 points in one colour: large enough to be made smaller */
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 0x20,
        0, 0, 0, 0x20, 8, 2, 0, 0, 0, 0xfc, 0x18, 0xed, 0xa3, 0, 0, 0, 0x2a, 0x49, 0x44, 0x41,
        0x54, 0x78, 0xda, 0x63, 0x70, 0x68, 0x38, 0x40, 0x53, 0xc4, 0x30, 0x6a, 0xc1, 0xa8, 5, 0xa3, 0x16, 0x8c, 0x5a, 0x30,
        0x6a, 0xc1, 0xa8, 5, 0xa3, 0x16, 0x8c, 0x5a, 0x30, 0x6a, 0xc1, 0xa8, 5, 0xa3, 0x16, 0x0c, 0x15, 0x0b, 0, 0x2d,
        0xc0, 0, 0x5b, 0xc7, 0x47, 0x10, 0xbe, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    };
    static const struct { const char *suffix, *type, *body; } kinds[] = {
        { ".json", "application/json", plain_body }, { ".jsonl", "application/x-ndjson", "{\"sflint\":\"smoke\"}\n" },
        { ".csv", "text/csv", "id,name\n1,sflint\n" }, { ".xml", "application/xml", "<sflint>smoke</sflint>\n" },
        { ".html", "text/html", "<p>sflint smoke</p>\n" }, { ".yaml", "application/yaml", "sflint: smoke\n" },
        { ".yml", "application/yaml", "sflint: smoke\n" }, { ".txt", "text/plain", "sflint smoke\n" }, { ".md", "text/markdown", "sflint smoke\n" },
    };
    static const struct { const char *suffix, *type; } images[] = {      /* readers of images look at the bytes, not at the name */
        { ".png", "image/png" }, { ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" }, { ".gif", "image/gif" }, { ".webp", "image/webp" },
    };
    for (size_t i = 0; i < COUNT(images); i++)
        if (slice_ends(key, slice_from(images[i].suffix))) return (object_contents){ { (const char *)picture, sizeof picture }, slice_from(images[i].type) };
    if (slice_ends(key, SLICE(".gz"))) return (object_contents){ log_gzip(a, SLICE("{\"sflint\":\"smoke\"}\n")), SLICE("application/gzip") };
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (slice_ends(key, slice_from(kinds[i].suffix))) return (object_contents){ slice_from(kinds[i].body), slice_from(kinds[i].type) };
    return (object_contents){ SLICE("sflint smoke\n"), SLICE("application/octet-stream") };
}

static happening_object new_object(planning *p, slice event, slice key) {
    object_contents c = plan_contents(p->arena, key);
    return (happening_object){ .event = event, .key = key, .body = c.body, .content_type = c.type, .size = c.body.len, .etag = SLICE_INIT(""), .version = SLICE_INIT("") };
}

static bool wanted_event(const doc_node *events, slice event, arena *a) {
    slice full = arena_printf(a, "s3:%.*s", SLICE_ARG(event));
    for (size_t i = 0; i < js_len(events); i++)
        if (slice_glob(js_str(events->list.at[i]), full)) return true;
    return false;
}

void plan_bucket(planning *p) {
    static const char *const others[] = { "ObjectRemoved:Delete", "ObjectCreated:Put", "ObjectTagging:Put" };
    arena *a = p->arena;
    const doc_node *filter = edge_filter(p->maker, p->edge), *events = js_get(filter, "events");
    slice prefix = js_str_of(filter, "prefix"), suffix = js_str_of(filter, "suffix");
    slice key = arena_printf(a, "%.*ssflint-smoke%.*s", SLICE_ARG(prefix), SLICE_ARG(suffix)), refused = SLICE("");
    if (!js_is(events, DOC_LIST) || events->list.len == 0) {
        plan_cannot(p, SLICE("its events are not known from the templates"), false);
        return;
    }
    for (size_t i = 0; i < events->list.len; i++) {
        slice event = event_of(js_str(events->list.at[i]));
        if (event.len == 0) plan_cannot(p, arena_printf(a, "sflint makes no event of %.*s yet", SLICE_ARG(js_str(events->list.at[i]))), false);
        else plan_add(p, HAPPENS_OBJECT, event)->object = new_object(p, event, key);
    }
    slice event = event_of(js_str(events->list.at[0]));
    if (prefix.len > 0) refused = arena_printf(a, "%s%.*s", prefix.at[0] == 'z' ? "aa-" : "zz-", SLICE_ARG(key));
    else if (suffix.len > 0) refused = arena_printf(a, "%.*s%s", SLICE_ARG(key), suffix.at[suffix.len - 1] == 'd' ? ".refused-sflint" : ".sflint-refused");
    if (refused.len > 0 && event.len > 0) {
        probe *one = plan_add(p, HAPPENS_OBJECT, prefix.len > 0 ? SLICE("a key without the prefix") : SLICE("a key without the suffix"));
        one->object = new_object(p, event, refused);
        one->must_not_arrive = true;
        return;
    }
    for (size_t i = 0; i < COUNT(others); i++)
        if (!wanted_event(events, slice_from(others[i]), a)) {
            probe *one = plan_add(p, HAPPENS_OBJECT, SLICE("an event that is not asked for"));
            one->object = new_object(p, slice_from(others[i]), key);
            one->must_not_arrive = true;
            return;
        }
}
