/* Texts of which only parts are known (ARNs, URIs, request templates): cutting them without losing the references in them. */
#ifndef SFLINT_SERVICE_TEXT_H
#define SFLINT_SERVICE_TEXT_H

#include "template/template.h"

typedef struct {
    arena *arena;
    pos at, end;
    slice flat;              /* the text; '\0' stands for each part that is not known */
    const value **open;      /* those parts, in order */
    size_t open_len;
} open_text;

/* Of a STRING, JOINED, REF, UNKNOWN or scalar; a list, map or absent value gives an empty text. */
open_text text_of(arena *a, const value *v);

/* The part between two offsets in `flat` as a value: STRING, REF, UNKNOWN or JOINED. */
const value *text_piece(const open_text *t, size_t from, size_t to);

/* Cuts at `separator` into at most `most` pieces, the last with the rest; gives their number. Offsets of piece i: at[i] and to[i]. */
size_t text_cut(const open_text *t, char separator, size_t most, size_t *at, size_t *to);

/* The i-th piece, or "" when there are fewer: `flat` bytes. */
slice text_flat(const open_text *t, size_t from, size_t to);

/* Best effort on free text (request templates, form bodies): what stands behind `name` as `"name": "X"`, `name=X` or
 * `name: 'X'`; &value_absent when the name is not there, an UNKNOWN when an expression of the template language stands there. */
const value *text_named(const open_text *t, slice name);

/* The same letters anywhere in the known parts. */
bool text_has(const open_text *t, slice part);

#endif
