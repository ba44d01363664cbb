/* The build's own program: it turns the files of rules/ into constant tables.
 *
 *     rules-compile catalog OUT.c catalog.tsv types.tsv     the tables of template/catalog.h
 *     rules-compile rules OUT.c DIR                         the tables of lint/rule.h: every rule file under DIR, and the conditions of
 *                                                           DIR/catalog.tsv as CEL programs, numbered as in the catalog's tables; and of
 *                                                           DIR/events.tsv the tables of service/event_shape.h
 *
 * Whatever is wrong with a file is printed as `file:line:column: what` and ends the build. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/strmap.h"
#include "cel/cel.h"
#include "doc/doc.h"
#include "lint/rule_file.h"
#include "lint/vocabulary.h"
#include "template/catalog.h"

typedef struct {
    arena *arena;
    diags diags;
    VEC(slice) files;          /* pos.file -> path */
} compile;

static void fail(compile *c, uint32_t file, const char *what) {
    diag_add(&c->diags, (pos){ file, 0, 0 }, "%s", what);
}

/* ---- files ---- */

static uint32_t file_number(compile *c, const char *path) {
    VEC_PUSH(c->arena, &c->files, arena_copy(c->arena, slice_from(path)));
    return (uint32_t)(c->files.len - 1);
}

static bool read_whole(compile *c, const char *path, uint32_t *file, slice *text) {
    *file = file_number(c, path);
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        fail(c, *file, "cannot be read");
        return false;
    }
    buf b = { c->arena, { 0 } };
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        buf_slice(&b, (slice){ block, n });
    bool ok = !ferror(in);
    fclose(in);
    *text = buf_as_slice(&b);
    if (!ok)
        fail(c, *file, "cannot be read");
    return ok;
}

static bool write_whole(compile *c, const char *path, slice text) {
    FILE *out = fopen(path, "wb");
    if (out == NULL || fwrite(text.at, 1, text.len, out) != text.len || fclose(out) != 0) {
        fail(c, file_number(c, path), "cannot be written");
        return false;
    }
    return true;
}

/* ---- one text for everything: equal texts are kept once ---- */

typedef struct {
    arena *arena;
    strmap known;              /* text -> catalog_text_ref */
    buf bytes;
} blob;

static catalog_text_ref blob_put(blob *b, slice s) {
    if (s.len == 0)
        return (catalog_text_ref){ 0, 0 };
    catalog_text_ref *known = strmap_get(&b->known, s);
    if (known == NULL) {
        known = ARENA_NEW(b->arena, catalog_text_ref);
        *known = (catalog_text_ref){ (uint32_t)b->bytes.bytes.len, (uint32_t)s.len };
        buf_slice(&b->bytes, s);
        strmap_put(b->arena, &b->known, s, known);
    }
    return *known;
}

/* A string literal in lines; octal escapes, because a hexadecimal one would swallow the next digit. */
static void write_literal(buf *out, slice s) {
    size_t column = 0;
    buf_text(out, "    \"");
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.at[i];
        if (column > 120) {
            buf_text(out, "\"\n    \"");
            column = 0;
        }
        if (ch == '"' || ch == '\\')
            buf_printf(out, "\\%c", ch);
        else if (ch < 0x20 || ch >= 0x7f || ch == '?')
            buf_printf(out, "\\%03o", ch);
        else
            buf_char(out, (char)ch);
        column++;
    }
    buf_text(out, "\"");
}

static void write_blob(buf *out, const char *declaration, slice s) {
    buf_text(out, "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n");
    buf_printf(out, "%s =\n", declaration);
    write_literal(out, s);
    buf_text(out, ";\n\n");
}

/* ---- the catalog ---- */

typedef enum { COL_TYPE, COL_ROLE, COL_SCALES, COL_BILLS, COL_TO_ZERO, COL_SERVERLESS, COL_TIER, COL_ALTERNATIVES, COL_AZURE, COL_GOOGLE,
               COL_DEFAULTS, COL_NOTE, COL_COUNT } column;

typedef enum { TYPES_TYPE, TYPES_REF, TYPES_ATTRIBUTES, TYPES_PROPERTIES, TYPES_COUNT } types_column;

typedef struct {
    slice cell[COL_COUNT];
    uint32_t line;
} tsv_row;

typedef struct {
    uint32_t file;
    tsv_row *rows;
    size_t len;
} tsv;

typedef struct {
    slice text;
    pos at;
} condition_text;

typedef struct {
    compile *c;
    blob blob;
    strmap cells;              /* cell text -> catalog_cell */
    strmap condition_numbers;  /* condition text -> its number + 1 */
    VEC(condition_text) conditions;
    VEC(catalog_alternative) alternatives;
    VEC(catalog_default) defaults;
    VEC(catalog_text_ref) attributes, properties;
    VEC(uint8_t) kinds;
    VEC(catalog_row) rows;
} catalog_build;

static slice cell_text(slice s) {
    return slice_is(s, "-") ? SLICE("") : s;
}

/* Rows of a file with `columns` columns, sorted by the first one without repeats; `#` lines and the line of names are left out. */
static bool read_tsv(compile *c, const char *path, size_t columns, tsv *out) {
    slice text;
    if (!read_whole(c, path, &out->file, &text))
        return false;
    VEC(tsv_row) rows = { 0 };
    slice rest = text, line;
    bool named = false;
    for (uint32_t number = 1; slice_cut(&rest, '\n', &line); number++) {
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (!named) {
            named = true;
            continue;
        }
        tsv_row row = { .line = number };
        slice cells = line, cell;
        size_t n = 0;
        for (; slice_cut(&cells, '\t', &cell); n++)
            if (n < columns)
                row.cell[n] = cell;
        if (n != columns) {
            diag_add(&c->diags, (pos){ out->file, number, 1 }, "%zu columns instead of %zu", n, columns);
            continue;
        }
        for (size_t i = 0; i < columns; i++)
            if (row.cell[i].len == 0)
                diag_add(&c->diags, (pos){ out->file, number, 1 }, "column %zu is empty: write - for nothing", i + 1);
        if (rows.len > 0 && slice_order(rows.at[rows.len - 1].cell[0], row.cell[0]) >= 0)
            diag_add(&c->diags, (pos){ out->file, number, 1 }, "%.*s stands out of order, or twice", SLICE_ARG(row.cell[0]));
        VEC_PUSH(c->arena, &rows, row);
    }
    out->rows = rows.at;
    out->len = rows.len;
    return c->diags.list.len == 0;
}

static pos cell_pos(const tsv *t, const tsv_row *row, slice in) {
    return (pos){ t->file, row->line, (uint32_t)(in.at - row->cell[0].at) + 1 };
}

static bool cut_text(slice *rest, slice mark, slice *part) {
    if (rest->at == NULL)
        return false;
    size_t at = slice_find_slice(*rest, mark);
    if (at == (size_t)-1) {
        *part = *rest;
        *rest = (slice){ NULL, 0 };
    } else {
        *part = slice_from_to(*rest, 0, at);
        *rest = slice_after(*rest, at + mark.len);
    }
    return true;
}

static int32_t condition_number(catalog_build *b, slice text, pos at) {
    uint32_t *known = strmap_get(&b->condition_numbers, text);
    if (known == NULL) {
        known = ARENA_NEW(b->c->arena, uint32_t);
        VEC_PUSH(b->c->arena, &b->conditions, (condition_text){ text, at });
        *known = (uint32_t)b->conditions.len - 1;
        strmap_put(b->c->arena, &b->condition_numbers, text, known);
    }
    return (int32_t)*known;
}

/* The words that a column may hold. */
static const char *const column_words[COL_COUNT] = {
    [COL_SCALES] = " self self-with-limits autoscaled-when-configured fixed unknown ",
    [COL_BILLS] = " per-use per-use-with-minimum per-hour-while-it-exists provisioned free unknown ",
    [COL_TO_ZERO] = " yes no unknown ",
    [COL_SERVERLESS] = " yes no unknown ",
    [COL_TIER] = " 1 2 3 4 5 unknown ",
};

static catalog_cell read_cell(catalog_build *b, const tsv *t, const tsv_row *row, column col) {
    slice text = row->cell[col];
    if (slice_is(text, "-"))
        return (catalog_cell){ 0, 0 };
    catalog_cell *known = strmap_get(&b->cells, text);
    if (known != NULL)
        return *known;
    catalog_cell cell = { (uint16_t)b->alternatives.len, 0 };
    slice rest = text, part;
    while (cut_text(&rest, SLICE(" ;; "), &part)) {
        bool last = rest.at == NULL;
        slice condition = part, value;
        cut_text(&condition, SLICE(" if "), &value);
        if ((condition.at == NULL) != last)
            diag_add(&b->c->diags, cell_pos(t, row, part), "every alternative but the last has a condition");
        slice word = arena_printf(b->c->arena, " %.*s ", SLICE_ARG(value));
        if (slice_find_slice(slice_from(column_words[col]), word) == (size_t)-1)
            diag_add(&b->c->diags, cell_pos(t, row, part), "\"%.*s\" is none of%s", SLICE_ARG(value), column_words[col]);
        catalog_alternative a = { blob_put(&b->blob, value), -1 };
        if (condition.at != NULL)
            a.condition = condition_number(b, condition, cell_pos(t, row, condition));
        VEC_PUSH(b->c->arena, &b->alternatives, a);
        cell.count++;
    }
    known = ARENA_NEW(b->c->arena, catalog_cell);
    *known = cell;
    strmap_put(b->c->arena, &b->cells, text, known);
    return cell;
}

static const struct { slice name; catalog_kind kind; } kind_names[] = {
    { SLICE_INIT("string"), CATALOG_STRING },   { SLICE_INIT("integer"), CATALOG_INTEGER }, { SLICE_INIT("number"), CATALOG_NUMBER },
    { SLICE_INIT("boolean"), CATALOG_BOOLEAN }, { SLICE_INIT("array"), CATALOG_ARRAY },     { SLICE_INIT("map"), CATALOG_MAP },
    { SLICE_INIT("ref"), CATALOG_MAP },         { SLICE_INIT("json"), CATALOG_ANY },        { SLICE_INIT("union"), CATALOG_ANY },
};

static void read_properties(catalog_build *b, const tsv *t, const tsv_row *row, catalog_row *out) {
    out->attributes_first = (uint16_t)b->attributes.len;
    out->properties_first = (uint16_t)b->properties.len;
    slice rest = cell_text(row->cell[TYPES_ATTRIBUTES]), part;
    while (rest.len > 0 && slice_cut(&rest, ' ', &part))
        VEC_PUSH(b->c->arena, &b->attributes, blob_put(&b->blob, part));
    rest = cell_text(row->cell[TYPES_PROPERTIES]);
    while (rest.len > 0 && slice_cut(&rest, ' ', &part)) {
        bool required = slice_starts(part, SLICE("!"));
        slice kind = slice_after(part, required ? 1 : 0), name;
        slice_cut(&kind, ':', &name);
        size_t k = 0;
        while (k < COUNT(kind_names) && !slice_eq(kind_names[k].name, kind))
            k++;
        if (k == COUNT(kind_names)) {
            diag_add(&b->c->diags, cell_pos(t, row, part), "%.*s: no such kind of property", SLICE_ARG(part));
            continue;
        }
        VEC_PUSH(b->c->arena, &b->properties, blob_put(&b->blob, name));
        VEC_PUSH(b->c->arena, &b->kinds, (uint8_t)(kind_names[k].kind | (required ? CATALOG_REQUIRED : 0)));
    }
    out->typed = true;
    out->attributes_count = (uint16_t)(b->attributes.len - out->attributes_first);
    out->properties_count = (uint16_t)(b->properties.len - out->properties_first);
    slice ref = cell_text(row->cell[TYPES_REF]);
    if (slice_find(ref, '|') == ref.len)
        out->ref = blob_put(&b->blob, ref);
}

/* "Timeout=3": JSON of what the property is declared as; inside an object, where no kind is at hand, what looks like JSON is JSON. */
static slice default_json(catalog_build *b, const catalog_row *row, slice path, slice value) {
    catalog_kind kind = CATALOG_ANY;
    for (size_t i = row->properties_first; i < (size_t)row->properties_first + row->properties_count; i++) {
        catalog_text_ref name = b->properties.at[i];
        if (slice_eq((slice){ b->blob.bytes.bytes.at + name.at, name.len }, path))
            kind = (catalog_kind)(b->kinds.at[i] & ~CATALOG_REQUIRED);
    }
    buf number = { b->c->arena, { 0 } };
    buf_slice(&number, value);
    buf_char(&number, '\0');
    char *end;
    strtod(number.bytes.at, &end);
    bool json = slice_is(value, "true") || slice_is(value, "false") || value.at[0] == '[' || (*end == '\0' && value.len > 0);
    if (kind != CATALOG_STRING && json)
        return value;
    buf out = { b->c->arena, { 0 } };
    json_out j = { .out = &out };
    json_string(&j, value);
    return buf_as_slice(&out);
}

static void read_defaults(catalog_build *b, const tsv *t, const tsv_row *row, catalog_row *out) {
    out->defaults_first = (uint16_t)b->defaults.len;
    slice rest = cell_text(row->cell[COL_DEFAULTS]), part;
    while (rest.len > 0 && slice_cut(&rest, ' ', &part)) {
        slice value = part, path;
        slice_cut(&value, '=', &path);
        if (value.at == NULL || value.len == 0 || path.len == 0) {
            diag_add(&b->c->diags, cell_pos(t, row, part), "%.*s is not Path=value", SLICE_ARG(part));
            continue;
        }
        VEC_PUSH(b->c->arena, &b->defaults,
                 (catalog_default){ blob_put(&b->blob, path), blob_put(&b->blob, default_json(b, out, path, value)) });
    }
    out->defaults_count = (uint16_t)(b->defaults.len - out->defaults_first);
}

/* "part-of=TYPE. rest" */
static slice note_word(slice *note, slice head) {
    if (!slice_starts(*note, head))
        return SLICE("");
    size_t stop = slice_find_slice(*note, SLICE(". "));
    slice word;
    if (stop == (size_t)-1) {
        word = slice_after(*note, head.len);
        if (slice_ends(word, SLICE(".")))
            word.len--;
        *note = SLICE("");
    } else {
        word = slice_from_to(*note, head.len, stop);
        *note = slice_after(*note, stop + 2);
    }
    return word;
}

static const char *const roles[] = {
#define ROLE(name, text) [ROLE_##name] = (text),
#include "template/role.def"
#undef ROLE
};

static bool read_catalog(catalog_build *b, const char *catalog_path, const char *types_path) {
    tsv catalog, types = { 0 };
    if (!read_tsv(b->c, catalog_path, COL_COUNT, &catalog) || (types_path != NULL && !read_tsv(b->c, types_path, TYPES_COUNT, &types)))
        return false;
    size_t next = 0;
    for (size_t i = 0; i < catalog.len; i++) {
        const tsv_row *row = &catalog.rows[i];
        catalog_row out = { .type = blob_put(&b->blob, row->cell[COL_TYPE]) };
        size_t r = 0;
        while (r < COUNT(roles) && !slice_is(row->cell[COL_ROLE], roles[r]))
            r++;
        if (r == COUNT(roles))
            diag_add(&b->c->diags, cell_pos(&catalog, row, row->cell[COL_ROLE]), "no role is called %.*s", SLICE_ARG(row->cell[COL_ROLE]));
        out.role = (uint8_t)r;
        for (; next < types.len && slice_order(types.rows[next].cell[0], row->cell[COL_TYPE]) < 0; next++)
            diag_add(&b->c->diags, (pos){ types.file, types.rows[next].line, 1 }, "%.*s has no row in the catalog", SLICE_ARG(types.rows[next].cell[0]));
        if (next < types.len && slice_eq(types.rows[next].cell[0], row->cell[COL_TYPE]))
            read_properties(b, &types, &types.rows[next++], &out);
        out.scales = read_cell(b, &catalog, row, COL_SCALES);
        out.bills = read_cell(b, &catalog, row, COL_BILLS);
        out.scales_to_zero = read_cell(b, &catalog, row, COL_TO_ZERO);
        out.serverless = read_cell(b, &catalog, row, COL_SERVERLESS);
        out.tier = read_cell(b, &catalog, row, COL_TIER);
        out.alternatives = blob_put(&b->blob, cell_text(row->cell[COL_ALTERNATIVES]));
        out.azure = blob_put(&b->blob, cell_text(row->cell[COL_AZURE]));
        out.google = blob_put(&b->blob, cell_text(row->cell[COL_GOOGLE]));
        read_defaults(b, &catalog, row, &out);
        slice note = cell_text(row->cell[COL_NOTE]);
        out.part_of = blob_put(&b->blob, note_word(&note, SLICE("part-of=")));
        out.follow = blob_put(&b->blob, note_word(&note, SLICE("follow=")));
        out.note = blob_put(&b->blob, slice_trim(note));
        VEC_PUSH(b->c->arena, &b->rows, out);
    }
    if (b->alternatives.len > UINT16_MAX || b->defaults.len > UINT16_MAX || b->attributes.len > UINT16_MAX || b->properties.len > UINT16_MAX)
        fail(b->c, catalog.file, "too many rows for the catalog's 16-bit numbers: widen them in template/catalog.h");
    return b->c->diags.list.len == 0;
}

static void write_refs(buf *out, const char *name, const catalog_text_ref *at, size_t len) {
    buf_printf(out, "const catalog_text_ref %s[%zu] = {\n", name, len + 1);
    for (size_t i = 0; i < len; i++)
        buf_printf(out, "{%u,%u},%s", at[i].at, at[i].len, i % 10 == 9 ? "\n" : "");
    buf_text(out, "{0,0} };\n\n");
}

#define REF(r)  (r).at, (r).len
#define CELL(c) (c).first, (c).count

static void write_catalog(const catalog_build *b, buf *out) {
    buf_text(out, "/* Made by rules-compile from rules/catalog.tsv and rules/types.tsv. */\n#include \"template/catalog.h\"\n\n");
    write_blob(out, "const char catalog_blob[]", buf_as_slice(&b->blob.bytes));
    buf_printf(out, "const catalog_alternative catalog_cells[%zu] = {\n", b->alternatives.len + 1);
    for (size_t i = 0; i < b->alternatives.len; i++)
        buf_printf(out, "{{%u,%u},%d},\n", REF(b->alternatives.at[i].value), b->alternatives.at[i].condition);
    buf_printf(out, "{{0,0},-1} };\n\nconst catalog_default catalog_defaults[%zu] = {\n", b->defaults.len + 1);
    for (size_t i = 0; i < b->defaults.len; i++)
        buf_printf(out, "{{%u,%u},{%u,%u}},\n", REF(b->defaults.at[i].path), REF(b->defaults.at[i].json));
    buf_text(out, "{{0,0},{0,0}} };\n\n");
    write_refs(out, "catalog_attributes", b->attributes.at, b->attributes.len);
    write_refs(out, "catalog_properties", b->properties.at, b->properties.len);
    buf_printf(out, "const uint8_t catalog_property_kinds[%zu] = {\n", b->kinds.len + 1);
    for (size_t i = 0; i < b->kinds.len; i++)
        buf_printf(out, "%u,%s", b->kinds.at[i], i % 30 == 29 ? "\n" : "");
    buf_printf(out, "0 };\n\nconst size_t catalog_row_count = %zu;\nconst catalog_row catalog_rows[%zu] = {\n", b->rows.len, b->rows.len + 1);
    for (size_t i = 0; i < b->rows.len; i++) {
        const catalog_row *r = &b->rows.at[i];
        buf_printf(out, "{{%u,%u},%u,{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},", REF(r->type), r->role, CELL(r->scales), CELL(r->bills),
                   CELL(r->scales_to_zero), CELL(r->serverless), CELL(r->tier));
        buf_printf(out, "{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},", REF(r->alternatives), REF(r->azure), REF(r->google),
                   REF(r->part_of), REF(r->follow), REF(r->note));
        buf_printf(out, "%u,%u,%s,%u,%u,%u,%u,{%u,%u}},\n", r->defaults_first, r->defaults_count, r->typed ? "true" : "false",
                   r->attributes_first, r->attributes_count, r->properties_first, r->properties_count, REF(r->ref));
    }
    buf_text(out, "{ .role = 0 } };\n");
}

static bool compile_catalog(compile *c, const char *out_path, const char *catalog_path, const char *types_path) {
    catalog_build b = { .c = c, .blob = { .arena = c->arena, .bytes = { c->arena, { 0 } } } };
    if (!read_catalog(&b, catalog_path, types_path))
        return false;
    buf out = { c->arena, { 0 } };
    write_catalog(&b, &out);
    return write_whole(c, out_path, buf_as_slice(&out));
}

/* ---- rules ---- */

typedef struct {
    slice path;
} rule_path;

static int path_order(const void *x, const void *y) {
    return slice_order(((const rule_path *)x)->path, ((const rule_path *)y)->path);
}

typedef struct {
    VEC(rule_path) list;
} path_list;

/* Every .yaml under a folder; rules/ is two levels deep. */
static void find_rules(compile *c, slice folder, unsigned depth, path_list *out) {
    DIR *d = opendir(folder.at);
    if (d == NULL) {
        fail(c, file_number(c, folder.at), "cannot be read");
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        slice path = arena_printf(c->arena, "%.*s/%s", SLICE_ARG(folder), e->d_name);
        struct stat st;
        if (stat(path.at, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < 4)
            find_rules(c, path, depth + 1, out);
        else if (S_ISREG(st.st_mode) && slice_ends(path, SLICE(".yaml")))
            VEC_PUSH(c->arena, &out->list, (rule_path){ path });
    }
    closedir(d);
}

static bool known_type(void *self, slice type) {
    return strmap_has(self, type);
}

#define RANGE(r) (r).first, (r).count

static void write_rules(const rule_set *s, const rule_set_sizes *n, buf *out) {
    buf_text(out, "/* Made by rules-compile from rules/. */\n#include \"lint/rule.h\"\n\n");
    write_blob(out, "static const char blob[]", (slice){ s->blob, n->blob });
    write_blob(out, "static const char program_blob[]", (slice){ s->program_blob, n->program_blob });
    buf_printf(out, "static const rule_text texts[%zu] = {\n", n->texts + 1);
    for (size_t i = 0; i < n->texts; i++)
        buf_printf(out, "{%u,%u},%s", REF(s->texts[i]), i % 10 == 9 ? "\n" : "");
    buf_printf(out, "{0,0} };\nstatic const rule_part parts[%zu] = {\n", n->parts + 1);
    for (size_t i = 0; i < n->parts; i++)
        buf_printf(out, "{{%u,%u},%uu},\n", REF(s->parts[i].text), s->parts[i].program);
    buf_printf(out, "{{0,0},0} };\nstatic const rule_severity severities[%zu] = {\n", n->severities + 1);
    for (size_t i = 0; i < n->severities; i++)
        buf_printf(out, "{%uu,%u},\n", s->severities[i].program, s->severities[i].severity);
    buf_printf(out, "{0,0} };\nstatic const rule_point points[%zu] = {\n", n->points + 1);
    for (size_t i = 0; i < n->points; i++)
        buf_printf(out, "{{%u,%u},%u},\n", REF(s->points[i].path), s->points[i].base);
    buf_printf(out, "{{0,0},0} };\nstatic const rule_example_text examples[%zu] = {\n", n->examples + 1);
    for (size_t i = 0; i < n->examples; i++)
        buf_printf(out, "{{%u,%u},%u,%s},\n", REF(s->examples[i].text), s->examples[i].line, s->examples[i].bad ? "true" : "false");
    buf_printf(out, "{{0,0},0,false} };\nstatic const rule_program programs[%zu] = {\n", n->programs + 1);
    for (size_t i = 0; i < n->programs; i++) {
        const rule_program *p = &s->programs[i];
        buf_printf(out, "{%u,%u,%u,%u,%u,%u,%u},\n", p->nodes, p->nodes_len, p->root, p->args, p->args_len, p->blob, p->blob_len);
    }
    buf_printf(out, "{0,0,0,0,0,0,0} };\nstatic const cel_node nodes[%zu] = {\n", n->nodes + 1);
    for (size_t i = 0; i < n->nodes; i++) {
        const cel_node *e = &s->nodes[i];
        buf_printf(out, "{%u,%u,%u,%uu,%uu,%uu,%uu},%s", e->op, e->flags, e->count, e->a, e->b, e->c, e->at, i % 6 == 5 ? "\n" : "");
    }
    buf_printf(out, "{0,0,0,0,0,0,0} };\nstatic const uint32_t args[%zu] = {\n", n->args + 1);
    for (size_t i = 0; i < n->args; i++)
        buf_printf(out, "%uu,%s", s->args[i], i % 20 == 19 ? "\n" : "");
    buf_printf(out, "0 };\nstatic const rule_datum data[%zu] = {\n", n->data + 1);
    for (size_t i = 0; i < n->data; i++)
        buf_printf(out, "{%u,%lld,%.17g,%u,%u},\n", s->data[i].kind, (long long)s->data[i].number, s->data[i].real, s->data[i].at, s->data[i].len);
    buf_printf(out, "{0,0,0,0,0} };\nstatic const rule rules[%zu] = {\n", n->rules + 1);
    for (size_t i = 0; i < n->rules; i++) {
        const rule *r = &s->rules[i];
        buf_printf(out, "{{%u,%u},{%u,%u},{%u,%u},{%u,%u},", REF(r->id), REF(r->name), REF(r->title), REF(r->why));
        buf_printf(out, "{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},", REF(r->looks_text), REF(r->where_text), REF(r->require_text),
                   REF(r->message_text), REF(r->fix_text), REF(r->file));
        buf_printf(out, "%u,%u,%u,%s,{%u,%u},%lluull,%uu,%uu,", r->pillar, r->looks, r->worst, r->equivalents ? "true" : "false",
                   RANGE(r->types), (unsigned long long)r->kinds, r->where, r->require);
        buf_printf(out, "{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u},{%u,%u}},\n", RANGE(r->severities), RANGE(r->message), RANGE(r->fix),
                   RANGE(r->points), RANGE(r->sources), RANGE(r->examples), RANGE(r->parameters));
    }
    buf_printf(out, "{ .pillar = 0 } };\n\nconst rule_set rules_built_in = {\n"
                    "    blob, rules, %zu, texts, parts, severities, points, examples, programs, %zu, nodes, args, program_blob, {%u,%u}, %s\n};\n",
               n->rules, s->conditions_len, REF(s->prelude), n->data > 0 ? "data" : "NULL");
}

/* ---- events of AWS services (service/event_shape.h) ---- */

static bool write_events(compile *c, const char *path, buf *out) {
    tsv events;
    blob b = { .arena = c->arena, .bytes = { c->arena, { 0 } } };
    if (!read_tsv(c, path, 2, &events))
        return false;
    buf rows = { c->arena, { 0 } };
    for (size_t i = 0; i < events.len; i++) {
        slice key = events.rows[i].cell[0], shape = events.rows[i].cell[1];
        size_t blank = slice_find(key, ' ');
        pos at = { events.file, events.rows[i].line, 1 };
        if (blank == 0 || blank + 1 >= key.len || key.len > UINT16_MAX)
            diag_add(&c->diags, at, "an event is its source, a blank, and its detail-type");
        else if (doc_parse_json(c->arena, shape, (pos){ events.file, at.line, (uint32_t)key.len + 2 }, &c->diags) != NULL) {
            catalog_text_ref k = blob_put(&b, key), s = blob_put(&b, shape);
            buf_printf(&rows, "{%u,%zu,%zu,%u,%u},\n", k.at, blank, key.len - blank - 1, s.at, s.len);
        }
    }
    buf_text(out, "\n#include \"service/event_shape.h\"\n\n");
    write_blob(out, "const char event_blob[]", buf_as_slice(&b.bytes));
    buf_printf(out, "const size_t event_row_count = %zu;\nconst event_row event_rows[%zu] = {\n", events.len, events.len + 1);
    buf_slice(out, buf_as_slice(&rows));
    buf_text(out, "{0,0,0,0,0} };\n");
    return c->diags.list.len == 0;
}

static bool compile_rules(compile *c, const char *out_path, const char *folder) {
    catalog_build catalog = { .c = c, .blob = { .arena = c->arena, .bytes = { c->arena, { 0 } } } };
    slice catalog_path = arena_printf(c->arena, "%s/catalog.tsv", folder);
    if (!read_catalog(&catalog, catalog_path.at, NULL))
        return false;
    strmap types = { 0 };
    for (size_t i = 0; i < catalog.rows.len; i++) {
        catalog_text_ref t = catalog.rows.at[i].type;
        strmap_put(c->arena, &types, (slice){ catalog.blob.bytes.bytes.at + t.at, t.len }, &types);
    }
    rule_builder *b = rule_builder_new(c->arena, (rule_builder_options){ .built_in = true, .known_type = known_type, .known_type_self = &types });
    for (size_t i = 0; i < catalog.conditions.len; i++)
        rule_builder_condition(b, catalog.conditions.at[i].text, catalog.conditions.at[i].at, &c->diags);
    path_list paths = { 0 };
    find_rules(c, arena_printf(c->arena, "%s", folder), 0, &paths);
    if (paths.list.len > 0)
        qsort(paths.list.at, paths.list.len, sizeof *paths.list.at, path_order);
    for (size_t i = 0; i < paths.list.len; i++) {
        slice path = paths.list.at[i].path, text;
        uint32_t file;
        if (!read_whole(c, path.at, &file, &text))
            continue;
        if (slice_ends(path, SLICE("/prelude.yaml")))
            rule_builder_prelude(b, text);
        else if (slice_ends(path, SLICE("/tables.yaml")))
            rule_builder_tables(b, text, file, &c->diags);
        else
            rule_builder_add(b, path, file, text, &c->diags);
    }
    if (c->diags.list.len > 0)
        return false;
    rule_set set = rule_builder_finish(b);
    rule_set_sizes sizes = rule_builder_sizes(b);
    buf out = { c->arena, { 0 } };
    write_rules(&set, &sizes, &out);
    if (!write_events(c, arena_printf(c->arena, "%s/events.tsv", folder).at, &out))
        return false;
    return write_whole(c, out_path, buf_as_slice(&out));
}

int main(int argc, char **argv) {
    compile c = { .arena = arena_make(0, NULL) };
    c.diags.arena = c.arena;
    bool ok;
    if (argc == 5 && strcmp(argv[1], "catalog") == 0) {
        ok = compile_catalog(&c, argv[2], argv[3], argv[4]);
    } else if (argc == 4 && strcmp(argv[1], "rules") == 0) {
        ok = compile_rules(&c, argv[2], argv[3]);
    } else {
        fprintf(stderr, "usage: rules-compile catalog OUT.c catalog.tsv types.tsv\n       rules-compile rules OUT.c DIR\n");
        ok = false;
    }
    for (size_t i = 0; i < c.diags.list.len; i++) {
        const diag *d = &c.diags.list.at[i];
        fprintf(stderr, "%.*s:%u:%u: %.*s\n", SLICE_ARG(c.files.at[d->at.file]), d->at.line, d->at.column, SLICE_ARG(d->message));
    }
    arena_free(c.arena);
    return ok ? 0 : 1;
}
