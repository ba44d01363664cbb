/* An event file -> records, each in the forms that filters see. */
#include "base/utf8.h"
#include "service/match_parts.h"

#define EVENT_NAMES 64             /* texts of an event that references in a pattern are held against */
#define EVENT_NAME_BYTES 512
#define EVENT_WALK 2000            /* values looked at for them */

/* ---- small readers ---- */

static const value *at(arena *a, const value *v, const char *path) { return value_at(a, v, slice_from(path)); }

static maybe_text text_at(arena *a, const value *v, const char *path) {
    const value *t = at(a, v, path);
    return t->kind == VAL_STRING ? (maybe_text){ t->text, true } : (maybe_text){ SLICE_INIT(""), false };
}

static maybe_text first_text(arena *a, const value *v, const char *const *paths, size_t len) {
    maybe_text t = { SLICE_INIT(""), false };
    for (size_t i = 0; i < len && !t.there; i++) t = text_at(a, v, paths[i]);
    return t;
}
#define FIRST_TEXT(a, v, ...) first_text((a), (v), (const char *const[]){ __VA_ARGS__ }, COUNT(((const char *const[]){ __VA_ARGS__ })))

static bool has(arena *a, const value *v, const char *path) { return !value_is_absent(at(a, v, path)); }

static maybe_text made_text(slice s) { return (maybe_text){ s, true }; }

static const value *new_text(arena *a, slice s) { return value_new_string(a, (pos){ 0, 0, 0 }, s); }

typedef struct {
    arena *arena;
    VEC(value_entry) list;
} entries;

static void put(entries *e, slice key, const value *v) {
    if (value_is_absent(v)) return;
    VEC_PUSH(e->arena, &e->list, (value_entry){ .key = key, .value = v });
}

static const value *map_of(entries *e) { return value_new_map(e->arena, (pos){ 0, 0, 0 }, e->list.at, e->list.len); }

/* The JSON that a text holds, or the text itself. */
static const value *opened(arena *a, const value *v) {
    if (v->kind != VAL_STRING || v->text.len > MATCH_MAX_BODY) return v;
    slice t = slice_trim(v->text);
    if (t.len == 0 || (t.at[0] != '{' && t.at[0] != '[')) return v;
    const doc_node *doc = doc_parse_json(a, t, v->at, NULL);
    return doc == NULL ? v : value_from_doc(a, doc);
}

/* RFC 4648, with or without padding; false when it is none. */
static bool base64(arena *a, slice text, slice *out) {
    char *bytes = arena_raw(a, 1, 1, text.len / 4 * 3 + 3);
    size_t len = 0, digits = 0;
    uint32_t hold = 0;
    while (text.len > 0 && text.at[text.len - 1] == '=') text.len--;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        uint32_t six;
        if (c >= 'A' && c <= 'Z') six = (uint32_t)(c - 'A');
        else if (c >= 'a' && c <= 'z') six = (uint32_t)(c - 'a') + 26;
        else if (c >= '0' && c <= '9') six = (uint32_t)(c - '0') + 52;
        else if (c == '+' || c == '-') six = 62;
        else if (c == '/' || c == '_') six = 63;
        else return false;
        hold = hold << 6 | six;
        if (++digits % 4 == 0) {
            bytes[len++] = (char)(hold >> 16 & 0xFF);
            bytes[len++] = (char)(hold >> 8 & 0xFF);
            bytes[len++] = (char)(hold & 0xFF);
        }
    }
    if (digits % 4 == 1) return false;
    if (digits % 4 == 2) bytes[len++] = (char)(hold >> 4 & 0xFF);
    if (digits % 4 == 3) {
        bytes[len++] = (char)(hold >> 10 & 0xFF);
        bytes[len++] = (char)(hold >> 2 & 0xFF);
    }
    *out = (slice){ bytes, len };
    return true;
}

static bool is_text(slice s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 && s.at[i] != '\n' && s.at[i] != '\r' && s.at[i] != '\t') return false;
    return utf8_first_bad(s) == s.len;
}

/* `data` and `value`: JSON as it is, base64 of a text (which may hold JSON), or plain text: what decodes to no text. */
static const value *decoded(arena *a, const value *v) {
    const value *plain = opened(a, v);
    slice bytes;
    if (plain != v || v->kind != VAL_STRING || v->text.len == 0 || v->text.len > MATCH_MAX_BODY) return plain;
    return base64(a, v->text, &bytes) && is_text(bytes) ? opened(a, new_text(a, bytes)) : v;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "%20" and "+" of the keys in S3 notifications. S3 user guide, "Event message structure": the key is URL encoded. */
static slice url_decoded(arena *a, slice s) {
    char *out = arena_raw(a, 1, 1, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        int high = s.at[i] == '%' && s.len - i > 2 ? hex_digit(s.at[i + 1]) : -1, low = high >= 0 ? hex_digit(s.at[i + 2]) : -1;
        if (low >= 0) {
            out[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[len++] = s.at[i] == '+' ? ' ' : s.at[i];
        }
    }
    return (slice){ out, len };
}

/* What an ARN or URL names: behind "table/", else behind the last `:` or `/`. */
static maybe_text named_by(maybe_text arn) {
    static const slice table = SLICE_INIT(":table/");
    slice s = arn.text;
    size_t of_table = slice_find_slice(s, table);
    if (of_table != (size_t)-1) {
        s = slice_after(s, of_table + table.len);
        s = slice_from_to(s, 0, slice_find(s, '/'));
    } else {
        for (size_t i = s.len; i > 0; i--)
            if (s.at[i - 1] == ':' || s.at[i - 1] == '/') {
                s = slice_after(s, i);
                break;
            }
    }
    return (maybe_text){ s, arn.there && s.len > 0 };
}

/* ---- kinds ---- */

/* What a record says of itself. Lambda developer guide, the event examples of each service. */
static const struct { slice name; record_kind kind; } sources[] = {
    { SLICE_INIT("aws:sqs"), KIND_SQS },         { SLICE_INIT("aws:sns"), KIND_SNS },     { SLICE_INIT("aws:kinesis"), KIND_KINESIS },
    { SLICE_INIT("aws:dynamodb"), KIND_DYNAMODB }, { SLICE_INIT("aws:s3"), KIND_S3 },     { SLICE_INIT("aws:kafka"), KIND_KAFKA },
    { SLICE_INIT("SelfManagedKafka"), KIND_KAFKA }, { SLICE_INIT("aws:mq"), KIND_MQ },    { SLICE_INIT("aws:rmq"), KIND_MQ },
    { SLICE_INIT("aws:docdb"), KIND_DOCDB },
};

/* Fields that only some kinds have. `is` "": any value; else the text begins so. */
static const struct { const char *field, *is; uint32_t kinds; } signs[] = {
    { "source", "", KIND_BIT(KIND_EVENTS) },
    { "detail-type", "", KIND_BIT(KIND_EVENTS) },
    { "detail", "", KIND_BIT(KIND_EVENTS) },
    { "Sns", "", KIND_BIT(KIND_SNS) },
    { "Message", "", KIND_BIT(KIND_SNS) },
    { "MessageAttributes", "", KIND_BIT(KIND_SNS) },
    { "TopicArn", "", KIND_BIT(KIND_SNS) },
    { "body", "", KIND_BIT(KIND_SQS) },
    { "messageId", "", KIND_BIT(KIND_SQS) },
    { "receiptHandle", "", KIND_BIT(KIND_SQS) },
    { "messageAttributes", "", KIND_BIT(KIND_SQS) },
    { "kinesis", "", KIND_BIT(KIND_KINESIS) },
    { "partitionKey", "", KIND_BIT(KIND_KINESIS) },
    { "data", "", KIND_BIT(KIND_KINESIS) | KIND_BIT(KIND_MQ) },
    { "dynamodb", "", KIND_BIT(KIND_DYNAMODB) },
    { "eventName", "INSERT", KIND_BIT(KIND_DYNAMODB) },
    { "eventName", "MODIFY", KIND_BIT(KIND_DYNAMODB) },
    { "eventName", "REMOVE", KIND_BIT(KIND_DYNAMODB) },
    { "partition", "", KIND_BIT(KIND_KAFKA) },
    { "offset", "", KIND_BIT(KIND_KAFKA) },
    { "value", "", KIND_BIT(KIND_KAFKA) },
    { "messageID", "", KIND_BIT(KIND_MQ) },
    { "basicProperties", "", KIND_BIT(KIND_MQ) },
    { "operationType", "", KIND_BIT(KIND_DOCDB) },
    { "s3", "", KIND_BIT(KIND_S3) },
    { "eventName", "Object", KIND_BIT(KIND_S3) },
    { "eventName", "s3:", KIND_BIT(KIND_S3) },
    { "method", "", KIND_BIT(KIND_HTTP) },
    { "httpMethod", "", KIND_BIT(KIND_HTTP) },
    { "path", "", KIND_BIT(KIND_HTTP) },
    { "rawPath", "", KIND_BIT(KIND_HTTP) },
    { "route", "", KIND_BIT(KIND_WEBSOCKET) },
    { "requestContext.connectionId", "", KIND_BIT(KIND_WEBSOCKET) },
    { "fieldName", "", KIND_BIT(KIND_GRAPHQL) },
    { "info.fieldName", "", KIND_BIT(KIND_GRAPHQL) },
    { "triggerSource", "", KIND_BIT(KIND_COGNITO) },
    { "topic", "", KIND_BIT(KIND_IOT) },
    { "logEvents", "", KIND_BIT(KIND_LOGS) },
    { "awslogs", "", KIND_BIT(KIND_LOGS) },
    { "alarmData", "", KIND_BIT(KIND_ALARM) },
    { "requestPayload", "", KIND_BIT(KIND_DESTINATION) },
    { "responsePayload", "", KIND_BIT(KIND_DESTINATION) },
};

static const char *const kind_words[KIND_COUNT] = {
    [KIND_EVENTS] = "an EventBridge event", [KIND_SNS] = "an SNS message",          [KIND_SQS] = "an SQS message",
    [KIND_KINESIS] = "a Kinesis record",    [KIND_DYNAMODB] = "a DynamoDB stream record", [KIND_KAFKA] = "a Kafka record",
    [KIND_MQ] = "an Amazon MQ message",     [KIND_DOCDB] = "a DocumentDB change event", [KIND_S3] = "an S3 notification",
    [KIND_HTTP] = "an HTTP request",        [KIND_WEBSOCKET] = "a WebSocket message",   [KIND_GRAPHQL] = "a GraphQL field",
    [KIND_COGNITO] = "a Cognito trigger",   [KIND_IOT] = "an IoT message",          [KIND_LOGS] = "log events",
    [KIND_ALARM] = "an alarm's state change", [KIND_DESTINATION] = "an invocation record",
};

static uint32_t kinds_of(arena *a, const value *v) {
    maybe_text source = FIRST_TEXT(a, v, "eventSource", "EventSource");
    for (size_t i = 0; source.there && i < COUNT(sources); i++)
        if (slice_eq(source.text, sources[i].name)) return KIND_BIT(sources[i].kind);
    uint32_t kinds = 0;
    for (size_t i = 0; i < COUNT(signs); i++) {
        const value *field = at(a, v, signs[i].field);
        if (value_is_absent(field) || (signs[i].is[0] != '\0' && !slice_starts(field->kind == VAL_STRING ? field->text : SLICE(""), slice_from(signs[i].is)))) continue;
        kinds |= signs[i].kinds;
    }
    /* a request has a body as a message has, a Kafka record a topic as an IoT message has */
    if ((kinds & (KIND_BIT(KIND_HTTP) | KIND_BIT(KIND_WEBSOCKET))) != 0) kinds &= ~KIND_BIT(KIND_SQS);
    if ((kinds & KIND_BIT(KIND_WEBSOCKET)) != 0) kinds &= ~KIND_BIT(KIND_HTTP);
    if ((kinds & KIND_BIT(KIND_KAFKA)) != 0) kinds &= ~KIND_BIT(KIND_IOT);
    if ((kinds & KIND_BIT(KIND_KINESIS)) != 0 && (kinds & ~(KIND_BIT(KIND_KINESIS) | KIND_BIT(KIND_MQ))) != 0 && !has(a, v, "kinesis"))
        kinds &= ~(KIND_BIT(KIND_KINESIS) | KIND_BIT(KIND_MQ));       /* `data` of something else */
    return kinds;
}

/* ---- S3: notification <-> EventBridge event ---- */

/* S3 user guide, "Using EventBridge": event types, their reasons, and the names that notifications have for them. `reason` and `deletion`
 * "" = any. */
static const struct { const char *type, *reason, *deletion, *event; } s3_events[] = {
    { "Object Created", "PutObject", "", "ObjectCreated:Put" },
    { "Object Created", "POST Object", "", "ObjectCreated:Post" },
    { "Object Created", "CopyObject", "", "ObjectCreated:Copy" },
    { "Object Created", "CompleteMultipartUpload", "", "ObjectCreated:CompleteMultipartUpload" },
    { "Object Deleted", "DeleteObject", "Permanently Deleted", "ObjectRemoved:Delete" },
    { "Object Deleted", "DeleteObject", "Delete Marker Created", "ObjectRemoved:DeleteMarkerCreated" },
    { "Object Deleted", "Lifecycle Expiration", "Permanently Deleted", "LifecycleExpiration:Delete" },
    { "Object Deleted", "Lifecycle Expiration", "Delete Marker Created", "LifecycleExpiration:DeleteMarkerCreated" },
    { "Object Restore Initiated", "", "", "ObjectRestore:Post" },
    { "Object Restore Completed", "", "", "ObjectRestore:Completed" },
    { "Object Restore Expired", "", "", "ObjectRestore:Delete" },
    { "Object Tags Added", "", "", "ObjectTagging:Put" },
    { "Object Tags Deleted", "", "", "ObjectTagging:Delete" },
    { "Object ACL Updated", "", "", "ObjectAcl:Put" },
    { "Object Storage Class Changed", "", "", "LifecycleTransition" },
    { "Object Access Tier Changed", "", "", "IntelligentTiering" },
    /* an event that leaves the reason out */
    { "Object Created", "", "", "ObjectCreated:Put" },
    { "Object Deleted", "", "", "ObjectRemoved:Delete" },
};

static bool fits(const char *wanted, maybe_text is) { return wanted[0] == '\0' ? !is.there || is.text.len == 0 : slice_is(is.text, wanted); }

/* An EventBridge event of S3 as a notification. */
static void notification_of(arena *a, const value *v, record *r) {
    maybe_text type = text_at(a, v, "detail-type"), reason = text_at(a, v, "detail.reason"), deletion = text_at(a, v, "detail.deletion-type");
    if (!slice_is(text_at(a, v, "source").text, "aws.s3")) return;
    for (size_t i = 0; i < COUNT(s3_events); i++) {
        bool any = s3_events[i].deletion[0] == '\0' && s3_events[i].reason[0] == '\0';
        if (!slice_is(type.text, s3_events[i].type)) continue;
        if (!any && (!fits(s3_events[i].reason, reason) || (s3_events[i].deletion[0] != '\0' && deletion.there && !fits(s3_events[i].deletion, deletion)))) continue;
        r->kinds |= KIND_BIT(KIND_S3);
        r->s3_event = made_text(arena_printf(a, "s3:%s", s3_events[i].event));
        r->s3_key = text_at(a, v, "detail.object.key");
        r->origin[KIND_S3] = text_at(a, v, "detail.bucket.name");
        return;
    }
}

static void read_s3(arena *a, const value *v, record *r) {
    maybe_text event = text_at(a, v, "eventName"), key = text_at(a, v, "s3.object.key"), bucket = text_at(a, v, "s3.bucket.name");
    slice name = slice_starts(event.text, SLICE("s3:")) ? slice_after(event.text, 3) : event.text;
    r->s3_event = (maybe_text){ arena_printf(a, "s3:%.*s", SLICE_ARG(name)), event.there };
    r->s3_key = (maybe_text){ url_decoded(a, key.text), key.there };
    r->origin[KIND_S3] = bucket;
    for (size_t i = 0; event.there && i < COUNT(s3_events); i++) {
        if (!slice_is(name, s3_events[i].event)) continue;
        entries top = { .arena = a }, detail = { .arena = a }, in_bucket = { .arena = a }, object = { .arena = a };
        const value *raw = at(a, v, "s3.object");
        for (size_t k = 0; raw->kind == VAL_MAP && k < raw->map.len; k++) {
            slice field = raw->map.at[k].key;
            put(&object, slice_is(field, "eTag") ? SLICE("etag") : slice_is(field, "versionId") ? SLICE("version-id") : field,
                slice_is(field, "key") ? new_text(a, r->s3_key.text) : raw->map.at[k].value);
        }
        if (bucket.there) put(&in_bucket, SLICE("name"), new_text(a, bucket.text));
        put(&detail, SLICE("version"), new_text(a, SLICE("0")));
        put(&detail, SLICE("bucket"), map_of(&in_bucket));
        put(&detail, SLICE("object"), map_of(&object));
        if (s3_events[i].reason[0] != '\0') put(&detail, SLICE("reason"), new_text(a, slice_from(s3_events[i].reason)));
        if (s3_events[i].deletion[0] != '\0') put(&detail, SLICE("deletion-type"), new_text(a, slice_from(s3_events[i].deletion)));
        put(&top, SLICE("version"), new_text(a, SLICE("0")));
        put(&top, SLICE("detail-type"), new_text(a, slice_from(s3_events[i].type)));
        put(&top, SLICE("source"), new_text(a, SLICE("aws.s3")));
        put(&top, SLICE("region"), at(a, v, "awsRegion"));
        put(&top, SLICE("time"), at(a, v, "eventTime"));
        put(&top, SLICE("detail"), map_of(&detail));
        r->kinds |= KIND_BIT(KIND_EVENTS);
        r->seen[KIND_EVENTS] = pattern_event_new(a, PATTERN_EVENTS, map_of(&top));
        return;
    }
}

/* ---- each kind ---- */

static void read_events(arena *a, const value *v, record *r) {
    entries top = { .arena = a };
    for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++)
        put(&top, v->map.at[i].key, slice_is(v->map.at[i].key, "detail") ? opened(a, v->map.at[i].value) : v->map.at[i].value);
    const value *event = map_of(&top);
    r->seen[KIND_EVENTS] = pattern_event_new(a, PATTERN_EVENTS, event);
    notification_of(a, event, r);
    maybe_text type = text_at(a, event, "detail-type");
    if (slice_is(type.text, "Scheduled Event")) r->rule = named_by(text_at(a, event, "resources[0]"));
    if (slice_is(type.text, "CloudWatch Alarm State Change")) {
        r->kinds |= KIND_BIT(KIND_ALARM);
        r->state = text_at(a, event, "detail.state.value");
        r->origin[KIND_ALARM] = text_at(a, event, "detail.alarmName");
    }
}

static void read_sns(arena *a, const value *v, record *r) {
    const value *m = has(a, v, "Sns") ? at(a, v, "Sns") : v;
    r->attributes = pattern_event_new(a, PATTERN_SNS_ATTRIBUTES, at(a, m, "MessageAttributes"));
    r->body = pattern_event_new(a, PATTERN_SNS_BODY, opened(a, at(a, m, "Message")));
    r->origin[KIND_SNS] = named_by(text_at(a, m, "TopicArn"));
}

/* A record of a source, with one field opened and one map spread over the top. */
static void read_source(arena *a, const value *v, record *r, record_kind kind, const char *spread, const char *coded, const value *(*open)(arena *a, const value *v)) {
    entries top = { .arena = a };
    for (size_t pass = 0; pass < 2; pass++) {
        const value *from = pass == 1 ? v : spread[0] == '\0' ? &value_absent : at(a, v, spread);
        for (size_t i = 0; from->kind == VAL_MAP && i < from->map.len; i++) {
            slice key = from->map.at[i].key;
            if (pass == 1 && spread[0] != '\0' && slice_is(key, spread)) continue;
            put(&top, key, slice_is(key, coded) ? open(a, from->map.at[i].value) : from->map.at[i].value);
        }
    }
    r->seen[kind] = pattern_event_new(a, PATTERN_ESM, map_of(&top));
    r->origin[kind] = named_by(FIRST_TEXT(a, v, "eventSourceARN", "eventSourceArn"));
}

static void read_sqs(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_SQS, "", "body", opened); }
static void read_kinesis(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_KINESIS, "kinesis", "data", decoded); }
static void read_dynamodb(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_DYNAMODB, "", "", opened); }
static void read_kafka(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_KAFKA, "", "value", decoded); }
static void read_mq(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_MQ, "", "data", decoded); }
static void read_docdb(arena *a, const value *v, record *r) { read_source(a, v, r, KIND_DOCDB, "", "", opened); }

static void read_http(arena *a, const value *v, record *r) {
    r->method = FIRST_TEXT(a, v, "httpMethod", "requestContext.http.method", "method");
    r->path = FIRST_TEXT(a, v, "requestContext.http.path", "rawPath", "path");
    slice stage = text_at(a, v, "requestContext.stage").text, path = r->path.text;
    path = slice_from_to(path, 0, slice_find(path, '?'));
    bool from_v2 = has(a, v, "rawPath") || has(a, v, "requestContext.http.path");
    if (from_v2 && stage.len > 0 && path.len > stage.len && slice_eq(slice_from_to(path, 1, stage.len + 1), stage) &&
        (path.len == stage.len + 1 || path.at[stage.len + 1] == '/'))
        path = slice_after(path, stage.len + 1);
    if (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    r->path.text = r->path.there && path.len == 0 ? SLICE("/") : path;
    r->path.there = r->path.there && path.len <= MATCH_MAX_PATH;
}

static void read_websocket(arena *a, const value *v, record *r) { r->route = FIRST_TEXT(a, v, "route", "requestContext.routeKey"); }

static void read_graphql(arena *a, const value *v, record *r) {
    r->type = FIRST_TEXT(a, v, "typeName", "info.parentTypeName", "type");
    r->field = FIRST_TEXT(a, v, "fieldName", "info.fieldName");
}

/* "PreSignUp_AdminCreateUser". Cognito developer guide, "Customizing user pool workflows with Lambda triggers", triggerSource values. */
static void read_cognito(arena *a, const value *v, record *r) {
    maybe_text source = text_at(a, v, "triggerSource");
    slice name = slice_from_to(source.text, 0, slice_find(source.text, '_'));
    if (slice_is(name, "TokenGeneration")) name = SLICE("PreTokenGeneration");
    r->trigger = (maybe_text){ name, source.there };
    r->origin[KIND_COGNITO] = text_at(a, v, "userPoolId");
}

static void read_iot(arena *a, const value *v, record *r) { r->topic = text_at(a, v, "topic"); }

static void read_logs(arena *a, const value *v, record *r) {
    const value *lines = at(a, v, "logEvents");
    r->log_lines = lines->kind == VAL_LIST ? lines : NULL;
    r->origin[KIND_LOGS] = text_at(a, v, "logGroup");
}

static void read_alarm(arena *a, const value *v, record *r) {
    r->state = text_at(a, v, "alarmData.state.value");
    r->origin[KIND_ALARM] = FIRST_TEXT(a, v, "alarmData.alarmName", "alarmName");
}

/* Lambda developer guide, "Capturing records of Lambda asynchronous invocations": condition is Success, RetriesExhausted, EventAgeExceeded, ... */
static void read_destination(arena *a, const value *v, record *r) {
    maybe_text is = text_at(a, v, "requestContext.condition");
    r->outcome = (maybe_text){ slice_is(is.text, "Success") ? SLICE("success") : SLICE("failure"), is.there };
}

static void (*const readers[KIND_COUNT])(arena *a, const value *v, record *r) = {
    [KIND_EVENTS] = read_events, [KIND_SNS] = read_sns,         [KIND_SQS] = read_sqs,       [KIND_KINESIS] = read_kinesis,
    [KIND_DYNAMODB] = read_dynamodb, [KIND_KAFKA] = read_kafka, [KIND_MQ] = read_mq,         [KIND_DOCDB] = read_docdb,
    [KIND_S3] = read_s3,         [KIND_HTTP] = read_http,       [KIND_WEBSOCKET] = read_websocket, [KIND_GRAPHQL] = read_graphql,
    [KIND_COGNITO] = read_cognito, [KIND_IOT] = read_iot,       [KIND_LOGS] = read_logs,     [KIND_ALARM] = read_alarm,
    [KIND_DESTINATION] = read_destination,
};

/* ---- texts of the event, for the names in it ---- */

static const value *short_texts(arena *a, const value *top) {
    VEC(const value *) stack = { 0 }, found = { 0 };
    VEC_PUSH(a, &stack, top);
    for (size_t steps = 0; stack.len > 0 && steps < EVENT_WALK && found.len < EVENT_NAMES; steps++) {
        const value *v = stack.at[--stack.len];
        if (v->kind == VAL_STRING && v->text.len > 0 && v->text.len <= EVENT_NAME_BYTES) VEC_PUSH(a, &found, v);
        if (v->kind == VAL_LIST)
            for (size_t i = v->list.len < EVENT_WALK ? v->list.len : EVENT_WALK; i > 0; i--) VEC_PUSH(a, &stack, v->list.at[i - 1]);
        if (v->kind == VAL_MAP)
            for (size_t i = v->map.len < EVENT_WALK ? v->map.len : EVENT_WALK; i > 0; i--) VEC_PUSH(a, &stack, v->map.at[i - 1].value);
    }
    return value_new_list(a, (pos){ 0, 0, 0 }, found.at, found.len);
}

/* ---- the file ---- */

/* An entry of PutEvents as the event that it becomes. EventBridge API reference, PutEventsRequestEntry. */
static const value *from_entry(arena *a, const value *v) {
    static const struct { const char *entry, *event; } names[] = {
        { "Source", "source" }, { "DetailType", "detail-type" }, { "Detail", "detail" }, { "Resources", "resources" }, { "Time", "time" },
    };
    if (!has(a, v, "DetailType") && !(has(a, v, "Source") && has(a, v, "Detail"))) return v;
    entries e = { .arena = a };
    for (size_t i = 0; i < COUNT(names); i++) put(&e, slice_from(names[i].event), at(a, v, names[i].entry));
    return map_of(&e);
}

typedef struct {
    arena *arena;
    VEC(record) list;
    const char *why;
} reading;

static void read_record(reading *g, const value *v) {
    if (g->list.len >= MATCH_MAX_RECORDS) {
        g->why = "has more than 100 records: give fewer";
        return;
    }
    if (v->kind != VAL_MAP) {
        g->why = "an event is a JSON object";
        return;
    }
    v = from_entry(g->arena, v);
    record r = { .kinds = kinds_of(g->arena, v) };
    if (r.kinds == 0) {
        g->why = "is no event that sflint knows; each kind has its mark: source and detail-type (EventBridge), Message or MessageAttributes (SNS), "
                 "body (SQS), data (Kinesis), dynamodb or eventName (DynamoDB), s3 and eventName (S3), method and path (HTTP)";
        return;
    }
    uint32_t kinds = r.kinds;
    for (size_t k = 0; k < KIND_COUNT; k++)
        if ((kinds & KIND_BIT(k)) != 0) readers[k](g->arena, v, &r);
    r.names = short_texts(g->arena, v);
    VEC_PUSH(g->arena, &g->list, r);
}

static void read_all(reading *g, const value *list) {
    if (list->kind == VAL_LIST)
        for (size_t i = 0; i < list->list.len && g->why == NULL; i++) read_record(g, list->list.at[i]);
    else if (list->kind == VAL_MAP)
        for (size_t i = 0; i < list->map.len && g->why == NULL; i++)
            if (list->map.at[i].value->kind == VAL_LIST) read_all(g, list->map.at[i].value);
}

/* Where Lambda and PutEvents put several: lists, and (Kafka, RabbitMQ) lists by topic or queue. */
static const char *const wrappers[] = { "Records", "records", "messages", "rmqMessagesByQueue", "Entries", "events" };

const match_event *match_event_new(arena *a, const value *event, slice *why) {
    reading g = { .arena = a };
    const value *inner = event->kind == VAL_LIST ? event : &value_absent;
    for (size_t i = 0; i < COUNT(wrappers) && value_is_absent(inner) && event->kind == VAL_MAP; i++) {
        const value *list = value_get(a, event, slice_from(wrappers[i]));
        if (list->kind == VAL_LIST || (list->kind == VAL_MAP && strcmp(wrappers[i], "Records") != 0)) inner = list;
    }
    if (value_is_absent(inner)) read_record(&g, event);
    else read_all(&g, inner);
    if (g.why == NULL && g.list.len == 0) g.why = "holds no record";
    if (g.why != NULL) {
        *why = slice_from(g.why);
        return NULL;
    }
    match_event *m = ARENA_NEW(a, match_event);
    m->at = g.list.at;
    m->len = g.list.len;
    return m;
}

slice match_event_words(arena *a, const match_event *m) {
    buf b = { .arena = a };
    uint32_t kinds = 0;
    for (size_t i = 0; i < m->len; i++) kinds |= m->at[i].kinds;
    for (size_t k = 0, n = 0; k < KIND_COUNT; k++) {
        if ((kinds & KIND_BIT(k)) == 0) continue;
        if (n++ > 0) buf_text(&b, " or ");
        buf_text(&b, kind_words[k]);
    }
    return buf_as_slice(&b);
}
