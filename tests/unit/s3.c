/* S3's own readers: ranges, aws-chunked bodies, XML; and objects as state machines have them. (Over HTTP: tests/smoke/clients.) */
#include "template_fixture.h"

#include "smoke/aws/s3_parts.h"

static const struct { const char *text; size_t size; bool is, none; size_t from, to; } ranges[] = {
    { "bytes=0-0", 10, true, false, 0, 0 }, { "bytes=2-4", 10, true, false, 2, 4 }, { "bytes=5-", 10, true, false, 5, 9 }, { "bytes=-3", 10, true, false, 7, 9 },
    { "bytes=-30", 10, true, false, 0, 9 }, { "bytes=5-500", 10, true, false, 5, 9 }, { "bytes=10-12", 10, true, true, 10, 9 }, { "bytes=-0", 10, true, true, 10, 9 },
    { "bytes=0-", 0, true, true, 0, 0 },    { "bytes=4-2", 10, false, false, 0, 0 },  { "bytes=a-b", 10, false, false, 0, 0 },  { "bytes=1-2,4-5", 10, false, false, 0, 0 },
    { "items=0-1", 10, false, false, 0, 0 }, { "bytes=", 10, false, false, 0, 0 },    { "bytes=--1", 10, false, false, 0, 0 },  { "bytes=5", 10, false, false, 0, 0 },
    { "bytes=99999999999999999999-", 10, false, false, 0, 0 },
};

static void ranges_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(ranges); i++) {
        size_t from = 0, to = 0;
        bool none = false, is = s3_range(slice_from(ranges[i].text), ranges[i].size, &from, &to, &none);
        if (is != ranges[i].is || (is && none != ranges[i].none)) fail_msg("%s: %d %d", ranges[i].text, is, none);
        if (is && !none && (from != ranges[i].from || to != ranges[i].to)) fail_msg("%s: %zu-%zu", ranges[i].text, from, to);
    }
}

static const struct { const char *text, *bytes, *trailers; } chunked[] = {
    { "0\r\n\r\n", "", "\r\n" },
    { "3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "hello", "x-amz-checksum-crc32:NhCmhg==\r\n\r\n" },
    { "A;chunk-signature=abc\r\n01234\r\n789\r\n0;chunk-signature=def\r\n", "01234\r\n789", "" },
    { "", NULL, NULL }, { "5\r\nhello", NULL, NULL }, { "5\r\nhello\r\n", NULL, NULL }, { "5\r\nhelloxx0\r\n\r\n", NULL, NULL }, { "x\r\n", NULL, NULL },
    { "-1\r\n\r\n", NULL, NULL }, { "fffffffffffffff\r\nx\r\n", NULL, NULL }, { "ffffffffffffffffff\r\nx\r\n", NULL, NULL }, { ";\r\n", NULL, NULL },
};

static void chunks_are_put_together(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(chunked); i++) {
        slice bytes, trailers;
        bool is = s3_unchunk(a, slice_from(chunked[i].text), &bytes, &trailers);
        if (is != (chunked[i].bytes != NULL)) fail_msg("%s: %d", chunked[i].text, is);
        if (is && chunked[i].bytes != NULL && (!slice_is(bytes, chunked[i].bytes) || !slice_is(trailers, chunked[i].trailers))) fail_msg("%s: %.*s", chunked[i].text, SLICE_ARG(bytes));
    }
    arena_free(a);
}

static const struct { const char *text, *key; } documents[] = {
    { "<D><Key>a</Key></D>", "a" }, { "<?xml version=\"1.0\"?>\n<!-- x --><D xmlns=\"http://x/\" y='z'>\n <Key>a&amp;b&lt;&#65;&#x42;</Key>\n</D>\n", "a&b<AB" },
    { "<p:D xmlns:p=\"x\"><p:Key> a b </p:Key></p:D>", " a b " }, { "<D><Key><![CDATA[<&>]]></Key></D>", "<&>" }, { "<D><Key/></D>", "" }, { "<D><Key></Key></D>", "" },
    { "<D><Key>\xc3\xbc</Key></D>", "\xc3\xbc" },
    { "", NULL }, { "x", NULL }, { "<D>", NULL }, { "<D></E>", NULL }, { "<D></D><D></D>", NULL }, { "<D></D>x", NULL }, { "<!DOCTYPE D [<!ENTITY e \"x\">]><D/>", NULL },
    { "<D>&e;</D>", NULL }, { "<D>&#0;</D>", NULL }, { "<D>&#xD800;</D>", NULL }, { "<D>&#99999999;</D>", NULL }, { "<D>&amp</D>", NULL }, { "<D a></D>", NULL }, { "<D a=b></D>", NULL },
    { "<D a=\"<\"/>", NULL }, { "<D><!-- </D>", NULL }, { "<D>\xff</D>", NULL }, { "< D/>", NULL }, { "<D/ >", NULL }, { "<?xml", NULL },
    { "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>", NULL },
};

static void xml_is_read_strictly(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(documents); i++) {
        const xml_element *e = xml_read(a, slice_from(documents[i].text));
        if ((e != NULL) != (documents[i].key != NULL)) fail_msg("%s: %s", documents[i].text, e != NULL ? "taken" : "refused");
        if (e != NULL && documents[i].key != NULL && (!slice_is(e->name, "D") || !slice_is(xml_text_of(e, "Key"), documents[i].key))) fail_msg("%s: %.*s", documents[i].text, SLICE_ARG(xml_text_of(e, "Key")));
    }
    arena_free(a);
}

static void bytes_that_were_given_back_are_used_again(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    s3_store st = { .arena = a };
    s3_bytes x, y;
    char *large = ARENA_ARRAY(a, char, 1000000);
    for (int i = 0; i < 1000; i++) {        /* a gigabyte in all */
        assert_true(s3_keep(&st, (slice){ large, 1000000 }, &x));
        s3_give_back(&st, &x);
    }
    assert_true(st.stored < 2000000);
    assert_true(s3_keep(&st, SLICE("small"), &y));
    assert_true(slice_is(s3_slice(&y), "small"));
    st.stored = S3_MAX_STORED - 10;
    assert_false(s3_keep(&st, (slice){ large, 100000 }, &x));
    assert_true(s3_keep(&st, SLICE("0123456789"), &x));
    arena_free(a);
}

static void dates_are_those_of_http(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    assert_string_equal(s3_http_date(a, 1767225600000).at, "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_string_equal(s3_http_date(a, 784111777999).at, "Sun, 06 Nov 1994 08:49:37 GMT");
    arena_free(a);
}

/* ---- from inside ---- */

typedef struct {
    arena *arena;
    slice answer;
} heard;

static void hear(void *self, const doc_node *out, slice error, slice message) {
    heard *h = self;
    h->answer = error.len == 0 ? js_text(h->arena, out) : arena_printf(h->arena, "%.*s: %.*s", SLICE_ARG(error), SLICE_ARG(message));
}

static const struct { const char *operation, *in, *out; } steps[] = {
    { "putObject", "{\"Bucket\":\"photos\",\"Key\":\"a/b\",\"Body\":{\"x\":1},\"Metadata\":{\"a\":\"b\"}}", NULL },
    { "headObject", "{\"Bucket\":\"photos\",\"Key\":\"a/b\"}", NULL },
    { "getObject", "{\"Bucket\":\"photos\",\"Key\":\"planned\"}",
      "{\"Body\":\"made\",\"ContentLength\":4,\"ContentType\":\"text/plain\",\"ETag\":\"\\\"4ab8710d781ba5b13aaf561cafd896b7\\\"\",\"LastModified\":\"2026-01-01T00:00:00Z\",\"Metadata\":{}}" },
    { "getObject", "{\"Bucket\":\"photos\",\"Key\":\"none\"}", "NoSuchKey: The specified key does not exist." },
    { "getObject", "{\"Bucket\":\"none\",\"Key\":\"none\"}", "NoSuchBucket: The specified bucket does not exist" },
    { "putObject", "{\"Bucket\":\"photos\",\"Body\":\"\"}", "InvalidRequest: Key must be given" },
    { "deleteObject", "{\"Bucket\":\"photos\",\"Key\":\"a/b\"}", "{}" },
    { "listObjectsV2", "{\"Bucket\":\"photos\",\"Prefix\":\"a/\"}",
      "{\"Contents\":[],\"IsTruncated\":false,\"KeyCount\":0,\"MaxKeys\":1000,\"Name\":\"photos\",\"Prefix\":\"a/\"}" },
    { "copyObject", "{\"Bucket\":\"photos\"}", "UnknownOperationException: sflint smoke does not emulate s3.copyObject; this call was not made" },
};

static void state_machines_have_objects_as_members(void **state) {
    (void)state;
    run r = run_new();
    arena *a = r.arena;
    run_text(&r, "Resources:\n  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: photos}}\n");
    graph *g = graph_build(&r.set, &a, 1);
    smoke *s = smoke_new(a, g, world_new(a, g, SLICE(""), SLICE("")), 1767225600000);
    s->flow = flow_new(s);
    s->endpoint = endpoint_new(s);
    endpoint_put_object(s->endpoint, r.set.list.at[0]->resources.at[0], SLICE("planned"), SLICE("made"), SLICE("text/plain"));
    for (size_t i = 0; i < COUNT(steps); i++) {
        heard h = { a, SLICE("nothing") };
        endpoint_call(s->endpoint, NULL, NULL, SLICE("s3"), slice_from(steps[i].operation), js_read(a, slice_from(steps[i].in)), hear, &h);
        if (steps[i].out != NULL && !slice_is(h.answer, steps[i].out)) fail_msg("%s %s:\n want %s\n got  %.*s", steps[i].operation, steps[i].in, steps[i].out, SLICE_ARG(h.answer));
        if (steps[i].out == NULL && h.answer.at[0] != '{') fail_msg("%s %s: %.*s", steps[i].operation, steps[i].in, SLICE_ARG(h.answer));
        if (i == 1 && slice_find_slice(h.answer, SLICE("\"ContentLength\":7,\"ContentType\":\"binary/octet-stream\"")) == (size_t)-1) fail_msg("%.*s", SLICE_ARG(h.answer));
    }
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read),
        cmocka_unit_test(chunks_are_put_together),
        cmocka_unit_test(xml_is_read_strictly),
        cmocka_unit_test(bytes_that_were_given_back_are_used_again),
        cmocka_unit_test(dates_are_those_of_http),
        cmocka_unit_test(state_machines_have_objects_as_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
