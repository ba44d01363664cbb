/* S3: multipart uploads. Amazon S3 user guide, "Uploading and copying objects using multipart upload". */
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS    " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define MAX_UPLOADS 10000u           /* of a run, at one time or after another */

static void start(s3_request *q) {
    s3_store *st = q->store;
    arena *kept = st->arena;
    s3_meta meta;
    if (!aws_allowed(q->call, "s3:PutObject", q->bucket->resource) || !s3_read_meta(q, &meta)) return;
    if (st->uploads.len >= MAX_UPLOADS) {
        aws_fail(q->call, 400, "EntityTooLarge", "sflint smoke keeps no more than %u multipart uploads in a run", MAX_UPLOADS);
        return;
    }
    s3_upload *u = ARENA_NEW(kept, s3_upload);
    u->id = make_hex(&st->ids, kept, 64);
    u->key = arena_copy(kept, q->key);
    u->bucket = q->bucket;
    for (size_t i = 0; i < meta.headers.len; i++)
        VEC_PUSH(kept, &u->meta.headers, (http_pair){ arena_copy(kept, meta.headers.at[i].name), arena_copy(kept, meta.headers.at[i].value) });
    for (size_t i = 0; i < meta.tags.len; i++) VEC_PUSH(kept, &u->meta.tags, (http_pair){ arena_copy(kept, meta.tags.at[i].name), arena_copy(kept, meta.tags.at[i].value) });
    strmap_put(kept, &st->uploads, u->id, u);
    buf xml = { .arena = q->arena };
    buf_text(&xml, XML_HEAD "<InitiateMultipartUploadResult" XMLNS ">");
    xml_tag(&xml, "Bucket", q->bucket->name);
    xml_tag(&xml, "Key", q->key);
    xml_tag(&xml, "UploadId", u->id);
    buf_text(&xml, "</InitiateMultipartUploadResult>");
    s3_answer_xml(q, 200, &xml);
}

/* ---- parts ---- */

static slice place_of(unsigned char bytes[4], long long number) {
    for (int i = 0; i < 4; i++) bytes[i] = (unsigned char)(number >> (24 - 8 * i) & 255);
    return (slice){ (const char *)bytes, 4 };
}

static s3_part *part_of(const s3_upload *u, long long number) {
    unsigned char bytes[4];
    const ordered_entry *e = ordered_get(&u->parts, place_of(bytes, number));
    return e == NULL ? NULL : (s3_part *)(uintptr_t)e->value;
}

/* The part behind `number` and its number; NULL: none. */
static s3_part *next_part(const s3_upload *u, long long *number) {
    unsigned char bytes[4];
    const ordered_entry *e = ordered_next(&u->parts, place_of(bytes, *number + 1), true);
    if (e == NULL) return NULL;
    *number = 0;
    for (int i = 0; i < 4; i++) *number = *number << 8 | (unsigned char)e->key.at[i];
    return (s3_part *)(uintptr_t)e->value;
}

/* The bytes of a part out of another object. False: answered. */
static bool copied(s3_request *q, slice *out) {
    s3_object *from = s3_source(q);
    slice range = http_header(q->http, "x-amz-copy-source-range");
    size_t low, high;
    bool none;
    if (from == NULL) return false;
    *out = s3_slice(&from->bytes);
    if (range.len == 0) return true;
    if (!s3_range(range, out->len, &low, &high, &none) || none) {
        aws_fail(q->call, 400, "InvalidArgument", "Range specified is not valid for source object of size: %zu", out->len);
        return false;
    }
    *out = slice_from_to(*out, low, high + 1);
    return true;
}

static void put_part(s3_request *q, s3_upload *u) {
    slice text, bytes;
    long long number;
    http_pair checksum = { SLICE(""), SLICE("") }, headers[2];
    s3_bytes kept;
    bool copy = http_header(q->http, "x-amz-copy-source").len > 0;
    if (!aws_allowed(q->call, "s3:PutObject", q->bucket->resource)) return;
    if (!s3_param(q, "partNumber", &text) || !slice_int(text, &number) || number < 1 || number > S3_MAX_PARTS) {
        aws_fail(q->call, 400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        return;
    }
    if (copy ? !copied(q, &bytes) : !s3_body(q, &bytes, &checksum)) return;
    if (!s3_keep(q->store, bytes, &kept)) {
        s3_full(q);
        return;
    }
    s3_part *p = part_of(u, number);
    if (p != NULL) s3_give_back(q->store, &p->bytes);
    else {
        unsigned char place[4];
        p = ARENA_NEW(q->store->arena, s3_part);
        ordered_put(q->store->arena, &u->parts, place_of(place, number), p);
    }
    p->bytes = kept;
    md5_bytes(s3_slice(&kept), p->md5);
    slice etag = arena_printf(q->arena, "\"%.*s\"", SLICE_ARG(hex_of(q->arena, p->md5, 16)));
    if (copy) {
        buf xml = { .arena = q->arena };
        buf_text(&xml, XML_HEAD "<CopyPartResult" XMLNS ">");
        xml_tag(&xml, "LastModified", make_time(q->arena, q->call->run->maker.now_ms, true));
        xml_tag(&xml, "ETag", etag);
        buf_text(&xml, "</CopyPartResult>");
        s3_answer_xml(q, 200, &xml);
        return;
    }
    headers[0] = (http_pair){ SLICE("ETag"), etag };
    headers[1] = checksum;
    aws_raw(q->call, 200, headers, checksum.name.len > 0 ? 2 : 1, SLICE(""));
}

static void drop(s3_request *q, s3_upload *u) {
    long long number = 0;
    for (s3_part *p; (p = next_part(u, &number)) != NULL;) s3_give_back(q->store, &p->bytes);
    u->parts = (ordered){ 0 };
    u->bucket = NULL;                /* the id stays known as one that is over */
}

static void list_parts(s3_request *q, const s3_upload *u) {
    buf xml = { .arena = q->arena };
    if (!aws_allowed(q->call, "s3:ListMultipartUploadParts", q->bucket->resource)) return;
    buf_text(&xml, XML_HEAD "<ListPartsResult" XMLNS ">");
    xml_tag(&xml, "Bucket", q->bucket->name);
    xml_tag(&xml, "Key", q->key);
    xml_tag(&xml, "UploadId", u->id);
    buf_text(&xml, "<IsTruncated>false</IsTruncated>");
    long long number = 0;
    for (const s3_part *p; (p = next_part(u, &number)) != NULL;) {
        buf_printf(&xml, "<Part><PartNumber>%lld</PartNumber><Size>%zu</Size>", number, p->bytes.len);
        xml_tag(&xml, "ETag", arena_printf(q->arena, "\"%.*s\"", SLICE_ARG(hex_of(q->arena, p->md5, 16))));
        buf_text(&xml, "</Part>");
    }
    buf_text(&xml, "</ListPartsResult>");
    s3_answer_xml(q, 200, &xml);
}

/* ---- the end ---- */

static bool invalid(s3_request *q, const char *code, const char *message) {
    aws_fail(q->call, 400, code, "%s", message);
    return false;
}

/* Which parts the client wants, in its order: looked at, with their size and the digest of their digests. False: answered. */
static bool read_list(s3_request *q, const s3_upload *u, const xml_element *body, s3_part **parts, size_t *len, size_t *size, slice *etag) {
    long long before = 0, number;
    unsigned char digest[16];
    buf digests = { .arena = q->arena };
    *len = *size = 0;
    for (const xml_element *e = body->child; e != NULL; e = e->next) {
        if (!slice_is(e->name, "Part")) continue;
        slice tag = slice_trim(xml_text_of(e, "ETag"));
        if (tag.len >= 2 && tag.at[0] == '"') tag = slice_from_to(tag, 1, tag.len - 1);
        if (!slice_int(slice_trim(xml_text_of(e, "PartNumber")), &number) || number < 1 || number > S3_MAX_PARTS)
            return invalid(q, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
        if (number <= before) return invalid(q, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
        s3_part *p = part_of(u, number);
        if (p == NULL || !slice_eq(tag, hex_of(q->arena, p->md5, 16)))
            return invalid(q, "InvalidPart", "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.");
        if (*len > 0 && parts[*len - 1]->bytes.len < S3_LEAST_PART)
            return invalid(q, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        before = number;
        parts[(*len)++] = p;
        *size += p->bytes.len;
        buf_slice(&digests, (slice){ (const char *)p->md5, 16 });
    }
    if (*len == 0) return invalid(q, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
    if (*size > S3_MAX_OBJECT) return invalid(q, "EntityTooLarge", "sflint smoke keeps no object of more than 64 MiB");
    md5_bytes(buf_as_slice(&digests), digest);
    *etag = arena_printf(q->arena, "%.*s-%zu", SLICE_ARG(hex_of(q->arena, digest, 16)), *len);
    return true;
}

static void complete(s3_request *q, s3_upload *u) {
    slice text, etag;
    http_pair checksum;
    s3_bytes kept;
    size_t len, size, at = 0;
    s3_part **parts = ARENA_ARRAY(q->arena, s3_part *, S3_MAX_PARTS);
    if (!aws_allowed(q->call, "s3:PutObject", q->bucket->resource) || !s3_body(q, &text, &checksum)) return;
    const xml_element *body = xml_read(q->arena, text);
    if (body == NULL || !slice_is(body->name, "CompleteMultipartUpload")) {
        invalid(q, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
        return;
    }
    if (slice_is(http_header(q->http, "If-None-Match"), "*") && s3_object_of(q->bucket, q->key) != NULL) {
        aws_fail(q->call, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        return;
    }
    if (!read_list(q, u, body, parts, &len, &size, &etag)) return;
    char *all = arena_raw(q->arena, 1, 1, size);
    for (size_t i = 0; i < len; i++) {
        slice part = s3_slice(&parts[i]->bytes);
        if (part.len > 0) memcpy(all + at, part.at, part.len);
        at += part.len;
    }
    drop(q, u);
    if (!s3_keep(q->store, (slice){ all, size }, &kept)) {
        s3_full(q);
        return;
    }
    s3_object *o = s3_put(q->store, q->bucket, q->key, kept, etag, &u->meta, q->call->run->maker.now_ms);
    if (q->bucket->versioned) o->version = make_hex(&q->call->run->maker, q->store->arena, 32);
    s3_happened(q, "ObjectCreated:CompleteMultipartUpload", o->key, o);
    buf xml = { .arena = q->arena };
    buf_text(&xml, XML_HEAD "<CompleteMultipartUploadResult" XMLNS ">");
    xml_tag(&xml, "Location", arena_printf(q->arena, "%.*s/%.*s/%.*s", SLICE_ARG(world_endpoint(q->call->run->world)), SLICE_ARG(q->bucket->name),
                                           SLICE_ARG(http_encode(q->arena, q->key, true))));
    xml_tag(&xml, "Bucket", q->bucket->name);
    xml_tag(&xml, "Key", q->key);
    xml_tag(&xml, "ETag", arena_printf(q->arena, "\"%.*s\"", SLICE_ARG(etag)));
    buf_text(&xml, "</CompleteMultipartUploadResult>");
    s3_answer_xml(q, 200, &xml);
}

void s3_multipart(s3_request *q) {
    slice id;
    if (!s3_param(q, "uploadId", &id)) {
        start(q);
        return;
    }
    s3_upload *u = strmap_get(&q->store->uploads, id);
    if (u == NULL || u->bucket != q->bucket || !slice_eq(u->key, q->key)) {
        aws_fail(q->call, 404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");
        return;
    }
    if (slice_is(q->method, "PUT")) put_part(q, u);
    else if (slice_is(q->method, "POST")) complete(q, u);
    else if (slice_is(q->method, "GET")) list_parts(q, u);
    else if (slice_is(q->method, "DELETE")) {
        if (!aws_allowed(q->call, "s3:AbortMultipartUpload", q->bucket->resource)) return;
        drop(q, u);
        aws_raw(q->call, 204, NULL, 0, SLICE(""));
    } else aws_not_built(q->call, SLICE("multipart upload"));
}
