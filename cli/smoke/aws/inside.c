#include "smoke/aws/inside.h"

/* Members that hold JSON as text. */
static const struct { const char *service, *list, *member; } texts[] = {
    { "sqs", NULL, "MessageBody" },
    { "sqs", "Entries", "MessageBody" },
    { "sns", NULL, "Message" },
    { "events", "Entries", "Detail" },
    { "states", NULL, "input" },
    { "states", NULL, "output" },
    { "scheduler", "Target", "Input" },
};

static const doc_node *with_text(arena *a, const doc_node *n, const char *member) {
    const doc_node *held = js_get(n, member);
    if (held == NULL || held->kind == DOC_STRING || held->kind == DOC_NULL) return n;
    return js_with(a, n, slice_from(member), js_string(a, js_text(a, held)));
}

static const doc_node *with_texts_below(arena *a, const doc_node *n, const char *below, const char *member) {
    const doc_node *held = js_get(n, below);
    if (js_is(held, DOC_MAP)) return js_with(a, n, slice_from(below), with_text(a, held, member));
    if (!js_is(held, DOC_LIST)) return n;
    js_list l = { 0 };
    for (size_t i = 0; i < held->list.len; i++) js_push(a, &l, with_text(a, held->list.at[i], member));
    return js_with(a, n, slice_from(below), js_list_end(a, &l));
}

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static char large(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static const doc_node *with_first(arena *a, const doc_node *n, char (*to)(char c)) {
    if (!js_is(n, DOC_MAP)) return n;
    js_object o = { 0 };
    for (size_t i = 0; i < n->map.len; i++) {
        slice key = n->map.at[i].key;
        if (key.len > 0 && to(key.at[0]) != key.at[0]) key = arena_printf(a, "%c%.*s", to(key.at[0]), SLICE_ARG(slice_after(key, 1)));
        VEC_PUSH(a, &o.entries, (doc_entry){ .key = key, .value = n->map.at[i].value });
    }
    return js_object_end(a, &o);
}

const doc_node *inside_members(arena *a, const aws_service *s, const doc_node *in) {
    if (!js_is(in, DOC_MAP)) return js_empty_object();
    if (s->small_members) in = with_first(a, in, small);
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (strcmp(texts[i].service, s->name) != 0) continue;
        in = texts[i].list == NULL ? with_text(a, in, texts[i].member) : with_texts_below(a, in, texts[i].list, texts[i].member);
    }
    return in;
}

const doc_node *inside_answer(arena *a, const aws_service *s, const doc_node *out) {
    return s != NULL && s->small_members ? with_first(a, out, large) : out;
}
