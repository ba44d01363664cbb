/* Private to event/plan*.c. */
#ifndef SFLINT_SMOKE_EVENT_PLAN_PARTS_H
#define SFLINT_SMOKE_EVENT_PLAN_PARTS_H

#include "smoke/event/make.h"
#include "smoke/event/parts.h"
#include "smoke/event/plan.h"
#include "smoke/event/probe_pattern.h"

typedef struct {
    maker *maker;
    arena *arena;
    const edge *edge;
    unsigned depth;              /* plans inside plans: what feeds a queue is planned too */
    VEC(probe) list;
} planning;

/* A probe of the edge; its fields are set on what this gives, until the next is added. */
probe *plan_add(planning *p, happening_kind kind, slice what);
void plan_cannot(planning *p, slice why, bool ever);
size_t plan_of(maker *m, arena *a, const edge *e, unsigned depth, const probe **out);

/* "WHY: give the event in events/TRIGGER.json, or with --event": when a given one would be fired. */
slice plan_asks(const planning *p, slice why);
/* Does a mapping template make the event of the request? Then what is given is what it makes. */
bool plan_by_template(const planning *p);
bool is_pipe(const edge *e);
/* Patterns of an event source mapping or pipe; false (with a probe that says so) when they are not known. */
bool plan_patterns(planning *p, const doc_node *const **out, size_t *len);
/* What stands in a queue or in a topic's message because of what feeds it: an S3 notification, an envelope, an alarm, ...; "" = nobody knows. */
slice plan_fed(planning *p, const node *n);

void plan_queue(planning *p);
void plan_topic(planning *p);
void plan_bucket(planning *p);
void plan_table(planning *p);
void plan_stream(planning *p);
void plan_kafka(planning *p);
void plan_mq(planning *p);
void plan_docdb(planning *p);
void plan_rule(planning *p);
void plan_schedule(planning *p);
void plan_route(planning *p);
void plan_authorizer(planning *p);
void plan_socket(planning *p);

/* The made-up contents of an object by its key. */
typedef struct { slice body, type; } object_contents;
object_contents plan_contents(arena *a, slice key);

/* Attributes of a client's call: {"DataType", "StringValue"} of {"Type", "Value"}. */
const doc_node *plan_attributes(arena *a, const doc_node *typed);
/* Keys and view of a table's stream. */
slice plan_view(maker *m, const edge *e);
const doc_node *plan_item(planning *p, const resource *table);

#endif
