/* Inside cel/: text -> tokens, one at a time. */
#ifndef SFLINT_CEL_LEXER_H
#define SFLINT_CEL_LEXER_H

#include "cel/program.h"

typedef enum {
    TOKEN_END, TOKEN_NAME, TOKEN_ESCAPED_NAME, TOKEN_INT, TOKEN_UINT, TOKEN_DOUBLE, TOKEN_STRING, TOKEN_BYTES,
    TOKEN_SIGN           /* an operator or bracket: `sign` */
} cel_token_kind;

typedef enum {
    SIGN_NONE, SIGN_OR, SIGN_AND, SIGN_EQ, SIGN_NE, SIGN_LE, SIGN_GE, SIGN_LT, SIGN_GT, SIGN_PLUS, SIGN_MINUS, SIGN_STAR, SIGN_SLASH,
    SIGN_PERCENT, SIGN_NOT, SIGN_QUESTION, SIGN_COLON, SIGN_DOT, SIGN_COMMA, SIGN_OPEN, SIGN_CLOSE, SIGN_LIST, SIGN_LIST_END, SIGN_MAP,
    SIGN_MAP_END
} cel_sign;

typedef struct {
    cel_token_kind kind;
    cel_sign sign;
    size_t at, end;
    slice text;          /* names as written; strings and bytes decoded */
    uint64_t natural;    /* INT (without its sign), UINT */
    double number;
} cel_token;

typedef struct {
    cel_draft *draft;
    slice text;
    size_t at;
} cel_lexer;

/* False when the text is no token; the draft has the problem. */
bool cel_lex(cel_lexer *l, cel_token *out);

#endif
