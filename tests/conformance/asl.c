/* State machine executions as AWS recorded them: rows of {"id", "definition", "input", "tasks", "want"} (the format is told beside the
 * file). Time is virtual: what is put off happens at once, in order of time. */
#include <inttypes.h>
#include <stdio.h>

#include "base/strmap.h"
#include "conformance.h"
#include "smoke/asl/machine.h"

typedef struct { double at; size_t order; void (*fn)(void *); void *arg; } due;

typedef struct {
    arena *arena;
    const doc_node *tasks;
    strmap given;                /* results used up, by state */
    VEC(due) agenda;
    double now_s;
} host;

static void after(void *self, double seconds, void (*fn)(void *), void *arg) {
    host *h = self;
    VEC_PUSH(h->arena, &h->agenda, ((due){ h->now_s + seconds, h->agenda.len, fn, arg }));
}

static int64_t now(void *self) { return 1700000000000 + (int64_t)(((host *)self)->now_s * 1000); }

/* A state that no result was recorded for gives {}. */
static void task(void *self, asl_task *t) {
    host *h = self;
    const doc_node *list = doc_get(h->tasks, t->state), *one;
    size_t *used = strmap_get(&h->given, t->state);
    if (used == NULL) strmap_put(h->arena, &h->given, t->state, used = ARENA_NEW(h->arena, size_t));
    one = js_len(list) == 0 ? NULL : list->list.at[*used < list->list.len ? *used : list->list.len - 1];
    ++*used;
    if (js_get(one, "error") != NULL) asl_task_error(t, js_str_of(one, "error"), js_str_of(one, "cause"));
    else asl_task_result(t, js_get(one, "result") != NULL ? js_get(one, "result") : js_empty_object());
}

static void done(void *self, asl_execution *x, const asl_outcome *o) { (void)self, (void)x, (void)o; }

/* The recordings have this word where AWS drew a number. */
static bool same(const doc_node *got, const doc_node *want) {
    if (js_is(want, DOC_STRING) && slice_is(want->text, "RandomNumberGenerated")) return js_is_number(got);
    if (!js_is(want, DOC_MAP) || !js_is(got, DOC_MAP) || want->map.len != got->map.len) return js_same(got, want);
    for (size_t i = 0; i < want->map.len; i++)
        if (!same(doc_get(got, want->map.at[i].key), want->map.at[i].value)) return false;
    return true;
}

static bool row_passes(arena *a, const doc_node *row, slice *got) {
    host h = { .arena = a, .tasks = js_get(row, "tasks") };
    asl_host callbacks = { .self = &h, .task = task, .done = done, .after = after, .now = now };
    const doc_node *want = js_get(row, "want"), *output = js_get(want, "output"), *input = js_get(row, "input");
    if (js_is(input, DOC_STRING) && js_read(a, input->text) != NULL) input = js_read(a, input->text);    /* some rows keep the input as its text */
    const asl_program *p = asl_compile(a, js_get(row, "definition"), got);
    if (p == NULL) return false;
    asl_execution *x = asl_start(a, p, input, &callbacks);
    while (h.agenda.len > 0 && asl_outcome_of(x)->status == ASL_RUNNING) {
        size_t first = 0;
        for (size_t i = 1; i < h.agenda.len; i++)
            if (h.agenda.at[i].at < h.agenda.at[first].at) first = i;
        due next = h.agenda.at[first];
        memmove(h.agenda.at + first, h.agenda.at + first + 1, (--h.agenda.len - first) * sizeof next);
        h.now_s = next.at;
        next.fn(next.arg);
    }
    const asl_outcome *o = asl_outcome_of(x);
    *got = o->status == ASL_SUCCEEDED ? js_text(a, o->output) : arena_printf(a, "status %d, %.*s: %.*s", (int)o->status, SLICE_ARG(o->error), SLICE_ARG(o->cause));
    if (output != NULL) return o->status == ASL_SUCCEEDED && same(o->output, output);
    return o->status != ASL_SUCCEEDED && o->status != ASL_RUNNING && slice_eq(o->error, js_str_of(want, "error"));
}

static slice read_whole(arena *a, const char *path) {
    buf text = { .arena = a };
    char part[65536];
    FILE *f = fopen(path, "rb");
    if (f == NULL) return (slice){ NULL, 0 };
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_slice(&text, (slice){ part, n });
    fclose(f);
    return buf_as_slice(&text);
}

int conformance_asl(const char *path) {
    arena *a = arena_make(0, NULL);
    slice rest = read_whole(a, path), line;
    size_t passed = 0, failed = 0;
    if (rest.at == NULL) {
        printf("%s cannot be read\n", path);
        failed++;
    }
    while (slice_cut(&rest, '\n', &line)) {
        if (slice_trim(line).len == 0) continue;
        arena_mark mark = arena_mark_take(a);
        const doc_node *row = js_read(a, line);
        slice got = SLICE("no JSON");
        if (row != NULL && row_passes(a, row, &got)) {
            passed++;
        } else {
            printf("%.*s gives %.*s\n", SLICE_ARG(js_str_of(row, "id")), SLICE_ARG(got));
            failed++;
        }
        arena_mark_return(a, mark);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    arena_free(a);
    return failed == 0 ? 0 : 1;
}
