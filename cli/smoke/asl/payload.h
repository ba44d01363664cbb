/* What the JSONPath fields of a state do with data: templates, intrinsic functions, InputPath and its kin. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_PAYLOAD_H
#define SFLINT_SMOKE_ASL_PAYLOAD_H

#include "smoke/asl/jsonpath.h"

#define ASL_INTRINSIC_DEPTH 10u       /* "Intrinsics for JSONPath states": up to 10 nested */

/* A value of a `.$` field: a path or an intrinsic function. `field` is named in messages. NULL: d has failed. */
const doc_node *asl_expression(asl_data *d, slice text, const char *field);
/* Does the text read as one? For checking a definition. */
bool asl_expression_check(arena *a, slice text, slice *error);

/* Parameters, ResultSelector, ItemSelector, Assign: keys that end in `.$` are evaluated. NULL: d has failed. */
const doc_node *asl_template(asl_data *d, const doc_node *template);
bool asl_template_check(arena *a, const doc_node *template, slice *error);

/* InputPath, OutputPath, ItemsPath: absent (NULL) gives `data` itself, null gives {}. */
const doc_node *asl_select(asl_data *d, const doc_node *path, const char *field, const doc_node *data);

/* ResultPath: absent gives the result, null the raw input. */
const doc_node *asl_result_path(asl_data *d, const doc_node *path, const doc_node *raw, const doc_node *result);

/* ---- intrinsic functions (intrinsics.c) ---- */
typedef struct asl_intrinsic asl_intrinsic;
const asl_intrinsic *asl_intrinsic_parse(arena *a, slice text, slice *error);
const doc_node *asl_intrinsic_call(const asl_intrinsic *i, asl_data *d);

#endif
