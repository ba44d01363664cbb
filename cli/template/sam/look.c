/* Looking at values as they are written, the way the SAM translator does: before anything is deployed, with parameters at their values. */
#include "base/digest.h"
#include "template/cfn/reader.h"
#include "template/sam/lower.h"

#include <stdlib.h>

bool sam_is_intrinsic(const doc_node *n) {
    if (n == NULL || n->kind != DOC_MAP || n->map.len != 1)
        return false;
    slice key = n->map.at[0].key;
    return slice_is(key, "Ref") || slice_is(key, "Condition") || slice_starts(key, SLICE("Fn::"));
}

bool sam_is_if(const doc_node *n) {
    if (n == NULL || n->kind != DOC_MAP || n->map.len != 1 || !slice_is(n->map.at[0].key, "Fn::If"))
        return false;
    const doc_node *arg = n->map.at[0].value;
    return arg->kind == DOC_LIST && arg->list.len == 3 && arg->list.at[0]->kind == DOC_STRING;
}

bool sam_is_no_value(const doc_node *n) {
    const doc_node *id = doc_get(n, SLICE("Ref"));
    return id != NULL && n->map.len == 1 && slice_is(id->text, "AWS::NoValue");
}

bool sam_truth(const doc_node *n) {
    if (sam_none(n))
        return false;
    switch (n->kind) {
    case DOC_NULL: return false;
    case DOC_BOOL: return n->boolean;
    case DOC_INT: return n->integer != 0;
    case DOC_DOUBLE: return n->number < 0 || n->number > 0;
    case DOC_STRING: return n->text.len > 0;
    case DOC_LIST: return n->list.len > 0;
    case DOC_MAP: return n->map.len > 0;
    }
    return false;
}

const doc_node *sam_get(const doc_node *map, const char *key) {
    const doc_node *v = doc_get(map, slice_from(key));
    return sam_none(v) ? NULL : v;
}

const doc_node *sam_prop(const sam *s, const char *name) { return sam_get(s->now->props, name); }

sam_resource *sam_resource_of(const sam *s, slice id) { return strmap_get(&s->by_id, id); }

bool sam_alphanumeric(slice text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return false;
    }
    return text.len > 0;
}

slice sam_ref_id(const doc_node *n) {
    if (n != NULL && n->kind == DOC_MAP)
        n = doc_get(n, SLICE("Ref"));
    return n != NULL && n->kind == DOC_STRING ? n->text : (slice){ "", 0 };
}

slice sam_named(const doc_node *n) {
    slice none = { "", 0 };
    if (n == NULL || n->kind != DOC_MAP || n->map.len != 1)
        return none;
    if (slice_is(n->map.at[0].key, "Ref"))
        return sam_ref_id(n);
    if (!slice_is(n->map.at[0].key, "Fn::GetAtt"))
        return none;
    const doc_node *arg = n->map.at[0].value;
    if (arg->kind == DOC_LIST)
        return arg->list.len == 2 && arg->list.at[0]->kind == DOC_STRING ? arg->list.at[0]->text : none;
    if (arg->kind != DOC_STRING)
        return none;
    return slice_from_to(arg->text, 0, slice_find(arg->text, '.'));
}

slice sam_named_draft(sam *s, draft *d) {
    if (d == NULL || d->node != NULL)
        return sam_named(d == NULL ? NULL : d->node);
    draft *ref = draft_get(&s->drafts, d, SLICE("Ref")), *att = draft_get(&s->drafts, d, SLICE("Fn::GetAtt"));
    if (ref != NULL)
        return draft_text(ref);
    return draft_is_list(att) && draft_open(&s->drafts, att) && att->entries.len == 2 ? draft_text(draft_at(&s->drafts, att, 0)) : (slice){ "", 0 };
}

/* ---- parameters ---- */

/* What the parent's resource gives a nested stack: SAM runs with that. *open: it gives something that is not known before deployment. */
static const doc_node *from_parent(sam *s, slice name, const doc_node *at, bool *open) {
    const reader *r = s->t->parent == NULL ? NULL : cfn_reader(s->t);
    const value *v = r == NULL || r->nested_parameters == NULL ? &value_absent : value_get(s->a, r->nested_parameters, name);
    slice text;
    *open = false;
    if (value_is_absent(v))
        return NULL;
    if (v->kind == VAL_REF || v->kind == VAL_LIST || v->kind == VAL_MAP || !value_text(s->a, v, &text)) {
        *open = true;
        return NULL;
    }
    doc_node *given = doc_new_string(s->a, at->at, text);
    given->quoted = true;
    given->end = at->end;
    return given;
}

static bool parameter_value(sam *s, slice name, const doc_node *at, const doc_node **out) {
    const template_options *o = s->t->set == NULL ? NULL : s->t->set->options;
    const doc_node *body = doc_get(doc_get(s->doc, SLICE("Parameters")), name);
    if (body == NULL)
        return false;
    for (size_t i = 0; o != NULL && i < o->parameters_len; i++)
        if (slice_eq(o->parameters[i].name, name) && s->t->parent == NULL) {
            doc_node *given = doc_new_string(s->a, at->at, o->parameters[i].value);
            given->quoted = true;
            given->end = at->end;
            *out = given;
            return true;
        }
    bool open;
    *out = from_parent(s, name, at, &open);
    if (*out != NULL || open)
        return *out != NULL;
    *out = sam_get(body, "Default");
    if (*out == NULL)
        return false;
    doc_node *placed = ARENA_NEW(s->a, doc_node);
    *placed = **out;
    placed->at = at->at;
    placed->end = at->end;
    *out = placed;
    return true;
}

/* A plain Sub whose ${...} are all parameters with values; NULL otherwise. */
static const doc_node *sub_resolved(sam *s, const doc_node *call, slice text) {
    VEC(slice) parts = { 0 };
    size_t size = 0;
    for (size_t i = 0; i < text.len;) {
        slice rest = slice_after(text, i);
        size_t open = slice_find_slice(rest, SLICE("${"));
        if (open == (size_t)-1) {
            VEC_PUSH(s->a, &parts, rest);
            break;
        }
        VEC_PUSH(s->a, &parts, slice_from_to(rest, 0, open));
        slice name = slice_after(rest, open + 2);
        size_t close = slice_find(name, '}');
        const doc_node *got;
        if (close == name.len || !parameter_value(s, slice_trim(slice_from_to(name, 0, close)), call, &got) || got->kind > DOC_STRING)
            return NULL;
        VEC_PUSH(s->a, &parts, got->text);
        size += got->text.len;
        if (parts.len > VALUE_MAX_PARTS || size > VALUE_MAX_TEXT)
            return NULL;
        i += open + 2 + close + 1;
    }
    doc_node *made = doc_new_string(s->a, call->at, arena_concat(s->a, parts.at, parts.len));
    made->quoted = true;
    made->end = call->end;
    return made;
}

const doc_node *sam_resolved(sam *s, const doc_node *n) {
    if (n == NULL || n->kind != DOC_MAP || n->map.len != 1)
        return n;
    const doc_entry *e = &n->map.at[0];
    const doc_node *got;
    if (slice_is(e->key, "Ref") && e->value->kind == DOC_STRING && parameter_value(s, e->value->text, n, &got))
        return got;
    if (slice_is(e->key, "Fn::Sub") && e->value->kind == DOC_STRING) {
        const doc_node *text = sub_resolved(s, n, e->value->text);
        return text == NULL ? n : text;
    }
    if (slice_is(e->key, "Fn::FindInMap") && e->value->kind == DOC_LIST && e->value->list.len == 3) {
        const doc_node *found = doc_get(s->doc, SLICE("Mappings"));
        for (size_t i = 0; i < 3 && found != NULL; i++) {
            const doc_node *key = sam_resolved(s, e->value->list.at[i]);
            found = key->kind <= DOC_STRING ? doc_get(found, key->text) : NULL;
        }
        return found == NULL ? n : found;
    }
    return n;
}

bool sam_text(sam *s, const doc_node *n, slice *text) {
    n = sam_resolved(s, n);
    if (n == NULL || n->kind != DOC_STRING)
        return false;
    *text = n->text;
    return true;
}

slice sam_text_of(sam *s, const doc_node *n) {
    slice text;
    return sam_text(s, n, &text) ? text : (slice){ "", 0 };
}

bool sam_is(sam *s, const doc_node *n, const char *text) { return slice_is(sam_text_of(s, n), text); }

bool sam_is_true(sam *s, const doc_node *n) {
    n = sam_resolved(s, n);
    if (n == NULL)
        return false;
    return n->kind == DOC_BOOL ? n->boolean : n->kind == DOC_STRING && (slice_is(n->text, "true") || slice_is(n->text, "True"));
}

/* ---- hashes ---- */

slice sam_hash_text(sam *s, slice text) {
    unsigned char digest[20];
    if (text.len == 0)
        return (slice){ "", 0 };
    sha1_bytes(text, digest);
    return hex_of(s->a, digest, 5);      /* ten digits */
}

static int by_key(const void *x, const void *y) {
    return slice_order((*(const doc_entry *const *)x)->key, (*(const doc_entry *const *)y)->key);
}

static void canonical(sam *s, const doc_node *n, json_out *out, unsigned depth) {
    n = sam_resolved(s, n);
    if (s->visited++ > SAM_MAX_VISITED || depth > DOC_MAX_DEPTH) {
        json_null(out);
        return;
    }
    if (n->kind == DOC_LIST) {
        json_list(out);
        for (size_t i = 0; i < n->list.len && s->visited <= SAM_MAX_VISITED; i++)
            canonical(s, n->list.at[i], out, depth + 1);
        json_list_end(out);
    } else if (n->kind == DOC_MAP) {
        const doc_entry **order = ARENA_ARRAY(s->a, const doc_entry *, n->map.len);
        for (size_t i = 0; i < n->map.len; i++)
            order[i] = &n->map.at[i];
        qsort(order, n->map.len, sizeof *order, by_key);
        json_object(out);
        for (size_t i = 0; i < n->map.len && s->visited <= SAM_MAX_VISITED; i++) {
            json_key(out, order[i]->key);
            canonical(s, order[i]->value, out, depth + 1);
        }
        json_object_end(out);
    } else {
        doc_write_json(n, out, 1);
    }
}

static int by_draft_key(const void *x, const void *y) {
    return slice_order((*(const draft_entry *const *)x)->key, (*(const draft_entry *const *)y)->key);
}

static void canonical_draft(sam *s, const draft *d, json_out *out, unsigned depth) {
    if (d->node != NULL) {
        canonical(s, d->node, out, depth);
        return;
    }
    bool map = d->kind == DOC_MAP;
    const draft_entry **order = ARENA_ARRAY(s->a, const draft_entry *, d->entries.len);
    for (size_t i = 0; i < d->entries.len; i++)
        order[i] = &d->entries.at[i];
    if (map)
        qsort(order, d->entries.len, sizeof *order, by_draft_key);
    if (map) json_object(out);
    else json_list(out);
    for (size_t i = 0; i < d->entries.len && depth <= DOC_MAX_DEPTH; i++) {
        if (map)
            json_key(out, order[i]->key);
        if (order[i]->value == NULL)
            canonical(s, order[i]->node, out, depth + 1);
        else
            canonical_draft(s, order[i]->value, out, depth + 1);
    }
    if (map) json_object_end(out);
    else json_list_end(out);
}

slice sam_hash_draft(sam *s, const draft *d) {
    if (d->node == NULL && d->entries.len == 0)
        return (slice){ "", 0 };
    buf text = { .arena = s->a };
    json_out out = { .out = &text };
    canonical_draft(s, d, &out, 0);
    return sam_hash_text(s, buf_as_slice(&text));
}

slice sam_hash(sam *s, const doc_node *n) {
    n = sam_resolved(s, n);
    if (!sam_truth(n))
        return (slice){ "", 0 };
    if (n->kind == DOC_STRING)
        return sam_hash_text(s, n->text);
    buf text = { .arena = s->a };
    json_out out = { .out = &text };
    canonical(s, n, &out, 0);
    return sam_hash_text(s, buf_as_slice(&text));
}
