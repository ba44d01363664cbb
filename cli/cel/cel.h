/* CEL, the Common Expression Language (google/cel-spec), with three-valued unknowns.
 *
 * A program is a flat table of nodes without pointers, so `make` writes compiled rules as constant tables and a run parses none.
 * Compile once, evaluate often; evaluation takes its memory from the context's arena (take a mark around it).
 *
 * Unknown: `false && unknown` is false, `true || unknown` is true, everything else over an unknown is unknown; an unknown outranks an
 * error. Errors are values too and are absorbed by && and || as the specification says.
 *
 * Beyond the specification's core: the two-variable macros, the strings extension without format() and quote(), and `in` as a name behind
 * a dot (graph.in(node)). Not there: protocol buffer messages and optional values (a.?b). */
#ifndef SFLINT_CEL_CEL_H
#define SFLINT_CEL_CEL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/pos.h"

#define CEL_MAX_TEXT  (64u * 1024)     /* bytes of one expression */
#define CEL_MAX_DEPTH 200              /* nesting of one expression (the specification asks for at least 12..32 by construct) */
#define CEL_MAX_NODES 20000
#define CEL_MAX_STEPS (10u * 1000 * 1000)  /* evaluation steps; past it the result is an error */

/* ---- values ---- */

typedef enum {
    CEL_NULL, CEL_BOOL, CEL_INT, CEL_UINT, CEL_DOUBLE, CEL_STRING, CEL_BYTES, CEL_LIST, CEL_MAP, CEL_TIMESTAMP, CEL_DURATION,
    CEL_TYPE,        /* the value of type(x): text is its name */
    CEL_OBJECT,      /* something of the host's: see cel_object_kind */
    CEL_UNKNOWN,     /* text: why, for --show-unknown */
    CEL_ERROR        /* text: what went wrong */
} cel_kind;

typedef struct cel_value cel_value;
typedef struct cel_context cel_context;

/* A host object: a lazily read map, list or scalar. Which of the functions are NULL says what it is: `item` and `size` for a list,
 * `field`, `size` and `key` for a map, `field` alone for a record with declared fields. */
typedef struct {
    slice type_name;
    /* The value of a field; CEL_ERROR when there is none (maps: *absent is set and has() is false). */
    cel_value (*field)(cel_context *c, const void *object, slice name, bool *absent);
    size_t (*size)(cel_context *c, const void *object);
    cel_value (*item)(cel_context *c, const void *object, size_t i);
    cel_value (*key)(cel_context *c, const void *object, size_t i);     /* the i-th key of a map */
    bool (*same)(cel_context *c, const void *x, const void *y);         /* identity of records, for == ; NULL: pointer equality */
} cel_object_kind;

struct cel_value {
    cel_kind kind;
    union {
        bool boolean;
        int64_t integer;            /* INT; TIMESTAMP and DURATION: seconds */
        uint64_t natural;
        double number;
        slice text;                 /* STRING BYTES TYPE UNKNOWN ERROR */
        struct { const cel_value *at; size_t len; } list;
        struct { const cel_value *at; size_t len; } map;      /* len pairs: at[2i] key, at[2i+1] value; no two keys equal */
        struct { const cel_object_kind *kind; const void *at; } object;
    };
    int32_t nanos;                  /* TIMESTAMP, DURATION */
};

static inline cel_value cel_bool(bool b) { return (cel_value){ .kind = CEL_BOOL, .boolean = b }; }
static inline cel_value cel_int(int64_t n) { return (cel_value){ .kind = CEL_INT, .integer = n }; }
cel_value cel_double(double d);
/* An empty text may come without a pointer; functions cut and add to it as to any other. */
static inline cel_value cel_string(slice s) { return (cel_value){ .kind = CEL_STRING, .text = s.at == NULL ? SLICE("") : s }; }
static inline cel_value cel_null(void) { return (cel_value){ .kind = CEL_NULL }; }
static inline cel_value cel_unknown(slice why) { return (cel_value){ .kind = CEL_UNKNOWN, .text = why }; }
cel_value cel_error(cel_context *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
cel_value cel_list(const cel_value *items, size_t len);
static inline cel_value cel_object(const cel_object_kind *kind, const void *at) { return (cel_value){ .kind = CEL_OBJECT, .object = { kind, at } }; }

/* == of the specification (numbers across kinds, maps without order); UNKNOWN when an unknown decides. */
tri cel_equal(cel_context *c, cel_value x, cel_value y);
/* A short text for messages: strings without quotes, lists with commas. Long lists and deep values end in "...". Host lists and maps are
 * read through the context; cel_display has none and gives their type's name. */
slice cel_display(arena *a, cel_value v);
slice cel_display_in(cel_context *c, cel_value v);

/* ---- names: what a program may use. One table; the checker refuses every other name. ---- */

typedef struct {
    slice name;
    slice type;          /* "dyn", "bool", "int", "double", "string", "timestamp", "list", "map", or a record type of the environment */
    slice doc;           /* one line for sflint-rules(7) */
} cel_field;

/* A record type: fields are checked at compile time. A field may be a "list(edge)", "list(node)" of records too. */
typedef struct {
    slice name;
    const cel_field *fields;
    size_t fields_len;
} cel_record;

typedef struct {
    slice name;          /* "allows", "schedule.error" (a name with a dot is called as written), or a method: receiver != "" */
    slice receiver;      /* record type the method belongs to ("resource" for resource.wrote("A")), "" for a plain function */
    slice result;        /* type, as above */
    uint8_t least, most; /* number of arguments, without the receiver */
    slice doc;
    cel_value (*call)(cel_context *c, const cel_value *args, size_t count);    /* args[0] is the receiver of a method */
    bool takes_unknown;  /* called with unknown arguments too; otherwise an unknown argument makes the result unknown without a call */
} cel_function;

typedef struct {
    const cel_field *variables;      size_t variables_len;
    const cel_record *records;       size_t records_len;
    const cel_function *functions;   size_t functions_len;
    bool closed;         /* unknown variables, functions and record fields are compile errors (rules); false: found at evaluation (specification) */
    /* rules: selecting on null gives null, size(null) is 0, a macro over null runs over nothing, null < x is unknown. And what follows from
     * it: x in null is false, has(x.f) is false where x or x.f is null, null[i] is null, and null as the receiver of a method or as an
     * operand of another standard function or operator is unknown. Functions of the host see null as it is. */
    bool lenient_null;
} cel_environment;

/* ---- programs ---- */

typedef struct {
    uint8_t op;          /* enum in cel/ops.def */
    uint8_t flags;
    uint16_t count;      /* arguments, elements */
    uint32_t a, b, c;    /* children (node indexes), offsets or numbers, by op */
    uint32_t at;         /* offset in the expression's text, for messages */
} cel_node;

typedef struct {
    const cel_node *nodes;
    uint32_t nodes_len, root;
    const uint32_t *args;            /* child lists of calls, lists, maps */
    uint32_t args_len;
    const char *blob;                /* literals and names */
    uint32_t blob_len;
} cel_program;

typedef struct {
    size_t at;           /* offset in the text, bytes */
    slice message;
} cel_problem;

/* NULL with *problem set when the text is no expression, breaks a limit or (closed environment) names what is not there (the message
 * names the nearest name that is). Names of functions are bound by index into env->functions: evaluate with the same environment. */
const cel_program *cel_compile(arena *a, slice text, const cel_environment *env, cel_problem *problem);

struct cel_context {
    arena *arena;
    const cel_environment *env;
    /* Variables, in the order of env->variables (closed), or by name (open) through `lookup`. */
    const cel_value *variables;
    bool (*lookup)(cel_context *c, slice name, cel_value *out);
    void *host;          /* the host's, for object kinds and functions */
    /* Seconds east of UTC in an IANA zone at a moment (seconds since 1970), for x.getHours("Europe/Paris"); false: no such zone. NULL: only
     * "UTC" and fixed offsets are known. */
    bool (*zone)(cel_context *c, slice name, int64_t at, int32_t *east_s);
    uint32_t steps;      /* used so far; the caller sets 0 */
    void *private_;      /* the caller sets NULL; cel_close gives back what it holds */
};

cel_value cel_evaluate(const cel_program *p, cel_context *c);

/* Gives back what evaluations left in the context outside the arena: the compiled regular expressions. They outlive arena marks on
 * purpose, so one context serves many evaluations; close it once at the end. */
void cel_close(cel_context *c);

/* Instead of closing it, what is in private_ may be handed to a later context of the same thread. */
void cel_reopen(cel_context *c, void *private_);

/* C text of a program as constant tables (for the build): `static const cel_node NAME_nodes[] = {...}; ... static const cel_program NAME = ...` */
void cel_write_c(const cel_program *p, slice name, buf *out);

/* Regular expressions: matches(). PCRE2 with match, depth and heap limits; past a limit the result is CEL_ERROR. The dialect is RE2's (CEL
 * specification, "Regular Expressions"): look-around, back references and the like are refused. Compiled patterns are kept in a small
 * cache in the context (private_). */

#endif
