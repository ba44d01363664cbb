/* SHA-1 (FIPS 180-4), for the logical ids that SAM makes: they end in the first ten hexadecimal digits of a hash. */
#ifndef SFLINT_TEMPLATE_SAM_SHA1_H
#define SFLINT_TEMPLATE_SAM_SHA1_H

#include "base/slice.h"

/* 40 lower-case hexadecimal digits; hex is not NUL-terminated. */
void sha1_hex(slice text, char hex[40]);

#endif
