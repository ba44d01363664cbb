/* A body by its JSON schema: what is required, and the rest where it costs nothing. JSON Schema draft 4 and OpenAPI 3, as API Gateway's models have
 * them (API Gateway developer guide, "Data models for REST APIs"). */
#include "smoke/event/parts.h"

#define SCHEMA_DEPTH 8               /* schemas inside one another: they may name themselves */
#define SCHEMA_VALUES 500

typedef struct {
    arena *arena;
    const doc_node *root;            /* where "#/..." begins */
    unsigned left;
} sampling;

static const doc_node *sampled(sampling *s, const doc_node *schema, unsigned depth);

/* "#/components/schemas/Order" */
static const doc_node *pointed(const sampling *s, slice reference) {
    const doc_node *n = s->root;
    slice rest = reference, part;
    if (!slice_starts(reference, SLICE("#/"))) return NULL;
    rest = slice_after(reference, 2);
    while (n != NULL && slice_cut(&rest, '/', &part)) n = doc_get(n, part);
    return n;
}

static const doc_node *text_of_schema(sampling *s, const doc_node *schema) {
    static const struct { const char *format, *text; } formats[] = {
        { "date-time", "2026-01-01T10:30:00Z" }, { "date", "2026-01-01" }, { "time", "10:30:00Z" }, { "email", "smoke@example.com" },
        { "uuid", "00000000-0000-4000-8000-000000000000" }, { "uri", "https://example.com" }, { "ipv4", "203.0.113.178" }, { "byte", "c2ZsaW50" },
    };
    slice format = js_str_of(schema, "format");
    for (size_t i = 0; i < COUNT(formats); i++)
        if (slice_is(format, formats[i].format)) return js_cstr(s->arena, formats[i].text);
    slice text = SLICE("sflint-smoke");
    long long least = js_int_of(schema, "minLength", 0), most = js_int_of(schema, "maxLength", 1024);
    if (most >= 0 && (unsigned long long)most < text.len) text = slice_from_to(text, 0, (size_t)most);
    buf out = { .arena = s->arena };
    buf_slice(&out, text);
    while (least > 0 && least <= 4096 && out.bytes.len < (size_t)least) buf_char(&out, 'x');
    return js_string(s->arena, buf_as_slice(&out));
}

static const doc_node *number_of_schema(sampling *s, const doc_node *schema) {
    const doc_node *least = js_get(schema, "minimum"), *most = js_get(schema, "maximum");
    double n = 1;
    if (js_is_number(least) && n <= js_double_of(least)) n = js_double_of(least) + (js_bool_of(schema, "exclusiveMinimum", false) ? 1 : 0);
    if (js_is_number(most) && n > js_double_of(most)) n = js_double_of(most);
    return js_double(s->arena, n);
}

/* Everything that is described, so that a handler finds what it looks for. */
static const doc_node *object_of_schema(sampling *s, const doc_node *schema, unsigned depth) {
    const doc_node *properties = js_get(schema, "properties"), *required = js_get(schema, "required");
    js_object o = { 0 };
    for (size_t i = 0; js_is(properties, DOC_MAP) && i < properties->map.len; i++) {
        const doc_node *v = sampled(s, properties->map.at[i].value, depth + 1);
        if (v != NULL) VEC_PUSH(s->arena, &o.entries, (doc_entry){ .key = properties->map.at[i].key, .value = v });
    }
    for (size_t i = 0; js_is(required, DOC_LIST) && i < required->list.len; i++)
        if (doc_get(properties, js_str(required->list.at[i])) == NULL) js_set(s->arena, &o, js_str(required->list.at[i]), js_cstr(s->arena, "sflint-smoke"));
    return js_object_end(s->arena, &o);
}

static const doc_node *sampled(sampling *s, const doc_node *schema, unsigned depth) {
    static const char *const given[] = { "const", "example", "default" }, *const combined[] = { "allOf", "oneOf", "anyOf" };
    if (s->left == 0 || depth > SCHEMA_DEPTH || !js_is(schema, DOC_MAP)) return NULL;
    s->left--;
    slice reference = js_str_of(schema, "$ref");
    if (reference.len > 0) return sampled(s, pointed(s, reference), depth + 1);
    for (size_t i = 0; i < COUNT(given); i++)
        if (js_get(schema, given[i]) != NULL) return js_get(schema, given[i]);
    const doc_node *choice = js_get(schema, "enum"), *type = js_get(schema, "type");
    if (js_is(choice, DOC_LIST) && choice->list.len > 0) return choice->list.at[0];
    for (size_t i = 0; i < COUNT(combined); i++) {
        const doc_node *list = js_get(schema, combined[i]), *whole = NULL;
        for (size_t k = 0; js_is(list, DOC_LIST) && k < list->list.len; k++) {
            const doc_node *one = sampled(s, list->list.at[k], depth + 1);
            if (whole == NULL || !js_is(one, DOC_MAP)) whole = whole == NULL ? one : whole;
            else
                for (size_t m = 0; i == 0 && m < one->map.len; m++) whole = js_with(s->arena, whole, one->map.at[m].key, one->map.at[m].value);
            if (i > 0 && whole != NULL) break;
        }
        if (whole != NULL) return whole;
    }
    slice named = js_is(type, DOC_LIST) && type->list.len > 0 ? js_str(type->list.at[0]) : js_str(type);
    if (slice_is(named, "object") || js_get(schema, "properties") != NULL) return object_of_schema(s, schema, depth);
    if (slice_is(named, "array")) {
        js_list l = { 0 };
        js_push(s->arena, &l, sampled(s, js_get(schema, "items"), depth + 1));
        return js_list_end(s->arena, &l);
    }
    if (slice_is(named, "integer") || slice_is(named, "number")) return number_of_schema(s, schema);
    if (slice_is(named, "boolean")) return js_bool(true);
    if (slice_is(named, "null")) return js_null();
    return text_of_schema(s, schema);
}

const doc_node *schema_sample(arena *a, const doc_node *schema, const doc_node *root) {
    sampling s = { a, root != NULL ? root : schema, SCHEMA_VALUES };
    return sampled(&s, schema, 0);
}
