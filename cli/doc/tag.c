#include "doc/tag.h"

#define FUNCTION(name) { SLICE_INIT(name), SLICE_INIT("Fn::" name), false }

static const short_tag short_tags[] = {
    { SLICE_INIT("Ref"), SLICE_INIT("Ref"), false },
    { SLICE_INIT("GetAtt"), SLICE_INIT("Fn::GetAtt"), true },
    { SLICE_INIT("Condition"), SLICE_INIT("Condition"), false },
    FUNCTION("Sub"),
    FUNCTION("If"),
    FUNCTION("Join"),
    FUNCTION("Equals"),
    FUNCTION("Select"),
    FUNCTION("Split"),
    FUNCTION("FindInMap"),
    FUNCTION("ImportValue"),
    FUNCTION("GetAZs"),
    FUNCTION("Base64"),
    FUNCTION("Cidr"),
    FUNCTION("And"),
    FUNCTION("Or"),
    FUNCTION("Not"),
    FUNCTION("Transform"),
    FUNCTION("Length"),
    FUNCTION("ToJsonString"),
    FUNCTION("ForEach"),
    FUNCTION("Contains"),
    FUNCTION("EachMemberEquals"),
    FUNCTION("EachMemberIn"),
    FUNCTION("RefAll"),
    FUNCTION("ValueOf"),
    FUNCTION("ValueOfAll"),
};

const short_tag *short_tag_of(const char *tag) {
    if (tag == NULL || tag[0] != '!') return NULL;
    slice name = slice_from(tag + 1);
    for (size_t i = 0; i < COUNT(short_tags); i++)
        if (slice_eq(short_tags[i].name, name)) return &short_tags[i];
    return NULL;
}

/* yaml.org/type: the scalar types of YAML 1.1. Timestamps stay text, as every date does here. */
static const struct {
    const char *tag;
    scalar_type type;
} types[] = {
    { "!", TYPE_TEXT },     /* the non-specific tag: not to be resolved */
    { "tag:yaml.org,2002:str", TYPE_TEXT },
    { "tag:yaml.org,2002:binary", TYPE_TEXT },
    { "tag:yaml.org,2002:timestamp", TYPE_TEXT },
    { "tag:yaml.org,2002:int", TYPE_RESOLVED },
    { "tag:yaml.org,2002:float", TYPE_RESOLVED },
    { "tag:yaml.org,2002:bool", TYPE_RESOLVED },
    { "tag:yaml.org,2002:null", TYPE_RESOLVED },
    { "tag:yaml.org,2002:merge", TYPE_MERGE },
};

scalar_type scalar_type_of(const char *tag) {
    if (tag == NULL) return TYPE_NONE;
    for (size_t i = 0; i < COUNT(types); i++)
        if (strcmp(types[i].tag, tag) == 0) return types[i].type;
    return TYPE_NONE;
}
