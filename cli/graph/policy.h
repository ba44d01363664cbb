/* Policy documents as statements, and the index of them. Private to graph/. */
#ifndef SFLINT_GRAPH_POLICY_H
#define SFLINT_GRAPH_POLICY_H

#include "graph/builder.h"

typedef struct {
    const value *const *at;
    size_t len;
} value_list;

typedef struct {
    bool deny, not_action, not_resource, not_principal;
    tri effect;                  /* YES; UNKNOWN when Effect is not known */
    value_list actions, resources;
    const value *principal;      /* &value_absent in an identity's policy */
    const value *condition;      /* &value_absent: none */
    when when;
    const resource *in;          /* the policy resource */
    slice managed;               /* of an AWS managed policy: its actions, separated by blanks; resources are all */
} statement;

typedef VEC(statement) statement_list;

typedef struct {
    statement_list list, trust;
    bool open;                   /* some policy of it is not in the templates */
    bool bounded;                /* a permissions boundary takes away from it */
    bool here;                   /* the role itself was read (not only policies attached to it) */
} iam_role;

/* One AWS::Lambda::Permission. */
typedef struct {
    const resource *in;
    slice qualifier;
    const value *action, *principal, *source_arn, *source_account, *url_auth;
    when when;
} function_permit;

typedef struct {
    VEC(function_permit) functions;
    statement_list list;
    bool open;
} permit_list;

/* Statements of a document (a map or JSON text), with what must hold for each. False when a part of it is not known. */
bool policy_statements(arena *a, const value *document, when w, const resource *in, statement_list *out);

void policies_index(builder *b, template_index *t);   /* roles and resource policies of one template */
void policies_join(graph_index *x, arena *a);         /* over the run */

const iam_role *policy_role(const graph_index *x, const resource *role);
const permit_list *policy_permits(const graph_index *x, const resource *target);
/* A policy of this type in the template of `target` whose target is not known. */
bool policy_open(const graph_index *x, const resource *target, slice policy_type);

/* Actions of an AWS managed policy, separated by blanks; "" when it is not in the table (managed.def). `path` is "service-role/NAME". */
slice managed_actions(slice path);

/* Is the value this service principal (or anybody)? */
tri principal_matches(arena *a, const value *v, slice principal);

tri action_matches(arena *a, slice pattern, slice action);   /* ASCII case aside */
/* Does the statement speak of the action? UNKNOWN when a part is not known; NotAction is turned round. */
tri statement_action(arena *a, const statement *st, slice action);
tri statement_resource(const scope *s, const statement *st, const arn *target);
/* The statement as it is where w holds; false when it can't be there. certain: is it there for sure? */
bool statement_at(arena *a, const statement *st, when w, statement *there, tri *certain);
/* What `test` says of every alternative of a value, if it says one thing; of a list: does it hold for some item? */
tri test_value(arena *a, const value *v, when w, tri (*test)(const value *v, void *self), void *self);

/* What the role allows. `target` with its tail (qualifier, key) as the action needs it. */
tri role_allows(const scope *s, const iam_role *role, slice action, const arn *target, when w);
tri role_trusts(const scope *s, const iam_role *role, slice principal, when w);

/* What is asked of a resource policy. */
typedef struct {
    slice principal, action;
    const arn *target;
    const arn *source;           /* NULL: not known */
    when when;
} asked;
/* Resource policies; *near: a statement for the principal and the action that does not cover the source; *by: what lets it. */
tri permits_statement(const scope *s, const statement_list *list, const asked *q, const resource **by, const resource **near_);

/* The ARN that an action on this resource is checked against: with a key for objects, a stream for reading a table's stream, ... */
arn action_target(const scope *s, const resource *r, slice action, slice qualifier);

#endif
