/* Data Firehose: records for a delivery stream. Amazon Data Firehose API reference, PutRecord, PutRecordBatch. */
#include "smoke/aws/call.h"
#include "base/digest.h"

#define RECORD_MOST  1024000u            /* before base64 */
#define BATCH_MOST   (4u * 1024 * 1024)
#define RECORDS_MOST 500u

/* Delivery streams that read from somewhere take no records of clients. */
static bool takes_records(aws_call *c) {
    slice type = world_text(c->run->world, resource_get(c->arena, c->target, SLICE("DeliveryStreamType")), c->target->exists, NULL);
    if (type.len == 0 || slice_is(type, "DirectPut")) return true;
    aws_fail(c, 400, "InvalidArgumentException", "This operation is not permitted on %.*s delivery stream type.", SLICE_ARG(type));
    return false;
}

/* False: answered. */
static bool read_record(aws_call *c, const doc_node *record, slice *data) {
    const doc_node *in = js_get(record, "Data");
    if (!js_is(in, DOC_STRING) || !base64_decode(c->arena, in->text, data)) {
        aws_fail(c, 400, "SerializationException", "Data must be given as base64");
        return false;
    }
    if (data->len <= RECORD_MOST) return true;
    aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'record.data' failed to satisfy constraint: Member must have length less than or equal to 1024000");
    return false;
}

/* Ids of their own: what a flow is called does not hang on how many records were put. */
static const doc_node *taken(aws_call *c) {
    void **slot = endpoint_slot(c->of, "firehose");
    js_object o = { 0 };
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, maker);
    js_put(c->arena, &o, "RecordId", js_string(c->arena, make_hex(*slot, c->arena, 64)));
    js_put(c->arena, &o, "Encrypted", js_bool(false));
    return js_object_end(c->arena, &o);
}

static void put_record(aws_call *c) {
    slice data;
    if (!takes_records(c) || !read_record(c, js_get(c->in, "Record"), &data)) return;
    flow_firehose(c->run, c->target, &data, 1, c->cause);
    aws_ok(c, taken(c));
}

static void put_record_batch(aws_call *c) {
    const doc_node *list = js_get(c->in, "Records");
    if (!takes_records(c)) return;
    if (!js_is(list, DOC_LIST) || list->list.len < 1 || list->list.len > RECORDS_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length between 1 and 500");
        return;
    }
    slice *data = ARENA_ARRAY(c->arena, slice, list->list.len);
    size_t bytes = 0;
    for (size_t i = 0; i < list->list.len; i++) {
        if (!read_record(c, list->list.at[i], &data[i])) return;
        bytes += data[i].len;
    }
    if (bytes > BATCH_MOST) {
        aws_fail(c, 400, "InvalidArgumentException", "Records size exceeds 4 MB limit");
        return;
    }
    js_list out = { 0 };
    js_object answer = { 0 };
    for (size_t i = 0; i < list->list.len; i++) js_push(c->arena, &out, taken(c));
    flow_firehose(c->run, c->target, data, list->list.len, c->cause);
    js_put(c->arena, &answer, "FailedPutCount", js_int(c->arena, 0));
    js_put(c->arena, &answer, "Encrypted", js_bool(false));
    js_put(c->arena, &answer, "RequestResponses", js_list_end(c->arena, &out));
    aws_ok(c, js_object_end(c->arena, &answer));
}

#define ON_STREAM .named_by = "DeliveryStreamName", .type = "AWS::KinesisFirehose::DeliveryStream", .missing = "ResourceNotFoundException", \
    .missing_says = "Firehose {} not found under this account."

static const aws_operation operations[] = {
    { .name = "PutRecord", .run = put_record, .action = "firehose:PutRecord", ON_STREAM },
    { .name = "PutRecordBatch", .run = put_record_batch, .action = "firehose:PutRecordBatch", ON_STREAM },
    { .name = NULL },
};

const aws_service firehose_service = { .name = "firehose", .target = "Firehose_20150804", .operations = operations, .error_namespace = "com.amazonaws.firehose.v20150804" };
