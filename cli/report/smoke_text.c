/* `sflint smoke` for people: a line a trigger, the story under a failure. */
#include "report/paint.h"
#include "report/smoke_report.h"

#define MOST_DEEP   12
#define MOST_LINES  40      /* of a story */
#define MOST_BYTES  600     /* of one of its lines */

static const paint colors[] = { [FIRING_OPEN] = PAINT_YELLOW, [FIRING_PASSED] = PAINT_GREEN, [FIRING_FAILED] = PAINT_RED, [FIRING_SKIPPED] = PAINT_YELLOW };

static void name(buf *out, slice from, slice to, bool color) {
    text_safe(out, from);
    buf_text(out, " -> ");
    paint_on(out, color, PAINT_BOLD);
    text_safe(out, to);
    paint_off(out, color);
}

static void status(buf *out, firing_status s, bool color) {
    slice word = firing_status_name(s);
    paint_text(out, color, colors[s], word);
    buf_printf(out, "%*s", (int)(9 - word.len), "");
}

static void duration(buf *out, int64_t us) {
    if (us <= 0) return;
    if (us < 10000000) buf_printf(out, ", %lld ms", (long long)((us + 500) / 1000));
    else buf_printf(out, ", %.1f s", (double)us / 1e6);
}

/* Lines of the handler's own output, indented; the last ones when there are many. */
static void story(buf *out, slice text, size_t indent) {
    size_t lines = 0, seen = 0;
    slice rest = slice_trim(text), line;
    if (rest.len == 0) return;
    while (slice_cut(&rest, '\n', &line)) lines++;
    rest = slice_trim(text);
    while (slice_cut(&rest, '\n', &line)) {
        if (seen++ + MOST_LINES < lines) {
            if (seen == 1) buf_printf(out, "%*s(%zu lines more)\n", (int)indent, "", lines - MOST_LINES);
            continue;
        }
        buf_printf(out, "%*s", (int)indent, "");
        size_t blanks = 0;
        while (blanks < line.len && line.at[blanks] == ' ' && blanks < 40) blanks++;
        buf_printf(out, "%*s", (int)blanks, "");
        line = slice_after(line, blanks);
        size_t len = line.len;
        for (len = len > MOST_BYTES ? MOST_BYTES : len; len < line.len && (line.at[len] & 0xC0) == 0x80;) len--;
        text_safe(out, slice_from_to(line, 0, len));
        buf_text(out, len < line.len ? "...\n" : "\n");
    }
}

/* The same note of many deliveries is told once. */
static bool told_before(strmap *told, arena *a, slice note) {
    if (strmap_has(told, note)) return true;
    strmap_put(a, told, note, told);
    return false;
}

/* A note whose words stand in the reason already. */
static bool said(slice reason, slice note) {
    static const slice head = SLICE_INIT("NOT SMOKE-TESTED: ");
    return reason.len > 0 && slice_find_slice(reason, slice_starts(note, head) ? slice_after(note, head.len) : note) != (size_t)-1;
}

static void all_notes(buf *out, const firing *f, size_t indent, bool color, strmap *told) {
    for (size_t i = 0; i < f->notes.len; i++) {
        if (told_before(told, out->arena, f->notes.at[i]) || said(f->reason, f->notes.at[i])) continue;
        buf_printf(out, "%*s", (int)indent, "");
        paint_text(out, color, PAINT_CYAN, SLICE("note"));
        buf_text(out, ": ");
        text_safe(out, f->notes.at[i]);
        buf_char(out, '\n');
    }
}

static void reason(buf *out, slice why, size_t indent) {
    if (why.len == 0) return;
    buf_printf(out, "%*s", (int)indent, "");
    text_safe(out, why);
    buf_char(out, '\n');
}

/* The same came of both, and nothing followed. */
static bool alike(const firing *x, const firing *y) {
    return x->then.len == 0 && y->then.len == 0 && x->status == y->status && slice_eq(x->from, y->from) && slice_eq(x->to, y->to) && slice_eq(x->via, y->via) &&
           slice_eq(x->reason, y->reason) && x->attempts == y->attempts;
}

static void follow(buf *out, const firing *f, size_t indent, bool color, strmap *told) {
    for (size_t i = 0; i < f->then.len && indent < 2 * MOST_DEEP; i++) {
        const firing *next = f->then.at[i];
        size_t times = 1;
        while (i + 1 < f->then.len && alike(next, f->then.at[i + 1])) {
            times++;
            i++;
        }
        buf_printf(out, "%*s", (int)indent, "");
        buf_text(out, "then ");
        name(out, next->from, next->to, color);
        buf_text(out, ": ");
        paint_text(out, color, colors[next->status], firing_status_name(next->status));
        if (next->status == FIRING_FAILED && next->kind == EDGE_SYNC && f->status == FIRING_PASSED) buf_text(out, " (its caller dealt with it)");
        if (times > 1) buf_printf(out, ", %zu times", times);
        if (next->attempts > 1) buf_printf(out, ", %u attempts", next->attempts);
        duration(out, next->duration_us);
        buf_char(out, '\n');
        reason(out, next->reason, indent + 2);
        if (next->status == FIRING_FAILED) story(out, next->story, indent + 4);
        all_notes(out, next, indent + 2, color, told);
        follow(out, next, indent + 2, color, told);
    }
}

static void one(buf *out, const smoke_report *r, const smoke_trigger *t, strmap *told) {
    const firing *f = t->shown;
    bool color = r->base->color;
    status(out, t->status, color);
    name(out, f->from, f->to, color);
    buf_text(out, "  ");
    buf_slice(out, edge_kind_name(f->kind));
    if (t->via.len > 0) {
        buf_text(out, " by ");
        text_safe(out, t->via);
    }
    /* The route of an API, the trigger of a user pool: one function often has several. */
    slice filter = f->edge != NULL && f->kind == EDGE_SYNC ? report_filter_words(out->arena, f->edge) : SLICE("");
    if (filter.len > 0) {
        buf_text(out, ", ");
        text_safe(out, filter);
    }
    if ((t->status == FIRING_FAILED || f->kind == EDGE_SCHEDULE) && f->what.len > 0) {
        buf_text(out, " (");
        text_safe(out, f->what);
        buf_char(out, ')');
    }
    if (t->arrived > 1) buf_printf(out, ", %zu events", t->arrived);
    if (t->refused > 0) buf_printf(out, ", %zu refused as it must be", t->refused);
    if (f->attempts > 1) buf_printf(out, ", %u attempts", f->attempts);
    duration(out, f->duration_us);
    buf_char(out, '\n');
    if (t->status == FIRING_FAILED) {
        buf_text(out, "  ");
        source_place(out, r->base->sources, f->at, color);
        text_safe(out, f->reason);
        buf_char(out, '\n');
        story(out, f->story, 4);
    } else {
        reason(out, f->reason, 2);
    }
    for (size_t i = 0; i < t->len; i++) all_notes(out, t->at[i], 2, color, told);
    for (size_t i = 0; i < t->len; i++) follow(out, t->at[i], 2, color, told);
}

void report_smoke_text(buf *out, const smoke_report *r) {
    strmap told = { 0 };
    for (size_t i = 0; i < r->len; i++) one(out, r, &r->triggers[i], &told);
    if (r->lacks.len > 0) {
        buf_text(out, "sandbox: ");
        text_safe(out, r->lacks);
        buf_char(out, '\n');
    }
    if (r->stopped.len > 0) {
        buf_text(out, "stopped: ");
        text_safe(out, r->stopped);
        buf_char(out, '\n');
    }
    if (r->len == 0) buf_text(out, "There are no triggers to fire.\n");
    else {
        buf_printf(out, "%zu passed, %zu failed, %zu skipped", r->passed, r->failed, r->skipped);
        if (r->failed_then > 0) buf_printf(out, "; %zu failed in what followed", r->failed_then);
        buf_char(out, '\n');
    }
    if (r->timing)
        buf_printf(out, "%.1f ms, of which sflint itself %.1f ms\n", (double)r->all_us / 1000, (double)r->own_us / 1000);
}

void report_plan_text(buf *out, const report *base, const planned *at, size_t len) {
    for (size_t i = 0; i < len; i++) {
        const probe *p = at[i].probe;
        const edge *e = p->trigger;
        if (i == 0 || at[i - 1].probe->trigger != e) {
            if (i > 0) buf_char(out, '\n');
            name(out, e->from->id, e->to->id, base->color);
            buf_text(out, "  ");
            buf_slice(out, edge_kind_name(e->kind));
            if (at[i].via.len > 0) {
                buf_text(out, " by ");
                text_safe(out, at[i].via);
            }
            buf_char(out, '\n');
        }
        buf_text(out, "  ");
        if (p->cannot.len > 0) {
            paint_text(out, base->color, PAINT_YELLOW, p->cannot_ever ? SLICE("can never fire") : SLICE("is not fired"));
            buf_text(out, ": ");
            text_safe(out, p->cannot);
            buf_char(out, '\n');
            continue;
        }
        paint_text(out, base->color, p->must_not_arrive ? PAINT_RED : PAINT_GREEN, p->must_not_arrive ? SLICE("must refuse") : SLICE("must take"));
        if (p->what.len > 0) {
            buf_text(out, " (");
            text_safe(out, p->what);
            buf_char(out, ')');
        }
        if (p->given.len > 0) {
            buf_text(out, ", from ");
            text_safe(out, p->given);
        }
        buf_text(out, "\n    ");
        text_safe(out, js_text(out->arena, at[i].event));
        buf_char(out, '\n');
    }
    if (len == 0) buf_text(out, "There are no triggers to fire.\n");
}
