/* The names of the vocabulary. Linked into the build's rule compiler too, so nothing here needs a graph. */
#include "lint/vocabulary.h"

/* Fields of one record: those of vocabulary.def, then the facts. One list a record: the other rows fall away. */
#define KEEP(n, t, d) { SLICE_INIT(n), SLICE_INIT(t), SLICE_INIT(d) },
#define DROP(n, t, d)

#define IN_resource DROP
#define IN_node DROP
#define IN_edge DROP
#define IN_problem DROP
#define IN_template DROP
#define IN_graph DROP
#define IN_catalog DROP
#define FIELD_ROW(record, n, t, d) IN_##record(n, t, d)
#define FACT(where, n, t, d) IN_##where(n, t, d)

static const cel_field resource_fields[] = {
#undef IN_resource
#define IN_resource KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#undef IN_resource
#define IN_resource DROP
};
static const cel_field node_fields[] = {
#undef IN_node
#define IN_node KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#include "graph/facts.def"
#undef IN_node
#define IN_node DROP
};
static const cel_field edge_fields[] = {
#undef IN_edge
#define IN_edge KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#include "graph/facts.def"
#undef IN_edge
#define IN_edge DROP
};
static const cel_field problem_fields[] = {
#undef IN_problem
#define IN_problem KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#undef IN_problem
#define IN_problem DROP
};
static const cel_field template_fields[] = {
#undef IN_template
#define IN_template KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#undef IN_template
#define IN_template DROP
};
static const cel_field graph_fields[] = {
#undef IN_graph
#define IN_graph KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#undef IN_graph
#define IN_graph DROP
};
static const cel_field catalog_fields[] = {
#undef IN_catalog
#define IN_catalog KEEP
#define FIELD(record, n, t, getter, d) FIELD_ROW(record, n, t, d)
#include "lint/vocabulary.def"
#undef IN_catalog
#define IN_catalog DROP
};

static const cel_record records[] = {
    { SLICE_INIT("resource"), resource_fields, COUNT(resource_fields) },
    { SLICE_INIT("node"), node_fields, COUNT(node_fields) },
    { SLICE_INIT("edge"), edge_fields, COUNT(edge_fields) },
    { SLICE_INIT("problem"), problem_fields, COUNT(problem_fields) },
    { SLICE_INIT("template"), template_fields, COUNT(template_fields) },
    { SLICE_INIT("graph"), graph_fields, COUNT(graph_fields) },
    { SLICE_INIT("catalog"), catalog_fields, COUNT(catalog_fields) },
};

static const cel_function functions[] = {
#define FUNCTION(n, receiver, result, least, most, takes_unknown, call, doc) \
    { SLICE_INIT(n), SLICE_INIT(receiver), SLICE_INIT(result), least, most, SLICE_INIT(doc), NULL, takes_unknown },
#include "lint/vocabulary.def"
};

static const struct { cel_field field; unsigned looks; } variables_of[] = {
#define VARIABLE(n, t, l, d) { { SLICE_INIT(n), SLICE_INIT(t), SLICE_INIT(d) }, (l) },
#include "lint/vocabulary.def"
};

cel_environment vocabulary_names(looks l, cel_field variables[VOCABULARY_MAX_VARIABLES]) {
    size_t len = 0;
    for (size_t i = 0; i < COUNT(variables_of); i++)
        if (variables_of[i].looks & (1u << l))
            variables[len++] = variables_of[i].field;
    return (cel_environment){ .variables = variables, .variables_len = len, .records = records, .records_len = COUNT(records),
                              .functions = functions, .functions_len = COUNT(functions), .closed = true, .lenient_null = true };
}

static const cel_field catalog_variables[] = {
    { SLICE_INIT("resource"), SLICE_INIT("dyn"), SLICE_INIT("the Properties object") },
};

cel_environment vocabulary_catalog_names(void) {
    return (cel_environment){ .variables = catalog_variables, .variables_len = COUNT(catalog_variables), .closed = true };
}

slice pillar_name(pillar p) {
    static const slice names[] = {
#define PILLAR(name, text, digit) SLICE_INIT(text),
#include "lint/pillar.def"
#undef PILLAR
    };
    return names[p];
}

slice looks_name(looks l) {
    static const slice names[] = {
#define LOOKS(name, text, filter) SLICE_INIT(text),
#include "lint/looks.def"
#undef LOOKS
    };
    return names[l];
}

static const slice severities[SEVERITY_COUNT] = {
    [SEVERITY_INFO] = SLICE_INIT("info"), [SEVERITY_WARNING] = SLICE_INIT("warning"), [SEVERITY_ERROR] = SLICE_INIT("error"),
};

slice severity_name(severity s) {
    return severities[s];
}

bool severity_of(slice name, severity *out) {
    for (unsigned i = 0; i < SEVERITY_COUNT; i++)
        if (slice_eq(severities[i], name)) {
            *out = (severity)i;
            return true;
        }
    return false;
}
