/* SHA-384, SHA-512: FIPS 180-4. The other digests are smoke/digest.h's. */
#include "smoke/asl/digest.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"

static uint64_t right64(uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

/* The text with its padding: 0x80, zeros, the length in bits in the last bytes of a block of 128. */
static slice padded(arena *a, slice text) {
    size_t len = (text.len + 1 + 16 + 127) / 128 * 128;
    unsigned char *at = ARENA_ARRAY(a, unsigned char, len);
    uint64_t bits = (uint64_t)text.len * 8;
    if (text.len > 0) memcpy(at, text.at, text.len);
    at[text.len] = 0x80;
    for (size_t i = 0; i < 8; i++) at[len - 1 - i] = (unsigned char)(bits >> 8 * i);
    return (slice){ (const char *)at, len };
}

static uint64_t word64(const char *at) {
    uint64_t w = 0;
    for (unsigned i = 0; i < 8; i++) w = w << 8 | (unsigned char)at[i];
    return w;
}

/* The first 64 bits of the fractional parts of the cube roots of the first 80 primes. */
static const uint64_t cube_roots[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec, 0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};
static const uint64_t sha384_begin[8] = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};
static const uint64_t sha512_begin[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static void sha512(arena *a, slice text, const uint64_t *begin, unsigned char *out) {
    uint64_t state[8];
    slice m = padded(a, text);
    memcpy(state, begin, sizeof state);
    for (size_t at = 0; at < m.len; at += 128) {
        uint64_t w[80] = { 0 }, v[8];
        for (unsigned i = 0; i < 80; i++) {
            if (i < 16) {
                w[i] = word64(m.at + at + 8 * i);
                continue;
            }
            uint64_t x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + (right64(x, 1) ^ right64(x, 8) ^ x >> 7) + w[i - 7] + (right64(y, 19) ^ right64(y, 61) ^ y >> 6);
        }
        memcpy(v, state, sizeof v);
        for (unsigned i = 0; i < 80; i++) {
            uint64_t one = v[7] + (right64(v[4], 14) ^ right64(v[4], 18) ^ right64(v[4], 41)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + cube_roots[i] + w[i];
            uint64_t two = (right64(v[0], 28) ^ right64(v[0], 34) ^ right64(v[0], 39)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof v[0]);
            v[4] += one;
            v[0] = one + two;
        }
        for (unsigned i = 0; i < 8; i++) state[i] += v[i];
    }
    for (unsigned i = 0; i < 64; i++) out[i] = (unsigned char)(state[i / 8] >> 8 * (7 - i % 8));
}

bool asl_digest(arena *a, slice text, slice algorithm, slice *hex) {
    unsigned char out[64];
    if (slice_is(algorithm, "MD5")) *hex = md5_hex(a, text);
    else if (slice_is(algorithm, "SHA-1")) sha1_bytes(text, out), *hex = hex_of(a, out, 20);
    else if (slice_is(algorithm, "SHA-256")) *hex = sha256_hex(a, text);
    else if (slice_is(algorithm, "SHA-384")) sha512(a, text, sha384_begin, out), *hex = hex_of(a, out, 48);
    else if (slice_is(algorithm, "SHA-512")) sha512(a, text, sha512_begin, out), *hex = hex_of(a, out, 64);
    else return false;
    return true;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool asl_base64_decode(arena *a, slice text, slice *bytes) {
    buf out = { .arena = a };
    uint32_t bits = 0;
    unsigned have = 0;
    while (text.len > 0 && text.at[text.len - 1] == '=') text.len--;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i] == '-' ? '+' : text.at[i] == '_' ? '/' : text.at[i];
        size_t digit = slice_find(SLICE(base64_digits), c);
        if (c == '\0' || digit >= 64) return false;
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(&out, (char)(unsigned char)(bits >> have & 0xFF));
        }
    }
    *bytes = buf_as_slice(&out);
    if (bytes->at == NULL) *bytes = SLICE("");
    return text.len % 4 != 1;
}
