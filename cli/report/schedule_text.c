/* `sflint schedule` for people. */
#include "report/paint.h"
#include "report/schedule_report.h"

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* "Wed 2026-11-25 03:00:00" on the clock of a zone. */
static void clock_text(buf *out, const time_zone *z, int64_t utc) {
    civil_time t = civil_of(utc + timezone_offset(z, utc));
    buf_printf(out, "%s %04d-%02d-%02d %02d:%02d:%02d", weekdays[t.weekday], t.year, t.month, t.day, t.hour, t.minute, t.second);
}

static void refused(buf *out, const schedule_report *r, const timetable_entry *e) {
    if (e->resource != NULL) source_place(out, r->base->sources, e->at, r->base->color);
    paint_text(out, r->base->color, PAINT_RED, SLICE("error"));
    buf_text(out, ": ");
    if (e->resource != NULL) {
        text_safe(out, e->resource->id);
        buf_text(out, ": ");
    } else if (slice_find_slice(e->error, e->expression) == (size_t)-1) {
        text_safe(out, e->expression);
        buf_text(out, ": ");
    }
    text_safe(out, e->error);
    buf_char(out, '\n');
    if (e->resource != NULL) source_show(out, r->base->sources, e->at, e->end, r->base->color);
}

static void heading(buf *out, const schedule_report *r, const timetable_entry *e) {
    if (e->resource != NULL) {
        paint_text(out, r->base->color, PAINT_BOLD, e->resource->id);
        buf_text(out, ": ");
    }
    text_safe(out, e->expression);
    if (!slice_is(e->zone, "UTC")) {
        buf_text(out, " in ");
        text_safe(out, e->zone);
    }
    if (e->resource == NULL && slice_is(e->service, "scheduler") && slice_is(e->zone, "UTC")) buf_text(out, " (EventBridge Scheduler takes it, a rule does not)");
    if (e->enabled == NO) buf_text(out, " (disabled)");
    if (e->enabled == UNKNOWN) buf_text(out, " (perhaps disabled)");
    if (e->when.len > 0) {
        buf_text(out, " [when ");
        text_safe(out, when_text(out->arena, e->when));
        buf_char(out, ']');
    }
    buf_char(out, '\n');
}

static void firings(buf *out, const schedule_report *r, const timetable_entry *e) {
    if (e->valid == UNKNOWN) {
        buf_text(out, "    cannot be known from the template\n");
        return;
    }
    if (!e->next_known) {
        buf_text(out, "    valid; when it fires is not known: the time zone, the start or the end is not\n");
        return;
    }
    if (e->next_len == 0) buf_text(out, "    never again\n");
    if (e->from_after && e->next_len > 0) buf_text(out, "    counted as if it were deployed at the time asked for:\n");
    for (size_t i = 0; i < e->next_len; i++) {
        const time_zone *local = e->clock != NULL && !slice_is(e->zone, "UTC") ? e->clock : r->shown;
        buf_text(out, "    ");
        clock_text(out, NULL, e->next[i]);
        buf_text(out, " UTC");
        if (local != NULL) {
            buf_text(out, " = ");
            clock_text(out, local, e->next[i]);
            buf_char(out, ' ');
            text_safe(out, local == e->clock ? e->zone : r->shown_name);
        }
        buf_char(out, '\n');
    }
}

void report_schedule_text(buf *out, const schedule_report *r) {
    for (size_t i = 0; i < r->len; i++) {
        const timetable_entry *e = &r->at[i];
        if (i > 0) buf_char(out, '\n');
        if (e->valid == NO) {
            refused(out, r, e);
        } else {
            heading(out, r, e);
            firings(out, r, e);
        }
    }
    if (r->len == 0 && r->base->files > 0)
        buf_printf(out, "no schedule in %zu template%s\n", r->base->files, r->base->files == 1 ? "" : "s");
}
