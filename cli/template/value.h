/* A resolved value: what a property is, as far as the template says.
 *
 *   known     NULL BOOL INT DOUBLE STRING LIST MAP
 *   REF       what Ref or GetAtt of a resource gives (attr "Ref", "Arn", "StreamArn", "Outputs.X" never: nested outputs are followed)
 *   JOINED    text put together of parts (Sub, Join): each part is STRING, REF or UNKNOWN; never one part, never two STRINGs in a row
 *   UNKNOWN   cannot be known from the template, with the reason
 *   CHOICE    Fn::If: one of two branches, by a condition
 *   ABSENT    AWS::NoValue, only as a branch of a CHOICE or the whole; lists and maps drop it when it is certain
 *
 * Values are immutable and shared; they form a DAG without cycles. Each points at the text it came from (for lowered and resolved
 * values: the text a person would edit). Owned by the arena of the template they belong to. */
#ifndef SFLINT_TEMPLATE_VALUE_H
#define SFLINT_TEMPLATE_VALUE_H

#include "base/buf.h"
#include "base/pos.h"
#include "doc/doc.h"
#include "template/when.h"

typedef enum {
    VAL_ABSENT, VAL_NULL, VAL_BOOL, VAL_INT, VAL_DOUBLE, VAL_STRING, VAL_LIST, VAL_MAP,
    VAL_REF, VAL_JOINED, VAL_UNKNOWN, VAL_CHOICE
} value_kind;

typedef enum {
    UNKNOWN_PARAMETER,      /* a parameter without default (`what` = its name) */
    UNKNOWN_PSEUDO,         /* AWS::Region, AWS::AccountId, ... not given (`what` = its name) */
    UNKNOWN_IMPORT,         /* an export of another stack (`what` = the export's name, when known) */
    UNKNOWN_DYNAMIC,        /* {{resolve:...}} (`what` = the reference) */
    UNKNOWN_SSM_PARAMETER,  /* a parameter of an SSM type (`what` = its name) */
    UNKNOWN_NESTED_OUTPUT,  /* an output of a nested stack whose template is not a local file (`what` = "Stack.Outputs.X") */
    UNKNOWN_TRANSFORM,      /* made by a macro (`what` = its name) */
    UNKNOWN_COMPUTED,       /* a function over something unknown (`what` = the function) */
    UNKNOWN_NOTHING,        /* a Ref or GetAtt to nothing (reported apart) */
    UNKNOWN_TOO_LARGE       /* past a limit */
} unknown_why;

typedef struct value value;
typedef struct resource resource;
typedef struct template template;

typedef struct {
    slice key;
    pos key_at, key_end;
    const value *value;
} value_entry;

struct value {
    value_kind kind;
    pos at, end;
    slice text;             /* STRING: the text. BOOL, INT, DOUBLE: as written. UNKNOWN: `what` */
    const doc_node *node;   /* the scalar whose text this is, for places inside it (doc_pos_in); NULL where there is none */
    union {
        bool boolean;
        long long integer;
        double number;
        struct { const value **at; size_t len; } list;        /* LIST, JOINED (parts) */
        struct { const value_entry *at; size_t len; } map;
        struct { const resource *to; slice attr; } ref;
        unknown_why why;
        struct { const condition *on; const value *yes, *no; } choice;
    };
};

extern const value value_absent;       /* what the getters give instead of NULL: kind ABSENT, no place */

/* Entry of a map or element of a list; &value_absent where there is none or v is no map/list. An UNKNOWN gives itself (what is inside
 * something unknown is unknown); a CHOICE gives a CHOICE of what its branches give. Never NULL. */
const value *value_get(arena *a, const value *v, slice key);
/* A path: "RedrivePolicy.deadLetterTargetArn", "Targets[0].Arn". */
const value *value_at(arena *a, const value *v, slice path);

/* The branch that is left when `w` holds: CHOICEs at the top of v are decided where w decides them. */
const value *value_chosen(const value *v, when w);
static inline const value *value_under(const value *v, when w) { return v->kind == VAL_CHOICE ? value_chosen(v, w) : v; }

/* Calls `each` for every alternative of v (CHOICEs at the top, nested ones too) with what must hold for it on top of `w`; alternatives
 * that can't be are left out. At most VALUE_MAX_ALTERNATIVES calls, after that the rest is passed as one UNKNOWN_TOO_LARGE. */
#define VALUE_MAX_ALTERNATIVES 64
void value_each(arena *a, const value *v, when w, void (*each)(void *self, const value *v, when w), void *self);

/* Certain answers. */
static inline bool value_is_absent(const value *v) { return v->kind == VAL_ABSENT || v->kind == VAL_NULL; }
/* true when v is not known as a whole: UNKNOWN, CHOICE, REF, JOINED (text with an unknown part) */
bool value_is_open(const value *v);

/* The text, when it is wholly known: STRING, BOOL, INT, DOUBLE as written; REF and JOINED where every part is known (a Ref to a
 * resource with a literal physical name gives that name where Ref gives the name; ARNs with given --region and --account). */
bool value_text(arena *a, const value *v, slice *out);
/* The text with `${Name}`, `${Resource.Attr}` for what is not known. For messages, ids and output; never fails. Structures give "". */
slice value_display(arena *a, const value *v);
/* For matching ARN patterns: as value_display, but every part that is not known becomes `*`. */
slice value_glob(arena *a, const value *v);

/* Numbers and booleans as CloudFormation takes them: 5, "5", 5.0; true, "true". UNKNOWN when open. */
tri value_as_int(arena *a, const value *v, long long *out);     /* YES: *out is set; NO: not an integer (absent too); UNKNOWN */
tri value_as_bool(arena *a, const value *v, bool *out);

/* One value as a list: a LIST is itself, absent is empty, anything else is a list of one. Elements that are CHOICEs stay. An open v
 * gives a list of that one value. */
void value_as_list(arena *a, const value *v, const value *const **items, size_t *len);

/* JSON text inside a string (policies, patterns, redrive policies given as text; JOINED text too, its open parts become unknown leaves
 * when they fill a whole JSON string, else an unknown string). MAP and LIST values are given back as they are. Positions point into the
 * string where that can be said, else at it. &value_absent when it is no JSON (*bad is set). */
const value *value_from_json_text(arena *a, const value *v, bool *bad);

/* Same known value (structure by structure)? UNKNOWN where an open part decides. REFs are equal when they name the same resource and
 * attribute. */
tri value_same(arena *a, const value *x, const value *y);

/* Compact JSON: known parts as they are, ABSENT left out, every open value as the string "unknown", but REFs and JOINED as
 * value_display when `display` is set. At most VALUE_MAX_OUT nodes. */
#define VALUE_MAX_OUT 20000
void value_write_json(arena *a, const value *v, bool display, json_out *out);

/* Making values (lowering, defaults). `at` is the place a person would edit. */
value *value_new(arena *a, value_kind kind, pos at);
const value *value_new_string(arena *a, pos at, slice text);
const value *value_new_int(arena *a, pos at, long long n);
const value *value_new_bool(arena *a, pos at, bool b);
const value *value_new_list(arena *a, pos at, const value **items, size_t len);
const value *value_new_map(arena *a, pos at, const value_entry *entries, size_t len);
const value *value_new_unknown(arena *a, pos at, unknown_why why, slice what);
const value *value_new_ref(arena *a, pos at, const resource *to, slice attr);
/* Normalises: joins neighbouring STRINGs, flattens JOINED in JOINED; one STRING part is that STRING, one REF part that REF. */
const value *value_new_joined(arena *a, pos at, const value **parts, size_t len);
/* yes == no (the same pointer) gives that. */
const value *value_new_choice(arena *a, pos at, const condition *on, const value *yes, const value *no);

/* The same value at another place (a shallow copy). */
const value *value_placed(arena *a, const value *v, pos at, pos end);

/* Plain conversion of a document: no functions are looked at, a mapping with a Ref is a MAP. Shared nodes become shared values. */
const value *value_from_doc(arena *a, const doc_node *n);

/* The place of byte `offset` in the text of a STRING, inside the scalar it came from where that can be said; else v->at. */
pos value_pos_in(const value *v, size_t offset);

/* What the condition-free part of `v` is, alternative by alternative: the CHOICEs at the top are kept, `f` is applied to what stands
 * below them. Past VALUE_MAX_ALTERNATIVES the rest is one UNKNOWN_TOO_LARGE. f(self, NULL) is never called. */
const value *value_map(arena *a, const value *v, const value *(*f)(void *self, const value *v), void *self);

/* Text made of other text (Sub, Join, ToJsonString, ...) is no longer than this; past it the value is UNKNOWN_TOO_LARGE. */
#define VALUE_MAX_TEXT (1024u * 1024)
#define VALUE_MAX_PARTS 4096

/* "parameter Wait has no default", "import of worker-timeout", ... for --show-unknown. */
slice value_why(arena *a, const value *v);

#endif
