/* `sflint explain` and `sflint rules`: what there is to say about a rule. */
#include "report/paint.h"
#include "report/report.h"

#define WIDTH 79

static void section(buf *out, const char *name, slice text, bool color) {
    if (text.len == 0) return;
    paint_text(out, color, PAINT_BOLD, slice_from(name));
    buf_char(out, '\n');
    text_wrap(out, text, 4, WIDTH);
    buf_char(out, '\n');
}

/* A text of several lines as it is, indented; control characters other than tabs are made visible. */
static void block(buf *out, slice text, bool color) {
    slice line;
    while (text.len > 0 && text.at[text.len - 1] == '\n') text.len--;
    paint_on(out, color, PAINT_DIM);
    while (slice_cut(&text, '\n', &line)) {
        size_t end = line.len;
        while (end > 0 && (line.at[end - 1] == ' ' || line.at[end - 1] == '\r')) end--;
        if (end > 0) text_pad(out, 0, 8, false);
        text_safe(out, slice_from_to(line, 0, end));
        buf_char(out, '\n');
    }
    paint_off(out, color);
}

void report_rule_text(buf *out, const rule_info *r, bool color) {
    paint_text(out, color, PAINT_BOLD, r->id);
    buf_char(out, ' ');
    paint_text(out, color, PAINT_BOLD, r->name);
    buf_text(out, "\n");
    text_wrap(out, r->title, 0, WIDTH);
    buf_printf(out, "%.*s, %.*s, looks at: %.*s\n\n", SLICE_ARG(r->pillar), SLICE_ARG(r->severity_text), SLICE_ARG(r->looks));
    section(out, "Why", r->why, color);
    section(out, "Fix", r->fix, color);
    if (r->sources_len > 0) {
        paint_text(out, color, PAINT_BOLD, SLICE("Sources"));
        buf_char(out, '\n');
        for (size_t i = 0; i < r->sources_len; i++) text_wrap(out, r->sources[i], 4, WIDTH);
        buf_char(out, '\n');
    }
    if (r->parameters_len > 0) {
        paint_text(out, color, PAINT_BOLD, SLICE("Parameters"));
        buf_char(out, '\n');
        for (size_t i = 0; i < r->parameters_len; i++) buf_printf(out, "    %.*s: %lld\n", SLICE_ARG(r->parameters[i].name), r->parameters[i].number);
        buf_char(out, '\n');
    }
    paint_text(out, color, PAINT_BOLD, SLICE("Condition"));
    buf_char(out, '\n');
    if (r->where.len > 0) text_wrap(out, arena_printf(out->arena, "where   %.*s", SLICE_ARG(r->where)), 4, WIDTH);
    if (r->require.len > 0) text_wrap(out, arena_printf(out->arena, "require %.*s", SLICE_ARG(r->require)), 4, WIDTH);
    if (r->where.len == 0 && r->require.len == 0) buf_text(out, "    every one that it looks at\n");
    for (size_t i = 0; i < r->examples_len; i++) {
        buf_char(out, '\n');
        paint_text(out, color, r->examples[i].bad ? PAINT_RED : PAINT_GREEN, r->examples[i].bad ? SLICE("Bad") : SLICE("Good"));
        buf_char(out, '\n');
        block(out, r->examples[i].text, color);
    }
}

void report_rule_json(json_out *j, const rule_info *r) {
    json_object(j);
    json_pair_text(j, "rule", r->id);
    json_pair_text(j, "name", r->name);
    json_pair_text(j, "title", r->title);
    json_pair_text(j, "pillar", r->pillar);
    json_pair_text(j, "severity", severity_name(r->severity));
    json_pair_text(j, "looks", r->looks);
    json_pair_text(j, "where", r->where);
    json_pair_text(j, "require", r->require);
    json_pair_text(j, "message", r->message);
    json_pair_text(j, "why", r->why);
    json_pair_text(j, "fix", r->fix);
    json_key_text(j, "parameters");
    json_object(j);
    for (size_t i = 0; i < r->parameters_len; i++) {
        json_key(j, r->parameters[i].name);
        json_int(j, r->parameters[i].number);
    }
    json_object_end(j);
    json_key_text(j, "sources");
    json_list(j);
    for (size_t i = 0; i < r->sources_len; i++) json_string(j, r->sources[i]);
    json_list_end(j);
    json_key_text(j, "examples");
    json_list(j);
    for (size_t i = 0; i < r->examples_len; i++) {
        json_object(j);
        json_key_text(j, "bad");
        json_bool(j, r->examples[i].bad);
        json_pair_text(j, "text", r->examples[i].text);
        json_object_end(j);
    }
    json_list_end(j);
    json_object_end(j);
}

void report_rule_line(buf *out, const rule_info *r, bool color) {
    static const paint paints[SEVERITY_COUNT] = { [SEVERITY_INFO] = PAINT_CYAN, [SEVERITY_WARNING] = PAINT_YELLOW, [SEVERITY_ERROR] = PAINT_RED };
    paint_text(out, color, PAINT_BOLD, r->id);
    text_pad(out, text_columns(r->id), 6, true);
    slice name = severity_name(r->severity);
    paint_text(out, color, paints[r->severity], name);
    text_pad(out, name.len, 8, true);
    text_safe(out, r->pillar);
    text_pad(out, text_columns(r->pillar), 17, true);
    text_safe(out, r->name);
    buf_char(out, '\n');
}
