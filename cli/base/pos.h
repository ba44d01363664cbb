/* A place in an input text. */
#ifndef SFLINT_BASE_POS_H
#define SFLINT_BASE_POS_H

#include <stdint.h>

typedef struct {
    uint32_t file;          /* index into the run's list of inputs (base/diag.h: files) */
    uint32_t line, column;  /* 1-based; column in code points; line 0 = the file as a whole */
} pos;

typedef enum { NO, YES, UNKNOWN } tri;   /* three-valued truth (DESIGN section 4) */

#endif
