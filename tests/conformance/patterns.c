/* Event patterns, SNS filter policies and schedule expressions against other people's tables: one JSON object a line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance.h"
#include "doc/doc.h"
#include "service/pattern.h"
#include "service/schedule.h"

typedef struct {
    arena *arena;
    unsigned long passed, failed;
} tally;

typedef bool (*row_check)(arena *a, const value *row, slice *got);

static slice text_at(arena *a, const value *row, const char *key) {
    slice s = { NULL, 0 };
    return value_text(a, value_get(a, row, slice_from(key)), &s) ? s : SLICE("");
}

static void run_line(tally *t, slice line, row_check check) {
    arena_mark mark = arena_mark_take(t->arena);
    diags d = { .arena = t->arena };
    const doc_node *n = doc_parse_json(t->arena, line, (pos){ 0, 1, 1 }, &d);
    slice got = SLICE("the row is no JSON");
    const value *row = n == NULL ? &value_absent : value_from_doc(t->arena, n);
    if (n != NULL && check(t->arena, row, &got)) {
        t->passed++;
    } else {
        t->failed++;
        slice id = text_at(t->arena, row, "id");
        printf("%.*s: got %.*s\n", SLICE_ARG(id), SLICE_ARG(got));
    }
    arena_mark_return(t->arena, mark);
}

static int run(const char *path, row_check check) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        printf("%s: cannot be read\n0 passed, 1 failed\n", path);
        return 1;
    }
    tally t = { .arena = arena_make(0, NULL) };
    VEC(char) text = { 0 };
    char block[65536];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        for (size_t i = 0; i < n; i++) VEC_PUSH(t.arena, &text, block[i]);
    fclose(f);
    slice rest = { text.at, text.len }, line;
    while (text.len > 0 && slice_cut(&rest, '\n', &line))
        if (line.len > 0) run_line(&t, line, check);
    printf("%lu passed, %lu failed\n", t.passed, t.failed);
    arena_free(t.arena);
    return t.failed == 0 ? 0 : 1;
}

static slice verdict_text(tri t) { return t == YES ? SLICE("true") : t == NO ? SLICE("false") : SLICE("unknown"); }

static bool pattern_row(arena *a, const value *row, slice *got) {
    const value *pattern = value_get(a, row, SLICE("pattern")), *where;
    slice message, because;
    if (pattern_error(a, PATTERN_EVENTS, pattern, &where, &message) == PATTERN_REFUSED) {
        *got = arena_printf(a, "invalid (%.*s)", SLICE_ARG(message));
        return slice_is(text_at(a, row, "want"), "invalid");
    }
    tri t = pattern_match(a, PATTERN_EVENTS, pattern, value_get(a, row, SLICE("event")), &because);
    *got = verdict_text(t);
    return slice_eq(*got, text_at(a, row, "want")) && (t == YES) == (because.len == 0);
}

static bool sns_row(arena *a, const value *row, slice *got) {
    bool body = slice_is(text_at(a, row, "scope"), "MessageBody");
    const value *event = value_get(a, row, body ? SLICE("body") : SLICE("attributes"));
    tri t = pattern_match(a, body ? PATTERN_SNS_BODY : PATTERN_SNS_ATTRIBUTES, value_get(a, row, SLICE("policy")), event, NULL);
    *got = verdict_text(t);
    return slice_eq(*got, text_at(a, row, "want"));
}

#define TIMES 5

static bool schedule_row(arena *a, const value *row, slice *got) {
    const value *want = value_get(a, row, SLICE("want"));
    slice error, expression = text_at(a, row, "expr");
    schedule s;
    schedule_dialect d = slice_starts(expression, SLICE("at(")) ? SCHEDULE_SCHEDULER : SCHEDULE_RULE;
    if (!schedule_parse(a, expression, d, &s, &error)) {
        *got = arena_printf(a, "invalid (%.*s)", SLICE_ARG(error));
        return want->kind == VAL_STRING && slice_is(want->text, "invalid");
    }
    int64_t now;
    if (!time_parse(text_at(a, row, "from"), &now)) {
        *got = SLICE("an unreadable \"from\"");
        return false;
    }
    buf list = { .arena = a };
    size_t n = 0;
    bool same = want->kind == VAL_LIST;
    for (; n < TIMES && schedule_next(&s, NULL, now, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &now); n++) {
        slice text = time_text(a, now);
        buf_printf(&list, " %.*s", SLICE_ARG(text));
        int64_t wanted;
        same = same && n < want->list.len && time_parse(want->list.at[n]->text, &wanted) && wanted == now;
    }
    *got = arena_printf(a, "[%.*s ]", SLICE_ARG(buf_as_slice(&list)));
    return same && n == want->list.len;
}

int conformance_patterns(const char *path) { return run(path, pattern_row); }
int conformance_sns(const char *path) { return run(path, sns_row); }
int conformance_schedules(const char *path) { return run(path, schedule_row); }
