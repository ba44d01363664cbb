/* What an edge lets through, in words. */
#include "report/report.h"

/* Keys of the filters in graph.h and the word before their value, in the order in which they are said. */
static const struct { slice key; const char *before; } words[] = {
    { SLICE_INIT("method"), "" },         { SLICE_INIT("path"), "" },          { SLICE_INIT("route"), "route " },
    { SLICE_INIT("type"), "type " },      { SLICE_INIT("field"), "field " },   { SLICE_INIT("schedule"), "" },
    { SLICE_INIT("timezone"), "in " },    { SLICE_INIT("start"), "from " },    { SLICE_INIT("end"), "until " },
    { SLICE_INIT("events"), "" },         { SLICE_INIT("prefix"), "prefix " }, { SLICE_INIT("suffix"), "suffix " },
    { SLICE_INIT("sql"), "" },            { SLICE_INIT("pattern"), "pattern " }, { SLICE_INIT("trigger"), "" },
    { SLICE_INIT("state"), "state " },    { SLICE_INIT("states"), "state " },  { SLICE_INIT("patterns"), "where " },
    { SLICE_INIT("policy"), "where " },   { SLICE_INIT("scope"), "in " },
};

static bool known(slice key) {
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_eq(words[i].key, key)) return true;
    return false;
}

static void one_value(buf *out, const value *v);

static void items(buf *out, const value *v, const char *between) {
    for (size_t i = 0; i < v->list.len; i++) {
        if (i > 0) buf_text(out, between);
        one_value(out, v->list.at[i]);
    }
}

static void one_value(buf *out, const value *v) {
    if (v->kind == VAL_MAP || v->kind == VAL_LIST) {
        json_out j = { .out = out };
        value_write_json(out->arena, v, true, &j);
        return;
    }
    slice text = value_display(out->arena, v);
    buf_slice(out, text.len == 0 ? SLICE("\"\"") : text);
}

slice report_filter_words(arena *a, const edge *e) {
    const value *f = e->filter;
    buf out = { .arena = a };
    if (f == NULL || value_is_absent(f)) return SLICE("");
    bool all_known = f->kind == VAL_MAP && f->map.len > 0;
    for (size_t i = 0; f->kind == VAL_MAP && i < f->map.len; i++) all_known = all_known && known(f->map.at[i].key);
    if (!all_known) {                                       /* an event pattern */
        if (f->kind == VAL_MAP && f->map.len == 0) return SLICE("");
        buf_text(&out, "where ");
        one_value(&out, f);
        return buf_as_slice(&out);
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        const value *v = value_get(a, f, words[i].key);
        if (value_is_absent(v)) continue;
        if (out.bytes.len > 0) buf_char(&out, ' ');
        buf_text(&out, words[i].before);
        if (v->kind == VAL_LIST) items(&out, v, slice_is(words[i].key, "patterns") ? " or " : ", ");
        else one_value(&out, v);
    }
    return buf_as_slice(&out);
}
