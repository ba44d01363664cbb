/* Bodies of S3 requests: aws-chunked, ranges, XML. */
#include <stdlib.h>

#include "smoke/aws/s3_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    arena *a = arena_make((size_t)256 * 1024 * 1024, NULL);
    slice text = { (const char *)bytes, len }, out, trailers;
    size_t from, to;
    bool none;
    if (s3_unchunk(a, text, &out, &trailers) && out.len > len) abort();
    if (s3_range(text, 1000, &from, &to, &none) && !none && (from > to || to >= 1000)) abort();
    const xml_element *e = xml_read(a, text);
    if (e != NULL && e->name.len == 0) abort();
    arena_free(a);
    return 0;
}
