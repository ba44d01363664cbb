/* Bodies of S3 requests. Amazon S3 user guide, "Signature calculations: transferring payload in multiple chunks", "Checking object integrity". */
#include "smoke/aws/s3_parts.h"
#include "base/digest.h"

/* ---- aws-chunked ---- */

static bool line_of(slice *rest, slice *line) {
    size_t end = slice_find_slice(*rest, SLICE("\r\n"));
    if (end == (size_t)-1) return false;
    *line = slice_from_to(*rest, 0, end);
    *rest = slice_after(*rest, end + 2);
    return true;
}

static bool hex_size(slice text, size_t *out) {
    *out = 0;
    if (text.len == 0 || text.len > 15) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
        if (d == 16) return false;
        *out = *out * 16 + d;
    }
    return true;
}

/* Each chunk is "SIZE[;chunk-signature=...]\r\n", so many bytes, "\r\n"; one of size 0 ends them, and trailers may follow. Signatures are not looked at. */
bool s3_unchunk(arena *a, slice text, slice *bytes, slice *trailers) {
    char *out = arena_raw(a, 1, 1, text.len + 1);
    size_t len = 0, size;
    slice rest = text, line, head;
    for (;;) {
        if (!line_of(&rest, &line)) return false;
        head = slice_from_to(line, 0, slice_find(line, ';'));
        if (!hex_size(slice_trim(head), &size)) return false;
        if (size == 0) break;
        if (rest.len < size || rest.len - size < 2 || rest.at[size] != '\r' || rest.at[size + 1] != '\n') return false;
        memcpy(out + len, rest.at, size);
        len += size;
        rest = slice_after(rest, size + 2);
    }
    *bytes = (slice){ out, len };
    *trailers = rest;
    return true;
}

/* ---- checksums ---- */

static slice of_crc32(arena *a, slice s) {
    uint32_t c = crc32_of(s);
    unsigned char b[4] = { (unsigned char)(c >> 24), (unsigned char)(c >> 16 & 255), (unsigned char)(c >> 8 & 255), (unsigned char)(c & 255) };
    return base64_encode(a, (slice){ (const char *)b, 4 });
}

static slice of_crc32c(arena *a, slice s) {
    uint32_t c = crc32c_of(s);
    unsigned char b[4] = { (unsigned char)(c >> 24), (unsigned char)(c >> 16 & 255), (unsigned char)(c >> 8 & 255), (unsigned char)(c & 255) };
    return base64_encode(a, (slice){ (const char *)b, 4 });
}

static slice of_sha1(arena *a, slice s) {
    unsigned char b[20];
    sha1_bytes(s, b);
    return base64_encode(a, (slice){ (const char *)b, 20 });
}

static slice of_sha256(arena *a, slice s) {
    unsigned char b[32];
    sha256_bytes(s, b);
    return base64_encode(a, (slice){ (const char *)b, 32 });
}

/* CRC64NVME is taken as it is: nothing is known here to look at it with, and it is not given back. */
static const struct { const char *name; slice header; slice (*of)(arena *a, slice s); } checksums[] = {
    { "CRC32", SLICE_INIT("x-amz-checksum-crc32"), of_crc32 }, { "CRC32C", SLICE_INIT("x-amz-checksum-crc32c"), of_crc32c },
    { "SHA1", SLICE_INIT("x-amz-checksum-sha1"), of_sha1 },    { "SHA256", SLICE_INIT("x-amz-checksum-sha256"), of_sha256 },
};

/* The value in the trailers, or in the headers; "". */
static slice sent(s3_request *q, slice trailers, slice name) {
    slice line, rest = trailers;
    while (rest.at != NULL && slice_cut(&rest, '\n', &line)) {
        size_t colon = slice_find(line, ':');
        if (colon < line.len && slice_same_letters(slice_trim(slice_from_to(line, 0, colon)), name)) return slice_trim(slice_after(line, colon + 1));
    }
    return http_header(q->http, name.at);
}

static bool checksums_fit(s3_request *q, slice bytes, slice trailers, http_pair *checksum) {
    for (size_t i = 0; i < COUNT(checksums); i++) {
        slice given = sent(q, trailers, checksums[i].header);
        if (given.len == 0) continue;
        if (!slice_eq(given, checksums[i].of(q->arena, bytes))) {
            aws_fail(q->call, 400, "BadDigest", "The %s you specified did not match the calculated checksum.", checksums[i].name);
            return false;
        }
        *checksum = (http_pair){ checksums[i].header, given };
    }
    slice md5 = http_header(q->http, "Content-MD5"), raw;
    if (md5.len > 0) {
        unsigned char own[16];
        md5_bytes(bytes, own);
        if (!base64_decode(q->arena, md5, &raw) || raw.len != 16) {
            aws_fail(q->call, 400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
            return false;
        }
        if (memcmp(raw.at, own, 16) != 0) {
            aws_fail(q->call, 400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
            return false;
        }
    }
    return true;
}

bool s3_body(s3_request *q, slice *out, http_pair *checksum) {
    slice body = q->http->body, trailers = SLICE(""), hash = http_header(q->http, "x-amz-content-sha256");
    slice encoding = http_header(q->http, "Content-Encoding"), length = http_header(q->http, "x-amz-decoded-content-length");
    long long wanted;
    *checksum = (http_pair){ SLICE(""), SLICE("") };
    *out = body;
    if (slice_starts(hash, SLICE("STREAMING-")) || slice_find_slice(encoding, SLICE("aws-chunked")) != (size_t)-1) {
        if (!s3_unchunk(q->arena, body, out, &trailers)) {
            aws_fail(q->call, 400, "IncompleteBody", "The request body terminated unexpectedly");
            return false;
        }
        if (length.len > 0 && (!slice_int(length, &wanted) || wanted < 0 || (size_t)wanted != out->len)) {
            aws_fail(q->call, 400, "IncompleteBody", "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header");
            return false;
        }
    } else if (hash.len == 64 && !slice_same_letters(hash, sha256_hex(q->arena, body))) {
        aws_fail(q->call, 400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        return false;
    }
    return checksums_fit(q, *out, trailers, checksum);
}
