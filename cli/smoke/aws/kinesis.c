/* Kinesis data streams: records go in, and can be read back shard by shard. Amazon Kinesis Data Streams API reference; limits of PutRecords. */
#include "smoke/aws/call.h"
#include "base/digest.h"

#define RECORD_MOST   (1024u * 1024)         /* data and partition key */
#define REQUEST_MOST  (5u * 1024 * 1024)
#define RECORDS_MOST  500u
#define SHARDS_MOST   10000
#define STORED_MOST   ((size_t)256 * 1024 * 1024)
#define READ_MOST     ((size_t)10 * 1024 * 1024)

typedef struct {
    uint32_t shard;
    slice sequence, key, data;               /* data as base64 */
    int64_t at_ms;
} record;

typedef struct {
    const resource *resource;
    uint32_t shards;
    VEC(record) records;
} stream;

typedef struct {
    strmap streams;                          /* by name */
    size_t stored;
} store;

static store *store_of(aws_call *c) {
    void **slot = endpoint_slot(c->of, "kinesis");
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, store);
    return *slot;
}

/* The stream that the members name, for an action on it; NULL: answered. */
static stream *stream_for(aws_call *c, const char *action) {
    slice named = js_str_of(c->in, "StreamName");
    arena *a = c->run->arena;
    if (named.len == 0) named = js_str_of(c->in, "StreamARN");
    if (named.len == 0) {
        aws_fail(c, 400, "InvalidArgumentException", "StreamName or StreamARN must be given");
        return NULL;
    }
    const resource *r = world_find(c->run->world, SLICE("AWS::Kinesis::Stream"), named, NULL);
    if (r == NULL) {
        aws_note(c, "%s was called on the stream %.*s, and the templates have none of that name", c->operation->name, (int)(named.len < 255 ? named.len : 255), named.at);
        aws_fail(c, 400, "ResourceNotFoundException", "Stream %.*s under account %.*s not found.", (int)(named.len < 255 ? named.len : 255), named.at,
                 SLICE_ARG(c->run->world->account));
        return NULL;
    }
    if (!aws_allowed(c, action, r)) return NULL;
    store *st = store_of(c);
    slice name = world_name(c->run->world, r);
    stream *s = strmap_get(&st->streams, name);
    if (s != NULL) return s;
    long long shards;
    s = ARENA_NEW(a, stream);
    s->resource = r;
    s->shards = value_as_int(a, resource_get(a, r, SLICE("ShardCount")), &shards) == YES && shards >= 1 && shards <= SHARDS_MOST ? (uint32_t)shards : 1;
    strmap_put(a, &st->streams, name, s);
    return s;
}

static slice shard_name(arena *a, uint32_t i) { return arena_printf(a, "shardId-%012u", i); }

/* ---- putting ---- */

/* A 128-bit number in decimal, most significant byte first; false when it is none. */
static bool read_hash(slice text, unsigned char out[16]) {
    memset(out, 0, 16);
    for (size_t i = 0; i < text.len; i++) {
        unsigned carry = (unsigned)(unsigned char)text.at[i] - '0';
        if (carry > 9) return false;
        for (size_t k = 16; k-- > 0;) {
            carry += out[k] * 10u;
            out[k] = (unsigned char)(carry & 255);
            carry >>= 8;
        }
        if (carry != 0) return false;
    }
    return text.len > 0;
}

/* Shards share the space of hashes evenly. */
static uint32_t shard_of(const stream *s, const unsigned char hash[16]) {
    uint64_t top = (uint64_t)hash[0] << 24 | (uint64_t)hash[1] << 16 | (uint64_t)hash[2] << 8 | hash[3];
    return (uint32_t)(top * s->shards >> 32);
}

/* One record checked; "" or what is wrong. */
static const char *read_record(aws_call *c, const stream *s, const doc_node *in, record *out, slice *data) {
    slice explicit_hash = js_str_of(in, "ExplicitHashKey");
    unsigned char hash[16];
    *out = (record){ .key = js_str_of(in, "PartitionKey"), .data = js_str_of(in, "Data"), .at_ms = c->run->maker.now_ms };
    if (!js_is(js_get(in, "Data"), DOC_STRING) || !base64_decode(c->arena, out->data, data)) return "Data must be given as base64";
    if (out->key.len < 1 || out->key.len > 4 * 256) return "1 validation error detected: Value at 'partitionKey' failed to satisfy constraint: Member must have length between 1 and 256";
    if (data->len + out->key.len > RECORD_MOST) return "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576";
    md5_bytes(out->key, hash);
    if (explicit_hash.len > 0 && !read_hash(explicit_hash, hash)) return "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1].";
    out->shard = shard_of(s, hash);
    return "";
}

static void keep(aws_call *c, stream *s, record *r, slice data) {
    arena *a = c->run->arena;
    happening_record said = { .key = r->key, .data = data };
    r->sequence = arena_copy(a, flow_record(c->run, s->resource, &said, c->cause));
    r->key = arena_copy(a, r->key);
    r->data = arena_copy(a, r->data);
    store_of(c)->stored += r->data.len + r->key.len;
    VEC_PUSH(a, &s->records, *r);
}

static bool full(aws_call *c, size_t more) {
    if (store_of(c)->stored + more <= STORED_MOST) return false;
    aws_fail(c, 400, "LimitExceededException", "sflint smoke keeps no more than 256 MiB of records in a run");
    return true;
}

static void put_record(aws_call *c) {
    record r;
    slice data;
    stream *s = stream_for(c, "kinesis:PutRecord");
    if (s == NULL) return;
    const char *wrong = read_record(c, s, c->in, &r, &data);
    if (wrong[0] != '\0') {
        aws_fail(c, 400, "ValidationException", "%s", wrong);
        return;
    }
    if (full(c, r.data.len)) return;
    keep(c, s, &r, data);
    js_object o = { 0 };
    js_put(c->arena, &o, "ShardId", js_string(c->arena, shard_name(c->arena, r.shard)));
    js_put(c->arena, &o, "SequenceNumber", js_string(c->arena, r.sequence));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void put_records(aws_call *c) {
    arena *a = c->arena;
    stream *s = stream_for(c, "kinesis:PutRecords");
    if (s == NULL) return;
    const doc_node *list = js_get(c->in, "Records");
    if (!js_is(list, DOC_LIST) || list->list.len < 1 || list->list.len > RECORDS_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length between 1 and 500");
        return;
    }
    record *records = ARENA_ARRAY(a, record, list->list.len);
    slice *data = ARENA_ARRAY(a, slice, list->list.len);
    size_t bytes = 0, encoded = 0;
    for (size_t i = 0; i < list->list.len; i++) {
        const char *wrong = read_record(c, s, list->list.at[i], &records[i], &data[i]);
        if (wrong[0] != '\0') {
            aws_fail(c, 400, "ValidationException", "records.%zu: %s", i + 1, wrong);
            return;
        }
        bytes += data[i].len + records[i].key.len;
        encoded += records[i].data.len;
    }
    if (bytes > REQUEST_MOST) {
        aws_fail(c, 400, "InvalidArgumentException", "Records size exceeds 5 MB limit");
        return;
    }
    if (full(c, encoded)) return;
    js_list out = { 0 };
    js_object answer = { 0 };
    for (size_t i = 0; i < list->list.len; i++) {
        js_object o = { 0 };
        keep(c, s, &records[i], data[i]);
        js_put(a, &o, "ShardId", js_string(a, shard_name(a, records[i].shard)));
        js_put(a, &o, "SequenceNumber", js_string(a, records[i].sequence));
        js_push(a, &out, js_object_end(a, &o));
    }
    js_put(a, &answer, "FailedRecordCount", js_int(a, 0));
    js_put(a, &answer, "Records", js_list_end(a, &out));
    aws_ok(c, js_object_end(a, &answer));
}

/* ---- describing ---- */

/* In decimal: the inverse of read_hash. */
static slice hash_text(arena *a, const unsigned char hash[16]) {
    unsigned char left[16];
    char text[40];
    size_t at = sizeof text;
    memcpy(left, hash, 16);
    for (bool any = true; any && at > 0;) {
        unsigned rest = 0;
        any = false;
        for (size_t k = 0; k < 16; k++) {
            rest = rest << 8 | left[k];
            left[k] = (unsigned char)(rest / 10);
            any |= left[k] != 0;
            rest %= 10;
        }
        text[--at] = (char)('0' + rest);
    }
    return arena_copy(a, (slice){ text + at, sizeof text - at });
}

/* The least hash of shard i (as shard_of counts), or with `last` the greatest of the one before it. */
static slice bound_of(arena *a, const stream *s, uint32_t i, bool last) {
    unsigned char hash[16] = { 0 };
    uint64_t top = (((uint64_t)i << 32) + s->shards - 1) / s->shards - last;
    if (last) memset(hash, 0xFF, 16);
    for (int k = 0; k < 4; k++) hash[k] = (unsigned char)(top >> (24 - 8 * k) & 255);
    return hash_text(a, hash);
}

static const doc_node *shards(aws_call *c, const stream *s) {
    arena *a = c->arena;
    js_list out = { 0 };
    for (uint32_t i = 0; i < s->shards; i++) {
        js_object o = { 0 }, hashes = { 0 }, sequences = { 0 };
        js_put(a, &o, "ShardId", js_string(a, shard_name(a, i)));
        js_put(a, &hashes, "StartingHashKey", js_string(a, bound_of(a, s, i, false)));
        js_put(a, &hashes, "EndingHashKey", js_string(a, bound_of(a, s, i + 1, true)));
        js_put(a, &sequences, "StartingSequenceNumber", js_cstr(a, "0"));
        js_put(a, &o, "HashKeyRange", js_object_end(a, &hashes));
        js_put(a, &o, "SequenceNumberRange", js_object_end(a, &sequences));
        js_push(a, &out, js_object_end(a, &o));
    }
    return js_list_end(a, &out);
}

static void describe(aws_call *c, const char *action, const char *member, bool with_shards) {
    stream *s = stream_for(c, action);
    arena *a = c->arena;
    js_object o = { 0 }, out = { 0 };
    if (s == NULL) return;
    js_put(a, &o, "StreamName", js_string(a, world_name(c->run->world, s->resource)));
    js_put(a, &o, "StreamARN", js_string(a, world_arn(c->run->world, s->resource)));
    js_put(a, &o, "StreamStatus", js_cstr(a, "ACTIVE"));
    js_put(a, &o, "RetentionPeriodHours", js_int(a, 24));
    js_put(a, &o, "StreamCreationTimestamp", js_int(a, c->run->maker.now_ms / 1000));
    js_put(a, &o, "EnhancedMonitoring", js_empty_list());
    if (with_shards) {
        js_put(a, &o, "Shards", shards(c, s));
        js_put(a, &o, "HasMoreShards", js_bool(false));
    } else js_put(a, &o, "OpenShardCount", js_int(a, s->shards));
    js_put(a, &out, member, js_object_end(a, &o));
    aws_ok(c, js_object_end(a, &out));
}

static void describe_stream(aws_call *c) { describe(c, "kinesis:DescribeStream", "StreamDescription", true); }
static void describe_summary(aws_call *c) { describe(c, "kinesis:DescribeStreamSummary", "StreamDescriptionSummary", false); }

static void list_shards(aws_call *c) {
    stream *s = stream_for(c, "kinesis:ListShards");
    js_object o = { 0 };
    if (s == NULL) return;
    js_put(c->arena, &o, "Shards", shards(c, s));
    aws_ok(c, js_object_end(c->arena, &o));
}

/* ---- reading ---- */

/* An iterator is the stream's name, the shard and how many of the stream's records lie behind. */
static slice iterator(arena *a, slice name, uint32_t shard, size_t at) { return base64_encode(a, arena_printf(a, "%.*s %u %zu", SLICE_ARG(name), shard, at)); }

static bool read_iterator(aws_call *c, slice text, stream **s, uint32_t *shard, size_t *at) {
    slice rest, name, number;
    long long n, k;
    if (text.len > 512 || !base64_decode(c->arena, text, &rest) || !slice_cut(&rest, ' ', &name) || !slice_cut(&rest, ' ', &number) || rest.at == NULL) return false;
    *s = strmap_get(&store_of(c)->streams, name);
    if (*s == NULL || !slice_int(number, &n) || !slice_int(rest, &k) || n < 0 || n >= (long long)(*s)->shards || k < 0) return false;
    *shard = (uint32_t)n;
    *at = (size_t)k;
    return true;
}

static void get_shard_iterator(aws_call *c) {
    stream *s = stream_for(c, "kinesis:GetShardIterator");
    if (s == NULL) return;
    slice type = js_str_of(c->in, "ShardIteratorType"), asked = js_str_of(c->in, "ShardId"), from = js_str_of(c->in, "StartingSequenceNumber");
    slice head = SLICE("shardId-");
    long long shard = -1;
    if (!slice_starts(asked, head) || !slice_int(slice_after(asked, head.len), &shard) || shard < 0 || shard >= (long long)s->shards) {
        aws_fail(c, 400, "ResourceNotFoundException", "Shard %.*s in stream %.*s does not exist", (int)(asked.len < 128 ? asked.len : 128), asked.at,
                 SLICE_ARG(world_name(c->run->world, s->resource)));
        return;
    }
    size_t at = 0;
    bool exact = slice_is(type, "AT_SEQUENCE_NUMBER"), behind = slice_is(type, "AFTER_SEQUENCE_NUMBER"), since = slice_is(type, "AT_TIMESTAMP");
    if (slice_is(type, "LATEST")) at = s->records.len;
    else if (exact || behind) {
        while (at < s->records.len && !slice_eq(s->records.at[at].sequence, from)) at++;
        if (at == s->records.len) {
            aws_fail(c, 400, "InvalidArgumentException", "StartingSequenceNumber is no sequence number of the shard");
            return;
        }
        at += behind;
    } else if (since) {
        double ms = js_double_of(js_get(c->in, "Timestamp")) * 1000;
        while (at < s->records.len && (double)s->records.at[at].at_ms < ms) at++;
    } else if (!slice_is(type, "TRIM_HORIZON")) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set");
        return;
    }
    js_object o = { 0 };
    js_put(c->arena, &o, "ShardIterator", js_string(c->arena, iterator(c->arena, world_name(c->run->world, s->resource), (uint32_t)shard, at)));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void get_records(aws_call *c) {
    arena *a = c->arena;
    stream *s;
    uint32_t shard;
    size_t at, bytes = 0;
    if (!read_iterator(c, js_str_of(c->in, "ShardIterator"), &s, &shard, &at)) {
        aws_fail(c, 400, "InvalidArgumentException", "Invalid ShardIterator.");
        return;
    }
    if (!aws_allowed(c, "kinesis:GetRecords", s->resource)) return;
    long long limit = js_int_of(c->in, "Limit", 10000);
    if (limit < 1 || limit > 10000) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value between 1 and 10000");
        return;
    }
    js_list out = { 0 };
    js_object answer = { 0 };
    for (; at < s->records.len && limit > 0 && bytes < READ_MOST; at++) {
        const record *r = &s->records.at[at];
        if (r->shard != shard) continue;
        js_object o = { 0 };
        js_put(a, &o, "SequenceNumber", js_string(a, r->sequence));
        js_put(a, &o, "ApproximateArrivalTimestamp", js_double(a, (double)r->at_ms / 1000));
        js_put(a, &o, "Data", js_string(a, r->data));
        js_put(a, &o, "PartitionKey", js_string(a, r->key));
        js_push(a, &out, js_object_end(a, &o));
        bytes += r->data.len;
        limit--;
    }
    js_put(a, &answer, "Records", js_list_end(a, &out));
    js_put(a, &answer, "NextShardIterator", js_string(a, iterator(a, world_name(c->run->world, s->resource), shard, at)));
    js_put(a, &answer, "MillisBehindLatest", js_int(a, 0));
    aws_ok(c, js_object_end(a, &answer));
}

static const aws_operation operations[] = {      /* StreamName or StreamARN: the operations look themselves */
    { .name = "PutRecord", .run = put_record },
    { .name = "PutRecords", .run = put_records },
    { .name = "DescribeStream", .run = describe_stream },
    { .name = "DescribeStreamSummary", .run = describe_summary },
    { .name = "ListShards", .run = list_shards },
    { .name = "GetShardIterator", .run = get_shard_iterator },
    { .name = "GetRecords", .run = get_records },
    { .name = NULL },
};

const aws_service kinesis_service = { .name = "kinesis", .target = "Kinesis_20131202", .operations = operations, .error_namespace = "com.amazonaws.kinesis.v20131202" };
