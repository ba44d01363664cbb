/* The catalog of resource types, compiled in by `make` from rules/catalog.tsv and rules/types.tsv (generated tables: catalog.c).
 * Texts are offsets into one constant string (no relocations, so nothing is done at start-up); catalog_text() makes them slices. */
#ifndef SFLINT_TEMPLATE_CATALOG_H
#define SFLINT_TEMPLATE_CATALOG_H

#include <stdint.h>

#include "base/pos.h"
#include "base/slice.h"

typedef enum {
#define ROLE(name, text) ROLE_##name,
#include "template/role.def"
#undef ROLE
    ROLE_COUNT
} role;

slice role_name(role r);

typedef struct {
    uint32_t at, len;      /* in catalog_blob */
} catalog_text_ref;

/* A cell with conditions: `count` alternatives from catalog_cells[first]; the first whose condition holds wins. The conditions are CEL
 * programs, judged in lint/ (a lower floor does not know CEL); here they are numbers. */
typedef struct {
    uint16_t first, count;           /* count 0: "-" (nothing to say) */
} catalog_cell;

typedef struct {
    catalog_text_ref value;          /* "self", "per-use", "yes", "1", "unknown" */
    int32_t condition;               /* index of a CEL program in the generated table of lint/, or -1 */
} catalog_alternative;

typedef struct {
    catalog_text_ref path, json;     /* "StreamModeDetails.StreamMode", "\"PROVISIONED\"" as JSON */
} catalog_default;

/* What a top-level property is declared as (CloudFormation registry schemas). */
typedef enum {
    CATALOG_ANY, CATALOG_STRING, CATALOG_INTEGER, CATALOG_NUMBER, CATALOG_BOOLEAN, CATALOG_ARRAY, CATALOG_MAP
} catalog_kind;
#define CATALOG_REQUIRED 0x80u       /* set in catalog_property_kinds for a property that must be written */

typedef struct catalog_row {
    catalog_text_ref type;
    uint8_t role;                    /* enum role */
    catalog_cell scales, bills, scales_to_zero, serverless, tier;
    catalog_text_ref alternatives, azure, google;      /* separated by a space; "" = none */
    catalog_text_ref part_of, follow, note;
    uint16_t defaults_first, defaults_count;
    /* from types.tsv */
    bool typed;                      /* attributes, ref and properties are known */
    uint16_t attributes_first, attributes_count;       /* names, sorted */
    uint16_t properties_first, properties_count;       /* top-level property names, sorted */
    catalog_text_ref ref;            /* what Ref returns, as the attribute's name: "Arn", "QueueUrl", "" = the physical name or unknown */
} catalog_row;

extern const char catalog_blob[];
extern const catalog_row catalog_rows[];               /* sorted by type */
extern const size_t catalog_row_count;
extern const catalog_alternative catalog_cells[];
extern const catalog_default catalog_defaults[];
extern const catalog_text_ref catalog_attributes[];
extern const catalog_text_ref catalog_properties[];
extern const uint8_t catalog_property_kinds[];         /* catalog_kind of catalog_properties[i], with CATALOG_REQUIRED or'ed in */

static inline slice catalog_text(catalog_text_ref t) { return (slice){ catalog_blob + t.at, t.len }; }

const catalog_row *catalog_find(slice type);           /* bisection; NULL when unknown */
/* The type nearest to a mistyped one, at most two slips away; "" when none is. Looks at every row: for types that are not there. */
slice catalog_nearest(slice type);
/* Does the type have this attribute (whole dotted name)? UNKNOWN when the type's attributes are not known. Types whose attributes are
 * open (custom resources, nested stacks: Outputs.X) give UNKNOWN. */
tri catalog_has_attribute(const catalog_row *row, slice attribute);

#endif
