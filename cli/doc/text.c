#include "doc/text.h"

#include "base/utf8.h"
#include "doc/limits.h"

void text_walk(pos *at, const char *from, const char *to, const char *end) {
    for (const char *p = from; p < to; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\n' || (c == '\r' && (p + 1 == end || p[1] != '\n'))) {
            at->line++;
            at->column = 1;
        } else if (c != '\r' && (c & 0xC0) != 0x80) {
            at->column++;
        }
    }
}

shown text_shown(slice s) {
    shown out;
    size_t used = 0;
    for (size_t i = 0; i < s.len;) {
        size_t len = utf8_len(slice_after(s, i));
        if (len == 0) len = 1;
        if (used + len > SHOWN_MOST) {
            memcpy(out.text + used, "...", 3);
            used += 3;
            break;
        }
        bool control = len == 1 && ((unsigned char)s.at[i] < 0x20 || (unsigned char)s.at[i] >= 0x7F);
        if (control) out.text[used] = '?';
        else memcpy(out.text + used, s.at + i, len);
        used += len;
        i += len;
    }
    out.text[used] = '\0';
    return out;
}

/* One UTF-16 unit, in the byte order of the mark. */
static uint32_t unit(const unsigned char *p, bool big) { return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0]; }

static bool from_utf16(arena *a, slice raw, bool big, uint32_t file, diags *d, slice *out) {
    const unsigned char *p = (const unsigned char *)raw.at;
    char *to = ARENA_ARRAY(a, char, raw.len / 2 * 3 + 1);
    size_t used = 0, i = 2;
    for (; i + 1 < raw.len; i += 2) {
        uint32_t c = unit(p + i, big);
        if (c >= 0xD800 && c <= 0xDBFF && i + 3 < raw.len) {
            uint32_t low = unit(p + i + 2, big);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        size_t len = utf8_encode(c, to + used);
        if (len == 0) break;
        used += len;
    }
    *out = (slice){ to, used };
    if (i == raw.len) return true;
    pos at = { file, 1, 1 };
    text_walk(&at, to, to + used, to + used);
    if (i + 1 == raw.len) DOC_SAY(d, at, "not text: the UTF-16 file ends in the middle of a character; save it as UTF-8");
    else DOC_SAY(d, at, "not text: half a UTF-16 surrogate pair stands here; save the file as UTF-8");
    return false;
}

bool text_open(arena *a, slice raw, uint32_t file, diags *d, slice *out) {
    *out = raw;
    if (raw.len > DOC_MAX_BYTES) {
        DOC_SAY(d, ((pos){ file, 1, 1 }), "the file is larger than %u MB: sflint reads no such file", DOC_MAX_BYTES / (1024 * 1024));
        return false;
    }
    if (slice_starts(raw, SLICE("\xFE\xFF"))) return from_utf16(a, raw, true, file, d, out);
    if (slice_starts(raw, SLICE("\xFF\xFE"))) return from_utf16(a, raw, false, file, d, out);
    if (slice_starts(raw, SLICE("\xEF\xBB\xBF"))) *out = slice_after(raw, 3);
    return true;
}

/* YAML 1.1, 5.1: the printable characters; and what libyaml lets through. */
static bool is_printable(uint32_t c) {
    return c == 0x85 || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
}

static bool say_bad(slice text, size_t i, size_t len, uint32_t c, uint32_t file, diags *d) {
    pos at = { file, 1, 1 };
    text_walk(&at, text.at, text.at + i, text.at + text.len);
    unsigned byte = (unsigned char)text.at[i];
    if (len == 0) DOC_SAY(d, at, "not text: the byte 0x%02x is no UTF-8; give a YAML or JSON file in UTF-8", byte);
    else if (c == 0) DOC_SAY(d, at, "not text: a NUL byte stands here; give a YAML or JSON file in UTF-8");
    else
        DOC_SAY(d, at, "not text: the control character U+%04X stands here; give a YAML or JSON file (in YAML: write it as an escape in double quotes)",
                (unsigned)c);
    return false;
}

/* Eight bytes at once: all printable ASCII or line feeds, as most text is. */
static bool is_plain_word(const char *p) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t w;
    memcpy(&w, p, sizeof w);
    uint64_t from_7f = w | (w + ones), low = ~(w + ones * 0x60), no_line_feed = (w ^ (ones * '\n')) + ones * 0x7F;
    return ((from_7f | (low & no_line_feed)) & (ones * 0x80)) == 0;
}

bool text_is_yaml(slice text, uint32_t file, diags *d, bool *ascii) {
    *ascii = true;
    for (size_t i = 0; i < text.len;) {
        while (text.len - i >= 8 && is_plain_word(text.at + i)) i += 8;
        if (i == text.len) break;
        unsigned char c = (unsigned char)text.at[i];
        if ((c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t') {
            i++;
            continue;
        }
        size_t len;
        uint32_t decoded = utf8_decode(slice_after(text, i), &len);
        if (len == 0 || !is_printable(decoded)) return say_bad(text, i, len, decoded, file, d);
        *ascii = false;
        i += len;
    }
    return true;
}
