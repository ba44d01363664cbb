/* JSON while things run: events, answers, items, states of a machine. The tree is doc_node (doc/doc.h): numbers keep the text they were
 * written with, keys their order. Nodes are immutable once handed on and lie in the arena given. */
#ifndef SFLINT_SMOKE_JSON_H
#define SFLINT_SMOKE_JSON_H

#include "doc/doc.h"

/* Strict JSON; NULL when the text is none (an empty text too). */
const doc_node *js_read(arena *a, slice text);
/* Compact; a NULL node gives "null". */
slice js_text(arena *a, const doc_node *n);

const doc_node *js_null(void);
const doc_node *js_bool(bool b);
const doc_node *js_int(arena *a, long long n);
/* Whole numbers are written as such (5, not 5.0). What is no number (nan, infinity) becomes null. */
const doc_node *js_double(arena *a, double n);
/* A number by its text, kept as written; the text must be a JSON number. */
const doc_node *js_number(arena *a, slice text);
const doc_node *js_string(arena *a, slice text);
const doc_node *js_cstr(arena *a, const char *text);
/* printf into a string. */
const doc_node *js_format(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Objects and lists in the making. A NULL value is left out. */
typedef struct { VEC(doc_entry) entries; } js_object;
typedef struct { VEC(const doc_node *) items; } js_list;
void js_set(arena *a, js_object *o, slice key, const doc_node *v);        /* replaces the value of a key that is there: linear */
void js_put(arena *a, js_object *o, const char *key, const doc_node *v);  /* appends without a look; the key must be new */
void js_push(arena *a, js_list *l, const doc_node *v);
const doc_node *js_object_end(arena *a, js_object *o);
const doc_node *js_list_end(arena *a, js_list *l);
const doc_node *js_empty_object(void);
const doc_node *js_empty_list(void);

/* A map with one entry replaced or added at the end / left out; n may be NULL (an empty map). */
const doc_node *js_with(arena *a, const doc_node *n, slice key, const doc_node *v);
const doc_node *js_without(arena *a, const doc_node *n, slice key);
/* The same along a dotted path, making the maps on the way ("detail.object.key"). */
const doc_node *js_with_at(arena *a, const doc_node *n, slice path, const doc_node *v);
const doc_node *js_without_at(arena *a, const doc_node *n, slice path);

/* Reading: NULL, "" or the fallback where there is no such thing. `path`: "Records[0].body", "requestContext.http.method". */
const doc_node *js_get(const doc_node *n, const char *key);
const doc_node *js_at(const doc_node *n, const char *path);
slice js_str(const doc_node *n);                        /* the text of a string; "" for all else */
slice js_str_of(const doc_node *n, const char *key);    /* js_str(js_get()) */
long long js_int_of(const doc_node *n, const char *key, long long fallback);     /* an integer, also one in a string of digits */
bool js_bool_of(const doc_node *n, const char *key, bool fallback);
static inline bool js_is(const doc_node *n, doc_kind k) { return n != NULL && n->kind == k; }
static inline bool js_is_number(const doc_node *n) { return n != NULL && (n->kind == DOC_INT || n->kind == DOC_DOUBLE); }
double js_double_of(const doc_node *n);                 /* 0 for what is no number */
static inline size_t js_len(const doc_node *n) { return n == NULL ? 0 : n->kind == DOC_LIST ? n->list.len : n->kind == DOC_MAP ? n->map.len : 0; }

/* Deep equality: numbers by value, maps whatever their order. */
bool js_same(const doc_node *x, const doc_node *y);

/* A copy that outlives the arena of the original. */
const doc_node *js_copy(arena *a, const doc_node *n);

#endif
