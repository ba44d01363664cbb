/* S3: which bucket, key and operation a request means; operations on one object. Amazon S3 API reference. */
#include <stdio.h>
#include <time.h>

#include "smoke/aws/permission.h"
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

/* ---- small ones ---- */

bool s3_param(const s3_request *q, const char *name, slice *out) { return http_query(q->http, name, out); }

void s3_answer_xml(s3_request *q, unsigned status, const buf *xml) {
    http_pair type = { SLICE("Content-Type"), SLICE("application/xml") };
    aws_raw(q->call, status, &type, 1, buf_as_slice(xml));
}

slice s3_http_date(arena *a, int64_t ms) {
    static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t s = (time_t)(ms / 1000);
    struct tm t;
    if (gmtime_r(&s, &t) == NULL) return SLICE("Thu, 01 Jan 1970 00:00:00 GMT");
    return arena_printf(a, "%s, %02d %s %d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

bool s3_full(s3_request *q) {
    aws_fail(q->call, 400, "EntityTooLarge", "sflint smoke keeps no more than 256 MiB of objects in a run");
    return true;
}

void s3_happened(s3_request *q, const char *event, slice key, const s3_object *o) {
    happening_object h = { .event = slice_from(event), .key = key, .body = SLICE(""), .content_type = SLICE(""), .etag = SLICE(""), .version = SLICE("") };
    if (o != NULL) {
        h.size = o->bytes.len;
        h.etag = o->etag;
        h.version = o->version;
        for (size_t i = 0; i < o->meta.headers.len; i++)
            if (slice_same_letters(o->meta.headers.at[i].name, SLICE("Content-Type"))) h.content_type = o->meta.headers.at[i].value;
    }
    flow_object(q->call->run, q->bucket->resource, &h, q->call->cause);
}

static slice quoted(arena *a, slice etag) { return arena_printf(a, "\"%.*s\"", SLICE_ARG(etag)); }

/* Is the etag one of a list ("a", "b"), or is that `*`? */
static bool etag_in(slice list, slice etag) {
    slice one;
    while (list.at != NULL && slice_cut(&list, ',', &one)) {
        one = slice_trim(one);
        if (slice_is(one, "*")) return true;
        if (slice_starts(one, SLICE("W/"))) one = slice_after(one, 2);
        if (one.len >= 2 && one.at[0] == '"') one = slice_from_to(one, 1, one.len - 1);
        if (slice_eq(one, etag)) return true;
    }
    return false;
}

bool s3_range(slice text, size_t size, size_t *from, size_t *to, bool *none) {
    slice head = SLICE("bytes="), first;
    long long low, high;
    *none = false;
    if (!slice_starts(text, head) || slice_find(text, ',') < text.len) return false;
    slice rest = slice_after(text, head.len);
    if (!slice_cut(&rest, '-', &first) || rest.at == NULL) return false;
    if (first.len == 0) {                            /* the last so many */
        if (!slice_int(rest, &high) || high < 0) return false;
        *none = high == 0 || size == 0;
        *from = (unsigned long long)high >= size ? 0 : size - (size_t)high;
        *to = size - (size > 0);
        return true;
    }
    if (!slice_int(first, &low) || low < 0 || (rest.len > 0 && (!slice_int(rest, &high) || high < low))) return false;
    *none = (unsigned long long)low >= size;
    *from = (size_t)low;
    *to = rest.len > 0 && (unsigned long long)high < size ? (size_t)high : size - (size > 0);
    return true;
}

/* ---- headers that are kept with an object ---- */

static const char *const kept_headers[] = {
    "Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires", "x-amz-website-redirect-location", "x-amz-storage-class",
};

typedef struct {
    s3_request *q;
    s3_meta *meta;
    size_t bytes;
} collecting;

static void collect(void *self, slice name, slice text) {
    collecting *c = self;
    slice head = SLICE("x-amz-meta-");
    if (name.len <= head.len || !slice_same_letters(slice_from_to(name, 0, head.len), head)) return;
    char *small = ARENA_ARRAY(c->q->arena, char, name.len);
    for (size_t i = 0; i < name.len; i++) small[i] = (char)(name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] - 'A' + 'a' : name.at[i]);
    c->bytes += name.len - head.len + text.len;
    VEC_PUSH(c->q->arena, &c->meta->headers, (http_pair){ { small, name.len }, arena_copy(c->q->arena, text) });
}

/* "aws-chunked,gzip" is gzip: how the body came is no property of the object. */
static slice own_encoding(arena *a, slice text) {
    buf out = { .arena = a };
    slice one;
    while (text.at != NULL && slice_cut(&text, ',', &one)) {
        one = slice_trim(one);
        if (one.len == 0 || slice_same_letters(one, SLICE("aws-chunked"))) continue;
        if (out.bytes.len > 0) buf_char(&out, ',');
        buf_slice(&out, one);
    }
    return buf_as_slice(&out);
}

/* "a=1&b=2" */
static bool read_tags(s3_request *q, slice text, s3_meta *out) {
    slice pair, key;
    if (text.len == 0) return true;
    while (text.at != NULL && slice_cut(&text, '&', &pair)) {
        if (pair.len == 0) continue;
        bool has = slice_cut(&pair, '=', &key);
        http_pair tag = { http_decode(q->arena, has ? key : pair, true), http_decode(q->arena, has && pair.at != NULL ? pair : SLICE(""), true) };
        if (out->tags.len == S3_MAX_TAGS || tag.name.len == 0 || tag.name.len > 128 * 4 || tag.value.len > 256 * 4) {
            aws_fail(q->call, 400, "InvalidTag", out->tags.len == S3_MAX_TAGS ? "Object tags cannot be greater than 10" : "The TagKey or TagValue you have provided is invalid");
            return false;
        }
        VEC_PUSH(q->arena, &out->tags, tag);
    }
    return true;
}

bool s3_read_meta(s3_request *q, s3_meta *out) {
    *out = (s3_meta){ 0 };
    for (size_t i = 0; i < COUNT(kept_headers); i++) {
        slice text = http_header(q->http, kept_headers[i]);
        if (slice_is(slice_from(kept_headers[i]), "Content-Encoding")) text = own_encoding(q->arena, text);
        if (text.len > 0) VEC_PUSH(q->arena, &out->headers, (http_pair){ slice_from(kept_headers[i]), arena_copy(q->arena, text) });
    }
    collecting c = { q, out, 0 };
    http_each_header(q->http, collect, &c);
    if (c.bytes > S3_MAX_META) {
        aws_fail(q->call, 400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
        return false;
    }
    return read_tags(q, http_header(q->http, "x-amz-tagging"), out);
}

/* ---- reading ---- */

/* Who may not list is not told that a key is not there. S3 API reference, GetObject, "Permissions". */
static void no_such_key(s3_request *q) {
    slice arn;
    if (permission_of(q->call->run, q->arena, q->call->caller, SLICE("s3:ListBucket"), q->bucket->resource, &arn) == NO) aws_allowed(q->call, "s3:ListBucket", q->bucket->resource);
    else aws_fail(q->call, 404, slice_is(q->method, "HEAD") ? "NotFound" : "NoSuchKey", "The specified key does not exist.");
}

/* The object as the request means it; NULL: answered. */
static s3_object *object_for(s3_request *q) {
    slice version;
    s3_object *o = s3_object_of(q->bucket, q->key);
    if (o == NULL) {
        no_such_key(q);
        return NULL;
    }
    if (s3_param(q, "versionId", &version) && version.len > 0 && !slice_is(version, "null") && !slice_eq(version, o->version)) {
        aws_fail(q->call, 404, "NoSuchVersion", "The specified version does not exist.");
        return NULL;
    }
    return o;
}

/* Parameters of presigned requests that set headers of the answer. */
static const struct { const char *param, *header; } overrides[] = {
    { "response-content-type", "Content-Type" }, { "response-content-disposition", "Content-Disposition" }, { "response-content-encoding", "Content-Encoding" },
    { "response-content-language", "Content-Language" }, { "response-cache-control", "Cache-Control" }, { "response-expires", "Expires" },
};

static bool clean_header(slice text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 && text.at[i] != '\t') return false;
    return true;
}

static void get_object(s3_request *q) {
    arena *a = q->arena;
    if (!aws_allowed(q->call, "s3:GetObject", q->bucket->resource)) return;
    s3_object *o = object_for(q);
    if (o == NULL) return;
    VEC(http_pair) headers = { 0 };
    slice match = http_header(q->http, "If-Match"), none_match = http_header(q->http, "If-None-Match"), range = http_header(q->http, "Range"), text;
    if (match.len > 0 && !etag_in(match, o->etag)) {
        aws_fail(q->call, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        return;
    }
    VEC_PUSH(a, &headers, (http_pair){ SLICE("ETag"), quoted(a, o->etag) });
    VEC_PUSH(a, &headers, (http_pair){ SLICE("Last-Modified"), s3_http_date(a, s3_time(q->store, o)) });
    VEC_PUSH(a, &headers, (http_pair){ SLICE("Accept-Ranges"), SLICE("bytes") });
    if (o->version.len > 0) VEC_PUSH(a, &headers, (http_pair){ SLICE("x-amz-version-id"), o->version });
    if (none_match.len > 0 && etag_in(none_match, o->etag)) {
        aws_raw(q->call, 304, headers.at, headers.len, SLICE(""));
        return;
    }
    bool typed = false;
    for (size_t i = 0; i < o->meta.headers.len; i++) {
        http_pair h = o->meta.headers.at[i];
        for (size_t k = 0; k < COUNT(overrides); k++)
            if (slice_is(h.name, overrides[k].header) && s3_param(q, overrides[k].param, &text) && clean_header(text)) h.value = text;
        typed |= slice_is(h.name, "Content-Type");
        VEC_PUSH(a, &headers, h);
    }
    for (size_t k = 0; k < COUNT(overrides); k++) {
        bool there = false;
        for (size_t i = 0; i < headers.len; i++) there |= slice_is(headers.at[i].name, overrides[k].header);
        if (there || !s3_param(q, overrides[k].param, &text) || !clean_header(text)) continue;
        typed |= k == 0;
        VEC_PUSH(a, &headers, (http_pair){ slice_from(overrides[k].header), text });
    }
    if (!typed) VEC_PUSH(a, &headers, (http_pair){ SLICE("Content-Type"), SLICE("binary/octet-stream") });
    if (o->meta.tags.len > 0) VEC_PUSH(a, &headers, (http_pair){ SLICE("x-amz-tagging-count"), arena_printf(a, "%zu", o->meta.tags.len) });
    slice body = s3_slice(&o->bytes);
    size_t from, to;
    bool none;
    if (range.len == 0 || !s3_range(range, body.len, &from, &to, &none)) {
        if (o->checksum.name.len > 0 && slice_same_letters(http_header(q->http, "x-amz-checksum-mode"), SLICE("ENABLED"))) VEC_PUSH(a, &headers, o->checksum);
        aws_raw(q->call, 200, headers.at, headers.len, body);
        return;
    }
    if (none) {
        aws_fail(q->call, 416, "InvalidRange", "The requested range is not satisfiable");
        return;
    }
    VEC_PUSH(a, &headers, (http_pair){ SLICE("Content-Range"), arena_printf(a, "bytes %zu-%zu/%zu", from, to, body.len) });
    aws_raw(q->call, 206, headers.at, headers.len, slice_from_to(body, from, to + 1));
}

/* ---- writing ---- */

/* If-None-Match: * and If-Match on a write. False: answered. */
static bool may_write(s3_request *q) {
    const s3_object *o = s3_object_of(q->bucket, q->key);
    slice match = http_header(q->http, "If-Match"), none_match = http_header(q->http, "If-None-Match");
    if (match.len > 0 && o == NULL) {
        aws_fail(q->call, 404, "NoSuchKey", "The specified key does not exist.");
        return false;
    }
    if ((none_match.len > 0 && o != NULL && etag_in(none_match, o->etag)) || (match.len > 0 && !etag_in(match, o->etag))) {
        aws_fail(q->call, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        return false;
    }
    return true;
}

static void put_object(s3_request *q) {
    arena *a = q->arena;
    s3_store *st = q->store;
    slice body;
    s3_meta meta;
    http_pair checksum, headers[3];
    size_t n = 0;
    s3_bytes bytes;
    if (!aws_allowed(q->call, "s3:PutObject", q->bucket->resource) || !s3_body(q, &body, &checksum) || !s3_read_meta(q, &meta) || !may_write(q)) return;
    if (!s3_keep(st, body, &bytes)) {
        s3_full(q);
        return;
    }
    s3_object *o = s3_put(st, q->bucket, q->key, bytes, md5_hex(a, body), &meta, q->call->run->maker.now_ms);
    if (checksum.name.len > 0) o->checksum = (http_pair){ checksum.name, arena_copy(st->arena, checksum.value) };
    if (q->bucket->versioned) o->version = make_hex(&q->call->run->maker, st->arena, 32);
    s3_happened(q, "ObjectCreated:Put", o->key, o);
    headers[n++] = (http_pair){ SLICE("ETag"), quoted(a, o->etag) };
    if (o->version.len > 0) headers[n++] = (http_pair){ SLICE("x-amz-version-id"), o->version };
    if (o->checksum.name.len > 0) headers[n++] = o->checksum;
    aws_raw(q->call, 200, headers, n, SLICE(""));
}

s3_object *s3_source(s3_request *q) {
    slice source = http_header(q->http, "x-amz-copy-source");
    size_t question = slice_find(source, '?');
    source = http_decode(q->arena, slice_from_to(source, 0, question), false);
    if (source.len > 0 && source.at[0] == '/') source = slice_after(source, 1);
    size_t slash = slice_find(source, '/');
    if (slash == 0 || slash + 1 >= source.len) {
        aws_fail(q->call, 400, "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        return NULL;
    }
    slice name = slice_from_to(source, 0, slash), key = slice_after(source, slash + 1);
    const resource *r = world_find(q->call->run->world, SLICE("AWS::S3::Bucket"), name, NULL);
    if (r == NULL) {
        aws_note(q->call, "the object %.*s is copied, and the templates have no bucket of that name", (int)(source.len < 255 ? source.len : 255), source.at);
        aws_fail(q->call, 404, "NoSuchBucket", "The specified bucket does not exist");
        return NULL;
    }
    if (!aws_allowed(q->call, "s3:GetObject", r)) return NULL;
    s3_object *o = s3_object_of(s3_bucket_of(q->store, q->call->run, r), key);
    if (o == NULL) {
        aws_fail(q->call, 404, "NoSuchKey", "The specified key does not exist.");
        return NULL;
    }
    slice match = http_header(q->http, "x-amz-copy-source-if-match"), none_match = http_header(q->http, "x-amz-copy-source-if-none-match");
    if ((match.len > 0 && !etag_in(match, o->etag)) || (none_match.len > 0 && etag_in(none_match, o->etag))) {
        aws_fail(q->call, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        return NULL;
    }
    return o;
}

static void copy_object(s3_request *q) {
    arena *a = q->arena;
    s3_meta meta;
    s3_bytes bytes;
    if (!aws_allowed(q->call, "s3:PutObject", q->bucket->resource)) return;
    s3_object *from = s3_source(q);
    if (from == NULL || !s3_read_meta(q, &meta)) return;
    bool replace = slice_same_letters(http_header(q->http, "x-amz-metadata-directive"), SLICE("REPLACE"));
    bool retag = slice_same_letters(http_header(q->http, "x-amz-tagging-directive"), SLICE("REPLACE"));
    bool itself = from == s3_object_of(q->bucket, q->key);
    if (itself && !replace && http_header(q->http, "x-amz-storage-class").len == 0) {
        aws_fail(q->call, 400, "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, "
                                                 "website redirect location or encryption attributes.");
        return;
    }
    s3_meta whole = { 0 };
    const s3_meta *of_headers = replace ? &meta : &from->meta, *of_tags = retag ? &meta : &from->meta;
    for (size_t i = 0; i < of_headers->headers.len; i++) VEC_PUSH(a, &whole.headers, of_headers->headers.at[i]);
    for (size_t i = 0; i < of_tags->tags.len; i++) VEC_PUSH(a, &whole.tags, of_tags->tags.at[i]);
    http_pair checksum = from->checksum;
    slice etag = from->etag;
    if (!s3_keep(q->store, s3_slice(&from->bytes), &bytes)) {
        s3_full(q);
        return;
    }
    s3_object *o = s3_put(q->store, q->bucket, q->key, bytes, etag, &whole, q->call->run->maker.now_ms);
    o->checksum = checksum;
    if (q->bucket->versioned) o->version = make_hex(&q->call->run->maker, q->store->arena, 32);
    s3_happened(q, "ObjectCreated:Copy", o->key, o);
    buf xml = { .arena = a };
    buf_text(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    xml_tag(&xml, "LastModified", make_time(a, s3_time(q->store, o), true));
    xml_tag(&xml, "ETag", quoted(a, o->etag));
    buf_text(&xml, "</CopyObjectResult>");
    s3_answer_xml(q, 200, &xml);
}

static void delete_object(s3_request *q) {
    if (!aws_allowed(q->call, "s3:DeleteObject", q->bucket->resource)) return;
    slice key = arena_copy(q->arena, q->key);
    bool there = s3_object_of(q->bucket, key) != NULL;
    s3_delete(q->store, q->bucket, key);
    if (there) s3_happened(q, q->bucket->versioned ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete", key, NULL);
    aws_raw(q->call, 204, NULL, 0, SLICE(""));
}

/* ---- buckets ---- */

static void head_bucket(s3_request *q) {
    http_pair region = { SLICE("x-amz-bucket-region"), q->call->run->world->region };
    if (aws_allowed(q->call, "s3:ListBucket", q->bucket->resource)) aws_raw(q->call, 200, &region, 1, SLICE(""));
}

static void get_location(s3_request *q) {
    buf xml = { .arena = q->arena };
    slice region = q->call->run->world->region;
    if (!aws_allowed(q->call, "s3:GetBucketLocation", q->bucket->resource)) return;
    buf_text(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    if (!slice_is(region, "us-east-1")) buf_slice(&xml, region);
    buf_text(&xml, "</LocationConstraint>");
    s3_answer_xml(q, 200, &xml);
}

static void list_first(s3_request *q) { s3_list(q, false); }
static void list_second(s3_request *q) { s3_list(q, true); }

/* ---- routing ---- */

/* First match wins. `param`: it must be in the query; `not built` rows refuse what would be mistaken for another operation. */
static const struct {
    const char *method;              /* NULL: any */
    bool on_key;
    const char *param, *header;      /* NULL: none */
    const char *name;                /* for refusals */
    void (*run)(s3_request *q);      /* NULL: not built */
} routes[] = {
    { "POST", true, "uploads", NULL, "CreateMultipartUpload", s3_multipart },
    { NULL, true, "uploadId", NULL, "multipart upload", s3_multipart },
    { NULL, true, "tagging", NULL, "object tagging", s3_tagging },
    { NULL, true, "acl", NULL, "object ACL", NULL },
    { NULL, true, "retention", NULL, "object retention", NULL },
    { NULL, true, "legal-hold", NULL, "object legal hold", NULL },
    { NULL, true, "torrent", NULL, "GetObjectTorrent", NULL },
    { NULL, true, "restore", NULL, "RestoreObject", NULL },
    { NULL, true, "select", NULL, "SelectObjectContent", NULL },
    { NULL, true, "attributes", NULL, "GetObjectAttributes", NULL },
    { NULL, true, "renameObject", NULL, "RenameObject", NULL },
    { "PUT", true, NULL, "x-amz-copy-source", "CopyObject", copy_object },
    { "PUT", true, NULL, NULL, "PutObject", put_object },
    { "GET", true, NULL, NULL, "GetObject", get_object },
    { "HEAD", true, NULL, NULL, "HeadObject", get_object },
    { "DELETE", true, NULL, NULL, "DeleteObject", delete_object },
    { "POST", false, "delete", NULL, "DeleteObjects", s3_delete_many },
    { "GET", false, "list-type", NULL, "ListObjectsV2", list_second },
    { "GET", false, "location", NULL, "GetBucketLocation", get_location },
    { "HEAD", false, NULL, NULL, "HeadBucket", head_bucket },
};

/* Subresources of buckets that would otherwise look like a list. */
static const char *const of_buckets[] = {
    "acl", "policy", "policyStatus", "cors", "lifecycle", "website", "versions", "versioning", "uploads", "notification", "tagging", "encryption", "logging", "replication",
    "requestPayment", "accelerate", "analytics", "inventory", "metrics", "object-lock", "ownershipControls", "publicAccessBlock", "intelligent-tiering", "session",
};

static void run(s3_request *q) {
    slice text;
    bool on_key = q->key.len > 0;
    for (size_t i = 0; i < COUNT(routes); i++) {
        if (routes[i].on_key != on_key || (routes[i].method != NULL && !slice_is(q->method, routes[i].method))) continue;
        if (routes[i].param != NULL && !s3_param(q, routes[i].param, &text)) continue;
        if (routes[i].header != NULL && http_header(q->http, routes[i].header).len == 0) continue;
        if (routes[i].run != NULL) routes[i].run(q);
        else aws_not_built(q->call, slice_from(routes[i].name));
        return;
    }
    for (size_t i = 0; i < COUNT(of_buckets); i++)
        if (s3_param(q, of_buckets[i], &text)) {
            aws_not_built(q->call, arena_printf(q->arena, "%.*s ?%s", SLICE_ARG(q->method), of_buckets[i]));
            return;
        }
    if (!on_key && slice_is(q->method, "GET")) list_first(q);
    else aws_not_built(q->call, arena_printf(q->arena, "%.*s of %s", (int)(q->method.len < 20 ? q->method.len : 20), q->method.at, on_key ? "an object" : "a bucket"));
}

/* "bucket.localhost:4000", "bucket.s3.eu-west-1.amazonaws.com": the part before; "" for path style. */
static slice bucket_of_host(slice host) {
    static const slice ends[] = { SLICE_INIT(".localhost"), SLICE_INIT(".127.0.0.1"), SLICE_INIT(".amazonaws.com"), SLICE_INIT(".amazonaws.com.cn") };
    host = slice_from_to(host, 0, slice_find(host, ':'));
    for (size_t i = 0; i < COUNT(ends); i++) {
        if (!slice_ends(host, ends[i]) || host.len == ends[i].len) continue;
        slice head = slice_from_to(host, 0, host.len - ends[i].len);
        if (i < 2) {
            if (slice_ends(head, SLICE(".s3"))) return slice_from_to(head, 0, head.len - 3);
            return slice_is(head, "s3") ? SLICE("") : head;
        }
        for (size_t at = head.len; at > 0; at--)     /* bucket names may hold dots: the last ".s3" counts */
            if (slice_starts(slice_after(head, at), SLICE(".s3"))) return slice_from_to(head, 0, at);
        return SLICE("");
    }
    return SLICE("");
}

static void whole(aws_call *c) {
    http_request *h = c->http;
    s3_request q = { .call = c, .arena = c->arena, .http = h, .store = s3_store_of(c->of, c->run->arena), .method = h->method };
    slice path = h->path.len > 0 && h->path.at[0] == '/' ? slice_after(h->path, 1) : h->path;
    q.bucket_name = bucket_of_host(http_header(h, "Host"));
    if (q.bucket_name.len == 0) {
        size_t slash = slice_find(path, '/');
        q.bucket_name = http_decode(c->arena, slice_from_to(path, 0, slash), false);
        path = slash < path.len ? slice_after(path, slash + 1) : SLICE("");
    }
    q.key = http_decode(c->arena, path, false);
    if (q.bucket_name.len == 0) {
        aws_not_built(c, SLICE("ListBuckets"));
        return;
    }
    const resource *r = world_find(c->run->world, SLICE("AWS::S3::Bucket"), q.bucket_name, NULL);
    if (r == NULL) {
        aws_note(c, "%.*s was sent to the bucket %.*s, and the templates have none of that name", SLICE_ARG(h->method), (int)(q.bucket_name.len < 255 ? q.bucket_name.len : 255),
                 q.bucket_name.at);
        aws_fail(c, 404, "NoSuchBucket", "The specified bucket does not exist");
        return;
    }
    if (q.key.len > S3_MAX_KEY) {
        aws_fail(c, 400, "KeyTooLongError", "Your key is too long");
        return;
    }
    q.bucket = s3_bucket_of(q.store, c->run, r);
    run(&q);
}

const aws_service s3_service = { .name = "s3", .whole = whole, .rest_xml = true, .operations = s3_operations };
