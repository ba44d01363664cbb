/* Private to the lowering of SAM: its state, and what all parts of it make resources with. */
#ifndef SFLINT_TEMPLATE_SAM_LOWER_H
#define SFLINT_TEMPLATE_SAM_LOWER_H

#include "template/sam/draft.h"
#include "template/sam/sam.h"
#include "template/template.h"

typedef struct sam sam;
typedef struct sam_api sam_api;

/* A resource of the SAM template. */
typedef struct {
    slice id, type;
    pos at, end;                 /* of the logical id */
    const doc_node *body;        /* as written */
    const doc_node *props;       /* Properties with Globals merged in: a map, maybe empty */
    const doc_node *condition;   /* its Condition, when that is a string; or NULL */
    const struct sam_type *row;  /* NULL: not a SAM type */
    sam_api *api;                /* of AWS::Serverless::Api and HttpApi */
    bool spoilt;                 /* its Properties are no map: nothing else is said about it */
    strmap refers;               /* "Alias", "Version", "Stage", ... -> id of what was made (draft_string) */
} sam_resource;

typedef struct sam_type {
    slice type, properties;
    void (*lower)(sam *s, sam_resource *r);
} sam_type;

/* A method of a path that an event adds, and the Condition of the function it came from ("" = none). */
typedef struct {
    slice method, condition;
} sam_method;

typedef struct {
    slice path;
    VEC(sam_method) methods;
} sam_path;

struct sam_api {
    sam_resource *of;
    bool rest;                   /* REST API; else HTTP API */
    bool managed;                /* SAM writes the body: the author gave none */
    bool implicit;
    draft *body;                 /* NULL: in a file that is not local, or no map */
    draft *route_settings;
    VEC(sam_path *) paths;       /* of events */
    strmap by_path;
    strmap permitted;            /* HTTP: functions with the $default route */
};

/* What is known of a made resource once it is read. */
typedef struct {
    slice event_name;
    const doc_node *body;
    bool generated;
} sam_mark;

typedef struct {
    problem problem;
    slice id;                    /* of the resource it is in; "" for none */
} sam_problem;

typedef struct {
    sam_resource *of;
    const doc_node *preference;
} sam_deployment;

struct sam {
    template *t;
    arena *a;
    diags *d;
    drafts drafts;
    slice partition;             /* where a literal ARN needs one: given, or "aws" */
    const doc_node *doc;
    VEC(sam_resource *) all;     /* in order of the text; implicit APIs last */
    strmap by_id;                /* -> sam_resource */
    const doc_node *globals[16]; /* of each row of type.def */
    draft *out;                  /* Resources */
    draft *conditions;           /* Conditions; NULL when there are none */
    strmap marks;                /* id -> sam_mark */
    strmap renamed;              /* id -> draft_string: layers, connectors -> draft_list */
    strmap dropped;              /* ids of the template that are not in what is made of it */
    VEC(sam_problem) problems;
    strmap problems_seen;
    sam_api *implicit[2];        /* ServerlessHttpApi, ServerlessRestApi */
    VEC(sam_deployment) deployments;
    strmap record_sets;          /* RecordSetGroup id -> draft of its RecordSets */
    draft *shared_stages, *shared_keys;   /* of the usage plan that APIs share */
    /* where we are */
    sam_resource *now;           /* the resource being lowered */
    slice event_name;            /* the event of it (or what else things are made of: a route), or "" */
    bool no_event;               /* event_name is not a key of Events */
    pos event_at, event_end;
    bool quiet;
    problem_kind refuses;        /* what sam_refuse adds: PROBLEM_SAM, unless said otherwise for a while */
    size_t merged;               /* entries that Globals made */
    size_t visited;              /* nodes looked at by what walks values; bounded by SAM_MAX_VISITED */
};

#define SAM_MAX_VISITED (4u * 1024 * 1024)

/* ---- problems (problem.c) ---- */
/* What the translator refuses, in our words. `at` is the node a person would edit; NULL: the resource's id, or the event's. */
void sam_refuse(sam *s, const doc_node *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void sam_refuse_at(sam *s, pos at, pos end, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Properties against a row of type.def or event.def; false when something is missing or of the wrong kind. `what` names the holder. */
bool sam_check_properties(sam *s, slice table, const doc_node *props, pos at, pos end, slice what);

/* ---- values as written (look.c) ---- */
bool sam_is_intrinsic(const doc_node *n);            /* one key: Ref, Condition or Fn::... */
bool sam_is_if(const doc_node *n);                   /* {Fn::If: [condition, yes, no]} */
bool sam_is_no_value(const doc_node *n);             /* {Ref: AWS::NoValue} */
/* Absent, null, or AWS::NoValue: as if it was not written. */
static inline bool sam_none(const doc_node *n) { return n == NULL || n->kind == DOC_NULL; }
/* As Python's truth: not empty, not false, not 0. */
bool sam_truth(const doc_node *n);
/* A Ref to a parameter that has a value (given or default), or a Sub of such, as that value; everything else as it is. */
const doc_node *sam_resolved(sam *s, const doc_node *n);
/* The string that is known when SAM runs: literal, or a parameter's value. */
bool sam_text(sam *s, const doc_node *n, slice *text);
slice sam_text_of(sam *s, const doc_node *n);        /* "" when it is not known */
bool sam_is(sam *s, const doc_node *n, const char *text);
bool sam_is_true(sam *s, const doc_node *n);         /* true, "true", "True" */
/* The logical id in {Ref: id} or {Fn::GetAtt: [id, x]}; "" otherwise. */
slice sam_named(const doc_node *n);
/* The id in {Ref: id}, or a plain string. */
slice sam_ref_id(const doc_node *n);
slice sam_named_draft(sam *s, draft *d);
bool sam_alphanumeric(slice text);
sam_resource *sam_resource_of(const sam *s, slice id);
/* The property of the resource being lowered; NULL when absent or null. */
const doc_node *sam_prop(const sam *s, const char *name);
const doc_node *sam_get(const doc_node *map, const char *key);       /* NULL when absent or null */
/* First ten digits of the hash of a text, or of a value as canonical JSON (parameters resolved); "" of nothing. */
slice sam_hash_text(sam *s, slice text);
slice sam_hash(sam *s, const doc_node *n);
slice sam_hash_draft(sam *s, const draft *d);

/* ---- making (make.c) ---- */
pos sam_at(const sam *s);                            /* where made things stand: the event's key, or the logical id */
draft *sam_string(sam *s, slice text);
draft *sam_word(sam *s, const char *text);
draft *sam_ref(sam *s, slice id);
draft *sam_att(sam *s, slice id, const char *attr);
draft *sam_sub(sam *s, const char *text);            /* {Fn::Sub: text} */
draft *sam_sub_with(sam *s, slice text, const char *name, draft *v);
draft *sam_if(sam *s, slice on, draft *yes, draft *no);       /* no NULL: AWS::NoValue */
draft *sam_draft(sam *s, const doc_node *n);         /* as written; NULL for absent and null */
draft *sam_pair(sam *s, const char *key, draft *v);              /* {key: value} */
draft *sam_list_of(sam *s, draft *one);
slice sam_join(sam *s, slice a, const char *b);      /* texts put together */
slice sam_print(sam *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sam_put(sam *s, draft *map, const char *key, draft *v);     /* NULL: nothing */
void sam_put_word(sam *s, draft *map, const char *key, const char *text);
/* Copies what is written there, key and value at their places; "A B C>D": several, C is named D. */
void sam_copy(sam *s, draft *to, const doc_node *from, const char *names);

/* A made resource: gives its Properties, or NULL when the id is taken (refused). It takes Condition, DeletionPolicy and
 * UpdateReplacePolicy of the resource being lowered. */
draft *sam_add(sam *s, slice id, const char *type);
/* The resource that keeps the logical id of the one being lowered, with all its attributes. */
draft *sam_main(sam *s, const char *type);
/* The whole resource (Type, Properties, ...) as it stands in the output. */
draft *sam_made(sam *s, slice id);
void sam_depends_on(sam *s, slice id, slice on);
void sam_set_condition(sam *s, slice id, slice name);           /* "" takes it away */
/* Adds a named condition (once). */
void sam_condition(sam *s, slice name, draft *expression);
draft *sam_named_condition(sam *s, const char *function, const slice *names, size_t len);   /* {Fn::Or: [{Condition: x}, ...]} */
/* An Or over conditions, in a chain when there are more than CloudFormation takes (ten). Sorted names. */
void sam_combined_condition(sam *s, slice name, const slice *names, size_t len);

/* A map of tags as a list of {Key, Value}, the mark that SAM puts before them. NULL without tags: nothing looks at the mark alone. */
draft *sam_tags(sam *s, const doc_node *tags, const char *mark);
/* s3://bucket/key?versionId=v as a map with these names; NULL when it is none. */
draft *sam_s3_location(sam *s, const doc_node *uri, const char *bucket, const char *key, const char *version);

/* ---- IAM (role.c) ---- */
draft *sam_trust(sam *s, const char *service);
draft *sam_managed_arn(sam *s, slice name);          /* arn of an AWS managed policy by its name with path */
/* {PolicyName, PolicyDocument} that allows the actions (separated by spaces) on the resource. */
draft *sam_allow(sam *s, slice name, const char *actions, draft *on);
draft *sam_statement(sam *s, const char *actions, draft *on);
void sam_add_statement(sam *s, draft *policy, draft *statement);
/* FRole with the resource's Policies (managed names, statements, policy templates) and what is added; gives its Properties. */
draft *sam_role(sam *s, draft *trust, draft *managed, draft *policies);
void sam_role_managed(sam *s, draft *to, slice name);                /* adds a managed policy, once */
void sam_role_policy(sam *s, draft *to, draft *policy);              /* adds an inline policy, once */

/* ---- events ---- */
/* What an event starts. */
typedef struct {
    slice id;                    /* of the function, its alias, or the state machine */
    bool arn_by_ref;             /* aliases and state machines: Ref gives the ARN */
    bool machine;
    draft *role;                 /* Properties of the execution role that SAM makes; NULL: the author's */
} sam_target;

typedef struct {
    const doc_node *body, *props;        /* props: a map, maybe empty */
    slice id;                            /* resource id + name */
    const sam_target *target;
} sam_event;

typedef struct sam_event_type {
    slice type, properties;
    bool machine;
    void (*lower)(sam *s, const sam_event *e);
    slice source, managed;               /* of event source mappings */
} sam_event_type;

const sam_event_type *sam_event_type_of(slice type, bool machine);
draft *sam_target_arn(sam *s, const sam_target *t);
draft *sam_target_name(sam *s, const sam_target *t);
void sam_events(sam *s, const doc_node *events, const sam_target *target);
/* EPermission + suffix (hashed unless alphanumeric): lambda:InvokeFunction for the principal. */
draft *sam_permission(sam *s, const sam_event *e, slice id, const char *principal, draft *source_arn);

/* A queue policy that lets an EventBridge rule send. */
void sam_let_rule_send(sam *s, slice id, draft *rule_arn, draft *queue_arn, draft *queue_url);
/* ERole, with which the principal starts the state machine; gives its ARN. */
draft *sam_start_role(sam *s, const sam_event *e, const char *principal);

#define EVENT(holder, type, lowering, properties) void sam_event_##lowering(sam *s, const sam_event *e);
#define PULL(type, source, managed, properties)
#include "template/sam/event.def"
#undef EVENT
#undef PULL
void sam_event_pull(sam *s, const sam_event *e);

/* ---- parts ---- */
#define TYPE(type, lowering, properties) void sam_lower_##lowering(sam *s, sam_resource *r);
#include "template/sam/type.def"
#undef TYPE
void sam_globals_read(sam *s, const doc_node *globals);
const doc_node *sam_globals_merge(sam *s, const sam_type *type, const doc_node *props, const doc_node *ignore);
const sam_type *sam_type_of(slice type);             /* NULL: no type of SAM */
size_t sam_type_row(const sam_type *type);
void sam_apis_prepare(sam *s);           /* bodies of APIs, implicit APIs, paths of events */
void sam_deployments_finish(sam *s);
void sam_embedded_connectors(sam *s);
/* A connector between what Source and Destination name, as part of the resource being lowered. */
void sam_connect(sam *s, slice id, const doc_node *props);
const doc_node *sam_rewritten(sam *s, const doc_node *doc);          /* references to F.Alias, layers, ... */
void sam_rewrite_depends(sam *s, draft *whole);      /* DependsOn of a resource: layers and connectors by their new ids */
/* A file beside the template, parsed; NULL when the location is not local, can't be read (a problem), or is neither JSON nor YAML. */
const doc_node *sam_file(sam *s, const doc_node *location);
bool sam_is_local(slice location);
/* Where the code of the function or layer is (CodeUri, ContentUri), as Metadata of it. */
void sam_code_metadata(sam *s, const char *property);

#endif
