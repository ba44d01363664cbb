/* Functions of the vocabulary about the events of AWS services. */
#include "lint/calls.h"
#include "service/event_shape.h"
#include "service/pattern.h"

cel_value catalog_sources(cel_context *c, const cel_value *args, size_t count) {
    (void)args;
    (void)count;
    const slice *sources;
    size_t len = event_sources(c->arena, &sources);
    cel_value *out = ARENA_ARRAY(c->arena, cel_value, len);
    for (size_t i = 0; i < len; i++)
        out[i] = cel_string(sources[i]);
    return cel_list(out, len);
}

cel_value catalog_event(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[1].kind != CEL_STRING || args[2].kind != CEL_STRING)
        return cel_null();
    const value *shape = event_shape(c->arena, args[1].text, args[2].text);
    return value_is_absent(shape) ? cel_null() : bind_value(c, shape, CATALOG_ANY);
}

cel_value catalog_nearest_event(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[1].kind != CEL_STRING || args[2].kind != CEL_STRING)
        return cel_string(SLICE(""));
    return cel_string(event_nearest_type(c->arena, args[1].text, args[2].text));
}

cel_value call_pattern_impossible(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    if (args[0].kind == CEL_NULL || args[1].kind == CEL_NULL)
        return cel_string(SLICE(""));
    const value *v = value_under(bind_origin(c, args[0]), evaluation_of(c)->when);
    if (v->kind == VAL_CHOICE)
        return bind_value(c, v, CATALOG_ANY);
    return cel_string(pattern_impossible(c->arena, v, bind_origin(c, args[1])));
}
