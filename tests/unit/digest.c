/* Digests against the standards' own examples and against each other at the lengths where padding changes. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/digest.h"

static const struct { const char *text, *md5, *sha256, *sha1; uint32_t crc, crc32c; } rows[] = {
    { "", "d41d8cd98f00b204e9800998ecf8427e", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709", 0, 0 },
    { "abc", "900150983cd24fb0d6963f7d28e17f72", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "a9993e364706816aba3e25717850c26c9cd0d89d", 0x352441c2, 0x364b3fb7 },
    { "123456789", "25f9e794323b453885f5181f1b624d0b", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
      "f7c3bc1d808e04732adf679965ccc34ca7ae3441", 0xcbf43926, 0xe3069283 },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "8215ef0796a20bcaaae116d3876c664a",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "84983e441c3bd26ebaae4aa1f95129e5e54670f1", 0x171a3f5f, 0 },
};

static void digests_are_those_of_the_standards(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        slice s = slice_from(rows[i].text);
        unsigned char sha1[20];
        sha1_bytes(s, sha1);
        if (!slice_is(md5_hex(a, s), rows[i].md5) || !slice_is(sha256_hex(a, s), rows[i].sha256) || !slice_is(hex_of(a, sha1, 20), rows[i].sha1))
            fail_msg("%s: md5 %.*s sha256 %.*s sha1 %.*s", rows[i].text, SLICE_ARG(md5_hex(a, s)), SLICE_ARG(sha256_hex(a, s)),
                     SLICE_ARG(hex_of(a, sha1, 20)));
        if (crc32_of(s) != rows[i].crc) fail_msg("%s: crc32 %08" PRIx32, rows[i].text, crc32_of(s));
        if (rows[i].crc32c != 0 && crc32c_of(s) != rows[i].crc32c) fail_msg("%s: crc32c %08" PRIx32, rows[i].text, crc32c_of(s));
    }
    arena_free(a);
}

/* Digests of all texts "", "a", "aa", ... up to 200 letters joined, 32 digits each, one behind the other; the digest of that. */
static void every_length_of_padding_is_right(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    char text[200], all[2][200 * 32];
    memset(text, 'a', sizeof text);
    for (size_t n = 0; n < sizeof text; n++) {
        memcpy(all[0] + 32 * n, md5_hex(a, (slice){ text, n }).at, 32);
        memcpy(all[1] + 32 * n, sha256_hex(a, (slice){ text, n }).at, 32);
    }
    assert_string_equal(md5_hex(a, (slice){ all[0], sizeof all[0] }).at, "49f6cc3eb4491fe05535571716f39a67");
    assert_string_equal(md5_hex(a, (slice){ all[1], sizeof all[1] }).at, "2e6def5b4381b01f1bda6809f0dbfa6b");
    arena_free(a);
}

static void md5_in_pieces_is_md5(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    char text[300];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('!' + i % 90);
    for (size_t len = 0; len <= sizeof text; len += 7)
        for (size_t piece = 1; piece < 140; piece += 13) {
            md5_state m;
            unsigned char got[16], want[16];
            md5_start(&m);
            for (size_t at = 0; at < len; at += piece) md5_add(&m, (slice){ text + at, len - at < piece ? len - at : piece });
            md5_end(&m, got);
            md5_bytes((slice){ text, len }, want);
            if (memcmp(got, want, 16) != 0) fail_msg("length %zu in pieces of %zu", len, piece);
        }
    arena_free(a);
}

static const struct { const char *bytes, *text; } encodings[] = {
    { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
    { "\xff\xfe\xfd", "//79" }, { "\xfb\xef", "++8=" },
};
static const char *const no_base64[] = { "Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm 9v", "Zh==", "Zm9=", "Zm-_", "Zm9v=" };

static void base64_goes_both_ways(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    slice out;
    for (size_t i = 0; i < COUNT(encodings); i++) {
        assert_string_equal(base64_encode(a, slice_from(encodings[i].bytes)).at, encodings[i].text);
        assert_true(base64_decode(a, slice_from(encodings[i].text), &out));
        assert_true(slice_is(out, encodings[i].bytes));
        assert_int_equal(base64_size(slice_from(encodings[i].text)), out.len);
    }
    for (size_t i = 0; i < COUNT(no_base64); i++)
        if (base64_decode(a, slice_from(no_base64[i]), &out)) fail_msg("%s was taken", no_base64[i]);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_standards),
        cmocka_unit_test(every_length_of_padding_is_right),
        cmocka_unit_test(md5_in_pieces_is_md5),
        cmocka_unit_test(base64_goes_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
