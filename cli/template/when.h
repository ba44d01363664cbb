/* Under what conditions something holds: a conjunction of (condition, truth) pairs, sorted, without repeats. `WHEN_ALWAYS` is empty.
 * Conditions of a template: parameters given on the command line decide them; a default alone does not (a default can be overridden at
 * deployment), so both branches are looked at. */
#ifndef SFLINT_TEMPLATE_WHEN_H
#define SFLINT_TEMPLATE_WHEN_H

#include "base/buf.h"
#include "base/pos.h"

typedef struct condition condition;   /* template/template.h */

typedef struct {
    const condition *on;
    bool is;
} when_literal;

typedef struct {
    const when_literal *at;
    size_t len;
} when;

#define WHEN_ALWAYS ((when){ NULL, 0 })

/* Both at once; false when they can't both hold (the same condition both ways, or no choice of parameter values satisfies them). */
bool when_and(arena *a, when x, when y, when *out);
bool when_and_literal(arena *a, when x, const condition *on, bool is, when *out);
/* Is the condition decided where w holds (stated in w, or implied by it)? */
tri when_decides(when w, const condition *on);
/* Does x hold wherever y holds? (x's literals are all decided by y.) */
bool when_implied(when x, when y);
bool when_same(when x, when y);
/* "IsProd is false and UseQueue is true"; "" for always. */
slice when_text(arena *a, when w);
/* {"IsProd":false}, or null for always. */
void when_write_json(when w, json_out *out);

#endif
