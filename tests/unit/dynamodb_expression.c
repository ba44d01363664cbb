/* DynamoDB's expressions and numbers. A row is one fact: an expression, what it is used on, what comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "smoke/aws/dynamodb_expression.h"

static const char names[] = "{\"#n\":\"n\",\"#s\":\"status\",\"#d\":\"a.b\"}";
static const char values[] =
    "{\":one\":{\"N\":\"1\"},\":two\":{\"N\":\"2.0\"},\":big\":{\"N\":\"99999999999999999999999999999999999999\"},\":a\":{\"S\":\"a\"},\":b\":{\"S\":\"b\"},"
    "\":t\":{\"BOOL\":true},\":l\":{\"L\":[{\"N\":\"7\"}]},\":ss\":{\"SS\":[\"y\",\"x\"]},\":ns\":{\"NS\":[\"10\",\"9\"]},\":bin\":{\"B\":\"AAEC\"},\":S\":{\"S\":\"S\"},"
    "\":M\":{\"S\":\"M\"},\":m\":{\"M\":{\"k\":{\"S\":\"v\"}}},\":null\":{\"NULL\":true},\":what\":{\"S\":\"Q\"}}";
static const char item[] =
    "{\"pk\":{\"S\":\"abc\"},\"n\":{\"N\":\"1\"},\"status\":{\"S\":\"open\"},\"a.b\":{\"S\":\"dotted\"},\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"}]},"
    "\"m\":{\"M\":{\"k\":{\"S\":\"v\"},\"deep\":{\"M\":{\"x\":{\"N\":\"5\"}}}}},\"ss\":{\"SS\":[\"x\",\"z\"]},\"ns\":{\"NS\":[\"1\",\"2\"]},\"bin\":{\"B\":\"AAECAw==\"},"
    "\"t\":{\"BOOL\":true},\"nothing\":{\"NULL\":true},\"neg\":{\"N\":\"-3\"}}";

static const doc_node *read_item(arena *a, const char *text) {
    dynamo_fault f = { .arena = a };
    const doc_node *n = js_read(a, slice_from(text)), *out = n == NULL ? NULL : dynamo_item(a, n, &f);
    if (out == NULL) fail_msg("%s: %.*s", text, SLICE_ARG(f.message));
    return out;
}

static void read_names(arena *a, dynamo_names *n) {
    dynamo_fault f = { .arena = a };
    js_object o = { 0 };
    js_put(a, &o, "ExpressionAttributeNames", js_read(a, slice_from(names)));
    js_put(a, &o, "ExpressionAttributeValues", js_read(a, slice_from(values)));
    if (!dynamo_names_read(n, a, js_object_end(a, &o), true, &f)) fail_msg("%.*s", SLICE_ARG(f.message));
}

static const struct { const char *text; bool holds; } conditions[] = {
    { "n = :one", true }, { "n <> :one", false }, { "n < :two", true }, { "n >= :one", true }, { "n > :one", false }, { "#n <= :one", true },
    { "pk = :one", false }, { "pk <> :one", true }, { "pk < :one", false },                     /* different types */
    { "gone = :one", false }, { "gone < :one", false }, { "gone <> :one", true }, { "NOT gone = :one", true },
    { "neg < n", true }, { "neg < :one AND n < :two", true }, { "n > :two OR n = :one", true }, { "n = :one AND NOT n = :two", true },
    { "NOT n = :one OR pk = :a", false }, { "n = :two AND pk = :a OR n = :one", true }, { "n = :two AND (pk = :a OR n = :one)", false },
    { "n BETWEEN :one AND :two", true }, { "n between neg and n", true }, { "n BETWEEN :two AND :big", false }, { "pk BETWEEN :a AND :b", true },
    { "n IN (:a, :one)", true }, { "n IN (:two)", false }, { "gone IN (:two)", false }, { "m IN (:m, :l)", false },
    { "attribute_exists(pk)", true }, { "attribute_not_exists(pk)", false }, { "attribute_exists(m.k) and attribute_not_exists(m.k.x)", true },
    { "attribute_exists(m.deep.x)", true }, { "attribute_exists(l[2])", true }, { "attribute_exists(l[3])", false }, { "attribute_exists(l[0][0])", false },
    { "attribute_type(pk, :S)", true }, { "attribute_type(m, :M)", true }, { "attribute_type(pk, :M)", false }, { "attribute_type(gone, :M)", false },
    { "begins_with(pk, :a)", true }, { "begins_with(pk, :b)", false }, { "begins_with(n, :a)", false }, { "begins_with(bin, :bin)", true },
    { "contains(pk, :b)", true }, { "contains(ss, :a)", false }, { "contains(ns, :two)", true }, { "contains(l, :two)", true }, { "contains(l, :a)", false },
    { "contains(n, :one)", false }, { "size(pk) > :two", true }, { "size(l) = size(pk)", true }, { "size(ss) = :two", true }, { "size(n) = :one", false },
    { "size(bin) BETWEEN :one AND :big", true }, { "#s = :a", false }, { "begins_with(#d, :a)", false }, { "l[1] = :two", true }, { "m.deep.x > :two", true },
    { "t = :t", true }, { "nothing = :null", true }, { "((n = :one) AND (t = :t))", true }, { "(n = :one AND (t = :t))", true }, { "m.k=:a or m.k<>:a", true },
};

static void conditions_hold_or_do_not(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    read_names(a, &n);
    const doc_node *on = read_item(a, item);
    for (size_t i = 0; i < COUNT(conditions); i++) {
        dynamo_fault f = { .arena = a };
        const dynamo_condition *c = dynamo_read_condition(&n, slice_from(conditions[i].text), "ConditionExpression", &f);
        if (c == NULL) fail_msg("%s: %.*s", conditions[i].text, SLICE_ARG(f.message));
        if (dynamo_holds(a, c, on) != conditions[i].holds) fail_msg("%s: %s", conditions[i].text, conditions[i].holds ? "does not hold" : "holds");
    }
    arena_free(a);
}

static const struct { const char *text, *says; } bad_conditions[] = {
    { "", "Invalid ConditionExpression: The expression can not be empty;" },
    { "n =", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"" },
    { "n = = :one", "Invalid ConditionExpression: Syntax error; token: \"=\", near: \"= = :one\"" },
    { "n @ :one", "Invalid ConditionExpression: Syntax error; token: \"@\", near: \"n @ :one\"" },
    { "n = :one AND", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"AND\"" },
    { "status = :a", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status" },
    { "m.Name = :a", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: Name" },
    { "n = :nix", "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :nix" },
    { "#nix = :a", "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #nix" },
    { "starts(n, :a)", "Invalid ConditionExpression: Invalid function name; function: starts" },
    { "Size(n) = :one", "Invalid ConditionExpression: Invalid function name; function: Size" },
    { "list_append(l, :l) = :l", "Invalid ConditionExpression: The function is not allowed in a condition expression; function: list_append" },
    { "size(n)", "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size" },
    { "attribute_exists(n) = :t", "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: attribute_exists" },
    { "n = attribute_exists(n)", "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: attribute_exists" },
    { "attribute_exists(:a)", "Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists" },
    { "attribute_exists(n, pk)", "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: attribute_exists, "
                                 "number of operands: 2" },
    { "begins_with(pk)", "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1" },
    { "begins_with(pk, :one)", "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N" },
    { "n < :t", "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL" },
    { "n = n", "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, "
               "first operand: [n]" },
    { "n BETWEEN :two AND :one", "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
                                 "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}" },
    { "n BETWEEN :one AND :a", "Invalid ConditionExpression: The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
                               "AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}" },
    { "attribute_type(n, :what)", "Invalid ConditionExpression: Invalid attribute type name found; type: Q, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}" },
    { "((n = :one))", "Invalid ConditionExpression: The expression has redundant parentheses;" },
    { "((n = :one AND t = :t))", "Invalid ConditionExpression: The expression has redundant parentheses;" },
    { "n IN ()", "Invalid ConditionExpression: Syntax error; token: \")\", near: \"()\"" },
    { "(n = :one", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \":one\"" },
    { "n = :one)", "Invalid ConditionExpression: Syntax error; token: \")\", near: \":one)\"" },
    { "l[x] = :one", "Invalid ConditionExpression: Syntax error; token: \"x\", near: \"[x]\"" },
    { "l[99999999999] = :one", "Invalid ConditionExpression: List index is not within the allowable range; index: [99999999999]" },
    { "n = :", "Invalid ConditionExpression: Syntax error; token: \":\", near: \"= :\"" },
};

static void wrong_conditions_are_told_in_the_words_of_the_service(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    read_names(a, &n);
    for (size_t i = 0; i < COUNT(bad_conditions); i++) {
        dynamo_fault f = { .arena = a };
        const dynamo_condition *c = dynamo_read_condition(&n, slice_from(bad_conditions[i].text), "ConditionExpression", &f);
        if (c != NULL) fail_msg("%s was taken", bad_conditions[i].text);
        if (!slice_is(f.message, bad_conditions[i].says)) fail_msg("%s:\n want %s\n got  %.*s", bad_conditions[i].text, bad_conditions[i].says, SLICE_ARG(f.message));
    }
    arena_free(a);
}

/* On {"k":1, "l":[1,2,3], "m":{"a":x}, "s":{x,y}}: what the item is then, or what is wrong. */
static const char small[] = "{\"k\":{\"N\":\"1\"},\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"}]},\"m\":{\"M\":{\"a\":{\"S\":\"x\"}}},\"ss\":{\"SS\":[\"x\",\"y\"]}}";
#define K "\"k\":{\"N\":\"1\"}"
#define L "\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"}]}"
#define M "\"m\":{\"M\":{\"a\":{\"S\":\"x\"}}}"
#define SS "\"ss\":{\"SS\":[\"x\",\"y\"]}"
static const struct { const char *text, *item, *says; } updates[] = {
    { "SET k = :two", "{\"k\":{\"N\":\"2\"}," L "," M "," SS "}", NULL },
    { "set k = k + :two, n = k", "{\"k\":{\"N\":\"3\"}," L "," M "," SS ",\"n\":{\"N\":\"1\"}}", NULL },       /* right sides see the old item */
    { "SET k = k - :two", "{\"k\":{\"N\":\"-1\"}," L "," M "," SS "}", NULL },
    { "SET k = if_not_exists(k, :two), n = if_not_exists(n, :two)", "{" K "," L "," M "," SS ",\"n\":{\"N\":\"2\"}}", NULL },
    { "SET n = if_not_exists(n, :one) + :two", "{" K "," L "," M "," SS ",\"n\":{\"N\":\"3\"}}", NULL },
    { "SET l = list_append(l, :l)", "{" K ",\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"},{\"N\":\"7\"}]}," M "," SS "}", NULL },
    { "SET l = list_append(:l, l)", "{" K ",\"l\":{\"L\":[{\"N\":\"7\"},{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"}]}," M "," SS "}", NULL },
    { "SET n = list_append(if_not_exists(n, :l), :l)", "{" K "," L "," M "," SS ",\"n\":{\"L\":[{\"N\":\"7\"},{\"N\":\"7\"}]}}", NULL },
    { "SET l[1] = :a", "{" K ",\"l\":{\"L\":[{\"N\":\"1\"},{\"S\":\"a\"},{\"N\":\"3\"}]}," M "," SS "}", NULL },
    { "SET l[9] = :b, l[7] = :a", "{" K ",\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"},{\"N\":\"3\"},{\"S\":\"a\"},{\"S\":\"b\"}]}," M "," SS "}", NULL },
    { "SET m.b = :a, m.a = :b", "{" K "," L ",\"m\":{\"M\":{\"a\":{\"S\":\"b\"},\"b\":{\"S\":\"a\"}}}," SS "}", NULL },
    { "SET #d = :a", "{" K "," L "," M "," SS ",\"a.b\":{\"S\":\"a\"}}", NULL },
    { "REMOVE k, l[0], l[2], m.a", "{\"l\":{\"L\":[{\"N\":\"2\"}]},\"m\":{\"M\":{}}," SS "}", NULL },
    { "REMOVE nothing", "{" K "," L "," M "," SS "}", NULL },
    { "SET l[0] = l[2] REMOVE l[1]", "{" K ",\"l\":{\"L\":[{\"N\":\"3\"},{\"N\":\"3\"}]}," M "," SS "}", NULL },
    { "ADD k :two, n :one", "{\"k\":{\"N\":\"3\"}," L "," M "," SS ",\"n\":{\"N\":\"1\"}}", NULL },
    { "ADD ss :ss", "{" K "," L "," M "," SS "}", NULL },
    { "ADD ns :ns", "{" K "," L "," M "," SS ",\"ns\":{\"NS\":[\"9\",\"10\"]}}", NULL },
    { "DELETE ss :ss", "{" K "," L "," M "}", NULL },
    { "DELETE gone :ss REMOVE k ADD n :one SET pk = :a", "{" L "," M "," SS ",\"n\":{\"N\":\"1\"},\"pk\":{\"S\":\"a\"}}", NULL },
    { "SET k = :big + :big", NULL, "Attempting to store more than 38 significant digits in a Number" },
    { "SET n = gone", NULL, "The provided expression refers to an attribute that does not exist in the item" },
    { "SET k = m + :one", NULL, "An operand in the update expression has an incorrect data type" },
    { "SET k = list_append(k, :l)", NULL, "An operand in the update expression has an incorrect data type" },
    { "ADD m :one", NULL, "An operand in the update expression has an incorrect data type" },
    { "SET gone.x = :a", NULL, "The document path provided in the update expression is invalid for update" },
    { "SET k.x = :a", NULL, "The document path provided in the update expression is invalid for update" },
    { "SET m[0] = :a", NULL, "The document path provided in the update expression is invalid for update" },
    { "SET k = :a, k = :b", NULL,
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [k], path two: [k]" },
    { "SET m.a = :a REMOVE m", NULL,
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m]" },
    { "SET m = :a, m.a = :b", NULL,
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, a]" },
    { "SET m.a = :a, m[0] = :b", NULL,
      "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m, [0]]" },
    { "SET k = :a SET n = :b", NULL, "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;" },
    { "k = :a", NULL, "Invalid UpdateExpression: Syntax error; token: \"k\", near: \"k =\"" },
    { "SET k = :a, ", NULL, "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \",\"" },
    { "SET k = size(l)", NULL, "Invalid UpdateExpression: The function is not allowed in an update expression; function: size" },
    { "SET k = k + :a", NULL, "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S" },
    { "ADD k :a", NULL, "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: S, typeSet: ALLOWED_FOR_ADD_OPERAND" },
    { "DELETE k :one", NULL,
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: N, typeSet: ALLOWED_FOR_DELETE_OPERAND" },
    { "SET counter = :one", NULL, "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: counter" },
};

static void updates_make_the_item_they_say(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    read_names(a, &n);
    const doc_node *on = read_item(a, small);
    for (size_t i = 0; i < COUNT(updates); i++) {
        dynamo_fault f = { .arena = a };
        dynamo_update u;
        const doc_node *got = dynamo_read_update(&n, slice_from(updates[i].text), &u, &f) ? dynamo_apply(a, &u, on, &f) : NULL;
        slice text = got != NULL ? js_text(a, got) : f.message;
        const char *want = updates[i].item != NULL ? updates[i].item : updates[i].says;
        if ((got != NULL) != (updates[i].item != NULL) || !slice_is(text, want)) fail_msg("%s:\n want %s\n got  %.*s", updates[i].text, want, SLICE_ARG(text));
    }
    arena_free(a);
}

static const struct { const char *text, *item; } projections[] = {
    { "k", "{" K "}" }, { "gone", "{}" }, { "m.a, k", "{" M "," K "}" }, { "l[2], l[0]", "{\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"3\"}]}}" },
    { "l[7], m.zz", "{}" }, { "#n, #d", "{}" }, { "k.x", "{}" }, { "k, k", NULL }, { "m, m.a", NULL }, { "k,", NULL }, { "k m", NULL }, { "size(k)", NULL },
};

static void projections_keep_what_lies_at_their_paths(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    read_names(a, &n);
    const doc_node *on = read_item(a, small);
    for (size_t i = 0; i < COUNT(projections); i++) {
        dynamo_fault f = { .arena = a };
        dynamo_projection p;
        bool read = dynamo_read_projection(&n, slice_from(projections[i].text), &p, &f);
        if (read != (projections[i].item != NULL)) fail_msg("%s: %.*s", projections[i].text, SLICE_ARG(f.message));
        slice got = read ? js_text(a, dynamo_project(a, p.paths, on)) : SLICE("");
        if (read && !slice_is(got, projections[i].item)) fail_msg("%s: %.*s", projections[i].text, SLICE_ARG(got));
    }
    arena_free(a);
}

static void placeholders_must_all_be_used(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    dynamo_fault f = { .arena = a };
    const doc_node *in = js_read(a, SLICE("{\"ExpressionAttributeNames\":{\"#a\":\"x\",\"#b\":\"y\"},\"ExpressionAttributeValues\":{\":v\":{\"S\":\"\"}}}"));
    assert_true(dynamo_names_read(&n, a, in, true, &f));
    assert_non_null(dynamo_read_condition(&n, SLICE("#a = :v"), "FilterExpression", &f));
    assert_false(dynamo_names_all_used(&n, &f));
    assert_string_equal(f.message.at, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
    f = (dynamo_fault){ .arena = a };
    assert_non_null(dynamo_read_condition(&n, SLICE("#b = :v"), "FilterExpression", &f));
    assert_true(dynamo_names_all_used(&n, &f));
    assert_false(dynamo_names_read(&n, a, in, false, &f));
    assert_string_equal(f.message.at, "ExpressionAttributeNames can only be specified when using expressions");
    static const char *const bad[] = {
        "{\"ExpressionAttributeNames\":{}}", "{\"ExpressionAttributeNames\":{\"a\":\"x\"}}", "{\"ExpressionAttributeNames\":{\"#\":\"x\"}}",
        "{\"ExpressionAttributeNames\":{\"#a\":\"\"}}", "{\"ExpressionAttributeNames\":{\"#a\":{}}}", "{\"ExpressionAttributeNames\":[]}",
        "{\"ExpressionAttributeValues\":{\":v\":\"x\"}}", "{\"ExpressionAttributeValues\":{\":v\":{}}}", "{\"ExpressionAttributeValues\":{\":v-\":{\"S\":\"\"}}}",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        f = (dynamo_fault){ .arena = a };
        if (dynamo_names_read(&n, a, js_read(a, slice_from(bad[i])), true, &f)) fail_msg("%s was taken", bad[i]);
    }
    arena_free(a);
}

/* A text of `head`, `part` many times, `tail`. */
static slice many(arena *a, const char *head, const char *part, size_t times, const char *tail) {
    buf b = { .arena = a };
    buf_text(&b, head);
    for (size_t i = 0; i < times; i++) buf_text(&b, part);
    buf_text(&b, tail);
    return buf_as_slice(&b);
}

static const struct { const char *head, *part, *tail; size_t most; const char *says; } bounds[] = {
    { "n = :one", " OR n = :one", "", 149, "too many operators" },     /* 1 + 2 a part */
    { "", "NOT ", "n = :one", 100, "nested too deeply" },
    { "", "(", "n = :one", 100, "nested too deeply" },                 /* too deep before it is found to be without an end */
    { "n", ".n", " = :one", 63, "too many nesting elements" },
    { "n IN (:one", ", :one", ")", 99, "too many operands" },
    { "n = :one", " ", "", 4088, "maximum allowed size" },
};

static void expressions_are_bounded(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    dynamo_names n;
    read_names(a, &n);
    for (size_t i = 0; i < COUNT(bounds); i++)
        for (size_t over = 0; over < 2; over++) {
            dynamo_fault f = { .arena = a };
            slice text = many(a, bounds[i].head, bounds[i].part, bounds[i].most + over, bounds[i].tail);
            dynamo_read_condition(&n, text, "FilterExpression", &f);
            bool told = f.code != NULL && slice_find_slice(f.message, slice_from(bounds[i].says)) != (size_t)-1;
            if (told != (over == 1)) fail_msg("row %zu, %zu over: %.*s", i, over, SLICE_ARG(f.message));
        }
    arena_free(a);
}

static void reserved_words_are_in_order_and_found_in_any_case(void **state) {
    (void)state;
    const char *const *all;
    size_t len = dynamo_words(&all);
    assert_int_equal(len, 573);
    for (size_t i = 1; i < len; i++)
        if (slice_order(slice_from(all[i - 1]), slice_from(all[i])) >= 0) fail_msg("%s stands before %s", all[i - 1], all[i]);
    static const char *const reserved[] = { "abort", "zone", "Name", "STATUS", "data", "ttl", "user", "value", "count", "year", "date" };
    static const char *const free_words[] = { "id", "pk", "email", "version", "", "nameX", "createdAt", "a_very_long_name_that_is_none_of_the_words" };
    for (size_t i = 0; i < COUNT(reserved); i++) assert_true(dynamo_word_reserved(slice_from(reserved[i])));
    for (size_t i = 0; i < COUNT(free_words); i++) assert_false(dynamo_word_reserved(slice_from(free_words[i])));
}

/* ---- values and numbers ---- */

static const struct { const char *text, *out; number_status status; } numbers[] = {
    { "1", "1", NUMBER_FITS }, { "1.0", "1", NUMBER_FITS }, { "-0", "0", NUMBER_FITS }, { "0.00100", "0.001", NUMBER_FITS }, { "1e3", "1000", NUMBER_FITS },
    { "+5", "5", NUMBER_FITS }, { ".5", "0.5", NUMBER_FITS }, { "5.", "5", NUMBER_FITS }, { " 7 ", "7", NUMBER_FITS }, { "-12.50", "-12.5", NUMBER_FITS },
    { "0e99999999999999999999", "0", NUMBER_FITS }, { "000123", "123", NUMBER_FITS }, { "1234.5E-2", "12.345", NUMBER_FITS },
    { "12345678901234567890123456789012345678", "12345678901234567890123456789012345678", NUMBER_FITS },
    { "123456789012345678901234567890123456780", "123456789012345678901234567890123456780", NUMBER_FITS },
    { "123456789012345678901234567890123456789", NULL, NUMBER_LONG }, { "1E126", NULL, NUMBER_OVERFLOW }, { "-1E126", NULL, NUMBER_OVERFLOW },
    { "1E-131", NULL, NUMBER_UNDERFLOW }, { "1E999999999999999999999", NULL, NUMBER_OVERFLOW }, { "", NULL, NUMBER_NONE }, { "1e", NULL, NUMBER_NONE },
    { "-", NULL, NUMBER_NONE }, { ".", NULL, NUMBER_NONE }, { "1 2", NULL, NUMBER_NONE }, { "0x10", NULL, NUMBER_NONE }, { "NaN", NULL, NUMBER_NONE },
    { "1.2.3", NULL, NUMBER_NONE }, { "1e5.5", NULL, NUMBER_NONE },
};

static void numbers_come_back_in_one_form(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        dynamo_number n;
        number_status s = dynamo_number_read(slice_from(numbers[i].text), &n);
        if (s != numbers[i].status) fail_msg("%s: status %d", numbers[i].text, (int)s);
        slice text = dynamo_number_text(a, &n);
        if (s == NUMBER_FITS && !slice_is(text, numbers[i].out)) fail_msg("%s: %.*s", numbers[i].text, SLICE_ARG(text));
    }
    dynamo_number n;
    assert_int_equal(dynamo_number_read(SLICE("9.99E125"), &n), NUMBER_FITS);
    assert_int_equal(dynamo_number_text(a, &n).len, 126);
    assert_int_equal(dynamo_number_read(SLICE("1E-130"), &n), NUMBER_FITS);
    assert_int_equal(dynamo_number_text(a, &n).len, 132);
    arena_free(a);
}

static const struct { const char *x, *y, *sum, *difference; int order; } sums[] = {
    { "0.1", "0.2", "0.3", "-0.1", -1 }, { "1", "-1", "0", "2", 1 }, { "0", "0", "0", "0", 0 }, { "0", "5", "5", "-5", -1 }, { "-5", "3", "-2", "-8", -1 },
    { "-5", "-7", "-12", "2", 1 }, { "99", "1", "100", "98", 1 }, { "1e20", "1", "100000000000000000001", "99999999999999999999", 1 },
    { "12345678901234567890.5", "0.5", "12345678901234567891", "12345678901234567890", 1 }, { "2", "2.000", "4", "0", 0 },
    { "-0.001", "0.001", "0", "-0.002", -1 }, { "1e37", "9e37", "100000000000000000000000000000000000000", "-80000000000000000000000000000000000000", -1 },
};

static void sums_are_exact(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(sums); i++) {
        dynamo_number x, y, sum, difference;
        dynamo_number_read(slice_from(sums[i].x), &x);
        dynamo_number_read(slice_from(sums[i].y), &y);
        assert_int_equal(dynamo_number_add(&x, &y, false, &sum), NUMBER_FITS);
        assert_int_equal(dynamo_number_add(&x, &y, true, &difference), NUMBER_FITS);
        slice s = dynamo_number_text(a, &sum), d = dynamo_number_text(a, &difference);
        if (!slice_is(s, sums[i].sum) || !slice_is(d, sums[i].difference)) fail_msg("%s and %s: %.*s, %.*s", sums[i].x, sums[i].y, SLICE_ARG(s), SLICE_ARG(d));
        if (dynamo_number_order(&x, &y) != sums[i].order || dynamo_number_order(&y, &x) != -sums[i].order) fail_msg("%s against %s", sums[i].x, sums[i].y);
    }
    dynamo_number most, least, out;
    dynamo_number_read(SLICE("9.9E125"), &most);
    dynamo_number_read(SLICE("1E-130"), &least);
    assert_int_equal(dynamo_number_add(&most, &most, false, &out), NUMBER_OVERFLOW);
    assert_int_equal(dynamo_number_add(&most, &least, false, &out), NUMBER_LONG);
    arena_free(a);
}

static const struct { const char *wire, *out, *says; } values_read[] = {
    { "{\"S\":\"\"}", "{\"S\":\"\"}", NULL }, { "{\"N\":\"1.50\"}", "{\"N\":\"1.5\"}", NULL }, { "{\"NS\":[\"10\",\"9\",\"-1\"]}", "{\"NS\":[\"-1\",\"9\",\"10\"]}", NULL },
    { "{\"L\":[{\"N\":\"01\"},{\"M\":{\"\":{\"NULL\":true}}}]}", "{\"L\":[{\"N\":\"1\"},{\"M\":{\"\":{\"NULL\":true}}}]}", NULL },
    { "{\"SS\":[]}", NULL, "One or more parameter values were invalid: An string set  may not be empty" },
    { "{\"SS\":[\"a\",\"b\",\"a\"]}", NULL, "One or more parameter values were invalid: Input collection [\"a\",\"b\",\"a\"] contains duplicates." },
    { "{\"NS\":[\"1\",\"1.0\"]}", NULL, "One or more parameter values were invalid: Input collection [\"1\",\"1.0\"] contains duplicates." },
    { "{}", NULL, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes" },
    { "{\"S\":\"a\",\"N\":\"1\"}", NULL, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes" },
    { "{\"X\":\"a\"}", NULL, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes" },
    { "{\"N\":\"x\"}", NULL, "The parameter cannot be converted to a numeric value: x" },
    { "{\"NULL\":false}", NULL, "One or more parameter values were invalid: Null attribute value types must have the value of true" },
    { "{\"N\":1}", NULL, "Unexpected value for the type N" }, { "{\"B\":\"?\"}", NULL, "The value of B is not base64" }, { "{\"M\":[]}", NULL, "Unexpected value for the type M" },
};

static void values_are_brought_into_one_form(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(values_read); i++) {
        dynamo_fault f = { .arena = a };
        const doc_node *v = dynamo_value(a, js_read(a, slice_from(values_read[i].wire)), &f);
        slice text = v != NULL ? js_text(a, v) : f.message;
        const char *want = values_read[i].out != NULL ? values_read[i].out : values_read[i].says;
        if (!slice_is(text, want)) fail_msg("%s:\n want %s\n got  %.*s", values_read[i].wire, want, SLICE_ARG(text));
    }
    for (size_t depth = DYNAMO_MAX_NESTED - 1; depth <= DYNAMO_MAX_NESTED + 1; depth++) {
        const doc_node *v = dynamo_make(a, DYNAMO_NULL, js_bool(true));
        for (size_t i = 0; i < depth; i++) {
            js_list l = { 0 };
            js_push(a, &l, v);
            v = dynamo_make(a, DYNAMO_L, js_list_end(a, &l));
        }
        dynamo_fault f = { .arena = a };
        assert_int_equal(dynamo_value(a, v, &f) != NULL, depth <= DYNAMO_MAX_NESTED);
    }
    arena_free(a);
}

static void equality_does_not_hang_on_order_or_spelling(void **state) {
    (void)state;
    static const struct { const char *x, *y; bool same; } rows[] = {
        { "{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"x\"}}", "{\"b\":{\"S\":\"x\"},\"a\":{\"N\":\"1.0\"}}", true },
        { "{\"a\":{\"SS\":[\"x\",\"y\"]}}", "{\"a\":{\"SS\":[\"y\",\"x\"]}}", true }, { "{\"a\":{\"L\":[{\"S\":\"x\"},{\"S\":\"y\"}]}}", "{\"a\":{\"L\":[{\"S\":\"y\"},{\"S\":\"x\"}]}}", false },
        { "{\"a\":{\"N\":\"1\"}}", "{\"a\":{\"S\":\"1\"}}", false }, { "{\"a\":{\"N\":\"1\"}}", "{\"b\":{\"N\":\"1\"}}", false }, { "{}", "{\"b\":{\"N\":\"1\"}}", false },
        { "{\"m\":{\"M\":{\"x\":{\"BOOL\":true}}}}", "{\"m\":{\"M\":{\"x\":{\"BOOL\":false}}}}", false },
    };
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (dynamo_same_item(a, read_item(a, rows[i].x), read_item(a, rows[i].y)) != rows[i].same) fail_msg("%s, %s", rows[i].x, rows[i].y);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_or_do_not),
        cmocka_unit_test(wrong_conditions_are_told_in_the_words_of_the_service),
        cmocka_unit_test(updates_make_the_item_they_say),
        cmocka_unit_test(projections_keep_what_lies_at_their_paths),
        cmocka_unit_test(placeholders_must_all_be_used),
        cmocka_unit_test(expressions_are_bounded),
        cmocka_unit_test(reserved_words_are_in_order_and_found_in_any_case),
        cmocka_unit_test(numbers_come_back_in_one_form),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(values_are_brought_into_one_form),
        cmocka_unit_test(equality_does_not_hang_on_order_or_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
