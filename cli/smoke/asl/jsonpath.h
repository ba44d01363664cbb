/* Paths: JSONPath as Step Functions takes it (Jayway's dialect), over input, context object and variables. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_JSONPATH_H
#define SFLINT_SMOKE_ASL_JSONPATH_H

#include "smoke/asl/data.h"

#define ASL_PATH_BYTES 16384u    /* of one path */
#define ASL_PATH_DEPTH 20u       /* filters and parentheses inside one another */

typedef enum { PATH_INPUT, PATH_CONTEXT, PATH_VARIABLE, PATH_CURRENT } asl_path_root;    /* $  $$  $name  @ (in filters) */

typedef struct asl_path asl_path;
typedef struct asl_path_step asl_path_step;
struct asl_path {
    slice text;
    asl_path_root root;
    slice variable;
    bool definite;               /* gives one value or none; else a list */
    bool reference;              /* names and indexes only: may say where a result goes */
    const asl_path_step *steps;
    size_t len;
};

/* NULL with *error when the text is no path. */
const asl_path *asl_path_parse(arena *a, slice text, slice *error);
/* The path at the start of *rest, which then begins behind it. */
const asl_path *asl_path_parse_head(arena *a, slice *rest, slice *error);

/* NULL: the path selects nothing (a definite one), or a failure in d. An indefinite path gives a list, perhaps an empty one. */
const doc_node *asl_path_get(const asl_path *p, asl_data *d);

/* Puts `value` where a reference path says, making objects on the way; gives the new root, NULL after States.ResultPathMatchFailure. */
const doc_node *asl_path_put(const asl_path *p, asl_data *d, const doc_node *root, const doc_node *value);

#endif
