/* Buckets and objects in memory. */
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

s3_store *s3_store_of(endpoint *e, arena *a) {
    void **slot = endpoint_slot(e, "s3");
    if (*slot == NULL) {
        s3_store *st = *slot = ARENA_NEW(a, s3_store);
        st->arena = a;
        st->ids.next = 2000000000u;
    }
    return *slot;
}

/* By the resource's address: objects may be put before the run is there to say what the bucket is called. */
static s3_bucket *bucket_at(s3_store *st, const resource *r) {
    slice here = { (const char *)&r, sizeof r };
    s3_bucket *b = strmap_get(&st->buckets, here);
    if (b != NULL) return b;
    b = ARENA_NEW(st->arena, s3_bucket);
    b->resource = r;
    strmap_put(st->arena, &st->buckets, arena_copy(st->arena, here), b);
    return b;
}

s3_bucket *s3_bucket_of(s3_store *st, smoke *s, const resource *r) {
    s3_bucket *b = bucket_at(st, r);
    if (st->began_ms == 0) st->began_ms = s->maker.now_ms;
    if (b->name.len == 0) {
        b->name = world_name(s->world, r);
        b->versioned = slice_is(world_text(s->world, resource_get(st->arena, r, SLICE("VersioningConfiguration.Status")), r->exists, NULL), "Enabled");
    }
    return b;
}

/* ---- bytes ---- */

#define WASTE_MOST 4096u

bool s3_keep(s3_store *st, slice bytes, s3_bytes *out) {
    *out = (s3_bytes){ .len = bytes.len };
    for (size_t i = 0; i < st->free.len && out->at == NULL; i++) {
        s3_bytes *f = &st->free.at[i];
        if (f->room < bytes.len || f->room > 2 * bytes.len + WASTE_MOST) continue;
        *out = (s3_bytes){ f->at, bytes.len, f->room };
        st->free.at[i] = st->free.at[--st->free.len];
    }
    if (out->at == NULL) {
        if (bytes.len > S3_MAX_STORED - st->stored) return false;
        st->stored += bytes.len;
        out->at = arena_raw(st->arena, 1, 1, bytes.len);
        out->room = bytes.len;
    }
    if (bytes.len > 0) memcpy(out->at, bytes.at, bytes.len);
    return true;
}

void s3_give_back(s3_store *st, s3_bytes *b) {
    if (b->room > 0) VEC_PUSH(st->arena, &st->free, *b);
    *b = (s3_bytes){ 0 };
}

/* ---- objects ---- */

s3_object *s3_object_of(const s3_bucket *b, slice key) {
    const ordered_entry *e = ordered_get(&b->objects, key);
    return e == NULL ? NULL : (s3_object *)(uintptr_t)e->value;
}

static void copy_pairs(arena *a, const s3_meta *from, s3_meta *to) {
    *to = (s3_meta){ 0 };
    for (size_t i = 0; i < from->headers.len; i++)
        VEC_PUSH(a, &to->headers, (http_pair){ arena_copy(a, from->headers.at[i].name), arena_copy(a, from->headers.at[i].value) });
    for (size_t i = 0; i < from->tags.len; i++) VEC_PUSH(a, &to->tags, (http_pair){ arena_copy(a, from->tags.at[i].name), arena_copy(a, from->tags.at[i].value) });
}

s3_object *s3_put(s3_store *st, s3_bucket *b, slice key, s3_bytes bytes, slice etag, const s3_meta *meta, int64_t now_ms) {
    arena *a = st->arena;
    s3_object *o = s3_object_of(b, key);
    if (o != NULL) s3_give_back(st, &o->bytes);
    else {
        o = ARENA_NEW(a, s3_object);
        o->key = arena_copy(a, key);
        ordered_put(a, &b->objects, o->key, o);
    }
    s3_meta kept;
    copy_pairs(a, meta, &kept);
    *o = (s3_object){ .key = o->key, .etag = arena_copy(a, etag), .bytes = bytes, .meta = kept, .at_ms = now_ms };
    return o;
}

void s3_delete(s3_store *st, s3_bucket *b, slice key) {
    s3_object *o = s3_object_of(b, key);
    if (o == NULL) return;
    s3_give_back(st, &o->bytes);
    ordered_take(&b->objects, key);
}

void endpoint_put_object(endpoint *e, const resource *bucket, slice key, slice body, slice content_type) {
    s3_store *st = s3_store_of(e, bucket->in->arena);
    s3_bytes bytes;
    s3_meta meta = { 0 };
    if (!s3_keep(st, body, &bytes)) return;
    if (content_type.len > 0) VEC_PUSH(st->arena, &meta.headers, (http_pair){ SLICE("Content-Type"), content_type });
    s3_put(st, bucket_at(st, bucket), key, bytes, md5_hex(st->arena, body), &meta, 0);
}
