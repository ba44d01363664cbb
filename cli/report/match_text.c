/* `sflint match` for people. */
#include "report/match_report.h"
#include "report/paint.h"

static const struct { tri is; const char *heading; paint color; } groups[] = {
    { YES, "fires", PAINT_GREEN },
    { UNKNOWN, "may fire", PAINT_YELLOW },
    { NO, "is stopped at", PAINT_RED },
};

static void one(buf *out, const match_result *m, bool color) {
    const edge *e = m->edge;
    buf_text(out, "    ");
    paint_text(out, color, PAINT_BOLD, e->to->id);
    if (e->qualifier.len > 0) {
        buf_char(out, ':');
        text_safe(out, e->qualifier);
    }
    buf_text(out, " from ");
    text_safe(out, e->from->id);
    if (e->via != NULL) {
        buf_text(out, ", trigger ");
        text_safe(out, e->via->id);
    }
    if (e->when.len > 0) {
        buf_text(out, " [when ");
        text_safe(out, when_text(out->arena, e->when));
        buf_char(out, ']');
    }
    buf_char(out, '\n');
    if (m->because.len == 0) return;
    buf_text(out, "        ");
    text_safe(out, m->because);
    buf_char(out, '\n');
}

void report_match_text(buf *out, const match_report *r) {
    size_t other = 0, fires = 0, maybe = 0;
    if (r->event.len == 0) return;
    for (size_t i = 0; i < r->len; i++) {
        other += r->results[i].other_kind;
        fires += r->results[i].matched == YES;
        maybe += r->results[i].matched == UNKNOWN;
    }
    buf_printf(out, "This is %.*s. ", SLICE_ARG(r->event));
    size_t waiting = r->len - other;
    if (r->len == 0) buf_text(out, "There are no triggers.\n");
    else if (waiting == 0) buf_text(out, "No trigger waits for such an event.\n");
    else if (waiting == 1) buf_printf(out, "One trigger waits for such events, and it %s.\n", fires == 1 ? "fires" : maybe == 1 ? "may fire" : "does not fire");
    else buf_printf(out, "It fires %zu of the %zu triggers that wait for such events.\n", fires, waiting);
    for (size_t g = 0; g < COUNT(groups); g++) {
        bool any = false;
        for (size_t i = 0; i < r->len; i++) {
            const match_result *m = &r->results[i];
            if (m->matched != groups[g].is || m->other_kind) continue;
            if (!any) {
                buf_char(out, '\n');
                paint_text(out, r->base->color, groups[g].color, slice_from(groups[g].heading));
                buf_char(out, '\n');
            }
            any = true;
            one(out, m, r->base->color);
        }
    }
    if (other > 0 && other < r->len) buf_printf(out, "\n%zu other%s for other kinds of event\n", other, other == 1 ? " is" : "s are");
}
