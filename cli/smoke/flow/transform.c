/* What a target gets of an event: Input, InputPath, InputTransformer; a pipe's input template. EventBridge user guide, "Input transformation",
 * "Amazon EventBridge Pipes input transformation". */
#include "smoke/flow/parts.h"

/* ---- paths: $.name, ['name'], [n] ---- */

const doc_node *flow_path(const doc_node *n, slice path) {
    if (path.len == 0 || path.at[0] != '$') return NULL;
    size_t i = 1;
    while (n != NULL && i < path.len) {
        if (path.at[i] == '.') {
            size_t end = ++i;
            while (end < path.len && path.at[end] != '.' && path.at[end] != '[') end++;
            if (end == i) return NULL;
            n = doc_get(n, slice_from_to(path, i, end));
            i = end;
        } else if (path.at[i] == '[') {
            size_t close = i + slice_find(slice_after(path, i), ']');
            long long index;
            if (close >= path.len) return NULL;
            slice inner = slice_from_to(path, i + 1, close);
            if (inner.len >= 2 && (inner.at[0] == '\'' || inner.at[0] == '"')) n = doc_get(n, slice_from_to(inner, 1, inner.len - 1));
            else if (!slice_int(inner, &index) || n->kind != DOC_LIST) return NULL;
            else n = index >= 0 && (size_t)index < n->list.len ? n->list.at[index] : NULL;
            i = close + 1;
        } else {
            return NULL;
        }
    }
    return n;
}

/* ---- templates: <name> put in ---- */

typedef struct {
    smoke *s;
    const doc_node *(*find)(void *self, slice name, bool *known);
    void *self;
} filling;

/* Within quotes a value is text (JSON of a structure with its quotes escaped); outside it is JSON. */
static void put(buf *out, arena *a, const doc_node *v, bool quoted, bool json) {
    if (!quoted) {
        buf_slice(out, v == NULL ? SLICE("") : !json && js_is(v, DOC_STRING) ? v->text : js_text(a, v));
        return;
    }
    slice text = v == NULL ? SLICE("") : js_is(v, DOC_STRING) ? v->text : js_text(a, v);
    slice escaped = js_text(a, js_string(a, text));
    buf_slice(out, slice_from_to(escaped, 1, escaped.len - 1));
}

static slice fill(const filling *k, slice template_text, bool json) {
    arena *a = k->s->arena;
    buf out = { .arena = a };
    bool quoted = false;
    for (size_t i = 0; i < template_text.len; i++) {
        char c = template_text.at[i];
        if (c == '<') {
            size_t close = slice_find(slice_after(template_text, i), '>');
            bool known = false;
            const doc_node *v = i + close < template_text.len ? k->find(k->self, slice_from_to(template_text, i + 1, i + close), &known) : NULL;
            if (known) {
                put(&out, a, v, quoted && json, json);
                i += close;
                continue;
            }
        }
        if (c == '\\' && quoted && i + 1 < template_text.len) {
            buf_char(&out, c);
            c = template_text.at[++i];
        } else if (c == '"') {
            quoted = !quoted;
        }
        buf_char(&out, c);
    }
    return buf_as_slice(&out);
}

/* Several lines, each between quotes: text, as the guide shows it. */
static bool lines_of_text(slice text) {
    slice rest = slice_trim(text), line;
    while (rest.at != NULL && slice_cut(&rest, '\n', &line)) {
        line = slice_trim(line);
        if (line.len < 2 || line.at[0] != '"' || line.at[line.len - 1] != '"') return false;
    }
    return true;
}

/* A template that begins like JSON is JSON; any other is text. */
static const doc_node *filled(const filling *k, slice template_text, bool *is_text, slice *why) {
    arena *a = k->s->arena;
    slice head = slice_trim(template_text);
    bool json = head.len > 0 && (head.at[0] == '{' || head.at[0] == '[' || head.at[0] == '"');
    slice text = fill(k, template_text, json);
    const doc_node *n = js_read(a, text);
    if (n != NULL) return n;
    *is_text = !json || lines_of_text(text);
    if (*is_text) return js_string(a, text);
    *why = arena_printf(a, "the input template gives no JSON: %.*s", (int)(text.len < 120 ? text.len : 120), text.at);
    return NULL;
}

/* ---- rules ---- */

typedef struct {
    smoke *s;
    const doc_node *event, *paths;
    const resource *rule;
} rule_input;

static const doc_node *rule_variable(void *self, slice name, bool *known) {
    const rule_input *k = self;
    arena *a = k->s->arena;
    const doc_node *path = doc_get(k->paths, name);
    *known = true;
    if (path != NULL) return flow_path(k->event, js_str(path));
    if (slice_is(name, "aws.events.rule-arn")) return js_string(a, world_attribute(k->s->world, k->rule, SLICE("Arn")));
    if (slice_is(name, "aws.events.rule-name")) return js_string(a, world_name(k->s->world, k->rule));
    if (slice_is(name, "aws.events.event.ingestion-time")) return js_string(a, make_time(a, k->s->maker.now_ms, false));
    if (slice_is(name, "aws.events.event")) return js_without(a, k->event, SLICE("detail"));
    if (slice_is(name, "aws.events.event.json")) return k->event;
    *known = false;
    return NULL;
}

/* The rule's target that the edge came from: by its Id, else by its Arn. */
static const doc_node *target_of_edge(smoke *s, const edge *e) {
    const doc_node *all = world_json(s->world, resource_written(s->arena, e->via, SLICE("Targets")), e->when, NULL);
    slice id = flow_edge_text(s, e, "targetId"), arn = world_node_arn(s->world, e->to);
    const doc_node *by_arn = NULL;
    for (size_t i = 0; js_is(all, DOC_LIST) && i < all->list.len; i++) {
        const doc_node *t = all->list.at[i];
        if (id.len > 0 && slice_eq(js_str_of(t, "Id"), id)) return t;
        if (by_arn == NULL && slice_starts(js_str_of(t, "Arn"), arn)) by_arn = t;
    }
    return by_arn;
}

static const doc_node *input_of(smoke *s, const edge *e, const doc_node *event, bool *is_text, slice *why) {
    arena *a = s->arena;
    const doc_node *t = target_of_edge(s, e), *input = js_get(t, "Input"), *path = js_get(t, "InputPath"), *transformer = js_get(t, "InputTransformer");
    if (input != NULL) {
        const doc_node *n = js_is(input, DOC_STRING) ? js_read(a, input->text) : input;
        if (n == NULL) *why = SLICE("Input is no JSON");
        return n;
    }
    if (js_is(path, DOC_STRING)) {
        const doc_node *n = flow_path(event, path->text);
        if (n == NULL) *why = arena_printf(a, "InputPath %.*s selects nothing of the event", SLICE_ARG(path->text));
        return n;
    }
    if (transformer == NULL) return event;
    rule_input k = { s, event, js_get(transformer, "InputPathsMap"), e->via };
    return filled(&(filling){ s, rule_variable, &k }, js_str_of(transformer, "InputTemplate"), is_text, why);
}

const doc_node *flow_rule_input(smoke *s, const edge *e, const doc_node *event, slice *why) {
    if (e->via == NULL || !slice_is(e->via->type, "AWS::Events::Rule")) return event;
    bool is_text = false;
    const doc_node *n = input_of(s, e, event, &is_text, why);
    bool takes_json = slice_is(e->to->type, "AWS::Lambda::Function") || flow_ends_itself(e);
    /* What is JSON goes to a queue or topic as it is written, a string with its quotes; text that is no JSON is text. */
    if (!js_is(n, DOC_STRING) || takes_json || is_text) return n;
    return js_string(s->arena, js_text(s->arena, n));
}

/* ---- pipes ---- */

typedef struct {
    smoke *s;
    const doc_node *record;
    const resource *pipe;
} pipe_input;

/* body and data may hold JSON as text, or in base64: paths go through. */
static const doc_node *opened(arena *a, const doc_node *record) {
    const doc_node *body = js_get(record, "body"), *inner = js_is(body, DOC_STRING) ? js_read(a, body->text) : NULL;
    return inner != NULL ? js_with(a, record, SLICE("body"), inner) : record;
}

static const doc_node *pipe_variable(void *self, slice name, bool *known) {
    const pipe_input *k = self;
    arena *a = k->s->arena;
    *known = true;
    if (name.len > 0 && name.at[0] == '$') return flow_path(k->record, name);
    if (slice_is(name, "aws.pipes.pipe-arn")) return js_string(a, world_arn(k->s->world, k->pipe));
    if (slice_is(name, "aws.pipes.pipe-name")) return js_string(a, world_name(k->s->world, k->pipe));
    if (slice_is(name, "aws.pipes.event.ingestion-time")) return js_string(a, make_time(a, k->s->maker.now_ms, false));
    if (slice_is(name, "aws.pipes.event") || slice_is(name, "aws.pipes.event.json")) return k->record;
    *known = false;
    return NULL;
}

const doc_node *flow_pipe_input(smoke *s, slice template_text, const doc_node *records, const resource *pipe, slice *why) {
    arena *a = s->arena;
    if (template_text.len == 0 || !js_is(records, DOC_LIST)) return records;
    js_list out = { 0 };
    bool is_text;
    for (size_t i = 0; i < records->list.len; i++) {
        pipe_input k = { s, opened(a, records->list.at[i]), pipe };
        const doc_node *one = filled(&(filling){ s, pipe_variable, &k }, template_text, &is_text, why);
        if (one == NULL) return NULL;
        js_push(a, &out, one);
    }
    return js_list_end(a, &out);
}
