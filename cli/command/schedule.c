/* sflint schedule: is an expression valid, and when does it fire next? */
#include <time.h>
#include <unistd.h>

#include "command/file.h"
#include "command/run.h"
#include "command/zones.h"
#include "report/schedule_report.h"

/* ---- options ---- */

static bool take_options(const invocation *in, timetable_options *o) {
    const char *from = invocation_text(in, OPTION_FROM), *count = invocation_text(in, OPTION_TIMES);
    long long n = 5;
    o->after = (int64_t)time(NULL);
    o->zones = command_zones(in->arena);
    if (from != NULL && !time_parse(slice_from(from), &o->after)) {
        command_usage(in, "--from takes a time as 2026-11-25T02:00:00Z, not %s", from);
        return false;
    }
    if (count != NULL && (!slice_int(slice_from(count), &n) || n < 1 || n > TIMETABLE_MAX_NEXT)) {
        command_usage(in, "--count takes a number from 1 to %d, not %s", TIMETABLE_MAX_NEXT, count);
        return false;
    }
    o->n = (size_t)n;
    return true;
}

static bool take_zone(const invocation *in, const timetable_options *o, schedule_report *r) {
    const char *name = invocation_text(in, OPTION_TZ);
    r->shown_name = name == NULL ? SLICE("") : slice_from(name);
    if (name == NULL) return true;
    switch (timezone_load(in->arena, o->zones, r->shown_name, &r->shown)) {
    case ZONE_OK: return true;
    case ZONE_NO_DATA: command_usage(in, "--tz: there are no time zone files on this system; TZDIR may name their folder"); return false;
    case ZONE_UNKNOWN: break;
    }
    command_usage(in, "--tz: there is no time zone %s; write an IANA name as Europe/Berlin", name);
    return false;
}

/* An operand that is no file and has a blank or a parenthesis (or an asterisk) is an expression. */
static bool is_expression(const char *operand) { return strpbrk(operand, " ()*") != NULL && access(operand, F_OK) != 0; }

/* What run_start needs, without a file to read. */
static void start_without_files(run *r, invocation *in) {
    *r = (run){ .in = in, .arena = in->arena };
    r->arenas[0] = in->arena;
    r->errors.arena = in->arena;
    r->set.options = &r->options;
}

int command_schedule(invocation *in) {
    run r;
    timetable_options asked = { 0 };
    schedule_report found = { 0 };
    VEC(timetable_entry) all = { 0 };
    texts paths = { 0 };
    if (!take_options(in, &asked) || !take_zone(in, &asked, &found)) return STATUS_BAD;
    for (size_t i = 0; i < in->operands.len; i++) {
        const char *operand = in->operands.at[i];
        if (is_expression(operand)) VEC_PUSH(in->arena, &all, timetable_expression(in->arena, slice_from(operand), found.shown_name, &asked));
        else VEC_PUSH(in->arena, &paths, operand);
    }
    in->operands = paths;
    if (paths.len == 0 && all.len > 0 && !invocation_has(in, OPTION_FILES_FROM)) {
        start_without_files(&r, in);
    } else {
        if (!run_start(&r, in)) return STATUS_BAD;
        run_read(&r);
        const timetable_entry *list;
        size_t len = timetable_of(in->arena, &r.set, &asked, &list);
        for (size_t i = 0; i < len; i++) VEC_PUSH(in->arena, &all, list[i]);
    }

    report rep = { .errors = &r.errors, .graph = r.graph, .files = r.read, .color = in->color_out };
    rep.sources = sources_new(in->arena, &r.set);
    found.base = &rep;
    found.at = all.at;
    found.len = all.len;
    int status = run_print_errors(&r, rep.sources);
    buf out = { .arena = in->arena };
    if (slice_is(invocation_format(in), "json")) report_schedule_json(&out, &found);
    else report_schedule_text(&out, &found);
    output_write(buf_as_slice(&out));
    for (size_t i = 0; i < all.len && status == STATUS_OK; i++)
        if (all.at[i].valid == NO) status = STATUS_FINDINGS;
    run_end(&r);
    return status;
}
