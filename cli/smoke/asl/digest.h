/* Hashes and base64 as the functions of Step Functions name and take them. Private to asl/. */
#ifndef SFLINT_SMOKE_ASL_DIGEST_H
#define SFLINT_SMOKE_ASL_DIGEST_H

#include "base/arena.h"

/* Lower case hex by MD5, SHA-1, SHA-256, SHA-384 or SHA-512 (the names as Step Functions spells them). False for another name. */
bool asl_digest(arena *a, slice text, slice algorithm, slice *hex);

/* Base64: takes text with or without padding, the URL alphabet too; false when it is none. */
bool asl_base64_decode(arena *a, slice text, slice *bytes);

#endif
