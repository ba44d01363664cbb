#include "report/xml.h"

#include "base/utf8.h"

void xml_escaped(buf *out, slice text) {
    for (size_t i = 0, len; i < text.len; i += len) {
        slice rest = slice_after(text, i);
        uint32_t c = utf8_decode(rest, &len);
        bool good = len > 0 && (c >= 0x20 || c == '\n' || c == '\t') && c != 0xFFFE && c != 0xFFFF && c != 0x7F;
        if (len == 0) len = 1;
        if (!good) buf_text(out, "\xEF\xBF\xBD");
        else if (c == '&') buf_text(out, "&amp;");
        else if (c == '<') buf_text(out, "&lt;");
        else if (c == '>') buf_text(out, "&gt;");
        else if (c == '"') buf_text(out, "&quot;");
        else if (c == '\n') buf_text(out, "&#10;");
        else buf_slice(out, slice_from_to(rest, 0, len));
    }
}

void xml_attribute(buf *out, const char *name, slice what) {
    buf_printf(out, " %s=\"", name);
    xml_escaped(out, what);
    buf_char(out, '"');
}
