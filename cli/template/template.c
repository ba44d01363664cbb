#include "template/template.h"

static const slice problem_names[] = {
#define PROBLEM(name, text) SLICE_INIT(text),
#include "template/problem.def"
#undef PROBLEM
};

slice problem_name(problem_kind k) { return problem_names[k]; }

template *template_read(templates *set, arena *a, slice path, uint32_t file, slice text, const doc_node *doc, slice id_prefix, diags *d) {
    const template_format *format = doc == NULL ? NULL : template_detect(doc, path);
    if (format == NULL) {
        if (doc != NULL)
            diag_add(d, (pos){ file, 0, 0 },
                     "no template: a CloudFormation template is a mapping with Resources, each with a Type such as AWS::SQS::Queue");
        return NULL;
    }
    template *t = ARENA_NEW(a, template);
    *t = (template){ .path = path, .file = file, .id_prefix = id_prefix, .text = text, .doc = doc, .format = format, .arena = a, .set = set };
    return format->read(t, d) ? t : NULL;
}

const resource *template_resource(const template *t, slice logical_id) { return strmap_get(&t->by_id, logical_id); }

/* ---- properties with their documented defaults ---- */

const value *resource_written(arena *a, const resource *r, slice path) { return value_at(a, r->properties, path); }

/* Most defaults are one plain scalar: they need no parser. NULL: this one does. */
static const value *scalar_default(arena *a, const resource *r, slice json) {
    value *v = NULL;
    long long n;
    if (json.len >= 2 && json.at[0] == '"' && slice_find(json, '\\') == json.len) {
        v = value_new(a, VAL_STRING, r->at);
        v->text = slice_from_to(json, 1, json.len - 1);
    } else if (slice_is(json, "true") || slice_is(json, "false")) {
        v = value_new(a, VAL_BOOL, r->at);
        v->text = json;
        v->boolean = json.len == 4;
    } else if (json.len > 0 && json.at[0] >= '0' && json.at[0] <= '9' && slice_int(json, &n)) {
        v = value_new(a, VAL_INT, r->at);
        v->text = json;
        v->integer = n;
    }
    if (v != NULL) v->end = r->end;
    return v;
}

static const value *json_default(arena *a, const resource *r, slice json, slice below) {
    const value *scalar = below.len == 0 ? scalar_default(a, r, json) : NULL;
    if (scalar != NULL) return scalar;
    const doc_node *n = doc_parse_json(a, json, r->at, NULL);
    if (n == NULL) return &value_absent;
    /* The places of a default are those of the resource: there is nothing else to show. */
    const value *v = value_at(a, value_from_doc(a, n), below);
    return v->kind == VAL_ABSENT ? v : value_placed(a, v, r->at, r->end);
}

static const value *default_of(arena *a, const resource *r, slice path) {
    if (r->row == NULL) return &value_absent;
    for (size_t i = 0; i < r->row->defaults_count; i++) {
        const catalog_default *d = &catalog_defaults[r->row->defaults_first + i];
        slice at = catalog_text(d->path);
        if (slice_eq(at, path)) return json_default(a, r, catalog_text(d->json), SLICE(""));
        if (path.len > at.len && path.at[at.len] == '.' && slice_starts(path, at)) return json_default(a, r, catalog_text(d->json), slice_after(path, at.len + 1));
    }
    return &value_absent;
}

static const value *or_default(void *self, const value *v) { return value_is_absent(v) ? self : v; }

const value *resource_get(arena *a, const resource *r, slice path) {
    const value *written = value_at(a, r->properties, path);
    if (written->kind != VAL_CHOICE && !value_is_absent(written)) return written;
    const value *preset = default_of(a, r, path);
    if (preset->kind == VAL_ABSENT) return written->kind == VAL_CHOICE ? written : &value_absent;
    return value_map(a, written, or_default, (void *)(uintptr_t)preset);
}
