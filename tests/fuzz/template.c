/* Any bytes as a template whose files beside it hold the same bytes; then every value is asked for its text, its JSON and its
 * alternatives. */
#include <stdint.h>

#include "template/template.h"

static bool read_same(void *self, arena *a, slice path, slice *text, slice *why) {
    (void)a;
    (void)path;
    *text = *(const slice *)self;
    *why = SLICE("");
    return true;
}

static void one(void *self, const value *v, when w) {
    arena *a = self;
    slice text;
    long long n;
    bool b;
    if (v->kind == VAL_CHOICE) __builtin_trap();
    if (value_text(a, v, &text) && v->kind == VAL_STRING && !slice_eq(text, v->text)) __builtin_trap();
    value_as_int(a, v, &n);
    value_as_bool(a, v, &b);
    value_glob(a, v);
    when_text(a, w);
    if (w.len > 0 && when_decides(w, w.at[0].on) == UNKNOWN) __builtin_trap();
}

static void visit(arena *a, const value *v, when w, size_t *left) {
    if (*left == 0) return;
    --*left;
    value_each(a, v, w, one, a);
    if (v->kind == VAL_STRING || v->kind == VAL_JOINED) {
        bool bad = false;
        if (value_from_json_text(a, v, &bad) == NULL) __builtin_trap();
    }
    if (value_same(a, v, v) == NO) __builtin_trap();
    if (v->kind == VAL_JOINED && v->list.len < 2) __builtin_trap();
    for (size_t i = 0; (v->kind == VAL_LIST || v->kind == VAL_JOINED) && i < v->list.len; i++) {
        if (v->list.at[i]->kind == VAL_ABSENT) __builtin_trap();
        visit(a, v->list.at[i], w, left);
    }
    for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++) visit(a, v->map.at[i].value, w, left);
    if (v->kind == VAL_CHOICE) {
        visit(a, v->choice.yes, w, left);
        visit(a, v->choice.no, w, left);
    }
}

static void ask(arena *a, const template *t) {
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        size_t left = 300;
        if (r->index != i || r->dropped || r->properties == NULL) __builtin_trap();
        if (r->properties->kind != VAL_MAP && r->properties->kind != VAL_UNKNOWN) __builtin_trap();
        visit(a, r->properties, r->exists, &left);
        resource_get(a, r, SLICE("VisibilityTimeout"));
        resource_get(a, r, SLICE("A.B[0].C"));
        buf b = { .arena = a };
        json_out out = { .out = &b };
        value_write_json(a, r->properties, i % 2 == 0, &out);
    }
    for (size_t i = 0; i < t->problems.len; i++)
        if (t->problems.at[i].message.len == 0) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    arena *a = arena_make((size_t)1 << 30, NULL);
    diags d = { .arena = a };
    slice text = { (const char *)bytes, len };
    given_parameter given[] = { { SLICE_INIT("Stage"), SLICE_INIT("prod") } };
    template_options o = { .read_file = read_same, .read_file_self = &text, .parameters = given, .parameters_len = len % 2 };
    if (len % 3 == 0) {
        o.region = SLICE("eu-west-1");
        o.account = SLICE("123456789012");
    }
    templates set = { .options = &o };
    VEC_PUSH(a, &set.files, SLICE("x.yaml"));
    const doc_node *doc = doc_parse(a, text, SLICE("x.yaml"), 0, NULL);
    template *t = doc == NULL ? NULL : template_read(&set, a, SLICE("x.yaml"), 0, text, doc, SLICE(""), &d);
    if (t != NULL) {
        VEC_PUSH(a, &set.list, t);
        templates_join(&set, a, &d);
        for (size_t i = 0; i < set.list.len && i < 20; i++) ask(a, set.list.at[i]);
    }
    for (size_t i = 0; i < d.list.len; i++)
        if (d.list.at[i].at.file >= set.files.len) __builtin_trap();
    arena_free(a);
    return 0;
}
