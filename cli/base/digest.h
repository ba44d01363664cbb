/* Digests and encodings of bytes, as the services' protocols use them. Nothing here is for secrecy. */
#ifndef SFLINT_BASE_DIGEST_H
#define SFLINT_BASE_DIGEST_H

#include <stdint.h>

#include "base/arena.h"

/* RFC 4648, section 4, with padding. */
slice base64_encode(arena *a, slice bytes);
/* Strict: padded, no blanks, no line breaks; bits that are left over must be 0. False: it is none. */
bool base64_decode(arena *a, slice text, slice *out);
/* The length of what base64_decode would give, or (size_t)-1: for limits, without taking memory. */
size_t base64_size(slice text);

/* RFC 1321. */
typedef struct {
    uint32_t state[4];
    uint64_t bytes;
    unsigned char rest[64];
} md5_state;
void md5_start(md5_state *m);
void md5_add(md5_state *m, slice bytes);
void md5_end(md5_state *m, unsigned char out[16]);
void md5_bytes(slice s, unsigned char out[16]);
slice md5_hex(arena *a, slice s);

/* FIPS 180-4. */
void sha256_bytes(slice s, unsigned char out[32]);
slice sha256_hex(arena *a, slice s);
void sha1_bytes(slice s, unsigned char out[20]);

/* The checksums of gzip (CRC-32, reflected 0x04C11DB7) and of iSCSI (CRC-32C, reflected 0x1EDC6F41). */
uint32_t crc32_of(slice s);
uint32_t crc32c_of(slice s);

/* Lower case. */
slice hex_of(arena *a, const void *bytes, size_t len);

#endif
