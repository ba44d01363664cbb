/* JSONPath and intrinsic functions in the fields of a JSONPath state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "smoke/asl/payload.h"
#include "smoke/asl/time.h"

static const char data[] =
    "{\"a\":{\"b\":[10,20,30,40]},\"odd-name\":1,\"two words\":2,\"l\":[{\"p\":1,\"n\":\"x\"},{\"p\":5,\"n\":\"y\",\"q\":null},{\"p\":9,\"n\":\"xyz\"}],\"s\":\"text\",\"t\":true,"
    "\"deep\":{\"n\":\"in\",\"more\":{\"n\":\"inner\"}},\"nothing\":null,\"dots\":{\"a.b\":3}}";

/* The JSON text of what the expression gives, or the error. */
static slice answer(arena *a, const char *expression) {
    asl_host host = { 0 };
    asl_machinery machinery = { .arena = a, .host = &host, .random = 1, .steps_left = 1000000 };
    asl_scope scope = { 0 };
    union { const doc_node *in; void *out; } kept = { .in = js_read(a, SLICE("{\"x\":[1,2]}")) };
    strmap_put(a, &scope.values, SLICE("v"), kept.out);
    asl_data d = { .arena = a, .machinery = &machinery, .scope = &scope, .input = js_read(a, SLICE(data)), .context = js_read(a, SLICE("{\"State\":{\"Name\":\"S\"}}")) };
    const doc_node *n = asl_expression(&d, slice_from(expression), "f");
    return n != NULL ? js_text(a, n) : d.error;
}

static const struct { const char *expression, *want; } rows[] = {
    { "$.a.b[0]", "10" },
    { "$.a.b[-1]", "40" },
    { "$.a.b[1,2]", "[20,30]" },
    { "$.a.b[1:3]", "[20,30]" },
    { "$.a.b[:2]", "[10,20]" },
    { "$.a.b[-2:]", "[30,40]" },
    { "$.a.b[9]", "States.Runtime" },
    { "$.a.b[*]", "[10,20,30,40]" },
    { "$['a']['b'][0]", "10" },
    { "$.odd-name", "1" },
    { "$['two words']", "2" },
    { "$.dots['a.b']", "3" },
    { "$['s','t']", "{\"s\":\"text\",\"t\":true}" },
    { "$.nothing", "null" },
    { "$.missing", "States.Runtime" },
    { "$.missing[*].x", "[]" },
    { "$..n", "[\"x\",\"y\",\"xyz\",\"in\",\"inner\"]" },
    { "$.deep.*", "[\"in\",{\"n\":\"inner\"}]" },
    { "$.l[*].p", "[1,5,9]" },
    { "$.l[?(@.p>3)].n", "[\"y\",\"xyz\"]" },
    { "$.l[?(@.p > 3 && @.n == 'y')].p", "[5]" },
    { "$.l[?(@.p == 1 || !(@.p < 9))].p", "[1,9]" },
    { "$.l[?(@.q)].p", "[5]" },
    { "$.l[?(@.n =~ /X.*/i)].p", "[1,9]" },
    { "$.l[?(@.n in ['y','z'])].p", "[5]" },
    { "$.l[?(@.p >= $.a.b[0])]", "[]" },
    { "$.l[?(@.p>3)][0]", "[]" },
    { "$.l.length()", "3" },
    { "$.a.b.max()", "40" },
    { "$.l[*].p.sum()", "15" },
    { "$$.State.Name", "\"S\"" },
    { "$v.x[1]", "2" },
    { "$w.x", "States.Runtime" },
    { "a.b", "States.Runtime" },
    { "$.a[", "States.Runtime" },
    { "$.a b", "States.Runtime" },
    { "States.Format('{} is {}, {}', $.s, $.odd-name, $.nothing)", "\"text is 1, null\"" },
    { "States.Format('\\{{}\\} it\\'s', $.t)", "\"{true} it's\"" },
    { "States.Format('{}')", "States.IntrinsicFailure" },
    { "States.Format('x', 1)", "States.IntrinsicFailure" },
    { "States.Format('{}', $.deep)", "\"{n=in, more={n=inner}}\"" },
    { "States.StringToJson('{\"a\":[1]}')", "{\"a\":[1]}" },
    { "States.StringToJson('{')", "States.IntrinsicFailure" },
    { "States.JsonToString($.l[0])", "\"{\\\"p\\\":1,\\\"n\\\":\\\"x\\\"}\"" },
    { "States.Array()", "[]" },
    { "States.Array(1, 'b', true, null, States.Array(2))", "[1,\"b\",true,null,[2]]" },
    { "States.ArrayPartition($.a.b, 3)", "[[10,20,30],[40]]" },
    { "States.ArrayPartition($.a.b, 0)", "States.IntrinsicFailure" },
    { "States.ArrayContains($.a.b, 30)", "true" },
    { "States.ArrayRange(1, 9, 4)", "[1,5,9]" },
    { "States.ArrayRange(3, 1, -1)", "[3,2,1]" },
    { "States.ArrayRange(1, 9, 0)", "States.IntrinsicFailure" },
    { "States.ArrayRange(1, 2000, 1)", "States.IntrinsicFailure" },
    { "States.ArrayGetItem($.a.b, 2)", "30" },
    { "States.ArrayGetItem($.a.b, 4)", "States.IntrinsicFailure" },
    { "States.ArrayLength($.l)", "3" },
    { "States.ArrayUnique(States.Array(1,2,1,'1'))", "[1,2,\"1\"]" },
    { "States.Base64Encode('hello')", "\"aGVsbG8=\"" },
    { "States.Base64Decode('aGVsbG8=')", "\"hello\"" },
    { "States.Base64Decode('!')", "States.IntrinsicFailure" },
    { "States.Hash('abc', 'SHA-512')", "\"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f\"" },
    { "States.Hash('abc', 'SHA-384')", "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\"" },
    { "States.Hash('abc', 'MD4')", "States.IntrinsicFailure" },
    { "States.JsonMerge($.deep, $.l[0], false)", "{\"n\":\"x\",\"more\":{\"n\":\"inner\"},\"p\":1}" },
    { "States.JsonMerge($.deep, $.l[0], true)", "States.IntrinsicFailure" },
    { "States.MathAdd(1.5, -4)", "-2" },
    { "States.MathAdd('1', 2)", "States.IntrinsicFailure" },
    { "States.ArrayContains(States.ArrayRange(3,7,1), States.MathRandom(3, 8))", "true" },
    { "States.StringSplit('a.b,,c', '.,')", "[\"a\",\"b\",\"c\"]" },
    { "States.ArrayLength(States.StringSplit(States.UUID(), '-'))", "5" },
    { "States.Nope(1)", "States.IntrinsicFailure" },
    { "States.Format('a'", "States.IntrinsicFailure" },
    { "States.ArrayGetItem($.missing, 0)", "States.Runtime" },
    { "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(1))))))))))", "[[[[[[[[[[1]]]]]]]]]]" },
    { "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(1)))))))))))", "States.IntrinsicFailure" },
};

static void expressions_give_their_answers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice got = answer(a, rows[i].expression);
        if (!slice_is(got, rows[i].want)) fail_msg("%s: want %s, got %.*s", rows[i].expression, rows[i].want, SLICE_ARG(got));
        arena_free(a);
    }
}

static const struct { const char *text; long long seconds; int nanos; } times[] = {
    { "1970-01-01T00:00:00Z", 0, 0 },
    { "2024-02-29T12:00:00.5Z", 1709208000, 500000000 },
    { "2024-02-29T12:00:00+01:30", 1709202600, 0 },
    { "1969-12-31T23:59:59-00:00", -1, 0 },
    { "2024-02-30T12:00:00Z", -99, 0 },
    { "2024-02-29 12:00:00Z", -99, 0 },
    { "2024-02-29t12:00:00z", -99, 0 },
    { "2024-02-29T12:00Z", -99, 0 },
    { "2024-02-29T12:00:00", -99, 0 },
    { "2024-02-29T12:00:00.Z", -99, 0 },
    { "2024-02-29", -99, 0 },
    { "", -99, 0 },
};

static void times_are_rfc_3339_with_a_zone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(times); i++) {
        int64_t seconds;
        int32_t nanos;
        bool ok = asl_time_parse(slice_from(times[i].text), &seconds, &nanos);
        if (ok != (times[i].seconds != -99) || (ok && (seconds != times[i].seconds || nanos != times[i].nanos))) fail_msg("%s", times[i].text);
    }
    arena *a = arena_make(0, NULL);
    assert_true(slice_is(asl_time_text(a, 1709208000500), "2024-02-29T12:00:00.500Z"));
    assert_true(slice_is(asl_time_text(a, -1), "1969-12-31T23:59:59.999Z"));
    arena_free(a);
}

static void deep_filters_and_long_lists_end(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    slice why;
    buf_text(&b, "$.l[?(");
    for (int i = 0; i < 5000; i++) buf_char(&b, i % 2 == 0 ? '(' : '!');
    assert_null(asl_path_parse(a, buf_as_slice(&b), &why));
    assert_true(slice_find_slice(why, SLICE("nested too deep")) != (size_t)-1);
    assert_true(slice_is(answer(a, "$..*..*..*..*..*.length()"), "0"));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_give_their_answers),
        cmocka_unit_test(times_are_rfc_3339_with_a_zone),
        cmocka_unit_test(deep_filters_and_long_lists_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
