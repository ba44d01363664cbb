/* What the files of S3 share. Amazon S3 API reference; limits of S3 and of a run. */
#ifndef SFLINT_SMOKE_AWS_S3_PARTS_H
#define SFLINT_SMOKE_AWS_S3_PARTS_H

#include "smoke/aws/call.h"
#include "smoke/aws/ordered.h"

#define S3_MAX_KEY      1024u
#define S3_MAX_META     2048u                    /* bytes of x-amz-meta-* */
#define S3_MAX_OBJECT   HTTP_MAX_BODY            /* of a run: a body is one request */
#define S3_MAX_STORED   (256u * 1024 * 1024)     /* of a run, parts of uploads included */
#define S3_MAX_PARTS    10000
#define S3_LEAST_PART   (5u * 1024 * 1024)       /* but for the last */
#define S3_MAX_DELETES  1000u
#define S3_MAX_PAGE     1000
#define S3_MAX_TAGS     10u

/* Bytes kept: given back when they are overwritten or deleted, and used again. */
typedef struct {
    char *at;
    size_t len, room;
} s3_bytes;

/* What is kept beside the bytes. */
typedef struct {
    VEC(http_pair) headers;          /* Content-Type, x-amz-meta-*, ..., under the names that answers give them */
    VEC(http_pair) tags;
} s3_meta;

typedef struct {
    slice key, etag;                 /* etag without quotes */
    s3_bytes bytes;
    s3_meta meta;
    http_pair checksum;              /* that the client sent and that was right; name "" without */
    slice version;                   /* "" without versioning */
    int64_t at_ms;                   /* 0: put in before the run began */
} s3_object;

typedef struct {
    const resource *resource;
    slice name;
    ordered objects;                 /* s3_object */
    bool versioned;
} s3_bucket;

typedef struct {
    s3_bytes bytes;
    unsigned char md5[16];
} s3_part;

typedef struct {
    slice id, key;
    s3_bucket *bucket;
    s3_meta meta;
    ordered parts;                   /* s3_part, by number in four bytes */
} s3_upload;

typedef struct {
    arena *arena;                    /* the run's */
    strmap buckets, uploads;
    VEC(s3_bytes) free;
    size_t stored;
    int64_t began_ms;
    maker ids;                       /* of uploads: apart from the run's, so that what a flow is called does not hang on them */
} s3_store;

/* One request: which bucket and key, and the parameters of the query. */
typedef struct {
    aws_call *call;
    arena *arena;
    http_request *http;
    s3_store *store;
    s3_bucket *bucket;
    slice bucket_name, key;
    slice method;
} s3_request;

/* ---- s3_store.c ---- */
s3_store *s3_store_of(endpoint *e, arena *a);
s3_bucket *s3_bucket_of(s3_store *st, smoke *s, const resource *r);
bool s3_keep(s3_store *st, slice bytes, s3_bytes *out);        /* false: past S3_MAX_STORED */
void s3_give_back(s3_store *st, s3_bytes *b);
s3_object *s3_object_of(const s3_bucket *b, slice key);        /* NULL */
static inline int64_t s3_time(const s3_store *st, const s3_object *o) { return o->at_ms != 0 ? o->at_ms : st->began_ms; }
/* Puts an object in the place of what was there; takes the bytes over. The rest is copied into the run's arena. */
s3_object *s3_put(s3_store *st, s3_bucket *b, slice key, s3_bytes bytes, slice etag, const s3_meta *meta, int64_t now_ms);
void s3_delete(s3_store *st, s3_bucket *b, slice key);
static inline slice s3_slice(const s3_bytes *b) { return (slice){ b->at, b->len }; }

/* ---- s3.c ---- */
bool s3_param(const s3_request *q, const char *name, slice *out);
void s3_answer_xml(s3_request *q, unsigned status, const buf *xml);
/* Tells the flow what happened to a key. */
void s3_happened(s3_request *q, const char *event, slice key, const s3_object *o);
bool s3_full(s3_request *q);                                   /* answers that no more fits; always true */
s3_object *s3_source(s3_request *q);                           /* of x-amz-copy-source; NULL: answered */
bool s3_read_meta(s3_request *q, s3_meta *out);                /* of a request's headers; false: answered */
slice s3_http_date(arena *a, int64_t ms);
/* "bytes=a-b" on so many bytes: false when there is none that can be meant; *none when it lies behind the end. */
bool s3_range(slice text, size_t size, size_t *from, size_t *to, bool *none);

/* ---- s3_body.c ---- */
/* The object's bytes out of the request: chunks of aws-chunked put together, checksums looked at. False: answered. */
bool s3_body(s3_request *q, slice *out, http_pair *checksum);
/* The parts of aws-chunked: text -> bytes and trailers ("name:value" lines). False when it is not well formed. For tests. */
bool s3_unchunk(arena *a, slice text, slice *bytes, slice *trailers);

/* ---- s3_list.c, s3_multipart.c, s3_bucket.c ---- */
void s3_list(s3_request *q, bool second);
void s3_multipart(s3_request *q);                              /* ?uploads, ?uploadId */
void s3_delete_many(s3_request *q);
void s3_tagging(s3_request *q);

/* ---- s3_inside.c: for state machines, which send no HTTP ---- */
extern const aws_operation s3_operations[];

/* ---- s3_xml.c: the three bodies that clients send ---- */
#define XML_MAX_DEPTH    16u
#define XML_MAX_ELEMENTS 200000u
typedef struct xml_element xml_element;
struct xml_element {
    slice name, text;                /* without a prefix; text without the blanks around child elements */
    const xml_element *child, *next;
};
/* NULL: not well formed, a DOCTYPE, or past a limit. */
const xml_element *xml_read(arena *a, slice text);
slice xml_text_of(const xml_element *e, const char *child);    /* "" */
/* <name>text</name> */
void xml_tag(buf *b, const char *name, slice text);

#endif
