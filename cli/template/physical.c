#include "template/physical.h"

typedef struct {
    slice type, property, names, arns, arn;
} physical;

static const physical table[] = {   /* sorted by type: found by bisection; a unit test checks the order */
#define PHYSICAL(type, property, names, arns, arn) \
    { SLICE_INIT(type), SLICE_INIT(property), SLICE_INIT(names), SLICE_INIT(arns), SLICE_INIT(arn) },
#include "template/physical.def"
#undef PHYSICAL
};

static const physical *physical_of(slice type) {
    size_t low = 0, high = COUNT(table);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(table[middle].type, type);
        if (order == 0) return &table[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

static bool names(slice words, slice word) {
    slice one;
    if (words.len == 0) return false;
    while (slice_cut(&words, ' ', &one))
        if (slice_eq(one, word)) return true;
    return false;
}

slice partition_of(slice region) {
    if (region.len == 0) return region;
    if (slice_starts(region, SLICE("cn-"))) return SLICE("aws-cn");
    if (slice_starts(region, SLICE("us-gov-"))) return SLICE("aws-us-gov");
    return SLICE("aws");
}

slice suffix_of(slice region) {
    if (region.len == 0) return region;
    return slice_starts(region, SLICE("cn-")) ? SLICE("amazonaws.com.cn") : SLICE("amazonaws.com");
}

/* "" when the run does not say. */
static slice partition(const template_options *o) { return o->partition.len > 0 ? o->partition : partition_of(o->region); }

static slice arn_text(arena *a, const physical *p, slice name, slice in, slice region, slice account) {
    buf b = { .arena = a };
    if (in.len == 0) return SLICE("");
    buf_text(&b, "arn:");
    buf_slice(&b, in);
    buf_char(&b, ':');
    for (size_t i = 0; i < p->arn.len; i++) {
        char c = p->arn.at[i];
        slice part = c == 'R' ? region : c == 'A' ? account : c == 'N' ? name : slice_from_to(p->arn, i, i + 1);
        if (part.len == 0) return SLICE("");
        buf_slice(&b, part);
    }
    return buf_as_slice(&b);
}

physical_meaning physical_means(slice type, slice attr) {
    const physical *p = physical_of(type);
    return p == NULL ? PHYSICAL_NONE : names(p->names, attr) ? PHYSICAL_NAME : names(p->arns, attr) ? PHYSICAL_ARN : PHYSICAL_NONE;
}

slice physical_property(slice type) {
    const physical *p = physical_of(type);
    return p == NULL ? SLICE("") : p->property;
}

slice physical_arn(arena *a, slice type, slice name, slice in, slice region, slice account) {
    const physical *p = physical_of(type);
    return p == NULL || p->arn.len == 0 ? SLICE("") : arn_text(a, p, name, in, region, account);
}

bool physical_text(arena *a, const resource *r, slice attr, slice *out) {
    const physical *p = physical_of(r->type);
    if (p == NULL || r->properties == NULL) return false;
    bool name = names(p->names, attr), arn = !name && names(p->arns, attr);
    if (!name && !arn) return false;
    const value *written = value_get(a, r->properties, p->property);
    slice text;
    /* A name that is itself a reference is not followed: names that name each other in a circle would never end. */
    if (written->kind == VAL_STRING) text = written->text;
    else return false;
    if (text.len == 0) return false;
    if (name) {
        *out = text;
        return true;
    }
    const template_options *o = r->in == NULL || r->in->set == NULL ? NULL : r->in->set->options;
    if (o == NULL) return false;
    *out = arn_text(a, p, text, partition(o), o->region, o->account);
    return out->len > 0;
}
