/* Any text as an expression: compiled openly and closed, evaluated over a few variables (and from a copy that cel_write_c would make). */
#include <stdint.h>

#include "cel/cel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const cel_value items[] = {
    { .kind = CEL_INT, .integer = 1 }, { .kind = CEL_UNKNOWN, .text = SLICE_INIT("why") }, { .kind = CEL_STRING, .text = SLICE_INIT("a\xFF") },
    { .kind = CEL_NULL }, { .kind = CEL_ERROR, .text = SLICE_INIT("broken") }, { .kind = CEL_TIMESTAMP, .integer = 1767225600, .nanos = 5 },
};

static size_t list_size(cel_context *c, const void *object) {
    (void)c, (void)object;
    return COUNT(items);
}
static cel_value list_item(cel_context *c, const void *object, size_t i) {
    (void)c, (void)object;
    return items[i];
}
static cel_value map_field(cel_context *c, const void *object, slice name, bool *absent) {
    (void)object;
    *absent = name.len != 1 || name.at[0] < 'a' || name.at[0] >= 'a' + (int)COUNT(items);
    return *absent ? cel_error(c, "no key %.*s", SLICE_ARG(name)) : items[name.at[0] - 'a'];
}
static cel_value map_key(cel_context *c, const void *object, size_t i) {
    static const char keys[] = "abcdef";
    (void)c, (void)object;
    return cel_string((slice){ keys + i, 1 });
}
static const cel_object_kind list_kind = { .type_name = SLICE_INIT("list"), .size = list_size, .item = list_item };
static const cel_object_kind map_kind = { .type_name = SLICE_INIT("map"), .size = list_size, .key = map_key, .field = map_field };
static const cel_object_kind record_kind = { .type_name = SLICE_INIT("r"), .field = map_field };

static cel_value function(cel_context *c, const cel_value *args, size_t count) {
    (void)c;
    return count > 0 ? args[count - 1] : cel_null();
}

static const cel_field variables[] = {
    { SLICE_INIT("l"), SLICE_INIT("list(dyn)"), SLICE_INIT("") }, { SLICE_INIT("m"), SLICE_INIT("map"), SLICE_INIT("") },
    { SLICE_INIT("r"), SLICE_INIT("r"), SLICE_INIT("") },         { SLICE_INIT("u"), SLICE_INIT("dyn"), SLICE_INIT("") },
    { SLICE_INIT("a.b"), SLICE_INIT("string"), SLICE_INIT("") },  { SLICE_INIT("n"), SLICE_INIT("dyn"), SLICE_INIT("") },
};
static const cel_field fields[] = {
    { SLICE_INIT("a"), SLICE_INIT("int"), SLICE_INIT("") }, { SLICE_INIT("b"), SLICE_INIT("list(r)"), SLICE_INIT("") },
};
static const cel_record records[] = { { SLICE_INIT("r"), fields, COUNT(fields) } };
static const cel_function functions[] = {
    { SLICE_INIT("f"), SLICE_INIT(""), SLICE_INIT("dyn"), 0, 3, SLICE_INIT(""), function, true },
    { SLICE_INIT("g.h"), SLICE_INIT(""), SLICE_INIT("list(r)"), 0, 3, SLICE_INIT(""), function, false },
    { SLICE_INIT("w"), SLICE_INIT("r"), SLICE_INIT("bool"), 0, 1, SLICE_INIT(""), function, false },
};
static const cel_value values[] = {
    { .kind = CEL_OBJECT, .object = { &list_kind, items } },   { .kind = CEL_OBJECT, .object = { &map_kind, items } },
    { .kind = CEL_OBJECT, .object = { &record_kind, items } }, { .kind = CEL_UNKNOWN, .text = SLICE_INIT("u") },
    { .kind = CEL_STRING, .text = SLICE_INIT("text") },        { .kind = CEL_NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    for (int mode = 0; mode < 4; mode++) {
        const cel_environment env = {
            variables, COUNT(variables), records, COUNT(records), functions, COUNT(functions), .closed = (mode & 1) != 0, .lenient_null = (mode & 2) != 0,
        };
        cel_problem problem;
        slice text = arena_copy(a, (slice){ (const char *)data, size });
        const cel_program *p = cel_compile(a, text, &env, &problem);
        if (p == NULL) continue;
        cel_context c = { .arena = a, .env = &env, .variables = values };
        c.steps = CEL_MAX_STEPS - 200000;    /* enough to go wrong in, and quick */
        cel_value v = cel_evaluate(p, &c);
        cel_display(a, v);
        cel_display_in(&c, v);
        cel_equal(&c, v, v);
        buf out = { .arena = a };
        cel_write_c(p, SLICE("p"), &out);
        cel_close(&c);
    }
    arena_free(a);
    return 0;
}
