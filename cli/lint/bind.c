#include "lint/bind.h"

#include <stdlib.h>

/* ---- where a CEL value came from ---- */

static int32_t origin_add(evaluation *ev, const value *v) {
    if (ev->origins.len > 0 && ev->origins.at[ev->origins.len - 1] == v)
        return (int32_t)ev->origins.len;
    VEC_PUSH(ev->cel.arena, &ev->origins, v);
    return (int32_t)ev->origins.len;
}

cel_value bind_unknown(cel_context *c, const value *v) {
    cel_value out = cel_unknown(value_why(c->arena, v));
    out.nanos = origin_add(evaluation_of(c), v);
    return out;
}

cel_value bind_tri(tri t, slice why) {
    return t == UNKNOWN ? cel_unknown(why) : cel_bool(t == YES);
}

/* ---- texts that are numbers ---- */

/* A plain whole number as CloudFormation prints it. */
static bool whole_number(slice s, size_t most, int64_t *out) {
    size_t sign = s.len > 0 && s.at[0] == '-' ? 1 : 0, digits = s.len - sign;
    long long n;
    if (digits == 0 || digits > most || (digits > 1 && s.at[sign] == '0') || s.at[0] == '+' || !slice_int(s, &n))
        return false;
    *out = n;
    return true;
}

static bool any_number(slice s, double *out) {
    char text[64], *end;
    if (s.len == 0 || s.len >= sizeof text || (!(s.at[0] >= '0' && s.at[0] <= '9') && s.at[0] != '-' && s.at[0] != '.'))
        return false;
    memcpy(text, s.at, s.len);
    text[s.len] = '\0';
    *out = strtod(text, &end);
    return end == text + s.len;
}

static cel_value typed_text(slice s, catalog_kind kind) {
    int64_t n;
    double d;
    bool number = kind == CATALOG_INTEGER || kind == CATALOG_NUMBER, any = kind == CATALOG_ANY;
    if (number || any)
        if (whole_number(s, any ? 10 : 18, &n))
            return cel_int(n);
    if (number && any_number(s, &d))
        return cel_double(d);
    if (any || kind == CATALOG_BOOLEAN) {
        if (any ? slice_is(s, "true") : slice_same_letters(s, SLICE("true")))
            return cel_bool(true);
        if (any ? slice_is(s, "false") : slice_same_letters(s, SLICE("false")))
            return cel_bool(false);
    }
    return cel_string(s);
}

/* ---- lists and maps of values ---- */

static cel_value value_list_item(cel_context *c, const void *object, size_t i) {
    return bind_value(c, ((const value *)object)->list.at[i], CATALOG_ANY);
}

static size_t value_list_size(cel_context *c, const void *object) {
    (void)c;
    return ((const value *)object)->list.len;
}

static cel_value value_map_field(cel_context *c, const void *object, slice name, bool *absent) {
    (void)absent;              /* in rules absent is null; has() takes null for absent */
    return bind_value(c, value_get(c->arena, object, name), CATALOG_ANY);
}

static cel_value value_map_field_strict(cel_context *c, const void *object, slice name, bool *absent) {
    const value *v = value_get(c->arena, object, name);
    if (value_is_absent(v)) {
        *absent = true;
        return cel_error(c, "no such key: %.*s", SLICE_ARG(name));
    }
    return bind_value(c, v, CATALOG_ANY);
}

static size_t value_map_size(cel_context *c, const void *object) {
    (void)c;
    return ((const value *)object)->map.len;
}

static cel_value value_map_key(cel_context *c, const void *object, size_t i) {
    (void)c;
    return cel_string(((const value *)object)->map.at[i].key);
}

static const cel_object_kind value_list_kind = { SLICE_INIT("list"), NULL, value_list_size, value_list_item, NULL, NULL };
static const cel_object_kind value_map_kind = { SLICE_INIT("map"), value_map_field, value_map_size, NULL, value_map_key, NULL };
static const cel_object_kind value_map_kind_strict = { SLICE_INIT("map"), value_map_field_strict, value_map_size, NULL, value_map_key, NULL };

cel_value bind_value(cel_context *c, const value *v, catalog_kind kind) {
    evaluation *ev = evaluation_of(c);
    v = value_under(v, ev->when);
    cel_value out;
    slice text;
    switch (v->kind) {
        case VAL_ABSENT:
        case VAL_NULL: return cel_null();
        case VAL_BOOL: out = kind == CATALOG_STRING ? cel_string(v->text) : cel_bool(v->boolean); break;
        case VAL_INT: out = kind == CATALOG_STRING ? cel_string(v->text) : cel_int(v->integer); break;
        case VAL_DOUBLE: out = kind == CATALOG_STRING ? cel_string(v->text) : cel_double(v->number); break;
        case VAL_STRING: out = typed_text(v->text, kind); break;
        case VAL_LIST: return cel_object(&value_list_kind, v);
        case VAL_MAP: return cel_object(c->env->lenient_null ? &value_map_kind : &value_map_kind_strict, v);
        case VAL_REF:
        case VAL_JOINED:
            if (!value_text(c->arena, v, &text))
                return bind_unknown(c, v);
            out = typed_text(text, kind);
            break;
        case VAL_CHOICE:
            if (ev->fork == NULL)
                ev->fork = v->choice.on;
            return bind_unknown(c, v);
        default: return bind_unknown(c, v);
    }
    out.nanos = origin_add(ev, v);
    return out;
}

/* ---- properties ---- */

/* Kind of a top-level property; ANY below it and where the type is not known. Sorted names: found by bisection. */
static catalog_kind kind_of(const resource *r, slice path) {
    if (r->row == NULL || !r->row->typed || slice_find(path, '.') < path.len)
        return CATALOG_ANY;
    size_t low = r->row->properties_first, high = low + r->row->properties_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(catalog_text(catalog_properties[middle]), path);
        if (order == 0)
            return (catalog_kind)(catalog_property_kinds[middle] & ~CATALOG_REQUIRED);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return CATALOG_ANY;
}

/* Is there a default somewhere below this path? Then the object stands for itself though nobody wrote it. */
static bool default_below(const resource *r, slice path) {
    if (r->row == NULL)
        return false;
    for (size_t i = r->row->defaults_first; i < (size_t)r->row->defaults_first + r->row->defaults_count; i++) {
        slice other = catalog_text(catalog_defaults[i].path);
        if (other.len > path.len && other.at[path.len] == '.' && slice_starts(other, path))
            return true;
    }
    return false;
}

/* Could a kind make something else of this text than a text? (typed_text) */
static bool kind_matters(const value *v) {
    if (v->kind != VAL_STRING)
        return true;
    char first = v->text.len > 0 ? v->text.at[0] : '\0';
    return (first >= '0' && first <= '9') || first == '-' || first == '.' || first == 't' || first == 'T' || first == 'f' || first == 'F';
}

/* An object of properties: the whole (path ""), or a part of it that defaults reach into. */
typedef struct {
    const resource *resource;
    slice path;
} part;

static cel_value part_value(cel_context *c, const resource *r, slice path, bool *absent);

static cel_value part_field(cel_context *c, const void *object, slice name, bool *absent) {
    const part *p = object;
    if (p->path.len == 0)
        return part_value(c, p->resource, name, absent);
    slice parts[] = { p->path, SLICE("."), name };
    return part_value(c, p->resource, arena_concat(c->arena, parts, COUNT(parts)), absent);
}

static const value *part_written(cel_context *c, const part *p) {
    const value *v = p->path.len == 0 ? p->resource->properties : resource_written(c->arena, p->resource, p->path);
    return value_under(v, evaluation_of(c)->when);
}

static size_t part_size(cel_context *c, const void *object) {
    const value *v = part_written(c, object);
    return v->kind == VAL_MAP ? v->map.len : 0;
}

static cel_value part_key(cel_context *c, const void *object, size_t i) {
    return cel_string(part_written(c, object)->map.at[i].key);
}

static const cel_object_kind part_kind = { SLICE_INIT("map"), part_field, part_size, NULL, part_key, NULL };

static cel_value part_value(cel_context *c, const resource *r, slice path, bool *absent) {
    bool strict = !c->env->lenient_null;
    const value *v = value_under(resource_get(c->arena, r, path), evaluation_of(c)->when);
    if ((v->kind == VAL_MAP || value_is_absent(v)) && default_below(r, path)) {
        part *below = ARENA_NEW(c->arena, part);
        *below = (part){ r, path };
        return cel_object(&part_kind, below);
    }
    if (value_is_absent(v) && strict) {
        *absent = true;        /* conditions of the catalog ask has() all the time, and nobody reads why */
        return cel_error(c, "there is no such property");
    }
    bool is_scalar = v->kind != VAL_ABSENT && v->kind != VAL_NULL && v->kind != VAL_LIST && v->kind != VAL_MAP;
    return bind_value(c, v, is_scalar && kind_matters(v) ? kind_of(r, path) : CATALOG_ANY);
}

static cel_value properties_field(cel_context *c, const void *object, slice name, bool *absent) {
    return part_value(c, object, name, absent);
}

static size_t properties_size(cel_context *c, const void *object) {
    return part_size(c, &(part){ object, SLICE("") });
}

static cel_value properties_key(cel_context *c, const void *object, size_t i) {
    return part_key(c, &(part){ object, SLICE("") }, i);
}

static const cel_object_kind properties_kind = { SLICE_INIT("map"), properties_field, properties_size, NULL, properties_key, NULL };

cel_value bind_properties(const resource *r) { return cel_object(&properties_kind, r); }
cel_value bind_catalog_resource(const resource *r) { return cel_object(&properties_kind, r); }

const value *bind_origin(cel_context *c, cel_value v) {
    evaluation *ev = evaluation_of(c);
    pos nowhere = { 0, 0, 0 };
    if (v.kind == CEL_OBJECT && (v.object.kind == &value_list_kind || v.object.kind == &value_map_kind || v.object.kind == &value_map_kind_strict))
        return v.object.at;
    if (v.kind == CEL_OBJECT && v.object.kind == &part_kind)
        return part_written(c, v.object.at);
    if (v.kind == CEL_OBJECT && v.object.kind == &properties_kind)
        return ((const resource *)v.object.at)->properties;
    if (v.kind != CEL_TIMESTAMP && v.kind != CEL_DURATION && v.nanos > 0 && (size_t)v.nanos <= ev->origins.len)
        return ev->origins.at[v.nanos - 1];
    switch (v.kind) {
        case CEL_BOOL: return value_new_bool(c->arena, nowhere, v.boolean);
        case CEL_INT: return value_new_int(c->arena, nowhere, v.integer);
        case CEL_STRING: return value_new_string(c->arena, nowhere, v.text);
        case CEL_UNKNOWN: return value_new_unknown(c->arena, nowhere, UNKNOWN_COMPUTED, v.text);
        case CEL_LIST: {
            const value **items = ARENA_ARRAY(c->arena, const value *, v.list.len);
            for (size_t i = 0; i < v.list.len; i++)
                items[i] = bind_origin(c, v.list.at[i]);
            return value_new_list(c->arena, nowhere, items, v.list.len);
        }
        default: return &value_absent;
    }
}

/* ---- records ---- */

cel_value bind_resource(const resource *r) { return r == NULL ? cel_null() : cel_object(&bind_resource_kind, r); }
cel_value bind_node(const node *n) { return n == NULL ? cel_null() : cel_object(&bind_node_kind, n); }
cel_value bind_edge(const edge *e) { return cel_object(&bind_edge_kind, e); }
cel_value bind_problem(const problem *p) { return cel_object(&bind_problem_kind, p); }
cel_value bind_template(const template *t) { return t == NULL ? cel_null() : cel_object(&bind_template_kind, t); }
cel_value bind_graph(const graph *g) { return cel_object(&bind_graph_kind, g); }

const resource *bind_as_resource(cel_value v) {
    if (v.kind == CEL_OBJECT && v.object.kind == &bind_node_kind)
        return ((const node *)v.object.at)->resource;
    return v.kind == CEL_OBJECT && v.object.kind == &bind_resource_kind ? v.object.at : NULL;
}

const node *bind_as_node(cel_value v) {
    if (v.kind == CEL_OBJECT && v.object.kind == &bind_resource_kind)
        return ((const resource *)v.object.at)->node;
    return v.kind == CEL_OBJECT && v.object.kind == &bind_node_kind ? v.object.at : NULL;
}

const edge *bind_as_edge(cel_value v) {
    return v.kind == CEL_OBJECT && v.object.kind == &bind_edge_kind ? v.object.at : NULL;
}

/* ---- lists of records: an array of pointers ---- */

typedef struct {
    const void *const *at;
    size_t len;
} pointers;

static size_t pointers_size(cel_context *c, const void *object) {
    (void)c;
    return ((const pointers *)object)->len;
}

static cel_value edges_item(cel_context *c, const void *object, size_t i) {
    (void)c;
    return bind_edge(((const pointers *)object)->at[i]);
}

static cel_value nodes_item(cel_context *c, const void *object, size_t i) {
    (void)c;
    return bind_node(((const pointers *)object)->at[i]);
}

static cel_value resources_item(cel_context *c, const void *object, size_t i) {
    (void)c;
    return bind_resource(((const pointers *)object)->at[i]);
}

static const cel_object_kind edges_kind = { SLICE_INIT("list"), NULL, pointers_size, edges_item, NULL, NULL };
static const cel_object_kind nodes_kind = { SLICE_INIT("list"), NULL, pointers_size, nodes_item, NULL, NULL };
static const cel_object_kind resources_kind = { SLICE_INIT("list"), NULL, pointers_size, resources_item, NULL, NULL };

static cel_value list_of(cel_context *c, const cel_object_kind *kind, const void *const *at, size_t len) {
    pointers *p = ARENA_NEW(c->arena, pointers);
    *p = (pointers){ at, len };
    return cel_object(kind, p);
}

cel_value bind_nodes(cel_context *c, node *const *at, size_t len) {
    return list_of(c, &nodes_kind, (const void *const *)at, len);
}

cel_value bind_edges_as_they_are(cel_context *c, edge *const *at, size_t len) {
    return list_of(c, &edges_kind, (const void *const *)at, len);
}

/* Can it be under the assumption, and must it? A condition that decides is kept as the fork. */
static tri exists_under(evaluation *ev, when w) {
    when both;
    if (w.len == 0 || when_implied(w, ev->when))
        return YES;
    if (!when_and(ev->cel.arena, ev->when, w, &both))
        return NO;
    for (size_t i = 0; i < w.len && ev->fork == NULL; i++)
        if (when_decides(ev->when, w.at[i].on) == UNKNOWN)
            ev->fork = w.at[i].on;
    return UNKNOWN;
}

cel_value bind_edges(cel_context *c, edge *const *at, size_t len, bool (*keep)(const edge *e)) {
    evaluation *ev = evaluation_of(c);
    bool whole = keep == NULL;
    for (size_t i = 0; i < len && whole; i++)
        whole = at[i]->when.len == 0;
    if (whole)
        return bind_edges_as_they_are(c, at, len);
    edge **kept = ARENA_ARRAY(c->arena, edge *, len);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (keep != NULL && !keep(at[i]))
            continue;
        tri there = exists_under(ev, at[i]->when);
        if (there == UNKNOWN)
            return cel_unknown(arena_printf(c->arena, "whether the edge from %.*s to %.*s exists", SLICE_ARG(at[i]->from->id), SLICE_ARG(at[i]->to->id)));
        if (there == YES)
            kept[n++] = at[i];
    }
    return bind_edges_as_they_are(c, kept, n);
}

cel_value bind_resources(cel_context *c, const resource *const *at, size_t len) {
    evaluation *ev = evaluation_of(c);
    bool whole = true;
    for (size_t i = 0; i < len && whole; i++)
        whole = at[i]->exists.len == 0;
    if (whole)
        return list_of(c, &resources_kind, (const void *const *)at, len);
    const resource **kept = ARENA_ARRAY(c->arena, const resource *, len);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        tri there = exists_under(ev, at[i]->exists);
        if (there == UNKNOWN)
            return cel_unknown(arena_printf(c->arena, "whether %.*s exists", SLICE_ARG(at[i]->id)));
        if (there == YES)
            kept[n++] = at[i];
    }
    return list_of(c, &resources_kind, (const void *const *)kept, n);
}

/* ---- tables ---- */

static cel_value datum_value(cel_context *c, const rule_datum *d);

static const rule_datum *datum_children(cel_context *c, const rule_datum *d) {
    return evaluation_of(c)->tables->data + d->at;
}

static slice datum_text(cel_context *c, const rule_datum *d) {
    return (slice){ evaluation_of(c)->tables->blob + d->at, d->len };
}

static cel_value datum_field(cel_context *c, const void *object, slice name, bool *absent) {
    const rule_datum *at = datum_children(c, object);
    for (size_t i = 0; i < ((const rule_datum *)object)->len; i++)
        if (slice_eq(datum_text(c, &at[2 * i]), name))
            return datum_value(c, &at[2 * i + 1]);
    *absent = true;
    return cel_error(c, "the table has no %.*s", SLICE_ARG(name));
}

static size_t datum_size(cel_context *c, const void *object) {
    (void)c;
    return ((const rule_datum *)object)->len;
}

static cel_value datum_item(cel_context *c, const void *object, size_t i) {
    return datum_value(c, datum_children(c, object) + i);
}

static cel_value datum_key(cel_context *c, const void *object, size_t i) {
    return cel_string(datum_text(c, datum_children(c, object) + 2 * i));
}

static const cel_object_kind datum_map_kind = { SLICE_INIT("map"), datum_field, datum_size, NULL, datum_key, NULL };
static const cel_object_kind datum_list_kind = { SLICE_INIT("list"), NULL, datum_size, datum_item, NULL, NULL };

static cel_value datum_value(cel_context *c, const rule_datum *d) {
    switch ((datum_kind)d->kind) {
        case DATUM_NULL: return cel_null();
        case DATUM_BOOL: return cel_bool(d->number != 0);
        case DATUM_INT: return cel_int(d->number);
        case DATUM_DOUBLE: return cel_double(d->real);
        case DATUM_STRING: return cel_string(datum_text(c, d));
        case DATUM_DATE: return (cel_value){ .kind = CEL_TIMESTAMP, .integer = d->number };
        case DATUM_LIST: return cel_object(&datum_list_kind, d);
        case DATUM_MAP: return cel_object(&datum_map_kind, d);
    }
    return cel_null();
}

static cel_value catalog_field(cel_context *c, const void *object, slice name, bool *absent) {
    (void)object;
    const rule_set *s = evaluation_of(c)->tables;
    if (s == NULL || s->data == NULL)
        return cel_null();
    return datum_field(c, &s->data[0], name, absent);
}

const cel_object_kind bind_catalog_kind = { SLICE_INIT("catalog"), catalog_field, NULL, NULL, NULL, NULL };

cel_value bind_tables(void) { return cel_object(&bind_catalog_kind, &bind_catalog_kind); }

/* ---- display ---- */

slice bind_display(cel_context *c, cel_value v) {
    const node *n = bind_as_node(v);
    const resource *r = bind_as_resource(v);
    if (n != NULL)
        return n->id;
    if (r != NULL)
        return r->id;
    const value *from = bind_origin(c, v);
    if (v.kind == CEL_UNKNOWN)
        return value_is_open(from) && from->kind != VAL_UNKNOWN ? value_display(c->arena, value_under(from, evaluation_of(c)->when)) : SLICE("?");
    return cel_display(c->arena, v);
}
