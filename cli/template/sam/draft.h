/* A document that is being written. Maps and lists that a format's lowering changes are drafts: made anew, or opened from nodes of the
 * document that was read, a level at a time and only when something below is looked at. What was never opened is handed on as it was read,
 * with its places. */
#ifndef SFLINT_TEMPLATE_SAM_DRAFT_H
#define SFLINT_TEMPLATE_SAM_DRAFT_H

#include "base/strmap.h"
#include "doc/doc.h"

typedef struct draft draft;

typedef struct {
    slice key;              /* "" in lists */
    pos key_at, key_end;
    const doc_node *node;   /* the value as it was read, until somebody asks for it as a draft; then NULL */
    draft *value;
} draft_entry;

struct draft {
    doc_kind kind;
    pos at, end;
    const doc_node *node;   /* as it was read; NULL once it was opened or when it was made */
    struct { draft_entry *at; size_t len, cap; } entries;    /* values by draft_value */
    strmap *index;          /* large maps: key -> its number + 1 */
    doc_node *frozen;
};

/* Opening copies one level; shared nodes can be reached from many places, so what is copied in all is limited. Past it, drafts stay
 * shut: reading them gives nothing. */
#define DRAFT_MAX_OPENED (256u * 1024)
typedef struct {
    arena *a;
    size_t opened;
    bool too_large;
} drafts;

draft *draft_of(drafts *d, const doc_node *n);             /* NULL for NULL */
draft *draft_map(drafts *d, pos at);
draft *draft_map_for(drafts *d, pos at, size_t room);      /* with room for so many entries: it grows past that */
draft *draft_list(drafts *d, pos at);
draft *draft_string(drafts *d, pos at, slice text);
const doc_node *draft_text_node(drafts *d, pos at, slice text);      /* a string that is no draft */
draft *draft_bool(drafts *d, pos at, bool b);
draft *draft_int(drafts *d, pos at, long long n);

/* The value of an entry, and of the i-th. */
draft *draft_value(drafts *d, draft_entry *e);
static inline draft *draft_at(drafts *d, draft *m, size_t i) { return draft_value(d, &m->entries.at[i]); }
/* The value of a key; NULL when there is none or m is no map (NULL too). */
draft *draft_get(drafts *d, draft *m, slice key);
draft_entry *draft_entry_of(drafts *d, draft *m, slice key);
/* Sets or adds; a NULL value does nothing. The key stands at the value. */
void draft_put(drafts *d, draft *m, slice key, draft *value);
void draft_put_at(drafts *d, draft *m, slice key, pos key_at, pos key_end, draft *value);
/* The same with a value that stays as it was read. */
void draft_put_node(drafts *d, draft *m, slice key, pos key_at, pos key_end, const doc_node *value);
/* The map below the key: what is there if it is a map, else a new one in its place. */
draft *draft_map_in(drafts *d, draft *m, slice key, pos at);
void draft_remove(drafts *d, draft *m, slice key);
void draft_push(drafts *d, draft *list, draft *value);
void draft_push_node(drafts *d, draft *list, const doc_node *value);
/* Opens a map or list so that `entries` is filled; false when it is neither (or the limit is reached). */
bool draft_open(drafts *d, draft *m);

/* The text of a string scalar; "" otherwise. */
slice draft_text(const draft *d);
static inline bool draft_is_map(const draft *d) { return d != NULL && d->kind == DOC_MAP; }
static inline bool draft_is_list(const draft *d) { return d != NULL && d->kind == DOC_LIST; }

/* The document as it now is. A draft that stands in several places becomes one shared node. */
const doc_node *draft_freeze(drafts *d, draft *m);

#endif
