/* From patterns to events: one row a pattern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "smoke/event/parts.h"
#include "smoke/event/probe_pattern.h"

/* `accepted`: the event, or "never: why" or "none: why"; `refused`: the event, or "" when everything passes. */
typedef struct {
    pattern_dialect dialect;
    const char *base, *pattern, *accepted, *refused;
} row;

static const row rows[] = {
    { PATTERN_EVENTS, "{}", "{\"source\":[\"my.app\"],\"detail-type\":[\"Order\"],\"detail\":{\"total\":[{\"numeric\":[\">\",100]}]}}",
      "{\"source\":\"my.app\",\"detail-type\":\"Order\",\"detail\":{\"total\":101}}", "{\"source\":\"my.app\",\"detail-type\":\"Order\",\"detail\":{\"total\":100}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}}", "{\"detail\":{\"a\":1}}", "{\"detail\":{\"a\":2}}" },
    { PATTERN_EVENTS, "{\"detail\":{\"b\":2}}", "{\"detail\":{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}}", "{\"detail\":{\"b\":2,\"a\":1}}", "{\"detail\":{\"b\":3,\"a\":2}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"state\":[{\"anything-but\":[\"running\",\"stopped\"]}]}}", "{\"detail\":{\"state\":\"sflint-smoke\"}}", "{\"detail\":{\"state\":\"running\"}}" },
    { PATTERN_EVENTS, "{\"detail\":{}}", "{\"detail\":{\"err\":[{\"exists\":false}]}}", "{\"detail\":{}}", "{\"detail\":{\"err\":\"sflint-smoke\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"key\":[{\"wildcard\":\"in/*/x.csv\"}]}}", "{\"detail\":{\"key\":\"in/smoke/x.csv\"}}", "{\"detail\":{\"key\":\"sflint-refused\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"ip\":[{\"cidr\":\"10.0.0.0/24\"}]}}", "{\"detail\":{\"ip\":\"10.0.0.1\"}}", "{\"detail\":{\"ip\":\"10.0.1.1\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"ip\":[{\"cidr\":\"2001:db8::/32\"}]}}", "{\"detail\":{\"ip\":\"2001:db8::1\"}}", "{\"detail\":{\"ip\":\"2001:db9::1\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"n\":[{\"numeric\":[\">\",5,\"<\",6]}]}}", "{\"detail\":{\"n\":5.5}}", "{\"detail\":{\"n\":5}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"n\":[{\"numeric\":[\"<=\",5]}]}}", "{\"detail\":{\"n\":5}}", "{\"detail\":{\"n\":6}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"n\":[{\"numeric\":[\">\",5,\"<\",5]}]}}", "never: no number fits `detail.n`", "" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"n\":[{\"numeric\":[\"=\",3]},7]}}", "{\"detail\":{\"n\":3}}", "{\"detail\":{\"n\":8}}" },
    { PATTERN_EVENTS, "{}", "{\"source\":[{\"prefix\":\"\"}]}", "{\"source\":\"smoke\"}", "{}" },
    { PATTERN_EVENTS, "{\"source\":\"x\"}", "{\"source\":[{\"prefix\":\"\"}]}", "{\"source\":\"x\"}", "{}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"a\":[{\"suffix\":\".png\"}],\"b\":[{\"equals-ignore-case\":\"Yes\"}],\"c\":[true],\"d\":[null]}}",
      "{\"detail\":{\"a\":\"smoke.png\",\"b\":\"Yes\",\"c\":true,\"d\":null}}", "{\"detail\":{\"a\":\"sflint-refused\",\"b\":\"Yes\",\"c\":true,\"d\":null}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"a\":[{\"anything-but\":{\"prefix\":\"sflint\"}}]}}", "{\"detail\":{\"a\":\"x\"}}", "{\"detail\":{\"a\":\"sflint\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"a\":[{\"anything-but\":5}]}}", "{\"detail\":{\"a\":6}}", "{\"detail\":{\"a\":5}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"a\":[{\"anything-but\":{\"wildcard\":\"*smoke\"}}]}}", "{\"detail\":{\"a\":\"x\"}}", "{\"detail\":{\"a\":\"smokesmoke\"}}" },
    { PATTERN_EVENTS, "{}", "{\"detail\":{\"a\":[{\"exists\":false}],\"a.b\":[1]}}", "{\"detail\":{\"a.b\":1}}", "{\"detail\":{\"a.b\":1,\"a\":\"sflint-smoke\"}}" },
    { PATTERN_EVENTS, "{\"resources\":[],\"detail\":{\"items\":[{\"n\":0},{\"n\":1}]}}", "{\"resources\":[{\"suffix\":\":x\"}],\"detail\":{\"items\":{\"n\":[4]}}}",
      "{\"resources\":[\"smoke:x\"],\"detail\":{\"items\":[{\"n\":4},{\"n\":1}]}}", "{\"resources\":[\"smoke:x\"],\"detail\":{\"items\":[{\"n\":5},{\"n\":1}]}}" },
    { PATTERN_ESM, "{\"messageId\":\"1\",\"body\":{}}", "{\"body\":{\"type\":[\"order\"]}}", "{\"messageId\":\"1\",\"body\":{\"type\":\"order\"}}", "{\"messageId\":\"1\",\"body\":{\"type\":\"sflint-refused\"}}" },
    { PATTERN_ESM, "{}", "{\"body\":[\"go\"]}", "{\"body\":\"go\"}", "{\"body\":\"sflint-refused\"}" },
    { PATTERN_ESM, "{\"partitionKey\":\"k\"}", "{\"data\":{\"t\":[{\"prefix\":\"a\"}]}}", "{\"partitionKey\":\"k\",\"data\":{\"t\":\"asmoke\"}}", "{\"partitionKey\":\"k\",\"data\":{\"t\":\"sflint-refused\"}}" },
    { PATTERN_ESM, "{\"dynamodb\":{}}", "{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":[{\"exists\":true}]}}}}", "{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":\"1\"}}}}", "{\"dynamodb\":{\"NewImage\":{\"n\":{}}}}" },
    { PATTERN_SNS_ATTRIBUTES, "{}", "{\"kind\":[\"a\",\"b\"],\"n\":[{\"numeric\":[\"=\",5]}]}",
      "{\"kind\":{\"Type\":\"String\",\"Value\":\"a\"},\"n\":{\"Type\":\"Number\",\"Value\":\"5\"}}",
      "{\"kind\":{\"Type\":\"String\",\"Value\":\"sflint-refused\"},\"n\":{\"Type\":\"Number\",\"Value\":\"5\"}}" },
    { PATTERN_SNS_ATTRIBUTES, "{}", "{\"ok\":[true]}", "{\"ok\":{\"Type\":\"String.Array\",\"Value\":\"[true]\"}}", "{\"ok\":{\"Type\":\"String.Array\",\"Value\":\"[false]\"}}" },
    { PATTERN_SNS_ATTRIBUTES, "{}", "{\"kind\":[{\"exists\":false}]}", "{}", "{\"kind\":{\"Type\":\"String\",\"Value\":\"sflint-smoke\"}}" },
    { PATTERN_SNS_BODY, "{}", "{\"o\":{\"id\":[{\"exists\":true}]}}", "{\"o\":{\"id\":\"sflint-smoke\"}}", "{\"o\":{}}" },
};

static slice shown(arena *a, const probed *p) {
    if (p->accepted != NULL) return js_text(a, p->accepted);
    slice why = slice_starts(p->why, SLICE("never matches: ")) ? slice_after(p->why, 15) : p->why;
    return arena_printf(a, "%s: %.*s", p->never ? "never" : "none", SLICE_ARG(why));
}

static void a_pattern_gives_an_event_that_passes_and_one_that_does_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        const row *r = &rows[i];
        const doc_node *pattern = js_read(a, slice_from(r->pattern));
        probe_source s = { .dialect = r->dialect, .base = js_read(a, slice_from(r->base)) };
        probed p = probe_patterns(a, &s, &pattern, 1);
        slice accepted = shown(a, &p), refused = p.refused == NULL ? SLICE("") : js_text(a, p.refused);
        if (!slice_is(accepted, r->accepted) || !slice_is(refused, r->refused))
            fail_msg("%s\nwant %s / %s\ngot  %.*s / %.*s", r->pattern, r->accepted, r->refused, SLICE_ARG(accepted), SLICE_ARG(refused));
        if (p.accepted != NULL && probe_matches(a, r->dialect, &pattern, 1, p.accepted) != YES) fail_msg("%s: the accepted event does not match", r->pattern);
        if (p.refused != NULL && probe_matches(a, r->dialect, &pattern, 1, p.refused) != NO) fail_msg("%s: the refused event matches", r->pattern);
        arena_free(a);
    }
}

/* ---- log filters ---- */

static const struct { const char *pattern, *passes, *refused; } logs[] = {
    { "", "{\"sflint\":\"smoke\"}", "" },
    { "ERROR", "ERROR", "0" },
    { "ERROR \"not found\"", "ERROR not found", "0" },
    { "?ERROR ?WARN", "ERROR", "0" },
    { "-INFO", "smoke", "INFO" },
    { "ERROR -INFO", "ERROR", "0" },
    { "{ $.level = \"ERROR\" }", "{\"level\":\"ERROR\"}", "{\"level\":\"sflint-refused\"}" },
    { "{ $.a.b = \"x*\" && $.n > 5 }", "{\"a\":{\"b\":\"xsmoke\"},\"n\":6}", "{\"a\":{\"b\":\"sflint-refused\"},\"n\":5}" },
    { "{ ($.n <= 5) || ($.m = 1) }", "{\"n\":5}", "{}" },
    { "[ip, user, code = 500, size > 10]", "smoke smoke 500 11", "sflint-refused" },
    { "%ERR[A-Z]+%", NULL, NULL },
    { "{ $.a IS NULL }", NULL, NULL },
};

static void a_log_filter_gives_a_line_that_passes_and_one_that_does_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(logs); i++) {
        arena *a = arena_make(0, NULL);
        slice passes, refused;
        bool known = log_lines(a, slice_from(logs[i].pattern), &passes, &refused);
        if (known != (logs[i].passes != NULL)) fail_msg("%s: understood %d", logs[i].pattern, known);
        if (known && logs[i].passes != NULL && (!slice_is(passes, logs[i].passes) || !slice_is(refused, logs[i].refused)))
            fail_msg("%s: want %s / %s, got %.*s / %.*s", logs[i].pattern, logs[i].passes, logs[i].refused, SLICE_ARG(passes), SLICE_ARG(refused));
        arena_free(a);
    }
}

/* ---- arguments of GraphQL fields ---- */

static const struct { const char *schema, *type, *field, *want; } schemas[] = {
    { "type Query { get(id: ID!): Item list: [Item] }", "Query", "get", "{\"id\":\"1\"}" },
    { "type Query { get(id: ID!): Item list: [Item] }", "Query", "list", "{}" },
    { "# c\n\"\"\"d (x)\"\"\" type Mutation { a(n: Int = 5, s: [String!]!, f: Float, b: Boolean): T }", "Mutation", "a", "{\"n\":1,\"s\":[\"sflint-smoke\"],\"f\":1.5,\"b\":true}" },
    { "type Mutation { add(input: In!): T } input In { id: ID! s: State! more: [In] when: AWSDateTime } enum State { NEW OLD }", "Mutation", "add",
      "{\"input\":{\"id\":\"1\",\"s\":\"NEW\",\"more\":[{\"id\":\"1\",\"s\":\"NEW\",\"more\":[{\"id\":\"1\",\"s\":\"NEW\",\"more\":[],\"when\":\"2026-01-01T10:30:00.000Z\"}],"
      "\"when\":\"2026-01-01T10:30:00.000Z\"}],\"when\":\"2026-01-01T10:30:00.000Z\"}}" },
    { "type A { x: Int } extend type Query { y(z: AWSJSON): Int }", "Query", "y", "{\"z\":\"{}\"}" },
    { "type Query {", "Query", "y", "{}" },
};

static void a_field_gets_arguments_of_its_schema(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(schemas); i++) {
        arena *a = arena_make(0, NULL);
        slice got = js_text(a, graphql_arguments(a, slice_from(schemas[i].schema), slice_from(schemas[i].type), slice_from(schemas[i].field)));
        if (!slice_is(got, schemas[i].want)) fail_msg("%s: want %s, got %.*s", schemas[i].schema, schemas[i].want, SLICE_ARG(got));
        arena_free(a);
    }
}

/* ---- bodies by a schema ---- */

static const struct { const char *schema, *want; } bodies[] = {
    { "{\"type\":\"object\",\"required\":[\"id\",\"x\"],\"properties\":{\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"n\":{\"type\":\"number\",\"minimum\":10}}}",
      "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"n\":10,\"x\":\"sflint-smoke\"}" },
    { "{\"$ref\":\"#/definitions/A\",\"definitions\":{\"A\":{\"type\":\"array\",\"items\":{\"enum\":[\"p\",\"q\"]}}}}", "[\"p\"]" },
    { "{\"properties\":{\"a\":{\"allOf\":[{\"properties\":{\"b\":{\"type\":\"boolean\"}}},{\"properties\":{\"c\":{\"type\":\"null\"}}}]}}}", "{\"a\":{\"b\":true,\"c\":null}}" },
    { "{\"type\":\"string\",\"maxLength\":3}", "\"sfl\"" },
    { "{\"type\":[\"string\",\"null\"],\"minLength\":14}", "\"sflint-smokexx\"" },
    { "{\"$ref\":\"#\"}", "null" },
    { "{\"properties\":{\"a\":{\"$ref\":\"#/properties/a\"}}}", "{}" },
};

static void a_body_is_what_its_schema_describes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        arena *a = arena_make(0, NULL);
        slice got = js_text(a, schema_sample(a, js_read(a, slice_from(bodies[i].schema)), NULL));
        if (!slice_is(got, bodies[i].want)) fail_msg("%s: want %s, got %.*s", bodies[i].schema, bodies[i].want, SLICE_ARG(got));
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_gives_an_event_that_passes_and_one_that_does_not),
        cmocka_unit_test(a_log_filter_gives_a_line_that_passes_and_one_that_does_not),
        cmocka_unit_test(a_field_gets_arguments_of_its_schema),
        cmocka_unit_test(a_body_is_what_its_schema_describes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
