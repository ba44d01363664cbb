/* The words of an expression. Private to jsonata_lex.c and jsonata_parse.c. */
#ifndef SFLINT_SMOKE_ASL_JSONATA_READ_H
#define SFLINT_SMOKE_ASL_JSONATA_READ_H

#include "smoke/asl/jsonata_parts.h"

typedef enum { JT_END, JT_OPERATOR, JT_NAME, JT_VARIABLE, JT_LITERAL, JT_REGEX } jtoken_kind;

typedef struct {
    jtoken_kind kind;
    slice text;                      /* operator, name without quotes, variable without `$` */
    const doc_node *literal;
    const asl_regex *regex;
    size_t at, end;
} jtoken;

typedef struct {
    arena *arena;
    slice text;
    size_t at;
    slice error;
} jlexer;

/* `infix`: what came before was a value, so `/` divides. False after an error. */
bool jlexer_next(jlexer *l, bool infix, jtoken *out);
bool jlexer_fail(jlexer *l, const char *code, size_t at, const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
