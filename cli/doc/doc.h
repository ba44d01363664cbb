/* A document: text -> tree in which every node knows its place.
 *
 * YAML and JSON give the same tree. CloudFormation's short tags are already spelled out: `!Sub x` is the mapping
 * {"Fn::Sub": x}, `!GetAtt a.b.c` is {"Fn::GetAtt": ["a", "b.c"]}, `!Ref x` is {"Ref": x}, `!Condition x` is {"Condition": x};
 * the mapping and its key stand at the tag, the argument at its own place (doc_node.from_tag is true on the mapping).
 *
 * YAML aliases are shared nodes, never copies: the tree is a DAG (without cycles). Whoever walks it must meet a shared node
 * (doc_node.shared) once, or bound the walk. Merge keys `<<` are applied: entries of the merged mappings follow the own ones and are
 * shared; an own key wins. */
#ifndef SFLINT_DOC_DOC_H
#define SFLINT_DOC_DOC_H

#include "base/buf.h"
#include "base/diag.h"
#include "doc/limits.h"

typedef enum { DOC_NULL, DOC_BOOL, DOC_INT, DOC_DOUBLE, DOC_STRING, DOC_LIST, DOC_MAP } doc_kind;

typedef struct doc_node doc_node;

typedef struct {
    slice key;              /* decoded */
    pos key_at, key_end;    /* key_end: just behind the key's last character */
    const doc_node *value;
} doc_entry;

struct doc_node {
    doc_kind kind;
    bool quoted;            /* a string that was quoted or a block scalar: never a boolean or number */
    bool shared;            /* reached by more than one path (it has an anchor that an alias names) */
    bool from_tag;          /* a mapping made of a short tag */
    char style;             /* private: how the scalar is written: p(lain) ' " | > and 0 for none of its own */
    pos at, end;            /* first character; just behind the last one */
    uint32_t source_len;    /* private, with from.source */
    slice text;             /* scalars: the decoded text exactly as written (so leading zeros stay) */
    union {
        bool boolean;       /* YAML 1.1 plain true/yes/on/... and JSON true */
        long long integer;  /* plain decimal without a leading zero; other forms (octal, hex, sexagesimal, dates) stay DOC_STRING */
        double number;
        struct { const doc_node **at; size_t len; } list;
        struct { doc_entry *at; size_t len; } map;
    };
    union {
        const char *source;     /* private, scalars: where the written form lies, quotes included; NULL when made */
        const uint32_t *order;  /* private, large mappings: the entries ordered by key */
    } from;
};

typedef enum { DOC_YAML, DOC_JSON } doc_syntax;

/* Reads one text. The syntax is found from the content: text that begins with `{` or `[` is tried as JSON first and, unless its
 * name ends in .json, then as YAML (a flow mapping); everything else is YAML.
 *   a      owns nodes and decoded scalars
 *   text   borrowed; lives as long as the tree. UTF-8, or UTF-16 with a byte order mark (converted into the arena)
 *   name   the file's name, for its ending only
 *   file   goes into every pos
 *   d      gets one line a problem; a duplicate key is a problem at the second key that names the place of the first, and all of a
 *          file's duplicates are reported
 * NULL when the text is no document or breaks a limit; d says which and where. Several YAML documents, an empty text, a text of
 * comments only and binary data are such errors too. Duplicate keys alone leave a tree: the first of the equal keys stays in it.
 * d may be NULL: then nothing is said (so for every reader here).
 *
 * What plain YAML scalars are (CloudFormation reads YAML 1.1): `~`, null and nothing are DOC_NULL; true/yes/on and false/no/off in the
 * three spellings xx, Xx, XX are DOC_BOOL, y and n alone are not; short tags make their scalar a string; `!!str` and `!!binary` do;
 * tags that are not CloudFormation's are left out as if they were not there. */
const doc_node *doc_parse(arena *a, slice text, slice name, uint32_t file, diags *d);

const doc_node *doc_parse_yaml(arena *a, slice text, uint32_t file, diags *d);
/* Strict RFC 8259. `base` is the place of the text's first character (for JSON that stands inside a string of another document; for a
 * file {file,1,1}). */
const doc_node *doc_parse_json(arena *a, slice text, pos base, diags *d);

/* JSON that stands inside a string of another document (a state machine, a policy, an event pattern as text): reads holder->text; every
 * position is the one in the file, inside block, quoted and plain scalars alike. */
const doc_node *doc_parse_json_in(arena *a, const doc_node *holder, diags *d);

/* The place of byte `offset` of a scalar's decoded text, as it is written in the file: behind the indentation of a block scalar, behind
 * the escapes of a quoted one. `offset` text.len is the place behind the last character. A node without a written form gives n->at.
 * Linear in offset. */
pos doc_pos_in(const doc_node *n, size_t offset);

/* The same for many places of one scalar: linear over all when the offsets do not go down. */
typedef struct {
    const doc_node *node;
    size_t text, source;    /* bytes of the decoded text and of the written form that lie behind */
    pos at;
} doc_place;
doc_place doc_place_of(const doc_node *n);
pos doc_place_at(doc_place *p, size_t offset);

/* Value of a key, or NULL (also when n is NULL or no mapping). Linear for small mappings; large ones are searched by hash or bisection. */
const doc_node *doc_get(const doc_node *n, slice key);
const doc_entry *doc_entry_of(const doc_node *n, slice key);

static inline bool doc_is_scalar(const doc_node *n) { return n != NULL && n->kind <= DOC_STRING; }

/* Nodes made while lowering (no text of their own): they stand at `at`. */
doc_node *doc_new_string(arena *a, pos at, slice text);
doc_node *doc_new_list(arena *a, pos at, const doc_node **items, size_t len);
doc_node *doc_new_map(arena *a, pos at, const doc_entry *entries, size_t len);

/* Writes the tree as compact JSON, keys in order of the text; at most `most` nodes (then writes null for the rest). */
void doc_write_json(const doc_node *n, json_out *out, size_t most);

#endif
