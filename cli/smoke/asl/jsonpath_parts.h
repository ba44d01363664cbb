/* How a path is kept: between its reader and its evaluation. */
#ifndef SFLINT_SMOKE_ASL_JSONPATH_PARTS_H
#define SFLINT_SMOKE_ASL_JSONPATH_PARTS_H

#include "smoke/asl/jsonpath.h"
#include "smoke/asl/regex.h"

typedef enum { STEP_NAMES, STEP_ALL, STEP_INDEXES, STEP_SLICE, STEP_FILTER, STEP_FUNCTION } asl_step_kind;
typedef enum { FUNCTION_LENGTH, FUNCTION_MIN, FUNCTION_MAX, FUNCTION_SUM, FUNCTION_AVG, FUNCTION_STDDEV, FUNCTION_KEYS, FUNCTION_FIRST,
    FUNCTION_LAST } asl_path_function;

typedef struct asl_filter asl_filter;

struct asl_path_step {
    asl_step_kind kind;
    bool deep;                       /* behind `..` */
    const slice *names;
    const long long *indexes;
    size_t count;
    bool has_from, has_to;
    long long from, to;
    const asl_filter *filter;
    asl_path_function function;
};

typedef enum {
    FILTER_OR, FILTER_AND, FILTER_NOT, FILTER_EXISTS,
    FILTER_EQ, FILTER_NE, FILTER_LT, FILTER_LE, FILTER_GT, FILTER_GE, FILTER_MATCHES, FILTER_IN, FILTER_NIN, FILTER_CONTAINS, FILTER_SIZE, FILTER_EMPTY,
} asl_filter_kind;

typedef struct {
    const asl_path *path;            /* or */
    const doc_node *literal;         /* or */
    const asl_regex *regex;
} asl_operand;

struct asl_filter {
    asl_filter_kind kind;
    const asl_filter *left, *right;
    asl_operand x, y;
};

#endif
