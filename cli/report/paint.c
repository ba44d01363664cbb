#include "report/paint.h"

#include "base/utf8.h"

static const char *const codes[PAINT_COUNT] = {
    [PAINT_BOLD] = "\033[1m",   [PAINT_DIM] = "\033[2m",     [PAINT_RED] = "\033[1;31m",  [PAINT_YELLOW] = "\033[1;33m",
    [PAINT_CYAN] = "\033[36m",  [PAINT_BLUE] = "\033[1;34m", [PAINT_GREEN] = "\033[32m",
};

void paint_on(buf *out, bool color, paint p) {
    if (color) buf_text(out, codes[p]);
}

void paint_off(buf *out, bool color) {
    if (color) buf_text(out, "\033[0m");
}

void paint_text(buf *out, bool color, paint p, slice text) {
    paint_on(out, color, p);
    text_safe(out, text);
    paint_off(out, color);
}

/* C0, DEL, C1, line and paragraph separators, and the marks that turn the direction of text. */
static bool is_control(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void text_safe(buf *out, slice text) {
    bool blank = false;
    for (size_t i = 0, len; i < text.len; i += len) {
        size_t plain = i;              /* most text is plain: copied in one go */
        while (plain < text.len && text.at[plain] >= ' ' && text.at[plain] < 0x7F) plain++;
        if (plain > i) {
            buf_slice(out, slice_from_to(text, i, plain));
            blank = text.at[plain - 1] == ' ';
            len = plain - i;
            continue;
        }
        uint32_t c = utf8_decode(slice_after(text, i), &len);
        if (len == 0) len = 1;
        if (c == '\n' || c == '\t' || c == '\r') {
            if (!blank) buf_char(out, ' ');
            blank = true;
            continue;
        }
        blank = false;
        if (c == 0xFFFD || is_control(c)) buf_text(out, "\xEF\xBF\xBD");
        else buf_slice(out, slice_from_to(text, i, i + len));
    }
}

/* Wide and combining ranges of the Unicode character database (EastAsianWidth W and F; general categories Mn, Me, Cf), the common blocks. */
static const struct { uint32_t from, to; unsigned char columns; } ranges[] = {
    { 0x0300, 0x036F, 0 },   { 0x0483, 0x0489, 0 },   { 0x0591, 0x05BD, 0 },   { 0x0610, 0x061A, 0 },   { 0x064B, 0x065F, 0 },
    { 0x1100, 0x115F, 2 },   { 0x1AB0, 0x1AFF, 0 },   { 0x1DC0, 0x1DFF, 0 },   { 0x200B, 0x200F, 0 },   { 0x20D0, 0x20F0, 0 },
    { 0x231A, 0x231B, 2 },   { 0x2E80, 0x303E, 2 },   { 0x3041, 0x33FF, 2 },   { 0x3400, 0x4DBF, 2 },   { 0x4E00, 0x9FFF, 2 },
    { 0xA000, 0xA4CF, 2 },   { 0xAC00, 0xD7A3, 2 },   { 0xF900, 0xFAFF, 2 },   { 0xFE00, 0xFE0F, 0 },   { 0xFE20, 0xFE2F, 0 },
    { 0xFE30, 0xFE6F, 2 },   { 0xFEFF, 0xFEFF, 0 },   { 0xFF00, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },   { 0x1F300, 0x1F64F, 2 },
    { 0x1F680, 0x1F6FF, 2 }, { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 }, { 0xE0100, 0xE01EF, 0 },
};

unsigned char_columns(uint32_t c) {
    if (c < 0x300) return 1;
    size_t low = 0, high = COUNT(ranges);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c < ranges[middle].from) high = middle;
        else if (c > ranges[middle].to) low = middle + 1;
        else return ranges[middle].columns;
    }
    return 1;
}

size_t text_columns(slice text) {
    size_t columns = 0;
    for (size_t i = 0, len; i < text.len; i += len) {
        uint32_t c = (unsigned char)text.at[i];
        len = 1;
        if (c >= 0x80) c = utf8_decode(slice_after(text, i), &len);
        if (len == 0) len = 1;
        columns += char_columns(c);
    }
    return columns;
}

void text_pad(buf *out, size_t columns, size_t to, bool gap) {
    if (gap && columns >= to) buf_char(out, ' ');
    static const char blanks[] = "                                ";
    while (columns < to) {
        size_t len = to - columns < sizeof blanks - 1 ? to - columns : sizeof blanks - 1;
        buf_slice(out, (slice){ blanks, len });
        columns += len;
    }
}

void text_wrap(buf *out, slice text, size_t indent, size_t width) {
    slice line;
    size_t column = 0;
    while (slice_cut(&text, '\n', &line)) {
        if (line.len == 0 || line.at[0] == ' ') {
            if (column > 0) buf_char(out, '\n');
            column = 0;
            if (line.len == 0) {
                if (text.at != NULL) buf_char(out, '\n');
                continue;
            }
            text_pad(out, 0, indent, false);
            text_safe(out, line);
            buf_char(out, '\n');
            continue;
        }
        slice word;
        while (slice_cut(&line, ' ', &word)) {
            if (word.len == 0) continue;
            size_t columns = text_columns(word);
            if (column > 0 && column + 1 + columns > width) {
                buf_char(out, '\n');
                column = 0;
            }
            if (column == 0) {
                text_pad(out, 0, indent, false);
                column = indent;
            } else {
                buf_char(out, ' ');
                column++;
            }
            text_safe(out, word);
            column += columns;
        }
    }
    if (column > 0) buf_char(out, '\n');
}
