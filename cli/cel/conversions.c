/* size(), type() and the conversions: CEL specification, "List of Standard Definitions". */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "cel/functions.h"

cel_value cel_f_size(cel_context *c, const cel_value *args) {
    cel_sequence s;
    if (args[0].kind == CEL_BYTES) return cel_int((int64_t)args[0].text.len);
    if (args[0].kind != CEL_STRING) return cel_sequence_of(c, &args[0], &s) ? cel_int((int64_t)s.len) : cel_error(c, "size() of a record");
    if (!cel_spend(c, args[0].text.len / 32)) return cel_spent();
    return utf8_first_bad(args[0].text) == args[0].text.len ? cel_int((int64_t)utf8_count(args[0].text)) : cel_int((int64_t)args[0].text.len);
}

cel_value cel_f_type(cel_context *c, const cel_value *args) {
    (void)c;
    return cel_type_value(cel_type_name(&args[0]));
}

cel_value cel_f_same(cel_context *c, const cel_value *args) {
    (void)c;
    return args[0];
}

static cel_value no_conversion(cel_context *c, const cel_value *from, const char *to) {
    if (from->kind == CEL_STRING) return cel_error(c, "\"%.*s\" is no %s", SLICE_ARG(cel_brief(from->text)), to);
    return cel_error(c, "a number that does not fit into %s", to);
}

static const slice truths[2][6] = {
    { SLICE_INIT("false"), SLICE_INIT("False"), SLICE_INIT("FALSE"), SLICE_INIT("f"), SLICE_INIT("F"), SLICE_INIT("0") },
    { SLICE_INIT("true"),  SLICE_INIT("True"),  SLICE_INIT("TRUE"),  SLICE_INIT("t"), SLICE_INIT("T"), SLICE_INIT("1") },
};

cel_value cel_f_bool(cel_context *c, const cel_value *args) {
    if (args[0].kind == CEL_BOOL) return args[0];
    for (size_t truth = 0; truth < 2; truth++)
        for (size_t i = 0; i < COUNT(truths[truth]); i++)
            if (slice_eq(truths[truth][i], args[0].text)) return cel_bool(truth == 1);
    return no_conversion(c, &args[0], "bool");
}

cel_value cel_f_int(cel_context *c, const cel_value *args) {
    const cel_value *v = &args[0];
    long long n;
    switch (v->kind) {
    case CEL_UINT:
        return v->natural <= INT64_MAX ? cel_int((int64_t)v->natural) : no_conversion(c, v, "int");
    case CEL_DOUBLE:    /* both ends are open: the doubles there stand for other numbers too */
        return v->number > -9223372036854775808.0 && v->number < 9223372036854775808.0 ? cel_int((int64_t)v->number) : no_conversion(c, v, "int");
    case CEL_STRING:
        return slice_int(v->text, &n) ? cel_int(n) : no_conversion(c, v, "int");
    default:            /* int; the seconds of a timestamp */
        return cel_int(v->integer);
    }
}

static bool natural_of(slice s, uint64_t *out) {
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') return false;
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (n > (UINT64_MAX - digit) / 10) return false;
        n = n * 10 + digit;
    }
    *out = n;
    return s.len > 0;
}

cel_value cel_f_uint(cel_context *c, const cel_value *args) {
    const cel_value *v = &args[0];
    uint64_t n;
    switch (v->kind) {
    case CEL_INT:
        return v->integer >= 0 ? cel_uint((uint64_t)v->integer) : no_conversion(c, v, "uint");
    case CEL_DOUBLE:
        return v->number >= 0 && v->number < 18446744073709551616.0 ? cel_uint((uint64_t)v->number) : no_conversion(c, v, "uint");
    case CEL_STRING:
        return natural_of(v->text, &n) ? cel_uint(n) : no_conversion(c, v, "uint");
    default:
        return *v;
    }
}

static const struct { slice text; double number; } named_doubles[] = {
    { SLICE_INIT("NaN"), NAN },           { SLICE_INIT("Infinity"), INFINITY }, { SLICE_INIT("-Infinity"), -INFINITY },
    { SLICE_INIT("inf"), INFINITY },      { SLICE_INIT("-inf"), -INFINITY },    { SLICE_INIT("Inf"), INFINITY },
    { SLICE_INIT("-Inf"), -INFINITY },    { SLICE_INIT("+Inf"), INFINITY },     { SLICE_INIT("+inf"), INFINITY },
};

/* [+-] digits [. digits] [e [+-] digits], a digit at least before the e. strtod takes more than that. */
static bool looks_double(slice s) {
    size_t i = 0, digits = 0;
    if (i < s.len && (s.at[i] == '+' || s.at[i] == '-')) i++;
    for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) digits++;
    if (i < s.len && s.at[i] == '.')
        for (i++; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) digits++;
    if (digits == 0) return false;
    if (i == s.len) return true;
    if (s.at[i] != 'e' && s.at[i] != 'E') return false;
    i++;
    if (i < s.len && (s.at[i] == '+' || s.at[i] == '-')) i++;
    if (i == s.len) return false;
    for (; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9') return false;
    return true;
}

cel_value cel_f_double(cel_context *c, const cel_value *args) {
    const cel_value *v = &args[0];
    if (v->kind == CEL_INT) return cel_double((double)v->integer);
    if (v->kind == CEL_UINT) return cel_double((double)v->natural);
    if (v->kind == CEL_DOUBLE) return *v;
    for (size_t i = 0; i < COUNT(named_doubles); i++)
        if (slice_eq(named_doubles[i].text, v->text)) return cel_double(named_doubles[i].number);
    if (!looks_double(v->text)) return no_conversion(c, v, "double");
    if (!cel_spend(c, v->text.len / 8)) return cel_spent();
    return cel_double(strtod(arena_copy(c->arena, v->text).at, NULL));
}

cel_value cel_f_string(cel_context *c, const cel_value *args) {
    const cel_value *v = &args[0];
    if (v->kind == CEL_STRING) return *v;
    if (v->kind == CEL_BYTES) {
        if (!cel_spend(c, v->text.len / 32)) return cel_spent();
        return utf8_first_bad(v->text) == v->text.len ? cel_string(v->text) : cel_error(c, "bytes that are no UTF-8");
    }
    return cel_spend(c, 4) ? cel_string(cel_display(c->arena, *v)) : cel_spent();
}

cel_value cel_f_bytes(cel_context *c, const cel_value *args) {
    (void)c;
    return cel_bytes(args[0].text);
}
