/* A small host for the tests of CEL: variables of every kind, among them a host's list, map and records. */
#ifndef SFLINT_TESTS_CEL_FIXTURE_H
#define SFLINT_TESTS_CEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cel/cel.h"

/* A host's sequence or record is an array of named values that ends with a name NULL. */
typedef struct { const char *name; cel_value value; } host_entry;

static cel_value host_field(cel_context *c, const void *object, slice name, bool *absent) {
    for (const host_entry *e = object; e->name != NULL; e++)
        if (slice_is(name, e->name)) return e->value;
    *absent = true;
    return cel_error(c, "no such key: %.*s", SLICE_ARG(name));
}
static size_t host_size(cel_context *c, const void *object) {
    (void)c;
    size_t n = 0;
    for (const host_entry *e = object; e->name != NULL; e++) n++;
    return n;
}
static cel_value host_item(cel_context *c, const void *object, size_t i) {
    (void)c;
    return ((const host_entry *)object)[i].value;
}
static cel_value host_key(cel_context *c, const void *object, size_t i) {
    (void)c;
    return cel_string(slice_from(((const host_entry *)object)[i].name));
}
static const cel_object_kind host_list = { .type_name = SLICE_INIT("things"), .size = host_size, .item = host_item };
static const cel_object_kind host_map = { .type_name = SLICE_INIT("properties"), .field = host_field, .size = host_size, .key = host_key };
static const cel_object_kind host_record = { .type_name = SLICE_INIT("node"), .field = host_field };
static const cel_object_kind host_edge = { .type_name = SLICE_INIT("edge"), .field = host_field };

#define NUMBER(n)  { .kind = CEL_INT, .integer = (n) }
#define TEXT(t)    { .kind = CEL_STRING, .text = SLICE_INIT(t) }
#define OPEN       { .kind = CEL_UNKNOWN, .text = SLICE_INIT("not known") }
#define NOTHING    { .kind = CEL_NULL }
#define THE(k, a)  { .kind = CEL_OBJECT, .object = { &(k), (a) } }

static const host_entry three[] = { { "", NUMBER(1) }, { "", NUMBER(2) }, { "", NUMBER(3) }, { NULL, NOTHING } };
static const host_entry holes[] = { { "", NUMBER(1) }, { "", OPEN }, { "", NUMBER(3) }, { NULL, NOTHING } };
static const host_entry none[] = { { NULL, NOTHING } };
static const host_entry properties[] = { { "Size", NUMBER(5) }, { "Role", OPEN }, { "Mode", NOTHING }, { NULL, NOTHING } };
static const host_entry twin[] = { { "Mode", NOTHING }, { "Size", NUMBER(5) }, { NULL, NOTHING } };
static const host_entry queue[] = { { "id", TEXT("Orders") }, { "role", TEXT("queue") }, { "resource", NOTHING }, { NULL, NOTHING } };
static const host_entry worker[] = { { "id", TEXT("Worker") }, { "role", TEXT("function") }, { "resource", NOTHING }, { NULL, NOTHING } };
static const host_entry poll[] = {
    { "from", THE(host_record, queue) }, { "to", THE(host_record, worker) }, { "kind", TEXT("poll") }, { "size", NUMBER(10) },
    { "filters", THE(host_list, none) }, { "wait", NOTHING }, { "enabled", OPEN }, { NULL, NOTHING },
};
static const host_entry edges[] = { { "", THE(host_edge, poll) }, { NULL, NOTHING } };

static const cel_field node_fields[] = {
    { SLICE_INIT("id"), SLICE_INIT("string"), SLICE_INIT("") },
    { SLICE_INIT("role"), SLICE_INIT("string"), SLICE_INIT("") },
    { SLICE_INIT("resource"), SLICE_INIT("dyn"), SLICE_INIT("") },
};
static const cel_field edge_fields[] = {
    { SLICE_INIT("from"), SLICE_INIT("node"), SLICE_INIT("") },
    { SLICE_INIT("to"), SLICE_INIT("node"), SLICE_INIT("") },
    { SLICE_INIT("kind"), SLICE_INIT("string"), SLICE_INIT("") },
    { SLICE_INIT("size"), SLICE_INIT("int"), SLICE_INIT("") },
    { SLICE_INIT("filters"), SLICE_INIT("list"), SLICE_INIT("") },
    { SLICE_INIT("wait"), SLICE_INIT("dyn"), SLICE_INIT("") },
    { SLICE_INIT("enabled"), SLICE_INIT("bool"), SLICE_INIT("") },
};
static const cel_record records[] = {
    { SLICE_INIT("node"), node_fields, COUNT(node_fields) },
    { SLICE_INIT("edge"), edge_fields, COUNT(edge_fields) },
};

/* In the order of `variables`. */
static const cel_field variable_fields[] = {
    { SLICE_INIT("u"), SLICE_INIT("dyn"), SLICE_INIT("") },
    { SLICE_INIT("e"), SLICE_INIT("dyn"), SLICE_INIT("") },
    { SLICE_INIT("nothing"), SLICE_INIT("dyn"), SLICE_INIT("") },
    { SLICE_INIT("three"), SLICE_INIT("list(int)"), SLICE_INIT("") },
    { SLICE_INIT("holes"), SLICE_INIT("list(int)"), SLICE_INIT("") },
    { SLICE_INIT("p"), SLICE_INIT("map"), SLICE_INIT("") },
    { SLICE_INIT("twin"), SLICE_INIT("map"), SLICE_INIT("") },
    { SLICE_INIT("edge"), SLICE_INIT("edge"), SLICE_INIT("") },
    { SLICE_INIT("edges"), SLICE_INIT("list(edge)"), SLICE_INIT("") },
    { SLICE_INIT("queue"), SLICE_INIT("node"), SLICE_INIT("") },
    { SLICE_INIT("now"), SLICE_INIT("timestamp"), SLICE_INIT("") },
};
static const cel_value variables[] = {
    OPEN, { .kind = CEL_ERROR, .text = SLICE_INIT("broken") }, NOTHING, THE(host_list, three), THE(host_list, holes), THE(host_map, properties),
    THE(host_map, twin), THE(host_edge, poll), THE(host_list, edges), THE(host_record, queue), { .kind = CEL_TIMESTAMP, .integer = 1767225600 },
};

static cel_value answer(cel_context *c, const cel_value *args, size_t count) {
    (void)c, (void)args;
    return cel_int((int64_t)count);
}
static cel_value saw_unknown(cel_context *c, const cel_value *args, size_t count) {
    (void)c;
    return cel_bool(count > 0 && args[0].kind == CEL_UNKNOWN);
}
static cel_value says_node(cel_context *c, const cel_value *args, size_t count) {
    (void)c, (void)args, (void)count;
    return cel_string(SLICE("node"));
}
static cel_value says_edge(cel_context *c, const cel_value *args, size_t count) {
    (void)c, (void)args, (void)count;
    return cel_string(SLICE("edge"));
}
static const cel_function functions[] = {
    { SLICE_INIT("count"), SLICE_INIT(""), SLICE_INIT("int"), 1, 3, SLICE_INIT(""), answer, false },
    { SLICE_INIT("graph.in"), SLICE_INIT(""), SLICE_INIT("list(edge)"), 1, 1, SLICE_INIT(""), answer, false },
    { SLICE_INIT("known"), SLICE_INIT(""), SLICE_INIT("bool"), 1, 1, SLICE_INIT(""), saw_unknown, true },
    { SLICE_INIT("who"), SLICE_INIT("node"), SLICE_INIT("string"), 0, 0, SLICE_INIT(""), says_node, false },
    { SLICE_INIT("who"), SLICE_INIT("edge"), SLICE_INIT("string"), 0, 0, SLICE_INIT(""), says_edge, false },
};

#define ENVIRONMENT(is_closed, is_lenient) \
    { variable_fields, COUNT(variable_fields), records, COUNT(records), functions, COUNT(functions), (is_closed), (is_lenient) }
static const cel_environment open_environment = ENVIRONMENT(false, false);
static const cel_environment closed_environment = ENVIRONMENT(true, false);
static const cel_environment lenient_environment = ENVIRONMENT(true, true);

/* What an expression gives, as text: "unknown", "error", else its display. "refused: why" when it does not compile. */
static const char *outcome(arena *a, const cel_environment *env, const char *expression) {
    cel_problem problem = { 0, { NULL, 0 } };
    const cel_program *p = cel_compile(a, slice_from(expression), env, &problem);
    if (p == NULL) return arena_printf(a, "refused: %.*s", SLICE_ARG(problem.message)).at;
    cel_context c = { .arena = a, .env = env, .variables = variables };
    cel_value v = cel_evaluate(p, &c);
    const char *text = v.kind == CEL_ERROR ? "error" : v.kind == CEL_UNKNOWN ? "unknown" : arena_copy(a, cel_display_in(&c, v)).at;
    cel_close(&c);
    return text;
}

typedef struct { const char *expression, *want; } outcome_row;

static inline void check_outcomes(const cel_environment *env, const outcome_row *rows, size_t len) {
    arena *a = arena_make(0, NULL);
    for (size_t i = 0; i < len; i++) {
        const char *got = outcome(a, env, rows[i].expression);
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s: want %s, got %s", rows[i].expression, rows[i].want, got);
    }
    arena_free(a);
}

#endif
