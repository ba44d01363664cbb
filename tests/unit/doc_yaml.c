#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "doc/doc.h"

static const doc_node *parse(arena *a, slice text, diags *d) {
    *d = (diags){ .arena = a };
    return doc_parse(a, text, SLICE("t.yaml"), 0, d);
}

static slice said(const diags *d) { return d->list.len > 0 ? d->list.at[0].message : SLICE("nothing"); }

static slice as_json(arena *a, const doc_node *n) {
    buf *b = ARENA_NEW(a, buf);
    json_out j = { .out = b };
    b->arena = a;
    doc_write_json(n, &j, 100000);
    return buf_as_slice(b);
}

/* ---- what text means ---- */

static const struct { const char *text, *json; } trees[] = {
    { "a: 1\nb: [x, 'y', \"z\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}" },
    { "{a: 1, b: {c: d}}", "{\"a\":1,\"b\":{\"c\":\"d\"}}" },
    { "- a\n- - b\n  - c\n", "[\"a\",[\"b\",\"c\"]]" },
    { "[a, b: c]", "[\"a\",{\"b\":\"c\"}]" },
    { "? a\n? b\n", "{\"a\":null,\"b\":null}" },
    { "a:\nb:\n", "{\"a\":null,\"b\":null}" },
    { "--- \na: b\n...\n# end\n...\n", "{\"a\":\"b\"}" },
    { "%YAML 1.1\n---\na: b\n", "{\"a\":\"b\"}" },
    { "\xEF\xBB\xBF" "a: b\n", "{\"a\":\"b\"}" },
    { "a: b\r\nc:\r\n  - d\r\n", "{\"a\":\"b\",\"c\":[\"d\"]}" },
    { "a: |\n  x\n   y\n\n  z\n", "{\"a\":\"x\\n y\\n\\nz\\n\"}" },
    { "a: >-\n  x\n  y\n\n  z\n", "{\"a\":\"x y\\nz\"}" },
    { "a: x\n  y\n", "{\"a\":\"x y\"}" },
    { "a: \"\\u00fc\\x41\\0\"\n", "{\"a\":\"\xC3\xBC" "A\\u0000\"}" },
    { "'a\"b': 1\n\"c\\\"d\": 2\n", "{\"a\\\"b\":1,\"c\\\"d\":2}" },
    { "5: a\ntrue: b\n~: c\n", "{\"5\":\"a\",\"true\":\"b\",\"~\":\"c\"}" },
    /* booleans, nulls */
    { "[true, True, TRUE, yes, Yes, YES, on, On, ON]", "[true,true,true,true,true,true,true,true,true]" },
    { "[false, False, FALSE, no, No, NO, off, Off, OFF]", "[false,false,false,false,false,false,false,false,false]" },
    { "[y, n, Y, N, tRue, oN, 'yes', \"on\", yess]", "[\"y\",\"n\",\"Y\",\"N\",\"tRue\",\"oN\",\"yes\",\"on\",\"yess\"]" },
    { "[~, null, Null, NULL, nUll, 'null', '']", "[null,null,null,null,\"nUll\",\"null\",\"\"]" },
    /* numbers */
    { "[0, 5, -5, +5, 111122223333, 9223372036854775807, -9223372036854775808]",
      "[0,5,-5,5,111122223333,9223372036854775807,-9223372036854775808]" },
    { "[1.5, -0.5, .5, 5., 1.0e+3, 1.5E2]", "[1.5,-0.5,0.5,5,1000,150]" },
    { "[012345670123, 049283716058, 00, -01, 01.5]", "[\"012345670123\",\"049283716058\",\"00\",\"-01\",\"01.5\"]" },
    { "[0x1F, 0o17, 0b1, 1_000, 1:30, 190:20:30, 1e3, 12e5, .inf, .nan, -, +, ., 1.2.3, '7']",
      "[\"0x1F\",\"0o17\",\"0b1\",\"1_000\",\"1:30\",\"190:20:30\",\"1e3\",\"12e5\",\".inf\",\".nan\",\"-\",\"+\",\".\",\"1.2.3\",\"7\"]" },
    { "[2010-09-09, 2012-10-17, 2001-12-14t21:59:43.10-05:00]", "[\"2010-09-09\",\"2012-10-17\",\"2001-12-14t21:59:43.10-05:00\"]" },
    { "99999999999999999999", "1e+20" },
    /* YAML's own tags */
    { "[!!str 5, !!binary aGk=, !!str yes, !!int '5', !!bool \"on\", !!float '1.5', !!null '', ! 5, !!timestamp 2010-09-09]",
      "[\"5\",\"aGk=\",\"yes\",5,true,1.5,null,\"5\",\"2010-09-09\"]" },
    { "[!foo 5, !vault x, !foo [1], !foo {a: b}, !!set {a}, !<tag:x,2000:y> 7]", "[5,\"x\",[1],{\"a\":\"b\"},{\"a\":null},7]" },
    /* short tags */
    { "[!Ref A, !Condition C, !Sub '${A}', !ImportValue I, !Base64 b, !GetAZs r]",
      "[{\"Ref\":\"A\"},{\"Condition\":\"C\"},{\"Fn::Sub\":\"${A}\"},{\"Fn::ImportValue\":\"I\"},{\"Fn::Base64\":\"b\"},{\"Fn::GetAZs\":\"r\"}]" },
    { "[!And [a], !Or [a], !Not [a], !Equals [a, b], !If [c, a, b], !Join ['', [a]], !Select [0, [a]], !Split [',', a]]",
      "[{\"Fn::And\":[\"a\"]},{\"Fn::Or\":[\"a\"]},{\"Fn::Not\":[\"a\"]},{\"Fn::Equals\":[\"a\",\"b\"]},{\"Fn::If\":[\"c\",\"a\",\"b\"]},"
      "{\"Fn::Join\":[\"\",[\"a\"]]},{\"Fn::Select\":[0,[\"a\"]]},{\"Fn::Split\":[\",\",\"a\"]}]" },
    { "[!FindInMap [a, b, c], !Cidr [a, 1, 2], !Length [a], !ToJsonString {a: 1}, !ForEach [x], !Transform {Name: N}]",
      "[{\"Fn::FindInMap\":[\"a\",\"b\",\"c\"]},{\"Fn::Cidr\":[\"a\",1,2]},{\"Fn::Length\":[\"a\"]},{\"Fn::ToJsonString\":{\"a\":1}},"
      "{\"Fn::ForEach\":[\"x\"]},{\"Fn::Transform\":{\"Name\":\"N\"}}]" },
    { "[!GetAtt a.b, !GetAtt a.b.c, !GetAtt 'a.b', !GetAtt [a, b], !GetAtt a, !GetAtt .x]",
      "[{\"Fn::GetAtt\":[\"a\",\"b\"]},{\"Fn::GetAtt\":[\"a\",\"b.c\"]},{\"Fn::GetAtt\":[\"a\",\"b\"]},{\"Fn::GetAtt\":[\"a\",\"b\"]},"
      "{\"Fn::GetAtt\":\"a\"},{\"Fn::GetAtt\":[\"\",\"x\"]}]" },
    { "a: !Sub\n  - '${x}'\n  - x: !Select [0, !GetAZs '']\n",
      "{\"a\":{\"Fn::Sub\":[\"${x}\",{\"x\":{\"Fn::Select\":[0,{\"Fn::GetAZs\":\"\"}]}}]}}" },
    { "a: !Sub |\n  x\n", "{\"a\":{\"Fn::Sub\":\"x\\n\"}}" },
    { "[!Ref 5, !Ref on, !GetAZs ]", "[{\"Ref\":\"5\"},{\"Ref\":\"on\"},{\"Fn::GetAZs\":\"\"}]" },
    { "a: !GetAZs\nb: c\n", "{\"a\":{\"Fn::GetAZs\":\"\"},\"b\":\"c\"}" },
    { "a: &x !Ref A\nb: *x\n", "{\"a\":{\"Ref\":\"A\"},\"b\":{\"Ref\":\"A\"}}" },
    { "a: !Ref &x A\nb: *x\n", "{\"a\":{\"Ref\":\"A\"},\"b\":{\"Ref\":\"A\"}}" },
    /* aliases and merge keys */
    { "a: &x [1]\nb: *x\n", "{\"a\":[1],\"b\":[1]}" },
    { "a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":1,\"b\":2,\"c\":2}" },
    { "a: &x k\n*x : v\n", "{\"a\":\"k\",\"k\":\"v\"}" },
    { "&x a: b\nc: *x\n", "{\"a\":\"b\",\"c\":\"a\"}" },
    { "m: &m {a: 1, b: 2}\nn:\n  <<: *m\n  b: 3\n", "{\"m\":{\"a\":1,\"b\":2},\"n\":{\"b\":3,\"a\":1}}" },
    { "m: &m {a: 1, b: 2}\nn:\n  b: 3\n  <<: *m\n", "{\"m\":{\"a\":1,\"b\":2},\"n\":{\"b\":3,\"a\":1}}" },
    { "n:\n  <<: [{a: 1}, {a: 2, b: 3}]\n", "{\"n\":{\"a\":1,\"b\":3}}" },
    { "n:\n  <<: {a: 1}\n  <<: {a: 2}\n", "{\"n\":{\"a\":2}}" },
    { "n:\n  !!merge k: {a: 1}\n", "{\"n\":{\"a\":1}}" },
    { "n:\n  '<<': {a: 1}\n", "{\"n\":{\"<<\":{\"a\":1}}}" },
    /* tabs where they may be */
    { "a: b\t\n#\tc\t\nd:\t\n  e: 5\t# f\n", "{\"a\":\"b\",\"d\":{\"e\":5}}" },
    { "a: b\n\t\nc: d\n\t# x\ne:\n\t\n  f: g\n\t", "{\"a\":\"b\",\"c\":\"d\",\"e\":{\"f\":\"g\"}}" },
    { "a: [\n\tb,\n\tc ]\n", "{\"a\":[\"b\",\"c\"]}" },
    { "a: |\n  x\ty\n  \tz\n", "{\"a\":\"x\\ty\\n\\tz\\n\"}" },
    /* JSON in a YAML file, nearly JSON too */
    { "{\"a\": 1e3}", "{\"a\":1000}" },
    { "{\"a\": !Ref b, # c\n \"d\": [1,],}", "{\"a\":{\"Ref\":\"b\"},\"d\":[1]}" },
    /* UTF-16 with its mark is tested below */
};

static void text_means_what_cloudformation_takes_it_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(trees); i++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, slice_from(trees[i].text), &d);
        if (n == NULL || d.list.len > 0)
            fail_msg("%s: %.*s", trees[i].text, SLICE_ARG(said(&d)));
        slice got = as_json(a, n);
        if (!slice_is(got, trees[i].json)) fail_msg("%s\nwant %s\n got %.*s", trees[i].text, trees[i].json, SLICE_ARG(got));
        arena_free(a);
    }
}

/* ---- what is refused, where, and in which words ---- */

#define TEXT(lit) { (lit), sizeof(lit) - 1 }
static const struct { slice text; uint32_t line, column; const char *words; } errors[] = {
    { TEXT(""), 1, 1, "empty file" },
    { TEXT(" \n\t\n"), 1, 1, "empty file" },
    { TEXT("\xEF\xBB\xBF"), 1, 1, "empty file" },
    { TEXT("# x\n"), 1, 1, "no document in the file (comments only)" },
    { TEXT("---\n# x\n"), 1, 1, "no document in the file (only `---`)" },
    { TEXT("a: b\nc: d\0e\n"), 2, 5, "not text: a NUL byte" },
    { TEXT("PK\3\4abc"), 1, 3, "not text: the control character U+0003" },
    { TEXT("\xC3\xA4: \xFF"), 1, 4, "not text: the byte 0xff" },
    { TEXT("a: b\n# \xC0\x80"), 2, 3, "not text: the byte 0xc0" },
    { TEXT("a: \xED\xA0\x80"), 1, 4, "not text: the byte 0xed" },
    { TEXT("a: \x7F"), 1, 4, "U+007F" },
    { TEXT("\xFF\xFE" "a"), 1, 1, "not text: the UTF-16 file ends in the middle" },
    { TEXT("\xFE\xFF\0a\0:\0 \xD8\x00\0b"), 1, 4, "not text: half a UTF-16 surrogate pair" },
    { TEXT("---\na: b\n---\nc: d\n"), 3, 1, "a second document begins here" },
    { TEXT("a: b\n---\n"), 2, 1, "a second document begins here" },
    { TEXT("a: b\n...\nc: d\n"), 3, 1, "a second document begins here" },
    { TEXT("a: b\n...\n# x\n\n%YAML 1.1\n---\nc: d\n"), 5, 1, "a second document begins here" },
    { TEXT("{a: b}\nc\n"), 2, 1, "text follows the end of the document" },
    { TEXT("a: &x\n  b: *x\n"), 2, 6, "stands inside the value that it names" },
    { TEXT("a: &x [1, [*x]]\n"), 1, 12, "stands inside the value that it names" },
    { TEXT("a: &x !Sub [*x]\n"), 1, 13, "stands inside the value that it names" },
    { TEXT("a: *x\n"), 1, 4, "the alias `*x` names nothing" },
    { TEXT("a: &x [1]\n*x : b\n"), 2, 1, "is a key, but names no plain text" },
    { TEXT("a:\n  <<: b\n"), 2, 7, "`<<` takes a mapping" },
    { TEXT("a:\n  <<: [{b: c}, d]\n"), 2, 7, "`<<` takes a mapping" },
    { TEXT("a:\n  <<: !Ref b\n"), 2, 7, "`<<` takes a mapping" },
    { TEXT("a: {{ x }}\n"), 1, 5, "a mapping cannot be a key" },
    { TEXT("? [a]\n: b\n"), 1, 3, "a list cannot be a key" },
    { TEXT("!Ref a: b\n"), 1, 1, "a key is plain text" },
    { TEXT("a:\n\tb: c\n"), 2, 1, "a tab stands in the indentation" },
    { TEXT("a:\n  b: c\n\td: e\n"), 3, 1, "a tab stands in the indentation" },
    { TEXT("a: b\n\t\nc:\n\td: e\n"), 4, 1, "a tab stands in the indentation" },
    { TEXT("-\ta: b\n"), 1, 2, "a tab stands in the indentation" },
    { TEXT("a: |\n\tb\n"), 2, 1, "a tab stands in the indentation" },
    { TEXT("a: 'b\nc: d\n"), 3, 1, "close the quote (it begins at line 1)" },
    { TEXT("a: [b"), 1, 6, "a list in brackets is not closed" },
    { TEXT("a: [b,\nc: d\n"), 3, 1, "a list in brackets is not closed" },
    { TEXT("a: {b: c\nd: e\n"), 2, 2, "a mapping in braces is not closed" },
    { TEXT("a: b: c\n"), 1, 5, "a `:` where no key can be" },
    { TEXT("a: b\n  c: d\n"), 2, 4, "a `:` where no key can be" },
    { TEXT("a: b\nc\nd: e\n"), 2, 1, "a key without `:`" },
    { TEXT("a: b\n c\nd\n"), 3, 1, "a key without `:`" },
    { TEXT("- a\nb: c\n"), 2, 1, "a line in a list that begins with no `-`" },
    { TEXT("a:\n    b: c\n  d: e\n"), 3, 3, "a line that is no `key: value`" },
    { TEXT("a: 'b' c\n"), 1, 8, "text stands behind a value that has ended" },
    { TEXT("a: @b\n"), 1, 4, "no plain value begins with `@`" },
    { TEXT("a: `b`\n"), 1, 4, "a backtick" },
    { TEXT("a: %b\n"), 1, 4, "no plain value begins with `%`" },
    { TEXT("a: \"\\d\"\n"), 1, 5, "no such escape" },
    { TEXT("a: !Base64 !Sub b\n"), 1, 12, "two tags on one value" },
    { TEXT("a: ]\n"), 1, 4, "closes nothing" },
    { TEXT("\xC3\xA4: '\xE2\x82\xAC' c\n"), 1, 8, "text stands behind" },
    { TEXT("a: \"\xE2\x80\xA8\"\nb: @\n"), 2, 4, "begins with `@`" },
    { TEXT("a: b\rc: @\r"), 2, 4, "begins with `@`" },
    { TEXT("{\"a\": 1 \"b\": 2}"), 1, 9, "`\"` stands where `,` or `}` should" },
    { TEXT("{\"a\": [1, \"b\": 2}"), 1, 14, "`:` stands where `,` or `]` should" },
    { TEXT("{\"a\": !Ref b, \"c\": @}"), 1, 20, "begins with `@`" },
    { TEXT("{\"a\": 1"), 1, 8, "the JSON ends too early" },
    { TEXT("{a: 1, b: @}"), 1, 11, "begins with `@`" },
};

static void what_is_refused_is_refused_once_at_its_place_in_clear_words(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, errors[i].text, &d);
        if (n != NULL || d.list.len != 1) fail_msg("row %zu `%s`: tree %d, %zu lines", i, errors[i].text.at, n != NULL, d.list.len);
        const diag *one = &d.list.at[0];
        if (one->at.line != errors[i].line || one->at.column != errors[i].column ||
            slice_find_slice(one->message, slice_from(errors[i].words)) == (size_t)-1)
            fail_msg("row %zu `%s`: want %u:%u %s, got %u:%u %.*s", i, errors[i].text.at, errors[i].line, errors[i].column, errors[i].words,
                     one->at.line, one->at.column, SLICE_ARG(one->message));
        arena_free(a);
    }
}

static void nothing_is_said_without_a_place_to_say_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        arena *a = arena_make(0, NULL);
        assert_null(doc_parse(a, errors[i].text, SLICE("t"), 0, NULL));
        arena_free(a);
    }
}

/* ---- duplicate keys ---- */

static void every_duplicate_key_is_an_error_at_the_second_and_names_the_first(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    const doc_node *n = parse(a, SLICE("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n  c: 4\n'a': 5\n"), &d);
    assert_non_null(n);
    static const struct { uint32_t line, column, first; } want[] = { { 5, 3, 3 }, { 6, 3, 3 }, { 7, 1, 1 } };
    assert_int_equal(d.list.len, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_int_equal(d.list.at[i].at.line, want[i].line);
        assert_int_equal(d.list.at[i].at.column, want[i].column);
        slice line = arena_printf(a, "first seen at line %u:", want[i].first);
        assert_true(slice_find_slice(d.list.at[i].message, line) != (size_t)-1);
    }
    assert_true(slice_is(as_json(a, n), "{\"a\":1,\"b\":{\"c\":1,\"d\":2}}"));
    arena_free(a);
}

static void duplicates_before_a_syntax_error_are_said_too(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    assert_null(parse(a, SLICE("b:\n  c: 1\n  c: 3\nd: @\n"), &d));
    assert_int_equal(d.list.len, 2);
    assert_int_equal(d.list.at[0].at.line, 3);
    assert_int_equal(d.list.at[1].at.line, 4);
    arena_free(a);
}

static slice wide(arena *a, size_t keys, const char *tail) {
    buf b = { .arena = a };
    for (size_t i = 0; i < keys; i++) buf_printf(&b, "k%zu: %zu\n", i * 7919 % keys, i);
    buf_text(&b, tail);
    return buf_as_slice(&b);
}

static void keys_of_small_and_large_mappings_are_found(void **state) {
    (void)state;
    static const size_t sizes[] = { 1, 2, 15, 16, 17, 18, 100, 1000, 4099 };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, wide(a, sizes[s], ""), &d);
        assert_non_null(n);
        assert_int_equal(n->map.len, sizes[s]);
        const doc_node *made = doc_new_map(a, n->at, n->map.at, n->map.len);
        for (size_t i = 0; i < sizes[s]; i++) {
            assert_ptr_equal(doc_get(n, n->map.at[i].key), n->map.at[i].value);
            assert_ptr_equal(doc_entry_of(n, n->map.at[i].key), &n->map.at[i]);
            assert_ptr_equal(doc_get(made, n->map.at[i].key), n->map.at[i].value);
        }
        assert_null(doc_get(n, SLICE("k")));
        assert_null(doc_get(n, SLICE("")));
        assert_null(doc_get(n, SLICE("zzzzzzzzzzzzz")));
        n = parse(a, wide(a, sizes[s], "k0: x\nother: y\nk0: z\n"), &d);
        assert_non_null(n);
        assert_int_equal(d.list.len, 2);
        assert_int_equal(d.list.at[0].at.line, sizes[s] + 1);
        assert_int_equal(d.list.at[1].at.line, sizes[s] + 3);
        assert_int_equal(n->map.len, sizes[s] + 1);
        assert_int_equal(doc_get(n, SLICE("k0"))->kind, DOC_INT);
        assert_true(slice_is(doc_get(n, SLICE("other"))->text, "y"));
        arena_free(a);
    }
    assert_null(doc_get(NULL, SLICE("a")));
}

/* ---- places ---- */

static void a_short_tag_stands_at_the_tag_and_its_argument_at_its_own_text(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    const doc_node *n = parse(a, SLICE("\xC3\xA4: !Sub  'x'\nb: &n !GetAtt  # why\n  \"Abc.De\"\nc: !If [\n  d ]\ne: !Ref f # g\nh:\n  !Join\n  - ','\n  - *n\n"), &d);
    assert_non_null(n);
    const doc_node *sub = n->map.at[0].value;
    assert_true(sub->from_tag);
    assert_int_equal(sub->at.column, 4);
    assert_int_equal(sub->end.column, 13);
    assert_int_equal(sub->map.at[0].key_at.column, 4);
    assert_int_equal(sub->map.at[0].key_end.column, 8);
    assert_int_equal(sub->map.at[0].value->at.column, 10);
    assert_int_equal(sub->map.at[0].value->end.column, 13);
    const doc_node *att = n->map.at[1].value, *parts = att->map.at[0].value;
    assert_true(att->shared);
    assert_int_equal(att->at.line, 2);
    assert_int_equal(att->at.column, 7);
    assert_int_equal(parts->at.line, 3);
    assert_int_equal(parts->at.column, 3);
    assert_int_equal(parts->list.at[0]->at.column, 4);
    assert_int_equal(parts->list.at[0]->end.column, 7);
    assert_int_equal(parts->list.at[1]->at.column, 8);
    assert_int_equal(parts->list.at[1]->end.column, 10);
    assert_int_equal(doc_pos_in(parts->list.at[1], 1).column, 9);
    const doc_node *fi = n->map.at[2].value;
    assert_int_equal(fi->map.at[0].value->at.column, 8);
    assert_int_equal(fi->end.line, 5);
    assert_int_equal(fi->end.column, 6);
    assert_int_equal(n->map.at[3].value->map.at[0].value->at.column, 9);
    const doc_node *join = n->map.at[4].value;
    assert_int_equal(join->at.line, 8);
    assert_int_equal(join->map.at[0].value->at.line, 9);
    assert_int_equal(join->map.at[0].value->at.column, 3);
    assert_int_equal(join->end.line, 10);
    assert_int_equal(join->end.column, 7);
    assert_ptr_equal(join->map.at[0].value->list.at[1], att);
    assert_int_equal(n->map.at[1].key_at.line, 2);
    assert_int_equal(n->map.at[1].key_end.column, 2);
    arena_free(a);
}

static void a_block_scalar_ends_at_its_last_character(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    const doc_node *n = parse(a, SLICE("a: |\n  xy\n  zzz\n\n\nb: c\n"), &d);
    assert_non_null(n);
    assert_int_equal(n->map.at[0].value->at.column, 4);
    assert_int_equal(n->map.at[0].value->end.line, 3);
    assert_int_equal(n->map.at[0].value->end.column, 6);
    assert_true(n->map.at[0].value->quoted);
    arena_free(a);
}

static void utf_16_with_a_mark_is_read(void **state) {
    (void)state;
    static const slice texts[] = {
        TEXT("\xFF\xFE" "a\0:\0 \0\xFC\0=\xD8\0\xDE\n\0b\0:\0 \0c\0"), TEXT("\xFE\xFF\0a\0:\0 \0\xFC\xD8=\xDE\0\0\n\0b\0:\0 \0c"),
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        arena *a = arena_make(0, NULL);
        diags d;
        const doc_node *n = parse(a, texts[i], &d);
        assert_non_null(n);
        assert_true(slice_is(doc_get(n, SLICE("a"))->text, "\xC3\xBC\xF0\x9F\x98\x80"));
        assert_int_equal(doc_get(n, SLICE("a"))->end.column, 6);
        assert_int_equal(doc_get(n, SLICE("b"))->at.line, 2);
        arena_free(a);
    }
}

/* ---- aliases and limits ---- */

static void aliases_are_shared_nodes_and_a_small_file_stays_small(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    diags d;
    buf_text(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++) buf_printf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1,
                                            i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    size_t before = arena_used(a);
    const doc_node *n = parse(a, buf_as_slice(&b), &d);
    assert_non_null(n);
    assert_true(arena_used(a) - before < 200000);
    assert_ptr_equal(n->map.at[3].value->list.at[0], n->map.at[2].value);
    assert_ptr_equal(n->map.at[3].value->list.at[8], n->map.at[2].value);
    assert_true(n->map.at[2].value->shared);
    assert_false(n->map.at[39].value->shared);
    slice out = as_json(a, n);
    assert_true(out.len < 2000000);     /* at most as many nodes as asked for */
    arena_free(a);
}

static slice repeat(arena *a, const char *head, const char *part, size_t times, const char *middle, const char *back, const char *tail) {
    buf b = { .arena = a };
    buf_text(&b, head);
    for (size_t i = 0; i < times; i++) buf_text(&b, part);
    buf_text(&b, middle);
    for (size_t i = 0; i < times; i++) buf_text(&b, back);
    buf_text(&b, tail);
    return buf_as_slice(&b);
}

static const struct { const char *head, *part, *middle, *back, *tail; size_t fits; const char *words; } limits[] = {
    { "", "[", "", "]", "", DOC_MAX_DEPTH, "nested more than 64 deep" },
    { "", "- ", "a", "", "", DOC_MAX_DEPTH, "nested more than 64 deep" },
    { "", "{a: ", "b", "}", "", DOC_MAX_DEPTH, "nested more than 64 deep" },
    { "", "[", "!Ref a", "]", "", DOC_MAX_DEPTH - 1, "nested more than 64 deep" },
    { "", "[", "!GetAtt a.b", "]", "", DOC_MAX_DEPTH - 2, "nested more than 64 deep" },
    { "", "!Not [", "a", "]", "", DOC_MAX_DEPTH / 2, "nested more than 64 deep" },
    { "a: &a [[[[[[[[[[1]]]]]]]]]]\nb: ", "[", "*a", "]", "", DOC_MAX_DEPTH - 11, "nested more than 64 deep" },
    { "? ", "k", "", "", "\n: v", DOC_MAX_KEY_BYTES, "the key is longer than 4096 bytes" },
    { "", "%TAG !a! x\n", "", "", "---\na: b\n", 1, "a second %TAG line" },
    { "m: &m {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}\nn:\n", "- <<: *m\n", "", "", "", DOC_MAX_MERGED / 8, "merge keys (<<) bring more than" },
};

static void every_limit_has_a_document_that_fits_and_one_that_does_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        for (size_t over = 0; over < 2; over++) {
            arena *a = arena_make(0, NULL);
            diags d;
            const doc_node *n = parse(a, repeat(a, limits[i].head, limits[i].part, limits[i].fits + over, limits[i].middle, limits[i].back, limits[i].tail), &d);
            if ((n != NULL) != (over == 0)) fail_msg("row %zu, %zu over: %.*s", i, over, SLICE_ARG(said(&d)));
            if (over == 1) {
                assert_int_equal(d.list.len, 1);
                if (slice_find_slice(said(&d), slice_from(limits[i].words)) == (size_t)-1)
                    fail_msg("row %zu: %.*s", i, SLICE_ARG(said(&d)));
            }
            arena_free(a);
        }
    }
}

static void anchors_and_directives_have_a_limit(void **state) {
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        arena *a = arena_make(0, NULL);
        diags d;
        buf b = { .arena = a };
        for (unsigned i = 0; i < DOC_MAX_ANCHORS + over; i++) buf_printf(&b, "- &a%u x\n", i);
        const doc_node *n = parse(a, buf_as_slice(&b), &d);
        assert_int_equal(n == NULL, over);
        if (over == 1) assert_int_equal(d.list.at[0].at.line, DOC_MAX_ANCHORS + 1);
        buf t = { .arena = a };
        for (unsigned i = 0; i < DOC_MAX_DIRECTIVES + over; i++) buf_printf(&t, "%%TAG !a%u! x\n", i);
        buf_text(&t, "---\na: b\n");
        n = parse(a, buf_as_slice(&t), &d);
        assert_int_equal(n == NULL, over);
        if (over == 1) assert_int_equal(d.list.at[0].at.line, DOC_MAX_DIRECTIVES + 1);
        arena_free(a);
    }
}

static void duplicates_past_the_limit_are_counted(void **state) {
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        arena *a = arena_make(0, NULL);
        diags d;
        assert_non_null(parse(a, repeat(a, "a: 1\n", "a: 1\n", DOC_MAX_DUPLICATES + over, "", "", ""), &d));
        assert_int_equal(d.list.len, DOC_MAX_DUPLICATES + over);
        if (over == 1) assert_true(slice_starts(d.list.at[DOC_MAX_DUPLICATES].message, SLICE("1 more duplicate key")));
        arena_free(a);
    }
}

static void the_number_of_bytes_and_of_nodes_has_a_limit(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    diags d;
    size_t len = (size_t)DOC_MAX_BYTES + 1;
    char *text = ARENA_ARRAY(a, char, len);
    memset(text, 'x', len);
    text[1] = ':';
    text[2] = ' ';
    assert_non_null(parse(a, (slice){ text, len - 1 }, &d));
    assert_null(parse(a, (slice){ text, len }, &d));
    assert_true(slice_find_slice(d.list.at[0].message, SLICE("larger than 64 MB")) != (size_t)-1);
    size_t items = DOC_MAX_NODES - 1;       /* and the list itself */
    text[0] = '[';
    for (size_t i = 0; i < items + 1; i++) memcpy(text + 1 + 2 * i, "1,", 2);
    text[2 * items] = ']';
    arena *nodes = arena_make(0, NULL);
    assert_non_null(parse(nodes, (slice){ text, 2 * items + 1 }, &d));
    arena_free(nodes);
    text[2 * items] = ',';
    text[2 * items + 2] = ']';
    nodes = arena_make(0, NULL);
    d = (diags){ .arena = nodes };
    assert_null(doc_parse_json(nodes, (slice){ text, 2 * items + 3 }, (pos){ 0, 1, 1 }, &d));
    assert_true(slice_find_slice(d.list.at[0].message, SLICE("more than 8388608 values")) != (size_t)-1);
    arena_free(nodes);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_means_what_cloudformation_takes_it_for),
        cmocka_unit_test(what_is_refused_is_refused_once_at_its_place_in_clear_words),
        cmocka_unit_test(nothing_is_said_without_a_place_to_say_it),
        cmocka_unit_test(every_duplicate_key_is_an_error_at_the_second_and_names_the_first),
        cmocka_unit_test(duplicates_before_a_syntax_error_are_said_too),
        cmocka_unit_test(keys_of_small_and_large_mappings_are_found),
        cmocka_unit_test(a_short_tag_stands_at_the_tag_and_its_argument_at_its_own_text),
        cmocka_unit_test(a_block_scalar_ends_at_its_last_character),
        cmocka_unit_test(utf_16_with_a_mark_is_read),
        cmocka_unit_test(aliases_are_shared_nodes_and_a_small_file_stays_small),
        cmocka_unit_test(every_limit_has_a_document_that_fits_and_one_that_does_not),
        cmocka_unit_test(anchors_and_directives_have_a_limit),
        cmocka_unit_test(duplicates_past_the_limit_are_counted),
        cmocka_unit_test(the_number_of_bytes_and_of_nodes_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
