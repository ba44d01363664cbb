/* JSONata expressions with known answers. Those of the table were compared with the answers of the reference implementation (npm jsonata). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "smoke/asl/jsonata.h"

static int64_t now(void *self) { return (void)self, 1700000000000; }

/* The JSON text of the result, "undefined", or the code of the error. */
static slice answer(arena *a, const char *text, const char *data) {
    asl_host host = { .now = now };
    asl_machinery machinery = { .arena = a, .host = &host, .random = 7, .steps_left = ASL_STEPS_MOST };
    asl_scope scope = { 0 };
    union { const doc_node *in; void *out; } kept = { .in = js_read(a, SLICE("{\"n\":5}")) };
    strmap_put(a, &scope.values, SLICE("order"), kept.out);
    asl_data d = { .arena = a, .machinery = &machinery, .scope = &scope, .input = js_read(a, SLICE("{\"id\":7}")) };
    slice error;
    bool undefined;
    const jsonata_program *p = jsonata_parse(a, slice_from(text), &error);
    if (p == NULL) return slice_from_to(error, 0, 5);
    const doc_node *n = jsonata_evaluate(p, &d, data == NULL ? NULL : js_read(a, slice_from(data)), &undefined);
    return n != NULL ? js_text(a, n) : undefined ? SLICE("undefined") : slice_from_to(d.cause, 0, 5);
}

static const char shop[] =
    "{\"shop\":\"north\",\"lines\":[{\"sku\":\"a1\",\"price\":2.5,\"count\":4,\"tags\":[\"red\",\"big\"]},{\"sku\":\"b2\",\"price\":10,\"count\":1,\"tags\":[]},"
    "{\"sku\":\"c3\",\"price\":1,\"count\":12,\"tags\":[\"red\"]}],\"nested\":{\"deep\":{\"sku\":\"z9\"}},\"odd name\":true,\"nums\":[3,1,2],\"none\":null,\"text\":\"Hello, World\"}";

static const struct { const char *text, *want; } rows[] = {
    /* paths and sequences */
    { "lines.sku", "[\"a1\",\"b2\",\"c3\"]" },
    { "lines[0].sku", "\"a1\"" },
    { "lines[-1].sku", "\"c3\"" },
    { "lines[price > 5].sku", "\"b2\"" },
    { "lines[price > 5].sku[]", "[\"b2\"]" },
    { "lines[price > 50].sku", "undefined" },
    { "lines.tags", "[\"red\",\"big\",\"red\"]" },
    { "lines.tags[0]", "[\"red\",\"red\"]" },
    { "(lines.tags)[0]", "\"red\"" },
    { "lines[[0,2]].sku", "[\"a1\",\"c3\"]" },
    { "`odd name`", "true" },
    { "nested.*.sku", "\"z9\"" },
    { "**.sku", "[\"a1\",\"b2\",\"c3\",\"z9\"]" },
    { "none", "null" },
    { "missing.more", "undefined" },
    { "nums[$ > 1]", "[3,2]" },
    { "lines.(price * count)", "[10,10,12]" },
    { "$sum(lines.(price * count))", "32" },
    { "lines.{'k': sku}", "[{\"k\":\"a1\"},{\"k\":\"b2\"},{\"k\":\"c3\"}]" },
    { "lines{sku: count}", "{\"a1\":4,\"b2\":1,\"c3\":12}" },
    { "lines{$string(count > 3): sku}", "{\"true\":[\"a1\",\"c3\"],\"false\":\"b2\"}" },
    { "lines^(price).sku", "[\"c3\",\"a1\",\"b2\"]" },
    { "lines^(>count, sku)[0].sku", "\"c3\"" },
    { "lines#$i[$i = 1].sku", "\"b2\"" },
    { "lines@$l.nums[$ = $l.count].($l.sku & $)", "\"b21\"" },
    { "lines@$l.nums[$ = $l.price].($l.sku & $)", "\"c31\"" },
    { "lines.tags.(%.sku & $)", "[\"a1red\",\"a1big\",\"c3red\"]" },
    { "[1..4]", "[1,2,3,4]" },
    { "[1..3, 9]", "[1,2,3,9]" },
    { "[[1,2],[3]]", "[[1,2],[3]]" },
    { "[nums, 4]", "[3,1,2,4]" },
    /* operators */
    { "1 + 2 * 3 - 4 / 2", "5" },
    { "7 % 3", "1" },
    { "-nums[0]", "-3" },
    { "'a' & 1 & true & missing", "\"a1true\"" },
    { "nums = [3,1,2]", "true" },
    { "1 in nums and not_there = 1", "false" },
    { "missing = missing", "false" },
    { "'b' > 'a'", "true" },
    { "count = 1 ? 'one' : 'many'", "\"many\"" },
    { "missing ?: 'fallback'", "\"fallback\"" },
    { "none ?? 'fallback'", "null" },
    { "( $x := 5; $y := $x * 2; $x + $y )", "15" },
    { "/* a remark */ 1", "1" },
    /* functions of one's own */
    { "( $twice := function($x){ $x * 2 }; $map(nums, $twice) )", "[6,2,4]" },
    { "( $add := function($x, $y){ $x + $y }; $inc := $add(1, ?); $inc(4) )", "5" },
    { "nums ~> $sum()", "6" },
    { "text ~> $uppercase ~> $length", "12" },
    { "( $f := $uppercase ~> $reverse_it; 1 )", "T2006" },
    { "( $fact := function($n){ $n <= 1 ? 1 : $n * $fact($n - 1) }; $fact(10) )", "3628800" },
    { "( $loop := function($n){ $n = 0 ? 'done' : $loop($n - 1) }; $loop(20000) )", "\"done\"" },
    { "( $f := function($x)<n:n>{ $x }; $f('a') )", "T0410" },
    { "{'a': {'b': 1}} ~> |a|{'c': 2}, 'b'|", "{\"a\":{\"c\":2}}" },
    /* the library */
    { "$map(nums, function($v, $i){ $v + $i })", "[3,2,4]" },
    { "$filter(lines, function($l){ $count($l.tags) > 0 }).sku", "[\"a1\",\"c3\"]" },
    { "$reduce(nums, function($a, $b){ $a & '-' & $b })", "\"3-1-2\"" },
    { "$single(lines, function($l){ $l.sku = 'b2' }).price", "10" },
    { "$single(nums)", "D3138" },
    { "$sift({'a':1,'b':2}, function($v, $k){ $k = 'b' })", "{\"b\":2}" },
    { "$each({'a':1,'b':2}, function($v, $k){ $k & $v })", "[\"a1\",\"b2\"]" },
    { "$sort(nums)", "[1,2,3]" },
    { "$sort(lines, function($l, $r){ $l.price > $r.price }).sku", "[\"c3\",\"a1\",\"b2\"]" },
    { "$sort([1,'a'])", "D3070" },
    { "$reverse(nums)", "[2,1,3]" },
    { "$distinct([1,2,1,'1'])", "[1,2,\"1\"]" },
    { "$zip([1,2,3],['a','b'])", "[[1,\"a\"],[2,\"b\"]]" },
    { "$append(1, [2])", "[1,2]" },
    { "$keys([{'a':1},{'b':2,'a':3}])", "[\"a\",\"b\"]" },
    { "$lookup({'a b':1}, 'a b')", "1" },
    { "$spread({'a':1,'b':2})", "[{\"a\":1},{\"b\":2}]" },
    { "$merge([{'a':1},{'a':2,'b':3}])", "{\"a\":2,\"b\":3}" },
    { "$count(missing)", "0" },
    { "[$max(nums), $min(nums), $average(nums)]", "[3,1,2]" },
    { "$sum([1,'a'])", "T0412" },
    { "$exists(missing)", "false" },
    { "[$boolean([]), $boolean([0]), $boolean([1]), $boolean({}), $boolean('')]", "[false,false,true,false,false]" },
    { "[$type(1), $type('a'), $type(null), $type([]), $type({}), $type(true), $type($sum)]", "[\"number\",\"string\",\"null\",\"array\",\"object\",\"boolean\",\"function\"]" },
    { "$string({'a':[1,true,null]})", "\"{\\\"a\\\":[1,true,null]}\"" },
    { "$string(0.1 + 0.2)", "\"0.3\"" },
    { "$string(1e21)", "\"1e+21\"" },
    { "$string(0.0000001)", "\"1e-7\"" },
    { "$number('12.50')", "12.5" },
    { "$number('0x1F')", "31" },
    { "$number('twelve')", "D3030" },
    { "[$round(2.5), $round(3.5), $round(-2.5), $round(1.005, 2), $round(1234, -2)]", "[2,4,-2,1,1200]" },
    { "[$floor(-1.5), $ceil(-1.5), $abs(-3), $power(2,10), $sqrt(16)]", "[-2,-1,3,1024,4]" },
    { "$sqrt(-1)", "D3060" },
    { "1/0", "D1001" },
    { "$formatNumber(12345.678, '#,##0.00')", "\"12,345.68\"" },
    { "$formatNumber(0.14, '01%')", "\"14%\"" },
    { "$formatNumber(1234.5678, '00.000e0')", "\"12.346e2\"" },
    { "$formatBase(255, 16)", "\"ff\"" },
    { "$formatInteger(2789, 'w')", "\"two thousand, seven hundred and eighty-nine\"" },
    { "$formatInteger(1999, 'I')", "\"MCMXCIX\"" },
    { "$formatInteger(21, '1;o')", "\"21st\"" },
    { "$parseInteger('twelve thousand, four hundred and seventy-six', 'w')", "12476" },
    { "$substring('hello', 1, 3)", "\"ell\"" },
    { "$substring('hello', -3)", "\"llo\"" },
    { "$substringBefore(text, ',') & '|' & $substringAfter(text, ', ')", "\"Hello|World\"" },
    { "$pad('7', -3, '0') & $pad('x', 3, '#')", "\"007x##\"" },
    { "$trim('  a \\n b ')", "\"a b\"" },
    { "$split('a, b,c', /, */)", "[\"a\",\"b\",\"c\"]" },
    { "$split('abc', '')", "[\"a\",\"b\",\"c\"]" },
    { "$join(['a','b','c'], '-')", "\"a-b-c\"" },
    { "$contains('abracadabra', /a.*a/)", "true" },
    { "$match('ababbabbcc', /a(b+)/).groups", "[\"b\",\"bb\",\"bb\"]" },
    { "$match('xyz', /q/)", "undefined" },
    { "$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1')", "\"Smith, John\"" },
    { "$replace('265USD', /([0-9]+)USD/, function($m){ $string($number($m.groups[0]) * 2) })", "\"530\"" },
    { "$replace('aaa', 'a', 'b', 2)", "\"bba\"" },
    { "$replace('aaa', /x*/, 'b')", "D1004" },
    { "$base64encode('hello') & $base64decode('aGk=')", "\"aGVsbG8=hi\"" },
    { "$encodeUrlComponent('?x=t\xC3\xA9st')", "\"%3Fx%3Dt%C3%A9st\"" },
    { "$uppercase('stra\xC3\xA9')", "\"STRA\xC3\x89\"" },
    { "$length('\xF0\x9F\x98\x80!')", "2" },
    { "$toMillis('2024-02-29T12:30:00.250Z')", "1709209800250" },
    { "$toMillis('2024-02-29T12:30:00+02:00')", "1709202600000" },
    { "$toMillis('29/02/2024 1pm', '[D01]/[M01]/[Y0001] [h][P]')", "1709211600000" },
    { "$toMillis('not a date')", "D3110" },
    { "$fromMillis(1709209800250)", "\"2024-02-29T12:30:00.250Z\"" },
    { "$fromMillis(1709209800250, '[FNn], [D1o] [MNn] [Y0001], [h#1]:[m01] [P]')", "\"Thursday, 29th February 2024, 12:30 pm\"" },
    { "$fromMillis(1709209800250, '[H01]:[m01] [Z]', '+0530')", "\"18:00 +05:30\"" },
    { "$fromMillis(1709209800250, '[W]/[d]')", "\"9/60\"" },
    { "$now()", "\"2023-11-14T22:13:20.000Z\"" },
    { "$millis()", "1700000000000" },
    { "$error('boom')", "D3137" },
    { "$assert(false, 'no')", "D3141" },
    /* errors */
    { "'a' + 1", "T2001" },
    { "1 + 'a'", "T2002" },
    { "1 > 'a'", "T2009" },
    { "nums > 1", "T2010" },
    { "{1: 2}", "T1003" },
    { "nope()", "T1006" },
    { "uppercase('a')", "T1005" },
    { "$nope(1)", "T1006" },
    { "1 +", "S0207" },
    { "(1", "S0203" },
    { "1 2", "S0201" },
    { "'open", "S0101" },
    { "a.1", "S0213" },
    { "1 := 2", "S0212" },
    { "[1..2.5]", "T2004" },
    /* what Step Functions adds */
    { "$states.input.id + $order.n", "12" },
    { "$partition([1,2,3,4,5], 2)", "[[1,2],[3,4],[5]]" },
    { "$range(1, 10, 3)", "[1,4,7,10]" },
    { "$range(3, 1, -1)", "[3,2,1]" },
    { "$hash('hello', 'SHA-1')", "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"" },
    { "$parse('{\"a\":[1]}').a", "[1]" },
    { "$parse('{')", "D3120" },
    { "$random(3) = $random(3)", "true" },
    { "$length($uuid())", "36" },
    { "$eval('1')", "T1006" },
};

static void expressions_give_their_answers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice got = answer(a, rows[i].text, shop);
        if (!slice_is(got, rows[i].want)) fail_msg("%s: want %s, got %.*s", rows[i].text, rows[i].want, SLICE_ARG(got));
        arena_free(a);
    }
}

static void without_a_focus_names_give_nothing(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    assert_true(slice_is(answer(a, "id", NULL), "undefined"));
    assert_true(slice_is(answer(a, "$", NULL), "undefined"));
    assert_true(slice_is(answer(a, "$states.input.(id)", NULL), "7"));
    assert_true(slice_is(answer(a, "$states.input", NULL), "{\"id\":7}"));
    arena_free(a);
}

/* Each of these would take for ever, or the machine's memory, or its stack. */
static const char *const endless[] = {
    "( $f := function(){ 1 + $f() }; $f() )",
    "( $f := function(){ $f() }; $f() )",
    "( $f := function($x){ $f($x & $x) }; $f('aaaaaaaaaaaaaaaa') )",
    "$reduce([1..100000], function($a, $b){ [$a, $b] })",
    "( $f := function($x){ $f([$x, $x]) }; $string($f(1)) )",
    "( $r := $reduce([1..60], function($a, $b){ [[$a], [$a]] }); $string($r) )",
    "( $r := $reduce([1..60], function($a, $b){ {'a':$a,'b':$a} }); $r )",
    "[1..1000000].[1..1000000]",
    "$map([1..1000000], function($x){ $map([1..1000000], $string) })",
    "$pad('a', 1e15)",
    "$contains($pad('', 5000, 'a'), /(a+)+b/)",
    "**.**.**.**.**.**.**.**.**.**.**.**",
    "$formatNumber(1e300, '#,##0.00')",
    "$join($map([1..100000], function(){ $pad('', 10000, 'x') }))",
};

static void endless_expressions_end(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(endless); i++) {
        arena *a = arena_make(0, NULL);
        slice got = answer(a, endless[i], shop);
        if (got.len == 0) fail_msg("%s gives nothing", endless[i]);
        arena_free(a);
    }
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    static const char *const opens[] = { "(", "[", "-", "{'a':", "$f(", "a[", "function($x){" };
    for (size_t i = 0; i < COUNT(opens); i++) {
        arena *a = arena_make(0, NULL);
        buf b = { .arena = a };
        for (int k = 0; k < 5000; k++) buf_text(&b, opens[i]);
        buf_char(&b, '\0');
        slice got = answer(a, b.bytes.at, shop);
        if (got.at[0] != 'S') fail_msg("5000 of %s: %.*s", opens[i], SLICE_ARG(got));
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_give_their_answers),
        cmocka_unit_test(without_a_focus_names_give_nothing),
        cmocka_unit_test(endless_expressions_end),
        cmocka_unit_test(nesting_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
