#include "graph/index.h"

/* ---- physical names ---- */

#define NAME_DEPTH 4     /* names that are made of other resources' names */

static slice name_at(const scope *s, const resource *r, unsigned depth);

static slice generated(arena *a, const resource *r) { return arena_concat(a, (slice[]){ SLICE("\1#"), r->id, SLICE("\2") }, 3); }

void arn_open_part(buf *b, unknown_why why, slice what) {
    buf_reserve(b, what.len + 8);
    buf_char(b, '\1');
    buf_number(b, (unsigned)why, 0);
    buf_char(b, ':');
    buf_slice(b, what);
    buf_char(b, '\2');
}

static void encode(const scope *s, buf *b, const value *v, unsigned depth) {
    switch (v->kind) {
    case VAL_STRING: case VAL_BOOL: case VAL_INT: case VAL_DOUBLE:
        for (size_t i = 0; i < v->text.len; i++)
            buf_char(b, v->text.at[i] >= 0 && v->text.at[i] < 3 ? ' ' : v->text.at[i]);   /* \1 and \2 are ours */
        break;
    case VAL_JOINED:
        for (size_t i = 0; i < v->list.len; i++)
            encode(s, b, v->list.at[i], depth);
        break;
    case VAL_REF: {
        const arn_type *t = arn_type_of(v->ref.to->type);
        if (t != NULL && arn_type_gives_arn(t, v->ref.attr)) {
            buf_text(b, "\1@");
            buf_slice(b, v->ref.to->id);
            buf_char(b, '\2');
        } else
            buf_slice(b, depth == 0 ? generated(b->arena, v->ref.to) : name_at(s, v->ref.to, depth - 1));
        break;
    }
    case VAL_UNKNOWN:
        switch (v->why) {
        case UNKNOWN_PARAMETER: case UNKNOWN_PSEUDO: case UNKNOWN_IMPORT: case UNKNOWN_DYNAMIC: case UNKNOWN_SSM_PARAMETER:
        case UNKNOWN_NESTED_OUTPUT:
            if (v->text.len > 0) {
                arn_open_part(b, v->why, v->text);
                break;
            }
            buf_printf(b, "\1?%p\2", (const void *)v);
            break;
        default:                             /* equal only to itself */
            buf_printf(b, "\1?%p\2", (const void *)v);
        }
        break;
    case VAL_CHOICE:
        buf_printf(b, "\1?%p\2", (const void *)v);
        break;
    case VAL_ABSENT: case VAL_NULL: case VAL_LIST: case VAL_MAP:
        break;
    }
}

slice arn_encode(const scope *s, const value *v) {
    buf b = { .arena = s->arena };
    encode(s, &b, v, NAME_DEPTH);
    return buf_as_slice(&b);
}

static slice name_property(const resource *r) {
    const arn_type *t = arn_type_of(r->type);
    if (t != NULL)
        return t->name;
    /* Ref gives the name, and ARNs of routes have it in them */
    bool stage = slice_is(r->type, "AWS::ApiGateway::Stage") || slice_is(r->type, "AWS::ApiGatewayV2::Stage");
    return stage ? SLICE("StageName") : SLICE("");
}

static slice name_at(const scope *s, const resource *r, unsigned depth) {
    slice property = name_property(r);
    if (property.len == 0)
        return generated(s->arena, r);
    const value *name = value_get(s->arena, r->properties, property);
    if (name->kind != VAL_STRING && name->kind != VAL_JOINED && name->kind != VAL_REF && name->kind != VAL_UNKNOWN)
        return generated(s->arena, r);
    if (name->kind == VAL_UNKNOWN && r->properties->kind == VAL_UNKNOWN)
        return generated(s->arena, r);
    buf b = { .arena = s->arena };
    encode(s, &b, name, depth);
    return b.bytes.len == 0 ? generated(s->arena, r) : buf_as_slice(&b);
}

slice name_of(const scope *s, const resource *r) { return name_at(s, r, NAME_DEPTH); }

/* ---- the index ---- */

static slice template_key(const template *const *t) { return (slice){ (const char *)t, sizeof *t }; }

template_index *index_of(const graph_index *x, const template *t) { return strmap_get(&x->by_template, template_key(&t)); }

static void index_files(graph_index *x, arena *a) {
    size_t last = 0;
    x->first_file = x->len == 0 ? 0 : x->templates[0].t->file;
    for (size_t i = 0; i < x->len; i++) {
        size_t file = x->templates[i].t->file;
        if (file < x->first_file)
            x->first_file = file;
        if (file > last)
            last = file;
    }
    x->files = x->len == 0 ? 0 : last - x->first_file + 1;
    x->by_file = ARENA_ARRAY(a, template_index *, x->files);
    for (size_t i = x->len; i > 0; i--)
        x->by_file[x->templates[i - 1].t->file - x->first_file] = &x->templates[i - 1];
}

template_index *index_of_file(const graph_index *x, uint32_t file) {
    bool inside = file >= x->first_file && file - x->first_file < x->files;
    template_index *t = inside ? x->by_file[file - x->first_file] : NULL;
    return t != NULL ? t : &x->templates[0];
}

void index_make(graph_index *x, templates *set, arena *a) {
    x->len = set->list.len;
    x->templates = ARENA_ARRAY(a, template_index, x->len);
    for (size_t i = 0; i < x->len; i++) {
        x->templates[i].t = set->list.at[i];
        strmap_put(a, &x->by_template, template_key(&x->templates[i].t), &x->templates[i]);
        for (size_t k = 0; k < set->list.at[i]->resources.len; k++) {
            resource *r = set->list.at[i]->resources.at[k];
            strmap_put(a, &x->by_id, r->id, r);
        }
    }
    index_files(x, a);
}

static slice name_key(arena *a, const arn_type *t, slice name) {
    slice parts[] = { t->service, SLICE("\n"), t->prefix, SLICE("\n"), name };
    return arena_concat(a, parts, COUNT(parts));
}

/* The first of its key is given back, of the others NULL. */
static named *add_name(arena *a, strmap *m, slice key, const resource *r) {
    named *n = ARENA_NEW(a, named);
    n->r = r;
    named *first = strmap_get(m, key);
    if (first != NULL) {                     /* behind the first one: no walk over the list */
        n->next = first->next;
        first->next = n;
        return NULL;
    }
    strmap_put(a, m, key, n);
    return n;
}

static void add_both_names(arena *a, template_index *t, const arn_type *type, slice name, const resource *r) {
    named *first = add_name(a, &t->by_name, name_key(a, type, name), r);
    if (first != NULL)
        strmap_put(a, &t->by_plain_name, name, first);
}

typedef struct {
    const scope *s;
    template_index *t;
    const resource *r;
    const arn_type *type;
} naming;

static void add_choice(void *self, const value *v, when w) {
    const naming *n = self;
    (void)w;
    if (value_is_absent(v))
        return;
    slice name = arn_encode(n->s, v);
    if (name.len > 0)
        add_both_names(n->s->arena, n->t, n->type, name, n->r);
}

void index_fill(graph_index *x, size_t i, arena *a) {
    template_index *t = &x->templates[i];
    scope s = { x, t, a };
    for (size_t k = 0; k < t->t->resources.len; k++) {
        const resource *r = t->t->resources.at[k];
        resource_list *same = strmap_get(&t->by_type, r->type);
        if (same == NULL) {
            same = ARENA_NEW(a, resource_list);
            strmap_put(a, &t->by_type, r->type, same);
        }
        VEC_PUSH(a, &same->list, r);
        const arn_type *type = arn_type_of(r->type);
        if (type == NULL)
            continue;
        const value *name = type->name.len == 0 ? &value_absent : value_get(a, r->properties, type->name);
        add_both_names(a, t, type, name_of(&s, r), r);
        if (name->kind == VAL_CHOICE) {
            naming n = { &s, t, r, type };
            value_each(a, name, r->exists, add_choice, &n);
        }
    }
    for (size_t k = 0; k < t->by_type.len; k++) {
        resource_list *l = t->by_type.at[k].value;
        VEC_PUSH(a, &l->list, NULL);
    }
}

void index_join(graph_index *x, arena *a) {
    if (x->len < 2)
        return;
    for (size_t i = 0; i < x->len; i++)
        for (size_t k = 0; k < x->templates[i].by_name.len; k++) {
            strmap_entry *e = &x->templates[i].by_name.at[k];
            if (!arn_open(e->key))
                for (const named *n = e->value; n != NULL; n = n->next)
                    add_name(a, &x->by_name, e->key, n->r);
        }
}

const named *index_named_plainly(const template_index *t, slice name) { return strmap_get(&t->by_plain_name, name); }

const named *index_named(const scope *s, const arn_type *t, slice name) {
    slice key = name_key(s->arena, t, name);
    const named *n = strmap_get(&s->here->by_name, key);
    if (n == NULL && !arn_open(name)) {
        n = strmap_get(&s->index->by_name, key);
        if (n != NULL && n->next != NULL)
            return NULL;
    }
    return n;
}
