/* What the readers of waivers share; inside lint/waiver*.c. */
#ifndef SFLINT_LINT_WAIVER_PARTS_H
#define SFLINT_LINT_WAIVER_PARTS_H

#include "lint/waiver.h"

/* "2027-06-30" -> the second after that day; false: no such day. */
bool waiver_end(slice until, int64_t *ends_s);

bool waiver_is_kind(slice word);

/* How many more waivers may be read; 0 after having said so, once. */
size_t waiver_room(arena *a, waiver_reading *out, pos at, pos end);

/* A copy in the arena, with `until` understood, for each rule that `rules` names (a comma separates several). `place` gives the place of
 * byte n of `rules`. What is wrong with it becomes a problem. */
void waiver_add(arena *a, const waiver *w, slice rules, pos (*place)(void *self, size_t n), void *self, waiver_reading *out);

/* `message` is in the arena already. */
void waiver_malformed(arena *a, waiver_reading *out, pos at, pos end, slice message);

/* "; did you mean X?" or "". */
slice waiver_suggest(arena *a, slice typed, const slice *names, size_t len);

/* The comments of a template's text. */
void waivers_of_comments(arena *a, const template *t, waiver_reading *out);

#endif
