#include "base/digest.h"

/* ---- base64 ---- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

slice base64_encode(arena *a, slice bytes) {
    size_t len = (bytes.len + 2) / 3 * 4;
    char *out = arena_raw(a, 1, 1, len + 1), *to = out;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t three = (uint32_t)(unsigned char)bytes.at[i] << 16;
        if (left > 1) three |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
        if (left > 2) three |= (uint32_t)(unsigned char)bytes.at[i + 2];
        *to++ = base64_digits[three >> 18];
        *to++ = base64_digits[three >> 12 & 63];
        *to++ = left > 1 ? base64_digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? base64_digits[three & 63] : '=';
    }
    *to = '\0';
    return (slice){ out, len };
}

/* 0..63, or 64 for what is no digit. */
static unsigned base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9') return (unsigned)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

size_t base64_size(slice text) {
    if (text.len % 4 != 0) return (size_t)-1;
    size_t pad = 0;
    while (pad < 2 && pad < text.len && text.at[text.len - 1 - pad] == '=') pad++;
    return text.len / 4 * 3 - pad;
}

bool base64_decode(arena *a, slice text, slice *out) {
    size_t len = base64_size(text);
    if (len == (size_t)-1) return false;
    char *bytes = arena_raw(a, 1, 1, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i += 4) {
        size_t here = len - n < 3 ? len - n : 3;     /* bytes of this group: here + 1 digits carry them */
        uint32_t four = 0;
        for (size_t k = 0; k < 4; k++) {
            unsigned v = k <= here ? base64_value(text.at[i + k]) : 0;
            if (v == 64) return false;
            four = four << 6 | v;
        }
        for (size_t k = 0; k < here; k++) bytes[n++] = (char)(unsigned char)(four >> (16 - 8 * k) & 255);
        if ((here == 1 && (four & 0xFFFF) != 0) || (here == 2 && (four & 0xFF) != 0)) return false;
    }
    bytes[n] = '\0';
    *out = (slice){ bytes, n };
    return true;
}

slice hex_of(arena *a, const void *bytes, size_t len) {
    const unsigned char *from = bytes;
    char *out = arena_raw(a, 1, 1, 2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = "0123456789abcdef"[from[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[from[i] & 15];
    }
    out[2 * len] = '\0';
    return (slice){ out, 2 * len };
}

/* ---- blocks of 64 bytes: what MD5 and the SHAs share ---- */

static uint32_t left(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }
static uint32_t right(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static uint32_t big_word(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Feeds all whole blocks of s and then the padded end with the length in bits behind it. */
static void feed(slice s, bool big, void (*block)(uint32_t *state, const unsigned char *p), uint32_t *state) {
    const unsigned char *at = (const unsigned char *)s.at;
    size_t whole = s.len / 64 * 64;
    for (size_t i = 0; i < whole; i += 64) block(state, at + i);
    unsigned char tail[128] = { 0 };
    size_t rest = s.len - whole, len = rest < 56 ? 64 : 128;
    if (rest > 0) memcpy(tail, at + whole, rest);
    tail[rest] = 0x80;
    uint64_t bits = (uint64_t)s.len * 8;
    for (size_t i = 0; i < 8; i++) tail[len - 8 + i] = (unsigned char)(bits >> (big ? 56 - 8 * i : 8 * i) & 255);
    for (size_t i = 0; i < len; i += 64) block(state, tail + i);
}

/* ---- MD5 ---- */

/* RFC 1321, 3.4: floor(2^32 * abs(sin(i + 1))). */
static const uint32_t md5_add_words[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1,
    0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453,
    0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
    0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
static const unsigned char md5_turns[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

static void md5_block(uint32_t *state, const unsigned char *p) {
    uint32_t w[16], a = state[0], b = state[1], c = state[2], d = state[3];
    for (size_t i = 0; i < 16; i++)
        w[i] = p[4 * i] | (uint32_t)p[4 * i + 1] << 8 | (uint32_t)p[4 * i + 2] << 16 | (uint32_t)p[4 * i + 3] << 24;
    for (size_t i = 0; i < 64; i++) {
        uint32_t f;
        size_t g;
        switch (i / 16) {
        case 0: f = (b & c) | (~b & d); g = i; break;
        case 1: f = (d & b) | (~d & c); g = (5 * i + 1) % 16; break;
        case 2: f = b ^ c ^ d; g = (3 * i + 5) % 16; break;
        default: f = c ^ (b | ~d); g = 7 * i % 16; break;
        }
        uint32_t next = b + left(a + f + md5_add_words[i] + w[g], md5_turns[i / 16][i % 4]);
        a = d;
        d = c;
        c = b;
        b = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static const uint32_t md5_first[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };

static void md5_out(const uint32_t state[4], unsigned char out[16]) {
    for (size_t i = 0; i < 16; i++) out[i] = (unsigned char)(state[i / 4] >> (i % 4 * 8) & 255);
}

void md5_start(md5_state *m) {
    *m = (md5_state){ 0 };
    memcpy(m->state, md5_first, sizeof md5_first);
}

void md5_add(md5_state *m, slice s) {
    size_t held = (size_t)(m->bytes % 64);
    m->bytes += s.len;
    if (held > 0) {
        size_t take = s.len < 64 - held ? s.len : 64 - held;
        if (take > 0) memcpy(m->rest + held, s.at, take);
        if (held + take < 64) return;
        md5_block(m->state, m->rest);
        s = slice_after(s, take);
    }
    for (; s.len >= 64; s = slice_after(s, 64)) md5_block(m->state, (const unsigned char *)s.at);
    if (s.len > 0) memcpy(m->rest, s.at, s.len);
}

void md5_end(md5_state *m, unsigned char out[16]) {
    unsigned char tail[72] = { 0x80 };
    uint64_t bits = m->bytes * 8;
    size_t held = (size_t)(m->bytes % 64), pad = held < 56 ? 56 - held : 120 - held;
    for (size_t i = 0; i < 8; i++) tail[pad + i] = (unsigned char)(bits >> (8 * i) & 255);
    md5_add(m, (slice){ (const char *)tail, pad + 8 });
    md5_out(m->state, out);
}

void md5_bytes(slice s, unsigned char out[16]) {
    uint32_t state[4];
    memcpy(state, md5_first, sizeof state);
    feed(s, false, md5_block, state);
    md5_out(state, out);
}

slice md5_hex(arena *a, slice s) {
    unsigned char out[16];
    md5_bytes(s, out);
    return hex_of(a, out, sizeof out);
}

/* ---- SHA ---- */

static const uint32_t sha256_words[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static void sha256_block(uint32_t *state, const unsigned char *p) {
    uint32_t w[64], h[8];
    for (size_t i = 0; i < 16; i++) w[i] = big_word(p + 4 * i);
    for (size_t i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (right(x, 7) ^ right(x, 18) ^ x >> 3) + w[i - 7] + (right(y, 17) ^ right(y, 19) ^ y >> 10);
    }
    memcpy(h, state, sizeof h);
    for (size_t i = 0; i < 64; i++) {
        uint32_t one = h[7] + (right(h[4], 6) ^ right(h[4], 11) ^ right(h[4], 25)) + ((h[4] & h[5]) ^ (~h[4] & h[6])) + sha256_words[i] + w[i];
        uint32_t two = (right(h[0], 2) ^ right(h[0], 13) ^ right(h[0], 22)) + ((h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]));
        memmove(h + 1, h, 7 * sizeof *h);
        h[4] += one;
        h[0] = one + two;
    }
    for (size_t i = 0; i < 8; i++) state[i] += h[i];
}

static void sha1_block(uint32_t *state, const unsigned char *p) {
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (size_t i = 0; i < 16; i++) w[i] = big_word(p + 4 * i);
    for (size_t i = 16; i < 80; i++) w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (size_t i = 0; i < 80; i++) {
        uint32_t f, k;
        switch (i / 20) {
        case 0: f = (b & c) | (~b & d); k = 0x5a827999; break;
        case 1: f = b ^ c ^ d; k = 0x6ed9eba1; break;
        case 2: f = (b & c) | (b & d) | (c & d); k = 0x8f1bbcdc; break;
        default: f = b ^ c ^ d; k = 0xca62c1d6; break;
        }
        uint32_t next = left(a, 5) + f + e + k + w[i];
        e = d;
        d = c;
        c = left(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

static void sha_out(const uint32_t *state, size_t words, unsigned char *out) {
    for (size_t i = 0; i < 4 * words; i++) out[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8) & 255);
}

void sha256_bytes(slice s, unsigned char out[32]) {
    uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    feed(s, true, sha256_block, state);
    sha_out(state, 8, out);
}

slice sha256_hex(arena *a, slice s) {
    unsigned char out[32];
    sha256_bytes(s, out);
    return hex_of(a, out, sizeof out);
}

void sha1_bytes(slice s, unsigned char out[20]) {
    uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
    feed(s, true, sha1_block, state);
    sha_out(state, 5, out);
}

/* ---- CRC ---- */

/* Four bits at a time: sixteen words of table, made on the stack. */
static uint32_t crc(slice s, uint32_t polynomial) {
    uint32_t table[16];
    for (uint32_t i = 0; i < 16; i++) {
        table[i] = i;
        for (int k = 0; k < 4; k++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? polynomial : 0);
    }
    uint32_t c = 0xFFFFFFFF;
    for (size_t i = 0; i < s.len; i++) {
        c ^= (unsigned char)s.at[i];
        c = c >> 4 ^ table[c & 15];
        c = c >> 4 ^ table[c & 15];
    }
    return ~c;
}

uint32_t crc32_of(slice s) { return crc(s, 0xEDB88320); }
uint32_t crc32c_of(slice s) { return crc(s, 0x82F63B78); }
