/* From a pattern to events: one that it accepts and one that it refuses, each held against the engine (service/pattern.h). Private to event/. */
#ifndef SFLINT_SMOKE_EVENT_PROBE_PATTERN_H
#define SFLINT_SMOKE_EVENT_PROBE_PATTERN_H

#include "service/pattern.h"
#include "smoke/json.h"

/* What the source of an event lets be chosen. */
typedef enum {
    ROOM_FREE,                   /* any value, also none */
    ROOM_FIXED,                  /* as the base has it */
    ROOM_NONE                    /* the source's events have no such key */
} probe_room;

typedef struct {
    pattern_dialect dialect;
    const doc_node *base;        /* an event of the source: a pattern's values are laid over it */
    /* `path` are the keys from the top. *without (ROOM_NONE): "a DynamoDB record has no key `body`". NULL: all is free. */
    probe_room (*room)(void *self, arena *a, const slice *path, size_t len, slice *without);
    void *self;
} probe_source;

typedef struct {
    const doc_node *accepted;    /* NULL: none was found */
    const doc_node *refused;     /* NULL: none was found */
    bool never;                  /* no event can pass, for sure */
    bool all;                    /* the patterns let everything pass */
    slice why;                   /* accepted NULL: "never matches: ...", or that none was found */
    size_t which;                /* pattern that accepts */
} probed;

/* Patterns of which one must match. */
probed probe_patterns(arena *a, const probe_source *s, const doc_node *const *patterns, size_t len);
/* Does one of them match? */
tri probe_matches(arena *a, pattern_dialect d, const doc_node *const *patterns, size_t len, const doc_node *event);

/* A value set or taken away along keys; objects are made on the way, of a list the first element is meant. */
const doc_node *probe_set(arena *a, const doc_node *n, const slice *path, size_t len, const doc_node *v);
const doc_node *probe_without(arena *a, const doc_node *n, const slice *path, size_t len);

#endif
