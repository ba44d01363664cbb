/* JSONata from the inside: its expressions as trees, its values, its evaluation. Private to the jsonata_*.c files.
 * The language as https://docs.jsonata.org describes it; error codes are its own. */
#ifndef SFLINT_SMOKE_ASL_JSONATA_PARTS_H
#define SFLINT_SMOKE_ASL_JSONATA_PARTS_H

#include "smoke/asl/jsonata.h"
#include "smoke/asl/regex.h"

/* ---- expressions ---- */

typedef enum {
    JN_LITERAL,          /* text, number, true, false, null */
    JN_NAME, JN_VARIABLE, JN_WILDCARD, JN_DESCENDANT, JN_PARENT, JN_REGEX,
    JN_BINARY, JN_NEGATE, JN_ARRAY, JN_OBJECT, JN_PATH, JN_BIND, JN_APPLY, JN_CONDITION, JN_COALESCE, JN_BLOCK,
    JN_CALL, JN_PARTIAL, JN_PLACEHOLDER, JN_LAMBDA, JN_TRANSFORM, JN_SORT,
} jnode_kind;

typedef enum { JO_ADD, JO_SUB, JO_MUL, JO_DIV, JO_MOD, JO_EQ, JO_NE, JO_LT, JO_LE, JO_GT, JO_GE, JO_AND, JO_OR, JO_IN, JO_CONCAT, JO_RANGE } joperator;

typedef struct jnode jnode;
typedef struct jslot jslot;
struct jslot { unsigned level, label; jslot *same; };     /* a `%`: what it names is kept under `label` (same: of another slot) */
typedef struct { jnode *filter; slice index; } jstage;    /* a predicate, or `#$i` behind one */
typedef struct jsignature jsignature;

struct jnode {
    jnode_kind kind;
    joperator op;
    size_t at;                       /* byte of the text */
    slice text;                      /* literal text, name of a name, variable, call */
    const doc_node *literal;
    const asl_regex *regex;
    jnode **items;                   /* array, block, path: steps; call: arguments; object, group: keys and values in turn; sort: terms */
    size_t count;
    bool *descending;                /* sort */
    slice *params;                   /* lambda */
    size_t param_count;
    const jsignature *signature;
    jnode *a, *b, *c;                /* operands */
    VEC(jstage) stages;              /* a step's predicates */
    VEC(jnode *) predicates;         /* those of an expression that is no step */
    jnode *group;                    /* an object behind an expression: `{k: v}` */
    slice focus, index;              /* `@$v`, `#$i` */
    jslot *ancestor, *slot;          /* a step that a `%` names; the `%` itself */
    VEC(jslot *) seeking;            /* `%` inside that name something further left */
    bool keep_array, keep_singleton, cons, tuple, has_group;
};

jnode *jsonata_read(arena *a, slice text, slice *error);

/* ---- values ---- */

typedef enum { JV_UNDEFINED, JV_NULL, JV_BOOL, JV_NUMBER, JV_STRING, JV_LIST, JV_OBJECT, JV_FUNCTION } jkind;
typedef struct jlist jlist;
typedef struct jobject jobject;
typedef struct jfunction jfunction;
typedef struct jframe jframe;

typedef struct {
    jkind kind;
    union { bool boolean; double number; slice text; jlist *list; jobject *object; const jfunction *function; };
} jvalue;

/* Data of the state machine are opened where they are looked into: `node` is what is not opened yet. */
struct jlist {
    const doc_node *node;
    jvalue *at;
    size_t len, cap;
    const jframe **frames;           /* a stream of tuples: what is bound beside each item */
    bool sequence, keep_singleton, cons, outer;
};

struct jobject {
    const doc_node *node;
    slice *keys;
    jvalue *values;
    size_t len, cap;
    strmap places;                   /* key -> place + 1, for those that are built here */
};

struct jframe {
    const jframe *outer;
    slice name;
    unsigned label;                  /* of a `%`; 0: a variable */
    jvalue value;
};

typedef struct jeval jeval;
typedef jvalue (*jnative)(jeval *e, jvalue *args, size_t count, jvalue input);

typedef struct {
    const char *name, *signature;
    size_t arity;                    /* how many arguments a higher-order function gives it */
    jnative run;
} jbuiltin;

struct jfunction {
    const jbuiltin *native;
    const jnode *lambda;
    struct jscope *scope;            /* where the lambda was made */
    jvalue input;                    /* its context */
    const jfunction *partial;        /* a function with some arguments given; placeholders are JV_UNDEFINED with `open` */
    jvalue *given;
    bool *open;
    size_t given_count;
    const jfunction *first, *second; /* first ~> second */
    const asl_regex *regex;
    const jnode *transform;
};

/* Variables: a block, a lambda's call or a tuple has its own. */
typedef struct jscope jscope;
struct jscope {
    jscope *outer;
    const jframe *names;
};

struct jeval {
    arena *arena;
    asl_data *data;
    slice error;                     /* "T2001: ..."; at NULL: none */
    size_t steps, most;
    unsigned depth;
    jvalue root;                     /* $$ */
    jvalue states;                   /* $states */
};

extern const jvalue jundefined;
static inline bool jdefined(jvalue v) { return v.kind != JV_UNDEFINED; }
static inline jvalue jbool(bool b) { return (jvalue){ .kind = JV_BOOL, .boolean = b }; }
static inline jvalue jnumber(double d) { return (jvalue){ .kind = JV_NUMBER, .number = d }; }
static inline jvalue jstring(slice s) { return (jvalue){ .kind = JV_STRING, .text = s.at == NULL ? SLICE("") : s }; }
static inline jvalue jlist_value(jlist *l) { return (jvalue){ .kind = JV_LIST, .list = l }; }
static inline jvalue jobject_value(jobject *o) { return (jvalue){ .kind = JV_OBJECT, .object = o }; }

/* Notes an error (the first stays); gives undefined. */
jvalue jfail(jeval *e, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));
static inline bool jfailed(const jeval *e) { return e->error.at != NULL; }
bool jspend(jeval *e, size_t steps);     /* false after an error when the budget is used up */

jvalue jfrom_node(jeval *e, const doc_node *n);
const doc_node *jto_node(jeval *e, jvalue v);        /* NULL after an error, or for undefined */

jlist *jlist_new(jeval *e, bool sequence);
void jlist_push(jeval *e, jlist *l, jvalue v);
jlist *jlist_open(jeval *e, jvalue v);               /* the list of a JV_LIST with its items there */
jlist *jlist_of(jeval *e, jvalue v);                 /* any value as a list: a single one in a sequence, undefined in an empty one */
bool jis_sequence(jvalue v);

jobject *jobject_new(jeval *e);
void jobject_set(jeval *e, jobject *o, slice key, jvalue v);
jobject *jobject_open(jeval *e, jvalue v);
jvalue jobject_get(jeval *e, jobject *o, slice key); /* undefined when it has none */

jvalue jappend(jeval *e, jvalue x, jvalue y);
bool jtruth(jeval *e, jvalue v);                     /* $boolean; undefined is false */
bool jequal(jeval *e, jvalue x, jvalue y);
jvalue jlookup(jeval *e, jvalue in, slice key);      /* a name in an object, or in each of a list */
slice jnumber_text(arena *a, double d);              /* as JavaScript writes numbers */
slice jtext(jeval *e, jvalue v, bool pretty);        /* $string; "" for undefined */
const char *jtype_name(jvalue v);
jvalue jsingle(jvalue v, bool keep);                 /* a sequence of one is the one, an empty one undefined */

/* ---- evaluation ---- */

jvalue jevaluate(jeval *e, const jnode *n, jvalue input, jscope *scope);
jvalue jevaluate_path(jeval *e, const jnode *n, jvalue input, jscope *scope);
jvalue jevaluate_group(jeval *e, const jnode *pairs, jvalue input, jscope *scope);
jvalue jfilter(jeval *e, const jnode *predicate, jvalue input, jscope *scope);
jvalue jtransform(jeval *e, const jfunction *f, jvalue input);
jscope *jscope_new(jeval *e, jscope *outer);
void jbind(jeval *e, jscope *s, slice name, jvalue v);

jvalue japply(jeval *e, const jfunction *f, jvalue *args, size_t count, jvalue input);
/* Calls a function of a higher-order one: as many of (value, index, whole) as it takes. */
jvalue japply_item(jeval *e, const jfunction *f, jvalue value, jvalue index, jvalue whole);
size_t jarity(const jfunction *f);
jvalue jevaluate_call(jeval *e, const jnode *n, jvalue input, jscope *scope, const jvalue *first);
jvalue jevaluate_partial(jeval *e, const jnode *n, jvalue input, jscope *scope);
jvalue jevaluate_chain(jeval *e, const jnode *n, jvalue input, jscope *scope);
const jsignature *jsignature_read(arena *a, slice text);
const jfunction *jbuiltin_of(jeval *e, slice name);  /* without `$`; NULL: there is none */

/* Stable; by `$sort`'s comparator (more(x, y): x belongs behind y). */
void jsort(jeval *e, jvalue *at, size_t len, bool (*more)(jeval *e, void *self, jvalue x, jvalue y), void *self);

/* ---- functions by file: tables that end with a NULL name ---- */
extern const jbuiltin jfunctions_strings[], jfunctions_numbers[], jfunctions_lists[], jfunctions_dates[], jfunctions_regex[], jfunctions_states[];

/* pictures of numbers (jsonata_picture.c) */
jvalue jformat_number(jeval *e, double value, slice picture, jvalue options);
slice jformat_integer(jeval *e, double value, slice picture);
bool jparse_integer(jeval *e, slice text, slice picture, double *out);

#endif
