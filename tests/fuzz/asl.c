/* Any JSON as {"definition", "input"} (or as a definition alone): checked as a state machine and run. Task results are errors or inputs,
 * at once, later or never, by the length of the Resource. */
#include <stdint.h>

#include "smoke/asl/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct { void (*fn)(void *); void *arg; } due;

typedef struct {
    arena *arena;
    VEC(due) agenda;
    size_t next;
    int64_t now_ms;
} host;

static void after(void *self, double seconds, void (*fn)(void *), void *arg) {
    host *h = self;
    (void)seconds;
    VEC_PUSH(h->arena, &h->agenda, ((due){ fn, arg }));
}
static int64_t now(void *self) { return ((host *)self)->now_ms; }
static void late(void *arg) {
    asl_task *t = arg;
    asl_task_heartbeat(t);
    asl_task_result(t, t->input);
}
static void task(void *self, asl_task *t) {
    if (t->resource.len % 4 == 0) asl_task_result(t, t->input);
    else if (t->resource.len % 4 == 1) asl_task_error(t, t->resource, t->state);
    else if (t->resource.len % 4 == 2) after(self, 1, late, t);
    asl_task_by_token(t->execution, t->token);
}
static void done(void *self, asl_execution *x, const asl_outcome *o) { (void)self, (void)x, (void)o; }
static const doc_node *read_items(void *self, arena *a, slice resource, const doc_node *arguments, slice *cause) {
    (void)self, (void)resource, (void)cause;
    return js_string(a, arguments == NULL ? SLICE("a,b\n1,\"2\n") : js_text(a, arguments));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    host h = { .arena = a };
    asl_host callbacks = { .self = &h, .task = task, .done = done, .after = after, .now = now, .read = read_items, .states_most = 300, .items_most = 20, .steps_most = 200000 };
    slice error;
    const doc_node *row = js_read(a, (slice){ (const char *)data, size }), *definition = js_get(row, "definition");
    const asl_program *p = row == NULL ? NULL : asl_compile(a, definition != NULL ? definition : row, &error);
    if (p != NULL) {
        asl_execution *x = asl_start(a, p, js_get(row, "input"), &callbacks);
        for (size_t steps = 0; h.next < h.agenda.len && steps < 500; steps++, h.now_ms += 1000) {
            due one = h.agenda.at[h.next++];
            one.fn(one.arg);
        }
        size_t len;
        if (asl_outcome_of(x)->status == ASL_RUNNING) asl_abort(x, SLICE("Stop"), SLICE(""));
        asl_trace(x, &len);
        if (asl_outcome_of(x)->output != NULL) js_text(a, asl_outcome_of(x)->output);
    }
    arena_free(a);
    return 0;
}
