/* Records of queues, streams and tables, notifications, objects, buses, schedules. */
#include "smoke/event/make.h"

#include "base/digest.h"
#include "smoke/event/shape.h"


static const doc_node *text_or_none(arena *a, slice s) { return s.len > 0 ? js_string(a, s) : NULL; }

const doc_node *make_records(arena *a, const doc_node *const *records, size_t len) {
    js_list list = { 0 };
    js_object top = { 0 };
    for (size_t i = 0; i < len; i++) js_push(a, &list, records[i]);
    js_put(a, &top, "Records", js_list_end(a, &list));
    return js_object_end(a, &top);
}

/* ---- SQS. Lambda developer guide, "Using Lambda with Amazon SQS" ---- */

/* An attribute as a client gives it, under the names of this event. */
static const doc_node *renamed(arena *a, const doc_node *attributes, const char *const names[4], bool lists) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(attributes, DOC_MAP) && i < attributes->map.len; i++) {
        const doc_node *v = attributes->map.at[i].value, *text = js_get(v, "StringValue"), *bytes = js_get(v, "BinaryValue");
        js_object one = { 0 };
        if (text != NULL) js_put(a, &one, names[1], text);
        else if (bytes != NULL) js_put(a, &one, names[2], bytes);
        if (lists) {
            js_put(a, &one, "stringListValues", js_empty_list());
            js_put(a, &one, "binaryListValues", js_empty_list());
        }
        js_put(a, &one, names[0], js_get(v, "DataType"));
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = attributes->map.at[i].key, .value = js_object_end(a, &one) });
    }
    return js_object_end(a, &o);
}

const doc_node *make_sqs_record(maker *m, arena *a, slice queue_arn, const queue_message *q) {
    static const char *const names[4] = { "dataType", "stringValue", "binaryValue", NULL };
    return SHAPE(m, a,
        "{'messageId':'$id','receiptHandle':'$receipt','body':'$body',"
        "'attributes':{'ApproximateReceiveCount':'${receives}','SentTimestamp':'${sent}','SequenceNumber':'$sequence',"
        "'MessageGroupId':'$group','SenderId':'AIDASFLINTSMOKESENDER','MessageDeduplicationId':'$dedup',"
        "'ApproximateFirstReceiveTimestamp':'${first}','DeadLetterQueueSourceArn':'$dead'},"
        "'messageAttributes':'$attributes','md5OfMessageAttributes':'$attributesMd5','md5OfBody':'$md5','eventSource':'aws:sqs','eventSourceARN':'$arn',"
        "'awsRegion':'$region'}",
        { "id", js_string(a, q->id) }, { "receipt", js_string(a, q->receipt) }, { "body", js_string(a, q->said.body) },
        { "receives", js_int(a, q->receives > 0 ? (long long)q->receives : 1) }, { "sent", js_int(a, q->sent_ms) },
        { "sequence", text_or_none(a, q->sequence) }, { "group", text_or_none(a, q->said.group) }, { "dedup", text_or_none(a, q->said.dedup) },
        { "first", js_int(a, q->first_receive_ms) }, { "dead", text_or_none(a, q->dead_letter_source) },
        { "attributes", renamed(a, q->said.attributes, names, true) }, { "attributesMd5", text_or_none(a, q->attributes_md5) },
        { "md5", js_string(a, q->md5.len > 0 ? q->md5 : md5_hex(a, q->said.body)) }, { "arn", js_string(a, queue_arn) });
}

/* ---- Kinesis. Lambda developer guide, "Using Lambda with Kinesis" ---- */

const doc_node *make_kinesis_record(maker *m, arena *a, slice stream_arn, slice sequence, const happening_record *r) {
    return SHAPE(m, a,
        "{'kinesis':{'kinesisSchemaVersion':'1.0','partitionKey':'$key','sequenceNumber':'$sequence','data':'$data',"
        "'approximateArrivalTimestamp':'$arrival'},'eventSource':'aws:kinesis','eventVersion':'1.0','eventID':'shardId-000000000000:${sequence}',"
        "'eventName':'aws:kinesis:record','invokeIdentityArn':'arn:${partition}:iam::${account}:role/sflint-smoke','awsRegion':'$region',"
        "'eventSourceARN':'$arn'}",
        { "key", js_string(a, r->key) }, { "sequence", js_string(a, sequence) }, { "data", js_string(a, base64_encode(a, r->data)) },
        { "arrival", js_number(a, arena_printf(a, "%lld.%03lld", (long long)(m->now_ms / 1000), (long long)(m->now_ms % 1000))) },
        { "arn", js_string(a, stream_arn) });
}

/* ---- DynamoDB streams. DynamoDB developer guide, "DynamoDB Streams and AWS Lambda triggers"; Streams API reference, StreamRecord ---- */

static bool shows(slice view, const char *image) {
    return slice_is(view, "NEW_AND_OLD_IMAGES") || slice_is(view, image);
}

const doc_node *make_dynamodb_record(maker *m, arena *a, slice table_arn, slice view, const happening_change *c) {
    const doc_node *after = shows(view, "NEW_IMAGE") && !slice_is(c->event, "REMOVE") ? c->after : NULL;
    const doc_node *before = shows(view, "OLD_IMAGE") && !slice_is(c->event, "INSERT") ? c->before : NULL;
    slice stream = slice_find_slice(table_arn, SLICE("/stream/")) != (size_t)-1 ? table_arn
                 : arena_printf(a, "%.*s/stream/2024-01-01T00:00:00.000", SLICE_ARG(table_arn));
    size_t size = js_text(a, c->keys).len + (after != NULL ? js_text(a, after).len : 0) + (before != NULL ? js_text(a, before).len : 0);
    return SHAPE(m, a,
        "{'eventID':'$hex32','eventName':'$event','eventVersion':'1.1','eventSource':'aws:dynamodb','awsRegion':'$region',"
        "'dynamodb':{'ApproximateCreationDateTime':'$epoch','Keys':'$keys','NewImage':'$after','OldImage':'$before','SequenceNumber':'$digits21',"
        "'SizeBytes':'$size','StreamViewType':'$view'},'eventSourceARN':'$arn','userIdentity':'$who'}",
        { "event", js_string(a, c->event) }, { "keys", c->keys != NULL ? c->keys : js_empty_object() }, { "after", after }, { "before", before },
        { "size", js_int(a, (long long)size) }, { "view", js_string(a, view) }, { "arn", js_string(a, stream) },
        { "who", c->by_ttl ? SHAPE_PLAIN(m, a, "{'type':'Service','principalId':'dynamodb.amazonaws.com'}") : NULL });
}

/* ---- what the filter of an event source mapping sees. Lambda developer guide, "Control which events Lambda sends to your function" ---- */

/* The JSON object or list that a text holds, or the text itself. */
static const doc_node *opened(arena *a, const doc_node *v) {
    slice text = slice_trim(js_str(v));
    if (text.len == 0 || (text.at[0] != '{' && text.at[0] != '[')) return v;
    const doc_node *inside = js_read(a, text);
    return inside != NULL ? inside : v;
}

static const doc_node *decoded(arena *a, const doc_node *v) {
    slice bytes;
    return js_is(v, DOC_STRING) && base64_decode(a, v->text, &bytes) ? opened(a, js_string(a, bytes)) : v;
}

/* Sources by what their records say; members that are added behind the filter are not seen by it. `spread`: a member whose own members stand at
 * the top; `coded`: the member that is opened. */
static const struct { const char *source, *spread, *coded; bool base64; } views[] = {
    { "aws:sqs", "", "body", false },        { "aws:kinesis", "kinesis", "data", true }, { "aws:kafka", "", "value", true },
    { "SelfManagedKafka", "", "value", true }, { "aws:mq", "", "data", true },           { "aws:rmq", "", "data", true },
};

const doc_node *make_filtered_view(arena *a, const doc_node *record) {
    slice source = js_str_of(record, "eventSource");
    for (size_t i = 0; i < COUNT(views); i++) {
        if (!slice_is(source, views[i].source)) continue;
        bool added = slice_is(source, "aws:sqs");
        js_object o = { 0 };
        const doc_node *spread = doc_get(record, slice_from(views[i].spread));
        const doc_node *const parts[] = { spread, record };
        for (size_t p = 0; p < COUNT(parts); p++)
            for (size_t k = 0; js_is(parts[p], DOC_MAP) && k < parts[p]->map.len; k++) {
                slice key = parts[p]->map.at[k].key;
                const doc_node *v = parts[p]->map.at[k].value;
                if (v == spread || (added && (slice_is(key, "eventSource") || slice_is(key, "eventSourceARN") || slice_is(key, "awsRegion")))) continue;
                if (slice_is(key, views[i].coded) || slice_is(key, "key")) v = views[i].base64 ? decoded(a, v) : opened(a, v);
                VEC_PUSH(a, &o.entries, (doc_entry){ .key = key, .value = v });
            }
        return js_object_end(a, &o);
    }
    return record;
}

/* ---- SNS. SNS developer guide, "Fanout to Lambda functions", "Message format for HTTP/HTTPS" ---- */

static slice message_for(const happening_notification *n, slice protocol) {
    const doc_node *own = n->by_protocol != NULL ? doc_get(n->by_protocol, protocol) : NULL;
    if (own == NULL && n->by_protocol != NULL) own = js_get(n->by_protocol, "default");
    return own != NULL ? js_str(own) : n->message;
}

static const char *const sns_names[4] = { "Type", "Value", "Value", NULL };

const doc_node *make_sns_event(maker *m, arena *a, slice topic_arn, slice subscription_arn, slice message_id, const happening_notification *n, slice protocol) {
    return SHAPE(m, a,
        "{'Records':[{'EventSource':'aws:sns','EventVersion':'1.0','EventSubscriptionArn':'$subscription','Sns':{'Type':'Notification',"
        "'MessageId':'$id','TopicArn':'$topic','Subject':'$subject','Message':'$message','Timestamp':'$millis','SignatureVersion':'1',"
        "'Signature':'EXAMPLE','SigningCertUrl':'https://sns.${region}.amazonaws.com/SimpleNotificationService-sflint.pem',"
        "'UnsubscribeUrl':'https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}','MessageAttributes':'$attributes'}}]}",
        { "subscription", js_string(a, subscription_arn) }, { "id", js_string(a, message_id) }, { "topic", js_string(a, topic_arn) },
        { "subject", n->subject.len > 0 ? js_string(a, n->subject) : js_null() }, { "message", js_string(a, message_for(n, protocol)) },
        { "attributes", renamed(a, n->attributes, sns_names, false) });
}

const doc_node *make_sns_envelope(maker *m, arena *a, slice topic_arn, slice message_id, const happening_notification *n, slice protocol) {
    const doc_node *attributes = renamed(a, n->attributes, sns_names, false);
    return SHAPE(m, a,
        "{'Type':'Notification','MessageId':'$id','TopicArn':'$topic','Subject':'$subject','Message':'$message','Timestamp':'$millis',"
        "'SignatureVersion':'1','Signature':'EXAMPLE','SigningCertURL':'https://sns.${region}.amazonaws.com/SimpleNotificationService-sflint.pem',"
        "'UnsubscribeURL':'https://sns.${region}.amazonaws.com/?Action=Unsubscribe','MessageAttributes':'$attributes'}",
        { "id", js_string(a, message_id) }, { "topic", js_string(a, topic_arn) }, { "subject", text_or_none(a, n->subject) },
        { "message", js_string(a, message_for(n, protocol)) }, { "attributes", js_len(attributes) > 0 ? attributes : NULL });
}

/* ---- S3. S3 user guide, "Event message structure", "Using EventBridge" ---- */

/* Percent-encoded as S3 does it in notifications: a blank is `+`, slashes stay. */
static slice object_key(arena *a, slice key) {
    buf out = { .arena = a };
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("-_.*/", c) != NULL);
        if (c == ' ') buf_char(&out, '+');
        else if (plain) buf_char(&out, (char)c);
        else buf_printf(&out, "%%%02X", c);
    }
    return buf_as_slice(&out);
}

static bool removed(const happening_object *o) {
    return slice_starts(o->event, SLICE("ObjectRemoved:")) || slice_starts(o->event, SLICE("LifecycleExpiration:"));
}

static slice etag_of(arena *a, const happening_object *o) {
    slice tag = o->etag.len > 0 ? o->etag : md5_hex(a, o->body);
    return tag.len > 1 && tag.at[0] == '"' ? slice_from_to(tag, 1, tag.len - 1) : tag;
}

const doc_node *make_s3_event(maker *m, arena *a, slice bucket, slice configuration_id, const happening_object *o) {
    return SHAPE(m, a,
        "{'Records':[{'eventVersion':'2.1','eventSource':'aws:s3','awsRegion':'$region','eventTime':'$millis','eventName':'$event',"
        "'userIdentity':{'principalId':'AWS:SFLINTSMOKE'},'requestParameters':{'sourceIPAddress':'127.0.0.1'},"
        "'responseElements':{'x-amz-request-id':'$hex16','x-amz-id-2':'$hex64'},"
        "'s3':{'s3SchemaVersion':'1.0','configurationId':'$configuration','bucket':{'name':'$bucket','ownerIdentity':{'principalId':'SFLINTSMOKE'},"
        "'arn':'arn:${partition}:s3:::${bucket}'},'object':{'key':'$key','size':'$size','eTag':'$etag','versionId':'$version','sequencer':'$hex18'}}}]}",
        { "event", js_string(a, o->event) }, { "configuration", js_string(a, configuration_id.len > 0 ? configuration_id : make_hex(m, a, 32)) },
        { "bucket", js_string(a, bucket) }, { "key", js_string(a, object_key(a, o->key)) },
        { "size", removed(o) ? NULL : js_int(a, (long long)o->size) }, { "etag", removed(o) ? NULL : js_string(a, etag_of(a, o)) },
        { "version", text_or_none(a, o->version) });
}

/* The same happening under the names of both. "" = the event has no such member. */
static const struct { const char *event, *type, *reason, *deletion; } bus_events[] = {
    { "ObjectCreated:Put", "Object Created", "PutObject", "" },
    { "ObjectCreated:Post", "Object Created", "POST Object", "" },
    { "ObjectCreated:Copy", "Object Created", "CopyObject", "" },
    { "ObjectCreated:CompleteMultipartUpload", "Object Created", "CompleteMultipartUpload", "" },
    { "ObjectRemoved:Delete", "Object Deleted", "DeleteObject", "Permanently Deleted" },
    { "ObjectRemoved:DeleteMarkerCreated", "Object Deleted", "DeleteObject", "Delete Marker Created" },
    { "LifecycleExpiration:Delete", "Object Deleted", "Lifecycle Expiration", "Permanently Deleted" },
    { "LifecycleExpiration:DeleteMarkerCreated", "Object Deleted", "Lifecycle Expiration", "Delete Marker Created" },
    { "ObjectRestore:Post", "Object Restore Initiated", "", "" },
    { "ObjectRestore:Completed", "Object Restore Completed", "", "" },
    { "ObjectRestore:Delete", "Object Restore Expired", "", "" },
    { "ObjectTagging:Put", "Object Tags Added", "", "" },
    { "ObjectTagging:Delete", "Object Tags Deleted", "", "" },
    { "ObjectAcl:Put", "Object ACL Updated", "", "" },
    { "LifecycleTransition", "Object Storage Class Changed", "", "" },
    { "IntelligentTiering", "Object Access Tier Changed", "", "" },
};

const doc_node *make_s3_bus_event(maker *m, arena *a, slice bucket, const happening_object *o) {
    for (size_t i = 0; i < COUNT(bus_events); i++) {
        if (!slice_is(o->event, bus_events[i].event)) continue;
        const doc_node *detail = SHAPE(m, a,
            "{'version':'0','bucket':{'name':'$bucket'},'object':{'key':'$key','size':'$size','etag':'$etag','version-id':'$version','sequencer':'$hex18'},"
            "'request-id':'$hex16','requester':'$account','source-ip-address':'127.0.0.1','reason':'$reason','deletion-type':'$deletion'}",
            { "bucket", js_string(a, bucket) }, { "key", js_string(a, o->key) }, { "size", removed(o) ? NULL : js_int(a, (long long)o->size) },
            { "etag", removed(o) ? NULL : js_string(a, etag_of(a, o)) }, { "version", text_or_none(a, o->version) },
            { "reason", text_or_none(a, slice_from(bus_events[i].reason)) }, { "deletion", text_or_none(a, slice_from(bus_events[i].deletion)) });
        const doc_node *resources = SHAPE(m, a, "['arn:${partition}:s3:::${bucket}']", { "bucket", js_string(a, bucket) });
        return make_bus_event(m, a, SLICE("aws.s3"), slice_from(bus_events[i].type), detail, resources);
    }
    return NULL;
}

/* ---- EventBridge. EventBridge user guide, "Event structure"; Scheduler user guide ---- */

const doc_node *make_bus_event(maker *m, arena *a, slice source, slice detail_type, const doc_node *detail, const doc_node *resources) {
    return SHAPE(m, a,
        "{'version':'0','id':'$uuid','detail-type':'$type','source':'$source','account':'$account','time':'$time','region':'$region',"
        "'resources':'$resources','detail':'$detail'}",
        { "type", js_string(a, detail_type) }, { "source", js_string(a, source) },
        { "resources", resources != NULL ? resources : js_empty_list() }, { "detail", detail != NULL ? detail : js_empty_object() });
}

const doc_node *make_rule_tick(maker *m, arena *a, slice rule_arn) {
    js_list resources = { 0 };
    js_push(a, &resources, js_string(a, rule_arn));
    return make_bus_event(m, a, SLICE("aws.events"), SLICE("Scheduled Event"), js_empty_object(), js_list_end(a, &resources));
}

/* `detail` is the text {} here, unlike in a rule's event. */
const doc_node *make_scheduler_event(maker *m, arena *a, slice schedule_arn) {
    return SHAPE(m, a,
        "{'version':'0','id':'$uuid','detail-type':'Scheduled Event','source':'aws.scheduler','account':'$account','time':'$time','region':'$region',"
        "'resources':['$arn'],'detail':'{}'}",
        { "arn", js_string(a, schedule_arn) });
}
