/* DynamoDB: operations on one item, and what all operations share. Amazon DynamoDB API reference; messages are the service's. */
#include "smoke/aws/dynamodb_parts.h"

/* ---- requests ---- */

dynamo_request dynamo_request_of(aws_call *c) {
    return (dynamo_request){ .call = c, .arena = c->arena, .store = dynamo_store_of(c->of, c->run), .fault = { .arena = c->arena } };
}

static const struct { const char *code, *full; } codes[] = {
    { "ValidationException", "com.amazon.coral.validate#ValidationException" },
    { "SerializationException", "com.amazon.coral.service#SerializationException" },
};

bool dynamo_failed(dynamo_request *q) {
    const char *code = q->fault.code;
    if (code == NULL) return false;
    for (size_t i = 0; i < COUNT(codes); i++)
        if (strcmp(codes[i].code, code) == 0) code = codes[i].full;
    aws_fail_with(q->call, 400, code, q->fault.message, q->fault.more);
    return true;
}

dynamo_table *dynamo_table_for(dynamo_request *q, slice named, const char *action, slice index) {
    static const char *const types[] = { "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable" };
    aws_call *c = q->call;
    const resource *r = NULL;
    if (named.len == 0) {
        dynamo_wrong(&q->fault, "The parameter 'TableName' is required but was not present in the request");
        dynamo_failed(q);
        return NULL;
    }
    for (size_t i = 0; r == NULL && i < COUNT(types); i++) r = world_find(c->run->world, slice_from(types[i]), named, NULL);
    if (r == NULL) {
        aws_note(c, "%s was called on the table %.*s, and the templates have none of that name", c->operation != NULL ? c->operation->name : "DynamoDB",
                 (int)(named.len < 255 ? named.len : 255), named.at);
        aws_fail(c, 400, "ResourceNotFoundException", "Requested resource not found");
        return NULL;
    }
    dynamo_table *t = dynamo_table_of(q->store, c->run, r);
    if (t == NULL) {
        aws_note(c, "NOT SMOKE-TESTED: the key of the table %.*s is not known from the template", SLICE_ARG(r->id));
        aws_fail(c, 400, "ResourceNotFoundException", "sflint smoke does not know the key of the table %.*s", SLICE_ARG(r->id));
        return NULL;
    }
    if (index.len > 0 ? !aws_allowed_arn(c, action, arena_printf(c->arena, "%.*s/index/%.*s", SLICE_ARG(t->arn), SLICE_ARG(index))) : !aws_allowed(c, action, r))
        return NULL;
    return t;
}

bool dynamo_legacy(dynamo_request *q, const doc_node *in) {
    static const char *const members[] = { "Expected", "AttributeUpdates", "KeyConditions", "QueryFilter", "ScanFilter", "ConditionalOperator", "AttributesToGet" };
    for (size_t i = 0; i < COUNT(members); i++) {
        if (!dynamo_has(in, members[i])) continue;
        aws_note(q->call, "NOT SMOKE-TESTED: %s was called with %s, which sflint does not emulate: use expressions", q->call->operation->name, members[i]);
        dynamo_wrong(&q->fault, "sflint smoke does not emulate the legacy parameter %s; use expressions", members[i]);
        return dynamo_failed(q);
    }
    return false;
}

bool dynamo_has(const doc_node *in, const char *member) {
    const doc_node *v = js_get(in, member);
    return v != NULL && v->kind != DOC_NULL;
}

bool dynamo_text(dynamo_request *q, const doc_node *in, const char *member, slice *out) {
    *out = SLICE("");
    if (!dynamo_has(in, member)) return true;
    const doc_node *v = js_get(in, member);
    if (!js_is(v, DOC_STRING)) {
        q->fault.code = "SerializationException";
        q->fault.message = arena_printf(q->arena, "%s must be a string", member);
        return false;
    }
    *out = v->text;
    return true;
}

bool dynamo_one_of(dynamo_request *q, const doc_node *in, const char *member, const char *const *allowed) {
    slice given;
    if (!dynamo_text(q, in, member, &given)) return false;
    if (given.len == 0) return true;
    for (size_t i = 0; allowed[i] != NULL; i++)
        if (slice_is(given, allowed[i])) return true;
    return dynamo_wrong(&q->fault, "1 validation error detected: Value '%.*s' at '%c%s' failed to satisfy constraint: Member must satisfy enum value set",
                        (int)(given.len < 100 ? given.len : 100), given.at, member[0] - 'A' + 'a', member + 1);
}

double dynamo_read_units(size_t bytes, bool consistent) {
    size_t units = bytes == 0 ? 1 : (bytes + 4095) / 4096;
    return consistent ? (double)units : (double)units / 2;
}

double dynamo_write_units(size_t bytes) {
    size_t units = bytes == 0 ? 1 : (bytes + 1023) / 1024;
    return (double)units;
}

const doc_node *dynamo_consumed(dynamo_request *q, const dynamo_table *t, double units) {
    slice asked = js_str_of(q->call->in, "ReturnConsumedCapacity");
    if (asked.len == 0 || slice_is(asked, "NONE")) return NULL;
    js_object o = { 0 }, of_table = { 0 };
    js_put(q->arena, &o, "TableName", js_string(q->arena, t->name));
    js_put(q->arena, &o, "CapacityUnits", js_double(q->arena, units));
    if (slice_is(asked, "INDEXES")) {
        js_put(q->arena, &of_table, "CapacityUnits", js_double(q->arena, units));
        js_put(q->arena, &o, "Table", js_object_end(q->arena, &of_table));
    }
    return js_object_end(q->arena, &o);
}

/* ---- writes ---- */

static bool read_key(dynamo_request *q, const doc_node *in, const dynamo_table *t, const doc_node **key) {
    if (!dynamo_has(in, "Key")) return dynamo_wrong(&q->fault, "The parameter 'Key' is required but was not present in the request");
    *key = dynamo_item(q->arena, js_get(in, "Key"), &q->fault);
    return *key != NULL && dynamo_check_key(t, *key, &q->fault);
}

/* The update may not touch the key. */
static bool spares_key(dynamo_request *q, const dynamo_table *t, const dynamo_update *u) {
    for (const dynamo_branch *b = u->paths; b != NULL; b = b->next)
        if (slice_eq(b->step.name, t->primary.hash.name) || (t->primary.range.name.len > 0 && slice_eq(b->step.name, t->primary.range.name)))
            return dynamo_wrong(&q->fault, "One or more parameter values were invalid: Cannot update attribute %.*s. This attribute is part of the key", SLICE_ARG(b->step.name));
    return true;
}

bool dynamo_write_read(dynamo_request *q, const doc_node *in, dynamo_write_kind kind, dynamo_table *t, dynamo_write *w) {
    static const char *const on_failure[] = { "ALL_OLD", "NONE", NULL };
    slice asked, update;
    dynamo_names names;
    *w = (dynamo_write){ .kind = kind, .table = t };
    if (!dynamo_text(q, in, "ConditionExpression", &asked) || !dynamo_text(q, in, "UpdateExpression", &update) ||
        !dynamo_one_of(q, in, "ReturnValuesOnConditionCheckFailure", on_failure))
        return false;
    w->old_on_failure = slice_is(js_str_of(in, "ReturnValuesOnConditionCheckFailure"), "ALL_OLD");
    if (kind == WRITE_PUT) {
        if (!dynamo_has(in, "Item")) return dynamo_wrong(&q->fault, "The parameter 'Item' is required but was not present in the request");
        w->item = dynamo_item(q->arena, js_get(in, "Item"), &q->fault);
        if (w->item == NULL || !dynamo_check_item(t, w->item, &q->fault)) return false;
        w->key = dynamo_key_of(q->arena, &t->primary, w->item);
    } else if (!read_key(q, in, t, &w->key)) return false;
    bool with_condition = dynamo_has(in, "ConditionExpression"), with_update = kind == WRITE_UPDATE && dynamo_has(in, "UpdateExpression");
    if (kind == WRITE_CHECK && !with_condition) return dynamo_wrong(&q->fault, "The parameter 'ConditionExpression' is required but was not present in the request");
    if (!dynamo_names_read(&names, q->arena, in, with_condition || with_update, &q->fault)) return false;
    if (with_update && (!dynamo_read_update(&names, update, &w->update, &q->fault) || !spares_key(q, t, &w->update))) return false;
    if (with_condition && (w->condition = dynamo_read_condition(&names, asked, "ConditionExpression", &q->fault)) == NULL) return false;
    w->place = dynamo_place(q->arena, t, &t->primary, w->key);
    return dynamo_names_all_used(&names, &q->fault);
}

bool dynamo_write_try(dynamo_request *q, dynamo_write *w) {
    w->before = dynamo_get(w->table, w->place);
    w->after = w->before;
    if (w->condition != NULL && !dynamo_holds(q->arena, w->condition, w->before != NULL ? w->before : js_empty_object())) {
        q->fault.code = "ConditionalCheckFailedException";
        q->fault.message = SLICE("The conditional request failed");
        if (w->old_on_failure && w->before != NULL) {
            js_object o = { 0 };
            js_put(q->arena, &o, "Item", w->before);
            q->fault.more = js_object_end(q->arena, &o);
        }
        return false;
    }
    switch (w->kind) {
    case WRITE_PUT: w->after = w->item; break;
    case WRITE_DELETE: w->after = NULL; break;
    case WRITE_CHECK: break;
    case WRITE_UPDATE:
        w->after = dynamo_apply(q->arena, &w->update, w->before != NULL ? w->before : w->key, &q->fault);
        if (w->after == NULL) return false;
        if (dynamo_item_size(w->after) > DYNAMO_MAX_ITEM) return dynamo_wrong(&q->fault, "Item size to update has exceeded the maximum allowed size");
        /* What was put together may nest deeper than what came in. */
        w->after = dynamo_item(q->arena, w->after, &q->fault);
        return w->after != NULL && dynamo_check_item(w->table, w->after, &q->fault);
    }
    return true;
}

bool dynamo_write_do(dynamo_request *q, dynamo_write *w) {
    const doc_node *stored = w->after;
    if (w->kind == WRITE_CHECK || (w->before == NULL && w->after == NULL)) return true;
    if (w->before != NULL && w->after != NULL && dynamo_same_item(q->arena, w->before, w->after)) {
        w->after = w->before;
        return true;
    }
    if (!dynamo_set(q->store, w->table, w->place, w->after, &stored)) {
        q->fault.code = "LimitExceededException";
        q->fault.message = SLICE("sflint smoke keeps no more than 512 MiB of items in a run");
        return false;
    }
    w->after = stored;
    return true;
}

void dynamo_write_tell(dynamo_request *q, const dynamo_write *w) {
    aws_call *c = q->call;
    if (w->kind == WRITE_CHECK || w->before == w->after) return;
    happening_change change = { .event = w->before == NULL ? SLICE("INSERT") : w->after == NULL ? SLICE("REMOVE") : SLICE("MODIFY"),
                                .keys = js_copy(c->run->arena, w->key), .before = w->before, .after = w->after };
    flow_change(c->run, w->table->resource, &change, c->cause);
}

/* ---- operations on one item ---- */

/* What ReturnValues asks for; NULL: nothing. */
static const doc_node *returned(dynamo_request *q, const dynamo_write *w, slice which) {
    const doc_node *from = slice_ends(which, SLICE("_OLD")) ? w->before : slice_ends(which, SLICE("_NEW")) ? w->after : NULL;
    if (from == NULL || slice_starts(which, SLICE("ALL_"))) return from;
    const doc_node *some = dynamo_project(q->arena, w->update.paths, from);
    return some->map.len > 0 ? some : NULL;
}

static void write_one(aws_call *c, dynamo_write_kind kind, const char *action) {
    static const char *const of_put[] = { "NONE", "ALL_OLD", NULL };
    static const char *const of_update[] = { "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW", NULL };
    dynamo_request q = dynamo_request_of(c);
    dynamo_write w;
    dynamo_table *t = dynamo_table_for(&q, js_str_of(c->in, "TableName"), action, SLICE(""));
    if (t == NULL || dynamo_legacy(&q, c->in)) return;
    if (dynamo_one_of(&q, c->in, "ReturnValues", of_update) && kind != WRITE_UPDATE && !dynamo_one_of(&q, c->in, "ReturnValues", of_put)) {
        q.fault.code = NULL;
        dynamo_wrong(&q.fault, "Return values set to invalid value");
    }
    if (q.fault.code == NULL && dynamo_write_read(&q, c->in, kind, t, &w) && dynamo_write_try(&q, &w)) dynamo_write_do(&q, &w);
    if (dynamo_failed(&q)) return;
    js_object o = { 0 };
    size_t before = w.before == NULL ? 0 : dynamo_item_size(w.before), after = w.after == NULL ? 0 : dynamo_item_size(w.after);
    js_put(c->arena, &o, "Attributes", returned(&q, &w, js_str_of(c->in, "ReturnValues")));
    js_put(c->arena, &o, "ConsumedCapacity", dynamo_consumed(&q, t, dynamo_write_units(before > after ? before : after)));
    dynamo_write_tell(&q, &w);
    aws_ok(c, js_object_end(c->arena, &o));
}

static void put_item(aws_call *c) { write_one(c, WRITE_PUT, "dynamodb:PutItem"); }
static void update_item(aws_call *c) { write_one(c, WRITE_UPDATE, "dynamodb:UpdateItem"); }
static void delete_item(aws_call *c) { write_one(c, WRITE_DELETE, "dynamodb:DeleteItem"); }

static void get_item(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    const doc_node *key = NULL, *item = NULL;
    slice text = SLICE("");
    dynamo_names names;
    dynamo_projection some = { 0 };
    dynamo_table *t = dynamo_table_for(&q, js_str_of(c->in, "TableName"), "dynamodb:GetItem", SLICE(""));
    if (t == NULL || dynamo_legacy(&q, c->in)) return;
    bool part = dynamo_has(c->in, "ProjectionExpression");
    if (read_key(&q, c->in, t, &key) && dynamo_text(&q, c->in, "ProjectionExpression", &text) && dynamo_names_read(&names, c->arena, c->in, part, &q.fault) &&
        (!part || dynamo_read_projection(&names, text, &some, &q.fault)) && dynamo_names_all_used(&names, &q.fault))
        item = dynamo_get(t, dynamo_place(c->arena, t, &t->primary, key));
    if (dynamo_failed(&q)) return;
    js_object o = { 0 };
    js_put(c->arena, &o, "Item", item == NULL || !part ? item : dynamo_project(c->arena, some.paths, item));
    js_put(c->arena, &o, "ConsumedCapacity", dynamo_consumed(&q, t, dynamo_read_units(item == NULL ? 0 : dynamo_item_size(item), js_bool_of(c->in, "ConsistentRead", false))));
    aws_ok(c, js_object_end(c->arena, &o));
}

/* ---- tables ---- */

static void put_schema(arena *a, js_object *o, const dynamo_index *ix) {
    js_list keys = { 0 };
    const dynamo_key_part *parts[] = { &ix->hash, &ix->range };
    for (size_t i = 0; i < COUNT(parts); i++) {
        js_object k = { 0 };
        if (parts[i]->name.len == 0) continue;
        js_put(a, &k, "AttributeName", js_string(a, parts[i]->name));
        js_put(a, &k, "KeyType", js_cstr(a, i == 0 ? "HASH" : "RANGE"));
        js_push(a, &keys, js_object_end(a, &k));
    }
    js_put(a, o, "KeySchema", js_list_end(a, &keys));
}

static void put_definition(arena *a, js_list *l, strmap *seen, const dynamo_key_part *part) {
    js_object d = { 0 };
    if (part->name.len == 0 || strmap_has(seen, part->name)) return;
    strmap_put(a, seen, part->name, seen);
    js_put(a, &d, "AttributeName", js_string(a, part->name));
    js_put(a, &d, "AttributeType", js_cstr(a, dynamo_type_name(part->type)));
    js_push(a, l, js_object_end(a, &d));
}

static const doc_node *index_said(arena *a, const dynamo_table *t, const dynamo_index *ix) {
    static const char *const projected[] = { [PROJECT_ALL] = "ALL", [PROJECT_KEYS] = "KEYS_ONLY", [PROJECT_INCLUDE] = "INCLUDE" };
    js_object o = { 0 }, p = { 0 };
    js_list included = { 0 };
    for (size_t i = 0; i < ix->included.len; i++) js_push(a, &included, js_string(a, ix->included.at[i]));
    js_put(a, &o, "IndexName", js_string(a, ix->name));
    put_schema(a, &o, ix);
    js_put(a, &p, "ProjectionType", js_cstr(a, projected[ix->projected]));
    if (included.items.len > 0) js_put(a, &p, "NonKeyAttributes", js_list_end(a, &included));
    js_put(a, &o, "Projection", js_object_end(a, &p));
    if (ix->global) js_put(a, &o, "IndexStatus", js_cstr(a, "ACTIVE"));
    js_put(a, &o, "ItemCount", js_int(a, (long long)ix->items.len));
    js_put(a, &o, "IndexArn", js_format(a, "%.*s/index/%.*s", SLICE_ARG(t->arn), SLICE_ARG(ix->name)));
    return js_object_end(a, &o);
}

static void describe_table(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    arena *a = c->arena;
    dynamo_table *t = dynamo_table_for(&q, js_str_of(c->in, "TableName"), "dynamodb:DescribeTable", SLICE(""));
    if (t == NULL) return;
    js_object o = { 0 }, out = { 0 };
    js_list definitions = { 0 }, global = { 0 }, local = { 0 };
    strmap seen = { 0 };
    put_definition(a, &definitions, &seen, &t->primary.hash);
    put_definition(a, &definitions, &seen, &t->primary.range);
    for (size_t i = 0; i < t->indexes.len; i++) {
        const dynamo_index *ix = t->indexes.at[i];
        put_definition(a, &definitions, &seen, &ix->hash);
        put_definition(a, &definitions, &seen, &ix->range);
        js_push(a, ix->global ? &global : &local, index_said(a, t, ix));
    }
    js_put(a, &o, "TableName", js_string(a, t->name));
    js_put(a, &o, "TableStatus", js_cstr(a, "ACTIVE"));
    js_put(a, &o, "TableArn", js_string(a, t->arn));
    put_schema(a, &o, &t->primary);
    js_put(a, &o, "AttributeDefinitions", js_list_end(a, &definitions));
    js_put(a, &o, "ItemCount", js_int(a, (long long)t->primary.items.len));
    js_put(a, &o, "CreationDateTime", js_int(a, c->run->maker.now_ms / 1000));
    if (global.items.len > 0) js_put(a, &o, "GlobalSecondaryIndexes", js_list_end(a, &global));
    if (local.items.len > 0) js_put(a, &o, "LocalSecondaryIndexes", js_list_end(a, &local));
    if (t->streams) js_put(a, &o, "LatestStreamArn", js_string(a, world_attribute(c->run->world, t->resource, SLICE("StreamArn"))));
    js_put(a, &out, "Table", js_object_end(a, &o));
    aws_ok(c, js_object_end(a, &out));
}

/* Who names a table in each request, and what is asked of its role, is found by the operations: a table may be of two types, and batches name many. */
static const aws_operation operations[] = {
    { .name = "PutItem", .run = put_item },
    { .name = "GetItem", .run = get_item },
    { .name = "UpdateItem", .run = update_item },
    { .name = "DeleteItem", .run = delete_item },
    { .name = "Query", .run = dynamo_query },
    { .name = "Scan", .run = dynamo_scan },
    { .name = "BatchGetItem", .run = dynamo_batch_get },
    { .name = "BatchWriteItem", .run = dynamo_batch_write },
    { .name = "TransactGetItems", .run = dynamo_transact_get },
    { .name = "TransactWriteItems", .run = dynamo_transact_write },
    { .name = "DescribeTable", .run = describe_table },
    { .name = NULL },
};

const aws_service dynamodb_service = {
    .name = "dynamodb", .target = "DynamoDB_20120810", .operations = operations, .error_namespace = "com.amazonaws.dynamodb.v20120810",
};
