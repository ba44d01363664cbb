/* The plan: for every trigger of the graph, what to make happen at its source so that it fires, and what it must refuse. */
#ifndef SFLINT_SMOKE_EVENT_PLAN_H
#define SFLINT_SMOKE_EVENT_PLAN_H

#include "smoke/event/happening.h"

/* The triggers that a run fires, in the graph's order: edges that are triggers, but not the way from a caller to an API (its routes are). */
size_t plan_triggers(arena *a, const graph *g, const edge *const **out);

/* The probes of one trigger: at least one (maybe only `cannot`): those that must arrive first, then those that must not.
 * Made from its filter, and from names, ARNs, stages and path parameters of the templates; each was held against the filter with the engine that delivery
 * uses (service/pattern.h). */
size_t plan_probes(maker *m, arena *a, const edge *trigger, const probe **out);

/* A file as a probe of this trigger: the event as the handler gets it, or what happens at the source: {"method", "path", "query", "headers", "body"}, an
 * object {"key", "body"}, a message {"Message" | "body", "MessageAttributes"}, an EventBridge event, a record, an item. False with *why when it fits nothing. */
bool plan_given(maker *m, arena *a, const edge *trigger, const doc_node *file, slice path, probe *out, slice *why);

/* The event as z gets it for this probe (for `sflint event` and --plan): what event/make.h makes of it. */
const doc_node *plan_event(maker *m, arena *a, const probe *p);

#endif
