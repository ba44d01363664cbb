/* What is done to the text of a template before it is read: loops (Fn::ForEach) are unrolled, local files of AWS::Include are put in.
 * The result is a document again; everything in it stands where its author wrote it.
 * Facts: CloudFormation user guide, "Fn::ForEach", "AWS::Include transform". */
#include "template/cfn/reader.h"

#define LOOP    "Fn::ForEach::"
#define INCLUDE "AWS::Include"

typedef struct {
    reader *r;
    pointers done;            /* shared nodes that were expanded */
    size_t visits, copies;
    bool stopped, including, in_resources;
} expansion;

static const doc_node *expand(expansion *x, const doc_node *n);

typedef VEC(doc_entry) entry_list;

/* ---- loops ---- */

typedef struct {
    expansion *x;
    slice name, text, letters;     /* the identifier; its value, and that without what a logical id may not have */
    pointers done;
} substitution;

static slice letters_of(arena *a, slice s) {
    buf b = { .arena = a };
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) buf_char(&b, c);
    }
    return buf_as_slice(&b);
}

/* ${Name} and &{Name} in a text; the same text when there is none. */
static slice put_in(const substitution *s, slice text) {
    buf b = { .arena = s->x->r->a };
    size_t from = 0;
    for (size_t i = 0; i + 3 + s->name.len <= text.len; i++) {
        char c = text.at[i];
        if ((c != '$' && c != '&') || text.at[i + 1] != '{' || text.at[i + 2 + s->name.len] != '}') continue;
        if (!slice_eq(slice_from_to(text, i + 2, i + 2 + s->name.len), s->name)) continue;
        buf_slice(&b, slice_from_to(text, from, i));
        buf_slice(&b, c == '&' ? s->letters : s->text);
        from = i + 3 + s->name.len;
        i = from - 1;
    }
    if (from == 0) return text;
    buf_slice(&b, slice_after(text, from));
    return buf_as_slice(&b);
}

static bool visit(expansion *x, pos at) {
    if (x->stopped) return false;
    if (++x->visits <= TEMPLATE_MAX_LOOP_NODES) return true;
    x->stopped = true;
    diag_add(x->r->d, at, "the loops of this template make more than %u nodes: the rest is not read", TEMPLATE_MAX_LOOP_NODES);
    return false;
}

static const doc_node *substitute(substitution *s, const doc_node *n);

static const doc_node *substitute_plain(substitution *s, const doc_node *n) {
    arena *a = s->x->r->a;
    if (n->kind == DOC_STRING) {
        slice text = put_in(s, n->text);
        if (text.at == n->text.at && text.len == n->text.len) return n;
        doc_node *made = doc_new_string(a, n->at, text);
        made->end = n->end;
        made->quoted = n->quoted;
        return made;
    }
    if (n->kind == DOC_LIST) {
        const doc_node **items = NULL;
        for (size_t i = 0; i < n->list.len; i++) {
            const doc_node *item = substitute(s, n->list.at[i]);
            if (item != n->list.at[i] && items == NULL) {
                items = ARENA_ARRAY(a, const doc_node *, n->list.len);
                memcpy(items, n->list.at, n->list.len * sizeof *items);
            }
            if (items != NULL) items[i] = item;
        }
        if (items == NULL) return n;
        doc_node *made = doc_new_list(a, n->at, items, n->list.len);
        made->end = n->end;
        return made;
    }
    if (n->kind != DOC_MAP) return n;
    if (n->map.len == 1 && slice_is(n->map.at[0].key, "Ref") && n->map.at[0].value->kind == DOC_STRING &&
        slice_eq(n->map.at[0].value->text, s->name)) {
        doc_node *made = doc_new_string(a, n->at, s->text);
        made->end = n->end;
        return made;
    }
    doc_entry *entries = NULL;
    for (size_t i = 0; i < n->map.len; i++) {
        doc_entry e = n->map.at[i];
        e.key = put_in(s, e.key);
        e.value = substitute(s, e.value);
        if ((e.value != n->map.at[i].value || e.key.at != n->map.at[i].key.at) && entries == NULL) {
            entries = ARENA_ARRAY(a, doc_entry, n->map.len);
            memcpy(entries, n->map.at, n->map.len * sizeof *entries);
        }
        if (entries != NULL) entries[i] = e;
    }
    if (entries == NULL) return n;
    doc_node *made = doc_new_map(a, n->at, entries, n->map.len);
    made->end = n->end;
    made->from_tag = n->from_tag;
    return made;
}

/* Recursion is bounded by DOC_MAX_DEPTH: substitution makes nothing deeper. */
static const doc_node *substitute(substitution *s, const doc_node *n) {
    if (!visit(s->x, n->at)) return n;
    if (!n->shared) return substitute_plain(s, n);
    const doc_node *before = pointers_get(&s->done, n);
    if (before == NULL) {
        before = substitute_plain(s, n);
        pointers_put(s->x->r->a, &s->done, n, (void *)(uintptr_t)before);
    }
    return before;
}

/* The elements of a collection, or false when they can't be known. */
static bool collection(expansion *x, const doc_node *n, const value **out) {
    reader *r = x->r;
    const value *v = cfn_resolve(r, n);
    if (v->kind == VAL_LIST) {
        VEC(const value *) items = { 0 };
        for (size_t i = 0; i < v->list.len; i++) {
            const value *item = v->list.at[i];
            slice text;
            if (item->kind == VAL_LIST) {           /* a Ref to a list among the elements */
                for (size_t k = 0; k < item->list.len; k++) {
                    if (!value_text(r->a, item->list.at[k], &text)) return false;
                    VEC_PUSH(r->a, &items, value_new_string(r->a, n->at, text));
                }
            } else {
                if (!value_text(r->a, item, &text)) return false;
                VEC_PUSH(r->a, &items, value_new_string(r->a, n->at, text));
            }
        }
        *out = value_new_list(r->a, n->at, items.at, items.len);
        return true;
    }
    return false;
}

/* Ids that a loop over something unknown may make. */
static void open_ids(expansion *x, const doc_node *body, slice name, unsigned depth) {
    if (!x->in_resources || body->kind != DOC_MAP || depth > DOC_MAX_DEPTH) return;
    substitution s = { .x = x, .name = name, .text = SLICE("*"), .letters = SLICE("*") };
    for (size_t i = 0; i < body->map.len; i++) {
        const doc_entry *e = &body->map.at[i];
        if (!slice_starts(e->key, SLICE(LOOP))) {
            VEC_PUSH(x->r->a, &x->r->open_ids, put_in(&s, e->key));
        } else if (e->value->kind == DOC_LIST && e->value->list.len == 3) {
            open_ids(x, substitute(&s, e->value->list.at[2]), e->value->list.at[0]->text, depth + 1);
        }
    }
}

static void push_entries(expansion *x, entry_list *out, const doc_node *map) {
    for (size_t i = 0; i < map->map.len; i++) VEC_PUSH(x->r->a, out, map->map.at[i]);
}

static void unroll(expansion *x, entry_list *out, const doc_entry *loop) {
    reader *r = x->r;
    const doc_node *arg = loop->value;
    if (arg->kind != DOC_LIST || arg->list.len != 3 || !doc_is_scalar(arg->list.at[0]) || arg->list.at[2]->kind != DOC_MAP) {
        r->now.quiet = false;
        cfn_problem(r, PROBLEM_FUNCTION, loop->key_at, loop->key_end,
                    SLICE("Fn::ForEach needs an identifier, a collection and a mapping: [Name, [A, B], {'Queue${Name}': ...}]"));
        r->now.quiet = true;
        return;
    }
    const value *items;
    if (!collection(x, arg->list.at[1], &items)) {
        open_ids(x, arg->list.at[2], arg->list.at[0]->text, 0);
        VEC_PUSH(r->a, out, *loop);
        return;
    }
    for (size_t i = 0; i < items->list.len && !x->stopped; i++) {
        if (x->copies++ == TEMPLATE_MAX_LOOP) {
            x->stopped = true;
            diag_add(r->d, loop->key_at, "the loops of this template run more than %u times: the rest is not read", TEMPLATE_MAX_LOOP);
            return;
        }
        slice text = items->list.at[i]->text;
        substitution s = { .x = x, .name = arg->list.at[0]->text, .text = text, .letters = letters_of(r->a, text) };
        push_entries(x, out, expand(x, substitute(&s, arg->list.at[2])));
    }
}

/* ---- includes ---- */

static const doc_node *include_location(const doc_node *n) {
    const doc_node *name = doc_get(n, SLICE("Name"));
    if (name == NULL || !doc_is_scalar(name) || !slice_is(name->text, INCLUDE)) return NULL;
    const doc_node *location = doc_get(doc_get(n, SLICE("Parameters")), SLICE("Location"));
    return location != NULL && location->kind == DOC_STRING && cfn_is_local(location->text) ? location : NULL;
}

/* The mapping in the included file, or NULL. Includes inside it are not followed (neither does CloudFormation). */
static const doc_node *included(expansion *x, const doc_node *n) {
    const doc_node *location = include_location(n);
    if (location == NULL || x->including) return NULL;
    reader *r = x->r;
    slice why = SLICE(""), path = cfn_beside(r->a, r->t->path, location->text);
    const loaded_file *f = cfn_load(r->t, r->tree, path, location->at, r->d, &why);
    if (f == NULL) {
        if (why.len > 0)
            diag_info(r->d, location->at, "%.*s is not included (%.*s): what it holds is unknown", SLICE_ARG(path), SLICE_ARG(why));
        return NULL;
    }
    if (f->doc->kind != DOC_MAP) return NULL;
    x->including = true;
    const doc_node *made = expand(x, f->doc);
    x->including = false;
    return made;
}

/* Fn::Transform of a mapping: an include, or a list of them; false when some are not at hand. */
static bool include_into(expansion *x, entry_list *out, const doc_node *n) {
    if (n->kind != DOC_LIST) {
        const doc_node *map = included(x, n);
        if (map != NULL) push_entries(x, out, map);
        return map != NULL;
    }
    bool all = n->list.len > 0;
    for (size_t i = 0; i < n->list.len; i++) all = include_into(x, out, n->list.at[i]) && all;
    return all;
}

/* ---- the walk ---- */

static const doc_node *expand_map(expansion *x, const doc_node *n) {
    arena *a = x->r->a;
    entry_list out = { 0 };
    bool changed = false;
    for (size_t i = 0; i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        if (slice_starts(e->key, SLICE(LOOP)) && !changed) {
            for (size_t k = 0; k < i; k++) VEC_PUSH(a, &out, n->map.at[k]);
            changed = true;
        }
        if (slice_starts(e->key, SLICE(LOOP))) {
            unroll(x, &out, e);
            continue;
        }
        if (slice_is(e->key, "Fn::Transform")) {
            size_t len = out.len;
            if (!changed)
                for (size_t k = 0; k < i; k++) VEC_PUSH(a, &out, n->map.at[k]);
            if (include_into(x, &out, e->value)) {
                changed = true;
                continue;
            }
            if (!changed) out.len = len;
        }
        doc_entry made = *e;
        made.value = expand(x, e->value);
        if (made.value != e->value && !changed) {
            for (size_t k = 0; k < i; k++) VEC_PUSH(a, &out, n->map.at[k]);
            changed = true;
        }
        if (changed) VEC_PUSH(a, &out, made);
    }
    if (!changed) return n;
    doc_node *made = doc_new_map(a, n->at, out.at, out.len);
    made->end = n->end;
    made->from_tag = n->from_tag;
    return made;
}

static const doc_node *expand_list(expansion *x, const doc_node *n) {
    const doc_node **items = NULL;
    for (size_t i = 0; i < n->list.len; i++) {
        const doc_node *item = expand(x, n->list.at[i]);
        if (item != n->list.at[i] && items == NULL) {
            items = ARENA_ARRAY(x->r->a, const doc_node *, n->list.len);
            memcpy(items, n->list.at, n->list.len * sizeof *items);
        }
        if (items != NULL) items[i] = item;
    }
    if (items == NULL) return n;
    doc_node *made = doc_new_list(x->r->a, n->at, items, n->list.len);
    made->end = n->end;
    return made;
}

/* Recursion is bounded by the depth of the document and of what it includes. */
static const doc_node *expand(expansion *x, const doc_node *n) {
    if (n->kind != DOC_MAP && n->kind != DOC_LIST) return n;
    if (n->shared) {
        const doc_node *before = pointers_get(&x->done, n);
        if (before != NULL) return before;
    }
    const doc_node *made = n->kind == DOC_MAP ? expand_map(x, n) : expand_list(x, n);
    if (n->shared) pointers_put(x->r->a, &x->done, n, (void *)(uintptr_t)made);
    return made;
}

/* Sections of an included file that stands in the template's own Transform join the template's sections. */
static const doc_node *merge_top(expansion *x, const doc_node *doc, const doc_node *from) {
    arena *a = x->r->a;
    entry_list out = { 0 };
    for (size_t i = 0; i < doc->map.len; i++) {
        doc_entry e = doc->map.at[i];
        const doc_node *more = doc_get(from, e.key);
        if (more != NULL && more->kind == DOC_MAP && e.value->kind == DOC_MAP) {
            entry_list both = { 0 };
            push_entries(x, &both, e.value);
            push_entries(x, &both, more);
            doc_node *made = doc_new_map(a, e.value->at, both.at, both.len);
            made->end = e.value->end;
            e.value = made;
        }
        VEC_PUSH(a, &out, e);
    }
    for (size_t i = 0; i < from->map.len; i++)
        if (doc_get(doc, from->map.at[i].key) == NULL) VEC_PUSH(a, &out, from->map.at[i]);
    doc_node *made = doc_new_map(a, doc->at, out.at, out.len);
    made->end = doc->end;
    return made;
}

/* The entries of Transform that are includes at hand are done and go. */
static const doc_node *top_includes(expansion *x, const doc_node *doc) {
    arena *a = x->r->a;
    const doc_entry *transform = doc_entry_of(doc, SLICE("Transform"));
    if (transform == NULL || transform->value->kind == DOC_STRING) return doc;
    const doc_node *all = transform->value;
    size_t len = all->kind == DOC_LIST ? all->list.len : 1, left = 0;
    const doc_node **rest = ARENA_ARRAY(a, const doc_node *, len);
    const doc_node *merged = doc;
    for (size_t i = 0; i < len; i++) {
        const doc_node *one = all->kind == DOC_LIST ? all->list.at[i] : all;
        const doc_node *map = included(x, one);
        if (map == NULL) rest[left++] = one;
        else merged = merge_top(x, merged, map);
    }
    if (merged == doc) return doc;
    doc_entry *entries = ARENA_ARRAY(a, doc_entry, merged->map.len);
    for (size_t i = 0; i < merged->map.len; i++) {
        entries[i] = merged->map.at[i];
        if (slice_is(entries[i].key, "Transform")) entries[i].value = doc_new_list(a, all->at, rest, left);
    }
    return doc_new_map(a, doc->at, entries, merged->map.len);
}

const doc_node *cfn_expand(template *t, const doc_node *doc, diags *d) {
    if (doc->kind != DOC_MAP) return doc;
    bool loops = slice_find_slice(t->text, SLICE(LOOP)) != (size_t)-1, includes = slice_find_slice(t->text, SLICE(INCLUDE)) != (size_t)-1;
    if (!loops && !includes) return doc;
    reader *r = cfn_reader_of(t, d);
    expansion x = { .r = r };
    if (includes) doc = top_includes(&x, doc);
    /* Collections name parameters, mappings and conditions: those are read first, and read again when the loops are unrolled. */
    r->now = (place){ .quiet = true };
    r->doc = doc;
    const doc_node *mappings = doc_get(doc, SLICE("Mappings"));
    for (size_t i = 0; mappings != NULL && mappings->kind == DOC_MAP && i < mappings->map.len; i++)
        strmap_put(r->a, &r->mappings, mappings->map.at[i].key, (void *)(uintptr_t)mappings->map.at[i].value);
    cfn_read_parameters(r);
    static const slice sections[] = { SLICE_INIT("Parameters"), SLICE_INIT("Mappings"), SLICE_INIT("Conditions"), SLICE_INIT("Resources"), SLICE_INIT("Outputs") };
    doc_entry *entries = ARENA_ARRAY(r->a, doc_entry, doc->map.len);
    memcpy(entries, doc->map.at, doc->map.len * sizeof *entries);
    for (size_t k = 0; k < COUNT(sections); k++) {
        for (size_t i = 0; i < doc->map.len; i++) {
            if (!slice_eq(entries[i].key, sections[k])) continue;
            x.in_resources = slice_is(sections[k], "Resources");
            entries[i].value = expand(&x, entries[i].value);
            x.done = (pointers){ 0 };
        }
        if (slice_is(sections[k], "Conditions")) {
            doc_node *so_far = doc_new_map(r->a, doc->at, entries, doc->map.len);
            r->doc = so_far;
            cfn_read_conditions(r);
            r->memo[0] = r->memo[1] = (pointers){ 0 };
        }
    }
    r->now = (place){ 0 };
    doc_node *made = doc_new_map(r->a, doc->at, entries, doc->map.len);
    made->end = doc->end;
    return made;
}
