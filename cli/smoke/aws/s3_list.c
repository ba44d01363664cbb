/* S3: ListObjects (both versions), DeleteObjects, object tags. */
#include "base/utf8.h"
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS    " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

/* ---- lists ---- */

typedef struct {
    s3_request *q;
    slice prefix, delimiter, after, token;
    bool url, second;
    long long most;
    buf contents, prefixes;
    long long count;
    slice last;                      /* key or common prefix given last */
    bool more;
} listing;

static slice shown(const listing *l, slice text) { return l->url ? http_encode(l->q->arena, text, true) : text; }

static void put_object(listing *l, const s3_object *o) {
    arena *a = l->q->arena;
    buf *b = &l->contents;
    buf_text(b, "<Contents>");
    xml_tag(b, "Key", shown(l, o->key));
    xml_tag(b, "LastModified", make_time(a, s3_time(l->q->store, o), true));
    xml_tag(b, "ETag", arena_printf(a, "\"%.*s\"", SLICE_ARG(o->etag)));
    xml_tag(b, "Size", arena_printf(a, "%zu", o->bytes.len));
    buf_text(b, "<StorageClass>STANDARD</StorageClass></Contents>");
}

/* Behind everything that begins with the text; "" when nothing can be. */
static slice behind(arena *a, slice text) {
    while (text.len > 0 && text.at[text.len - 1] == '\xff') text.len--;
    if (text.len == 0) return SLICE("");
    char *out = ARENA_ARRAY(a, char, text.len);
    memcpy(out, text.at, text.len);
    out[text.len - 1]++;
    return (slice){ out, text.len };
}

static void walk(listing *l) {
    arena *a = l->q->arena;
    slice from = l->prefix;
    if (l->after.len > 0) {
        slice next = arena_concat(a, (const slice[]){ l->after, { "\0", 1 } }, 2);
        if (slice_order(next, from) > 0) from = next;
        /* A common prefix that was given is passed over as a whole. */
        if (l->delimiter.len > 0 && slice_ends(l->after, l->delimiter) && slice_starts(l->after, l->prefix) && l->after.len > l->prefix.len) from = behind(a, l->after);
    }
    for (;;) {
        const ordered_entry *e = ordered_next(&l->q->bucket->objects, from, true);
        if (e == NULL || !slice_starts(e->key, l->prefix)) return;
        if (l->count == l->most) {
            l->more = true;
            return;
        }
        slice rest = slice_after(e->key, l->prefix.len);
        size_t cut = l->delimiter.len > 0 ? slice_find_slice(rest, l->delimiter) : (size_t)-1;
        if (cut == (size_t)-1) {
            put_object(l, e->value);
            l->last = e->key;
            from = arena_concat(a, (const slice[]){ e->key, { "\0", 1 } }, 2);
        } else {
            l->last = slice_from_to(e->key, 0, l->prefix.len + cut + l->delimiter.len);
            buf_text(&l->prefixes, "<CommonPrefixes>");
            xml_tag(&l->prefixes, "Prefix", shown(l, l->last));
            buf_text(&l->prefixes, "</CommonPrefixes>");
            from = behind(a, l->last);
            if (from.len == 0) return;
        }
        l->count++;
    }
}

static bool read_listing(listing *l) {
    s3_request *q = l->q;
    slice text;
    l->most = S3_MAX_PAGE;
    if (s3_param(q, "max-keys", &text) && (!slice_int(text, &l->most) || l->most < 0)) {
        aws_fail(q->call, 400, "InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
        return false;
    }
    if (l->most > S3_MAX_PAGE) l->most = S3_MAX_PAGE;
    if (!s3_param(q, "prefix", &l->prefix)) l->prefix = SLICE("");
    if (!s3_param(q, "delimiter", &l->delimiter)) l->delimiter = SLICE("");
    if (!s3_param(q, l->second ? "start-after" : "marker", &l->after)) l->after = SLICE("");
    if (l->second && s3_param(q, "continuation-token", &l->token) && (l->token.len == 0 || !base64_decode(q->arena, l->token, &l->after))) {
        aws_fail(q->call, 400, "InvalidArgument", "The continuation token provided is incorrect");
        return false;
    }
    if (s3_param(q, "encoding-type", &text)) {
        if (!slice_is(text, "url")) {
            aws_fail(q->call, 400, "InvalidArgument", "Invalid Encoding Method specified in Request");
            return false;
        }
        l->url = true;
    }
    return true;
}

void s3_list(s3_request *q, bool second) {
    arena *a = q->arena;
    listing l = { .q = q, .second = second, .contents = { .arena = a }, .prefixes = { .arena = a }, .token = SLICE(""), .last = SLICE("") };
    slice text;
    if (!aws_allowed(q->call, "s3:ListBucket", q->bucket->resource) || !read_listing(&l)) return;
    if (l.most > 0) walk(&l);
    buf xml = { .arena = a };
    buf_text(&xml, XML_HEAD "<ListBucketResult" XMLNS ">");
    xml_tag(&xml, "Name", q->bucket->name);
    xml_tag(&xml, "Prefix", shown(&l, l.prefix));
    if (l.delimiter.len > 0) xml_tag(&xml, "Delimiter", shown(&l, l.delimiter));
    xml_tag(&xml, "MaxKeys", arena_printf(a, "%lld", l.most));
    if (l.url) buf_text(&xml, "<EncodingType>url</EncodingType>");
    if (second) {
        xml_tag(&xml, "KeyCount", arena_printf(a, "%lld", l.count));
        if (l.token.len > 0) xml_tag(&xml, "ContinuationToken", l.token);
        if (s3_param(q, "start-after", &text)) xml_tag(&xml, "StartAfter", shown(&l, text));
        if (l.more) xml_tag(&xml, "NextContinuationToken", base64_encode(a, l.last));
    } else {
        xml_tag(&xml, "Marker", shown(&l, l.after));
        if (l.more && l.delimiter.len > 0) xml_tag(&xml, "NextMarker", shown(&l, l.last));
    }
    xml_tag(&xml, "IsTruncated", l.more ? SLICE("true") : SLICE("false"));
    buf_slice(&xml, buf_as_slice(&l.contents));
    buf_slice(&xml, buf_as_slice(&l.prefixes));
    buf_text(&xml, "</ListBucketResult>");
    s3_answer_xml(q, 200, &xml);
}

/* ---- bodies in XML ---- */

static const xml_element *read_body(s3_request *q, const char *root) {
    http_pair checksum;
    slice body;
    if (!s3_body(q, &body, &checksum)) return NULL;
    const xml_element *e = xml_read(q->arena, body);
    if (e != NULL && slice_is(e->name, root)) return e;
    aws_fail(q->call, 400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
    return NULL;
}

void s3_delete_many(s3_request *q) {
    buf xml = { .arena = q->arena };
    size_t keys = 0;
    if (!aws_allowed(q->call, "s3:DeleteObject", q->bucket->resource)) return;
    const xml_element *body = read_body(q, "Delete");
    if (body == NULL) return;
    bool quiet = slice_same_letters(slice_trim(xml_text_of(body, "Quiet")), SLICE("true")), good = true;
    for (const xml_element *e = body->child; e != NULL; e = e->next) {
        if (!slice_is(e->name, "Object")) continue;
        keys++;
        slice key = xml_text_of(e, "Key");
        good &= key.len > 0 && key.len <= S3_MAX_KEY;
    }
    if (!good || keys == 0 || keys > S3_MAX_DELETES) {
        aws_fail(q->call, 400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
        return;
    }
    buf_text(&xml, XML_HEAD "<DeleteResult" XMLNS ">");
    for (const xml_element *e = body->child; e != NULL; e = e->next) {
        if (!slice_is(e->name, "Object")) continue;
        slice key = xml_text_of(e, "Key");
        bool there = s3_object_of(q->bucket, key) != NULL;
        s3_delete(q->store, q->bucket, key);
        if (there) s3_happened(q, q->bucket->versioned ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete", key, NULL);
        if (quiet) continue;
        buf_text(&xml, "<Deleted>");
        xml_tag(&xml, "Key", key);
        buf_text(&xml, "</Deleted>");
    }
    buf_text(&xml, "</DeleteResult>");
    s3_answer_xml(q, 200, &xml);
}

/* ---- tags ---- */

static void get_tags(s3_request *q, const s3_object *o) {
    buf xml = { .arena = q->arena };
    buf_text(&xml, XML_HEAD "<Tagging" XMLNS "><TagSet>");
    for (size_t i = 0; i < o->meta.tags.len; i++) {
        buf_text(&xml, "<Tag>");
        xml_tag(&xml, "Key", o->meta.tags.at[i].name);
        xml_tag(&xml, "Value", o->meta.tags.at[i].value);
        buf_text(&xml, "</Tag>");
    }
    buf_text(&xml, "</TagSet></Tagging>");
    s3_answer_xml(q, 200, &xml);
}

static void put_tags(s3_request *q, s3_object *o) {
    arena *kept = q->store->arena;
    const xml_element *body = read_body(q, "Tagging"), *set = NULL;
    if (body == NULL) return;
    for (const xml_element *e = body->child; e != NULL; e = e->next)
        if (slice_is(e->name, "TagSet")) set = e;
    size_t tags = 0;
    bool good = set != NULL;
    for (const xml_element *e = good ? set->child : NULL; e != NULL; e = e->next) {
        slice key = xml_text_of(e, "Key");
        good &= slice_is(e->name, "Tag") && key.len > 0 && utf8_count(key) <= 128 && utf8_count(xml_text_of(e, "Value")) <= 256;
        for (const xml_element *other = set->child; good && other != e && tags < S3_MAX_TAGS; other = other->next) good &= !slice_eq(xml_text_of(other, "Key"), key);
        tags++;
    }
    if (!good || tags > S3_MAX_TAGS) {
        aws_fail(q->call, 400, "InvalidTag", tags > S3_MAX_TAGS ? "Object tags cannot be greater than 10" : "The TagKey or TagValue you have provided is invalid");
        return;
    }
    o->meta.tags.len = 0;
    for (const xml_element *e = set->child; e != NULL; e = e->next)
        VEC_PUSH(kept, &o->meta.tags, (http_pair){ arena_copy(kept, xml_text_of(e, "Key")), arena_copy(kept, xml_text_of(e, "Value")) });
    s3_happened(q, "ObjectTagging:Put", o->key, o);
    aws_raw(q->call, 200, NULL, 0, SLICE(""));
}

void s3_tagging(s3_request *q) {
    bool get = slice_is(q->method, "GET"), put = slice_is(q->method, "PUT"), take = slice_is(q->method, "DELETE");
    if (!get && !put && !take) {
        aws_not_built(q->call, SLICE("object tagging"));
        return;
    }
    if (!aws_allowed(q->call, get ? "s3:GetObjectTagging" : put ? "s3:PutObjectTagging" : "s3:DeleteObjectTagging", q->bucket->resource)) return;
    s3_object *o = s3_object_of(q->bucket, q->key);
    if (o == NULL) aws_fail(q->call, 404, "NoSuchKey", "The specified key does not exist.");
    else if (get) get_tags(q, o);
    else if (put) put_tags(q, o);
    else {
        bool had = o->meta.tags.len > 0;
        o->meta.tags.len = 0;
        if (had) s3_happened(q, "ObjectTagging:Delete", o->key, o);
        aws_raw(q->call, 204, NULL, 0, SLICE(""));
    }
}
