/* Is what a function returned what its trigger takes? */
#ifndef SFLINT_SMOKE_EVENT_JUDGE_H
#define SFLINT_SMOKE_EVENT_JUDGE_H

#include "smoke/event/happening.h"

/*   p        the probe that was fired, or NULL (a delivery that followed from something else)
 *   event    as the function got it
 *   payload  JSON text as it gave it; it did return: errors and time-outs are judged before
 * False with *why (one line) when the caller refuses it or loses something by it. *note ("" = nothing): accepted, but worth a word. */
bool judge_answer(arena *a, const edge *trigger, const probe *p, const doc_node *event, slice payload, slice *why, slice *note);

#endif
