/* S3 for state machines: the operations that read and write objects, members in and out. Step Functions developer guide, "Learning to use AWS SDK
 * service integrations": bodies are text. */
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

static s3_request request_of(aws_call *c) {
    s3_request q = { .call = c, .arena = c->arena, .store = s3_store_of(c->of, c->run->arena), .key = js_str_of(c->in, "Key") };
    q.bucket = s3_bucket_of(q.store, c->run, c->target);
    return q;
}

/* The key, or false: answered. */
static bool has_key(s3_request *q) {
    if (q->key.len > 0 && q->key.len <= S3_MAX_KEY) return true;
    aws_fail(q->call, 400, q->key.len == 0 ? "InvalidRequest" : "KeyTooLongError", q->key.len == 0 ? "Key must be given" : "Your key is too long");
    return false;
}

static s3_object *object_for(s3_request *q) {
    s3_object *o = has_key(q) ? s3_object_of(q->bucket, q->key) : NULL;
    if (o == NULL && q->key.len > 0 && q->key.len <= S3_MAX_KEY && aws_allowed(q->call, "s3:ListBucket", q->bucket->resource))
        aws_fail(q->call, 404, "NoSuchKey", "The specified key does not exist.");
    return o;
}

static const doc_node *etag_of(arena *a, const s3_object *o) { return js_format(a, "\"%.*s\"", SLICE_ARG(o->etag)); }

static void put_about(const s3_request *q, js_object *out, const s3_object *o) {
    arena *a = q->arena;
    js_object meta = { 0 };
    slice type = SLICE("binary/octet-stream"), head = SLICE("x-amz-meta-");
    for (size_t i = 0; i < o->meta.headers.len; i++) {
        http_pair h = o->meta.headers.at[i];
        if (slice_is(h.name, "Content-Type")) type = h.value;
        if (slice_starts(h.name, head)) js_set(a, &meta, slice_after(h.name, head.len), js_string(a, h.value));
    }
    js_put(a, out, "ContentLength", js_int(a, (long long)o->bytes.len));
    js_put(a, out, "ContentType", js_string(a, type));
    js_put(a, out, "ETag", etag_of(a, o));
    js_put(a, out, "LastModified", js_string(a, make_time(a, s3_time(q->store, o), false)));
    js_put(a, out, "Metadata", js_object_end(a, &meta));
    if (o->version.len > 0) js_put(a, out, "VersionId", js_string(a, o->version));
}

static void get_object(aws_call *c) {
    s3_request q = request_of(c);
    s3_object *o = object_for(&q);
    js_object out = { 0 };
    if (o == NULL) return;
    js_put(c->arena, &out, "Body", js_string(c->arena, arena_copy(c->arena, s3_slice(&o->bytes))));
    put_about(&q, &out, o);
    aws_ok(c, js_object_end(c->arena, &out));
}

static void head_object(aws_call *c) {
    s3_request q = request_of(c);
    s3_object *o = object_for(&q);
    js_object out = { 0 };
    if (o == NULL) return;
    put_about(&q, &out, o);
    aws_ok(c, js_object_end(c->arena, &out));
}

static void put_object(aws_call *c) {
    s3_request q = request_of(c);
    const doc_node *body = js_get(c->in, "Body"), *meta_in = js_get(c->in, "Metadata");
    slice text = body == NULL || body->kind == DOC_NULL ? SLICE("") : body->kind == DOC_STRING ? body->text : js_text(c->arena, body), type = js_str_of(c->in, "ContentType");
    s3_meta meta = { 0 };
    s3_bytes bytes;
    js_object out = { 0 };
    if (!has_key(&q)) return;
    if (type.len > 0) VEC_PUSH(c->arena, &meta.headers, (http_pair){ SLICE("Content-Type"), type });
    for (size_t i = 0; js_is(meta_in, DOC_MAP) && i < meta_in->map.len; i++)
        VEC_PUSH(c->arena, &meta.headers, (http_pair){ arena_printf(c->arena, "x-amz-meta-%.*s", SLICE_ARG(meta_in->map.at[i].key)), js_str(meta_in->map.at[i].value) });
    if (text.len > S3_MAX_OBJECT || !s3_keep(q.store, text, &bytes)) {
        s3_full(&q);
        return;
    }
    s3_object *o = s3_put(q.store, q.bucket, q.key, bytes, md5_hex(c->arena, text), &meta, c->run->maker.now_ms);
    if (q.bucket->versioned) o->version = make_hex(&c->run->maker, q.store->arena, 32);
    s3_happened(&q, "ObjectCreated:Put", o->key, o);
    js_put(c->arena, &out, "ETag", etag_of(c->arena, o));
    if (o->version.len > 0) js_put(c->arena, &out, "VersionId", js_string(c->arena, o->version));
    aws_ok(c, js_object_end(c->arena, &out));
}

static void delete_object(aws_call *c) {
    s3_request q = request_of(c);
    if (!has_key(&q)) return;
    bool there = s3_object_of(q.bucket, q.key) != NULL;
    s3_delete(q.store, q.bucket, q.key);
    if (there) s3_happened(&q, q.bucket->versioned ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete", q.key, NULL);
    aws_ok(c, js_empty_object());
}

/* Without a delimiter: all that begins with Prefix, a page of it. */
static void list_objects(aws_call *c) {
    arena *a = c->arena;
    s3_request q = request_of(c);
    slice prefix = js_str_of(c->in, "Prefix"), after = js_str_of(c->in, "ContinuationToken"), from = prefix;
    long long most = js_int_of(c->in, "MaxKeys", S3_MAX_PAGE), count = 0;
    js_list contents = { 0 };
    js_object out = { 0 };
    const ordered_entry *e;
    slice last = SLICE("");
    if (js_str_of(c->in, "Delimiter").len > 0) {
        aws_not_built(c, SLICE("ListObjectsV2 with a Delimiter"));
        return;
    }
    if (after.len == 0) after = js_str_of(c->in, "StartAfter");
    if (after.len > 0 && slice_order(after, prefix) >= 0) from = arena_concat(a, (const slice[]){ after, { "\0", 1 } }, 2);
    if (most > S3_MAX_PAGE) most = S3_MAX_PAGE;
    while ((e = ordered_next(&q.bucket->objects, from, true)) != NULL && slice_starts(e->key, prefix) && count < most) {
        const s3_object *o = e->value;
        js_object one = { 0 };
        js_put(a, &one, "Key", js_string(a, o->key));
        js_put(a, &one, "Size", js_int(a, (long long)o->bytes.len));
        js_put(a, &one, "ETag", etag_of(a, o));
        js_put(a, &one, "LastModified", js_string(a, make_time(a, s3_time(q.store, o), false)));
        js_put(a, &one, "StorageClass", js_cstr(a, "STANDARD"));
        js_push(a, &contents, js_object_end(a, &one));
        last = o->key;
        from = arena_concat(a, (const slice[]){ o->key, { "\0", 1 } }, 2);
        count++;
    }
    bool more = e != NULL && slice_starts(e->key, prefix);
    js_put(a, &out, "Contents", js_list_end(a, &contents));
    js_put(a, &out, "IsTruncated", js_bool(more));
    js_put(a, &out, "KeyCount", js_int(a, count));
    js_put(a, &out, "MaxKeys", js_int(a, most));
    js_put(a, &out, "Name", js_string(a, q.bucket->name));
    js_put(a, &out, "Prefix", js_string(a, prefix));
    if (more) js_put(a, &out, "NextContinuationToken", js_string(a, last));
    aws_ok(c, js_object_end(a, &out));
}

#define ON_BUCKET .named_by = "Bucket", .type = "AWS::S3::Bucket", .missing = "NoSuchBucket", .missing_says = "The specified bucket does not exist", .missing_status = 404

const aws_operation s3_operations[] = {
    { .name = "GetObject", .run = get_object, .action = "s3:GetObject", ON_BUCKET },
    { .name = "HeadObject", .run = head_object, .action = "s3:GetObject", ON_BUCKET },
    { .name = "PutObject", .run = put_object, .action = "s3:PutObject", ON_BUCKET },
    { .name = "DeleteObject", .run = delete_object, .action = "s3:DeleteObject", ON_BUCKET },
    { .name = "ListObjectsV2", .run = list_objects, .action = "s3:ListBucket", ON_BUCKET },
    { .name = NULL },
};
