/* Event patterns, filter criteria, SNS filter policies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "doc/doc.h"
#include "service/pattern.h"

static int setup(void **state) {
    *state = arena_make(0, NULL);
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

/* "?" stands for a value that is not known, {"?if": [x, y]} for Fn::If, {"?join": [x, y]} for a text of parts. */
static const value *with_unknowns(arena *a, const value *v) {
    value *copy = ARENA_NEW(a, value);
    *copy = *v;
    if (v->kind == VAL_STRING && slice_is(v->text, "?")) {
        copy->kind = VAL_UNKNOWN;
        copy->why = UNKNOWN_PARAMETER;
        copy->text = SLICE("Param");
    } else if (v->kind == VAL_LIST) {
        const value **at = ARENA_ARRAY(a, const value *, v->list.len);
        for (size_t i = 0; i < v->list.len; i++) at[i] = with_unknowns(a, v->list.at[i]);
        copy->list.at = at;
    } else if (v->kind == VAL_MAP) {
        value_entry *at = ARENA_ARRAY(a, value_entry, v->map.len);
        for (size_t i = 0; i < v->map.len; i++) {
            at[i] = v->map.at[i];
            at[i].value = with_unknowns(a, v->map.at[i].value);
        }
        copy->map.at = at;
        if (v->map.len == 1 && slice_is(at[0].key, "?if")) {
            const value *yes = at[0].value->list.at[0], *no = at[0].value->list.at[1];
            copy->kind = VAL_CHOICE;
            copy->choice.on = NULL;
            copy->choice.yes = yes;
            copy->choice.no = no;
        } else if (v->map.len == 1 && slice_is(at[0].key, "?join")) {
            const value *list = at[0].value;
            copy->kind = VAL_JOINED;
            copy->list.at = list->list.at;
            copy->list.len = list->list.len;
        }
    }
    return copy;
}

static const value *tree(arena *a, const char *json) {
    diags d = { .arena = a };
    const doc_node *n = doc_parse_json(a, slice_from(json), (pos){ 0, 1, 1 }, &d);
    if (n == NULL) fail_msg("the test's own JSON is wrong: %s", json);
    return with_unknowns(a, value_from_doc(a, n));
}

static const char *const words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

typedef struct {
    const char *pattern, *event;
    tri want;
    const char *because;     /* NULL: not looked at */
} match_row;

static void check_matches(arena *a, pattern_dialect d, const match_row *rows, size_t len) {
    for (size_t i = 0; i < len; i++) {
        slice because;
        tri got = pattern_match(a, d, tree(a, rows[i].pattern), tree(a, rows[i].event), &because);
        if (got != rows[i].want) fail_msg("%s on %s: want %s, got %s", rows[i].pattern, rows[i].event, words[rows[i].want], words[got]);
        if (rows[i].because != NULL && !slice_is(because, rows[i].because))
            fail_msg("%s on %s: because \"%.*s\", want \"%s\"", rows[i].pattern, rows[i].event, SLICE_ARG(because), rows[i].because);
    }
}

static void the_clause_that_stops_an_event_is_named(void **state) {
    static const match_row rows[] = {
        { "{\"detail\":{\"state\":[\"paid\"]}}", "{\"detail\":{\"state\":\"open\"}}", NO, "detail.state: \"open\" is not one of [\"paid\"]" },
        { "{\"detail\":{\"state\":[\"paid\"]}}", "{\"detail\":{\"state\":\"paid\"}}", YES, "" },
        { "{\"detail\":{\"state\":[{\"prefix\":\"p\"}]}}", "{\"detail\":{\"state\":\"open\"}}", NO,
          "detail.state: \"open\" does not match [{\"prefix\":\"p\"}]" },
        { "{\"detail\":{\"state\":[\"paid\"]}}", "{\"detail\":{}}", NO, "detail.state: is not there, and must be one of [\"paid\"]" },
        { "{\"detail\":{\"state\":[{\"exists\":true}]}}", "{\"detail\":{\"state\":{\"x\":1}}}", NO, "detail.state: is no single value, and must exist" },
        { "{\"detail\":{\"error\":[{\"exists\":false}]}}", "{\"detail\":{\"error\":7}}", NO, "detail.error: 7 is there, and must not exist" },
        { "{\"b\":[1],\"a\":[2]}", "{\"a\":1,\"b\":2}", NO, "b: 2 is not one of [1]" },
        { "{\"a\":[\"x\"]}", "{\"a\":[\"y\",\"z\"]}", NO, "a: none of \"y\", \"z\" is one of [\"x\"]" },
        { "{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"a\":2,\"b\":1}", NO,
          "no branch of $or matches: a: 2 is not one of [1]; b: 1 is not one of [2]" },
        { "{\"c\":[1],\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"a\":2,\"b\":1,\"c\":2}", NO, "c: 2 is not one of [1]" },
        { "{\"l\":{\"a\":[1],\"b\":[2]}}", "{\"l\":[{\"a\":1,\"b\":1},{\"a\":2,\"b\":2}]}", NO,
          "l.a, l.b: no one element of the array has all of these" },
        { "{\"a\":[\"?\"]}", "{\"a\":\"x\"}", UNKNOWN, "a: [\"unknown\"] cannot be known from the template" },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void unknown_parts_of_a_pattern_may_be_anything(void **state) {
    static const match_row rows[] = {
        { "\"?\"", "{}", UNKNOWN, NULL },
        { "{\"a\":\"?\"}", "{}", UNKNOWN, NULL },
        { "{\"a\":[\"?\",\"x\"]}", "{\"a\":\"x\"}", YES, NULL },
        { "{\"a\":[\"?\"],\"b\":[1]}", "{\"a\":\"x\",\"b\":2}", NO, "b: 2 is not one of [1]" },
        { "{\"a\":[{\"anything-but\":\"?\"}]}", "{\"a\":\"x\"}", UNKNOWN, NULL },
        { "{\"a\":[{\"anything-but\":[\"?\",\"x\"]}]}", "{\"a\":\"x\"}", NO, NULL },
        { "{\"a\":[{\"prefix\":\"?\"}]}", "{\"a\":\"x\"}", UNKNOWN, NULL },
        { "{\"a\":[{\"exists\":\"?\"}]}", "{}", UNKNOWN, NULL },
        { "{\"a\":[{\"?if\":[\"x\",\"y\"]}]}", "{\"a\":\"x\"}", UNKNOWN, NULL },
        { "{\"a\":[{\"?if\":[\"x\",\"y\"]}]}", "{\"a\":\"z\"}", NO, NULL },
        { "{\"a\":[{\"?if\":[{\"prefix\":\"x\"},\"xy\"]}]}", "{\"a\":\"xy\"}", YES, NULL },
        { "{\"a\":[{\"?join\":[\"arn:\",\"?\",\":in\"]}]}", "{\"a\":\"arn:aws:in\"}", UNKNOWN, NULL },
        { "{\"a\":[{\"?join\":[\"arn:\",\"?\",\":in\"]}]}", "{\"a\":\"arn:aws:out\"}", NO, NULL },
        { "{\"$or\":[{\"a\":[\"?\"]},{\"b\":[1]}]}", "{\"a\":1,\"b\":1}", YES, NULL },
        { "{\"$or\":\"?\"}", "{\"a\":1}", UNKNOWN, NULL },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void one_element_of_an_array_meets_all_its_clauses(void **state) {
    static const match_row rows[] = {
        { "{\"l\":{\"a\":[1],\"b\":[2]}}", "{\"l\":[{\"a\":1,\"b\":2}]}", YES, NULL },
        { "{\"l\":{\"a\":[1],\"b\":[2]}}", "{\"l\":[{\"a\":1},{\"b\":2}]}", NO, NULL },
        { "{\"l\":{\"a\":[1],\"b\":[{\"exists\":false}]}}", "{\"l\":[{\"a\":1},{\"b\":2}]}", YES, NULL },
        { "{\"l\":{\"a\":[1]},\"m\":{\"b\":[2]}}", "{\"l\":[{\"a\":0},{\"a\":1}],\"m\":[{\"b\":2}]}", YES, NULL },
        { "{\"l\":{\"m\":{\"a\":[1],\"b\":[2]}}}", "{\"l\":[{\"m\":[{\"a\":1},{\"b\":2}]},{\"m\":[{\"a\":1,\"b\":2}]}]}", YES, NULL },
        { "{\"l\":{\"x\":[1],\"m\":{\"a\":[1]}}}", "{\"l\":[{\"x\":1,\"m\":[{\"a\":2}]},{\"x\":2,\"m\":[{\"a\":1}]}]}", NO, NULL },
        { "{\"a\":[{\"anything-but\":\"x\"}]}", "{\"a\":[\"x\",\"y\"]}", YES, NULL },
        { "{\"a\":[{\"exists\":false}]}", "{\"a\":[]}", YES, NULL },
        { "{\"a\":[{\"exists\":false}]}", "{\"a\":{\"b\":1}}", YES, NULL },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void numbers_and_addresses_are_compared_by_value(void **state) {
    static const match_row rows[] = {
        { "{\"a\":[100]}", "{\"a\":1e2}", YES, NULL },
        { "{\"a\":[0.1]}", "{\"a\":0.10}", YES, NULL },
        { "{\"a\":[0]}", "{\"a\":-0.0}", YES, NULL },
        { "{\"a\":[\"100\"]}", "{\"a\":100}", NO, NULL },
        { "{\"a\":[12345678901234567890]}", "{\"a\":12345678901234567890}", YES, NULL },
        { "{\"a\":[12345678901234567890]}", "{\"a\":12345678901234567891}", NO, NULL },
        { "{\"a\":[9007199254740993]}", "{\"a\":9007199254740992}", NO, NULL },
        { "{\"a\":[{\"numeric\":[\">\",0,\"<=\",5]}]}", "{\"a\":5}", YES, NULL },
        { "{\"a\":[{\"numeric\":[\">\",0,\"<=\",5]}]}", "{\"a\":0}", NO, NULL },
        { "{\"a\":[{\"numeric\":[\"<\",1e300]}]}", "{\"a\":-1.7e308}", YES, NULL },
        { "{\"a\":[{\"numeric\":[\"=\",5]}]}", "{\"a\":\"5\"}", NO, NULL },
        { "{\"a\":[\"2001:db8::1\"]}", "{\"a\":\"2001:0DB8:0:0:0:0:0:1\"}", YES, NULL },
        { "{\"a\":[\"10.0.0.256\"]}", "{\"a\":\"10.0.0.256\"}", YES, NULL },
        { "{\"a\":[{\"cidr\":\"10.0.0.0/8\"}]}", "{\"a\":\"10.255.255.255\"}", YES, NULL },
        { "{\"a\":[{\"cidr\":\"10.0.0.0/9\"}]}", "{\"a\":\"10.128.0.0\"}", NO, NULL },
        { "{\"a\":[{\"cidr\":\"10.0.0.0/8\"}]}", "{\"a\":\"::ffff:a00:1\"}", YES, NULL },
        { "{\"a\":[{\"cidr\":\"2001:db8::/33\"}]}", "{\"a\":\"2001:db8:8000::1\"}", NO, NULL },
        { "{\"a\":[{\"cidr\":\"10.0.0.0/8\"}]}", "{\"a\":\"10.0.0\"}", NO, NULL },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void letters_fold_beyond_ascii(void **state) {
    static const match_row rows[] = {
        { "{\"a\":[{\"equals-ignore-case\":\"ÉTAT\"}]}", "{\"a\":\"état\"}", YES, NULL },
        { "{\"a\":[{\"equals-ignore-case\":\"straße\"}]}", "{\"a\":\"STRAßE\"}", YES, NULL },
        { "{\"a\":[{\"equals-ignore-case\":\"Ж\"}]}", "{\"a\":\"ж\"}", YES, NULL },
        { "{\"a\":[{\"suffix\":{\"equals-ignore-case\":\".PNG\"}}]}", "{\"a\":\"é.png\"}", YES, NULL },
        { "{\"a\":[{\"suffix\":{\"equals-ignore-case\":\"É.PNG\"}}]}", "{\"a\":\"é.png\"}", YES, NULL },
        { "{\"a\":[{\"suffix\":{\"equals-ignore-case\":\"xé.png\"}}]}", "{\"a\":\"é.png\"}", NO, NULL },
        { "{\"a\":[{\"prefix\":{\"equals-ignore-case\":\"AB\"}}]}", "{\"a\":\"a\"}", NO, NULL },
        { "{\"a\":[{\"anything-but\":{\"equals-ignore-case\":[\"A\",\"B\"]}}]}", "{\"a\":\"b\"}", NO, NULL },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void wildcards_take_any_run(void **state) {
    static const match_row rows[] = {
        { "{\"a\":[{\"wildcard\":\"*\"}]}", "{\"a\":\"\"}", YES, NULL },
        { "{\"a\":[{\"wildcard\":\"a*a\"}]}", "{\"a\":\"a\"}", NO, NULL },
        { "{\"a\":[{\"wildcard\":\"a*b*c\"}]}", "{\"a\":\"abxbc\"}", YES, NULL },
        { "{\"a\":[{\"wildcard\":\"a*bb*c\"}]}", "{\"a\":\"abxbc\"}", NO, NULL },
        { "{\"a\":[{\"wildcard\":\"a\\\\*b\"}]}", "{\"a\":\"a*b\"}", YES, NULL },
        { "{\"a\":[{\"wildcard\":\"a\\\\*b\"}]}", "{\"a\":\"axb\"}", NO, NULL },
        { "{\"a\":[{\"anything-but\":{\"wildcard\":\"*/tmp/*\"}}]}", "{\"a\":\"x/tmp/y\"}", NO, NULL },
    };
    check_matches(*state, PATTERN_EVENTS, rows, COUNT(rows));
}

static void sns_reads_attributes_by_their_type(void **state) {
    static const match_row rows[] = {
        { "{\"n\":[{\"numeric\":[\">\",5]}]}", "{\"n\":{\"Type\":\"Number\",\"Value\":\"6\"}}", YES, NULL },
        { "{\"n\":[{\"numeric\":[\">\",5]}]}", "{\"n\":{\"DataType\":\"String\",\"StringValue\":\"6\"}}", NO, NULL },
        { "{\"n\":[{\"anything-but\":\"a\"}]}", "{\"n\":{\"Type\":\"String.Array\",\"Value\":\"[\\\"a\\\",\\\"b\\\"]\"}}", YES, NULL },
        { "{\"n\":[{\"exists\":true}]}", "{\"n\":{\"Type\":\"Binary\",\"Value\":\"eA==\"}}", NO, NULL },
        { "{\"n\":\"a\"}", "{\"n\":\"a\"}", YES, NULL },
        { "{}", "{\"n\":\"a\"}", YES, NULL },
    };
    static const match_row body[] = {
        { "{\"o\":{\"id\":[1]}}", "{\"o\":[{\"id\":2},{\"id\":1}]}", YES, NULL },
        { "{\"o\":{\"id\":[1]}}", "\"{\\\"o\\\":{\\\"id\\\":1}}\"", YES, NULL },
        { "{\"o\":{\"id\":[1]}}", "\"plain text\"", NO, NULL },
    };
    check_matches(*state, PATTERN_SNS_ATTRIBUTES, rows, COUNT(rows));
    check_matches(*state, PATTERN_SNS_BODY, body, COUNT(body));
}

static void what_aws_refuses_is_said_in_words(void **state) {
    arena *a = *state;
    static const struct { pattern_dialect d; pattern_verdict want; const char *pattern, *part; } rows[] = {
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"source\":\"my.app\"}", "source must be a list: write [\"my.app\"]" },
        { PATTERN_EVENTS, PATTERN_FINE, "{\"source\":[\"my.app\"]}", "" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{}", "empty" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "[]", "object" },
        { PATTERN_EVENTS, PATTERN_FINE, "\"{\\\"a\\\":[1]}\"", "" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "\"{\"", "no JSON" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"detail\":{}}", "detail: an empty {}" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[]}", "empty list" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[[1]]}", "list inside a list" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"preffix\":\"x\"}]}", "did you mean \"prefix\"" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"EXISTS\":true}]}", "did you mean \"exists\"" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"prefix\":\"x\",\"suffix\":\"y\"}]}", "one operator" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"wildcard\":\"a**b\"}]}", "two *" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"wildcard\":\"*:*:*:*:*:event-bus/*\"}]}", "too complex" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"numeric\":[\">\",5,\"<\",1]}]}", "no number is in the range" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"numeric\":[\"=>\",5]}]}", "no numeric operator" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"exists\":\"true\"}]}", "without quotes" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"cidr\":\"10.0.0.0/32\"}]}", "0 to 31" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"anything-but\":[1,\"x\"]}]}", "not both" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"anything-but\":{\"prefix\":\"\"}}]}", "empty prefix" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":[{\"anything-but\":{\"numeric\":[\"=\",1]}}]}", "inside anything-but" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"$or\":[{\"a\":[1]}]}", "at least two" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"$or\":[{\"a\":[1]},{\"prefix\":[1]}]}", "name of a field" },
        { PATTERN_EVENTS, PATTERN_FINE, "{\"a\":\"?\"}", "" },
        { PATTERN_EVENTS, PATTERN_FINE, "{\"a\":[{\"prefix\":\"?\"},{\"numeric\":[\">\",\"?\"]},\"?\"]}", "" },
        { PATTERN_EVENTS, PATTERN_REFUSED, "{\"a\":{\"?if\":[[1],\"x\"]}}", "must be a list" },
        { PATTERN_ESM, PATTERN_INFO, "{\"body\":{\"a\":[{\"wildcard\":\"x*\"}]}}", "wildcard" },
        { PATTERN_ESM, PATTERN_REFUSED, "{\"body\":{\"a\":[{\"wildcard\":\"x*\"}]},\"b\":1}", "b must be a list" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_INFO, "{\"a\":[{\"wildcard\":\"x*\"}]}", "SNS" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_FINE, "{}", "" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_FINE, "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1]}", "" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_REFUSED, "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}", "at most 5" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_REFUSED, "{\"a\":[{\"numeric\":[\"=\",1000000001]}]}", "10^9" },
        { PATTERN_EVENTS, PATTERN_FINE, "{\"a\":[{\"numeric\":[\"=\",1000000001]}]}", "" },
        { PATTERN_SNS_BODY, PATTERN_REFUSED, "{\"a\":{\"b\":[1,2,3,4,5,6,7,8,9,10]},\"c\":[1,2,3,4,5,6,7,8]}", "160 combinations" },
        { PATTERN_SNS_ATTRIBUTES, PATTERN_FINE, "{\"a\":[1,2,3,4,5,6,7,8,9,10],\"c\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]}", "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const value *where;
        slice message;
        pattern_verdict got = pattern_error(a, rows[i].d, tree(a, rows[i].pattern), &where, &message);
        if (got != rows[i].want) fail_msg("%s: want verdict %d, got %d (%.*s)", rows[i].pattern, rows[i].want, got, SLICE_ARG(message));
        if (slice_find_slice(message, slice_from(rows[i].part)) == (size_t)-1)
            fail_msg("%s: \"%.*s\" lacks \"%s\"", rows[i].pattern, SLICE_ARG(message), rows[i].part);
    }
}

static void an_error_points_at_the_value_that_is_wrong(void **state) {
    arena *a = *state;
    const value *where;
    slice message;
    const value *pattern = tree(a, "{\"source\": [\"a\"],\n \"detail\": {\"x\": \"y\"}}");
    assert_int_equal(pattern_error(a, PATTERN_EVENTS, pattern, &where, &message), PATTERN_REFUSED);
    assert_int_equal(where->at.line, 2);
    assert_int_equal(where->at.column, 18);
}

static void keys_are_dotted_and_branches_flattened(void **state) {
    arena *a = *state;
    const pattern_key *k;
    size_t len = pattern_keys(a, tree(a, "{\"source\":[{\"prefix\":\"\"}],\"detail\":{\"a\":{\"b\":[1]},\"$or\":[{\"c\":[{\"exists\":false}]},"
                                         "{\"d\":\"?\"}]},\"e\":[{\"exists\":false},\"x\"]}"), &k);
    static const struct { const char *path; bool absent, in_or, trivial, open; } want[] = {
        { "source", false, false, true, false },  { "detail.a.b", false, false, false, false }, { "detail.c", true, true, true, false },
        { "detail.d", false, true, false, true }, { "e", false, false, false, false },
    };
    assert_int_equal(len, COUNT(want));
    for (size_t i = 0; i < len; i++) {
        if (!slice_is(k[i].path, want[i].path)) fail_msg("want %s, got %.*s", want[i].path, SLICE_ARG(k[i].path));
        assert_int_equal(k[i].absent_only, want[i].absent);
        assert_int_equal(k[i].or_branch, want[i].in_or);
        assert_int_equal(k[i].trivial, want[i].trivial);
        assert_int_equal(k[i].open, want[i].open);
    }
    assert_true(k[1].numeric);
}

static void exact_values_are_told_from_operators(void **state) {
    arena *a = *state;
    static const struct { const char *pattern; tri want; size_t len; } rows[] = {
        { "{\"source\":[\"a\",\"b\",\"a\"]}", YES, 2 },
        { "{\"source\":[\"a\",{\"prefix\":\"b\"}]}", NO, 0 },
        { "{\"source\":[\"a\",\"?\"]}", UNKNOWN, 0 },
        { "{\"detail\":{\"x\":[1]}}", NO, 0 },
        { "{\"$or\":[{\"source\":[\"a\"]},{\"source\":[\"b\"]}]}", YES, 2 },
        { "{\"$or\":[{\"source\":[\"a\"]},{\"detail-type\":[\"b\"]}]}", NO, 0 },
        { "\"?\"", UNKNOWN, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const slice *texts;
        size_t len;
        tri got = pattern_exact(a, tree(a, rows[i].pattern), SLICE("source"), &texts, &len);
        if (got != rows[i].want || len != rows[i].len) fail_msg("%s: got %s, %zu", rows[i].pattern, words[got], len);
    }
}

static void patterns_overlap_when_one_event_matches_both(void **state) {
    arena *a = *state;
    static const struct { const char *p, *q; tri want; } rows[] = {
        { "{\"source\":[\"my.app\"]}", "{\"source\":[\"my.app\"],\"detail-type\":[\"order\"]}", YES },
        { "{\"source\":[\"my.app\"]}", "{\"source\":[\"other.app\"]}", NO },
        { "{\"source\":[\"my.app\"]}", "{\"source\":[{\"prefix\":\"my.\"}]}", YES },
        { "{\"source\":[{\"prefix\":\"aws.\"}]}", "{\"source\":[{\"prefix\":\"my.\"}]}", NO },
        { "{\"source\":[{\"prefix\":\"my.\"}]}", "{\"source\":[{\"suffix\":\".app\"}]}", YES },
        { "{\"source\":[{\"wildcard\":\"my.*.x\"}]}", "{\"source\":[{\"wildcard\":\"*.y\"}]}", NO },
        { "{\"source\":[{\"anything-but\":\"a\"}]}", "{\"source\":[\"a\"]}", NO },
        { "{\"source\":[{\"anything-but\":\"a\"}]}", "{\"source\":[{\"anything-but\":\"b\"}]}", YES },
        { "{\"source\":[\"?\"]}", "{\"source\":[\"a\"]}", UNKNOWN },
        { "{\"source\":[\"?\"],\"region\":[\"a\"]}", "{\"source\":[\"a\"],\"region\":[\"b\"]}", NO },
        { "{\"detail\":{\"x\":[{\"exists\":false}]}}", "{\"detail\":{\"x\":[1]}}", NO },
        { "{\"detail\":{\"x\":[{\"exists\":false}]}}", "{\"detail\":{\"x\":[{\"exists\":false}]}}", YES },
        { "{\"detail\":{\"x\":[1]}}", "{\"detail\":{\"x\":[2]}}", UNKNOWN },       /* "x": [1, 2] */
        { "{\"detail\":{\"x\":[{\"numeric\":[\">\",1]}]}}", "{\"detail\":{\"x\":[{\"numeric\":[\"<\",3]}]}}", YES },
        { "{\"source\":[\"a\"],\"$or\":[{\"region\":[\"x\"]},{\"region\":[\"y\"]}]}", "{\"region\":[\"y\"]}", YES },
        { "{\"$or\":[{\"region\":[\"x\"]},{\"region\":[\"y\"]}]}", "{\"region\":[\"z\"]}", NO },
        { "\"?\"", "{\"source\":[\"a\"]}", UNKNOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tri one = pattern_overlap(a, tree(a, rows[i].p), tree(a, rows[i].q)), other = pattern_overlap(a, tree(a, rows[i].q), tree(a, rows[i].p));
        if (one != rows[i].want || other != one)
            fail_msg("%s and %s: want %s, got %s and %s", rows[i].p, rows[i].q, words[rows[i].want], words[one], words[other]);
    }
}

static void a_path_no_event_has_is_found(void **state) {
    arena *a = *state;
    static const char shape[] = "{\"detail\":{\"bucket\":{\"name\":\"string\"},\"object\":{\"key\":\"string\",\"etag?\":\"string\"},\"more\":\"json\","
                                "\"list\":[{\"x\":\"number\"}],\"*\":{\"any\":\"string\"},\"d.e\":\"string\"}}";
    static const struct { const char *pattern, *shape, *want; } rows[] = {
        { "{\"detail\":{\"bucket\":{\"name\":[\"in\"]}}}", shape, "" },
        { "{\"detail\":{\"object\":{\"etag\":[\"x\"]}}}", shape, "" },
        { "{\"detail\":{\"object\":{\"size\":[1]}}}", shape, "detail.object.size" },
        { "{\"detail\":{\"object\":{\"size\":[{\"exists\":false}]}}}", shape, "" },
        { "{\"detail\":{\"bucket\":[\"in\"]}}", shape, "detail.bucket" },
        { "{\"detail\":{\"bucket\":{\"name\":{\"deep\":[1]}}}}", shape, "detail.bucket.name.deep" },
        { "{\"detail\":{\"more\":{\"what\":{\"ever\":[1]}}}}", shape, "" },
        { "{\"detail\":{\"list\":{\"x\":[1]}}}", shape, "" },
        { "{\"detail\":{\"list\":{\"y\":[1]}}}", shape, "detail.list.y" },
        { "{\"detail\":{\"f1\":{\"any\":[1]}}}", shape, "" },
        { "{\"detail\":{\"d\":{\"e\":[\"x\"]}}}", shape, "" },
        { "{\"detail\":{\"$or\":[{\"nope\":[1]},{\"bucket\":{\"name\":[\"x\"]}}]}}", shape, "" },
        { "{\"detail\":{\"$or\":[{\"nope\":[1]},{\"neither\":[1]}]}}", shape, "detail.nope" },
        { "{\"details\":{\"x\":[1]}}", "null", "details.x" },
        { "{\"detail\":{\"x\":[1]}}", "null", "" },
        { "{\"detailType\":[\"x\"]}", "null", "detailType" },
        { "{\"source\":{\"x\":[1]}}", "null", "source.x" },
        { "{\"detail\":{\"x\":[1]}}", "{\"detail\":{}}", "" },
        { "{\"detail\":\"?\"}", shape, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        slice got = pattern_impossible(a, tree(a, rows[i].pattern), tree(a, rows[i].shape));
        if (!slice_is(got, rows[i].want)) fail_msg("%s: want \"%s\", got \"%.*s\"", rows[i].pattern, rows[i].want, SLICE_ARG(got));
    }
}

/* n times "$or" of two, one behind the other: 2^n alternatives. */
static const char *many_branches(arena *a, unsigned n) {
    slice inner = SLICE("\"z\":[1]");
    for (unsigned i = 0; i < n; i++)
        inner = arena_printf(a, "\"k%u\":{\"$or\":[{\"a\":[%u]},{\"b\":[1]}]},%.*s", i, i, SLICE_ARG(inner));
    return arena_printf(a, "{%.*s}", SLICE_ARG(inner)).at;
}

static void too_many_alternatives_are_unknown_not_endless(void **state) {
    arena *a = *state;
    assert_int_equal(pattern_match(a, PATTERN_EVENTS, tree(a, many_branches(a, 9)), tree(a, "{}"), NULL), NO);
    assert_int_equal(pattern_match(a, PATTERN_EVENTS, tree(a, many_branches(a, 10)), tree(a, "{}"), NULL), UNKNOWN);
    assert_int_equal(pattern_match(a, PATTERN_EVENTS, tree(a, many_branches(a, 60)), tree(a, "{}"), NULL), UNKNOWN);
    const value *where;
    slice message;
    assert_int_equal(pattern_error(a, PATTERN_EVENTS, tree(a, many_branches(a, 9)), &where, &message), PATTERN_FINE);
    assert_int_equal(pattern_error(a, PATTERN_EVENTS, tree(a, many_branches(a, 10)), &where, &message), PATTERN_INFO);
}

/* Values are a DAG: sixty levels that name the level below twice are 2^60 leaves. */
static const value *shared_levels(arena *a, value_kind kind, const value *leaf) {
    const value *below = leaf;
    for (unsigned i = 0; i < 60; i++) {
        value *v = value_new(a, kind, (pos){ 0, 1, 1 });
        value_entry *pair = ARENA_ARRAY(a, value_entry, 2);
        const value **items = ARENA_ARRAY(a, const value *, 2);
        items[0] = items[1] = below;
        pair[0] = (value_entry){ .key = SLICE("a"), .value = below };
        pair[1] = (value_entry){ .key = SLICE("b"), .value = below };
        if (kind == VAL_MAP) v->map.at = pair, v->map.len = 2;
        if (kind == VAL_LIST) v->list.at = items, v->list.len = 2;
        if (kind == VAL_CHOICE) v->choice.yes = v->choice.no = below;
        below = v;
    }
    return below;
}

static void shared_values_are_not_walked_without_end(void **state) {
    arena *a = *state;
    static const value_kind kinds[] = { VAL_MAP, VAL_LIST, VAL_CHOICE };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const value *deep = shared_levels(a, kinds[i], tree(a, "[1]"));
        value_entry *entry = ARENA_NEW(a, value_entry);
        *entry = (value_entry){ .key = SLICE("k"), .value = deep };
        const value *maps[] = { deep, value_new_map(a, (pos){ 0, 1, 1 }, entry, 1) };
        for (size_t k = 0; k < COUNT(maps); k++) {
            const value *where;
            slice message;
            const pattern_key *keys;
            pattern_error(a, PATTERN_EVENTS, maps[k], &where, &message);
            pattern_match(a, PATTERN_EVENTS, maps[k], maps[k], &message);
            pattern_keys(a, maps[k], &keys);
            pattern_overlap(a, maps[k], maps[k]);
        }
    }
}

static void independent_arrays_do_not_multiply(void **state) {
    arena *a = *state;
    slice event = SLICE("\"end\":1"), pattern = SLICE("\"end\":[1]");
    slice list = SLICE("{\"a\":1}");
    for (unsigned i = 0; i < 50; i++) list = arena_printf(a, "{\"a\":1},%.*s", SLICE_ARG(list));
    for (unsigned i = 0; i < 20; i++) {
        event = arena_printf(a, "\"l%u\":[%.*s],%.*s", i, SLICE_ARG(list), SLICE_ARG(event));
        pattern = arena_printf(a, "\"l%u\":{\"a\":[1]},%.*s", i, SLICE_ARG(pattern));
    }
    event = arena_printf(a, "{%.*s}", SLICE_ARG(event));
    pattern = arena_printf(a, "{%.*s}", SLICE_ARG(pattern));
    assert_int_equal(pattern_match(a, PATTERN_EVENTS, tree(a, pattern.at), tree(a, event.at), NULL), YES);
}

static void dialects_have_the_names_rules_use(void **state) {
    (void)state;
    pattern_dialect d;
    assert_true(pattern_dialect_of(SLICE("sns-body"), &d) && d == PATTERN_SNS_BODY);
    assert_true(pattern_dialect_of(SLICE("events"), &d) && d == PATTERN_EVENTS);
    assert_false(pattern_dialect_of(SLICE("sns"), &d));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_clause_that_stops_an_event_is_named),
        TEST(unknown_parts_of_a_pattern_may_be_anything),
        TEST(one_element_of_an_array_meets_all_its_clauses),
        TEST(numbers_and_addresses_are_compared_by_value),
        TEST(letters_fold_beyond_ascii),
        TEST(wildcards_take_any_run),
        TEST(sns_reads_attributes_by_their_type),
        TEST(what_aws_refuses_is_said_in_words),
        TEST(an_error_points_at_the_value_that_is_wrong),
        TEST(keys_are_dotted_and_branches_flattened),
        TEST(exact_values_are_told_from_operators),
        TEST(patterns_overlap_when_one_event_matches_both),
        TEST(a_path_no_event_has_is_found),
        TEST(too_many_alternatives_are_unknown_not_endless),
        TEST(shared_values_are_not_walked_without_end),
        TEST(independent_arrays_do_not_multiply),
        TEST(dialects_have_the_names_rules_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
