/* Inside cel/: how a program's nodes are read. */
#ifndef SFLINT_CEL_PROGRAM_H
#define SFLINT_CEL_PROGRAM_H

#include "base/vec.h"
#include "cel/cel.h"

typedef enum {
#define OP(name, function) OP_##name,
#include "cel/ops.def"
#undef OP
    OP_COUNT
} cel_op;

enum {
    NODE_ABSOLUTE  = 1,    /* IDENT with a leading dot: never a macro's variable */
    NODE_QUALIFIED = 2,    /* SELECT that may be part of a dotted name, tried before the field */
    NODE_ESCAPED   = 4,    /* a field's name in back quotes: part of no dotted name */
    NODE_CONSTANT  = 8,    /* LIST of literals */
    NODE_RECEIVER  = 16    /* CALL x.f(...): the first argument is x */
};

#define CEL_NONE      UINT32_MAX
#define CEL_MAX_ARGS  16                    /* of one call, the receiver included */
#define CEL_MAX_SLOTS (2 * CEL_MAX_DEPTH)   /* variables of macros inside one another */

/* Without a blob (a program with no text at all) there is no pointer to add to. */
static inline slice cel_part(const char *blob, uint32_t at, uint32_t len) { return len == 0 ? SLICE("") : (slice){ blob + at, len }; }
static inline slice program_text(const cel_program *p, uint32_t at, uint32_t len) { return cel_part(p->blob, at, len); }

/* A program that is being made. */
typedef struct {
    arena *arena;
    VEC(cel_node) nodes;
    VEC(uint32_t) args;
    VEC(char) blob;
    cel_problem *problem;
    bool failed;
} cel_draft;

static inline slice draft_text(const cel_draft *d, uint32_t at, uint32_t len) { return cel_part(d->blob.at, at, len); }
uint32_t draft_blob(cel_draft *d, slice text);    /* appends; gives the offset */
/* Keeps the first problem. Gives CEL_NONE, for `return draft_fail(...)`. */
uint32_t draft_fail(cel_draft *d, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Text -> nodes, names not looked up yet (parser.c). CEL_NONE when it failed. */
uint32_t cel_parse(cel_draft *d, slice text);

/* Looks up names and checks types (checker.c); false when it failed. */
bool cel_check(cel_draft *d, uint32_t root, const cel_environment *env);

#endif
