/* Tags of YAML: CloudFormation's short forms, and YAML's own types. Private to doc/. */
#ifndef SFLINT_DOC_TAG_H
#define SFLINT_DOC_TAG_H

#include "base/slice.h"

/* CloudFormation user guide, "Intrinsic function reference" and "Rules section": the short forms. */
typedef struct {
    slice name;     /* behind the `!` */
    slice key;      /* the full form's key */
    bool splits;    /* a scalar a.b is the list [a, b] */
} short_tag;

/* NULL when tag is NULL or no short form. */
const short_tag *short_tag_of(const char *tag);

typedef enum {
    TYPE_NONE,      /* no type of YAML's: as if the tag were not there */
    TYPE_TEXT,      /* a string whatever it looks like */
    TYPE_RESOLVED,  /* what the text looks like, quoted or not */
    TYPE_MERGE      /* the key of a merge */
} scalar_type;
scalar_type scalar_type_of(const char *tag);

#endif
