#include "smoke/aws/protocol.h"

slice rest_xml_error(arena *a, slice code, slice message, slice on, slice request_id) {
    static const char *const names[] = { "Code", "Message", "Resource", "RequestId" };
    const slice texts[] = { code, message, on, request_id };
    buf b = { .arena = a };
    buf_text(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    for (size_t i = 0; i < COUNT(names); i++) {
        buf_printf(&b, "<%s>", names[i]);
        xml_text(&b, texts[i]);
        buf_printf(&b, "</%s>", names[i]);
    }
    buf_text(&b, "</Error>");
    return buf_as_slice(&b);
}

bool rest_path(arena *a, slice path, const char *form, slice out[REST_MAX_LABELS]) {
    size_t labels = 0;
    for (const char *f = form; *f != '\0'; ) {
        if (*f != '{') {
            if (path.len == 0 || path.at[0] != *f) return false;
            path = slice_after(path, 1);
            f++;
            continue;
        }
        bool greedy = f[1] == '+';
        size_t end = greedy ? path.len : slice_find(path, '/');
        if (end == 0 || labels == REST_MAX_LABELS) return false;
        out[labels++] = http_decode(a, slice_from_to(path, 0, end), false);
        path = slice_after(path, end);
        f += greedy ? 3 : 2;
    }
    return path.len == 0 || (path.len == 1 && path.at[0] == '/');
}
