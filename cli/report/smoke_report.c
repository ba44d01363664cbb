#include "report/smoke_report.h"

slice firing_status_name(firing_status s) {
    static const slice names[] = { [FIRING_OPEN] = SLICE_INIT("skipped"), [FIRING_PASSED] = SLICE_INIT("passed"), [FIRING_FAILED] = SLICE_INIT("failed"),
                                   [FIRING_SKIPPED] = SLICE_INIT("skipped") };
    return names[s];
}

/* Which of two statuses says more about the trigger. */
static unsigned weight(firing_status s) {
    static const unsigned weights[] = { [FIRING_OPEN] = 1, [FIRING_PASSED] = 0, [FIRING_FAILED] = 3, [FIRING_SKIPPED] = 2 };
    return weights[s];
}

static void judge(smoke_trigger *t) {
    t->shown = t->at[0];
    for (size_t i = 0; i < t->len; i++) {
        const firing *f = t->at[i];
        if (weight(f->status) > weight(t->status) || i == 0) t->status = f->status;
        if (weight(f->status) > weight(t->shown->status)) t->shown = f;
        if (f->status != FIRING_PASSED) continue;
        if (f->must_not_arrive) t->refused++;
        else t->arrived++;
    }
    if (t->status == FIRING_OPEN) t->status = FIRING_SKIPPED;
}

/* Marks the edges over which something failed in what followed. Whoever calls and waits can deal with a failure; it fails itself when it does not. */
static void failed_below(arena *a, const firing *f, strmap *edges) {
    for (size_t i = 0; i < f->then.len; i++) {
        const firing *next = f->then.at[i];
        if (next->status == FIRING_FAILED && next->kind != EDGE_SYNC)
            strmap_put(a, edges, arena_printf(a, "%.*s %.*s %.*s", SLICE_ARG(next->from), SLICE_ARG(next->to), SLICE_ARG(next->via)), (void *)(uintptr_t)next);
        failed_below(a, next, edges);
    }
}

static size_t failed_then(arena *a, const smoke *s, const smoke_trigger *all, size_t len) {
    strmap edges = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < s->fired.len; i++)
        if (s->fired.at[i]->status != FIRING_FAILED) failed_below(a, s->fired.at[i], &edges);
    for (size_t k = 0; k < edges.len; k++) {
        const firing *f = edges.at[k].value;
        bool known = false;
        for (size_t i = 0; i < len && !known; i++) known = f->edge != NULL && all[i].edge == f->edge && all[i].status == FIRING_FAILED;
        n += !known;
    }
    return n;
}

smoke_report smoke_report_of(arena *a, const report *base, smoke *s) {
    smoke_report r = { .base = base };
    VEC(smoke_trigger) all = { 0 };
    size_t len = s->fired.len;
    for (size_t i = 0; i < len;) {
        size_t to = i + 1;
        while (to < len && s->fired.at[to]->edge == s->fired.at[i]->edge) to++;
        smoke_trigger t = { .edge = s->fired.at[i]->edge, .via = s->fired.at[i]->via, .at = s->fired.at + i, .len = to - i };
        judge(&t);
        VEC_PUSH(a, &all, t);
        r.passed += t.status == FIRING_PASSED;
        r.failed += t.status == FIRING_FAILED;
        r.skipped += t.status == FIRING_SKIPPED;
        i = to;
    }
    r.failed_then = failed_then(a, s, all.at, all.len);
    r.triggers = all.at;
    r.len = all.len;
    r.stopped = s->stopped ? s->stopped_why : SLICE("");
    return r;
}

/* ---- JSON for people ---- */

static void pretty(buf *out, const doc_node *n, size_t depth) {
    bool list = n->kind == DOC_LIST;
    size_t len = js_len(n);
    if (len == 0) {
        buf_slice(out, js_text(out->arena, n));
        return;
    }
    buf_char(out, list ? '[' : '{');
    for (size_t i = 0; i < len; i++) {
        buf_text(out, i > 0 ? ",\n" : "\n");
        buf_printf(out, "%*s", (int)(2 * (depth + 1)), "");
        if (list) {
            pretty(out, n->list.at[i], depth + 1);
        } else {
            buf_slice(out, js_text(out->arena, js_string(out->arena, n->map.at[i].key)));
            buf_text(out, ": ");
            pretty(out, n->map.at[i].value, depth + 1);
        }
    }
    buf_printf(out, "\n%*s", (int)(2 * depth), "");
    buf_char(out, list ? ']' : '}');
}

void report_pretty_json(buf *out, const doc_node *n) {
    if (n == NULL) buf_text(out, "null");
    else pretty(out, n, 0);
    buf_char(out, '\n');
}
