/* The vocabulary's C: what the names of lint/vocabulary.def give. */
#include "lint/vocabulary.h"

#include "lint/bind.h"
#include "lint/calls.h"

static cel_value text_or_null(slice s) { return s.len > 0 ? cel_string(s) : cel_null(); }

/* ---- resource ---- */

static cel_value resource_deletion_policy(cel_context *c, const void *o) { (void)c; return text_or_null(((const resource *)o)->deletion_policy); }
static cel_value resource_exported(cel_context *c, const void *o) { (void)c; return cel_bool(((const resource *)o)->exported); }
static cel_value resource_generated(cel_context *c, const void *o) { (void)c; return cel_bool(((const resource *)o)->generated); }
static cel_value resource_id(cel_context *c, const void *o) { (void)c; return cel_string(((const resource *)o)->id); }
static cel_value resource_logical_id(cel_context *c, const void *o) { (void)c; return cel_string(((const resource *)o)->logical_id); }
static cel_value resource_node(cel_context *c, const void *o) { (void)c; return bind_node(((const resource *)o)->node); }
static cel_value resource_p(cel_context *c, const void *o) { (void)c; return bind_properties(o); }
static cel_value resource_type(cel_context *c, const void *o) { (void)c; return cel_string(((const resource *)o)->type); }

static cel_value resource_users(cel_context *c, const void *o) { return call_users_of(c, o); }

static cel_value resource_depends_on(cel_context *c, const void *o) {
    const resource *r = o;
    cel_value *ids = ARENA_ARRAY(c->arena, cel_value, r->depends_len);
    for (size_t i = 0; i < r->depends_len; i++)
        ids[i] = cel_string(r->depends[i]->id);
    return cel_list(ids, r->depends_len);
}

static cel_value resource_role(cel_context *c, const void *o) {
    (void)c;
    const catalog_row *row = ((const resource *)o)->row;
    return cel_string(role_name(row != NULL ? (role)row->role : ROLE_UNKNOWN));
}

/* ---- node ---- */

static const catalog_row *row_of(const node *n) {
    return n->resource != NULL && n->resource->row != NULL ? n->resource->row : catalog_find(n->type);
}

/* "AWS::DSQL::Cluster AWS::DynamoDB::Table" -> "DSQL Cluster or DynamoDB Table" */
static slice alternatives_in_words(arena *a, slice list) {
    buf out = { a, { 0 } };
    slice rest = list, part;
    while (rest.len > 0 && slice_cut(&rest, ' ', &part)) {
        if (out.bytes.len > 0)
            buf_text(&out, rest.at == NULL ? " or " : ", ");
        if (slice_starts(part, SLICE("AWS::")))
            part = slice_after(part, 5);
        else if (slice_starts(part, SLICE("product:")))
            part = slice_after(part, 8);
        for (size_t i = 0; i < part.len; i++) {
            bool colons = i + 1 < part.len && part.at[i] == ':' && part.at[i + 1] == ':';
            buf_char(&out, colons ? ' ' : part.at[i]);
            i += colons;
        }
    }
    return buf_as_slice(&out);
}

static cel_value words(cel_context *c, const catalog_row *row, catalog_text_ref t) {
    return row == NULL ? cel_string(SLICE("")) : cel_string(alternatives_in_words(c->arena, catalog_text(t)));
}

static cel_value node_alternative(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    return row == NULL ? cel_string(SLICE("")) : words(c, row, row->alternatives);
}

static cel_value node_azure(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    return row == NULL ? cel_string(SLICE("")) : words(c, row, row->azure);
}

static cel_value node_google(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    return row == NULL ? cel_string(SLICE("")) : words(c, row, row->google);
}

static cel_value node_alternatives(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    VEC(cel_value) list = { 0 };
    slice rest = row == NULL ? SLICE("") : catalog_text(row->alternatives), part;
    while (rest.len > 0 && slice_cut(&rest, ' ', &part))
        VEC_PUSH(c->arena, &list, cel_string(part));
    return cel_list(list.at, list.len);
}

/* A word of node.class: "" = nothing to say. */
static cel_value class_word(cel_context *c, const node *n, slice word, const char *what) {
    if (slice_is(word, "unknown"))
        return cel_unknown(arena_printf(c->arena, "how %.*s %s", SLICE_ARG(n->id), what));
    return text_or_null(word);
}

/* "nothing to say" is NO in node_class; the catalog's row tells it from a plain no. */
static cel_value class_tri(cel_context *c, const node *n, tri t, size_t cell_count, const char *what) {
    if (cell_count == 0)
        return cel_null();
    return t == UNKNOWN ? cel_unknown(arena_printf(c->arena, "whether %.*s %s", SLICE_ARG(n->id), what)) : cel_bool(t == YES);
}

static cel_value node_scales(cel_context *c, const void *o) { return class_word(c, o, ((const node *)o)->class.scales, "scales"); }
static cel_value node_bills(cel_context *c, const void *o) { return class_word(c, o, ((const node *)o)->class.bills, "bills"); }

static cel_value node_scales_to_zero(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    return class_tri(c, o, ((const node *)o)->class.scales_to_zero, row == NULL ? 0 : row->scales_to_zero.count, "scales to zero");
}

static cel_value node_serverless(cel_context *c, const void *o) {
    const catalog_row *row = row_of(o);
    return class_tri(c, o, ((const node *)o)->class.serverless, row == NULL ? 0 : row->serverless.count, "is serverless");
}

static cel_value node_tier(cel_context *c, const void *o) {
    const node *n = o;
    if (n->class.tier_unknown)
        return cel_unknown(arena_printf(c->arena, "which tier %.*s is", SLICE_ARG(n->id)));
    return n->class.tier == 0 ? cel_null() : cel_int(n->class.tier);
}

static cel_value node_arn(cel_context *c, const void *o) { (void)c; return text_or_null(((const node *)o)->arn); }
static cel_value node_external(cel_context *c, const void *o) { (void)c; return cel_bool(((const node *)o)->external); }
static cel_value node_id(cel_context *c, const void *o) { (void)c; return cel_string(((const node *)o)->id); }
static cel_value node_resource(cel_context *c, const void *o) { (void)c; return bind_resource(((const node *)o)->resource); }
static cel_value node_role(cel_context *c, const void *o) { (void)c; return cel_string(role_name(((const node *)o)->role)); }
static cel_value node_type(cel_context *c, const void *o) { (void)c; return cel_string(((const node *)o)->type); }
static cel_value node_visible(cel_context *c, const void *o) { (void)c; return cel_bool(((const node *)o)->visible); }

static cel_value node_p(cel_context *c, const void *o) {
    const node *n = o;
    if (n->resource == NULL)
        return cel_unknown(arena_printf(c->arena, "%.*s is outside the templates", SLICE_ARG(n->id)));
    return bind_properties(n->resource);
}

static cel_value node_in(cel_context *c, const void *o) { return bind_edges(c, ((const node *)o)->in, ((const node *)o)->in_len, NULL); }
static cel_value node_out(cel_context *c, const void *o) { return bind_edges(c, ((const node *)o)->out, ((const node *)o)->out_len, NULL); }
static cel_value node_triggers(cel_context *c, const void *o) { return call_triggers_of(c, o); }

/* ---- edge ---- */

static cel_value edge_by_role(cel_context *c, const void *o) { (void)c; return cel_bool(!value_is_absent(((const edge *)o)->role)); }
static cel_value edge_dlq(cel_context *c, const void *o) { (void)c; return bind_node(((const edge *)o)->dlq); }
static cel_value edge_filter(cel_context *c, const void *o) { return bind_value(c, ((const edge *)o)->filter, CATALOG_ANY); }
static cel_value edge_from(cel_context *c, const void *o) { (void)c; return bind_node(((const edge *)o)->from); }
static cel_value edge_id(cel_context *c, const void *o) { (void)c; return cel_int(((const edge *)o)->index); }
static cel_value edge_kind_text(cel_context *c, const void *o) { (void)c; return cel_string(edge_kind_name(((const edge *)o)->kind)); }
static cel_value edge_on_failure(cel_context *c, const void *o) { (void)c; return bind_node(((const edge *)o)->on_failure); }
static cel_value edge_permission_reason(cel_context *c, const void *o) { (void)c; return cel_string(((const edge *)o)->permission_reason); }
static cel_value edge_permitted_by(cel_context *c, const void *o) { (void)c; return bind_resource(((const edge *)o)->permitted_by); }
static cel_value edge_qualifier(cel_context *c, const void *o) { (void)c; return cel_string(((const edge *)o)->qualifier); }
static cel_value edge_role_arn(cel_context *c, const void *o) { return bind_value(c, ((const edge *)o)->role, CATALOG_STRING); }
static cel_value edge_service(cel_context *c, const void *o) { (void)c; return cel_string(((const edge *)o)->service); }
static cel_value edge_settings(cel_context *c, const void *o) { return bind_value(c, ((const edge *)o)->settings, CATALOG_ANY); }
static cel_value edge_sure(cel_context *c, const void *o) { (void)c; return cel_bool(((const edge *)o)->sure); }
static cel_value edge_to(cel_context *c, const void *o) { (void)c; return bind_node(((const edge *)o)->to); }
static cel_value edge_trigger(cel_context *c, const void *o) { (void)c; return cel_bool(((const edge *)o)->trigger); }
static cel_value edge_via(cel_context *c, const void *o) { (void)c; return bind_resource(((const edge *)o)->via); }
static cel_value edge_enabled(cel_context *c, const void *o) { (void)c; return bind_tri(((const edge *)o)->enabled, SLICE("whether the trigger is enabled")); }

static cel_value edge_permission(cel_context *c, const void *o) {
    const edge *e = o;
    if (e->permission == PERMISSION_UNKNOWN)
        return cel_unknown(arena_printf(c->arena, "whether %.*s may call %.*s", SLICE_ARG(e->from->id), SLICE_ARG(e->to->id)));
    return cel_string(permission_name(e->permission));
}

/* ---- problem, template, graph ---- */

static cel_value problem_kind_text(cel_context *c, const void *o) { (void)c; return cel_string(problem_name(((const problem *)o)->kind)); }
static cel_value problem_message(cel_context *c, const void *o) { (void)c; return cel_string(((const problem *)o)->message); }
static cel_value problem_resource(cel_context *c, const void *o) { (void)c; return bind_resource(((const problem *)o)->in); }

static cel_value template_account(cel_context *c, const void *o) { (void)c; return text_or_null(((const template *)o)->set->options->account); }
static cel_value template_file(cel_context *c, const void *o) { (void)c; return cel_string(((const template *)o)->path); }
static cel_value template_format_text(cel_context *c, const void *o) { (void)c; return text_or_null(((const template *)o)->format->name); }
static cel_value template_implicit_groups(cel_context *c, const void *o) { return call_implicit_groups(c, o); }
static cel_value template_nested(cel_context *c, const void *o) { (void)c; return cel_bool(((const template *)o)->parent != NULL); }
static cel_value template_region(cel_context *c, const void *o) { (void)c; return text_or_null(((const template *)o)->set->options->region); }

static cel_value graph_edges(cel_context *c, const void *o) { return bind_edges(c, ((const graph *)o)->edges.at, ((const graph *)o)->edges.len, NULL); }
static cel_value graph_nodes(cel_context *c, const void *o) { return bind_nodes(c, ((const graph *)o)->nodes.at, ((const graph *)o)->nodes.len); }

/* ---- records: name -> getter, sorted by name ---- */

typedef struct {
    slice name;
    bind_getter *get;
} field_row;

/* One list a record: the rows of the others fall away. The catalog's fields are found in its tables (bind.c). */
#define KEEP(n, getter) { SLICE_INIT(n), getter },
#define DROP(n, getter)
#define IN_resource DROP
#define IN_node DROP
#define IN_edge DROP
#define IN_problem DROP
#define IN_template DROP
#define IN_graph DROP
#define IN_catalog DROP

#undef IN_resource
#define IN_resource KEEP
static const field_row resource_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_resource
#define IN_resource DROP

#undef IN_node
#define IN_node KEEP
static const field_row node_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_node
#define IN_node DROP

#undef IN_edge
#define IN_edge KEEP
static const field_row edge_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_edge
#define IN_edge DROP

#undef IN_problem
#define IN_problem KEEP
static const field_row problem_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_problem
#define IN_problem DROP

#undef IN_template
#define IN_template KEEP
static const field_row template_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_template
#define IN_template DROP

#undef IN_graph
#define IN_graph KEEP
static const field_row graph_rows[] = {
#define FIELD(record, n, t, getter, d) IN_##record(n, getter)
#include "lint/vocabulary.def"
};
#undef IN_graph
#define IN_graph DROP

static const field_row *row_named(cel_context *c, const field_row *rows, size_t len, slice name) {
    size_t at = (name.len * 5 + (unsigned char)name.at[0] + 3 * (size_t)(unsigned char)name.at[name.len - 1] + len) % FIELD_MEMO;
    const field_row *last = evaluation_of(c)->met[at].row;
    if (evaluation_of(c)->met[at].table == rows && slice_eq(last->name, name))
        return last;
    for (size_t i = 0; i < len; i++)         /* few, and of different lengths: that is quicker than a bisection */
        if (slice_eq(rows[i].name, name)) {
            evaluation_of(c)->met[at].table = rows;
            evaluation_of(c)->met[at].row = &rows[i];
            return &rows[i];
        }
    return NULL;
}

static cel_value field(cel_context *c, const field_row *rows, size_t len, const void *o, slice name, const value *facts, bool *absent) {
    const field_row *row = name.len == 0 ? NULL : row_named(c, rows, len, name);
    if (row != NULL)
        return row->get(c, o);
    if (facts != NULL)
        return bind_value(c, value_get(c->arena, facts, name), CATALOG_ANY);
    *absent = true;
    return cel_error(c, "there is no %.*s", SLICE_ARG(name));
}

static cel_value resource_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, resource_rows, COUNT(resource_rows), o, n, NULL, absent); }
static cel_value node_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, node_rows, COUNT(node_rows), o, n, ((const node *)o)->facts, absent); }
static cel_value edge_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, edge_rows, COUNT(edge_rows), o, n, ((const edge *)o)->facts, absent); }
static cel_value problem_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, problem_rows, COUNT(problem_rows), o, n, NULL, absent); }
static cel_value template_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, template_rows, COUNT(template_rows), o, n, NULL, absent); }
static cel_value graph_field(cel_context *c, const void *o, slice n, bool *absent) { return field(c, graph_rows, COUNT(graph_rows), o, n, NULL, absent); }

/* A node that stands for a resource without run-time work (ref() of a role) is made anew each time. */
static bool node_same(cel_context *c, const void *x, const void *y) {
    (void)c;
    const node *a = x, *b = y;
    return a == b || (a->resource != NULL && a->resource == b->resource);
}

const cel_object_kind bind_resource_kind = { SLICE_INIT("resource"), resource_field, NULL, NULL, NULL, NULL };
const cel_object_kind bind_node_kind = { SLICE_INIT("node"), node_field, NULL, NULL, NULL, node_same };
const cel_object_kind bind_edge_kind = { SLICE_INIT("edge"), edge_field, NULL, NULL, NULL, NULL };
const cel_object_kind bind_problem_kind = { SLICE_INIT("problem"), problem_field, NULL, NULL, NULL, NULL };
const cel_object_kind bind_template_kind = { SLICE_INIT("template"), template_field, NULL, NULL, NULL, NULL };
const cel_object_kind bind_graph_kind = { SLICE_INIT("graph"), graph_field, NULL, NULL, NULL, NULL };

/* ---- environments ---- */

static const cel_function functions[] = {
#define FUNCTION(n, receiver, result, least, most, takes_unknown, call, doc) \
    { SLICE_INIT(n), SLICE_INIT(receiver), SLICE_INIT(result), least, most, SLICE_INIT(doc), call, takes_unknown },
#include "lint/vocabulary.def"
};

cel_environment vocabulary_environment(looks l, cel_field variables[VOCABULARY_MAX_VARIABLES]) {
    cel_environment env = vocabulary_names(l, variables);
    env.functions = functions;
    env.functions_len = COUNT(functions);
    return env;
}

cel_environment vocabulary_catalog_environment(void) {
    return vocabulary_catalog_names();
}
