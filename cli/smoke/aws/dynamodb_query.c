/* DynamoDB: Query and Scan. Developer guide, "Querying tables in DynamoDB", "Scanning tables in DynamoDB". */
#include "smoke/aws/dynamodb_parts.h"

#define PAGE_MOST (1024u * 1024)     /* bytes of items that one call looks at */

/* A call being read: where it looks, and what it lets through. */
typedef struct {
    dynamo_request q;
    const doc_node *in;
    dynamo_table *table;
    const dynamo_index *index;
    bool query;
    slice low, high;             /* from low, up to but without high */
    bool forward, count_only, consistent;
    slice start;                 /* place of ExclusiveStartKey; "" */
    long long limit;             /* 0: none */
    const dynamo_condition *filter;
    const dynamo_branch *shown;  /* NULL: all */
} reading;

/* ---- key conditions ---- */

static const char *const condition_words[] = {
    [CONDITION_NE] = "<>", [CONDITION_IN] = "IN", [CONDITION_EXISTS] = "attribute_exists", [CONDITION_NOT_EXISTS] = "attribute_not_exists",
    [CONDITION_TYPE] = "attribute_type", [CONDITION_CONTAINS] = "contains", [CONDITION_OR] = "OR", [CONDITION_NOT] = "NOT",
};

static bool invalid_operator(reading *r, dynamo_condition_kind k) {
    return dynamo_wrong(&r->q.fault, "Invalid operator used in KeyConditionExpression: %s", condition_words[k]);
}

/* The conditions that ANDs join; more than two are none of a key. */
static bool flatten(reading *r, const dynamo_condition *c, const dynamo_condition *out[2], size_t *len) {
    while (c->kind == CONDITION_AND) {
        if (c->right->kind == CONDITION_AND || *len >= 2) return dynamo_wrong(&r->q.fault, "Conditions can be of length 1 or 2 only");
        out[(*len)++] = c->right;
        c = c->left;
    }
    if (*len >= 2) return dynamo_wrong(&r->q.fault, "Conditions can be of length 1 or 2 only");
    out[(*len)++] = c;
    for (size_t i = 0; i < *len; i++) {
        dynamo_condition_kind k = out[i]->kind;
        if (k < COUNT(condition_words) && condition_words[k] != NULL) return invalid_operator(r, k);
        if (out[i]->operands[0]->kind != OPERAND_PATH || out[i]->operands[0]->path.len != 1) return dynamo_wrong(&r->q.fault, "Invalid KeyConditionExpression: KeyConditionExpressions must have a key attribute on the left");
        for (size_t o = 1; o < out[i]->len; o++)
            if (out[i]->operands[o]->kind != OPERAND_VALUE) return dynamo_wrong(&r->q.fault, "Invalid KeyConditionExpression: KeyConditionExpressions cannot compare two key attributes");
    }
    return true;
}

static bool fits(reading *r, const dynamo_condition *c, const dynamo_key_part *part) {
    for (size_t o = 1; o < c->len; o++) {
        const doc_node *v = c->operands[o]->value;
        if (dynamo_type_of(v) != part->type) return dynamo_wrong(&r->q.fault, "One or more parameter values were invalid: Condition parameter type does not match schema type");
        if (dynamo_size(v) == 0 && c->kind != CONDITION_BEGINS)
            return dynamo_wrong(&r->q.fault, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %.*s",
                                part->type == DYNAMO_S ? "string" : "binary", SLICE_ARG(part->name));
    }
    return c->kind != CONDITION_BEGINS || part->type != DYNAMO_N ||
           dynamo_wrong(&r->q.fault, "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
}

static slice joined(arena *a, slice head, slice tail) { return arena_concat(a, (const slice[]){ head, tail }, 2); }

/* Between which places the sort key's condition holds. */
static void bound(reading *r, const dynamo_condition *c, slice hash) {
    arena *a = r->q.arena;
    slice at = joined(a, hash, dynamo_place_range(a, c->operands[1]->value, c->kind == CONDITION_BEGINS));
    switch (c->kind) {
    case CONDITION_EQ:
    case CONDITION_BEGINS:
        r->low = at;
        r->high = dynamo_place_behind(a, at);
        return;
    case CONDITION_LT: r->high = at; return;
    case CONDITION_LE: r->high = dynamo_place_behind(a, at); return;
    case CONDITION_GT: r->low = dynamo_place_behind(a, at); return;
    case CONDITION_GE: r->low = at; return;
    case CONDITION_BETWEEN:
        r->low = at;
        r->high = dynamo_place_behind(a, joined(a, hash, dynamo_place_range(a, c->operands[2]->value, false)));
        return;
    default: return;
    }
}

static bool read_key_condition(reading *r, dynamo_names *names) {
    dynamo_fault *f = &r->q.fault;
    const dynamo_condition *conditions[2], *hash = NULL, *range = NULL;
    const dynamo_index *ix = r->index;
    slice text;
    size_t len = 0;
    if (!dynamo_has(r->in, "KeyConditionExpression"))
        return dynamo_wrong(f, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
    if (!dynamo_text(&r->q, r->in, "KeyConditionExpression", &text)) return false;
    const dynamo_condition *whole = dynamo_read_condition(names, text, "KeyConditionExpression", f);
    if (whole == NULL || !flatten(r, whole, conditions, &len)) return false;
    for (size_t i = 0; i < len; i++) {
        slice name = conditions[i]->operands[0]->path.at[0].name;
        const dynamo_condition **which = slice_eq(name, ix->hash.name) ? &hash : ix->range.name.len > 0 && slice_eq(name, ix->range.name) ? &range : NULL;
        if (which != NULL && *which != NULL) return dynamo_wrong(f, "KeyConditionExpressions must only contain one condition per key");
        if (which != NULL) *which = conditions[i];
    }
    if (hash == NULL) return dynamo_wrong(f, "Query condition missed key schema element: %.*s", SLICE_ARG(ix->hash.name));
    if (len == 2 && range == NULL) {
        if (ix->range.name.len > 0) return dynamo_wrong(f, "Query condition missed key schema element: %.*s", SLICE_ARG(ix->range.name));
        return dynamo_wrong(f, "Query key condition not supported");
    }
    if (hash->kind != CONDITION_EQ) return dynamo_wrong(f, "Query key condition not supported");
    if (!fits(r, hash, &ix->hash) || (range != NULL && !fits(r, range, &ix->range))) return false;
    r->low = dynamo_place_hash(r->q.arena, hash->operands[1]->value);
    r->high = dynamo_place_behind(r->q.arena, r->low);
    if (range != NULL) bound(r, range, r->low);
    return true;
}

/* ---- what else is asked ---- */

static bool no_key_operand(reading *r, const dynamo_operand *o) {
    if (o->kind == OPERAND_VALUE) return true;
    slice name = o->path.at[0].name;
    bool key = slice_eq(name, r->index->hash.name) || (r->index->range.name.len > 0 && slice_eq(name, r->index->range.name));
    return !key || dynamo_wrong(&r->q.fault, "Filter Expression can only contain non-primary key attributes: Primary key attribute: %.*s", SLICE_ARG(name));
}

/* A query's filter may not name the key. Depth and size of conditions are bounded by their reader. */
static bool no_key_in(reading *r, const dynamo_condition *c) {
    for (size_t i = 0; i < c->len; i++)
        if (!no_key_operand(r, c->operands[i])) return false;
    return (c->left == NULL || no_key_in(r, c->left)) && (c->right == NULL || no_key_in(r, c->right));
}

static bool projects(const dynamo_table *t, const dynamo_index *ix, slice name) {
    const dynamo_key_part *keys[] = { &ix->hash, &ix->range, &t->primary.hash, &t->primary.range };
    if (ix->projected == PROJECT_ALL) return true;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (keys[i]->name.len > 0 && slice_eq(keys[i]->name, name)) return true;
    for (size_t i = 0; ix->projected == PROJECT_INCLUDE && i < ix->included.len; i++)
        if (slice_eq(ix->included.at[i], name)) return true;
    return false;
}

/* The attributes that an index holds, as paths. */
static const dynamo_branch *held(reading *r) {
    const dynamo_index *ix = r->index;
    dynamo_branch *root = NULL;
    const dynamo_key_part *keys[] = { &ix->hash, &ix->range, &r->table->primary.hash, &r->table->primary.range };
    VEC(slice) all = { 0 };
    for (size_t i = 0; i < COUNT(keys); i++) VEC_PUSH(r->q.arena, &all, keys[i]->name);
    for (size_t i = 0; ix->projected == PROJECT_INCLUDE && i < ix->included.len; i++) VEC_PUSH(r->q.arena, &all, ix->included.at[i]);
    for (size_t i = 0; i < all.len; i++) {
        dynamo_fault twice = { .arena = r->q.arena };
        dynamo_step step = { .name = all.at[i] };
        if (step.name.len > 0) dynamo_branch_add(r->q.arena, &root, &(dynamo_path){ &step, 1 }, NULL, "", &twice);
    }
    return root;
}

static bool read_shown(reading *r, dynamo_names *names) {
    static const char *const selects[] = { "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT", NULL };
    dynamo_fault *f = &r->q.fault;
    bool some = dynamo_has(r->in, "ProjectionExpression"), own = r->index == &r->table->primary;
    slice text, select = js_str_of(r->in, "Select");
    if (!dynamo_text(&r->q, r->in, "ProjectionExpression", &text) || !dynamo_one_of(&r->q, r->in, "Select", selects)) return false;
    r->count_only = slice_is(select, "COUNT");
    if (some && select.len > 0 && !slice_is(select, "SPECIFIC_ATTRIBUTES"))
        return dynamo_wrong(f, "Cannot specify the ProjectionExpression when choosing to get %s", r->count_only ? "only the Count" : slice_is(select, "ALL_ATTRIBUTES") ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES");
    if (slice_is(select, "SPECIFIC_ATTRIBUTES") && !some)
        return dynamo_wrong(f, "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
    if (slice_is(select, "ALL_PROJECTED_ATTRIBUTES") && own)
        return dynamo_wrong(f, "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    if (slice_is(select, "ALL_ATTRIBUTES") && r->index->global && r->index->projected != PROJECT_ALL)
        return dynamo_wrong(f, "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index %.*s because its projection type is not ALL", SLICE_ARG(r->index->name));
    if (some) {
        dynamo_projection p;
        if (!dynamo_read_projection(names, text, &p, f)) return false;
        for (size_t i = 0; i < p.list.len; i++)
            if (r->index->global && !projects(r->table, r->index, p.list.at[i].at[0].name))
                return dynamo_wrong(f, "One or more parameter values were invalid: Global secondary index %.*s does not project [%.*s]", SLICE_ARG(r->index->name), SLICE_ARG(p.list.at[i].at[0].name));
        r->shown = p.paths;
    } else if (!own && r->index->projected != PROJECT_ALL && !slice_is(select, "ALL_ATTRIBUTES")) r->shown = held(r);
    return true;
}

static bool read_limit(reading *r) {
    if (!dynamo_has(r->in, "Limit")) return true;
    r->limit = js_int_of(r->in, "Limit", 0);
    return r->limit >= 1 || dynamo_wrong(&r->q.fault, "1 validation error detected: Value '%lld' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", r->limit);
}

static bool read_start(reading *r) {
    dynamo_fault *f = &r->q.fault;
    const dynamo_index *ix = r->index;
    if (!dynamo_has(r->in, "ExclusiveStartKey")) return true;
    const doc_node *key = dynamo_item(r->q.arena, js_get(r->in, "ExclusiveStartKey"), f);
    if (key == NULL) return false;
    const dynamo_key_part *parts[] = { &r->table->primary.hash, &r->table->primary.range, &ix->hash, &ix->range };
    size_t members = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i]->name.len == 0) continue;
        bool seen = false;
        for (size_t k = 0; k < i; k++) seen |= slice_eq(parts[k]->name, parts[i]->name);
        const doc_node *v = doc_get(key, parts[i]->name);
        if (v == NULL || dynamo_type_of(v) != parts[i]->type) return dynamo_wrong(f, "The provided starting key is invalid");
        members += !seen;
    }
    if (key->map.len != members) return dynamo_wrong(f, "The provided starting key is invalid");
    r->start = dynamo_place(r->q.arena, r->table, ix, key);
    slice hash = dynamo_place_hash(r->q.arena, doc_get(key, ix->hash.name));
    if (r->query && !slice_starts(r->low, hash)) return dynamo_wrong(f, "The provided starting key is outside query boundaries based on provided conditions");
    return true;
}

static bool read_segment(reading *r) {
    dynamo_fault *f = &r->q.fault;
    bool one = dynamo_has(r->in, "Segment"), of = dynamo_has(r->in, "TotalSegments");
    long long segment = js_int_of(r->in, "Segment", 0), total = js_int_of(r->in, "TotalSegments", 1);
    if (one && !of) return dynamo_wrong(f, "The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
    if (of && !one) return dynamo_wrong(f, "The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
    if (total < 1 || total > 1000000)
        return dynamo_wrong(f, "1 validation error detected: Value '%lld' at 'totalSegments' failed to satisfy constraint: Member must have value %s", total,
                            total < 1 ? "greater than or equal to 1" : "less than or equal to 1000000");
    if (segment < 0 || segment >= total)
        return dynamo_wrong(f, "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %lld is not less than TotalSegments: %lld", segment, total);
    r->low = dynamo_place_segment(r->q.arena, (uint32_t)segment, (uint32_t)total);
    r->high = dynamo_place_segment(r->q.arena, (uint32_t)segment + 1, (uint32_t)total);
    return true;
}

static bool read_all(reading *r) {
    dynamo_fault *f = &r->q.fault;
    dynamo_names names;
    slice filter;
    bool filtered = dynamo_has(r->in, "FilterExpression");
    bool any = filtered || dynamo_has(r->in, "ProjectionExpression") || (r->query && dynamo_has(r->in, "KeyConditionExpression"));
    r->consistent = js_bool_of(r->in, "ConsistentRead", false);
    r->forward = !r->query || js_bool_of(r->in, "ScanIndexForward", true);
    if (r->consistent && r->index->global) return dynamo_wrong(f, "Consistent reads are not supported on global secondary indexes");
    if (!read_limit(r) || !dynamo_names_read(&names, r->q.arena, r->in, any, f) || !dynamo_text(&r->q, r->in, "FilterExpression", &filter)) return false;
    if (r->query ? !read_key_condition(r, &names) : !read_segment(r)) return false;
    if (filtered && (r->filter = dynamo_read_condition(&names, filter, "FilterExpression", f)) == NULL) return false;
    if (filtered && r->query && !no_key_in(r, r->filter)) return false;
    return read_shown(r, &names) && read_start(r) && dynamo_names_all_used(&names, f);
}

/* ---- reading items ---- */

static const doc_node *last_key(reading *r, const doc_node *item) {
    arena *a = r->q.arena;
    js_object o = { 0 };
    const dynamo_index *both[] = { &r->table->primary, r->index };
    for (size_t i = 0; i < COUNT(both); i++) {
        const doc_node *key = dynamo_key_of(a, both[i], item);
        for (size_t k = 0; k < key->map.len; k++) js_set(a, &o, key->map.at[k].key, key->map.at[k].value);
    }
    return js_object_end(a, &o);
}

static void answer(reading *r) {
    aws_call *c = r->q.call;
    arena *a = r->q.arena;
    js_list items = { 0 };
    js_object out = { 0 };
    long long count = 0, looked = 0;
    size_t bytes = 0;
    const doc_node *item, *last = NULL;
    slice place, from = r->forward ? r->low : r->high;
    if (r->start.len > 0 && r->forward && slice_order(r->start, r->low) >= 0) from = joined(a, r->start, (slice){ "\0", 1 });
    if (r->start.len > 0 && !r->forward && slice_order(r->start, r->high) < 0) from = r->start;
    while ((item = dynamo_next(r->index, from, r->forward, &place)) != NULL && (r->forward ? slice_order(place, r->high) < 0 : slice_order(place, r->low) >= 0)) {
        looked++;
        bytes += dynamo_item_size(item);
        if (r->filter == NULL || dynamo_holds(a, r->filter, item)) {
            count++;
            if (!r->count_only) js_push(a, &items, r->shown != NULL ? dynamo_project(a, r->shown, item) : item);
        }
        if (looked == r->limit || bytes >= PAGE_MOST) {
            last = item;
            break;
        }
        from = r->forward ? joined(a, place, (slice){ "\0", 1 }) : place;
    }
    if (!r->count_only) js_put(a, &out, "Items", js_list_end(a, &items));
    js_put(a, &out, "Count", js_int(a, count));
    js_put(a, &out, "ScannedCount", js_int(a, looked));
    if (last != NULL) js_put(a, &out, "LastEvaluatedKey", last_key(r, last));
    js_put(a, &out, "ConsumedCapacity", dynamo_consumed(&r->q, r->table, dynamo_read_units(bytes, r->consistent)));
    aws_ok(c, js_object_end(a, &out));
}

static void run(aws_call *c, bool query) {
    reading r = { .q = dynamo_request_of(c), .in = c->in, .query = query };
    slice index = js_str_of(c->in, "IndexName");
    r.table = dynamo_table_for(&r.q, js_str_of(c->in, "TableName"), query ? "dynamodb:Query" : "dynamodb:Scan", index);
    if (r.table == NULL || dynamo_legacy(&r.q, c->in)) return;
    r.index = dynamo_has(c->in, "IndexName") ? dynamo_index_of(r.table, index) : &r.table->primary;
    if (r.index == NULL) dynamo_wrong(&r.q.fault, "The table does not have the specified index: %.*s", (int)(index.len < 255 ? index.len : 255), index.at);
    else read_all(&r);
    if (!dynamo_failed(&r.q)) answer(&r);
}

void dynamo_query(aws_call *c) { run(c, true); }
void dynamo_scan(aws_call *c) { run(c, false); }
