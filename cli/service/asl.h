/* State machines: the Amazon States Language as far as a template shows it. Amazon States Language specification; Step Functions developer
 * guide, "State machine structure", "Quotas". */
#ifndef SFLINT_SERVICE_ASL_H
#define SFLINT_SERVICE_ASL_H

#include "service/text.h"

#define ASL_MAX_STATES 10000     /* of one machine, those inside Map and Parallel too: past it the rest is not read and `open` is set */
#define ASL_MAX_DEPTH  32        /* Map and Parallel inside one another */

typedef struct {
    slice name, type;            /* type "" when it is not known */
    const value *body;           /* the state's map */
    const value *resource;       /* Resource of a Task with substitutions put in; &value_absent elsewhere */
    pos at, end;                 /* the state's name */
    when when;
    bool distributed;            /* a distributed Map */
} asl_state;

typedef struct {
    arena *arena;
    const value *definition, *substitutions;
    VEC(asl_state) states;       /* flattened, in order of the text */
    slice error;                 /* what makes the definition be refused, one sentence; "" when nothing was found */
    slice error_state;           /* the state it is about, or "" */
    pos error_at, error_end;
    VEC(slice) unreachable;
    bool open;                   /* part of it cannot be known, so it is not judged as a whole */
} asl_machine;

/* Reads one alternative of a definition: a map, or JSON text. `substitutions` (DefinitionSubstitutions) replaces `${name}`. NULL when it is
 * not known; text that is no JSON gives a machine with an error. */
const asl_machine *asl_read(arena *a, const value *definition, const value *substitutions, when w);

/* A value of the definition with substitutions put in. */
const value *asl_value(const asl_machine *m, const value *v);

/* The named field of a state with substitutions. */
const value *asl_field(const asl_machine *m, const asl_state *s, slice name);

/* A field of what a Task gives to its resource (Parameters or Arguments): the path's last name may be written with `.$` (JSONPath); that, and
 * a JSONata expression, is an UNKNOWN. &value_absent when it is not there. */
const value *asl_argument(const asl_machine *m, const asl_state *s, slice name);

/* Text of another file (JSON or YAML) as a value; each part stands at `at`. &value_absent when it can't be read. */
const value *asl_from_file(arena *a, slice text, slice name, pos at);

#endif
