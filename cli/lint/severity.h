/* How bad a finding is. */
#ifndef SFLINT_LINT_SEVERITY_H
#define SFLINT_LINT_SEVERITY_H

#include "base/slice.h"

/* In order: a comparison is a threshold. */
typedef enum {
    SEVERITY_INFO,       /* a cheaper or simpler form exists */
    SEVERITY_WARNING,    /* works today, hurts under failure or load */
    SEVERITY_ERROR       /* an event is lost, a trigger cannot fire, AWS refuses the deployment */
} severity;
#define SEVERITY_COUNT 3

slice severity_name(severity s);                    /* "info", "warning", "error" */
bool severity_of(slice name, severity *out);        /* false: no severity has this name */

#endif
