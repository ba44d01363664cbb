/* Numbers of DynamoDB: decimals of up to 38 digits, magnitudes 1E-130 to 9.99...E+125, exact.
 * DynamoDB developer guide, "Supported data types and naming rules", Number. */
#ifndef SFLINT_SMOKE_AWS_DYNAMODB_NUMBER_H
#define SFLINT_SMOKE_AWS_DYNAMODB_NUMBER_H

#include "base/arena.h"

#define DYNAMO_DIGITS       38
#define DYNAMO_EXPONENT_MIN (-129)   /* of 1E-130 written 0.1E-129 */
#define DYNAMO_EXPONENT_MAX 126      /* of 9.99E+125 written 0.999E+126 */

/* 0.d1d2d3... times ten to the exponent, d1 and the last digit not 0; zero has no digits, exponent 0 and is not negative. */
typedef struct {
    bool negative;
    int exponent;
    unsigned len;
    unsigned char digit[DYNAMO_DIGITS];
} dynamo_number;

typedef enum { NUMBER_FITS, NUMBER_NONE, NUMBER_LONG, NUMBER_OVERFLOW, NUMBER_UNDERFLOW } number_status;

/* Text as clients write it: an optional sign, digits with at most one point, an optional exponent; blanks at both ends are passed over. */
number_status dynamo_number_read(slice text, dynamo_number *out);
/* Without an exponent and without needless zeros: as the service gives numbers back. */
slice dynamo_number_text(arena *a, const dynamo_number *n);
dynamo_number dynamo_number_of(unsigned long long n);

int dynamo_number_order(const dynamo_number *x, const dynamo_number *y);
/* x + y, or x - y with `minus`. */
number_status dynamo_number_add(const dynamo_number *x, const dynamo_number *y, bool minus, dynamo_number *out);

/* The service's words for a status that is not NUMBER_FITS; `text` is what was given. */
slice dynamo_number_fault(arena *a, number_status s, slice text);

#endif
