/* Event patterns: EventBridge rules and archives, filters of event source mappings and pipes, SNS filter policies.
 * EventBridge user guide, "Creating event patterns" and "Comparison operators"; Lambda developer guide, "Control which events Lambda
 * sends to your function"; SNS developer guide, "Message filtering".
 *
 * A pattern is a value of the template and may be unknown in places: an unknown part may be any valid one, so what depends on it is
 * UNKNOWN. A pattern written as JSON text (STRING, JOINED) is read first. Functions are pure; what they give lies in `a`. */
#ifndef SFLINT_SERVICE_PATTERN_H
#define SFLINT_SERVICE_PATTERN_H

#include "template/value.h"

typedef enum { PATTERN_EVENTS, PATTERN_ESM, PATTERN_SNS_ATTRIBUTES, PATTERN_SNS_BODY } pattern_dialect;

/* "events", "esm", "sns-attributes", "sns-body" (rules.md 0.1); false for any other word. */
bool pattern_dialect_of(slice name, pattern_dialect *out);

/* Alternatives that $or makes of one pattern; past it matching says UNKNOWN. EventBridge user guide: $or in event patterns. */
#define PATTERN_MAX_BRANCHES 1000
/* Clauses of all alternatives together, values met while a pattern or an event is read (values are a DAG: what is shared is met as often as
 * it is named), steps of one match, nesting. Past them: UNKNOWN (matching), info (pattern_error). */
#define PATTERN_MAX_CLAUSES 100000
#define PATTERN_MAX_VALUES 200000
#define PATTERN_MAX_EVENT_VALUES 2000000
#define PATTERN_MAX_STEPS 2000000
#define PATTERN_MAX_DEPTH 100

/* Is the pattern one AWS refuses? REFUSED: an error in every dialect or a broken limit; INFO: an operator that only another dialect
 * has, by what the guides say today. *where is the value to point at, *message one sentence; both are set unless FINE.
 * Nested keys in a policy over message attributes are not reported here (they are SF124's). */
typedef enum { PATTERN_FINE, PATTERN_INFO, PATTERN_REFUSED } pattern_verdict;
pattern_verdict pattern_error(arena *a, pattern_dialect d, const value *pattern, const value **where, slice *message);

/* A pattern made ready, for matching many events. Never NULL; what is no valid pattern makes an open one (UNKNOWN). */
typedef struct compiled_pattern compiled_pattern;
const compiled_pattern *pattern_compile(arena *a, pattern_dialect d, const value *v);

/* An event made ready, for matching against many patterns. For sns-attributes: a map name -> {Type, Value} (DataType, StringValue and
 * StringListValues too) or name -> plain value; the other dialects: the event, record or message body itself (a JSON text is read). */
typedef struct pattern_event pattern_event;
const pattern_event *pattern_event_new(arena *a, pattern_dialect d, const value *event);

/* Does the pattern match? `because`, when not NULL, names what stops it: `detail.state: "open" is not one of ["paid"]`; for UNKNOWN
 * the part that is not known; "" for YES.
 * Array elements: clauses that meet objects of one array must all be met by one element, as EventBridge does it. */
tri pattern_matches(arena *a, const compiled_pattern *p, const pattern_event *e, slice *because);
/* Both steps at once. */
tri pattern_match(arena *a, pattern_dialect d, const value *pattern, const value *event, slice *because);

/* The leaf paths of a pattern in the order of the text, dotted, branches of $or flattened (so a path may come twice). */
typedef struct {
    slice path;
    const value *at;        /* the list of what is wanted there */
    bool absent_only;       /* asks for nothing but {"exists": false} */
    bool or_branch;         /* inside a branch of $or */
    bool trivial;           /* takes whatever is there: {"exists": true}, {"prefix": ""}, {"wildcard": "*"}, or is absent_only */
    bool numeric;           /* compares as a number */
    bool open;              /* not known: `at` is an unknown value, possibly a whole subtree below path; path "": past a limit, the rest */
} pattern_key;
size_t pattern_keys(arena *a, const value *pattern, const pattern_key **out);

/* Are all values a pattern takes at a top-level key (`source`, `detail-type`) exact strings? YES: *texts are they, each once;
 * NO: an operator, or some branch does not ask for the key; UNKNOWN: a part is not known. */
tri pattern_exact(arena *a, const value *pattern, slice key, const slice **texts, size_t *len);

/* May one event match both? NO only when that is sure, YES when an event is found that does (values are looked at path by path). */
tri pattern_overlap(arena *a, const value *p, const value *q);

/* A dotted path that the pattern needs and no event of that shape has; "" if there is none. {"exists": false}, and branches of $or with
 * a possible sibling, do not count. The shape is {"detail": {...}}: names ending in `?` are optional, `*` is any name, a list holds the shape of
 * its elements, "string" "number" "integer" "boolean" are scalars and every other word ("json", "object") is open. Without a known detail only
 * the envelope is judged (EventBridge user guide, "Event structure"). */
slice pattern_impossible(arena *a, const value *pattern, const value *shape);

#endif
