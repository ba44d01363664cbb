#include "template/sam/draft.h"

#define INDEX_FROM 12       /* entries */
#define SMALL      12       /* entries that are put together on the stack: making a node copies them */

draft *draft_of(drafts *d, const doc_node *n) {
    if (n == NULL)
        return NULL;
    draft *made = ARENA_NEW(d->a, draft);
    made->kind = n->kind;
    made->at = n->at;
    made->end = n->end;
    made->node = n;
    return made;
}

static draft *made_of(drafts *d, doc_kind kind, pos at) {
    draft *made = ARENA_NEW(d->a, draft);
    made->kind = kind;
    made->at = made->end = at;
    return made;
}

draft *draft_map(drafts *d, pos at) { return made_of(d, DOC_MAP, at); }

static void make_room(drafts *d, draft *m, size_t cap);

draft *draft_map_for(drafts *d, pos at, size_t room) {
    draft *m = made_of(d, DOC_MAP, at);
    make_room(d, m, room);
    return m;
}

draft *draft_list(drafts *d, pos at) { return made_of(d, DOC_LIST, at); }

const doc_node *draft_text_node(drafts *d, pos at, slice text) {
    doc_node *n = doc_new_string(d->a, at, text);
    n->quoted = true;
    return n;
}

draft *draft_string(drafts *d, pos at, slice text) { return draft_of(d, draft_text_node(d, at, text)); }

draft *draft_bool(drafts *d, pos at, bool b) {
    doc_node *n = doc_new_string(d->a, at, b ? SLICE("true") : SLICE("false"));
    n->kind = DOC_BOOL;
    n->boolean = b;
    return draft_of(d, n);
}

draft *draft_int(drafts *d, pos at, long long number) {
    doc_node *n = doc_new_string(d->a, at, arena_printf(d->a, "%lld", number));
    n->kind = DOC_INT;
    n->integer = number;
    return draft_of(d, n);
}

static void index_from(drafts *d, draft *m, size_t first) {
    for (size_t i = first; i < m->entries.len; i++)
        strmap_put(d->a, m->index, m->entries.at[i].key, (void *)(i + 1));
}

/* Most maps and lists that are made have one entry: room grows from there. */
static void make_room(drafts *d, draft *m, size_t cap) {
    draft_entry *at = arena_raw(d->a, sizeof(draft_entry), _Alignof(draft_entry), cap);
    if (m->entries.len > 0)
        memcpy(at, m->entries.at, m->entries.len * sizeof *at);
    m->entries.at = at;
    m->entries.cap = cap;
}

static void add(drafts *d, draft *m, draft_entry e) {
    if (m->entries.len == m->entries.cap)
        make_room(d, m, m->entries.cap == 0 ? 1 : m->entries.cap == 1 ? 3 : m->entries.cap * 2);
    m->entries.at[m->entries.len++] = e;
    if (m->kind != DOC_MAP || m->entries.len <= INDEX_FROM)
        return;
    bool fresh = m->index == NULL;
    if (fresh)
        m->index = ARENA_NEW(d->a, strmap);
    index_from(d, m, fresh ? 0 : m->entries.len - 1);
}

draft *draft_value(drafts *d, draft_entry *e) {
    if (e->value == NULL)
        e->value = draft_of(d, e->node);
    return e->value;
}

bool draft_open(drafts *d, draft *m) {
    if (m == NULL || m->kind < DOC_LIST)
        return false;
    const doc_node *n = m->node;
    if (n == NULL)
        return true;
    size_t len = n->kind == DOC_MAP ? n->map.len : n->list.len;
    if (len > DRAFT_MAX_OPENED - d->opened) {
        d->too_large = true;
        return false;
    }
    d->opened += len;
    m->node = NULL;
    make_room(d, m, len + 2);
    for (size_t i = 0; i < len; i++) {
        if (n->kind == DOC_MAP) {
            const doc_entry *e = &n->map.at[i];
            add(d, m, (draft_entry){ e->key, e->key_at, e->key_end, e->value, NULL });
        } else {
            add(d, m, (draft_entry){ { "", 0 }, n->list.at[i]->at, n->list.at[i]->at, n->list.at[i], NULL });
        }
    }
    return true;
}

draft_entry *draft_entry_of(drafts *d, draft *m, slice key) {
    if (m == NULL || m->kind != DOC_MAP)
        return NULL;
    if (m->node != NULL && doc_entry_of(m->node, key) == NULL)      /* nothing to open it for */
        return NULL;
    if (!draft_open(d, m))
        return NULL;
    if (m->index != NULL) {
        size_t at = (size_t)strmap_get(m->index, key);
        return at == 0 ? NULL : &m->entries.at[at - 1];
    }
    for (size_t i = 0; i < m->entries.len; i++)
        if (slice_eq(m->entries.at[i].key, key))
            return &m->entries.at[i];
    return NULL;
}

draft *draft_get(drafts *d, draft *m, slice key) {
    draft_entry *e = draft_entry_of(d, m, key);
    return e == NULL ? NULL : draft_value(d, e);
}

static void put(drafts *d, draft *m, draft_entry new) {
    draft_entry *e = m->kind == DOC_MAP ? draft_entry_of(d, m, new.key) : NULL;
    if (e != NULL)
        *e = new;
    else if (m->kind == DOC_MAP && draft_open(d, m))
        add(d, m, new);
}

void draft_put_at(drafts *d, draft *m, slice key, pos key_at, pos key_end, draft *value) {
    if (value != NULL)
        put(d, m, (draft_entry){ key, key_at, key_end, NULL, value });
}

void draft_put_node(drafts *d, draft *m, slice key, pos key_at, pos key_end, const doc_node *value) {
    if (value != NULL)
        put(d, m, (draft_entry){ key, key_at, key_end, value, NULL });
}

void draft_put(drafts *d, draft *m, slice key, draft *value) {
    if (value != NULL)
        draft_put_at(d, m, key, value->at, value->at, value);
}

draft *draft_map_in(drafts *d, draft *m, slice key, pos at) {
    draft_entry *e = draft_entry_of(d, m, key);
    if (e != NULL && draft_value(d, e)->kind == DOC_MAP)
        return e->value;
    draft *made = draft_map(d, at);
    draft_put(d, m, key, made);
    return made;
}

void draft_remove(drafts *d, draft *m, slice key) {
    draft_entry *e = draft_entry_of(d, m, key);
    if (e == NULL)
        return;
    size_t at = (size_t)(e - m->entries.at);
    memmove(e, e + 1, (m->entries.len - at - 1) * sizeof *e);
    m->entries.len--;
    if (m->index != NULL) {
        *m->index = (strmap){ 0 };
        index_from(d, m, 0);
    }
}

void draft_push(drafts *d, draft *list, draft *value) {
    if (value != NULL && list->kind == DOC_LIST && draft_open(d, list))
        add(d, list, (draft_entry){ { "", 0 }, value->at, value->at, NULL, value });
}

void draft_push_node(drafts *d, draft *list, const doc_node *value) {
    if (value != NULL && list->kind == DOC_LIST && draft_open(d, list))
        add(d, list, (draft_entry){ { "", 0 }, value->at, value->at, value, NULL });
}

slice draft_text(const draft *d) {
    return d != NULL && d->node != NULL && d->kind == DOC_STRING ? d->node->text : (slice){ "", 0 };
}

/* Recursion is as deep as the document that was read plus the few levels that lowering puts around it. */
const doc_node *draft_freeze(drafts *d, draft *m) {
    if (m->node != NULL)
        return m->node;
    if (m->frozen != NULL) {
        m->frozen->shared = true;
        return m->frozen;
    }
    size_t len = m->entries.len;
    if (m->kind == DOC_MAP) {
        doc_entry small[SMALL], *entries = len <= SMALL ? small : ARENA_ARRAY(d->a, doc_entry, len);
        for (size_t i = 0; i < len; i++) {
            const draft_entry *e = &m->entries.at[i];
            entries[i] = (doc_entry){ .key = e->key, .key_at = e->key_at, .key_end = e->key_end, .value = e->value == NULL ? e->node : draft_freeze(d, e->value) };
        }
        m->frozen = doc_new_map(d->a, m->at, entries, len);
    } else {
        const doc_node *small[SMALL], **items = len <= SMALL ? small : ARENA_ARRAY(d->a, const doc_node *, len);
        for (size_t i = 0; i < len; i++)
            items[i] = m->entries.at[i].value == NULL ? m->entries.at[i].node : draft_freeze(d, m->entries.at[i].value);
        m->frozen = doc_new_list(d->a, m->at, items, len);
    }
    m->frozen->end = m->end;
    return m->frozen;
}
