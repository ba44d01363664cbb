/* Events as texts of ours with places to fill. Private to event/.
 *
 *   shape: JSON with ' for ". A string that is "$name" becomes the value of that pair, whatever its kind; "${name}" inside a longer string
 *          becomes its text. A pair without a value (NULL) leaves its key or element out.
 *   names that are always there, when a maker is given: region, account, partition, time ("2026-11-25T10:30:00Z"), millis (".000Z"), epoch
 *          (seconds), epoch_ms, uuid, hexN and digitsN (N characters); the last three are new each time. */
#ifndef SFLINT_SMOKE_EVENT_SHAPE_H
#define SFLINT_SMOKE_EVENT_SHAPE_H

#include "smoke/run.h"

typedef struct { const char *name; const doc_node *value; } shape_pair;

/* `m` may be NULL: then only the pairs are known. */
const doc_node *shape_fill(maker *m, arena *a, const char *shape, const shape_pair *pairs, size_t len);
#define SHAPE(m, a, shape, ...) \
    shape_fill((m), (a), (shape), (const shape_pair[]){ __VA_ARGS__ }, COUNT(((const shape_pair[]){ __VA_ARGS__ })))
#define SHAPE_PLAIN(m, a, shape) shape_fill((m), (a), (shape), NULL, 0)

/* "09/Apr/2015:12:34:56 +0000": requestTime of API Gateway. */
slice shape_request_time(arena *a, int64_t ms);
/* JSON text as text: for events that carry JSON inside a string. */
const doc_node *shape_as_text(arena *a, const doc_node *n);

#endif
