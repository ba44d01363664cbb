#include "service/event_shape.h"

#define SLIP_EDITS 3

/* Detail-types that any service's events may have; what is inside depends on the call. EventBridge user guide, "AWS service events delivered via AWS
 * CloudTrail"; CloudTrail user guide, "CloudTrail record contents". */
static const slice anywhere[] = {
    SLICE_INIT("AWS API Call via CloudTrail"), SLICE_INIT("AWS Console Action via CloudTrail"), SLICE_INIT("AWS Console Sign In via CloudTrail"),
    SLICE_INIT("AWS Console Sign-in via CloudTrail"), SLICE_INIT("AWS Insight via CloudTrail"), SLICE_INIT("AWS Service Event via CloudTrail"),
    SLICE_INIT("AWS Health Event"), SLICE_INIT("Scheduled Event"),
};

static slice source_of(const event_row *r) { return (slice){ event_blob + r->at, r->source_len }; }
static slice type_of(const event_row *r) { return (slice){ event_blob + r->at + r->source_len + 1, r->type_len }; }

/* "aws.s3 Object Created" against a source and a type in the same order: a blank comes before every character of a source. */
static int order(const event_row *r, slice source, slice type) {
    int by_source = slice_order(source_of(r), source);
    return by_source != 0 ? by_source : slice_order(type_of(r), type);
}

/* The first row that is not before it. */
static size_t lower_bound(slice source, slice type) {
    size_t low = 0, high = event_row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order(&event_rows[middle], source, type) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

size_t event_sources(arena *a, const slice **out) {
    VEC(slice) all = { 0 };
    for (size_t i = 0; i < event_row_count; i++) {
        slice s = source_of(&event_rows[i]);
        if (all.len == 0 || !slice_eq(all.at[all.len - 1], s)) VEC_PUSH(a, &all, s);
    }
    *out = all.at;
    return all.len;
}

size_t event_types(arena *a, slice source, const slice **out) {
    VEC(slice) all = { 0 };
    for (size_t i = lower_bound(source, SLICE("")); i < event_row_count && slice_eq(source_of(&event_rows[i]), source); i++)
        VEC_PUSH(a, &all, type_of(&event_rows[i]));
    *out = all.at;
    return all.len;
}

/* The letters and digits of a name, small. */
static slice bare(arena *a, slice s) {
    char *at = arena_raw(a, 1, 1, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c >= 'A' && c <= 'Z') at[len++] = (char)(c - 'A' + 'a');
        else if (c != ' ' && c != '-' && c != '_' && c != '.') at[len++] = c;
    }
    return (slice){ at, len };
}

slice event_nearest_type(arena *a, slice source, slice detail_type) {
    const slice *types;
    size_t len = event_types(a, source, &types), least = SLIP_EDITS + 1;
    slice best = SLICE(""), typed = bare(a, detail_type);
    for (size_t i = 0; i < len; i++) {
        arena_mark mark = arena_mark_take(a);
        size_t far = slice_eq(bare(a, types[i]), typed) ? 0 : slice_distance(types[i], detail_type, SLIP_EDITS);
        arena_mark_return(a, mark);
        if (far < least) {
            least = far;
            best = types[i];
        }
    }
    return best;
}

static const value *with_detail(arena *a, const value *detail) {
    value_entry *e = ARENA_ARRAY(a, value_entry, 1);
    e[0] = (value_entry){ .key = SLICE_INIT("detail"), .value = detail };
    return value_new_map(a, (pos){ 0, 0, 0 }, e, 1);
}

const value *event_shape(arena *a, slice source, slice detail_type) {
    size_t i = lower_bound(source, detail_type);
    if (i < event_row_count && order(&event_rows[i], source, detail_type) == 0) {
        const doc_node *n = doc_parse_json(a, (slice){ event_blob + event_rows[i].shape_at, event_rows[i].shape_len }, (pos){ 0, 1, 1 }, NULL);
        return n == NULL ? &value_absent : with_detail(a, value_from_doc(a, n));
    }
    for (size_t k = 0; k < COUNT(anywhere); k++)
        if (slice_eq(anywhere[k], detail_type)) return with_detail(a, value_new_string(a, (pos){ 0, 0, 0 }, SLICE("json")));
    return &value_absent;
}
