/* Events from files. */
#include "base/digest.h"
#include "smoke/event/plan_parts.h"

static bool is_http(slice service) {
    return slice_is(service, "rest") || slice_is(service, "http") || slice_is(service, "url") || slice_is(service, "alb") || slice_is(service, "websocket");
}

/* ---- what happens at the source, kind by kind. False: the file is no such thing ---- */

static slice text_of(arena *a, const doc_node *n) { return n == NULL ? SLICE("") : doc_is_scalar(n) ? n->text : js_text(a, n); }

static slice query_text(arena *a, const doc_node *n) {
    if (!js_is(n, DOC_MAP)) {
        slice text = js_str(n);
        return text.len > 0 && text.at[0] == '?' ? slice_after(text, 1) : text;
    }
    buf out = { .arena = a };
    for (size_t i = 0; i < n->map.len; i++) {
        const doc_node *v = n->map.at[i].value;
        size_t count = js_is(v, DOC_LIST) ? v->list.len : 1;
        for (size_t k = 0; k < count; k++) {
            const doc_node *one = js_is(v, DOC_LIST) ? v->list.at[k] : v;
            if (out.bytes.len > 0) buf_char(&out, '&');
            buf_slice(&out, n->map.at[i].key);
            buf_char(&out, '=');
            slice text = text_of(a, one);
            for (size_t c = 0; c < text.len; c++) {
                if (strchr(" %&+#=", text.at[c]) != NULL || (unsigned char)text.at[c] < 0x21) buf_printf(&out, "%%%02X", (unsigned)(unsigned char)text.at[c]);
                else buf_char(&out, text.at[c]);
            }
        }
    }
    return buf_as_slice(&out);
}

static bool request(planning *p, const doc_node *f, probe *out) {
    slice method = js_str_of(f, "method"), path = js_str_of(f, "path"), query = query_text(p->arena, js_get(f, "query"));
    bool socket = slice_is(p->edge->service, "websocket"), has_method = method.len > 0;
    if (!has_method && path.len == 0 && !(socket && js_get(f, "body") != NULL)) return false;
    if (!is_http(p->edge->service)) return false;
    size_t mark = slice_find(path, '?');
    if (mark < path.len && query.len == 0) query = slice_after(path, mark + 1);
    path = slice_from_to(path, 0, mark);
    const doc_node *body = js_get(f, "body"), *headers = js_get(f, "headers");
    bool none = body == NULL || body->kind == DOC_NULL;
    slice bytes = text_of(p->arena, none ? NULL : body);
    if (js_bool_of(f, "isBase64Encoded", false)) base64_decode(p->arena, bytes, &bytes);
    out->kind = HAPPENS_REQUEST;
    out->request = (happening_request){ .method = has_method ? method : socket ? SLICE("MESSAGE") : SLICE("GET"), .path = path.len > 0 || socket ? path : SLICE("/"),
                                        .query = query, .headers = js_is(headers, DOC_MAP) ? headers : NULL, .body = bytes, .no_body = none,
                                        .stage = js_str_of(f, "stage"), .connection = js_str_of(f, "connection") };
    return true;
}

static bool object(planning *p, const doc_node *f, probe *out) {
    slice key = js_str_of(f, "key"), event = js_str_of(f, "event");
    if (key.len == 0) return false;
    const doc_node *body = js_get(f, "body"), *filter = edge_filter(p->maker, p->edge);
    object_contents c = plan_contents(p->arena, key);
    slice first = js_str(js_at(filter, "events[0]"));
    if (event.len == 0) event = first;
    if (slice_starts(event, SLICE("s3:"))) event = slice_after(event, 3);
    if (slice_is(event, "") || slice_is(event, "ObjectCreated:*")) event = SLICE("ObjectCreated:Put");
    if (slice_is(event, "ObjectRemoved:*")) event = SLICE("ObjectRemoved:Delete");
    slice type = js_str_of(f, "contentType");
    out->kind = HAPPENS_OBJECT;
    out->object = (happening_object){ .event = event, .key = key, .body = body != NULL ? text_of(p->arena, body) : c.body, .content_type = type.len > 0 ? type : c.type,
                                      .etag = SLICE_INIT(""), .version = SLICE_INIT("") };
    out->object.size = (uint64_t)js_int_of(f, "size", (long long)out->object.body.len);
    return true;
}

/* {"name": {"DataType", "StringValue"}}, {"name": {"Type", "Value"}}, or {"name": "text"}. */
static const doc_node *attributes(arena *a, const doc_node *n) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(n, DOC_MAP) && i < n->map.len; i++) {
        const doc_node *v = n->map.at[i].value, *type = js_get(v, "DataType"), *text = js_get(v, "StringValue"), *bytes = js_get(v, "BinaryValue");
        js_object one = { 0 };
        if (type == NULL) type = js_get(v, "Type");
        if (text == NULL) text = js_get(v, "Value");
        if (type == NULL) type = js_get(v, "dataType");
        if (text == NULL) text = js_get(v, "stringValue");
        if (v->kind != DOC_MAP) text = js_string(a, text_of(a, v));
        js_put(a, &one, "DataType", type != NULL ? type : js_cstr(a, js_is_number(v) ? "Number" : v->kind == DOC_LIST ? "String.Array" : "String"));
        if (bytes != NULL) js_put(a, &one, "BinaryValue", bytes);
        else js_put(a, &one, "StringValue", text != NULL ? text : js_cstr(a, ""));
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = n->map.at[i].key, .value = js_object_end(a, &one) });
    }
    return o.entries.len > 0 ? js_object_end(a, &o) : NULL;
}

static const doc_node *either(const doc_node *n, const char *one, const char *other) { return js_get(n, one) != NULL ? js_get(n, one) : js_get(n, other); }

static slice or_dedup(planning *p, slice dedup, slice group) { return dedup.len > 0 || group.len == 0 ? dedup : make_uuid(p->maker, p->arena); }

/* An object {"key", "body"} or a request {"method", "path", "body"} is no message, though it has a body. */
static bool has_another_body(const doc_node *f) { return js_get(f, "key") != NULL || either(f, "method", "path") != NULL || either(f, "httpMethod", "rawPath") != NULL; }

static bool message(planning *p, const doc_node *f, probe *out) {
    const doc_node *body = either(f, "body", "MessageBody");
    if (has_another_body(f)) return false;
    if (body == NULL) body = js_get(f, "Message");
    if (body == NULL) return false;
    slice group = js_str(either(f, "MessageGroupId", "group")), dedup = js_str(either(f, "MessageDeduplicationId", "dedup"));
    out->kind = HAPPENS_MESSAGE;
    out->message = (happening_message){ .body = text_of(p->arena, body), .attributes = attributes(p->arena, either(f, "MessageAttributes", "messageAttributes")),
                                        .group = group, .dedup = or_dedup(p, dedup, group), .delay_ms = -1 };
    return true;
}

static bool notification(planning *p, const doc_node *f, probe *out) {
    const doc_node *text = js_get(f, "Message");
    if (text == NULL && !has_another_body(f)) text = either(f, "message", "body");
    if (text == NULL) return false;
    slice group = js_str(either(f, "MessageGroupId", "group")), dedup = js_str(either(f, "MessageDeduplicationId", "dedup"));
    const doc_node *inner = slice_is(js_str_of(f, "MessageStructure"), "json") ? js_read(p->arena, js_str(text)) : NULL;
    out->kind = HAPPENS_NOTIFICATION;
    out->notification = (happening_notification){ .message = text_of(p->arena, text), .subject = js_str_of(f, "Subject"), .by_protocol = js_is(inner, DOC_MAP) ? inner : NULL,
                                                  .attributes = attributes(p->arena, js_get(f, "MessageAttributes")), .group = group, .dedup = or_dedup(p, dedup, group) };
    return true;
}

/* An event, or an entry of PutEvents. */
static bool bus_event(planning *p, const doc_node *f, probe *out) {
    const doc_node *source = either(f, "source", "Source"), *type = either(f, "detail-type", "DetailType"), *detail = either(f, "detail", "Detail");
    if (source == NULL && type == NULL && detail == NULL) return false;
    if (js_is(detail, DOC_STRING)) detail = js_read(p->arena, detail->text);
    const doc_node *event = make_bus_event(p->maker, p->arena, js_str(source), js_str(type), detail, either(f, "resources", "Resources"));
    for (size_t i = 0; js_get(f, "source") != NULL && i < f->map.len; i++) event = js_with(p->arena, event, f->map.at[i].key, f->map.at[i].value);
    if (detail != NULL) event = js_with(p->arena, event, SLICE("detail"), detail);
    out->kind = HAPPENS_EVENT;
    out->event = event;
    return true;
}

static bool record(planning *p, const doc_node *f, probe *out) {
    const doc_node *inner = js_get(f, "kinesis") != NULL ? js_get(f, "kinesis") : f, *data = either(inner, "data", "Data");
    if (data == NULL) return false;
    slice key = js_str(either(inner, "partitionKey", "PartitionKey")), bytes = text_of(p->arena, data);
    if (inner != f) base64_decode(p->arena, bytes, &bytes);       /* a record as it is delivered */
    out->kind = HAPPENS_RECORD;
    out->record = (happening_record){ .key = key.len > 0 ? key : SLICE("sflint-smoke"), .data = bytes };
    return true;
}

/* ---- items ---- */

static bool is_attribute(const doc_node *n) {
    static const char *const types[] = { "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS" };
    for (size_t i = 0; js_is(n, DOC_MAP) && n->map.len == 1 && i < COUNT(types); i++)
        if (slice_is(n->map.at[0].key, types[i])) return true;
    return false;
}

static bool is_image(const doc_node *n) {
    if (!js_is(n, DOC_MAP) || n->map.len == 0) return false;
    for (size_t i = 0; i < n->map.len; i++)
        if (!is_attribute(n->map.at[i].value)) return false;
    return true;
}

/* Plain JSON as attribute values. DynamoDB developer guide, "Data types". The file's depth is bounded by its reader. */
static const doc_node *marshalled(arena *a, const doc_node *n) {
    js_object o = { 0 };
    switch (n->kind) {
    case DOC_NULL: js_put(a, &o, "NULL", js_bool(true)); break;
    case DOC_BOOL: js_put(a, &o, "BOOL", n); break;
    case DOC_INT:
    case DOC_DOUBLE: js_put(a, &o, "N", js_string(a, n->text)); break;
    case DOC_STRING: js_put(a, &o, "S", n); break;
    case DOC_LIST: {
        js_list l = { 0 };
        for (size_t i = 0; i < n->list.len; i++) js_push(a, &l, marshalled(a, n->list.at[i]));
        js_put(a, &o, "L", js_list_end(a, &l));
        break;
    }
    case DOC_MAP: {
        js_object inner = { 0 };
        for (size_t i = 0; i < n->map.len; i++) VEC_PUSH(a, &inner.entries, (doc_entry){ .key = n->map.at[i].key, .value = marshalled(a, n->map.at[i].value) });
        js_put(a, &o, "M", js_object_end(a, &inner));
        break;
    }
    }
    return js_object_end(a, &o);
}

static const doc_node *image_of(arena *a, const doc_node *n) {
    return n == NULL || n->kind != DOC_MAP ? NULL : is_image(n) ? n : js_get(marshalled(a, n), "M");
}

static bool change(planning *p, const doc_node *f, probe *out) {
    const doc_node *inner = js_get(f, "dynamodb") != NULL ? js_get(f, "dynamodb") : f;
    const doc_node *after = image_of(p->arena, js_get(inner, "NewImage")), *before = image_of(p->arena, js_get(inner, "OldImage"));
    const doc_node *keys = image_of(p->arena, js_get(inner, "Keys"));
    slice event = js_str_of(f, "eventName");
    if (!js_is(f, DOC_MAP)) return false;
    if (after == NULL && before == NULL && keys == NULL) after = image_of(p->arena, f);      /* the item itself */
    if (event.len == 0) event = after == NULL ? SLICE("REMOVE") : before != NULL ? SLICE("MODIFY") : SLICE("INSERT");
    const doc_node *image = after != NULL ? after : before;
    if (keys == NULL) {
        const doc_node *schema = property(p->maker, p->edge->from->resource, "KeySchema", p->edge->when);
        js_object o = { 0 };
        for (size_t i = 0; js_is(schema, DOC_LIST) && i < schema->list.len; i++) {
            slice name = js_str_of(schema->list.at[i], "AttributeName");
            if (doc_get(image, name) != NULL) js_set(p->arena, &o, name, doc_get(image, name));
        }
        keys = js_object_end(p->arena, &o);
    }
    out->kind = HAPPENS_CHANGE;
    out->change = (happening_change){ .event = event, .keys = keys, .before = before, .after = after,
                                      .by_ttl = slice_is(js_str(js_at(f, "userIdentity.principalId")), "dynamodb.amazonaws.com") };
    return true;
}

/* ---- which ---- */

/* What each service's source takes, and the words for it. */
static const struct {
    const char *service;
    bool (*read)(planning *p, const doc_node *f, probe *out);
    const char *takes;
} sources[] = {
    { "rest", request, "a request {\"method\", \"path\", \"query\", \"headers\", \"body\"}" }, { "http", request, "a request {\"method\", \"path\", \"query\", \"headers\", \"body\"}" },
    { "url", request, "a request {\"method\", \"path\", \"query\", \"headers\", \"body\"}" },  { "alb", request, "a request {\"method\", \"path\", \"query\", \"headers\", \"body\"}" },
    { "websocket", request, "a message {\"body\"}" },                 { "s3", object, "an object {\"key\", \"body\"}" },
    { "sqs", message, "a message {\"body\", \"MessageAttributes\"}" }, { "sns", notification, "a message {\"Message\", \"MessageAttributes\"}" },
    { "events", bus_event, "an event {\"source\", \"detail-type\", \"detail\"}" }, { "kinesis", record, "a record {\"partitionKey\", \"data\"}" },
    { "dynamodb", change, "an item or {\"eventName\", \"Keys\", \"NewImage\", \"OldImage\"}" },
};

/* Does it look like what the handler gets? */
static bool as_delivered(const doc_node *f, const edge *e) {
    if (js_is(f, DOC_LIST)) return is_pipe(e);
    return js_is(js_get(f, "Records"), DOC_LIST) || js_is(js_get(f, "requestContext"), DOC_MAP) || js_is(js_get(f, "records"), DOC_MAP) || js_get(f, "awslogs") != NULL;
}

bool plan_given(maker *m, arena *a, const edge *trigger, const doc_node *file, slice path, probe *out, slice *why) {
    planning p = { .maker = m, .arena = a, .edge = trigger };
    *out = (probe){ .trigger = trigger, .kind = HAPPENS_DIRECT, .event = file, .what = SLICE_INIT(""), .cannot = SLICE_INIT(""), .given = path };
    bool authorizer = edge_filter_text(m, trigger, "trigger").len > 0;
    if (file == NULL) {
        *why = SLICE("is no JSON");
        return false;
    }
    if (trigger->kind == EDGE_SCHEDULE || authorizer || as_delivered(file, trigger) || plan_by_template(&p)) return true;
    bool from_bucket = slice_is(trigger->service, "events") && slice_is(trigger->from->type, "AWS::S3::Bucket");
    for (size_t i = 0; i < COUNT(sources); i++) {
        if (!slice_is(trigger->service, sources[i].service)) continue;
        if (js_is(file, DOC_MAP) && (sources[i].read(&p, file, out) || (from_bucket && object(&p, file, out)))) {
            if (out->kind != HAPPENS_EVENT) out->event = NULL;
            return true;
        }
        *why = arena_printf(a, "is neither what the handler gets nor %s", sources[i].takes);
        return false;
    }
    return true;
}
