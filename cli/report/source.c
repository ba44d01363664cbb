#include "report/source.h"

#include "base/utf8.h"
#include "report/paint.h"

#define TAB_COLUMNS  4
#define CODE_COLUMNS 120     /* of a source line that are shown; longer ones are cut around the place */
#define CODE_BEFORE  40      /* columns before the place that stay when the line is cut */

typedef struct {
    slice text;
    uint32_t *starts;        /* offset of each line; made at the first question */
    size_t lines;
} source;

struct sources {
    arena *arena;
    const templates *set;
    source *at;
};

sources *sources_new(arena *a, const templates *set) {
    sources *s = ARENA_NEW(a, sources);
    s->arena = a;
    s->set = set;
    s->at = ARENA_ARRAY(a, source, set->files.len);
    for (size_t i = 0; i < set->list.len; i++) {
        const template *t = set->list.at[i];
        if (t->file < set->files.len) s->at[t->file].text = t->text;
    }
    return s;
}

void sources_add(sources *s, uint32_t file, slice text) {
    if (file < s->set->files.len) s->at[file].text = text;
}

size_t source_files(const sources *s) { return s->set->files.len; }
slice source_path(const sources *s, uint32_t file) { return file < s->set->files.len ? s->set->files.at[file] : SLICE("?"); }

static void find_lines(sources *s, source *f) {
    VEC(uint32_t) starts = { 0 };
    VEC_PUSH(s->arena, &starts, 0);
    bool plain = slice_find(f->text, '\r') == f->text.len;
    for (size_t i = 0; i < f->text.len; i++) {
        if (plain) i += slice_find(slice_after(f->text, i), '\n');
        if (i == f->text.len) break;
        char c = f->text.at[i];
        if (c == '\n' || (c == '\r' && (i + 1 == f->text.len || f->text.at[i + 1] != '\n'))) VEC_PUSH(s->arena, &starts, (uint32_t)i + 1);
    }
    f->starts = starts.at;
    f->lines = starts.len;
}

bool source_line(sources *s, pos at, slice *line) {
    if (at.file >= s->set->files.len || at.line == 0) return false;
    source *f = &s->at[at.file];
    if (f->text.len == 0 || slice_starts(f->text, SLICE("\xFE\xFF")) || slice_starts(f->text, SLICE("\xFF\xFE"))) return false;
    if (f->starts == NULL) find_lines(s, f);
    if (at.line > f->lines) return false;
    size_t from = f->starts[at.line - 1], to = at.line < f->lines ? f->starts[at.line] : f->text.len;
    while (to > from && (f->text.at[to - 1] == '\n' || f->text.at[to - 1] == '\r')) to--;
    if (at.line == 1 && slice_starts(f->text, SLICE("\xEF\xBB\xBF"))) from += to - from < 3 ? to - from : 3;
    *line = slice_from_to(f->text, from, to);
    return true;
}

void source_place(buf *out, const sources *s, pos at, bool color) {
    paint_on(out, color, PAINT_BOLD);
    text_safe(out, source_path(s, at.file));
    buf_char(out, ':');
    buf_number(out, at.line == 0 ? 1 : at.line, 0);
    buf_char(out, ':');
    buf_number(out, at.column == 0 ? 1 : at.column, 0);
    buf_char(out, ':');
    paint_off(out, color);
    buf_char(out, ' ');
}

/* One character of a source line as it is shown: where it begins and how wide it is. */
typedef struct {
    slice bytes;             /* what is written: the character, blanks for a tab, U+FFFD */
    unsigned columns;
} shown;

static shown show(slice rest, size_t *len, size_t column) {
    static const char blanks[] = "        ";
    if (rest.at[0] >= ' ' && rest.at[0] < 0x7F) {
        *len = 1;
        return (shown){ slice_from_to(rest, 0, 1), 1 };
    }
    uint32_t c = utf8_decode(rest, len);
    if (*len == 0) *len = 1;
    if (c == '\t') {
        unsigned n = (unsigned)(TAB_COLUMNS - column % TAB_COLUMNS);
        return (shown){ { blanks, n }, n };
    }
    if (c == 0xFFFD || c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
        return (shown){ SLICE("\xEF\xBF\xBD"), 1 };
    return (shown){ slice_from_to(rest, 0, *len), char_columns(c) };
}

/* Is all of a line that will be shown printable ASCII, a column a byte? Most lines are. */
static bool is_plain(slice line, pos at) {
    size_t most = (size_t)at.column + 2 * CODE_COLUMNS, len = line.len < most ? line.len : most, n = 0;
    while (n < len && line.at[n] >= ' ' && line.at[n] < 0x7F) n++;
    return n == len;
}

void source_show(buf *out, sources *s, pos at, pos end, bool color) {
    slice line;
    if (!source_line(s, at, &line)) return;
    /* Columns of the caret's begin and end, and of the line. */
    size_t from = 0, to = 0, column = 0, code_point = 1;
    bool one_line = end.line == at.line && end.file == at.file && end.column > at.column, plain = is_plain(line, at);
    if (plain) {
        from = at.column == 0 ? 0 : at.column - 1 < line.len ? at.column - 1 : line.len;
        column = line.len < from + CODE_COLUMNS + 1 ? line.len : from + CODE_COLUMNS + 1;
        code_point = column + 1;
        if (one_line && end.column - 1 < line.len && end.column - 1 <= column) to = end.column - 1;
    }
    for (size_t i = plain ? line.len : 0, len; i < line.len; i += len, code_point++) {
        if (code_point == at.column) from = column;
        if (one_line && code_point == end.column) to = column;
        /* A place far into a very long line: what is behind it is not needed. */
        if (code_point > at.column && column > from + CODE_COLUMNS) break;
        column += show(slice_after(line, i), &len, column).columns;
    }
    if (code_point <= at.column) from = column;
    if (to <= from) to = one_line || end.line > at.line ? column : from + 1;
    if (to <= from) to = from + 1;

    size_t first = from > CODE_COLUMNS - 20 ? from - CODE_BEFORE : 0, last = first + CODE_COLUMNS;
    bool cut = false;
    paint_on(out, color, PAINT_DIM);
    size_t width = buf_number(out, at.line, 5);
    buf_text(out, " | ");
    paint_off(out, color);
    if (first > 0) buf_text(out, "...");
    column = 0;
    size_t written = 0;
    if (plain) {
        cut = line.len > last;
        if (first < line.len) buf_slice(out, slice_from_to(line, first, cut ? last : line.len));
    }
    for (size_t i = plain ? line.len : 0, len; i < line.len; i += len) {
        shown c = show(slice_after(line, i), &len, column);
        if (column >= last) {
            cut = true;
            break;
        }
        if (column >= first) {
            if (written == 0 && first > 0) first = column;    /* a wide character may straddle the cut */
            buf_slice(out, c.bytes);
            written += c.columns;
        }
        column += c.columns;
    }
    if (cut) buf_text(out, "...");
    buf_char(out, '\n');

    paint_on(out, color, PAINT_DIM);
    text_pad(out, 0, width, false);
    buf_text(out, " | ");
    paint_off(out, color);
    text_pad(out, 0, from - first + (first > 0 ? 3 : 0), false);
    paint_on(out, color, PAINT_GREEN);
    for (size_t i = from, n; i < to && i < last; i += n) {
        static const char carets[] = "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^";
        n = (to < last ? to : last) - i;
        if (n > sizeof carets - 1) n = sizeof carets - 1;
        buf_slice(out, (slice){ carets, n });
    }
    paint_off(out, color);
    buf_char(out, '\n');
}

void source_place_json(json_out *j, const sources *s, pos at) {
    json_pair_text(j, "file", source_path(s, at.file));
    json_pair_count(j, "line", at.line == 0 ? 1 : at.line);
    json_pair_count(j, "column", at.column == 0 ? 1 : at.column);
}
