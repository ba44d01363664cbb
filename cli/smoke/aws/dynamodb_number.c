#include "smoke/aws/dynamodb_number.h"

/* ---- reading and writing ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits as they stand, most significant first, `exponent` that of 0.d1d2...: takes zeros off both ends and looks whether it fits. */
static number_status settle(const unsigned char *digit, size_t len, long long exponent, bool negative, dynamo_number *out) {
    while (len > 0 && digit[0] == 0) {
        digit++;
        len--;
        exponent--;
    }
    while (len > 0 && digit[len - 1] == 0) len--;
    *out = (dynamo_number){ 0 };
    if (len == 0) return NUMBER_FITS;
    if (exponent > DYNAMO_EXPONENT_MAX) return NUMBER_OVERFLOW;
    if (exponent < DYNAMO_EXPONENT_MIN) return NUMBER_UNDERFLOW;
    if (len > DYNAMO_DIGITS) return NUMBER_LONG;
    out->negative = negative;
    out->exponent = (int)exponent;
    out->len = (unsigned)len;
    memcpy(out->digit, digit, len);
    return NUMBER_FITS;
}

/* Leading zeros are dropped while reading; of the digits that follow a few more than fit are kept, all later ones only say whether one was not 0. */
#define KEPT 64

number_status dynamo_number_read(slice text, dynamo_number *out) {
    *out = (dynamo_number){ 0 };
    text = slice_trim(text);
    size_t i = 0;
    bool negative = text.len > 0 && text.at[0] == '-', any = false, point = false;
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+')) i++;
    unsigned char digit[KEPT + 1];
    size_t len = 0;
    long long exponent = 0;                     /* digits in front of the point, as far as they count */
    for (; i < text.len && (is_digit(text.at[i]) || (text.at[i] == '.' && !point)); i++) {
        if (text.at[i] == '.') {
            point = true;
            continue;
        }
        any = true;
        unsigned char d = (unsigned char)(text.at[i] - '0');
        if (len == 0 && d == 0) {
            if (point) exponent--;
            continue;
        }
        if (!point) exponent++;
        if (len < KEPT) digit[len++] = d;
        else if (len == KEPT && d != 0) digit[len++] = 1;
    }
    if (!any) return NUMBER_NONE;
    if (i < text.len && (text.at[i] == 'e' || text.at[i] == 'E')) {
        bool down = ++i < text.len && text.at[i] == '-';
        if (i < text.len && (text.at[i] == '-' || text.at[i] == '+')) i++;
        if (i == text.len) return NUMBER_NONE;
        long long e = 0;
        for (; i < text.len && is_digit(text.at[i]); i++)
            if (e < 1000000000) e = 10 * e + (text.at[i] - '0');
        exponent += down ? -e : e;
    }
    if (i < text.len) return NUMBER_NONE;
    return settle(digit, len, exponent, negative, out);
}

dynamo_number dynamo_number_of(unsigned long long n) {
    unsigned char digit[20];
    size_t len = 0;
    dynamo_number out;
    for (; len < 20; n /= 10) digit[19 - len++] = (unsigned char)(n % 10);
    settle(digit, 20, 20, false, &out);
    return out;
}

slice dynamo_number_text(arena *a, const dynamo_number *n) {
    char text[DYNAMO_DIGITS + 140];
    size_t len = 0;
    if (n->len == 0) return SLICE("0");
    if (n->negative) text[len++] = '-';
    if (n->exponent <= 0) {
        text[len++] = '0';
        text[len++] = '.';
        for (int i = n->exponent; i < 0; i++) text[len++] = '0';
    }
    for (int i = 0; i < (int)n->len || i < n->exponent; i++) {
        if (i == n->exponent && i > 0) text[len++] = '.';
        text[len++] = i < (int)n->len ? (char)('0' + n->digit[i]) : '0';
    }
    return arena_copy(a, (slice){ text, len });
}

/* ---- order and sums ---- */

static int order_of_magnitudes(const dynamo_number *x, const dynamo_number *y) {
    if (x->len == 0 || y->len == 0) return (x->len > 0) - (y->len > 0);
    if (x->exponent != y->exponent) return x->exponent < y->exponent ? -1 : 1;
    int order = slice_order((slice){ (const char *)x->digit, x->len }, (slice){ (const char *)y->digit, y->len });
    return (order > 0) - (order < 0);
}

int dynamo_number_order(const dynamo_number *x, const dynamo_number *y) {
    if (x->negative != y->negative) return x->negative ? -1 : 1;
    int order = order_of_magnitudes(x, y);
    return x->negative ? -order : order;
}

/* All places that two numbers can have between them, and one for the carry. */
#define PLACES (DYNAMO_EXPONENT_MAX - DYNAMO_EXPONENT_MIN + DYNAMO_DIGITS + 2)

static void spread(const dynamo_number *n, unsigned char place[PLACES]) {
    memset(place, 0, PLACES);
    if (n->len > 0) memcpy(place + 1 + DYNAMO_EXPONENT_MAX - n->exponent, n->digit, n->len);
}

number_status dynamo_number_add(const dynamo_number *x, const dynamo_number *y, bool minus, dynamo_number *out) {
    unsigned char big[PLACES], small[PLACES];
    bool y_negative = y->len > 0 && y->negative != minus;
    bool swapped = order_of_magnitudes(x, y) < 0;
    bool negative = swapped ? y_negative : x->negative, apart = x->negative != y_negative;
    spread(swapped ? y : x, big);
    spread(swapped ? x : y, small);
    int carry = 0;
    for (size_t i = PLACES; i-- > 0;) {
        int sum = apart ? big[i] - small[i] + carry : big[i] + small[i] + carry;
        carry = sum < 0 ? -1 : sum > 9 ? 1 : 0;
        big[i] = (unsigned char)(sum - 10 * carry);
    }
    return settle(big, PLACES, DYNAMO_EXPONENT_MAX + 1, negative, out);
}

slice dynamo_number_fault(arena *a, number_status s, slice text) {
    switch (s) {
    case NUMBER_LONG: return SLICE("Attempting to store more than 38 significant digits in a Number");
    case NUMBER_OVERFLOW: return SLICE("Number overflow. Attempting to store a number with magnitude larger than supported range");
    case NUMBER_UNDERFLOW: return SLICE("Number underflow. Attempting to store a number with magnitude smaller than supported range");
    default: return arena_printf(a, "The parameter cannot be converted to a numeric value: %.*s", (int)(text.len < 200 ? text.len : 200), text.at);
    }
}
