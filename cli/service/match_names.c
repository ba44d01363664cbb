/* Is this the resource that the event names? */
#include "service/match_parts.h"

#define NAMES_MAX_VALUES 20000     /* values of one pattern that are looked at for references */

/* The property that gives a resource its name. CloudFormation user guide, the page of each type. */
static const struct { const char *type, *property; } named[] = {
    { "AWS::CloudWatch::Alarm", "AlarmName" },  { "AWS::DynamoDB::GlobalTable", "TableName" }, { "AWS::DynamoDB::Table", "TableName" },
    { "AWS::Events::EventBus", "Name" },        { "AWS::Events::Rule", "Name" },               { "AWS::Kinesis::Stream", "Name" },
    { "AWS::Logs::LogGroup", "LogGroupName" },  { "AWS::S3::Bucket", "BucketName" },           { "AWS::SNS::Topic", "TopicName" },
    { "AWS::SQS::Queue", "QueueName" },
};

slice match_quoted(arena *a, slice text) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    size_t to = text.len < 160 ? text.len : 160;
    while (to < text.len && to > 0 && ((unsigned char)text.at[to] & 0xC0) == 0x80) to--;
    json_string(&j, slice_from_to(text, 0, to));
    if (to < text.len) buf_text(&b, "...");
    return buf_as_slice(&b);
}

slice match_json(arena *a, const value *v) {
    buf b = { .arena = a };
    json_out j = { .out = &b };
    value_write_json(a, v, true, &j);
    slice s = buf_as_slice(&b);
    if (s.len <= 160) return s;
    size_t to = 160;
    while (to > 0 && ((unsigned char)s.at[to] & 0xC0) == 0x80) to--;
    return arena_printf(a, "%.*s...", (int)to, s.at);
}

static char low(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static slice lower_case(arena *a, slice s) {
    char *at = arena_raw(a, 1, 1, s.len + 1);
    for (size_t i = 0; i < s.len; i++) at[i] = low(s.at[i]);
    return (slice){ at, s.len };
}

/* STACK-LOGICALID-SUFFIX (buckets: in small letters); FIFO queues and topics end in .fifo. */
static bool made_of(arena *a, slice name, slice logical_id) {
    slice glob = arena_printf(a, "*-%.*s-*", SLICE_ARG(logical_id));
    return slice_glob(lower_case(a, glob), lower_case(a, name));
}

answer match_resource_name(arena *a, const char *what, slice name, const resource *r) {
    const value *written = &value_absent;
    slice text;
    for (size_t i = 0; i < COUNT(named); i++)
        if (slice_is(r->type, named[i].type)) written = value_get(a, r->properties, slice_from(named[i].property));
    if (slice_eq(name, r->logical_id) || slice_eq(name, r->id)) return answer_yes();
    if (value_is_absent(written)) {
        if (made_of(a, name, r->logical_id)) return answer_yes();
        return answer_unknown(arena_printf(a, "%s: whether %.*s is %.*s is not known: it has no fixed name; write its logical id to say so", what,
                                           SLICE_ARG(match_quoted(a, name)), SLICE_ARG(r->id)));
    }
    if (value_text(a, written, &text)) {
        if (slice_eq(text, name)) return answer_yes();
        return answer_no(arena_printf(a, "%s: %.*s is not %.*s", what, SLICE_ARG(match_quoted(a, name)), SLICE_ARG(match_quoted(a, text))));
    }
    if (written->kind == VAL_JOINED && !slice_glob(value_glob(a, written), name))
        return answer_no(arena_printf(a, "%s: %.*s is not %.*s", what, SLICE_ARG(match_quoted(a, name)), SLICE_ARG(match_quoted(a, value_display(a, written)))));
    return answer_unknown(arena_printf(a, "%s: whether %.*s is %.*s depends on %.*s; write its logical id, or give --parameter", what,
                                       SLICE_ARG(match_quoted(a, name)), SLICE_ARG(r->id), SLICE_ARG(value_display(a, written))));
}

answer match_name(arena *a, const char *what, maybe_text name, const node *n) {
    if (!name.there) return answer_yes();
    if (n->resource != NULL) return match_resource_name(a, what, name.text, n->resource);
    if (n->arn.len == 0) return answer_unknown(arena_printf(a, "%s: whether %.*s is %.*s is not known", what, SLICE_ARG(match_quoted(a, name.text)), SLICE_ARG(n->id)));
    slice whole = n->arn;
    size_t table = slice_find_slice(whole, SLICE(":table/"));
    bool same = slice_ends(whole, name.text) && whole.len > name.text.len && strchr(":/", whole.at[whole.len - name.text.len - 1]) != NULL;
    if (table != (size_t)-1) {
        slice rest = slice_after(whole, table + 7);
        same = slice_eq(slice_from_to(rest, 0, slice_find(rest, '/')), name.text);
    }
    if (same) return answer_yes();
    if (slice_find_slice(whole, SLICE("${")) != (size_t)-1)
        return answer_unknown(arena_printf(a, "%s: whether %.*s is %.*s is not known", what, SLICE_ARG(match_quoted(a, name.text)), SLICE_ARG(whole)));
    return answer_no(arena_printf(a, "%s: %.*s is not %.*s", what, SLICE_ARG(match_quoted(a, name.text)), SLICE_ARG(whole)));
}

/* ---- references in patterns ---- */

typedef struct {
    arena *arena;
    const record *record;
    size_t left;
} naming;

/* The text of the event that is this reference: the logical id, a made name, or an ARN that ends in one of them. */
static const value *named_value(naming *g, const value *v) {
    const resource *r = v->ref.to;
    arena *a = g->arena;
    slice text;
    if (value_text(a, v, &text) || g->record->names == NULL) return v;
    const value *names = g->record->names;
    for (size_t i = 0; i < names->list.len; i++) {
        slice s = names->list.at[i]->text, tail = s;
        bool arn = slice_starts(s, SLICE("arn:"));
        for (size_t k = s.len; arn && k > 0 && tail.len == s.len; k--)
            if (s.at[k - 1] == ':' || s.at[k - 1] == '/') tail = slice_after(s, k);
        if (arn != slice_ends(v->ref.attr, SLICE("Arn")) && !(arn && slice_is(v->ref.attr, "Ref"))) continue;
        answer is = match_resource_name(a, "", tail, r);
        if (is.is == YES) return value_new_string(a, v->at, s);
    }
    return v;
}

static const value *with_names(naming *g, const value *v, size_t depth) {
    if (g->left == 0 || depth > PATTERN_MAX_DEPTH) return v;
    g->left--;
    if (v->kind == VAL_REF) return named_value(g, v);
    if (v->kind == VAL_LIST) {
        const value **items = NULL;
        for (size_t i = 0; i < v->list.len; i++) {
            const value *item = with_names(g, v->list.at[i], depth + 1);
            if (item == v->list.at[i] && items == NULL) continue;
            if (items == NULL) {
                items = ARENA_ARRAY(g->arena, const value *, v->list.len);
                memcpy(items, v->list.at, v->list.len * sizeof *items);
            }
            items[i] = item;
        }
        if (items == NULL) return v;
        value *copy = ARENA_NEW(g->arena, value);
        *copy = *v;
        copy->list.at = items;
        return copy;
    }
    if (v->kind == VAL_MAP) {
        value_entry *entries = NULL;
        for (size_t i = 0; i < v->map.len; i++) {
            const value *item = with_names(g, v->map.at[i].value, depth + 1);
            if (item == v->map.at[i].value && entries == NULL) continue;
            if (entries == NULL) {
                entries = ARENA_ARRAY(g->arena, value_entry, v->map.len);
                memcpy(entries, v->map.at, v->map.len * sizeof *entries);
            }
            entries[i].value = item;
        }
        if (entries == NULL) return v;
        value *copy = ARENA_NEW(g->arena, value);
        *copy = *v;
        copy->map.at = entries;
        return copy;
    }
    return v;
}

const value *match_with_names(arena *a, const value *pattern, const record *r) {
    naming g = { a, r, NAMES_MAX_VALUES };
    return with_names(&g, pattern, 0);
}
