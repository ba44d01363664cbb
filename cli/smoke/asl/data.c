#include "smoke/asl/data.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_MOST_BYTES 200

/* Step Functions developer guide, "Handling errors in Step Functions workflows". */
const slice asl_error_runtime = SLICE_INIT("States.Runtime");
const slice asl_error_parameter_path = SLICE_INIT("States.ParameterPathFailure");
const slice asl_error_intrinsic = SLICE_INIT("States.IntrinsicFailure");
const slice asl_error_query = SLICE_INIT("States.QueryEvaluationError");
const slice asl_error_limit = SLICE_INIT("States.DataLimitExceeded");
const slice asl_error_result_path = SLICE_INIT("States.ResultPathMatchFailure");
const slice asl_error_no_choice = SLICE_INIT("States.NoChoiceMatched");
const slice asl_error_all = SLICE_INIT("States.ALL");
const slice asl_error_task_failed = SLICE_INIT("States.TaskFailed");
const slice asl_error_timeout = SLICE_INIT("States.Timeout");
const slice asl_error_heartbeat = SLICE_INIT("States.HeartbeatTimeout");
const slice asl_error_threshold = SLICE_INIT("States.ExceedToleratedFailureThreshold");
const slice asl_error_reader = SLICE_INIT("States.ItemReaderFailed");
const slice asl_error_writer = SLICE_INIT("States.ResultWriterFailed");
const slice asl_error_branch = SLICE_INIT("States.BranchFailed");

const doc_node *asl_scope_get(const asl_scope *s, slice name) {
    for (; s != NULL; s = s->outer) {
        const doc_node *n = strmap_get(&s->values, name);
        if (n != NULL) return n;
    }
    return NULL;
}

const doc_node *asl_fail(asl_data *d, slice error, const char *format, ...) {
    if (asl_failed(d)) return NULL;
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    d->error = error;
    d->cause = arena_copy(d->arena, slice_from(text));
    return NULL;
}

bool asl_spend(asl_data *d, size_t steps) {
    if (asl_failed(d)) return false;
    if (d->machinery->steps_left < steps) {
        d->machinery->steps_left = 0;
        asl_fail(d, asl_error_runtime, "the expressions of this execution took more steps than they may");
        return false;
    }
    d->machinery->steps_left -= steps;
    return true;
}

double asl_random(asl_machinery *m) {
    if (m->host->random != NULL) {
        double r = m->host->random(m->host->self);
        return r >= 0 && r < 1 ? r : 0;
    }
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;    /* Knuth's MMIX */
    return (double)(m->random >> 11) / 9007199254740992.0;
}

void asl_uuid(asl_machinery *m, char out[37]) {
    if (m->host->uuid != NULL) {
        m->host->uuid(m->host->self, out);
        out[36] = '\0';
        return;
    }
    static const char form[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx", hex[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof form; i++) {
        unsigned r = (unsigned)(asl_random(m) * 16);
        out[i] = form[i] == 'x' ? hex[r & 15] : form[i] == 'y' ? hex[8 | (r & 3)] : form[i];
    }
}

int64_t asl_now(const asl_machinery *m) { return m->host->now == NULL ? 0 : m->host->now(m->host->self); }

static size_t text_size(slice s, size_t most) {
    size_t size = 2;
    for (size_t i = 0; i < s.len && size <= most; i++) {
        unsigned char c = (unsigned char)s.at[i];
        size += c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f' ? 2 : c < 0x20 ? 6 : 1;
    }
    return size;
}

static size_t size_at(const doc_node *n, size_t most, unsigned depth, bool *deep) {
    if (n == NULL || n->kind == DOC_NULL) return 4;
    switch (n->kind) {
    case DOC_BOOL:   return n->boolean ? 4 : 5;
    case DOC_STRING: return text_size(n->text, most);
    case DOC_LIST:
    case DOC_MAP:    break;
    default:         return n->text.len > 0 ? n->text.len : 1;
    }
    if (depth >= ASL_PAYLOAD_DEPTH) {
        *deep = true;
        return most + 1;
    }
    size_t size = 2, len = js_len(n);
    for (size_t i = 0; i < len && size <= most; i++) {
        const doc_node *child = n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value;
        if (i > 0) size++;
        if (n->kind == DOC_MAP) size += text_size(n->map.at[i].key, most) + 1;
        if (size <= most) size += size_at(child, most - size, depth + 1, deep);
    }
    return size;
}

size_t asl_size(const doc_node *n, size_t most, bool *deep) {
    bool too_deep = false;
    size_t size = size_at(n, most, 0, &too_deep);
    if (deep != NULL) *deep = too_deep;
    return size > most ? most + 1 : size;
}

bool asl_size_check(asl_data *d, const doc_node *n, const char *what) {
    bool deep;
    if (n == d->machinery->sized) return true;
    size_t size = asl_size(n, ASL_PAYLOAD_MOST, &deep);
    if (size <= ASL_PAYLOAD_MOST) {
        d->machinery->sized = n;
        return asl_spend(d, size / 128);
    }
    if (deep) asl_fail(d, asl_error_limit, "%s is nested deeper than %u lists and objects", what, ASL_PAYLOAD_DEPTH);
    else asl_fail(d, asl_error_limit, "%s is larger than the %u bytes that Step Functions passes on", what, ASL_PAYLOAD_MOST);
    return false;
}

slice asl_shown(arena *a, const doc_node *n) {
    if (asl_size(n, SHOWN_MOST_BYTES, NULL) <= SHOWN_MOST_BYTES) return js_text(a, n);
    if (js_is(n, DOC_MAP)) return arena_printf(a, "an object of %zu keys", n->map.len);
    if (js_is(n, DOC_LIST)) return arena_printf(a, "a list of %zu", n->list.len);
    return SLICE("a long text");
}
